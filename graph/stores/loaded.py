"""What was loaded last into a database: digests of its rows beside the store, and the state in which the database was
then. While both are as they were, nothing need be read there; where the graph alone has changed, what differs is known
without reading the database. Whatever anybody else commits there, moves its state on, and everything is compared again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

_FORM = "1"  # raised when rows are told apart otherwise
_KEY, _ROW = 16, 8  # bytes of the digests


class Loaded:
    """The digests of one database's rows in a folder of the cache; `graph` tells the graph that is to be loaded from
    others, '' where that is not known."""

    def __init__(self, folder: Path, server: str, graph: str) -> None:
        self._folder = folder / hashlib.sha256(server.encode()).hexdigest()[:16]
        self.graph = graph and f"{_FORM} {graph}"
        self._known: dict[str, Any] = {}
        with suppress(OSError, ValueError):
            known = json.loads((self._folder / "loaded.json").read_text("utf-8"))
            self._known = known if isinstance(known, dict) else {}

    def is_there(self, state: str) -> bool:
        """Whether the database is in the state in which the last load left it."""
        return bool(state) and self._known.get("state") == state and self._known.get("form") == _FORM

    @property
    def is_same(self) -> bool:
        """Whether the graph is the one that was loaded last."""
        return bool(self.graph) and self._known.get("graph") == self.graph

    @property
    def totals(self) -> dict[str, int]:
        """Table → its rows."""
        return dict(self._known.get("totals", {}))

    def rows(self, table: str) -> dict[bytes, bytes] | None:
        """Digest of the key → digest of the values, of every row of a table; None where that is not known."""
        try:
            data = (self._folder / _file(table)).read_bytes()
        except OSError:
            return None
        step = _KEY + _ROW
        if len(data) != step * self.totals.get(table, -1):
            return None
        return {data[at : at + _KEY]: data[at + _KEY : at + step] for at in range(0, len(data), step)}

    def forget(self) -> None:
        """Before anything is written there: the next load must not take for known what this one may leave undone."""
        with suppress(FileNotFoundError):
            (self._folder / "loaded.json").unlink()

    def keep(self, table: str, rows: Iterable[bytes]) -> None:
        """Note the digests of a table (`mark`)."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / _file(table)).open("wb") as file:
            file.writelines(rows)

    def finish(self, state: str, totals: dict[str, int]) -> None:
        """All tables are noted, and the database is in this state."""
        if not state:
            shutil.rmtree(self._folder, ignore_errors=True)
            return
        beside = self._folder / "new.json"
        known = {"form": _FORM, "state": state, "graph": self.graph, "totals": totals}
        beside.write_text(json.dumps(known, ensure_ascii=False), "utf-8")
        beside.replace(self._folder / "loaded.json")
        self._known = known


def mark(own: Iterable[Any], row: Iterable[Any]) -> bytes:
    """The digest of a row: of the values that tell it from others, then of all."""
    return _digest(own, _KEY) + _digest(row, _ROW)


def key_of(digest: bytes) -> bytes:
    return digest[:_KEY]


def values_of(digest: bytes) -> bytes:
    return digest[_KEY:]


def _digest(values: Iterable[Any], size: int) -> bytes:
    return hashlib.blake2b(repr(list(values)).encode("utf-8", "surrogatepass"), digest_size=size).digest()


def _file(table: str) -> str:
    return hashlib.sha256(table.encode()).hexdigest()[:16]
