"""GraphML and GEXF 1.2 of the whole graph: labels, kinds, colours, places and weights, as Gephi shows them.

Nodes and relationships are written one after another; what is held are the ids with their places and degrees. The
evidence of a relationship stays out: its number is the weight, the words of the first are the quotation.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from ...graph.deriving.identity import digest
from ...graph.schema import NODES, RELATIONSHIPS, Source
from ..pictures.layout import Position, rings, spread
from ..pictures.looks import KIND_COLOURS, LEVEL_COLOURS, LINES, DrawnNode, first, title
from ..tables import cells
from ..tables.cells import legal
from ..writing import writing

_SPRINGS = 600  # more nodes than this are set in rings: springs take quadratic time
_LEFT_OUT = ("evidence",)
_GEXF_TYPES = {"INT64": "long", "DOUBLE": "double", "BOOLEAN": "boolean"}
_GRAPHML_TYPES = {"INT64": "long", "DOUBLE": "double", "BOOLEAN": "boolean"}
_LOOK = {"x": "double", "y": "double", "size": "double", "r": "int", "g": "int", "b": "int"}


class _NodeLook(NamedTuple):
    """How a node is shown; `colour` is red, green, blue."""

    label: str
    place: Position
    size: float
    colour: tuple[int, int, int]


def write(form: str, source: Source, out: Path) -> tuple[int, int]:
    """Write the graph as `gexf` or `graphml`; gives the numbers of nodes and of relationships."""
    writer = {"gexf": _Gexf, "graphml": _Graphml}[form]()
    drawn = _Arrangement(source)
    with tempfile.TemporaryFile() as held, writing(out) as file:
        edges = 0
        for edge in drawn.edges():
            held.write(writer.edge(edges, *edge).encode())
            edges += 1
        drawn.arrange()
        file.write(writer.head().encode())
        nodes = 0
        for identity, kind, facts, look in drawn.nodes():
            file.write(writer.node(identity, kind, facts, look).encode())
            nodes += 1
        file.write(writer.middle.encode())
        held.seek(0)
        shutil.copyfileobj(held, _Plain(file), 1 << 20)
        file.write(writer.tail.encode())
    return nodes, edges


class _Plain:
    """A file that only takes what it is given."""

    def __init__(self, file: IO[bytes]) -> None:
        self.write = file.write


class _Arrangement:
    """The nodes and relationships of a graph with their looks: first all `edges`, then `arrange`, then the `nodes`."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.degree: Counter[str] = Counter()
        self.groups: dict[str, str] = {}  # node → the node, or the kind of node, that it is set with
        for label in NODES:
            for row in source.nodes(label):
                facts = dict(zip(NODES[label], row, strict=True))
                self.groups[row[0]] = _group(label, facts)
        self.few = len(self.groups) <= _SPRINGS
        self.pairs: list[tuple[str, str]] = []
        self.places: dict[str, Position] = {}

    def edges(self) -> Iterator[tuple[str, str, str, dict[str, Any], int]]:
        """(start, end, relationship, its properties, weight) of each."""
        for name, relationship in RELATIONSHIPS.items():
            for start, stop in relationship.pairs:
                for one, two, *row in self.source.relationships(name, start, stop):
                    facts = dict(zip(relationship.properties, row, strict=True))
                    self.degree.update((one, two))
                    if self.few:
                        self.pairs.append((one, two))
                    yield one, two, name, facts, max(1, len(facts["evidence"]))

    def arrange(self) -> None:
        if self.few:
            # Twice the size of the disc, so that its label has room.
            sizes = {i: (4 * self._size(i) + 40, 2 * self._size(i) + 20) for i in sorted(self.groups)}
            self.places = spread(sizes, sorted(set(self.pairs)))
        else:
            self.places = rings(self.groups, 40)

    def nodes(self) -> Iterator[tuple[str, str, dict[str, Any], _NodeLook]]:
        """(id, label, properties, look) of each."""
        for label in NODES:
            for row in self.source.nodes(label):
                facts = dict(zip(NODES[label], row, strict=True))
                shown = DrawnNode(row[0], label, facts)
                name = first(title(shown), 60)
                x, y = self.places[row[0]]
                # Gephi's y grows upwards.
                yield row[0], label, facts, _NodeLook(name, (x, -y), self._size(row[0]), _colour(shown))

    def _size(self, identity: str) -> float:
        return round(6 + 2 * min(self.degree[identity], 400) ** 0.5, 2)


def _group(label: str, facts: dict[str, Any]) -> str:
    """What a node is set with where there are many: tasks round their paper, units round their place."""
    if label == "Task":
        return facts["document"]
    if label == "Unit":
        return facts["region"] or "Unit"
    if label == "Deadline" or (label == "Document" and not facts["loaded"]):
        return label
    return facts["id"]


def _colour(node: DrawnNode) -> tuple[int, int, int]:
    dark, light = LEVEL_COLOURS[node.level]
    if node.kind == "Document":
        return _rgb(dark)
    if node.kind == "Unit":  # between both: a light disc is lost on a white ground
        one, two = _rgb(dark), _rgb(light)
        return (one[0] + two[0]) // 2, (one[1] + two[1]) // 2, (one[2] + two[2]) // 2
    return _rgb(KIND_COLOURS[node.kind])


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


# --- text of XML ----------------------------------------------------------------------------------------------------


