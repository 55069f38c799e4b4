"""Tasks in prose: clauses, their sub-items, stretches of paragraphs that an assignment closes, duties under units."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..words.fold import fold, squeeze
from ..words.unit_list import lead_beside_support, shift
from ..words.unit_words import labels
from .drafts import Draft, Drafts, Span
from .headings import has_word
from .numbering import ARTICLE, CHAPTER, CLAUSE, DECIMAL, LISTED, POINT, SUBPOINT, pattern
from .tree import Assignments, Node, Outline, Part, Stretch
from .units import Assignment

if TYPE_CHECKING:
    from .document import Head

#: Sizes in characters: a heading of aims, a lead-in that only announces a list, text that is a lead-in at least, the
#: same where it is a sentence, a heading that is a list of units.
_AIMS, _ANNOUNCED, _LEAD_IN, _SENTENCE, _UNITS = 24, 40, 12, 5, 40
#: Of a list's headings, so many at least and this share are units where the list is one of duties.
_SOME, _MOST = 2, 0.6
_SENTENCE_END = re.compile(r"[。;]\s*")


@dataclass(slots=True)
class Group:
    """A stretch of text and the assignments that close it. `fresh`: it begins with a paragraph below its clause's line;
    `above`: it is assigned with what stands before it (上述工作由…)."""

    text: list[Span]
    said: list[Assignment] = field(default_factory=list)
    fresh: bool = False
    above: bool = False

    @property
    def assigned(self) -> bool:
        return any(a.parsed.items or a.parsed.open for a in self.said)


def group(
    text: str, body: list[Stretch], said: Assignments, line: Stretch | None = None
) -> tuple[list[Group], list[Span]]:
    """The stretches of a body that are closed by assignments, and the text after the last of them. `line` is the line
    of the clause itself."""
    groups: list[Group] = []
    waiting: list[Span] = []
    fresh = False
    for stretch in body:
        at = stretch.start
        below = line is None or not line.start <= stretch.start < line.end
        for a in said.within(stretch.start, stretch.end):
            if has_word(text, at, a.start):
                fresh = below and at == stretch.start if not waiting else fresh
                waiting.append((at, a.start))
            if not waiting and groups:
                groups[-1].said.append(a)
            elif waiting or a.parsed.items or a.parsed.open:
                above = bool(pattern("above").match(text, a.start, a.end))
                groups.append(Group(waiting, [a], fresh if waiting else below, above))
                waiting = []
            at = a.end
            while at < stretch.end and text[at] in "。;,、 ":
                at += 1
        if has_word(text, at, stretch.end):
            fresh = below and at == stretch.start if not waiting else fresh
            waiting.append((at, stretch.end))
    return groups, waiting


@dataclass(slots=True)
class _Duty:
    """What a unit does, behind its name and a colon: `[colon + 1, end)`."""

    start: int
    colon: int
    end: int
    unit: Assignment


class ProseReader:
    """Reads the tree of a paper; what it finds stands in `drafts`."""

    def __init__(self, text: str, said: Assignments, out: Drafts) -> None:
        self.text, self.said, self.out = text, said, out
        self.drafts: list[Draft] = []
        self.roots: list[Node] = []  # of the part that is read
        self.articles = True  # 第一条 sets work, also where nobody is named
        self.assigned_only = False  # only what somebody answers for is work
        self._known: dict[int, bool] = {}
        self._duties: dict[tuple[int, int, float], bool] = {}

    # --- what headings say

    def aims(self, node: Node) -> bool:
        """Whether a heading sets no work: aims, background, attitude."""
        bare = re.sub(r"[。:\s]", "", self.text[slice(*node.words)])
        if node.style <= CHAPTER and pattern("attitude").match(bare):
            return True
        to_do = pattern("verb").match(bare)
        return len(bare) <= _AIMS and bool(pattern("aims-to-do" if to_do else "aims").search(bare))

    def excluded(self, node: Node) -> bool:
        at: Node | None = node
        while at is not None:
            if self.aims(at):
                return True
            at = at.parent
        return False

    def has_units(self, node: Node) -> bool:
        known = self._known.get(node.start)
        if known is None:
            groups, _ = self.group(node)
            known = any(g.assigned for g in groups) or any(self.has_units(c) for c in node.children)
            self._known[node.start] = known
        return known

    def group(self, node: Node) -> tuple[list[Group], list[Span]]:
        body = node.body
        for n, stretch in enumerate(body):
            # What was done is no work to do; from when a paper holds, and what follows that, closes the paper.
            if any(pattern(p).match(self.text, stretch.start, stretch.end) for p in ("progress", "validity")):
                body = body[:n]
                break
        if node.style == LISTED and not node.headed and body:
            body = [Stretch(node.start, body[0].end, body[0].place), *body[1:]]  # 一是 belongs to its sentence
        return group(self.text, body, self.said, node.line)

    def duty(self, node: Node) -> Group | None:
        """The assignment that a heading makes which is a unit, in a list of duties."""
        if not node.headed or node.style < CHAPTER:
            return None
        own = self.units_of(*node.words)
        if own is None:
            return None
        if not self._list_of_duties(node):
            return None
        return Group([], [own])

    def _list_of_duties(self, node: Node) -> bool:
        """Whether a clause stands in a list of duties: its chapter says so, or most headings of the list are units."""
        above = node.parent
        if above is not None and pattern("duties").search(self.text[slice(*above.words)]):
            return True
        key = (id(above), node.part, node.style)
        if key not in self._duties:
            siblings = above.children if above is not None else self.roots
            alike = [n for n in siblings if n.style == node.style]
            known = [u for n in alike if n.headed and (u := self.units_of(*n.words)) is not None]
            sure = any(self.said.shapes.sure(self.text[i.start : i.end]) for u in known for i in u.parsed.items)
            self._duties[key] = sure and len(known) >= _SOME and len(known) >= _MOST * len(alike)
        return self._duties[key]

    def units_of(self, start: int, end: int) -> Assignment | None:
        """The units that words are, where they are nothing else."""
        words = self.text[start:end].strip()
        if not words or len(words) > _UNITS or labels().match(words + ":"):
            return None
        parsed = self.said.shapes.parse_list(self.text[start:end])
        if not parsed.items or parsed.rest or parsed.verbs or parsed.labelled or parsed.deadlines or parsed.hidden:
            return None
        if any(pattern("verb").match(self.text, start + i.start) for i in parsed.items):
            return None
        if sum(i.end - i.start for i in parsed.items) < len(squeeze(words)) - 3 * len(parsed.items):
            return None
        return Assignment(start, end, shift(parsed, start), "units.duty")

    # --- drafts

    def add(
        self,
        node: Node | None,
        title: Span | None,
        text: list[Span],
        said: Group | None,
        rule: str,
        section: list[Span],
        parent: Draft | None = None,
        part: int = 0,
    ) -> Draft:
        spans = self._text_of([s for s in text if has_word(self.text, *s)])
        if not spans and node is not None:
            end = max(node.heading[1], node.cut)
            # The heading is its own text, with the punctuation that closes it.
            while end < len(self.text) and self.text[end] in "。!;":
                end += 1
            spans = [(node.after, end)]
        at = min([s[0] for s in spans] + ([title[0]] if title else []))
        draft = Draft(section, title, spans, at, parent=parent, rule=rule, part=part)
        draft.limits = list(spans) + ([title] if title and title not in spans else [])
        draft.covers = list(draft.limits)
        if said:
            self.give(draft, said)
        self.drafts.append(draft)
        return draft

    def _text_of(self, spans: list[Span]) -> list[Span]:
        """The text of a task without the label of its measures; of a plan of rectification, the measures alone."""
        for n, (start, end) in enumerate(spans):
            label = pattern("measures").search(self.text, start, end)
            if label:
                kept = [(label.end(), end), *spans[n + 1 :]]
                return [s for s in kept if has_word(self.text, *s)] or spans
            if n == 0:
                own = pattern("measures-label").match(self.text, start, end)
                if own and has_word(self.text, own.end(), end):
                    return [(own.end(), end), *spans[1:]]
        return spans

    def give(self, draft: Draft, said: Group) -> None:
        """Puts the assignments that close a stretch into its draft."""
        for a in said.said:
            self.out.take(draft, a.parsed)
            draft.covers.append((a.start, a.end))
        draft.units = lead_beside_support(draft.units)
        draft.assigned = bool(draft.units) or draft.open

    # --- the tree

    def node(self, node: Node, parent: Draft | None, lead: list[Span], free: bool, given: Group | None = None) -> None:
        """Reads a heading and what is below it. `free`: clauses without assignment are tasks, too; `given`: what the
        heading above assigns to those without."""
        groups, rest = self.group(node)
        duty = self.duty(node)
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
        elif given or (free and self._is_clause(node, parent) and not self.excluded(node)):
            self._leaf(node, groups, rest, parent, lead, given)

    def _dated(self, node: Node) -> list[Span]:
        """A heading that sets a date for what stands below it."""
        start, end = node.words
        return [(start, end)] if pattern("dated").search(self.text, start, end) else []

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
        draft = self.add(node, title, text, given, "task.clause", section, parent, node.part)
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
        if all(self.has_units(c) for c in node.children):
            title, section = self._title(node)
            mine = self.add(node, title, [], said, "task.clause", section, parent, node.part)
        for child in node.children:
            self.node(child, mine, [*lead, *self._dated(node)], True, said)

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
        below = [c for c in node.children if self.has_units(c)]
        clause = node.style >= CLAUSE
        fields = self._fields_below(node, rest) if below == [last] else None
        if fields is not None:
            self._rectified(node, [fields], parent, [*lead, *rest])
            return
        if below == [last] and len(node.children) > 1 and clause and last.style >= SUBPOINT and self._closes(last):
            self._folded(node, parent, lead)
            return
        text = [*[s for g in groups for s in g.text], *rest]
        if not below and given is not None and node.headed and self.duty(node):
            intro = self._without_announcement(text)
            if intro:
                self.add(node, node.heading, intro, given, "task.lead-in", section_of(node), parent, node.part)
        if below:
            mine = parent
            intro = self._without_announcement(text)
            if intro and clause and not self.aims(node):
                title, section = self._title(node)
                mine = self.add(node, title, intro, None, "task.lead-in", section, parent, node.part)
            first = len(self.drafts)
            for child in node.children:
                # What only announces the list may name a limit, too (6月底前完成整治，具体如下：).
                self.node(child, mine, [*lead, *text, *self._dated(node)], True, given)
            if node.headed and mine is parent and self._only_label(text):
                self._name(self.drafts[first:], node.heading)
            return
        if node.children[0].style >= SUBPOINT and clause and given is None:
            if free and not self.excluded(node):
                title, section = self._title(node)
                draft = self.add(node, title, self._whole(node), None, "task.clause", section, parent, node.part)
                draft.inherited = lead
            return
        for child in node.children:
            self.node(
                child,
                parent,
                [*lead, *(text if clause else ()), *self._dated(node)],
                given is not None or (free and not self.excluded(child)),
                given,
            )

    def _assigned(
        self, node: Node, groups: list[Group], rest: list[Span], parent: Draft | None, lead: list[Span]
    ) -> None:
        """A heading whose own text is closed by one assignment or several."""
        title, section = self._title(node)
        below = [c for c in node.children if self.has_units(c)]
        if node.children and not below and self._only_label([*groups[-1].text, *rest]):
            self._rectified(node, groups, parent, lead)
            return
        if self._measures(groups, rest):
            said = Group([], [a for g in groups for a in g.said])
            groups = [Group([*[s for g in groups for s in g.text], *rest], said.said)]
        fresh = sum(g.fresh for g in groups)
        heads = [*section, *([title] if title else [])]
        chapter = node.style <= CHAPTER
        fields = node.whole and len(groups) == 1 and not node.children and self._begins_field(groups[0].text)
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
                pieces[-1] += [s for c in node.children for s in self._whole(c, True)]
            for text in pieces:
                if not own and not text:
                    continue
                rule = "task.clause" if own or (n == 0 and not apart) else "task.paragraph"
                self._assign_above(said, section)
                whole = node if own or not node.headed else None
                above = clause if said.fresh and clause is not None else parent
                draft = self.add(whole, own, text, said, rule, inside, above, node.part)
                draft.inherited = lead
            if clause is None and not apart and self.drafts:
                clause = self.drafts[-1]
        for child in node.children if below else []:
            self.node(child, clause or parent, [*lead, *self._dated(node)], True)

    def _begins_field(self, text: list[Span]) -> bool:
        """Whether a text begins with the name of a field (建设内容：…): the heading above is the matter's own."""
        start, end = text[0] if text else (0, 0)
        colon = self.text.find(":", start, min(end, start + _AIMS))
        return colon > 0 and bool(pattern("field").match(self.text, start, colon))

    def _farewell(self, said: Group, groups: list[Group]) -> bool:
        """Whether a stretch is the last paragraph of a paper, which is none of its last clause."""
        return said is groups[-1] and bool(said.text) and bool(pattern("farewell").match(self.text, *said.text[0]))

    def _measures(self, groups: list[Group], rest: list[Span]) -> bool:
        """Whether the text is a problem and, behind its assignment or before, the measures against it."""
        spans = [*[s for g in groups for s in g.text], *rest]
        return any(pattern("measures").match(self.text, *s) for s in spans[1:])

    def _only_label(self, text: list[Span]) -> bool:
        """Whether a text ends in the label of the measures, which follow as items."""
        labels_ = list(pattern("measures").finditer(self.text, *text[-1])) if text else []
        return bool(labels_) and not has_word(self.text, labels_[-1].end(), text[-1][1])

    def _fields_below(self, node: Node, rest: list[Span]) -> Group | None:
        """The assignment of a problem whose fields stand on lines below it: the label of its measures, the measures,
        and then, on lines of their own, who answers for it and until when. Behind the last measure they are the
        problem's, not that measure's."""
        if not self._only_label(rest):
            return None
        last = node.children[-1]
        groups, behind = self.group(last)
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
            text += [s for c in child.children for s in self._whole(c, True)]
            text = self._before(text, [a.start for a in said.said])
            draft = self.add(child, title, text, said, "task.clause", section, parent, node.part)
            draft.inherited = lead

    def _name(self, drafts: list[Draft], problem: Span) -> None:
        """Makes the problem the title of its measures that have none, in place of a heading above them."""
        for draft in drafts:
            if draft.title is None and draft.section and draft.section[-1] == problem:
                draft.title = draft.section.pop()

    def _before(self, spans: list[Span], stops: list[int]) -> list[Span]:
        """Spans up to the first of some places in them."""
        stop = min((s for s in stops if any(a <= s < b for a, b in spans)), default=None)
        return spans if stop is None else [(a, min(b, stop)) for a, b in spans if a < stop]

    def _assign_above(self, said: Group, section: list[Span]) -> None:
        """上述工作由X牵头: gives it to what stands without assignment since the last heading or assignment."""
        if not said.above:
            return
        for draft in reversed(self.drafts):
            if draft.assigned or draft.section != section:
                return
            self.give(draft, said)

    def _closes(self, node: Node) -> bool:
        """Whether a last sub-item ends in an assignment, and holds nothing behind it."""
        groups, rest = self.group(node)
        return not (rest or len(groups) != 1 or node.children)

    def _folded(self, node: Node, parent: Draft | None, lead: list[Span]) -> None:
        """A clause with its sub-items as one task: the assignment behind the last of them is the clause's."""
        last = node.children[-1]
        groups, _ = self.group(last)
        text = [(s.start, s.end) for s in node.body]
        for child in node.children[:-1]:
            text += self._whole(child, True)
        body = groups[-1].text
        text.append((last.start, body[-1][1] if body else last.cut))
        title, section = self._title(node)
        draft = self.add(node, title, text, groups[-1], "task.clause", section, parent, node.part)
        draft.inherited = lead

    def _whole(self, node: Node, with_heading: bool = False) -> list[Span]:
        """The text of a clause with all that stands below it."""
        spans = [(node.start, node.line.end)] if with_heading else []
        body = node.more if with_heading else node.body
        spans += [(s.start, s.end) for s in body]
        for child in node.children:
            spans += self._whole(child, True)
        return spans

    def _without_announcement(self, spans: list[Span]) -> list[Span]:
        """A lead-in without the words that only announce the list (具体责任分工是：)."""
        if not spans:
            return []
        start, end = spans[-1]
        words = self.text[start:end].rstrip()
        if words.endswith(":"):
            cut = max(words.rfind("。"), words.rfind(";"))
            if len(words) - cut - 1 <= _ANNOUNCED:
                end = start + cut + 1
        spans = [s for s in [*spans[:-1], (start, end)] if has_word(self.text, *s)]
        size = sum(b - a for a, b in spans)
        closed = bool(spans) and self.text[spans[-1][1] - 1] == "。"
        return spans if size >= (_SENTENCE if closed else _LEAD_IN) else []


