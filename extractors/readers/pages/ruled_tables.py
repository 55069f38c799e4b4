"""Ruling lines to tables: which fields they part, which they leave merged, and the text of a field."""

from __future__ import annotations

import itertools
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from ...words.fold import fold, squeeze
from ...words.forms import LABEL, MARK, is_han
from ...words.forms import still_open as _open_bracket
from ...words.parts import rule
from .model import RuledCell, RuledGrid, Stroke, join

if TYPE_CHECKING:
    from ...words.unit_shapes import UnitShapes
    from .model import PrintedLine

#: Lines that lie so near to each other are one.
_NEAR = 3.0
#: Points: a line is missing where none lies so near; lines of two tables are one; a row is so high; a stroke so long;
#: two lines that lie closer are a double one.
_APART, _SAME_LINE, _ROW, _DASH, _DOUBLE = 8, 5, 20, 4, 4


#: A page with more ruling lines than this is a drawing.
_MOST = 4000


_rule = partial(rule, file="readers.toml")

_OPENING = frozenset("（〔《〈「『【“‘([")


#: What printers let stand out beyond the margin.
_HANGING = frozenset("，。、；：！？）》〉」』】〕”’,.;:!?)")


def grids(rules: list[Stroke], page: int) -> list[RuledGrid]:
    """The tables that ruling lines make on a page."""
    flat = _merged([r for r in rules if r.flat])
    upright = _merged([r for r in rules if not r.flat])
    if len(flat) + len(upright) > _MOST:
        return []
    out = []
    flat += _ends(flat, upright)
    for group in _connected(flat, upright):
        grid = _grid([r for r in group if r.flat], [r for r in group if not r.flat], page)
        if grid is not None:
            out.append(grid)
    return _stacked(sorted(out, key=lambda g: g.top))


def _stacked(tables: list[RuledGrid]) -> list[RuledGrid]:
    """Tables that lie on each other with the same columns made one: where borders are apart, what is parted at the head
    of a page has no line above it that would touch the headings."""
    out: list[RuledGrid] = []
    for grid in tables:
        last = out[-1] if out else None
        if (
            last is not None
            and 0 < grid.top - last.bottom < _APART
            and len(grid.edges) == len(last.edges) > 2
            and all(abs(a - b) < _SAME_LINE for a, b in zip(grid.edges, last.edges, strict=True))
        ):
            for cell in grid.cells:
                cell.row += last.height
            last.cells += grid.cells
            last.height += grid.height
            last.bottom = grid.bottom
        else:
            out.append(grid)
    return out


def _ends(flat: list[Stroke], upright: list[Stroke]) -> list[Stroke]:
    """Ends for upright lines of one height that no line crosses: a row that fills its page."""
    alone = [u for u in upright if not any(_touch(f, u) for f in flat)]
    out = []
    for first in alone:
        same = [u for u in alone if abs(u.start - first.start) <= _NEAR and abs(u.end - first.end) <= _NEAR]
        if len(same) > 2 and same[0] is first and first.end - first.start > _ROW:
            left, right = min(u.at for u in same), max(u.at for u in same)
            out += [Stroke(True, y, left, right) for y in (first.start, first.end)]
    return out


def _touch(flat: Stroke, upright: Stroke) -> bool:
    return (
        flat.start - _NEAR <= upright.at <= flat.end + _NEAR and upright.start - _NEAR <= flat.at <= upright.end + _NEAR
    )


def _merged(strokes: list[Stroke]) -> list[Stroke]:
    """Pieces of one line (dashes, a border of each cell) made one."""
    out: list[Stroke] = []
    for group in _clusters(sorted(strokes, key=lambda r: r.at)):
        group.sort(key=lambda r: r.start)
        last: Stroke | None = None
        for stroke in group:
            if last is not None and stroke.start <= last.end + _NEAR:
                last.end = max(last.end, stroke.end)
            else:
                last = Stroke(stroke.flat, stroke.at, stroke.start, stroke.end)
                out.append(last)
    return [r for r in out if r.end - r.start > _DASH]


def _clusters(strokes: list[Stroke]) -> list[list[Stroke]]:
    out: list[list[Stroke]] = []
    for stroke in strokes:
        if out and stroke.at - out[-1][0].at <= _NEAR:
            out[-1].append(stroke)
        else:
            out.append([stroke])
    return out


