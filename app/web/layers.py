"""The text of a paper with what was read in it: facts, each with the words that prove it, and the text cut where words
of a fact begin or end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

from ...extractors.model import Citation, Deadline, Evidence, Record
from ...graph.deriving.pieces import CORRECTED
from ..tables import cells

_SAID = ("review", "by", "at", "correction")
LAYERS = ("task", "unit", "deadline", "citation", "head")


@dataclass(slots=True)
class Marked:
    """Something read in a paper: `id` on the page, its layer, what it is called, how it is known (`words`)."""

    id: int
    layer: str
    name: str
    kind: str = ""  # of a unit its role, of a citation its kind, of a head its field
    task: str = ""  # name of the task that it belongs to
    to: tuple[str, str] | None = None  # page that has more of it: kind and id
    spans: list[Evidence] = field(default_factory=list)
    meant: dict[str, str] = field(default_factory=dict)  # how a correction names it
    more: dict[str, str | None] = field(default_factory=dict)  # its other fields
    review: dict[str, str] = field(default_factory=dict)  # what people said of it: review, by, at, correction


@dataclass(slots=True)
class TextPart:
    """Pieces of the text that follow one another: all of them lit, or folded away (`folded`: so many characters)."""

    pieces: list[MarkedText]
    folded: int = 0


@dataclass(slots=True)
class MarkedText:
    """A piece of the text: the layers that cover it, the fact that it leads to, and those whose words begin here."""

    text: str
    layers: list[str]
    fact: int | None
    begins: list[int]


def facts_of(record: Record) -> list[Marked]:
    """All facts of a record: the head, then each task with its own, then what the document cites."""
    found: list[Marked] = []

    def add(layer: str, name: str, spans: Sequence[Evidence], **more: Any) -> None:
        words = [one for one in spans if one.rule != CORRECTED]
        said = [one.place for one in spans if one.rule == CORRECTED]
        review = {k: str(said[-1].get(k, "")) for k in _SAID} if said else {}
        found.append(Marked(len(found) + 1, layer, cells.shown(name), spans=words, review=review, **more))

    head = record.document
    for name, spans in head.evidence.items():
        if hasattr(head, name):
            add("head", str(getattr(head, name) or ""), list(spans), kind=name, meant={"field": name})
    for limit in head.deadlines:
        add("deadline", limit.text, limit.evidence, **_of_deadline(limit))
    cited: dict[str, list[Citation]] = {}
    for citation in record.citations:
        cited.setdefault(citation.in_, []).append(citation)
    for citation in cited.get("document", []):
        add("citation", _called(citation), citation.evidence, **_of_citation(citation))
    for task in record.tasks:
        title = task.title or " ".join(task.text.split())[:40]
        to, own = ("tasks", task.key) if task.key else None, {"task": task.id}
        told = {"title": task.title, "text": task.text}
        add("task", title, task.evidence, kind=task.id, task=task.id, to=to, meant=own, more=told)
        for unit in task.units:
            meant = own | {"unit": unit.name, "role": unit.role}
            add("unit", unit.name, unit.evidence, kind=unit.role, task=task.id, meant=meant)
        for limit in task.deadlines:
            add("deadline", limit.text, limit.evidence, task=task.id, **_of_deadline(limit, own))
        for citation in cited.get(task.id, []):
            add("citation", _called(citation), citation.evidence, task=task.id, **_of_citation(citation, own))
    return found


def _of_deadline(limit: Deadline, own: dict[str, str] | None = None) -> dict[str, Any]:
    meant = (own or {}) | {"deadline": limit.text}
    return {"kind": limit.kind, "meant": meant, "more": {"start": limit.start, "end": limit.end}}


def _of_citation(citation: Citation, own: dict[str, str] | None = None) -> dict[str, Any]:
    meant = (own or {}) | {"citation": citation.number or citation.title or ""}
    return {"kind": citation.role, "meant": meant, "more": {"title": citation.title, "number": citation.number}}


def _called(citation: Citation) -> str:
    return " ".join(filter(None, (citation.title, citation.number)))


def pieces(text: str, facts: Sequence[Marked]) -> Iterator[MarkedText]:
    """The text cut at every end of words of a fact. What lies in words of several leads to the shortest of them."""
    spans = sorted(
        {(e.start, e.end, f.id) for f in facts for e in f.spans if 0 <= e.start < e.end <= len(text)},
        key=lambda span: (span[0], -span[1], span[2]),
    )
    layer = {fact.id: fact.layer for fact in facts}
    cuts = sorted({0, len(text), *(s for s, _, _ in spans), *(e for _, e, _ in spans)})
    begun: set[int] = set()
    open_: list[tuple[int, int, int]] = []
    at = 0
    for start, end in pairwise(cuts):
        while at < len(spans) and spans[at][0] <= start:
            open_.append(spans[at])
            at += 1
        open_ = [span for span in open_ if span[1] > start]
        inner = min(open_, key=lambda span: (span[1] - span[0], -span[2]), default=None)
        begins = [fact for s, _, fact in open_ if s == start and fact not in begun]
        begun.update(begins)
        layers = [one for one in LAYERS if any(layer[fact] == one for _, _, fact in open_)]
        yield MarkedText(cells.shown(text[start:end]), layers, inner[2] if inner else None, begins)


_GAP = 30  # characters that are not folded


def tasks_of(record: Record, unit: str) -> set[str]:
    """The tasks that a unit has to do with."""
    return {task.id for task in record.tasks if any(one.name == unit for one in task.units)}


def folded(text: Sequence[MarkedText], facts: Sequence[Marked], mine: Collection[str] | None) -> list[TextPart]:
    """The text in parts: what belongs to the tasks of `mine` lit, the rest folded; with None all of it is lit."""
    if mine is None:
        return [TextPart(list(text))]
    task = {fact.id: fact.task for fact in facts}
    parts: list[TextPart] = []
    for lit, run in groupby(text, lambda piece: piece.fact is not None and task[piece.fact] in mine):
        some = list(run)
        length = 0 if lit else sum(len(piece.text) for piece in some)
        folds = length if length > _GAP else 0  # what is too short to be folded stands as it is
        if parts and bool(parts[-1].folded) == bool(folds):
            parts[-1].pieces += some
        else:
            parts.append(TextPart(some, folds))
    return parts
