"""SPARQL gives the answers of Cypher and only reads; the SHACL shapes see what is wrong."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, SH, Literal, URIRef
from zhengling.app.messages import Catalogue
from zhengling.extractors.errors import ZhenglingError
from zhengling.graph.rdf import terms
from zhengling.graph.rdf.rows import row_statements
from zhengling.graph.rdf.shapes import SHAPES, violations
from zhengling.graph.rdf.statements import statements
from zhengling.graph.rdf.triples import rows_alone, triples
from zhengling.graph.workspace.workspace import Workspace
from zhengling.queries import sparql
from zhengling.queries.runner import ask, questions

from .truth import real_papers

SAME = {"workload": "unit-workload", "chain": "trace", "due": "due"}
CYPHER, SPARQL = questions(), sparql.saved()


class Both:
    """A workspace that is asked in both languages."""

    def __init__(self, workspace: Workspace) -> None:
        self.store, self.triples = workspace.store(), sparql.Triples(triples(workspace))

    def same(self, name: str, **parameters) -> int:
        """The number of rows of an answer that is the same, row by row, in both."""
        values = {key.rstrip("_"): value for key, value in parameters.items()}
        found = ask(self.triples, SPARQL[name], values)
        assert found == ask(self.store, CYPHER[SAME[name]], values), (name, values)
        return len(found.rows)

    def column(self, cypher: str) -> list:
        return [row[0] for row in self.store.rows(cypher)[1]]


@pytest.fixture(scope="module", params=["samples", "corpus"])
def both(request, tmp_path_factory, built) -> Both:
    if request.param == "samples":
        return Both(Workspace(built))
    folder = real_papers()
    workspace = Workspace(tmp_path_factory.mktemp("corpus") / "w")
    workspace.build([folder / "corpus"])
    return Both(workspace)


def test_the_saved_questions_have_the_names_parameters_and_columns_of_cypher():
    assert set(SPARQL) == set(SAME)
    for name, question in SPARQL.items():
        twin = CYPHER[SAME[name]]
        assert (question.parameters, question.columns, question.lists) == (twin.parameters, twin.columns, twin.lists)


def test_workload_is_that_of_cypher(both):
    assert both.same("workload") > 5
    regions = both.column("MATCH (r:Region) RETURN r.name")
    for region in ["", *regions, "中国/樾原省/霁川市", "nowhere"]:
        both.same("workload", region=region, limit=0)
    for role in ("any", "lead", "responsible", "support"):
        for collective in (False, True):
            for year in (0, 2021, 2023):
                both.same("workload", role=role, collective=collective, year=year, limit=7)


def test_due_is_that_of_cypher(both):
    units = both.column("MATCH (u:Unit)-[:LEADS|RESPONSIBLE_FOR]->(:Task)-[:DUE]->(l) RETURN DISTINCT u.name LIMIT 4")
    for first, last in [("", ""), ("2021-01-01", "2021-12-31"), ("2023-06-30", "2023-06-30"), ("2023-01-01", "")]:
        both.same("due", from_=first, to=last)
    assert both.same("due") > 5
    assert sum(both.same("due", unit=unit) for unit in [*units, "县财政局", "nobody"]) > 0


def test_chain_is_that_of_cypher(both):
    tasks = both.column("MATCH (t:Task) RETURN t.id ORDER BY t.id")
    assert sum(both.same("chain", task=task) for task in tasks[:80]) > 200
    assert both.same("chain", task="no such task") == 0


def test_an_inferred_step_says_which_paper_shows_it(tmp_path, samples):
    workspace = Workspace(tmp_path / "w")
    workspace.build([samples / "lutan-2023.txt"])
    both = Both(workspace)
    (task, *_) = both.column("MATCH (t:Task) RETURN t.id ORDER BY t.id")
    assert both.same("chain", task=task) > 3
    rows = ask(both.triples, SPARQL["chain"], {"task": task}).dicts()
    assert {"task", "contains", "implements", "inferred", "ends"} == {row["how"] for row in rows}
    assert all("” 鹭政办发" in row["evidence"] for row in rows if row["how"] == "inferred")


# --- the command ----------------------------------------------------------------------------------------------------


def test_the_command_takes_names_files_and_texts(built, tmp_path, run):
    named = run("sparql", "workload", "--set", "limit=3", "--format", "json", "--workspace", built)
    twin = run("query", "unit-workload", "--set", "limit=3", "--format", "json", "--workspace", built)
    assert (named.status, named.out) == (0, twin.out)
    path = tmp_path / "mine.rq"
    path.write_text(
        "SELECT ?name (COUNT(?t) AS ?tasks) { ?u zl:leads ?t ; skos:prefLabel ?name FILTER(?name = $unit) } "
        "GROUP BY ?name"
    )
    placed = run("sparql", "workload", "limit=3", "--format", "json", "--workspace", built)
    assert placed == named
    text = "SELECT ?n WHERE { ?t a zl:Task ; zl:name ?n FILTER(?n = $which) }"
    one = run("sparql", text, "which=T01", "--workspace", built)
    assert one.status == 0 and set(one.out.split()[2:]) == {"T01"}
    assert run("sparql", text, "T01", "--workspace", built).status == 2
    other = run("sparql", "workload", "colour=x", "--workspace", built)
    assert other.status == 2 and "region" in other.err
    assert run("sparql", "workload", "limit=3", "--set", "limit=3", "--workspace", built).status == 2
    asked = run("sparql", path, "--set", "unit=县民政局", "--format", "csv", "--workspace", built)
    assert (asked.status, asked.out.splitlines()[0]) == (0, "name,tasks")
    assert asked.out.splitlines()[1].startswith("县民政局,")
    asked = run(
        "sparql", "ASK { ?t a zl:Task ; zl:order $n }", "--set", "n=1", "--format", "json", "--workspace", built
    )
    assert json.loads(asked.out) == [{"answer": True}]
    asked = run("sparql", "DESCRIBE ?d { ?d a zl:Document ; zl:year 2023 }", "--format", "csv", "--workspace", built)
    assert asked.out.startswith("subject,predicate,object\n")
    path.write_text((Path(__file__).parent.parent / "queries/due.rq").read_text("utf-8"), "utf-8")
    for question in ("due", path):
        none = run("sparql", question, "--set", "unit=鹭滩民政局", "--set", "from=2031年", "--workspace", built)
        same = run("query", "due", "unit=鹭滩民政局", "from=2031年", "--workspace", built)
        assert (none.status, none.err) == (0, same.err) and "“鹭滩民政局” → 县民政局" in none.err and "from" in none.err
    out = tmp_path / "x.xlsx"
    assert run("sparql", "due", "--format", "xlsx", "--out", out, "--workspace", built).status == 0
    assert out.is_file()
    listed = run("sparql", "--workspace", built, lang="zh")
    assert all(name in listed.out for name in SAME)


def test_a_workspace_has_questions_of_its_own(tmp_path, built, run):
    shutil.copytree(built, tmp_path / "w")
    (tmp_path / "w/queries").mkdir()
    header = "# title.zh: 甲\n# title.en: A\n# description.zh: 甲\n# description.en: A\n"
    (tmp_path / "w/queries/mine.rq").write_text(
        header + "# parameter: least integer 0\n# columns: unit, names[]\n"
        'SELECT ?unit (GROUP_CONCAT(?n; separator="\\n") AS ?names) { ?u skos:prefLabel ?unit ; zl:leads ?t ; '
        "skos:altLabel ?n } GROUP BY ?unit HAVING(COUNT(?t) >= $least) ORDER BY ?unit",
        "utf-8",
    )
    done = run("sparql", "mine", "--format", "json", "--workspace", tmp_path / "w")
    assert all(isinstance(row["names"], list) for row in json.loads(done.out))
    (tmp_path / "w/queries/bad.rq").write_text("SELECT * {}", "utf-8")
    done = run("sparql", "--workspace", tmp_path / "w")
    assert (done.status, "bad.rq" in done.err, "mine" in done.out) == (0, True, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:9/x> { ?s ?p ?o } }", "line 1: “SERVICE”"),
        ("SELECT *\n{ service <http://127.0.0.1:9/x> { ?s ?p ?o } }", "line 2: “service”"),
        ("LOAD <file:///etc/passwd> { }", "not “LOAD”"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "not “INSERT”"),
        ("PREFIX a: <x:y>\nDELETE WHERE { ?s ?p ?o }", "line 2: “DELETE”"),
        ("SELECT * { ?s ?p ?o } ; DROP ALL", "“DROP”"),
        ("SELECT * { ?s ?p 'never closed }", "never closed"),
        ("SELECT * { s\\u0045RVICE <http://127.0.0.1:9/x> { ?s ?p ?o } }", "never closed"),
        ("{ }", "not “{”"),
        ("SELECT * { ?s ?p", "not understood"),
        ("SELECT * { ?s unknown:p ?o }", "not understood"),
        ("nosuch", "no question “nosuch”"),
        ("SELECT * { ?s ?p $o } #", "takes no parameter “x”"),
    ],
)
def test_what_does_not_only_read_is_refused_in_one_line(built, run, text, said):
    settings = ["--set", "x=1"] if "parameter" in said else []
    done = run("sparql", text, *settings, "--workspace", built)
    assert (done.status, done.out, len(done.err.splitlines())) == (2, "", 1), done.err
    assert said in done.err
    assert run("sparql", text, *settings, "--workspace", built, lang="zh").err != done.err


def test_words_that_look_forbidden_may_stand_in_names_and_texts(built):
    store = sparql.Triples(triples(Workspace(built)))
    for text in (
        'SELECT ?service { ?service <x:load> "DELETE # INSERT" . # SERVICE\n }',
        "SELECT ?x { ?x <http://x/SERVICE#load> '''it's ' LOAD ''' }",
        "PREFIX service: <x:y> SELECT ?x { ?x service:load ?drop }",
        "SELECT ?x { ?x <x:p> ?y FILTER(?x < ?y || ?x > ?y) }",
    ):
        assert sparql.ask_freely(store, text, {}).rows == []


def test_the_store_follows_the_graph(tmp_path, samples):
    workspace = Workspace(tmp_path / "w")
    workspace.build([samples / "lutan-2023.txt"])
    count = "SELECT (COUNT(*) AS ?n) { ?d a zl:Document ; zl:loaded true }"
    assert sparql.ask_freely(sparql.Triples(triples(workspace)), count, {}).rows == [[1]]
    workspace.build([samples / "linxi-2023.txt"])
    assert sparql.ask_freely(sparql.Triples(triples(workspace)), count, {}).rows == [[2]]
    # What several papers say is one statement.
    once = "SELECT ?s ?p ?o (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s ?p ?o HAVING(COUNT(*) > 1)"
    assert sparql.ask_freely(sparql.Triples(triples(workspace)), once, {}).rows == []
    named = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert sparql.ask_freely(sparql.Triples(triples(workspace)), named, {}).rows == [[3]]


NAMES_GRAPHS = (
    "SELECT ?g { graph ?g { ?s ?p ?o } }",
    "SELECT ?s FROM <x:g> { ?s ?p ?o }",
    "SELECT ?s FROM NAMED <x:g> { GRAPH <x:g> { ?s ?p ?o } }",
    "SELECT ?s { ?s <x:\\u0047raph> ?o }",
)


def test_a_question_that_names_no_graph_is_asked_without_them(built):
    """The same answer from both stores; every saved question, and the store without graphs has none."""
    whole, union = triples(Workspace(built)), triples(Workspace(built), named=False)
    assert whole != union
    for question in SPARQL.values():
        values = {p.name: question.examples[p.name] for p in question.parameters.values() if p.required}
        found = [ask(sparql.Triples(folder), question, values) for folder in (whole, union)]
        assert found[0] == found[1]
    count = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert sparql.ask_freely(sparql.Triples(union), count, {}).rows == [[0]]
    assert sparql.ask_freely(sparql.Triples(whole), count, {}).rows > [[0]]
    asked: list[bool] = []
    store = sparql.Triples(lambda named: asked.append(named) or (whole if named else union))
    assert sparql.ask_freely(store, count, {}).rows > [[0]]
    assert sparql.ask_freely(store, "SELECT ?s { ?s ?p ?o } LIMIT 1", {}).rows
    assert asked == [True, False]
    store.close()


def test_a_variable_that_is_called_from_names_no_graph():
    assert not sparql.may_name_graphs("# from all\nSELECT ?from { ?from a zl:Task FILTER(?from != $graph) }")
    assert not any(sparql.may_name_graphs(sparql.filled(q.cypher, {"from": ""})) for q in SPARQL.values())


ROWS = [name for name, question in SPARQL.items() if sparql.reads_rows(question.cypher)]


def test_what_reads_rows_alone_is_answered_as_by_the_whole(tmp_path, built):
    """Out of a store of what it names, which grows by what the next one names."""
    shutil.copytree(built, tmp_path / "w", ignore=shutil.ignore_patterns("rdf*"))
    workspace = Workspace(tmp_path / "w")
    whole = sparql.Triples(triples(Workspace(built), named=False))
    asked: list[Path] = []
    parts = sparql.Triples(
        lambda named: pytest.fail(f"the whole was asked: {named}"),
        rows=lambda wanted: asked.append(rows_alone(workspace, wanted)) or asked[-1],
    )
    given = {
        "due": [{}, {"unit": "县民政局"}, {"from": "2024-01-01", "region": "中国"}],
        "workload": [{}, {"role": "lead", "year": 2023, "collective": True}],
    }
    assert set(given) == set(ROWS)
    for name in (*given, *given):
        for values in given[name]:
            found = ask(parts, SPARQL[name], values)
            assert found == ask(whole, SPARQL[name], values) and (found.rows or values)
    assert len(asked) == 10 and not (tmp_path / "w/cache/rdf").exists()
    held = list(ox.Store.read_only(str(asked[-1])))
    triples(workspace, named=False)
    assert rows_alone(workspace, sparql.named(SPARQL["due"].cypher)).parent.name == "rdf"  # which has all
    assert len(held) < len(ox.Store.read_only(str(triples(workspace, named=False))))
    parts.close()
    whole.close()


@pytest.mark.parametrize("names", ["built", "corpus"])
def test_what_rows_say_is_what_the_whole_says_of_them(names, tmp_path, built):
    """Of every property and class: nothing else, and all that is said of nodes as rows have them."""
    workspace = Workspace(built)
    if names == "corpus":
        workspace = Workspace(tmp_path / "w")
        workspace.build([real_papers() / "corpus"])
    known = [p.name for part in terms.PROPERTIES.values() for p in part.values() if p]
    known += [*terms.RELATIONS.values(), *terms.CITED.values(), "rdf:type", "time:inXSDDate", "time:Instant"]
    known += [*(f"zl:{label}" for label in terms.CLASSES), *(c for all_ in terms.CLASSES.values() for c in all_)]
    known += ["org:OrganizationalCollaboration", "org:OrganizationalUnit"]
    wanted = frozenset(map(terms.term, known))
    with workspace.store() as store:
        said = {line.removesuffix(" .\n") for line in row_statements(store, wanted, terms.BASE)}
        every = {line.partition("\t")[2].replace("\t", " ") for line in statements(store, None)}
        own = {line.partition("\t")[2].replace("\t", " ") for line in statements(store, workspace.records)}
    assert said <= every
    things = tuple(f"<{terms.BASE}{kind}/" for kind in ("document", "task", "unit", "region", "deadline", "day"))
    beside = tuple(map(terms.term, ("prov:qualifiedDerivation", "zl:section", "org:purpose", "prov:wasRevisionOf")))
    left = [
        line
        for line in own - said
        if line.startswith(things) and "#" not in line.partition("> ")[0] and line.split(" ", 2)[1] in wanted
        and line.split(" ", 2)[1] not in beside
    ]  # fmt: skip
    evidence = terms.term("prov:wasDerivedFrom")
    assert [line for line in left if not (line.split(" ", 2)[1] == evidence and "#" in line.split(" ", 2)[2])] == []


@pytest.mark.parametrize("text", NAMES_GRAPHS)
def test_what_may_name_graphs_is_seen_however_it_is_written(text):
    assert sparql.may_name_graphs(text)


@settings(deadline=None)
@given(st.one_of(st.text(st.characters(exclude_categories=("Cs",))), st.text(alphabet="\"'\\\n$x{}#;")))
def test_no_value_breaks_out_of_its_literal(value):
    text = sparql.filled('SELECT ?v { BIND($x AS ?v) } # $x "', {"x": value})
    assert text.endswith('# $x "')
    ((found,),) = ox.Store().query(text)
    assert found.value == value


def test_values_are_written_by_their_type():
    values = {"a": 1, "b": True, "c": date(2023, 1, 2), "d": "x", "e": 0.5}
    assert sparql.filled("$a $b $c $d $e ?a '$a' <$a> $f", values) == (
        '1 true "2023-01-02"^^<http://www.w3.org/2001/XMLSchema#date> "x" '
        "\"0.5\"^^<http://www.w3.org/2001/XMLSchema#double> ?a '$a' <$a> $f"
    )


# --- shapes ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def right(tmp_path_factory) -> rdflib.Graph:
    """A small graph with every class in it: three papers in a chain, a branch, every kind of deadline and place."""
    folder = tmp_path_factory.mktemp("right")
    paper = """甲县人民政府办公室关于印发甲县2023年政务公开工作要点的通知
