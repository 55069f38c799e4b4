"""The life of a workspace: what is read, what is kept, what goes, and what a kill leaves."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from zhengling.extractors.errors import ZhenglingError
from zhengling.graph.schema import NODES, RELATIONSHIPS
from zhengling.graph.workspace.workspace import Workspace


@pytest.fixture
def papers(tmp_path, samples, monkeypatch) -> Path:
    """A folder `papers` with the samples; the current directory is the one above it."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "papers"
    folder.mkdir()
    for path in samples.glob("*.txt"):
        shutil.copy(path, folder)
    return folder


def kept(workspace: Path | str) -> dict[str, bytes]:
    """All files but those of the cache."""
    folder = Path(workspace)
    files = (p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files if "cache" not in p.parts}


def graph(workspace: Path | str) -> dict[str, list]:
    """Every row of every table."""
    with Workspace(workspace).store() as store:
        tables = {}
        for label, properties in NODES.items():
            columns = ", ".join(f"n.`{p}`" for p in properties)
            tables[label] = store.rows(f"MATCH (n:`{label}`) RETURN {columns} ORDER BY n.id")[1]
        for name, relationship in RELATIONSHIPS.items():
            for a, b in relationship.pairs:
                columns = ", ".join(["a.id", "b.id", *(f"r.`{p}`" for p in relationship.properties)])
                rows = store.rows(f"MATCH (a:`{a}`)-[r:`{name}`]->(b:`{b}`) RETURN {columns}")[1]
                tables[name, a, b] = sorted(rows, key=str)
        return tables


def sources(workspace: Path | str) -> list[str]:
    return [record.source["path"] for record in Workspace(workspace).records()]


def test_the_second_build_reads_only_what_changed(papers):
    first = Workspace("w").build(["papers"])
    assert len(first.read) == first.documents == len(first.papers) == len(list(papers.iterdir()))
    assert first.failures == []
    before = kept("w")
    assert Workspace("w").build(["papers"]).read == []
    path = papers / "luyin-2023.txt"
    path.write_text(path.read_text("utf-8").replace("芦隐镇", "芦阳镇"), "utf-8")
    os.utime(path, (0, 0))
    assert Workspace("w").build(["papers"]).read == ["papers/luyin-2023.txt"]
    changed = {name for name, data in kept("w").items() if before[name] != data}
    assert [name.split("-")[0] for name in changed] == ["records/luyin"]
    assert len(Workspace("w").build(["papers"], again=True).read) == len(first.read)


def test_a_workspace_holds_no_path_time_or_left_over(papers):
    Workspace("w").build([papers])
    files = kept("w")
    assert all(name.startswith("records/") and name.endswith(".json") for name in files)
    for data in files.values():
        assert str(papers.parent).encode() not in data
    assert sorted(sources("w")) == sources("w") == sorted(f"papers/{p.name}" for p in papers.iterdir())
    Workspace("v").build(["papers"])
    assert kept("v") == files
    assert graph("v") == graph("w")


def test_the_order_of_builds_does_not_matter(papers):
    names = sorted(p.name for p in papers.iterdir())
    Workspace("all").build(["papers"])
    whole = kept("all"), graph("all")
    for seed in range(2):
        random.Random(seed).shuffle(names)
        for part in (names[:3], names[3:5], names[5:]):
            Workspace(f"w{seed}").build([f"papers/{name}" for name in part])
        assert (kept(f"w{seed}"), graph(f"w{seed}")) == whole


@pytest.mark.parametrize("name", ["yueyuan-2023.txt", "lutan-2023.txt", "fengpu-2023.txt"])
def test_a_removed_document_takes_only_what_it_said(papers, name):
    Workspace("without").build(f"papers/{p.name}" for p in papers.iterdir() if p.name != name)
    Workspace("w").build(["papers"])
    assert Workspace("w").remove(f"papers/{name}") == [f"papers/{name}"]
    assert graph("w") == graph("without")
    assert Workspace("w").build(["papers"]).removed == [f"papers/{name}"]
    assert graph("w") == graph("without")
    other = papers / "copy.txt"
    shutil.copy(papers / name, other)
    assert "papers/copy.txt" in Workspace("w").build(["papers"]).removed
    other.unlink()
    Workspace("w").build(["papers"], again=True)
    Workspace("all").build(["papers"])
    assert graph("w") == graph("all")
    assert kept("w") == kept("all")


