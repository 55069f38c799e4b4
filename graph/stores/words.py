"""Which tasks hold some words: an index of pairs of characters, in a file beside the embedded store.

Chinese has no spaces, and most of its words are of two characters: every pair of neighbours is a term of SQLite's FTS5,
and a longer word a phrase of them, so that the index finds exactly what looking through all texts would find. A word of
one character is the beginning of pairs. ASCII is written otherwise: FTS5 would fold its case and split at its signs.

The file is of one state of the store and says of which: with any other it is as if it were not there, and questions
look through the texts. It holds no text, only where pairs stand, and is made from the last one, so that only new tasks
are looked at. A layer (`layers.py`) adds tasks and leaves those of its snapshot as they are: the index of the snapshot
holds, and what came to it has a small index of its own beside it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from operator import add
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from ...extractors.errors import ZhenglingError
from . import layers

_MADE = """
CREATE VIRTUAL TABLE pair USING fts5(title, text, tokenize='ascii', content='', detail=full, columnsize=0);
CREATE TABLE task(n INTEGER PRIMARY KEY, id TEXT UNIQUE, words TEXT, document TEXT, place INTEGER, region TEXT,
    year INTEGER);
CREATE TABLE about(store TEXT, last INTEGER);
"""
_FOUND = "MATCH (d:Document)-[:CONTAINS]->(t:Task)"
_TOLD = """
RETURN t.id AS id, left(md5(coalesce(t.title, '') + '\n' + t.text), 16) AS words, d.id AS document,
       t.`order` AS place, coalesce(d.region, '') AS region, coalesce(d.year, 0) AS year
"""
_TASKS = _FOUND + _TOLD
#: Tasks that came behind so many others.
_MORE = f"{_FOUND} WHERE offset(id(t)) >= $there{_TOLD}"
_CHANGED = """
CREATE TEMP TABLE now(id TEXT PRIMARY KEY, words TEXT, document TEXT, place INTEGER, region TEXT, year INTEGER);
"""
_DROPPED = "DELETE FROM task WHERE NOT EXISTS (SELECT 1 FROM now WHERE now.id = task.id AND now.words = task.words)"
_KEPT = """
UPDATE task SET (document, place, region, year) = (SELECT document, place, region, year FROM now WHERE now.id = task.id)
"""
_ADDED = "INSERT INTO task SELECT ?, id, words, document, place, region, year FROM now WHERE id = ?"
_TEXTS = "MATCH (t:Task) RETURN t.id AS id, coalesce(t.title, '') AS title, t.text AS text"
_SOME_TEXTS = f"UNWIND $ids AS one MATCH (t:Task {{id: one}}) {_TEXTS.partition(') ')[2]}"
_AT_ONCE = 2_000  # tasks that are asked for by their ids
_FEW = 5  # new ones are asked for by id where they are less than one in so many
_DEAD = 4  # terms of tasks that are gone stay until they are one in so many
_COUNT = "MATCH (t:Task) RETURN count(*) AS tasks"
_MANY = 100_000  # tasks that are compared with the index in about a second
_ASCII = {code: 0xE000 + code for code in range(128)}
_END = chr(0xE07F)


class Rows(Protocol):
    """The store of which the index is made."""

    def rows(self, cypher: str, parameters: dict[str, Any] | None = None) -> tuple[list[str], list[list[Any]]]: ...
    def each(self, cypher: str) -> Iterator[list[Any]]: ...


#: Ids and the number of all tasks → id, title and text of those.
Texts = Callable[[list[str], int], Iterable[Any]]


class Came(NamedTuple):
    """A task that came to a snapshot."""

    id: str
    document: str
    place: int
    region: str
    year: int
    title: str
    text: str

    @property
    def words(self) -> str:
        """As `_TOLD` has them."""
        return hashlib.md5(f"{self.title}\n{self.text}".encode(), usedforsecurity=False).hexdigest()[:16]


def path_of(store: Path) -> Path:
    """Where the index of a store lies."""
    return store.with_name("words.sqlite")


def more_of(store: Path) -> Path:
    """Where the index of what came to a snapshot lies."""
    return store.with_name("words-more.sqlite")


def state_of(about: os.stat_result) -> str:
    """What tells the state of a store's file from others."""
    return f"{about.st_size} {about.st_mtime_ns}"


def renew(path: Path, store: Rows, below: Path | None = None, came: Sequence[Came] | None = None) -> None:
    """Bring the index up to the store in the file `path`, if it is not; `below`: the snapshot that it stands on, `came`
    the tasks that came to that, if they are known. Where that can not be done there is none: of a layer with very many
    tasks whose snapshot has no index, the texts are looked through until the next snapshot."""
    state, file, more = state_of(path.stat()), path_of(path), more_of(path)
    known = _state(file)
    if known == state:
        return
    if below is not None:
        if known == state_of(below.stat()) and (_state(more) == state or _beside(path, store, state, came)):
            return
        if store.rows(_COUNT)[1][0][0] > _MANY:
            return
    texts = lambda fresh, all_of_them: _texts(store, fresh, all_of_them)  # noqa: E731
    if _written(path, file, state, lambda base: _fill(base, store.each(_TASKS), texts)):
        more.unlink(missing_ok=True)


