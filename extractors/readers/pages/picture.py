"""A page of a PDF as a picture, with where each character of a paper's text stands on it.

Shown is what the text shows: contact data is painted over, and so is what could hold some that nobody can read
(pictures, characters without a name, slanted marks). A page that is a picture itself is not shown.
"""

from __future__ import annotations

import math
import struct
import zlib
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from ...errors import PaperError
from ...model import PAGE_PARTS, PagePicture
from ...words.personal import MASK, find_personal
from ..registry import needs
from .characters import MOST_GLYPHS, DrawnPage, Edges, columns_of, drawn_on, in_cells, rows_of
from .model import Glyph
from .pdf import COVERED, opened
from .ruled_tables import grids

#: Dots across the picture of a page, and the most that it has in all.
_ACROSS, _MOST_DOTS = 1100, 6_000_000
#: A character reaches so far above and below its base line, in sizes; so much of its height may lie outside of that.
_ABOVE, _BELOW, _OUTSIDE = 0.9, 0.16, 0.1
#: Words of so many characters that stand once on the page and once in the text are at the same place; then shorter ones
#: among what is left.
_LONG = (10, 6, 4)
#: Between two such places no more is compared than this; painted over is this light grey.
_BETWEEN, _GREY = 4_000, 225


def pictured(path: str, data: bytes, number: int, text: str) -> PagePicture:
    """The page `number` (from 1) of a PDF; `text` is that of its paper, contact data masked.

    Raises `PaperError` as the reader does, and where the page is not there (`page-missing`) or is a picture itself
    (`page-not-shown`).
    """
    with needs("pdf", "pypdfium2"):
        import pypdfium2
    with opened(pypdfium2, path, data) as document:
        pages = len(document)
        if not 1 <= number <= pages:
            raise PaperError("page-missing", path=path, page=number, pages=pages)
        try:
            source = document[number - 1]
            drawn = drawn_on(source, number)
        except pypdfium2.PdfiumError as error:
            raise PaperError("page-not-shown", path=path, page=number) from error
        page = drawn.page
        if page.pictures > COVERED or page.count >= MOST_GLYPHS or page.unmapped > 0.2 * page.count:
            raise PaperError("page-not-shown", path=path, page=number)
        glyphs = _in_order(drawn)
        stream = "".join(glyph.text[:1] for glyph in glyphs)
        where = aligned(stream, text)
        hidden = _personal(glyphs, stream, where, text)
        boxes = [_box(glyph) for glyph in glyphs]
        over = [_wider(boxes[at]) for at in hidden] + drawn.unread + drawn.pictures
        picture = _drawing(source, drawn, over)
        source.close()
    frame = (page.left, page.upper, page.right, page.lower)
    placed = [(offset, *_parts(boxes[at], frame)) for at, offset in sorted(where.items(), key=lambda pair: pair[1])]
    return PagePicture(picture, pages, placed)


def _in_order(drawn: DrawnPage) -> list[Glyph]:
    """The characters of a page in the order in which they are read, cell by cell; behind them what is left out there or
    turned."""
    tables = grids(drawn.rules, drawn.page.number)
    cells, loose = in_cells(tables, drawn.inside)
    cells.sort(key=lambda found: (found[0].row, found[0].left))
    groups = [*(inside for _, inside in cells), *columns_of(loose)]
    ordered = [glyph for group in groups for row in rows_of(group) for glyph in sorted(row, key=lambda g: g.left)]
    at = {id(glyph): place for _, glyph, place in drawn.aside}
    for _, turned in groupby(sorted(drawn.aside, key=lambda one: one[0]), key=lambda one: one[0]):
        rows = rows_of([glyph for _, glyph, _ in turned])
        for glyph in (glyph for row in rows for glyph in sorted(row, key=lambda g: g.left)):
            (across, down), size = at[id(glyph)], glyph.size
            foot = down + (_ABOVE - 0.5) * size
            ordered.append(Glyph(glyph.text, across - size / 2, across + size / 2, foot, size))
    return [glyph for glyph in ordered if not glyph.text.isspace()]


def _box(glyph: Glyph) -> Edges:
    return glyph.left, glyph.down - _ABOVE * glyph.size, glyph.right, glyph.down + _BELOW * glyph.size


def _wider(box: Edges) -> Edges:
    """A box with what its character may have outside of it."""
    more = _OUTSIDE * (box[3] - box[1])
    return box[0] - more, box[1] - more, box[2] + more, box[3] + more


def _parts(box: Edges, frame: Edges) -> tuple[int, int, int, int]:
    left, upper, right, lower = frame
    wide, high = max(right - left, 1.0), max(lower - upper, 1.0)
    shares = ((box[0] - left) / wide, (box[1] - upper) / high, (box[2] - left) / wide, (box[3] - upper) / high)
    a, b, c, d = (min(max(round(share * PAGE_PARTS), 0), PAGE_PARTS) for share in shares)
    return a, b, c, d


# --- which character of the text is which of the page ---------------------------------------------------------------


