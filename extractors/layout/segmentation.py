"""Rows and columns of a flattened table: the cheapest way to cut its atoms into cells and rows.

A dynamic programme over (atoms read, column of the last cell). A cell may hold several atoms, a row may leave columns
out (merged or empty cells), a heading may stand between rows, and behind the last row the paper may go on. What a cell
costs in a column depends on what it looks like (`words.cells`), what a cut costs on how the atoms are parted. Time is
linear in the atoms: cells of short kinds have at most `_WINDOW` atoms, those of text grow one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..words.cells import CellWords
from .atoms import Atom
from .lattice import (
    BAR_CELLS,
    BAR_ROWS,
    BLANK_ROWS,
    CELL_LINES,
    GAP_CELLS,
    INFINITE,
    MISFIT,
    ONE_LINE,
    OUTSIDE_EACH,
    STRAY,
    TIGHT,
    UNITS,
    Form,
    Lattice,
    stray_cost,
)


@dataclass(slots=True)
class Placed:
    """A cell: the atoms `[first, last)` in a column, or over the whole width (`column` None)."""

    first: int
    last: int
    column: int | None
    row: int


@dataclass(slots=True)
class Decoded:
    """Cells in order; `outside` is the index of the first atom behind the table. `doubtful` are the rows that a
    reading has otherwise which is nearly as good."""

    cells: list[Placed]
    cost: float
    outside: int
    doubtful: set[int] = field(default_factory=set)


#: What it costs that a page cut a row, and one cell more of it; at most that the rest of a cell looks like something
#: else.
_CARRIED, _CARRIED_ON, _REST = 0.6, 0.1, 1.5


class _CheapestWays:
    """The cheapest ways to each state: so many atoms read, the last of them in that column (behind the columns: it is a
    heading between rows; behind that again the columns: it is the rest of a row that a page cut)."""

    def __init__(self, lattice: Lattice) -> None:
        self.lattice = lattice
        self.atoms, self.width = len(lattice.atoms), len(lattice.kinds)
        self.rest, states = self.width + 1, 2 * self.width + 1
        self.cost = [[INFINITE] * states for _ in range(self.atoms + 1)]
        #: How a state was reached: (atoms before, column before, what came: row, cell, more of the cell, stray).
        self.back: list[list[tuple[int, int, str] | None]] = [[None] * states for _ in range(self.atoms + 1)]
        #: What the whole costs, where the table ends, in which column.
        self.end = (INFINITE, self.atoms, -1)
        for i in range(self.atoms + 1):
            closed, column = self._row_closed(i)
            if closed < INFINITE:
                self._end(i, closed, column)
                if i < self.atoms:
                    self._next(i, closed, column)

    def _better(self, j: int, c: int, price: float, from_: tuple[int, int, str]) -> None:
        if price < self.cost[j][c]:
            self.cost[j][c] = price
            self.back[j][c] = from_

    def _row_closed(self, i: int) -> tuple[float, int]:
        """What it costs that a row is closed before an atom, and the column of its last cell."""
        closed, column = (0.0, -1) if i == 0 else (INFINITE, -1)
        for c, here in enumerate(self.cost[i]):
            price = here + (self.lattice.rest[c] if c < self.width else 0.0)
            if price < closed:
                closed, column = price, c
        return closed, column

    def _end(self, i: int, closed: float, column: int) -> None:
        """The table may end before an atom: what is left stands outside."""
        if i > 0:
            left = self.lattice.form.outside + OUTSIDE_EACH * (self.atoms - i) if i < self.atoms else 0.0
            if closed + left < self.end[0]:
                self.end = closed + left, i, column

    def _next(self, i: int, closed: float, column: int) -> None:
        """All that an atom may be: stray, a heading between rows, more of a cell, the first of a row or of a cell."""
        lattice, here = self.lattice, self.cost[i]
        stray = stray_cost(lattice.atoms[i], lattice.looks[i].kind)
        if stray < STRAY and i:
            for c, price in enumerate(here):
                if price < INFINITE:
                    self._better(i + 1, c, price + stray, (i, c, "stray"))
        begin = closed + lattice.row(i)
        lead = lattice.band(i)
        if lead < INFINITE:
            self._better(i + 1, self.width, begin + lead, (i, column, "row"))
        self._cells(i, begin, column)
        if i and not lattice.atoms[i].runs_on:
            self._carried(i)

    def _carried(self, i: int) -> None:
        """An atom as the rest of a row that a page cut: the first of the page in the column of the row's last cell or
        in one before that, more of it, and the rest of cells farther right."""
        lattice, here = self.lattice, self.cost[i]
        states = range(self.width) if lattice.atoms[i].page else range(self.rest, self.rest + self.width)
        for c in states:
            if here[c] == INFINITE:
                continue
            column = c - self.rest
            if column >= 0:
                more = lattice.more(i, lattice.kinds[column])
                self._better(i + 1, c, here[c] + more, (i, c, "more"))
            closed = here[c] + (lattice.rest[c] + _CARRIED if column < 0 else _CARRIED_ON)
            for to, said in self._goes_on_in(i, c, column).items():
                for j, prices in lattice.ends[i]:
                    if prices[to] < INFINITE:
                        price = lattice.completed(said, i, j, to, min(prices[to], _REST))
                        self._better(j, self.rest + to, closed + price, (i, c, "carried"))

    def _goes_on_in(self, i: int, c: int, column: int) -> dict[int, str]:
        """The columns behind one that what a page cut may go on in, with what they hold: an open bracket where the rest
        closes one."""
        words = self.lattice.atoms[i].text
        closes = words.count(")") > words.count("(")
        return {
            to: said
            for to, said in self._row_columns(i, c).items()
            if to > column
            and self.lattice.kinds[to] != "number"
            and not (closes and said.count("(") <= said.count(")"))
        }

    def _row_columns(self, i: int, c: int) -> dict[int, str]:
        """The columns in which the row has something that ends before an atom in a column, with what stands there."""
        found: dict[int, str] = {}
        at, step = i, self.back[i][c]
        while step is not None:
            said = "".join(a.text for a in self.lattice.atoms[step[0] : at])
            column = c - self.rest if c >= self.rest else c
            found[column] = said + found.get(column, "")
            if step[2] == "row":
                break
            at, c = step[0], step[1]
            step = self.back[at][c]
        return {n: said for n, said in found.items() if 0 <= n < self.width}

    def _cells(self, i: int, begin: float, closed_by: int) -> None:
        """A cell in each column: the first of a row, or behind another cell of it."""
        lattice, here = self.lattice, self.cost[i]
        cut = lattice.cell(i) if i else 0.0
        inner, inner_by = INFINITE, -1
        for c in range(self.width):
            if i and here[c] < INFINITE:
                more = lattice.more(i, lattice.kinds[c])
                if more < INFINITE:
                    self._better(i + 1, c, here[c] + more, (i, c, "more"))
            by_row = begin + lattice.passed[c]
            by_cell = inner + lattice.passed[c] + cut
            start, from_ = (by_row, (i, closed_by, "row")) if by_row <= by_cell else (by_cell, (i, inner_by, "cell"))
            for j, prices in lattice.ends[i]:
                if prices[c] < MISFIT * 2:
                    self._better(j, c, start + prices[c], from_)
            if here[c] - lattice.passed[c + 1] < inner:
                inner, inner_by = here[c] - lattice.passed[c + 1], c


def decode(atoms: list[Atom], kinds: list[str], form: Form, words: CellWords, *, doubts: bool = True) -> Decoded:
    """The cheapest reading of the atoms as rows of columns of these kinds; without `doubts`, what else could be read
    is not looked for."""
    lattice = Lattice(atoms, kinds, form, words)
    search = _CheapestWays(lattice)
    read = _read_back(search.back, search.end, search.width)
    if doubts:
        read.doubtful = _doubtful(read, search.cost, _to_go(lattice), kinds)
    return read


#: Less than so much dearer is nearly as good.
_MARGIN = 0.25


def _doubtful(read: Decoded, cost: list[list[float]], to_go: list[list[float]], kinds: list[str]) -> set[int]:
    """The rows in which units or texts could stand in another column of units or texts for little more."""
    out = set()
    telling = [n for n, k in enumerate(kinds) if k in UNITS or k in ("text", "work")]
    for cell in read.cells:
        if cell.column not in telling:
            continue
        j = cell.last
        best = cost[j][cell.column] + to_go[j][cell.column]
        if best == INFINITE:
            continue  # the rest of a cell
        if any(cost[j][c] + to_go[j][c] - best < _MARGIN for c in telling if c != cell.column):
            out.add(cell.row)
    return out


def _to_go(lattice: Lattice) -> list[list[float]]:
    """What the cheapest reading costs from each state on: the same programme, backwards."""
    n, width = len(lattice.atoms), len(lattice.kinds)
    rest = [*lattice.rest, 0.0]
    out = [[INFINITE] * (width + 1) for _ in range(n + 1)]
    out[n] = list(rest)
    for i in range(n - 1, -1, -1):
        cells = [
            min((prices[d] + out[j][d] for j, prices in lattice.ends[i] if prices[d] < MISFIT * 2), default=INFINITE)
            for d in range(width)
        ]
        row = min((lattice.passed[d] + cells[d] for d in range(width)), default=INFINITE)
        row = min(row, lattice.band(i) + out[i + 1][width]) + lattice.row(i)
        outside = lattice.form.outside + OUTSIDE_EACH * (n - i)
        stray = stray_cost(lattice.atoms[i], lattice.looks[i].kind)
        cut = lattice.cell(i) if i else 0.0
        later = INFINITE  # the cheapest cell in a column farther right, from the left edge of the table
        for c in range(width, -1, -1):
            best = min(rest[c] + row, rest[c] + outside, later - (lattice.passed[c + 1] if c < width else 0.0) + cut)
            if stray < STRAY:
                best = min(best, stray + out[i + 1][c])
            if i and c < width:
                best = min(best, lattice.more(i, lattice.kinds[c]) + out[i + 1][c])
            out[i][c] = best
            if c < width:
                later = min(later, lattice.passed[c] + cells[c])
    return out


def _read_back(back: list[list[tuple[int, int, str] | None]], end: tuple[float, int, int], band: int) -> Decoded:
    total, at, column = end
    outside = at
    steps: list[tuple[int, int, int, str]] = []
    while at > 0:
        step = back[at][column]
        if step is None:
            break
        before, previous, how = step
        steps.append((before, at, column, how))
        at, column = before, previous
    cells: list[Placed] = []
    row = 0
    for first, last, c, how in reversed(steps):
        if how == "stray":
            continue
        if how == "more":
            cells[-1].last = last
            continue
        row += how == "row" and bool(cells)
        cells.append(Placed(first, last, None if c == band else c - (c > band) * (band + 1), row))
    return Decoded(cells, total, outside)


__all__ = [
    "BAR_CELLS",
    "BAR_ROWS",
    "BLANK_ROWS",
    "CELL_LINES",
    "GAP_CELLS",
    "ONE_LINE",
    "TIGHT",
    "Decoded",
    "Form",
    "Placed",
    "decode",
]
