"""Tasks: rows of task tables and clauses of prose, with their headings, texts and assignments, twins made one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..words.collectives import names_nobody
from ..words.fold import squeeze
from ..words.forms import CHAPTER_MARK, CLAUSE_MARK
from ..words.unit_list import shift
from . import said_once, table_rows, twins, units
from .clause_text import section_of
from .drafts import Draft, Drafts, Span
from .prose import read_prose

if TYPE_CHECKING:
    from ..words.unit_shapes import UnitShapes
    from .document import Head
    from .tree import Node, Outline

#: A cell that is the number of a clause and nothing else.
_BARE_NUMBER = re.compile(CLAUSE_MARK)

#: How a cell begins that has a heading of its own, and what ends it.
_NUMBER = re.compile(rf"\s{{0,40}}+(?:{CHAPTER_MARK}|{CLAUSE_MARK}|\d{{1,3}}[.、](?!\d)|\(\d{{1,3}}\))")
_STOP, _COMMA = re.compile(r"[。\n:]"), re.compile(r"[,;]")
#: Sizes in characters: that heading at most and at least, the text behind it at least, and where others have more; a
#: cell that is a heading alone,
#: and one in a column of short tasks.
_HEADING, _LEAST, _BEHIND, _FEW_BEHIND, _ALONE, _TASK = 46, 4, 8, 3, 24, 40


def find_tasks(text: str, outline: Outline, head: Head, shapes: UnitShapes) -> Drafts:
    """The tasks of a paper in document order. `text` is its folded text."""
    out = Drafts([], [], [], [])
    rows = _from_tables(text, outline, out, shapes)
    _sections_by_number(text, rows, outline)
    prose = read_prose(text, outline, head, out, bool(rows))
    out.tasks = twins.merge(text, rows, prose)
    said_once.apply(text, out.tasks, shapes)
    return out


# --- tables --------------------------------------------------------------------------------------------------------


def _from_tables(text: str, outline: Outline, out: Drafts, shapes: UnitShapes) -> list[Draft]:
    drafts: list[Draft] = []
    kinds: list[str | None] | None = None
    for part, table, above in outline.tables:
        if table_rows.is_of_page(table, text):
            continue
        reading = table_rows.read_table(table, text, shapes, kinds, above)
        kinds = reading.kinds or None
        out.hidden += reading.hidden
        out.remarks += [(code, span, {}) for code, span in reading.unread]
        for cell in reading.rest:
            out.remarks.append(("cell-unread", (cell.start, cell.end), {}))
        heads = _Headings(_short_tasks(text, reading.rows), _least_behind(text, reading.rows))
        for row in reading.rows:
            drafts.append(_from_row(text, row, part, out, shapes, heads))
    return drafts


def _sections_by_number(text: str, rows: list[Draft], outline: Outline) -> None:
    """The section of a row that gives the number of its clause (对应任务 （十）): that of the clause. A number that no
    clause, or more than one, bears tells nothing."""
    clauses: dict[str, list[Node]] = {}
    for node in (n for part in outline.parts for n in part.walk()):
        clauses.setdefault(squeeze(text[node.start : node.after]), []).append(node)
    for row in rows:
        numbers = [span for span in row.section if _BARE_NUMBER.fullmatch(squeeze(text[slice(*span)]))]
        if not numbers:
            continue
        named = [span for span in row.section if span not in numbers]
        chapters = {squeeze(text[slice(*span)]) for span in named}
        found = clauses.get(squeeze(text[slice(*numbers[-1])]), [])
        within = [n for n in found if any(squeeze(text[slice(*s)]).endswith(tuple(chapters)) for s in section_of(n))]
        found = within or found
        row.section = section_of(found[0]) if len(found) == 1 else named


def _short_tasks(text: str, rows: list[table_rows.WorkRow]) -> int:
    """How long a numbered cell that is a heading alone may be, in characters; 0 in a column where others are texts."""
    limit = _TASK if all(r.kind == "task" for r in rows) else _ALONE
    for row in rows:
        number = _NUMBER.match(text, *row.text)
        if number and not _STOP.search(text, *row.text) and not _is_heading(text, number.end(), row.text[1], limit):
            return 0
    return limit


@dataclass(frozen=True, slots=True)
class _Headings:
    """What a column of cells with headings of their own has: how long one may be that is all of its cell, and how much
    stands behind the others at least, in characters."""

    alone: int
    behind: int


def _least_behind(text: str, rows: list[table_rows.WorkRow]) -> int:
    """How much must stand behind a numbered heading: where most numbered cells have one, and a whole text behind, a few
    words are enough."""
    told, numbered = 0, 0
    for row in rows:
        number = _NUMBER.match(text, *row.text)
        stop = _STOP.search(text, number.end(), min(row.text[1], number.end() + _HEADING)) if number else None
        numbered += number is not None
        told += stop is not None and row.text[1] - stop.end() > _BEHIND
    return _FEW_BEHIND if 2 * told > numbered else _BEHIND


def _is_heading(text: str, after: int, end: int, limit: int) -> bool:
    return end - after <= limit and not _COMMA.search(text, after, end)


def _from_row(
    text: str, row: table_rows.WorkRow, part: int, out: Drafts, shapes: UnitShapes, heads: _Headings
) -> Draft:
    start, end = row.text
    title = row.title
    found = units.find_assignments(text, shapes, start, end)
    spans = _cut([(start, end)], found)
    if title is None:
        title, spans = _own_heading(text, spans, heads)
    draft = Draft(row.section, title, spans, start, part=part, rule="task.row")
    draft.covers = [(start, end), *([row.title] if row.title else [])]
    draft.limits = list(spans)
    draft.bases = list(row.basis)
    roles = {role for role, (a, b) in row.units if b > a and not names_nobody(text[a:b])}
    for role, (a, b) in row.units:
        if role == "responsible" and "support" in roles and "lead" not in roles and not row.undertaken:
            role = "lead"
        out.take(draft, shift(shapes.parse_list(text[a:b], role, column=True), a))
        draft.assigned = True
    for a in found:
        out.take(draft, a.parsed)
    if row.deadline:
        draft.cells.append(row.deadline)
    return draft


def _own_heading(text: str, spans: list[Span], heads: _Headings) -> tuple[Span | None, list[Span]]:
    """The numbered heading that a cell begins with, and the cell without it; (None, spans) where it has none."""
    if not spans:
        return None, spans
    start, end = spans[0]
    number = _NUMBER.match(text, start, end)
    if number is None:
        return None, spans  # a column of texts has no titles but numbered ones
    after = number.end()
    stop = _STOP.search(text, after, min(end, after + _HEADING))
    if stop is None:
        whole = len(spans) == 1 and _is_heading(text, after, end, heads.alone)
        return ((start, end), spans) if whole else (None, spans)
    commas = len(_COMMA.findall(text, after, stop.start()))
    if end - stop.end() > heads.behind and stop.start() - after >= _LEAST and commas <= 1:
        return (start, stop.start()), [(stop.end(), end), *spans[1:]]
    return None, spans


def _cut(spans: list[Span], found: list[units.Assignment]) -> list[Span]:
    """Spans without the assignments in them."""
    out: list[Span] = []
    for start, end in spans:
        at = start
        for a in found:
            if a.end <= start or a.start >= end:
                continue
            if a.start > at:
                out.append((at, a.start))
            at = max(at, a.end)
        if end > at:
            out.append((at, end))
    return out


__all__ = ["Draft", "Drafts", "find_tasks"]
