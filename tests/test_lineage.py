"""Which task comes from which: invented pairs of papers with gold, read and aligned."""

from __future__ import annotations

import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
import zhengling as zl
from hypothesis import given
from hypothesis import strategies as st
from zhengling.app.files_out.comparison import paired, table
from zhengling.app.messages import Catalogue
from zhengling.extractors.model import Citation, Deadline, Document, Record, Task, UnitRole
from zhengling.graph.lineage.align import Alignment, align, place_names
from zhengling.graph.lineage.around import OTHERS, same_section, same_work
from zhengling.graph.lineage.between import between
from zhengling.graph.lineage.changes import changes
from zhengling.graph.lineage.common import in_source, moved, stretches
from zhengling.graph.lineage.deciding import Claim, convincing
from zhengling.graph.lineage.likeness import likeness, rare
from zhengling.graph.lineage.matter import BareText, Matter, knowledge, rows
from zhengling.graph.lineage.reconstructing import reconstruct
from zhengling.graph.lineage.standing import standing
from zhengling.graph.lineage.terms import side

HERE = Path(__file__).parent / "lineage"
PAPERS = Path(__file__).parent / "papers"


def task(identity: str, text: str, title: str | None = None, **more) -> Task:
    return Task(identity, [], title, text, text[:8], text[-8:], **more)


def record(*tasks: Task, region: str = "", issuer: str = "") -> Record:
    return Record(Document(region=region, issuer=issuer), tasks=list(tasks))


def titles(found: Alignment) -> dict[tuple[str, str], str]:
    names = {
        side: {t.id: t.title or t.text for t in paper.tasks} for side, paper in (("u", found.upper), ("l", found.lower))
    }
    return {(names["l"][link.lower], names["u"][link.upper]): link.type for link in found.links}


@pytest.fixture(scope="module")
def roads() -> Alignment:
    return align(zl.extract(HERE / "shenglu-2024.txt"), zl.extract(HERE / "xianlu-2024.txt"))


def test_what_comes_from_what(roads: Alignment) -> None:
    assert titles(roads) == {
        ("1.排查危险路段", "（一）排查危险路段"): "copied",
        ("2.改造危桥", "（二）改造危桥"): "copied",
        ("3.设置减速带", "（三）规范平交路口"): "split",
        ("4.加装警示设施", "（三）规范平交路口"): "split",
        ("5.严管面包车和变型拖拉机", "（四）清理变型拖拉机"): "merged",
        ("5.严管面包车和变型拖拉机", "（五）整治面包车超员"): "merged",
        ("6.推广头盔", "（六）推广头盔"): "adapted",
        ("7.配强劝导员", "（八）建强劝导站"): "adapted",
        ("8.用好大喇叭", "（九）用好农村大喇叭"): "adapted",
    }


def test_what_papers_share_is_a_likely_task_of_their_superior() -> None:
    """What most papers have first; its words are those of one task, without what only that one says."""
    canteen = "在每个行政村建成一处老年食堂，配备专职厨师{}名，保证全年运营不少于三百天。"
    nurses = "组织养老护理人员参加职业技能培训，年内培训护理员二百人次，考核合格后持证上岗。"
    papers = {
        "a": record(task("T01", nurses), task("T02", canteen.format("两")), region="松岭县"),
        "b": record(task("T01", canteen.format("三")), task("T02", nurses), region="枫浦县"),
        "c": record(task("T01", "依托村委会，" + canteen.format("五")), task("T02", "每周清扫街道一遍，清运垃圾。")),
    }
    first, second = reconstruct(papers)
    assert (first.papers, first.origins) == (3, (("a", "T02"), ("b", "T01"), ("c", "T01")))
    (number,) = set("两三五") & set(first.text)
    start, end = canteen.split("{}")
    assert first.text.removeprefix("依托村委会，") == canteen.format(number)
    assert first.shared == (start, end)
    assert (second.text, second.shared) == (nurses, (nurses,))
    assert second.origins == (("a", "T01"), ("b", "T02"))
    assert reconstruct({"a": papers["a"]}) == []


def test_what_was_added_and_left_out(roads: Alignment) -> None:
    lower, upper = ({t.id: t.title for t in paper.tasks} for paper in (roads.lower, roads.upper))
    assert [lower[i] for i in roads.added] == ["9.整修茶山索道"]
    assert [upper[i] for i in roads.dropped] == ["（七）监管校车", "（十）建设救援网"]
    assert roads.elsewhere == []  # a county's government answers for all fields of work