@pytest.mark.parametrize(
    "name",
    ["鹭政办发〔2023〕22号", "鹭政办发[2023]22号", "lutan-2023.txt", "papers/lutan-2023.txt", "title"],
)
def test_a_document_is_removed_by_any_name(papers, name):
    Workspace("w").build(["papers"])
    if name == "title":
        name = "《鹭滩县人民政府办公室关于印发《鹭滩县2023年便民养老服务实施方案》的通知》"
    assert Workspace("w").remove(name) == ["papers/lutan-2023.txt"]
    with pytest.raises(ZhenglingError) as error:
        Workspace("w").remove(name)
    assert (error.value.code, error.value.status) == ("no-such-document", 2)


@pytest.mark.parametrize("name", ["", " ", "\u3000\n", "《》"])
def test_an_empty_name_removes_nothing(papers, name):
    text = (papers / "lutan-2023.txt").read_text("utf-8")
    (papers / "numberless.txt").write_text(text.replace("鹭政办发〔2023〕22号", ""), "utf-8")
    Workspace("w").build(["papers"])
    assert None in [record.document.number for record in Workspace("w").records()]
    before = kept("w")
    with pytest.raises(ZhenglingError) as error:
        Workspace("w").remove(name)
    assert (error.value.code, error.value.status) == ("no-such-document", 2)
    assert kept("w") == before


def test_files_that_vanish_from_a_given_path_leave(papers):
    (papers / "inner").mkdir()
    shutil.move(papers / "luyin-2023.txt", papers / "inner")
    Workspace("w").build(["papers"])
    (papers / "inner" / "luyin-2023.txt").unlink()
    (papers / "lutan-2023.txt").unlink()
    assert Workspace("w").build(["papers/fengpu-2023.txt"]).gone == []
    assert Workspace("w").build(["papers/inner"], gone=True).gone == ["papers/inner/luyin-2023.txt"]
    shutil.rmtree("w/cache")
    assert Workspace("w").build(["papers"]).gone == ["papers/lutan-2023.txt"]
    Workspace("v").build(["papers"])
    assert (kept("w"), graph("w")) == (kept("v"), graph("v"))


def test_two_files_of_one_document(papers):
    shutil.copy(papers / "lutan-2023.txt", papers / "a-copy.txt")
    text = (papers / "fengpu-2023.txt").read_text("utf-8")
    (papers / "z-gb.txt").write_bytes(text.encode("gb18030"))
    report = Workspace("w").build(["papers"])
    twins = {paper.source: paper.duplicate for paper in report.papers if paper.duplicate}
    assert twins == {"papers/lutan-2023.txt": "papers/a-copy.txt", "papers/z-gb.txt": "papers/fengpu-2023.txt"}
    paper = next(p for p in report.papers if p.source == "papers/z-gb.txt")
    assert [remark.code for remark in paper.remarks] == ["duplicate"]
    assert Workspace("w").remove("鹭政办发〔2023〕22号") == ["papers/a-copy.txt", "papers/lutan-2023.txt"]


