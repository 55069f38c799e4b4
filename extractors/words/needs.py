"""Which characters a text must have for a pattern to fit: what speeds up a rule is made from the rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby
from re import _constants as codes  # pyrefly: ignore
from re import _parser as parser  # pyrefly: ignore
from typing import Any

_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
#: A class with more characters than this tells nothing of a text.
_LARGEST = 64


_parsed = lru_cache(maxsize=128)(parser.parse)


@cache
def needed(pattern: str) -> tuple[frozenset[str], ...]:
    """Sets of characters: what the pattern fits has one of each. Empty where nothing can be said, as of a pattern that
    does not tell upper from lower case."""
    tree = _parsed(pattern)
    if tree.state.flags & re.IGNORECASE:
        return ()
    return tuple(dict.fromkeys(_sets(tree)))


#: So many of the sets of words that a pattern needs are looked for.
_LOOKED_FOR = 2


@cache
def needed_words(pattern: str) -> tuple[re.Pattern[str], ...]:
    """Patterns for words of which each has one in what the pattern fits, or in what it looks at beside that."""
    tree = _parsed(pattern)
    if tree.state.flags & re.IGNORECASE:
        return ()
    sets = sorted(dict.fromkeys(_words(tree)), key=_telling, reverse=True)
    return tuple(re.compile(one_of(words)) for words in sets[:_LOOKED_FOR])


def may_fit(pattern: str, text: str) -> bool:
    """Whether a text has the words that a pattern needs."""
    return all(words.search(text) for words in needed_words(pattern))


@cache
def led(pattern: str) -> re.Pattern[str]:
    """The pattern, which looks first whether a character stands there that a match may begin with: the alternatives of
    most are many, and each is tried in every place."""
    tree = _parsed(pattern)
    first = None if tree.state.flags & re.IGNORECASE else _first(tree)
    return re.compile(f"(?=[{''.join(sorted(first[0]))}])(?:{pattern})" if first and first[1] else pattern)


_CATEGORIES = {
    codes.CATEGORY_DIGIT: r"\d",
    codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_WORD: r"\w",
}

_First = tuple[frozenset[str], bool]


def _first(items: Sequence[tuple[Any, Any]]) -> _First | None:
    """The members of a class of the characters that a match may begin with, and whether it has one; None where that can
    not be said."""
    found: frozenset[str] = frozenset()
    for code, value in items:
        begun = _first_of(code, value)
        if begun is None:
            return None
        found |= begun[0]
        if begun[1]:
            return found, True
    return found, False


def _first_of(code: Any, value: Any) -> _First | None:
    if code is codes.LITERAL:
        return frozenset((re.escape(chr(value)),)), True
    if code is codes.IN:
        members = [_member(*member) for member in value]
        return (frozenset(members), True) if all(members) else None
    if code is codes.SUBPATTERN:
        return None if _any_case(value) else _first(value[3])
    if code is codes.ATOMIC_GROUP:
        return _first(value)
    if code in _REPEATS:
        begun = _first(value[2])
        return begun and (begun[0], begun[1] and value[0] > 0)
    if code is codes.BRANCH:
        ways = [_first(way) for way in value[1]]
        if None in ways:
            return None
        return frozenset().union(*(way[0] for way in ways if way)), all(way[1] for way in ways if way)
    if code in (codes.ASSERT, codes.ASSERT_NOT, codes.AT):
        return frozenset(), False
    return None


def _member(code: Any, value: Any) -> str:
    """A member of a class as it is written; empty where the class is negated or has another one."""
    if code is codes.LITERAL:
        return re.escape(chr(value))
    if code is codes.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return _CATEGORIES.get(value, "") if code is codes.CATEGORY else ""


def one_of(words: Iterable[str], between: str = "") -> str:
    """A pattern for the longest of some words, with `between` what may stand between their characters. It branches
    where they differ: word by word, hundreds of them would be tried in every place of a text."""
    branches: dict[str, list[str]] = {}
    for word in sorted(filter(None, words)):
        branches.setdefault(word[0], []).append(word[1:])
    ways = []
    for character, rest in branches.items():
        more = one_of(rest, between)
        if more:
            more = f"{between}{more}" if "" not in rest else f"(?:{between}{more})?"
        ways.append(re.escape(character) + more)
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})" if ways else ""


@cache
def rarest(pattern: str) -> frozenset[str]:
    """The smallest of the sets that are `needed`, one of Chinese characters before one of digits and marks; empty where
    there is none."""
    return min(needed(pattern), key=lambda s: (len(s), any(c.isascii() for c in s)), default=frozenset())


def finder(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern for one character that every match of any of `patterns` has; None where one of them needs none."""
    sets = [rarest(p) for p in patterns]
    if not all(sets):
        return None
    return re.compile("[" + "".join(re.escape(c) for c in sorted(frozenset().union(*sets))) + "]")


#: Characters behind a match that a pattern may look at.
_AHEAD = 64
#: Matches of more characters are searched for everywhere.
_WIDEST = 200


