"""The steps of reading as spaCy components. Their factories are registered when this module is imported, which spaCy
does by entry point when a pipeline asks for one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from . import units
from .lexicon import Lexicon
from .model import Paper
from .pipeline import Reading, make_record
from .readers.text import read as read_text

Step = Callable[[Doc], Doc]

if not Span.has_extension("zhengling"):
    Span.set_extension("zhengling", default=None)


def reading_of(doc: Doc) -> Reading:
    """The reading of a doc; a doc that was not made from a paper is read as plain text."""
    known = doc.user_data.get("zhengling")
    if known is None:
        text = doc.text
        paper = read_text("", text.encode("utf-8")) if text.strip() else Paper("", [], text, [])
        known = doc.user_data["zhengling"] = Reading(paper, Lexicon.load(), plain=True)
    return known


def _spans(doc: Doc, key: str, found: list[tuple[int, int, str, dict[str, Any]]]) -> Doc:
    """Puts what was found into `doc.spans[key]`. Offsets are those of the paper's text, or of the source for a plain
    doc."""
    reading = reading_of(doc)
    spans = []
    for start, end, label, values in found:
        if reading.plain:
            start, end = reading.paper.span(start, end)
            span = doc.char_span(start, end, label=label, alignment_mode="expand")
        else:
            span = Span(doc, start, end, label=label)
        if span is None:
            continue
        span._.zhengling = values
        spans.append(span)
    doc.spans[key] = SpanGroup(doc, name=key, spans=spans)
    return doc


@Language.factory("zhengling_personal")
def personal(nlp: Language, name: str) -> Step:
    """Factory `zhengling_personal`: contact data, label the rule."""

    def step(doc: Doc) -> Doc:
        return _spans(doc, name, [(a, b, rule, {}) for a, b, rule in reading_of(doc).personal])

    return step


@Language.factory("zhengling_document")
def document(nlp: Language, name: str) -> Step:
    """Factory `zhengling_document`: number, title, issuer, date and region of the paper, label the field."""

    def step(doc: Doc) -> Doc:
        head = reading_of(doc).head
        fields = {
            "number": head.number,
            "title": head.title,
            "issuer": head.issuer,
            "date": head.date,
            "region": head.region,
        }
        return _spans(doc, name, [(f[1], f[2], k, {"value": f[0]}) for k, f in fields.items() if f and f[2] > f[1]])

    return step


@Language.factory("zhengling_citations")
def citations(nlp: Language, name: str) -> Step:
    """Factory `zhengling_citations`: every mention of a normative document, label its kind."""

    def step(doc: Doc) -> Doc:
        found = reading_of(doc).citations
        return _spans(
            doc,
            name,
            [
                (c.start, c.end, c.kind, {"number": c.number, "title": c.title, "role": c.role, "rule": c.rule})
                for c in found
            ],
        )

    return step


@Language.factory("zhengling_deadlines")
def deadlines(nlp: Language, name: str) -> Step:
    """Factory `zhengling_deadlines`: limits in running text, label their kind."""

    def step(doc: Doc) -> Doc:
        found = reading_of(doc).deadlines
        return _spans(
            doc, name, [(f.start, f.end, f.kind, {"start": f.first, "end": f.last, "rule": f.rule}) for f in found]
        )

    return step


@Language.factory("zhengling_units")
def assigned_units(nlp: Language, name: str) -> Step:
    """Factory `zhengling_units`: units in assignments of running text, label their role."""

    def step(doc: Doc) -> Doc:
        reading = reading_of(doc)
        found = []
        for a in reading.assignments:
            for i in a.parsed.items:
                word = i.prefix + units.name_of(reading.paper.text[i.start : i.end])
                found.append((i.start, i.end, i.role, {"name": word, "collective": i.collective, "rule": i.rule}))
        return _spans(doc, name, found)

    return step


@Language.factory("zhengling_tasks")
def tasks(nlp: Language, name: str) -> Step:
    """Factory `zhengling_tasks`: the tasks with all that belongs to them; `doc.user_data["zhengling_record"]` is the
    record."""

    def step(doc: Doc) -> Doc:
        reading = reading_of(doc)
        doc.user_data["zhengling_record"] = record = make_record(reading)
        spans = []
        for draft, task in zip(reading.drafts.tasks, record.tasks, strict=True):
            if draft.text:
                spans.append((draft.text[0][0], draft.text[0][1], "task", {"id": task.id, "title": task.title}))
        return _spans(doc, name, spans)

    return step
