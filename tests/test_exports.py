"""Exports for networks and offices: GraphML and GEXF as networkx reads them, the task ledger as its libraries do."""

from __future__ import annotations

import csv
import json
import re
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree

import networkx
import openpyxl
import pyarrow
import pyarrow.parquet
import pytest
import zhengling
from hypothesis import given, settings
from hypothesis import strategies as st
from zhengling.app.files_out import gephi, ledger
from zhengling.app.messages import Catalogue
from zhengling.app.pictures.layout import rings
from zhengling.app.tables import cells
from zhengling.extractors.errors import ZhenglingError
from zhengling.graph.schema import NODES, RELATIONSHIPS
from zhengling.graph.stores import embedded

SAID = ["=1+1", "+2", "-3", "@sum", "\t=4", "\r=5", "＝6", "＋7", "－8", "＠9"]


class Odd:
    """A graph whose words are as bad as can be: formulas, control characters, marks of XML (`schema.Source`)."""

    def __init__(self, words: list[str]) -> None:
        self.words = words

    def nodes(self, label):
        facts = {
            "Document": [
                {"id": "d\x01", "title": self.words[0], "loaded": True, "kind": "directive", "level": "county"},
                {"id": "d\ufffd", "title": "<&>\"'", "loaded": False, "kind": "directive", "level": "city"},
            ],
            "Task": [
                {"id": f"t{n}", "name": f"T{n:02}", "order": n, "text": word, "title": word, "document": "d\x01"}
                for n, word in enumerate(self.words)
            ],
            "Unit": [{"id": "u", "name": self.words[0], "region": "r"}],
            "Region": [{"id": "r", "name": "r"}],
            "Deadline": [{"id": "date 2023-06-30", "kind": "date", "text": "x", "due": date(2023, 6, 30)}],
        }
        for row in facts[label]:
            yield [row.get(name, [] if kind == "STRING[]" else None) for name, kind in NODES[label].items()]

    def relationships(self, name, start, stop):
        ends = {
            ("CONTAINS", "Document"): [("d\x01", f"t{n}") for n in range(len(self.words))],
            ("LEADS", "Unit"): [("u", f"t{n}") for n in range(len(self.words))],
            ("DUE", "Task"): [("t0", "date 2023-06-30")],
            ("CITES", "Task"): [("t0", "d\ufffd"), ("t0", "d\ufffd")],
            ("IN", "Unit"): [("u", "r")],
        }.get((name, start), [])
        proof = ['{"document": "d", "start": 0, "end": 1, "quote": "q", "rule": "", "place": {}}']
        for n, (a, b) in enumerate(ends):
            values = {"evidence": proof, "quote": self.words[0], "role": ("basis", "mention")[n % 2]}
            yield [a, b, *(values.get(key) for key in RELATIONSHIPS[name].properties)]


def read(form: str, path: Path) -> networkx.MultiDiGraph:
    return networkx.read_gexf(path) if form == "gexf" else networkx.read_graphml(path, force_multigraph=True)


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_networkx_reads_the_same_graph_back(run, built, tmp_path, form):
    got = run("export", "--format", form, "--out", tmp_path / "g", "--workspace", built)
    graph = zhengling.open(built).networkx()
    back = read(form, tmp_path / "g")
    assert got.status == 0 and f"{len(graph)} nodes" in got.err
    assert set(back) == set(graph) and back.number_of_edges() == graph.number_of_edges()
    kinds = lambda g, key: sorted((a, b, d[key]) for a, b, d in g.edges(data=True))  # noqa: E731
    assert kinds(back, "relation") == kinds(graph, "type")
    for name, facts in graph.nodes(data=True):
        there = back.nodes[name]
        assert there["type"] == facts["label"] and there["label"]
        for key in ("title", "level", "year", "loaded", "text", "due"):
            if facts.get(key) not in (None, ""):
                assert there[key] == (facts[key].isoformat() if key == "due" else facts[key])
    assert all(d["weight"] >= 1 for *_, d in back.edges(data=True))
    assert max(d["weight"] for *_, d in back.edges(data=True)) > 1
    # What Gephi draws: a place of its own for each node, colours by kind and level, sizes.
    looks = [d["viz"] for _, d in back.nodes(data=True)] if form == "gexf" else []
    if form == "gexf":
        places = [(v["position"]["x"], v["position"]["y"]) for v in looks]
        colours = {tuple(sorted(v["color"].items())) for v in looks}
    else:
        places = [(d["x"], d["y"]) for _, d in back.nodes(data=True)]
        colours = {(d["r"], d["g"], d["b"]) for _, d in back.nodes(data=True)}
    assert len(set(places)) == len(graph) and len(colours) > 5
    first = (tmp_path / "g").read_bytes()
    run("export", "--format", form, "--out", tmp_path / "g", "--workspace", built)
    assert (tmp_path / "g").read_bytes() == first
    assert b"lastmodified" not in first and str(built).encode() not in first