def test_bad_papers_stop_no_other(papers):
    (papers / "empty.txt").write_bytes(b"")
    (papers / "binary.txt").write_bytes(bytes(range(256)) * 10)
    report = Workspace("w").build(["papers", "nowhere"])
    assert sorted(failure.path for failure in report.failures) == ["nowhere", "papers/binary.txt", "papers/empty.txt"]
    named = {failure.error.values["path"] for failure in report.failures if failure.path != "nowhere"}
    assert named == {"papers/binary.txt", "papers/empty.txt"}  # not where they lie
    assert report.documents == len(list(papers.iterdir())) - 2
    (papers / "fengpu-2023.txt").write_bytes(b"")  # what was a paper is none now
    assert Workspace("w").build(["papers"]).documents == report.documents - 1


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file here that opens and can not be read")
def test_a_file_that_can_not_be_read_any_more_is_a_failure(papers):
    before = Workspace("w").build(["papers"]).documents
    (papers / "lutan-2023.txt").unlink()
    (papers / "lutan-2023.txt").symlink_to("/proc/self/mem")
    for _ in range(2):
        report = Workspace("w").build(["papers/lutan-2023.txt"])
        (failure,) = report.failures
        assert isinstance(failure.error, OSError)
        assert (failure.kept, report.documents) == (True, before)


def test_papers_of_one_name_in_two_folders(papers, tmp_path):
    for folder, name in (("a", "lutan-2023"), ("b", "fengpu-2023")):
        (tmp_path / folder / "in").mkdir(parents=True)
        shutil.copy(papers / f"{name}.txt", tmp_path / folder / "in" / "paper.txt")
    Workspace("w").build([tmp_path / "b" / "in", tmp_path / "a" / "in"])
    assert sources("w") == ["b/in/paper.txt", "in/paper.txt"]
    assert Workspace("w").build([tmp_path / "b" / "in", tmp_path / "a" / "in"]).read == []


def test_two_folders_built_from_within_keep_both(papers, tmp_path, monkeypatch):
    for folder, name in (("a", "lutan-2023"), ("b", "fengpu-2023")):
        (tmp_path / folder).mkdir()
        shutil.copy(papers / f"{name}.txt", tmp_path / folder / "paper.txt")
    workspace = Workspace(tmp_path / "w")
    for folder in ("a", "b"):
        monkeypatch.chdir(tmp_path / folder)
        assert len(workspace.build(["."]).read) == 1
    assert sources(tmp_path / "w") == ["paper-2.txt", "paper.txt"]
    assert len({record.document.number for record in workspace.records()}) == 2
    for folder in ("a", "b"):
        monkeypatch.chdir(tmp_path / folder)
        report = workspace.build(["."])
        assert (report.read, report.gone, report.documents) == ([], [], 2)
    Path("paper.txt").unlink()
    assert workspace.build(["."], gone=True).gone == ["paper-2.txt"]
    assert sources(tmp_path / "w") == ["paper.txt"]


def test_own_words_make_everything_be_read_again(papers):
    Workspace("w").build(["papers"])
    Path("w/lexicon").mkdir()
    Path("w/lexicon/own.csv").write_text("name,function,forms\n便民服务局,便民,便服局\n", "utf-8")
    assert len(Workspace("w").build(["papers/lutan-2023.txt"]).read) == len(list(papers.iterdir()))


def test_the_cache_can_be_deleted(papers):
    Workspace("w").build(["papers"])
    before = kept("w"), graph("w")
    shutil.rmtree("w/cache")
    assert (kept("w"), graph("w")) == before
    shutil.rmtree("w/cache")
    assert Workspace("w").build(["papers"]).read == []
    assert (kept("w"), graph("w")) == before


@pytest.mark.parametrize("damage", [b"garbage\n", b"", b"x" * 100_000], ids=["short", "empty", "long"])
def test_a_damaged_store_is_made_again(papers, damage):
    Workspace("w").build(["papers"])
    before = graph("w")
    store = Path("w/cache/graph.lbug")
    store.write_bytes(damage)
    assert graph("w") == before
    store.write_bytes(damage)
    report = Workspace("w").build(["papers"])
    assert (report.read, report.failures) == ([], [])
    assert graph("w") == before


def test_one_build_at_a_time(papers):
    Workspace("w").build(["papers"])
    with FileLock("w/cache/lock"), pytest.raises(ZhenglingError) as error:
        Workspace("w").build(["papers"])
    assert error.value.code == "workspace-locked"