def test_what_was_changed(roads: Alignment) -> None:
    found = {(c.kind, c.effect, c.upper, c.lower) for link in roads.links for c in link.changes}
    assert found == {
        ("deadline-later", "weaker", "2024年6月底前", "2024年8月底前"),
        ("figure-changed", "", "不少于800处", "12处"),  # a county's part of a province's whole
        ("figure-changed", "", "至少120座", "至少3座"),
        ("figure-changed", "stronger", "达到90%", "达到95%"),
        ("bound-dropped", "weaker", "至少设立1个", "1个"),
        ("figure-changed", "stronger", "不少于3次", "不少于5次"),
    }


def test_shared_words_stand_in_both_sources(roads: Alignment) -> None:
    sources = [(HERE / name).read_text("utf-8") for name in ("xianlu-2024.txt", "shenglu-2024.txt")]
    shared = [s for link in roads.links for s in link.shared]
    assert len(shared) > 10
    for one in shared:
        assert one.lower_source and one.upper_source
        below, above = (
            re.sub(r"\s", "", text[slice(*span)])
            for text, span in zip(sources, (one.lower_source, one.upper_source), strict=True)
        )
        assert len(below) >= 4
        assert BareText.of(below).text == BareText.of(above).text


def test_a_bureau_is_not_asked_for_other_bureaus_work() -> None:
    upper = record(
        task("T01", "足额安排农村客运补贴资金，按月拨付到位。", units=[UnitRole("lead", "省财政厅")]),
        task("T02", "每所乡镇中心小学配备专职心理辅导教师。", units=[UnitRole("lead", "省教育厅")]),
        task("T03", "对公共资金使用情况开展专项绩效评价。", units=[UnitRole("lead", "省财政厅")]),
    )
    lower = record(
        task("T01", "足额安排农村客运补贴资金，按季拨付到位。", units=[UnitRole("lead", "预算股")]),
        issuer="云坪县财政局",
    )
    found = align(upper, lower)
    assert (found.dropped, found.elsewhere) == (["T02", "T03"], ["T02"])


def test_a_bureau_of_two_fields_is_asked_for_both() -> None:
    upper = record(
        task("T01", "足额安排农村客运补贴资金，按月拨付到位。", units=[UnitRole("lead", "省财政厅")]),
        task("T02", "引导银行为粮农开办信用贷款。", units=[UnitRole("lead", "省地方金融监督管理局")]),
        task("T03", "每所乡镇中心小学配备专职心理辅导教师。", units=[UnitRole("lead", "省教育厅")]),
    )
    lower = record(task("T01", "足额安排农村客运补贴资金，按季拨付到位。"), issuer="云坪县财政金融局")
    found = align(upper, lower)
    assert (found.dropped, found.elsewhere) == (["T02", "T03"], ["T03"])


def test_whose_work_it_is_brings_a_likely_link_where_words_are_few() -> None:
    def pair(above: str, below: str) -> Alignment:
        upper = record(
            task("T01", "全面排查城区燃气管道，更换老化调压箱。"),
            task("T02", "每季度抽检学校食堂冷库的温度记录。"),
            task("T03", "支持社区开办助餐点，按人次给予补贴。", units=[UnitRole("lead", above)]),
            task("T04", "为返乡青年开设电商直播课程。", units=[UnitRole("lead", "省商务厅")]),
        )
        lower = record(
            task("T01", "排查城区燃气管道，年内更换调压箱。"),
            task("T02", "抽检学校食堂冷库温度记录。"),
            task("T03", "老人午餐每份便宜三元，社区食堂凭票结算。", units=[UnitRole("lead", below)]),
            task("T04", "集市摊位实行编号管理。", units=[UnitRole("lead", "县城市管理局")]),
        )
        return align(upper, lower)

    (link,) = [x for x in pair("省民政厅", "县民政局").links if x.lower == "T03"]
    assert (link.upper, link.state) == ("T03", "likely")
    assert link.grounds["field"] > 0.4
    assert [x for x in pair("省民政厅", "县水利局").links if x.grounds["field"] > 0] == []


