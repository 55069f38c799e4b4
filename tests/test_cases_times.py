"""Cases of time: small papers that were once read wrongly, and neighbours of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from zhengling import extract
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.model import Deadline, Record
from zhengling.extractors.pipeline import extract_paper
from zhengling.extractors.readers.content import Content

from .truth import real_papers


def told(limits: list[Deadline]) -> list[str]:
    """Each limit as its last day, first/last day, or kind; a date without a year is `date`."""
    return ["/".join(d for d in (limit.start, limit.end) if d) or limit.kind for limit in limits]


def limits_of(record: Record) -> list[list[str]]:
    return [told(task.deadlines) for task in record.tasks]


def unread(record: Record) -> list[str]:
    return [w.quote for w in record.warnings if w.code == "deadline-unread"]


# --- the cases -------------------------------------------------------------------------------------------------------

CASES: dict[str, list[list[str]]] = {
    "bugs/02-chinese-month-cells.csv": [
        *(["2023-12-31"], ["2023-12-31"], ["2023-10-31"], ["2023-06-30"], ["2023-09-30"]),
        *(["2023-11-30"], ["2024-01-31"], ["2023-08-31"], ["2023-12-31"], ["2023-12-20"]),
    ],
    "bugs/02b-chinese-month-prose.txt": [
        *(["2023-12-31"], ["2023-12-31"], ["2023-09-30"], ["2023-11-30"], ["2023-10-31"]),
    ],
    "bugs/03-spaced-dates.txt": [["2023-10-31"], ["2023-06-30"], ["2023-06-30"], ["2024-12-31"], ["recurring"]],
    "bugs/03b-spaced-dates.csv": [
        *(["2023-10-31"], ["2023-06-30"], ["2023-06-30"], ["2023-03-01/2023-09-30"], ["2023-12-31"]),
    ],
    "bugs/05-halves-quarters.csv": [
        *(["2023-06-30"], ["2023-12-31"], ["2023-09-30"], ["2023-09-30"], ["2023-12-31"], ["2023-12-31"]),
        *(["2023-01-01/2023-09-30"], ["2023-09-30"], ["2023-06-30"], ["2023-09-30"]),
    ],
    "bugs/06-this-month-end.txt": [["2023-04-30"], ["2023-05-10"], ["2023-04-30"], ["2023-06-30"], ["2023-06-30"]],
    "bugs/17-date-forms.csv": [
        *[["2023-06-30"] for _ in range(6)],
        ["2023-01-30/2023-02-28"],
        *[["2023-03-01/2023-06-30"] for _ in range(2)],
        ["2023-03-01/2024-02-29"],
    ],
    "bugs/29-dates-1904.xlsx": [["2023-06-30"], ["2023-09-30"], ["2023-10-15"], ["2023-11-30"], ["2023-12-31"]],
    "bugs/29b-dates-1900.xlsx": [["2023-06-30"], ["2023-09-30"], ["2023-10-15"], ["2023-11-30"], ["2023-12-31"]],
    "held/04-bare-year-limit.txt": [["2023-12-31"], ["2022-12-31", "2023-12-31"]],
    "held/05-month-takes-year-before.txt": [["2023-06-30", "2023-12-31"]],
    "held/06-yearly-no-rhythm.txt": [[], [], []],
    "held/23-date-and-ongoing-in-one-cell.txt": [["2026-06-30", "ongoing"], ["2026-09-30"]],
    "papers-a/07-within-n-years.txt": [["relative"], ["relative"], ["relative"]],
    "papers-b/06-within-n-years.txt": [["relative"], ["relative"], ["relative"]],
    "wild/03-quarter-in-time-column.txt": [["2025-06-30"], ["2025-12-31"], ["2025-10-01/2026-01-31"]],
    "wild/09-cell-of-numbered-parts.txt": [["2024-03-31", "2024-09-30"], ["2024-04-30", "2024-11-30"]],
    "wild/29-days-as-time-limits.txt": [["date"], ["date"], ["date"], ["date"]],
}
#: What no calendar or no word of time explains stays without a day, and is told.
UNREAD: dict[str, tuple[list[list[str]], list[str]]] = {
    "bugs/04-impossible-dates.csv": (
        [[], [], [], [], [], ["2024-02-29"]],
        ["2023年2月30日前", "2023年13月底前", "6月31日前", "2023年2月29日前", "2023年0月底前"],
    ),
    "bugs/04b-impossible-dates.txt": ([[], [], []], ["2023年2月30日前", "6月31日前", "2023年13月底前"]),
    "bugs/30-typed-numbers.xlsx": ([["2023-06-30"], [], ["2023-06-30"], ["2023-12-31"]], ["45107"]),
}


def case(name: str) -> Path:
    return real_papers() / "cases" / name


@pytest.mark.parametrize("name", sorted(CASES))
def test_limits_of_a_case(name: str):
    record = extract(case(name))
    assert (limits_of(record), unread(record)) == (CASES[name], [])


@pytest.mark.parametrize("name", sorted(UNREAD))
def test_what_a_case_does_not_tell_is_told(name: str):
    record = extract(case(name))
    assert (limits_of(record), unread(record)) == UNREAD[name]


def test_goals_of_the_opening_are_limits_of_the_paper():
    assert told(extract(case("papers-a/13-goal-years-in-opening.txt")).document.deadlines) == [
        "2025-12-31",
        "2030-12-31",
    ]


# --- neighbours ------------------------------------------------------------------------------------------------------

NOTICE = """泠川县人民政府办公室关于印发泠川县2022年河湖管护工作要点的通知
泠政办〔2022〕9号

