"""The grammar of time: where a text names a day, a month, a span, a rhythm or a length, and which days these are.

One grammar for running text (`find_times`) and for cells of a deadline column (`read_cell`); its rows are in
`rules/times.toml`. Which times are limits of work is no matter of words: see `steps/deadlines.py`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from .forms import number
from .needs import finder, led, may_fit, needed
from .parts import rule, tables

#: The five-year plans by the first figure of their name: 十四五 ends in 2025.
_FIRST_PLAN_YEAR, _FIRST_PLAN, _PLAN_YEARS = 2010, 1, 5
_FIRST_YEAR, _LAST_YEAR = 1949, 2099
_MONTHS, _MONTHS_A_QUARTER = 12, 3
_KEPT = 1 << 12


@dataclass(slots=True, frozen=True)
class When:
    """What the times of a paper are counted from: the year that its work is for, and its day (`YYYY-MM-DD`)."""

    year: int | None = None
    day: str | None = None


class Time(Struct, frozen=True, gc=False):
    """A time at `[start, end)`, with the words that open and close it. `first` is the first day of a span and `last`
    the last day, ISO or None. `said` are the parts of it as written, by the group names of the grammar. `possible` is
    False where no calendar has such a day."""

    start: int
    end: int
    kind: str  # date, recurring, relative, ongoing, none
    form: str
    rule: str
    first: str | None = None
    last: str | None = None
    opening: str = ""
    closing: str = ""
    said: tuple[tuple[str, str], ...] = ()
    possible: bool = True

    @property
    def year(self) -> int | None:
        """The year that the words themselves tell, of a span the last one."""
        said = dict(self.said)
        if "p" in said:
            return _plan_end(said["p"])
        return _written_year(said.get("y")) or _written_year(said.get("y1"))

    def in_year(self, year: int) -> Time:
        """The same words in another year."""
        first, last, possible = _days(dict(self.said), When(year))
        return replace(self, first=first, last=last, possible=possible)


class _TimeRow(Struct, frozen=True):
    id: str
    form: str
    kind: str
    written: str
    needs: tuple[frozenset[str], ...]  # what fits has a character of each

    @property
    def pattern(self) -> re.Pattern[str]:
        """Made when a text first needs it: most texts need few."""
        return led(self.written)

    @property
    def whole(self) -> re.Pattern[str]:
        """The same for a text that is to be nothing else."""
        return _compiled(self.written)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


class _TimeRows:
    """Rows of the grammar in order. A bit stands for each set of characters that a row needs, so that which rows may
    fit a text is found in one look at its characters, and kept for texts that meet the same needs."""

    def __init__(self, rows: list[_TimeRow]) -> None:
        self.all = rows
        bits = {need: 1 << n for n, need in enumerate(dict.fromkeys(need for row in rows for need in row.needs))}
        self._needs = [sum(bits[need] for need in set(row.needs)) for row in rows]
        self._meets = {c: sum(bits[n] for n in bits if c in n) for c in frozenset().union(*bits)}
        self._fitting = lru_cache(maxsize=_KEPT)(self._that_need)

    def fitting(self, text: str) -> list[_TimeRow]:
        """The rows that may fit in a text."""
        met = 0
        for character in self._meets.keys() & set(text):
            met |= self._meets[character]
        return self._fitting(met)

    def _that_need(self, met: int) -> list[_TimeRow]:
        return [row for row, needs in zip(self.all, self._needs, strict=True) if needs & met == needs]


@dataclass(slots=True, frozen=True)
class CellTimes:
    """What a cell says of time: its times, and the pieces that are none."""

    times: list[Time]
    unread: list[tuple[int, int]]


# --- the grammar ---------------------------------------------------------------------------------------------------

_BLOCK = re.compile(r"\{([a-z_]+)(\d?)\}")
_GROUP = re.compile(r"\(\?P<([a-z]+)>")


@cache
def _grammar() -> dict:
    return tables("times.toml")


def spelled_out(pattern: str) -> str:
    """A pattern of the grammar with its blocks in place of their names."""

    def block(match: re.Match[str]) -> str:
        blocks = _grammar()["blocks"]
        if match[1] not in blocks:
            return match[0]
        numbered = _GROUP.sub(rf"(?P<\g<1>{match[2]}>", spelled_out(blocks[match[1]]))
        return f"(?:{numbered})"

    return _BLOCK.sub(block, pattern)


def _said(name: str) -> Any:
    """A table or a list of `[words]`."""
    return _grammar()["words"][name]


@cache
def word(name: str) -> re.Pattern[str]:
    """One of the patterns of `[words]`: what opens or closes a limit, what stands around it in a cell."""
    return re.compile(spelled_out(_grammar()["words"][name]))


@cache
def _rows(where: str) -> list[_TimeRow]:
    kinds = {form: kind for kind, forms in _grammar()["kinds"].items() for form in forms}
    rows = []
    for row in _grammar()["time"]:
        if row["where"] in (where, "both"):
            pattern = spelled_out(row["pattern"])
            kind = kinds.get(row["form"], "date")
            rows.append(_TimeRow(row["id"], row["form"], kind, pattern, needed(pattern)))
    return rows


@cache
def _in_text() -> _TimeRows:
    return _TimeRows(_rows("text"))


@cache
def _in_cell() -> _TimeRows:
    """The rows of cells, each with what may stand around it."""
    head, opening, tail = (word(name).pattern for name in ("cell_head", "opening", "cell_tail"))
    around = f"{head}(?:{opening})?(?:", f"){tail}"
    return _TimeRows([replace(row, written=row.written.join(around)) for row in _rows("cell")])


@cache
def hint() -> re.Pattern[str]:
    """A character that every time in running text has one of."""
    found = finder(row.written for row in _rows("text"))
    return found or re.compile("")


@cache
def _cell_hint() -> re.Pattern[str]:
    """A character that every time in a cell has one of."""
    found = finder(row.written for row in _rows("cell"))
    return found or re.compile("")


@cache
def _opens() -> re.Pattern[str]:
    return re.compile(f"(?:{word('opening').pattern})$")


# --- running text --------------------------------------------------------------------------------------------------

#: No word that opens a limit is longer.
_LONGEST_OPENING = 8


def find_times(text: str, when: When, *, quick: bool = True) -> list[Time]:
    """The times in folded running text without white space, in order, none overlapping. Of two rows of the grammar that
    fit the same place the first has it. Without `quick` no row is passed over for the characters that it needs: the
    times are the same."""
    found: list[Time] = []
    closed = bytearray(len(text))
    for row in _in_text().fitting(text) if quick else _in_text().all:
        if quick and not may_fit(row.written, text):
            continue
        for match in row.pattern.finditer(text):
            a, b = match.span()
            if a == b or any(closed[a:b]):
                continue
            closed[a:b] = b"\1" * (b - a)
            found.append(_made(row, match, when, text))
    return sorted(found, key=lambda t: t.start)


def _made(row: _TimeRow, match: re.Match[str], when: When, text: str) -> Time:
    start, end = match.span()
    opening = _opens().search(text, max(0, start - _LONGEST_OPENING), start) if row.kind == "date" else None
    closing = word("closing").match(text, end) if row.kind == "date" else None
    return _time(
        row,
        match,
        when,
        opening.start() if opening else start,
        closing.end() if closing else end,
        opening.group() if opening else "",
        closing.group() if closing else "",
    )


def _time(row: _TimeRow, match: re.Match[str], when: When, start: int, end: int, opening: str, closing: str) -> Time:
    said = {name: value for name, value in match.groupdict().items() if value}
    first, last, possible = _days(said, when) if row.kind == "date" else (None, None, True)
    return Time(start, end, row.kind, row.form, row.id, first, last, opening, closing, tuple(said.items()), possible)


# --- cells ---------------------------------------------------------------------------------------------------------

Inner = Callable[[str, When], list[Time]]


def read_cell(text: str, when: When, inner: Inner = find_times) -> CellTimes:
    """What the folded text of a deadline cell says: each of its pieces is a time, if the grammar knows it. A piece that
    is longer than a time is searched by `inner`, which is given it without white space."""
    whole = _cell_time(_squeezed(text), when, 0, len(text))
    if whole is not None:
        return CellTimes([whole], [])
    found: list[Time] = []
    unread: list[tuple[int, int]] = []
    for piece in word("pieces").finditer(text):
        at = piece.start() + len(piece.group()) - len(piece.group().lstrip())
        said = _squeezed(piece.group())
        if not said:
            continue
        one = _cell_time(said, when, at, piece.end())
        if one is not None:
            found.append(one)
            continue
        tight = len(said) == len(piece.group().strip())
        apart = [] if tight else _apart(piece.group(), piece.start(), when, inner)
        if apart:
            found += apart
            continue
        several = _inside(said, when, inner, any(t.kind == "ongoing" for t in found))
        found += [replace(t, start=at + t.start, end=at + t.end if tight else piece.end()) for t in several]
        if not several and word("timely").search(said):
            unread.append((at, piece.end()))
    return CellTimes(found, unread)


_WORD = re.compile(r"\S+")


def _apart(piece: str, start: int, when: When, inner: Inner) -> list[Time]:
    """The times of a piece that blanks part into times of their own (6月底动工 全年推广); none where a part is none, or
    a bare year, which belongs to what follows."""
    out: list[Time] = []
    for part in _WORD.finditer(piece):
        at = start + part.start()
        one = _cell_time(part.group(), when, at, at + len(part.group()))
        times = [one] if one else [replace(t, start=at + t.start, end=at + t.end) for t in inner(part.group(), when)]
        if not times or any(t.form == "year" for t in times):
            return []
        out += times
    return out if len(out) > 1 else []


#: No time is longer.
_LONGEST = 40


def is_time(text: str) -> bool:
    """Whether folded text is one time and nothing else."""
    said = _squeezed(text)
    if len(said) > _LONGEST or not _cell_hint().search(said):
        return False
    return _cell_time(said, When(), 0, len(text)) is not None


def may_hold_times(text: str) -> bool:
    """Whether folded text has a character that every time in a cell has one of."""
    return _cell_hint().search(text) is not None


@lru_cache(maxsize=_KEPT)
def times_in(text: str) -> tuple[Time, ...]:
    """The times of folded text read as a cell, whose days do not matter: is this a cell of time?"""
    return tuple(read_cell(text, When(), _bounded).times) if may_hold_times(text) else ()


def _bounded(said: str, when: When) -> list[Time]:
    """The times in longer text without bare years, which stand in any sentence."""
    return [t for t in find_times(said, when) if t.form != "year" or t.opening or t.closing]


def _squeezed(text: str) -> str:
    return "".join(tight(text)[0].split())


def _cell_time(said: str, when: When, start: int, end: int) -> Time | None:
    if len(said) > _LONGEST:
        return None
    for row in _in_cell().fitting(said):
        match = row.whole.fullmatch(said)
        if match:
            time = _time(row, match, when, start, end, "", "")
            return time if time.possible else None
    return None


def _inside(said: str, when: When, inner: Inner, ongoing: bool) -> list[Time]:
    found = inner(said, when)
    if ongoing:
        return found
    for match in word("without_end").finditer(said):
        if not any(t.start < match.end() and match.start() < t.end for t in found):
            return [*found, Time(match.start(), match.end(), "ongoing", "ongoing", "time.ongoing")]
    return found


# --- days ----------------------------------------------------------------------------------------------------------


def _days(said: dict[str, str], when: When) -> tuple[str | None, str | None, bool]:
    """(first day of a span, last day, whether a calendar has them)."""
    if not _in_calendar(said):
        return None, None, False
    if "wr" in said:
        return _from_the_papers_week(said, when)
    if "mr" in said or "qr" in said:
        return _from_the_papers_day(said, when)
    first_year = _year(said.get("y1"), when)
    last_year = _last_year(said, first_year, when)
    month = said.get("m") or (said.get("m1") if "d" in said else None)
    if month is None and ("d" in said or said.get("x") in _said("thirds")):  # a day of a month that nothing tells
        return None, None, True
    if last_year is None:
        return None, None, _some_year_has(said, month)
    last = _last_day(last_year, said, month)
    first = _first_day(_beginning(said, first_year, last_year), said)
    if first and last and first > last and "y1" not in said:
        first = _first_day(last_year, said)
    if last is None or (_is_span(said) and first is None) or (first and first > last):
        return None, None, False
    return first, last, True


def _last_year(said: dict[str, str], first_year: int | None, when: When) -> int | None:
    """The year of the last day: where a plan ends, else what is said, seen from the first year or from the paper's."""
    if "p" in said:
        return _plan_end(said["p"])
    return _year(said.get("y"), When(first_year) if "y1" in said else when)