def test_what_is_left_between_two_links_belongs_together() -> None:
    """In 渠旁路旁植杨树 and 村旁路旁植树 hardly a word is the same."""

    def left(above: list[str], below: list[str], links: dict[int, int]) -> list[tuple[int, int]]:
        upper, lower = ([Matter.of(task("T1", text)) for text in some] for some in (above, below))
        return between(upper, lower, links, set(links.values()), np.zeros((len(lower), len(upper))))

    pumps, trees, biogas, paved = (
        "检修排涝泵站。",
        "村旁路旁植树，绿化乡村。",
        "养殖场配套沼气池。",
        "自然村通硬化公路。",
    )
    assert left([pumps, trees, biogas], [pumps, "渠旁路旁植杨树四千株，绿化庄台。", biogas], {0: 0, 2: 2}) == [(1, 1)]
    assert left([pumps, trees, biogas], [pumps, "夜间施工须经批准。", biogas], {0: 0, 2: 2}) == []
    # of several that are left, each once
    below = [pumps, "渠旁路旁植杨树四千株，绿化庄台。", "通自然村的公路全部硬化。", biogas]
    assert left([pumps, trees, paved, biogas], below, {0: 0, 3: 3}) == [(2, 2), (1, 1)]  # the likest first
    # what stands elsewhere is not left there
    assert left([trees, pumps, biogas], [pumps, "渠旁路旁植杨树四千株，绿化庄台。", biogas], {0: 1, 2: 2}) == []
    # what is left above alone is merged into a task beside it, if that says more than its own superior's
    assert left([pumps, trees, biogas], [pumps, "养殖场建沼气池，路旁植树绿化。"], {0: 0, 1: 2}) == [(1, 1)]
    assert left([pumps, "养殖场周边绿化。", biogas], [pumps, biogas], {0: 0, 1: 2}) == []


def test_where_a_section_leads_says_something_of_its_tasks() -> None:
    def matter(identity: str, section: str) -> Matter:
        return Matter.of(Task(identity, [section], None, "略。", "略。", "略。"))

    upper = [matter(f"T{n}", "一、甲" if n < 3 else "二、乙") for n in range(5)]
    lower = [matter(f"T{n}", "一、丙" if n < 3 else "二、丁") for n in range(5)]
    found = same_section(upper, lower, np.array([(0, 3), (1, 4), (3, 0)]))
    assert found[2].tolist() == [0, 0, 0, 2 / 3, 2 / 3]  # two of its section lead there
    assert found[0].tolist() == [0, 0, 0, 1 / 2, 1 / 2]  # itself does not count
    assert not same_section(upper[:3], lower, np.array([(0, 2)])).any()  # one section tells nothing


def test_who_leads_is_compared_by_field_of_work() -> None:
    text = "对粮食仓储设施开展安全检查，建立隐患清单并限期整改到位。"
    upper = record(task("T01", text, units=[UnitRole("lead", "省财政厅")]))
    for unit, kinds in (("县财政局", []), ("县审计局", ["lead-changed"])):
        found = align(upper, record(task("T01", text, units=[UnitRole("lead", unit)])))
        assert [c.kind for c in found.links[0].changes] == kinds


def test_a_phrase_in_quotation_marks_leads_to_what_is_named_after_it() -> None:
    upper = record(
        task("T01", "在工厂、码头和田间建设应用场景，分批评选标杆项目并给予补助。", "（一）推广“智能+”应用"),
        task("T02", "建设公共算力平台，统一调度各类算力资源。", "（二）统筹算力"),
    )
    lower = record(task("T01", "智能+渔业：在渔港布设水质监测浮标，推广无人投喂船。"), task("T02", "修缮古戏台三处。"))
    assert titles(align(upper, lower)) == {
        ("智能+渔业：在渔港布设水质监测浮标，推广无人投喂船。", "（一）推广“智能+”应用"): "adapted"
    }


def test_what_is_listed_in_brackets_leads_to_the_headings_that_name_it() -> None:
    upper = record(
        task("T01", "对租用渔具的按合同金额补助。", "（一）加强渔具券支持"),
        task("T02", "对购买保险的减半收取。", "（二）加强保费券支持"),
        task("T03", "建设避风锚地。", "（三）建设渔港"),
    )
    lower = record(task("T01", "全面兑现“两券”（渔具券、保费券）。"), task("T02", "修缮古戏台三处（木构件、彩绘）。"))
    assert titles(align(upper, lower)) == {
        ("全面兑现“两券”（渔具券、保费券）。", "（一）加强渔具券支持"): "merged",
        ("全面兑现“两券”（渔具券、保费券）。", "（二）加强保费券支持"): "merged",
    }


