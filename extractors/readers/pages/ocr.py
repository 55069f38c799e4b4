"""Text recognition for pages of a PDF that are pictures: PDFium draws them, tesseract reads them."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from ...errors import PaperError
from .characters import fill
from .model import Glyph, PrintedPage, RuledGrid, Stroke
from .ruled_tables import grids

#: Dots an inch, and the most that a page may have.
_DPI, _MOST_DOTS = 300, 40_000_000
#: A page longer than A3 (points) is a picture put in a point a dot: it is taken for one of A4.
_LONGEST, _USUAL = 1200, 842
_LANGUAGE = "chi_sim"
#: Words that tesseract itself doubts so much are specks and stamps.
_DOUBT = 20.0
#: White dots between two cells.
_BETWEEN = 40
#: Level of words in what tesseract gives.
_WORD_LEVEL = "5"
#: A word's height in those of most words, if its box fits; of these the height that this share does not reach is that
#: of the line, and a word is whole that has this share of it; one is on the line if its middle lies so near to it.
_LIKELY, _TALLER_THAN, _WHOLE, _SAME_LINE = (0.6, 1.6), 0.8, 0.7, 0.6
#: Points by which a character begins behind the one before it, at least.
_AFTER = 0.01
_Span = tuple[str, float, float, float]
_LOW = frozenset("，。、；：！？）》”’,.;:)")


def program() -> str:
    """The path of tesseract. Raises `PaperError` (`ocr-missing`) where it or its Chinese data is not installed."""
    found = shutil.which("tesseract")
    if found is None or _LANGUAGE not in _run([found, "--list-langs"]).decode("utf-8", "replace").split():
        raise PaperError("ocr-missing")
    return found


def recognised(document: Any, number: int) -> PrintedPage:
    """The page `number` of an open document as tesseract reads it; ruling lines are looked for in the picture."""
    source = document[number - 1]
    try:
        wide, high = source.get_size()
        shrink = _USUAL / max(wide, high) if max(wide, high) > _LONGEST else 1.0
        wide, high = wide * shrink, high * shrink
        scale = min(_DPI / 72, (_MOST_DOTS / max(wide * high, 1)) ** 0.5)
        drawn = source.render(scale=scale * shrink, grayscale=True).to_numpy()
    finally:
        source.close()
    picture = drawn.reshape(drawn.shape[0], drawn.shape[1]).copy()
    rules = _rules(picture < 160, scale)
    for rule in rules:
        _erase(picture, rule, scale)
    page = PrintedPage(number, 0.0, wide, 0.0, high)
    stack, strips = _cells(picture, grids(rules, number), scale)
    glyphs = _glyphs(_words(picture, 3), scale)
    if stack is not None:
        glyphs += _glyphs(_moved(_words(stack, 6), strips), scale)
    page.count = len(glyphs)
    # Boxes of words say little of their size: what is nearly as large as most is as large.
    sizes = sorted(g.size for g in glyphs)
    for glyph in glyphs:
        if 0.75 < glyph.size / sizes[len(sizes) // 2] < 1.3:
            glyph.size = sizes[len(sizes) // 2]
    fill(page, glyphs, rules)
    page.grids = [g for g in page.grids if any(c.lines for c in g.cells)]
    return page


def _cells(picture: Any, tables: list[RuledGrid], scale: float) -> tuple[Any, list[tuple[int, int, int]]]:
    """The cells of tables as one picture, one below the other, and (top there, left and top on the page) of each; they
    are painted over on the page. Side by side, their lines would be taken for lines of one text."""
    import numpy

    pieces, strips = [], []
    top = 0
    for cell in (c for table in tables if len(table.cells) > 1 for c in table.cells):
        left, upper = int(cell.left * scale), int(cell.upper * scale)
        piece = picture[upper : int(cell.lower * scale), left : int(cell.right * scale)]
        rows = numpy.flatnonzero((piece < 160).sum(axis=1) > 2)
        if not len(rows):
            continue
        begin, end = max(int(rows[0]) - 6, 0), int(rows[-1]) + 7
        pieces.append(piece[begin:end].copy())
        strips.append((top, left, upper + begin))
        top += pieces[-1].shape[0] + _BETWEEN
        piece[:] = 255
    if not pieces:
        return None, []
    stack = numpy.full((top, max(p.shape[1] for p in pieces) + 2 * _BETWEEN), 255, picture.dtype)
    for piece, (at, _, _) in zip(pieces, strips, strict=True):
        stack[at : at + piece.shape[0], _BETWEEN : _BETWEEN + piece.shape[1]] = piece
    return stack, strips


def _moved(rows: list[dict[str, str]], strips: list[tuple[int, int, int]]) -> list[dict[str, str]]:
    """Words of the picture of cells at their places on the page; a line is one of its cell."""
    out = []
    starts = [s[0] for s in strips]
    for row in rows:
        if row["level"] == "5":
            middle = int(row["top"]) + int(row["height"]) // 2
            at = max(bisect_right(starts, middle) - 1, 0)
            top, left, upper = strips[at]
            place = {"left": str(int(row["left"]) - _BETWEEN + left), "top": str(int(row["top"]) - top + upper)}
            out.append(row | place | {"block_num": f"{row['block_num']}/{at}"})
    return out


def _words(picture: Any, mode: int) -> list[dict[str, str]]:
    """What tesseract reads in a picture; `mode` as its --psm counts: 3 looks for columns, 6 takes all for one."""
    head = f"P5 {picture.shape[1]} {picture.shape[0]} 255\n".encode()
    words = [program(), "stdin", "stdout", "-l", _LANGUAGE, "--dpi", str(_DPI), "--psm", str(mode), "tsv"]
    out = _run(words, head + picture.tobytes()).decode("utf-8", "replace")
    return list(csv.DictReader(io.StringIO(out), delimiter="\t", quoting=csv.QUOTE_NONE))


def _run(words: list[str], data: bytes = b"") -> bytes:
    # One thread: pages are read one by one, and the same page gives the same text.
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
    try:
        return subprocess.run(words, input=data, capture_output=True, check=True, env=environment).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise PaperError("ocr-failed") from error


def _glyphs(rows: list[dict[str, str]], scale: float) -> list[Glyph]:
    """The characters of the words of a page: a word's width is shared out among its characters."""
    lines: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in rows:
        if row["level"] == _WORD_LEVEL and (row["text"] or "").strip() and float(row["conf"]) >= _DOUBT:
            lines.setdefault(tuple(row[k] for k in ("block_num", "par_num", "line_num")), []).append(row)
    out: list[Glyph] = []
    tall = sorted(int(w["height"]) for words in lines.values() for w in words)
    for words in lines.values():
        size, foot = _size_and_foot(words, tall[len(tall) // 2], scale)
        out += _shared_out(_spans(words, size, foot, scale), size)
    return out


def _size_and_foot(words: list[dict[str, str]], usual: int, scale: float) -> tuple[float, float]:
    """How tall the characters of a line are, and where it stands. `usual` is the height of most words of the page."""
    low, high = _LIKELY
    # Of narrow lines some boxes reach over the lines above and below.
    fit = [w for w in words if low < int(w["height"]) / usual < high] or words
    heights = sorted(int(w["height"]) for w in fit)
    size = heights[int(_TALLER_THAN * (len(heights) - 1))] / scale
    feet = sorted((int(w["top"]) + int(w["height"])) / scale for w in fit if int(w["height"]) > _WHOLE * size * scale)
    return size, feet[len(feet) // 2]


def _spans(words: list[dict[str, str]], size: float, foot: float, scale: float) -> list[_Span]:
    """The words of a line: text, left, right and foot of each."""
    spans: list[_Span] = []
    for word in words:
        top, height = int(word["top"]) / scale, int(word["height"]) / scale
        # Boxes of words are rough: they count only where a word stands on another line (in another cell).
        near = abs(top + height / 2 - (foot - size / 2)) < _SAME_LINE * size
        down = foot if near else top + height / 2 + size / 2
        text = word["text"].strip()
        if not re.search(r"[A-Za-z]", text):
            text = re.sub("@+", "●", text)  # what it takes the bullet for
        left = int(word["left"]) / scale
        right = left + int(word["width"]) / scale
        if spans:
            # It parts lines into words where no blank stands; in one span their characters have equal room.
            said, start, end, its = spans[-1]
            if its == down and left - end < size and not (said[-1] + text[0]).isascii():
                spans[-1] = said + text, start, max(end, right), down
                continue
        spans.append((text, left, right, down))
    return spans


def _shared_out(spans: list[_Span], size: float) -> Iterator[Glyph]:
    """The characters of a line's words: one of Latin takes half the room of others."""
    before = -1.0
    for text, left, right, down in spans:
        shares = [0.5 if c.isascii() else 1.0 for c in text]
        unit = (right - left) / sum(shares)
        for character, share in zip(text, shares, strict=True):
            # The order of the words is sure, where their boxes overlap too.
            before = max(left, before + _AFTER)
            # A comma takes the room of a character, and its box does not.
            full = size if character in _LOW else share * unit
            yield Glyph(character, before, max(left + full, before + _AFTER), down, size)
            left += share * unit


# --- ruling lines --------------------------------------------------------------------------------------------------


def _rules(dark: Any, scale: float) -> list[Stroke]:
    """The ruling lines of a picture: long runs of dark dots, thin across."""
    out = []
    for flat, dots in ((True, dark), (False, dark.T)):
        for at, start, end in _runs(dots, int(24 * scale)):
            out.append(Stroke(flat, (at + 0.5) / scale, start / scale, end / scale))
    return out


def _runs(dots: Any, least: int) -> list[tuple[float, float, float]]:
    """(row, from, to) of the runs of at least so many dots, those of neighbouring rows as one."""
    import numpy

    found: list[tuple[int, int, int]] = []
    rows = numpy.flatnonzero(dots.sum(axis=1) >= least)
    for row in rows:
        line = dots[row].copy()
        # A scan's lines have gaps of a dot or two.
        line[1:-1] |= line[:-2] & line[2:]
        edges = numpy.flatnonzero(numpy.diff(numpy.concatenate(([0], line.view("int8"), [0]))))
        found += [(int(row), int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= least]
    out: list[list[tuple[int, int, int]]] = []
    for run in found:
        for group in reversed(out[-40:]):
            last = group[-1]
            if run[0] - last[0] <= 2 and run[1] < last[2] and last[1] < run[2]:
                group.append(run)
                break
        else:
            out.append([run])
    return [
        ((g[0][0] + g[-1][0]) / 2, min(r[1] for r in g), max(r[2] for r in g))
        for g in out
        if g[-1][0] - g[0][0] < least / 6
    ]


def _erase(picture: Any, rule: Stroke, scale: float) -> None:
    """Paints a ruling line over: tesseract takes pieces of it for characters."""
    at, start, end = round(rule.at * scale), max(int(rule.start * scale) - 2, 0), int(rule.end * scale) + 2
    near, far = max(at - 6, 0), at + 7
    if rule.flat:
        picture[near:far, start:end] = 255
    else:
        picture[start:end, near:far] = 255
