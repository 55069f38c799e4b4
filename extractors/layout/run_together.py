"""Tables whose headings stand on one line and whose rows run together below it, without borders between the cells."""

from __future__ import annotations

from ..words.fold import squeeze
from ..words.unit_shapes import UnitShapes
from .building import Field, Grid
from .bulleted_cells import bulleted
from .cheapest_columns import in_columns
from .line_headings import line_headings
from .lines import Line
from .stream_atoms import BULLET, GROUP, looks, spaced_atoms, tight_atoms
from .table_ends import CHAPTER, END, HARD_END
from .title_ends import clause_headings, part_titles_of


def stream(
    lines: list[Line],
    at: int,
    heads: list[tuple[int, int, str]],
    prose: list[str],
    source: str,
    shapes: UnitShapes,
) -> tuple[Grid, int] | None:
    """A table whose header stands on one line; what follows is cut into atoms and put into the columns."""
    kinds = [k for _, _, k in heads]
    width = len(kinds)
    name = squeeze(lines[at].text)
    spaced = " " in lines[at].text.strip()
    twins = clause_headings(prose)
    body: list[Line] = []
    index = at + 1
    while index < len(lines):
        line = lines[index]
        if "\t" in line.raw or line.text.count("|") >= 2:
            break
        if squeeze(line.text) == name:
            index += 1
            continue
        other = line_headings(line)
        if other:
            break
        if CHAPTER.match(line.text) and len(line.text) < 50 and "。" not in line.text and _heads_follow(lines, index):
            break
        if (
            END.match(line.text)
            and body
            and (HARD_END.match(line.text) or looks(line.text, shapes) != "units")
            and not any(squeeze(n.text) == name for n in lines[index + 1 : index + 3])
        ):
            break
        body.append(line)
        index += 1
    if not body:
        return Grid([Field(0, j, [(a, b)]) for j, (a, b, _) in enumerate(heads)], len(heads), lines[at].number), index
    bullets = sum(len(BULLET.findall(n.text)) for n in body) >= 2
    words = [i for i, k in enumerate(kinds) if k in ("section", "task", "text")]
    group = len(words) == 2 and kinds[words[0]] == "task" and any(GROUP.match(n.text) for n in body)
    if group:
        # (一)… 1.… in one column: its heading covers the groups and their tasks.
        kinds.insert(words[0], "section")
        width += 1
    fields = [
        Field(0, j + (group and j > words[0]), [(a, b)], 1 + (group and j == words[0]))
        for j, (a, b, _) in enumerate(heads)
    ]
    if bullets:
        fields += bulleted(body, kinds, twins, source, shapes)
    else:
        atoms = [
            a
            for line in body
            for a in (
                spaced_atoms(line, shapes) if spaced else tight_atoms(line, twins if len(words) > 1 else None, shapes)
            )
        ]
        if not atoms:
            return None
        fields += in_columns(atoms, kinds)
        part_titles_of(fields, kinds, twins, source)
    return _fill(fields, width, lines[at].number), index


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
