"""Corrections and readings anew, both at random: each is accounted for, and none is applied to something else."""

from __future__ import annotations

import copy
import random
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from zhengling.benchmarks import country
from zhengling.extractors.errors import ZhenglingError
from zhengling.extractors.model import Deadline, Evidence, Record, Task, UnitRole
from zhengling.graph.corrections.anchors import Heads, PaperHead, anchor_of, state_of
from zhengling.graph.corrections.applying import Corrected, apply
from zhengling.graph.corrections.lines import Correction, PaperAnchor, line, parsed
from zhengling.graph.corrections.making import Said, made

STATES = {"applied", "settled", "stale", "overruled"}
START = datetime(2024, 1, 1, tzinfo=UTC)
PEOPLE = ["甲", "乙", "丙"]
NAMES = ["县财政局", "县水利局", "县教育局", "县城市管理局", "各乡镇人民政府"]
ROLES = ["lead", "responsible", "support"]


def tagged(number: int, chance: random.Random) -> Record:
    """A paper whose tasks, units and deadlines each bear a mark, as the rule that read them; some tasks are twins."""
    record = Record.from_json(country.record(number))
    if record.tasks and chance.random() < 0.3:
        twin = copy.deepcopy(chance.choice(record.tasks))
        record.tasks.insert(chance.randrange(len(record.tasks) + 1), twin)
    renumbered(record)
    for n, task in enumerate(record.tasks):
        task.evidence = [Evidence(0, 0, task.text[:20], f"task {n}")]
        for m, unit in enumerate(task.units):
            unit.evidence = [Evidence(0, 0, unit.name, f"unit {n} {m}")]
        for m, limit in enumerate(task.deadlines):
            limit.evidence = [Evidence(0, 0, limit.text, f"limit {n} {m}")]
    return record


def renumbered(record: Record) -> None:
    for n, task in enumerate(record.tasks, 1):
        task.id, task.part_of = f"T{n:02}", None
    names = {task.id for task in record.tasks}
    for citation in record.citations:
        citation.in_ = citation.in_ if citation.in_ in names else "document"


def marks(thing) -> set[str]:
    return {one.rule for one in thing.evidence if one.rule != "correction"}


def said(record: Record, chance: random.Random, at: datetime) -> tuple[Correction, set[str]] | None:
    """A random line about a paper as it stands, and the marks of what it is about."""
    task = chance.choice(record.tasks) if record.tasks else None
    by, fact = chance.choice(PEOPLE), chance.choice(["task", "task", "unit", "unit", "unit", "deadline", "field"])
    verb = chance.choice(["confirm", "reject", "change", "change", "add", "split", "merge"])
    more: dict = {"elsewhere": verb == "add"}
    target: set[str] = set()
    if fact == "field":
        verb = chance.choice(["confirm", "change"])
        more |= {"field": "year", "to": {"value": 2030} if verb == "change" else {}}
    elif task is None:
        return None
    elif fact == "task" or verb in ("split", "merge"):
        more["task"], target = task.id, marks(task)
        if verb == "change":
            more["to"] = chance.choice([{"title": "新标题"}, {"text": task.text + "另作安排。"}, {"open": True}])
        elif verb == "add":
            more["to"], target = {"text": f"另行安排第{chance.randrange(99)}项工作，年底前办结。"}, set()
        elif verb == "split":
            half = len(task.text) // 2
            more["parts"] = [task.text[:half], task.text[half:]]
        elif verb == "merge":
            other = chance.choice(record.tasks)
            more["tasks"], target = [other.id], target | marks(other)
    else:
        items = task.units if fact == "unit" else task.deadlines
        more["task"] = task.id
        if verb == "add":
            to = {"unit": {}, "deadline": {"kind": "date", "end": "2031-01-01"}}[fact]
            more |= {fact: chance.choice(NAMES) if fact == "unit" else "2031年前", "to": to}
            more["role"] = chance.choice(ROLES) if fact == "unit" else ""
            target = {f"in {m}" for m in marks(task)}
        elif not items:
            return None
        else:
            item = chance.choice(items)
            more[fact], target = item.name if fact == "unit" else item.text, marks(item)
            more["role"] = item.role if fact == "unit" else ""
            if verb == "change":
                end = {"kind": "date", "end": "2032-02-02"}
                more["to"] = (
                    chance.choice([{"role": chance.choice(ROLES)}, {"name": "县档案馆"}]) if fact == "unit" else end
                )
    try:
        return made(Said(verb, **more), record, "x", by, at), target
    except ZhenglingError:  # two facts of one name, a task merged with itself
        return None


