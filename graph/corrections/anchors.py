"""Where what a line is about stands now: papers by their heads, tasks by their words.

A near match is taken only where nothing else comes close: what is not found is told, and never taken for another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ...extractors.model import Document, Record, Task
from ...extractors.words.fold import fold, squeeze
from ..deriving.identity import normal_number, task_text, title_key
from .lines import PaperAnchor, TaskAnchor

_ALIKE = 0.8  # share of common pairs of characters from which two texts may be one that was read otherwise
_TITLED = 0.6  # the same where the titles are equal
_APART = 0.15  # what the next best must stay behind
_LEAST = 12  # characters that a text must have to be known by likeness

State = tuple[tuple[str, ...], str, str]  # section, title, text, as they are compared


def plain(text: str | None) -> str:
    """Words as they are compared: without white space, full-width forms folded."""
    return fold(squeeze(text or ""))


# --- papers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaperHead:
    """What tells a paper from others."""

    number: str | None
    title: str
    issuer: str
    region: str
    source: str
    sha256: str

    @classmethod
    def of(cls, anchor: PaperAnchor | Document, source: str = "", sha256: str = "") -> PaperHead:
        """The head of a document, or of an anchor."""
        if isinstance(anchor, PaperAnchor):
            source, sha256 = anchor.source, anchor.sha256
        number, title = normal_number(anchor.number), title_key(anchor.title)
        return cls(number, title, plain(anchor.issuer), plain(anchor.region), source, sha256)


def anchor_of(record: Record) -> PaperAnchor:
    """What names a paper in a line."""
    document, source = record.document, record.source
    return PaperAnchor(
        document.number, document.title, document.issuer, document.region, source.get("path", ""),
        source.get("sha256", ""),
    )  # fmt: skip


class Heads:
    """The papers of a workspace by what tells them apart: name of the record → head."""

    def __init__(self, heads: dict[str, PaperHead]) -> None:
        self._heads = heads
        self._by: dict[tuple[str, str], list[str]] = {}
        for name, head in heads.items():
            for key in (("sha", head.sha256), ("number", head.number or ""), ("title", head.title)):
                if key[1]:
                    self._by.setdefault(key, []).append(name)

    def find(self, anchor: PaperAnchor) -> list[str]:
        """The records of the paper that an anchor means: all files of it, or none."""
        wanted = PaperHead.of(anchor)
        same = self._named("sha", wanted.sha256)
        if same:
            twins = [name for name in self._named("title", wanted.title) if self._heads[name].number == wanted.number]
            return sorted({*same, *(twins if wanted.number or wanted.issuer else ())})
        if wanted.number:
            numbered = self._named("number", wanted.number)
            titled = [name for name in numbered if self._heads[name].title == wanted.title]
            if titled:
                return titled
            here = [name for name in numbered if self._heads[name].region == wanted.region]
            if here and len({self._heads[name].title for name in here}) == 1:
                return here
        if not wanted.title:
            return []
        found = [name for name in self._named("title", wanted.title) if self._fits(self._heads[name], wanted)]
        return found if len({self._heads[name].number for name in found}) == 1 else []

    def _named(self, kind: str, value: str | None) -> list[str]:
        return self._by.get((kind, value or ""), [])

    @staticmethod
    def _fits(head: PaperHead, wanted: PaperHead) -> bool:
        """Whether two heads of one title may be one paper's."""
        if head.number and wanted.number and head.number != wanted.number:
            return head.source == wanted.source
        there = {(head.issuer, wanted.issuer), (head.region, wanted.region)}
        return all(not a or not b or a == b for a, b in there) or head.source == wanted.source


# --- tasks ----------------------------------------------------------------------------------------------------------


def state_of(section: Sequence[str], title: str | None, text: str) -> State:
    """The words of a task as they are compared."""
    return tuple(map(plain, section)), plain(title), plain(text)


def task_anchors(record: Record) -> list[TaskAnchor]:
    """What names each task of a record in a line."""
    states = [state_of(task.section, task.title, task_text(task)) for task in record.tasks]
    counts, seen = Counter(states), Counter[State]()
    found = []
    for task, state in zip(record.tasks, states, strict=True):
        seen[state] += 1
        found.append(_anchor(task, seen[state], counts[state]))
    return found


def _anchor(task: Task, twin: int, twins: int) -> TaskAnchor:
    return TaskAnchor(task_text(task), task.title, list(task.section), twin, twins)


@dataclass(slots=True)
class Match:
    """The task that an anchor means, if there is one; `near`: its words are not quite those; `close`: something like
    it is there."""

    place: int | None
    near: bool = False
    close: bool = False


def find_task(anchor: TaskAnchor, tasks: Sequence[Iterable[State]]) -> Match:
    """The place, among tasks with the words that each has and had, of the one that an anchor means."""
    wanted = state_of(anchor.section, anchor.title, anchor.text)
    section, title, text = wanted
    exact = [n for n, states in enumerate(tasks) if wanted in states]
    if exact:
        if len(exact) == 1 and anchor.twins == 1:
            return Match(exact[0])
        if len(exact) == anchor.twins:
            return Match(exact[anchor.twin - 1])
        return Match(None, close=True)
    for same in (lambda s: s[1:] == (title, text), lambda s: s[2] == text and s[0] == section, lambda s: s[2] == text):
        alike = [n for n, states in enumerate(tasks) if any(text and same(state) for state in states)]
        if alike:
            one = len(alike) == 1 and anchor.twins == 1
            return Match(alike[0] if one else None, near=one, close=True)
    return _nearest(title, text, tasks) if len(text) >= _LEAST else Match(None)


def _nearest(title: str, text: str, tasks: Sequence[Iterable[State]]) -> Match:
    scored: list[tuple[float, float, int]] = []
    for n, states in enumerate(tasks):
        best = max(((likeness(text, s[2]), bool(title) and s[1] == title) for s in states), default=(0.0, False))
        scored.append((best[0], _TITLED if best[1] else _ALIKE, n))
    scored.sort(reverse=True)
    if not scored:
        return Match(None)
    score, bound, place = scored[0]
    apart = len(scored) == 1 or score - scored[1][0] >= _APART
    return Match(place if score >= bound and apart else None, near=score >= bound, close=score >= _TITLED)


@lru_cache(maxsize=4_096)
def _pairs(text: str) -> Counter[str]:
    return Counter(text[n : n + 2] for n in range(len(text) - 1))


def likeness(one: str, other: str) -> float:
    """The share of pairs of characters that two texts have in common (Dice), 0 to 1."""
    if min(len(one), len(other)) < _LEAST:
        return float(one == other and bool(one))
    a, b = _pairs(one), _pairs(other)
    return 2 * sum((a & b).values()) / (sum(a.values()) + sum(b.values()))
