"""Why a question has no rows: which of its filters left nothing, and what the data cover."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ..store import Store


class Reason(NamedTuple):
    """A text by code with its values."""

    code: str
    values: dict[str, Any]


#: Parameter → what the data cover of it, as one question.
_COVERED = {
    "year": "MATCH (d:Document) WHERE d.loaded AND d.year > 0 RETURN min(d.year) AS first, max(d.year) AS last",
    "from": "MATCH (:Task)-[:DUE]->(l:Deadline) WHERE l.due IS NOT NULL RETURN min(l.due) AS first, max(l.due) AS last",
}
_ALIKE = {"to": "from", "earlier": "year", "later": "year"}
#: Parameters that only cut or rank what there is.
_NO_FILTERS = frozenset({"limit", "first"})


def reasons(
    store: Store,
    values: Mapping[str, Any],
    defaults: Mapping[str, Any],
    given: Mapping[str, Any],
    count: Callable[[dict[str, Any]], int],
) -> list[Reason]:
    """Why nothing was found. `values` went to the store, `defaults` would go there without a filter (those that must be
    given have none), `given` is what people wrote; `count` asks again with other values and says how many rows there
    are.
    """
    if not _one(store, "MATCH (d:Document) WHERE d.loaded RETURN count(*) AS documents")[0]:
        return [Reason("empty-graph", {})]
    filters = [name for name in defaults if name not in _NO_FILTERS and values[name] != defaults[name]]
    found: list[Reason] = []
    for name in filters:
        rows = count({**values, name: defaults[name]})
        if rows:
            found.append(Reason("empty-filter", {"name": name, "value": given.get(name, ""), "count": rows}))
    if not found and len(filters) > 1:
        rows = count({**values, **{name: defaults[name] for name in filters}})
        if rows:
            found.append(Reason("empty-filters", {"names": filters, "count": rows}))
    return [*found, *covered(store, filters)]


def covered(store: Store, names: Iterable[str]) -> list[Reason]:
    """What the data cover of some parameters."""
    alike = dict.fromkeys(_ALIKE.get(name, name) for name in names)
    return [reason for name in alike for reason in _cover(store, name)]


def _cover(store: Store, name: str) -> list[Reason]:
    if name not in _COVERED:
        return []
    first, last = _one(store, _COVERED[name])
    return [] if first is None else [Reason(f"covered-{name}", {"first": _iso(first), "last": _iso(last)})]


_HOLDING = (
    "MATCH (t:Task) WHERE all(x IN $words WHERE t.text CONTAINS x OR t.title CONTAINS x) RETURN count(*) AS tasks"
)


def missing_words(store: Store, words: Sequence[str]) -> list[Reason]:
    """The words that no task holds, or that no task holds together."""

    def holding(some: Sequence[str]) -> int:
        return _one(store, _HOLDING, words=list(some))[0]

    counts = {word: holding([word]) for word in words}
    none = [word for word, count in counts.items() if not count]
    if none or len(counts) < 2 or holding(list(counts)):
        return [Reason("empty-words", {"words": none})] if none else []
    return [Reason("empty-together", {"words": [f"{word} {count}" for word, count in counts.items()]})]


_PAPER = "MATCH (d:Document {id: $id}) RETURN d.loaded AS loaded"
_BELOW = "MATCH (:Document)-[:IMPLEMENTS]->(:Document {id: $id}) RETURN count(*) AS papers"
_ABOVE = "MATCH (:Document {id: $id})-[:IMPLEMENTS]->(u:Document) RETURN u.id AS id, u.loaded AS loaded ORDER BY u.id"


def of_document(store: Store, identity: str, around: bool) -> list[Reason]:
    """What a document lacks: its text, and where the question is of what stands `around` it, papers that carry it out
    and papers above it that were read."""
    there = list(store.rows(_PAPER, {"id": identity})[1])
    if not there:
        return []
    loaded = bool(there[0][0])
    found = [] if loaded else [Reason("empty-not-loaded", {"document": identity})]
    if around and not _one(store, _BELOW, id=identity)[0]:
        found.append(Reason("empty-none-below", {"document": identity}))
    if around and loaded:
        above = list(store.rows(_ABOVE, {"id": identity})[1])
        if not any(row[1] for row in above):
            names = [row[0] for row in above]
            found.append(
                Reason("empty-none-above" if names else "empty-no-superior", {"document": identity, "names": names})
            )
    return found


def of_all(store: Store) -> Reason:
    """That of all that was read nothing fits."""
    documents = _one(store, "MATCH (d:Document) WHERE d.loaded RETURN count(*) AS documents")[0]
    tasks = _one(store, "MATCH (t:Task) RETURN count(*) AS tasks")[0]
    return Reason("empty-all", {"documents": documents, "tasks": tasks})


def _one(store: Store, question: str, **parameters: Any) -> Sequence[Any]:
    """The one row of an answer."""
    return next(iter(store.rows(question, parameters)[1]))


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
