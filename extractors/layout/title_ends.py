"""Where a task's title ends and its text begins, where a table without borders has both in one piece."""

from __future__ import annotations

import re
from functools import partial

from .. import rules
from ..words.fold import fold, squeeze
from ..words.forms import CLAUSE_MARK, MARK
from ..words.parts import rule
from .building import Field, Grid

_rule = partial(rule, file="layout.toml")


def clause_headings(prose: list[str]) -> list[str]:
    """The headings of numbered clauses in the prose before a table, without number, longest first."""
    found = set()
    for text in prose:
        match = re.match(rf"(?:{CLAUSE_MARK}|\d{{1,2}}[.、]|\(\d{{1,2}}\))\s*([^。:;]{{4,60}})[。:]", text)
        if match:
            found.add(squeeze(match.group(1)))
    return sorted(found, key=lambda t: (-len(t), t))


def heading_end(text: str, twins: list[str]) -> int:
    """Where the heading ends that a folded text begins with, 0 if that can not be told.

    `twins` are the headings of the same work in the prose; without one, words that end headings and begin clauses tell.
    """
    mark = MARK.match(text)
    start = mark.end() if mark else 0
    body = text[start:]
    for twin in twins:
        if body.startswith(twin) and len(body) > len(twin):
            return start + len(twin)
    stop = re.search(r"[。;:,]", body)
    closed = (
        stop.start() if stop and stop.group() in "。:" and 4 <= stop.start() <= 45 and len(body) > stop.end() + 4 else 0
    )
    if closed and mark:
        return start + closed
    words = rules.words("flat.toml")
    ends, starts = tuple(words["heading_ends"]), tuple(words["clause_starts"])
    best, where = 0.0, 0
    depth = 0
    for i in range(1, min(len(body), 46)):
        c = body[i - 1]
        depth += (c in "“《(") - (c in "”》)")
        if c in ",;。":
            break
        if i < 4 or depth > 0 or i >= len(body):
            continue
        left, right = body[:i], body[i:]
        if _rule("no_cut_behind").match(c) or _rule("no_cut_before").match(right):
            continue
        score = 0.0
        if left.endswith(ends):
            score += 2.0
        begin = next((w for w in starts if right.startswith(w)), None)
        if begin:
            score += 1.6 + 0.3 * (len(begin) > 1)
            if _rule("begins_clause").match(begin):
                score += 0.8
        elif _rule("begins_unit").match(right):
            score += 2.0
        if c in "”》":
            score += 0.3
        score -= abs(i - 12) * 0.03
        if score > best or (i == where + 2 and score > best - 0.4 and body[i - 2 : i] in ends):
            # 信息 | 公开 围绕 …: the later border, where what lies between belongs to the heading's last words.
            best, where = score, i
    # A number says that there is a heading; without one both sides of the border must speak for it.
    found = start + where if best >= (1.4 if mark else 3.0) else 0
    # A name has no stop of its own: where one seems to, its first words may be the name and the rest begin the text.
    return closed if closed and not 0 < found < closed else found


def part_titles_of(fields: list[Field], kinds: list[str], twins: list[str], source: str) -> None:
    """Where a row of a run-together table has one text for the task and the text column, parts it."""
    words = [i for i, k in enumerate(kinds) if k in ("task", "text")]
    if len(words) < 2:
        return
    task, work = words[-2], words[-1]
    rows: dict[int, dict[int, Field]] = {}
    for f in fields:
        if f.columns == 1 and f.row > 0 and f.pieces:
            rows.setdefault(f.row, {})[f.column] = f
    for row in rows.values():
        only = row.get(work) if task not in row else row.get(task) if work not in row else None
        if only is None:
            continue
        a, b = only.pieces[0]
        words_here = fold(source[a:b])
        cut = heading_end(words_here, twins)
        if not cut or (len(only.pieces) == 1 and not re.search(r"[,;:。].", words_here)):
            continue
        head = Field(only.row, task, [(a, a + cut)])
        skip = 1 if fold(source[a + cut : a + cut + 1]) in "。: " else 0
        only.column = work
        only.pieces = [p for p in [(a + cut + skip, b), *only.pieces[1:]] if p[1] > p[0]]
        fields.append(head)


def part_titles(grid: Grid, kinds: list[str], twins: list[str], source: str) -> None:
    """The same for a grid: the fields that titles get were empty before."""
    words = [i for i, k in enumerate(kinds) if k in ("task", "text")]
    filled = [
        {f.row for f in grid.cells if f.row and f.column == w and f.pieces and f.columns == 1} for w in words[-2:]
    ]
    if len(filled) == 2 and filled[0] & filled[1]:
        return  # titles have cells of their own
    part_titles_of(grid.cells, kinds, twins, source)
    have = {(f.row, f.column) for f in grid.cells if f.pieces}
    grid.cells = [f for f in grid.cells if f.pieces or (f.row, f.column) not in have]
    grid.cells.sort(key=lambda f: (f.row, f.column))
