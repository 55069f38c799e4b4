"""Questions and their answers: queries, query, sparql, trace, view."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from ...extractors.errors import ZhenglingError
from ..answers import able, give, listing_tasks, tree
from ..api import Graph
from ..files_out.export import BASE
from ..messages import Catalogue
from ..tables import tables
from ..tables.cells import flat
from ..tell import complain, tell, tell_understood
from .making import Making, settings_of
from .store import asked

if TYPE_CHECKING:
    from ...queries.runner import Parameter, Question

_KEY = re.compile(r"\w{1,20}")
_PARTS = {"document": "DOCUMENT", "unit": "UNIT", "task": "TASK", "directive": "DOCUMENT"}


def commands(make: Making) -> list[click.Command]:
    named = click.Argument(["name"], metavar="[NAME]", required=False)
    values = click.Argument(["values"], metavar="[VALUE|KEY=VALUE]...", nargs=-1)
    text = click.Argument(["question"], metavar="[NAME|FILE|TEXT]", required=False)
    cypher = make.option("--cypher", metavar="TEXT")
    base = make.option("--base", metavar="IRI", default=BASE)
    task = click.Argument(["task"], metavar="TASK", nargs=-1, required=True)
    parts = [make.option("--" + name, metavar=metavar) for name, metavar in _PARTS.items()]
    page = make.option("--out", text="help-view-out", metavar="FILE.html", required=True)
    where = [
        make.option("--region", text="help-view-region", metavar="NAME"),
        make.option("--level", text="help-view-level", metavar="LEVEL", default=""),
        make.option("--year", text="help-view-year", metavar="N", default=""),
    ]
    shown, limits = [make.form(), make.out()], make.question_limits()
    return [
        make.command(queries, "queries", *shown, make.workspace()),
        make.command(
            query, "query", named, values, make.settings(), cypher, *shown, *limits, *make.store(), make.workspace()
        ),
        make.command(sparql, "sparql", text, values, make.settings(), *shown, base, *limits, make.workspace()),
        make.command(trace, "trace", task, *shown, *make.store(), make.workspace()),
        make.command(view, "view", *parts, *where, page, *make.store(), make.workspace()),
    ]


def queries(say: Catalogue, form: str | None, out: str | None, workspace: str) -> int:
    form = able(form, out)
    return _listed(say, Graph(workspace).questions, form, out)


def _listed(say: Catalogue, questions: Callable[..., dict[str, Question]], form: str, out: str | None) -> int:
    failed: dict[str, ZhenglingError] = {}
    known = questions(failed).values()
    for error in failed.values():
        complain(say.error(error), 0)
    columns = ["name", "title", "description", "parameters", "columns"]
    rows = [[q.name, q.titles[say.language], q.descriptions[say.language]] for q in known]
    if form == "json":
        for row, q in zip(rows, known, strict=True):
            row += [[_parameter(p) for p in q.parameters.values()], list(q.columns)]
    elif form == "table" and out is None:  # what a person needs to ask; the rest would not fit the screen
        columns = ["name", "title", "parameters"]
        rows = [[name, title, _signature(q)] for (name, title, _), q in zip(rows, known, strict=True)]
    else:
        for row, q in zip(rows, known, strict=True):
            row += [_signature(q), list(q.columns)]
    return give(say, columns, rows, form, out, "queries")


def query(
    say: Catalogue,
    name: str | None,
    values: Sequence[str],
    settings: Sequence[str],
    cypher: str | None,
    form: str | None,
    out: str | None,
    timeout: float,
    max_memory: int,
    **where: Any,
) -> int:
    if (name is None) == (cypher is None):
        raise ZhenglingError("name-or-cypher", 2)
    form = able(form, out)
    if values and name is None:
        raise ZhenglingError("extra-arguments", 2, arguments=list(values))
    parameters = _parameters(settings, typed=cypher is not None)
    with asked(say, settings=settings_of(max_memory, timeout=timeout), **where) as graph:
        if values:
            parameters = _placed(graph.question(str(name)), values, parameters)
        with listing_tasks(say, str(parameters.get("task", ""))):
            answer = graph.ask_freely(cypher, parameters) if cypher is not None else graph.ask(str(name), parameters)
        why = [] if answer.rows or name is None else graph.why_empty(name, parameters)
    tell_understood(say, answer.understood)
    status = give(say, answer.columns, answer.rows, form, out, name or "cypher", words=answer.words)
    for reason in why:
        tell(say(reason.code, **reason.values))
    return status


def _placed(question: Question, values: Sequence[str], parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters with what stands behind the name of a question: `KEY=VALUE`, or the value of the first parameter
    that has none yet."""
    from ...queries.runner import unknown_parameter
    from ...queries.understanding.values import parameter  # with many patterns, which take their time

    order = sorted(question.parameters.values(), key=lambda parameter: not parameter.required)
    wanted = next((one.name for one in order if one.type == "words"), "")  # takes all words that are said
    given = wanted in parameters
    for value in values:
        key, equals, rest = value.partition("=")
        key = parameter(key.strip(), question.parameters) if equals else key
        if equals and not wanted and _KEY.fullmatch(key) and key not in question.parameters:
            raise unknown_parameter(key, question.name, question.parameters)
        if equals and key in question.parameters:
            if key in parameters:
                raise ZhenglingError("setting-twice", 2, name=key)
            parameters[key] = rest
            continue
        if wanted and not given:
            parameters[wanted] = f"{parameters.get(wanted, '')} {value}".strip()
            continue
        free = next((one.name for one in order if one.name not in parameters), None)
        if free is None:
            raise ZhenglingError("extra-arguments", 2, arguments=[value])
        parameters[free] = value
    return parameters


