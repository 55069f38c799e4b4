"""Tables: what their columns hold, and the rows of work in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

from . import rules, units
from .deadlines import find_in_cell
from .fold import squeeze
from .model import Cell, Table

UNIT_KINDS = ("lead", "responsible", "support")
_CHAPTER = re.compile(r"[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[章部]")
_CLAUSE = re.compile(r"\([一二三四五六七八九十]{1,3}\)")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rules.words("tables.toml")[name])


@cache
def headings() -> dict[str, str]:
    """What a column under each known heading holds."""
    return {row["heading"]: row["kind"] for row in rules.table("headings.csv")}


@lru_cache(maxsize=4096)
def kind_of_heading(text: str) -> str | None:
    """What a column under a folded heading holds (number, section, task, text, lead, …, nowork), or None."""
    word = squeeze(text).strip(":。*#|")
    if not word or len(word) > 24:
        return None
    known = headings()
    if word in known:
        return known[word]
    bare = re.sub(r"\([^()]*\)", "", word)
    if bare in known:
        return known[bare]
    for part in re.split(r"[/、及和与]", bare):
        if part in known and known[part] not in ("task", "other", "number", "section"):
            return known[part]
    # 2023年工作任务, 主要牵头单位, 区级责任单位: the ending says it.
    for size in (5, 4):
        if len(bare) > size and len(bare) <= size + 6 and bare[-size:] in known:
            kind = known[bare[-size:]]
            if kind != "other":
                return kind
    if 3 <= len(bare) <= 7:
        for ending, kind in _endings().items():
            if bare.endswith(ending):
                return kind
    return None


@cache
def _endings() -> dict[str, str]:
    return {heading.removeprefix("…"): kind for heading, kind in headings().items() if heading.startswith("…")}


@dataclass(slots=True)
class Row:
    """A row of work: spans in the paper's text. `units` has (role of the column, span)."""

    section: list[tuple[int, int]]
    title: tuple[int, int] | None
    text: tuple[int, int]
    units: list[tuple[str, tuple[int, int]]] = field(default_factory=list)
    deadline: tuple[int, int] | None = None
    kind: str = "text"  # of the column that the text stands in: task or text


@dataclass(slots=True)
class Reading:
    """A table as understood. `rows` is empty for a table of no work; `hidden` are cells of persons, `rest` cells not
    understood."""

    rows: list[Row]
    kinds: list[str | None]
    hidden: list[tuple[int, int]] = field(default_factory=list)
    rest: list[Cell] = field(default_factory=list)
    unread: list[tuple[str, tuple[int, int]]] = field(default_factory=list)  # codes of warnings, and where


def read_table(
    table: Table, text: str, before: list[str | None] | None = None, section: list[tuple[int, int]] | None = None
) -> Reading:
    """The rows of work of a table. `text` is the folded text of the paper; `before` the columns of the table that this
    one may go on from (no header of its own), `section` the headings that stand above it."""
    matrix = _matrix(table)
    header, kinds = _header(matrix, text, table.width)
    if not kinds:
        if before and len(before) == table.width:
            kinds, header = before, -1
        else:
            # The first row alone: below it may stand persons.
            end = max((c.end for c in matrix[0] if c), default=table.start) if matrix else table.start
            return Reading([], [], unread=[("table-unread", (table.start, min(end, table.start + 40)))])
    kinds = _by_content(matrix, header, _widened(matrix, header, kinds), text)
    if not _is_work(kinds):
        hidden = [(c.start, c.end) for row in matrix for i, c in enumerate(row) if c and kinds[i] == "person"]
        return Reading([], kinds, hidden=hidden)
    reading = _rows(matrix, header, kinds, text, list(section or []))
    reading.unread += _unread_columns(matrix, header, kinds)
    return reading


def _unread_columns(
    matrix: list[list[Cell | None]], header: int, kinds: list[str | None]
) -> list[tuple[str, tuple[int, int]]]:
    """The columns of a task table that hold something of which neither heading nor content says what it is."""
    out = []
    words = [i for i, k in enumerate(kinds) if k in ("task", "text")]
    for i, kind in enumerate(kinds):
        head = matrix[header][i] if header >= 0 else None
        if kind is not None or (words and min(words) < i < max(words)) or head is None or head.end == head.start:
            continue
        if any(c and c.columns == 1 and c.end > c.start for c in (row[i] for row in matrix[header + 1 :])):
            out.append(("column-unread", (head.start, head.end)))
    return out


