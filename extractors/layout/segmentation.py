"""Rows and columns of a flattened table: the cheapest way to cut its atoms into cells and rows.

A dynamic programme over (atoms read, column of the last cell). A cell may hold several atoms, a row may leave columns
out (merged or empty cells), a heading may stand between rows, and behind the last row the paper may go on. What a cell
costs in a column depends on what it looks like (`words.cells`), what a cut costs on how the atoms are parted. Time is
linear in the atoms: cells of short kinds have at most `_WINDOW` atoms, those of text grow one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from ..words.cells import CellWords, Look
from ..words.collectives import is_collective
from ..words.forms import TERMINAL
from ..words.parts import rule
from .atoms import BAR, BAR_END, BLANK, GAP, LINE, NOTHING, SPACE, Atom
from .broken_lines import HEADING_LINES, NARROW, broken, broken_headings, left_open

INFINITE = float("inf")

#: Columns as the decoder tells them apart; UNITS with what kind of units is one of `words.headings.UNIT_KINDS`.
UNITS = ("lead", "responsible", "support", "units")
_LONG = ("text", "work", "other", "progress", "goal", "remark", "nowork", "any")
_SHORT = ("section", "group", "point", "task")
_WINDOW = 6
_WRITTEN = {LINE: "\n", GAP: "\n", BLANK: " ", SPACE: " "}
_LONG_CELL = 160

#: What a cell of a look costs in a column of a kind; what is not listed does not fit.
_MISFIT = 9.0
#: Characters of a cell of a kind at most, and what each more costs; of one that may be a text, at least, and what it
#: costs that it is shorter; of words among units, and among persons, days and money, and what it costs that they are
#: more.
_LONGEST = {"section": (16, 0.1), "task": (30, 0.03)}
_TEXT, _SHORT_TEXT = 8, 0.8
_AMONG_UNITS, _AMONG_SHORT, _TOO_LONG = 12, 8, 1.5
_COST: dict[str, dict[str, float]] = {
    kind: {k: float(v) for k, v in (pair.split(":") for pair in row.split())}
    for kind, row in {
        "number": "number:0",
        "section": (
            "phrase:0.3 chapter:0.1 clause:0.3 heading:0.6 maybe:1 timely:1.5 sentence:3 units:3 "
            "person:2 basis:4 time:4"
        ),
        "work": (
            "sentence:0 schedule:1.5 timely:0 heading:0 clause:0.3 phrase:0.2 chapter:0.8 maybe:0.4 "
            "basis:1.5 units:3.8 person:3.5 time:5.5 year:6 money:6 phone:8 number:8"
        ),
        "group": "clause:0 phrase:2",
        "point": "heading:0 phrase:0.2 sentence:1.5 timely:1.5 maybe:1 units:4",
        "task": (
            "phrase:0.2 schedule:3 clause:0 heading:0 chapter:0.4 sentence:0.7 timely:0.6 maybe:0.7 "
            "units:3.5 person:2.5 basis:2.5 time:5 year:6"
        ),
        "text": (
            "sentence:0 schedule:1 timely:0.1 heading:0.1 clause:0.4 phrase:0.6 chapter:1 maybe:0.8 "
            "basis:2 units:4.5 person:4.5 time:5.5 year:6 money:6 phone:8 number:8"
        ),
        "units": "units:0 maybe:0.4 nobody:0.1 phrase:2.4 person:3.5 heading:5 sentence:6 timely:6 time:7",
        "deadline": "time:0 year:0 schedule:0.1 timely:1 nobody:0.2 phrase:2.5 sentence:4 number:4 units:7",
        "person": "person:0 phone:0.3 nobody:0.2 phrase:2.2 maybe:3.5 units:4",
        "phone": "phone:0 nobody:0.2 money:1 year:3 phrase:3",
        "money": "money:0 year:0.1 number:0.4 nobody:0.2 phrase:2",
        "basis": "basis:0 nobody:0.2 sentence:2 phrase:1.6 timely:2.2",
        "other": (
            "nobody:0.1 schedule:0.9 phrase:0.5 sentence:0.8 timely:0.8 basis:1.5 time:1.8 units:2.5 "
            "heading:1.8 maybe:1.5 number:2.5 money:1 year:1 person:2.2 clause:2.5"
        ),
        "nowork": (
            "phrase:0.5 heading:0.5 sentence:0.5 timely:0.6 number:1 money:0.4 year:0.4 time:1 units:1.5 "
            "maybe:0.8 nobody:0.2 basis:1"
        ),
        "any": (
            "phrase:0.7 schedule:0.8 sentence:1 timely:1 nobody:0.3 time:1 units:1.2 maybe:1 money:0.8 year:0.8 "
            "phone:0.8 person:0.9 basis:0.8 number:2 heading:1.5 clause:2.5"
        ),
    }.items()
}

#: What it costs that a row has nothing in a column: merged with the row above, or empty.
_SKIP = {
    "number": 1.6,
    "section": 0.4,
    "group": 0.3,
    "point": 0.1,
    "task": 0.8,
    "text": 2.6,
    "work": 2.6,
    "lead": 1.8,
    "responsible": 1.8,
    "units": 1.8,
    "support": 1.0,
    "deadline": 1.2,
    "person": 1.0,
    "phone": 0.8,
    "money": 0.8,
    "basis": 0.6,
    "other": 0.3,
    "nowork": 0.8,
    "any": 0.6,
}


@dataclass(frozen=True)
class Form:
    """How atoms are parted in a form of flattening: what it costs that a row, that a cell begins at a joint, and that
    a cell goes on over it."""

    row: dict[str, float]
    cell: dict[str, float]
    within: dict[str, float] = field(default_factory=dict)  # no entry: never
    outside: float = 1.2  # what it costs that the table has ended


#: A row a line, bars between the cells.
BAR_ROWS = Form(
    {BAR_END: 0.0, BAR: 4.0, LINE: 3.0, GAP: 2.0},
    {BAR: 0.0, BAR_END: 2.5, LINE: 3.5, GAP: 3.5},
    {LINE: 0.0, GAP: 0.3},
    8.0,
)
#: A cell a line, with bars behind the cells or between them.
BAR_CELLS = Form(
    {BAR_END: 0.0, BAR: 0.3, LINE: 2.5, GAP: 2.0},
    {BAR: 0.0, BAR_END: 0.0, LINE: 2.5, GAP: 2.5},
    {LINE: 0.0, GAP: 0.2},
    8.0,
)
#: A cell a line.
CELL_LINES = Form({LINE: 0.0, GAP: 0.0}, {LINE: 0.0, GAP: 0.0}, {LINE: 0.0, GAP: 0.4})
#: The same with an empty line between the cells: lines without one are of the same cell.
GAP_CELLS = Form({GAP: 0.0, LINE: 1.5}, {GAP: 0.0, LINE: 1.2}, {LINE: -0.3, GAP: 1.2})
#: A row a line, blanks between the cells; cells may be broken.
BLANK_ROWS = Form(
    {LINE: 0.0, GAP: 0.0, BLANK: 2.0, SPACE: 3.0},
    {BLANK: 0.0, LINE: 0.7, GAP: 1.0, SPACE: 1.8},
    {BLANK: 0.0, LINE: 0.0, GAP: 0.5, SPACE: 0.0},
)
#: Blanks between the cells, rows go on in the same line.
ONE_LINE = Form(
    {LINE: 0.0, GAP: 0.0, BLANK: 0.0, SPACE: 1.8},
    {BLANK: 0.0, LINE: 0.3, GAP: 0.5, SPACE: 1.2},
    {BLANK: 0.0, LINE: 0.0, GAP: 0.5, SPACE: 0.0},
)
#: Nothing between the cells.
TIGHT = Form(
    {NOTHING: 0.0, LINE: 0.0, GAP: 0.0, BLANK: 0.0},
    {NOTHING: 0.0, LINE: 0.2, GAP: 0.3, BLANK: 0.0},
    {NOTHING: 0.0, LINE: 0.0, GAP: 0.3, BLANK: 0.0},
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


@lru_cache(maxsize=1 << 14)
def _content(kind: str, seen: Look) -> float:
    """What a cell that looks so costs in a column of a kind."""
    base = "units" if kind in UNITS else kind
    table = _COST.get(base) or _COST["other"]
    price = table.get(seen.kind, _MISFIT)
    size = seen.size
    longest, each = _LONGEST.get(kind, (size, 0.0))
    if size > longest:
        price += each * (size - longest)
    elif kind == "text" and seen.kind in ("phrase", "maybe") and size < _TEXT:
        price += _SHORT_TEXT
    elif seen.kind == "phrase" and (
        (base == "units" and size > _AMONG_UNITS) or (kind in ("person", "deadline", "money") and size > _AMONG_SHORT)
    ):
        price += _TOO_LONG
    return price


#: Columns of names; what it costs that a name goes on in a line that tells an amount.
_NAMES, _AMOUNT = ("task", "section"), 0.6

#: What can not be the second line of a cell of units.
_NO_UNITS = ("time", "timely", "sentence", "number", "heading", "person", "money", "year", "phone", "chapter", "clause")


_LISTED = re.compile(r"[、,;]")


#: What it costs that a cell goes on: where a mark leaves it open; behind a blank inside; with a heading of its own;
#: with a character or two behind a blank; over a line that was not broken there; where a sentence ended.
_LEFT_OPEN, _ON_SPACE, _ON_HEADING, _ON_BIT, _ON_UNBROKEN, _ON_ENDED = -0.2, 0.05, 2.5, 0.1, 1.5, 0.6
_BIT = 3
#: The same by the kind of the cell: behind a blank or nothing, and in another line.
_ON_BLANK = {"task": 0.6, "section": 0.6, "deadline": 0.8}
_BEHIND_BLANK, _BEHIND_NOTHING = 0.35, 0.2
_ON_LINE, _BEHIND_LINE = {"person": 0.3, "deadline": 0.6}, 0.8
_TEXT_ON, _TEXT_ENDED, _ANY_ON = 0.3, 1.0, 0.4
#: Mostly one leads; a cell has its units on lines or side by side.
_LEAD_ON, _UNITS_ON, _UNITS_MIXED = 0.46, 0.45, 0.02


def _goes_on(kind: str, before: Atom, atom: Atom, seen: Look) -> float:
    """What it costs that a cell of a kind goes on from one atom in the next."""
    if kind == "number":
        return INFINITE
    if left_open(before, atom, kind in UNITS):
        return _LEFT_OPEN
    if atom.joint == SPACE:
        return _ON_SPACE
    if kind in UNITS and seen.kind in _NO_UNITS:
        return INFINITE
    if seen.kind in ("chapter", "clause", "units") and kind in _SHORT:
        return _ON_HEADING
    if kind == "deadline" and seen.kind == "units" and atom.joint == GAP:
        return INFINITE  # the next row's heading, that looks like a unit (社区)
    if atom.joint not in (BLANK, NOTHING):
        return _goes_on_below(kind, before, atom, seen)
    if len(atom.text) < _BIT:
        return _ON_BIT
    return _ON_BLANK.get(kind, _BEHIND_BLANK if atom.joint == BLANK else _BEHIND_NOTHING)


def _goes_on_below(kind: str, before: Atom, atom: Atom, seen: Look) -> float:
    """The same where the next atom stands in another line."""
    ended = bool(TERMINAL.search(before.text))
    if (kind in _LONG or kind in _NAMES) and not ended and _unbroken(before, atom):
        return _ON_UNBROKEN
    if kind in UNITS:
        listed = bool(_LISTED.search(atom.text))
        mixed = listed and not _LISTED.search(before.text) and atom.joint in (LINE, GAP)
        return (_LEAD_ON if kind == "lead" else _UNITS_ON) + (_UNITS_MIXED if mixed else 0.0)
    if kind in _LONG:
        return (_TEXT_ENDED if ended else _TEXT_ON) + (_ANY_ON if kind == "any" else 0.0)
    amount = kind in _NAMES and seen.kind in ("phrase", "sentence") and any(c.isdigit() for c in atom.text)
    return _ON_LINE.get(kind, _BEHIND_LINE) + (_ON_ENDED if ended else 0.0) + (_AMOUNT if amount else 0.0)


def _unbroken(before: Atom, atom: Atom) -> bool:
    """Whether a line ended where one cell's width did not end it: the next is far longer."""
    return len(before.text) < _SHORT_LINE and 2 * len(before.text) < len(atom.text)