def test_gexf_is_of_the_version_that_it_says(run, built, tmp_path):
    run("export", "--format", "gexf", "--out", tmp_path / "g.gexf", "--workspace", built)
    root = ElementTree.parse(tmp_path / "g.gexf").getroot()
    space = "{http://www.gexf.net/1.2draft}"
    assert root.tag == f"{space}gexf" and root.get("version") == "1.2"
    declared = {a.get("id") for a in root.iter(f"{space}attribute")}
    assert {v.get("for") for v in root.iter(f"{space}attvalue")} <= declared
    nodes = {n.get("id") for n in root.iter(f"{space}node")}
    assert all({e.get("source"), e.get("target")} <= nodes for e in root.iter(f"{space}edge"))
    ids = [e.get("id") for e in root.iter(f"{space}edge")]
    assert len(set(ids)) == len(ids)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_any_text_is_good_xml(tmp_path_factory, words):
    folder = tmp_path_factory.mktemp("odd")
    words = [w.encode("utf-8", "replace").decode() for w in [*words, "\x00\x0b\x1f\ufffe]]>&<\r\n\t"]]
    for form in ("gexf", "graphml"):
        counts = gephi.write(form, Odd(words), folder / form)
        back = read(form, folder / form)
        assert counts == (len(back), back.number_of_edges()) == (5 + len(words), 4 + 2 * len(words))


def test_many_nodes_have_places_of_their_own():
    groups = {f"t{n}": f"d{n % 40}" for n in range(4000)} | {f"d{n}": f"d{n}" for n in range(40)}
    places = rings(groups, 40)
    assert len(set(places.values())) == len(groups)
    assert rings(dict(reversed(groups.items())), 40) == places
    # Those of a group stand together: nearer to their paper than the papers to one another, for most.
    away = lambda a, b: ((places[a][0] - places[b][0]) ** 2 + (places[a][1] - places[b][1]) ** 2) ** 0.5  # noqa: E731
    assert max(away(f"t{n}", f"d{n % 40}") for n in range(4000)) < min(away("d0", f"d{n}") for n in range(1, 40))


