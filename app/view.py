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
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from ..extractors.errors import ZhenglingError
from ..graph.schema import NODES, RELATIONSHIPS
from .layout import Position, Size, blocks, spread, stack
from .messages import Catalogue

LEVELS = ("national", "province", "city", "county", "township", "")
ROLES = ("LEADS", "RESPONSIBLE_FOR", "SUPPORTS")
SHAPES = {"Document": "box", "Task": "dot", "Unit": "ellipse", "Region": "hexagon", "Deadline": "triangle"}
# Level → (dark: fill of a document, light: fill of a unit). White on dark and ink on light have a contrast over 5:1.
LEVEL_COLOURS = {
    "national": ("#9f1d20", "#f9dedc"),
    "province": ("#a3480c", "#fbe3d0"),
    "city": ("#6f5a00", "#f3eabf"),
    "county": ("#1c5a9c", "#d9e8f8"),
    "township": ("#2a6b45", "#d8eede"),
    "": ("#565d69", "#e6e8ec"),
}
KIND_COLOURS = {"Task": "#2b7a78", "Region": "#6a4c93", "Deadline": "#c2410c"}
LINES: dict[str, tuple[str, float, bool | list[int]]] = {  # colour, width, dashes
    "LEADS": ("#c2185b", 2.2, False),
    "RESPONSIBLE_FOR": ("#3b7dc4", 1.4, False),
    "SUPPORTS": ("#5f9e6e", 1.4, [5, 5]),
    "CONTAINS": ("#b3b9c4", 1.0, False),
    "PART_OF": ("#8a93a3", 1.2, [2, 4]),
    "DUE": ("#c98a2b", 1.2, [8, 4]),
    "CITES": ("#8e6bbf", 1.2, [3, 3]),
    "IMPLEMENTS": ("#1f2937", 2.6, False),
    "ISSUED_BY": ("#6b7280", 1.4, [10, 4]),
    "IN": ("#9aa1ad", 1.0, [2, 3]),
    "BRANCH_OF": ("#6b7280", 1.2, [6, 3]),
}
INK = "#1b2330"
FACE = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif'
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
        ("Unit", f"MATCH (:Task {{id: $id}})<-[:{_ROLE}]-(x:Unit) RETURN DISTINCT x.id AS node"),
        ("Deadline", "MATCH (:Task {id: $id})-[:DUE]->(x:Deadline) RETURN DISTINCT x.id AS node"),
    ],
}
# How a thing is found by what a user calls it: the first question that has an answer decides.
_FIND: dict[str, list[str]] = {
    "Document": [
        "MATCH (n:Document) WHERE n.id = $name RETURN n.id AS node, n.title AS title ORDER BY node LIMIT 6",
        "MATCH (n:Document) WHERE n.number = $name OR n.title = $name RETURN n.id AS node, n.title AS title "
        "ORDER BY node LIMIT 6",
        "MATCH (n:Document) WHERE $name IN n.aliases RETURN n.id AS node, n.title AS title ORDER BY node LIMIT 6",
        "MATCH (n:Document) WHERE n.title CONTAINS $name RETURN n.id AS node, n.title AS title ORDER BY node LIMIT 6",
    ],
    "Unit": [
        "MATCH (n:Unit) WHERE n.id = $name RETURN n.id AS node, n.name AS title ORDER BY node LIMIT 6",
        "MATCH (n:Unit) WHERE n.name = $name RETURN n.id AS node, n.id AS title ORDER BY node LIMIT 6",
        "MATCH (n:Unit) WHERE $name IN n.aliases RETURN n.id AS node, n.id AS title ORDER BY node LIMIT 6",
    ],
    "Task": [
        "MATCH (n:Task) WHERE n.id = $name RETURN n.id AS node, n.title AS title ORDER BY node LIMIT 6",
        "MATCH (n:Task) WHERE n.title = $name RETURN n.id AS node, n.title AS title ORDER BY node LIMIT 6",
        "MATCH (n:Task) WHERE n.title CONTAINS $name OR n.text CONTAINS $name "
        "RETURN n.id AS node, n.title AS title ORDER BY node LIMIT 6",
    ],
}


class Store(Protocol):
    def rows(self, cypher: str, parameters: dict[str, Any]) -> tuple[Any, Any]: ...


