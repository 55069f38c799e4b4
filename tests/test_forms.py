"""One paper in every form gives one record, and that is what was written: clean, and with the dirt that papers have in
life. What is written are facts; no reader takes part."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from zhengling.app.messages import Catalogue
from zhengling.extractors.errors import PaperError
from zhengling.extractors.model import Record
from zhengling.extractors.papers import Reader
from zhengling.extractors.pipeline import extract
from zhengling.extractors.readers.registry import reader_of

from . import forms
from .truth import ROOT, SETS, real_papers

#: Form → its writer and the suffix of its files.
WRITERS = {
    "docx": (forms.docx, ".docx"),
    "html": (forms.html, ".html"),
    "xlsx": (forms.xlsx, ".xlsx"),
    "markdown": (forms.markdown, ".md"),
    "text": (forms.text, ".txt"),
    "csv": (forms.table_only, ".csv"),
}
#: Extra → the packages that it brings.
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
#: The facts of the papers of invented places, and facts invented anew, laid out in every way.
PAPERS = [
    *(paper for folders in SETS.values() for paper in forms.papers(*folders).values()),
    *(forms.drawn(f"invented {n}", **way) for n, way in enumerate(forms.WAYS * 2)),
]
#: One of each way, whose files are made dirty and converted.
SOME = PAPERS[: len(forms.WAYS)]
#: Of all facts at most this share is read otherwise than it was written: some facts of papers mean something else in
#: another layout.
OTHERWISE = 0.007


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as reader:
        yield reader


@pytest.fixture(scope="module")
def known(reader: Reader, tmp_path_factory) -> dict[str, Record]:
    """The records of all papers as plain text."""
    folder = tmp_path_factory.mktemp("text")
    return {p.name: extract(forms.text(p.layout, folder / f"{p.name}.txt"), reader=reader) for p in PAPERS}


def bare(value: Any) -> Any:
    """A record without what may differ."""
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if k not in ("evidence", "source")}
    if isinstance(value, list):
        return [bare(v) for v in value]
    return value


def differences(here: Record, there: Record) -> list[tuple[str, ...]]:
    one, other = forms.folded(here.to_json()), forms.folded(there.to_json())
    return [*(one - other), *(other - one)]


# --- the same record -------------------------------------------------------------------------------------------------


def test_the_papers_are_read_as_they_were_written(known: dict[str, Record]):
    """The facts that went in come out: nothing is lost in all forms alike."""
    found = [paper.wrong(known[paper.name].to_json()) for paper in PAPERS]
    assert len(PAPERS) >= 90
    assert sum(len(wrong) for wrong, _ in found) <= OTHERWISE * sum(facts for _, facts in found), found
    assert sum(not wrong for wrong, _ in found) >= 0.9 * len(PAPERS)


@pytest.mark.parametrize("form", [form for form in WRITERS if form != "text"])
def test_every_form_gives_the_same_record(form: str, tmp_path: Path, reader: Reader, known: dict[str, Record]):
    write, suffix = WRITERS[form]
    for paper in PAPERS:
        path = write(paper.layout, tmp_path / (paper.name + suffix))
        assert bare(extract(path, reader=reader).to_json()) == bare(known[paper.name].to_json()), paper.name


def test_every_cell_and_paragraph_has_its_place(tmp_path: Path, reader: Reader):
    """Evidence says where in the file a fact stands, and quotes the reader's text there."""
    paper = forms.drawn("places", **forms.WAYS[0])
    at = next(n for n, item in enumerate(paper.layout) if isinstance(item, forms.Ruled))
    table = paper.layout[at]
    assert isinstance(table, forms.Ruled)
    lead, limit = (1 + table.kinds.index(kind) for kind in ("lead", "deadline"))
    for form, row in (("docx", 2), ("xlsx", at + 2), ("csv", None), ("markdown", None)):
        write, suffix = WRITERS[form]
        path = write(paper.layout, tmp_path / f"{form}{suffix}")
        record, source = extract(path, reader=reader), reader.read(path).source
        unit, due = record.tasks[0].units[0].evidence[0], record.tasks[0].deadlines[-1].evidence[0]
        assert source[unit.start : unit.end] == unit.quote == record.tasks[0].units[0].name
        assert (due.place["column"], unit.place["column"]) == (limit, lead), form
        assert unit.place["table"] == 1
        assert row is None or unit.place["row"] == row
        assert record.document.evidence["title"][0].place != unit.place
    assert extract(tmp_path / "xlsx.xlsx").tasks[0].evidence[0].place["sheet"] == "分解表"


