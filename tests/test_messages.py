"""The catalogue: both languages alike, compiled as written, and holding every code that the program uses."""

from __future__ import annotations

import ast
import gettext
import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from zhengling.app.cli import program
from zhengling.app.messages import LANGUAGES, LOCALE, Catalogue, language_of
from zhengling.extractors.errors import ZhenglingError
from zhengling.queries.runner import NAMED, TYPES, questions

ROOT = Path(__file__).parent.parent
SOURCES = [p for folder in ("app", "extractors", "graph", "queries") for p in (ROOT / folder).rglob("*.py")]
SOURCES.append(ROOT / "__init__.py")


def written(language: str) -> dict[str, str]:
    with (LOCALE / language / "LC_MESSAGES" / "zhengling.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def used() -> list[tuple[str, str, set[str] | None]]:
    """(where, code, names of the values given or None where they are not written there) of every literal code."""
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            codes = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
            if name not in ("ZhenglingError", "PaperError", "Remark", "say"):
                continue
            given: set[str] | None = {k.arg for k in node.keywords if k.arg}
            if name == "Remark" or any(k.arg is None for k in node.keywords):
                given = None
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            if given is not None and name == "PaperError":
                given.add("path")  # `readers.read` puts it in where a reader does not
            found += [
                (where, c.value, given) for c in codes if isinstance(c, ast.Constant) and isinstance(c.value, str)
            ]
    return found


def test_both_languages_have_the_same_codes_and_fields():
    chinese, english = written("zh"), written("en")
    assert chinese.keys() == english.keys()
    assert [c for c in chinese if fields(chinese[c]) != fields(english[c])] == []
    assert [c for c in chinese if not chinese[c] or not english[c]] == []
    assert [
        c
        for c, text in chinese.items()
        if text == english[c] and re.search("[a-z]{3}", text) and not c.startswith("example-")
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_what_is_written(language):
    with (LOCALE / language / "LC_MESSAGES" / "zhengling.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    texts = written(language)
    assert {c: compiled.gettext(c) for c in texts} == texts
    assert len(compiled._catalog) == len(texts) + 1  # and the header


def test_every_code_in_the_source_stands_in_the_catalogue_and_gets_its_values():
    texts = written("en")
    uses = used()
    assert len(uses) > 20
    assert [(where, code) for where, code, _ in uses if code not in texts] == []
    assert [
        (where, code, fields(texts[code]) - given)
        for where, code, given in uses
        if given is not None and not fields(texts[code]) <= given
    ] == []


def test_codes_that_are_put_together_stand_in_the_catalogue_too():
    codes = [f"parameter-{kind}" for kind in (*TYPES, "choice") if kind not in ("words", *NAMED)]
    codes += [f"errno-{name}" for name in ("ENOENT", "EACCES", "EISDIR", "ENOTDIR", "ENOSPC")]
    codes += [f"column-{column}" for question in questions().values() for column in question.columns]
    codes += [f"how-{how}" for how in ("task", "contains", "cites", "implements", "inferred", "ends")]
    codes += [f"why-{why}" for why in ("national", "names-no-superior", "not-loaded")]
    codes += [f"help-{name}" for name in program(Catalogue("en")).commands]
    texts = written("zh")
    assert [c for c in codes if c not in texts] == []


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
    ],
)
def test_the_language_follows_the_locale(environ, language):
    assert language_of(environ) == language


def test_values_are_put_in_as_they_are():
    say = Catalogue("en")
    line = say("no-such-command", name="{names} %s [bold]", names=["a", "b"])
    assert line == "no command “{names} %s [bold]”; there are: a, b"
    assert "{names}" in say("no-such-command", name="x")
    assert say("such-a-code-is-not-there", path="x") == "such-a-code-is-not-there: path=x"


def test_an_error_reads_as_a_sentence_in_a_notebook(monkeypatch):
    error = ZhenglingError("no-such-task", 2, task="道路")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert str(error) == "没有标识或词语为“道路”的任务"
    monkeypatch.setenv("LC_ALL", "C")
    assert str(error) == "no task has the id or the words “道路”"


def test_a_message_never_fails_for_its_values():
    say = Catalogue("en")
    assert "{size}" in say("paper-too-large", path="a.txt", limit=5)
    assert "many" in say("paper-too-large", path="a.txt", size="many", limit=2_000_000)
    assert "2,000,000" in say("paper-too-large", path="a.txt", size=1, limit=2_000_000)