def test_papers_without_tasks_and_with_one() -> None:
    one = record(task("T01", "开展秸秆禁烧巡查，做到露天焚烧零火点。"))
    assert align(record(), one).added == ["T01"]
    assert align(one, record()).dropped == ["T01"]
    assert align(record(), record()).to_json()["links"] == []
    assert [link.type for link in align(one, one).links] == ["copied"]


def test_one_of_several_that_a_task_is_split_into_need_be_the_best_for_a_clause_alone() -> None:
    upper = record(
        task("T1", "建立举报奖励制度；对重大隐患挂牌督办；企业负责人每季度带队检查，自查自改。", "（一）清零隐患"),
        task("T2", "推广尾矿库在线监测预警，安装位移传感器。", "（二）科技支撑"),
        task("T3", "核查焊工持证情况，查处假冒证件。", "（三）核查证件"),
    )
    lower = record(
        task("T1", "企业负责人每季度带队检查，自查自改，重大隐患挂牌督办。", "1.督促自查"),
        task("T2", "设立专线，对举报属实的给予奖励，举报奖励制度张贴上墙。", "2.鼓励群众参与"),
        task("T3", "两座尾矿库接入在线监测预警平台。", "3.接入平台"),
        task("T4", "逐人核查焊工证件。", "4.核查焊工"),
    )
    assert titles(align(upper, lower)) == {
        ("1.督促自查", "（一）清零隐患"): "split",
        ("2.鼓励群众参与", "（一）清零隐患"): "split",
        ("3.接入平台", "（二）科技支撑"): "adapted",
        ("4.核查焊工", "（三）核查证件"): "adapted",
    }


def test_equal_tasks_are_linked_in_order_and_not_each_with_each() -> None:
    paper = record(*(task(f"T{n:03}", "按季公布水质监测结果，接受群众监督。") for n in range(60)))
    found = align(paper, paper)
    assert [(link.lower, link.upper) for link in found.links] == [(t.id, t.id) for t in paper.tasks]


@pytest.mark.parametrize(("title", "alone"), [("（一）加强组织领导", False), ("6.公布渔港清单", True)])
def test_closing_formulas_of_how_the_work_is_led_do_not_stand_alone(title: str, alone: bool) -> None:
    matters = ["养殖尾水达标排放", "渔船更新改造", "种苗场提升", "休闲渔业码头建设", "增殖放流"]
    upper = [task(f"T{n}", f"推进{m}，制定年度计划。", f"{n}.{m}") for n, m in enumerate(matters)]
    upper.append(task("T9", "公布渔港清单，列入年度报告并接受社会监督。", "9.公布渔港清单"))
    lower = [task(f"T{n}", f"{m}列入年度计划，逐项推进。", f"{n}.{m}") for n, m in enumerate(matters)]
    lower.append(task("T9", "落实情况列入年度报告并接受社会监督。", title))
    above, below = ([Matter.of(one) for one in tasks] for tasks in (upper, lower))
    found = standing(above, below, likeness(above, below), 0.65)
    assert found.follows == 1
    assert (found.alone[-1, -1] > 0) == alone


def test_a_whole_clause_taken_over_leads_to_a_second_task() -> None:
    """And not one that several tasks have, that many papers say, or that stands in quotation marks."""
    upper = record(
        task("T1", "渔船安装北斗定位终端，出海前逐船点验。", "（一）管住渔船"),
        task("T2", "补贴渔民参加互助保险，落实养殖户灾后补苗补助，接受社会监督。", "（二）分担渔业风险"),
        task("T3", "建设避风锚地，整治淤塞港池，做到“有备、才能无患”。", "（三）修建渔港"),
    )
    lower = record(
        task("T1", "渔船全部安装北斗定位终端，出海前逐船点验，落实养殖户灾后补苗补助。", "1.管住渔船"),
        task("T2", "清理淤塞港池，扩建避风锚地，接受社会监督。", "2.修建渔港"),
    )
    links = {(link.lower, link.upper): link for link in align(upper, lower).links}
    assert set(links) == {("T1", "T1"), ("T1", "T2"), ("T2", "T3")}
    assert links["T1", "T2"].grounds["taken"] == 1
    assert links["T2", "T3"].grounds["taken"] == 0
    twice = Record(Document(), tasks=[*upper.tasks, task("T4", "落实养殖户灾后补苗补助。", "（四）兑现补助")])
    assert ("T1", "T2") not in {(link.lower, link.upper) for link in align(twice, lower).links}


