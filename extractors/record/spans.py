"""What the steps found, as spans of a spaCy Doc, and back: the record is made of what stands there.

A step's spans are `doc.spans[NAME]`: `label_` says what a span is, `id_` the rule that found it. What else is known of
it stands in the group's `attrs["values"]`, a map a span; `span._.zhengling` looks it up. All is plain data, so that it
survives `to_bytes`, `DocBin(store_user_data=True)` and processes.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import srsly
from msgspec import convert as back
from msgspec import to_builtins as plain
from msgspec.structs import asdict
from spacy.tokens import Doc, Span, SpanGroup

from ..layout.paper import lay_out
from ..model import Paper, Paragraph, Record, Remark, Table
from ..readers.content import Content
from ..steps.citations import Cited
from ..steps.deadlines import Found, Limits
from ..steps.document import Head
from ..steps.tasks import Draft, Drafts
from ..steps.units import Assignment
from ..words.lexicon import Lexicon
from ..words.unit_list import Item
from .making import make_record
from .reading import Reading

PERSONAL, DOCUMENT, CITATIONS = "zhengling_personal", "zhengling_document", "zhengling_citations"
DEADLINES, UNITS, TASKS = "zhengling_deadlines", "zhengling_units", "zhengling_tasks"
STEPS = (PERSONAL, DOCUMENT, CITATIONS, DEADLINES, TASKS, UNITS)

#: Where a doc keeps its paper.
_PAPER = "zhengling"
#: Fields of a head that stand at a place of the text.
_FIELDS = ("number", "title", "issuer", "date", "region")
_LINKS = ("parent", "twin")
_OWN = tuple(f.name for f in fields(Draft) if f.name not in _LINKS)


@dataclass(slots=True)
class Seen:
    """A span of a step: `[start, end)` in the paper's text, what it is, the rule, and what else is known of it."""

    start: int
    end: int
    label: str
    rule: str = ""
    values: dict[str, Any] = field(default_factory=dict)


# --- a doc and its paper ---------------------------------------------------------------------------------------------


def doc_of(reading: Reading, vocab: Any, text: str | None = None) -> Doc:
    """A doc of one token a character, in linear time and with white space as tokens: of the paper's text, or of the
    `text` that the paper was made from."""
    text = reading.paper.text if text is None else text
    key = {character: vocab.strings.add(character) for character in set(text)}
    doc = Doc(vocab, words=[key[character] for character in text], spaces=[False] * len(text))
    doc.user_data[_PAPER] = _DocReading(reading.paper, reading.lexicon, reading.plain)
    return doc


def read_text(text: str, lexicon: Lexicon) -> Reading:
    """The reading of a text that no step has looked at."""
    paper = lay_out(Content(source=text)) if text.strip() else Paper("", [], text, [])
    return Reading(paper, lexicon, plain=True)


class _DocReading(Reading):
    """The reading of a doc; what the steps found is read from the doc anew. spaCy writes it as plain data."""


def reading_of(doc: Doc) -> Reading:
    """The reading of a doc; one that was not made from a paper is read as plain text."""
    known = doc.user_data.get(_PAPER)
    if known is None:
        made = read_text(doc.text, Lexicon.load())
        known = doc.user_data[_PAPER] = _DocReading(made.paper, made.lexicon, plain=True)
    return known


@srsly.msgpack_encoders("zhengling_paper")
def _encode(value: Any, chain: Any = None) -> Any:
    if isinstance(value, _DocReading):
        kept = {"paper": _plain_paper(value.paper), "words": list(value.lexicon.folders), "plain": value.plain}
        return {"__zhengling__": kept}
    return value if chain is None else chain(value)


@srsly.msgpack_decoders("zhengling_paper")
def _decode(value: Any, chain: Any = None) -> Any:
    if isinstance(value, dict) and "__zhengling__" in value:
        kept = value["__zhengling__"]
        return _DocReading(_paper_of(kept["paper"]), Lexicon.load(kept["words"]), kept["plain"])
    return value if chain is None else chain(value)


