"""Prose alone: a text's outline, and its tasks with section, title and text. Invented papers."""

from __future__ import annotations

import json

import pytest
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.model import Record
from zhengling.extractors.pipeline import extract_paper
from zhengling.extractors.readers.content import Content
from zhengling.extractors.steps.numbering import Numbering
from zhengling.extractors.steps.outline import read_outline
from zhengling.extractors.steps.tree import Node
from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.extractors.words.unit_shapes import shapes_of

from .truth import ROOT, plain

HEAD = "澄川县2024年重点工作任务分工方案\n为做好全年工作，制定本方案。\n"


def outline(text: str) -> list[str]:
    """The headings and clauses of a text, indented by their depth; `~` before what begins the text."""
    paper = lay_out(Content(source=text))
    folded = fold(paper.text)
    out: list[str] = []

    def show(node: Node, depth: int) -> None:
        a, b = node.heading
        out.append("  " * depth + folded[a:b] + ("" if node.headed else "~"))
        for child in node.children:
            show(child, depth + 1)

    for part in read_outline(paper, folded, 0, [], shapes_of(Lexicon.load())).parts:
        for node in part.nodes:
            show(node, 0)
    return out


def read(text: str) -> Record:
    return extract_paper(lay_out(Content(source=text)))


def told(text: str) -> list[tuple[str, str | None, str]]:
    """Of each task of a plan: its headings joined by >, its title, its text."""
    return [(">".join(t.section), t.title, t.text) for t in read(HEAD + text).tasks]


def units(text: str) -> list[list[str]]:
    return [[u.name for u in t.units] for t in read(HEAD + text).tasks]


# --- numbering -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "values"),
    [
        (["1.甲项目", "2.365书屋项目", "3.乙项目"], [1, 2, 3]),
        (["10.甲项目", "11.121人才项目"], [10, 11]),
        (["1.甲项目", "2.5万亩农田"], [1, None]),
        (["3．2024年底前完成", "4．加强管护"], [3, 4]),
        (["1.12月底前完成", "2.3月底前完成"], [1, 2]),
        (["2.1完善机制", "2.2优化流程"], [1, 2]),
    ],
)
def test_a_number_before_digits_counts_where_it_goes_on(lines: list[str], values: list[int | None]):
    numbering = Numbering()
    found = [numbering.at_line(fold(line), 0, len(line)) for line in lines]
    assert [m and m.value for m in found] == values


# --- outline ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "right"),
    [
        # One line, headings without stops, numbers that run on over clauses.
        (
            "一、总体要求 坚持源头治理。二、重点任务（一）摸清底数，建好台账1.开展普查。逐户登记。2.建立台账。"
            "逐村汇总。"
            "（二）严格监管3.规范登记。按月核对。4.加强巡查。逐日记录。"
            + "这里的话说得很长，好让全文落在一行上。"
            * 20,
            [
                "一、总体要求",
                "二、重点任务",
                "  (一)摸清底数,建好台账",
                "    1.开展普查",
                "    2.建立台账",
                "  (二)严格监管",
                "    3.规范登记",
                "    4.加强巡查",
            ],
        ),
        # A list whose clauses begin with what is to be done has no headings, be one of the sentences short.
        (
            "一、放宽准入\n（一）支持设立交易平台。允许外资参股。\n"
            "（二）对符合条件的企业实行告知承诺，取消三项证明材料。鼓励先行先试。\n"
            "（三）授权园区制定人才管理办法，放宽外籍技术人员比例要求。\n"
            "（四）将施工许可权限下放至园区，由园区管委会组织实施。\n",
            ["一、放宽准入", "  (一)~", "  (二)~", "  (三)~", "  (四)~"],
        ),
        # A list of headings keeps one that is all its clause says.
        (
            "一、公开重点\n1.义务教育领域。\n2.社会救助和养老服务。\n",
            ["一、公开重点", "  1.义务教育领域", "  2.社会救助和养老服务"],
        ),
        # Whole sentences are none.
        (
            "一、主要目标\n1.地区生产总值增长6%以上。\n2.新建公园三处。\n3.建成图书馆并对外开放。\n",
            ["一、主要目标", "  1.~", "  2.~", "  3.~"],
        ),
        # A line without number above items.
        (
            "一、打好三大攻坚战\n打好污染防治攻坚战。\n1、治理扬尘。落实围挡。（责任单位：县住建局）\n"
            "打好脱贫攻坚战。\n2、改造危房。逐户鉴定。（责任单位：县住建局）\n",
            [
                "一、打好三大攻坚战",
                "  打好污染防治攻坚战",
                "    1、治理扬尘",
                "  打好脱贫攻坚战",
                "    2、改造危房",
            ],
        ),
        # The heading of a chapter that lacks its stop.
        (
            "二、工作目标到2025年，建成十个站点，覆盖全部乡镇。\n三、责任主体及工作分工按照上述原则，明确分工。\n",
            ["二、工作目标", "三、责任主体及工作分工"],
        ),
        # Articles stand between chapters and （一）.
        (
            "第一章 培训\n第一条 规范机构。开展核查。\n（一）逐家核查。\n第二条 公开名单。按月公布。\n",
            ["第一章 培训", "  第一条 规范机构", "    (一)~", "  第二条 公开名单"],
        ),
    ],
)
def test_outline(text: str, right: list[str]):
    assert outline(text) == right


