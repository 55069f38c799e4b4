"""Lists of duties: in a plan for emergencies, and under lines that are nothing but a unit. Places are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
import zhengling as zl


def read(tmp_path: Path, text: str) -> zl.Record:
    path = tmp_path / "paper.txt"
    path.write_text(text, "utf-8")
    return zl.extract(path)


DUTIES = "县水利局：负责水情监测和预报。\n县应急局：组织抢险队伍，调配救灾物资。\n"


@pytest.mark.parametrize(
    ("above", "heading", "below"),
    [("2 组织体系", "2.2 成员单位职责", "2.3 现场指挥"), ("二、组织体系", "（二）部门职责", "（三）现场指挥")],
)
def test_duties_in_a_plan_for_emergencies(tmp_path: Path, above: str, heading: str, below: str):
    text = f"松岭县防汛应急预案\n{above}\n{heading}\n{DUTIES}{below}\n指挥部下设抢险、医疗等工作组。\n"
    tasks = read(tmp_path, text).tasks
    assert [(t.title, [u.name for u in t.units]) for t in tasks] == [
        ("县水利局", ["县水利局"]),
        ("县应急局", ["县应急局"]),
    ]
    assert all("职责" in t.section[-1] for t in tasks)


def test_an_emergency_plan_without_duties_sets_no_work(tmp_path: Path):
    text = "松岭县防汛应急预案\n2 组织体系\n2.1 应急响应\n启动响应后组织转移群众。\n2.2 信息报告\n及时报告险情。\n"
    assert not read(tmp_path, text).tasks


@pytest.mark.parametrize("units", [("镇人民政府", "各村民委员会"), ("县林业局", "县国有松岭林场")])
def test_items_below_a_line_that_is_a_unit_are_its(tmp_path: Path, units: tuple[str, str]):
    text = "松岭县护林任务分工\n为压实责任，现将任务明确如下。\n"
    for unit in units:
        text += f"{unit}：\n1.组建护林队伍，完成集训。\n2.与各户签订护林责任书。\n"
    told = [(t.section, t.title, [u.name for u in t.units]) for t in read(tmp_path, text).tasks]
    assert told == [([unit], None, [unit]) for unit in units for _ in range(2)]


def test_one_line_that_is_no_unit_heads_nothing(tmp_path: Path):
    text = "松岭县护林任务分工\n一、主要任务\n具体任务：\n1.组建护林队伍。（县林业局）\n2.完成集训。（县应急局）\n"
    assert [t.section for t in read(tmp_path, text).tasks] == [["一、主要任务"]] * 2


def test_volumes_stand_above_chapters_and_names_head_their_paragraphs(tmp_path: Path):
    text = "松岭县护林规划重点任务分工方案\n第一篇　建设林区\n第一章　做强产业\n"
    text += "苗木产业。建设苗圃12处，培育育苗企业。（县林业局）\n林下产业。扩大药材种植面积。（县农业农村局）\n"
    text += "第二篇　护林惠民\n第二章　完善设施\n修缮瞭望塔。更换护栏和巡护设备。（县财政局）\n"
    assert [(t.section, t.title) for t in read(tmp_path, text).tasks] == [
        (["第一篇建设林区", "第一章做强产业"], "苗木产业"),
        (["第一篇建设林区", "第一章做强产业"], "林下产业"),
        (["第二篇护林惠民", "第二章完善设施"], None),
    ]


@pytest.mark.parametrize("label", ["附件：", "附：", "附件1："])
def test_a_table_below_the_line_that_names_it_as_attached_is_in_no_chapter(tmp_path: Path, label: str):
    text = "松岭县护林工作方案\n一、主要任务\n（一）修缮设施。修缮瞭望塔。\n二、保障措施\n（一）加强领导。成立专班。\n"
    text += "（二）强化资金。积极争取资金。\n\n" + f"{label}护林任务分解表\n序号|任务|具体内容|责任单位\n"
    text += "1|瞭望塔更新|更换瞭望塔设备20台。|县林业局\n2|队伍建设|组建扑火队，开展集训。|县应急局\n"
    rows = [t for t in read(tmp_path, text).tasks if t.units]
    assert [t.section for t in rows] == [[], []]


@pytest.mark.parametrize("done", ["把护林教育纳入课程计划", "将护林经费列入年度预算", "建立护林巡查专职队伍"])
def test_a_lead_in_that_says_what_is_done_is_a_task(tmp_path: Path, done: str):
    text = f"松岭县护林工作方案\n一、主要任务\n（一）强化护林保障。{done}，重点做好以下工作：\n"
    text += "1.编写护林读本。（责任单位：县教育局）\n2.组建扑火队伍。（责任单位：县应急局）\n"
    assert [u.name for t in read(tmp_path, text).tasks for u in t.units] == ["县教育局", "县应急局"]
    assert len(read(tmp_path, text).tasks) == 3
