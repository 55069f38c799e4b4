"""What pages ask the lists: rows by page, counts, and one thing with what belongs to it. Every question is bounded by a
page or answered by an index, also one for words, which lies beside the store; where that is not there, words are looked
for in all texts."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ...graph.stores.words import attached, in_title, sought
from .following import CHAINS

Row = dict[str, Any]

#: Columns by which tasks can be sorted → what they are in the tables.
SORTS = {
    "document": "t.n",
    "title": "t.title, t.n",
    "due": "t.due IS NULL, t.due, t.n",
    "level": "t.level, t.n",
    "year": "t.year, t.n",
    "region": "t.region, t.n",
    "units": "t.assigned, t.n",
    "reported": "t.reported, t.n",
}
PAPER_SORTS = {
    "document": "d.n",
    "title": "d.title, d.n",
    "date": "d.date IS NULL, d.date, d.n",
    "tasks": "d.tasks, d.n",
    "units": "d.units, d.n",
    "deadlines": "d.deadlines, d.n",
    "cited_by": "d.cited_by, d.n",
}
UNIT_SORTS = {
    "unit": "u.name, u.n",
    "lead": "u.lead, u.total, u.n",
    "responsible": "u.responsible, u.total, u.n",
    "support": "u.support, u.total, u.n",
    "total": "u.total, u.n",
}

#: Roles of units → what stands for them in `task.roles`.
_ROLES = {"lead": 1, "responsible": 2, "support": 4}
_ENDED = "'done', 'dropped'"
#: Tasks in which the index of words finds something; their numbers are others there.
_FOUND = "SELECT i.id FROM {0}.task i WHERE i.n IN (SELECT rowid FROM {0}.pair WHERE pair MATCH ?)"
_BELOW = {"below": "d.below, d.n", "cited_by": "d.cited_by, d.n", "document": "d.n"}


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of a list: its rows, how many rows there are in all, from which on these are."""

    rows: list[Row]
    total: int
    start: int


@dataclass(slots=True)
class _Where:
    """Conditions that all must hold, with their values."""

    parts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, part: str, *values: Any) -> None:
        self.parts.append(part)
        self.values += values

    def __str__(self) -> str:
        return " WHERE " + " AND ".join(f"({part})" for part in self.parts) if self.parts else ""