def _plain_paper(paper: Paper) -> dict[str, Any]:
    """A paper as plain data. What msgspec can not tell apart, paragraphs and tables, stands in lists of its own."""
    kept = {f.name: plain(getattr(paper, f.name)) for f in fields(Paper) if f.name not in ("record", "blocks")}
    blocks = [("table" if isinstance(b, Table) else "paragraph", plain(b)) for b in paper.blocks]
    return kept | {"blocks": blocks}


def _paper_of(kept: dict[str, Any]) -> Paper:
    kinds = {"table": Table, "paragraph": Paragraph}
    return Paper(
        kept["text"],
        [back(block, kinds[kind]) for kind, block in kept["blocks"]],
        kept["source"],
        back(kept["anchors"], list[tuple[int, int]]),
        kept["path"],
        kept["sha256"],
        back(kept["warnings"], list[Remark]),
        back(kept["places"], list[tuple[int, dict[str, Any]]]),
        parts=back(kept["parts"], list[tuple[int, int, str]]),
    )


# --- spans on and off a doc ------------------------------------------------------------------------------------------


def put(doc: Doc, name: str, found: Iterable[Seen], **more: Any) -> Doc:
    """Puts what a step found on a doc; `more` is what it knows of the whole paper."""
    reading = reading_of(doc)
    characters = len(doc) == len(reading.paper.source if reading.plain else reading.paper.text)  # a token each
    spans, values = [], []
    for seen in found:
        start, end = reading.paper.span(seen.start, seen.end) if reading.plain else (seen.start, seen.end)
        if characters:
            span = Span(doc, start, end, label=seen.label, span_id=seen.rule)
        else:
            span = doc.char_span(start, end, label=seen.label, span_id=seen.rule, alignment_mode="expand")
        if span is not None:
            spans.append(span)
            key = (start, end, seen.label, seen.rule) if characters else _key(span)
            values.append({"span": list(key), "at": [seen.start, seen.end], **plain(seen.values)})
    doc.spans[name] = SpanGroup(doc, name=name, spans=spans, attrs={"values": values, **plain(more)})
    return doc


def taken(doc: Doc, name: str) -> Iterator[Seen]:
    """The spans of a group as they stand on the doc now: what was taken out is gone; what somebody else put in has a
    place, a label and a rule, but no values."""
    group = doc.spans.get(name, ())
    known: dict[tuple[Any, ...], deque[dict[str, Any]]] = defaultdict(deque)
    for values in about(doc, name).get("values", ()):
        known[tuple(values["span"])].append(values)
    reading = reading_of(doc)
    for span in group:
        waiting = known.get(_key(span))
        if waiting:
            values = dict(waiting.popleft())
            del values["span"]
            start, end = values.pop("at")
        else:
            start, end, values = span.start_char, span.end_char, {}
            if reading.plain:
                start, end = reading.paper.offset(start), reading.paper.offset(end)
        yield Seen(start, end, span.label_, span.id_, values)


def about(doc: Doc, name: str) -> dict[str, Any]:
    """What a step knows of the whole paper; nothing where it did not run."""
    return doc.spans[name].attrs if name in doc.spans else {}


def values_of(span: Span) -> dict[str, Any] | None:
    """What is known of a span that one of the steps found (`span._.zhengling`), or None."""
    key = _key(span)
    for name in STEPS:
        for values in about(span.doc, name).get("values", ()):
            if tuple(values["span"]) == key:
                return {k: v for k, v in values.items() if k not in ("span", "at")} | {"rule": span.id_}
    return None


def _key(span: Span) -> tuple[int, int, str, str]:
    return span.start_char, span.end_char, span.label_, span.id_


# --- each step's findings --------------------------------------------------------------------------------------------


def put_personal(doc: Doc, found: list[tuple[int, int, str]]) -> Doc:
    return put(doc, PERSONAL, (Seen(a, b, rule, rule) for a, b, rule in found))


