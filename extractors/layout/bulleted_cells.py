"""Rows run together whose cells of units and times are lists with a ● before each entry."""

from __future__ import annotations

import re

from ..words.collectives import is_collective
from ..words.fold import fold, squeeze
from ..words.forms import MARK
from ..words.headings import UNIT_KINDS
from ..words.unit_shapes import UnitShapes
from .building import Field
from .lines import Line
from .stream_atoms import BULLET, GROUP, looks
from .table_ends import CHAPTER
from .title_ends import heading_end


def bulleted(body: list[Line], kinds: list[str], twins: list[str], source: str, shapes: UnitShapes) -> list[Field]:
    """Rows whose unit and deadline cells are ●-lists: text up to the first bullet, then the lists."""
    entries: list[tuple[str, int, int, str, str]] = []  # (what, start, end, text, joint before)
    for line in body:
        first = True
        for match in re.finditer(r"[●•◆■▲★]?[^●•◆■▲★]+", line.text):
            word = match.group()
            lead = len(word) - len(word.lstrip())
            stripped = word.strip()
            if not stripped:
                continue
            a = line.start + match.start() + lead
            b = a + len(stripped)
            bullet = bool(BULLET.match(stripped))
            joint = "line" if first else ("space" if lead or line.text[: match.start()].endswith(" ") else "none")
            if (
                not bullet
                and entries
                and entries[-1][0] == "bullet"
                and first
                and _goes_on(entries[-1][3], stripped, shapes)
            ):
                what, s, _, t, j = entries[-1]
                entries[-1] = (what, s, b, t + stripped, j)
            else:
                entries.append(("bullet" if bullet else "text", a, b, stripped, joint))
            first = False
    unit_columns = [i for i, k in enumerate(kinds) if k in UNIT_KINDS]
    due = next((i for i, k in enumerate(kinds) if k == "deadline"), None)
    fields: list[Field] = []
    row = 0
    index = 0
    while index < len(entries):
        texts: list[tuple[str, int, int, str, str]] = []
        while index < len(entries) and entries[index][0] == "text":
            texts.append(entries[index])
            index += 1
        run: list[tuple[str, int, int, str, str]] = []
        while index < len(entries) and entries[index][0] == "bullet":
            run.append(entries[index])
            index += 1
        row += 1
        row = _text_fields(fields, texts, kinds, row, twins, source)
        times = [e for e in run if looks(BULLET.sub("", e[3]), shapes) == "deadline"]
        people = [e for e in run if e not in times]
        one_line = bool(times) and times[0][4] == "none"
        for column, group in zip(unit_columns, _columns_of(people, len(unit_columns), one_line), strict=False):
            if group:
                fields.append(Field(row, column, [(a, b) for _, a, b, _, _ in group]))
        if due is not None and times:
            fields.append(Field(row, due, [(a, b) for _, a, b, _, _ in times]))
    return fields


def _goes_on(before: str, text: str, shapes: UnitShapes) -> bool:
    return (
        not shapes.is_unit(BULLET.sub("", before))
        and looks(BULLET.sub("", before), shapes) != "deadline"
        and len(text) < 12
    )


def _columns_of(
    run: list[tuple[str, int, int, str, str]], columns: int, one_line: bool
) -> list[list[tuple[str, int, int, str, str]]]:
    """Parts a run of units among the unit columns: a repetition, else the one tight joint, else the last line where
    the next cell follows it closely (`one_line`: a cell of several lines ends in a line break), else the first
    collective."""
    if columns <= 1 or not run:
        return [run] + [[] for _ in range(columns - 1)]
    names = [squeeze(BULLET.sub("", e[3])) for e in run]
    half = len(names) // 2
    if columns == 2:
        if len(names) % 2 == 0 and half and names[:half] == names[half:]:
            return [run[:half], run[half:]]
        tight = [i for i, e in enumerate(run) if i and e[4] == "none"]
        if len(tight) == 1:
            return [run[: tight[0]], run[tight[0] :]]
        last = max((i for i, e in enumerate(run) if i and e[4] == "line"), default=0)
        if one_line and last and not tight:
            return [run[:last], run[last:]]
        spaced = next((i for i, e in enumerate(run) if e[4] == "space"), 0)
        if spaced > 1 and run[spaced - 1][4] == "line":
            # One list has an entry a line, the other its entries side by side.
            return [run[: spaced - 1], run[spaced - 1 :]]
        many = [i for i, n in enumerate(names) if is_collective(n)]
        if many and many[0] > 0:
            return [run[: many[0]], run[many[0] :]]
        if len(run) == 1:
            return [run, []]
        return [run[:1], run[1:]]
    cuts = [i for i, e in enumerate(run) if i and e[4] == "none"][: columns - 1]
    out, at = [], 0
    for cut in cuts:
        out.append(run[at:cut])
        at = cut
    out.append(run[at:])
    return out + [[] for _ in range(columns - len(out))]


def _text_fields(
    fields: list[Field],
    texts: list[tuple[str, int, int, str, str]],
    kinds: list[str],
    row: int,
    twins: list[str],
    source: str,
) -> int:
    """Puts the words before a row's lists into its section, task and text columns; returns the row's number."""
    words = [i for i, k in enumerate(kinds) if k in ("section", "task", "text")]
    if not words or not texts:
        return row
    pieces = [(a, b) for _, a, b, _, _ in texts]
    number = next((i for i, k in enumerate(kinds) if k == "number"), None)
    first = fold(source[pieces[0][0] : pieces[0][1]])
    if CHAPTER.match(first) and len(first) < 50 and "。" not in first and len(pieces) > 1:
        fields.append(Field(row, 0, [pieces[0]], len(kinds)))
        row += 1
        pieces = pieces[1:]
        first = fold(source[pieces[0][0] : pieces[0][1]])
    if number is not None:
        lead = re.match(r"\d{1,3}(?![\d.、])\s*", first)
        if lead:
            a, b = pieces[0]
            fields.append(Field(row, number, [(a, a + len(lead.group().strip()))]))
            pieces[0] = (a + lead.end(), b)
            first = first[lead.end() :]
    task = words[-2] if len(words) > 1 else None
    if len(words) > 2 or (len(words) == 2 and kinds[words[0]] == "section"):
        inner = GROUP.match(first)
        if inner:
            a, b = pieces[0]
            fields.append(Field(row, words[0], [(a, a + inner.end())]))
            pieces[0] = (a + inner.end(), b)
            first = first[inner.end() :]
    if task is None or kinds[task] == "section":
        fields.append(Field(row, words[-1], pieces))
        return row
    cut = heading_end(first, twins)
    if cut:
        a, b = pieces[0]
        fields.append(Field(row, task, [(a, a + cut)]))
        pieces[0] = (a + cut, b)
        if fold(source[a + cut : a + cut + 1]) in "。:":
            pieces[0] = (a + cut + 1, b)
    elif (len(pieces) > 1 and len(first) <= 50 and "。" not in first) or (MARK.match(first) and len(first) <= 40):
        fields.append(Field(row, task, [pieces[0]]))
        pieces = pieces[1:]
    pieces = [(a, b) for a, b in pieces if b > a]
    if pieces:
        fields.append(Field(row, words[-1], pieces))
    return row
