"""The saved questions as a dashboard of NeoDash (its JSON form of version 2.4), for a Neo4j database that `load` has
filled: a page for each question, with a field for each parameter and the table of its answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ...queries.runner import NAMED, Parameter, Question
from ..messages import Catalogue
from ..tables import tables
from ..tell import parameter_title

VERSION = "2.4"
_WIDE = 24  # columns of NeoDash's grid
_FIELD = (4, 2)  # width and height of a field
_TABLE = 10  # height of a table
_ALL = 1_000  # rows that NeoDash shows at most
#: A parameter of a question; what else may hold a `$`, and comments, which fall away.
_PARAMETER = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`[^`]*`|//[^\n]*|\$(\w+)""")
#: What a field offers while one types: `$input` are the characters so far.
_OFFERED = {
    "unit": "MATCH (u:Unit) WHERE u.name CONTAINS $input RETURN DISTINCT u.name AS value ORDER BY value LIMIT 10",
    "region": "MATCH (r:Region) WHERE r.id CONTAINS $input RETURN r.id AS value ORDER BY value LIMIT 10",
    "document": "MATCH (d:Document) WHERE d.id CONTAINS $input OR d.title CONTAINS $input "
    "RETURN d.id AS value ORDER BY value LIMIT 10",
    "function": "MATCH (u:Unit) WHERE u.function CONTAINS $input "
    "RETURN DISTINCT u.function AS value ORDER BY value LIMIT 10",
}
_COUNTS = ("Document", "Task", "Unit", "Deadline")


def dashboard(questions: Iterable[Question], say: Catalogue) -> dict[str, Any]:
    """The dashboard as NeoDash loads it."""
    known = sorted(questions, key=lambda one: one.name)
    parameters: dict[str, str] = {}
    pages = [_overview(say)]
    for question in known:
        parameters |= {_named(question, one): _default(question, one) for one in question.parameters.values()}
        pages.append({"title": question.titles[say.language], "reports": list(_reports(question, say))})
    settings = {"pagenumber": 0, "editable": True, "fullscreenEnabled": True, "parameters": parameters}
    return {
        "title": say("page-title"),
        "version": VERSION,
        "settings": settings,
        "pages": pages,
        "parameters": {},
        "extensions": {},
    }


def written(questions: Iterable[Question], say: Catalogue) -> str:
    return tables.as_json(dashboard(questions, say))


def _overview(say: Catalogue) -> dict[str, Any]:
    """The first page: how much there is."""
    wide = _WIDE // len(_COUNTS)
    reports = [
        _report(f"counts-{label}", say(f"view-{label}"), f"MATCH (n:{label}) RETURN count(*) AS n", "value",
                (wide * n, 0, wide, 3))
        for n, label in enumerate(_COUNTS)
    ]  # fmt: skip
    return {"title": say("view-heading"), "reports": reports}


def _report(
    identity: str, title: str, query: str, kind: str, room: tuple[int, int, int, int], **settings: Any
) -> dict[str, Any]:
    x, y, width, height = room
    return {"id": identity, "title": title, "query": query, "width": width, "height": height, "x": x, "y": y,
            "type": kind, "selection": {}, "settings": settings}  # fmt: skip


def _reports(question: Question, say: Catalogue) -> Iterator[dict[str, Any]]:
    wide, high = _FIELD
    across = _WIDE // wide
    y = 0
    for n, parameter in enumerate(question.parameters.values()):
        x, y = n % across * wide, n // across * high
        name = _named(question, parameter)
        title = parameter_title(parameter.name, say)
        query, kind = _field(parameter)
        settings = {"type": kind, "entityType": name.removeprefix("neodash_"), "parameterName": name}
        yield _report(f"{question.name}-{parameter.name}", title, query, "select", (x, y, wide, high), **settings)
    top = y + high if question.parameters else 0
    about = question.descriptions[say.language]
    yield _report(question.name, question.titles[say.language], cypher(question), "table", (0, top, _WIDE, _TABLE),
                  description=about, allowDownload=True)  # fmt: skip


def _field(parameter: Parameter) -> tuple[str, str]:
    """The query of a field, and its kind."""
    options = parameter.choices or (("false", "true") if parameter.type == "boolean" else ())
    if options:
        values = ", ".join(f"'{one}'" for one in options)
        return f"UNWIND [{values}] AS value WITH value WHERE value CONTAINS $input RETURN value", "Custom Query"
    if parameter.type in _OFFERED:
        return _OFFERED[parameter.type], "Custom Query"
    return "RETURN true;", "Free Text"


def _named(question: Question, parameter: Parameter) -> str:
    """The parameter of the dashboard: names of units, places, papers and tasks hold on all pages."""
    if parameter.type in NAMED:
        return f"neodash_{parameter.name}"
    return f"neodash_{question.name}_{parameter.name}".replace("-", "_")


def _default(question: Question, parameter: Parameter) -> str:
    if parameter.type in NAMED:
        return ""
    if parameter.required:
        return question.examples.get(parameter.name, "")
    return str(parameter.default).lower() if parameter.type == "boolean" else str(parameter.default or "")


def cypher(question: Question) -> str:
    """The text of a question for NeoDash, whose fields give texts."""

    def put(found: re.Match[str]) -> str:
        if found[0].startswith("//"):
            return ""
        return _value(question, question.parameters[found[1]]) if found[1] else found[0]

    return _PARAMETER.sub(put, question.cypher).strip()


def _value(question: Question, parameter: Parameter) -> str:
    """What stands in a question for a parameter of it."""
    given = f"${_named(question, parameter)}"
    if parameter.type == "integer":
        number = f"toInteger({given})"
        return f"CASE {number} WHEN 0 THEN {_ALL} ELSE {number} END" if parameter.name == "limit" else f"({number})"
    if parameter.type == "boolean":
        return f"({given} = 'true')"
    if parameter.type == "words":
        return f"split(trim({given}), ' ')"
    if parameter.type == "date":
        end = "9999-12-31" if parameter.name == "to" else "0001-01-01"
        default = str(parameter.default or "")
        days = default.removeprefix("today").replace("+", "")
        now = f"date() + duration({{days: {int(days or 0)}}})"
        today = f" WHEN '{default}' THEN {now}" if default.startswith("today") else ""
        return f"(CASE coalesce({given}, '') WHEN '' THEN date('{end}'){today} ELSE date({given}) END)"
    return f"coalesce({given}, '{parameter.default or ''}')"
