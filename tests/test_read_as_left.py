"""Papers as pages and programs leave them: headings over lines, columns without headings, cells torn. Each is a kind of
layout with what it says; places are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from zhengling import extract

from .test_read_by_content import tasks

HEAD = "松岭县2024年护林任务分解表\n"
TORN_HEADING = """序号 重点任务 工作措施 牵头单位 配合单位
完成
时限
1
修缮瞭
望塔
修缮东山瞭望塔三座，六月底前配
齐望远镜和电台，建好值守台账，
实行昼夜轮班。
县林业局
县财政局、
县水利局
2024年6月
2
清理防火
— 2 —
序号 重点任务 工作措施 牵头单位 配合单位
完成
时限
道
清理防火道二十公里，两侧补种耐
火树苗三万株，安排专人巡查，
及时更换缺株。
县应急局
各乡镇人民政府
长期坚持
"""
LEADERS = """任务序号
工作事项
分管县领导
1
修缮东山瞭望塔三座，配齐望远镜。（牵头单位：县林业局；配合单位：县财政局）
杨大山
2
清理防火道二十公里，补种树苗。（牵头单位：县应急局；配合单位：县水利局）
马永康
"""
NUMBERED_TITLES = """（一）守好山林\t1\t1.修缮瞭望塔。修缮东山瞭望塔三座，配齐望远镜。\t县林业局、县财政局\t6月底前
（一）守好山林\t2\t2.清理防火道。清理防火道二十公里，补种树苗。\t县应急局\t2024年底前
（二）管好火源\t3\t3.设检查站。进山路口设检查站，登记车辆。\t县公安局\t年底前
"""


@pytest.mark.parametrize(
    ("text", "right"),
    [
        pytest.param(
            TORN_HEADING,
            [
                "修缮瞭望塔 | 修缮东山 … 轮班。 | l县林业局 s县财政局 s县水利局 | 2024-06-30 2024-06-30",
                "清理防火道 | 清理防火 … 缺株。 | l县应急局 s各乡镇人民政府 | ongoing",
            ],
            id="the last heading broken below the line of the others, on each page",
        ),
        pytest.param(
            LEADERS,
            [
                "- | 修缮东山 … 远镜。 | l县林业局 s县财政局 | ",
                "- | 清理防火 … 树苗。 | l县应急局 s县水利局 | ",
            ],
            id="a cell a line, units in brackets of the text, a column of leaders",
        ),
        pytest.param(
            NUMBERED_TITLES,
            [
                "（一）守好山林 § 1.修缮瞭望塔 | 修缮东山 … 远镜。 | r县林业局 r县财政局 | 2024-06-30",
                "（一）守好山林 § 2.清理防火道 | 清理防火 … 树苗。 | r县应急局 | 2024-12-31",
                "（二）管好火源 § 3.设检查站 | 进山路口 … 车辆。 | r县公安局 | 2024-12-31",
            ],
            id="no headings, clauses that group texts with headings of their own",
        ),
    ],
)
def test_tables(tmp_path: Path, text: str, right: list[str]):
    assert tasks(tmp_path, HEAD + text) == right


def test_joint_issuers_over_two_lines_of_the_title(tmp_path: Path):
    """The first line of a title may name more than one of those who issue a paper, and a customs house is a body."""
    paper = tmp_path / "paper.txt"
    paper.write_text(
        "松岭省林业厅 松岭省财政厅\n松岭海关关于印发松岭省护林任务\n分工表的通知\n松林〔2024〕6号\n各市人民政府：\n"
        "现将分工表印发给你们，请认真执行。\n松岭省林业厅 松岭省财政厅\n松岭海关\n2024年3月11日\n",
        "utf-8",
    )
    document = extract(paper).to_json()["document"]
    assert document["issuer"] == "松岭省林业厅、松岭省财政厅、松岭海关"
    assert document["title"] == "松岭省林业厅松岭省财政厅松岭海关关于印发松岭省护林任务分工表的通知"
