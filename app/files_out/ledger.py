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
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ...extractors.errors import ZhenglingError
from ...graph.corrections.progress import CLOSED, STATES
from ...graph.deriving.identity import rank
from ...graph.deriving.pieces import CORRECTED
from ...graph.lineage.changes import untold
from ...graph.schema import NODES, RELATIONSHIPS, ROLES, Source
from ..messages import Catalogue
from ..tables import tables
from ..tables.cells import A3, A4
from ..tables.changes import all_changed
from ..writing import writing
from . import entries

if TYPE_CHECKING:
    import pyarrow

_GROUP = 5_000  # rows of a row group in Parquet
_SHOWN = 30  # characters of a task without a title
_STEPS = 8  # of a chain at most
_TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000; PRAGMA temp_store = FILE;
CREATE TABLE task(id TEXT PRIMARY KEY, document TEXT, n INTEGER, row TEXT) WITHOUT ROWID;
CREATE TABLE fact(task TEXT, kind TEXT, at INTEGER, value TEXT);
"""


class LedgerField(NamedTuple):
    """A column of a sheet: its name (the catalogue has `ledger-<name>`) and its width in characters."""

    name: str
    width: float
    hidden: bool = False


TASKS = (
    *(
        LedgerField("no", 6),
        LedgerField("document", 30),
        LedgerField("number", 20),
        LedgerField("region", 22),
        LedgerField("level", 8),
    ),
    *(
        LedgerField("year", 7),
        LedgerField("date", 12),
        LedgerField("name", 7),
        LedgerField("section", 26),
        LedgerField("title", 26),
    ),
    *(
        LedgerField("text", 60),
        LedgerField("lead", 22),
        LedgerField("responsible", 26),
        LedgerField("support", 26),
        LedgerField("open", 8),
    ),
    *(
        LedgerField("deadline", 18),
        LedgerField("start", 12),
        LedgerField("due", 12),
        LedgerField("citations", 36),
        LedgerField("chain", 44),
        LedgerField("origin", 44),
    ),
    *(
        LedgerField("state", 10),
        LedgerField("closed", 10),
        LedgerField("progress", 30),
        LedgerField("reported", 12),
        LedgerField("next_report", 12),
        LedgerField("remark", 20),
        LedgerField("review", 24),
        LedgerField("address", 24),
        LedgerField("id", 18),
    ),
)
#: What tells which cells of a row an office has changed (`entries.mark`), in workbooks alone.
MARK = LedgerField("mark", 10, hidden=True)
#: The columns of the sheet for printing.
PRINTED = (
    *(LedgerField("no", 6), LedgerField("title", 24), LedgerField("text", 46), LedgerField("lead", 18)),
    *(LedgerField("responsible", 20), LedgerField("support", 18), LedgerField("deadline", 14)),
    *(LedgerField("state", 9), LedgerField("progress", 20)),
)
DOCUMENTS = (
    *(
        LedgerField("number", 22),
        LedgerField("document", 50),
        LedgerField("kind", 10),
        LedgerField("level", 8),
        LedgerField("issuer", 26),
    ),
    *(
        LedgerField("region", 26),
        LedgerField("date", 12),
        LedgerField("year", 7),
        LedgerField("loaded", 8),
        LedgerField("tasks", 8),
    ),
    *(
        LedgerField("cited", 8),
        LedgerField("chain", 44),
        LedgerField("source", 26),
        LedgerField("address", 30),
        LedgerField("id", 26),
    ),
)
UNITS = (
    *(
        LedgerField("unit", 28),
        LedgerField("region", 26),
        LedgerField("level", 8),
        LedgerField("function", 16),
        LedgerField("collective", 8),
    ),
    *(
        LedgerField("leads", 8),
        LedgerField("answers", 8),
        LedgerField("supports", 8),
        LedgerField("aliases", 40),
        LedgerField("id", 34),
    ),
)
CITATIONS = (
    *(
        LedgerField("citing", 22),
        LedgerField("name", 8),
        LedgerField("role", 8),
        LedgerField("cited_number", 22),
        LedgerField("cited_title", 50),
    ),
    *(LedgerField("level", 8), LedgerField("loaded", 8), LedgerField("quote", 60)),
)


def write_csv(source: Source, out: Path, say: Catalogue) -> int:
    """A folder with a file a table; gives the number of tasks. The files there before are replaced, others stay."""
    if out.exists() and not out.is_dir():
        raise NotADirectoryError(20, os.strerror(20), str(out))
    with gathered(source) as ledger:
        out.mkdir(parents=True, exist_ok=True)
        for name, fields, rows in ledger.sheets(say):
            with writing(out / f"{name}.csv") as file:
                heads = [say(f"ledger-{field.name}") for field in fields]
                file.write("".join(tables.csv_lines([heads])).encode())
                for line in tables.csv_lines([row.get(field.name) for field in fields] for row in rows):
                    file.write(line.encode("utf-8", "backslashreplace"))
        return ledger.count


def write_xlsx(source: Source, out: Path, say: Catalogue, by_unit: bool = False) -> tuple[int, int]:
    """A workbook with a sheet a table, one for printing, and with `by_unit` one for each unit; gives the numbers of
    tasks and of cells that were too long. What an office has written into the file that it takes the place of stays.

    Raises `ZhenglingError` where openpyxl (extra `xlsx`) is not installed, and where entries would be lost
    (`ledger-would-lose`) or the file is another workbook (`ledger-foreign`).
    """
    from ..tables.workbook import Book, Column

    written = entries.written(out, say) if out.is_file() else {}
    book = Book()
    choices = {
        "state": [say(f"state-{state}") for state in STATES],
        "closed": [say(f"closed-{closed}") for closed in CLOSED],
    }

    def columns(fields: Iterable[LedgerField]) -> list[Column]:
        return [Column(say(f"ledger-{f.name}"), f.width, choices.get(f.name, ()), f.hidden) for f in fields]

    with gathered(source) as ledger:
        lost = [identity for identity in written if not ledger.has(identity)]
        if lost:
            raise ZhenglingError("ledger-would-lose", 1, path=str(out), count=len(lost), ids=lost[:5])
        for name, fields, rows in ledger.sheets(say):
            whole = (*fields, MARK) if name == "tasks" else fields
            cells = (
                [entries.merged(row, written).get(field.name) for field in whole] if name == "tasks" else
                [row.get(field.name) for field in whole]
                for row in rows
            )  # fmt: skip
            book.sheet(say(f"ledger-sheet-{name}"), columns(whole), cells, paper=A3 if name == "tasks" else A4)
        for title, rows in _printed(ledger, say, written, by_unit):
            book.sheet(title, columns(PRINTED), ([row.get(f.name) for f in PRINTED] for row in rows))
        book.save(out)
        return ledger.count, book.cut


def _printed(
    ledger: Ledger, say: Catalogue, written: dict[str, dict[str, Any]], by_unit: bool
) -> Iterator[tuple[str, Iterable[dict[str, Any]]]]:
    """Title and rows of the sheets for printing: of all tasks, and of each unit that leads or answers for some."""

    def all_rows() -> Iterator[dict[str, Any]]:
        return (entries.merged(row, written) for row in ledger.task_rows(say))

    yield say("ledger-sheet-print"), all_rows()
    if by_unit:
        tasks = {row["id"]: row for row in all_rows()}
        for unit, found in sorted(ledger.of_units(), key=lambda one: one[0]):
            yield unit.rpartition("|")[2], [tasks[identity] | {"no": n} for n, identity in enumerate(found, 1)]


def write_parquet(source: Source, out: Path) -> int:
    """One file, one row a task, columns of exact types under stable names; gives the number of tasks."""
    import pyarrow
    from pyarrow import parquet

    schema = _schema()
    with gathered(source) as ledger, writing(out) as file:
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
    origin = pa.struct(
        [
            *(("task", text), ("title", text), ("document", text), ("kind", text), ("wording", text)),
            *(("state", text), ("score", pa.float64()), ("change", texts)),
        ]
    )
    limit = pa.struct([("text", text), ("kind", text), ("start", pa.date32()), ("due", pa.date32()), ("quote", text)])
    cited = pa.struct([("document", text), ("title", text), ("role", text), ("level", text), ("quote", text)])
    note = pa.struct([(name, text) for name in ("day", "by", "unit", "state", "closed", "text", "remark")])
    return pa.schema(
        [
            *(("id", text), ("name", text), ("order", pa.int32()), ("document", text), ("document_title", text)),
            *(("number", text), ("issuer", text), ("region", text), ("level", text), ("year", pa.int32())),
            *(("date", pa.date32()), ("section", texts), ("title", text), ("text", text), ("open", pa.bool_())),
            *(("lead", texts), ("responsible", texts), ("support", texts), ("deadlines", pa.list_(limit))),
            *(("start", pa.date32()), ("due", pa.date32()), ("citations", pa.list_(cited)), ("chain", texts)),
            ("origin", pa.list_(origin)),
            *(("state", text), ("closed", text), ("reported", pa.date32()), ("next_report", pa.date32())),
            *(("notes", pa.list_(note)), ("review", pa.list_(texts))),
        ]
    )


# --- gathering ------------------------------------------------------------------------------------------------------


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

    # --- as sheets

    def sheets(self, say: Catalogue) -> Iterator[tuple[str, tuple[LedgerField, ...], Iterable[dict[str, Any]]]]:
        """(name, columns, rows) of each table, in words of a language."""
        makers: tuple[tuple[str, tuple[LedgerField, ...], Callable[[], Iterable[dict[str, Any]]]], ...] = (
            ("tasks", TASKS, lambda: self.task_rows(say)),
            ("documents", DOCUMENTS, lambda: self._document_rows(say)),
            ("units", UNITS, lambda: self._unit_rows(say)),
            ("citations", CITATIONS, lambda: self._citation_rows(say)),
        )
        for name, fields, rows in makers:
            yield name, fields, rows()

    def task_rows(self, say: Catalogue) -> Iterator[dict[str, Any]]:
        """The rows of the tasks, with what marks them."""
        for n, task in enumerate(self.tasks(), 1):
            titles = [
                (f"《{c['title']}》" if c["title"] else "") + self._number(c["document"]) for c in task["citations"]
            ]
            limits = ["".join((limit["quote"] or limit["text"]).split()) for limit in task["deadlines"]]
            notes = [note for note in task["notes"] if note.get("text") and "remark" not in note]
            remarks = [note["remark"] for note in task["notes"] if "remark" in note]
            row = task | {
                "no": n,
                "state": say(f"state-{task['state']}") if task["state"] else "",
                "closed": say(f"closed-{task['closed']}") if task["closed"] else "",
                "progress": notes[-1]["text"] if notes else "",
                "remark": remarks[-1] if remarks else "",
                "review": "\n".join(
                    say("ledger-reviewed", review=say(f"review-{review}"), what=what, by=by, at=at).strip()
                    for review, what, by, at in task["review"]
                ),
                "document": task["document_title"] or task["document"],
                "level": _level(task, say),
                "section": "\n".join(task["section"]),
                "open": say("yes") if task["open"] else "",
                **{role: "、".join(task[role]) for role in ROLES.values()},
                "deadline": "；".join(limits),
                "citations": "\n".join(titles),
                "chain": "\n".join(task["chain"]),
                "origin": "\n".join(self._made_from(origin, say) for origin in task["origin"]),
            }
            yield row | {"mark": entries.mark(row)}

    def _made_from(self, origin: dict[str, Any], say: Catalogue) -> str:
        """A line: the superior's paper and task, how it was taken up, what was changed."""
        kind = origin["wording"] if origin["kind"] == "one" else origin["kind"]
        how = [say(f"wording-{kind}"), *([] if origin["state"] == "sure" else [say(f"state-{origin['state']}")])]
        told = all_changed(map(untold, origin["change"]), say)
        paper = self.label(origin["document"])
        return say("ledger-made-from", paper=paper, title=origin["title"], how=how, changes=told).rstrip()

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
        for citing, cited, role, title, _, quote, *_ in self.source.relationships("CITES", "Document", "Document"):
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
