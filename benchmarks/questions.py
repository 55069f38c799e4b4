"""What saved questions cost, beside the same in SQL asked of DuckDB with the tables of the graph in memory.

    python benchmarks/questions.py WORKSPACE           one with a store, as of `benchmarks/country.py`

Both give the same rows, which is looked at. Times are milliseconds of processor time, the best of three; a question
for which there is no SQL here stands alone.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow
from zhengling.graph.schema import ROLES
from zhengling.graph.workspace.workspace import Workspace
from zhengling.queries.runner import ask, questions

_TIMES = 3
_WORD = "便民"

_TASK = "t.id AS id, t.name AS name, t.`order` AS `order`, t.title AS title, t.text AS text, t.document AS document"
_ENDS = "RETURN a.id AS `from`, b.id AS `to`"
_TABLES = {
    "Task": f"MATCH (t:Task) RETURN {_TASK}, t.state AS state, t.milestone AS milestone, t.next_report AS next_report",
    "Document": "MATCH (d:Document) RETURN d.id AS id, d.region AS region, d.loaded AS loaded",
    "Unit": "MATCH (u:Unit) RETURN u.id AS id, u.name AS name, u.aliases AS aliases, u.region AS region, "
    "u.collective AS collective",
    "Deadline": "MATCH (l:Deadline) RETURN l.id AS id, l.due AS due, l.text AS text",
    "DUE-Task-Deadline": f"MATCH (a:Task)-[:DUE]->(b:Deadline) {_ENDS}",
    **{f"{one}-Unit-Task": f"MATCH (a:Unit)-[:{one}]->(b:Task) {_ENDS}" for one in ROLES},
}
_HELD = """
CREATE TABLE helps AS
    SELECT "from" AS u, "to" AS t, 'lead' AS role FROM "LEADS-Unit-Task"
    UNION ALL SELECT "from", "to", 'responsible' FROM "RESPONSIBLE_FOR-Unit-Task"
    UNION ALL SELECT "from", "to", 'support' FROM "SUPPORTS-Unit-Task";
"""
_TITLE = "CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END"
_UNITS = """
    SELECT h.t, list_sort(list(DISTINCT u.name)) AS units,
           list_sort(coalesce(list(DISTINCT u.name) FILTER (h.role = 'lead'), [])) AS leads,
           list_sort(coalesce(list(DISTINCT u.name) FILTER (h.role = 'responsible'), [])) AS responsibles,
           list_sort(coalesce(list(DISTINCT u.name) FILTER (h.role = 'support'), [])) AS supports
    FROM helps h JOIN "Unit" u ON u.id = h.u WHERE h.t IN (SELECT id FROM found) GROUP BY h.t
"""
_LISTS = ", ".join(f"coalesce(x.{name}, []) AS {name}" for name in ("leads", "responsibles", "supports"))

#: The same as the questions of these names with their defaults.
SQL = {
    "due": f"""
WITH found AS (
    SELECT DISTINCT t.id, l.due, d.id AS document, d.region FROM "Task" t JOIN "Document" d ON d.id = t.document
    JOIN "DUE-Task-Deadline" e ON e."from" = t.id JOIN "Deadline" l ON l.id = e."to" WHERE l.due IS NOT NULL
), x AS ({_UNITS}), y AS (
    SELECT e."from" AS t, max(l.due) AS last, min(l.due) FILTER (l.due >= current_date) AS ahead
    FROM "DUE-Task-Deadline" e JOIN "Deadline" l ON l.id = e."to" WHERE e."from" IN (SELECT id FROM found)
    GROUP BY e."from"
)
SELECT t.id, {_TITLE}, f.due, coalesce(x.units, []), f.document,
       CASE WHEN coalesce(t.state, '') = '' THEN 'not-started' ELSE t.state END AS told,
       CASE WHEN told IN ('done', 'dropped') THEN '' WHEN y.last < current_date THEN 'red'
            WHEN y.ahead <= current_date + 7 OR (told = 'not-started' AND y.ahead <= current_date + 30)
              OR t.milestone::VARCHAR::DATE < current_date OR t.next_report::VARCHAR::DATE < current_date
            THEN 'yellow' ELSE 'green' END,
       t.name, {_LISTS}, coalesce(f.region, ''), left(t.text, 60)
FROM found f JOIN "Task" t ON t.id = f.id LEFT JOIN x ON x.t = t.id LEFT JOIN y ON y.t = t.id
ORDER BY f.due, f.document, t."order", t.id
""",
    "unit-workload": """
WITH one AS (
    SELECT u, t, bool_or(role = 'lead') AS a, bool_or(role = 'responsible') AS b, bool_or(role = 'support') AS c
    FROM helps GROUP BY u, t
)
SELECT u.name, u.region, count(*) FILTER (a), count(*) FILTER (b), count(*) FILTER (c), count(*) AS total
FROM one JOIN "Unit" u ON u.id = one.u WHERE NOT u.collective
GROUP BY u.id, u.name, u.region ORDER BY total DESC, u.id LIMIT 20
""",
    "no-deadline": f"""
WITH found AS (SELECT id FROM "Task" WHERE id NOT IN (SELECT "from" FROM "DUE-Task-Deadline")), x AS ({_UNITS})
SELECT t.id, {_TITLE}, coalesce(x.units, []), d.id, t.name, {_LISTS}, coalesce(d.region, ''), left(t.text, 60)
FROM found f JOIN "Task" t ON t.id = f.id JOIN "Document" d ON d.id = t.document LEFT JOIN x ON x.t = t.id
ORDER BY d.id, t."order", t.id
""",
    "unit-tasks": f"""
