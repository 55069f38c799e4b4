"""A record in the making: its tasks and facts with all that they were, what becomes of a line, and what shows a fact
that a person decided."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ...extractors.model import Evidence, Record, Task
from ..deriving.identity import normal_number, task_text, title_key
from ..deriving.pieces import CORRECTED
from .anchors import Match, State, find_task, plain, state_of
from .lines import FIELDS, Correction, TaskAnchor, Value, key_fields

#: `applied`: it holds; `settled`: the reading says so itself; `stale`: what it is about is not there; `overruled`: a
#: later line says otherwise; `undone`: taken back.
Status = Literal["applied", "settled", "stale", "overruled", "undone"]


@dataclass(slots=True)
class Outcome:
    """What became of a line. `reason` is a code: why it is stale; `near`: its task was found by likeness; `by`: the id
    of the later line that holds instead; `against`: lines of other people that this one overrules."""

    correction: Correction
    status: Status = "stale"
    reason: str = ""
    near: bool = False
    by: str = ""
    against: list[str] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)  # fields of which a later line says otherwise
    rules: list[str] = field(default_factory=list)  # by which the fact was read


@dataclass(slots=True)
class WorkingFact:
    """A fact of a task or of the paper: what it is, what it was, whether it holds, and who decided what of it."""

    value: Any
    was_read: bool = True
    there: bool = True
    states: list[dict[str, Value]] = field(default_factory=list)
    decided: dict[str, tuple[Outcome, Value]] = field(default_factory=dict)

    def fields(self, names: Iterable[str]) -> dict[str, Value]:
        return {name: getattr(self.value, name) for name in names}


class StaleError(Exception):
    """What a line is about is not there; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Settled(Exception):  # noqa: N818
    """The reading says itself what a line says."""


FACT_FIELDS = {what: tuple(fields) for what, fields in FIELDS.items()}


def same_value(name: str, one: Value, other: Value) -> bool:
    """Whether two values of a field are one, as people write them."""
    if one is None or other is None or isinstance(one, bool) or isinstance(other, bool):
        return (one or None) == (other or None)
    if name == "number":
        return normal_number(str(one)) == normal_number(str(other))
    if name == "title":
        return title_key(plain(str(one))) == title_key(plain(str(other)))
    if isinstance(one, list) or isinstance(other, list):
        return [plain(str(each)) for each in one] == [plain(str(each)) for each in other]  # type: ignore[union-attr]
    return plain(str(one)) == plain(str(other))


class Working:
    """A record in the making."""

    def __init__(self, record: Record) -> None:
        self.read, self.record = record, copy.deepcopy(record)
        self.tasks: list[WorkingTask] = [WorkingTask(WorkingFact(task)) for task in self.record.tasks]
        self.limits = [WorkingFact(one) for one in self.record.document.deadlines]
        self.cited = [WorkingFact(one) for one in self.record.citations]
        self.head = WorkingFact(self.record.document)
        self.fields: dict[str, WorkingFact] = {name: WorkingFact(self.record.document) for name in FACT_FIELDS["field"]}
        self.homes = {id(task.item.value): task for task in self.tasks}
        self.by_name = {task.item.value.id: task for task in self.tasks}
        self.added = 0

    def place(self, anchor: TaskAnchor) -> Match:
        """The task that an anchor means: one that holds, else one that was rejected, split or merged."""
        live = [n for n, task in enumerate(self.tasks) if task.item.there and not task.became]
        for words in (lambda task: [task.now], lambda task: task.states):
            match = find_task(anchor, [words(self.tasks[n]) for n in live])
            if match.place is not None and not match.near:
                return Match(live[match.place])
        return find_task(anchor, [task.states for task in self.tasks])

    def task(self, anchor: TaskAnchor, outcome: Outcome) -> WorkingTask:
        match = self.place(anchor)
        if match.place is None:
            raise StaleError("task-unclear" if match.close else "task-gone")
        outcome.near = outcome.near or match.near
        task = self.tasks[match.place]
        if outcome.correction.what == "task" and outcome.correction.verb != "add":
            outcome.rules += rules_of(task.item.value.evidence)
        return task

    def citations(self, of: WorkingTask | None) -> list[WorkingFact]:
        """The citations of a task, or of the paper outside its tasks."""
        return [item for item in self.cited if self.by_name.get(item.value.in_) is of]


