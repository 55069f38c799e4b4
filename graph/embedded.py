"""The embedded store (LadybugDB): an immutable snapshot of the graph in one file.

It is built beside the old one, closed, and renamed over it; questions open it read-only. Writing in place is not safe
there: readers beside a writer see errors and wrong values.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..extractors.errors import ZhenglingError
from .schema import NODES, RELATIONSHIPS, Source, key, nodes_question, relationships_question

if TYPE_CHECKING:
    import ladybug
    import pyarrow

_ROWS = 20_000  # rows of one COPY: what is in memory at a time
_READ_POOL = 1 << 28  # bytes of pages that a reader keeps
_ROOMIER = 2  # times that it is made four times as large for a question that does not fit
_PAGE = 2_000  # rows that are read at a time where all do not fit into the pool
_WRITE_POOLS = (1 << 28, 1 << 30, 1 << 32)  # the next one where the pages of a large table do not fit
_FULL = "buffer pool is full"  # in what the library says where a pool is too small
_LARGEST = 1 << 37  # bytes of address space that a store may take


def build(path: str | Path, source: Source) -> None:
    """Write the graph of `source` to the file `path`, in place of what is there; whole or not at all.

    Raises `ZhenglingError` where the store refuses.
    """
    path = Path(path)
    beside = path.with_name(path.name + ".new")
    _clear(beside)
    try:
        for pool in _WRITE_POOLS:
            try:
                _fill(beside, source, pool)
                break
            except RuntimeError as error:
                if _FULL not in str(error) or pool == _WRITE_POOLS[-1]:
                    raise
                _clear(beside)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(path)
    except (RuntimeError, OSError) as error:
        raise ZhenglingError("store-not-written", 1, path=str(path), reason=str(error)) from error
    finally:
        _clear(beside)


def _fill(path: Path, source: Source, pool: int) -> None:
    with _Writer(path, pool) as writer:
        for label, properties in NODES.items():
            columns = ", ".join(f"`{name}` {type_}" for name, type_ in properties.items())
            writer.execute(f"CREATE NODE TABLE `{label}`({columns}, PRIMARY KEY(`id`))")
        for name, relationship in RELATIONSHIPS.items():
            parts = [f"FROM `{start}` TO `{end}`" for start, end in relationship.pairs]
            parts += [f"`{property}` {type_}" for property, type_ in relationship.properties.items()]
            writer.execute(f"CREATE REL TABLE `{name}`({', '.join(parts)})")
        for label, properties in NODES.items():
            writer.copy(label, properties, source.nodes(label))
        for name, relationship in RELATIONSHIPS.items():
            for start, end in relationship.pairs:
                several = f" (from='{start}', to='{end}')" if len(relationship.pairs) > 1 else ""
                rows = source.relationships(name, start, end)
                writer.copy(name, relationship.properties, rows, {"from": "STRING", "to": "STRING"}, several)


class _Writer:
    """A connection that writes. The library gives memory back only when it closes: so it does after every `_ROWS`."""

    def __init__(self, path: Path, pool: int) -> None:
        self.path, self.pool, self.written = path, pool, 0
        self._open()

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._close(whole=kind is None)

    def execute(self, cypher: str, parameters: dict[str, Any] | None = None) -> None:
        self.connection.execute(cypher, parameters or {})

    def copy(
        self,
        table: str,
        properties: dict[str, str],
        rows: Iterable[Sequence[Any]],
        ends: dict[str, str] | None = None,
        pair: str = "",
    ) -> None:
        """Write the rows of a table; `ends` are its columns before the properties, `pair` names their labels."""
        import pyarrow

        types = {**(ends or {}), **properties}
        schema = pyarrow.schema([(name, _arrow(type_)) for name, type_ in types.items()])
        names = ", ".join(f"`{name}`" for name in properties)
        rows = iter(rows)
        while some := list(islice(rows, _ROWS)):
            if self.written + len(some) > _ROWS:
                self._close()
                self._open()
            self.written += len(some)
            batch = pyarrow.table([list(column) for column in zip(*some, strict=True)], schema=schema)
            del some
            self.execute(f"COPY `{table}`({names}) FROM $batch{pair}", {"batch": batch})

    def _open(self) -> None:
        import ladybug

        self.written = 0
        self.database = ladybug.Database(
            str(self.path), buffer_pool_size=self.pool, max_db_size=_LARGEST, max_num_threads=1
        )
        self.connection = ladybug.Connection(self.database)

    def _close(self, whole: bool = True) -> None:
        try:
            if whole:
                self.execute("CHECKPOINT")
        finally:
            self.connection.close()
            self.database.close()


def _clear(path: Path) -> None:
    """Delete a store's file and what the library keeps beside it."""
    for file in (path, *path.parent.glob(path.name + ".*")):
        with suppress(FileNotFoundError):
            file.unlink()


def _arrow(type_: str) -> pyarrow.DataType:
    import pyarrow

    return {
        "STRING": pyarrow.string(),
        "INT64": pyarrow.int64(),
        "BOOLEAN": pyarrow.bool_(),
        "DATE": pyarrow.date32(),
        "STRING[]": pyarrow.list_(pyarrow.string()),
    }[type_]


