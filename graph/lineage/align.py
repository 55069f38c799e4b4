"""The tasks of a lower paper beside those of its superior: what comes from what, what was added, what was left out.

Both papers are given as records; whether one is the other's superior is not decided here (`superiors.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rapidfuzz import fuzz

from ...extractors.errors import ZhenglingError
from ...extractors.model import Record, Task
from ...extractors.words.fold import fold, squeeze
from ...extractors.words.levels import level_of_ending
from ...extractors.words.lexicon import Lexicon
from .around import fields_of, fields_of_unit, lead_of, work_of
from .changes import Change, changes, shows
from .common import in_source, moved, stretches
from .deciding import Claim, convincing, decide
from .matter import Matter, rows
from .nearest import MOST_PAIRS
from .verdicts import Verdict

#: From this share on two texts are the same, or the superior's stands in the lower one, but for small words.
COPIED = 92.0
#: Changes that make a standard weaker or stronger, so that the words, as like as they may be, are no copy.
_OTHER_STANDARD = frozenset({"figure-changed", "pace-slower", "pace-faster"})
_NOT_NARROWED = 0.85  # share of the superior's text that the lower one is as long as, at least
_SHORTEST_STEM = 2  # characters of a place's name without its ending


@dataclass(frozen=True, slots=True)
class Shared:
    """Words that both papers have: `[start, end)` in the task's text and, where they stand there in one piece, in the
    decoded source."""

    lower: tuple[int, int]
    upper: tuple[int, int]
    lower_source: tuple[int, int] | None
    upper_source: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Link:
    """`lower` is made from `upper` (ids of tasks in their records). `kind`: one, merged, split; `wording`: copied,
    adapted; `state`: sure, likely; `grounds`: how much each ground says (`likeness.py`)."""

    lower: str
    upper: str
    kind: str
    wording: str
    state: str
    score: float
    grounds: dict[str, float]
    shared: tuple[Shared, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def moved(self) -> list[bool]:
        """Of each of the shared words, whether they stand in another order than the rest."""
        return moved([s.lower for s in self.shared], [s.upper for s in self.shared])

    @property
    def type(self) -> str:
        """The kind where several tasks are involved, else the wording."""
        return self.wording if self.kind == "one" else self.kind


@dataclass(slots=True)
class Alignment:
    """`dropped` are tasks of the superior that nothing below takes up; `elsewhere` those of them that are other
    bureaus' work, where the lower issuer is a bureau. `added` are lower tasks that come from none. `orphaned` are those
    of them that name the superior's paper as their basis themselves, and lower tasks of which somebody confirmed that
    they come from one that is not there any more: `gone` has each with the title and text that were seen."""

    upper: Record
    lower: Record
    links: list[Link] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    orphaned: list[str] = field(default_factory=list)
    gone: list[tuple[str, tuple[str, str]]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Plain values: both papers' tasks, links, what was added and left out."""
        return {
            "superior": _paper(self.upper),
            "lower": _paper(self.lower),
            "links": [_link(link) for link in self.links],
            "added": self.added,
            "dropped": self.dropped,
            "elsewhere": self.elsewhere,
            "orphaned": self.orphaned,
            "gone": [{"lower": lower, "title": title, "text": text} for lower, (title, text) in self.gone],
        }


def status(link: Link) -> str:
    """What a link makes of the superior's task: covered, changed, or outdated where a person confirmed it of texts that
    have changed since."""
    return "outdated" if link.state == "suspect" else "changed" if link.changes else "covered"


def statuses(found: Alignment) -> dict[str, str]:
    """What became of each task of the superior: the best of its links, else missing or elsewhere."""
    made: dict[str, str] = {}
    for link in found.links:
        made[link.upper] = min(made.get(link.upper, _BEST[-1]), status(link), key=_BEST.index)
    left = {task: "elsewhere" if task in found.elsewhere else "missing" for task in found.dropped}
    return {task.id: made.get(task.id) or left[task.id] for task in found.upper.tasks}


_BEST = ("covered", "changed", "outdated")


