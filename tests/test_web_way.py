"""The whole way of an office through the workbench, in a browser whose network is cut: papers up, read, asked, traced,
compared, corrected, followed up; with texts that would do harm where pages took them for more than texts."""

from __future__ import annotations

import re
from urllib.parse import quote

from .test_ledger_back import edited
from .workbench import Tab

HOSTILE = {
    "责任单位": "县<img src=x onerror=alert(1)>局",
    "备注": "</script><script>alert(2)</script>\u202e“'\"`${1}",
    "任务名称": "\"><svg onload=alert(3)>&amp;'{{ 7 * 7 }}",
}


def uploaded(tab: Tab, *papers) -> None:
    tab.go("/upload")
    tab.page.locator("input[name=files]").set_input_files([str(paper) for paper in papers])
    tab.page.get_by_role("button", name="读取").first.click()
    done = tab.page.locator("#going").get_attribute("data-done")
    tab.page.locator("#stage", has_text=done).wait_for()


def test_from_an_upload_to_what_is_overdue(tab, samples, tmp_path):
    page, bench = tab.page, tab.bench
    uploaded(tab, samples / "jichuan-2023.txt", samples / "lutan-2023.txt")
    # Read.
    tab.go("/papers?level=county")
    page.locator("tbody th a").first.click()
    assert page.locator("#text .on").count() > 20
    paper = page.url.removeprefix(bench.address)
    # Compare.
    page.get_by_role("link", name="与上级对比").click()
    assert page.locator(".pairs tbody tr").count() > 3
    # Ask.
    tab.go("/questions/unit-tasks")
    page.locator("input[name=unit]").fill("县民政局")
    page.get_by_role("button", name="查询", exact=True).click()
    rows = page.locator("table.list tbody tr")
    before = rows.count()
    assert before > 1
    # Trace.
    rows.first.locator("a").first.click()
    assert page.locator(".chain > li.implements").count() or page.locator(".chain > li").count() > 1
    # Correct: by keys alone, the first unit that answers for something.
    tab.go(paper.replace("/papers/", "/review/"))
    unit = page.locator(".fact.unit").first
    name = unit.locator("a.to").inner_text()
    facts = page.locator(".fact.unit").count()
    unit.locator("a.to").click()
    with page.expect_navigation():
        page.keyboard.press("x")
    tab.go("/review?queue=said")
    assert page.locator("tbody tr", has_text=name).count() == 1
    tab.go(paper)
    assert page.locator(".fact.unit").count() == facts - 1
    # It holds when papers are read again.
    uploaded(tab, samples / "dipu-2023.txt")
    tab.go(paper)
    assert page.locator(".fact.unit").count() == facts - 1
    # The ledger goes out, and comes back with what an office wrote, which may be anything.
    late = bench.get("/tasks.json?overdue=2024-01-01&size=200").data["tasks"]
    task = next(one for one in late if sum(one["title"] in other["title"] for other in late) == 1)
    tab.go("/report")
    with page.expect_download() as download:
        page.locator("a[href='/report/ledger.xlsx']").click()
    ledger = tmp_path / "台账.xlsx"
    download.value.save_as(ledger)
    cells = {"状态": "已完成", "进展情况": "办结"} | HOSTILE
    edited(ledger, {(task["title"], heading): value for heading, value in cells.items()})
    page.locator("input[name=ledger]").set_input_files(str(ledger))
    page.get_by_role("button", name="查看差异").click()
    shown = page.locator("table.list tbody tr")
    assert shown.count() == len(cells) and HOSTILE["责任单位"] in "".join(shown.all_inner_texts())
    page.get_by_role("button", name=re.compile("取回")).click()
    page.wait_for_url("**/report?corrections=*")
    # What is done is not overdue any more; what else was late still is.
    now = bench.get("/tasks.json?overdue=2024-01-01&size=200").data["tasks"]
    (done,) = bench.get("/tasks.json?state=done").data["tasks"]
    assert done["title"] == HOSTILE["任务名称"]
    assert [one["name"][:5] for one in done["responsible"]] == ["县<img"]
    still = {one["id"] for one in now}
    assert {one["id"] for one in late} - still == {task["id"]} and done["id"] not in still  # other words, another id
    # Harmful texts are texts on every page.
    unit = quote(done["responsible"][0]["id"], safe="")
    addresses = (
        *(f"/tasks/{done['id']}", f"/units/{unit}", f"/graph?task={done['id']}", paper, "/review?queue=said"),
        *(paper.replace("papers", "review"), "/tasks?columns=title,text,responsible", "/report?today=2023-09-01"),
    )
    others = ("/units", "/", "/questions/progress?asked=1", f"/coverage?document={quote('霁政办发〔2023〕46号')}")
    for address in (*addresses, *others):
        text = bench.get(address).text
        assert not any(words in text for words in HOSTILE.values()) and "<img" not in text, address
    for address in addresses:
        tab.go(address)
    tab.go(addresses[0])
    assert page.locator("h1").inner_text() == HOSTILE["任务名称"]
    assert tab.troubles == []