class WorkingTask:
    """A task in the making."""

    def __init__(self, item: WorkingFact) -> None:
        self.item = item
        task: Task = item.value
        self.states = [state_of(task.section, task.title, task_text(task))]
        self.units = [WorkingFact(one) for one in task.units]
        self.limits = [WorkingFact(one) for one in task.deadlines]
        self.became: list[WorkingTask] = []  # what a split or a merge made of it

    def live(self) -> list[WorkingTask]:
        """The tasks that stand for it now."""
        return [one for part in self.became for one in part.live()] if self.became else [self]

    @property
    def now(self) -> State:
        """The words that it has now."""
        task: Task = self.item.value
        return state_of(task.section, task.title, task_text(task))

    def note(self) -> None:
        if self.now not in self.states:
            self.states.append(self.now)


def decide(item: WorkingFact, name: str, value: Value, outcome: Outcome) -> None:
    """Note what a line says of one field of a fact; where another one said otherwise, this one holds."""
    before = item.decided.get(name)
    if before is not None and not same_value(name, before[1], value) and before[0] is not outcome:
        old = before[0]
        old.lost.add(name)
        if name == "there" or set(old.correction.to) <= old.lost:
            old.status, old.by = "overruled", outcome.correction.id
        if old.correction.by != outcome.correction.by:
            outcome.against.append(old.correction.id)
    item.decided[name] = outcome, value


def proof(work: Working, one: Correction, review: str, was: dict[str, Value]) -> Evidence:
    """What shows a fact that a person decided: who, when, why, what the paper says instead, and where its words are."""
    told: dict[str, Any] = {"review": review, "correction": one.id, "by": one.by, "at": one.at.date().isoformat()}
    if was:
        told["was"] = was
    if one.why:
        told["why"] = one.why
    if one.elsewhere:
        told["elsewhere"] = True
    shown = quoted(work.read, one.quote)
    if shown is None:
        return Evidence(0, 0, one.quote, CORRECTED, told)
    return Evidence(shown.start, shown.end, shown.quote, CORRECTED, {**shown.place, **told})


def quoted(record: Record, words: str) -> Evidence | None:
    """Where in a paper some words stand, as far as its evidence shows them."""
    if not words:
        return None
    for one in evidence_of(record):
        at = one.quote.find(words)
        if at >= 0:
            return Evidence(one.start + at, one.start + at + len(words), words, one.rule, one.place)
    return None


def evidence_of(record: Record) -> Iterator[Evidence]:
    """All evidence of a record, in its order."""
    for items in lists_of_evidence(record):
        yield from items


def lists_of_evidence(record: Record) -> Iterator[list[Evidence]]:
    yield from record.document.evidence.values()
    things: list[Any] = [*record.document.deadlines, *record.citations]
    for task in record.tasks:
        things += [task, *task.units, *task.deadlines]
    for thing in things:
        yield thing.evidence


def found_fact(items: Iterable[WorkingFact], one: Correction) -> WorkingFact:
    """The fact that a line means: under the words that it has, else that it had. Raises what becomes of the line where
    there is none."""
    there = list(items)
    keys = key_fields(one.what) & set(one.was)
    wanted = dict(one.was)
    for states in (lambda i: i.states[-1:], lambda i: i.states):
        alike = [i for i in there if any(matches(state, wanted, keys) for state in states(i))]
        exact = [i for i in alike if any(matches(state, wanted, set(wanted)) for state in states(i))]
        if len(exact) == 1 or (exact and one.what != "unit"):
            return exact[0]
        if exact:
            raise StaleError("item-unclear")
    target = {**wanted, **one.to}
    if one.verb == "change":
        if any(matches(i.states[0], target, set(target)) for i in there if i.was_read):
            raise Settled
        alike = [i for i in there if any(matches(state, wanted, keys) for state in i.states)]
        if any(matches(i.states[0], one.to, set(one.to)) for i in alike):
            raise Settled
    if one.verb == "reject" and not alike:
        raise Settled
    raise StaleError("item-differs" if alike else "item-gone")


def rules_of(evidence: Iterable[Evidence]) -> list[str]:
    """The rule that read a fact, if one did."""
    return [each.rule for each in evidence if each.rule not in ("", CORRECTED)][:1]


def matches(state: dict[str, Value], wanted: dict[str, Value], names: Iterable[str]) -> bool:
    return all(same_value(name, state.get(name), wanted.get(name)) for name in names)


def ready(items: Iterable[WorkingFact], names: Sequence[str]) -> list[WorkingFact]:
    """The facts, each with the fields that it has."""
    found = list(items)
    for item in found:
        if not item.states:
            item.states.append(item.fields(names))
    return found
