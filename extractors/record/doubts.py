"""What a reading may have missed: words in the text of a task that look like a fact which it does not have.

Each is a warning at its place: a reader of the record is told where to look.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from ..model import Table
from ..steps.drafts import Draft
from ..words.parts import rule
from .reading import Reading

Doubt = tuple[str, int, int]  # code of the warning, start and end in the text

_FILE = "doubts.toml"


def find_doubts(reading: Reading) -> Iterator[Doubt]:
    """The doubts of a paper, kind by kind in reading order."""
    yield from _times(reading)
    yield from _assignments(reading)
    yield from _titles(reading)


def _pattern(name: str) -> re.Pattern[str]:
    return rule(name, _FILE)


class Within:
    """Whether an offset lies in one of some spans."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        spans = sorted(spans)
        self.starts = [a for a, _ in spans]
        self.reach = list(accumulate((b for _, b in spans), max))

    def __call__(self, offset: int) -> bool:
        at = bisect_right(self.starts, offset) - 1
        return at >= 0 and self.reach[at] > offset


def _times(reading: Reading) -> Iterator[Doubt]:
    """Times to come in the text of a task of which no rule says whether they are its limits."""
    in_task = Within([span for draft in reading.drafts.tasks for span in draft.limits])
    for start, end in reading.limits.unsure:
        if in_task(start):
            yield "deadline-doubtful", start, end


def _assignments(reading: Reading) -> Iterator[Doubt]:
    """Words that assign, in the text of a task of prose for which nobody answers."""
    tables = Within([(b.start, b.end) for b in reading.paper.blocks if isinstance(b, Table)])
    brackets = any(a.rule.startswith("units.bracket") for a in reading.assignments)
    answered = {id(d.parent) for d in reading.drafts.tasks if d.parent is not None and (d.units or d.open)}
    for draft in reading.drafts.tasks:
        if draft.units or draft.open or id(draft) in answered or tables(draft.at):
            continue
        for start, end in draft.text:
            found = _pattern("assigns").search(reading.text, start, end)
            if found:
                yield "assignment-doubtful", found.start(), found.end()
        last = _last_bracket(reading.text, draft) if brackets else None
        if last:
            yield "assignment-doubtful", *last


def _last_bracket(text: str, draft: Draft) -> tuple[int, int] | None:
    """The bracket that closes a task's text, where others of its paper have their units in one."""
    if not draft.text:
        return None
    start, end = draft.text[-1]
    found = _pattern("last_bracket").search(text, start, end)
    return found.span() if found else None


def _titles(reading: Reading) -> Iterator[Doubt]:
    """Citations of which only the words around say that they are papers."""
    for cited in reading.citations:
        if cited.rule == "citation.directive.governed":
            yield "citation-doubtful", cited.start, cited.end
