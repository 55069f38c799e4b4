"""The characters of a page of a PDF with their places, and the lines and cells that they make.

A page is turned so that its text runs from left to right, whatever its own turn.
"""

from __future__ import annotations

import ctypes
import math
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

from ...words.fold import ordinary
from ...words.forms import RED_HEAD_END
from .drawn_lines import point, rules_of
from .model import TURNED, Glyph, PrintedLine, PrintedPage, RuledGrid, Stroke, join
from .ruled_tables import even, grids, overflow

#: A page of more characters than this is a bomb: what comes after is left out.
MOST_GLYPHS = 100_000


#: Nothing lies so far from a page (points).
_FAR = 1e6


_NARROW = re.compile(r"[!-~¡-ɏ]")


_WIDE = re.compile(r"[\u3400-\u9fff]")


_BEFORE = frozenset("，。、；：！？）〕》〉」』】〗”’％％…—·,.;:!?)]}%")  # can not begin a line


_AFTER = frozenset("（〔《〈「『【〖“‘([{¥￥$")  # can not end one


#: What stands slanted by more than this share of a right angle is a mark over the page, no text of it.
SLANT = 0.06


#: A note mark is smaller than its line by this, and raised by this share of the line's size.
_SMALL, _RAISED = 0.78, 0.15


_NOTE_MARK = re.compile(r"[0-9①-⑳*＊†‡\[\]()（）〔〕［］]")


_BLANKS = frozenset((9, 32, 0xA0, 0x3000, *range(0x2000, 0x200B)))


#: The edges of a box: left, upper, right and lower on a page, left, bottom, right and top in the file.
Edges = tuple[float, float, float, float]


class DrawnPage(NamedTuple):
    """What a page draws: itself without lines yet, the characters on it, those that are turned against most (quarters,
    as it reads when turned back, where it stands), what can not be read as text, the ruling lines, pictures, and the
    turn of the text (radians). All boxes are on the page turned back."""

    page: PrintedPage
    inside: list[Glyph]
    aside: list[tuple[int, Glyph, tuple[float, float]]]
    unread: list[Edges]
    rules: list[Stroke]
    pictures: list[Edges]
    turn: float


def page_of(document: Any, number: int) -> PrintedPage:
    """A page of an open document, read and closed again; `number` from 1."""
    source = document[number - 1]
    try:
        drawn = drawn_on(source, number)
    finally:
        source.close()
    fill(drawn.page, drawn.inside, drawn.rules)
    _put_aside(drawn.page, drawn.aside)
    return drawn.page


def drawn_on(source: Any, number: int) -> DrawnPage:
    """What an open page draws."""
    import pypdfium2

    raw = pypdfium2.raw
    text = source.get_textpage()
    try:
        found, aside, unmapped, unread, turn = _characters(raw, text)
    finally:
        text.close()
    left, upper, right, lower = _turned(source.get_cropbox(), turn)
    rules, pictures = rules_of(raw, source, turn)
    inside = [g for g in found if left - 2 < (g.left + g.right) / 2 < right + 2 and upper - 2 < g.down < lower + 6]
    area = max((right - left) * (lower - upper), 1.0)
    page = PrintedPage(number, *(left, right, upper, lower), count=len(inside) + unmapped, unmapped=unmapped)
    covered = sum((edges[2] - edges[0]) * (edges[3] - edges[1]) for edges in pictures)
    page.pictures = min(covered / area, 1.0)
    return DrawnPage(page, inside, aside, [_turned(edges, turn) for edges in unread], rules, pictures, turn)


def fill(page: PrintedPage, glyphs: list[Glyph], rules: list[Stroke]) -> PrintedPage:
    """Puts the lines and tables on a page that its characters and ruling lines make."""
    page.grids = grids(rules, page.number)
    # A frame around a table, or around the whole page, is none; the smallest table has what stands in it.
    page.grids = [g for g in page.grids if len(g.cells) > 1 or not any(_within(o, g) for o in page.grids if o is not g)]
    cells, loose = in_cells(page.grids, _once(glyphs))
    for cell, inside in cells:
        cell.lines = lines_of(inside)
    for column, part in enumerate(columns_of(loose)):
        lines = _red_head(lines_of(part))
        for line in lines:
            line.column = column
        page.lines += lines
    for grid in page.grids:
        even(grid)
    if page.grids:
        page.lines = overflow(page.grids[-1], page.lines)
    return page


