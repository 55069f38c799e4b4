"""Work on many things at once by several workers, whose results come in the order of the things."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from typing import Generic, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

#: A worker may be so many things ahead of what was taken: one that takes long keeps the others at work meanwhile, and
#: what waits is bounded.
_AHEAD = 16
#: Where there is less than this for each, a further worker begins only when the first has made something (or has made
#: nothing for so long) and is at work so many seconds more: what it needs to start costs more than it brings.
_WORTH, _SILENCE, _PATIENCE = 16, 10.0, 1.0


def in_order(
    workers: Sequence[Callable[[Given], Made]], things: Sequence[Given], end: Callable[[], None]
) -> Generator[Made]:
    """What the workers make of things, in their order. Each worker is called from one thread, for one thing at a time,
    and raises nothing. Where this is closed before its end, `end` makes calls that are under way return."""
    run = _Run(workers, things)
    try:
        for at in range(len(things)):
            yield run.take(at)
    finally:
        run.close(end)


class _Run(Generic[Given, Made]):
    """One run: who comes next, and what is made but not taken."""

    def __init__(self, workers: Sequence[Callable[[Given], Made]], things: Sequence[Given]) -> None:
        self._things = things
        self._changed = threading.Condition()
        self._next, self._taken, self._closed = 0, 0, False
        self._made: dict[int, Made] = {}
        self._most = _AHEAD * len(workers)
        self._threads = []
        for number, worker in enumerate(workers[: len(things)]):
            at_once = number == 0 or len(things) >= _WORTH * (number + 1)
            thread = threading.Thread(target=self._work, args=(worker, 0 if at_once else number), daemon=True)
            self._threads.append(thread)
            thread.start()

    def take(self, at: int) -> Made:
        with self._changed:
            while at not in self._made:
                self._changed.wait(1)  # not for ever: a wait without end hears no signal everywhere
            self._taken = at + 1
            self._changed.notify_all()
            return self._made.pop(at)

    def close(self, end: Callable[[], None]) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        waiting = True
        while waiting:  # a call may have begun just now
            if self._taken < len(self._things):
                end()
            for thread in self._threads:
                thread.join(0.05)
            waiting = any(thread.is_alive() for thread in self._threads)

    def _work(self, worker: Callable[[Given], Made], patience: int) -> None:
        with self._changed:
            if patience:
                self._changed.wait_for(lambda: self._idle or self._taken or self._made, _SILENCE)
                self._changed.wait_for(lambda: self._idle, _PATIENCE * patience)
        while (at := self._claim()) is not None:
            made = worker(self._things[at])
            with self._changed:
                self._made[at] = made
                self._changed.notify_all()

    @property
    def _idle(self) -> bool:
        return self._closed or self._next >= len(self._things)

    def _claim(self) -> int | None:
        """The next thing to work on, once it is not too far ahead; None where there is none."""
        with self._changed:
            self._changed.wait_for(lambda: self._idle or self._next < self._taken + self._most)
            if self._idle:
                return None
            self._next += 1
            return self._next - 1
