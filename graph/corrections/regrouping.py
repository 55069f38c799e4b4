"""Tasks split into parts, and several made one."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from ...extractors.model import Evidence, Task
from ..deriving.identity import task_text
from .anchors import plain
from .lines import Correction, Value
from .working import (
    FACT_FIELDS,
    Outcome,
    Settled,
    StaleError,
    Working,
    WorkingFact,
    WorkingTask,
    decide,
    matches,
    proof,
    ready,
)

_UNIT, _LIMIT = FACT_FIELDS["unit"], FACT_FIELDS["deadline"]


def new_task(work: Working, text: str, title: str | None, section: list[str], proof: Evidence) -> WorkingTask:
    work.added += 1
    made = Task(f"A{work.added:02}", section, title, text, "", "", evidence=[proof])
    task = WorkingTask(WorkingFact(made, was_read=False))
    work.by_name[made.id] = task
    return task


def split(work: Working, one: Correction, outcome: Outcome) -> None:
    assert one.task is not None
    wanted = [plain(part.text) for part in one.parts]
    read = [task for task in work.tasks if task.item.was_read and task.states[0][2] in wanted]
    if len(read) == len(wanted):
        raise Settled
    task = work.task(one.task, outcome)
    if task.became:
        raise StaleError("task-split")
    value: Task = task.item.value
    if not all(part in plain(task_text(value)) for part in wanted):
        raise StaleError("item-differs")
    parts = []
    for n, part in enumerate(one.parts):
        was: dict[str, Value] = {"text": value.text}
        new = new_task(
            work, part.text, part.title or value.title, list(value.section), proof(work, one, "changed", was)
        )
        new.item.value.id = f"{value.id}{'abcdefghijklmnopqrstuvwxyz'[n % 26]}"
        new.item.value.evidence = [*value.evidence, *new.item.value.evidence]
        new.item.value.part_of, new.item.value.open = value.part_of, value.open
        new.units = copy.deepcopy(ready(task.units, _UNIT), {id(o): o for o in _outcomes(task.units)})
        own = [i for i in task.limits if plain(i.value.text) in wanted[n]]
        others = [i for i in task.limits if not any(plain(i.value.text) in text for text in wanted)]
        new.limits = copy.deepcopy(ready(own + others, _LIMIT), {id(o): o for o in _outcomes(own + others)})
        work.by_name[new.item.value.id] = new
        parts.append(new)
    for item in work.citations(task):
        words = [plain(item.value.title), plain(item.value.number)]
        holder = next((p for p, text in zip(parts, wanted, strict=True) if any(w and w in text for w in words)), None)
        item.value.in_ = (holder or parts[0]).item.value.id
    _replace(work, [task], parts, outcome)


def _outcomes(items: Iterable[WorkingFact]) -> list[Outcome]:
    return [outcome for item in items for outcome, _ in item.decided.values()]


def merge(work: Working, one: Correction, outcome: Outcome) -> None:
    assert one.task is not None
    anchors = [one.task, *one.tasks]
    joined = "\n".join(anchor.text for anchor in anchors)
    if any(task.states[0][2] == plain(joined) for task in work.tasks if task.item.was_read):
        raise Settled
    tasks = [work.task(anchor, outcome) for anchor in anchors]
    if len({id(task) for task in tasks}) < len(tasks) or any(task.became for task in tasks):
        raise StaleError("task-split")
    values: list[Task] = [task.item.value for task in tasks]
    first = values[0]
    text = "\n".join(task_text(value) for value in values)
    was: dict[str, Value] = {"text": [task_text(value) for value in values]}
    title: Any = one.to.get("title", first.title)
    new = new_task(work, text, title, list(first.section), proof(work, one, "changed", was))
    new.item.value.id, new.item.value.part_of = first.id, first.part_of
    new.item.value.open = any(value.open for value in values)
    new.item.value.evidence = [e for value in values for e in value.evidence] + new.item.value.evidence
    for task in tasks:
        for mine, others, names in ((new.units, task.units, _UNIT), (new.limits, task.limits, _LIMIT)):
            ready(mine, names)
            mine += [i for i in ready(others, names) if not any(matches(i.states[-1], m.states[-1], names[:2])
                                                                 for m in mine)]  # fmt: skip
    for task in tasks:
        for item in work.citations(task):
            item.value.in_ = first.id
    work.by_name[first.id] = new
    _replace(work, tasks, [new], outcome)


def _replace(work: Working, old: list[WorkingTask], new: list[WorkingTask], outcome: Outcome) -> None:
    at = work.tasks.index(old[0])
    work.tasks[at:at] = new
    for task in old:
        task.became, task.item.there = new, False
        decide(task.item, "there", False, outcome)
        for other in work.tasks:
            if other.item.value.part_of == task.item.value.id and other not in old:
                other.item.value.part_of = new[0].item.value.id
