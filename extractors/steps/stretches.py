"""Stretches of text that assignments close."""

from __future__ import annotations

from dataclasses import dataclass, field

from .drafts import Span
from .headings import has_word
from .numbering import pattern
from .tree import Assignments, Stretch
from .units import Assignment


@dataclass(slots=True)
class Group:
    """A stretch of text and the assignments that close it. `fresh`: it begins with a paragraph below its clause's line;
    `above`: it is assigned with what stands before it (上述工作由…)."""

    text: list[Span]
    said: list[Assignment] = field(default_factory=list)
    fresh: bool = False
    above: bool = False

    @property
    def assigned(self) -> bool:
        return any(a.parsed.items or a.parsed.open for a in self.said)


def together(groups: list[Group], text: list[Span] | None = None) -> Group:
    """All assignments of the stretches as those of one text."""
    return Group([*(text or ())], [a for g in groups for a in g.said])


def group(
    text: str, body: list[Stretch], said: Assignments, line: Stretch | None = None
) -> tuple[list[Group], list[Span]]:
    """The stretches of a body that are closed by assignments, and the text after the last of them. `line` is the line
    of the clause itself."""
    groups: list[Group] = []
    waiting: list[Span] = []
    fresh = False
    for stretch in body:
        at = stretch.start
        below = line is None or not line.start <= stretch.start < line.end
        for a in said.within(stretch.start, stretch.end):
            if has_word(text, at, a.start):
                fresh = below and at == stretch.start if not waiting else fresh
                waiting.append((at, a.start))
            if not waiting and groups:
                groups[-1].said.append(a)
            elif waiting or a.parsed.items or a.parsed.open:
                above = bool(pattern("above").match(text, a.start, a.end))
                groups.append(Group(waiting, [a], fresh if waiting else below, above))
                waiting = []
            at = a.end
            while at < stretch.end and text[at] in "。;,、 ":
                at += 1
        if groups and not waiting and at == stretch.start and pattern("measures").match(text, at, stretch.end):
            groups[-1].text.append((at, stretch.end))  # against the problem above, whose units they are
        elif has_word(text, at, stretch.end):
            fresh = below and at == stretch.start if not waiting else fresh
            waiting.append((at, stretch.end))
    return groups, waiting
