"""The tree of a paper's prose: its parts, their headings and clauses with what stands below each, the assignments in
them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..model import Table
from .units import find_assignments

if TYPE_CHECKING:
    from ..words.unit_shapes import UnitShapes
    from .units import Assignment


@dataclass(slots=True)
class Stretch:
    """A paragraph, or a piece of one: `[start, end)`."""

    start: int
    end: int
    place: dict = field(default_factory=dict)


@dataclass(slots=True)
class Node:
    """A clause or heading with what stands below it. `style` is that of its number (`numbering`), halfway between two
    for a heading without one.

    Its line is number `[start, after)`, heading `[after, cut)`, text `[rest, line.end)`; where it is not `headed`, all
    behind the number is text. `more` are the stretches below its line.
    """

    style: float
    line: Stretch
    after: int
    cut: int
    rest: int
    sure: bool = False  # the layout shows that it is a heading
    headed: bool = True
    assigned: bool = False  # its line has an assignment
    more: list[Stretch] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    parent: Node | None = None
    part: int = 0

    @property
    def start(self) -> int:
        return self.line.start

    @property
    def place(self) -> dict:
        return self.line.place

    @property
    def heading(self) -> tuple[int, int]:
        """With its number, without closing punctuation."""
        return self.start, self.cut if self.headed else self.after

    @property
    def words(self) -> tuple[int, int]:
        """The heading without its number."""
        return self.after, self.cut if self.headed else self.after

    @property
    def body(self) -> list[Stretch]:
        """Its own stretches behind number and heading."""
        begin = self.rest if self.headed else self.after
        own = [Stretch(begin, self.line.end, self.place)] if begin < self.line.end else []
        return own + self.more

    @property
    def whole(self) -> bool:
        """Whether the heading is all that its line holds."""
        return self.headed and self.rest >= self.line.end

    def walk(self) -> list[Node]:
        out: list[Node] = [self]
        for child in self.children:
            out += child.walk()
        return out


@dataclass(slots=True)
class Part:
    """A part of a paper: the notice or what is attached. `loose` are stretches under no heading."""

    index: int
    nodes: list[Node] = field(default_factory=list)
    loose: list[Stretch] = field(default_factory=list)
    attached: bool = False

    def walk(self) -> list[Node]:
        return [n for node in self.nodes for n in node.walk()]


@dataclass(slots=True)
class Assignments:
    """The assignments in stretches of a folded text, each stretch looked at once."""

    text: str
    shapes: UnitShapes
    _found: dict[tuple[int, int], list[Assignment]] = field(default_factory=dict)
    _ends: dict[tuple[int, int], frozenset[int]] = field(default_factory=dict)

    def within(self, start: int, end: int) -> list[Assignment]:
        if (start, end) not in self._found:
            self._found[start, end] = find_assignments(self.text, self.shapes, start, end)
        return self._found[start, end]

    def ends(self, start: int, end: int) -> frozenset[int]:
        """Where the assignments in a stretch end."""
        if (start, end) not in self._ends:
            self._ends[start, end] = frozenset(a.end for a in self.within(start, end))
        return self._ends[start, end]


@dataclass(slots=True)
class Outline:
    parts: list[Part]
    tables: list[tuple[int, Table, list[tuple[int, int]]]]  # part, table, the headings above it, outermost first
    said: Assignments
    skipped: list[Stretch] = field(default_factory=list)  # head, page furniture, signatures, contacts
