"""The graph in RDF: every statement with the named graph that it stands in.

What a paper said stands in a named graph of its own; what is concluded from all papers (units, regions, deadlines,
documents that are only cited) in the common one. A node is told by its row; what a paper says of it, word by word, is
told by the record, so that `restore` can make the record again. The terms are those of `terms.py`.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from ...extractors.model import Citation, Deadline, Evidence, Record, Remark, Task, UnitRole, task_key
from ...extractors.words.fold import squeeze
from ..corrections.lines import Correction, line
from ..corrections.progress import ProgressLine
from ..deriving.identity import deadline, digest, task_ids, task_text
from ..deriving.pieces import CORRECTED, called
from ..deriving.proofs import evidence, piece
from ..schema import NODES, RELATIONSHIPS, ROLES, Source
from .terms import (
    ALIGNED,
    BASE,
    CITED,
    CLASSES,
    DERIVED,
    FORMS,
    ONTOLOGY,
    PLACES,
    PROPERTIES,
    RELATIONS,
    SCHEMES,
    STATED,
    STATED_PROPERTIES,
    boolean,
    concept,
    day,
    integer,
    iri,
    term,
    text,
)

Records = Callable[[], Iterable[Record]]


class Beside(NamedTuple):
    """What people said, beside the records: of a paper that it changed (by its source) the record as it was read, and
    the lines, each with the source of its paper ('' where that is not here)."""

    as_read: Mapping[str, Record]
    lines: Sequence[tuple[str, Correction | ProgressLine]]


def statements(
    source: Source, records: Records | None = None, base: str = BASE, beside: Callable[[], Beside] | None = None
) -> Iterator[str]:
    """Every statement, as `graph, subject, predicate, object` in the terms of N-Quads with tabs between; in no certain
    order, some of them twice.

    `records` are those that the graph was derived from: what they say of it, word by word, is left out without them.
    `beside` is what people said of them.
    """
    telling = _Telling(source, records, base)
    yield from telling.all()
    if beside is not None:
        yield from _said(telling, beside())


def _said(telling: _Telling, beside: Beside) -> Iterator[str]:
    """The lines that people wrote, and the papers that they changed as they were read."""
    for path, record in beside.as_read.items():
        if path not in telling.sources:
            continue
        graph = telling.graph(telling.sources[path])
        read = f"{graph[:-1]}#as-read>"
        yield f"{graph}\t{graph}\t{term('prov:wasRevisionOf')}\t{read}"
        yield f"{graph}\t{read}\t{term('rdf:type')}\t{term('zl:AsRead')}"
        yield f"{graph}\t{read}\t{term('zl:record')}\t{text(json.dumps(record.to_json(), ensure_ascii=False))}"
    for path, one in beside.lines:
        graph = telling.graph(telling.sources[path]) if path in telling.sources else telling.common
        kind, class_ = ("correction", "zl:Correction") if isinstance(one, Correction) else ("progress", "zl:Progress")
        head = f"{graph}\t{iri(telling.base, kind, one.id)}\t"
        yield f"{head}{term('rdf:type')}\t{term(class_)}"
        yield f"{head}{term('zl:verb')}\t{text(one.verb)}"
        yield f"{head}{term('zl:says')}\t{text(line(one))}"
        yield from telling.attributed(graph, head, one.by, one.at.isoformat())
        if path in telling.sources:
            yield f"{head}{term('zl:about')}\t{telling.thing('Document', telling.sources[path])}"


class _Telling:
    def __init__(self, source: Source, records: Records | None, base: str) -> None:
        self.source, self.records, self.base = source, records, base
        self.common = f"<{base}graph>"
        self.sources: dict[str, str] = {}  # path of a source → id of its document
        self.rules: set[tuple[str, str]] = set()  # (graph, rule) that were told
        # Which unit a word of a record means, and which document a citation: found again by role and evidence.
        self.links = sqlite3.connect("")
        self.links.execute("CREATE TABLE link(a TEXT, role TEXT, b TEXT, evidence TEXT)")
        self.links.execute("CREATE TABLE alias(id TEXT, alias TEXT, PRIMARY KEY(id, alias)) WITHOUT ROWID")

    def all(self) -> Iterator[str]:
        yield f"{self.common}\t{self.common}\t{term('rdf:type')}\t{term('owl:Ontology')}"
        yield f"{self.common}\t{self.common}\t{term('owl:imports')}\t<{ONTOLOGY.rstrip('#')}>"
        for label in NODES:
            for row in self.source.nodes(label):
                yield from self._node(label, dict(zip(NODES[label], row, strict=True)))
        for name, relationship in RELATIONSHIPS.items():
            for start, stop in relationship.pairs:
                for a, b, *row in self.source.relationships(name, start, stop):
                    yield from self._edge(
                        name, (start, a), (stop, b), dict(zip(relationship.properties, row, strict=True))
                    )
        if self.records is not None:
            self.links.execute("CREATE INDEX by_start ON link(a, role)")
            for record in self.records():
                identity = self.sources.get(record.source.get("path", ""))
                if identity is not None:  # else another file of its document stands for it
                    yield from _RecordStatements(self, identity, record).all()
        self.links.close()

    def graph(self, document: str) -> str:
        return iri(self.base, "graph", document)

    def thing(self, label: str, identity: str) -> str:
        return iri(self.base, label.lower(), identity)

    # --- rows of nodes

    def _node(self, label: str, row: dict[str, Any]) -> Iterator[str]:
        subject = self.thing(label, row["id"])
        graph = self.common
        if label == "Task" and row["document"]:
            graph = self.graph(row["document"])
        elif label == "Document" and row["loaded"]:
            graph = self.graph(row["id"])
            self.sources[row["source"]] = row["id"]
        elif label == "Unit":
            self.links.executemany(
                "INSERT OR IGNORE INTO alias VALUES (?, ?)", ((row["id"], a) for a in row["aliases"] or ())
            )
        head = f"{graph}\t{subject}\t"
        for name in (f"zl:{label}", *CLASSES[label]):
            yield f"{head}{term('rdf:type')}\t{term(name)}"
        if label == "Unit" and row["collective"]:
            yield f"{head}{term('rdf:type')}\t{term('org:OrganizationalCollaboration')}"
        for name, told in PROPERTIES[label].items():
            value = row[name]
            if told is None or value is None:
                continue
            if told.form == "evidence":
                proofs = [json.loads(one) for one in value]
                yield from self.proof(graph, subject, proofs)
                continue
            if told.form == "section":
                yield from self._section(graph, subject, row["document"] or "", value)
                continue
            for one in objects(self.base, told.form, value):
                yield f"{head}{term(told.name)}\t{one}"
                if told.form == "day":
                    yield f"{self.common}\t{one}\t{term('rdf:type')}\t{term('time:Instant')}"
                    yield f"{self.common}\t{one}\t{term('time:inXSDDate')}\t{day(value)}"
                elif told.form == "field":
                    yield from self._field(value)

    def _section(self, graph: str, task: str, document: str, headings: list[str]) -> Iterator[str]:
        """The headings above a task, each a part of the one above it; the task names the innermost."""
        paths = [headings[: n + 1] for n in range(len(headings))]
        marks = [f"{self.thing('Document', document)[:-1]}#section-{digest(*path)}>" for path in paths]
        if marks:
            yield f"{graph}\t{task}\t{term('zl:section')}\t{marks[-1]}"
        for mark, path in zip(marks, paths, strict=True):
            yield f"{graph}\t{mark}\t{term('rdf:type')}\t{term('zl:Section')}"
            yield f"{graph}\t{mark}\t{term('dcterms:title')}\t{text(path[-1])}"
        for upper, lower in pairwise(marks):
            yield f"{graph}\t{lower}\t{term('dcterms:isPartOf')}\t{upper}"

    def _field(self, value: str) -> Iterator[str]:
        head = f"{self.common}\t{iri(self.base, 'field', value)}\t"
        yield f"{head}{term('rdf:type')}\t{term('skos:Concept')}"
        yield f"{head}{term('skos:inScheme')}\t{term('zl:fields')}"
        yield f"{head}{term('skos:prefLabel')}\t{text(value)}@zh"
        english = fields().get(value)
        if english:
            yield f"{head}{term('skos:prefLabel')}\t{text(english)}@en"

    # --- rows of relationships

    def _edge(self, name: str, start: tuple[str, str], stop: tuple[str, str], row: dict[str, Any]) -> Iterator[str]:
        one, two = self.thing(*start), self.thing(*stop)
        keys = [RELATIONS[name, start[0]]]
        if name == "CITES" and row["role"] in CITED:
            keys.append(CITED[row["role"]])
        told = row["evidence"] or []
        role = ROLES.get(name) or row.get("role")
        if role and self.records is not None:
            a, b = (stop[1], start[1]) if name in ROLES else (start[1], stop[1])
            self.links.execute("INSERT INTO link VALUES (?, ?, ?, ?)", (a, role, b, json.dumps(told)))
        proofs: dict[str, list[dict[str, Any]]] = {}
        for proof in map(json.loads, told):
            graph = self.common if name in ALIGNED else self.graph(proof["document"])
            proofs.setdefault(graph, []).append(proof)
        stated = STATED.get((name, start[0]))
        # A citation in two roles, a step that is shown both ways, are two.
        extra = [str(row[key]) for key in ("role", "inferred") if row.get(key) not in (None, False)]
        subject = iri(self.base, "statement", name, start[1], stop[1], *extra)
        for graph, some in proofs.items() or [(self.common, [])]:
            for key in keys:
                yield f"{graph}\t{one}\t{term(key)}\t{two}"
            if name == "BRANCH_OF":
                yield f"{graph}\t{one}\t{term('rdf:type')}\t{term('org:OrganizationalUnit')}"
            if stated is None:
                continue
            head = f"{graph}\t{subject}\t"
            yield f"{head}{term('rdf:type')}\t{term('rdf:Statement')}"
            yield f"{head}{term('rdf:type')}\t{term(stated)}"
            yield f"{head}{term('rdf:subject')}\t{one}"
            yield f"{head}{term('rdf:predicate')}\t{term(keys[0])}"
            yield f"{head}{term('rdf:object')}\t{two}"
            if name == DERIVED:
                yield f"{head}{term('rdf:type')}\t{term('prov:Derivation')}"
                yield f"{head}{term('prov:entity')}\t{two}"
                yield f"{graph}\t{one}\t{term('prov:qualifiedDerivation')}\t{subject}"
            for key, known in STATED_PROPERTIES.items():
                value = row.get(key)
                if value is None:
                    continue
                if key != "quote":
                    yield from (f"{head}{term(known.name)}\t{shown}" for shown in _shown(known.form, value))
                elif graph == next(iter(proofs), self.common):  # whose words are the first is told by no single paper
                    yield f"{self.common}\t{subject}\t{term(known.name)}\t{text(value)}"
            yield from self.proof(graph, subject, some, ordered=False)

    # --- evidence

    def proof(self, graph: str, subject: str, proofs: list[dict[str, Any]], ordered: bool = True) -> Iterator[str]:
        """What something was derived from: quotations, numbered where there are several and their order counts."""
        for n, proof in enumerate(proofs, 1):
            document = self.thing("Document", proof["document"])
            start, end, rule, place = proof["start"], proof["end"], proof["rule"], proof["place"]
            place_told = json.dumps(place, ensure_ascii=False, sort_keys=True)
            mark = digest(str(start), str(end), proof["quote"], rule, place_told)
            quotation = f"{document[:-1]}#{start}-{end}-{mark}>"
            yield f"{graph}\t{subject}\t{term('prov:wasDerivedFrom')}\t{quotation}"
            if ordered and len(proofs) > 1:
                yield f"{graph}\t{subject}\t{term(f'rdf:_{n}')}\t{quotation}"
            head = f"{graph}\t{quotation}\t"
            yield f"{head}{term('rdf:type')}\t{term('zl:Quotation')}"
            yield f"{head}{term('prov:wasQuotedFrom')}\t{document}"
            yield f"{head}{term('prov:value')}\t{text(proof['quote'])}"
            yield f"{head}{term('zl:start')}\t{integer(start)}"
            yield f"{head}{term('zl:end')}\t{integer(end)}"
            yield from self.place(head, place)
            if rule == CORRECTED:
                yield from self.attributed(graph, head, str(place.get("by", "")), str(place.get("at", "")))
                if place.get("was"):
                    was = f"{quotation[:-1]}-was>"
                    yield f"{graph}\t{subject}\t{term('prov:wasRevisionOf')}\t{was}"
                    yield f"{graph}\t{was}\t{term('rdf:type')}\t{term('zl:AsRead')}"
                    yield f"{graph}\t{was}\t{term('prov:value')}\t{text(json.dumps(place['was'], ensure_ascii=False))}"
            if rule:  # where a record holds no evidence, the graph has the bare words
                yield f"{head}{term('prov:wasGeneratedBy')}\t{iri(self.base, 'reading', rule)}"
                yield from self._rule(graph, rule)

    def attributed(self, graph: str, head: str, by: str, at: str) -> Iterator[str]:
        """Whose word something is, and since when; `head` begins with its graph and subject."""
        person = iri(self.base, "person", by)
        yield f"{head}{term('prov:wasAttributedTo')}\t{person}"
        yield f"{head}{term('dcterms:created')}\t{text(at)}"
        yield f"{graph}\t{person}\t{term('rdf:type')}\t{term('prov:Person')}"
        yield f"{graph}\t{person}\t{term('dcterms:title')}\t{text(by)}"

    def place(self, head: str, place: dict[str, Any]) -> Iterator[str]:
        plain = [key for key in PLACES if type(place.get(key)) is int]
        for key in plain:
            yield f"{head}{term('zl:' + key)}\t{integer(place[key])}"
        if plain != list(place):
            yield f"{head}{term('zl:place')}\t{text(json.dumps(place, ensure_ascii=False))}"

    def _rule(self, graph: str, rule: str) -> Iterator[str]:
        """Reading by a rule: an activity that had the rule as its plan."""
        if (graph, rule) in self.rules:
            return
        self.rules.add((graph, rule))
        reading, plan = iri(self.base, "reading", rule), iri(self.base, "rule", rule)
        association = f"{reading[:-1]}#association>"
        yield f"{graph}\t{reading}\t{term('rdf:type')}\t{term('prov:Activity')}"
        yield f"{graph}\t{reading}\t{term('prov:qualifiedAssociation')}\t{association}"
        yield f"{graph}\t{association}\t{term('rdf:type')}\t{term('prov:Association')}"
        yield f"{graph}\t{association}\t{term('prov:agent')}\t<{self.base}program>"
        yield f"{graph}\t{association}\t{term('prov:hadPlan')}\t{plan}"
        yield f"{graph}\t<{self.base}program>\t{term('rdf:type')}\t{term('prov:SoftwareAgent')}"
        yield f"{graph}\t{plan}\t{term('rdf:type')}\t{term('prov:Plan')}"
        yield f"{graph}\t{plan}\t{term('dcterms:identifier')}\t{text(rule)}"

    # --- what a word of a record means

    def linked(self, start: str, role: str, proofs: list[str], name: str = "") -> str | None:
        """The id at the other end of the relationship that was made from an item of a record."""
        found = self.links.execute(
            "SELECT b, evidence FROM link WHERE a = ? AND role = ? ORDER BY b", (start, role)
        ).fetchall()
        shown = [b for b, told in found if set(proofs) <= set(json.loads(told))]
        if len(shown) > 1 and name:
            known = [
                b
                for b in shown
                if self.links.execute("SELECT 1 FROM alias WHERE id = ? AND alias = ?", (b, name)).fetchone()
            ]
            shown = known or shown
        return shown[0] if shown else None


def objects(base: str, form: str, value: Any) -> list[str]:
    """What a property of a node is in the terms of N-Quads, but for evidence and headings."""
    written = FORMS.get(form)
    if written is not None:
        return [] if value == "" and form == "word" else [written(value)]
    if form == "texts":
        return [text(one) for one in value]
    if form == "day":
        return [iri(base, "day", value.isoformat())]
    if value == "":
        return []
    return [iri(base, form, value) if form in ("region", "field") else concept(form, value)]


def _shown(form: str, value: Any) -> list[str]:
    """A property of a statement as objects: one, or as many as a list has."""
    if form == "texts":
        return [text(one) for one in value]
    return [concept(form, value) if form in SCHEMES else FORMS[form](value)]


@cache
def fields() -> dict[str, str]:
    """Field of work → its name in English, of the built-in ones."""
    with Path(__file__).with_name("fields.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: row["en"] for row in csv.DictReader(file)}


# --- what a record says, word by word -------------------------------------------------------------------------------


class _RecordStatements:
    """The items of one record, in the order in which they stand there."""

    def __init__(self, telling: _Telling, identity: str, record: Record) -> None:
        self.all_, self.id, self.record = telling, identity, record
        self.graph, self.document = telling.graph(identity), telling.thing("Document", identity)
        made = task_ids(identity, record.tasks)
        self.made = made
        self.tasks = dict(zip((t.id for t in record.tasks), made, strict=True))

    def all(self) -> Iterator[str]:
        yield from self._head()
        name = self.record.document.number or self.record.document.title or ""
        twins: dict[str, int] = {}
        for task, identity in zip(self.record.tasks, self.made, strict=True):
            yield from self._task(task, identity, name, twins)
        for n, citation in enumerate(self.record.citations, 1):
            yield from self._citation(n, citation)
        for kind, remarks in (("Warning", self.record.warnings), ("Finding", self.record.findings)):
            for n, remark in enumerate(remarks, 1):
                yield from self._remark(kind, n, remark)

    def _say(self, subject: str, key: str, value: str) -> str:
        return f"{self.graph}\t{subject}\t{term(key)}\t{value}"

    def _item(self, of: str, kind: str, n: int, class_: str) -> tuple[str, list[str]]:
        """(subject, its first statements) of the `n`th item of a kind."""
        subject = f"{of[:-1]}#{kind}-{n}>"
        first = [self._say(subject, "rdf:type", term(class_)), self._say(subject, "zl:order", integer(n))]
        return subject, first

    def _proof(self, subject: str, items: Iterable[Evidence]) -> Iterator[str]:
        yield from self.all_.proof(self.graph, subject, [piece(self.id, one) for one in items])

    def _head(self) -> Iterator[str]:
        record, document = self.record, self.record.document
        yield self._say(self.graph, "rdf:type", term("prov:Bundle"))
        yield self._say(self.graph, "prov:wasDerivedFrom", self.document)
        for key, value in (
            ("dcterms:source", record.source.get("path")),
            ("zl:sha256", record.source.get("sha256")),
            ("zl:rules", record.rules),
        ):
            if value:
                yield self._say(self.graph, key, text(value))
        files = {key: value for key, value in record.source.items() if key not in ("path", "sha256")}
        if files:
            yield self._say(self.graph, "zl:files", text(json.dumps(files, ensure_ascii=False)))
        for key, value in (("zl:writtenNumber", document.number), ("zl:writtenRegion", document.region)):
            if value is not None:
                yield self._say(self.document, key, text(value))
        if document.date is not None and not _is_day(document.date):
            yield self._say(self.document, "zl:writtenDate", text(document.date))
        for n, (name, items) in enumerate(document.evidence.items(), 1):
            subject, first = self._item(self.document, "field", n, "zl:Field")
            yield from first
            yield self._say(subject, "zl:of", self.document)
            yield self._say(subject, "zl:name", text(name))
            yield from self._proof(subject, items)
        for n, limit in enumerate(document.deadlines, 1):
            yield from self._limit(self.document, n, limit)

    def _task(self, task: Task, identity: str, name: str, twins: dict[str, int]) -> Iterator[str]:
        subject = self.all_.thing("Task", identity)
        flat = squeeze(task_text(task))
        key = task_key(name, task, 0)
        twins[key] = twins.get(key, -1) + 1
        for known, value, usual in (
            ("zl:starts", task.starts, flat[:16]),
            ("zl:ends", task.ends, flat[-10:]),
            ("zl:key", task.key, task_key(name, task, twins[key])),
        ):
            if value != usual:
                yield self._say(subject, known, text(value))
        for n, unit in enumerate(task.units, 1):
            yield from self._unit(subject, identity, n, unit)
        for n, limit in enumerate(task.deadlines, 1):
            yield from self._limit(subject, n, limit)

    def _unit(self, task: str, identity: str, n: int, unit: UnitRole) -> Iterator[str]:
        subject, first = self._item(task, "unit", n, "zl:Assignment")
        yield from first
        yield self._say(subject, "zl:of", task)
        yield self._say(subject, "zl:role", concept("role", unit.role))
        yield self._say(subject, "zl:writtenName", text(unit.name))
        if unit.collective:
            yield self._say(subject, "zl:collective", boolean(True))
        meant = self.all_.linked(identity, unit.role, evidence(self.id, unit.evidence, unit.name), unit.name)
        if meant is not None:
            yield self._say(subject, "zl:unit", self.all_.thing("Unit", meant))
        yield from self._proof(subject, unit.evidence)

    def _limit(self, of: str, n: int, limit: Deadline) -> Iterator[str]:
        subject, first = self._item(of, "limit", n, "zl:TimeLimit")
        yield from first
        yield self._say(subject, "zl:of", of)
        yield self._say(subject, "zl:writtenText", text(limit.text))
        yield self._say(subject, "dcterms:type", concept("limit", limit.kind))
        yield self._say(subject, "zl:deadline", self.all_.thing("Deadline", deadline(limit)[0]))
        for key, value in (("zl:firstDay", limit.start), ("zl:lastDay", limit.end)):
            if value is not None:
                yield self._say(subject, key, day(value) if _is_day(value) else text(value))
        yield from self._proof(subject, limit.evidence)

    def _citation(self, n: int, citation: Citation) -> Iterator[str]:
        subject, first = self._item(self.document, "citation", n, "zl:Citation")
        yield from first
        inside = self.tasks.get(citation.in_)
        start = self.id if inside is None else inside
        yield self._say(subject, "zl:of", self.document if inside is None else self.all_.thing("Task", inside))
        if inside is None and citation.in_ != "document":  # a task that there is not
            yield self._say(subject, "zl:name", text(citation.in_))
        for key, value in (("zl:writtenNumber", citation.number), ("zl:writtenTitle", citation.title)):
            if value is not None:
                yield self._say(subject, key, text(value))
        yield self._say(subject, "eli:type_document", concept("document", citation.kind))
        yield self._say(subject, "zl:role", concept("role", citation.role))
        yield self._say(subject, "zl:sentence", integer(citation.sentence))
        shown = evidence(self.id, citation.evidence, called(citation), title=citation.title or "")
        meant = self.all_.linked(start, citation.role, shown)
        if meant is not None:
            yield self._say(subject, "zl:document", self.all_.thing("Document", meant))
        yield from self._proof(subject, citation.evidence)

    def _remark(self, kind: str, n: int, remark: Remark) -> Iterator[str]:
        subject, first = self._item(self.document, kind.lower(), n, f"zl:{kind}")
        yield from first
        yield self._say(subject, "zl:code", text(remark.code))
        if remark.quote:
            yield self._say(subject, "prov:value", text(remark.quote))
        beside = {"quote": remark.other, "place": remark.other_place} if remark.other else {}
        for key, value in (("zl:values", remark.values), ("zl:beside", beside)):
            if value:
                yield self._say(subject, key, text(json.dumps(value, ensure_ascii=False)))
        yield from self.all_.place(f"{self.graph}\t{subject}\t", remark.place)


def _is_day(value: str) -> bool:
    """Whether a text is a day just as xsd:date has it."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
