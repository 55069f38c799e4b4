"""A server that is killed while somebody uploads or corrects: nothing is lost, nothing is half."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import zhengling

from .test_web_access import PAPER, followed, post, send, token_of
from .workbench import Workbench

_SERVE = "import sys; from zhengling.app.cli import main; sys.exit(main(sys.argv[1:]))"


def started(workspace: Path) -> tuple[subprocess.Popen, Workbench]:
    words = ["serve", "--port", "0", "--workspace", str(workspace), "--lang", "en"]
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVE, *words], stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    line = server.stderr.readline()
    return server, Workbench(line.partition("http")[1] + line.partition("http")[2].partition("/ ")[0])


def test_a_server_killed_in_the_middle_of_an_upload_leaves_nothing_half(tmp_path):
    """Killed while a file comes, then while papers are read: what was sent whole is there, the rest is not, and the
    next server goes on."""
    workspace = tmp_path / "w"
    server, bench = started(workspace)
    token = token_of(bench, "/upload")
    assert send(bench, token, "whole.txt", PAPER.encode()).status == 200
    line = http.client.HTTPConnection(bench.host)
    line.putrequest("POST", "/upload/file")
    cookie = "; ".join(f"{k}={v}" for k, v in bench.cookies.items())
    for name, value in {
        "x-zhengling-token": token,
        "x-name": "half.txt",
        "cookie": cookie,
        "content-length": "100000",
    }.items():
        line.putheader(name, value)
    line.putheader("origin", bench.address)
    line.endheaders(b"x" * 5000)
    part = workspace / "cache" / "upload"
    until = time.monotonic() + 60
    while not list(part.iterdir()) and time.monotonic() < until:
        time.sleep(0.02)
    assert list(part.iterdir())
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    line.close()
    assert [p.name for p in (workspace / "uploads").iterdir()] == ["whole.txt"]
    server, bench = started(workspace)
    try:
        assert not list(part.iterdir())
        began = post(bench, "/upload/read", token=token_of(bench, "/upload"))
        told = followed(bench, began.headers["location"].partition("job=")[2])
        assert [e["read"] for e in told if "read" in e] == ["whole.txt"]
    finally:
        server.terminate()
        server.wait()


def editing(server: subprocess.Popen) -> bool:
    """Whether what takes in a correction runs beneath a server."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, IndexError):
            child = status.read_text().rpartition(")")[2].split()[1] == str(server.pid)
            if child and b"app.web.editing" in status.with_name("cmdline").read_bytes():
                return True
    return False


def test_a_server_killed_in_the_middle_of_a_correction_loses_nothing(built, tmp_path):
    """Killed with all that it started: before the line is kept, right after, while the graph is made of it; and alone,
    so that what it started goes on. The next server, the command line and the next build all know the same."""
    workspace = tmp_path / "w"
    shutil.copytree(built, workspace)
    lines = workspace / "corrections"

    def kept() -> list[dict]:
        return [json.loads(line) for file in lines.glob("*.jsonl") for line in file.read_text("utf-8").splitlines()]

    def deriving() -> bool:
        return bool(kept()) and any((workspace / "cache").glob("*.new"))

    count = 0
    moments = {
        "begun": lambda server: editing(server),
        "kept": lambda _: len(kept()) > count,
        "deriving": lambda _: len(kept()) > count and deriving(),
        "alone": lambda server: editing(server),
    }
    said: dict[str, str] = {}
    server, bench = started(workspace)
    try:
        tasks = [task for task in bench.get("/tasks.json?role=lead&size=200").data["tasks"] if len(task["lead"]) == 1]
        for (moment, reached), task in zip(moments.items(), tasks, strict=False):
            count, name = len(kept()), f"县{moment}局"
            fact = {"document": task["document"], "task": task["name"], "unit": task["lead"][0]["name"], "role": "lead"}
            told = fact | {"name-to": name, "name-was": fact["unit"], "by": "anna", "token": token_of(bench, "/upload")}
            sent = threading.Thread(
                target=lambda b=bench, t=told: _quietly(lambda: post(b, "/correct", verb="change", **t))
            )
            sent.start()
            until = time.monotonic() + 60
            while not reached(server) and sent.is_alive() and time.monotonic() < until:
                time.sleep(0.005)
            (os.kill if moment == "alone" else os.killpg)(server.pid, signal.SIGKILL)
            server.wait()
            sent.join()
            if moment == "alone":
                until = time.monotonic() + 60
                while len(kept()) == count and time.monotonic() < until:
                    time.sleep(0.05)
            if moment != "begun":
                assert len(kept()) == count + 1, moment
            said[task["id"]] = name if len(kept()) > count else fact["unit"]
            # The graph has what was kept, without a build; where what was started goes on, as soon as that ends.
            until = time.monotonic() + (60 if moment == "alone" else 0)
            while leading(workspace, task["id"]) != [said[task["id"]]] and time.monotonic() < until:
                time.sleep(0.2)
            assert leading(workspace, task["id"]) == [said[task["id"]]], moment
            server, bench = started(workspace)
            assert [one["name"] for one in bench.get(f"/tasks/{task['id']}.json").data["lead"]] == [said[task["id"]]]
            queue = bench.get("/review.json?queue=said").data["corrections"]
            assert [one["status"] for one in queue] == ["applied"] * len(kept())
        assert len(said) == len(moments) and len(set(said.values())) == len(moments)
    finally:
        server.terminate()
        server.wait()
    zhengling.open(workspace).build([], again=True)
    for task, name in said.items():
        assert leading(workspace, task) == [name]


def leading(workspace: Path, task: str) -> list[str]:
    """The units that lead a task, as the graph has them."""
    asked = "MATCH (:Task {id: $task})<-[:LEADS]-(u:Unit) RETURN u.name AS name"
    return [row["name"] for row in zhengling.open(workspace).cypher(asked, task=task)]


def _quietly(send) -> None:
    with suppress(OSError, http.client.HTTPException):
        send()
