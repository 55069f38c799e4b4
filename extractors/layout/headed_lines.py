"""Tables whose headings stand on one line, with rows apart by blanks, aligned columns or all run together below it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from ..words.cells import CellWords
from ..words.fold import squeeze
from ..words.forms import CLAUSE_MARK, DATE_LINE, TERMINAL
from ..words.headings import UNIT_KINDS, kind_of_heading
from ..words.parts import rule
from . import segmentation
from .aligned import aligned
from .aligned_rows import aligned_grid
from .atoms import NOTHING, Atom, as_one, blank_atoms, counts, line_atoms
from .building import Field, Grid
from .cell_lines import free_numbers
from .column_headings import Head, may_head, on_line
from .grids import decoded_grid, decoder_kinds, filled
from .lines import Line, bars_of
from .run_together import stream
from .segmentation import Decoded, decode
from .table_ends import CHAPTER, END, HARD_END, ends_table, signs
from .tight import rows_on, tight_atoms
from .title_ends import clause_headings, part_titles

_WIDE = re.compile(r"\S {2,}\S")
_DRAWN = re.compile(r"[-=_—─━\s]{6,}")  # a line below the headings
_BARS = 2  # so many bars part cells
_SIGNED = 4  # lines at the end of a paper: who signs, and the day
_LONG_LINE = 200
_LONG_ROW = 300
_WORDS = ("text", "work", "task")
_QUOTE = 40
_PARTED = re.compile(r"(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f])")  # a blank that no figure explains
_LEAST_UNITS = 3  # characters of units between blanks
_FEW_PARTED = 0.01  # so few lines of a table hold two cells by chance: each line is of one cell
_OLD: dict[str | None, str] = {
    "goal": "other",
    "money": "other",
    "basis": "other",
    "project": "task",
    "problem": "task",
    "indicator": "nowork",
}


def below_line(
    lines: list[Line], at: int, heads: list[Head], prose: list[str], source: str, words: CellWords
) -> tuple[Grid, int] | None:
    """A table whose headings stand on one line."""
    first = lines[at]
    if all(a == b for (_, a, _), (b, _, _) in pairwise(heads)) or lines[at + 1 : at + 2] == []:
        if _all_on_one(lines, at, heads, words):
            return _run_together(lines, at, heads, prose, source, words)
        known = [(first.start + a, first.start + b, _OLD.get(k, k) or "other") for a, b, k in heads]
        return stream(lines, at, known, prose, source, words.shapes)
    name = squeeze(first.text)
    names = [Atom(first.start + a, first.start + b, first.text[a:b]) for a, b, _ in heads]
    below = _heading_below(lines, at, heads)
    if below:
        names.append(as_one(line_atoms(below)))
    end = _end_of_rows(lines, at, name, words)
    body = _without_headings(lines[at + 1 + len(below) : end], name, [squeeze(n.text) for n in below])
    if not body:
        return None
    kinds = decoder_kinds([*(k for _, _, k in heads), *([kind_of_heading(names[-1].text)] if below else [])])
    below_it = [n for n in lines[at + 1 : end] if not _DRAWN.fullmatch(n.text)]
    columns = aligned(first, [(a.start, a.end) for a in names], below_it)
    if columns is not None:
        return aligned_grid(columns, kinds, words, first.number), end
    atoms = blank_atoms(
        body,
        2 * sum(bool(_WIDE.search(n.text)) for n in [first, *body]) > len(body),
        _whole_lines(body, words),
    )
    longest = max(len(n.text) for n in body)
    if len(body) == 1 or (longest > _LONG_ROW and 2 * longest > sum(len(n.text) for n in body)):
        if len(atoms) == len(body):
            return _run_together(lines, at, heads, prose, source, words)  # no blank parts the cells
        return _on_one_line(names, atoms, kinds, first.number, words), end
    form = segmentation.BLANK_ROWS
    if sum(_holds_cells(n, words) for n in body) <= _FEW_PARTED * len(body):
        form, atoms = segmentation.CELL_LINES, line_atoms(body)
    return decoded_grid(names, atoms, kinds, form, first.number, words), end


#: So many lines has the last heading where it is narrow, and so many characters each of them.
_NARROW_LINES, _NARROW = (2, 3), 3


def _heading_below(lines: list[Line], at: int, heads: list[Head]) -> list[Line]:
    """The lines below one of headings that are one more of them, broken because its column is narrow (完成, 时限)."""
    said = {kind for _, _, kind in heads}
    for size in _NARROW_LINES:
        parts = lines[at + 1 : at + 1 + size]
        kind = kind_of_heading("".join(n.text for n in parts))
        if kind and kind not in said and all(len(squeeze(n.text)) <= _NARROW for n in parts):
            return parts
    return []


def _without_headings(lines: list[Line], name: str, below: list[str]) -> list[Line]:
    """The lines of rows without the line of headings that each page repeats, and what of them stands below it."""
    out: list[Line] = []
    skip, page = 0, False
    for n, line in enumerate(lines):
        page = page or line.after_page
        if squeeze(line.text) == name:
            skip = n + 1 + len(below)
            skip = skip if [squeeze(m.text) for m in lines[n + 1 : skip]] == below else n + 1
        if n >= skip:
            out.append(replace(line, after_page=page) if page else line)
            page = False
    return out


def _end_of_rows(lines: list[Line], at: int, name: str, words: CellWords) -> int:
    """The index behind the last line of the rows below a line of headings, which may come again (`name`)."""
    for end in range(at + 1, len(lines)):
        line = lines[end]
        other = squeeze(line.text) != name and on_line(line.text, words)
        if "\t" in line.raw or bars_of(line) >= _BARS or other or ends_table(line, words):
            return end
        if (
            line.blank_before
            and end >= len(lines) - _SIGNED
            and _WIDE.search(lines[end - 1].text)
            and signs(lines, end, words)
        ):
            return end  # what stands over the day at the paper's end, behind an empty line, is no row
    return len(lines)


def _on_one_line(names: list[Atom], atoms: list[Atom], kinds: list[str], line: int, words: CellWords) -> Grid:
    """All rows on one line below the headings, of which it may hold the last."""
    free_numbers(atoms, words)
    more = _more_headings(atoms, kinds, words)
    names, kinds, atoms = [*names, *atoms[:more]], [*kinds, *(["any"] * more)], atoms[more:]
    stop = _behind_rows(atoms)
    grid = decoded_grid(names, atoms[:stop], kinds, segmentation.ONE_LINE, line, words)
    if stop < len(atoms) and grid.left is None:
        grid.left = atoms[stop].start
    return grid


_MORE_HEADINGS = 3


def _more_headings(atoms: list[Atom], kinds: list[str], words: CellWords) -> int:
    """How many atoms before the number of the first row are headings of columns that are not known."""
    first = next((n for n, a in enumerate(atoms) if a.text == "1"), 0) if kinds[:1] == ["number"] else 0
    return first if first <= _MORE_HEADINGS and all(may_head(a.text, words) for a in atoms[:first]) else 0


def _behind_rows(atoms: list[Atom]) -> int:
    """The index of the first atom behind the last row of a table on one line: a note, a contact, a signature."""
    first = max((n for n, a in enumerate(atoms) if a.text.isdecimal()), default=0)
    ends = (n for n, a in enumerate(atoms) if HARD_END.match(a.text) or DATE_LINE.fullmatch(a.text))
    stop = next((n for n in ends if n > first + 2), len(atoms))
    if stop < len(atoms) and DATE_LINE.fullmatch(atoms[stop].text):
        stop -= 1  # who signs stands before the day
    return stop


_PIECES = 12  # of a line at whose ends cells are looked for
_MOST_PARTED = 0.3  # so few lines hold several cells where a row that is short has a line of its own


def _whole_lines(lines: list[Line], words: CellWords) -> Callable[[Line], bool] | None:
    """Tells which lines are of one cell where most are; None where most hold several."""
    parted = {id(n) for n in lines if _ends_in_cells(n, words)}
    return (lambda n: id(n) not in parted) if len(parted) < _MOST_PARTED * len(lines) else None


def _ends_in_cells(line: Line, words: CellWords) -> bool:
    """Whether a number, units or a time stand apart by a blank at an end of a line."""
    pieces = line.text.split(" ")
    if len(pieces) == 1:
        return False
    if len(pieces) > _PIECES or (pieces[0].isdecimal() and not counts(pieces[1])):
        return True
    ends = [" ".join(pieces[n:]) for n in range(1, len(pieces))] + [" ".join(pieces[:n]) for n in range(1, len(pieces))]
    return any(words.look(end).kind in ("units", "time", "nobody") for end in ends)


def _holds_cells(line: Line, words: CellWords) -> bool:
    """Whether blanks part cells on a line: units or a time stand on one side of one, or units between a blank and a
    figure's."""
    pieces = _PARTED.split(line.text)
    if len(pieces) > 1 and any(words.look(p).kind in ("units", "time", "nobody") for p in pieces):
        return True
    between = line.text.split(" ") if len(pieces) > 1 else []
    return any(len(p) >= _LEAST_UNITS and words.look(p).kind == "units" for p in between)


