"""Rows of rule files by name: their patterns, compiled, and their words; all for folded text. What is not said to stand
in another file is of `rules/document.toml` (`pattern`) or `rules/heads.toml` (`rule`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from .. import rules
from .forms import BRACKET, CHAPTER_MARK, CLAUSE_MARK, COUNTING, DATE, DATE_LINE, NUMERALS, YEAR
from .needs import Near

_NEVER = "(?!)"
#: The forms that the rules name.
_FORMS = {
    "YEAR": YEAR,
    "DATE": DATE.pattern,
    "DATE_LINE": DATE_LINE.pattern,
    "NUMERALS": NUMERALS,
    "COUNTING": COUNTING,
    "CHAPTER_MARK": CHAPTER_MARK,
    "CLAUSE_MARK": CLAUSE_MARK,
    "BRACKET": BRACKET,
}
_NAME = re.compile(r"\{([A-Z_]+)\}")


@cache
def _named() -> dict[str, str]:
    """What may stand in a pattern by its name: forms, and the lists of `rules/common.toml`."""
    out = dict(_FORMS)
    for name, words in rules.words("common.toml").items():
        if name.isupper():
            out[name] = _with(out, words if isinstance(words, str) else "|".join(words))
    return out


def _with(known: dict[str, str], pattern: str) -> str:
    return _NAME.sub(lambda name: known[name[1]], pattern)


def filled(pattern: str) -> str:
    """A pattern of the rules with the forms and lists that it names in place of their names."""
    return _with(_named(), pattern) if "{" in pattern else pattern


@cache
def tables(file: str) -> dict[str, Any]:
    """A rule file, its patterns and lists filled."""
    return _filled(rules.words(file))


def _filled(part: Any) -> Any:
    if isinstance(part, str):
        return filled(part)
    if isinstance(part, list):
        return [word for inner in part for word in _words(inner)]
    if isinstance(part, dict):
        return {name: inner if name in ("yes", "no") else _filled(inner) for name, inner in part.items()}
    return part


def _words(inner: Any) -> Iterable[Any]:
    """What an entry of a list stands for: the words of another list that it names, or itself."""
    name = _NAME.fullmatch(inner) if isinstance(inner, str) else None
    return rules.words("common.toml")[name[1]] if name else [_filled(inner)]


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The pattern of that name. Raises `KeyError` where the rules have none."""
    return re.compile(tables("document.toml")[name])


@cache
def rule(name: str, file: str = "heads.toml") -> re.Pattern[str]:
    """The pattern of the row of that name in a rule file; one that fits nothing where the rules have none."""
    return re.compile(tables(file).get(name, {}).get("pattern", _NEVER))


@cache
def near(name: str, file: str) -> Near:
    """The same for a search through a whole text."""
    return Near(tables(file).get(name, {}).get("pattern", _NEVER))


@cache
def listed(name: str, file: str) -> tuple[str, ...]:
    """The words of the row of that name in a rule file; none where the rules have none."""
    return tuple(tables(file).get(name, {}).get("words", ()))


@cache
def changes(name: str, file: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """What the rows of that name put in place of what they fit, in their order."""
    return tuple((re.compile(row["pattern"]), row["by"]) for row in tables(file).get(name, ()))


def changed(text: str, name: str, file: str) -> str:
    """`text` with each of these changes made once, one after the other."""
    for what, by in changes(name, file):
        text = what.sub(by, text, count=1)
    return text


@cache
def kinds() -> tuple[str, ...]:
    """The words that the title of a 公文 ends in."""
    return tuple(tables("document.toml")["kinds"])
