"""compare, coverage and reconstruct on a workspace, and their pages in a real browser."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pytest
import zhengling as zl
from zhengling.app.cli import main

from .browser import chromium

HERE = Path(__file__).parent / "lineage"
PROVINCE, COUNTY, OTHER = "泓政办发〔2024〕31号", "云政办〔2024〕12号", "沙政办〔2024〕7号"


def sibling(folder: Path) -> Path:
    """The county's paper as another county writes it, without two of the tasks."""
    text = (HERE / "xianlu-2024.txt").read_text("utf-8")
    text = text.replace("云坪县", "沙汀县").replace(COUNTY, OTHER)
    text = re.sub(r"^(?:2\.改造危桥|6\.推广头盔).*\n", "", text, flags=re.MULTILINE)
    out = folder / "shating-2024.txt"
    out.write_text(text, "utf-8")
    return out


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("lineage")
    for path in HERE.glob("*.txt"):
        shutil.copy(path, folder)
    sibling(folder)
    zl.open(folder / "ws").build([str(p) for p in sorted(folder.glob("*.txt"))])
    return folder / "ws"


def run(workspace: Path, *words: str) -> int:
    return main([*words, "--workspace", str(workspace), "--lang", "en"])


def test_the_superior_is_found_up_the_chain(workspace, capsys) -> None:
    assert run(workspace, "compare", COUNTY, "--format", "json") == 0
    out, said = capsys.readouterr()
    data = json.loads(out)
    assert (data["superior"]["number"], data["lower"]["number"]) == (PROVINCE, COUNTY)
    assert len(data["links"]) == 9
    assert said == "9 links (0 doubtful), 1 added, 2 missing, 0 elsewhere\n"


def test_any_name_of_a_paper_will_do(workspace, capsys) -> None:
    titles = [
        "云坪县人民政府办公室关于印发云坪县2024年农村道路安全整治任务分解的通知",
        "xianlu-2024",
        "云政办[2024]12号",
    ]
    for name in titles:
        assert run(workspace, "compare", name, "shenglu-2024.txt", "--format", "csv") == 0
    tables = capsys.readouterr().out.split("status,")[1:]
    assert len(tables) == 3
    assert len(set(tables)) == 1


def test_two_files_without_a_workspace(tmp_path, capsys) -> None:
    files = [str(HERE / name) for name in ("xianlu-2024.txt", "shenglu-2024.txt")]
    assert run(tmp_path / "none", "compare", *files, "--format", "csv") == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [row["status"] for row in rows].count("missing") == 2
    assert {row["wording"] for row in rows} == {"copied", "adapted", "merged", "split", ""}


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("compare", PROVINCE), 1, "no superior of it is loaded"),
        (("compare", COUNTY, COUNTY), 2, "a paper is not its own superior"),
        (("compare", "望山县"), 2, "望山县"),
        (("coverage", COUNTY), 1, "no loaded paper carries it out"),
        (("reconstruct", PROVINCE), 2, PROVINCE),  # it is loaded: nothing to infer
        (("coverage", PROVINCE, "--format", "xlsx"), 2, "--out"),
    ],
)
def test_what_can_not_be_answered_is_told(workspace, capsys, words, status, said) -> None:
    assert run(workspace, *words) == status
    out, told = capsys.readouterr()
    assert out == ""
    assert said in told
    assert told.count("\n") == 1


def test_the_matrix(workspace, capsys) -> None:
    assert run(workspace, "coverage", PROVINCE, "--format", "csv") == 0
    rows = list(csv.reader(capsys.readouterr().out.splitlines()))
    assert rows[0][2:] == [f"云坪县 {COUNTY}", f"沙汀县 {OTHER}"]
    told = {row[1].split(" ")[0]: row[2:] for row in rows[1:]}
    assert told["（二）改造危桥"] == ["changed", "missing"]
    assert told["（三）规范平交路口"] == ["covered", "covered"]
    assert told["（七）监管校车"] == ["missing", "missing"]
    assert len(told) == 10


