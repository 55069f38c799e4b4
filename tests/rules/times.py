"""How the rules of `rules/times.toml` are asked in tests."""

from __future__ import annotations

from zhengling.extractors.words import times

from ..examples import Row

WHEN = times.When(2021, "2021-04-10")


def fires(text: str, row: Row) -> list[tuple[str, str]]:
    """Each time that the text names: its words, and its last day, first and last day, or kind."""
    found: list[times.Time] = []
    if row["where"] != "cell":
        found += times.find_times(text, WHEN)
    if row["where"] != "text":
        found += times.read_cell(text, WHEN).times
    return [(t.rule, f"{_core(text, t)}: {_told(t)}") for t in found]


def _core(text: str, t: times.Time) -> str:
    return text[t.start + len(t.opening) : t.end - len(t.closing)]


def _told(t: times.Time) -> str:
    if t.kind != "date":
        return t.kind
    if not t.possible:
        return "-"
    return "/".join(d for d in (t.first, t.last) if d) or "?"
