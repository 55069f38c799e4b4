"""How much speaks for a task being made from another: three grounds, each with a share that can be shown.

- *alike*: words and stretches of characters in common, weighed by their rarity in the two papers (cosine of TF-IDF);
- *matter*: rare words in common that single both tasks out, more where they stand in a heading or at the beginning;
- *phrase*: what the superior's heading sets in quotation marks stands where the lower task says what it is about, or
  what the lower task lists in brackets stands in this heading alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from .matter import Matter, rows
from .terms import InCommon, Side, Terms, products, shared_characters, shared_grams, shared_words, side

#: A cosine of this much alone is half of what makes a link; likewise a sum of this much of rare words.
ALIKE, MATTER = 0.2, 10.0
WEIGHTS = {"alike": 0.45, "matter": 0.35, "phrase": 1.5}
MOST_MATTER = 3.0  # rare words prove no more than this many times MATTER

#: Of a dictionary's 60 million running words; words so common that they prove nothing have a weight of 0.
_RUNNING_WORDS, _COMMON, _RAREST = 6e7, 9.5, 3.5
_UNKNOWN = 30  # how often a word that no dictionary has is taken to occur
_EVERYWHERE = 0.125  # a word of so large a share of all papers proves nothing
_PUT_TOGETHER = 0.5  # so much rarer than its parts a word may be
_SINGLES_OUT = 0.25  # a word in so many tasks (as a power of their number) singles none out
_HEADED, _OPENING = 2.0, 2.0
_HARDLY = 0.3  # share of what a task says it is about


@dataclass(frozen=True, slots=True)
class Likeness:
    """Each matrix has a row for a lower and a column for a superior's task."""

    alike: np.ndarray
    matter: np.ndarray
    phrase: np.ndarray
    said: np.ndarray
    characters: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """The grounds added up by their weights."""
        return self.by_words + adds("phrase", self.phrase)

    @property
    def by_words(self) -> np.ndarray:
        """The same without phrases."""
        return adds("alike", self.alike) + adds("matter", self.matter)


def adds(name: str, ground: Any) -> Any:
    """What a ground adds to the score, of one pair or of all."""
    if name == "alike":
        return WEIGHTS[name] * ground / ALIKE
    return WEIGHTS[name] * (np.minimum(ground / MATTER, MOST_MATTER) if name == "matter" else ground)


def likeness(upper: Sequence[Matter], lower: Sequence[Matter]) -> Likeness:
    """All grounds for all pairs."""
    above, below = side(upper), side(lower)
    return Likeness(
        _alike(above, below),
        _matter(above, below),
        _phrase(upper, lower),
        _said(above, below),
        _cosine(shared_characters(above, below)),
    )


def _alike(upper: Side, lower: Side) -> np.ndarray:
    return (_cosine(shared_words(upper, lower)) + _cosine(shared_grams(upper, lower))) / 2


def _said(upper: Side, lower: Side) -> np.ndarray:
    """How much of what each task says it is about (title; title and first clause) stands in the other: the mean of the
    four shares, by the weight of stretches."""
    shares = (_shares(shared_grams(upper, lower), part) for part in (lower.titled, lower.begun))
    back = (_shares(shared_grams(lower, upper), part).T for part in (upper.titled, upper.begun))
    return sum((*shares, *back), np.zeros((len(lower.tasks), len(upper.tasks)))) / 4


def _shares(grams: InCommon, part: np.ndarray) -> np.ndarray:
    """How much of `part` of each lower task stands in each of the superior's."""
    said = np.where(part, grams.below[grams.lower.places], 0.0)
    whole = np.bincount(grams.lower.rows, said, len(grams.lower.ends))[:, None]
    return products(grams, np.ones(len(grams.upper.rows)), said) / np.where(whole > 0, whole, 1.0)


def _cosine(found: InCommon) -> np.ndarray:
    return products(found, found.upper.unit(found.above), found.lower.unit(found.below))


def _matter(upper: Side, lower: Side) -> np.ndarray:
    above = _spread(upper.words)
    weights = np.zeros(len(lower.vocabulary))
    below = _spread(lower.words)
    for n, word in enumerate(lower.vocabulary):
        place = upper.vocabulary.get(word)
        if place is not None:
            weights[n] = rare(word) * above[place] * below[n]
    found = weights[lower.words.places] * np.where(lower.opening, _OPENING, 1.0)
    return products(shared_words(upper, lower), np.where(upper.headed, _HEADED, 1.0), found)


def _spread(words: Terms) -> list[float]:
    """How much each word singles a task out: 1 where one task alone has it, 0 where many do."""
    tasks = len(words.ends)
    if tasks == 1:
        return [1.0] * len(words.having)
    whole = math.log(tasks)
    shares = {
        n: max(0.0, math.log(tasks / n) / whole - _SINGLES_OUT) / (1 - _SINGLES_OUT)
        for n in np.unique(words.having).tolist()
    }
    return [shares[n] for n in words.having.tolist()]


def other_matters(upper: Matter, lower: Matter) -> bool:
    """Whether the rare words by which each task says what it is about (title and first clause) are hardly found in the
    other, though each has some."""
    return _found(upper.opening, lower) <= _HARDLY and _found(lower.opening, upper) <= _HARDLY


def _found(opening: frozenset[str], other: Matter) -> float:
    """The share of the words, by their rarity, that the other task has; 1 where none is rare."""
    weights = {word: rare(word) for word in sorted(opening)}
    whole = math.fsum(weights.values())
    there = (weight for word, weight in weights.items() if word in other.head.text or word in other.body.text)
    return math.fsum(there) / whole if whole else 1.0


@cache
def rare(word: str) -> float:
    """How rare a word is, in the language and in the genre, between 0 and 3.5; a word made of common ones is common,
    and one that says how work is done has no weight."""
    from rjieba import cut_for_search, has_word, suggest_freq

    if word in _manner():
        return 0.0
    often = suggest_freq(word) if has_word(word) else _UNKNOWN
    in_language = math.log(_RUNNING_WORDS / (often + 1)) - _COMMON
    parts = [rare(part) for part in cut_for_search(word) if part != word and len(part) > 1]
    made_of = max(parts) + _PUT_TOGETHER if parts else _RAREST
    return max(0.0, min(_RAREST, in_language, _in_genre(word), made_of))


@cache
def _manner() -> frozenset[str]:
    return frozenset(rows("manner"))


def _in_genre(word: str) -> float:
    share = common_words().get(word)
    return _RAREST if share is None else math.log(_EVERYWHERE / share)


@cache
def common_words() -> dict[str, float]:
    """The words of several papers whatever they are about, with the share of papers that have them."""
    lines = files(__package__ or "").joinpath("common_words.csv").read_text(encoding="utf-8").splitlines()
    counts = {word: int(n) for word, _, n in (line.rpartition(",") for line in lines if not line.startswith("#"))}
    papers = counts.pop("papers")
    return {word: n / papers for word, n in counts.items()}


def _phrase(upper: Sequence[Matter], lower: Sequence[Matter]) -> np.ndarray:
    begins = [m.begins for m in lower]
    out = np.zeros((len(lower), len(upper)))
    for column, task in enumerate(upper):
        own = [phrase for phrase in task.quoted if phrase not in common_words()]
        for row, text in enumerate(begins if own else ()):
            out[row, column] = any(phrase in text for phrase in own)
    for row, task in enumerate(lower):
        for item in task.listed:
            headed = [column for column, other in enumerate(upper) if item in other.head.text]
            if len(headed) == 1 and item not in common_words():
                out[row, headed[0]] = 1.0
    return out
