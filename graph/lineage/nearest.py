"""Which loaded papers a paper is compared with: the nearest along the chain, through papers that are not loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable

#: More pairs of tasks than this are not weighed: no paper of people has so many.
MOST_PAIRS = 1_000_000


def nearest(document: str, step: Callable[[str], Iterable[tuple[str, bool]]]) -> list[str]:
    """The ids of the nearest loaded papers, sorted; `step` gives those one step on, and whether each is loaded. A chain
    in a circle ends where it began."""
    found: set[str] = set()
    seen, waiting = {document}, [document]
    while waiting:
        for identity, loaded in step(waiting.pop()):
            if identity in seen:
                continue
            seen.add(identity)
            if loaded:
                found.add(identity)
            else:
                waiting.append(identity)
    return sorted(found)
