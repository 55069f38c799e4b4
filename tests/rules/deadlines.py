"""How the rules of `rules/deadlines.toml` are asked in tests."""

from __future__ import annotations

from zhengling.extractors.steps import deadlines
from zhengling.extractors.words import times

from ..examples import Row

WHEN = times.When(2021, "2021-04-10")


def fires(text: str, row: Row) -> list[tuple[str, str]]:
    """Each time of which a rule says something: its words, and its last day, first and last day, kind, or that it is a
    fact."""
    out = []
    for a, b in times.sentences(text):
        for time in times.find_times(text[a:b], WHEN):
            rule = deadlines.judge(time, text[a:b], WHEN)
            if rule:
                out.append((rule, f"{text[a + time.start : a + time.end]}: {_told(time, rule)}"))
    return out


def _told(time: times.Time, rule: str) -> str:
    if rule.startswith(deadlines.FACT):
        return deadlines.FACT
    return "/".join(d for d in (time.first, time.last) if d) or time.kind
