"""What an editor or a supervisor should look at in the papers of a workspace.

The rules stand in `checks.csv`: id, severity, title and wording. What the graph shows is found here and in `citing.py`;
what a paper shows by itself was noted when it was read (`Record.findings`). `docs/checks.md` describes each rule.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from ...extractors.model import Record
from ...extractors.words.fold import fold, squeeze
from ...extractors.words.lexicon import Lexicon
from ...extractors.words.parts import listed, rule
from ..deriving.identity import digest
from ..schema import NODES, ROLES, Source
from .finding import SEVERITIES, CheckedGraph, CheckedTask, Finding, Words, head, rules, words


def check(source: Source, records: Iterable[Record], lexicon: Lexicon) -> list[Finding]:
    """All findings: the gravest first, then in the order of the rules, then by weight, document and place."""
    from . import citing

    graph = _read(source)
    found = [
        *_in_records(graph, records),
        *_units_and_leads(graph),
        *_deadlines(graph, source),
        *_twice(graph),
        *_typos(graph, source, lexicon),
        *citing.findings(graph, source),
    ]
    order = {name: (SEVERITIES.index(rule.severity), n) for n, (name, rule) in enumerate(rules().items())}
    return sorted(
        found,
        key=lambda f: (
            *order[f.rule],
            -f.weight,
            f.values.get("cited", "") if f.rule == "not-loaded" else "",
            f.document,
            f.here.place.get("line", 0),
            f.task,
            f.here.quote,
            str(f.values),
        ),
    )


def _read(source: Source) -> CheckedGraph:
    documents = {row[0]: dict(zip(NODES["Document"], row, strict=True)) for row in source.nodes("Document")}
    units = {row[0]: dict(zip(NODES["Unit"], row, strict=True)) for row in source.nodes("Unit")}
    regions = {row[0]: row[2] for row in source.nodes("Region")}
    tasks: dict[str, CheckedTask] = {}
    for row in source.nodes("Task"):
        at = dict(zip(NODES["Task"], row, strict=True))
        text = re.sub(r"\W+", "", fold(squeeze(at["text"] or "")))
        title = re.sub(r"\W+", "", fold(squeeze(at["title"] or "")))
        # Short words (按要求落实) are the same task only under the same title.
        same = text if len(text) >= 20 else f"{title}|{text}" if len(title) + len(text) >= 12 else ""
        here = (
            at["evidence"][0] if at["evidence"] else json.dumps({"document": at["document"], "quote": "", "place": {}})
        )
        tasks[at["id"]] = CheckedTask(
            at["id"], at["name"], at["order"], at["document"], here, at["title"] or "", digest(same) if same else "",
            at["open"],
        )  # fmt: skip
    for role in ROLES:
        for unit, task, evidence, *_ in source.relationships(role, "Unit", "Task"):
            at = tasks[task]
            at.all += 1
            at.units += not units[unit]["collective"]
            if role == "LEADS":
                at.leads.append((unit, evidence[0]))
    for task, parent, *_ in source.relationships("PART_OF", "Task", "Task"):
        tasks[task].parent = parent
    return CheckedGraph(documents, tasks, units, regions)


def _in_records(graph: CheckedGraph, records: Iterable[Record]) -> Iterator[Finding]:
    by_source = {row["source"]: name for name, row in graph.documents.items() if row["loaded"]}
    for record in records:
        document = by_source.get(record.source.get("path", ""))
        if document is None:
            continue  # another file of a paper that was read
        for remark in record.findings:
            if remark.code not in rules():
                continue  # of another version of the program
            values = dict(remark.values)
            there = Words(document, remark.other, remark.other_place)
            task = values.pop("task", "")
            yield Finding(remark.code, document, Words(document, remark.quote, remark.place), there, task, values)


def _units_and_leads(graph: CheckedGraph) -> Iterator[Finding]:
    for document, tasks in graph.tasks_of().items():
        below = {t.parent for t in tasks if t.parent and (t.all or t.open)}
        bare = [t for t in tasks if not _assigned(graph, t) and t.id not in below]
        if not any(t.all or t.open for t in tasks):
            yield Finding(
                "no-units-at-all", document, head(graph, document, "title"), values={"tasks": str(len(tasks))}
            )
        else:
            for task in bare:
                yield Finding("no-unit", document, words(task.here), Words(document, task.title), task.name)
        # Who is alone, or only beside a collective (各乡镇), needs no lead.
        several = [t for t in tasks if t.units > 1]
        without = [t for t in several if not t.leads]
        if 2 * len(without) <= len(several):
            for task in without:
                values = {"units": str(task.all)}
                yield Finding("no-lead", document, words(task.here), Words(document, task.title), task.name, values)
        else:
            values = {"tasks": str(len(several)), "without": str(len(without))}
            yield Finding("no-lead-role", document, head(graph, document, "title"), values=values)
        for task in tasks:
            if len(task.leads) > 1:
                first, second, *_ = sorted(task.leads, key=lambda lead: _spot(lead[1]))
                names = [graph.units[unit]["name"] for unit, _ in sorted(task.leads, key=lambda lead: _spot(lead[1]))]
                values = {"units": "、".join(names)}
                yield Finding("several-leads", document, words(first[1]), words(second[1]), task.name, values)


def _assigned(graph: CheckedGraph, task: CheckedTask | None) -> bool:
    """Whether a task, or the clause that it is part of, names a unit."""
    for _ in range(8):
        if task is None or task.all or task.open:
            return task is not None
        task = graph.tasks.get(task.parent)
    return False


def _spot(evidence: str) -> int:
    return json.loads(evidence)["start"]


def _deadlines(graph: CheckedGraph, source: Source) -> Iterator[Finding]:
    """Deadlines before the paper's date, and tasks without any."""
    limits = {row[0]: dict(zip(NODES["Deadline"], row, strict=True)) for row in source.nodes("Deadline")}
    whole = {document for document, *_ in source.relationships("DUE", "Document", "Deadline")}
    early: list[Finding] = []
    for identity, limit, evidence, *_ in source.relationships("DUE", "Task", "Deadline"):
        task = graph.tasks[identity]
        task.due = True
        proof = json.loads(evidence[0])
        task.labelled = task.labelled or _aside(proof, json.loads(task.here))
        due = limits[limit]["due"]
        if limits[limit]["kind"] == "date" and due and (dated := _dated(graph, task.document)):
            day, there = dated
            if due < day:
                values = {"due": due.isoformat(), "date": day.isoformat()}
                early.append(Finding("deadline-before", task.document, words(evidence[0]), there, task.name, values))
    yield from early
    for document, tasks in graph.tasks_of().items():
        if document in whole:
            continue  # what holds for the whole paper holds for each of its tasks
        above = {t.parent for t in tasks if t.parent and t.due}
        bare = [t for t in tasks if not t.due and t.id not in above and not _inherits(graph, t)]
        if not bare:
            continue
        column = sum(t.labelled for t in tasks) * 2 >= len(tasks)
        if column or 2 * len(bare) <= len(tasks):
            for task in bare:
                yield Finding("no-deadline", document, words(task.here), Words(document, task.title), task.name)
        else:
            values = {"tasks": str(len(tasks)), "without": str(len(bare))}
            yield Finding("no-deadline-column", document, head(graph, document, "title"), values=values)


