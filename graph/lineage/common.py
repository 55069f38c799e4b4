"""The words that two tasks share, and where they stand in both papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ...extractors.model import Task
from .matter import BareText

SHORTEST = 4  # characters that a shared stretch has at least
_STEP = 8  # characters that are compared at a time
_HELD = 1_024  # texts that are held


@dataclass(frozen=True, slots=True)
class SharedWords:
    """Words that stand in both: `[start, end)` in each task's text."""

    lower: tuple[int, int]
    upper: tuple[int, int]


def stretches(upper: BareText, lower: BareText) -> list[SharedWords]:
    """Longest first where they cross, then in the order of the lower task; no character is in two of them."""
    found = sorted(_maximal(upper.text, lower.text), key=lambda m: (-m[2], m[0], m[1]))
    taken_below = bytearray(len(lower.text))
    taken_above = bytearray(len(upper.text))
    kept = []
    for below, above, length in found:
        if any(taken_below[below : below + length]) or any(taken_above[above : above + length]):
            continue
        taken_below[below : below + length] = b"\1" * length
        taken_above[above : above + length] = b"\1" * length
        kept.append((below, above, length))
    return [
        SharedWords(
            (lower.at[below], lower.at[below + length - 1] + 1), (upper.at[above], upper.at[above + length - 1] + 1)
        )
        for below, above, length in sorted(kept)
    ]


def moved(lower: Sequence[tuple[int, int]], upper: Sequence[tuple[int, int]]) -> list[bool]:
    """Whether each of the stretches that two texts share (its place in each, in the order of the lower) stands in
    another order than the rest: those that keep the order are as long together as can be."""
    best: list[tuple[int, int]] = []  # characters that keep the order up to each one, and the one before it
    for n, (start, end) in enumerate(lower):
        before = max(((best[m][0], m) for m in range(n) if upper[m][1] <= upper[n][0]), default=(0, -1))
        best.append((before[0] + end - start, before[1]))
    out = [True] * len(best)
    at = max(range(len(best)), key=lambda n: best[n][0], default=-1)
    while at >= 0:
        out[at] = False
        at = best[at][1]
    return out


def _maximal(upper: str, lower: str) -> Iterator[tuple[int, int, int]]:
    """(place in lower, place in upper, length) of every stretch that can be made longer on no side."""
    where = _begins(upper)
    for below in range(len(lower) - SHORTEST + 1):
        for above in where.get(lower[below : below + SHORTEST], ()):
            if below and above and lower[below - 1] == upper[above - 1]:
                continue
            length = SHORTEST
            while (more := lower[below + length : below + length + _STEP]) and upper.startswith(more, above + length):
                length += len(more)
            for a, b in zip(more, upper[above + length : above + length + _STEP], strict=False):
                if a != b:
                    break
                length += 1
            yield below, above, length


@lru_cache(maxsize=_HELD)
def _begins(text: str) -> dict[str, list[int]]:
    """Where in a text its shortest stretches stand."""
    where: dict[str, list[int]] = {}
    for i in range(len(text) - SHORTEST + 1):
        where.setdefault(text[i : i + SHORTEST], []).append(i)
    return where


def in_source(task: Task, start: int, end: int) -> tuple[int, int] | None:
    """The span in the decoded source of the span `[start, end)` of a task's text; None where its words do not stand
    there in one piece."""
    words = "".join(task.text[start:end].split())
    before = len("".join(task.text[:start].split()))
    for evidence in task.evidence:
        whole, at = _bare(evidence.quote)
        found = _nearest(whole, words, before)
        if found is not None and evidence.end - evidence.start == len(evidence.quote):
            return evidence.start + at[found], evidence.start + at[found + len(words) - 1] + 1
    return None


@lru_cache(maxsize=_HELD)
def _bare(quote: str) -> tuple[str, tuple[int, ...]]:
    """A quote without white space, and where each of its characters stood."""
    at = tuple(i for i, c in enumerate(quote) if not c.isspace())
    return "".join(quote[i] for i in at), at


def _nearest(whole: str, words: str, place: int) -> int | None:
    """Where `words` stand in `whole`, of several places the first at or behind `place`."""
    found = whole.find(words, place) if words else -1
    found = whole.find(words) if found < 0 and words else found
    return found if found >= 0 else None
