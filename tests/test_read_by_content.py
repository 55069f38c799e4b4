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


LEAD_IN = (
    "松岭县护林方案\n为护好山林，制定本方案。\n一、重点任务\n（一）管护队伍\n{}\n"
    "1.选聘护林员120名。（县林业局）\n2.配备巡护设备60套。（县财政局）\n二、保障措施\n各乡镇要压实责任。\n"
)


@pytest.mark.parametrize(
    ("lead_in", "is_task"),
    [
        ("以乡镇为单位组建管护队伍，2024年底前完成以下重点工作：", True),
        ("建立县乡村三级管护队伍，重点做好下列工作：", True),
        ("对重点林区逐步推行网格管护，具体任务如下：", True),
        ("2024年底前完成以下重点工作：", False),
        ("围绕护好山林这一目标，重点抓好以下工作：", False),
        ("具体任务如下：", False),
    ],
)
def test_a_lead_in_that_says_what_is_to_be_done_is_a_task(tmp_path: Path, lead_in: str, is_task: bool):
    """One that only announces its list is none; its limit holds for the items either way."""
    found = tasks(tmp_path, LEAD_IN.format(lead_in))
    assert len(found) == 2 + is_task
    limit = "2024-12-31" if "2024" in lead_in else ""
    assert [t.rpartition("| ")[2] for t in found] == [limit] * len(found)
    assert [t.split(" | ")[2] for t in found[-2:]] == ["r县林业局", "r县财政局"]


@pytest.mark.parametrize(
    ("units", "names"),
    [
        ("人社局、工会、团县委、妇联", "人社局 工会 团县委 妇联"),
        ("县委宣传部、团县委、妇联", "县委宣传部 团县委 县妇联"),
        ("团市委、教育局", "团市委 教育局"),
        ("县国资中心、林投公司", "县国资中心 林投公司"),
        ("县国资中心、城投公司", "县国资中心 县城投公司"),
    ],
)
def test_which_names_take_the_place_of_those_before(tmp_path: Path, units: str, names: str):
    """None behind 团县委, whose place stands inside it, and no name that the paper itself gives a unit for short."""
    paper = (
        "松岭县护林工作要点\n一、重点任务\n1.松岭县林业投资公司（以下简称“林投公司”）完成造林三千亩。\n责任单位：县林业局\n"
        f"2.完善护林设施，修缮瞭望塔六座。\n责任单位：{units}\n"
    )
    (*_, last) = tasks(tmp_path, paper)
    assert last.split(" | ")[2] == " ".join(f"r{name}" for name in names.split())


@pytest.mark.parametrize(
    ("cell", "limits"),
    [
        ("一季度完成选址 全年推广", "2024-03-31 2024-01-01/2024-12-31"),
        ("6月底动工 11月底竣工", "2024-06-30 2024-11-30"),
        ("3月报送方案 按月调度", "2024-03-31 recurring"),
        ("2024年 6月底前", "2024-06-30"),
        ("2024年 6月 30日", "2024-06-30"),
    ],
)
def test_blanks_part_the_limits_of_a_cell(tmp_path: Path, cell: str, limits: str):
    """But no date in itself."""
    rows = ["工作任务\t责任单位\t完成时限", f"{FILL}\t县自然资源局\t{cell}", f"{DUST}\t县生态环境局\t年底"]
    found = tasks(tmp_path, HEAD.replace("县", "县2024年") + "\n".join(rows))
    assert found[0].rpartition("| ")[2] == limits


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("松岭市政府督查工作办法", "directive"),
        ("松岭市民政救助资金管理办法", "directive"),
        ("松岭市护林办法", "directive"),
        ("松岭省政府督查工作办法", "regulation"),
        ("市场监督管理办法", "regulation"),
        ("市政道路养护办法", "regulation"),
    ],
)
def test_whose_rules_are_papers_of_an_office(tmp_path: Path, title: str, kind: str):
    paper = tmp_path / "paper.txt"
    paper.write_text(f"松岭市护林方案\n根据《{title}》，制定本方案。\n", "utf-8")
    assert [c["kind"] for c in extract(paper).to_json()["citations"]] == [kind]


def _tight(rows: list[tuple[str, ...]], heads: str = "序号工作任务牵头单位配合单位完成时限", foot: str = "") -> str:
    cells = "".join(f"{n}{''.join(row)}" for n, row in enumerate(rows, 1))
    notice = "松岭县人民政府关于2024年重点工作任务分解的通知\n各乡镇：\n现将任务分解如下。\n"
    return f"{notice}松岭县重点工作任务分解表{heads}{cells}{foot}\n"


WORKS = (
    "修缮灌溉泵站三座，疏浚河道五公里，全部投入运行。",
    "新建城区停车场四处，增加泊位六百个，统一收费标准。",
    "改造老旧小区十二个，惠及居民三千户，配齐公用设施。",
    "整修县档案馆库房，完成馆藏图书编目，建立借阅制度。",
)


