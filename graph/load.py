"""Writes the graph into Neo4j, so that afterwards the database holds of ours exactly what `source` holds.

Every row is compared with what is there, property by property, and only differences are written, in batches of a
transaction each: loading twice changes nothing, and a load that was cut short is finished by the next. What others put
beside ours stays: their nodes and relationships, and their properties on ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .neo4j import Connection, driver, errors, plain
from .schema import LOOKED_UP, MARK, NODES, RELATIONSHIPS, SEARCHED, Source, key

if TYPE_CHECKING:
    import neo4j

_ROWS = 2_000  # rows of a batch at most
_CHARACTERS = 2_000_000  # and about how much text

Progress = Callable[[int, int, str], Any]


@dataclass(slots=True)
class Count:
    """What became of one label, or of one type of relationship between two labels."""

    name: str
    start: str = ""  # '' for a label
    stop: str = ""
    total: int = 0  # what the source holds, and afterwards the database
    new: int = 0
    changed: int = 0
    gone: int = 0
    stripped: int = 0  # of `gone`: nodes that stay without what was ours, since others put something there

    @property
    def shown(self) -> str:
        return f"({self.start})-[:{self.name}]->({self.stop})" if self.start else self.name


def load(
    source: Source, connection: Connection, *, dry_run: bool = False, progress: Progress | None = None
) -> list[Count]:
    """Make the database hold the graph of `source`; what was, or with `dry_run` would be, written.

    `progress(done, total, name)` counts tables. Raises `ZhenglingError` where the server can not be reached or refuses.
    """
    with errors(connection), driver(connection) as server, server.session(database=connection.database) as session:
        if not dry_run:
            _prepare(session)
        tables = [_nodes(label) for label in NODES]
        tables += [_relationships(name, *pair) for name, each in RELATIONSHIPS.items() for pair in each.pairs]
        for done, table in enumerate(tables):
            for _ in _bring(session, table, source, dry_run):
                if progress:
                    progress(done, len(tables), f"{table.count.shown} {table.count.total}")
        # Relationships first: then nothing of ours hangs on the nodes any more.
        for table in [] if dry_run else reversed(tables):
            _take_out(session, table)
        if progress:
            progress(len(tables), len(tables), "")
        return [table.count for table in tables]


def constraints() -> dict[str, str]:
    """The statements that make Neo4j's constraints and indexes, by name; each changes nothing where there is one."""
    made = {}
    for label in NODES:
        name = f"zhengling_{label.lower()}"
        made[f"{name}_id"] = f"CREATE CONSTRAINT {name}_id IF NOT EXISTS FOR (n:`{label}`) REQUIRE n.id IS UNIQUE"
        for property in LOOKED_UP.get(label, ()):
            index = f"{name}_{property}"
            made[index] = f"CREATE INDEX {index} IF NOT EXISTS FOR (n:`{label}`) ON (n.`{property}`)"
        if label in SEARCHED:
            searched = ", ".join(f"n.`{property}`" for property in SEARCHED[label])
            made[f"{name}_words"] = (
                f"CREATE FULLTEXT INDEX {name}_words IF NOT EXISTS FOR (n:`{label}`) ON EACH [{searched}] "
                "OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}}"
            )
    return made


def _prepare(session: neo4j.Session) -> None:
    """Make the constraints and indexes that are not there, and wait until they can be used."""
    names = {name for (name,) in session.run("SHOW INDEXES YIELD name").values()}
    missing = [statement for name, statement in constraints().items() if name not in names]
    for statement in (*missing, "CALL db.awaitIndexes(600)") if missing else ():
        session.execute_write(lambda t, statement=statement: t.run(statement).consume())  # type: ignore[arg-type]


@dataclass(slots=True)
class _Table:
    """One label or relationship: where its rows come from, and the statements on `$rows` that bring them in."""

    count: Count
    properties: Sequence[str]
    rows: Callable[[Source], Iterable[Sequence[Any]]]
    ends: int  # values of a row before its properties
    own: Sequence[int]  # places in a row of the values that tell it from others
    there: str  # element ids and keys of all that is ours
    found: str  # keys → rows of those that are there
    put: str  # keys and values → written
    delete: str  # element ids → gone, where nothing but ours is there
    strip: str = ""  # element ids → what is left of them without ours
    gone: list[str] = field(default_factory=list)