class Near:
    """A pattern that is searched for only around the characters that its matches need: most stretches of a text have
    none of them."""

    def __init__(self, pattern: str) -> None:
        self.pattern = re.compile(pattern)
        self._width = _parsed(pattern).getwidth()[1]
        self._hint = finder([pattern]) if self._width <= _WIDEST else None

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """The matches that `re` finds, in order."""
        end, at = len(text) if end is None else end, start
        if self._hint is None:
            yield from self.pattern.finditer(text, start, end)
            return
        for hint in self._hint.finditer(text, start, end):
            here = hint.start()
            if here < at:
                continue
            low, high = max(at, here + 1 - self._width), min(end, here + self._width + _AHEAD)
            match = self.pattern.search(text, low, high)
            if match and match.start() <= here:  # what begins behind has a character of its own
                yield match
                at = match.end()


class AtEnd:
    """A pattern for the end of a text, which is tried where its last character is one that a match may end in."""

    def __init__(self, pattern: str) -> None:
        self.pattern = re.compile(f"(?:{pattern})$")
        self._last = _last(_parsed(pattern))

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        if self._last and text[-1:] not in self._last and text[-1:] != "\n":
            return None
        return self.pattern.search(text, start)


def _last(items: Sequence[tuple[Any, Any]]) -> frozenset[str]:
    """The characters that what fits may end in; empty where that can not be said."""
    found: set[str] = set()
    for code, value in reversed(items):
        ends, needed_ = _last_of(code, value)
        if not ends:
            return frozenset()
        found |= ends
        if needed_:
            return frozenset(found)
    return frozenset()


def _last_of(code: Any, value: Any) -> tuple[frozenset[str], bool]:
    """(the characters that one item may end in, whether it is never left out)."""
    if code is codes.LITERAL:
        return frozenset(chr(value)), True
    if code is codes.IN:
        return _members(value), True
    if code is codes.SUBPATTERN:
        return frozenset() if _any_case(value) else _last(value[3]), True
    if code is codes.BRANCH:
        ways = [_last(way) for way in value[1]]
        return frozenset().union(*ways) if all(ways) else frozenset(), True
    if code in _REPEATS:
        return _last(value[2]), value[0] > 0
    return frozenset(), True


def _any_case(group: tuple[Any, ...]) -> bool:
    """Whether a group does not tell upper from lower case."""
    return bool(group[1] & re.IGNORECASE)


def _sets(items: Sequence[tuple[Any, Any]]) -> list[frozenset[str]]:
    out: list[frozenset[str]] = []
    for code, value in items:
        if code is codes.LITERAL:
            out.append(frozenset(chr(value)))
        elif code is codes.IN:
            chars = _members(value)
            if chars:
                out.append(chars)
        elif code is codes.SUBPATTERN and not _any_case(value):
            out += _sets(value[3])
        elif code is codes.ATOMIC_GROUP:
            out += _sets(value)
        elif code in _REPEATS and value[0] > 0:
            out += _sets(value[2])
        elif code is codes.BRANCH:
            branches = [min(_sets(b), key=len, default=frozenset()) for b in value[1]]
            joined: frozenset[str] = frozenset().union(*branches) if all(branches) else frozenset()
            if joined and len(joined) <= _LARGEST:
                out.append(joined)
    return out


def _words(items: Sequence[tuple[Any, Any]]) -> list[frozenset[str]]:
    out: list[frozenset[str]] = []
    for literal, run in groupby(items, key=lambda item: item[0] is codes.LITERAL):
        if literal:
            out.append(frozenset(("".join(chr(value) for _, value in run),)))
        else:
            out += [words for code, value in run for words in _words_of(code, value)]
    return out


def _words_of(code: Any, value: Any) -> list[frozenset[str]]:
    """The sets of words that one item of a pattern needs."""
    if code is codes.IN:
        return [chars] if (chars := _members(value)) else []
    if code is codes.SUBPATTERN:
        return [] if _any_case(value) else _words(value[3])
    if code is codes.ATOMIC_GROUP:
        return _words(value)
    if code is codes.ASSERT:
        return _words(value[1])
    if code in _REPEATS:
        return _words(value[2]) if value[0] > 0 else []
    if code is codes.BRANCH:
        ways = [max(_words(way), key=_telling, default=frozenset()) for way in value[1]]
        joined: frozenset[str] = frozenset().union(*ways) if all(ways) else frozenset()
        return [joined] if joined and len(joined) <= _LARGEST else []
    return []


def _telling(words: frozenset[str]) -> tuple[float, int]:
    """How much it tells that a text holds one of some words: the longer and the fewer, the more."""
    return sum(map(len, words)) / len(words), -len(words)


def _members(items: list[tuple[Any, Any]]) -> frozenset[str]:
    """The characters of a class; empty where it is negated, too large or open."""
    chars: set[str] = set()
    for code, value in items:
        if code is codes.LITERAL:
            chars.add(chr(value))
        elif code is codes.RANGE and value[1] - value[0] < _LARGEST:
            chars.update(map(chr, range(value[0], value[1] + 1)))
        else:  # NEGATE, a category (\\d holds the digits of all scripts), a wide range
            return frozenset()
    return frozenset(chars)
