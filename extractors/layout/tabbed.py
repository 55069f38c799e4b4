"""Tables whose cells are parted by tabs: rows of them, or a cell a line that begins with one."""

from __future__ import annotations

import re
from collections import Counter

from ..words.cells import CellWords
from ..words.fold import fold, squeeze
from ..words.forms import CLAUSE_MARK, MARK, tight
from ..words.headings import UNIT_KINDS, kind_of_heading
from ..words.parts import rule
from ..words.times import times_in
from ..words.unit_shapes import UnitShapes
from .atoms import BAR, BAR_END, Atom
from .building import Field, Grid
from .grids import decoder_kinds
from .lines import Line
from .segmentation import BAR_ROWS, decode
from .table_ends import CHAPTER, END

#: A heading between rows.
_CLAUSE = re.compile(rf"{CLAUSE_MARK}[^。;]{{1,24}}")


# --- tabs ----------------------------------------------------------------------------------------------------------


def tab_cell(line: Line) -> bool:
    """Whether a line is one cell of a table whose cells begin with a tab."""
    return line.raw.startswith("\t") and "\t" not in line.raw.strip("\t ") and not line.raw.startswith("\t\t")


def tab_cells(lines: list[Line], at: int, source: str, shapes: UnitShapes) -> tuple[Grid, int] | None:
    """Cells of a line each that begin with a tab; rows are parted by blank lines, a cell may go on in lines without
    tab."""
    # Column headings come first: prose may be indented with tabs, too.
    heads: list[str] = []
    for line in lines[at : at + 60]:
        if heads and line.blank_before:
            break
        if tab_cell(line):
            heads.append(line.text)
        else:
            heads[-1] += line.text
    if sum(1 for h in heads if kind_of_heading(h) and not MARK.match(h)) < 2:
        return None
    cells: list[list[Line]] = []
    index = at
    last_tab = max((i for i in range(at, len(lines)) if tab_cell(lines[i])), default=at)
    while index < len(lines):
        line = lines[index]
        if tab_cell(line):
            cells.append([line])
        elif (
            not cells
            or (index > last_tab and line.blank_before and (END.match(line.text) or CHAPTER.match(line.text)))
            or "\t" in line.raw
        ) or (
            index < last_tab and line.blank_before and rule("attachment_alone", "layout.toml").match(squeeze(line.text))
        ):
            break
        else:
            cells[-1].append(line)
        index += 1
    header = 1
    while header < len(cells) and not cells[header][0].blank_before:
        header += 1
    best: tuple[float, int, list[int]] | None = None
    for width in range(max(2, header), header + 3):
        cost, cuts = _rows_of(cells, header, width)
        if best is None or cost < best[0] - 1e-9:
            best = (cost, width, cuts)
    if best is None:
        return None
    _, width, cuts = best
    fields: list[Field] = []
    for row, (a, b) in enumerate(zip([0, *cuts], [*cuts, len(cells)], strict=True)):
        group = cells[a:b]
        if len(group) == 1 and width > 1:
            fields.append(Field(row, 0, _pieces(group[0]), width))
            continue
        for column, cell in enumerate(group[:width]):
            pieces = _pieces(cell)
            fields.append(Field(row, column, pieces, 1, not pieces))
        for extra in group[width:]:
            fields[-1].pieces += _pieces(extra)
    grid = Grid(fields, width, lines[at].number)
    _stretch(grid, header, source, shapes)
    return grid, index


def _pieces(cell: list[Line]) -> list[tuple[int, int]]:
    return [(n.start, n.end) for n in cell if n.end > n.start]


def _rows_of(cells: list[list[Line]], header: int, width: int) -> tuple[float, list[int]]:
    """The cheapest way to cut the cells after the header into rows: (cost, where rows begin)."""
    n = len(cells)
    cost = [float("inf")] * (n + 1)
    back = [0] * (n + 1)
    cost[header] = 0.0
    gaps = [c[0].blank_before for c in cells] + [True]
    for i in range(header, n):
        if cost[i] == float("inf"):
            continue
        start = cost[i] + (0 if gaps[i] else 5)
        inside = 0.0
        for k in range(1, width + 2):
            if i + k > n:
                break
            if k > 1 and gaps[i + k - 1]:
                inside += 0.3
            if k == width:
                price = 0.0
            elif k == 1:
                price = 0.2 if CHAPTER.match(cells[i][0].text) or MARK.match(cells[i][0].text) else 2.0
            else:
                price = 3.0 + abs(width - k)
            total = start + inside + price
            if total < cost[i + k]:
                cost[i + k], back[i + k] = total, i
    cuts: list[int] = []
    at = n
    while at > header:
        cuts.append(back[at])
        at = back[at]
    return cost[n], sorted(cuts)


