"""The embedded store (LadybugDB): an immutable snapshot of the graph in one file, or a layer on one (`layers.py`).

It is built beside the old one, closed, and renamed over it; questions open it read-only. Writing in place is not safe
there: readers beside a writer see errors and wrong values.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ...extractors.errors import ZhenglingError
from ..deriving.derive import Derived
from ..deriving.proofs import REFERENCE, Proofs, append
from ..schema import NODES, RELATIONSHIPS, Source, key, nodes_question, relationships_question
from . import layers
from .digest import rename
from .staging import Staged, Staging, stored
from .words import WordIndex, state_of

if TYPE_CHECKING:
    import ladybug

_READ_POOL = 1 << 28  # bytes of pages that a reader keeps
SMALL = -1  # of `enlarged`: a quarter of that, for who stays; what does not fit makes it larger
_ROOMIER = 2  # times that it is made four times as large for a question that does not fit
_SEVERAL = 10  # papers whose rows go by Arrow
_PAGE = 2_000  # rows that are read at a time where all do not fit into the pool
WRITE_POOLS = (1 << 28, 1 << 30, 1 << 32)  # the next one where the pages of a large table do not fit
_FULL = "buffer pool is full"  # in what the library says where a pool is too small
LARGEST = 1 << 37  # bytes of address space that a store may take
_REFERENCE_BEGINS = f"{{{REFERENCE}: "
_PLAIN = frozenset({int, float, bool, type(None), date})
_REFERENCE = re.compile(rf"\{{{REFERENCE}: (\d{{1,19}})\}}")
#: Neo4j's names for what is called otherwise here, so that a question is one text. Of no items `head` is an error here.
MACROS = (
    "CREATE MACRO type(r) AS label(r)",
    "CREATE MACRO split(words, mark) AS string_split(words, mark)",
    "CREATE MACRO head(items) AS items[1]",
)


def load(papers: int) -> None:
    """Import what writes a store of so many papers: early, where there is something else to wait for."""
    import duckdb  # noqa: F401
    import ladybug  # noqa: F401

    if papers >= _SEVERAL:
        import pyarrow

        pyarrow.array([""])  # it looks for pandas at the first


def build(path: str | Path, source: Source) -> None:
    """Write the graph of `source` to the file `path`, in place of what is there; whole or not at all.

    Raises `ZhenglingError` where the store refuses.
    """
    path = Path(path)
    beside = path.with_name(path.name + ".new")
    _clear(beside)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix="derive-") as folder:
            staged = source if isinstance(source, Derived) else Staging(source)
            files = _staged(staged, Path(folder))
            for pool in WRITE_POOLS:
                try:
                    _fill(beside, files, pool)
                    break
                except RuntimeError as error:
                    if _FULL not in str(error) or pool == WRITE_POOLS[-1]:
                        raise
                    _clear(beside)
        with beside.open("rb+") as file:
            append(file, staged.blocks())
            file.flush()
            os.fsync(file.fileno())
        rename(beside, path)
        layers.clear(path)
    except (RuntimeError, OSError) as error:
        raise ZhenglingError("store-not-written", 1, path=str(path), reason=str(error)) from error
    finally:
        _clear(beside)


Files = dict[tuple[str, ...], Path]


def _staged(source: Staged, folder: Path) -> Files:
    """The files of the tables that have rows."""
    keys: list[tuple[str, ...]] = [(label,) for label in NODES]
    keys += [(name, *pair) for name, each in RELATIONSHIPS.items() for pair in each.pairs]
    files = {key: folder / f"{'-'.join(key)}.parquet" for key in keys}
    return {key: file for key, file in files.items() if source.write(key, file)}


def _fill(path: Path, files: Files, pool: int) -> None:
    import ladybug

    with (
        ladybug.Database(str(path), buffer_pool_size=pool, max_db_size=LARGEST, max_num_threads=1) as database,
        ladybug.Connection(database) as connection,
    ):
        for macro in MACROS:
            connection.execute(macro)
        for label in NODES:
            columns = ", ".join(f"`{name}` {type_}" for name, type_ in stored((label,)).items())
            connection.execute(f"CREATE NODE TABLE `{label}`({columns}, PRIMARY KEY(`id`))")
        for name, relationship in RELATIONSHIPS.items():
            parts = [f"FROM `{start}` TO `{end}`" for start, end in relationship.pairs]
            parts += [f"`{property}` {type_}" for property, type_ in list(stored((name, "", "")).items())[2:]]
            connection.execute(f"CREATE REL TABLE `{name}`({', '.join(parts)})")
        for (table, *ends), file in files.items():
            properties = NODES[table] if not ends else RELATIONSHIPS[table].properties
            names = ", ".join(f"`{name}`" for name in properties)
            several = bool(ends) and len(RELATIONSHIPS[table].pairs) > 1
            pair = " (from='{}', to='{}')".format(*ends) if several else ""
            connection.execute(f"COPY `{table}`({names}) FROM '{_quoted(file)}'{pair}")
        connection.execute("CHECKPOINT")


def _quoted(file: Path) -> str:
    """A path as the library takes it in a text: as a pattern, in quotation marks."""
    pattern = "".join(f"[{one}]" if one in "*?[" else one for one in str(file))
    return pattern.replace("\\", "\\\\").replace("'", "\\'")


def _clear(path: Path) -> None:
    """Delete a store's file and what the library keeps beside it."""
    for file in (path, *path.parent.glob(path.name + ".*")):
        with suppress(FileNotFoundError):
            file.unlink()


