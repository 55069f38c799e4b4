"""The pieces of a table whose cells run together, and what each looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise

from ..words.fold import squeeze
from ..words.forms import CLAUSE_MARK, MARK
from ..words.lexicon import Lexicon
from ..words.parts import rule, tables
from ..words.times import times_in
from ..words.unit_shapes import UnitShapes
from .lines import Line
from .table_ends import CHAPTER
from .title_ends import heading_end

_rule = partial(rule, file="layout.toml")
BULLET = re.compile(r"[●•◆■▲★]")
#: A group's heading with the first task's number right behind it.
GROUP = re.compile(rf"({CLAUSE_MARK}[^。;]{{2,50}}?)(?=\d{{1,2}}[.、](?!\d))")


@dataclass(slots=True)
class StreamAtom:
    """A piece of a stream of cells: span in the source, folded text, and what that looks like."""

    start: int
    end: int
    text: str
    kind: str  # number, chapter, heading, units, deadline, phone, none, text


def looks(text: str, shapes: UnitShapes) -> str:
    """The kind of a piece, as `StreamAtom.kind` names it."""
    word = squeeze(text)
    if re.fullmatch(r"\d{1,3}", word):
        return "number"
    if _rule("nobody").match(word):
        return "none"
    if CHAPTER.match(word) and len(word) <= 50 and "。" not in word:
        return "chapter"
    if re.match(CLAUSE_MARK, word) and len(word) <= 40 and "。" not in word:
        return "heading"
    found = times_in(word)
    if found and sum(f.end - f.start for f in found) >= 0.6 * len(_rule("done").sub("", word)):
        return "deadline"
    if len(word) < 400 and shapes.all_units(text):
        return "units"
    if re.fullmatch(r"1\d{10}|0\d{2,3}-?\d{7,8}|\d{7,8}", word):
        return "phone"
    if MARK.match(word):
        return "heading"
    return "text"


def spaced_atoms(line: Line, shapes: UnitShapes) -> list[StreamAtom]:
    """Pieces of a line that are parted by blanks."""
    wide = len(re.findall(r" {2,}", line.text)) >= 1
    pattern = r"\S+(?: \S+)*" if wide else r"\S+"
    return [
        StreamAtom(line.start + m.start(), line.start + m.end(), m.group(), looks(m.group(), shapes))
        for m in re.finditer(pattern, line.text)
    ]


_LONG_HEADING = 40
_NUMBER = re.compile(r"\d{1,3}(?=[\u4e00-\u9fff(])")


def tight_atoms(line: Line, twins: list[str] | None, shapes: UnitShapes) -> list[StreamAtom]:
    """Pieces of a line without anything between them: number, text, unit lists, deadline, known from the right. With
    `twins` (the table has a column of tasks and one of their texts) the heading is parted from the text."""
    text = line.text
    kind = looks(text, shapes)
    if kind in ("chapter", "heading") and len(text) < _LONG_HEADING and "。" not in text:
        return [_atom(line, 0, len(text), kind)]
    out: list[StreamAtom] = []
    lead = _NUMBER.match(text)
    low = lead.end() if lead else 0
    if lead:
        out.append(_atom(line, 0, low, "number"))
    high = _before_times(text, low, shapes)
    tail = [_atom(line, high, len(text), "deadline")] if high < len(text) else []
    names = _names(text, low, high, shapes)
    tail[:0] = [_atom(line, a, b, "units") for a, b in names]
    if names:
        high = names[0][0]
    if high > low:
        cut = heading_end(text[low:high], twins) if twins is not None else 0
        if cut:
            out.append(_atom(line, low, low + cut, "heading"))
            low += cut + (text[low + cut] in "。: ")
        out.append(_atom(line, low, high, "text" if cut else looks(text[low:high], shapes)))
    return out + tail


def _atom(line: Line, start: int, end: int, kind: str) -> StreamAtom:
    return StreamAtom(line.start + start, line.start + end, line.text[start:end], kind)


def _before_times(text: str, low: int, shapes: UnitShapes) -> int:
    """Where the times begin that a line ends with."""
    at = len(text)
    while True:
        time = _rule("time_tail").search(text[low:at])
        if not time or not time.group() or looks(time.group(), shapes) != "deadline":
            break
        at = low + time.start()
        if text[at - 1 : at] not in ("、", ",", ";"):
            break
        at -= 1
    return at + (text[at] in "、,;") if at < len(text) else at


def _names(text: str, low: int, high: int, shapes: UnitShapes) -> list[tuple[int, int]]:
    """The unit lists that a stretch ends with: known ones, or what follows its last full stop, if all of it may be
    units that no list knows."""
    names = [(low + a, low + b) for a, b in _unit_tail(text[low:high], shapes)]
    full = text.rfind("。", low, high) + 1
    if full <= low or (names and names[0][0] <= full):
        return names
    parsed = shapes.parse_list(text[full:high])
    if not parsed.items or parsed.rest:
        return names
    cuts = [full + one.end for one, other in pairwise(parsed.items) if one.end == other.start]
    return list(pairwise([full, *cuts, high]))


def _unit_tail(text: str, shapes: UnitShapes) -> list[tuple[int, int]]:
    """The unit lists that a folded text ends with, one a column: they are parted where nothing stands between two
    units."""
    name = unit_name(shapes.lexicon)
    spans: list[tuple[int, int]] = []
    lists: list[tuple[int, int]] = []
    at = len(text)
    while at > 0:
        best = None
        for size in range(2, min(24, at) + 1):
            if name.fullmatch(text[at - size : at]):
                best = at - size
        if best is None:
            break
        spans.insert(0, (best, at))
        at = best
        if at > 0 and text[at - 1] in "、, ;" and at >= 2:
            at -= 1
    if not spans:
        return []
    start, stop = spans[0]
    for a, b in spans[1:]:
        if a == stop:
            lists.append((start, stop))
            start = a
        stop = b
    lists.append((start, stop))
    return lists


@lru_cache(maxsize=2)
def unit_name(known: Lexicon) -> re.Pattern[str]:
    """A unit of the lexicon, or what stands for several, as a list of units at the end of a line has them."""
    forms = sorted(known.forms(), key=len, reverse=True)
    words = tables("flat.toml")
    level, many = words["unit_level"], words["unit_many"]
    inner = "|".join(map(re.escape, forms))
    return re.compile(
        f"(?:{level})?(?:{inner})(?:{_rule('left_open').pattern})?|{many}|{level}{_rule('government').pattern}"
    )
