"""Numbers of pages and running heads among the lines of a text, also where they stand in the middle of a sentence."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from ..words.fold import squeeze
from ..words.forms import INVISIBLE, MARK, PAGE_COUNT, PAGE_NUMBER, TERMINAL, still_open
from ..words.headings import kind_of_heading
from ..words.parts import kinds, rule

if TYPE_CHECKING:
    from .lines import Line

#: Sizes in characters: a line that is the number of a page, a running head, and a line that a sentence goes on behind.
_NUMBER, _HEAD, _SENTENCE = 20, 50, 8
#: So many pages are counted at least.
_FEWEST_PAGES = 2
#: A page has so many lines at least, where nothing but a bare number ends it.
_PAGE_LINES = 15
#: Digits of a number that its line ends broke up.
_BROKEN = 3

_DASHES = re.compile(r"\A[-_·\s]++$")
_TAIL = re.compile(r"(?<=[\u4e00-\u9fff,。;、:)])\s*-\s?\d{1,3}\s?-$")
_DIGITS = re.compile(r"\d+")


def drop_furniture(lines: list[Line]) -> list[Line]:
    """Leaves out page numbers (- 3 -, 第3页, 3/12) and running heads beside them, and cuts off numbers at the end of
    a line. A bare number may be a cell: it goes only where it stands in a sentence and counts on."""
    lines = _titled_once(_uncounted(lines))
    marks = _marks(lines)
    tails = [line for line in lines if _TAIL.search(line.text)]
    if len(marks) + len(tails) > 1:
        for line in tails:
            _cut(line, _TAIL)
    for line in lines:
        _cut(line, rule("page_of_pages", "layout.toml"))
    if not marks:
        return lines
    heads = _heads(lines, marks)
    kept: list[Line] = []
    page = False
    titled = lines[0].text in heads and _may_title(lines[0].text)
    for i, line in enumerate(lines):
        if i in marks or (line.text in heads and not (titled and i == 0)):
            page = True
            continue
        line.after_page, page = page, False
        kept.append(line)
    return kept


def _titled_once(lines: list[Line]) -> list[Line]:
    """The lines without the title of a table that each page has again above the same headings."""
    seen: set[tuple[str, str]] = set()
    out: list[Line] = []
    for n, line in enumerate(lines):
        below = lines[n + 1].text if n + 1 < len(lines) and _may_title(line.text) else ""
        pair = (line.text, below)
        if _names_columns(below):
            if pair in seen:
                continue
            seen.add(pair)
        out.append(line)
    return out


def _uncounted(lines: list[Line]) -> list[Line]:
    """The lines without the numbers of those that are whole pages, as sites of shared papers count them (1、…): they
    run on to the last line. Where one stands in the midst of a sentence, both pages are one line."""
    begun = next((i for i, line in enumerate(lines) if PAGE_COUNT.match(line.text)), len(lines))
    pages = lines[begun:]
    found = [PAGE_COUNT.match(line.text) for line in pages]
    if len(pages) < _FEWEST_PAGES or [int(m[1]) if m else 0 for m in found] != list(range(1, len(pages) + 1)):
        return lines
    if not any(still_open(line.text) for line in pages[:-1]):
        return lines
    out = lines[:begun]
    for line, mark in zip(pages, found, strict=True):
        at = mark.end() if mark else 0
        if len(out) > begun and not TERMINAL.search(out[-1].text):
            out[-1].text += INVISIBLE[0] * (line.start + at - out[-1].end) + line.text[at:]
            out[-1].end, out[-1].raw = line.end, out[-1].text
            continue
        line.start += at
        line.text = line.text[at:]
        line.raw, line.begin = line.text, line.start
        out.append(line)
    return out


def _marks(lines: list[Line]) -> set[int]:
    """The places of the lines that are numbers of pages."""
    found: set[int] = _bare_pages(lines)
    marked = {n for line in lines if (n := _marked(line)) is not None}
    last = 0
    for i, line in enumerate(lines):
        if i in found or len(line.text) >= _NUMBER:
            continue
        bare = squeeze(line.text).isdecimal()
        if "\t" in line.raw and (bare or "\t" in line.text):
            continue  # cells
        if bare and int(squeeze(line.text)) in marked:
            continue  # a page has one number
        if PAGE_NUMBER.match(line.text) and (not bare or _counts_on(lines, i, last)):
            found.add(i)
            last = int(_DIGITS.findall(line.text)[0])
        elif _DASHES.match(line.text):
            found |= set(_broken(lines, i))
    return found


def _marked(line: Line) -> int | None:
    """The number of a page that says that it is one (- 3 -, 第3页)."""
    if len(line.text) >= _NUMBER or squeeze(line.text).isdecimal() or not PAGE_NUMBER.match(line.text):
        return None
    return int(_DIGITS.findall(line.text)[0])


def _bare_pages(lines: list[Line]) -> set[int]:
    """The bare numbers 1, 2, … that stand alone far from one another, one of them in a bracket that its line opened, or
    the last of them at the end of all: the numbers of a table's rows do not."""
    at = [i for i, line in enumerate(lines) if line.text.isdecimal() and "\t" not in line.raw]
    if len(at) < _FEWEST_PAGES or [int(lines[i].text) for i in at] != list(range(1, len(at) + 1)):
        return set()
    if any(b - a <= _PAGE_LINES for a, b in pairwise([-1, *at])):
        return set()
    ends = at[-1] == len(lines) - 1
    return set(at) if ends or any(still_open(lines[i - 1].text) for i in at) else set()


def _broken(lines: list[Line], at: int) -> range:
    """The lines of a number between two lines of dashes, none where there is none."""
    stop = at + 1
    while stop < len(lines) and stop - at <= _BROKEN and lines[stop].text.isdecimal():
        stop += 1
    closed = stop > at + 1 and stop < len(lines) and bool(_DASHES.match(lines[stop].text))
    return range(at, stop + 1) if closed else range(0)


def _counts_on(lines: list[Line], at: int, last: int) -> bool:
    """Whether a bare number counts on from the page before, between two halves of a sentence."""
    if not last or int(squeeze(lines[at].text)) != last + 1 or not 0 < at < len(lines) - 1:
        return False
    before, after = lines[at - 1], lines[at + 1]
    return (
        len(before.text) > _SENTENCE
        and not TERMINAL.search(before.text)
        and "\t" not in after.raw
        and not MARK.match(after.text)
    )


def _heads(lines: list[Line], marks: set[int]) -> set[str]:
    """The lines that stand above, or below, several numbers of pages."""
    beside = Counter(
        (side, lines[i + side].text)
        for i in marks
        for side in (-1, 1)
        if 0 <= i + side < len(lines) and 2 < len(lines[i + side].text) < _HEAD
    )
    return {text for (_, text), count in beside.items() if count > 1 and not _names_columns(text)}


def _may_title(text: str) -> bool:
    """Whether a running head, on the first of all lines, is the paper's title."""
    return text.endswith(kinds()) and not rule("periodical", "layout.toml").search(text)


def _names_columns(text: str) -> bool:
    """Whether a line that pages begin with is a table's headings, which the table is read by."""
    return sum(kind_of_heading(word) is not None for word in text.split()) > 1


def _cut(line: Line, tail: re.Pattern[str]) -> None:
    """Takes a tail off a line in which something stands before it."""
    found = tail.search(line.text)
    if found and found.start() > 0:
        line.end -= len(line.text) - found.start()
        line.text = line.text[: found.start()]