def _beginning(said: dict[str, str], first_year: int | None, last_year: int) -> int:
    """The year that a span begins in: 2022年全年 lies in one year, 3月至2024年2月 begins in that of the paper."""
    return last_year if first_year is None or "whole" in said else first_year


def _is_span(said: dict[str, str]) -> bool:
    return any(name in said for name in ("y1", "m1", "q1", "whole"))


def _in_calendar(said: dict[str, str]) -> bool:
    """Whether months are 1 to 12, days 1 to 31 and years of our time."""
    months = [number(said[k]) for k in ("m", "m1") if k in said]
    days = [number(said[k]) for k in ("d", "d1") if k in said]
    years = [y for k in ("y", "y1") if (y := _written_year(said.get(k))) is not None]
    return (
        all(m is not None and 1 <= m <= _MONTHS for m in months)
        and all(d is not None and 1 <= d <= 31 for d in days)
        and all(_FIRST_YEAR <= y <= _LAST_YEAR for y in years)
    )


#: A leap year: has every day that some year has.
_LEAP = 2000


def _some_year_has(said: dict[str, str], month: str | None) -> bool:
    return month is None or _last_day(_LEAP, said, month) is not None


def _written_year(word: str | None) -> int | None:
    if word is None or len(word) != 4:
        return None
    return number(word)


