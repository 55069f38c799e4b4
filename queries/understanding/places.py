"""Places as people name them: a path, a full name, a short form (without its kind, or 豫 for a province), and each of
these behind those above it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from ...extractors.words.fold import fold, squeeze
from ...extractors.words.lexicon import Lexicon
from ...extractors.words.parts import listed
from .likeness import nearest

_LONGEST = 40  # characters of a place with those above it
_NEAR = 5  # names that are nearest, at most


class KnownPlaces:
    """The regions of a graph by what they may be called."""

    def __init__(self, regions: Iterable[Sequence[str]], lexicon: Lexicon) -> None:
        """`regions` are (id, name)."""
        self._names: dict[str, str] = {str(row[0]): row[1] for row in regions}
        self._lexicon = lexicon
        self._forms: dict[str, list[str]] = {}
        for identity, name in self._names.items():
            for form in dict.fromkeys((name, bare(name))):
                self._forms.setdefault(form, []).append(identity)
        self._found = lru_cache(maxsize=512)(self._find)

    def name(self, identity: str) -> str:
        return self._names.get(identity, identity)

    def all_named(self, name: str) -> list[str]:
        """All places of a full name."""
        return [identity for identity in self._forms.get(name, ()) if self._names[identity] == name]

    def meant(self, text: str) -> list[str]:
        """The ids of the places that a text may mean, sorted; what lies in another of them is left out. A full name
        goes before short forms."""
        if text in self._names:
            return [text]
        words = squeeze(fold(text)).replace("/", "")
        exact = self.all_named(words)
        return sorted(exact) if exact else _outermost(self._found(words))

    def begins(self, text: str) -> list[tuple[str, list[str]]]:
        """(rest, places) for each way in which a text begins with a place, the longest first."""
        found = []
        for size in range(min(len(text) - 1, _LONGEST), 1, -1):
            ids = self._found(text[:size])
            if ids:
                found.append((text[size:], sorted(ids)))
        return found

    def nearest(self, text: str) -> list[str]:
        """The names of places that are written most alike."""
        words = squeeze(fold(text)).rpartition("/")[2]
        names = list(dict.fromkeys(self._names.values()))
        found = nearest(words, names, _NEAR, 0.5) or nearest(bare(words), names, _NEAR, 0.5)
        if found:
            return found
        short = {bare(name): name for name in reversed(names)}
        return [short[one] for one in nearest(bare(words), short, _NEAR, 0.5)]

    def _named(self, form: str) -> list[str]:
        short = ("/".join(region.path) for region in self._lexicon.regions_short(form))
        return [*self._forms.get(form, ()), *(path for path in short if path in self._names)]

    def _find(self, words: str) -> frozenset[str]:
        if not words or len(words) > _LONGEST:
            return frozenset()
        found = set(self._named(words))
        for at in range(1, len(words)):
            inner = self._named(words[at:])
            above = self._found(words[:at]) if inner else ()
            found.update(one for one in inner if any(one.startswith(upper + "/") for upper in above))
        return frozenset(found)


def bare(name: str) -> str:
    """A place's name without its kind; one of two characters keeps it."""
    sign = next((sign for sign in listed("signs", "names.toml") if name.endswith(sign)), "")
    return name.removesuffix(sign) if sign and len(name) - len(sign) > 1 else name


def _outermost(ids: Iterable[str]) -> list[str]:
    found = sorted(ids)
    return [one for one in found if not any(one.startswith(other + "/") for other in found if other != one)]