def _is_work(kinds: list[str | None]) -> bool:
    """Whether columns are those of a task table: some work and someone or some time for it, and no project or
    indicator."""
    have = set(kinds)
    if "nowork" in have:
        return False
    return bool(have & {"task", "text"}) and bool(have & {*UNIT_KINDS, "deadline"})


def _matrix(table: Table) -> list[list[Cell | None]]:
    height = max((c.row + c.rows for c in table.cells), default=0)
    matrix: list[list[Cell | None]] = [[None] * table.width for _ in range(height)]
    for cell in table.cells:
        for row in range(cell.row, min(height, cell.row + cell.rows)):
            for column in range(cell.column, min(table.width, cell.column + cell.columns)):
                matrix[row][column] = cell
    return matrix


def _widened(matrix: list[list[Cell | None]], header: int, kinds: list[str | None]) -> list[str | None]:
    """The kinds where a heading of work is that of the column beside it, too, which has none: 具体任务 over the names
    of the tasks and their texts."""
    out = list(kinds)
    for i in range(1, len(out)):
        head = matrix[header][i] if header >= 0 else None
        if head is None or head.end > head.start or out[i] or out[i - 1] not in ("section", "task", "text"):
            continue
        if any(row[i].end > row[i].start for row in matrix[header + 1 :] if row[i]):  # type: ignore[union-attr]
            out[i] = out[i - 1]
    return out


def _by_content(matrix: list[list[Cell | None]], header: int, kinds: list[str | None], text: str) -> list[str | None]:
    """The kinds with those of columns filled in whose heading says nothing, but whose cells are all units or all
    times."""
    out = list(kinds)
    for i, kind in enumerate(kinds):
        if kind is not None:
            continue
        cells = [row[i] for row in matrix[header + 1 : header + 41]]
        said = [text[c.start : c.end] for c in cells if c and c.columns == 1 and c.end > c.start]
        if not said:
            continue
        head = matrix[header][i] if header >= 0 else None
        work = head is not None and _pattern("work").search(text[head.start : head.end])
        if not work and sum(_only_units(s) for s in said) > 0.6 * len(said):
            out[i] = "responsible"
        elif sum(bool(find_in_cell(s, 2000)) and len(s) < 24 for s in said) > 0.6 * len(said):
            out[i] = "deadline"
    return out


def _only_units(text: str) -> bool:
    parsed = units.parse_list(text)
    return bool(parsed.items) and not parsed.rest


def _header(matrix: list[list[Cell | None]], text: str, width: int) -> tuple[int, list[str | None]]:
    """(index of the last header row, kind of each column), or (-1, []) where there is none."""
    for index, row in enumerate(matrix[:6]):
        kinds = [kind_of_heading(text[c.start : c.end]) if c else None for c in row]
        if len({id(c) for c, k in zip(row, kinds, strict=True) if k}) >= 2 and set(kinds) & {
            "task",
            "text",
            *UNIT_KINDS,
            "deadline",
            "nowork",
        }:
            if index + 1 < len(matrix):
                below = [kind_of_heading(text[c.start : c.end]) if c else None for c in matrix[index + 1]]
                full = [c for c in matrix[index + 1] if c and c.end > c.start]
                if (
                    full
                    and sum(1 for k in below if k) >= 2
                    and all(kind_of_heading(text[c.start : c.end]) for c in full)
                ):
                    return index + 1, [b or k for k, b in zip(kinds, below, strict=True)]
            return index, kinds
    return -1, []


