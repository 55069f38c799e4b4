"""What people have said of links: it overrides what the alignment says, as long as the texts are those they saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...extractors.model import Task
from .fingerprints import fingerprint


@dataclass(frozen=True, slots=True)
class Verdict:
    """Somebody confirmed that a task is made from another, or rejected it. `lower` and `upper` are places: number of
    the record, place of the task in it, from 1. `texts` are the fingerprints of both tasks today, `fresh` whether those
    are the texts that were seen. `gone`: title and text of the superior's task as somebody saw it who confirmed the
    link, where the superior has it no more; its place is 0 then."""

    lower: tuple[int, int]
    upper: tuple[int, int]
    confirmed: bool
    texts: tuple[str, str]
    fresh: bool = True
    gone: tuple[str, str] | None = None

    @property
    def state(self) -> str:
        """That of the link, as long as there is one."""
        return "confirmed" if self.fresh else "suspect"

    @property
    def takes_out(self) -> bool:
        return self.fresh and not self.confirmed


def verdict(
    lower: tuple[int, int, Task], upper: tuple[int, int, Task], confirmed: bool, seen: Sequence[str] = ()
) -> Verdict:
    """What somebody has said of two tasks (number of the record, place in it, task as it is read today); `seen` are the
    fingerprints of both as they were then (`fingerprint_of`), none where they are known to be the same.

    In the graph a fresh confirmation makes the link `confirmed`, whether it was found or not, and a fresh rejection
    takes it out. One of earlier texts makes it `suspect`, until somebody looks again.
    """
    texts = (fingerprint(lower[2]), fingerprint(upper[2]))
    return Verdict(lower[:2], upper[:2], confirmed, texts, not seen or tuple(seen) == texts)