# --- tasks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "right"),
    [
        # Measures below a clause without a heading have no heading of it.
        (
            "一、减轻负担\n（一）清理规范收费项目，严格规范收费行为，防止边减边增，确保企业得到实惠，增强获得感。（县财政局负责）\n"
            "具体措施：1．2024年6月底前公布清单。（县财政局负责）2．建立投诉机制，查清事实并退还费用，定期通报典型案例。"
            "（县市场监管局负责）\n",
            [
                (
                    "一、减轻负担",
                    None,
                    "清理规范收费项目，严格规范收费行为，防止边减边增，确保企业得到实惠，增强获得感。",
                ),
                ("一、减轻负担", None, "2024年6月底前公布清单。"),
                ("一、减轻负担", None, "建立投诉机制，查清事实并退还费用，定期通报典型案例。"),
            ],
        ),
        # One measure without a number.
        (
            "一、减轻负担\n（一）规范收费。严格执行清单。（县财政局负责）具体措施：逐项公布标准。（县财政局负责）\n",
            [
                ("一、减轻负担", "（一）规范收费", "严格执行清单。"),
                ("一、减轻负担", "（一）规范收费", "逐项公布标准。"),
            ],
        ),
        # Stretches of one paragraph repeat its title, paragraphs below a clause have it as section.
        (
            "一、主要任务\n（一）改善环境。栽植行道树。（县林业局负责）整治河道。（县水利局负责）\n"
            "推行分类投放。（县城管局负责）\n",
            [
                ("一、主要任务", "（一）改善环境", "栽植行道树。"),
                ("一、主要任务", "（一）改善环境", "整治河道。"),
                ("一、主要任务>（一）改善环境", None, "推行分类投放。"),
            ],
        ),
        # 一是 with a heading is a clause, without one a stretch of its paragraph.
        (
            "一、主要任务\n（一）守住底线\n一是完善制度。逐项修订办法。（县应急局负责）\n二是加强巡查。逐日记录情况。（县应急局负责）\n"
            "（二）开展整治一是排查隐患，建立台账。（县住建局负责）二是整改到位，逐项销号。（县住建局负责）\n",
            [
                ("一、主要任务>（一）守住底线", "一是完善制度", "逐项修订办法。"),
                ("一、主要任务>（一）守住底线", "二是加强巡查", "逐日记录情况。"),
                ("一、主要任务", "（二）开展整治", "一是排查隐患，建立台账。"),
                ("一、主要任务", "（二）开展整治", "二是整改到位，逐项销号。"),
            ],
        ),
        # A lead-in of its own and items with units.
        (
            "一、主要任务\n（一）建好食堂。每村一处，年内全部开餐。\n1.选定场所。优先用旧校舍。（县民政局负责）\n"
            "2.配好人员。聘用本村村民。（县人社局负责）\n",
            [
                ("一、主要任务", "（一）建好食堂", "每村一处，年内全部开餐。"),
                ("一、主要任务>（一）建好食堂", "1.选定场所", "优先用旧校舍。"),
                ("一、主要任务>（一）建好食堂", "2.配好人员", "聘用本村村民。"),
            ],
        ),
        # The label after the last of several items holds for that item alone.
        (
            "一、主要任务\n（一）建好食堂。\n1.选定场所。优先用旧校舍。\n2.配好人员。聘用本村村民。\n责任单位：县人社局\n",
            [
                ("一、主要任务>（一）建好食堂", "1.选定场所", "优先用旧校舍。"),
                ("一、主要任务>（一）建好食堂", "2.配好人员", "聘用本村村民。"),
            ],
        ),
        # What is found, hoped for or agreed sets no work.
        (
            "一、现状分析\n（一）基础较好。建成三家工厂。\n二、分工原则\n（一）落实主体。分解到部门。\n"
            "三、优化发展环境\n（一）清理证明。取消三项材料。\n",
            [("三、优化发展环境", "（一）清理证明", "取消三项材料。")],
        ),
        # In a plan of rectification the measure is the task, the problem its title.
        (
            "一、整改内容\n（1）台账不全问题。（责任单位：县应急局）\n整改措施：逐企补录，按月核对。\n"
            "（2）个别村未按时公开账目，也未说明原因。（责任单位：县民政局）\n整改措施：限期公开，张贴上墙。\n",
            [
                ("一、整改内容", "（1）台账不全问题", "逐企补录，按月核对。"),
                ("一、整改内容", "（2）个别村未按时公开账目，也未说明原因", "限期公开，张贴上墙。"),
            ],
        ),
        # Each of its numbered measures is one, with what the lines above them say.
        (
            "一、台账不全，底数不清。\n责任单位：县应急局，松岭镇、白渡镇人民政府\n整改时限：2023年6月底\n整改措施：\n"
            "1.逐企补录，按月核对。\n2.开展培训。培训企业负责人。\n二、堤防破损，多年失修。\n责任单位：县水利局\n"
            "整改措施：修复堤防。\n",
            [
                ("", "一、台账不全，底数不清", "逐企补录，按月核对。"),
                ("", "一、台账不全，底数不清", "开展培训。培训企业负责人。"),
                ("", "二、堤防破损，多年失修", "修复堤防。"),
            ],
        ),
        # The field of a person before those of the units is no text either.
        (
            "一、主要任务\n（一）守住底线。保护耕地80万亩。责任领导：王小明；牵头单位：县农业局；完成时限：2024年9月。\n",
            [("一、主要任务", "（一）守住底线", "保护耕地80万亩。")],
        ),
        # All on one line, each item closed by its labels.
        (
            "一、抓好产业 1.新增企业20家，产值增长8%。责任单位：县工信局 完成时限：12月底前 2.培育商店15家。"
            "责任单位：县商务局 完成时限：9月底前 二、改善民生 3.新增就业8000人。责任单位：县人社局 完成时限：全年\n",
            [
                ("一、抓好产业", None, "新增企业20家，产值增长8%。"),
                ("一、抓好产业", None, "培育商店15家。"),
                ("二、改善民生", None, "新增就业8000人。"),
            ],
        ),
        # What was done is no text of the task.
        (
            "一、主要任务\n1.招商引资。签约项目12个。\n完成情况：一季度签约3个。\n2.改善办学。新建小学2所。\n完成情况：已开工。\n",
            [
                ("一、主要任务", "1.招商引资", "签约项目12个。"),
                ("一、主要任务", "2.改善办学", "新建小学2所。"),
            ],
        ),
    ],
)
def test_tasks(text: str, right: list[tuple[str, str | None, str]]):
    assert told(text) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        # Duties under units: after a colon, on the next line, above items; a unit elsewhere is a subject.
        ("一、职责分工\n1.县教育局：负责考点布置。\n2.县公安局：负责考点安全。\n", [["县教育局"], ["县公安局"]]),
        (
            "一、职责分工\n（一）县教育局\n1.布置考点。\n2.培训监考。\n（二）县公安局\n维护考点周边秩序。\n",
            [["县教育局"], ["县教育局"], ["县公安局"]],
        ),
        (
            "一、部门职责\n县教育局：负责考点布置。\n县公安局、县交通局：负责考点安全。\n",
            [["县教育局"], ["县公安局", "县交通局"]],
        ),
        ("一、重点任务\n（一）县教育局牵头考务。县教育局要布置考点，培训监考。\n", [[]]),
        # One unit for a list.
        (
            "2024年，乡镇政府要守住底线，主要承担以下工作：\n1.落实责任。逐村签约。\n2.加强巡查。逐日记录。\n",
            [["乡镇政府"], ["乡镇政府"]],
        ),
        # At a chapter or a heading, for what has none of its own.
        (
            "一、建好设施（责任单位：县住建局）\n（一）改造管网。更新老旧管道。\n（二）增设车位。利用边角空地。（责任单位：县交警大队）\n",
            [["县住建局"], ["县交警大队"]],
        ),
        # 上述工作 holds for what has none since the last assignment.
        (
            "一、建好设施\n改建市场4家。\n新建站点14处。\n上述工作由县商务局牵头。\n新建球场5处。\n上述工作由县体育局牵头。\n",
            [["县商务局"], ["县商务局"], ["县体育局"]],
        ),
        # A label that pages have at their foot, too.
        (
            "1.修缮泵站。\n承办单位：县水利局\n2.疏浚河道。\n主办单位：县水利局 协办单位：县住建局\n",
            [["县水利局"], ["县水利局", "县住建局"]],
        ),
        # Behind a time in one bracket.
        (
            "一、主要任务\n1.修缮泵站。（完成时限：6月底前；县水利局牵头，县住建局等单位配合）\n",
            [["县水利局", "县住建局"]],
        ),
        # In front of the text.
        ("一、主要任务\n1.【责任单位：县水利局】修缮泵站三座。\n", [["县水利局"]]),
    ],
)
def test_who_answers(text: str, right: list[list[str]]):
    assert units(text) == right