def _id(identity: str) -> str:
    """An id in quotation marks; one with illegal characters stays apart from all others."""
    clean = legal(identity)
    return quoteattr(clean if clean == identity else f"{clean}#{digest(identity)}")


def _attribute(text: Any) -> str:
    return quoteattr(legal(_plain(text)))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(cells.flat(value))


def _facts(facts: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The properties that are written: those that are there."""
    for name, value in facts.items():
        if name not in _LEFT_OUT and value is not None and value != [] and value != "":
            yield name, value


def _properties(kinds: Iterable[dict[str, str]]) -> dict[str, str]:
    """Name → type of all properties of some kinds, once each."""
    return {name: type_ for kind in kinds for name, type_ in kind.items() if name not in (*_LEFT_OUT, "id")}


class _Gexf:
    middle = "</nodes>\n<edges>\n"
    tail = "</edges>\n</graph>\n</gexf>\n"

    def head(self) -> str:
        nodes = {"type": "STRING", **_properties(NODES.values())}
        edges = {"relation": "STRING", **_properties(r.properties for r in RELATIONSHIPS.values())}
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2">\n'
            "<meta><creator>Zhengling</creator></meta>\n"
            '<graph mode="static" defaultedgetype="directed">\n'
            f"{self._declared('node', nodes)}{self._declared('edge', edges)}<nodes>\n"
        )

    def _declared(self, kind: str, properties: dict[str, str]) -> str:
        lines = [
            f'<attribute id="{name}" title="{name}" type="{_GEXF_TYPES.get(type_, "string")}"/>\n'
            for name, type_ in properties.items()
        ]
        return f'<attributes class="{kind}" mode="static">\n{"".join(lines)}</attributes>\n'

    def node(self, identity: str, kind: str, facts: dict[str, Any], look: _NodeLook) -> str:
        (x, y), (r, g, b) = look.place, look.colour
        values = self._values({"type": kind, **{k: v for k, v in facts.items() if k != "id"}})
        return (
            f"<node id={_id(identity)} label={_attribute(look.label)}>{values}"
            f'<viz:color r="{r}" g="{g}" b="{b}" a="1.0"/><viz:position x="{x}.0" y="{y}.0" z="0.0"/>'
            f'<viz:size value="{look.size}"/></node>\n'
        )

    def edge(self, n: int, one: str, two: str, name: str, facts: dict[str, Any], weight: int) -> str:
        colour, width, _ = LINES[name]
        r, g, b = _rgb(colour)
        values = self._values({"relation": name, **facts})
        return (
            # Gephi makes one of edges between the same nodes, unless they are of different kinds.
            f'<edge id="{n}" source={_id(one)} target={_id(two)} kind="{name}" label="{name}" weight="{weight}.0">'
            f"{values}"
            f'<viz:color r="{r}" g="{g}" b="{b}" a="1.0"/><viz:thickness value="{width}"/></edge>\n'
        )

    def _values(self, facts: dict[str, Any]) -> str:
        values = [f'<attvalue for="{name}" value={_attribute(value)}/>' for name, value in _facts(facts)]
        return f"<attvalues>{''.join(values)}</attvalues>"


class _Graphml:
    middle = ""
    tail = "</graph>\n</graphml>\n"

    def head(self) -> str:
        nodes = {"label": "STRING", "type": "STRING", **_properties(NODES.values())}
        edges = {"label": "STRING", "relation": "STRING", **_properties(r.properties for r in RELATIONSHIPS.values())}
        looks = [f'<key id="n-{n}" for="node" attr.name="{n}" attr.type="{t}"/>\n' for n, t in _LOOK.items()]
        weight = '<key id="e-weight" for="edge" attr.name="weight" attr.type="double"/>\n'
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns '
            'http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
            f"{self._keys('node', nodes)}{''.join(looks)}{self._keys('edge', edges)}{weight}"
            '<graph edgedefault="directed">\n'
        )

    def _keys(self, kind: str, properties: dict[str, str]) -> str:
        return "".join(
            f'<key id="{kind[0]}-{name}" for="{kind}" attr.name="{name}" '
            f'attr.type="{_GRAPHML_TYPES.get(type_, "string")}"/>\n'
            for name, type_ in properties.items()
        )

    def node(self, identity: str, kind: str, facts: dict[str, Any], look: _NodeLook) -> str:
        (x, y), (r, g, b) = look.place, look.colour
        values = {"label": look.label, "type": kind, **{k: v for k, v in facts.items() if k != "id"}}
        values |= {"x": f"{x}.0", "y": f"{y}.0", "size": look.size, "r": r, "g": g, "b": b}
        return f"<node id={_id(identity)}>{self._data('n', values)}</node>\n"

    def edge(self, n: int, one: str, two: str, name: str, facts: dict[str, Any], weight: int) -> str:
        values = {"label": name, "relation": name, **facts, "weight": f"{weight}.0"}
        return f'<edge id="{n}" source={_id(one)} target={_id(two)}>{self._data("e", values)}</edge>\n'

    def _data(self, kind: str, facts: dict[str, Any]) -> str:
        # A bare carriage return would be read as a line end.
        return "".join(
            f'<data key="{kind}-{name}">{escape(legal(_plain(value)), {chr(13): "&#13;"})}</data>'
            for name, value in _facts(facts)
        )
