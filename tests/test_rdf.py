"""RDF: the same graph in every format, what stands in which named graph, and back to records."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from zhengling.app.files_out.export import FORMATS
from zhengling.extractors.errors import ZhenglingError
from zhengling.extractors.model import Citation, Deadline, Document, Evidence, Record, Remark, Task, UnitRole
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.graph.deriving.derive import derive
from zhengling.graph.rdf import quads, statements, terms
from zhengling.graph.rdf.restore import read
from zhengling.graph.schema import NODES, RELATIONSHIPS
from zhengling.graph.workspace.workspace import Workspace

from .effort import examples
from .test_questions import Memory, graphs
from .test_workspace import graph, kept
from .truth import real_papers

ROOT = Path(__file__).parent.parent
RDF = {"turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG, "nquads": ox.RdfFormat.N_QUADS}
RDF["jsonld"] = ox.RdfFormat.JSON_LD
BASE = terms.BASE
ZL = terms.ONTOLOGY


@pytest.fixture(scope="module")
def papers(tmp_path_factory) -> Workspace:
    """The samples and the test papers in one workspace."""
    workspace = Workspace(tmp_path_factory.mktemp("papers") / "w")
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        workspace.build(["samples", "tests/papers"])
    finally:
        os.chdir(here)
    return workspace


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Workspace:
    folder = real_papers()
    workspace = Workspace(tmp_path_factory.mktemp("corpus") / "w")
    assert workspace.build([folder / "corpus"]).failures == []
    return workspace


def exported(workspace: Workspace, out: Path, form: str = "nquads", base: str = BASE) -> Path:
    from zhengling.app.files_out.export import ExportSettings, export
    from zhengling.app.messages import Catalogue

    with workspace.store() as store:
        export(store, form, out, ExportSettings(Catalogue("en"), base, workspace.records))
    return out


def parsed(path: Path, form: str) -> set[tuple[str, ...]]:
    with path.open("rb") as file:
        found = ox.parse(file, RDF[form])
        named = [(str(q.subject), str(q.predicate), str(q.object), str(q.graph_name)) for q in found]
    return {q[:3] for q in named} if form == "turtle" else set(named)


# --- counts ---------------------------------------------------------------------------------------------------------


def counts(source) -> Counter[str]:
    found: Counter[str] = Counter()
    for label in NODES:
        found[label] = sum(1 for _ in source.nodes(label))
    for name, relationship in RELATIONSHIPS.items():
        for start, stop in relationship.pairs:
            found[f"{start} {name} {stop}"] = sum(1 for _ in source.relationships(name, start, stop))
    return found


def counted(lines) -> Counter[str]:
    """The same counts, taken from statements alone."""
    triples = {tuple(line.split("\t")[1:]) for line in lines}
    kinds = {(s, o) for s, p, o in triples if p == terms.term("rdf:type")}
    own = {s: o.rpartition("#")[2][:-1] for s, o in kinds if o in {terms.term(f"zl:{label}") for label in NODES}}
    subjects = {s: o for s, p, o in triples if p == terms.term("rdf:subject")}
    objects = {s: o for s, p, o in triples if p == terms.term("rdf:object")}
    found = Counter(own.values())
    for name, relationship in RELATIONSHIPS.items():
        for start, stop in relationship.pairs:
            stated = terms.STATED.get((name, start))
            if stated:
                pairs = [(subjects[s], objects[s]) for s, o in kinds if o == terms.term(stated)]
            else:
                key = terms.term(terms.RELATIONS[name, start])
                pairs = [(s, o) for s, p, o in triples if p == key]
            found[f"{start} {name} {stop}"] = sum(own[a] == start and own[b] == stop for a, b in pairs)
    return found


@pytest.mark.parametrize("name", ["papers", "corpus"])
def test_counts_are_those_of_the_store(name, request):
    workspace = request.getfixturevalue(name)
    with workspace.store() as store:
        found = counts(store)
        assert counted(statements.statements(store, workspace.records)) == +found
        assert counted(statements.statements(store)) == +found
    assert found["Task"] > 50 and found["Unit RESPONSIBLE_FOR Task"] > 50


class Held:
    """A graph of `graphs()` as a source, and its store, to count in."""

    def __init__(self, nodes, edges) -> None:
        self.store = Memory(nodes, edges)

    def nodes(self, label):
        columns = ", ".join(f"n.`{p}`" for p in NODES[label])
        return self.store.rows(f"MATCH (n:`{label}`) RETURN {columns}", {})[1]

    def relationships(self, name, start, stop):
        columns = ", ".join(["a.id", "b.id", *(f"r.`{p}`" for p in RELATIONSHIPS[name].properties)])
        return self.store.rows(f"MATCH (a:`{start}`)-[r:`{name}`]->(b:`{stop}`) RETURN {columns}", {})[1]


@settings(max_examples=examples(6), deadline=None)
@given(graphs())
def test_counts_are_those_of_any_graph(graph):
    source = Held(*graph)
    assert counted(statements.statements(source)) == +counts(source)


# --- IRIs and literals ----------------------------------------------------------------------------------------------

words = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
ids = st.one_of(words, st.text(alphabet="./%2E;#|中国〔2020〕 号", max_size=8))


@settings(deadline=None)
@given(st.lists(ids, min_size=1, max_size=2), st.lists(ids, min_size=1, max_size=2))
def test_different_ids_have_different_iris_that_every_parser_keeps(one, two):
    first, second = terms.iri(BASE, "document", *one), terms.iri(BASE, "document", *two)
    assert (first == second) == (one == two)
    line = f"{first} {first} {second} {first} .\n"
    (quad,) = ox.parse(line.encode(), ox.RdfFormat.N_QUADS)
    assert (f"<{quad.subject.value}>", f"<{quad.object.value}>") == (first, second)
    (triple,) = rdflib.Graph().parse(data=f"{first} {first} {second} .", format="turtle", publicID="http://x/")
    assert [f"<{term}>" for term in (triple[0], triple[2])] == [first, second]


def test_an_iri_reads_as_its_id_does():
    assert terms.iri(BASE, "document", "国办发〔2023〕908号") == f"<{BASE}document/国办发〔2023〕908号>"
    assert terms.iri(BASE, "unit", "中国/甲省|省教育厅") == f"<{BASE}unit/中国/甲省%7C省教育厅>"
    assert terms.iri(BASE, "region", "甲/../乙/.") == f"<{BASE}region/甲/%2E%2E/乙/%2E>"


@settings(deadline=None)
@given(words)
def test_a_literal_is_kept_by_every_parser(value):
    line = f"<a:s> <a:p> {terms.text(value)} <a:g> .\n"
    (quad,) = ox.parse(line.encode(), ox.RdfFormat.N_QUADS)
    assert quad.object.value == value
    if "\0" not in value:
        ((_, _, found),) = rdflib.Graph().parse(data=line.replace(" <a:g>", ""), format="nt")
        assert str(found) == value


# --- formats --------------------------------------------------------------------------------------------------------


def test_every_format_holds_the_same_statements(built, tmp_path):
    papers = Workspace(built)
    found = {form: parsed(exported(papers, tmp_path / form, form), form) for form in RDF}
    assert found["trig"] == found["nquads"] == found["jsonld"]
    assert found["turtle"] == {q[:3] for q in found["nquads"]}
    assert not any(term.startswith("_:") for q in found["nquads"] for term in q)
    lines = (tmp_path / "nquads").read_text("utf-8").splitlines()
    assert len(lines) == len(set(lines)) == len(found["nquads"])
    for form in RDF:
        again = exported(papers, tmp_path / "again", form)
        assert again.read_bytes() == (tmp_path / form).read_bytes(), form


def test_rdflib_reads_what_is_written(built, tmp_path):
    workspace = Workspace(built)
    names = {"turtle": "turtle", "trig": "trig", "nquads": "nquads", "jsonld": "json-ld"}
    found = {}
    for form, name in names.items():
        data = rdflib.Dataset()
        data.parse(exported(workspace, tmp_path / form, form), format=name)
        found[form] = {q if form != "turtle" else q[:3] for q in data.quads()}
    assert found["trig"] == found["nquads"] == found["jsonld"]
    assert found["turtle"] == {q[:3] for q in found["nquads"]}


def test_what_is_sorted_in_pieces_is_sorted_as_a_whole(monkeypatch):
    monkeypatch.setattr(quads, "_LINES", 3)
    monkeypatch.setattr(quads, "_FILES", 2)
    lines = ["g\ts\tp\t" + o for o in ('"b"', '"a"@zh', '"a"', '"a"^^<x:y>', "<c>", '"a"', '"ab"')] * 2
    with quads.in_order(lines) as found:
        assert list(found) == sorted(set(lines))
    with quads.in_order([]) as found:
        assert list(found) == []


def test_a_named_graph_is_what_one_document_said(built, tmp_path):
    papers = Workspace(built)
    found = parsed(exported(papers, tmp_path / "x"), "nquads")
    graphs = {q[3] for q in found}
    with papers.store() as store:
        loaded = store.rows("MATCH (d:Document) WHERE d.loaded RETURN d.id")[1]
    assert graphs == {f"<{BASE}graph>", *(terms.iri(BASE, "graph", i) for (i,) in loaded)}
    common = {q for q in found if q[3] == f"<{BASE}graph>"}
    for subject, _, _, one in found - common:
        if f"<{BASE}task/" in subject or f"<{BASE}document/" in subject:
            assert one != f"<{BASE}graph>"
    kinds = {q[2] for q in common if q[1] == terms.term("rdf:type")}
    assert terms.term("zl:Unit") in kinds and terms.term("zl:Task") not in kinds
    # Where two papers speak of one unit, both say where it is.
    places = Counter(q[:3] for q in found - common if q[1] == terms.term("dcterms:spatial") and "/unit/" in q[0])
    assert max(places.values()) > 1


def test_a_removed_document_takes_its_graph_along(built, tmp_path):
    workspace = Workspace(tmp_path / "w")
    shutil.copytree(built, workspace.folder)
    before = parsed(exported(workspace, tmp_path / "x"), "nquads")
    workspace.remove("汐政发〔2023〕9号")
    after = parsed(exported(workspace, tmp_path / "y"), "nquads")
    mine = terms.iri(BASE, "graph", "汐政发〔2023〕9号")
    others = {q for q in before if q[3] not in (mine, f"<{BASE}graph>")}
    assert {q for q in after if q[3] != f"<{BASE}graph>"} == others


def test_the_base_is_that_of_all_iris(built, tmp_path, run):
    for form in RDF:
        done = run(
            "export", "--format", form, "--out", tmp_path / "x", "--base", "http://甲.例/二/", "--workspace", built
        )
        assert done.status == 0, done.err
        found = parsed(tmp_path / "x", form)
        assert not any(BASE in term and ZL.rstrip("#") not in term for q in found for term in q)
        assert any(q[0].startswith("<http://甲.例/二/task/") for q in found)
    for base in ("x", "http://x", "http://x/#", "http://x y/", "urn:x/", ""):
        done = run("export", "--format", "turtle", "--out", tmp_path / "y", "--base", base, "--workspace", built)
        assert (done.status, (tmp_path / "y").exists()) == ((2, False) if base else (0, True)), base


def test_the_command_says_what_it_wrote_and_leaves_nothing_half(built, tmp_path, run):
    done = run("export", "--format", "nquads", "--out", tmp_path / "x.nq", "--workspace", built, lang="zh")
    count = len((tmp_path / "x.nq").read_text("utf-8").splitlines())
    assert (done.status, done.out) == (0, "")
    assert f"{count} 条陈述" in done.err
    done = run("export", "--format", "turtle", "--out", tmp_path / "no" / "x.ttl", "--workspace", built)
    assert (done.status, len(done.err.splitlines())) == (1, 1)
    assert str(tmp_path / "no" / "x.ttl") in done.err
    assert run("export", "--format", "rdfxml", "--out", "x", "--workspace", built).status == 2
    assert run("export", "--format", "turtle", "--out", " ", "--workspace", built).status == 2
    done = run("export", "--format", "turtle", "--out", tmp_path / "x", "--workspace", tmp_path / "none")
    assert (done.status, sorted(p.name for p in tmp_path.iterdir())) == (2, ["x.nq"])


# --- terms ----------------------------------------------------------------------------------------------------------


def test_every_property_of_the_schema_has_a_term_and_every_own_term_its_labels(papers):
    assert {label: list(part) for label, part in terms.PROPERTIES.items()} == {k: list(v) for k, v in NODES.items()}
    pairs = {(name, a) for name, relationship in RELATIONSHIPS.items() for a, _ in relationship.pairs}
    assert set(terms.RELATIONS) == pairs
    ontology = rdflib.Graph().parse(ROOT / "docs/ontology.ttl")
    with papers.store() as store:
        lines = "\n".join(statements.statements(store, papers.records))
    used = set(re.findall(re.escape(ZL) + r"([\w-]+)>", lines))
    for path in [ROOT / "graph/rdf/shapes.ttl", *(ROOT / "queries").glob("*.rq"), *(ROOT / "graph").rglob("*.py")]:
        used |= set(re.findall(r"\bzl:([\w-]*\w)", path.read_text("utf-8")))
    labels = rdflib.RDFS.label, rdflib.SKOS.prefLabel
    for name in used - {"nothing"}:
        found = {o.language for key in labels for o in ontology.objects(rdflib.URIRef(ZL + name), key)}
        assert found == {"zh", "en"}, name
    assert {"Task", "Document", "leads", "level-county"} <= used


def test_the_fields_of_work_have_english_names():
    with (ROOT / "extractors/rules/departments.csv").open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        functions = {row["function"] for row in rows} - {""}
    assert functions == set(statements.fields())


# --- back to records ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["papers", "corpus"])
def test_an_import_gives_the_same_records_graph_and_export(name, request, tmp_path):
    workspace = request.getfixturevalue(name)
    first = exported(workspace, tmp_path / "first.nq")
    wanted = {record.source["path"]: record.dumps() for record in workspace.records()}
    assert {record.source["path"]: record.dumps() for record in read(first)} == wanted
    lines = first.read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "mixed.nq").write_text("# any order\n\n" + "".join(sorted(lines, key=lambda x: x[::-1])), "utf-8")
    other = Workspace(tmp_path / "w")
    report = other.take(read(tmp_path / "mixed.nq"))
    assert sorted(report.read) == sorted(wanted)
    assert counts(other.store()) == counts(workspace.store())
    assert graph(other.folder) == graph(workspace.folder)
    assert exported(other, tmp_path / "second.nq").read_bytes() == first.read_bytes()


quotes = st.builds(
    lambda start, text, rule, place: Evidence(start, start + len(text), text, rule, place),
    st.integers(0, 99),
    words,
    st.sampled_from(["units.list", "a rule/with.marks %"]),
    st.one_of(
        st.just({"line": 3}),
        st.fixed_dictionaries({"line": st.integers(1, 9), "table": st.integers(1, 3)}),
        st.sampled_from([{"table": 1, "line": 2}, {"sheet": "甲"}, {"line": True}, {"page": 1, "slide": 2}]),
    ),
)
proofs = st.lists(quotes, max_size=3)
limits = st.builds(
    Deadline,
    words,
    st.sampled_from(["date", "ongoing", "recurring", "relative"]),
    st.sampled_from([None, "2023-01-01", "soon"]),
    st.sampled_from([None, "2023-12-31", "2023-02-30"]),
    proofs,
)
maybe = st.one_of(st.none(), words)
tasks = st.builds(
    lambda **values: Task(id="", **values),
    section=st.lists(words, max_size=3),
    title=maybe,
    text=words,
    starts=words,
    ends=words,
    part_of=st.sampled_from([None, "T01", "T02"]),
    units=st.lists(
        st.builds(
            UnitRole,
            st.sampled_from(["lead", "responsible", "support"]),
            st.sampled_from(["县教育局", "县教体局", "市财政局", "各乡镇"]),
            st.booleans(),
            proofs,
        ),
        max_size=4,
    ),
    open=st.booleans(),
    deadlines=st.lists(limits, max_size=2),
    evidence=proofs,
    key=words,
)
remarks = st.lists(
    st.builds(Remark, words, st.sampled_from([{}, {"line": 1}]), words, st.sampled_from([{}, {"a": ["b", 1]}])),
    max_size=2,
)
heads = st.builds(
    Document,
    st.sampled_from([None, "甲政发〔2023〕1号", "乙政办〔2023〕2号"]),
    st.sampled_from([None, "甲县人民政府关于印发《方案》的通知", "某事的通知\n二"]),
    st.sampled_from([None, "甲县人民政府"]),
    st.sampled_from([None, "2023-05-01", "2023-13-01"]),
    st.sampled_from([None, "county", "city"]),
    st.sampled_from([None, "甲县"]),
    st.sampled_from([None, 2023]),
    st.lists(limits, max_size=2),
    st.dictionaries(st.sampled_from(["title", "number", "issuer"]), proofs, max_size=2),
)
citations = st.builds(
    Citation,
    st.sampled_from(["document", "T01", "T02"]),
    st.sampled_from([None, "国办发〔2022〕8号"]),
    st.sampled_from([None, "国务院办公厅关于某事的通知", "甲县人民政府关于印发《方案》的通知"]),
    st.sampled_from(["directive", "law"]),
    st.sampled_from(["basis", "mention"]),
    st.integers(0, 5),
    proofs,
)


@st.composite
def records(draw):
    made = [
        Record(draw(heads), draw(st.lists(citations, max_size=3)), draw(st.lists(tasks, max_size=3)))
        for _ in range(draw(st.integers(1, 2)))
    ]
    for n, record in enumerate(made):
        record.source, record.rules = {"path": f"papers/{n}.txt", "sha256": f"{n}" * 64}, draw(words)
        record.warnings, record.findings = draw(remarks), draw(remarks)
        for m, task in enumerate(record.tasks, 1):
            task.id = f"T{m:02}"
    return made


def rows(source) -> dict:
    found = {label: list(source.nodes(label)) for label in NODES}
    for name, relationship in RELATIONSHIPS.items():
        for pair in relationship.pairs:
            found[name, *pair] = list(source.relationships(name, *pair))
    return found


@settings(max_examples=examples(8), deadline=None)
@given(records())
def test_any_records_come_back(tmp_path_factory, made):
    lexicon = Lexicon.load()
    out = tmp_path_factory.mktemp("any") / "x.nq"
    with derive(made, lexicon) as one:
        wanted = rows(one)
        lines = list(statements.statements(one, lambda: made))
        used = [paper.source for paper in one.papers if not paper.duplicate]
    with out.open("wb") as file:
        quads.write_nquads(lines, file)
    restored = sorted(read(out), key=lambda record: record.source["path"])
    assert [record.source["path"] for record in restored] == used
    with derive(restored, lexicon) as two:
        assert rows(two) == wanted
        held = io.BytesIO()
        quads.write_nquads(statements.statements(two, lambda: restored), held)
    assert held.getvalue() == out.read_bytes()
    for old, new in zip((r for r in made if r.source["path"] in used), restored, strict=True):
        assert (old.document, old.warnings, old.findings, old.source, old.rules) == (
            *(new.document, new.warnings, new.findings, new.source, new.rules),
        )


@pytest.fixture
def here(tmp_path, samples, monkeypatch) -> Path:
    """A folder with two workspaces' worth of papers: `far` was exported to `far.nq`; `papers` are at hand."""
    monkeypatch.chdir(tmp_path)
    for folder, names in (("papers", ("lutan", "linxi")), ("far", ("jichuan", "yueyuan"))):
        Path(folder).mkdir()
        for name in names:
            shutil.copy(samples / f"{name}-2023.txt", folder)
    workspace = Workspace("w-far")
    workspace.build(["far"])
    exported(workspace, Path("far.nq"))
    shutil.rmtree("far")
    return tmp_path


