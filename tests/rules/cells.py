"""How the rules of `rules/cells.toml` are asked in tests."""

from __future__ import annotations

from zhengling.extractors.words.cells import CellWords
from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.extractors.words.unit_shapes import shapes_of

from ..examples import Row

#: The look that a pattern gives; where it is none by itself, the look that it makes possible.
LOOKS = {
    "phone": "phone",
    "money": "money",
    "year": "year",
    "titles": "basis",
    "numbered": "number",
    "numbers": "basis",
    "beside_time": "time",
    "post": "person",
    "work_verb": "maybe",
    "schedule": "schedule",
}


def fires(text: str, row: Row) -> list[tuple[str, str]]:
    """What a cell looks like, where it is the look that the pattern is for."""
    seen = CellWords(shapes_of(Lexicon.load())).look(fold(text)).kind
    return [(row["of"], seen)] if seen == LOOKS[row["of"]] else []
