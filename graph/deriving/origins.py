"""Which tasks of loaded superiors the tasks of each paper are made from: DERIVES_FROM, along the chain alone; and which
of the year before they carry on, or, where it is asked for, share with their siblings: RESEMBLES.

What two records give is kept beside their pieces (`kept.py`): only pairs of which one is new are aligned, each record
is read once or a few times, and what is held is one superior and a few lower papers. Papers without a loaded superior
cost a look at their steps.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from ...extractors.model import Citation, Deadline, Evidence, Record, Task
from ...extractors.words.lexicon import Lexicon
from ..lineage.nearest import nearest
from ..lineage.verdicts import Verdict
from .documents import Documents
from .identity import rank
from .kept import Pieces
from .pieces import BITS, ToldRecord, block, entry

#: Papers below one superior that are compared with each other; of more, none: their pairs grow with the square.
MOST_SIBLINGS = 60
#: Papers by issuer and subject, and siblings.
SERIES = """
CREATE TABLE series(issuer TEXT, subject TEXT, year INTEGER, title TEXT, id TEXT, n INTEGER);
CREATE INDEX by_series ON series(issuer, subject, year);
CREATE TABLE sibling(superior TEXT, level TEXT, place TEXT, n INTEGER);
"""
_YEARS = """
SELECT a.n, b.n FROM series a JOIN series b USING (issuer, subject) WHERE b.year = a.year - 1 {}
ORDER BY a.n, a.title <> b.title, b.id
"""
_NEAR = """
AND a.n IN (SELECT c.n FROM series d JOIN series c USING (issuer, subject)
            WHERE d.n >= ?1 AND c.year BETWEEN d.year AND d.year + 1)
