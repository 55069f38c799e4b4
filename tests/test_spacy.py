"""The steps as a spaCy pipeline: the record is made of what its components leave on the doc."""

from __future__ import annotations

import multiprocessing
import re
from pathlib import Path

import pytest
import spacy
import zhengling as zl
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from zhengling.extractors.components import Characters
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.pipeline import STEPS, extract_paper, language
from zhengling.extractors.readers.content import Content

ROOT = Path(__file__).parent.parent
TEXT = (
    "松岭县人民政府关于做好养老服务的通知\n松政发〔2023〕7号\n"
    "为落实《松岭省人民政府关于养老服务的意见》（松岭政发〔2022〕5号），现通知如下。\n一、重点任务\n"
    "（一）建好食堂。2023年6月底前每村建成一处。（责任单位：县民政局、县财政局）\n"
    "（二）培训人员。2023年12月底前培训百人，联系电话0999-8812345。（县人社局牵头，县教育局配合）\n"
)


def facts(record: zl.Record) -> dict:
    """A record without what depends on file and version."""
    data = record.to_json()
    return {k: data[k] for k in ("document", "citations", "tasks", "warnings", "findings")}


@pytest.fixture(scope="module")
def whole() -> zl.Record:
    return zl.record(zl.nlp()(TEXT))


def test_the_pipeline_reads_what_extract_reads(tmp_path, whole):
    (tmp_path / "paper.txt").write_text(TEXT, "utf-8")
    assert facts(whole) == facts(zl.extract(tmp_path / "paper.txt"))
    assert [[u.name for u in t.units] for t in whole.tasks] == [["县民政局", "县财政局"], ["县人社局", "县教育局"]]
    assert [[d.end for d in t.deadlines] for t in whole.tasks] == [["2023-06-30"], ["2023-12-31"]]


def test_a_file_is_read_without_spacy_as_the_pipeline_reads_it():
    nlp = language()
    for path in sorted([*(ROOT / "samples").glob("*.txt"), *(ROOT / "tests/papers").glob("*.txt")]):
        paper = lambda path=path: lay_out(Content(source=path.read_text("utf-8")))  # noqa: E731
        assert extract_paper(paper()) == extract_paper(paper(), nlp=nlp), path.name


def test_a_component_left_out_is_missing_in_the_record(whole):
    for step, missing in {
        "zhengling_citations": lambda r: not r.citations,
        "zhengling_deadlines": lambda r: not any(t.deadlines for t in r.tasks),
        "zhengling_units": lambda r: not any(t.units for t in r.tasks) and len(r.tasks) == 2,
        "zhengling_tasks": lambda r: not r.tasks and r.citations,
        "zhengling_document": lambda r: r.document.number is None and r.document.title is None,
    }.items():
        nlp = zl.nlp()
        nlp.remove_pipe(step)
        record = zl.record(nlp(TEXT))
        assert missing(record), step
        assert not missing(whole), step


@Language.component("test_pension_law")
def pension_law(doc: Doc) -> Doc:
    """Marks words and a title that no rule takes for citations, and takes the role of a unit for another."""
    start = doc.text.index("培训百人")
    doc.spans["zhengling_citations"].append(Span(doc, start, start + 4, label="law", span_id="test.pension"))
    start = doc.text.index("《膳食须知》")
    doc.spans["zhengling_citations"].append(Span(doc, start, start + 6, label="other", span_id="test.pension"))
    group = doc.spans["zhengling_units"]
    kept = [Span(doc, s.start, s.end, "lead" if s.text == "县财政局" else s.label_, span_id=s.id_) for s in group]
    del doc.spans["zhengling_units"]
    doc.spans["zhengling_units"] = kept
    return doc


def test_a_component_put_in_changes_the_record(whole):
    nlp = zl.nlp()
    nlp.add_pipe("test_pension_law")
    record = zl.record(nlp(TEXT + "张贴《膳食须知》。\n"))
    assert [(u.role, u.name) for u in record.tasks[0].units] == [("responsible", "县民政局"), ("lead", "县财政局")]
    marked = [c for c in record.citations if c.evidence[0].rule == "test.pension"]
    assert [(c.in_, c.number, c.title, c.role) for c in marked] == [
        ("document", None, "膳食须知", "mention"),
        ("T02", "培训百人", None, "mention"),
    ]
    assert record.tasks[0].units[1].evidence[0].rule == whole.tasks[0].units[1].evidence[0].rule


