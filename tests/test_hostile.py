"""Files that mean harm, or were harmed: one clear line each, in bounded time and memory, and the others are read."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import zhengling
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zhengling.extractors.errors import PaperError
from zhengling.extractors.limits import Settings
from zhengling.extractors.papers import Reader

from . import forms, hostile
from .programs import missing, office, start

ROOT = Path(__file__).parent
LIMITS = ("--timeout", "60")
#: Files that fail at once, each in its own way; `cut.doc` in a program that is called.
SIDE_BY_SIDE = [
    "bomb.docx",
    "cut.doc",
    "cut.zip",
    "deep.html",
    "good.txt",
    "laughs.ofd",
    "locked.docx",
    "merged.xlsx",
    "nested.zip",
    "noise.pdf",
    "noise.xls",
    "overlap.zip",
    "picture.html",
    "quadratic.docx",
    "slides.docx",
    "types.json",
    "xref-loop.pdf",
]


@pytest.fixture(scope="module")
def bad(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    for name, data in hostile.files(folder).items():
        (folder / name).write_bytes(data)
    shutil.copy(ROOT / "locked.docx", folder)
    (folder / "good.txt").write_text(hostile.GOOD, "utf-8")
    return folder


def lines_of(err: str) -> list[str]:
    return [line for line in err.splitlines() if line.startswith("zhengling: ")]


def test_each_bad_file_gets_one_line_and_the_others_are_read(bad, tmp_path, run):
    done = run("extract", bad, bad / "deep.json", bad / "types.json", "--out", tmp_path / "out", *LIMITS)
    assert done.status == 1
    said = lines_of(done.err)
    names = sorted(p.name for p in bad.iterdir() if p.name != "good.txt")
    assert sorted(next(n for n in sorted(names, key=len, reverse=True) if f"/{n}" in line) for line in said) == names
    assert [line for line in said if "unexpected" in line or "意外" in line] == []
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["good.json"]
    for name, words in {
        "bomb.docx": "too large",
        "bomb.xlsx": "too large",
        "bomb.ofd": "too large",
        "bomb.odt": "too large",
        "merged.xlsx": "2,949,120 fields",
        "member.zip": "too large",
        "nested.zip": "more than 3 others",
        "method.zip": "a method that is not read",
        "understated.zip": "damaged",
        "overlap.zip": "1,500,000,000 bytes",
        "empty.docx": "is empty",
        "cut.zip": "damaged or cut off",
        "locked.zip": "password",
        "locked.docx": "password",
        "locked-inside.docx": "password",
        "locked.odt": "password",
        "slides.docx": "slides",
        "other.rar": "unpack it",
        "deep.html": "too deep",
        "bomb-within-limit.docx": "memory",
    }.items():
        (line,) = [line for line in said if f"/{name}" in line]
        assert words in line


def test_what_looks_bad_and_can_be_read_tells_nothing_of_other_files(tmp_path, run):
    (tmp_path / "in").mkdir()
    for name, data in hostile.readable(tmp_path).items():
        (tmp_path / "in" / name).write_bytes(data)
    (tmp_path / "in/good.txt").write_text(hostile.GOOD, "utf-8")
    done = run("extract", tmp_path / "in", "--out", tmp_path / "out", *LIMITS)
    assert [line for line in lines_of(done.err) if "unexpected" in line] == []
    held = [p.read_text("utf-8") for p in (tmp_path / "out").iterdir()]
    assert "root:" not in "".join(held)
    assert (tmp_path / "out/good.json").exists()
    assert len(held) + len(lines_of(done.err)) == len(hostile.readable(tmp_path)) + 1
    assert all(len(text) < 3_000_000 for text in held)


def test_documents_that_libreoffice_opens_with_a_password(tmp_path, run):
    office()
    path = tmp_path / "a.docx"
    path.write_bytes(hostile.docx())
    (old,) = forms.convert([path], "doc", tmp_path)
    data = bytearray(old.read_bytes())
    at = next(at for at in range(512, len(data), 512) if data[at : at + 2] == b"\xec\xa5")
    data[at + 11] |= 1  # the bit of the file's head that says that it is encrypted
    (tmp_path / "locked.doc").write_bytes(bytes(data))
    word = '{"type":"string","value":"x"}'
    export = '{"EncryptFile":{"type":"boolean","value":"true"},"DocumentOpenPassword":' + word + "}"
    shutil.copy(path, tmp_path / "b.docx")
    forms.convert([tmp_path / "b.docx"], "pdf:writer_pdf_Export:" + export, tmp_path)
    done = run("extract", tmp_path / "locked.doc", tmp_path / "b.pdf", old, "--out", tmp_path / "out")
    assert ["password" in line for line in lines_of(done.err)] == [True, True]
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["a.json"]


@pytest.mark.parametrize("suffix", ["txt", "docx", "xlsx", "pdf", "html", "doc", "ofd", "csv", "md", "json", ""])
def test_files_of_300_mb_are_not_even_opened(suffix, tmp_path, run):
    path = tmp_path / f"a.{suffix}"
    with path.open("wb") as file:
        file.truncate(300_000_000)  # the disk holds nothing of it
    done = run("extract", path, "--out", tmp_path / "out")
    assert lines_of(done.err) == [
        f"zhengling: {path} is too large for a paper: 300,000,000 bytes; the limit is 20,000,000 (--max-bytes)"
    ]


def test_limits_are_options(tmp_path, run):
    path = tmp_path / "a.txt"
    path.write_text(hostile.GOOD, "utf-8")
    size = path.stat().st_size
    assert run("extract", path, "--out", tmp_path / "out", "--max-bytes", size).status == 0
    done = run("extract", path, "--out", tmp_path / "out", "--max-bytes", size - 1)
    assert (done.status, f"the limit is {size - 1}" in done.err) == (1, True)
    for wrong in (("--max-bytes", "0"), ("--timeout", "0"), ("--max-memory", "1"), ("--timeout", "soon")):
        assert run("build", path, "--workspace", tmp_path / "w", *wrong).status == 2
    with pytest.raises(PaperError):
        zhengling.extract(path, settings=zhengling.Settings(max_bytes=10))


def test_pipes_devices_and_links(tmp_path, run):
    (tmp_path / "in/deep").mkdir(parents=True)
    here = tmp_path / "in"
    (here / "good.txt").write_text(hostile.GOOD, "utf-8")
    (here / "folder.docx").mkdir()
    (here / "folder.docx/pipe").symlink_to(here / "pipe.txt")  # not of a paper's name: passed over
    (here / "deep/again").symlink_to(here)  # a folder in itself
    (here / "same.txt").symlink_to(here / "good.txt")
    (here / "a.txt").symlink_to(here / "b.txt")
    (here / "b.txt").symlink_to(here / "a.txt")
    (here / "nowhere.txt").symlink_to(here / "c.txt")
    os.mkfifo(here / "pipe.txt")
    (here / "zero.txt").symlink_to("/dev/zero")
    (here / "passwd.txt").symlink_to("/etc/passwd")
    (here / "etc").symlink_to("/etc")
    bad = {
        "a.txt": "too many links",
        "b.txt": "too many links",
        "nowhere.txt": "no such file",
        "pipe.txt": "neither a file nor a folder",
        "zero.txt": "a link that leads out",
        "passwd.txt": "a link that leads out",
        "etc": "a link that leads out",
    }
    done = run("build", here, "--workspace", tmp_path / "w")
    assert (done.status, done.err.splitlines()[-1].partition(": ")[2]) == (1, "1 document; 1 file read, 7 failed")
    said = lines_of(done.err)
    assert len(said) == len(bad)
    assert all(any(f"/{name}" in line and words in line for line in said) for name, words in bad.items())
    assert "指向文件夹之外的链接" in run("extract", here, "--out", tmp_path / "out", lang="zh").err
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["good.json"]
    for name in ("a.txt", "nowhere.txt", "pipe.txt", "zero.txt"):
        for command in (("build", here / name, "--workspace", tmp_path / "w"), ("extract", here / name, "--out", here)):
            done = run(*command)
            assert done.status == 1
            assert len(lines_of(done.err)) == 1
            assert "unexpected" not in done.err
    assert "neither a file nor a folder" in run("extract", "/dev/zero", "--out", tmp_path / "out").err


def test_names_as_long_as_a_disk_takes_them(tmp_path, run):
    for name in ("x" * 251 + ".txt", "y" * 250 + ".txt"):
        (tmp_path / name).write_text(hostile.GOOD, "utf-8")
    done = run("extract", *tmp_path.glob("*.txt"), "--out", tmp_path / "out")
    assert (done.status, lines_of(done.err)) == (0, [])
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["x" * 250 + ".json", "y" * 250 + ".json"]


NAMES = [
    "../up.txt",
    "/etc/x.txt",
    "a/../../b.txt",
    "C:\\x.txt",
    "line\nbreak.txt",
    "bell\x07.txt",
    "a//b.txt",
    "./c.txt",
]


def test_names_in_a_zip_that_lead_elsewhere(tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    members = {name: hostile.GOOD.encode() for name in [*NAMES, "fine\\in.txt"]}
    Path("a.zip").write_bytes(hostile.packed(members))
    before = sorted(p.name for p in tmp_path.iterdir())
    done = run("build", "a.zip", "--workspace", "w")
    said = lines_of(done.err)
    assert (done.status, len(said)) == (1, len(NAMES))
    assert all("left out a file that no folder can hold by its name" in line for line in said)
    assert "1 document; 1 file read" in done.err
    assert sorted(p.name for p in tmp_path.iterdir()) == [*before, "w"]


def test_a_zip_of_too_many_files_or_too_long_a_list(tmp_path, run, monkeypatch):
    from zhengling.extractors.files import archive, kinds

    monkeypatch.setattr(archive, "MEMBERS", 5)
    (tmp_path / "a.zip").write_bytes(hostile.packed({f"{n}.txt": b"x" for n in range(6)}))
    assert (
        "6 files in one ZIP and those in it; the limit is 5"
        in run("build", tmp_path / "a.zip", "--workspace", tmp_path / "w").err
    )
    monkeypatch.setattr(kinds, "LIST", 100)
    monkeypatch.setattr(archive, "LIST", 100)
    assert "the list of files in the ZIP is" in run("build", tmp_path / "a.zip", "--workspace", tmp_path / "w").err
    done = run("build", tmp_path / "a.zip", "--workspace", tmp_path / "w", "--max-bytes", "1", lang="zh")
    assert (done.status, len(lines_of(done.err))) == (1, 1)


def test_zips_in_a_zip_count_together(tmp_path, run, monkeypatch):
    from zhengling.extractors.files import archive

    monkeypatch.setattr(archive, "MEMBERS", 30)
    inner = hostile.packed({f"{n}.txt": hostile.GOOD.encode() for n in range(9)})
    (tmp_path / "a.zip").write_bytes(hostile.packed({f"{n}.zip": inner for n in range(9)}))
    done = run("extract", tmp_path / "a.zip", "--out", tmp_path / "out")
    said = lines_of(done.err)
    assert (done.status, len(said)) == (1, 7)  # 9 ZIPs and the files of two of them
    assert all("in one ZIP and those in it; the limit is 30" in line for line in said)
    assert "18 of 25 records written" in done.err


# --- the process that files are read in ------------------------------------------------------------------------------

#: Seconds by which this process knows what it had started from what tests beside it had.
NAP = str(1_000_000 + os.getpid())
PLUGIN = f"""
import os, time
NAP = "{NAP}"
from zhengling.extractors.readers.content import Content, Text

