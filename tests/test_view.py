"""Pictures, seen in a real browser that has no network."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import zhengling as zl
from zhengling import ZhenglingError
from zhengling.app.messages import Catalogue
from zhengling.app.pictures import looks
from zhengling.app.pictures.layout import blocks, spread, stack
from zhengling.app.pictures.view import write_view
from zhengling.graph.schema import NODES, RELATIONSHIPS
from zhengling.graph.stores.embedded import EmbeddedStore, build

from .browser import Visit, chromium, program

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "<img src=x onerror=alert(3)>",
    '"><svg onload=alert(4)>',
    "'`${alert(5)}`'\\",
    "{{ 7 * 7 }}{% raw %}",
    "<!--<script>",
    "]]>&amp;&lt;",
    "行\u2028分\u2029隔",
    "javascript:alert(6)",
    '<a href="https://example.org/">链接</a>',
    "*粗* _斜_ <b>体</b>",
]


class Sketch:
    """A graph of the schema, drawn up node by node, from which the embedded store is filled."""

    def __init__(self) -> None:
        self.tables: dict[tuple[str, ...], list[list[Any]]] = {}

    def node(self, label: str, id_: str, **facts: Any) -> str:
        self._add((label,), [{"id": id_, **facts}.get(name) for name in NODES[label]])
        return id_

    def join(self, kind: str, start: str, end: str, labels: tuple[str, str], quote: str = "", **facts: Any) -> None:
        if quote:
            piece = {"document": "d", "start": 3, "end": 9, "quote": quote, "rule": "r", "place": {"line": 4}}
            facts |= {"quote": quote, "evidence": [json.dumps(piece, ensure_ascii=False)]}
        properties = RELATIONSHIPS[kind].properties
        self._add((kind, *labels), [start, end, *(facts.get(name) for name in properties)])

    def _add(self, table: tuple[str, ...], row: list[Any]) -> None:
        self.tables.setdefault(table, []).append(row)

    def nodes(self, label: str) -> list[list[Any]]:
        return self.tables.get((label,), [])

    def relationships(self, name: str, start: str, end: str) -> list[list[Any]]:
        return self.tables.get((name, start, end), [])

    def store(self, folder: Path) -> EmbeddedStore:
        build(folder / "graph.db", self)
        return EmbeddedStore(folder / "graph.db")


@pytest.fixture(scope="module")
def chain(tmp_path_factory) -> EmbeddedStore:
    """A county's paper with two tasks under a chain of four levels."""
    sketch = Sketch()
    papers = [
        ("国办发〔2030〕1号", "national", "国务院办公厅关于做好云上图书馆工作的通知", False),
        ("云政办发〔2030〕2号", "province", "云岭省人民政府办公厅关于做好云上图书馆工作的通知", False),
        ("溪政办〔2030〕3号", "city", "溪源市人民政府办公室关于做好云上图书馆工作的通知", False),
        ("竹政办〔2030〕4号", "county", "竹坪县人民政府办公室关于印发云上图书馆工作要点的通知", True),
    ]
    for number, level, title, loaded in papers:
        sketch.node("Document", number, number=number, title=title, level=level, kind="directive", loaded=loaded)
    for i, ((above, *_), (below, *_)) in enumerate(pairwise(papers)):
        pair = ("Document", "Document")
        sketch.join("IMPLEMENTS", below, above, pair, quote="为贯彻落实上级文件精神", inferred=i < 2)
        sketch.join("CITES", papers[-1][0], above, pair, quote=f"落实{above}", role="basis")
    county = papers[-1][0]
    for i, title in enumerate(("（一）配齐书目", "（二）培训馆员"), 1):
        task = sketch.node(
            "Task", f"t{i}", name=f"T0{i}", order=i, title=title, text=f"{title}，逐项落实。", document=county
        )
        sketch.join("CONTAINS", county, task, ("Document", "Task"), quote=f"{title}，逐项落实。")
    for name, role, task in (
        ("县文旅局", "LEADS", "t1"),
        ("县财政局", "SUPPORTS", "t1"),
        ("县教育局", "RESPONSIBLE_FOR", "t2"),
    ):
        unit = sketch.node("Unit", f"竹坪县/{name}", name=name, level="county", aliases=[name, name + "（别名）"])
        sketch.join(role, unit, task, ("Unit", "Task"), quote=f"责任单位：{name}")
    sketch.node("Unit", "松坪县/县财政局", name="县财政局", level="county", aliases=["县财政局"])
    law = sketch.node("Document", "图书馆法", title="图书馆法", kind="law", level="national", loaded=False)
    sketch.join("CITES", "t1", law, ("Task", "Document"), quote="依照《图书馆法》", role="basis")
    order = sketch.node("Document", "云府令9", title="云岭省藏书令", kind="directive", level="province", loaded=False)
    sketch.join("CITES", "t1", order, ("Task", "Document"), quote="按照《云岭省藏书令》", role="basis")
    sketch.node("Deadline", "2030-06-30", kind="date", text="2030-06-30")
    sketch.join("DUE", "t1", "2030-06-30", ("Task", "Deadline"), quote="6月底前")
    return sketch.store(tmp_path_factory.mktemp("chain"))


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def visit(browser):
    visits: list[Visit] = []

    def visit(path: Path, **size: int) -> Visit:
        visits.append(Visit(browser, path, **size))
        return visits[-1]

    yield visit
    for one in visits:
        assert one.outside == []
        assert one.troubles == []
        one.close()


