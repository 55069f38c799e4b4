"""A record as gold: what it says in the form of annotations, as `score` compares them."""

from __future__ import annotations

from typing import Any

from ...extractors.model import Deadline, Record, Task, UnitRole
from ...extractors.words.fold import squeeze

_HEAD = ("number", "title", "issuer", "date", "level", "region", "year")


def gold(record: Record) -> dict[str, Any]:
    """The annotation of a paper that is read (and corrected) rightly; its tasks are numbered anew."""
    names = {task.id: f"T{n:02}" for n, task in enumerate(record.tasks, 1)}
    document = {name: getattr(record.document, name) for name in _HEAD}
    return {
        "document": document | {"deadlines": [_limit(one) for one in record.document.deadlines]},
        "citations": [
            {"in": names.get(one.in_, "document")}
            | {name: getattr(one, name) for name in ("number", "title", "kind", "role")}
            for one in record.citations
        ],
        "tasks": [_task(task, names[task.id]) for task in record.tasks],
    }


def _task(task: Task, name: str) -> dict[str, Any]:
    flat = squeeze(task.text)
    return {
        "id": name,
        "section": task.section,
        "title": task.title,
        "starts": task.starts or flat[:16],
        "ends": task.ends or flat[-10:],
        "units": [_unit(one) for one in task.units],
        "open": task.open,
        "deadlines": [_limit(one) for one in task.deadlines],
    }


def _unit(one: UnitRole) -> dict[str, Any]:
    return {"role": one.role, "name": one.name} | ({"collective": True} if one.collective else {})


def _limit(one: Deadline) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("text", "kind", "start", "end")}
