"""What a record says beyond its tasks: documents cited once for each task, what does not fit the paper itself, what may
have been missed. Places are invented."""

from __future__ import annotations

import pytest
import zhengling as zl
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.pipeline import extract_paper
from zhengling.extractors.readers.content import Content, Text
from zhengling.extractors.record.doubts import Within
from zhengling.extractors.record.making import make_record
from zhengling.extractors.record.reading import Reading
from zhengling.extractors.words.lexicon import Lexicon

from .rules.findings import BEFORE as HEAD
from .rules.findings import BEHIND as FOOT

TABLE = "\n附件\n任务分工表\n| 序号 | 工作任务 | 牵头单位 | 配合单位 | 完成时限 |\n"


def read(*lines: str, before: str = HEAD, behind: str = "") -> zl.Record:
    return extract_paper(lay_out(Content(source=before + "一、重点任务\n" + "\n".join(lines) + "\n" + FOOT + behind)))


def cited(record: zl.Record) -> list[tuple[str, str, str, int]]:
    """Where, number or title, role, how many mentions."""
    return [(c.in_, c.number or c.title or "", c.role, len(c.evidence)) for c in record.citations]


def found(record: zl.Record) -> list[tuple[str, ...]]:
    """Code, what it names, and the words that show it, with those beside them."""
    return [
        (f.code, f.values.get("what") or f.values.get("name") or f.values.get("number") or "", f.quote, f.other)
        for f in record.findings
    ]


# --- documents -------------------------------------------------------------------------------------------------------


def test_a_document_is_cited_once_for_each_task_that_names_it():
    record = read(
        "（一）建好食堂。按照《松岭省人民政府关于推进养老服务的意见》（松岭政发〔2022〕5号）建成一处，《意见》未规定的从其规定，"
        "按松岭政发〔2022〕5号执行。（责任单位：县民政局）",
        "（二）宣传。依据《松岭省人民政府关于推进养老服务的意见》（松岭政发〔2022〕5号）宣传。（责任单位：县委宣传部）",
    )
    assert cited(record) == [("T01", "松岭政发〔2022〕5号", "basis", 3), ("T02", "松岭政发〔2022〕5号", "basis", 1)]
    assert [e.quote for e in record.citations[0].evidence][1:] == ["《意见》", "松岭政发〔2022〕5号"]
    assert [c.sentence for c in record.citations] == [1, 2]


def test_a_title_without_its_number_is_the_same_document_in_its_own_task_alone():
    title = "《松岭省人民政府关于推进养老服务的意见》"
    record = read(
        f"（一）建好食堂。依据{title}（松岭政发〔2022〕5号）建成一处，按照{title}验收。（责任单位：县民政局）",
        f"（二）宣传。依据{title}宣传。（责任单位：县委宣传部）",
    )
    assert cited(record) == [("T01", "松岭政发〔2022〕5号", "basis", 2), ("T02", title.strip("《》"), "basis", 1)]


def test_one_title_with_two_numbers_are_two_documents():
    title = "《松岭省人民政府关于推进养老服务的意见》"
    record = read(
        f"（一）建好食堂。依据{title}（松岭政发〔2022〕5号）建成一处。（责任单位：县民政局）",
        f"（二）宣传。依据{title}（松岭政发〔2022〕6号）宣传。（责任单位：县委宣传部）",
    )
    assert [(c.in_, c.number) for c in record.citations] == [
        ("T01", "松岭政发〔2022〕5号"),
        ("T02", "松岭政发〔2022〕6号"),
    ]


def test_a_title_without_a_number_is_cited_in_each_task_and_may_get_it_later():
    record = read(
        "（一）巡护。按照《松岭省护林条例》巡护。（责任单位：县林业局）",
        "（二）培训。按照《松岭省护林条例》培训，再按《松岭省护林条例》考核。（责任单位：县人社局）",
        "（三）登记。落实《松岭省人民政府关于护林的意见》巡护，"
        "按照《松岭省人民政府关于护林的意见》（松岭政发〔2022〕5号）登记。（责任单位：县林业局）",
    )
    assert cited(record) == [
        ("T01", "松岭省护林条例", "basis", 1),
        ("T02", "松岭省护林条例", "basis", 2),
        ("T03", "松岭政发〔2022〕5号", "basis", 2),
    ]


