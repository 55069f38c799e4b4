"""Tasks of clauses: what lies where in them, who answers for them, by which rule they are tasks; and beside a table."""

from __future__ import annotations

import pytest
from zhengling.extractors.model import Record

from .test_steps import HEAD, record_of

TITLE = "松岭县2024年护林工作方案\n"


def told(record: Record) -> list[str]:
    """`section > section > title | text | role name, name | rule` of each task."""
    out = []
    for task in record.tasks:
        units = ", ".join(f"{unit.role[:4]} {unit.name}" for unit in task.units)
        (rule,) = {evidence.rule for evidence in task.evidence}
        heads = " > ".join([*task.section, task.title or "-"])
        out.append(" | ".join([heads, task.text.replace("\n", " "), units, rule.removeprefix("task.")]))
    return out


def tasks_of(lines: str) -> list[str]:
    return told(record_of(f"{HEAD}{TITLE}{lines}\n"))


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        pytest.param(
            "一、重点任务\n（一）加强巡护。各地要把护林工作摆在突出位置，做到全年不断。具体分工如下：\n"
            "1.设卡登记，收缴火种。（责任单位：县林业局）\n2.巡护山林，每日登记。（责任单位：县应急局）",
            [
                "一、重点任务 > （一）加强巡护 | 各地要把护林工作摆在突出位置，做到全年不断。 |  | lead-in",
                "一、重点任务 > （一）加强巡护 > - | 设卡登记，收缴火种。 | resp 县林业局 | clause",
                "一、重点任务 > （一）加强巡护 > - | 巡护山林，每日登记。 | resp 县应急局 | clause",
            ],
            id="a lead-in that says something is a task, without the words that announce the list",
        ),
        pytest.param(
            "一、重点任务\n（一）加强巡护。每日巡护山林。（责任单位：县林业局）\n"
            "本方案自印发之日起施行。各地按月上报。\n由县应急局牵头，县林业局配合。",
            ["一、重点任务 > （一）加强巡护 | 每日巡护山林。 | resp 县林业局 | clause"],
            id="from when a paper holds, and what follows that, is no work",
        ),
        pytest.param(
            "一、重点任务\n1.设卡登记，收缴火种。\n2.巡护山林，每日登记。\n"
            "3.开展宣传。上述工作由县林业局牵头，县应急局配合。",
            [
                "一、重点任务 > - | 设卡登记，收缴火种。 | lead 县林业局, supp 县应急局 | clause",
                "一、重点任务 > - | 巡护山林，每日登记。 | lead 县林业局, supp 县应急局 | clause",
                "一、重点任务 > - | 开展宣传。 | lead 县林业局, supp 县应急局 | clause",
            ],
            id="clauses before one that is assigned with what stands above it",
        ),
        pytest.param(
            "一、重点任务\n（一）设卡登记。收缴火种。（责任单位：县林业局）\n"
            "（二）巡护山林。每日登记。上述工作由县应急局牵头。\n（三）开展宣传。每月一次。",
            [
                "一、重点任务 > （一）设卡登记 | 收缴火种。 | resp 县林业局 | clause",
                "一、重点任务 > （二）巡护山林 | 每日登记。 | lead 县应急局 | clause",
                "一、重点任务 > （三）开展宣传 | 每月一次。 |  | clause",
            ],
            id="what is assigned already, and what follows, is none of what stands above",
        ),
        pytest.param(
            "一、重点任务\n（一）加强巡护。每日巡护山林。（本项工作，牵头单位：县林业局；配合单位：县应急局）",
            ["一、重点任务 > （一）加强巡护 | 每日巡护山林。 | lead 县林业局, supp 县应急局 | clause"],
            id="a bracket that says what it is about before its labels",
        ),
        pytest.param(
            "附件\n任务分工表\n| 序号 | 具体任务 |  | 责任单位 | 完成时限 |\n"
            "| 1 | 修缮瞭望塔 | 选址装修 | 县林业局 | 6月底前 |\n| 2 | 培训护林员 | 分批培训 | 县应急局 | 年底前 |\n"
            "| 3 | 开展宣传 | 进村入户 | 县委宣传部 | 年底前 |",
            [
                "修缮瞭望塔 | 选址装修 | resp 县林业局 | row",
                "培训护林员 | 分批培训 | resp 县应急局 | row",
                "开展宣传 | 进村入户 | resp 县委宣传部 | row",
            ],
            id="a heading of work over two columns",
        ),
        pytest.param(
            "一、重点任务\n划定责任区，落实巡护人员。（责任单位：县林业局）\n按标准储备扑火物资。（责任单位：县应急局）",
            [
                "一、重点任务 > - | 划定责任区，落实巡护人员。 | resp 县林业局 | paragraph",
                "一、重点任务 > - | 按标准储备扑火物资。 | resp 县应急局 | paragraph",
            ],
            id="paragraphs of a chapter, each assigned",
        ),
        pytest.param(
            "一、划定责任区，落实巡护人员。县林业局负责。\n二、按标准储备扑火物资。县应急局负责。\n三、按月通报巡护情况。",
            [
                "- | 划定责任区，落实巡护人员。 | resp 县林业局 | clause",
                "- | 按标准储备扑火物资。 | resp 县应急局 | clause",
                "- | 按月通报巡护情况。 |  | chapter",
            ],
            id="chapters that are clauses; one that nobody answers for is a task as the others are",
        ),
        pytest.param(
            "一、重点任务\n划定责任区，落实巡护人员。\n按标准储备扑火物资。\n上述工作由县林业局牵头，县应急局配合。",
            [
                "一、重点任务 > - | 划定责任区，落实巡护人员。 | lead 县林业局, supp 县应急局 | paragraph",
                "一、重点任务 > - | 按标准储备扑火物资。 | lead 县林业局, supp 县应急局 | paragraph",
            ],
            id="what stands above is assigned below",
        ),
        pytest.param(
            "一、职责分工\n县林业局：负责划定责任区，落实巡护人员。\n县应急局：负责储备扑火物资。县财政局：负责安排经费。",
            [
                "一、职责分工 > 县林业局 | 负责划定责任区，落实巡护人员。 | resp 县林业局 | paragraph",
                "一、职责分工 > 县应急局 | 负责储备扑火物资。 | resp 县应急局 | paragraph",
                "一、职责分工 > 县财政局 | 负责安排经费。 | resp 县财政局 | paragraph",
            ],
            id="duties behind units and a colon, also two in a paragraph",
        ),
        pytest.param(
            "一、职责分工\n（一）县林业局\n划定责任区，落实巡护人员。\n（二）县林业局、县应急局、县公安局、县财政局、"
            "县水利局、县教育局、县民政局、县司法局、县审计局\n按标准储备扑火物资。",
            [
                "一、职责分工 > （一）县林业局 | 划定责任区，落实巡护人员。 | resp 县林业局 | clause",
                "一、职责分工 > （二）县林业局、县应急局、县公安局、县财政局、县水利局、县教育局、"
                "县民政局、县司法局、县审计局 | 按标准储备扑火物资。 |  | clause",
            ],
            id="a heading that is units has their duties below; one that is too long is none",
        ),
        pytest.param(
            "一、重点任务\n1.加强巡护。\n（1）划定责任区。\n（2）落实巡护人员。\n（3）通报巡护情况。（责任单位：县林业局）",
            [
                "一、重点任务 > 1.加强巡护 | （1）划定责任区。 （2）落实巡护人员。 （3）通报巡护情况 | resp 县林业局"
                " | clause",
            ],
            id="who is named behind the last sub-item alone answers for the clause",
        ),
        pytest.param(
            "一、重点任务\n2.管好火源。\n（1）设卡登记。（责任单位：县公安局）\n（2）收缴火种。（责任单位：县应急局）",
            [
                "一、重点任务 > 2.管好火源 > （1）设卡登记 | 设卡登记。 | resp 县公安局 | clause",
                "一、重点任务 > 2.管好火源 > （2）收缴火种 | 收缴火种。 | resp 县应急局 | clause",
            ],
            id="sub-items that each name somebody are tasks",
        ),
        pytest.param(
            "一、存在问题\n（一）责任区没有划清。\n整改措施：\n1.划定责任区。\n2.落实巡护人员。\n责任单位：县林业局\n整改时限：2024年6月底前",
            [
                "一、存在问题 > （一）责任区没有划清 | 划定责任区。 | resp 县林业局 | clause",
                "一、存在问题 > （一）责任区没有划清 | 落实巡护人员。 | resp 县林业局 | clause",
            ],
            id="measures against a problem, whose fields stand behind the last of them",
        ),
        pytest.param(
            "一、责任区没有划清\n整改目标：责任区全部划清。\n牵头单位：县林业局\n整改措施：\n1.划定责任区，落实到人。\n"
            "2.落实巡护人员，按月考核。\n整改进展：已划定责任区12处，其余正在协商。",
            [
                "一、责任区没有划清 | 划定责任区，落实到人。 | lead 县林业局 | clause",
                "一、责任区没有划清 | 落实巡护人员，按月考核。 | lead 县林业局 | clause",
            ],
            id="how far it has come is no text of the last measure",
        ),
        pytest.param(
            "一、重点任务\n责任单位：县林业局\n1.划定责任区。\n2.落实巡护人员。\n责任单位：县应急局\n3.储备扑火物资。\n"
            "4.演练扑火。",
            [
                "一、重点任务 > 1.划定责任区 | 划定责任区。 | resp 县林业局 | clause",
                "一、重点任务 > - | 落实巡护人员。 | resp 县林业局 | clause",
                "一、重点任务 > 3.储备扑火物资 | 储备扑火物资。 | resp 县应急局 | clause",
                "一、重点任务 > 4.演练扑火 | 演练扑火。 | resp 县应急局 | clause",
            ],
            id="labels above the items of a chapter, each for those below it",
        ),
        pytest.param(
            "一、重点任务\n责任单位：县林业局\n1.划定责任区。\n2.储备扑火物资。\n责任单位：县应急局",
            [
                "一、重点任务 > 1.划定责任区 | 划定责任区。 | resp 县林业局 | clause",
                "一、重点任务 > 2.储备扑火物资 | 储备扑火物资。 | resp 县应急局 | clause",
            ],
            id="a label below the last item of a chapter is that item's",
        ),
        pytest.param(
            "一、重点任务\n（一）划定责任区，逐户签订承诺书（不含城区）\n注：城区以环山路为界。\n"
            "（二）储备扑火物资。\n责任单位：县应急局（县消防办）\n注1：物资按标准储备。",
            [
                "一、重点任务 > - | 划定责任区，逐户签订承诺书（不含城区） |  | clause",
                "一、重点任务 > （二）储备扑火物资 | 储备扑火物资。 | resp 县应急局（县消防办） | clause",
            ],
            id="a note is no text of the clause above it",
        ),
    ],
)
def test_what_clauses_are_tasks(lines: str, found: list[str]):
    assert tasks_of(lines) == found