def _all_on_one(lines: list[Line], at: int, heads: list[Head], words: CellWords) -> bool:
    """Whether the rows below a line of headings stand in one line rather than in one each; those with names of persons
    are read with the same care."""
    kinds = [kind for _, _, kind in heads]
    if "person" in kinds:
        return True
    if at + 1 >= len(lines):
        return False
    return len(lines[at + 1].text) > _LONG_LINE or rows_on(lines[at + 1], words, "number" in kinds) > 1


def _run_together(
    lines: list[Line], at: int, heads: list[Head], prose: list[str], source: str, words: CellWords
) -> tuple[Grid, int] | None:
    first = lines[at]
    kinds = decoder_kinds([k for _, _, k in heads])
    end = at + 1
    while end < len(lines) and not (
        END.match(lines[end].text) or "\t" in lines[end].raw or bars_of(lines[end]) >= _BARS
    ):
        end += 1
    body, left = _rows_alone(lines[at + 1 : end], first.text)
    atoms = [a for n in body for a in tight_atoms(n, kinds, words)]
    if not atoms:
        return None
    names = [Atom(first.start + a, first.start + b, first.text[a:b]) for a, b, _ in heads]
    at_task = _grouped(atoms, kinds)
    if at_task is not None:
        kinds.insert(at_task, "section")
    read = decode(atoms, _grouped_kinds(kinds, at_task), segmentation.TIGHT, words)
    fields = []
    for n, name in enumerate(names):
        wide = at_task is not None and n == at_task
        fields.append(Field(0, n + (at_task is not None and n > at_task), [(name.start, name.end)], 1 + wide))
    grid = filled(fields, read, atoms, len(kinds), first.number, True)
    part_titles(grid, kinds, clause_headings(prose), source)
    grid.doubts = sorted({*grid.doubts, *_guessed_ends(read, atoms, kinds)})
    grid.left = left if grid.left is None else grid.left
    return grid, end


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _rows_alone(lines: list[Line], heads: str) -> tuple[list[Line], int | None]:
    """The run-together lines of a table without numbers of pages, the headings that each page may repeat, and the note
    at its end; where that begins in the source, or None."""
    pages = rule("page_inside", "layout.toml")
    out = [replace(n, text=pages.sub(_blank, n.text.replace(heads, " " * len(heads)))) for n in lines]
    note = rule("note_glued", "layout.toml").search(out[-1].text) if out else None
    if note is None:
        return out, None
    left = out[-1].start + note.start()
    out[-1] = replace(out[-1], end=left, text=out[-1].text[: note.start()])
    return out, left


