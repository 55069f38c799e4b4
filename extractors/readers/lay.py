"""What a laid-out file gives (paragraphs and tables in reading order, each with its place) as a `Paper`.

Readers of formats that know paragraphs and tables give `Text` and `Sheet`; what is dirt of the layout in any of them is
handled here, once: tables that hold one cell or other tables, titles inside a table, tables that go on, fields merged
only to the eye, page numbers, broken lines, tables that were pasted as lines of text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..errors import PaperError
from ..fold import fold, squeeze
from ..grid import kind_of_heading
from ..model import Paper, Remark
from .text import Builder, Field, Grid, Line, drop_furniture, joins, split_lines, wrap_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Kinds of the columns that lead a row: what is empty there goes on from the row above.
_LEADING = ("number", "section", "task")
#: A header stands in one of the first rows.
_HEADER_ROWS = 8
_ENDS = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


@dataclass(slots=True)
class Text:
    """A paragraph. `text` may hold line ends; `place` says where the file has it (`{"page": 2, "paragraph": 7}`).

    `broken`: a line of the layout that the page may have broken off; lines that follow it are joined to it by the rules
    for broken lines of plain text.
    """

    text: str
    place: dict[str, Any] = field(default_factory=dict)
    broken: bool = False


@dataclass(slots=True)
class Box:
    """A cell, spans resolved: `row` and `column` from 0, covering `rows` × `columns` fields.

    `merged`: an empty field of which the format can not say whether it belongs to a vertical merge. `inner` is what the
    cell holds where that is more than text (a table in a cell); `text` is then not looked at. `place` is joined to the
    table's and wins over the `table`, `row` and `column` (from 1) that are counted otherwise.
    """

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    place: dict[str, Any] = field(default_factory=dict)
    merged: bool = False
    inner: list[Text | Sheet] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """A table; `width` is the number of its columns. A field that no box covers is empty."""

    boxes: list[Box]
    width: int
    place: dict[str, Any] = field(default_factory=dict)


def paper(items: Sequence[Text | Sheet], warnings: Iterable[Remark] = ()) -> Paper:
    """The paper that paragraphs and tables in reading order make. `Paper.source` is their text: paragraphs a line
    each, rows a line each with tabs between the cells.

    Raises `PaperError` where there is no text (`paper-empty`) or too much of it (`paper-too-long`).
    """
    from . import MAX_CHARACTERS
    from .flat import find_table

    laid = _write(_tidy(items))
    if not squeeze(laid.source).strip("\u200b\ufeff\xad"):
        raise PaperError("paper-empty")
    if len(laid.source) > MAX_CHARACTERS:
        raise PaperError("paper-too-long", size=len(laid.source), limit=MAX_CHARACTERS)
    runs = [split_lines(laid.source, start, end) for start, end, _ in laid.runs]
    kept = {id(line) for line in drop_furniture([line for run in runs for line in run])}
    broken = [line for run in runs for line in run if id(line) in kept and laid.broken(line)]
    wrap = wrap_width(broken)
    out = Builder(laid.source)
    prose: list[str] = []
    for run, (_, _, grid) in zip(runs, laid.runs, strict=True):
        _paragraphs([line for line in run if id(line) in kept], laid, wrap, out, prose, find_table)
        if grid is not None:
            out.table(grid, laid.place(min((p[0][0] for p in (f.pieces for f in grid.cells) if p), default=0)))
    return Paper(out.text(), out.blocks, laid.source, out.anchors, warnings=list(warnings), places=laid.places)


def _paragraphs(lines: list[Line], laid: _Laid, wrap: int, out: Builder, prose: list[str], find_table: Any) -> None:
    """Puts the lines between two tables out as paragraphs, and as tables where they are flattened ones."""
    open_: list[Line] = []
    index = 0

    def close() -> None:
        if open_:
            out.paragraph([(n.start, n.end) for n in open_], laid.place(open_[0].start))
            prose.append("".join(n.text for n in open_))
            open_.clear()

    while index < len(lines):
        line = lines[index]
        found = find_table(lines, index, prose, laid.source)
        if found:
            close()
            grid, index = found
            out.table(grid, laid.place(line.start))
            continue
        if open_ and not joins(open_, line, wrap if laid.broken(open_[-1]) and laid.broken(line) else 0):
            close()
        open_.append(line)
        index += 1
    close()


# --- the reader's own text -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Laid:
    """The text of all items; `runs` are stretches of paragraphs, each with the table that follows it."""

    source: str
    runs: list[tuple[int, int, Grid | None]]
    places: list[tuple[int, dict[str, Any]]]  # from this offset of the source on
    breaks: list[tuple[int, bool]]  # from this offset on: whether lines are broken

    def place(self, offset: int) -> dict[str, Any]:
        at = bisect_right(self.places, offset, key=lambda p: p[0]) - 1
        return dict(self.places[at][1]) if at >= 0 else {}

    def broken(self, line: Line) -> bool:
        at = bisect_right(self.breaks, line.start, key=lambda p: p[0]) - 1
        return at >= 0 and self.breaks[at][1]


def _write(items: list[Text | Sheet]) -> _Laid:
    parts: list[str] = []
    laid = _Laid("", [], [], [])
    length = begin = 0

    def put(text: str) -> None:
        nonlocal length
        parts.append(text)
        length += len(text)

    for item in items:
        if isinstance(item, Text):
            laid.breaks.append((length, item.broken))
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


# --- dirt of layouts -----------------------------------------------------------------------------------------------


def _tidy(items: Sequence[Text | Sheet]) -> list[Text | Sheet]:
    """The items with layout tables dissolved, titles taken out of tables and tables that go on made one."""
    out: list[Text | Sheet] = []
    number = 0
    for item in items:
        if isinstance(item, Sheet):
            number += 1
            out += _dissolve(Sheet(item.boxes, item.width, {"table": number} | item.place))
        else:
            out.append(item)
    joined: list[Text | Sheet] = []
    for item in out:
        if isinstance(item, Sheet):
            # Each step by the columns as the file has them, and again by those that hold something.
            titles, item = _titles(item)
            last = _last_table(joined) if not titles else None
            if last is not None and _goes_on(last, item):
                del joined[joined.index(last) + 1 :]
                continue
            joined += titles
        joined.append(item)
    final: list[Text | Sheet] = []
    for item in joined:
        if isinstance(item, Sheet):
            item = _tight(item)
            last = _last_table(final)
            if last is not None and _goes_on(last, item):
                del final[final.index(last) + 1 :]
                continue
        final.append(item)
    for item in final:
        if isinstance(item, Sheet):
            _mark_merged(item)
    return final


def _dissolve(sheet: Sheet) -> list[Text | Sheet]:
    """A table as it is, or what it holds where it only lays out the page: one column, one cell, tables in cells."""
    boxes = []
    for box in sorted(sheet.boxes, key=lambda b: (b.row, b.column)):
        place = sheet.place | {"row": box.row + 1, "column": box.column + 1} | box.place
        boxes.append(replace(box, place=place))
    sheet = Sheet(boxes, max([sheet.width, *[b.column + b.columns for b in boxes]]), sheet.place)
    nested = any(isinstance(i, Sheet) for b in boxes for i in b.inner)
    if nested and not _header_row(sheet):
        out: list[Text | Sheet] = []
        for box in boxes:
            inner: list[Text | Sheet] = list(box.inner) or [Text(box.text, box.place)]
            for item in inner:
                out += [item] if isinstance(item, Text) else _dissolve(replace(item, place=box.place | item.place))
        return out
    for n, box in enumerate(boxes):
        if box.inner:
            boxes[n] = replace(box, text="\n".join(_words(box.inner)), inner=[])
    full = [b for b in boxes if b.text.strip()]
    if not full:
        return []
    if len(full) == 1 or len({b.column for b in full}) == 1:
        return [Text(b.text, b.place) for b in full]
    return [sheet]


def _words(items: Iterable[Text | Sheet]) -> list[str]:
    """The lines of a cell's content, nested tables a line a row."""
    out: list[str] = []
    for item in items:
        if isinstance(item, Text):
            out.append(item.text)
            continue
        rows: dict[int, list[str]] = {}
        for box in sorted(item.boxes, key=lambda b: (b.row, b.column)):
            rows.setdefault(box.row, []).append(" ".join(_words(box.inner)) if box.inner else box.text)
        out += [" ".join(w for w in row if w.strip()) for row in rows.values()]
    return [w for w in out if w.strip()]