_BAND = {"chapter": 0.2, "clause": 0.7, "heading": 2.5, "phrase": 1.5}
_LONG_BAND = 40
_SHORT_LINE = 18


def _band(atom: Atom, seen: Look) -> float:
    """What it costs that an atom is a heading between rows."""
    price = _BAND.get(seen.kind, INFINITE)
    if seen.size > _LONG_BAND or not atom.alone:
        price += 1.5
    if seen.kind == "phrase" and any(c.isdigit() for c in atom.text):
        price += 2.5  # it tells an amount
    return price


_STRAY_NUMBER, _STRAY_EMPTY, _STRAY_GAP, _STRAY = 0.9, 0.4, 1.5, 7.0
_OUTSIDE_EACH = 0.9
_RUNS_ON, _RUNS_ON_INSIDE = 0.7, 1.2
_TURN = 0.3
_IN_BRACKET, _LONG_BRACKET = 2.5, 60
_MANY_LEAD = 0.4


def _is_many(text: str) -> bool:
    """Whether a list of units begins with many of them under one name."""
    return is_collective(re.split(r"[、,;\s]", text.strip(), maxsplit=1)[0])


def _is_place(text: str) -> bool:
    """Whether a list of units begins with many units or with those of places and enterprises rather than offices."""
    first = re.split(r"[、,;\s]", text.strip(), maxsplit=1)[0]
    return is_collective(first) or bool(rule("many", "layout.toml").search(first))


