"""Assignments in running text: （责任单位：…）, （X牵头，Y配合）, lines and sentences of their own.

Everything here takes folded text (`fold.fold`) and gives spans in it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from ..words.collectives import names_nobody
from ..words.fold import squeeze
from ..words.forms import CHAPTER_MARK, MARK
from ..words.needs import led
from ..words.unit_list import Parsed, lead_beside_support, shift
from ..words.unit_shapes import UnitShapes
from ..words.unit_words import (
    closing_verb,
    compiled,
    either,
    ending,
    hints,
    inner_ending,
    label_of,
    labels,
    last_characters,
    words_of,
)


@dataclass(slots=True)
class Assignment:
    """`[start, end)` covers brackets and label; `parsed` has spans in the same text. One `above` holds for all that
    stands without an assignment since the last heading or assignment (上述工作由X牵头)."""

    start: int
    end: int
    parsed: Parsed
    rule: str
    above: bool = False


_INNER = r"\((?:[^()]|\([^()]{0,200}\)){0,200}\)"
_BRACKET = re.compile(rf"\((?:[^()]|{_INNER}){{2,600}}\)")
#: How far before a closing verb its sentence may begin.
_LONGEST_SENTENCE = 240
#: No line of units is longer than some hundred characters: the look ahead is bounded.
_LONGEST_LINE = 800
#: A label and its bracket stand this near before their colon.
_LONGEST_LABEL = 24
#: What stands before or behind a bracket ("": nothing) that ends in a verb; where a line begins and a sentence ends;
#: what stands behind a bracket where its sentence, or its line, is over.
_BEFORE_VERBS, _BEHIND_VERBS = ("。", ";", "!", "”", ")", "", "\n"), ("", "。", ";", "\n", ",", " ", ")")
_LINE_BEGINS, _SENTENCE_ENDS = ("\n", ""), ("。", ";", "!")
_SENTENCE_OVER, _NO_MORE = ("。", "", "\n"), ("", "\n")


@cache
def _line_label() -> re.Pattern[str]:
    """A label of units at the beginning of a line or sentence, or one of times or persons at that of a line."""
    units, others = label_of("lead", "responsible", "support"), label_of("deadline", "person")
    return led(rf"(?<![\u4e00-\u9fff、,])\(?(?:{units}|(?P<other>{others}))(?:\([^()]{{0,12}}\))?:$")


@cache
def _line_stop() -> re.Pattern[str]:
    """Where a line of units ends: 。, a line end before anything but another label, or the number of the next item."""
    label = label_of("lead", "responsible", "support", "deadline", "person")
    goes_on = either(words_of("assignment.goes_on"))
    return re.compile(
        rf"。|\n(?!\s*(?:{label}|{goes_on}))|(?<=[\u4e00-\u9fff)])\s?(?=\d{{1,2}}[.、][\u4e00-\u9fff“])"
        rf"|\s(?={CHAPTER_MARK})"
    )


@cache
def _may_assign() -> re.Pattern[str]:
    """What a bracket has that holds units: an ending of theirs before a mark, or a verb or label."""
    return led(f"[{''.join(sorted(last_characters()))}][、,;)。]|{hints()}")


def find_assignments(text: str, shapes: UnitShapes, start: int = 0, end: int | None = None) -> list[Assignment]:
    """The assignments in a stretch of folded text: brackets, and lines or sentences that begin with a label."""
    end = len(text) if end is None else end
    found = _brackets(text, shapes, start, end)
    inside = _Inside(found)
    lines = _labelled_lines(text, shapes, start, end, inside)
    sentences = _sentences(text, shapes, start, end, _Inside(sorted(found + lines, key=lambda a: a.start)))
    return _merged(sorted([*found, *sentences, *lines], key=lambda a: a.start), text, shapes)


class _Inside:
    """Whether an offset lies in one of some assignments, which are in order."""

    def __init__(self, found: list[Assignment]) -> None:
        self.found, self.starts = found, [a.start for a in found]

    def __call__(self, offset: int) -> bool:
        at = bisect_right(self.starts, offset) - 1
        return at >= 0 and offset < self.found[at].end


def _brackets(text: str, shapes: UnitShapes, start: int, end: int) -> list[Assignment]:
    found: list[Assignment] = []
    for bracket in _BRACKET.finditer(text, start, end):
        if not _may_assign().search(text, bracket.start(), bracket.end()):
            continue
        if compiled("own_paper").match(text, bracket.end()):
            continue  # a second name of who explains the paper
        assignment = _bracket(text, bracket.start(), bracket.end(), start, end, shapes)
        if assignment:
            if text[assignment.end : min(end, assignment.end + 1)] == ")":
                assignment.end += 1  # one bracket too many
            found.append(assignment)
    return found


def _labelled_lines(text: str, shapes: UnitShapes, start: int, end: int, inside: _Inside) -> list[Assignment]:
    lines: list[Assignment] = []
    low = after = start
    while (colon := text.find(":", after, end)) >= 0:
        label = _line_label().search(text, max(start, colon - _LONGEST_LABEL), colon + 1)
        after = colon + 1
        if label is None or label.end() != after or inside(label.start()) or label.start() < low:
            continue
        goes_on = bool(lines) and not text[low : label.start()].strip("。;,、 ")
        line = _labelled_line(text, label, shapes, start, end, goes_on)
        if line is not None:
            lines.append(line)
            low = line.end
    return lines


def _labelled_line(
    text: str, label: re.Match[str], shapes: UnitShapes, start: int, end: int, goes_on: bool
) -> Assignment | None:
    """What a label assigns to the end of its line; None where it is none. `goes_on`: it follows another one."""
    before = text[label.start() - 1] if label.start() > start else "\n"
    inside_line = bool(label["other"]) and before != "\n"
    if inside_line and before != "。":
        return None
    stop = _line_end(text, label.end(), end)
    bracket = text[label.start()] == "(" or before == "("
    closed = stop - (bracket and text[stop - 1] == ")")  # (责任单位:X): the bracket is no part of X
    parsed = shift(shapes.parse_list(text[label.start() : closed]), label.start())
    if _only_division(parsed) or (inside_line and not parsed.items and not goes_on):
        return None
    nobody = not label["other"] and names_nobody(text[label.end() : closed])  # 配合单位:无
    if not nobody and not _says_anything(parsed):
        return None
    # （责任单位：… whose bracket is never closed.
    opened = label.start() - (bracket and text[label.start()] != "(")
    return Assignment(opened, stop, parsed, "units.line")


def _says_anything(parsed: Parsed) -> bool:
    return bool(parsed.items or parsed.open or parsed.hidden or parsed.deadlines)


def _only_division(parsed: Parsed) -> bool:
    """Whether 工作职责：… goes on with duties instead of units."""
    division = any(i.rule == "units.label.division" for i in parsed.items)
    return (division and not parsed.verbs) and bool(parsed.rest)


def _sentences(text: str, shapes: UnitShapes, start: int, end: int, inside: _Inside) -> list[Assignment]:
    """Sentences that do nothing but assign: X牵头，Y配合。 由X会同Y负责落实。 上述工作由X牵头。"""
    found = []
    for verb in led(compiled("assignment.closes").pattern).finditer(text, start, end):
        stop = verb.end()
        low = max(start, stop - _LONGEST_SENTENCE)
        begin = max(low, *(text.rfind(c, low, stop) + 1 for c in "。;!?\n"))
        dash = compiled("assignment.dash").match(text[begin:stop])
        at = begin + (dash.end() if dash else 0)  # X。——县林业局负责
        said = text[at:stop]
        if len(said) < 6 or inside(begin) or inside(stop - 1) or compiled("own_paper").search(said):
            continue
        label = compiled("assignment.time_label").match(verb["time"] or "")
        if label:
            said = text[at : verb.start("time")]
        parsed = shapes.parse_list(said)
        if parsed.verbs and parsed.items and not parsed.rest and (dash or _names_all(said, parsed, shapes)):
            close = stop + (text[stop : stop + 1] in ("。", ";"))
            above = bool(compiled("assignment.above").match(said.lstrip()))
            rule = "units.sentence.above" if above else "units.sentence"
            parsed = shift(parsed, at)
            if label:
                parsed.deadlines.append((verb.start("time") + label.end(), verb.end("time")))
            found.append(Assignment(begin, close, parsed, rule, above))
    return found


def _names_all(said: str, parsed: Parsed, shapes: UnitShapes) -> bool:
    """Whether all that a sentence assigns to are surely units: parts of one (人事处) are where it says so plainly or
    tells more than one role."""
    unsure = [w for i in parsed.items if not shapes.sure(w := said[i.start : i.end])]
    plain = bool(compiled("assignment.plain").search(said)) or len({i.role for i in parsed.items}) > 1
    return not unsure or (
        plain and all(inner_ending().search(w) or compiled("assignment.village").fullmatch(squeeze(w)) for w in unsure)
    )


def _line_end(text: str, start: int, end: int) -> int:
    end = min(end, start + _LONGEST_LINE)
    stop = _line_stop().search(text, start, end)
    return stop.start() if stop else end


def _merged(found: list[Assignment], text: str, shapes: UnitShapes) -> list[Assignment]:
    """Labels on lines one below the other (牵头单位：… 配合单位：…) are one assignment."""
    out: list[Assignment] = []
    for a in found:
        last = out[-1] if out else None
        if last is not None and not a.above and not text[last.end : a.start].strip("。;,、 \n"):
            if last.rule == a.rule == "units.line":
                whole = shift(shapes.parse_list(text[last.start : a.end].strip("()")), last.start)
                out[-1] = Assignment(last.start, a.end, whole, a.rule)
                continue
            if last.rule != "units.line" and a.rule != "units.line":
                out[-1] = Assignment(last.start, a.end, _joined(last.parsed, a.parsed), a.rule, last.above)
                continue
        out.append(a)
    return out


def _joined(one: Parsed, other: Parsed) -> Parsed:
    return Parsed(
        lead_beside_support(one.items + other.items),
        one.open or other.open,
        one.deadlines + other.deadlines,
        one.rest + other.rest,
        one.hidden + other.hidden,
        one.persons + other.persons,
        True,
        True,
    )


def _bracket(text: str, start: int, end: int, low: int, high: int, shapes: UnitShapes) -> Assignment | None:
    """The assignment in a bracket `[start, end)`, if it is one."""
    inner = text[start + 1 : end - 1]
    parsed = shapes.parse_list(inner)
    whole = compiled("assignment.whole_part").match(inner)
    if whole and parsed.labelled:
        parsed = shift(shapes.parse_list(inner[whole.end() :]), whole.end())
        inner = inner[whole.end() :]
    if not parsed.items and not (parsed.labelled and (parsed.open or parsed.hidden)):
        return None
    if parsed.labelled:
        if parsed.rest and not labels().match(inner.lstrip()):
            return None
        return Assignment(start, end, shift(parsed, start + 1), "units.bracket")
    if compiled("explains").match(inner.lstrip()):
        return None
    before = text[max(low, start - 1) : start]
    after = text[end : end + 1] if end < high else ""
    rule = _bare_bracket(inner, parsed, before, after, shapes)
    if not rule and after in _CLOSES_CLAUSE and _numbered(text, low):
        rule = _closes_clause(inner, parsed, text[max(low, start - _NAME) : start], shapes)
    return Assignment(start, end, shift(parsed, start + 1), rule) if rule else None


#: What follows a bracket that closes a clause; how long the name before it may be.
_CLOSES_CLAUSE = ("", "\n", "。", ";")
_NAME = 12


def _numbered(text: str, start: int) -> bool:
    """Whether a stretch has a number, or stands on a line that begins with one."""
    return bool(MARK.match(text, start) or MARK.match(text, text.rfind("\n", 0, start) + 1))


def _closes_clause(inner: str, parsed: Parsed, before: str, shapes: UnitShapes) -> str:
    """The rule by which a bracket without label that closes a numbered clause assigns, whose one unit is known, or part
    of one behind a whole sentence; '' where it does not. Behind the name of a unit it explains who that is."""
    name = ending().search(before)
    counted = name is not None and before[: name.start()][-1:].isdecimal()  # 3处
    if len(parsed.items) != 1 or parsed.rest or parsed.verbs or (name and not counted):
        return ""
    word = inner[parsed.items[0].start : parsed.items[0].end]
    part = before.endswith("。") and inner_ending().search(word) is not None  # behind a sentence that is over
    return "units.bracket.clause" if part or shapes.names_office(word) else ""


def _bare_bracket(inner: str, parsed: Parsed, before: str, after: str, shapes: UnitShapes) -> str:
    """The rule by which a bracket without label assigns, '' where it does not. `before` and `after` are the characters
    beside it."""
    sure = sum(shapes.sure(inner[i.start : i.end]) or bool(i.ending) for i in parsed.items)
    if parsed.verbs:
        beside = before in _BEFORE_VERBS or after in _BEHIND_VERBS
        names = not parsed.rest or (sure and _names_and_verb(inner, parsed, shapes))
        return "units.bracket.verb" if beside and names else ""
    if parsed.rest:
        return ""
    alone = before == "。" and after in _NO_MORE  # behind a sentence that is over, at the end of its paragraph
    several = len(parsed.items) > 1 or bool(parsed.deadlines)
    if not _known_enough(inner, parsed, sure, alone, several):
        return ""
    return "units.bracket.plain" if _stands_free(before, after, several) else ""


def _known_enough(inner: str, parsed: Parsed, sure: int, alone: bool, several: bool) -> bool:
    """Whether enough of the names in a bracket are `sure` to be units; parts of one are where it stands `alone`."""
    if not sure and not (alone and all(inner_ending().search(inner[i.start : i.end]) for i in parsed.items)):
        return False
    if 2 * sure < len(parsed.items) and not alone:
        return False
    return sure == len(parsed.items) or several


def _stands_free(before: str, after: str, several: bool) -> bool:
    """Whether a bracket stands behind a sentence, or begins a line without telling what the line is about, as
    (汽车站)候车厅无母婴室 does."""
    if before in _LINE_BEGINS:
        return several or after in _SENTENCE_OVER
    return before in _SENTENCE_ENDS or (several and after in _SENTENCE_OVER)


def _names_and_verb(inner: str, parsed: Parsed, shapes: UnitShapes) -> bool:
    """Whether what is no unit in a bracket looks like a name, and its first sentence ends with what they do."""
    return all(shapes.like_a_name(inner[a:b]) for a, b in parsed.rest) and _closed_by_verb(inner)


def _closed_by_verb(inner: str) -> bool:
    return bool(closing_verb(re.split(r"[。;]", inner.rstrip("。;, "))[0].rstrip()))


# --- what a document says once for all -----------------------------------------------------------------------------


def marked_leads(text: str) -> bool:
    """Whether a document says that units with a mark (*) lead."""
    return bool(compiled("assignment.marks_lead").search(text))


def around(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The outermost bracket on its line around a span, with it; None where it stands in none."""
    low = text.rfind("\n", max(0, start - _LONGEST_LINE), start) + 1
    depth, found = 0, None
    for at in range(start - 1, max(low, start - _LONGEST_LINE) - 1, -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if depth < 0:
            found, depth = at, 0
    if found is None:
        return None
    depth = 0
    for at in range(found, min(len(text), end + _LONGEST_LINE)):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0 or text[at] == "\n":
            return (found, at + 1) if at >= end - 1 else None
    return None
