"""A record and what people said of it → the record that holds, and what became of each line.

Lines are taken in the order of saying. What one changes keeps all that it was before, so that a later line finds it
under the words that its writer saw; where two say different things of one fact, the later one holds.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ...extractors.model import Citation, Deadline, Evidence, Record, Task, UnitRole, task_key
from ...extractors.words.fold import squeeze
from ..deriving.identity import normal_number, task_text, title_key
from ..deriving.pieces import CORRECTED
from .anchors import Match, State, find_task, likeness, plain, state_of
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


class _StaleError(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Settled(Exception):  # noqa: N818
    pass


_FIELDS = {what: tuple(fields) for what, fields in FIELDS.items()}
_UNIT, _LIMIT, _TASK = _FIELDS["unit"], _FIELDS["deadline"], _FIELDS["task"]


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
        self.fields: dict[str, WorkingFact] = {name: WorkingFact(self.record.document) for name in _FIELDS["field"]}
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
            raise _StaleError("task-unclear" if match.close else "task-gone")
        outcome.near = outcome.near or match.near
        task = self.tasks[match.place]
        if outcome.correction.what == "task" and outcome.correction.verb != "add":
            outcome.rules += _rules(task.item.value.evidence)
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
                _DOING[one.verb](work, one, outcome)
        except _StaleError as stale:
            outcome.status, outcome.reason = "stale", stale.reason
        except _Settled:
            outcome.status = "settled"
    kept = _finished(work, {outcome.correction.id for outcome in outcomes if outcome.status == "overruled"})
    places = {id(task): n for n, task in enumerate(kept)}
    linked = [(outcome, places[id(task)]) for outcome, task in links if id(task) in places]
    for outcome, task in links:
        if id(task) not in places:
            outcome.status, outcome.reason = "stale", "task-gone"
    return Corrected(work.record, outcomes, kept, work, linked)


# --- deciding -------------------------------------------------------------------------------------------------------


def _decide(item: WorkingFact, name: str, value: Value, outcome: Outcome) -> None:
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


def _proof(work: Working, one: Correction, review: str, was: dict[str, Value]) -> Evidence:
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
    for items in _lists_of_evidence(record):
        yield from items


def _lists_of_evidence(record: Record) -> Iterator[list[Evidence]]:
    yield from record.document.evidence.values()
    things: list[Any] = [*record.document.deadlines, *record.citations]
    for task in record.tasks:
        things += [task, *task.units, *task.deadlines]
    for thing in things:
        yield thing.evidence


def _found(items: Iterable[WorkingFact], one: Correction) -> WorkingFact:
    """The fact that a line means: under the words that it has, else that it had. Raises what becomes of the line where
    there is none."""
    there = list(items)
    keys = key_fields(one.what) & set(one.was)
    wanted = dict(one.was)
    for states in (lambda i: i.states[-1:], lambda i: i.states):
        alike = [i for i in there if any(_matches(state, wanted, keys) for state in states(i))]
        exact = [i for i in alike if any(_matches(state, wanted, set(wanted)) for state in states(i))]
        if len(exact) == 1 or (exact and one.what != "unit"):
            return exact[0]
        if exact:
            raise _StaleError("item-unclear")
    target = {**wanted, **one.to}
    if one.verb == "change":
        if any(_matches(i.states[0], target, set(target)) for i in there if i.was_read):
            raise _Settled
        alike = [i for i in there if any(_matches(state, wanted, keys) for state in i.states)]
        if any(_matches(i.states[0], one.to, set(one.to)) for i in alike):
            raise _Settled
    if one.verb == "reject" and not alike:
        raise _Settled
    raise _StaleError("item-differs" if alike else "item-gone")


def _rules(evidence: Iterable[Evidence]) -> list[str]:
    """The rule that read a fact, if one did."""
    return [each.rule for each in evidence if each.rule not in ("", CORRECTED)][:1]


def _matches(state: dict[str, Value], wanted: dict[str, Value], names: Iterable[str]) -> bool:
    return all(same_value(name, state.get(name), wanted.get(name)) for name in names)


def _ready(items: Iterable[WorkingFact], names: Sequence[str]) -> list[WorkingFact]:
    """The facts, each with the fields that it has."""
    found = list(items)
    for item in found:
        if not item.states:
            item.states.append(item.fields(names))
    return found


# --- the verbs ------------------------------------------------------------------------------------------------------


def _scopes(work: Working, one: Correction, outcome: Outcome) -> list[WorkingTask | None]:
    """The tasks that a line about a fact of one means: several where it was split; none for a fact of the paper."""
    if one.task is None:
        return [None]
    return [*work.task(one.task, outcome).live()]


def _items(work: Working, of: WorkingTask | None, what: str) -> list[WorkingFact]:
    if what == "unit":
        return of.units if of is not None else []
    if what == "deadline":
        return of.limits if of is not None else work.limits
    return work.citations(of)


def _each(work: Working, one: Correction, outcome: Outcome) -> list[WorkingFact]:
    """The fact that a line means, in each of the tasks that it stands in."""
    names = _FIELDS[one.what]
    found: list[WorkingFact] = []
    failed: Exception | None = None
    for scope in _scopes(work, one, outcome):
        try:
            found.append(_found(_ready(_items(work, scope, one.what), names), one))
            outcome.rules += _rules(found[-1].value.evidence)
        except (_StaleError, _Settled) as error:
            failed = error
    if not found and failed is not None:
        raise failed
    return found


def _confirm(work: Working, one: Correction, outcome: Outcome) -> None:
    if one.what == "field":
        outcome.rules += _rules(work.record.document.evidence.get(next(iter(one.was)), ()))
    if one.what == "document":
        work.record.document.evidence.setdefault("review", []).append(_proof(work, one, "confirmed", {}))
    elif one.what == "field":
        ((name, value),) = one.was.items()
        if not same_value(name, getattr(work.record.document, name), value):
            raise _StaleError("item-differs")
        _shown_field(work, name).append(_proof(work, one, "confirmed", {}))
        _decide(work.fields[name], name, value, outcome)
    elif one.what == "task":
        _confirm_task(work, one, outcome)
    else:
        for item in _each(work, one, outcome):
            _decide(item, "there", True, outcome)
            item.there = True
            for name, value in one.was.items():  # what a line before it made of it goes
                _decide(item, name, value, outcome)
                if not same_value(name, getattr(item.value, name), value):
                    setattr(item.value, name, value)
            item.value.evidence.append(_proof(work, one, "confirmed", {}))


def _confirm_task(work: Working, one: Correction, outcome: Outcome) -> None:
    anchor = one.task
    assert anchor is not None
    task = work.task(anchor, outcome)
    for part in task.live():
        value: Task = part.item.value
        _decide(part.item, "there", True, outcome)
        part.item.there = True
        if part is task and not outcome.near:
            for name, said in (("title", anchor.title), ("text", anchor.text), ("section", list(anchor.section))):
                if name in part.item.decided:
                    _decide(part.item, name, said, outcome)
                    setattr(value, name, said)
        value.evidence.append(_proof(work, one, "confirmed", {}))


def _reject(work: Working, one: Correction, outcome: Outcome) -> None:
    if one.what == "task":
        assert one.task is not None
        match = work.place(one.task)
        if match.place is None:
            raise _StaleError("task-unclear") if match.close else _Settled()
        for task in work.task(one.task, outcome).live():
            _decide(task.item, "there", False, outcome)
            task.item.there = False
    else:
        for item in _each(work, one, outcome):
            _decide(item, "there", False, outcome)
            item.there = False


def _change(work: Working, one: Correction, outcome: Outcome) -> None:
    if one.what == "field":
        _change_fields(work, one, outcome)
    elif one.what == "task":
        _change_task(work, one, outcome)
    else:
        for item in _each(work, one, outcome):
            _change_item(work, item, one, outcome, _FIELDS[one.what])


def _change_fields(work: Working, one: Correction, outcome: Outcome) -> None:
    document = work.record.document
    for name in one.to:
        outcome.rules += _rules(document.evidence.get(name, ()))
    new = {n: v for n, v in one.to.items() if not same_value(n, getattr(document, n), v)}
    if not new and not any(work.fields[n].decided for n in one.to):
        raise _Settled
    for name in new:
        known = [getattr(document, name), *(s[name] for s in work.fields[name].states)]
        if name in one.was and not any(same_value(name, value, one.was[name]) for value in known):
            raise _StaleError("item-differs")
    for name, value in one.to.items():
        before = getattr(document, name)
        work.fields[name].states.append({name: before})
        _decide(work.fields[name], name, value, outcome)
        _shown_field(work, name).append(_proof(work, one, "changed", {name: before}))
        setattr(document, name, value)


def _shown_field(work: Working, name: str) -> list[Evidence]:
    return work.record.document.evidence.setdefault(name, [])


def _change_item(work: Working, item: WorkingFact, one: Correction, outcome: Outcome, names: Sequence[str]) -> None:
    read = item.states[0]
    if item.was_read and len(item.states) == 1 and _matches(read, one.to, one.to) and item.there:
        raise _Settled
    _decide(item, "there", True, outcome)
    item.there = True
    for name, value in one.to.items():
        _decide(item, name, value, outcome)
        setattr(item.value, name, value)
    item.value.evidence.append(_proof(work, one, "changed", {name: read[name] for name in one.to}))
    item.states.append(item.fields(names))


def _change_task(work: Working, one: Correction, outcome: Outcome) -> None:
    assert one.task is not None
    match = work.place(one.task)
    if match.place is None or match.near:
        text, title = one.to.get("text", one.task.text), one.to.get("title", one.task.title)
        section = one.to.get("section", one.task.section)
        target = state_of(section, title, str(text))  # type: ignore[arg-type]
        if any(target == task.states[0] for task in work.tasks if task.item.was_read):
            raise _Settled
    task = work.task(one.task, outcome)
    for name, value in one.to.items():
        now, was = getattr(task.item.value, name), getattr(one.task, name, None)
        if name != "open" and match.near and not same_value(name, now, was):
            if same_value(name, now, value):
                raise _Settled
            if name != "text" or likeness(plain(str(value)), plain(now)) > likeness(plain(str(was)), plain(now)):
                raise _StaleError("item-differs")
    for part in task.live():
        meant: Task = part.item.value
        if part.item.was_read and not part.item.decided and _matches(part.item.fields(_TASK), one.to, one.to):
            raise _Settled
        before = {name: getattr(meant, name) for name in one.to}
        _decide(part.item, "there", True, outcome)
        part.item.there = True
        for name, new in one.to.items():
            _decide(part.item, name, new, outcome)
            setattr(meant, name, new)
        meant.evidence.append(_proof(work, one, "changed", before))
        part.note()


def _add(work: Working, one: Correction, outcome: Outcome) -> None:
    if one.what == "task":
        _add_task(work, one, outcome)
        return
    names = _FIELDS[one.what]
    wanted = {**dict.fromkeys(names), **one.to}
    settled = 0
    scopes = _scopes(work, one, outcome)
    for scope in scopes:
        items = _ready(_items(work, scope, one.what), names)
        keys = key_fields(one.what) | ({"role"} if one.what != "deadline" else set())
        same = next((i for i in items if any(_matches(state, wanted, keys) for state in i.states)), None)
        if same is not None and same.was_read and same.there and len(same.states) == 1:
            settled += 1
            continue
        if same is not None:
            _decide(same, "there", True, outcome)
            same.there = True
            same.value.evidence.append(_proof(work, one, "added", {}))
            continue
        value = _made(one, scope, _proof(work, one, "added", {}))
        item = WorkingFact(value, was_read=False, states=[{name: getattr(value, name) for name in names}])
        _decide(item, "there", True, outcome)
        (work.cited if one.what == "citation" else _items(work, scope, one.what)).append(item)
    if settled == len(scopes):
        raise _Settled


def _made(one: Correction, of: WorkingTask | None, proof: Evidence) -> UnitRole | Deadline | Citation:
    to: dict[str, Any] = dict(one.to)
    if one.what == "unit":
        return UnitRole(to["role"], to["name"], bool(to.get("collective")), [proof])
    if one.what == "deadline":
        return Deadline(to["text"], to["kind"], to.get("start"), to.get("end"), [proof])
    inside = "document" if of is None else of.item.value.id
    return Citation(inside, to.get("number"), to.get("title"), to["kind"], to["role"], 0, [proof])


def _new_task(work: Working, text: str, title: str | None, section: list[str], proof: Evidence) -> WorkingTask:
    work.added += 1
    made = Task(f"A{work.added:02}", section, title, text, "", "", evidence=[proof])
    task = WorkingTask(WorkingFact(made, was_read=False))
    work.by_name[made.id] = task
    return task


def _add_task(work: Working, one: Correction, outcome: Outcome) -> None:
    to: dict[str, Any] = dict(one.to)
    state = state_of(to.get("section", ()), to.get("title"), to["text"])
    same = next((task for task in work.tasks if any(s[2] == state[2] for s in task.states)), None)
    if same is not None and same.item.was_read and not same.item.decided:
        raise _Settled
    if same is not None:
        for task in same.live():
            _decide(task.item, "there", True, outcome)
            task.item.there = True
            task.item.value.evidence.append(_proof(work, one, "added", {}))
        return
    task = _new_task(work, to["text"], to.get("title"), list(to.get("section", ())), _proof(work, one, "added", {}))
    task.item.value.open = bool(to.get("open"))
    _decide(task.item, "there", True, outcome)
    match = work.place(one.task) if one.task is not None else Match(None)
    work.tasks.insert(len(work.tasks) if match.place is None else match.place + 1, task)


def _split(work: Working, one: Correction, outcome: Outcome) -> None:
    assert one.task is not None
    wanted = [plain(part.text) for part in one.parts]
    read = [task for task in work.tasks if task.item.was_read and task.states[0][2] in wanted]
    if len(read) == len(wanted):
        raise _Settled
    task = work.task(one.task, outcome)
    if task.became:
        raise _StaleError("task-split")
    value: Task = task.item.value
    if not all(part in plain(task_text(value)) for part in wanted):
        raise _StaleError("item-differs")
    parts = []
    for n, part in enumerate(one.parts):
        was: dict[str, Value] = {"text": value.text}
        new = _new_task(
            work, part.text, part.title or value.title, list(value.section), _proof(work, one, "changed", was)
        )
        new.item.value.id = f"{value.id}{'abcdefghijklmnopqrstuvwxyz'[n % 26]}"
        new.item.value.evidence = [*value.evidence, *new.item.value.evidence]
        new.item.value.part_of, new.item.value.open = value.part_of, value.open
        new.units = copy.deepcopy(_ready(task.units, _UNIT), {id(o): o for o in _outcomes(task.units)})
        own = [i for i in task.limits if plain(i.value.text) in wanted[n]]
        others = [i for i in task.limits if not any(plain(i.value.text) in text for text in wanted)]
        new.limits = copy.deepcopy(_ready(own + others, _LIMIT), {id(o): o for o in _outcomes(own + others)})
        work.by_name[new.item.value.id] = new
        parts.append(new)
    for item in work.citations(task):
        words = [plain(item.value.title), plain(item.value.number)]
        holder = next((p for p, text in zip(parts, wanted, strict=True) if any(w and w in text for w in words)), None)
        item.value.in_ = (holder or parts[0]).item.value.id
    _replace(work, [task], parts, outcome)


def _outcomes(items: Iterable[WorkingFact]) -> list[Outcome]:
    return [outcome for item in items for outcome, _ in item.decided.values()]


def _merge(work: Working, one: Correction, outcome: Outcome) -> None:
    assert one.task is not None
    anchors = [one.task, *one.tasks]
    joined = "\n".join(anchor.text for anchor in anchors)
    if any(task.states[0][2] == plain(joined) for task in work.tasks if task.item.was_read):
        raise _Settled
    tasks = [work.task(anchor, outcome) for anchor in anchors]
    if len({id(task) for task in tasks}) < len(tasks) or any(task.became for task in tasks):
        raise _StaleError("task-split")
    values: list[Task] = [task.item.value for task in tasks]
    first = values[0]
    text = "\n".join(task_text(value) for value in values)
    was: dict[str, Value] = {"text": [task_text(value) for value in values]}
    title: Any = one.to.get("title", first.title)
    new = _new_task(work, text, title, list(first.section), _proof(work, one, "changed", was))
    new.item.value.id, new.item.value.part_of = first.id, first.part_of
    new.item.value.open = any(value.open for value in values)
    new.item.value.evidence = [e for value in values for e in value.evidence] + new.item.value.evidence
    for task in tasks:
        for mine, others, names in ((new.units, task.units, _UNIT), (new.limits, task.limits, _LIMIT)):
            _ready(mine, names)
            mine += [i for i in _ready(others, names) if not any(_matches(i.states[-1], m.states[-1], names[:2])
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
        _decide(task.item, "there", False, outcome)
        for other in work.tasks:
            if other.item.value.part_of == task.item.value.id and other not in old:
                other.item.value.part_of = new[0].item.value.id


_DOING = {
    "confirm": _confirm, "reject": _reject, "change": _change, "add": _add, "split": _split, "merge": _merge,
}  # fmt: skip


# --- the record that holds ------------------------------------------------------------------------------------------


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
        for items in _lists_of_evidence(record):
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
