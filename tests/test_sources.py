"""Where papers come from: folders and ZIPs, wrong names, notices and attachments in files of their own."""

from __future__ import annotations

import io
import itertools
import json
import random
import shutil
import zipfile
from pathlib import Path

import pytest
from zhengling.app.messages import LANGUAGES, Catalogue
from zhengling.extractors.errors import PaperError
from zhengling.extractors.limits import Settings
from zhengling.extractors.model import Record
from zhengling.extractors.papers import paper_of
from zhengling.extractors.steps.attachments import Card, plan
from zhengling.graph.workspace.workspace import Workspace

from .test_workspace import graph, kept, sources

NOTICE = """{place}人民政府办公室关于做好2024年便民服务工作的通知

{mark}政办字〔2024〕{number}号

各乡镇人民政府，县政府各部门：
为贯彻落实《国务院办公厅关于推进便民服务的意见》（国办发〔2023〕908号）精神，现将有关事项通知如下。
一、强化组织保障
（一）各有关单位要高度重视，明确专人负责，按月调度工作进展，确保各项任务按期完成。
附件：{announced}
{place}人民政府办公室
2024年3月5日
"""
ROWS = "\n".join(
    f"{n}\t任务{n}\t完成第{n}处便民服务站的建设并对外开放。\t县民政局\t2024年{n}月底前" for n in range(1, 7)
)
TABLE = "{title}\n\n序号\t工作任务\t工作要求\t责任单位\t完成时限\n" + ROWS


def notice(
    place: str = "枫浦县", mark: str = "枫", number: int = 7, announced: str = "枫浦县便民服务任务分解表"
) -> str:
    return NOTICE.format(place=place, mark=mark, number=number, announced=announced)


def table(title: str = "枫浦县便民服务任务分解表") -> str:
    return TABLE.format(title=title)


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("p").mkdir()
    return tmp_path


def put(**files: str) -> None:
    for name, text in files.items():
        path = Path("p", name.replace("__", "/") + ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def only() -> Record:
    (record,) = Workspace("w").records()
    return record


def said(record: Record) -> dict:
    """A record without evidence, source and numbers of sentences."""

    def plain(value):
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items() if k not in ("evidence", "source", "place", "sentence")}
        return [plain(v) for v in value] if isinstance(value, list) else value

    return plain(record.to_json())


# --- ZIPs ------------------------------------------------------------------------------------------------------------


def pack(path: str, files: dict[str, bytes], encoding: str = "") -> None:
    """A ZIP; in an `encoding` names go in without the mark of UTF-8, as Chinese Windows writes them."""
    coded = {"x" * len(name.encode(encoding)) if encoding else name: name for name in files}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for plain, name in coded.items():
            archive.writestr(zipfile.ZipInfo(plain), files[name], zipfile.ZIP_DEFLATED)
    if encoding:
        data = Path(path).read_bytes()
        for plain, name in coded.items():
            data = data.replace(plain.encode(), name.encode(encoding))
        Path(path).write_bytes(data)


def test_a_zip_is_like_a_folder(here, samples):
    files = {f"年度/{p.name}": p.read_bytes() for p in sorted(samples.glob("*.txt"))}
    Path("p/年度").mkdir()
    for name, data in files.items():
        Path("p", name).write_bytes(data)
    Workspace("f").build(["p"])
    shutil.rmtree("p")
    Path("p").mkdir()
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("luyin-2023.txt", files.pop("年度/luyin-2023.txt"))
    pack(
        "p/全部.zip",
        files | {"年度/里.zip": inner.getvalue(), "__MACOSX/年度/._a.txt": b"x", "picture.png": b"\x89PNG"},
    )
    report = Workspace("w").build(["p"])
    assert report.failures == []
    names = sorted([f"p/全部.zip/{n}" for n in files] + ["p/全部.zip/年度/里.zip/luyin-2023.txt"])
    assert sorted(sources("w")) == names
    assert {k: len(v) for k, v in graph("w").items()} == {k: len(v) for k, v in graph("f").items()}
    assert graph("w")["Task"] == graph("f")["Task"]
    assert Workspace("w").build(["p"]).read == []
    # One that vanished out of the ZIP leaves; one that changed is read anew.
    gone = files.pop("年度/lutan-2023.txt")
    files["年度/fengpu-2023.txt"] = files["年度/fengpu-2023.txt"].replace("县民政局".encode(), "县财政局".encode())
    pack("p/全部.zip", files | {"年度/里.zip": inner.getvalue()})
    report = Workspace("w").build(["p/全部.zip"])
    assert report.gone == ["p/全部.zip/年度/lutan-2023.txt"]
    assert report.read == ["p/全部.zip/年度/fengpu-2023.txt"]
    assert Workspace("w").build(["p/全部.zip/年度/guowuyuan-2023.txt"]).gone == []
    assert Workspace("w").remove("guowuyuan-2023.txt") == ["p/全部.zip/年度/guowuyuan-2023.txt"]
    Path("p/全部.zip").unlink()
    assert len(Workspace("w").build(["p"], gone=True).gone) == len(files)
    assert sources("w") == []
    assert gone


