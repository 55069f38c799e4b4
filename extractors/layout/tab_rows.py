"""Tables whose cells are parted by tabs, a row a line."""

from __future__ import annotations

import re
from collections import Counter

from ..words.cells import CellWords
from ..words.fold import fold
from ..words.forms import CLAUSE_MARK, MARK, tight
from ..words.headings import kind_of_heading
from .atoms import BAR, BAR_END, Atom
from .building import Field, Grid, said_in
from .grids import decoder_kinds
from .lattice import Lattice
from .lines import Line
from .segmentation import BAR_ROWS, cheapest
from .table_ends import CHAPTER, END

#: A cell: its lines as spans in the source.
TabCell = list[tuple[int, int]]
#: Sizes in characters: a heading between rows at most, where numbers follow it and where its own mark tells.
_LONG_BAND, _LONG_CHAPTER = 20, 60
#: So many headings are known where the first line is one of column headings.
_HEADINGS = 2
#: A cell goes on where a row follows within so many lines; a quotation ends within so many.
_NEAR, _QUOTED = 5, 60
#: Where no headings stand, so many rows follow the first.
_ROWS = 2
_OPEN = ("、", ",", "(")  # how a cell ends that breaks off
_CLAUSE = re.compile(rf"{CLAUSE_MARK}[^。;]{{1,24}}")
_STOPS = re.compile(r"[。;,:、]")
_FIRST_ROW = re.compile(r"\A1\t")
_NUMBERED_ROW = re.compile(r"\A\d++\t")


def tab_rows(lines: list[Line], at: int, source: str, words: CellWords) -> tuple[Grid, int] | None:
    """A row a line, cells parted by tabs; a quoted cell may hold line ends, an unquoted one may go on in the next
    line. A row that is short of cells is put where they fit."""
    table = _TabTable(lines, at, source)
    if not table.begins():
        return None
    table.read()
    return (table.grid(words), table.index) if len(table.rows) > 1 else None