def test_a_limit_may_stand_in_a_title():
    lines = "一、重点任务\n（一）2024年6月底前建成瞭望塔。选好地点，办好手续。（责任单位：县林业局）"
    (task,) = record_of(f"{HEAD}{TITLE}{lines}\n").tasks
    assert [limit.text for limit in task.deadlines] == ["2024年6月底前"]


#: Three tasks, with two units each; {} is said above, behind the first and behind the second.
_UNITS = """一、重点任务
{}
（一）管好火源。设卡登记。（责任单位：县公安局、县应急局{}）
（二）加强巡护。划定责任区。（责任单位：县林业局、县应急局{}）
（三）储备物资。按标准储备。（责任单位：县应急局、县财政局）"""


@pytest.mark.parametrize(
    ("said", "leads"),
    [
        (("", "", ""), []),
        (("", "", "，列第一位的为牵头单位"), ["县林业局"]),
        (("", "", "，列第一位的为牵头单位，下同"), ["县林业局", "县应急局"]),
        (("", "，列第一位的为牵头单位，下同", ""), ["县公安局", "县林业局", "县应急局"]),
        (("以下任务列第一位的为牵头单位。", "", ""), ["县公安局", "县林业局", "县应急局"]),
    ],
)
def test_how_far_it_holds_that_the_first_leads(said: tuple[str, str, str], leads: list[str]):
    record = record_of(f"{HEAD}{TITLE}{_UNITS.format(*said)}\n")
    assert [unit.name for task in record.tasks for unit in task.units if unit.role == "lead"] == leads
    assert all(len(task.units) == 2 for task in record.tasks)


