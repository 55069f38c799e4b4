"""The task ledger (工作台账): one row a task with its units by role, deadlines, citations and chain of command, and
beside it documents, units and citations; as CSV files, a workbook and Parquet.

What belongs to a task is gathered in a temporary SQLite file, so that memory does not grow with the tasks.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..graph.identity import rank
from ..graph.schema import NODES, Source
from . import tables
from .messages import Catalogue

if TYPE_CHECKING:
    import pyarrow

_ROLES = {"LEADS": "lead", "RESPONSIBLE_FOR": "responsible", "SUPPORTS": "support"}
_GROUP = 5_000  # rows of a row group in Parquet
_STEPS = 8  # of a chain at most
_TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000; PRAGMA temp_store = FILE;
CREATE TABLE task(id TEXT PRIMARY KEY, document TEXT, n INTEGER, row TEXT) WITHOUT ROWID;
CREATE TABLE fact(task TEXT, kind TEXT, at INTEGER, value TEXT);
"""


class Field(NamedTuple):
    """A column of a sheet: its name (the catalogue has `ledger-<name>`) and its width in characters; `fill` is left
    empty for the office."""

    name: str
    width: float
    fill: bool = False


TASKS = (
    *(Field("no", 6), Field("document", 30), Field("number", 20), Field("region", 22), Field("level", 8)),
    *(Field("year", 7), Field("date", 12), Field("name", 7), Field("section", 26), Field("title", 26)),
    *(Field("text", 60), Field("lead", 22), Field("responsible", 26), Field("support", 26), Field("open", 8)),
    *(Field("deadline", 18), Field("start", 12), Field("due", 12), Field("citations", 36), Field("chain", 44)),
    *(Field("state", 10, True), Field("progress", 30, True), Field("remark", 20, True), Field("id", 18)),
)
DOCUMENTS = (
    *(Field("number", 22), Field("document", 50), Field("kind", 10), Field("level", 8), Field("issuer", 26)),
    *(Field("region", 26), Field("date", 12), Field("year", 7), Field("loaded", 8), Field("tasks", 8)),
    *(Field("cited", 8), Field("chain", 44), Field("source", 26), Field("id", 26)),
)
UNITS = (
    *(Field("unit", 28), Field("region", 26), Field("level", 8), Field("function", 16), Field("collective", 8)),
    *(Field("leads", 8), Field("answers", 8), Field("supports", 8), Field("aliases", 40), Field("id", 34)),
)
CITATIONS = (
    *(Field("citing", 22), Field("name", 8), Field("role", 8), Field("cited_number", 22), Field("cited_title", 50)),
    *(Field("level", 8), Field("loaded", 8), Field("quote", 60)),
)


def write_csv(source: Source, out: Path, say: Catalogue) -> int:
    """A folder with a file a table; gives the number of tasks. The files there before are replaced, others stay."""
    if out.exists() and not out.is_dir():
        raise NotADirectoryError(20, os.strerror(20), str(out))
    with _gathered(source) as ledger:
        out.mkdir(parents=True, exist_ok=True)
        for name, fields, rows in ledger.sheets(say):
            with tables.writing(out / f"{name}.csv") as file:
                heads = [say(f"ledger-{field.name}") for field in fields if not field.fill]
                file.write("".join(tables.csv_lines([heads])).encode())
                kept = [n for n, field in enumerate(fields) if not field.fill]
                for line in tables.csv_lines([row[n] for n in kept] for row in rows):
                    file.write(line.encode("utf-8", "backslashreplace"))
        return ledger.count


def write_xlsx(source: Source, out: Path, say: Catalogue) -> tuple[int, int]:
    """A workbook with a sheet a table; gives the numbers of tasks and of cells that were too long.

    Raises `ZhenglingError` where openpyxl (extra `xlsx`) is not installed.
    """
    from .workbook import Book, Column

    book = Book()
    states = [say(f"ledger-state-{state}") for state in ("open", "running", "done", "late")]
    with _gathered(source) as ledger:
        for name, fields, rows in ledger.sheets(say):
            columns = [
                Column(say(f"ledger-{field.name}"), field.width, states if field.name == "state" else ())
                for field in fields
            ]
            book.sheet(say(f"ledger-sheet-{name}"), columns, rows)
        book.save(out)
        return ledger.count, book.cut


