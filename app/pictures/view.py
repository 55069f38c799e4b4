"""Pictures: the graph, or the part around one thing, as one HTML file that works with no network.

pyvis makes the page. What it would do wrong is taken from it: the template is our own (`view.html`; pyvis's links to
other hosts and leaves headings unescaped), the file is written here in UTF-8, and it is given values made for it alone.
The script of vis-network comes from pyvis's own files; the page's content security policy forbids every request.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from pathlib import Path
from typing import Any, NamedTuple

from ...extractors.errors import ZhenglingError
from ...extractors.words.lexicon import Lexicon
from ...graph.lineage.changes import untold
from ...graph.schema import NODES, RELATIONSHIPS
from ...queries.store import Store
from ...queries.understanding.names import Understanding
from ..messages import Catalogue
from ..tables.changes import changed
from ..tell import note
from ..writing import write
from .layout import Position
from .looks import FACE, INK, LEVELS, LINES, DrawnNode, Edge, arrange, bent, first, legend, reason, title

TEXT_LIMIT = 4000  # code points of one text that the page carries
QUOTE_LIMIT = 12  # pieces of evidence of one item that the page carries

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


class ViewReport(NamedTuple):
    """What was drawn: numbers of nodes and relationships; `total` nodes would have been, without the limit."""

    nodes: int
    edges: int
    total: int


def write_view(
    store: Store,
    out: str | os.PathLike[str],
    *,
    document: str | None = None,
    unit: str | None = None,
    task: str | None = None,
    directive: str | None = None,
    region: str | None = None,
    language: str = "zh",
    limit: int = 500,
    names: Understanding | None = None,
) -> ViewReport:
    """Write the picture of the whole graph, or of the part around one thing, to the file `out`.

    `document`: its tasks, units, deadlines, citations and chain; `unit`: its tasks and their documents; `task`: its
    trace, by level, with its units and deadlines; `directive`: what it set in motion below. At most one may be given;
    each takes an id or a name as `names` understands it, that of a unit in a `region`. Not more than `limit` nodes are
    drawn: the most connected ones, ties by id.

    Raises `ZhenglingError` where the name fits nothing or several things and where pyvis is missing, `OSError` where
    `out` can not be written.
    """
    given = {"document": document, "unit": unit, "task": task, "directive": directive}
    asked = [(what, name) for what, name in given.items() if name is not None]
    if len(asked) > 1:
        raise ZhenglingError("one-part", 2, options=["--" + what for what, _ in asked])
    say, names = Catalogue(language), names or Understanding(store, Lexicon.load())
    what, focus = "", ""
    if asked:
        what, name = asked[0]
        focus = _focus(names, what, name, region)
    nodes, total = _nodes(store, what, focus, max(1, limit))
    edges = _edges(store, nodes)
    if what == "task":
        nodes, edges = _trace(nodes, edges, focus)
        total = len(nodes) if total <= limit else total
    if what in ("task", "directive"):
        edges = [e for e in edges if not (e.kind == "CITES" and nodes[e.start].kind == "Document")]
    for edge in edges:
        nodes[edge.start].degree += 1
        nodes[edge.end].degree += 1
    place, bands = arrange(nodes, edges, what, focus, say)
    heading = say("view-heading")
    if what:
        heading = say(f"view-heading-{what}", name=title(nodes[focus]))
    page = _page(nodes, edges, place, bands, heading=heading, what=what, focus=focus, total=total, say=say, names=names)
    write(Path(out), page.encode("utf-8"))
    return ViewReport(len(nodes), len(edges), total)


# --- from the store ------------------------------------------------------------------------------------------------


def _rows(store: Store, question: str, **parameters: Any) -> list[Sequence[Any]]:
    return list(store.rows(question, parameters)[1])


def _focus(names: Understanding, what: str, name: str, region: str | None) -> str:
    """The id of the one thing that a name means."""
    if what == "unit":
        found = names.one_unit(name, region or "")
    elif what == "task":
        found = names.task(name)
    else:
        found = names.document(name)
    note(found.understood)
    return found.value


def _nodes(store: Store, what: str, focus: str, limit: int) -> tuple[dict[str, DrawnNode], int]:
    """The nodes to draw, by id, and how many there would be without the limit."""
    if what:
        own = {"unit": "Unit", "task": "Task"}.get(what, "Document")
        chosen = {focus: own}
        for label, question in _SELECT[what]:
            for (node,) in _rows(store, question, id=focus):
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
    nodes = {}
    for label, properties in NODES.items():
        ids = sorted(node for node, its in kept.items() if its == label)
        if not ids:
            continue
        names = list(properties)
        columns = ", ".join(f"n.`{name}` AS `{name}_`" for name in names)
        question = f"UNWIND $ids AS node MATCH (n:{label} {{id: node}}) RETURN {columns}"
        for row in _rows(store, question, ids=ids):
            facts = dict(zip(names, row, strict=True))
            nodes[facts["id"]] = DrawnNode(facts["id"], label, facts)
    order = {label: i for i, label in enumerate(NODES)}
    return dict(sorted(nodes.items(), key=lambda one: (order[one[1].kind], one[0]))), total


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


def _edges(store: Store, nodes: dict[str, DrawnNode]) -> list[Edge]:
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


def _trace(nodes: dict[str, DrawnNode], edges: list[Edge], focus: str) -> tuple[dict[str, DrawnNode], list[Edge]]:
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


# --- what it says --------------------------------------------------------------------------------------------------

_HIDDEN = {"evidence", "order", "quote", "grounds", "texts", "score"}


def _facts(item: DrawnNode | Edge, nodes: dict[str, DrawnNode], say: Catalogue) -> list[list[str]]:
    """The rows of the panel: (name, value), empty values left out."""
    rows = []
    heading = title(item) if isinstance(item, DrawnNode) else ""
    for name, value in sorted(item.facts.items(), key=lambda one: one[0] == "id"):
        if value == heading and name != "id":
            continue
        if name in _HIDDEN or value is None or value == "" or value == [] or (value is False and name != "loaded"):
            continue
        if isinstance(value, bool):
            text = say("view-yes" if value else "view-no")
            if name == "loaded" and not value:
                text = say("view-not-loaded")
        elif name == "change":
            text = "；".join(changed(untold(one), say) for one in value)
        elif name in ("kind", "level", "role", "wording", "state"):
            text = say(f"view-{value}")
        elif name == "why":
            text = reason(value, say)
        elif name == "document" and value in nodes:
            text = title(nodes[value])
        elif isinstance(value, (list, tuple)):
            text = " › ".join(map(str, value)) if name == "section" else "；".join(map(str, value))
        else:
            text = str(value)
        rows.append([say.text(f"view-fact-{name}") or say(f"view-{name}"), _cut(text)])
    return rows


def _quotes(item: DrawnNode | Edge, nodes: dict[str, DrawnNode], say: Catalogue) -> tuple[list[list[str]], int]:
    """(quoted words, where they stand) of an item, and how many more there are than the page carries."""
    found: dict[tuple[str, str], None] = {}
    for piece in item.facts.get("evidence") or []:
        try:
            data = json.loads(piece)
        except ValueError:
            continue
        if not isinstance(data, dict) or not data.get("quote"):
            continue
        where = []
        document = data.get("document")
        if document:
            name = nodes[document].facts.get("number") or title(nodes[document]) if document in nodes else document
            where.append(first(str(name), 40))
        place = data.get("place") or {}
        where += [say(f"place-{part}", n=value) for part, value in place.items()]
        if "start" in data and "end" in data:
            where.append(say("view-chars", start=data["start"], end=data["end"]))
        if data.get("rule"):
            where.append(say("view-rule", rule=data["rule"]))
        found[_cut(str(data["quote"])), " · ".join(where)] = None
    if not found and item.facts.get("quote"):
        found[_cut(str(item.facts["quote"])), ""] = None
    quotes = [list(one) for one in found]
    return quotes[:QUOTE_LIMIT], max(0, len(quotes) - QUOTE_LIMIT)


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_LIMIT else text[:TEXT_LIMIT] + "…"


def _found_by(node: DrawnNode, names: Understanding) -> str:
    """What the search box looks in."""
    facts = node.facts
    parts: Iterable[Any] = (
        _called(node, names),
        facts.get("function"),
        facts.get("text"),
        node.id,
    )
    return unicodedata.normalize("NFKC", _cut("\n".join(str(p) for p in parts if p))).lower()


def _called(node: DrawnNode, names: Understanding) -> str:
    """What a node may be called, a unit in all forms of its name; the search puts those first that are called so."""
    facts = node.facts
    parts = [title(node), facts.get("number"), *(facts.get("aliases") or [])]
    if node.kind == "Unit":
        parts += names.called(str(facts.get("name") or ""), str(facts.get("region") or ""))
    return unicodedata.normalize("NFKC", _cut("\n".join(str(p) for p in parts if p))).lower()


def _papers(nodes: dict[str, DrawnNode], edges: list[Edge]) -> dict[str, set[str]]:
    """The papers that each node is of: itself, a task's own, and those of the tasks and papers that it is joined to."""
    found: dict[str, set[str]] = {
        id_: {id_} if node.kind == "Document" else {str(node.facts.get("document"))} if node.kind == "Task" else set()
        for id_, node in nodes.items()
    }
    for kinds in (("Task", "Document"), ("Unit",)):  # regions go with the units in them
        for edge in edges:
            for one, other in ((edge.start, edge.end), (edge.end, edge.start)):
                if nodes[one].kind in kinds and nodes[other].kind in ("Unit", "Deadline", "Region") and one != other:
                    found[other] |= found[one]
    return found


