"""The steps one by one: tables of a text and what a step makes of it, with what stands just beside it."""

from __future__ import annotations

import pytest
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.model import Paper, Record
from zhengling.extractors.pipeline import extract_paper
from zhengling.extractors.readers.content import Box, Content, Sheet, Text
from zhengling.extractors.steps.attachments import Card, announced, join, part_of, plan, titles
from zhengling.extractors.steps.citations import find_citations, kind_of, normal_number
from zhengling.extractors.steps.deadlines import find_in_cell, find_limits
from zhengling.extractors.steps.numbering import marks
from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.times import When


def paper_of(text: str) -> Paper:
    return lay_out(Content(source=text))


def record_of(text: str) -> Record:
    return extract_paper(paper_of(text))


HEAD = """松岭县人民政府办公室关于印发松岭县2024年护林工作方案的通知
松政办〔2024〕3号

各乡镇人民政府，县政府各部门：
现将方案印发给你们，请认真落实。
松岭县人民政府办公室
2024年3月5日

"""


# --- attachments -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("附件：1.护林任务分解表\n2.护林员名册", ["护林任务分解表", "护林员名册"]),
        ("附件：《护林任务分解表》.docx", ["护林任务分解表"]),
        ("附件1：护林任务分解表\n附件2：护林员名册", ["护林任务分解表", "护林员名册"]),
        ("附件：1.护林任务分解表2.护林员名册", ["护林任务分解表", "护林员名册"]),
        # A list ends with the first line that is none of its items.
        ("附件：1.护林任务分解表\n请各单位按时报送。\n2.护林员名册", ["护林任务分解表"]),
        ("请见2.护林员名册", []),
    ],
)
def test_what_a_notice_announces(lines: str, found: list[str]):
    paper = paper_of(f"松岭县人民政府办公室关于做好护林工作的通知\n请各单位做好护林工作。\n{lines}\n")
    assert announced(paper, paper.text, "松岭县人民政府办公室关于做好护林工作的通知") == found


def test_a_notice_announces_what_its_title_issues():
    paper = paper_of("请遵照执行。\n")
    assert announced(paper, paper.text, "松岭县林业局关于印发《松岭县护林方案》的通知") == ["松岭县护林方案"]
    assert announced(paper, paper.text, "松岭县林业局关于做好护林工作的通知") == []


def test_what_an_attachment_may_be_called():
    """Its first lines, alone and by two where a title is broken; no sentence, and no mark alone."""
    paper = paper_of("附件2\n松岭县2024年护林工作\n任务分解表\n护林工作由各乡镇负责。\n")
    assert titles(paper, paper.text, None) == [
        "松岭县2024年护林工作",
        "任务分解表",
        "松岭县2024年护林工作任务分解表",
    ]
    table = lay_out(Content([Text("护林员名册"), Sheet([Box("姓名所在村组", 0, 0), Box("护林区域", 0, 1)], 2)]))
    assert "护林员名册" in titles(table, table.text, None)
    assert "护林区域" not in titles(table, table.text, None)


@pytest.mark.parametrize(
    ("announces", "title", "joined"),
    [
        ("护林任务分解表", "护林任务分解表", True),
        ("护林任务分解表", "附件1：护林任务分解表", True),
        ("护林任务分解表", "1.护林任务分解表", True),
        ("护林任务分解表", "《护林任务分解表》", True),
        ("护林任务分解表", "松岭县护林任务分解表", True),  # the place before it
        ("松岭县护林任务分解表", "护林任务分解表", True),
        ("护林任务分解表", "新版护林任务分解表", False),  # no place
        ("护林任务分解表", "护林员名册", False),
    ],
)
def test_which_titles_are_the_same(announces: str, title: str, joined: bool):
    found = plan([Card("通知.txt", announces=[announces]), Card("另一.txt", titles=[title])])
    assert found.joined == ({"通知.txt": ["另一.txt"]} if joined else {})


def test_attachments_stand_in_the_order_of_the_list():
    cards = [
        Card("a.txt", titles=["护林员名册"]),
        Card("b.txt", titles=["护林任务分解表"]),
        Card("n.txt", announces=["护林任务分解表", "护林员名册"]),
    ]
    assert plan(cards).joined == {"n.txt": ["b.txt", "a.txt"]}


