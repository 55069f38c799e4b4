"""How the rules of `rules/personal.toml` are asked in tests."""

from __future__ import annotations

from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.personal import find_personal, masked

from ..examples import Row, changes


def fires(text: str, row: Row) -> list[tuple[str, str]]:
    """What each rule hides; for a list of words what is left of the text, where the list changes it."""
    if "of" in row:
        return changes("personal.toml", row, lambda: masked(text))
    return [(rule, fold(text)[start:end]) for start, end, rule in find_personal(text)]
