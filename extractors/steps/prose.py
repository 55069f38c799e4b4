"""Tasks in prose: the parts of a paper in their order, its covering notice left out where that only brings them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..words.fold import fold
from .clause_sense import SOME
from .clause_text import end_of, with_measures
from .clauses import ClauseReader
from .drafts import Draft, Drafts, Span
from .duties import add_duties, duties_in, duties_of_one, duty_paragraphs, is_list_of_duties, labels_above
from .numbering import CHAPTER, pattern
from .stretches import Group, group
from .tree import Node, Outline, Part

if TYPE_CHECKING:
    from .document import Head


def read_prose(text: str, outline: Outline, head: Head, out: Drafts, tables: bool) -> list[Draft]:
    """The tasks of a paper's prose in its order. `tables`: the paper has rows of tasks, too."""
    title = fold(head.title[0]) if head.title else ""
    titles = [fold(t) for t in _titles(head)]
    contingency = any(pattern("contingency").search(t) for t in titles)
    sets_work = not contingency and not pattern("no-work").search(title)
    reader = ClauseReader(text, outline.said, out)
    reader.articles = not any(pattern("rules-of-conduct").search(t) for t in titles)
    reader.assigned_only = contingency
    for part in outline.parts:
        _read_part(reader, part, title, sets_work, out, tables)
    reader.drafting.drafts.sort(key=lambda d: d.at)
    letter = pattern("letter").search(title)
    if sets_work or tables or letter or reader.drafting.drafts:
        out.opening += _openings(outline) + _notice(text, outline, title) + _closings(text, outline)
    else:
        out.aims.clear()  # what tells of another paper sets no limits
    return _without_notice(reader.drafting.drafts, outline, title)


def _titles(head: Head) -> list[str]:
    """The title of a paper and that of what it brings in (印发《…办法》的通知)."""
    return [head.title[0], *head.own] if head.title else []


def _read_part(reader: ClauseReader, part: Part, title: str, sets_work: bool, out: Drafts, tables: bool) -> None:
    chapters = [n for n in part.nodes if n.style <= CHAPTER]
    reader.sense.roots = part.nodes
    listed = duties_of_one(reader, part)
    listed |= labels_above(reader, part)
    reader.above = listed
    reader.read = {n.start for n in part.walk() if _told_of_duties(reader, n) and duty_paragraphs(reader, n)}
    # 一、 二、 … without clauses below them are tasks where no table has these.
    as_tasks = not tables and _chapters_are_tasks(chapters, title, reader)
    for node in part.nodes:
        if pattern("requests").search(reader.text[slice(*node.words)]):
            continue
        if _only_aims(reader, node):
            out.aims.append((node.start, end_of(node)))
            continue
        given = listed.get(node.start)
        free = given is not None or (sets_work and not reader.sense.excluded(node))
        if _is_bare_chapter(reader, node):
            _read_chapter(reader, node, given, free and as_tasks, out, part.index)
            continue
        out.aims += [(n.start, end_of(n)) for n in node.walk() if n is not node and _only_aims(reader, n)]
        reader.node(node, None, [], free, given)
    _read_loose(reader, part)


def _only_aims(reader: ClauseReader, node: Node) -> bool:
    """Whether a heading tells what is aimed at, and nobody answers for it."""
    return reader.sense.aims(node) and not reader.sense.has_units(node)


def _told_of_duties(reader: ClauseReader, node: Node) -> bool:
    """Whether a heading of a clause without clauses says that duties stand below it (2.2 成员单位职责)."""
    told = pattern("duties").search(reader.text[slice(*node.words)])
    return bool(told) and node.style > CHAPTER and not node.children and not reader.sense.has_units(node)


def _is_bare_chapter(reader: ClauseReader, node: Node) -> bool:
    """Whether a heading is a chapter without clauses, units or duties."""
    bare = node.style <= CHAPTER and not node.children
    return bare and not reader.sense.has_units(node) and not reader.sense.duty(node)


def _read_chapter(reader: ClauseReader, node: Node, given: Group | None, is_task: bool, out: Drafts, part: int) -> None:
    """A chapter without clauses: duties, a paragraph each; the stages of the whole; else a task, or nothing."""
    if duty_paragraphs(reader, node):
        return
    if any(pattern(p).fullmatch(reader.text, *node.words) for p in ("steps", "goals")):
        out.aims.append((node.start, end_of(node)))  # until when the whole is to be reached, and each stage lasts
    elif is_task:
        groups, rest = reader.sense.group(node)
        own = node.heading if node.headed else None
        spans = [*[s for g in groups for s in g.text], *rest]
        reader.drafting.add(node, own, spans, given, "task.chapter", [], None, part)


