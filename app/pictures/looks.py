"""How a picture looks: signs, colours, labels, places, and the legend that explains them."""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ...extractors.words.parts import rule
from ...graph.schema import NODES, RELATIONSHIPS
from ..messages import Catalogue
from .layout import Position, Size, blocks, flank, rings, spread, stack

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
    "SUPPORTS": ("#4a8a5c", 1.4, [5, 5]),
    "CONTAINS": ("#8b92a0", 0.8, False),
    "PART_OF": ("#7b8494", 1.2, [2, 4]),
    "DUE": ("#b5761a", 1.2, [8, 4]),
    "CITES": ("#8e6bbf", 1.2, [3, 3]),
    "IMPLEMENTS": ("#1f2937", 2.6, False),
    "DERIVES_FROM": ("#0f766e", 2.4, False),
    "RESEMBLES": ("#0f766e", 1.2, [2, 3]),
    "ISSUED_BY": ("#6b7280", 1.4, [10, 4]),
    "IN": ("#858d9b", 0.8, [2, 3]),
    "BRANCH_OF": ("#6b7280", 1.2, [6, 3]),
}
INK = "#1b2330"
FACE = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif'


@dataclass(slots=True)
class DrawnNode:
    id: str
    kind: str
    facts: dict[str, Any]
    degree: int = 0  # lines to it in the picture
    label: str = ""
    size: Size = (0.0, 0.0)
    lift: float = 0.0  # how far its sign stands above the middle of its room
    look: dict[str, Any] = field(default_factory=dict)

    @property
    def level(self) -> str:
        level = self.facts.get("level") or ""
        return level if level in LEVELS else ""


@dataclass(slots=True)
class Edge:
    start: str
    end: str
    kind: str
    facts: dict[str, Any]


def title(node: DrawnNode) -> str:
    """What a node is called in full."""
    facts = node.facts
    if node.kind == "Document":
        return facts.get("title") or facts.get("number") or node.id
    if node.kind == "Task":
        words = facts.get("title") or first(facts.get("text") or "", 24)
        return f"{facts.get('name') or ''} {words}".strip() or node.id
    if node.kind == "Deadline":
        return facts.get("text") or str(facts.get("due") or node.id)
    return facts.get("name") or node.id


_titled = partial(rule, file="identity.toml")
#: What people did to a fact → its sign.
_REVIEWED = {"confirmed": "\u2713", "changed": "\u270e", "added": "\u270e"}


def _short(node: DrawnNode, length: int) -> str:
    """The label: first words of the name, at most `length` characters."""
    facts = node.facts
    if node.kind == "Document":
        whole = facts.get("title") or ""
        inner = _titled("issuer_before").sub("", whole) if len(whole) > length else whole
        inner = _titled("notice_end").sub("", inner) if len(inner) > 6 else whole
        words = first(inner.strip("《》〈〉「」") or whole, length)
        number = facts.get("number") or ""
        return f"{words}\n{first(number, 20)}" if words and number else words or number or first(node.id, length)
    if node.kind == "Task":
        words = _titled("mark_before").sub("", facts.get("title") or "") or facts.get("text") or ""
        return f"{facts.get('name') or ''} {first(words, length)}".strip()
    return first(title(node), length)


def first(text: str, length: int) -> str:
    """The text on one line, cut to `length` characters."""
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


def reviewed(facts: dict[str, Any]) -> str:
    """The sign of a fact that people confirmed, or changed or added."""
    return f" {_REVIEWED[facts['review']]}" if facts.get("review") in _REVIEWED else ""


def dress(node: DrawnNode, crowd: int, focus: bool, note: str = "") -> None:
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
    node.label = (node.label or "—") + reviewed(node.facts)
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


def _note(node: DrawnNode, words: str) -> None:
    """A line more below a unit's name."""
    if words:
        size = node.look["font"]["size"]
        node.label += f"\n{words}"
        wide = max(node.size[0], _columns(words) * size / 2 + 4 * size)
        node.size = (wide, node.size[1] + 2 * size)


def _card(node: DrawnNode) -> None:
    """A task as a card: in a trace, lines come to it from all sides and would cross a label below it."""
    colour = {"background": "#e3f1f0", "border": node.look["color"]["border"]}
    if colour["border"] == "#ffffff":
        colour["border"] = KIND_COLOURS["Task"]
    node.look |= {"shape": "box", "margin": 10, "shapeProperties": {"borderRadius": 12}}
    node.look |= {"color": colour | {"highlight": colour, "hover": colour}}
    node.size = (node.size[0] + 24, node.size[1] + 8)
    node.lift = 0


#: The picture of a directive is drawn like one of at least so many nodes.
_MANY_OF_A_DIRECTIVE = 41


#: Above how many nodes springs take half a second, and above how many several.
_MANY, _TOO_MANY = 150, 400
_HURRIED = {"steps": 80, "rounds": 50}
_APART = 230  # pixels between nodes that stand in rings


