"""The command line as a user meets it: answers, messages, exit statuses, bad input."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from unicodedata import east_asian_width

import pytest
import zhengling
from zhengling.app.messages import Catalogue
from zhengling.app.tables import tables
from zhengling.graph.deriving.identity import short_name

COMMAND = Path(sys.executable).with_name("zhengling")
COMMANDS = ["build", "extract", "remove", "queries", "query", "trace", "view"]


def process(*words: object, cwd: Path | None = None, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own, with nothing of this one's locale."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))}
    return subprocess.run([COMMAND, *map(str, words)], capture_output=True, cwd=cwd, env={**kept, **environ})


def paper(folder: Path, name: str = "paper.txt", tasks: int = 2) -> Path:
    """A small paper of an invented county."""
    lines = ["松岭县人民政府办公室关于做好2023年养老服务工作的通知", "松政办发〔2023〕7号", "一、重点任务"]
    marks = "一二三四五六七八九"
    lines += [
        f"（{marks[n]}）推进第{marks[n]}类服务。建好{n + 3}处站点，每季度检查一次。（责任单位：县民政局、县财政局）"
        for n in range(tasks)
    ]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


# --- language, help, wrong words -------------------------------------------------------------------------------------


def test_help_and_messages_follow_the_language(run):
    for words in (
        ["--help"],
        *([c, "--help"] for c in COMMANDS),
    ):
        chinese, english = run(*words, lang="zh"), run(*words)
        assert (chinese.status, english.status) == (0, 0)
        assert chinese.out.startswith("用法：")
        assert english.out.startswith("Usage:")
        for text in (chinese.out, english.out):
            assert "help-" not in text
            assert "--lang zh|en" in text
    assert "没有命令" in run("fetsch", lang="zh").err
    assert "没有命令" in run("fetsch", "--lang=zh", lang=None).err
    assert run("build", "--lang", "zh", "--help", lang=None).out.startswith("用法：")


def test_the_locale_chooses_the_language():
    assert process("--help", LANG="zh_CN.UTF-8").stdout.decode().startswith("用法：")
    assert process("--help", LANG="zh_CN.UTF-8", LC_ALL="C").stdout.startswith(b"Usage:")
    assert process("--help").stdout.startswith(b"Usage:")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["xyzzy"], "“xyzzy”; there are: build, extract, fetch, remove, queries, query, "),
        (["fetsch"], "“fetsch”; did you mean fetch?"),
        (["unit-task", "x"], "did you mean unit-tasks"),
        (["build"], "PATH... is missing"),
        (["extract", "a.txt"], "--out is missing"),
        (["build", "x", "--agian"], "no option --agian; did you mean --again?"),
        (["build", "x", "--again=3"], "--again takes no value"),
        (["build", "x", "--workspace"], "--workspace needs a value"),
        (["query", "due", "--format", "xml"], "--format takes one of: table, csv, json, xlsx"),
        (["query", "reach", "甲", "over"], "unexpected words after the command: over"),
        (["query"], "--cypher"),
        (["query", "due", "--cypher", "RETURN 1 AS one"], "one of the two"),
        (["query", "due", "--set", "limit"], "KEY=VALUE"),
        (["view", "--unit", "a", "--task", "b", "--out", "x.html"], "only one of"),
        (["query", "due", "--format", "xlsx"], "--out FILE"),
        (["queries", "--lang", "fr"], "--lang takes one of: zh, en"),
    ],
)
def test_wrong_words_get_one_line_and_status_2(run, words, says):
    done = run(*words)
    assert (done.status, done.out, len(done.err.splitlines())) == (2, "", 1)
    assert done.err.startswith("zhengling: ")
    assert says in done.err


def test_no_command_shows_the_help_with_status_2(run):
    done = run()
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("Usage:")


# --- tables and data -------------------------------------------------------------------------------------------------

EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"]


def test_no_cell_of_csv_or_workbook_becomes_a_formula(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    rows = [[text, [text, "x"], -1] for text in EVIL]
    read = list(csv.reader(io.StringIO(tables.as_csv(["=a", "b", "n"], rows), newline="")))
    assert read[0][0] == "'=a"
    assert [r[0] for r in read[1:]] == ["'" + text for text in EVIL]
    assert all(r[1].startswith("'") and r[2] == "-1" for r in read[1:])

    assert tables.write_xlsx(["=a", "b", "n"], rows, tmp_path / "x.xlsx", "a/b:c") == 0
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    for row in sheet.iter_rows(max_col=2):
        assert {(c.data_type, bool(c.quotePrefix)) for c in row} <= {("s", True), ("s", False)}
        assert row[0].data_type == "s"
        assert row[0].quotePrefix
    assert [c.value for c in sheet["C"][1:]] == [-1] * len(EVIL)


def test_a_workbook_takes_any_text(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    assert (
        tables.write_xlsx(["a"], [["\x00\x0b\x1b中文"], ["长" * 40000], [None], [True]], tmp_path / "x.xlsx", "x" * 50)
        == 1
    )
    values = [c.value for c in openpyxl.load_workbook(tmp_path / "x.xlsx").active["A"]]
    assert values[1] == "\ufffd\ufffd\ufffd中文"
    assert len(values[2]) == 32767
    assert values[3:] == [None, True]


def test_tables_show_words_as_they_are_and_fit_the_screen(capsys):
    rows = [["[bold]中[/bold]:smile:", "\x1b[31m红\x1b[0m\u202e", 3], ["很长的标题" * 30, "county", None]]
    tables.show(["title", "level", "tasks"], rows, Catalogue("zh"))
    out = capsys.readouterr().out
    assert "[bold]中[/bold]:smile:" in out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "标题" in out.splitlines()[0]
    wide = [sum(1 + (east_asian_width(c) in "WF") for c in line.rstrip()) for line in out.splitlines()]
    assert max(wide) <= 100


@pytest.mark.parametrize("width", ["60", "80", "100"])
def test_no_table_loses_a_character(run, built, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    for words in (
        ["document-summary"],
        ["missing-documents"],
        ["most-cited"],
        ["--cypher", "MATCH (d:Document) RETURN d.number AS a, d.title AS b, d.id AS c, d.date AS d, d.source AS e"],
    ):
        rows = json.loads(run("query", *words, "--workspace", built, "--format", "json").out)
        assert rows, words
        for row in rows:  # people get short names, and no column without a word
            if not row.get("address"):
                row.pop("address", None)
            row |= {"region": row["region"].rpartition("/")[2]} if "region" in row else {}
            row |= {"document": short_name(row["document"])} if "document" in row else {}
        texts = ["\n".join(map(str, v)) if isinstance(v, list) else str(v) for row in rows for v in row.values()]
        headings = [Catalogue("en").text(f"column-{c}") or c for c in rows[0]]
        out = run("query", *words, "--workspace", built).out
        assert all(heading in out.splitlines()[0] or f"\n{heading} " in f"\n{out}" for heading in headings)
        counted = Counter(c for c in "".join(texts).replace("None", "") if "\u4e00" <= c <= "\u9fff")
        assert Counter(c for c in out if "\u4e00" <= c <= "\u9fff") == counted


# --- extract ---------------------------------------------------------------------------------------------------------


def test_extract_writes_records_and_overwrites_nothing_in_silence(run, tmp_path):
    one, out = paper(tmp_path), tmp_path / "out"
    two = paper(tmp_path, "paper.md", tasks=3)
    (tmp_path / "deep").mkdir()
    three = paper(tmp_path / "deep", "paper.md", tasks=4)

    done = run("extract", one, two, three, "--out", out)
    assert (done.status, done.out) == (0, "")
    names = ["paper.json", "paper.md.2.json", "paper.md.json"]
    assert sorted(p.name for p in out.iterdir()) == names
    assert done.err.count("taken by another source") == 2
    assert len(json.loads((out / "paper.json").read_text("utf-8"))["tasks"]) == 2
    assert json.loads((out / "paper.md.2.json").read_text("utf-8"))["source"]["path"] == three.as_posix()

    before = {p.name: p.read_bytes() for p in out.iterdir()}
    assert run("extract", three, two, one, one, "--out", out).status == 0
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before

    paper(tmp_path, tasks=5)  # the same source, changed
    assert run("extract", one, "--out", out).status == 0
    assert sorted(p.name for p in out.iterdir()) == names
    assert len(json.loads((out / "paper.json").read_text("utf-8"))["tasks"]) == 5

    other = tmp_path / "other"
    other.mkdir()
    (other / "paper.json").write_text("my notes", "utf-8")
    done = run("extract", one, "--out", other)
    assert (other / "paper.json").read_text("utf-8") == "my notes"
    assert (other / "paper.txt.json").is_file()
    assert "paper.txt.json" in done.err


def test_extract_gives_what_the_public_function_gives(run, tmp_path):
    path = paper(tmp_path)
    run("extract", path, "--out", tmp_path / "out")
    assert (tmp_path / "out" / "paper.json").read_text("utf-8") == zhengling.extract(path).dumps()


# --- bad input -------------------------------------------------------------------------------------------------------

BAD = {
    "empty.txt": b"",
    "blank.txt": "\ufeff \r\n\u3000\n".encode(),
    "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "binary.txt": bytes(range(256)) * 64,
    "zip.txt": b"PK\x03\x04" + os.urandom(4000),
    "long.txt": "各乡镇要抓好落实。".encode() * 1_900_000,  # 50 MB
    "line.txt": ("县民政局要抓好养老服务工作" * 260_000).encode(),  # 10 MB without a line end
}


@pytest.fixture(scope="module")
def bad(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    for name, data in BAD.items():
        (folder / name).write_bytes(data)
    paper(folder, "good.txt")
    return folder


@pytest.mark.parametrize("name", [*BAD, "nowhere.txt", "nowhere/paper.txt"])
def test_a_file_that_is_no_paper_gets_one_line_and_the_others_are_read(run, bad, tmp_path, name):
    done = run("extract", bad / name, bad / "good.txt", "--out", tmp_path / "out")
    assert done.status == 1
    failures = [line for line in done.err.splitlines() if line.startswith("zhengling: ")]
    assert len(failures) == 1
    assert str(bad / name) in failures[0]
    assert "unexpected" not in failures[0]
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["good.json"]
    assert run("extract", bad / name, "--out", tmp_path / "out", lang="zh").err.startswith("zhengling: ")


ODD = {
    "no-tasks.txt": "松岭县概况\n松岭县位于樾原省北部，风景秀丽。\n".encode(),
    "nul.txt": "松政办发〔2023〕7号\n一、重点\x00任务\n（一）建好站\x00点。（责任单位：县民\x00政局）\n".encode(),
    "mixed.txt": "松岭县工作要点\n".encode()
    + "（一）建好站点。（责任单位：县民政局）\n".encode("gb18030")
    + "完。\n".encode(),
    "phones.txt": "联系人：张某 电话：0999-12345678〔2023〕5号楼 139 0000 1234\n值班电话〔2021〕1234567号\n".encode(),
    "gbk.txt": "松岭县工作要点\n一、任务\n（一）建好站点。（责任单位：县民政局）\n".encode("gb18030"),
    "utf16.txt": "松岭县工作要点\n一、任务\n（一）建好站点。（责任单位：县民政局）\n".encode("utf-16"),
    "deep.txt": ("（" * 20_000 + "县民政局" + "）" * 20_000).encode(),
    "marks.txt": ("《" * 5_000 + "〔2023〕" * 5_000).encode(),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_paper_is_read_and_what_is_odd_is_said(run, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(ODD[name])
    done = run("extract", path, "--out", tmp_path / "out", "--warnings")
    assert done.status == 0, done.err
    assert not any(line.startswith("zhengling: ") for line in done.err.splitlines())
    record = json.loads((tmp_path / "out" / (path.stem + ".json")).read_text("utf-8"))
    if name in ("no-tasks.txt", "mixed.txt"):
        assert record["warnings"]
        assert str(path) in done.err
    if name == "phones.txt":
        kept = json.dumps(record, ensure_ascii=False)
        assert record["citations"] == []
        assert "12345678" not in kept
        assert "139 0000" not in kept
        assert "12345678" not in done.err
    if name in ("gbk.txt", "utf16.txt"):
        assert [u["name"] for t in record["tasks"] for u in t["units"]] == ["县民政局"]


def test_a_wrong_folder_for_records_is_a_wrong_value(run, tmp_path):
    path = paper(tmp_path)
    done = run("extract", path, "--out", path)
    assert (done.status, len(done.err.splitlines())) == (2, 1)


def test_an_unexpected_failure_is_one_line_and_debug_shows_where(tmp_path):
    (tmp_path / "workspace" / "lexicon" / "units.csv").mkdir(parents=True)  # a folder where a file belongs
    done = process("build", paper(tmp_path), "--workspace", tmp_path / "workspace", LANG="C.UTF-8")
    assert done.returncode in (0, 1)
    assert b"Traceback" not in done.stderr


# --- build, remove ---------------------------------------------------------------------------------------------------


def test_build_prints_a_row_a_document_and_reads_only_what_changed(run, samples, tmp_path):
    papers, workspace = tmp_path / "papers", tmp_path / "workspace"
    shutil.copytree(samples, papers, ignore=shutil.ignore_patterns("gold", "*.md"))
    count = len(list(papers.iterdir()))
    done = run("build", papers, "--workspace", workspace)
    assert done.status == 0, done.err
    head, _, *rows = done.out.splitlines()
    assert head.split() == ["File", "Document", "Tasks", "Units", "Deadlines", "Citations", "Warnings"]
    assert sum("papers/" in row for row in rows) == count
    assert f"{count} files read, 0 failed" in done.err
    assert "0 files read" in run("build", papers, "--workspace", workspace).err
    next(papers.iterdir()).unlink()
    done = run("build", papers, "--workspace", workspace)
    assert "has left the graph" in done.err
    assert f"{count - 1} documents; 0 files read" in done.err
    assert f"{count - 1} files read" in run("build", papers, "--again", "--workspace", workspace).err


def test_bad_files_fail_alone_and_warnings_are_words(run, bad, tmp_path):
    workspace = tmp_path / "workspace"
    (tmp_path / "odd").mkdir()
    for name, data in ODD.items():
        (tmp_path / "odd" / name).write_bytes(data)
    done = run("build", bad, tmp_path / "odd", tmp_path / "nowhere", "--workspace", workspace, "--warnings")
    assert done.status == 1
    failures = [line for line in done.err.splitlines() if line.startswith("zhengling: ")]
    assert len(failures) == len(BAD) + 1
    assert not any("unexpected" in line for line in failures)
    assert "no tasks were found" in done.err
    assert "12345678" not in done.err
    listed = run("query", "document-summary", "--format", "json", "--workspace", workspace)
    assert len(json.loads(listed.out)) >= len(ODD) - 2  # some hold the same paper
    for path in (workspace / "records").iterdir():
        assert "12345678" not in path.read_text("utf-8")


def test_a_removed_document_stays_out_until_again(run, tmp_path):
    one, workspace = paper(tmp_path), tmp_path / "workspace"
    run("build", one, "--workspace", workspace)
    for name, status in (("nothing of that name", 2), ("松政办发〔2023〕7号", 0)):
        done = run("remove", name, "--workspace", workspace)
        assert (done.status, len(done.err.splitlines())) == (status, 1)
        assert name in done.err
    assert json.loads(run("query", "document-summary", "--format", "json", "--workspace", workspace).out) == []
    assert "stays out" in run("build", one, "--workspace", workspace).err
    assert "1 document;" in run("build", one, "--again", "--workspace", workspace).err


@pytest.mark.parametrize("words", [["query", "due"], ["trace", "x"], ["remove", "x"], ["view", "--out", "x.html"]])
def test_a_workspace_that_is_not_there_is_a_wrong_value(run, tmp_path, words):
    done = run(*words, "--workspace", tmp_path / "nowhere")
    assert (done.status, done.out, len(done.err.splitlines())) == (2, "", 1)
    assert str(tmp_path / "nowhere") in done.err
    assert not (tmp_path / "nowhere").exists()


# --- questions -------------------------------------------------------------------------------------------------------


def test_queries_lists_every_question_in_every_form(run, built, tmp_path):
    listed = json.loads(run("queries", "--format", "json", "--workspace", built).out)
    assert all(list(q) == ["name", "title", "description", "parameters", "columns"] for q in listed)
    names = [q["name"] for q in listed]
    assert {"unit-workload", "trace", "document-summary"} <= set(names)
    (task,) = next(q for q in listed if q["name"] == "trace")["parameters"]
    assert task == {"name": "task", "type": "task", "required": True}
    table = run("queries", "--workspace", built, lang="zh").out
    assert all(name in table for name in names)
    rows = list(csv.DictReader(io.StringIO(run("queries", "--format", "csv", "--workspace", built).out)))
    assert [r["name"] for r in rows] == names
    assert run("queries", "--format", "xlsx", "--out", tmp_path / "q.xlsx", "--workspace", built).status == 0

    own = built.parent / "own"
    (own / "queries").mkdir(parents=True)
    heads = [f"// {what}.{language}: One" for what in ("title", "description") for language in ("zh", "en")]
    text = "\n".join([*heads, "// columns: one", "RETURN 1 AS one"])
    (own / "queries" / "mine.cypher").write_text(text, "utf-8")
    assert "mine" in run("queries", "--workspace", own).out


def test_a_bad_question_fails_alone(run, built, tmp_path):
    own = tmp_path / "own"
    shutil.copytree(built, own)
    (own / "queries").mkdir(exist_ok=True)
    (own / "queries" / "bad.cypher").write_text("", "utf-8")
    (own / "queries" / "due.cypher").write_text("", "utf-8")
    done = run("queries", "--workspace", own)
    assert (done.status, "unit-workload" in done.out, done.err.count("\n")) == (0, True, 2)
    assert "bad.cypher" in done.err
    assert run("query", "unit-workload", "--workspace", own).status == 0
    assert run("query", "due", "--workspace", own).status == 0
    done = run("query", "bad", "--workspace", own)
    assert (done.status, "line 1" in done.err) == (1, True)


def test_a_question_answers_alike_in_every_form(run, built, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    ask = ["query", "unit-workload", "--set", "limit=0", "--workspace", built]
    rows = json.loads(run(*ask, "--format", "json").out)
    assert rows == zhengling.open(built).query("unit-workload", limit=0)
    assert len(rows) > 20
    columns = ["unit", "region", "lead", "responsible", "support", "total"]
    assert list(rows[0]) == columns
    read = list(csv.reader(io.StringIO(run(*ask, "--format", "csv").out)))
    assert read == [columns, *([str(v) for v in r.values()] for r in rows)]
    for form in ("csv", "json", "table", "xlsx", "md", "html"):
        out = tmp_path / f"out.{form}"
        done = run(*ask, "--format", form, "--out", out)
        assert (done.status, done.out, done.err) == (0, "", "")
        if form in ("csv", "json"):
            assert out.read_bytes().startswith(b"\xef\xbb\xbf") == (form == "csv")  # spreadsheets know UTF-8 by it
            assert out.read_text("utf-8-sig") == run(*ask, "--format", form).out
            assert run(*ask, "--out", tmp_path / f"x.{form}").status == 0
            assert (tmp_path / f"x.{form}").read_bytes() == out.read_bytes()  # the suffix says it, too
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert [list(r) for r in sheet.iter_rows(values_only=True)] == [columns, *(list(r.values()) for r in rows)]
    assert all(row["unit"] in run(*ask).out for row in rows[:3])


def test_data_is_utf_8_whatever_the_locale(built):
    for environ in (
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        {"PYTHONUTF8": "0", "LC_ALL": "POSIX"},
    ):
        done = process("query", "due", "--format", "json", "--workspace", built, **environ)
        assert json.loads(done.stdout.decode("utf-8"))[0]["task"]
        assert done.stderr == b""
        done = process("query", "document-summary", "--workspace", built, **environ)
        assert (done.returncode, b"Traceback" in done.stderr) == (0, False)


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["query", "unit-worklod"], 2, "unit-workload"),
        (["query", "due", "--set", "form=2023-01-01"], 2, "from, to, unit"),
        (["query", "due", "--set", "from=someday"], 2, "today+30"),
        (["query", "unit-workload", "--set", "limit=-1"], 2, "whole number"),
        (["query", "unit-tasks"], 2, "--set unit="),
        (["query", "--cypher", "MATCH (n) DETACH DELETE n"], 2, "DETACH"),
        (["query", "--cypher", "LOAD FROM '/etc/passwd' RETURN *"], 2, "LOAD"),
        (["query", "--cypher", "RETURN nothing"], 2, "nothing"),
        (["trace", "no such words anywhere"], 2, "no such words anywhere"),
        (["view", "--unit", "没有的局", "--out", "x.html"], 2, "没有的局"),
    ],
)
def test_a_wrong_question_says_what_would_be_right(run, built, words, status, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*words, "--workspace", built)
    assert (done.status, done.out, len(done.err.splitlines())) == (status, "", 1), done.err
    assert says in done.err


def test_an_empty_answer_is_an_answer(run, built):
    done = run("query", "find", "--set", "text=没有这样的词", "--workspace", built)
    assert (done.status, done.out, done.err) == (0, "", "no rows\nno task holds: 没有这样的词\n")
    assert run("query", "find", "--set", "text=没有这样的词", "--format", "json", "--workspace", built).out == "[]\n"
    assert (
        run("query", "find", "--set", "text=没有这样的词", "--format", "csv", "--workspace", built).out.count("\n") == 1
    )


def test_free_questions_take_parameters(run, built):
    text = "MATCH (d:Document) WHERE d.year = $year AND d.level = $level RETURN d.title AS title ORDER BY d.id"
    ask = [
        "query",
        "--cypher",
        text,
        "--set",
        "year=2023",
        "--set",
        "level=county",
        "--format",
        "json",
        "--workspace",
        built,
    ]
    rows = json.loads(run(*ask).out)
    assert len(rows) >= 2
    assert all("2023年" in r["title"] for r in rows)
    assert rows == zhengling.open(built).cypher(text, year=2023, level="county")


def test_a_reader_that_leaves_is_no_failure(built):
    command = f"'{COMMAND}' query unit-tasks --set unit=民政部 --workspace '{built}'; echo $?"
    for tail in ("true", "head -c 1"):
        shell = [
            "bash",
            "-c",
            f"set -o pipefail; {command.removesuffix('; echo $?')} | {tail}; echo ${{PIPESTATUS[0]}}",
        ]
        done = subprocess.run(shell, capture_output=True, text=True)
        assert (done.stdout.splitlines()[-1][-1], done.stderr) == ("0", "")


# --- trace, view -----------------------------------------------------------------------------------------------------


def test_trace_takes_an_id_or_words_and_lists_several_hits(run, built):
    graph = zhengling.open(built)
    (hit,) = graph.query("find", text="居家康复、上门诊疗")
    by_words, by_id = (
        run("trace", "居家康复、上门诊疗", "--workspace", built),
        run("trace", hit["task"], "--workspace", built),
    )
    assert by_words == by_id
    assert by_id.status == 0
    steps = graph.trace(hit["task"])
    assert [s["how"] for s in steps][:2] == ["task", "contains"]
    for step in steps:
        assert step["id"] in by_id.out
    assert "ends here: the national level is reached" in by_id.out
    chinese = run("trace", hit["task"], "--workspace", built, lang="zh").out
    assert "止于此" in chinese
    assert "（" in chinese

    done = run("trace", "养老", "--workspace", built)
    assert (done.status, len(done.err.splitlines())) == (1, 1)
    assert all(h["task"][:8] in done.out for h in graph.query("find", text="养老", limit=0))


def test_view_writes_one_page_in_the_language(run, built, tmp_path):
    pytest.importorskip("pyvis")
    done = run("view", "--unit", "县民政局", "--out", tmp_path / "view.html", "--workspace", built)
    assert done.status in (0, 1), done.err  # 1: several counties have one
    done = run("view", "--out", tmp_path / "view.html", "--workspace", built, lang="zh")
    assert (done.status, done.out, len(done.err.splitlines())) == (0, "", 1)
    assert "图例" in (tmp_path / "view.html").read_text("utf-8")
    done = run("view", "--out", tmp_path / "no" / "view.html", "--workspace", built)
    assert (done.status, len(done.err.splitlines())) == (1, 1)


# --- in a notebook ---------------------------------------------------------------------------------------------------


def test_the_public_functions(samples, built, tmp_path):
    pandas = pytest.importorskip("pandas")
    record = zhengling.extract(samples / "lutan-2023.txt")
    assert record.document.number == "鹭政办发〔2023〕22号"
    graph = zhengling.open(tmp_path / "workspace")
    report = graph.build(str(samples / "lutan-2023.txt"))
    assert [p.document for p in report.papers] == [record.document.number]
    frame = pandas.DataFrame(graph.query("due", from_="2023-01-01"))
    assert list(frame.columns)[:5] == ["task", "title", "deadline", "units", "document"]
    assert len(frame) > 2
    graph.view(tmp_path / "view.html", document=record.document.number, language="en")
    assert (tmp_path / "view.html").stat().st_size > 10_000
    network = graph.networkx()
    assert network.number_of_nodes() == graph.cypher("MATCH (n) RETURN count(*) AS n")[0]["n"]
    with pytest.raises(zhengling.ZhenglingError) as found:
        zhengling.open(built).trace("养老")
    assert found.value.code == "several-tasks"
    assert len(found.value.values["hits"]) == found.value.values["count"] > 1


@pytest.mark.parametrize(
    "words",
    [
        ["build", ""],
        ["build", " "],
        ["extract", "", "--out", "x"],
        ["remove", ""],
        ["remove", " "],
        ["query", "due", "--set", "limit=1", "--set", "limit=2"],
        ["query", "--cypher", "RETURN 1 AS a, 2 AS a"],
    ],
)
def test_nothing_is_done_for_an_empty_name_or_a_word_given_twice(run, built, monkeypatch, tmp_path, words):
    monkeypatch.chdir(tmp_path)
    paper(tmp_path)
    workspace = [] if words[0] == "extract" else ["--workspace", built]
    done = run(*words, *workspace)
    assert (done.status, done.out, len(done.err.splitlines())) == (2, "", 1)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_failure(built, tmp_path, closed):
    one, workspace = paper(tmp_path), tmp_path / "workspace"
    for words in (["query", "due", "--workspace", built], ["build", one, "--workspace", workspace]):
        line = " ".join(shlex.quote(str(w)) for w in [COMMAND, *words])
        done = subprocess.run(["sh", "-c", f"{line} {closed}"], capture_output=True)
        assert (done.returncode, b"Error" in done.stderr) == (0, False)
    assert any((workspace / "records").iterdir())


def test_words_of_the_graph_and_of_the_system_are_in_the_language(run, built):
    task = json.loads(run("query", "find", "--set", "text=服务", "--format", "json", "--workspace", built).out)[0][
        "task"
    ]
    out = run("query", "trace", "--set", f"task={task}", "--workspace", built, lang="zh").out
    assert not re.search("not loaded|names no|superior", out)
    error = zhengling.ZhenglingError("workspace-not-written", 1, workspace="ro", reason="Permission denied")
    error.__cause__ = PermissionError(13, "Permission denied")
    assert Catalogue("zh").error(error).endswith("没有权限")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("form", ["xlsx", "json", "csv"])
def test_a_full_disk_is_one_line_that_names_the_file(run, built, form):
    done = run("query", "due", "--format", form, "--out", "/dev/full", "--workspace", built)
    assert (done.status, len(done.err.splitlines())) == (1, 1)
    assert "/dev/full" in done.err


# --- the README ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "language"), [("README.md", "en"), ("README.zh-CN.md", "zh")])
def test_the_readme_is_true(name, language, run, samples, tmp_path, monkeypatch):
    """Its commands print what it shows, its question and word lists work, its Python runs."""
    text = (samples.parent / name).read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    shutil.copytree(samples, tmp_path / "samples")
    blocks = re.findall(r"```(\w+)\n(.*?)```", text, re.S)
    for kind, body in blocks:
        if kind == "console":
            command, _, wanted = body.removeprefix("$ zhengling ").partition("\n")
            done = run(*shlex.split(command), lang=language)
            assert done.status == 0
            shown = "\n".join(line.rstrip() for line in (done.out + done.err).splitlines())
            if os.environ.get("ZHENGLING_README") == "write":  # `make readme`
                text = text.replace(wanted, shown + "\n")
                (samples.parent / name).write_text(text, "utf-8")
            else:
                assert shown == wanted.rstrip("\n")
    for line in re.findall(r"^    zhengling (.*)$", text, re.M):
        done = run(*shlex.split(line, comments=True))
        assert done.status == 0, (line, done.err)

    workspace = tmp_path / "zhengling-workspace"
    for folder in ("queries", "lexicon"):
        (workspace / folder).mkdir()
    for at, (kind, body) in enumerate(blocks):
        if kind == "cypher":
            (workspace / "queries" / "mine.cypher").write_text(body, "utf-8")
            assert run("query", "mine", "--set", "least=9").out.count("\n") > 4
        if kind == "csv":
            (workspace / "lexicon" / f"{at}.csv").write_text(body, "utf-8")
    done = run("build", "samples")
    assert (done.status, "9 files read" in done.err) == (0, True)
    rows = json.loads(run("query", "find", "--set", "text=探访关爱", "--format", "json").out)
    assert len(rows) == 1

    pytest.importorskip("pandas")
    code = next(body for kind, body in blocks if kind == "python")
    exec(compile(code, name, "exec"), {})
    assert (tmp_path / "graph.html").is_file()


def test_both_readmes_show_the_same(samples):
    english, chinese = (
        re.findall(r"```(\w+)\n(\$ .*?\n|.*?```)", (samples.parent / name).read_text("utf-8"), re.S)
        for name in ("README.md", "README.zh-CN.md")
    )
    assert [b for b in english if b[0] != "python"] == [b for b in chinese if b[0] != "python"]
    assert (samples.parent / "README.md").read_text("utf-8").index("make demo") < 40
