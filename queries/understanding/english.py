"""Units as those call them who ask in English: a field of work and a level, `county finance bureau`."""

from __future__ import annotations

import re

from ...graph.deriving.identity import LEVELS
from .values import data, word


def in_english(text: str) -> tuple[list[str], list[str]]:
    """The fields of work whose English name has all words of a text, but for its levels and what offices are called;
    and the levels. Those of exactly these words go before those that have more."""
    from ...graph.rdf.statements import fields  # brings much along

    if not re.fullmatch(r"[A-Za-z][A-Za-z\s&,'-]*", text.strip()):
        return [], []
    said = _words(text)
    levels = [found for one in said if (found := word(one)) in LEVELS]
    wanted = {one for one in said if word(one) not in LEVELS}
    names = {function: _words(name) for function, name in fields().items()}
    exact = [function for function, name in names.items() if wanted and name == wanted]
    return exact or [function for function, name in names.items() if wanted and wanted <= name], levels


def _words(text: str) -> set[str]:
    return set(re.findall("[a-z]+", text.lower())) - set(data()["english"]["words"])
