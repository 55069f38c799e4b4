"""The examples that rule rows carry, and rule files with one row taken out.

A row is a table of a `rules/*.toml` with an `id`; a pattern or a list of words that is no row has its examples in a
table of `[[examples]]`, whose `of` is its name (`closing`, `place.before`). Both have

    yes = [["text", "what the rule gives"], …]      no = ["text that the rule does not touch", …]

`tests/rules/NAME.py` says how the rules of `rules/NAME.toml` are asked: `fires(text, row)` gives (id, what it gives)
for each rule that fires on the text.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from typing import Any

from zhengling.extractors import rules
from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.parts import filled

Row = dict[str, Any]
Fires = Callable[[str, Row], list[tuple[str, str]]]


def rows_of(name: str) -> list[Row]:
    """All rows of a rule file, in its order."""
    return list(_rows(rules.words(name)))


def name_of(row: Row) -> str:
    return row["id"] if "id" in row else row["of"]


def first_found(file: str, text: str, row: Row) -> list[tuple[str, str]]:
    """What the row of a rule file, if it is there, finds first in the folded text: its pattern, or one of its words."""
    for here in rows_of(file):
        if here.get("id") != row["id"]:
            continue
        if "words" in here:
            found = next((word for word in here["words"] if word in fold(text)), "")
        else:
            match = re.search(filled(here["pattern"]), fold(text))
            found = match.group() if match else ""
        return [(row["id"], found)] if found else []
    return []


def _rows(part: Any) -> Iterator[Row]:
    if isinstance(part, dict):
        if "id" in part or "of" in part:
            yield part
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _rows(inner)


@contextmanager
def without(name: str, row: Row) -> Iterator[None]:
    """Inside, the rule file has no such row; a pattern or list named by `of` is there and fits nothing."""
    whole = deepcopy(rules.words(name))
    if "id" in row:
        _remove(whole, row["id"])
    else:
        *path, last = row["of"].split(".")
        holder = whole
        for step in path:
            holder = holder[step]
        holder[last] = "(?!)" if isinstance(holder[last], str) else type(holder[last])()
    words = rules.words
    rules.words = lambda asked: whole if asked == name else words(asked)  # type: ignore[assignment]
    forget()
    try:
        yield
    finally:
        rules.words = words
        forget()


def changes(name: str, row: Row, ask: Callable[[], str]) -> list[tuple[str, str]]:
    """What is answered where that is something and would not be without the row."""
    with without(name, row):
        other = ask()
    found = ask()
    return [(name_of(row), found)] if found and found != other else []


def _remove(part: Any, row_id: str) -> None:
    inner = list(part.items()) if isinstance(part, dict) else list(enumerate(part)) if isinstance(part, list) else []
    for key, value in reversed(inner):
        if isinstance(value, dict) and value.get("id") == row_id:
            del part[key]
        else:
            _remove(value, row_id)


#: Modules of cached functions that know no rule: what they keep is of their arguments alone.
_RULELESS = ("zhengling.extractors.rules", "zhengling.extractors.words.needs")


def forget() -> None:
    """Empties what the extractors have made of the rules: every cached function of theirs."""
    loaded = (n for n in list(sys.modules) if n.startswith("zhengling.extractors.") and n not in _RULELESS)
    for clear in _kept(tuple(sorted(loaded))):
        clear()


@cache
def _kept(modules: tuple[str, ...]) -> list[Callable[[], object]]:
    """What empties the cached functions of some modules: those of the modules and of their classes."""
    out = []
    for name in modules:
        for value in list(vars(sys.modules[name]).values()):
            for held in (value, *(vars(value).values() if isinstance(value, type) else ())):
                clear = getattr(held, "cache_clear", None)
                if callable(clear) and clear not in out:
                    out.append(clear)
    return out
