"""Headings of clauses: where the first phrase of a clause ends, and whether it is a heading or begins the text.

The second is decided over the whole list that a clause stands in: one list has headings, another begins each clause
with what is to be done.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .numbering import CHAPTER, CLAUSE, LISTED, pattern

if TYPE_CHECKING:
    from .tree import Assignments, Node

#: Sizes in characters. A heading before a colon or a blank, and what must follow it at least; a first sentence that is
#: surely too long for a heading, or is with more than one comma; a heading that is all of its clause, and each
#: of the matters that it names.
_COLON, _BEHIND_COLON, _BLANK, _BEHIND_BLANK, _LEAST = 30, 6, 40, 15, 3
_TOO_LONG, _LONG, _ALONE, _NAME = 50, 34, 40, 16
#: What a first sentence of up to so many characters says for headings; longer ones speak against them,
#: so do commas, quantities and times, and clauses of one sentence.
_SIZES = ((16, 2.0), (22, 1.0), (30, 0.0), (40, -1.0))
_LONGEST, _A_COMMA, _SAYS, _SENTENCE, _PHRASE = -2.0, -1.0, -3.0, -1.0, 1.0

#: What the other lists of a style say for one, as a share and at most.
_SHARE, _OTHERS = 0.25, 1.5

_STOP = re.compile(r"[。!?\n]")
_GAP = re.compile(r"(?<=[\u4e00-\u9fff)”])\s(?=[\u4e00-\u9fff“])")
_CLOSING = "。!?:; "


def find_heading(text: str, style: float, after: int, end: int, said: Assignments) -> tuple[int, int, bool]:
    """Where the heading of a clause that begins at `after` would end, where the text behind it begins, and whether the
    layout shows that it is one (a colon, a blank, 一是 right behind it)."""
    stop = _STOP.search(text, after, end)
    limit = stop.start() if stop else end
    sure = False
    for assignment in said.within(after, end):
        if assignment.start < limit:
            limit = assignment.start
        break
    cut = _shown(text, style, after, limit, end)
    if cut is not None:
        limit, sure = cut, True
    rest = limit
    while rest < end and text[rest] in _CLOSING:
        rest += 1
    while limit > after and text[limit - 1] in _CLOSING:
        limit -= 1
    return limit, rest, sure


def _shown(text: str, style: float, after: int, limit: int, end: int) -> int | None:
    """Where the layout ends a heading before its sentence does."""
    named = pattern("heading-in-marks").match(text, after, limit)
    if named and limit - named.end() > _LEAST:
        return named.end()
    listed = pattern("heading-then-list").search(text, after, min(limit, after + _BLANK + 2))
    if listed and style < LISTED and listed.start() - after >= _LEAST:
        return listed.start()
    gap = _GAP.search(text, after, min(limit, after + _BLANK))
    if gap and limit - gap.end() > _BEHIND_BLANK and gap.start() - after >= _LEAST:
        return gap.start()
    behind = pattern("field-behind").search(text, after + _LEAST, min(limit, after + _COLON + _BLANK))
    if behind:
        return behind.start()
    colon = text.find(":", after, min(limit, after + _COLON))
    if end - colon > _BEHIND_COLON and colon - after >= _LEAST and _heads_text(text, after, colon):
        return colon
    if style <= CHAPTER and limit - after > _LEAST:
        known = pattern("chapter-then-text").match(text, after, limit)
        if known:
            return known.end()
    return None


def _heads_text(text: str, after: int, colon: int) -> bool:
    """Whether what stands before a colon is a heading: no part of a sentence or bracket, no lead-in, no field."""
    if "," in text[after:colon] or text.count("(", after, colon) > text.count(")", after, colon):
        return False
    return not pattern("lead-in").search(text, after, colon) and not pattern("field").match(text, after, colon)


def settle(text: str, nodes: list[Node], said: Assignments) -> None:
    """Decides for all clauses of a part whether they have headings: list by list, in doubt as the other lists of their
    style do."""
    lists: dict[tuple[float, int], list[Node]] = {}
    for node in nodes:
        lists.setdefault((node.style, id(node.parent)), []).append(node)
    weights = {key: sum(_weight(text, n, said) for n in members) for key, members in lists.items()}
    by_style: dict[float, float] = {}
    for (style, _), weight in weights.items():
        by_style[style] = by_style.get(style, 0.0) + weight
    for key, members in lists.items():
        # A short list alone shows little: the others of its style have a voice.
        others = by_style[key[0]] - weights[key]
        weight = weights[key] + max(-_OTHERS, min(_OTHERS, _SHARE * others))
        weight = weight or by_style[key[0]]
        for node in members:
            node.headed = _headed(text, node, said, weight >= 0)


def _is_heading_line(text: str, node: Node, said: Assignments) -> bool:
    """Whether a clause is surely a heading: what stands below is all that it holds, or the layout shows it."""
    if node.sure or node.style < CHAPTER or (node.style == CHAPTER and node.children):
        return True
    if _words_behind(text, node.rest, node.line.end, said):
        return False
    if _is_problem(text, node) and not said.within(node.after, node.line.end):
        return True
    if node.children and not (node.assigned and _closed(text, node)):
        return True
    return not _closed(text, node) and _has_text(text, node, said)


def _is_problem(text: str, node: Node) -> bool:
    """Whether the fields of its rectification stand on the lines below a clause."""
    return bool(node.more and pattern("rectified").match(text, node.more[0].start, node.more[0].end))


def _closed(text: str, node: Node) -> bool:
    """Whether a stop ends the first sentence."""
    return text[node.cut : node.cut + 1] in ("。", ";", "!")


def holds_text(text: str, node: Node, said: Assignments) -> bool:
    """Whether a clause says more than a heading does: its first sentence is closed, or text follows."""
    return _closed(text, node) or _has_text(text, node, said)


def _has_text(text: str, node: Node, said: Assignments) -> bool:
    """Whether text follows the first sentence, and not only assignments."""
    return _words_behind(text, node.rest, node.line.end, said) or any(
        _words_behind(text, s.start, s.end, said) for s in node.more
    )


def _words_behind(text: str, start: int, end: int, said: Assignments) -> bool:
    """Whether a stretch holds more than assignments."""
    at = start
    for a in said.within(start, end) if start < end else []:
        if has_word(text, at, a.start):
            return True
        at = a.end
    return has_word(text, at, end)


_BRACKETED = re.compile(r"\([^()]{0,60}\)")
_LETTER = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]")


def has_word(text: str, start: int, end: int) -> bool:
    return bool(_LETTER.search(text, start, end))


def _bare(first: str) -> str:
    """A first sentence without what its brackets explain: the days of a stage, 含…."""
    return _BRACKETED.sub("", first)


def _weight(text: str, node: Node, said: Assignments) -> float:
    """What a clause says for headings in its list (> 0) or against them."""
    if _is_heading_line(text, node, said):
        return 0.0
    first = _bare(text[node.after : node.cut])
    commas = len(re.findall(r"[,;]", first))
    if _has_text(text, node, said):
        size = next((w for size, w in _SIZES if len(first) <= size), _LONGEST)
        says = pattern("measure").search(first) or pattern("begins-sentence").match(first)
        return size + commas * _A_COMMA + (_SAYS if says else 0.0)
    return _PHRASE if _is_phrase(first) else _SENTENCE


def _is_phrase(words: str) -> bool:
    """Whether words name a matter (义务教育领域) and do not say what is to be done."""
    return (
        len(words) <= _ALONE
        and all(len(name) <= _NAME for name in words.split("、"))
        and not re.search(r"[,;:]", words)
        and not pattern("measure").search(words)
        and not pattern("predicate").search(words)
        and not pattern("verb").match(words)
    )


def _headed(text: str, node: Node, said: Assignments, list_has_headings: bool) -> bool:
    if node.cut <= node.after:
        return False
    if _is_heading_line(text, node, said):
        return True
    first = _bare(text[node.after : node.cut])
    commas = len(re.findall(r"[,;]", first))
    if not _has_text(text, node, said):
        if _is_phrase(first):
            # A closed phrase that somebody answers for is what is to be done where the others of its list say that.
            return list_has_headings or not (node.assigned and _closed(text, node))
        return bool(
            list_has_headings
            and (node.children or not _closed(text, node))
            and len(first) <= _ALONE
            and not commas
            and not pattern("measure").search(first)
            and node.style >= CLAUSE
        )
    if pattern("quantity").search(first):
        return False
    return list_has_headings and len(first) <= _TOO_LONG and (len(first) <= _LONG or commas <= 1)