def _year(word: str | None, when: When) -> int | None:
    if word is None:
        return when.year
    written = _written_year(word)
    if written is not None:
        return written
    return None if when.year is None else when.year + _said("years")[word]


def _plan_end(figure: str) -> int:
    """The last year of the plan of that number: 四 (十四五) gives 2025."""
    return _FIRST_PLAN_YEAR + _PLAN_YEARS * ((number(figure) or _FIRST_PLAN) - _FIRST_PLAN)


def _from_the_papers_day(said: dict[str, str], when: When) -> tuple[str | None, str | None, bool]:
    """This month, next month, this quarter: they need the day of the paper."""
    if when.day is None:
        return None, None, True
    year, month = int(when.day[:4]), int(when.day[5:7])
    if "qr" in said:
        month = -(-month // _MONTHS_A_QUARTER) * _MONTHS_A_QUARTER
        month += _MONTHS_A_QUARTER if word("next").match(said["qr"]) else 0
    elif word("next").match(said["mr"]):
        month += 1
    year, month = year + (month - 1) // _MONTHS, (month - 1) % _MONTHS + 1
    last = _last_day(year, said, str(month))
    return None, last, last is not None


def _from_the_papers_week(said: dict[str, str], when: When) -> tuple[str | None, str | None, bool]:
    if when.day is None:
        return None, None, True
    day = date.fromisoformat(when.day)
    week = _said("week")
    named = said.get("wd", week[-1])
    weekday = week.find(_said("last_of_week").get(named, named))
    last = day + timedelta(days=weekday - day.weekday() + (len(week) if word("next").fullmatch(said["wr"]) else 0))
    return None, last.isoformat(), True


def _last_day(year: int, said: dict[str, str], month: str | None) -> str | None:
    if "q" in said:
        return _month_end(year, _quarter(said["q"]) * _MONTHS_A_QUARTER)
    if "h" in said:
        return _month_end(year, _MONTHS // 2 if word("first_half").fullmatch(said["h"]) else _MONTHS)
    if month is None:
        return _day(year, _MONTHS, 31)
    n = number(month) or 0
    if "d" in said:
        return _day(year, n, number(said["d"]) or 0)
    if said.get("x") in _said("parts_of_month"):
        return _day(year, n, _said("parts_of_month")[said["x"]])
    return _month_end(year, n)


def _first_day(year: int, said: dict[str, str]) -> str | None:
    if "m1" in said:
        return _day(year, number(said["m1"]) or 0, (number(said["d1"]) or 0) if "d1" in said else 1)
    if "q1" in said:
        return _day(year, (_quarter(said["q1"]) - 1) * _MONTHS_A_QUARTER + 1, 1)
    if "y1" in said or "whole" in said:
        return _day(year, 1, 1)
    return None


def _quarter(word: str) -> int:
    return number(word) or 1


def _month_end(year: int, month: int) -> str | None:
    return _day(year, month, calendar.monthrange(year, month)[1]) if 1 <= month <= _MONTHS else None


def _day(year: int, month: int, day: int) -> str | None:
    if not (1 <= month <= _MONTHS and _FIRST_YEAR <= year <= _LAST_YEAR):
        return None
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


# --- sentences -----------------------------------------------------------------------------------------------------

_STOP = re.compile(r"[。;\n]")


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """The stretches between full stops, semicolons and line ends that may name a time; most name none."""
    end = len(text) if end is None else end
    at = start
    for found in hint().finditer(text, start, end):
        if found.start() < at:
            continue
        low = found.start()
        while (low := max(at, *(text.rfind(c, at, low) + 1 for c in "。;\n"))) > at and _broken().match(text, low - 1):
            low -= 1
        stop = _STOP.search(text, found.end(), end)
        while stop and _broken().match(text, stop.start()):
            stop = _STOP.search(text, stop.end(), end)
        at = stop.start() if stop else end
        mark = _clause_number().match(text, low, at)
        yield mark.end() if mark else low, at


@cache
def _clause_number() -> re.Pattern[str]:
    """The number of a clause before its sentence, which is none of a time."""
    return rule("clause_number", "layout.toml")


def _begin(text: str, start: int, end: int) -> int:
    """Where the stretch begins that stands before `end`."""
    return max(start, *(text.rfind(c, start, end) + 1 for c in "。;\n"))


@cache
def _broken() -> re.Pattern[str]:
    """The end of a line within a time, as where a cell is narrow."""
    return rule("time_broken", "layout.toml")


#: A figure that a converter set as a formula ($\mathbf{9}$, whose brackets are round after the fold), or white space.
_FORMULA = re.compile(r"\$[^$\n]{1,60}\$")
_MACRO = re.compile(r"\\[A-Za-z]+")
_RANGE = "\\sim"
_LOOSE = re.compile(r"[\s$]")
_BETWEEN_FIGURES = re.compile(r"[0-9A-Za-z] +[0-9A-Za-z]")


def tight(text: str) -> tuple[str, list[int] | None]:
    """(text without the white space inside it and without the marks of formulas, place of each of its characters in
    `text` or None where they are the same). A blank between two figures or letters stays."""
    if not _LOOSE.search(text):
        return text, None
    marks = [" "] * len(text)
    for n, c in enumerate(text):
        marks[n] = c
    for formula in _FORMULA.finditer(text):
        _bare_formula(marks, formula)
    kept = [n for n, c in enumerate(marks) if c and not c.isspace()]
    for blank in _BETWEEN_FIGURES.finditer(text):
        if marks[blank.start()] and marks[blank.end() - 1] and "$" not in text[blank.start() : blank.end()]:
            kept.append(blank.start() + 1)
    kept.sort()
    return "".join(marks[n] for n in kept), kept


def _bare_formula(marks: list[str], formula: re.Match[str]) -> None:
    """Leaves the figures of a formula, and a dash for the sign of a range."""
    a, b = formula.span()
    for n in range(a, b):
        if not marks[n].isdecimal():
            marks[n] = marks[n] if word("in_formula").match(marks[n]) else ""
    for macro in _MACRO.finditer(formula.string, a, b):
        if macro.group() == _RANGE:
            marks[macro.start()] = "-"
