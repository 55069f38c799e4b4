"""What a page of a PDF draws: characters with their places, ruling lines; characters become lines of text.

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

from .ruling import Grid, Rule, grids

#: A page that draws more than this is a drawing or a bomb: what comes after is left out.
_MOST_GLYPHS, _MOST_OBJECTS, _DEEPEST = 100_000, 100_000, 8
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
            found, unmapped, turn = _characters(raw, text)
        finally:
            text.close()
        frame = _turned(source.get_cropbox(), turn)
        rules, pictures = _rules(raw, source, turn)
    finally:
        source.close()
    left, upper, right, lower = frame
    inside = [g for g in found if left - 2 < (g.left + g.right) / 2 < right + 2 and upper - 2 < g.down < lower + 6]
    area = max((right - left) * (lower - upper), 1.0)
    page = Page(number, *(left, right, upper, lower), count=len(inside) + unmapped, unmapped=unmapped)
    page.pictures = min(pictures / area, 1.0)
    return fill(page, inside, rules)


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
    page.grids = [g for g in page.grids if any(c.lines for c in g.cells)]
    for column, part in enumerate(columns_of(loose)):
        lines = _red_head(lines_of(part))
        for line in lines:
            line.column = column
        page.lines += lines
    return page


def _within(inner: Grid, outer: Grid) -> bool:
    return (
        outer.top <= inner.top
        and inner.bottom <= outer.bottom
        and outer.edges[0] <= inner.edges[0]
        and inner.edges[-1] <= outer.edges[-1]
    )


# --- characters ----------------------------------------------------------------------------------------------------


def _characters(raw: Any, text: Any) -> tuple[list[Glyph], int, float]:
    """The characters of a page, how many have no name, and the turn of its text (radians)."""
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
        seen.append((plain(chr(code)), x.value, y.value, edges, size, round(turn / (math.pi / 2)) % 4))
    if not seen:
        return [], unmapped, 0.0
    quarter = Counter(s[5] for s in seen).most_common(1)[0][0]
    turn = quarter * math.pi / 2
    out = []
    for character, across, up, edges, size, own in seen:
        if own != quarter:
            continue  # a mark along the margin
        left, _, right, _ = _turned(edges, turn)
        (start, down) = _point(across, up, turn)
        left = min(left, start) if abs(left - start) < size else start
        if size <= 0 or right - left > 4 * size:
            size = max(right - left, 1.0)
        out.append(Glyph(character, left, max(right, left + 0.1), down, size))
    return out, unmapped, turn


def plain(character: str) -> str:
    """A character without the forms that only fonts know: ligatures, radicals, compatibility forms."""
    code = ord(character)
    if character in _RADICALS:
        return _RADICALS[character]
    if 0xFB00 <= code < 0xFB07 or 0x2E80 <= code < 0x2FE0 or 0xF900 <= code < 0xFB00:
        return unicodedata.normalize("NFKC", character)
    return character


def _point(x: float, y: float, turn: float) -> tuple[float, float]:
    c, s = math.cos(turn), math.sin(turn)
    return x * c + y * s, x * s - y * c


def _turned(edges: tuple[float, float, float, float], turn: float) -> tuple[float, float, float, float]:
    """(left, upper, right, lower) of a box (left, bottom, right, top) of the file."""
    a, b = _point(edges[0], edges[1], turn), _point(edges[2], edges[3], turn)
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
    # A blank that is only a gap is one beside gaps that are none: lines are spread to the margin.
    gaps = sorted(b.left - a.right for a, b in pairwise(row) if _WIDE.match(a.text) and _WIDE.match(b.text))
    usual = gaps[len(gaps) // 2] if len(gaps) > 2 else size
    for before, glyph in zip([None, *row], row, strict=False):
        if before is not None and " " not in (before.text, glyph.text):
            gap = glyph.left - before.right
            wide = _WIDE.match(before.text) and _WIDE.match(glyph.text)
            narrow = _NARROW.match(before.text) and _NARROW.match(glyph.text)
            if gap > 0.8 * size or (narrow and gap > 0.17 * size) or (wide and gap - usual > 0.18 * size):
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


# --- what is drawn -------------------------------------------------------------------------------------------------


def _rules(raw: Any, page: Any, turn: float) -> tuple[list[Rule], float]:
    """The ruling lines of a page and the area that pictures cover."""
    out: list[Rule] = []
    covered = 0.0
    budget = _MOST_OBJECTS
    identity = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    stack = [(page.raw, identity, 0)]
    while stack:
        holder, outer, depth = stack.pop()
        form = depth > 0
        count = (raw.FPDFFormObj_CountObjects if form else raw.FPDFPage_CountObjects)(holder)
        for n in range(max(count, 0)):
            budget -= 1
            if budget < 0:
                return out, covered
            item = (raw.FPDFFormObj_GetObject if form else raw.FPDFPage_GetObject)(holder, n)
            kind = raw.FPDFPageObj_GetType(item)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                for points, closed, filled, stroked in _paths(raw, item, outer):
                    turned = [_point(x, y, turn) for x, y in points]
                    out += _drawn(turned, closed, filled, stroked)
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                matrix = _matrix(raw, item, outer)
                corners = [_point(*_apply(matrix, x, y), turn) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
                wide = max(c[0] for c in corners) - min(c[0] for c in corners)
                high = max(c[1] for c in corners) - min(c[1] for c in corners)
                covered += wide * high
                out += _drawn(corners, True, True, False)
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                stack.append((item, _matrix(raw, item, outer), depth + 1))
    return out, covered


def _matrix(raw: Any, item: Any, outer: tuple) -> tuple:
    own = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, own):
        return outer
    a, b, c, d, e, f = outer
    return (
        own.a * a + own.b * c,
        own.a * b + own.b * d,
        own.c * a + own.d * c,
        own.c * b + own.d * d,
        own.e * a + own.f * c + e,
        own.e * b + own.f * d + f,
    )


def _apply(matrix: tuple, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return x * a + y * c + e, x * b + y * d + f


def _paths(raw: Any, item: Any, outer: tuple) -> list[tuple[list[tuple[float, float]], bool, bool, bool]]:
    """The straight parts of a path: (points, closed, filled, stroked)."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, mode, stroke)
    filled, stroked = mode.value != 0, bool(stroke.value)
    if not filled and not stroked:
        return []
    matrix = _matrix(raw, item, outer)
    x, y = ctypes.c_float(), ctypes.c_float()
    out: list[tuple[list[tuple[float, float]], bool, bool, bool]] = []
    points: list[tuple[float, float]] = []
    for n in range(min(raw.FPDFPath_CountSegments(item), 10_000)):
        segment = raw.FPDFPath_GetPathSegment(item, n)
        if not raw.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO and points:
            out.append((points, False, filled, stroked))
            points = []
        points.append(_apply(matrix, x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            out.append((points, True, filled, stroked))
            points = []
    if points:
        out.append((points, False, filled, stroked))
    return out


def _drawn(points: list[tuple[float, float]], closed: bool, filled: bool, stroked: bool) -> list[Rule]:
    """The ruling lines that a path draws: its straight strokes, or itself where it is a thin filled bar."""
    if len(points) < 2:
        return []
    left, right = min(p[0] for p in points), max(p[0] for p in points)
    upper, lower = min(p[1] for p in points), max(p[1] for p in points)
    if right - left < 4 and lower - upper < 4 and not stroked:
        return []
    if lower - upper <= 3 and right - left > 3 * (lower - upper):
        return [Rule(True, (upper + lower) / 2, left, right)]
    if right - left <= 3 and lower - upper > 3 * (right - left):
        return [Rule(False, (left + right) / 2, upper, lower)]
    if not stroked:
        return []
    out = []
    ends = [*points, points[0]] if closed else points
    for (a, b), (c, d) in pairwise(ends):
        if abs(b - d) < 1 and abs(a - c) > 2:
            out.append(Rule(True, (b + d) / 2, min(a, c), max(a, c)))
        elif abs(a - c) < 1 and abs(b - d) > 2:
            out.append(Rule(False, (a + c) / 2, min(b, d), max(b, d)))
    return out