class ViewReport(NamedTuple):
    """What was drawn: numbers of nodes and relationships; `total` nodes would have been, without the limit."""

    nodes: int
    edges: int
    total: int


@dataclass(slots=True)
class _Node:
    id: str
    kind: str
    facts: dict[str, Any]
    degree: int = 0
    label: str = ""
    size: Size = (0.0, 0.0)
    lift: float = 0.0  # how far its sign stands above the middle of its room
    look: dict[str, Any] = field(default_factory=dict)

    @property
    def level(self) -> str:
        level = self.facts.get("level") or ""
        return level if level in LEVELS else ""


@dataclass(slots=True)
class _Edge:
    start: str
    end: str
    kind: str
    facts: dict[str, Any]


def write_view(
    store: Store,
    out: str | os.PathLike[str],
    *,
    document: str | None = None,
    unit: str | None = None,
    task: str | None = None,
    directive: str | None = None,
    language: str = "zh",
    limit: int = 500,
) -> ViewReport:
    """Write the picture of the whole graph, or of the part around one thing, to the file `out`.

    `document`: its tasks, units, deadlines, citations and chain; `unit`: its tasks and their documents; `task`: its
    trace, by level, with its units and deadlines; `directive`: what it set in motion below. At most one may be given;
    each takes an id or a name. Not more than `limit` nodes are drawn: the most connected ones, ties by id.

    Raises `ZhenglingError` where the name fits nothing or several things, where pyvis is missing, and where `out` can
    not be written.
    """
    given = {"document": document, "unit": unit, "task": task, "directive": directive}
    asked = [(what, name) for what, name in given.items() if name is not None]
    if len(asked) > 1:
        raise ZhenglingError("view-one-filter", 2)
    say = Catalogue(language)
    what, focus = "", ""
    if asked:
        what, name = asked[0]
        focus = _find(store, {"unit": "Unit", "task": "Task"}.get(what, "Document"), name, say)
    nodes, total = _nodes(store, what, focus, max(1, limit))
    edges = _edges(store, nodes)
    if what == "task":
        nodes, edges = _trace(nodes, edges, focus)
        total = len(nodes) if total <= limit else total
    if what in ("task", "directive"):
        edges = [e for e in edges if not (e.kind == "CITES" and nodes[e.start].kind == "Document")]
    place, bands = _arrange(nodes, edges, what, focus, say)
    heading = say("view-heading")
    if what:
        heading = say(f"view-heading-{what}", name=_title(nodes[focus]))
    page = _page(nodes, edges, place, bands, heading=heading, what=what, focus=focus, total=total, say=say)
    try:
        Path(out).write_bytes(page.encode("utf-8"))
    except OSError as error:
        raise ZhenglingError("view-not-written", 1, path=str(out), reason=error.strerror or str(error)) from error
    return ViewReport(len(nodes), len(edges), total)


# --- from the store ------------------------------------------------------------------------------------------------


def _find(store: Store, label: str, name: str, say: Catalogue) -> str:
    kind = say(f"view-{label}")
    for wanted in dict.fromkeys((name, name.strip(), _number(name))):
        for question in _FIND[label] if wanted else ():
            _, rows = store.rows(question, {"name": wanted})
            found = [(str(node), str(title or "")) for node, title in rows]
            if len(found) == 1:
                return found[0][0]
            if found:
                names = [f"{node} {title}".strip() if title != node else node for node, title in found[:5]]
                more = [] if len(found) <= 5 else ["…"]
                raise ZhenglingError(
                    "view-ambiguous",
                    1,
                    name=name,
                    kind=kind,
                    count=f"{len(names)}{'+' if more else ''}",
                    found="; ".join(names + more),
                )
    raise ZhenglingError("view-not-found", 2, name=name, kind=kind)


def _number(name: str) -> str:
    """A 发文字号 as the graph writes it, whatever brackets, digits and spaces it was typed with; no title marks."""
    plain = unicodedata.normalize("NFKC", "".join(name.split())).strip("《》")
    return re.sub(r"[\[(【〔](\d{4})[\])】〕]", r"〔\1〕", plain)


