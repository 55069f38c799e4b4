"""What all cells cost that the atoms of a flattened table may make, in a column of any kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..words.cells import CellWords
from .atoms import BLANK, NOTHING, SPACE, Atom
from .broken_lines import HEADING_LINES, NARROW, broken, broken_headings
from .cell_prices import (
    BROKEN,
    HEADED,
    IN_BRACKET,
    INFINITE,
    LONG,
    LONG_BRACKET,
    LONG_CELL,
    MANY_LEAD,
    MISFIT,
    ON,
    RUNS_ON,
    RUNS_ON_INSIDE,
    SKIP,
    TURN,
    UNITS,
    WINDOW,
    WRITTEN,
    Form,
    band,
    content,
    goes_on,
    is_many,
    is_place,
    least,
    stray,
)


@dataclass(slots=True, frozen=True)
class ColumnCosts:
    """What the atoms cost in a column of a kind: `first`, as a cell of their own; `more`, as more of a cell of text;
    `joints[i]`, that a cell of a short kind which begins with the atom i goes on over the next atoms, one number for
    each more of them, as far as it may go."""

    first: list[float]
    more: list[float]
    joints: list[list[float]]


class Lattice:
    """The costs of all cells that a table's atoms may make, in columns of any kind: of several readings of the same
    atoms each takes the columns that it has."""

    def __init__(self, atoms: list[Atom], form: Form, words: CellWords) -> None:
        self.atoms, self.form, self.words = atoms, form, words
        self.looks = [words.look(a.text) for a in atoms]
        self.open = [self._open(i) for i in range(len(atoms))]
        self.headings = broken_headings(atoms, self.looks)
        # A line that is as long as others are broken is none that goes on in a chapter's or clause's number.
        headed = [seen.kind in HEADED for seen in self.looks]
        self.broken = [(a and not n) or b for a, b, n in zip(broken(atoms), self.headings, headed, strict=True)]
        self.turns = [self._turn(i) for i in range(len(atoms))]
        self.rows = [self._row(i) for i in range(len(atoms))]
        self.cuts = [self._cut(i) if i else 0.0 for i in range(len(atoms))]
        self.bands = [self._band(i) for i in range(len(atoms))]
        self.strays = [stray(a, seen.kind) for a, seen in zip(atoms, self.looks, strict=True)]
        self._columns: dict[tuple[str, bool], ColumnCosts] = {}
        self._texts: dict[tuple[int, int], tuple[str, tuple[str, ...], int]] = {}

    def columns(self, kinds: list[str]) -> list[ColumnCosts]:
        """The costs in columns of these kinds."""
        return [self._column(kind, kind == "lead" and "responsible" in kinds) for kind in kinds]

    def joined(self, i: int, j: int, kind: str, joint: float, most: float) -> float:
        """What a cell of several atoms `[i, j)` costs in a column of a short kind, of which `joint` is for what it goes
        on over; no matter what, where it is more than `most`. What a cell looks like is a dear question: it is asked
        only where all that the cell may look like leaves it open."""
        known = self._texts.get((i, j))
        if known is None:
            text = self.atoms[i].text
            for atom in self.atoms[i + 1 : j]:
                text += WRITTEN.get(atom.joint, "") + atom.text
            size = sum(seen.size for seen in self.looks[i:j])
            known = self._texts[i, j] = text, self.words.may_look(text), size
        text, looks, size = known
        if joint + least(kind, looks, size) > most:
            return INFINITE
        return joint + content(kind, self.words.look(text))

    def ends(self, i: int, kind: str, column: ColumnCosts, most: float) -> list[tuple[int, float]]:
        """(end, cost) of the cells of a column that begin with an atom; of those that cost more, no matter how much."""
        joints = enumerate(column.joints[i], i + 2)
        return [(i + 1, column.first[i]), *((j, self.joined(i, j, kind, joint, most)) for j, joint in joints)]

    def completed(self, said: str, i: int, j: int, kind: str, alone: float) -> float:
        """What the rest of a cell costs, the atoms `[i, j)`, that holds `said` so far: what the whole costs less than
        the beginning did; in a column of texts as much as `alone`."""
        if kind in LONG:
            return alone
        whole = said + "".join(a.text for a in self.atoms[i:j])
        return content(kind, self.words.look(whole)) - content(kind, self.words.look(said))

    def _column(self, kind: str, beside_responsible: bool) -> ColumnCosts:
        found = self._columns.get((kind, beside_responsible))
        if found is None:
            atoms = range(len(self.atoms))
            found = self._columns[kind, beside_responsible] = ColumnCosts(
                [self._one(i, kind, beside_responsible) for i in atoms],
                [self._more(i, kind) if i and kind in LONG else INFINITE for i in atoms],
                self._joints(kind) if kind not in LONG else [[] for _ in atoms],
            )
        return found

    def _row(self, i: int) -> float:
        """What it costs that a row begins at an atom."""
        price = self.form.row.get(self.atoms[i].joint, 1.0) + IN_BRACKET * self.open[i] if i else 0.0
        price += BROKEN * self.broken[i]
        return price - (RUNS_ON if self._runs_on(i) else 0.0)

    def _cut(self, i: int) -> float:
        """What it costs that a cell begins at an atom in the middle of a row."""
        price = self.form.cell.get(self.atoms[i].joint, 1.0) - TURN * self.turns[i] + IN_BRACKET * self.open[i]
        price += BROKEN * self.broken[i]
        return price + (RUNS_ON if self._runs_on(i) else 0.0)

    def _band(self, i: int) -> float:
        """What it costs that an atom is a heading between rows: one in a column goes on in the next line."""
        goes_on_below = i + 1 < len(self.atoms) and self.broken[i + 1]
        return INFINITE if goes_on_below or self.broken[i] else band(self.atoms[i], self.looks[i])

    def _runs_on(self, i: int) -> bool:
        """Whether the number of an atom tells that a row begins: below a heading it is in the heading's row or the
        next one."""
        return self.atoms[i].runs_on and not self._below_heading(i)

    def _below_heading(self, i: int) -> bool:
        """Whether a heading stands right before an atom, itself on several lines in a narrow column."""
        for j in range(i - 1, max(-1, i - 1 - HEADING_LINES), -1):
            if self.looks[j].kind in HEADED:
                return True
            if self.looks[j].kind not in ("phrase", "maybe") or len(self.atoms[j].text) > NARROW:
                return False
        return False

    def _open(self, i: int) -> bool:
        """Whether a bracket is open where an atom begins."""
        if ")" not in self.atoms[i].text:
            return False
        words = ""
        for j in range(i - 1, max(-1, i - 5), -1):
            words = self.atoms[j].text + words
            if len(words) > LONG_BRACKET:
                break
        tail = words[-LONG_BRACKET:]
        return tail.rfind("(") > tail.rfind(")")

    def _turn(self, i: int) -> float:
        """How much more likely it is that another column of units begins at an atom: where places or many units follow
        offices; less where the same follows."""
        if not i or self.atoms[i].joint not in (NOTHING, BLANK):
            return 0.0
        if self.looks[i].kind != "units" or self.looks[i - 1].kind != "units":
            return 0.0
        before, here = is_place(self.atoms[i - 1].text), is_place(self.atoms[i].text)
        return 1.0 if here and not before else -1.0 if here == before else 0.0

    def _more(self, i: int, kind: str) -> float:
        """What it costs that a cell of text goes on in an atom."""
        joint = self.form.within.get(self.atoms[i].joint)
        if joint is None or self.looks[i].kind == "empty":
            return INFINITE
        seen = self.looks[i]
        inside = min(content("text" if kind in ("any", "work") else kind, seen), MISFIT)
        if self.atoms[i].joint == SPACE:
            inside = 0.0
        if self.atoms[i].joint == NOTHING:
            inside *= 0.3 if seen.kind in ("units", "maybe", "time", "phrase", "person") else 1.0
        on = goes_on(kind, self.atoms[i - 1], self.atoms[i], seen)
        price = joint + (min(on, ON) if self.broken[i] else on) + 0.5 * inside
        return price + (RUNS_ON_INSIDE if self.atoms[i].runs_on else 0.0)

    @cached_property
    def _reach(self) -> list[int]:
        """Behind which atom a cell of a short kind ends at the latest that begins with each."""
        atoms = self.atoms
        steps = [self._may_go_on(j) for j in range(len(atoms))]
        out = []
        for i, atom in enumerate(atoms):
            size, end = len(atom.text), i + 1
            while end < min(i + WINDOW, len(atoms)) and steps[end] and size + len(atoms[end].text) <= LONG_CELL:
                size += len(WRITTEN.get(atoms[end].joint, "")) + len(atoms[end].text)
                end += 1
            out.append(end)
        return out

    def _may_go_on(self, j: int) -> bool:
        """Whether a cell of any short kind may go on over the joint before an atom."""
        atom, seen = self.atoms[j], self.looks[j]
        if not j or atom.joint not in self.form.within or seen.kind == "empty":
            return False
        return seen.kind != "number" or atom.joint == SPACE

    def _joints(self, kind: str) -> list[list[float]]:
        steps = [self._step(j, kind) if self._may_go_on(j) else INFINITE for j in range(len(self.atoms))]
        out = []
        for i, end in enumerate(self._reach):
            price, prices = 0.0, []
            for j in range(i + 1, end):
                price += steps[j]
                if price == INFINITE:
                    break
                price += TURN * self.turns[j] * (kind in UNITS)
                if self.atoms[j].runs_on:
                    price += RUNS_ON
                prices.append(price)
            out.append(prices)
        return out

    def _step(self, j: int, kind: str) -> float:
        """What it costs that a cell of a short kind goes on over the joint before an atom."""
        atom = self.atoms[j]
        within = self.form.within[atom.joint]
        price = within + goes_on(kind, self.atoms[j - 1], atom, self.looks[j])
        return min(price, within + ON) if self.headings[j] else price

    def _one(self, i: int, kind: str, beside_responsible: bool) -> float:
        """What a cell of one atom costs; many units seldom lead beside others that answer."""
        seen, atom = self.looks[i], self.atoms[i]
        if seen.kind == "empty":
            return 0.5 * SKIP.get(kind, 0.5)
        price = content(kind, seen)
        if kind in LONG and i + 1 < len(self.atoms) and self.broken[i + 1]:
            # A text is what its first line and the next say: the line alone may name a time or a unit.
            price = min(price, content(kind, self.words.look(atom.text + self.atoms[i + 1].text)))
        if beside_responsible and seen.kind == "units" and is_many(atom.text):
            price += MANY_LEAD
        if kind == "number" and seen.kind == "number":
            price += -0.3 if atom.runs_on else 1.2
        return price
