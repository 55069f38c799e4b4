"""Numbering of clauses: the styles of marks (一、（一）1.) and which go on with those before them; the patterns of
`rules/outline.toml`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from ..words.forms import number
from ..words.parts import tables

#: Places of the styles of `rules/outline.toml`, outermost first.
PART, CHAPTER, CLAUSE, POINT, DECIMAL, SUBPOINT, CIRCLED, LISTED = range(8)
ARTICLE = 1.5  # 第一条: in a chapter, and （一） below it

_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"
_LAST_POINT = 150  # a greater number before a stop is a quantity
_NEAR = 16  # white space and the number on the next line
_GAP = 5  # numbers that a list may leave out


@dataclass(slots=True, frozen=True)
class Mark:
    """A mark of a style and its value; `end` is the offset behind it. `bare`: digits follow it, so that it may be no
    mark but part of a quantity (2.5万)."""

    style: float
    value: int
    end: int
    bare: bool = False


@cache
def _styles() -> tuple[tuple[float, re.Pattern[str], bool], ...]:
    rows = tables("outline.toml")["style"]
    return tuple((row["depth"], re.compile(row["pattern"]), row.get("bare", False)) for row in rows)


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The pattern of a row of `rules/outline.toml`; one that fits nothing where there is no such row."""
    for row in tables("outline.toml")["pattern"]:
        if row["id"] == f"outline.{name}":
            return re.compile(rf"(?:{row['pattern']})\Z" if row.get("whole") else row["pattern"])
    return re.compile("(?!)")


def marks(text: str, start: int, end: int) -> list[Mark]:
    """What the numbering at `start` of folded text may be, the likeliest first."""
    out: list[Mark] = []
    for style, pattern, bare in _styles():
        match = pattern.match(text, start, end)
        if match is None or match.end() >= end:
            continue
        said = match["n"]
        row = next((signs for signs in (_CIRCLES, _ROMAN) if said in signs), None)
        value = row.index(said) + 1 if row else number(said)
        if value is not None and (style != POINT or value <= _LAST_POINT):
            out.append(Mark(style, value, match.end(), bare))
    return out


@dataclass(slots=True)
class Numbering:
    """The numbers that a paper has come to, by style."""

    last: dict[float, int] = field(default_factory=dict)
    major: int = 0  # the number before the point of the last decimal

    def at_line(self, text: str, start: int, end: int) -> Mark | None:
        """The mark that a paragraph begins with, or None. Any number may stand there; one right before digits must go
        on."""
        found = marks(text, start, end)
        plain = [m for m in found if not m.bare]
        for mark in found:
            alone = text[mark.end - 1].isdecimal()  # 1 without a stop heads nothing but 1.1
            if alone and not text[end : end + _NEAR].lstrip().startswith(f"{mark.value}.1"):
                continue
            if mark.bare and self._goes_on(mark) and not any(self._next_decimal(text, start, m) for m in plain):
                return self._take(text, start, mark)
        return self._take(text, start, plain[0]) if plain else None

    def inside(self, text: str, start: int, end: int, *, loose: bool) -> Mark | None:
        """The mark at `start` in the middle of a paragraph, or None: it must go on with the numbers before it, or begin
        anew. `loose`: numbers may be left out."""
        for mark in marks(text, start, end):
            value, last = mark.value, self.last.get(mark.style, 0)
            if mark.bare or mark.style == CHAPTER:
                fits = value == last + 1
            else:
                fits = value in (1, last + 1) or (loose and mark.style in (CLAUSE, POINT) and 0 < value - last <= _GAP)
            if fits:
                return mark
        return None

    def take(self, text: str, start: int, mark: Mark) -> None:
        """Goes on to a mark. What is numbered below it may run on or begin anew."""
        self._take(text, start, mark)

    def _take(self, text: str, start: int, mark: Mark) -> Mark:
        self.last[mark.style] = mark.value
        if mark.style == DECIMAL:
            self.major = int(text[start : text.index(".", start)])
        return mark

    def _goes_on(self, mark: Mark) -> bool:
        return mark.value == self.last.get(mark.style, 0) + 1

    def _next_decimal(self, text: str, start: int, mark: Mark) -> bool:
        """Whether 2.12 goes on with 2.11, or begins what stands below 2."""
        if mark.style != DECIMAL:
            return False
        major = int(text[start : text.index(".", start)])
        return (major == self.major and mark.value == self.last.get(DECIMAL, 0) + 1) or (
            mark.value == 1 and major == self.last.get(POINT, 0)
        )
