"""What all pages share: the shelf of the workspace, the catalogues, and what is kept from one request to the next."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ...extractors.errors import PaperError, ZhenglingError
from ...extractors.limits import Settings
from ..api import Graph
from ..messages import LANGUAGES, Catalogue
from .access import Gate, Users
from .editing import edit
from .jobs import Jobs
from .room import let_go
from .shelf import Shelf, Snapshot
from .storing import Uploads

if TYPE_CHECKING:
    from ...extractors.model import PagePicture, Record
    from ...extractors.words.lexicon import Lexicon
    from ...graph.lineage.align import Alignment
    from ...graph.workspace.corrected import People
    from ...graph.workspace.library import Library
    from ...graph.workspace.workspace import Workspace
    from ...queries.understanding.names import Understanding
    from ..pictures.view import Drawn

#: Nodes of the largest picture.
MOST_DRAWN = 2000

_KEPT = 8  # matrices of coverage, pictures
_PATIENCE = 3.0  # seconds until a page says that what it shows is being made

Made = TypeVar("Made")


class _OpenStock:
    """What the public functions ask of a workspace of which stock was taken before, and of the snapshot that is open:
    another engine, stock and names would take time and memory again."""

    def __init__(self, workspace: Workspace, people: People, snapshot: Snapshot) -> None:
        self._workspace, self._people, self._snapshot = workspace, people, snapshot

    def store(self) -> AbstractContextManager[Snapshot]:
        return nullcontext(self._snapshot)

    @cached_property
    def _library(self) -> Library:
        from ...graph.workspace.library import Library

        store: Any = self._snapshot  # asked like an engine
        return Library(store, self._people)

    def library(self, store: object) -> Library:
        return self._library

    def lexicon(self) -> Lexicon:
        return self._workspace.lexicon()


class _Served(Graph):
    """The public functions that only read, on what was taken."""

    def __init__(self, folder: Path, taken: _OpenStock, names: Understanding) -> None:
        super().__init__(folder)
        self._taken, self._known = taken, names

    def _workspace(self) -> Any:
        return self._taken

    def _names(self, store: object) -> Understanding:
        return self._known


class Site:
    """The workbench of one workspace."""

    def __init__(self, folder: Path, settings: Settings | None = None, alone: bool = True) -> None:
        folder = folder.resolve()
        self.folder, self.settings = folder, settings or Settings()
        self.shelf = Shelf(folder, self.settings, self._warm)
        self.catalogues = {language: Catalogue(language) for language in LANGUAGES}
        self.gate = Gate(Users(folder), alone)
        self.store, self.jobs = Uploads(folder, self.settings), Jobs(self.shelf.warm)
        self._made: dict[Hashable, Any] = {}
        self._turns: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()
        self._taken: tuple[str, Workspace, People] | None = None
        self._served: tuple[Snapshot, tuple[Workspace, People], Graph] | None = None
        self._taking = threading.Lock()

    def paper(self, source: str) -> tuple[Record, str | None, PaperError | None]:
        """The record of the paper that was read from a source; its text, if its file is still there, with contact data
        masked; and why it can not be read."""
        workspace, people = self._stock()
        record = workspace.record(source, people)
        try:
            return record, workspace.text(source, self.settings), None
        except PaperError as error:
            return record, None, error

    def record(self, source: str) -> Record:
        """The record of the paper that was read from a source."""
        workspace, people = self._stock()
        return workspace.record(source, people)

    def page(self, source: str, number: int, file: str) -> PagePicture | None:
        """As `Workspace.page`."""
        return self._stock()[0].page(source, number, file, self.settings)

    def _stock(self) -> tuple[Workspace, People]:
        """The workspace with stock taken of its records, once for each state of them."""
        from ...graph.stores.embedded import SMALL
        from ...graph.workspace.workspace import Workspace

        workspace = Workspace(self.folder, SMALL)
        mark = workspace.mark()
        with self._taking:
            if self._taken is None or self._taken[0] != mark:
                self._taken = mark, workspace, workspace.people()
            return self._taken[1:]

    def _warm(self, snapshot: Snapshot) -> None:
        """Make ready what the first paper, the first task and the first picture would wait for."""
        self._stock()
        for task in snapshot.lists.tasks({}, 0, 1).rows:
            for name in ("trace", "lineage"):
                snapshot.ask(name, {"task": task["id"]})
        for language in LANGUAGES:
            self.picture(snapshot, language, "", "", MOST_DRAWN)
        let_go()

    def picture(self, snapshot: Snapshot, language: str, what: str, focus: str, limit: int) -> Drawn:
        """The graph or the part around one thing, as `draw` has it, of at most so many nodes."""
        from ..pictures.view import draw

        say = self.catalogues[language]
        key = ("picture", *snapshot.mark, language, what, focus, limit)
        return self.kept(key, lambda: draw(snapshot, snapshot.names, say, what, focus, limit, asked=True))

    def coverage(self, document: str, language: str = "") -> dict[str, Any]:
        """As `Graph.coverage`, made in a process of its own as it takes much memory: the matrix in a language (`parts`,
        `columns`, `rows`), or as data."""
        key = ("coverage", *self.shelf.mark(), document, language)
        return self.kept(key, lambda: edit(self.folder, "coverage", document=document, language=language))

    def coverage_soon(self, document: str, language: str) -> dict[str, Any] | None:
        """The same for a page; None while it is being made."""
        key = ("coverage", *self.shelf.mark(), document, language)
        return self.soon(key, lambda: edit(self.folder, "coverage", document=document, language=language))

    def compare(self, lower: str, superior: str | None) -> Alignment:
        """As `Graph.compare`."""
        return self.kept(
            ("compare", *self.shelf.mark(), lower, superior), lambda: self.graph().compare(lower, superior)
        )

    def graph(self) -> Graph:
        """The public functions that only read, on the stock of the workspace and the newest snapshot."""
        snapshot, stock = self.shelf.snapshot(), self._stock()
        with self._taking:
            if self._served is None or self._served[:2] != (snapshot, stock):
                served = _Served(self.folder, _OpenStock(*stock, snapshot), snapshot.names)
                self._served = snapshot, stock, served
            return self._served[2]

    def kept(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What takes long to make, by a key that names the graph that it is made of; the last few are kept."""
        if (made := self._made.get(key)) is not None:
            return made
        with self._lock:
            turn = self._turns.setdefault(key, threading.Lock())
        try:
            with turn:  # who asks for the same meanwhile waits for it
                if (made := self._made.get(key)) is None:
                    made = make()
                    let_go()
                    with self._lock:
                        self._made[key] = made
                        while len(self._made) > _KEPT:
                            del self._made[next(iter(self._made))]
        finally:
            with self._lock:
                self._turns.pop(key, None)
        return made

    def soon(self, key: Hashable, make: Callable[[], Made], seconds: float = _PATIENCE) -> Made | None:
        """As `kept`; None where it is not made within so many seconds, and is being made meanwhile."""
        if (made := self._made.get(key)) is not None:
            return made
        if key not in self._turns:
            making = threading.Thread(target=self._try, args=(key, make), name="making", daemon=True)
            making.start()
            making.join(seconds)
            if not making.is_alive():
                return self.kept(key, make)  # there, or it says what is wrong
        return self._made.get(key)

    def _try(self, key: Hashable, make: Callable[[], Any]) -> None:
        with suppress(ZhenglingError):
            self.kept(key, make)

    def close(self) -> None:
        self.jobs.close()
        self.shelf.close()
