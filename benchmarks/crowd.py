"""Many readers of the workbench at once while a build runs: how long they wait, and whether each answer is right.

    python benchmarks/crowd.py [READERS [SECONDS [PAPERS [FOLDER]]]]      50, 60, 400 papers and as many more

An answer is right if it is, byte by byte, the one on the graph before the build or that on the graph after it. The
status is 1 where one is wrong or an error. Times are those of the clock, on a machine where readers, server and build
share the processors.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import quote

from zhengling.benchmarks import country
from zhengling.graph.workspace.workspace import Workspace

_SERVE = "import sys; from zhengling.app.cli import main; sys.exit(main(sys.argv[1:]))"
_BUILD = "import sys; from zhengling.graph.workspace.workspace import Workspace; Workspace(sys.argv[1]).build([])"
_TOKEN = re.compile(rb'name="token" value="[0-9a-f]*"')
_RENEWED = 300.0  # seconds that the server gets to take up what was built


class Reader(threading.Thread):
    """Asks pages until an end, one after the other; keeps what each answer took, and its sum by address."""

    def __init__(self, host: str, addresses: list[str], until: float, seed: int) -> None:
        super().__init__(daemon=True)
        self._host, self._addresses, self._until, self._random = host, addresses, until, random.Random(seed)
        self.took: list[tuple[float, str]] = []
        self.sums: list[tuple[str, str]] = []
        self.errors: list[str] = []

    def run(self) -> None:
        line = http.client.HTTPConnection(self._host, timeout=120)
        while time.monotonic() < self._until:
            address = self._random.choice(self._addresses)
            begun = time.perf_counter()
            try:
                status, body = _asked(line, address)
            except (OSError, http.client.HTTPException) as error:
                self.errors.append(f"{address}: {error!r}")
                line.close()
                continue
            self.took.append((time.perf_counter() - begun, address))
            self.sums.append((address, sum_of(body)))
            if status != 200:
                self.errors.append(f"{address}: {status}")


def _asked(line: http.client.HTTPConnection, address: str) -> tuple[int, bytes]:
    line.request("GET", address, headers={"Accept-Language": "zh"})
    answer = line.getresponse()
    return answer.status, answer.read()


def sum_of(body: bytes) -> str:
    """The sum of an answer; the token of a page's forms is another one for each who asks."""
    return hashlib.sha256(_TOKEN.sub(b"", body)).hexdigest()


def addresses(line: http.client.HTTPConnection) -> list[str]:
    """What is read: lists, searches, and some papers, tasks and units, as data and as pages."""

    def ask(path: str) -> Any:
        return json.loads(_asked(line, path)[1])

    tasks = ask("/tasks.json?size=200")["tasks"][::20]
    units = ask("/units.json?size=25")["units"][:5]
    papers = ask("/papers.json?size=200")["papers"][::40]
    found = ["/home.json", "/tasks.json?text=" + quote("隐患"), "/tasks.json?sort=-due", "/units.json", "/papers.json"]
    found += ["/tasks?level=county", "/units?sort=-lead", "/directives.json", "/review.json?queue=links"]
    found += [f"/tasks/{task['id']}{form}" for task in tasks for form in ("", ".json")]
    found += [f"/units/{quote(unit['id'], safe='')}.json" for unit in units]
    return found + [f"/papers/{quote(paper['id'], safe='')}.json" for paper in papers]


def main(readers: int, seconds: float, papers: int, folder: Path) -> int:
    country.write(range(papers), folder / "records")
    Workspace(folder).build([])
    words = ["serve", "--port", "0", "--workspace", str(folder), "--lang", "en"]
    server = subprocess.Popen([sys.executable, "-c", _SERVE, *words], stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        host = server.stderr.readline().partition("http://")[2].partition("/")[0]
        line = http.client.HTTPConnection(host, timeout=600)
        asked = addresses(line)
        right: dict[str, set[str]] = defaultdict(set)
        for address in asked:
            right[address].add(sum_of(_asked(line, address)[1]))
        before = json.loads(_asked(line, "/home.json")[1])["counts"]["tasks"]

        country.write(range(papers, 2 * papers), folder / "records")
        until = time.monotonic() + seconds
        crowd = [Reader(host, asked, until, seed) for seed in range(readers)]
        for reader in crowd:
            reader.start()
        begun = time.perf_counter()
        build = subprocess.Popen([sys.executable, "-c", _BUILD, str(folder)])
        built = build.wait()
        print(
            f"the build took {time.perf_counter() - begun:.0f} s beside {readers} readers, status {built}", flush=True
        )
        for reader in crowd:
            reader.join()
        line.close()  # the server has let go of it meanwhile
        after = _renewed(line, before)
        for address in asked:
            right[address].add(sum_of(_asked(line, address)[1]))
    finally:
        server.terminate()
        server.wait()
    print(f"tasks before and after: {before}, {after}")
    return _told(crowd, right, built)


def _renewed(line: http.client.HTTPConnection, before: int) -> int:
    """The number of tasks when the server has taken up the new graph."""
    until = time.monotonic() + _RENEWED
    while True:
        with suppress(ValueError):
            now = json.loads(_asked(line, "/home.json")[1])["counts"]["tasks"]
            if now != before or time.monotonic() > until:
                return now
        time.sleep(0.5)


def _told(crowd: list[Reader], right: dict[str, set[str]], built: int) -> int:
    took = sorted(one for reader in crowd for one in reader.took)
    times = [1000 * seconds for seconds, _ in took]
    errors = [error for reader in crowd for error in reader.errors]
    wrong = sorted({address for reader in crowd for address, found in reader.sums if found not in right[address]})
    print(f"answers {len(took)}, errors {len(errors)}, addresses with a wrong answer {len(wrong)}")
    print(f"milliseconds: median {median(times):.0f}, 95 % {quantiles(times, n=20)[-1]:.0f}, slowest {times[-1]:.0f}")
    print("slowest:", *(f"{1000 * seconds:.0f} ms {address}" for seconds, address in took[-3:]), sep="\n  ")
    for one in [*errors[:10], *wrong[:10]]:
        print(" ", one)
    return int(bool(errors or wrong or built))


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:4]]
    people, length, size = [*given, *(50, 60, 400)[len(given) :]]
    where = Path(sys.argv[4]) if len(sys.argv) > 4 else Path(tempfile.mkdtemp(prefix="bench-")) / "w"
    sys.exit(main(people, length, size, where))
