"""What a page of a PDF draws beside its characters: ruling lines, and where pictures lie."""

from __future__ import annotations

import ctypes
import math
from itertools import pairwise
from typing import Any

from .model import Stroke

#: A page that draws more than this is a drawing or a bomb: what comes after is left out.
_MOST_OBJECTS, _DEEPEST = 100_000, 8


def point(x: float, y: float, turn: float) -> tuple[float, float]:
    """A point of the file on the page turned back by `turn` (radians); the second grows downwards."""
    c, s = math.cos(turn), math.sin(turn)
    return x * c + y * s, x * s - y * c


def rules_of(raw: Any, page: Any, turn: float) -> tuple[list[Stroke], list[tuple[float, float, float, float]]]:
    """The ruling lines of a page, and (left, upper, right, lower) of its pictures."""
    out: list[Stroke] = []
    pictures: list[tuple[float, float, float, float]] = []
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
                return out, pictures
            item = (raw.FPDFFormObj_GetObject if form else raw.FPDFPage_GetObject)(holder, n)
            kind = raw.FPDFPageObj_GetType(item)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                for points, closed, _, stroked in _rings(_paths(raw, item, outer)):
                    turned = [point(x, y, turn) for x, y in points]
                    out += drawn(turned, closed, stroked)
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                matrix = _matrix(raw, item, outer)
                corners = [point(*_apply(matrix, x, y), turn) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
                across, down = [c[0] for c in corners], [c[1] for c in corners]
                pictures.append((min(across), min(down), max(across), max(down)))
                out += drawn(corners, True, False)
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                stack.append((item, _matrix(raw, item, outer), depth + 1))
    return out, pictures


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


#: A filled path is a ruling line up to this thickness, from so many times that in length on; below this it is a dot.
_THICK, _LENGTHS, _DOT = 3, 3, 4

_Path = tuple[list[tuple[float, float]], bool, bool, bool]


def _rings(paths: list[_Path]) -> list[_Path]:
    """Paths; the border of a cell that is filled between two rectangles is the stroke of one."""
    if len(paths) != 2 or any(not closed or not filled or stroked for _, closed, filled, stroked in paths):
        return paths
    sides = [
        (min(p[0] for p in points), min(p[1] for p in points), max(p[0] for p in points), max(p[1] for p in points))
        for points, *_ in paths
    ]
    if all(abs(a - b) <= _THICK for a, b in zip(*sides, strict=True)):
        return [(paths[0][0], True, False, True)]
    return paths


def drawn(points: list[tuple[float, float]], closed: bool, stroked: bool) -> list[Stroke]:
    """The ruling lines that a path draws: its straight strokes, or itself where it is a thin filled bar."""
    if len(points) < 2:
        return []
    left, right = min(p[0] for p in points), max(p[0] for p in points)
    upper, lower = min(p[1] for p in points), max(p[1] for p in points)
    if max(right - left, lower - upper) < _DOT and not stroked:
        return []
    if lower - upper <= _THICK and right - left > _LENGTHS * (lower - upper):
        return [Stroke(True, (upper + lower) / 2, left, right)]
    if right - left <= _THICK and lower - upper > _LENGTHS * (right - left):
        return [Stroke(False, (left + right) / 2, upper, lower)]
    if not stroked:
        return []
    out = []
    ends = [*points, points[0]] if closed else points
    for (a, b), (c, d) in pairwise(ends):
        if abs(b - d) < 1 and abs(a - c) > 2:
            out.append(Stroke(True, (b + d) / 2, min(a, c), max(a, c)))
        elif abs(a - c) < 1 and abs(b - d) > 2:
            out.append(Stroke(False, (a + c) / 2, min(b, d), max(b, d)))
    return out
