"""Where the nodes of a picture stand: computed before, the same for the same graph.

Sizes are (width, height) and positions (x, y) of centres, both in the picture's own pixels; y grows downwards.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

Size = tuple[float, float]
Position = tuple[int, int]

_GAP = 14  # between two nodes
_STEPS, _ROUNDS = 260, 400
_LIFT = 6.0  # how strongly a node is drawn to its height


def spread(
    sizes: dict[str, Size],
    edges: list[tuple[str, str]],
    aspect: float = 1.1,
    steps: int = _STEPS,
    rounds: int = _ROUNDS,
    heights: Mapping[str, float] | None = None,
) -> dict[str, Position]:
    """Positions by springs: what is joined comes near, the rest keeps apart, no two nodes overlap. `heights` draw some
    nodes up (0) or down (1).

    `aspect` is the width of the picture over its height, `steps` how often the springs pull, `rounds` how
    often at most boxes that overlap are parted. Nothing is drawn by lot: nodes start on a spiral, each next to those it
    is joined to.
    """
    import numpy as np

    order = _walk(sizes, edges)
    if not order:
        return {}
    at = {name: i for i, name in enumerate(order)}
    wide = np.array([sizes[name][0] for name in order]) + _GAP
    high = np.array([sizes[name][1] for name in order]) + _GAP
    turn = np.arange(len(order)) * math.pi * (3 - math.sqrt(5))
    reach = 60 * np.sqrt(np.arange(len(order)) + 0.5)
    place = np.stack([reach * np.cos(turn), reach * np.sin(turn)], axis=1)

    pairs = sorted({(min(at[a], at[b]), max(at[a], at[b])) for a, b in edges if a in at and b in at and a != b})
    if pairs:
        one, two = np.array(pairs).T
    else:
        one = two = np.zeros(0, dtype=int)
    degree = np.bincount(np.concatenate([one, two]), minlength=len(order)).astype(float)
    charge = np.sqrt(1 + degree)
    ideal = 1.1 * math.sqrt(float(np.mean(wide * high)))
    pull = 1 / np.maximum(1, np.minimum(degree[one], degree[two])) ** 0.5

    drawn = np.array([heights[name] - 0.5 if heights and name in heights else np.nan for name in order])
    held = ~np.isnan(drawn)
    goal = drawn[held] * 2 * ideal * math.sqrt(len(order))
    strength = ideal**2 * charge[:, None] * charge[None, :]
    for step in range(steps):
        x, y = place[:, 0, None] - place[None, :, 0], place[:, 1, None] - place[None, :, 1]
        push = strength / np.maximum(x * x + y * y, 1.0)
        force = np.stack([(x * push).sum(axis=1), (y * push).sum(axis=1)], axis=1)
        along = place[one] - place[two]
        draw = along * (np.sqrt((along**2).sum(axis=1)) / ideal * pull)[:, None]
        np.add.at(force, one, -draw)
        np.add.at(force, two, draw)
        force -= place * charge[:, None] * (0.5 * math.sqrt(len(order)) / 10)
        force[held, 1] += (goal - place[held, 1]) * charge[held] * _LIFT
        length = np.maximum(np.sqrt((force**2).sum(axis=1)), 1e-9)
        heat = ideal * 2.5 * (1 - step / steps) ** 1.5 + 0.5
        place += force / length[:, None] * np.minimum(length, heat)[:, None]
    # Springs leave much empty room: draw everything together until the boxes would fill most of it, then part them.
    across, tall = np.maximum(np.ptp(place, axis=0), 1.0)
    room = float((wide * high).sum()) / 0.8
    place *= (math.sqrt(room * aspect) / across, math.sqrt(room / aspect) / tall)
    _part(place, wide, high, rounds)
    return {name: (round(float(place[i, 0])), round(float(place[i, 1]))) for name, i in at.items()}


def _walk(sizes: dict[str, Size], edges: list[tuple[str, str]]) -> list[str]:
    """All names, breadth first from the most connected one of each component, ties by name."""
    near: dict[str, set[str]] = {name: set() for name in sizes}
    for a, b in edges:
        if a in near and b in near and a != b:
            near[a].add(b)
            near[b].add(a)
    seen: dict[str, None] = {}
    for root in sorted(sizes, key=lambda name: (-len(near[name]), name)):
        queue = [root]
        while queue:
            following = []
            for name in queue:
                if name not in seen:
                    seen[name] = None
                    following += sorted(near[name] - seen.keys(), key=lambda other: (-len(near[other]), other))
            queue = following
    return list(seen)


def _part(place, wide, high, rounds) -> None:
    """Push overlapping boxes apart along the shorter way, in place; stops when none overlap."""
    import numpy as np

    least_x, least_y = (wide[:, None] + wide[None, :]) / 2, (high[:, None] + high[None, :]) / 2
    lower = np.tril(np.ones_like(least_x, dtype=bool))
    for _ in range(rounds):
        x = place[:, None, 0] - place[None, :, 0]
        y = place[:, None, 1] - place[None, :, 1]
        over_x, over_y = least_x - np.abs(x), least_y - np.abs(y)
        hit = (over_x > 0.5) & (over_y > 0.5) & ~lower
        if not hit.any():
            return
        ones, others = np.nonzero(hit)
        least = zip(least_x[ones, others].tolist(), least_y[ones, others].tolist(), strict=True)
        at: list[list[float]] = place.tolist()  # numbers of its own are slow one by one
        for i, j, (wide_of, high_of) in zip(ones.tolist(), others.tolist(), least, strict=True):
            one, other = at[i], at[j]
            dx, dy = one[0] - other[0], one[1] - other[1]
            by_x, by_y = wide_of - abs(dx), high_of - abs(dy)
            if by_x <= 0 or by_y <= 0:
                continue
            if by_x / wide_of < by_y / high_of:
                move = by_x / 2 * (1 if dx > 0 else -1)
                one[0] += move
                other[0] -= move
            else:
                move = by_y / 2 * (1 if dy > 0 else -1)
                one[1] += move
                other[1] -= move
        place[:] = at


def stack(
    bands: list[list[str]], sizes: dict[str, Size], edges: list[tuple[str, str]], *, width: float = 820, gap: float = 70
) -> tuple[dict[str, Position], list[tuple[int, int]]]:
    """Positions in bands, the first on top, and the (top, bottom) of each band.

    A band whose nodes do not fit into `width` is broken into rows. Inside a band each node stands under those of the
    bands above that it is joined to.
    """
    near: dict[str, list[str]] = defaultdict(list)
    for a, b in edges:
        near[a].append(b)
        near[b].append(a)
    place: dict[str, Position] = {}
    spans: list[tuple[int, int]] = []
    top = 0.0
    for band in bands:
        start = top
        order = {name: i for i, name in enumerate(band)}

        def over(name: str, order: dict[str, int] = order) -> tuple[float, int]:
            above = [place[other][0] for other in near[name] if other in place]
            return (sum(above) / len(above) if above else 0.0, order[name])

        for row in _rows(sorted(band, key=over), sizes, width):
            across = sum(sizes[name][0] + 2 * _GAP for name in row)
            tall = max(sizes[name][1] for name in row)
            x = -across / 2
            for name in row:
                place[name] = (round(x + sizes[name][0] / 2 + _GAP), round(top + tall / 2))
                x += sizes[name][0] + 2 * _GAP
            top += tall + 1.5 * _GAP
        spans.append((round(start - gap / 3), round(top - 1.5 * _GAP + gap / 3)))
        top += gap
    return place, spans


def flank(
    middle: list[str], left: list[str], right: list[str], sizes: dict[str, Size], top: float
) -> tuple[dict[str, Position], int]:
    """Positions of nodes in the middle with others in a column on either side, and where they end below.

    The columns stand so far away that curves which leave and come in level pass no other node of a column.
    """
    tall = {id(side): sum(sizes[name][1] + _GAP for name in side) for side in (middle, left, right)}
    height = max(tall.values())
    away = max((sizes[name][0] for name in middle), default=0) / 2 + max(
        160, 0.55 * max(tall[id(left)], tall[id(right)])
    )
    place: dict[str, Position] = {}
    for side, sign in ((middle, 0), (left, -1), (right, 1)):
        y = top + (height - tall[id(side)]) / 2
        wide = max((sizes[name][0] for name in side), default=0)
        for name in side:
            place[name] = (round(sign * (away + wide / 2)), round(y + sizes[name][1] / 2))
            y += sizes[name][1] + _GAP
    return place, round(top + height)


def _rows(names: list[str], sizes: dict[str, Size], width: float) -> list[list[str]]:
    total = sum(sizes[name][0] + 2 * _GAP for name in names)
    goal = total / max(1, math.ceil(total / width)) if names else width
    rows: list[list[str]] = []
    filled = math.inf
    for name in names:
        needs = sizes[name][0] + 2 * _GAP
        if filled + needs / 2 > goal + 1:
            rows.append([])
            filled = 0.0
        rows[-1].append(name)
        filled += needs
    return rows


def blocks(
    levels: list[list[str]], below: dict[str, list[str]], sizes: dict[str, Size], width: float = 2000
) -> tuple[dict[str, Position], list[tuple[int, int]]]:
    """Like `stack`, but each name of a level has a grid of the names `below` it under itself."""
    place: dict[str, Position] = {}
    spans: list[tuple[int, int]] = []
    top = 0.0
    for level in levels:
        start = top
        grids = {name: _grid(below.get(name, []), sizes) for name in level}
        outer = {name: (max(sizes[name][0], grids[name][1]), sizes[name][1] + grids[name][2]) for name in level}
        for row in _rows(level, outer, width):
            x = -sum(outer[name][0] + 2 * _GAP for name in row) / 2
            for name in row:
                wide, _ = outer[name]
                middle = x + _GAP + wide / 2
                place[name] = (round(middle), round(top + sizes[name][1] / 2))
                for child, (dx, dy) in grids[name][0].items():
                    place[child] = (round(middle + dx), round(top + sizes[name][1] + 2 * _GAP + dy))
                x += wide + 2 * _GAP
            top += max(outer[name][1] for name in row) + 4 * _GAP
        spans.append((round(start - 2 * _GAP), round(top - 2 * _GAP)))
        top += 5 * _GAP
    return place, spans


def _grid(names: list[str], sizes: dict[str, Size]) -> tuple[dict[str, tuple[float, float]], float, float]:
    """Offsets of `names` row by row under a middle, and the width and height of the whole."""
    if not names:
        return {}, 0.0, 0.0
    wide = max(sizes[name][0] for name in names) + _GAP
    tall = max(sizes[name][1] for name in names) + _GAP
    columns = max(1, min(len(names), round(math.sqrt(len(names) * 7 * tall / wide))))
    spots = {}
    for i, name in enumerate(names):
        row, column = divmod(i, columns)
        spots[name] = ((column - (columns - 1) / 2) * wide, (row + 0.5) * tall)
    return spots, columns * wide, (math.ceil(len(names) / columns) + 1) * tall


def rings(groups: dict[str, str], step: float) -> dict[str, Position]:
    """Positions of many nodes, `step` apart, in linear time: those of a group on a disc, the discs on a spiral, the
    largest in the middle. `groups` has the group of each node."""
    members: dict[str, list[str]] = defaultdict(list)
    for name in sorted(groups):
        members[groups[name]].append(name)
    turn = math.pi * (3 - math.sqrt(5))
    place: dict[str, Position] = {}
    filled = 0.0  # how many nodes' room lies inside
    for n, group in enumerate(sorted(members, key=lambda g: (-len(members[g]), g))):
        room = 2 * (math.sqrt(len(members[group])) + 1) ** 2
        away = step * math.sqrt(filled + room / 2) if n else 0.0
        filled += room
        x, y = away * math.cos(n * turn), away * math.sin(n * turn)
        # The one that the group is named after stands in its middle.
        for i, name in enumerate(sorted(members[group], key=lambda name: (name != group, name))):
            near = 0.6 * step * math.sqrt(i)
            place[name] = (round(x + near * math.cos(i * turn)), round(y + near * math.sin(i * turn)))
    return place