def align(
    upper: Record,
    lower: Record,
    lexicon: Lexicon | None = None,
    only: Collection[str] | None = None,
    said: Iterable[Verdict] = (),
) -> Alignment:
    """The alignment of a paper with its superior. The same records give the same; `lexicon` knows the units; of the
    lower tasks, all of which are weighed, `only` these get links where it is given (they cite this paper themselves).
    `said` is what people have said of links between these papers; it overrides what is found. Raises `ZhenglingError`
    (`alignment-too-large`) where there are more than `MOST_PAIRS` pairs of tasks.
    """
    if len(upper.tasks) * len(lower.tasks) > MOST_PAIRS:
        counts = {"superior": len(upper.tasks), "lower": len(lower.tasks), "most": MOST_PAIRS}
        raise ZhenglingError("alignment-too-large", 1, **counts)
    known, said = lexicon or Lexicon.load(), list(said)
    own = _bureau(lower, known)
    places = place_names((upper, lower))
    # a township has no bureaus, but a few offices for all work: who leads says nothing there
    led = lower.document.level != "township"
    above, below = (
        [
            Matter.of(task, places, work_of(task, known), lead_of(task, known) if led else frozenset(), bureau)
            for task in one.tasks
        ]
        for one, bureau in ((upper, frozenset[str]()), (lower, own))
    )
    claims = [claim for claim in decide(above, below) if only is None or below[claim.lower].task.id in only]
    claims = _overridden(convincing(claims, len(lower.tasks) if only is None else len(only)), said)
    superiors, made = Counter(c.lower for c in claims), Counter(c.upper for c in claims)
    links = []
    for claim in claims:
        kind = "merged" if superiors[claim.lower] > 1 else "split" if made[claim.upper] > 1 else "one"
        links.append(_made(claim, kind, above[claim.upper], below[claim.lower], known))
    links = _jointly(links, {t.id: t for t in upper.tasks}, {t.id: t for t in lower.tasks})
    taken, given = {link.lower for link in links}, {link.upper for link in links}
    dropped = [task for task in upper.tasks if task.id not in given]
    fields = {task.id: fields_of(task, known) for task in dropped}
    gone = [(lower.tasks[one.lower[1] - 1].id, one.gone) for one in said if one.gone is not None]
    orphaned = (_citing(lower, upper) - taken) | {task for task, _ in gone}
    return Alignment(
        upper,
        lower,
        links,
        [task.id for task in lower.tasks if task.id not in taken],
        [task.id for task in dropped],
        [task.id for task in dropped if own and (others := fields[task.id]) and not own & others],
        [task.id for task in lower.tasks if task.id in orphaned],
        gone,
    )


def _citing(lower: Record, upper: Record) -> set[str]:
    """The lower tasks that name the superior's paper, by its number or its title, as their basis."""
    names = {_name(upper.document.number), _name(upper.document.title)} - {""}
    based = (c for c in lower.citations if c.role == "basis" and c.in_ != "document")
    return {c.in_ for c in based if {_name(c.number), _name(c.title)} & names}


def _name(text: str | None) -> str:
    return fold(squeeze(text or ""))


def _overridden(claims: list[Claim], said: Iterable[Verdict]) -> list[Claim]:
    """With the states that people gave; without what they rejected, with what they alone have found."""
    heard = {(one.lower[1] - 1, one.upper[1] - 1): one for one in said if one.gone is None}
    kept = []
    for claim in claims:
        one = heard.pop((claim.lower, claim.upper), None)
        if one is None or not one.takes_out:
            kept.append(claim if one is None else replace(claim, state=one.state))
    own = [Claim(lower, upper, 0.0, one.state, {}) for (lower, upper), one in heard.items() if one.confirmed]
    return sorted([*kept, *own], key=lambda c: (c.lower, -c.score, c.upper))


def unfound(upper: Record, lower: Record, one: Verdict, lexicon: Lexicon) -> Link:
    """The link that a person alone has found, with what is common and what was changed as in any other."""
    places = place_names((upper, lower))
    below, above = lower.tasks[one.lower[1] - 1], upper.tasks[one.upper[1] - 1]
    claim = Claim(one.lower[1] - 1, one.upper[1] - 1, 0.0, one.state, {})
    return _made(claim, "one", Matter.of(above, places), Matter.of(below, places), lexicon)