def test_the_nearest_folder_counts_and_what_is_not_plain_is_not_joined():
    notices = [Card("一/n.txt", announces=["护林任务分解表"]), Card("二/n.txt", announces=["护林任务分解表"])]
    near = plan([*notices, Card("一/a.txt", titles=["护林任务分解表"])])
    assert (near.joined, near.unsure) == ({"一/n.txt": ["一/a.txt"]}, {})
    far = plan([*notices, Card("三/a.txt", titles=["护林任务分解表"])])
    assert (far.joined, far.unsure) == ({}, {"三/a.txt": ["一/n.txt", "二/n.txt"]})
    twice = plan([notices[0], *(Card(f"一/{n}.txt", titles=["护林任务分解表"]) for n in "ab")])
    assert (twice.joined, twice.unsure) == ({}, {"一/a.txt": ["一/b.txt"], "一/b.txt": ["一/a.txt"]})


def test_a_list_that_leads_in_a_circle_joins_nothing():
    assert plan([Card("a.txt", given="b.txt"), Card("b.txt", given="a.txt")]).joined == {}
    assert plan([Card("a.txt", given="b.txt"), Card("b.txt")]).joined == {"b.txt": ["a.txt"]}
    assert plan([Card("a.txt", given="a.txt")]).joined == {}
    both = [Card("a.txt", ["护林任务分解表"], ["护林员工名册"]), Card("b.txt", ["护林员工名册"], ["护林任务分解表"])]
    assert (plan(both).joined, set(plan(both).unsure)) == ({}, {"a.txt", "b.txt"})


NOTICE = "松岭县人民政府办公室关于做好护林工作的通知\n请各单位做好护林工作，按时报送进展情况。\n附件：护林任务分解表\n"
LIST = "护林任务分解表\n1.县林业局负责巡护天然林，每月通报一次。\n2.县应急局负责储备扑火物资，落实值班。\n"


def test_a_joined_paper_knows_where_each_file_begins():
    notice, paper = paper_of(NOTICE), paper_of(LIST)
    notice.path, paper.path = "n.txt", "a.txt"
    whole = join(notice, [paper])
    ((origin, start, path),) = whole.parts
    assert path == "a.txt"
    assert whole.source[origin:] == paper.source and whole.text[start:].startswith("附件\n护林任务分解表")
    assert part_of(whole, origin - 1) is None
    assert part_of(whole, origin) == part_of(whole, len(whole.source) - 1) == (origin, start, "a.txt")
    assert [whole.text[b.start : b.end] for b in whole.blocks[-2:]] == LIST.splitlines()[1:]
    assert [place["line"] for at, place in whole.places if at >= origin][:2] == [1, 2]


@pytest.mark.parametrize(
    ("others", "parts"),
    [
        ([LIST], 1),
        ([LIST, LIST], 1),  # a DOC and a PDF of it
        ([LIST, LIST.replace("县林业局", "县自然资源局")], 2),  # other units: another table
        ([NOTICE.partition("\n")[2]], 0),  # the notice holds it
        ([LIST, "护林员名册\n石门镇有护林员十二名，分为三组轮流巡护。\n"], 2),
    ],
)
def test_what_comes_twice_is_taken_once(others: list[str], parts: int):
    assert len(join(paper_of(NOTICE), [paper_of(text) for text in others]).parts) == parts


# --- numbering -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("一、护林", [(1, 1)]),
        ("十二、护林", [(1, 12)]),
        ("（三）护林", [(2, 3)]),
        ("4.护林", [(3, 4)]),
        ("4、护林", [(3, 4)]),
        ("（5）护林", [(5, 5)]),
        ("③护林", [(6, 3)]),
        ("护林", []),
        ("150.护林", [(3, 150)]),
        ("151.护林", []),  # a quantity
    ],
)
def test_what_a_clause_is_numbered_by(text: str, found: list[tuple[float, int]]):
    folded = fold(text)
    assert [(m.style, m.value) for m in marks(folded, 0, len(folded)) if not m.bare] == found


