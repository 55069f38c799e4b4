"""Pages of a PDF beside its text: every character at its place, contact data and what nobody can read painted over, and
the page in a browser."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy
import pytest
import zhengling
from zhengling.extractors.errors import PaperError
from zhengling.extractors.model import PAGE_PARTS, PagePicture
from zhengling.extractors.papers import Reader
from zhengling.graph.workspace.workspace import Workspace

from .browser import chromium
from .pdfs import SIZE, pdf, show
from .workbench import Tab, serving

WIDE, HIGH = 595, 842
LEFT, TOP, PITCH, LINE = 72, 760, 22, 36
GREY = (225, 225, 225)

Drawn = tuple[int, float, float, str]  # page, left, base line, character


def printed(text: str) -> tuple[list[str], list[Drawn]]:
    """A text as drawings of pages, and where each of its characters stands."""
    pages, places, lines = [[]], [], []
    for paragraph in text.splitlines():
        first = paragraph[: LINE - 2]
        rest = paragraph[LINE - 2 :]
        lines += [(2, first)] + [(0, rest[at : at + LINE]) for at in range(0, len(rest), LINE)] if paragraph else []
    y = TOP
    for indent, line in lines:
        if y < 90:
            pages.append([])
            y = TOP
        pages[-1].append(show(line, LEFT + indent * SIZE, y))
        places += [(len(pages), LEFT + (indent + n) * SIZE, y, c) for n, c in enumerate(line)]
        y -= PITCH
    return ["\n".join(page) for page in pages], places


@cache
def dots(picture: bytes) -> Any:
    """Rows of dots (red, green, blue) of a PNG of ours."""
    wide, high = struct.unpack(">II", picture[16:24])
    (length,) = struct.unpack(">I", picture[33:37])
    lines = numpy.frombuffer(zlib.decompress(picture[41 : 41 + length]), "uint8").reshape(high, 1 + 3 * wide)
    assert set(lines[1:, 0]) == {2}  # each row by what differs from the one above
    return numpy.add.accumulate(lines[:, 1:], axis=0, dtype="uint8").reshape(high, wide, 3)


def colours(picture: bytes, left: float, upper: float, right: float, lower: float) -> set[tuple[int, ...]]:
    """The colours within a box, in points from the left upper corner of a page."""
    drawn = dots(picture)
    high, wide, _ = drawn.shape
    part = drawn[
        int(upper / HIGH * high) + 1 : int(lower / HIGH * high), int(left / WIDE * wide) + 1 : int(right / WIDE * wide)
    ]
    return {tuple(map(int, dot)) for dot in part.reshape(-1, 3)}


@pytest.fixture(scope="module")
def paper(samples, tmp_path_factory) -> tuple[Workspace, str, list[Drawn]]:
    """A workspace with a sample printed as PDF, its source, and where its characters were drawn."""
    folder = tmp_path_factory.mktemp("sheets")
    drawings, places = printed((samples / "lutan-2023.txt").read_text("utf-8"))
    (folder / "papers").mkdir()
    (folder / "papers" / "lutan.pdf").write_bytes(pdf(drawings))
    zhengling.open(folder / "w").build([folder / "papers"])
    workspace = Workspace(folder / "w")
    (source,) = workspace.sources()
    return workspace, source, places


def whole(workspace: Workspace, source: str) -> list[PagePicture]:
    first = workspace.page(source, 1)
    return [first, *(workspace.page(source, n) for n in range(2, first.pages + 1))]


def test_every_character_is_marked_where_it_stands(paper):
    """Also of words that stand on the page several times: what follows in the text follows on the page."""
    workspace, source, places = paper
    text, pages = workspace.text(source), whole(workspace, source)
    assert len(pages) == places[-1][0] > 1
    order = {(page, round(x), round(y)): n for n, (page, x, y, _) in enumerate(places)}
    found = []
    for number, page in enumerate(pages, 1):
        for offset, left, _, _, lower in page.characters:
            x, y = left * WIDE / PAGE_PARTS, HIGH - (lower * HIGH / PAGE_PARTS - 0.16 * SIZE)
            at = next(
                order[key]
                for a in (0, 1, -1)
                for b in (0, 1, -1)
                if (key := (number, round(x) + a, round(y) + b)) in order
            )
            assert places[at][3] == text[offset]
            found.append((offset, at))
    found.sort()
    assert [at for _, at in found] == sorted(at for _, at in found)
    shown = [c for c in text if not c.isspace() and c != "＊"]
    assert len(found) > 0.97 * len(shown)
    record = workspace.record(source)
    for unit in (unit for task in record.tasks for unit in task.units):
        span = unit.evidence[0]
        assert {offset for offset, _ in found} >= set(range(span.start, span.end))


def test_contact_data_is_painted_over(paper):
    workspace, source, places = paper
    text, pages = workspace.text(source), whole(workspace, source)
    drawn = "".join(character for *_, character in places)
    bare = "".join(text.split())
    hidden = [n for n, (a, b) in enumerate(zip("".join(drawn.split()), bare, strict=True)) if a != b and b == "＊"]
    visible = [place for place in places if not place[3].isspace()]
    assert len(hidden) > 20
    for at in hidden:
        page, x, y, _ = visible[at]
        assert colours(pages[page - 1].png, x, HIGH - y - 0.8 * SIZE, x + 0.5 * SIZE, HIGH - y) == {GREY}
    page, x, y, _ = visible[0]
    assert any(sum(dot) < 150 for dot in colours(pages[page - 1].png, x, HIGH - y - 0.8 * SIZE, x + SIZE, HIGH - y))


def page(drawing: str, text: str, folder: Path, **more) -> PagePicture:
    (folder / "one.pdf").write_bytes(pdf([drawing], **more))
    with Reader() as reader:
        return reader.page(folder / "one.pdf", 1, text)


LETTER = "县民政局牵头制定养老服务清单并于六月底前公布"
PICTURE = "q {} 0 0 {} {} {} cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x40 EI Q"


def test_what_nobody_can_read_is_painted_over(tmp_path):
    """Pictures, and marks that stand slanted over the page; a number that the text of the paper does not have, too."""
    slanted = f"BT /F1 30 Tf 0.8 0.6 -0.6 0.8 300 300 Tm <{'李明'.encode('utf-16-be').hex()}> Tj ET"
    foot = show("值班电话：0571-88001234", 72, 60)
    drawing = "\n".join([show(LETTER, 72, 700), PICTURE.format(80, 40, 400, 500), slanted, foot])
    found = page(drawing, LETTER, tmp_path)
    assert "".join(LETTER[at] for at, *_ in found.characters) == LETTER
    assert colours(found.png, 402, HIGH - 538, 478, HIGH - 502) == {GREY}
    assert GREY in colours(found.png, 300, HIGH - 340, 330, HIGH - 300)
    assert colours(found.png, 72 + 5.2 * SIZE, HIGH - 60 - 0.7 * SIZE, 72 + 9 * SIZE, HIGH - 61) == {GREY}


def test_a_page_that_is_a_picture_is_not_shown(tmp_path):
    with pytest.raises(PaperError) as error:
        page(PICTURE.format(590, 840, 0, 0) + show("第一页", 72, 700), "", tmp_path)
    assert error.value.code == "page-not-shown"
    (tmp_path / "one.txt").write_text("不是版式文件", "utf-8")
    with Reader() as reader, pytest.raises(PaperError) as error:
        reader.page(tmp_path / "one.txt", 1, "")
    assert error.value.code == "page-not-shown"


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_page_that_lies_on_its_side_is_turned_upright(rotate, tmp_path):
    found = page(show(LETTER, 72, 700), LETTER, tmp_path, rotate=rotate)
    high, wide, _ = dots(found.png).shape
    assert high > wide
    assert [(round(left * WIDE / PAGE_PARTS), at) for at, left, *_ in found.characters] == [
        (LEFT + n * SIZE, n) for n in range(len(LETTER))
    ]


def test_the_page_beside_the_text_in_a_browser(paper):
    workspace, _, _ = paper
    with chromium() as browser, serving(workspace.folder) as bench:
        (known,) = bench.get("/papers.json?loaded=yes").data["papers"]
        address = "/papers/" + quote(known["id"], safe="")
        tab = Tab(browser, bench)
        tab.go(address)
        view, sheet = tab.page, tab.page.locator("#sheet")
        sheet.locator("rect").first.wait_for()
        assert view.evaluate("document.querySelector('#sheet img').naturalWidth") > 900
        # From a fact to its place on the page, on whichever page that is; and back.
        fact = view.locator(".fact.unit a.to").last
        name = fact.inner_text()
        fact.click()
        chosen = sheet.locator("rect.chosen")
        chosen.first.wait_for()
        assert sheet.get_attribute("data-page") == "2" and chosen.first.is_visible()
        first = sheet.locator("rect.unit").first
        number = first.get_attribute("data-fact")
        first.click()
        assert view.locator(f"#f-{number}").get_attribute("class").endswith("chosen")
        assert view.locator(f".on[data-fact='{number}']").first.is_visible() and name
        sheet.get_by_role("link", name="上一页").click()
        view.wait_for_function("document.getElementById('sheet').dataset.page === '1'")
        view.get_by_role("checkbox", name="版面").uncheck()
        assert sheet.is_hidden()
        assert tab.troubles == []
        tab.context.close()
        # Without scripts the same pages stand at addresses of their own.
        plain = browser.new_context(java_script_enabled=False)
        still = plain.new_page()
        still.goto(bench.address + address)
        still.locator("[data-sheet='2']").first.click()
        assert "page=2" in still.url and still.locator("#sheet rect").count() > 5
        plain.close()
        told = bench.get(f"/sheet.json?document={quote(known['id'])}&page=9")
        assert (told.status, told.data["error"]) == (404, "page-missing")
        assert bench.get(f"{address}?page=9").status == 200
        picture = bench.get(f"/sheet.png?document={quote(known['id'])}")
        assert (picture.headers["content-type"], picture.body[:4]) == ("image/png", b"\x89PNG")
        assert bench.get("/sheet.png?document=nothing").status == 404