def test_measures_are_part_of_their_clause():
    tasks = read(
        HEAD
        + "一、任务\n（一）规范收费。公布清单。（县财政局负责）\n具体措施：\n1.清理项目。逐项核对。（县财政局负责）\n"
    ).tasks
    assert [t.part_of for t in tasks] == [None, "T01"]


def test_chapters_of_a_covering_notice_are_no_tasks():
    notice = (
        "澄川县人民政府办公室关于印发2024年重点工作分工方案的通知\n各乡镇人民政府：\n"
        "《2024年重点工作分工方案》已经县政府同意，现印发给你们，并就有关事项通知如下：\n"
        "一、各单位要高度重视，制定措施。\n二、县政府督查室要跟踪督办，按月通报。\n"
        "澄川县人民政府办公室\n2024年1月3日\n2024年重点工作分工方案\n一、主要任务\n"
        "（一）建好食堂。每村一处。（责任单位：县民政局）\n（二）修好村路。硬化路面。（责任单位：县交通局）\n"
    )
    assert [t.title for t in read(notice).tasks] == ["（一）建好食堂", "（二）修好村路"]


# --- clauses and a table ---------------------------------------------------------------------------------------------

ROWS = "附件\n任务分解表\n序号\t工作任务\t具体要求\t责任单位\n"