def test_imported_papers_stay_beside_those_that_are_built(here, run):
    assert run("build", "papers", "--workspace", "w").status == 0
    done = run("import", "far.nq", "--workspace", "w")
    assert (done.status, done.out) == (0, "")
    assert "4 documents; 2 taken in" in done.err
    whole = kept("w")
    # Neither their own folder, nor the one above, nor a deleted cache takes them out.
    for path in ("papers", "."):
        assert run("build", path, "--workspace", "w").status == 0
        assert kept("w") == whole
    shutil.rmtree("w/cache")
    assert run("build", ".", "--workspace", "w").status == 0
    assert kept("w") == whole
    assert '"imported": true' in next(Path("w/records").glob("jichuan*")).read_text("utf-8")


def test_a_paper_that_is_at_hand_again_is_read_again(here, samples, run):
    run("import", "far.nq", "--workspace", "w")
    Path("far").mkdir()
    shutil.copy(samples / "jichuan-2023.txt", "far")
    run("build", "far", "--workspace", "w")
    assert [r.imported for r in Workspace("w").records()] == [False, True]
    done = run("import", "far.nq", "--workspace", "w")
    assert "far/jichuan-2023.txt: read here already" in done.err
    assert [r.imported for r in Workspace("w").records()] == [False, True]


