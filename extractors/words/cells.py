"""What a cell of a table may hold, known from its own words: a number, units, a time, persons, money, work."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from msgspec import Struct

from .collectives import is_collective, names_nobody
from .fold import squeeze
from .forms import ANY_CHAPTER, CLAUSE_MARK, COUNTING
from .parts import tables
from .personal import begins_name, is_person
from .times import may_hold_times, times_in
from .unit_shapes import UnitShapes

_NUMBER = re.compile(rf"\d{{1,3}}[.、]?|\(\d{{1,3}}\)|{CLAUSE_MARK}|[{COUNTING}]{{1,3}}")
_DIGIT = re.compile(r"\d")
_APART = re.compile(r"(?<=^[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff]$)")  # a name of two characters
_BETWEEN = re.compile(r"[、,;/\s]+")
_SENTENCES = re.compile(r"[。;].")
_SENTENCE = re.compile(r"[。;!]|,.{4,},|\S{30,}")
_CHAPTER = re.compile(ANY_CHAPTER)
_CLAUSE = re.compile(CLAUSE_MARK)
_HEADING = re.compile(r"\d{1,3}[.、](?!\d)|\(\d{1,3}\)|\d{1,2}\)")
_LONG_HEADING = 50
_SHARE_OF_TIME = 0.6
_SHARE_OF_TITLE = 0.7
_LONG_LIST = 600
#: An entry of a list with a bullet before each, and what stands before the next.
_BULLETED = re.compile(r"[●•■◆▲]([^●•■◆▲,、。;]{2,20})[,、](?=[●•■◆▲])")
_LONGEST_TIME = 40
_LONGEST_TIMES = 60  # of several
_KEPT = 1 << 14


class Look(Struct, frozen=True, gc=False):
    """What a cell looks like: `kind` is one of empty, number, nobody, chapter, clause, heading, time, timely (a
    sentence that names a time), schedule (what is due by when, part by part), year (or an amount), phone, money,
    person, basis, units, maybe (a unit or a phrase), sentence, phrase."""

    kind: str
    size: int


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(tables("cells.toml")[name])


class CellWords:
    """Tells what cells look like by the units that `shapes` know."""

    def __init__(self, shapes: UnitShapes) -> None:
        self.shapes = shapes
        self.look = lru_cache(maxsize=_KEPT)(self._look)
        self.may_look = lru_cache(maxsize=_KEPT)(self._may_look)

    def _look(self, text: str) -> Look:
        """What a folded cell looks like."""
        word = squeeze(text)
        size = len(word)
        kind = _plain(word) or _marked(word) or _figures(word) or ("time" if _is_time(word) else None)
        if kind:
            return Look(kind, size)
        if size <= _LONG_LIST and (found := self._assigned(text, word)):
            return Look(found, size)
        if _is_schedule(word):
            return Look("schedule", size)
        if _SENTENCE.search(word):
            return Look("timely" if size < _LONGEST_TIME and times_in(word) else "sentence", size)
        return Look("timely" if times_in(word) else "phrase", size)

    def _may_look(self, text: str) -> tuple[str, ...]:
        """The kinds of which that of a folded cell is one, told without reading it for times and units: `look` reads
        it."""
        word = squeeze(text)
        kind = _plain(word) or _marked(word) or _figures(word)
        if kind:
            return (kind,)
        timely = may_hold_times(word)
        kinds = ["time"] if timely and _may_be_time(word) else []
        if len(word) <= _LONG_LIST:
            if self.names_persons(text):
                return (*kinds, "person")
            if self.shapes.may_be_units(text) or _BULLETED.search(word):
                kinds += ("units", "maybe")
        if _is_schedule(word):
            return (*kinds, "schedule")
        sentence = _SENTENCE.search(word) is not None
        if timely and not (sentence and len(word) >= _LONGEST_TIME):
            kinds.append("timely")
        return (*kinds, "sentence" if sentence else "phrase")

    def _assigned(self, text: str, word: str) -> str | None:
        """person, units or maybe for what names persons or units."""
        if self.names_persons(text):
            return "person"
        if not self.shapes.all_units(text):
            return "units" if self._bulleted(word) else None
        verb = _pattern("work_verb").match(word)
        return "maybe" if word.endswith("。") or (verb and not is_collective(word)) else "units"

    def _bulleted(self, word: str) -> bool:
        """Whether a line of a cell holds whole units with a bullet before each, whatever its ends break off."""
        return any(self.shapes.all_units(m[1]) for m in _BULLETED.finditer(word))

    def names_persons(self, text: str) -> bool:
        """Whether a folded cell names nothing but persons, with or without their posts: 王某某、李某某副县长."""
        bare = text.strip()
        if not (begins_name(bare) or _pattern("post").match(bare) or _BETWEEN.match(bare)):
            return False
        bare = _pattern("post").sub("", _APART.sub("", bare))
        names = [n for n in _BETWEEN.split(bare) if n]
        return bool(names) and all(is_person(n) and self.shapes.lexicon.department(n) is None for n in names)


@lru_cache(maxsize=16)
def cell_words(shapes: UnitShapes) -> CellWords:
    """The one `CellWords` of some shapes."""
    return CellWords(shapes)


def _plain(word: str) -> str | None:
    if not word:
        return "empty"
    if _NUMBER.fullmatch(word) or _pattern("numbered").fullmatch(word):
        return "number"
    return "nobody" if names_nobody(word) and not _DIGIT.search(word) else None


def _marked(word: str) -> str | None:
    """A heading with its number, of a phrase and not of a sentence."""
    if len(word) > _LONG_HEADING or _SENTENCES.search(word):
        return None
    for kind, mark in (("chapter", _CHAPTER), ("clause", _CLAUSE), ("heading", _HEADING)):
        match = mark.match(word)
        if match and match.end() < len(word):
            return None if kind == "heading" and _SENTENCE.search(word[match.end() :]) else kind
    return None


def _is_schedule(word: str) -> bool:
    """Whether a cell says what is due by when, part by part."""
    return bool(_pattern("schedule").match(word)) and len(_pattern("schedule").findall(word)) > 1


def _figures(word: str) -> str | None:
    """A telephone, money, a title in its marks."""
    for kind in ("phone", "year", "money"):
        if _pattern(kind).fullmatch(word):
            return kind
    if _pattern("numbers").fullmatch(word):
        return "basis"
    if word.startswith("《"):
        titles = sum(len(m.group()) for m in _pattern("titles").finditer(word))
        if titles >= _SHARE_OF_TITLE * len(word):
            return "basis"
    return None


def _may_be_time(word: str) -> bool:
    return len(word) < _LONGEST_TIMES and "。" not in word[:-1]


def _is_time(word: str) -> bool:
    """Whether a cell says times and little else."""
    bare = _pattern("beside_time").sub("", word) if _may_be_time(word) and may_hold_times(word) else ""
    found = times_in(word) if bare else ()
    return bool(found) and sum(f.end - f.start for f in found) >= _SHARE_OF_TIME * len(bare)