# --- the page ------------------------------------------------------------------------------------------------------


def _page(
    nodes: dict[str, DrawnNode],
    edges: list[Edge],
    place: dict[str, Position],
    bands: list[dict[str, Any]],
    *,
    heading: str,
    what: str,
    focus: str,
    total: int,
    say: Catalogue,
    names: Understanding,
) -> str:
    try:
        from jinja2 import ChoiceLoader, Environment, FileSystemLoader
        from pyvis.network import Network
    except ImportError as error:
        raise ZhenglingError("missing-extra", 1, extra="view", package="pyvis") from error

    network = Network(directed=True, cdn_resources="in_line", heading=heading)
    papers = _papers(nodes, edges)
    for node in nodes.values():
        quotes, more = _quotes(node, nodes, say)
        x, y = place[node.id]
        network.add_node(
            node.id,
            node.label,
            x=x,
            y=round(y - node.lift),
            title=title(node)[:200],
            kind=node.kind,
            grade=node.level,
            name=title(node),
            room=[round(side) for side in node.size],
            lift=round(node.lift),
            papers=sorted(papers[node.id]),
            at=str(node.facts.get("region") or "").rpartition("/")[2] if node.kind == "Document" else "",
            year=node.facts.get("year") or 0 if node.kind == "Document" else 0,
            called=_called(node, names),
            where=str(node.facts.get("region") or "").rpartition("/")[2] if node.kind == "Unit" else "",
            facts=_facts(node, nodes, say),
            quotes=quotes,
            more=more,
            words=_found_by(node, names),
            **node.look,
        )
    beside: dict[tuple[str, str], int] = defaultdict(int)
    for i, edge in enumerate(edges):
        colour, width, dashes = LINES[edge.kind]
        quotes, more = _quotes(edge, nodes, say)
        pair = (min(edge.start, edge.end), max(edge.start, edge.end))
        twin = beside[pair]
        beside[pair] += 1
        inferred = bool(edge.facts.get("inferred"))
        lettered = {}
        curve: dict[str, Any] | bool = False
        if twin:  # lines between the same two nodes would hide one another
            curve = {"enabled": True, "type": "curvedCW", "roundness": 0.18 * twin}
        ends = {nodes[edge.start].kind, nodes[edge.end].kind}
        if what == "task" and ends in ({"Unit", "Task"}, {"Task", "Deadline"}):
            curve = {
                "enabled": True,
                "type": "cubicBezier",
                "forceDirection": "horizontal",
                "roundness": 0.5 + 0.3 * twin,
            }
        elif what == "task":
            curve = bent(edge.start, edge.end, place, nodes, 0.18 * twin)
            words = say(f"view-{edge.kind}") + (f" · {say('view-inferred')}" if inferred else "")
            font = {"face": FACE, "size": 12, "color": INK, "strokeWidth": 4, "strokeColor": "#ffffff"}
            lettered = {"label": words, "font": font | {"align": "horizontal"}}
        network.add_edge(
            edge.start,
            edge.end,
            **lettered,
            id=f"e{i}",
            kind=edge.kind,
            color={"color": colour, "highlight": colour, "hover": colour},
            width=width,
            dashes=[8, 6] if inferred else dashes,
            smooth=curve,
            facts=_facts(edge, nodes, say),
            quotes=quotes,
            more=more,
        )
    network.options = {  # type: ignore[assignment]
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "interaction": {
            "hover": True,
            "hoverConnectedEdges": False,
            "tooltipDelay": 250,
            "keyboard": {"enabled": True, "bindToWindow": False},
            "multiselect": False,
        },
        "nodes": {"labelHighlightBold": False, "scaling": {"label": {"drawThreshold": 6}}},
        "edges": {"selectionWidth": 2, "hoverWidth": 0.5, "arrows": {"to": {"enabled": True, "scaleFactor": 0.45}}},
    }
    own = FileSystemLoader(str(Path(__file__).parent))
    pyvis_files = FileSystemLoader(network.template_dir)
    room = Environment(loader=ChoiceLoader([own, pyvis_files]), autoescape=True)
    room.policies["json.dumps_function"] = _json
    scripts = [
        _bare(pyvis_files.get_source(room, "lib/vis-9.1.2/vis-network.min.js")[0]),
        *(own.get_source(room, name)[0] for name in ("place.js", "drawing.js", "view.js")),
    ]
    values: dict[str, Any] = {
        "say": say,
        "language": {"zh": "zh-CN"}.get(say.language, say.language),
        "style": own.get_source(room, "view.css")[0],
        "scripts": scripts,
        "hashes": [_hash(script) for script in scripts],
        "counts": say("view-counts", nodes=len(nodes), edges=len(edges)),
        "limited": say("view-limited", nodes=len(nodes), total=total) if total > len(nodes) else "",
        "legend": legend(nodes, edges, say) | {"card": what == "task"},
        "about": {
            "focus": focus,
            "bands": bands,
            "text": {code: say(f"view-{code}") for code in _SCRIPT_TEXTS},
            "kinds": {kind: say(f"view-{kind}") for kind in (*NODES, *RELATIONSHIPS)},
            "open": {code: say.text(f"view-{code}") or "" for code in ("found", "more", "more-quotes")},
        },
    }
    room.globals |= values
    network.templateEnv, network.path = room, "view.html"
    return network.generate_html()


_SCRIPT_TEXTS = (
    "details-hint",
    "quotes",
    "no-quotes",
    "neighbours",
    "nothing-found",
    "empty",
    "from",
    "to",
    "inferred",
)


def _json(value: Any, **options: Any) -> str:
    """JSON in readable characters; line separators escaped, which some scripts take for line ends."""
    options |= {"ensure_ascii": False, "sort_keys": True, "separators": (",", ":")}
    return json.dumps(value, **options).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _bare(script: str) -> str:
    """vis-network without addresses outside its licence comments and namespaces: no map file, no web pages."""
    end = script.index("*/") + 2
    licence, code = script[:end], script[end:]
    code = re.sub(r"//# sourceMappingURL=\S*", "", code)
    addresses = re.findall(r'https?://(?!www\.w3\.org/)[^\s"]+', code)
    for address in addresses:
        code = code.replace(address, "")
    kept = "\n".join(f" * {address}" for address in dict.fromkeys(addresses) if "LICENSE" in address)
    return f"{licence}\n/* Parts under a licence of their own:\n{kept}\n */{code}"


def _hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
