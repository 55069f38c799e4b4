"""The prose of a paper: its parts (notice, what it issues, attachments) and the tree of its headings and clauses."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..model import Paper, Paragraph, Table
from ..words import parts
from ..words.fold import squeeze
from .clause_sense import SOME, UNITS, ClauseSense
from .clause_text import chapter_of, section_of
from .headings import find_heading, holds_text, settle
from .numbering import CHAPTER, CLAUSE, LISTED, POINT, SUBPOINT, Mark, Numbering, marks, pattern
from .tree import Assignments, Node, Outline, Part, Stretch

if TYPE_CHECKING:
    from ..words.unit_shapes import UnitShapes
    from .units import Assignment

#: Longest lines, in characters, that may be: furniture of a page, a closing line (抄送), a heading above a table, an
#: entry of a list of attachments, a heading without number.
_FURNITURE, _CLOSING, _ABOVE, _ENTRY, _UNNUMBERED = 120, 300, 60, 70, 30
#: What no phrase has that heads a table.
_NO_PHRASE = re.compile(r"[。;:,!?]|\d$")
#: The name of a box is no longer.
_BOX = 40
#: The last characters of a title that items follow without a blank.
_TITLE_END = 4
#: A paragraph of more characters is an endless one; so are all of a paper of which this share lies on one of so many.
_ENDLESS, _LONG, _SHARE = 1500, 400, 0.4
#: A shorter one is where nearly all of its paper lies on it.
_SHORT, _NEARLY_ALL = 120, 0.9
#: A heading that lacks its stop is no longer than this where an item follows on the same line.
_RUN_ON = 60
#: So many marks on, the second item of a list is looked for.
_AHEAD = 20


def read_outline(paper: Paper, text: str, body: int, title_ends: list[tuple[int, int]], shapes: UnitShapes) -> Outline:
    """The outline of a paper. `text` is folded; `body` where its text begins after head and title; `title_ends`
    spans of titles of attached papers (their lines begin a part)."""
    reader = _TreeGrower(paper, Assignments(text, shapes), body, title_ends)
    for block in paper.blocks:
        if isinstance(block, Table):
            reader.table(block)
        elif not block.note:
            reader.paragraph(block)
    reader.close()
    return reader.out


@dataclass(frozen=True, slots=True)
class _InnerMark:
    """A mark of numbering at `at`, inside the paragraph from `start` to `end`; `following`: the next places there at
    which a mark may stand."""

    mark: Mark
    at: int
    start: int
    end: int
    following: list[re.Match[str]]


class _TreeGrower:
    """Takes the blocks of a paper one after the other and grows the tree."""

    def __init__(self, paper: Paper, said: Assignments, body: int, title_ends: list[tuple[int, int]]) -> None:
        text = said.text
        self.text, self.said, self.body, self.titles = text, said, body, title_ends
        self.out = Outline([Part(0)], [], self.said)
        self.numbering = Numbering()
        self.stack: list[Node] = []
        self.above: Stretch | None = None
        self.waiting: Stretch | None = None  # a short line without number: a heading if an item follows
        self.listing = False  # in a list of attachments
        self.flowing = False  # the last stretch was text of the paper
        self.captions: dict[int, Stretch] = {}  # phrases right above tables, by the table's index
        self.within: list[tuple[int, Node]] = []  # tables in what may be a chapter, until another one follows
        self.box: dict[float, int] | None = None  # in a box: the numbers that the clauses had come to before it
        paragraphs = [b for b in paper.blocks if isinstance(b, Paragraph) and not b.note]
        self.page_numbers = _page_numbers(paragraphs, text)
        self.unit_lines = self._unit_lines(paragraphs)
        self.endless = bool(self.page_numbers) or _endless(paragraphs, len(text))

    @property
    def part(self) -> Part:
        return self.out.parts[-1]

    # --- blocks

    def table(self, table: Table) -> None:
        self._place_waiting(None)
        if self.listing:
            self._new_part()  # the table that is attached stands below the line that names it
        above = self.above
        headings: list[tuple[int, int]] = []
        node = self.stack[-1] if self.stack else None
        if above is not None and above.end - above.start < _ABOVE:
            found = marks(self.text, above.start, above.end)
            named = pattern("table-name").search(squeeze(self.text[above.start : above.end]))
            if found and found[0].style <= CLAUSE:
                own = node is not None and node.start == above.start
                headings = [*(section_of(node) if node and own else []), (above.start, above.end)]
            elif named and not found:
                self._name_table(above)
        if not headings and node is not None:
            if self._announces(node):
                headings = chapter_of(node)
            else:
                self.within.append((len(self.out.tables), node))
        if above is not None and self._may_caption(above):
            self.captions[len(self.out.tables)] = above
        self.out.tables.append((self.part.index, table, self._telling(headings)))
        self.above = None

    def _may_caption(self, line: Stretch) -> bool:
        """Whether a line above a table is a phrase without number."""
        words = squeeze(self.text[line.start : line.end])
        return len(words) <= _UNNUMBERED and not _NO_PHRASE.search(words) and not marks(self.text, line.start, line.end)

    def _captioned(self) -> None:
        """Where each of several tables has a phrase of its own above it, that is its heading."""
        said = {squeeze(self.text[line.start : line.end]) for line in self.captions.values()}
        if not 1 < len(said) == len(self.out.tables):
            return
        for at, line in self.captions.items():
            part, table, headings = self.out.tables[at]
            self.out.tables[at] = (part, table, headings or self._telling([(line.start, line.end)]))

    def _telling(self, headings: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Headings above a table that say more than that it is one."""
        return [h for h in headings if not pattern("table-alone").search(squeeze(self.text[slice(*h)]))]

    def _announces(self, node: Node) -> bool:
        """Whether the text below a heading says that a table follows (具体分工见下表), or the heading has none."""
        return any(pattern("table-below").search(self.text, s.start, s.end) for s in node.body)

    def _around_tables(self) -> None:
        """A chapter that another one follows is the heading of the tables in it."""
        for at, node in self.within:
            part, table, _ = self.out.tables[at]
            self.out.tables[at] = (part, table, self._telling(chapter_of(node)))
        self.within = []

    def _name_table(self, line: Stretch) -> None:
        """A line that names the table below it is no text of the clause above."""
        held = self.stack[-1].more if self.stack else self.part.loose
        if held and held[-1] is line:
            self.out.skipped.append(held.pop())

    def paragraph(self, block: Paragraph) -> None:
        start = self.page_numbers.get(block.start, block.start)
        if start > block.start:
            # The number of a page, between two halves of a sentence.
            self._text(Stretch(start, start, block.place))
        endless = self.endless or block.end - block.start > _ENDLESS
        for n, (a, b) in enumerate(self._cut(start, block.end, endless)):
            self._piece(Stretch(a, b, block.place), goes_on=n == 0 and start > block.start)

    def close(self) -> None:
        self._place_waiting(None)
        self._captioned()
        for part in self.out.parts:
            _let_go(part, self.text, self.said)
            settle(self.text, part.walk(), self.said)

    # --- pieces of paragraphs

    def _piece(self, stretch: Stretch, goes_on: bool) -> None:
        words = self.text[stretch.start : stretch.end]
        if stretch.end <= self.body or not words.strip():
            self.out.skipped.append(stretch)
        elif self._begins_part(stretch, words) or self._boxed(stretch, words) or self._aside(stretch, words):
            self.flowing = False
        else:
            self.flowing = True
            if goes_on:
                self._text(stretch)
            else:
                self._clause(stretch, words)

    def _is_title(self, stretch: Stretch) -> bool:
        return any(a <= stretch.start and stretch.end <= b for a, b in self.titles)

    def _begins_part(self, stretch: Stretch, words: str) -> bool:
        """附件, or the title of what the notice issues: another part begins."""
        attach = pattern("attachment").match(words)
        if not attach and not self._is_title(stretch):
            return False
        self._place_waiting(None)
        part = self.part
        if attach or part.nodes or part.loose or not part.attached:
            self._new_part()
        self.out.skipped.append(stretch)
        self.above = None
        self.listing = bool(attach and words.rstrip().endswith((":", ".")))
        return True

    def _new_part(self) -> None:
        self.out.parts.append(Part(len(self.out.parts), attached=True))
        self.stack = []
        self.within = []
        self.numbering = Numbering()
        self.box = None
        self.above, self.listing = None, False

    def _boxed(self, stretch: Stretch, words: str) -> bool:
        """Whether a stretch stands in a box (专栏) between the clauses of a plan: a list of projects or figures. It
        ends where the numbering before it goes on, or somebody answers for what stands there."""
        if len(words) <= _BOX and pattern("box").match(words.strip()):
            self._place_waiting(None)
            self.box = dict(self.numbering.last)
            return True
        if self.box is None:
            return False
        found = marks(self.text, stretch.start, stretch.end)
        if any(1 < m.value == self.box.get(m.style, 0) + 1 for m in found) or self._assigned(stretch):
            self.box = None
            return False
        return True

    def _aside(self, stretch: Stretch, words: str) -> bool:
        """Lines that are no text of the paper: furniture of the page, signature, list of attachments, files."""
        size = stretch.end - stretch.start
        tight = squeeze(words) if size < _CLOSING else words
        if self._assigns(stretch) or (pattern("signature").match(tight) and self._heads_duties(stretch)):
            return False
        furniture = size < _FURNITURE and parts.pattern("furniture").search(words)
        closing = size < _CLOSING and parts.pattern("closing").match(tight)
        if furniture or closing or pattern("signature").match(tight):
            self.listing = bool(pattern("attachment-list").match(tight))
        elif not pattern("file").search(tight):
            self.listing = self.listing and size < _ENTRY and "。" not in words and self._is_point(stretch)
            if not self.listing:
                return False
        self.out.skipped.append(stretch)
        return True

    def _is_point(self, stretch: Stretch) -> bool:
        """Whether a line bears a number with a point, as the entries of a list do."""
        return next((m.style for m in marks(self.text, stretch.start, stretch.end)), None) == POINT

    def _assigns(self, stretch: Stretch) -> bool:
        """Whether a line right below a clause names its units in words of a page's foot, too (主办单位：)."""
        if not self.stack or self.above is None or not self.flowing:
            return False
        label = pattern("unit-label").match(self.text, stretch.start, stretch.end)
        if not label or not self._assigned(stretch):
            return False
        # Below a labelled line, who undertakes it is named by the next one.
        said = self.text[stretch.start : stretch.end]
        beside = pattern("undertaker-label").match(said) and self._labelled(self.above)
        return bool(beside or not self._assigned(self.above))

    def _labelled(self, stretch: Stretch) -> bool:
        """Whether a stretch is a line of labelled units."""
        return any(a.rule == "units.line" and a.start <= stretch.start + 1 for a in self._assigned(stretch))

    def _notes(self, stretch: Stretch) -> bool:
        """Whether a line is a note to the paper, which is no text of the clause above it."""
        return bool(pattern("note").match(self.text, stretch.start, stretch.end)) and not self._assigned(stretch)

    def _clause(self, stretch: Stretch, words: str) -> None:
        """A stretch of the paper's own text: a clause with a number, a heading without one, or text."""
        mark = self.numbering.at_line(self.text, stretch.start, stretch.end)
        if mark is None:
            self._place_waiting(None)
            if self._notes(stretch):
                self.part.loose.append(stretch)
                return
            if self._may_head(stretch, words) or self._heads_duties(stretch):
                self.waiting = stretch
            elif not self._duty(stretch):
                self._text(stretch)
            self.above = stretch
            return
        if mark.style == CHAPTER and mark.value == 1 and any(n.style == CHAPTER for n in self.part.nodes):
            self._place_waiting(None)
            self._new_part()  # 一、 again: another paper
            self.numbering.take(self.text, stretch.start, mark)
        self._place_waiting(mark.style)
        if mark.style == CHAPTER:
            self._around_tables()
        found = find_heading(self.text, mark.style, mark.end, stretch.end, self.said)
        self._grow(Node(mark.style, stretch, mark.end, *found, assigned=bool(self._assigned(stretch))))
        self.above = stretch

    def _assigned(self, stretch: Stretch) -> list[Assignment]:
        found = self.said.within(stretch.start, stretch.end)
        return [a for a in found if a.parsed.items or a.parsed.open]

    def _text(self, stretch: Stretch) -> None:
        if stretch.end <= stretch.start:
            return
        if self.stack:
            self.stack[-1].more.append(stretch)
        else:
            self.part.loose.append(stretch)

    def _grow(self, node: Node) -> None:
        while self.stack and self.stack[-1].style >= node.style:
            self.stack.pop()
        node.part = self.part.index
        if self.stack:
            node.parent = self.stack[-1]
            self.stack[-1].children.append(node)
        else:
            self.part.nodes.append(node)
        self.stack.append(node)

    def _may_head(self, stretch: Stretch, words: str) -> bool:
        """Whether a line without number may be a heading of the items that follow: short, no sentence or lead-in, where
        no text of a clause is still to come."""
        if stretch.end - stretch.start > _UNNUMBERED or not pattern("unnumbered").match(words.strip()):
            return False
        if pattern("measure").search(words):
            return False
        if self.said.within(stretch.start, stretch.end):
            return False
        if not self.stack:
            return False
        last = self.stack[-1]
        if last.style <= CHAPTER:
            return last.whole and not last.more
        said = self._assigned(last.line) or any(self._assigned(s) for s in last.more)
        return bool(said) and holds_text(self.text, last, self.said)

    def _unit_lines(self, paragraphs: list[Paragraph]) -> set[int]:
        """Where lines stand that are nothing but a unit and a colon, each right above the first item of a list: where
        there are several, they are headings, also outside a chapter of duties."""
        found: set[int] = set()
        for line, below in itertools.pairwise(paragraphs):
            if line.end - line.start > UNITS or not self.text[line.start : line.end].rstrip().endswith(":"):
                continue
            first = marks(self.text, below.start, below.end)
            if first and first[0].value == 1 and first[0].style > CHAPTER and self._is_unit(line.start, line.end):
                found.add(line.start)
        return found if len(found) >= SOME else set()

    def _heads_duties(self, stretch: Stretch) -> bool:
        """Whether a line is nothing but a unit (县教育局：), the heading of what it is to do: one of a chapter of
        duties, or of a paper that has such lines above its lists."""
        if stretch.start in self.unit_lines:
            return True
        told = any(pattern("duties").search(self.text[slice(*n.words)]) for n in self.stack)
        return told and self._is_unit(stretch.start, stretch.end)

    def _is_unit(self, start: int, end: int) -> bool:
        words = self.text[start:end].rstrip(": ")
        return ClauseSense(self.text, self.said).units_of(start, start + len(words)) is not None

    def _duty(self, stretch: Stretch) -> bool:
        """Takes a line that begins with a unit and a colon, among headings that are units: its text stands on it."""
        above = next((n for n in self.stack if n.sure and n.style % 1 and self._is_unit(*n.words)), None)
        colon = self.text.find(":", stretch.start, min(stretch.end, stretch.start + UNITS)) if above else -1
        if above is None or colon < 0 or not self._is_unit(stretch.start, colon):
            return False
        self._grow(Node(above.style, stretch, stretch.start, colon, colon + 1, sure=True))
        return True

    def _place_waiting(self, style: float | None) -> None:
        """Makes the line that waits a heading above an item of `style`, or text where none follows."""
        line, self.waiting = self.waiting, None
        if line is None:
            return
        if style is None or style <= CHAPTER or style > SUBPOINT:
            if pattern("signature").match(squeeze(self.text[line.start : line.end])):
                self.out.skipped.append(line)
            else:
                self._text(line)
            return
        end = line.end
        while end > line.start and self.text[end - 1] in "。: ":
            end -= 1
        self._grow(Node(style - 0.5, line, line.start, end, line.end, sure=True))

    # --- numbering inside a paragraph

    def _cut(self, start: int, end: int, endless: bool) -> list[tuple[int, int]]:
        """A paragraph cut before the numbering inside it: an endless one wherever numbers go on, another where an
        assignment stands before the number; and before what a page has put behind its last sentence."""
        cuts = [start]
        numbering = Numbering(dict(self.numbering.last), self.numbering.major)
        first = numbering.at_line(self.text, start, end)
        depth = top = first.style if first else None
        breaks = [b for b in pattern("break").finditer(self.text, start + 1, end) if b.end() < end or b["foot"]]
        for n, found in enumerate(breaks):
            at = found.end()
            if found["foot"] is not None:
                cuts.append(found.start("foot"))
                break
            if at <= cuts[-1]:
                continue
            if found["page"] is not None:
                if endless:
                    cuts.append(at)
                continue
            mark = numbering.inside(self.text, at, end, loose=self.text[at - 1] in "。)")
            if mark is None:
                continue
            inner = _InnerMark(mark, at, start, end, breaks[n + 1 : n + 1 + _AHEAD])
            run_on = self._run_on(cuts[-1], at, depth, mark.style)
            if not run_on and not self._may_begin(inner):
                continue
            of_chapter = first is not None and first.style == CHAPTER and self._only_clause(inner, numbering)
            if not of_chapter and (not endless or mark.style == LISTED):
                below = run_on and cuts[-1] > start  # of a heading that was itself parted from what stands before
                if (top is not None and mark.style < top) or not (below or self._begins_item(inner)):
                    continue
            numbering.take(self.text, at, mark)
            depth = mark.style
            top = depth if top is None else top
            cuts.append(at)
        cuts.append(end)
        return [(a, b) for a, b in itertools.pairwise(cuts) if self.text[a:b].strip()]

    def _may_begin(self, inner: _InnerMark) -> bool:
        """Whether what stands before a mark lets a clause begin there: no word (or any before （一）), an assignment,
        or what leads in a list."""
        if not self.text[inner.at - 1].isalnum() or inner.mark.style == CLAUSE:
            return True
        return self._begins_list(inner) or self._behind_assignment(inner.start, inner.at, inner.end)

    def _begins_list(self, inner: _InnerMark) -> bool:
        """Whether the first mark of a list stands right behind a title, or an assignment before the second."""
        if inner.mark.value != 1 or inner.mark.style not in (CHAPTER, POINT):
            return False
        behind_title = pattern("title-end").search(self.text, max(inner.start, inner.at - _TITLE_END), inner.at)
        return bool(behind_title) or (inner.mark.style == POINT and self._begins_item(inner))

    def _only_clause(self, inner: _InnerMark, numbering: Numbering) -> bool:
        """Whether a mark right behind the heading of a chapter goes on with the clauses of the chapters before."""
        return (
            inner.mark.style == CLAUSE
            and 1 < inner.mark.value == numbering.last.get(CLAUSE, 0) + 1
            and inner.at - inner.start <= _RUN_ON
            and self.text.count("。", inner.start, inner.at) == 1
        )

    def _begins_item(self, inner: _InnerMark) -> bool:
        """Whether a mark inside a paragraph begins an item with an assignment of its own: one stands before it; before
        the first of a list, one stands before the second."""
        if self._behind_assignment(inner.start, inner.at, inner.end):
            return True
        mark = inner.mark
        for found in inner.following if mark.value == 1 else ():
            other = next((m for m in marks(self.text, found.end(), inner.end) if m.style == mark.style), None)
            if other is not None and other.value == mark.value + 1:
                return self._behind_assignment(inner.start, found.end(), inner.end)
        return False

    def _run_on(self, start: int, at: int, depth: float | None, style: float) -> bool:
        """Whether a number stands right behind a heading that lacks its stop."""
        return (
            depth is not None
            and depth < style
            and (depth <= CLAUSE or style == LISTED)
            and at - start <= _RUN_ON
            and "。" not in self.text[start:at]
        )

    def _behind_assignment(self, start: int, at: int, end: int) -> bool:
        """Whether an assignment stands right before `at`."""
        stop = at
        while stop > start and self.text[stop - 1] in " 。;":
            stop -= 1
        ends = self.said.ends(start, end)
        return any(offset in ends for offset in range(stop, at + 1))


