"""What is damaged, ended in the midst or changed by hand is made again or named, and costs nothing else."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
import zhengling as zl
from zhengling.extractors.errors import ZhenglingError
from zhengling.extractors.validate import FaultError, check_record, schema
from zhengling.graph.workspace.workspace import Workspace

from .conftest import ROOT

PROGRAM = "import sys; from zhengling.app.cli import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture
def here(built, tmp_path, samples, monkeypatch) -> Path:
    """A workspace of the samples that may be spoilt."""
    monkeypatch.chdir(samples.parent)
    shutil.copytree(built, tmp_path / "w")
    return tmp_path / "w"


@pytest.fixture(scope="module")
def exported(built, tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("exported") / "all.nq"
    zl.open(built).export("nquads", file)
    return file


@pytest.fixture(scope="module")
def brought(exported, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("brought") / "w"
    zl.open(folder).import_(exported)
    return folder


@pytest.fixture
def alone(brought, tmp_path) -> Path:
    """A workspace whose records can not be read again: their files lie elsewhere."""
    shutil.copytree(brought, tmp_path / "alone")
    return tmp_path / "alone"


ASKED = ("query", "unit-workload", "--format", "json")


# --- the store ------------------------------------------------------------


def flips(data: bytes, seed: int) -> bytes:
    """Damage of many kinds: bytes here and there, a page, the head, an end that is missing."""
    chance = random.Random(seed)
    out = bytearray(data)
    kind = seed % 5
    if kind == 0:
        for _ in range(50):
            out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    elif kind == 1:
        out[chance.randrange(len(out))] ^= 1
    elif kind == 2:
        at = chance.randrange(len(out) // 4096) * 4096
        out[at : at + 4096] = chance.randbytes(4096)
    elif kind == 3:
        out[:64] = chance.randbytes(64)
    else:
        del out[chance.randrange(len(out)) :]
    return bytes(out)


@pytest.mark.parametrize("seed", range(5))
def test_a_damaged_store_is_made_again_and_that_is_said(here, run, seed):
    right = run(*ASKED, "--workspace", here)
    store = here / "cache/graph.lbug"
    store.write_bytes(flips(store.read_bytes(), seed))
    done = run(*ASKED, "--workspace", here)
    assert (done.status, done.out) == (0, right.out)
    (line,) = done.err.splitlines()
    assert "graph.lbug is damaged" in line
    again = run(*ASKED, "--workspace", here)
    assert (again.out, again.err) == (right.out, right.err)


@pytest.mark.parametrize("name", ["sources.json", "state.json", "graph.lbug.sum"])
@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b"null", b'{"stamp": 5}'])
def test_no_damage_of_the_cache_is_in_the_way(here, run, name, data):
    right = run(*ASKED, "--workspace", here)
    (here / "cache" / name).write_bytes(data)
    assert run(*ASKED, "--workspace", here).out == right.out
    (here / "cache" / name).write_bytes(data)
    assert run("build", "samples", "--workspace", here).status == 0
    assert run(*ASKED, "--workspace", here).out == right.out


@pytest.mark.parametrize(
    ("asked", "store"), [(("workload",), "rdf-rows"), (("chain", "--set", "task=760bec5bc140e90a"), "rdf")]
)
def test_a_damaged_store_of_statements_is_made_again(here, run, asked, store):
    words = ("sparql", *asked, "--format", "json", "--workspace", here)
    right = run(*words)
    files = [*(here / "cache" / store / "quads").glob("*.sst")]
    for path in files:
        path.write_bytes(flips(path.read_bytes(), 0))
    done = run(*words)
    assert files
    assert (done.status, done.out, "damaged" in done.err) == (0, right.out, True)


# --- records ------------------------------------------------------------

WRONG = {
    "citations[0].number": 5,
    "tasks[0].units[0].role": "boss",
    "tasks[0].units": {},
    "tasks[0].text": None,
    "tasks[0].deadlines[0].end": "2023-13-01",
    "tasks[0].part_of": "T99",
    "tasks[0].id": ["T01"],
    "document.year": "2023",
    "document.date": "yesterday",
    "document.title": "\ud800",
    "document.evidence": [],
    "document": None,
    "source.path": 1,
    "source.attachments": [{}],
    "warnings[0].code": 1,
    "tasks[0].evidence[0].start": 1 << 80,
}


def spoilt(data: dict, field: str, value: object) -> dict:
    data = json.loads(json.dumps(data))
    data["warnings"] = data["warnings"] or [{"code": "no-tasks"}]
    place = data
    *path, last = field.replace("]", "").replace("[", ".").split(".")
    for name in path:
        place = place[int(name) if name.isdecimal() else name]
    place[int(last) if last.isdecimal() else last] = value
    return data


def a_record(workspace: Path) -> Path:
    """One with all that is spoilt here."""
    for path in sorted((workspace / "records").glob("*.json")):
        data = json.loads(path.read_text("utf-8"))
        first = data["tasks"][0] if data["tasks"] else {}
        if data["citations"] and first.get("units") and first.get("deadlines"):
            return path
    raise AssertionError


@pytest.mark.parametrize("field", WRONG)
def test_a_record_that_was_spoilt_by_hand_is_named_with_its_field(alone, run, field):
    here, path = alone, a_record(alone)
    data = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(spoilt(data, field, WRONG[field])), "utf-8")
    others = len(list((here / "records").iterdir())) - 1
    (here / "x.txt").write_text("x", "utf-8")
    done = run("build", here / "x.txt", "--workspace", here)
    (line,) = [line for line in done.err.splitlines() if path.name in line]
    assert (done.status, field.partition("[{")[0].split(".attachments")[0] in line) == (1, True), line
    listed = run(
        "query", "--cypher", "MATCH (d:Document) WHERE d.loaded RETURN d.id", "--format", "csv", "--workspace", here
    )
    assert (listed.status, len(listed.out.splitlines()) - 1 >= others - 2) == (0, True)


NONE = ("", "5", "[]", "{}", "[" * 100_000, '{"document": 1', '{"document": {"year": NaN}}')


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_record_at_all_is_named(alone, run, text):
    here, path = alone, a_record(alone)
    path.write_text(text, "utf-8")
    done = run("build", here / "records-none", "--workspace", here)
    assert [line for line in done.err.splitlines() if path.name in line]
    assert run(*ASKED, "--workspace", here).status == 0


def test_a_spoilt_record_is_read_again_where_its_file_is_there(here, run):
    path = a_record(here)
    right = path.read_text("utf-8")
    path.write_text(json.dumps(spoilt(json.loads(right), "document.year", "2023")), "utf-8")
    done = run("build", "samples", "--workspace", here)
    assert (done.status, path.read_text("utf-8")) == (0, right)
    assert [line for line in done.err.splitlines() if path.name in line and "document.year" in line]


def test_the_schema_in_docs_is_that_of_the_model():
    written = json.loads((ROOT / "docs/record.schema.json").read_text("utf-8"))
    assert written == schema()
    jsonschema.Draft202012Validator.check_schema(written)


def test_the_validator_says_what_the_schema_says(here):
    by_schema = jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker())
    for path in (here / "records").glob("*.json"):
        data = json.loads(path.read_text("utf-8"))
        by_schema.validate(data)
        check_record(data)
    data = json.loads(a_record(here).read_text("utf-8"))
    beyond = ("document.title", "tasks[0].part_of")  # what no schema can say
    for field, value in WRONG.items():
        wrong = spoilt(data, field, value)
        assert by_schema.is_valid(wrong) == (field in beyond), field
        with pytest.raises(FaultError):
            check_record(wrong)


# --- import ------------------------------------------------------------


def state_of(workspace: Path) -> list[str]:
    return sorted(path.name for path in (workspace / "records").glob("*.json"))


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_an_import_that_is_ended_is_whole_or_not_at_all(exported, tmp_path, run):
    file = exported
    took = time.monotonic()
    assert run("import", file, "--workspace", tmp_path / "whole").status == 0
    took = time.monotonic() - took
    whole = state_of(tmp_path / "whole")
    for n in range(8):
        there = tmp_path / f"cut{n}"
        words = [sys.executable, "-c", PROGRAM, "import", str(file), "--workspace", str(there)]
        with subprocess.Popen(words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
            time.sleep(1 + took * n / 8)
            process.send_signal(signal.SIGKILL)
        if (there / "records").is_dir():
            zl.open(there).build([])
            assert state_of(there) in ([], whole)


def test_what_an_import_brought_is_moved_in_by_the_next_one_who_looks(alone, run):
    """It is in from the moment on when all of it is there."""
    whole, names = run(*ASKED, "--workspace", alone), state_of(alone)
    taken = alone / "cache/taken-records"
    taken.mkdir()
    for name in names[::2]:
        (alone / "records" / name).rename(taken / name)
    assert run(*ASKED, "--workspace", alone).out == whole.out
    assert (state_of(alone), taken.exists()) == (names, False)


# --- sources that are gone ------------------------------------------------------------


@pytest.fixture
def papers(tmp_path, samples, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(samples, tmp_path / "in", ignore=lambda _, names: [n for n in names if not n.endswith(".txt")])
    zl.open("w").build(["in"])
    return tmp_path


@pytest.mark.parametrize("how", ["moved", "emptied"])
def test_what_lay_under_a_path_of_which_nothing_is_left_goes_only_when_asked(papers, run, how):
    before = state_of(papers / "w")
    shutil.rmtree(papers / "in")
    if how == "emptied":
        (papers / "in").mkdir()
    done = run("build", "in", "--workspace", "w")
    assert (done.status, "--gone" in done.err, state_of(papers / "w")) == (1, True, before)
    done = run("build", "in", "--gone", "--workspace", "w")
    assert (done.status, state_of(papers / "w")) == (0, [])


def test_one_paper_of_several_may_go(papers, run):
    next((papers / "in").iterdir()).unlink()
    before = state_of(papers / "w")
    assert run("build", "in", "--workspace", "w").status == 0
    assert len(state_of(papers / "w")) < len(before)


def test_an_error_of_a_source_is_not_said_of_the_workspace(papers):
    workspace = Workspace("w")
    with pytest.raises(PermissionError) as error, workspace.locked():
        raise PermissionError(13, "no", str(papers / "in/a.txt"))
    assert error.value.filename.endswith("a.txt")
    with pytest.raises(ZhenglingError), workspace.locked():
        raise PermissionError(13, "no", str(papers / "w/records/a.json"))


# --- files out ------------------------------------------------------------


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is full")
def test_a_picture_on_a_full_disk_leaves_nothing(here, tmp_path):
    code = (
        "import resource, sys, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000));" + PROGRAM
    )
    out = tmp_path / "new/x.html"
    out.parent.mkdir()
    words = [sys.executable, "-c", code, "view", "--out", str(out), "--workspace", str(here)]
    done = subprocess.run(words, capture_output=True, text=True)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert list(out.parent.iterdir()) == []


def test_json_has_no_numbers_that_json_does_not_have(here, run):
    done = run("query", "--cypher", "RETURN 1.0 / 0.0 AS x, [0.0 / 0.0] AS y", "--format", "json", "--workspace", here)
    if done.status == 0:
        json.loads(done.out, parse_constant=lambda name: pytest.fail(name))
