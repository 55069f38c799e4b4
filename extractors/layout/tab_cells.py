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
