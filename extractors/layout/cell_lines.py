"""Tables that have a cell a line, with headings or without."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ..words.cells import CellWords
from ..words.fold import squeeze
from ..words.forms import DATE_LINE, LABEL, NUMBERED, TERMINAL
from ..words.headings import headings, kind_of_heading
from ..words.parts import kinds as kinds_of_papers
from ..words.parts import rule
from . import segmentation
from .atoms import BLANK, GAP, SPACE, Atom, as_one, blank_atoms, line_atoms, mark_numbers
from .building import Grid
from .column_headings import leading
from .grids import decoded_grid, decoder_kinds, filled, without_repeats
from .lattice import Lattice
from .lines import Line, bars_of
from .segmentation import Decoded, cheapest, decode
from .table_ends import END, ends_table

_WORD = re.compile(r"\S+")


def cell_lines(lines: list[Line], at: int, words: CellWords) -> tuple[Grid, int] | None:
    """Every cell on a line of its own: the headings, one below the other, tell the columns."""
    kinds = leading([n.text for n in lines[at : at + 16]], words)
    if len(kinds) < 2 or any("\t" in n.raw for n in lines[at : at + len(kinds)]):
        return None
    names = lines[at : at + len(kinds)]
    if kinds[1] == "number" and squeeze(names[0].text).endswith(kinds_of_papers()):
        return None  # the table's title
    end = _lines_end(lines, at + len(kinds), [squeeze(n.text) for n in names], words)
    body = without_repeats(line_atoms(lines[at + len(kinds) : end]), [n.text for n in names])
    if not body:
        return None
    heads, columns = _whole_headings(line_atoms(names), decoder_kinds(kinds), body, words)
    mark_numbers(body, "number" in columns)
    form = segmentation.CELL_LINES
    if _gaps_part(body):
        form, pages = segmentation.GAP_CELLS, {n.start for n in lines[at:end] if n.after_page}
        for atom in body:
            atom.joint = GAP if atom.start in pages else atom.joint
    return decoded_grid(heads, body, columns, form, lines[at].number, words), end


#: Numbers of rows that tell whether empty lines part cells, and how many of them have one behind.
_FEWEST_NUMBERS, _MOST_GAPS = 3, 0.8


def _gaps_part(atoms: list[Atom]) -> bool:
    """Whether an empty line stands between two cells and none inside one: the numbers of the rows tell, behind which a
    cell ends."""
    behind = [after.joint == GAP for atom, after in pairwise(atoms) if atom.runs_on and atom.text.isdecimal()]
    return len(behind) >= _FEWEST_NUMBERS and sum(behind) >= _MOST_GAPS * len(behind)


def _whole_headings(
    names: list[Atom], kinds: list[str], body: list[Atom], words: CellWords
) -> tuple[list[Atom], list[str]]:
    """The headings and the kinds of their columns, with two lines as one heading (项目, 名称) where the rows are read
    cheaper so."""
    known = headings()
    joined = [n for n in range(len(names) - 1) if squeeze(names[n].text + names[n + 1].text) in known]
    joined = [n for n in joined if max(len(squeeze(a.text)) for a in names[n : n + 2]) <= _PART]
    if not joined:
        return names, kinds
    mark_numbers(body, "number" in kinds)
    sample = Lattice(body[:_SAMPLE], segmentation.CELL_LINES, words)
    best = cheapest(sample, kinds, doubts=False).cost + _COLUMN * len(kinds)
    at = joined[0]
    heads = [*names[:at], as_one(names[at : at + 2]), *names[at + 2 :]]
    columns = decoder_kinds([kind_of_heading(a.text) for a in heads])
    price = cheapest(sample, columns, doubts=False).cost + _COLUMN * len(columns)
    return (heads, columns) if price < best else (names, kinds)


#: Characters of a heading's line where two make one; atoms that are read to weigh; what a column costs.
_PART, _SAMPLE, _COLUMN = 3, 160, 0.8


#: How a line is left open, and how one begins that is the rest of a name.
_LEFT_OPEN, _REST = ("、", ",", "("), re.compile(r"[、,)]|\([^()]{1,6}\)(?=[^()]{2})")


def _lines_end(lines: list[Line], index: int, names: list[str], words: CellWords) -> int:
    """The index behind the last line that may belong to a table without bars."""
    while index < len(lines):
        line = lines[index]
        if "\t" in line.raw or bars_of(line) >= 2:
            break
        goes_on = lines[index - 1].text.endswith(_LEFT_OPEN) or _REST.match(line.text)
        if not goes_on and (ends_table(line, words) or (END.match(line.text) and _day_follows(lines, index))):
            break
        following = [n.text for n in lines[index : index + 12]]
        if names and [squeeze(t) for t in following[: len(names)]] == names:
            index += len(names)
            continue
        if names and kind_of_heading(line.text):
            other = leading(following, words)
            if len(other) > 2:
                break
        index += 1
    return index


def _day_follows(lines: list[Line], index: int) -> bool:
    """Whether the day of a signature stands below a line."""
    below = lines[index + 1 : index + 2]
    return any(rule("printed_day", "layout.toml").match(squeeze(n.text)) for n in below)


#: Columns that tables have, from the left, tried where no headings stand.
_ORDERS = (
    ("text", "units"),
    ("text", "units", "deadline"),
    ("text", "deadline", "units"),
    ("deadline", "text", "units"),
    ("text", "units", "units"),
    ("text", "units", "units", "deadline"),
    ("text", "deadline", "units", "units"),
    ("text", "units", "units", "units"),
    ("text", "units", "units", "units", "deadline"),
)
#: The same with units before the texts, where numbers tell the rows.
_UNITS_FIRST = (("units", "text"), ("units", "text", "deadline"), ("units", "units", "text"))
_FRONTS = ((), ("task",), ("section",), ("section", "task"))


def guessed(cells: Sequence[str], words: CellWords) -> tuple[str, ...]:
    """The columns of a table without headings, from the first of its folded cells: those by which they are read
    cheapest."""
    sample = [Atom(0, 0, c) for c in cells[:80]]
    looks = [words.look(a.text).kind for a in sample]
    numbers, times = looks.count("number"), looks.count("time")
    persons, names = looks.count("person") + looks.count("phone"), looks.count("units")
    mark_numbers(sample, numbers >= 2)
    lattice = Lattice(sample, segmentation.CELL_LINES, words)
    best: tuple[float, tuple[str, ...]] | None = None
    for order in (*_ORDERS, *(_UNITS_FIRST if numbers >= _FEWEST_NUMBERS else ())):
        if ("deadline" in order) != (times >= 2 and 8 * times > names):
            continue
        for front in _FRONTS:
            kinds = (*(("number",) if numbers >= 2 else ()), *front, *order, *(("person",) if persons >= 2 else ()))
            price = cheapest(lattice, list(kinds), doubts=False).cost + 0.8 * len(kinds)
            if best is None or price < best[0]:
                best = (price, kinds)
    return best[1] if best else ()


_REACH = 40  # lines that are looked at
_NEAR = 7
_FEWEST_GROUPS = 2


def cells_without_headings(lines: list[Line], at: int, words: CellWords) -> tuple[Grid, int] | None:
    """A cell a line without headings: several times a text, and near below it units alone on lines."""
    # Most lines are sentences of prose, which have no units on lines below them.
    if not _units_recur(lines, at, words) or not _begins_row(lines, at, words):
        return None
    end = _lines_end(lines, at, [], words)
    atoms = line_atoms(lines[at:end])
    kinds = guessed([a.text for a in atoms], words)
    if not kinds:
        return None
    mark_numbers(atoms, "number" in kinds)
    read = decode(atoms, list(kinds), segmentation.CELL_LINES, words)
    if not _plausible(read, kinds):
        return None
    return filled([], read, atoms, len(kinds), lines[at].number, False), at + read.outside


#: Without headings lines are a table where this share of its rows is whole and a row costs less; a text that begins a
#: row is longer, a list of units shorter than so many characters.
_NEARLY_ALL, _DEAR_ROW, _SHORT_TEXT, _LONG_LIST = 0.8, 3.0, 8, 80
#: Cells of a line that is a table at least; so many of a kind recur; one of so many is of units or of times.
_MANY_WORDS, _RECURS, _SHARE = 12, 3, 4


def rows_begin(text: str, words: CellWords) -> int:
    """Where the rows begin in a folded line that is a table without headings, its cells apart by blanks; -1 where it is
    none: cells of units recur, and of times or of numbers and sentences, and numbers or headings stand between them.
    What bears labels is prose on one line."""
    parts = [(m.start(), m.group()) for m in _WORD.finditer(text)] if text.count(" ") >= _MANY_WORDS else []
    if not parts:
        return -1
    looks = [words.look(part).kind for _, part in parts]
    units, times = looks.count("units"), looks.count("time")
    marks = [n for n, look in enumerate(looks) if look in ("number", "chapter", "clause")]
    if sum(":" in part for _, part in parts) >= len(marks):
        return -1
    numbered = looks.count("number") >= _RECURS and looks.count("sentence") >= _RECURS
    if units < _RECURS or not (times >= _RECURS or numbered) or len(marks) < _RECURS:
        return -1
    if _SHARE * (units + times) < len(parts):
        return -1
    return parts[marks[0]][0]


def line_without_headings(line: Line, words: CellWords) -> Grid | None:
    """The table that one line is, without headings; None where it is none."""
    if rows_begin(line.text, words) != 0:
        return None
    atoms = blank_atoms([line], False)
    kinds = guessed([a.text for a in atoms if words.look(a.text).kind != "chapter"], words)
    if not kinds:
        return None
    free_numbers(atoms, words)
    mark_numbers(atoms, "number" in kinds)
    for atom in atoms:
        atom.alone = words.look(atom.text).kind == "chapter"  # it heads the rows behind it
    read = decode(atoms, list(kinds), segmentation.ONE_LINE, words)
    if read.outside < len(atoms) or not _plausible(read, kinds):
        return None
    return filled([], read, atoms, len(kinds), line.number, False)


def free_numbers(atoms: list[Atom], words: CellWords) -> None:
    """Parts the numbers of rows from the cells on both sides: blanks beside figures part nothing else."""
    for before, atom, after in zip(atoms, atoms[1:], atoms[2:], strict=False):
        ended = TERMINAL.search(before.text) or words.look(before.text).kind in ("units", "time", "nobody", "person")
        if atom.text.isdecimal() and atom.joint == SPACE and ended:
            atom.joint = after.joint = BLANK


#: A line of units with a bullet before each, also one that goes on with the end of a name.
_BULLETED = re.compile(r"\A(?:[\u4e00-\u9fff]{1,8}、|、)?[●•■◆▲][\u4e00-\u9fff]{2,}(?:、|$)")


def _times_beside(lines: list[Line], words: CellWords) -> bool:
    """Whether lines of labelled units (牵头单位：…) each have a line above or below them that is nothing but a time:
    these are cells, which no clause of prose has."""
    labelled = [n for n, line in enumerate(lines) if LABEL.match(line.text)]
    if len(labelled) < _FEWEST_GROUPS:
        return False
    beside = ([*lines[max(n - 1, 0) : n], *lines[n + 1 : n + 2]] for n in labelled)
    return all(any(":" not in n.text and words.look(n.text).kind == "time" for n in near) for near in beside)


def _units_recur(lines: list[Line], at: int, words: CellWords) -> bool:
    """Whether below a line, as near as cells of one row stand, units have lines of their own, and again below these."""
    groups, last = 0, at
    for index in range(at + 1, min(at + _REACH, len(lines))):
        line, before = lines[index], lines[index - 1]
        if END.match(line.text) and words.look(line.text).kind != "units":
            break
        if index - last > 2 * _NEAR or (groups == 0 and index - at > _NEAR):
            break
        bulleted = _BULLETED.search(line.text) is not None  # units, whatever its end breaks off
        if not bulleted and (line.text.endswith((":", "、", ",")) or kind_of_heading(line.text)):
            break
        named = bulleted or _names_units(line, words)
        if not (named or (LABEL.match(line.text) and _times_beside(lines[at : at + _REACH], words))):
            continue
        if index + 1 < len(lines) and DATE_LINE.match(squeeze(lines[index + 1].text)):
            break
        if not _names_units(before, words) and not _BULLETED.search(before.text):
            if words.look(before.text).kind in ("sentence", "timely") and not TERMINAL.search(before.text):
                return False  # the end of a broken sentence
            groups += 1
        last = index
        if groups > _FEWEST_GROUPS:
            break
    return groups >= _FEWEST_GROUPS


def _plausible(read: Decoded, kinds: Sequence[str]) -> bool:
    """Whether a reading without headings makes a table: nearly all rows have a text and someone for it."""
    rows: dict[int, set[str]] = {}
    for cell in read.cells:
        if cell.column is not None:
            rows.setdefault(cell.row, set()).add(kinds[cell.column])
    whole = sum("text" in r and "units" in r for r in rows.values())
    return whole >= max(2, _NEARLY_ALL * len(rows)) and read.cost / len(rows) < _DEAR_ROW


def _begins_row(lines: list[Line], at: int, words: CellWords) -> bool:
    seen = words.look(lines[at].text)
    if seen.kind == "number":
        return at + 1 < len(lines) and words.look(lines[at + 1].text).kind in (
            "sentence",
            "phrase",
            "timely",
            "maybe",
            "heading",
        )
    return (
        seen.kind in ("sentence", "heading", "timely")
        and seen.size > _SHORT_TEXT
        and ":" not in lines[at].text[-12:]
        and (
            at == 0
            or bool(TERMINAL.search(lines[at - 1].text))
            or lines[at - 1].text.endswith(kinds_of_papers())  # the table's title
            or lines[at].blank_before
            or bool(NUMBERED.match(lines[at].text))
        )
    )


def _names_units(line: Line, words: CellWords) -> bool:
    if line.text.startswith("(") and line.text.endswith((")", ")。")):
        return False  # an assignment below a clause of prose
    text = line.text
    sentence = len(text) >= _LONG_LIST or ":" in text or text.rstrip().endswith("。")
    return not sentence and words.shapes.all_units(text) and words.look(text).kind == "units"