def _stray(atom: Atom, kind: str) -> float:
    """What it costs that an atom belongs to no cell: a page's number, an empty cell too many."""
    if kind == "empty":
        return _STRAY_EMPTY if atom.joint != BLANK else _STRAY_GAP
    page = kind == "number" and not atom.runs_on and atom.joint not in (SPACE, BLANK)
    return _STRAY_NUMBER if page else _STRAY


#: What it costs to end a cell where its column was full, and to go on there.
_BROKEN, _ON = 1.6, 0.1


class _Lattice:
    """The costs of all cells that a table's atoms may make."""

    def __init__(self, atoms: list[Atom], kinds: list[str], form: Form, words: CellWords) -> None:
        self.atoms, self.kinds, self.form, self.words = atoms, kinds, form, words
        self.looks = [words.look(a.text) for a in atoms]
        self.skip = [_SKIP.get(k, 0.5) for k in kinds]
        self.passed = [0.0]
        for price in self.skip:
            self.passed.append(self.passed[-1] + price)
        self.rest = [self.passed[-1] - self.passed[c + 1] for c in range(len(kinds))]
        self.open = [self._open(i) for i in range(len(atoms))]
        self.headings = broken_headings(atoms, self.looks)
        self.broken = [a or b for a, b in zip(broken(atoms), self.headings, strict=True)]
        self.turns = [self._turn(i) for i in range(len(atoms))]
        self.short = [n for n, kind in enumerate(kinds) if kind not in _LONG]
        self.steps = [self._step(j) for j in range(len(atoms))]
        self.ends = [self._ends(i) for i in range(len(atoms))]

    def row(self, i: int) -> float:
        """What it costs that a row begins at an atom."""
        price = self.form.row.get(self.atoms[i].joint, 1.0) + _IN_BRACKET * self.open[i] if i else 0.0
        price += _BROKEN * self.broken[i]
        return price - (_RUNS_ON if self._runs_on(i) else 0.0)

    def band(self, i: int) -> float:
        """What it costs that an atom is a heading between rows: one in a column goes on in the next line."""
        goes_on = i + 1 < len(self.atoms) and self.broken[i + 1]
        return INFINITE if goes_on or self.broken[i] else _band(self.atoms[i], self.looks[i])

    def _runs_on(self, i: int) -> bool:
        """Whether the number of an atom tells that a row begins: below a heading it is in the heading's row or the
        next one."""
        return self.atoms[i].runs_on and not self._below_heading(i)

    def _below_heading(self, i: int) -> bool:
        """Whether a heading stands right before an atom, itself on several lines in a narrow column."""
        for j in range(i - 1, max(-1, i - 1 - HEADING_LINES), -1):
            if self.looks[j].kind in ("chapter", "clause"):
                return True
            if self.looks[j].kind not in ("phrase", "maybe") or len(self.atoms[j].text) > NARROW:
                return False
        return False

    def _open(self, i: int) -> bool:
        """Whether a bracket is open where an atom begins."""
        words = ""
        for j in range(i - 1, max(-1, i - 5), -1):
            words = self.atoms[j].text + words
            if len(words) > _LONG_BRACKET:
                break
        tail = words[-_LONG_BRACKET:]
        return tail.rfind("(") > tail.rfind(")") and ")" in self.atoms[i].text

    def _turn(self, i: int) -> float:
        """How much more likely it is that another column of units begins at an atom: where places or many units follow
        offices; less where the same follows."""
        if not i or self.atoms[i].joint not in (NOTHING, BLANK):
            return 0.0
        if self.looks[i].kind != "units" or self.looks[i - 1].kind != "units":
            return 0.0
        before, here = _is_place(self.atoms[i - 1].text), _is_place(self.atoms[i].text)
        return 1.0 if here and not before else -1.0 if here == before else 0.0

    def cell(self, i: int) -> float:
        price = self.form.cell.get(self.atoms[i].joint, 1.0) - _TURN * self.turns[i] + _IN_BRACKET * self.open[i]
        price += _BROKEN * self.broken[i]
        return price + (_RUNS_ON if self._runs_on(i) else 0.0)

    def more(self, i: int, kind: str) -> float:
        """What it costs that a cell of text goes on in an atom."""
        joint = self.form.within.get(self.atoms[i].joint)
        if joint is None or kind not in _LONG or self.looks[i].kind == "empty":
            return INFINITE
        seen = self.looks[i]
        inside = min(_content("text" if kind in ("any", "work") else kind, seen), _MISFIT)
        if self.atoms[i].joint == SPACE:
            inside = 0.0
        if self.atoms[i].joint == NOTHING:
            inside *= 0.3 if seen.kind in ("units", "maybe", "time", "phrase", "person") else 1.0
        goes_on = _goes_on(kind, self.atoms[i - 1], self.atoms[i], seen)
        price = joint + (min(goes_on, _ON) if self.broken[i] else goes_on) + 0.5 * inside
        return price + (_RUNS_ON_INSIDE if self.atoms[i].runs_on else 0.0)

    def _ends(self, i: int) -> list[tuple[int, list[float]]]:
        """(end, cost in each column) of the cells that begin with an atom."""
        out = [(i + 1, [self._one(i, k, n) for n, k in enumerate(self.kinds)])]
        words, joints = self.atoms[i].text, [0.0] * len(self.kinds)
        for j in range(i + 1, min(i + _WINDOW, len(self.atoms))):
            atom, step = self.atoms[j], self.steps[j]
            if step is None or len(words) + len(atom.text) > _LONG_CELL:
                break
            words += _WRITTEN.get(atom.joint, "") + atom.text
            for n in self.short:
                joints[n] += step[n]
                joints[n] += _TURN * self.turns[j] * (self.kinds[n] in UNITS)
                if atom.runs_on:
                    joints[n] += _RUNS_ON
            open_ = [n for n in self.short if joints[n] < INFINITE]
            if not open_:
                break  # no cell of a short kind goes on over this atom
            seen = self.words.look(words)
            prices = [INFINITE] * len(self.kinds)
            for n in open_:
                prices[n] = joints[n] + _content(self.kinds[n], seen)
            out.append((j + 1, prices))
        return out

    def _step(self, j: int) -> list[float] | None:
        """What it costs in each column that a cell of a short kind goes on over the joint before an atom; None where
        none does."""
        if not j:
            return None
        atom, before, seen = self.atoms[j], self.atoms[j - 1], self.looks[j]
        within = self.form.within.get(atom.joint)
        if within is None or seen.kind == "empty" or (seen.kind == "number" and atom.joint != SPACE):
            return None
        prices = [INFINITE if kind in _LONG else within + _goes_on(kind, before, atom, seen) for kind in self.kinds]
        return [min(price, within + _ON) for price in prices] if self.headings[j] else prices

    def _one(self, i: int, kind: str, column: int) -> float:
        seen, atom = self.looks[i], self.atoms[i]
        if seen.kind == "empty":
            return 0.5 * self.skip[column]
        price = _content(kind, seen)
        if kind in _LONG and i + 1 < len(self.atoms) and self.broken[i + 1]:
            # A text is what its first line and the next say: the line alone may name a time or a unit.
            price = min(price, _content(kind, self.words.look(atom.text + self.atoms[i + 1].text)))
        if kind == "lead" and "responsible" in self.kinds and seen.kind == "units" and _is_many(atom.text):
            price += _MANY_LEAD
        if kind == "number" and seen.kind == "number":
            price += -0.3 if atom.runs_on else 1.2
        return price


