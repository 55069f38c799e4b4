"""Time limits: which of the times that a text names are limits of the work, and of what.

The times come from the grammar (`words/times.py`); the rows of `rules/deadlines.toml` say by the words around a time
whether it is a fact, a limit, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from ..words import times
from ..words.parts import tables
from ..words.times import Time, When

#: How far around a time its context is looked at, in characters.
_NEAR = 24
FACT = "fact"
#: Forms of a time that is mostly a limit where it is no fact. A bare year is seldom one.
_TELLING = ("day", "month", "quarter", "half", "year-end", "within-year", "span")


class Found(Struct, frozen=True, gc=False):
    """A limit at `[start, end)`; `first` and `last` are ISO days or None."""

    start: int
    end: int
    kind: str
    first: str | None
    last: str | None
    rule: str
    time: Time

    def moved(self, by: int) -> Found:
        return replace(self, start=self.start + by, end=self.end + by)

    @property
    def is_of_paper(self) -> bool:
        """Whether it holds for a whole paper where its opening or its notice says it: a goal (到2027年, 5年内) or a day
        by which to do something, not the month of an event."""
        return self.rule in _of_paper()


class Limits(NamedTuple):
    """The limits of a text in order, where it names a limit on a day that no calendar has, and the times to come of
    which no rule says whether they are limits."""

    found: list[Found]
    impossible: list[tuple[int, int]]
    unsure: list[tuple[int, int]]


@dataclass(slots=True, frozen=True)
class _Rule:
    """A row of facts or limits with its conditions; None holds always."""

    id: str
    forms: frozenset[str]
    holds: tuple[Callable[[Time, str, str, str], bool], ...]
    future: bool
    later: bool
    passed: bool
    past_by: int


# --- the rules -----------------------------------------------------------------------------------------------------


def _spelled_out(pattern: str) -> str:
    words = tables("deadlines.toml")["words"]
    return re.sub(r"\{([a-z_]+)\}", lambda m: words[m[1]], pattern)


def _condition(name: str, pattern: str) -> Callable[[Time, str, str, str], bool]:
    """A condition of a row on (time, its words without those that open and close it, text before, text after)."""
    said = _spelled_out(pattern)
    if name.endswith("before"):
        said = f"(?:{said})$"
    elif name.endswith("after"):
        said = rf"\A(?:{said})"
    whole = re.compile(said)
    tests: dict[str, Callable[[Time, str, str, str], bool]] = {
        "opening": lambda time, core, before, after: bool(whole.search(time.opening)),
        "closing": lambda time, core, before, after: bool(whole.search(time.closing)),
        "words": lambda time, core, before, after: bool(whole.search(core)),
        "before": lambda time, core, before, after: bool(whole.search(before)),
        "not_before": lambda time, core, before, after: not whole.search(before),
        "after": lambda time, core, before, after: bool(whole.match(after)),
        "not_after": lambda time, core, before, after: not whole.match(after),
    }
    return tests[name]


_CONDITIONS = ("opening", "closing", "words", "before", "not_before", "after", "not_after")


@cache
def _rules(table: str) -> list[_Rule]:
    return [
        _Rule(
            row["id"],
            frozenset(row["forms"]),
            tuple(_condition(name, row[name]) for name in _CONDITIONS if name in row),
            row.get("future", False),
            row.get("later", False),
            row.get("passed", False),
            row.get("past_by", 0),
        )
        for row in tables("deadlines.toml")[table]
    ]


@cache
def _of_paper() -> frozenset[str]:
    return frozenset(row["id"] for row in tables("deadlines.toml")["limit"] if row.get("paper", False))


def judge(time: Time, text: str, when: When) -> str | None:
    """The id of the rule that makes the time a fact or a limit; None where nothing is said of it. `text` is the
    sentence that the time was found in."""
    core = text[time.start + len(time.opening) : time.end - len(time.closing)]
    before = text[max(0, time.start - _NEAR) : time.start]
    after = text[time.end : time.end + _NEAR]
    for table in ("fact", "limit"):
        for rule in _rules(table):
            if time.form not in rule.forms or not _is_its_day(rule, time, when):
                continue
            if all(holds(time, core, before, after) for holds in rule.holds):
                return rule.id
    return None


def _is_its_day(rule: _Rule, time: Time, when: When) -> bool:
    """Whether a time lies before or behind the paper's own day as a rule wants it to."""
    if (rule.future and _is_past(time, when)) or (rule.later and not _is_later(time, when)):
        return False
    if rule.passed and _is_ahead(time, when):
        return False
    return not rule.past_by or _is_past_by(time, when, rule.past_by)


def _is_past(time: Time, when: When) -> bool:
    """Whether a time lies in a year before that of the paper, or can not be told to lie in none."""
    year = when.year or (int(when.day[:4]) if when.day else None)
    if time.year is None:
        return False
    return year is None or time.year < year