WITH found AS (
    SELECT DISTINCT h.t AS id, h.role, u.name, u.region FROM helps h JOIN "Unit" u ON u.id = h.u
    WHERE u.id = $unit OR u.name = $unit OR list_contains(u.aliases, $unit)
), l AS (
    SELECT e."from" AS t, list_sort(list(l.text)) AS deadline FROM "DUE-Task-Deadline" e
    JOIN "Deadline" l ON l.id = e."to" WHERE e."from" IN (SELECT id FROM found) GROUP BY e."from"
)
SELECT t.id, {_TITLE}, f.role, coalesce(l.deadline, []), t.document, f.name, f.region, t.name, left(t.text, 60)
FROM found f JOIN "Task" t ON t.id = f.id LEFT JOIN l ON l.t = t.id
ORDER BY t.document, t."order", t.id, f.role, f.region, f.name
""",
    "find": f"""
WITH found AS (
    SELECT t.id, CASE WHEN contains(coalesce(t.title, ''), $word) THEN 1 ELSE 0 END AS rank, d.region
    FROM "Task" t JOIN "Document" d ON d.id = t.document
    WHERE contains(t.text, $word) OR contains(coalesce(t.title, ''), $word)
    ORDER BY rank DESC, d.id, t."order", t.id LIMIT 20
), x AS ({_UNITS}), l AS (
    SELECT e."from" AS t, list_sort(list(l.text)) AS deadline FROM "DUE-Task-Deadline" e
    JOIN "Deadline" l ON l.id = e."to" WHERE e."from" IN (SELECT id FROM found) GROUP BY e."from"
)
SELECT t.id, {_TITLE}, coalesce(x.units, []), coalesce(l.deadline, []), t.document, t.name, {_LISTS},
       coalesce(f.region, ''), t.text
FROM found f JOIN "Task" t ON t.id = f.id LEFT JOIN x ON x.t = t.id LEFT JOIN l ON l.t = t.id
ORDER BY f.rank DESC, t.document, t."order", t.id
""",
    "shared-tasks": """
WITH one AS (
    SELECT DISTINCT h.u, h.t FROM helps h JOIN "Unit" u ON u.id = h.u WHERE NOT u.collective
), pair AS (
    SELECT a.u AS one, b.u AS two, count(*) AS tasks FROM one a JOIN one b ON a.t = b.t AND a.u < b.u
    GROUP BY a.u, b.u ORDER BY tasks DESC, a.u, b.u LIMIT 20
)
SELECT a.name, b.name, tasks FROM pair JOIN "Unit" a ON a.id = one JOIN "Unit" b ON b.id = two
ORDER BY tasks DESC, one, two
""",
}


class Asked(NamedTuple):
    """What a question costs in the store and in DuckDB (nothing where there is no SQL of it), in milliseconds."""

    name: str
    ours: float
    rows: int
    theirs: float | None = None
    equal: bool = True


def measured(workspace: Path) -> Iterator[Asked]:
    """All saved questions, asked of a workspace that has a store."""
    with Workspace(workspace).store() as store:
        tables = duckdb.connect()
        for name, asked in _TABLES.items():
            columns, rows = store.rows(asked, {})
            held = pyarrow.table([list(column) for column in zip(*rows, strict=True)], names=list(columns))  # noqa: F841
            tables.execute(f'CREATE TABLE "{name}" AS SELECT * FROM held')
        tables.execute(_HELD)
        unit = tables.execute(
            'SELECT u.name FROM helps h JOIN "Unit" u ON u.id = h.u GROUP BY u.name ORDER BY count(*) DESC LIMIT 1'
        ).fetchall()[0][0]
        task = tables.execute('SELECT id FROM "Task" ORDER BY id LIMIT 1').fetchall()[0][0]
        paper = tables.execute('SELECT id FROM "Document" WHERE loaded ORDER BY id LIMIT 1').fetchall()[0][0]
        given = {"unit": unit, "text": _WORD, "task": task, "document": paper, "lower": paper}
        for name, question in questions().items():
            needed = {one: given.get(one, paper) for one, p in question.parameters.items() if p.required}
            ours, rows = _best(lambda question=question, needed=needed: ask(store, question, needed).rows)
            if name not in SQL:
                yield Asked(name, ours, len(rows))
                continue
            values = {one: value for one, value in {"unit": unit, "word": _WORD}.items() if f"${one}" in SQL[name]}
            theirs, same = _best(lambda name=name, values=values: tables.execute(SQL[name], values).fetchall())
            yield Asked(name, ours, len(rows), theirs, [*map(_plain, rows)] == [*map(_plain, same)])


def main() -> None:
    for name, ours, rows, theirs, equal in measured(Path(sys.argv[1])):
        beside = "" if theirs is None else f" {theirs:8.0f} ms {ours / theirs:5.1f} {'equal' if equal else 'DIFFERENT'}"
        print(f"{name:20} {ours:8.0f} ms {rows:8,} rows{beside}", flush=True)


def _best(do: Callable[[], Sequence[Any]]) -> tuple[float, Sequence[Any]]:
    best, found = float("inf"), []
    for _ in range(_TIMES):
        start = time.process_time()
        found = do()
        best = min(best, time.process_time() - start)
    return best * 1000, found


def _plain(row: Sequence[Any]) -> list[Any]:
    return [sorted(one) if isinstance(one, (list, tuple)) else str(one) for one in row]


if __name__ == "__main__":
    main()
