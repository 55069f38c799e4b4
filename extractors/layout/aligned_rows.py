"""The rows of a table with aligned columns: the cheapest way to cut its lines. A row has one number, its text ends, its
list of units does not go on."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from ..words.cells import CellWords
from ..words.forms import MARK, TERMINAL
from .aligned import Aligned, AlignedPiece
from .building import Field, Grid
from .lines import Line
from .table_ends import CHAPTER

_FEW = 3
_SLACK = 2
_INDENT = 4  # of a paragraph
_MOST_PARTINGS = 20_000_000  # ways to part rows among names that are weighed
_MOST_LINES = 80  # lines of a row
_MARGIN = 0.25  # less than so much dearer is nearly as good
_QUOTE = 40
_CLOSED = ")"  # as all closing brackets are folded
_NO_TEXT = ("units", "maybe", "person", "time", "year", "number", "money", "phone")
#: What it costs that a row begins with what goes on from the row above, or holds a numbered title below other words or
#: the first line of another row, its text with a mark that begins none; that another paragraph begins in it, that a
#: cell has an empty line, that an empty line stands where it should not.
_CUT_OFF, _NO_TEXT_BEGINS, _NEXT_PARAGRAPH, _TORN, _BLANK_LINE = 2.0, 2.0, 0.8, 1.0, 1.5
_NO_BEGIN = ("、", ",", "。", ";", ")", "”", "》")


def bare_kinds(read: Aligned, words: CellWords) -> list[str]:
    """What the columns of a table without headings hold, as far as it tells the rows: numbers, the one text, lists."""
    cells = [[p.text for _, ps in read.lines for p in ps if p.column == c] for c in range(read.width)]
    sizes = [sum(len(t) for t in c if words.look(t).kind not in _NO_TEXT) for c in cells]
    out = ["text" if size == max(sizes) else "any" for size in sizes]
    numbers = sum(words.look(t).kind == "number" for t in cells[0])
    if out[0] != "text" and numbers * 2 > len(cells[0]):
        out[0] = "number"
    return out


def aligned_grid(read: Aligned, kinds: list[str], words: CellWords, line: int) -> Grid:
    """The grid of such a table. `kinds` are what its columns hold."""
    width = read.width
    fields = [Field(0, c, spans) for c, spans in enumerate(read.names)]
    found = _RowCuts(read, kinds, words)
    edges, doubtful = (list(range(len(read.lines) + 1)), set[int]()) if read.whole else found.cut()
    doubts = []
    for row, (a, b) in enumerate(pairwise(edges), bool(read.names)):
        pieces = [p for _, ps in read.lines[a:b] for p in ps]
        if _is_band(read.lines[a:b], words):
            fields.append(Field(row, 0, [(p.start, p.end) for p in pieces], width))
            continue
        for c in range(width):
            cell = [p for p in pieces if p.column == c]
            spans = [(p.start, p.end) for p in cell]
            fields.append(Field(row, c, spans, 1, not cell, run_on=found.run_on(c, cell)))
        if a in doubtful:
            longest = max(pieces, key=lambda p: p.end - p.start)
            doubts.append((longest.start, min(longest.end, longest.start + _QUOTE)))
    _lift(fields, found.blocks(edges, bool(read.names)), [n for n, k in enumerate(kinds) if k in ("section", "task")])
    if kinds[0] == "section" and not any(found.bands):
        _center(fields, found, edges, bool(read.names))
    return Grid(fields, width, line, doubts)


def _center(fields: list[Field], found: _RowCuts, edges: list[int], headed: bool) -> None:
    """Gives the names in the first column, where the first of them does not stand on the first line, to the rows in
    whose middle each stands."""
    names = _names_in_middle(found.lines)
    rows = list(pairwise(edges))
    if not names or len(names) > len(rows):
        return
    at = {f.row: f for f in fields if f.column == 0 and f.row >= headed}
    for held in at.values():
        held.pieces, held.merged, held.run_on = [], True, frozenset[int]()
    for (first, last), row in zip(names, _blocks(names, rows), strict=True):
        cell = [found.lines[n][1][0] for n in range(first, last + 1)]
        held = at[row + headed]
        held.pieces, held.merged, held.run_on = [(p.start, p.end) for p in cell], False, found.run_on(0, cell)


def _names_in_middle(lines: list[tuple[Line, list[AlignedPiece]]]) -> list[tuple[int, int]]:
    """The first and last lines of the names in the first column; none where one stands on the first line of all."""
    out: list[tuple[int, int]] = []
    for n, (_, pieces) in enumerate(lines):
        if pieces[0].column:
            continue
        if out and out[-1][1] == n - 1 and not CHAPTER.match(pieces[0].text):
            out[-1] = out[-1][0], n
        else:
            out.append((n, n))
    return out if out and out[0][0] > 0 else []


def _blocks(names: list[tuple[int, int]], rows: list[tuple[int, int]]) -> list[int]:
    """The first row of each name's block, in whose middle it stands: all the rows, parted with the least distance; of
    very many that in which it stands."""
    own = [sum(b <= first for b, _ in rows) - 1 for first, _ in names]
    if len(names) * len(rows) ** 2 > _MOST_PARTINGS:
        return own
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for first, last in names:
        here: dict[int, tuple[float, int]] = {}
        for begin, (price, _) in best[-1].items():
            for end in range(begin + 1, len(rows) + 1):
                off = abs((first + last) - (rows[begin][0] + rows[end - 1][1] - 1))
                if price + off < here.get(end, (float("inf"), 0))[0]:
                    here[end] = price + off, begin
        best.append(here)
    out, end = [], len(rows)
    for found in reversed(best[1:]):
        if end not in found:
            return own
        end = found[end][1]
        out.append(end)
    return out[::-1]


def _lift(fields: list[Field], blocks: list[range], columns: list[int]) -> None:
    """Moves a name that stands in the middle of several rows, which nothing parts, to the first of them: it is theirs
    in common."""
    at = {(f.row, f.column): f for f in fields if f.columns == 1}
    for rows in blocks:
        for column in columns:
            named = [row for row in rows if (row, column) in at and at[row, column].pieces]
            if len(named) != 1 or named[0] == rows[0] or (rows[0], column) not in at:
                continue
            first, held = at[rows[0], column], at[named[0], column]
            first.pieces, held.pieces, first.run_on = held.pieces, [], held.run_on
            first.merged, held.merged, held.run_on = False, True, frozenset()


def _is_band(lines: list[tuple[Line, list[AlignedPiece]]], words: CellWords) -> bool:
    """Whether lines are a heading over all columns: one piece each, at the first of them."""
    if any(ps[0].column and not _at_margin(ps) for _, ps in lines) or any(len(ps) > 1 for _, ps in lines):
        return False
    text = "".join(ps[0].text for _, ps in lines)
    return words.look(text).kind in ("chapter", "clause", "phrase", "heading") and not TERMINAL.search(text)


def _at_margin(pieces: list[AlignedPiece]) -> bool:
    """Whether a line is one piece that begins no further in than a paragraph does."""
    return len(pieces) == 1 and pieces[0].left <= _INDENT


@dataclass(slots=True)
class _RowSoFar:
    """What a row of lines holds so far."""

    numbers: list[int] = field(default_factory=list)
    texts: list[int] = field(default_factory=list)
    price: float = 0.0


class _RowCuts:
    """The cheapest way to cut lines into rows."""

    def __init__(self, read: Aligned, kinds: list[str], words: CellWords) -> None:
        self.words = words
        self.lines = read.lines
        self.cells = [{p.column: p.text for p in ps} for _, ps in read.lines]
        self.number = kinds.index("number") if "number" in kinds else None
        self.work = next((n for n, k in enumerate(kinds) if k in ("text", "work")), 0)
        self.names = [n for n, k in enumerate(kinds) if k in ("section", "task")]
        self.lists = [n for n, k in enumerate(kinds) if k not in ("number", "text", "work", "section", "task")]
        self.edges = [
            max((p.right for _, ps in self.lines for p in ps if p.column == c), default=0) for c in range(read.width)
        ]
        self.widths = [
            max((p.right - p.left for _, ps in self.lines for p in ps if p.column == c), default=0)
            for c in range(read.width)
        ]
        self.apart = sum(n.blank_before for n, _ in self.lines[1:]) >= _FEW
        self.bands = [self._band(n) for n in range(len(self.lines))]
        self.on_top = self._on_top()
        self.firsts = self._first_lines()

    def blocks(self, edges: list[int], headed: bool) -> list[range]:
        """The rows that no empty line parts, where empty lines part others and cells stand in the middle of theirs."""
        if not self.apart or self.on_top:
            return []
        begins = [n for n, edge in enumerate(edges[:-1]) if not n or self.lines[edge][0].blank_before]
        ends = [*begins[1:], len(edges) - 1]
        return [range(a + headed, b + headed) for a, b in zip(begins, ends, strict=True) if b - a > 1]

    def run_on(self, column: int, cell: list[AlignedPiece]) -> frozenset[int]:
        """Which lines of a cell go on in the word that a full line breaks off."""
        full, wide = self.edges[column] - _SLACK, self.widths[column] - _SLACK
        return frozenset(
            n
            for n, (p, _) in enumerate(pairwise(cell), 1)
            if (p.right >= full or p.right - p.left >= wide) and p.text[-1] not in "、,;。:"
        )

    def _band(self, n: int) -> bool:
        line, pieces = self.lines[n]
        if not _at_margin(pieces):
            return False
        kind = self.words.look(line.text).kind
        if kind in ("chapter", "clause"):
            return True
        bare = kind == "phrase" and self.number == 0 and not TERMINAL.search(line.text)
        return bare and not pieces[0].column and pieces[0].left <= _SLACK

    def _on_top(self) -> bool:
        """Whether numbers stand on the first lines of their rows rather than in the middle: texts end before them."""
        numbered = [n for n in range(1, len(self.lines)) if self.number is not None and self.number in self.cells[n]]
        ended = sum(self.bands[n - 1] or self._ends_before(n) for n in numbered)
        return 5 * ended >= 4 * len(numbered)

    def _first_lines(self) -> set[int]:
        """The lines with something in each column, right behind such as lack some: where rows have no numbers and begin
        on top, each begins one."""
        whole = [n for n, cells in enumerate(self.cells) if len(cells) == len(self.edges)]
        first = next((n for n, band in enumerate(self.bands) if not band), 0)
        if self.number is not None or whole[:1] != [first] or len(self.edges) < _FEW:
            return set()
        return {n for n in whole if n > first and len(self.cells[n - 1]) < len(self.edges) and not self.bands[n - 1]}

    def _ends_before(self, n: int) -> bool:
        text = next((self.cells[m][self.work] for m in range(n - 1, -1, -1) if self.work in self.cells[m]), "。")
        return bool(TERMINAL.search(text)) or text.endswith(_CLOSED)

    def cut(self) -> tuple[list[int], set[int]]:
        """Where rows begin, and the end; and the first lines of rows for which another cut is nearly as good."""
        n = len(self.lines)
        cost, back, prices = [0.0] + [float("inf")] * n, [0] * (n + 1), dict[tuple[int, int], float]()
        for i in range(n):
            for j, price in self._rows_from(i):
                prices[i, j] = price
                if cost[i] + price < cost[j]:
                    cost[j], back[j] = cost[i] + price, i
        edges = [n]
        while edges[-1] > 0:
            edges.append(back[edges[-1]])
        edges.reverse()
        return edges, self._doubtful(edges, cost, prices)

    def _doubtful(self, edges: list[int], cost: list[float], prices: dict[tuple[int, int], float]) -> set[int]:
        n = len(self.lines)
        rest = [float("inf")] * n + [0.0]
        for (i, j), price in sorted(prices.items(), reverse=True):
            rest[i] = min(rest[i], price + rest[j])
        chosen = set(edges)
        return {
            edge
            for before, edge, after in zip(edges, edges[1:], edges[2:], strict=False)
            if any(q not in chosen and cost[q] + rest[q] - cost[n] < _MARGIN for q in range(before + 1, after))
        }

    def _rows_from(self, i: int) -> list[tuple[int, float]]:
        """(end, cost) of the rows that begin with a line."""
        if self.bands[i]:
            return [(i + 1, 0.0)]
        seen, out = _RowSoFar(), []
        for j in range(i, min(i + _MOST_LINES, len(self.lines))):
            if self.bands[j] or not self._add(seen, i, j):
                break
            out.append((j + 1, 0.5 + seen.price + self._whole(seen, i, j)))
        return out

    def _add(self, seen: _RowSoFar, first: int, n: int) -> bool:
        """Adds a line to a row; False where it can not belong to it."""
        here = self.cells[n]
        if self.number is not None and self.number in here:
            seen.numbers.append(n)
            if len(seen.numbers) > 1:
                return False
        seen.price += self._parts_badly(first, n)
        if n and n == first and self._only_goes_on(n):
            seen.price += _CUT_OFF
        if self._is_another(first, n) or (n > first and n in self.firsts):
            seen.price += _CUT_OFF
        if self.work in here:
            if not seen.texts and here[self.work].startswith(_NO_BEGIN):
                seen.price += _NO_TEXT_BEGINS
            if seen.texts and self._paragraph_ends(seen.texts[-1]):
                seen.price += _NEXT_PARAGRAPH
            seen.texts.append(n)
        for column in self.lists:
            if column in here and self._is_torn(column, first, n):
                seen.price += _TORN
        return True

    def _is_another(self, first: int, n: int) -> bool:
        """Whether a numbered title begins below what stands in its column, before the text's, in the same row."""
        titles = [c for c in range(self.work) if MARK.match(self.cells[n].get(c, ""))]
        return any(c in self.cells[m] for c in titles for m in range(first, n))

    def _parts_badly(self, first: int, n: int) -> float:
        """What it costs that an empty line stands within a row, or none before it, where empty lines part rows."""
        if not self.apart or not n:
            return 0.0
        blank = self.lines[n][0].blank_before
        badly = blank if n > first else not blank and not self.bands[n - 1]
        return _BLANK_LINE if badly else 0.0

    def _is_torn(self, column: int, first: int, n: int) -> bool:
        """Whether a cell that goes on in a line has nothing in the one above: a cell has no empty line."""
        if n == first or column in self.cells[n - 1]:
            return False
        return any(column in self.cells[m] for m in range(first, n - 1))

    def _only_goes_on(self, n: int) -> bool:
        """Whether a line holds nothing but the second lines of lists whose line above is full."""
        above = {p.column: p for p in self.lines[n - 1][1]}
        here = [p for p in self.lines[n][1] if p.column not in self.names or p.column not in above]
        return bool(here) and all(
            p.column in self.lists
            and p.column in above
            and above[p.column].right >= self.edges[p.column] - 2 * _SLACK
            and above[p.column].right > p.right
            for p in here
        )

    def _paragraph_ends(self, n: int) -> bool:
        """Whether a text ends on a line that has room for more."""
        piece = next(p for p in self.lines[n][1] if p.column == self.work)
        return bool(TERMINAL.search(piece.text)) and piece.right < self.edges[self.work] - 2 * _SLACK

    def _whole(self, seen: _RowSoFar, first: int, last: int) -> float:
        """What it costs that a row ends behind a line."""
        price = 0.0
        if self.number is not None:
            price += self._numbered(seen, first, last)
        if not seen.texts:
            price += 2.0
        elif not TERMINAL.search(self.cells[seen.texts[-1]][self.work]):
            price += 1.0
        price += sum(1.5 for c in self.lists if self.cells[last].get(c, "").endswith("、"))
        return price

    def _numbered(self, seen: _RowSoFar, first: int, last: int) -> float:
        if not seen.numbers:
            return 2.0
        at = seen.numbers[0] - first
        if self.on_top:
            return 2.0 if at else 0.0
        return abs(at - (last - first) / 2) / (last - first + 1)