def read(path, data):
    words = data.decode()
    if words == "sleep":
        import subprocess
        subprocess.Popen(["sleep", NAP])
        time.sleep(600)
    if words == "eat":
        held = []
        while True:
            held.append(bytearray(50_000_000))
    if words == "exit":
        os._exit(3)
    if words == "deep":
        def down(): return down()
        down()
    if words == "raise":
        raise KeyError("broken")
    if words == "print":
        print("noise that must not break a frame", flush=True)
    return Content([Text(words)])
"""


@pytest.fixture
def plugin(tmp_path, monkeypatch) -> Path:
    """A package that is installed beside ours and brings a reader for `.own`."""
    site = tmp_path / "site"
    (site / "ownreader-1.0.dist-info").mkdir(parents=True)
    (site / "ownreader.py").write_text(PLUGIN)
    (site / "ownreader-1.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: ownreader\nVersion: 1.0\n")
    points = "[zhengling.readers]\nown = ownreader:read\nbroken = ownreader:nothing\n"
    (site / "ownreader-1.0.dist-info/entry_points.txt").write_text(points)
    from zhengling.extractors.readers import registry

    monkeypatch.syspath_prepend(site)
    registry.readers.cache_clear()
    yield tmp_path
    registry.readers.cache_clear()
    sys.modules.pop("ownreader", None)


def test_a_reader_of_an_installed_package(plugin, run):
    (plugin / "in").mkdir()
    for name, words in (("a", hostile.GOOD), ("b", "print")):
        (plugin / f"in/{name}.own").write_text(words, "utf-8")
    done = run("extract", plugin / "in", "--out", plugin / "out")
    assert (done.status, done.err.splitlines()[-1]) == (0, f"2 of 2 records written to {plugin / 'out'}")
    record = json.loads((plugin / "out/a.json").read_text("utf-8"))
    assert [u["name"] for t in record["tasks"] for u in t["units"]] == ["县民政局"]


def test_a_reader_that_does_not_load_costs_its_own_files(plugin, run):
    (plugin / "in").mkdir()
    for name in ("a.broken", "b.own", "c.txt"):
        (plugin / "in" / name).write_text(hostile.GOOD, "utf-8")
    done = run("extract", plugin / "in", "--out", plugin / "out")
    (line,) = lines_of(done.err)
    assert (done.status, "a.broken: the installed reader of this format (ownreader:nothing)" in line) == (1, True)
    assert len(list((plugin / "out").iterdir())) == 2


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
@pytest.mark.parametrize("command", ["extract", "build"])
def test_a_run_that_is_ended_leaves_nothing(number, command, plugin):
    """Neither of the process that reads first nor of those beside it."""
    if shutil.which("ps") is None:
        missing("No ps. On Debian: apt-get install procps")
    (plugin / "t").mkdir()
    (plugin / "in").mkdir()
    for name in "abc":
        (plugin / f"in/{name}.own").write_text("sleep")
    environment = os.environ | {"TMPDIR": str(plugin / "t"), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    code = "import sys; from zhengling.app.cli import main; sys.exit(main())"
    out = ["--out" if command == "extract" else "--workspace", str(plugin / "out"), "--jobs", "3"]
    words = [sys.executable, "-c", code, "--lang", "en", command, str(plugin / "in"), *out]
    process = start(words, env=environment, stderr=subprocess.PIPE, start_new_session=True)

    def started() -> list[str]:
        found = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True).stdout.splitlines()
        return [line for line in found if f"sleep {NAP}" in line]

    until(lambda: len(started()) == 3)
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == {signal.SIGINT: 130, signal.SIGKILL: -9}.get(number, 128 + number)
    until(lambda: not started() and not list((plugin / "t").iterdir()))


NETWORK = """
import socket
from zhengling.extractors.readers.content import Content, Text