def test_a_name_that_the_paper_gives_is_the_document_s():
    opening = (
        "为落实《松岭省人民政府关于推进养老服务的意见》（松岭政发〔2022〕5号，以下简称《推进意见》），制定本方案。\n"
    )
    record = read(
        "（一）建好食堂。按《推进意见》建成一处，根据《关于推进养老服务的意见》补助。（责任单位：县民政局）",
        "（二）培训人员。依据《推进意见》培训百人。（责任单位：县人社局）",
        before=HEAD + opening,
    )
    assert cited(record) == [("document", "松岭政发〔2022〕5号", "basis", 1)]


def test_a_paper_s_own_number_and_title_are_no_citation_but_in_its_text_a_finding():
    record = read("（一）建好食堂。按照松政办〔2023〕15号要求，每村建成一处。（责任单位：县民政局）")
    assert cited(record) == []
    assert found(record) == [("cites-itself", "松政办〔2023〕15号", "松政办〔2023〕15号", "松政办〔2023〕15号")]


# --- attachments -----------------------------------------------------------------------------------------------------

LISTED = ("（一）建好食堂。每村建成一处。（责任单位：县民政局）", "附件：1.任务分工表\n2.食堂建设标准")


@pytest.mark.parametrize(
    ("behind", "absent"),
    [
        ("", ["任务分工表", "食堂建设标准"]),
        ("\n附件1\n任务分工表\n建好食堂。\n附件2\n食堂建设标准\n一处三十平方米。\n", []),
        # by their numbers, by their titles, one of them
        ("\n附件1\n分工\n建好食堂。\n附件2\n标准\n一处三十平方米。\n", []),
        ("\n任务分工表\n建好食堂。\n食堂建设标准\n一处三十平方米。\n", []),
        ("\n附件1\n任务分工表\n建好食堂。\n", ["食堂建设标准"]),
        ("\n松岭县食堂建设标准（2023年）\n一处三十平方米。\n", ["任务分工表"]),
    ],
)
def test_an_attachment_that_is_named_and_not_there_is_told(behind: str, absent: list[str]):
    assert [f.values["name"] for f in read(*LISTED, behind=behind).findings] == absent


def test_a_list_of_attachments_may_be_the_end_of_its_paper():
    paper = lay_out(Content(source=HEAD + "一、重点任务\n" + "\n".join(LISTED)))
    assert [f.values["name"] for f in extract_paper(paper).findings] == ["任务分工表", "食堂建设标准"]


def test_an_attachment_that_a_text_sends_to_is_told_once():
    record = read("（一）建好食堂。每村建成一处，名单见附件2、标准见附件2。（责任单位：县民政局）")
    assert [f.values["name"] for f in record.findings] == ["附件2"]


# --- places ----------------------------------------------------------------------------------------------------------


def test_a_place_of_another_county_is_told_once():
    record = read(
        "（一）建好食堂。每村建成一处，报枫浦县人民政府备案。（责任单位：县民政局）",
        "（二）宣传。再报枫浦县人民政府备案。（责任单位：县委宣传部）",
    )
    (one,) = record.findings
    assert (one.code, one.values, one.other[:7]) == (
        "foreign-place",
        {"name": "枫浦县", "own": "松岭县"},
        "松岭县人民政府",
    )
    assert one.quote == "每村建成一处，报枫浦县人民政府备案"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("由定边县验收。", [("定边县", "每村建成一处，由定边县验收")]),
        ("报平谷区人民政府备案。", [("平谷区", "每村建成一处，报平谷区人民政府备案")]),
        # 区 ends other words, too: it is a district's where its offices are meant
        ("报平谷区备案。", []),
    ],
)
def test_a_county_that_is_known_is_told_with_its_words(text: str, told: list[tuple[str, str]]):
    record = read(f"（一）建好食堂。每村建成一处，{text}（责任单位：县民政局）")
    assert [(f.values["name"], f.quote) for f in record.findings] == told


@pytest.mark.parametrize(
    "text",
    [
        "每村建成一处，报松岭县人民政府备案。",
        # several together, an experience, a title: meant
        "学习枫浦县人民政府、鹭滩县人民政府的做法。",
        "每村建成一处，借鉴枫浦县人民政府经验。",
        "按《枫浦县人民政府办公室关于培训的通知》执行。",
    ],
)
def test_a_place_that_is_meant_is_not_told(text: str):
    assert read(f"（一）建好食堂。{text}（责任单位：县民政局）").findings == []


# --- text and table --------------------------------------------------------------------------------------------------

TEXT = (
    "（一）建好食堂。每村建成一处食堂并保证持续运营。（县民政局牵头，县财政局配合，2023年6月底前）",
    "（二）培训人员。组织培训护理人员一百人次以上。（县人社局牵头，县教育局配合）",
)


