"""Names that stand for many units, or for nobody; for folded text."""

from __future__ import annotations

import re
from functools import lru_cache

from .fold import squeeze
from .unit_words import collective, known_words, places

_KEPT = 4096  # answers that are kept
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z]")


def names_nobody(text: str) -> bool:
    """Whether a folded cell or item stands for no unit: `/`, 无, —."""
    return not _WORD.search(text) or squeeze(text) in known_words()["nobody"]


@lru_cache(maxsize=_KEPT)
def is_collective(name: str) -> bool:
    """Whether a folded name stands for many units (各乡镇人民政府, 县直有关部门)."""
    return bool(collective().fullmatch(squeeze(name)))


def is_localities(name: str) -> bool:
    """Whether a folded name is 地方 or its like: all places below."""
    found = collective().fullmatch(squeeze(name))
    return found is not None and found.lastgroup == "localities"


def is_of_places(name: str) -> bool:
    """Whether a folded name is a collective of places: 各市、县（市、区）人民政府."""
    return bool(places().fullmatch(squeeze(name)))
