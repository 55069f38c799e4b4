"""Questions: the saved ones as forms with their answers, and free ones under the same guards as on the command line."""

from __future__ import annotations

from typing import Any

from ...extractors.errors import ZhenglingError
from ...queries.runner import Answer
from ...queries.runner import question as named
from ..answers import told
from ..api import Graph
from .visit import Shown, Visit

#: Parameter → what its field offers while one types.
_OFFERED = {"region": "region", "year": "year", "level": "level"}
_SHOWN = 500  # rows on a page; a file has all
_LONGEST = 20_000  # characters of a question


def listed(visit: Visit) -> Shown:
    known = visit.shelf.questions()
    language = visit.say.language
    rows = [
        {"name": q.name, "title": q.titles[language], "description": q.descriptions[language], "own": own}
        for q, own in known
    ]
    return Shown("questions.html", {"questions": rows}, data=rows)


def question(visit: Visit) -> Shown:
    failed: dict[str, ZhenglingError] = {}
    known = Graph(visit.site.folder).questions(failed)
    asked = named(visit.identity, known, failed)
    given = visit.filters(*asked.parameters)
    ready = "asked" in visit.given or bool(given) or bool(visit.form)
    missing = [p.name for p in asked.parameters.values() if p.required and p.name not in given]
    values: dict[str, Any] = {"question": asked, "given": given, "choices": visit.snapshot.lists.choices}
    values |= {"offered": _OFFERED, "answer": None, "error": ""}
    if visit.form or (not missing and (ready or not any(p.required for p in asked.parameters.values()))):
        return _with_answer(visit, "question.html", values, asked.name, lambda: visit.shelf.ask(asked.name, given))
    return Shown("question.html", values)


def free(visit: Visit) -> Shown:
    """A question in Cypher or SPARQL; its text stands in the address, so that it can be sent on."""
    language = "sparql" if visit.value("language") == "sparql" else "cypher"
    text = visit.value("text", _LONGEST)
    values = {"text": text, "asked_in": language, "answer": None, "error": ""}
    if not text and not visit.form:
        return Shown("free.html", values)
    return _with_answer(visit, "free.html", values, "answer", lambda: visit.shelf.ask_freely(language, text, {}))


def _with_answer(visit: Visit, template: str, values: dict[str, Any], name: str, ask: Any) -> Shown:
    try:
        answer: Answer = ask()
    except ZhenglingError as error:
        if visit.form:
            raise
        return Shown(template, values | {"error": visit.say.error(error)}, status=400 if error.status == 2 else 200)
    rows = answer.rows
    shown = told(answer.columns, rows[:_SHOWN], visit.say)
    values |= {"answer": answer, "rows": shown, "cut": max(len(rows) - _SHOWN, 0)}
    return Shown(template, values, data=answer.dicts(), columns=answer.columns, rows=lambda: rows, name=name)
