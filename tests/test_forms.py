"""One paper in every form gives one record: clean, and with the dirt that papers have in life; the real papers, laid
out with real tables, reach in every form what their text reaches."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from zhengling.app.messages import Catalogue
from zhengling.extractors.errors import PaperError
from zhengling.extractors.fold import fold
from zhengling.extractors.model import Record
from zhengling.extractors.pipeline import extract
from zhengling.extractors.readers import Reader, reader_of

from . import forms
from .truth import ROOT, SETS, gold_of, items, real_papers

#: Form → its writer and the suffix of its files.
WRITERS = {
    "docx": (forms.docx, ".docx"),
    "html": (forms.html, ".html"),
    "xlsx": (forms.xlsx, ".xlsx"),
    "markdown": (forms.markdown, ".md"),
    "text": (forms.text, ".txt"),
    "csv": (forms.table_only, ".csv"),
}
#: Papers of invented places with tables of every kind, and some without.
PAPERS = [
    *((SETS["samples"][0] / f"{stem}.txt", gold) for stem, gold in gold_of(SETS["samples"][1]).items()),
    *((SETS["papers"][0] / f"{stem}.txt", gold) for stem, gold in gold_of(SETS["papers"][1]).items()),
]
SAMPLES = PAPERS[: len(gold_of(SETS["samples"][1]))]
#: Sample → what its dirty forms are compared with.
DIRTY = [p for p in PAPERS if p[0].stem in ("fengpu-2023", "jichuan-2023", "linxi-2023", "luyin-2023", "c04", "d06")]


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as reader:
        yield reader


@pytest.fixture(scope="module")
def known(reader: Reader) -> dict[Path, Record]:
    return {paper: extract(paper, reader=reader) for paper, _ in PAPERS}


def bare(value: Any) -> Any:
    """A record without what may differ."""
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if k not in ("evidence", "source")}
    if isinstance(value, list):
        return [bare(v) for v in value]
    return value


def facts(record: Record) -> Counter[tuple[str, ...]]:
    """The facts of a record in one form of characters."""
    return Counter({tuple(map(fold, fact)): n for fact, n in items(record.to_json()).items()})


def differences(here: Record, there: Record) -> list[tuple[str, ...]]:
    return [*(facts(here) - facts(there)), *(facts(there) - facts(here))]


# --- the same record -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", WRITERS)
def test_every_form_gives_the_same_record(form: str, tmp_path: Path, reader: Reader, known: dict[Path, Record]):
    write, suffix = WRITERS[form]
    for paper, gold in PAPERS:
        if form == "html" and paper.stem == "p15-dongling-web":
            continue  # its text has lines of the page around it, which a page leaves out
        path = write(forms.layout(paper, gold), tmp_path / (paper.stem + suffix))
        record, text = bare(extract(path, reader=reader).to_json()), bare(known[paper].to_json())
        assert record == text, paper.stem


def test_every_cell_and_paragraph_has_its_place(tmp_path: Path, reader: Reader):
    """Evidence says where in the file a fact stands, and quotes the reader's text there."""
    paper, gold = next(p for p in SAMPLES if p[0].stem == "luyin-2023")
    layout = forms.layout(paper, gold)
    for form, row in (("docx", 2), ("xlsx", 3), ("csv", None), ("markdown", None)):
        write, suffix = WRITERS[form]
        path = write(layout, tmp_path / f"{form}{suffix}")
        record, source = extract(path, reader=reader), reader.read(path).source
        unit, due = record.tasks[0].units[0].evidence[0], record.tasks[0].deadlines[-1].evidence[0]
        assert source[unit.start : unit.end] == unit.quote == record.tasks[0].units[0].name
        assert (due.place["column"], unit.place["column"]) == (7, 5), form
        assert unit.place["table"] == 1
        assert row is None or unit.place["row"] == row
        assert record.document.evidence["title"][0].place != unit.place
    assert extract(tmp_path / "xlsx.xlsx").tasks[0].evidence[0].place["sheet"] == "分解表"


@pytest.mark.parametrize("dirt", forms.DIRT)
def test_dirt_changes_no_fact(dirt: str, tmp_path: Path, reader: Reader, known: dict[Path, Record]):
    for paper, gold in DIRTY:
        layout = forms.DIRT[dirt](forms.layout(paper, gold))
        for form, (write, suffix) in WRITERS.items():
            path = write(layout, tmp_path / f"{paper.stem}{suffix}")
            assert differences(known[paper], extract(path, reader=reader)) == [], (paper.stem, form)


