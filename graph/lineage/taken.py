"""Whole clauses that a lower task takes over word for word: what says of a task that it comes from several.

A clause that one task of each paper alone has leads from one to the other, however much else they say. What many papers
say (接受社会监督) and what stands in quotation marks is nobody's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from .likeness import rare
from .matter import Matter, clauses, words

_SHORTEST = 6  # characters of such a clause
_OWN = 3.5  # so much have its words together at least: as much as one that is as rare as can be
_QUOTED = re.compile(r"[“\"].*?(?:[”\"]|$)|《.*?(?:》|$)")


def taken_over(upper: Sequence[Matter], lower: Sequence[Matter]) -> np.ndarray:
    """A row for a lower and a column for a superior's task: 1 where it takes over a clause of it, else 0."""
    out = np.zeros((len(lower), len(upper)))
    above, below = _alone(upper), _alone(lower)
    for clause in above.keys() & below.keys():
        row, column = below[clause], above[clause]
        if row >= 0 and column >= 0 and _own(clause):
            out[row, column] = 1.0
    return out


def _alone(tasks: Sequence[Matter]) -> dict[str, int]:
    """The place of the task that has a clause, -1 where several have it."""
    found: dict[str, int] = {}
    for place, task in enumerate(tasks):
        for clause in _whole(task.body.text):
            found[clause] = place if found.get(clause, place) == place else -1
    return found


@lru_cache(maxsize=1_024)
def _whole(text: str) -> tuple[str, ...]:
    return tuple(clause for clause in clauses(text) if len(clause) >= _SHORTEST)


@lru_cache(maxsize=8 * 1_024)
def _own(clause: str) -> bool:
    """Whether its words are rare, in the language and in the genre."""
    return sum(map(rare, set(words(_QUOTED.sub("，", clause))))) >= _OWN
