"""What is handed on: task sheets, deadlines for calendars, the weekly report; and the rule of red, yellow and green."""

from __future__ import annotations

import random
import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import docx
import pytest
import zhengling
from docx.oxml.ns import qn
from zhengling.graph.corrections.progress import STATES, light, next_due
from zhengling.queries.runner import ask, questions

from .graphs import Memory

PAPER = "鹭政办发〔2023〕22号"


@pytest.fixture(scope="module")
def told(built, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("told") / "w"
    shutil.copytree(built, folder)
    graph = zhengling.open(folder)
    graph.progress("T08", PAPER, state="done", day="2023-06-18", by="李明")
    graph.progress("T07", PAPER, milestone="建台账，验收", due="2023-07-01", by="李明")
    graph.close()
    return folder


def test_the_light_of_a_task_is_that_of_the_rule(tmp_path):
    """The question has the rule once more, in Cypher: for any tasks it counts what the rows of data say."""
    chance, today = random.Random(7), date(2024, 5, 1)
    nodes = [("Document", {"id": "文", "region": "甲县", "loaded": True, "year": 2024})]
    edges, counts = [], {"red": 0, "yellow": 0, "green": 0}
    days = [today + timedelta(days=n) for n in (-40, -1, 0, 1, 7, 8, 30, 31, 90)]
    nodes += [("Deadline", {"id": f"date {day}", "kind": "date", "text": str(day), "due": day}) for day in days]
    for n in range(300):
        task = {"id": f"t{n}", "text": "做好工作", "document": "文", "order": n, "state": chance.choice(["", *STATES])}
        given = {name: chance.choice([None, None, *days]) for name in ("milestone", "next_report")}
        nodes.append(("Task", task | {name: day for name, day in given.items() if day}))
        edges.append(("CONTAINS", ("Document", "文"), ("Task", f"t{n}"), {}))
        limits = chance.sample(days, chance.randrange(3))
        edges += [("DUE", ("Task", f"t{n}"), ("Deadline", f"date {day}"), {}) for day in limits]
        known = {"state": task["state"], "due": next_due(limits, today), "milestone": given["milestone"]}
        shown = light(known | {"report": given["next_report"]}, today)
        if shown:
            counts[shown] += 1
    assert min(counts.values()) > 10
    found = ask(Memory(nodes, edges), questions()["progress"], {"by": "document"}, today).dicts()
    assert [{name: row[name] for name in counts} for row in found] == [counts]


def test_a_calendar_has_every_open_last_day_and_milestone(told, tmp_path, run):
    out = tmp_path / "days.ics"
    assert run("export", "--format", "ics", "--out", out, "--workspace", told, lang="zh").status == 0
    data = out.read_bytes()
    assert all(len(line) <= 75 for line in data.split(b"\r\n")) and b"\n" not in data.replace(b"\r\n", b"")
    text = data.decode().replace("\r\n ", "")
    events = re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text, re.DOTALL)
    graph = zhengling.open(told)
    due = graph.cypher(
        "MATCH (t:Task)-[:DUE]->(l:Deadline) WHERE l.due IS NOT NULL AND t.state <> 'done' "
        "RETURN DISTINCT t.id AS task, l.due AS day"
    )
    days = {(row["task"], row["day"].replace("-", "")) for row in due}
    found = {re.search(r"UID:(\w+)-[\s\S]*DATE:(\d{8})\r\nDTEND", event).groups() for event in events}
    assert days < found and len(found - days) == 1
    assert "SUMMARY:（二）建好村级服务点 (建台账，验收)" in text
    graph.close()
    first = data
    run("export", "--format", "ics", "--out", out, "--workspace", told, lang="zh")
    assert out.read_bytes() == first


def test_each_unit_has_its_sheet_and_the_week_its_report(told, tmp_path, run):
    folder = tmp_path / "sheets"
    assert run("export", "--format", "docx", "--out", folder, "--workspace", told, lang="zh").status == 0
    sheet = docx.Document(folder / "鹭滩县-县民政局.docx")
    assert sheet.paragraphs[0].text == "督办单：县民政局"
    graph = zhengling.open(told)
    own = graph.cypher(
        "MATCH (u:Unit {id: '中国/樾原省/霁川市/鹭滩县|县民政局'})-[:LEADS|RESPONSIBLE_FOR]->(t:Task) "
        "RETURN count(DISTINCT t.id) AS n"
    )
    assert len(sheet.tables[0].rows) == own[0]["n"] + 1
    heads = [cell.text for cell in sheet.tables[0].rows[0].cells]
    rows = [dict(zip(heads, (cell.text for cell in row.cells), strict=True)) for row in sheet.tables[0].rows[1:]]
    assert {row["公文"] for row in rows} == {PAPER}
    assert {row["角色"] for row in rows} == {"牵头", "责任"}
    assert any("县商务局" in row["配合单位"] for row in rows)
    day = "2023-06-20"
    run("export", "--format", "docx", "--out", folder, "--today", day, "--workspace", told, lang="zh")
    table = docx.Document(folder / "鹭滩县-县民政局.docx").tables[0]
    heads = [cell.text for cell in table.rows[0].cells]
    column = heads.index(f"督办状态（{day}）")
    colours = {}
    for row in table.rows[1:]:
        shade = row.cells[column]._tc.find(f".//{qn('w:shd')}")
        colours[row.cells[column].text] = "" if shade is None else shade.get(qn("w:fill"))
    assert colours == {"黄灯（临近）": "FFE38F", "绿灯（正常）": "C3E6C9", "": ""}  # closed: no light
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    assert run("report", "--out", tmp_path / "r.docx", "--today", day, "--workspace", told, lang="zh").status == 0
    assert run("report", "--out", tmp_path / "r.html", "--today", day, "--workspace", told, lang="zh").status == 0
    report = docx.Document(tmp_path / "r.docx")
    heads = [p.text for p in report.paragraphs if p.style.name == "Heading 1"]
    late, closed = len(graph.query("overdue", today=day)), 1
    assert heads[0] == f"已逾期（{late}）" and heads[2] == f"本周销号（{closed}）"
    places = {re.sub("（.*", "", p.text) for p in report.paragraphs if p.style.name == "Heading 2"}
    assert "鹭滩县" in places and not any("/" in place for place in places)
    table = report.tables[0]
    assert table.columns[0].width > 3 * table.columns[1].width  # words have more room than days
    assert all(re.match(r"T\d+ ", row.cells[0].text) for row in table.rows[1:])
    assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows[1:])
    page = (tmp_path / "r.html").read_text("utf-8")
    assert f"已逾期（{late}）" in page and "（三）开展探访关爱" in page
    one = run(
        "report", "--out", tmp_path / "r.html", "--today", "2023年6月20日", "--region", "鹭滩", "--workspace", told
    )
    assert "“鹭滩” → 鹭滩县" in one.err
    assert "closed this week (1)" in (tmp_path / "r.html").read_text("utf-8").lower()
    assert run("report", "--out", tmp_path / "r.txt", "--workspace", told).status == 2
    graph.close()
