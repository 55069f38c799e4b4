"""The head of a paper: a table of heads, each with what it says of the paper."""

from __future__ import annotations

from typing import Any

import pytest
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.pipeline import extract_paper
from zhengling.extractors.readers.content import Content
from zhengling.extractors.steps.document import Head, read_head
from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.lexicon import Lexicon

from .test_steps import record_of

BODY = (
    "一、重点任务\n（一）建好食堂。每村建设食堂一处，方便群众就餐。（责任单位：县民政局）\n"
    "（二）办好学校。每镇新建学校一所。（责任单位：县教育局）\n"
)
PLAN = "为做好护林工作，制定本方案。\n" + BODY


def head_of(text: str) -> Head:
    paper = lay_out(Content(source=text))
    return read_head(paper, fold(paper.text), Lexicon.load())


def said(head: Head) -> dict[str, Any]:
    fields = {name: getattr(head, name) for name in ("number", "title", "issuer", "date", "region")}
    return {k: v[0] if v else None for k, v in fields.items()} | {"level": head.level, "year": head.year}


TITLES = {
    "the name of the site behind": (
        "松岭街道护林任务分工一览表（2024年）_望溪市松岭区人民政府松岭街道办事处\n" + BODY,
        "松岭街道护林任务分工一览表（2024年）",
    ),
    "what a page of news says was issued": (
        "守护青山 留住绿色\n——解读《护林“十四五”重点任务分工》\n来源：望溪新闻网\n"
        "为落实《中华人民共和国森林法》，林草局、应急管理部联合印发《护林“十四五”重点任务分工》，全文如下。\n" + BODY,
        "护林“十四五”重点任务分工",
    ),
    "one line": (
        "松岭县人民政府关于护林的意见\n松政发〔2023〕7号\n各乡镇人民政府：\n" + BODY,
        "松岭县人民政府关于护林的意见",
    ),
    "over two lines": (
        "松岭县人民政府\n关于做好2023年护林工作的通知\n各乡镇人民政府：\n" + BODY,
        "松岭县人民政府关于做好2023年护林工作的通知",
    ),
    "over two lines below a count of visits": (
        "发布日期：2023-03-11    浏览次数：2,816\n\n松岭县人民政府办公室关于以护林\n推动松岭发展的实施意见\n\n" + PLAN,
        "松岭县人民政府办公室关于以护林推动松岭发展的实施意见",
    ),
    "over three lines, two issuers": (
        "中共松岭县委办公室\n松岭县人民政府办公室\n关于印发《松岭县护林方案》的通知\n各乡镇：\n" + BODY,
        "中共松岭县委办公室松岭县人民政府办公室关于印发《松岭县护林方案》的通知",
    ),
    "years on the second line": (
        "关于促进护林的实施意见\n（2025-2027年）\n" + PLAN,
        "关于促进护林的实施意见（2025-2027年）",
    ),
    "day of the signature on the second line": (
        "松岭县关于护林的实施意见\n（2023年5月6日）\n" + PLAN,
        "松岭县关于护林的实施意见",
    ),
    "of what an order puts out": (
        "松岭市人民政府令\n第18号\n《松岭市护林办法》已经市政府常务会议通过，现予公布。\n市长 李大山\n"
        "2023年5月6日\n松岭市护林办法\n" + PLAN,
        "松岭市护林办法",
    ),
    "draft on the second line": ("松岭县护林方案\n（征求意见稿）\n" + PLAN, "松岭县护林方案（征求意见稿）"),
    "day of change is no part": ("松岭县护林方案\n（4月16日修改）\n" + PLAN, "松岭县护林方案"),
    "number behind": (
        "松岭县人民政府关于护林的意见松政发〔2023〕7号\n各乡镇人民政府：\n" + BODY,
        "松岭县人民政府关于护林的意见",
    ),
    "number in brackets behind": (
        "松岭县人民政府关于护林的意见（松政〔2023〕7号）\n来源：松岭县政府网\n" + PLAN,
        "松岭县人民政府关于护林的意见",
    ),
    "number before": ("松政发〔2023〕7号关于护林的意见\n各乡镇人民政府：\n" + BODY, "关于护林的意见"),
    "page before": ("Page 22 - 松岭县人民政府关于护林的意见\nP. 22\n" + BODY, "松岭县人民政府关于护林的意见"),
    "breadcrumbs": (
        "当前位置：首页>政务公开>政策文件>其他文件\n松岭县人民政府关于护林的意见\n各乡镇人民政府：\n" + BODY,
        "松岭县人民政府关于护林的意见",
    ),
    "joined with breadcrumbs": (
        "当前位置：\n文库之家› 松岭县护林任务分解表\n松岭县护林任务分解表\n" + BODY,
        "松岭县护林任务分解表",
    ),
    "labelled": (
        "名  称: 松岭县护林方案 发布机构: 县政府办\n文  号: 索 引 号: 737546075/2024-33587\n" + PLAN,
        "松岭县护林方案",
    ),
    "in a table of fields": (
        "索引号 | 000014349/2024-01 | 签发时间 | 2024-07-28 |\n发布机构 | 松岭县 | 发文字号 | 松政办发〔2024〕20号 |\n"
        "名称 | 松岭县人民政府办公室关于印发《松岭县护林方案》的通知 |\n各镇人民政府：\n"
        "《松岭县护林方案》已经县政府同意，现印发给你们。\n松岭县人民政府办公室\n"
        "2024年7月25日\n松岭县护林方案\n" + PLAN,
        "松岭县人民政府办公室关于印发《松岭县护林方案》的通知",
    ),
    "in marks": (
        "松办发〔2024〕5号《松岭县关于护林的通知》\n《松岭县关于护林的通知》\n松办发〔2024〕5号\n各乡镇：\n" + BODY,
        "松岭县关于护林的通知",
    ),
    "only over the body": (
        "各乡镇人民政府：\n现将《松岭县2024年护林要点》印发给你们，请认真落实。\n松岭县林业局\n2024年6月7日\n松岭县2024年护林要点\n"
        + PLAN,
        "松岭县2024年护林要点",
    ),
    "only in the notice": (
        "各乡镇人民政府：\n《松岭县护林方案》已经县政府同意，现印发给你们，请认真贯彻落实。\n" + BODY,
        "松岭县护林方案",
    ),
    "over the body, not named": (
        "各乡镇人民政府：\n经县政府同意，现将报告确定的工作任务进行责任分解，请抓好落实。\n2018年1月29日\n《政府工作报告》重点工作责任分解\n2018年的目标是：全县林木增长百分之七。\n"
        + BODY,
        "《政府工作报告》重点工作责任分解",
    ),
    "of a news page": (
        "松岭省《政府工作报告》部门分工确定\n13.03.2024  07:51\n记者昨日获悉，省政府就重点工作提出分工意见。\n" + BODY,
        "松岭省《政府工作报告》部门分工确定",
    ),
    "told by a news page": (
        "近日，松岭县人民政府办公室发布《2023年松岭县重点工作任务分解》，共细分出71项任务。\n" + BODY,
        "2023年松岭县重点工作任务分解",
    ),
    "file name": ("2021年松岭县实事项目分解表.docx\n" + PLAN, "2021年松岭县实事项目分解表"),
    "on one line": (
        "松政发〔2023〕7号 松岭县人民政府关于护林的意见 各乡镇人民政府，县直各单位："
        "为做好护林工作，现提出意见。一、重点任务（一）建好食堂。每村一处。（县民政局负责）",
        "松岭县人民政府关于护林的意见",
    ),
    "plan on one line": (
        "松岭县护林三年行动方案为切实加强护林工作，制定本方案。一、重点任务（一）建好食堂。每村一处。（县民政局负责）",
        "松岭县护林三年行动方案",
    ),
    "above a bare table": (
        "2024年度区民生实事进展情况\n序号 | 工作任务 | 责任单位 | 完成时限 |\n"
        "1 | 新建小学一所 | 教体局 | 12月 |\n2 | 新建食堂三处 | 民政局 | 10月 |\n",
        "2024年度区民生实事进展情况",
    ),
    "two brackets": (
        "松岭县护林三年行动计划（2023—2025年）（征求意见稿）\n" + PLAN,
        "松岭县护林三年行动计划（2023—2025年）（征求意见稿）",
    ),
    "a month below": ("松岭县2023年护林任务台账\n（2023年5月）\n" + PLAN, "松岭县2023年护林任务台账"),
    "fields of a page on its line": (
        "索 引 号：01/2023-7 发布机构：松岭县林业局 文号：松林办函〔2023〕7号 有效性：有效 "
        "松岭县林业局关于护林滞后事项的督办通知 各林场：现予督办。\n" + BODY,
        "松岭县林业局关于护林滞后事项的督办通知",
    ),
    "none: a clause": ("七、加强林区建设\n1.坚持科学规划。编制护林规划。\n责任单位：市林业局\n", None),
    "none: furniture": ("来源：政府办 日期：2011-02-12\n【字体：大中小】\n1.新建公园三处。\n责任部门：城建局\n", None),
    "none: sentences": ("县十四届人大四次会议批准了规划。为切实做好实施工作，现将有关事项通知如下：\n" + BODY, None),
}