class _TabTable:
    """A table in the making: `rows` up to the line `index`, the first of them `first`."""

    def __init__(self, lines: list[Line], at: int, source: str) -> None:
        self.lines, self.at, self.source = lines, at, source
        self.first, self.index = _row(lines, at)
        self.kinds = [kind_of_heading(said_in(c, source)) for c in self.first]
        self.headed = sum(1 for k in self.kinds if k) >= _HEADINGS
        self.numbered = not self.headed and _NUMBERED_ROW.match(lines[at].raw) is not None
        self.width = max(len(self.first), self._usual_width() if self.numbered else 0)
        self.rows = [self.first]
        self._again = True  # the row before was the first one of the headings, to which a second one may belong

    def _usual_width(self) -> int:
        """How many cells most of the numbered rows below have."""
        below = self.lines[self.at : self.at + _QUOTED]
        sizes = Counter(n.raw.count("\t") + 1 for n in below if _NUMBERED_ROW.match(n.raw))
        return sizes.most_common(1)[0][0]

    def begins(self) -> bool:
        """Whether a table begins here."""
        if self.headed:
            return True
        if ":" in self.lines[self.at].text:
            return False  # 索引号：… 发布机构：…: what a page says of a paper
        if not self._rows_follow():
            return False
        return sum(1 for c in self.first if c) > 1  # else a title over the whole width

    def _rows_follow(self) -> bool:
        """Whether two more rows follow the first one, with nothing but headings between them."""
        index, rows = self.index, 0
        while rows < _ROWS and index < min(len(self.lines), self.index + _NEAR + _QUOTED):
            line = self.lines[index]
            if self._has_cells_at(index):
                index, rows = _row(self.lines, index)[1], rows + 1
            elif CHAPTER.match(line.text):
                index += 1
            else:
                return False
        return rows == _ROWS

    def read(self) -> None:
        """The rows, up to a line that is none of theirs."""
        while self.index < len(self.lines):
            line = self.lines[self.index]
            if self._is_title_again(line):
                self.index += 1
                continue
            if self._is_of_another(line):
                return
            if self._has_cells_at(self.index):
                self._take_row(line)
            elif not self._take_line(line):
                return

    def _is_title_again(self, line: Line) -> bool:
        """Whether the table's title stands here, on its next page."""
        return bool(self.at) and len(self.rows) > 1 and tight(line.text) == tight(self.lines[self.at - 1].text)

    def _is_of_another(self, line: Line) -> bool:
        """Whether another table begins: with another number of cells below an empty line, or with column headings."""
        tabs = line.raw.count("\t")
        other = tabs + 1 not in (1, self.width)
        if other and line.blank_before and not line.raw.startswith("\t") and not self._is_short_row(line):
            return True
        return self.headed and not self._again and _other_header(self.lines, self.index, self.first, self.source)

    def _is_short_row(self, line: Line) -> bool:
        """Whether a line has a row's number and fewer cells than there are columns."""
        numbered = self.headed and self.kinds[0] == "number" and _NUMBERED_ROW.match(line.raw) is not None
        return numbered and line.raw.count("\t") < self.width

    def _has_cells_at(self, index: int) -> bool:
        """Whether a line has a tab, or a quoted cell that goes on in the next lines, up to one."""
        raw = self.lines[index].raw
        return "\t" in raw or (raw.lstrip().startswith('"') and len(_row(self.lines, index)[0]) > 1)

    def _take_line(self, line: Line) -> bool:
        """A line without tabs: a heading between rows, or more of the last cell while the row is short of columns or
        rows follow. False where it is neither."""
        more = any("\t" in n.raw for n in self.lines[self.index + 1 : self.index + 1 + _NEAR])
        chapter = CHAPTER.match(line.text) is not None and len(line.text) < _LONG_CHAPTER
        marked = chapter or _CLAUSE.fullmatch(line.text) is not None
        band = (self.kinds[0] == "number" and self._is_band(line)) or self._is_plain_band(line)
        short = len(self.rows[-1]) < self.width
        if band or (marked and more):
            self.rows.append([[(line.start, line.end)]])
        elif marked or len(self.rows) == 1 or END.match(line.text) or not (more or short):
            return False
        else:
            self.rows[-1][-1].append((line.start, line.end))
        self.index += 1
        return True

    def _is_band(self, line: Line) -> bool:
        """Whether a line is a heading between rows: short, and below it the numbers of rows begin (below the column
        headings), begin anew, or go on below its own number."""
        below = self.lines[self.index + 1] if self.index + 1 < len(self.lines) else None
        if below is None or len(line.text) > _LONG_BAND or _STOPS.search(line.text):
            return False
        any_number = len(self.rows) == 1 or MARK.match(line.text) is not None or self._banded()
        return bool((_NUMBERED_ROW if any_number else _FIRST_ROW).match(below.raw))

    def _is_plain_band(self, line: Line) -> bool:
        """Whether a line is a heading between rows without numbers: short, the first right below the column headings,
        and a whole row below it."""
        below = self.lines[self.index + 1 : self.index + 2]
        if not self.headed or self.kinds[0] == "number" or len(line.text) > _LONG_BAND or _STOPS.search(line.text):
            return False
        if line.text.startswith("(") or kind_of_heading(line.text) or not (len(self.rows) == 1 or self._banded()):
            return False
        return any(n.raw.count("\t") == self.width - 1 for n in below)

    def _banded(self) -> bool:
        """Whether a heading stands right below those of the columns, and the last row is whole."""
        banded = len(self.rows) > 1 and len(self.rows[1]) == 1 and len(self.rows[-1]) == self.width
        return banded and not self._ends_open()

    def _ends_open(self) -> bool:
        """Whether the last cell may go on: it breaks off, as no time and no list of units does."""
        return self._words(self.rows[-1])[-1].endswith(_OPEN)

    def _take_row(self, line: Line) -> None:
        row, self.index = _row(self.lines, self.index)
        self._again = self._words(row) == self._words(self.first)
        last = self.rows[-1]
        if self._goes_on(row, line):
            last[-1] += row[0]
            last += row[1:]
        elif row[0] and not any(row[1:]) and (self.kinds[0] == "number" or CHAPTER.match(said_in(row[0], self.source))):
            self.rows.append([row[0]])  # a heading between rows, over the whole width
        else:
            self.rows.append(row)

    def _words(self, row: list[TabCell]) -> list[str]:
        return [said_in(c, self.source) for c in row]

    def _goes_on(self, row: list[TabCell], line: Line) -> bool:
        """Whether a row is the rest of the last one, which broke off inside a cell."""
        if line.raw.startswith("\t") or _NUMBERED_ROW.match(line.raw):
            return False
        last = self.rows[-1]
        if not (self.numbered and last[0]) and (not self.headed or len(self.rows) == 1):
            return False
        return max(len(row), len(last)) < self.width and len(last) + len(row) - 1 <= self.width

    def grid(self, words: CellWords) -> Grid:
        """The rows in their columns."""
        width = self.width
        if not self.headed:
            width = max(Counter(len(r) for r in self.rows).most_common(1)[0][0], width)
        fields: list[Field] = []
        for i, row in enumerate(self.rows):
            if len(row) == 1:
                fields.append(Field(i, 0, row[0], width))
                continue
            if self.headed and len(row) < width:
                row = _fitted(row, self.kinds, self.source, words) or row
            for j in range(width):
                pieces = row[j] if j < len(row) else []
                fields.append(Field(i, j, pieces, 1, not pieces))
            for extra in row[width:]:
                fields[-1].pieces += extra
        return Grid(fields, width, self.lines[self.at].number)