@pytest.mark.parametrize(
    ("tail", "right"),
    [
        (("县水利局", "县农业农村局、各镇", "10月底"), "l县水利局 s县农业农村局 s各镇 | 2024-10-31"),
        (("县水利局", "县财政局、各镇街等", "12月底"), "l县水利局 s县财政局 s各镇街 等 | 2024-12-31"),
        (("县水利局", "—", "11月底"), "l县水利局 | 2024-11-30"),
        (("县水利局", "无", "长期坚持"), "l县水利局 | ongoing"),
        (("县档案馆", "县住建局", "7月1日前"), "l县档案馆 s县住建局 | 2024-07-01"),
        (("县图书馆", "县妇联", "6月底前"), "l县图书馆 s县妇联 | 2024-06-30"),
        (("县公安局", "县教育局", "招标完成后5个月"), "l县公安局 s县教育局 | relative"),
        (("县公安局", "县教育局", "方案批复后30日内"), "l县公安局 s县教育局 | relative"),
        (("县公安局", "县教育局", "汛期前"), "l县公安局 s县教育局 | relative"),
    ],
)
def test_the_end_of_a_row_without_separators(tmp_path: Path, tail: tuple[str, ...], right: str):
    """Units, nobody, and limits of any form, wherever the row stands."""
    others = ("县发展改革局", "县财政局", "9月底前")
    for place in range(4):
        rows = [(work, *(tail if n == place else others)) for n, work in enumerate(WORKS)]
        found = [t.split(" | ", 2)[2] for t in tasks(tmp_path, _tight(rows))]
        plain = "l县发展改革局 s县财政局 | 2024-09-30"
        assert found == [right if n == place else plain for n in range(4)]


def test_pages_and_a_note_in_a_table_without_separators(tmp_path: Path):
    """The number of a page, the headings again, and who explains the table are none of its cells."""
    rows = [(work, "县发展改革局", "县财政局、各镇", "12月底") for work in WORKS]
    whole = tasks(tmp_path, _tight(rows))
    page = "第1页/共2页序号工作任务牵头单位配合单位完成时限"
    cut = _tight(rows).replace("12月底3", f"12月底{page}3").replace("12月底\n", "12月底本表由县政府督查室负责解释\n")
    assert tasks(tmp_path, cut) == whole
    assert len(whole) == 4


def test_a_short_text_behind_a_heading_in_a_column_of_such_cells(tmp_path: Path):
    """1.河道清淤。清淤十里。 is a heading and a text where the other cells of the column are."""
    rows = [
        "任务内容\t责任单位",
        "1.泵站修缮。修缮灌溉泵站三座，疏浚河道五公里。\t县水利局",
        "2.河道清淤。清淤十里。\t县水利局",
        "3.管护队伍。选聘管护员四十名，配齐巡护设备。\t县林业局",
        "4.林区道路。硬化道路十八公里，修建排水沟。\t县交通局",
    ]
    found = [t.split(" | ")[0] for t in tasks(tmp_path, HEAD + "\n".join(rows))]
    assert found == ["1.泵站修缮", "2.河道清淤", "3.管护队伍", "4.林区道路"]


def test_a_phrase_alone_among_closed_texts_is_a_heading(tmp_path: Path):
    rows = ["任务,责任单位", "林区管护,", f"{FILL},县林业局", f"{DUST},县水利局", "道路养护,", f"{ROAD},县交通局"]
    found = [t.split(" | ")[0] for t in tasks(tmp_path, "\n".join(r.replace("，", ";") for r in rows), "csv")]
    assert found == ["林区管护 § -", "林区管护 § -", "道路养护 § -"]


def test_a_heading_of_rows_below_the_headings_of_columns(tmp_path: Path):
    """How many cells stand between 1 and 2 tells that it heads no column."""
    cells = ["序号", "工作任务", "责任单位", "说明", "林区管护"]
    cells += ["1", FILL, "县林业局", "新增", "2", DUST, "县水利局", "新增", "道路养护", "3", ROAD, "县交通局", "新增"]
    found = [t.split(" | ")[0] for t in tasks(tmp_path, HEAD + "".join(f"{c} |\n" for c in cells))]
    assert found == ["林区管护 § -", "林区管护 § -", "道路养护 § -"]


