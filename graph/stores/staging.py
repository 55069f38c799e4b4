"""Rows of any source of the graph as Parquet files, in the form that the embedded store takes: evidence is a list of
references, and its pieces stand in blocks (`deriving.proofs`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ..deriving.kept import arrow
from ..deriving.pieces import BITS, block, verbatim
from ..deriving.proofs import REFERENCE, is_referred
from ..schema import NODES, RELATIONSHIPS, Source

if TYPE_CHECKING:
    import pyarrow

_ROWS = 10_000  # rows that are held at a time
_PIECES = 512  # pieces of evidence of one block
_REFERENCES = f"STRUCT({REFERENCE} INT64)[]"  # the type of evidence that is kept as references


class Staged(Protocol):
    """What can write its rows for the store, labels first, then the blocks of what they refer to."""

    def write(self, key: tuple[str, ...], path: Path) -> int:
        """Write the rows of a label (label,) or of a relationship (name, start, stop) as Parquet; how many."""
        ...

    def blocks(self) -> Iterator[tuple[int, str, bytes]]: ...


class Staging:
    """Stages the rows of a source."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._blocks: list[bytes] = []
        self._texts: list[str] = []

    def write(self, key: tuple[str, ...], path: Path) -> int:
        types = stored(key)
        rows: Iterable[Sequence[Any]] = self._source.nodes(*key) if len(key) == 1 else self._source.relationships(*key)
        at = list(types).index("evidence") if is_referred(key) else -1
        return as_parquet(path, types, rows if at < 0 else (self._referring(row, at) for row in rows))

    def _referring(self, row: Sequence[Any], at: int) -> list[Any]:
        referring = list(row)
        referring[at] = row[at] and [{REFERENCE: self._reference(text)} for text in row[at]]
        return referring

    def blocks(self) -> Iterator[tuple[int, str, bytes]]:
        self._close()
        return ((slot, "", packed) for slot, packed in enumerate(self._blocks))

    def _reference(self, text: str) -> int:
        self._texts.append(verbatim(text))
        reference = len(self._blocks) << BITS | len(self._texts) - 1
        if len(self._texts) == _PIECES:
            self._close()
        return reference

    def _close(self) -> None:
        if self._texts:
            self._blocks.append(block(self._texts))
            self._texts.clear()


def as_parquet(path: Path, types: dict[str, str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows of columns of some types (`stored`) to a file; how many."""
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([(name, _arrow(type_)) for name, type_ in types.items()])
    count, given = 0, iter(rows)
    with parquet.ParquetWriter(path, schema) as writer:
        while some := list(islice(given, _ROWS)):
            columns = [list(column) for column in zip(*some, strict=True)]
            writer.write_table(pyarrow.table(columns, schema=schema))
            count += len(some)
    return count


def stored(key: tuple[str, ...]) -> dict[str, str]:
    """Column → type of a label or relationship as the embedded store has it, the ends of a relationship first."""
    properties = NODES[key[0]] if len(key) == 1 else RELATIONSHIPS[key[0]].properties
    ends = {} if len(key) == 1 else {"from": "STRING", "to": "STRING"}
    lean = {"evidence": _REFERENCES} if is_referred(key) else {}
    return {**ends, **properties, **lean}


def _arrow(type_: str) -> pyarrow.DataType:
    import pyarrow

    if type_ == _REFERENCES:
        return pyarrow.list_(pyarrow.struct([(REFERENCE, pyarrow.int64())]))
    return arrow(type_)
