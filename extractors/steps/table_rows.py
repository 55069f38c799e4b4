"""Tables: what their columns hold, and the rows of work in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from ..layout.columns import is_work, kinds_of
from ..model import Cell, Table
from ..words.cells import CellWords, cell_words
from ..words.fold import squeeze
from ..words.forms import CHAPTER_BEGINS, CLAUSE_MARK
from ..words.headings import FIGURE_KINDS, UNIT_KINDS, kind_of_heading
from ..words.parts import pattern, tables
from ..words.unit_shapes import UnitShapes
from ..words.unit_words import label_of
from .units import find_assignments

Span = tuple[int, int]

_CLAUSE = re.compile(CLAUSE_MARK)
_ENDS = ("。", ";")
_HEADER_ROWS = 6
_LONG_HEADING = 80
_SHORT_HEADING = 20
_NEARLY_ALL = 0.9
#: Columns of which nothing goes into a record, and is not missed there.
_LEFT_OUT = ("number", "other", "person", "money", "basis", "goal", None)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(tables("tables.toml")[name])


@dataclass(slots=True)
class WorkRow:
    """A row of work: spans in the paper's text. `units` has (role of the column, span), `basis` the cells of what the
    row carries out; `undertaken`: those of its column carry it out, and do not lead others."""

    section: list[Span]
    title: Span | None
    text: Span
    units: list[tuple[str, Span]] = field(default_factory=list)
    deadline: Span | None = None
    kind: str = "text"  # of the column that the text stands in: task or text
    basis: list[Span] = field(default_factory=list)
    undertaken: bool = False


@dataclass(slots=True)
class TableReading:
    """A table as understood. `rows` is empty for a table of no work; `hidden` are cells of persons, `rest` cells not
    understood."""

    rows: list[WorkRow]
    kinds: list[str | None]
    hidden: list[Span] = field(default_factory=list)
    rest: list[Cell] = field(default_factory=list)
    unread: list[tuple[str, Span]] = field(default_factory=list)  # codes of warnings, and where


Matrix = list[list[Cell | None]]


def read_table(
    table: Table,
    text: str,
    shapes: UnitShapes,
    before: list[str | None] | None = None,
    section: list[Span] | None = None,
) -> TableReading:
    """The rows of work of a table. `text` is the folded text of the paper; `before` the columns of the table that this
    one may go on from (no header of its own), `section` the headings that stand above it."""
    matrix = _matrix(table)
    header, heads = _header(matrix, text)
    if header < 0 and before and len(before) == table.width:
        kinds = before
    else:
        kinds = _kinds(matrix, header, heads, text, table.width, cell_words(shapes))
    if header < 0 and not is_work(kinds):
        # The first row alone: below it may stand persons.
        end = max((c.end for c in matrix[0] if c), default=table.start) if matrix else table.start
        return TableReading(
            [], [], _persons(matrix, kinds), unread=[("table-unread", (table.start, min(end, table.start + 40)))]
        )
    if not is_work(kinds) and not _assigned_in_texts(matrix, header, kinds, text, shapes):
        return TableReading([], kinds, hidden=_persons(matrix, kinds))
    reading = _WorkRows(matrix, header, kinds, text, list(section or [])).read()
    reading.unread += _unread_columns(matrix, header, kinds)
    return reading


_MOST_ASSIGNED = 0.6


#: Kinds of columns that say nothing of who answers or of when.
_SILENT = {"number", "section", "task", "text", "goal", "person", "money", "basis", "other", *FIGURE_KINDS}


def _assigned_in_texts(matrix: Matrix, header: int, kinds: Sequence[str | None], text: str, shapes: UnitShapes) -> bool:
    """Whether a table without columns of units and limits is one of tasks: most texts end with who answers."""
    words = [n for n, k in enumerate(kinds) if k in ("task", "text")]
    if not words or not set(kinds) <= _SILENT:
        return False
    cells = [c for row in matrix[header + 1 :] if (c := row[words[-1]]) and c.columns == 1]
    named = sum(_ends_assigned(text, c, shapes) for c in cells)
    return named > 1 and named >= _MOST_ASSIGNED * len(cells)


def _ends_assigned(text: str, cell: Cell, shapes: UnitShapes) -> bool:
    """Whether the last words of a cell say who answers for it."""
    if not text[cell.start : cell.end].rstrip("。; ").endswith(")"):
        return False
    found = find_assignments(text, shapes, cell.start, cell.end)
    return bool(found) and bool(found[-1].parsed.items) and not text[found[-1].end : cell.end].strip("。; ")


#: A table of fields that a page has over a paper has so many at least, and less cells.
_FIELDS, _LARGE = 3, 40


def is_of_page(table: Table, text: str) -> bool:
    """Whether a table is one of fields (索引号, 发布机构, …) that a page has over the paper."""
    said = [squeeze(text[c.start : c.end]) for c in table.cells]
    labels = [words[: words.find(":") + 1] or words for words in said]  # a cell may hold its value, too
    return sum(bool(pattern("page_field").match(words)) for words in labels) >= _FIELDS and len(said) < _LARGE


# --- columns ---------------------------------------------------------------------------------------------------------


def _persons(matrix: Matrix, kinds: Sequence[str | None]) -> list[Span]:
    return [(c.start, c.end) for row in matrix for c, k in zip(row, kinds, strict=True) if c and k == "person"]


def _kinds(
    matrix: Matrix, header: int, heads: list[str | None], text: str, width: int, words: CellWords
) -> list[str | None]:
    """What each column holds, by its heading and by its cells."""
    cells = [
        [
            text[c.start : c.end]
            for index, row in enumerate(matrix[header + 1 :], header + 1)
            if (c := row[column]) and c.columns == 1 and c.row == index
        ]
        for column in range(width)
    ]
    if header < 0:
        heads = [None] * width
    return _widened(matrix, header, kinds_of(heads, cells, words), heads)


def _widened(matrix: Matrix, header: int, kinds: list[str | None], heads: list[str | None]) -> list[str | None]:
    """The kinds where a heading of work is that of the column beside it, too, which has none: 具体任务 over the names
    of the tasks and their texts."""
    out = list(kinds)
    for i in range(1, len(out)):
        if header < 0 or heads[i] or out[i] or out[i - 1] not in ("section", "task", "text"):
            continue
        if any(c.end > c.start for row in matrix[header + 1 :] if (c := row[i])):
            out[i] = out[i - 1]
    return out


def _unread_columns(matrix: Matrix, header: int, kinds: list[str | None]) -> list[tuple[str, Span]]:
    """The columns of a task table that hold something of which neither heading nor content says what it is."""
    out = []
    words = [i for i, k in enumerate(kinds) if k in ("task", "text")]
    for i, kind in enumerate(kinds):
        head = matrix[header][i] if header >= 0 else None
        if kind is not None or (words and min(words) < i < max(words)) or head is None or head.end == head.start:
            continue
        if any(c and c.columns == 1 and c.end > c.start for c in (row[i] for row in matrix[header + 1 :])):
            out.append(("column-unread", (head.start, head.end)))
    return out


def _matrix(table: Table) -> Matrix:
    height = max((c.row + c.rows for c in table.cells), default=0)
    matrix: Matrix = [[None] * table.width for _ in range(height)]
    for cell in table.cells:
        for row in range(cell.row, min(height, cell.row + cell.rows)):
            for column in range(cell.column, min(table.width, cell.column + cell.columns)):
                matrix[row][column] = cell
    return matrix


#: One of these tells that a row of headings is that of a table of work, or of its figures.
_TELLING = {"task", "text", *UNIT_KINDS, "deadline", *FIGURE_KINDS, "goal"}
_FEWEST_HEADINGS = 2


def _header(matrix: Matrix, text: str) -> tuple[int, list[str | None]]:
    """(index of the last header row, heading of each column), or (-1, []) where there is none."""
    for index, row in enumerate(matrix[:_HEADER_ROWS]):
        heads = _heads(row, text)
        if _are_headings(row, heads):
            below = _second_header(matrix[index + 1], text) if index + 1 < len(matrix) else None
            if below is None:
                return index, heads
            return index + 1, [b or h for h, b in zip(heads, below, strict=True)]
    heads = _heads(matrix[0], text) if matrix else []
    if heads and heads[0] and kind_of_heading(heads[0]) == "number" and all(heads):
        return 0, heads
    return -1, []


def _are_headings(row: list[Cell | None], heads: list[str | None]) -> bool:
    """Whether a third of a row's cells at least are known headings, and one tells of work."""
    kinds = [kind_of_heading(h) if h else None for h in heads]
    known = {id(c) for c, k in zip(row, kinds, strict=True) if k}
    if len(known) < _FEWEST_HEADINGS or 3 * len(known) < len(_filled(row)):
        return False
    return bool(set(kinds) & _TELLING)


