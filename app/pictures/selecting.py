"""What a picture holds: the nodes around one thing or the most connected ones of all, and the lines between them; what
is near a node, and the way from one node to another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from typing import Any

from ...extractors.errors import ZhenglingError
from ...graph.schema import NODES, RELATIONSHIPS
from ...queries.store import Store
from ...queries.understanding import values
from ...queries.understanding.names import Understanding
from ..tell import note
from .looks import LEVELS, DrawnNode, Edge

_ROLE = "LEADS|RESPONSIBLE_FOR|SUPPORTS"
# What a picture of one thing holds: label of the nodes → questions that give their ids.
_SELECT: dict[str, list[tuple[str, str]]] = {
    "document": [
        ("Task", "MATCH (:Document {id: $id})-[:CONTAINS]->(x:Task) RETURN DISTINCT x.id AS node"),
        (
            "Unit",
            f"MATCH (:Document {{id: $id}})-[:CONTAINS]->(:Task)<-[:{_ROLE}]-(x:Unit) RETURN DISTINCT x.id AS node",
        ),
        ("Unit", "MATCH (:Document {id: $id})-[:ISSUED_BY]->(x:Unit) RETURN DISTINCT x.id AS node"),
        (
            "Deadline",
            "MATCH (:Document {id: $id})-[:CONTAINS]->(:Task)-[:DUE]->(x:Deadline) RETURN DISTINCT x.id AS node",
        ),
        ("Deadline", "MATCH (:Document {id: $id})-[:DUE]->(x:Deadline) RETURN DISTINCT x.id AS node"),
        ("Document", "MATCH (:Document {id: $id})-[:CITES]->(x:Document) RETURN DISTINCT x.id AS node"),
        (
            "Document",
            "MATCH (:Document {id: $id})-[:CONTAINS]->(:Task)-[:CITES]->(x:Document) RETURN DISTINCT x.id AS node",
        ),
        ("Document", "MATCH (:Document {id: $id})-[:IMPLEMENTS*1..8]->(x:Document) RETURN DISTINCT x.id AS node"),
    ],
    "unit": [
        ("Task", f"MATCH (:Unit {{id: $id}})-[:{_ROLE}]->(x:Task) RETURN DISTINCT x.id AS node"),
        (
            "Document",
            f"MATCH (:Unit {{id: $id}})-[:{_ROLE}]->(:Task)<-[:CONTAINS]-(x:Document) RETURN DISTINCT x.id AS node",
        ),
    ],
    "directive": [
        ("Document", "MATCH (x:Document)-[:IMPLEMENTS*1..8]->(:Document {id: $id}) RETURN DISTINCT x.id AS node"),
        (
            "Task",
            "MATCH (x:Task)<-[:CONTAINS]-(:Document)-[:IMPLEMENTS*1..8]->(:Document {id: $id}) "
            "RETURN DISTINCT x.id AS node",
        ),
        (
            "Task",
            "MATCH (x:Task)-[:CITES {role: 'basis'}]->(:Document)-[:IMPLEMENTS*0..8]->(:Document {id: $id}) "
            "RETURN DISTINCT x.id AS node",
        ),
        (
            "Document",
            "MATCH (x:Document)-[:CONTAINS]->(:Task)-[:CITES {role: 'basis'}]->(:Document)"
            "-[:IMPLEMENTS*0..8]->(:Document {id: $id}) RETURN DISTINCT x.id AS node",
        ),
    ],
    "task": [
        ("Document", "MATCH (:Task {id: $id})<-[:CONTAINS]-(x:Document) RETURN DISTINCT x.id AS node"),
        (
            "Document",
            "MATCH (:Task {id: $id})<-[:CONTAINS]-(:Document)-[:IMPLEMENTS*1..8]->(x:Document) "
            "RETURN DISTINCT x.id AS node",
        ),
        (
            "Document",
            "MATCH (:Task {id: $id})-[:CITES {role: 'basis'}]->(:Document {kind: 'directive'})"
            "-[:IMPLEMENTS*0..8]->(x:Document) RETURN DISTINCT x.id AS node",
        ),
        ("Task", "MATCH (:Task {id: $id})-[:PART_OF]->(x:Task) RETURN DISTINCT x.id AS node"),
        *(
            (label, f"MATCH {way} RETURN DISTINCT x.id AS node")
            for label, way in (
                ("Task", "(:Task {id: $id})-[:DERIVES_FROM*1..5]->(x:Task)"),
                ("Document", "(:Task {id: $id})-[:DERIVES_FROM*1..5]->(:Task)<-[:CONTAINS]-(x:Document)"),
                ("Task", "(x:Task)-[:DERIVES_FROM*1..5]->(:Task {id: $id})"),
                ("Document", "(x:Document)-[:CONTAINS]->(:Task)-[:DERIVES_FROM*1..5]->(:Task {id: $id})"),
            )
        ),
        ("Unit", f"MATCH (:Task {{id: $id}})<-[:{_ROLE}]-(x:Unit) RETURN DISTINCT x.id AS node"),
        ("Deadline", "MATCH (:Task {id: $id})-[:DUE]->(x:Deadline) RETURN DISTINCT x.id AS node"),
    ],
}
_PAPERS = (
    "MATCH (d:Document) WHERE d.loaded AND ($level = '' OR d.level = $level) AND ($year = 0 OR d.year = $year) "
    "AND ($region = '' OR ('/' + d.region + '/') CONTAINS ('/' + $region + '/') "
    "OR ('/' + d.region) CONTAINS ('/' + $region + '\uff08')) RETURN d.id AS node ORDER BY node"
)


def _rows(store: Store, question: str, **parameters: Any) -> list[Sequence[Any]]:
    return list(store.rows(question, parameters)[1])


def focus_of(names: Understanding, what: str, name: str, region: str | None) -> str:
    """The id of the one thing that a name means."""
    if what == "unit":
        found = names.one_unit(name, region or "")
    elif what == "task":
        found = names.task(name)
    else:
        found = names.document(name)
    note(found.understood)
    return found.value


def papers_of(names: Understanding, store: Store, region: str, level: str, year: int) -> list[str] | None:
    """The ids of the loaded documents of a place with all below it, a level and a year, each as people name it ('', '',
    0: any); None where nothing is asked for. Raises `ZhenglingError` for a place or level that means nothing."""
    if not (region or level or year):
        return None
    if region:
        found = names.region(region)
        note(found.understood)
        region = found.value
    if level and (level := values.word(level)) not in LEVELS:
        raise ZhenglingError("parameter-choice", 2, name="level", value=level, choices=[one for one in LEVELS if one])
    rows = _rows(store, _PAPERS, region=region, level=level, year=year)
    if not rows:
        raise ZhenglingError("no-such-papers", 1)
    return [identity for (identity,) in rows]


def nodes_of(
    store: Store, what: str, focus: str, limit: int, papers: Sequence[str] | None = None
) -> tuple[dict[str, DrawnNode], int]:
    """The nodes to draw, by id, and how many there would be without the limit; with `papers` only of these."""
    if what or papers is not None:
        own = {"unit": "Unit", "task": "Task"}.get(what, "Document")
        if what:
            chosen = {focus: own}
            for label, question in _SELECT[what]:
                for (node,) in _rows(store, question, id=focus):
                    chosen.setdefault(node, label)
            if papers is not None:
                chosen = _of_papers(store, chosen, focus, papers)
        else:
            chosen, focus = dict.fromkeys(papers or (), own), (papers or ("",))[0]
            for label, question in _SELECT["document"]:
                question = "UNWIND $ids AS one " + question.replace("{id: $id}", "{id: one}")
                for (node,) in _rows(store, question, ids=list(papers or ())):
                    chosen.setdefault(node, label)
        total = len(chosen)
        kept = chosen if total <= limit else _grown(store, chosen, focus, limit)
    else:
        total, ranked = 0, []
        for label in NODES:
            total += _rows(store, f"MATCH (n:{label}) RETURN count(*) AS nodes")[0][0]
            question = (
                f"MATCH (n:{label})-[r]-() RETURN n.id AS node, count(*) AS degree "
                "ORDER BY degree DESC, node LIMIT $most"
            )
            rows = _rows(store, question, most=limit)
            ranked += [(-degree, node, label) for node, degree in rows]
            if len(rows) < limit:
                question = (
                    f"MATCH (n:{label}) WHERE NOT EXISTS {{ MATCH (n)-[]-() }} RETURN n.id AS node "
                    "ORDER BY node LIMIT $most"
                )
                ranked += [(0, node, label) for (node,) in _rows(store, question, most=limit)]
        kept = {node: label for _, node, label in sorted(ranked)[:limit]}
    return read_nodes(store, kept), total


def _of_papers(store: Store, chosen: dict[str, str], focus: str, papers: Sequence[str]) -> dict[str, str]:
    """Without the tasks of other papers, and without these."""
    tasks = [node for node, label in chosen.items() if label == "Task"]
    question = "UNWIND $ids AS node MATCH (t:Task {id: node}) WHERE NOT t.document IN $papers RETURN t.id AS node"
    others = {node for (node,) in _rows(store, question, ids=tasks, papers=list(papers))} if tasks else set()
    others |= {node for node, label in chosen.items() if label == "Document" and node not in papers}
    return {node: label for node, label in chosen.items() if node == focus or node not in others}


def read_nodes(store: Store, labels: Mapping[str, str]) -> dict[str, DrawnNode]:
    """Nodes by their ids with all their facts, in a fixed order; `labels` says which label each id has."""
    nodes = {}
    for label, properties in NODES.items():
        ids = sorted(node for node, its in labels.items() if its == label)
        if not ids:
            continue
        names = list(properties)
        columns = ", ".join(f"n.`{name}` AS `{name}_`" for name in names)
        question = f"UNWIND $ids AS node MATCH (n:{label} {{id: node}}) RETURN {columns}"
        for row in _rows(store, question, ids=ids):
            facts = dict(zip(names, row, strict=True))
            nodes[facts["id"]] = DrawnNode(facts["id"], label, facts)
    order = {label: i for i, label in enumerate(NODES)}
    return dict(sorted(nodes.items(), key=lambda one: (order[one[1].kind], one[0])))


def _grown(store: Store, chosen: dict[str, str], focus: str, limit: int) -> dict[str, str]:
    """`limit` of the nodes `chosen`: from the focus on, always the most connected neighbour of those already taken.

    So the picture hangs together; the most connected nodes alone could be all of one kind, with no line between them.
    """
    near: dict[str, set[str]] = {node: set() for node in chosen}
    for kind, relationship in RELATIONSHIPS.items():
        for start, end in relationship.pairs:
            ids = sorted(node for node, label in chosen.items() if label == start)
            question = (
                f"UNWIND $ids AS node MATCH (:{start} {{id: node}})-[:`{kind}`]->(b:{end}) RETURN node, b.id AS end_"
            )
            for one, two in _rows(store, question, ids=ids) if ids else ():
                if two in near:
                    near[one].add(two)
                    near[two].add(one)
    rank = {node: (-len(near[node]), node) for node in chosen}
    kept: dict[str, str] = {}
    edge, loose = [(rank[focus], focus)], iter(sorted(chosen, key=rank.__getitem__))
    while len(kept) < limit:
        node = heappop(edge)[1] if edge else next(loose)
        if node not in kept:
            kept[node] = chosen[node]
            for other in near[node] - kept.keys():
                heappush(edge, (rank[other], other))
    return kept


def edges_of(store: Store, nodes: dict[str, DrawnNode]) -> list[Edge]:
    """All relationships between `nodes`, in a fixed order."""
    ids = defaultdict(list)
    for node in nodes.values():
        ids[node.kind].append(node.id)
    edges = []
    for kind, relationship in RELATIONSHIPS.items():
        names = list(relationship.properties)
        columns = ", ".join(f"r.`{name}` AS `{name}_`" for name in names)
        for start, end in relationship.pairs:
            if not (ids[start] and ids[end]):
                continue
            question = (
                f"UNWIND $these AS node MATCH (a:{start} {{id: node}})-[r:`{kind}`]->(b:{end}) WHERE b.id IN $those "
                f"RETURN a.id AS start_, b.id AS end_, {columns}"
            )
            for row in _rows(store, question, these=ids[start], those=ids[end]):
                edges.append(Edge(row[0], row[1], kind, dict(zip(names, row[2:], strict=True))))
    order = {kind: i for i, kind in enumerate(RELATIONSHIPS)}
    return sorted(edges, key=lambda e: (order[e.kind], e.start, e.end, str(e.facts.get("role") or "")))


def traced(nodes: dict[str, DrawnNode], edges: list[Edge], focus: str) -> tuple[dict[str, DrawnNode], list[Edge]]:
    """Without what is no step: a paper cited inside the task whose level is not higher than that of the task's own."""
    own = nodes[focus].facts.get("document")
    bound = LEVELS.index(nodes[own].level) if own in nodes else len(LEVELS)
    cited = [e.end for e in edges if e.kind == "CITES" and e.start == focus and e.facts.get("role") == "basis"]
    steps = {own, *(id_ for id_ in cited if LEVELS.index(nodes[id_].level) < bound)}
    while more := {e.end for e in edges if e.kind == "IMPLEMENTS" and e.start in steps} - steps:
        steps |= more
    steps |= {e.start for e in edges if e.kind == "CONTAINS"}  # papers of its superiors' tasks and of those below
    kept = {id_: node for id_, node in nodes.items() if node.kind != "Document" or id_ in steps}
    return kept, [e for e in edges if e.start in kept and e.end in kept]