def put_head(doc: Doc, head: Head) -> Doc:
    told = {name: value for name in _FIELDS if (value := getattr(head, name))}
    seen = (Seen(v[1], v[2], name, f"document.{name}", {"value": v[0]}) for name, v in told.items())
    return put(doc, DOCUMENT, seen, head={f.name: getattr(head, f.name) for f in fields(head) if f.name not in told})


def head_of(doc: Doc) -> Head:
    head = back(about(doc, DOCUMENT).get("head", {}), Head)
    for seen in taken(doc, DOCUMENT):
        words = reading_of(doc).paper.text[seen.start : seen.end]
        setattr(head, seen.label, (seen.values.get("value", words), seen.start, seen.end))
    return head


def put_citations(doc: Doc, found: list[Cited]) -> Doc:
    return put(doc, CITATIONS, (_seen(c, c.kind, c.rule, ("kind", "rule")) for c in found))


def put_deadlines(doc: Doc, limits: Limits) -> Doc:
    seen = (_seen(f, f.kind, f.rule, ("kind", "rule")) for f in limits.found)
    return put(doc, DEADLINES, seen, impossible=limits.impossible, unsure=limits.unsure)


def _seen(item: Cited | Found, label: str, rule: str, said: tuple[str, ...]) -> Seen:
    """A finding that has a start and an end; what label and rule say is said once."""
    values = asdict(item)
    start, end = values.pop("start"), values.pop("end")
    for name in said:
        del values[name]
    return Seen(start, end, label, rule, values)


def citations_of(doc: Doc) -> list[Cited]:
    """The citations of a doc; one that somebody else marked is its words, as a title where they stand in 《》."""
    text, out = reading_of(doc).paper.text, []
    for seen in taken(doc, CITATIONS):
        words = text[seen.start : seen.end]
        title = words.strip("《》") if words.startswith("《") else None
        values = {"number": None if title else words, "title": title, "role": "mention", "sentence": 0} | seen.values
        out.append(back(values | {"start": seen.start, "end": seen.end, "kind": seen.label, "rule": seen.rule}, Cited))
    return sorted(out, key=lambda c: c.start)


def limits_of(doc: Doc) -> Limits:
    """The limits of a doc; one that somebody else marked has no days."""
    out = []
    for seen in taken(doc, DEADLINES):
        where = {"start": seen.start, "end": seen.end, "kind": seen.label, "rule": seen.rule}
        nothing = {"first": None, "last": None, "time": where | {"form": ""}}
        out.append(back(nothing | seen.values | where, Found))
    impossible, unsure = (
        back(about(doc, DEADLINES).get(name, []), list[tuple[int, int]]) for name in ("impossible", "unsure")
    )
    return Limits(sorted(out, key=lambda f: f.start), impossible, unsure)


def put_tasks(doc: Doc, drafts: Drafts, skipped: list[tuple[int, int]]) -> Doc:
    """Puts tasks, each at its first text; their units are the next step's. `skipped` is what belongs to no clause."""
    number = {id(draft): n for n, draft in enumerate(drafts.tasks)}
    seen = []
    for draft in drafts.tasks:
        start, end = draft.text[0] if draft.text else draft.title or (draft.at, draft.at)
        kept = _kept(draft, number) | {"number": number[id(draft)]}
        seen.append(Seen(start, end, "task", draft.rule, {"draft": kept}))
    whole = {f.name: getattr(drafts, f.name) for f in fields(drafts) if f.name != "tasks"}
    return put(doc, TASKS, seen, drafts=whole, skipped=skipped)


def _kept(draft: Draft, number: dict[int, int]) -> dict[str, Any]:
    """What is kept of a draft: its clause by number, its twin, which is no task of the record, whole."""
    kept = {name: getattr(draft, name) for name in _OWN}
    if draft.parent is not None and id(draft.parent) in number:
        kept["parent"] = number[id(draft.parent)]
    if draft.twin is not None:
        kept["twin"] = _kept(draft.twin, number)
    return kept


