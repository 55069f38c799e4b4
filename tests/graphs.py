"""Graphs of any shape for the tests of questions and stores: made by hypothesis, held in memory, or as a source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import ladybug
from hypothesis import strategies as st
from zhengling.graph.schema import NODES, RELATIONSHIPS, key
from zhengling.graph.stores.embedded import MACROS

ROLES = {"lead": "LEADS", "responsible": "RESPONSIBLE_FOR", "support": "SUPPORTS"}
RANK = {"national": 5, "province": 4, "city": 3, "county": 2, "township": 1, None: 0}

Graph = tuple[list[tuple[str, dict[str, Any]]], list[tuple[str, tuple[str, str], tuple[str, str], dict[str, Any]]]]


class Memory:
    """A store in memory, filled one by one in the order given."""

    def __init__(self, nodes: list[tuple[str, dict]], edges: list[tuple[str, tuple, tuple, dict]]) -> None:
        self.connection = ladybug.Connection(ladybug.Database(":memory:", buffer_pool_size=2**30, max_db_size=2**30))
        for macro in MACROS:
            self.connection.execute(macro)
        for label, properties in NODES.items():
            columns = ", ".join(f"`{name}` {type_}" for name, type_ in properties.items())
            self.connection.execute(f"CREATE NODE TABLE `{label}`({columns}, PRIMARY KEY(id))")
        for name, relationship in RELATIONSHIPS.items():
            parts = [f"FROM `{a}` TO `{b}`" for a, b in relationship.pairs]
            parts += [f"`{key}` {type_}" for key, type_ in relationship.properties.items()]
            self.connection.execute(f"CREATE REL TABLE `{name}`({', '.join(parts)})")
        for label, values in nodes:
            self.connection.execute(f"CREATE (:`{label}` {{{placed(values)}}})", escaped(values))
        for name, (a, one), (b, two), values in edges:
            self.connection.execute(
                f"MATCH (a:`{a}` {{id: $a}}), (b:`{b}` {{id: $b}}) CREATE (a)-[:`{name}` {{{placed(values)}}}]->(b)",
                {"a": one, "b": two, **escaped(values)},
            )

    def rows(self, cypher: str, parameters: dict[str, Any]):
        result = self.connection.execute(cypher, parameters)
        return result.get_column_names(), list(iter_rows(result))


def placed(values: dict[str, Any]) -> str:
    return ", ".join(f"`{key}`: $v_{key}" for key in values)


def escaped(values: dict[str, Any]) -> dict[str, Any]:
    """Parameters may not bear the names of key words."""
    return {f"v_{key}": value for key, value in values.items()}


def iter_rows(result):
    while result.has_next():
        yield result.get_next()


REGIONS = {
    "national": ["中国"],
    "province": ["中国/甲省"],
    "city": ["中国/甲省/丙市"],
    "county": ["中国/甲省/丙市/丁县", "中国/甲省/丙市/戊县", "己县（己政）"],  # the last: which 己县 is not known
}
UNITS = [
    (f"{path}|{name}", name, path, collective, function)
    for path in ["中国/甲省/丙市", *REGIONS["county"]]
    for name, collective, function in [
        ("教育局", False, "教育"),
        ("体育局", False, "教育"),
        ("各乡镇", True, ""),
        ("公司", False, ""),
    ]
]
TITLES = [None, "", "一、工作", "二、“甲”'乙'\\n\n\"丙\" $x {a: 1}"]
DAYS = [date(2023, 12, 31), date(2024, 2, 29), date(2024, 6, 30)]


def proof(document: str, quote: str) -> str:
    """Evidence as the graph keeps it."""
    told = {"document": document, "start": 0, "end": len(quote), "quote": quote, "rule": "test", "place": {}}
    return json.dumps(told, ensure_ascii=False)


@st.composite
def graphs(draw):
    """(nodes, edges) of a few documents, each implementing some of a higher level, with a few tasks each."""
    nodes = [("Region", {"id": p, "name": p.rsplit("/", 1)[-1], "level": x}) for x, ps in REGIONS.items() for p in ps]
    edges = []
    for identity, name, path, collective, function in UNITS:
        values = {"id": identity, "name": name, "aliases": [name, f"本{name}"], "function": function, "region": path}
        values["fields"] = [function] if function else []
        nodes.append(("Unit", {**values, "collective": collective}))
        edges.append(("IN", ("Unit", identity), ("Region", path), {"quote": name}))
    for day in DAYS:
        nodes.append(("Deadline", {"id": f"date {day}", "kind": "date", "text": str(day), "due": day}))
    nodes.append(("Deadline", {"id": "ongoing", "kind": "ongoing", "text": "长期坚持"}))
    documents = []
    for number in range(draw(st.integers(1, 5))):
        level = draw(st.sampled_from(list(REGIONS)))
        loaded = draw(st.booleans()) or number == 0
        values = {
            "id": f"文〔2024〕{number}号", "number": f"文〔2024〕{number}号", "title": f"通知{number % 3}",
            "kind": "directive", "level": level, "region": draw(st.sampled_from(REGIONS[level])),
            "year": 2023 + number % 2, "loaded": loaded, "aliases": [f"文〔2024〕{number}号"],
            "why": "names no superior" if loaded else "not loaded",
        }  # fmt: skip
        documents.append(values)
        nodes.append(("Document", values))
    for low in documents:
        for high in documents:
            if RANK[low["level"]] < RANK[high["level"]] and draw(st.booleans()):
                low["why"] = ""
                ends = ("Document", low["id"]), ("Document", high["id"])
                shown = draw(st.sampled_from([d["id"] for d in documents]))
                values = {"inferred": draw(st.booleans()), "quote": "按照", "evidence": [proof(shown, "按照")]}
                edges.append(("IMPLEMENTS", *ends, values))
    for document in documents:
        for cited, role in draw(
            st.sets(st.tuples(st.sampled_from([d["id"] for d in documents]), st.sampled_from(["basis", "mention"])))
        ):
            if cited != document["id"] and document["loaded"]:
                values = {"role": role, "title": draw(st.sampled_from(["", "通知0", "通知1"])), "quote": "按照"}
                edges.append(("CITES", ("Document", document["id"]), ("Document", cited), values))
        for order in range(1, draw(st.integers(0, 4)) + 1 if document["loaded"] else 1):
            task = f"{document['id']}#{order}"
            values = {
                "id": task,
                "name": f"T{order}",
                "order": order,
                "text": f"做好工作{order}",
                "document": document["id"],
            }
            nodes.append(("Task", {**values, "title": draw(st.sampled_from(TITLES))}))
            if order > 1 and draw(st.booleans()):
                edges.append(("PART_OF", ("Task", task), ("Task", f"{document['id']}#1"), {"quote": "工作"}))
            edges.append(("CONTAINS", ("Document", document["id"]), ("Task", task), {"quote": "做好工作"}))
            for unit, role in draw(
                st.sets(st.tuples(st.sampled_from(UNITS), st.sampled_from(list(ROLES))), max_size=5)
            ):
                edges.append((ROLES[role], ("Unit", unit[0]), ("Task", task), {}))
            for day in draw(st.sets(st.sampled_from([*(f"date {d}" for d in DAYS), "ongoing"]), max_size=2)):
                edges.append(("DUE", ("Task", task), ("Deadline", day), {}))
            for cited in draw(st.sets(st.sampled_from([d["id"] for d in documents]), max_size=2)):
                if cited != document["id"]:
                    role = draw(st.sampled_from(["basis", "mention"]))
                    values = {"role": role, "title": "", "quote": "落实"}
                    edges.append(("CITES", ("Task", task), ("Document", cited), values))
    return nodes, edges + draw(links(nodes, edges))


CHANGES = [
    "deadline-later weaker: 6月底前 → 9月底前",
    "figure-changed: 3座 → 1座",
    "duty-hardened stronger: 鼓励 → 必须",
]


@st.composite
def links(draw, nodes, edges):
    """A few links between tasks of papers where one implements the other."""
    tasks: dict[str, list[str]] = {}
    for label, values in nodes:
        if label == "Task":
            tasks.setdefault(values["document"], []).append(values["id"])
    found = []
    steps = [(a, b) for name, (_, a), (_, b), _ in edges if name == "IMPLEMENTS"]
    for low, high in draw(st.permutations(steps)):
        pairs = st.tuples(st.sampled_from(tasks.get(low, [""])), st.sampled_from(tasks.get(high, [""])))
        for one, two in sorted(draw(st.sets(pairs, max_size=4))) if low in tasks and high in tasks else ():
            values = {
                "kind": draw(st.sampled_from(["one", "merged", "split"])),
                "wording": draw(st.sampled_from(["copied", "adapted"])),
                "state": draw(st.sampled_from(["sure", "likely", "confirmed", "suspect"])),
                "score": draw(st.sampled_from([0.65, 1.3, 2.5])),
                "change": sorted(draw(st.sets(st.sampled_from(CHANGES), max_size=2))),
                "grounds": ["alike=1.000"],
                "texts": ["0" * 16, "1" * 16],
                "quote": "做好工作",
                "evidence": [proof(low, "做好工作"), proof(high, "做好工作")],
            }
            name = draw(st.sampled_from(["DERIVES_FROM", "DERIVES_FROM", "RESEMBLES"]))
            found.append((name, ("Task", one), ("Task", two), values))
    return found


def settled(parameters: dict[str, Any], nodes) -> dict[str, Any]:
    """A value for each parameter that must be given."""
    tasks = [n["id"] for label, n in nodes if label == "Task"] or ["none"]
    values = {"task": tasks[-1], "unit": "教育局", "document": nodes[-1][1]["id"], "text": "工作"}
    return {name: values[name] for name, parameter in parameters.items() if parameter.required}


class Listed:
    """A graph as a `schema.Source`: every property there, lists empty rather than absent, rows sorted."""

    def __init__(self, graph: Graph) -> None:
        self.all_nodes, self.all_edges = graph

    def nodes(self, label: str) -> Iterator[list[Any]]:
        rows = [values for name, values in self.all_nodes if name == label]
        for values in sorted(rows, key=lambda values: values["id"]):
            yield _row(NODES[label], values)

    def relationships(self, name: str, start: str, stop: str) -> Iterator[list[Any]]:
        properties = RELATIONSHIPS[name].properties
        rows = [e for e in self.all_edges if (e[0], e[1][0], e[2][0]) == (name, start, stop)]
        for _, (_, one), (_, two), values in sorted(
            rows, key=lambda e: (e[1][1], e[2][1], *(e[3][property] for property in key(name)))
        ):
            yield [one, two, *_row(properties, values)]


def _row(properties: dict[str, str], values: dict[str, Any]) -> list[Any]:
    return [values.get(name, [] if type_ == "STRING[]" else None) for name, type_ in properties.items()]
