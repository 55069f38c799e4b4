"""Why a question has no rows: which of its filters left nothing, and what the data cover."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    for name in dict.fromkeys(_ALIKE.get(name, name) for name in filters):
        found += _cover(store, name)
    return found


def _cover(store: Store, name: str) -> list[Reason]:
    if name not in _COVERED:
        return []
    first, last = _one(store, _COVERED[name])
    return [] if first is None else [Reason(f"covered-{name}", {"first": _iso(first), "last": _iso(last)})]


def missing_words(store: Store, words: Sequence[str]) -> list[Reason]:
    """The words that no task holds."""
    question = "MATCH (t:Task) WHERE t.text CONTAINS $word OR t.title CONTAINS $word RETURN count(*) AS tasks"
    none = [word for word in words if not _one(store, question, word=word)[0]]
    return [Reason("empty-words", {"words": none})] if none else []


def _one(store: Store, question: str, **parameters: Any) -> Sequence[Any]:
    """The one row of an answer."""
    return next(iter(store.rows(question, parameters)[1]))


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
