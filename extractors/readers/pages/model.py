"""A page of print: its characters, lines and tables."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from ...words.fold import squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence


TURNED = 10


@dataclass(slots=True)
class Glyph:
    """A character: where it begins and ends, its base line, its size."""

    text: str
    left: float
    right: float
    down: float
    size: float


@dataclass(slots=True)
class PrintedLine:
    """Characters on one base line. `first` is the width of what can not be parted at its beginning, `blank` whether a
    blank stands at its end, `column` the column of a page that has several (0: the whole page; from `TURNED` on lines
    that are turned), `pieces` what wide gaps part, each with where it begins; empty where nothing does."""

    text: str
    left: float
    right: float
    down: float
    size: float
    first: float
    blank: bool = False
    column: int = 0
    pieces: list[tuple[float, str]] = field(default_factory=list)

    @property
    def top(self) -> float:
        return self.down - self.size


@dataclass(slots=True)
class PrintedPage:
    """A page. `left` to `right` and `upper` to `lower` are its edges; `count` and `unmapped` say how many characters it
    has and how many of them no font names; `pictures` is the share of it that pictures cover."""

    number: int
    left: float
    right: float
    upper: float
    lower: float
    lines: list[PrintedLine] = field(default_factory=list)
    grids: list[RuledGrid] = field(default_factory=list)
    count: int = 0
    unmapped: int = 0
    pictures: float = 0.0


def join(lines: list[PrintedLine]) -> str:
    """The text of lines that the layout broke, as one: a blank where there was one and between words of letters."""
    parts = [lines[0].text]
    for before, line in pairwise(lines):
        latin = re.search(r"[A-Za-z]$", before.text) and re.match(r"[A-Za-z]", line.text)
        if latin and re.search(r"(?:://|www\.)[!-~]{0,500}+$", before.text):
            latin = None  # an address has no blanks
        parts.append((" " if latin or before.blank else "") + line.text)
    return "".join(parts)


@dataclass(slots=True)
class Stroke:
    """A ruling line: flat or upright, where it lies, from where to where it runs."""

    flat: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class RuledCell:
    """A field of a ruled table. `row` and `rows` count in its table; the edges are those on its page."""

    row: int
    rows: int
    left: float
    right: float
    upper: float
    lower: float
    page: int
    lines: list[PrintedLine] = field(default_factory=list)

    @property
    def text(self) -> str:
        return squeeze("".join(line.text for line in self.lines))


@dataclass(slots=True)
class RuledGrid:
    """A ruled table. `edges` are where its columns begin and the last one ends."""

    cells: list[RuledCell]
    edges: list[float]
    height: int
    top: float
    bottom: float
    page: int
    last_page: int = 0

    def at(self, across: float, down: float) -> RuledCell | None:
        """The cell at a point, or None outside."""
        if not (self.edges[0] <= across <= self.edges[-1] and self.top <= down <= self.bottom):
            return None
        for cell in self.cells:
            if cell.left <= across <= cell.right and cell.upper <= down <= cell.lower:
                return cell
        return None

    def columns(self, cell: RuledCell) -> tuple[int, int]:
        """(column, how many) of a cell."""
        first = nearest(self.edges, cell.left)
        return first, max(nearest(self.edges, cell.right) - first, 1)


def nearest(values: Sequence[float], value: float) -> int:
    at = bisect_right(values, value)
    near = [i for i in (at - 1, at) if 0 <= i < len(values)]
    return min(near, key=lambda i: abs(values[i] - value))
