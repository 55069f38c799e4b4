"""The graph for networkx: every node and relationship with its properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...extractors.errors import ZhenglingError
from ..schema import NODES, RELATIONSHIPS, Source

if TYPE_CHECKING:
    import networkx


def network(source: Source) -> networkx.MultiDiGraph:
    """The whole graph. A node is its id, with `label` and its properties; an edge's key and `type` name the
    relationship, with its properties. Absent values are left out; dates are `datetime.date`.

    Raises `ZhenglingError` where networkx (extra `network`) is not installed.
    """
    try:
        import networkx
    except ImportError as error:
        raise ZhenglingError("missing-package", 1, package="networkx", extra="network") from error
    graph = networkx.MultiDiGraph()
    for label, properties in NODES.items():
        for row in source.nodes(label):
            values = _present(properties, row)
            graph.add_node(values["id"], label=label, **values)
    for name, relationship in RELATIONSHIPS.items():
        for start, end in relationship.pairs:
            for one, two, *row in source.relationships(name, start, end):
                values = _present(relationship.properties, row)
                # Citations of one document in two roles are two edges.
                key = f"{name} {values['role']}" if "role" in values else name
                graph.add_edge(one, two, key=key, type=name, **values)
    return graph


def _present(properties: dict[str, str], row: Any) -> dict[str, Any]:
    return {name: value for name, value in zip(properties, row, strict=True) if value is not None}
