"""Cards: the fields of each task on lines of their own, each behind its label (工作任务：…, 责任单位：…). They are a
table whose headings are the labels and whose rows are the cards."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..words.fold import squeeze
from ..words.forms import MARK, NUMBERED, TERMINAL
from ..words.headings import UNIT_KINDS, kind_of_heading
from ..words.parts import rule
from .building import Field, Grid
from .lines import Line
from .table_ends import CHAPTER, HARD_END

_LONGEST_LABEL = 12
_BOXED = re.compile(rf"\(([^()]{{2,{_LONGEST_LABEL}}})\):?")  # 【责任单位】
_FIELD_ENDS = re.compile(r"[;。]\s?")
_LABEL = re.compile(rf"([\u4e00-\u9fff]{{2,{_LONGEST_LABEL}}}):")
_FEWEST, _FEWEST_FIELDS = 2, 3
_LONG_HEADING = 50
_FULL_LINE = 28  # characters of a line that a page's width may have broken
_MOST_LINES = 12  # lines that a value may go on in
_TELLING = {*UNIT_KINDS, "deadline"}


@dataclass(slots=True)
class _TaskCard:
    """The fields of one card: label → pieces of the source. `headings` are the lines over it, the first ones outermost;
    the last of them may be its title."""

    headings: list[Line]
    labels: list[tuple[str, tuple[int, int]]] = field(default_factory=list)
    values: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    sentences: set[str] = field(default_factory=set)  # labels before a whole sentence, which names nothing
    counted: bool = False  # a line above it counts it: a heading over that is no title of its own


def label_of(line: Line) -> tuple[str, int] | None:
    """The heading of a column that a line begins with as a label, and where its value begins in the line."""
    boxed = _BOXED.match(line.text)
    if boxed:
        word, end = squeeze(boxed[1]), boxed.end()
    else:
        at = line.text.find(":", 0, _LONGEST_LABEL + 1)
        word, end = squeeze(line.text[:at]) if at > 0 else "", at + 1
    return (word, end) if len(word) > 1 and kind_of_heading(word) else None


def fields_on(text: str) -> list[int]:
    """Where the fields of a card begin that stands on one line, parted by semicolons or stops; empty where it is none:
    several labels, one of them that of units or times."""
    begins = [0, *(m.end() for m in _FIELD_ENDS.finditer(text) if m.end() < len(text))]
    kinds = [kind_of_heading(squeeze(label[1])) if (label := _LABEL.match(text, a)) else None for a in begins]
    found = [(a, kind) for a, kind in zip(begins, kinds, strict=True) if kind]
    known = {kind for _, kind in found}
    whole = len(found) >= _FEWEST_FIELDS and found[0][0] == 0 and known & _TELLING and known & {"task", "text"}
    return [a for a, _ in found] if whole else []


def find_cards(lines: list[Line], at: int) -> tuple[Grid, int] | None:
    """The cards that begin at a line or at the headings over them, and the index after them; None where there are none,
    or where each has its title on a line above it: that is prose."""
    if not _may_begin(lines, at):
        return None
    cards, end = _cards(lines, at)
    if len(cards) < _FEWEST or not _alike(cards) or _titled_above(cards):
        return None
    return _grid(cards, lines[at].number), end


def _may_begin(lines: list[Line], at: int) -> bool:
    """Whether a label stands here, or below a line that counts the cards."""
    if label_of(lines[at]):
        return True
    return is_mark(lines[at]) and at + 1 < len(lines) and label_of(lines[at + 1]) is not None


def is_mark(line: Line) -> bool:
    """Whether a line counts cards: 任务一."""
    return len(line.text) <= _LONGEST_LABEL and bool(rule("card_mark", "layout.toml").match(squeeze(line.text)))


def _cards(lines: list[Line], at: int) -> tuple[list[_TaskCard], int]:
    cards: list[_TaskCard] = []
    headings: list[Line] = []
    index = end = at
    while index < len(lines):
        line = lines[index]
        found = label_of(line)
        if found:
            label, begin = found
            if not cards or headings or label in cards[-1].values or is_mark(lines[index - 1]):
                cards.append(_TaskCard(headings, counted=is_mark(lines[index - 1])))
                headings = []
            _put(cards[-1], line, label, begin)
            end = index + 1
        elif is_mark(line):
            pass
        elif _is_heading(line) and _label_near(lines, index + 1, 3):
            headings.append(line)
        elif cards and not headings and _goes_on(cards[-1], lines, index, end):
            cards[-1].values[cards[-1].labels[-1][0]].append((line.start, line.end))
            end = index + 1
        else:
            break
        index += 1
    return cards, end


def _put(card: _TaskCard, line: Line, label: str, begin: int) -> None:
    boxed = _BOXED.match(line.text)
    span = boxed.span(1) if boxed else (0, line.text.index(":"))
    card.labels.append((label, (line.start + span[0], line.start + span[1])))
    if TERMINAL.search(line.text):
        card.sentences.add(label)
    value = line.text[begin:]
    start = line.start + begin + len(value) - len(value.lstrip())
    card.values[label] = [(start, line.end)] if line.end > start else []


def _is_heading(line: Line) -> bool:
    return len(line.text) < _LONG_HEADING and bool(MARK.match(line.text)) and "。" not in line.text[:-1]


def _label_near(lines: list[Line], index: int, reach: int) -> bool:
    return any(label_of(n) for n in lines[index : index + reach])


def _goes_on(card: _TaskCard, lines: list[Line], index: int, end: int) -> bool:
    """Whether a line without a label belongs to the value above it."""
    line, label = lines[index], card.labels[-1][0]
    if index - end > _MOST_LINES or "\t" in line.raw or HARD_END.match(line.text) or CHAPTER.match(line.text):
        return False
    before = lines[index - 1].text
    if before.endswith(("、", ",", ":")):
        return True
    if kind_of_heading(label) in _TELLING:
        # A long list of units is broken at the width of the page; no label follows in it or in the rest.
        if before.count(":") > 1 or ":" in line.text:
            return False
        long = kind_of_heading(label) in UNIT_KINDS and len(before) >= _FULL_LINE and not line.blank_before
        return long and not TERMINAL.search(before) and _label_next(lines, index)
    if not _label_near(lines, index + 1, _MOST_LINES):
        return False
    return bool(NUMBERED.match(line.text)) or not TERMINAL.search(before) or not line.blank_before


def _label_next(lines: list[Line], index: int) -> bool:
    """Whether the line behind one begins with a label, or none stands there."""
    return index + 1 == len(lines) or label_of(lines[index + 1]) is not None


def _alike(cards: list[_TaskCard]) -> bool:
    """Whether cards tell of work and of who does it or when, each with labels of the others."""
    kinds = [{kind_of_heading(label) for label in c.values} for c in cards]
    whole = sum(bool(k & {"task", "text"}) and bool(k & _TELLING) for k in kinds)
    first = set(cards[0].values)
    return 2 * whole > len(cards) and all(first & set(c.values) for c in cards[1:])


def _titled_above(cards: list[_TaskCard]) -> bool:
    """Whether each card has a title of its own on the line above it instead of behind a label."""
    titled = sum(bool(c.headings) and not c.counted for c in cards)
    named = sum(any(kind_of_heading(label) == "task" and label not in c.sentences for label in c.values) for c in cards)
    return titled >= len(cards) - 1 and (2 * named < len(cards) or len(cards) > _FEWEST)


def _grid(cards: list[_TaskCard], line: int) -> Grid:
    columns = _columns(cards)
    fields = [Field(0, n, [span]) for n, (_, span) in enumerate(columns)]
    row = 0
    for card in cards:
        for heading in card.headings:
            row += 1
            fields.append(Field(row, 0, [(heading.start, heading.end)], len(columns)))
        row += 1
        fields += [Field(row, n, card.values.get(label, [])) for n, (label, _) in enumerate(columns)]
    return Grid(fields, len(columns), line)


def _columns(cards: list[_TaskCard]) -> list[tuple[str, tuple[int, int]]]:
    """The labels of all cards in their order, each with the place where it stands first."""
    out: list[tuple[str, tuple[int, int]]] = []
    for card in cards:
        at = 0
        for label, span in card.labels:
            known = next((n for n, (name, _) in enumerate(out) if name == label), None)
            if known is None:
                out.insert(at, (label, span))
                known = at
            at = known + 1
    return out