class EmbeddedStore:
    """The store in a file, read-only. It is opened by the first question; `close` lets it go."""

    def __init__(self, path: str | Path, enlarged: int = 0) -> None:
        self.path = Path(path)
        self._enlarged, self._threads = enlarged, int(enlarged < 0)  # 0: as many as there are processors
        self._database: ladybug.Database | None = None
        self._connection: ladybug.Connection | None = None
        self._file: BinaryIO | None = None
        self._below: BinaryIO | None = None  # the snapshot that the file stands on
        self._proofs: Proofs | None = None
        self._index: WordIndex | None = None

    def rows(self, cypher: str, parameters: dict[str, Any] | None = None) -> tuple[list[str], list[list[Any]]]:
        """The columns and the rows of a question, as plain Python values (dates as `datetime.date`).

        Raises `ZhenglingError`: `store-missing` where nothing was built, `cypher-wrong` where the store does not
        understand the question, `store-failed` where it can not answer it.
        """
        while True:
            try:
                return self.ask_once(cypher, parameters)
            except ZhenglingError as error:
                if not is_full(error) or self._enlarged == _ROOMIER:
                    raise
            self.close()
            self._enlarged += 1

    def each(self, cypher: str) -> Iterator[list[Any]]:
        """The rows of a question, one after another: many do not stand in memory. Nothing else is asked meanwhile."""
        while True:
            try:
                with self._asked(cypher) as result:
                    yield from self._rows(result)
                return
            except ZhenglingError as error:
                if not is_full(error) or self._enlarged == _ROOMIER:
                    raise
            self.close()
            self._enlarged += 1

    def ask_once(self, cypher: str, parameters: dict[str, Any] | None = None) -> tuple[list[str], list[list[Any]]]:
        """The same, but `store-failed` also where the question does not fit into the memory that the store keeps."""
        with self._asked(cypher, parameters) as result:
            return result.get_column_names(), list(self._rows(result))

    def search(self, words: Sequence[str], region: str, year: int, limit: int) -> list[dict[str, Any]] | None:
        """The tasks that hold all of some words (`WordIndex.search`); None where there is no index of them."""
        self._open()
        return self._index.search(words, region, year, limit) if self._index else None

    def open(self) -> None:
        """Open the file now. Raises `ZhenglingError` as `rows` does."""
        try:
            self._open()
        except (RuntimeError, OSError) as error:
            raise ZhenglingError("store-failed", 1, path=str(self.path), reason=str(error)) from error

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
                yield from self._rows(result)
            return
        except ZhenglingError as error:
            if not is_full(error):
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
        for file in (self._file, self._below, self._index):
            if file is not None:
                file.close()
        self._connection = self._database = self._file = self._below = self._proofs = self._index = None

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
        except (RuntimeError, OSError) as error:
            reason = str(error)
            if reason.startswith(("Parser exception", "Binder exception", "Catalog exception")):
                raise ZhenglingError("cypher-wrong", 2, reason=reason.partition(": ")[2]) from error
            raise ZhenglingError("store-failed", 1, path=str(self.path), reason=reason) from error

    def _open(self) -> ladybug.Connection:
        while self._connection is None:
            import ladybug

            if not self.path.is_file():
                raise ZhenglingError("store-missing", 1, path=str(self.path))
            pool = int(_READ_POOL * 4.0**self._enlarged)
            self._file = self.path.open("rb")
            try:
                with layers.opened(self.path, self._file) as (file, self._below):
                    self._database = ladybug.Database(
                        file,
                        buffer_pool_size=pool,
                        max_db_size=LARGEST,
                        read_only=True,
                        max_num_threads=self._threads,
                    )
                    self._connection = ladybug.Connection(self._database)
                is_same = os.path.samestat(os.fstat(self._file.fileno()), self.path.stat())
            except FileNotFoundError:  # the snapshot below
                is_same = os.path.samestat(os.fstat(self._file.fileno()), self.path.stat())
                if is_same:
                    self.close()
                    raise
            if not is_same:
                self.close()  # another store came in between: words and graph must be of one
                continue
            below = Proofs(self._below.fileno()) if self._below is not None else None
            proofs = Proofs(self._file.fileno(), below)
            self._proofs = proofs if proofs.there else None
            states = [state_of(os.fstat(one.fileno())) for one in (self._file, self._below) if one is not None]
            self._index = WordIndex.of(self.path, *states)
        return self._connection

    def _rows(self, result: ladybug.QueryResult) -> Iterator[list[Any]]:
        while result.has_next():
            yield self._all_told(result.get_next())

    def _all_told(self, values: Iterable[Any]) -> list[Any]:
        """The same for each of several; almost all are plain, and one call less for each is felt."""
        told, begins, plain = self._told, _REFERENCE_BEGINS, _PLAIN
        return [
            one if (kind := type(one)) in plain or (kind is str and not one.startswith(begins)) else told(one)
            for one in values
        ]

    def _told(self, value: Any) -> Any:
        """A value, with the words of evidence for what stands for it."""
        if isinstance(value, list):
            try:
                return self._all_told(value) if _REFERENCE_BEGINS in "".join(value) else value
            except TypeError:  # not texts alone
                return self._all_told(value)
        if isinstance(value, str):
            # What a question brings together with text is text.
            found = _REFERENCE.fullmatch(value) if value.startswith(_REFERENCE_BEGINS) else None
            return self._words(int(found[1]), value) if found else value
        if isinstance(value, dict):
            if len(value) == 1 and isinstance(value.get(REFERENCE), int):
                return self._words(value[REFERENCE], value)
            return {key: self._told(one) for key, one in value.items()}
        return value

    def _words(self, reference: int, otherwise: Any) -> Any:
        with suppress(KeyError, IndexError):
            return self._proofs.told(reference) if self._proofs else otherwise
        return otherwise


def is_full(error: ZhenglingError) -> bool:
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