class EmbeddedStore:
    """The store in a file, read-only. It is opened by the first question; `close` lets it go."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._enlarged = 0
        self._database: ladybug.Database | None = None
        self._connection: ladybug.Connection | None = None

    def rows(self, cypher: str, parameters: dict[str, Any] | None = None) -> tuple[list[str], list[list[Any]]]:
        """The columns and the rows of a question, as plain Python values (dates as `datetime.date`).

        Raises `ZhenglingError`: `store-missing` where nothing was built, `cypher-wrong` where the store does not
        understand the question, `store-failed` where it can not answer it.
        """
        while True:
            try:
                with self._asked(cypher, parameters) as result:
                    return result.get_column_names(), list(_rows(result))
            except ZhenglingError as error:
                if not _is_full(error) or self._enlarged == _ROOMIER:
                    raise
            self.close()
            self._enlarged += 1

    def nodes(self, label: str) -> Iterator[list[Any]]:
        """Rows of a label, one after another (`schema.Source`)."""
        return self._sorted(nodes_question(label), lambda: self._node_pages(label))

    def relationships(self, name: str, start: str, stop: str) -> Iterator[list[Any]]:
        """Rows of a relationship between two labels, one after another (`schema.Source`)."""
        pages = lambda: self._relationship_pages(name, start, stop)  # noqa: E731
        return self._sorted(relationships_question(name, start, stop), pages)

    def _sorted(self, cypher: str, pages: Callable[[], Iterator[list[Any]]]) -> Iterator[list[Any]]:
        """The rows of a question; by pages where they are too large to be sorted at once."""
        try:
            with self._asked(cypher) as result:
                yield from _rows(result)
            return
        except ZhenglingError as error:
            if not _is_full(error):
                raise
        self.close()  # gives the memory back
        yield from pages()

    def _node_pages(self, label: str) -> Iterator[list[Any]]:
        _, ids = self.rows(f"MATCH (n:`{label}`) RETURN n.id ORDER BY n.id")
        columns = ", ".join(f"n.`{name}`" for name in NODES[label])
        page = f"UNWIND $ids AS one MATCH (n:`{label}` {{id: one}}) RETURN {columns}"
        for at in range(0, len(ids), _PAGE):
            _, rows = self.rows(page, {"ids": [i for (i,) in ids[at : at + _PAGE]]})
            yield from sorted(rows, key=lambda row: row[0])

    def _relationship_pages(self, name: str, start: str, stop: str) -> Iterator[list[Any]]:
        """By the ends that relationships start at; one with very many is read by the other ends."""
        pattern = f"MATCH (a:`{start}`)-[r:`{name}`]->(b:`{stop}`)"
        properties = list(RELATIONSHIPS[name].properties)
        columns = ", ".join(["a.id", "b.id", *(f"r.`{property}`" for property in properties)])
        order = [0, 1, *(properties.index(property) + 2 for property in key(name))]

        def page(where: str, **given: str) -> list[list[Any]]:
            _, rows = self.rows(f"{pattern} WHERE {where} RETURN {columns}", given)
            return sorted(rows, key=lambda row: [row[n] for n in order])

        _, counts = self.rows(f"{pattern} RETURN a.id, count(*) AS n ORDER BY a.id")
        for ends in _pages(counts):
            low, high = ends[0][0], ends[-1][0]
            if ends[0][1] <= _PAGE:
                yield from page("a.id >= $low AND a.id <= $high", low=low, high=high)
                continue
            _, others = self.rows(f"{pattern} WHERE a.id = $low RETURN DISTINCT b.id ORDER BY b.id", {"low": low})
            for at in range(0, len(others), _PAGE):
                some = [other for (other,) in others[at : at + _PAGE]]
                yield from page("a.id = $one AND b.id >= $low AND b.id <= $high", one=low, low=some[0], high=some[-1])

    def close(self) -> None:
        """Let the file go; the next question opens it again."""
        if self._connection is not None:
            self._connection.close()
        if self._database is not None:
            self._database.close()
        self._connection = self._database = None

    def __enter__(self) -> EmbeddedStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _asked(self, cypher: str, parameters: dict[str, Any] | None = None) -> Iterator[ladybug.QueryResult]:
        try:
            result = self._open().execute(cypher, dict(parameters or {}))
            if isinstance(result, list):  # several statements
                result = result[-1]
            with result:
                yield result
        except RuntimeError as error:
            reason = str(error)
            if reason.startswith(("Parser exception", "Binder exception", "Catalog exception")):
                raise ZhenglingError("cypher-wrong", 2, reason=reason.partition(": ")[2]) from error
            raise ZhenglingError("store-failed", 1, path=str(self.path), reason=reason) from error

    def _open(self) -> ladybug.Connection:
        if self._connection is None:
            import ladybug

            if not self.path.is_file():
                raise ZhenglingError("store-missing", 1, path=str(self.path))
            pool = _READ_POOL << 2 * self._enlarged
            self._database = ladybug.Database(
                str(self.path), buffer_pool_size=pool, max_db_size=_LARGEST, read_only=True
            )
            self._connection = ladybug.Connection(self._database)
        return self._connection


def _is_full(error: ZhenglingError) -> bool:
    """Whether a question failed since what it needs does not fit into the pool."""
    return _FULL in str(error.__cause__)


def _pages(counts: list[list[Any]]) -> Iterator[list[list[Any]]]:
    """Runs of (id, number) that make a page together; whatever is more than a page stands alone."""
    run: list[list[Any]] = []
    filled = 0
    for one in counts:
        if run and filled + one[1] > _PAGE:
            yield run
            run, filled = [], 0
        run.append(one)
        filled += one[1]
    if run:
        yield run


def _rows(result: ladybug.QueryResult) -> Iterator[list[Any]]:
    while result.has_next():
        yield list(result.get_next())
