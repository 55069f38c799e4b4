"""Mentions of documents brought together: one citation for the document and for each task that refers to it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from ..model import Cell, Citation, Table
from ..steps.citations import blank_titles, find_short_names, plain
from ..words.fold import squeeze
from ..words.forms import ABOUT
from ..words.parts import rule, tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..model import Evidence
    from ..steps.citations import Cited
    from ..steps.drafts import Draft
    from .reading import Reading

DOCUMENT = "document"

#: A heading of a column stands in one of the first rows of its table, and is short.
_HEAD_ROWS, _HEAD_SIZE = 6, 14


def _said(name: str) -> re.Pattern[str]:
    return rule(name, "citations.toml")


def gather(reading: Reading, ids: dict[int, str], evidence: Callable[[int, int, str], Evidence]) -> list[Citation]:
    """The citations of a paper, those of the document first, then task by task. `ids` are the ids of the tasks by the
    identity of their drafts; later short forms are no new citation."""
    gathered = _Gathered(reading, ids, evidence)
    for mention in reading.citations:
        gathered.add(mention)
    # Counted by the citations, so that lines around a paper, which only some of its files have, change no number.
    sentences = {s: n for n, s in enumerate(sorted({c.sentence for c in gathered.citations}), 1)}
    for citation in gathered.citations:
        citation.sentence = sentences[citation.sentence]
    order = {DOCUMENT: 0} | {task: n for n, task in enumerate(ids.values(), 1)}
    return sorted(gathered.citations, key=lambda c: order.get(c.in_, 0))


@dataclass(slots=True)
class _Gathered:
    """What was gathered so far. `by_place` has citations by place and number or title, `known` by each form in which
    a title comes back, latest last."""

    reading: Reading
    ids: dict[int, str]
    evidence: Callable[[int, int, str], Evidence]
    citations: list[Citation] = field(default_factory=list)
    by_place: dict[tuple[str, str], Citation] = field(default_factory=dict)
    known: dict[str, list[Citation]] = field(default_factory=dict)
    names: list[tuple[int, str]] = field(init=False)
    places: _TaskSpans = field(init=False)
    aside: list[tuple[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        self.names = find_short_names(self.reading.text)[::-1]
        self.places = _TaskSpans(self.reading, self.ids)
        self.aside = sorted(self.reading.skipped)

    def add(self, mention: Cited) -> None:
        """Puts a mention to its citations, or makes new ones of it."""
        if self._is_around(mention):
            return
        self._learn_names(mention.start)
        words = plain(mention.title or "")
        if mention.number is None and words not in self.known and _said("kind_alone").fullmatch(words):
            before = self.reading.text[max(0, mention.start - 6) : mention.start]
            if not _said("named_before").search(before):
                return
        role = "basis" if self._is_basis(mention) else mention.role
        for place in self.places.of(mention.start):
            self._put(place, mention, words, role)

    def _put(self, place: str, mention: Cited, words: str, role: str) -> None:
        seen = self.evidence(mention.start, mention.end, mention.rule)
        earlier = self.known.get(words, []) if words else []
        if mention.number is None and _is_short(words, earlier, place):
            same = next((e for e in earlier if e.in_ == place), None)
            if same:
                _join(same, seen, None, role)
            return
        same = self._same(place, mention.number, words)
        if same is not None:
            _join(same, seen, mention.number, role)
            return
        new = Citation(place, mention.number, mention.title, mention.kind, role, mention.sentence, [seen])
        self.citations.append(new)
        self.by_place[place, mention.number or words] = new
        if words:
            self.by_place.setdefault((place, words), new)
            for form in forms(words):
                self.known.setdefault(form, []).append(new)

    def _same(self, place: str, number: str | None, words: str) -> Citation | None:
        """The citation at this place that a mention is another one of."""
        same = self.by_place.get((place, number or words)) or self.by_place.get((place, words or str(number)))
        if same is None and number and not words:
            # A number alone of a document that was cited with its title.
            same = next((c for c in self.citations if c.number == number and c.in_ == place), None)
        if same is None or (number and same.number and same.number != number):
            return None
        # One number with two titles: both stay, and the graph shows the conflict.
        two = words and same.title and plain(same.title) not in (words, *forms(words))
        return None if two else same

    def _is_around(self, mention: Cited) -> bool:
        """Whether a mention stands in what is around the paper (lines of the page, its number, its title)."""
        head = self.reading.head
        if head.number and head.number[1] <= mention.start < head.number[2]:
            return True
        if head.title and head.title[1] <= mention.start and mention.end <= head.title[2]:
            return not self._is_carried_out(mention, head.title[1])
        near = bisect_right(self.aside, (mention.start, len(self.reading.text))) - 1
        return near >= 0 and mention.start < self.aside[near][1]

    def _is_carried_out(self, mention: Cited, start: int) -> bool:
        said = self.reading.text[start : mention.start]
        return bool(_said("carried_in_title").search(said) or _said("report").search(plain(mention.title or "")))

    def _is_basis(self, mention: Cited) -> bool:
        head = self.reading.head
        in_title = head.title is not None and head.title[1] <= mention.start < head.title[2]
        return in_title or self.places.is_basis(mention.start)

    def _learn_names(self, before: int) -> None:
        """（以下简称《…》): a name for the citation before it."""
        while self.names and self.names[-1][0] < before:
            _, name = self.names.pop()
            if self.citations:
                self.known.setdefault(name, []).append(self.citations[-1])


def _join(citation: Citation, seen: Evidence, number: str | None, role: str) -> None:
    citation.evidence.append(seen)
    citation.number = citation.number or number
    if role == "basis":
        citation.role = "basis"


def forms(words: str) -> list[str]:
    """The forms under which a cited title comes back: whole, without issuer, the title that it issues, its last
    words."""
    out = [words]
    about = words.find(ABOUT)
    if about > 0:
        out.append(words[about:])
    issued = _said("issued").search(words)
    if issued:
        out.append(issued["t"])
    tail = _said("last_words").search(words)
    if tail:
        out += [tail.group(), tail.group()[-2:]]
    return list(dict.fromkeys(out))


def _is_short(words: str, earlier: list[Citation], place: str) -> bool:
    """Whether a title without a number is a later short form of a document that was cited before: only its kind and
    subject, or its number left out at the same place."""
    if not earlier:
        return False
    last = earlier[-1]
    return plain(last.title or "") != words or (last.number is not None and any(e.in_ == place for e in earlier))


# --- where a mention stands ------------------------------------------------------------------------------------------


class _TaskSpans:
    """The tasks that an offset belongs to: the innermost one that covers it, else those of its row."""

    def __init__(self, reading: Reading, ids: dict[int, str]) -> None:
        self.text = reading.text
        drafts = reading.drafts.tasks
        self.spans = sorted((a, b, ids[id(d)]) for d in drafts for a, b in d.covers)
        self.starts = [s[0] for s in self.spans]
        self.reach = list(accumulate((s[1] for s in self.spans), max))
        tables = [b for b in reading.paper.blocks if isinstance(b, Table)]
        cells = [(c.start, n, t, c) for n, t in enumerate(tables) for c in t.cells if c.end > c.start]
        self.cells = [_TableCell(n, t, c) for _, n, t, c in sorted(cells, key=lambda c: c[:2])]
        self.cell_starts = [c.cell.start for c in self.cells]
        self.bases = _bases(drafts, ids)
        self.base_starts = list(self.bases)
        self.rows: dict[tuple[int, int], list[str]] = {}
        for draft in drafts:
            for at, _ in draft.text[:1]:
                self._row_of(at, ids[id(draft)])

    def _row_of(self, offset: int, task: str) -> None:
        cell = self._cell(offset)
        if cell:
            for row in cell.rows():
                self.rows.setdefault((cell.number, row), []).append(task)

    def of(self, offset: int) -> list[str]:
        """The ids of the tasks, or `document`."""
        at = bisect_right(self.starts, offset) - 1
        while at >= 0 and self.reach[at] > offset:
            if offset < self.spans[at][1]:
                return [self.spans[at][2]]
            at -= 1
        if based := self._based(offset):
            return based
        cell = self._cell(offset)
        # What is merged over several rows groups them; a basis holds for each.
        if cell is None or (cell.cell.rows > 1 and not self.is_basis(offset)):
            return [DOCUMENT]
        if "progress" in column_of(cell.heading(self.text)):
            return [DOCUMENT]
        tasks = [task for row in cell.rows() for task in self.rows.get((cell.number, row), ())]
        return list(dict.fromkeys(tasks)) or [DOCUMENT]

    def _based(self, offset: int) -> list[str]:
        """The tasks that the cell at an offset says the basis of."""
        at = bisect_right(self.base_starts, offset) - 1
        if at < 0:
            return []
        end, tasks = self.bases[self.base_starts[at]]
        return tasks if offset < end else []

    def is_basis(self, offset: int) -> bool:
        """Whether it stands in a column of what the tasks are based on."""
        if self._based(offset):
            return True
        cell = self._cell(offset)
        return cell is not None and ("basis" in column_of(cell.heading(self.text)) or cell.is_list_of_papers(self.text))

    def _cell(self, offset: int) -> _TableCell | None:
        at = bisect_right(self.cell_starts, offset) - 1
        return self.cells[at] if at >= 0 and offset < self.cells[at].cell.end else None


def _bases(drafts: list[Draft], ids: dict[int, str]) -> dict[int, tuple[int, list[str]]]:
    """The cells that say what tasks are based on, in order: start → (end, the tasks)."""
    found: dict[int, tuple[int, list[str]]] = {}
    for draft in drafts:
        for start, end in draft.bases:
            found.setdefault(start, (end, []))[1].append(ids[id(draft)])
    return dict(sorted(found.items()))


@dataclass(slots=True)
class _TableCell:
    """A cell of the table with this number."""

    number: int
    table: Table
    cell: Cell

    def rows(self) -> range:
        return range(self.cell.row, self.cell.row + self.cell.rows)

    def heading(self, text: str) -> str:
        """What stands over the column; nothing over a cell that spans several."""
        if self.cell.columns > 1:
            return ""
        above = [c for c in self.table.cells if c.row < min(self.cell.row, _HEAD_ROWS) and self._is_over(c)]
        said = [squeeze(text[c.start : c.end]) for c in above]
        return "/".join(words for words in said if len(words) <= _HEAD_SIZE)

    def is_list_of_papers(self, text: str) -> bool:
        """Whether it holds nothing but titles, with their numbers."""
        said = _said("listed_papers").sub("", blank_titles(text[self.cell.start : self.cell.end]))
        return not squeeze(said)

    def _is_over(self, other: Cell) -> bool:
        return other.column <= self.cell.column < other.column + other.columns


def column_of(heading: str) -> set[str]:
    """What a column of a table is to the citations in it, by its heading: `basis` of its row's work, `progress`."""
    return {name for name, pattern in _columns().items() if pattern.search(heading)}


@cache
def _columns() -> dict[str, re.Pattern[str]]:
    rows = tables("citations.toml")["column"]
    return {name: re.compile(row["pattern"]) for name, row in rows.items()}
