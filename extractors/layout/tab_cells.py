"""Tables whose cells begin with a tab, a line each."""

from __future__ import annotations

from ..words.fold import squeeze
from ..words.forms import MARK
from ..words.headings import UNIT_KINDS, kind_of_heading
from ..words.parts import rule
from ..words.times import times_in
from ..words.unit_shapes import UnitShapes
from .building import Field, Grid, said_in
from .lines import Line
from .table_ends import CHAPTER, END


def tab_cell(line: Line) -> bool:
    """Whether a line is one cell of a table whose cells begin with a tab."""
    return line.raw.startswith("\t") and "\t" not in line.raw.strip("\t ") and not line.raw.startswith("\t\t")


_MOST_HEADING_LINES = 60
_FEWEST_HEADINGS = 2
#: So many columns more than headings stand on the first lines: one heading may cover several.
_COVERED = 2
#: What it costs that cells make a row: without a blank line before it; with one inside; a cell alone that is a heading
#: or that is none; a cell too few or too many, and each more.
_NO_BLANK, _BLANK_INSIDE, _HEADING_ALONE, _CELL_ALONE, _WRONG_WIDTH, _EACH = 5, 0.3, 0.2, 2.0, 3.0, 1.0
_EQUAL = 1e-9


def tab_cells(lines: list[Line], at: int, source: str, shapes: UnitShapes) -> tuple[Grid, int] | None:
    """Cells of a line each that begin with a tab; rows are parted by blank lines, a cell may go on in lines without
    tab."""
    if not _begins_with_headings(lines, at):
        return None
    cells, index = _cells(lines, at)
    header = next((n for n in range(1, len(cells)) if cells[n][0].blank_before), len(cells))
    width, cuts = _best_rows(cells, header)
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


def _begins_with_headings(lines: list[Line], at: int) -> bool:
    """Whether column headings come first: prose may be indented with tabs, too."""
    heads: list[str] = []
    for line in lines[at : at + _MOST_HEADING_LINES]:
        if heads and line.blank_before:
            break
        if tab_cell(line):
            heads.append(line.text)
        else:
            heads[-1] += line.text
    return sum(1 for h in heads if kind_of_heading(h) and not MARK.match(h)) >= _FEWEST_HEADINGS


def _cells(lines: list[Line], at: int) -> tuple[list[list[Line]], int]:
    """The lines of each cell, and the index of the first line behind the table."""
    last_tab = max((i for i in range(at, len(lines)) if tab_cell(lines[i])), default=at)
    cells: list[list[Line]] = []
    for index in range(at, len(lines)):
        line = lines[index]
        if tab_cell(line):
            cells.append([line])
        elif (
            not cells
            or "\t" in line.raw
            or (line.blank_before and _ends(line, index, last_tab))
            or _begins_again(lines, index, cells[0])
        ):
            return cells, index
        else:
            cells[-1].append(line)
    return cells, max(at, len(lines))


def _begins_again(lines: list[Line], index: int, first: list[Line]) -> bool:
    """Whether the headings come again below a line of a chapter: it heads another table."""
    below = lines[index + 1 : index + 2]
    return CHAPTER.match(lines[index].text) is not None and [n.raw for n in below] == [n.raw for n in first[:1]]


def _ends(line: Line, index: int, last_tab: int) -> bool:
    """Whether a line behind a blank one stands behind the table: another begins below it, or no cell follows."""
    if index < last_tab:
        return rule("attachment_alone", "layout.toml").match(squeeze(line.text)) is not None
    return index > last_tab and bool(END.match(line.text) or CHAPTER.match(line.text))


def _best_rows(cells: list[list[Line]], header: int) -> tuple[int, list[int]]:
    """(how many columns, where rows begin) of the cheapest way to cut the cells into rows, the fewest columns first."""
    best, best_cost = (0, list[int]()), float("inf")
    for width in range(max(2, header), header + _COVERED + 1):
        cost, cuts = _rows_of(cells, header, width)
        if not best[0] or cost < best_cost - _EQUAL:
            best, best_cost = (width, cuts), cost
    return best


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
        start = cost[i] + (0 if gaps[i] else _NO_BLANK)
        inside = 0.0
        for k in range(1, min(width + 1, n - i) + 1):
            if k > 1 and gaps[i + k - 1]:
                inside += _BLANK_INSIDE
            total = start + inside + _row_of(cells[i], k, width)
            if total < cost[i + k]:
                cost[i + k], back[i + k] = total, i
    cuts: list[int] = []
    at = n
    while at > header:
        cuts.append(back[at])
        at = back[at]
    return cost[n], sorted(cuts)


def _row_of(first: list[Line], count: int, width: int) -> float:
    """What it costs that so many cells, the first of which is given, are a row of so many columns."""
    if count == width:
        return 0.0
    if count == 1:
        return _HEADING_ALONE if CHAPTER.match(first[0].text) or MARK.match(first[0].text) else _CELL_ALONE
    return _WRONG_WIDTH + _EACH * abs(width - count)


def _stretch(grid: Grid, header: int, source: str, shapes: UnitShapes) -> None:
    """Where the header has fewer cells than the rows, finds the heading that covers several columns."""
    extra = grid.width - header
    if extra <= 0:
        return
    heads = [f for f in grid.cells if f.row == 0]
    kinds = [kind_of_heading(said_in(f.pieces, source)) for f in heads]
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
        squeeze(said_in(f.pieces, source))
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
