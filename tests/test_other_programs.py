"""Files open as they should in the programs of others: Jena (JSON-LD, Turtle, shapes) and Gephi (GEXF)."""

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
    return made


@pytest.fixture(scope="module")
def jena() -> Path:
    return jars("jena", dependency("org.apache.jena", "jena-shacl", "5.6.0"))


@pytest.fixture(scope="module")
def gephi() -> Path:
    # Parts of its window, of which Maven Central has not all.
    window = (("net.java.dev", "stax-utils"), ("org.gephi", "core-library-wrapper"))
    return jars("gephi", dependency("org.gephi", "gephi-toolkit", "0.10.1", *window))


def test_jena_reads_the_same_statements_in_every_form(graph, jena, tmp_path) -> None:
    files = {form: tmp_path / f"all.{suffix}" for form, suffix in FORMS.items()}
    for form, path in files.items():
        graph.export(form, path)
    read = {form: sorted(java(jena, SOURCES / "ReadRdf.java", path).splitlines()) for form, path in files.items()}
    assert len(read["nquads"]) > 10_000
    assert any("%" in line for line in read["nquads"])  # what is escaped stays escaped
    assert read["jsonld"] == read["nquads"] == read["trig"]


FORMS = {"nquads": "nq", "jsonld": "jsonld", "trig": "trig"}


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
