"""Directives: what carries out what, how the papers below take up a paper's tasks, two papers side by side."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ...extractors.errors import ZhenglingError
from ..files_out import comparison as paired
from ..lists.reading import Row, Slice
from .filtering import filtered
from .listing import pager
from .visit import Shown, Visit

_FEW = 20  # of what is cited and not there
FILTERS = ("text", "region", "level", "year", "sort")


def listed(visit: Visit) -> Shown:
    lists, found = visit.snapshot.lists, filtered(visit, *FILTERS)
    wanted, missing = {"sort": "-below", **found.written}, Slice([], 0, 0)
    if found.meant is not None:
        filters = {name: value for name, value in found.meant.items() if name != "sort"}
        missing = lists.papers({"loaded": "no", "sort": "-cited_by", **filters}, 0, _FEW)
        found.meant = {"sort": "-below", **found.meant}
    part = found.ask(lists.superiors)(visit.start, visit.size)
    values = {"wanted_papers": missing.rows, "missing": missing.total}
    values |= {
        "told": found.told,
        "part": part,
        "wanted": wanted,
        "pager": pager(visit, part),
        "choices": lists.choices,
    }
    return Shown("directives.html", values, data={"total": part.total, "start": part.start, "directives": part.rows})


def tree(visit: Visit) -> Shown:
    found = visit.snapshot.lists.paper(visit.identity)
    if found is None:
        raise ZhenglingError("no-such-document", 2, document=visit.identity)
    levels = visit.snapshot.lists.below(found["n"])
    return Shown("directive.html", {"paper": found, "rows": levels, "reach": _reach(levels)})


def _reach(rows: list[Row]) -> dict[str, Any]:
    """How far a paper reaches: the papers below it, their places and tasks, and how many papers each level has."""
    papers = {row["id"]: row for row in rows}.values()
    if not papers:
        return {}
    levels = Counter(row["level"] for row in papers if row["level"])
    places = {row["region"] for row in papers if row["region"]}
    tasks = sum(row["tasks"] for row in papers)
    return {"papers": len(papers), "places": len(places), "tasks": tasks, "levels": levels.most_common()}


def coverage(visit: Visit) -> Shown:
    """The matrix of a paper's tasks and the papers below it."""
    document = visit.value("document")
    if visit.form == "json":
        return Shown("", data=_there(visit.site.coverage(document), document))
    ask = visit.site.coverage if visit.form else visit.site.coverage_soon
    made = ask(document, visit.say.language)
    if made is None:
        return Shown("making.html", {"title": visit.say("coverage-title")})
    found = _there(made, document)
    values = {"document": document, "parts": found["parts"]}
    rows = found["rows"]
    return Shown("coverage.html", values, columns=found["columns"], rows=lambda: rows, name="coverage")


def _there(found: dict[str, Any], document: str) -> dict[str, Any]:
    if not found:
        raise ZhenglingError("no-inferior", 1, document=document)
    return found


def comparison(visit: Visit) -> Shown:
    """A paper beside its superior."""
    found = visit.site.compare(visit.value("lower"), visit.value("superior") or None)
    values = paired.parts(found, visit.say)
    keys = [{task.id: task.key for task in side.tasks} for side in (found.upper, found.lower)]
    for row in values["rows"]:
        for side, known in zip(("upper", "lower"), keys, strict=True):
            row[f"{side}_key"] = known.get(row[side]["id"], "") if row[side] else ""
    sides = {"upper": found.upper, "lower": found.lower}
    values["ids"] = {
        side: visit.snapshot.lists.read_from(record.source.get("path", "")) for side, record in sides.items()
    }
    return Shown(
        "comparison.html",
        values | {"lower_id": visit.value("lower"), "superior_id": visit.value("superior")},
        data=found.to_json,
        columns=paired.COLUMNS,
        rows=lambda: paired.table(found, visit.say),
        name="comparison",
    )
