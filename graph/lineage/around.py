"""What stands around two tasks: whose work they are, and the sections that they stand in.

Both say little alone. They say something of a task that few words lead to, where the lower paper follows its superior.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from ...extractors.model import Task
from ...extractors.words.fold import fold, squeeze
from ...extractors.words.lexicon import Lexicon
from .matter import Matter
from .terms import weight


def fields_of(task: Task, lexicon: Lexicon) -> frozenset[str]:
    """The fields of work of a task's units."""
    return frozenset(field for unit in task.units for field in fields_of_unit(unit.name, lexicon))


def fields_of_unit(name: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The fields of work of a unit's name, none where the lexicon has none."""
    return lexicon.fields(fold(squeeze(name)))


def same_field(upper: Sequence[Matter], lower: Sequence[Matter]) -> np.ndarray:
    """A row for a lower and a column for a superior's task: how rare the rarest field of work is that units of both
    have, between 0 (none, or one that all have) and 1."""
    tasks = len(upper) + len(lower)
    having = Counter(field for task in (*upper, *lower) for field in task.fields)
    out = np.zeros((len(lower), len(upper)))
    for field, n in having.items():
        rows, columns = (_places(some, field) for some in (lower, upper))
        if rows and columns:
            rare = max(0.0, weight(n, tasks) / math.log(tasks))
            some = np.ix_(rows, columns)
            out[some] = np.maximum(out[some], rare)
    return out


def _places(tasks: Sequence[Matter], field: str) -> list[int]:
    return [place for place, task in enumerate(tasks) if field in task.fields]


def same_section(upper: Sequence[Matter], lower: Sequence[Matter], anchors: np.ndarray) -> np.ndarray:
    """How many of the pairs in `anchors` lead from the other tasks of the lower one's section into the section of the
    superior's, as a share that is below 1: the more there are, the nearer to it. 0 in a paper without sections."""
    above, below = ([task.task.section[:1] for task in tasks] for tasks in (upper, lower))
    out = np.zeros((len(lower), len(upper)))
    columns, n_above = _numbered(above)
    rows, n_below = _numbered(below)
    if min(n_above, n_below) > 1 and len(anchors):
        led = np.zeros((len(lower), n_above))
        np.add.at(led, (anchors[:, 0], columns[anchors[:, 1]]), 1)
        others = np.array([led[rows == n].sum(axis=0) for n in range(n_below)])[rows] - led
        out = (others / (others.sum(axis=1, keepdims=True) + 1))[:, columns]
    return out


def _numbered(sections: Sequence[Sequence[str]]) -> tuple[np.ndarray, int]:
    """The number of each section, in the order of the first of each, and how many there are."""
    numbers: dict[tuple[str, ...], int] = {}
    return np.array([numbers.setdefault(tuple(one), len(numbers)) for one in sections], dtype=np.int64), len(numbers)
