"""Questions: the saved ones as forms with their answers, and free ones under the same guards as on the command line."""

from __future__ import annotations

from typing import Any

from ...extractors.errors import ZhenglingError
from ...queries.runner import NAMED, Answer
from ..answers import told
from ..api import Graph
from ..tell import parameter_title
from .shelf import built_in
from .visit import Onward, Shown, Visit, address

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
    asked = Graph(visit.site.folder).question(visit.identity)
    given = visit.filters(*asked.parameters)
    ready = "asked" in visit.given or bool(given) or bool(visit.form)
    missing = [p.name for p in asked.parameters.values() if p.required and p.name not in given]
    values: dict[str, Any] = {"question": asked, "given": given, "choices": visit.snapshot.lists.choices}
    values["titles"] = {name: parameter_title(name, visit.say) for name in asked.parameters}
    values |= {"offered": _OFFERED, "named": NAMED, "answer": None, "error": "", "own": asked.name not in built_in()}
    if visit.form or (not missing and (ready or not any(p.required for p in asked.parameters.values()))):
        return _with_answer(visit, "question.html", values, asked.name, lambda: visit.shelf.ask(asked.name, given))
    return Shown("question.html", values)


def keep(visit: Visit) -> Onward:
    """Keep a free question with the workspace, under a name and a title."""
    with visit.shelf.lent() as graph:
        name = graph.keep_question(visit.posted("name", 60), visit.posted("text", _LONGEST), visit.posted("title", 100),
                                   visit.posted("about", 300))  # fmt: skip
    return Onward(address("questions", name))


def drop(visit: Visit) -> Onward:
    Graph(visit.site.folder).drop_question(visit.posted("name", 60))
    return Onward("/questions")


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
    return Shown(template, values, data=answer.dicts, columns=answer.columns, rows=lambda: rows, name=name)
