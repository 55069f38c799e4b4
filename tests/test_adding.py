"""Papers that come to many others: the store with them is that of all, whatever they say and whoever stands beside."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from zhengling.benchmarks import country
from zhengling.graph.schema import NODES, RELATIONSHIPS
from zhengling.graph.stores import layers
from zhengling.graph.stores.embedded import EmbeddedStore
from zhengling.graph.workspace.workspace import Workspace

PAPERS = 120


def made(folder: Path, numbers: Iterable[int]) -> Path:
    country.write(numbers, folder / "records")
    Workspace(folder).build([], jobs=1)
    return folder


def rows(store: EmbeddedStore) -> dict[tuple[str, ...], list[Any]]:
    found: dict[tuple[str, ...], list[Any]] = {(label,): list(store.nodes(label)) for label in NODES}
    for name, relationship in RELATIONSHIPS.items():
        for pair in relationship.pairs:
            found[name, *pair] = list(store.relationships(name, *pair))
    return found


def graph(folder: Path) -> tuple[dict[tuple[str, ...], list[Any]], list[Any]]:
    with Workspace(folder).store() as store:
        return rows(store), json.loads((folder / "cache/state.json").read_text("utf-8"))["papers"]


def is_layer(folder: Path) -> bool:
    return layers.below(folder / "cache/graph.lbug") is not None


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> tuple[dict[tuple[str, ...], list[Any]], list[Any]]:
    """The graph of all papers, made at once."""
    return graph(made(tmp_path_factory.mktemp("whole"), range(PAPERS)))


@pytest.mark.parametrize("last", [[119], [0], [118, 40, 77]])
def test_papers_that_come_later_give_the_graph_of_all(tmp_path, whole, last):
    made(tmp_path, (n for n in range(PAPERS) if n not in last))
    snapshot = (tmp_path / "cache/graph.lbug").read_bytes()
    for n in last:
        made(tmp_path, [n])
    assert graph(tmp_path) == whole
    assert not is_layer(tmp_path) or layers.base_of(tmp_path / "cache/graph.lbug").read_bytes() == snapshot


def test_one_more_is_a_layer_and_a_changed_or_removed_one_is_none(tmp_path, whole):
    made(tmp_path, range(PAPERS - 1))
    before = graph(tmp_path)
    made(tmp_path, [PAPERS - 1])
    assert is_layer(tmp_path)
    assert graph(tmp_path) == whole
    source = country.record(PAPERS - 1)["source"]["path"]
    Workspace(tmp_path).remove(source)
    assert not is_layer(tmp_path)
    assert not list((tmp_path / "cache").glob("*.below"))
    assert graph(tmp_path)[0] == before[0]


@pytest.mark.parametrize(("copy", "of"), [(165, 109), (206, 166)])
def test_a_file_of_a_paper_that_is_there_gives_the_graph_of_all(tmp_path, copy, of):
    """The copy stands behind the paper that it is one of, or before it."""
    assert country.record(copy)["document"] == country.record(of)["document"]
    known = sorted({*range(PAPERS), of})
    once = graph(made(tmp_path / "once", [*known, copy]))
    made(tmp_path / "later", known)
    made(tmp_path / "later", [copy])
    assert graph(tmp_path / "later") == once


@pytest.mark.parametrize("gone", ["graph.lbug.*.below", "graph.lbug", "shared.sqlite", "pieces.duckdb"])
def test_what_a_layer_stands_on_may_be_lost_or_damaged(tmp_path, whole, gone):
    made(tmp_path, range(PAPERS - 2))
    made(tmp_path, [PAPERS - 2])
    (file,) = (tmp_path / "cache").glob(gone)
    file.write_bytes(file.read_bytes()[:-100])
    made(tmp_path, [PAPERS - 1])
    assert graph(tmp_path) == whole
    (tmp_path / "cache/shared.sqlite").unlink()
    assert graph(tmp_path) == whole


def test_a_reader_keeps_its_graph_and_the_next_one_has_the_new(tmp_path, whole):
    made(tmp_path, range(PAPERS - 1))
    count = "MATCH (t:Task) RETURN count(*)"
    with Workspace(tmp_path).store() as old:
        before = old.rows(count)
        made(tmp_path, [PAPERS - 1])
        assert old.rows(count) == before
        with Workspace(tmp_path).store() as new:
            assert new.rows(count)[1][0][0] == len(whole[0]["Task",])
            shutil.copytree(tmp_path, tmp_path.parent / "copy")
    assert graph(tmp_path.parent / "copy") == whole


MORE = """
import sys
from pathlib import Path
from zhengling.benchmarks import country
from zhengling.graph.workspace.workspace import Workspace
country.write([int(sys.argv[2])], Path(sys.argv[1]) / "records")
Workspace(sys.argv[1]).build([], jobs=1)
"""


def test_a_killed_build_leaves_the_graph_before_or_after(tmp_path, whole):
    base = made(tmp_path / "base", range(PAPERS - 1))
    few = graph(base)[0]
    moments, ends = random.Random(0), set()
    begun = time.monotonic()
    shutil.copytree(base, tmp_path / "w")
    subprocess.run([sys.executable, "-c", MORE, str(tmp_path / "w"), str(PAPERS - 1)], check=True)
    lasted = time.monotonic() - begun
    for _ in range(4):
        shutil.rmtree(tmp_path / "w")
        shutil.copytree(base, tmp_path / "w")
        build = subprocess.Popen([sys.executable, "-c", MORE, str(tmp_path / "w"), str(PAPERS - 1)])
        time.sleep(lasted * moments.uniform(0.3, 1))
        build.send_signal(signal.SIGKILL)
        build.wait()
        with Workspace(tmp_path / "w").store() as store:
            ends.add("few" if rows(store) == few else "all")
            assert rows(store) in (few, whole[0])
        Workspace(tmp_path / "w").build([], jobs=1)
        assert graph(tmp_path / "w")[0] in (few, whole[0])
    assert ends
