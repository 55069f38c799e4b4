"""How the rules of `rules/pages.toml` are asked in tests."""

from __future__ import annotations

import lxml.html
from zhengling.extractors.readers.web.boilerplate import _line_pairs, _pattern, labels, stated_in
from zhengling.extractors.words.fold import fold

from ..examples import Row


def fires(text: str, row: Row) -> list[tuple[str, str]]:
    """What a pattern finds in a line, or in the name of an element; what the head of a page states; the labels of a
    line and what they say of the paper."""
    name = row["of"]
    found = _labels(text) if name == "labels" else _asked(name, text)
    return [(name, found)] if found else []


def _labels(text: str) -> str:
    pairs = _line_pairs(text)
    return ", ".join(f"{label}={labels()[label]}" if labels()[label] else label for label, _ in pairs)


def _asked(name: str, text: str) -> str:
    if name.startswith("meta."):
        stated = stated_in(lxml.html.fromstring(f"<html><head>{text}</head><body></body></html>"))
        return next(iter(stated.get(name.removeprefix("meta."), ())), "")
    said = text.lower() if name in ("content", "around") else fold(text)
    found = _pattern(name).search(said) if name in ("around", "site") else _pattern(name).match(said)
    if not found:
        return ""
    return found.groupdict().get("place") or found.group().strip("-_ ")