def _rows(sheet: Sheet) -> dict[int, list[Box]]:
    """The boxes that hold something, by the row that they begin in."""
    rows: dict[int, list[Box]] = {}
    for box in sheet.boxes:
        if box.text.strip():
            rows.setdefault(box.row, []).append(box)
    return rows


def _kind(box: Box) -> str | None:
    return kind_of_heading(fold(box.text)) if len(box.text) < 60 else None


def _header_row(sheet: Sheet) -> int | None:
    """The row of the column headings, or None."""
    for row, boxes in list(_rows(sheet).items())[:_HEADER_ROWS]:
        if sum(1 for b in boxes if _kind(b)) >= 2:
            return row
    return None


def _header(sheet: Sheet) -> list[str]:
    """What the rows of column headings say."""
    first = _header_row(sheet)
    if first is None:
        return []
    rows = _rows(sheet)
    said = [squeeze(b.text) for b in rows[first]]
    for row in sorted(r for r in rows if r > first):
        if not all(_kind(b) for b in rows[row]):
            break
        said += [squeeze(b.text) for b in rows[row]]
    return said


def _titles(sheet: Sheet) -> tuple[list[Text | Sheet], Sheet]:
    """What stands above the column headings (title, 填报单位, …) as paragraphs, and the table without it."""
    header = _header_row(sheet)
    if not header:
        return [], sheet
    above = [(row, boxes) for row, boxes in _rows(sheet).items() if row < header]
    if any(len(boxes) > 2 or any(_kind(b) for b in boxes) for _, boxes in above):
        return [], sheet
    titles: list[Text | Sheet] = [Text(b.text, b.place) for _, boxes in above for b in boxes]
    rest = [replace(b, row=b.row - header) for b in sheet.boxes if b.row >= header]
    return titles, Sheet(rest, sheet.width, sheet.place)