def drawn(visit: Visit) -> list[str]:
    """The ids of the nodes that can be seen."""
    return visit.page.evaluate("zhengling.nodes.get({filter: (n) => !n.hidden}).map((n) => n.id)")


def click(visit: Visit, point: str) -> None:
    """A click of the mouse on the point of the canvas that the expression gives."""
    visit.page.evaluate("zhengling.network.redraw()")
    spot = visit.page.evaluate(f"zhengling.network.canvasToDOM({point})")
    visit.page.locator("#mynetwork").click(position=spot)
    visit.page.wait_for_function("document.querySelector('#details h2')")


# --- files ---------------------------------------------------------------------------------------------------------


def test_the_same_graph_gives_the_same_bytes_in_utf_8(chain, tmp_path):
    for name in ("a.html", "b.html"):
        write_view(chain, tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert "竹坪县人民政府办公室" in (tmp_path / "a.html").read_text("utf-8")


def test_nothing_in_the_page_leads_outside(chain, tmp_path):
    write_view(chain, tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text("utf-8")
    bare = re.sub(r"/\*.*?\*/", "", page, count=2, flags=re.DOTALL)  # the two licence comments
    assert set(re.findall(r"(?:https?:)?//[\w.]+\.\w+[^\s\"'<>)]*", bare)) <= {"http://www.w3.org/2000/svg"}
    assert "sourceMappingURL" not in page
    assert re.findall(r"<(?:script|img|iframe|link)[^>]*(?:src|href)=\"(?!data:)", page) == []
    assert "default-src 'none'" in page
    assert re.findall(r"script-src [^;]*unsafe", page) == []


def test_the_report_counts_what_is_drawn(chain, tmp_path):
    report = write_view(chain, tmp_path / "a.html")
    assert report == (13, 14, 13)
    assert write_view(chain, tmp_path / "b.html", limit=5).total == 13
    assert write_view(chain, tmp_path / "b.html", limit=5).nodes == 5


@pytest.mark.parametrize(
    ("asked", "code", "status"),
    [
        ({"document": "没有此文"}, "no-document", 2),
        ({"unit": ""}, "no-such-unit", 2),
        ({"unit": "县财政局"}, "several-units", 1),
        ({"task": "逐项落实"}, "several-tasks", 1),
        ({"task": "t1", "unit": "县教育局"}, "one-part", 2),
    ],
)
def test_a_name_that_fits_nothing_or_several_things_is_refused(chain, tmp_path, asked, code, status):
    with pytest.raises(zl.ZhenglingError) as caught:
        write_view(chain, tmp_path / "a.html", **asked)
    assert (caught.value.code, caught.value.status) == (code, status)
    assert not (tmp_path / "a.html").exists()


@pytest.mark.parametrize(
    ("asked", "nodes"),
    [
        ({"document": "竹政办[2030] 4号"}, 12),
        ({"document": "竹坪县人民政府办公室关于印发云上图书馆工作要点的通知"}, 12),
        ({"unit": "县文旅局（别名）"}, 3),
        ({"task": "配齐书目"}, 9),
        ({"directive": "国办发〔2030〕1号"}, 6),
    ],
)
def test_parts_of_the_graph_by_id_number_title_or_alias(chain, tmp_path, asked, nodes):
    assert write_view(chain, tmp_path / "a.html", **asked).nodes == nodes


def test_an_empty_graph_gives_an_empty_picture(tmp_path, visit):
    assert write_view(Sketch().store(tmp_path), tmp_path / "a.html") == (0, 0, 0)
    assert "没有可画的内容" in visit(tmp_path / "a.html").page.inner_text("body")


# --- in the browser ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "word"), [("zh", "牵头"), ("en", "leads")])
def test_the_legend_names_kinds_roles_and_levels(chain, tmp_path, visit, language, word):
    write_view(chain, tmp_path / "a.html", language=language)
    text = visit(tmp_path / "a.html").page.inner_text("#legend")
    assert word in text
    assert [k for k in ("文件", "任务", "单位", "时限", "国家级", "县级") if (k in text) != (language == "zh")] == []
    assert "view-" not in text


def test_search_finds_a_node_and_enter_opens_it(chain, tmp_path, visit):
    write_view(chain, tmp_path / "a.html")
    page = visit(tmp_path / "a.html").page
    page.fill("#search", "别名 文旅")
    assert page.locator("#found button").all_inner_texts() == ["单位\n县文旅局"]
    page.press("#search", "Enter")
    assert page.inner_text("#details h2") == "县文旅局"
    page.fill("#search", "查无此词")
    assert page.locator("#found button").count() == 0
    assert "没有找到" in page.inner_text("#count")


def test_the_keyboard_walks_from_the_search_through_the_list(chain, tmp_path, visit):
    write_view(chain, tmp_path / "a.html")
    page = visit(tmp_path / "a.html").page
    page.focus("#search")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    chosen = page.locator("#found [aria-current]")
    assert page.inner_text("#details h2") == chosen.locator("span").nth(1).inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#details h2").count() == 0


def test_filters_hide_and_show_kinds_and_roles(chain, tmp_path, visit):
    write_view(chain, tmp_path / "a.html")
    one = visit(tmp_path / "a.html")
    everything = drawn(one)
    one.page.uncheck("[data-kind=Task]")
    assert not {"t1", "t2"} & set(drawn(one))
    one.page.check("[data-kind=Task]")
    assert drawn(one) == everything
    one.page.uncheck("[data-line=LEADS]")
    assert set(everything) - set(drawn(one)) == {"竹坪县/县文旅局"}
    seen = one.page.evaluate("zhengling.edges.get({filter: (e) => !e.hidden}).length")
    assert seen == 13
    assert "县文旅局" not in one.page.inner_text("#found")


def test_a_click_on_a_node_shows_its_facts_and_the_quoted_words(chain, tmp_path, visit):
    write_view(chain, tmp_path / "a.html")
    one = visit(tmp_path / "a.html")
    click(one, "zhengling.network.getPosition('t1')")
    text = one.page.inner_text("#details")
    for words in ("T01 （一）配齐书目", "逐项落实", "县文旅局", "责任单位：县文旅局", "6月底前", "第 4 行"):
        assert words in text
    one.page.click("#details li button:has-text('县财政局')")
    assert one.page.inner_text("#details h2") == "县财政局"


def test_a_click_on_a_line_shows_the_relationship(chain, tmp_path, visit):
    write_view(chain, tmp_path / "a.html", unit="县文旅局")
    one = visit(tmp_path / "a.html")
    click(
        one,
        "((a, b) => ({x: (a.x + b.x) / 2, y: (a.y + b.y) / 2}))"
        "(...['竹坪县/县文旅局', 't1'].map((n) => zhengling.network.getPosition(n)))",
    )
    assert "牵头" in one.page.inner_text("#details")
    assert one.page.inner_text("#details blockquote").startswith("责任单位：县文旅局")


def test_hostile_text_is_shown_as_it_is_and_does_nothing(tmp_path, visit):
    sketch = Sketch()
    for i, text in enumerate(HOSTILE):
        quote = json.dumps(
            {"document": text, "start": 0, "end": 1, "quote": text, "rule": text, "place": {"line": text}}
        )
        paper = sketch.node(
            "Document", f"d{i}{text}", number=text, title=text, source=text, loaded=True, evidence=[quote]
        )
        task = sketch.node("Task", f"t{i}{text}", name=text, title=text, text=text, section=[text], document=paper)
        unit = sketch.node("Unit", f"u{i}{text}", name=text, function=text, aliases=[text], level=text)
        sketch.join("CONTAINS", paper, task, ("Document", "Task"), quote=text)
        sketch.join("LEADS", unit, task, ("Unit", "Task"), quote=text)
    store = sketch.store(tmp_path)
    write_view(store, tmp_path / "all.html")
    one = visit(tmp_path / "all.html")
    for text in HOSTILE:
        one.page.fill("#search", text)
        one.page.press("#search", "Enter")
        assert one.page.text_content("#details h2") == text
        assert one.page.locator("#details blockquote").first.evaluate("e => e.firstChild.data") == text
    assert one.page.locator("#details img, #details a, #details b, #details script, #found b").count() == 0
    for i, text in enumerate(HOSTILE[:4]):
        write_view(store, tmp_path / f"{i}.html", document=f"d{i}{text}")
        two = visit(tmp_path / f"{i}.html")
        assert two.page.text_content("h1") == f"文件：{text}"
        assert two.page.text_content("#details h2") == text
        spot = two.page.evaluate(
            "(id) => zhengling.network.canvasToDOM(zhengling.network.getPosition(id))", f"d{i}{text}"
        )
        two.page.hover("#mynetwork", position=spot)
        two.page.wait_for_selector(".vis-tooltip", state="visible")
        assert two.page.text_content(".vis-tooltip") == text


def test_chinese_is_drawn_and_not_boxes(chain, tmp_path, visit):
    write_view(chain, tmp_path / "a.html")
    page = visit(tmp_path / "a.html").page
    assert page.title() == "政令图谱"
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    # Two characters look different only where a font has them.
    unlike = page.evaluate("""() => {
        const draw = (text) => {
            const canvas = document.createElement("canvas");
            const pen = canvas.getContext("2d");
            pen.font = "32px " + zhengling.nodes.get()[0].font.face;
            pen.fillText(text, 0, 40);
            return canvas.toDataURL();
        };
        return draw("政") !== draw("令") && draw("图") !== draw("谱");
    }""")
    assert unlike


def test_only_the_most_connected_nodes_are_drawn_and_the_page_says_so(tmp_path, visit):
    sketch = Sketch()
    paper = sketch.node("Document", "d", title="许多任务的通知", loaded=True)
    for i in range(1001, 1061):
        sketch.join("CONTAINS", paper, sketch.node("Task", f"t{i}", name="T"), ("Document", "Task"), quote="任务")
    sketch.join("LEADS", sketch.node("Unit", "u", name="县财政局"), "t1060", ("Unit", "Task"))
    store = sketch.store(tmp_path)
    for asked in ({}, {"document": "d"}):
        report = write_view(store, tmp_path / "a.html", limit=50, **asked)
        assert (report.nodes, report.total) == (50, 62)
        one = visit(tmp_path / "a.html")
        assert one.page.inner_text("#limited") == "共 62 个节点，只画出联系最多的 50 个。"
        nodes = drawn(one)
        assert len(nodes) == 50
        # The paper, the task with a unit; then by id, and the unit's id comes after those of the tasks.
        assert {paper, "t1060", "t1048"} <= set(nodes)
        assert not {"t1049", "u"} & set(nodes)


def test_a_trace_stands_by_level_with_the_nation_on_top(chain, tmp_path, visit):
    write_view(chain, tmp_path / "a.html", task="t1")
    one = visit(tmp_path / "a.html")
    y = one.page.evaluate("Object.fromEntries(zhengling.nodes.get().map((n) => [n.id, n.y]))")
    steps = [
        "国办发〔2030〕1号",
        "云政办发〔2030〕2号",
        "溪政办〔2030〕3号",
        "竹政办〔2030〕4号",
        "t1",
    ]
    assert [y[step] for step in steps] == sorted({y[step] for step in steps})
    assert y["竹坪县/县文旅局"] > y["竹政办〔2030〕4号"]  # beside the task
    assert abs(y["云府令9"] - y["云政办发〔2030〕2号"]) < 20  # cited in the task: a step of its own, beside the chain
    assert "图书馆法" not in y  # a law is no step
    labels = one.page.evaluate("zhengling.edges.get().map((e) => e.label)")
    assert "落实 · 推断" in labels


def test_nodes_do_not_move_and_do_not_overlap(chain, tmp_path, visit):
    write_view(chain, tmp_path / "a.html")
    one = visit(tmp_path / "a.html")
    where = "JSON.stringify(zhengling.network.getPositions())"
    before = one.page.evaluate(where)
    one.page.wait_for_timeout(400)
    assert one.page.evaluate(where) == before
    assert not one.page.evaluate("zhengling.network.physics.physicsEnabled")
    boxes = one.page.evaluate("zhengling.nodes.get().map((n) => zhengling.network.getBoundingBox(n.id))")
    clashes = [
        (a, b)
        for i, a in enumerate(boxes)
        for b in boxes[:i]
        if min(a["right"], b["right"]) - max(a["left"], b["left"]) > 2
        and min(a["bottom"], b["bottom"]) - max(a["top"], b["top"]) > 2
    ]
    assert clashes == []


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (820, 900), (400, 800)])
def test_every_part_of_the_page_fits_the_window(chain, tmp_path, visit, width, height):
    write_view(chain, tmp_path / "a.html")
    page = visit(tmp_path / "a.html", width=width, height=height).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#mynetwork canvas").bounding_box()["width"] > 300
    for part in ("#search", "#legend", "#details", "#fit"):
        page.locator(part).scroll_into_view_if_needed()
        assert page.locator(part).is_visible()


