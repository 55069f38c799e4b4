"""Tables that go on over pages: which is the rest of which, and whether the page parted a row."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from ...words.fold import fold
from ...words.forms import MARK, SENTENCE_END, TERMINAL
from ...words.headings import kind_of_heading
from .model import nearest
from .ruled_tables import centred, full_line

if TYPE_CHECKING:
    from .model import RuledCell, RuledGrid


#: So far apart are the edges of a table, and its ruling lines, on two pages (points).
_SAME_EDGE, _SAME_LINE = 8, 5
_FEWEST_LINES = 3
_SAME_COLUMN = 6  # so far apart are the sides of cells of a column
_LONG_NUMBER = 4
_AT_FOOT = 1.6  # a merged cell goes on whose last line stands so many times its size above the foot at most


def goes_on(grid: RuledGrid, new: RuledGrid) -> bool:
    """Joins a table on the next page to the one that it goes on from; false where it is another."""
    if new.page == grid.last_page or not _same_lines(grid, new):
        return False
    first = _repeated(grid, new)
    if first == 0 and len(new.edges) != len(grid.edges) and min(len(grid.edges), len(new.edges)) < _FEWEST_LINES:
        return False
    cells = [c for c in new.cells if c.row >= first]
    if cells:
        _join(grid, new, cells, first)
    grid.last_page = new.page
    return True


def _same_lines(grid: RuledGrid, new: RuledGrid) -> bool:
    """Whether two tables have the same edges, and each line between the columns of one is one of the other."""
    if any(abs(new.edges[n] - grid.edges[n]) > _SAME_EDGE for n in (0, -1)):
        return False
    few, many = sorted((grid.edges, new.edges), key=len)
    return all(abs(many[nearest(many, x)] - x) <= _SAME_LINE for x in few)


def _join(grid: RuledGrid, new: RuledGrid, cells: list[RuledCell], first: int) -> None:
    """Puts the cells of the next page, which has `first` rows of headings again, below those of the table."""
    pairs = _pairs(grid, cells, first)
    cut = _is_cut(grid, pairs)
    offset = grid.height - first - (1 if cut else 0)
    gone = set()
    for above, cell in pairs:
        merged = above.rows > 1 or cell.rows > 1 or (not cell.lines and _never_empty(grid, cells, cell))
        if cut or (merged and (not cell.lines or (len(above.lines) > 1 and _open(above, cell, _AT_FOOT, parts=False)))):
            above.lines = above.lines + cell.lines
            above.rows = cell.row + cell.rows + offset - above.row
            gone.add(id(cell))
    for cell in cells:
        if id(cell) not in gone:
            cell.row += offset
            grid.cells.append(cell)
    grid.height += new.height - first - (1 if cut else 0)
    extra = [x for x in new.edges if all(abs(x - e) > _SAME_LINE for e in grid.edges)]
    grid.edges = sorted([*grid.edges, *extra])


def _in_column(one: RuledCell, other: RuledCell) -> bool:
    """Whether two cells have the same sides."""
    return abs(one.left - other.left) < _SAME_COLUMN and abs(one.right - other.right) < _SAME_COLUMN


def _repeated(grid: RuledGrid, new: RuledGrid) -> int:
    """How many rows of headings a table has again on the next page."""

    def row(table: RuledGrid, n: int) -> list[str]:
        return [c.text for c in sorted(table.cells, key=lambda c: c.left) if c.row == n]

    count = 0
    while count < min(3, new.height) and any(row(new, count)) and row(new, count) == row(grid, count):
        count += 1
    return count


def _pairs(grid: RuledGrid, cells: list[RuledCell], first: int) -> list[tuple[RuledCell, RuledCell]]:
    """Cells at the foot of a table and those of the same column at the head of the next page."""
    foot = [c for c in grid.cells if c.row + c.rows == grid.height]
    return [(a, b) for b in cells if b.row == first for a in foot if _in_column(a, b)]


# --- whether the page parted a row -----------------------------------------------------------------------------------

_Pair = tuple["RuledCell", "RuledCell"]


class _Seam:
    """The foot of a table and the head of its next page. `plain` are the pairs of one row below, `both` those of them
    that hold text on both sides."""

    def __init__(self, grid: RuledGrid, pairs: list[_Pair]) -> None:
        self.grid, self.pairs = grid, pairs
        self.plain = sorted(((a, b) for a, b in pairs if b.rows == 1), key=lambda p: p[1].left)
        self.both = [(a, b) for a, b in self.plain if a.lines and b.lines]

    @property
    def open(self) -> list[_Pair]:
        """The pairs whose text may go on below."""
        return [(a, b) for a, b in self.both if _open(a, b)]

    @property
    def lacking(self) -> list[RuledCell]:
        """The cells that are empty below, of columns that every row fills."""
        return [b for a, b in self.plain if a.lines and not b.lines and _fills_rows(self.grid, b)]

    @property
    def closed(self) -> bool:
        """Whether a sentence ends at the foot beside text below: that speaks for a new row."""
        said = [a for a, b in self.pairs if a.rows == 1 and a.lines and b.lines]
        return any(SENTENCE_END.search(fold(a.lines[-1].text)) for a in said)


def _is_cut(grid: RuledGrid, pairs: list[_Pair]) -> bool:
    """Whether the page parted a row. The first judgement that is sure decides; where none is, it is a new row."""
    seam = _Seam(grid, pairs)
    if len(seam.plain) < 2 or not any(b.lines for _, b in seam.plain):
        return False
    return next((said for judge in _JUDGEMENTS if (said := judge(seam)) is not None), False)


def _by_numbers(seam: _Seam) -> bool | None:
    """Where rows are numbered, one without a number is the rest of a row; where only its part below has the next
    number, the row is parted, too."""
    for above, below in seam.plain:
        numbers = _numbers(seam.grid, above)
        if numbers is None or above.rows > 1:
            continue
        if not below.lines:
            return True if above.lines else None
        if below.text.isdecimal() and int(below.text) == numbers[-1] + 1:
            return not above.lines
    return None


#: So many rows of numbers that follow one another make a column of running numbers, ...
_FEW_NUMBERS = 3
#: ... if so many of its cells hold one.
_NUMBERED = 0.8


def _numbers(grid: RuledGrid, cell: RuledCell) -> list[int] | None:
    """The running numbers of a cell's column, headings aside; None where it has none."""
    column = [c for c in grid.cells if _in_column(c, cell) and c.row > 0]
    said = [c.text for c in sorted(column, key=lambda c: c.row) if c.lines]
    numbers = [int(text) for text in said if text.isdecimal() and len(text) <= _LONG_NUMBER]
    steps = sum(b == a + 1 for a, b in itertools.pairwise(numbers))
    running = len(numbers) >= _FEW_NUMBERS and len(numbers) >= _NUMBERED * len(said)
    return numbers if running and steps >= _NUMBERED * (len(numbers) - 1) else None


