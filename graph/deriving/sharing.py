"""What papers share, kept in a file beside the store: who comes later is told by it alone (`adding.py`).

The file is the one of SQLite in which it was told, with all that stood in memory beside it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from .identity import Claim

if TYPE_CHECKING:
    from .derive import Deriving, LoadedPaper

_ASIDE = """
CREATE TABLE asked(key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE late(key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE aside(data BLOB);
"""
_FORM = 1  # raised when what is kept is something else


class SharedFacts(msgspec.Struct):
    """What stands beside the tables; `papers` as JSON, as it is needed last."""

    form: int
    store: str  # the sum of the store that was made with it
    rules: str  # of the lexicon
    names: str  # what people had said of names
    marks: list[str]  # of the records in their order
    slots: list[int]
    known: dict[str, tuple[str, str | None, str]]  # as `identity.Places` has them
    claims: list[Claim]
    asked: list[tuple[str, str | None]]
    papers: bytes


def keep(path: Path, told: Deriving, marks: Sequence[str], store: str, names: str) -> None:
    """Write what was told of all records to a file, in place of what is there."""
    base, documents, places = told.base, told.documents, told.places
    base.executescript(_ASIDE)
    base.executemany("INSERT INTO asked VALUES (?)", ((key,) for key in sorted(documents.asked)))
    base.executemany("INSERT INTO late VALUES (?)", ((key,) for key in sorted(documents.late)))
    papers, rules = msgspec.json.encode(told.graph.papers), told.lexicon.version
    shared = SharedFacts(_FORM, store, rules, names, [*marks], told.slots, places.known, places.claimed(), [], papers)
    shared.asked = sorted(places.asked, key=str)
    base.execute("INSERT INTO aside VALUES (?)", (msgspec.msgpack.encode(shared),))
    base.commit()
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    with closing(sqlite3.connect(beside)) as file:
        file.execute("PRAGMA synchronous = OFF")
        base.backup(file)
    beside.replace(path)


class Again:
    """What was told, taken up again. What is told more stands in a transaction that is never committed."""

    def __init__(self, path: Path) -> None:
        """Raises `sqlite3.Error` or `msgspec.MsgspecError` where the file is none of these."""
        self.base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
        try:
            (data,) = self.base.execute("SELECT data FROM aside").fetchone() or (b"",)
            self.shared = msgspec.msgpack.decode(data, type=SharedFacts)
            if self.shared.form != _FORM:
                raise msgspec.ValidationError
        except BaseException:
            self.base.close()
            raise
        self.base.execute("PRAGMA cache_size = -65536")
        self.base.execute("PRAGMA temp_store = MEMORY")
        self.base.execute("BEGIN")

    def papers(self) -> list[LoadedPaper]:
        """What became of each record."""
        from .derive import LoadedPaper

        return msgspec.json.decode(self.shared.papers, type=list[LoadedPaper])