def write_parquet(source: Source, out: Path) -> int:
    """One file, one row a task, columns of exact types under stable names; gives the number of tasks."""
    import pyarrow
    from pyarrow import parquet

    schema = _schema()
    with _gathered(source) as ledger, tables.writing(out) as file:
        # The version of the library would stand in the file otherwise.
        with parquet.ParquetWriter(file, schema, compression="zstd", store_schema=True) as writer:
            some: list[dict[str, Any]] = []
            for row in ledger.tasks():
                some.append(row)
                if len(some) == _GROUP:
                    writer.write_table(pyarrow.Table.from_pylist(some, schema=schema))
                    some = []
            if some or not ledger.count:
                writer.write_table(pyarrow.Table.from_pylist(some, schema=schema))
        return ledger.count


def _schema() -> pyarrow.Schema:
    import pyarrow as pa

    text, texts = pa.string(), pa.list_(pa.string())
    limit = pa.struct([("text", text), ("kind", text), ("start", pa.date32()), ("due", pa.date32()), ("quote", text)])
    cited = pa.struct([("document", text), ("title", text), ("role", text), ("level", text), ("quote", text)])
    return pa.schema(
        [
            *(("id", text), ("name", text), ("order", pa.int32()), ("document", text), ("document_title", text)),
            *(("number", text), ("issuer", text), ("region", text), ("level", text), ("year", pa.int32())),
            *(("date", pa.date32()), ("section", texts), ("title", text), ("text", text), ("open", pa.bool_())),
            *(("lead", texts), ("responsible", texts), ("support", texts), ("deadlines", pa.list_(limit))),
            *(("start", pa.date32()), ("due", pa.date32()), ("citations", pa.list_(cited)), ("chain", texts)),
        ]
    )


# --- gathering ------------------------------------------------------------------------------------------------------


