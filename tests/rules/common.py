"""How the lists of `rules/common.toml` are asked in tests."""

from __future__ import annotations

import re

from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.parts import filled

from ..examples import Row


def fires(text: str, row: Row) -> list[tuple[str, str]]:
    """What of a text a pattern fits that is nothing but the name."""
    name = row["of"]
    found = re.search(filled(f"[{{{name}}}]" if name == "LEVELS" else f"(?:{{{name}}})"), fold(text))
    return [(name, found.group())] if found else []