@pytest.mark.parametrize(("note", "role"), [("注：*为牵头单位。", "lead"), ("", "responsible")])
def test_marked_units_lead_where_the_paper_says_so(note: str, role: str):
    record = record_of(
        f"{HEAD}{TITLE}一、重点任务\n（一）加强巡护。划定责任区。（责任单位：县林业局*、县应急局）\n{note}\n"
    )
    assert [(u.name, u.role) for t in record.tasks for u in t.units] == [
        ("县林业局", role),
        ("县应急局", "responsible"),
    ]


def test_who_supports_all_that_follows_is_added_once():
    lines = (
        "一、重点任务\n（一）管好火源。设卡登记。（责任单位：县公安局）\n以下任务均需各乡镇配合落实，不再列出。\n"
        "（二）加强巡护。划定责任区。（责任单位：县林业局、各乡镇）\n（三）储备物资。按标准储备。（责任单位：县应急局）"
    )
    assert [[(u.role, u.name) for u in t.units] for t in record_of(f"{HEAD}{TITLE}{lines}\n").tasks] == [
        [("responsible", "县公安局")],
        [("responsible", "县林业局"), ("responsible", "各乡镇")],
        [("responsible", "县应急局"), ("support", "各乡镇")],
    ]


def test_a_note_below_a_full_line_does_not_go_on_with_it():
    lines = (
        "一、重点任务\n（一）加强巡护。划定责任区，落实巡护人员，对各类野外用\n火逐一登记，不留死角，做到早发现、早处置，"
        "不漏一处隐患\n，不放过一个火点。（责任单位：县林业局、县公安局、各乡）\n注：各乡包括林场。\n（二）储备物资。按标准储备各类扑火"
        "机具，每月保养，做到拿\n得出、用得上，满足同时扑救两处以上火情的需要，不足部分\n及时补充。（责任单位：县应急局）"
    )
    first, second = record_of(f"{HEAD}{TITLE}{lines}\n").tasks
    assert [u.name for u in first.units] == ["县林业局", "县公安局", "各乡"]
    assert [u.name for u in second.units] == ["县应急局"]
    assert "林场" not in first.text + second.text


