"""The text of a paper put together out of pieces of its source, with paragraphs and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..model import Block, Cell, Paragraph, Table
from ..words.fold import ordinary
from ..words.forms import gap_of, tight

_LATIN = re.compile(r"[A-Za-z0-9]")


_WORD = re.compile(r"[\u3400-\u9fffA-Za-z0-9”“》《●•·]")


class Builder:
    """Puts the paper's text together out of pieces of the source and remembers where each came from."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._words = ordinary(source)
        self._gap = gap_of(source)
        self.blocks: list[Block] = []
        self.anchors: list[tuple[int, int]] = []
        self._parts: list[str] = []
        self._length = 0

    def text(self) -> str:
        return "".join(self._parts)

    def paragraph(self, pieces: list[tuple[int, int]], place: dict, note: bool = False) -> None:
        start, end = self._put(pieces, "")
        if end > start:
            self.blocks.append(Paragraph(start, end, place, note))
            self._end(pieces)

    def table(self, grid: Grid, place: dict | None = None) -> None:
        cells = []
        for cell in grid.cells:
            start, end = self._put(cell.pieces, "\n", cell.run_on)
            merged = cell.merged and start == end
            cells.append(Cell(start, end, cell.row, cell.column, cell.rows, cell.columns, merged))
            self._end(cell.pieces)
        self.blocks.append(Table(cells, grid.width, place or {"line": grid.line}))

    def _end(self, pieces: list[tuple[int, int]]) -> None:
        if pieces:
            self._append("\n", pieces[-1][1])

    def _append(self, text: str, origin: int) -> None:
        self.anchors.append((self._length, origin))
        self._parts.append(text)
        self._length += len(text)

    def _put(self, pieces: list[tuple[int, int]], joint: str, run_on: frozenset[int] = frozenset()) -> tuple[int, int]:
        start = self._length
        for at, (a, b) in enumerate(pieces):
            if joint and at and self._length > start and at not in run_on:
                self._append(joint, pieces[at - 1][1])
            self._clean(a, b)
        return start, self._length

    def _clean(self, start: int, end: int) -> None:
        """Appends `source[start:end]` without its white space, but for one blank between two words."""
        at = start
        for gap in self._gap.finditer(self.source, start, end):
            if gap.start() > at:
                self._append(self._words[at : gap.start()], at)
            at = gap.end()
            before = self.source[gap.start() - 1] if gap.start() > start else ""
            after = self.source[gap.end()] if gap.end() < end else ""
            if self._keeps(before, after) and any(c in " \t\u3000\xa0;" for c in gap.group()):
                self._append(" ", gap.start())
        if end > at:
            self._append(self._words[at:end], at)

    @staticmethod
    def _keeps(before: str, after: str) -> bool:
        if not (_WORD.match(before) and _WORD.match(after)):
            return False
        return bool(_LATIN.match(before)) == bool(_LATIN.match(after))


@dataclass(slots=True)
class Field:
    """A field of a table: pieces of the source, one a line of the cell. `run_on` are those that go on in the word that
    the line before breaks off."""

    row: int
    column: int
    pieces: list[tuple[int, int]]
    columns: int = 1
    merged: bool = False
    rows: int = 1
    run_on: frozenset[int] = frozenset()


@dataclass(slots=True)
class Grid:
    """Fields in reading order; `doubts` are texts of rows that could be read otherwise, as spans in the source; from
    `left` on, where it is told, the lines that the table was read from are none of it."""

    cells: list[Field]
    width: int
    line: int
    doubts: list[tuple[int, int]] = field(default_factory=list)
    left: int | None = None


def said_in(pieces: list[tuple[int, int]], source: str) -> str:
    """The words of a cell, from its pieces of the source."""
    return tight("".join(source[a:b] for a, b in pieces))
