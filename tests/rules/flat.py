"""How the rules of `rules/flat.toml` are asked in tests."""

from __future__ import annotations

from collections.abc import Callable

from zhengling.extractors.layout.atoms import _counted, _day
from zhengling.extractors.layout.stream_atoms import unit_name
from zhengling.extractors.layout.tight import _many
from zhengling.extractors.layout.title_ends import heading_end
from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.lexicon import Lexicon

from ..examples import Row, changes


def _heading(text: str) -> str:
    """The heading that a text of a table without borders begins with, without its number."""
    return text[: heading_end(text, [])].partition(".")[2] or text[: heading_end(text, [])]


def _matched(pattern: Callable[[], object], way: str = "match") -> Callable[[str], str]:
    def ask(text: str) -> str:
        found = getattr(pattern(), way)(text)
        return found.group() if found else ""

    return ask


_ASKED: dict[str, Callable[[str], str]] = {
    "heading_ends": _heading,
    "clause_starts": _heading,
    "day_begins": _matched(_day),
    "measure_words": _matched(_counted),
    "unit_level": _matched(lambda: unit_name(Lexicon.load()), "fullmatch"),
    "unit_many": _matched(_many, "fullmatch"),
}


def fires(text: str, row: Row) -> list[tuple[str, str]]:
    """What is found by the words or the pattern, and would not be without them: the heading that a text begins with, a
    day, what a figure counts, a unit."""
    return changes("flat.toml", row, lambda: _ASKED[row["of"]](fold(text)))
