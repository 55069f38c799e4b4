"""What two tasks are compared by: their words, without place, level, numbering and those addressed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from tomllib import loads
from typing import Any

from ...extractors.model import Task
from ...extractors.words.fold import fold

#: Characters of a word: Chinese, letters, digits, and signs that names of programmes carry (人工智能+).
_RUN = re.compile(r"[\u4e00-\u9fff〇0-9A-Za-z+%×]+")
_FIGURE = re.compile(r"[0-9.%+]+")
_CLAUSE = re.compile(r"[^，。；,;:!?！？]+")
_QUOTED = re.compile(r"[“\"]([^“”\"]{2,12})[”\"]")
_LISTED = re.compile(r"\(([^()、]{3,10}(?:、[^()、]{3,10})+)\)")  # (算力券、模型券、语料券)
LONGEST_GRAM = 4  # characters of the longest stretch that is compared
_HEADED = 2  # times that a character of the title counts
_CHINESE = range(0x4E00, 0xA000)
_HELD = 1_024  # tasks and headings whose matter is held


@cache
def knowledge() -> dict[str, Any]:
    """The rows of `words.toml`."""
    return loads(files(__package__ or "").joinpath("words.toml").read_text(encoding="utf-8"))


def rows(name: str) -> list[Any]:
    """The rows of one kind, or the words of a list."""
    found = knowledge()[name]
    return found["words"] if isinstance(found, dict) else found


@cache
def _without() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(row["pattern"]) for row in rows("without"))


@dataclass(frozen=True, slots=True)
class BareText:
    """What is left of a text, and where each of its characters stood there."""

    text: str
    at: tuple[int, ...]

    @classmethod
    def of(cls, text: str, places: re.Pattern[str] | None = None) -> BareText:
        """`text` folded, without white space, the names of `places` and what `words.toml` leaves out."""
        folded = fold(text)
        kept = "".join(folded.split())
        whole = len(kept) == len(folded)
        at = list(range(len(folded))) if whole else [i for i, c in enumerate(folded) if not c.isspace()]
        for pattern in (*((places,) if places else ()), *_without()):
            gone = [m.span() for m in pattern.finditer(kept) if m.group()]
            if gone:
                ends = [(0, 0), *gone, (len(kept), len(kept))]
                left = [slice(end, start) for (_, end), (start, _) in pairwise(ends)]
                at = [i for part in left for i in at[part]]
                kept = "".join(kept[part] for part in left)
        return cls(kept, tuple(at))


@dataclass(slots=True)
class Matter:
    """A task as it is compared. `head` and `body` are its title and text; `words` are counted; `quoted` is
    what its title sets in quotation marks."""

    task: Task
    head: BareText
    body: BareText
    words: Counter[str] = field(default_factory=Counter)
    headed: frozenset[str] = frozenset()  # words of the title
    opening: frozenset[str] = frozenset()  # words of the title and of the first clause
    quoted: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()  # the items of enumerations in brackets
    organising: bool = False  # how the work is led and watched over, not the work itself
    key: object = field(default_factory=object)  # the same object means the same matter
    work: Mapping[str, float] = field(default_factory=dict)  # `around.work_of`
    lead: frozenset[str] = frozenset()  # `around.lead_of`
    bureau: frozenset[str] = frozenset()  # fields of the bureau whose own offices alone do it

    @classmethod
    def of(
        cls,
        task: Task,
        places: re.Pattern[str] | None = None,
        work: Mapping[str, float] | None = None,
        lead: frozenset[str] = frozenset(),
        bureau: frozenset[str] = frozenset(),
    ) -> Matter:
        """`places` are names that mean nothing in the comparison: those of the two papers. `bureau`: the fields of work
        of the bureau that issues the paper, whose work a task is where no unit of a known field is named."""
        found = places if places and places.search(_folded(task.title, task.text)) else None
        headings = (*task.section, task.title or "")
        inside = frozenset() if work else bureau
        work = work or dict.fromkeys(sorted(inside), 1.0)
        return cls(task, *_matter(task.title or "", task.text, headings, found), work=work, lead=lead, bureau=inside)

    @property
    def begins(self) -> str:
        """Title and first clause: what a task says it is about."""
        return self.head.text + next(iter(clauses(self.body.text)), "")


@lru_cache(maxsize=_HELD)
def _folded(title: str | None, text: str) -> str:
    """What places are looked for in."""
    return "".join(fold(f"{title or ''}\n{text}").split())


@lru_cache(maxsize=_HELD)
def _matter(title: str, text: str, headings: tuple[str, ...], places: re.Pattern[str] | None) -> tuple[Any, ...]:
    """The fields of `Matter` behind the task: those of a superior's task are asked for by one lower paper after
    another."""
    head, body = BareText.of(title, places), BareText.of(text, places)
    first = next(iter(clauses(body.text)), "")
    of_head, of_body, of_first = words(head.text), words(body.text), words(first)
    return (
        head,
        body,
        Counter(of_head + of_body),
        frozenset(of_head),
        frozenset(of_head + of_first),
        tuple(_QUOTED.findall(head.text)),
        tuple(item for items in _LISTED.findall(head.text + body.text) for item in items.split("、")),
        any(map(_organises, headings)),
        object(),
    )


@lru_cache(maxsize=_HELD)
def _organises(heading: str) -> bool:
    """Whether a heading, without its numbering, says how the work is led."""
    return any(_organising().fullmatch(clause) for clause in clauses(BareText.of(heading).text))


@cache
def _organising() -> re.Pattern[str]:
    return re.compile("|".join(row["pattern"] for row in rows("organising")))


def clauses(text: str) -> list[str]:
    """The parts of a text between commas and stops."""
    return _CLAUSE.findall(text)


def words(text: str) -> list[str]:
    """The words of a text that have two characters or more; figures are none."""
    from rjieba import cut  # its dictionary takes a moment, and only comparing needs it

    return list(filter(_is_compared, cut(text)))


@lru_cache(maxsize=32 * _HELD)
def _is_compared(word: str) -> bool:
    return len(word) > 1 and bool(_RUN.fullmatch(word)) and not _FIGURE.fullmatch(word)


@lru_cache(maxsize=_HELD)
def characters(head: str, body: str) -> Counter[str]:
    """The Chinese characters of a title and a text, counted."""
    return Counter(c for c in head * _HEADED + body if ord(c) in _CHINESE)


@cache
def word_characters() -> str:
    """All characters that words are made of; stretches of them cross no punctuation."""
    return "".join(_RUN.findall("".join(map(chr, range(1 << 16)))))


@lru_cache(maxsize=8 * _HELD)
def pairs(text: str) -> frozenset[str]:
    """The pairs of characters that stand beside each other."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))