def test_the_matrix_as_a_workbook(workspace, tmp_path) -> None:
    from openpyxl import load_workbook

    out = tmp_path / "coverage.xlsx"
    assert run(workspace, "coverage", PROVINCE, "--out", str(out)) == 0
    sheet = load_workbook(out).active
    assert [cell.value for cell in sheet[1]][2:] == [f"云坪县 {COUNTY}", f"沙汀县 {OTHER}"]
    assert sheet.max_row == 11


def test_every_pair(workspace, capsys) -> None:
    assert run(workspace, "coverage", PROVINCE, "--all", "--format", "csv") == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert {row["document"] for row in rows} == {COUNTY, OTHER}
    assert sum(row["status"] == "added" for row in rows) == 2


def test_likely_tasks_of_a_paper_that_is_only_cited(tmp_path, capsys) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    shutil.copy(HERE / "xianlu-2024.txt", folder)
    sibling(folder)
    zl.open(tmp_path / "ws").build(folder)
    assert run(tmp_path / "ws", "reconstruct", PROVINCE, "--format", "json") == 0
    out, said = capsys.readouterr()
    rows = json.loads(out)
    assert len(rows) == 7  # what both have; neither bridges nor helmets
    assert all(row["papers"] == 2 and len(row["origins"]) == 2 for row in rows)
    assert "Inferred" in said
    with zl.open(tmp_path / "ws")._store() as store:
        assert store.rows("MATCH (d:Document {id: $id})-[:CONTAINS]->(t) RETURN t.id", {"id": PROVINCE})[1] == []


# --- pages


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


def opened(browser, path: Path):
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.told, page.asked = [], []
    page.on("console", lambda message: page.told.append(message.text))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_comparison_in_a_browser(workspace, tmp_path, browser, language) -> None:
    out = tmp_path / "compare.html"
    assert main(["compare", COUNTY, "--out", str(out), "--workspace", str(workspace), "--lang", language]) == 0
    page = opened(browser, out)
    assert page.told == []  # the policy holds for the page itself
    assert page.asked == [out.as_uri()]
    lit = page.locator("tr.changed mark").first.inner_text()
    assert lit in (HERE / "shenglu-2024.txt").read_text("utf-8")
    assert page.locator("tr.added .own, tr.missing .own").count() == 0
    taken_out = page.locator("tr.changed td:first-child .own").all_inner_texts()
    assert any(words in (HERE / "shenglu-2024.txt").read_text("utf-8") for words in taken_out)
    rows = page.locator("tbody tr:visible")
    before = rows.count()
    assert before == 12
    page.locator("input[value=missing]").uncheck()
    assert rows.count() == before - 2
    copied = page.locator("tr[data-wording=copied]").count()
    page.locator("input[value=copied]").uncheck()
    assert copied and rows.count() == before - 2 - copied
    for box in ("missing", "copied"):
        page.locator(f"input[value={box}]").check()
    assert rows.count() == before
    told = page.locator("tr.changed td:first-child .told").all_inner_texts()
    assert "达到90%" in "".join(told)
    page.close()


