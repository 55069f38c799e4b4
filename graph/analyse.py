"""Figures of the graph by network analysis: who is central, who works together, which directives reach furthest, and
how the work is spread. `docs/analysis.md` says how each is reckoned and what it means.

All are the same for the same graph: nodes and edges are taken in the order of their ids, and ties go by id.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ..extractors.errors import ZhenglingError
from .schema import NODES, ROLES, Source

if TYPE_CHECKING:
    import networkx

_SEED = 20210701  # of the communities; any number would do, but always the same
_DIGITS = 6  # of what is given


class Figure(NamedTuple):
    """A figure: its columns and rows, best first. Values are texts, whole numbers, decimals and lists."""

    columns: tuple[str, ...]
    rows: list[list[Any]]


@dataclass(slots=True)
class Work:
    """Who does what, of a region and all below it."""

    units: dict[str, dict[str, Any]]  # those that have work
    tasks: dict[str, list[str]] = field(default_factory=dict)  # task → its units, sorted
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    contains: Counter[str] = field(default_factory=Counter)  # document → its tasks
    regions: dict[str, str] = field(default_factory=dict)  # document → its region
    home: dict[str, str] = field(default_factory=dict)  # task → its document
    inside: Callable[[str], bool] = lambda region: True


def analyse(source: Source, figures: Iterable[str], region: str = "", year: int = 0) -> dict[str, Figure]:
    """Some of `FIGURES`, by name. `region` is the name or the path of a place: what lies in it or below; `year` leaves
    the tasks of papers of other years out.

    Raises `ZhenglingError` for another figure, for a place that the graph does not have, and where networkx or scipy
    (extra `network`) is not installed.
    """
    figures = list(figures)
    for figure in figures:
        if figure not in FIGURES:
            raise ZhenglingError("no-such-figure", 2, figure=figure, figures=list(FIGURES))
    work = _work(source, region, year)
    return {figure: FIGURES[figure](work, source) for figure in figures}


def together(work: Work) -> networkx.Graph:
    """The network of units that share tasks, without collectives: `weight` is the number of tasks in common, in
    whatever role. Nodes are whole numbers in the order of the units' ids (`id`)."""
    networkx = _networkx()
    ids = sorted(unit for unit, row in work.units.items() if not row["collective"] and work.inside(row["region"]))
    at = {unit: n for n, unit in enumerate(ids)}
    pairs: Counter[tuple[int, int]] = Counter()
    for units in work.tasks.values():
        own = sorted(at[unit] for unit in units if unit in at)
        pairs.update((a, b) for i, a in enumerate(own) for b in own[i + 1 :])
    graph = networkx.Graph()
    graph.add_nodes_from((n, {"id": unit}) for n, unit in enumerate(ids))
    graph.add_edges_from((a, b, {"weight": pairs[a, b]}) for a, b in sorted(pairs))
    return graph