def test_the_samples_from_papers_to_picture(built, tmp_path, visit):
    graph = zl.open(built)
    graph.view(tmp_path / "all.html")
    county = graph.view(tmp_path / "a.html", region="鹭滩", level="县", year=2023)
    assert county[:2] == graph.view(tmp_path / "b.html", document="鹭政办发〔2023〕22号")[:2]
    part = graph.view(tmp_path / "a.html", directive="国办发〔2023〕908号", level="市")
    assert part.nodes < graph.view(tmp_path / "b.html", directive="国办发〔2023〕908号").nodes
    with pytest.raises(ZhenglingError):
        graph.view(tmp_path / "a.html", document="鹭政办发〔2023〕22号", year=2023)
    one = visit(tmp_path / "all.html")
    assert len(drawn(one)) > 100
    task = (
        graph.query("find", text="", limit=1) if False else graph.cypher("MATCH (t:Task) RETURN t.id AS task LIMIT 1")
    )
    graph.view(tmp_path / "task.html", task=task[0]["task"])
    assert visit(tmp_path / "task.html").page.locator("#details blockquote").count() > 0


def test_a_missing_browser_is_skipped_with_advice_and_fails_on_ci(monkeypatch):
    monkeypatch.setenv("ZHENGLING_CHROMIUM", "/no/such/browser")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium"):
        program()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        program()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_name_of_the_schema_has_words(language):
    texts = Catalogue(language)
    shown = {name for facts in NODES.values() for name in facts} | {"role", "inferred"}
    codes = [*NODES, *RELATIONSHIPS, *filter(None, looks.LEVELS), "unknown-level", "basis", "mention"]
    codes += ["directive", "law", "regulation", "standard", "date", "ongoing", "recurring", "relative"]
    codes += ["why-national", "why-names-no-superior", "why-not-loaded"]
    assert [code for code in codes if not texts.text(f"view-{code}")] == []
    hidden = {"evidence", "order"}
    assert [n for n in shown - hidden if not (texts.text(f"view-fact-{n}") or texts.text(f"view-{n}"))] == []


