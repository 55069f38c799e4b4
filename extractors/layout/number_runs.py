"""Numbers that run on: which numbers of a flattened text count its rows or headings, the likeliest run of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: What it brings that a number is one of the run, and what a run that begins with another than one, that begins anew,
#: or that leaves out a number, costs.
_REWARD, _LATE, _ANEW, _GAP = 2.0, 1.0, 1.2, 0.9


@dataclass(slots=True, frozen=True)
class Candidate:
    """A number; `price`: what it costs, by what stands around it, that it is one of the run; `fresh`: a heading stands
    before it, below which numbers begin anew."""

    value: int
    price: float
    fresh: bool = False


def best_run(found: Sequence[Candidate], gap: int = 0) -> list[int]:
    """The places of the numbers that make the cheapest run; `gap` numbers may be missing in a row."""
    # cost of the cheapest run that ends with a value, and of the cheapest of all, each with its last place
    ends: dict[int, tuple[float, int]] = {}
    best = (0.0, -1)
    back = [-1] * len(found)
    for n, one in enumerate(found):
        before = [(0.0 if one.value == 1 else _LATE, -1)]
        before += [
            (ends[one.value - 1 - g][0] + _GAP * g, ends[one.value - 1 - g][1])
            for g in range(gap + 1)
            if one.value - 1 - g in ends
        ]
        if one.value == 1 and best[1] >= 0:
            before.append((best[0] + (0.0 if one.fresh else _ANEW), best[1]))
        cost, back[n] = min(before)
        cost += one.price - _REWARD
        if cost < ends.get(one.value, (float("inf"), -1))[0]:
            ends[one.value] = cost, n
        if cost < best[0]:
            best = cost, n
    out = []
    at = best[1]
    while at >= 0:
        out.append(at)
        at = back[at]
    return out[::-1]
