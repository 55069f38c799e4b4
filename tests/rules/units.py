"""How the rules of `rules/units.toml` are asked in tests."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from zhengling.extractors.words import collectives, unit_shapes, unit_words
from zhengling.extractors.words.lexicon import Lexicon

from ..examples import Row, name_of

Match = re.Match[str] | None

#: Lists and patterns that other patterns are made of: what of a text they take part in.
_PARTS: dict[str, Callable[[str], Match]] = {
    "lead_in": lambda text: unit_words.lead_in().match(text),
    "no_begin": lambda text: unit_words.compiled("no_begin").match(text),
    "no_end": lambda text: unit_words.compiled("no_end").search(text),
    "explains": lambda text: unit_words.compiled("explains").match(text),
    "hints": lambda text: re.search(unit_words.hints(), text),
    "titles": lambda text: _titled(text),
    "open.between": lambda text: unit_words.open_tail().search(text),
    "open.nouns": lambda text: unit_words.open_tail().search(text),
    "places.kinds": lambda text: unit_words.places().fullmatch(text),
    "places.bracket": lambda text: unit_words.places().fullmatch(text),
    "places.seats": lambda text: unit_words.place_seat().fullmatch(text),
    "places.zones": lambda text: unit_words.zone().search(text),
    "ending.sure": lambda text: unit_words.sure_ending().search(text),
    "ending.other": lambda text: unit_words.ending().search(text),
    "ending.glued": lambda text: unit_words.glued_ending().search(text),
}


def fires(text: str, row: Row) -> list[tuple[str, str]]:
    """Of a label, the words behind it; of a verb, each unit before it; of anything else, what it fits in the text."""
    name = name_of(row)
    kind = name.split(".")[0]
    if kind == "label":
        labels = [(group.replace("_", ".", 1), text[a:b].strip("。;, ")) for a, b, group in unit_shapes.stretches(text)]
        return [(label, words) for label, words in labels if label]
    if kind == "verb":
        parsed = unit_shapes.UnitShapes(Lexicon.load()).parse_list(text)
        return [(i.rule.removeprefix("units."), i.name(text)) for i in parsed.items]
    if name == "nobody":
        return [(name, text)] if collectives.names_nobody(text) else []
    found = _find(name, text)
    return [(name, found)] if found else []


def _find(name: str, text: str) -> str:
    kind, _, own = name.partition(".")
    if kind == "collective":
        match = unit_words.collective().fullmatch(text)
        return text if match and match.lastgroup == own else ""
    if kind == "whole":
        match = unit_words.whole().match(text)
    elif isinstance(words := _value(name), list) and name not in _PARTS:
        return next((word for word in words if word in text), "")
    else:
        match = _PARTS[name](text) if name in _PARTS else unit_words.compiled(name).search(text)
    return match.group() if match else ""


def _value(name: str) -> object:
    value: Any = unit_words.known_words()
    for part in name.split("."):
        value = value[part]
    return value


def _titled(text: str) -> Match:
    match = unit_words.titled_person().fullmatch(text)
    return match if match and (match["before"] or match["after"]) else None
