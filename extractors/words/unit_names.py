"""What looks like the name of one unit to those who know the words of a lexicon; for folded text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from .collectives import is_collective
from .fold import squeeze
from .parts import rule
from .personal import is_person
from .unit_words import HAN, closing_verb, compiled, ending, office_ending, sure_ending, titled_person, words_of

if TYPE_CHECKING:
    from .lexicon import Lexicon

KEPT = 4096  # answers that each cache keeps
#: Characters of a unit's name: fewer are a syllable, more a sentence.
SHORTEST, LONGEST = 2, 30
#: Of one that is surely a unit's.
_LONGEST_SURE = 24
#: A word that is no unit's by its ending is taken for one up to this length.
_LONGEST_STRANGE = 16
_BRACKETED = re.compile(r"\([^()]*\)$")
_LIKE_A_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z0-9·\-“”()、]{2,}")


class UnitNames:
    """The names of units by the words of a lexicon. Answers are kept; several threads may ask it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.is_unit: Callable[[str], bool] = lru_cache(KEPT)(self._is_unit)
        self.is_person: Callable[[str], bool] = lru_cache(KEPT)(self._is_person)
        self.restorable: Callable[[str], bool] = lru_cache(KEPT)(self._may_be_restored)

    def _is_unit(self, name: str) -> bool:
        """Whether a folded word is shaped like a unit's name, or known as one."""
        name = squeeze(name)
        if not SHORTEST <= len(name) <= LONGEST:
            return False
        if is_collective(name) or self.lexicon.split_unit(name).department is not None:
            return True
        return bool(ending().search(name)) and not self._is_no_name(name)

    def _is_no_name(self, name: str) -> bool:
        """Whether a word that ends like a unit's name is a piece of a sentence, or a site."""
        return bool(
            compiled("no_begin").match(name) or compiled("no_name").search(name) or compiled("no_end").search(name)
        )

    def sure(self, name: str) -> bool:
        """Whether a folded word is surely a unit's name, and no words that only end like one."""
        name = squeeze(name)
        if is_collective(name):
            return True
        if len(name) > _LONGEST_SURE or not self.is_unit(name):
            return False
        known = self.lexicon
        bare = _BRACKETED.sub("", name)
        split = known.split_unit(name)
        return bool(split.prefix or known.department(name) or known.department(bare) or sure_ending().search(bare))

    def names_office(self, name: str) -> bool:
        """Whether a folded word is the name of an office that is known, with its place or level, or of many units."""
        name = squeeze(name)
        split = self.lexicon.split_unit(name)
        return is_collective(name) or bool(split.prefix and split.department and office_ending().search(name))

    def _is_person(self, word: str) -> bool:
        """Whether a folded word looks like a person's name, with a title or without, and nothing shows a unit."""
        word = squeeze(word)
        titled = titled_person().fullmatch(word)
        if titled and (titled["before"] or titled["after"]) and is_person(titled["name"]):
            return True
        return is_person(word) and not self._shows_unit(word)

    def _shows_unit(self, word: str) -> bool:
        known = self.lexicon
        return bool(
            is_collective(word)
            or sure_ending().search(word)
            or known.department(word)
            or self.is_short_form(word)
            or known.split_unit(word).prefix
            or known.regions_named(word)
            or known.regions_short(word)
        )

    def is_short_form(self, word: str) -> bool:
        """Whether a word is a department without its last character: 林业, 市财政."""
        level = rule("level_letter", "names.toml").match(word)
        base = word[level.end() :] if level else word
        return len(base) > 1 and any(self.lexicon.department(base + end) for end in words_of("joint.last"))

    def like_a_name(self, word: str) -> bool:
        """Whether a word of unknown ending may be a unit's name: short, and no piece of a sentence."""
        word = _BRACKETED.sub("", squeeze(word))
        return (
            SHORTEST < len(word) <= _LONGEST_STRANGE
            and bool(_LIKE_A_NAME.fullmatch(word))
            and bool(re.match(HAN, word))
            and not self._is_no_name(word)
            and not closing_verb(word)
        )

    def prefix_of(self, name: str) -> str:
        """The place that a name begins with: 县, 市, 省, 自治区, or a place's name; '' if none."""
        split = self.lexicon.split_unit(name)
        return "" if split.prefix in words_of("joint.nation") else split.prefix

    def passed_on(self, name: str) -> str:
        """The place that a name gives to those behind it in a list: none where it stands inside (团县委); a zone that
        is named by its kind alone (新区市场监管局) gives it, too. To the lexicon it is no place: its office would be
        taken for that of the city around it."""
        if rule("league", "names.toml").match(name):
            return ""
        zone = rule("zone", "names.toml").match(name)
        if zone and self.lexicon.department(name[zone.end() :]) is not None:
            return zone.group()
        return self.prefix_of(name)

    def restorable_behind(self, name: str, prefix: str) -> bool:
        """Whether a name in a list takes this place of the names before it: a township's has one police station."""
        return self.restorable(name) or bool(rule("of_town", "names.toml").match(prefix + name))

    def _may_be_restored(self, name: str) -> bool:
        """Whether a name in a list takes the place before the names before it."""
        if compiled("never_restored").match(name):
            return False
        name = _BRACKETED.sub("", name)
        known = self.lexicon
        if any(r.level in ("province", "city") for n in (2, 3) for r in known.regions_short(name[:n])):
            return False
        department = known.department(name)
        if department is not None:
            return department.place_prefix
        if compiled("own_name").search(name):
            return False
        if compiled("own_place").search(name) and any(known.department(name[n:]) is not None for n in (2, 3)):
            return False
        branch = compiled("branch").match(name)
        if branch and any(known.department(branch["stem"][:-n] + branch["kind"]) is not None for n in (2, 3)):
            return False
        return bool(compiled("restored").search(name)) and not compiled("never_restored").search(name)