def test_units_with_bullets_that_lines_break_off(tmp_path: Path):
    """Rows without headings, each cell over lines; also the first ones."""
    rows = (
        "一、林区管护\n1\n修缮瞭望塔六座，配备巡护设备，建立巡护制\n度。\n●县林业局、●水务\n局、●档案馆\n"
        "2\n选聘管护员。\n●县财政局、●县民政局\n3\n开展防火宣传，设置警示牌，储备防火物\n资。\n●县应急管理局、\n●县教育局\n"
        "二、道路养护\n4\n硬化道路。\n●县交通局\n5\n修建排水沟。\n●县水利局、●住建局\n"
    )
    found = tasks(tmp_path, HEAD + rows)
    assert [t.split(" | ")[2] for t in found] == [
        "r县林业局 r县水务局 r县档案馆",
        "r县财政局 r县民政局",
        "r县应急管理局 r县教育局",
        "r县交通局",
        "r县水利局 r县住建局",
    ]
    assert [t.split(" § ")[0] for t in found] == ["一、林区管护"] * 3 + ["二、道路养护"] * 2


def test_bullets_of_a_list_are_no_table(tmp_path: Path):
    notice = "松岭县护林会议通知\n定于3月1日召开护林会议。\n参会单位：\n●县林业局\n●县财政局\n●县水利局\n请准时参加。\n"
    assert tasks(tmp_path, notice) == []


def test_groups_that_look_like_units_are_headings_of_rows(tmp_path: Path):
    """A cell a line, an empty line between the cells; the button of the page below is none."""
    heads = ("类别", "序号", "工作任务", "责任单位", "完成时限")
    rows = [
        ("矿区主干道", "1", ROAD, UNITS[2], "长期坚持"),
        ("社区", "2", DUST, UNITS[1], "2025年12月底前"),
        ("3", FILL, UNITS[0], "2024年12月底前"),
        ("矿山学校", "4", "维修围墙和操场，消除安全隐患。", "县教育局", "2024年9月底前"),
    ]
    paper = HEAD + "\n" + "".join(cell + "\n\n" for row in (heads, *rows) for cell in row)
    right = [
        "矿区主干道 § - | 硬化矿区 … 水沟。 | r县交通局 | ongoing",
        "社区 § - | 建设封闭 … 设备。 | r县生态环境局 | 2025-12-31",
        "社区 § - | 完成废弃 … 万株。 | r县自然资源局 | 2024-12-31",
        "矿山学校 § - | 维修围墙 … 隐患。 | r县教育局 | 2024-09-30",
    ]
    assert tasks(tmp_path, paper) == right


def test_many_units_with_a_bracket_in_a_row_without_separators(tmp_path: Path):
    rows = [(FILL, "县自然资源局", "县财政局、各乡（镇、街道）政府"), (DUST, "县生态环境局", "县财政局")]
    text = "".join(f"{n}{''.join(row)}" for n, row in enumerate([*rows, (ROAD, "县交通局", "县财政局")], 1))
    assert tasks(tmp_path, f"{HEAD}序号工作任务牵头单位配合单位{text}") == [
        "- | 完成废弃 … 万株。 | l县自然资源局 s县财政局 s各乡（镇、街道）政府 | ",
        "- | 建设封闭 … 设备。 | l县生态环境局 s县财政局 | ",
        "- | 硬化矿区 … 水沟。 | l县交通局 s县财政局 | ",
    ]


def test_the_buttons_of_a_page_are_no_row(tmp_path: Path):
    rows = [("工作任务", "责任单位", "完成时限"), (FILL, UNITS[0], "2024年"), (DUST, UNITS[1], "2025年")]
    cells = "\n|\n".join(cell for row in rows for cell in row)
    assert tasks(tmp_path, f"{HEAD}{cells}\n|\n打印 | 关闭\n") == [r.format("-") for r in QUARRY[:2]]


def test_nobody_helps_and_the_item_goes_on(tmp_path: Path):
    fields = "整改要求：{}\n责任单位：{}\n配合单位：{}\n办结时限：{}年6月底前\n"
    works = ((DUST, UNITS[1], "无", 2025), (ROAD, UNITS[2], "县财政局", 2026))
    text = "".join(f"{n}.矿区整治第{n}项\n{fields.format(*work)}\n" for n, work in enumerate(works, 1))
    assert tasks(tmp_path, "关于矿区整治的督办通知\n各有关单位：\n现将有关事项督办如下。\n" + text) == [
        "1.矿区整治第1项 | 建设封闭 … 设备。 | r县生态环境局 | 2025-06-30",
        "2.矿区整治第2项 | 硬化矿区 … 水沟。 | l县交通局 s县财政局 | 2026-06-30",
    ]


def test_the_next_paper_of_a_site_is_no_cell(tmp_path: Path):
    rows = [("工作任务", "责任单位", "完成时限"), (FILL, UNITS[0], "2024年"), (DUST, UNITS[1], "2025年")]
    cells = "\n".join(cell for row in rows for cell in row)
    foot = "上一篇：县政府通报一季度重点项目进展\n下一篇：县政府召开全体会议\n"
    assert tasks(tmp_path, f"{HEAD}{cells}\n{foot}") == [r.format("-") for r in QUARRY[:2]]
