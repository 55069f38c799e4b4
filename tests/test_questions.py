"""The saved questions against answers worked out from gold alone, and against what holds for every graph."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zhengling.extractors.model import Evidence, Record, Task
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.graph.deriving.derive import derive
from zhengling.graph.stores.embedded import EmbeddedStore, build
from zhengling.queries.runner import ask, questions

from .answers import Gold, plain_name, same
from .effort import examples
from .graphs import RANK, ROLES, UNITS, Memory, graphs, settled
from .truth import real_papers

QUESTIONS = questions()


@settings(max_examples=examples(8), deadline=None)
@given(graphs(), st.randoms(use_true_random=False))
def test_the_same_graph_in_any_order_gives_the_same_rows_and_a_limit_cuts_them(graph, chance: random.Random):
    nodes, edges = graph
    store = Memory(nodes, edges)
    other = Memory(chance.sample(nodes, len(nodes)), chance.sample(edges, len(edges)))
    for question in QUESTIONS.values():
        needed = settled(question.parameters, nodes)
        every = needed | ({"limit": 0} if "limit" in question.parameters else {})
        answer = ask(store, question, every)
        assert answer == ask(other, question, every), question.name
        if "limit" in question.parameters:
            for limit in (1, 2):
                assert ask(store, question, {**needed, "limit": limit}).rows == answer.rows[:limit], question.name
        for row in answer.dicts():
            assert all(row[c] is not None for c in row if c not in ("title", "level", "region")), question.name
            assert all(isinstance(row[c], list) and row[c] == sorted(row[c]) for c in question.lists)


def below(path: str, region: str) -> bool:
    """Whether a region's path is `region` or lies below it."""
    return not region or region in path.partition("（")[0].split("/") or path == region


@settings(max_examples=examples(8), deadline=None)
@given(
    graphs(),
    st.sampled_from(["", "中国", "丙市", "丁县", "中国/甲省/丙市/戊县", "己县", "县"]),
    st.sampled_from(["any", *ROLES]),
    st.sampled_from([0, 2023, 2024]),
    st.booleans(),
)
def test_counts_of_units_hold_for_every_graph(graph, region, role, year, collective):
    nodes, edges = graph
    store = Memory(nodes, edges)
    years = {n["id"]: n["year"] for label, n in nodes if label == "Document"}
    roles: dict[str, dict[str, set[str]]] = {}
    fields: dict[str, dict[str, set[str]]] = {}
    unit = {u[0]: u for u in UNITS}
    for name, (_, one), (_, task), _ in edges:
        if name in ROLES.values() and (not year or years[task.split("#")[0]] == year):
            if (collective or not unit[one][3]) and below(unit[one][2], region):
                roles.setdefault(one, {r: set() for r in ROLES.values()})[name].add(task)
            if unit[one][4]:
                fields.setdefault(unit[one][4], {r: set() for r in ROLES.values()})[name].add(task)

    def counts(found: dict[str, set[str]]) -> list[int]:
        return [*(len(found[r]) for r in ROLES.values()), len(set().union(*found.values()))]

    place = [*ROLES, "any"].index(role)
    wanted = [(*unit[u][1:3], *counts(found)) for u, found in sorted(roles.items()) if counts(found)[place]]
    wanted.sort(key=lambda row: -row[2 + place])
    values = {"region": region, "role": role, "year": year, "collective": collective, "limit": 0}
    answer = ask(store, QUESTIONS["unit-workload"], values)
    assert [tuple(row) for row in answer.rows] == wanted
    assert all(max(row[2:5]) <= row[5] <= sum(row[2:5]) for row in answer.rows)
    answer = ask(store, QUESTIONS["function-workload"], {"year": year, "limit": 0})
    assert [(row[0], *row[2:]) for row in answer.rows] == [(f, *counts(found)) for f, found in fields.items()]


