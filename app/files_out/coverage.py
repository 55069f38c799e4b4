"""The matrix of a superior's tasks and the papers below: how each takes up each task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from ...extractors.model import Record, Task
from ...graph.lineage.align import Alignment, statuses
from ..messages import Catalogue
from ..tables import cells
from .comparison import COLUMNS as PAIRED
from .comparison import called, changed, render, rows_of, table

EACH = ("document", *PAIRED)
STATUSES = ("covered", "changed", "outdated", "missing", "elsewhere")


def matrix(found: Mapping[str, Alignment], say: Catalogue) -> tuple[list[str], list[list[Any]]]:
    """A row for each task of the superior, a column for each lower paper, with the status in words."""
    heads = [short(alignment.lower, identity) for identity, alignment in found.items()]
    told = [statuses(alignment) for alignment in found.values()]
    rows = [[task.id, called(task), *(say(f"status-{one[task.id]}") for one in told)] for task in _tasks(found)]
    return ["superior_task", "superior_title", *heads], rows


def each(found: Mapping[str, Alignment], say: Catalogue) -> list[list[Any]]:
    """The rows of `EACH`: every pair of tasks, and every task without counterpart, of every lower paper."""
    return [[identity, *row] for identity, alignment in found.items() for row in table(alignment, say)]


def page(found: Mapping[str, Alignment], say: Catalogue) -> str:
    """The matrix, and below it each comparison that a cell leads to."""
    return render("coverage.html", say, **parts(found, say))


def parts(found: Mapping[str, Alignment], say: Catalogue) -> dict[str, Any]:
    """What a page shows of it: the superior's head, its tasks in groups, the papers below, what the colours mean."""
    told = {identity: statuses(alignment) for identity, alignment in found.items()}
    upper = next(iter(found.values())).upper
    groups = [
        {
            "section": " ".join(cells.shown(part) for part in section),
            "rows": [
                {
                    "id": task.id,
                    "title": called(task),
                    "cells": [
                        {
                            "status": told[identity][task.id],
                            "to": f"p{n}-{task.id}",
                            "name": say(f"status-{told[identity][task.id]}"),
                            **_taken_up(alignment, task, say),
                        }
                        for n, (identity, alignment) in enumerate(found.items(), 1)
                    ],
                }
                for task in tasks
            ],
        }
        for section, tasks in groupby(_tasks(found), key=lambda task: task.section)
    ]
    papers = [
        {
            "anchor": f"p{n}",
            "id": identity,
            "short": short(alignment.lower, identity),
            "title": cells.shown(alignment.lower.document.title or identity),
            "counts": _counts(told[identity], say),
            "rows": rows_of(alignment, say),
        }
        for n, (identity, alignment) in enumerate(found.items(), 1)
    ]
    head = " ".join(filter(None, (upper.document.title, upper.document.number)))
    legend = {status: say(f"status-{status}") for status in STATUSES}
    return {"upper": cells.shown(head), "groups": groups, "papers": papers, "legend": legend}


def short(record: Record, identity: str) -> str:
    """What a paper is called in a narrow column: its place, and its number where it has one."""
    head = record.document
    return cells.shown(" ".join(filter(None, (head.region, head.number))) or head.title or identity)


def _taken_up(alignment: Alignment, task: Task, say: Catalogue) -> dict[str, Any]:
    """How a paper takes up a task: copied, adapted, merged, split, in words; what is changed, each in words."""
    links = [link for link in alignment.links if link.upper == task.id]
    kinds = dict.fromkeys(say(f"wording-{link.type}") for link in links)
    return {"kind": "、".join(kinds), "changes": [text for link in links for text in changed(link, say)]}


def _counts(told: Mapping[str, str], say: Catalogue) -> str:
    counts = {status: sum(one == status for one in told.values()) for status in STATUSES}
    return " · ".join(f"{say(f'status-{status}')} {n}" for status, n in counts.items() if n)


def _tasks(found: Mapping[str, Alignment]) -> Sequence[Task]:
    return next(iter(found.values())).upper.tasks
