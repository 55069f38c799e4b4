"""What each step finds in a reading, and all of them one after the other: what a file is read by, without spaCy, which
takes longer to load than a paper takes to read. The same steps as spaCy components are in `components.py`."""

from __future__ import annotations

from ..model import Paper
from ..steps.citations import Cited, blank_titles, find_citations
from ..steps.deadlines import Limits, find_limits
from ..steps.document import Head, read_head
from ..steps.outline import read_outline
from ..steps.tasks import Drafts, find_tasks
from ..steps.units import Assignment, find_assignments
from ..words.lexicon import Lexicon
from ..words.personal import find_personal
from .reading import Reading, when_of


def personal_in(reading: Reading) -> list[tuple[int, int, str]]:
    """Contact data, each with its rule."""
    return find_personal(reading.paper.text)


def head_in(reading: Reading) -> Head:
    return read_head(reading.paper, reading.text, reading.lexicon)


def citations_in(reading: Reading, head: Head) -> list[Cited]:
    return find_citations(reading.text, reading.paper.text, tuple(head.own))


def limits_in(reading: Reading, head: Head) -> Limits:
    return find_limits(blank_titles(reading.text), when_of(head))


def tasks_in(reading: Reading, head: Head) -> tuple[Drafts, list[tuple[int, int]]]:
    """The tasks, and what belongs to no clause: page furniture, signatures, contacts."""
    outline = read_outline(reading.paper, reading.text, head.body, head.inner_titles, reading.shapes)
    drafts = find_tasks(reading.text, outline, head, reading.shapes)
    return drafts, [(s.start, s.end) for s in outline.skipped]


def assignments_in(reading: Reading) -> list[Assignment]:
    return find_assignments(reading.text, reading.shapes)


def look_through(paper: Paper, lexicon: Lexicon) -> Reading:
    """The reading of a paper with what all steps find."""
    reading = Reading(paper, lexicon)
    reading.personal = personal_in(reading)
    reading.head = head = head_in(reading)
    reading.citations = sorted(citations_in(reading, head), key=lambda c: c.start)
    limits = limits_in(reading, head)
    reading.limits = Limits(sorted(limits.found, key=lambda f: f.start), limits.impossible, limits.unsure)
    reading.drafts, reading.skipped = tasks_in(reading, head)
    reading.assignments = assignments_in(reading)
    return reading