def _nodes(store: Store, what: str, focus: str, limit: int) -> tuple[dict[str, _Node], int]:
    """The nodes to draw, by id, and how many there would be without the limit."""
    ranked: list[tuple[int, str, str]] = []  # (degree, id, label)
    if what:
        own = {"unit": "Unit", "task": "Task"}.get(what, "Document")
        chosen = {focus: own}
        for label, question in _SELECT[what]:
            for (node,) in store.rows(question, {"id": focus})[1]:
                chosen.setdefault(node, label)
        total = len(chosen)
        for label in NODES:
            ids = sorted(node for node, its in chosen.items() if its == label)
            degrees = dict.fromkeys(ids, 0)
            if ids:
                question = f"UNWIND $ids AS node MATCH (n:{label} {{id: node}})-[r]-() RETURN node, count(*) AS degree"
                degrees.update(store.rows(question, {"ids": ids})[1])
            ranked += [(degree, node, label) for node, degree in degrees.items()]
    else:
        total = 0
        for label in NODES:
            total += store.rows(f"MATCH (n:{label}) RETURN count(*) AS nodes", {})[1][0][0]
            _, rows = store.rows(
                f"MATCH (n:{label})-[r]-() RETURN n.id AS node, count(*) AS degree "
                "ORDER BY degree DESC, node LIMIT $most",
                {"most": limit},
            )
            ranked += [(degree, node, label) for node, degree in rows]
            if len(rows) < limit:
                _, rows = store.rows(
                    f"MATCH (n:{label}) WHERE NOT EXISTS {{ MATCH (n)-[]-() }} RETURN n.id AS node "
                    "ORDER BY node LIMIT $most",
                    {"most": limit},
                )
                ranked += [(0, node, label) for (node,) in rows]
    ranked.sort(key=lambda one: (one[1] != focus, -one[0], one[1]))
    kept: dict[str, dict[str, int]] = {label: {} for label in NODES}
    for degree, node, label in ranked[:limit]:
        kept[label][node] = degree
    nodes = {}
    for label, properties in NODES.items():
        if not kept[label]:
            continue
        names = list(properties)
        columns = ", ".join(f"n.`{name}` AS `{name}_`" for name in names)
        question = f"UNWIND $ids AS node MATCH (n:{label} {{id: node}}) RETURN {columns}"
        for row in store.rows(question, {"ids": list(kept[label])})[1]:
            facts = dict(zip(names, row, strict=True))
            nodes[facts["id"]] = _Node(facts["id"], label, facts, kept[label][facts["id"]])
    order = {label: i for i, label in enumerate(NODES)}
    return dict(sorted(nodes.items(), key=lambda one: (order[one[1].kind], one[0]))), total


def _edges(store: Store, nodes: dict[str, _Node]) -> list[_Edge]:
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
            for row in store.rows(question, {"these": ids[start], "those": ids[end]})[1]:
                edges.append(_Edge(row[0], row[1], kind, dict(zip(names, row[2:], strict=True))))
    order = {kind: i for i, kind in enumerate(RELATIONSHIPS)}
    return sorted(edges, key=lambda e: (order[e.kind], e.start, e.end, str(e.facts.get("role") or "")))


def _trace(nodes: dict[str, _Node], edges: list[_Edge], focus: str) -> tuple[dict[str, _Node], list[_Edge]]:
    """Without what is no step: a paper cited inside the task that is not of a higher level than the task's own."""
    own = nodes[focus].facts.get("document")
    bound = LEVELS.index(nodes[own].level) if own in nodes else len(LEVELS)
    steps = {e.end for e in edges if e.kind == "IMPLEMENTS"}
    kept = {
        id_: node
        for id_, node in nodes.items()
        if node.kind != "Document" or id_ == own or id_ in steps or LEVELS.index(node.level) < bound
    }
    return kept, [e for e in edges if e.start in kept and e.end in kept]


# --- how it looks --------------------------------------------------------------------------------------------------


def _title(node: _Node) -> str:
    """What a node is called in full."""
    facts = node.facts
    if node.kind == "Document":
        return facts.get("title") or facts.get("number") or node.id
    if node.kind == "Task":
        words = facts.get("title") or _first(facts.get("text") or "", 24)
        return f"{facts.get('name') or ''} {words}".strip() or node.id
    if node.kind == "Deadline":
        return facts.get("text") or str(facts.get("due") or node.id)
    return facts.get("name") or node.id


_NUMBERING = re.compile(r"^\s*(?:[（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十\d]+[、.．])\s*")
_SUBJECT = re.compile(r"^.{2,40}?关于(?:印发|转发)?")


