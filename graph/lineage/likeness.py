"""How much speaks for a task being made from another: three grounds, each with a share that can be shown.

- *alike*: words and stretches of characters in common, weighed by their rarity in the two papers (cosine of TF-IDF);
- *matter*: rare words in common that single both tasks out, more where they stand in a heading or at the beginning;
- *phrase*: what the superior's heading sets in quotation marks stands where the lower task says what it is about, or
  what the lower task lists in brackets stands in this heading alone.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any

import numpy as np

from .matter import Matter

#: A cosine of this much alone is half of what makes a link; likewise a sum of this much of rare words.
ALIKE, MATTER = 0.2, 10.0
WEIGHTS = {"alike": 0.5, "matter": 0.4, "phrase": 1.5}
MOST_MATTER = 3.0  # rare words prove no more than this many times MATTER

#: Of a dictionary's 60 million running words; words so common that they prove nothing have a weight of 0.
_RUNNING_WORDS, _COMMON, _RAREST = 6e7, 9.5, 3.5
_UNKNOWN = 30  # how often a word that no dictionary has is taken to occur
_EVERYWHERE = 0.125  # a word of so large a share of all papers proves nothing
_PUT_TOGETHER = 0.5  # so much rarer than its parts a word may be
_SINGLES_OUT = 0.25  # a word in so many tasks (as a power of their number) singles none out
_HEADED, _OPENING = 2.0, 2.0
_DENSE = 8_000_000  # products of terms up to which all are multiplied, and not only those that are there


@dataclass(frozen=True, slots=True)
class Likeness:
    """Each matrix has a row for a lower and a column for a superior's task."""

    alike: np.ndarray
    matter: np.ndarray
    phrase: np.ndarray

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
    return Likeness(_alike(upper, lower), _matter(upper, lower), _phrase(upper, lower))


def _alike(upper: Sequence[Matter], lower: Sequence[Matter]) -> np.ndarray:
    by_words = _cosine([m.words for m in upper], [m.words for m in lower])
    by_grams = _cosine([m.grams for m in upper], [m.grams for m in lower])
    return (by_words + by_grams) / 2


def _cosine(upper: Sequence[Counter[str]], lower: Sequence[Counter[str]]) -> np.ndarray:
    weights = rarity([*upper, *lower])
    common = set().union(*upper) & set().union(*lower)  # only these add anything
    if len(upper) * len(lower) * len(common) <= _DENSE:
        places = {term: n for n, term in enumerate(sorted(common))}
        sides = [_dense(tasks, weights, places) for tasks in (lower, upper)]
        # No BLAS: what it adds up in which order depends on the machine, and on where a task stands.
        return np.einsum("it,jt->ij", *sides)
    out = np.zeros((len(lower), len(upper)))
    posted: defaultdict[str, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
    for column, counts in enumerate(upper):
        for term, value in _unit(counts, weights, common):
            posted[term][0].append(column)
            posted[term][1].append(value)
    columns = {term: (np.array(where), np.array(values)) for term, (where, values) in posted.items()}
    for row, counts in enumerate(lower):
        for term, value in _unit(counts, weights, common):
            where, values = columns[term]
            out[row, where] += value * values
    return out


def _dense(tasks: Sequence[Counter[str]], weights: dict[str, float], places: dict[str, int]) -> np.ndarray:
    """A row for each task, a column for each of the terms that have a place."""
    out = np.zeros((len(tasks), len(places)))
    for row, counts in enumerate(tasks):
        found = _unit(counts, weights, places)
        out[row, [places[term] for term, _ in found]] = [value for _, value in found]
    return out


def rarity(tasks: Sequence[Counter[str]]) -> dict[str, float]:
    """The weight of each term: the fewer tasks of both papers have it, the more."""
    found = _tasks_with(tasks)
    weights = {n: weight(n, len(tasks)) for n in set(found.values())}
    return {term: weights[n] for term, n in found.items()}


def _tasks_with(tasks: Iterable[Iterable[str]]) -> Counter[str]:
    """How many tasks have each term."""
    return Counter(chain.from_iterable(tasks))


def weight(n: int, tasks: int) -> float:
    """The weight of a term that `n` of so many tasks have."""
    return math.log((tasks + 1) / (n + 0.5))


def postings(tasks: Sequence[Iterable[str]]) -> dict[str, np.ndarray]:
    """The places of the tasks that have each term."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for place, terms in enumerate(tasks):
        for term in terms:
            found[term].append(place)
    return {term: np.array(places) for term, places in found.items()}


def _unit(counts: Counter[str], weights: dict[str, float], wanted: Container[str]) -> list[tuple[str, float]]:
    """The weights of the `wanted` terms of a task, of which all together have the length 1."""
    logs = {n: 1 + math.log(n) for n in set(counts.values())}
    weighed = {term: logs[n] * weights[term] for term, n in counts.items()}
    length = math.sqrt(math.fsum(value * value for value in weighed.values())) or 1.0
    return [(term, value / length) for term, value in weighed.items() if term in wanted]


def _matter(upper: Sequence[Matter], lower: Sequence[Matter]) -> np.ndarray:
    above, below = _spread(upper), _spread(lower)
    places = postings([task.words for task in upper])
    factors = {
        word: np.array([_HEADED if word in upper[column].headed else 1.0 for column in columns])
        for word, columns in places.items()
    }
    out = np.zeros((len(lower), len(upper)))
    for row, task in enumerate(lower):
        for word in task.words:
            weight = rare(word) * above[word] * below[word] if word in above else 0.0
            if weight:
                weight *= _OPENING if word in task.opening else 1.0
                out[row, places[word]] += weight * factors[word]
    return out


def _spread(tasks: Sequence[Matter]) -> dict[str, float]:
    """How much each word singles a task out: 1 where one task alone has it, 0 where many do."""
    found = _tasks_with(task.words for task in tasks)
    if len(tasks) == 1:
        return dict.fromkeys(found, 1.0)
    whole = math.log(len(tasks))
    return {
        word: max(0.0, math.log(len(tasks) / n) / whole - _SINGLES_OUT) / (1 - _SINGLES_OUT)
        for word, n in found.items()
    }


@cache
def rare(word: str) -> float:
    """How rare a word is, in the language and in the genre, between 0 and 3.5; a word made of common ones is common."""
    from rjieba import cut_for_search, has_word, suggest_freq

    often = suggest_freq(word) if has_word(word) else _UNKNOWN
    in_language = math.log(_RUNNING_WORDS / (often + 1)) - _COMMON
    parts = [rare(part) for part in cut_for_search(word) if part != word and len(part) > 1]
    made_of = max(parts) + _PUT_TOGETHER if parts else _RAREST
    return max(0.0, min(_RAREST, in_language, _in_genre(word), made_of))


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
        for row, text in enumerate(begins):
            out[row, column] = any(phrase in text for phrase in own)
    for row, task in enumerate(lower):
        for item in task.listed:
            headed = [column for column, other in enumerate(upper) if item in other.head.text]
            if len(headed) == 1 and item not in common_words():
                out[row, headed[0]] = 1.0
    return out