@settings(max_examples=examples(8), deadline=None)
@given(graphs(), st.sampled_from(["", "丁县", "丙市", "己县"]))
def test_each_pair_stands_once(graph, region):
    nodes, edges = graph
    shared: dict[tuple[str, str], set[str]] = {}
    units: dict[str, set[str]] = {}
    for name, (_, one), (_, task), _ in edges:
        known = next((u for u in UNITS if u[0] == one), None)
        if name in ROLES.values() and known and not known[3] and below(known[2], region):
            units.setdefault(task, set()).add(one)
    for task, those in units.items():
        for pair in combinations(sorted(those), 2):
            shared.setdefault(pair, set()).add(task)
    wanted = [(a.split("|")[1], b.split("|")[1], len(tasks)) for (a, b), tasks in sorted(shared.items())]
    wanted.sort(key=lambda row: -row[2])
    answer = ask(Memory(nodes, edges), QUESTIONS["shared-tasks"], {"region": region, "limit": 0})
    assert [tuple(row) for row in answer.rows] == wanted


@settings(max_examples=examples(8), deadline=None)
@given(graphs())
def test_trace_reach_and_broken_chains_tell_the_same(graph):
    nodes, edges = graph
    store = Memory(nodes, edges)
    level = {n["id"]: n.get("level") for label, n in nodes if label == "Document"}
    steps = {(a[1], b[1]) for name, a, b, _ in edges if name == "IMPLEMENTS"}
    broken = {row[0]: row[2] for row in ask(store, QUESTIONS["broken-chains"], {}).rows}
    for label, task in nodes:
        if label != "Task":
            continue
        rows = ask(store, QUESTIONS["trace"], {"task": task["id"]}).dicts()
        assert [rows[0]["how"], rows[0]["step"], rows[0]["id"]] == ["task", 0, task["id"]]
        assert sum(row["how"] == "contains" for row in rows) == 1
        hows = [row["how"] for row in rows if row["step"] == 1]
        assert hows == sorted(hows)  # cites before contains
        branch: list[dict] = []
        for row in rows:
            del branch[row["step"] :]
            assert len(branch) == row["step"]  # it stands on a row above
            if row["how"] in ("implements", "inferred"):
                assert (branch[-1]["id"], row["id"]) in steps
            if row["how"] == "ends":
                assert row["id"] == branch[-1]["id"]
                assert row["id"] not in {a for a, _ in steps}
            branch.append(row)
        assert rows[-1]["how"] == "ends"
        best = max((r["level"] for r in rows[1:]), key=RANK.__getitem__)
        assert (task["id"] in broken) == (best != "national")
        if task["id"] in broken:
            assert level[broken[task["id"]]] == best
    for document in level:
        reached = {
            row["document"]: row["steps"] for row in ask(store, QUESTIONS["reach"], {"document": document}).dicts()
        }
        found, front = {}, {document}
        for far in range(1, 9):
            front = {a for a, b in steps if b in front} - found.keys()
            found |= dict.fromkeys(front, far)
        assert reached == found


# --- the corpus -----------------------------------------------------------------------------------------------------


#: Of these the columns behind tell tasks apart, and stand in the record as they are.
FIRST = {
    **dict.fromkeys(("find", "due", "unit-tasks", "broken-chains"), 5),
    **dict.fromkeys(("no-deadline", "many-leads"), 4),
    "unassigned": 3,
}


