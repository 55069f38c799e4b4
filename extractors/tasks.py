"""Tasks: rows of task tables and clauses of prose, with their headings, texts and assignments, twins made one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from . import grid, units
from .document import Head
from .fold import fold, squeeze
from .outline import CHAPTER, CLAUSE, DECIMAL, POINT, SUBPOINT, Node, Outline, Part, Stretch, pattern

Span = tuple[int, int]


@dataclass(slots=True)
class Draft:
    """A task in the making: spans in the paper's text."""

    section: list[Span]
    title: Span | None
    text: list[Span]
    at: int
    units: list[units.Item] = field(default_factory=list)
    open: bool = False
    cells: list[Span] = field(default_factory=list)  # deadline cells and labels
    covers: list[Span] = field(default_factory=list)  # all that belongs to it, citations are looked for in it
    limits: list[Span] = field(default_factory=list)  # where its deadlines may stand in running text
    inherited: list[Span] = field(default_factory=list)  # lead-in of the list that it is in
    parent: Draft | None = None
    twin: Draft | None = None  # the clause in the prose of the same task as this row
    part: int = 0
    assigned: bool = False
    rule: str = ""


@dataclass(slots=True)
class Drafts:
    tasks: list[Draft]
    remarks: list[tuple[str, Span, dict]]
    hidden: list[Span]  # persons
    aims: list[Span]  # chapters of aims: their deadlines hold for the whole document
    opening: list[Span] = field(default_factory=list)  # paragraphs before the first chapter


def find_tasks(text: str, outline: Outline, head: Head) -> Drafts:
    """The tasks of a paper in document order. `text` is its folded text."""
    out = Drafts([], [], [], [])
    rows = _from_tables(text, outline, out)
    prose = _from_prose(text, outline, head, out, bool(rows))
    out.tasks = _one_of_twins(text, rows, prose, outline)
    _for_the_whole(text, out.tasks)
    return out


# --- tables --------------------------------------------------------------------------------------------------------


def _from_tables(text: str, outline: Outline, out: Drafts) -> list[Draft]:
    drafts: list[Draft] = []
    kinds: list[str | None] | None = None
    for part, table, above in outline.tables:
        reading = grid.read_table(table, text, kinds, [above] if above else None)
        kinds = reading.kinds or None
        out.hidden += reading.hidden
        out.remarks += [(code, span, {}) for code, span in reading.unread]
        for cell in reading.rest:
            out.remarks.append(("cell-unread", (cell.start, cell.end), {}))
        for row in reading.rows:
            drafts.append(_from_row(text, row, part, out))
    return drafts


def _from_row(text: str, row: grid.Row, part: int, out: Drafts) -> Draft:
    start, end = row.text
    title = row.title
    found = units.find_assignments(text, start, end)
    spans = _cut([(start, end)], found)
    if title is None:
        title, spans = _own_heading(text, spans, row.kind == "task")
    draft = Draft(row.section, title, spans, start, part=part, rule="task.row")
    draft.covers = [(start, end), *([row.title] if row.title else [])]
    draft.limits = list(spans)
    roles = {role for role, (a, b) in row.units if b > a and not units.names_nobody(text[a:b])}
    for role, (a, b) in row.units:
        if role == "responsible" and "support" in roles and "lead" not in roles:
            role = "lead"
        _take(draft, units.shift(units.parse_list(text[a:b], role, column=True), a), out)
        draft.assigned = True
    for a in found:
        _take(draft, a.parsed, out)
    if row.deadline:
        draft.cells.append(row.deadline)
    return draft


def _own_heading(text: str, spans: list[Span], task: bool) -> tuple[Span | None, list[Span]]:
    """The numbered heading that a cell begins with, and the cell without it; (None, spans) where it has none."""
    if not spans:
        return None, spans
    start, end = spans[0]
    match = re.compile(
        r"\s*(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|\d{1,3}[.、](?!\d)|\(\d{1,3}\))?"
    ).match(text, start, end)
    after = match.end() if match else start
    numbered = bool(match and match.group().strip())
    stop = re.compile(r"[。\n:]").search(text, after, min(end, after + 46))
    size = (stop.start() if stop else end) - after
    rest = end - stop.end() if stop else 0
    commas = len(re.findall(r"[,;]", text[after : stop.start()])) if stop else 9
    if (
        stop
        and rest > 8
        and size >= 4
        and commas <= 1
        and (numbered or (commas == 0 and size <= {"。": 20, "\n": 24, ":": 0}[stop.group()]))
    ):
        return (start, stop.start()), [(stop.end(), end), *spans[1:]]
    if (
        len(spans) == 1
        and not stop
        and size <= (40 if task else 24 if numbered else 0)
        and not re.search(r"[,;]", text[start:end])
    ):
        return (start, end), spans
    return None, spans