def _beside(path: Path, store: Rows, state: str, came: Sequence[Came] | None) -> bool:
    """Make the index of what came to the snapshot that there is one of; whether there is one now."""
    if came is not None:
        told = {one.id: (one.id, one.title, one.text) for one in came}
        tasks = [(one.id, one.words, one.document, one.place, one.region, one.year) for one in came]
        return _written(path, more_of(path), state, lambda base: _fill(base, tasks, lambda ids, _: map(told.get, ids)))
    with suppress(sqlite3.Error, OSError, ZhenglingError), closing(_read(path_of(path))) as base:
        ((all_of_them,),) = store.rows(_COUNT)[1]
        ((before,),) = base.execute("SELECT count(*) FROM task").fetchall()
        new = store.rows(_MORE, {"there": before})[1]
        is_known = any(base.execute("SELECT 1 FROM task WHERE id = ?", row[:1]).fetchone() for row in new)
        if len({row[0] for row in new}) == all_of_them - before and not is_known:
            texts = lambda fresh, _: _texts(store, fresh, all_of_them)  # noqa: E731
            return _written(path, more_of(path), state, lambda base: _fill(base, new, texts))
    return False


def _written(path: Path, file: Path, state: str, fill: Callable[[sqlite3.Connection], None]) -> bool:
    """Write an index, out of the last one where that is worth while; whether there is one now."""
    beside = path.with_name(path.name + ".new-words")  # cleared away with what else a build leaves
    try:
        beside.unlink(missing_ok=True)
        if not _continued(file, beside, fill):
            beside.unlink(missing_ok=True)
            with closing(_opened(beside)) as base:
                base.executescript(_MADE)
                fill(base)
                base.commit()
        with closing(_opened(beside)) as base:
            base.execute("UPDATE about SET store = ?", (state,))
            base.commit()
        beside.replace(file)
    except (sqlite3.Error, OSError, ZhenglingError):
        for one in (beside, file):
            with suppress(OSError):
                one.unlink(missing_ok=True)
        return False
    return True


class WordIndex:
    """The index of a store, read-only; `close` lets it go."""

    def __init__(self, base: sqlite3.Connection, parts: Sequence[str]) -> None:
        """`parts`: what each file of it is called in `base`."""
        self._base, self._parts = base, parts

    @classmethod
    def of(cls, store: Path, state: str, below: str = "") -> WordIndex | None:
        """The index of a store in this state, which stands on a snapshot in the state `below` if that is not empty;
        None where there is none."""
        with suppress(sqlite3.Error, OSError):
            base = sqlite3.connect("", uri=True, check_same_thread=False)
            with suppress(sqlite3.Error):
                base.execute("PRAGMA temp_store = 2")
                if parts := _attached(base, store, "found", state, below):
                    for part in parts:  # all is open now
                        base.execute(f"SELECT count(*) FROM {part}.pair WHERE pair MATCH '\"a\"'").fetchall()
                    return cls(base, parts)
            base.close()
        return None

    def search(self, words: Sequence[str], region: str, year: int, limit: int) -> list[dict[str, Any]] | None:
        """The tasks that hold all of these words, as `id` and `rank`, the number of words in the title: those of more
        first, then by document and place. `region` is a path or a part of one, '' any; `year` 0 any. None where the
        index can not be read, and for single characters, of which nearly all texts have some: looking through them all
        is as fast."""
        if all(len(word) == 1 for word in words):
            return None
        ranks = {part: _RANK.format(part=part) * len(words) for part in self._parts}
        asked = " UNION ALL ".join(_ASKED.format(part=part, rank=rank) for part, rank in ranks.items())
        given = [*map(in_title, words), sought(words), *[region] * 3, _BRACKET, year, year]
        try:
            rows = self._base.execute(f"{asked} {_ORDER}", [*given * len(self._parts), limit])
            return [{"id": id, "rank": rank} for id, rank, *_ in rows]
        except sqlite3.Error:
            return None

    def close(self) -> None:
        self._base.close()


_BRACKET = "\uff08"  # behind a place's name: the issuer, where several places bear it


_RANK = " + (n IN (SELECT rowid FROM {part}.pair WHERE pair MATCH ?))"
_ASKED = """
SELECT id, 0{rank} AS rank, document, place FROM {part}.task
WHERE n IN (SELECT rowid FROM {part}.pair WHERE pair MATCH ?)
AND (? = '' OR instr('/' || region || '/', '/' || ? || '/') OR instr('/' || region, '/' || ? || ?))
AND (? = 0 OR year = ?)
"""
_ORDER = "ORDER BY rank DESC, document, place, id LIMIT ?"


