"""Papers as pages and programs leave them: headings over lines, columns without headings, cells torn. Each is a kind of
layout with what it says; places are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from zhengling import extract
from zhengling.extractors.words.fold import cells

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
BANDS_WITH_BARS = """一、守好山林 |
县林业局 | 1 | 修缮东山瞭望塔三座，配齐望远镜。 | 2024年6月 |
县林业局 | 2 | 清理防火道二十公里，补种树苗。 | 2024年9月 |
二、管好火源 |
县公安局、县应急局 | 1 | 进山路口设检查站，登记车辆。 | 第四季度 |
"""
ON_ONE_LINE = (
    "一、守好山林 1 修缮东山瞭望塔三座，配齐望远镜。 县林业局、县财政局 2 清理防火道二十公里，补种树苗。 县应急局 "
    "二、管好火源 1 进山路口设检查站，登记车辆，收存火种。 县公安局、县交通局 "
    "2 清理林区坟头杂草，设立警示牌。 县民政局、各乡镇人民政府\n"
)
BANDS_WITHOUT_NUMBER = """序号\t工作任务\t责任单位
守好山林
1\t修缮东山瞭望塔三座，配齐望远镜。\t县林业局
2\t清理防火道二十公里，补种树苗。\t县应急局
管好火源
3\t进山路口设检查站，登记车辆。\t县公安局
"""
BANDS_WITHOUT_NUMBERS = """工作任务\t牵头部门\t责任主体\t具体要求
守好山林
修缮瞭望塔\t县林业局\t县财政局 县水利局\t修缮东山瞭望塔三座，配齐望远镜。
清理防火道\t县应急局\t县交通局\t清理防火道二十公里，补种树苗。
管好火源
设检查站\t县公安局\t各乡镇人民政府\t进山路口设检查站，登记车辆。
"""
CAPTIONS = """守好山林
| 序号 | 工作任务 | 责任单位 |
| 1 | 修缮东山瞭望塔三座，配齐望远镜。 | 县林业局 |
管好火源
| 序号 | 工作任务 | 责任单位 |
| 2 | 进山路口设检查站，登记车辆。 | 县公安局 |
"""
BUILT = """序号\t项目名称\t建设内容和目标\t责任领导\t牵头单位\t配合单位
1\t瞭望塔\t对建成于2000年以前的三座瞭望塔实施改造，6月底前完工。\t杨大山\t县林业局\t县财政局
2\t防火道\t清理防火道二十公里，补种树苗三万株。\t马永康\t县应急局\t—
"""
PROPOSALS = """编号 |
建议提案题目 |
提出人 |
主办单位 |
协办单位 |
建议第7号 |
关于修缮东山瞭望塔的建议 |
杨大山等4名代表 |
县林业局 |
县财政局 |
提案第15号 |
关于清理防火道的提案 |
马永康 |
县应急局 |
县水利局、望溪镇政府 |
"""
WRAPPED = """序号
工作类别
工作内容
牵头单位
参与单位
时间安排
1
前期准备
完成2000年底前建成瞭望塔的摸
底调查，建立“一塔一档案”，形
成改造项目库。
县林业局
各街道办事处、各社
区居委会
2024年2月底前
2
前期准备
组织护林员入户征询，林农同意
率达到三分之二以上方可纳入年
度计划。
县林业局
县财政局
2024年3月底前
3
长效管理
改造完成的瞭望塔同步引入专业
服务或实行林农自治，成立护林
委员会。
县应急局
各社区居委会
长期坚持
"""
CUT_BY_PAGES = """序号 重点举措 实施路径 完成时限 责任单位 配合单位
1
守好东山林场
（2 项）
修缮东山瞭望塔 3 座，配齐望远镜和电台各 12 部，建立值守台账，
落实巡护人员 60 名以上，实行昼夜轮班，每处设立防火标志牌 2 块
以上（东山、西岭、南坪各 8 块以上，北沟、河湾各 4 块以
6 月
县林业局
县财政局，相关乡镇人民
- 1 -
序号 重点举措 实施路径 完成时限 责任单位 配合单位
上）
政府
2 清理林区防火道 20 公里。 9 月 县应急局 /
3
管好野外火源
（1 项）
在进山路口设检查站 5 处，登记进山车辆，收存火种，劝返携带火种
人员，春节前后增派 30 人。
12 月
县公安局
县交通局
4
补种两侧耐火树苗 3 万株，安排专人巡查，及时更换缺株。
10 月
县林业局
县水利局
"""
BROKEN_IN_CARDS = """事项名称：修缮瞭望塔
工作内容：修缮东山瞭望塔三座，配齐望远镜和电台，实行昼夜轮班。
牵头单位：县林业局
协办单位：县公安局、县发展改革局、县市场监管局、县住建局、各乡镇（街
道）
时间要求：常态化推进
事项名称：清理防火道
工作内容：清理林区防火道二十公里，补种树苗三万株。
牵头单位：县应急局
协办单位：县水利局
时间要求：6月底前
"""
UNITS_FIRST = """1 |
县林业局牵头，县财政局、各乡镇人民政府参与 |
（一）修缮瞭望塔。修缮东山瞭望塔三座，配齐望远镜和电台。 |
2 |
县应急局牵头，县水利局参与 |
（二）清理防火道。清理林区防火道二十公里，补种树苗三万株。 |
3 |
县公安局牵头，县交通局参与 |
（三）设检查站。进山路口设检查站，登记车辆，收存火种。 |
"""
UNDERTAKERS = """一、守好山林
1、修缮东山瞭望塔三座，配齐望远镜。
牵头部门：县林业局
承办单位：县财政局、县水利局
协同单位：县公安局
2、清理林区防火道二十公里，补种树苗。
牵头部门：县应急局
承办单位：县住建局
主办单位：松岭县人民政府办公室
承办单位：松岭县信息中心
"""
LABELS_IN_CELLS = """修缮东山瞭望塔三座，配齐望远镜，实行昼夜轮班。
3月底前
牵头单位：县林业局；责任单位：县财政局
清理防火道二十公里，补种树苗三万株，安排专人巡查。
第三季度
牵头单位：县应急局；责任单位：各乡镇人民政府
进山路口设检查站，登记车辆，收存火种。
6月
牵头单位：县公安局；责任单位：县交通局
"""
LABELS_OF_CLAUSES = """一、守好山林
（一）修缮瞭望塔。配齐望远镜，实行昼夜轮班。
牵头单位：县林业局 配合单位：县财政局
完成时间：3月底前
（二）清理防火道。补种树苗三万株，安排专人巡查。
牵头单位：县应急局 配合单位：县水利局
完成时间：第三季度
"""


@pytest.mark.parametrize(
    ("text", "right"),
    [
        pytest.param(
            BROKEN_IN_CARDS,
            [
                "修缮瞭望塔 | 修缮东山 … 轮班。 | l县林业局 s县公安局 s县发展改革局 s县市场监管局 s县住建局 "
                "s各乡镇（街道） | ongoing",
                "清理防火道 | 清理林区 … 万株。 | l县应急局 s县水利局 | 2024-06-30",
            ],
            id="cards, a list of units broken at the width of the page",
        ),
        pytest.param(
            UNITS_FIRST,
            [
                "（一）修缮瞭望塔 | 修缮东山 … 电台。 | l县林业局 s县财政局 s各乡镇人民政府 | ",
                "（二）清理防火道 | 清理林区 … 万株。 | l县应急局 s县水利局 | ",
                "（三）设检查站 | 进山路口 … 火种。 | l县公安局 s县交通局 | ",
            ],
            id="cells closed by bars without headings, numbers, units before the texts",
        ),
        pytest.param(
            UNDERTAKERS,
            [
                "一、守好山林 § - | 修缮东山 … 远镜。 | l县林业局 r县财政局 r县水利局 s县公安局 | ",
                "一、守好山林 § - | 清理林区 … 树苗。 | l县应急局 r县住建局 | ",
            ],
            id="who undertakes a clause on a line below who leads, and who runs the page at its foot",
        ),
        pytest.param(
            LABELS_IN_CELLS,
            [
                "- | 修缮东山 … 轮班。 | l县林业局 r县财政局 | 2024-03-31",
                "- | 清理防火 … 巡查。 | l县应急局 r各乡镇人民政府 | 2024-09-30",
                "- | 进山路口 … 火种。 | l县公安局 r县交通局 | 2024-06-30",
            ],
            id="a cell a line without headings, labels in the cells of units, bare limits",
        ),
        pytest.param(
            LABELS_OF_CLAUSES,
            [
                "一、守好山林 § （一）修缮瞭望塔 | 配齐望远 … 轮班。 | l县林业局 s县财政局 | 2024-03-31",
                "一、守好山林 § （二）清理防火道 | 补种树苗 … 巡查。 | l县应急局 s县水利局 | 2024-09-30",
            ],
            id="the same labels below clauses of prose, limits with a label, too",
        ),
        pytest.param(
            CUT_BY_PAGES,
            [
                "守好东山林场（2项） | 修缮东山 … 以上） | l县林业局 s县财政局 s相关乡镇人民政府 | 2024-06-30",
                "守好东山林场（2项） | 清理林区 … 公里。 | r县应急局 | 2024-09-30",
                "管好野外火源（1项） | 在进山路 … 0人。 | l县公安局 s县交通局 | 2024-12-31",
                "管好野外火源（1项） | 补种两侧 … 缺株。 | l县林业局 s县水利局 | 2024-10-31",
            ],
            id="long rows a cell a line, short ones on one line, blanks beside figures, a row cut by the end of a page",
        ),
        pytest.param(
            BANDS_WITH_BARS,
            [
                "一、守好山林 § - | 修缮东山 … 远镜。 | r县林业局 | 2024-06-30",
                "一、守好山林 § - | 清理防火 … 树苗。 | r县林业局 | 2024-09-30",
                "二、管好火源 § - | 进山路口 … 车辆。 | r县公安局 r县应急局 | 2024-12-31",
            ],
            id="rows between bars without headings, the heading of a group first, closed by a bar",
        ),
        pytest.param(
            ON_ONE_LINE,
            [
                "一、守好山林 § - | 修缮东山 … 远镜。 | r县林业局 r县财政局 | ",
                "一、守好山林 § - | 清理防火 … 树苗。 | r县应急局 | ",
                "二、管好火源 § - | 进山路口 … 火种。 | r县公安局 r县交通局 | ",
                "二、管好火源 § - | 清理林区 … 示牌。 | r县民政局 r各乡镇人民政府 | ",
            ],
            id="all on one line without headings and limits, numbers that begin anew",
        ),
        pytest.param(
            BANDS_WITHOUT_NUMBER,
            [
                "守好山林 § - | 修缮东山 … 远镜。 | r县林业局 | ",
                "守好山林 § - | 清理防火 … 树苗。 | r县应急局 | ",
                "管好火源 § - | 进山路口 … 车辆。 | r县公安局 | ",
            ],
            id="headings without number between rows whose numbers run on",
        ),
        pytest.param(
            BANDS_WITHOUT_NUMBERS,
            [
                "守好山林 § 修缮瞭望塔 | 修缮东山 … 远镜。 | l县林业局 r县财政局 r县水利局 | ",
                "守好山林 § 清理防火道 | 清理防火 … 树苗。 | l县应急局 r县交通局 | ",
                "管好火源 § 设检查站 | 进山路口 … 车辆。 | l县公安局 r各乡镇人民政府 | ",
            ],
            id="headings without number between rows that have none, the first below the column headings",
        ),
        pytest.param(
            CAPTIONS,
            [
                "守好山林 § - | 修缮东山 … 远镜。 | r县林业局 | ",
                "管好火源 § - | 进山路口 … 车辆。 | r县公安局 | ",
            ],
            id="a table each below a heading without number",
        ),
        pytest.param(
            BUILT,
            [
                "瞭望塔 | 对建成于 … 完工。 | l县林业局 s县财政局 | 2024-06-30",
                "防火道 | 清理防火 … 万株。 | l县应急局 | ",
            ],
            id="what is to be built, led and supported, no money beside it; when a thing was built",
        ),
        pytest.param(
            PROPOSALS,
            [
                "- | 关于修缮 … 的建议 | l县林业局 s县财政局 | ",
                "- | 关于清理 … 的提案 | l县应急局 s县水利局 s望溪镇政府 | ",
            ],
            id="proposals by their numbers and those who made them",
        ),
        pytest.param(
            WRAPPED,
            [
                "前期准备 § - | 完成20 … 目库。 | l县林业局 s各街道办事处 s各社区居委会 | 2024-02-29",
                "前期准备 § - | 组织护林 … 计划。 | l县林业局 s县财政局 | 2024-03-31",
                "长效管理 § - | 改造完成 … 员会。 | l县应急局 s各社区居委会 | ongoing",
            ],
            id="cells broken at their width, one whose first line is mostly a day",
        ),
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


#: Lines of a table, columns apart by blanks, cells in the middle of their rows, names in that of several rows.
CENTRED = [
    ("序号", "重点任务", "工作要求", "牵头单位", "配合单位", "完成时限"),
    ("", "", "修缮东山瞭望塔三座，配齐望远镜", "", "", ""),
    ("1", "", "和电台各十二部，建立值守台账，", "县林业局", "县财政局", "2024年9月底"),
    ("", "", "实行昼夜轮班。", "", "", ""),
    ("", "守好山林", "清理林区防火道二十公里，两侧补", "", "县水利局、各", ""),
    ("2", "", "种耐火树苗三万株，安排专人巡查，", "县应急局", "乡镇人民政府", "2024年10月底"),
    ("", "", "及时更换缺株。", "", "", ""),
    (),
    ("", "", "进山路口设检查站五处，登记车辆，", "", "", ""),
    ("3", "", "收存火种，配备巡护车2台，7", "县公安局", "县交通局", "长期坚持"),
    ("", "管好火源", "月31日前投用。", "", "", ""),
    ("", "", "编印防火手册两万份，在电视台开", "县委宣传", "", ""),
    ("4", "", "设专栏，宣讲防火条例和典型案例，", "部", "县教育局", "每季度"),
    ("", "", "做到家喻户晓。", "", "", ""),
    (),
    ("", "", "建立护林员信息系统，数据按月更", "", "", ""),
    ("5", "建好系统", "新上报，乡镇逐级审核，县里汇总", "县林业局", "县统计局", "2024年底前"),
    ("", "", "分析。", "", "", ""),
    (),
    ("", "", "开展护林员培训十场，考核合格后", "", "", ""),
    ("6", "抓好培训", "持证上岗，不合格的补训，补训仍", "县人社局", "县林业局", "2024年6月底"),
    ("", "", "不合格的不得上岗。", "", "", ""),
]
EDGES = (0, 7, 22, 58, 72, 88)


def laid_out(lines: list[tuple[str, ...]]) -> str:
    out = ""
    for line in lines:
        said = ""
        for edge, word in zip(EDGES, line, strict=False):
            said += " " * (edge - sum(map(cells, said)) if word else 0) + word
        out += said + "\n"
    return out


def test_a_name_in_the_middle_of_rows_is_theirs_in_common(tmp_path: Path):
    foot = "\n     松岭县人民政府办公室                     2024 年 5 月 7 日印发\n"
    assert tasks(tmp_path, HEAD + laid_out(CENTRED) + foot) == [
        "守好山林 | 修缮东山 … 轮班。 | l县林业局 s县财政局 | 2024-09-30",
        "守好山林 | 清理林区 … 缺株。 | l县应急局 s县水利局 s各乡镇人民政府 | 2024-10-31",
        "管好火源 | 进山路口 … 投用。 | l县公安局 s县交通局 | 2024-07-31 ongoing",
        "管好火源 | 编印防火 … 户晓。 | l县委宣传部 s县教育局 | recurring",
        "建好系统 | 建立护林 … 分析。 | l县林业局 s县统计局 | recurring 2024-12-31",
        "抓好培训 | 开展护林 … 上岗。 | l县人社局 s县林业局 | 2024-06-30",
    ]


def document(folder: Path, text: str) -> dict[str, object]:
    paper = folder / "paper.txt"
    paper.write_text(text, "utf-8")
    return extract(paper).to_json()["document"]


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("松岭县护林任务表\n[ 发布日期 ]\n2024-05-29\n", "date", None),
        ("【文号】松政发〔2024〕6号\n【标题】松岭县人民政府关于护林的意见\n【发布日期】2024-07-12\n", "date", None),
        ("[ 成文日期 ]\n2024-05-29\n松岭县护林任务表\n", "date", "2024-05-29"),
        ("松 督〔2024〕4 号\n松岭县政府督查室\n关于开展护林督查\n的通知\n", "number", "松督〔2024〕4号"),
        ("松岭县政府督查室\n关于开展护林督查\n的通知\n各乡镇：\n", "title", "松岭县政府督查室关于开展护林督查的通知"),
        ("松岭县人民政府\n对督导反馈问题的整改方案\n", "title", "松岭县人民政府对督导反馈问题的整改方案"),
        ("二、职责分工\n（一）县林业局\n1.修缮瞭望塔。\n2.清理防火道。\n", "title", None),
        (
            "松岭县2024年护林方案\n修缮瞭望塔，\n- 1 -\n松岭县2024年护林方案\n清理防火道。\n- 2 -\n",
            "title",
            "松岭县2024年护林方案",
        ),
    ],
)
def test_heads(tmp_path: Path, text: str, field: str, value: str | None):
    assert document(tmp_path, text)[field] == value


PAGE = """发布机构： | 松岭省林业局 | 成文日期： | 2024年2月14日 |
文　　号： | 松林发[2024]11号 | 发布日期： | 2024年2月20日 |
标　　题： | 松岭省林业局关于印发2024年护林要点的通知 |
松岭省林业局关于印发2024年护林要点的通知
各市林业局，局机关各处室：
1.修缮瞭望塔。修缮东山瞭望塔三座，配齐望远镜。（责任处室：防火处）
"""
CUT_OFF = """精神，切实保护山林，现将有关任务明确如下：
修缮东山瞭望塔三座，配齐望远镜。（责任单位：县林业局，县财政局配合）
清理防火道二十公里，补种树苗。（责任单位：县应急局、各乡镇人民政府）
进山路口设检查站，登记车辆。（责任单位：县公安局）
"""
BROKEN_BY_ROOM = """一、护林能力
    （一）提升监测能力。
    1.建设林区防火监测站 12 座，2024 年 11 月底前与省级平台联