def _cut(spans: list[Span], found: list[units.Assignment]) -> list[Span]:
    """Spans without the assignments in them."""
    out: list[Span] = []
    for start, end in spans:
        at = start
        for a in found:
            if a.end <= start or a.start >= end:
                continue
            if a.start > at:
                out.append((at, a.start))
            at = max(at, a.end)
        if end > at:
            out.append((at, end))
    return out


def _take(draft: Draft, parsed: units.Parsed, out: Drafts) -> None:
    """Puts what an assignment says into a draft."""
    draft.units += parsed.items
    draft.open = draft.open or parsed.open
    draft.cells += parsed.deadlines
    out.hidden += parsed.hidden
    out.remarks += [("unit-unread", span, {}) for span in parsed.rest]


# --- prose ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Group:
    """A stretch of text and the assignment that closes it."""

    text: list[Span]
    said: list[units.Assignment] = field(default_factory=list)
    paragraph: int = 0


def _groups(text: str, body: list[Stretch]) -> tuple[list[Group], list[Span]]:
    """The stretches of a body that are closed by assignments, and the text after the last of them."""
    groups: list[Group] = []
    waiting: list[Span] = []
    first = 0
    for n, stretch in enumerate(body):
        at = stretch.start
        for a in units.find_assignments(text, stretch.start, stretch.end):
            if _words(text, at, a.start):
                if not waiting:
                    first = n
                waiting.append((at, a.start))
            if not waiting and groups:
                groups[-1].said.append(a)
            elif not a.parsed.items and not a.parsed.open and not waiting:
                pass
            else:
                groups.append(Group(waiting, [a], first if waiting else n))
                waiting = []
            at = a.end
        if _words(text, at, stretch.end):
            if not waiting:
                first = n
            waiting.append((at, stretch.end))
    return groups, waiting


def _words(text: str, start: int, end: int) -> bool:
    return bool(re.search(r"[\u4e00-\u9fffA-Za-z0-9]", text[start:end]))


def _has_units(text: str, node: Node, memo: dict[int, bool]) -> bool:
    known = memo.get(node.start)
    if known is None:
        groups, _ = _groups(text, node.body)
        known = any(a.parsed.items or a.parsed.open for g in groups for a in g.said) or any(
            _has_units(text, c, memo) for c in node.children
        )
        memo[node.start] = known
    return known


