"""`score`: folders of gold and of records compared, as figures or fact by fact."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ...extractors.errors import ZhenglingError
from .score import KINDS, Fact, Json, Score, score, total
from .silence import GRAVE, silent

Rows = list[list[Any]]

FIGURES = ("kind", "precision", "recall", "f1", "gold", "found", "missed", "in_silence")
PAPERS = ("paper", *(kind.replace(" ", "_") for kind in KINDS))
LONG = ("paper", "kind", "precision", "recall", "f1", "gold", "found")
ITEMS = ("paper", "error", "kind", "task", "fact", "in_silence")
CHANGES = ("paper", "change", "error", "kind", "task", "fact")
ALL = "all"


class Scores:
    """The papers of a folder of gold, each with its score. A paper without a record is missed whole."""

    def __init__(self, gold: Path, records: Path) -> None:
        self.gold, self.records = _papers(gold), _papers(records, empty=True)
        if gold.is_file() and records.is_file():
            self.records = dict(zip(self.gold, self.records.values(), strict=True))
        self.each: dict[str, Score] = {
            name: score(right, self.records.get(name, {})) for name, right in self.gold.items()
        }
        self.silent: dict[str, list[Fact]] = {
            name: silent(one.missed, self.gold[name], self.records.get(name, {})) for name, one in self.each.items()
        }

    @property
    def unread(self) -> list[str]:
        """Papers that have gold but no record."""
        return [name for name in self.gold if name not in self.records]

    def figures(self) -> Rows:
        """One row a kind, over all papers; losses in silence of the kinds that warnings can tell of."""
        whole = total(self.each.values())
        missed = Counter(f.kind for f in whole.missed)
        quiet = Counter(f.kind for facts in self.silent.values() for f in facts)
        return [
            [kind, *(whole.tallies[kind].to_json().values()), missed[kind], quiet[kind] if kind in GRAVE else None]
            for kind in KINDS
        ]

    def papers(self) -> Rows:
        """One row a paper with its F1 of each kind; the last is over all."""
        each = {**self.each, ALL: total(self.each.values())}
        return [[name, *(round(one.tallies[kind].f1, 4) for kind in KINDS)] for name, one in each.items()]

    def long(self) -> Rows:
        """One row a paper and kind: `paper` before precision, recall, F1 and counts."""
        each = {**self.each, ALL: total(self.each.values())}
        return [[name, kind, *one.tallies[kind].to_json().values()] for name, one in each.items() for kind in KINDS]

    def items(self) -> Rows:
        """One row for each fact that is missed or wrong."""
        out: Rows = []
        for name, one in self.each.items():
            quiet = {id(f) for f in self.silent[name]}
            for error, facts in (("missed", one.missed), ("wrong", one.wrong)):
                out += [[name, error, f.kind, f.task, f.said, id(f) in quiet or None] for f in facts]
        return out

    def changes(self, old: Scores) -> Rows:
        """One row for each fact that is right now and was not (gained), or was right and is not (lost)."""
        out: Rows = []
        for name, one in self.each.items():
            before = old.each[name]
            for error, now, then in (("missed", one.missed, before.missed), ("wrong", one.wrong, before.wrong)):
                for change, facts in (("gained", _without(then, now)), ("lost", _without(now, then))):
                    out += [[name, change, error, f.kind, f.task, f.said] for f in facts]
        return out


def _without(facts: Iterable[Fact], others: Iterable[Fact]) -> list[Fact]:
    """The facts that the others lack; the ids of tasks that a record alone has say nothing in another version."""

    def key(fact: Fact) -> tuple[str, str, tuple[Any, ...]]:
        return fact.kind, fact.task if fact.task[0] != "?" else "?", fact.values

    left = Counter(map(key, others))
    out = []
    for fact in facts:
        if left[key(fact)]:
            left[key(fact)] -= 1
        else:
            out.append(fact)
    return out


def _papers(where: Path, empty: bool = False) -> Mapping[str, Json]:
    """The papers of a folder by the names of their files, or of one file.

    Errors: `OSError` where it is not there, `score-none` where there is no JSON, `score-bad` for a file that holds no
    record.
    """
    where.stat()  # what is not there is told by the system's own error
    paths = sorted(where.glob("*.json")) if where.is_dir() else [where]
    if not paths and not empty:
        raise ZhenglingError("score-none", 2, path=str(where))
    out = {}
    for path in paths:
        try:
            paper = json.loads(path.read_text("utf-8"))
        except (ValueError, UnicodeDecodeError) as error:
            raise ZhenglingError("score-bad", 1, path=str(path)) from error
        if not isinstance(paper, dict) or not isinstance(paper.get("tasks"), list) or "document" not in paper:
            raise ZhenglingError("score-bad", 1, path=str(path))
        out[path.stem] = paper
    return out
