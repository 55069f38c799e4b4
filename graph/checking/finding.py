"""What checks look at and give: the graph as they see it, and findings with their words."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, NamedTuple

SEVERITIES = ("error", "warning", "info")


class CheckRule(NamedTuple):
    """A row of `checks.csv`: `zh` and `en` are its title, `says_zh` and `says_en` what is said of a finding."""

    id: str
    severity: str
    zh: str
    en: str
    says_zh: str
    says_en: str

    def title(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@cache
def rules() -> dict[str, CheckRule]:
    """The rules by id, in the order of the table."""
    text = files(__name__.rpartition(".")[0]).joinpath("checks.csv").read_text("utf-8")
    return {row["id"]: CheckRule(**row) for row in csv.DictReader(text.splitlines())}


class Words(NamedTuple):
    """Words of a paper: its document's id, the quotation and its place."""

    document: str = ""
    quote: str = ""
    place: dict[str, Any] = {}  # noqa: RUF012  never changed


NOWHERE = Words()


@dataclass(slots=True)
class Finding:
    """One thing to look at: in which document (id), by which rule, the words there (`here`) and those beside them
    (`there`). `task` is the task's name in its document or ''; `values` fill the rule's wording; `weight` ranks the
    findings of a rule, the largest first."""

    rule: str
    document: str
    here: Words
    there: Words = NOWHERE
    task: str = ""
    values: dict[str, str] = field(default_factory=dict)
    weight: int = 0

    @property
    def severity(self) -> str:
        return rules()[self.rule].severity

    def says(self, language: str, levels: Mapping[str, str] = MappingProxyType({})) -> str:
        """What is found, in words; `levels` are the names of levels (`county`, …) in that language."""
        rule = rules()[self.rule]
        worded = {k: "、".join(levels.get(part, part) for part in v.split("、")) for k, v in self.values.items()}
        return (rule.says_zh if language == "zh" else rule.says_en).format_map(defaultdict(str, worded))


@dataclass(slots=True)
class CheckedTask:
    """What the rules need to know of a task."""

    id: str
    name: str
    order: int
    document: str
    here: str  # evidence as the graph has it
    title: str
    same: str  # stands for its words
    open: bool
    units: int = 0
    all: int = 0  # units, collectives too
    leads: list[tuple[str, str]] = field(default_factory=list)  # (unit's id, evidence)
    due: bool = False
    labelled: bool = False  # its deadline stands in a column or behind a label of its own
    parent: str = ""


@dataclass(slots=True)
class CheckedGraph:
    """The parts of a graph that rules look at, by id."""

    documents: dict[str, dict[str, Any]]
    tasks: dict[str, CheckedTask]
    units: dict[str, dict[str, Any]]
    levels: dict[str, str]  # of regions

    def tasks_of(self) -> dict[str, list[CheckedTask]]:
        """Document → its tasks in order."""
        found: dict[str, list[CheckedTask]] = {}
        for task in sorted(self.tasks.values(), key=lambda t: (t.document, t.order)):
            found.setdefault(task.document, []).append(task)
        return found


def words(evidence: str) -> Words:
    """The words that a piece of the graph's evidence quotes."""
    data = json.loads(evidence)
    return Words(data["document"], data["quote"], data["place"])


def head(graph: CheckedGraph, document: str, *fields: str) -> Words:
    """What a loaded document says of itself: the first of some fields (`date`, `number`, …) that it has."""
    by_rule = {json.loads(e)["rule"]: e for e in graph.documents[document]["evidence"]}
    for name in fields:
        if f"document.{name}" in by_rule:
            return words(by_rule[f"document.{name}"])
    return Words(document)
