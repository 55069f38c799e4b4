"""Tables that go on over pages: which is the rest of which, and whether the page parted a row."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from ..fold import fold
from ..grid import kind_of_heading
from .ruling import _centred, _full, _nearest
from .text import MARK

if TYPE_CHECKING:
    from .ruling import Cell, Grid

_TERMINAL = re.compile(r"[。;!?：:]['\"”’)]*$")


def goes_on(grid: Grid, new: Grid) -> bool:
    """Joins a table on the next page to the one that it goes on from; false where it is another."""
    if new.page == grid.last_page or abs(new.edges[0] - grid.edges[0]) > 8 or abs(new.edges[-1] - grid.edges[-1]) > 8:
        return False
    few, many = sorted((grid.edges, new.edges), key=len)
    if sum(abs(many[_nearest(many, x)] - x) > 5 for x in few) > 0:
        return False
    first = _repeated(grid, new)
    if first == 0 and len(new.edges) != len(grid.edges) and len(few) < 3:
        return False
    cells = [c for c in new.cells if c.row >= first]
    if not cells:
        grid.last_page = new.page
        return True
    pairs = _pairs(grid, cells, first)
    cut = _is_cut(grid, cells, pairs)
    offset = grid.height - first - (1 if cut else 0)
    gone = set()
    for above, cell in pairs:
        merged = above.rows > 1 or cell.rows > 1 or (not cell.lines and _never_empty(grid, cells, cell))
        if cut or (merged and (not cell.lines or (len(above.lines) > 1 and _open(above, cell, 1.6, parts=False)))):
            above.lines = above.lines + cell.lines
            above.rows = cell.row + cell.rows + offset - above.row
            gone.add(id(cell))
    for cell in cells:
        if id(cell) not in gone:
            cell.row += offset
            grid.cells.append(cell)
    grid.height += new.height - first - (1 if cut else 0)
    extra = [x for x in new.edges if all(abs(x - e) > 5 for e in grid.edges)]
    grid.edges = sorted([*grid.edges, *extra])
    grid.last_page = new.page
    return True


def _repeated(grid: Grid, new: Grid) -> int:
    """How many rows of headings a table has again on the next page."""

    def row(table: Grid, n: int) -> list[str]:
        return [c.text for c in sorted(table.cells, key=lambda c: c.left) if c.row == n]

    count = 0
    while count < min(3, new.height) and any(row(new, count)) and row(new, count) == row(grid, count):
        count += 1
    return count


def _pairs(grid: Grid, cells: list[Cell], first: int) -> list[tuple[Cell, Cell]]:
    """Cells at the foot of a table and those of the same column at the head of the next page."""
    foot = [c for c in grid.cells if c.row + c.rows == grid.height]
    return [
        (a, b) for b in cells if b.row == first for a in foot if abs(a.left - b.left) < 6 and abs(a.right - b.right) < 6
    ]


def _is_cut(grid: Grid, cells: list[Cell], pairs: list[tuple[Cell, Cell]]) -> bool:
    """Whether the page parted a row: text below goes on text above, nothing below begins anew, and a column that every
    row fills is empty below or all that is below goes on."""
    plain = sorted(((a, b) for a, b in pairs if b.rows == 1), key=lambda p: p[1].left)
    both = [(a, b) for a, b in plain if a.lines and b.lines]
    if len(plain) < 2 or not any(b.lines for _, b in plain):
        return False
    for above, below in both:
        first = fold(below.lines[0].text)
        if (MARK.match(first) and not re.match(r"[●•■◆▲★※·]", first)) or (
            above.text.isdecimal() and below.text.isdecimal()
        ):
            return False
    if len({id(a) for a, _ in pairs if kind_of_heading(fold(a.text[:60]))}) > 1:
        return False  # a row of headings at the foot
    if len(grid.edges) > 3 and _lacks_text(grid, plain):
        return True
    if any(a.rows == 1 and not _TERMINAL.search(fold(a.lines[-1].text)) and _of_sentences(grid, a) for a, _ in both):
        return True
    full = sum(_full(a, a.lines[-1], b.lines[0], _centred(a)) for a, b in both)
    if full > 2 and full == len(both):
        return True
    open_ = sum(_open(a, b) for a, b in both)
    # A sentence that ends at the foot speaks for a new row.
    said = [a for a, b in pairs if a.rows == 1 and a.lines and b.lines]
    closed = any(re.search(r"[。;!?]$", fold(a.lines[-1].text)) for a in said)
    lacking = [b for a, b in plain if a.lines and not b.lines and _fills_rows(grid, b)]
    if open_ and not closed:
        # What is merged downwards stands on the left: nothing on the right of what goes on is a part of a row.
        edge = min(b.left for a, b in both if _open(a, b))
        ended = any(a.lines and not b.lines and b.left > edge for a, b in plain)
        if open_ == len(both) or lacking or ended or (open_ > 1 and open_ >= len(both) / 2):
            return True
        # A cell of a row that the page parts fills its part down to the foot, one of a whole row seldom does.
        if _usual_lines(grid) > 1 and all(_reaches(a, b) for a, b in both):
            return True
    if any(_open(a, b) and fold(a.lines[-1].text).endswith((",", "、")) for a, b in both):
        return True
    numbers = [c.text for c in grid.cells if lacking and abs(c.left - lacking[0].left) < 6 and c.row > 0]
    return any(n.isdecimal() for n in numbers) and all(_reaches(a, b) for a, b in both)


def _lacks_text(grid: Grid, pairs: list[tuple[Cell, Cell]]) -> bool:
    """Whether the column that holds most of the table's words is empty below: no row lacks its text."""
    size: dict[int, int] = defaultdict(int)
    for cell in grid.cells:
        if cell.rows == 1:
            size[round(cell.left / 6)] += len(cell.text)
    return any(
        above.lines and not below.lines and size[round(above.left / 6)] == max(size.values()) for above, below in pairs
    )


