"""What the ledger says of each task, gathered from the graph: its units by role, deadlines, citations, chain of
command, what it is made from, how far it has come.

What belongs to a task is gathered in a temporary SQLite file, so that memory does not grow with the tasks.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from ...graph.deriving.identity import rank
from ...graph.deriving.pieces import CORRECTED
from ...graph.schema import NODES, RELATIONSHIPS, ROLES, Source

_SHOWN = 30  # characters of a task without a title
_STEPS = 8  # of a chain at most
_TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000; PRAGMA temp_store = FILE;
CREATE TABLE task(id TEXT PRIMARY KEY, document TEXT, n INTEGER, row TEXT) WITHOUT ROWID;
CREATE TABLE fact(task TEXT, kind TEXT, at INTEGER, value TEXT);
"""


@contextmanager
def gathered(source: Source) -> Iterator[Ledger]:
    """The ledger of a graph, while it is needed."""
    folder = tempfile.mkdtemp(prefix="ledger-")
    base = sqlite3.connect(str(Path(folder) / "ledger.sqlite"))
    try:
        base.executescript(_TABLES)
        base.execute(f"PRAGMA temp_store_directory = '{folder.replace(chr(39), chr(39) * 2)}'")
        yield Ledger(source, base)
    finally:
        base.close()
        shutil.rmtree(folder, ignore_errors=True)


