"""Tasks: the table, and one task with all that is known of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from ...extractors.errors import ZhenglingError
from ...graph.corrections.progress import STATES, light, next_due
from ...graph.lineage.changes import untold
from ...graph.schema import ROLES
from ..lists.following import CHAINS
from ..lists.reading import SORTS, Row
from ..tables.changes import changed
from .filtering import filtered
from .listing import chosen
from .listing import listed as table
from .visit import Shown, Visit

FILTERS = (
    *("text", "region", "level", "year", "unit", "role", "function"),
    *("deadline", "from", "to", "overdue", "state", "units", "chain", "document", "sort"),
)
COLUMNS = (
    *("task", "title", "text", "document", "region", "level", "year"),
    *("lead", "responsible", "support", "deadline", "due", "state", "next_report"),
)
_USUAL = ("title", "document", "lead", "responsible", "deadline", "due", "state")
_TOLD = "MATCH (t:Task {id: $task}) RETURN t.notes AS notes, t.milestones AS milestones, t.orphaned AS orphaned"
_ROLES = tuple(ROLES.values())


def lights(tasks: list[Row]) -> list[Row]:
    """Tasks with the supervisor's light of today."""
    today = date.today()
    day = date.fromisoformat
    for task in tasks:
        days = [day(limit["due"]) for limit in task["deadlines"] if limit["due"]]
        known = {"state": task["state"], "due": next_due(days, today)}
        for name, column in (("milestone", "milestone"), ("report", "next_report")):
            known[name] = day(task[column]) if task[column] else None
        task["light"] = light(known, today)
    return tasks


def listed(visit: Visit) -> Shown:
    lists, wanted = visit.snapshot.lists, filtered(visit, *FILTERS)
    columns, ask = chosen(visit, COLUMNS, _USUAL), wanted.ask(lists.tasks)
    ranked = "text" in wanted.written and "sort" not in wanted.written
    if ranked:
        wanted.told.append(visit.say("web-ranked"))
    default = "" if ranked else "document"
    shown = table(visit, "tasks.html", "tasks", ask, columns, SORTS, default, cell, told=wanted.told,
                  wanted=wanted.written, all_columns=COLUMNS, roles=_ROLES, states=STATES, chains=CHAINS)  # fmt: skip
    lights(shown.values["part"].rows)  # files have no column of it
    return wanted.tell_why(visit, shown, lists.tasks)


def cell(task: Row, column: str) -> Any:
    """What a file has of a task."""
    if column in _ROLES:
        return [unit["name"] for unit in task[column]]
    if column == "deadline":
        return [limit["text"] for limit in task["deadlines"]]
    return task["id"] if column == "task" else (task[column] or STATES[0]) if column == "state" else task[column]


def task(visit: Visit) -> Shown:
    found = visit.snapshot.lists.task(visit.identity)
    if found is None:
        raise ZhenglingError("no-such-task", 2, task=visit.identity)
    steps = visit.snapshot.ask("trace", {"task": found["id"]}).dicts()
    lineage = visit.snapshot.ask("lineage", {"task": found["id"]}).dicts()
    for step in lineage:
        step["changed"] = [changed(untold(one), visit.say) for one in step.pop("changes") or ()]
    lights([found])
    columns, (row,) = visit.snapshot.rows(_TOLD, {"task": found["id"]})
    told = {name: [json.loads(one) for one in value or ()] for name, value in zip(columns, row, strict=True)}
    values = {
        "task": found,
        "trace": steps,
        "lineage": [step for step in lineage if step["step"]],
        "roles": _ROLES,
        "states": STATES,
        **told,
    }
    return Shown("task.html", values, data=found | {"trace": steps, "lineage": lineage} | told)