def read(path, data):
    socket.create_connection(("127.0.0.1", int(data)))
    return Content([Text("connected")])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the system takes nothing from a process")
def test_a_reader_reaches_no_network(plugin):
    (plugin / "site/ownreader.py").write_text(NETWORK)
    with socket.create_server(("127.0.0.1", 0)) as server, Reader() as reader:
        (plugin / "a.own").write_text(str(server.getsockname()[1]))
        with pytest.raises(PaperError) as error:
            reader.read(plugin / "a.own")
    assert "PermissionError" in error.value.values["reason"]


@pytest.fixture(scope="module")
def endless(tmp_path_factory) -> Path:
    """A folder with a paper in plain text that takes longer than two seconds, and one that does not."""
    folder = tmp_path_factory.mktemp("endless")
    clause = "（一）建设服务站。全县建设便民服务站，方便群众办事。（责任单位：县民政局；完成时限：2024年6月底前）\n"
    (folder / "long.txt").write_text(hostile.GOOD + clause * 20_000, "utf-8")
    (folder / "good.txt").write_text(hostile.GOOD, "utf-8")
    return folder


def test_what_runs_on_a_text_is_ended_at_the_limit_too(endless, tmp_path, run):
    """Plain text as every other format, in `extract` and in `build`: one line, and the others go on."""
    for words in (("extract", endless, "--out", tmp_path / "out"), ("build", endless, "--workspace", tmp_path / "w")):
        done = run(*words, "--timeout", "2")
        (line,) = [line for line in lines_of(done.err) if "long.txt" in line]
        assert (done.status, "2 s" in line) == (1, True)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["good.json"]
    assert len(list((tmp_path / "w/records").iterdir())) == 1


