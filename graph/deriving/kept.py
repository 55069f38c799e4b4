"""The pieces of records, kept in a file of the cache (DuckDB) so that a record is taken apart once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...extractors.model import Record
from .pieces import TABLES, ToldRecord, piece

if TYPE_CHECKING:
    import duckdb
    import pyarrow

_FORM = "10"  # raised when a record, or two of them, give other rows
_FEW, _IN_ONE = 400, 100  # rows that are added without Arrow, and those of one statement
_BATCH = 2_000  # records whose rows are in memory at a time
# What the engine may take before it goes to the disk; each thread wants its share. With more than one, a question that
# is interrupted sometimes never comes back (DuckDB 2.0.1).
_MEMORY, _THREADS = "384MB", 1
_ROOMIER = ("768MB", "1536MB", "3GB")  # the next one for what can not go to the disk and does not fit


#: What two records give together (`origins.py`). `slot` is that of the lower paper's evidence; the superior's has the
#: next one. `tasks`: those that alone are compared, '' where all are.
LINKS: dict[str, dict[str, str]] = {
    "alignment": {
        "slot": "INTEGER",
        "lower": "INTEGER",
        "upper": "INTEGER",
        "tasks": "VARCHAR",
        "way": "VARCHAR",  # derives, resembles (a year on), shares (siblings)
        "block": "BLOB",
        "above": "BLOB",
        "links": "INTEGER",
    },
    "link": {
        "slot": "INTEGER",
        "k": "INTEGER",  # place of the lower task
        "j": "INTEGER",  # place of the superior's
        "wording": "VARCHAR",
        "state": "VARCHAR",
        "score": "DOUBLE",
        "change": "VARCHAR[]",
        "grounds": "VARCHAR[]",
        "texts": "VARCHAR[]",
        "quote": "VARCHAR",
        "proofs": "INTEGER[]",  # to be added to the slot's own reference
    },
}
_PAIR = "lower, upper, tasks, way"
_LARGE = """
SELECT p.lower, p.upper, p.lower_n, p.upper_n, a.tasks::BIGINT * b.tasks AS pairs
FROM pair p JOIN head a ON a.slot = p.lower JOIN head b ON b.slot = p.upper
WHERE a.tasks::BIGINT * b.tasks > ? ORDER BY p.lower_n, p.upper_n
"""
_UNALIGNED = f"""
SELECT p.lower, p.upper, p.lower_n, p.upper_n, p.tasks, p.way
FROM pair p LEFT JOIN alignment a USING ({_PAIR})
WHERE a.slot IS NULL
"""


class Pieces:
    """Pieces by slot. A piece is told by the mark of its record: the same mark means the same record."""

    def __init__(self, path: Path, spill: Path, rules: str = "") -> None:
        """`path`: the file, made anew where it is missing, damaged, of another form or of other `rules`; `spill`: a
        folder for what does not fit into memory."""
        self.path = path
        self.connection = _opened(path, spill, f"{_FORM} {rules}")
        self._rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
        self._held = 0
        last = "SELECT greatest(coalesce((SELECT max(slot) FROM head), -1), coalesce(max(slot) + 1, -1)) FROM alignment"
        (taken,) = self.connection.execute(last).fetchone() or (-1,)
        self._next = taken + 1

    def close(self) -> None:
        self.connection.close()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """For a question whose rows are read while others are asked."""
        cursor = self.connection.cursor()
        cursor.execute(_SEARCH)
        return cursor

    def make(self, statement: str) -> duckdb.DuckDBPyConnection:
        """Execute what joins all pieces: not all of its parts can go to the disk, so that very many pieces take more
        memory than the engine has otherwise."""
        import duckdb

        for memory in _ROOMIER:
            try:
                return self.connection.execute(statement)
            except duckdb.OutOfMemoryException:
                self.connection.execute(f"SET memory_limit = '{memory}'")
        return self.connection.execute(statement)

    def slots(self) -> dict[str, int]:
        """Mark → slot, of all pieces."""
        return dict(self.connection.execute("SELECT mark, slot FROM head").fetchall())

    def add(self, record: Record | ToldRecord, mark: str) -> int:
        """Take a record apart; its slot."""
        slot, self._next = self._next, self._next + 1
        for name, rows in piece(record, mark).rows.items():
            self._rows[name] += ((slot, *row) for row in rows)
        self._held += 1
        if self._held == _BATCH:
            self.write()
        return slot

    def write(self) -> None:
        """Bring what was added into the file, all of it or nothing."""
        with self._whole():
            for name, rows in self._rows.items():
                if rows:
                    insert(self.connection, f"kept.{name}", TABLES[name], rows)
                    rows.clear()
        self._held = 0

    def drop(self, slots: Iterable[int]) -> None:
        """Take pieces out."""
        gone = [(slot,) for slot in slots]
        if not gone:
            return
        self.connection.execute("CREATE OR REPLACE TABLE memory.gone(slot INTEGER)")
        insert(self.connection, "memory.gone", {"slot": "INTEGER"}, gone)
        with self._whole():
            for name in TABLES:
                self.connection.execute(f"DELETE FROM kept.{name} WHERE slot IN (SELECT slot FROM memory.gone)")

    # --- what two records give together

    def leave_apart(self, most: int) -> list[tuple[int, int, int]]:
        """Take pairs of papers with more than so many pairs of tasks out of the table `pair`: numbers of both papers,
        and how many pairs of tasks they have."""
        found = self.connection.execute(_LARGE, [most]).fetchall()
        if found:
            self.connection.execute(
                f"DELETE FROM pair WHERE (lower, upper) IN (SELECT (lower, upper) FROM ({_LARGE}))", [most]
            )
        return [(lower, upper, count) for _, _, lower, upper, count in found]

    def drop_links(self) -> None:
        """Take out the alignments that are of no pair of the table `pair`."""
        with self._whole():
            self.connection.execute(f"DELETE FROM kept.alignment WHERE ({_PAIR}) NOT IN (SELECT ({_PAIR}) FROM pair)")
            self.connection.execute("DELETE FROM kept.link WHERE slot NOT IN (SELECT slot FROM kept.alignment)")

    def waiting(self) -> int:
        """How many pairs of the table `pair` have no alignment."""
        return (self.connection.execute(f"SELECT count(*) FROM ({_UNALIGNED})").fetchone() or (0,))[0]

    def unaligned(self) -> Iterator[tuple[Any, ...]]:
        """(slot, slot of the superior, number, number of the superior, tasks, way) of the pairs that have no alignment,
        one superior after another."""
        self.connection.execute(f"CREATE OR REPLACE TABLE memory.unaligned AS {_UNALIGNED}")
        found = self.cursor().execute("SELECT * FROM unaligned ORDER BY upper_n, lower_n")
        while rows := found.fetchmany(_BATCH):
            yield from rows

    def linked(self, lower: Collection[int]) -> set[tuple[int, int, int, int]]:
        """(slot, place of the task, slot of the superior, place of its task) of the links of these lower papers."""
        question = """SELECT a.lower, l.k, a.upper, l.j FROM kept.link l JOIN kept.alignment a USING (slot)
                      WHERE a.way = 'derives' AND list_contains(?, a.lower)"""
        return set(self.cursor().execute(question, [sorted(lower)]).fetchall()) if lower else set()

    def add_links(self, found: Iterable[tuple[Any, ...]]) -> None:
        """Keep alignments: slots of both papers, tasks, way, blocks of both, rows of `link` without their slot."""
        alignments, links = [], []
        for lower, upper, tasks, way, block, above, rows in found:
            slot, self._next = self._next, self._next + 2
            alignments.append((slot, lower, upper, tasks, way, block, above, len(rows)))
            links += ((slot, *row) for row in rows)
        with self._whole():
            for name, rows in (("alignment", alignments), ("link", links)):
                if rows:
                    insert(self.connection, f"kept.{name}", LINKS[name], rows)

    @contextmanager
    def _whole(self) -> Iterator[None]:
        self.connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")


def create(connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str]) -> None:
    """Make a table without rows."""
    typed = ", ".join(f'"{name}" {type_}' for name, type_ in columns.items())
    connection.execute(f"CREATE TABLE {table}({typed})")


def insert(
    connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str], rows: list[tuple[Any, ...]]
) -> None:
    """Add rows to a table, by column; few of them one by one: to import Arrow takes longer than they do."""
    if len(rows) <= _FEW:
        for at in range(0, len(rows), _IN_ONE):
            some = rows[at : at + _IN_ONE]
            marks = ", ".join([f"({', '.join('?' * len(columns))})"] * len(some))
            connection.execute(f"INSERT INTO {table} VALUES {marks}", [value for row in some for value in row])
        return
    batch = by_column(columns, rows)  # noqa: F841
    connection.execute(f"INSERT INTO {table} SELECT * FROM batch")


def by_column(columns: dict[str, str], rows: Sequence[Sequence[Any]]) -> pyarrow.Table:
    """Rows as a table of Arrow."""
    import pyarrow

    schema = pyarrow.schema([(name, arrow(type_)) for name, type_ in columns.items()])
    return pyarrow.table([list(column) for column in zip(*rows, strict=True)] or [[]] * len(columns), schema=schema)


def arrow(type_: str) -> pyarrow.DataType:
    """The type of Arrow for one of DuckDB or of the schema."""
    import pyarrow

    if type_.endswith("[]"):
        return pyarrow.list_(arrow(type_[:-2]))
    return {
        "INTEGER": pyarrow.int32(),
        "BIGINT": pyarrow.int64(),
        "INT64": pyarrow.int64(),
        "VARCHAR": pyarrow.string(),
        "STRING": pyarrow.string(),
        "BLOB": pyarrow.binary(),
        "DOUBLE": pyarrow.float64(),
        "BOOLEAN": pyarrow.bool_(),
        "DATE": pyarrow.date32(),
    }[type_]


@contextmanager
def heeding() -> Iterator[None]:
    """What the handler of a signal raises while the engine is at work is lost there: here it is kept, and raised."""
    raised: list[BaseException] = []
    before: dict[int, Any] = {}

    def keeping(handler: Callable[[int, Any], Any]) -> Callable[[int, Any], Any]:
        def heed(number: int, frame: Any) -> Any:
            try:
                return handler(number, frame)
            except BaseException as error:
                raised.append(error)
                raise

        return heed

    if threading.current_thread() is threading.main_thread():
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            handler = signal.getsignal(number) if number is not None else None
            if number is not None and callable(handler):
                before[number] = handler
                signal.signal(number, keeping(handler))
    try:
        yield
    except Exception:
        if raised:
            raise raised[0] from None
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


_SEARCH = "SET search_path = 'memory,kept'"  # what is staged, then what is kept


def _opened(path: Path, spill: Path, form: str) -> duckdb.DuckDBPyConnection:
    """A connection whose own tables are staged, to which the file of the pieces is attached."""
    import duckdb

    settings: dict[str, Any] = {"memory_limit": _MEMORY, "threads": _THREADS, "temp_directory": str(spill)}
    connection = duckdb.connect(":memory:", config=settings | {"preserve_insertion_order": False})
    quoted = str(path).replace("'", "''")
    with suppress(duckdb.Error):
        connection.execute(f"ATTACH '{quoted}' AS kept")
        with suppress(duckdb.Error):
            if connection.execute("SELECT form FROM kept.form").fetchall() == [(form,)]:
                connection.execute(_SEARCH)
                return connection
        connection.execute("DETACH kept")
    for file in (path, path.with_name(path.name + ".wal")):
        file.unlink(missing_ok=True)
    connection.execute(f"ATTACH '{quoted}' AS kept")
    for name, columns in (TABLES | LINKS).items():
        create(connection, f"kept.{name}", columns)
    connection.execute("CREATE TABLE kept.form AS SELECT ? AS form", [form])
    connection.execute(_SEARCH)
    return connection
