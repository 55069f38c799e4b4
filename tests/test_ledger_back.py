"""A ledger that goes to an office and comes back: edited in LibreOffice, taken in, and never wiped by an export."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
import zhengling
from zhengling.graph.workspace.workspace import Workspace

from .programs import office

SHEET = "任务台账"


@pytest.fixture
def workspace(built, tmp_path) -> Path:
    folder = tmp_path / "w"
    shutil.copytree(built, folder)
    return folder


def edited(path: Path, cells: dict[tuple[str, str], object]) -> None:
    """Change cells of a ledger: (words of the task's title, heading) → value."""
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for (words, heading), value in cells.items():
        hits = [r for r in range(2, sheet.max_row + 1) if words in str(sheet.cell(r, heads["任务名称"]).value)]
        assert len(hits) == 1, words
        sheet.cell(hits[0], heads[heading]).value = value
    book.save(path)


def through_libreoffice(path: Path, cells: dict[str, str]) -> None:
    """Open a workbook in LibreOffice, write words in the place of others, and save it there as a workbook."""
    folder = path.parent / "office"
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    convert = [office(), profile, "--headless", "--convert-to"]
    subprocess.run([*convert, "fods", "--outdir", folder, path], check=True, capture_output=True, timeout=180)
    flat = folder / f"{path.stem}.fods"
    text = flat.read_text("utf-8")
    for old, new in cells.items():
        assert text.count(f">{old}<") > 0, old
        text = text.replace(f">{old}<", f">{new}<")
    flat.write_text(text, "utf-8")
    subprocess.run([*convert, "xlsx", "--outdir", folder, flat], check=True, capture_output=True, timeout=180)
    shutil.copy(folder / f"{path.stem}.xlsx", path)


def test_edited_in_libreoffice_and_taken_back(workspace, tmp_path, run):
    out, at = tmp_path / "台账.xlsx", ("--workspace", workspace)
    zhengling.open(workspace).export("xlsx", out)
    edited(out, {("开展探访关爱", "状态"): "未启动", ("开展探访关爱", "备注"): "旧备注"})
    through_libreoffice(out, {"未启动": "已完成", "旧备注": "请看_x0041_=1+1", "（三）开展探访关爱": "（三）探访关爱"})
    sheet = openpyxl.load_workbook(out)[SHEET]
    column = next(cell.column for cell in sheet[1] if cell.value.startswith("督办状态"))
    lights = {sheet.cell(n, column).value: sheet.cell(n, column).fill.start_color.rgb for n in range(2, sheet.max_row)}
    assert lights == {"红灯（逾期）": "FFF6B8B1", "绿灯（正常）": "FFC3E6C9"}
    edited(out, {("探访关爱", "报告日期"): "2023年9月1日", ("探访关爱", "进展情况"): "全部走访"})
    edited(out, {("建好村级服务点", "责任单位"): "县民政局", ("规范养老机构管理", "状态"): "说不清"})
    edited(out, {("建好村级服务点", "牵头单位"): "各乡（镇）人民政府；县财政局"})
    shown = run("import", out, *at, lang="zh")
    assert shown.status == 0 and "加 --yes 取回差异" in shown.err and "说不清" in shown.err
    assert not list(workspace.glob("*/*.jsonl"))
    taken = run("import", out, *at, "--yes", "--by", "张办")
    assert taken.status == 0, taken.err
    graph = zhengling.open(workspace)
    (task,) = graph.cypher(
        "MATCH (t:Task) WHERE t.state <> '' RETURN t.title AS title, t.state AS state, t.closed AS c, "
        "t.reported AS day, t.notes AS notes"
    )
    assert (task["title"], task["state"], task["c"], task["day"]) == (
        "（三）探访关爱",
        "done",
        "carried-out",
        "2023-09-01",
    )
    assert "全部走访" in task["notes"][0] and "=1+1" in task["notes"][1]
    rows = graph.cypher(
        "MATCH (t:Task)<-[r]-(u:Unit) WHERE t.title CONTAINS '建好村级服务点' AND t.document STARTS WITH '鹭政' "
        "RETURN u.name AS unit, label(r) AS role, r.review AS review"
    )
    assert {(row["unit"], row["role"], row["review"]) for row in rows} == {
        ("县民政局", "RESPONSIBLE_FOR", ""),
        ("各乡（镇）人民政府", "LEADS", "changed"),
        ("县财政局", "LEADS", "added"),
    }  # fmt: skip
    graph.close()
    again = run("import", out, *at, "--yes")
    assert ", 0 differences" in again.err
    fates = [held.outcome.status for held in zhengling.open(workspace).corrections()]
    assert fates and set(fates) == {"applied"}


def test_an_export_over_a_ledger_keeps_what_the_office_wrote_or_refuses(workspace, tmp_path, run):
    out, at = tmp_path / "l.xlsx", ("--workspace", workspace)
    export = ("export", "--format", "xlsx", "--out", out, *at)
    assert run(*export, lang="zh").status == 0
    edited(out, {("开展探访关爱", "状态"): "推进中", ("开展探访关爱", "责任单位"): "县财政局"})
    zhengling.open(workspace).progress("建好村级服务点", document="鹭政办发〔2023〕22号", note="已建30处", by="李")
    assert run(*export, lang="zh").status == 0
    sheet = openpyxl.load_workbook(out)[SHEET]
    heads = {cell.value: cell.column for cell in sheet[1]}
    shown = [heads[heading] for heading in ("任务名称", "状态", "责任单位", "进展情况")]
    rows = [[sheet.cell(r, column).value for column in shown] for r in range(2, sheet.max_row + 1)]
    cells = {title: values for title, *values in rows}
    assert cells["（三）开展探访关爱"][:2] == ["推进中", "县财政局"] and cells["（二）建好村级服务点"][2] == "已建30处"
    assert len(zhengling.open(workspace).read_ledger(out).differences) == 2
    zhengling.open(workspace).remove("鹭政办发〔2023〕22号")
    before = out.read_bytes()
    refused = run(*export)
    assert refused.status == 1 and "1 tasks that are not in the graph" in refused.err and out.read_bytes() == before
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    other = run("export", "--format", "xlsx", "--out", tmp_path / "other.xlsx", *at)
    assert other.status == 1 and "not a ledger" in other.err


def test_copies_of_two_offices_and_rows_that_fit_nothing_are_told(workspace, tmp_path):
    graph = zhengling.open(workspace)
    one, two = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    graph.export("xlsx", one)
    shutil.copy(one, two)
    edited(one, {("开展探访关爱", "状态"): "推进中", ("规范养老机构管理", "备注"): "甲"})
    edited(
        two,
        {("开展探访关爱", "状态"): "已完成", ("开展探访关爱", "标识"): "0" * 16, ("规范养老机构管理", "标识"): None},
    )
    graph.take_ledger(graph.read_ledger(one), by="甲办")
    found = graph.read_ledger(two)
    assert [(d.column, d.was, d.now, d.conflict) for d in found.differences] == [("state", "推进中", "已完成", True)]
    assert sorted(reason for _, reason, _ in found.told) == ["by-words", "no-id"]
    graph.take_ledger(found, by="乙办")
    lines = Workspace(workspace).people().progress
    assert [(line.by, line.state) for line in lines if line.verb == "state"] == [
        ("甲办", "under-way"),
        ("乙办", "done"),
    ]
    text = "标识,状态,备注\r\n" + f"{found.differences[0].task},推进中,\r\nffff,已完成,\r\n,,无主\r\n"
    (tmp_path / "x.csv").write_bytes(text.encode("gb18030"))
    found = graph.read_ledger(tmp_path / "x.csv")
    assert [(d.column, d.now) for d in found.differences] == [("state", "推进中")]  # an empty cell says nothing there
    assert [reason for _, reason, _ in found.told] == ["unknown", "no-id"]
    graph.close()


def test_states_and_days_as_offices_write_them(workspace, tmp_path, run):
    graph = zhengling.open(workspace)
    tasks = [row["task"] for row in graph.query("tasks")[:4]]
    written = zip(tasks, ("办结", "进行中", "Cancelled", "尚未启动"), ("", "2024年8月", "", ""), strict=True)
    text = "标识,状态,截止日期\r\n" + "".join(f"{task},{state},{day}\r\n" for task, state, day in written)
    (tmp_path / "x.csv").write_text(text, "utf-8")
    found = graph.read_ledger(tmp_path / "x.csv")
    assert not found.refused
    graph.take_ledger(found, by="甲办")
    states = {
        row["t"]: row["s"] for row in graph.cypher("MATCH (t:Task) WHERE t.state <> '' RETURN t.id AS t, t.state AS s")
    }
    assert [states[task] for task in tasks] == ["done", "under-way", "dropped", "not-started"]
    assert any(
        row["deadline"] == ["2024-08-31"] or "2024-08-31" in row["deadline"]
        for row in graph.query("tasks")
        if row["task"] == tasks[1]
    )
    graph.close()
    told = run("progress", tasks[0], "--state", "在办", "--workspace", workspace)
    assert told.status == 0
    assert run("progress", tasks[0], "--state", "快了", "--workspace", workspace).status == 2


def test_every_column_of_the_workbook_can_be_read_and_printed(workspace, tmp_path):
    out = tmp_path / "l.xlsx"
    zhengling.open(workspace).export("xlsx", out, by_unit=True)
    book = openpyxl.load_workbook(out)
    assert (book[SHEET].page_setup.paperSize, book["打印清单"].page_setup.paperSize) == (8, 9)
    assert book.properties.creator == "Zhengling"
    sheet = book[SHEET]
    heads = {cell.value: cell.column_letter for cell in sheet[1]}
    assert sheet.column_dimensions[heads["校验"]].hidden
    longest = max(range(2, sheet.max_row + 1), key=lambda r: len(sheet[f"{heads['任务内容']}{r}"].value))
    assert sheet.row_dimensions[longest].height > min(sheet.row_dimensions[r].height for r in range(2, sheet.max_row))
    units = [name for name in book.sheetnames if name.endswith("县民政局")]
    assert len(units) > 1 and all(re.fullmatch("\\w+县 县民政局", name) for name in units)  # of several counties
    for name in units:
        assert book[name].max_row > 1
        assert name.partition(" ")[0] in book[name].oddHeader.left.text


def test_what_is_printed_can_be_read(tmp_path, samples):
    """Printed by LibreOffice: no letter is smaller than on a page of a book, each page has the headings, and says
    whose it is."""
    graph = zhengling.open(tmp_path / "w")
    graph.build([samples / "lutan-2023.txt"])
    graph.export("xlsx", tmp_path / "l.xlsx", by_unit=True, language="zh")
    unit = graph.cypher("MATCH (u:Unit)-[:LEADS]->(:Task) RETURN u.name AS name ORDER BY name LIMIT 1")[0]["name"]
    graph.close()
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    convert = [office(), profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "l.xlsx"]
    subprocess.run(convert, check=True, capture_output=True, timeout=180)
    sheets: dict[str, set[tuple[int, int]]] = {}
    pages = pypdfium2.PdfDocument(tmp_path / "l.pdf")
    for page in pages:
        text = page.get_textpage()
        lines = text.get_text_range().splitlines()
        sheets.setdefault(lines[0], set()).add(tuple(round(size / 72 * 25.4) for size in page.get_size()))
        heading = next((line for line in lines if line.startswith(("序号", "发文字号", "单位名称", "引用者"))), "")
        assert heading, lines[:5]
        at = text.search(heading[:2]).get_next()[0]
        bottom, top = (text.get_charbox(at, loose=True)[n] for n in (1, 3))
        assert top - bottom > 6, lines[0]
    assert sheets["任务台账"] == {(420, 297)}  # A3
    assert sheets["打印清单"] == {(297, 210)}
    assert any(header.startswith(f"{unit} 中国/") for header in sheets)


def test_the_address_that_a_paper_was_fetched_from_stands_in_ledger_and_answers(tmp_path, samples, run):
    papers = tmp_path / "papers"
    papers.mkdir()
    shutil.copy(samples / "luyin-2023.txt", papers)
    (papers / "sources.csv").write_text("file,url,date\nluyin-2023.txt,https://example.org/a?b=1,2024-01-01\n", "utf-8")
    graph = zhengling.open(tmp_path / "w")
    graph.build([papers])
    assert {row["a"] for row in graph.cypher("MATCH (d:Document {loaded: true}) RETURN d.address AS a")} == {
        "https://example.org/a?b=1"
    }
    for question in ("document-summary", "tasks"):
        assert {row["address"] for row in graph.query(question)} == {"https://example.org/a?b=1"}
    graph.export("xlsx", tmp_path / "l.xlsx")
    graph.close()
    shown = run("query", "document-summary", "--workspace", tmp_path / "w")
    assert "Address" in shown.out and "https://example.org/a?b=1" in shown.out.replace("\n", "")
    sheet = openpyxl.load_workbook(tmp_path / "l.xlsx")[SHEET]
    column = next(cell.column for cell in sheet[1] if cell.value == "来源网址")
    assert sheet.cell(2, column).value == "https://example.org/a?b=1"
