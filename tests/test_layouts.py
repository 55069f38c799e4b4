"""The same facts give the same record, in whatever layout; and what the grammar of layouts promises of its papers."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import zhengling
from hypothesis import example, given, settings
from hypothesis import strategies as st
from zhengling.benchmarks.genre.columns import FORMS
from zhengling.benchmarks.genre.model import Draw, Plan
from zhengling.benchmarks.genre.paper import Paper, paper
from zhengling.benchmarks.genre.plans import plan

from .forms import QUIET

USUAL = QUIET | {
    "cover": "title alone",
    "column of limits": "yes",
    "limits": "dates",
    "names of columns": "usual",
    "headings": "there",
    "roles stand": "columns",
    "order of columns": "text, units, limit",
    "units apart by": "、",
    "numbers of chapters": "一、",
    "bracket says": "责任单位：",
    "brackets": "（）",
    "file": "txt",
    "encoding": "utf-8",
}
#: Forms of tables that are read alike, with sections and titles in columns or without.
TABLES = (
    *("markdown", "markdown with html", "tabs", "tabs, lines in cells", "tab lines", "cell a line"),
    *("cell a line, blank between", "html", "csv", "csv with semicolons", "tsv", "docx", "xlsx", "pdf"),
    *("bars", "bars outside", "bars, lines in cells", "bar at the line end", "cell, bar, cell"),
)
#: Ways to assign in prose that are read alike.
PROSE = ("label lines", "label line", "label in the line", "bracket")


def written(facts: Plan, folder: Path, choices: dict[str, str]) -> tuple[dict[str, Any], Paper]:
    """The record of the facts in a layout, and the paper."""
    drawn = paper("same facts", 0, choices, [facts])
    assert {f"{k}: {v}" for k, v in choices.items() if v not in ("yes", "no")} <= drawn.features | {
        f"{k}: {v}" for k, v in USUAL.items()
    }
    return zhengling.extract(drawn.write(folder)).to_json(), drawn


def told(record: dict[str, Any]) -> list[Any]:
    """What the tasks of a record say, without headings: their texts, units and limits."""
    return [
        (
            *(task[end].strip("。；") for end in ("starts", "ends")),
            [(u["role"], u["name"], bool(u.get("collective"))) for u in task["units"]],
            [(d["kind"], d["start"], d["end"]) for d in task["deadlines"]],
            task["open"],
        )
        for task in record["tasks"]
    ]


def facts(seed: int) -> Plan:
    """An invented plan. A sentence with a limit of its own, first in a cell, is a test of its own."""
    return plan(Draw(f"facts/{seed}", {"limits": "dates", "limits in the text": "no"}))


def pairs(values: Sequence[str]) -> st.SearchStrategy[tuple[str, str]]:
    return st.tuples(st.sampled_from(values), st.sampled_from(values))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6), pairs(TABLES), st.sampled_from([("none", "none"), ("column", "column")]))
@example(640166, ("cell a line", "csv"), ("column", "column"))  # two lists of bureaus that might be one
def test_the_same_facts_in_two_forms_of_a_table(tmp_path_factory, seed, forms, where):
    given_facts, folder = facts(seed), tmp_path_factory.mktemp("forms")
    sections, titles = where
    choices = USUAL | {"shape": "table", "sections": sections, "titles": titles}
    one, drawn = written(given_facts, folder, choices | {"form": forms[0]})
    other, _ = written(given_facts, folder, choices | {"form": forms[1]})
    assert told(one) == told(other) == told(drawn.gold)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6), pairs(PROSE), st.sampled_from(["heading and stop", "no headings"]))
@example(546243, ("bracket", "label line"), "no headings")  # a chapter of one clause, whose first sentence is short
def test_the_same_facts_assigned_in_two_ways_of_prose(tmp_path_factory, seed, ways, clauses):
    given_facts, folder = facts(seed), tmp_path_factory.mktemp("ways")
    choices = USUAL | {
        "shape": "prose",
        "clauses": clauses,
        "limits stand": "left out",
        "numbers of clauses": "1.",
    }
    one, drawn = written(given_facts, folder, choices | {"assignments": ways[0]})
    other, _ = written(given_facts, folder, choices | {"assignments": ways[1]})
    assert told(one) == told(other) == told(drawn.gold)


# --- the grammar -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(6))
def test_the_same_seed_gives_the_same_paper(tmp_path, number):
    first, second = paper("seed", number), paper("seed", number)
    assert first.gold == second.gold and first.features == second.features
    if first.suffix not in ("docx", "xlsx"):  # these tell when they were written
        assert first.write(tmp_path).read_bytes() == second.write(tmp_path).read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_is_asked_for_is_drawn_and_written(tmp_path, form):
    drawn = paper("forms", 1, {"shape": "table", "form": form})
    assert f"form: {form}" in drawn.features
    assert drawn.write(tmp_path).stat().st_size > 100


@pytest.mark.parametrize("number", range(25))
def test_the_gold_is_what_the_paper_says(tmp_path, number):
    """Every task begins and ends with words of the paper, and every unit and limit has its words there."""
    drawn = paper("gold", number)
    text = drawn.text(drawn.write(tmp_path))
    if text is None or {"lines broken", "numbers of pages", "form: wrapped cells"} & drawn.features:
        return
    if {"form: aligned columns", "radicals for ideographs", "formulas of a converter"} & drawn.features:
        return
    whole = re.sub(r'[\s"\u200b]|<br>', "", text)
    for task in drawn.gold["tasks"]:
        assert task["starts"] in whole and task["ends"] in whole
        for unit in task["units"]:
            assert unit["name"] in whole or unit["name"][1:] in whole or unit["name"][2:] in whole
        for limit in task["deadlines"]:
            words = limit["text"].translate({ord("0") + n: ord("０") + n for n in range(10)})
            assert limit["text"] in whole or words in whole
    assert json.loads(json.dumps(drawn.gold)) == drawn.gold