def arrange(
    nodes: dict[str, DrawnNode], edges: list[Edge], what: str, focus: str, say: Catalogue, quick: bool = False
) -> tuple[dict[str, Position], list[dict[str, Any]]]:
    """Positions, and for pictures by level the bands with their names; `quick`: within a second."""
    _dress_all(nodes, edges, what, focus, say)
    sizes = {node.id: node.size for node in nodes.values()}
    pairs = [(e.start, e.end) for e in edges]
    if what not in ("task", "directive"):
        if quick and len(nodes) > _TOO_MANY:
            return rings({node.id: _home(node) for node in nodes.values()}, _APART), []
        hurried = _HURRIED if quick and len(nodes) > _MANY else {}
        return spread(sizes, pairs, heights=_heights(nodes), **hurried), []
    levels = _by_level(nodes, edges)
    if what == "task":
        for node in nodes.values():
            if node.kind == "Task" and _related(node, nodes, focus):
                levels[nodes[node.facts["document"]].level].append(node.id)
    named = [(say(f"view-{level}" if level else "view-unknown-level"), ids) for level, ids in levels.items() if ids]
    if what == "task":
        place, spans = stack([ids for _, ids in named], sizes, pairs)
        own = [node.id for node in nodes.values() if node.kind == "Task" and not _related(node, nodes, focus)]
        below, bottom = flank(own, *_sides(nodes, edges), sizes, spans[-1][1] + 90 if spans else 0)
        named.append((say("view-band-task"), own))
        spans.append((min(y for _, y in below.values()) - 60, bottom + 20))
        place |= below
    else:
        below = _tasks_of(nodes)
        loose = [id_ for owner, ids in below.items() if owner not in nodes for id_ in ids]
        if loose:
            named.append((say("view-band-task"), loose))
        place, spans = blocks([ids for _, ids in named], below, sizes)
    return place, [
        {"name": name, "top": top, "bottom": bottom} for (name, _), (top, bottom) in zip(named, spans, strict=True)
    ]


def _home(node: DrawnNode) -> str:
    """What a node stands beside where all can not be brought near what they are joined to: its paper, its place."""
    if node.kind == "Document":
        return node.id
    return str(node.facts.get("document" if node.kind == "Task" else "region") or node.kind)


