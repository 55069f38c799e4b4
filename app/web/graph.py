"""The graph as a picture: around one thing or of the whole, opened out node by node, and the way between two nodes."""

from __future__ import annotations

from itertools import islice
from typing import Any

from ...extractors.errors import ZhenglingError
from ..pictures import selecting
from ..pictures.view import Drawn, draw, part
from .shelf import Snapshot
from .site import MOST_DRAWN
from .visit import Shown, Visit

KINDS = ("task", "unit", "document", "directive")
_LIMITS = (100, 300, 1000, MOST_DRAWN)
_USUAL = 300
_AT_ONCE = 40  # nodes that a node is opened out by


def picture(visit: Visit) -> Shown:
    """What `zhengling view` draws, or a way: `task`, `unit` (with `region`), `document` or `directive` by id or name;
    `from` and `to` by id; nothing: the whole graph."""
    if not visit.shelf.built():
        return Shown("empty.html", data={"nodes": [], "edges": []})
    what, name = _asked(visit)
    limit = visit.number("limit", _USUAL)
    limit = limit if limit in _LIMITS else _USUAL
    values: dict[str, Any] = {"what": what, "name": name, "limit": limit, "limits": _LIMITS, "kinds": KINDS}
    values |= {"region": visit.value("region"), "drawn": None, "error": ""}
    try:
        drawn = _drawn(visit, what, name, limit)
    except ZhenglingError as error:
        if visit.form:
            raise
        return Shown("graph.html", values | {"error": visit.say.error(error)}, status=400 if error.status == 2 else 200)
    told = drawn.values()
    data = {"nodes": told["nodes"], "edges": told["edges"], "focus": told["about"]["focus"], "total": drawn.size.total}
    return Shown("graph.html", values | told | {"drawn": drawn}, data=data)


def _asked(visit: Visit) -> tuple[str, str]:
    """Which kind of thing stands in the middle, and its name; nothing of the whole graph."""
    for kind in KINDS:
        if visit.value(kind):
            return kind, visit.value(kind)
    what, name = visit.value("what"), visit.value("name")
    return (what, name) if what in KINDS and name else ("", "")


def _drawn(visit: Visit, what: str, name: str, limit: int) -> Drawn:
    snapshot, say = visit.snapshot, visit.say
    one, other = visit.value("from"), visit.value("to")
    if one and other:
        chosen = _way(snapshot, one, other)
        return draw(snapshot, snapshot.names, say, chosen=chosen, asked=True)
    focus = _focus(snapshot, what, name, visit.value("region")) if what else ""
    return visit.site.picture(snapshot, say.language, what, focus, limit)


def _focus(snapshot: Snapshot, what: str, name: str, region: str) -> str:
    names = snapshot.names
    if what == "unit":
        return names.one_unit(name, region).value
    return (names.task(name) if what == "task" else names.document(name)).value


def _way(snapshot: Snapshot, one: str, other: str) -> dict[str, str]:
    found = selecting.way(snapshot, one, other)
    if not found:
        raise ZhenglingError("no-way", 1, one=one, other=other)
    return found


def node(visit: Visit) -> Shown:
    """What a node (`id`) is joined to: some at once, after the first `from`; for a picture of `crowd` nodes."""
    identity, start = visit.value("id"), visit.number("from", 0)
    found = selecting.neighbours(visit.snapshot, identity)
    chosen = {identity: found.pop(identity)} | dict(islice(found.items(), start, start + _AT_ONCE))
    data = part(visit.snapshot, visit.snapshot.names, visit.say, chosen, visit.number("crowd", 0))
    more = max(len(found) - start - _AT_ONCE, 0)
    return Shown("", data=data | {"more": more, "next": start + _AT_ONCE})


def way(visit: Visit) -> Shown:
    """A shortest way `from` one node `to` another, with its `steps` in their order."""
    found = _way(visit.snapshot, visit.value("from"), visit.value("to"))
    data = part(visit.snapshot, visit.snapshot.names, visit.say, found, visit.number("crowd", 0))
    return Shown("", data=data | {"steps": list(found)})