def _is_past_by(time: Time, when: When, years: int) -> bool:
    """Whether a time lies so many years before that of the paper."""
    return time.year is not None and when.year is not None and time.year <= when.year - years


def _is_later(time: Time, when: When) -> bool:
    """Whether a time lies in a year behind that of the paper."""
    return time.year is not None and when.year is not None and time.year > when.year


def _is_ahead(time: Time, when: When) -> bool:
    """Whether a time ends behind the paper's day, of a paper without one in a later year."""
    if when.day is None:
        return _is_later(time, when)
    return time.last is not None and time.last > when.day


# --- running text --------------------------------------------------------------------------------------------------


def find_limits(text: str, when: When, start: int = 0, end: int | None = None) -> Limits:
    """The limits in running folded text, in order, none overlapping; titles should be blanked by the caller."""
    out = Limits([], [], [])
    told: tuple[int, Found] | None = None  # the last limit whose words tell its year
    for a, b in times.sentences(text, start, end):
        if told and re.search(r"[。\n]", text[told[0] : a]):
            told = None
        said, places = times.tight(text[a:b])
        for time in times.find_times(said, when):
            rule = judge(time, said, when)
            if rule is None and time.form in _TELLING and time.possible and not _is_past(time, when):
                unsure = _found(time, "", a, places)
                out.unsure.append((unsure.start, unsure.end))
            if rule is None or rule.startswith(FACT):
                continue
            found = _found(time, rule, a, places)
            if not time.possible:
                out.impossible.append((found.start, found.end))
                continue
            if told:
                found = _in_the_year_before(found, told[1])
            if found.time.year is not None:
                told = found.end, found
            out.found.append(found)
    return out


def _found(time: Time, rule: str, at: int, places: list[int] | None) -> Found:
    start, end = time.start, time.end
    if places is not None:
        start, end = places[start], places[end - 1] + 1
    return Found(at + start, at + end, time.kind, time.first, time.last, rule, time)


def _in_the_year_before(found: Found, told: Found) -> Found:
    """A later limit of a sentence lies in the year of the one before (2023年6月底前…，12月底前), unless it would then
    be over before that."""
    year = told.time.year
    if found.kind != "date" or year is None or _has_own_year(found):
        return found
    time = found.time.in_year(year)
    if time.last is None or (told.last and time.last < told.last):
        return found
    return replace(found, first=time.first, last=time.last, time=time)


def _has_own_year(found: Found) -> bool:
    said = dict(found.time.said)
    return any(name in said for name in ("y", "y1", "p", "mr", "qr", "wr"))


def settled(found: Iterable[Found]) -> list[Found]:
    """The limits of one task: one that no year is told for lies in that of the others, where they have one."""
    found = list(found)
    years = {int(f.last[:4]) for f in found if f.last}
    if len(years) != 1:
        return found
    (year,) = years
    out = []
    for f in found:
        if f.kind == "date" and f.last is None and not _has_own_year(f):
            time = f.time.in_year(year)
            f = replace(f, first=time.first, last=time.last, time=time)
        out.append(f)
    return out


# --- cells ---------------------------------------------------------------------------------------------------------


class CellLimits(NamedTuple):
    """The limits of a deadline cell, and the pieces of it that are not understood."""

    found: list[Found]
    unread: list[tuple[int, int]]


def read_cell(text: str, when: When) -> CellLimits:
    """The limits in the folded text of a deadline cell: every piece of it is one, if it can be understood."""
    cell = times.read_cell(text, when, _in_piece)
    found = [Found(t.start, t.end, t.kind, t.first, t.last, t.rule, t) for t in cell.times if t.kind != "none"]
    return CellLimits(found, cell.unread if cell.times else [(0, len(text))])


def has_figures(text: str) -> bool:
    """Whether a cell that no time was read in holds a figure: a sheet's number of a day (45107) names no unit either,
    but it says something."""
    return any(c.isdecimal() for c in text)


def find_in_cell(text: str, when: When) -> list[Found]:
    """The limits in the folded text of a deadline cell."""
    return read_cell(text, when).found


def _in_piece(said: str, when: When) -> list[Time]:
    """The limits in a piece of a cell that is longer than a time: all but facts, and what sets no day; a rhythm that
    the piece begins with, whatever is done in it."""
    out = []
    for time in times.find_times(said, when):
        rule = judge(time, said, when)
        if not time.possible or (rule is not None and rule.startswith(FACT)):
            continue
        begins = time.kind == "recurring" and time.start == 0
        if rule is None and not begins and (time.kind != "date" or time.form == "year"):
            continue
        out.append(time if rule is None else replace(time, rule=rule))
    return out
