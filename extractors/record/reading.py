"""What is known of one paper: the paper itself, its folded text, and what each step found."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from ..model import Paper
from ..steps.citations import Cited
from ..steps.deadlines import Found, Limits
from ..steps.document import Head
from ..steps.tasks import Drafts
from ..steps.units import Assignment
from ..words.fold import fold
from ..words.lexicon import Lexicon
from ..words.times import When
from ..words.unit_shapes import UnitShapes, shapes_of


@dataclass
class Reading:
    """A paper, the words that it is read by, and what was found in it; spans count in `paper.text`, whose folded form
    is `text`. What no step has looked for is empty.

    `plain`: made from a text that is a paper's source itself.
    """

    paper: Paper
    lexicon: Lexicon
    plain: bool = False
    personal: list[tuple[int, int, str]] = field(default_factory=list)
    head: Head = field(default_factory=Head)
    citations: list[Cited] = field(default_factory=list)
    limits: Limits = field(default_factory=lambda: Limits([], [], []))
    assignments: list[Assignment] = field(default_factory=list)
    drafts: Drafts = field(default_factory=lambda: Drafts([], [], [], []))
    skipped: list[tuple[int, int]] = field(default_factory=list)  # page furniture, signatures, contacts

    @property
    def deadlines(self) -> list[Found]:
        return self.limits.found

    @property
    def when(self) -> When:
        return when_of(self.head)

    @cached_property
    def text(self) -> str:
        return fold(self.paper.text)

    @cached_property
    def shapes(self) -> UnitShapes:
        return shapes_of(self.lexicon)


def when_of(head: Head) -> When:
    """What the times of a paper are counted from."""
    return When(head.year, head.date[0] if head.date else None)
