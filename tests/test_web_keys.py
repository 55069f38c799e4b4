"""The whole way of an office by keys alone: papers up, read, marked, corrected, taken back, reviewed; what the keys are
stands on the page."""

from __future__ import annotations

from .test_web_review import lines
from .workbench import Tab

_MOST = 400  # presses of Tab until something must have come


def walked(tab: Tab, query: str) -> None:
    """Press Tab until what has the focus is what is looked for; it shows that it has it."""
    for _ in range(_MOST):
        tab.page.keyboard.press("Tab")
        if tab.page.evaluate("query => document.activeElement.matches(query)", query):
            break
    else:
        raise AssertionError(f"no Tab leads to {query}")
    style = tab.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert style != "none", query


def entered(tab: Tab, query: str) -> None:
    walked(tab, query)
    with tab.page.expect_navigation():
        tab.page.keyboard.press("Enter")


def test_from_an_upload_to_a_review_by_keys_alone(tab, samples, tmp_path):
    page = tab.page
    tab.go("/")
    entered(tab, ".top a[href='/upload']")
    walked(tab, "input[name=files]")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files([str(samples / "lutan-2023.txt"), str(samples / "jichuan-2023.txt")])
    walked(tab, "#upload button")
    page.keyboard.press("Enter")
    page.locator("#stage", has_text=page.locator("#going").get_attribute("data-done")).wait_for()
    # Read: the paper that came, from a fact to its words.
    entered(tab, "#files a")
    walked(tab, ".layers input[data-layer=deadline]")
    page.keyboard.press("Space")
    assert page.locator(".fact.deadline").first.is_hidden()
    page.keyboard.press("Space")
    walked(tab, ".fact.unit a.to")
    page.keyboard.press("Enter")
    assert page.locator("#text .on.chosen").count() and page.locator(".fact.chosen").count() == 1
    # Correct: what the keys do stands on the page, and is done.
    page.keyboard.press("Home")
    walked(tab, ".path a[href^='/review/']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    told = page.locator(".keys").inner_text()
    assert all(f"{key} " in told for key in "jkcxeu")
    facts = page.locator(".fact").count()
    page.keyboard.press("j")
    assert page.locator(".fact.chosen").count() == 1
    while "unit" not in page.locator(".fact.chosen").get_attribute("class"):
        page.keyboard.press("j")
    name = page.locator(".fact.chosen a.to").inner_text()
    with page.expect_navigation():
        page.keyboard.press("x")
    assert page.locator(".fact").count() == facts - 1
    assert page.locator(".done [data-undo]").is_visible()
    with page.expect_navigation():
        page.keyboard.press("u")
    assert page.locator(".fact").count() == facts
    # Change: into the form, and kept.
    page.keyboard.press("j")
    while page.locator(".fact.chosen a.to").inner_text() != name:
        page.keyboard.press("j")
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.name") == "name-to"
    page.keyboard.press("Control+A")
    page.keyboard.type("县档案馆")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".fact.reviewed", has_text="县档案馆").count() == 1
    # Confirm all that is left.
    page.keyboard.press("a")
    assert page.evaluate("document.activeElement.matches('[data-accept]')")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".fact.reviewed").count() > facts // 2
    verbs = [one["verb"] for one in lines(tmp_path / "w")]
    assert verbs[:3] == ["reject", "undo", "change"] and set(verbs[3:]) == {"confirm"}
    entered(tab, ".keys a[href='/review?queue=said']")
    assert page.locator("tbody tr").count() == 4
    # The search, and back to where one was.
    page.keyboard.press("/")
    page.keyboard.type("老年人")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("mark", has_text="老年人").count()
    # What is cited and not there: its file beside it.
    entered(tab, ".top a[href='/directives']")
    walked(tab, "details.bring summary")
    page.keyboard.press("Enter")
    walked(tab, "details.bring[open] input[type=file]")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(str(samples / "yueyuan-2023.txt"))
    entered(tab, "details.bring[open] button")
    page.locator("#stage", has_text=page.locator("#going").get_attribute("data-done")).wait_for()
    assert page.locator("#files a").count() >= 1
    assert tab.troubles == []