@contextmanager
def _gathered(source: Source) -> Iterator[Ledger]:
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
            kept = {k: facts[k] for k in ("name", "order", "title", "text", "section", "open")}
            values = (facts["id"], facts["document"], facts["order"], json.dumps(kept, ensure_ascii=False))
            base.execute("INSERT INTO task VALUES (?, ?, ?, ?)", values)
            self.per_document[facts["document"]] = self.per_document.get(facts["document"], 0) + 1
            self.count += 1
        for relationship, role in _ROLES.items():
            for unit, task, evidence, *_ in source.relationships(relationship, "Unit", "Task"):
                counts = self.counts.setdefault(unit, {})
                counts[role] = counts.get(role, 0) + 1
                self._fact(task, role, evidence, unit)
        for task, limit, evidence, quote in source.relationships("DUE", "Task", "Deadline"):
            self._fact(task, "due", evidence, json.dumps([limit, quote], ensure_ascii=False))
        for task, document, role, title, evidence, quote in source.relationships("CITES", "Task", "Document"):
            self.cited[document] = self.cited.get(document, 0) + 1
            self._fact(task, "cites", evidence, json.dumps([document, role, title, quote], ensure_ascii=False))
        for _, document, *_ in source.relationships("CITES", "Document", "Document"):
            self.cited[document] = self.cited.get(document, 0) + 1
        base.execute("CREATE INDEX by_task ON fact(task, kind, at)")

    def _fact(self, task: str, kind: str, evidence: list[str], value: str) -> None:
        """Note what hangs on a task, with the place where it is read: so they come in the paper's order."""
        at = json.loads(evidence[0])["start"] if evidence else 0
        self.base.execute("INSERT INTO fact VALUES (?, ?, ?, ?)", (task, kind, at, value))

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
        roles = {role: [self.units[value]["name"] for kind, value in facts if kind == role] for role in _ROLES.values()}
        return {
            "id": identity,
            "document": document,
            "document_title": paper["title"],
            **task,
            **roles,
            **{name: paper[name] for name in ("number", "issuer", "region", "level", "year", "date")},
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
        }

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

    # --- as sheets

    def sheets(self, say: Catalogue) -> Iterator[tuple[str, tuple[Field, ...], Iterator[list[Any]]]]:
        """(name, columns, rows) of each table, in words of a language."""
        makers: tuple[tuple[str, tuple[Field, ...], Callable[[], Iterable[dict[str, Any]]]], ...] = (
            ("tasks", TASKS, lambda: self._task_rows(say)),
            ("documents", DOCUMENTS, lambda: self._document_rows(say)),
            ("units", UNITS, lambda: self._unit_rows(say)),
            ("citations", CITATIONS, lambda: self._citation_rows(say)),
        )
        for name, fields, rows in makers:
            yield name, fields, ([row.get(field.name) for field in fields] for row in rows())

    def _task_rows(self, say: Catalogue) -> Iterator[dict[str, Any]]:
        for n, task in enumerate(self.tasks(), 1):
            titles = [
                (f"《{c['title']}》" if c["title"] else "") + self._number(c["document"]) for c in task["citations"]
            ]
            limits = ["".join((limit["quote"] or limit["text"]).split()) for limit in task["deadlines"]]
            yield task | {
                "no": n,
                "document": task["document_title"] or task["document"],
                "level": _level(task, say),
                "section": "\n".join(task["section"]),
                "open": say("yes") if task["open"] else "",
                **{role: "、".join(task[role]) for role in _ROLES.values()},
                "deadline": "；".join(limits),
                "citations": "\n".join(titles),
                "chain": "\n".join(task["chain"]),
            }

    def _number(self, document: str) -> str:
        number = self.documents[document]["number"]
        return f"（{number}）" if number else ""

    def _document_rows(self, say: Catalogue) -> Iterator[dict[str, Any]]:
        for identity, row in self.documents.items():
            yield row | {
                "document": row["title"],
                "level": _level(row, say),
                "kind": say(f"kind-{row['kind']}"),
                "loaded": say("yes" if row["loaded"] else "no"),
                "tasks": self.per_document.get(identity, 0),
                "cited": self.cited.get(identity, 0),
                "chain": "\n".join(self.chain(identity)),
            }

    def _unit_rows(self, say: Catalogue) -> Iterator[dict[str, Any]]:
        for identity, row in self.units.items():
            counts = self.counts.get(identity, {})
            yield row | {
                "unit": row["name"],
                "level": _level(row, say),
                "aliases": "、".join(row["aliases"]),
                "collective": say("yes") if row["collective"] else "",
                "leads": counts.get("lead", 0),
                "answers": counts.get("responsible", 0),
                "supports": counts.get("support", 0),
            }

    def _citation_rows(self, say: Catalogue) -> Iterator[dict[str, Any]]:
        for citing, cited, role, title, _, quote in self.source.relationships("CITES", "Document", "Document"):
            yield self._citation(citing, "", cited, role, title, quote, say)
        found = self.base.execute(
            "SELECT task.document, task.row, fact.value FROM fact JOIN task ON task.id = fact.task "
            "WHERE kind = 'cites' ORDER BY task.document, task.n, task.id, at, value"
        )
        for document, row, value in found:
            cited, role, title, quote = json.loads(value)
            yield self._citation(document, json.loads(row)["name"], cited, role, title, quote, say)

    def _citation(
        self, citing: str, name: str, cited: str, role: str, title: str | None, quote: str, say: Catalogue
    ) -> dict[str, Any]:
        row = self.documents[cited]
        return {
            "citing": self.label(citing),
            "name": name,
            "role": say(f"cited-as-{role}"),
            "cited_number": row["number"],
            "cited_title": title or row["title"],
            "level": _level(row, say),
            "loaded": say("yes" if row["loaded"] else "no"),
            "quote": quote,
        }


def _level(row: dict[str, Any], say: Catalogue) -> str:
    return say(f"level-{row['level']}") if row["level"] else ""


def _by_id(source: Source, label: str) -> dict[str, dict[str, Any]]:
    """The nodes of a label, without their evidence."""
    names = list(NODES[label])
    found: dict[str, dict[str, Any]] = {}
    for row in source.nodes(label):
        facts = dict(zip(names, row, strict=True))
        facts.pop("evidence", None)
        found[facts["id"]] = facts
    return found
