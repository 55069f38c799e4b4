"""Pairs of papers aligned in several processes: the same links in the same order as in one.

A process gets a superior and some of the papers below it, and gives the rows that `origins.aligned` makes of each.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from itertools import groupby, islice
from queue import SimpleQueue
from threading import Lock
from typing import Any

import msgspec

from ...extractors.bounded import EndedError, Process, TooSlowError, serve
from ...extractors.model import Record
from ...extractors.sealed import seal
from ...extractors.words.lexicon import Lexicon
from .kept import Pieces
from .origins import HELD, Read, a_year_on, aligned, record_of

#: Fewer pairs than this are aligned where they are: a process needs a second to begin.
WORTH = 300
_TOGETHER = 16  # papers below one superior that are handed over at a time
_AT_ONCE = 2_000  # pairs whose links are written at a time
_SECONDS = 900.0  # the longest that such a handful may take

Pair = tuple[int, int, int, int, str, str]
Made = tuple[list[tuple[Any, ...]], tuple[bytes, bytes]]


def align_side_by_side(pieces: Pieces, read: Read, lexicon: Lexicon, jobs: int) -> None:
    """What `origins.align_new` does, in so many processes."""
    pairs: Iterator[Pair] = pieces.unaligned()
    with _Aligners(read, lexicon, jobs) as work:
        while some := list(islice(pairs, _AT_ONCE)):
            pieces.add_links(
                (lower, upper, tasks, way, *blocks, links)
                for (lower, upper, _, _, tasks, way), (links, blocks) in zip(some, work.aligned(some), strict=True)
            )


class _Aligners:
    """Processes that align. Each is asked from a thread of its own, which only waits; records are read by one at a
    time."""

    def __init__(self, read: Read, lexicon: Lexicon, jobs: int) -> None:
        self._lexicon, self._reading = lexicon, Lock()
        self._record = lru_cache(maxsize=HELD)(partial(record_of, read))
        self._all = [Process(__name__) for _ in range(jobs)]
        self._idle: SimpleQueue[Process] = SimpleQueue()
        for process in self._all:
            self._idle.put(process)
        self._threads = ThreadPoolExecutor(jobs)
        self._closed = False

    def __enter__(self) -> _Aligners:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for wait in (False, True):  # one that was about to ask has begun a process by then
            for process in self._all:
                process.close()
            self._threads.shutdown(wait)

    def aligned(self, pairs: Sequence[Pair]) -> Iterator[Made]:
        """What is made of each pair, in their order."""
        for made in self._threads.map(self._made, _handfuls(pairs)):
            yield from made

    def _made(self, pairs: Sequence[Pair]) -> list[Made]:
        with self._reading:
            upper = self._record(pairs[0][3])
            lower = [self._record(pair[2]) for pair in pairs]
        ways = [pair[4:] for pair in pairs]
        process = self._idle.get()
        try:
            if self._closed:
                raise EndedError
            return _asked(process, self._lexicon.folders, ways, upper, lower)
        except (EndedError, TooSlowError):
            if self._closed:
                raise
        finally:
            self._idle.put(process)
        return _all_made(self._lexicon, ways, upper, lower)


def _handfuls(pairs: Sequence[Pair]) -> Iterator[list[Pair]]:
    for _, below in groupby(pairs, key=lambda pair: (pair[3], pair[5])):
        while some := list(islice(below, _TOGETHER)):
            yield some


def _all_made(lexicon: Lexicon, ways: Sequence[Sequence[str]], upper: Record, lower: Sequence[Record]) -> list[Made]:
    above = a_year_on(upper) if ways[0][1] == "resembles" else upper
    return [aligned(above, one, lexicon, tasks) for (tasks, _), one in zip(ways, lower, strict=True)]


def _asked(
    process: Process, folders: Sequence[str], ways: Sequence[Sequence[str]], upper: Record, lower: Sequence[Record]
) -> list[Made]:
    encode = msgspec.msgpack.Encoder().encode
    frames = (json.dumps([list(folders), ways]).encode(), encode(upper), *map(encode, lower))
    answer = process.ask(*frames, seconds=_SECONDS)
    return [([tuple(row) for row in rows], (b64decode(a), b64decode(b))) for rows, a, b in answer["made"]]


# --- in the process ---------------------------------------------------------------------------------------------------


def main() -> None:
    """Answers until its input ends."""

    def prepare() -> Callable[[list[bytes]], dict[str, Any]]:
        from ..lineage import align  # noqa: F401

        Lexicon.load()
        seal("network")
        decode = msgspec.msgpack.Decoder(Record).decode

        def answer(frames: list[bytes]) -> dict[str, Any]:
            folders, ways = json.loads(frames[0])
            upper, *lower = map(decode, frames[1:])
            made = _all_made(Lexicon.load(folders), ways, upper, lower)
            return {"made": [(rows, *(b64encode(block).decode() for block in blocks)) for rows, blocks in made]}

        return answer

    serve(prepare)


if __name__ == "__main__":
    main()