def test_words_that_say_how_work_is_done_prove_nothing() -> None:
    assert {rare(word) for word in rows("manner")} == {0.0}


def test_a_doubtful_link_alone_shows_nothing() -> None:
    scores = ((0.8, "likely"), (1.5, "sure"), (2.6, "sure"))
    doubtful, sure, certain = (Claim(0, 0, score, state, {}) for score, state in scores)
    assert convincing([doubtful], 5) == convincing([sure], 5) == []
    assert convincing([doubtful], 4) == [doubtful]
    assert convincing([doubtful, certain], 20) == [doubtful, certain]


def test_whose_work_a_task_is_counts_by_rarity() -> None:
    def matter(*work: str) -> Matter:
        return Matter.of(task("T1", "略。"), work=dict.fromkeys(work, 1.0))

    upper = [matter("民政"), matter("民政", "财政"), matter("水利"), matter()]
    found = same_work(upper, [matter("水利"), matter("民政", "财政"), matter("民政"), matter("教育")])
    assert found[0, 2] == max(found[0]) > found[2, 0] > found[2, 1] > 0  # of what fewer tasks have, more
    assert found[1, 1] > found[1, 0] > 0
    assert found[3].tolist() == [OTHERS, OTHERS, OTHERS, 0]


def test_a_requirement_that_two_other_works_share_is_aside() -> None:
    """The same clause behind two openings that have nothing in common singles nothing out."""
    clause = "考核结果作为干部评价的依据"
    upper = [task("T1", f"压实粮食安全责任，每年开展考核，{clause}。"), task("T2", "储备应急大米，足额存放。")]
    lower = [task("T1", f"回填河道采砂坑，恢复断面，{clause}。"), task("T2", "足额存放应急大米，每月轮换。")]
    above, below = ([Matter.of(one) for one in tasks] for tasks in (upper, lower))
    found = standing(above, below, likeness(above, below), 0.3)
    assert found.aside[0, 0] > 0.9
    assert found.aside[1, 1] == 0


def test_papers_of_other_subjects_have_no_links() -> None:
    read = {name: zl.extract(PAPERS / f"{name}.txt") for name in OTHER_SUBJECTS}
    assert all(len(record.tasks) >= 5 for record in read.values())
    pairs = list(permutations(read, 2))
    assert [(a, b) for a, b in pairs if align(read[a], read[b]).links] == []


#: Ten papers that have nothing to do with one another.
OTHER_SUBJECTS = (
    *("p02-zhejiang-xiangcun-tushu", "p05-qingluo-tsv", "p06-hebin-qu-md", "p10-yuezhou-lines", "p12-wulantala-qi"),
    *("p14-heshui-oneline", "p18-hongshahe-zhou", "p24-jiangsu-shengtai-citations", "p03-guangxi-tangliaozhe", "c11"),
)


def test_the_same_whatever_the_order_of_tasks(roads: Alignment) -> None:
    upper = Record(roads.upper.document, tasks=roads.upper.tasks[::-1])
    lower = Record(roads.lower.document, tasks=roads.lower.tasks[::-1])
    assert titles(align(upper, lower)) == titles(roads)