def _of_sentences(grid: Grid, foot: Cell) -> bool:
    """Whether all that stands above a cell in its column, headings aside, ends as sentences do."""
    above = [
        c
        for c in grid.cells
        if c is not foot and c.lines and c.row > 0 and abs(c.left - foot.left) < 6 and abs(c.right - foot.right) < 6
    ]
    ends = sum(bool(_TERMINAL.search(fold(c.lines[-1].text))) for c in above if not kind_of_heading(fold(c.text[:60])))
    return ends > 2 and ends >= 0.9 * (len(above) - 1)


def _never_empty(grid: Grid, cells: list[Cell], head: Cell) -> bool:
    """Whether an empty field at the head of a page is the only one in its column: what is merged goes on there."""
    column = [
        c
        for c in [*grid.cells, *cells]
        if c is not head and abs(c.left - head.left) < 6 and abs(c.right - head.right) < 6
    ]
    # Units and deadlines may be missing once; what stands on the left of the work may not.
    words: dict[int, int] = defaultdict(int)
    for cell in grid.cells:
        if cell.rows == 1:
            words[round(cell.left)] += len(cell.text)
    leads = head.left < max(words, key=lambda left: words[left], default=0) or any(c.rows > 1 for c in column)
    return leads and len(column) > 2 and all(c.lines for c in column)


def _usual_lines(grid: Grid) -> int:
    """How many lines most rows of a table have at least."""
    rows: dict[int, int] = defaultdict(int)
    for cell in grid.cells:
        if cell.rows == 1:
            rows[cell.row] = max(rows[cell.row], len(cell.lines))
    return sorted(rows.values())[len(rows) // 2] if rows else 0


def _fills_rows(grid: Grid, below: Cell) -> bool:
    """Whether a column has text in each row of the table so far, and no merged cell."""
    column = [c for c in grid.cells if abs(c.left - below.left) < 6 and abs(c.right - below.right) < 6]
    return len(column) > 2 and all(c.lines and c.rows == 1 for c in column)


def _open(above: Cell, below: Cell, reach: float = 3.4, parts: bool = True) -> bool:
    """Whether the text of one cell may go on in the other: it broke off where the line was full, so many times its
    size above the foot at most."""
    if not above.lines or not below.lines or _TERMINAL.search(fold(above.lines[-1].text)):
        return False
    if MARK.match(fold(below.lines[0].text)):
        return False
    return _reaches(above, below, reach, parts) and _full(above, above.lines[-1], below.lines[0], _centred(above))


def _reaches(above: Cell, below: Cell, reach: float = 3.4, parts: bool = True) -> bool:
    """Whether text reaches down to the foot of its page (printers keep a single line from standing alone, so one more
    may be empty), and what is below begins at the head of the next, or each is in the middle of its part where there
    are `parts`."""
    last, first = above.lines[-1], below.lines[0]
    foot = above.lower - last.down <= reach * last.size or (parts and _middle(above))
    return foot and (first.top - below.upper <= 1.6 * first.size or (parts and _middle(below)))


def _middle(cell: Cell) -> bool:
    """Whether text stands half-way between the upper and the lower edge, as the parts of a parted cell may do each."""
    upper, lower = cell.lines[0].top - cell.upper, cell.lower - cell.lines[-1].down
    return abs(upper - lower) < 1.5 * cell.lines[0].size