def section_of(node: Node) -> list[Span]:
    """The headings above a node, outermost first."""
    out: list[Span] = []
    at = node.parent
    while at is not None:
        if at.headed:
            out.insert(0, at.heading)
        at = at.parent
    return out


def read_prose(text: str, outline: Outline, head: Head, out: Drafts, tables: bool) -> list[Draft]:
    """The tasks of a paper's prose in its order. `tables`: the paper has rows of tasks, too."""
    title = fold(head.title[0]) if head.title else ""
    titles = [fold(t) for t in _titles(head)]
    contingency = any(pattern("contingency").search(t) for t in titles)
    sets_work = not contingency and not pattern("no-work").search(title)
    reader = ProseReader(text, outline.said, out)
    reader.articles = not any(pattern("rules-of-conduct").search(t) for t in titles)
    reader.assigned_only = contingency
    for part in outline.parts:
        _read_part(reader, part, title, sets_work, out, tables)
    reader.drafts.sort(key=lambda d: d.at)
    out.opening += _openings(outline) + _notice(text, outline, title)
    return _without_notice(reader.drafts, outline, title)


def _titles(head: Head) -> list[str]:
    """The title of a paper and that of what it brings in (印发《…办法》的通知)."""
    return [head.title[0], *head.own] if head.title else []