@pytest.mark.parametrize(
    ("first", "second", "differs"),
    [
        ("县民政局 | 县财政局 | 2023年6月底前", "县人社局 | 县教育局 | ", []),
        # who only supports may be left to the other, and may be among many
        ("县民政局 |  | 2023年6月底前", "县人社局 | 有关部门 | ", []),
        ("县民政局 | 县财政局 | 2023年7月底前", "县人社局 | 县教育局 | ", [("T01", "2023-06-30、2023-07-31")]),
        ("县民政局 | 县财政局 | ", "县人社局 | 县教育局 | ", []),
        (
            "县民政局 | 县财政局 | 2023年6月底前",
            "县教育局 | 县人社局 | ",
            [("T02", "县人力资源和社会保障局、县教育局")],
        ),
        ("县民政局 | 县财政局 | 2023年6月底前", "县人社局 | 县卫健委 | ", [("T02", "县卫生健康局、县教育局")]),
        ("县水利局 |  | 2023年6月底前", "县人社局 | 县教育局 | ", [("T01", "县民政局、县水利局")]),
    ],
)
def test_what_a_clause_and_its_row_say_otherwise(first: str, second: str, differs: list[tuple[str, str]]):
    rows = f"| 1 | 每村建成一处食堂并保证持续运营。 | {first} |\n| 2 | 组织培训护理人员一百人次以上。 | {second} |\n"
    record = read(*TEXT, behind=TABLE + rows)
    assert [(f.values["task"], f.values["what"]) for f in record.findings] == differs
    assert len(record.tasks) == 2


# --- what may have been missed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("（一）建好食堂。每村建成一处，6月里开业。（责任单位：县民政局）", [("deadline-doubtful", "6月")]),
        ("（一）建好食堂。每村建成一处，6月底前开业。（责任单位：县民政局）", []),
        (
            "（一）建好食堂。每村建成一处。（责任单位：县民政局）\n（二）宣传。开展宣传（县里各家）。",
            [("assignment-doubtful", "（县里各家）。")],
        ),
        # no bracket of this paper assigns
        ("（一）建好食堂。县民政局负责建成一处。\n（二）宣传。开展宣传（县里各家）。", []),
    ],
)
def test_what_looks_like_a_fact_and_is_none_is_told(text: str, doubts: list[tuple[str, str]]):
    warnings = read(text).warnings
    assert [(w.code, w.quote) for w in warnings if w.code.endswith("doubtful")] == doubts


def test_words_that_assign_are_doubtful_in_prose_and_not_in_a_row():
    text = "形成合力县住建局牵头,县里各方。"
    rows = f"| 1 | {text} |  |  | 6月底前 |\n| 2 | 培训护理人员。 | 县人社局 |  | 年底前 |\n"
    prose = read(f"（一）建好食堂。{text}", "（二）宣传。每月一次。（责任单位：县委宣传部）")
    table = read("按表执行。", behind=TABLE + rows)
    assert [w.quote for w in prose.warnings if w.code == "assignment-doubtful"] == ["局牵头"]
    assert [w.quote for w in table.warnings if w.code == "assignment-doubtful"] == []
    assert text in [t.text for t in table.tasks]


def test_only_words_around_tell_that_a_title_is_a_paper_s():
    record = read(
        "（一）储备物资。严格执行《护林物资储备定额》，每月清点。（责任单位：县林业局）",
        "（二）培训人员。按照《松岭省护林条例》培训。（责任单位：县人社局）",
    )
    doubts = [(w.code, w.quote) for w in record.warnings if w.code.endswith("doubtful")]
    assert doubts == [("citation-doubtful", "《护林物资储备定额》")]
    assert [c.title for c in record.citations] == ["护林物资储备定额", "松岭省护林条例"]


def test_what_a_list_of_units_has_beside_units_is_told():
    record = read("（一）建好食堂。每村建成一处。（责任单位：县民政局、望溪酒楼、守山）")
    told = [(w.code, w.quote) for w in record.warnings if w.code.startswith("unit")]
    assert told == [("unit-unread", "守山"), ("unit-doubtful", "望溪酒楼")]
    assert [u.name for u in record.tasks[0].units] == ["县民政局", "望溪酒楼"]


def test_a_task_of_persons_alone_keeps_its_deadline():
    record = read("（一）建好食堂。每村建成一处。（责任单位：李明；完成时限：2023年6月底前）", "（二）宣传。每月一次。")
    first = record.tasks[0]
    assert (first.text, [d.end for d in first.deadlines]) == ("每村建成一处。", ["2023-06-30"])
    assert "李明" not in record.dumps()


