"""Which lines of a table's cells go on in the next line, as where a page broke them at the edge of their column."""

from __future__ import annotations

from ..words.cells import Look
from ..words.fold import squeeze
from ..words.forms import TERMINAL
from ..words.parts import rule
from .atoms import BLANK, LINE, Atom

#: Widths in half characters: of the narrowest column of texts, and how much full lines differ; how many lines are full,
#: from which share of the widest a line is long, what share of the long ones is full, and of all may be wider.
_EDGE, _SPREAD, _FULL_LINES, _LONG_SHARE, _FULL_SHARE, _BEYOND = 20, 3, 5, 0.75, 0.6, 0.05


def broken(atoms: list[Atom]) -> list[bool]:
    """Whether the line before each atom fills the column of texts and ends no sentence, so that it goes on here: most
    long lines are about as wide as the widest, as where lines were broken at a column's edge. Widths count a letter as
    half a character, and no blanks."""
    wide = [sum(1 if c.isascii() else 2 for c in squeeze(a.text)) for a in atoms]
    ended = [bool(TERMINAL.search(a.text)) for a in atoms]
    open_ = sorted(w for w, end in zip(wide, ended, strict=True) if not end)
    edge = open_[-1 - int(_BEYOND * len(open_))] if open_ else 0
    long = sum(w > _LONG_SHARE * edge for w in open_)
    full = sum(edge - _SPREAD <= w for w in open_)
    if edge < _EDGE or full < _FULL_LINES or full < _FULL_SHARE * long:
        return [False] * len(atoms)
    return [
        n > 0
        and atom.joint == LINE
        and edge - _SPREAD <= wide[n - 1] <= edge + _SPREAD
        and not ended[n - 1]
        and not atom.runs_on  # the number of the next row
        for n, atom in enumerate(atoms)
    ]


#: A heading in a narrow column: its lines, and how many characters they have; so many headings tell the width.
HEADING_LINES, NARROW = 4, 10
_LEAST_HEADINGS = 3


def broken_headings(atoms: list[Atom], looks: list[Look]) -> list[bool]:
    """Whether the line before each atom is that of a heading in a narrow column, and full, so that the heading goes on
    here: where the first lines of all headings are equally long, and lines no longer follow each."""
    out = [False] * len(atoms)
    starts = [n for n, seen in enumerate(looks) if seen.kind in ("chapter", "clause")]
    size = [len(squeeze(a.text)) for a in atoms]
    edge = size[starts[0]] if starts else 0
    if len(starts) < _LEAST_HEADINGS or edge > NARROW or any(size[n] != edge for n in starts):
        return out
    below = [n + 1 for n in starts if n + 1 < len(atoms) and looks[n + 1].kind != "number"]
    if len(below) < len(starts) or any(atoms[n].joint != LINE or size[n] > edge for n in below):
        return out
    for start in starts:
        n = start
        while n + 1 < len(atoms) and size[n] == edge and size[n + 1] <= edge and n < start + HEADING_LINES:
            n += 1
            out[n] = True
    return out


_ENDING = 6  # characters of a name's ending, at most


def _breaks_off(before: str, text: str) -> bool:
    """Whether a name is broken between two atoms: that of a place's government (城关镇, 人民政府), or inside its ending
    (街道办, 事处)."""
    if rule("name_parted", "layout.toml").search(f"{before[-_ENDING:]}\n{squeeze(text[:_ENDING])}"):
        return True
    ends = rule("place_ends", "layout.toml").search(before)
    return ends is not None and rule("seat_alone", "layout.toml").fullmatch(squeeze(text)) is not None


def left_open(before: Atom, atom: Atom, units: bool) -> bool:
    """Whether a mark tells that a cell goes on, or of a cell of `units` a name that is broken."""
    if before.text.endswith(("、", ",", "(", "《")) or atom.text.startswith(("、", ",", ")", "》", "。")):
        return True
    bracket = atom.text.startswith("(") and atom.joint != BLANK
    return units and (bracket or _breaks_off(before.text, atom.text))
