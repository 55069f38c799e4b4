"""New records come to the store that is there, where they change nothing of what it has."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import msgspec

from ...extractors.words.lexicon import Lexicon
from ..deriving import sharing
from ..deriving.adding import ChangedError, add
from ..deriving.derive import Derived, LoadedPaper
from ..deriving.kept import heeding
from ..stores import adding, digest, layers
from ..stores.words import Came
from .corrected import People
from .judging import judged, verdicts

#: Records from which on it is quicker to add new ones than to make the graph anew.
FEWEST = 100


class Growing:
    """Keeps what papers share beside a store (`deriving.sharing`), and adds to the store by it."""

    def __init__(self, cache: Path, store: Path, pieces: Path) -> None:
        self._cache, self._store, self._pieces = cache, store, pieces
        self._shared = cache / "shared.sqlite"
        #: The tasks that came to the snapshot of the store, if `added` has added any.
        self.came: list[Came] | None = None

    def keep(self, graph: Derived, marks: Sequence[str], people: People) -> None:
        """Keep what was told for the store that was just made of it."""
        self._shared.unlink(missing_ok=True)
        if graph.told is not None and len(marks) >= FEWEST:
            sharing.keep(self._shared, graph.told, marks, digest.sum_of(self._store), people.names_mark())
            digest.note(self._shared)

    def added(
        self, names: Sequence[str], marks: Sequence[str], people: People, lexicon: Lexicon, jobs: int
    ) -> list[LoadedPaper] | None:
        """Add the records that are new to the store; what became of all papers. None where all is to be made anew."""
        import duckdb

        if not digest.is_sound(self._shared):
            return None
        try:
            again = sharing.Again(self._shared)
        except (sqlite3.Error, msgspec.MsgspecError):
            return None
        try:
            before = again.shared
            is_same = before.names == people.names_mark() and not any(verdicts(people, names))
            if len(before.marks) < FEWEST or not is_same:
                return None
            if digest.sum_of(layers.base_of(self._store)) != before.store:
                return None
            told, said = people.told, judged(people, names)
            with (
                heeding(),
                add(again, lambda n: told(names[n]), lexicon, self._cache, self._pieces, marks, said, jobs) as graph,
            ):
                adding.add(self._store, graph)
                self.came = [Came(*row) for row in graph.tasks()]
                return graph.papers
        except (ChangedError, duckdb.Error, sqlite3.Error):
            return None
        finally:
            again.base.close()
