"""The same work in prose and table: which clauses recur in rows, and which of the others are tasks, too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..words.fold import squeeze
from .numbering import pattern

if TYPE_CHECKING:
    from .drafts import Draft, Span

#: A clause recurs where this share of its text stands in rows, or this under the same title; more than this share of
#: the clauses of measures must for the others to be tasks. Of fewer measures than this all clauses count.
_RECURS, _SAME_TITLE, _MOST, _FEW = 0.8, 0.5, 0.5, 3
#: Texts are compared by the threes of characters in them; of a long one this much. So many rows around a clause's place
#: are looked at.
_GRAM, _LONGEST, _NEAR = 3, 400, 40
#: A text of fewer characters recurs only as a whole.
_SHORT = 8


def merge(text: str, rows: list[Draft], prose: list[Draft]) -> list[Draft]:
    """The tasks of a paper that has rows and clauses: the rows, in their order, and at their place those clauses that
    no row has. A clause that recurs is the row."""
    if not rows or not prose:
        return rows or prose
    twins = _Twins(text, rows, prose)
    work = [d for d in prose if not _frames(text, d)]
    if len(work) < _FEW:
        work = prose  # one clause or two tell nothing
    recurring = sum(twins.recurs(d) for d in work)
    others = bool(work) and recurring > _MOST * len(work)
    kept: list[tuple[float, int, Draft]] = [(float(i), 0, r) for i, r in enumerate(rows)]
    place = -1.0
    for i, draft in enumerate(prose):
        found = twins.rows_of(draft)
        if found:
            place = max(place, float(found[0]))
            for j in found:
                if rows[j].section == draft.section[: len(rows[j].section)]:
                    rows[j].section = draft.section
            twin = rows[found[0]]
            twin.covers += draft.covers
            twin.twin = twin.twin or draft
            continue
        if not draft.assigned and not others:
            continue
        if recurring and place >= 0:
            place = _behind(text, rows, draft, place)
        where = place if recurring else (float(len(rows)) if draft.at > rows[0].at else -1.0)
        kept.append((where, i + 1, draft))
    kept.sort(key=lambda k: (k[0], k[1]))
    return [d for _, _, d in kept]


def _behind(text: str, rows: list[Draft], draft: Draft, place: float) -> float:
    """Where a clause stands that no row has: behind the twin before it; in another chapter, behind all rows of the
    twin's chapter."""
    row = rows[int(place)]
    chapter = _bare(text, row.section[0]) if row.section else ""
    own = _bare(text, draft.section[0]) if draft.section else ""
    if not chapter or own == chapter:
        return place
    return float(max(j for j, r in enumerate(rows) if r.section and _bare(text, r.section[0]) == chapter))


def _frames(text: str, draft: Draft) -> bool:
    """Whether a clause stands in a chapter that only frames the work: 保障措施 and its like."""
    return bool(draft.section) and bool(pattern("frame").search(_bare(text, draft.section[0])))


def _bare(text: str, span: Span | None) -> str:
    """A heading without number and closing punctuation."""
    if span is None:
        return ""
    return pattern("number").sub("", squeeze(text[slice(*span)])).strip("。;,:")


@dataclass(slots=True)
class _ComparedTask:
    index: int
    title: str
    words: str
    text: frozenset[str]  # the threes of its text
    grams: frozenset[str]  # and of its title


class _Twins:
    """Rows and clauses of the same text."""

    def __init__(self, text: str, rows: list[Draft], prose: list[Draft]) -> None:
        self.text = text
        self.rows = [self._row(n, row) for n, row in enumerate(rows)]
        self._used: set[int] = set()
        self._found: dict[int, list[int]] = {}
        for n, draft in enumerate(prose):
            found = self._find(n, draft)
            self._used.update(found)
            self._found[id(draft)] = found

    def recurs(self, draft: Draft) -> bool:
        return bool(self._found[id(draft)])

    def rows_of(self, draft: Draft) -> list[int]:
        """The rows in which a clause's text stands, the likest first; none where it does not recur."""
        return self._found[id(draft)]

    def _row(self, index: int, row: Draft) -> _ComparedTask:
        words = self._words(row)
        title = _bare(self.text, row.title)
        return _ComparedTask(index, title, words, _grams(words), _grams(title + words))

    def _words(self, draft: Draft) -> str:
        return re.sub(r"[。,;:、]", "", squeeze("".join(self.text[a:b] for a, b in draft.text)))[:_LONGEST]

    def _find(self, n: int, draft: Draft) -> list[int]:
        words = self._words(draft)
        title = _bare(self.text, draft.title)
        free = [r for r in self.rows[max(0, n - _NEAR) : n + _NEAR + 1] if r.index not in self._used]
        if len(words) < _SHORT or words == title:
            same = [r.index for r in free if words and words in (r.words, r.title)]
            return same[:1]
        if not free:
            return []
        grams = _grams(words)
        share, last = max((len(grams & r.grams) / len(grams), -r.index) for r in free)
        likest = self.rows[-last]
        if share >= (_SAME_TITLE if title and title == likest.title else _RECURS):
            return [likest.index]
        held = [r for r in free if _holds(grams, r.text)]
        # A row may say less than its clause does.
        named = [r for r in held if title and r.title == title]
        return [r.index for r in named[:1] or _cut_up(grams, held)]


def _cut_up(grams: frozenset[str], held: list[_ComparedTask]) -> list[_ComparedTask]:
    """The rows into which a clause may be cut up: each holds a piece of it, and together they say it all."""
    pieces = [r for r in held if r.words]
    covered = frozenset[str]().union(*(r.grams for r in pieces))
    return pieces if len(pieces) > 1 and len(grams & covered) >= _RECURS * len(grams) else []


def _holds(whole: frozenset[str], piece: frozenset[str]) -> bool:
    return len(whole & piece) >= _RECURS * len(piece)


def _grams(words: str) -> frozenset[str]:
    return frozenset(words[i : i + _GRAM] for i in range(len(words) - _GRAM + 1)) or frozenset([words])