def test_names_in_a_zip_of_chinese_windows(here, samples, run):
    data = (samples / "lutan-2023.txt").read_bytes()
    pack("p/a.zip", {"通知/鹭滩县.txt": data}, "gb18030")
    assert zipfile.ZipFile("p/a.zip").namelist() != ["通知/鹭滩县.txt"]
    Workspace("w").build(["p"])
    assert sources("w") == ["p/a.zip/通知/鹭滩县.txt"]
    assert run("extract", "p/a.zip", "--out", "out").status == 0
    assert [p.name for p in Path("out").iterdir()] == ["鹭滩县.json"]


def test_extract_and_build_read_the_same(here, samples, run):
    pack("p/a.zip", {p.name: p.read_bytes() for p in samples.glob("*.txt")})
    put(n=notice(), t=table())
    assert run("extract", "p", here / "p", "--out", "out").status == 0
    Workspace("w").build(["p"])
    built = {r.source["path"]: r for r in Workspace("w").records()}
    for path in Path("out").iterdir():
        data = json.loads(path.read_text("utf-8"))
        assert data == built.pop(data["source"]["path"]).to_json()
    assert built == {}


# --- names that are wrong --------------------------------------------------------------------------------------------

PAGE = "<!DOCTYPE html><html><body>{}</body></html>"


@pytest.mark.parametrize("name", ["a.doc", "a.txt", "a.xls", "a", "a.docx", "a.pdf", "a.wps"])
def test_a_page_under_another_name(here, name):
    text = notice()
    Path("p", name).write_text(PAGE.format("".join(f"<p>{line}</p>" for line in text.splitlines())), "utf-8")
    report = Workspace("w").build(["p"])
    assert (report.failures, only().document.number) == ([], "枫政办字〔2024〕7号")


@pytest.mark.parametrize("name", ["a.doc", "a.txt", "a", "a.html", "a.xlsx", "b.zip"])
def test_word_under_another_name(here, name):
    from docx import Document

    document = Document()
    for line in notice().splitlines():
        document.add_paragraph(line)
    document.save(str(here / "a.docx"))
    shutil.move(here / "a.docx", Path("p", name))
    assert Workspace("w").build(["p"]).failures == []
    assert only().document.number == "枫政办字〔2024〕7号"


@pytest.mark.parametrize("name", ["a.doc", "a.docx", "a.pdf", "a.rtf", "a.xls"])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_text_under_the_name_of_another_format(here, name, encoding, monkeypatch):
    monkeypatch.setenv("PATH", "")  # without LibreOffice, too
    monkeypatch.setattr("zhengling.extractors.readers.office.libreoffice.PLACES", ())
    Path("p", name).write_text(notice() + "。" * 5000, encoding)
    assert Workspace("w").build(["p"]).failures == []
    assert only().document.number == "枫政办字〔2024〕7号"


def test_word_that_saved_a_page_in_one_file(here):
    lines = "".join(f"<p>{line}</p>" for line in notice().splitlines())
    parts = ["MIME-Version: 1.0", 'Content-Type: multipart/related; boundary="b"', "", "--b"]
    parts += [
        'Content-Type: text/html; charset="utf-8"',
        "Content-Transfer-Encoding: 8bit",
        "",
        f"<html><body>{lines}</body></html>",
        "--b--",
    ]
    Path("p/a.doc").write_text("\r\n".join(parts), "utf-8")
    assert Workspace("w").build(["p"]).failures == []
    assert only().document.number == "枫政办字〔2024〕7号"