def read_anew(record: Record, chance: random.Random) -> tuple[Record, set[str]]:
    """The paper as another reading has it, and the marks of the tasks whose words are other ones."""
    record, other = copy.deepcopy(record), set()
    if chance.random() < 0.3:  # another format
        record.source = {"path": "elsewhere.docx", "sha256": "0" * 64}
    for _ in range(chance.randrange(6)):
        if not record.tasks:
            break
        task, n = chance.choice(record.tasks), chance.randrange(9)
        if n == 0:
            record.tasks.remove(task)
        elif n == 1:
            text = "".join(chance.choice("办理推进落实加强建设管理服务工作开展完善") for _ in range(30))
            proof = [Evidence(0, 0, text, f"task new {chance.random()}")]
            record.tasks.insert(chance.randrange(len(record.tasks)), Task("", [], None, text, "", "", evidence=proof))
        elif n == 2:
            chance.shuffle(record.tasks)
        elif n == 3:
            other |= marks(task)
            task.title = chance.choice([None, "另一标题", task.text[:6]])
        elif n == 4:
            other |= marks(task)
            task.section = task.section[1:]
        elif n == 5:
            other |= marks(task)
            at = chance.randrange(len(task.text) + 1)
            task.text = chance.choice(
                [task.text[:at] + "、" + task.text[at:], task.text[: at // 2], "全部改写的文字。"]
            )
        elif task.units and n == 6:
            unit = chance.choice(task.units)
            unit.role = chance.choice(ROLES)
            other |= marks(unit)
        elif task.units and n == 7:
            task.units.remove(chance.choice(task.units))
        elif n == 8:
            task.units.append(UnitRole("support", chance.choice(NAMES), evidence=[Evidence(0, 0, "x", "unit new")]))
            task.deadlines.append(Deadline("2031年前", "date", None, "2031-01-01", [Evidence(0, 0, "x", "limit new")]))
    renumbered(record)
    return record, other


def told(task: Task) -> list:
    return [task.section, task.title, task.text, task.open]


def twins(record: Record, found: set[str]) -> set[str]:
    """Marks with those of tasks that have the same words: which of these is meant only their order says."""
    states = {next(iter(marks(t))): state_of(t.section, t.title, t.text) for t in record.tasks}
    wanted = {states[one] for one in found if one in states}
    return found | {one for one, state in states.items() if state in wanted}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 400), st.integers(0, 2**32))
def test_every_correction_is_accounted_for_after_any_reading(number: int, seed: int):
    chance = random.Random(seed)
    first = tagged(number, chance)
    lines: list[Correction] = []
    about: dict[str, set[str]] = {}
    now = apply(first, [])
    for n in range(chance.randrange(1, 8)):
        one = said(now.record, chance, START + timedelta(minutes=n))
        if one is None:
            continue
        again = parsed(line(one[0]), "x", 1)  # as a file keeps it
        assert again == one[0]
        lines.append(again)
        about[again.id] = one[1]
        now = apply(first, lines)
        assert now.outcomes[-1].status in ("applied", "settled"), now.outcomes[-1]
    for _ in range(3):
        anew, other = read_anew(first, chance)
        before = copy.deepcopy(anew)
        result = apply(anew, lines)
        assert anew == before  # what was read stays what was read
        assert [o.correction.id for o in result.outcomes] == [one.id for one in lines]
        assert {o.status for o in result.outcomes} <= STATES
        assert all(o.reason for o in result.outcomes if o.status == "stale")
        assert all(o.by for o in result.outcomes if o.status == "overruled")
        nothing_else(first, anew, result, about)
        found_again(first, anew, result, about, other)
        assert Record.from_json(result.record.to_json()) == result.record


