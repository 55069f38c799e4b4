"""What the headings and clauses of a paper say: that they set no work, name units, are duties of a unit."""

from __future__ import annotations

import re

from ..words.fold import squeeze
from ..words.unit_list import shift
from ..words.unit_words import labels
from .drafts import Span
from .numbering import CHAPTER, LISTED, pattern
from .stretches import Group, group
from .tree import Assignments, Node, Stretch
from .units import Assignment

#: Sizes in characters: a heading of aims, a heading that is a list of units.
AIMS, UNITS = 24, 40
#: Of a list's headings, so many at least and this share are units where the list is one of duties.
SOME, MOST = 2, 0.6


class ClauseSense:
    """Asked of nodes of a paper's tree; `roots` are those of the part that is read."""

    def __init__(self, text: str, said: Assignments) -> None:
        self.text, self.said = text, said
        self.roots: list[Node] = []
        self._known: dict[int, bool] = {}
        self._duties: dict[tuple[int, int, float], bool] = {}

    def aims(self, node: Node) -> bool:
        """Whether a heading sets no work: aims, background, attitude."""
        bare = re.sub(r"[。:\s]", "", self.text[slice(*node.words)])
        if node.style <= CHAPTER and pattern("attitude").match(bare):
            return True
        to_do = pattern("verb").match(bare)
        return len(bare) <= AIMS and bool(pattern("aims-to-do" if to_do else "aims").search(bare))

    def excluded(self, node: Node) -> bool:
        """Whether a node stands under a heading that sets no work, or is one."""
        at: Node | None = node
        while at is not None:
            if self.aims(at):
                return True
            at = at.parent
        return False

    def has_units(self, node: Node) -> bool:
        """Whether a node assigns anything, or one below it."""
        known = self._known.get(node.start)
        if known is None:
            groups, _ = self.group(node)
            known = any(g.assigned for g in groups) or any(self.has_units(c) for c in node.children)
            self._known[node.start] = known
        return known

    def group(self, node: Node) -> tuple[list[Group], list[Span]]:
        """The stretches of a node's own text that assignments close, and the text after the last of them."""
        body = self.of_work(node.body)
        if node.style == LISTED and not node.headed and body:
            body = [Stretch(node.start, body[0].end, body[0].place), *body[1:]]  # 一是 belongs to its sentence
        return group(self.text, body, self.said, node.line)

    def of_work(self, body: list[Stretch]) -> list[Stretch]:
        """The stretches that may set work: what was done is none to do; from when a paper holds, and what follows that,
        closes the paper."""
        for n, stretch in enumerate(body):
            if any(pattern(p).match(self.text, stretch.start, stretch.end) for p in ("progress", "validity")):
                return body[:n]
        return body

    def duty(self, node: Node) -> Group | None:
        """The assignment that a heading makes which is a unit, in a list of duties."""
        if not node.headed or node.style < CHAPTER:
            return None
        own = self.units_of(*node.words)
        if own is None:
            return None
        if not self._list_of_duties(node):
            return None
        return Group([], [own])

    def _list_of_duties(self, node: Node) -> bool:
        """Whether a clause stands in a list of duties: its chapter says so, or most headings of the list are units."""
        above = node.parent
        if above is not None and pattern("duties").search(self.text[slice(*above.words)]):
            return True
        key = (id(above), node.part, node.style)
        if key not in self._duties:
            siblings = above.children if above is not None else self.roots
            alike = [n for n in siblings if n.style == node.style]
            known = [u for n in alike if n.headed and (u := self.units_of(*n.words)) is not None]
            sure = any(self.said.shapes.sure(self.text[i.start : i.end]) for u in known for i in u.parsed.items)
            self._duties[key] = sure and len(known) >= SOME and len(known) >= MOST * len(alike)
        return self._duties[key]

    def units_of(self, start: int, end: int) -> Assignment | None:
        """The units that words are, where they are nothing else."""
        words = self.text[start:end].strip()
        if not words or len(words) > UNITS or labels().match(words + ":"):
            return None
        parsed = self.said.shapes.parse_list(self.text[start:end])
        if not parsed.items or parsed.rest or parsed.verbs or parsed.labelled or parsed.deadlines or parsed.hidden:
            return None
        if any(pattern("verb").match(self.text, start + i.start) for i in parsed.items):
            return None
        if sum(i.end - i.start for i in parsed.items) < len(squeeze(words)) - 3 * len(parsed.items):
            return None
        return Assignment(start, end, shift(parsed, start), "units.duty")
