"""Reading: encodings, offsets, layouts, contact data, the steps as spaCy components, and text that nobody foresaw."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zhengling import extract
from zhengling.extractors.errors import PaperError
from zhengling.extractors.files.kinds import suffix_of
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.limits import MAX_BYTES
from zhengling.extractors.model import Paper, Record
from zhengling.extractors.papers import read
from zhengling.extractors.pipeline import STEPS, extract_paper
from zhengling.extractors.readers.content import Content
from zhengling.extractors.steps import deadlines
from zhengling.extractors.steps.citations import find_citations
from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.forms import number
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.extractors.words.times import When
from zhengling.extractors.words.unit_shapes import shapes_of

from .effort import examples
from .truth import SETS, items

#: Plain text; what is Markdown under such a name has the places of its file, whose lines are others.
PAPERS = sorted(
    p for papers, _ in SETS.values() for p in papers.glob("*.txt") if suffix_of(p.name, p.read_bytes()) == ".txt"
)
MASK = "＊"
_UTF8 = {**os.environ, "PYTHONIOENCODING": "utf-8"}


def record_of(text: str) -> tuple[Paper, Record]:
    paper = lay_out(Content(source=text))
    return paper, extract_paper(paper)


def every_evidence(record: Record):
    yield from (e for es in record.document.evidence.values() for e in es)
    for c in record.citations:
        yield from c.evidence
    for d in record.document.deadlines:
        yield from d.evidence
    for t in record.tasks:
        yield from t.evidence
        for item in (*t.units, *t.deadlines):
            yield from item.evidence


# --- encodings and offsets -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", PAPERS, ids=lambda p: p.stem)
def test_quoting_the_source_gives_the_quote(paper: Path):
    source = read(paper).source
    record = extract(paper)
    found = list(every_evidence(record))
    assert found
    for e in found:
        quoted = source[e.start : e.end]
        assert len(e.quote) == len(quoted)
        assert all(a in (b, MASK) for a, b in zip(e.quote, quoted, strict=True))
        assert e.rule
        assert source.count("\n", 0, e.start) + 1 == e.place["line"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, ends: str):
    """The same paper in any encoding and with any line ends gives the same facts at the same lines."""
    for paper in (PAPERS[0], PAPERS[3], PAPERS[12]):
        text = paper.read_text("utf-8")
        copy = tmp_path / paper.name
        copy.write_bytes(text.replace("\n", ends).encode(encoding))
        here, there = extract(paper), extract(copy)
        assert items(there.to_json()) == items(here.to_json())
        assert [e.place for e in every_evidence(there)] == [e.place for e in every_evidence(here)]
        source = read(copy).source
        assert all(source[e.start : e.end] == e.quote or MASK in e.quote for e in every_evidence(there))


def test_records_survive_their_json():
    for paper in PAPERS[:6]:
        record = extract(paper)
        assert Record.from_json(record.to_json()).dumps() == record.dumps()
        assert extract(paper).dumps() == record.dumps()
    with pytest.raises(ValueError, match="not a record"):
        Record.from_json({"tasks": []})


def test_keys_outlive_what_comes_before():
    """A task keeps its key when another is put before it; exact twins are told apart by number."""
    head = "松岭县人民政府关于做好养老服务的通知\n松政发〔2023〕7号\n一、重点任务\n"
    one = "（一）建好食堂。每村一处。（责任单位：县民政局）\n"
    other = "（二）建好浴室。每乡一处。（责任单位：县民政局）\n"
    alone = record_of(head + one)[1].tasks[0]
    behind = record_of(head + other + one)[1].tasks[1]
    assert alone.key == behind.key != record_of(head + other)[1].tasks[0].key
    twins = record_of(head + "建好食堂，每村一处，方便老人。（责任单位：县民政局）\n" * 2)[1].tasks
    assert len({t.key for t in twins}) == len(twins) == 2


# --- contact data ----------------------------------------------------------------------------------------------------


def test_contact_data_stays_out():
    text = (
        "松岭县人民政府关于做好养老服务的通知\n松政发〔2023〕7号\n一、重点任务\n"
        "（一）建好食堂。有事请联系县民政局李小龙，电话：0999-8812345，手机 138 1234 5678，"
        "邮箱 li.xl@example.com，12345热线照常受理。"
        "（责任单位：县民政局（王建国）；责任人：赵大海）\n联系人：孙悦  联系电话：8812345\n"
    )
    _, record = record_of(text)
    kept = record.dumps()
    for secret in (
        "0999-8812345",
        "138 1234 5678",
        "13812345678",
        "li.xl@example.com",
        "王建国",
        "赵大海",
        "孙悦",
        "8812345",
    ):
        assert secret not in kept
    assert [u.name for u in record.tasks[0].units] == ["县民政局"]
    assert "12345热线" in record.tasks[0].text


@pytest.mark.parametrize(
    "said",
    [
        "（一）建好食堂。按时建成，分管领导：王建国。（责任单位：县民政局）",
        "二、请求事项\n（一）支持建设食堂。（责任单位：县民政局（王建国））",
        "附件1\n通讯录\n| 序号 | 姓名 | 电话 |\n|---|---|---|\n| 1 | 王建国 | 13812345678 |\n| 2 | 李小龙 | 8812345 |",
    ],
    ids=["no other sign of contact data", "an assignment of no task", "a table that is not understood"],
)
def test_persons_stay_out_of_tasks_and_warnings(said: str):
    _, record = record_of(f"松岭县人民政府关于做好养老服务的通知\n一、重点任务\n{said}\n")
    for secret in ("王建国", "李小龙", "13812345678", "8812345"):
        assert secret not in record.dumps()


def test_columns_of_persons_are_understood_and_left_out():
    table = (
        "2023年松岭县民生实事分工表\n序号\t工作任务\t责任单位\t责任人\t联系电话\t完成时限\n"
        "1\t新建食堂三处\t县民政局\t赵大海\t13812345678\t10月底前\n"
    )
    _, record = record_of(table)
    (task,) = record.tasks
    assert ([u.name for u in task.units], [d.end for d in task.deadlines]) == (["县民政局"], ["2023-10-31"])
    assert "赵大海" not in record.dumps()
    assert "13812345678" not in record.dumps()
    assert not [w for w in record.warnings if w.code in ("cell-unread", "unit-unread")]


# --- units, deadlines, citations one by one --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "units_", "open_"),
    [
        ("责任单位:县教育局、财政局", ["responsible 县教育局", "responsible 县财政局"], False),
        (
            "牵头单位:市发展改革委;配合单位:财政局,各县(区)政府",
            ["lead 市发展改革委", "support 市财政局", "support 各县(区)政府"],
            False,
        ),
        ("责任单位:县水利局,配合单位:县财政局等部门", ["lead 县水利局", "support 县财政局"], True),
        (
            "省教育厅牵头,省财政厅、人力资源社会保障厅配合",
            ["lead 省教育厅", "support 省财政厅", "support 省人力资源社会保障厅"],
            False,
        ),
        ("财政部牵头,各地区按职责分工负责", ["lead 财政部", "responsible 各地区"], False),
        (
            "县人力资源和社会保障局和县住房和城乡建设局负责",
            ["responsible 县人力资源和社会保障局", "responsible 县住房和城乡建设局"],
            False,
        ),
        ("责任单位:县教育局县财政局", ["responsible 县教育局", "responsible 县财政局"], False),
        (
            "责任单位:省市场监管局(省知识产权局)、团省委、妇联",
            ["responsible 省市场监管局(省知识产权局)", "responsible 团省委", "responsible 省妇联"],
            False,
        ),
        (
            "责任单位:县委县政府督查局、县政府各部门",
            ["responsible 县委县政府督查局", "responsible 县政府各部门"],
            False,
        ),
        ("责任单位:市市场监管局、市场监管局", ["responsible 市市场监管局", "responsible 市市场监管局"], False),
    ],
)
def test_unit_lists(said: str, units_: list[str], open_: bool):
    parsed = shapes_of(Lexicon.load()).parse_list(said)
    assert [f"{i.role} {i.name(said)}" for i in parsed.items] == units_
    assert parsed.open is open_
    assert not parsed.rest


@pytest.mark.parametrize(
    ("said", "kind", "first", "last"),
    [
        ("2022年6月底前完成", "date", None, "2022-06-30"),
        ("3月31日前公布", "date", None, "2021-03-31"),
        ("年底前办结历史问题", "date", None, "2021-12-31"),
        ("到2023年建成", "date", None, "2023-12-31"),
        ("2021年1月至2022年6月推进", "date", "2021-01-01", "2022-06-30"),
        ("今年10月底前上线", "date", None, "2021-10-31"),
        ("明年2月底前报送", "date", None, "2022-02-28"),
        ("三季度末前完成", "date", None, "2021-09-30"),
        ("每季度通报一次", "recurring", None, None),
        ("印发之日起30个工作日内公布", "relative", None, None),
        ("用三年时间完成", "relative", None, None),
    ],
)
def test_deadlines_in_text(said: str, kind: str, first: str | None, last: str | None):
    (found,) = deadlines.find_limits(said, When(2021)).found
    assert (found.kind, found.first, found.last) == (kind, first, last)


@pytest.mark.parametrize(
    "said",
    [
        "及时公开",
        "“十四五”规划",
        "企业开办2小时办结",
        "年内已办理的提案",
        "清理2016年以后制定的文件",
        "2月30日前",
        "将办理时限压缩至3个工作日内",
        "2019年底前建成的小区",
    ],
)
def test_no_deadlines(said: str):
    assert deadlines.find_limits(said, When(2021)).found == []


def test_citations():
    text = fold(
        "根据《松岭省林地管理条例》和《松岭省人民政府办公厅关于护林的通知》（松政办发〔2021〕５号）精神，执行国务院令第713号，"
        "参见《人民日报》《新时代》，学习《中华人民共和国森林法》。制定《护林员名册》。"
    )
    found = [(c.number, c.title, c.kind, c.role) for c in find_citations(text, text)]
    assert found == [
        (None, "松岭省林地管理条例", "regulation", "basis"),
        ("松政办发〔2021〕5号", "松岭省人民政府办公厅关于护林的通知", "directive", "basis"),
        ("国务院令第713号", None, "regulation", "basis"),
        (None, "中华人民共和国森林法", "law", "mention"),
    ]


@given(st.integers(0, 9999))
def test_chinese_numbers(value: int):
    digits = "零一二三四五六七八九"
    assert number("".join(digits[int(c)] for c in f"{value:04d}")) == value
    if 0 < value < 100:
        tens, ones = divmod(value, 10)
        word = (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "")
        assert number(word) == value


# --- nothing lost in silence -----------------------------------------------------------------------------------------


def test_what_is_not_understood_is_a_warning_with_its_place():
    text = (
        "松岭县人民政府关于做好养老服务的通知\n松政发〔2023〕7号\n一、重点任务\n"
        "（一）建好食堂。每村一处。（责任单位：县民政局、神秘力量）\n二、其他\n"
    )
    _, record = record_of(text)
    (warning,) = [w for w in record.warnings if w.code == "unit-doubtful"]
    assert (warning.quote, warning.place) == ("神秘力量", {"line": 4})
    _, record = record_of(
        "2023年松岭县分工表\n序号\t工作任务\t责任单位\t完成时限\n1\t新建食堂三处\t县民政局\t看情况吧\n"
    )
    (warning,) = [w for w in record.warnings if w.code == "deadline-unread"]
    assert (warning.quote, warning.place["row"], warning.place["column"]) == ("看情况吧", 2, 4)


# --- the steps alone -------------------------------------------------------------------------------------------------


def test_each_step_works_in_any_pipeline():
    text = (
        "松岭县人民政府关于做好养老服务的通知\n按照《松岭省人民政府关于护林的通知》（松政发〔2021〕5号）要求，"
        "2021年6月底前完成。（责任单位：县林业局，电话：0999-8812345）"
    )
    expected = {
        "zhengling_citations": ["《松岭省人民政府关于护林的通知》（松政发〔2021〕5号）"],
        "zhengling_deadlines": ["2021年6月底前"],
        "zhengling_units": ["县林业局"],
        "zhengling_personal": ["0999-8812345"],
    }
    for step in STEPS:
        nlp = spacy.blank("zh")
        nlp.add_pipe(step)
        doc = nlp(text)
        if step in expected:
            assert [re.sub(r"\s", "", s.text) for s in doc.spans[step]] == expected[step]
            assert all(s._.zhengling is not None for s in doc.spans[step])
        else:
            assert step in doc.spans
        assert next(iter(nlp.pipe([text, "", "   "]))).text == text


def test_factories_are_found_by_entry_point():
    """In a process of its own: spaCy finds the steps without any import of ours."""
    code = "import spacy; nlp = spacy.blank('zh'); nlp.add_pipe('zhengling_deadlines'); "
    code += "doc = nlp('2021年6月底前完成。'); print([s.text for s in doc.spans['zhengling_deadlines']])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", env=_UTF8, check=True)
    assert run.stdout.strip() == "['2021年6月底前']"


def test_words_of_a_workspace_reach_the_reading(tmp_path: Path):
    text = (
        "松岭县人民政府关于护林的通知\n松政发〔2023〕7号\n一、重点任务\n"
        "（一）护林。每村一人。（责任单位：县林业局、护林先锋号）\n"
    )
    (tmp_path / "own.csv").write_text("name,forms,function\n护林先锋号,护林先锋,林业草原\n", "utf-8")
    paper = lay_out(Content(source=text))
    names = [u.name for u in extract_paper(paper, lexicon=Lexicon.load([tmp_path])).tasks[0].units]
    assert names == ["县林业局", "县护林先锋号"]
    plain = extract_paper(paper)
    assert [u.name for u in plain.tasks[0].units] == ["县林业局", "护林先锋号"]
    assert [w.code for w in plain.warnings] == ["unit-doubtful"]


def test_one_number_with_two_titles_stays_two():
    text = (
        "松岭县人民政府关于护林的通知\n松政发〔2023〕7号\n"
        "按照《松岭省护林方案》（松政发〔2022〕8号）和《松岭省护草方案》（松政发〔2022〕8号）办理。\n"
    )
    _, record = record_of(text)
    assert [(c.number, c.title) for c in record.citations] == [
        ("松政发〔2022〕8号", "松岭省护林方案"),
        ("松政发〔2022〕8号", "松岭省护草方案"),
    ]


# --- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "paper-empty"),
        (b" \n\t\r\n\xe3\x80\x80", "paper-empty"),
        (b"%PDF-1.7\n\x00\x01\x02", "paper-damaged"),
        (bytes(range(256)) * 40, "paper-binary"),
        (("长" * 2_000_001).encode(), "paper-too-long"),
        (b"x" * (MAX_BYTES + 1), "paper-too-large"),
    ],
    ids=["empty", "blank", "pdf", "binary", "long line", "large"],
)
def test_no_papers(tmp_path: Path, data: bytes, code: str):
    path = tmp_path / "bad.txt"
    path.write_bytes(data)
    with pytest.raises(PaperError) as error:
        extract(path)
    assert error.value.code == code
    assert error.value.values["path"] == str(path)


def test_dirt_is_survived(tmp_path: Path):
    text = PAPERS[0].read_text("utf-8")
    dirty = tmp_path / "dirty.txt"
    dirty.write_bytes(text.encode() + b"\n" + "尾声".encode("gb18030") + b"\n\x00\xff\xfe\n")
    record = extract(dirty)
    assert len(record.tasks) == len(extract(PAPERS[0]).tasks)
    assert "encoding-mixed" in {w.code for w in record.warnings}
    nul = tmp_path / "nul.txt"
    nul.write_text(text + "\n\0\0\n", "utf-8")
    assert "nul-bytes" in {w.code for w in extract(nul).warnings}
    phones = tmp_path / "phones.txt"
    phones.write_text("通讯录\n办公室（2021）12345号 0999-8812345\n", "utf-8")
    record = extract(phones)
    assert record.tasks == []
    assert "8812345" not in record.dumps()


_PIECES = st.sampled_from(
    [
        "（责任单位：",
        "）",
        "\t",
        "\n",
        "\n\n",
        "●",
        "一、",
        "（一）",
        "1.",
        "|",
        "《",
        "》",
        "〔2021〕5号",
        "牵头",
        "，",
        "、",
        "。",
        "：",
        "县财政局",
        "各乡镇",
        "序号\t任务\t责任单位\n",
        "工作任务牵头单位责任单位完成时限\n",
        "2021年6月底前",
        "等部门",
        "附件",
        "\u3000",
        "\r",
        "\x00",
        "\ufeff",
        "13812345678",
        "每季度",
        "落实",
    ]
)


@settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(st.text(max_size=400), st.lists(_PIECES, max_size=120).map("".join)))
def test_arbitrary_text_never_raises(text: str):
    try:
        paper, record = record_of(text)
    except PaperError:
        return
    assert Record.from_json(record.to_json()).dumps() == record.dumps()
    for e in every_evidence(record):
        assert 0 <= e.start <= e.end <= len(paper.source)
        assert e.quote == paper.source[e.start : e.end] or MASK in e.quote


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PAPERS), st.data())
def test_spoilt_papers_never_raise(paper: Path, data: st.DataObject):
    """Pieces cut out, doubled and put in anywhere."""
    text = paper.read_text("utf-8")
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(text)))
        to = data.draw(st.integers(at, min(len(text), at + 200)))
        text = data.draw(
            st.sampled_from([text[:at] + text[to:], text[:to] + text[at:], text[:at] + data.draw(_PIECES) + text[at:]])
        )
    try:
        paper_, record = record_of(text)
    except PaperError:
        return
    for e in every_evidence(record):
        assert e.quote == paper_.source[e.start : e.end] or MASK in e.quote
