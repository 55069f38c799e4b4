"""Tables whose signs vary: marks of a matrix and what they mean, signs that part cells. Places are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
import zhengling as zl


def units(tmp_path: Path, text: str) -> list[list[tuple[str, str]]]:
    path = tmp_path / "paper.txt"
    path.write_text(text, "utf-8")
    return [[(u.role, u.name) for u in t.units] for t in zl.extract(path).tasks]


@pytest.mark.parametrize(("lead", "support"), [("●", "○"), ("★", "◯"), ("◆", "◇"), ("■", "□")])
@pytest.mark.parametrize("legend", ["说明：“{}”为牵头单位，“{}”为配合单位。", "注：{}表示牵头单位；{}表示配合单位。"])
def test_marks_of_a_matrix_have_the_role_that_its_legend_says(tmp_path: Path, lead: str, support: str, legend: str):
    text = f"松岭县护林任务分工表\n{legend.format(lead, support)}\n序号|工作任务|县林业局|县应急局|县财政局\n"
    text += f"1|修缮瞭望塔，更换巡护设备。|{lead}|{support}|\n2|组建扑火队，开展集训。|{support}|{lead}|\n"
    text += f"3|安排护林经费，按月拨付。|||{lead}\n"
    assert [sorted(u) for u in units(tmp_path, text)] == [
        [("lead", "县林业局"), ("support", "县应急局")],
        [("lead", "县应急局"), ("support", "县林业局")],
        [("lead", "县财政局")],
    ]


@pytest.mark.parametrize("bar", ["|", "‖", "｜", "│", "¦", "∥"])
def test_a_bar_of_any_shape_parts_cells(tmp_path: Path, bar: str):
    rows = [
        ("序号", "工作任务", "牵头单位", "配合单位", "完成时限"),
        ("1", "修缮瞭望塔，更换巡护设备。", "县林业局", "县财政局", "2024年6月底"),
        ("2", "组建扑火队，开展集训。", "县应急局", "县林业局", "2024年9月底"),
    ]
    text = "松岭县护林任务分工表\n" + "\n".join(bar.join(row) for row in rows) + "\n"
    assert units(tmp_path, text) == [
        [("lead", "县林业局"), ("support", "县财政局")],
        [("lead", "县应急局"), ("support", "县林业局")],
    ]


def told(tmp_path: Path, text: str) -> list[tuple[str | None, str, list[str]]]:
    path = tmp_path / "paper.txt"
    path.write_text(text, "utf-8")
    return [(t.title, "".join(t.text.split()), [u.name for u in t.units]) for t in zl.extract(path).tasks]


@pytest.mark.parametrize("named", ["攻坚行动", "重点任务", "专项任务"])
def test_rows_with_bars_whose_cells_go_on_below_are_whole(tmp_path: Path, named: str):
    text = f"松岭县2025年护林任务清单\n序号 | {named} | 具体任务 | 督导领导\n"
    text += (
        "1 | 护林设施提升 | 1.修缮瞭望塔3座。（责任单位：县林业局）\n2.更换巡护设备。（责任单位：县财政局） | 王某\n"
    )
    text += "2 | 扑火队伍建设 | 1.组建扑火队。（责任单位：县应急局） | 李某某\n"
    assert told(tmp_path, text) == [
        ("护林设施提升", "1.修缮瞭望塔3座。2.更换巡护设备。", ["县林业局", "县财政局"]),
        ("扑火队伍建设", "1.组建扑火队。", ["县应急局"]),
    ]


def test_a_cell_of_items_that_one_assignment_closes_is_one_task(tmp_path: Path):
    text = "松岭县2025年护林任务清单\n序号|重点任务|具体任务|责任单位\n"
    text += "1|护林设施提升|1.修缮瞭望塔3座。2.更换巡护设备。|县林业局\n"
    text += "2|扑火队伍建设|1.组建扑火队。2.开展集训。|县应急局\n"
    assert [t[2] for t in told(tmp_path, text)] == [["县林业局"], ["县应急局"]]


STAGES = [
    ("动员部署", "3月1日—3月20日", "制定方案，召开动员会。", "县林业局"),
    ("集中整治", "3月21日—9月30日", "清理林缘可燃物。", "县应急局"),
    ("总结提升", "10月", "总结经验，完善机制。", "县林业局"),
]


def test_stages_of_a_row_each_are_titles(tmp_path: Path):
    rows = [("阶段", "时间", "工作内容", "责任单位"), *STAGES]
    text = "松岭县2025年护林行动任务安排表\n" + "\n".join("|".join(r) for r in rows) + "\n"
    assert [t[0] for t in told(tmp_path, text)] == ["动员部署", "集中整治", "总结提升"]


def test_a_stage_over_several_rows_is_a_heading(tmp_path: Path):
    twice = [r for r in STAGES for _ in range(2)]
    rows = [
        ("阶段", "时间", "工作内容", "责任单位"),
        *[(*r[:2], f"第{n}组：{r[2]}", r[3]) for n, r in enumerate(twice)],
    ]
    text = "松岭县2025年护林行动任务安排表\n" + "\n".join("|".join(r) for r in rows) + "\n"
    path = tmp_path / "paper.txt"
    path.write_text(text, "utf-8")
    assert {(t.title, *t.section) for t in zl.extract(path).tasks} == {(None, r[0]) for r in STAGES}


@pytest.mark.parametrize("columns", [("责任单位", "配合单位"), ("责任单位", "完成时限"), ("牵头单位", "配合单位")])
def test_what_is_built_is_work_where_units_answer_and_no_money_stands(tmp_path: Path, columns: tuple[str, str]):
    last = {"配合单位": ["镇应急站", "镇卫生院"], "完成时限": ["2026年9月", "2026年11月底"]}[columns[1]]
    cells = ["序号", "项目名称", "建设内容及目标", *columns]
    cells += ["1", "林区道路", "完成东山至西岭6公里硬化。", "镇交通站", last[0]]
    cells += ["2", "瞭望塔更新", "更换瞭望塔设备20台。", "镇林业站", last[1]]
    text = "松岭镇2026年民生实事项目责任分解表\n" + "\n".join(cells) + "\n"
    assert [t[:2] for t in told(tmp_path, text)] == [
        ("林区道路", "完成东山至西岭6公里硬化。"),
        ("瞭望塔更新", "更换瞭望塔设备20台。"),
    ]


@pytest.mark.parametrize("part", ["城区", "主城区", "林区", "库区"])
def test_a_part_of_a_place_is_no_region(tmp_path: Path, part: str):
    path = tmp_path / "paper.txt"
    path.write_text(
        f"{part}油烟整治任务表\n序号|任务|责任单位\n1|安装净化设施。|区城管局\n2|登记灶头数。|区商务局\n", "utf-8"
    )
    assert zl.extract(path).document.region is None


@pytest.mark.parametrize("heading", ["需解决问题", "存在问题", "点位名称", "反馈问题"])
@pytest.mark.parametrize("work", ["交办事项", "整改措施"])
def test_problems_are_the_titles_of_what_is_done_about_them(tmp_path: Path, heading: str, work: str):
    rows = [
        ("序号", heading, work, "牵头单位", "办结时限"),
        ("1", "哨所无人值守", "安排专人值守，建立台账。", "县林业局", "7月25日前"),
    ]
    rows += [("2", "瞭望塔破损", "修缮瞭望塔，更换护栏。", "县应急局", "8月15日前")]
    text = "松岭县护林问题交办清单\n" + "\n".join("|".join(r) for r in rows) + "\n"
    assert [t[0] for t in told(tmp_path, text)] == ["哨所无人值守", "瞭望塔破损"]


def test_problems_in_marks_are_titles(tmp_path: Path):
    text = "松岭县护林督察反馈问题整改方案\n"
    for place, unit in (("东山哨所", "县林业局"), ("西岭林场", "县应急局")):
        text += f"【点位名称】{place}\n【整改目标】恢复原貌。\n【整改措施】清理可燃物，修缮{place}。\n"
        text += f"【整改时限】2023年6月30日\n【责任单位】{unit}\n【责任人】曹某某\n"
    assert [t[0] for t in told(tmp_path, text)] == ["东山哨所", "西岭林场"]


@pytest.mark.parametrize("label", ["附件1：", "附表：", "附件："])
def test_a_paper_that_is_an_attachment_has_the_title_behind_the_label(tmp_path: Path, label: str):
    path = tmp_path / "paper.txt"
    path.write_text(f"{label}松岭县2024年护林任务分工\t\t\n序号\t任务\t责任单位\n1\t修缮瞭望塔。\t县林业局\n", "utf-8")
    document = zl.extract(path).document
    assert (document.title, document.region) == ("松岭县2024年护林任务分工", "松岭县")


@pytest.mark.parametrize(
    ("title", "kind"),
    [("东岭镇护林管理办法", "directive"), ("云溪乡管护细则", "directive"), ("新型城镇管护办法", "regulation")],
)
def test_what_a_township_rules_is_no_regulation(tmp_path: Path, title: str, kind: str):
    path = tmp_path / "paper.txt"
    path.write_text(
        f"东岭镇护林工作方案\n一、重点任务\n（一）管护林木。按照《{title}》管护林木。（镇林业站）\n", "utf-8"
    )
    assert [c.kind for c in zl.extract(path).citations] == [kind]
