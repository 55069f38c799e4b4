"""What papers share, told by one process out of the heads of all: which documents there are, what units are called, the
chain. It is the one machine's own way (`deriving.derive.Deriving`), so that the ids are the same; what can be brought
together before comes from the engine: claims of places, and what names of units are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ...extractors.model import Record
from ...extractors.words.lexicon import Lexicon
from ..deriving.derive import Derived, Deriving
from ..deriving.identity import Claim
from ..deriving.joining import ordered
from ..deriving.judged import Judged
from ..deriving.kept import insert
from ..deriving.pieces import TABLES
from .storage import Storage
from .taking import HEADS

if TYPE_CHECKING:
    import pyarrow

#: Tables that each worker has as a whole, and those that lie in the storage, sorted by slot.
BROADCAST = ("unit", "meant", "issuing", "region", "part")
SORTED = ("paper", "cited", "document")
_ROWS = 100_000  # that are written at a time

Asked = Callable[[], Iterable[tuple[Any, ...]]]

_OWN = """SELECT d.* FROM document d WHERE d.slot IS NOT NULL ORDER BY d.slot"""
_CITED = """
SELECT c.slot, c.i, c.target, d.region FROM cited c JOIN document d ON d.id = c.target ORDER BY c.slot, c.i
"""
_PAIRS = """
SELECT p.lower, p.upper, p.tasks, p.way, a.document AS lower_document, b.document AS upper_document
FROM pair p JOIN paper a ON a.slot = p.lower JOIN paper b ON b.slot = p.upper ORDER BY p.lower, p.upper, p.way
"""


def take_heads(graph: Derived, batches: Iterable[pyarrow.Table]) -> list[int]:
    """Keep what was told of records; their slots in the order of their sources."""
    empty = [name for name in TABLES["head"] if name not in HEADS]
    connection = graph.connection
    connection.execute("CREATE TABLE told(slot INTEGER, source VARCHAR)")
    for batch in batches:  # noqa: B007, the engine finds it by its name
        connection.execute("INSERT INTO told SELECT slot, source FROM batch")
        absent = "".join(f", NULL AS {name}" for name in empty)
        connection.execute(f"INSERT INTO kept.head BY NAME SELECT slot, content, tasks, data{absent} FROM batch")
    return [slot for (slot,) in connection.execute("SELECT slot FROM told ORDER BY source, slot").fetchall()]


class Sharing(Deriving):
    """`claims` of all records; `asked` is called when the papers are known (`papers`), for what names mean."""

    def __init__(
        self, graph: Derived, slots: list[int], lexicon: Lexicon, claims: Iterable[Claim], asked: Asked
    ) -> None:
        super().__init__(graph, slots, lexicon, _nothing, (), Judged())
        self._claims, self._ask = claims, asked

    def _claim(self) -> None:
        self.places.take(self._claims)

    def _asked(self) -> list[tuple[Any, ...]]:
        return list(self._ask())

    def _align(self) -> None:
        """That is done by workers (`linking`)."""


def _nothing(n: int) -> Record:
    raise KeyError(n)


def hand_out(graph: Derived, name: str, out: Storage) -> None:
    """Write one of the tables `SORTED`."""
    question = {"paper": "SELECT * FROM paper ORDER BY slot", "cited": _CITED, "document": _OWN}[name]
    out.write_table(f"work/shared/{name}.parquet", graph.connection.sql(question).to_arrow_table())


def broadcast(graph: Derived) -> dict[str, pyarrow.Table]:
    return {name: graph.connection.sql(f"SELECT * FROM {name}").to_arrow_table() for name in BROADCAST}


def pairs(graph: Derived) -> list[dict[str, Any]]:
    """The pairs of papers whose tasks are compared, by their slots."""
    return graph.connection.sql(_PAIRS).to_arrow_table().to_pylist()


def shown(graph: Derived, regions: Iterable[str]) -> None:
    """Note which regions papers show."""
    graph.connection.execute("CREATE TABLE shown(region VARCHAR)")
    rows = [(region,) for region in regions]
    if rows:
        insert(graph.connection, "shown", {"region": "VARCHAR"}, rows)


def unwritten(graph: Derived, key: tuple[str, ...]) -> Iterator[list[list[Any]]]:
    """The rows of a table that no worker writes: of documents those that are not there."""
    found = graph.connection.execute(ordered(key))
    names = [column[0] for column in found.description or ()]
    while rows := found.fetchmany(_ROWS):
        yield [list(row) for row in rows if "loaded" not in names or not row[names.index("loaded")]]
