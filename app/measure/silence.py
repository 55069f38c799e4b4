"""Losses in silence: facts that are missed and that no warning tells of."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from .score import BRACKETS, Fact, Json, plain

#: What is counted: what a reader of a record relies on to be told of.
GRAVE = ("tasks", "units", "deadlines", "citations")


def silent(missed: Iterable[Fact], gold: Json, record: Json, text: str | None = None) -> list[Fact]:
    """Those of the missed facts (`GRAVE` kinds) that no warning tells of.

    A warning tells of a fact if it quotes its words or is quoted in them, or stands on a line of its task alone (where
    the paper's `text` is given); `no-tasks` tells of all that tasks hold.
    """
    warnings = [_Warning.of(w) for w in record.get("warnings") or []]
    lines = _lines(gold, text) if text else {}
    return [
        fact
        for fact in missed
        if fact.kind in GRAVE and not any(w.tells(fact, lines.get(fact.task, range(0))) for w in warnings)
    ]


@dataclass(frozen=True)
class _Warning:
    code: str
    quote: str
    line: int

    @classmethod
    def of(cls, warning: Json) -> _Warning:
        evidence = (warning.get("evidence") or [{}])[0]
        return cls(warning["code"], plain(evidence.get("quote")), int((evidence.get("place") or {}).get("line") or 0))

    def tells(self, fact: Fact, lines: range) -> bool:
        if self.code == "no-tasks":
            return fact.task != "document"
        words = [w for w in map(plain, fact.words) if w]
        if len(self.quote) > 1 and any(w in self.quote or self.quote in w for w in words):
            return True
        return self.line in lines


def _lines(gold: Json, text: str) -> dict[str, range]:
    """Task → the lines from its beginning to before the next one, without those on which others begin, too."""
    whole, starts = "", []
    for line in text.splitlines():
        starts.append(len(whole))
        whole += re.sub(r"\s+", "", line).translate(BRACKETS)
    begins: dict[str, int] = {}
    at = 0
    for task in gold["tasks"]:
        found = whole.find(plain(task["starts"]), at)
        if found >= 0:
            at = found + 1
            begins[task["id"]] = bisect_right(starts, found)
    order = [*begins.items(), ("", len(starts) + 1)]
    shared = {line for line, count in Counter(begins.values()).items() if count > 1}
    return {name: range(line + (line in shared), after) for (name, line), (_, after) in pairwise(order)}
