"""Tables whose headings stand on one line and whose rows run together below it, without borders between the cells."""

from __future__ import annotations

from ..words.fold import squeeze
from ..words.unit_shapes import UnitShapes
from .building import Field, Grid
from .bulleted_cells import bulleted
from .cheapest_columns import in_columns
from .line_headings import line_headings
from .lines import Line
from .stream_atoms import BULLET, GROUP, StreamAtom, looks, spaced_atoms, tight_atoms
from .table_ends import CHAPTER, END, HARD_END
from .title_ends import clause_headings, part_titles_of

#: Signs of the columns of bars, and bullets, that tell what cells are parted by.
_BARS, _BULLETS = 2, 2
_LONG_CHAPTER = 50
#: A closing line is none where the headings stand again within so many lines.
_REPEATED_WITHIN = 2


def stream(
    lines: list[Line],
    at: int,
    heads: list[tuple[int, int, str]],
    prose: list[str],
    source: str,
    shapes: UnitShapes,
) -> tuple[Grid, int] | None:
    """A table whose header stands on one line; what follows is cut into atoms and put into the columns."""
    head = lines[at]
    body, index = _below(lines, at, shapes)
    if not body:
        return Grid([Field(0, j, [(a, b)]) for j, (a, b, _) in enumerate(heads)], len(heads), head.number), index
    kinds = [k for _, _, k in heads]
    words = [i for i, k in enumerate(kinds) if k in ("section", "task", "text")]
    grouped = len(words) == 2 and kinds[words[0]] == "task" and any(GROUP.match(n.text) for n in body)
    fields = _names(heads, words[0] if grouped else None)
    if grouped:
        kinds.insert(words[0], "section")
    twins = clause_headings(prose)
    if sum(len(BULLET.findall(n.text)) for n in body) >= _BULLETS:
        fields += bulleted(body, kinds, twins, source, shapes)
    else:
        atoms = _atoms(body, " " in head.text.strip(), twins if len(words) > 1 else None, shapes)
        if not atoms:
            return None
        fields += in_columns(atoms, kinds)
        part_titles_of(fields, kinds, twins, source)
    return _fill(fields, len(kinds), head.number), index


def _below(lines: list[Line], at: int, shapes: UnitShapes) -> tuple[list[Line], int]:
    """The lines of the table below its headings, without repetitions of these, and the index behind them."""
    name = squeeze(lines[at].text)
    body: list[Line] = []
    for index in range(at + 1, len(lines)):
        line = lines[index]
        if "\t" in line.raw or line.text.count("|") >= _BARS:
            return body, index
        if squeeze(line.text) == name:
            continue
        if line_headings(line) or _next_table(lines, index) or (body and _closes(lines, index, name, shapes)):
            return body, index
        body.append(line)
    return body, max(at + 1, len(lines))


def _next_table(lines: list[Line], index: int) -> bool:
    """Whether a line is the chapter that another table stands under."""
    text = lines[index].text
    chapter = CHAPTER.match(text) and len(text) < _LONG_CHAPTER and "。" not in text
    return bool(chapter) and _heads_follow(lines, index)


def _closes(lines: list[Line], index: int, name: str, shapes: UnitShapes) -> bool:
    """Whether a line stands behind the table: it looks like its end, and the headings (`name`) do not follow again."""
    text = lines[index].text
    if not END.match(text) or (not HARD_END.match(text) and looks(text, shapes) == "units"):
        return False
    following = lines[index + 1 : index + 1 + _REPEATED_WITHIN]
    return not any(squeeze(n.text) == name for n in following)


def _names(heads: list[tuple[int, int, str]], grouped: int | None) -> list[Field]:
    """The fields of the headings. That of the column `grouped` covers two: (一)… 1.… are groups and their tasks in one
    column."""
    if grouped is None:
        return [Field(0, j, [(a, b)]) for j, (a, b, _) in enumerate(heads)]
    return [Field(0, j + (j > grouped), [(a, b)], 1 + (j == grouped)) for j, (a, b, _) in enumerate(heads)]


def _atoms(body: list[Line], spaced: bool, twins: list[str] | None, shapes: UnitShapes) -> list[StreamAtom]:
    """The pieces of the lines: between blanks, if the headings are `spaced`, else as words tell."""
    return [a for n in body for a in (spaced_atoms(n, shapes) if spaced else tight_atoms(n, twins, shapes))]


def _heads_follow(lines: list[Line], index: int) -> bool:
    return index + 1 < len(lines) and bool(line_headings(lines[index + 1]))


def _fill(fields: list[Field], width: int, line: int) -> Grid:
    """Adds the empty fields of a grid; a spanning field covers its row."""
    have = {(f.row, f.column) for f in fields}
    spans = {f.row for f in fields if f.columns > 1}
    for row in range(max(f.row for f in fields) + 1):
        if row in spans:
            continue
        fields += [Field(row, j, [], 1, True) for j in range(width) if (row, j) not in have]
    fields.sort(key=lambda f: (f.row, f.column))
    return Grid(fields, width, line)
