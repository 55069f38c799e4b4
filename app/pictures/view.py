"""Pictures: the graph, or the part around one thing, as one HTML file that works with no network, or as what the
workbench shows of it.

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
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ...extractors.errors import ZhenglingError
from ...extractors.words.lexicon import Lexicon
from ...graph.schema import NODES, RELATIONSHIPS
from ...queries.store import Store
from ...queries.understanding.names import Understanding
from ..messages import Catalogue
from ..writing import write
from . import selecting
from .layout import Position
from .looks import FACE, INK, LINES, DrawnNode, Edge, arrange, bent, dress, legend, reviewed, title
from .saying import called, facts_of, found_by, papers_of, quotes_of

if TYPE_CHECKING:
    from pyvis.network import Network

#: Nodes of a picture whose facts and quoted words go with it where they can be asked for later.
_LIGHT = 300


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
    level: str = "",
    year: int = 0,
    language: str = "zh",
    limit: int = 500,
    names: Understanding | None = None,
) -> ViewReport:
    """Write the picture of the whole graph, or of the part around one thing, to the file `out`.

    `document`: its tasks, units, deadlines, citations and chain; `unit`: its tasks and their documents; `task`: its
    trace, by level, with its units and deadlines; `directive`: what it set in motion below. At most one may be given;
    each takes an id or a name as `names` understands it, that of a unit in a `region`. Of the whole, of a unit and of a
    directive only what stands in papers of a `region`, `level` and `year`, all that are given. Not more than `limit`
    nodes are drawn: the most connected ones, ties by id.

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
        focus = selecting.focus_of(names, what, name, region)
    papers = selecting.papers_of(names, store, "" if what == "unit" else region or "", level, year)
    if papers is not None and what in ("document", "task"):
        raise ZhenglingError("view-one-paper", 2, option=f"--{what}")
    drawn = draw(store, names, say, what, focus, limit, papers=papers)
    write(Path(out), _page(drawn, say).encode("utf-8"))
    return drawn.size


@dataclass(slots=True)
class Drawn:
    """A picture before it is a page: pyvis's network of it, how much it holds, and what its page tells beside."""

    network: Network
    size: ViewReport
    heading: str
    about: dict[str, Any]
    legend: dict[str, Any]
    counts: str
    limited: str

    def values(self) -> dict[str, Any]:
        """What the template `picture.html` shows."""
        network = self.network
        told = {name: getattr(self, name) for name in ("heading", "about", "legend", "counts", "limited")}
        return told | {"nodes": network.nodes, "edges": network.edges, "options": json.dumps(network.options)}


def draw(
    store: Store,
    names: Understanding,
    say: Catalogue,
    what: str = "",
    focus: str = "",
    limit: int = 500,
    chosen: Mapping[str, str] | None = None,
    asked: bool = False,
    papers: Sequence[str] | None = None,
) -> Drawn:
    """The picture of the whole graph, of the part around one thing (`focus`, an id) as `write_view` has it, or of the
    nodes `chosen` (id → label); with `papers` only what stands in these. `asked`: it stands on a page that can ask for
    more, so a large one is laid out quickly and holds no more than its drawing needs."""
    if chosen is not None:
        nodes, total = selecting.read_nodes(store, chosen), len(chosen)
    else:
        nodes, total = selecting.nodes_of(store, what, focus, max(1, limit), papers)
    edges = selecting.edges_of(store, nodes)
    if what == "task":
        nodes, edges = selecting.traced(nodes, edges, focus)
        total = len(nodes) if total <= limit else total
    if what in ("task", "directive"):
        edges = [e for e in edges if not (e.kind == "CITES" and nodes[e.start].kind == "Document")]
    _degrees(nodes, edges)
    place, bands = arrange(nodes, edges, what, focus, say, quick=asked)
    heading = say(f"view-heading-{what}", name=title(nodes[focus])) if what else say("view-heading")
    network = _network(nodes, edges, place, say, names, what, light=asked and len(nodes) > _LIGHT)
    network.options = _OPTIONS  # type: ignore[assignment]
    network.heading = heading
    return Drawn(
        network,
        ViewReport(len(nodes), len(edges), total),
        heading,
        _about(say, focus, bands),
        legend(nodes, edges, say, whole=asked) | {"card": what == "task"},
        say("view-counts", nodes=len(nodes), edges=len(edges)),
        say("view-limited", nodes=len(nodes), total=total) if total > len(nodes) else "",
    )


def part(
    store: Store, names: Understanding, say: Catalogue, labels: Mapping[str, str], crowd: int
) -> dict[str, list[dict[str, Any]]]:
    """Some `nodes` (`labels`: their ids and labels) and the `edges` between them, for a picture that holds a `crowd` of
    others and has yet to place them."""
    nodes = selecting.read_nodes(store, labels)
    edges = selecting.edges_of(store, nodes)
    _degrees(nodes, edges)
    for node in nodes.values():
        dress(node, max(crowd, len(nodes)), False)
    network = _network(nodes, edges, {}, say, names, "")
    return {"nodes": network.nodes, "edges": network.edges}


