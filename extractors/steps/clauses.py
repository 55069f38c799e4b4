"""Tasks among the clauses of a paper: its tree of headings read from above, with what assigns each."""

from __future__ import annotations

from dataclasses import dataclass

from .clause_sense import ClauseSense
from .clause_text import (
    before,
    begins_field,
    dated,
    ends_in_label,
    section_of,
    whole_text,
    with_measures,
    without_announcement,
)
from .drafting import Drafting
from .drafts import Draft, Drafts, Span
from .numbering import ARTICLE, CHAPTER, CLAUSE, DECIMAL, LISTED, POINT, SUBPOINT, pattern
from .stretches import Group, together
from .tree import Assignments, Node


@dataclass(slots=True)
class _Clause:
    """A heading that is read: the stretches of its own text that assignments close, the text behind the last of them,
    and what comes down from the headings above it (as `ClauseReader.node` has it)."""

    node: Node
    groups: list[Group]
    rest: list[Span]
    parent: Draft | None
    lead: list[Span]
    free: bool
    given: Group | None

    @property
    def text(self) -> list[Span]:
        """All of its own text."""
        return [*[s for g in self.groups for s in g.text], *self.rest]


class ClauseReader:
    """Reads the tree of a paper; what it finds stands in `drafting`, what headings say is asked of `sense`."""

    def __init__(self, text: str, said: Assignments, out: Drafts) -> None:
        self.text, self.said, self.out = text, said, out
        self.sense, self.drafting = ClauseSense(text, said), Drafting(text, out)
        self.articles = True  # 第一条 sets work, also where nobody is named
        self.assigned_only = False  # only what somebody answers for is work
        self.above: dict[int, Group] = {}  # what labels above the items of a list assign to them, by their start
        self.read: set[int] = set()  # headings whose text is read as a list of duties, by their start

    def node(self, node: Node, parent: Draft | None, lead: list[Span], free: bool, given: Group | None = None) -> None:
        """Reads a heading and what is below it. `free`: clauses without assignment are tasks, too; `given`: what the
        heading above assigns to those without."""
        if node.start in self.read:
            return
        groups, rest = self.sense.group(node)
        duty = self.sense.duty(node)
        free = not self.assigned_only and (free or duty is not None)
        given = self.above.get(node.start) or duty or given
        here = _Clause(node, groups, rest, parent, lead, free, given)
        assigned = any(g.assigned for g in groups)
        if assigned and not any(g.text for g in groups):
            if node.children and not rest:
                self._heading_with_assignment(here)
                return
            if rest:
                here.groups, here.rest = [together(groups, rest)], []
        if assigned:
            self._assigned(here)
        elif node.children:
            self._with_children(here)
        elif here.given or (free and self._is_clause(node, parent) and not self.sense.excluded(node)):
            self._leaf(here)

    def _is_clause(self, node: Node, parent: Draft | None) -> bool:
        above = node.parent
        return (
            node.style in (CLAUSE, POINT, DECIMAL)
            or (node.style == ARTICLE and self.articles)
            or parent is not None
            or (node.style != ARTICLE and (above is None or above.style <= CHAPTER))
        )

    def _leaf(self, here: _Clause) -> None:
        """A clause without an assignment of its own."""
        self._add(here, here.text, here.given, "task.clause").inherited = here.lead
        for a in (a for g in here.groups for a in g.said):
            self.drafting.drafts[-1].cells += a.parsed.deadlines
            self.out.hidden += a.parsed.hidden

    def _add(self, here: _Clause, text: list[Span], said: Group | None, rule: str) -> Draft:
        """The task of a heading, under its own title."""
        title, section = self._title(here.node)
        return self.drafting.add(here.node, title, text, said, rule, section, here.parent, here.node.part)

    def _title(self, node: Node) -> tuple[Span | None, list[Span]]:
        """Title and section of a clause. What is listed (一是…) in its clause's own paragraph without a heading repeats
        the clause's."""
        above = node.parent
        if node.headed:
            return node.heading, section_of(node)
        if node.style == LISTED and above is not None and self.text[node.start - 1 : node.start] != "\n":
            return (above.heading if above.headed else None), section_of(above)
        return None, section_of(node)

    def _heading_with_assignment(self, here: _Clause) -> None:
        """A heading with an assignment and no text: the items below that have none take it; where all have their own,
        the heading is a task, too."""
        node, mine = here.node, here.parent
        said = together(here.groups)
        if node.style >= CLAUSE and node.children[0].style >= SUBPOINT:
            self._assigned(here)
            return
        if all(self.sense.has_units(c) for c in node.children):
            mine = self._add(here, [], said, "task.clause")
        for child in node.children:
            self.node(child, mine, [*here.lead, *dated(self.text, node)], True, said)

    def _with_children(self, here: _Clause) -> None:
        """A heading without an assignment, with clauses below it."""
        node, last = here.node, here.node.children[-1]
        below = [c for c in node.children if self.sense.has_units(c)]
        fields = self._fields_below(node, here.rest) if below == [last] else None
        if fields is not None:
            self._rectified(here, [fields], [*here.lead, *here.rest])
        elif below == [last] and self._is_closed_by(node, last):
            self._folded(here)
        elif below:
            self._led_in(here)
        elif here.given is None and node.style >= CLAUSE and node.children[0].style >= SUBPOINT:
            if here.free and not self.sense.excluded(node):
                self._add(here, whole_text(node), None, "task.clause").inherited = here.lead
        else:
            self._handed_down(here)

    def _is_closed_by(self, node: Node, last: Node) -> bool:
        """Whether the assignment behind the last sub-item of a clause is the clause's."""
        return len(node.children) > 1 and node.style >= CLAUSE and last.style >= SUBPOINT and self._closes(last)

    def _led_in(self, here: _Clause) -> None:
        """Clauses below a heading, some with assignments of their own: its own text leads them in."""
        node, mine = here.node, here.parent
        intro = without_announcement(self.text, here.text)
        if intro and node.style >= CLAUSE and not self.sense.aims(node):
            mine = self._add(here, intro, None, "task.lead-in")
        first = len(self.drafting.drafts)
        for child in node.children:
            # What only announces the list may name a limit, too (6月底前完成整治，具体如下：).
            self.node(child, mine, [*here.lead, *here.text, *dated(self.text, node)], True, here.given)
        if node.headed and mine is here.parent and ends_in_label(self.text, here.text):
            self._name(self.drafting.drafts[first:], node.heading)

    def _handed_down(self, here: _Clause) -> None:
        """Clauses below a heading that all lack an assignment: they have what is said above them, if anything is."""
        node, given = here.node, here.given
        if given is not None and node.headed and self.sense.duty(node):
            intro = without_announcement(self.text, here.text)
            if intro:
                self.drafting.add(
                    node, node.heading, intro, given, "task.lead-in", section_of(node), here.parent, node.part
                )
        lead = [*here.lead, *(here.text if node.style >= CLAUSE else ()), *dated(self.text, node)]
        for child in node.children:
            free = given is not None or (here.free and not self.sense.excluded(child))
            self.node(child, here.parent, [*lead], free, given)

    def _assigned(self, here: _Clause) -> None:
        """A heading whose own text is closed by one assignment or several."""
        node = here.node
        below = any(self.sense.has_units(c) for c in node.children)
        if node.children and not below and ends_in_label(self.text, [*here.groups[-1].text, *here.rest]):
            self._rectified(here, here.groups, here.lead)
            return
        if with_measures(self.text, here.groups, here.rest):
            here.groups = [together(here.groups, here.text)]
        clause = self._closed_stretches(here, below)
        for child in node.children if below else []:
            self.node(child, clause or here.parent, [*here.lead, *dated(self.text, node)], True)

    def _closed_stretches(self, here: _Clause, below: bool) -> Draft | None:
        """The stretches that assignments close, each as a task, and the one that is the clause itself. `below`: clauses
        below have assignments of their own; what has none belongs to the clause."""
        node, groups = here.node, here.groups
        title, section = self._title(node)
        heads = [*section, *([title] if title else [])]
        apart = self._stands_above(node, groups)
        own, inside = (None, heads) if apart else (title, section)
        clause: Draft | None = None
        for n, said in enumerate(groups):
            if n and said.fresh:
                own, inside = None, section if self._farewell(said, groups) else heads
            texts = _texts_of(said, node)
            if len(groups) == 1 and not below:
                texts[-1] += [s for c in node.children for s in whole_text(c, True)]
            for text in texts:
                if not own and not text:
                    continue
                rule = "task.clause" if own or (n == 0 and not apart) else "task.paragraph"
                self.drafting.assign_above(said, section)
                whole = node if own or not node.headed else None
                above = clause if said.fresh and clause is not None else here.parent
                named = self._own_name(text) if apart and not own and node.style <= CHAPTER else None
                if named is not None:
                    text[0] = (named[1] + 1, text[0][1])
                draft = self.drafting.add(whole, own or named, text, said, rule, inside, above, node.part)
                draft.inherited = here.lead
            if clause is None and not apart and self.drafting.drafts:
                clause = self.drafting.drafts[-1]
        return clause

    def _own_name(self, text: list[Span]) -> Span | None:
        """The name that a paragraph of a chapter begins with as its heading (苗木产业。建设…); None where its first
        sentence says what is to be done."""
        found = pattern("heading-of-paragraph").match(self.text, *text[0]) if text else None
        if found is None or pattern("verb").match(found.group()) or pattern("predicate").search(found.group()):
            return None
        return found.span()

    def _stands_above(self, node: Node, groups: list[Group]) -> bool:
        """Whether a heading only stands above stretches that are tasks of their own: a chapter's paragraphs, several
        paragraphs with an assignment each."""
        if node.whole and len(groups) == 1 and not node.children:
            # A matter whose fields stand on lines below it is the clause itself.
            lines = bool(groups[0].said) and all(a.rule == "units.line" for a in groups[0].said)
            if begins_field(self.text, groups[0].text) or (lines and len(groups[0].text) == 1):
                return False
        fresh = sum(g.fresh for g in groups)
        chapter = node.style <= CHAPTER and (fresh > 0 or bool(node.children))
        return chapter or (node.whole and fresh > 1)

    def _farewell(self, said: Group, groups: list[Group]) -> bool:
        """Whether a stretch is the last paragraph of a paper, which is none of its last clause."""
        return said is groups[-1] and bool(said.text) and bool(pattern("farewell").match(self.text, *said.text[0]))

    def _fields_below(self, node: Node, rest: list[Span]) -> Group | None:
        """The assignment of a problem whose fields stand on lines below it: the label of its measures, the measures,
        and then, on lines of their own, who answers for it and until when. Behind the last measure they are the
        problem's, not that measure's."""
        if not ends_in_label(self.text, rest):
            return None
        last = node.children[-1]
        groups, behind = self.sense.group(last)
        labelled = all(a.rule == "units.line" for g in groups for a in g.said)
        if behind or last.children or len(groups) != 1 or not labelled:
            return None
        return Group([], groups[0].said)

    def _rectified(self, here: _Clause, groups: list[Group], lead: list[Span]) -> None:
        """A problem with numbered measures: each is a task with the problem's assignment, the problem its title."""
        node, said = here.node, together(groups)
        title, section = self._title(node)
        if not node.headed and node.cut > node.after:
            title = (node.start, node.cut)  # its first sentence
        for child in node.children:
            text = [(child.after, child.line.end), *((s.start, s.end) for s in self.sense.of_work(child.more))]
            text += [s for c in child.children for s in whole_text(c, True)]
            text = before(text, [a.start for a in said.said])
            draft = self.drafting.add(child, title, text, said, "task.clause", section, here.parent, node.part)
            draft.inherited = lead

    def _name(self, drafts: list[Draft], problem: Span) -> None:
        """Makes the problem the title of its measures that have none, in place of a heading above them."""
        for draft in drafts:
            if draft.title is None and draft.section and draft.section[-1] == problem:
                draft.title = draft.section.pop()

    def _closes(self, node: Node) -> bool:
        """Whether a last sub-item ends in an assignment, and holds nothing behind it."""
        groups, rest = self.sense.group(node)
        return not (rest or len(groups) != 1 or node.children)

    def _folded(self, here: _Clause) -> None:
        """A clause with its sub-items as one task: the assignment behind the last of them is the clause's."""
        node, last = here.node, here.node.children[-1]
        groups, _ = self.sense.group(last)
        text = [(s.start, s.end) for s in node.body]
        for child in node.children[:-1]:
            text += whole_text(child, True)
        body = groups[-1].text
        text.append((last.start, body[-1][1] if body else last.cut))
        self._add(here, text, groups[-1], "task.clause").inherited = here.lead


def _texts_of(said: Group, node: Node) -> list[list[Span]]:
    """The texts that an assignment closes: paragraphs of a chapter that it names together are a task each."""
    each = said.above and node.style <= CHAPTER and said.text
    return [[s] for s in said.text] if each else [[*said.text]]
