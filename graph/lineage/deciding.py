"""Which pairs of tasks are links: decided over the whole pair of papers, not each by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .between import between
from .likeness import WEIGHTS, adds, likeness
from .matter import Matter
from .standing import firsts, standing
from .taken import taken_over

#: From here on a link is shown to a person, from there on it is sure. Found on pairs aligned by hand (docs/lineage.md).
LIKELY, SURE = 0.6, 1.3
#: How much these grounds weigh beside those of `likeness.py`.
BESIDE = {"alone": 0.8, "order": 0.25, "taken": 0.8, "field": 0.5, "section": 0.3, "between": 0.6}
MOST_LIKELY = 3  # that many doubtful origins of one task are shown
_KEPT = 0.5  # how much of the superior's order says what is left between two links (`between.py`)
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
    return {n: BESIDE[n] * value if n in BESIDE else float(adds(n, value)) for n, value in grounds.items()}


def decide(upper: Sequence[Matter], lower: Sequence[Matter]) -> list[Claim]:
    """A link is the best of its lower or the best of its superior task: a task may come from several, and several from
    one, but what is best for neither is explained by those that are, unless a whole clause is taken over."""
    if not upper or not lower:
        return []
    found = likeness(upper, lower)
    among = standing(upper, lower, found, LIKELY)
    around = BESIDE["field"] * among.field + BESIDE["section"] * among.section
    likely = found.total + around
    taken = taken_over(upper, lower)
    best = firsts(likely) | firsts(likely.T).T | (taken > 0)
    total = likely + BESIDE["alone"] * among.alone + BESIDE["order"] * among.order + BESIDE["taken"] * taken
    sure = total - around >= SURE  # by what both say: whose work it is, and where it stands, make nothing sure
    named = {
        **{name: getattr(found, name) for name in WEIGHTS},
        **{name: getattr(among, name) for name in ("alone", "order", "field", "section")},
        "taken": taken,
        "between": np.zeros(total.shape),
    }
    # nor do they find a second superior's task for one that surely comes from another
    second = (total - around < LIKELY) & (best & sure).any(axis=1, keepdims=True)
    chosen = np.argwhere(best & (total >= LIKELY) & ~second).tolist()
    claims = [
        Claim(
            row, column, float(total[row, column]), "sure" if sure[row, column] else "likely", _at(named, row, column)
        )
        for row, column in chosen
    ]
    if among.kept >= _KEPT and any(claim.state == "sure" for claim in claims):
        best_of = {c.lower: c.upper for c in sorted(claims, key=lambda c: (c.score, -c.upper))}
        for row, column in between(upper, lower, best_of, {claim.upper for claim in claims}, likely):
            alike = {**_at(named, row, column), "alone": 0.0, "order": 0.0, "between": 1.0}
            claims.append(Claim(row, column, float(likely[row, column]) + BESIDE["between"], "likely", alike))
    return _few_doubtful(sorted(claims, key=lambda c: (c.lower, -c.score, c.upper)))


def convincing(claims: list[Claim], tasks: int) -> list[Claim]:
    """The claims for so many lower tasks, or none of them: two papers that have nothing to do with each other have a
    like task or two as well."""
    sure = any(claim.state == "sure" for claim in claims)
    return claims if sure or len({claim.lower for claim in claims}) >= _FEW * tasks else []


def _at(grounds: Mapping[str, np.ndarray], row: int, column: int) -> dict[str, float]:
    return {name: float(ground[row, column]) for name, ground in grounds.items()}


def _few_doubtful(claims: list[Claim]) -> list[Claim]:
    seen: Counter[int] = Counter()
    kept = []
    for claim in claims:
        seen[claim.lower] += claim.state == "likely"
        if claim.state == "sure" or seen[claim.lower] <= MOST_LIKELY:
            kept.append(claim)
    return kept
