"""Review: queues of what people should look at, a paper's facts one by one to confirm, reject or change, what was said,
and taking it back; and how far tasks have come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from ...extractors.errors import ZhenglingError
from ...graph.workspace.together import mark_of
from ..api import Graph
from ..lists.reading import Slice
from . import papers, together
from .editing import edit
from .layers import LAYERS
from .listing import pager
from .visit import Onward, Shown, Visit, address, own_address, told
from .who import who

QUEUES = ("papers", "links", "remarks", "units", "said")
_LAST = 50  # lines of what was said
#: Fields of a form that name what is meant, and what a change can say.
_MEANT = ("task", "unit", "role", "deadline", "citation", "field", "upper")
_CHANGES = ("name", "role", "title", "text", "kind", "start", "end", "number", "value")
_VERBS = ("confirm", "reject", "change", "add")
_TOLD = ("state", "closed", "note", "milestone", "due", "met", "next_report", "day", "unit")


def queue(visit: Visit) -> Shown:
    """One of `QUEUES`: papers, links of lineage, remarks on what was read, units that may be one, and what was said."""
    if not visit.shelf.built():
        return Shown("empty.html", data={"total": 0})
    lists, wanted = visit.snapshot.lists, visit.filters(*together.FILTERS)
    name = visit.value("queue")
    name = name if name in QUEUES else QUEUES[0]
    values: dict[str, Any] = {"queue": name, "queues": QUEUES, "wanted": wanted, "counts": lists.to_look_at}
    values["by"] = who(visit)
    if name == "said":
        lines = _said(visit)
        return Shown("review.html", values | {"lines": lines}, data={"corrections": lines})
    ask = {"links": lists.links, "remarks": lists.remarks, "units": lists.doubles}.get(name)
    part = ask(wanted, visit.start, visit.size) if ask else _papers(visit, wanted)
    values |= {"part": part, "pager": pager(visit, part), "lines": [], "graph": together.mark(visit)}
    values["offer"] = together.offer(lists, name, wanted, part)
    return Shown("review.html", values, data={name: part.rows, "total": part.total, "start": part.start})


def _papers(visit: Visit, wanted: dict[str, str]) -> Slice:
    return visit.snapshot.lists.papers({"sort": "-tasks", **wanted}, visit.start, visit.size)


def _said(visit: Visit) -> list[dict[str, Any]]:
    """The last lines of what people said. What became of them is found by reading the papers that they are about, so it
    is kept for as long as graph and lines stay as they are."""
    folder = visit.site.folder
    files = sorted((folder / "corrections").glob("*"))
    key = ("said", visit.shelf.mark(), *((file.name, file.stat().st_size) for file in files))
    return visit.site.kept(key, lambda: _gathered(reversed(Graph(folder).corrections()))[:_LAST])


def _gathered(lines: Iterable[Any]) -> list[dict[str, Any]]:
    """Lines with those that were said together as one, which tells how many they are and how many of them hold."""
    found: list[dict[str, Any]] = []
    begun: dict[str, dict[str, Any]] = {}
    for one in lines:
        mark = mark_of(one.outcome.correction)
        if mark not in begun:
            found.append(row := _line(one) | {"mark": mark, "together": 0, "hold": 0})
            begun |= {mark: row} if mark else {}
        if mark:
            begun[mark]["together"] += 1
            begun[mark]["hold"] += one.outcome.status != "undone"
    return found


def _line(one: Any) -> dict[str, Any]:
    said = one.outcome.correction
    return {
        "id": said.id,
        "by": said.by,
        "at": said.at.date().isoformat(),
        "verb": said.verb,
        "what": said.what,
        "document": (said.paper.number or said.paper.title or "") if said.paper else "",
        "task": (said.task.title or said.task.text[:30]) if said.task else "",
        "was": dict(said.was),
        "to": dict(said.to),
        "why": said.why,
        "status": one.outcome.status,
        "against": len(one.outcome.against),
    }


def paper(visit: Visit) -> Shown:
    shown = papers.paper(visit)
    shown.values |= {"reviewing": True, "by": who(visit), "graph": together.mark(visit)}
    if "record" in shown.values:
        found = together.in_paper(shown.values["record"], LAYERS, visit.value("unit"))
        shown.values["open"] = {layer: sum(fact.layer == layer for fact in found) for layer in LAYERS}
    return shown


def correct(visit: Visit) -> Onward:
    verb, document = visit.posted("verb"), visit.posted("document")
    if verb not in _VERBS:
        raise ZhenglingError("bad-request", 2)
    meant = {name: visit.posted(name) for name in _MEANT if visit.posted(name)}
    to: dict[str, Any] = {}
    if verb in ("change", "add"):
        # Fields that were left as they are say nothing; `-to` keeps them apart from those that name what is meant.
        sent = {name: visit.posted(f"{name}-to", 8_000) for name in _CHANGES}
        was = {name: visit.posted(f"{name}-was", 8_000) for name in _CHANGES}
        to = {name: value or None for name, value in sent.items() if value != was[name]}
    more = {name: visit.posted(name) for name in ("quote", "why") if visit.posted(name)}
    elsewhere = visit.posted("elsewhere") == "yes"
    done = edit(visit.site.folder, "correct", verb=verb, document=document, to=to, by=who(visit), elsewhere=elsewhere,
                **meant, **more)  # fmt: skip
    return _back(visit, address("review", document) if document else "/review", done)


def same(visit: Visit) -> Onward:
    """Two units are one (`confirm`), whose name is then the first, or two (`reject`)."""
    verb = visit.posted("verb")
    if verb not in ("confirm", "reject"):
        raise ZhenglingError("bad-request", 2)
    done = edit(visit.site.folder, "same", one=visit.posted("one"), other=visit.posted("other"), apart=verb == "reject",
                known=True, by=who(visit))  # fmt: skip
    return _back(visit, "/review?queue=units", done)


def undo(visit: Visit) -> Onward:
    edit(visit.site.folder, "undo", correction=visit.posted("id"), why=visit.posted("why"), by=who(visit))
    return _back(visit, "/review?queue=said")


def progress(visit: Visit) -> Onward:
    told = {name: visit.posted(name) for name in _TOLD if visit.posted(name)}
    if not told:
        raise ZhenglingError("bad-request", 2)
    edit(visit.site.folder, "progress", task=visit.posted("task"), by=who(visit), **told)
    return _back(visit, address("tasks", visit.posted("task")))


def undo_progress(visit: Visit) -> Onward:
    edit(visit.site.folder, "undo_progress", line=visit.posted("id"), by=who(visit))
    return _back(visit, address("tasks", visit.posted("task")))


def _back(visit: Visit, otherwise: str, done: Mapping[str, Any] = MappingProxyType({})) -> Onward:
    """To where one was, when what was said is shown there or a little later; it can be taken back there."""
    visit.shelf.renew()
    back = own_address(visit.posted("back"))
    return Onward(told(back if back != "/" else otherwise, last=done.get("id") if done.get("kept") else ""))
