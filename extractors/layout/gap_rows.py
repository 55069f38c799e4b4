"""Tables without headings whose rows stand a line each, their cells apart by blanks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ..words.cells import CellWords
from .aligned import AlignedPiece, pieces_of
from .building import Field, Grid
from .lines import NARROWLY, WIDELY, Line
from .table_ends import CHAPTER, ends_table

#: A row has so many cells at least, so many whole rows make a table, and so many lines tell how many columns it has.
_CELLS, _ROWS, _FIRST = 3, 3, 6
_LONG_BAND = 40
_SLACK = 2  # cells of a terminal by which a cell may begin beside its column
#: Of the cells of a column so many are of its kind.
_SHARE = 0.6
#: What parts cells itself, or is a field with its label.
_MARKED = re.compile(r"[|│\t]|^[\u4e00-\u9fff]{2,8}:")
_SAYS_WORK = ("sentence", "timely", "phrase", "heading", "schedule")


def gap_rows(lines: list[Line], at: int, words: CellWords) -> tuple[Grid, int] | None:
    """A row a line; one column names units, another says the work. A row that is short of a cell has the others where
    they stand below those of their columns. None where the lines are no such rows."""
    if len(lines) - at < _ROWS or not _have_gaps(lines[at : at + _ROWS]):
        return None  # most lines are prose
    for way in (WIDELY, NARROWLY):
        table = _GapTable(lines[at : at + _FIRST], way)
        if table.begins(lines[at], words):
            table.read(lines[at:], words)
            if table.holds_tasks(words):
                return table.grid(lines[at].number), at + len(table.rows)
    return None


def _have_gaps(lines: list[Line]) -> bool:
    """Whether the first of some lines may be a row, and most may be whole ones."""
    counts = [len(line.raw.split()) for line in lines]
    return counts[0] > 1 and 2 * sum(count >= _CELLS for count in counts) > len(counts)


class _GapTable:
    """A table in the making: its rows by their columns, and headings between them as rows of one piece."""

    def __init__(self, first: list[Line], way: re.Pattern[str]) -> None:
        self.way = way
        self._first = [pieces_of(line, way) for line in first]
        self.width = Counter(map(len, self._first)).most_common(1)[0][0]
        self.rows: list[list[AlignedPiece | None]] = []

    def begins(self, line: Line, words: CellWords) -> bool:
        """Whether the first line is a row, and those below it are rows of a table."""
        if self.width < _CELLS or len(self._row(self._first[0], line) or ()) < self.width:
            return False
        if any(_MARKED.search(piece.text) for row in self._first[:_ROWS] for piece in row):
            return False
        return _are_tasks([row for row in self._first if len(row) == self.width], words)

    def read(self, lines: list[Line], words: CellWords) -> None:
        """Takes the rows, and the headings between them, up to a line that is neither."""
        for line in lines:
            row = None if ends_table(line, words) else self._row(pieces_of(line, self.way), line)
            if row is None:
                break
            self.rows.append(row)
        while self.rows and len(self.rows[-1]) == 1:
            self.rows.pop()  # no row stands below it

    def _row(self, pieces: list[AlignedPiece], line: Line) -> list[AlignedPiece | None] | None:
        if len(pieces) == self.width:
            return [*pieces]
        if CHAPTER.match(line.text) and len(line.text) <= _LONG_BAND:
            return [_over_all(pieces, line)]
        return self._placed(pieces) if self.way is WIDELY and 1 < len(pieces) < self.width else None

    def _placed(self, pieces: list[AlignedPiece]) -> list[AlignedPiece | None] | None:
        """The cells of a short row in the columns that they stand in; None where one stands in none."""
        row: list[AlignedPiece | None] = [None] * self.width
        whole = [found for found in self._first if len(found) == self.width]
        for piece in pieces:
            near = [n for n, column in enumerate(zip(*whole, strict=True)) if _below(piece, column)]
            if len(near) != 1 or row[near[0]] is not None:
                return None
            row[near[0]] = piece
        return row

    def holds_tasks(self, words: CellWords) -> bool:
        return _are_tasks([row for row in self.rows if len(row) > 1], words)

    def grid(self, line: int) -> Grid:
        fields = []
        for n, row in enumerate(self.rows):
            for column, piece in enumerate(row):
                spans = [(piece.start, piece.end)] if piece else []
                fields.append(Field(n, column, spans, 1 if len(row) > 1 else self.width, not spans))
        return Grid(fields, self.width, line)


def _over_all(pieces: list[AlignedPiece], line: Line) -> AlignedPiece:
    """A heading between rows, as one piece."""
    return AlignedPiece(pieces[0].start, pieces[-1].end, pieces[0].left, pieces[-1].right, line.text, line.raw)


def _below(piece: AlignedPiece, column: Sequence[AlignedPiece]) -> bool:
    """Whether a piece begins where those of a column do."""
    lefts = [p.left for p in column]
    return min(lefts) - _SLACK <= piece.left <= max(lefts) + _SLACK


def _are_tasks(rows: Sequence[Sequence[AlignedPiece | None]], words: CellWords) -> bool:
    """Whether rows of one width have a column of units and one of work."""
    if len(rows) < _ROWS:
        return False
    columns = [[piece.text for piece in column if piece] for column in zip(*rows, strict=True)]
    looks = [Counter(words.look(text).kind for text in column) for column in columns]
    enough = _SHARE * len(rows)
    units = any(kinds["units"] >= enough for kinds in looks)
    return units and any(sum(kinds[k] for k in _SAYS_WORK) >= enough for kinds in looks)