def _sides(nodes: dict[str, DrawnNode], edges: list[Edge]) -> tuple[list[str], list[str]]:
    """What stands left and right of a task: who leads, and who answers for and supports it; deadlines where there is
    more room."""
    leads = {edge.start for edge in edges if edge.kind == "LEADS"}
    units = [node.id for node in nodes.values() if node.kind == "Unit"]
    left = [unit for unit in units if unit in leads]
    right = [unit for unit in units if unit not in leads]
    if min(len(left), len(right)) * 3 < max(len(left), len(right)):  # one column would be long, the other short
        ranked = left + right
        left, right = ranked[: (len(ranked) + 1) // 2], ranked[(len(ranked) + 1) // 2 :]
    for node in nodes.values():
        if node.kind == "Deadline":
            (left if len(left) <= len(right) else right).append(node.id)
    return left, right


#: How far lines are bent where a straight one would pass through a box, the least first.
_BENDS = (0.0, 0.15, -0.15, 0.3, -0.3, 0.45, -0.45, 0.6, -0.6, 0.8, -0.8)


def bent(
    start: str, end: str, place: dict[str, Position], nodes: dict[str, DrawnNode], least: float
) -> dict[str, Any] | bool:
    """How to draw a line so that it passes through no box but those of its ends: straight, else bent as little as can
    be; bent by `least` at any rate."""
    boxes = [
        (place[id_], (node.size[0] / 2 + 4, node.size[1] / 2 + 4))
        for id_, node in nodes.items()
        if id_ not in (start, end)
    ]
    best = min(
        (bend for bend in _BENDS if abs(bend) >= least),
        key=lambda bend: (_passed(_way(place[start], place[end], bend), boxes), abs(bend)),
    )
    if not best:
        return False
    kind = "curvedCW" if best > 0 else "curvedCCW"
    return {"enabled": True, "type": kind, "roundness": abs(best)}


def _way(start: Position, end: Position, bend: float) -> list[tuple[float, float]]:
    """Points of a line as vis-network draws it: a parabola whose middle is drawn to one side."""
    x, y = end[0] - start[0], start[1] - end[1]
    turn = math.atan2(y, x) + (bend * 0.5 + 0.5) * math.pi
    far = (abs(bend) * 0.5 + 0.5) * math.hypot(x, y)
    over = (start[0] + far * math.sin(turn), start[1] + far * math.cos(turn))
    if not bend:
        over = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    steps = [n / 40 for n in range(41)]
    return [(_at(start[0], over[0], end[0], t), _at(start[1], over[1], end[1], t)) for t in steps]


def _at(one: float, over: float, other: float, t: float) -> float:
    return (1 - t) ** 2 * one + 2 * t * (1 - t) * over + t * t * other


def _passed(way: list[tuple[float, float]], boxes: list[tuple[Position, Size]]) -> int:
    """How many boxes a line passes through."""
    return sum(any(abs(x - at[0]) < half[0] and abs(y - at[1]) < half[1] for x, y in way) for at, half in boxes)


def _related(task: DrawnNode, nodes: dict[str, DrawnNode], focus: str) -> bool:
    """Whether a task belongs to another paper than the focus, and stands beside that paper."""
    document = task.facts.get("document")
    return document in nodes and document != nodes[focus].facts.get("document")


def _heights(nodes: dict[str, DrawnNode]) -> dict[str, float]:
    """How low papers stand, from 0 for the highest level that there is to 1 for the lowest."""
    papers = [node for node in nodes.values() if node.kind == "Document" and node.level]
    levels = sorted({LEVELS.index(node.level) for node in papers})
    return {node.id: levels.index(LEVELS.index(node.level)) / max(1, len(levels) - 1) for node in papers}


def _dress_all(nodes: dict[str, DrawnNode], edges: list[Edge], what: str, focus: str, say: Catalogue) -> None:
    """Gives every node its look; of a task's chain the last paper says why it ends there."""
    above = {e.start for e in edges if e.kind == "IMPLEMENTS"}
    count = max(len(nodes), _MANY_OF_A_DIRECTIVE if what == "directive" else 0)
    for node in nodes.values():
        why = node.facts.get("why") if what == "task" and node.id not in above and node.level != "national" else ""
        dress(node, count, node.id == focus, say("view-stops", why=reason(why, say)) if why else "")
        if what == "task" and node.kind == "Task":
            _card(node)
        if what == "task" and node.kind == "Unit":  # on the lines to a task of many units the words would overlap
            roles = [say(f"view-{kind}") for kind in ROLES if any(e.start == node.id and e.kind == kind for e in edges)]
            _note(node, " · ".join(roles))


def _by_level(nodes: dict[str, DrawnNode], edges: list[Edge]) -> dict[str, list[str]]:
    """The documents of each level; those below the same paper stand side by side."""
    levels: dict[str, list[str]] = {level: [] for level in LEVELS}
    for node in nodes.values():
        if node.kind == "Document":
            levels[node.level].append(node.id)
    above_of = defaultdict(list)
    for edge in edges:
        if edge.kind == "IMPLEMENTS":
            above_of[edge.start].append(edge.end)
    rank: dict[str, float] = {}
    for ids in levels.values():
        ids.sort(key=lambda id_: (min((rank[other] for other in above_of[id_] if other in rank), default=0.0), id_))
        rank |= {id_: i / len(ids) for i, id_ in enumerate(ids)}
    return levels


def _tasks_of(nodes: dict[str, DrawnNode]) -> dict[str, list[str]]:
    """The tasks of each document in their order; those of '' belong to none."""
    below = defaultdict(list)
    for node in sorted(nodes.values(), key=lambda n: (n.facts.get("order") or 0, n.id)):
        if node.kind == "Task":
            below[node.facts.get("document") or ""].append(node.id)
    return below


def legend(nodes: dict[str, DrawnNode], edges: list[Edge], say: Catalogue, whole: bool = False) -> dict[str, Any]:
    """What the picture holds: kinds, their levels, roles and other relationships, each with its look and count; the
    `whole` of it also what is not there yet."""

    def count(items: Iterable[Any], test: Callable[[Any], bool]) -> int:
        return sum(1 for item in items if test(item))

    kinds = []
    for kind in NODES:
        number = count(nodes.values(), lambda n, kind=kind: n.kind == kind)
        if number or whole:
            colour = KIND_COLOURS.get(kind, "#4a5568")
            kinds.append({"kind": kind, "name": say(f"view-{kind}"), "count": number, "colour": colour})
    levels = []
    for level in LEVELS:
        number = count(nodes.values(), lambda n, level=level: n.kind in ("Document", "Unit") and n.level == level)
        if number or whole:
            dark, light = LEVEL_COLOURS[level]
            name = say(f"view-{level}" if level else "view-unknown-level")
            levels.append({"level": level, "name": name, "count": number, "dark": dark, "light": light})
    lines = []
    for kind in sorted(RELATIONSHIPS, key=lambda k: (k not in ROLES, list(RELATIONSHIPS).index(k))):
        number = count(edges, lambda e, kind=kind: e.kind == kind)
        if number or whole:
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
        "reviewed": any(reviewed(item.facts) for item in (*nodes.values(), *edges)),
        "inferred": whole or any(e.facts.get("inferred") for e in edges),
        "cited": whole or any(n.kind == "Document" and not n.facts.get("loaded") for n in nodes.values()),
    }


def reason(code: str, say: Catalogue) -> str:
    """Why a chain ends, in words."""
    return say.text("view-why-" + code.replace(" ", "-")) or code