def _read_part(reader: ProseReader, part: Part, title: str, sets_work: bool, out: Drafts, tables: bool) -> None:
    text = reader.text
    chapters = [n for n in part.nodes if n.style <= CHAPTER]
    reader.roots = part.nodes
    listed = _duties_of_one(reader, part) | _labels_above(reader, part)
    for node in part.nodes:
        if pattern("requests").search(text[slice(*node.words)]):
            continue
        if reader.aims(node) and not reader.has_units(node):
            out.aims.append((node.start, end_of(node)))
            continue
        given = listed.get(node.start)
        free = given is not None or (sets_work and not reader.excluded(node))
        if node.style <= CHAPTER and not node.children and not reader.has_units(node) and not reader.duty(node):
            if _duty_paragraphs(reader, node):
                continue
            if free and not tables and _chapters_are_tasks(chapters, title, reader):
                groups, rest = reader.group(node)
                spans = [*[s for g in groups for s in g.text], *rest]
                own = node.heading if node.headed else None
                reader.add(node, own, spans, given, "task.chapter", [], None, part.index)
            continue
        for inner in node.walk():
            if inner is not node and reader.aims(inner) and not reader.has_units(inner):
                out.aims.append((inner.start, end_of(inner)))
        reader.node(node, None, [], free, given)
    duties = [d for stretch in part.loose for d in _duties_in(reader, stretch)]
    if not part.nodes and _is_list_of_duties(duties, len(part.loose)):
        _add_duties(reader, duties, [], part.index)
        return
    groups, _ = group(text, part.loose, reader.said)
    for said in groups:
        if said.assigned and said.text and not pattern("validity").match(text, *said.text[0]):
            reader.add(None, None, said.text, said, "task.paragraph", [], None, part.index)