网运行。（责任单位：县林业局）
    2.每月公布各乡镇火险等级排名，对连续两次排名末位的乡镇予
以约谈。（责任单位：县林业局、县政府督查室）
    （二）严格护林执法。开展“利剑”专项行动，严厉打击违规野外
用火，落实《松岭县违规野外用火举报奖励办法》，畅通举报渠道。（责
任单位：县公安局）
"""
OWN_NAMES = """一、护林任务
（一）护山。修缮东山瞭望塔三座，配齐望远镜。（责任单位：县林业局、松潭古城管理中心）
（二）护城。清理防火道二十公里，补种树苗。（责任单位：松潭古城管理中心、县应急局）
（三）护村。整治私搭乱建，打造小花园。（责任单位：县水利局﹑县公安局）
"""


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (PAGE, ["1.修缮瞭望塔 | 修缮东山 … 远镜。 | r防火处 | "]),
        (
            CUT_OFF,
            [
                "- | 修缮东山 … 远镜。 | l县林业局 s县财政局 | ",
                "- | 清理防火 … 树苗。 | r县应急局 r各乡镇人民政府 | ",
                "- | 进山路口 … 车辆。 | r县公安局 | ",
            ],
        ),
        (
            BROKEN_BY_ROOM,
            [
                "一、护林能力 § （一）提升监测能力 § - | 建设林区 … 运行。 | r县林业局 | 2024-11-30",
                "一、护林能力 § （一）提升监测能力 § - | 每月公布 … 约谈。 | r县林业局 r县政府督查室 | recurring",
                "一、护林能力 § （二）严格护林执法 | 开展“利 … 渠道。 | r县公安局 | ",
            ],
        ),
        (
            OWN_NAMES,
            [
                "一、护林任务 § （一）护山 | 修缮东山 … 远镜。 | r县林业局 r松潭古城管理中心 | ",
                "一、护林任务 § （二）护城 | 清理防火 … 树苗。 | r松潭古城管理中心 r县应急局 | ",
                "一、护林任务 § （三）护村 | 整治私搭 … 花园。 | r县水利局 r县公安局 | ",
            ],
        ),
    ],
    ids=[
        "fields of the page",
        "cut off at its beginning",
        "broken where figures need half the room",
        "a name of its own",
    ],
)
def test_prose(tmp_path: Path, text: str, right: list[str]):
    assert tasks(tmp_path, text) == right


CHAPTERS = """松岭县护林任务分解表
任务类别
序号
重点任务
时限要求
牵头单位
配合单位
一、着力加强护林宣传和群众引导
（一）加强宣传
1
围绕护林防火、退耕还林、封山育林、林权改革，解读出台背景和主要内容。
持续推进
县林业局
县融媒体中心、县教育局
2
主要负责同志带头宣讲，每处林场宣讲不少于1次。
12月底前
县林业局
县直各单位
二、着力深化重点林区隐患整治
（二）整治林区用火隐患
3
公布禁火区目录，明确管护人员和时限。
7月底前
县应急局
县财政局
4
健全护林队伍管理和处置机制，对隐患及时处置。
8月底前
县林业局
各乡（镇）人民政府
（三）整治林区用电隐患
5
排查林区线路，建立隐患台账，逐处销号。
9月底前
县发改局
县供电公司
"""


def test_a_chapter_and_the_clause_below_it_are_two_headings(tmp_path: Path):
    """Although the lines are about as long as others are broken, and the second begins with a bracket, as the rest of a
    unit's name may."""
    second = "二、着力深化重点林区隐患整治"
    assert [line.rsplit(" | ", 3)[0].rsplit(" § ", 1)[0] for line in tasks(tmp_path, CHAPTERS)] == [
        "一、着力加强护林宣传和群众引导 § （一）加强宣传",
        "一、着力加强护林宣传和群众引导 § （一）加强宣传",
        f"{second} § （二）整治林区用火隐患",
        f"{second} § （二）整治林区用火隐患",
        f"{second} § （三）整治林区用电隐患",
    ]


def test_a_site_that_counts_pages_breaks_neither_a_list_of_units_nor_a_name(tmp_path: Path):
    text = (
        "2021年重点任务责任分解表.docx\n"
        "1、2021年重点任务责任分解表序号项目名称主要内容区政府分管领导牵头单位配合单位1扩大护林队伍落实巡护人员。"
        "全区新增护林员20人，失职人员全部调离。王建国林业局城东园（白渡镇\n2、）各街道2水库加固工程"
        "完成东山水库除险加固，配齐监测设备。王建国水利局白渡镇\n"
    )
    paper = tmp_path / "paper.txt"
    paper.write_text(text, "utf-8")
    found = extract(paper).tasks
    assert [(t.title, [(u.role, u.name) for u in t.units]) for t in found] == [
        ("扩大护林队伍", [("lead", "林业局"), ("support", "城东园（白渡镇）"), ("support", "各街道")]),
        ("水库加固工程", [("lead", "水利局"), ("support", "白渡镇")]),
    ]
    assert "王建国" not in extract(paper).dumps()