def test_another_paper_of_the_same_name_is_not_lost(here, samples, run):
    Path("far").mkdir()
    shutil.copy(samples / "fengpu-2023.txt", "far/jichuan-2023.txt")
    run("build", "far", "--workspace", "w")
    assert run("import", "far.nq", "--workspace", "w").status == 0
    names = [r.source["path"] for r in Workspace("w").records()]
    assert names == ["far/jichuan-2023-2.txt", "far/jichuan-2023.txt", "far/yueyuan-2023.txt"]
    run("import", "far.nq", "--workspace", "v")
    run("build", "far", "--workspace", "v")
    assert len(list(Workspace("v").records())) == 3


def test_what_was_removed_stays_out_of_an_import(here, run):
    run("import", "far.nq", "--workspace", "w")
    run("remove", "霁政办发〔2023〕46号", "--workspace", "w")
    done = run("import", "far.nq", "--workspace", "w")
    assert "far/jichuan-2023.txt" in done.err
    assert len(list(Workspace("w").records())) == 1
    run("import", "far.nq", "--again", "--workspace", "w")
    assert len(list(Workspace("w").records())) == 2


def changed(lines: list[str], predicate: str, to: str | None) -> tuple[list[str], int]:
    """The lines with the first object of a predicate changed, or without the line; which line it was."""
    at = next(n for n, line in enumerate(lines) if f" {terms.term(predicate)} " in line)
    if to is None:
        return lines[:at] + lines[at + 1 :], at + 1
    subject, key, _ = lines[at].split(" ", 2)
    return [*lines[:at], f"{subject} {key} {to} {lines[at].rsplit(' ', 2)[1]} .\n", *lines[at + 1 :]], at + 1


