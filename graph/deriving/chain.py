"""The chain of command: which documents a document carries out, one step up.

Superiors are directives of a strictly higher level, cited as basis outside tasks. Where one sentence names one paper
of each level, alike in subject, the nearest is the step and those above are reached through it: their steps are
inferred.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise

from ...extractors.words.forms import ABOUT
from ...extractors.words.parts import rule
from .identity import rank, title_key


@dataclass(frozen=True, slots=True)
class Superior:
    """A directive that a document cites as basis: its id, level, subject (`subject`), and in which sentence."""

    id: str
    level: str | None
    subject: str
    sentence: int
    evidence: tuple[str, ...]  # JSON objects


@dataclass(frozen=True, slots=True)
class Step:
    """One step up from `lower` to `upper`."""

    lower: str
    upper: str
    evidence: tuple[str, ...]


def steps(document: str, level: str | None, cited: Iterable[Superior]) -> tuple[list[Step], list[Step], list[Step]]:
    """(direct, inferred, through) of a document of some level.

    `inferred` lead from one superior to the next; `through` are the direct steps that stand where, after all, the upper
    paper can not be reached through the nearer one.
    """
    above = [s for s in cited if s.id != document and rank(level) and rank(s.level) > rank(level)]
    direct: list[Step] = []
    inferred: list[Step] = []
    through: list[Step] = []
    for _, some in groupby(sorted(above, key=lambda s: s.sentence), key=lambda s: s.sentence):
        named = {s.id: s for s in reversed(list(some))}
        ladder = sorted(named.values(), key=lambda s: (rank(s.level), s.id))
        ranks = {rank(s.level) for s in ladder}
        subjects = {s.subject for s in ladder}
        if len(ladder) > 1 and len(ranks) == len(ladder) and len(subjects) == 1 and "" not in subjects:
            direct.append(Step(document, ladder[0].id, ladder[0].evidence))
            for low, high in pairwise(ladder):
                # The words that name the upper paper first: they are what a trace shows.
                inferred.append(Step(low.id, high.id, high.evidence + low.evidence))
                through.append(Step(document, high.id, high.evidence))
        else:
            direct += [Step(document, s.id, s.evidence) for s in ladder]
    return direct, inferred, through


_titled = partial(rule, file="identity.toml")


def subject(title: str | None, places: Iterable[str] = ()) -> str:
    """What a title is about: without issuer, place, year, the kind of paper and the words that lead in."""
    text = title_key(title).replace("（", "(").replace("）", ")")
    text = text.rpartition(ABOUT)[2] or text
    for name in sorted({p for p in places if p}, key=len, reverse=True):
        text = text.replace(name, "")
    text = _titled("here").sub("", _titled("years").sub("", text))
    text = _titled("joints").sub("", text)
    bare = _titled("kind").sub("", _titled("lead").sub("", text))
    return bare or text