def test_a_component_of_another_replaces_ours():
    @Language.component("test_no_limits")
    def no_limits(doc: Doc) -> Doc:
        at = doc.text.index("每村建成一处")
        doc.spans["zhengling_deadlines"] = [Span(doc, at, at + 6, label="ongoing", span_id="test.always")]
        return doc

    nlp = zl.nlp()
    nlp.replace_pipe("zhengling_deadlines", "test_no_limits")
    found = [[(d.text, d.kind, d.evidence[0].rule) for d in t.deadlines] for t in zl.record(nlp(TEXT)).tasks]
    assert found == [[("每村建成一处", "ongoing", "test.always")], []]


def test_a_step_runs_on_other_tokens():
    """A span covers whole tokens; what is known of it is of the words themselves."""
    nlp = spacy.blank("en")
    nlp.add_pipe("zhengling_deadlines")
    doc = nlp("请于 2021年6月底前完成 整改。")
    (span,) = doc.spans["zhengling_deadlines"]
    assert (span.text, span.label_, span._.zhengling["last"]) == ("2021年6月底前完成", "date", "2021-06-30")


def test_spans_carry_their_rules_and_values():
    doc = zl.nlp()("\ufeff" + TEXT)
    assert doc.text == "\ufeff" + TEXT  # a mark at the beginning shifts no span
    for name in STEPS:
        assert name in doc.spans
        assert all(span.id_ for span in doc.spans[name]), name
    assert [s.text for s in doc.spans["zhengling_units"]] == ["县民政局", "县财政局", "县人社局", "县教育局"]
    (span,) = doc.spans["zhengling_citations"]
    assert span._.zhengling["number"] == "松岭政发〔2022〕5号" and span._.zhengling["role"] == "basis"
    assert span.text.endswith("（松岭政发〔2022〕5号）") and span._.zhengling["rule"] == span.id_
    assert Span(doc, 0, 1, label="other")._.zhengling is None


def test_a_mark_at_the_beginning_shifts_no_span_of_a_single_step():
    nlp = spacy.blank("zh")
    nlp.add_pipe("zhengling_deadlines")
    doc = nlp("\ufeff2021年6月底前完成。")
    assert [s.text for s in doc.spans["zhengling_deadlines"]] == ["2021年6月底前"]


@pytest.mark.parametrize("through", ["bytes", "bin"])
def test_docs_outlive_their_process(through, whole):
    nlp = zl.nlp()
    doc = nlp(TEXT)
    if through == "bytes":
        back = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    else:
        kept = DocBin(docs=[doc], store_user_data=True).to_bytes()
        (back,) = DocBin().from_bytes(kept).get_docs(spacy.blank("zh").vocab)
    assert facts(zl.record(back)) == facts(whole)
    assert [s._.zhengling for s in back.spans["zhengling_units"]] == [
        s._.zhengling for s in doc.spans["zhengling_units"]
    ]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_give_the_same(method, whole):
    before = multiprocessing.get_start_method()
    multiprocessing.set_start_method(method, force=True)
    try:
        docs = list(zl.nlp().pipe([TEXT, "", TEXT.replace("县民政局", "县卫健局")], n_process=2))
    finally:
        multiprocessing.set_start_method(before, force=True)
    assert facts(zl.record(docs[0])) == facts(whole)
    assert [u.name for u in zl.record(docs[2]).tasks[0].units] == ["县卫健局", "县财政局"]


def test_displacy_shows_the_spans():
    doc = zl.nlp()(TEXT)
    page = displacy.render(doc, style="span", options={"spans_key": "zhengling_units"})
    assert page.count("responsible") >= 2 and "lead" in page


def test_the_words_of_a_workspace(tmp_path):
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon/own.csv").write_text("name,forms,function\n敬老先锋号,敬老先锋,民政\n", "utf-8")
    nlp = zl.nlp(workspace=tmp_path)
    text = TEXT.replace("县财政局）", "敬老先锋号）")
    doc = Doc(nlp.vocab).from_bytes(nlp(text).to_bytes())
    assert [u.name for u in zl.record(doc).tasks[0].units] == ["县民政局", "县敬老先锋号"]
    nlp.to_disk(tmp_path / "nlp")
    again = spacy.load(tmp_path / "nlp")
    assert isinstance(again.tokenizer, Characters)
    read = again(text)
    assert [s.text for s in read.spans["zhengling_units"]] == [s.text for s in doc.spans["zhengling_units"]]


@pytest.mark.parametrize("page", ["docs/spacy.md", "docs/zh/spacy.md"])
def test_the_examples_of_the_docs_run(page, capsys):
    code = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text("utf-8"), re.S)
    names: dict = {}
    for block in code:
        exec(block, names)
    said = capsys.readouterr().out
    assert "zhengling_units responsible" in said and said.endswith("['县民政局', '县财政局']\n")
    assert names["page"].count("responsible") >= 2