def _read_loose(reader: ClauseReader, part: Part) -> None:
    """What stands under no heading: a list of duties, or paragraphs that assignments close."""
    duties = [d for stretch in part.loose for d in duties_in(reader, stretch)]
    if not part.nodes and is_list_of_duties(duties, len(part.loose)):
        add_duties(reader, duties, [], part.index)
        return
    groups, _ = group(reader.text, part.loose, reader.said)
    for said in groups:
        if said.assigned and said.text and not pattern("validity").match(reader.text, *said.text[0]):
            while len(said.text) > 1 and pattern("brings-tasks").search(reader.text[slice(*said.text[0])].rstrip()):
                del said.text[0]  # it leads in what follows
            if _closes_its_own(reader.text, said) and not with_measures(reader.text, [said], []):
                del said.text[:-1]  # paragraphs of their own
            title = _in_marks(reader.text, said.text) or _matter(reader.text, said.text)
            reader.drafting.add(None, title, said.text, said, "task.paragraph", [], None, part.index)


def _closes_its_own(text: str, said: Group) -> bool:
    """Whether an assignment closes the very paragraph of the last text before it, which is whole."""
    end = said.text[-1][1]
    same = "\n" not in text[end : said.said[0].start]
    return same and text[end - 1] in "。;" and len(said.text) > 1


def _in_marks(text: str, spans: list[Span]) -> Span | None:
    """The name in marks that a paragraph begins with (【东桥段】岸坡堆放垃圾), which is taken off its text."""
    start, end = spans[0]
    named = pattern("heading-in-marks").match(text, start, end)
    if named is None:
        return None
    spans[0] = (named.end(), end)
    return named.span()


def _matter(text: str, spans: list[Span]) -> Span | None:
    """The line with a matter's number above what is to be done about it, which is taken off the text with what stands
    before it."""
    for n, (start, end) in enumerate(spans[:-1]):
        if pattern("matter").match(text[start:end].rstrip()):
            del spans[: n + 1]
            return start, start + len(text[start:end].rstrip())
    return None


def _chapters_are_tasks(chapters: list[Node], title: str, reader: ClauseReader) -> bool:
    """Whether 一、 二、 … are themselves the clauses: none of them has any below it, and the paper sets work."""
    if any(c.children for c in chapters) or len(chapters) < SOME:
        return False
    return any(reader.sense.has_units(c) for c in chapters) or bool(pattern("sets-work").search(title))


def _without_notice(drafts: list[Draft], outline: Outline, title: str) -> list[Draft]:
    """Leaves out the chapters of a notice that only brings in the plan where the work stands."""
    if not pattern("issues").search(title) and not pattern("hands-out").search(title):
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
        first = min(begins, default=part.loose[-1].end if part.loose else 0)  # a letter is all opening
        out += [(s.start, s.end) for s in part.loose if s.end <= first]
    return out


def _closings(text: str, outline: Outline) -> list[Span]:
    """The paragraphs behind the last clause or table of each part that ask for something by a day, as a covering notice
    does (请各单位于6月28日前将落实情况报县政府督查室)."""
    out: list[Span] = []
    for part in outline.parts:
        ends = [table.end for index, table, _ in outline.tables if index == part.index]
        ends += [end_of(node) for node in part.nodes]
        behind = [s for s in part.loose if ends and s.start >= max(ends)]
        out += [(s.start, s.end) for s in behind if pattern("asks-by-a-day").search(text, s.start, s.end)]
    return out


def _notice(text: str, outline: Outline, title: str) -> list[Span]:
    """The text of a notice that has what it issues behind it."""
    first = min((p.index for p in outline.parts if p.attached), default=0)
    out: list[Span] = []
    for part in outline.parts[:first]:
        said = [(s.start, s.end) for s in part.loose]
        brings = pattern("brings").search(title) or any(pattern("brings").search(text, a, b) for a, b in said)
        if brings or any(pattern("refers").search(text, node.start, end_of(node)) for node in part.nodes):
            out += said + [(node.start, end_of(node)) for node in part.nodes]
    return out
