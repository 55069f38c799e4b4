"""Which of many names are written most like one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from heapq import nlargest

_FEW = 100  # names that are compared in the slow way


def nearest(name: str, names: Iterable[str], count: int, least: float) -> list[str]:
    """The names that `difflib.get_close_matches` gives, of the few that share the most characters in their order: all
    of a large graph would take it seconds."""
    several = list(names)
    if len(several) > _FEW:
        from rapidfuzz import fuzz

        several = nlargest(_FEW, several, key=lambda one: fuzz.ratio(name, one))
    return get_close_matches(name, several, count, least)