def _duties_of_one(reader: ProseReader, part: Part) -> dict[int, Group]:
    """乡镇政府…主要承担以下工作： → the items that follow, by their start, with what is assigned to them."""
    found: dict[int, Group] = {}
    for stretch in part.loose:
        said = pattern("duties-of-one").search(reader.text, stretch.start, stretch.end)
        if not said:
            continue
        subject = reader.units_of(said.start("unit"), said.end("unit"))
        if subject is None:
            continue
        below = [n for n in part.nodes if n.start >= stretch.end]
        for node in below:
            if node.style != below[0].style:
                break
            found[node.start] = Group([], [subject])
    return found


def _labels_above(reader: ProseReader, part: Part) -> dict[int, Group]:
    """责任单位：… on lines of their own, each above the items that it holds for → the items, by their start. There are
    several, the first above the first item; they are taken out of what stands before them."""
    nodes = part.nodes
    above = part.loose[-1:] if nodes and part.loose and part.loose[-1].end <= nodes[0].start else []
    if not above or not _is_label(reader, above[0]):
        return {}
    found = [(above[0], part.loose)]
    for before, _ in itertools.pairwise(nodes):
        last = before.walk()[-1]
        if last.more and _is_label(reader, last.more[-1]):
            found.append((last.more[-1], last.more))
    if len(found) < _SOME:
        return {}
    given: dict[int, Group] = {}
    for stretch, held in found:
        held.remove(stretch)
        said = Group([], reader.said.within(stretch.start, stretch.end))
        given |= {node.start: said for node in nodes if node.start >= stretch.end}
    return given