class _Reader:
    def __init__(self, text: str, out: Drafts) -> None:
        self.text, self.out = text, out
        self.memo: dict[int, bool] = {}
        self.drafts: list[Draft] = []

    # which headings set no work

    def aims(self, node: Node) -> bool:
        words = self.text[slice(*node.words)]
        bare = re.sub(r"[。:\s]", "", words)
        return bool(pattern("aims").search(bare) and len(bare) <= 24) or bool(
            node.style <= CHAPTER and pattern("attitude").match(bare)
        )

    def excluded(self, node: Node) -> bool:
        at: Node | None = node
        while at is not None:
            if self.aims(at):
                return True
            at = at.parent
        return False

    def add(
        self,
        node: Node | None,
        title: Span | None,
        text: list[Span],
        group: Group | None,
        rule: str,
        section: list[Span],
        parent: Draft | None = None,
        part: int = 0,
    ) -> Draft:
        spans = [s for s in text if _words(self.text, *s)]
        if not spans and node is not None:
            end = node.heading[1]
            # The heading is its own text, with the punctuation that closes it.
            while end < len(self.text) and self.text[end] in "。!;":
                end += 1
            spans = [(node.words[0], end)]
        at = min([s[0] for s in spans] + ([title[0]] if title else []))
        draft = Draft(section, title, spans, at, parent=parent, rule=rule, part=part)
        draft.limits = list(spans) + ([title] if title and title not in spans else [])
        draft.covers = list(draft.limits)
        if group:
            self._give(draft, [group])
        self.drafts.append(draft)
        return draft

    def _give(self, draft: Draft, groups: list[Group]) -> None:
        """Puts the assignments that close a stretch into its draft."""
        for a in (a for g in groups for a in g.said):
            _take(draft, a.parsed, self.out)
            draft.covers.append((a.start, a.end))
        draft.units = units.lead_beside_support(draft.units)
        draft.assigned = bool(draft.units) or draft.open

    def node(self, node: Node, parent: Draft | None, lead: list[Span], free: bool) -> None:
        """Reads a heading and what is below it. `free`: clauses without assignment are tasks, too."""
        groups, rest = _groups(self.text, node.body)
        section = _section(node)
        own_units = [g for g in groups if any(a.parsed.items or a.parsed.open for a in g.said)]
        with_units = [c for c in node.children if _has_units(self.text, c, self.memo)]
        title: Span | None = node.heading if node.words[1] > node.words[0] else None
        if own_units and node.style <= CHAPTER and node.children and not any(g.text for g in groups):
            # What stands at a chapter's heading holds for each of its tasks that has no assignment of its own.
            before = len(self.drafts)
            for child in node.children:
                self.node(child, parent, lead, True)
            for draft in self.drafts[before:]:
                if not draft.assigned:
                    self._give(draft, own_units)
            return
        if own_units:
            self._assigned(node, groups, section, title, parent, lead, with_units)
            return
        if node.children:
            last = node.children[-1]
            if (
                len(with_units) == 1
                and with_units[0] is last
                and len(node.children) > 1
                and node.style >= CLAUSE
                and self._closes(last)
            ):
                self._folded(node, section, title, parent, lead)
                return
            if with_units:
                mine: Draft | None = parent
                intro = self._without_intro([*[s for g in groups for s in g.text], *rest])
                if intro and node.style >= CLAUSE:
                    mine = self.add(node, title, intro, None, "task.lead-in", section, parent, node.part)
                for child in node.children:
                    self.node(child, mine, [*lead, *intro], True)
                return
            if node.children[0].style >= SUBPOINT and node.style >= CLAUSE:
                if free and not self.excluded(node):
                    self.add(
                        node, title, self._whole(node), None, "task.clause", section, parent, node.part
                    ).inherited = lead
                return
            for child in node.children:
                self.node(child, parent, lead, free and not self.excluded(child))
            return
        if (
            free
            and (node.style in (CLAUSE, POINT, DECIMAL) or (node.style >= SUBPOINT and parent is not None))
            and not self.excluded(node)
        ):
            text = [*[s for g in groups for s in g.text], *rest]
            draft = self.add(node, title, text, None, "task.clause", section, parent, node.part)
            draft.inherited = lead
            for g in groups:
                for a in g.said:
                    draft.cells += a.parsed.deadlines
                    self.out.hidden += a.parsed.hidden

    def _assigned(
        self,
        node: Node,
        groups: list[Group],
        section: list[Span],
        title: Span | None,
        parent: Draft | None,
        lead: list[Span],
        with_units: list[Node],
    ) -> None:
        """A heading whose own text is closed by one assignment or several."""
        paragraphs = {g.paragraph for g in groups}
        spread = len(paragraphs) > 1
        bare = node.whole and spread and all(g.text for g in groups)
        first: Draft | None = None
        for n, group in enumerate(groups):
            own = title
            heads = section
            if bare or (node.style <= CHAPTER and (spread or node.children or node.whole)):
                own, heads = None, [*section, *([title] if title else [])]
            elif spread and group.paragraph != groups[0].paragraph:
                own = None
            text = list(group.text)
            if n == 0 and not with_units and node.children and len(groups) == 1:
                # What stands below without an assignment of its own belongs to the clause.
                text += [s for c in node.children for s in self._whole(c, True)]
            if not own and not text:
                continue
            rule = "task.clause" if own else "task.paragraph"
            draft = self.add(node if own else None, own, text, group, rule, heads, parent, node.part)
            draft.inherited = lead
            first = first or draft
        if with_units:
            for child in node.children:
                self.node(child, first, lead, True)

    def _closes(self, node: Node) -> bool:
        """Whether a last sub-item only carries the assignment of its clause: it ends in it, on a line of its own or
        not."""
        groups, rest = _groups(self.text, node.body)
        return not (rest or len(groups) != 1 or node.children)

    def _folded(
        self, node: Node, section: list[Span], title: Span | None, parent: Draft | None, lead: list[Span]
    ) -> None:
        """A clause with its sub-items as one task: the assignment behind the last of them is the clause's."""
        last = node.children[-1]
        groups, _ = _groups(self.text, last.body)
        text = [(s.start, s.end) for s in node.body]
        for child in node.children[:-1]:
            text += self._whole(child, True)
        heading_end = last.heading[1]
        body = groups[-1].text
        text.append((last.start, body[-1][1] if body else heading_end))
        draft = self.add(node, title, text, groups[-1], "task.clause", section, parent, node.part)
        draft.inherited = lead

    def _whole(self, node: Node, with_heading: bool = False) -> list[Span]:
        spans: list[Span] = []
        if with_heading:
            end = node.body[0].end if node.body and node.body[0].start - node.heading[1] < 4 else node.heading[1] + 1
            spans.append((node.start, min(end, len(self.text))))
            spans += [(s.start, s.end) for s in node.body if s.start >= end]
        else:
            spans += [(s.start, s.end) for s in node.body]
        for child in node.children:
            spans += self._whole(child, True)
        return spans

    def _without_intro(self, spans: list[Span]) -> list[Span]:
        """A lead-in without the words that only announce the list (具体责任分工是：)."""
        if not spans:
            return []
        start, end = spans[-1]
        words = self.text[start:end].rstrip()
        if words.endswith(":"):
            cut = max(words.rfind("。"), words.rfind(";"))
            announce = words[cut + 1 :]
            if len(announce) <= 40:
                end = start + cut + 1
        spans = [*spans[:-1], (start, end)]
        spans = [s for s in spans if _words(self.text, *s)]
        return spans if sum(b - a for a, b in spans) >= 12 else []


