"""Rows of rule files by name: their patterns, compiled, and their words; all for folded text. What is not said to stand
in another file is of `rules/document.toml` (`pattern`) or `rules/heads.toml` (`rule`)."""

from __future__ import annotations

import re
from functools import cache

from .. import rules
from .forms import BRACKET, CHAPTER_MARK, CLAUSE_MARK, COUNTING, DATE, DATE_LINE, NUMERALS, YEAR
from .needs import Near

_NEVER = "(?!)"
#: The forms that the rules name.
_FORMS = {
    "{YEAR}": YEAR,
    "{DATE}": DATE.pattern,
    "{DATE_LINE}": DATE_LINE.pattern,
    "{NUMERALS}": NUMERALS,
    "{COUNTING}": COUNTING,
    "{CHAPTER_MARK}": CHAPTER_MARK,
    "{CLAUSE_MARK}": CLAUSE_MARK,
    "{BRACKET}": BRACKET,
}


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The pattern of that name. Raises `KeyError` where the rules have none."""
    return re.compile(rules.words("document.toml")[name])


@cache
def rule(name: str, file: str = "heads.toml") -> re.Pattern[str]:
    """The pattern of the row of that name in a rule file; one that fits nothing where the rules have none."""
    return re.compile(filled(rules.words(file).get(name, {}).get("pattern", _NEVER)))


@cache
def near(name: str, file: str) -> Near:
    """The same for a search through a whole text."""
    return Near(filled(rules.words(file).get(name, {}).get("pattern", _NEVER)))


def filled(pattern: str) -> str:
    """A pattern of the rules with the forms that it names in place of their names."""
    for form, form_pattern in _FORMS.items():
        pattern = pattern.replace(form, form_pattern)
    return pattern


@cache
def listed(name: str, file: str) -> tuple[str, ...]:
    """The words of the row of that name in a rule file; none where the rules have none."""
    return tuple(rules.words(file).get(name, {}).get("words", ()))


@cache
def changes(name: str, file: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """What the rows of that name put in place of what they fit, in their order."""
    return tuple((re.compile(filled(row["pattern"])), row["by"]) for row in rules.words(file).get(name, ()))


def changed(text: str, name: str, file: str) -> str:
    """`text` with each of these changes made once, one after the other."""
    for what, by in changes(name, file):
        text = what.sub(by, text, count=1)
    return text


@cache
def kinds() -> tuple[str, ...]:
    """The words that the title of a 公文 ends in."""
    return tuple(rules.words("document.toml")["kinds"])