def test_nothing_built(tmp_path):
    with pytest.raises(ZhenglingError) as error:
        Workspace(tmp_path / "none").store()
    assert error.value.code == "no-such-workspace"


def test_a_broken_record_is_read_anew_or_named(papers):
    Workspace("w").build(["papers"])
    before = kept("w")
    broken = next(Path("w/records").glob("lutan*"))
    broken.write_text("{", "utf-8")
    assert Workspace("w").build(["papers/fengpu-2023.txt"]).read == ["papers/lutan-2023.txt"]
    broken.write_text("{", "utf-8")
    shutil.rmtree("w/cache")  # now nothing says which paper it was
    report = Workspace("w").build(["papers/fengpu-2023.txt"])
    assert [Path(failure.path).name for failure in report.failures] == [broken.name]
    assert Workspace("w").build(["papers"]).read == ["papers/lutan-2023.txt"]
    assert kept("w") == before


BUILD = "import sys; from zhengling.graph.workspace.workspace import Workspace; Workspace('w').build(['papers'])"


@pytest.mark.parametrize(
    "stage",
    [
        "cache/lock",
        "records/*",
        "cache/pieces.duckdb",
        "cache/derive-*/Unit*",
        "cache/graph.lbug.new",
        "cache/graph.lbug",
    ],
)
def test_a_killed_build_leaves_nothing_that_the_next_one_minds(papers, stage):
    """Killed where it has come so far, and once more over what it left, at any moment."""
    Workspace("clean").build(["papers"])
    clean = kept("clean"), graph("clean")

    def killed(moment: Callable[[subprocess.Popen], None]) -> bool:
        build = subprocess.Popen([sys.executable, "-c", BUILD])
        moment(build)
        build.send_signal(signal.SIGKILL)
        status = build.wait()
        for path in Path("w/records").glob("*"):
            json.loads(path.read_text("utf-8"))  # whole or not there
        return status == -signal.SIGKILL

    def come_so_far(build: subprocess.Popen) -> None:
        while not any(Path("w").glob(stage)) and build.poll() is None:
            time.sleep(0.002)

    assert killed(come_so_far)
    moments = random.Random(stage)
    for _ in range(2):
        killed(lambda _: time.sleep(moments.uniform(0.3, 2)))
    Workspace("w").build(["papers"])
    assert (kept("w"), graph("w")) == clean
    kept_there = {
        "graph.lbug",
        "graph.lbug.sum",
        "lock",
        "pieces.duckdb",
        "sources.json",
        "state.json",
        "heard.txt",
        "words.sqlite",
    }
    assert {p.name for p in Path("w/cache").iterdir()} == kept_there


def test_a_graph_that_an_older_program_made_is_made_anew(papers):
    Workspace("w").build(["papers"])
    right, store = graph("w"), Path("w/cache/graph.lbug")
    state = Path("w/cache/state.json")
    state.write_text(state.read_text("utf-8").replace('"stamp":"', '"stamp":"0'), "utf-8")
    Path("w/cache/heard.txt").write_text("0", "utf-8")
    before = store.stat().st_ino
    assert graph("w") == right
    assert store.stat().st_ino != before
    kept_now = store.stat().st_ino
    assert graph("w") == right
    assert store.stat().st_ino == kept_now


def test_a_record_under_another_name_is_told_of(tmp_path: Path, samples: Path):
    paper = sorted(samples.glob("*.txt"))[0]
    workspace = Workspace(tmp_path / "w")
    workspace.build([paper])
    (file,) = (tmp_path / "w/records").glob("*.json")
    shutil.copy(file, file.with_name("other.json"))
    report = Workspace(tmp_path / "w").build([paper])
    (failure,) = report.failures
    assert isinstance(failure.error, ZhenglingError)
    assert (failure.error.code, failure.error.values["name"]) == ("record-misnamed", file.name)
    assert len(report.papers) == 1