def test_colours_keep_their_contrast():
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(one: str, two: str) -> float:
        darker, lighter = sorted((light(one), light(two)))
        return (lighter + 0.05) / (darker + 0.05)

    for dark, pale in looks.LEVEL_COLOURS.values():
        assert contrast(dark, "#ffffff") >= 4.5
        assert contrast(looks.INK, pale) >= 4.5
    for colour in [*looks.KIND_COLOURS.values(), *(line[0] for line in looks.LINES.values())]:
        assert contrast(colour, "#f6f7f9") >= 2.9
    assert looks.LINES.keys() == RELATIONSHIPS.keys()
    assert looks.SHAPES.keys() == NODES.keys()


# --- places --------------------------------------------------------------------------------------------------------


def test_layouts_hold_every_node_once_apart_from_the_others():
    sizes = {f"n{i}": (80.0, 30.0) for i in range(60)}
    edges = [(f"n{i}", f"n{i // 4}") for i in range(1, 60)]
    names = list(sizes)
    for place in (
        spread(sizes, edges),
        stack([names[:2], names[2:20], names[20:]], sizes, edges)[0],
        blocks([names[:1], names[1:6]], {"n0": names[6:10], "n3": names[10:]}, sizes)[0],
    ):
        assert place.keys() == sizes.keys()
        spots = list(place.values())
        assert all(abs(a[0] - b[0]) >= 79 or abs(a[1] - b[1]) >= 29 for i, a in enumerate(spots) for b in spots[:i])
    assert spread({}, []) == {}
    assert len(spread({"a": (10, 10), "b": (10, 10)}, [])) == 2


