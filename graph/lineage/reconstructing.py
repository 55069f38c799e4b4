"""What several papers share, as the likely tasks of a superior that is not loaded. Never part of the graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from ...extractors.model import Record, Task
from ...extractors.words.lexicon import Lexicon
from .align import Link, align

Origin = tuple[str, str]  # id of a paper, id of a task in it


@dataclass(frozen=True, slots=True)
class LikelyTask:
    """`text` is that of the task most like the others, `shared` the words that it has in common with them; `origins`
    are the tasks that speak for it, one or more of each of several papers."""

    text: str
    shared: tuple[str, ...]
    origins: tuple[Origin, ...]

    @property
    def papers(self) -> int:
        """How many papers speak for it."""
        return len({paper for paper, _ in self.origins})


def reconstruct(papers: Mapping[str, Record], lexicon: Lexicon | None = None) -> list[LikelyTask]:
    """The tasks that two papers or more have in common, what most papers have first. Only sure links count."""
    tasks = {(identity, task.id): task for identity, record in papers.items() for task in record.tasks}
    linked = list(_linked(papers, lexicon))
    found = [_likely(group, linked, tasks) for group in _groups([(a, b) for a, b, _ in linked])]
    order = {origin: n for n, origin in enumerate(tasks)}
    return sorted(found, key=lambda one: (-one.papers, order[one.origins[0]]))


def _linked(papers: Mapping[str, Record], lexicon: Lexicon | None) -> Iterator[tuple[Origin, Origin, Link]]:
    for one, other in combinations(sorted(papers), 2):
        for link in align(papers[one], papers[other], lexicon).links:
            if link.state == "sure":
                yield (one, link.upper), (other, link.lower), link


def _groups(pairs: list[tuple[Origin, Origin]]) -> list[list[Origin]]:
    """What hangs together, each group sorted."""
    group: dict[Origin, set[Origin]] = {}
    for one, other in pairs:
        joined = group.get(one, {one}) | group.get(other, {other})
        for member in joined:
            group[member] = joined
    return sorted({tuple(sorted(members)): sorted(members) for members in group.values()}.values())


def _likely(group: list[Origin], linked: list[tuple[Origin, Origin, Link]], tasks: Mapping[Origin, Task]) -> LikelyTask:
    inside = [(a, b, link) for a, b, link in linked if a in group]
    weight = {origin: sum(link.score for a, b, link in inside if origin in (a, b)) for origin in group}
    best = max(group, key=lambda origin: (weight[origin], origin))
    text = tasks[best].text
    spans = sorted({s.upper if a == best else s.lower for a, b, link in inside if best in (a, b) for s in link.shared})
    return LikelyTask(text, tuple(text[start:end] for start, end in _merged(spans)), tuple(group))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in spans:
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out
