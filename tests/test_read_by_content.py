"""What columns, headings and sentences are by what they hold: small papers of invented places, each with its tasks.

A task is written `section § title | start … end | units | limits`: units with the first letter of their role, limits by
their last day, or by their kind where no day is meant.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from zhengling import extract

HEAD = "松岭县绿色矿山建设任务表\n"


def tasks(folder: Path, text: str, ending: str = "txt") -> list[str]:
    paper = folder / f"paper.{ending}"
    paper.write_text(text, "utf-8")
    out = []
    for task in extract(paper).to_json()["tasks"]:
        above = " § ".join([*task["section"], task["title"] or "-"])
        units = " ".join(u["role"][0] + u["name"] for u in task["units"]) + (" 等" if task["open"] else "")
        limits = " ".join((f"{d['start']}/" if d["start"] else "") + (d["end"] or d["kind"]) for d in task["deadlines"])
        out.append(f"{above} | {task['starts'][:4]} … {task['ends'][-3:]} | {units} | {limits}")
    return out


QUARRY = [
    "{} | 完成废弃 … 万株。 | r县自然资源局 | 2024-12-31",
    "{} | 建设封闭 … 设备。 | r县生态环境局 | 2025-12-31",
    "{} | 硬化矿区 … 水沟。 | r县交通局 | 2026-12-31",
]
FILL, DUST, ROAD = (
    "完成废弃矿坑回填120亩，补植乔木三万株。",
    "建设封闭料场6座，安装喷淋设备。",
    "硬化矿区道路18公里，修建排水沟。",
)
UNITS = ("县自然资源局", "县生态环境局", "县交通局")
YEARS = ("2024", "2025", "2026")


@pytest.mark.parametrize("heading", ["完成年限", "年限", "完成年份", "何时做完", "截止日期"])
def test_a_column_of_bare_years_holds_limits(tmp_path: Path, heading: str):
    """Whatever stands over it, and whatever parts the cells."""
    rows = [("序号", "工作任务", "责任单位", heading)]
    rows += [(str(n), *row) for n, row in enumerate(zip((FILL, DUST, ROAD), UNITS, YEARS, strict=True), 1)]
    right = [r.format("-") for r in QUARRY]
    assert tasks(tmp_path, HEAD + "".join("\t".join(r) + "\n" for r in rows)) == right
    assert tasks(tmp_path, HEAD + "".join("| " + " | ".join(r) + " |\n" for r in rows)) == right
    assert tasks(tmp_path, HEAD + "".join("".join(c + "\n" for c in r) for r in rows)) == right


def test_months_in_figures_are_limits_too(tmp_path: Path):
    rows = ["工作任务\t责任单位\t何时做完", f"{FILL}\t县自然资源局\t2024.12", f"{DUST}\t县生态环境局\t202512"]
    assert tasks(tmp_path, HEAD + "\n".join(rows)) == [r.format("-") for r in QUARRY[:2]]


def test_large_figures_under_a_heading_of_money_are_no_limits(tmp_path: Path):
    rows = ["工作任务\t责任单位\t投资（万元）", f"{FILL}\t县自然资源局\t2024", f"{DUST}\t县生态环境局\t2030"]
    assert [t.rpartition("|")[2] for t in tasks(tmp_path, HEAD + "\n".join(rows))] == [" ", " "]


def test_when_work_begins_is_no_limit_beside_when_it_ends(tmp_path: Path):
    rows = [
        "工作任务\t责任单位\t启动时间\t完成时间",
        f"{FILL}\t县自然资源局\t2024年3月\t2024年12月",
        f"{DUST}\t县生态环境局\t2025年4月\t2025年12月",
    ]
    assert tasks(tmp_path, HEAD + "\n".join(rows)) == [r.format("-") for r in QUARRY[:2]]


def test_a_heading_over_numbers_and_texts_names_the_texts(tmp_path: Path):
    """任务内容 over two columns: the first holds numbers, which are no titles."""
    cells = [
        f"<tr><td>{n}</td><td>{t}</td><td>{u}</td><td>{y}年</td></tr>"
        for n, (t, u, y) in enumerate(zip((FILL, DUST, ROAD), UNITS, YEARS, strict=True), 1)
    ]
    head = "<tr><td colspan=2>任务内容</td><td>责任单位</td><td>完成时间</td></tr>"
    page = f"<html><body><p>{HEAD}</p><table>{head}{''.join(cells)}</table></body></html>"
    assert tasks(tmp_path, page, "html") == [r.format("-") for r in QUARRY]


def test_a_column_of_single_units_behind_the_texts_is_that_of_who_answers(tmp_path: Path):
    rows = ["序号\t任务\t怎么做\t谁来做\t何时做完"]
    rows += [f"1\t复绿\t{FILL}\t县自然资源局\t2024", f"2\t治尘\t{DUST}\t县生态环境局\t2025"]
    names = ("复绿", "治尘")
    assert tasks(tmp_path, HEAD + "\n".join(rows)) == [r.format(n) for r, n in zip(QUARRY[:2], names, strict=True)]


PLAN = "松岭县清洁村庄实施方案\n为改善村容，制定本方案。\n一、工作目标\n到2025年，全部村庄达到清洁标准。\n"
TABLE = (
    "序号\t工作任务\t责任单位\n"
    "1\t清理河道垃圾，修建垃圾房20座。\t县水利局\n"
    "2\t改造户厕800座，建立管护队伍。\t县住建局\n"
)


@pytest.mark.parametrize(
    ("before", "behind", "section"),
    [
        ("二、重点任务\n", "", ["二、重点任务"]),
        ("二、重点任务\n具体分工见下表。\n", "", ["二、重点任务"]),
        (
            "二、重点任务\n各单位按照以下分工抓好落实：\n表1 分工\n",
            "三、保障措施\n各乡镇要压实责任。\n",
            ["二、重点任务"],
        ),
        ("二、工作举措\n（一）垃圾治理\n", "三、保障措施\n各乡镇要压实责任。\n", ["二、工作举措", "（一）垃圾治理"]),
        ("二、任务分工\n", "", []),
        ("二、工作要求\n各乡镇要高度重视。\n松岭县人民政府\n2024年3月1日\n", "", []),
    ],
)
def test_the_chapter_that_a_table_stands_in_is_its_section(
    tmp_path: Path, before: str, behind: str, section: list[str]
):
    """Unless it only names the table, or the table stands behind the paper's end."""
    above = " § ".join([*section, "-"])
    assert tasks(tmp_path, PLAN + before + TABLE + behind) == [
        f"{above} | 清理河道 … 0座。 | r县水利局 | ",
        f"{above} | 改造户厕 … 队伍。 | r县住建局 | ",
    ]
