"""What pages read from: a snapshot of the graph, opened once for each build and swapped when the next one is written.

Requests that began on a snapshot end on it; it is let go when the last of them is done.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cache, cached_property
from heapq import nlargest
from pathlib import Path
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any, NamedTuple

from ...extractors.errors import ZhenglingError, notice
from ...queries.runner import ask, questions
from ..api import Graph
from ..lists.prepare import prepare
from ..lists.reading import Lists, Row

if TYPE_CHECKING:
    from ...extractors.limits import Settings
    from ...graph.stores.embedded import EmbeddedStore
    from ...queries.runner import Answer, Question
    from ...queries.understanding.names import Understanding

#: Questions of people that are asked at once; who comes later waits so many seconds.
_ASKED, _PATIENCE = 2, 20.0
#: Answers that are kept, the newest, and the most rows of one.
_ANSWERS, _LONG_ANSWER = 32, 1_000
#: Papers that are told as read last, and records among which they are looked for: some are copies.
_FEW, _LOOKED_AT = 8, 40
#: Seconds until a page shows the graph before what somebody has just said.
_RENEWED = 3.0
#: Seconds that who waits for a snapshot goes before what is only made ready.
_QUIET = 1.0
#: Times that a snapshot is made anew because a build came in between.
_TRIES = 5


class _Wanted(NamedTuple):
    """What an answer depends on: the store, the day, the question and what was given."""

    mark: tuple[int, int]
    day: date
    name: str
    given: tuple[tuple[str, str], ...]


@cache
def built_in() -> dict[str, Question]:
    """The questions that every workspace has."""
    return questions()


class Snapshot:
    """One build's graph: its lists, and the store for what lists do not hold."""

    def __init__(self, folder: Path, mark: tuple[int, int]) -> None:
        from ...graph.stores.embedded import SMALL, EmbeddedStore

        self.folder, self.mark = folder, mark
        store = folder / "cache" / "graph.lbug"
        self.lists = Lists(prepare(folder), store)
        self._store: EmbeddedStore = EmbeddedStore(store, SMALL)
        self._lock = threading.Lock()
        self._store.open()

    @cached_property
    def names(self) -> Understanding:
        """What names mean in this graph, by the words of the workspace."""
        from ...graph.workspace.workspace import Workspace
        from ...queries.understanding.names import Understanding

        return Understanding(self, Workspace(self.folder).lexicon())

    @cached_property
    def read_last(self) -> list[Row]:
        """The papers whose records were written last, the last first."""
        from ...graph.workspace.records import record_name

        with suppress(OSError), os.scandir(self.folder / "records") as found:
            records = nlargest(_LOOKED_AT, ((one.stat().st_mtime, one.name) for one in found))
            papers = {record_name(paper["source"]): paper for paper in self.lists.papers({}, 0, 0).rows}
            return [papers[name] for _, name in records if name in papers][:_FEW]
        return []

    def rows(self, cypher: str, parameters: Mapping[str, Any]) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        """The answer to a question of our own (`queries.runner.Store`), one at a time."""
        with self._lock:
            return self._store.rows(cypher, dict(parameters))

    def search(self, words: list[str], region: str, year: int, limit: int) -> list[dict[str, Any]] | None:
        """The tasks that hold some words (`queries.indexed.Indexed`)."""
        with self._lock:
            return self._store.search(words, region, year, limit)

    def ask(self, name: str, parameters: Mapping[str, Any]) -> Answer:
        """The answer to one of the built-in questions, on this snapshot."""
        return ask(self, built_in()[name], parameters)