def _nodes(label: str) -> _Table:
    properties = list(NODES[label])
    ours = [*properties, MARK]
    columns = ", ".join(f"n.`{name}`" for name in properties)
    this = f"UNWIND $rows AS row MATCH (n:`{label}`) WHERE elementId(n) = row AND n.`{MARK}` "
    alone = f"size(labels(n)) = 1 AND NOT EXISTS {{ (n)--() }} AND all(k IN keys(n) WHERE k IN {ours})"
    return _Table(
        Count(label),
        properties,
        lambda source: source.nodes(label),
        ends=0,
        own=(0,),
        there=f"MATCH (n:`{label}`) WHERE n.`{MARK}` RETURN elementId(n), n.id",
        found=f"UNWIND $rows AS row MATCH (n:`{label}` {{id: row[0]}}) WHERE n.`{MARK}` RETURN {columns}",
        put=f"UNWIND $rows AS row MERGE (n:`{label}` {{id: row.key[0]}}) SET n += row.values",
        delete=f"{this}AND {alone} DELETE n",
        strip=f"{this}REMOVE n:`{label}`, {', '.join(f'n.`{name}`' for name in ours)} RETURN elementId(n)",
    )


def _relationships(name: str, start: str, stop: str) -> _Table:
    properties, apart = list(RELATIONSHIPS[name].properties), key(name)
    columns = ", ".join(["a.id", "b.id", *(f"r.`{property}`" for property in properties)])
    keys = ", ".join(["a.id", "b.id", *(f"r.`{property}`" for property in apart)])
    kind = f"(a:`{start}`)-[r:`{name}`]->(b:`{stop}`)"
    told = "".join(f" AND r.`{property}` = row[{at}]" for at, property in enumerate(apart, 2))
    held = ", ".join([f"`{MARK}`: true", *(f"`{property}`: row.key[{at}]" for at, property in enumerate(apart, 2))])
    return _Table(
        Count(name, start, stop),
        properties,
        lambda source: source.relationships(name, start, stop),
        ends=2,
        own=(0, 1, *(2 + properties.index(property) for property in apart)),
        there=f"MATCH {kind} WHERE r.`{MARK}` RETURN elementId(r), {keys}",
        found=f"UNWIND $rows AS row MATCH (a:`{start}` {{id: row[0]}}), (b:`{stop}` {{id: row[1]}}) "
        f"MATCH (a)-[r:`{name}`]->(b) WHERE r.`{MARK}`{told} RETURN {columns}",
        put=f"UNWIND $rows AS row MATCH (a:`{start}` {{id: row.key[0]}}), (b:`{stop}` {{id: row.key[1]}}) "
        f"MERGE (a)-[r:`{name}` {{{held}}}]->(b) SET r += row.values",
        delete=f"UNWIND $rows AS row MATCH {kind} WHERE elementId(r) = row AND r.`{MARK}` DELETE r",
    )


def _bring(session: neo4j.Session, table: _Table, source: Source, dry_run: bool) -> Iterator[None]:
    """Write what is new or differs, a batch a step, and find out what is gone."""
    count, wanted = table.count, set()
    for batch in batches(table.rows(source)):
        keys = [[row[at] for at in table.own] for row in batch]
        wanted.update(map(_digest, keys))
        there = {tuple(row[at] for at in table.own): row for row in _run(session.execute_read, table.found, keys)}
        differing = []
        for row, one in zip(batch, keys, strict=True):
            old = there.get(tuple(one))
            if old != list(row):
                count.new += old is None
                count.changed += old is not None
                values = dict(zip(table.properties, row[table.ends :], strict=True))
                differing.append({"key": one, "values": values | {MARK: True}})
        if differing and not dry_run:
            _run(session.execute_write, table.put, differing)
        count.total += len(batch)
        yield
    for element, *one in session.run(table.there):  # type: ignore[arg-type]
        if _digest(one) not in wanted:
            table.gone.append(element)
    count.gone = len(table.gone)
    yield


def _take_out(session: neo4j.Session, table: _Table) -> None:
    for batch in batches(table.gone):
        _run(session.execute_write, table.delete, batch)
        if table.strip:
            table.count.stripped += len(_run(session.execute_write, table.strip, batch))


def _run(way: Callable[..., Any], cypher: str, rows: list[Any]) -> list[list[Any]]:
    """Run a statement in a managed transaction, which the driver tries again after a passing failure."""
    return way(lambda transaction: [plain(record) for record in transaction.run(cypher, rows=rows)])


def batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Rows in lists of a size that one transaction can hold."""
    batch: list[Any] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(len(str(value)) for value in row)
        if len(batch) >= _ROWS or size >= _CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _digest(values: Iterable[Any]) -> bytes:
    return hashlib.blake2b(repr(list(values)).encode("utf-8", "surrogatepass"), digest_size=16).digest()