class _CheapestWays:
    """The cheapest ways to each state: so many atoms read, the last of them in that column (behind the columns: it is a
    heading between rows)."""

    def __init__(self, lattice: _Lattice) -> None:
        self.lattice = lattice
        self.atoms, self.width = len(lattice.atoms), len(lattice.kinds)
        self.cost = [[INFINITE] * (self.width + 1) for _ in range(self.atoms + 1)]
        #: How a state was reached: (atoms before, column before, what came: row, cell, more of the cell, stray).
        self.back: list[list[tuple[int, int, str] | None]] = [[None] * (self.width + 1) for _ in range(self.atoms + 1)]
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
            left = self.lattice.form.outside + _OUTSIDE_EACH * (self.atoms - i) if i < self.atoms else 0.0
            if closed + left < self.end[0]:
                self.end = closed + left, i, column

    def _next(self, i: int, closed: float, column: int) -> None:
        """All that an atom may be: stray, a heading between rows, more of a cell, the first of a row or of a cell."""
        lattice, here = self.lattice, self.cost[i]
        stray = _stray(lattice.atoms[i], lattice.looks[i].kind)
        if stray < _STRAY and i:
            for c in range(self.width + 1):
                if here[c] < INFINITE:
                    self._better(i + 1, c, here[c] + stray, (i, c, "stray"))
        begin = closed + lattice.row(i)
        lead = lattice.band(i)
        if lead < INFINITE:
            self._better(i + 1, self.width, begin + lead, (i, column, "row"))
        self._cells(i, begin, column)

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
                if prices[c] < _MISFIT * 2:
                    self._better(j, c, start + prices[c], from_)
            if here[c] - lattice.passed[c + 1] < inner:
                inner, inner_by = here[c] - lattice.passed[c + 1], c