def _stretch(grid: Grid, header: int, source: str, shapes: UnitShapes) -> None:
    """Where the header has fewer cells than the rows, finds the heading that covers several columns."""
    extra = grid.width - header
    if extra <= 0:
        return
    heads = [f for f in grid.cells if f.row == 0]
    kinds = [kind_of_heading(_said(f.pieces, source)) for f in heads]
    best: tuple[float, int] = (float("-inf"), 0)
    for wide in range(len(heads)):
        score = 0.0
        for i, kind in enumerate(kinds):
            first = i + (extra if i > wide else 0)
            last = first + (extra if i == wide else 0)
            for column in range(first, last + 1):
                score += _fits(grid, column, kind, source, shapes)
        score += {"text": 0.2, "task": 0.1}.get(kinds[wide] or "", 0.0)
        if score > best[0]:
            best = (score, wide)
    wide = best[1]
    for i, head in enumerate(heads):
        head.column = i + (extra if i > wide else 0)
        head.columns = 1 + (extra if i == wide else 0)


def _fits(grid: Grid, column: int, kind: str | None, source: str, shapes: UnitShapes) -> float:
    said = [
        squeeze(_said(f.pieces, source))
        for f in grid.cells
        if f.row > 0 and f.column == column and f.columns == 1 and f.pieces
    ][:20]
    if not said:
        return 0.0
    if kind in UNIT_KINDS:
        return sum(shapes.all_units(s) for s in said) / len(said)
    if kind == "deadline":
        return sum(bool(times_in(s)) and len(s) < 30 for s in said) / len(said)
    if kind == "number":
        return sum(s.isdecimal() for s in said) / len(said)
    return sum(not shapes.all_units(s) and len(s) > 3 for s in said) / len(said)


def _said(pieces: list[tuple[int, int]], source: str) -> str:
    return tight("".join(source[a:b] for a, b in pieces))


_LONG_BAND = 20
_STOPS = re.compile(r"[。;,:、]")


def _is_band(lines: list[Line], at: int, first: bool) -> bool:
    """Whether a line without a tab is a heading between rows: short, and below it the numbers of rows begin (`first`),
    begin anew, or go on below its own number."""
    line, below = lines[at], lines[at + 1] if at + 1 < len(lines) else None
    if below is None or len(line.text) > _LONG_BAND or _STOPS.search(line.text):
        return False
    marked = MARK.match(line.text) is not None
    return bool((_NUMBERED_ROW if first or marked else _FIRST_ROW).match(below.raw))


_FIRST_ROW = re.compile(r"\A1\t")
_NUMBERED_ROW = re.compile(r"\A\d++\t")


def tab_rows(lines: list[Line], at: int, source: str, words: CellWords) -> tuple[Grid, int] | None:
    """A row a line, cells parted by tabs; a quoted cell may hold line ends, an unquoted one may go on in the next
    line. A row that is short of cells is put where they fit."""
    first, index = _row(lines, at)
    kinds = [kind_of_heading(_said(c, source)) for c in first]
    known = sum(1 for k in kinds if k)
    width = len(first)
    if known < 2 and ":" in lines[at].text:
        # 索引号：… 发布机构：…: what a page says of a paper.
        return None
    if width < 2 or (known < 2 and not (at + 2 < len(lines) and all("\t" in lines[at + k].raw for k in (1, 2)))):
        return None
    if known < 2 and sum(1 for c in first if c) < 2:
        return None  # a title over the whole width
    rows = [first]
    again = True  # the row before was the first one of the column headings, to which a second one may belong
    while index < len(lines):
        line = lines[index]
        if at and len(rows) > 1 and tight(line.text) == tight(lines[at - 1].text):
            index += 1  # the table's title again, on its next page
            continue
        other = line.raw.count("\t") + 1 not in (1, width)
        numbered = known >= 2 and kinds[0] == "number" and line.raw.count("\t") < width
        numbered = numbered and _NUMBERED_ROW.match(line.raw) is not None
        if other and line.blank_before and not line.raw.startswith("\t") and not numbered:
            break
        if known >= 2 and not again and _other_header(lines, index, first, source):
            break
        if "\t" not in line.raw and not (line.raw.lstrip().startswith('"') and len(_row(lines, index)[0]) > 1):
            # A cell that goes on: only while the row is short of columns, or a quotation is open, or rows follow.
            more = any("\t" in n.raw for n in lines[index + 1 : index + 6])
            if kinds[0] == "number" and _is_band(lines, index, len(rows) == 1):
                rows.append([[(line.start, line.end)]])
                index += 1
                continue
            if (
                not rows[1:]
                or END.match(line.text)
                or not (more or len(rows[-1]) < width)
                or (CHAPTER.match(line.text) and len(line.text) < 60)
                or _CLAUSE.fullmatch(line.text)
            ):
                if more and len(line.text) < 60 and (CHAPTER.match(line.text) or _CLAUSE.fullmatch(line.text)):
                    rows.append([[(line.start, line.end)]])
                    index += 1
                    continue
                break
            rows[-1][-1].append((line.start, line.end))
            index += 1
            continue
        row, index = _row(lines, index)
        again = [_said(c, source) for c in row] == [_said(c, source) for c in first]
        if (
            known >= 2
            and len(row) < width
            and len(rows[-1]) < width
            and len(rows[-1]) + len(row) - 1 <= width
            and not line.raw.startswith("\t")
            and not _NUMBERED_ROW.match(line.raw)
            and len(rows) > 1
        ):
            rows[-1][-1] += row[0]
            rows[-1] += row[1:]
        elif row[0] and not any(row[1:]) and (kinds[0] == "number" or CHAPTER.match(_said(row[0], source))):
            rows.append([row[0]])  # a heading between rows, over the whole width
        else:
            rows.append(row)
    if len(rows) < 2:
        return None
    width = max(Counter(len(r) for r in rows).most_common(1)[0][0], len(first)) if known < 2 else width
    fields = []
    for i, row in enumerate(rows):
        if len(row) == 1:
            fields.append(Field(i, 0, row[0], width))
            continue
        if known >= 2 and len(row) < width:
            row = _fitted(row, kinds, source, words) or row
        for j in range(width):
            pieces = row[j] if j < len(row) else []
            fields.append(Field(i, j, pieces, 1, not pieces))
        for extra in row[width:]:
            fields[-1].pieces += extra
    return Grid(fields, width, lines[at].number), index