@pytest.mark.parametrize("name", TITLES)
def test_titles(name: str):
    text, title = TITLES[name]
    assert said(head_of(text))["title"] == title


NOTICE = "{head}\n各乡镇人民政府：\n现将《松岭县护林方案》印发给你们。\n{signed}\n松岭县护林方案\n" + PLAN
ISSUERS = {
    "who a page of news says issued it": (
        "松岭市护林行动2024年度工作计划\n日前，松岭市人民政府印发《松岭市护林行动2024年度工作计划》，本报今起摘登。",
        "",
        "松岭市人民政府",
    ),
    "a place in the title, its government below": (
        "松岭县关于护林的若干措施",
        "松岭县人民政府\n2023年4月10日",
        "松岭县人民政府",
    ),
    "a congress before the year": ("松岭县人大常委会2023年护林监督工作计划安排表", "", "松岭县人大常委会"),
    "in the title": ("松岭县人民政府关于印发《松岭县护林方案》的通知", "", "松岭县人民政府"),
    "before 印发 in the title": ("松岭县人民政府印发关于护林若干措施的通知", "", "松岭县人民政府"),
    "two in the title": ("松岭县林业局 松岭县财政局关于印发《松岭县护林方案》的通知", "", "松岭县林业局、松岭县财政局"),
    "signed": ("关于印发《松岭县护林方案》的通知", "松岭县林业局\n2023年4月10日", "松岭县林业局"),
    "signed by three": (
        "关于印发《松岭县护林方案》的通知",
        "松岭县林业局\n松岭县财政局\n松岭县公安局\n2023年4月10日",
        "松岭县林业局、松岭县财政局、松岭县公安局",
    ),
    "signed, glued": (
        "关于印发《松岭县护林方案》的通知",
        "松岭县林业局松岭县发展和改革委员会\n松岭县机关事务中心\n2023年4月10日",
        "松岭县林业局、松岭县发展和改革委员会、松岭县机关事务中心",
    ),
    "signature names the others": (
        "松岭县林业局等三部门印发《松岭县护林方案》的通知",
        "松岭县林业局\n松岭县财政局\n松岭县公安局\n2023年4月10日",
        "松岭县林业局、松岭县财政局、松岭县公安局",
    ),
    "signed side by side, tabs between": (
        "松岭县林业局等三部门印发《松岭县护林方案》的通知",
        "\t松岭县林业局\t\t松岭县财政局\n\t松岭县公安局\t\t\n2023年4月10日",
        "松岭县林业局、松岭县财政局、松岭县公安局",
    ),
    "the others named nowhere": ("松岭县林业局等三部门印发《松岭县护林方案》的通知", "", "松岭县林业局等三部门"),
    "party and government": (
        "中共松岭县委松岭县人民政府关于印发《松岭县护林方案》的通知",
        "",
        "中共松岭县委、松岭县人民政府",
    ),
    "who forwards": ("松岭县人民政府办公室转发县林业局等部门关于护林意见的通知", "", "松岭县人民政府办公室"),
    "ministries": ("国家林草局 财政部关于印发《护林规划》的通知", "", "国家林草局、财政部"),
    "elided in the title": (
        "县政府办公室关于印发《松岭县护林方案》的通知",
        "松岭县政府办公室\n2023年4月10日",
        "松岭县政府办公室",
    ),
    "red head": ("松岭县人民政府文件\n关于印发《松岭县护林方案》的通知", "", "松岭县人民政府"),
    "label, the next one glued": (
        "发布机构：松岭县林业局成文日期：2023年4月10日\n松岭县2023年护林任务分工表",
        "",
        "松岭县林业局",
    ),
    "a table of its own": ("松岭县林业局防火攻坚2023年任务清单", "", "松岭县林业局"),
    "a day on a line with words of the page": (
        "关于印发《松岭县护林方案》的通知",
        "联系人：办公室。松岭县林业局 2023年4月10日 打印 关闭",
        "松岭县林业局",
    ),
    "label": ("发布机构：松岭县林业局 生成日期：2023-04-10\n关于印发《松岭县护林方案》的通知", "", "松岭县林业局"),
}