class Ledger:
    """The graph as tables. Documents, units and deadlines are held; tasks and what hangs on them lie in `base`."""

    def __init__(self, source: Source, base: sqlite3.Connection) -> None:
        self.source, self.base = source, base
        self.documents = _by_id(source, "Document")
        self.units = _by_id(source, "Unit")
        self.limits = _by_id(source, "Deadline")
        self.above: dict[str, list[tuple[str, bool]]] = {}
        for lower, upper, inferred, *_ in source.relationships("IMPLEMENTS", "Document", "Document"):
            self.above.setdefault(lower, []).append((upper, inferred))
        self.counts: dict[str, dict[str, int]] = {}  # unit → role → tasks
        self.per_document: dict[str, int] = {}
        self.cited: dict[str, int] = {}
        self.chains: dict[str, list[str]] = {}
        self.count = 0
        self._fill()

    def _fill(self) -> None:
        base, source = self.base, self.source
        names = list(NODES["Task"])
        for row in source.nodes("Task"):
            facts = dict(zip(names, row, strict=True))
            kept = {k: facts[k] for k in ("name", "order", "title", "text", "section", "open", "state", "closed")}
            kept["milestones"] = [json.loads(one) for one in facts["milestones"] or ()]
            kept["notes"] = [json.loads(note) for note in facts["notes"] or ()]
            kept |= {k: facts[k] and facts[k].isoformat() for k in ("reported", "next_report")}
            values = (facts["id"], facts["document"], facts["order"], json.dumps(kept, ensure_ascii=False))
            base.execute("INSERT INTO task VALUES (?, ?, ?, ?)", values)
            self.per_document[facts["document"]] = self.per_document.get(facts["document"], 0) + 1
            self.count += 1
            self._reviewed(facts["id"], facts["evidence"], "")
        for relationship, role in ROLES.items():
            for unit, task, evidence, *_, review in source.relationships(relationship, "Unit", "Task"):
                counts = self.counts.setdefault(unit, {})
                counts[role] = counts.get(role, 0) + 1
                self._fact(task, role, evidence, unit)
                if review:
                    self._reviewed(task, evidence, self.units[unit]["name"])
        for task, limit, evidence, quote, review in source.relationships("DUE", "Task", "Deadline"):
            if review:
                self._reviewed(task, evidence, self.limits[limit]["text"])
            self._fact(task, "due", evidence, json.dumps([limit, quote], ensure_ascii=False))
        for task, document, role, title, evidence, quote, *_ in source.relationships("CITES", "Task", "Document"):
            self.cited[document] = self.cited.get(document, 0) + 1
            self._fact(task, "cites", evidence, json.dumps([document, role, title, quote], ensure_ascii=False))
        names = list(RELATIONSHIPS["DERIVES_FROM"].properties)
        for task, upper, *row in source.relationships("DERIVES_FROM", "Task", "Task"):
            link = dict(zip(names, row, strict=True))
            kept = {"task": upper} | {key: link[key] for key in ("kind", "wording", "state", "score", "change")}
            self._fact(task, "origin", link["evidence"], json.dumps(kept, ensure_ascii=False))
        for _, document, *_ in source.relationships("CITES", "Document", "Document"):
            self.cited[document] = self.cited.get(document, 0) + 1
        base.execute("CREATE INDEX by_task ON fact(task, kind, at)")
        base.execute("CREATE INDEX by_value ON fact(kind, value)")

    def _fact(self, task: str, kind: str, evidence: list[str], value: str) -> None:
        """Note what hangs on a task, with the place where it is read: so they come in the paper's order."""
        at = json.loads(evidence[0])["start"] if evidence else 0
        self.base.execute("INSERT INTO fact VALUES (?, ?, ?, ?)", (task, kind, at, value))

    def _reviewed(self, task: str, evidence: Iterable[str] | None, what: str) -> None:
        """Note what people did to a fact of a task."""
        for text in evidence or ():
            if f'"{CORRECTED}"' in text:
                place = json.loads(text)["place"]
                told = [place["review"], what, place["by"], place["at"]]
                self.base.execute(
                    "INSERT INTO fact VALUES (?, ?, ?, ?)", (task, "review", 0, json.dumps(told, ensure_ascii=False))
                )

    def has(self, task: str) -> bool:
        """Whether there is such a task."""
        return self.base.execute("SELECT 1 FROM task WHERE id = ?", (task,)).fetchone() is not None

    def of_units(self) -> Iterator[tuple[str, list[str]]]:
        """Id of a unit that leads or answers for tasks → their ids, in the order of the ledger."""
        found = self.base.execute(
            "SELECT DISTINCT fact.value, task.document, task.n, task.id FROM fact JOIN task ON task.id = fact.task "
            "WHERE kind IN ('lead', 'responsible') ORDER BY fact.value, task.document, task.n, task.id"
        )
        for unit, rows in groupby(found, key=lambda row: row[0]):
            yield unit, [row[3] for row in rows]

    def roles(self, unit: str) -> dict[str, list[str]]:
        """Task → the roles that a unit has in it, leading first."""
        found: dict[str, list[str]] = {}
        for role in ROLES.values():
            for (task,) in self.base.execute("SELECT task FROM fact WHERE kind = ? AND value = ?", (role, unit)):
                found.setdefault(task, []).append(role)
        return found

    def cited_by_tasks(self) -> Iterator[tuple[str, str, str, str, str | None, str]]:
        """(document, name of the task, cited document, role, title, quote) of each citation of a task, in its order."""
        found = self.base.execute(
            "SELECT task.document, task.row, fact.value FROM fact JOIN task ON task.id = fact.task "
            "WHERE kind = 'cites' ORDER BY task.document, task.n, task.id, at, value"
        )
        for document, row, value in found:
            cited, role, title, quote = json.loads(value)
            yield document, json.loads(row)["name"], cited, role, title, quote

    def tasks(self) -> Iterator[dict[str, Any]]:
        """Every task by its document and place, with values of the types of Parquet."""
        found = self.base.execute(
            "SELECT task.id, task.document, task.row, fact.kind, fact.value FROM task LEFT JOIN fact "
            "ON fact.task = task.id ORDER BY task.document, task.n, task.id, fact.kind, fact.at, fact.value"
        )
        for (identity, document, row), facts in groupby(found, key=lambda one: one[:3]):
            yield self._task(identity, document, json.loads(row), [(kind, value) for *_, kind, value in facts if kind])

    def _task(self, identity: str, document: str, task: dict[str, Any], facts: list[tuple[str, str]]) -> dict[str, Any]:
        paper = self.documents[document]
        said = [json.loads(value) for kind, value in facts if kind == "due"]
        limits = [self.limits[limit] | {"quote": quote} for limit, quote in said]
        cites = [json.loads(value) for kind, value in facts if kind == "cites"]
        dated = [limit for limit in limits if limit["due"]]
        next_due = min(dated, key=lambda limit: (limit["due"], limit["id"]), default=None)
        roles = {role: [self.units[value]["name"] for kind, value in facts if kind == role] for role in ROLES.values()}
        return {
            "id": identity,
            "document": document,
            "document_title": paper["title"],
            **task,
            **roles,
            **{name: paper[name] for name in ("number", "issuer", "region", "level", "year", "date", "address")},
            **{k: date.fromisoformat(task[k]) if task[k] else None for k in ("reported", "next_report")},
            "review": [json.loads(value) for kind, value in facts if kind == "review"],
            "deadlines": [{k: limit[k] for k in ("text", "kind", "start", "due", "quote")} for limit in limits],
            "start": next_due["start"] if next_due else None,
            "due": next_due["due"] if next_due else None,
            "citations": [
                {
                    "document": cited,
                    "title": title or self.documents[cited]["title"],
                    "role": role,
                    "level": self.documents[cited]["level"],
                    "quote": quote,
                }
                for cited, role, title, quote in cites
            ],
            "chain": [*self._own_chain(document, cites), *self.chain(document)],
            "origin": [self._origin(json.loads(value)) for kind, value in facts if kind == "origin"],
        }

    def _origin(self, link: dict[str, Any]) -> dict[str, Any]:
        """The superior's task that a task is made from, with what it is called and where it stands."""
        found = self.base.execute("SELECT document, row FROM task WHERE id = ?", (link["task"],)).fetchone()
        task = json.loads(found[1])
        return link | {"document": found[0], "title": task["title"] or task["text"][:_SHOWN]}

    def _own_chain(self, document: str, cites: list[list[str]]) -> list[str]:
        """Steps of the task alone: superiors that it names itself as basis."""
        level = rank(self.documents[document]["level"])
        return [
            line
            for cited, role, *_ in cites
            if role == "basis"
            and self.documents[cited]["kind"] == "directive"
            and rank(self.documents[cited]["level"]) > level > 0
            for line in (self._line([cited, *rest]) for rest in self._ways(cited, (cited,)))
        ]

    def chain(self, document: str) -> list[str]:
        """The ways up from a document, one a line: nearest first, `⇢` before a step that is inferred."""
        if document not in self.chains:
            self.chains[document] = [self._line(way) for way in self._ways(document, (document,)) if way]
        return self.chains[document]

    def _ways(self, document: str, seen: tuple[str, ...]) -> list[list[str]]:
        ways = []
        for upper, inferred in self.above.get(document, ()) if len(seen) <= _STEPS else ():
            if upper in seen:
                continue
            for rest in self._ways(upper, (*seen, upper)):
                ways.append([("⇢ " if inferred else "→ ") + upper, *rest])
        return ways or [[]]

    def _line(self, way: list[str]) -> str:
        parts = []
        for n, step in enumerate(way):
            sign, identity = (step[:2], step[2:]) if step[:2] in ("→ ", "⇢ ") else ("", step)
            parts.append((sign if n else "") + self.label(identity))
        return " ".join(parts)

    def label(self, identity: str) -> str:
        row = self.documents[identity]
        return row["number"] or (f"《{row['title']}》" if row["title"] else identity)


def _by_id(source: Source, label: str) -> dict[str, dict[str, Any]]:
    """The nodes of a label, without their evidence."""
    names = list(NODES[label])
    found: dict[str, dict[str, Any]] = {}
    for row in source.nodes(label):
        facts = dict(zip(names, row, strict=True))
        facts.pop("evidence", None)
        found[facts["id"]] = facts
    return found
