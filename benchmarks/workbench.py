"""How long pages of the workbench take on a graph of the invented country (`country.py`), and what the server needs.

    python benchmarks/workbench.py 11000 [FOLDER]      papers; a folder that has been built before is taken as it is

The server runs in a process of its own; pages are asked one after another over a socket, each so many times. Times are
milliseconds of the clock as a reader sees them: on a machine that does other work they say so; beside them what a page
takes of a processor (on Linux), which does not depend on that.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import quote

from zhengling.benchmarks import country
from zhengling.graph.workspace.workspace import Workspace

_TIMES = 20
_SERVE = "import sys; from zhengling.app.cli import main; sys.exit(main(sys.argv[1:]))"


def addresses(ask: Callable[[str], dict[str, Any]]) -> dict[str, str]:
    """What is asked: an address of each kind of page, and searches."""
    task = ask("/tasks.json?page=500")["tasks"][0]
    unit = ask("/units.json")["units"][0]
    paper = quote(task["document"], safe="")
    superiors = ask("/directives.json?size=200")["directives"]
    directive = quote(next(one for one in superiors if one["loaded"])["id"], safe="")
    below = ask(f"/directives/{directive}.json")["rows"]
    lower = quote(next(one for one in below if one["loaded"] and one["depth"] == 1)["id"], safe="")
    return {
        "home": "/",
        "papers": "/papers?sort=-tasks",
        "paper": f"/papers/{paper}",
        "tasks": "/tasks",
        "tasks, deep": "/tasks?page=1900&sort=title",
        "tasks, filters": "/tasks?level=county&role=lead&sort=due",
        "tasks, region": "/tasks?region=" + quote(task["region"]),
        "task": "/tasks/" + task["id"],
        "units": "/units",
        "unit": "/units/" + quote(unit["id"], safe=""),
        "directives": "/directives",
        "directive": f"/directives/{directive}",
        "review": "/review?queue=remarks",
        "links": "/review?queue=links",
        "report": "/report?today=2023-06-01&region=" + quote(task["region"]),
        "graph": "/graph?task=" + task["id"],
        "coverage": f"/coverage?document={directive}",
        "comparison": f"/comparison?lower={lower}&superior={directive}",
        "question": "/questions/unit-workload?asked=1",
        "search": "/tasks?text=" + quote("隐患"),
        "search, two words": "/tasks?text=" + quote("隐患 培训"),
        "search, nothing": "/tasks?text=" + quote("此处没有"),
    }


def main(papers: int, folder: Path) -> None:
    if not (folder / "records").is_dir():
        country.write(range(papers), folder / "records")
        Workspace(folder).build([])
    words = ["serve", "--port", "0", "--workspace", str(folder), "--lang", "en"]
    for name in ("lists made", "lists there"):
        begun = time.perf_counter()
        server = subprocess.Popen([sys.executable, "-c", _SERVE, *words], stderr=subprocess.PIPE, text=True)
        assert server.stderr is not None
        host = server.stderr.readline().partition("http://")[2].partition("/")[0]
        ready = time.perf_counter() - begun
        line = http.client.HTTPConnection(host, timeout=600)
        line.request("GET", "/")
        line.getresponse().read()
        print(f"{name}: answers after {ready:.2f} s, first page after {time.perf_counter() - begun:.2f} s", flush=True)
        if name == "lists there":
            break
        server.terminate()
        server.wait()

    try:
        _pages(line, server.pid)
        _memory(server.pid)
    finally:
        server.terminate()
        server.wait()


def _pages(line: http.client.HTTPConnection, process: int) -> None:
    def ask(path: str) -> dict[str, Any]:
        line.request("GET", path)
        return json.loads(line.getresponse().read())

    print("page                 median ms  95 % ms  slowest ms  of a processor")
    every: list[float] = []
    for name, path in addresses(ask).items():
        took = []
        busy = _busy(process)
        for _ in range(_TIMES):
            begun = time.perf_counter()
            line.request("GET", path, headers={"Accept-Language": "zh"})
            answer = line.getresponse()
            answer.read()
            assert answer.status == 200, (path, answer.status)
            took.append((time.perf_counter() - begun) * 1000)
        every += took
        busy = (_busy(process) - busy) / _TIMES
        row = f"{name:20} {median(took):9.0f} {quantiles(took, n=20)[-1]:8.0f} {max(took):11.0f} {busy:15.0f}"
        print(row, flush=True)
    print(f"all: median {median(every):.0f} ms, 95 % {quantiles(every, n=20)[-1]:.0f} ms")


def _busy(process: int) -> float:
    """Milliseconds of a processor that a process has had."""
    status = Path(f"/proc/{process}/stat")
    if not status.is_file():
        return 0.0
    user, system = map(int, status.read_text().rpartition(")")[2].split()[11:13])
    return 1000 * (user + system) / os.sysconf("SC_CLK_TCK")


def _memory(process: int) -> None:
    status = Path(f"/proc/{process}/status")
    if status.is_file():
        rows = dict(row.split(":", 1) for row in status.read_text().splitlines())
        now, peak = (int(rows[name].split()[0]) / 1000 for name in ("VmRSS", "VmHWM"))
        print(f"memory of the server: {now:.0f} MB, peak {peak:.0f} MB")


if __name__ == "__main__":
    where = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp(prefix="bench-")) / "w"
    main(int(sys.argv[1]), where)
