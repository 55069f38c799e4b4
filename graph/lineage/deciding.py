"""Which pairs of tasks are links: decided over the whole pair of papers, not each by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .likeness import Likeness, adds, likeness
from .matter import Matter
from .standing import Standing, firsts, standing
from .taken import taken_over

#: From here on a link is shown to a person, from there on it is sure. Found on pairs aligned by hand (docs/lineage.md).
LIKELY, SURE = 0.6, 1.3
ALONE, ORDER, TAKEN = 0.8, 0.25, 0.8  # how much these grounds weigh beside those of `likeness.py`
MOST_LIKELY = 3  # that many doubtful origins of one task are shown
_FEW = 0.25  # doubtful links of fewer of a paper's tasks show nothing


@dataclass(frozen=True, slots=True)
class Claim:
    """The lower task `lower` is made from the superior's task `upper` (both by place). `state`: sure or likely."""

    lower: int
    upper: int
    score: float
    state: str
    grounds: dict[str, float]


def weighed(grounds: Mapping[str, float]) -> dict[str, float]:
    """What each ground adds to the score."""
    other = {"alone": ALONE, "order": ORDER, "taken": TAKEN}
    return {n: other[n] * value if n in other else float(adds(n, value)) for n, value in grounds.items()}


def decide(upper: Sequence[Matter], lower: Sequence[Matter]) -> list[Claim]:
    """A link is the best of its lower or the best of its superior task: a task may come from several, and several from
    one, but what is best for neither is explained by those that are, unless a whole clause is taken over."""
    if not upper or not lower:
        return []
    found = likeness(upper, lower)
    among = standing(upper, lower, found, LIKELY)
    likely = found.total
    taken = taken_over(upper, lower)
    best = firsts(likely) | firsts(likely.T).T | (taken > 0)
    total = likely + ALONE * among.alone + ORDER * among.order + TAKEN * taken
    chosen = np.argwhere(best & (total >= LIKELY)).tolist()
    claims = [_claim(found, among, taken, row, column, float(total[row, column])) for row, column in chosen]
    return _few_doubtful(sorted(claims, key=lambda c: (c.lower, -c.score, c.upper)))


def convincing(claims: list[Claim], tasks: int) -> list[Claim]:
    """The claims for so many lower tasks, or none of them: two papers that have nothing to do with each other have a
    like task or two as well."""
    sure = any(claim.state == "sure" for claim in claims)
    return claims if sure or len({claim.lower for claim in claims}) >= _FEW * tasks else []


def _claim(found: Likeness, among: Standing, taken: np.ndarray, row: int, column: int, score: float) -> Claim:
    grounds = {
        "alike": float(found.alike[row, column]),
        "matter": float(found.matter[row, column]),
        "phrase": float(found.phrase[row, column]),
        "alone": float(among.alone[row, column]),
        "order": float(among.order[row, column]),
        "taken": float(taken[row, column]),
    }
    return Claim(row, column, score, "sure" if score >= SURE else "likely", grounds)


def _few_doubtful(claims: list[Claim]) -> list[Claim]:
    seen: Counter[int] = Counter()
    kept = []
    for claim in claims:
        seen[claim.lower] += claim.state == "likely"
        if claim.state == "sure" or seen[claim.lower] <= MOST_LIKELY:
            kept.append(claim)
    return kept
