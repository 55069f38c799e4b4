"""Every rule does what its own row says, and none could be taken out unnoticed."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from zhengling.extractors import rules
from zhengling.extractors.readers.web.boilerplate import _line_pairs as line_pairs
from zhengling.extractors.readers.web.boilerplate import labels
from zhengling.extractors.words import headings
from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.headings import kind_of_heading
from zhengling.extractors.words.parts import filled

from .conftest import ROOT
from .examples import Fires, Row, forget, name_of, rows_of, without

#: Rule files by name.
FILES = sorted(path.stem for path in (ROOT / "extractors/rules").glob("*.toml"))
#: What rows are put together from: their examples show it.
PARTS = {"times": ("blocks", "kinds", "words"), "deadlines": ("words",), "personal": ("words", "parts")}
ENOUGH_YES, ENOUGH_NO = 2, 1
#: So many patterns have words in common that bear a name.
MANY = 3


def fires_of(name: str) -> Fires:
    return import_module(f".rules.{name}", __package__).fires


ROWS = [pytest.param(name, row, id=name_of(row)) for name in FILES for row in rows_of(f"{name}.toml")]


def wrong(name: str, row: Row) -> list[str]:
    """The row's examples that do not come out as it says."""
    fires = fires_of(name)
    out = []
    for text, what in row.get("yes", ()):
        given = fires(text, row)
        if (name_of(row), what) not in given:
            out.append(f"{text}: {what} expected, found {given}")
    for text in row.get("no", ()):
        given = [what for rule, what in fires(text, row) if rule == name_of(row)]
        if given:
            out.append(f"{text}: nothing expected, found {given}")
    return out


@pytest.mark.parametrize("name", FILES)
def test_every_pattern_compiles_and_no_id_stands_twice(name: str):
    for row in rows_of(f"{name}.toml"):
        if isinstance(row.get("pattern"), str):
            re.compile(filled(row["pattern"]))
    ids = Counter(name_of(row) for row in rows_of(f"{name}.toml"))
    assert [i for i, n in ids.items() if n > 1] == []


@pytest.mark.parametrize("name", FILES)
def test_a_file_has_all_that_it_knows_in_rows(name: str):
    """A pattern or a list that is no row has its examples under `[[examples]]`."""
    named = {row["of"] for row in rows_of(f"{name}.toml") if "of" in row}
    bare = [key for key, value in rules.words(f"{name}.toml").items() if not _holds_rows(value) and key not in named]
    bare = [key for key in bare if key not in PARTS.get(name, ())]
    bare = [key for key in bare if not any(n.startswith(f"{key}.") for n in named)]
    assert bare == []


def _holds_rows(value: object) -> bool:
    if isinstance(value, dict):
        return "id" in value or any(_holds_rows(v) for v in value.values())
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def test_no_list_of_words_stands_in_three_patterns():
    """It has a name in `rules/common.toml`, or in its file."""
    found: dict[frozenset[str], set[str]] = defaultdict(set)
    for name in FILES:
        for place, text in _texts(rules.words(f"{name}.toml")):
            for words in re.findall(r"[\u4e00-\u9fff]+(?:\|[\u4e00-\u9fff]+){2,}(?=[|)])(?![|)]*\(\?!)", text):
                found[frozenset(words.split("|"))].add(f"{name}{place}")
    assert {"|".join(sorted(words)): places for words, places in found.items() if len(places) >= MANY} == {}