def decode(atoms: list[Atom], kinds: list[str], form: Form, words: CellWords, *, doubts: bool = True) -> Decoded:
    """The cheapest reading of the atoms as rows of columns of these kinds; without `doubts`, what else could be read
    is not looked for."""
    lattice = _Lattice(atoms, kinds, form, words)
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
        if any(cost[j][c] + to_go[j][c] - best < _MARGIN for c in telling if c != cell.column):
            out.add(cell.row)
    return out


def _to_go(lattice: _Lattice) -> list[list[float]]:
    """What the cheapest reading costs from each state on: the same programme, backwards."""
    n, width = len(lattice.atoms), len(lattice.kinds)
    rest = [*lattice.rest, 0.0]
    out = [[INFINITE] * (width + 1) for _ in range(n + 1)]
    out[n] = list(rest)
    for i in range(n - 1, -1, -1):
        cells = [
            min((prices[d] + out[j][d] for j, prices in lattice.ends[i] if prices[d] < _MISFIT * 2), default=INFINITE)
            for d in range(width)
        ]
        row = min((lattice.passed[d] + cells[d] for d in range(width)), default=INFINITE)
        row = min(row, lattice.band(i) + out[i + 1][width]) + lattice.row(i)
        outside = lattice.form.outside + _OUTSIDE_EACH * (n - i)
        stray = _stray(lattice.atoms[i], lattice.looks[i].kind)
        cut = lattice.cell(i) if i else 0.0
        later = INFINITE  # the cheapest cell in a column farther right, from the left edge of the table
        for c in range(width, -1, -1):
            best = min(rest[c] + row, rest[c] + outside, later - (lattice.passed[c + 1] if c < width else 0.0) + cut)
            if stray < _STRAY:
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
        cells.append(Placed(first, last, None if c == band else c, row))
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