@pytest.mark.parametrize(
    ("clauses", "rows", "titles"),
    [
        # More than half recur: the last one is a task, too.
        (
            "（一）建好食堂。每个行政村建设一处食堂，配齐炊具桌椅。\n（二）修好村路。硬化通村道路三十公里，安装护栏。\n"
            "（三）装好路灯。更换损坏路灯，逐村登记造册管理。\n",
            ["建好食堂\t每个行政村建设一处食堂，配齐炊具桌椅。", "修好村路\t硬化通村道路三十公里，安装护栏。"],
            ["建好食堂", "修好村路", "（三）装好路灯"],
        ),
        # Half or fewer: the prose is background, but a clause with an assignment stays.
        (
            "（一）建好食堂。每个行政村建设一处食堂，配齐炊具桌椅。\n（二）修好村路。硬化通村道路三十公里，安装护栏。\n"
            "（三）装好路灯。更换损坏路灯，逐村登记造册管理。（责任单位：县住建局）\n（四）清好河道。打捞水面漂浮物。\n",
            ["建好食堂\t每个行政村建设一处食堂，配齐炊具桌椅。", "开办夜校\t利用旧校舍开办农民夜校两所。"],
            ["建好食堂", "（三）装好路灯", "开办夜校"],
        ),
    ],
)
def test_clauses_beside_a_table(clauses: str, rows: list[str], titles: list[str]):
    table = "".join(f"{n}\t{row}\t县民政局\n" for n, row in enumerate(rows, 1))
    assert sorted(t.title or "" for t in read(HEAD + "一、主要任务\n" + clauses + ROWS + table).tasks) == sorted(titles)