def aligned(stream: str, text: str) -> dict[int, int]:
    """Character of the page → offset in the text. Both hold mostly the same, in another order here and there; of what
    stands several times, the one between the same neighbours is meant."""
    offsets = [at for at, character in enumerate(text) if not character.isspace()]
    bare = "".join(text[at] for at in offsets)
    found: dict[int, int] = {}
    taken: set[int] = set()
    for length in _LONG:
        for here, there in _once_in_both(stream, bare, length, found, taken):
            _grow(stream, bare, here, there, found, taken)
    _between(stream, bare, found, taken)
    return {here: offsets[there] for here, there in found.items()}


def _once_in_both(stream: str, bare: str, length: int, found: dict[int, int], taken: set[int]) -> list[tuple[int, int]]:
    """Where words of a length stand that both have once, among what has no place yet."""
    here: dict[str, int] = {}
    for at in range(len(stream) - length + 1):
        if at not in found and at + length - 1 not in found:
            word = stream[at : at + length]
            here[word] = -1 if word in here else at
    there: dict[str, int] = {}
    for at in range(len(bare) - length + 1):
        word = bare[at : at + length]
        if word in here and at not in taken and at + length - 1 not in taken:
            there[word] = -1 if word in there else at
    return sorted((here[word], at) for word, at in there.items() if at >= 0 and here[word] >= 0)


def _grow(stream: str, bare: str, here: int, there: int, found: dict[int, int], taken: set[int]) -> None:
    """Takes over a place, and its neighbours as long as both say the same."""
    for step in (1, -1):
        a, b = (here, there) if step > 0 else (here - 1, there - 1)
        while 0 <= a < len(stream) and 0 <= b < len(bare) and stream[a] == bare[b]:
            if a in found or b in taken:
                break
            found[a] = b
            taken.add(b)
            a, b = a + step, b + step


def _between(stream: str, bare: str, found: dict[int, int], taken: set[int]) -> None:
    """Finds places for what lies between two places that are known."""
    known = sorted(found)
    for before, after in zip([-1, *known], [*known, len(stream)], strict=True):
        if after - before < 2:
            continue
        low = found[before] + 1 if before >= 0 else max(found.get(after, 0) - 2 * (after - before), 0)
        high = found[after] if after < len(stream) else min(low + 2 * (after - before), len(bare))
        if not 0 < high - low < _BETWEEN or after - before > _BETWEEN:
            continue
        here, there = stream[before + 1 : after], bare[low:high]
        for match in SequenceMatcher(None, here, there, autojunk=False).get_matching_blocks():
            for n in range(match.size):
                a, b = before + 1 + match.a + n, low + match.b + n
                if b not in taken:
                    found[a] = b
                    taken.add(b)


# --- what is not shown ----------------------------------------------------------------------------------------------


def _personal(glyphs: list[Glyph], stream: str, where: dict[int, int], text: str) -> set[int]:
    """The characters that are contact data, or stand where the text masks some."""
    hidden = {at for start, end, _ in find_personal(stream) for at in range(start, end)}
    lines: list[str] = []
    places: list[int] = []
    for _, row in groupby(range(len(glyphs)), key=lambda n: round(glyphs[n].down)):
        ats = list(row)
        lines.append(stream[ats[0] : ats[-1] + 1])
        places += [*ats, -1]
    for start, end, _ in find_personal("\n".join(lines)):
        hidden |= {at for at in places[start:end] if at >= 0}
    known = sorted(where)
    for before, after in zip([-1, *known], [*known, len(stream)], strict=True):
        if after - before < 2:
            continue
        low = where[before] if before >= 0 else max(where.get(after, 0) - (after - before), 0)
        high = where[after] if after < len(stream) else min(low + after - before + 1, len(text))
        if MASK in text[min(low, high) : max(low, high)]:
            hidden |= set(range(before + 1, after))
    return hidden


# --- the picture ----------------------------------------------------------------------------------------------------


def _drawing(source: Any, drawn: DrawnPage, over: list[Edges]) -> bytes:
    """The page drawn so that its text stands upright, with boxes painted over, as PNG."""
    import numpy

    page = drawn.page
    wide, high = max(page.right - page.left, 1.0), max(page.lower - page.upper, 1.0)
    scale = min(_ACROSS / wide, (_MOST_DOTS / (wide * high)) ** 0.5)
    turn = (round(drawn.turn / (math.pi / 2)) * 90 - source.get_rotation()) % 360
    bitmap = source.render(scale=scale, rotation=turn, may_draw_forms=False, draw_annots=False, rev_byteorder=True)
    dots = numpy.array(bitmap.to_numpy()[:, :, :3], order="C")
    rows, columns = dots.shape[:2]
    for left, upper, right, lower in over:
        across = sorted(int((v - page.left) / wide * columns) for v in (left, right))
        down = sorted(int((v - page.upper) / high * rows) for v in (upper, lower))
        dots[max(down[0], 0) : max(down[1] + 1, 0), max(across[0], 0) : max(across[1] + 1, 0)] = _GREY
    return _png(dots)


def _png(dots: Any) -> bytes:
    """Dots (rows, columns, red green blue) as PNG, each row by what differs from the one above it."""
    import numpy

    rows, columns = dots.shape[:2]
    lines = numpy.zeros((rows, 1 + 3 * columns), "uint8")
    flat = dots.reshape(rows, 3 * columns)
    lines[0, 1:], lines[1:, 0] = flat[0], 2
    lines[1:, 1:] = flat[1:] - flat[:-1]

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(lines.tobytes(), 6)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
