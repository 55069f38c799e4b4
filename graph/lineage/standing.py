"""How a pair of tasks stands among all others of two papers, where the lower paper follows its superior.

What two tasks have in common says less than whether anything else has it too: in a paper that takes its superior's
tasks one after the other, a few words that stand nowhere else lead to the right one, and many that stand everywhere to
none. A paper that is written anew has no such order, and there this says nothing (`follows`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .around import same_section
from .likeness import Likeness
from .matter import Matter
from .terms import AT_ONCE, Clauses, InCommon, Side, shared_grams, side, weight

_FOLLOWED = 0.25  # from this share of anchored tasks on a paper follows its superior altogether
_FEWEST = 3  # pairs of anchors that tell an order
_NEAR = 0.15  # share of the superior's tasks by which the order may be missed
_LEAST, _WHOLE = 0.2, 0.4  # shares of a clause that are found in a task: taken notice of, taken for the clause
_RARE = 2.5  # so many pairs of characters, had they stood nowhere else, a clause and a task have in common at least


@dataclass(frozen=True, slots=True)
class Standing:
    """Each matrix has a row for a lower and a column for a superior's task. `alone`: 1 where neither task has another
    that is like it, below 0 where others are more so. `order`: 0 where the pair stands in the superior's order, -1
    where it is far from it. `section`: `around.py`. `singled`: as `alone`, by their characters. All count as far as the
    paper `follows`. `kept`: how much of the superior's order it keeps, 0 to 1."""

    follows: float
    kept: float
    alone: np.ndarray
    order: np.ndarray
    section: np.ndarray
    singled: np.ndarray
    aside: np.ndarray


def standing(
    upper: Sequence[Matter], lower: Sequence[Matter], found: Likeness, anchor: float, doubted: np.ndarray | None = None
) -> Standing:
    """`anchor` is the score from which on a pair that is the best of both its tasks tells the order. Where a pair is
    `doubted`, the lower task stands in the way of no other that could be made of the same superior's."""
    total = found.total
    # a phrase is given to many tasks at once: it shows what they are about, not that the paper follows
    anchors = np.argwhere(firsts(total) & firsts(total.T).T & (found.by_words >= anchor))
    follows = min(1.0, len(set(anchors[:, 0].tolist())) / len(lower) / _FOLLOWED)
    if not follows:
        return Standing(0.0, 0.0, *(np.zeros(total.shape) for _ in range(5)))
    across = _apart(total)
    # one of several tasks that a superior's is split into need be the best for one of its clauses alone
    rivals = None if doubted is None else doubted.T
    down = np.maximum(_apart(total.T, rivals).T, _apart_by_clause(side(upper), side(lower)))
    alone = np.where(_both_or_none(upper, lower), (across + down) / 2, np.minimum(0.0, (across + down) / 2))
    kept = _order_kept(anchors)
    return Standing(
        follows,
        follows * kept,
        follows * alone,
        follows * _order(anchors, kept, *total.shape),
        follows * same_section(upper, lower, anchors),
        follows * (_apart(found.characters) + _apart(found.characters.T, rivals).T) / 2,
        _aside(side(upper), side(lower)),
    )


def firsts(total: np.ndarray) -> np.ndarray:
    """Where the best of each row stands; of equals the one whose place in its paper is nearest."""
    rows, columns = total.shape
    far = np.abs((np.arange(rows)[:, None] + 0.5) / rows - (np.arange(columns)[None, :] + 0.5) / columns)
    far = np.where(total == total.max(axis=1, keepdims=True), far, np.inf)
    return far == far.min(axis=1, keepdims=True)


def _both_or_none(upper: Sequence[Matter], lower: Sequence[Matter]) -> np.ndarray:
    """Whether both tasks say how the work is led, or both what the work is: closing formulas stand alone anywhere."""
    above, below = (np.array([task.organising for task in tasks]) for tasks in (upper, lower))
    return below[:, None] == above[None, :]


def _apart(total: np.ndarray, doubted: np.ndarray | None = None) -> np.ndarray:
    """How far each value stands above the best other one of its row, as a share of the greater of both; of others that
    are not `doubted`, unless it is so itself."""
    if total.shape[1] == 1:
        return (total > 0).astype(float)
    others = _best_other(total)
    if doubted is not None:
        clear = np.where(doubted, 0.0, total)
        others = np.where(doubted, others, _best_other(clear))
    return (total - others) / np.maximum(np.maximum(total, others), 1e-9)