# --- pages -----------------------------------------------------------------------------------------------------------


def test_page_numbers_in_the_middle_of_a_sentence():
    text = HEAD + (
        "一、主要任务\n（一）推进网办。县级事项全部纳入一网\n— 3 —\n通办，10月底\n-4-\n前完成。"
        "（责任单位：县民政局、县财\n5\n政局）\n"
    )
    (task,) = read(text).tasks
    assert (task.text, [u.name for u in task.units]) == (
        "县级事项全部纳入一网通办，10月底前完成。",
        ["县民政局", "县财政局"],
    )


def test_a_number_of_a_cell_is_no_page():
    text = (
        HEAD + "一、主要任务\n（一）推进网办。事项全部上网。（责任单位：县民政局）\n5\n"
        "（二）公开指南。逐项上墙。（责任单位：县民政局）\n"
    )
    assert [t.title for t in read(text).tasks] == ["（一）推进网办", "（二）公开指南"]


# --- problems, matters, duties, doubts -------------------------------------------------------------------------------


def test_fields_behind_the_last_measure_are_those_of_the_problem():
    record = read(
        "澄川县环境问题整改方案\n一、整改任务\n（一）渠道垃圾堆积。\n整改目标：渠道整洁。\n整改措施：\n"
        "1.清运渠道垃圾。\n2.建立保洁制度。\n责任单位：县水利局、各乡镇\n整改时限：2024年5月底前\n"
        "（二）台账不全。\n整改措施：\n1.补齐台账。\n责任单位：县财政局\n整改时限：长期坚持\n"
    )
    assert [(t.title, [u.name for u in t.units], [d.kind for d in t.deadlines]) for t in record.tasks] == [
        ("（一）渠道垃圾堆积", ["县水利局", "各乡镇"], ["date"]),
        ("（一）渠道垃圾堆积", ["县水利局", "各乡镇"], ["date"]),
        ("（二）台账不全", ["县财政局"], ["ongoing"]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "一、职责分工\n县教育局：负责校园安全。\n县财政局：负责经费。\n",
        "一、职责分工\n县教育局：负责校园安全。县财政局：负责经费。\n",
        "一、职责分工 县教育局：负责校园安全；县财政局：负责经费。\n",
        "一、任务分配\n县教育局：负责校园安全。\n县财政局：负责经费。\n",
        "县教育局：负责校园安全。\n县财政局：负责经费。\n",
    ],
)
def test_duties_stand_behind_units(text: str):
    record = read("澄川县校园安全责任清单\n" + text)
    assert [(t.title, t.text.rstrip("。；"), [u.name for u in t.units]) for t in record.tasks] == [
        ("县教育局", "负责校园安全", ["县教育局"]),
        ("县财政局", "负责经费", ["县财政局"]),
    ]


