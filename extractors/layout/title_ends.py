"""Where a task's title ends and its text begins, where a table without borders has both in one piece."""

from __future__ import annotations

import re
from functools import cache, partial

from ..words.fold import fold, squeeze
from ..words.forms import CLAUSE_MARK, MARK
from ..words.parts import rule, tables
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


#: Characters that a title of one piece with its text may have: at least, mostly, at most; and its text at least.
_SHORTEST, _USUAL, _LONGEST, _TEXT = 4, 12, 45, 4
#: What speaks for a border, in points: words that end titles; that begin clauses, more so of several characters, and
#: those that begin nothing else; the name of a unit, which does something; a closing bracket. Each character that the
#: title is longer or shorter than usual speaks against it.
_ENDS, _BEGINS, _BEGINS_LONG, _BEGINS_ONLY, _BEGINS_UNIT, _BEHIND_BRACKET = 2.0, 1.6, 0.3, 0.8, 2.0, 0.3
_UNUSUAL = 0.03
#: A number says that there is a title; without one both sides of the border must speak for it.
_ENOUGH_NUMBERED, _ENOUGH = 1.4, 3.0
#: 信息 | 公开 围绕 …: a border a word later counts where what lies between ends a title, too, and little speaks less.
_NEXT_WORD, _LITTLE = 2, 0.4
_OPENING, _CLOSING = "“《(", "”》)"


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
    stop = _first_stop(body)
    if stop and mark:
        return start + stop
    where, points = _best_border(body)
    found = start + where if points >= (_ENOUGH_NUMBERED if mark else _ENOUGH) else 0
    # A name has no stop of its own: where one seems to, its first words may be the name and the rest begin the text.
    return stop if stop and not 0 < found < stop else found


def _first_stop(body: str) -> int:
    """Where the first mark stands, if it may close a title that a text follows; else 0."""
    mark = re.search(r"[。;:,]", body)
    if mark is None or mark.group() not in "。:":
        return 0
    return mark.start() if _SHORTEST <= mark.start() <= _LONGEST and len(body) > mark.end() + _TEXT else 0


def _best_border(body: str) -> tuple[int, float]:
    """The border between title and text that most speaks for, and how much."""
    best, where = 0.0, 0
    depth = 0
    for i in range(1, min(len(body), _LONGEST + 1)):
        c = body[i - 1]
        depth += (c in _OPENING) - (c in _CLOSING)
        if c in ",;。":
            break
        if i < _SHORTEST or depth > 0 or _rule("no_cut_behind").match(c) or _rule("no_cut_before").match(body[i:]):
            continue
        points = _points(body[:i], body[i:])
        if points > best or (
            i == where + _NEXT_WORD and points > best - _LITTLE and body[i - _NEXT_WORD : i] in _title_words()[0]
        ):
            best, where = points, i
    return where, best


def _points(left: str, right: str) -> float:
    """How much speaks for a border between a title and its text."""
    ends, starts = _title_words()
    points = _ENDS if left.endswith(ends) else 0.0
    begin = next((w for w in starts if right.startswith(w)), None)
    if begin:
        points += _BEGINS + _BEGINS_LONG * (len(begin) > 1)
        if _rule("begins_clause").match(begin):
            points += _BEGINS_ONLY
    elif _rule("begins_unit").match(right):
        points += _BEGINS_UNIT
    if left[-1] in "”》":
        points += _BEHIND_BRACKET
    return points - abs(len(left) - _USUAL) * _UNUSUAL


@cache
def _title_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that end titles, and those that begin clauses."""
    words = tables("flat.toml")
    return tuple(words["heading_ends"]), tuple(words["clause_starts"])


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
    whole = [
        (row.get(work) if task not in row else row.get(task) if work not in row else None) for row in rows.values()
    ]
    parts = [(only, fold(source[slice(*only.pieces[0])])) for only in whole if only is not None]
    same = _same_size([words_here for _, words_here in parts], twins)
    for only, words_here in parts:
        a, b = only.pieces[0]
        cut = heading_end(words_here, twins)
        if len(only.pieces) == 1 and not re.search(r"[,;:。].", words_here):
            cut = 0
        if not cut and same and _points(words_here[:same], words_here[same:]) >= _ENOUGH_NUMBERED:
            cut = same
        if not cut:
            continue
        head = Field(only.row, task, [(a, a + cut)])
        skip = 1 if fold(source[a + cut : a + cut + 1]) in "。: " else 0
        only.column = work
        only.pieces = [p for p in [(a + cut + skip, b), *only.pieces[1:]] if p[1] > p[0]]
        fields.append(head)


#: So many rows at least, and nearly all of them, tell that the titles of a table are equally long.
_FEWEST_ROWS, _NEARLY_ALL = 3, 0.75


def _same_size(texts: list[str], twins: list[str]) -> int:
    """How long all titles are that nothing parts from their texts, where nearly all texts have a likely border there;
    0 where they have none in common."""
    sure = {n for text in texts if (n := heading_end(text, twins))}
    if len(texts) < _FEWEST_ROWS or len(sure) > 1:
        return 0
    for size in sorted(sure) or range(_SHORTEST, _USUAL + 1):
        likely = [
            t for t in texts if not re.search(r"[,;。:]", t[:size]) and _points(t[:size], t[size:]) >= _ENOUGH_NUMBERED
        ]
        if len(likely) >= _NEARLY_ALL * len(texts):
            return size
    return 0


#: A share of rows that whose titles are parted from their texts by chance.
_FEW_OWN = 0.25


def part_titles(grid: Grid, kinds: list[str], twins: list[str], source: str) -> None:
    """The same for a grid: the fields that titles get were empty before."""
    words = [i for i, k in enumerate(kinds) if k in ("task", "text")]
    filled = [
        {f.row for f in grid.cells if f.row and f.column == w and f.pieces and f.columns == 1} for w in words[-2:]
    ]
    if len(filled) == 2 and len(filled[0] & filled[1]) > _FEW_OWN * len(filled[0] | filled[1]):
        return  # titles have cells of their own
    part_titles_of(grid.cells, kinds, twins, source)
    have = {(f.row, f.column) for f in grid.cells if f.pieces}
    grid.cells = [f for f in grid.cells if f.pieces or (f.row, f.column) not in have]
    grid.cells.sort(key=lambda f: (f.row, f.column))