@pytest.mark.parametrize("label", ["时间节点", "完成时限", "期限", "截止时间"])
def test_a_labelled_line_does_not_go_on_in_the_next(label: str):
    lines = (
        "一、重点任务\n\n（一）加强巡护。划定责任区。\n\n牵头单位：县林业局；配合单位：县公安局、县应急局\n\n"
        f"{label}：2024年6月底前\n\n（二）储备物资。按标准储备。\n\n牵头单位：县应急局；配合单位：县财政局、县水利局\n\n{label}：长期坚持\n"
    )
    tasks = record_of(f"{HEAD}{TITLE}{lines}\n").tasks
    assert [[u.name for u in t.units] for t in tasks] == [
        ["县林业局", "县公安局", "县应急局"],
        ["县应急局", "县财政局", "县水利局"],
    ]
    assert [[limit.kind for limit in t.deadlines] for t in tasks] == [["date"], ["ongoing"]]


@pytest.mark.parametrize("title", ["关于分解落实2024年护林目标任务的通知", "关于印发2024年护林目标任务分工的通知"])
def test_the_notice_that_hands_out_work_sets_none_itself(title: str):
    record = record_of(
        f"松岭县人民政府{title}\n松政发〔2024〕8号\n各乡镇人民政府：\n现将有关事项通知如下：\n"
        "一、明确责任。排在首位的单位为牵头单位，负责汇总情况。\n"
        "二、细化措施。各牵头单位要于3月10日前将方案报县政府。\n附件：任务分解表\n松岭县人民政府\n2024年2月5日\n"
        "附件\n2024年护林目标任务分解表\n一、加强巡护\n1.划定责任区。\n责任单位：县林业局\n2.落实巡护人员。\n责任单位：县应急局\n"
    )
    assert [u.name for t in record.tasks for u in t.units] == ["县林业局", "县应急局"]
    assert [limit.end for limit in record.document.deadlines] == ["2024-03-10"]


# --- beside a table --------------------------------------------------------------------------------------------------

