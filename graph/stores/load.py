"""Writes the graph into Neo4j, so that afterwards the database holds of ours exactly what `source` holds.

Where the database has no node of our labels, all rows are created. Else every row is compared with what is there,
property by property, and only differences are written, in batches of a transaction each: loading twice changes nothing,
and a load that was cut short is finished by the next. Where nobody has written there since the last load, what is there
is known (`loaded.py`). What others put beside ours stays: their nodes and relationships, and their properties on ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..schema import LOOKED_UP, MARK, NODES, RELATIONSHIPS, SEARCHED, Source, key
from .loaded import Loaded, key_of, mark, values_of
from .neo4j import Connection, driver, errors, plain

if TYPE_CHECKING:
    import neo4j

_ROWS = 5_000  # rows of a batch at most
_CHARACTERS = 4_000_000  # and about how much text

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
    source: Source,
    connection: Connection,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    loaded: Loaded | None = None,
) -> list[Count]:
    """Make the database hold the graph of `source`; what was, or with `dry_run` would be, written.

    `progress(done, total, name)` counts tables; `loaded` is what is known of the last load. Raises `ZhenglingError`
    where the server can not be reached or refuses.
    """
    with errors(connection), driver(connection) as server, server.session(database=connection.database) as session:
        run = _Load(session, source, dry_run, progress or (lambda *_: None), loaded)
        before = state(server, connection.database) if loaded else ""
        known = loaded is not None and loaded.is_there(before)
        if known and loaded.is_same and not dry_run:  # type: ignore[union-attr]
            counts = [table.count for table in run.tables]
            for count in counts:
                count.total = loaded.totals.get(count.shown, 0)  # type: ignore[union-attr]
            return counts
        if loaded is not None and not dry_run:
            loaded.forget()
        if dry_run or not (_is_empty(session) and run.fill()):
            run.compare(known)
        if loaded is not None and not dry_run:
            totals = {table.count.shown: table.count.total for table in run.tables}
            loaded.finish(state(server, connection.database), totals)
        return [table.count for table in run.tables]


def state(server: neo4j.Driver, database: str) -> str:
    """What changes with every transaction that anybody commits in the database: the bookmark of one that reads, on the
    server that writes."""
    with server.session(database=database) as session:
        with session.begin_transaction() as transaction:
            transaction.run("RETURN 1").consume()
            transaction.commit()
        return " ".join(sorted(session.last_bookmarks().raw_values))


def _is_empty(session: neo4j.Session) -> bool:
    """Whether the database has no node of our labels, whoever made it."""
    return not any(session.run(f"MATCH (n:`{label}`) RETURN 1 LIMIT 1").values() for label in NODES)  # type: ignore[arg-type]


class _Load:
    """One load: its tables, nodes before what joins them."""

    def __init__(
        self, session: neo4j.Session, source: Source, dry_run: bool, progress: Progress, loaded: Loaded | None
    ) -> None:
        self.session, self.source, self.dry_run, self.loaded = session, source, dry_run, loaded
        self._progress = progress
        self.nodes = [_nodes(label) for label in NODES]
        self.relationships = [
            _relationships(name, *pair) for name, each in RELATIONSHIPS.items() for pair in each.pairs
        ]
        self.tables = [*self.nodes, *self.relationships]

    def fill(self) -> bool:
        """Create everything; gives whether all is there. What a passing failure leaves undone has to be compared: who
        tried a CREATE again could do it twice."""
        from neo4j.exceptions import DriverError, Neo4jError

        try:
            self._create(self.nodes, 0)
            _prepare(self.session)  # an index is made faster of what is there than row by row
            self._create(self.relationships, len(self.nodes))
        except (DriverError, Neo4jError) as error:
            if not error.is_retryable():
                raise
            for table in self.tables:
                table.count.total = table.count.new = 0
            return False
        self._progress(len(self.tables), len(self.tables), "")
        return True

    def _create(self, tables: list[_LoadTable], done: int) -> None:
        for at, table in enumerate(tables, done):
            kept = []
            for batch in batches(table.rows(self.source)):
                with self.session.begin_transaction() as transaction:
                    transaction.run(table.create, rows=batch).consume()  # type: ignore[arg-type]
                    transaction.commit()
                kept += [mark(table.key(row), row) for row in batch] if self.loaded else []
                table.count.total += len(batch)
                table.count.new += len(batch)
                self._progress(at, len(self.tables), f"{table.count.shown} {table.count.total}")
            if self.loaded:
                self.loaded.keep(table.count.shown, kept)

    def compare(self, known: bool) -> None:
        """Write what differs; with `known` the database is as the last load left it."""
        if not self.dry_run:
            _prepare(self.session)
        for done, table in enumerate(self.tables):
            there = self.loaded.rows(table.count.shown) if self.loaded and known else None
            for _ in self._bring(table, there):
                self._progress(done, len(self.tables), f"{table.count.shown} {table.count.total}")
        # Relationships first: then nothing of ours hangs on the nodes any more.
        for table in [] if self.dry_run else reversed(self.tables):
            _take_out(self.session, table)
        self._progress(len(self.tables), len(self.tables), "")

    def _bring(self, table: _LoadTable, known: dict[bytes, bytes] | None) -> Iterator[None]:
        """Write what is new or differs, a batch a step, and find out what is gone. `known` are the digests of what is
        there, where they are known."""
        count, wanted, kept = table.count, set[bytes](), list[bytes]()
        for batch in batches(table.rows(self.source)):
            marks = [mark(table.key(row), row) for row in batch]
            wanted.update(map(key_of, marks))
            differing = self._differing(table, batch, marks, known)
            if differing and not self.dry_run:
                _run(self.session.execute_write, table.put, differing)
            kept += marks if self.loaded and not self.dry_run else []
            count.total += len(batch)
            yield
        if known is None or not known.keys() <= wanted:
            for element, *one in self.session.run(table.there):  # type: ignore[arg-type]
                if key_of(mark(one, ())) not in wanted:
                    table.gone.append(element)
        count.gone = len(table.gone)
        if self.loaded and not self.dry_run:
            self.loaded.keep(count.shown, kept)
        yield

    def _differing(
        self, table: _LoadTable, batch: list[Any], marks: list[bytes], known: dict[bytes, bytes] | None
    ) -> list[dict[str, Any]]:
        """The rows of a batch that are not there as they should be, as `put` takes them."""
        count, out = table.count, list[dict[str, Any]]()
        there: dict[tuple[Any, ...], list[Any]] = {}
        if known is None:
            found = _run(self.session.execute_read, table.found, list(map(table.key, batch)))
            there = {tuple(table.key(row)): row for row in found}
        for row, one in zip(batch, marks, strict=True):
            if known is None:
                old = there.get(tuple(table.key(row)))
                new, same = old is None, old == list(row)
            else:
                new, same = key_of(one) not in known, known.get(key_of(one)) == values_of(one)
            if not same:
                count.new += new
                count.changed += not new
                values = dict(zip(table.properties, row[table.ends :], strict=True))
                out.append({"key": table.key(row), "values": values | {MARK: True}})
        return out


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
class _LoadTable:
    """One label or relationship: where its rows come from, and the statements on `$rows` that bring them in."""

    count: Count
    properties: Sequence[str]
    rows: Callable[[Source], Iterable[Sequence[Any]]]
    ends: int  # values of a row before its properties
    own: Sequence[int]  # places in a row of the values that tell it from others
    create: str  # rows → written, where there is none of them
    there: str  # element ids and keys of all that is ours
    found: str  # keys → rows of those that are there
    put: str  # keys and values → written
    delete: str  # element ids → gone, where nothing but ours is there
    strip: str = ""  # element ids → what is left of them without ours
    gone: list[str] = field(default_factory=list)

    def key(self, row: Sequence[Any]) -> list[Any]:
        return [row[at] for at in self.own]


def _nodes(label: str) -> _LoadTable:
    properties = list(NODES[label])
    ours = [*properties, MARK]
    columns = ", ".join(f"n.`{name}`" for name in properties)
    this = f"UNWIND $rows AS row MATCH (n:`{label}`) WHERE elementId(n) = row AND n.`{MARK}` "
    alone = f"size(labels(n)) = 1 AND NOT EXISTS {{ (n)--() }} AND all(k IN keys(n) WHERE k IN {ours})"
    return _LoadTable(
        Count(label),
        properties,
        lambda source: source.nodes(label),
        ends=0,
        own=(0,),
        create=f"UNWIND $rows AS row CREATE (:`{label}` {{{_values(properties, 0)}}})",
        there=f"MATCH (n:`{label}`) WHERE n.`{MARK}` RETURN elementId(n), n.id",
        found=f"UNWIND $rows AS row MATCH (n:`{label}` {{id: row[0]}}) WHERE n.`{MARK}` RETURN {columns}",
        put=f"UNWIND $rows AS row MERGE (n:`{label}` {{id: row.key[0]}}) SET n += row.values",
        delete=f"{this}AND {alone} DELETE n",
        strip=f"{this}REMOVE n:`{label}`, {', '.join(f'n.`{name}`' for name in ours)} RETURN elementId(n)",
    )


def _relationships(name: str, start: str, stop: str) -> _LoadTable:
    properties, apart = list(RELATIONSHIPS[name].properties), key(name)
    columns = ", ".join(["a.id", "b.id", *(f"r.`{property}`" for property in properties)])
    keys = ", ".join(["a.id", "b.id", *(f"r.`{property}`" for property in apart)])
    kind = f"(a:`{start}`)-[r:`{name}`]->(b:`{stop}`)"
    told = "".join(f" AND r.`{property}` = row[{at}]" for at, property in enumerate(apart, 2))
    held = ", ".join([f"`{MARK}`: true", *(f"`{property}`: row.key[{at}]" for at, property in enumerate(apart, 2))])
    return _LoadTable(
        Count(name, start, stop),
        properties,
        lambda source: source.relationships(name, start, stop),
        ends=2,
        own=(0, 1, *(2 + properties.index(property) for property in apart)),
        create=f"UNWIND $rows AS row MATCH (a:`{start}` {{id: row[0]}}) MATCH (b:`{stop}` {{id: row[1]}}) "
        f"CREATE (a)-[:`{name}` {{{_values(properties, 2)}}}]->(b)",
        there=f"MATCH {kind} WHERE r.`{MARK}` RETURN elementId(r), {keys}",
        found=f"UNWIND $rows AS row MATCH (a:`{start}` {{id: row[0]}}), (b:`{stop}` {{id: row[1]}}) "
        f"MATCH (a)-[r:`{name}`]->(b) WHERE r.`{MARK}`{told} RETURN {columns}",
        put=f"UNWIND $rows AS row MATCH (a:`{start}` {{id: row.key[0]}}), (b:`{stop}` {{id: row.key[1]}}) "
        f"MERGE (a)-[r:`{name}` {{{held}}}]->(b) SET r += row.values",
        delete=f"UNWIND $rows AS row MATCH {kind} WHERE elementId(r) = row AND r.`{MARK}` DELETE r",
    )


def _take_out(session: neo4j.Session, table: _LoadTable) -> None:
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


def _values(properties: Sequence[str], first: int) -> str:
    """The properties of what is created from a row; the first of them stands at a place of it."""
    given = [f"`{name}`: row[{at}]" for at, name in enumerate(properties, first)]
    return ", ".join([*given, f"`{MARK}`: true"])
