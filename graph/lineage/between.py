"""What is left between two links that follow each other, where the lower paper keeps its superior's order.

Of one or two tasks that are left there in both papers, those belong together that have characters in common, though
their words are others (绿化 → 植绿). Where one of the superior's is left alone, it is merged into a task of the links
beside it, if that says more than its own superior's does.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product

import numpy as np

from .matter import Matter, characters
from .terms import weight

_LEFT = 2  # tasks that are left in a paper at most
#: Cosines of characters: left in both papers; left in the superior's alone, and with what a task beside it says more.
_COMMON, _MERGED, _MORE = 0.13, 0.18, 0.12
_LIKE = 0.2  # how much what speaks for the pair otherwise counts beside them

Pair = tuple[int, int]


def between(
    upper: Sequence[Matter], lower: Sequence[Matter], links: Mapping[int, int], taken: set[int], likely: np.ndarray
) -> list[Pair]:
    """Pairs of a lower and a superior's task. `links`: the superior's task that each linked lower task leads to;
    `taken`: all superior's tasks that have a link; `likely`: what speaks for each pair otherwise."""
    common = _Common(upper, lower)
    links, taken, found = dict(links), set(taken), []

    def best(pairs: Iterator[Pair], least: float) -> list[Pair]:
        told = {pair: common.cosine(*pair) for pair in pairs}
        enough = [pair for pair, cosine in told.items() if cosine >= least]
        return sorted(enough, key=lambda pair: (-told[pair] - _LIKE * float(likely[pair]), pair))

    for rows, columns, _ in list(_gaps(links, taken, *likely.shape)):
        if max(len(rows), len(columns)) <= _LEFT:
            for row, column in best(product(rows, columns), _COMMON):
                if row not in links and column not in taken:
                    links[row] = column
                    taken.add(column)
                    found.append((row, column))
    for rows, columns, beside in _gaps(links, taken, *likely.shape):
        if not rows and len(columns) == 1:
            pairs = ((row, columns[0]) for row, own in beside if common.more(row, own, columns[0]) >= _MORE)
            found += best(pairs, _MERGED)[:1]
    return found


def _gaps(
    links: Mapping[int, int], taken: set[int], rows: int, columns: int
) -> Iterator[tuple[list[int], list[int], list[Pair]]]:
    """The lower and the superior's tasks without link between two links that follow each other, and these links."""
    ends = [(-1, -1), *sorted(links.items()), (rows, columns)]
    for before, behind in pairwise(ends):
        if before[1] <= behind[1]:
            below = list(range(before[0] + 1, behind[0]))
            above = [column for column in range(before[1] + 1, behind[1]) if column not in taken]
            yield below, above, [link for link in (before, behind) if link in links.items()]


class _Common:
    """The characters that tasks of two papers have in common, weighed by their rarity in both."""

    def __init__(self, upper: Sequence[Matter], lower: Sequence[Matter]) -> None:
        self._upper, self._lower = upper, lower
        having: Counter[str] = Counter()
        for task in (*upper, *lower):
            having.update(self._counts(task).keys())
        tasks = len(upper) + len(lower)
        self._weights = {c: max(0.0, weight(n, tasks)) for c, n in having.items()}

    def cosine(self, row: int, column: int) -> float:
        """Of one pair."""
        return self._cosine(self._counts(self._lower[row]), column)

    def more(self, row: int, own: int, column: int) -> float:
        """The same of what the lower task says and the superior's task `own` does not."""
        said = self._counts(self._upper[own])
        text = characters("", self._lower[row].body.text)
        return self._cosine({c: n for c, n in text.items() if c not in said}, column)

    def _cosine(self, counts: Mapping[str, int], column: int) -> float:
        one, other = self._vector(counts), self._vector(self._counts(self._upper[column]))
        lengths = math.sqrt(math.fsum(v * v for v in one.values()) * math.fsum(v * v for v in other.values()))
        return math.fsum(v * other[c] for c, v in one.items() if c in other) / lengths if lengths else 0.0

    def _counts(self, task: Matter) -> Mapping[str, int]:
        return characters(task.head.text, task.body.text)

    def _vector(self, counts: Mapping[str, int]) -> dict[str, float]:
        return {c: (1 + math.log(n)) * self._weights[c] for c, n in counts.items()}
