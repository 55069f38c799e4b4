"""The cases of heads, citations and characters: small papers that once were read wrongly, each with what is right.

They lie beside the real papers and are no part of the repository (`tests/truth.py`).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from zhengling import extract

from .truth import real_papers

#: case → fields of the document that it is about
HEADS: dict[str, dict[str, Any]] = {
    "held/17-number-at-head-and-date-before-annex": {"number": "云新管办函〔2021〕39号", "date": "2021-08-18"},
    "held/18-number-broken-by-rule": {"number": "云政发〔2025〕10号", "issuer": "云岭省人民政府", "date": "2025-04-17"},
    "held/21-year-of-attached-table": {"year": 2026},
    "held/28-title-and-number-run-together": {
        "title": "国务院办公厅关于进一步优化用水环境更好服务市场主体的实施意见",
        "number": "国办发〔2020〕124号",
        "issuer": "国务院办公厅",
        "level": "national",
    },
    "held/31-title-years-on-second-line": {
        "title": "关于促进云计算创新发展的实施意见（2025-2027年）",
        "year": 2025,
    },
    "held/32-joint-issuers": {"issuer": "云岭省经济和信息化厅、云岭省发展和改革委员会、云岭省科学技术厅"},
    "papers-a/05-no-notice-title": {"title": "降低企业成本优化营商环境的具体措施", "level": "county"},
    "papers-a/09-joint-issuers-glued": {
        "issuer": "青浦山区发展和改革委员会、青浦山区建设和管理委员会、青浦山区规划和自然资源局、青浦山区教育局、"
        "青浦山区投资促进办公室"
    },
    "papers-a/14-party-joint-title": {
        "title": "中共山阳县委办公室山阳县人民政府办公室关于印发《山阳县乡村振兴重点任务分工方案》的通知",
        "issuer": "中共山阳县委办公室、山阳县人民政府办公室",
    },
    "papers-b/12-title-only-over-the-body": {"title": "岚川省水利厅2025年河道公开工作要点"},
    "papers-b/15-date-of-printing-is-not-the-date": {"date": None},
    "papers-b/16-many-issuers": {
        "issuer": "白渡县发展和改革局、白渡县住房和城乡建设局、白渡县教育局、白渡县财政局、白渡县机关事务中心"
    },
    "papers-b/20-breadcrumb-as-title": {
        "title": "岚川省水利厅等三部门印发《关于加快推进河道治理的实施意见》的通知",
        "issuer": "岚川省水利厅、岚川省财政厅、岚川省教育厅",
    },
    "wild/07-level-of-own-government-city": {"level": "city"},
    "wild/07c-level-by-place-without-ending": {"level": None, "region": None},
    "wild/08a-title-of-a-news-page": {
        "title": "岚川省《政府工作报告》部门分工确定",
        "level": "province",
        "region": "岚川省",
        "date": None,
    },
    "wild/08b-title-in-metadata-row": {"title": "岚川市人民政府办公室关于印发《岚川市林业发展任务分工方案》的通知"},
    "wild/08c-title-in-book-marks": {"title": "岚川市人民政府办公厅关于印发2024年民生实事责任分解方案的通知"},
    "wild/08d-title-joined-with-breadcrumb": {
        "title": "白渡镇环境卫生整治任务分解表",
        "level": "township",
        "region": "白渡镇",
    },
    "wild/08e-source-line-before-title": {
        "title": "岚川省人民政府办公厅关于印发2024年岚川省林长制工作要点的通知",
        "issuer": "岚川省人民政府办公厅",
    },
    "wild/08f-title-of-progress-report": {
        "title": "2024年区《政府工作报告》责任分解事项1-3月份完成情况",
        "year": 2024,
        "level": "county",
    },
    "wild/12-page-number-in-one-line-paper": {"title": "岚川市民营经济高质量发展实施方案"},
    "wild/18b-number-in-the-page-head": {"number": "岚政办〔2024〕1号"},
    "wild/20-row-of-empty-bars": {"title": "2024年度区民生实事进展情况", "year": 2024, "level": "county"},
    "wild/22-level-from-own-government": {"level": "province"},
    "wild/22-own-plan-cited": {"issuer": "中共岚川县委、岚川县人民政府"},
    "wild/23-number-before-title-in-page-heading": {"issuer": "岚川县人民政府", "number": "岚政发〔2025〕3号"},
    "wild/24-title-over-lines-after-page-table": {"title": "关于公布岚川县人民政府2025年度重大行政决策事项目录的通知"},
    "wild/25-number-in-brackets-after-title": {
        "title": "岚川市人民政府关于创优营商环境的实施意见",
        "number": "岚政〔2017〕101号",
    },
    "wild/33-title-of-bare-table-names-issuer": {"issuer": "岚川市望山区人民政府"},
    "wild/34-page-number-before-title": {
        "title": "岚川自治区人民政府办公厅关于印发自治区全面推进老旧小区改造工作实施方案的通知",
        "issuer": "岚川自治区人民政府办公厅",
        "level": "province",
        "region": "岚川自治区",
    },
}

#: case → all its citations: task, number, title, kind, role
CITATIONS: dict[str, list[tuple[str, str | None, str | None, str, str]]] = {
    "held/07-basis-verbs-after-title": [
        ("T01", None, "优化营商环境条例", "regulation", "basis"),
        ("T02", None, "双随机监管工作规范", "standard", "basis"),
    ],
    "held/17-number-at-head-and-date-before-annex": [
        ("document", "国办发〔2021〕12号", "国务院办公厅关于印发2021年政务公开工作要点的通知", "directive", "basis")
    ],
    "held/18-number-broken-by-rule": [],
    "held/24-citation-of-paper-to-come": [
        ("T01", None, "云岭省工业领域高质量数据集评价指标体系", "directive", "mention"),
        ("T02", None, "关于加快推进云岭省开源体系建设的实施意见", "directive", "mention"),
        ("T03", None, "数据知识产权登记指南", "standard", "mention"),
        ("T03", None, "数据知识产权价值评价指南", "standard", "mention"),
    ],
    "held/28-title-and-number-run-together": [],
    "held/40-citation-number-split-over-lines": [
        ("document", "国发〔2025〕11号", "国务院关于深入实施“人工智能+”行动的意见", "directive", "basis"),
        (
            "document",
            "云政发〔2025〕10号",
            "云岭省人民政府印发关于支持人工智能创新发展若干措施的通知",
            "directive",
            "basis",
        ),
    ],
    "papers-a/05-no-notice-title": [],
    "papers-a/10-planned-document-cited": [
        ("T01", None, "海宁州市数字教育三年行动计划（2025—2027）", "directive", "mention"),
        ("T02", None, "海宁州市制造业数字化转型行动方案（2026—2028年）", "directive", "mention"),
        ("T03", None, "海宁州市支持创新创业发展的若干意见", "directive", "mention"),
        ("T04", None, "海宁州市公共数据授权运营实施细则（试行）", "directive", "mention"),
    ],
    "papers-b/12-title-only-over-the-body": [],
    "papers-b/13-own-plan-named-with-one-word-less": [],
    "papers-b/20-breadcrumb-as-title": [],
    "wild/08b-title-in-metadata-row": [],
    "wild/08c-title-in-book-marks": [],
    "wild/19-government-work-report-in-marks": [("document", None, "政府工作报告", "directive", "basis")],
    "wild/22-own-plan-cited": [],
    "wild/25-number-in-brackets-after-title": [],
    "wild/33-title-of-bare-table-names-issuer": [
        ("T01", None, "“健康中国2030”规划纲要", "directive", "basis"),
        ("T02", "省政府令第336号", "山东省重大行政决策程序规定", "regulation", "basis"),
    ],
}

#: Public reports; what is right stands beside each.
REPORTS = [
    "07-number-brackets",
    *(f"08{letter}-date-signed" for letter in "abcdefghi"),
    "09-imprint-footer",
    "11-kangxi-radicals",
    "12-compat-ideographs",
    "13-line-ends-mac",
    "13b-line-ends-ls",
    "13c-crlf-bom-utf16",
    "13d-vt-nbsp",
    "14-supplementary-plane",
    "37-kangxi",
    "37b-kangxi",
    "37c-kangxi",
    "53-citations",
    "53b-shared-numbers",
]
_ROLES = {"lead": "L", "responsible": "R", "support": "S"}


def case(name: str) -> Path:
    """The file of a case; skipped where the cases are not."""
    folder = real_papers() / "cases"
    files = [p for p in sorted(folder.glob(f"{name}.*")) if not p.name.endswith(".expected.md")]
    if not files:
        pytest.skip(f"no case {name} in {folder}")
    return files[0]


@pytest.mark.parametrize("name", HEADS)
def test_head(name: str):
    document = extract(case(name)).to_json()["document"]
    assert {field: document[field] for field in HEADS[name]} == HEADS[name]


@pytest.mark.parametrize("name", CITATIONS)
def test_citations(name: str):
    found = extract(case(name)).citations
    assert [(c.in_, c.number, c.title, c.kind, c.role) for c in found] == CITATIONS[name]


@pytest.mark.parametrize("name", REPORTS)
def test_report(name: str):
    path = case(f"bugs/{name}")
    block = re.search(r"```json\n(.*?)```", path.with_name(f"{name}.expected.md").read_text("utf-8"), re.DOTALL)
    assert block
    right, found = json.loads(block[1]), extract(path).to_json()
    document = right.get("document", {})
    assert {field: found["document"][field] for field in document} == document
    for citation in right.get("cites", ()):
        assert any(citation.items() <= c.items() for c in found["citations"]), citation
    for place, count in right.get("ncites", {}).items():
        assert sum(c["in"] == place for c in found["citations"]) == count
    assert len(found["tasks"]) == right.get("n", len(found["tasks"]))
    for task, said in zip(found["tasks"], right.get("tasks", ()), strict=False):
        units = ";".join(f"{_ROLES[u['role']]}:{u['name']}" for u in task["units"])
        limits = ";".join(f"{d['kind']}:{d['start'] or ''}:{d['end'] or ''}" for d in task["deadlines"])
        assert (units, limits) == (said.get("u", units), said.get("d", limits))
