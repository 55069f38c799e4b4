"""Both stores give the same: counts, every row of every label and relationship, every answer to every question."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import zhengling
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zhengling.app.pictures.view import ViewReport, write_view
from zhengling.extractors.errors import ZhenglingError
from zhengling.graph.schema import NODES, RELATIONSHIPS
from zhengling.graph.stores.embedded import EmbeddedStore
from zhengling.graph.stores.load import load
from zhengling.graph.stores.neo4j import Connection, Neo4jStore
from zhengling.queries.runner import ask, questions

from .effort import examples
from .graphs import Listed, Memory, graphs, settled
from .server import Server, current
from .test_load import READING
from .truth import real_papers

QUESTIONS = questions()
#: Values of parameters that few questions have, for any graph.
OTHERS: dict[str, list[Any]] = {
    "earlier": [0, 2021, 2023],
    "later": [0, 2022, 2024],
    "first": [1, 5],
    "today": ["today", "2021-07-01", "2024-03-01"],
    "soon": ["today+7", "2024-03-08"],
    "near": ["today+30", "2024-03-31"],
}


@pytest.fixture(scope="module", params=["lts", "current"])
def there(request) -> Iterator[Neo4jStore]:
    """A store on the long-term release, then on the current one."""
    with ExitStack() as stack:
        server: Server = (
            request.getfixturevalue("neo4j_server") if request.param == "lts" else stack.enter_context(current())
        )
        server.clear()
        connection = Connection(server.uri, server.user, server.database, server.password)
        yield stack.enter_context(Neo4jStore(connection))
        server.clear()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Iterator[EmbeddedStore]:
    workspace = tmp_path_factory.mktemp("corpus") / "workspace"
    here = Path.cwd()
    os.chdir(real_papers())
    try:
        zhengling.open(workspace).build(["corpus"])
    finally:
        os.chdir(here)
    with EmbeddedStore(workspace / "cache" / "graph.lbug") as store:
        yield store


def counts(store: Any) -> dict[str, int]:
    """How many nodes of each label and relationships of each type a store has."""
    found = {label: f"MATCH (n:`{label}`) RETURN count(*) AS n" for label in NODES}
    found |= {name: f"MATCH ()-[r:`{name}`]->() RETURN count(*) AS n" for name in RELATIONSHIPS}
    return {name: store.rows(cypher, {})[1][0][0] for name, cypher in found.items()}


def same(here: Any, there: Any, name: str, parameters: dict[str, Any]) -> None:
    """The answers of both stores, types and all."""
    one, two = (ask(store, QUESTIONS[name], parameters) for store in (here, there))
    assert repr(one) == repr(two), (name, parameters)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_on_the_corpus(corpus, there, name):
    load(corpus, there.connection)
    assert counts(corpus) == counts(there)
    question = QUESTIONS[name]
    values: dict[str, list[Any]] = {
        "task": [row[0] for row in corpus.rows("MATCH (t:Task) RETURN t.id ORDER BY t.id", {})[1][::5]],
        "unit": ["县财政局", "市财政局", "县政府办", "省教育厅", "无此单位"],
        "region": ["", *(row[0] for row in corpus.rows("MATCH (r:Region) RETURN r.id ORDER BY r.id", {})[1])],
        "document": [row[0] for row in corpus.rows("MATCH (d:Document) RETURN d.id ORDER BY d.id", {})[1]],
        "text": ["公开", "政务服务", "没有这样的词"],
        "year": [0, 2021, 1999],
        "limit": [0, 1, 7],
        "from": ["", "2021-06-30"],
        "to": ["", "today", "2021-12-31"],
        "collective": [False, True],
        **OTHERS,
    }
    pools = []
    for parameter in question.parameters.values():
        pool = list(parameter.choices) or values[parameter.name]
        pools.append([(parameter.name, value) for value in pool[: 6 if len(question.parameters) > 2 else None]])
    needed = {p.name: values[p.name][0] for p in question.parameters.values() if p.required}
    same(corpus, there, name, needed)
    every = list(product(*pools))
    for chosen in every[:: max(1, len(every) // examples(20))]:
        same(corpus, there, name, dict(chosen))


def test_every_row_of_the_corpus(corpus, there):
    load(corpus, there.connection)
    for label in NODES:
        assert list(corpus.nodes(label)) == list(there.nodes(label)), label
    for name, relationship in RELATIONSHIPS.items():
        for pair in relationship.pairs:
            assert list(corpus.relationships(name, *pair)) == list(there.relationships(name, *pair)), (name, pair)


def pictured(store: Any, out: Path, asked: dict[str, Any]) -> tuple[ViewReport | tuple[str, dict[str, Any]], bytes]:
    """What is said of a picture, and its page; of one that is refused, why."""
    out.unlink(missing_ok=True)
    try:
        return write_view(store, out, **asked), out.read_bytes()
    except ZhenglingError as error:
        return (error.code, error.values), b""


def test_every_picture_of_the_corpus(corpus, there, tmp_path):
    """The whole, one thing, and each filter of papers alone and with others, whole and cut to the most connected."""
    load(corpus, there.connection)
    papers = corpus.rows("MATCH (d:Document) WHERE d.loaded RETURN d.id, d.region, d.level, d.year ORDER BY d.id", {})[
        1
    ]
    one, region, level, year = papers[0]
    directive = corpus.rows(
        "MATCH (:Document)-[:IMPLEMENTS]->(d:Document) RETURN d.id AS id, count(*) AS n ORDER BY n DESC, id LIMIT 1", {}
    )[1][0][0]
    unit, place = corpus.rows(
        "MATCH (u:Unit)-[:LEADS]->(:Task) "
        "RETURN u.name, u.region, u.id AS id, count(*) AS n ORDER BY n DESC, id LIMIT 1",
        {},
    )[1][0][:2]
    task = corpus.rows("MATCH (t:Task) RETURN t.id ORDER BY t.id LIMIT 1", {})[1][0][0]
    asked: list[dict[str, Any]] = [{}, {"document": one}, {"task": task}, {"directive": directive}]
    asked += [{"region": place.rpartition("/")[2]} for place in sorted({row[1] for row in papers})]
    asked += [{"region": region.split("/")[1]}, {"region": region}]
    asked += [{"level": one} for one in ("national", "province", "city", "county", "\u53bf", "\u7701")]
    asked += [{"year": one} for one in sorted({row[3] for row in papers})] + [{"year": 1999}]
    asked += [{"region": region, "level": level, "year": year}, {"region": region, "year": year + 1}]
    asked += [{"unit": unit, "region": place}, {"unit": unit, "region": place, "year": year}]
    asked += [{"directive": directive, "level": level}, {"directive": directive, "region": region, "year": year}]
    asked += [{"document": one, "year": year}, {"region": "\u65e0\u6b64\u5730"}, {"level": "\u9ad8"}]
    drawn = refused = 0
    for part in asked:
        for limit in (500, 40):
            ours, theirs = (
                pictured(store, tmp_path / f"{n}.html", part | {"limit": limit})
                for n, store in enumerate((corpus, there))
            )
            assert ours == theirs, part
            drawn, refused = drawn + bool(ours[1]), refused + (not ours[1])
    assert drawn > 30 and refused >= 8


@settings(max_examples=examples(8), deadline=None, suppress_health_check=list(HealthCheck))
@given(graphs(), st.data())
def test_every_question_on_graphs_of_any_shape(there, graph, data):
    nodes, edges = graph
    here = Memory(nodes, edges)
    load(Listed(graph), there.connection)
    assert counts(here) == counts(there)
    ids = [values["id"] for label, values in nodes if label == "Document"]
    pools: dict[str, list[Any]] = {
        "task": [values["id"] for label, values in nodes if label == "Task"] or ["none"],
        "unit": ["教育局", "本体育局", "公司", "中国/甲省/丙市|教育局"],
        "region": ["", "中国", "丙市", "丁县", "己县", "中国/甲省/丙市/戊县"],
        "document": ["", "通知0", *ids],
        "text": ["工作", "1", "甲", "'乙'", "\\n"],
        "year": [0, 2023, 2024],
        "limit": [0, 1, 2],
        "from": ["", "2024-01-01", "2024-02-29"],
        "to": ["", "2024-06-29", "2024-06-30"],
        "collective": [False, True],
        **OTHERS,
    }
    for name, question in QUESTIONS.items():
        same(here, there, name, settled(question.parameters, nodes))
        chosen = {}
        for parameter in question.parameters.values():
            pool = [v for v in parameter.choices or pools[parameter.name] if v != "" or not parameter.required]
            chosen[parameter.name] = data.draw(st.sampled_from(pool))
        same(here, there, name, chosen)


def test_no_reading_question_is_refused_by_either_release(there: Neo4jStore) -> None:
    """The plans of both releases are made of operators that we know to read."""
    for cypher in READING:
        there.check(cypher, {"id": "x"} if "$id" in cypher else {})
    from zhengling.app.files_out.neodash import dashboard
    from zhengling.app.messages import Catalogue

    board = dashboard(QUESTIONS.values(), Catalogue("zh"))
    reports = {report["query"]: report for page in board["pages"] for report in page["reports"]}
    for query, report in reports.items():  # with the values that its fields begin with, all of them texts
        given = {name: "2" if "limit" in name else text for name, text in board["settings"]["parameters"].items()}
        columns, _ = there.rows(query.rstrip(";"), given | {"input": ""})
        assert report["type"] != "table" or tuple(columns) == QUESTIONS[report["id"]].columns
        assert report["type"] != "select" or "value" in columns or report["settings"]["type"] == "Free Text"
    of_type = {"integer": 1, "boolean": False, "date": date(2024, 1, 1), "words": ["x"]}
    for question in QUESTIONS.values():
        there.check(question.cypher, {p.name: of_type.get(p.type, "") for p in question.parameters.values()})