def _endless(paragraphs: list[Paragraph], size: int) -> bool:
    """Whether a paper lies on a few endless lines."""
    longest = max((b.end - b.start for b in paragraphs), default=0)
    return (longest > _LONG and longest > _SHARE * size) or (longest > _SHORT and longest > _NEARLY_ALL * size)


def _page_numbers(paragraphs: list[Paragraph], text: str) -> dict[int, int]:
    """Paragraphs that begin with the number of a page (2、), not of a clause: where one begins → where its text does.

    All of a paper's paragraphs are numbered 1, 2, … and each but the last breaks off in the middle of a sentence.
    """
    numbered = [marks(text, p.start, p.end) for p in paragraphs]
    first = [found[0] for found in numbered if found]
    if len(paragraphs) < 2 or len(first) < len(paragraphs):
        return {}
    if any(m.style != POINT or m.value != n for n, m in enumerate(first, 1)):
        return {}
    if any(text[p.start : p.end].rstrip()[-1:] in "。;!?:)”" for p in paragraphs[:-1]):
        return {}
    return {p.start: m.end for p, m in zip(paragraphs, first, strict=True)}


def _let_go(part: Part, text: str, said: Assignments) -> None:
    """Paragraphs that close a whole part stand behind its last clause, but are none of it."""
    if not part.nodes:
        return
    last = part.nodes[-1]
    while last.children:
        last = last.children[-1]
    while last.more and last.more[-1].place != last.place:
        tail = last.more[-1]
        named = any(a.parsed.items or a.parsed.open for a in said.within(tail.start, tail.end))
        closes = pattern("farewell").match(text, tail.start, tail.end) and not named
        if not closes and not pattern("validity").match(text, tail.start, tail.end):
            return
        part.loose.append(last.more.pop())
