"""A link as the graph tells it: its grounds as texts, the words in common with their places in both papers."""

from __future__ import annotations

from collections.abc import Iterator

from ...extractors.model import Evidence, Task
from .align import Link, Shared
from .deciding import weighed


def grounds(link: Link) -> list[str]:
    """What each ground adds to the score, what decided first: `alike=1.204`. What says nothing is left out."""
    found = sorted(weighed(link.grounds).items(), key=lambda one: (-one[1], one[0]))
    return [f"{name}={value:.3f}" for name, value in found if round(value, 3)]


def proof(link: Link, upper: Task, lower: Task) -> Iterator[tuple[Evidence, Evidence]]:
    """The words in common where they stand in the lower and in the superior's paper; where there are none (a phrase
    led from one to the other), the beginnings of both tasks. The rule names the ground that weighed most."""
    rule = f"lineage.{max(weighed(link.grounds).items(), key=lambda one: one[1])[0]}"
    for shared in link.shared:
        yield _below(shared, lower, rule), _above(shared, upper, rule)
    if not link.shared:
        yield _whole(lower, rule), _whole(upper, rule)


def _below(shared: Shared, task: Task, rule: str) -> Evidence:
    return _words(task, shared.lower, shared.lower_source, rule)


def _above(shared: Shared, task: Task, rule: str) -> Evidence:
    return _words(task, shared.upper, shared.upper_source, rule)


def _words(task: Task, span: tuple[int, int], source: tuple[int, int] | None, rule: str) -> Evidence:
    for one in task.evidence if source else ():
        if one.start <= source[0] and source[1] <= one.end:  # type: ignore[index]
            quote = one.quote[source[0] - one.start : source[1] - one.start]  # type: ignore[index]
            return Evidence(*source, quote, rule, one.place)  # type: ignore[misc]
    return Evidence(0, 0, task.text[slice(*span)], rule)


def _whole(task: Task, rule: str) -> Evidence:
    for one in task.evidence:
        return Evidence(one.start, one.end, one.quote, rule, one.place)
    return Evidence(0, 0, task.text, rule)
