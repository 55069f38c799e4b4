"""Text recognition for pages of a PDF that are pictures: PDFium draws them, tesseract reads them."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from typing import Any

from ..errors import PaperError
from .glyphs import Glyph, Page, fill
from .ruling import Rule

#: Dots an inch, and the most that a page may have.
_DPI, _MOST_DOTS = 300, 40_000_000
_LANGUAGE = "chi_sim"
#: Words that tesseract itself doubts so much are specks and stamps.
_DOUBT = 20.0
_LOW = frozenset("，。、；：！？）》”’,.;:)")


def program() -> str:
    """The path of tesseract. Raises `PaperError` (`ocr-missing`) where it or its Chinese data is not installed."""
    found = shutil.which("tesseract")
    if found is None or _LANGUAGE not in _run([found, "--list-langs"]).decode("utf-8", "replace").split():
        raise PaperError("ocr-missing")
    return found


def recognised(document: Any, number: int) -> Page:
    """The page `number` of an open document as tesseract reads it; ruling lines are looked for in the picture."""
    source = document[number - 1]
    try:
        wide, high = source.get_size()
        scale = min(_DPI / 72, (_MOST_DOTS / max(wide * high, 1)) ** 0.5)
        picture = source.render(scale=scale, grayscale=True).to_numpy()
    finally:
        source.close()
    dark = picture.reshape(picture.shape[0], picture.shape[1]) < 160
    rules = _rules(dark, scale)
    for rule in rules:
        _erase(picture, rule, scale)
    page = Page(number, 0.0, wide, 0.0, high)
    glyphs = _glyphs(_words(picture), scale)
    page.count = len(glyphs)
    return fill(page, glyphs, rules)


def _words(picture: Any) -> list[dict[str, str]]:
    head = f"P5 {picture.shape[1]} {picture.shape[0]} 255\n".encode()
    words = [program(), "stdin", "stdout", "-l", _LANGUAGE, "--dpi", str(_DPI), "--psm", "3", "tsv"]
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
        if row["level"] == "5" and (row["text"] or "").strip() and float(row["conf"]) >= _DOUBT:
            lines.setdefault(tuple(row[k] for k in ("block_num", "par_num", "line_num")), []).append(row)
    out = []
    for words in lines.values():
        heights = sorted(int(w["height"]) for w in words)
        size = heights[int(0.8 * (len(heights) - 1))] / scale
        feet = sorted(
            (int(w["top"]) + int(w["height"])) / scale for w in words if int(w["height"]) > 0.7 * size * scale
        )
        foot = feet[len(feet) // 2]
        before = -1.0
        for word in words:
            top, height = int(word["top"]) / scale, int(word["height"]) / scale
            # Boxes of words are rough: they count only where a word stands on another line (in another cell).
            down = foot if abs(top + height / 2 - (foot - size / 2)) < 0.6 * size else top + height / 2 + size / 2
            text = word["text"].strip()
            shares = [0.5 if c.isascii() else 1.0 for c in text]
            left, unit = int(word["left"]) / scale, int(word["width"]) / scale / sum(shares)
            for character, share in zip(text, shares, strict=True):
                # The order of the words is sure, where their boxes overlap too.
                before = max(left, before + 0.01)
                # A comma takes the room of a character, and its box does not.
                full = size if character in _LOW else share * unit
                out.append(Glyph(character, before, max(left + full, before + 0.01), down, size))
                left += share * unit
    return out


# --- ruling lines --------------------------------------------------------------------------------------------------


def _rules(dark: Any, scale: float) -> list[Rule]:
    """The ruling lines of a picture: long runs of dark dots, thin across."""
    out = []
    for flat, dots in ((True, dark), (False, dark.T)):
        for at, start, end in _runs(dots, int(24 * scale)):
            out.append(Rule(flat, (at + 0.5) / scale, start / scale, end / scale))
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


def _erase(picture: Any, rule: Rule, scale: float) -> None:
    """Paints a ruling line over: tesseract takes pieces of it for characters."""
    at, start, end = round(rule.at * scale), max(int(rule.start * scale) - 2, 0), int(rule.end * scale) + 2
    near, far = max(at - 6, 0), at + 7
    if rule.flat:
        picture[near:far, start:end] = 255
    else:
        picture[start:end, near:far] = 255