@pytest.mark.parametrize("name", ISSUERS)
def test_issuers(name: str):
    first, signed, issuer = ISSUERS[name]
    assert said(head_of(NOTICE.format(head=first, signed=signed)))["issuer"] == issuer


DATES = {
    "2023年4月10日": "2023-04-10",
    "二〇二三年四月十日": "2023-04-10",
    "二O二三年四月十日": "2023-04-10",
    "二0二三年四月十日": "2023-04-10",
    "二Ο二三年四月十日": "2023-04-10",
    "二◯二三年四月十日": "2023-04-10",
    "２０２３年０４月１０日": "2023-04-10",
    "2023.4.10": "2023-04-10",
    "松岭县林业局 2023年4月10日": "2023-04-10",
    "松岭县林业局办公室    2023年4月18日印发": None,
    "发布日期：2023-04-18": None,
    "2023年2月30日": None,
}


@pytest.mark.parametrize("signed", DATES)
def test_days_of_the_signature(signed: str):
    title = "松岭县林业局关于印发《松岭县护林方案》的通知"
    assert said(head_of(NOTICE.format(head=title, signed=signed)))["date"] == DATES[signed]


NUMBERS = {
    "松岭县林业局关于护林的意见\n松林发〔2023〕7号\n各乡镇：\n": "松林发〔2023〕7号",
    "松岭县林业局文件\n松林发[2023]7号  签发人：王林\n松岭县林业局关于护林的意见\n各乡镇：\n": "松林发〔2023〕7号",
    "发布机构 县林业局 文    号 松林发〔2023〕7号\n松岭县林业局关于护林的意见\n各乡镇：\n": "松林发〔2023〕7号",
    "松林发〔\n２０２３〕７\n欗欗欗欗欗欗欗欗欗欗欗欗\n号\n松岭县林业局关于护林的意见\n各乡镇：\n": "松林发〔2023〕7号",
    "标题：松岭县林业局关于护林的意见\n文号：\n松林发〔2023〕7号 松岭县林业局关于护林的意见 "
    "各乡镇：为做好工作，请抓好落实。\n": "松林发〔2023〕7号",
    "松岭县林业局护林方案\n为落实《松岭省护林意见》\n（松政发\n〔2023〕\n7号）精神，制定本方案。\n": None,
}