def test_what_runs_on_a_text_takes_bounded_memory(endless):
    with Reader(Settings(timeout=100, memory=20_000_000)) as reader:
        with pytest.raises(PaperError) as error:
            reader.record(endless / "long.txt")
        assert error.value.code in ("paper-memory", "paper-crash")
        assert reader.record(endless / "good.txt").tasks


def test_a_process_that_was_forked_starts_its_own(endless):
    """Two that speak through the same pipes would get each other's answers."""
    assert zhengling.extract(endless / "good.txt").tasks
    pid = os.fork()
    if pid == 0:
        os._exit(0 if zhengling.extract(endless / "good.txt").tasks else 1)
    assert os.waitpid(pid, 0)[1] == 0
    assert zhengling.extract(endless / "good.txt").tasks


def test_papers_are_read_one_after_the_other_in_one_process(endless):
    with Reader() as reader:
        first = reader.record(endless / "good.txt")
        child = reader_pid()
        assert [reader.record(endless / "good.txt").to_json() for _ in range(3)] == [first.to_json()] * 3
        assert reader_pid() == child


def test_many_papers_side_by_side_are_read_as_one_after_the_other(bad, plugin, tmp_path, run):
    """The same records, the same lines in the same order, whatever becomes of a process."""
    (plugin / "in").mkdir()
    for name, words in {"a": "exit", "b": hostile.GOOD, "c": "deep", "d": "exit"}.items():
        (plugin / f"in/{name}.own").write_text(words, "utf-8")
    samples, told = ROOT.parent / "samples", {}
    quick = [bad / name for name in SIDE_BY_SIDE]
    for jobs in (1, 3):
        out, workspace = tmp_path / f"out-{jobs}", tmp_path / f"w-{jobs}"
        one = run("extract", *quick, samples, "--out", out, "--jobs", jobs, "--timeout", "300")
        two = run("build", plugin / "in", samples, "--workspace", workspace, "--jobs", jobs, "--timeout", "300")
        files = [*out.iterdir(), *(workspace / "records").iterdir()]
        told[jobs] = (
            (one.status, one.out, one.err.replace(f"out-{jobs}", "out").splitlines()),
            (two.status, two.out, two.err.replace(f"w-{jobs}", "w").splitlines()),
            sorted((path.name, path.read_bytes()) for path in files),
        )
    for one, three in zip(told[1], told[3], strict=True):
        assert one == three