class Heavy(Odd):
    """Tasks with long texts, one unit that has them all, and others."""

    COUNT = 6000

    def nodes(self, label):
        facts: dict[str, list[dict]] = {
            "Document": [{"id": f"d{n:04}"} for n in range(self.COUNT // 20)],
            "Task": [{"id": f"t{n:05}", "text": f"{n}" + "长" * 900} for n in range(self.COUNT)],
            "Unit": [{"id": f"u{n:02}"} for n in range(50)],
        }
        for row in facts.get(label, []):
            yield [row.get(name, [] if kind == "STRING[]" else None) for name, kind in NODES[label].items()]

    def relationships(self, name, start, stop):
        ends: list[tuple[str, str]] = []
        if name == "CONTAINS":
            ends = [(f"d{n // 20:04}", f"t{n:05}") for n in range(self.COUNT)]
        if name == "LEADS":
            ends = sorted({(u, f"t{n:05}") for n in range(self.COUNT) for u in ("u00", f"u{n % 50:02}")})
        for a, b in ends:
            values = {"evidence": [f"{a}{b}"], "quote": f"{a}{b}" + "证" * 900}
            yield [a, b, *(values.get(key) for key in RELATIONSHIPS[name].properties)]


def test_a_store_that_its_pool_can_not_sort_is_read_by_pages(tmp_path, monkeypatch):
    source, path = Heavy([]), tmp_path / "g.lbug"
    embedded.build(path, source)
    monkeypatch.setattr(embedded, "_READ_POOL", 1 << 25)
    paged = []
    pages = embedded.EmbeddedStore._relationship_pages
    monkeypatch.setattr(
        embedded.EmbeddedStore, "_relationship_pages", lambda self, *ends: paged.append(ends) or pages(self, *ends)
    )
    with embedded.EmbeddedStore(path) as store:
        for label in NODES:
            assert list(store.nodes(label)) == [list(row) for row in source.nodes(label)]
        for name, relationship in RELATIONSHIPS.items():
            for ends in relationship.pairs:
                assert list(store.relationships(name, *ends)) == [list(r) for r in source.relationships(name, *ends)]
    assert ("LEADS", "Unit", "Task") in paged


def test_a_question_that_the_pool_does_not_hold_is_asked_in_a_larger_one(tmp_path, monkeypatch):
    source, path = Heavy([]), tmp_path / "g.lbug"
    embedded.build(path, source)
    monkeypatch.setattr(embedded, "_READ_POOL", 1 << 25)
    cypher = "MATCH (t:Task) RETURN t.id AS id, t.text AS text ORDER BY t.text DESC, t.id"
    with embedded.EmbeddedStore(path) as store:
        _, rows = store.rows(cypher)
        assert len(rows) == Heavy.COUNT
        assert rows == sorted(rows, key=lambda row: (row[1], row[0]), reverse=True)
        monkeypatch.setattr(embedded, "_ROOMIER", 0)
    with embedded.EmbeddedStore(path) as store, pytest.raises(ZhenglingError) as error:
        store.rows(cypher)
    assert error.value.code == "store-failed"


# --- the ledger -----------------------------------------------------------------------------------------------------


def test_workbook_is_ready_for_an_office(run, built, tmp_path):
    for language, first, sheet in (("zh", "序号", "任务台账"), ("en", "No.", "Tasks")):
        out = tmp_path / f"{language}.xlsx"
        assert run("export", "--format", "xlsx", "--out", out, "--workspace", built, lang=language).status == 0
        book = openpyxl.load_workbook(out)
        tasks = book[sheet]
        assert tasks["A1"].value == first and tasks["A1"].font.b
        assert tasks.freeze_panes == "A2" and tasks.auto_filter.ref == tasks.dimensions
        assert tasks.print_title_rows == "$1:$1" and tasks.page_setup.orientation == "landscape"
        assert all(8 <= tasks.column_dimensions[c].width <= 60 for c in "BCDK")
        assert len(tasks.data_validations.dataValidation) == 2
    tasks = openpyxl.load_workbook(tmp_path / "zh.xlsx")["任务台账"]
    rows = list(tasks.iter_rows(min_row=2, values_only=True))
    names = [c.value for c in tasks[1]]
    summary = zhengling.open(built).query("document-summary")
    assert len(rows) == sum(row["tasks"] for row in summary)
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    column = {name: [row[n] for row in rows] for n, name in enumerate(names)}
    dates = [v for v in column["截止日期"] if v]
    assert dates and all(isinstance(v, datetime) for v in dates)
    assert tasks.cell(2, names.index("截止日期") + 1).alignment.wrap_text is not False
    assert any("国办发" in v and "→" in v for v in column["依据链条"] if v)
    assert {len(list(sheet[1])) for sheet in openpyxl.load_workbook(tmp_path / "zh.xlsx")} == {32, 15, 12, 10, 8}
    first = (tmp_path / "zh.xlsx").read_bytes()
    run("export", "--format", "xlsx", "--out", tmp_path / "zh.xlsx", "--workspace", built, lang="zh")
    assert (tmp_path / "zh.xlsx").read_bytes() == first


def test_tables_agree_with_the_questions(run, built, tmp_path):
    """The units and deadlines of each task are those that the saved questions give."""
    assert run("export", "--format", "csv", "--out", tmp_path / "t", "--workspace", built).status == 0
    assert sorted(f.name for f in (tmp_path / "t").iterdir()) == [
        "citations.csv", "documents.csv", "tasks.csv", "units.csv",
    ]  # fmt: skip
    with (tmp_path / "t" / "tasks.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["Id"]: row for row in csv.DictReader(file)}
    graph = zhengling.open(built)
    for role, heading in (("LEADS", "Lead"), ("RESPONSIBLE_FOR", "Responsible"), ("SUPPORTS", "Support")):
        told: dict[str, set[str]] = {}
        for row in graph.cypher(f"MATCH (u:Unit)-[:{role}]->(t:Task) RETURN t.id AS task, u.name AS unit"):
            told.setdefault(row["task"], set()).add(row["unit"])
        assert {t: set(r[heading].split("、")) for t, r in rows.items() if r[heading]} == told
    due = graph.cypher("MATCH (t:Task)-[:DUE]->(d:Deadline) WHERE d.due IS NOT NULL RETURN t.id AS task, d.due AS due")
    first: dict[str, str] = {}
    for row in sorted(due, key=lambda r: r["due"]):
        first.setdefault(row["task"], row["due"])
    assert {t: r["Due"] for t, r in rows.items() if r["Due"]} == first
    for task, row in list(rows.items())[::9]:
        steps = [r for r in graph.trace(task) if r["how"] in ("implements", "direct", "inferred") and r["id"] != task]
        for step in steps:
            assert step["id"] in row["Chain of command"] or f"《{step['title']}》" in row["Chain of command"]


def test_parquet_has_types(run, built, tmp_path):
    assert run("export", "--format", "parquet", "--out", tmp_path / "t.parquet", "--workspace", built).status == 0
    table = pyarrow.parquet.read_table(tmp_path / "t.parquet")
    kinds = dict(zip(table.schema.names, table.schema.types, strict=True))
    assert kinds["due"] == kinds["date"] == pyarrow.date32() and kinds["year"] == pyarrow.int32()
    assert kinds["lead"] == pyarrow.list_(pyarrow.string()) and pyarrow.types.is_struct(kinds["deadlines"].value_type)
    rows = table.to_pylist()
    assert len(rows) == sum(row["tasks"] for row in zhengling.open(built).query("document-summary"))
    assert all(row["due"] is None or row["due"] in [d["due"] for d in row["deadlines"]] for row in rows)
    assert any(row["citations"] and row["citations"][0]["quote"] for row in rows)
    day = ("--today", "2023年6月20日")
    run("export", "--format", "parquet", "--out", tmp_path / "then.parquet", "--workspace", built, *day)
    then = pyarrow.parquet.read_table(tmp_path / "then.parquet").to_pylist()
    assert {row["light"] for row in then} == {"red", "yellow", "green"} != {row["light"] for row in rows}
    assert {row["light_day"] for row in then} == {date(2023, 6, 20)} and rows[0]["light_day"] == date.today()
    red = {row["id"] for row in then if row["light"] == "red"}
    overdue = zhengling.open(built).query("overdue", today="2023-06-20")
    assert red == {row["task"] for row in overdue}
    first = (tmp_path / "t.parquet").read_bytes()
    run("export", "--format", "parquet", "--out", tmp_path / "t.parquet", "--workspace", built, lang="zh")
    assert (tmp_path / "t.parquet").read_bytes() == first  # names and codes are those of no language


def test_words_never_become_formulas(tmp_path):
    ledger.write_xlsx(Odd(SAID), tmp_path / "x.xlsx", Catalogue("zh"))
    found = [c for s in openpyxl.load_workbook(tmp_path / "x.xlsx") for row in s.iter_rows() for c in row]
    said = [c for c in found if isinstance(c.value, str) and c.value.startswith(cells.FORMULA)]
    assert len(said) > 2 * len(SAID) - 4 and all(c.data_type == "s" and c.quotePrefix for c in said)
    assert not [c for c in found if c.data_type == "f"]
    ledger.write_csv(Odd(SAID), tmp_path / "t", Catalogue("zh"))
    for path in (tmp_path / "t").iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            assert not [cell for row in csv.reader(file) for cell in row if cell.startswith(cells.FORMULA)]


def test_long_and_odd_texts_are_cut_and_said(run, tmp_path):
    count, cut = ledger.write_xlsx(Odd(["长" * 40000, "\x00\x07坏"]), tmp_path / "x.xlsx", Catalogue("en"))
    assert count == 2 and cut >= 2
    values = [c.value for c in openpyxl.load_workbook(tmp_path / "x.xlsx")["Tasks"]["K"]]
    assert len(values[1]) == 32767 and values[2] == "\ufffd\ufffd坏"


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "gexf", "graphml"])
def test_a_bad_place_is_one_line(run, built, tmp_path, form):
    (tmp_path / "file").write_text("x", "utf-8")
    got = run("export", "--format", form, "--out", tmp_path / "file" / "x", "--workspace", built)
    assert got.status == 1 and got.err.count("\n") == 1 and "file" in got.err
    assert (tmp_path / "file").read_text("utf-8") == "x"
    missing = run("export", "--format", form, "--out", tmp_path / "x", "--workspace", tmp_path / "none")
    assert missing.status == 2 and not (tmp_path / "x").exists()


def test_an_empty_graph_gives_empty_tables(tmp_path):
    class Empty(Odd):
        def nodes(self, label):
            return iter(())

        def relationships(self, name, start, stop):
            return iter(())

    assert ledger.write_parquet(Empty([]), tmp_path / "t.parquet") == 0
    assert pyarrow.parquet.read_table(tmp_path / "t.parquet").num_rows == 0
    assert ledger.write_csv(Empty([]), tmp_path / "t", Catalogue("en")) == 0
    assert re.match("No.,Document", (tmp_path / "t" / "tasks.csv").read_text("utf-8"))
    assert gephi.write("gexf", Empty([]), tmp_path / "g") == (0, 0)
    assert len(networkx.read_gexf(tmp_path / "g")) == 0


def test_a_dashboard_of_neodash(built, tmp_path, run):
    """As NeoDash's own files are: pages of reports on a grid, each with what their kind needs."""
    out = tmp_path / "board.json"
    assert run("export", "--format", "neodash", "--out", out, "--workspace", built).status == 0
    board = json.loads(out.read_text("utf-8"))
    assert board["version"] == "2.4" and set(board) >= {"title", "settings", "pages", "parameters", "extensions"}
    for page in board["pages"]:
        taken = set()
        for report in page["reports"]:
            assert set(report) >= {"id", "title", "query", "width", "height", "x", "y", "type", "selection", "settings"}
            x, y, wide, high = (report[name] for name in ("x", "y", "width", "height"))
            room = {(a, b) for a in range(x, x + wide) for b in range(y, y + high)}
            assert x + wide <= 24 and not room & taken
            taken |= room
            if report["type"] == "select":
                assert report["settings"]["parameterName"] in board["settings"]["parameters"]
            used = set(re.findall(r"\$(\w+)", report["query"])) - {"input"}
            assert used <= set(board["settings"]["parameters"]) and "//" not in report["query"]


def test_a_dashboard_has_the_published_form_of_neodash(built, tmp_path, run):
    """As NeoDash 2.4 writes and loads its files (its repository: the thunks that load a dashboard, the gallery's files,
    the cards of parameters): what it looks at is there and of its kind, and nothing waits to be migrated."""
    from jsonschema import Draft202012Validator

    whole = {"type": "integer", "minimum": 0}
    common = {"id": {"type": "string"}, "title": {"type": "string"}, "query": {"type": "string", "minLength": 1}}
    room = {"x": whole, "y": whole, "width": {"type": "integer", "minimum": 1}, "height": whole}
    field = {
        "type": {"enum": ["Free Text", "Custom Query", "Node Property", "Relationship Property", "Date Picker"]},
        "parameterName": {"pattern": "^neodash_[a-z0-9_]+$"},
        "entityType": {"type": "string"},
    }
    report = {
        "type": "object",
        "required": [*common, *room, "type", "selection", "settings"],
        "properties": common | room | {
            "type": {"enum": ["table", "value", "select"]},
            "selection": {"type": "object"},
            "settings": {"type": "object"},
        },
        "if": {"properties": {"type": {"const": "select"}}},
        "then": {"properties": {"settings": {"required": list(field), "properties": field}}},
    }  # fmt: skip
    page = {"type": "object", "required": ["title", "reports"],
            "properties": {"title": {"type": "string"}, "reports": {"type": "array", "items": report}}}  # fmt: skip
    texts = {"type": "object", "additionalProperties": {"type": "string"}}
    settings = {"type": "object", "required": ["pagenumber", "editable", "parameters"],
                "properties": {"pagenumber": whole, "editable": {"type": "boolean"}, "parameters": texts}}  # fmt: skip
    form = {
        "type": "object",
        "required": ["title", "version", "settings", "pages", "extensions"],
        "properties": {"title": {"type": "string"}, "version": {"const": "2.4"}, "settings": settings,
                       "pages": {"type": "array", "minItems": 1, "items": page}, "extensions": {"type": "object"}},
    }  # fmt: skip
    out = tmp_path / "board.json"
    assert run("export", "--format", "neodash", "--out", out, "--workspace", built).status == 0
    board = json.loads(out.read_text("utf-8"))
    Draft202012Validator(form).validate(board)
    ids = [report["id"] for page in board["pages"] for report in page["reports"]]
    assert len(ids) == len(set(ids))
    for page in board["pages"]:
        for one in page["reports"]:
            # A field with one column: NeoDash takes it as value and as what it shows, unless it says `AS display`.
            assert one["type"] != "select" or "as display" not in one["query"].lower()