# --- what is left, and what is taken along ----------------------------------------------------------------------------

OVERLAPS = """(() => {
  const boxes = zhengling.nodes.get({filter: (n) => !n.hidden}).map((n) => zhengling.network.getBoundingBox(n.id));
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  return boxes.flatMap((a, i) => boxes.slice(0, i).filter((b) => over(a, b))).length;
})()"""
#: Lines of the saved picture that pass through a sign that is none of their ends.
CROSSED = """(() => {
  const boxes = zhengling.nodes.get().map((n) => zhengling.network.getBoundingBox(n.id));
  const inside = (b, [x, y]) => x > b.left + 2 && x < b.right - 2 && y > b.top + 2 && y < b.bottom - 2;
  return [...zhengling.picture().querySelectorAll('polyline')].flatMap((line) => {
    const points = line.getAttribute('points').split(' ').map((p) => p.split(',').map(Number)).slice(2, -2);
    return boxes.filter((b) => points.some((point) => inside(b, point)));
  }).length;
})()"""


@pytest.fixture(scope="module")
def two_counties(tmp_path_factory) -> EmbeddedStore:
    """A county's paper with a task of eighteen units that lead and answer for it, and another county's with one."""
    sketch = Sketch()
    for county, year, units in (("竹坪县", 2030, 18), ("松坪县", 2031, 1)):
        where = f"中国/云岭省/溪源市/{county}"
        facts = {"title": f"{county}图书馆工作要点", "level": "county", "kind": "directive", "loaded": True}
        paper = sketch.node("Document", f"{county}文", **facts, region=where, year=year)
        task = sketch.node(
            "Task", f"{county}1", name="T01", order=1, title="配齐书目", text="配齐书目。", document=paper
        )
        sketch.join("CONTAINS", paper, task, ("Document", "Task"), quote="配齐书目。")
        for n in range(units):
            name = f"县第{n + 1}图书服务中心" if n else "县教育和体育局"
            unit = sketch.node("Unit", f"{where}|{name}", name=name, level="county", region=where, aliases=[name])
            for role in ("LEADS", "RESPONSIBLE_FOR"):
                sketch.join(role, unit, task, ("Unit", "Task"), quote=name)
    return sketch.store(tmp_path_factory.mktemp("counties"))


