"""How the rules of `rules/attachments.toml` are asked in tests."""

from __future__ import annotations

import re

from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.parts import tables

from ..examples import Row

#: Patterns that a whole text must fit; the others are looked for in it.
_WHOLE = ("bare", "place")


def fires(text: str, row: Row) -> list[tuple[str, str]]:
    """What a pattern takes out of a text (`rest`, `title`), the items that it parts or what it leaves; else `fits`."""
    name, said = row["of"], fold(text)
    ask = re.compile(tables("attachments.toml")[name])
    found = (
        ask.fullmatch(said) if name in _WHOLE else ask.match(said) if name in ("begin", "next") else ask.search(said)
    )
    if not found or not found.group():
        return []
    if name == "item":
        return [(name, "|".join(part for part in ask.split(said) if part))]
    if name in ("lead", "suffix"):
        return [(name, ask.sub("", said, count=1))]
    return [(name, next((v for v in found.groupdict().values() if v), "fits"))]
