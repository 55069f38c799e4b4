"""Several readers at once while a build runs: each answer is, byte by byte, the one on the graph before or after it."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from http.client import HTTPConnection

from zhengling.benchmarks import country, crowd
from zhengling.graph.workspace.workspace import Workspace

from .test_web_killed import started
from .workbench import Workbench

READERS, SECONDS, PAPERS = 8, 10.0, 40


def counted(bench: Workbench) -> int:
    return bench.get("/home.json").data["counts"]["tasks"]


def test_readers_get_right_answers_while_a_build_runs(tmp_path):
    workspace = tmp_path / "w"
    country.write(range(PAPERS), workspace / "records")
    Workspace(workspace).build([])
    server, bench = started(workspace)
    try:
        asked = crowd.addresses(HTTPConnection(bench.host, timeout=120))
        right: dict[str, set[str]] = defaultdict(set)

        def noted() -> None:
            for address in asked:
                right[address].add(crowd.sum_of(bench.get(address, Accept_Language="zh").body))

        noted()
        before = counted(bench)
        country.write(range(PAPERS, 2 * PAPERS), workspace / "records")
        readers = [crowd.Reader(bench.host, asked, time.monotonic() + SECONDS, seed) for seed in range(READERS)]
        building = threading.Thread(target=Workspace(workspace).build, args=([],))
        for one in (*readers, building):
            one.start()
        for one in (*readers, building):
            one.join()
        until = time.monotonic() + 120
        while counted(bench) == before and time.monotonic() < until:
            time.sleep(0.2)
        assert counted(bench) > before
        noted()
    finally:
        server.terminate()
        server.wait()
    answers = [answer for one in readers for answer in one.sums]
    assert [error for one in readers for error in one.errors] == []
    assert len(answers) >= READERS and [a for a, found in answers if found not in right[a]] == []