def test_a_task_of_eighteen_units_has_no_label_over_another_and_no_line_through_a_box(two_counties, tmp_path, visit):
    write_view(two_counties, tmp_path / "a.html", task="竹坪县1")
    page = visit(tmp_path / "a.html").page
    assert page.evaluate(OVERLAPS) == 0
    assert page.evaluate(CROSSED) == 0
    assert page.evaluate("zhengling.picture().querySelectorAll('ellipse').length") == 18


def test_papers_stand_by_level_and_what_people_said_is_seen(chain, tmp_path, visit):
    write_view(chain, tmp_path / "a.html")
    places = visit(tmp_path / "a.html").page.evaluate("zhengling.network.getPositions()")
    numbers = ["国办发〔2030〕1号", "云政办发〔2030〕2号", "溪政办〔2030〕3号", "竹政办〔2030〕4号"]
    heights = [places[number]["y"] for number in numbers]
    assert heights == sorted(heights)

    sketch = Sketch()
    place = {"review": "changed", "by": "李明", "at": "2030-05-06", "was": {"role": "lead"}}
    told = json.dumps({"document": "d", "start": 0, "end": 0, "quote": "", "rule": "correction", "place": place})
    sketch.node("Task", "t", title="配齐书目", review="confirmed", state="done")
    sketch.node("Unit", "u", name="县文旅局")
    sketch.join("SUPPORTS", "u", "t", ("Unit", "Task"), review="changed", evidence=[told])
    write_view(sketch.store(tmp_path), tmp_path / "b.html")
    page = visit(tmp_path / "b.html").page
    assert page.evaluate("zhengling.nodes.get('t').label").endswith("\u2713")
    data = json.loads(str(page.locator("#data").text_content()))
    (line,), task = data["edges"], next(node for node in data["nodes"] if node["id"] == "t")
    assert line["label"] == "\u270e"
    assert ["人工核对", "已更改（李明，2030-05-06）；文件原为：角色 牵头"] in line["facts"]
    assert ["状态", "已完成"] in task["facts"]