@pytest.mark.parametrize("dirt", forms.DIRT)
def test_dirt_changes_no_fact(dirt: str, tmp_path: Path, reader: Reader, known: dict[str, Record]):
    for paper in SOME:
        layout = forms.DIRT[dirt](paper.layout)
        for form, (write, suffix) in WRITERS.items():
            path = write(layout, tmp_path / f"{paper.name}{suffix}")
            assert differences(known[paper.name], extract(path, reader=reader)) == [], (paper.name, form)


def test_all_dirt_at_once(tmp_path: Path, reader: Reader, known: dict[str, Record]):
    for paper in SOME:
        layout = paper.layout
        for change in forms.DIRT.values():
            layout = change(layout)
        for form, (write, suffix) in WRITERS.items():
            path = write(layout, tmp_path / f"{paper.name}{suffix}")
            assert differences(known[paper.name], extract(path, reader=reader)) == [], (paper.name, form)


# --- what LibreOffice makes of it ------------------------------------------------------------------------------------


def test_pdf_and_xls_of_libreoffice(tmp_path: Path, reader: Reader, known: dict[str, Record]):
    pages = [forms.docx(paper.layout, tmp_path / f"{paper.name}.docx") for paper in SOME]
    books = [forms.xlsx(paper.layout, tmp_path / f"{paper.name}.xlsx") for paper in SOME]
    for made in (forms.convert(pages, "pdf", tmp_path), forms.convert(books, "xls", tmp_path)):
        for paper, path in zip(SOME, made, strict=True):
            assert differences(known[paper.name], extract(path, reader=reader)) == [], path.name


def test_what_libreoffice_turns_into_docx(tmp_path: Path, reader: Reader, known: dict[str, Record]):
    """Also a table that ends the paper: LibreOffice writes no paragraph behind it, and reads it back as one line."""
    paper = SOME[0]
    last = max(n for n, item in enumerate(paper.layout) if isinstance(item, forms.Ruled))
    made = forms.docx(paper.layout[: last + 1], tmp_path / "a.docx")
    bare_end = docx.Document(str(made))
    assert bare_end.element.body[-2].tag.endswith("}tbl")
    right = bare(extract(made, reader=reader).to_json())
    assert differences(known[paper.name], extract(made, reader=reader)) == []
    for form in ("doc", "odt", "rtf"):
        (path,) = forms.convert([made], form, tmp_path)
        assert bare(extract(path, reader=reader).to_json()) == right, form


# --- the real papers -------------------------------------------------------------------------------------------------


def test_the_facts_of_the_real_papers_in_every_form(tmp_path: Path, reader: Reader):
    """Of the facts of each real paper, laid out anew, at most one in fifty is read otherwise in each form; one in
    twenty in PDF."""
    shared = real_papers()
    papers = forms.papers(shared / "corpus", shared / "gold")
    assert len(papers) == 5
    files = {
        form: [write(paper.layout, tmp_path / f"{paper.name}{suffix}") for paper in papers.values()]
        for form, (write, suffix) in WRITERS.items()
    }
    files["pdf"] = forms.convert(files["docx"], "pdf", tmp_path)
    low = {}
    for form, made in files.items():
        for paper, path in zip(papers.values(), made, strict=True):
            wrong, facts = paper.wrong(extract(path, reader=reader).to_json())
            if len(wrong) > (0.05 if form == "pdf" else 0.02) * facts:
                low[form, paper.name] = wrong
    assert low == {}


# --- records as input ------------------------------------------------------------------------------------------------


