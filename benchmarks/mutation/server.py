"""A fork server: everything that is not ours is loaded once; what is ours is imported anew in each child."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

#: What tests and program need; a child that finds it loaded starts in a fraction of a second.
_LOADED = (
    "pytest",
    "hypothesis",
    "coverage",
    "spacy",
    "lxml.html",
    "openpyxl",
    "docx",
    "msgspec",
    "ladybug",
    "networkx",
)
TOO_LONG = 124
#: Seconds by the clock for one of computing.
_PATIENCE = 20


def prepare(tree: Path) -> None:
    """Ready to fork: in the tree, which goes before the installed package, and without code kept from before."""
    os.chdir(tree)
    sys.path[:0] = [str(tree / "build/layout"), str(tree)]
    os.environ["PYTHONPATH"] = str(tree / "build/layout")
    for name in _LOADED:
        import_module(name)
    import_module("spacy.lang.zh")
    assert not any(name.partition(".")[0] in ("zhengling", "tests") for name in sys.modules)


def forked(work: Callable[[], int], log: Path, seconds: float) -> int:
    """The status of some work in a child, which may take so many seconds; what it prints goes into the log."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            os.setsid()
            with log.open("wb") as out:
                os.dup2(out.fileno(), 1)
                os.dup2(out.fileno(), 2)
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 5))
            status = work()
        finally:
            os._exit(status)
    late = time.monotonic() + _PATIENCE * seconds  # other programs run, too
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > late:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return TOO_LONG
        time.sleep(0.01)
