"""How the rules of `rules/tables.toml` are asked in tests."""

from __future__ import annotations

from zhengling.extractors.steps.table_rows import _pattern
from zhengling.extractors.words.fold import fold, squeeze

from ..examples import Row


def fires(text: str, row: Row) -> list[tuple[str, str]]:
    """How a row of a table begins that the pattern takes for no work."""
    name, begun = row["of"], squeeze(fold(text))
    found = _pattern(name).match(begun) if name == "note" else _pattern(name).fullmatch(begun)
    return [(name, found.group())] if found else []
