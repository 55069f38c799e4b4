"""How a given text was understood, for people to read beside the answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Understood:
    """`given` was taken for `names`: of units (their canonical names), places, documents, tasks, fields of work, days
    or words of a question; `kind` says of which. `places` are the paths of those that units and places lie in."""

    kind: str
    given: str
    names: tuple[str, ...]
    places: tuple[str, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether it is what was given, and one thing."""
        return self.names == (self.given,) and len(self.places) <= 1
