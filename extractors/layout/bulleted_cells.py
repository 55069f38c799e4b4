"""Rows run together whose cells of units and times are lists with a ● before each entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from ..words.collectives import is_collective
from ..words.fold import fold, squeeze
from ..words.forms import MARK
from ..words.headings import UNIT_KINDS
from ..words.unit_shapes import UnitShapes
from .building import Field
from .lines import Line
from .stream_atoms import BULLET, GROUP, looks
from .table_ends import CHAPTER
from .title_ends import heading_end

#: A mark and what stands behind it, or words before the first mark.
_ENTRY = re.compile(r"[●•◆■▲★]?[^●•◆■▲★]+")
#: Characters of the second line of an entry, of a chapter, of a title on a line of its own, of one with a number.
_SECOND_LINE, _LONG_CHAPTER, _LONG_TITLE, _LONG_NUMBERED = 12, 50, 50, 40
_NUMBER = re.compile(r"\d{1,3}(?![\d.、])\s*")


@dataclass(slots=True)
class _Entry:
    """Words of a row before its lists, or an entry of a list with its bullet: span in the source, folded text, and what
    stands before it (line, space, none)."""

    start: int
    end: int
    text: str
    joint: str

    @property
    def bullet(self) -> bool:
        return bool(BULLET.match(self.text))

    @property
    def name(self) -> str:
        """The text without its bullet."""
        return BULLET.sub("", self.text)


def bulleted(body: list[Line], kinds: list[str], twins: list[str], source: str, shapes: UnitShapes) -> list[Field]:
    """Rows whose unit and deadline cells are ●-lists: text up to the first bullet, then the lists."""
    unit_columns = [i for i, k in enumerate(kinds) if k in UNIT_KINDS]
    due = next((i for i, k in enumerate(kinds) if k == "deadline"), None)
    fields: list[Field] = []
    row = 0
    for texts, run in _rows(_entries(body, shapes)):
        row += 1
        if texts:
            words = _WordsBefore([(e.start, e.end) for e in texts], kinds, row, source)
            fields += words.fields(twins)
            row = words.row
        times = [e for e in run if looks(e.name, shapes) == "deadline"]
        people = [e for e in run if e not in times]
        one_line = bool(times) and times[0].joint == "none"
        for column, group in zip(unit_columns, _columns_of(people, len(unit_columns), one_line), strict=False):
            if group:
                fields.append(Field(row, column, [(e.start, e.end) for e in group]))
        if due is not None and times:
            fields.append(Field(row, due, [(e.start, e.end) for e in times]))
    return fields


def _entries(body: list[Line], shapes: UnitShapes) -> list[_Entry]:
    entries: list[_Entry] = []
    for line in body:
        first = True
        for match in _ENTRY.finditer(line.text):
            word = match.group()
            stripped = word.strip()
            if not stripped:
                continue
            lead = len(word) - len(word.lstrip())
            start = line.start + match.start() + lead
            spaced = lead or line.text[: match.start()].endswith(" ")
            here = _Entry(start, start + len(stripped), stripped, "line" if first else "space" if spaced else "none")
            if first and entries and entries[-1].bullet and not here.bullet and _goes_on(entries[-1], here, shapes):
                entries[-1].end = here.end
                entries[-1].text += here.text
            else:
                entries.append(here)
            first = False
    return entries


def _goes_on(before: _Entry, entry: _Entry, shapes: UnitShapes) -> bool:
    """Whether an entry of a list goes on in the next line: it names nothing yet."""
    if shapes.is_unit(before.name) or looks(before.name, shapes) == "deadline":
        return False
    return len(entry.text) < _SECOND_LINE


def _rows(entries: list[_Entry]) -> Iterator[tuple[list[_Entry], list[_Entry]]]:
    """For each row its words and the entries of its lists."""
    runs = [(bullet, list(run)) for bullet, run in groupby(entries, key=lambda e: e.bullet)]
    if runs and runs[0][0]:
        runs.insert(0, (False, []))
    for at in range(0, len(runs), 2):
        yield runs[at][1], runs[at + 1][1] if at + 1 < len(runs) else []


def _columns_of(run: list[_Entry], columns: int, one_line: bool) -> list[list[_Entry]]:
    """Parts a run of units among the unit columns. `one_line`: the next cell follows it closely."""
    if columns <= 1 or not run:
        return [run] + [[] for _ in range(columns - 1)]
    if columns == 2:
        cut = _second_column(run, one_line)
        return [run[:cut], run[cut:]]
    cuts = [i for i, e in enumerate(run) if i and e.joint == "none"][: columns - 1]
    out = [run[a:b] for a, b in pairwise([0, *cuts, len(run)])]
    return out + [[] for _ in range(columns - len(out))]


def _second_column(run: list[_Entry], one_line: bool) -> int:
    """Where the second of two columns begins: with a repetition, else at the one tight joint, else at the last line
    where the next cell follows it closely (`one_line`: a cell of several lines ends in a line break), else at the first
    collective."""
    names = [squeeze(e.name) for e in run]
    half = len(names) // 2
    if half and names[:half] == names[half:]:
        return half
    tight = [i for i, e in enumerate(run) if i and e.joint == "none"]
    if len(tight) == 1:
        return tight[0]
    last = max((i for i, e in enumerate(run) if i and e.joint == "line"), default=0)
    if one_line and last and not tight:
        return last
    spaced = next((i for i, e in enumerate(run) if e.joint == "space"), 0)
    if spaced > 1 and run[spaced - 1].joint == "line":
        # One list has an entry a line, the other its entries side by side.
        return spaced - 1
    many = next((i for i, n in enumerate(names) if is_collective(n)), 0)
    return many or 1


class _WordsBefore:
    """The words before a row's lists, put into its columns piece by piece from their beginning."""

    def __init__(self, pieces: list[tuple[int, int]], kinds: list[str], row: int, source: str) -> None:
        self._pieces, self._kinds, self.row, self._source = pieces, kinds, row, source
        self._out: list[Field] = []
        self._first = self._folded()

    def _folded(self) -> str:
        """The words of the first piece."""
        return fold(self._source[slice(*self._pieces[0])])

    def fields(self, twins: list[str]) -> list[Field]:
        """The fields; what stands over a row of its own moves `row`."""
        columns = [i for i, k in enumerate(self._kinds) if k in ("section", "task", "text")]
        if not columns:
            return []
        self._chapter()
        if "number" in self._kinds:
            lead = _NUMBER.match(self._first)
            if lead:
                self._cut(self._kinds.index("number"), len(lead.group().strip()), lead.end())
        if len(columns) > 2 or (len(columns) == 2 and self._kinds[columns[0]] == "section"):
            inner = GROUP.match(self._first)
            if inner:
                self._cut(columns[0], inner.end(), inner.end())
        if len(columns) > 1 and self._kinds[columns[-2]] != "section":
            self._title(columns[-2], twins)
            self._pieces = [(a, b) for a, b in self._pieces if b > a]
        if self._pieces:
            self._out.append(Field(self.row, columns[-1], self._pieces))
        return self._out

    def _chapter(self) -> None:
        """A chapter's heading on a line of its own is a row over all columns."""
        short = len(self._first) < _LONG_CHAPTER and "。" not in self._first
        if CHAPTER.match(self._first) and short and len(self._pieces) > 1:
            self._out.append(Field(self.row, 0, [self._pieces.pop(0)], len(self._kinds)))
            self.row += 1
            self._first = self._folded()

    def _cut(self, column: int, end: int, rest: int) -> None:
        """The first characters of the first piece are a field; it goes on at `rest`."""
        a, b = self._pieces[0]
        self._out.append(Field(self.row, column, [(a, a + end)]))
        self._pieces[0] = (a + rest, b)
        self._first = self._first[rest:]

    def _title(self, column: int, twins: list[str]) -> None:
        """The title of the task: up to where words tell its end, else the first line."""
        cut = heading_end(self._first, twins)
        if cut:
            behind = self._pieces[0][0] + cut
            self._cut(column, cut, cut + (fold(self._source[behind : behind + 1]) in "。:"))
            return
        alone = len(self._pieces) > 1 and len(self._first) <= _LONG_TITLE and "。" not in self._first
        if alone or (MARK.match(self._first) and len(self._first) <= _LONG_NUMBERED):
            self._out.append(Field(self.row, column, [self._pieces.pop(0)]))
