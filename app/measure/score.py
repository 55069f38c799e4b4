"""The measure: extractions against gold annotations, fact by fact.

Gold and record are read in the form that `docs/records.md` names. Tasks are paired one to one by the text that they
start and end with; all else is counted inside the pairs, so that a missed task costs its units and deadlines, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from ...extractors.words.forms import COUNTING_ON

Json = Mapping[str, Any]

KINDS = ("document", "tasks", "titles", "sections", "units", "open", "deadlines", "citations", "citation details")
#: Brackets of all kinds are one.
BRACKETS = str.maketrans("〔〕()［］[]", "（）（）（）（）")
FIELDS = ("number", "title", "issuer", "date", "level", "region", "year")

_ALIKE = 0.75
_NUMBERED = re.compile(rf"^(（?[{COUNTING_ON}]+[）、．.]|（?\d+[）、．.])+")
_NOTHING: Json = {"title": None, "section": [], "units": [], "deadlines": []}


@dataclass(frozen=True)
class Fact:
    """One thing that is right or was said. `task` is the id in the gold (`?` before one of the record alone, `document`
    outside tasks), `values` what is compared, `words` where it stands in the paper."""

    kind: str
    task: str
    values: tuple[Any, ...]
    words: tuple[str, ...] = field(default=(), compare=False)

    @property
    def said(self) -> str:
        """The values in one line."""
        return " ".join(str(v) for v in self.values if v is not None and v != "")


@dataclass
class Tally:
    hit: int = 0
    gold: int = 0
    found: int = 0

    def __iadd__(self, other: Tally) -> Tally:
        self.hit, self.gold, self.found = self.hit + other.hit, self.gold + other.gold, self.found + other.found
        return self

    @property
    def precision(self) -> float:
        return self.hit / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.hit / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.hit / (self.gold + self.found) if self.gold + self.found else 1.0

    def to_json(self) -> dict[str, float]:
        shares = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {k: round(v, 4) for k, v in shares.items()} | {"gold": self.gold, "found": self.found}


@dataclass
class Score:
    """How a record, or many, agree with the gold."""

    tallies: dict[str, Tally] = field(default_factory=lambda: {kind: Tally() for kind in KINDS})
    missed: list[Fact] = field(default_factory=list)
    wrong: list[Fact] = field(default_factory=list)

    def __iadd__(self, other: Score) -> Score:
        for kind, tally in other.tallies.items():
            self.tallies[kind] += tally
        self.missed += other.missed
        self.wrong += other.wrong
        return self

    @property
    def right(self) -> bool:
        return all(t.hit == t.gold == t.found for t in self.tallies.values())

    def to_json(self) -> dict[str, dict[str, float]]:
        return {kind: tally.to_json() for kind, tally in self.tallies.items()}


def score(gold: Json, record: Json) -> Score:
    """Compare one record with its gold; a record without anything is `{}`."""
    out = Score()
    tasks, said = gold["tasks"], record.get("tasks") or []
    pairs = _pairs(tasks, said)
    partner = {j: i for i, j in pairs.items()}
    names = {str(s.get("id")): str(tasks[partner[j]]["id"]) for j, s in enumerate(said) if j in partner}
    _count_tasks(out, tasks, said, pairs)
    rows = [(t, said[pairs[i]] if i in pairs else _NOTHING, str(t["id"]), t) for i, t in enumerate(tasks)]
    rows += [(_NOTHING, s, f"?{s.get('id')}", s) for j, s in enumerate(said) if j not in partner]
    for here, there, name, place in rows:
        ends = (str(place.get("starts") or ""), str(place.get("ends") or ""))
        for kind, facts in _OF_A_TASK.items():
            _count(out, kind, facts(name, here, ends), facts(name, there, ends))
        if "open" in here and there is not _NOTHING:
            _count(out, "open", *([Fact("open", name, (bool(t.get("open")),), ends)] for t in (here, there)))
    _count_document(out, gold["document"], record.get("document") or {})
    known = {str(t["id"]) for t in tasks}

    def of_gold(task: Any) -> str:
        return task if task in known else "document"

    def of_record(task: Any) -> str:
        return names.get(task, "document" if task == "document" else f"?{task}")

    for kind, facts in (("citations", _citations), ("citation details", _details)):
        _count(out, kind, facts(gold, of_gold), facts(record, of_record))
    return out


def total(scores: Iterable[Score]) -> Score:
    out = Score()
    for one in scores:
        out += one
    return out


# --- tasks -----------------------------------------------------------------------------------------------------------


def plain(text: Any) -> str:
    """Without white space and closing punctuation, brackets of one kind."""
    return re.sub(r"\s+", "", str(text)).translate(BRACKETS).strip("。；，、：;:,.") if text else ""


def bare(title: Any) -> str:
    """A heading without its number."""
    return _NUMBERED.sub("", plain(title))


def _pairs(gold: Sequence[Json], said: Sequence[Json]) -> dict[int, int]:
    """Which task of the gold is which of the record: those of one text, then the likest."""

    def key(task: Json) -> str:
        return f"{plain(task.get('starts'))}|{plain(task.get('ends'))}"

    mine, theirs = [key(t) for t in gold], [key(t) for t in said]
    left, out = dict.fromkeys(range(len(said))), {}
    for i, words in enumerate(mine):
        same = next((j for j in left if theirs[j] == words), None)
        if same is not None:
            out[i] = same
            del left[same]
    rest = [(_alike(mine[i], theirs[j]), i, j) for i in range(len(mine)) if i not in out for j in left]
    for likeness, i, j in sorted(rest, reverse=True):
        if likeness >= _ALIKE and i not in out and j in left:
            out[i] = j
            del left[j]
    return out


def _alike(a: str, b: str) -> float:
    """Likeness from 0 to 1; 0 where it cannot reach the least that counts."""
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return 0.0
    return matcher.ratio()


def _count_tasks(out: Score, gold: Sequence[Json], said: Sequence[Json], pairs: Mapping[int, int]) -> None:
    tally = out.tallies["tasks"]
    tally.hit, tally.gold, tally.found = len(pairs), len(gold), len(said)

    def fact(task: Json, name: str) -> Fact:
        words = (str(task.get("starts") or ""), str(task.get("ends") or ""))
        return Fact("tasks", name, words, words)

    out.missed += [fact(t, str(t["id"])) for i, t in enumerate(gold) if i not in pairs]
    taken = set(pairs.values())
    out.wrong += [fact(t, f"?{t.get('id')}") for j, t in enumerate(said) if j not in taken]


# --- what is compared ------------------------------------------------------------------------------------------------


def _count(out: Score, kind: str, gold: Sequence[Fact], said: Sequence[Fact]) -> None:
    mine, theirs = Counter(gold), Counter(said)
    tally = out.tallies[kind]
    tally.hit += sum((mine & theirs).values())
    tally.gold += len(gold)
    tally.found += len(said)
    out.missed += (mine - theirs).elements()
    out.wrong += (theirs - mine).elements()


def _titles(name: str, task: Json, _: tuple[str, str]) -> list[Fact]:
    title = task.get("title")
    return [Fact("titles", name, (bare(title),), (str(title),))] if title else []


def _sections(name: str, task: Json, _: tuple[str, str]) -> list[Fact]:
    return [Fact("sections", name, (bare(s),), (str(s),)) for s in task.get("section") or []]


def _units(name: str, task: Json, _: tuple[str, str]) -> list[Fact]:
    units = task.get("units") or []
    return [Fact("units", name, (u.get("role"), plain(u.get("name"))), (str(u.get("name")),)) for u in units]


def _deadlines(name: str, task: Json, _: tuple[str, str] = ("", "")) -> list[Fact]:
    limits = task.get("deadlines") or []
    return [
        Fact("deadlines", name, (d.get("kind"), d.get("start"), d.get("end")), (str(d.get("text") or ""),))
        for d in limits
    ]


_OF_A_TASK: dict[str, Callable[[str, Json, tuple[str, str]], list[Fact]]] = {
    "units": _units,
    "deadlines": _deadlines,
    "titles": _titles,
    "sections": _sections,
}


def _count_document(out: Score, gold: Json, said: Json) -> None:
    def facts(document: Json) -> list[Fact]:
        values = [(f, document.get(f)) for f in FIELDS]
        return [Fact("document", "document", (f, None if v is None else plain(v)), (str(v or ""),)) for f, v in values]

    _count(out, "document", facts(gold), facts(said))
    _count(out, "deadlines", _deadlines("document", gold), _deadlines("document", said))


def _citations(paper: Json, task: Callable[[Any], str]) -> list[Fact]:
    out = []
    for c in paper.get("citations") or []:
        number, title = plain(c.get("number")), plain(c.get("title"))
        out.append(Fact("citations", task(c.get("in")), (number or title,), (number, title)))
    return out


def _details(paper: Json, task: Callable[[Any], str]) -> list[Fact]:
    out = []
    for c in paper.get("citations") or []:
        number, title = plain(c.get("number")), plain(c.get("title"))
        values = (number, title, c.get("kind"), c.get("role"))
        out.append(Fact("citation details", task(c.get("in")), values, (number, title)))
    return out