def betweenness(graph: networkx.Graph) -> dict[int, float]:
    """Betweenness, 0 to 1, on shortest paths: two units are the nearer, the more tasks they share (1 / weight).

    Distances are whole multiples of one unit, so that paths of the same length are found to be so.
    """
    networkx = _networkx()
    whole = math.lcm(*{weight for _, _, weight in graph.edges(data="weight")})
    pairs = (len(graph) - 1) * (len(graph) - 2) / 2
    found = dict.fromkeys(graph, 0.0)
    # Part by part: no path leads from one to another, and each start costs time for every node.
    for some in networkx.connected_components(graph):
        if len(some) > 2:
            near = networkx.Graph()
            near.add_nodes_from(sorted(some))
            edges = sorted(graph.edges(some, data="weight"))
            near.add_weighted_edges_from(((a, b, whole // w) for a, b, w in edges), weight="distance")
            inner = networkx.betweenness_centrality(near, weight="distance", normalized=False)
            found |= {n: value / pairs for n, value in inner.items()}
    return found


def communities(graph: networkx.Graph) -> list[list[int]]:
    """Units that work together more than with others (Louvain, weighted): the largest first, each sorted.

    Units that share no task are in none.
    """
    networkx = _networkx()
    joined = networkx.Graph()
    joined.add_nodes_from(sorted(n for n in graph if graph.degree(n)))
    joined.add_edges_from(sorted(graph.edges(data=True), key=lambda edge: edge[:2]))
    if not joined:
        return []
    found = networkx.community.louvain_communities(joined, weight="weight", seed=_SEED)
    return sorted((sorted(some) for some in found), key=lambda some: (-len(some), some))


def gini(values: Iterable[int]) -> float | None:
    """Gini's coefficient: 0 where all have the same, near 1 where one has all; None of nothing."""
    ranked = sorted(values)
    total, count = sum(ranked), len(ranked)
    if not total:
        return None
    return sum((2 * n - count - 1) * value for n, value in enumerate(ranked, 1)) / (count * total)


# --- the figures ----------------------------------------------------------------------------------------------------


def _units(work: Work, source: Source) -> Figure:
    graph = together(work)
    groups = {n: i for i, some in enumerate(communities(graph), 1) for n in some}
    between = betweenness(graph)
    tasks = Counter(unit for units in work.tasks.values() for unit in units)
    rows: list[list[Any]] = []
    for n, unit in graph.nodes(data="id"):
        row = work.units[unit]
        strength = sum(weight for _, _, weight in graph.edges(n, data="weight"))
        rows.append(
            [
                row["name"],
                row["region"],
                tasks[unit],
                graph.degree(n),
                strength,
                _round(between[n]),
                groups.get(n),
                unit,
            ]
        )
    rows.sort(key=lambda r: (-r[5], -r[4], -r[3], r[7]))
    return Figure(("unit", "region", "tasks", "partners", "shared", "betweenness", "community", "id"), rows)


def _communities(work: Work, source: Source) -> Figure:
    graph = together(work)
    rows: list[list[Any]] = []
    for number, some in enumerate(communities(graph), 1):
        inner = graph.subgraph(some)
        weight = {n: sum(w for *_, w in inner.edges(n, data="weight")) for n in some}
        ranked = sorted(some, key=lambda n: (-weight[n], n))
        whole = sum(w for *_, w in inner.edges(data="weight"))
        names = [work.units[graph.nodes[n]["id"]]["name"] for n in ranked]
        regions = sorted({work.units[graph.nodes[n]["id"]]["region"] for n in some})
        rows.append([number, len(some), whole, names, regions])
    return Figure(("community", "size", "shared", "units", "regions"), rows)


def _directives(work: Work, source: Source) -> Figure:
    """Reach and rank: over the whole graph, since what lies above a region does not lie in it."""
    networkx = _networkx()
    up = networkx.DiGraph()
    up.add_nodes_from(sorted(work.documents))
    for lower, upper, *_ in source.relationships("IMPLEMENTS", "Document", "Document"):
        up.add_edge(lower, upper)
    links = networkx.DiGraph()
    links.add_nodes_from(sorted(work.documents))
    cites = [(start, stop) for start, stop, *_ in source.relationships("CITES", "Document", "Document")]
    cites += [(work.home[start], stop) for start, stop, *_ in source.relationships("CITES", "Task", "Document")]
    links.add_edges_from(sorted({(a, b) for a, b in [*up.edges, *cites] if a != b}))
    citing: dict[str, set[str]] = {}
    for start, stop in cites:
        citing.setdefault(stop, set()).add(start)
    ranks = _pagerank(links)
    rows: list[list[Any]] = []
    for document in links:
        below = sorted(networkx.ancestors(up, document))
        reached = [b for b in below if work.inside(work.documents[b]["region"] or "")]
        tasks = sum(work.contains[b] for b in reached)
        cited = sum(work.inside(work.documents[a]["region"] or "") for a in citing.get(document, ()) if a != document)
        if not reached and not cited:
            continue
        row = work.documents[document]
        rows.append(
            [document, row["title"], row["level"], len(reached), tasks, cited, _round(ranks[document]), row["loaded"]]
        )
    rows.sort(key=lambda r: (-r[3], -r[4], -r[6], r[0]))
    return Figure(("document", "title", "level", "reach", "tasks", "cited_by", "pagerank", "loaded"), rows)


def _pagerank(links: networkx.DiGraph) -> dict[str, float]:
    return _networkx().pagerank(links, alpha=0.85, max_iter=1000, tol=1e-12) if links else {}


def _workload(work: Work, source: Source) -> Figure:
    """How evenly the work of a place lies on its units: on those of its own level, which its own papers name."""
    load: dict[str, Counter[str]] = {}
    count: Counter[str] = Counter()
    for task, units in work.tasks.items():
        region = work.regions.get(work.home[task], "")
        if not region or not work.inside(region):
            continue
        count[region] += 1
        here = load.setdefault(region, Counter())
        here.update(u for u in units if not work.units[u]["collective"] and work.units[u]["region"] == region)
    rows: list[list[Any]] = []
    for region, here in load.items():
        if not here:
            continue
        top = min(here, key=lambda u: (-here[u], u))
        busy = sum(here.values())
        tenth = sum(sorted(here.values(), reverse=True)[: math.ceil(len(here) / 10)])
        rows.append(
            [
                *(region, count[region], len(here), busy, _round(busy / len(here)), _round(gini(here.values()))),
                *(work.units[top]["name"], here[top], _round(tenth / busy)),
            ]
        )
    rows.sort(key=lambda r: (-r[5], r[0]))
    columns = ("region", "tasks", "units", "assignments", "mean", "gini", "busiest", "busiest_tasks", "top_tenth")
    return Figure(columns, rows)


def _collectives(work: Work, source: Source) -> Figure:
    """How many tasks of a place rest on collectives (各乡镇人民政府, 各部门), beside others or alone."""
    found: dict[str, list[int]] = {}
    for task, units in work.tasks.items():
        region = work.regions.get(work.home[task], "")
        if not region or not work.inside(region):
            continue
        row = found.setdefault(region, [0, 0, 0])
        many = [work.units[unit]["collective"] for unit in units]
        row[0] += 1
        row[1] += any(many)
        row[2] += all(many)
    rows: list[list[Any]] = [
        [r, n, some, only, _round(some / n), _round(only / n)] for r, (n, some, only) in found.items()
    ]
    rows.sort(key=lambda r: (-r[4], -r[5], r[0]))
    return Figure(("region", "tasks", "collective", "only", "share", "share_only"), rows)


FIGURES: dict[str, Callable[[Work, Source], Figure]] = {
    "units": _units,
    "communities": _communities,
    "directives": _directives,
    "workload": _workload,
    "collectives": _collectives,
}


# --- reading --------------------------------------------------------------------------------------------------------


def _work(source: Source, region: str, year: int) -> Work:
    documents = {row[0]: dict(zip(NODES["Document"], row, strict=True)) for row in source.nodes("Document")}
    inside = _inside(region.strip().strip("/"), {row[0] for row in source.nodes("Region")})
    units = {row[0]: dict(zip(NODES["Unit"], row, strict=True)) for row in source.nodes("Unit")}
    work = Work(units, documents=documents, inside=inside)
    work.regions = {name: row["region"] or "" for name, row in documents.items()}
    wanted: set[str] = set()
    for document, task, *_ in source.relationships("CONTAINS", "Document", "Task"):
        work.home[task] = document
        if year in (0, documents[document]["year"]):
            work.contains[document] += 1
            wanted.add(task)
    found: dict[str, set[str]] = {}
    for role in ROLES:
        for unit, task, *_ in source.relationships(role, "Unit", "Task"):
            if task in wanted:
                found.setdefault(task, set()).add(unit)
    work.tasks = {task: sorted(found[task]) for task in sorted(found)}
    busy = {unit for some in found.values() for unit in some}
    work.units = {unit: row for unit, row in units.items() if unit in busy}
    return work


def _inside(region: str, known: set[str]) -> Callable[[str], bool]:
    """Whether a path lies in a place of that name or path, or below it."""
    if not region:
        return lambda path: True

    def within(path: str) -> bool:
        return f"/{region}/" in f"/{path}/" or f"/{region}（" in f"/{path}"

    if not any(within(path) for path in known):
        raise ZhenglingError("no-such-region", 2, region=region)
    return within


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS) + 0.0


def _networkx() -> Any:
    try:
        import networkx
        import scipy  # noqa: F401  ranks need it
    except ImportError as error:
        raise ZhenglingError("missing-package", 1, package=error.name or "networkx", extra="network") from error
    return networkx