def _begins_anew(seam: _Seam) -> bool | None:
    """Numbers on both sides, or a mark of numbering below: a new row. So is what stands below a row of headings."""
    for above, below in seam.both:
        first = fold(below.lines[0].text)
        marked = MARK.match(first) and not re.match(r"[●•■◆▲★※·]", first)
        if marked or (above.text.isdecimal() and below.text.isdecimal()):
            return False
    headings = {id(a) for a, _ in seam.pairs if kind_of_heading(fold(a.text[:60]))}
    return False if len(headings) > 1 else None


def _lacks_its_text(seam: _Seam) -> bool | None:
    return True if len(seam.grid.edges) > _FEWEST_LINES and _lacks_text(seam.grid, seam.plain) else None


def _breaks_a_sentence(seam: _Seam) -> bool | None:
    """Text that does not end, in a column whose cells all end as sentences do."""
    broken = (a for a, _ in seam.both if a.rows == 1 and not TERMINAL.search(fold(a.lines[-1].text)))
    return True if any(_of_sentences(seam.grid, a) for a in broken) else None


def _fills_every_line(seam: _Seam) -> bool | None:
    full = sum(full_line(a, a.lines[-1], b.lines[0], centred(a)) for a, b in seam.both)
    return True if full > 2 and full == len(seam.both) else None


def _goes_on_below(seam: _Seam) -> bool | None:
    """Text that may go on, and enough beside it that says so."""
    open_ = seam.open
    if not open_ or seam.closed:
        return None
    # What is merged downwards stands on the left: nothing on the right of what goes on is a part of a row.
    edge = min(b.left for _, b in open_)
    ended = any(a.lines and not b.lines and b.left > edge for a, b in seam.plain)
    most = len(open_) > 1 and len(open_) >= len(seam.both) / 2
    if len(open_) == len(seam.both) or seam.lacking or ended or most:
        return True
    # A cell of a row that the page parts fills its part down to the foot, one of a whole row seldom does.
    return True if _usual_lines(seam.grid) > 1 and all(_reaches(a, b) for a, b in seam.both) else None


def _goes_on_where_something_lacks(seam: _Seam) -> bool | None:
    """Text that may go on, beside a field that is empty below though every row fills its column: also where a sentence
    ends beside them."""
    return True if seam.open and seam.lacking else None


