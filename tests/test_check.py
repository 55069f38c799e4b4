"""`check`: every rule finds what it is for, with both quotations, and nothing where a paper is right."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
import zhengling
from hypothesis import given, settings
from hypothesis import strategies as st
from zhengling.app.files_out.check_report import page
from zhengling.app.messages import Catalogue
from zhengling.graph.checking.check import _misspelt
from zhengling.graph.checking.citing import _circle
from zhengling.graph.checking.finding import SEVERITIES, Finding, Words, rules

from .truth import real_papers

COUNTY_ID, CITY_ID = "鹭政办〔2023〕15号", "霁政办〔2023〕8号"
OTHER_ID, CIRCLE_ID = "望政办〔2023〕3号", "清政办〔2023〕7号"
PAPERS = {COUNTY_ID: "county", CITY_ID: "city", OTHER_ID: "other", CIRCLE_ID: "circle"}

#: Invented papers with faults, and one (`right`) without.
FAULTS = Path(__file__).with_name("faults")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("check")
    report = zhengling.open(folder / "w").build([FAULTS / f"{name}.txt" for name in PAPERS.values()])
    assert not report.failures
    return folder / "w"


@pytest.fixture(scope="module")
def found(workspace) -> list[Finding]:
    return zhengling.open(workspace).check()


#: Rule → (document, task, words there, words beside) of everything that it finds in the four papers.
EXPECTED: dict[str, list[tuple[str, str, str, str]]] = {
    "title-numbers": [(COUNTY_ID, "", "国办发〔2023〕31号", "国办发〔2023〕13号")],
    "number-titles": [(CIRCLE_ID, "", "防汛工作", "2023年河湖治理工作要点")],
    "cites-later": [
        (COUNTY_ID, "T03", "国办发〔2024〕2号", "2023年4月6日"),
        (OTHER_ID, "", "清政办〔2023〕7号", "2023年5月8日"),
    ],
    "cites-higher-number": [(COUNTY_ID, "T03", "鹭政办〔2023〕40号", "鹭政办〔2023〕15号")],
    "cites-itself": [(COUNTY_ID, "", "鹭政办〔2023〕15号", "鹭政办〔2023〕15号")],
    "citation-cycle": [(OTHER_ID, "", "清政办〔2023〕7号", "望政办〔2023〕3号")],
    "level-turned": [(CITY_ID, "", "鹭政办〔2022〕9号", "霁川市人民政府办公室")],
    "basis-elsewhere": [(COUNTY_ID, "", "岚政发〔2021〕3号", "鹭滩县人民政府办公室")],
    "level-skipped": [(COUNTY_ID, "", "国办发〔2023〕31号", "霁川市2023年河湖治理工作要点")],
    "no-unit": [(COUNTY_ID, "T07", "一河一档", "建立河湖档案")],
    "no-units-at-all": [(OTHER_ID, "", "望川县人民政府办公室关于做好", "")],
    "no-lead": [(COUNTY_ID, "T05", "在出境断面", "开展水质监测")],
    "no-lead-role": [(CIRCLE_ID, "", "清源县人民政府办公室关于", "")],
    "no-deadline": [(COUNTY_ID, "T06", "在村口和码头", "开展宣传教育")],
    "no-deadline-column": [(OTHER_ID, "", "望川县", ""), (CIRCLE_ID, "", "清源县", "")],
    "deadline-before": [(COUNTY_ID, "T02", "2023年3月底", "2023年4月6日")],
    "several-leads": [(COUNTY_ID, "T03", "县水利局", "县民政局")],
    "unit-typo": [(COUNTY_ID, "T05", "县水力局", "县水利局")],
    "task-twice": [(COUNTY_ID, "T04", "建立县乡村三级河长", "建立县乡村三级河长")],
    "table-differs": [
        (COUNTY_ID, "T01", "县水利局、县财政局", "县水利局"),
        (COUNTY_ID, "T01", "2023年6月底前", "2023年9月底"),
    ],
    "foreign-place": [(COUNTY_ID, "", "结合望川县实际", "鹭滩县人民政府办公室")],
    "attachment-absent": [(COUNTY_ID, "", "鹭滩县河湖名录", "")],
}


@pytest.mark.parametrize("rule", EXPECTED)
def test_each_rule_finds_what_is_there_and_no_more(found, rule):
    got = [f for f in found if f.rule == rule]
    wanted = EXPECTED[rule]
    assert len(got) == len(wanted), [(f.document, f.task, f.here.quote, f.there.quote, f.values) for f in got]
    for document, task, here, there in wanted:
        assert any(
            f.document == document
            and task in (f.task, "")
            and here in f.here.quote
            and there in f.there.quote
            and f.here.document == document
            for f in got
        ), [(f.document, f.task, f.here, f.there) for f in got]


def test_every_finding_can_be_said_in_both_languages(found):
    for finding in found:
        for language in ("zh", "en"):
            assert finding.says(language) and "{" not in finding.says(language)
    known = rules()
    assert {r.severity for r in known.values()} <= set(SEVERITIES)
    assert all(all(r) for r in known.values())
    assert {f.rule for f in found} <= set(known)
    fields = lambda text: set(re.findall(r"\{(\w+)\}", text))  # noqa: E731
    assert all(fields(r.says_zh) == fields(r.says_en) for r in known.values())


def test_quotations_stand_where_they_are_said_to(found):
    lines = {i: (FAULTS / f"{name}.txt").read_text("utf-8").splitlines() for i, name in PAPERS.items()}
    shown = 0
    for words in (w for f in found for w in (f.here, f.there) if w.quote and w.place):
        first = words.quote.split("\n")[0].split("\t")[0]
        assert first in lines[words.document][words.place["line"] - 1]
        shown += 1
    assert shown > 30


def test_the_gravest_come_first_and_most_wanted_first(found):
    order = [SEVERITIES.index(f.severity) for f in found]
    assert order == sorted(order)
    wanted = [f.weight for f in found if f.rule == "not-loaded"]
    assert wanted == sorted(wanted, reverse=True) and wanted[0] == 2


def test_the_order_of_the_papers_does_not_matter(tmp_path, found):
    for n, name in enumerate(PAPERS.values()):
        (tmp_path / f"{n}.txt").write_bytes((FAULTS / f"{name}.txt").read_bytes())
    graph = zhengling.open(tmp_path / "w")
    graph.build([tmp_path])
    same = lambda findings: {(f.rule, f.document, f.task, f.here.quote) for f in findings}  # noqa: E731
    assert same(graph.check()) == same(found)


def test_a_paper_without_faults_has_no_findings(tmp_path):
    graph = zhengling.open(tmp_path / "w")
    graph.build([FAULTS / "right.txt"])
    assert graph.check() == []


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("县水力局", "县水利局", True),  # of one sound
        ("县财政政局", "县财政局", True),  # doubled
        ("县农村农业局", "县农业农村局", False),  # two words turned: another name
        ("县审统局", "县统审局", True),  # two characters turned
        ("县市埸监管局", "县市场监管局", True),  # of one look
        ("具财政局", "县财政局", True),
        ("市财政局", "县财政局", False),
        ("县水务局", "县水利局", False),
        ("县水文局", "县水利局", False),
        ("县第一中学", "县第七中学", False),
        ("县住建局", "县住建局", False),
        ("县教局", "县教育局", False),  # a short form
    ],
)
def test_misspelt_names(name, right, wrong):
    assert _misspelt(name, right) is wrong


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdef")), max_size=6))
def test_the_circle_found_is_a_shortest_one(near):
    near = {a: b - {a} for a, b in near.items()}

    def length(start: str) -> int:
        here, seen = {start}, set()
        for n in range(1, 8):
            here = {b for a in here for b in near.get(a, ())}
            if start in here:
                return n
            if here <= seen:
                return 0
            seen |= here
        return 0

    for start in near:
        way = _circle(start, near)
        assert len(way) == length(start)
        assert all(b in near[a] for a, b in zip(way, [*way[1:], start], strict=True)) if way else True


# --- the command ----------------------------------------------------------------------------------------------------


def test_table_and_exit_status(run, workspace, tmp_path):
    brief = run("check", "--workspace", workspace, lang="zh")
    assert brief.status == 0
    assert "同一标题文号不同" in brief.out and "title-numbers" in brief.out and "2023〕13号》" not in brief.out
    assert len([line for line in brief.out.splitlines() if "not-loaded" in line]) == 4  # one line a document
    every = run("check", "--all", "--workspace", workspace, lang="en")
    assert every.status == 0 and "One title with different numbers" in every.out and "line 6" in every.out
    assert run("check", "--fail-on", "error", "--workspace", workspace).status == 1
    assert run("check", "--fail-on", "warning", "--workspace", workspace).status == 1
    assert run("build", FAULTS / "right.txt", "--workspace", tmp_path / "w").status == 0
    clean = run("check", "--fail-on", "warning", "--workspace", tmp_path / "w")
    assert clean.status == 0 and "errors: 0" in clean.err and "Nothing was found" in clean.out
    assert run("check", "--fail-on", "never", "--workspace", workspace).status == 2
    assert run("check", "--format", "xlsx", "--workspace", workspace).status == 2


def test_data_and_workbook(run, workspace, found, tmp_path):
    rows = json.loads(run("check", "--format", "json", "--all", "--workspace", workspace).out)
    assert len(rows) == len(found)
    assert {"severity", "quote", "place", "beside", "beside_place", "rule"} <= set(rows[0])
    brief = list(csv.DictReader(io.StringIO(run("check", "--format", "csv", "--workspace", workspace).out)))
    assert sum(int(row["count"]) for row in brief) == len(found)
    assert (
        run("check", "--format", "xlsx", "--out", tmp_path / "c.xlsx", "--workspace", workspace, lang="zh").status == 0
    )
    book = openpyxl.load_workbook(tmp_path / "c.xlsx")
    assert book.sheetnames == ["汇总", "逐条"]
    assert [s.max_row - 1 for s in book] == [len(brief), len(found)]
    first = (tmp_path / "c.xlsx").read_bytes()
    run("check", "--format", "xlsx", "--out", tmp_path / "c.xlsx", "--workspace", workspace, lang="zh")
    assert (tmp_path / "c.xlsx").read_bytes() == first


def test_page_is_one_file_and_escaped(run, workspace, found):
    for language, word in (("zh", "同一标题文号不同"), ("en", "One title with different numbers")):
        html = run("check", "--format", "html", "--workspace", workspace, lang=language).out
        assert word in html and html.count("<li>") == len(found)
        assert not re.search(r"(?:src|href)=|@import|url\(|<script", html)
    bad = Finding("task-twice", "<b>&", Words("x", "<script>alert(1)</script>\x07"), task="T1", values={"task": "<i>"})
    html = page([bad], Catalogue("en"))
    assert "<script>" not in html and "&lt;script&gt;" in html and "<i>" not in html and "\x07" not in html


def test_a_missing_workspace_is_said(run, tmp_path):
    got = run("check", "--workspace", tmp_path / "none")
    assert got.status == 2 and "none" in got.err


def test_real_papers_cite_one_title_with_different_numbers(tmp_path):
    graph = zhengling.open(tmp_path / "w")
    graph.build([real_papers() / "corpus"])
    found = graph.check()
    (numbers,) = [f for f in found if f.rule == "title-numbers"]
    assert {numbers.values["number"], numbers.values["others"]} == {"国办函〔2020〕109号", "国办函〔2020〕119号"}
    assert numbers.here.document != numbers.there.document
    assert not {f.rule for f in found} & {"unit-typo", "foreign-place", "attachment-absent", "table-differs"}


def test_records_of_another_version_are_taken(tmp_path):
    """A finding that no rule knows is passed over; one without its values is said as far as it goes."""
    graph = zhengling.open(tmp_path / "w")
    graph.build([FAULTS / "right.txt"])
    (path,) = (tmp_path / "w" / "records").iterdir()
    record = json.loads(path.read_text("utf-8"))
    record["findings"] = [
        {"code": "of-tomorrow", "values": {}, "evidence": [{"quote": "x", "place": {"line": 1}}]},
        {"code": "foreign-place", "evidence": [{"quote": "结合望川县实际", "place": {}}]},
    ]
    path.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    (found,) = graph.check()
    assert found.rule == "foreign-place" and found.says("zh") and found.here.quote == "结合望川县实际"


def test_the_rules_are_described():
    text = (FAULTS.parent.parent / "docs" / "checks.md").read_text("utf-8")
    assert [rule for rule in rules() if f"`{rule}`" not in text] == []