def _made(claim: Claim, kind: str, upper: Matter, lower: Matter, known: Lexicon) -> Link:
    # what leaves a part of the superior's text out is narrowed; what has all of it, and more beside it, is not
    whole = len(lower.body.text) >= _NOT_NARROWED * len(upper.body.text)
    likes = (fuzz.ratio, fuzz.partial_ratio) if whole else (fuzz.ratio,)
    changed = (*changes(upper.task, lower.task), *leads(upper.task, lower.task, known))
    copied = any(like(upper.body.text, lower.body.text, score_cutoff=COPIED) >= COPIED for like in likes)
    copied = copied and not any(change.effect and change.kind in _OTHER_STANDARD for change in changed)
    return Link(
        lower.task.id,
        upper.task.id,
        kind,
        "copied" if copied else "adapted",
        claim.state,
        round(claim.score, 4),
        {ground: round(value, 4) for ground, value in claim.grounds.items()},
        tuple(_shared(upper, lower)),
        changed,
    )


def _jointly(links: list[Link], upper: Mapping[str, Task], lower: Mapping[str, Task]) -> list[Link]:
    """The links with those changes alone that hold where a task is split or merged."""
    made: dict[str, list[Task]] = {}
    origins: dict[str, list[Task]] = {}
    for link in links:
        made.setdefault(link.upper, []).append(lower[link.lower])
        origins.setdefault(link.lower, []).append(upper[link.upper])
    out = []
    for link in links:
        beside = [task for task in made[link.upper] if task.id != link.lower]
        above = [task for task in origins[link.lower] if task.id != link.upper]
        told = tuple(change for change in link.changes if shows(change, beside, above))
        out.append(link if told == link.changes else replace(link, changes=told))
    return out


def _shared(upper: Matter, lower: Matter) -> Iterable[Shared]:
    for stretch in stretches(upper.body, lower.body):
        yield Shared(
            stretch.lower,
            stretch.upper,
            in_source(lower.task, *stretch.lower),
            in_source(upper.task, *stretch.upper),
        )


# --- who leads, whose work it is


def leads(upper: Task, lower: Task, lexicon: Lexicon) -> Iterable[Change]:
    """A change of who leads, by field of work: 省财政厅 → 县财政局 is none."""
    above, below = ([u for u in task.units if u.role == "lead" and not u.collective] for task in (upper, lower))
    if above and below:
        fields = [{field for u in units for field in fields_of_unit(u.name, lexicon)} for units in (above, below)]
        if all(fields) and not fields[0] & fields[1]:
            yield Change("lead-changed", "", "、".join(u.name for u in above), "、".join(u.name for u in below))


def _bureau(record: Record, lexicon: Lexicon) -> frozenset[str]:
    """The fields of work of the paper's issuer where it is a bureau; none of governments, their offices and unknown."""
    found = fields_of_unit(record.document.issuer or "", lexicon)
    return frozenset() if set(found) & set(rows("whole")) else frozenset(found)


# --- names that mean nothing in the comparison


def place_names(records: Iterable[Record]) -> re.Pattern[str] | None:
    """The names of the papers' places, with and without their ending; None where they say none."""
    names: set[str] = set()
    for record in records:
        name = fold(squeeze(record.document.region or ""))
        names.add(name)
        ending = next((n for n in range(1, len(name)) if level_of_ending(name[-n:])), 0)
        stem = name[: len(name) - ending] if ending else ""
        names |= {stem} if len(stem) >= _SHORTEST_STEM else set()
    names -= {""}
    return re.compile("|".join(re.escape(n) for n in sorted(names, key=lambda n: (-len(n), n)))) if names else None


# --- as plain values


def _paper(record: Record) -> dict[str, Any]:
    head = record.document
    tasks = [{"id": t.id, "title": t.title, "starts": t.starts, "ends": t.ends, "text": t.text} for t in record.tasks]
    return {"number": head.number, "title": head.title, "region": head.region, "tasks": tasks}


def _link(link: Link) -> dict[str, Any]:
    return {
        "lower": link.lower,
        "superior": link.upper,
        "kind": link.kind,
        "wording": link.wording,
        "type": link.type,
        "state": link.state,
        "score": link.score,
        "grounds": link.grounds,
        "shared": [
            {
                "lower": s.lower,
                "superior": s.upper,
                "lower_source": s.lower_source,
                "superior_source": s.upper_source,
                "moved": elsewhere,
            }
            for s, elsewhere in zip(link.shared, link.moved, strict=True)
        ],
        "changes": [{"kind": c.kind, "effect": c.effect, "superior": c.upper, "lower": c.lower} for c in link.changes],
    }
