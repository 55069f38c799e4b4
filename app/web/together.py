"""What is said of many at once: of all that a page shows, or of all under its filter; and taking that back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...extractors.errors import ZhenglingError
from ...extractors.model import Record
from ..lists.reading import Lists, Slice
from .editing import edit
from .layers import LAYERS, Marked, facts_of, tasks_of
from .visit import Onward, Visit, own_address, told
from .who import who

#: Most facts that one press of a button says something of.
MOST = 2_000
FILTERS = ("text", "region", "level", "year", "code")
#: Queue → what can be said of many there.
VERBS = {"links": ("confirm", "reject"), "units": ("confirm", "reject"), "remarks": ("confirm",)}

Fact = dict[str, str]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a queue offers: so many of those that are shown, so many of all under the filter."""

    visible: int
    every: int
    verbs: Sequence[str]
    most: int = MOST


def facts(queue: str, rows: Sequence[Mapping[str, Any]]) -> list[Fact]:
    """What the rows of a queue are about, as lines of corrections name it."""
    if queue == "links":
        return [{"task": row["task"], "upper": row["upper"]} for row in rows]
    if queue == "units":
        return [{"one": row["id"], "other": row["other"]} for row in rows]
    return [{"document": identity} for identity in dict.fromkeys(row["document"] for row in rows)]


def offer(lists: Lists, queue: str, wanted: Mapping[str, str], part: Slice) -> Offer | None:
    if queue not in VERBS or not part.rows:
        return None
    every = len(lists.remarked(wanted)) if queue == "remarks" else part.total
    return Offer(len(facts(queue, part.rows)), every, VERBS[queue])


def in_paper(record: Record, layers: Sequence[str], unit: str = "") -> list[Marked]:
    """The facts of some layers in a paper of which nobody has said anything yet; with `unit` of its tasks alone."""
    mine = tasks_of(record, unit) if unit else None
    return [
        fact
        for fact in facts_of(record)
        if fact.layer in layers and not fact.review and (mine is None or fact.task in mine)
    ]


def say(visit: Visit) -> Onward:
    """Say the same of all that was shown or of all under the filter (`act`: a verb and `visible` or `every`), if these
    are still as many, of the same graph, as the button told."""
    queue, (verb, _, scope) = visit.posted("queue"), visit.posted("act", 30).partition(" ")
    every = scope == "every"
    if verb not in VERBS.get(queue, ("confirm",) if queue == "paper" else ()):
        raise ZhenglingError("bad-request", 2)
    newest = visit.snapshot.mark == visit.shelf.mark()
    if not newest or visit.posted("graph") != mark(visit):
        raise ZhenglingError("review-moved", 1)
    meant = _paper(visit) if queue == "paper" else _queue(visit, queue, every)
    if not meant or str(len(meant)) != visit.posted("every" if every else "visible"):
        raise ZhenglingError("review-moved", 1)
    if len(meant) > MOST:
        raise ZhenglingError("review-many", 2, count=len(meant), most=MOST)
    why = visit.say(f"together-{'every' if every else 'visible'}", count=len(meant))
    done = edit(visit.site.folder, "together", verb=verb, facts=meant, by=who(visit), why=why)
    visit.shelf.renew()
    return _back(visit, done)


def undo(visit: Visit) -> Onward:
    """Take back all that was said together."""
    done = edit(visit.site.folder, "undo_together", mark=visit.posted("mark", 20), by=who(visit))
    visit.shelf.renew()
    return _back(visit, {"undone": done["said"]})


def mark(visit: Visit) -> str:
    """What tells the graph that a page shows from every other one."""
    return "-".join(map(str, visit.snapshot.mark))


def _queue(visit: Visit, queue: str, every: bool) -> list[Fact]:
    lists = visit.snapshot.lists
    wanted = {name: visit.posted(name, 200) for name in FILTERS if visit.posted(name, 200)}
    if queue == "remarks" and every:
        return [{"document": identity} for identity in lists.remarked(wanted)]
    ask = {"links": lists.links, "units": lists.doubles, "remarks": lists.remarks}[queue]
    start, size = (visit.posted(name, 9) for name in ("start", "size"))
    if not (start.isdecimal() and size.isdecimal()):
        raise ZhenglingError("bad-request", 2)
    part = ask(wanted, 0, MOST + 1) if every else ask(wanted, int(start), min(int(size), MOST))
    return facts(queue, part.rows)


def _paper(visit: Visit) -> list[Fact]:
    found = visit.snapshot.lists.paper(visit.posted("document"))
    if found is None or not found["loaded"]:
        raise ZhenglingError("no-such-document", 2, document=visit.posted("document"))
    layers = [layer for layer in LAYERS if layer in visit.posted("layers", 200).split(",")]
    shown = in_paper(visit.site.record(found["source"]), layers, visit.posted("unit"))
    return [{"document": found["id"], **fact.meant} for fact in shown]


def _back(visit: Visit, done: Mapping[str, Any]) -> Onward:
    return Onward(told(own_address(visit.posted("back")), **done))