def _degrees(nodes: Mapping[str, DrawnNode], edges: list[Edge]) -> None:
    for edge in edges:
        nodes[edge.start].degree += 1
        nodes[edge.end].degree += 1


# --- the page ------------------------------------------------------------------------------------------------------


def _network(
    nodes: dict[str, DrawnNode],
    edges: list[Edge],
    place: dict[str, Position],
    say: Catalogue,
    names: Understanding,
    what: str,
    light: bool = False,
) -> Network:
    try:
        from pyvis.network import Network
    except ImportError as error:
        raise ZhenglingError("missing-extra", 1, extra="view", package="pyvis") from error

    network = Network(directed=True, cdn_resources="in_line")
    papers = papers_of(nodes, edges)
    for node in nodes.values():
        quotes, more = ([], 0) if light else quotes_of(node, nodes, say)
        own_name = called(node, names)
        searched = {} if light else {"words": found_by(node, own_name)}
        x, y = place.get(node.id, (0, 0))
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
            called=own_name,
            where=str(node.facts.get("region") or "").rpartition("/")[2] if node.kind == "Unit" else "",
            facts=[] if light else facts_of(node, nodes, say),
            quotes=quotes,
            more=more,
            **searched,
            **node.look,
        )
    # An edge is added when its ends are known: by the map of nodes, as the list of them takes long for thousands.
    network.get_nodes = lambda: network.node_map  # type: ignore[method-assign, assignment, return-value]
    beside: dict[tuple[str, str], int] = defaultdict(int)
    for i, edge in enumerate(edges):
        colour, width, dashes = LINES[edge.kind]
        quotes, more = ([], 0) if light else quotes_of(edge, nodes, say)
        pair = (min(edge.start, edge.end), max(edge.start, edge.end))
        twin = beside[pair]
        beside[pair] += 1
        inferred = bool(edge.facts.get("inferred"))
        font = {"face": FACE, "size": 12, "color": INK, "strokeWidth": 4, "strokeColor": "#ffffff"}
        sign = reviewed(edge.facts)
        lettered: dict[str, Any] = {"label": sign.strip(), "font": font | {"size": 16}} if sign else {}
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
            lettered = {"label": words + sign, "font": font | {"align": "horizontal"}}
        network.add_edge(
            edge.start,
            edge.end,
            **lettered,
            id=f"e{i}",
            kind=edge.kind,
            own=str(edge.facts.get("role") or ""),
            color={"color": colour, "highlight": colour, "hover": colour},
            width=width,
            dashes=[8, 6] if inferred else dashes,
            smooth=curve,
            facts=[] if light else facts_of(edge, nodes, say),
            quotes=quotes,
            more=more,
        )
    return network


_OPTIONS = {
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
_SCRIPTS = ("place.js", "drawing.js", "view.js")
_LIBRARY = "lib/vis-9.1.2/vis-network.min.js"


def _about(say: Catalogue, focus: str, bands: list[dict[str, Any]]) -> dict[str, Any]:
    """What the page's script says and knows beside nodes and edges."""
    return {
        "focus": focus,
        "bands": bands,
        "text": {code: say(f"view-{code}") for code in _SCRIPT_TEXTS},
        "kinds": {kind: say(f"view-{kind}") for kind in (*NODES, *RELATIONSHIPS)},
        "open": {code: say.text(f"view-{code}") or "" for code in ("found", "more", "more-quotes")},
    }


def made_of(name: str) -> str:
    """A file that pictures are made of: a script of ours, the template of what a page shows (`picture.html`), or
    vis-network as pyvis's files have it (`vis-network.js`).

    Raises `ZhenglingError` where pyvis is missing.
    """
    if name in (*_SCRIPTS, "picture.html"):
        return (Path(__file__).parent / name).read_text(encoding="utf-8")
    try:
        import pyvis
    except ImportError as error:
        raise ZhenglingError("missing-extra", 1, extra="view", package="pyvis") from error
    return _bare((Path(pyvis.__path__[0]) / "templates" / _LIBRARY).read_text(encoding="utf-8"))


def _page(drawn: Drawn, say: Catalogue) -> str:
    from jinja2 import ChoiceLoader, Environment, FileSystemLoader

    network = drawn.network
    own = FileSystemLoader(str(Path(__file__).parent))
    room = Environment(loader=ChoiceLoader([own, FileSystemLoader(network.template_dir)]), autoescape=True)
    room.policies["json.dumps_function"] = _json
    scripts = [made_of("vis-network.js"), *map(made_of, _SCRIPTS)]
    values: dict[str, Any] = {
        "say": say,
        "language": {"zh": "zh-CN"}.get(say.language, say.language),
        "style": own.get_source(room, "view.css")[0],
        "scripts": scripts,
        "hashes": [_hash(one) for one in scripts],
        **{name: getattr(drawn, name) for name in ("counts", "limited", "legend", "about")},
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