def _section(node: Node) -> list[Span]:
    out: list[Span] = []
    at = node.parent
    while at is not None:
        out.insert(0, at.heading)
        at = at.parent
    return out


def _from_prose(text: str, outline: Outline, head: Head, out: Drafts, tables: bool) -> list[Draft]:
    title = head.title[0] if head.title else ""
    sets_work = not re.search(
        r"(?:解读|通报|公示|公告|通告|批复|名单|问答|报告|简报|公报|复函|说明|令)$|解读|公示|的函$", fold(title)
    )
    reader = _Reader(text, out)
    for part in outline.parts:
        chapters = [n for n in part.nodes if n.style <= CHAPTER]
        for node in part.nodes:
            if _requests(text, node):
                continue
            if reader.aims(node) and not _has_units(text, node, reader.memo):
                out.aims.append((node.start, _end_of(node)))
                continue
            free = sets_work and not reader.excluded(node)
            if node.style <= CHAPTER and not node.children and not _has_units(text, node, reader.memo):
                if free and not tables and _chapters_are_tasks(part, chapters, title, reader):
                    groups, rest = _groups(text, node.body)
                    reader.add(
                        node,
                        node.heading,
                        [*[s for g in groups for s in g.text], *rest],
                        None,
                        "task.chapter",
                        [],
                        None,
                        part.index,
                    )
                continue
            for inner in node.walk():
                if inner is not node and reader.aims(inner) and not _has_units(text, inner, reader.memo):
                    out.aims.append((inner.start, _end_of(inner)))
            reader.node(node, None, [], free)
        first = part.nodes[0].start if part.nodes else 0
        out.opening += [(s.start, s.end) for s in part.loose if s.end <= first]
        groups, _ = _groups(text, part.loose)
        for group in groups:
            if any(a.parsed.items for a in group.said) and group.text:
                reader.add(None, None, group.text, group, "task.paragraph", [], None, part.index)
    reader.drafts.sort(key=lambda d: d.at)
    return reader.drafts


def _requests(text: str, node: Node) -> bool:
    return bool(pattern("requests").search(text[slice(*node.words)]))


def _end_of(node: Node) -> int:
    end = max([node.heading[1], *[s.end for s in node.body]])
    return max([end, *[_end_of(c) for c in node.children]])


def _chapters_are_tasks(part: Part, chapters: list[Node], title: str, reader: _Reader) -> bool:
    """Whether 一、 二、 … are themselves the clauses: none of them has any below it, and the paper sets work."""
    if any(c.children for c in chapters) or len(chapters) < 2:
        return False
    if any(_has_units(reader.text, c, reader.memo) for c in chapters):
        return True
    return bool(re.search(r"要点|方案|措施|意见|计划|任务|分工|安排|行动|工作的通知", title))


# --- the same work in prose and table ------------------------------------------------------------------------------


