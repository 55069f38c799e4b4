"""A table whose columns stand below each other, as a typewriter or `pdftotext -layout` sets them: cells are parted by
blanks, and each may be broken over several lines.

Columns are parted where the fewest pieces of text stand; `aligned_rows` finds the rows.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ..words.fold import cells, fold, squeeze
from ..words.forms import CHAPTER_BEGINS, MARK, TERMINAL
from ..words.headings import kind_of_heading
from .lines import WIDELY, Line, bars_of
from .table_ends import END

_WIDE = re.compile(r"\S(?: {2,}|\u3000+)\s*\S")
_LABELLED = re.compile(r"[\u4e00-\u9fff]{2,8}:")
_LABELLED_LINES = 2
_MOST_CROSSING = 0.1
_COMMON = 0.2  # of the lines with a gap begin a column's pieces at one place
_FEWEST_BROKEN, _BROKEN = 2, 0.2  # of the lines that begin in the first column go on in what stands above
_FEW = 3
_CLOSED = re.compile(rf"(?:{TERMINAL.pattern}|[;:)])$")
_SLACK = 2  # cells of a terminal by which a piece may stand beside its column
_FAR = 8  # the same for a blank that no figure or letter beside it explains
_BLANK, _EXPLAINED = re.compile(r"(?<=\S) (?=\S)"), re.compile(r"[\x00-\x7f] |. [\x00-\x7f]")
_LONG_HEADING = 40
#: A line is looked at again from each line above it at which columns might begin.
_LINES_KEPT = 1 << 12
#: Columns that did not begin at so many lines, one after the other, begin at none of the next.
_SOUGHT = 12
_LONGEST_END = 4  # characters of a heading on its second line
#: How wide a character stands: as a terminal shows it, or, as some programs count, one as the other.
_Width = Callable[[str], int]


def _alike(_: str) -> int:
    return 1


@dataclass(slots=True)
class AlignedPiece:
    """What stands between two gaps of a line: span in the source, place in the columns of a terminal; `text` is folded,
    `raw` as wide as it stands there."""

    start: int
    end: int
    left: int
    right: int
    text: str
    raw: str
    column: int = 0


@dataclass(slots=True)
class Aligned:
    """The lines of a table with aligned columns; `names` are its headings, each as spans in the source, none where it
    has none. `whole`: each line is a row."""

    names: list[list[tuple[int, int]]]
    width: int
    lines: list[tuple[Line, list[AlignedPiece]]]
    whole: bool = False


def aligned(head: Line, spans: list[tuple[int, int]], body: list[Line]) -> Aligned | None:
    """The lines below a line of headings as pieces of columns. `spans` are the headings in the source, which may be
    repeated on other lines. None where gaps do not part the headings, where text stands across the columns, or where
    each row has its line and none lacks a cell: its cells need not stand below the headings."""
    if not _has_gap(head) or len(body) < 2:
        return None
    return _measured(head, spans, body, cells) or _measured(head, spans, body, _alike)


def _measured(head: Line, spans: list[tuple[int, int]], body: list[Line], width: _Width) -> Aligned | None:
    """The columns, with their places counted by the widths of characters."""
    out = Aligned([[span] for span in spans], len(spans), [])
    name, start = squeeze(head.text), 0
    for n in [*(k for k, line in enumerate(body) if squeeze(line.text) == name), len(body)]:
        # Each page may have its columns at other places.
        above = body[start - 1] if start else head
        moved = [(above.start + x, above.start + y) for x, y in _same(head, spans, above)]
        heads = _heads(above, moved, width)
        if len(heads) != len(spans):
            return None
        portion = [(line, pieces_of(line, width=width)) for line in body[start:n]]
        if portion and (second := _second_line(above, moved, heads, *portion[0])):
            portion.pop(0)
            for name, span in zip(out.names, second, strict=True):
                name += [span] if span and len(name) < 2 else []
        cuts = _cuts(heads, [p for _, ps in portion if len(ps) > 1 or ps[0].left > 0 for p in ps])
        if _crosses([line for line, _ in portion], cuts, width) or _shifted(portion, cuts):
            return None
        _place(portion, cuts, width)
        out.lines += portion
        start = n + 1
    if any(ps[0].column > 0 for _, ps in out.lines) or _are_broken(out.lines):
        return out
    out.whole = _are_short(out.lines, out.width)
    return out if out.whole else None


def _are_short(lines: list[tuple[Line, list[AlignedPiece]]], width: int) -> bool:
    """Whether rows of a line each lack cells, and all that they have stands exactly below each other."""
    if not any(len(here) < width for _, here in lines) or sum(len(here) == width for _, here in lines) < _FEW:
        return False
    lefts: dict[int, set[int]] = {}
    for piece in (p for _, here in lines for p in here):
        lefts.setdefault(piece.column, set()).add(piece.left)
    return all(len(at) == 1 for at in lefts.values()) and all(len(here) > 1 for _, here in lines)


def _are_broken(lines: list[tuple[Line, list[AlignedPiece]]]) -> bool:
    """Whether many lines that begin in the first column lack others and go on in the text that the line above, as full
    as others, leaves open, or have no number where rows begin with one."""
    numbered = sum(len(here) > 1 and bool(MARK.match(here[0].text)) for _, here in lines) >= _FEW
    edges: dict[int, int] = {}
    for piece in (p for _, here in lines for p in here):
        edges[piece.column] = max(edges.get(piece.column, 0), piece.right)
    broken = 0
    for (_, above), (line, here) in pairwise(lines):
        text = max(above, key=lambda p: p.right - p.left)
        open_ = text.right >= edges[text.column] - _SLACK and not _CLOSED.search(text.text)
        goes_on = open_ and len(here) < len(above) and any(p.column == text.column for p in here)
        rest = numbered and not here[0].column and not MARK.match(here[0].text) and len(here) > 1
        broken += not line.blank_before and (goes_on or rest)
    return broken >= max(_FEWEST_BROKEN, _BROKEN * len(lines))


def _shifted(lines: list[tuple[Line, list[AlignedPiece]]], cuts: list[int]) -> bool:
    """Whether most lines that have a piece for each column have two of them in one."""
    whole = [ps for _, ps in lines if len(ps) == len(cuts) + 1]
    shifted = sum(len({_column(p, cuts) for p in ps}) < len(ps) for ps in whole)
    return len(whole) > 1 and 2 * shifted > len(whole)


def _second_line(
    head: Line, spans: list[tuple[int, int]], heads: list[tuple[int, int]], line: Line, pieces: list[AlignedPiece]
) -> list[tuple[int, int] | None]:
    """The ends of the headings that go on in a line, for each heading; empty where it is none of headings."""
    out: list[tuple[int, int] | None] = [None] * len(heads)
    for piece in pieces:
        at = next((n for n, (a, b) in enumerate(heads) if piece.left < b and piece.right > a), None)
        if at is None or len(piece.text) > _LONGEST_END or line.blank_before:
            return []
        word = head.text[spans[at][0] - head.start : spans[at][1] - head.start] + piece.text
        if not kind_of_heading(word):
            return []
        out[at] = piece.start, piece.end
    return out


def _same(head: Line, spans: list[tuple[int, int]], again: Line) -> list[tuple[int, int]]:
    """The headings of a line, from its beginning, where they are repeated with other gaps."""
    out, at = [], 0
    for a, b in spans:
        word = head.text[a - head.start : b - head.start]
        begin = again.text.find(word, at)
        if begin < 0:
            return []
        at = begin + len(word)
        out.append((begin, at))
    return out


def _crosses(lines: list[Line], cuts: list[int], width: _Width) -> bool:
    """Whether text stands across columns."""
    counted = [_crossing(line.raw, tuple(cuts), width) for line in lines]
    return sum(crossing for crossing, _ in counted) > _MOST_CROSSING * sum(pieces for _, pieces in counted)


def _place(lines: list[tuple[Line, list[AlignedPiece]]], cuts: list[int], width: _Width) -> None:
    """Gives each piece its column."""
    for n, (line, ps) in enumerate(lines):
        lines[n] = line, ps if len(ps) == 1 and CHAPTER_BEGINS.match(ps[0].text) else _split(ps, cuts, width)
        for piece in lines[n][1]:
            piece.column = max(piece.column, _column(piece, cuts))


def bare_columns(lines: list[Line], at: int) -> tuple[Aligned, int] | None:
    """The aligned columns that begin at a line without headings, and the index after them: several places at which
    pieces begin on many lines, the first line and those after it apart by wide gaps."""
    if not _has_gap(lines[at]) or _sought_above(lines, at):
        return None
    end = next((n for n in range(at, len(lines)) if _is_prose(lines[n])), len(lines))
    below = lines[at:end]
    gaps = sum(map(_has_gap, below))
    if gaps < _FEW or len(below) < 2 * _FEW:
        return None
    parted = [_parted(line.raw) for line in below]
    cuts = _common_starts(parted, max(_FEW, _COMMON * gaps))
    if not cuts or _are_fields(parted) or _crosses(below, cuts, cells):
        return None
    found = [(line, pieces_of(line)) for line in below]
    _place(found, cuts, cells)
    if not any(ps[0].column > 0 for _, ps in found):
        return None
    return Aligned([], len(cuts) + 1, found), end


def _sought_above(lines: list[Line], at: int) -> bool:
    """Whether no columns began at any of many lines right above, of which these are the last lines."""
    sought = 0
    for n in range(at - 1, max(at - 2 * _SOUGHT, 0) - 1, -1):
        if _is_prose(lines[n]):
            return False
        sought += _has_gap(lines[n]) and not bars_of(lines[n])
    return sought >= _SOUGHT


def _has_gap(line: Line) -> bool:
    return _WIDE.search(line.raw.strip()) is not None


def _common_starts(parted: Sequence[Sequence[AlignedPiece]], least: float) -> list[int]:
    """The places, right of the first column, at which pieces of at least so many lines begin."""
    starts = Counter(p.left for ps in parted for p in ps if len(ps) > 1 or p.left > _SLACK)
    first = min(p.left for ps in parted for p in ps)
    lefts = sorted(x for x, count in starts.items() if x > first + _SLACK and count >= least)
    return [x for n, x in enumerate(lefts) if not n or x - lefts[n - 1] > 2 * _SLACK]


def _are_fields(parted: Sequence[Sequence[AlignedPiece]]) -> bool:
    """Whether fields of one matter stand beside each other, each behind its label."""
    labelled = sum(len(ps) > 1 and all(_LABELLED.match(p.text) for p in ps) for ps in parted)
    return labelled >= _LABELLED_LINES


def _is_prose(line: Line) -> bool:
    """Whether a line is one of a paragraph rather than of columns: it begins at the margin and has no gap."""
    text = line.raw.strip()
    return (
        not line.raw.startswith("  ")
        and not _has_gap(line)
        and not MARK.match(line.text)
        and (len(text) > _LONG_HEADING or bool(TERMINAL.search(line.text)) or bool(END.match(line.text)))
    )


# --- columns ---------------------------------------------------------------------------------------------------------


def _places(raw: str, width: _Width) -> list[int]:
    """Where each character of a line begins in the columns of a terminal, and where the last one ends."""
    places = [0]
    for c in raw:
        places.append(places[-1] + width(c))
    return places


def pieces_of(line: Line, apart: re.Pattern[str] = WIDELY, width: _Width = cells) -> list[AlignedPiece]:
    """What stands apart on a line, by wide gaps or as `apart` tells."""
    begin, parted = line.begin, _parted(line.raw, apart, width)
    return [AlignedPiece(begin + p.start, begin + p.end, p.left, p.right, p.text, p.raw) for p in parted]


@lru_cache(maxsize=_LINES_KEPT)
def _parted(raw: str, apart: re.Pattern[str] = WIDELY, width: _Width = cells) -> tuple[AlignedPiece, ...]:
    """The pieces of a line, counted from where it begins."""
    places = _places(raw, width)
    return tuple(
        AlignedPiece(m.start(), m.end(), places[m.start()], places[m.end()], m.group(), raw[m.start() : m.end()])
        for m in apart.finditer(fold(raw))
    )


@lru_cache(maxsize=_LINES_KEPT)
def _crossing(raw: str, cuts: tuple[int, ...], width: _Width) -> tuple[int, int]:
    """How many pieces of a line stand across columns, and how many there are; none where it is one piece."""
    pieces = _split(_parted(raw, WIDELY, width), cuts, width)
    if len(pieces) < 2:
        return 0, 0
    across = [any(p.left < cut - _SLACK and p.right > cut + _SLACK for cut in cuts[p.column :]) for p in pieces]
    return sum(across), len(pieces)


def _heads(head: Line, spans: list[tuple[int, int]], width: _Width) -> list[tuple[int, int]]:
    """Where the headings stand, in the columns of a terminal; fewer than there are where nothing parts two of them."""
    places = _places(head.raw, width)
    out = [(places[a - head.begin], places[b - head.begin]) for a, b in spans]
    return [h for n, h in enumerate(out) if not n or h[0] > out[n - 1][1]]


def _cuts(heads: list[tuple[int, int]], pieces: list[AlignedPiece]) -> list[int]:
    """The places between the columns: where the fewest pieces stand between the middles of two headings, and of these
    one that a piece of the right column stands behind, the nearest to where its heading begins."""
    cuts = []
    for (left, right), (begin, end) in pairwise(heads):
        low, high = (left + right) // 2 + 1, (begin + end) // 2
        near = [p for p in pieces if p.right > low and p.left < high]
        if not near or high <= low:
            cuts.append(begin)
            continue
        crossing = {x: sum(p.left < x < p.right for p in near) for x in range(low, high + 1)}
        fewest = min(crossing.values())
        lefts = [p.left for p in near if p.left < end]
        last = max(lefts, default=low)
        cuts.append(min((x for x in crossing if crossing[x] == fewest), key=lambda x: (x > last, abs(x - begin), x)))
    return cuts


def _split(pieces: Sequence[AlignedPiece], cuts: Sequence[int], width: _Width) -> list[AlignedPiece]:
    """The pieces, parted at a blank that stands between two columns."""
    out: list[AlignedPiece] = []
    for piece in pieces:
        rest = piece
        for at, cut in enumerate(cuts, 1):
            if not rest.left < cut < rest.right:
                continue
            places = [rest.left + p for p in _places(rest.raw, width)]
            gaps = [m.start() for m in _BLANK.finditer(rest.text)]
            near = [n for n in gaps if abs(places[n] - cut) <= (_SLACK if _EXPLAINED.match(rest.text, n - 1) else _FAR)]
            gap = min(near, key=lambda n: abs(places[n] - cut), default=None)
            if gap:
                parts = rest.text[:gap], rest.raw[:gap]
                out.append(AlignedPiece(rest.start, rest.start + gap, rest.left, places[gap], *parts))
                parts = rest.text[gap + 1 :], rest.raw[gap + 1 :]
                rest = AlignedPiece(rest.start + gap + 1, rest.end, places[gap + 1], rest.right, *parts, at)
        out.append(rest)
    return out


def _column(piece: AlignedPiece, cuts: list[int]) -> int:
    """The column that a piece begins in."""
    return bisect_right(cuts, piece.left + _SLACK)