def nothing_else(first: Record, anew: Record, result: Corrected, about: dict[str, set[str]]) -> None:
    """What no line is about is as it was read."""
    meant = twins(first, set().union(*about.values())) if about else set()
    numbers = {one.split()[1] for one in meant if one.startswith("task ")}
    inside = {one.removeprefix("in ") for one in meant}
    inside = twins(first, inside)
    there = {mark: task for task in result.record.tasks for mark in marks(task)}
    same = {}
    for task in anew.tasks:
        (mark,) = marks(task)
        same[mark] = task
        if mark in meant:
            continue
        assert mark in there, mark
        assert told(there[mark]) == told(task)
        assert marks(there[mark]) == {mark}
        for one, two in ((task.units, there[mark].units), (task.deadlines, there[mark].deadlines)):
            mine = [x for x in one if not marks(x) & meant and not twin_units(x, numbers)]
            kept = [x for x in two if not marks(x) & meant and marks(x) and not twin_units(x, numbers)]
            others = [m for m in meant if m.startswith(("unit", "limit")) and is_twin(first, m, mark)]
            if not others:
                assert [x for x in kept if x in mine] == mine
                assert all(marks(x) or mark in inside for x in two)


def twin_units(item, numbers: set[str]) -> bool:
    return any(mark.split()[1] in numbers for mark in marks(item))


def is_twin(first: Record, mark: str, task: str) -> bool:
    """Whether a fact stands in a task of the same words as another."""
    home = f"task {mark.split()[1]}"
    return task in twins(first, {home})


def found_again(first: Record, anew: Record, result: Corrected, about: dict[str, set[str]], other: set[str]) -> None:
    """What stands there as it stood is found."""
    there = {mark for task in anew.tasks for mark in marks(task)}
    changed = set(other)
    for outcome in result.outcomes:
        one = outcome.correction
        if outcome.status != "stale" or one.what != "task" or one.verb in ("add", "merge", "split"):
            continue
        target = about[one.id]
        alone = len(twins(first, target)) == len(target) and len(target) == 1
        fresh = one.task is not None and one.task.text in {task.text for task in first.tasks}
        if alone and fresh and target <= there and not target & changed:
            raise AssertionError((outcome, target))


def test_a_paper_is_found_by_its_head_alone():
    head = PaperAnchor("甲发〔2024〕1号", "甲县办法", "甲县人民政府", "甲县", "a.txt", "1" * 64)
    numbered = PaperHead("甲发〔2024〕1号", "甲县办法", "甲县人民政府", "甲县", "b.docx", "2" * 64)
    elsewhere = PaperHead("甲发〔2024〕1号", "乙县通知", "乙县人民政府", "乙县", "a.txt", "3" * 64)
    retitled = PaperHead("甲发〔2024〕1号", "甲县试行办法", "甲县人民政府", "甲县", "c.txt", "4" * 64)
    unnumbered = PaperHead(None, "甲县办法", "甲县人民政府", "甲县", "d.txt", "5" * 64)
    renumbered = PaperHead("甲发〔2025〕9号", "甲县办法", "甲县人民政府", "甲县", "e.txt", "6" * 64)
    for held, found in (
        ({"b": numbered, "x": elsewhere}, ["b"]),
        ({"x": elsewhere}, []),  # same number, same file name, another paper
        ({"c": retitled, "x": elsewhere}, ["c"]),
        ({"d": unnumbered}, ["d"]),
        ({"e": renumbered}, []),
        ({"b": numbered, "b2": PaperHead(*[*vars_of(numbered)[:4], "b.pdf", "7" * 64])}, ["b", "b2"]),
        ({}, []),
    ):
        assert Heads(held).find(head) == found
    record = Record.from_json(country.record(7))
    assert anchor_of(record).title == record.document.title


def vars_of(head: PaperHead) -> list:
    return [getattr(head, name) for name in ("number", "title", "issuer", "region", "source", "sha256")]
