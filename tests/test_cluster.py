"""A real cluster on this machine, of two workers: the same records, nodes and relationships as one machine gives, also
where a worker is killed in the middle."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import msgspec
import pytest

if find_spec("ray") is None:  # it is asked for by name, as it looks at its surroundings when it is imported
    pytest.skip("Ray is not installed", allow_module_level=True)

from pyarrow import parquet
from zhengling.extractors.model import Record
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.graph.deriving.derive import derive
from zhengling.graph.scale.storage import columns
from zhengling.graph.stores.bulk import header, keys, line

pytestmark = pytest.mark.xdist_group("cluster")
NOTICE = """某县人民政府关于印发重点工作分工的通知

各乡镇人民政府：
现将《重点工作分工》印发给你们，请认真落实。

附件：重点工作分工

某县人民政府
2024年3月1日
"""
ATTACHED = """重点工作分工

一、修好道路。（县交通运输局牵头，2024年6月底前完成）
二、办好学校。（县教育局牵头）
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    from zhengling.graph.scale.cluster import cluster

    with cluster(jobs=2, store=100_000_000):
        yield


@pytest.fixture(scope="module")
def papers(tmp_path_factory, samples) -> Path:
    """The samples, some of them in a ZIP; what is no paper; a notice with an attachment."""
    folder = tmp_path_factory.mktemp("cluster") / "papers"
    shutil.copytree(samples, folder)
    first, second, *_ = sorted(path for path in folder.rglob("*.txt"))
    with zipfile.ZipFile(folder / "two.zip", "w") as archive:
        for path in (first, second):
            archive.write(path, path.name)
            path.unlink()
    (folder / "inner").mkdir()
    (folder / "inner" / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (folder / "inner" / "empty.txt").write_bytes(b"")
    (folder / "inner" / "notice.txt").write_text(NOTICE, "utf-8")
    (folder / "inner" / "重点工作分工.txt").write_text(ATTACHED, "utf-8")
    return folder


@contextmanager
def killing(title: str) -> Iterator[list[int]]:
    """One worker whose process bears a title is killed, once."""
    killed: list[int] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.02) and not killed:
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    if title in path.read_text("utf-8", "replace"):
                        time.sleep(0.3)  # it is at work
                        os.kill(int(path.parent.name), signal.SIGKILL)
                        killed.append(int(path.parent.name))
                        return
                except OSError:
                    continue

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield killed
    finally:
        done.set()
        thread.join()


@pytest.fixture(scope="module")
def records(cluster, papers, tmp_path_factory) -> tuple[Path, list[str]]:
    """The records, and what was said of them, of a run in which a worker is killed."""
    from zhengling.app.cli import main

    out = tmp_path_factory.mktemp("records") / "records"
    with killing("ray::MapWorker(MapBatches(_Papers))") as killed, heard() as said:
        assert main(["--lang", "en", "scale", "extract", str(papers), str(out)]) == 1
    assert len(killed) == 1
    return out, said()


@contextmanager
def heard() -> Iterator[Callable[[], list[str]]]:
    text = StringIO()
    with redirect_stderr(text):
        yield lambda: text.getvalue().splitlines()


def test_records_and_messages_are_those_of_one_machine(records, papers, tmp_path, run, monkeypatch):
    there, said = records
    monkeypatch.chdir(papers.parent)
    done = run("extract", papers.name, "--out", tmp_path / "records")
    one = {json.loads(path.read_text("utf-8"))["source"]["path"]: path.read_text("utf-8")
           for path in (tmp_path / "records").iterdir()}  # fmt: skip
    rows = parquet.read_table(there / "records", columns=["source", "digest", "record"]).to_pylist()
    assert {row["source"]: row["record"] for row in rows} == one
    assert len(rows) == len(one)
    # What one machine says of the names of its files apart.
    told = [line for line in done.err.splitlines() if str(tmp_path / "records") not in line]
    assert sorted(said[:-1]) == sorted(told)
    assert said[-1].partition(" written to")[0] == done.err.splitlines()[-1].partition(" written to")[0]


@pytest.fixture(scope="module")
def graph(cluster, records, tmp_path_factory) -> Path:
    from zhengling.app.cli import main

    out = tmp_path_factory.mktemp("graph") / "graph"
    with killing("ray::MapBatches(join)") as killed:
        assert main(["--lang", "en", "scale", "derive", str(records[0]), str(out)]) == 0
    assert len(killed) == 1
    return out


def test_the_graph_is_that_of_one_machine(graph, records):
    texts = parquet.read_table(records[0] / "records", columns=["record"]).column("record").to_pylist()
    with derive([Record.from_json(msgspec.json.decode(text)) for text in texts], Lexicon.load()) as derived:
        for key in keys():
            rows = list(derived.nodes(*key) if len(key) == 1 else derived.relationships(*key))
            kind, name = "nodes" if len(key) == 1 else "relationships", "-".join(key)
            files = sorted((graph / kind / name).glob("*.parquet"))
            tables = [parquet.read_table(file, partitioning=None) for file in files]
            assert all(table.column_names == list(columns(key)) for table in tables)
            made = [list(row.values()) for table in tables for row in table.to_pylist()]
            assert sorted(made, key=repr) == sorted(rows, key=repr), key
            there = [text for file in (graph / "neo4j").glob(f"{name}-[pbr]*.csv") for text in _lines(file)]
            assert sorted(there) == sorted(map(line, rows))
            assert (graph / "neo4j" / f"{name}-header.csv").read_text("utf-8") == header(key) + "\n"


def _lines(file: Path) -> list[str]:
    """The rows of a file of the importer: a field may be broken into lines."""
    return [row + "true" for row in file.read_text("utf-8").split(",true\n")[:-1] for row in [row + ","]]
