"""The facts of a plan, before any layout; and the gold that a layout gives them (annotation of `tests/truth.py`)."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

T = TypeVar("T")

ROLES = ("lead", "responsible", "support")


@dataclass(frozen=True)
class Unit:
    """`name` is the full name, `short` what stands in a list behind another of the same prefix."""

    role: str
    name: str
    collective: bool = False
    short: str | None = None

    def gold(self) -> dict[str, Any]:
        return {"role": self.role, "name": self.name} | ({"collective": True} if self.collective else {})


@dataclass(frozen=True)
class Limit:
    text: str
    kind: str
    start: str | None = None
    end: str | None = None

    def gold(self) -> dict[str, Any]:
        return {"text": self.text, "kind": self.kind, "start": self.start, "end": self.end}


@dataclass(frozen=True)
class Citation:
    number: str | None
    title: str | None
    kind: str
    role: str

    def gold(self, where: str) -> dict[str, Any]:
        return {"in": where, "number": self.number, "title": self.title, "kind": self.kind, "role": self.role}


@dataclass(frozen=True)
class Sentence:
    text: str
    limits: tuple[Limit, ...] = ()
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True)
class Item:
    """A piece of work. `heading` has neither number nor stop; `limit` is one for a column, a bracket or a line."""

    heading: str
    body: tuple[Sentence, ...]
    units: tuple[Unit, ...]
    open: bool = False
    limit: Limit | None = None
    basis: Citation | None = None
    parts: tuple[Item, ...] = ()

    @property
    def text(self) -> str:
        return "".join(s.text for s in self.body)

    @property
    def limits(self) -> tuple[Limit, ...]:
        return tuple(limit for s in self.body for limit in s.limits)

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(c for s in self.body for c in s.citations)


@dataclass(frozen=True)
class Chapter:
    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Plan:
    """`name` is the title of the plan itself, `notice` that of the notice that issues it (`None` where there is none);
    `opening` its opening sentences, with what they cite and the goals they set."""

    level: str
    region: str
    prefix: str
    issuer: str
    addressees: str
    name: str
    notice: str
    number: str
    date: str
    day: str
    year: int
    subject: str
    opening: tuple[Sentence, ...]
    chapters: tuple[Chapter, ...]
    #: The work is a real paper's; place, issuer and title are not, so that nothing is asked of the document.
    real: bool = False

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(i for c in self.chapters for i in c.items)

    @property
    def years_told(self) -> bool:
        """Whether every limit says its year."""
        limits = [d for i in self.items for d in (*i.limits, i.limit) if d and d.end]
        return all(re.search(r"\d{4}", d.text) for d in limits)

    def part(self, draw: Draw, most: int) -> Plan:
        """At most so many of its items, those of some chapters on end."""
        start = draw.number(0, max(0, len(self.items) - most))
        kept = {id(i) for i in self.items[start : start + most]}
        chapters = (replace(c, items=tuple(i for i in c.items if id(i) in kept)) for c in self.chapters)
        return replace(self, chapters=tuple(c for c in chapters if c.items))


class Draw:
    """Chances of one paper. Every choice has a name and is remembered as a feature `name: value`; `forced` ones are
    given beforehand."""

    def __init__(self, seed: str, forced: dict[str, str] | None = None) -> None:
        self.chance = random.Random(seed)
        self.forced = forced or {}
        self.features: set[str] = set()
        self._picked: dict[str, str] = {}
        #: Names of persons that no record may tell.
        self.persons: set[str] = set()

    def pick(self, name: str, options: dict[str, float]) -> str:
        """One of `options` (value → weight); what was picked once under a name holds for the whole paper."""
        if self._picked.get(name) in options:
            return self._picked[name]
        values = list(options)
        value = self.chance.choices(values, [options[v] for v in values])[0]
        if self.forced.get(name) in options:
            value = self.forced[name]
        self._picked[name] = value
        self.features.add(f"{name}: {value}")
        return value

    def picked(self, name: str, otherwise: str) -> str:
        """What was picked under a name before."""
        return self._picked.get(name, otherwise)

    def flag(self, name: str, probability: float) -> bool:
        """A feature that a paper has or has not; only having it is remembered."""
        has = self.chance.random() < probability
        if name in self.forced:
            has = self.forced[name] != "no"
        if has:
            self.features.add(name)
        return has

    def choice(self, options: Sequence[T]) -> T:
        return self.chance.choice(options)

    def some(self, options: Sequence[T], low: int, high: int) -> list[T]:
        return self.chance.sample(list(options), min(len(options), self.chance.randint(low, high)))

    def below(self, probability: float) -> bool:
        return self.chance.random() < probability

    def number(self, low: int, high: int) -> int:
        return self.chance.randint(low, high)


@dataclass
class Gold:
    """What a right reading of the paper finds; filled while the paper is written."""

    document: dict[str, Any]
    citations: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)

    def cite(self, citations: Sequence[Citation]) -> None:
        known = {(c["number"], c["title"]) for c in self.citations if c["in"] == "document"}
        for c in citations:
            if (c.number, c.title) not in known:
                self.citations.append(c.gold("document"))
                known.add((c.number, c.title))

    def task(
        self,
        item: Item,
        *,
        section: Sequence[str],
        title: str | None,
        text: str | None = None,
        units: Sequence[Unit] | None = None,
        limits: Sequence[Limit] | None = None,
        citations: Sequence[Citation] | None = None,
        opened: bool | None = None,
    ) -> None:
        """Add a task: what is not given is the item's own."""
        name = f"T{len(self.tasks) + 1:02}"
        whole = squeezed(item.text if text is None else text)
        given = item.units if units is None else units
        said = item.limits if limits is None else limits
        self.tasks.append(
            {
                "id": name,
                "section": [closed(s) for s in section],
                "title": closed(title) if title else None,
                "starts": whole[:16],
                "ends": whole[-10:],
                "units": [u.gold() for u in once(given)],
                "open": item.open if opened is None else opened,
                "deadlines": [d.gold() for d in once(said)],
            }
        )
        self.citations += [c.gold(name) for c in once(item.citations if citations is None else citations)]

    def to_json(self) -> dict[str, Any]:
        return {"document": self.document, "citations": self.citations, "tasks": self.tasks}


def once(values: Sequence[T]) -> list[T]:
    return list(dict.fromkeys(values))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def closed(heading: str) -> str:
    """A heading without its closing punctuation."""
    return squeezed(heading).rstrip("。；，、：;:,.")
