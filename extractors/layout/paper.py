"""What a laid-out file gives (paragraphs and tables in reading order, each with its place) as a `Paper`.

Readers of formats that know paragraphs and tables give `Text` and `Sheet`; what is dirt of the layout in any of them is
handled here, once: tables that hold one cell or other tables, titles inside a table, tables that go on, fields merged
only to the eye, page numbers, broken lines, tables that were pasted as lines of text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import PaperError
from ..limits import MAX_CHARACTERS
from ..model import Paper, Remark
from ..readers.content import Sheet, Text
from ..words.cells import CellWords, cell_words
from ..words.fold import squeeze
from ..words.forms import is_empty
from ..words.headings import kind_of_heading
from ..words.lexicon import Lexicon
from ..words.parts import rule
from ..words.unit_shapes import UnitShapes, shapes_of
from .building import Builder, Field, Grid
from .cards import fields_on
from .cell_lines import rows_begin
from .column_headings import behind_title, inside
from .flattened import find_table
from .lines import Line, Wrap, goes_on, joins, split_lines, wrap_width
from .page_marks import drop_furniture
from .rearranged import rearranged
from .sheets import tidied

if TYPE_CHECKING:
    from ..readers.content import Content

#: A mark before an item, which says nothing.
_BULLET = re.compile(r"[●◆■▲★◇◎▪➢►☆•]\s*(?=[^\s●◆■▲★◇◎▪➢►☆•])")
_ENDS = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
#: Of a table's lines, so much is left that it is mostly unread; characters of it that are quoted.
_MOSTLY, _QUOTE = 0.5, 40
#: Lines of headings that may stand between the two halves of a heading; a heading is no longer.
_BETWEEN, _LONG_HEADING = 3, 24
#: A line that is shorter holds no rows; it may be a title and the headings of the lines below.
_WHOLE_TABLE = 100
_MORE_HEADINGS = 12  # characters before known headings that are headings, too


def lay_out(content: Content, shapes: UnitShapes | None = None) -> Paper:
    """The paper that a reader's content makes. Where it is paragraphs and tables, `Paper.source` is their text:
    paragraphs a line each, rows a line each with tabs between the cells. `shapes` tell flattened tables by their units;
    without them those of the built-in lexicon.

    Raises `PaperError` where there is no text (`paper-empty`) or too much of it (`paper-too-long`).
    """
    if content.record is not None:
        return Paper("", [], "", [], record=content.record)
    laid = _write(tidied(content.items)) if content.source is None else _Laid.of_text(_labelled(content.source))
    if is_empty(laid.source):
        raise PaperError("paper-empty")
    if len(laid.source) > MAX_CHARACTERS:
        raise PaperError("paper-too-long", size=len(laid.source), limit=MAX_CHARACTERS)
    out = Builder(laid.source)
    shapes = shapes or shapes_of(Lexicon.load())
    if content.source is not None:
        _lines(laid, out, shapes)
    else:
        _items(laid, out, shapes)
    return Paper(
        out.text(), out.blocks, laid.source, out.anchors, warnings=[*content.warnings, *laid.doubts], places=laid.places
    )


def _labelled(text: str) -> str:
    """`text`, as long as it is, with a colon behind labels that stand in marks (【责任单位】县林业局)."""
    if "】" not in text:
        return text
    return rule("label_in_marks", "layout.toml").sub(_with_colon, text)


def _with_colon(found: re.Match[str]) -> str:
    return f"\u3000{found[1]}：" if found.group().startswith("【") else found.group()


def _lines(laid: _Laid, out: Builder, shapes: UnitShapes) -> None:
    """Lays plain text out: every line may be broken."""
    lines = drop_furniture(split_lines(laid.source))
    _paragraphs(lines, laid, wrap_width(lines), out, [], shapes)


def _items(laid: _Laid, out: Builder, shapes: UnitShapes) -> None:
    """Lays paragraphs and tables out."""
    runs = [split_lines(laid.source, start, end) for start, end, _ in laid.runs]
    kept = {id(line) for line in drop_furniture([line for run in runs for line in run])}
    broken = [line for run in runs for line in run if id(line) in kept and laid.broken(line)]
    wrap = wrap_width(broken)
    prose: list[str] = []
    for run, (_, _, grid) in zip(runs, laid.runs, strict=True):
        _paragraphs([line for line in run if id(line) in kept], laid, wrap, out, prose, shapes)
        if grid is not None:
            grid = rearranged(grid, laid.source, cell_words(shapes))
            out.table(grid, laid.place(min((p[0][0] for p in (f.pieces for f in grid.cells) if p), default=0)))


def _paragraphs(
    lines: list[Line], laid: _Laid, wrap: Wrap | None, out: Builder, prose: list[str], shapes: UnitShapes
) -> None:
    """Puts the lines between two tables out as paragraphs, and as tables where they are flattened ones."""
    lines = [part for line in _whole_heads(lines) for part in _apart(line, cell_words(shapes))]
    open_: list[Line] = []
    index = 0

    def close() -> None:
        if open_:
            first = open_[0]
            bullet = _BULLET.match(laid.source, first.start, first.end)
            spans = [(bullet.end() if bullet else first.start, first.end), *((n.start, n.end) for n in open_[1:])]
            out.paragraph(spans, laid.place_of(first), note=laid.note(first.start))
            prose.append("".join(n.text for n in open_))
            open_.clear()

    while index < len(lines):
        line = lines[index]
        found = find_table(lines, index, prose, laid.source, shapes)
        if found:
            close()
            grid, stop = found
            behind = [] if grid.left is None else _from(lines[index:stop], grid.left)
            if sum(len(n.text) for n in behind) > sum(len(n.text) for n in lines[index:stop]) * _MOSTLY:
                first = behind[0]
                quote = laid.source[first.start : min(first.end, first.start + _QUOTE)]
                laid.doubts.append(Remark("table-unread", laid.place_of(first), quote))
            lines[stop:stop] = behind
            index = stop
            out.table(rearranged(grid, laid.source, cell_words(shapes)), laid.place_of(line))
            laid.doubts += [
                Remark("row-doubtful", laid.place_of(_line_at(lines, a)), laid.source[a:b]) for a, b in grid.doubts
            ]
            continue
        if open_ and not laid.joins(open_, line, wrap):
            close()
        open_.append(line)
        index += 1
    close()


def _whole_heads(lines: list[Line]) -> list[Line]:
    """The lines, with the heading of a narrow column of numbers put together that stands on two of them, and one whose
    bracket is closed on the second."""
    out: list[Line] = []
    for line in _whole_numbers(lines):
        last = out[-1] if out and _may_go_on(out[-1].text, line.text) else None
        if last is not None:
            words = last.text + " " * (line.start - last.end) + line.text
            out[-1] = replace(last, end=line.end, text=words, raw=words)
            out[-1].begin = last.start
            continue
        out.append(line)
    return out


def _whole_numbers(lines: list[Line]) -> list[Line]:
    """The lines without the second half of the heading of the numbers (序, 号), where the headings beside it stand
    between the halves."""
    out: list[Line] = []
    skipped = -1
    for n, line in enumerate(lines):
        if n == skipped:
            continue
        out.append(line)
        for m in range(n + 2, min(n + 2 + _BETWEEN, len(lines))) if len(line.text) == 1 else ():
            between = lines[n + 1 : m]
            if _may_go_on(line.text, lines[m].text) and all(kind_of_heading(b.text) for b in between):
                skipped = m
                whole = line.text + lines[m].text
                out[-1] = replace(line, text=whole, raw=whole)
                break
    return out


def _from(lines: list[Line], left: int) -> list[Line]:
    """The lines of a table from an offset on, where that is behind its beginning: the first may be a part of one."""
    out: list[Line] = []
    for line in lines if lines and left > lines[0].start else []:
        if left <= line.start:
            out.append(line)
        elif left < line.end:
            out += _stretches(line, [(left - line.start, len(line.text))])
    return out


def _may_go_on(text: str, below: str) -> bool:
    """Whether a heading of a column stands on two lines."""
    if len(text) == 1:
        return rule("number_parted", "layout.toml").match(text + below) is not None
    cut = text.rfind("(")
    if cut <= 0 or ")" in text[cut:] or not below.endswith(")") or "(" in below or len(text + below) > _LONG_HEADING:
        return False
    return kind_of_heading(text[:cut]) is not None


def _line_at(lines: list[Line], offset: int) -> Line:
    """The line that an offset of the source stands in."""
    return lines[max(bisect_right(lines, offset, key=lambda n: n.start) - 1, 0)]


def _apart(line: Line, words: CellWords) -> list[Line]:
    """A line, or its parts where the headings of a table's columns stand inside it: what is before them, they, and the
    rows behind them."""
    if "\t" in line.raw or "|" in line.text:
        return [line]
    fields = fields_on(line.text)
    if fields:
        ends = [len(line.text[:b].rstrip("; ")) for b in fields[1:]]  # a semicolon parts fields
        return _stretches(line, list(zip(fields, [*ends, len(line.text)], strict=True)))
    size = len(squeeze(line.text))
    found = inside(line.text) if size >= _WHOLE_TABLE else None
    if found is None:
        behind = behind_title(line.text, words) if size < _WHOLE_TABLE else rows_begin(line.text, words)
        return _stretches(line, [(0, behind), (behind, len(line.text))]) if behind > 0 else [line]
    a, b, _ = found
    if b == len(line.text) and len(squeeze(line.text[:a])) < _MORE_HEADINGS:
        return [line]
    return _stretches(line, [(0, a), (a, b), (b, len(line.text))])


def _stretches(line: Line, parts: list[tuple[int, int]]) -> list[Line]:
    """Stretches of a line as lines of their own."""
    out = []
    for x, y in parts:
        words = line.text[x:y]
        x += len(words) - len(words.lstrip())
        y -= len(words) - len(words.rstrip())
        if y > x:
            raw = line.raw[line.start - line.begin + x : line.start - line.begin + y]
            out.append(
                replace(
                    line, start=line.start + x, end=line.start + y, text=line.text[x:y], raw=raw, begin=line.start + x
                )
            )
    return out


class _LineKind(NamedTuple):
    """Of what kind the lines are from an offset of the source on."""

    begin: int
    broken: bool  # any of them may go on in the next one
    note: bool


_PLAIN = _LineKind(0, False, False)


@dataclass(slots=True)
class _Laid:
    """The text of all items; `runs` are stretches of paragraphs, each with the table that follows it."""

    source: str
    runs: list[tuple[int, int, Grid | None]]
    places: list[tuple[int, dict[str, Any]]]  # from this offset of the source on
    kinds: list[_LineKind]
    doubts: list[Remark] = field(default_factory=list)

    @classmethod
    def of_text(cls, source: str) -> _Laid:
        """Plain text: its places are its lines, any of which may be broken."""
        return cls(source, [(0, len(source), None)], [], [_LineKind(0, True, False)])

    def place_of(self, line: Line) -> dict[str, Any]:
        return self.place(line.start) if self.places else {"line": line.number}

    def place(self, offset: int) -> dict[str, Any]:
        at = bisect_right(self.places, offset, key=lambda p: p[0]) - 1
        return dict(self.places[at][1]) if at >= 0 else {}

    def broken(self, line: Line) -> bool:
        return self._kind(line.start).broken

    def note(self, offset: int) -> bool:
        return self._kind(offset).note

    def joins(self, before: list[Line], line: Line, wrap: Wrap | None) -> bool:
        """Whether a line goes on where others broke off: lines of a paragraph as those of plain text do, a paragraph
        only where the one before it can not be whole."""
        last, here = self._kind(before[-1].start), self._kind(line.start)
        if last.note != here.note:
            return False
        if last.broken and here.broken:
            return joins(before, line, wrap)
        return joins(before, line, None) and (last.begin == here.begin or goes_on(before))

    def _kind(self, offset: int) -> _LineKind:
        at = bisect_right(self.kinds, offset, key=lambda kind: kind.begin) - 1
        return self.kinds[at] if at >= 0 else _PLAIN


def _write(items: list[Text | Sheet]) -> _Laid:
    parts: list[str] = []
    laid = _Laid("", [], [], [])
    length = begin = 0

    def put(text: str) -> None:
        nonlocal length
        parts.append(_labelled(text))
        length += len(text)

    for item in items:
        if isinstance(item, Text):
            laid.kinds.append(_LineKind(length, item.broken, item.note))
            for n, line in enumerate(_ENDS.split(item.text)):
                laid.places.append((length, item.place | {"line": n + 1} if n else item.place))
                put(line + "\n")
            continue
        stop, row, fields = length, 0, []
        for box in item.boxes:
            if box.row > row and length > stop:
                put("\n")
            elif length > stop:
                put("\t")
            row = box.row
            laid.places.append((length, box.place or item.place))
            pieces = []
            for n, line in enumerate(_ENDS.split(box.text)):
                if n:
                    put("\n")
                inner = line.strip()
                if inner:
                    at = length + line.index(inner)
                    pieces.append((at, at + len(inner)))
                put(line)
            fields.append(Field(box.row, box.column, pieces, box.columns, box.merged, box.rows))
        put("\n")
        laid.runs.append((begin, stop, Grid(fields, item.width, 0)))
        begin = length
    laid.runs.append((begin, length, None))
    laid.source = "".join(parts)
    return laid