def test_filters_of_papers_lay_out_anew_and_the_picture_is_saved(two_counties, tmp_path, visit):
    write_view(two_counties, tmp_path / "a.html")
    seen = visit(tmp_path / "a.html")
    page, before = seen.page, len(drawn(seen))
    where = page.evaluate("zhengling.network.getPositions()")
    page.locator("#of-place").select_option("松坪县")
    assert sorted(drawn(seen)) == ["中国/云岭省/溪源市/松坪县|县教育和体育局", "松坪县1", "松坪县文"]
    assert page.evaluate(OVERLAPS) == 0
    assert page.evaluate("zhengling.network.getPositions()") != where
    page.locator("#of-year").select_option("2030")
    assert drawn(seen) == []
    for name in ("year", "place"):
        page.locator(f"#of-{name}").select_option("")
    assert len(drawn(seen)) == before
    assert page.evaluate("zhengling.network.getPositions()") == where
    page.locator("#search").fill("松坪教体局")  # a form that no paper has, behind its place
    assert "县教育和体育局" in page.locator("#found button").first.inner_text()
    assert page.locator("#found button").count() == 1
    for kind, begins in (("svg", b"<svg"), ("png", b"\x89PNG")):
        with page.expect_download() as saved:
            page.locator(f"#{kind}").click()
        assert Path(saved.value.path()).read_bytes().startswith(begins)
        assert saved.value.suggested_filename.endswith(f".{kind}")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#printed svg").is_visible()
    assert not page.locator("nav").is_visible()