def _connected(flat: list[Stroke], upright: list[Stroke]) -> list[list[Stroke]]:
    """Lines that touch each other, in groups."""
    strokes = [*flat, *upright]
    parent = list(range(len(strokes)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    for i, a in enumerate(flat):
        for j, b in enumerate(upright, len(flat)):
            if _touch(a, b):
                parent[root(i)] = root(j)
    groups: dict[int, list[Stroke]] = defaultdict(list)
    for n, stroke in enumerate(strokes):
        groups[root(n)].append(stroke)
    return list(groups.values())


def _grid(flat: list[Stroke], upright: list[Stroke], page: int) -> RuledGrid | None:
    # One line across is an underline, but with three upright ones it ends what is left of a row that a page parted.
    if not upright or len({round(r.at / _NEAR) for r in flat}) < (1 if len(upright) > 2 else 2):
        return None
    # Tables are often drawn without their outer sides.
    left, right = min(r.start for r in flat), max(r.end for r in flat)
    upper, lower = min(r.start for r in upright), max(r.end for r in upright)
    upright = upright + [
        Stroke(False, x, upper, lower) for x in (left, right) if all(abs(r.at - x) > _APART for r in upright)
    ]
    flat = flat + [Stroke(True, y, left, right) for y in (upper, lower) if all(abs(r.at - y) > _APART for r in flat)]
    across = _positions(upright)
    down = _positions(flat)
    if len(across) < 2 or len(down) < 2:
        return None
    # parts[i][j]: whether a line runs right of (below) the field of row i and column j.
    beside = [[_covers(upright, x, a, b) for x in across[1:-1]] for a, b in itertools.pairwise(down)]
    below = [[_covers(flat, y, a, b) for a, b in itertools.pairwise(across)] for y in down[1:-1]]
    cells = [
        RuledCell(i, rows, across[j], across[j + columns], down[i], down[i + rows], page)
        for i, j, rows, columns in _rectangles(beside, below, len(down) - 1, len(across) - 1)
    ]
    return RuledGrid(cells, across, len(down) - 1, down[0], down[-1], page, page)


def _positions(rules: list[Stroke]) -> list[float]:
    """Where lines lie; double lines are one."""
    out: list[float] = []
    for at in sorted(r.at for r in rules):
        if not out or at - out[-1] > _DOUBLE:
            out.append(at)
    return out


def _covers(rules: list[Stroke], at: float, start: float, end: float) -> bool:
    """Whether lines at a place cover most of a stretch."""
    reach = sum(max(0.0, min(r.end, end) - max(r.start, start)) for r in rules if abs(r.at - at) <= _NEAR + 1)
    return reach > 0.6 * (end - start)


def _rectangles(
    beside: list[list[bool]], below: list[list[bool]], height: int, width: int
) -> list[tuple[int, int, int, int]]:
    """(row, column, rows, columns) of the fields that no line parts, made rectangles."""
    taken = [[False] * width for _ in range(height)]
    out = []
    for i in range(height):
        for j in range(width):
            if taken[i][j]:
                continue
            rows = columns = 1
            grown = True
            while grown:
                grown = False
                while j + columns < width and any(
                    not beside[r][j + columns - 1] and not taken[r][j + columns] for r in range(i, i + rows)
                ):
                    if any(taken[r][j + columns] for r in range(i, i + rows)):
                        break
                    columns, grown = columns + 1, True
                while i + rows < height and any(
                    not below[i + rows - 1][c] and not taken[i + rows][c] for c in range(j, j + columns)
                ):
                    if any(taken[i + rows][c] for c in range(j, j + columns)):
                        break
                    rows, grown = rows + 1, True
            for r in range(i, i + rows):
                taken[r][j : j + columns] = [True] * columns
            out.append((i, j, rows, columns))
    return out


def cell_text(cell: RuledCell, words: UnitShapes) -> str:
    """The text of a cell, lines joined that the width of the cell broke; `words` tell where a unit ends."""
    parts: list[list[PrintedLine]] = []
    middle = centred(cell)
    for n, line in enumerate(cell.lines):
        last = parts[-1] if parts else []
        if (
            last
            and full_line(cell, last[-1], line, middle)
            and not _begins(join(last), line.text)
            and not _parted(join(last), line.text, join(cell.lines[n : n + 3]), words)
        ):
            last.append(line)
        else:
            parts.append([line])
    return "\n".join(map(join, parts))


def even(grid: RuledGrid) -> None:
    """Takes out the rows that only empty cells end or begin in: a merged cell drawn a little shorter than its row."""
    for row in range(grid.height - 1, 0, -1):
        if any(c.lines and row in (c.row, c.row + c.rows) for c in grid.cells):
            continue
        grid.height -= 1
        for cell in grid.cells:
            if cell.row >= row:
                cell.row -= 1
            elif cell.row + cell.rows > row:
                cell.rows -= 1
        taken: set[tuple[int, float]] = set()
        kept = []
        for cell in sorted(grid.cells, key=lambda c: (c.row, not c.lines, -c.rows)):
            fields = {(r, cell.left) for r in range(cell.row, cell.row + cell.rows)}
            if cell.lines or not fields & taken:
                kept.append(cell)
                taken |= fields
        grid.cells = sorted(kept, key=lambda c: (c.row, c.left))


def overflow(grid: RuledGrid, lines: list[PrintedLine]) -> list[PrintedLine]:
    """Puts lines that stand just below a table into the cells that they run out of, and gives the others: a row that a
    page parts may be drawn as high as its shortest cell."""
    foot = [c for c in grid.cells if c.lines and c.row + c.rows == grid.height]
    out = []
    for line in sorted(lines, key=lambda n: n.down):
        cell = next(
            (
                c
                for c in foot
                if c.left < line.left
                and line.right < c.right
                and 0 < line.down - c.lines[-1].down < 2 * line.size
                and line.down > c.lower
                and abs(line.size - c.lines[-1].size) < 0.1 * line.size
                and not _begins(c.text, line.text)
                and full_line(c, c.lines[-1], line, centred(c))
            ),
            None,
        )
        if cell is not None and len(grid.edges) > 2:
            cell.lines.append(line)
        else:
            out.append(line)
    return [line for line in lines if any(line is n for n in out)] if len(out) < len(lines) else lines


def _begins(before: str, after: str) -> bool:
    """Whether a line begins anew: a number, a bullet, a label; not inside brackets."""
    after = fold(after)
    return bool(MARK.match(after) or LABEL.match(after)) and not _open_bracket(fold(before))


def centred(cell: RuledCell) -> bool:
    """Whether the lines of a cell are centred (or right-aligned): their ends then say nothing, their widths do."""
    if not cell.lines:
        return False
    gaps = [(line.left - cell.left, cell.right - line.right, line.size) for line in cell.lines]
    return all(abs(a - b) < 0.7 * size or a > b for a, b, size in gaps) and any(a > size for a, _, size in gaps)


def full_line(cell: RuledCell, line: PrintedLine, following: PrintedLine, centred: bool) -> bool:
    """Whether what begins the following line had no room in this one."""
    if line.text[-1] in _OPENING or following.text[0] in "〔［":
        return True
    # What stood in a wider line of the cell had room in this one; but programs count characters, too.
    ends = [(n.right - (n.left if centred else 0.0)) - (n.size if n.text[-1] in _HANGING else 0.0) for n in cell.lines]
    room = max(ends, default=0.0) - line.right + (line.left if centred else 0.0)
    most = max(len(n.text) for n in cell.lines) if cell.lines else 0
    # Programs put a quarter of a blank between figures or letters and Chinese characters.
    need = following.first + (0.25 * line.size if _mixed(line.text[-1], following.text[0]) else 0.0)
    if room > need - 0.02 * line.size and len(line.text) < most:
        return False
    pad = min(5.4, max(0.0, min((n.left - cell.left for n in cell.lines), default=5.4)))
    room = cell.right - cell.left - 2 * pad - (line.right - line.left) if centred else cell.right - pad - line.right
    return room < need + 0.5 * line.size


def _mixed(before: str, after: str) -> bool:
    return (before.isascii() and before.isalnum()) != (after.isascii() and after.isalnum()) and (
        is_han(before) or is_han(after)
    )


def _parted(before: str, after: str, rest: str, words: UnitShapes) -> bool:
    """Whether a list of units ends where a line does, and the next line begins another unit. `rest` is that line with
    what follows it, as a line of a narrow cell holds less than a word."""
    before, after, rest = squeeze(fold(before)), squeeze(fold(after)), squeeze(fold(rest))
    if not _rule("unit_end").search(before) or not words.all_units(before):
        return False
    if _rule("government").search(before) and _rule("all_of").match(rest):
        return False  # 县政府各部门
    if not _rule("committee").search(before) and _rule("own_government").match(rest):
        return True
    part_of_office = _rule("section_end").search(before)
    return bool(_rule("placed").match(rest)) or (part_of_office is not None and words.all_units(after))
