"""The shares of parts in what several papers tell → its rows: units, deadlines, who issued what, what lies where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from ..deriving.kept import by_column
from ..schema import NODES
from .joining import COUNT, GATHERED, SHARES
from .storage import Storage, write_rows

if TYPE_CHECKING:
    import pyarrow

_decode = msgspec.msgpack.Decoder().decode
_ALIASES = list(NODES["Unit"]).index("aliases")
_DAYS = [at for at, type_ in enumerate(NODES["Deadline"].values()) if type_ == "DATE"]
_BY_TABLE = {key[0]: key for key in GATHERED}


def gather(group: pyarrow.Table, out: Storage) -> pyarrow.Table:
    """Write what all shares of a bucket come to; gives how many rows that are."""
    found: dict[str, dict[str, list[Any]]] = {name: {} for name in _BY_TABLE}
    number = 0
    for row in group.to_pylist():
        number = row["bucket"]
        found[row["table"]].setdefault(row["key"], []).extend(_decode(row["data"]))
    counts = []
    for table, told in found.items():
        count = write_rows(out, _BY_TABLE[table], f"bucket-{number:06}", sorted(_rows(table, told)))
        counts.append((number, COUNT, "-".join(_BY_TABLE[table]), msgspec.msgpack.encode(count)))
    return by_column(SHARES, counts)


def _rows(table: str, told: dict[str, list[Any]]) -> Iterator[list[Any]]:
    for key, some in told.items():
        if table == "Unit":
            first = min(some, key=lambda row: row[-1])[:-1]
            first[_ALIASES] = sorted({alias for row in some for alias in row[_ALIASES]})
            yield first
        elif table == "Deadline":
            first = min(some, key=lambda row: row[-1])[:-1]
            for at in _DAYS:
                first[at] = date.fromisoformat(first[at]) if first[at] else None
            yield first
        else:
            some.sort(key=lambda one: one[:2])
            yield [*key.split("\x1f"), [words for _, _, words, _ in some], some[0][3]]
