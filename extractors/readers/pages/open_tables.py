"""Tables that no line is drawn around: lines of a page whose pieces stand below each other, set as a typewriter would.

What the columns hold is not looked at here: `layout/aligned.py` reads the same form in plain text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...words.fold import cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .model import PrintedLine, PrintedPage

    Run = list[tuple[PrintedPage, PrintedLine]]

#: A table has so many headings, and so many lines of several pieces below them; so many lines of one piece may stand
#: between two of these.
_HEADINGS, _PARTED, _SINGLE = 3, 3, 12
#: So far from where a column begins stands a line of it at most, in sizes of a character.
_BELOW = 0.5
#: Of the lines of several pieces, this share has one where a piece above begins.
_MOST = 0.5
#: A line of one piece that is wider than this share of the table is a paragraph's.
_WIDE = 0.6
#: Between two pieces stand as many blanks at least: a single one would be part of a cell.
_GAP = 2


def parted(run: Run) -> Iterator[tuple[bool, Run]]:
    """The lines of a page in stretches: (whether they are a table in columns, its lines)."""
    at = begin = 0
    while at < len(run):
        end = _table_end(run, at)
        if end:
            if begin < at:
                yield False, run[begin:at]
            yield True, run[at:end]
            at = begin = end
        else:
            at += 1
    if begin < len(run):
        yield False, run[begin:]


def _table_end(run: Run, at: int) -> int:
    """The index behind the last line of a table that begins at a line; 0 where none does."""
    pieces = run[at][1].pieces
    if len(pieces) < _HEADINGS:
        return 0
    left, right = pieces[0][0], run[at][1].right
    columns = {place for place, _ in pieces[1:]}
    end, several, below = at + 1, 0, 0
    for n in range(at + 1, len(run)):
        line = run[n][1]
        if line.pieces:
            several += 1
            below += any(abs(place - c) < line.size for place, _ in line.pieces[1:] for c in columns)
            left, right = min(left, line.left), max(right, line.right)
            columns |= {place for place, _ in line.pieces[1:]}
            end = n + 1
        elif any(abs(line.left - place) < _BELOW * line.size for place in columns):
            end = n + 1  # the second line of a cell
        elif n - end > _SINGLE or line.right - line.left > _WIDE * (right - left):
            break
    return end if several >= _PARTED and below >= _MOST * several else 0


def typed(lines: Sequence[PrintedLine]) -> str:
    """Lines as a typewriter sets them: a full character takes two places."""
    edge = min(line.left for line in lines)
    size = sorted(line.size for line in lines)[len(lines) // 2]
    return "\n".join(_typed(line, edge, size / 2) for line in lines)


def _typed(line: PrintedLine, edge: float, width: float) -> str:
    out, places = "", 0
    for left, words in line.pieces or [(line.left, line.text)]:
        gap = max(round((left - edge) / width) - places, _GAP if out else 0)
        out += " " * gap + words
        places += gap + sum(map(cells, words))
    return out