def _second_header(row: list[Cell | None], text: str) -> list[str | None] | None:
    """The headings of a row below a header, if it has some. One over the whole width is one cell, and no second row of
    headings."""
    below = _heads(row, text)
    second = len(_filled(row)) >= _FEWEST_HEADINGS and all(kind_of_heading(h) for h in below if h)
    return below if second else None


def _filled(row: list[Cell | None]) -> set[int]:
    """The cells of a row that hold something, each once."""
    return {id(c) for c in row if c and c.end > c.start}


def _heads(row: list[Cell | None], text: str) -> list[str | None]:
    return [text[c.start : c.end] or None if c else None for c in row]


# --- rows ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Here:
    """A row of the grid: its full cells by column, as spans and as words."""

    index: int
    cells: list[Cell | None]
    full: dict[int, Span]
    said: dict[int, str]

    def empty(self, column: int) -> bool:
        """Whether a field holds nothing and belongs to no merged cell."""
        cell = self.cells[column]
        return cell is not None and cell.end == cell.start and not cell.merged


class _WorkRows:
    """Reads the rows of work, from the first below the headings to the last."""

    def __init__(self, matrix: Matrix, header: int, kinds: list[str | None], text: str, above: list[Span]) -> None:
        self.matrix, self.header, self.kinds, self.text = matrix, header, kinds, text
        self.out = TableReading([], kinds)
        self.chapter = above
        self.last: dict[int, Span] = {}
        self.heads = [squeeze(text[c.start : c.end]) if c else "" for c in matrix[header]] if header >= 0 else []
        self._divide(self._words())
        self.unit_columns = [(i, k) for i, k in enumerate(kinds) if k in UNIT_KINDS]
        self.due = self._limits()
        answering = [self.heads[i] for i, k in self.unit_columns if k == "responsible" and self.heads]
        self.undertaken = bool(answering) and all(_pattern("undertakes").fullmatch(h) for h in answering)
        main = [i for i, k in self.unit_columns if k != "support"]
        self.main = main or [i for i, _ in self.unit_columns]
        self.bands = self._has_bands()
        self.closed = self._texts_closed()
        self.given: Span | None = None  # who answers for the rows below a heading
        self.dated = False  # the last row has a limit of its own

    def _limits(self) -> int | None:
        """The column of limits; none that tells when work begins where another tells the end, and of several under
        one heading the last."""
        found = [i for i, k in enumerate(self.kinds) if k == "deadline"]
        if len(found) < 2 or not self.heads:
            return next(iter(found), None)
        ends = [i for i in found if not _pattern("begins").match(self.heads[i])] or found
        return [i for i in ends if self.heads[i] == self.heads[ends[0]]][-1]

    def _has_bands(self) -> bool:
        """Whether numbered headings stand alone in rows of their own, and no row of work is numbered like them."""
        alone = beside = 0
        for row in self.matrix[self.header + 1 :]:
            cell = row[self.work]
            words = squeeze(self.text[cell.start : cell.end]) if cell else ""
            more = any(c is not cell and c is not None and c.end > c.start for c in row)
            if more and _CLAUSE.match(words):
                return False
            alone += bool(not more and _CLAUSE.match(words))
            beside += more
        return 0 < alone <= beside

    def _texts_closed(self) -> bool:
        """Whether nearly all texts beside which something stands are closed sentences: a phrase alone is none."""
        closed = beside = 0
        for row in self.matrix[self.header + 1 :]:
            cell = row[self.work]
            if cell and any(c is not cell and c is not None and c.end > c.start for c in row):
                closed += self.text[cell.start : cell.end].rstrip().endswith((*_ENDS, ")"))
                beside += 1
        return beside > 1 and closed >= _NEARLY_ALL * beside

    def _words(self) -> list[int]:
        """The columns that tell of work: titles and texts."""
        words = [i for i, k in enumerate(self.kinds) if k in ("task", "text")]
        # A column without a heading beside the task columns holds more of the same.
        words += [i for i, k in enumerate(self.kinds) if k is None and words and min(words) < i < max(words)]
        if any(self.kinds[i] == "task" for i in words):
            return sorted(words)
        # 工作目标 holds the tasks where no other column does and its cells are numbered.
        for i, k in enumerate(self.kinds):
            if k not in ("other", "goal") or i >= min(words):
                continue
            cells = (row[i] for row in self.matrix[self.header + 1 :])
            said = [squeeze(self.text[c.start : c.end]) for c in cells if c and c.end > c.start]
            if said and sum(bool(_CLAUSE.match(c) or re.match(r"\d{1,2}[.、]", c)) for c in said) > len(said) / 2:
                words.append(i)
        return sorted(words)

    def _divide(self, words: list[int]) -> None:
        """Which of the columns of words holds the text, which the titles, which the sections."""
        texts = [i for i in words if self.kinds[i] == "text"]
        self.words = words
        self.work = texts[-1] if texts else words[-1]
        others = [i for i in words if i != self.work]
        before = [i for i in others if i < self.work] or others
        self.title = before[-1] if before else None
        self.sections = sorted([i for i, k in enumerate(self.kinds) if k == "section"] + before[:-1])

    def read(self) -> TableReading:
        for index in range(self.header + 1, len(self.matrix)):
            here = self._here(index)
            self._hide(here)
            if here.full and not self._beside(here) and not self._heading(here):
                self._row(here)
        return self.out

    def _here(self, index: int) -> _Here:
        cells = self.matrix[index]
        full = {i: (c.start, c.end) for i, c in enumerate(cells) if c and c.end > c.start}
        return _Here(index, cells, full, {i: squeeze(self.text[a:b]) for i, (a, b) in full.items()})

    def _hide(self, here: _Here) -> None:
        for i, k in enumerate(self.kinds):
            cell = here.cells[i]
            if k == "person" and i in here.full and cell is not None and cell.columns == 1:
                self.out.hidden.append(here.full[i])

    def _beside(self, here: _Here) -> bool:
        """Whether a row is none of work: headings again, a note, a sum, the last lines of a paper in rows."""
        said = here.said
        named = [h for h in self.heads if h]
        if named and sum(said.get(i) == h for i, h in enumerate(self.heads) if h) >= max(2, len(named) - 1):
            return True
        if len({id(here.cells[i]) for i in said}) >= 2 and all(kind_of_heading(v) for v in said.values()):
            return True
        begun = [said[i] for i, c in enumerate(here.cells) if c and i in said and c.row == here.index]
        if not begun:
            return False
        if all(_pattern("filled_in").match(words) for words in begun):
            return True
        if len(set(begun)) > 1 and all(_pattern("hint").fullmatch(words) for words in begun):
            return True
        alone = len(set(begun)) == 1 and (_pattern("note").match(begun[0]) or pattern("closing").match(begun[0]))
        return bool(alone or _pattern("total").fullmatch(begun[0]))

    def _heading(self, here: _Here) -> bool:
        """Takes a row that is a heading between rows, with who answers for those below it beside it or without."""
        assigned = self._assigned(here)
        if assigned is not None:
            heading, self.given = assigned
            self._chapter(heading)
            return True
        first = next((i for i in here.full if self.kinds[i] != "number"), None)
        if first is None or not self._spans(here, first) or not self._heads(here, first):
            return False
        self._chapter(here.full[first])
        self.given = None
        return True

    def _chapter(self, heading: Span) -> None:
        style = self._style(heading)
        while self.chapter and self._style(self.chapter[-1]) >= style:
            self.chapter.pop()
        self.chapter.append(heading)
        self.last.clear()

    def _assigned(self, here: _Here) -> tuple[Span, Span] | None:
        """The heading of a row that holds nothing else but who answers for it, where no column tells that, and what
        says so."""
        if self.unit_columns:
            return None
        cells = {id(here.cells[i]): i for i in reversed(here.full)}
        if len(cells) != 2:
            return None
        heading, assigned = sorted(cells.values())
        words = here.said[heading]
        is_one = len(words) <= _LONG_HEADING and "。" not in words and not words.isdecimal()
        says_who = re.match(label_of(*UNIT_KINDS) + ":", here.said[assigned])
        return (here.full[heading], here.full[assigned]) if is_one and says_who else None

    def _spans(self, here: _Here, first: int) -> bool:
        """Whether one cell, whose first column is `first`, is all that a row says, beside a mark that is no number."""
        if len({id(here.cells[i]) for i in here.full}) == 1:
            return True
        numbers = [i for i in here.full if self.kinds[i] == "number"]
        one = len({id(here.cells[i]) for i in here.full if self.kinds[i] != "number"}) == 1
        if not one or not numbers or first not in (*self.words, *self.sections):
            return False
        return not re.fullmatch(r"\d+", here.said[numbers[0]])

    def _heads(self, here: _Here, first: int) -> bool:
        """Whether the only cell of a row reads as a heading: it is wide, has a chapter's mark, or stands among the
        titles and no row goes on in it."""
        words, one = here.said[first], here.cells[first]
        if len(words) > _LONG_HEADING or re.search(r"。.", words):
            return False
        if (one is not None and one.columns > 1) or len(self.kinds) <= 1:
            return True
        if first not in (*self.sections, *self.words[:1]) or (self.work in here.full and self.title is not None):
            return False
        closed = words.endswith(_ENDS)
        if self.closed and not closed and len(words) <= _SHORT_HEADING:
            return True
        return (
            bool(CHAPTER_BEGINS.match(words))
            or (self.bands and bool(_CLAUSE.match(words)) and not closed)
            or first != self.work
        )

    def _style(self, span: Span) -> int:
        return 2 if _CLAUSE.match(squeeze(self.text[slice(*span)])) else 1

    def _row(self, here: _Here) -> None:
        text = self._text(here)
        if text is None:
            self._leftover(here)
            return
        self._remember(here)
        row = WorkRow(
            section=[*self.chapter, *(self.last[i] for i in self.sections if i in self.last)],
            title=self.last.get(self.title) if self.title is not None else None,
            text=text,
            kind=self.kinds[self.work] or "text",
            undertaken=self.undertaken,
            basis=[here.full[i] for i, k in enumerate(self.kinds) if k == "basis" and i in here.full],
        )
        self._units(here, row)
        self._deadline(here, row)
        self.out.rows.append(row)

    def _text(self, here: _Here) -> Span | None:
        """The text of a row: its cell, or the title where it has no other."""
        if self.work in here.full:
            return here.full[self.work]
        cell = here.cells[self.title] if self.title is not None and self.title in here.full else None
        return (cell.start, cell.end) if cell is not None and cell.row == here.index else None

    def _leftover(self, here: _Here) -> None:
        """Takes a row without text: nothing but units goes on with the row before it, all else is not understood."""
        if self.out.rows and any(i in here.full for i, _ in self.unit_columns):
            last = self.out.rows[-1]
            last.units += [(k, here.full[i]) for i, k in self.unit_columns if i in here.full]
            if self.due in here.full and not self.dated:
                last.deadline = self.last[self.due] = here.full[self.due]
            return
        self.out.rest += [
            c for i, c in enumerate(here.cells) if c and i in here.full and self.kinds[i] not in _LEFT_OUT
        ]

    def _remember(self, here: _Here) -> None:
        """Keeps titles and sections for the rows that are merged with this one."""
        for i in self.sections:
            if i in here.full:
                for j in [x for x in self.last if x > i and x in self.sections]:
                    self.last.pop(j)
        for i in (*self.sections, *([self.title] if self.title is not None else [])):
            if i in here.full:
                self.last[i] = here.full[i]

    def _units(self, here: _Here, row: WorkRow) -> None:
        """The units of a row, and those of the row above in what is merged with it."""
        starts_group = self.title in here.full if self.title is not None else True
        none = not any(i in here.full for i, _ in self.unit_columns)
        if self.given is not None:
            row.units.append(("responsible", self.given))
        main_empty = not any(i in here.full for i in self.main)
        for i, kind in self.unit_columns:
            if i in here.full:
                self.last[i] = here.full[i]
                row.units.append((kind, here.full[i]))
                continue
            if here.empty(i):
                self.last.pop(i, None)
                continue
            within = (not starts_group or main_empty) if i in self.main else (not starts_group and main_empty)
            if i in self.last and (none or within):  # a merged cell that reaches down to this row
                row.units.append((kind, self.last[i]))
            else:
                self.last.pop(i, None)

    def _deadline(self, here: _Here, row: WorkRow) -> None:
        due = self.due
        if due is None:
            return
        self.dated = due in here.full
        if due in here.full:
            self.last[due] = here.full[due]
        cell = here.cells[due]
        if due in self.last and (due in here.full or cell is None or cell.merged):
            row.deadline = self.last[due]
