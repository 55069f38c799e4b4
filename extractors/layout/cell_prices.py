"""What the cells of a flattened table cost: in a column of a kind by what they look like, and where they are parted.

Rules of thumb as figures; `lattice` adds them up for the atoms of a table, `segmentation` looks for the cheapest way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from ..words.cells import Look
from ..words.collectives import is_collective
from ..words.forms import TERMINAL
from ..words.parts import rule
from .atoms import BAR, BAR_END, BLANK, GAP, LINE, NOTHING, SPACE, Atom
from .broken_lines import left_open

INFINITE = float("inf")

#: Columns as the decoder tells them apart; UNITS with what kind of units is one of `words.headings.UNIT_KINDS`.
UNITS = ("lead", "responsible", "support", "units")
LONG = ("text", "work", "other", "progress", "goal", "remark", "nowork", "any")
_SHORT = ("section", "group", "point", "task")
#: Looks of headings that are numbered as those of an outline are.
HEADED = ("chapter", "clause")
WINDOW = 6
WRITTEN = {LINE: "\n", GAP: "\n", BLANK: " ", SPACE: " "}
LONG_CELL = 160

#: What a cell of a look costs in a column of a kind; what is not listed does not fit.
MISFIT = 9.0
#: Characters of a cell of a kind at most, and what each more costs; of one that may be a text, at least, and what it
#: costs that it is shorter; of words among units, and among persons, days and money, and what it costs that they are
#: more.
_LONGEST = {"section": (16, 0.1), "task": (30, 0.03)}
_TEXT, _SHORT_TEXT = 8, 0.8
_AMONG_UNITS, _AMONG_SHORT, _TOO_LONG = 12, 8, 1.5
_COST: dict[str, dict[str, float]] = {
    kind: {k: float(v) for k, v in (pair.split(":") for pair in row.split())}
    for kind, row in {
        "number": "number:0",
        "section": (
            "phrase:0.3 chapter:0.1 clause:0.3 heading:0.6 maybe:1 timely:1.5 sentence:3 units:3 "
            "person:2 basis:4 time:4"
        ),
        "work": (
            "sentence:0 schedule:1.5 timely:0 heading:0 clause:0.3 phrase:0.2 chapter:0.8 maybe:0.4 "
            "basis:1.5 units:3.8 person:3.5 time:5.5 year:6 money:6 phone:8 number:8"
        ),
        "group": "clause:0 phrase:2",
        "point": "heading:0 phrase:0.2 sentence:1.5 timely:1.5 maybe:1 units:4",
        "task": (
            "phrase:0.2 schedule:3 clause:0 heading:0 chapter:0.4 sentence:0.7 timely:0.6 maybe:0.7 "
            "units:3.5 person:2.5 basis:2.5 time:5 year:6"
        ),
        "text": (
            "sentence:0 schedule:1 timely:0.1 heading:0.1 clause:0.4 phrase:0.6 chapter:1 maybe:0.8 "
            "basis:2 units:4.5 person:4.5 time:5.5 year:6 money:6 phone:8 number:8"
        ),
        "units": "units:0 maybe:0.4 nobody:0.1 phrase:2.4 person:3.5 heading:5 sentence:6 timely:6 time:7",
        "deadline": "time:0 year:0 schedule:0.1 timely:1 nobody:0.2 phrase:2.5 sentence:4 number:4 units:7",
        "person": "person:0 phone:0.3 nobody:0.2 phrase:2.2 maybe:3.5 units:4",
        "phone": "phone:0 nobody:0.2 money:1 year:3 phrase:3",
        "money": "money:0 year:0.1 number:0.4 nobody:0.2 phrase:2",
        "basis": "basis:0 nobody:0.2 sentence:2 phrase:1.6 timely:2.2",
        "other": (
            "nobody:0.1 schedule:0.9 phrase:0.5 sentence:0.8 timely:0.8 basis:1.5 time:1.8 units:2.5 "
            "heading:1.8 maybe:1.5 number:2.5 money:1 year:1 person:2.2 clause:2.5"
        ),
        "nowork": (
            "phrase:0.5 heading:0.5 sentence:0.5 timely:0.6 number:1 money:0.4 year:0.4 time:1 units:1.5 "
            "maybe:0.8 nobody:0.2 basis:1"
        ),
        "any": (
            "phrase:0.7 schedule:0.8 sentence:1 timely:1 nobody:0.3 time:1 units:1.2 maybe:1 money:0.8 year:0.8 "
            "phone:0.8 person:0.9 basis:0.8 number:2 heading:1.5 clause:2.5"
        ),
    }.items()
}

#: What it costs that a row has nothing in a column: merged with the row above, or empty.
SKIP = {
    "number": 1.6,
    "section": 0.4,
    "group": 0.3,
    "point": 0.1,
    "task": 0.8,
    "text": 2.6,
    "work": 2.6,
    "lead": 1.8,
    "responsible": 1.8,
    "units": 1.8,
    "support": 1.0,
    "deadline": 1.2,
    "person": 1.0,
    "phone": 0.8,
    "money": 0.8,
    "basis": 0.6,
    "other": 0.3,
    "nowork": 0.8,
    "any": 0.6,
}


@dataclass(frozen=True)
class Form:
    """How atoms are parted in a form of flattening: what it costs that a row, that a cell begins at a joint, and that
    a cell goes on over it."""

    row: dict[str, float]
    cell: dict[str, float]
    within: dict[str, float] = field(default_factory=dict)  # no entry: never
    outside: float = 1.2  # what it costs that the table has ended


#: A row a line, bars between the cells.
BAR_ROWS = Form(
    {BAR_END: 0.0, BAR: 4.0, LINE: 3.0, GAP: 2.0},
    {BAR: 0.0, BAR_END: 2.5, LINE: 3.5, GAP: 3.5},
    {LINE: 0.0, GAP: 0.3},
    8.0,
)
#: A cell a line, with bars behind the cells or between them.
BAR_CELLS = Form(
    {BAR_END: 0.0, BAR: 0.3, LINE: 2.5, GAP: 2.0},
    {BAR: 0.0, BAR_END: 0.0, LINE: 2.5, GAP: 2.5},
    {LINE: 0.0, GAP: 0.2},
    8.0,
)
#: A cell a line.
CELL_LINES = Form({LINE: 0.0, GAP: 0.0}, {LINE: 0.0, GAP: 0.0}, {LINE: 0.0, GAP: 0.4})
#: The same with an empty line between the cells: lines without one are of the same cell.
GAP_CELLS = Form({GAP: 0.0, LINE: 1.5}, {GAP: 0.0, LINE: 1.2}, {LINE: -0.3, GAP: 1.2})
#: A row a line, blanks between the cells; cells may be broken.
BLANK_ROWS = Form(
    {LINE: 0.0, GAP: 0.0, BLANK: 2.0, SPACE: 3.0},
    {BLANK: 0.0, LINE: 0.7, GAP: 1.0, SPACE: 1.8},
    {BLANK: 0.0, LINE: 0.0, GAP: 0.5, SPACE: 0.0},
)
#: Blanks between the cells, rows go on in the same line.
ONE_LINE = Form(
    {LINE: 0.0, GAP: 0.0, BLANK: 0.0, SPACE: 1.8},
    {BLANK: 0.0, LINE: 0.3, GAP: 0.5, SPACE: 1.2},
    {BLANK: 0.0, LINE: 0.0, GAP: 0.5, SPACE: 0.0},
)
#: Nothing between the cells.
TIGHT = Form(
    {NOTHING: 0.0, LINE: 0.0, GAP: 0.0, BLANK: 0.0},
    {NOTHING: 0.0, LINE: 0.2, GAP: 0.3, BLANK: 0.0},
    {NOTHING: 0.0, LINE: 0.0, GAP: 0.3, BLANK: 0.0},
)


@lru_cache(maxsize=1 << 14)
def content(kind: str, seen: Look) -> float:
    """What a cell that looks so costs in a column of a kind."""
    base = "units" if kind in UNITS else kind
    table = _COST.get(base) or _COST["other"]
    price = table.get(seen.kind, MISFIT)
    size = seen.size
    longest, each = _LONGEST.get(kind, (size, 0.0))
    if size > longest:
        price += each * (size - longest)
    elif kind == "text" and seen.kind in ("phrase", "maybe") and size < _TEXT:
        price += _SHORT_TEXT
    elif seen.kind == "phrase" and (
        (base == "units" and size > _AMONG_UNITS) or (kind in ("person", "deadline", "money") and size > _AMONG_SHORT)
    ):
        price += _TOO_LONG
    return price


@lru_cache(maxsize=1 << 14)
def least(kind: str, looks: tuple[str, ...], size: int) -> float:
    """What a cell of so many characters costs at least in a column of a kind, where it has one of some looks."""
    return min(content(kind, Look(look, size)) for look in looks)


#: Columns of names; what it costs that a name goes on in a line that tells an amount.
_NAMES, _AMOUNT = ("task", "section"), 0.6

#: What can not be the second line of a cell of units.
_NO_UNITS = ("time", "timely", "sentence", "number", "heading", "person", "money", "year", "phone")


_LISTED = re.compile(r"[、,;]")


#: What it costs that a cell goes on: where a mark leaves it open; behind a blank inside; with a heading of its own;
#: with a character or two behind a blank; over a line that was not broken there; where a sentence ended.
_LEFT_OPEN, _ON_SPACE, _ON_HEADING, _ON_BIT, _ON_UNBROKEN, _ON_ENDED = -0.2, 0.05, 2.5, 0.1, 1.5, 0.6
_BIT = 3
#: The same by the kind of the cell: behind a blank or nothing, and in another line.
_ON_BLANK = {"task": 0.6, "section": 0.6, "deadline": 0.8}
_BEHIND_BLANK, _BEHIND_NOTHING = 0.35, 0.2
_ON_LINE, _BEHIND_LINE = {"person": 0.3, "deadline": 0.6}, 0.8
_TEXT_ON, _TEXT_ENDED, _ANY_ON = 0.3, 1.0, 0.4
#: Mostly one leads; a cell has its units on lines or side by side.
_LEAD_ON, _UNITS_ON, _UNITS_MIXED = 0.46, 0.45, 0.02


def goes_on(kind: str, before: Atom, atom: Atom, seen: Look) -> float:
    """What it costs that a cell of a kind goes on from one atom in the next."""
    if kind == "number":
        return INFINITE
    if atom.page and _closes_other(before, atom):
        return _ON_HEADING
    if kind in UNITS and seen.kind in HEADED:
        return INFINITE
    if left_open(before, atom, kind in UNITS):
        return _LEFT_OPEN
    if atom.joint == SPACE:
        return _ON_SPACE
    if kind in UNITS and seen.kind in _NO_UNITS:
        return INFINITE
    if seen.kind in (*HEADED, "units") and kind in _SHORT:
        return _ON_HEADING
    if kind == "deadline" and seen.kind == "units" and atom.joint == GAP:
        return INFINITE  # the next row's heading, that looks like a unit (社区)
    if atom.joint not in (BLANK, NOTHING):
        return _goes_on_below(kind, before, atom, seen)
    if len(atom.text) < _BIT:
        return _ON_BIT
    return _ON_BLANK.get(kind, _BEHIND_BLANK if atom.joint == BLANK else _BEHIND_NOTHING)


def _goes_on_below(kind: str, before: Atom, atom: Atom, seen: Look) -> float:
    """The same where the next atom stands in another line."""
    ended = bool(TERMINAL.search(before.text))
    if (kind in LONG or kind in _NAMES) and not ended and _unbroken(before, atom):
        return _ON_UNBROKEN
    if kind in UNITS:
        listed = bool(_LISTED.search(atom.text))
        mixed = listed and not _LISTED.search(before.text) and atom.joint in (LINE, GAP)
        return (_LEAD_ON if kind == "lead" else _UNITS_ON) + (_UNITS_MIXED if mixed else 0.0)
    if kind in LONG:
        return (_TEXT_ENDED if ended else _TEXT_ON) + (_ANY_ON if kind == "any" else 0.0)
    amount = kind in _NAMES and seen.kind in ("phrase", "sentence") and any(c.isdigit() for c in atom.text)
    return _ON_LINE.get(kind, _BEHIND_LINE) + (_ON_ENDED if ended else 0.0) + (_AMOUNT if amount else 0.0)


def _closes_other(before: Atom, atom: Atom) -> bool:
    """Whether the first atom of a page closes a bracket that the one before it does not open."""
    return atom.text.count(")") > atom.text.count("(") and before.text.count("(") <= before.text.count(")")


def _unbroken(before: Atom, atom: Atom) -> bool:
    """Whether a line ended where one cell's width did not end it: the next is far longer."""
    return len(before.text) < _SHORT_LINE and 2 * len(before.text) < len(atom.text)