def test_without_libreoffice_a_line_says_how_to_get_it(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("zhengling.extractors.readers.office.libreoffice.PLACES", ())
    with pytest.raises(PaperError) as error:
        paper_of(".rtf", "a.rtf", rb"{\rtf1\ansi 2024}", Settings())
    error.value.values["path"] = "a.rtf"
    for language in LANGUAGES:
        assert "apt-get install libreoffice-writer-nogui" in Catalogue(language).error(error.value)


# --- notice and attachment -------------------------------------------------------------------------------------------

ALONE = notice() + "\n附件\n" + table()


@pytest.mark.parametrize(
    ("announced", "name", "title"),
    [
        ("枫浦县便民服务任务分解表", "2024-03", "枫浦县便民服务任务分解表"),  # by its first line
        ("枫浦县便民服务任务分解表", "附件1：枫浦县便民服务任务分解表", "任务分解表"),  # by its name
        ("1.枫浦县便民服务任务分解表\n2.联系人名单", "t", "附件1\n枫浦县便民服务任务分解表"),
        ("《便民服务任务分解表》", "t", "枫浦县便民服务任务分解表"),  # but for the place
        ("枫浦县人民政府办公室便民服务任务分解表", "t", "便民服务任务分解表"),
        (
            "枫浦县 “便民服务” 任务分解表.docx",
            "t",
            "枫浦县便民服务\n任务分解表",
        ),  # but for signs; a title over two lines
    ],
)
def test_notice_and_attachment_are_one_document(here, run, announced, name, title):
    text = notice(announced=announced)
    put(**{"通知": text, name: table(title)})
    done = run("build", "p", "--workspace", "w")
    assert done.status == 0
    assert f"p/{name}.txt: read as an attachment of p/通知.txt" in done.err
    joined = only()
    assert [t.units[0].name for t in joined.tasks] == ["县民政局"] * 6  # the notice's own chapters are no tasks
    Path("one.txt").write_text(text + ("" if title.startswith("附件") else "附件\n") + table(title), "utf-8")
    Workspace("v").build(["one.txt"])
    (whole,) = Workspace("v").records()
    assert said(whole) == said(joined)
    assert [{k: e[k] for k in ("path",)} for e in joined.source["attachments"]] == [{"path": f"p/{name}.txt"}]
    evidence = joined.tasks[0].units[0].evidence[0]
    source = Path(evidence.place["file"]).read_text("utf-8")
    assert source[evidence.start : evidence.end] == evidence.quote == "县民政局"
    assert source.splitlines()[evidence.place["line"] - 1].split("\t")[3] == "县民政局"
    assert (evidence.place["table"], evidence.place["row"], evidence.place["column"]) == (1, 2, 4)
    assert "file" not in joined.document.evidence["number"][0].place
    assert Workspace("w").build(["p"]).read == []


def test_what_happens_to_either_file(here):
    put(n=notice(), t=table())

    def as_new() -> None:
        shutil.rmtree("v", ignore_errors=True)
        Workspace("v").build(["p"])
        assert kept("w") == kept("v")

    assert Workspace("w").build(["p"]).joined == {"p/t.txt": "p/n.txt"}
    put(t=table().replace("县民政局", "县财政局"))
    report = Workspace("w").build(["p"])
    assert (sorted(report.read), report.documents) == (["p/n.txt", "p/t.txt"], 1)
    assert {u.name for t in only().tasks for u in t.units} == {"县财政局"}
    as_new()
    put(n=notice(number=9))
    Workspace("w").build(["p/n.txt"])  # the attachment is not given, and stays
    assert (only().document.number, len(only().tasks)) == ("枫政办字〔2024〕9号", 6)
    as_new()
    put(n=notice(number=9, announced="别的清单"))
    assert Workspace("w").build(["p"]).documents == 2
    as_new()
    put(n=notice())
    Workspace("w").build(["p"])
    shutil.rmtree("w/cache")
    assert Workspace("w").build(["p"]).read == []
    as_new()
    Path("p/t.txt").unlink()
    assert Workspace("w").build(["p"]).gone == ["p/t.txt"]
    assert len(only().tasks) < 6
    as_new()
    put(t=table())
    Workspace("w").build(["p"])
    as_new()
    Path("p/n.txt").unlink()
    assert Workspace("w").build(["p"]).gone == ["p/n.txt"]
    assert (only().document.number, len(only().tasks)) == (None, 6)
    as_new()
    put(n=notice())
    Workspace("w").build(["p"])
    Path("p/t.txt").write_bytes(b"")
    report = Workspace("w").build(["p"])
    assert [f.path for f in report.failures] == ["p/t.txt"]
    as_new()


@pytest.mark.parametrize("name", ["枫政办字〔2024〕7号", "p/t.txt", "t.txt", "p/n.txt"])
def test_both_files_are_removed(here, name):
    put(n=notice(), t=table(), other=notice("柳河县", "柳", announced="无"))
    Workspace("w").build(["p"])
    assert Workspace("w").remove(name) == ["p/n.txt", "p/t.txt"]
    assert sorted(Workspace("w").build(["p"]).removed) == ["p/n.txt", "p/t.txt"]
    assert sources("w") == ["p/other.txt"]
    Workspace("w").build(["p"], again=True)
    Workspace("v").build(["p"])
    assert (kept("w"), graph("w")) == (kept("v"), graph("v"))


def test_the_order_of_builds_does_not_matter_for_attachments(here):
    put(n=notice(), t=table(), m=notice("柳河县", "柳", announced="柳河县清单"), u=table("柳河县清单"))
    Workspace("all").build(["p"])
    for at, order in enumerate(itertools.permutations(["n", "t", "m", "u"])):
        if at % 11 == 5:
            for name in order:
                Workspace(f"w{at}").build([f"p/{name}.txt"])
            assert kept(f"w{at}") == kept("all")


def test_what_is_not_plain_is_not_joined(here, run):
    put(n=notice(), t=table(), u=table().replace("县民政局", "县财政局"))
    done = run("build", "p", "--workspace", "w")
    assert done.status == 0
    assert "p/t.txt: may be an attachment but is read alone" in done.err
    assert "归属不明确" in run("build", "p", "--workspace", "w", lang="zh").err
    assert len(sources("w")) == 3
    Path("p/u.txt").unlink()
    put(m=notice("枫浦县", "枫", 8))
    assert Workspace("w").build(["p"]).unsure == {"p/t.txt": ["p/m.txt", "p/n.txt"]}
    # Folders decide: each notice with the file beside it.
    shutil.rmtree("p")
    put(a__n=notice(), a__t=table(), b__n=notice(number=8), b__t=table().replace("县民政局", "县财政局"))
    assert Workspace("x").build(["p"]).joined == {"p/a/t.txt": "p/a/n.txt", "p/b/t.txt": "p/b/n.txt"}


def test_a_list_beside_the_files_decides(here, run):
    put(n=notice(announced="无"), t=table("工作安排"), m=notice(number=8))
    Path("p/sources.csv").write_text(
        "file,url,date,attachment_of\nt.txt,http://a.example/t,2024-05-01,n.txt\n", "utf-8"
    )
    assert Workspace("w").build(["p"]).joined == {"p/t.txt": "p/n.txt"}
    done = run("extract", "p", "--out", "out")
    assert done.err.count("read as an attachment") == 1 and "2 of 2 records written to out" in done.err
    Path("p/sources.csv").write_text("file,attachment_of\nt.txt,m.txt\nm.txt,m.txt\nx.txt,m.txt\nt.txt,\n", "utf-8-sig")
    assert Workspace("w").build(["p"]).joined == {"p/t.txt": "p/m.txt"}
    Workspace("v").build(["p"])
    assert kept("w") == kept("v")
    Path("p/sources.csv").write_text("file,attachment_of\nn.txt,t.txt\nt.txt,n.txt\n", "gb18030")
    assert Workspace("w").build(["p"]).joined == {}  # a circle
    Path("p/sources.csv").write_text("name\nt.txt\n", "utf-8")
    done = run("build", "p", "--workspace", "w")
    assert (done.status, "no list of sources" in done.err) == (1, True)
    assert len(sources("w")) == 3


def test_what_the_notice_holds_already_is_not_read_twice(here):
    put(n=ALONE, t=table())
    assert Workspace("w").build(["p"]).joined == {"p/t.txt": "p/n.txt"}
    assert len(only().tasks) == 6


def test_an_attachment_that_comes_as_two_files_is_read_once(here, run):
    """A page often offers one attachment as DOC and as PDF; two tables of the same requirements are not that."""
    put(n=notice(announced="无"), t=table(), u=table() + "\n\n")
    Path("p/sources.csv").write_text("file,attachment_of\nt.txt,n.txt\nu.txt,n.txt\n", "utf-8")
    assert Workspace("w").build(["p"]).joined == {"p/t.txt": "p/n.txt", "p/u.txt": "p/n.txt"}
    assert len(only().tasks) == 6
    put(u=table("各乡镇便民服务任务分解表").replace("县民政局", "各乡镇人民政府"))
    Workspace("w").build(["p"])
    assert [u.name for t in only().tasks for u in t.units] == ["县民政局"] * 6 + ["各乡镇人民政府"] * 6


def test_findings_in_an_attachment_name_it_as_the_record_does(here, run):
    put(n=notice(), t=table().replace("完成第2处", "结合柳河县实际，完成第2处"))
    Workspace("w").build(["p"])
    (finding,) = only().findings
    assert (finding.code, finding.place["file"]) == ("foreign-place", "p/t.txt")
    # What is announced and joined is not absent, in whatever file it stands.
    assert "attachment-absent" not in run("check", "--workspace", "w").out
    Path("p/t.txt").unlink()
    Workspace("w").build(["p"])
    assert "attachment-absent" in run("check", "--workspace", "w").out


def test_an_export_carries_what_was_joined(here, run):
    put(n=notice(), t=table())
    Workspace("w").build(["p"])
    assert run("export", "--format", "nquads", "--out", "a.nq", "--workspace", "w").status == 0
    # Another paper that announces the same and is called the same is there already.
    put(n=notice(number=8), t=table().replace("县民政局", "县财政局"))
    Workspace("v").build(["p"])
    shutil.rmtree("p")
    assert run("import", "a.nq", "--workspace", "v").status == 0
    found = {r.source["path"]: (r.document.number, len(r.tasks)) for r in Workspace("v").records()}
    assert found == {"p/n.txt": ("枫政办字〔2024〕8号", 6), "p/n-2.txt": ("枫政办字〔2024〕7号", 6)}
    assert run("import", "a.nq", "--workspace", "u").status == 0
    assert run("export", "--format", "nquads", "--out", "b.nq", "--workspace", "u").status == 0
    assert Path("a.nq").read_bytes() == Path("b.nq").read_bytes()
    assert [a["path"] for a in next(iter(Workspace("u").records())).source["attachments"]] == ["p/t.txt"]


def test_two_folders_of_one_name_lose_nothing(here, run):
    for place, mark in (("枫浦县", "枫"), ("柳河县", "柳")):
        Path(mark, "p").mkdir(parents=True)
        Path(mark, "p/n.txt").write_text(notice(place, mark, announced=f"{place}清单"), "utf-8")
        Path(mark, "p/t.txt").write_text(table(f"{place}清单"), "utf-8")
    assert run("extract", here / "枫/p", here / "柳/p", "--out", "out").status == 0
    records = [Record.from_json(json.loads(p.read_text("utf-8"))) for p in Path("out").iterdir()]
    assert sorted((r.source["path"], r.document.region, len(r.tasks)) for r in records) == [
        ("p/n.txt", "枫浦县", 6),
        ("柳/p/n.txt", "柳河县", 6),
    ]


def test_a_paper_with_a_number_of_its_own_is_no_attachment(here):
    put(n=notice(announced="枫浦县人民政府办公室关于做好2024年便民服务工作的通知"), m=notice(number=8))
    report = Workspace("w").build(["p"])
    assert (report.joined, report.documents) == ({}, 2)


@pytest.mark.parametrize("seed", range(3))
def test_a_plan_is_the_same_in_any_order(seed):
    cards = [
        Card("a/n", [], ["甲单位任务表", "乙清单"]),
        Card("a/甲单位任务表.xlsx", ["甲单位任务表"]),
        Card("a/x.doc", ["乙清单"]),
        Card("b/n", [], ["甲单位任务表"]),
        Card("b/y.doc", ["某县甲单位任务表"]),
        Card("c/z.doc", ["甲单位任务表"]),
        Card("d/p", ["互相一"], ["互相二清单"]),
        Card("d/q", ["互相二清单"], ["互相一"]),
    ]
    before = plan(cards)
    random.Random(seed).shuffle(cards)
    after = plan(cards)
    assert (before.joined, before.unsure) == (after.joined, after.unsure)
    assert before.joined == {"a/n": ["a/甲单位任务表.xlsx", "a/x.doc"], "b/n": ["b/y.doc"]}
    assert {"c/z.doc", "d/p", "d/q"} == set(before.unsure)
