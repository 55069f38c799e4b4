"""Review in a real browser: all that is shown or all under a filter said at once, what concerns one unit lit, by keys
alone, and taken back."""

from __future__ import annotations

import json
import shutil
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import pytest

from .browser import chromium
from .test_web_access import post, token_of
from .workbench import Tab, Workbench, serving


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def tab(browser, built, tmp_path):
    shutil.copytree(built, tmp_path / "w")
    with serving(tmp_path / "w") as bench:
        tab = Tab(browser, bench)
        tab.page.set_default_timeout(90_000)
        yield tab
        tab.context.close()


def lines(workspace: Path) -> list[dict]:
    files = sorted((workspace / "corrections").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def come_to(bench: Workbench, links: int) -> bool:
    """Whether so many links come to be left; where the machine has much to do a new graph takes a while."""
    until = time.monotonic() + 60
    while (now := bench.get("/review.json?queue=links").data["total"]) != links and time.monotonic() < until:
        time.sleep(0.2)
    return now == links


def chosen_paper(tab: Tab) -> str:
    return next(p["id"] for p in tab.bench.get("/papers.json?level=county").data["papers"])


def test_what_concerns_one_unit_is_lit_and_confirmed_at_once(tab, tmp_path):
    """The rest of the text is folded; the button tells how many it means, of the layers that are on; undo takes all."""
    page, paper = tab.page, chosen_paper(tab)
    tab.go("/review/" + quote(paper, safe=""))
    record = tab.bench.get(f"/papers/{quote(paper, safe='')}.json").data["record"]
    held = Counter(one for task in record["tasks"] for one in {unit["name"] for unit in task["units"]})
    unit = min(held, key=lambda name: (held[name], name))
    mine = [task for task in record["tasks"] if unit in {one["name"] for one in task["units"]}]
    page.locator("select[name=unit]").select_option(unit)
    page.get_by_role("button", name="筛选").click()
    page.wait_for_url("**unit=**")
    assert page.locator(".fact.task:visible").count() == len(mine) < len(record["tasks"])
    folds = page.locator("details.folded")
    assert folds.count() and not any(fold.get_attribute("open") for fold in folds.all())
    text = page.locator("#text").inner_text()
    others = [task["text"] for task in record["tasks"] if task not in mine and len(task["text"]) > 40]
    assert others and unit in text and not any(words in text for words in others)
    # A link into what is folded opens it.
    place = page.locator("details.folded .at").first.get_attribute("id")
    page.evaluate("place => { location.hash = place; }", place)
    assert page.locator("details.folded[open]").count() == 1
    accept = page.locator("[data-accept]")
    whole = page.locator(".fact:visible").count()
    assert f" {whole} " in accept.inner_text()
    page.locator("[data-layer=unit]").uncheck()
    shown = page.locator(".fact:visible").count()
    assert shown < whole and f" {shown} " in accept.inner_text()
    with page.expect_navigation():
        accept.click()
    said = lines(tmp_path / "w")
    assert len(said) == shown and {one["verb"] for one in said} == {"confirm"}
    assert not [one for one in said if one["what"] == "unit"]
    assert f" {shown} " in page.locator(".done").inner_text()
    assert page.locator(".fact.reviewed").count() == shown
    with page.expect_navigation():
        page.keyboard.press("u")
    assert page.locator(".fact.reviewed").count() == 0
    assert len(lines(tmp_path / "w")) == 2 * shown
    assert tab.troubles == []


def test_all_that_is_shown_and_all_under_a_filter(tab, tmp_path):
    """Both tell their number; nothing is said where the list has changed since, and what was said goes together."""
    page, bench = tab.page, tab.bench
    links = bench.get("/review.json?queue=links").data
    assert links["total"] >= 2
    tab.go("/review?queue=links&size=25")
    button = page.get_by_role("button", name=f"否定所示的 {links['total']} 条")
    # Somebody else was there meanwhile.
    token = token_of(bench, "/upload")
    first = links["links"][0]
    assert post(bench, "/correct", verb="confirm", task=first["task"], upper=first["upper"], token=token).status == 303
    with page.expect_navigation():
        button.click()
    assert page.locator("[role=alert]").count() and len(lines(tmp_path / "w")) == 1
    tab.troubles.clear()  # the browser tells of the status 409
    left = links["total"] - 1
    assert come_to(bench, left)
    tab.go("/review?queue=links")
    with page.expect_navigation():
        page.get_by_role("button", name=f"否定所示的 {left} 条").click()
    assert come_to(bench, 0)
    assert [one["verb"] for one in lines(tmp_path / "w")[1:]] == ["reject"] * left
    tab.go("/review?queue=said")
    assert f"× {left}" in page.locator("tbody tr").first.inner_text() or left == 1
    with page.expect_navigation():
        page.locator("tbody tr").first.get_by_role("button").click()
    assert come_to(bench, left)
    assert tab.troubles == []


def test_all_under_a_filter_are_more_than_a_page_shows(built, tmp_path):
    """The button for all is there only where all are more than those shown; another number is refused."""
    from zhengling.app.web.together import Offer, offer

    class Lists:
        def remarked(self, wanted):
            return ["a", "b", "c"]

    from zhengling.app.lists.reading import Slice

    part = Slice([{"document": "a"}, {"document": "a"}], 9, 0)
    assert offer(Lists(), "remarks", {}, part) == Offer(1, 3, ("confirm",))
    assert offer(Lists(), "papers", {}, part) is None and offer(Lists(), "links", {}, Slice([], 0, 0)) is None
    shutil.copytree(built, tmp_path / "w")
    with serving(tmp_path / "w") as bench:
        token = token_of(bench, "/upload")
        graph = bench.get("/review?queue=links").text.partition('name="graph" value="')[2].partition('"')[0]
        total = bench.get("/review.json?queue=links").data["total"]
        asked = {"queue": "links", "act": "confirm every", "graph": graph, "start": "0", "size": "25", "token": token}
        for wrong in ({"every": "1"}, {"every": str(total), "graph": "0-0"}):
            assert post(bench, "/correct/together", **asked | wrong).status == 409
        assert post(bench, "/correct/together", **asked | {"act": "drop every", "every": str(total)}).status == 400
        assert post(bench, "/correct/together", **asked | {"queue": "said", "every": str(total)}).status == 400
        done = post(bench, "/correct/together", **asked | {"every": str(total)})
        assert done.status == 303 and f"said={total}" in done.headers["location"]
        assert come_to(bench, 0)
        mark = done.headers["location"].partition("mark=")[2][:8]
        assert post(bench, "/correct/together/undo", mark=mark, token=token).status == 303
        assert come_to(bench, total)
        assert post(bench, "/correct/together/undo", mark=mark, token=token).status == 400