class Shelf:
    """The newest snapshot of a workspace, and what answers the questions that people write."""

    def __init__(self, folder: Path, settings: Settings, ready: Callable[[Snapshot], None]) -> None:
        """`ready` is called, beside what is asked, with each snapshot that is taken up, when it is quiet again."""
        self.folder, self._ready = folder, ready
        self._closed = threading.Event()
        self._now: Snapshot | None = None
        self._making: threading.Thread | None = None
        self._error: ZhenglingError | None = None
        self._lock = threading.Lock()
        self._answers: dict[_Wanted, Answer] = {}
        self._graphs: Queue[Graph] = Queue()
        for _ in range(_ASKED):
            self._graphs.put(Graph(folder, settings=settings))

    def mark(self) -> tuple[int, int]:
        """What tells the store in the workspace from those before it; zeros where there is none."""
        with suppress(OSError):
            state = (self.folder / "cache" / "graph.lbug").stat()
            return state.st_ino, state.st_mtime_ns
        return 0, 0

    def built(self) -> bool:
        """Whether there is something to show."""
        return self._now is not None or (self.folder / "records").is_dir()

    def warm(self) -> None:
        """Begin to open the snapshot before anybody asks for it."""
        if self.built():
            with self._lock:
                self._begin()

    def renew(self, seconds: float = _RENEWED) -> None:
        """Take up what was just written; waits for it so long at most."""
        until = time.monotonic() + seconds
        while (self._now is None or self._now.mark != self.mark()) and time.monotonic() < until:
            with self._lock:
                making = self._begin()
            making.join(max(until - time.monotonic(), 0.01))

    def _begin(self) -> threading.Thread:
        if self._making is None or not self._making.is_alive():
            self._making = threading.Thread(target=self._renew, name="snapshot", daemon=True)
            self._making.start()
        return self._making

    def snapshot(self) -> Snapshot:
        """The newest one that is ready. While the first is made this waits; while another is, the last one serves.

        Raises `ZhenglingError` where nothing was built, or it can not be opened.
        """
        now, mark = self._now, self.mark()
        if now is not None and now.mark == mark:
            return now
        with self._lock:
            making = self._begin()
        if now is not None:
            return now
        making.join()
        if self._now is None:
            raise self._error or ZhenglingError("store-missing", 1, path=str(self.folder))
        return self._now

    def _renew(self) -> None:
        for _ in range(_TRIES):
            mark = self.mark()
            try:
                made = Snapshot(self.folder, mark)
            except ZhenglingError as error:
                self._error = error
                if self._now is not None and error.code != "workspace-locked":
                    notice("snapshot-old", reason=str(error))
                return
            except Exception as error:  # the pages say so; the server goes on
                self._error = ZhenglingError("lists-failed", 1, workspace=str(self.folder), reason=str(error))
                return
            if mark in ((0, 0), self.mark()):
                made.mark = self.mark()
                self._now = made
                threading.Thread(target=self._warmed, args=(made,), name="warm", daemon=True).start()
                return

    def _warmed(self, made: Snapshot) -> None:
        if not self._closed.wait(_QUIET) and made is self._now:
            with suppress(Exception):  # what can not be done beforehand says why when it is asked for
                self._ready(made)

    def lent(self) -> _Lent:
        """What answers questions that people write, with limits, for as long as one takes."""
        return _Lent(self._graphs)

    def ask(self, name: str, parameters: dict[str, Any]) -> Answer:
        """The answer to a saved question, in a process beside this one with limits; one that was asked before of the
        same graph on the same day is there."""
        asked = _Wanted(self.mark(), date.today(), name, tuple(sorted((k, str(v)) for k, v in parameters.items())))
        if (kept := self._answers.get(asked)) is not None:
            return kept
        with self.lent() as graph:
            answer = graph.ask(name, parameters)
        # What the workspace says itself may be said anew, and a build may have come in between.
        if name in built_in() and len(answer.rows) <= _LONG_ANSWER and asked.mark == self.mark():
            with self._lock:
                self._answers[asked] = answer
                while len(self._answers) > _ANSWERS:
                    del self._answers[next(iter(self._answers))]
        return answer

    def questions(self) -> list[tuple[Question, bool]]:
        """The saved questions, and whether each is the workspace's own."""
        found = Graph(self.folder).questions({})
        return [(one, name not in built_in()) for name, one in found.items()]

    def ask_freely(self, language: str, text: str, parameters: dict[str, Any]) -> Answer:
        """The answer to a free question in `cypher` or `sparql`, under the same guards as on the command line."""
        with self.lent() as graph:
            return graph.ask_sparql(text, parameters) if language == "sparql" else graph.ask_freely(text, parameters)

    def close(self) -> None:
        self._closed.set()
        with suppress(Empty):
            while True:
                self._graphs.get_nowait().close()


class _Lent:
    """One of what answers questions, for as long as one question takes."""

    def __init__(self, free: Queue[Graph]) -> None:
        self._free = free

    def __enter__(self) -> Graph:
        try:
            self._graph = self._free.get(timeout=_PATIENCE)
        except Empty:
            raise ZhenglingError("server-busy", 1) from None
        return self._graph

    def __exit__(self, *_: object) -> None:
        self._free.put(self._graph)