class Lists:
    """A file that `making.make` made, open for several threads at once; what takes its place leaves it as it is."""

    def __init__(self, path: Path, store: Path | None = None, readers: int = 4) -> None:
        """`store`: the one that the lists were made of; beside it lies an index of words."""
        self._free = [_opened(path) for _ in range(readers)]
        #: Whether the index of words can be asked.
        parts = [attached(one, store, "found") for one in self._free] if store is not None else [[]]
        self.indexed = bool(parts[0]) and all(one == parts[0] for one in parts)
        self._found = f"t.id IN ({' UNION ALL '.join(map(_FOUND.format, parts[0]))})"
        self._parts = len(parts[0])
        self._there, self._lock = threading.Semaphore(readers), threading.Lock()

    @contextmanager
    def _one(self) -> Iterator[sqlite3.Connection]:
        with self._there:
            with self._lock:
                one = self._free.pop()
            try:
                yield one
            finally:
                with self._lock:
                    self._free.append(one)

    def ask(self, question: str, values: Sequence[Any] = ()) -> list[Row]:
        with self._one() as base:
            return [dict(row) for row in base.execute(question, values)]

    def _numbers(self, question: str, values: Sequence[Any]) -> list[int]:
        with self._one() as base:
            return [row[0] for row in base.execute(question, values)]

    def number(self, question: str, values: Sequence[Any] = ()) -> int:
        (row,) = self.ask(question, values)
        return int(next(iter(row.values())) or 0)

    def _bounds(self, tables: str, where: _Where, start: int, size: int) -> tuple[int, int, str]:
        """How many rows there are, from which on the page has them, and the words that say so."""
        total = self.number(f"SELECT count(*) FROM {tables}{where}", where.values)
        start = _begun(start, total, size)
        return total, start, f" LIMIT {int(size)} OFFSET {int(start)}" if size else ""

    def _page(self, columns: str, tables: str, where: _Where, order: str, start: int, size: int) -> Slice:
        total, start, bound = self._bounds(tables, where, start, size)
        rows = self.ask(f"SELECT {columns} FROM {tables}{where} ORDER BY {order}{bound}", where.values)
        return Slice(rows, total, start)

    # --- tasks

    def tasks(self, wanted: Mapping[str, str], start: int = 0, size: int = 50) -> Slice:
        """Tasks under filters: `region`, `level`, `year`, `unit`, `role`, `function`, `document`, `text`; with a last
        day `from` … `to`; `deadline` none or of a kind; `overdue` on a day; `state`; `units` none. Sorted by `sort`
        (`-` before it: the last first), else those with more words of `text` in the title first, as `find` has them;
        `size` 0 is all."""
        where = _Where()
        tables = "task t" + self._task_filters(where, wanted)
        columns = (
            "t.n, t.id, t.name, t.title, t.region, t.level, t.year, t.start, t.due, t.open, t.assigned, t.review, "
            "t.state, t.closed, t.reported, t.next_report, t.milestone, "
            "d.id AS document, d.number AS number, d.title AS document_title"
        )
        sort = wanted.get("sort", "")
        # Who has a last day within bounds has one: then the index of days gives the order.
        dated = sort.lstrip("-") == "due" and bool(wanted.get("overdue"))
        order, ranked = _order(sort, SORTS | {"due": "t.due, t.n"} if dated else SORTS, "document"), []
        if sort.lstrip("-") not in SORTS and (words := wanted.get("text", "").split()):
            rank, ranked = self._rank(words)
            order = f"{rank} DESC, {order}"
        # The page is chosen by its numbers alone; what it shows is read of its rows only.
        values = [*where.values, *ranked]
        if wanted.get("text"):  # words are looked for once: the whole gives count and page
            numbers = self._numbers(f"SELECT t.n FROM {tables}{where} ORDER BY {order}", values)
            total, start = len(numbers), _begun(start, len(numbers), size)
            numbers = numbers[start : start + size] if size else numbers
        else:
            total, start, bound = self._bounds(tables, where, start, size)
            chosen = f"SELECT t.n FROM {tables}{where} ORDER BY {order}{bound}"
            numbers = self._numbers(chosen, values) if total else []
        rows = self.ask(
            f"SELECT {columns}, w.text FROM task t JOIN words w ON w.n = t.n LEFT JOIN document d ON d.n = t.document "
            f"WHERE t.n IN ({_marks(numbers)})",
            numbers,
        )
        by_number = {row["n"]: row for row in rows}
        return Slice(self._with_facts([by_number[n] for n in numbers]), total, start)

    def _rank(self, words: Sequence[str]) -> tuple[str, list[str]]:
        """How many of some words a task has in its title, with the values that this takes."""
        if self.indexed:
            titles = [in_title(word) for word in words for _ in range(self._parts)]
            return " + ".join([f"({self._found})"] * len(words)), titles
        one = "coalesce((SELECT instr(title, ?) > 0 FROM words WHERE n = t.n), 0)"
        return " + ".join([one] * len(words)), list(words)

    def _task_filters(self, where: _Where, wanted: Mapping[str, str]) -> str:
        """Adds the conditions; gives the tables that they need beside `task t`."""
        tables = ""
        words = wanted.get("text", "").split()
        if words and self.indexed:
            where.add(self._found, *[sought(words)] * self._parts)
        elif words:
            tables += " JOIN words w ON w.n = t.n"
            for word in words:
                where.add("instr(w.text, ?) OR instr(w.title, ?)", word, word)
        self._head_filters(where, "t", wanted)
        if document := wanted.get("document", ""):
            where.add("t.document = (SELECT n FROM document WHERE id = ?)", document)
        unit, role, function = (wanted.get(k, "").strip() for k in ("unit", "role", "function"))
        if unit or function:
            where.add(*_assigned(unit, role, function))
        elif role:
            where.add("t.roles & ?", _ROLES.get(role, 0))
        self._deadline_filters(where, wanted)
        if wanted.get("units") == "none":
            where.add("t.assigned = 0")
        if (chain := wanted.get("chain", "")) in CHAINS:
            where.add(f"t.{chain}")
        return tables

    def _deadline_filters(self, where: _Where, wanted: Mapping[str, str]) -> None:
        since, until = wanted.get("from", ""), wanted.get("to", "")
        if since or until:
            within = "SELECT l.task FROM deadline e JOIN limited l ON l.deadline = e.id WHERE e.due BETWEEN ? AND ?"
            where.add(f"t.n IN ({within})", since, until or "9999-12-31")
        if overdue := wanted.get("overdue", ""):  # before which day
            where.add(f"t.due < ? AND t.state NOT IN ({_ENDED})", overdue)
        if wanted.get("closed_after"):  # and not after `closed_until`
            where.add(f"t.state IN ({_ENDED}) AND t.reported > ? AND t.reported <= ?",
                      wanted["closed_after"], wanted["closed_until"])  # fmt: skip
        if state := wanted.get("state", ""):
            open_ = {"not-started": "t.state IN ('', 'not-started')", "open": f"t.state NOT IN ({_ENDED})"}
            where.add(open_.get(state, "t.state = ?"), *([] if state in open_ else [state]))
        kind = wanted.get("deadline", "")
        if kind == "none":
            where.add("t.limits = 0")
        elif kind:
            where.add("instr(t.kinds, ?)", f" {kind} ")

    def _with_facts(self, rows: list[Row]) -> list[Row]:
        """Rows of tasks with their units by role and their deadlines."""
        by_number = {row["n"]: row | {"lead": [], "responsible": [], "support": [], "deadlines": []} for row in rows}
        marks = _marks(by_number)
        units = self.ask(
            "SELECT a.task, a.role, u.id, u.name FROM assigned a JOIN unit u ON u.n = a.unit "
            f"WHERE a.task IN ({marks}) ORDER BY a.task, u.name, u.id",
            list(by_number),
        )
        for unit in units:
            by_number[unit["task"]][unit["role"]].append({"id": unit["id"], "name": unit["name"]})
        limits = self.ask(
            "SELECT l.task, e.id, e.kind, e.text, e.start, e.due FROM limited l JOIN deadline e ON e.id = l.deadline "
            f"WHERE l.task IN ({marks}) ORDER BY l.task, e.due IS NULL, e.due, e.id",
            list(by_number),
        )
        for limit in limits:
            by_number[limit.pop("task")]["deadlines"].append(limit)
        return list(by_number.values())

    def task(self, identity: str) -> Row | None:
        """A task with its text, headings, units, deadlines, what it is part of and its parts."""
        rows = self.ask(
            "SELECT t.n, t.id, t.name, t.region, t.level, t.year, t.start, t.due, t.open, t.review, t.state, t.closed, "
            "t.reported, t.next_report, t.milestone, w.title, w.text, w.section, "
            "d.id AS document, d.number, d.title AS document_title, d.date AS document_date "
            "FROM task t JOIN words w ON w.n = t.n LEFT JOIN document d ON d.n = t.document "
            "WHERE t.id = ?",
            [identity],
        )
        if not rows:
            return None
        (task,) = self._with_facts(rows)
        task["section"] = json.loads(task["section"])
        near = "SELECT t.id, t.name, t.title FROM part_of p JOIN task t ON t.n = p.{} WHERE p.{} = ? ORDER BY t.n"
        task["whole"] = self.ask(near.format("whole", "task"), [task["n"]])
        task["parts"] = self.ask(near.format("task", "whole"), [task["n"]])
        task["cites"] = self.ask(
            "SELECT c.role, c.quote, d.id, d.number, d.title, d.loaded FROM cites c JOIN document d ON d.n = c.upper "
            "WHERE c.task = ? ORDER BY d.id",
            [task["n"]],
        )
        return task

    def _head_filters(self, where: _Where, table: str, wanted: Mapping[str, str]) -> None:
        """What papers and their tasks have alike: place, level, year."""
        if region := wanted.get("region", "").strip("/ "):
            _within(where, f"{table}.region", self._places(region))
        if wanted.get("level"):
            where.add(f"{table}.level = ?", wanted["level"])
        if (year := wanted.get("year", "")).isdecimal():
            where.add(f"{table}.year = ?", int(year[:9]))

    def _places(self, name: str) -> list[str]:
        """The paths of the places that bear a name or a path."""
        return [row["id"] for row in self.ask("SELECT id FROM region WHERE id = ? OR name = ? LIMIT 50", [name, name])]

    # --- papers

    def papers(self, wanted: Mapping[str, str], start: int = 0, size: int = 50) -> Slice:
        """Documents: loaded ones unless `loaded` is `no`; `region`, `level`, `year`, `kind` and `text` filter them."""
        where = _Where()
        where.add("d.loaded = ?", int(wanted.get("loaded") != "no"))
        self._head_filters(where, "d", wanted)
        if wanted.get("kind"):
            where.add("d.kind = ?", wanted["kind"])
        for word in wanted.get("text", "").split():
            where.add("instr(d.id, ?) OR instr(d.title, ?) OR instr(d.number, ?) OR instr(d.source, ?)", *[word] * 4)
        order = _order(wanted.get("sort", ""), PAPER_SORTS, "document")
        return self._page("d.*", "document d", where, order, start, size)

    def paper(self, identity: str) -> Row | None:
        """A document with the steps up and down and who cites it."""
        rows = self.ask("SELECT * FROM document WHERE id = ?", [identity])
        if not rows:
            return None
        paper = rows[0]
        paper["aliases"] = json.loads(paper["aliases"] or "[]")
        step = (
            "SELECT d.id, d.number, d.title, d.level, d.region, d.loaded, i.inferred, i.quote FROM implements i "
            "JOIN document d ON d.n = i.{} WHERE i.{} = ? ORDER BY d.level, d.id LIMIT 500"
        )
        paper["above"] = self.ask(step.format("upper", "lower"), [paper["n"]])
        paper["below_it"] = self.ask(step.format("lower", "upper"), [paper["n"]])
        cited = (
            "SELECT d.id, d.number, d.title, d.kind, d.level, d.loaded, min(c.role) AS role, count(*) AS times, "
            "min(c.quote) AS quote FROM cites c JOIN document d ON d.n = c.{} WHERE c.{} = ? "
            "GROUP BY d.n ORDER BY d.id LIMIT 500"
        )
        paper["citing"] = self.ask(cited.format("upper", "lower"), [paper["n"]])
        paper["cited"] = self.ask(cited.format("lower", "upper"), [paper["n"]])
        return paper

    def called(self, identity: str) -> str:
        """What pages call a document: its id, which is its number, else its title."""
        unnumbered = "SELECT title FROM document WHERE id = ? AND coalesce(number, '') = '' AND title <> ''"
        rows = self.ask(unnumbered, [identity])
        return rows[0]["title"] if rows else identity

    def read_from(self, source: str) -> str:
        """The document that was read from a source; '' where there is none."""
        rows = self.ask("SELECT id FROM document WHERE source = ? AND source <> '' LIMIT 1", [source])
        return rows[0]["id"] if rows else ""

    def superiors(self, wanted: Mapping[str, str], start: int = 0, size: int = 50) -> Slice:
        """Documents that others carry out, loaded or not."""
        where = _Where()
        where.add("d.below > 0")
        self._head_filters(where, "d", wanted)
        for word in wanted.get("text", "").split():
            where.add("instr(d.id, ?) OR instr(d.title, ?)", word, word)
        return self._page("d.*", "document d", where, _order(wanted.get("sort", ""), _BELOW, "below"), start, size)

    def below(self, number: int, most: int = 500) -> list[Row]:
        """What carries a document out, step by step down: `depth` from 1, in the order of the tree."""
        return self.ask(
            "WITH RECURSIVE down(n, depth, way, inferred) AS ("
            "  SELECT lower, 1, printf('%010d', lower), inferred FROM implements WHERE upper = ?"
            "  UNION ALL SELECT i.lower, depth + 1, way || printf('/%010d', i.lower), i.inferred FROM down "
            "  JOIN implements i ON i.upper = down.n WHERE depth < 8 AND instr(way, printf('%010d', i.lower)) = 0 "
            "  ORDER BY 3) "
            "SELECT depth, down.inferred, d.id, d.number, d.title, d.level, d.region, d.loaded, d.tasks, d.year "
            "FROM down JOIN document d ON d.n = down.n ORDER BY way LIMIT ?",
            [number, most],
        )

    # --- units

    def units(self, wanted: Mapping[str, str], start: int = 0, size: int = 50) -> Slice:
        """Units with tasks: without collectives unless `collective` is `yes`; by name (`text`, and `named`, the ids
        that it means besides, one a line), place, level, field."""
        where = _Where()
        where.add("u.total > 0")
        if wanted.get("collective") != "yes":
            where.add("u.collective = 0")
        for name in ("level", "function"):
            if wanted.get(name):
                where.add(f"u.{name} = ?", wanted[name])
        if region := wanted.get("region", "").strip("/ "):
            _within(where, "u.region", self._places(region))
        named = [one for one in wanted.get("named", "").split("\n") if one]
        if words := wanted.get("text", "").split():
            held = " AND ".join(["(instr(u.name, ?) OR instr(u.aliases, ?))"] * len(words))
            values = [word for one in words for word in (one, one)]
            where.add(f"u.id IN ({_marks(named)}) OR ({held})", *named, *values)
        return self._page(
            "u.*", "unit u", where, _order(wanted.get("sort", "-total"), UNIT_SORTS, "total"), start, size
        )

    def unit(self, identity: str) -> Row | None:
        rows = self.ask("SELECT * FROM unit WHERE id = ?", [identity])
        if not rows:
            return None
        rows[0]["aliases"] = json.loads(rows[0]["aliases"] or "[]")
        return rows[0]

    def years_of(self, unit: int) -> list[Row]:
        """The load of a unit over the years, by role."""
        return self.ask(
            "SELECT t.year, count(DISTINCT t.n) AS total, sum(a.role = 'lead') AS lead, "
            "sum(a.role = 'responsible') AS responsible, sum(a.role = 'support') AS support "
            "FROM assigned a JOIN task t ON t.n = a.task WHERE a.unit = ? AND t.year GROUP BY t.year ORDER BY t.year",
            [unit],
        )

    def partners_of(self, unit: int, most: int = 12) -> list[Row]:
        """Units that a unit shares most tasks with, no collectives."""
        return self.ask(
            "SELECT u.id, u.name, u.region, count(DISTINCT b.task) AS tasks FROM assigned a "
            "JOIN assigned b ON b.task = a.task AND b.unit <> a.unit JOIN unit u ON u.n = b.unit "
            "WHERE a.unit = ? AND NOT u.collective GROUP BY u.n ORDER BY tasks DESC, u.id LIMIT ?",
            [unit, most],
        )

    def alike(self, unit: Row, most: int = 12) -> list[Row]:
        """Units of the same field of work and level in other places, the busiest first."""
        if not unit["function"]:
            return []
        return self.ask(
            "SELECT id, name, region, lead, responsible, support, total FROM unit WHERE function = ? AND level = ? "
            "AND n <> ? AND total > 0 AND NOT collective ORDER BY total DESC, id LIMIT ?",
            [unit["function"], unit["level"], unit["n"], most],
        )

    # --- what people should look at

    def links(self, wanted: Mapping[str, str], start: int = 0, size: int = 50) -> Slice:
        """Links between a task and a superior's that are likely or suspect, with the texts of both; of the papers of a
        `region`, `level`, `year`."""
        where = _Where()
        where.add("v.state IN ('likely', 'suspect')")
        self._head_filters(where, "l", wanted)
        order = "v.lower, v.score DESC, v.upper"
        # The page is chosen by its links alone, in the order of their index.
        tables = "derives v" + (" JOIN task l ON l.n = v.lower" if len(where.parts) > 1 else "")
        total, start, bound = self._bounds(tables, where, start, size)
        rows = self.ask(
            "SELECT l.id AS task, l.title, u.id AS upper, u.title AS upper_title, v.lower, v.upper AS above, v.state, "
            "round(v.score, 2) AS score, d.id AS document, e.id AS superior FROM derives v "
            "JOIN task l ON l.n = v.lower JOIN task u ON u.n = v.upper JOIN document d ON d.n = l.document "
            "JOIN document e ON e.n = u.document "
            f"WHERE v.rowid IN (SELECT v.rowid FROM {tables}{where} ORDER BY {order}{bound}) ORDER BY {order}",
            where.values,
        )
        part = Slice(rows, total, start)
        numbers = [row[name] for row in part.rows for name in ("lower", "above")]
        texts = self.ask(f"SELECT n, text FROM words WHERE n IN ({_marks(numbers)})", numbers)
        text = {row["n"]: row["text"] for row in texts}
        for row in part.rows:
            row["text"], row["upper_text"] = text[row.pop("lower")], text[row.pop("above")]
        return part

    def doubles(self, wanted: Mapping[str, str], start: int = 0, size: int = 50) -> Slice:
        """Units of a place that may be one: the fuller name, and the one that may be it in short."""
        where = _Where()
        if region := wanted.get("region", "").strip("/ "):
            _within(where, "a.region", self._places(region))
        return self._page(
            "a.id, a.name, a.region, a.function, a.total, b.id AS other, b.name AS other_name, b.total AS other_total",
            "double x JOIN unit a ON a.n = x.one JOIN unit b ON b.n = x.other", where, "x.n", start, size,
        )  # fmt: skip

    def remarks(self, wanted: Mapping[str, str], start: int = 0, size: int = 50) -> Slice:
        """What readers and steps were in doubt of, in papers that nobody has confirmed as a whole."""
        where = self._remarked(wanted)
        columns = 'r.code, r.told AS "values", r.quote, r.place, d.id AS document, d.title, d.number'
        part = self._page(columns, "remark r JOIN document d ON d.n = r.document", where, "r.n", start, size)
        for row in part.rows:
            row |= {name: json.loads(row[name]) for name in ("values", "place")}
        return part

    def remarked(self, wanted: Mapping[str, str]) -> list[str]:
        """The papers that remarks are on, under the same filters."""
        where = self._remarked(wanted)
        rows = self.ask(f"SELECT DISTINCT d.id FROM remark r JOIN document d ON d.n = r.document{where}", where.values)
        return [row["id"] for row in rows]

    def _remarked(self, wanted: Mapping[str, str]) -> _Where:
        where = _Where()
        where.add("coalesce(d.review, '') <> 'confirmed'")
        self._head_filters(where, "d", wanted)
        if code := wanted.get("code", ""):
            where.add("r.code = ?", code)
        return where

    @cached_property
    def to_look_at(self) -> dict[str, int]:
        """How many there are of each."""
        return {name: getattr(self, name)({}, 0, 1).total for name in ("links", "doubles", "remarks")}

    # --- what forms offer

    def offered(self, kind: str, text: str, most: int) -> list[Row]:
        """Names of a kind that hold a text: `value`, as questions take it, and `told`, which tells it from others."""
        named = {
            "unit": "SELECT name AS value, region AS told FROM unit WHERE total AND instr(name || ' ' || aliases, ?) "
            "ORDER BY total DESC, n LIMIT ?",
            "document": "SELECT coalesce(nullif(number, ''), id) AS value, title AS told FROM document "
            "WHERE instr(title || ' ' || coalesce(number, ''), ?) ORDER BY loaded DESC, cited_by DESC, n LIMIT ?",
            "task": "SELECT id AS value, title AS told FROM task WHERE instr(title, ?) ORDER BY n LIMIT ?",
            "region": "SELECT id AS value, name AS told FROM region WHERE instr(id, ?) ORDER BY length(id), id LIMIT ?",
            "function": "SELECT DISTINCT function AS value, '' AS told FROM unit WHERE function <> '' "
            "AND instr(function, ?) ORDER BY function LIMIT ?",
        }
        named["directive"] = named["document"]
        return self.ask(named[kind], [text, most]) if kind in named and text else []

    @cached_property
    def choices(self) -> dict[str, list[str]]:
        """The values that filters can take."""
        one = {
            "level": "SELECT DISTINCT level FROM task WHERE level <> ''",
            "year": "SELECT DISTINCT year FROM document WHERE loaded AND year ORDER BY year DESC",
            "region": "SELECT DISTINCT region FROM document WHERE loaded AND region <> '' ORDER BY region LIMIT 500",
            "function": "SELECT DISTINCT function FROM unit WHERE function <> '' ORDER BY function",
            "kind": "SELECT DISTINCT kind FROM document WHERE kind <> '' ORDER BY kind",
            "deadline": "SELECT DISTINCT kind FROM deadline ORDER BY kind",
        }
        return {name: [str(next(iter(row.values()))) for row in self.ask(q)] for name, q in one.items()}

    @cached_property
    def overview(self) -> Row:
        """How many there are of each."""
        question = (
            "SELECT (SELECT count(*) FROM document WHERE loaded) AS papers, (SELECT count(*) FROM task) AS tasks, "
            "(SELECT count(*) FROM unit) AS units, (SELECT count(*) FROM document WHERE NOT loaded) AS wanted, "
            "(SELECT count(*) FROM task WHERE assigned = 0) AS unassigned, "
            "(SELECT count(*) FROM task WHERE limits = 0) AS undated, "
            + ", ".join(f"(SELECT count(*) FROM task WHERE {name}) AS {name}" for name in CHAINS)
        )
        return self.ask(question)[0]

    @cached_property
    def years_due(self) -> list[int]:
        """The years in which tasks have their last day, the latest first."""
        rows = self.ask("SELECT DISTINCT substr(due, 1, 4) AS year FROM deadline WHERE due IS NOT NULL ORDER BY 1 DESC")
        return [int(row["year"]) for row in rows]

    def due_by_month(self, year: int) -> list[Row]:
        """Tasks by the month of their last day in a year."""
        return self.ask(
            "SELECT substr(e.due, 1, 7) AS month, count(DISTINCT l.task) AS tasks FROM deadline e "
            "JOIN limited l ON l.deadline = e.id WHERE e.due BETWEEN ? AND ? GROUP BY 1 ORDER BY 1",
            [f"{year}-01-01", f"{year}-12-31"],
        )


