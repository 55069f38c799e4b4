"""Tasks among the clauses of a paper: its tree of headings read from above, with what assigns each."""

from __future__ import annotations

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
from .stretches import Group
from .tree import Assignments, Node


class ClauseReader:
    """Reads the tree of a paper; what it finds stands in `drafting`, what headings say is asked of `sense`."""

    def __init__(self, text: str, said: Assignments, out: Drafts) -> None:
        self.text, self.said, self.out = text, said, out
        self.sense, self.drafting = ClauseSense(text, said), Drafting(text, out)
        self.articles = True  # 第一条 sets work, also where nobody is named
        self.assigned_only = False  # only what somebody answers for is work

    def node(self, node: Node, parent: Draft | None, lead: list[Span], free: bool, given: Group | None = None) -> None:
        """Reads a heading and what is below it. `free`: clauses without assignment are tasks, too; `given`: what the
        heading above assigns to those without."""
        groups, rest = self.sense.group(node)
        duty = self.sense.duty(node)
        given = duty or given
        free = not self.assigned_only and (free or duty is not None)
        own = [g for g in groups if g.assigned]
        if own and not any(g.text for g in groups):
            if node.children and not rest:
                self._heading_with_assignment(node, own[0], parent, lead, groups)
                return
            if rest:
                groups = [Group(rest, [a for g in groups for a in g.said])]
                own, rest = groups, []
        if own:
            self._assigned(node, groups, rest, parent, lead)
        elif node.children:
            self._with_children(node, groups, rest, parent, lead, free, given)
        elif given or (free and self._is_clause(node, parent) and not self.sense.excluded(node)):
            self._leaf(node, groups, rest, parent, lead, given)

    def _is_clause(self, node: Node, parent: Draft | None) -> bool:
        above = node.parent
        return (
            node.style in (CLAUSE, POINT, DECIMAL)
            or (node.style == ARTICLE and self.articles)
            or parent is not None
            or (node.style != ARTICLE and (above is None or above.style <= CHAPTER))
        )

    def _leaf(
        self,
        node: Node,
        groups: list[Group],
        rest: list[Span],
        parent: Draft | None,
        lead: list[Span],
        given: Group | None,
    ) -> None:
        """A clause without an assignment of its own."""
        text = [*[s for g in groups for s in g.text], *rest]
        title, section = self._title(node)
        draft = self.drafting.add(node, title, text, given, "task.clause", section, parent, node.part)
        draft.inherited = lead
        for a in (a for g in groups for a in g.said):
            draft.cells += a.parsed.deadlines
            self.out.hidden += a.parsed.hidden

    def _title(self, node: Node) -> tuple[Span | None, list[Span]]:
        """Title and section of a clause. What is listed (一是…) in its clause's own paragraph without a heading repeats
        the clause's."""
        above = node.parent
        if node.headed:
            return node.heading, section_of(node)
        if node.style == LISTED and above is not None and self.text[node.start - 1 : node.start] != "\n":
            return (above.heading if above.headed else None), section_of(above)
        return None, section_of(node)

    def _heading_with_assignment(
        self, node: Node, own: Group, parent: Draft | None, lead: list[Span], groups: list[Group]
    ) -> None:
        """A heading with an assignment and no text: the items below that have none take it; where all have their own,
        the heading is a task, too."""
        said = Group([], [a for g in groups for a in g.said])
        mine = parent
        if node.style >= CLAUSE and node.children[0].style >= SUBPOINT:
            self._assigned(node, groups, [], parent, lead)
            return
        if all(self.sense.has_units(c) for c in node.children):
            title, section = self._title(node)
            mine = self.drafting.add(node, title, [], said, "task.clause", section, parent, node.part)
        for child in node.children:
            self.node(child, mine, [*lead, *dated(self.text, node)], True, said)

    def _with_children(
        self,
        node: Node,
        groups: list[Group],
        rest: list[Span],
        parent: Draft | None,
        lead: list[Span],
        free: bool,
        given: Group | None,
    ) -> None:
        """A heading without an assignment, with clauses below it."""
        last = node.children[-1]
        below = [c for c in node.children if self.sense.has_units(c)]
        clause = node.style >= CLAUSE
        fields = self._fields_below(node, rest) if below == [last] else None
        if fields is not None:
            self._rectified(node, [fields], parent, [*lead, *rest])
            return
        if below == [last] and len(node.children) > 1 and clause and last.style >= SUBPOINT and self._closes(last):
            self._folded(node, parent, lead)
            return
        text = [*[s for g in groups for s in g.text], *rest]
        if not below and given is not None and node.headed and self.sense.duty(node):
            intro = without_announcement(self.text, text)
            if intro:
                self.drafting.add(node, node.heading, intro, given, "task.lead-in", section_of(node), parent, node.part)
        if below:
            mine = parent
            intro = without_announcement(self.text, text)
            if intro and clause and not self.sense.aims(node):
                title, section = self._title(node)
                mine = self.drafting.add(node, title, intro, None, "task.lead-in", section, parent, node.part)
            first = len(self.drafting.drafts)
            for child in node.children:
                # What only announces the list may name a limit, too (6月底前完成整治，具体如下：).
                self.node(child, mine, [*lead, *text, *dated(self.text, node)], True, given)
            if node.headed and mine is parent and ends_in_label(self.text, text):
                self._name(self.drafting.drafts[first:], node.heading)
            return
        if node.children[0].style >= SUBPOINT and clause and given is None:
            if free and not self.sense.excluded(node):
                title, section = self._title(node)
                draft = self.drafting.add(
                    node, title, whole_text(node), None, "task.clause", section, parent, node.part
                )
                draft.inherited = lead
            return
        for child in node.children:
            self.node(
                child,
                parent,
                [*lead, *(text if clause else ()), *dated(self.text, node)],
                given is not None or (free and not self.sense.excluded(child)),
                given,
            )

    def _assigned(
        self, node: Node, groups: list[Group], rest: list[Span], parent: Draft | None, lead: list[Span]
    ) -> None:
        """A heading whose own text is closed by one assignment or several."""
        title, section = self._title(node)
        below = [c for c in node.children if self.sense.has_units(c)]
        if node.children and not below and ends_in_label(self.text, [*groups[-1].text, *rest]):
            self._rectified(node, groups, parent, lead)
            return
        if with_measures(self.text, groups, rest):
            said = Group([], [a for g in groups for a in g.said])
            groups = [Group([*[s for g in groups for s in g.text], *rest], said.said)]
        fresh = sum(g.fresh for g in groups)
        heads = [*section, *([title] if title else [])]
        chapter = node.style <= CHAPTER
        fields = node.whole and len(groups) == 1 and not node.children and begins_field(self.text, groups[0].text)
        apart = not fields and ((chapter and (fresh > 0 or bool(node.children))) or (node.whole and fresh > 1))
        clause: Draft | None = None
        own = None if apart else title
        inside = heads if apart else section
        for n, said in enumerate(groups):
            if n and said.fresh:
                own, inside = None, section if self._farewell(said, groups) else heads
            pieces = [[s] for s in said.text] if said.above and chapter and said.text else [list(said.text)]
            if n == 0 and not below and node.children and len(groups) == 1:
                # What stands below without an assignment of its own belongs to the clause.
                pieces[-1] += [s for c in node.children for s in whole_text(c, True)]
            for text in pieces:
                if not own and not text:
                    continue
                rule = "task.clause" if own or (n == 0 and not apart) else "task.paragraph"
                self.drafting.assign_above(said, section)
                whole = node if own or not node.headed else None
                above = clause if said.fresh and clause is not None else parent
                draft = self.drafting.add(whole, own, text, said, rule, inside, above, node.part)
                draft.inherited = lead
            if clause is None and not apart and self.drafting.drafts:
                clause = self.drafting.drafts[-1]
        for child in node.children if below else []:
            self.node(child, clause or parent, [*lead, *dated(self.text, node)], True)

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

    def _rectified(self, node: Node, groups: list[Group], parent: Draft | None, lead: list[Span]) -> None:
        """A problem with numbered measures: each is a task with the problem's assignment, the problem its title."""
        said = Group([], [a for g in groups for a in g.said])
        title, section = self._title(node)
        if not node.headed and node.cut > node.after:
            title = (node.start, node.cut)  # its first sentence
        for child in node.children:
            text = [(child.after, child.line.end), *((s.start, s.end) for s in child.more)]
            text += [s for c in child.children for s in whole_text(c, True)]
            text = before(text, [a.start for a in said.said])
            draft = self.drafting.add(child, title, text, said, "task.clause", section, parent, node.part)
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

    def _folded(self, node: Node, parent: Draft | None, lead: list[Span]) -> None:
        """A clause with its sub-items as one task: the assignment behind the last of them is the clause's."""
        last = node.children[-1]
        groups, _ = self.sense.group(last)
        text = [(s.start, s.end) for s in node.body]
        for child in node.children[:-1]:
            text += whole_text(child, True)
        body = groups[-1].text
        text.append((last.start, body[-1][1] if body else last.cut))
        title, section = self._title(node)
        draft = self.drafting.add(node, title, text, groups[-1], "task.clause", section, parent, node.part)
        draft.inherited = lead