def in_cells(tables: list[RuledGrid], glyphs: list[Glyph]) -> tuple[list[tuple[Any, list[Glyph]]], list[Glyph]]:
    """The cells that have characters, with them, and the characters outside of tables. The smallest table has what
    stands in it."""
    smallest = sorted(tables, key=lambda g: (g.bottom - g.top) * (g.edges[-1] - g.edges[0]))
    loose: list[Glyph] = []
    cells: dict[int, tuple[Any, list[Glyph]]] = {}
    for glyph in glyphs:
        across, down = (glyph.left + glyph.right) / 2, glyph.down - glyph.size * 0.35
        for grid in smallest:
            cell = grid.at(across, down)
            if cell is not None:
                cells.setdefault(id(cell), (cell, []))[1].append(glyph)
                break
        else:
            loose.append(glyph)
    return list(cells.values()), loose


def _put_aside(page: PrintedPage, aside: list[tuple[int, Glyph, tuple[float, float]]]) -> None:
    """Puts characters that are turned against the page into their cells. Outside of tables a few of them are marks
    along the margin, and many are read after the page."""
    cells: dict[tuple[int, int], tuple[Any, list[Glyph]]] = {}
    loose: dict[int, list[Glyph]] = {}
    for quarter, glyph, (across, down) in aside:
        cell = next((c for c in (g.at(across, down) for g in page.grids) if c is not None), None)
        if cell is not None:
            cells.setdefault((id(cell), quarter), (cell, []))[1].append(glyph)
        else:
            loose.setdefault(quarter, []).append(glyph)
    for cell, inside in cells.values():
        lines = lines_of(_once(inside))
        if lines:
            size = lines[0].size
            middle = (cell.upper + cell.lower) / 2
            cell.lines.append(PrintedLine(join(lines), cell.left, cell.left + size, middle, size, size))
    for quarter, inside in loose.items():
        if len(inside) > max(12, 0.2 * page.count):
            lines = lines_of(_once(inside))
            for line in lines:
                line.column = TURNED + quarter
            page.lines += lines
    page.grids = [g for g in page.grids if any(c.lines for c in g.cells)]


def _within(inner: RuledGrid, outer: RuledGrid) -> bool:
    return (
        outer.top <= inner.top
        and inner.bottom <= outer.bottom
        and outer.edges[0] <= inner.edges[0]
        and inner.edges[-1] <= outer.edges[-1]
    )


#: Characters of the file that hold no place in the text: ends of lines, a soft hyphen, marks without width.
_SKIPPED = frozenset((10, 13, 0xAD, 0x200B, 0xFEFF))
_NO_CHARACTER = 0xFFFD
_NO_CHARACTERS = (_NO_CHARACTER, 0xFFFE, 0xFFFF)
#: Halves of characters beyond the first 65,536, characters of private use, ligatures of Latin letters.
_HIGH_HALVES, _LOW_HALVES = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
_CONTROLS, _PRIVATE, _LIGATURES = range(32), range(0xE000, 0xF900), range(0xFB00, 0xFB07)
#: A character that is wider than so many times its size has a wrong size.
_WIDEST = 4
_QUARTER = math.pi / 2


class _FileCharacter(NamedTuple):
    """A character as it stands in the file, with the quarters of a turn that it is turned by."""

    text: str
    across: float
    up: float
    edges: Edges
    size: float
    quarter: int