def _parameters(settings: Sequence[str], typed: bool) -> dict[str, Any]:
    """What `--set` gives; `typed` for a question that has no header to say of what type it is."""
    parameters: dict[str, Any] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if key in parameters:
            raise ZhenglingError("setting-twice", 2, name=key)
        if not equals or not key:
            raise ZhenglingError("bad-setting", 2, setting=setting)
        parameters[key] = _typed(value) if typed else value
    return parameters


def sparql(
    say: Catalogue,
    question: str | None,
    values: Sequence[str],
    settings: Sequence[str],
    form: str | None,
    out: str | None,
    base: str,
    timeout: float,
    max_memory: int,
    workspace: str,
) -> int:
    form = able(form, out)
    graph = Graph(workspace, settings=settings_of(max_memory, timeout=timeout))
    if question is None:
        return _listed(say, graph.sparql_questions, form, out)
    asked = graph.sparql_question(question)
    if asked is None:  # of what type, the values say; by name alone, as there is no order
        if bare := [value for value in values if "=" not in value]:
            raise ZhenglingError("extra-arguments", 2, arguments=bare)
        parameters = _parameters([*settings, *values], typed=True)
    else:
        parameters = _placed(asked, values, _parameters(settings, typed=False))
    with listing_tasks(say, str(parameters.get("task", ""))):
        answer = graph.ask_sparql(question, parameters, base)
    why = [] if answer.rows else graph.why_empty_in_sparql(question, parameters, base)
    tell_understood(say, answer.understood)
    saved = question in graph.sparql_questions({})
    status = give(say, answer.columns, answer.rows, form, out, question if saved else "sparql")
    for reason in why:
        tell(say(reason.code, **reason.values))
    return status


def trace(say: Catalogue, task: Sequence[str], form: str | None, out: str | None, **where: Any) -> int:
    words, told = " ".join(task), form is not None or out is not None
    form = able(form, out)
    with asked(say, **where) as graph, listing_tasks(say, words):
        rows = graph.trace(words)
        columns = graph.question("trace").columns
    if told:
        return give(say, columns, [list(row.values()) for row in rows], form, out, "trace")
    tables.console().print(tree(rows, say))
    return 0


def view(say: Catalogue, out: str, region: str | None, level: str, year: str, **where: Any) -> int:
    from ...queries.understanding.values import whole

    parts = {name: where.pop(name) for name in _PARTS}
    if sum(p is not None for p in parts.values()) > 1:
        raise ZhenglingError("one-part", 2, options=["--" + p for p in parts])
    try:
        of_year = whole(year) if year.strip() else 0
    except ValueError:
        raise ZhenglingError("parameter-integer", 2, name="--year", value=year) from None
    with asked(say, **where) as graph:
        drawn = graph.view(out, region=region, level=level, year=of_year, language=say.language, **parts)
    tell(say("view-written", out=out, nodes=drawn.nodes, total=drawn.total, edges=drawn.edges))
    return 0


def _parameter(parameter: Parameter) -> dict[str, Any]:
    shown = {"name": parameter.name, "type": parameter.type, "required": parameter.required}
    if not parameter.required:
        shown["default"] = parameter.default
    return shown | ({"choices": list(parameter.choices)} if parameter.choices else {})


def _signature(question: Question) -> str:
    """The parameters on one line: `unit* region role=lead|support`."""
    return "  ".join(
        p.name + ("*" if p.required else "" if p.default in ("", None) else f"={flat(p.default)}")
        for p in question.parameters.values()
    )


def _typed(value: str) -> Any:
    """A parameter of a free question: a number, true, false or a quoted text as JSON has them, else the text itself."""
    with suppress(ValueError):
        found = json.loads(value)
        if isinstance(found, (bool, int, float, str)):
            return found
    return value