@pytest.mark.parametrize("head", NUMBERS)
def test_numbers(head: str):
    assert said(head_of(head + BODY))["number"] == NUMBERS[head]


#: text → (level, region)
PLACES = {
    "松岭省人民政府关于护林的意见\n各市人民政府：\n": ("province", "松岭省"),
    "南松市望山区人民政府关于护林的意见\n各街道：\n": ("county", "望山区"),
    "松岭市人民政府关于护林的意见\n各县（市、区）人民政府：\n": ("city", "松岭市"),
    "松岭市人民政府关于护林的意见\n各乡镇人民政府、街道办事处：\n": ("county", "松岭市"),
    "国务院办公厅关于护林的意见\n各省、自治区、直辖市人民政府：\n": ("national", None),
    "水利部关于护林的意见\n各省水利厅：\n": ("national", None),
    "松岭综合实验区管委会关于护林的意见\n各乡镇：\n": ("city", "松岭综合实验区"),
    "白渡镇护林任务分解表\n各村：\n": ("township", "白渡镇"),
    "关于护林的实施意见\n就我省护林工作提出如下意见。\n": ("province", None),
    "区政府办公室关于护林的通知\n各单位：\n": ("county", None),
    "护林方案\n本方案已经县政府同意。\n": ("county", None),
    "护林方案\n责任单位：市水利局，各县（市、区）人民政府。\n": ("city", None),
    "护林方案\n责任单位：水利局，各乡镇、各街道。\n": ("county", None),
    "护林方案\n自治区林草局牵头，全区推进，自治区财政厅配合，全区各部门落实。\n": ("province", None),
    "护林方案\n贯彻省委、省政府决策部署，由省林业局指导。\n": (None, None),
}


