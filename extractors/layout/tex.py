"""Tables in the notation of LaTeX, as converters of scans write them."""

from __future__ import annotations

import re

from .building import Field, Grid
from .lines import Line

_BEGIN = re.compile(r"\\begin\{(?:tabular[x*]?|array|longtable)\}")
_END = re.compile(r"\\end\{(?:tabular[x*]?|array|longtable)\}")
#: What parts cells and rows, and what is drawn between rows.
_PART = re.compile(r"(?<!\\)&|\\\\(?:\[[^\]]*\])?|\\(?:hline|cline\{[^}]*\}|(?:top|mid|bottom)rule)(?![a-z])")
_FORMAT = re.compile(r"(?:\{(?:[^{}]|\{[^{}]*\})*\}|\[[^\]]*\])+")
#: A cell over several columns or rows, words in another type: how many, and what stands in it.
_SPANNING = re.compile(r"\\multi(column|row)\{(\d+)\}\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\{(.*)\}")
_TYPE = re.compile(r"\\(?:text\w*|makecell|shortstack)(?:\[[^\]]*\])?\{(.*)\}")
_MOST_LINES = 5000


def begins_tex(line: Line) -> bool:
    """Whether a table in this notation begins on a line."""
    return line.text.startswith("\\") and bool(_BEGIN.search(_written(line)))


def tex_grid(lines: list[Line], at: int) -> tuple[Grid, int] | None:
    """The table that begins at a line, and the index after it; None where it does not end."""
    end = next((n for n in range(at, min(len(lines), at + _MOST_LINES)) if _END.search(_written(lines[n]))), None)
    if end is None:
        return None
    rows: list[list[list[tuple[int, int, str]]]] = [[[]]]
    for line in lines[at : end + 1]:
        text = _written(line)
        for mark, start, stop in _parts(text):
            inner = text[start:stop].strip()
            if inner:
                a = line.start + text.index(inner, start)
                rows[-1][-1].append((a, a + len(inner), inner))
            if mark == "&":
                rows[-1].append([])
            elif mark.startswith("\\\\"):
                rows.append([[]])
    full = [r for r in rows if any(r)]
    fields = _fields(full)
    width = max((f.column + f.columns for f in fields), default=0)
    return (Grid(fields, width, lines[at].number), end + 1) if width > 1 and len(full) > 1 else None


def _written(line: Line) -> str:
    """A line as the source has it: folding takes the brackets of commands for others."""
    return line.raw[line.start - line.begin : line.end - line.begin]


def _parts(text: str) -> list[tuple[str, int, int]]:
    """(what ends it, start, end) of the parts of a line, without the commands that begin and end the table."""
    begin, stop = 0, len(text)
    if (first := _BEGIN.search(text)) is not None:
        form = _FORMAT.match(text, first.end())
        begin = form.end() if form else first.end()
    if (last := _END.search(text, begin)) is not None:
        stop = last.start()
    out = []
    for match in _PART.finditer(text, begin, stop):
        out.append((match.group(), begin, match.start()))
        begin = match.end()
    return [*out, ("", begin, stop)]


def _fields(rows: list[list[list[tuple[int, int, str]]]]) -> list[Field]:
    covered: set[tuple[int, int]] = set()
    fields = []
    for n, row in enumerate(rows):
        column = 0
        for cell in row:
            pieces, wide, high = _unwrapped(cell)
            if (n, column) not in covered or pieces:
                fields.append(Field(n, column, pieces, wide, not pieces, high))
                covered |= {(n + below, column) for below in range(1, high)}
            column += wide
    return fields


def _unwrapped(cell: list[tuple[int, int, str]]) -> tuple[list[tuple[int, int]], int, int]:
    """The pieces of a cell without the commands around them, how many columns and how many rows it covers."""
    wide = high = 1
    pieces = []
    for start, _, text in cell:
        while (found := _SPANNING.fullmatch(text.strip()) or _TYPE.fullmatch(text.strip())) is not None:
            if found.re is _SPANNING:
                wide, high = (int(found[2]), high) if found[1] == "column" else (wide, int(found[2]))
            last = found.lastindex or 1
            start, text = start + text.index(found[0]) + found.start(last), found[last]
        inner = text.strip()
        if inner:
            at = start + text.index(inner)
            pieces.append((at, at + len(inner)))
    return pieces, wide, high
