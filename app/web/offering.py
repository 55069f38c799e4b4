"""What fields offer while one types, and what programs can ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import directives, papers, tasks, units
from .visit import FORMS, Shown, Visit

_MOST = 20  # of what is offered


def offered(visit: Visit) -> Shown:
    """Names of a `kind` (unit, document, task, region, function) that hold a `text`, the most used first."""
    found = visit.snapshot.lists.offered(visit.value("kind"), visit.value("text", 100).strip(), _MOST)
    return Shown("", data=found)


#: Page → the values that its address takes.
_LIST = ("page", "size")
TAKEN: dict[str, tuple[str, ...]] = {
    "/": ("year",),
    "/papers/{identity}": ("page", "file", "unit"),
    "/review/{identity}": ("page", "file", "unit"),
    "/papers": (*papers.FILTERS, *_LIST),
    "/tasks": (*tasks.FILTERS, "columns", *_LIST),
    "/units": (*units.FILTERS, *_LIST),
    "/units/{identity}": ("role", "year", "sort", "text", *_LIST),
    "/directives": (*directives.FILTERS, *_LIST),
    "/checks": ("rule", "document", *_LIST),
    "/coverage": ("document",),
    "/comparison": ("lower", "superior"),
    "/graph": ("task", "unit", "document", "directive", "region", "from", "to", "limit"),
    "/graph/node": ("id", "from", "crowd"),
    "/graph/way": ("from", "to", "crowd"),
    "/offered": ("kind", "text"),
    "/sheet": ("document", "page", "file"),
    "/sheet.png": ("document", "page", "file"),
    "/free": ("text", "language"),
    "/review": ("queue", "text", "region", "level", "year", "code", *_LIST),
    "/report": ("today", "region"),
    "/report/week.docx": ("today", "region"),
    "/report/week.html": ("today", "region"),
    "/report/ledger.xlsx": ("by_unit",),
    "/report/sheet.docx": ("unit", "region"),
    "/upload": ("job",),
}
_NUMBERS = frozenset({"page", "size", "limit", "crowd"})
_KINDS = {
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "ics": "text/calendar",
    "png": "image/png",
}
_TABLES = frozenset(
    {"/checks", "/papers", "/tasks", "/units", "/coverage", "/comparison", "/questions/{identity}", "/free"}
)


def described(pages: Iterable[str], data: Iterable[str], files: Iterable[str], title: str) -> dict[str, Any]:
    """The OpenAPI description (3.1) of all addresses that give data, made from the tables of routes."""
    paths: dict[str, Any] = {}
    for page in pages:
        bare = page.replace(":path", "")
        end = "/home" if bare == "/" else bare
        forms = FORMS if bare in _TABLES else ("json",)
        paths |= {f"{end}.{form}": _operation(bare, form) for form in forms}
    paths |= {f"{address}.json": _operation(address, "json") for address in data}
    paths |= {address: _operation(address, address.rpartition(".")[2]) for address in files}
    texts = {"error": {"type": "string"}, "message": {"type": "string"}}
    error = {"type": "object", "required": list(texts), "additionalProperties": False, "properties": texts}
    row = {"type": "object"}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "paths": paths,
        "components": {
            "schemas": {"Error": error, "Data": {"anyOf": [row, {"type": "array", "items": row}]}},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "zhengling_ticket"},
            },
        },
        "security": [{"token": []}, {"session": []}, {}],
    }


def _operation(address: str, form: str) -> dict[str, Any]:
    name = address.strip("/").replace("/{identity}", "-one").replace("/", "-").replace(".", "-") or "home"
    parameters = [_parameter(one) for one in TAKEN.get(address, ())]
    if "{identity}" in address:
        parameters.append(_parameter("identity", "path") | {"required": True})
    wrong = {"description": "what was asked for can not be given", "content": _content("application/json", "Error")}
    schema = "Data" if form == "json" else ""
    given = {"description": form, "content": _content(_KINDS[form], schema)}
    return {
        "get": {
            "operationId": f"{name}-{form}",
            "parameters": parameters,
            "responses": {"200": given, "default": wrong},
        }
    }


def _parameter(name: str, where: str = "query") -> dict[str, Any]:
    return {"name": name, "in": where, "schema": {"type": "integer" if name in _NUMBERS else "string"}}


def _content(kind: str, schema: str) -> Mapping[str, Any]:
    return {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "string"}}}
