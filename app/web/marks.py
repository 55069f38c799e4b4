"""Words lit in texts: hits of a search, and a preview around the first of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..tables import cells

_AROUND = 40  # characters before the first hit that a preview shows


def marked(text: str, words: str, length: int = 0) -> list[tuple[bool, str]]:
    """The text in pieces: (whether it is one of the searched words, the piece); with `length` the part of it that has
    the first hit."""
    text = cells.shown(text or "")
    wanted = [re.escape(cells.shown(word)) for word in sorted(words.split(), key=len, reverse=True)]
    pattern = re.compile("|".join(wanted)) if wanted else None
    if length and len(text) > length:
        hit = pattern.search(text) if pattern else None
        start = max(0, min(hit.start() - _AROUND if hit else 0, len(text) - length))
        cut = text[start : start + length]
        text = ("…" if start else "") + cut + ("…" if start + length < len(text) else "")
    return list(_pieces(text, pattern))


def _pieces(text: str, pattern: re.Pattern[str] | None) -> Iterator[tuple[bool, str]]:
    at = 0
    for hit in pattern.finditer(text) if pattern else ():
        if hit.start() > at:
            yield False, text[at : hit.start()]
        yield True, hit[0]
        at = hit.end()
    if at < len(text):
        yield False, text[at:]
