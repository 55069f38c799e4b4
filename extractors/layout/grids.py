"""The grid that decoded cells make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ..words.cells import CellWords
from ..words.fold import squeeze
from .atoms import Atom, mark_numbers
from .building import Field, Grid
from .lattice import Lattice
from .segmentation import CELL_LINES, ONE_LINE, Decoded, Form, Placed, cheapest

#: Kinds of headings that the decoder does not tell apart from others.
_AS = {None: "any", "goal": "other", "project": "task", "problem": "task", "indicator": "nowork"}


def decoder_kinds(kinds: Sequence[str | None]) -> list[str]:
    """The kinds for the decoder: what is not known may hold anything; where no column holds texts, that of the tasks
    holds them."""
    out = [_AS.get(k, k) or "any" for k in kinds]
    if "text" not in out and "task" in out and "money" not in out and kinds.count("nowork") == 1:
        out[kinds.index("nowork")] = "text"  # what is to be built, beside its name
    goal = kinds.index("goal") if "text" not in out and kinds.count("goal") == 1 else 0
    if goal and out[goal - 1] == "task":
        out[goal] = "text"  # the aim of the year beside the name of the task, where no other column holds a text
    texts = [n for n, k in enumerate(out) if k == "text"]
    for n in texts[:-1]:
        out[n] = "task"
    if not texts and "task" in out:
        out[len(out) - 1 - out[::-1].index("task")] = "work"
    return out


def decoded_grid(
    names: list[Atom], body: list[Atom], kinds: list[str], form: Form, line: int, words: CellWords
) -> Grid:
    """The grid of a decoded table, its headings first."""
    if body and not any(a.runs_on for a in body):
        mark_numbers(body, "number" in kinds)
    lattice = Lattice(body, form, words)
    read = cheapest(lattice, kinds)
    order = _below_cover(kinds) if len(names) == len(kinds) else []
    if order:
        inner = [kinds[n] for n in order]
        other = cheapest(lattice, inner)
        if other.outside >= read.outside and other.cost < read.cost:
            read, kinds, names = other, inner, [names[n] for n in order]
    if form in (ONE_LINE, CELL_LINES):
        _whole_rows(read, body, kinds)
    fields = [Field(0, c, [(a.start, a.end)]) for c, a in enumerate(names[: len(kinds)])]
    return filled(fields, read, body, len(kinds), line, bool(names))


#: So many of the rows have an atom a column where those that do have each in its own.
_MOST_WHOLE = 0.75


def _whole_rows(read: Decoded, body: list[Atom], kinds: list[str]) -> None:
    """Puts each atom of a row in a column of its own where most rows, from one number to the next, have as many as the
    table has columns; or the first, and no row has more, as the later ones lack what is merged with the rows above."""
    if kinds[:1] != ["number"]:
        return
    begins = {c.first: c.row for c in read.cells if c.column == 0 and c.last == c.first + 1 and body[c.first].runs_on}
    edges = [*sorted(begins), read.outside]
    rows = list(pairwise(edges))
    whole = [(a, b) for a, b in rows if b - a == len(kinds)]
    most = max((b - a for a, b in rows), default=0)
    if len(whole) < _MOST_WHOLE * len(begins) and not (whole[:1] == rows[:1] and most == len(kinds)):
        return
    for a, b in whole:
        read.cells = [c for c in read.cells if not a <= c.first < b]
        read.cells += [Placed(a + n, a + n + 1, n, begins[a]) for n in range(len(kinds))]
        read.doubtful.discard(begins[a])
    read.cells.sort(key=lambda c: c.first)


def _below_cover(kinds: Sequence[str]) -> list[int]:
    """The columns where a heading of units may only cover those of two roles, which stand right behind it or, as a
    second row of headings, at the end; empty where none does. They take its place."""
    for at, kind in enumerate(kinds):
        if kind != "responsible":
            continue
        for below in (at + 1, len(kinds) - 2):
            roles = list(kinds[below : below + 2])
            if below > at and len(roles) == 2 and roles[0] == "lead" and roles[1] in ("responsible", "support"):
                left = [n for n in range(len(kinds)) if n not in (at, below, below + 1)]
                return [*(n for n in left if n < at), below, below + 1, *(n for n in left if n > at)]
    return []


def filled(fields: list[Field], read: Decoded, body: list[Atom], width: int, line: int, headed: bool) -> Grid:
    covered: set[int] = set()
    placed: dict[tuple[int, int], Field] = {}
    for cell in read.cells:
        row = cell.row + headed
        atoms = body[cell.first : cell.last]
        pieces = [p for a in atoms for p in a.pieces()]
        if any(_SENTENCE.search(a.text) for a in atoms):
            pieces = _joined(pieces)
        if cell.column is None:
            fields.append(Field(row, 0, pieces, width))
            covered.add(row)
        elif cell.column is not None and (begun := placed.get((row, cell.column))) is not None:
            begun.pieces += pieces  # its rest stood on the next page
        else:
            placed[row, cell.column] = Field(row, cell.column, pieces, 1, not pieces)
            fields.append(placed[row, cell.column])
    have = {(f.row, f.column) for f in fields}
    for row in range(max((f.row for f in fields), default=-1) + 1):
        if row not in covered:
            fields += [Field(row, c, [], 1, True) for c in range(width) if (row, c) not in have]
    fields.sort(key=lambda f: (f.row, f.column))
    left = body[read.outside].start if read.outside < len(body) else None
    return Grid(fields, width, line, _doubts(read, body), left)


#: What a text has inside, and no list of units and no time: a piece that looks like them is a part of it.
_SENTENCE = re.compile("[。;]")


def _joined(pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pieces of the source, those that touch as one."""
    out: list[tuple[int, int]] = []
    for start, end in pieces:
        if out and out[-1][1] == start:
            out[-1] = out[-1][0], end
        else:
            out.append((start, end))
    return out


_QUOTE = 40


def _doubts(read: Decoded, body: list[Atom]) -> list[tuple[int, int]]:
    """The longest cell's beginning of each row that could be read otherwise: it is the text, which names nobody."""
    out = []
    for row in sorted(read.doubtful):
        atoms = [body[c.first] for c in read.cells if c.row == row and c.column is not None]
        longest = max(atoms, key=lambda a: len(a.text))
        if len(longest.text) > _QUOTE / 4:
            out.append((longest.start, min(longest.end, longest.start + _QUOTE)))
    return out


def without_repeats(atoms: list[Atom], names: Sequence[str]) -> list[Atom]:
    """The atoms without the headings that are repeated on every page."""
    said = [squeeze(n) for n in names]
    if not said:
        return atoms
    out: list[Atom] = []
    at, page = 0, False
    while at < len(atoms):
        page = page or atoms[at].page
        if [squeeze(a.text) for a in atoms[at : at + len(said)]] == said:
            at += len(said)
            continue
        atoms[at].page, page = page, False
        out.append(atoms[at])
        at += 1
    return out
