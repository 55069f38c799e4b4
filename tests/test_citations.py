"""The step of citations alone: a table of texts and what is cited in them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.pipeline import extract_paper
from zhengling.extractors.readers.content import Content
from zhengling.extractors.steps.citations import find_citations, kind_of
from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.forms import document_numbers

#: text → (number, title, kind, role) of each citation, in order.
CITED = {
    # roles: words before
    "按照《松岭省护林条例》要求，": [(None, "松岭省护林条例", "regulation", "basis")],
    "为深入贯彻落实省委、省政府《关于加强护林的意见》精神，": [(None, "关于加强护林的意见", "directive", "basis")],
    "根据《护林法》《护林法实施条例》和《松岭省护林条例》等法律法规，": [
        (None, "护林法", "law", "basis"),
        (None, "护林法实施条例", "regulation", "basis"),
        (None, "松岭省护林条例", "regulation", "basis"),
    ],
    "依据县政府印发的《松岭县护林办法》，": [(None, "松岭县护林办法", "directive", "basis")],
    "正确适用《林木处理费管理办法》，": [(None, "林木处理费管理办法", "regulation", "basis")],
    "组织学习《护林条例》。": [(None, "护林条例", "regulation", "mention")],
    "对林场不再执行《林场管理规定》。": [(None, "林场管理规定", "regulation", "mention")],
    # roles: words behind
    "抓好《护林条例》组织实施和督促落实。": [(None, "护林条例", "regulation", "basis")],
    "推进《护林监管工作规范》的宣贯实施。": [(None, "护林监管工作规范", "standard", "basis")],
    "做好《护林规划纲要》贯彻落实工作。": [(None, "护林规划纲要", "directive", "basis")],
    "细化《护林行动方案》确定的目标。": [(None, "护林行动方案", "directive", "basis")],
    "组织《护林条例》宣传培训。": [(None, "护林条例", "regulation", "mention")],
    # papers still to come
    "年底前出台《松岭市护林条例》。": [(None, "松岭市护林条例", "regulation", "mention")],
    "研究制定《关于支持护林的若干措施》，落实经费。": [(None, "关于支持护林的若干措施", "directive", "mention")],
    "修订完善《护林应急预案》。": [(None, "护林应急预案", "directive", "mention")],
    "制定《护林条例》实施细则。": [(None, "护林条例", "regulation", "mention")],
    "编制《护林员名册》，填写《护林情况登记表》。": [],
    # kinds
    "执行《松岭县护林管理办法》": [(None, "松岭县护林管理办法", "directive", "basis")],
    "执行我市《护林实施细则》": [(None, "护林实施细则", "directive", "basis")],
    "执行《松岭省护林规定》": [(None, "松岭省护林规定", "regulation", "basis")],
    "落实《林木数据编制指南（2026版）》": [(None, "林木数据编制指南（2026版）", "standard", "basis")],
    "完善《林木质量评价指标体系》": [(None, "林木质量评价指标体系", "directive", "mention")],
    "在《岚洲与松洲关于建立紧密经贸关系的安排》下": [(None, "岚洲与松洲关于建立紧密经贸关系的安排", "law", "mention")],
    "落实省《政府工作报告》部署": [(None, "政府工作报告", "directive", "basis")],
    "落实政府工作报告部署，阅读《松岭日报》": [],
    "落实《〈护林条例〉实施细则》": [(None, "〈护林条例〉实施细则", "regulation", "basis")],
    "落实《关于印发〈护林条例〉的通知》": [(None, "关于印发〈护林条例〉的通知", "directive", "basis")],
    # numbers
    "按照《护林意见》（松政发〔2021〕5号）要求": [("松政发〔2021〕5号", "护林意见", "directive", "basis")],
    "按照《护林意见》（松政发\n〔2021〕\n5 号）要求": [("松政发〔2021〕5号", "护林意见", "directive", "basis")],
    "按照松政发〔2021〕5号《护林意见》要求": [("松政发〔2021〕5号", "护林意见", "directive", "basis")],
    "按照松政发〔2021〕5号文件要求": [("松政发〔2021〕5号", None, "directive", "basis")],
    "松政发〔2021〕5号文精神": [("松政发〔2021〕5号", None, "directive", "basis")],
    "按照松政发〔2021〕5、6号文件要求": [
        ("松政发〔2021〕5号", None, "directive", "basis"),
        ("松政发〔2021〕6号", None, "directive", "basis"),
    ],
    "按照松政发〔2021〕5号、6号和〔2022〕7号文件要求": [
        ("松政发〔2021〕5号", None, "directive", "basis"),
        ("松政发〔2021〕6号", None, "directive", "basis"),
        ("松政发〔2022〕7号", None, "directive", "basis"),
    ],
    "根据《护林条例》（国务院令第713号）": [("国务院令第713号", "护林条例", "regulation", "basis")],
    "根据国务院令第713号": [("国务院令第713号", None, "regulation", "basis")],
    "执行《建筑防火规范》（GB 50016-2014）": [("GB50016-2014", "建筑防火规范", "standard", "basis")],
}


@pytest.mark.parametrize("text", CITED)
def test_what_is_cited(text: str):
    found = [(c.number, c.title, c.kind, c.role) for c in find_citations(fold(text), text)]
    assert found == CITED[text]


@pytest.mark.parametrize(
    "brackets", ["〔〕", "[]", "［］", "()", "（）", "【】", "﹝﹞", "﹙﹚", "「」", "〈〉", "{}", "〖〗"]
)
def test_all_brackets_of_a_number_are_one(brackets: str):
    text = f"按照松政发{brackets[0]}2021{brackets[1]}５号文件要求"
    assert [c.number for c in find_citations(fold(text), text)] == ["松政发〔2021〕5号"]


OWN = ("松岭县关于推进护林的行动方案", "2023年松岭县护林任务分解表", "松政发〔2023〕7号")


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("《松岭县关于推进护林的行动方案》", True),
        ("《松岭县关于推进护林行动方案》", True),
        ("《松岭县关于推进护林的行动方案（试行）》", True),
        ("《松岭县护林任务分解表》", True),
        ("《2023年松岭县护林任务分解》", True),
        ("《2022年松岭县护林任务分解表》", False),
        ("《松岭省关于推进护林的行动方案》", False),
        ("《松岭县关于推进护林的行动方案》（松政发〔2020〕1号）", False),
        ("松政发〔2023〕7号", True),
    ],
)
def test_the_papers_own_titles_are_no_citations(said: str, own: bool):
    text = f"按照{said}要求，"
    assert (find_citations(fold(text), text, OWN) == []) is own


@given(st.text("《》〈〉（）〔〕护林条例方案按照落实出台、，。号2021", max_size=60))
def test_every_citation_lies_in_the_text(text: str):
    """Spans are in order of their beginning, and what is in marks is what the text has there."""
    found = find_citations(fold(text), text)
    assert [c.start for c in found] == sorted(c.start for c in found)
    for c in found:
        assert 0 <= c.start < c.end <= len(text)
        assert c.title is None or c.title in text[c.start : c.end]


@given(st.text("国办发〔2021〕8、9号和\n 第", max_size=40))
def test_numbers_come_once_and_in_order(text: str):
    found = list(document_numbers(fold(text)))
    assert all(a.end <= b.start or a.prefix_end < b.prefix_end for a, b in pairwise(found))
    assert len({(n.start, n.end) for n in found}) == len(found)


def test_a_title_without_kind_is_cited_only_with_a_number():
    assert kind_of("林海拾贝")[0] is None
    assert kind_of("林海拾贝", "松政发〔2021〕5号")[0] == "directive"


@pytest.mark.parametrize("heading", ["依据", "出处", "有关材料"])
def test_a_column_of_papers_is_the_basis_of_its_rows(heading: str):
    """By its heading, or by its cells where the heading is not known."""
    table = (
        f"澄川县2024年重点任务清单\n| 事项 | 工作内容 | {heading} | 责任单位 | 时限 |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| 供水 | 建成水厂二期工程，日供水3万吨。 | 《澄川县供水规划》（澄政发〔2023〕8号） | 县水利局 | 9月底 |\n"
        "| 办学 | 新建小学2所，增加学位1800个。 | 澄政办发〔2024〕12号 | 县教育局 | 8月底 |\n"
        "| 养老 | 改造敬老院4所，配齐护理人员。 | 澄政办发〔2024〕15号第三条 | 县民政局 | 10月底 |\n"
    )
    record = extract_paper(lay_out(Content(source=table)))
    assert [(c.in_, c.number, c.role) for c in record.citations] == [
        ("T01", "澄政发〔2023〕8号", "basis"),
        ("T02", "澄政办发〔2024〕12号", "basis"),
        ("T03", "澄政办发〔2024〕15号", "basis"),
    ]