def test_dates_and_figures() -> None:
    def said(text: str, *limits: tuple[str, str]) -> Task:
        return task("T01", text, deadlines=[Deadline(words, "date", None, end) for words, end in limits])

    cases = [
        (said("每年至少开展1次演练。"), said("每年开展1次演练。"), [("bound-dropped", "weaker")]),
        (said("每年开展演练。"), said("每年开展2次演练。"), [("figure-set", "stronger")]),
        (
            said("办结时间压缩到5个工作日以内。"),
            said("办结时间压缩到3个工作日以内。"),
            [("figure-changed", "stronger")],
        ),
        (said("投诉在2个工作日内办结并回复。"), said("投诉及时办结并回复。"), [("figure-dropped", "weaker")]),
        (said("完成改造。", ("2024年6月底前", "2024-06-30")), said("完成改造。"), [("deadline-dropped", "weaker")]),
        (said("完成改造。"), said("完成改造。", ("2024年6月底前", "2024-06-30")), [("deadline-set", "stronger")]),
        (said("落实2023年要点（〔2023〕4号）。"), said("落实要点。"), []),
        (said("新建楼宇必须配建充电车位。"), said("新建楼宇探索配建充电车位。"), [("duty-softened", "weaker")]),
        (said("可委托机构检测，鼓励聘用注册工程师。"), said("聘用注册工程师。"), [("duty-hardened", "stronger")]),
        (said("报装不超过10个工作日。"), said("报装不超过15个工作日。"), [("figure-changed", "weaker")]),
        (said("惠及学生至少3万人。"), said("惠及学生至少30000人。"), []),
        (
            said("一般登记3个工作日内办结，抵押登记1个工作日内办结。"),
            said("抵押登记3个工作日内办结，一般登记3个工作日内办结。"),
            [("figure-changed", "weaker")],
        ),
        (said("严禁占用疏散通道。"), said("不得占用疏散通道。"), []),
        (said("必须公开名单。"), said("探索夜间开放泳池。"), []),
        (said("每年公布一次合格名录。"), said("每半年公布一次合格名录。"), [("pace-faster", "stronger")]),
        (said("每季度公布一次合格名录。"), said("每年公布一次合格名录。"), [("pace-slower", "weaker")]),
        (said("每年公布一次合格名录。"), said("每月组织医生坐诊。"), []),
    ]
    for upper, lower, expected in cases:
        assert [(c.kind, c.effect) for c in changes(upper, lower)] == expected, upper.text


def test_a_limit_that_became_a_pace_is_dropped() -> None:
    dated, often = Deadline("6月底前", "date", None, "2024-06-30"), Deadline("每季度", "recurring")
    lower = task("T01", "每季度检修塔吊。", deadlines=[often])
    for limits, effect in (([dated], ""), ([dated, often], "weaker")):
        found = changes(task("T01", "检修塔吊。", deadlines=limits), lower)
        assert [(c.kind, c.effect, c.upper, c.lower) for c in found] == [
            ("deadline-dropped", effect, "6月底前", "每季度")
        ]


def test_what_one_part_of_a_split_task_keeps_is_not_dropped_by_the_other() -> None:
    limit = Deadline("6月底前", "date", None, "2024-06-30")
    upper = record(
        task("T1", "检修塔吊和施工升降机，检修率不低于95%，更换老化钢丝绳。", "（一）检修塔吊", deadlines=[limit]),
        task("T2", "核查焊工持证情况，查处假冒证件。", "（二）核查证件"),
    )
    parts = (
        task("T1", "检修塔吊，检修率不低于95%。", "1.检修塔吊", deadlines=[limit]),
        task("T2", "检修施工升降机，更换老化钢丝绳。", "2.检修升降机"),
    )
    found = align(upper, record(*parts))
    assert [(link.lower, link.kind, link.changes) for link in found.links] == [("T1", "split", ()), ("T2", "split", ())]
    (link,) = align(upper, record(parts[1])).links
    assert [change.kind for change in link.changes] == ["deadline-dropped"]


@pytest.mark.parametrize("row", [pytest.param(r, id=r["id"]) for r in rows("without")])
def test_what_is_left_out_before_comparing(row) -> None:
    pattern = re.compile(row["pattern"])
    for before, after in row["yes"]:
        assert pattern.sub("", before) == after
    for text in row["no"]:
        assert pattern.sub("", text) == text


def test_places_of_both_papers_mean_nothing() -> None:
    names = place_names([record(region="泓州省"), record(region="云坪县")])
    assert names is not None
    assert BareText.of("建设云坪县（云坪）和泓州省的仓库", names).text == BareText.of("建设（）和的仓库").text
    assert place_names([record()]) is None


def test_common_words_prove_nothing() -> None:
    assert rare("工作") == 0
    assert rare("爆闪灯") == rare("变型拖拉机") == 3.5
    assert 0 < rare("舞龙") <= 3.5


