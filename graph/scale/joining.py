"""The pieces of a part and what papers share → its rows of the graph, by the one machine's own statements. What several
parts tell of one thing is handed on in shares, which `gathering` brings together."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from ..deriving.derive import Derived
from ..deriving.joining import BLOCKS, MACROS, NAMED, SHARED, STATEMENTS, ordered
from ..deriving.kept import by_column, create
from ..deriving.pieces import BITS, TABLES, entries_of, told
from ..deriving.proofs import is_referred
from ..stores.bulk import keys
from .sharing import BROADCAST
from .storage import Storage, write_rows
from .taking import RecordPart

if TYPE_CHECKING:
    import pyarrow

#: Tables to which several papers contribute to one row.
GATHERED = (("Unit",), ("Deadline",), ("ISSUED_BY", "Document", "Unit"), ("IN", "Unit", "Region"))
GATHERED += (("BRANCH_OF", "Unit", "Unit"), ("PART_OF", "Region", "Region"))
#: Tables that the one process writes, and those of pairs of papers (`linking`).
_APART = (("Region",), ("IMPLEMENTS", "Document", "Document"))
LINKS = (("DERIVES_FROM", "Task", "Task"), ("RESEMBLES", "Task", "Task"))
WHOLE = [key for key in keys() if key not in (*GATHERED, *_APART, *LINKS)]
#: The columns of a share: its bucket, what it is of, its rows as msgpack.
SHARES = {"bucket": "INTEGER", "table": "VARCHAR", "key": "VARCHAR", "data": "BLOB"}
REGION, COUNT = "Region", "count"

_UNITS = f"""
SELECT u.*, t.turn FROM ({ordered(("Unit",))}) u
JOIN (SELECT id, min(turn) AS turn FROM (SELECT id, turn FROM met UNION ALL SELECT id, turn FROM above) GROUP BY id) t
ON t.id = u.id
"""
_DEADLINES = f"""
SELECT d.*, t.n FROM ({ordered(("Deadline",))}) d
JOIN (SELECT d.id, min(p.n) AS n FROM deadline d JOIN paper p USING (slot) GROUP BY d.id) t ON t.id = d.id
"""
_TOLD = 'SELECT name, "from", "to", turn, pos, ref, quote FROM once ORDER BY name, "from", "to", turn, pos'

_encode = msgspec.msgpack.Encoder().encode


class JoinedTables:
    """The one machine's tables with the pieces of some records: fill them, `join`, ask for rows."""

    def __init__(self) -> None:
        self.graph = Derived()
        self.connection = self.graph.connection
        self._blocks: dict[int, tuple[str, list[str]]] = {}

    def __enter__(self) -> JoinedTables:
        return self

    def __exit__(self, *_: object) -> None:
        self.graph.close()

    def share(self, given: dict[str, pyarrow.Table]) -> None:
        """Make the tables of what papers share; those that are `given` are looked into where they are."""
        self.connection.execute(MACROS)
        for name, columns in SHARED.items():
            if name in given:
                self.connection.register(name, given[name])
            else:
                create(self.connection, name, columns)

    def fill(self, table: str, rows: pyarrow.Table) -> None:
        self.connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM rows")

    def join(self) -> None:
        for statement in STATEMENTS:
            self.connection.execute(statement)
        found = self.connection.execute(BLOCKS).fetchall()
        self._blocks = {slot: (document, entries_of(block)) for slot, document, block in found}

    def rows(self, key: tuple[str, ...]) -> Iterator[list[Any]]:
        """The rows of a label or relationship, as `schema.Source` has them."""
        found = self.connection.execute(ordered(key))
        names = [column[0] for column in found.description or ()]
        at = names.index("evidence") if is_referred(key) else -1
        for row in map(list, found.fetchall()):
            if at >= 0:
                row[at] = [self.told(reference) for reference in row[at]]
            yield row

    def told(self, reference: int) -> str:
        document, entries = self._blocks[reference >> BITS]
        return told(document, entries[reference & (1 << BITS) - 1])


def ask(batch: pyarrow.Table, out: Storage) -> pyarrow.Table:
    """What parts ask of names of units."""
    import duckdb
    import pyarrow

    found = []
    for row in batch.to_pylist():
        part = RecordPart.of(row)
        with duckdb.connect(":memory:", config={"threads": 1}) as connection:
            connection.register("paper", out.read_table("work/shared/paper.parquet", part.slots))
            connection.register("mention", out.read_table(f"work/mention/{part.name}.parquet"))
            found.append(connection.sql(NAMED).to_arrow_table())
    return pyarrow.concat_tables(found)


def join(batch: pyarrow.Table, out: Storage, buckets: int, shared: list[Any]) -> pyarrow.Table:
    """Write the rows of parts; gives their shares in what is not theirs alone, and how many rows there are.
    `shared` refers to what `sharing.broadcast` gives."""
    import ray

    (given,) = ray.get(shared)
    shares: list[tuple[Any, ...]] = []
    for row in batch.to_pylist():
        part = RecordPart.of(row)
        with JoinedTables() as session:
            _fill(session, part, out, given)
            session.join()
            for key in WHOLE:
                rows: Iterable[list[Any]] = session.rows(key)
                if key == ("Document",):
                    own = {one for (one,) in session.connection.execute("SELECT document FROM paper").fetchall()}
                    rows = [one for one in rows if one[0] in own]
                count = write_rows(out, key, part.name, rows)
                shares.append((0, COUNT, "-".join(key), _encode(count)))
            shares += _shares(session, buckets)
    return by_column(SHARES, shares)


def _fill(session: JoinedTables, part: RecordPart, out: Storage, given: dict[str, pyarrow.Table]) -> None:
    session.share({name: given[name] for name in BROADCAST})
    for name in TABLES:
        session.fill(f"kept.{name}", out.read_table(f"work/{name}/{part.name}.parquet"))
    session.fill("paper", out.read_table("work/shared/paper.parquet", part.slots))
    session.fill("document", out.read_table("work/shared/document.parquet", part.slots))
    targets = out.read_table("work/shared/cited.parquet", part.slots)
    session.fill("cited", targets.drop_columns(["region"]))
    # Of a document that is cited, its region alone is looked at here.
    session.connection.execute(
        "INSERT INTO document(id, region) SELECT DISTINCT target, region FROM targets "
        "WHERE target NOT IN (SELECT id FROM document)"
    )


def _shares(session: JoinedTables, buckets: int) -> Iterator[tuple[Any, ...]]:
    for table, question in (("Unit", _UNITS), ("Deadline", _DEADLINES)):
        for row in session.connection.execute(question).fetchall():
            yield _share(table, row[0], [list(row)], buckets)
    at, some = ("", "", ""), []
    for name, start, stop, turn, pos, ref, quote in session.connection.execute(_TOLD).fetchall():
        if (name, start, stop) != at and some:
            yield _share(at[0], "\x1f".join(at[1:]), some, buckets)
            some = []
        at = name, start, stop
        some.append([turn, pos, session.told(ref), quote])
    if some:
        yield _share(at[0], "\x1f".join(at[1:]), some, buckets)
    for (region,) in session.connection.execute("SELECT DISTINCT region FROM shown").fetchall():
        yield 0, REGION, region, b""


def _share(table: str, key: str, rows: list[list[Any]], buckets: int) -> tuple[Any, ...]:
    return bucket(f"{table} {key}", buckets), table, key, _encode(rows)


def bucket(key: str, buckets: int) -> int:
    return zlib.crc32(key.encode("utf-8", "surrogatepass")) % buckets
