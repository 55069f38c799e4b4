"""Which loaded papers a paper carries out, and which carry it out: the nearest along the chain, else by basis."""

from __future__ import annotations

from ..deriving.identity import rank
from ..lineage.nearest import nearest
from ..stores.embedded import EmbeddedStore

_IMPLEMENTED = (
    "MATCH (d:Document {id: $id})-[:IMPLEMENTS]->(s:Document) RETURN s.id AS id, s.loaded AS loaded ORDER BY s.id"
)
_BASIS = (
    "MATCH (d:Document {id: $id})-[:CITES {role: 'basis'}]->(s:Document {kind: 'directive', loaded: true}) "
    "WHERE s.id <> d.id RETURN DISTINCT s.id AS id, s.level AS level, d.level AS own ORDER BY s.id"
)

_IMPLEMENTING = (
    "MATCH (d:Document {id: $id})<-[:IMPLEMENTS]-(s:Document) RETURN s.id AS id, s.loaded AS loaded ORDER BY s.id"
)
_BASED = (
    "MATCH (d:Document {id: $id})<-[:CITES {role: 'basis'}]-(s:Document {loaded: true}) "
    "WHERE s.id <> d.id RETURN DISTINCT s.id AS id ORDER BY s.id"
)


def superiors(store: EmbeddedStore, document: str) -> list[str]:
    """The ids of the nearest loaded superiors of a document, sorted; through papers that are not loaded to those above
    them. A chain in a circle ends where it began."""
    return _nearest(store, document, _IMPLEMENTED) or _basis(store, document)


def _basis(store: EmbeddedStore, document: str) -> list[str]:
    rows = store.rows(_BASIS, {"id": document})[1]
    return [identity for identity, level, own in rows if rank(level) > rank(own)]


def inferiors(store: EmbeddedStore, document: str) -> list[str]:
    """The ids of the loaded papers of which a document is one of the nearest loaded superiors, sorted."""
    chained = _nearest(store, document, _IMPLEMENTING)
    based = [identity for (identity,) in store.rows(_BASED, {"id": document})[1]]
    return sorted({*chained, *(one for one in based if document in superiors(store, one))})


def _nearest(store: EmbeddedStore, document: str, step: str) -> list[str]:
    """The loaded papers that are reached step by step through papers that are not."""
    return nearest(document, lambda identity: ((one, loaded) for one, loaded in store.rows(step, {"id": identity})[1]))
