"""Duties under units: paragraphs that begin with a unit, labels and lead-ins above items that say whose they are."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from .clause_sense import MOST, SOME, UNITS
from .clause_text import section_of
from .clauses import ClauseReader
from .drafts import Span
from .headings import has_word
from .numbering import pattern
from .stretches import Group
from .tree import Node, Part, Stretch
from .units import Assignment

_SENTENCE_END = re.compile(r"[。;]\s*")


@dataclass(slots=True)
class Duty:
    """What a unit does, behind its name and a colon: `[colon + 1, end)`."""

    start: int
    colon: int
    end: int
    unit: Assignment


def duties_of_one(reader: ClauseReader, part: Part) -> dict[int, Group]:
    """乡镇政府…主要承担以下工作： → the items that follow, by their start, with what is assigned to them."""
    lists = [(stretch, part.nodes) for stretch in part.loose]
    lists += [(n.more[-1], n.children) for n in part.walk() if n.more and n.children]
    found: dict[int, Group] = {}
    for stretch, nodes in lists:
        said = pattern("duties-of-one").search(reader.text, stretch.start, stretch.end)
        if not said:
            continue
        subject = reader.sense.units_of(said.start("unit"), said.end("unit"))
        if subject is None:
            continue
        below = [n for n in nodes if n.start >= stretch.end]
        for node in below:
            if node.style != below[0].style:
                break
            found[node.start] = Group([], [subject])
    return found


def labels_above(reader: ClauseReader, part: Part) -> dict[int, Group]:
    """责任单位：… on lines of their own, each above the items that it holds for → the items, by their start. There are
    several, the first above the first item; they are taken out of what stands before them."""
    nodes = part.nodes
    above = part.loose if nodes and part.loose and part.loose[-1].end <= nodes[0].start else []
    given = _labels_of(reader, above, nodes)
    for node in reversed(part.walk()):  # the innermost lists first
        if node.children and not reader.sense.has_units(node.children[-1]):
            given |= _labels_of(reader, node.more, node.children)
    return given


def _labels_of(reader: ClauseReader, above: list[Stretch], nodes: list[Node]) -> dict[int, Group]:
    """What the labels above the items of one list assign to them; `above` are the stretches before the first."""
    if not above or not _is_label(reader, above[-1]):
        return {}
    found = [(above[-1], above)]
    for before, _ in itertools.pairwise(nodes):
        last = before.walk()[-1]
        if last.more and _is_label(reader, last.more[-1]):
            found.append((last.more[-1], last.more))
    if len(found) < SOME:
        return {}
    given: dict[int, Group] = {}
    for stretch, held in found:
        held.remove(stretch)
        said = Group([], reader.said.within(stretch.start, stretch.end))
        given |= {node.start: said for node in nodes if node.start >= stretch.end}
    return given


def _is_label(reader: ClauseReader, stretch: Stretch) -> bool:
    """Whether a stretch is nothing but one labelled line of units."""
    said = reader.said.within(stretch.start, stretch.end)
    whole = len(said) == 1 and said[0].rule == "units.line" and bool(said[0].parsed.items)
    return whole and not has_word(reader.text, said[0].end, stretch.end) and said[0].start <= stretch.start + 1


def duty_paragraphs(reader: ClauseReader, node: Node) -> bool:
    """Reads what a chapter says of units one after the other (县教育局：负责…。县财政局：负责…); False where it is no
    list of duties: its heading says so, or most of its paragraphs begin with a unit."""
    duties = [d for stretch in node.body for d in duties_in(reader, stretch)]
    told = bool(pattern("duties").search(reader.text[slice(*node.words)]))
    if not duties or not (told or is_list_of_duties(duties, len(node.body))):
        return False
    section = [*section_of(node), *([node.heading] if node.headed else [])]
    add_duties(reader, duties, section, node.part)
    return True


def is_list_of_duties(duties: list[Duty], paragraphs: int) -> bool:
    """Whether most of so many paragraphs begin with a unit."""
    return len(duties) >= SOME and len(duties) >= MOST * paragraphs


def add_duties(reader: ClauseReader, duties: list[Duty], section: list[Span], part: int) -> None:
    """Makes each a task under its unit."""
    for duty in duties:
        title = (duty.start, duty.colon)
        text = [(duty.colon + 1, duty.end)]
        reader.drafting.add(None, title, text, Group([], [duty.unit]), "task.paragraph", section, None, part)


def _labelled(reader: ClauseReader, colon: int, stretch: Stretch) -> bool:
    """Whether a colon stands in an assignment: (责任单位:…)."""
    return any(a.start <= colon < a.end for a in reader.said.within(stretch.start, stretch.end))


def duties_in(reader: ClauseReader, stretch: Stretch) -> list[Duty]:
    """The duties of a paragraph: each begins with its unit and a colon, at the paragraph's start or behind a
    sentence."""
    found: list[Duty] = []
    at = stretch.start
    while at < stretch.end:
        colon = reader.text.find(":", at, min(stretch.end, at + UNITS))
        unit = reader.sense.units_of(at, colon) if colon > 0 else None
        if unit is not None and has_word(reader.text, colon, stretch.end) and not _labelled(reader, colon, stretch):
            if found:
                found[-1].end = at
            found.append(Duty(unit.parsed.items[0].start, colon, stretch.end, unit))
        stop = _SENTENCE_END.search(reader.text, at, stretch.end)
        at = stop.end() if stop else stretch.end
    return found
