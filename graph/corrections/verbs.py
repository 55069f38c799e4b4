"""What each verb does to a record in the making. Each raises what becomes of a line that does nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...extractors.model import Citation, Deadline, Evidence, Task, UnitRole
from .anchors import Match, likeness, plain, state_of
from .lines import Correction, key_fields
from .regrouping import merge, new_task, split
from .working import (
    FACT_FIELDS,
    Outcome,
    Settled,
    StaleError,
    Working,
    WorkingFact,
    WorkingTask,
    decide,
    found_fact,
    matches,
    proof,
    ready,
    rules_of,
    same_value,
)

_TASK = FACT_FIELDS["task"]


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
    names = FACT_FIELDS[one.what]
    found: list[WorkingFact] = []
    failed: Exception | None = None
    for scope in _scopes(work, one, outcome):
        try:
            found.append(found_fact(ready(_items(work, scope, one.what), names), one))
            outcome.rules += rules_of(found[-1].value.evidence)
        except (StaleError, Settled) as error:
            failed = error
    if not found and failed is not None:
        raise failed
    return found


def _confirm(work: Working, one: Correction, outcome: Outcome) -> None:
    if one.what == "field":
        outcome.rules += rules_of(work.record.document.evidence.get(next(iter(one.was)), ()))
    if one.what == "document":
        work.record.document.evidence.setdefault("review", []).append(proof(work, one, "confirmed", {}))
    elif one.what == "field":
        ((name, value),) = one.was.items()
        if not same_value(name, getattr(work.record.document, name), value):
            raise StaleError("item-differs")
        _shown_field(work, name).append(proof(work, one, "confirmed", {}))
        decide(work.fields[name], name, value, outcome)
    elif one.what == "task":
        _confirm_task(work, one, outcome)
    else:
        for item in _each(work, one, outcome):
            decide(item, "there", True, outcome)
            item.there = True
            for name, value in one.was.items():  # what a line before it made of it goes
                decide(item, name, value, outcome)
                if not same_value(name, getattr(item.value, name), value):
                    setattr(item.value, name, value)
            item.value.evidence.append(proof(work, one, "confirmed", {}))


def _confirm_task(work: Working, one: Correction, outcome: Outcome) -> None:
    anchor = one.task
    assert anchor is not None
    task = work.task(anchor, outcome)
    for part in task.live():
        value: Task = part.item.value
        decide(part.item, "there", True, outcome)
        part.item.there = True
        if part is task and not outcome.near:
            for name, said in (("title", anchor.title), ("text", anchor.text), ("section", list(anchor.section))):
                if name in part.item.decided:
                    decide(part.item, name, said, outcome)
                    setattr(value, name, said)
        value.evidence.append(proof(work, one, "confirmed", {}))


def _reject(work: Working, one: Correction, outcome: Outcome) -> None:
    if one.what == "task":
        assert one.task is not None
        match = work.place(one.task)
        if match.place is None:
            raise StaleError("task-unclear") if match.close else Settled()
        for task in work.task(one.task, outcome).live():
            decide(task.item, "there", False, outcome)
            task.item.there = False
    else:
        for item in _each(work, one, outcome):
            decide(item, "there", False, outcome)
            item.there = False


def _change(work: Working, one: Correction, outcome: Outcome) -> None:
    if one.what == "field":
        _change_fields(work, one, outcome)
    elif one.what == "task":
        _change_task(work, one, outcome)
    else:
        for item in _each(work, one, outcome):
            _change_item(work, item, one, outcome, FACT_FIELDS[one.what])


def _change_fields(work: Working, one: Correction, outcome: Outcome) -> None:
    document = work.record.document
    for name in one.to:
        outcome.rules += rules_of(document.evidence.get(name, ()))
    new = {n: v for n, v in one.to.items() if not same_value(n, getattr(document, n), v)}
    if not new and not any(work.fields[n].decided for n in one.to):
        raise Settled
    for name in new:
        known = [getattr(document, name), *(s[name] for s in work.fields[name].states)]
        if name in one.was and not any(same_value(name, value, one.was[name]) for value in known):
            raise StaleError("item-differs")
    for name, value in one.to.items():
        before = getattr(document, name)
        work.fields[name].states.append({name: before})
        decide(work.fields[name], name, value, outcome)
        _shown_field(work, name).append(proof(work, one, "changed", {name: before}))
        setattr(document, name, value)


def _shown_field(work: Working, name: str) -> list[Evidence]:
    return work.record.document.evidence.setdefault(name, [])


def _change_item(work: Working, item: WorkingFact, one: Correction, outcome: Outcome, names: Sequence[str]) -> None:
    read = item.states[0]
    if item.was_read and len(item.states) == 1 and matches(read, one.to, one.to) and item.there:
        raise Settled
    decide(item, "there", True, outcome)
    item.there = True
    for name, value in one.to.items():
        decide(item, name, value, outcome)
        setattr(item.value, name, value)
    item.value.evidence.append(proof(work, one, "changed", {name: read[name] for name in one.to}))
    item.states.append(item.fields(names))


def _change_task(work: Working, one: Correction, outcome: Outcome) -> None:
    assert one.task is not None
    match = work.place(one.task)
    if match.place is None or match.near:
        text, title = one.to.get("text", one.task.text), one.to.get("title", one.task.title)
        section = one.to.get("section", one.task.section)
        target = state_of(section, title, str(text))  # type: ignore[arg-type]
        if any(target == task.states[0] for task in work.tasks if task.item.was_read):
            raise Settled
    task = work.task(one.task, outcome)
    for name, value in one.to.items():
        now, was = getattr(task.item.value, name), getattr(one.task, name, None)
        if name != "open" and match.near and not same_value(name, now, was):
            if same_value(name, now, value):
                raise Settled
            if name != "text" or likeness(plain(str(value)), plain(now)) > likeness(plain(str(was)), plain(now)):
                raise StaleError("item-differs")
    for part in task.live():
        meant: Task = part.item.value
        if part.item.was_read and not part.item.decided and matches(part.item.fields(_TASK), one.to, one.to):
            raise Settled
        before = {name: getattr(meant, name) for name in one.to}
        decide(part.item, "there", True, outcome)
        part.item.there = True
        for name, new in one.to.items():
            decide(part.item, name, new, outcome)
            setattr(meant, name, new)
        meant.evidence.append(proof(work, one, "changed", before))
        part.note()


def _add(work: Working, one: Correction, outcome: Outcome) -> None:
    if one.what == "task":
        _add_task(work, one, outcome)
        return
    names = FACT_FIELDS[one.what]
    wanted = {**dict.fromkeys(names), **one.to}
    settled = 0
    scopes = _scopes(work, one, outcome)
    for scope in scopes:
        items = ready(_items(work, scope, one.what), names)
        keys = key_fields(one.what) | ({"role"} if one.what != "deadline" else set())
        same = next((i for i in items if any(matches(state, wanted, keys) for state in i.states)), None)
        if same is not None and same.was_read and same.there and len(same.states) == 1:
            settled += 1
            continue
        if same is not None:
            decide(same, "there", True, outcome)
            same.there = True
            same.value.evidence.append(proof(work, one, "added", {}))
            continue
        value = _made(one, scope, proof(work, one, "added", {}))
        item = WorkingFact(value, was_read=False, states=[{name: getattr(value, name) for name in names}])
        decide(item, "there", True, outcome)
        (work.cited if one.what == "citation" else _items(work, scope, one.what)).append(item)
    if settled == len(scopes):
        raise Settled


def _made(one: Correction, of: WorkingTask | None, proof: Evidence) -> UnitRole | Deadline | Citation:
    to: dict[str, Any] = dict(one.to)
    if one.what == "unit":
        return UnitRole(to["role"], to["name"], bool(to.get("collective")), [proof])
    if one.what == "deadline":
        return Deadline(to["text"], to["kind"], to.get("start"), to.get("end"), [proof])
    inside = "document" if of is None else of.item.value.id
    return Citation(inside, to.get("number"), to.get("title"), to["kind"], to["role"], 0, [proof])


def _add_task(work: Working, one: Correction, outcome: Outcome) -> None:
    to: dict[str, Any] = dict(one.to)
    state = state_of(to.get("section", ()), to.get("title"), to["text"])
    same = next((task for task in work.tasks if any(s[2] == state[2] for s in task.states)), None)
    if same is not None and same.item.was_read and not same.item.decided:
        raise Settled
    if same is not None:
        for task in same.live():
            decide(task.item, "there", True, outcome)
            task.item.there = True
            task.item.value.evidence.append(proof(work, one, "added", {}))
        return
    task = new_task(work, to["text"], to.get("title"), list(to.get("section", ())), proof(work, one, "added", {}))
    task.item.value.open = bool(to.get("open"))
    decide(task.item, "there", True, outcome)
    match = work.place(one.task) if one.task is not None else Match(None)
    work.tasks.insert(len(work.tasks) if match.place is None else match.place + 1, task)


DOING = {
    "confirm": _confirm, "reject": _reject, "change": _change, "add": _add, "split": split, "merge": merge,
}  # fmt: skip
