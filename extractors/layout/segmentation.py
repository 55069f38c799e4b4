"""Rows and columns of a flattened table: the cheapest way to cut its atoms into cells and rows.

A dynamic programme over (atoms read, column of the last cell). A cell may hold several atoms, a row may leave columns
out (merged or empty cells), a heading may stand between rows, and behind the last row the paper may go on. What a cell
costs in a column depends on what it looks like (`words.cells`), what a cut costs on how the atoms are parted
(`cell_prices`). Time is linear in the atoms: cells of short kinds have at most `WINDOW` atoms, those of text grow one
by one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..words.cells import CellWords
from .atoms import Atom
from .cell_prices import (
    BAR_CELLS,
    BAR_ROWS,
    BLANK_ROWS,
    CELL_LINES,
    GAP_CELLS,
    INFINITE,
    MISFIT,
    ONE_LINE,
    OUTSIDE_EACH,
    SKIP,
    STRAY,
    TIGHT,
    UNITS,
    WINDOW,
    Form,
)
from .lattice import Lattice

#: A cell that costs as much fits nowhere.
_NO_CELL = 2 * MISFIT


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

#: How a state was reached: (atoms before, column before, what came: row, cell, more of the cell, stray).
_Step = tuple[int, int, str]


class _CheapestWays:
    """The cheapest ways to each state: so many atoms read, the last of them in that column (behind the columns: it is a
    heading between rows; behind that again the columns: it is the rest of a row that a page cut). Of ways that cost the
    same, that whose last cell begins first."""

    def __init__(self, lattice: Lattice, kinds: list[str]) -> None:
        self.lattice, self.kinds = lattice, kinds
        self.columns = lattice.columns(kinds)
        #: What it costs to pass over the columns before each, and those behind it.
        self.passed = [0.0]
        for kind in kinds:
            self.passed.append(self.passed[-1] + SKIP.get(kind, 0.5))
        self.behind = [self.passed[-1] - self.passed[c + 1] for c in range(len(kinds))]
        self.atoms, self.width = len(lattice.atoms), len(kinds)
        self.rest, states = self.width + 1, 2 * self.width + 1
        self.cost = [[INFINITE] * states for _ in range(self.atoms + 1)]
        self.back: list[list[_Step | None]] = [[None] * states for _ in range(self.atoms + 1)]
        #: What it costs that a cell begins at an atom in each column, and how that is reached; none where no row that
        #: is closed before the atom can be had.
        self._starts: list[list[tuple[float, _Step]]] = []
        #: What the whole costs, where the table ends, in which column.
        self.end = (INFINITE, self.atoms, -1)
        for i in range(self.atoms + 1):
            if i:
                self._reach(i)
            closed, column = self._row_closed(i)
            if closed < INFINITE:
                self._end(i, closed, column)
            if i < self.atoms:
                self._starts.append(self._starts_of(i, closed, column) if closed < INFINITE else [])
                if i and closed < INFINITE:
                    self._rest_of_row(i)

    def _row_closed(self, i: int) -> tuple[float, int]:
        """What it costs that a row is closed before an atom, and the column of its last cell."""
        closed, column = (0.0, -1) if i == 0 else (INFINITE, -1)
        for c, here in enumerate(self.cost[i]):
            price = here + (self.behind[c] if c < self.width else 0.0)
            if price < closed:
                closed, column = price, c
        return closed, column

    def _end(self, i: int, closed: float, column: int) -> None:
        """The table may end before an atom: what is left stands outside."""
        if i > 0:
            left = self.lattice.form.outside + OUTSIDE_EACH * (self.atoms - i) if i < self.atoms else 0.0
            if closed + left < self.end[0]:
                self.end = closed + left, i, column

    def _starts_of(self, i: int, closed: float, closed_by: int) -> list[tuple[float, _Step]]:
        """A cell in each column: the first of a row, or behind another cell of it; last, a heading between rows."""
        here, passed = self.cost[i], self.passed
        begin, cut = closed + self.lattice.rows[i], self.lattice.cuts[i]
        by_row: _Step = (i, closed_by, "row")
        inner, by_inner = INFINITE, by_row
        out: list[tuple[float, _Step]] = []
        for c in range(self.width):
            first, behind = begin + passed[c], inner + passed[c] + cut
            out.append((first, by_row) if first <= behind else (behind, by_inner))
            if here[c] - passed[c + 1] < inner:
                inner, by_inner = here[c] - passed[c + 1], (i, c, "cell")
        return [*out, (begin, by_row)]

    def _reach(self, j: int) -> None:
        """The cheapest ways to all states behind an atom: it is stray, a heading between rows, more of a cell, a cell
        of its own or the last of a cell of several atoms."""
        i, lattice = j - 1, self.lattice
        starts, here, cost, back = self._starts[i], self.cost[i], self.cost[j], self.back[j]
        if starts:
            stray = lattice.strays[i] if i else STRAY
            if stray < STRAY:
                for c, before in enumerate(here[: self.rest]):
                    if before < INFINITE:
                        cost[c], back[c] = before + stray, (i, c, "stray")
            start, step = starts[self.width]
            if start + lattice.bands[i] < cost[self.width]:
                cost[self.width], back[self.width] = start + lattice.bands[i], step
            for c, column in enumerate(self.columns):
                price = here[c] + column.more[i]
                if price < cost[c]:
                    cost[c], back[c] = price, (i, c, "more")
                alone, (start, step) = column.first[i], starts[c]
                if alone < _NO_CELL and start + alone < cost[c]:
                    cost[c], back[c] = start + alone, step
        for first in range(j - 2, max(-1, j - 1 - WINDOW), -1):
            if self._starts[first]:
                self._join(first, j)

    def _join(self, i: int, j: int) -> None:
        """Cells of several atoms; those that begin earlier come later here, and go first where they cost the same."""
        starts, cost, at = self._starts[i], self.cost[j], j - i - 2
        for c, column in enumerate(self.columns):
            joints = column.joints[i]
            if at < len(joints):
                start, step = starts[c]
                if start + joints[at] <= cost[c]:
                    price = self.lattice.joined(i, j, self.kinds[c], joints[at], cost[c] - start + _ROUNDED)
                    if price < _NO_CELL and start + price <= cost[c]:
                        cost[c], self.back[j][c] = start + price, step

    def _rest_of_row(self, i: int) -> None:
        """The ways on from the rest of a row that a page cut, and to it."""
        here, stray = self.cost[i], self.lattice.strays[i]
        if stray < STRAY:
            for c in range(self.rest, self.rest + self.width):
                if here[c] < INFINITE:
                    self._better(i + 1, c, here[c] + stray, (i, c, "stray"))
        if not self.lattice.atoms[i].runs_on:
            self._carried(i)

    def _better(self, j: int, c: int, price: float, step: _Step) -> None:
        if price < self.cost[j][c]:
            self.cost[j][c], self.back[j][c] = price, step

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
                more = self.columns[column].more[i]
                self._better(i + 1, c, here[c] + more, (i, c, "more"))
            closed = here[c] + (self.behind[c] + _CARRIED if column < 0 else _CARRIED_ON)
            for to, said in self._goes_on_in(i, c, column).items():
                kind = self.kinds[to]
                for j, alone in lattice.ends(i, kind, self.columns[to], _REST):
                    price = lattice.completed(said, i, j, kind, min(alone, _REST))
                    self._better(j, self.rest + to, closed + price, (i, c, "carried"))

    def _goes_on_in(self, i: int, c: int, column: int) -> dict[int, str]:
        """The columns behind one that what a page cut may go on in, with what they hold: an open bracket where the rest
        closes one."""
        words = self.lattice.atoms[i].text
        closes = words.count(")") > words.count("(")
        return {
            to: said
            for to, said in self._row_columns(i, c).items()
            if to > column and self.kinds[to] != "number" and not (closes and said.count("(") <= said.count(")"))
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


#: More than sums of prices differ by when they are added in another order.
_ROUNDED = 1e-6


def decode(atoms: list[Atom], kinds: list[str], form: Form, words: CellWords) -> Decoded:
    """The cheapest reading of the atoms as rows of columns of these kinds."""
    return cheapest(Lattice(atoms, form, words), kinds)


def cheapest(lattice: Lattice, kinds: list[str], *, doubts: bool = True) -> Decoded:
    """The same of atoms whose costs are known, as where they are read in several ways; without `doubts`, what else
    could be read is not looked for."""
    search = _CheapestWays(lattice, kinds)
    read = _read_back(search.back, search.end, search.width)
    if doubts:
        read.doubtful = _doubtful(read, search)
    return read


#: Less than so much dearer is nearly as good.
_MARGIN = 0.25


def _doubtful(read: Decoded, search: _CheapestWays) -> set[int]:
    """The rows in which units or texts could stand in another column of units or texts for little more."""
    telling = [n for n, k in enumerate(search.kinds) if k in UNITS or k in ("text", "work")]
    if len(telling) < 2:
        return set()
    out, cost, to_go = set(), search.cost, _to_go(search)
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


def _to_go(search: _CheapestWays) -> list[list[float]]:
    """What the cheapest reading costs from each state on: the same programme, backwards."""
    lattice, n, width, passed = search.lattice, search.atoms, search.width, search.passed
    rest = [*search.behind, 0.0]
    out = [[INFINITE] * (width + 1) for _ in range(n + 1)]
    out[n] = list(rest)
    for i in range(n - 1, -1, -1):
        cells = [_cell_to_go(search, out, i, d) for d in range(width)]
        row = min((passed[d] + cells[d] for d in range(width)), default=INFINITE)
        row = min(row, lattice.bands[i] + out[i + 1][width]) + lattice.rows[i]
        outside = lattice.form.outside + OUTSIDE_EACH * (n - i)
        stray, cut = lattice.strays[i], lattice.cuts[i]
        later = INFINITE  # the cheapest cell in a column farther right, from the left edge of the table
        for c in range(width, -1, -1):
            best = min(rest[c] + row, rest[c] + outside, later - (passed[c + 1] if c < width else 0.0) + cut)
            if stray < STRAY:
                best = min(best, stray + out[i + 1][c])
            if i and c < width:
                best = min(best, search.columns[c].more[i] + out[i + 1][c])
            out[i][c] = best
            if c < width:
                later = min(later, passed[c] + cells[c])
    return out


def _cell_to_go(search: _CheapestWays, out: list[list[float]], i: int, c: int) -> float:
    """What it costs at the least from a cell on that begins at an atom."""
    column = search.columns[c]
    alone = column.first[i]
    best = alone + out[i + 1][c] if alone < _NO_CELL else INFINITE
    for j, joint in enumerate(column.joints[i], i + 2):
        if joint + out[j][c] < best:
            price = search.lattice.joined(i, j, search.kinds[c], joint, best - out[j][c] + _ROUNDED)
            if price < _NO_CELL:
                best = min(best, price + out[j][c])
    return best


def _read_back(back: list[list[_Step | None]], end: tuple[float, int, int], band: int) -> Decoded:
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
    "cheapest",
    "decode",
]