@pytest.mark.parametrize(
    ("predicate", "to"),
    [
        ("zl:order", '"first"'),
        ("zl:sentence", "<x:y>"),
        ("zl:role", "<x:y>"),
        ("zl:section", "<x:y>"),
        ("prov:wasGeneratedBy", "<x:y>"),
        ("zl:of", "<x:y>"),
        ("eli:is_part_of", "<x:y>"),
    ],
)
def test_a_line_at_fault_is_named(here, built, run, predicate, to):
    lines = exported(Workspace(built), here / "x.nq").read_text("utf-8").splitlines(keepends=True)
    lines, at = changed(lines, predicate, to)
    Path("bad.nq").write_text("".join(lines), "utf-8")
    for language in ("en", "zh"):
        done = run("import", "bad.nq", "--workspace", "w", lang=language)
        assert (done.status, len(done.err.splitlines())) == (1, 1), done.err
        assert re.search(rf"bad\.nq.*\b{at}\b", done.err), (done.err, at)
    assert list(Workspace("w").records()) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<http://a> <http://b> <http://c> .\n", 1),
        ("\n# said\n<http://a> <http://b> <http://c> <http://g> .\n", 3),
        ("nothing of the kind", 1),
        ("", 1),
        (f'<x:a> {terms.term("dcterms:title")} "甲" <x:g> .\n', 1),
        (f"_:a {terms.term('zl:of')} <x:b> <x:g> .\n", 1),
        (f"<x:a> {terms.term('rdf:type')} {terms.term('prov:Bundle')} <x:a> .\n", 1),
    ],
)
def test_foreign_nquads_are_refused_with_their_line(tmp_path, run, text, line):
    (tmp_path / "x.nq").write_text(text, "utf-8")
    done = run("import", tmp_path / "x.nq", "--workspace", tmp_path / "w")
    assert (done.status, len(done.err.splitlines())) == (1, 1)
    assert f"x.nq, line {line}:" in done.err


def test_a_file_that_can_not_be_read_is_named(tmp_path, run):
    (tmp_path / "x.nq").write_bytes(b'<x:a> <x:b> "\xff" <x:g> .\n')
    (tmp_path / "folder").mkdir()
    for name in ("x.nq", "none.nq", "folder"):
        done = run("import", tmp_path / name, "--workspace", tmp_path / "w")
        assert (done.status, len(done.err.splitlines())) == (1, 1)
        assert name in done.err
    with pytest.raises(ZhenglingError, match=r"x\.nq"):
        list(read(tmp_path / "x.nq"))
    assert set(FORMATS) > set(RDF)
