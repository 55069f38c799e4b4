"""The tables of a file as papers have them: layout tables dissolved, titles taken out of tables, tables that go on made
one, fields merged only to the eye."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..readers.content import Box, Sheet, Text
from ..words.forms import tight
from ..words.headings import kind_of_heading
from ..words.parts import pattern, rule
from .lines import split_lines
from .page_marks import drop_furniture

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Kinds of the columns that lead a row: what is empty there goes on from the row above.
_LEADING = ("number", "section", "task")
#: A header stands in one of the first rows.
_HEADER_ROWS = 8
#: A heading has fewer characters; a cell with more than the second, in a row further down, is none; those of a header
#: below a line over the whole width have fewer than the third.
_LONGEST_HEADING, _LONG_CELL, _SHORT_CELL = 60, 40, 20
#: Rows and columns that a letterhead has at most.
_LETTERHEAD = 3
#: What pandas writes as heading of a column without one.
_UNNAMED = re.compile(r"Unnamed: \d+(?:_level_\d+)?")


def tidied(items: Sequence[Text | Sheet]) -> list[Text | Sheet]:
    """The items with layout tables dissolved, titles taken out of tables and tables that go on made one."""
    out: list[Text | Sheet] = []
    number = 0
    for item in items:
        if isinstance(item, Sheet):
            number += 1
            laid = _dissolve(Sheet(item.boxes, item.width, {"table": number} | item.place))
            if item is not items[-1] and not any(isinstance(i, Sheet) for i in out):
                laid = [part for i in laid for part in (_letterhead(i) if isinstance(i, Sheet) else [i])]
            out += laid
        else:
            out.append(item)
    # Tables are joined by the columns as the file has them, then again by those that hold something.
    out = _join([part for item in out for part in (_parts(item) if isinstance(item, Sheet) else [item])])
    out = _join([_tight(item) if isinstance(item, Sheet) else item for item in out])
    out = [part for item in out for part in (_tail(item) if isinstance(item, Sheet) else [item])]
    for item in out:
        if isinstance(item, Sheet):
            _widen(item)
            _mark_merged(item)
    return out


def _join(items: list[Text | Sheet]) -> list[Text | Sheet]:
    out: list[Text | Sheet] = []
    for item in items:
        last = _last_table(out) if isinstance(item, Sheet) else None
        if last is not None and isinstance(item, Sheet) and _goes_on(last, item):
            while out[-1] is not last:
                out.pop()
            continue
        out.append(item)
    return out


#: So many rows of one cell make a table that only lays out lines.
_MOSTLY_LINES = 0.7


def _dissolve(sheet: Sheet) -> list[Text | Sheet]:
    """A table as it is, or what it holds where it only lays out the page: one column, one cell, tables in cells, a line
    a row, labels and what they say."""
    boxes = [_cleaned(box, sheet.place) for box in sorted(sheet.boxes, key=lambda b: (b.row, b.column))]
    sheet = Sheet(boxes, max([sheet.width, *[b.column + b.columns for b in boxes]]), sheet.place)
    headers = _headers(sheet)
    if not headers and any(isinstance(i, Sheet) for b in boxes for i in b.inner):
        return _laid_out(boxes)
    for n, box in enumerate(boxes):
        if box.inner:
            boxes[n] = replace(box, text="\n".join(_words(box.inner)), inner=[])
    rows = _rows(sheet)
    if not rows:
        return []
    if len({b.column for row in rows.values() for b in row}) == 1:
        return [Text(b.text, b.place) for row in rows.values() for b in row]
    return [sheet] if headers else _lines_of(sheet, list(rows.values()))


def _cleaned(box: Box, place: dict[str, Any]) -> Box:
    """A box with its whole place, and no text where it has none to read."""
    text = box.text if tight(box.text) and not _UNNAMED.fullmatch(box.text) else ""
    where = place | {"row": box.row + 1, "column": box.column + 1} | box.place
    return Box(text, box.row, box.column, box.rows, box.columns, where, box.merged, box.inner)


def _laid_out(boxes: list[Box]) -> list[Text | Sheet]:
    """What the cells of a table hold that lays out other tables."""
    out: list[Text | Sheet] = []
    for box in boxes:
        inner: list[Text | Sheet] = list(box.inner) or [Text(box.text, box.place)]
        for item in inner:
            out += [item] if isinstance(item, Text) else _dissolve(replace(item, place=box.place | item.place))
    return out


def _lines_of(sheet: Sheet, rows: list[list[Box]]) -> list[Text | Sheet]:
    """The lines of a table without headings, if that is all it is: labels, each with what it says, or mostly one cell a
    row; else the table."""
    if _labels(rows):
        pairs = [pair for row in rows for pair in zip(row[::2], row[1::2], strict=True)]
        return [Text(f"{tight(a.text).rstrip(':')}：{b.text}", a.place) for a, b in pairs]
    if sum(len(row) == 1 for row in rows) >= _MOSTLY_LINES * len(rows):
        return [Text("　".join(b.text for b in row), row[0].place) for row in rows]
    return [sheet]


def _letterhead(sheet: Sheet) -> list[Text | Sheet]:
    """A small table without headings above the first one only lays out its lines: 某某局 beside 文件, the number beside
    签发人."""
    rows = _rows(sheet)
    if max(sheet.width, len(rows)) > _LETTERHEAD or _headers(sheet):
        return [sheet]
    # What is merged downwards (文件 beside several offices) is said at its end.
    lines: dict[int, list[Box]] = {}
    for box in sorted((b for row in rows.values() for b in row), key=lambda b: (b.row + b.rows, b.column)):
        lines.setdefault(box.row + box.rows, []).append(box)
    return [Text("　".join(b.text for b in line), line[0].place) for line in lines.values()]


_LONG_LABEL = 12
_MOST_LABELS = 0.6


def _labels(rows: list[list[Box]]) -> bool:
    """Whether a table says what a paper is: 索引号 and its like, each with what it says in the next cell."""
    if any(len(row) % 2 for row in rows):
        return False
    names = [tight(b.text).rstrip(":") + ":" for row in rows for b in row[::2]]
    known = ("label_number", "label_date", "label_issuer", "label_title", "furniture")
    labels = sum(len(n) < _LONG_LABEL and any(pattern(k).match(n) for k in known) for n in names)
    return labels > _MOST_LABELS * len(names)


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
    return kind_of_heading(tight(box.text)) if len(box.text) < _LONGEST_HEADING else None


def _headers(sheet: Sheet) -> list[tuple[int, int]]:
    """The rows of column headings, each as (first, behind the last): near the top or below a line over the whole width
    some of them are enough, elsewhere all must be headings."""
    out: list[tuple[int, int]] = []
    before: list[Box] = []
    for n, (row, boxes) in enumerate(_rows(sheet).items()):
        # Most rows of a long table begin with their number.
        if n >= _HEADER_ROWS and any(len(b.text) > _LONG_CELL or b.text.isdecimal() for b in boxes):
            before = boxes
            continue
        known = sum(1 for b in boxes if _kind(b))
        some_do = (n < _HEADER_ROWS and not out) or _below_a_line(before, boxes, known)
        before = boxes
        if known < 2 or (known < len(boxes) and not some_do):
            continue
        if out and out[-1][1] == row:
            out[-1] = out[-1][0], row + 1
        else:
            out.append((row, row + 1))
    return out


def _below_a_line(before: list[Box], boxes: list[Box], known: int) -> bool:
    """Whether a row of which so many cells are headings stands below a line over the whole width and looks like a row
    of them."""
    if len(before) != 1 or before[0].column != 0:
        return False
    if 3 * known < len(boxes) and _kind(boxes[0]) != "number":
        return False
    return all(len(b.text) < _SHORT_CELL and not tight(b.text).isdecimal() for b in boxes)


def _said(sheet: Sheet, rows: tuple[int, int]) -> list[str]:
    # Each once: a header may be repeated right below itself.
    return list(dict.fromkeys(tight(b.text) for b in sheet.boxes if rows[0] <= b.row < rows[1] and tight(b.text)))


def _slice(sheet: Sheet, start: int, end: int) -> Sheet:
    boxes = [replace(b, row=b.row - start, rows=min(b.rows, end - b.row)) for b in sheet.boxes if start <= b.row < end]
    return Sheet(boxes, sheet.width, sheet.place)


def _spanning(box: Box, sheet: Sheet, first: str | None) -> bool:
    """Whether the only filled cell of a row is a line of the paper rather than a cell of a column. `first` is what the
    first column holds."""
    if box.columns >= sheet.width:
        return True
    words = tight(box.text)
    told = rule("note_below", "layout.toml").match(words) is not None
    return box.column == 0 and (told or (first not in ("task", "text", None) and not words.isdecimal()))


def _parts(sheet: Sheet) -> list[Text | Sheet]:
    """The tables of a table, each with its column headings first; what stands above these over the whole width (title,
    填报单位, prose of a workbook) are paragraphs."""
    headers = _headers(sheet)
    rows = _rows(sheet)
    height = max(b.row + b.rows for b in sheet.boxes)
    if not headers:
        top = next((row for row, boxes in rows.items() if len(boxes) > 1 or not _spanning(boxes[0], sheet, None)), 0)
        return [*(Text(rows[row][0].text, rows[row][0].place) for row in rows if row < top), _slice(sheet, top, height)]
    covered = _covered(sheet)
    out: list[Text | Sheet] = []
    start = 0
    for number, header in enumerate(headers):
        titles = _titles_above([r for r in rows if start <= r < header[0]], rows, covered, number == 0)
        if number and not titles and _said(sheet, header) == _said(sheet, headers[number - 1]):
            continue  # repeated on each page: the rows of work are read without it
        stop = titles[0] if titles else header[0]
        if any(start <= r < stop for r in rows):
            out += _parts(_slice(sheet, start, stop)) if number == 0 else [_slice(sheet, start, stop)]
        out += [Text(b.text, b.place) for row in titles for b in rows[row]]
        start = header[0]
    return [*out, _slice(sheet, start, height)]


def _covered(sheet: Sheet) -> set[int]:
    """The rows into which a cell of a row above reaches."""
    return {r for b in sheet.boxes if b.rows > 1 and b.text.strip() for r in range(b.row + 1, b.row + b.rows)}


def _titles_above(above: list[int], rows: dict[int, list[Box]], covered: set[int], first: bool) -> list[int]:
    """Which of the rows above a row of headings are lines of the paper: one cell each at the left; over the `first`
    headings also two that are no headings themselves, and further right."""
    titles: list[int] = []
    for row in reversed(above):
        boxes = rows[row]
        most = 2 if first and not any(_kind(b) for b in boxes) else 1
        if row in covered or len(boxes) > most or (not first and boxes[0].column):
            break
        titles.insert(0, row)
    return titles


def _tail(sheet: Sheet) -> list[Text | Sheet]:
    """The table, and as paragraphs the lines over its whole width that it ends with."""
    headers = _headers(sheet)
    if not headers:
        return [sheet]
    rows = _rows(sheet)
    first = next((_kind(b) for b in rows[headers[0][0]] if b.column == 0), None)
    covered = max((b.row + b.rows for b in sheet.boxes if b.rows > 1 and b.text.strip()), default=0)
    lines: list[Text | Sheet] = []
    end = max(b.row + b.rows for b in sheet.boxes)
    for row in sorted(rows, reverse=True):
        if row < covered or row < headers[-1][1] or len(rows[row]) > 1 or not _spanning(rows[row][0], sheet, first):
            break
        lines.insert(0, Text(rows[row][0].text, rows[row][0].place))
        end = row
    return [_tight(_slice(sheet, 0, end)), *lines] if lines else [sheet]


def _last_table(items: list[Text | Sheet]) -> Sheet | None:
    """The table that items end with; empty paragraphs, page numbers and a repetition of the table's title may follow
    it."""
    after: set[str] = set()
    for at in range(len(items) - 1, -1, -1):
        item = items[at]
        if isinstance(item, Sheet):
            above = {_title_of(i) for i in items[max(0, at - 5) : at] if isinstance(i, Text)}
            return item if after <= above else None
        if drop_furniture(split_lines(item.text + "\n")):
            after.add(_title_of(item))
            if len(after) > 2:
                return None
    return None


def _title_of(item: Text) -> str:
    return rule("goes_on", "layout.toml").sub("", tight(item.text))


def _goes_on(last: Sheet, sheet: Sheet) -> bool:
    """Joins a table to the one before it where it is its continuation: no headings of its own, or the same again."""
    if last.width != sheet.width:
        return False
    headers, known = _headers(sheet), _headers(last)
    first = 0
    if headers and headers[0][0] == 0:
        if not known or _said(sheet, headers[0]) != _said(last, known[0]):
            return False
        first = headers[0][1]
    elif headers or not known:
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
        top, bottom = bisect_left(rows, box.row), bisect_left(rows, box.row + box.rows)
        left, right = bisect_left(columns, box.column), bisect_left(columns, box.column + box.columns)
        if bottom > top and right > left:
            boxes.append(Box(box.text, top, left, bottom - top, right - left, box.place, box.merged))
    return Sheet(sorted(boxes, key=lambda b: (b.row, b.column)), len(columns), sheet.place)


def _widen(sheet: Sheet) -> None:
    """A heading between rows, which stands in the column of numbers where the format has no merges, covers its row."""
    headers = _headers(sheet)
    first = next((_kind(b) for b in sheet.boxes if headers and b.row == headers[0][0] and b.column == 0), None)
    if first != "number":
        return
    covered = _covered(sheet)
    for row, boxes in _rows(sheet).items():
        only = boxes[0]
        if len(boxes) == 1 and row not in covered and only.rows == 1 and _spanning(only, sheet, first):
            sheet.boxes = [b for b in sheet.boxes if b.row != row or b is only]
            only.column, only.columns = 0, sheet.width


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
    headers = _headers(sheet)
    if not headers:
        return
    kinds = {b.column: _kind(b) for b in sheet.boxes if b.row == headers[0][0]}
    leading = [c for c, kind in kinds.items() if kind in _LEADING]
    for row in range(headers[0][1], height):
        boxes = [covered[row, column] for column in range(sheet.width)]
        if any(not boxes[c].text.strip() and boxes[c].rows == 1 for c in leading):
            for box in boxes:
                if not box.text.strip() and box.rows == 1:
                    box.merged = True
