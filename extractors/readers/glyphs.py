"""The characters of a page of a PDF with their places, and the lines and cells that they make.

A page is turned so that its text runs from left to right, whatever its own turn.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from .drawing import point, rules_of
from .ruling import Grid, Rule, even, grids, overflow

#: A page of more characters than this is a bomb: what comes after is left out.
_MOST_GLYPHS = 100_000
#: Nothing lies so far from a page (points).
_FAR = 1e6
_NARROW = re.compile(r"[!-~¡-ɏ]")
_WIDE = re.compile(r"[\u3400-\u9fff]")
_BEFORE = frozenset("，。、；：！？）〕》〉」』】〗”’％％…—·,.;:!?)]}%")  # can not begin a line
_AFTER = frozenset("（〔《〈「『【〖“‘([{¥￥$")  # can not end one
#: Radicals that fonts give for characters and that have no decomposition.
_RADICALS = dict(
    zip(
        "⺠⺟⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳⻑⻒⺫⺬⻌⻍⻎⻏⻖",
        "民母虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟长镸罒示辶辶辶阝阝",
        strict=True,
    )
)


_BLANKS = frozenset((9, 32, 0xA0, 0x3000, *range(0x2000, 0x200B)))


@dataclass(slots=True)
class Glyph:
    """A character: where it begins and ends, its base line, its size."""

    text: str
    left: float
    right: float
    down: float
    size: float


@dataclass(slots=True)
class Line:
    """Characters on one base line. `first` is the width of what can not be parted at its beginning, `blank` whether a
    blank stands at its end, `column` the column of a page that has several (0: the whole page)."""

    text: str
    left: float
    right: float
    down: float
    size: float
    first: float
    blank: bool = False
    column: int = 0

    @property
    def top(self) -> float:
        return self.down - self.size


@dataclass(slots=True)
class Page:
    """A page. `left` to `right` and `upper` to `lower` are its edges; `count` and `unmapped` say how many characters it
    has and how many of them no font names; `pictures` is the share of it that pictures cover."""

    number: int
    left: float
    right: float
    upper: float
    lower: float
    lines: list[Line] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    count: int = 0
    unmapped: int = 0
    pictures: float = 0.0


def page_of(document: Any, number: int) -> Page:
    """A page of an open document, read and closed again; `number` from 1."""
    import pypdfium2

    raw = pypdfium2.raw
    source = document[number - 1]
    try:
        text = source.get_textpage()
        try:
            found, aside, unmapped, turn = _characters(raw, text)
        finally:
            text.close()
        frame = _turned(source.get_cropbox(), turn)
        rules, pictures = rules_of(raw, source, turn)
    finally:
        source.close()
    left, upper, right, lower = frame
    inside = [g for g in found if left - 2 < (g.left + g.right) / 2 < right + 2 and upper - 2 < g.down < lower + 6]
    area = max((right - left) * (lower - upper), 1.0)
    page = Page(number, *(left, right, upper, lower), count=len(inside) + unmapped, unmapped=unmapped)
    page.pictures = min(pictures / area, 1.0)
    fill(page, inside, rules)
    _put_aside(page, aside)
    return page


def fill(page: Page, glyphs: list[Glyph], rules: list[Rule]) -> Page:
    """Puts the lines and tables on a page that its characters and ruling lines make."""
    page.grids = grids(rules, page.number)
    # A frame around a table, or around the whole page, is none; the smallest table has what stands in it.
    page.grids = [g for g in page.grids if len(g.cells) > 1 or not any(_within(o, g) for o in page.grids if o is not g)]
    smallest = sorted(page.grids, key=lambda g: (g.bottom - g.top) * (g.edges[-1] - g.edges[0]))
    glyphs = _once(glyphs)
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
    for cell, inside in cells.values():
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


def _put_aside(page: Page, aside: list[tuple[int, Glyph, tuple[float, float]]]) -> None:
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
            cell.lines.append(Line(join(lines), cell.left, cell.left + size, middle, size, size))
    for quarter, inside in loose.items():
        if len(inside) > max(12, 0.2 * page.count):
            lines = lines_of(_once(inside))
            for line in lines:
                line.column = 10 + quarter
            page.lines += lines
    page.grids = [g for g in page.grids if any(c.lines for c in g.cells)]


def _within(inner: Grid, outer: Grid) -> bool:
    return (
        outer.top <= inner.top
        and inner.bottom <= outer.bottom
        and outer.edges[0] <= inner.edges[0]
        and inner.edges[-1] <= outer.edges[-1]
    )


# --- characters ----------------------------------------------------------------------------------------------------


def _characters(raw: Any, text: Any) -> tuple[list[Glyph], list[tuple[int, Glyph, tuple[float, float]]], int, float]:
    """The characters of a page; those that are turned against most: (turn, as it reads when turned back, where it
    stands); how many have no name; and the turn of the text (radians)."""
    count = min(raw.FPDFText_CountChars(text), _MOST_GLYPHS)
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    seen: list[tuple[str, float, float, tuple[float, float, float, float], float, int]] = []
    unmapped = high = 0
    for n in range(count):
        code = raw.FPDFText_GetUnicode(text, n)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        if raw.FPDFText_IsGenerated(text, n) == 1 or code in (10, 13, 0xAD, 0x200B, 0xFEFF):
            continue
        if code in _BLANKS:
            code = 32
        if code < 32 or code in (0xFFFD, 0xFFFE, 0xFFFF) or 0xE000 <= code < 0xF900 or code > 0x10FFFF:
            unmapped += 1
            continue
        if raw.FPDFText_HasUnicodeMapError(text, n) == 1:
            unmapped += 1
            continue
        if not raw.FPDFText_GetLooseCharBox(text, n, box) or not raw.FPDFText_GetCharOrigin(text, n, x, y):
            continue
        size, turn = raw.FPDFText_GetFontSize(text, n), 0.0
        if raw.FPDFText_GetMatrix(text, n, matrix):
            turn = math.atan2(matrix.b, matrix.a)
            size *= math.hypot(matrix.c, matrix.d)
        edges = (box.left, box.bottom, box.right, box.top)
        if not all(abs(v) < _FAR for v in (*edges, x.value, y.value, size)):
            continue  # no number, or far from any page
        seen.append((plain(chr(code)), x.value, y.value, edges, size, round(turn / (math.pi / 2)) % 4))
    quarters = [quarter for quarter, _ in Counter(s[5] for s in seen).most_common()] or [0]
    main = quarters[0] * math.pi / 2
    found: list[Glyph] = []
    aside: list[tuple[int, Glyph, tuple[float, float]]] = []
    for character, across, up, edges, size, quarter in seen:
        turn = quarter * math.pi / 2
        left, _, right, _ = _turned(edges, turn)
        (start, down) = point(across, up, turn)
        left = min(left, start) if abs(left - start) < size else start
        if size <= 0 or right - left > 4 * size:
            size = max(right - left, 1.0)
        glyph = Glyph(character, left, max(right, left + 0.1), down, size)
        if quarter == quarters[0]:
            found.append(glyph)
        else:
            aside.append((quarter, glyph, point((edges[0] + edges[2]) / 2, (edges[1] + edges[3]) / 2, main)))
    return found, aside, unmapped, main


def plain(character: str) -> str:
    """A character without the forms that only fonts know: ligatures, radicals, compatibility forms."""
    code = ord(character)
    if character in _RADICALS:
        return _RADICALS[character]
    if 0xFB00 <= code < 0xFB07 or 0x2E80 <= code < 0x2FE0 or 0xF900 <= code < 0xFB00:
        return unicodedata.normalize("NFKC", character)
    return character


def _turned(edges: tuple[float, float, float, float], turn: float) -> tuple[float, float, float, float]:
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


# --- lines ---------------------------------------------------------------------------------------------------------


def lines_of(glyphs: list[Glyph]) -> list[Line]:
    """Characters as lines from the top, whatever order they were drawn in."""
    rows: list[list[Glyph]] = []
    down = size = 0.0
    for glyph in sorted(glyphs, key=lambda g: (g.down, g.left)):
        if not rows or abs(glyph.down - down) > 0.45 * max(glyph.size, size):
            rows.append([])
            down, size = glyph.down, glyph.size
        rows[-1].append(glyph)
        if glyph.size > size:
            down, size = glyph.down, glyph.size
    return [line for line in map(_line, rows) if line is not None]


def join(lines: list[Line]) -> str:
    """The text of lines that the layout broke, as one: a blank where there was one and between words of letters."""
    parts = [lines[0].text]
    for before, line in pairwise(lines):
        latin = re.search(r"[A-Za-z]$", before.text) and re.match(r"[A-Za-z]", line.text)
        if latin and re.search(r"(?:://|www\.)[!-~]*$", before.text):
            latin = None  # an address has no blanks
        parts.append((" " if latin or before.blank else "") + line.text)
    return "".join(parts)


def _line(row: list[Glyph]) -> Line | None:
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
    parts = []
    # A blank that is only a gap is one beside gaps that are none: lines are spread to the margin. Steps are measured,
    # as some fonts give single characters a box that is too narrow.
    steps = sorted(b.left - a.left for a, b in pairwise(row) if _WIDE.match(a.text) and _WIDE.match(b.text))
    usual = steps[len(steps) // 2] if len(steps) > 2 else 2 * size
    spread = max(0.0, usual - size) if len(steps) > 2 else 0.0
    for before, glyph in zip([None, *row], row, strict=False):
        if before is not None and " " not in (before.text, glyph.text):
            gap = glyph.left - before.right
            wide = _WIDE.match(before.text) and _WIDE.match(glyph.text)
            narrow = _NARROW.match(before.text) and _NARROW.match(glyph.text)
            if (
                gap > 0.8 * size
                or (narrow and gap - spread > 0.17 * size)
                or (wide and glyph.left - before.left - usual > 0.18 * size)
            ):
                parts.append(" ")
        parts.append(glyph.text)
    return Line("".join(parts), row[0].left, max(g.right for g in row), down, size, _first(row), blank)


def _first(row: list[Glyph]) -> float:
    """How wide the beginning is that no line end may part."""
    row = row[: next((n for n, g in enumerate(row) if g.text == " "), len(row))]
    at = 0
    while at < len(row) - 1 and row[at].text in _AFTER:
        at += 1
    if _NARROW.match(row[at].text):
        while at < len(row) - 1 and _NARROW.match(row[at + 1].text) and row[at + 1].left - row[at].right < 1.5:
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


def _red_head(lines: list[Line]) -> list[Line]:
    """The word 文件 of a red head that stands beside the names of several issuers, put behind the last of them."""
    for line in lines:
        if re.sub(r"\s", "", line.text) != "文件":
            continue
        beside = [
            n for n in lines if n is not line and n.right <= line.left and abs(n.down - line.down) < 2 * line.size
        ]
        if len(beside) > 1:
            last = max(beside, key=lambda n: n.down)
            last.text, last.right = last.text + "文件", line.right
            return [n for n in lines if n is not line]
    return lines


def columns_of(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """The characters of a page of two columns, one after the other; else as they are."""
    if len(glyphs) < 200:
        return [glyphs]
    rows: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        rows.setdefault(round(glyph.down / 3), []).append(glyph)
    left, right = min(g.left for g in glyphs), max(g.right for g in glyphs)
    middle, width = (left + right) / 2, right - left
    both = parted = 0
    edges: list[tuple[float, float]] = []
    for row in rows.values():
        before = max((g.right for g in row if g.left < middle), default=None)
        after = min((g.left for g in row if g.left >= middle), default=None)
        if len(row) < 8 or before is None or after is None:
            continue
        both += 1
        size = max(g.size for g in row)
        if after - before > 1.2 * size and before < middle + size and after > middle - size:
            parted += 1
            edges.append((before, after))
    if both < 8 or parted < 0.8 * both:
        return [glyphs]
    start, end = max(e[0] for e in edges), min(e[1] for e in edges)
    if end - start < 0.01 * width:
        return [glyphs]
    cut = (start + end) / 2
    # What lies over both columns (a title, the running head) stays above them.
    over = [g for row in rows.values() if any(g.left < cut < g.right for g in row) or _bridges(row, cut) for g in row]
    ids = {id(g) for g in over}
    rest = [g for g in glyphs if id(g) not in ids]
    return [over, [g for g in rest if g.left < cut], [g for g in rest if g.left >= cut]]


def _bridges(row: list[Glyph], cut: float) -> bool:
    before = max((g.right for g in row if g.left < cut), default=None)
    after = min((g.left for g in row if g.left >= cut), default=None)
    return before is not None and after is not None and after - before < row[0].size