甲政办〔2023〕5号

为贯彻落实《国务院办公厅关于印发2023年政务公开工作要点的通知》（国办发〔2023〕901号）、《丙省人民政府办公厅关于印发丙省2023年政务公开工作要点的通知》（丙政办〔2023〕7号）精神，制定本要点。
一、加强公开
（一）公开目录。编制目录，2023年3月1日—2023年6月30日完成，每季度更新。（县财政局牵头，市生态环境局甲县分局、各乡镇配合）
1.公开预算。依照《丙省公开条例》公开预算。（责任单位：县财政局）

甲县人民政府办公室
2023年3月1日
"""
    above = """丙省人民政府办公厅关于印发丙省2023年政务公开工作要点的通知
丙政办〔2023〕7号

一、加强公开
（一）公开目录。编制目录，2023年5月底前完成，每季度更新。（省财政厅牵头）

丙省人民政府办公厅
2023年1月5日
"""
    before = above.replace("2023", "2022").replace("7号", "6号")
    files = [folder / name for name in ("one.txt", "two.txt", "three.txt")]
    for file, text in zip(files, (paper, above, before), strict=True):
        file.write_text(text, "utf-8")
    workspace = Workspace(folder / "w")
    assert workspace.build(files).failures == []
    with workspace.store() as store:
        lines = list(statements(store, workspace.records))
    text = "".join(f"{' '.join(line.split(chr(9))[1:])} .\n" for line in lines)
    return rdflib.Graph().parse(data=text, format="nt")


SHAPED = rdflib.Graph().parse(SHAPES)
ZS = "https://zhengling.example/shapes#"


def shapes() -> list[str]:
    return sorted(str(s).removeprefix(ZS) for s in SHAPED.subjects(RDF.type, SH.NodeShape))


def part(name: str) -> rdflib.Graph:
    """One shape with all that hangs on it."""
    out, left = rdflib.Graph(), [URIRef(ZS + name), URIRef(ZS + "prefixes")]
    while left:
        node = left.pop()
        for triple in SHAPED.triples((node, None, None)):
            if triple not in out:
                out.add(triple)
                left.append(triple[2])
    return out


def broken(graph: rdflib.Graph, thing, path, constraint, value) -> None:
    """Break one constraint of a property of a thing."""
    subject, key = thing, path
    inverse = SHAPED.value(path, SH.inversePath)
    either = SHAPED.value(path, SH.alternativePath)
    keys = list(rdflib.collection.Collection(SHAPED, either)) if either is not None else [key]
    if constraint == SH.minCount:
        for one in keys:
            graph.remove((None, inverse, subject) if inverse is not None else (subject, one, None))
    elif constraint == SH.maxCount:
        for n in range(int(value) + 1):
            wrong = URIRef(f"x:more{n}"), inverse, subject
            graph.add(wrong if inverse is not None else (subject, keys[0], Literal(f"more {n}")))
    elif constraint == SH.uniqueLang:
        graph.add((subject, key, Literal("一", lang="zh")))
        graph.add((subject, key, Literal("二", lang="zh")))
    elif constraint == SH.lessThanOrEquals:
        for one in (key, value):
            graph.remove((subject, one, None))
        far = {"start": (9, 1), "firstDay": (date(2023, 2, 1), date(2023, 1, 1))}[str(key).rpartition("#")[2]]
        graph.add((subject, key, Literal(far[0])))
        graph.add((subject, value, Literal(far[1])))
    else:
        wrong = {SH.minLength: Literal(""), SH.pattern: Literal("x"), SH.minInclusive: Literal(-1)}
        if constraint == SH.maxInclusive:
            wrong[constraint] = Literal(int(value) + 1)
        other = wrong.get(constraint, Literal(1.5) if constraint == SH.datatype else URIRef("x:other"))
        graph.remove((None, inverse, subject) if inverse is not None else (subject, keys[0], None))
        graph.add((other, inverse, subject) if inverse is not None else (subject, keys[0], other))


TESTED = (
    *(SH.minCount, SH.maxCount, SH.datatype, SH["class"], SH["in"], SH["or"], SH.minLength, SH.minInclusive),
    *(SH.maxInclusive, SH.pattern, SH.hasValue, SH.lessThanOrEquals, SH.uniqueLang),
)


def test_a_right_graph_has_nothing_wrong(right):
    assert violations(right) == []


@pytest.mark.parametrize("name", [name for name in shapes() if not name.endswith("Whole")])
def test_each_constraint_of_a_shape_is_seen_when_it_is_broken(right, name):
    shape, only = URIRef(ZS + name), part(name)
    kind = SHAPED.value(shape, SH.targetClass)
    things = sorted(right.subjects(RDF.type, kind))
    assert things, f"no {kind} in the graph"
    assert violations(right, only) == []
    seen = 0
    for prop in SHAPED.objects(shape, SH.property):
        path = SHAPED.value(prop, SH.path)
        for constraint, value in SHAPED.predicate_objects(prop):
            if constraint == SH.path:
                continue
            assert constraint in TESTED, constraint
            graph = rdflib.Graph()
            graph += right
            broken(graph, things[0], path, constraint, value)
            found = violations(graph, only)
            wanted = str(constraint).rpartition("#")[2]
            wanted = wanted[0].upper() + wanted[1:]
            assert Catalogue("zh").text(f"shape-{wanted}")
            assert wanted in {one.constraint for one in found}, (name, path, wanted)
            seen += 1
    assert seen


def one(graph: rdflib.Graph, kind: str):
    return min(graph.subjects(RDF.type, URIRef(terms.ONTOLOGY + kind)))


def full(name: str) -> URIRef:
    return URIRef(terms.term(name)[1:-1])


def drop(name: str):
    return lambda graph, thing: graph.remove((None, full(name), None))


def ahead(graph, thing):
    for day in graph.objects(None, full("time:hasBeginning")):
        graph.set((day, full("time:inXSDDate"), Literal(date(2099, 1, 1))))


def unread(graph, thing):
    for document in graph.subjects(full("zl:loaded"), Literal(True)):
        graph.set((document, full("zl:loaded"), Literal(False)))


def itself(key: str):
    return lambda graph, thing: graph.add((thing, full(key), thing))


def lower(graph, thing):
    for document in graph.objects(None, full("eli:implements")):
        graph.set((document, full("zl:level"), full("zl:level-township")))


def level_of_tasks(graph, thing):
    for document in graph.subjects(full("zl:loaded"), Literal(True)):
        graph.set((document, full("zl:level"), full("zl:level-county")))


def level(graph, thing):
    for task in graph.subjects(RDF.type, full("zl:Task")):
        graph.set((task, full("zl:order"), Literal(1)))


WHOLE = {
    "Deadline": [("before it begins", ahead), ("without its last day", drop("time:hasEnd"))],
    "Document": [
        ("no file or no named graph", drop("dcterms:source")),
        ("but sets tasks", unread),
        ("itself", itself("eli:cites")),
        ("not of a higher level", lower),
    ],
    "Task": [
        ("one place", level),
        ("own clause", itself("eli:is_part_of")),
        ("without words", drop("prov:wasDerivedFrom")),
        ("no superior sets", level_of_tasks),
    ],
    "DerivesFrom": [("what is not stated", drop("prov:wasDerivedFrom"))],
    "Resembles": [("what is not stated", drop("zl:resembles"))],
    "Assignment": [("not this role", drop("zl:leads"))],
    "TimeLimit": [("not that of the task", drop("zl:due"))],
    "Cites": [("what is not stated", drop("eli:cites"))],
    "Implements": [("what is not stated", drop("eli:implements"))],
    "IssuedBy": [("what is not stated", drop("eli:passed_by"))],
    "In": [("what is not stated", drop("dcterms:spatial"))],
    "PartOf": [("what is not stated", drop("dcterms:isPartOf"))],
    "BranchOf": [("what is not stated", drop("org:unitOf"))],
}


@pytest.mark.parametrize("name", [name for name in shapes() if name.endswith("Whole")])
def test_each_question_of_a_shape_is_seen_when_it_is_broken(right, name):
    kind, only = name.removesuffix("Whole"), part(name)
    rules = list(SHAPED.objects(URIRef(ZS + name), SH.sparql))
    assert len(rules) == len(WHOLE[kind])
    assert violations(right, only) == []
    for words, spoil in WHOLE[kind]:
        graph = rdflib.Graph()
        graph += right
        spoil(graph, one(graph, kind))
        found = violations(graph, only)
        assert [v for v in found if words in v.message], (words, found)
        assert all(v.message.isascii() for v in found)
        assert not any(v.message.isascii() for v in violations(graph, only, "zh"))


def test_the_command_tests_the_shapes(built, run):
    done = run("check", "--shacl", "--fail-on", "error", "--workspace", built)
    assert (done.status, done.out) == (0, "")
    assert run("check", "--shacl", "--format", "html", "--workspace", built).status == 2


def test_a_wrong_value_in_the_graph_is_shown(tmp_path, samples, run):
    workspace = Workspace(tmp_path / "w")
    workspace.build([samples / "lutan-2023.txt"])
    (path,) = Path(tmp_path / "w/records").glob("*.json")
    path.write_text(path.read_text("utf-8").replace('"year": 2023', '"year": 20230', 1), "utf-8")
    workspace.build([])
    for language, heading in (("en", "Constraint"), ("zh", "约束")):
        done = run("check", "--shacl", "--workspace", tmp_path / "w", lang=language)
        assert (done.status, heading in done.out, "20230" in done.out) == (0, True, True)
        assert Catalogue(language)("shape-MaxInclusive") in done.out
    done = run("check", "--shacl", "--fail-on", "warning", "--format", "json", "--workspace", tmp_path / "w")
    (wrong,) = json.loads(done.out)
    assert (done.status, wrong["property"], wrong["constraint"]) == (1, "zl:year", "MaxInclusive")


def test_what_is_no_question_is_said_of_the_file(tmp_path, built):
    path = tmp_path / "x.rq"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ZhenglingError, match=r"x\.rq"):
        sparql.read_file(path)
