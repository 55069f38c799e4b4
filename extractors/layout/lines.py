"""Lines of text, and which of them go on where others broke off."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ..words.fold import fold, squeeze
from ..words.forms import ATTACHED, CHAPTER_MARK, DATE_LINE, INVISIBLE, LABEL, MARK, NUMBERED, TERMINAL, still_open
from ..words.parts import pattern, rule

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]*(\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]|\Z)")


#: What one blank does not part, and what any does.
WIDELY, NARROWLY = re.compile(r"\S+(?: \S+)*"), re.compile(r"\S+")


@dataclass(slots=True)
class Line:
    """A line without its end and outer white space: `[start, end)` in the source; `text` folded; `number` from 1."""

    start: int
    end: int
    text: str
    number: int
    raw: str
    begin: int  # where `raw` begins in the source
    blank_before: bool = False
    indent: bool = False
    after_page: bool = False  # the number of a page stood before it


_MARKUP = re.compile(r"(?:#{1,6}|>)\s+")
#: A paper's lines are broken at one width where so many are longer than a few words, and most have it.
_FEWEST_LINES, _FEW_WORDS = 6, 14
_MOST, _LONGER = 0.35, 0.1
_NARROWEST, _WIDEST = 16, 60
#: A bracket that is open for longer was forgotten; of a paragraph of so many lines only the last are looked at.
_FORGOTTEN, _LONG_PARAGRAPH, _LAST_LINES = 3000, 40, 3
_LONG_LINE = 24  # characters of a line that a comma makes one of a sentence


def split_lines(source: str, start: int = 0, end: int | None = None) -> list[Line]:
    """The lines of `source[start:end]` that hold something, numbered from 1. Leading tabs stay in `raw`: flattened
    tables are known by them."""
    lines: list[Line] = []
    blank = False
    folded = fold(source)  # at once: no form of a character goes over the end of a line
    for number, match in enumerate(_LINE.finditer(source, start, len(source) if end is None else end), 1):
        raw = source[match.start() : match.start(1)]
        inner = raw.strip(" \t\u3000\xa0" + INVISIBLE)
        if not inner and "\t" not in raw:
            blank = True
            continue
        begun = inner[:1] in ("(", "（")
        marks = rule("carried_over", "layout.toml").match(fold(inner)) if begun else _MARKUP.match(inner)
        if marks:
            inner = inner[marks.end() :]
        start = match.start() + raw.rindex(inner) if inner else match.start()
        lines.append(
            Line(
                start,
                start + len(inner),
                folded[start : start + len(inner)],
                number,
                raw,
                match.start(),
                blank,
                raw[:1] in " \u3000" and raw[:2].strip() == "",
            )
        )
        blank = False
    return lines


def bars_of(line: Line) -> int:
    """How many bars between cells stand on a line."""
    return line.text.count("|") + line.text.count("│")


def ends_with_bar(line: Line) -> bool:
    """Whether a bar stands at the end of a line."""
    return line.text.rstrip().endswith(("|", "│"))


@dataclass(slots=True, frozen=True)
class Wrap:
    """The width at which a paper's lines are broken, in characters; `shown`: in the room that they take, of which a
    letter or figure needs half."""

    width: int
    shown: bool

    def size(self, line: Line) -> int:
        """How wide a line is, with the room that begins a paragraph."""
        return (_shown(line) if self.shown else len(line.text)) + 2 * line.indent


def _shown(line: Line) -> int:
    raw = line.raw.strip()
    return (len(raw) + sum(not c.isascii() for c in raw)) // 2


def wrap_width(lines: list[Line]) -> Wrap | None:
    """The width at which a paper's lines are broken; None where a line is a paragraph."""
    lines = [line for line in lines if "\t" not in line.raw and len(line.text) > _FEW_WORDS]
    return _wrap_by(lines, False) or _wrap_by(lines, True)


def _wrap_by(lines: list[Line], shown: bool) -> Wrap | None:
    lengths = [Wrap(0, shown).size(line) for line in lines]
    if len(lengths) < _FEWEST_LINES:
        return None
    counts = Counter(lengths)
    width = max(range(_NARROWEST, _WIDEST + 1), key=lambda w: sum(counts[n] for n in (w - 1, w, w + 1)))
    near = sum(counts[n] for n in range(width - 2, width + 2))
    longer = sum(count for n, count in counts.items() if n > width + 2)
    return Wrap(width, shown) if near >= _MOST * len(lengths) and longer <= _LONGER * len(lengths) else None


#: A whole line that says what the lines below it are, or whose.
_LEADS_IN = re.compile(r"[^,。;:]{2,24}:")
#: How a line ends that nothing goes on behind, be it at the end of a page.
_ENDED = re.compile(r"[。!?;:…)》”]$")


def joins(before: list[Line], line: Line, wrap: Wrap | None) -> bool:
    """Whether `line` goes on where `before` broke off."""
    last = before[-1]
    first = _said(before)
    if MARK.match(line.text) or LABEL.match(line.text) or "\t" in line.raw or "\t" in last.raw:
        # A bracket or a title that is still open goes on, but a numbered line begins anew: the bracket was forgotten.
        return not NUMBERED.match(line.text) and _is_open(first)
    if DATE_LINE.match(squeeze(line.text)):
        return False
    if goes_on(before) or (line.after_page and re.search(r"[,。;]", first) and not _ENDED.search(first)):
        return True
    return _fills_width(before, line, wrap) if wrap else _breaks_off(last, line)


def _fills_width(before: list[Line], line: Line, wrap: Wrap) -> bool:
    """Whether the last line is broken at the paper's width, and the next begins no paragraph."""
    last = before[-1]
    if (line.indent and any(n.indent for n in before)) or wrap.size(last) < wrap.width - 2:
        return False
    begins = line.indent or line.blank_before or _LEADS_IN.fullmatch(line.text)
    return not (TERMINAL.search(last.text) and begins)


#: One that no number has inside (2,816).
_COMMA = re.compile(r",(?!\d{3})")


def _breaks_off(last: Line, line: Line) -> bool:
    """Whether a line that is a paragraph broke off in mid-sentence, at the end of a page."""
    if TERMINAL.search(last.text) or re.search(r"[)》]$", last.text) or re.match(r"\(", line.text):
        return False
    if LABEL.match(last.text):
        return False  # a field is whole on its line
    if line.blank_before and pattern("issuer").fullmatch(squeeze(line.text)):
        return False  # a signature
    parted = len(last.text) > _LONG_LINE and _COMMA.search(last.text) is not None
    sentence = parted or bool(re.search(r"[。;]", last.text))
    return sentence and len(last.text) > _FEW_WORDS and not re.match(f"{CHAPTER_MARK}|{ATTACHED}", last.text)


def goes_on(lines: list[Line]) -> bool:
    """Whether the end of a paragraph so far says that it is none: 、 or a bracket that is still open."""
    return lines[-1].text.endswith("、") or _is_open(_said(lines))


def _said(lines: list[Line]) -> str:
    """The words of a paragraph so far; of a long one the last."""
    return "".join(n.text for n in (lines if len(lines) < _LONG_PARAGRAPH else lines[-_LAST_LINES:]))


def _is_open(text: str) -> bool:
    return still_open(text) and len(text) < _FORGOTTEN
