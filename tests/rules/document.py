"""How the rules of `rules/document.toml` are asked in tests."""

from __future__ import annotations

import re

from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.readers.content import Content
from zhengling.extractors.steps.document import read_head
from zhengling.extractors.words.fold import fold, squeeze
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.extractors.words.parts import kinds, pattern, tables

from ..examples import Row

#: Patterns that are asked for a whole text, or for one without white space; the others are looked for in it.
_WHOLE, _SQUEEZED = ("issuer",), ("page_field",)


def fires(text: str, row: Row) -> list[tuple[str, str]]:
    """For a rule of titles the title that a paper of this text has; for one of levels the level; `fits` for a pattern
    or a list of words that fits."""
    folded = fold(text)
    if "id" not in row:
        return [(row["of"], "fits")] if _fits(row["of"], folded) else []
    if row["id"].startswith("title."):
        paper = lay_out(Content(source=text))
        title = read_head(paper, fold(paper.text), Lexicon.load()).title
        return [(row["id"], title[0])] if title else []
    _, by, _ = row["id"].split(".")
    levels = [one["level"] for one in tables("document.toml").get(by, ()) if re.search(one["pattern"], folded)]
    return [(f"level.{by}.{level}", level) for level in levels]


def _fits(name: str, text: str) -> bool:
    if name == "kinds":
        return bool(kinds()) and text.endswith(kinds())
    ask = pattern(name)
    text = squeeze(text) if name in _SQUEEZED else text
    return bool(ask.fullmatch(text) if name in _WHOLE else ask.search(text))
