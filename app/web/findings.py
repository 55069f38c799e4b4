"""What `check` finds, kept beside the store: found once for each graph, in a process of its own, then read by pages."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ...graph.checking.finding import SEVERITIES, Finding, rules
from ..lists.reading import Slice

if TYPE_CHECKING:
    from ..api import Graph

_TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
CREATE TABLE about(stamp TEXT);
CREATE TABLE finding(n INTEGER PRIMARY KEY, rule TEXT, document TEXT, told BLOB);
"""
_COUNTED = """
CREATE INDEX finding_of ON finding(rule, document, n);
CREATE TABLE line(n INTEGER PRIMARY KEY, rule TEXT, document TEXT, count INTEGER);
INSERT INTO line(rule, document, count) SELECT rule, document, count(*) AS count FROM finding JOIN known USING (rule)
  GROUP BY rule, document ORDER BY severity, place, count DESC, document;
CREATE INDEX line_of ON line(document, n);
"""
_LEFT = 3600.0  # seconds after which nobody writes a file any more
_TRIES = 3  # times that it is found anew because a build came in between


@cache
def _program() -> str:
    """What tells the rules of this program from others."""
    parts = sorted((one.name, one.read_bytes()) for one in files("zhengling.graph.checking").iterdir() if one.is_file())
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _path(folder: Path) -> Path:
    return folder / "cache" / "findings.sqlite"


def stamp(folder: Path) -> str:
    """What tells the graph of a workspace, and the rules, from others."""
    with suppress(OSError):
        state = (folder / "cache" / "graph.lbug").stat()
        return f"{_program()} {state.st_ino} {state.st_mtime_ns} {state.st_size}"
    return ""


def keep(graph: Graph) -> None:
    """Find and keep what there is to find."""
    for last in range(1, _TRIES + 1):
        before = stamp(graph.folder)
        found = graph.check()
        now = stamp(graph.folder)  # a store that was not there is made by the check itself
        if before in ("", now) or last == _TRIES:
            _write(_path(graph.folder), now, found)
            return


def _write(path: Path, mark: str, found: Sequence[Finding]) -> None:
    for left in path.parent.glob(f"{path.name}.new-*"):  # by one that was ended
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT:
                left.unlink()
    beside = path.with_name(f"{path.name}.new-{os.getpid()}")
    order = [(rule, SEVERITIES.index(known.severity), n) for n, (rule, known) in enumerate(rules().items())]
    try:
        with closing(sqlite3.connect(beside)) as base:
            base.executescript(_TABLES)
            base.execute("CREATE TEMP TABLE known(rule TEXT PRIMARY KEY, severity INTEGER, place INTEGER)")
            base.executemany("INSERT INTO known VALUES (?, ?, ?)", order)
            rows = ((one.rule, one.document, msgspec.json.encode(one)) for one in found)
            base.executemany("INSERT INTO finding(rule, document, told) VALUES (?, ?, ?)", rows)
            base.executescript(_COUNTED)
            base.execute("INSERT INTO about VALUES (?)", (mark,))
            base.commit()
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


class Findings:
    """What was found on one graph, open for a request."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    @classmethod
    def of(cls, folder: Path) -> Findings | None:
        """What is kept of the graph as it is now; None where that is nothing."""
        path, mark = _path(folder), stamp(folder)
        with suppress(sqlite3.Error):
            if mark and path.is_file():
                address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
                base = sqlite3.connect(address, uri=True, check_same_thread=False)
                with suppress(sqlite3.Error):
                    if base.execute("SELECT stamp FROM about").fetchall() == [(mark,)]:
                        return cls(base)
                base.close()
        return None

    def by_rule(self) -> list[tuple[str, int]]:
        """How many findings each rule has, the gravest first."""
        return self._base.execute("SELECT rule, sum(count) FROM line GROUP BY rule ORDER BY min(n)").fetchall()

    def lines(self, wanted: Mapping[str, str], start: int, size: int) -> Slice:
        """How many findings a rule has in a document, the gravest first; `document` alone filters them."""
        return self._page("line", "n, rule, document, count", wanted, start, size)

    def each(self, wanted: Mapping[str, str], start: int, size: int) -> tuple[Slice, list[Finding]]:
        """The findings of a `rule`, and of a `document` if it is given."""
        part = self._page("finding", "told", wanted, start, size)
        return part, [msgspec.json.decode(row["told"], type=Finding) for row in part.rows]

    def _page(self, table: str, columns: str, wanted: Mapping[str, str], start: int, size: int) -> Slice:
        names = [name for name in ("rule", "document") if wanted.get(name)]
        held = " AND ".join(f"{name} = ?" for name in names) or "1"
        values = [wanted[name] for name in names]
        (total,) = self._base.execute(f"SELECT count(*) FROM {table} WHERE {held}", values).fetchone()
        start = min(start, max(total - 1, 0) // size * size)
        asked = f"SELECT {columns} FROM {table} WHERE {held} ORDER BY n LIMIT ? OFFSET ?"
        found = self._base.execute(asked, [*values, size, start])
        heads = [one[0] for one in found.description]
        return Slice([dict(zip(heads, row, strict=True)) for row in found], total, start)

    def close(self) -> None:
        self._base.close()
