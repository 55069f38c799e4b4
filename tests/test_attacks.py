"""Attacks on what is shown and on what lies around: names, terminals, pages, files that change, thousands of files."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
import zhengling as zl
from openpyxl import load_workbook
from zhengling.extractors.errors import PaperError
from zhengling.extractors.limits import MAX_CHARACTERS

from .browser import chromium
from .conftest import ROOT
from .programs import missing

PAPER = (
    "枫浦县人民政府办公室关于印发枫浦县2024年重点工作要点的通知\n\n枫政办〔2024〕7号\n\n一、重点任务\n\n"
    "（一）建设服务站{x}。全县建设便民服务站。（责任单位：县民政局；完成时限：2024年6月底前）\n\n"
    "枫浦县人民政府办公室\n2024年3月1日\n"
)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
#: What a terminal would obey: a title, the clipboard, a report that is typed back, the screen cleared.
ESCAPES = ("\x1b]0;owned\x07", "\x1b]52;c;b3duZWQ=\x07", "\x1b[6n", "\x1b[2J", "\x9b31m", "\u202etxt.exe", "\x08\x08")


def on_a_terminal(*words: object) -> str:
    """What comes out of a real terminal that the program runs on."""
    import pty

    code = "import sys; from zhengling.app.cli import main; sys.exit(main(sys.argv[1:]))"
    out = bytearray()

    def read(handle: int) -> bytes:
        data = os.read(handle, 65_536)
        out.extend(data)
        return data

    silent = os.open(os.devnull, os.O_RDWR)
    stdout = os.dup(1)
    os.dup2(silent, 1)
    try:
        pty.spawn([sys.executable, "-c", code, "--lang", "en", *map(str, words)], read, lambda handle: b"")
    finally:
        os.dup2(stdout, 1)
        os.close(silent)
        os.close(stdout)
    return out.decode("utf-8", "replace")


def obeyed(said: str) -> list[str]:
    """What of it a terminal would obey, but for our own colours and the bar of rich."""
    found = [word for word in ("\x1b]", "\x1b[6n") if word in said]
    return found + CONTROLS.findall(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.replace("\r", "")))


@pytest.mark.skipif(sys.platform != "linux", reason="a terminal of Linux")
@pytest.mark.parametrize("escape", ESCAPES, ids=repr)
def test_no_name_speaks_to_the_terminal(tmp_path, escape):
    """On a real one: what comes out of it has no control but those of our own tables."""
    folder = tmp_path / f"in{escape}"
    folder.mkdir()
    (folder / f"a{escape}.txt").write_text(PAPER.format(x=escape), "utf-8")
    (folder / f"b{escape}.pdf").write_bytes(b"%PDF-1.7 broken")
    said = on_a_terminal("build", folder, "--workspace", tmp_path / "w")
    assert "1 failed" in said
    assert obeyed(said) == []


@pytest.mark.skipif(sys.platform != "linux", reason="a terminal of Linux")
def test_no_text_of_a_paper_speaks_to_the_terminal(tmp_path):
    """In tables, in what a command refuses and in what it says of a workspace of an evil name."""
    evil = "".join(ESCAPES)
    work = tmp_path / f"w{evil}"
    for n, text in enumerate((PAPER.format(x=evil), PAPER.format(x=evil).replace("县民政局", f"县民{evil}政局"))):
        (tmp_path / f"{n}{evil}.txt").write_text(text.replace("7号", f"{n}7号"), "utf-8")
        zl.open(work).build([tmp_path / f"{n}{evil}.txt"])
    (work / "queries").mkdir()
    (work / f"queries/q{evil}.cypher").write_text(f"// {evil}: x\nRETURN 1", "utf-8")
    for words, shown in {
        ("query", "unit-tasks", "--set", "unit=县民政局"): "",
        ("query", "--cypher", "MATCH (t:Task) RETURN t.text AS text, t.title AS title"): "建设服务站",
        ("query", "--cypher", f"MATCH (n) RETURN n.id AS `{evil}`"): "",
        ("query", "--cypher", f"RETRUN {evil}"): "zhengling",
        ("query", evil): "zhengling",
        ("query", "due", "--set", f"from={evil}"): "zhengling",
        ("trace", "建设服务站"): "",
        ("trace", evil): "",
        ("check", "--all"): "",
        ("remove", evil): "zhengling",
        ("extract", tmp_path / f"0{evil}.txt", "--out", tmp_path / f"out{evil}"): "records written",
    }.items():
        said = on_a_terminal(*words, *(() if words[0] == "extract" else ("--workspace", work)))
        assert shown in said, (words, said)
        assert obeyed(said) == [], (words, said)


def test_every_page_carries_a_policy_that_allows_no_network(built, tmp_path, run):
    assert run("view", "--out", tmp_path / "v.html", "--workspace", built).status == 0
    assert run("check", "--format", "html", "--out", tmp_path / "c.html", "--workspace", built).status == 0
    for page in tmp_path.glob("*.html"):
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page.read_text("utf-8"))
        assert policy, page
        rules = dict(rule.strip().partition(" ")[::2] for rule in policy[1].split(";"))
        assert rules["default-src"] == "'none'"
        assert not [rule for rule in rules.values() if "http:" in rule or "https:" in rule or "*" in rule]
        assert "unsafe-inline" not in rules.get("script-src", "") and "unsafe-eval" not in policy[1]


PAYLOADS = (
    "</script><script>alert(1)</script>",
    '"},"@type":"x:evil","@context":"http://127.0.0.1:9/"',
    "\\u0022}",
    "@id",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_breaks_out_of_json_ld(tmp_path, payload):
    (tmp_path / "a.txt").write_text(PAPER.format(x=payload), "utf-8")
    graph = zl.open(tmp_path / "w")
    graph.build([tmp_path / "a.txt"])
    graph.export("jsonld", tmp_path / "a.jsonld")
    data = json.loads((tmp_path / "a.jsonld").read_text("utf-8"))
    assert set(data) == {"@context", "@graph"}
    contexts = [line for line in (tmp_path / "a.jsonld").read_text("utf-8").splitlines() if '"@context"' in line]
    assert len([line for line in contexts if '{"@context": ' in line]) == 1
    assert isinstance(data["@context"], dict)


def test_a_file_that_changes_while_it_is_read_is_read_or_named(tmp_path):
    path = tmp_path / "a.txt"
    stop = threading.Event()

    def change() -> None:
        at = 0
        while not stop.is_set():
            at += 1
            path.write_bytes(PAPER.format(x=at).encode()[: None if at % 2 else 100])

    path.write_text(PAPER.format(x=0), "utf-8")
    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(15):
            try:
                assert zl.extract(path).source["sha256"]
            except (PaperError, OSError) as error:
                assert str(error)
    finally:
        stop.set()
        thread.join()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no list of open files")
def test_no_file_stays_open(tmp_path):
    (tmp_path / "a.txt").write_text(PAPER.format(x=1), "utf-8")
    (tmp_path / "b.docx").write_bytes(b"PK\x03\x04broken")
    zl.extract(tmp_path / "a.txt")
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(20):
        zl.extract(tmp_path / "a.txt")
        with pytest.raises(PaperError):
            zl.extract(tmp_path / "b.docx")
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


@pytest.mark.parametrize(
    "name", ['甲"局', "甲'局", "甲`局", "甲\\局", "=cmd()局", "<b>局", "甲\x1b[2J局", "*+(局", "甲|乙局", "$x局"]
)
def test_names_of_a_lexicon_are_names(tmp_path, run, name):
    """Whatever they hold: they go into patterns, questions, tables and pages."""
    work = tmp_path / "w"
    (work / "lexicon").mkdir(parents=True)
    quoted = name.replace('"', '""')
    (work / "lexicon/d.csv").write_text(f'name,function\n"{quoted}","{quoted}"\n', "utf-8")
    (tmp_path / "a.txt").write_text(PAPER.format(x=1), "utf-8")
    done = run("build", tmp_path / "a.txt", "--workspace", work)
    assert done.status in (0, 1, 2)
    assert CONTROLS.findall(done.err.replace("\n", "")) == []
    if done.status == 0:
        for words in (
            ("check", "--all"),
            ("view", "--out", tmp_path / "v.html"),
            ("export", "--format", "csv", "--out", tmp_path / "c"),
        ):
            assert run(*words, "--workspace", work).status == 0


# --- pages in a browser that has a network ------------------------------------------------------------

#: `{}` is an address of a server that waits.
MARKUP = (
    '<img src="{}img"><link rel="stylesheet" href="{}css"><link rel="dns-prefetch" href="{}dns">',
    '</script><script>fetch("{}fetch")</script><script src="{}script"></script>',
    '<meta http-equiv="refresh" content="0;url={}refresh"><base href="{}base/"><iframe src="{}frame"></iframe>',
    '<svg onload="fetch(`{}svg`)"><image href="{}image"/></svg><style>@import url({}import);</style>',
    '\'-->]]></style></template></textarea></title><form action="{}form"><input autofocus onfocus=this.form.submit()>',
)
#: What a page's own script could try; each gives what became of it.
TRIES = """async address => {
  const out = {};
  const said = (name, work) => new Promise(done => {
    const end = what => { out[name] = what; done(); };
    setTimeout(() => end('nothing'), 1500);
    try { work(end); } catch (error) { end('refused'); }
  });
  const element = (tag, name) => end => {
    const made = document.createElement(tag);
    made.onload = () => end('went'); made.onerror = () => end('refused');
    made[name] = address + tag; document.body.append(made);
  };
  await said('fetch', end => fetch(address + 'fetch', {mode: 'no-cors'}).then(() => end('went'), () => end('refused')));
  await said('socket', end => {
    const made = new WebSocket(address.replace('http', 'ws')); made.onerror = () => end('refused');
    made.onopen = () => end('went');
  });
  await said('beacon', end => { navigator.sendBeacon(address + 'beacon', 'x'); end('refused'); });
  await said('img', element('img', 'src'));
  await said('script', element('script', 'src'));
  await said('iframe', element('iframe', 'src'));
  await said('object', element('object', 'data'));
  await said('eval', end => end(eval('"went"')));
  await said('form', end => {
    const form = document.createElement('form'); form.action = address + 'form'; form.method = 'post';
    document.body.append(form); form.submit(); setTimeout(() => end('refused'), 500);
  });
  return out;
}"""


def test_pages_are_read_with_a_network_at_hand_and_ask_nothing(tmp_path, run):
    """Payloads in titles, texts, units and names of the lexicon, opened in Chromium: no request, no violation of the
    page's own policy; and the policy holds what a script of the page itself would try."""
    with socket.create_server(("127.0.0.1", 0)) as server, chromium() as browser:
        server.settimeout(0.3)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        work = tmp_path / "w"
        (work / "lexicon").mkdir(parents=True)
        names = [payload.replace("{}", address) for payload in MARKUP]
        rows = [
            "name,function",
            *(f'"县{n}局{name.replace(chr(34), chr(34) * 2)}",其他' for n, name in enumerate(names)),
        ]
        (work / "lexicon/d.csv").write_text("\n".join(rows), "utf-8")
        for n, name in enumerate(names):
            text = PAPER.format(x=name).replace("7号", f"{n + 7}号").replace("重点工作要点", f"{name}重点工作要点")
            (tmp_path / f"{n}.txt").write_text(text.replace("县民政局；", f"县民政局、县{n}局{name}；"), "utf-8")
        assert run("build", *tmp_path.glob("*.txt"), "--workspace", work).status == 0
        assert run("view", "--out", tmp_path / "v.html", "--workspace", work).status == 0
        assert run("check", "--all", "--format", "html", "--out", tmp_path / "c.html", "--workspace", work).status == 0
        held = "".join((tmp_path / name).read_text("utf-8") for name in ("v.html", "c.html"))
        assert "refresh" in held  # the payloads are there, as texts
        for name in ("v.html", "c.html"):
            context = browser.new_context()
            troubles: list[str] = []
            context.expose_function("told", lambda text, said=troubles: said.append(text))
            context.add_init_script(
                "addEventListener('securitypolicyviolation', e => told(e.violatedDirective + ' ' + e.blockedURI))"
            )
            page = context.new_page()
            requests: list[str] = []
            page.on("request", lambda request, seen=requests: seen.append(request.url))
            page.on("console", lambda line, said=troubles: said.append(line.text))
            page.on("pageerror", lambda error, said=troubles: said.append(str(error)))
            page.on("dialog", lambda dialog, said=troubles: (said.append(dialog.message), dialog.dismiss()))
            here = (tmp_path / name).as_uri()
            page.goto(here)
            page.wait_for_timeout(700)
            for summary in page.query_selector_all("summary"):
                summary.evaluate("e => e.click()")
            page.mouse.click(400, 400)
            page.wait_for_timeout(300)
            assert troubles == []
            assert [url for url in requests if url != here and not url.startswith("data:")] == []
            assert page.url.partition("#")[0] == here
            with pytest.raises(TimeoutError):
                server.accept()
            became = page.evaluate(TRIES, address)
            # Of a frame that was refused Chromium says that it is there; the server knows better.
            assert {name for name, what in became.items() if what == "went"} <= {"iframe"}, became
            assert troubles != []  # what was tried is told of
            context.close()
            assert asked(server) == []


