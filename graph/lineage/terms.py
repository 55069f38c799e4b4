"""The terms of a paper's tasks as arrays: which task has which words and which stretches of characters.

Those of a superior are made once for all the papers below it. A stretch of two to four characters is a number here,
sixteen bits a character, which no character of a word exceeds; numbers sort as the texts do.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from threading import Lock

import numpy as np

from .matter import LONGEST_GRAM, Matter, characters, clauses, word_characters

_BITS = 16  # of a character
_PAPERS = 16  # papers whose terms are held
#: Numbers that are in memory at a time where two papers are multiplied.
AT_ONCE = 2_000_000


@dataclass(slots=True)
class Terms:
    """An entry says that task `rows[e]` has the term `places[e]` of the vocabulary, `counts[e]` times; entries stand in
    the order of tasks, those of each up to `ends[row]`. `having`: how many tasks have each term of the vocabulary."""

    rows: np.ndarray
    places: np.ndarray
    counts: np.ndarray
    ends: list[int]
    having: np.ndarray
    by_term: tuple[np.ndarray, np.ndarray] | None = None  # `columns`

    @classmethod
    def of(cls, rows: np.ndarray, places: np.ndarray, counts: np.ndarray, tasks: int, vocabulary: int) -> Terms:
        """Out of the entries of so many tasks, in their order."""
        ends = np.cumsum(np.bincount(rows, minlength=tasks)).tolist()
        return cls(rows, places, counts, ends, np.bincount(places, minlength=vocabulary))

    def unit(self, weights: np.ndarray) -> np.ndarray:
        """The weight of each entry, where those of a task have the length 1 together; `weights` of the vocabulary."""
        found = _logs(int(self.counts.max(initial=0)))[self.counts] * weights[self.places]
        squares = (found * found).tolist()
        lengths = [math.sqrt(math.fsum(squares[a:b])) or 1.0 for a, b in pairwise((0, *self.ends))]
        return found / np.array(lengths)[self.rows]

    def columns(self) -> tuple[np.ndarray, np.ndarray]:
        """The numbers of the entries in the order of the vocabulary, and where those of each term begin."""
        if self.by_term is None:
            order = np.argsort(self.places, kind="stable")
            self.by_term = order, np.concatenate(([0], np.cumsum(self.having)))
        return self.by_term


@dataclass(slots=True)
class Clauses:
    """The clauses of all tasks, in their order, a title being one: pair `places[e]` (in the vocabulary of stretches)
    stands in clause `rows[e]`, once; those of a task begin with clause `begins[task]`."""

    rows: np.ndarray
    places: np.ndarray
    ends: list[int]
    begins: np.ndarray


@dataclass(slots=True)
class Side:
    """The tasks of a paper by their terms. The entries of words stand in the order of their first occurrence; `headed`
    and `opening` say of each whether it stands in the title, there or in the first clause. `characters` are counted one
    by one, those of the title twice."""

    tasks: Sequence[Matter]
    vocabulary: dict[str, int]
    words: Terms
    headed: np.ndarray
    opening: np.ndarray
    stretches: np.ndarray  # sorted
    grams: Terms
    titled: np.ndarray  # of the entries of stretches: in the title, or where there is none in the first clause
    begun: np.ndarray  # the same: in either
    alphabet: dict[str, int]
    characters: Terms
    _clauses: list[Clauses] = field(default_factory=list)

    @property
    def clauses(self) -> Clauses:
        """Made when they are asked for."""
        if not self._clauses:
            self._clauses.append(_clauses_of(self))
        return self._clauses[0]


_held: OrderedDict[tuple[object, ...], Side] = OrderedDict()
_lock = Lock()  # of what is held: a server compares in several threads


def side(tasks: Sequence[Matter]) -> Side:
    """The tasks of a paper, held for a while."""
    key = tuple(task.key for task in tasks)
    with _lock:
        found = _held.pop(key, None)
    found = found or _made(tasks)
    with _lock:
        _held[key] = found  # the last one now
        if len(_held) > _PAPERS:
            _held.popitem(last=False)
    return found


def _made(tasks: Sequence[Matter]) -> Side:
    vocabulary: dict[str, int] = {}
    places = [vocabulary.setdefault(word, len(vocabulary)) for task in tasks for word in task.words]
    counts = [n for task in tasks for n in task.words.values()]
    rows = np.repeat(np.arange(len(tasks)), [len(task.words) for task in tasks])
    words = Terms.of(rows, _array(places), _array(counts), len(tasks), len(vocabulary))
    headed = np.array([word in task.headed for task in tasks for word in task.words], dtype=bool)
    opening = np.array([word in task.opening for task in tasks for word in task.words], dtype=bool)
    stretches, grams = _grams([(t.head.text, t.body.text) for t in tasks])
    first = [next(iter(clauses(task.body.text)), "") for task in tasks]
    titles = [(task.head.text or clause,) for task, clause in zip(tasks, first, strict=True)]
    begins = [(task.head.text, clause) for task, clause in zip(tasks, first, strict=True)]
    titled, begun = _among(titles, stretches, grams), _among(begins, stretches, grams)
    alphabet, counted = _characters(tasks)
    return Side(tasks, vocabulary, words, headed, opening, stretches, grams, titled, begun, alphabet, counted)


def _among(texts: Sequence[tuple[str, ...]], stretches: np.ndarray, grams: Terms) -> np.ndarray:
    """Which of the entries of stretches stand in these parts of the tasks."""
    rows, numbers = _stretches(texts, range(2, LONGEST_GRAM + 1))
    places = np.searchsorted(stretches, numbers)
    return np.isin(grams.rows * len(stretches) + grams.places, rows * len(stretches) + places)


def _characters(tasks: Sequence[Matter]) -> tuple[dict[str, int], Terms]:
    alphabet: dict[str, int] = {}
    counted = [characters(task.head.text, task.body.text) for task in tasks]
    places = [alphabet.setdefault(one, len(alphabet)) for some in counted for one in some]
    counts = [n for some in counted for n in some.values()]
    rows = np.repeat(np.arange(len(tasks)), [len(some) for some in counted])
    return alphabet, Terms.of(rows, _array(places), _array(counts), len(tasks), len(alphabet))


def _array(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def _grams(texts: Sequence[tuple[str, ...]]) -> tuple[np.ndarray, Terms]:
    """The stretches of all tasks, sorted, and which has which."""
    rows, numbers = _stretches(texts, range(2, LONGEST_GRAM + 1))
    found, places = np.unique(numbers, return_inverse=True)
    both, counts = np.unique(rows * len(found) + places, return_counts=True)
    rows, places = np.divmod(both, max(1, len(found)))
    return found, Terms.of(rows, places, counts, len(texts), len(found))


def _stretches(texts: Sequence[tuple[str, ...]], lengths: range) -> tuple[np.ndarray, np.ndarray]:
    """Of each stretch of some lengths that crosses no punctuation: the place of its texts, and its number."""
    joined = ["\n".join((*some, "")) for some in texts]
    codes = np.frombuffer("".join(joined).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    of = np.repeat(np.arange(len(joined)), [len(text) for text in joined])
    inside = _in_words()[np.minimum(codes, (1 << _BITS) - 1)]
    codes = codes.astype(np.uint64)
    there = inside
    number = codes << np.uint64(_BITS * (LONGEST_GRAM - 1))
    rows, numbers = [], []
    for n in range(1, lengths.stop - 1):
        there = there[:-1] & inside[n:]
        number = number[:-1] | codes[n:] << np.uint64(_BITS * (LONGEST_GRAM - 1 - n))
        if n + 1 in lengths:
            rows.append(of[: len(there)][there])
            numbers.append(number[there])
    return np.concatenate(rows), np.concatenate(numbers)


@cache
def _in_words() -> np.ndarray:
    """Which characters words are made of."""
    out = np.zeros(1 << _BITS, dtype=bool)
    out[[ord(c) for c in word_characters()]] = True
    return out


def _clauses_of(one: Side) -> Clauses:
    texts = [(task.head.text, *clauses(task.body.text)) for task in one.tasks]
    begins = np.cumsum([0, *(len(some) for some in texts)])
    rows, numbers = _stretches([(text,) for some in texts for text in some], range(2, 3))
    both = np.unique(rows * len(one.stretches) + np.searchsorted(one.stretches, numbers))
    rows, places = np.divmod(both, max(1, len(one.stretches)))
    ends = np.cumsum(np.bincount(rows, minlength=int(begins[-1]))).tolist()
    return Clauses(rows, places, ends, begins[:-1])


# --- two papers


@dataclass(slots=True)
class InCommon:
    """What two papers have in common of one kind of terms: where each term of the lower paper's vocabulary stands in
    the superior's (-1: nowhere), and the weights of both vocabularies: the fewer tasks of both papers have a term, the
    more."""

    upper: Terms
    lower: Terms
    places: np.ndarray
    above: np.ndarray
    below: np.ndarray


def shared_words(upper: Side, lower: Side) -> InCommon:
    """The words of two papers."""
    return _shared(upper.words, lower.words, _array([upper.vocabulary.get(word, -1) for word in lower.vocabulary]))


def shared_characters(upper: Side, lower: Side) -> InCommon:
    """The single characters of two papers."""
    places = _array([upper.alphabet.get(one, -1) for one in lower.alphabet])
    return _shared(upper.characters, lower.characters, places)


def shared_grams(upper: Side, lower: Side) -> InCommon:
    """The stretches of characters of two papers."""
    if not len(upper.stretches):
        return _shared(upper.grams, lower.grams, np.full(len(lower.stretches), -1))
    at = np.minimum(np.searchsorted(upper.stretches, lower.stretches), len(upper.stretches) - 1)
    return _shared(upper.grams, lower.grams, np.where(upper.stretches[at] == lower.stretches, at, -1))


def _shared(upper: Terms, lower: Terms, places: np.ndarray) -> InCommon:
    both = places >= 0
    above, below = upper.having.copy(), lower.having.copy()
    below[both] += upper.having[places[both]]
    above[places[both]] = below[both]
    weights = _weights(len(upper.ends) + len(lower.ends))
    return InCommon(upper, lower, places, weights[above], weights[below])


def products(found: InCommon, above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """A row for each lower, a column for each superior's task: the values of the terms that both have, multiplied and
    added up in the order of the lower task's entries. `above` and `below`: values of the entries of both papers.

    No product of matrices: in which order that adds up depends on the machine, and on where a task stands.
    """
    upper, lower = found.upper, found.lower
    rows, columns = len(lower.ends), len(upper.ends)
    order, begins = upper.columns()
    of_upper, values = upper.rows[order], above[order]
    at = found.places[lower.places]
    entries = np.flatnonzero((at >= 0) & (below != 0))
    starts = begins[at[entries]]
    many = begins[at[entries] + 1] - starts
    out = np.zeros(rows * columns)
    for some in _pieces(many):
        n = many[some]
        each = np.repeat(np.arange(len(n)), n)
        there = np.arange(len(each)) - np.repeat(np.cumsum(n) - n, n) + starts[some][each]
        by = entries[some][each]
        out += np.bincount(lower.rows[by] * columns + of_upper[there], below[by] * values[there], rows * columns)
    return out.reshape(rows, columns)


def _pieces(sizes: np.ndarray) -> Iterator[slice]:
    """Slices of what has these sizes, each of about `AT_ONCE` together."""
    ends = np.cumsum(sizes)
    begin = 0
    while begin < len(sizes):
        done = int(ends[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, done + AT_ONCE, "right")))
        yield slice(begin, end)
        begin = end


@cache
def weight(n: int, tasks: int) -> float:
    """The weight of a term that `n` of so many tasks have."""
    return math.log((tasks + 1) / (n + 0.5))


@lru_cache(maxsize=64)
def _weights(tasks: int) -> np.ndarray:
    return np.array([weight(n, tasks) for n in range(tasks + 1)])


@lru_cache(maxsize=64)
def _logs(most: int) -> np.ndarray:
    return np.array([0.0, *(1 + math.log(n) for n in range(1, most + 1))])
