"""Workers side by side: results in order, no worker at two things, nothing far ahead, an end at any moment."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zhengling.extractors.limits import cores
from zhengling.extractors.side_by_side import in_order


class Worker:
    """Gives what it is given, after so many milliseconds."""

    def __init__(self) -> None:
        self.busy = threading.Lock()
        self.done: list[tuple[int, int]] = []

    def __call__(self, thing: tuple[int, int]) -> tuple[int, int]:
        assert self.busy.acquire(blocking=False), "called twice at once"
        time.sleep(thing[1] / 1000)
        self.done.append(thing)
        self.busy.release()
        return thing


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 5), st.lists(st.integers(0, 3), max_size=60))
def test_results_come_in_order_and_each_thing_is_done_once(count, delays):
    workers, things = [Worker() for _ in range(count)], list(enumerate(delays))
    assert list(in_order(workers, things, lambda: None)) == things
    assert sorted(thing for worker in workers for thing in worker.done) == things


def test_no_worker_is_far_ahead_of_what_is_taken():
    workers, things = [Worker(), Worker()], [(n, 0) for n in range(1000)]
    found = in_order(workers, things, lambda: None)
    next(found)
    time.sleep(0.3)
    ahead = sum(len(worker.done) for worker in workers)
    assert 1 <= ahead < 100
    assert list(found) == things[1:]


@pytest.mark.parametrize("count", [1, 3])
def test_closed_before_its_end_it_ends_what_is_under_way(count):
    ended, started = threading.Event(), threading.Event()

    def endless(thing: int) -> int:
        if thing:
            started.set()
            ended.wait(60)
        return thing

    before = threading.active_count()
    found = in_order([endless] * count, range(100), ended.set)
    assert next(found) == 0
    started.wait(60)
    found.close()
    assert threading.active_count() == before


def test_there_is_a_processor():
    assert cores() >= 1