def _begun(start: int, total: int, size: int) -> int:
    """From which row on a page has rows, if it is not behind the last one."""
    return min(max(start, 0), max(total - 1, 0) // size * size) if size else 0


def _opened(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    base.row_factory = sqlite3.Row
    base.execute("PRAGMA cache_size = -2000")
    base.execute("SELECT 1 FROM document LIMIT 1").fetchall()
    return base


def _order(sort: str, known: Mapping[str, str], default: str) -> str:
    name, last_first = sort.lstrip("-"), sort.startswith("-")
    order = known.get(name, known[default])
    if not last_first or name not in known:
        return order
    parts = order.split(", ")
    return ", ".join(part if part.endswith("IS NULL") else f"{part} DESC" for part in parts)


def _within(where: _Where, column: str, paths: Sequence[str]) -> None:
    """In one of some places, or below it."""
    part = f"{column} = ? OR ({column} >= ? AND {column} < ?)"
    after = chr(ord("/") + 1)
    values = [value for path in paths for value in (path, f"{path}/", f"{path}{after}")]
    where.add(" OR ".join([part] * len(paths)) or "0", *values)


def _assigned(unit: str, role: str, function: str) -> tuple[Any, ...]:
    units, values = [], []
    if unit:
        called = unit.split("\n")  # ids and names, one a line
        marks = _marks(called)
        units.append(f"u.id IN ({marks}) OR u.name IN ({marks}) OR instr(u.aliases, ?)")
        values += [*called, *called, json.dumps(unit, ensure_ascii=False)]
    if function:
        units.append("u.function = ?")
        values.append(function)
    parts = [f"a.unit IN (SELECT n FROM unit u WHERE {' AND '.join(f'({one})' for one in units)})"]
    if role:
        parts.append("a.role = ?")
        values.append(role)
    return (f"t.n IN (SELECT a.task FROM assigned a WHERE {' AND '.join(parts)})", *values)


def _marks(values: Mapping[Any, Any] | Sequence[Any]) -> str:
    return ", ".join("?" * len(values))