def test_a_process_that_somebody_ends_costs_its_paper(plugin, run):
    (plugin / "in").mkdir()
    for name, words in {"a": "sleep", "b": hostile.GOOD, "c": hostile.GOOD}.items():
        (plugin / f"in/{name}.own").write_text(words, "utf-8")

    def end() -> None:
        until(lambda: any(grandchildren(pid) for pid in reader_pid()))
        (sleeping,) = [pid for pid in reader_pid() if grandchildren(pid)]
        os.kill(int(sleeping), signal.SIGKILL)

    ending = threading.Thread(target=end)
    ending.start()
    done = run("build", plugin / "in", "--workspace", plugin / "w", "--jobs", 2)
    ending.join()
    (line,) = lines_of(done.err)
    assert (done.status, "a.own" in line, len(list((plugin / "w/records").iterdir()))) == (1, True, 2)
    assert not any(grandchildren(pid) for pid in reader_pid())


def grandchildren(pid: str) -> list[str]:
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has ended
        return []


def test_a_reader_that_is_left_early_ends_its_processes(plugin):
    (plugin / "a.own").write_text("sleep")
    (plugin / "b.own").write_text(hostile.GOOD, "utf-8")
    assert zhengling.extract(plugin / "b.own").tasks  # the process that reads for all is there, and stays
    processes, threads = reader_pid(), threading.active_count()
    with Reader(jobs=2) as reader:
        found = reader.records([[plugin / "b.own"], [plugin / "a.own"], [plugin / "a.own"]])
        assert next(found).tasks
    # A thread of a test before this one may be ending, too.
    until(lambda: set(reader_pid()) <= set(processes) and threading.active_count() <= threads)


