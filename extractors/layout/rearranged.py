"""Tables that tell rows of work in another arrangement: turned, with a column for each task; as a form, with each value
beside its label; and as a matrix, with a column for each unit and a mark where it answers for the row. They are put as
tables of rows are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..words.cells import CellWords
from ..words.fold import fold, squeeze
from ..words.forms import tight
from ..words.headings import UNIT_KINDS, kind_of_heading
from ..words.parts import rule
from .building import Field, Grid, said_in
from .column_headings import enough

_FEWEST_FIELDS = 3
_MOST_FIELDS = 16
_KNOWN_SHARE = 0.7
_FEWEST_UNITS = 3
_LONGEST_MARK = 4
_LONG_HEADING = 24
_MOST_HEADS = 5  # of so many values one may look like a heading


def rearranged(grid: Grid, source: str, words: CellWords) -> Grid:
    """The grid as one of rows of work; itself where it is one already, or none."""
    if not grid.width > 1:
        return grid
    if any(f.columns > 1 or f.rows > 1 for f in grid.cells):
        return _form(grid, source) or grid
    said = [[""] * grid.width for _ in range(max((f.row for f in grid.cells), default=-1) + 1)]
    at = {(f.row, f.column): f for f in grid.cells}
    for (row, column), cell in at.items():
        said[row][column] = said_in(cell.pieces, source)
    turned = _turned(grid, at, said)
    if turned is not None:
        return turned
    return _form(grid, source) or _matrix(grid, at, said, source, words) or grid


# --- turned ----------------------------------------------------------------------------------------------------------


def _turned(grid: Grid, at: dict[tuple[int, int], Field], said: list[list[str]]) -> Grid | None:
    """A row for each column but the first, which holds the headings; a first row that only counts the tasks is left
    out."""
    counted = len(said) > _FEWEST_FIELDS and all(rule("card_mark", "layout.toml").match(t) for t in said[0][1:])
    rows = list(range(counted, len(said)))
    labels = [said[r][0] for r in rows]
    if not _FEWEST_FIELDS <= len(rows) <= _MOST_FIELDS or any(len(t) > _LONG_HEADING for t in labels):
        return None
    kinds = [kind_of_heading(t) for t in labels]
    if sum(k is not None for k in kinds) < _KNOWN_SHARE * len(rows) or not enough(kinds):
        return None
    values = [t for r in said for t in r[1:] if t]
    if _MOST_HEADS * sum(bool(kind_of_heading(t)) for t in values) > len(values) or len(set(labels)) < len(labels):
        return None
    fields = [
        Field(column, n, at[row, column].pieces if (row, column) in at else [])
        for column in range(grid.width)
        for n, row in enumerate(rows)
    ]
    return Grid(fields, len(rows), grid.line)


# --- form ------------------------------------------------------------------------------------------------------------

_Card = dict[str, Field]  # label → its value


def _form(grid: Grid, source: str) -> Grid | None:
    """A row for each task whose labels stand beside their values, one pair or several in a row of the form; what stands
    alone in a row is a heading."""
    labels: dict[str, Field] = {}
    cards: list[_Card | Field] = []
    for cells in _rows(grid):
        if len(cells) == 1:
            cards.append(cells[0])
            continue
        if len(cells) % 2:
            return None
        for label, value in zip(cells[::2], cells[1::2], strict=True):
            name = said_in(label.pieces, source)
            card = cards[-1] if cards else None
            if not isinstance(card, dict) or (name in card and label.row == value.row):
                card = {}
                cards.append(card)
            known = card.get(name)
            card[name] = value if known is None else replace(known, pieces=[*known.pieces, *value.pieces])
            labels.setdefault(name, label)
        if len(labels) > _MOST_FIELDS:
            return None
    if not _labelled(cards, labels, source):
        return None
    fields = [Field(0, n, label.pieces) for n, label in enumerate(labels.values())]
    for row, card in enumerate(cards, 1):
        if isinstance(card, Field):
            fields.append(Field(row, 0, card.pieces, len(labels)))
        else:
            fields += [Field(row, n, card[name].pieces if name in card else []) for n, name in enumerate(labels)]
    return Grid(fields, len(labels), grid.line)


def _rows(grid: Grid) -> Iterable[list[Field]]:
    """The cells of each row that hold something, a label that goes down over several rows in each of them."""
    rows: list[list[Field]] = [[] for _ in range(max((f.row for f in grid.cells), default=-1) + 1)]
    for f in sorted(grid.cells, key=lambda f: f.column):
        for row in range(f.row, min(f.row + f.rows, len(rows))):
            if f.pieces or (f.row == row and not f.merged):
                rows[row].append(f)
    return filter(None, rows)


def _labelled(cards: Sequence[_Card | Field], labels: Iterable[str], source: str) -> bool:
    """Whether the labels are headings of work, of who does it or of when, and the values are none."""
    labels = list(labels)
    if not _FEWEST_FIELDS <= len(labels) <= _MOST_FIELDS or any(len(t) > _LONG_HEADING for t in labels):
        return False
    kinds = [kind_of_heading(t) for t in labels]
    if sum(k is not None for k in kinds) < _KNOWN_SHARE * len(labels) or not enough(kinds):
        return False
    if not set(kinds) & {"task", "text"}:
        return False
    values = [said_in(f.pieces, source) for card in cards if isinstance(card, dict) for f in card.values()]
    return _MOST_HEADS * sum(bool(kind_of_heading(t)) for t in values if t) <= len(values)


# --- matrix ----------------------------------------------------------------------------------------------------------


def _matrix(
    grid: Grid, at: dict[tuple[int, int], Field], said: list[list[str]], source: str, words: CellWords
) -> Grid | None:
    """The names of the units whose columns have a mark, in a column for each role that the marks tell."""
    columns = _marked_columns(said, words)
    if not columns:
        return None
    legend = _legend(source, {mark for row in said[1:] for mark in (row[c] for c in columns) if mark})
    for (row, column), cell in at.items():
        if row and column in columns and cell.pieces:  # the role itself stands in the cell
            legend.setdefault(said[row][column], (_role(said[row][column], {}), cell.pieces[0]))
    told = [{c: _role(row[c], legend) for c in columns} for row in said[1:]]  # of each row: column → role
    roles = [kind for kind in UNIT_KINDS if any(kind in row.values() for row in told)]
    kept = [c for c in range(grid.width) if c not in columns]
    fields = [Field(f.row, n, f.pieces, 1, f.merged) for n, c in enumerate(kept) for f in _down(at, c, len(said))]
    for n, role in enumerate(roles, len(kept)):
        fields.append(Field(0, n, _heading(role, legend)))
        for row, of in enumerate(told, 1):
            fields.append(Field(row, n, [p for c in columns if of[c] == role for p in at[0, c].pieces]))
    fields.sort(key=lambda f: (f.row, f.column))
    return Grid(fields, len(kept) + len(roles), grid.line)


def _down(at: dict[tuple[int, int], Field], column: int, height: int) -> list[Field]:
    """The fields of a column that are there, from above."""
    return [at[row, column] for row in range(height) if (row, column) in at]


def _marked_columns(said: list[list[str]], words: CellWords) -> list[int]:
    """The columns headed by units that hold nothing but marks; empty where they make no matrix."""
    if len(said) < 2:
        return []
    mark = rule("matrix_mark", "layout.toml")
    found = [
        c
        for c, head in enumerate(said[0])
        if words.look(head).kind == "units"
        and not kind_of_heading(head)
        and all(not r[c] or (len(r[c]) <= _LONGEST_MARK and mark.fullmatch(r[c])) for r in said[1:])
    ]
    told = any(len(t) > _LONGEST_MARK for r in said[1:] for c, t in enumerate(r) if c not in found)
    whole = sum(any(r[c] for c in found) for r in said[1:])
    return found if len(found) >= _FEWEST_UNITS and told and 2 * whole >= len(said) - 1 else []


_Legend = dict[str, tuple[str, tuple[int, int]]]


def _legend(source: str, marks: Sequence[str] | set[str]) -> _Legend:
    """Mark → the role that the paper says it stands for, and where it says so."""
    out: _Legend = {}
    folded = fold(source)  # as the marks are
    for mark in marks:
        means = rule("mark_means", "layout.toml").pattern
        for found in re.finditer(re.escape(mark) + means, folded):
            kind = kind_of_heading(squeeze(tight(found[1])))
            if kind in UNIT_KINDS:
                out[mark] = kind, found.span(1)
                break
    return out


def _role(mark: str, legend: _Legend) -> str:
    """The role of a mark; of one that nothing explains, responsible."""
    if mark in legend:
        return legend[mark][0]
    said = rule("matrix_mark", "layout.toml").fullmatch(mark)
    return (said.lastgroup if said else None) or ("responsible" if mark else "")


def _heading(role: str, legend: _Legend) -> list[tuple[int, int]]:
    return next(([span] for kind, span in legend.values() if kind == role), [])
