"""What the workbench lists: words by the index of `find`, and without it; filters by what lists keep of tasks."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections import Counter
from datetime import date, timedelta
from urllib.parse import quote

import pytest
import zhengling
from zhengling.app.messages import Catalogue
from zhengling.app.weekly import asking, parts
from zhengling.benchmarks import country
from zhengling.graph.checking.finding import SEVERITIES
from zhengling.graph.workspace.workspace import Workspace

from .browser import chromium
from .workbench import Tab, serving

SEARCHES = ("老年人", "养老 服务", "老 服务", "人", "ABC", '"', "此处没有")


@pytest.fixture(scope="module")
def bench(built):
    with serving(built) as bench:
        yield bench


def found(bench, text: str, more: str = "") -> list[str]:
    return [task["id"] for task in bench.get(f"/tasks.json?text={quote(text)}&size=200{more}").data["tasks"]]


def test_search_finds_and_ranks_as_the_question_does_with_an_index_and_without(bench, built, tmp_path):
    graph = zhengling.open(built)
    asked = {text: [row["task"] for row in graph.query("find", text=text, limit=0)] for text in SEARCHES}
    assert {text: found(bench, text) for text in SEARCHES} == asked and len(asked["老年人"]) > 5 and asked["人"]
    assert sorted(asked["老年人"]) != asked["老年人"], "the rank is seen"
    page = bench.get(f"/tasks?text={quote('老年人')}", Accept_Language="en").text
    assert "Tasks with more of the words in their title come first" in page
    sorted_ = bench.get(f"/tasks?text={quote('老年人')}&sort=due", Accept_Language="en").text
    assert "words in their title come first" not in sorted_
    by_day = found(bench, "老年人", "&sort=-due&level=county")
    assert set(by_day) < set(asked["老年人"])

    bare = tmp_path / "bare"
    shutil.copytree(built, bare)
    (bare / "cache" / "words.sqlite").unlink()
    with serving(bare) as without:
        assert {text: found(without, text) for text in SEARCHES} == asked
        assert found(without, "老年人", "&sort=-due&level=county") == by_day


def test_pages_of_a_search_hold_each_hit_once(bench):
    whole = found(bench, "人")
    search = "/tasks.json?text=" + quote("人")
    parts = [bench.get(f"{search}&size=25&page={n}").data for n in (1, 2, 99)]
    assert len(whole) > 25 and {part["total"] for part in parts} == {len(whole)}
    assert [t["id"] for part in parts[:2] for t in part["tasks"]] == whole[:50]
    assert parts[2]["start"] == (len(whole) - 1) // 25 * 25


def test_filters_by_role_and_kind_of_deadline_are_those_of_the_graph(bench, built):
    graph = zhengling.open(built)
    names = {"lead": "LEADS", "responsible": "RESPONSIBLE_FOR", "support": "SUPPORTS"}
    for role, name in names.items():
        rows = graph.cypher(f"MATCH (:Unit)-[:{name}]->(t:Task) RETURN DISTINCT t.id AS id")
        tasks = bench.get(f"/tasks.json?role={role}&size=200&sort=due").data["tasks"]
        assert {task["id"] for task in tasks} == {row["id"] for row in rows} != set()
    kinds = {row["kind"] for row in graph.cypher("MATCH (l:Deadline) RETURN DISTINCT l.kind AS kind")}
    assert len(kinds) > 2
    for kind in kinds:
        rows = graph.cypher("MATCH (t:Task)-[:DUE]->(l:Deadline {kind: $kind}) RETURN DISTINCT t.id AS id", kind=kind)
        tasks = bench.get(f"/tasks.json?deadline={kind}&size=200").data["tasks"]
        assert {task["id"] for task in tasks} == {row["id"] for row in rows}


def test_findings_are_found_once_and_read_by_pages(built, tmp_path):
    own = tmp_path / "own"
    shutil.copytree(built, own)
    findings = zhengling.open(own).check()
    rules = Counter(one.rule for one in findings)
    rule, most = max(rules.items(), key=lambda item: item[1])
    kept = own / "cache" / "findings.sqlite"
    with serving(own) as bench:
        whole = bench.get("/checks.json?size=200").data
        assert {one["rule"]: one["count"] for one in whole["rules"]} == rules
        assert sum(line["count"] for line in whole["findings"]) == len(findings)
        severities = [line["severity"] for line in whole["findings"]]
        assert severities == sorted(severities, key=SEVERITIES.index)
        made = kept.stat().st_ino
        some = bench.get(f"/checks.json?rule={rule}&size=25").data
        quotes = [one.here.quote for one in findings if one.rule == rule]
        assert some["total"] == most and [one["quote"] for one in some["findings"]] == quotes[:25]
        rows = list(csv.DictReader(io.StringIO(bench.get(f"/checks.csv?rule={rule}").text.removeprefix("\ufeff"))))
        assert [row["quote"] for row in rows] == quotes
        document = findings[0].document
        lines = bench.get(f"/checks.json?document={quote(document)}").data["findings"]
        assert {line["document"] for line in lines} == {document}
        page = bench.get(f"/checks?rule={rule}&document={quote(document)}", Accept_Language="en").text
        assert all(f"page={n}" not in page for n in (2, 3)) and 'rel="next"' not in page
        assert bench.get("/checks?rule=nothing").status == 200 and kept.stat().st_ino == made
    # Another server finds what is kept; what is damaged or gone is found anew.
    with serving(own) as bench:
        assert bench.get("/checks.json").data == whole | {"findings": whole["findings"][:50]}
        assert kept.stat().st_ino == made
        kept.write_bytes(b"no base")
        assert bench.get("/checks.json?size=200").data == whole
        kept.unlink()
        assert bench.get("/checks.json?size=200").data == whole


def test_a_paper_without_a_number_is_called_by_its_title(bench, built):
    asked = "MATCH (d:Document) WHERE d.loaded AND coalesce(d.number, '') = '' RETURN d.id AS id, d.title AS title"
    (paper,) = zhengling.open(built).cypher(asked)
    at = quote(paper["id"], safe="")
    assert bench.get("/checks.json").status == 200  # found from here on: a page waits a few seconds only
    for page in (f"/tasks?document={at}", "/papers", f"/checks?document={at}", "/questions/document-summary?asked=1"):
        text = bench.get(page).text
        assert f">{paper['title']}</a>" in text and f">{paper['id']}<" not in text, page


def test_fields_of_a_question_are_called_by_what_they_mean(bench):
    text = bench.get("/questions/due", Accept_Language="en").text
    titles = re.findall(r"<label>([^<]+?)\s*<(?:input|select)", text)
    assert [title.strip() for title in titles] == [
        *("From", "To", "Unit", "Region", "As of"),
        *("Yellow: due until", "Yellow: not begun, due until"),
    ]


def test_a_comparison_leads_to_both_papers_and_their_tasks(bench):
    superior = next(one for one in bench.get("/directives.json").data["directives"] if one["loaded"])
    upper = quote(superior["id"], safe="")
    lower = quote(bench.get(f"/directives/{upper}.json").data["rows"][0]["id"], safe="")
    text = bench.get(f"/comparison?lower={lower}").text  # the superior is found
    ways = set(re.findall(r'href="(/papers/[^"]+)"', text))
    assert {f"/papers/{upper}", f"/papers/{lower}"} < ways
    marked = next(way for way in ways if "#t-" in way and upper in way)
    assert f'id="{marked.partition("#")[2]}"' in bench.get(marked.partition("#")[0]).text


def test_on_a_telephone_rows_are_cards_and_filters_are_folded(bench):
    assert bench.get("/checks.json").status == 200
    with chromium() as browser:
        tab = Tab(browser, bench, 390, 800)
        page = tab.page
        for address in ("/tasks", "/papers", "/units", "/directives", "/checks", "/questions/due?asked=1"):
            tab.go(address)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
            assert page.evaluate("[...document.querySelectorAll('.wide')].every(w => w.scrollWidth <= w.clientWidth)")
        tab.go("/tasks?role=lead")
        assert page.locator("select[name=level]").is_hidden() and "1" in page.locator("label.unfold").inner_text()
        page.locator("input.unfold").focus()
        page.keyboard.press("Space")
        assert page.locator("select[name=level]").is_visible()
        page.set_viewport_size({"width": 1366, "height": 768})
        tab.go("/tasks?role=lead")
        assert page.locator("select[name=level]").is_visible() and page.locator("label.unfold").is_hidden()
        assert not tab.troubles


def test_the_report_on_a_page_holds_what_its_questions_answer(built, tmp_path):
    own, day = tmp_path / "own", date.today()
    shutil.copytree(built, own)
    graph = zhengling.open(own)
    for row in graph.query("tasks", region="鹭滩县")[:2]:
        graph.progress(row["task"], state="done", by="督查室")
    last = date.fromisoformat(max(row["deadline"] for row in graph.query("overdue", today=day)))
    with serving(own) as bench:
        for today in (day, last - timedelta(days=3), date(2023, 6, 25)):
            for region in ("", "霁川市", "鹭滩县"):
                page = bench.get(f"/report.json?today={today}&region={quote(region)}", Accept_Language="zh").data
                whole = parts(asking(graph.query, graph.cypher), today, region, Catalogue("zh"))
                assert [part["title"] for part in page["parts"]] == [part.title for part in whole]
                for part, asked in zip(page["parts"], whole, strict=True):
                    rows = {place: sorted(map(str, _plain(some))) for place, some in asked.places.items()}
                    assert {place: sorted(map(str, some)) for place, some in part["places"].items()} == rows
        text = bench.get(f"/report?today={day}", Accept_Language="en").text
        assert "Closed" in text or "closed" in text
        assert "of which the first" not in text


def _plain(rows):
    return [[value.isoformat() if isinstance(value, date) else value for value in row] for row in rows]


def test_a_long_report_shows_the_first_tasks_and_leads_to_all(tmp_path):
    country.write(range(60), tmp_path / "records")
    Workspace(tmp_path).build([])
    late = zhengling.open(tmp_path).query("overdue", today="2030-01-01")
    with serving(tmp_path) as bench:
        part = bench.get("/report.json?today=2030-01-01").data["parts"][0]
        assert part["shown"] < part["tasks"] == len(late)
        assert sum(len(rows) for rows in part["places"].values()) == part["shown"]
        text = bench.get("/report?today=2030-01-01", Accept_Language="en").text
        ways = re.findall(r'href="/tasks/(\w+)"', text)
        assert len(ways) == part["shown"] and set(ways) < {row["task"] for row in late}
        assert f"{len(late)} tasks, of which the first {part['shown']} are shown" in text
        way = re.search(r'the files have all.[^<]*<a href="(/tasks[^"]*)"', text)[1].replace("&amp;", "&")
        assert bench.get(way.replace("/tasks?", "/tasks.json?")).data["total"] == len(late)


def test_an_answer_that_was_kept_is_not_that_of_the_next_build(built, tmp_path):
    shutil.copytree(built, tmp_path / "w")
    with serving(tmp_path / "w") as bench:
        assert len(bench.get("/questions/unit-workload.json?limit=3").data) == 3
        assert len(bench.get("/questions/unit-workload.json?limit=2").data) == 2
        first = bench.get("/questions/document-summary.json?asked=1").data
        assert first == bench.get("/questions/document-summary.json?asked=1").data
        min((tmp_path / "w" / "records").iterdir()).unlink()
        Workspace(tmp_path / "w").build([])
        again = bench.get("/questions/document-summary.json?asked=1").data
    assert len(again) == len(first) - 1