def test_a_record_passes_as_it_is(tmp_path: Path, run, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert run("extract", "samples/luyin-2023.txt", "--out", tmp_path / "records").status == 0
    kept = tmp_path / "records" / "luyin-2023.json"
    first = Record.from_json(json.loads(kept.read_text("utf-8")))
    again = extract(kept)
    assert again.source.pop("record") == first.source
    assert again.source.keys() == {"path", "sha256"}
    assert again.source["path"] == kept.as_posix()
    again.source = first.source
    assert again.dumps() == first.dumps()
    # A folder of records is a folder of papers; other JSON in it is passed over, given by name it is refused.
    (tmp_path / "records" / "settings.json").write_text('{"document": 1}', "utf-8")
    done = run("build", tmp_path / "records", "--workspace", tmp_path / "workspace")
    assert (done.status, "settings" in done.err) == (0, False), done.err
    assert run("query", "unassigned", "--workspace", tmp_path / "workspace").status == 0
    for language, words in (("en", "is no record that Zhengling wrote"), ("zh", "不是 Zhengling 写出的记录")):
        refused = run("extract", tmp_path / "records" / "settings.json", "--out", tmp_path / "out", lang=language)
        assert refused.status == 1
        assert f"{tmp_path / 'records' / 'settings.json'} {words}" in refused.err.splitlines()[0]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda r: r["tasks"][0].update(id=5),
        lambda r: r["tasks"][0].update(section="一"),
        lambda r: r["document"].update(year="2023"),
        lambda r: r["citations"].append({}),
        lambda r: r.update(tasks={}),
        lambda r: r.pop("document"),
    ],
)
def test_what_is_no_record_is_refused(tmp_path: Path, spoil):
    data = extract(ROOT / "samples/luyin-2023.txt").to_json()
    spoil(data)
    path = tmp_path / "spoilt.json"
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(PaperError) as error:
        extract(path)
    assert error.value.code == "paper-no-record"


def name_of(requirement: str) -> str:
    return re.findall(r"[\w-]+", requirement)[0]


# --- readers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suffix", "module", "extra"),
    [
        *((".docx", "docx.oxml", "docx"), (".xlsx", "openpyxl", "xlsx"), (".xls", "xlrd", "xlsx")),
        *((".md", "markdown_it", "markdown"), (".html", "lxml", "html"), (".pdf", "pypdfium2", "pdf")),
    ],
)
def test_what_is_missing_is_named_with_what_installs_it(suffix: str, module: str, extra: str, monkeypatch):
    for name in [n for n in sys.modules if n == module or n.startswith(module + ".")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(PaperError) as error:
        reader_of(suffix)("paper" + suffix, "一、重点任务".encode())
    assert error.value.code == "paper-missing-extra"
    error.value.values.setdefault("path", "paper" + suffix)
    for language in ("en", "zh"):
        line = Catalogue(language).error(error.value)
        assert {name_of(word) for word in line.partition("pip install ")[2].split()} == set(map(name_of, EXTRAS[extra]))
        assert line.startswith("paper" + suffix)


def test_a_reader_of_an_installed_package_is_found(tmp_path: Path):
    """By its entry point, in a process of its own; it can not take the place of a built-in one."""
    (tmp_path / "wiki.py").write_text(
        "from zhengling.extractors.readers.content import Content, Text\n"
        "def read(path, data):\n"
        "    return Content([Text(line, {'paragraph': n}) for n, line in enumerate(data.decode().split('=='), 1)])\n"
    )
    about = tmp_path / "wiki-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: wiki\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[zhengling.readers]\nwiki = wiki:read\ndocx = wiki:read\n")
    paper = "松岭县人民政府关于做好养老服务的通知==一、重点任务==（一）建好食堂。每村一处。（责任单位：县民政局）"
    (tmp_path / "paper.wiki").write_text(paper, "utf-8")
    code = (
        "from zhengling import extract; r = extract('paper.wiki'); print(len(r.tasks), r.tasks[0].evidence[0].place); "
        "from zhengling.extractors.readers.registry import BUILT_IN, reader_of; print(reader_of('.docx').__module__)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert run.stdout.splitlines() == ["1 {'paragraph': 3}", "zhengling.extractors.readers.office.docx"]