def _breaks_a_list(seam: _Seam) -> bool | None:
    return True if any(fold(a.lines[-1].text).endswith((",", "、")) for a, _ in seam.open) else None


def _lacks_its_number(seam: _Seam) -> bool | None:
    """The number is missing below, and all that is there reaches over the edge."""
    lacking = seam.lacking
    column = [c.text for c in seam.grid.cells if lacking and abs(c.left - lacking[0].left) < _SAME_COLUMN and c.row > 0]
    return True if any(n.isdecimal() for n in column) and all(_reaches(a, b) for a, b in seam.both) else None


#: In the order of how sure each is.
_JUDGEMENTS = (
    _by_numbers,
    _begins_anew,
    _lacks_its_text,
    _breaks_a_sentence,
    _fills_every_line,
    _goes_on_below,
    _goes_on_where_something_lacks,
    _breaks_a_list,
    _lacks_its_number,
)


def _lacks_text(grid: RuledGrid, pairs: list[tuple[RuledCell, RuledCell]]) -> bool:
    """Whether the column that holds most of the table's words is empty below: no row lacks its text."""
    size: dict[int, int] = defaultdict(int)
    for cell in grid.cells:
        if cell.rows == 1:
            size[round(cell.left / 6)] += len(cell.text)
    return any(
        above.lines and not below.lines and size[round(above.left / 6)] == max(size.values()) for above, below in pairs
    )


def _of_sentences(grid: RuledGrid, foot: RuledCell) -> bool:
    """Whether all that stands above a cell in its column, headings aside, ends as sentences do."""
    above = [c for c in grid.cells if c is not foot and c.lines and c.row > 0 and _in_column(c, foot)]
    ends = sum(bool(TERMINAL.search(fold(c.lines[-1].text))) for c in above if not kind_of_heading(fold(c.text[:60])))
    return ends > 2 and ends >= 0.9 * (len(above) - 1)


def _never_empty(grid: RuledGrid, cells: list[RuledCell], head: RuledCell) -> bool:
    """Whether an empty field at the head of a page is the only one in its column: what is merged goes on there."""
    column = [c for c in [*grid.cells, *cells] if c is not head and _in_column(c, head)]
    # Units and deadlines may be missing once; what stands on the left of the work may not.
    words: dict[int, int] = defaultdict(int)
    for cell in grid.cells:
        if cell.rows == 1:
            words[round(cell.left)] += len(cell.text)
    leads = head.left < max(words, key=lambda left: words[left], default=0) or any(c.rows > 1 for c in column)
    return leads and len(column) > 2 and all(c.lines for c in column)


def _usual_lines(grid: RuledGrid) -> int:
    """How many lines most rows of a table have at least."""
    rows: dict[int, int] = defaultdict(int)
    for cell in grid.cells:
        if cell.rows == 1:
            rows[cell.row] = max(rows[cell.row], len(cell.lines))
    return sorted(rows.values())[len(rows) // 2] if rows else 0


def _fills_rows(grid: RuledGrid, below: RuledCell) -> bool:
    """Whether a column has text in each row of the table so far, and no merged cell."""
    column = [c for c in grid.cells if _in_column(c, below)]
    return len(column) > 2 and all(c.lines and c.rows == 1 for c in column)


def _open(above: RuledCell, below: RuledCell, reach: float = 3.4, parts: bool = True) -> bool:
    """Whether the text of one cell may go on in the other: it broke off where the line was full, so many times its
    size above the foot at most."""
    if not above.lines or not below.lines or TERMINAL.search(fold(above.lines[-1].text)):
        return False
    if MARK.match(fold(below.lines[0].text)):
        return False
    return _reaches(above, below, reach, parts) and full_line(above, above.lines[-1], below.lines[0], centred(above))


def _reaches(above: RuledCell, below: RuledCell, reach: float = 3.4, parts: bool = True) -> bool:
    """Whether text reaches down to the foot of its page (printers keep a single line from standing alone, so one more
    may be empty), and what is below begins at the head of the next, or each is in the middle of its part where there
    are `parts`."""
    last, first = above.lines[-1], below.lines[0]
    foot = above.lower - last.down <= reach * last.size or (parts and _middle(above))
    return foot and (first.top - below.upper <= 1.6 * first.size or (parts and _middle(below)))


def _middle(cell: RuledCell) -> bool:
    """Whether text stands half-way between the upper and the lower edge, as the parts of a parted cell may do each."""
    upper, lower = cell.lines[0].top - cell.upper, cell.lower - cell.lines[-1].down
    return abs(upper - lower) < 1.5 * cell.lines[0].size
