"""The record of a reading."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from ..model import Deadline, Document, Record, Remark, Table, Task, UnitRole, task_key
from ..steps import deadlines as due
from ..steps.attachments import announced, titles
from ..steps.document import Head
from ..steps.tasks import Draft, Drafts
from ..words.collectives import names_nobody
from ..words.fold import fold, squeeze
from ..words.times import When
from .doubts import Within, find_doubts
from .evidence import Maker
from .findings import find_findings
from .mentions import gather
from .reading import Reading

#: More warnings than this say nothing more about a paper.
MAX_WARNINGS = 500
_QUOTED = 80  # characters of a warning's quotation


def make_record(reading: Reading) -> Record:
    """The record of a reading."""
    make = Maker(reading)
    document = _document(make, reading.head)
    record = Record(document, source={"path": reading.paper.path, "sha256": reading.paper.sha256})
    names = announced(reading.paper, make.text, document.title)
    if names:
        record.source["announces"] = names
    if document.number is None:  # it may be an attachment
        record.source["titles"] = titles(reading.paper, make.text, document.title)
    record.warnings = list(reading.paper.warnings)
    ids = {id(d): f"T{n:02d}" for n, d in enumerate(reading.drafts.tasks, 1)}
    _set_tasks(make, reading, ids, record)
    record.citations = gather(reading, ids, make.evidence)
    _set_warnings(make, reading, record)
    record.findings = find_findings(reading, make.evidence)
    return record


def _document(make: Maker, head: Head) -> Document:
    document = Document(
        number=head.number[0] if head.number else None,
        title=head.title[0] if head.title else None,
        issuer=head.issuer[0] if head.issuer else None,
        date=head.date[0] if head.date else None,
        level=head.level,
        region=head.region[0] if head.region else None,
        year=head.year,
    )
    for name in ("number", "title", "issuer", "date", "region"):
        value = getattr(head, name)
        if value:
            document.evidence[name] = [make.evidence(value[1], value[2], f"document.{name}")]
    return document


def _set_tasks(make: Maker, reading: Reading, ids: dict[int, str], record: Record) -> None:
    """The tasks, each with a key of its own, and the deadlines that hold for all of them."""
    document, drafts, limits = record.document, reading.drafts, reading.deadlines
    where = [f.start for f in limits]
    opening = [f for f in _inside(limits, where, drafts.opening) if f.is_of_paper]
    document.deadlines = _deadlines(make, _outside_tasks(opening, drafts) + _inside(limits, where, drafts.aims))
    twins: dict[str, int] = {}
    for draft in drafts.tasks:
        task = _task(make, draft, ids, limits, where, reading.when, record)
        name = document.number or document.title or ""
        key = task_key(name, task, 0)
        twins[key] = twins.get(key, -1) + 1
        task.key = task_key(name, task, twins[key])
        record.tasks.append(task)


def _set_warnings(make: Maker, reading: Reading, record: Record) -> None:
    """All that was not understood, in the order of the steps."""

    def remark(code: str, a: int, b: int, values: dict | None = None) -> Remark:
        return Remark(code, make.place(a), make.text[a:b].strip()[:_QUOTED], values or {})

    record.warnings += [remark(code, a, b, values) for code, (a, b), values in reading.drafts.remarks if b > a]
    _conserve(make, reading, record)
    record.warnings += [remark("deadline-unread", a, b) for a, b in reading.limits.impossible]
    record.warnings += [remark(code, a, b) for code, a, b in find_doubts(reading)]
    if not record.tasks:
        record.warnings.append(Remark("no-tasks"))
    if record.document.title is None:
        record.warnings.append(Remark("no-title"))
    # A merged cell is looked at once for each of its rows.
    seen = {(w.code, w.quote, tuple(w.place.items())): w for w in record.warnings}
    record.warnings = list(seen.values())[:MAX_WARNINGS]


def _inside(found: list[due.Found], where: list[int], spans: list[tuple[int, int]]) -> list[due.Found]:
    out: dict[tuple[int, int], due.Found] = {}
    for a, b in spans:
        for f in found[bisect_right(where, a - 1) : bisect_right(where, b)]:
            if f.end <= b:
                out[f.start, f.end] = f
    return [out[k] for k in sorted(out)]


def _outside_tasks(found: list[due.Found], drafts: Drafts) -> list[due.Found]:
    spans = sorted(span for draft in drafts.tasks for span in draft.covers)
    starts = [a for a, _ in spans]
    reach = list(accumulate((b for _, b in spans), max))

    def outside(f: due.Found) -> bool:
        last = bisect_right(starts, f.start) - 1
        return last < 0 or reach[last] < f.end

    return [f for f in found if outside(f)]


def _deadlines(make: Maker, found: list[due.Found]) -> list[Deadline]:
    out: list[Deadline] = []
    for f in found:
        text = squeeze(make.text[f.start : f.end])
        if any(d.text == text and d.kind == f.kind and d.end == f.last for d in out):
            continue
        out.append(Deadline(text, f.kind, f.first, f.last, [make.evidence(f.start, f.end, f.rule)]))
    return out


def _task(
    make: Maker,
    draft: Draft,
    ids: dict[int, str],
    limits: list[due.Found],
    where: list[int],
    when: When,
    record: Record,
) -> Task:
    text = make.words(draft.text)
    flat = squeeze(text)
    title = squeeze(make.text[slice(*draft.title)]).rstrip("。；;：:，,、.") if draft.title else None
    found = _inside(limits, where, draft.inherited) + _inside(limits, where, draft.limits)
    cells: list[due.Found] = []
    for a, b in draft.cells:
        said = due.read_cell(fold(make.text[a:b]), when)
        cells += [f.moved(a) for f in said.found]
        for start, end in said.unread:
            words = make.text[a + start : a + end].strip()
            if words and (due.has_figures(words) or not names_nobody(fold(words))):
                record.warnings.append(Remark("deadline-unread", make.place(a), words[:80]))
    task = Task(
        id=ids[id(draft)],
        section=[squeeze(make.text[a:b]).rstrip("。；;：:，,、.") for a, b in draft.section],
        title=title or None,
        text=text,
        starts=flat[:16],
        ends=flat[-10:],
        part_of=ids.get(id(draft.parent)) if draft.parent is not None else None,
        open=draft.open,
    )
    task.deadlines = _deadlines(make, due.settled([*found, *cells]))
    seen: set[tuple[str, str]] = set()
    for item in draft.units:
        name = item.name(make.text)
        if not name or (item.role, name) in seen:
            continue
        seen.add((item.role, name))
        task.units.append(UnitRole(item.role, name, item.collective, [make.evidence(item.start, item.end, item.rule)]))
    spans = sorted(draft.text)
    if spans:
        task.evidence = [make.evidence(a, b, draft.rule) for a, b in spans if make.text[a:b].strip()]
    return task


def _conserve(make: Maker, reading: Reading, record: Record) -> None:
    """Accounts for every assignment of the prose: one with units that belongs to no task is a warning."""
    in_task = Within([span for draft in reading.drafts.tasks for span in draft.covers])
    in_table = Within([(t.start, t.end) for t in reading.paper.blocks if isinstance(t, Table)])
    for a in reading.assignments:
        if a.parsed.items and not in_task(a.start) and not in_table(a.start):
            record.warnings.append(
                Remark("assignment-unused", make.place(a.start), make.text[a.start : a.end].strip()[:80])
            )
