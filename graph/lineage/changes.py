"""What a lower task changes of the superior's task that it is made from, each with the words of both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ...extractors.model import Deadline, Task
from ...extractors.words.fold import fold
from .matter import clauses, knowledge, pairs, rows

_ALIKE_CLAUSES = 0.5  # share of characters' pairs from which on two clauses say the same
_NEAR = 7  # characters around a figure in which a word like 至少 belongs to it
_SHOWN = 30  # characters of a clause that are quoted
_HELD = 1_024  # texts whose clauses are held
#: What parts the kind and effect of a change from its words, and the words of the superior from those below.
WORDS, BECAME = ": ", " → "


@dataclass(frozen=True, slots=True)
class Change:
    """`kind` of a change, its `effect` where it shows one (weaker, stronger, narrower, wider), and the words of the
    superior's and of the lower task ('' where it has none)."""

    kind: str
    effect: str
    upper: str
    lower: str


def told(change: Change) -> str:
    """`deadline-later weaker: 2024年6月底前 → 2024年8月底前`."""
    return f"{change.kind} {change.effect}".rstrip() + WORDS + change.upper + BECAME + change.lower


def untold(text: str) -> Change:
    """The change that a text of `told` tells."""
    head, _, words = text.partition(WORDS)
    kind, _, effect = head.partition(" ")
    upper, _, lower = words.partition(BECAME)
    return Change(kind, effect, upper, lower)


def changes(upper: Task, lower: Task) -> list[Change]:
    """All changes, deadlines first."""
    return [
        *_deadlines(upper, lower),
        *_paces(upper, lower),
        *_figures(upper, lower),
        *_duties(upper, lower),
        *_scopes(upper, lower),
        *_places(upper, lower),
    ]


def shows(change: Change, beside: Sequence[Task], above: Sequence[Task]) -> bool:
    """Whether it changes anything where a task is split or merged: what another lower task made of the same superior's
    task keeps (`beside`) is not dropped, what another of the superior's tasks has (`above`) is not set here."""
    kind, _, what = change.kind.rpartition("-")
    others = {"dropped": beside, "set": above}.get(what, ())
    if kind == "deadline":
        return not any(_latest(task.deadlines) for task in others)
    if kind == "figure":
        told = {(q.number, q.unit) for q in _quantities(change.upper or change.lower)}
        return not any((q.number, q.unit) in told for task in others for q in _quantities(task.text))
    return True


# --- deadlines


def _deadlines(upper: Task, lower: Task) -> Iterator[Change]:
    above, below = _latest(upper.deadlines), _latest(lower.deadlines)
    if above and below and above.end and below.end:
        if below.end > above.end:
            yield Change("deadline-later", "weaker", above.text, below.text)
        elif below.end < above.end:
            yield Change("deadline-earlier", "stronger", above.text, below.text)
    elif above and not below:
        yield Change("deadline-dropped", "weaker", above.text, "")
    elif below and not above:
        yield Change("deadline-set", "stronger", "", below.text)
    elif above and below and above.end and below.kind == "recurring":
        # what is done again and again has no end; whether that asks less is not said where only this paper has it so
        again = any(limit.kind == "recurring" for limit in upper.deadlines)
        yield Change("deadline-dropped", "weaker" if again else "", above.text, below.text)


def _latest(deadlines: Iterable[Deadline]) -> Deadline | None:
    """The limit that ends last; 持续推进 is none."""
    limits = [d for d in deadlines if d.kind != "ongoing"]
    dated = [d for d in limits if d.end]
    return max(dated, key=lambda d: d.end or "") if dated else next(iter(limits), None)


def _paces(upper: Task, lower: Task) -> Iterator[Change]:
    """How often a thing is to be done: 每年公布 → 每半年公布."""
    below = [(clause, _pace().findall(clause)) for clause in _clauses(lower)]
    for clause in _clauses(upper):
        often = _pace().findall(clause)
        others = [(_alike(_pace().sub("", clause), _pace().sub("", c)), c, o[0]) for c, o in below if len(o) == 1]
        if len(often) == 1 and others:
            likeness, other, now = max(others, key=lambda one: one[0])
            before, after = (_days()[word] for word in (often[0], now))
            if likeness >= _ALIKE_CLAUSES and before != after:
                kind, effect = ("pace-slower", "weaker") if after > before else ("pace-faster", "stronger")
                yield Change(kind, effect, clause[:_SHOWN], other[:_SHOWN])


@cache
def _days() -> dict[str, int]:
    return knowledge()["pace"]["words"]


@cache
def _pace() -> re.Pattern[str]:
    return re.compile("|".join(_longest_first(list(_days()))))


# --- figures


@dataclass(frozen=True, slots=True)
class _Quantity:
    number: float
    unit: str
    bound: str  # floor, ceiling, ''
    clause: str
    words: str


