"""How the rules of `rules/levels.toml` are asked in tests."""

from __future__ import annotations

from zhengling.extractors import rules
from zhengling.extractors.words.levels import level_of_ending

from ..examples import Row


def fires(text: str, row: Row) -> list[tuple[str, str]]:
    """The level of a place; of a path that begins with the root, the nation's."""
    root = rules.words("levels.toml").get("root")
    if root and text.split("/")[0] == root["name"]:
        return [(root["id"], "national")]
    level = level_of_ending(text)
    return [(f"level.ending.{level}", level)] if level else []