def _is_label(reader: ProseReader, stretch: Stretch) -> bool:
    """Whether a stretch is nothing but one labelled line of units."""
    said = reader.said.within(stretch.start, stretch.end)
    whole = len(said) == 1 and said[0].rule == "units.line" and bool(said[0].parsed.items)
    return whole and not has_word(reader.text, said[0].end, stretch.end) and said[0].start <= stretch.start + 1


def _duty_paragraphs(reader: ProseReader, node: Node) -> bool:
    """Reads what a chapter says of units one after the other (县教育局：负责…。县财政局：负责…); False where it is no
    list of duties: its heading says so, or most of its paragraphs begin with a unit."""
    duties = [d for stretch in node.body for d in _duties_in(reader, stretch)]
    told = bool(pattern("duties").search(reader.text[slice(*node.words)]))
    if not duties or not (told or _is_list_of_duties(duties, len(node.body))):
        return False
    section = [*section_of(node), *([node.heading] if node.headed else [])]
    _add_duties(reader, duties, section, node.part)
    return True


def _is_list_of_duties(duties: list[_Duty], paragraphs: int) -> bool:
    return len(duties) >= _SOME and len(duties) >= _MOST * paragraphs


def _add_duties(reader: ProseReader, duties: list[_Duty], section: list[Span], part: int) -> None:
    for duty in duties:
        title = (duty.start, duty.colon)
        text = [(duty.colon + 1, duty.end)]
        reader.add(None, title, text, Group([], [duty.unit]), "task.paragraph", section, None, part)


