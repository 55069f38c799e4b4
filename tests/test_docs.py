"""The documentation names everything that there is, in both languages; its tables are made from what they list."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from urllib.parse import unquote

import click
import pytest
from zhengling import Settings
from zhengling.app.cli import program
from zhengling.app.messages import Catalogue
from zhengling.extractors.readers.registry import BUILT_IN
from zhengling.queries import sparql
from zhengling.queries.runner import Parameter, Question, questions

ROOT = Path(__file__).parent.parent
LANGUAGES = ("en", "zh")
#: Language → its README and the folder of its pages.
PLACES = {"en": (ROOT / "README.md", ROOT / "docs"), "zh": (ROOT / "README.zh-CN.md", ROOT / "docs" / "zh")}
#: What only those who work on the program read, in English.
FOR_DEVELOPERS = {"architecture", "decisions", "dependencies", "layouts"}
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
COMMANDS = {name: command for name, command in program(Catalogue("en")).commands.items() if not command.hidden}
MARK = re.compile(r"(<!-- questions: .*? -->\n\n)(.*?)(?=^[^|\n])", re.DOTALL | re.MULTILINE)
#: Set by the program for a process of its own.
HANDED_DOWN = {"ZHENGLING_OWN_FOLDER"}
HEADINGS = {
    "en": "| question | parameters (default) | columns | what it answers |",
    "zh": "| 查询 | 参数（默认值） | 列 | 回答什么 |",
}


def page(language: str, name: str) -> str:
    return (PLACES[language][1] / f"{name}.md").read_text("utf-8")


def pages(language: str) -> dict[str, str]:
    """All that a user reads: README and pages by name."""
    readme, folder = PLACES[language]
    found = {path.stem: path.read_text("utf-8") for path in folder.glob("*.md") if path.stem not in FOR_DEVELOPERS}
    return found | {"README": readme.read_text("utf-8")}


def code(text: str) -> set[str]:
    """What stands between back-quotes or in blocks of code, word by word."""
    spans = re.findall(r"```.*?```|`[^`\n]+`|^    .*$", text, re.DOTALL | re.MULTILINE)
    return {word for span in spans for word in re.findall(r"[\w*.][\w*./-]*|--[\w-]+", span)}


def absent(wanted: set[str], text: str) -> set[str]:
    return wanted - code(text)


# --- what is there is named ------------------------------------------------------------------------------------------


def test_every_page_of_users_is_there_in_both_languages():
    assert pages("en").keys() == pages("zh").keys()


def test_pages_in_chinese_say_as_much():
    """As many headings; what was measured stands in English alone."""
    for name, text in pages("en").items():
        english, chinese = (re.findall(r"^#+ .*$", one, re.MULTILINE) for one in (text, pages("zh")[name]))
        measured = [heading for heading in english if re.search(r"Measured|Speed", heading)]
        assert len(chinese) == len(english) - len(measured), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands(language):
    readme = pages(language)["README"]
    assert {name for name in COMMANDS if not re.search(rf"^\| `{name}[ `]", readme, re.MULTILINE)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_options(language):
    options = {
        name
        for command in [program(Catalogue("en")), *COMMANDS.values()]
        for option in command.params
        if isinstance(option, click.Option) and not option.hidden
        for name in option.opts
        if name.startswith("--")
    }
    assert absent(options, "\n".join(pages(language).values())) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_formats(language):
    assert absent(set(BUILT_IN), page(language, "formats")) == set()
    (form,) = (option for option in COMMANDS["export"].params if option.name == "form")
    assert absent(set(form.type.choices), pages(language)["README"]) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_extras(language):
    readme = pages(language)["README"]
    named = set(re.findall(r"\w+", " ".join(re.findall(r"\.\[([\w,]+)\]", readme))))
    assert set(EXTRAS) - named == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_of_rules(language):
    rules = {path.name for path in (ROOT / "extractors" / "rules").rglob("*") if path.suffix in (".toml", ".csv")}
    assert absent(rules, page(language, "lexicons")) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_of_checks(language):
    (table,) = (ROOT / "graph").rglob("checks.csv")
    lines = [line for line in table.read_text("utf-8").splitlines() if not line.startswith("#")]
    rules = {row[0] for row in csv.reader(lines[1:])}
    assert absent(rules, page(language, "checks")) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_settings(language):
    """The environment, the limits in Python and the file that names a server."""
    sources = [p for folder in ("app", "extractors", "graph", "queries") for p in (ROOT / folder).rglob("*.py")]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    variables = set(re.findall(r"[\"'](NEO4J_[A-Z]+|ZHENGLING_[A-Z_]+)[\"']", text))
    assert "NEO4J_URI" in variables
    compose = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text("utf-8")))
    limits = {field.name for field in fields(Settings)}
    wanted = variables - HANDED_DOWN | compose | limits | {"uri", "user", "database", "neo4j.toml"}
    assert absent(wanted, "\n".join(pages(language).values())) == set()


def test_files_that_pages_name_are_there():
    folders = "|".join(["app", "docs", "extractors", "graph", "queries", "tests", "benchmarks"])
    named = re.compile(rf"(?<![\w/])(?:{folders})/[\w/-]+(?:\.\w+)?/?")
    sources = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
    absent = {
        (page.name, name)
        for page in sources
        for name in named.findall(page.read_text("utf-8"))
        if "NAME" not in name and not (ROOT / name).exists()
    }
    assert absent == set()


# --- questions -------------------------------------------------------------------------------------------------------


def parameter(given: Parameter) -> str:
    """As the table shows it: bold where it must be given, with its default where that says something."""
    if given.required:
        return f"**`{given.name}`**"
    default = str(given.default).lower() if isinstance(given.default, bool) else str(given.default or "")
    return f"`{given.name}`" + (f" ({default})" if default else "")


def row(question: Question, language: str) -> str:
    parameters = ", ".join(map(parameter, question.parameters.values()))
    says = question.descriptions[language].replace("|", "\\|")
    return f"| `{question.name}` | {parameters} | {', '.join(question.columns)} | {says} |"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_questions_is_made_of_their_headers(language):
    """`make readme` writes it."""
    text = page(language, "questions")
    rows = [row(question, language) for question in questions().values()]
    table = "\n".join([HEADINGS[language], "| --- | --- | --- | --- |", *rows])
    assert MARK.search(text), "the mark is gone"
    wanted = MARK.sub(lambda match: f"{match[1]}{table}\n\n", text)
    if os.environ.get("ZHENGLING_README") == "write":
        (PLACES[language][1] / "questions.md").write_text(wanted, "utf-8")
    else:
        assert text == wanted, "make readme"


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_in_sparql(language):
    assert absent(set(sparql.saved()), page(language, "rdf")) == set()


# --- the site --------------------------------------------------------------------------------------------------------


def test_the_site_is_made_without_a_warning_and_fetches_nothing():
    """As `make docs` makes it."""
    recipe = re.search(r"^docs: .*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert recipe
    for line in recipe[1].replace("$(BIN)", str(Path(sys.executable).parent)).splitlines():
        if "echo" not in line:
            done = subprocess.run(["sh", "-c", line.strip()], cwd=ROOT, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
    site = ROOT / "build" / "site"
    assert {path.name for path in site.glob("*.html")} >= {f"{name}.html" for name in pages("en") if name != "README"}
    assert {path.name for path in (site / "zh").glob("*.html")} >= {f"{n}.html" for n in pages("zh") if n != "README"}
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.findall(r"(?:src=|<link [^>]*href=)\"(?:https?:)?//[^\"]*", text), path
        targets = {unquote(link) for link in re.findall(r"(?:src|href)=\"([^\"#?:]+)(?:[#?][^\"]*)?\"", text)}
        if path.name != "404.html":  # it is shown in any folder
            assert {link for link in targets if not (path.parent / link).exists()} == set(), path
    assert 'id="zhengling.Graph.build"' in (site / "api" / "zhengling.html").read_text("utf-8")