"""
_AT_ONCE = 500  # alignments that are written at a time
HELD = 256  # records that are held: a paper with several superiors is read once
_STEPS = "SELECT step.b, coalesce(d.loaded, 0) FROM step LEFT JOIN document d ON d.id = step.b WHERE step.a = ?"

Read = Callable[[int], Record | ToldRecord]


class Superiors:
    """Finds the superiors of each paper that are loaded."""

    def __init__(self, base: sqlite3.Connection, documents: Documents) -> None:
        self.base, self.documents = base, documents

    def of(self, n: int, identity: str, level: str | None, citations: list[Citation]) -> dict[int, list[str]]:
        """Record of a superior → the tasks that are compared with it, none named where all are. `n`, `identity`,
        `level` and `citations` are those of the lower paper."""
        found = [self.documents.row(one) for one in nearest(identity, self._steps)]
        based: list[tuple[str, dict[str, Any]]] = []
        targets = self.documents.cited(n) if any(c.role == "basis" for c in citations) else {}
        for i, citation in enumerate(citations):
            row = self.documents.row(targets[i]) if citation.role == "basis" and i in targets else None
            if row and row["loaded"] and row["kind"] == "directive" and rank(row["level"]) > rank(level):
                based.append((citation.in_, row))
        if not found:
            found = [row for inside, row in based if inside == "document"]
        out: dict[int, list[str]] = {row["n"]: [] for row in found}
        for inside, row in based:
            if inside != "document" and out.get(row["n"], [""]):
                out.setdefault(row["n"], []).append(inside)
        return out

    def absent(self, n: int, identity: str, citations: list[Citation]) -> set[str]:
        """What a paper carries out, or names as its basis, and is not loaded."""
        found = {one for one, loaded in self._steps(identity) if not loaded}
        targets = self.documents.cited(n)
        for i, citation in enumerate(citations):
            if citation.role == "basis" and citation.in_ == "document" and i in targets:
                row = self.documents.row(targets[i])
                found |= {targets[i]} if row["kind"] == "directive" and not row["loaded"] else set()
        return found

    def _steps(self, identity: str) -> Iterator[tuple[str, bool]]:
        return ((one, bool(loaded)) for one, loaded in self.base.execute(_STEPS, (identity,)).fetchall())


class Series:
    """Finds what an issuer said of the same subject the year before."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self.base = base

    def add(self, n: int, row: dict[str, Any], subject: str) -> None:
        """Take in a paper: its number, its facts as `Documents` has them, what it is about."""
        if row["year"] and row["issuer"] and subject:
            issuer = f"{row['region'] or row['id']} {row['issuer']}"
            bare = (row["title"] or "").replace(str(row["year"]), "")
            values = (issuer, subject, row["year"], bare, row["id"], n)
            self.base.execute("INSERT INTO series VALUES (?, ?, ?, ?, ?, ?)", values)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """(number, number of the paper of the year before) of each that has one; of several the one that bears the same
        title, else the first."""
        return _first_of_each(self.base.execute(_YEARS.format("")))

    def new_pairs(self, first: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """What `pairs` gives more than without the papers from the number `first` on, and what it gives no more."""
        now = dict(_first_of_each(self.base.execute(_YEARS.format(_NEAR), (first,))))
        then = dict(_first_of_each(self.base.execute(_YEARS.format(_NEAR + "AND a.n < ?1 AND b.n < ?1"), (first,))))
        new = [pair for pair in now.items() if then.get(pair[0]) != pair[1]]
        return new, [pair for pair in then.items() if now[pair[0]] != pair[1]]


def _first_of_each(found: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last = -1
    for n, before in found:
        if n != last:
            yield n, before
        last = n


class Siblings:
    """Finds papers of one level and of several places below the same paper, where that is not loaded."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self.base = base

    def add(self, n: int, row: dict[str, Any], superiors: Iterable[str]) -> None:
        """Take in a paper that has no loaded superior: its number, its facts as `Documents` has them, those that are
        not loaded."""
        values = (row["level"] or "", row["region"] or row["id"], n)
        self.base.executemany("INSERT INTO sibling VALUES (?, ?, ?, ?)", ((one, *values) for one in superiors))

    def pairs(self) -> Iterator[tuple[int, int]]:
        """(number, number of an earlier one) of each two siblings."""
        few = f"SELECT superior FROM sibling GROUP BY superior HAVING count(*) <= {MOST_SIBLINGS}"
        yield from self.base.execute(
            f"SELECT DISTINCT a.n, b.n FROM sibling a JOIN sibling b USING (superior, level) "
            f"WHERE a.n > b.n AND a.place <> b.place AND superior IN ({few}) ORDER BY a.n, b.n"
        ).fetchall()

    def left_apart(self) -> list[tuple[int, str, int]]:
        """(number of the first, id of the superior, how many there are) where there are too many."""
        many = f"GROUP BY superior HAVING count(*) > {MOST_SIBLINGS} ORDER BY 1"
        return self.base.execute(f"SELECT min(n), superior, count(*) FROM sibling {many}").fetchall()


def found_by_people(read: Read, one: Verdict, lexicon: Lexicon) -> tuple[str, list[str]]:
    """Wording and changes of a link that a person alone has found."""
    from ..lineage.align import unfound
    from ..lineage.changes import told

    link = unfound(record_of(read, one.upper[0]), record_of(read, one.lower[0]), one, lexicon)
    return link.wording, [told(change) for change in link.changes]


def record_of(read: Read, n: int) -> Record:
    """The `n`th record itself."""
    found = read(n)
    return found.record if isinstance(found, ToldRecord) else found


def align_new(pieces: Pieces, read: Read, lexicon: Lexicon) -> None:
    """Align the pairs of the table `pair` that are not kept, and keep them."""
    some: list[tuple[Any, ...]] = []
    record = lru_cache(maxsize=HELD)(partial(record_of, read))
    for lower_slot, upper_slot, lower_n, upper_n, tasks, way in pieces.unaligned():
        upper = record(upper_n)
        above = a_year_on(upper) if way == "resembles" else upper
        links, blocks = aligned(above, record(lower_n), lexicon, tasks)
        some.append((lower_slot, upper_slot, tasks, way, *blocks, links))
        if len(some) == _AT_ONCE:
            pieces.add_links(some)
            some.clear()
    pieces.add_links(some)


def a_year_on(record: Record) -> Record:
    """A paper whose limits are a year later: what the next year's carries on is no later for that."""
    tasks = [replace(task, deadlines=[_shifted(limit) for limit in task.deadlines]) for task in record.tasks]
    return replace(record, tasks=tasks)


def _shifted(limit: Deadline) -> Deadline:
    return replace(limit, end=f"{int(limit.end[:4]) + 1}{limit.end[4:]}") if limit.end else limit


def aligned(
    upper: Record, lower: Record, lexicon: Lexicon, tasks: str
) -> tuple[list[tuple[Any, ...]], tuple[bytes, bytes]]:
    """The rows of the links, and the evidence of both papers as blocks."""
    from ..lineage.align import align
    from ..lineage.changes import told
    from ..lineage.fingerprints import fingerprint
    from ..lineage.telling import grounds, proof

    found = align(upper, lower, lexicon, tasks.split() or None)
    above, below = _places(upper.tasks), _places(lower.tasks)
    entries: tuple[dict[str, int], dict[str, int]] = ({}, {})
    rows = []
    for link in found.links:
        (k, task), (j, superior) = below[link.lower], above[link.upper]
        pairs = list(proof(link, superior, task))
        proofs = [side << BITS | _kept(entries[side], one) for pair in pairs for side, one in enumerate(pair)]
        values = (link.wording, link.state, link.score, [told(c) for c in link.changes], grounds(link))
        marks = [fingerprint(task), fingerprint(superior)]
        rows.append((k, j, *values, marks, pairs[0][0].quote, proofs))
    return rows, (block(entries[0]), block(entries[1]))


def _places(tasks: Iterable[Task]) -> dict[str, tuple[int, Task]]:
    return {task.id: (k, task) for k, task in enumerate(tasks, 1)}


def _kept(entries: dict[str, int], one: Evidence) -> int:
    return entries.setdefault(entry(one), len(entries))