def _figures(upper: Task, lower: Task) -> Iterator[Change]:
    below = list(_quantities(lower.text))
    for figure in _quantities(upper.text):
        like = [f for f in below if _same_matter(figure, f)]
        if like:
            other = min(like, key=lambda f: (-_alike(figure.clause, f.clause), abs(f.number - figure.number)))
            below.remove(other)
            yield from _compared(figure, other)
        elif (clause := _said_again(figure.clause, lower)) is not None:
            yield Change("figure-dropped", "weaker", figure.words, clause[:_SHOWN])
    for figure in below:
        if (clause := _said_again(figure.clause, upper)) is not None:
            yield Change("figure-set", "stronger", clause[:_SHOWN], figure.words)


def _compared(above: _Quantity, below: _Quantity) -> Iterator[Change]:
    if above.number != below.number:
        yield Change("figure-changed", _effect(above, below), above.words, below.words)
    elif above.bound and not below.bound:
        yield Change("bound-dropped", "weaker", above.words, below.words)
    elif below.bound and not above.bound:
        yield Change("bound-set", "stronger", above.words, below.words)


def _effect(above: _Quantity, below: _Quantity) -> str:
    """A share or a pace can be compared between places; so many of a thing are a place's part of the whole."""
    if not above.bound or above.unit not in rows("comparable"):
        return ""
    return "stronger" if (below.number > above.number) == (above.bound == "floor") else "weaker"


@lru_cache(maxsize=_HELD)
def _quantities(text: str) -> tuple[_Quantity, ...]:
    """The figures of a text with what they count and bound."""
    return tuple(quantity for clause in _clauses_of(text) for quantity in _quantities_of(clause))


def _quantities_of(clause: str) -> Iterator[_Quantity]:
    dates = [m.span() for m in _no_figures().finditer(clause)]
    for found in _figure().finditer(clause):
        if any(start <= found.start() < end for start, end in dates):
            continue
        unit = _unit(clause[found.end() :])
        bound, words = _bound(clause[: found.start()], found.group(), unit, clause[found.end() :])
        number = float(found["number"]) * _multiples().get(found["multiple"], 1)
        yield _Quantity(number, unit, bound, clause, words)


def _unit(behind: str) -> str:
    """What is counted: a known unit where one stands behind the number, else the first character there."""
    return next((unit for unit in rows("comparable") if behind.startswith(unit)), behind[:1])


def _bound(before: str, figure: str, unit: str, behind: str) -> tuple[str, str]:
    """The kind of bound that stands at a figure, and the words of both. The word that is nearest counts, the longest
    of several that end together: 不超过 is not 超过."""
    near = before[-_NEAR:]
    ahead = [(near.rindex(word), word, kind) for kind, words, _ in _bounds() for word in words if word in near]
    ahead = [one for one in ahead if not _figure().search(near[one[0] :])]
    if ahead:
        at, _, kind = max(ahead, key=lambda one: (one[0] + len(one[1]), len(one[1])))
        return kind, near[at:] + figure + unit
    next_to = behind[:_NEAR]
    after = [(next_to.index(word), word, kind) for kind, _, words in _bounds() for word in words if word in next_to]
    if after:
        at, word, kind = min(after, key=lambda one: (one[0], -len(one[1])))
        return kind, figure + behind[:at] + word
    return "", figure + unit


@cache
def _bounds() -> list[tuple[str, list[str], list[str]]]:
    return [(row["kind"], row["before"], row["behind"]) for row in rows("bound")]


