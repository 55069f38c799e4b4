"""Files open as they should in the programs of others: Jena and RDF4J (RDF), OWL API (ontology), Gephi (GEXF)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import zhengling as zl
from zhengling.graph.rdf.shapes import SHAPES
from zhengling.graph.schema import RELATIONSHIPS

from .maven import dependency, jars, java

HERE = Path(__file__).parent
SOURCES = HERE / "java"


@pytest.fixture(scope="module")
def graph(tmp_path_factory) -> zl.Graph:
    made = zl.open(tmp_path_factory.mktemp("programs") / "w")
    made.build(HERE.parent / "samples")
    first, second = made.query("tasks")[:2]
    made.correct("change", first["document"], task=first["task"], to={"title": "A title"}, why="asked", by="Li")
    made.progress(second["task"], state="under-way", note="begun", milestone="half", due="2024-01-31", by="Li")
    made.progress(second["task"], next_report="2024-02-01", by="Li")
    return made


@pytest.fixture(scope="module")
def jena() -> Path:
    return jars("jena", dependency("org.apache.jena", "jena-shacl", "5.6.0"))


@pytest.fixture(scope="module")
def rdf4j() -> Path:
    forms = ("nquads", "jsonld", "trig", "turtle")
    return jars("rdf4j", *(dependency("org.eclipse.rdf4j", f"rdf4j-rio-{form}", "5.2.2") for form in forms))


@pytest.fixture(scope="module")
def owlapi() -> Path:
    return jars("owlapi", dependency("net.sourceforge.owlapi", "owlapi-distribution", "5.5.1"))


@pytest.fixture(scope="module")
def files(graph, tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("rdf")
    for form, suffix in FORMS.items():
        graph.export(form, folder / f"all.{suffix}")
    return {form: folder / f"all.{suffix}" for form, suffix in FORMS.items()}


FORMS = {"nquads": "nq", "jsonld": "jsonld", "trig": "trig", "turtle": "ttl"}


@pytest.fixture(scope="module")
def gephi() -> Path:
    # Parts of its window, of which Maven Central has not all.
    window = (("net.java.dev", "stax-utils"), ("org.gephi", "core-library-wrapper"))
    return jars("gephi", dependency("org.gephi", "gephi-toolkit", "0.10.1", *window))


def test_jena_reads_the_same_statements_in_every_form(files, jena) -> None:
    read = {form: sorted(java(jena, SOURCES / "ReadRdf.java", files[form]).splitlines()) for form in NAMED}
    assert len(read["nquads"]) > 10_000
    assert any("%" in line for line in read["nquads"])  # what is escaped stays escaped
    assert read["jsonld"] == read["nquads"] == read["trig"]


NAMED = ("nquads", "jsonld", "trig")  # with the graphs that the statements stand in


def test_rdf4j_reads_the_same_statements_in_every_form(files, rdf4j) -> None:
    parts = java(rdf4j, SOURCES / "ReadRdfAsRdf4j.java", *files.values()).split("\n\n")
    read = {form: sorted(part.splitlines()) for form, part in zip(files, parts, strict=False)}
    assert read["nquads"] == sorted(files["nquads"].read_text("utf-8").splitlines())
    assert read["jsonld"] == read["nquads"] == read["trig"]
    told = {line[: line.rindex(" <")] for line in read["nquads"]}
    assert {line.removesuffix(" .") for line in read["turtle"]} == told


def test_owl_api_knows_every_class_and_property(files, owlapi) -> None:
    """As an editor of ontologies opens it: the export imports the ontology, which declares all that the export uses
    (but for what RDF and XML Schema have reserved), each as one kind of thing."""
    ontology = HERE.parent / "docs/ontology.ttl"
    used = files["turtle"].read_text("utf-8")
    assert all(term in used for term in ("zl:says", "prov:wasRevisionOf", "zl:progress", "zl:nextReport"))
    lines = java(owlapi, SOURCES / "LoadOwl.java", files["turtle"], ontology).splitlines()
    told: dict[str, set[str]] = {}
    for kind, name in (line.split("\t") for line in lines):
        told.setdefault(kind, set()).add(name)
    base = "https://zhengling.example/"
    assert told["imports"] == {f"{base}ontology"}
    assert told["ontology"] == {f"{base}graph", f"{base}ontology"}
    assert "two kinds" not in told
    reserved = {"http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement", "http://www.w3.org/2001/XMLSchema#date"}
    assert told["undeclared"] == reserved
    assert {f"{base}ontology#Task", "http://www.w3.org/ns/org#Organization"} <= told["Class"]
    assert {f"{base}ontology#leads", "http://data.europa.eu/eli/ontology#cites"} <= told["ObjectProperty"]
    assert f"{base}ontology#text" in told["DataProperty"]
    assert int(*told["individuals"]) > 1000


def test_jena_tests_against_the_shapes(graph, jena, tmp_path) -> None:
    graph.export("nquads", tmp_path / "all.nq")
    right = (tmp_path / "all.nq").read_text("utf-8")
    assert java(jena, SOURCES / "TestShapes.java", SHAPES, tmp_path / "all.nq") == ""
    rows = (line.split(" ") for line in right.splitlines())
    cites = next(row for row in rows if "/document/" in row[0] and row[1].endswith("ontology#cites>"))
    subject, predicate, _, context = cites[:4]
    (tmp_path / "wrong.nq").write_text(f"{right}{subject} {predicate} {subject} {context} .\n", "utf-8")
    found = java(jena, SOURCES / "TestShapes.java", SHAPES, tmp_path / "wrong.nq").splitlines()
    assert any("a document that cites or implements itself" in line for line in found)


def test_gephi_keeps_edges_between_the_same_nodes_apart(graph, gephi, tmp_path) -> None:
    graph.export("gexf", tmp_path / "all.gexf")
    lines = java(gephi, SOURCES / "OpenGexf.java", tmp_path / "all.gexf").splitlines()
    told = {kind: int(n) for kind, n in (line.split("\t") for line in lines)}
    network = graph.networkx()
    assert told.pop("nodes") == network.number_of_nodes()
    pairs = Counter((a, b) for a, b in network.edges())
    assert max(pairs.values()) > 1  # a unit that leads and answers for one task
    written = (tmp_path / "all.gexf").read_text("utf-8")
    assert told == {kind: n for kind in RELATIONSHIPS if (n := written.count(f'label="{kind}"'))}