@pytest.mark.parametrize("text", PLACES)
def test_level_and_region(text: str):
    found = said(head_of(text + "一、重点任务\n（一）建好食堂。每村一处。\n"))
    assert (found["level"], found["region"]) == PLACES[text]


YEARS = {
    "松岭县2024年护林要点\n松林发〔2023〕7号\n": 2024,
    "松岭县护林方案（2025-2027年）\n松林发〔2023〕7号\n": 2025,
    "松岭县林业局关于护林的意见\n松林发〔2023〕7号\n": 2023,
    "松岭县护林方案\n附件：护林2026年任务清单\n": 2026,
    "松岭县护林方案\n": None,
}


@pytest.mark.parametrize("head", YEARS)
def test_year_of_the_work(head: str):
    assert said(head_of(head + BODY))["year"] == YEARS[head]


def test_what_a_paper_says_of_itself_lies_where_it_says():
    text, title = TITLES["number behind"]
    head = head_of(text)
    paper = lay_out(Content(source=text))
    assert head.title and head.number
    assert paper.text[head.title[1] : head.title[2]] == title
    assert paper.text[head.number[1] : head.number[2]] == "松政发〔2023〕7号"


def test_an_office_in_a_quoted_title_has_not_issued_the_paper():
    head = head_of("柏原市贯彻落实《国务院办公厅关于护林的意见》任务分工方案\n一、主要任务\n1.护林。（市林业局负责）\n")
    assert head.issuer is None
    assert head.region and head.region[0] == "柏原市"
    whole = head_of("《柏原市人民政府关于护林的意见》\n一、主要任务\n1.护林。（市林业局负责）\n")
    assert whole.issuer and whole.issuer[0] == "柏原市人民政府"


def test_work_in_the_countryside_is_no_township():
    head = head_of("柏原县推进乡村振兴2022年工作方案\n一、主要任务\n1.护林。（县林业局负责）\n")
    assert (head.level, head.region and head.region[0]) == ("county", "柏原县")


@pytest.mark.parametrize(
    ("over", "region"),
    [
        ("枫浦县人民政府\n您当前的位置: 首页 >> 政务公开\n", "枫浦县"),
        ("枫浦县政府网\n您当前的位置: 首页 >> 政务公开\n", "枫浦县"),
        ("护林网\n您当前的位置: 首页 >> 政务公开\n", None),
    ],
)
def test_the_site_over_a_paper_that_names_no_place_tells_its_place(over: str, region: str | None):
    text = f"{over}关于做好护林工作的通知\n\n各乡镇：\n一、每日巡护山林。（责任单位：林业局）\n"
    document = extract_paper(lay_out(Content(source=text))).document
    assert (document.region, document.issuer) == (region, None)


def test_a_bracket_below_the_title_tells_who_issued_the_paper_and_when():
    head = head_of(
        "柏原县2024年护林工作要点\n（柏原县林业局  2024年5月6日）\n\n一、主要任务\n（一）护林。（县林业局负责）\n"
    )
    assert head.issuer and head.date
    assert (head.issuer[0], head.date[0]) == ("柏原县林业局", "2024-05-06")
    passed = head_of(
        "柏原县2024年护林工作要点\n（2024年5月6日县政府第3次常务会议通过）\n一、任务\n（一）护林。（县林业局负责）\n"
    )
    assert passed.issuer is None