def _rows(
    matrix: list[list[Cell | None]], header: int, kinds: list[str | None], text: str, above: list[tuple[int, int]]
) -> Reading:
    out = Reading([], kinds)
    words = [i for i, k in enumerate(kinds) if k in ("task", "text")]
    # A column without a heading beside the task columns holds more of the same.
    for i, k in enumerate(kinds):
        if k is None and words and min(words) < i < max(words):
            words.append(i)
    if not any(kinds[i] == "task" for i in words):
        # 工作目标 holds the tasks where no other column does and its cells are numbered.
        for i, k in enumerate(kinds):
            if k != "other" or i >= min(words):
                continue
            cells = (row[i] for row in matrix[header + 1 :])
            said = [squeeze(text[c.start : c.end]) for c in cells if c and c.end > c.start]
            if said and sum(bool(_CLAUSE.match(c) or re.match(r"\d{1,2}[.、]", c)) for c in said) > len(said) / 2:
                words.append(i)
    words = sorted(words)
    text_kinds = [i for i in words if kinds[i] == "text"]
    work = text_kinds[-1] if text_kinds else words[-1]
    others = [i for i in words if i != work]
    before_work = [i for i in others if i < work] or others
    title = before_work[-1] if before_work else None
    sections = sorted([i for i, k in enumerate(kinds) if k == "section"] + list(before_work[:-1]))
    unit_columns = [(i, k) for i, k in enumerate(kinds) if k in UNIT_KINDS]
    due = next((i for i, k in enumerate(kinds) if k == "deadline"), None)
    main = [i for i, k in unit_columns if k != "support"] or [i for i, _ in unit_columns]
    chapter: list[tuple[int, int]] = list(above)
    last: dict[int, tuple[int, int]] = {}
    heads = [squeeze(text[c.start : c.end]) if c else "" for c in matrix[header]] if header >= 0 else []
    for index in range(header + 1, len(matrix)):
        row = matrix[index]
        full = {i: (c.start, c.end) for i, c in enumerate(row) if c and c.end > c.start}
        for i, k in enumerate(kinds):
            cell = row[i]
            if k == "person" and i in full and cell is not None and cell.columns == 1:
                out.hidden.append(full[i])
        if not full:
            continue
        said = {i: squeeze(text[a:b]) for i, (a, b) in full.items()}
        if heads and sum(said.get(i) == h for i, h in enumerate(heads) if h) >= max(2, sum(1 for h in heads if h) - 1):
            continue
        if len(said) >= 2 and all(kind_of_heading(v) for v in said.values()):
            continue
        begun = [said[i] for i, c in enumerate(row) if c and i in full and c.row == index]
        if len(set(begun)) == 1 and _pattern("note").match(begun[0]):
            continue
        if begun and _pattern("total").fullmatch(begun[0]):
            continue
        cells = {id(row[i]) for i in full}
        only_number = [i for i in full if kinds[i] == "number"]
        rest = [i for i in full if kinds[i] != "number"]
        spanning = len(cells) == 1 or (
            len({id(row[i]) for i in rest}) == 1
            and only_number
            and rest
            and rest[0] in (*words, *sections)
            and not re.fullmatch(r"\d+", said[only_number[0]])
        )
        if spanning and rest:
            span = full[rest[0]]
            said_here = said[rest[0]]
            one = row[rest[0]]
            wide = (one is not None and one.columns > 1) or len(kinds) <= 1
            alone = rest[0] in (*sections, *words[:1]) and (work not in full or title is None)
            if (
                (wide or alone)
                and len(said_here) <= 80
                and not re.search(r"。.", said_here)
                and (wide or _CHAPTER.match(said_here) or rest[0] != work)
            ):
                style = 2 if _CLAUSE.match(said_here) else 1
                while chapter and (2 if _CLAUSE.match(squeeze(text[chapter[-1][0] : chapter[-1][1]])) else 1) >= style:
                    chapter.pop()
                chapter.append(span)
                last.clear()
                continue
        texts = full.get(work)
        new_title = title is not None and title in full
        new_section = any(i in full for i in sections)
        heading = row[title] if title is not None and new_title else None
        if texts is None and heading is not None and heading.row == index:
            texts = heading.start, heading.end
        if texts is None:
            # A row of nothing but units goes on with the row before it.
            if out.rows and any(i in full for i, _ in unit_columns):
                for i, k in unit_columns:
                    if i in full:
                        out.rows[-1].units.append((k, full[i]))
            else:
                out.rest += [
                    c
                    for i, c in enumerate(row)
                    if c and i in full and kinds[i] not in ("number", "other", "person", None)
                ]
            continue
        if new_section:
            for i in sections:
                if i in full:
                    for j in [x for x in last if x > i and x in sections]:
                        last.pop(j)
        for i in (*sections, *([title] if title is not None else [])):
            if i in full:
                last[i] = full[i]
        starts_group = new_title if title is not None else True
        here = Row(
            section=[*chapter, *(last[i] for i in sections if i in last)],
            title=last.get(title) if title is not None else None,
            text=texts,
            kind=kinds[work] or "text",
        )
        no_units = not any(i in full for i, _ in unit_columns)
        main_empty = not any(i in full for i in main)
        for i, k in unit_columns:
            if i in full:
                last[i] = full[i]
                here.units.append((k, full[i]))
                continue
            cell = row[i]
            if cell is not None and cell.end == cell.start and not cell.merged:
                last.pop(i, None)
                continue
            if i in last and (
                no_units
                or (i in main and (not starts_group or main_empty))
                or (i not in main and not starts_group and main_empty)
            ):
                here.units.append((k, last[i]))
            else:
                last.pop(i, None)
        if due is not None:
            if due in full:
                last[due] = full[due]
            cell = row[due]
            if due in last and (due in full or cell is None or cell.merged):
                here.deadline = last[due]
        out.rows.append(here)
    return out