def test_days_that_are_none_and_assignments_of_nothing_are_told_with_their_words():
    record = read(
        "（一）巡护。2023年2月30日前完成巡护。（责任单位：县林业局）",
        "（二）培训。13月底前完成。（责任单位：县林业局）",
        "本方案自印发之日起施行。各地按月上报。",
        "由县应急局牵头，县林业局配合。",
    )
    assert [(w.code, w.quote, w.place["line"]) for w in record.warnings] == [
        ("assignment-unused", "由县应急局牵头，县林业局配合。", 10),
        ("deadline-unread", "2023年2月30日前", 7),
        ("deadline-unread", "13月底前", 8),
    ]


def test_a_paper_without_tasks_or_title_says_so():
    record = extract_paper(lay_out(Content(source="松岭的春天来了。\n")))
    assert [w.code for w in record.warnings] == ["no-tasks", "no-title"]


def test_places_count_lines_rows_and_columns_from_one():
    row = "| 1 | 每村建成一处食堂。 | 县民政局 | 县财政局 | 2023年6月底前 |\n"
    record = read("（二）培训人员。组织培训。（县人社局牵头）", behind=TABLE + row)
    units = {u.name: u.evidence[0].place for t in record.tasks for u in t.units}
    assert units["县人社局"] == {"line": 7}
    assert units["县财政局"] == {"line": 15, "table": 1, "row": 2, "column": 4}
    assert all(e.quote == "县财政局" for t in record.tasks for u in t.units if u.name == "县财政局" for e in u.evidence)


def test_places_are_those_that_the_format_has():
    items = "（一）建好食堂。每村建成一处。（责任单位：县民政局）\n（二）宣传。每月一次。（责任单位：县委宣传部）"
    lines = f"{HEAD}一、重点任务\n{items}".split("\n")
    texts = [Text(line, {"paragraph": n}) for n, line in enumerate(lines, 1) if line]
    record = extract_paper(lay_out(Content(texts)))
    assert record.document.evidence["number"][0].place == {"paragraph": 2}
    assert [u.evidence[0].place for t in record.tasks for u in t.units] == [{"paragraph": 7}, {"paragraph": 8}]


def test_places_in_an_attachment_are_those_of_its_file(tmp_path):
    notice, table = tmp_path / "notice.txt", tmp_path / "食堂分工表.txt"
    row = "| 1 | 每村建成一处食堂。 | 县民政局 | 县财政局 | 2023年6月底前 |\n"
    notice.write_text(
        f"{HEAD}一、重点任务\n（一）培训人员。（县人社局牵头）\n{FOOT}{TABLE}{row}附件：1.食堂分工表\n", "utf-8"
    )
    # its table begins at once
    other = "| 1 | 每月巡护两次山林。 | 县林业局 | 县水利局 | 2023年7月底前 |\n"
    table.write_text(TABLE.splitlines(keepends=True)[-1] + other, "utf-8")
    record = zl.extract(notice, attachments=[table])
    places = {u.name: u.evidence[0].place for t in record.tasks for u in t.units}
    assert places["县民政局"] == {"line": 15, "table": 1, "row": 2, "column": 3}
    assert places["县林业局"] == {"file": str(table), "line": 2, "table": 1, "row": 2, "column": 3}
    (unit,) = [u for t in record.tasks for u in t.units if u.name == "县林业局"]
    (one,) = unit.evidence
    assert table.read_text("utf-8")[one.start : one.end] == one.quote == "县林业局"


def test_a_paper_that_no_step_has_looked_at_has_an_empty_record():
    record = make_record(Reading(lay_out(Content(source="松岭的春天来了。\n")), Lexicon.load()))
    assert (record.tasks, record.citations, record.findings, record.document.evidence) == ([], [], [], {})
    assert [w.code for w in record.warnings] == ["no-tasks", "no-title"]


def test_a_span_does_not_hold_its_end():
    within = Within([(4, 9), (0, 3), (1, 2)])
    assert [within(offset) for offset in range(10)] == [offset not in (3, 9) for offset in range(10)]


def test_times_are_counted_from_the_day_of_the_paper():
    record = read(
        "（一）巡护。下周五前完成巡护。（责任单位：县林业局）", "（二）登记。8月底前完成登记。（责任单位：县林业局）"
    )
    assert [[d.end for d in t.deadlines] for t in record.tasks] == [["2023-03-10"], ["2023-08-31"]]