def asked(server: socket.socket) -> list[bytes]:
    """What was asked of a server; that Chromium connects for a form that it then does not send is no request."""
    out = []
    while True:
        try:
            link = server.accept()[0]
        except TimeoutError:
            return [data for data in out if data]
        with link:
            link.settimeout(0.3)
            try:
                out.append(link.recv(300))
            except TimeoutError:
                continue


# --- names of the lexicon ------------------------------------------------------------


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "\t=", "\x1b[2J", "<b>"])
def test_a_unit_of_the_lexicon_is_no_formula_anywhere(tmp_path, run, sign):
    """The name is used: the paper gives the unit a task."""
    work, name = tmp_path / "w", f"{sign}县护林局"
    (work / "lexicon").mkdir(parents=True)
    (work / "lexicon/d.csv").write_text(f"name,function,aliases\n{name},{name},{sign}县护林站\n", "utf-8")
    (tmp_path / "a.txt").write_text(PAPER.format(x=1).replace("县民政局", f"县护林局、{name}"), "utf-8")
    assert run("build", tmp_path / "a.txt", "--workspace", work).status == 0
    assert run("export", "--format", "csv", "--out", tmp_path / "c", "--workspace", work).status == 0
    assert run("export", "--format", "xlsx", "--out", tmp_path / "x.xlsx", "--workspace", work).status == 0
    asked = run("query", "unit-workload", "--format", "csv", "--workspace", work)
    said = asked.out + "".join(path.read_text("utf-8") for path in (tmp_path / "c").rglob("*.csv"))
    assert "护林局" in said
    assert CONTROLS.findall(said.replace("\n", "").replace("\r", "")) == []
    assert re.findall(r'(?:^|,)"?[=+\-@＝][^\d]', said, re.M) == []
    for sheet in load_workbook(tmp_path / "x.xlsx"):
        assert [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []


# --- files that change, many files, few descriptors ------------------------------------------------------------


def test_files_that_change_vanish_and_shrink_during_a_build_are_read_or_named(tmp_path, run):
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(40):
        (folder / f"{n}.txt").write_text(PAPER.format(x=n).replace("7号", f"{n + 1}号"), "utf-8")
    for n in range(40, 44):
        shutil.make_archive(str(folder / str(n)), "zip", ROOT / "samples")
    stop = threading.Event()

    def change() -> None:
        at = 0
        while not stop.is_set():
            at += 1
            path = folder / f"{at * 7 % 44}.{'txt' if at * 7 % 44 < 40 else 'zip'}"
            kind = at % 5
            if kind == 0:
                path.unlink(missing_ok=True)
            elif kind == 1:
                path.write_bytes(b"")
            elif kind == 2 and path.is_file():
                os.truncate(path, path.stat().st_size // 2)
            elif kind == 3:
                path.unlink(missing_ok=True)
                path.symlink_to(folder)
            else:
                path.unlink(missing_ok=True)
                path.write_text(PAPER.format(x=at), "utf-8")
            stop.wait(0.01)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        runs = [run("build", folder, "--workspace", tmp_path / "w") for _ in range(3)]
    finally:
        stop.set()
        thread.join()
    for done in runs:
        assert done.status in (0, 1)
        said = [line for line in done.err.splitlines() if line.startswith("zhengling: ")]
        assert [line for line in said if "unexpected" in line or not re.search(r"\bin/\d+\.", line)] == []
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "a.txt").write_text(PAPER.format(x=1), "utf-8")
    assert run("build", folder, "--workspace", tmp_path / "w").status == 0  # nothing of it stays in the way
    assert len(list((tmp_path / "w/records").glob("*.json"))) == 1


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
def test_a_build_holds_few_files_open(tmp_path):
    """However many papers there are: as `ulimit -n 64` has it."""
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(200):
        (folder / f"{n}.txt").write_text(PAPER.format(x=n).replace("7号", f"{n + 1}号"), "utf-8")
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64));"
        "from zhengling.app.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    work = ("--workspace", str(tmp_path / "w"))
    for words in (
        ("build", str(folder)),
        ("query", "unit-workload"),
        ("export", "--format", "csv", "--out", str(tmp_path / "c")),
    ):
        done = subprocess.run(
            [sys.executable, "-c", code, "--lang", "en", *words, *work], capture_output=True, text=True
        )
        assert (done.returncode, "zhengling: " in done.stderr) == (0, False), done.stderr
    assert len(list((tmp_path / "w/records").glob("*.json"))) == 200