def attached(base: sqlite3.Connection, store: Path, name: str) -> list[str]:
    """Bring the index of a store beside the tables of another file: the names of its parts, which begin with `name`,
    none where there is none of the store as it is now. In each `pair` finds what `sought` gives, and `task` tells its
    ids."""
    with suppress(OSError, ValueError):
        base_of = layers.base_of(store)
        below = "" if base_of == store else state_of(base_of.stat())
        return _attached(base, store, name, state_of(store.stat()), below)
    return []


def _attached(base: sqlite3.Connection, store: Path, name: str, state: str, below: str) -> list[str]:
    """The index of a store in a state beside other tables, as `attached` does."""
    if _is_beside(base, path_of(store), name, state):
        return [name]
    more = f"{name}_more"
    if below and _is_beside(base, path_of(store), name, below):
        if _is_beside(base, more_of(store), more, state):
            return [name, more]
        base.execute(f"DETACH {name}")
    return []


def _is_beside(base: sqlite3.Connection, file: Path, name: str, state: str) -> bool:
    """Bring one file of an index beside other tables, where it is of this state."""
    with suppress(sqlite3.Error, OSError):
        if file.is_file():
            base.execute(f"ATTACH ? AS {name}", (_address(file),))
            with suppress(sqlite3.Error):
                if [*map(tuple, base.execute(f"SELECT store FROM {name}.about"))] == [(state,)]:
                    return True
            base.execute(f"DETACH {name}")
    return False


def sought(words: Sequence[str]) -> str:
    """What the index is asked for tasks that hold all of these words."""
    return " AND ".join(map(_sought, words))


def in_title(word: str) -> str:
    """What the index is asked for tasks that hold a word in their title."""
    return f"title : {_sought(word)}"


def _pairs(text: str) -> str:
    """All pairs of neighbours of a text, the last character with a mark."""
    text = text.translate(_ASCII)
    return " ".join(map(add, text, text[1:] + _END))


def _sought(word: str) -> str:
    """A word as FTS5 looks for it: a phrase of pairs, or what begins one."""
    if len(word) == 1:
        return f'"{word.translate(_ASCII)}" *'
    return f'"{_pairs(word).rpartition(" ")[0]}"'


def _address(file: Path) -> str:
    return f"{file.absolute().as_uri()}?mode=ro&immutable=1"


def _state(file: Path) -> str:
    """Which state of the store an index is of; '' where there is none."""
    with suppress(sqlite3.Error, OSError):
        if file.is_file():
            with closing(_read(file)) as base:
                return str(base.execute("SELECT store FROM about").fetchone()[0])
    return ""


def _read(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(_address(file), uri=True)


def _opened(file: Path) -> sqlite3.Connection:
    base = sqlite3.connect(file)
    base.executescript("PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA cache_size = -65536;")
    return base


def _continued(old: Path, new: Path, fill: Callable[[sqlite3.Connection], None]) -> bool:
    """Make the index out of the last one; whether that was worth while."""
    with suppress(sqlite3.Error, OSError):
        if not old.is_file():
            return False
        shutil.copyfile(old, new)
        with closing(_opened(new)) as base:
            fill(base)
            ((alive, last),) = base.execute("SELECT (SELECT count(*) FROM task), last FROM about").fetchall()
            base.commit()
            return (last - alive) * _DEAD <= last
    return False


def _fill(base: sqlite3.Connection, tasks: Iterable[Sequence[Any]], texts: Texts) -> None:
    """Put what is new of some tasks into the index, and take out what is gone."""
    base.executescript(_CHANGED)
    base.executemany("INSERT OR IGNORE INTO now VALUES (?, ?, ?, ?, ?, ?)", tasks)
    ((all_of_them,),) = base.execute("SELECT count(*) FROM now").fetchall()
    base.execute(_DROPPED)
    base.execute(_KEPT)
    fresh = [id for (id,) in base.execute("SELECT id FROM now WHERE id NOT IN (SELECT id FROM task)")]
    last = sum(last for (last,) in base.execute("SELECT last FROM about"))
    numbers = {id: n for n, id in enumerate(fresh, last + 1)}
    base.executemany(_ADDED, ((n, id) for id, n in numbers.items()))
    base.executemany(
        "INSERT INTO pair(rowid, title, text) VALUES (?, ?, ?)",
        ((numbers[id], _pairs(title), _pairs(text)) for id, title, text in texts(fresh, all_of_them)),
    )
    base.execute("DELETE FROM about")
    base.execute("INSERT INTO about VALUES ('', ?)", (last + len(fresh),))
    base.execute("DROP TABLE now")


def _texts(store: Rows, ids: list[str], all_of_them: int) -> Iterator[list[Any]]:
    """Id, title and text of some tasks."""
    if len(ids) * _FEW > all_of_them:
        wanted = set(ids)
        yield from (row for row in store.each(_TEXTS) if row[0] in wanted)
        return
    for at in range(0, len(ids), _AT_ONCE):
        yield from store.rows(_SOME_TEXTS, {"ids": ids[at : at + _AT_ONCE]})[1]