def _texts(part: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """What is no example of a rule file, with its place in it."""
    if isinstance(part, str):
        yield place, part
    elif isinstance(part, dict):
        for key, inner in part.items():
            if key not in ("yes", "no"):
                yield from _texts(inner, f"{place}.{key}")
    elif isinstance(part, list):
        for n, inner in enumerate(part):
            yield from _texts(inner, f"{place}.{n}")


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_a_rule_does_what_its_row_says(name: str, row: Row):
    assert len(row.get("yes", ())) >= ENOUGH_YES, "too few texts with what the rule gives"
    assert len(row.get("no", ())) >= ENOUGH_NO, "no text that the rule must not touch"
    assert wrong(name, row) == []


@pytest.mark.no_cover  # what it runs, the test above runs, too
@pytest.mark.parametrize(("name", "row"), ROWS)
def test_no_rule_can_be_taken_out_unnoticed(name: str, row: Row):
    """What it gives is then given by no other rule either, for one of its texts at least."""
    fires = fires_of(name)
    with without(f"{name}.toml", row):
        lost = [text for text, what in row["yes"] if what not in [given for _, given in fires(text, row)]]
    assert lost


def test_every_row_that_the_code_asks_for_is_there():
    """A misspelt name would be a rule that never fires."""
    asked = [(path, *ask) for path in sorted((ROOT / "extractors").rglob("*.py")) for ask in _asked_for(path)]
    asked += [(path, *ask) for path in sorted((ROOT / "graph").rglob("*.py")) for ask in _asked_for(path)]
    assert len(asked) > 100
    assert [(path.name, name) for path, name, file in asked if name not in rules.words(file)] == []


def _asked_for(path: Path) -> Iterator[tuple[str, str]]:
    """(row, file) of each call of `rule`, `listed` or `changed` with a name, also by a partial of one."""
    tree = ast.parse(path.read_text("utf-8"))
    constants: dict[str, str] = {}
    default = {"rule": "heads.toml"}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name, value = node.targets[0].id, node.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                constants[name] = value.value
            elif isinstance(value, ast.Call) and getattr(value.func, "id", "") == "partial" and value.keywords:
                file = value.keywords[0].value
                default[name] = file.value if isinstance(file, ast.Constant) else constants[file.id]
    for call in ast.walk(tree):
        called = getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""
        if called not in {*default, "listed", "changed"} or path.name == "parts.py":
            continue
        texts = [constants.get(getattr(a, "id", ""), getattr(a, "value", None)) for a in call.args]
        files = [t for t in texts if isinstance(t, str) and t.endswith(".toml")]
        names = [t for t in texts if isinstance(t, str) and not t.endswith(".toml")]
        if names:
            yield names[0], files[0] if files else default[called]


def test_a_row_taken_out_comes_back():
    (name, row) = ("deadlines", rows_of("deadlines.toml")[0])
    before = rules.words("deadlines.toml")
    with without(f"{name}.toml", row):
        assert row["id"] not in [name_of(r) for r in rows_of("deadlines.toml")]
    assert rules.words("deadlines.toml") is before


# --- tables of words: a row is its own example -----------------------------------------------------------------------

HEADINGS = rules.table("headings.csv")


def kind_without(text: str, row: Row, monkeypatch: pytest.MonkeyPatch) -> str | None:
    """What a column under a heading holds where a row is not known."""
    known = {other["heading"]: other["kind"] for other in HEADINGS if other is not row}
    with monkeypatch.context() as patch:
        patch.setattr(headings, "headings", lambda: known)
        return bare(headings.kind_of_heading)(text)


def bare(cached: Any) -> Any:
    """A function without what it keeps; that of the endings of headings is emptied."""
    headings._endings.cache_clear()
    return cached.__wrapped__


@pytest.fixture(autouse=True, scope="module")
def _forgotten():
    yield
    headings._endings.cache_clear()


@pytest.mark.parametrize("row", HEADINGS, ids=lambda row: row["id"])
def test_a_heading_says_what_its_row_says_and_is_needed(row: Row, monkeypatch):
    """Alone, spaced out and with a note in brackets; in a longer heading, too. In a sentence it says nothing."""
    heading, kind = row["heading"], row["kind"]
    ending = heading.startswith("…")
    yes = row["yes"].split("|") if ending else [heading, " ".join(heading), f"{heading}(公开)"]
    no = row["no"].split("|") if ending else [f"请各有关单位认真核对并填写{heading}一栏后报送"]
    assert len(yes) >= ENOUGH_YES and len(no) >= ENOUGH_NO
    assert {text: kind_of_heading(text) for text in yes} == dict.fromkeys(yes, kind)
    assert {text: kind_of_heading(text) for text in no} == dict.fromkeys(no)
    longer = [] if ending else [f"2024年{heading}", f"2024年度{heading}", f"{heading}及备注"]
    asked = [*yes, *longer]
    assert any(kind_of_heading(text) == kind != kind_without(text, row, monkeypatch) for text in asked)


@pytest.mark.parametrize("label", labels())
def test_a_label_of_a_metadata_block_is_read_and_is_needed(label: str, monkeypatch):
    """Spaced out as blocks have it; none inside a word. Without it, the value would stand in the paper."""
    line = f"{'　'.join(label)}：甲乙丙"
    assert line_pairs(line) == [(label, "甲乙丙")]
    assert line_pairs(f"某{label}：甲乙丙") == []
    words = rules.words("pages.toml")
    fewer = words | {"labels": {k: v for k, v in words["labels"].items() if fold(k) != label}}
    monkeypatch.setattr(rules, "words", lambda name: fewer)
    forget()
    assert (label, "甲乙丙") not in line_pairs(line)
    monkeypatch.undo()
    forget()