def test_all_dirt_at_once(tmp_path: Path, reader: Reader, known: dict[Path, Record]):
    for paper, gold in DIRTY:
        layout = forms.layout(paper, gold)
        for change in forms.DIRT.values():
            layout = change(layout)
        for form, (write, suffix) in WRITERS.items():
            path = write(layout, tmp_path / f"{paper.stem}{suffix}")
            assert differences(known[paper], extract(path, reader=reader)) == [], (paper.stem, form)


# --- what LibreOffice makes of it ------------------------------------------------------------------------------------


def test_pdf_and_xls_of_libreoffice(tmp_path: Path, reader: Reader, known: dict[Path, Record]):
    pages, books = [], []
    for paper, gold in SAMPLES:
        layout = forms.layout(paper, gold)
        pages.append(forms.docx(layout, tmp_path / f"{paper.stem}.docx"))
        books.append(forms.xlsx(layout, tmp_path / f"{paper.stem}.xlsx"))
    for made in (forms.convert(pages, "pdf", tmp_path), forms.convert(books, "xls", tmp_path)):
        for (paper, _), path in zip(SAMPLES, made, strict=True):
            assert differences(known[paper], extract(path, reader=reader)) == [], path.name


def test_what_libreoffice_turns_into_docx(tmp_path: Path, reader: Reader, known: dict[Path, Record]):
    """Also a table that ends the paper: LibreOffice writes no paragraph behind it, and reads it back as one line."""
    paper, gold = next(p for p in PAPERS if p[0].stem == "fengpu-2023")
    made = forms.docx(forms.layout(paper, gold), tmp_path / "a.docx")
    bare_end = docx.Document(str(made))
    assert bare_end.element.body[-2].tag.endswith("}tbl")
    for form in ("doc", "odt", "rtf"):
        (path,) = forms.convert([made], form, tmp_path)
        assert bare(extract(path, reader=reader).to_json()) == bare(known[paper].to_json()), form


# --- the real papers -------------------------------------------------------------------------------------------------


def test_the_real_papers_in_every_form(tmp_path: Path, reader: Reader):
    """The F1 of each real paper in each form, by the scorer beside them: as for text; 0.95 for PDF."""
    shared = real_papers()
    gold = gold_of(shared / "gold")
    layouts = {stem: forms.layout(shared / "corpus" / f"{stem}.txt", known) for stem, known in gold.items()}
    files: dict[str, dict[str, Path]] = {}
    for form, (write, suffix) in WRITERS.items():
        folder = tmp_path / form
        folder.mkdir()
        files[form] = {stem: write(layout, folder / f"{stem}{suffix}") for stem, layout in layouts.items()}
    (tmp_path / "pdf").mkdir()
    files["pdf"] = dict(zip(layouts, forms.convert(files["docx"].values(), "pdf", tmp_path / "pdf"), strict=True))
    low = {}
    for form, papers in files.items():
        out = tmp_path / form / "records"
        out.mkdir()
        for stem, path in papers.items():
            (out / f"{stem}.json").write_text(extract(path, reader=reader).dumps(), "utf-8")
        run = subprocess.run(
            [sys.executable, shared / "score.py", shared / "gold", out, "--json"], capture_output=True, check=True
        )
        least = 0.95 if form == "pdf" else 0.98
        for paper, kinds in json.loads(run.stdout).items():
            low |= {(form, paper, kind): row["f1"] for kind, row in kinds.items() if row["f1"] < least}
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
    data = extract(SAMPLES[0][0]).to_json()
    spoil(data)
    path = tmp_path / "spoilt.json"
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(PaperError) as error:
        extract(path)
    assert error.value.code == "paper-no-record"


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
        assert f"pip install 'zhengling[{extra}]'" in line
        assert line.startswith("paper" + suffix)


def test_a_reader_of_an_installed_package_is_found(tmp_path: Path):
    """By its entry point, in a process of its own; it can not take the place of a built-in one."""
    (tmp_path / "wiki.py").write_text(
        "from zhengling.extractors.readers.lay import Text, paper\n"
        "def read(path, data):\n"
        "    return paper([Text(line, {'paragraph': n}) for n, line in enumerate(data.decode().split('=='), 1)])\n"
    )
    about = tmp_path / "wiki-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: wiki\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[zhengling.readers]\nwiki = wiki:read\ndocx = wiki:read\n")
    paper = "松岭县人民政府关于做好养老服务的通知==一、重点任务==（一）建好食堂。每村一处。（责任单位：县民政局）"
    (tmp_path / "paper.wiki").write_text(paper, "utf-8")
    code = (
        "from zhengling import extract; r = extract('paper.wiki'); print(len(r.tasks), r.tasks[0].evidence[0].place); "
        "from zhengling.extractors.readers import BUILT_IN, reader_of; print(reader_of('.docx').__module__)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert run.stdout.splitlines() == ["1 {'paragraph': 3}", "zhengling.extractors.readers.docx"]
