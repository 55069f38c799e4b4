"""Which pairs of tasks are links: decided over the whole pair of papers, not each by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .around import others_lead, same_work
from .between import between
from .likeness import WEIGHTS, adds, likeness, other_matters
from .matter import Matter
from .standing import firsts, standing
from .taken import taken_over

#: From here on a link is shown to a person, from there on it is sure. Found on pairs aligned by hand (docs/lineage.md).
LIKELY, SURE = 0.55, 1.3
#: How much these grounds weigh beside those of `likeness.py`.
BESIDE = {
    "said": 0.7,
    "alone": 0.4,
    "singled": 1.0,
    "order": 0.25,
    "taken": 0.8,
    "field": 1.0,
    "section": 0.4,
    "between": 0.6,
    "left": 0.6,
}
ASIDE = 0.6  # how much less it says that a pair stands out, where it does so by a clause aside
MOST_LIKELY = 3  # that many doubtful origins of one task are shown
_KEPT = 0.5  # how much of the superior's order says what is left between two links (`between.py`)
_FEW = 0.25  # links of fewer of a paper's tasks show nothing, unless one of them has such a score
_CERTAIN = 2.5
_HALF, _SAME_WORK = 0.5, 0.3  # share of the lower tasks that have a link; *field* of two tasks that are left
#: Where others lead, or both tasks say that they are about other things, so much of *said* is needed to be sure.
_SAYS = 0.3
#: What is in doubt and so much alike is a frame in which any matter can stand. It makes nothing sure from `_FRAMED` on,
#: where both say that they are about other things.
_FRAME, _FRAMED = 0.2, 0.25


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
    field = same_work(upper, lower)
    taken = taken_over(upper, lower)
    # what the superior's phrase stands in is its work whoever leads it
    others = others_lead(upper, lower) & ~(found.phrase > 0).any(axis=1, keepdims=True)
    vague = found.said < _SAYS
    among = standing(upper, lower, found, LIKELY, vague & others)
    around = BESIDE["field"] * field + BESIDE["section"] * among.section
    likely = found.total + BESIDE["said"] * found.said + around
    first = firsts(likely)
    best = first | firsts(likely.T).T | (taken > 0)
    alone, singled = (ground * (1 - ASIDE * among.aside) for ground in (among.alone, among.singled))
    total = (
        likely
        + BESIDE["alone"] * alone
        + BESIDE["singled"] * singled
        + BESIDE["order"] * among.order
        + BESIDE["taken"] * taken
    )
    named = {
        **{name: getattr(found, name) for name in WEIGHTS},
        "alone": alone,
        "singled": singled,
        **{name: getattr(among, name) for name in ("order", "section")},
        "said": found.said,
        "field": field,
        "taken": taken,
        **{name: np.zeros(total.shape) for name in ("between", "left")},
    }
    # by what both say: whose work it is, and where it stands, make nothing sure, nor do they find a second superior's
    # task for one that surely comes from another, or a second one made of that
    own = total - around
    doubt = vague & (others | _other_matters(upper, lower, best & (total >= LIKELY) & (found.alike >= _FRAMED)))
    certain = best & (own >= _CERTAIN) & ~doubt
    second = (best & (own >= SURE)).any(axis=1, keepdims=True) | certain.any(axis=0, keepdims=True)
    chosen = best & (total >= LIKELY) & ~(second & (own < LIKELY))
    # a frame gives way to what is clearly made of the same superior's task, and of no other rather
    clear = chosen & ~doubt & first
    chosen &= ~(doubt & (found.alike >= _FRAME) & clear.any(axis=0, keepdims=True))
    sure = (own >= SURE) & ~doubt
    claims = []
    for row, column in np.argwhere(chosen).tolist():
        state = "sure" if sure[row, column] else "likely"
        claims.append(Claim(row, column, float(total[row, column]), state, _at(named, row, column)))
    if among.kept >= _KEPT and any(claim.state == "sure" for claim in claims):
        best_of = {c.lower: c.upper for c in sorted(claims, key=lambda c: (c.score, -c.upper))}
        for row, column in between(upper, lower, best_of, {claim.upper for claim in claims}, likely):
            alike = {**_at(named, row, column), "alone": 0.0, "singled": 0.0, "order": 0.0, "between": 1.0}
            claims.append(Claim(row, column, float(likely[row, column]) + BESIDE["between"], "likely", alike))
    for row, column in _left(claims, total, field).tolist():
        score = float(total[row, column]) + BESIDE["left"]
        claims.append(Claim(row, column, score, "likely", {**_at(named, row, column), "left": 1.0}))
    return _few_doubtful(sorted(claims, key=lambda c: (c.lower, -c.score, c.upper)))


def _other_matters(upper: Sequence[Matter], lower: Sequence[Matter], asked: np.ndarray) -> np.ndarray:
    """Which of the pairs in `asked` say that they are about other things."""
    out = np.zeros(asked.shape, dtype=bool)
    for row, column in np.argwhere(asked).tolist():
        out[row, column] = other_matters(upper[column], lower[row])
    return out


def _left(claims: Sequence[Claim], total: np.ndarray, field: np.ndarray) -> np.ndarray:
    """Pairs of tasks that no claim has, each the best of the other, which are the same units' work; none where the
    lower paper has few claims."""
    linked = {claim.lower for claim in claims}
    if len(linked) < _HALF * len(total):
        return np.empty((0, 2), dtype=np.int64)
    left = firsts(total) & firsts(total.T).T & (total > 0) & (field >= _SAME_WORK)
    left[sorted(linked)] = False
    left[:, sorted({claim.upper for claim in claims})] = False
    return np.argwhere(left)


def convincing(claims: list[Claim], tasks: int) -> list[Claim]:
    """The claims for so many lower tasks, or none of them: two papers that have nothing to do with each other have a
    like task or two as well."""
    certain = any(claim.state == "sure" and claim.score >= _CERTAIN for claim in claims)
    return claims if certain or len({claim.lower for claim in claims}) >= _FEW * tasks else []


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
