"""Tasks in the making: spans in a paper's folded text."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..words.unit_list import Item, Parsed

Span = tuple[int, int]


@dataclass(slots=True)
class Draft:
    """A task in the making: spans in the paper's text."""

    section: list[Span]
    title: Span | None
    text: list[Span]
    at: int
    units: list[Item] = field(default_factory=list)
    open: bool = False
    cells: list[Span] = field(default_factory=list)  # deadline cells and labels
    covers: list[Span] = field(default_factory=list)  # all that belongs to it, citations are looked for in it
    limits: list[Span] = field(default_factory=list)  # where its deadlines may stand in running text
    bases: list[Span] = field(default_factory=list)  # cells of what it is based on
    inherited: list[Span] = field(default_factory=list)  # lead-in of the list that it is in
    parent: Draft | None = None
    twin: Draft | None = None  # the clause in the prose of the same task as this row
    part: int = 0
    assigned: bool = False
    rule: str = ""


@dataclass(slots=True)
class Drafts:
    tasks: list[Draft]
    remarks: list[tuple[str, Span, dict]]
    hidden: list[Span]  # persons
    aims: list[Span]  # chapters of aims: their deadlines hold for the whole document
    opening: list[Span] = field(default_factory=list)  # the covering notice, paragraphs before the first chapter

    def take(self, draft: Draft, parsed: Parsed) -> None:
        """Puts what an assignment says into a draft."""
        draft.units += parsed.items
        draft.open = draft.open or parsed.open
        draft.cells += parsed.deadlines
        self.hidden += parsed.hidden
        self.remarks += [("unit-unread", span, {}) for span in parsed.rest]
        self.remarks += [("unit-person", span, {}) for span in parsed.persons]
        self.remarks += [("unit-doubtful", (i.start, i.end), {}) for i in parsed.items if i.doubtful]