_CLAUSES = [
    ("加强巡护", "划定护林责任区，落实巡护人员，每日巡山。", "县林业局"),
    ("储备物资", "按标准储备扑火物资并定期检查登记。", "县应急局"),
    ("管好火源", "在进山路口设卡登记，收缴火种。", "县公安局"),
]
_FRAME = (
    "二、保障措施\n（一）加强领导。成立领导小组，定期研究。\n（二）严格考核。列入年度考核内容。\n"
    "（三）加强宣传。营造良好氛围。\n（四）强化督查。及时通报情况。\n"
)


def _both(clauses: list[int], rows: list[int], frame: str = "", more: str = "") -> list[str]:
    lines = [f"（{n}）{_CLAUSES[i][0]}。{_CLAUSES[i][1]}" for n, i in zip("一二三", clauses, strict=False)]
    head = "任务分解表\n序号\t任务\t具体要求\t责任单位\n"
    table = "".join(f"{n}\t" + "\t".join(_CLAUSES[i]) + "\n" for n, i in enumerate(rows, 1))
    return tasks_of("一、重点任务\n" + "\n".join([*lines, *filter(None, [more])]) + "\n" + frame + head + table)


def _row(n: int) -> str:
    title, text, unit = _CLAUSES[n]
    return f"一、重点任务 > {title} | {text} | resp {unit} | row"


def test_clauses_of_a_chapter_that_frames_the_work_do_not_count_against_the_others():
    """All measures recur in rows, so that the rest are tasks, too, however many they are."""
    found = _both([0, 1, 2], [0, 1, 2], _FRAME)
    assert found[:3] == [_row(0), _row(1), _row(2)]
    assert [task.split(" | ")[0] for task in found[3:]] == [
        f"二、保障措施 > （{n}）{title}"
        for n, title in zip("一二三四", ("加强领导", "严格考核", "加强宣传", "强化督查"), strict=True)
    ]


def test_a_clause_that_no_row_has_stands_behind_the_one_before_it():
    more = "（四）培训队伍。每季度组织一次扑火演练和安全培训。"
    own = "一、重点任务 > （四）培训队伍 | 每季度组织一次扑火演练和安全培训。 |  | clause"
    assert _both([0, 1, 2], [0, 1, 2], more=more) == [_row(0), _row(1), _row(2), own]
    assert _both([0, 2, 1], [0, 1, 2]) == [_row(0), _row(1), _row(2)]


def test_clauses_that_rows_do_not_repeat_are_no_tasks_beside_them():
    found = tasks_of(
        "一、总体要求\n（一）提高认识。把护林摆在突出位置，常抓不懈。\n（二）突出重点。管住野外用火，守住重点区域。\n"
        "（三）上下联动。形成齐抓共管的良好局面。\n任务分解表\n序号\t任务\t具体要求\t责任单位\n"
        "1\t加强巡护\t划定护林责任区，落实巡护人员，每日巡山。\t县林业局\n"
    )
    assert [task.rpartition(" | ")[2] for task in found] == ["row"]


def test_a_limit_that_announces_the_list_belongs_to_the_text_that_it_ends():
    found = tasks_of(
        "一、重点任务\n（一）清理山场。组织力量逐片巡查，不留死角。9月10日前完成下列工作：\n"
        "1）清除枯枝杂草。（县林业局负责）\n2）修补防火道。（县应急局负责）\n"
    )
    assert [task.split(" | ")[1:3] for task in found] == [
        ["组织力量逐片巡查，不留死角。9月10日前完成下列工作：", ""],
        ["清除枯枝杂草。", "resp 县林业局"],
        ["修补防火道。", "resp 县应急局"],
    ]


def test_a_problem_above_the_fields_of_its_rectification_is_a_title_with_commas_too():
    found = tasks_of(
        "一、管护方面\n1.部分乡镇对护林认识不到位，山场巡查流于形式。\n整改目标：责任全面落实。\n"
        "整改措施：修订巡查考核办法，实行一月一通报。\n责任单位：县林业局\n"
    )
    assert [task.split(" | ")[0] for task in found] == ["一、管护方面 > 1.部分乡镇对护林认识不到位，山场巡查流于形式"]


