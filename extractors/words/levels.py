"""The level of a place by the ending of its name."""

from __future__ import annotations

from functools import cache

from .. import rules


def level_of_ending(name: str) -> str | None:
    """`province`, `city`, `county` or `township`: what a place of that name is, or None where its ending tells
    nothing."""
    return next((level for ending, level in _endings() if name.endswith(ending)), None)


def root() -> str:
    """The region that all others lie in."""
    return rules.words("levels.toml")["root"]["name"]


@cache
def _endings() -> list[tuple[str, str]]:
    """(ending, level), longest first."""
    pairs = [(ending, row["level"]) for row in rules.words("levels.toml")["level"] for ending in row["ends"]]
    return sorted(pairs, key=lambda pair: -len(pair[0]))
