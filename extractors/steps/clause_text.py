"""The text of clauses: spans of a node and what is below it, labels and announcements in them."""

from __future__ import annotations

from .clause_sense import AIMS
from .drafts import Span
from .headings import has_word
from .numbering import CHAPTER, pattern
from .stretches import Group
from .tree import Node

#: Sizes in characters: a lead-in that only announces a list, text that is a lead-in at least, the same where it is a
#: sentence.
_ANNOUNCED, _LEAD_IN, _SENTENCE = 40, 12, 5


def section_of(node: Node) -> list[Span]:
    """The headings above a node, outermost first."""
    return [n.heading for n in _above(node) if n.headed]


def chapter_of(node: Node) -> list[Span]:
    """The headings of the chapter that a node is in or begins, outermost first; of a clause that is a heading alone,
    its own, too."""
    inner = [node.heading] if node.headed and (node.style <= CHAPTER or node.whole) else []
    above = [n for n in _above(node) if n.style <= CHAPTER or inner]
    return [*(n.heading for n in above if n.headed), *inner]


def _above(node: Node) -> list[Node]:
    """The nodes above one, outermost first."""
    out: list[Node] = []
    at = node.parent
    while at is not None:
        out.insert(0, at)
        at = at.parent
    return out


def end_of(node: Node) -> int:
    """Where a node ends, with all that stands below it."""
    return max([node.line.end, *[s.end for s in node.more], *[end_of(c) for c in node.children]])


def whole_text(node: Node, with_heading: bool = False) -> list[Span]:
    """The text of a clause with all that stands below it."""
    spans = [(node.start, node.line.end)] if with_heading else []
    body = node.more if with_heading else node.body
    spans += [(s.start, s.end) for s in body]
    for child in node.children:
        spans += whole_text(child, True)
    return spans


def dated(text: str, node: Node) -> list[Span]:
    """A heading that sets a date for what stands below it."""
    start, end = node.words
    return [(start, end)] if pattern("dated").search(text, start, end) else []


def task_text(text: str, spans: list[Span]) -> list[Span]:
    """The text of a task without the label of its measures; of a plan of rectification, the measures alone."""
    for n, (start, end) in enumerate(spans):
        label = pattern("measures").search(text, start, end)
        if label:
            kept = [(label.end(), end), *spans[n + 1 :]]
            return [s for s in kept if has_word(text, *s)] or spans
        if n == 0:
            own = pattern("measures-label").match(text, start, end)
            if own and has_word(text, own.end(), end):
                return [(own.end(), end), *spans[1:]]
    return spans


def begins_field(text: str, spans: list[Span]) -> bool:
    """Whether a text begins with the name of a field (建设内容：…): the heading above is the matter's own."""
    start, end = spans[0] if spans else (0, 0)
    colon = text.find(":", start, min(end, start + AIMS))
    return colon > 0 and bool(pattern("field").match(text, start, colon))


def with_measures(text: str, groups: list[Group], rest: list[Span]) -> bool:
    """Whether the text is a problem and, behind its assignment or before, the measures against it."""
    spans = [*[s for g in groups for s in g.text], *rest]
    return any(pattern("measures").match(text, *s) for s in spans[1:])


def ends_in_label(text: str, spans: list[Span]) -> bool:
    """Whether a text ends in the label of the measures, which follow as items."""
    labels = list(pattern("measures").finditer(text, *spans[-1])) if spans else []
    return bool(labels) and not has_word(text, labels[-1].end(), spans[-1][1])


def before(spans: list[Span], stops: list[int]) -> list[Span]:
    """Spans up to the first of some places in them."""
    stop = min((s for s in stops if any(a <= s < b for a, b in spans)), default=None)
    return spans if stop is None else [(a, min(b, stop)) for a, b in spans if a < stop]


def without_announcement(text: str, spans: list[Span]) -> list[Span]:
    """A lead-in without the words that only announce the list (具体责任分工是：); a sentence that says what is to be
    done before it announces the rest stays whole (建立管护队伍，重点做好以下工作：), and so does the limit that
    a text ends with (…。9月10日前完成下列工作：)."""
    if not spans:
        return []
    start, end = spans[-1]
    words = text[start:end].rstrip()
    if words.endswith(":"):
        cut = max(words.rfind("。"), words.rfind(";"))
        said = words[cut + 1 :].lstrip()
        limit = cut > 0 and pattern("dated").search(said)
        works = any(pattern(p).match(said) for p in ("works-first", "works-how"))
        if len(words) - cut - 1 <= _ANNOUNCED and not limit and not works:
            end = start + cut + 1
    spans = [s for s in [*spans[:-1], (start, end)] if has_word(text, *s)]
    size = sum(b - a for a, b in spans)
    closed = bool(spans) and text[spans[-1][1] - 1] == "。"
    return spans if size >= (_SENTENCE if closed else _LEAD_IN) else []