def _fitted(row: list[TabCell], kinds: list[str | None], source: str, words: CellWords) -> list[TabCell]:
    """The cells of a row that is short of some in the columns that they fit; empty where they fit in none."""
    if any(len(cell) > 1 for cell in row):
        return []
    spans = [cell[0] if cell else (0, 0) for cell in row]
    atoms = [Atom(a, b, fold(source[a:b]), BAR if n else BAR_END) for n, (a, b) in enumerate(spans)]
    read = cheapest(Lattice(atoms, BAR_ROWS, words), decoder_kinds(kinds), doubts=False)
    out: list[TabCell] = [[] for _ in kinds]
    for cell in read.cells:
        if cell.column is None or cell.row or cell.last - cell.first > 1 or cell.column >= len(out):
            return []
        out[cell.column] = row[cell.first]
    return out if sum(map(bool, out)) == sum(map(bool, row)) else []


def _other_header(lines: list[Line], at: int, first: list[TabCell], source: str) -> bool:
    """Whether column headings of another table stand here, or right below lines over the whole width."""
    index = at
    while index < min(at + 4, len(lines)) and "\t" not in lines[index].raw.rstrip():
        index += 1
    if index >= len(lines) or "\t" not in lines[index].raw:
        return False
    cells = [said_in(c, source) for c in _split_tabs(lines[index]) if c]
    if sum(1 for c in cells if kind_of_heading(c)) < max(2, len(cells) / 3) or any(len(c) > 20 for c in cells):
        return False
    return index > at or cells != [said_in(c, source) for c in first if c]


def _row(lines: list[Line], at: int) -> tuple[list[TabCell], int]:
    """The cells of the row that begins at a line, with the lines that its quoted cells go on in, and the index after
    it."""
    cells: list[TabCell] = []
    index, start = at, 0
    while True:
        line = lines[index]
        parts = line.raw[start:].split("\t")
        pieces = _split(line.begin + start, parts)
        if start:
            cells[-1] += pieces.pop(0)
        cells += pieces
        if not parts[-1].lstrip().startswith('"') or parts[-1].count('"') % 2 == 0:
            return cells, index + 1
        # The quotation ends in one of the next lines, or it is none.
        more: TabCell = []
        for after in range(index + 1, min(index + _QUOTED, len(lines))):
            end = _quotation_end(lines[after].raw)
            more += _split(lines[after].begin, [lines[after].raw[:end]])[0]
            if end is not None:
                break
        else:
            return cells, index + 1
        cells[-1] += more
        index, start = after, end + 1  # type: ignore[operator]


def _quotation_end(raw: str) -> int | None:
    end = re.search(r'(?<!")(?:"")*"(?!")', raw)
    return end.end() - 1 if end else None


def _split_tabs(line: Line) -> list[TabCell]:
    return _split(line.begin, line.raw.split("\t"))


def _split(base: int, parts: list[str]) -> list[TabCell]:
    """The pieces of the source that the parts between tabs are, from an offset on; outer blanks and quotation marks
    are none of them."""
    out: list[TabCell] = []
    for part in parts:
        inner = part.strip(' \u3000\xa0"')
        if inner:
            a = base + part.index(inner)
            out.append([(a, a + len(inner))])
        else:
            out.append([])
        base += len(part) + 1
    return out