_BAND = {"chapter": 0.2, "clause": 0.7, "heading": 2.5, "phrase": 1.5}
_LONG_BAND = 40
_SHORT_LINE = 18


def band(atom: Atom, seen: Look) -> float:
    """What it costs that an atom is a heading between rows."""
    if atom.text.count("(") != atom.text.count(")"):
        return INFINITE  # it is cut out of other words
    price = _BAND.get(seen.kind, INFINITE)
    if seen.size > _LONG_BAND or not atom.alone:
        price += 1.5
    if seen.kind == "phrase" and any(c.isdigit() for c in atom.text):
        price += 2.5  # it tells an amount
    return price


_STRAY_NUMBER, _STRAY_EMPTY, _STRAY_GAP, STRAY = 0.9, 0.4, 1.5, 7.0
OUTSIDE_EACH = 0.9
RUNS_ON, RUNS_ON_INSIDE = 0.7, 1.2
TURN = 0.3
IN_BRACKET, LONG_BRACKET = 2.5, 60
MANY_LEAD = 0.4


def is_many(text: str) -> bool:
    """Whether a list of units begins with many of them under one name."""
    return is_collective(_first(text))


def is_place(text: str) -> bool:
    """Whether a list of units begins with many units or with those of places and enterprises rather than offices."""
    return is_many(text) or bool(rule("many", "layout.toml").search(_first(text)))


def _first(text: str) -> str:
    return re.split(r"[、,;\s]", text.strip(), maxsplit=1)[0]


def stray(atom: Atom, kind: str) -> float:
    """What it costs that an atom belongs to no cell: a page's number, an empty cell too many."""
    if kind == "empty":
        return _STRAY_EMPTY if atom.joint != BLANK else _STRAY_GAP
    page = kind == "number" and not atom.runs_on and atom.joint not in (SPACE, BLANK)
    return _STRAY_NUMBER if page else STRAY


#: What it costs to end a cell where its column was full, and to go on there.
BROKEN, ON = 1.6, 0.1