@pytest.mark.parametrize(
    ("clause", "code"),
    [
        ("逐户核查，县住建局牵头，各村配合整改。", "assignment-doubtful"),
        ("逐户核查（防办）", "assignment-doubtful"),
        ("组织验收，项目于工程11月20日由专家组评定。", "deadline-doubtful"),
        ("严格执行《澄川水库调度图》。（县水利局）", "citation-doubtful"),
    ],
)
def test_what_may_be_missed_is_warned_of(clause: str, code: str):
    record = read(HEAD + f"一、重点任务\n（一）抓好排查。{clause}\n（二）建好台账。逐项登记。（县水利局）\n")
    assert [w.code for w in record.warnings] == [code]


def test_a_clause_whose_items_are_assigned_is_not_warned_of():
    text = "一、重点任务\n（一）制定清单。各部门按照职责，逐项列明。\n1.助餐。（县民政局）\n2.助浴。（县卫健委）\n"
    record = read(HEAD + text)
    assert [bool(t.units) for t in record.tasks] == [False, True, True]
    assert record.warnings == []


def test_of_an_emergency_plan_only_what_is_assigned_is_a_task():
    plan = "澄川县防汛应急预案\n一、应急响应\n（一）启动。发布预警后，各单位到岗。\n（二）抢险。组织队伍抢险。"
    assert not read(plan + "\n").tasks
    assert [t.title for t in read(plan + "（县应急局）\n").tasks] == ["（二）抢险"]


# --- papers on one line ----------------------------------------------------------------------------------------------

#: Papers of tests/papers whose lines carry nothing that their words do not: a page that puts them on one line, with
#: blanks for the line ends, must read the same.
ONE_LINE = ["g02", "g04", "g06", "g09", "h01", "h02", "h04", "h05", "h08", "i02", "i03", "i04", "i05", "i08"]
ONE_LINE += ["j01", "j02", "j07", "j08"]


@pytest.mark.parametrize("name", ONE_LINE)
def test_a_paper_on_one_line_has_the_same_tasks(name: str):
    text = (ROOT / f"tests/papers/{name}.txt").read_text("utf-8")
    one_line = " ".join(line.strip() for line in text.splitlines() if line.strip())
    gold = json.loads((ROOT / f"tests/papers/gold/{name}.json").read_text("utf-8"))
    found = read(one_line)
    assert found.document.title and plain(found.document.title) == plain(gold["document"]["title"])
    assert [
        (plain(t.title), plain(t.starts), [(u.role, u.name) for u in t.units], [d.end for d in t.deadlines])
        for t in found.tasks
    ] == [
        (
            plain(t["title"]),
            plain(t["starts"]),
            [(u["role"], u["name"]) for u in t["units"]],
            [d["end"] for d in t["deadlines"]],
        )
        for t in gold["tasks"]
    ]


# --- closing sentences that assign to parts of a unit -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("closing", "right"),
    [
        ("医政科为牵头单位，信息科、办公室为责任单位。", [["医政科", "信息科", "办公室"]]),
        ("由人事处牵头，财务处、各有关处室协助。", [["人事处", "财务处", "各有关处室"]]),
        ("由镇水利站、派出所等单位负责，完成时限为每季度。", [["镇水利站", "镇派出所"]]),
        ("各科室通过医政科牵头的平台报送。", [[]]),
    ],
)
def test_a_closing_sentence_assigns_to_parts_of_a_unit(closing: str, right: list[list[str]]):
    assert units(f"一、夯实基础\n（一）修缮站房\n修缮东山站房三座。{closing}\n") == right


# --- problems and the measures against them ---------------------------------------------------------------------------

PLACES = """澄川县创建点位问题整改清单
【东街市场】活禽区未隔离，摊位占道。（责任单位：县商务局、县市场监管局）
整改措施：增设隔断，重新划行归市。
【汽车站】候车厅无母婴室。（责任单位：县交通运输局）
整改措施：改造母婴室，2023年10月15日前张贴标识。
"""