# --- on from a node ------------------------------------------------------------------------------------------------

_FRAME = ("IN", "BRANCH_OF")  # where a unit stands: no step of a way, as it joins all with all
_STEPS, _REACHED = 8, 60_000  # of a way, and nodes that are looked at for it
_FIRST = {label: i for i, label in enumerate(("Document", "Unit", "Region", "Task", "Deadline"))}


def _near(store: Store, ids: Mapping[str, Sequence[str]], kinds: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """What is joined to nodes by relationships of some kinds: a node, another, and the label of the other. `ids` has
    the nodes of each label."""
    for kind in kinds:
        for start, end in RELATIONSHIPS[kind].pairs:
            way = f"-[:`{kind}`]->"
            for label, other, pattern in (
                (start, end, f"(a:{start} {{id: node}}){way}(b:{end})"),
                (end, start, f"(b:{start}){way}(a:{end} {{id: node}})"),
            ):
                if ids.get(label):
                    question = f"UNWIND $ids AS node MATCH {pattern} RETURN DISTINCT node, b.id AS other"
                    for one, two in _rows(store, question, ids=list(ids[label])):
                        yield one, two, other


def label_of(store: Store, identity: str) -> str:
    """The label of a node. Raises `ZhenglingError` where there is none of that id."""
    for label in NODES:
        if _rows(store, f"MATCH (n:{label} {{id: $id}}) RETURN n.id AS node", id=identity):
            return label
    raise ZhenglingError("no-such-node", 2, node=identity)


def neighbours(store: Store, identity: str) -> dict[str, str]:
    """Id → label of a node, which comes first, and of all that is joined to it: papers, units, places, tasks in the
    order of their ids, deadlines."""
    own = label_of(store, identity)
    found = {(_FIRST[label], other) for _, other, label in _near(store, {own: [identity]}, RELATIONSHIPS)}
    names = {rank: label for label, rank in _FIRST.items()}
    return {identity: own} | {other: names[rank] for rank, other in sorted(found) if other != identity}


def way(store: Store, one: str, other: str) -> dict[str, str]:
    """Id → label of the nodes on a shortest way from one node to another, in its order; empty where there is none
    within eight steps. What units and places belong to is no step."""
    labels = {one: label_of(store, one), other: label_of(store, other)}
    before: list[dict[str, str]] = [{one: ""}, {other: ""}]  # from each end: node → the node that it was reached from
    edges = [[one], [other]]
    kinds = [kind for kind in RELATIONSHIPS if kind not in _FRAME]
    for _ in range(_STEPS):
        if one == other or not all(edges) or sum(map(len, before)) > _REACHED:
            break
        side = int(len(edges[1]) < len(edges[0]))
        ids: dict[str, list[str]] = defaultdict(list)
        for node in edges[side]:
            ids[labels[node]].append(node)
        reached: dict[str, tuple[str, str]] = {}
        for near, node, label in _near(store, ids, kinds):
            if node not in before[side]:
                reached[node] = min(reached.get(node, (near, label)), (near, label))
        for node, (near, label) in reached.items():
            before[side][node] = near
            labels[node] = label
        edges[side] = sorted(reached)
        if met := sorted(reached.keys() & before[1 - side].keys()):
            return {node: labels[node] for node in _joined(before, met[0])}
    return {one: labels[one]} if one == other else {}


def _joined(before: list[dict[str, str]], middle: str) -> list[str]:
    halves = []
    for reached in before:
        steps = [middle]
        while reached[steps[-1]]:
            steps.append(reached[steps[-1]])
        halves.append(steps)
    return [*reversed(halves[0]), *halves[1][1:]]