class Corpus:
    """The graph of the gold files, and its rows in the terms of `answers.Gold`."""

    def __init__(self, store, gold: Gold) -> None:
        self.store, self.gold = store, gold
        _, tasks = store.rows(
            "MATCH (d:Document)-[:CONTAINS]->(t:Task) RETURN t.id AS task, d.source AS source, t.name AS name", {}
        )
        self.tasks = {task: (Path(source).stem, name) for task, source, name in tasks}
        _, documents = store.rows("MATCH (d:Document) RETURN d.id AS id, d.number AS number, d.title AS title", {})
        self.documents = {identity: number or same(title) for identity, number, title in documents}
        self.ids = {self.documents[identity]: identity for identity in self.documents}

    def ask(self, name: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a question: ids as gold has them, units as (place, plain name)."""
        parameters = {key.rstrip("_"): value for key, value in parameters.items()}
        rows = ask(self.store, QUESTIONS[name], parameters).dicts()
        rows = [dict(list(row.items())[: FIRST.get(name)]) for row in rows]  # gold knows the columns that say what
        for row in rows:
            for column, value in row.items():
                if column == "task":
                    row[column] = self.tasks[value]
                elif column in ("document", "stops_at") or (column == "id" and row["how"] != "task"):
                    row[column] = self.documents[value]
                elif column == "region":
                    row[column] = value and value.rsplit("/", 1)[-1]
                elif column == "regions":
                    row[column] = sorted(path.rsplit("/", 1)[-1] for path in value)
                elif column in ("units", "leads") and isinstance(value, list):
                    row[column] = tuple(sorted({plain_name(unit) for unit in value}))
                elif column in ("unit", "other"):
                    row[column] = plain_name(value)
                elif column == "deadline" and isinstance(value, list):
                    row[column] = tuple(value)
        return rows

    def set(self, name: str, **parameters: Any) -> set[tuple]:
        rows = [tuple(row.values()) for row in self.ask(name, **parameters)]
        assert len(set(rows)) == len(rows)
        return set(rows)


def regions(gold: Gold) -> list[str]:
    """No region, each paper's own, and those above."""
    heads = [paper["document"]["region"] for paper in gold.papers.values()]
    above = {place for paper in gold.papers.values() for place in paper["parents"].values()}
    return ["", *heads, *sorted(above - set(heads))]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Iterator[Corpus]:
    folder = real_papers()
    gold = Gold(folder / "gold", folder / "corpus")
    path = tmp_path_factory.mktemp("corpus") / "graph"
    with derive([record(paper) for paper in gold.papers.values()], Lexicon.load()) as graph:
        build(path, graph)
    with EmbeddedStore(path) as store:
        yield Corpus(store, gold)


def record(paper: dict[str, Any]) -> Record:
    """A gold file as a record: the graph is that of a faultless extraction."""
    known = Record.from_json({**paper, "source": {"path": f"{paper['stem']}.txt", "sha256": paper["stem"]}})
    for item in (*known.citations, *known.tasks):
        words = item.text if isinstance(item, Task) else f"《{item.title}》（{item.number}）"
        item.evidence = [Evidence(0, len(words), words, "gold")]
    return known


@pytest.mark.parametrize("role", ["any", *ROLES])
@pytest.mark.parametrize("collective", [False, True])
def test_unit_workload(corpus, role, collective):
    for region in regions(corpus.gold):
        for year in (0, 2021, 2022, 1999):
            values = {"region": region, "role": role, "year": year, "collective": collective}
            rows = corpus.ask("unit-workload", **values, limit=0)
            found = {(row["region"], row["unit"]): tuple(row.values())[2:] for row in rows}
            assert found == corpus.gold.unit_workload(**values), values
            assert len(found) == len(rows)
            by = "total" if role == "any" else role
            assert [row[by] for row in rows] == sorted((row[by] for row in rows), reverse=True)
    assert corpus.ask("unit-workload", role=role, collective=collective) == [
        *corpus.ask("unit-workload", role=role, collective=collective, limit=0)[:20]
    ]


def test_function_workload(corpus):
    _, units = corpus.store.rows("MATCH (u:Unit) RETURN u.name AS name, u.function AS field", {})
    fields = {plain_name(name): field for name, field in units}
    assert (fields["财政"], fields["教育"], fields["市场监督管理"]) == ("财政", "教育", "市场监管")
    for year in (0, 2020, 2021):
        rows = corpus.ask("function-workload", year=year, limit=0)
        assert {r["function"]: tuple(r.values())[1:] for r in rows} == corpus.gold.function_workload(fields.get, year)
        assert corpus.ask("function-workload", year=year) == rows[:20]


def test_unit_tasks(corpus):
    names = {unit["name"] for paper in corpus.gold.papers.values() for task in paper["tasks"] for unit in task["units"]}
    for name in sorted(names):
        assert corpus.set("unit-tasks", unit=name) >= corpus.gold.unit_tasks(name, exact=True)
        assert corpus.set("unit-tasks", unit=name) <= corpus.gold.unit_tasks(name)
    for region in regions(corpus.gold):
        for role in ("any", *ROLES):
            values = {"unit": "县财政局", "region": region, "role": role}
            assert corpus.set("unit-tasks", **values) == corpus.gold.unit_tasks(**values, exact=True), values


@pytest.mark.parametrize("text", ["公开", "政府信息", "（一）", "没有这样的话"])
def test_find(corpus, text):
    for region in regions(corpus.gold):
        for year in (0, 2021):
            found = corpus.set("find", text=text, region=region, year=year, limit=0)
            assert found == corpus.gold.find(text, region, year), (region, year)
    assert corpus.ask("find", text=text) == corpus.ask("find", text=text, limit=0)[:20]


def test_trace(corpus):
    ids = {key: task for task, key in corpus.tasks.items()}
    for key, task in ids.items():
        rows = corpus.ask("trace", task=task)
        found = [
            (
                row["step"],
                row["evidence"] if row["how"] == "ends" else key if row["how"] == "task" else row["id"],
                row["how"],
            )
            for row in rows
        ]
        assert sorted(map(str, found)) == sorted(map(str, corpus.gold.trace(*key))), key
        for row in rows:
            title = corpus.gold.documents.get(row["id"], {}).get("title")
            if row["how"] in ("cites", "implements", "inferred"):
                assert title in row["evidence"], row  # the words name this very paper
            assert row["evidence"]
    assert corpus.ask("trace", task="no such task") == []


def test_reach(corpus):
    for document in corpus.gold.documents:
        rows = corpus.ask("reach", document=corpus.ids[document])
        found = {(row["document"], row["level"], row["steps"], row["tasks"]) for row in rows}
        assert found == corpus.gold.reach(document), document
        assert [row["steps"] for row in rows] == sorted(row["steps"] for row in rows)
        title = corpus.gold.documents[document]["title"]
        assert corpus.ask("reach", document=f"《{title}》") == rows
        if "〔" in document:
            assert corpus.ask("reach", document=document.replace("〔", "[").replace("〕", "]")) == rows


def test_due(corpus):
    for first, last in [("", ""), ("2021-01-01", "2021-12-31"), ("2022-06-30", "2022-06-30"), ("2023-01-01", "")]:
        for unit in ("", "县财政局", "县司法局"):
            rows = corpus.ask("due", from_=first, to=last, unit=unit)
            assert {tuple(row.values())[:5] for row in rows} == corpus.gold.due(first, last, unit), (first, last, unit)
            assert [row["deadline"] for row in rows] == sorted(row["deadline"] for row in rows)
    here = date(2022, 6, 1)
    soon = ask(corpus.store, QUESTIONS["due"], {"from": "today", "to": "today+30"}, here)
    assert {row[2] for row in soon.rows} == {"2022-06-30"}


def test_shared_tasks(corpus):
    for region in regions(corpus.gold):
        rows = corpus.ask("shared-tasks", region=region, limit=0)
        wanted = corpus.gold.shared_tasks(region)
        pairs = sorted((*sorted((a[1], b[1])), n) for (a, b), n in wanted.items())
        assert sorted((*sorted((row["unit"], row["other"])), row["tasks"]) for row in rows) == pairs
        assert [row["tasks"] for row in rows] == sorted((row["tasks"] for row in rows), reverse=True)
        assert corpus.ask("shared-tasks", region=region) == rows[:20]


def test_most_cited(corpus):
    for level in ("any", "national", "province", "city", "county", "township"):
        rows = corpus.ask("most-cited", level=level, limit=0)
        found = {(row["document"], row["documents"], row["tasks"]) for row in rows}
        assert found == corpus.gold.most_cited(level), level
        assert [row["documents"] for row in rows] == sorted((row["documents"] for row in rows), reverse=True)
        assert all(row["title"] == corpus.gold.documents[row["document"]]["title"] for row in rows)


def test_unassigned_and_no_deadline(corpus):
    for document in ["", *(paper["id"] for paper in corpus.gold.papers.values())]:
        given_ = corpus.ids.get(document, "")
        assert corpus.set("unassigned", document=given_) == corpus.gold.unassigned(document)
        assert corpus.set("no-deadline", document=given_) == corpus.gold.no_deadline(document)


def test_many_leads(corpus):
    rows = corpus.ask("many-leads", limit=0)
    assert {tuple(row.values()) for row in rows} == corpus.gold.many_leads()
    assert [len(row["leads"]) for row in rows] == sorted((len(row["leads"]) for row in rows), reverse=True)
    assert corpus.ask("many-leads") == rows[:20]


def test_broken_chains(corpus):
    for level in ("national", "province", "city", "county", "township"):
        rows = corpus.ask("broken-chains", level=level)
        found = {(row["task"], row["stops_at"], row["why"], row["document"]) for row in rows}
        assert found == corpus.gold.broken_chains(level), level
    assert corpus.ask("broken-chains") == corpus.ask("broken-chains", level="national")


def test_missing_documents(corpus):
    rows = corpus.ask("missing-documents", limit=0)
    assert {(row["document"], row["cited_by"]) for row in rows} == corpus.gold.missing_documents()
    for row in rows:
        wanted = corpus.gold.documents[row["document"]]["level"]
        assert wanted in (None, row["level"]), row


def test_citation_conflicts(corpus):
    rows = corpus.ask("citation-conflicts")
    found = {(same(row["title"]), row["number"], row["document"]) for row in rows}
    assert found == corpus.gold.citation_conflicts()
    assert {row["number"][-4:] for row in rows} == {"109号", "119号"}
    assert all(row["number"] in row["quote"] for row in rows)


def test_document_summary(corpus):
    assert {row[:-1] for row in corpus.set("document-summary")} == corpus.gold.document_summary()


def conflicting(*citations: tuple[str, str, str]) -> list[tuple[str, str, str]]:
    """(title, number, citing document) of the conflicts among citations of this form."""
    nodes, edges = [], []
    for number, title, citing in citations:
        values = {"id": number, "number": number, "title": title, "kind": "directive", "level": "city", "loaded": False}
        nodes += [("Document", values), ("Document", {"id": citing, "loaded": True})]
        facts = {"role": "basis", "title": title, "quote": f"《{title}》（{number}）"}
        edges.append(("CITES", ("Document", citing), ("Document", number), facts))
    nodes = list({values["id"]: (label, values) for label, values in reversed(nodes)}.values())
    return [tuple(row[:3]) for row in ask(Memory(nodes, edges), QUESTIONS["citation-conflicts"], {}).rows]


def test_one_title_with_different_numbers_and_one_number_with_different_titles():
    one, two = ("甲发〔2020〕1号", "关于印发〈甲办法〉的通知", "乙"), ("甲发〔2020〕2号", "关于印发甲办法的通知", "丙")
    assert conflicting(one, two) == [(one[1], one[0], "乙"), (two[1], two[0], "丙")]
    other = ("甲发〔2020〕1号", "关于印发丁方案的通知", "丙")
    assert conflicting(one, other) == [(other[1], one[0], "丙"), (one[1], one[0], "乙")]
    assert conflicting(one, ("甲发〔2020〕1号", "甲办法", "丙")) == []  # what it hands out
    assert conflicting(one, ("甲发〔2020〕1号", "关于印发“甲办法”的通知", "丙")) == []
    assert conflicting(one, ("甲发〔2020〕3号", "关于乙事的通知", "丙")) == []
    assert conflicting() == []
