"""A record and what people said of it → the record that holds, and what became of each line.

Lines are taken in the order of saying. What one changes keeps all that it was before, so that a later line finds it
under the words that its writer saw; where two say different things of one fact, the later one holds.

The record in the making stands in `working.py`, what each verb does to it in `verbs.py` and `regrouping.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ...extractors.model import Record, Task, task_key
from ...extractors.words.fold import squeeze
from .lines import Correction, TaskAnchor
from .verbs import DOING
from .working import Outcome, Settled, StaleError, Working, WorkingTask, lists_of_evidence


@dataclass(slots=True)
class Corrected:
    """A record with what people said of it. `tasks`: as they were made, in the order of the record."""

    record: Record
    outcomes: list[Outcome]
    tasks: list[WorkingTask]
    work: Working
    links: list[tuple[Outcome, int]] = field(default_factory=list)  # lines of lineage, with the place of their task

    def places(self, anchor: TaskAnchor) -> tuple[list[int], str]:
        """The places of the tasks that an anchor means now; where there is none, the reason."""
        match = self.work.place(anchor)
        if match.place is None:
            return [], "task-unclear" if match.close else "task-gone"
        wanted = {id(task) for task in self.work.tasks[match.place].live()}
        found = [n for n, task in enumerate(self.tasks) if id(task) in wanted]
        return found, "" if found else "task-gone"


def apply(record: Record, corrections: Sequence[Correction]) -> Corrected:
    """The record that holds, and what became of each line; `record` stays as it is.

    `corrections` are those of this paper, in the order of saying, `undo` among them taken out before.
    """
    work = Working(record)
    outcomes: list[Outcome] = []
    links: list[tuple[Outcome, WorkingTask]] = []
    for one in corrections:
        outcome = Outcome(one, "applied")
        outcomes.append(outcome)
        try:
            if one.what == "lineage":
                assert one.task is not None
                links.append((outcome, work.task(one.task, outcome).live()[0]))
            else:
                DOING[one.verb](work, one, outcome)
        except StaleError as stale:
            outcome.status, outcome.reason = "stale", stale.reason
        except Settled:
            outcome.status = "settled"
    kept = _finished(work, {outcome.correction.id for outcome in outcomes if outcome.status == "overruled"})
    places = {id(task): n for n, task in enumerate(kept)}
    linked = [(outcome, places[id(task)]) for outcome, task in links if id(task) in places]
    for outcome, task in links:
        if id(task) not in places:
            outcome.status, outcome.reason = "stale", "task-gone"
    return Corrected(work.record, outcomes, kept, work, linked)


def _finished(work: Working, overruled: set[str]) -> list[WorkingTask]:
    """Bring the record about; the tasks that it has. Lines that were overruled show nothing any more."""
    record, kept = work.record, [task for task in work.tasks if task.item.there and not task.became]
    gone = {t.item.value.id: t.item.value.part_of for t in work.tasks if not t.item.there and not t.became}
    names = {task.item.value.id for task in kept}
    for task in kept:
        value: Task = task.item.value
        value.units = [item.value for item in task.units if item.there]
        value.deadlines = [item.value for item in task.limits if item.there]
        seen: set[str] = set()
        while value.part_of in gone and value.part_of not in seen:
            seen.add(value.part_of)
            value.part_of = gone[value.part_of]
        if value.part_of not in names or value.part_of == value.id:
            value.part_of = None
    record.tasks = [task.item.value for task in kept]
    record.document.deadlines = [item.value for item in work.limits if item.there]
    record.citations = [item.value for item in work.cited if item.there]
    for citation in record.citations:
        if citation.in_ not in names and citation.in_ in gone:
            citation.in_ = "document"
    _named(record, work)
    if overruled:
        for items in lists_of_evidence(record):
            items[:] = [one for one in items if one.place.get("correction") not in overruled]
    return kept


def _named(record: Record, work: Working) -> None:
    """What follows from the words of a task that was changed or made."""
    own = {task.item.value.id for task in work.tasks if task.item.decided or not task.item.was_read}
    name, twins = record.document.number or record.document.title or "", Counter[str]()
    for task in record.tasks:
        if task.id not in own:
            continue
        flat = squeeze(task.text)
        task.starts, task.ends = flat[:16], flat[-10:]
        key = task_key(name, task, 0)
        task.key = task_key(name, task, twins[key])
        twins[key] += 1
