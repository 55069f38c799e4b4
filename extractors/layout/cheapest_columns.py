"""A stream of pieces put into the columns of a table by the cheapest path through the kinds of its columns."""

from __future__ import annotations

import re

from ..words.forms import CLAUSE_MARK
from ..words.headings import UNIT_KINDS
from .building import Field
from .stream_atoms import BULLET, StreamAtom

_COST = {
    "number": {"number": 0.0},
    "section": {"text": 0.6, "heading": 0.5, "chapter": 0.2},
    "task": {"text": 0.2, "heading": 0.0, "chapter": 1.0, "units": 5.0, "number": 6.0},
    "text": {"text": 0.0, "heading": 0.1, "chapter": 1.0, "units": 5.0, "deadline": 6.0, "number": 7.0},
    "lead": {"units": 0.0, "none": 0.0, "text": 6.0},
    "responsible": {"units": 0.0, "none": 0.0, "text": 6.0},
    "support": {"units": 0.0, "none": 0.0, "text": 6.0},
    "deadline": {"deadline": 0.0, "none": 0.2, "text": 4.5},
    "person": {"phone": 0.0, "none": 0.2, "text": 2.5},
    "other": {"none": 0.0, "text": 1.5, "deadline": 2.5, "units": 3.0, "heading": 2.0},
    "nowork": {"text": 0.5, "heading": 0.5, "number": 1.0, "deadline": 1.0, "units": 2.0, "none": 0.2},
}
_SKIP = {
    "number": 2.0,
    "section": 0.5,
    "task": 1.2,
    "text": 2.5,
    "lead": 2.5,
    "responsible": 2.5,
    "support": 1.4,
    "deadline": 1.4,
    "person": 0.8,
    "other": 0.2,
    "nowork": 0.8,
}


#: What a kind of piece costs in a column that is not said to hold it, and from there on all the same.
_STRANGE, _UNFIT = 9.0, 12.0
#: Sizes in characters that tell: a task's title and a section's at most, a text at least, a person's name.
_TITLE, _SECTION, _TEXT, _NAME = 40, 24, 8, range(2, 5)
_NAMED = 0.3
#: What a row of one cell over all columns costs: a chapter, a numbered clause, any other heading of so many characters.
_ACROSS_CHAPTER, _ACROSS_CLAUSE, _ACROSS, _LONGEST = 0.3, 0.8, 3.0, 50
_INF = float("inf")


def _price(kind: str, atom: StreamAtom) -> float:
    price = _COST[kind].get(atom.kind, _STRANGE)
    size = len(atom.text)
    if kind == "task" and size > _TITLE and atom.kind in ("text", "heading"):
        price += 1.0
    if kind == "section" and size > _SECTION:
        price += 2.0
    if kind == "text" and atom.kind == "text" and size < _TEXT:
        price += 0.6
    if kind == "person" and atom.kind == "text" and size in _NAME:
        price = _NAMED
    return _UNFIT if price >= _STRANGE else price


def in_columns(atoms: list[StreamAtom], kinds: list[str]) -> list[Field]:
    """Puts a stream of atoms into the columns by the cheapest path; a row may leave columns out (merged cells)."""
    path = _Path(kinds)
    for previous, atom in zip([None, *atoms[:-1]], atoms, strict=True):
        path.add(previous, atom)
    width = len(kinds)
    fields: list[Field] = []
    row = 0  # the header's
    for atom, (column, how) in zip(atoms, path.chosen(), strict=True):
        if how == "row":
            row += 1
        if column == width:
            fields.append(Field(row, 0, [(atom.start, atom.end)], width))
        elif how == "more":
            fields[-1].pieces.append((atom.start, atom.end))
        else:
            fields.append(Field(row, column, [(atom.start, atom.end)]))
    return fields


#: A step of the path: what all costs up to it, the column of the atom before, and how one comes from there: a new row,
#: the next column, more of the same cell.
_Step = tuple[float, int, str]


class _Path:
    """`cost[c]`: the cheapest way in which the last atom stands in column c; the last of them is a row of one cell over
    all columns."""

    def __init__(self, kinds: list[str]) -> None:
        self.kinds = kinds
        self.width = len(kinds)
        self.cost = [_INF] * (self.width + 1)
        self._steps: list[list[_Step]] = []

    def add(self, previous: StreamAtom | None, atom: StreamAtom) -> None:
        """Goes on to the next atom."""
        steps = [self._into(c, previous, atom) for c in range(self.width)]
        steps.append(self._across(atom))
        self.cost = [cost for cost, _, _ in steps]
        self._steps.append(steps)

    def chosen(self) -> list[tuple[int, str]]:
        """The column of each atom on the cheapest path, and how one comes there."""
        at = min(range(self.width + 1), key=self._ended)
        out: list[tuple[int, str]] = []
        for steps in reversed(self._steps):
            _, before, how = steps[at]
            out.append((at, how))
            at = before
        return out[::-1]

    def _left_out(self, start: int, stop: int | None = None) -> float:
        return sum(_SKIP[k] for k in self.kinds[start:stop])

    def _ended(self, column: int) -> float:
        """What it costs that the row ends behind a column."""
        return self.cost[column] + (self._left_out(column + 1) if column < self.width else 0)

    def _into(self, column: int, previous: StreamAtom | None, atom: StreamAtom) -> _Step:
        """The cheapest step with an atom into a column."""
        before = self._left_out(0, column)
        options: list[_Step] = [] if previous else [(before, -1, "row")]
        for p in range(self.width + 1):
            if self.cost[p] == _INF:
                continue
            options.append((self._ended(p) + before, p, "row"))
            if p < column:
                options.append((self.cost[p] + self._left_out(p + 1, column), p, "next"))
            elif p == column and previous is not None:
                options.append((self.cost[p] + _continues(self.kinds[column], previous, atom), p, "more"))
        cost, p, how = min(options, key=lambda o: o[0])
        return cost + _price(self.kinds[column], atom), p, how

    def _across(self, atom: StreamAtom) -> _Step:
        """The cheapest step to a row of one cell over all columns, which a heading may be."""
        if atom.kind not in ("chapter", "heading") or len(atom.text) >= _LONGEST or "。" in atom.text:
            return (_INF, -1, "")
        options = [(self._ended(c), c, "row") for c in range(self.width + 1) if self.cost[c] < _INF]
        cost, p, how = min(options, default=(0.0, -1, "row"), key=lambda o: o[0])
        clause = _ACROSS_CLAUSE if re.match(CLAUSE_MARK, atom.text) else _ACROSS
        return cost + (_ACROSS_CHAPTER if atom.kind == "chapter" else clause), p, how


def _continues(kind: str, previous: StreamAtom, atom: StreamAtom) -> float:
    """What it costs that a cell goes on in the next atom."""
    if kind in UNIT_KINDS:
        return 0.0 if re.search(r"[、,]$", previous.text) or BULLET.match(atom.text) else 0.6
    if kind == "text":
        return 0.8 if atom.kind != "text" else (1.2 if re.search(r"[。;!]$", previous.text) else 0.5)
    if kind == "deadline":
        return 0.8
    return 3.0
