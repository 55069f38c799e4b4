"""Saved questions in SPARQL, and free ones: the same header as Cypher's, after `#`.

Oxigraph puts values only into variables that a question projects. So the values of `$names` are written into the text,
by one function, as literals of which nothing can break out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..extractors.errors import ZhenglingError
from ..graph.terms import PREFIXES
from ..graph.terms import text as literal
from .runner import Answer, Form, Question, ask, plain, questions, read_question, unknown_parameter

if TYPE_CHECKING:
    import rdflib

BEGINNINGS = frozenset({"BASE", "PREFIX", "SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
# Words that write, or that reach an address.
REFUSED = frozenset({"SERVICE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "INSERT", "DELETE"})
_TOKEN = re.compile(
    r"""
      (?P<space> \s+ )
    | (?P<comment> \#[^\r\n]* )
    | (?P<string> \"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*\"\"\" | '''(?:'{0,2}(?:[^'\\]|\\.))*'''
        | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' )
    | (?P<iri> <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<parameter> \$\w+ )
    | (?P<variable> \?\w+ )
    | (?P<name> (?:[^\W\d][\w.\-]*)?:(?:[\w.\-:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])* )
    | (?P<word> [^\W\d][\w\-]* )
    | (?P<number> \d\w* )
    | (?P<open> ["'\\] )
    | (?P<sign> . )
    """,
    re.VERBOSE | re.DOTALL,
)


def check(sparql: str) -> set[str]:
    """The names after `$` of a text that begins as a question, only reads, and reaches no address.

    Raises `ZhenglingError`, status 2, with the line and the words at fault for any other text.
    """
    used: set[str] = set()
    begun = False
    for token in _TOKEN.finditer(sparql):
        kind, text = token.lastgroup, token[0]
        if kind in ("space", "comment"):
            continue
        at = {"line": sparql.count("\n", 0, token.start()) + 1, "text": text}
        if not begun and (kind != "word" or text.upper() not in BEGINNINGS):
            raise ZhenglingError("sparql-beginning", 2, **at)
        begun = True
        if kind == "open":
            raise ZhenglingError("sparql-unclosed", 2, **at)
        if kind == "word" and text.upper() in REFUSED:
            raise ZhenglingError("sparql-word", 2, **at)
        if kind == "parameter":
            used.add(text[1:])
    if not begun:
        raise ZhenglingError("sparql-empty", 2, line=1, text=sparql.strip())
    return used


FORM = Form(".rq", "#", check)


def saved(folders: Iterable[str | Path] = (), failed: dict[str, ZhenglingError] | None = None) -> dict[str, Question]:
    """The built-in questions in SPARQL and those of `folders` by name, as `runner.questions` gives those in Cypher."""
    return questions(folders, failed, FORM)


class Triples:
    """A store that answers in SPARQL (`runner.Store`)."""

    def __init__(self, dataset: rdflib.Dataset) -> None:
        self.dataset = dataset

    def rows(self, sparql: str, parameters: Mapping[str, Any], /) -> tuple[list[str], list[list[Any]]]:
        """A SELECT gives its columns, an ASK one value, a CONSTRUCT or DESCRIBE statements."""
        try:
            found = self.dataset.query(filled(sparql, parameters), initNs=dict(PREFIXES))
            if found.type == "ASK":
                return ["answer"], [[found.askAnswer]]
            if found.type == "SELECT":
                columns = found.vars or []
                return [str(c) for c in columns], [[_value(row.get(c)) for c in columns] for row in found.bindings]
            return ["subject", "predicate", "object"], [list(map(_value, row)) for row in sorted(found.graph or ())]
        except SyntaxError as error:
            reason = " ".join(str(error).split())
            raise ZhenglingError("sparql-wrong", 2, reason=reason[:200]) from error
        except (OSError, RuntimeError, ValueError, TypeError) as error:
            raise ZhenglingError("sparql-failed", 1, reason=" ".join(str(error).split())[:200]) from error


def ask_file(store: Triples, path: Path, parameters: Mapping[str, Any]) -> Answer:
    """The answer to a question in a file, with or without a header."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ZhenglingError("question-unreadable", 1, path=str(path), reason=str(error)) from error
    if re.search(r"^#\s*columns:", text, re.MULTILINE):
        question = read_question(path, FORM)
        return ask(store, question, parameters)
    return ask_freely(store, text, parameters)


def ask_freely(store: Triples, sparql: str, parameters: Mapping[str, Any]) -> Answer:
    """The answer to a question; `$name` takes the value of that name where one is given, else it is a variable."""
    used = check(sparql)
    for name in parameters:
        if name not in used:
            raise unknown_parameter(name, "sparql", sorted(used))
    columns, rows = store.rows(sparql, parameters)
    return Answer(columns, [[plain(value) for value in row] for row in rows])


def filled(sparql: str, parameters: Mapping[str, Any]) -> str:
    """The text with the values of its `$names`."""

    def value(token: re.Match[str]) -> str:
        name = token[0][1:]
        return _literal(parameters[name]) if token.lastgroup == "parameter" and name in parameters else token[0]

    return _TOKEN.sub(value, sparql)


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return literal(repr(value), "xsd:double")
    if isinstance(value, date):
        return literal(value.isoformat(), "xsd:date")
    return literal(str(value))


def _value(term: Any) -> Any:
    """A term as a plain value: IRIs as text."""
    from rdflib import Literal

    if term is None:
        return None
    if isinstance(term, Literal):
        found = term.toPython()
        return str(term) if isinstance(found, Literal) else found
    return str(term)