def _duties_in(reader: ProseReader, stretch: Stretch) -> list[_Duty]:
    """The duties of a paragraph: each begins with its unit and a colon, at the paragraph's start or behind a
    sentence."""
    found: list[_Duty] = []
    at = stretch.start
    while at < stretch.end:
        colon = reader.text.find(":", at, min(stretch.end, at + _UNITS))
        unit = reader.units_of(at, colon) if colon > 0 else None
        if unit is not None and has_word(reader.text, colon, stretch.end):
            if found:
                found[-1].end = at
            found.append(_Duty(unit.parsed.items[0].start, colon, stretch.end, unit))
        stop = _SENTENCE_END.search(reader.text, at, stretch.end)
        at = stop.end() if stop else stretch.end
    return found


def _without_notice(drafts: list[Draft], outline: Outline, title: str) -> list[Draft]:
    """Leaves out the chapters of a notice that only brings in the plan where the work stands."""
    if not pattern("issues").search(title):
        return drafts
    attached = {p.index for p in outline.parts if p.attached}
    if not any(d.part in attached for d in drafts):
        return drafts
    first = min(attached)
    return [d for d in drafts if d.assigned or d.part >= first]


def _openings(outline: Outline) -> list[Span]:
    """The paragraphs before the first clause or table of each part."""
    out: list[Span] = []
    for part in outline.parts:
        begins = [table.start for index, table, _ in outline.tables if index == part.index]
        begins += [node.start for node in part.nodes[:1]]
        out += [(s.start, s.end) for s in part.loose if s.end <= min(begins, default=0)]
    return out


def _notice(text: str, outline: Outline, title: str) -> list[Span]:
    """The text of a notice that has what it issues behind it."""
    first = min((p.index for p in outline.parts if p.attached), default=0)
    out: list[Span] = []
    for part in outline.parts[:first]:
        said = [(s.start, s.end) for s in part.loose]
        if pattern("brings").search(title) or any(pattern("brings").search(text, a, b) for a, b in said):
            out += said + [(node.start, end_of(node)) for node in part.nodes]
    return out


def end_of(node: Node) -> int:
    return max([node.line.end, *[s.end for s in node.more], *[end_of(c) for c in node.children]])


def _chapters_are_tasks(chapters: list[Node], title: str, reader: ProseReader) -> bool:
    """Whether 一、 二、 … are themselves the clauses: none of them has any below it, and the paper sets work."""
    if any(c.children for c in chapters) or len(chapters) < _SOME:
        return False
    return any(reader.has_units(c) for c in chapters) or bool(pattern("sets-work").search(title))