def _fitted(
    row: list[list[tuple[int, int]]], kinds: list[str | None], source: str, words: CellWords
) -> list[list[tuple[int, int]]]:
    """The cells of a row that is short of some in the columns that they fit; empty where they fit in none."""
    if any(len(cell) > 1 for cell in row):
        return []
    spans = [cell[0] if cell else (0, 0) for cell in row]
    atoms = [Atom(a, b, fold(source[a:b]), BAR if n else BAR_END) for n, (a, b) in enumerate(spans)]
    read = decode(atoms, decoder_kinds(kinds), BAR_ROWS, words, doubts=False)
    out: list[list[tuple[int, int]]] = [[] for _ in kinds]
    for cell in read.cells:
        if cell.column is None or cell.row or cell.last - cell.first > 1 or cell.column >= len(out):
            return []
        out[cell.column] = row[cell.first]
    return out if sum(map(bool, out)) == sum(map(bool, row)) else []


def _other_header(lines: list[Line], at: int, first: list[list[tuple[int, int]]], source: str) -> bool:
    """Whether column headings of another table stand here, or right below lines over the whole width."""
    index = at
    while index < min(at + 4, len(lines)) and "\t" not in lines[index].raw.rstrip():
        index += 1
    if index >= len(lines) or "\t" not in lines[index].raw:
        return False
    cells = [_said(c, source) for c in _split_tabs(lines[index]) if c]
    if sum(1 for c in cells if kind_of_heading(c)) < max(2, len(cells) / 3) or any(len(c) > 20 for c in cells):
        return False
    return index > at or cells != [_said(c, source) for c in first if c]


def _row(lines: list[Line], at: int) -> tuple[list[list[tuple[int, int]]], int]:
    """The cells of the row that begins at a line, with the lines that its quoted cells go on in, and the index after
    it."""
    cells: list[list[tuple[int, int]]] = []
    index, start = at, 0
    while True:
        line = lines[index]
        parts = line.raw[start:].split("\t")
        pieces = _split(line.begin + start, parts)
        if start:
            cells[-1] += pieces.pop(0)
        cells += pieces
        if not parts[-1].lstrip().startswith('"') or parts[-1].count('"') % 2 == 0:
            return cells, index + 1
        # The quotation ends in one of the next lines, or it is none.
        more: list[tuple[int, int]] = []
        for after in range(index + 1, min(index + 60, len(lines))):
            end = _quotation_end(lines[after].raw)
            more += _split(lines[after].begin, [lines[after].raw[:end]])[0]
            if end is not None:
                break
        else:
            return cells, index + 1
        cells[-1] += more
        index, start = after, end + 1  # type: ignore[operator]


def _quotation_end(raw: str) -> int | None:
    end = re.search(r'(?<!")(?:"")*"(?!")', raw)
    return end.end() - 1 if end else None


def _split_tabs(line: Line) -> list[list[tuple[int, int]]]:
    return _split(line.begin, line.raw.split("\t"))


def _split(base: int, parts: list[str]) -> list[list[tuple[int, int]]]:
    """The pieces of the source that the parts between tabs are, from an offset on; outer blanks and quotation marks
    are none of them."""
    out: list[list[tuple[int, int]]] = []
    for part in parts:
        inner = part.strip(' \u3000\xa0"')
        if inner:
            a = base + part.index(inner)
            out.append([(a, a + len(inner))])
        else:
            out.append([])
        base += len(part) + 1
    return out