def _short(node: _Node, length: int) -> str:
    """The label: first words of the name, at most `length` characters."""
    facts = node.facts
    if node.kind == "Document":
        title = facts.get("title") or ""
        inner = _SUBJECT.sub("", title) if len(title) > length else title
        inner = re.sub(r"的?通知$", "", inner) if len(inner) > 6 else title
        words = _first(inner.strip("《》〈〉「」") or title, length)
        number = facts.get("number") or ""
        return f"{words}\n{_first(number, 20)}" if words and number else words or number or _first(node.id, length)
    if node.kind == "Task":
        words = _NUMBERING.sub("", facts.get("title") or "") or facts.get("text") or ""
        return f"{facts.get('name') or ''} {_first(words, length)}".strip()
    return _first(_title(node), length)


def _first(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"


def _wrap(text: str, width: int) -> str:
    """Lines of at most about `width` full-width characters, of even length."""
    lines = []
    for line in text.split("\n"):
        if "〔" in line and len(line) <= 20:  # a 发文字号 stays whole
            lines.append(line)
            continue
        count = -(-_columns(line) // (2 * width)) or 1
        goal, current = -(-_columns(line) // count), ""
        for character in line:
            if _columns(current) >= goal and not (character in "，。、；：）》”…" or character.isascii()):
                lines.append(current)
                current = ""
            current += character
        lines.append(current)
    return "\n".join(line.strip() for line in lines if line.strip())


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def _dress(node: _Node, crowd: int, focus: bool, note: str = "") -> None:
    """Give a node its label, its look and the room that it takes; the bigger the `crowd`, the shorter the label."""
    dark, light = LEVEL_COLOURS[node.level]
    weight = min(10.0, node.degree**0.5)
    crowded, packed = crowd > 40, crowd > 120
    look: dict[str, Any] = {"shape": SHAPES[node.kind], "borderWidth": 1.5, "borderWidthSelected": 4}
    font: dict[str, Any] = {"face": FACE, "color": INK, "size": 13}
    if node.kind == "Document":
        loaded = node.facts.get("loaded")
        font |= {"color": "#ffffff" if loaded else dark, "size": 26 if packed else 22 if crowded else 16}
        colour = {"background": dark if loaded else "#ffffff", "border": dark}
        look["shapeProperties"] = {"borderRadius": 3, "borderDashes": False if loaded else [6, 4]}
        look["margin"] = 8
        node.label = _wrap(_short(node, 24 if packed else 36), 10 if crowded else 15) + (f"\n{note}" if note else "")
    elif node.kind == "Unit":
        font["size"] = round(12 + 1.3 * weight) if crowded else 14
        colour = {"background": light, "border": dark}
        look["shapeProperties"] = {"borderDashes": [3, 3] if node.facts.get("collective") else False}
        node.label = _wrap(_short(node, 24), 12)
    else:
        colour = {"background": KIND_COLOURS[node.kind], "border": "#ffffff"}
        font |= {"strokeWidth": 3, "strokeColor": "#f6f7f9"}
        if node.kind == "Task":
            font["size"] = 14 if not crowded else 12
            look["size"] = 8 if crowded else 11
            node.label = _wrap(_short(node, 8 if packed else 16 if crowded else 44), 8 if crowded else 20)
        else:
            look["size"] = 9 if node.kind == "Deadline" else 14
            font["size"] = round(13 + weight) if node.kind == "Region" else 12
            node.label = _wrap(_short(node, 24), 9)
    node.label = node.label or "—"
    if focus:
        look["borderWidth"] = 4
        colour["border"] = "#f2b705"
        font["size"] += 3
    look |= {"font": font, "color": colour | {"highlight": colour, "hover": colour}}
    lines = node.label.split("\n")
    wide = max(_columns(line) for line in lines) * font["size"] / 2
    high = len(lines) * font["size"] * 1.15
    if node.kind == "Document":
        node.size = (wide + 26, high * 1.05 + 22)
    elif node.kind == "Unit":
        node.size = (wide + high, high * 2)
    else:
        node.size = (max(wide, 2 * look["size"]), high + 2 * look["size"] + 4)
        node.lift = node.size[1] / 2 - look["size"]  # the label hangs below
    node.look = look


def _card(node: _Node) -> None:
    """A task as a card: in a trace, lines come to it from all sides and would cross a label below it."""
    colour = {"background": "#e3f1f0", "border": node.look["color"]["border"]}
    if colour["border"] == "#ffffff":
        colour["border"] = KIND_COLOURS["Task"]
    node.look |= {"shape": "box", "margin": 10, "shapeProperties": {"borderRadius": 12}}
    node.look |= {"color": colour | {"highlight": colour, "hover": colour}}
    node.size = (node.size[0] + 24, node.size[1] + 8)
    node.lift = 0


def _arrange(
    nodes: dict[str, _Node], edges: list[_Edge], what: str, focus: str, say: Catalogue
) -> tuple[dict[str, Position], list[dict[str, Any]]]:
    """Positions, and for pictures by level the bands with their names."""
    above = {e.start for e in edges if e.kind == "IMPLEMENTS"}
    for node in nodes.values():
        why = node.facts.get("why") if what == "task" and node.id not in above and node.level != "national" else ""
        _dress(
            node,
            max(len(nodes), 41 if what == "directive" else 0),
            node.id == focus,
            say("view-stops", why=_why(why, say)) if why else "",
        )
        if what == "task" and node.kind == "Task":
            _card(node)
    sizes = {node.id: node.size for node in nodes.values()}
    pairs = [(e.start, e.end) for e in edges]
    if what not in ("task", "directive"):
        return spread(sizes, pairs), []
    levels: dict[str, list[str]] = {level: [] for level in LEVELS}
    for node in nodes.values():
        if node.kind == "Document":
            levels[node.level].append(node.id)
    named = [(say(f"view-{level}" if level else "view-unknown-level"), ids) for level, ids in levels.items() if ids]
    if what == "task":
        rest = [("view-band-task", "Task"), ("view-band-units", "Unit Deadline")]
        for code, kinds in rest:
            ids = [node.id for node in nodes.values() if node.kind in kinds.split()]
            if ids:
                named.append((say(code), ids))
        place, spans = stack([ids for _, ids in named], sizes, pairs)
    else:
        below = defaultdict(list)
        for node in sorted(nodes.values(), key=lambda n: (n.facts.get("order") or 0, n.id)):
            if node.kind == "Task":
                below[node.facts.get("document") or ""].append(node.id)
        loose = [id_ for owner, ids in below.items() if owner not in nodes for id_ in ids]
        if loose:
            named.append((say("view-band-task"), loose))
        place, spans = blocks([ids for _, ids in named], below, sizes)
    return place, [
        {"name": name, "top": top, "bottom": bottom} for (name, _), (top, bottom) in zip(named, spans, strict=True)
    ]


# --- what it says --------------------------------------------------------------------------------------------------

_HIDDEN = {"evidence", "order", "quote"}


def _facts(item: _Node | _Edge, nodes: dict[str, _Node], say: Catalogue) -> list[list[str]]:
    """The rows of the panel: (name, value), empty values left out."""
    rows = []
    heading = _title(item) if isinstance(item, _Node) else ""
    for name, value in sorted(item.facts.items(), key=lambda one: one[0] == "id"):
        if value == heading and name != "id":
            continue
        if name in _HIDDEN or value is None or value == "" or value == [] or (value is False and name != "loaded"):
            continue
        if isinstance(value, bool):
            text = say("view-yes" if value else "view-no")
            if name == "loaded" and not value:
                text = say("view-not-loaded")
        elif name in ("kind", "level", "role"):
            text = say(f"view-{value}")
        elif name == "why":
            text = _why(value, say)
        elif name == "document" and value in nodes:
            text = _title(nodes[value])
        elif isinstance(value, (list, tuple)):
            text = " › ".join(map(str, value)) if name == "section" else "；".join(map(str, value))
        else:
            text = str(value)
        rows.append([say(f"view-fact-{name}"), _cut(text)])
    return rows


def _why(code: str, say: Catalogue) -> str:
    """Why a chain ends, in words."""
    return say("view-why-" + code.replace(" ", "-"))


def _quotes(item: _Node | _Edge, nodes: dict[str, _Node], say: Catalogue) -> tuple[list[list[str]], int]:
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
            name = nodes[document].facts.get("number") or _title(nodes[document]) if document in nodes else document
            where.append(_first(str(name), 40))
        place = data.get("place") or {}
        where += [say(f"view-place-{part}", value=value) for part, value in place.items()]
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


def _found_by(node: _Node) -> str:
    """What the search box looks in."""
    facts = node.facts
    parts: Iterable[Any] = (
        _title(node),
        facts.get("number"),
        *(facts.get("aliases") or []),
        facts.get("function"),
        facts.get("text"),
        node.id,
    )
    return unicodedata.normalize("NFKC", _cut("\n".join(str(p) for p in parts if p))).lower()


# --- the page ------------------------------------------------------------------------------------------------------


def _page(
    nodes: dict[str, _Node],
    edges: list[_Edge],
    place: dict[str, Position],
    bands: list[dict[str, Any]],
    *,
    heading: str,
    what: str,
    focus: str,
    total: int,
    say: Catalogue,
) -> str:
    try:
        from jinja2 import ChoiceLoader, Environment, FileSystemLoader
        from pyvis.network import Network
    except ImportError as error:
        raise ZhenglingError("view-missing-package", 1, package="pyvis") from error

    network = Network(directed=True, cdn_resources="in_line", heading=heading)
    for node in nodes.values():
        quotes, more = _quotes(node, nodes, say)
        x, y = place[node.id]
        network.add_node(
            node.id,
            node.label,
            x=x,
            y=round(y - node.lift),
            title=_title(node)[:200],
            kind=node.kind,
            grade=node.level,
            name=_title(node),
            facts=_facts(node, nodes, say),
            quotes=quotes,
            more=more,
            words=_found_by(node),
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
        if what == "task":
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
            # Lines between the same two nodes would hide one another.
            smooth={"enabled": True, "type": "curvedCW", "roundness": 0.18 * twin} if twin else False,
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
        own.get_source(room, "view.js")[0],
    ]
    values: dict[str, Any] = {
        "say": say,
        "language": {"zh": "zh-CN"}.get(say.language, say.language),
        "style": own.get_source(room, "view.css")[0],
        "scripts": scripts,
        "hashes": [_hash(script) for script in scripts],
        "counts": say("view-counts", nodes=len(nodes), edges=len(edges)),
        "limited": say("view-limited", nodes=len(nodes), total=total) if total > len(nodes) else "",
        "legend": _legend(nodes, edges, say) | {"card": what == "task"},
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


def _legend(nodes: dict[str, _Node], edges: list[_Edge], say: Catalogue) -> dict[str, Any]:
    """What the picture holds: kinds, their levels, roles and other relationships, each with its look and count."""

    def count(items: Iterable[Any], test: Callable[[Any], bool]) -> int:
        return sum(1 for item in items if test(item))

    kinds = []
    for kind in NODES:
        number = count(nodes.values(), lambda n, kind=kind: n.kind == kind)
        if number:
            colour = KIND_COLOURS.get(kind, "#4a5568")
            kinds.append({"kind": kind, "name": say(f"view-{kind}"), "count": number, "colour": colour})
    levels = []
    for level in LEVELS:
        number = count(nodes.values(), lambda n, level=level: n.kind in ("Document", "Unit") and n.level == level)
        if number:
            dark, light = LEVEL_COLOURS[level]
            name = say(f"view-{level}" if level else "view-unknown-level")
            levels.append({"level": level, "name": name, "count": number, "dark": dark, "light": light})
    lines = []
    for kind in sorted(RELATIONSHIPS, key=lambda k: (k not in ROLES, list(RELATIONSHIPS).index(k))):
        number = count(edges, lambda e, kind=kind: e.kind == kind)
        if number:
            colour, width, dashes = LINES[kind]
            lines.append(
                {
                    "kind": kind,
                    "name": say(f"view-{kind}"),
                    "count": number,
                    "colour": colour,
                    "width": width,
                    "dashes": " ".join(map(str, dashes)) if isinstance(dashes, list) else "",
                    "role": kind in ROLES,
                }
            )
    return {
        "kinds": kinds,
        "levels": levels,
        "roles": [line for line in lines if line["role"]],
        "others": [line for line in lines if not line["role"]],
        "inferred": any(e.facts.get("inferred") for e in edges),
        "cited": any(n.kind == "Document" and not n.facts.get("loaded") for n in nodes.values()),
    }