def _aside(limit: dict[str, Any], task: dict[str, Any]) -> bool:
    """Whether a deadline stands outside the task's own text: in a column, or behind a label."""
    return not task["start"] <= limit["start"] < task["end"]


def _inherits(graph: CheckedGraph, task: CheckedTask) -> bool:
    parent = graph.tasks.get(task.parent)
    return parent is not None and parent.due


def _dated(graph: CheckedGraph, document: str) -> tuple[date, Words] | None:
    """The first day on which a paper can have been issued, and the words that say it."""
    row = graph.documents[document]
    if row["date"]:
        return row["date"], head(graph, document, "date")
    if row["year"]:
        return date(row["year"], 1, 1), head(graph, document, "title", "number")
    return None


def _twice(graph: CheckedGraph) -> Iterator[Finding]:
    for document, tasks in graph.tasks_of().items():
        seen: dict[str, CheckedTask] = {}
        for task in tasks:
            first = seen.setdefault(task.same, task) if task.same else task
            if first is not task:
                yield Finding(
                    "task-twice", document, words(task.here), words(first.here), task.name, {"task": first.name}
                )


def _typos(graph: CheckedGraph, source: Source, lexicon: Lexicon) -> Iterator[Finding]:
    """A name that no lexicon knows, read once, one slip away from a known or a frequent one of the same place."""
    seen: dict[str, int] = {}
    proof: dict[str, tuple[str, str]] = {}  # unit → (task, evidence)
    for role in ROLES:
        for unit, task, evidence, *_ in source.relationships(role, "Unit", "Task"):
            seen[unit] = seen.get(unit, 0) + len(evidence)
            proof.setdefault(unit, (task, evidence[0]))
    known: dict[tuple[str, str], list[str]] = {}
    rare: list[str] = []
    for unit, row in graph.units.items():
        if row["collective"] or unit not in seen:
            continue
        split = lexicon.split_unit(fold(row["name"]))
        sure = split.department is not None and not split.branch
        # A name that no lexicon knows is right where it stands often; those of towns are too much alike.
        if sure or (seen[unit] >= _OFTEN and not rule("town_seat", "names.toml").search(row["name"])):
            for name in {row["name"], *row["aliases"]}:
                known.setdefault((row["region"], name[:1]), []).append(f"{name}\0{unit}")
                known.setdefault((row["region"], name[-2:]), []).append(f"{name}\0{unit}")
        if not sure and seen[unit] == 1:
            rare.append(unit)
    for unit in rare:
        name, region = graph.units[unit]["name"], graph.units[unit]["region"]
        near = {*known.get((region, name[:1]), ()), *known.get((region, name[-2:]), ())}
        alike = sorted(other for other in near if _misspelt(name, other.partition("\0")[0]))
        if alike:
            right, _, other = alike[0].partition("\0")
            task, evidence = proof[unit]
            values = {"unit": name, "other_unit": right}
            document = graph.tasks[task].document
            yield Finding(
                "unit-typo", document, words(evidence), words(proof[other][1]), graph.tasks[task].name, values
            )