各乡镇人民政府，县直各单位：
现将《泠川县2022年河湖管护工作要点》印发给你们，请认真贯彻执行。{notice}

泠川县人民政府办公室
2022年3月16日

泠川县2022年河湖管护工作要点

{opening}
一、重点任务
{tasks}
"""


def read(*, notice: str = "", opening: str = "为做好今年河湖管护工作，制定本要点。", tasks: str) -> Record:
    text = NOTICE.format(notice=notice, opening=opening, tasks=tasks)
    return extract_paper(lay_out(Content(source=text)))


TASK = "（一）清理河道。{}（责任单位：县水利局）"


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("组织开展清漂行动，五月二十日前清完县城段。", ["2022-05-20"]),
        ("组织开展清漂行动，2022 年 5 月 20 日 前清完县城段。", ["2022-05-20"]),
        ("组织开展清漂行动，$2022$ 年 $\\mathbf{5}$ 月底前清完县城段。", ["2022-05-31"]),
        ("2023年10月底前清完县城段，12月底前清完乡镇段。", ["2023-10-31", "2023-12-31"]),
        ("下月15日前清完县城段。", ["2022-04-15"]),
        ("每年汛前对水闸检查一次。", []),
        ("对乡镇每年进行一次全覆盖检查。", []),
        ("每季度通报一次进展，次年1月底前报送总结。", ["recurring", "2023-01-31"]),
        ("入冬前修好水闸，用两年时间清完支流。", ["relative", "relative"]),
        ("到“十四五”末，水质全部达标。", ["2025-12-31"]),
        ("2024年全面建成智慧河湖平台。", ["2024-12-31"]),
        ("县城段7月竣工，乡镇段10月投入使用。", ["2022-07-31", "2022-10-31"]),
        ("2019年底前建成的水闸要逐座检查。", []),
        ("截至2022年2月底，已清淤3公里。", []),
        ("优惠政策执行至2023年12月31日。", []),
        ("3月底前、6月底前、9月底前各清一段。", ["2022-03-31", "2022-06-30", "2022-09-30"]),
        ("6月30日和12月30日前报送进展。", ["2022-06-30", "2022-12-30"]),
        ("6月底前清完，6月底前公示。", ["2022-06-30"]),
    ],
)
def test_limits_of_a_clause(said: str, right: list[str]):
    record = read(tasks=TASK.format(said))
    assert (limits_of(record), unread(record)) == ([right], [])


def test_dated_limits_of_the_notice_are_those_of_the_paper():
    record = read(
        notice="请各单位于2022年4月20日前将落实方案报县河长办。推进会定于5月8日召开。",
        opening="为做好今年河湖管护工作，制定本要点。到2025年，全县河湖水质稳定达标。",
        tasks=TASK.format("9月底前清完。"),
    )
    assert told(record.document.deadlines) == ["2022-04-20", "2025-12-31"]
    assert limits_of(record) == [["2022-09-30"]]


def test_how_long_a_policy_holds_is_no_limit_of_the_paper():
    record = read(notice="本要点自印发之日起施行，有效期至2025年12月31日。", tasks=TASK.format("9月底前清完。"))
    assert told(record.document.deadlines) == []


TABLE = """泠川县{year}河湖管护任务分解表
序号 | 工作任务 | 具体要求 | 责任单位 | 完成时限 |
1 | 清理河道 | 组织清理县城段{text}。 | 县水利局 | {limit} |
2 | 修缮水闸 | 修缮乡镇水闸十座。 | 县水利局 | 长期坚持 |
"""


@pytest.mark.parametrize(
    ("year", "text", "limit", "right"),
    [
        ("2022年", "", "十月底", ["2022-10-31"]),
        ("2022年", "", "2022.3-11", ["2022-03-01/2022-11-30"]),
        ("2022年", "", "全年", ["2022-01-01/2022-12-31"]),
        ("2022年", "", "Q3", ["2022-09-30"]),
        ("2022年", "", "二季度、四季度", ["2022-06-30", "2022-12-31"]),
        ("2022年", "", "2022年6月完成，长期坚持", ["2022-06-30", "ongoing"]),
        ("2022年", "", "三个月", ["relative"]),
        ("2022年", "", "立行立改", []),
        ("", "", "8月", ["date"]),
        ("", "，2023年6月底前完工", "8月", ["2023-06-30", "2023-08-31"]),
        ("2022年", "，8月底前完工", "8月底前", ["2022-08-31"]),
    ],
)
def test_limits_of_a_row(year: str, text: str, limit: str, right: list[str]):
    record = extract_paper(lay_out(Content(source=TABLE.format(year=year, text=text, limit=limit))))
    assert (limits_of(record), unread(record)) == ([right, ["ongoing"]], [])


@pytest.mark.parametrize("limit", ["视资金到位情况", "44926", "2022年2月30日前", "按上级部署", "2022年7月起"])
def test_a_cell_of_time_that_is_not_understood_is_told(limit: str):
    record = extract_paper(lay_out(Content(source=TABLE.format(year="2022年", text="", limit=limit))))
    assert (limits_of(record), unread(record)) == ([[], ["ongoing"]], [limit])
