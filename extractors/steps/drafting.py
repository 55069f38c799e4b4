"""Clauses as tasks in the making, with what is assigned to them."""

from __future__ import annotations

from ..words.unit_list import lead_beside_support
from .clause_text import task_text
from .drafts import Draft, Drafts, Span
from .headings import has_word
from .stretches import Group
from .tree import Node


class Drafting:
    """Makes the drafts of a paper's prose, in `drafts`; what else it finds goes to `out`."""

    def __init__(self, text: str, out: Drafts) -> None:
        self.text, self.out = text, out
        self.drafts: list[Draft] = []

    def add(
        self,
        node: Node | None,
        title: Span | None,
        text: list[Span],
        said: Group | None,
        rule: str,
        section: list[Span],
        parent: Draft | None = None,
        part: int = 0,
    ) -> Draft:
        """A task of the text, else of its heading alone, with what `said` assigns; it stands in `drafts`."""
        spans = task_text(self.text, [s for s in text if has_word(self.text, *s)])
        if not spans and node is not None:
            end = max(node.heading[1], node.cut)
            # The heading is its own text, with the punctuation that closes it.
            while end < len(self.text) and self.text[end] in "。!;":
                end += 1
            spans = [(node.after, end)]
        at = min([s[0] for s in spans] + ([title[0]] if title else []))
        draft = Draft(section, title, spans, at, parent=parent, rule=rule, part=part)
        draft.limits = list(spans) + ([title] if title and title not in spans else [])
        draft.covers = list(draft.limits)
        if said:
            self.give(draft, said)
        self.drafts.append(draft)
        return draft

    def give(self, draft: Draft, said: Group) -> None:
        """Puts the assignments that close a stretch into its draft."""
        for a in said.said:
            self.out.take(draft, a.parsed)
            draft.covers.append((a.start, a.end))
        draft.units = lead_beside_support(draft.units)
        draft.assigned = bool(draft.units) or draft.open

    def assign_above(self, said: Group, section: list[Span]) -> None:
        """上述工作由X牵头: gives it to what stands without assignment since the last heading or assignment."""
        if not said.above:
            return
        for draft in reversed(self.drafts):
            if draft.assigned or draft.section != section:
                return
            self.give(draft, said)