class _FileCharacters:
    """The characters of a page: those that can be read, how many can not, and the boxes of what is left out."""

    def __init__(self, raw: Any, text: Any) -> None:
        self._raw, self._text = raw, text
        self._box, self._matrix = raw.FS_RECTF(), raw.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self.seen: list[_FileCharacter] = []
        self.unread: list[Edges] = []
        self.unmapped = 0
        high = 0
        for n in range(min(raw.FPDFText_CountChars(text), MOST_GLYPHS)):
            code = raw.FPDFText_GetUnicode(text, n)
            if code in _HIGH_HALVES:
                high = code
                continue
            if code in _LOW_HALVES:
                pair = ((high - _HIGH_HALVES.start) << 10) + (code - _LOW_HALVES.start)
                code = 0x10000 + pair if high else _NO_CHARACTER
            high = 0
            if raw.FPDFText_IsGenerated(text, n) != 1 and code not in _SKIPPED:
                self._take(n, 32 if code in _BLANKS else code)

    def _take(self, n: int, code: int) -> None:
        if _has_no_name(code) or self._raw.FPDFText_HasUnicodeMapError(self._text, n) == 1:
            self.unmapped += 1
            self._leave_out(n)
            return
        edges = self._edges(n)
        if edges is None or not self._raw.FPDFText_GetCharOrigin(self._text, n, self._x, self._y):
            return
        size, turn = self._raw.FPDFText_GetFontSize(self._text, n), 0.0
        if self._raw.FPDFText_GetMatrix(self._text, n, self._matrix):
            turn = math.atan2(self._matrix.b, self._matrix.a)
            size *= math.hypot(self._matrix.c, self._matrix.d)
        if abs(turn / _QUARTER - round(turn / _QUARTER)) > SLANT:
            self._leave_out(n)
        elif _is_near((*edges, self._x.value, self._y.value, size)):
            quarter = round(turn / _QUARTER) % 4
            self.seen.append(_FileCharacter(plain(chr(code)), self._x.value, self._y.value, edges, size, quarter))

    def _edges(self, n: int) -> Edges | None:
        if not self._raw.FPDFText_GetLooseCharBox(self._text, n, self._box):
            return None
        return self._box.left, self._box.bottom, self._box.right, self._box.top

    def _leave_out(self, n: int) -> None:
        edges = self._edges(n)
        if edges is not None and _is_near(edges):
            self.unread.append(edges)


def _has_no_name(code: int) -> bool:
    """Whether the file gives no character that anybody could read: a control, none at all, one of private use."""
    return code in _CONTROLS or code in _NO_CHARACTERS or code in _PRIVATE or code > sys.maxunicode


def _is_near(numbers: Iterable[float]) -> bool:
    """Whether these are numbers, and not far from any page."""
    return all(abs(v) < _FAR for v in numbers)


def _characters(
    raw: Any, text: Any
) -> tuple[list[Glyph], list[tuple[int, Glyph, tuple[float, float]]], int, list[Edges], float]:
    """The characters of a page; those that are turned against most: (turn, as it reads when turned back, where it
    stands); how many have no name; the boxes of what is left out; and the turn of the text (radians)."""
    characters = _FileCharacters(raw, text)
    quarters = Counter(s.quarter for s in characters.seen).most_common(1)
    upright = quarters[0][0] if quarters else 0
    main = upright * _QUARTER
    found: list[Glyph] = []
    aside: list[tuple[int, Glyph, tuple[float, float]]] = []
    for one in characters.seen:
        glyph = _glyph(one)
        if one.quarter == upright:
            found.append(glyph)
        else:
            middle = (one.edges[0] + one.edges[2]) / 2, (one.edges[1] + one.edges[3]) / 2
            aside.append((one.quarter, glyph, point(*middle, main)))
    return found, aside, characters.unmapped, characters.unread, main


def _glyph(one: _FileCharacter) -> Glyph:
    """A character as it reads when turned back."""
    turn, size = one.quarter * _QUARTER, one.size
    left, _, right, _ = _turned(one.edges, turn)
    start, down = point(one.across, one.up, turn)
    left = min(left, start) if abs(left - start) < size else start
    if size <= 0 or right - left > _WIDEST * size:
        size = max(right - left, 1.0)
    return Glyph(one.text, left, max(right, left + 0.1), down, size)