@given(st.text(alphabet="甲乙丙丁，。 \n１2", max_size=40), st.text(alphabet="甲乙丙丁，。 \n１2", max_size=40))
def test_stretches_are_the_same_words_and_do_not_cross(upper: str, lower: str) -> None:
    above, below = BareText.of(upper), BareText.of(lower)
    ends = (0, set())
    for one in stretches(above, below):
        said = [BareText.of(text[slice(*span)]).text for text, span in ((lower, one.lower), (upper, one.upper))]
        assert said[0] == said[1]
        assert one.lower[0] >= ends[0]
        assert not ends[1] & set(range(*one.upper))
        ends = (one.lower[1], ends[1] | set(range(*one.upper)))


@given(st.text(alphabet="甲乙丙 \n", max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_a_place_in_a_task_leads_to_its_place_in_the_source(text: str, start: int, length: int) -> None:
    from zhengling.extractors.model import Evidence

    piece = text[start : start + length]
    one = task("T01", text, evidence=[Evidence(100, 100 + len(text), text, "task")])
    found = in_source(one, start, start + length)
    if piece.strip():
        assert found is not None
        assert "".join(text[found[0] - 100 : found[1] - 100].split()) == "".join(piece.split())
    else:
        assert found is None


def test_what_only_moved_is_told_from_what_was_put_in_and_taken_out() -> None:
    upper = task("T1", "逐船核验船名船号。为渔民办理意外伤害保险，配发救生衣。渔港入口设置限高门架。")
    lower = task("T1", "为渔民办理意外伤害保险，配发救生衣和应急灯。逐船核验船名船号。")
    link = align(record(upper), record(lower)).links[0]
    found = {lower.text[slice(*one.lower)]: moved for one, moved in zip(link.shared, link.moved, strict=True)}
    assert found == {"为渔民办理意外伤害保险，配发救生衣": False, "逐船核验船名船号。": True}
    (row,) = table(Alignment(record(upper), record(lower), [link]), Catalogue("zh"), texts=True)
    assert row[-3:] == [["逐船核验船名船号。"], ["渔港入口设置限高门架"], ["和应急灯"]]


@given(st.text(alphabet="甲乙丙丁", max_size=40), st.text(alphabet="甲乙丙丁", max_size=40))
def test_what_keeps_its_order_keeps_it(upper: str, lower: str) -> None:
    found = stretches(BareText.of(upper), BareText.of(lower))
    where = moved([one.lower for one in found], [one.upper for one in found])
    kept = [one.upper for one, elsewhere in zip(found, where, strict=True) if not elsewhere]
    assert kept == sorted(kept)
    assert not found or not all(where)


def test_a_task_that_names_a_paper_without_such_a_task_is_orphaned() -> None:
    upper = Record(
        Document(number="泓政发〔2030〕4号"), tasks=[task("T1", "养殖尾水经三级沉淀后达标排放。", "1.尾水排放")]
    )
    lower = record(
        task("T1", "修缮古戏台三处。"), task("T2", "养殖尾水经三级沉淀后达标排放。"), task("T3", "修缮牌坊。")
    )
    lower.citations = [
        Citation(inside, "泓政发〔2030〕4号", None, "directive", role, 0)
        for inside, role in (("T1", "basis"), ("T2", "basis"), ("T3", "mention"), ("document", "basis"))
    ]
    found = align(upper, lower)
    assert (found.added, found.orphaned) == (["T1", "T3"], ["T1"])
    assert [row.status for row in paired(found)] == ["covered", "orphaned", "added"]


@pytest.mark.parametrize("row", [pytest.param(r, id=r["id"]) for r in rows("place")])
def test_words_that_say_where(row) -> None:
    assert all(re.search(row["pattern"], text) for text in row["yes"])
    assert not any(re.search(row["pattern"], text) for text in row["no"])


def test_what_is_to_be_done_everywhere_and_in_places_that_are_named() -> None:
    everywhere, named = (task("T1", f"{where}推行联合验收。") for where in ("各乡镇、街道", "在柳河镇、青山乡"))
    assert [(c.kind, c.effect) for c in changes(everywhere, named)] == [("place-narrowed", "narrower")]
    assert [(c.kind, c.effect) for c in changes(named, everywhere)] == [("place-widened", "wider")]
    assert changes(everywhere, task("T1", "全县推行联合验收。")) == []
    assert changes(everywhere, task("T1", "在柳河镇、青山乡修缮古戏台。")) == []


def test_as_json(roads: Alignment) -> None:
    data = json.loads(json.dumps(roads.to_json(), ensure_ascii=False))
    assert set(data) == {"superior", "lower", "links", "added", "dropped", "elsewhere", "orphaned", "gone"}
    assert {link["type"] for link in data["links"]} == {"copied", "adapted", "split", "merged"}


def test_a_word_of_many_papers_proves_nothing() -> None:
    assert rare("之日起") < 1
    assert rare("管理机制") <= max(rare("管理"), rare("机制")) + 0.5


@pytest.mark.parametrize("row", [pytest.param(r, id=r["id"]) for r in rows("no-figure")])
def test_numbers_that_count_nothing(row) -> None:
    assert all(re.match(row["pattern"], text) for text in row["yes"])
    assert not any(re.match(row["pattern"], text) for text in row["no"])


@pytest.mark.parametrize("row", [pytest.param(r, id=r["id"]) for r in rows("organising")])
def test_headings_of_how_the_work_is_led(row) -> None:
    assert all(Matter.of(task("T01", "略。", text)).organising for text in row["yes"])
    assert not any(Matter.of(task("T01", "略。", text)).organising for text in row["no"])


@pytest.mark.parametrize("row", [pytest.param(r, id=r["id"]) for r in rows("duty")])
def test_words_that_soften_or_bind_a_duty(row) -> None:
    """The word is dropped or put in: one way a duty softened, the other way hardened."""
    for text in row["yes"]:
        bare = text
        for word in row["words"]:
            bare = bare.replace(word, "")
        there, back = (changes(task("T01", a), task("T01", b)) for a, b in ((text, bare), (bare, text)))
        kinds = ["duty-hardened", "duty-softened"]
        assert [c.kind for c in there + back] == (kinds if row["kind"] == "soft" else kinds[::-1]), text
    for text in row["no"]:
        assert not any(word in text for word in row["words"])


@pytest.mark.parametrize("row", [pytest.param(r, id=r["id"]) for r in rows("scope")])
def test_words_that_say_how_much_of_a_thing(row) -> None:
    """Of a part: put in it narrows, dropped it widens. Of the whole: nothing by itself, but against a part."""
    part = "在部分乡镇推行联合验收"
    for text in row["yes"]:
        bare = row["no"][0] if row["kind"] == "part" else part
        there, back = (changes(task("T01", a), task("T01", b)) for a, b in ((text, bare), (bare, text)))
        kinds = [("scope-widened", "wider"), ("scope-narrowed", "narrower")]
        found = [(c.kind, c.effect) for c in there + back]
        assert found == (kinds if row["kind"] == "part" else kinds[::-1]), text
    for text in row["no"]:
        assert not any(word in text for word in row["words"])
        whole = changes(task("T01", f"所有{text}"), task("T01", text))
        assert [c.kind for c in whole] == []


@pytest.mark.parametrize("row", [pytest.param(r, id=r["id"]) for r in rows("bound")])
def test_words_that_bind_a_figure(row) -> None:
    """Dropped, the figure stays and the bound goes."""
    for text in row["yes"]:
        bare = text
        for word in sorted([*row["before"], *row["behind"]], key=len, reverse=True):
            bare = bare.replace(word, "")
        found = changes(task("T01", "村级补助资金" + text + "。"), task("T01", "村级补助资金" + bare + "。"))
        assert [c.kind for c in found] == ["bound-dropped"], text
    for text in row["no"]:
        assert changes(task("T01", text), task("T01", text)) == []


def test_words_of_pace() -> None:
    row = knowledge()["pace"]
    assert all(any(word in text for word in row["words"]) for text in row["yes"])
    assert not any(word in text for word in row["words"] for text in row["no"])


def test_what_is_held_of_papers_is_shared_by_threads() -> None:
    """A server compares in several threads."""
    papers = [[Matter.of(task("T1", f"第{n}批校舍修缮，按季通报进度。"))] for n in range(24)]

    def looked(first: int) -> bool:
        every = [papers[(first + n) % len(papers)] for n in range(4000)]
        return all(side(one).tasks == one for one in every)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(looked, range(0, 24, 3)))
    finally:
        sys.setswitchinterval(before)
