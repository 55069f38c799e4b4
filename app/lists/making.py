"""The lists of a graph, made from its nodes and relationships: what pages ask of them is indexed, and counts are kept.

A row of `task` holds what a list shows and sorts by; its words stand apart in `words`, which are read where words are
searched or shown. Rows are numbered in the order of documents and of the tasks in them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations, groupby, pairwise
from pathlib import Path
from typing import Any

from ...extractors.model import Remark
from ...graph.schema import NODES, ROLES
from ...queries.runner import Store
from .following import CHAINS

#: Raised when the same graph is laid out in another way.
FORM = "4"

_TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000; PRAGMA temp_store = FILE;
CREATE TABLE document(
  n INTEGER PRIMARY KEY, id TEXT UNIQUE, number TEXT, title TEXT, kind TEXT, level TEXT, issuer TEXT, region TEXT,
  date TEXT, year INTEGER, loaded INTEGER, source TEXT, why TEXT, aliases TEXT, review TEXT,
  tasks INTEGER DEFAULT 0, units INTEGER DEFAULT 0, deadlines INTEGER DEFAULT 0, cites INTEGER DEFAULT 0,
  cited_by INTEGER DEFAULT 0, below INTEGER DEFAULT 0);
CREATE TABLE task(
  n INTEGER PRIMARY KEY, id TEXT UNIQUE, name TEXT, document INTEGER, region TEXT, level TEXT, year INTEGER,
  title TEXT, start TEXT, due TEXT, open INTEGER, review TEXT, state TEXT, closed TEXT, reported TEXT, next_report TEXT,
  milestone TEXT, assigned INTEGER DEFAULT 0, limits INTEGER DEFAULT 0, roles INTEGER DEFAULT 0,
  kinds TEXT DEFAULT '', broken INTEGER DEFAULT 0, untaken INTEGER DEFAULT 0);
CREATE TABLE words(n INTEGER PRIMARY KEY, title TEXT, text TEXT, section TEXT);
CREATE TABLE unit(
  n INTEGER PRIMARY KEY, id TEXT UNIQUE, name TEXT, region TEXT, level TEXT, function TEXT, collective INTEGER,
  aliases TEXT, lead INTEGER DEFAULT 0, responsible INTEGER DEFAULT 0, support INTEGER DEFAULT 0,
  total INTEGER DEFAULT 0);
CREATE TABLE region(id TEXT PRIMARY KEY, name TEXT, level TEXT, code TEXT) WITHOUT ROWID;
CREATE TABLE deadline(id TEXT PRIMARY KEY, kind TEXT, text TEXT, start TEXT, due TEXT) WITHOUT ROWID;
CREATE TABLE assigned(task INTEGER, role TEXT, unit INTEGER, PRIMARY KEY(task, role, unit)) WITHOUT ROWID;
CREATE TABLE limited(task INTEGER, deadline TEXT, PRIMARY KEY(task, deadline)) WITHOUT ROWID;
CREATE TABLE cites(lower INTEGER, task INTEGER, role TEXT, upper INTEGER, quote TEXT);
CREATE TABLE implements(lower INTEGER, upper INTEGER, inferred INTEGER, quote TEXT);
CREATE TABLE derives(lower INTEGER, upper INTEGER, state TEXT, score REAL);
CREATE TABLE remark(n INTEGER PRIMARY KEY, document INTEGER, code TEXT, told TEXT, quote TEXT, place TEXT);
CREATE TABLE double(n INTEGER PRIMARY KEY, one INTEGER, other INTEGER);
CREATE TABLE part_of(task INTEGER PRIMARY KEY, whole INTEGER);
"""
_INDEXES = """
CREATE INDEX task_document ON task(document, n);
CREATE INDEX task_due ON task(due, n, state);
CREATE INDEX task_by_due ON task(due IS NULL, due, n);
CREATE INDEX task_by_due_down ON task(due IS NULL, due DESC, n DESC);
CREATE INDEX task_title ON task(title, n);
CREATE INDEX task_level ON task(level, n);
CREATE INDEX task_year ON task(year, n);
CREATE INDEX task_assigned ON task(assigned, n);
CREATE INDEX task_counted ON task(level, roles, year, assigned, limits, state, due, kinds, region);
CREATE INDEX task_broken ON task(n) WHERE broken;
CREATE INDEX task_untaken ON task(n) WHERE untaken;
CREATE INDEX deadline_due ON deadline(due);
CREATE INDEX task_region ON task(region, n);
CREATE INDEX document_region ON document(region);
CREATE INDEX unit_name ON unit(name);
CREATE INDEX unit_total ON unit(collective, total DESC, n);
CREATE INDEX assigned_unit ON assigned(unit, role, task);
CREATE INDEX assigned_role ON assigned(role, task);
CREATE INDEX limited_deadline ON limited(deadline, task);
CREATE INDEX cites_lower ON cites(lower);
CREATE INDEX cites_task ON cites(task);
CREATE INDEX cites_upper ON cites(upper);
CREATE INDEX implements_lower ON implements(lower);
CREATE INDEX implements_upper ON implements(upper);
CREATE INDEX derives_state ON derives(state, lower, score DESC, upper);
CREATE INDEX derives_open ON derives(lower, score DESC, upper) WHERE state IN ('likely', 'suspect');
CREATE INDEX remark_code ON remark(code, n);
CREATE INDEX part_of_whole ON part_of(whole);
"""
_COUNTS = """
UPDATE task SET assigned = (SELECT count(DISTINCT unit) FROM assigned WHERE assigned.task = task.n),
  roles = (SELECT coalesce(sum(DISTINCT CASE role WHEN 'lead' THEN 1 WHEN 'responsible' THEN 2 ELSE 4 END), 0)
           FROM assigned WHERE assigned.task = task.n),
  (start, due, limits, kinds) = (
    SELECT min(d.start), max(d.due), count(*), coalesce(' ' || group_concat(d.kind, ' ') || ' ', '')
    FROM limited l JOIN deadline d ON d.id = l.deadline WHERE l.task = task.n);
UPDATE unit SET (lead, responsible, support, total) = (
  SELECT coalesce(sum(role = 'lead'), 0), coalesce(sum(role = 'responsible'), 0), coalesce(sum(role = 'support'), 0),
         count(DISTINCT task) FROM assigned WHERE assigned.unit = unit.n);
UPDATE document SET tasks = (SELECT count(*) FROM task WHERE task.document = document.n),
  units = (SELECT count(DISTINCT a.unit) FROM task t JOIN assigned a ON a.task = t.n WHERE t.document = document.n),
  deadlines = (SELECT count(*) FROM task t JOIN limited l ON l.task = t.n WHERE t.document = document.n),
  cites = (SELECT count(DISTINCT upper) FROM cites WHERE cites.lower = document.n)
  WHERE loaded;
UPDATE document SET cited_by = (SELECT count(DISTINCT lower) FROM cites WHERE cites.upper = document.n),
  below = (SELECT count(DISTINCT lower) FROM implements WHERE implements.upper = document.n);
"""
_CHAINS = "".join(f"UPDATE task AS t SET {name} = 1 WHERE {held};" for name, held in CHAINS.items())