# --- citations -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "number", "kind"),
    [
        ("中华人民共和国森林法", None, "law"),
        ("森林防火条例", None, "regulation"),
        ("松岭县护林员管理办法", None, "directive"),  # of a county
        ("关于做好护林工作的通知", "松政办〔2024〕3号", "directive"),
        ("林木采伐", "松政办〔2024〕3号", "directive"),  # its number says so
        ("林木采伐", "国务院令第541号", "regulation"),
        ("林木采伐", None, None),
        ("森林抚育规程", "GB/T15781-2015", "standard"),
    ],
)
def test_what_kind_of_paper_a_title_is(title: str, number: str | None, kind: str | None):
    assert kind_of(title, number)[0] == kind


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(松政办[2024]3号)", "松政办〔2024〕3号"),
        ("国务院令第541号", "国务院令第541号"),
        ("第3号议案", None),
    ],
)
def test_a_number_in_one_form(text: str, value: str | None):
    assert normal_number(fold(text)) == value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("按照《护林办法》（松政办〔2024〕3号）执行。", [("护林办法", "松政办〔2024〕3号", "basis")]),
        ("按照松政办〔2024〕3号《护林办法》执行。", [("护林办法", "松政办〔2024〕3号", "basis")]),
        ("按照松政办〔2024〕3号要求执行。", [(None, "松政办〔2024〕3号", "basis")]),
        ("宣传《森林防火条例》。", [("森林防火条例", None, "mention")]),
        ("学习《护林手记》。", []),
    ],
)
def test_what_a_sentence_cites(text: str, found: list[tuple[str | None, str | None, str]]):
    assert [(c.title, c.number, c.role) for c in find_citations(fold(text), text)] == found


# --- deadlines -------------------------------------------------------------------------------------------------------

WHEN = When(2024, "2024-03-05")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2024年6月底前完成。", ["2024-06-30"]),
        ("6月底前完成巡护，9月底前完成补植。", ["2024-06-30", "2024-09-30"]),
        ("2025年6月底前完成巡护，9月底前完成补植。", ["2025-06-30", "2025-09-30"]),  # the year goes on
        ("2025年6月底前完成巡护。9月底前完成补植。", ["2025-06-30", "2024-09-30"]),  # not over a full stop
        ("2023年已完成补植。", []),  # a fact
        ("6月31日前完成。", []),
    ],
)
def test_which_times_are_limits(text: str, found: list[str]):
    assert [limit.last for limit in find_limits(fold(text), WHEN).found] == found


def test_a_day_that_no_calendar_has_is_told():
    text = "6月31日前完成。"
    assert [text[a:b] for a, b in find_limits(text, WHEN).impossible] == ["6月31日前"]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("2024年6月", [("date", "2024-06-30")]),
        ("6月底", [("date", "2024-06-30")]),
        ("长期坚持", [("ongoing", None)]),
        ("每季度", [("recurring", None)]),
        ("—", []),
    ],
)
def test_what_the_cell_of_a_limit_says(cell: str, found: list[tuple[str, str | None]]):
    assert [(limit.kind, limit.last) for limit in find_in_cell(fold(cell), WHEN)] == found


# --- tasks of prose --------------------------------------------------------------------------------------------------


def told(record: Record) -> list[tuple[list[str], str | None, str, list[tuple[str, str]]]]:
    return [(t.section, t.title, t.text, [(u.role, u.name) for u in t.units]) for t in record.tasks]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (
            "一、重点任务\n（一）加强巡护。划定责任区。（责任单位：县林业局）",
            [(["一、重点任务"], "（一）加强巡护", "划定责任区。", [("responsible", "县林业局")])],
        ),
        (
            "一、重点任务\n（一）加强巡护。划定责任区。（牵头单位：县林业局；配合单位：县应急局）",
            [
                (
                    ["一、重点任务"],
                    "（一）加强巡护",
                    "划定责任区。",
                    [("lead", "县林业局"), ("support", "县应急局")],
                )
            ],
        ),
        # Who only stands in the sentence is not assigned.
        (
            "一、重点任务\n1.县林业局要划定责任区，每月通报。\n2.储备物资，落实值班。（县应急局负责）",
            [
                (["一、重点任务"], None, "县林业局要划定责任区，每月通报。", []),
                (["一、重点任务"], None, "储备物资，落实值班。", [("responsible", "县应急局")]),
            ],
        ),
    ],
)
def test_the_tasks_of_clauses(lines: str, found):
    assert told(record_of(f"{HEAD}松岭县2024年护林工作方案\n{lines}\n")) == found


PROSE = "一、重点任务\n（一）加强巡护。划定护林责任区，落实巡护人员。\n（二）储备物资。按标准储备扑火物资并定期检查。\n"
TABLE = "任务分解表\n序号\t任务\t具体要求\t责任单位\n1\t加强巡护\t划定护林责任区，落实巡护人员。\t县林业局\n"


def test_a_clause_and_its_row_are_one_task():
    """The row has the units; the clause, the section. What no row has is a task of its own."""
    both = record_of(HEAD + PROSE + TABLE + "2\t储备物资\t按标准储备扑火物资并定期检查。\t县应急局\n")
    assert [(t.section, [u.name for u in t.units]) for t in both.tasks] == [
        (["一、重点任务"], ["县林业局"]),
        (["一、重点任务"], ["县应急局"]),
    ]