def _longest_first(words: list[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


@cache
def _multiples() -> dict[str, float]:
    return knowledge()["multiple"]["words"]


@cache
def _figure() -> re.Pattern[str]:
    """A number with what it is multiplied by; a year and a date are no figures here but deadlines."""
    multiples = "|".join(_longest_first(list(_multiples())))
    return re.compile(rf"(?P<number>\d+(?:\.\d+)?)(?P<multiple>{multiples})?")


@cache
def _no_figures() -> re.Pattern[str]:
    return re.compile("|".join(row["pattern"] for row in rows("no-figure")))


def _same_matter(one: _Quantity, other: _Quantity) -> bool:
    return one.unit[:1] == other.unit[:1] and _alike(one.clause, other.clause) >= _ALIKE_CLAUSES


# --- duties, and how much of a thing they are about


def _duties(upper: Task, lower: Task) -> Iterator[Change]:
    """What is to be done here and may be done there: 必须推行 → 探索推行."""
    for clause, other in _said_of_the_same("duty", upper, lower):
        before, after = _between("soft", "firm", "duty", clause), _between("soft", "firm", "duty", other)
        if after < before:
            yield Change("duty-softened", "weaker", clause[:_SHOWN], other[:_SHOWN])
        elif before < after:
            yield Change("duty-hardened", "stronger", clause[:_SHOWN], other[:_SHOWN])


def _scopes(upper: Task, lower: Task) -> Iterator[Change]:
    """What is to be done everywhere here and in some places there: 各乡镇推行 → 选择部分乡镇推行. That 所有 is not said
    any more shows nothing by itself."""
    for clause, other in _said_of_the_same("scope", upper, lower):
        before, after = _between("part", "whole", "scope", clause), _between("part", "whole", "scope", other)
        if after < 0 <= before:
            yield Change("scope-narrowed", "narrower", clause[:_SHOWN], other[:_SHOWN])
        elif before < 0 <= after:
            yield Change("scope-widened", "wider", clause[:_SHOWN], other[:_SHOWN])


def _places(upper: Task, lower: Task) -> Iterator[Change]:
    """What is to be done everywhere here and in places that are named there: 各乡镇推行 → 在柳河镇、青山乡推行."""
    if not (_names_places(upper.text) or _names_places(lower.text)):
        return
    above, below = ([(clause, _where(clause)) for clause in _clauses(task)] for task in (upper, lower))
    for clause, before in above:
        plain = _placeless(clause)
        others = [(_alike(plain, _placeless(c)), c, after) for c, after in below if before and after]
        likeness, other, after = max(others, key=lambda one: one[0], default=(0.0, "", ""))
        if likeness >= _ALIKE_CLAUSES and (before, after) == ("everywhere", "named"):
            yield Change("place-narrowed", "narrower", clause[:_SHOWN], other[:_SHOWN])
        elif likeness >= _ALIKE_CLAUSES and (before, after) == ("named", "everywhere"):
            yield Change("place-widened", "wider", clause[:_SHOWN], other[:_SHOWN])


@lru_cache(maxsize=_HELD)
def _names_places(text: str) -> bool:
    return any(_where(clause) == "named" for clause in _clauses_of(text))


@lru_cache(maxsize=8 * _HELD)
def _where(clause: str) -> str:
    """everywhere or named, '' where a clause says neither or both."""
    found = [kind for kind, pattern in _place_patterns() if pattern.search(clause)]
    return found[0] if len(found) == 1 else ""


@lru_cache(maxsize=8 * _HELD)
def _placeless(clause: str) -> str:
    for _, pattern in _place_patterns():
        clause = pattern.sub("", clause)
    return clause


@cache
def _place_patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [(row["kind"], re.compile(row["pattern"])) for row in rows("place")]


def _said_of_the_same(kind: str, upper: Task, lower: Task) -> Iterator[tuple[str, str]]:
    """Each clause of the superior's task with the one below that says the same but for the words of a kind."""
    if not (_says(kind, upper.text) or _says(kind, lower.text)):
        return  # neither has such words: clauses that are alike would show nothing
    above, below = _clauses(upper), _clauses(lower)
    bare = [(clause, _without(kind, clause)) for clause in below]
    for clause in above:
        plain = _without(kind, clause)
        likeness, other = max(((_alike(plain, b), c) for c, b in bare), key=lambda one: one[0], default=(0.0, ""))
        if likeness >= _ALIKE_CLAUSES:
            yield clause, other


@lru_cache(maxsize=2 * _HELD)
def _says(kind: str, text: str) -> bool:
    """Whether a text has words of a kind."""
    return any(word in clause for clause in _clauses_of(text) for _, words in _ends(kind) for word in words)


def _between(low: str, high: str, kind: str, clause: str) -> int:
    """-1 where a clause has words of the `low` end, 1 of the `high`, else 0."""
    found = {end for end, words in _ends(kind) if any(word in clause for word in words)}
    return (high in found) - (low in found)


@lru_cache(maxsize=8 * _HELD)
def _without(kind: str, clause: str) -> str:
    for _, words in _ends(kind):
        for word in words:
            clause = clause.replace(word, "")
    return clause


@cache
def _ends(kind: str) -> list[tuple[str, list[str]]]:
    return [(row["kind"], _longest_first(row["words"])) for row in rows(kind)]


# --- clauses that say the same


def _clauses(task: Task) -> tuple[str, ...]:
    return _clauses_of(task.text)


@lru_cache(maxsize=_HELD)
def _clauses_of(text: str) -> tuple[str, ...]:
    return tuple(clauses("".join(fold(text).split())))


def _said_again(clause: str, task: Task) -> str | None:
    """The clause of a task that says the same as `clause`, but for its figures."""
    bare = _figure().sub("", clause)
    said = [c for c in _clauses(task) if _alike(bare, c) >= _ALIKE_CLAUSES]
    return max(said, key=lambda c: _alike(bare, c), default=None)


def _alike(one: str, other: str) -> float:
    """The share of pairs of characters that two clauses have in common (Dice)."""
    a, b = _bare_pairs(one), _bare_pairs(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


@lru_cache(maxsize=8 * _HELD)
def _bare_pairs(clause: str) -> frozenset[str]:
    """The pairs of characters of a clause without its figures."""
    return pairs(_figure().sub("", clause))