_OFTEN = 3


def _misspelt(name: str, right: str) -> bool:
    """Whether a name is a known one with two characters turned, one doubled, or one in place of another that sounds or
    looks like it."""
    if name == right or len(name) < 4:
        return False
    if len(name) == len(right):
        apart = [i for i in range(len(name)) if name[i] != right[i]]
        if len(apart) == 2 and apart[1] == apart[0] + 1:
            return name[apart[0]] == right[apart[1]] and name[apart[1]] == right[apart[0]]
        return len(apart) == 1 and _confused(name[apart[0]], right[apart[0]])
    if len(name) == len(right) + 1:
        return any(name[i] == name[i - 1] and name[:i] + name[i + 1 :] == right for i in range(1, len(name)))
    return False


def _confused(one: str, two: str) -> bool:
    from pypinyin import Style, pinyin

    if {one, two} <= set(listed("level_letters", "names.toml")):
        return False
    if any(one in group and two in group for group in _lookalikes()):
        return True
    sounds = [set(pinyin(c, style=Style.NORMAL, heteronym=True)[0]) for c in (one, two)]
    return bool(sounds[0] & sounds[1])


@cache
def _lookalikes() -> list[str]:
    """Characters that are taken for one another, a group a line."""
    text = files(__name__.rpartition(".")[0]).joinpath("lookalikes.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
