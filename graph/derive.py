"""Records → the graph: nodes and relationships with their evidence, staged in a file so that memory stays flat.

Three passes: what each paper says of places; which documents there are; then everything that they set. The order of
the records does not matter: they are taken by their source.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from ..extractors.lexicon import Lexicon
from ..extractors.model import Citation, Evidence, Record, Remark, Task
from .chain import Step, Superior, steps, subject
from .documents import Documents, Twin, content
from .identity import Place, Places, UnitFacts, Units, deadline, task_ids, task_text
from .schema import NODES, RELATIONSHIPS

_ROLES = {"lead": "LEADS", "responsible": "RESPONSIBLE_FOR", "support": "SUPPORTS"}

Records = Callable[[], Iterable[Record]] | Iterable[Record]

_TABLES = """
CREATE TABLE paper(n INTEGER PRIMARY KEY, content TEXT, head TEXT);
CREATE TABLE node(label TEXT, id TEXT, n INTEGER, row TEXT);
CREATE TABLE edge(name TEXT, start TEXT, stop TEXT, a TEXT, b TEXT, extra TEXT, n INTEGER, evidence TEXT);
CREATE TABLE place(id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE step(a TEXT, b TEXT, PRIMARY KEY(a, b)) WITHOUT ROWID;
"""


@dataclass(slots=True)
class Paper:
    """What became of one record: `duplicate` names the source that was used in its place."""

    source: str
    document: str
    counts: dict[str, int] = field(default_factory=dict)  # tasks, units, deadlines, citations
    remarks: list[Remark] = field(default_factory=list)  # what came to light here; the record has its own
    duplicate: str = ""


class Derived:
    """The graph, staged: what `embedded.build` takes. Close it to delete the file behind it."""

    def __init__(self, folder: str | Path | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(dir=folder, prefix="derive-")
        self.base = sqlite3.connect(str(Path(self._folder.name) / "graph.sqlite"))
        self.base.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000; PRAGMA temp_store = FILE;"
            f"PRAGMA temp_store_directory = '{self._folder.name.replace(chr(39), chr(39) * 2)}';"
        )
        self.base.executescript(_TABLES)
        self.papers: list[Paper] = []

    def close(self) -> None:
        self.base.close()
        self._folder.cleanup()

    def __enter__(self) -> Derived:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- filling

    def node(self, label: str, identity: str, values: dict[str, Any], n: int = 0) -> None:
        row = json.dumps(values, ensure_ascii=False)
        self.base.execute("INSERT INTO node VALUES (?, ?, ?, ?)", (label, identity, n, row))

    def edge(
        self,
        name: str,
        start: tuple[str, str],
        stop: tuple[str, str],
        evidence: Iterable[str],
        n: int = 0,
        extra: str | bool | None = None,
    ) -> None:
        """A relationship between (label, id) and (label, id), once for each piece of evidence."""
        head = (name, start[0], stop[0], start[1], stop[1], json.dumps(extra), n)
        self.base.executemany("INSERT INTO edge VALUES (?,?,?,?,?,?,?,?)", ((*head, one) for one in evidence))

    # --- reading, in the order of the schema

    def nodes(self, label: str) -> Iterator[list[Any]]:
        """The rows of a label, sorted by id; of a node told by several papers, the first, with the aliases of all."""
        found = self.base.execute("SELECT id, row FROM node WHERE label = ? ORDER BY id, n, rowid", (label,))
        for identity, rows in groupby(found, key=lambda one: one[0]):
            told = [json.loads(row) for _, row in rows]
            aliases = set().union(*(one.get("aliases", ()) for one in told))
            values = told[0] | {"id": identity, "aliases": sorted(aliases)}
            yield [_typed(values.get(name), type_) for name, type_ in NODES[label].items()]

    def relationships(self, name: str, start: str, stop: str) -> Iterator[list[Any]]:
        """The rows of a relationship between two labels, sorted by its ends."""
        found = self.base.execute(
            "SELECT a, b, extra, evidence FROM edge WHERE name = ? AND start = ? AND stop = ? "
            "ORDER BY a, b, extra, n, rowid",
            (name, start, stop),
        )
        own = [p for p in RELATIONSHIPS[name].properties if p not in ("evidence", "quote", "title")]
        for (a, b, extra), rows in groupby(found, key=lambda one: one[:3]):
            evidence = list(dict.fromkeys(row[3] for row in rows))
            first = json.loads(evidence[0])
            values = {"evidence": evidence, "quote": first["quote"], "title": first.get("title", "")}
            values |= dict.fromkeys(own, json.loads(extra))
            yield [a, b, *(values[p] for p in RELATIONSHIPS[name].properties)]


def _typed(value: Any, type_: str) -> Any:
    if type_ == "DATE" and value:
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return [] if type_ == "STRING[]" and value is None else value


def derive(records: Records, lexicon: Lexicon, folder: str | Path | None = None) -> Derived:
    """The graph of records, staged in a file under `folder`.

    `records` gives them in the order of their sources, each time anew when it is a function.
    """
    graph = Derived(folder)
    try:
        _Deriving(graph, records, lexicon).run()
    except BaseException:
        graph.close()
        raise
    return graph


class _Deriving:
    def __init__(self, graph: Derived, records: Records, lexicon: Lexicon) -> None:
        self.graph, self.records = graph, records if callable(records) else _sorted(records)
        self.places = Places(lexicon)
        self.units = Units(self.places)
        self.documents = Documents(graph.base, self.places)

    def run(self) -> None:
        count = 0
        for record in self.records():
            self.places.claim(record)
            self._keep(count, record)
            count += 1
        for n in range(count):
            self._register(n)
        for method in (self.documents.cite, self._resolve):
            for n, paper in enumerate(self.graph.papers):
                if not paper.duplicate:
                    head = self._head(n)
                    method(n, head.citations, self.places.of(head))
        for n, record in enumerate(self.records()):
            paper = self.graph.papers[n]
            if not paper.duplicate:
                _Setting(self, n, record, paper).set()
        self._chain()
        self._known()
        self.graph.base.commit()

    def _keep(self, n: int, record: Record) -> None:
        """All but the tasks, so that these are read once more only."""
        head = Record(record.document, record.citations, source=record.source)
        text = json.dumps(head.to_json(), ensure_ascii=False)
        self.graph.base.execute("INSERT INTO paper VALUES (?, ?, ?)", (n, content(record), text))

    def _register(self, n: int) -> None:
        head = self._head(n)
        place = self.places.of(head)
        source = head.source.get("path", "")
        (text,) = self.graph.base.execute("SELECT content FROM paper WHERE n = ?", (n,)).fetchone()
        identity = self.documents.add(n, head, place, text)
        if isinstance(identity, Twin):
            remark = Remark("duplicate", values={"document": identity.id, "source": identity.source})
            self.graph.papers.append(Paper(source, identity.id, remarks=[remark], duplicate=identity.source))
        else:
            self.graph.papers.append(Paper(source, identity, remarks=list(place.remarks)))

    def _head(self, n: int) -> Record:
        (text,) = self.graph.base.execute("SELECT head FROM paper WHERE n = ?", (n,)).fetchone()
        return Record.from_json(json.loads(text))

    def _resolve(self, n: int, citations: list[Citation], place: Place) -> None:
        for citation in self.documents.resolve(n, citations, place):
            spot = citation.evidence[0].place if citation.evidence else {}
            remark = Remark("citation-several", spot, citation.title or "", {"title": citation.title or ""})
            self.graph.papers[n].remarks.append(remark)

    # --- the chain

    def _chain(self) -> None:
        """IMPLEMENTS of all loaded documents: what each says itself, then what others say of those that say nothing."""
        base = self.graph.base
        shown: list[tuple[int, Step]] = []
        through: list[tuple[int, Step]] = []
        speaking: set[str] = set()
        for n, paper in enumerate(self.graph.papers):
            if paper.duplicate:
                continue
            direct, inferred, others = self._steps(n, paper.document)
            for step in direct:
                self._step(n, step, inferred=False)
                speaking.add(paper.document)
            shown += [(n, step) for step in inferred]
            through += [(n, step) for step in others]
        for n, step in shown:
            if step.lower not in speaking and step.lower != step.upper:
                self._step(n, step, inferred=True)
        missing = []
        for n, step in through:
            reached = base.execute(
                "WITH RECURSIVE up(id) AS (VALUES(?) UNION SELECT b FROM step JOIN up ON step.a = up.id) "
                "SELECT 1 FROM up WHERE id = ?",
                (step.lower, step.upper),
            ).fetchone()
            if reached is None:
                missing.append((n, step))
        for n, step in missing:
            self._step(n, step, inferred=False)

    def _step(self, n: int, step: Step, inferred: bool) -> None:
        self.graph.base.execute("INSERT OR IGNORE INTO step VALUES (?, ?)", (step.lower, step.upper))
        ends = ("Document", step.lower), ("Document", step.upper)
        self.graph.edge("IMPLEMENTS", *ends, step.evidence, n, inferred)

    def _steps(self, n: int, identity: str) -> tuple[list[Step], list[Step], list[Step]]:
        head, cited = self._head(n), self.documents.cited(n)
        place = self.places.of(head)
        near = [self.places.known[p][0] for p in place.chain.values()]
        superiors = []
        for i, citation in enumerate(head.citations):
            if citation.in_ != "document" or citation.role != "basis" or citation.kind != "directive" or i not in cited:
                continue
            row = self.documents.row(cited[i])
            about = subject(row["title"], [*near, *(name for name, _ in self.places.names(row["title"]))])
            proof = tuple(evidence(identity, citation.evidence, called(citation)))
            superiors.append(Superior(cited[i], row["level"], about, citation.sentence, proof))
        return steps(identity, head.document.level, superiors)

    # --- what all papers speak of

    def _known(self) -> None:
        for identity in self.documents.rows():
            row = self.documents.row(identity)
            has_steps = self.graph.base.execute("SELECT 1 FROM step WHERE a = ?", (identity,)).fetchone()
            why = "" if has_steps else "not loaded" if not row["loaded"] else "names no superior"
            if not has_steps and row["loaded"] and row["level"] == "national":
                why = "national"
            proof: list[str] = []
            if row["loaded"]:
                for items in self._head(row["n"]).document.evidence.values():
                    proof += evidence(identity, items, "") if items else []
            values = {key: row[key] for key in ("number", "title", "kind", "level", "issuer", "region", "date", "year")}
            self.graph.node(
                "Document",
                identity,
                values
                | {"loaded": bool(row["loaded"]), "source": row["source"], "why": why, "evidence": proof}
                | {"aliases": self.documents.aliases(identity)},
            )
            if row["region"]:
                self.region(row["region"])
        for path, (name, level, code) in self.places.known.items():
            if self._used(path):
                self.graph.node("Region", path, {"name": name, "level": level, "code": code})

    def region(self, path: str) -> None:
        """Note that a region and those above it belong to the graph."""
        self.graph.base.executemany(
            "INSERT OR IGNORE INTO place VALUES (?)", ((part,) for part in self.places.parts(path))
        )

    def _used(self, path: str) -> bool:
        return self.graph.base.execute("SELECT 1 FROM place WHERE id = ?", (path,)).fetchone() is not None


class _Setting:
    """What one loaded document sets: its tasks and all that hangs on them."""

    def __init__(self, deriving: _Deriving, n: int, record: Record, paper: Paper) -> None:
        self.all, self.graph, self.n, self.record, self.paper = deriving, deriving.graph, n, record, paper
        self.place = deriving.places.of(record)
        self.id = paper.document
        self.facts: dict[tuple[str, bool], UnitFacts] = {}
        self.seen: dict[str, set[str]] = {}  # unit → its names here
        self.limits: set[str] = set()
        self.regions: set[str] = set()

    def set(self) -> None:
        record = self.record
        made = task_ids(self.id, record.tasks)
        ids = dict(zip((t.id for t in record.tasks), made, strict=True))
        self._head()
        deadlines = len({deadline(d)[0] for d in record.document.deadlines})
        for order, (task, identity) in enumerate(zip(record.tasks, made, strict=True), 1):
            deadlines += self._task(task, identity, ids, order)
        assigned = len(self.seen)
        self._issued()
        cited = self._citations(ids)
        self.paper.counts = {
            "tasks": len(record.tasks),
            "units": assigned,
            "deadlines": deadlines,
            "citations": cited,
        }

    def proof(self, items: Iterable[Evidence], words: str) -> list[str]:
        return evidence(self.id, items, words)

    def _head(self) -> None:
        document = self.record.document
        if self.place.path:
            shown = document.evidence.get("region") or document.evidence.get("issuer") or ()
            self._region(self.place.path, self.proof(shown, document.region or document.title or "")[:1])
        for limit in document.deadlines:
            self._limit(("Document", self.id), limit)

    def _issued(self) -> None:
        document = self.record.document
        if document.issuer:
            unit = self.all.units.issuer(document.issuer, self.place, self.id)
            proof = self.proof(document.evidence.get("issuer", ()), document.issuer)
            self._unit(unit, document.issuer, proof)
            self.graph.edge("ISSUED_BY", ("Document", self.id), ("Unit", unit.id), proof, self.n)

    def _task(self, task: Task, identity: str, ids: dict[str, str], order: int) -> int:
        text = task_text(task)
        proof = self.proof(task.evidence, text[:80] or task.title or "")
        values = {"name": task.id, "order": order, "title": task.title, "text": text, "section": task.section}
        values |= {"open": task.open, "document": self.id, "evidence": proof}
        self.graph.node("Task", identity, values, self.n)
        self.graph.edge("CONTAINS", ("Document", self.id), ("Task", identity), proof, self.n)
        if task.part_of in ids and task.part_of != task.id:
            self.graph.edge("PART_OF", ("Task", identity), ("Task", ids[task.part_of]), proof, self.n)
        for given in task.units:
            key = (given.name, given.collective)
            unit = self.facts.get(key)
            if unit is None:
                unit = self.facts[key] = self.all.units.of(*key, self.place, self.id)
            shown = self.proof(given.evidence, given.name)
            self._unit(unit, given.name, shown)
            self.graph.edge(_ROLES[given.role], ("Unit", unit.id), ("Task", identity), shown, self.n)
        for limit in task.deadlines:
            self._limit(("Task", identity), limit)
        return len({deadline(d)[0] for d in task.deadlines})

    def _limit(self, end: tuple[str, str], limit: Any) -> None:
        identity, words = deadline(limit)
        if identity not in self.limits:
            self.limits.add(identity)
            values = {"kind": limit.kind, "text": words}
            if limit.kind == "date":
                values |= {"start": limit.start, "due": limit.end}
            self.graph.node("Deadline", identity, values, self.n)
        self.graph.edge("DUE", end, ("Deadline", identity), self.proof(limit.evidence, limit.text), self.n)

    def _unit(self, unit: UnitFacts, name: str, proof: list[str]) -> None:
        """Stage a unit with what stands round it, once for each name that the paper has for it."""
        names = self.seen.setdefault(unit.id, set())
        if name in names:
            return
        first = not names
        names.add(name)
        values = {"name": unit.name, "function": unit.function, "level": unit.level, "region": unit.region}
        aliases = sorted({name, unit.name}) if name else [unit.name]
        self.graph.node("Unit", unit.id, values | {"collective": unit.collective, "aliases": aliases}, self.n)
        if not first:
            return
        if unit.region:
            self._region(unit.region, proof[:1])
            self.graph.edge("IN", ("Unit", unit.id), ("Region", unit.region), proof[:1], self.n)
        if unit.parent is not None:
            self._above(unit.parent, proof[:1])
            self.graph.edge("BRANCH_OF", ("Unit", unit.id), ("Unit", unit.parent.id), proof[:1], self.n)

    def _above(self, unit: UnitFacts, proof: list[str]) -> None:
        values = {"name": unit.name, "function": unit.function, "level": unit.level, "region": unit.region}
        self.graph.node("Unit", unit.id, values | {"collective": False, "aliases": [unit.name]}, self.n)
        if unit.region:
            self._region(unit.region, proof)
            self.graph.edge("IN", ("Unit", unit.id), ("Region", unit.region), proof, self.n)

    def _region(self, path: str, proof: list[str]) -> None:
        self.all.region(path)
        parts = self.all.places.parts(path)
        for upper, lower in pairwise(parts):
            if lower not in self.regions:
                self.regions.add(lower)
                self.graph.edge("PART_OF", ("Region", lower), ("Region", upper), proof, self.n)

    def _citations(self, ids: dict[str, str]) -> int:
        cited = self.all.documents.cited(self.n)
        found = set()
        for i, citation in enumerate(self.record.citations):
            target = cited.get(i)
            if target is None or target == self.id:
                continue
            start = ("Task", ids[citation.in_]) if citation.in_ in ids else ("Document", self.id)
            proof = self.proof(citation.evidence, called(citation))
            shown = evidence(self.id, citation.evidence, called(citation), title=citation.title or "")
            self.graph.edge("CITES", start, ("Document", target), shown, self.n, citation.role)
            found.add((*start, target, citation.role))
            row = self.all.documents.row(target)
            if row["region"]:
                self._region(row["region"], proof[:1])
            if row["issuer"] and row["region"] and not row["loaded"]:
                there = Place(row["region"], row["level"], self.all.places.chain(row["region"]))
                unit = self.all.units.issuer(row["issuer"], there, target)
                self._unit(unit, row["issuer"], proof)
                self.graph.edge("ISSUED_BY", ("Document", target), ("Unit", unit.id), proof[:1], self.n)
        return len(found)


def evidence(document: str, items: Iterable[Evidence], words: str, **more: str) -> list[str]:
    """Evidence as the graph keeps it, with `more` on the fact; `words` stand where the record holds none."""
    found = list(items) or [Evidence(0, 0, words or document, "")]
    return [json.dumps({**piece(document, one), **more}, ensure_ascii=False) for one in found]


def piece(document: str, one: Evidence) -> dict[str, Any]:
    """A piece of evidence in a document, as the graph has it before it is made JSON."""
    return {
        "document": document,
        "start": one.start,
        "end": one.end,
        "quote": one.quote,
        "rule": one.rule,
        "place": one.place,
    }


def called(citation: Citation) -> str:
    title = f"《{citation.title}》" if citation.title else ""
    return title + (citation.number or "")


def _sorted(records: Iterable[Record]) -> Callable[[], Iterable[Record]]:
    kept = sorted(records, key=lambda record: record.source.get("path", ""))
    return lambda: kept