def units_found(doc: Doc) -> dict[int, list[Item]] | None:
    """The units that each task was found with, by its number; None where no step looked for tasks."""
    if TASKS not in doc.spans:
        return None
    drafts = (seen.values["draft"] for seen in taken(doc, TASKS) if "draft" in seen.values)
    return {draft["number"]: back(draft["units"], list[Item]) for draft in drafts}


def drafts_of(doc: Doc) -> Drafts:
    """The tasks of a doc, with the units that stand on it, in the order of the step for units; one that somebody else
    marked belongs to the task around it."""
    whole = about(doc, TASKS).get("drafts")
    drafts = back({"tasks": [], **whole}, Drafts) if whole else Drafts([], [], [], [])
    numbers: dict[int, Draft] = {}
    links: list[tuple[Draft, int]] = []
    for seen in taken(doc, TASKS):
        kept = seen.values.get("draft")
        if kept is None:
            span = (seen.start, seen.end)
            draft = Draft([], None, [span], seen.start, covers=[span], limits=[span], rule=seen.rule)
        else:
            draft = _draft(kept)
            if "parent" in kept:
                links.append((draft, kept["parent"]))
            numbers[kept["number"]] = draft
        drafts.tasks.append(draft)
    for draft, parent in links:
        draft.parent = numbers.get(parent)
    for seen in taken(doc, UNITS):
        at = seen.values.get("task")
        values = {k: v for k, v in seen.values.items() if k in _UNIT_VALUES}
        item = Item(seen.start, seen.end, seen.label, seen.rule, **values)
        for draft in [numbers[at]] if at in numbers else [] if seen.values else _around(drafts, seen):
            draft.units.append(item)
    return drafts


def _draft(kept: dict[str, Any]) -> Draft:
    draft = back({name: kept[name] for name in _OWN if name != "units"}, Draft)
    if "twin" in kept:
        draft.twin = _draft(kept["twin"])
        draft.twin.units = back(kept["twin"]["units"], list[Item])
    return draft


def _around(drafts: Drafts, seen: Seen) -> list[Draft]:
    around = [d for d in drafts.tasks if any(a <= seen.start and seen.end <= b for a, b in d.covers)]
    return around[-1:]


#: What a span of a unit keeps of its item beside place, role and rule.
_UNIT_VALUES = ("prefix", "collective", "ending", "doubtful")


def put_units(doc: Doc, assignments: list[Assignment], found: dict[int, list[Item]] | None) -> Doc:
    """Puts the units of each task, from cells and from running text, or, where no tasks are known, those of all
    assignments in running text."""
    text = reading_of(doc).paper.text
    items = (
        [(item, {}) for a in assignments for item in a.parsed.items]
        if found is None
        else [(item, {"task": number}) for number, units in found.items() for item in units]
    )
    seen = []
    for item, where in items:
        values = {"name": item.name(text)} | {name: getattr(item, name) for name in _UNIT_VALUES}
        seen.append(Seen(item.start, item.end, item.role, item.rule, values | where))
    return put(doc, UNITS, seen, assignments=assignments)


def assignments_of(doc: Doc) -> list[Assignment]:
    return back(about(doc, UNITS).get("assignments", []), list[Assignment])


# --- the record ------------------------------------------------------------------------------------------------------


def record_of(doc: Doc) -> Record:
    """The record of what stands on a doc. A step that did not run, or whose spans were taken out, has no part in it."""
    reading = _read_from(doc)
    if DEADLINES not in doc.spans:
        for draft in reading.drafts.tasks:
            draft.cells = []
    return make_record(reading)


def _read_from(doc: Doc) -> Reading:
    kept = reading_of(doc)
    reading = Reading(
        kept.paper,
        kept.lexicon,
        kept.plain,
        [(seen.start, seen.end, seen.rule) for seen in taken(doc, PERSONAL)],
        head_of(doc),
        citations_of(doc),
        limits_of(doc),
        assignments_of(doc),
        drafts_of(doc),
        back(about(doc, TASKS).get("skipped", []), list[tuple[int, int]]),
    )
    reading.__dict__["text"] = kept.text  # folded once
    return reading
