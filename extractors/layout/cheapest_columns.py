"""A stream of pieces put into the columns of a table by the cheapest path through the kinds of its columns."""

from __future__ import annotations

import re

from ..words.forms import CLAUSE_MARK
from ..words.headings import UNIT_KINDS
from .building import Field
from .stream_atoms import BULLET, StreamAtom

_COST = {
    "number": {"number": 0.0},
    "section": {"text": 0.6, "heading": 0.5, "chapter": 0.2},
    "task": {"text": 0.2, "heading": 0.0, "chapter": 1.0, "units": 5.0, "number": 6.0},
    "text": {"text": 0.0, "heading": 0.1, "chapter": 1.0, "units": 5.0, "deadline": 6.0, "number": 7.0},
    "lead": {"units": 0.0, "none": 0.0, "text": 6.0},
    "responsible": {"units": 0.0, "none": 0.0, "text": 6.0},
    "support": {"units": 0.0, "none": 0.0, "text": 6.0},
    "deadline": {"deadline": 0.0, "none": 0.2, "text": 4.5},
    "person": {"phone": 0.0, "none": 0.2, "text": 2.5},
    "other": {"none": 0.0, "text": 1.5, "deadline": 2.5, "units": 3.0, "heading": 2.0},
    "nowork": {"text": 0.5, "heading": 0.5, "number": 1.0, "deadline": 1.0, "units": 2.0, "none": 0.2},
}
_SKIP = {
    "number": 2.0,
    "section": 0.5,
    "task": 1.2,
    "text": 2.5,
    "lead": 2.5,
    "responsible": 2.5,
    "support": 1.4,
    "deadline": 1.4,
    "person": 0.8,
    "other": 0.2,
    "nowork": 0.8,
}


def _price(kind: str, atom: StreamAtom) -> float:
    price = _COST[kind].get(atom.kind, 9.0)
    size = len(atom.text)
    if kind == "task" and size > 40 and atom.kind in ("text", "heading"):
        price += 1.0
    if kind == "section" and size > 24:
        price += 2.0
    if kind == "text" and atom.kind == "text" and size < 8:
        price += 0.6
    if kind == "person" and atom.kind == "text" and 2 <= size <= 4:
        price = 0.3
    return price


def in_columns(atoms: list[StreamAtom], kinds: list[str]) -> list[Field]:
    """Puts a stream of atoms into the columns by the cheapest path; a row may leave columns out (merged cells)."""
    width = len(kinds)
    inf = float("inf")
    # cost[c]: cheapest way in which the atom before stands in column c; `width` stands for a row of one spanning cell.
    cost = [inf] * (width + 1)
    paths: list[list[tuple[int, str]]] = []
    for n, atom in enumerate(atoms):
        new = [inf] * (width + 1)
        back: list[tuple[int, str]] = [(-1, "")] * (width + 1)
        previous = atoms[n - 1] if n else None
        for c in range(width):
            own = _price(kinds[c], atom)
            if own >= 9.0:
                own = 12.0
            options: list[tuple[float, int, str]] = []
            before = sum(_SKIP[k] for k in kinds[:c])
            if n == 0:
                options.append((before, -1, "row"))
            for p in range(width + 1):
                if cost[p] == inf:
                    continue
                if p == width:
                    options.append((cost[p] + before, p, "row"))
                    continue
                rest = sum(_SKIP[k] for k in kinds[p + 1 :])
                options.append((cost[p] + rest + before, p, "row"))
                if p < c:
                    options.append((cost[p] + sum(_SKIP[k] for k in kinds[p + 1 : c]), p, "next"))
                elif p == c and previous is not None:
                    options.append((cost[p] + _continues(kinds[c], previous, atom), p, "more"))
            best = min(options, default=(inf, -1, ""), key=lambda o: o[0])
            new[c], back[c] = best[0] + own, (best[1], best[2])
        if atom.kind in ("chapter", "heading") and len(atom.text) < 50 and "。" not in atom.text:
            options = [
                (cost[p] + (sum(_SKIP[k] for k in kinds[p + 1 :]) if p < width else 0), p, "row")
                for p in range(width + 1)
                if cost[p] < inf
            ]
            best = min(options, default=(0.0 if n == 0 else inf, -1, "row"), key=lambda o: o[0])
            new[width], back[width] = (
                best[0] + (0.3 if atom.kind == "chapter" else 0.8 if re.match(CLAUSE_MARK, atom.text) else 3.0),
                (best[1], best[2]),
            )
        cost = new
        paths.append(back)
    at = min(range(width + 1), key=lambda c: cost[c] + (sum(_SKIP[k] for k in kinds[c + 1 :]) if c < width else 0))
    chosen: list[tuple[int, str]] = []
    for back in reversed(paths):
        chosen.append((at, back[at][1]))
        at = back[at][0]
    chosen.reverse()
    fields: list[Field] = []
    row = 0  # the header's
    for atom, (column, how) in zip(atoms, chosen, strict=True):
        if how == "row":
            row += 1
        if column == width:
            fields.append(Field(row, 0, [(atom.start, atom.end)], width))
        elif how == "more":
            fields[-1].pieces.append((atom.start, atom.end))
        else:
            fields.append(Field(row, column, [(atom.start, atom.end)]))
    return fields


def _continues(kind: str, previous: StreamAtom, atom: StreamAtom) -> float:
    """What it costs that a cell goes on in the next atom."""
    if kind in UNIT_KINDS:
        return 0.0 if re.search(r"[、,]$", previous.text) or BULLET.match(atom.text) else 0.6
    if kind == "text":
        return 0.8 if atom.kind != "text" else (1.2 if re.search(r"[。;!]$", previous.text) else 0.5)
    if kind == "deadline":
        return 0.8
    return 3.0