def _best_other(total: np.ndarray) -> np.ndarray:
    """The greatest of each row but the value itself."""
    top = np.sort(total, axis=1)[:, -2:]
    return np.where(total == top[:, 1:], top[:, :1], top[:, 1:])


def _apart_by_clause(upper: Side, lower: Side) -> np.ndarray:
    """The same down the columns, for that clause of the superior's task for which a lower task stands out most; -1
    where it shares no clause."""
    found, grams, rare = (
        upper.clauses,
        shared_grams(upper, lower),
        _RARE * weight(2, len(upper.tasks) + len(lower.tasks)),
    )
    common = _common(found, grams)
    enough = common >= rare
    asked = np.flatnonzero(enough.any(axis=1))
    begins = [0, *found.ends]
    weights = grams.above[found.places]
    whole = [math.fsum(weights[begins[clause] : begins[clause + 1]].tolist()) for clause in asked.tolist()]
    share = common[asked] / np.array(whole)[:, None]
    apart = np.full(common.shape, -1.0)
    enough = enough[asked] & (share >= _LEAST)
    apart[asked] = np.where(enough, _apart(share) * np.minimum(1.0, share / _WHOLE), -1.0)
    return np.maximum.reduceat(apart, found.begins, axis=0).T


def _aside(upper: Side, lower: Side) -> np.ndarray:
    """How much of what both tasks have in common stands in one clause of each that is not where they say what they are
    about (title and first clause): a requirement that papers make of any work. 0 where more of it stands there."""
    found = _in_later_clause(_common(upper.clauses, shared_grams(upper, lower)), upper.clauses).T
    return np.minimum(found, _in_later_clause(_common(lower.clauses, shared_grams(lower, upper)), lower.clauses))


def _in_later_clause(common: np.ndarray, clauses: Clauses) -> np.ndarray:
    """A row for each task: the share of the fullest of its later clauses, 0 where title and first clause have more."""
    begins = clauses.begins
    first = np.minimum(begins + 1, len(common) - 1)
    first = np.where(np.append(begins[1:], len(common)) > begins + 1, first, begins)
    later = common.copy()
    later[begins] = 0
    later[first] = 0
    fullest = np.maximum.reduceat(later, begins, axis=0)
    whole = np.add.reduceat(common, begins, axis=0)
    opening = common[begins] + np.where((first > begins)[:, None], common[first], 0.0)
    return np.where(fullest > opening, fullest / np.where(whole > 0, whole, 1.0), 0.0)


def _common(clauses: Clauses, grams: InCommon) -> np.ndarray:
    """The weight of the pairs of characters that each clause and each lower task have in common."""
    lower, tasks = grams.lower, len(grams.lower.ends)
    there = np.zeros((len(grams.above), tasks), dtype=bool)
    at = grams.places[lower.places]
    there[at[at >= 0], lower.rows[at >= 0]] = True
    out = np.zeros(len(clauses.ends) * tasks)
    step = max(1, AT_ONCE // tasks)
    for begin in range(0, len(clauses.rows), step):
        entries, of = there[clauses.places[begin : begin + step]].nonzero()
        rows, places = clauses.rows[begin + entries], clauses.places[begin + entries]
        out += np.bincount(rows * tasks + of, grams.above[places], len(out))
    return out.reshape(-1, tasks)


def _order(anchors: np.ndarray, kept: float, rows: int, columns: int) -> np.ndarray:
    """How far each pair is from where the anchors around it lead to, the more the better these keep the order."""
    out = np.zeros((rows, columns))
    if not kept:
        return out
    places = np.arange(columns)
    around = [(-1, -1), *((int(i), int(j)) for i, j in anchors), (rows, columns)]
    of_rows = np.array([i for i, _ in around])
    for row in range(rows):
        before = around[np.searchsorted(of_rows, row, "left") - 1]
        behind = around[np.searchsorted(of_rows, row, "right")]
        step = (behind[1] - before[1]) / (behind[0] - before[0])
        expected = before[1] + step * (row - before[0])
        out[row] = -kept * np.minimum(1.0, np.abs(places - expected) / (_NEAR * columns + 1))
    return out


def _order_kept(anchors: np.ndarray) -> float:
    """Kendall's tau of the anchors, 0 where it is negative or they are too few."""
    first, second = np.triu_indices(len(anchors), k=1)
    apart = anchors[first, 0] != anchors[second, 0]
    agree = (anchors[second, 1] > anchors[first, 1])[apart]
    return max(0.0, 2 * float(agree.mean()) - 1) if len(agree) >= _FEWEST else 0.0