def _one_of_twins(text: str, rows: list[Draft], prose: list[Draft], outline: Outline) -> list[Draft]:
    """Rows with the prose that the table does not have; a clause that stands in the table, too, is the row."""
    if not rows:
        return prose
    if not prose:
        return rows
    twins = _twins(text, rows, prose)
    kept: list[tuple[float, int, Draft]] = [(float(i), 0, r) for i, r in enumerate(rows)]
    parts_with_twin = {prose[i].part for i in twins}
    place = -1.0
    table_at = rows[0].at
    for i, draft in enumerate(prose):
        row = twins.get(i)
        if row is not None:
            place = max(place, float(row))
            rows[row].covers += draft.covers
            rows[row].twin = draft
            continue
        part = outline.parts[draft.part]
        if not draft.assigned and draft.part not in parts_with_twin and not part.attached:
            continue
        if not draft.assigned and draft.part not in parts_with_twin and not twins:
            continue
        if draft.rule == "task.chapter":
            continue
        if twins and place >= 0:
            # Behind the twin before it; in another chapter, behind all rows of the twin's chapter.
            chapter = _bare(text, rows[int(place)].section[0]) if rows[int(place)].section else ""
            own = _bare(text, draft.section[0]) if draft.section else ""
            if chapter and own != chapter:
                place = float(max(j for j, r in enumerate(rows) if r.section and _bare(text, r.section[0]) == chapter))
        where = place if twins else (float(len(rows)) if draft.at > table_at else -1.0)
        kept.append((where, i + 1, draft))
    kept.sort(key=lambda k: (k[0], k[1]))
    return [d for _, _, d in kept]


def _bare(text: str, span: Span | None) -> str:
    if span is None:
        return ""
    words = squeeze(text[slice(*span)])
    words = re.sub(
        r"^(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|\d{1,3}[.、]|\(\d{1,3}\))+", "", words
    )
    return words.strip("。;,:")


def _twins(text: str, rows: list[Draft], prose: list[Draft]) -> dict[int, int]:
    """Index in `prose` → index in `rows` of the same task."""
    by_title: dict[str, list[int]] = {}
    by_start: dict[str, list[int]] = {}
    for j, row in enumerate(rows):
        by_title.setdefault(_bare(text, row.title), []).append(j)
        by_start.setdefault(squeeze(text[slice(*row.text[0])])[:14] if row.text else "", []).append(j)
    found: dict[int, int] = {}
    used: set[int] = set()
    row_grams: dict[int, frozenset[str]] = {}
    for i, draft in enumerate(prose):
        start = squeeze(text[slice(*draft.text[0])])[:14] if draft.text else ""
        options = [j for j in by_start.get(start, []) if j not in used and len(start) >= 8] if start else []
        title = _bare(text, draft.title)
        if not options and title:
            options = [j for j in by_title.get(title, []) if j not in used]
        if not options and not draft.text:
            continue
        if not options:
            near = [j for j in range(max(0, i - 40), min(len(rows), i + 41)) if j not in used]
            grams = _grams(text, draft)
            for j in near:
                if j not in row_grams:
                    row_grams[j] = _grams(text, rows[j])
            best = max(near, key=lambda j: _alike(grams, row_grams[j]), default=None)
            if best is not None and _alike(grams, row_grams[best]) >= 0.6:
                options = [best]
        if options:
            found[i] = options[0]
            used.add(options[0])
    return found


def _grams(text: str, draft: Draft) -> frozenset[str]:
    words = squeeze("".join(text[a:b] for a, b in draft.text))[:400]
    return frozenset(words[i : i + 3] for i in range(len(words) - 2))


def _alike(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / max(1, min(len(a), len(b))) if min(len(a), len(b)) > 8 else 0.0


# --- what a document says once -------------------------------------------------------------------------------------


def _for_the_whole(text: str, tasks: list[Draft]) -> None:
    """Applies “列第一位的为牵头单位” and “以下均需…配合，不再列出”."""
    if not tasks:
        return
    if units.first_leads(text):
        for task in tasks:
            if task.units and {u.role for u in task.units} == {"responsible"}:
                first, *rest = task.units
                task.units = [replace(first, role="lead", rule="units.first-leads"), *rest]
    if units.marked_leads(text):
        for task in tasks:
            task.units = [replace(u, role="lead") if u.rule == "units.marked" else u for u in task.units]
    for at, start, end, role in units.for_all(text):
        said = units.shift(units.parse_list(text[start:end]), start).items
        only_below = text[at : at + 2] in ("以下", "下列", "下述") and any(t.at > at for t in tasks)
        for task in tasks:
            if only_below and task.at < at:
                continue
            have = {squeeze(text[u.start : u.end]) for u in task.units}
            for item in said:
                if squeeze(text[item.start : item.end]) not in have:
                    task.units.append(replace(item, role=role, rule="units.for-all"))


__all__ = ["Draft", "Drafts", "find_tasks"]