def _guessed_ends(read: Decoded, atoms: list[Atom], kinds: list[str]) -> list[tuple[int, int]]:
    """The beginnings of texts behind whose last word, which no mark closes, units stand without a blank: where they
    begin is guessed."""
    out = []
    for cell, following in pairwise(read.cells):
        if cell.column is None or following.column is None or following.row != cell.row:
            continue
        text, units = atoms[cell.last - 1], atoms[following.first]
        if kinds[cell.column] in _WORDS and kinds[following.column] in UNIT_KINDS and units.joint == NOTHING:
            first = atoms[cell.first]
            if not TERMINAL.search(text.text) and len(first.text) > _QUOTE // 4:
                out.append((first.start, min(first.end, first.start + _QUOTE)))
    return out


def _grouped(atoms: list[Atom], kinds: list[str]) -> int | None:
    """The column of tasks where it holds groups of tasks, too: （一）… and below it 1.…; None where it does not."""
    words = [n for n, k in enumerate(kinds) if k in ("section", "task", "text", "work")]
    if len(words) != 2 or kinds[words[0]] != "task":
        return None
    points = [int(m[1]) for a in atoms if (m := _POINT.match(a.text))]
    groups = any(_GROUP.match(a.text) for a in atoms)
    return words[0] if (groups and points) or _chaptered(atoms, points) else None


def _chaptered(atoms: list[Atom], points: list[int]) -> bool:
    """Whether numbered points with headings of their own run on from one chapter to the next: they are the tasks below
    the chapters, else parts of the texts beside them."""
    chapters = sum(a.alone and CHAPTER.match(a.text) is not None for a in atoms)
    headed = sum(_HEADED_POINT.match(a.text) is not None for a in atoms)
    return 1 < chapters < len(points) == headed and points == list(range(1, len(points) + 1))


def _grouped_kinds(kinds: list[str], at: int | None) -> list[str]:
    """The kinds for the decoder where a column holds groups and their tasks."""
    return kinds if at is None else [*kinds[:at], "group", "point", *kinds[at + 2 :]]


_GROUP = re.compile(CLAUSE_MARK)
_HEADED_POINT = re.compile(r"\d{1,3}[.、](?!\d)[^。;,:]{2,30}。")
_POINT = re.compile(r"(\d{1,3})[.、](?!\d)")