def _last_table(items: list[Text | Sheet]) -> Sheet | None:
    """The table that items end with; empty paragraphs and page numbers may follow it."""
    for item in reversed(items):
        if isinstance(item, Sheet):
            return item
        lines = split_lines(item.text + "\n")
        if drop_furniture(lines):
            return None
    return None


def _goes_on(last: Sheet, sheet: Sheet) -> bool:
    """Joins a table to the one before it where it is its continuation: no headings of its own, or the same again."""
    if last.width != sheet.width:
        return False
    header = _header(sheet)
    first = 0
    if header:
        if header != _header(last):
            return False
        rows = _rows(sheet)
        seen = 0
        for row in sorted(rows):
            if seen >= len(header):
                first = row
                break
            seen += len(rows[row])
        else:
            return True
    elif not _header(last):
        return False
    height = max(b.row + b.rows for b in last.boxes)
    last.boxes += [replace(b, row=b.row - first + height) for b in sheet.boxes if b.row >= first]
    return True


def _tight(sheet: Sheet) -> Sheet:
    """The table without rows and columns in which no cell with text begins."""
    full = [b for b in sheet.boxes if b.text.strip()]
    rows = sorted({b.row for b in full})
    columns = sorted({b.column for b in full})
    boxes = []
    for box in sheet.boxes:
        high = rows[bisect_left(rows, box.row) : bisect_left(rows, box.row + box.rows)]
        wide = columns[bisect_left(columns, box.column) : bisect_left(columns, box.column + box.columns)]
        if high and wide:
            boxes.append(
                replace(box, row=rows.index(high[0]), column=columns.index(wide[0]), rows=len(high), columns=len(wide))
            )
    return Sheet(sorted(boxes, key=lambda b: (b.row, b.column)), len(columns), sheet.place)


def _mark_merged(sheet: Sheet) -> None:
    """Fields that no box covers get one; in a row whose leading columns are empty, the empty fields are merged to the
    eye."""
    height = max((b.row + b.rows for b in sheet.boxes), default=0)
    covered: dict[tuple[int, int], Box] = {}
    for box in sheet.boxes:
        for row in range(box.row, box.row + box.rows):
            for column in range(box.column, box.column + box.columns):
                covered.setdefault((row, column), box)
    for row in range(height):
        for column in range(sheet.width):
            if (row, column) not in covered:
                covered[row, column] = Box("", row, column)
                sheet.boxes.append(covered[row, column])
    sheet.boxes.sort(key=lambda b: (b.row, b.column))
    header = _header_row(sheet)
    if header is None:
        return
    kinds = {b.column: _kind(b) for b in sheet.boxes if b.row == header}
    leading = [c for c, kind in kinds.items() if kind in _LEADING]
    for row in range(header + 1, height):
        boxes = [covered[row, column] for column in range(sheet.width)]
        if any(not boxes[c].text.strip() and boxes[c].rows == 1 for c in leading):
            for box in boxes:
                if not box.text.strip() and box.rows == 1:
                    box.merged = True