def plain(character: str) -> str:
    """A character without the forms that only fonts know: ligatures, radicals, compatibility forms."""
    if ord(character) in _LIGATURES:
        return unicodedata.normalize("NFKC", character)
    return ordinary(character)


def _turned(edges: Edges, turn: float) -> Edges:
    """(left, upper, right, lower) of a box (left, bottom, right, top) of the file."""
    a, b = point(edges[0], edges[1], turn), point(edges[2], edges[3], turn)
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])


def _once(glyphs: list[Glyph]) -> list[Glyph]:
    """Leaves out characters that are drawn twice at one place to look bold."""
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    out: list[Glyph] = []
    for glyph in glyphs:
        if out and glyph.text in "fil" and (out[-1].left, out[-1].down) == (glyph.left, glyph.down):
            out.append(glyph)  # of a ligature that was taken apart
            continue
        across, down = round(glyph.left / 4), round(glyph.down / 4)
        near = (
            other
            for a in (across - 1, across, across + 1)
            for d in (down - 1, down, down + 1)
            for other in seen.get((glyph.text, a, d), ())
        )
        reach = 0.2 * glyph.size
        if any(abs(o.left - glyph.left) < reach and abs(o.down - glyph.down) < reach for o in near):
            continue
        seen.setdefault((glyph.text, across, down), []).append(glyph)
        out.append(glyph)
    return out


def lines_of(glyphs: list[Glyph]) -> list[PrintedLine]:
    """Characters as lines from the top, whatever order they were drawn in."""
    rows = rows_of(glyphs)
    _drop_note_marks(rows)
    return [line for line in map(_line, rows) if line is not None]