@pytest.mark.parametrize(("said", "level"), [("经管委会研究同意", "city"), ("经区政府研究同意", "county")])
def test_a_zone_that_the_title_names_is_a_city_where_a_committee_governs_it(said: str, level: str):
    head = head_of(f"望溪综合实验区2024年护林任务分解\n说明：本表{said}。\n一、主要任务\n1.护林。（区林业局负责）\n")
    assert (head.level, head.region and head.region[0]) == (level, "望溪综合实验区")


@pytest.mark.parametrize(("title", "limits"), [("关于报送进展情况的函", ["6月28日前"]), ("护林方案政策解读", [])])
def test_a_letter_without_tasks_sets_the_day_by_which_to_answer(title: str, limits: list[str]):
    text = (
        f"{title}\n\n各镇人民政府：\n请认真梳理护林情况，于6月28日前将书面材料报县政府督查室。\n\n"
        "柏原县人民政府办公室\n2024年6月11日\n"
    )
    record = extract_paper(lay_out(Content(source=text)))
    assert ([d.text for d in record.document.deadlines], record.tasks) == (limits, [])


def test_a_signature_goes_on_with_no_sentence_that_lacks_its_stop():
    text = (
        "柏原县林业局关于护林的通知\n各乡镇：\n一、任务\n"
        "（一）严查野外用火，发现火情立即处置到位，并逐级上报。——各乡镇人民政府负责\n\n柏原县林业局\n2024年6月11日\n"
    )
    record = extract_paper(lay_out(Content(source=text)))
    assert [t.text for t in record.tasks] == ["严查野外用火，发现火情立即处置到位，并逐级上报。"]


def test_the_day_in_a_bracket_below_the_issuer_below_the_title():
    head = head_of(
        "松岭省林业局2026年工作要点\n松岭省林业局\n（2026 年 2 月 5 日）\n  2026 年是开局之年。\n"
        "一、绿化\n１．造林。（造林处）\n"
    )
    assert head.date and head.date[0] == "2026-02-05"


@pytest.mark.parametrize(
    ("recipients", "level"),
    [
        ("各镇人民政府、街道办事处，市政府各部门，市直各单位：", "county"),
        ("各县（市、区）人民政府，市直各单位：", "city"),
        ("各镇人民政府，各县（区）人民政府，市直各单位：", "city"),
    ],
)
def test_a_city_whose_own_are_towns_is_a_county(recipients: str, level: str):
    head = head_of(f"松岭市人民政府办公室关于护林工作的通知\n\n{recipients}\n\n一、任务\n1.护林。（市林业局）\n")
    assert head.level == level


def test_fields_of_a_page_between_bars_are_no_rows():
    record = record_of(
        "索引号: 11320999/2021-00131 | 分类: 政府办文件 | 发布机构: 市政府办 | 发文日期: 2021-02-26\n"
        "文号: 松政办发〔2021〕11号 | 主题词: 责任分解\n"
        "松岭市人民政府办公室关于护林工作分工的通知\n\n各县（区）人民政府：\n"
        "一、任务\n1.巡护山林。（责任单位：市林业局）\n"
    )
    assert [t.text for t in record.tasks] == ["巡护山林。"]


def test_what_stands_behind_the_note_of_publishing_on_one_line_is_read():
    record = record_of(
        "松岭市人民政府办公室关于印发松岭市护林计划的通知 松政办发〔2026〕16号 各县（区）人民政府： "
        "《松岭市护林计划》已经市政府同意，现印发给你们。 松岭市人民政府办公室 2026年3月17日 （此件公开发布） "
        "松岭市护林计划 为落实《松岭省护林条例》，制定本计划。 一、总体目标 森林更多。 二、任务 "
        "（一）巡护山林。每日巡护。〔牵头单位：市林业局〕 （二）修缮哨所。修缮两处。〔牵头单位：市应急局〕\n"
    )
    assert [(c.title, c.in_) for c in record.citations] == [("松岭省护林条例", "document")]