def test_a_chapter_with_its_fields_on_lines_is_the_clause_and_one_over_a_closed_paragraph_its_heading():
    lines = tasks_of(
        "一、扩大林场\n新建林场三处。\n牵头领导：王林\n牵头单位：县林业局\n责任单位：县财政局\n完成时限：6月底前\n\n"
        "二、修缮哨所\n修缮哨所两处。\n牵头单位：县应急局\n完成时限：8月底前\n"
    )
    assert [task.split(" | ")[0] for task in lines] == ["一、扩大林场", "二、修缮哨所"]
    closed = tasks_of(
        "一、扩大林场\n新建林场三处。（责任单位：县林业局）\n二、修缮哨所\n修缮哨所两处。（责任单位：县应急局）\n"
    )
    assert [task.split(" | ")[0] for task in closed] == ["一、扩大林场 > -", "二、修缮哨所 > -"]


@pytest.mark.parametrize(
    ("closing", "day"),
    [
        ("请各责任单位于2024年10月8日前将落实情况书面报县林业局。", "2024-10-08"),
        ("各牵头单位要在4月5日前制定计划，报县林业局备案。", "2024-04-05"),
        ("各单位要密切配合，10月8日前完成整改。", None),
        ("各单位要及时将落实情况报县林业局。", None),
    ],
)
def test_a_closing_paragraph_that_asks_for_a_report_sets_the_paper_a_limit(closing: str, day: str | None):
    record = record_of(f"{HEAD}{TITLE}一、重点任务\n1.巡护山林。（责任单位：县林业局）\n{closing}\n")
    assert [limit.end for limit in record.document.deadlines] == ([day] if day else [])


def test_offices_of_a_body_and_its_signature_on_one_line():
    """部室 answer as 科室 do; a federation signs as a bureau does."""
    record = record_of(
        "各县（市、区）残联： 现将《2024年全市助残工作任务分解》印发给你们，请认真抓好落实。 "
        "松岭市残疾人联合会 2024年3月26日 2024年全市助残工作任务分解 一、康复服务 1.建好康复站。（责任部室：康复部） "
        "2.救助儿童。（责任部室：康复部；配合部室：计财部） "
        "二、就业创业 3.举办招聘会。（责任部室：教就部）\n"
    )
    assert (record.document.issuer, record.document.date) == ("松岭市残疾人联合会", "2024-03-26")
    assert [(t.section, t.text, [(u.role, u.name) for u in t.units]) for t in record.tasks] == [
        (["一、康复服务"], "建好康复站。", [("responsible", "康复部")]),
        (["一、康复服务"], "救助儿童。", [("lead", "康复部"), ("support", "计财部")]),
        (["二、就业创业"], "举办招聘会。", [("responsible", "教就部")]),
    ]


@pytest.mark.parametrize("colon", ["：", ""])
def test_units_head_the_items_of_a_chapter_of_duties(colon: str):
    found = tasks_of(
        f"一、职责分工\n县林业局{colon}\n1.巡护山林，每日登记。\n2.清理林下枯枝，堵住火源。\n"
        f"县应急局{colon}\n1.检修扑火机具，集中存放。\n2.组织扑火演练，评估效果。\n"
        "各乡镇人民政府：劝返携带火种人员，做好宣传。\n\n县林业局\n2024年6月11日\n"
    )
    assert [task.split(" | ")[:3] for task in found] == [
        ["一、职责分工 > 县林业局 > -", "巡护山林，每日登记。", "resp 县林业局"],
        ["一、职责分工 > 县林业局 > -", "清理林下枯枝，堵住火源。", "resp 县林业局"],
        ["一、职责分工 > 县应急局 > -", "检修扑火机具，集中存放。", "resp 县应急局"],
        ["一、职责分工 > 县应急局 > -", "组织扑火演练，评估效果。", "resp 县应急局"],
        ["一、职责分工 > 各乡镇人民政府", "劝返携带火种人员，做好宣传。", "resp 各乡镇人民政府"],
    ]


@pytest.mark.parametrize("dash", ["——", "—"])
def test_who_stands_behind_a_dash_answers_for_the_sentence(dash: str):
    found = tasks_of(
        f"一、重点任务\n（一）修补防火道，5月底前验收。{dash}县应急局、林业局负责\n"
        f"（二）严查野外用火。{dash}各市、县林业部门负责\n"
    )
    assert [task.split(" | ")[1:3] for task in found] == [
        ["修补防火道，5月底前验收。", "resp 县应急局, resp 县林业局"],
        ["严查野外用火。", "resp 各市、县林业部门"],
    ]