# --- what may not be read, and what is too long ------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="users of POSIX")
def test_a_source_that_may_not_be_read_is_said_of_the_source():
    """By a user who is asked for permission: root is where these rights were taken from it for good."""
    other: tuple[str, ...] = ()
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            missing("No setpriv. On Debian: apt-get install util-linux")
        caps = "-dac_override,-dac_read_search"
        other = ("setpriv", f"--bounding-set={caps}", f"--inh-caps={caps}")
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        here = Path(name)
        for path in (here / "in/closed", here / "in/listed", here / "in/open", here / "shut"):
            path.mkdir(parents=True)
            (path / "a.txt").write_text(PAPER.format(x=1), "utf-8")
        (here / "in/b.txt").write_text(PAPER.format(x=2), "utf-8")
        code = "import sys; from zhengling.app.cli import main; sys.exit(main(sys.argv[1:]))"
        environment = os.environ | {"HOME": name, "PYTHONDONTWRITEBYTECODE": "1"}

        def build(*words: str) -> list[str]:
            command = [*other, sys.executable, "-c", code, "--lang", "en", "build", *words]
            done = subprocess.run(command, capture_output=True, text=True, cwd=here, env=environment)
            assert done.returncode == 1, done.stderr
            return [line for line in done.stderr.splitlines() if line.startswith("zhengling: ")]

        def records() -> list[str]:
            return sorted(path.name for path in (here / "w/records").glob("*.json"))

        closed = {here / "in/closed": 0, here / "in/b.txt": 0, here / "in/listed": 0o444, here / "shut": 0}
        try:
            build("in", "nowhere", "--workspace", "w")
            before = records()
            for path, mode in closed.items():
                path.chmod(mode)
            said = build("in", "--workspace", "w")
            assert sorted(line.split(": ")[1] for line in said) == ["in/b.txt", "in/closed", "in/listed/a.txt"], said
            assert [line for line in said if "no permission" not in line or "workspace" in line] == []
            assert records() == before  # what may not be looked at is not gone
            (line,) = build("shut", "--workspace", "w")
            assert ("shut" in line, "workspace" in line) == (True, False)
            (line,) = build("in/open", "--workspace", "shut/w")
            assert "shut" in line
        finally:
            for path in closed:
                path.chmod(0o755)


def test_a_text_longer_than_any_paper_is_one_line(tmp_path, run):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("护" * (MAX_CHARACTERS + 1), "utf-8")
    (tmp_path / "in/b.html").write_text(
        "<html><body><p>" + "护林。" * (MAX_CHARACTERS // 2) + "</p></body></html>", "utf-8"
    )
    (tmp_path / "in/c.txt").write_text(PAPER.format(x=1), "utf-8")
    for words in (
        ("build", tmp_path / "in", "--workspace", tmp_path / "w"),
        ("extract", tmp_path / "in", "--out", tmp_path / "o"),
    ):
        done = run(*words)
        said = [line for line in done.err.splitlines() if line.startswith("zhengling: ")]
        assert (done.status, len(said)) == (1, 2), done.err
        assert all("2,000,000" in line and len(line) < 400 for line in said), said
    assert [path.name for path in (tmp_path / "o").iterdir()] == ["c.json"]
