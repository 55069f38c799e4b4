from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from . import server as servers
from .covered import pytest_terminal_summary  # noqa: F401  a hook

ROOT = Path(__file__).parent.parent


def pytest_report_header() -> str:
    return servers.plan()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks a server is run by one of the processes that share the tests, as starting one takes long; and first, so
    that the others have something to do until its end."""
    served = [item for item in items if {"neo4j_server", "there"} & set(getattr(item, "fixturenames", ()))]
    for item in served:
        item.add_marker(pytest.mark.xdist_group("servers"))
    first = set(served)
    items.sort(key=lambda item: item not in first)


class Run(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture(scope="session")
def samples() -> Path:
    return ROOT / "samples"


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    """Tables as wide as they are without a terminal: processes that share the tests are told the width of theirs."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def run(capfdbinary, monkeypatch):
    """Run the command line in this process: `run("query", "due", lang="zh")` gives status, output and messages."""
    from zhengling.app.cli import main

    def run(*words: object, lang: str | None = "en") -> Run:
        for name in ("LC_ALL", "LC_MESSAGES"):
            monkeypatch.delenv(name, raising=False)
        capfdbinary.readouterr()
        status = main([*(["--lang", lang] if lang else []), *map(str, words)])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        assert b"Traceback" not in err
        return Run(status, out.decode("utf-8"), err.decode("utf-8"))

    return run


@pytest.fixture(scope="session")
def built(tmp_path_factory, samples) -> Path:
    """A workspace with the samples in it, for questions only."""
    import zhengling

    workspace = tmp_path_factory.mktemp("built") / "workspace"
    here = Path.cwd()
    os.chdir(samples.parent)
    try:
        zhengling.open(workspace).build(["samples"])
    finally:
        os.chdir(here)
    return workspace


@pytest.fixture
def tab(tmp_path):
    """A page of a browser at a workbench without papers."""
    from .browser import chromium
    from .workbench import Tab, serving

    with chromium() as browser, serving(tmp_path / "w") as bench:
        tab = Tab(browser, bench)
        tab.page.set_default_timeout(90_000)
        yield tab
        tab.context.close()


@pytest.fixture(scope="session")
def neo4j_server() -> Iterator[servers.Server]:
    with servers.any_server() as server:
        yield server


@pytest.fixture
def server(neo4j_server, monkeypatch) -> servers.Server:
    """A Neo4j with an empty database; the environment names it."""
    neo4j_server.clear()
    for name, value in neo4j_server.environment.items():
        monkeypatch.setenv(name, value)
    return neo4j_server