def test_a_cell_of_the_matrix_leads_to_both_texts(workspace, tmp_path, browser) -> None:
    out = tmp_path / "coverage.html"
    assert run(workspace, "coverage", PROVINCE, "--out", str(out)) == 0
    page = opened(browser, out)
    assert page.told == []
    cell = page.locator("table.matrix td.changed a").first
    assert cell.inner_text().split() == ["changed", "copied", "△2"]
    assert cell.get_attribute("title").splitlines()[1].startswith("deadline later (weaker): ")
    cell.click()
    target = page.locator("tr:target")
    assert target.count() == 1
    assert "排查危险路段" in target.inner_text()
    assert page.asked[0] == out.as_uri()
    assert {url.partition("#")[0] for url in page.asked} == {out.as_uri()}
    page.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_printed_fits_the_paper(workspace, tmp_path, browser, language) -> None:
    """On A4, both papers stand side by side, and a matrix of thirty columns is as wide as the page, in its colours."""
    width = 718  # of what is printed on A4, at 96 to the inch
    out = tmp_path / "page.html"
    assert main(["compare", COUNTY, "--out", str(out), "--workspace", str(workspace), "--lang", language]) == 0
    page = opened(browser, out)
    page.set_viewport_size({"width": width, "height": 1_000})
    assert not page.locator("fieldset").is_hidden()
    page.emulate_media(media="print")
    assert page.locator("fieldset").is_hidden()
    left, right = (page.locator(f"tr.changed td:{side}-child").first.bounding_box() for side in ("first", "last"))
    assert left["y"] == right["y"] and left["x"] + left["width"] < right["x"]
    assert right["x"] + right["width"] <= width
    assert main(["coverage", PROVINCE, "--out", str(out), "--workspace", str(workspace), "--lang", language]) == 0
    page.goto(out.as_uri())
    page.evaluate("""() => {
        const matrix = document.querySelector(".matrix");
        for (const row of matrix.rows) while (row.cells.length > 1 && row.cells.length < 31)
            row.append(row.cells[row.cells.length - 1].cloneNode(true));
        matrix.style.setProperty("--papers", 30);
        matrix.parentElement.classList.add("many");
    }""")
    page.set_viewport_size({"width": 1_047, "height": 700})
    page.emulate_media(media="print")
    cells = page.locator(".matrix td")
    assert cells.count() == 300
    last = cells.nth(29).bounding_box()
    assert last["x"] + last["width"] <= 1_047
    assert page.evaluate("document.documentElement.scrollWidth") == 1_047
    colours = "cell => [getComputedStyle(cell).printColorAdjust, getComputedStyle(cell).backgroundColor]"
    exact, colour = page.locator(".matrix td.covered").first.evaluate(colours)
    assert exact == "exact" and colour != "rgba(0, 0, 0, 0)"
    words = page.locator(".matrix td a").first
    assert words.evaluate("a => a.scrollWidth <= a.parentElement.clientWidth")
    assert page.locator("section").first.is_visible()  # two papers: their texts are printed, too
    page.close()


def test_of_many_papers_the_matrix_alone_is_printed(tmp_path, browser) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    for name in ("xianlu-2024.txt", "shenglu-2024.txt"):
        shutil.copy(HERE / name, folder)
    text = (HERE / "xianlu-2024.txt").read_text("utf-8")
    for n, place in enumerate("甲乙丙丁戊己庚"):
        other = text.replace("云坪县", f"{place}坪县").replace(COUNTY, f"{place}政办〔2024〕{n}号")
        (folder / f"{n}.txt").write_text(other, "utf-8")
    zl.open(tmp_path / "ws").build(folder)
    out = tmp_path / "coverage.html"
    assert run(tmp_path / "ws", "coverage", PROVINCE, "--out", str(out)) == 0
    page = opened(browser, out)
    sections = page.locator("section")
    assert sections.count() == 8
    assert sections.first.is_visible()
    page.emulate_media(media="print")
    assert page.locator(".matrix").is_visible()
    assert not any(one.is_visible() for one in sections.all())
    page.close()


def test_the_comparison_on_a_screen_is_in_its_language(workspace, capsys) -> None:
    assert main(["compare", COUNTY, "--workspace", str(workspace), "--lang", "zh"]) == 0
    assert "把握" in capsys.readouterr().out
    assert main(["query", "changed", "--workspace", str(workspace), "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "（放" in out and "weaker" not in out


def test_words_of_papers_stay_words(tmp_path, browser) -> None:
    """A title that is a script, in both papers: shown, not run."""
    bad = "<script>document.title='run'</script>"
    for name in ("xianlu-2024.txt", "shenglu-2024.txt"):
        text = (HERE / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("排查危险路段。", f"排查危险路段{bad}。"), "utf-8")
    out = tmp_path / "compare.html"
    files = [str(tmp_path / name) for name in ("xianlu-2024.txt", "shenglu-2024.txt")]
    assert main(["compare", *files, "--workspace", str(tmp_path / "none"), "--out", str(out), "--lang", "en"]) == 0
    page = opened(browser, out)
    assert page.title() == "Tasks beside the superior's"
    assert bad in page.locator("body").inner_text()
    page.close()