def make(
    store: Store,
    path: Path,
    remarks: Iterable[tuple[str, Remark]] = (),
    apart: Collection[frozenset[str]] = (),
) -> None:
    """Lay the graph of `store` out in the new file `path`. `remarks` on papers come with their sources; `apart` are
    pairs of units of which somebody said that they are two."""
    base = sqlite3.connect(path)
    try:
        base.executescript(_TABLES)
        laying = _Laying(store, base)
        laying.all()
        laying.remarks(remarks)
        base.executescript(_INDEXES)
        base.executescript(f"{_COUNTS}{_CHAINS} ANALYZE;")
        laying.doubles(apart)
        base.commit()
    finally:
        base.close()


class _Laying:
    """Fills the tables; numbers of documents, tasks and units by their ids are kept meanwhile."""

    def __init__(self, store: Store, base: sqlite3.Connection) -> None:
        self._store, self._base = store, base
        self._documents: dict[str, int] = {}
        self._tasks: dict[str, int] = {}
        self._units: dict[str, int] = {}

    def all(self) -> None:
        self._document_rows()
        self._unit_rows()
        self._task_rows()
        self._assigned()
        self._others()

    def _rows(self, question: str) -> Iterator[Sequence[Any]]:
        return iter(self._store.rows(question, {})[1])

    def _nodes(self, label: str, names: Sequence[str], where: str = "") -> Iterator[Sequence[Any]]:
        columns = ", ".join(f"x.`{name}` AS `{name}_`" for name in names)
        return self._rows(f"MATCH (x:{label}) {where}RETURN {columns} ORDER BY x.id")

    def _held(self, label: str) -> list[str]:
        """The properties of a label that its table has columns for."""
        columns = {row[1] for row in self._base.execute(f"PRAGMA table_info({label})")}
        return [name for name in NODES[label] if name in columns]

    def _put(self, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
        marks = ", ".join("?" * len(columns.split(",")))
        plain = ([_plain(value) for value in row] for row in rows)
        self._base.executemany(f"INSERT OR IGNORE INTO {table}({columns}) VALUES ({marks})", plain)

    def _document_rows(self) -> None:
        names = self._held("Document")
        rows: list[tuple[Any, ...]] = [(n, *row) for n, row in enumerate(self._nodes("Document", names), 1)]
        self._documents = {row[1]: row[0] for row in rows}
        self._put("document", ", ".join(["n", *names]), rows)

    def _unit_rows(self) -> None:
        names = self._held("Unit")
        rows: list[tuple[Any, ...]] = [(n, *row) for n, row in enumerate(self._nodes("Unit", names), 1)]
        self._units = {row[1]: row[0] for row in rows}
        self._put("unit", ", ".join(["n", *names]), rows)
        for label in ("Region", "Deadline"):
            self._put(label.lower(), ", ".join(self._held(label)), self._nodes(label, self._held(label)))

    def _task_rows(self) -> None:
        heads = self._base.execute("SELECT n, region, level, year FROM document ORDER BY n")
        head = {n: (region, level, year) for n, region, level, year in heads}
        order: list[tuple[int, int, str]] = []
        for identity, place, document in self._nodes("Task", ["id", "order", "document"]):
            order.append((self._documents.get(document, 0), place, identity))
        order.sort()
        self._tasks = {identity: n for n, (_, _, identity) in enumerate(order, 1)}
        names = ["id", "name", "title", "text", "section", "document", *_TOLD]
        for low in self._pages([identity for _, _, identity in order]):
            rows = [dict(zip(names, row, strict=True)) for row in self._nodes("Task", names, low)]
            numbered = [(self._tasks[t["id"]], self._documents.get(t["document"]), t) for t in rows]
            nowhere = ("", "", None)
            told = (
                (n, t["id"], t["name"], d, *head.get(d, nowhere), called(t), *(t[name] for name in _TOLD))
                for n, d, t in numbered
            )
            self._put("task", f"n, id, name, document, region, level, year, title, {', '.join(_TOLD)}", told)
            words = ((n, t["title"], t["text"], t["section"]) for n, _, t in numbered)
            self._put("words", "n, title, text, section", words)

    @staticmethod
    def _pages(ids: list[str]) -> Iterator[str]:
        """Conditions that each hold for some of the tasks: their texts need not be in memory all at once."""
        bounds = sorted(ids)[_PAGE::_PAGE]
        for low, high in pairwise(["", *bounds, ""]):
            yield f"WHERE x.id >= '{low}' " + (f"AND x.id < '{high}' " if high else "")

    def _assigned(self) -> None:
        tasks, units = self._tasks, self._units
        for name, role in ROLES.items():
            rows = self._rows(f"MATCH (u:Unit)-[:{name}]->(t:Task) RETURN t.id AS task, u.id AS unit")
            self._put("assigned", "task, role, unit", ([tasks[task], role, units[unit]] for task, unit in rows))
        rows = self._rows("MATCH (t:Task)-[:DUE]->(l:Deadline) RETURN t.id AS task, l.id AS deadline")
        self._put("limited", "task, deadline", ([tasks[task], limit] for task, limit in rows))

    def _others(self) -> None:
        documents, tasks = self._documents, self._tasks
        rows = self._rows("MATCH (a:Document)-[r:CITES]->(b:Document) RETURN a.id AS one, r.role, b.id AS two, r.quote")
        cites = ([documents[one], None, role, documents[two], quote] for one, role, two, quote in rows)
        self._put("cites", "lower, task, role, upper, quote", cites)
        owner = dict(self._base.execute("SELECT n, document FROM task"))
        rows = self._rows("MATCH (a:Task)-[r:CITES]->(b:Document) RETURN a.id AS one, r.role, b.id AS two, r.quote")
        cites = ([owner[tasks[a]], tasks[a], role, documents[b], quote] for a, role, b, quote in rows)
        self._put("cites", "lower, task, role, upper, quote", cites)
        rows = self._rows(
            "MATCH (a:Document)-[r:IMPLEMENTS]->(b:Document) RETURN a.id AS one, b.id AS two, r.inferred, r.quote"
        )
        steps = ([documents[one], documents[two], inferred, quote] for one, two, inferred, quote in rows)
        self._put("implements", "lower, upper, inferred, quote", steps)
        question = "MATCH (a:Task)-[r:DERIVES_FROM]->(b:Task) RETURN a.id AS lower, b.id AS upper, r.state, r.score"
        links = ((tasks[lower], tasks[upper], state, score) for lower, upper, state, score in self._rows(question))
        self._put("derives", "lower, upper, state, score", links)
        rows = self._rows("MATCH (a:Task)-[:PART_OF]->(b:Task) RETURN a.id AS part, b.id AS whole")
        self._put("part_of", "task, whole", ([tasks[part], tasks[whole]] for part, whole in rows))

    def remarks(self, found: Iterable[tuple[str, Remark]]) -> None:
        homes = dict(self._base.execute("SELECT source, n FROM document WHERE source <> ''"))
        rows = (
            (homes[source], one.code, json.dumps(one.values, ensure_ascii=False), one.quote, json.dumps(one.place))
            for source, one in found
            if source in homes
        )
        self._put("remark", "document, code, told, quote, place", rows)

    def doubles(self, apart: Collection[frozenset[str]]) -> None:
        """Units that may be one: of a place and a field of work, where one's name may be the other's in short."""
        found = self._base.execute(
            "SELECT region, function, n, id, name FROM unit WHERE function <> '' AND NOT collective AND total "
            "ORDER BY region, function, length(name), n"
        )
        for _, some in groupby(found, key=lambda row: row[:2]):
            units = [row[2:] for row in some]
            names = [unit[2] for unit in units]
            # What begins with another's whole name is a part of that one.
            whole = [unit for unit in units if not any(unit[2] != one and unit[2].startswith(one) for one in names)]
            pairs = combinations(whole, 2)
            rows = [
                (longer[0], shorter[0])
                for shorter, longer in pairs
                if _in_short(shorter[2], longer[2]) and frozenset((shorter[1], longer[1])) not in apart
            ]
            self._put("double", "one, other", rows)


def _in_short(name: str, whole: str) -> bool:
    """Whether the characters of a name stand in another one in this order."""
    left = iter(whole)
    return len(name) >= _SHORT and name != whole and all(one in left for one in name)


_SHORT = 3  # characters
#: Of a task: its open list, and what people told of it.
_TOLD = ("open", "review", "state", "closed", "reported", "next_report", "milestone")
_PAGE = 20_000  # tasks that are read at once
_WORDS = 30  # of a task without a title, as questions have it


def called(task: dict[str, Any]) -> str:
    """What a list calls a task."""
    return task["title"] or " ".join(str(task["text"]).split())[:_WORDS]


def _plain(value: Any) -> Any:
    """A value as SQLite keeps it: days as ISO text, lists as JSON."""
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
