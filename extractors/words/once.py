"""What a paper says once for several of its tasks: which units lead, which support; for folded text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .unit_words import compiled

Span = tuple[int, int]

_NEAR = 24  # characters before a rule that may tell how far it reaches


@dataclass(slots=True, frozen=True)
class Once:
    """A rule that a paper says once for its tasks, at `[start, end)`: the first unit leads (`role` lead), or the units
    at `units` belong to each task in a role. `onward`: it holds for what follows, too."""

    start: int
    end: int
    role: str
    onward: bool
    units: Span | None = None


@lru_cache(maxsize=256)
def said_once(text: str) -> tuple[Once, ...]:
    """“列第一位的为牵头单位，下同”, “以下均需各片区配合落实，不再列出”: what a folded text says for several tasks."""
    if not compiled("once.hint").search(text):
        return ()
    onward = compiled("once.onward")
    found = []
    for match in compiled("once.first_leads").finditer(text):
        behind = compiled("once.onward_behind").match(text, match.end())
        start, end = _with_brackets(text, match.start(), behind.end() if behind else match.end())
        found.append(Once(start, end, "lead", bool(behind or onward.search(_before(text, match.start())))))
    for match in compiled("once.all_support").finditer(text):
        name = "units" if match.group("units") else "units2"
        verb = match.group("verb") or match.group("verb2") or ""
        role = "support" if compiled("assignment.support").search(verb) else "responsible"
        start, end = _with_brackets(text, match.start(), match.end())
        reach = bool(onward.search(_before(text, match.start()) + match.group()))
        found.append(Once(start, end, role, reach, match.span(name)))
    return tuple(found)


def _before(text: str, at: int) -> str:
    """The words of its sentence or bracket that stand before a rule."""
    return re.split(r"[。;(]", text[max(0, at - _NEAR) : at])[-1]


def _with_brackets(text: str, start: int, end: int) -> Span:
    """The span with the brackets right around it."""
    while start > 0 and text[start - 1] in ",;":
        start -= 1
    if text[start - 1 : start] == "(" and text[end : end + 1] == ")":
        return start - 1, end + 1
    return start, end


def blanked(text: str) -> str:
    """The text with blanks for the rules that it says, length unchanged."""
    for once in said_once(text):
        text = text[: once.start] + " " * (once.end - once.start) + text[once.end :]
    return text