def reader_pid() -> list[str]:
    """The processes that this one has started and that read."""
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return sorted(pid for found in children for pid in found.read_text().split())


def until(true) -> None:
    """Waits for what another process does; fails after a minute."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("sleep", "paper-timeout"),
        ("eat", "paper-memory"),
        ("exit", "paper-crash"),
        ("deep", "paper-deep"),
        ("raise", "paper-damaged"),
    ],
)
def test_a_reader_that_does_not_come_back_is_ended(plugin, words, code):
    path, good = plugin / "bad.own", plugin / "good.own"
    path.write_text(words)
    good.write_text(hostile.GOOD, "utf-8")
    with Reader(Settings(timeout=8, memory=600_000_000)) as reader:
        assert reader.read(good).text.startswith("枫浦县")
        with pytest.raises(PaperError) as error:
            reader.read(path)
        assert (error.value.code, error.value.values["path"]) == (code, str(path))
        assert reader.read(good).text.startswith("枫浦县")  # and the next one is read
    if Path("/proc").is_dir():
        commands = [p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline") if p.exists()]
        assert f"sleep\0{NAP}\0".encode() not in commands  # what it started is ended too


def test_nothing_is_left_of_a_reading(tmp_path, monkeypatch):
    office()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", None)
    (tmp_path / "a.rtf").write_text(r"{\rtf1\ansi\uc1 \u26539?\u28006?\u21439? 2024}")
    with Reader() as reader:
        assert reader.record(tmp_path / "a.rtf").source["path"]
    assert list((tmp_path / "t").iterdir()) == []


# --- fuzz, in small --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seeds(tmp_path_factory) -> dict[str, bytes]:
    from .fuzz import seeds

    return seeds(tmp_path_factory.mktemp("seeds"))


@pytest.mark.parametrize("suffix", ["docx", "xlsx", "html", "pdf", "ofd", "md", "csv", "json", "zip", "txt"])
def test_mutated_files_are_read_or_refused(suffix, seeds, tmp_path):
    from .fuzz import mutated, read_or_refuse

    with Reader(Settings(timeout=30)) as reader:
        for seed in range(30):
            path = tmp_path / f"a.{suffix}"
            path.write_bytes(mutated(seeds[suffix], seed))
            said = read_or_refuse(reader, path)
            assert said is None or (said not in ("paper-timeout", "paper-memory"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_any_bytes_are_of_some_kind(data):
    from zhengling.extractors.files.kinds import kind_of, suffix_of

    kind_of(data)
    assert isinstance(suffix_of("a.doc", data), str)
    assert isinstance(suffix_of("a.doc", b"PK\x03\x04" + data), str)
