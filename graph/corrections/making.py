"""A line out of what a person names: the paper, the task, the fact of it, and what it ought to be."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...extractors.errors import ZhenglingError
from ...extractors.model import Record
from ...extractors.words.fold import fold, squeeze
from ...extractors.words.forms import NORMAL_NUMBER
from ...extractors.words.times import When, read_cell
from ..deriving.identity import normal_number, task_ids, task_text, title_key
from .anchors import anchor_of, plain, task_anchors
from .lines import FIELDS, Correction, FormError, TaskPart, check, sealed


@dataclass(slots=True)
class Said:
    """What a person says, in the names that people use. `unit`, `deadline`, `citation` and `field` tell which fact is
    meant, `role` which of two of a unit; `to` is what it ought to be, by the names of fields in records."""

    verb: str
    task: str = ""
    unit: str = ""
    role: str = ""
    deadline: str = ""
    citation: str = ""
    field: str = ""
    to: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    parts: Sequence[str] = ()
    tasks: Sequence[str] = ()
    quote: str = ""
    elsewhere: bool = False
    why: str = ""

    @property
    def what(self) -> str:
        """What it is about."""
        facts = [name for name in ("field", "unit", "deadline", "citation") if getattr(self, name)]
        if len(facts) > 1:
            raise ZhenglingError("correction-facts", 2, options=["--" + name for name in facts])
        if facts:
            return facts[0]
        return "task" if self.task or self.verb in ("add", "split", "merge") else "document"


def made(said: Said, record: Record, identity: str, by: str, at: datetime) -> Correction:
    """The line that says of the paper `identity`, as it stands, what a person says.

    Raises `ZhenglingError`: `no-such-task`, `several-tasks`, `no-such-fact`, `several-facts`, `correction-form`.
    """
    what = said.what
    anchors = task_anchors(record)
    task = None if not said.task else named_task(said.task, record, identity)
    values: dict[str, Any] = {"verb": said.verb, "what": what, "paper": anchor_of(record), "by": by, "at": at}
    values |= {"quote": said.quote, "elsewhere": said.elsewhere, "why": said.why}
    values["task"] = None if task is None else anchors[task]
    to = dict(said.to)
    if what == "field":
        values["was"] = {said.field: getattr(record.document, said.field, None)}
        to = {said.field: _of_field(said.field, to.pop("value", None)), **to} if said.verb == "change" else to
    elif what in ("unit", "deadline", "citation"):
        if said.verb == "add":
            to = _added(said, what, record) | to
        else:
            values["was"] = _fact(said, what, record, task)
    elif what == "task" and task is not None and said.verb == "change":
        values["was"] = {name: getattr(record.tasks[task], name) for name in to if hasattr(record.tasks[task], name)}
    values["to"] = to
    values["parts"] = [TaskPart(text) for text in said.parts]
    values["tasks"] = [anchors[named_task(other, record, identity)] for other in said.tasks]
    return checked(values)


def _of_field(name: str, value: Any) -> Any:
    """A value of a field of the paper; a year may be given as text."""
    is_year = name == "year" and isinstance(value, str) and value.isdecimal()
    return int(value) if is_year else value or None


def checked(values: dict[str, Any]) -> Correction:
    """A line of some values, with its id. Raises `ZhenglingError` (`correction-form`) where they do not make one."""
    try:
        one = Correction(**values)
        check(one)
    except (FormError, TypeError, KeyError) as error:
        raise ZhenglingError("correction-form", 2, reason=str(error)) from error
    return sealed(one)


def named_task(name: str, record: Record, identity: str) -> int:
    """The place of the task of a paper that has this id or number, or alone holds these words."""
    ids = task_ids(identity, record.tasks)
    for n, task in enumerate(record.tasks):
        if name in (ids[n], task.id):
            return n
    words = plain(name)
    for texts in (lambda t: (t.title,), lambda t: (t.title, task_text(t))):
        hits = [n for n, task in enumerate(record.tasks) if words and any(words in plain(text) for text in texts(task))]
        if len(hits) == 1:
            return hits[0]
        if hits:
            break
    if not hits:
        raise ZhenglingError("no-such-task", 2, task=name)
    shown = [
        {"task": ids[n], "title": record.tasks[n].title or task_text(record.tasks[n])[:30], "document": identity}
        for n in hits
    ]
    raise ZhenglingError("several-tasks", 1, task=name, count=len(hits), hits=shown)


def _added(said: Said, what: str, record: Record) -> dict[str, Any]:
    """What an addition says by its names alone."""
    if what == "unit":
        return {"name": said.unit, "role": said.role or "responsible"}
    if what == "deadline":
        return {"text": said.deadline, **_limit(said, record)}
    number = normal_number(said.citation)
    names = {"number": number} if number and NORMAL_NUMBER.match(number) else {"title": title_key(said.citation)}
    return {**names, "kind": "directive", "role": said.role or "basis"}


def _limit(said: Said, record: Record) -> dict[str, Any]:
    """What the words of a time limit say, as papers of that year are read. Raises `ZhenglingError` (`parameter-date`)
    for words that say none, where the rest does not say it either."""
    if said.to.get("kind") or said.to.get("end"):
        return {"kind": "date"}
    document = record.document
    text = squeeze(fold(said.deadline))
    times = read_cell(text, When(document.year, document.date)).times
    whole = len(times) == 1 and (times[0].start, times[0].end) == (0, len(text))
    if not whole or not times[0].possible:
        raise ZhenglingError("parameter-date", 2, name="deadline", value=said.deadline)
    days = {"start": times[0].first, "end": times[0].last}
    return {"kind": times[0].kind, **{name: value for name, value in days.items() if value}}


def _fact(said: Said, what: str, record: Record, task: int | None) -> dict[str, Any]:
    """The fields of the fact that is meant."""
    fields = ("name", "role") if what == "unit" else tuple(FIELDS[what])
    wanted = getattr(said, what)
    there = facts_of(what, record, task)
    hits = [one for one in there if is_named(one, what, wanted)]
    if said.role:
        hits = [one for one in hits if one.role == said.role]
    if len(hits) > 1:
        raise ZhenglingError("several-facts", 1, fact=wanted, count=len(hits))
    if not hits:
        names = list(dict.fromkeys(_called(one, what) for one in there))
        raise ZhenglingError("no-such-fact-near" if names else "no-such-fact", 2, fact=wanted, names=names)
    return {name: getattr(hits[0], name) for name in fields}


def facts_of(what: str, record: Record, task: int | None) -> Sequence[Any]:
    """The units, deadlines or citations of a task, or of the paper outside its tasks."""
    if what == "citation":
        inside = "document" if task is None else record.tasks[task].id
        return [one for one in record.citations if one.in_ == inside]
    if what == "deadline":
        return record.document.deadlines if task is None else record.tasks[task].deadlines
    return [] if task is None else record.tasks[task].units


def _called(one: Any, what: str) -> str:
    return one.name if what == "unit" else one.text if what == "deadline" else one.number or one.title or ""


def is_named(one: Any, what: str, wanted: str) -> bool:
    """Whether a fact is what people call so: a unit by its name, a deadline by its words or its last day, a citation by
    number or title."""
    if what == "unit":
        return plain(one.name) == plain(wanted)
    if what == "deadline":
        return plain(one.text) == plain(wanted) or one.end == wanted
    number, key = normal_number(wanted), title_key(wanted)
    return bool(one.number and normal_number(one.number) == number) or bool(key and title_key(one.title) == key)


def lineage(
    verb: str, lower: tuple[Record, int], upper: tuple[Record, int], by: str, at: datetime, why: str
) -> Correction:
    """The line that confirms or rejects that a task comes from one of a superior's paper."""
    values: dict[str, Any] = {"verb": verb, "what": "lineage", "by": by, "at": at, "why": why}
    values |= {"paper": anchor_of(lower[0]), "task": task_anchors(lower[0])[lower[1]]}
    values |= {"upper": anchor_of(upper[0]), "tasks": [task_anchors(upper[0])[upper[1]]]}
    return checked(values)