def test_a_place_in_marks_is_the_title_and_the_measure_the_text():
    """The name in marks is no assignment, although a station is a unit."""
    assert [(t.title, t.text, [u.name for u in t.units]) for t in read(PLACES).tasks] == [
        ("【东街市场】", "增设隔断，重新划行归市。", ["县商务局", "县市场监管局"]),
        ("【汽车站】", "改造母婴室，2023年10月15日前张贴标识。", ["县交通运输局"]),
    ]


def test_a_sentence_of_minutes_heads_no_items():
    text = (
        "一、关于停车场\n会议原则同意特许经营方案。\n1.论证收费标准。由县发改局负责。\n2.公开招标。由县城管局负责。\n"
    )
    assert [t.section for t in read("澄川县人民政府常务会议纪要\n" + text).tasks] == [["一、关于停车场"]] * 2


@pytest.mark.parametrize(
    ("clause", "limits"),
    [
        ("验收结束后5日内反馈情况。", ["验收结束后5日内"]),
        ("7个工作日内完成审查。", ["7个工作日内"]),
        ("资金到账后10个工作日内拨付。", ["资金到账后10个工作日内"]),
    ],
)
def test_the_number_of_a_clause_is_none_of_its_time(clause: str, limits: list[str]):
    (task,) = read(HEAD + f"一、重点任务\n4.{clause}（责任单位：县财政局）\n").tasks
    assert [d.text for d in task.deadlines] == limits


def test_decimals_below_numbers_without_stop():
    text = (
        "1 夯实底座\n1.1 编制目录。梳理数据。（县数据局负责）\n1.2 治理数据。建立台账。（县统计局负责）\n"
        "2 优化服务\n2.1 升级热线。启用派单。（县公安局负责）\n"
    )
    assert [(*map(plain, t.section), plain(t.title)) for t in read(HEAD + text).tasks] == [
        ("1夯实底座", "1.1编制目录"),
        ("1夯实底座", "1.2治理数据"),
        ("2优化服务", "2.1升级热线"),
    ]


def test_a_list_of_names_with_numbers_without_stop_is_no_outline():
    names = "1 澄川数字研究院\n2 澄川种业研究院\n3 澄川材料研究院\n"
    assert read(HEAD + "一、重点任务\n（一）建设平台。建好研究院。（责任单位：县科技局）\n" + names).tasks[1:] == []


def test_chapters_with_roman_numbers():
    text = (
        "Ⅰ．搭建平台\n（1）建设基地。建好基地。（县科技局负责）\nⅡ．畅通渠道\n（2）举办活动。办好路演。（县科协负责）\n"
    )
    assert [plain(t.section[0]) for t in read(HEAD + text).tasks] == ["Ⅰ．搭建平台", "Ⅱ．畅通渠道"]


def test_a_paragraph_that_leads_in_is_no_task():
    lead = "按照《林场管护意见》（松政发〔2020〕7号）要求，县里承担管护3万亩，现分解如下。\n"
    (task,) = read(HEAD + lead + "修好站房，6月底前完成。（责任单位：县林业局）\n").tasks
    assert task.text == "修好站房，6月底前完成。"


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("（县住建局牵头，东关镇、北门街道办事处配合）", ["县住建局", "东关镇", "北门街道办事处"]),
        ("（县民政局牵头，澄川惠老服务中心协助）", ["县民政局", "澄川惠老服务中心"]),
        ("以上工作由镇环卫所牵头，东坡村、西坡村协助。", ["镇环卫所", "东坡村", "西坡村"]),
        ("（县应急局、澄川军分区牵头）", ["县应急局", "澄川军分区"]),
    ],
)
def test_names_as_they_are(said: str, right: list[str]):
    text = f"澄川县2023年工作方案\n一、重点任务\n（一）管护。做好管护。{said}\n"
    assert [u.name for t in read(text).tasks for u in t.units] == right