def rows_of(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Characters by the line on which they stand, from the top."""
    rows: list[list[Glyph]] = []
    down = size = 0.0
    for glyph in sorted(glyphs, key=lambda g: (g.down, g.left)):
        if not rows or abs(glyph.down - down) > 0.45 * max(glyph.size, size):
            rows.append([])
            down, size = glyph.down, glyph.size
        rows[-1].append(glyph)
        if glyph.size > size:
            down, size = glyph.down, glyph.size
    return rows


def _drop_note_marks(rows: list[list[Glyph]]) -> None:
    """Takes the marks of notes out of rows: small figures that are raised beside a character of the text; behind a
    letter or a figure they are a power (m²). A mark that is raised much stands in the row above its line."""
    for n, row in enumerate(rows):
        marks = {id(g) for line in rows[n : n + 2] for g in _note_marks(row, line)}
        if marks:
            row[:] = [g for g in row if id(g) not in marks]
    rows[:] = [row for row in rows if row]


def _note_marks(row: list[Glyph], line: list[Glyph]) -> list[Glyph]:
    """The glyphs of a row that are marks of notes on a line."""
    sizes = Counter(round(g.size, 1) for g in line)
    size = max(sizes, key=lambda s: (sizes[s], s), default=0.0)
    small = [g for g in row if g.size < _SMALL * size and _NOTE_MARK.match(g.text)]
    if not small:
        return []
    usual = [g for g in line if g.size >= _SMALL * size]
    base = max((g.down for g in usual), default=0.0)
    found: list[Glyph] = []
    for glyph in sorted(small, key=lambda g: g.left):
        if not _RAISED * size < base - glyph.down < size:
            continue
        before = max((g for g in usual if g.left < glyph.left), key=lambda g: g.left, default=None)
        joined = found and abs(found[-1].right - glyph.left) < _RAISED * size
        if joined or (before and glyph.left - before.right < 0.5 * size and not _NARROW.match(before.text)):
            found.append(glyph)
    return found


#: A gap of so many characters' size may part cells.
_APART = 0.45
#: Narrower than this, in points, what stands between two narrow characters parts no words.
_BLANK = 1.5
#: Characters from this one on may be as wide as they are high.
_FIRST_FULL = 0x2010


#: Between what stands apart is a blank (shares of the size): between any characters, narrow ones, and wide ones whose
#: usual step is known.
_BLANK_ANY, _BLANK_NARROW, _BLANK_WIDE = 0.8, 0.17, 0.18
_FEWEST_STEPS = 3


def _line(row: list[Glyph]) -> PrintedLine | None:
    row.sort(key=lambda g: g.left)
    blank = row[-1].text == " "
    while row and row[-1].text == " ":
        row.pop()
    while row and row[0].text == " ":
        row.pop(0)
    if not row:
        return None
    sizes = Counter(round(g.size, 1) for g in row)
    size = max(sizes, key=lambda s: (sizes[s], s))
    down = max(g.down for g in row if round(g.size, 1) == size)
    words, pieces = _spaced(row, size)
    return PrintedLine(
        words,
        row[0].left,
        max(g.right for g in row),
        down,
        size,
        _first(row),
        blank,
        pieces=pieces if len(pieces) > 1 else [],
    )


def _spaced(row: list[Glyph], size: float) -> tuple[str, list[tuple[float, str]]]:
    """The words of a line with the blanks that its gaps are, and its pieces, each with its left edge."""
    # A blank that is only a gap is one beside gaps that are none: lines are spread to the margin. Steps are measured,
    # as some fonts give single characters a box that is too narrow.
    steps = sorted(b.left - a.left for a, b in pairwise(row) if _WIDE.match(a.text) and _WIDE.match(b.text))
    known = len(steps) >= _FEWEST_STEPS
    usual = steps[len(steps) // 2] if known else 2 * size
    spread = max(0.0, usual - size) if known else 0.0
    parts = [row[0].text]
    begins = [(row[0].left, 0)]
    for before, glyph in pairwise(row):
        if " " not in (before.text, glyph.text):
            if _is_blank(before, glyph, size, usual, spread):
                parts.append(" ")
            # Fonts give full marks a narrow box: what stands behind one is no farther away for that.
            full = before.left + size if ord(before.text[0]) >= _FIRST_FULL else before.right
            if min(glyph.left - before.right, glyph.left - full) > _APART * size:
                begins.append((glyph.left, len(parts)))
        parts.append(glyph.text)
    ends = [*(at for _, at in begins[1:]), len(parts)]
    pieces = [(left, "".join(parts[at:end]).strip()) for (left, at), end in zip(begins, ends, strict=True)]
    return "".join(parts), pieces


def _is_blank(before: Glyph, glyph: Glyph, size: float, usual: float, spread: float) -> bool:
    """Whether the gap between two characters is a blank. `usual`: from one wide character to the next; `spread`: what
    each is moved on by to fill the line."""
    gap = glyph.left - before.right
    if gap > _BLANK_ANY * size:
        return True
    if _NARROW.match(before.text) and _NARROW.match(glyph.text) and gap - spread > _BLANK_NARROW * size:
        return True
    wide = _WIDE.match(before.text) and _WIDE.match(glyph.text)
    return bool(wide) and glyph.left - before.left - usual > _BLANK_WIDE * size


def _first(row: list[Glyph]) -> float:
    """How wide the beginning is that no line end may part."""
    row = row[: next((n for n, g in enumerate(row) if g.text == " "), len(row))]
    at = 0
    while at < len(row) - 1 and row[at].text in _AFTER:
        at += 1
    if _NARROW.match(row[at].text):
        while at < len(row) - 1 and _NARROW.match(row[at + 1].text) and row[at + 1].left - row[at].right < _BLANK:
            at += 1
    while at < len(row) - 1 and row[at + 1].text in _BEFORE:
        at += 1
    # Programs do not part a comma from the figure behind it, nor a quotation mark from what stands on either side.
    if row[at].text in _BEFORE:
        while at < len(row) - 1 and _NARROW.match(row[at + 1].text):
            at += 1
    if at < len(row) - 1 and row[at + 1].text in "“‘":
        at += 1
    if at < len(row) - 1 and row[at].text in "“”‘’":
        at += 1
    return row[at].right - row[0].left


def _red_head(lines: list[PrintedLine]) -> list[PrintedLine]:
    """The word 文件 of a red head that stands beside the names of several issuers, put behind the last of them."""
    for line in lines:
        if re.sub(r"\s", "", line.text) != RED_HEAD_END:
            continue
        beside = [
            n for n in lines if n is not line and n.right <= line.left and abs(n.down - line.down) < 2 * line.size
        ]
        if len(beside) > 1:
            last = max(beside, key=lambda n: n.down)
            last.text, last.right = last.text + RED_HEAD_END, line.right
            return [n for n in lines if n is not line]
    return lines


#: A page of two columns has at least so many characters, rows in each column and characters in one of these; of its
#: rows this share is parted by a gap of so many characters' size, all together by this share of the width.
_FEW_GLYPHS, _FEW_ROWS, _FEW_IN_ROW, _MOSTLY, _GUTTER, _NARROWEST = 200, 8, 8, 0.8, 1.2, 0.01
#: Where more of its rows have a second gap, it is a table that no line is drawn around.
_TABULAR = 0.1
#: Points within which characters stand on one line.
_ONE_LINE = 3


def columns_of(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """The characters of a page of two columns, one after the other; else as they are."""
    if len(glyphs) < _FEW_GLYPHS:
        return [glyphs]
    rows: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        rows.setdefault(round(glyph.down / _ONE_LINE), []).append(glyph)
    cut = _gutter(list(rows.values()), min(g.left for g in glyphs), max(g.right for g in glyphs))
    if cut is None:
        return [glyphs]
    # What lies over both columns (a title, the running head) stays above them.
    over = [g for row in rows.values() if any(g.left < cut < g.right for g in row) or _bridges(row, cut) for g in row]
    ids = {id(g) for g in over}
    rest = [g for g in glyphs if id(g) not in ids]
    return [over, [g for g in rest if g.left < cut], [g for g in rest if g.left >= cut]]


def _gutter(rows: list[list[Glyph]], left: float, right: float) -> float | None:
    """Where the rows of a page are parted into two columns; None where most are not."""
    middle = (left + right) / 2
    both = tabular = 0
    edges: list[tuple[float, float]] = []
    lefts: list[float] = []
    rights: list[float] = []
    for row in rows:
        before = max((g.right for g in row if g.left < middle), default=None)
        after = min((g.left for g in row if g.left >= middle), default=None)
        if len(row) < _FEW_IN_ROW:
            continue
        size = max(g.size for g in row)
        if before is None or after is None:  # lines of two columns need not stand at one height
            if before is not None and before < middle + size:
                lefts.append(before)
            elif after is not None:
                rights.append(after)
            continue
        both += 1
        tabular += _gaps(row, _GUTTER * size) > 1
        if after - before > _GUTTER * size and before < middle + size and after > middle - size:
            edges.append((before, after))
    apart, alone = len(edges), len(lefts) + len(rights)
    if min(len(lefts), len(rights)) + apart < _FEW_ROWS or tabular > _TABULAR * both:
        return None
    if apart < _MOSTLY * both and apart + alone < _MOSTLY * (both + alone):
        return None
    start, end = max([*lefts, *(e[0] for e in edges)]), min([*rights, *(e[1] for e in edges)])
    return None if end - start < _NARROWEST * (right - left) else (start + end) / 2


def _gaps(row: list[Glyph], wide: float) -> int:
    """How many wide gaps a row of characters has."""
    places = sorted((g.left, g.right) for g in row if g.text != " ")
    return sum(b[0] - a[1] > wide for a, b in pairwise(places))


def _bridges(row: list[Glyph], cut: float) -> bool:
    before = max((g.right for g in row if g.left < cut), default=None)
    after = min((g.left for g in row if g.left >= cut), default=None)
    return before is not None and after is not None and after - before < row[0].size
