"""Saved questions in SPARQL, and free ones: the same header as Cypher's, after `#`.

Oxigraph puts values only into variables that a question projects. So the values of `$names` are written into the text,
by one function, as literals of which nothing can break out.

What keeps a question from reaching an address does not hang on where we think that a word begins or a text ends: what
the engine gets does not have the letters of SERVICE at all (`unspoken`). Then it is parsed and its parts are looked at,
and it is asked in a process that the system gives no network (`graph/stores/questions.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ..extractors.errors import ZhenglingError
from ..extractors.limits import Settings
from ..graph.rdf.terms import PREFIXES
from ..graph.rdf.terms import text as literal
from ..graph.stores.questions import AskedInSparql
from .runner import Answer, Question, QuestionForm, plain, questions, read_question, unknown_parameter

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


FORM = QuestionForm(".rq", "#", check)


def saved(folders: Iterable[str | Path] = (), failed: dict[str, ZhenglingError] | None = None) -> dict[str, Question]:
    """The built-in questions in SPARQL and those of `folders` by name, as `runner.questions` gives those in Cypher."""
    return questions(folders, failed, FORM)


class Triples:
    """A quad store that answers in SPARQL (`runner.Store`). `folder` gives its folder: with its named graphs or, where
    a question can not mean them, perhaps without; `rows` that of one which has at least what is named, of nodes and
    relationships alone, for questions that say they read no more."""

    def __init__(
        self,
        folder: Path | Callable[[bool], Path],
        settings: Settings | None = None,
        rows: Callable[[frozenset[str]], Path] | None = None,
    ) -> None:
        self._folder = folder if callable(folder) else lambda named: folder
        self._rows_alone = rows
        self._settings = settings
        self._stores: dict[tuple[Path, frozenset[str]], AskedInSparql] = {}

    def rows(self, sparql: str, parameters: Mapping[str, Any], /) -> tuple[list[str], list[list[Any]]]:
        """A SELECT gives its columns, an ASK one value, a CONSTRUCT or DESCRIBE statements."""
        text, renamed = unspoken(filled(sparql, parameters))
        shape, _ = unspoken(filled(sparql, {name: _like(value) for name, value in parameters.items()}))
        wanted = named(sparql) if self._rows_alone and reads_rows(sparql) else frozenset[str]()
        named_graphs = may_name_graphs(text)
        alone = self._rows_alone(wanted) if self._rows_alone and wanted and not named_graphs else None
        folder = alone or self._folder(named_graphs)
        store = self._stores.setdefault((folder, wanted), AskedInSparql(folder, self._settings))
        found = store.ask(text, shape, PREFIXES)
        if "answer" in found:
            return ["answer"], [[found["answer"]]]
        if "columns" in found:
            columns = [renamed.get(column, column) for column in found["columns"]]
            return columns, [[_value(term) for term in row] for row in found["rows"]]
        return ["subject", "predicate", "object"], [[_value(t) for t in row] for row in sorted(found["triples"])]

    def close(self) -> None:
        for store in self._stores.values():
            store.close()


def may_name_graphs(sparql: str) -> bool:
    """Whether a question may ask named graphs: without the letters of these words anywhere but in remarks, variables
    and names with a prefix, and without an escaped letter, it asks the default graph."""
    spoken = (token[0] for token in _TOKEN.finditer(sparql) if token.lastgroup not in _UNSAID)
    return "\\u" in sparql.lower() or re.search("graph|from", " ".join(spoken), re.IGNORECASE) is not None


_UNSAID = ("comment", "variable", "parameter", "name")


def reads_rows(sparql: str) -> bool:
    """Whether a question says in its header that it reads nodes and relationships alone."""
    return re.search(r"^# *reads *: *rows *$", sparql, re.MULTILINE) is not None


def named(sparql: str) -> frozenset[str]:
    """The properties and classes that a question names, as `<…>`."""
    tokens = [(str(token.lastgroup), token[0]) for token in _TOKEN.finditer(sparql)]
    told = [(kind, text) for kind, text in tokens if kind not in ("space", "comment")]
    prefixes = dict(PREFIXES)
    for word, name, iri in zip(told, told[1:], told[2:], strict=False):
        if word[1].upper() == "PREFIX" and name[0] == "name" and iri[0] == "iri":
            prefixes[name[1].rstrip(":")] = iri[1][1:-1]
    found = {text for kind, text in told if kind == "iri"}
    for kind, text in told:
        prefix, _, local = text.partition(":")
        if kind == "name" and prefix in prefixes:
            found.add(f"<{prefixes[prefix]}{_unescaped(local)}>")
    if ("word", "a") in told:
        found.add(f"<{PREFIXES['rdf']}type>")
    return frozenset(found)


def read_file(path: Path) -> Question | str:
    """The question in a file, or its text where it has no header."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ZhenglingError("question-unreadable", 1, path=str(path), reason=str(error)) from error
    return read_question(path, FORM) if re.search(r"^#\s*columns:", text, re.MULTILINE) else text


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


def _like(value: Any) -> Any:
    """A value of the same type, the same for all."""
    return type(value)() if isinstance(value, (str, bool, int, float)) else date.min if isinstance(value, date) else ""


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


def _value(term: list[str] | None) -> Any:
    """A term (kind, text, datatype, language) as a plain value: IRIs as text."""
    from rdflib import Literal

    if term is None or term[0] != "literal":
        return None if term is None else term[1]
    _, text, datatype, language = term
    found = Literal(text, lang=language) if language else Literal(text, datatype=datatype)
    value = found.toPython()
    return text if isinstance(value, Literal) else value


# --- without the letters of SERVICE ---------------------------------------------------------------------------------

_LETTERS = re.compile("service", re.IGNORECASE | re.ASCII)
_ESCAPED = {"s": "\\u0073", "S": "\\u0053"}


def unspoken(sparql: str) -> tuple[str, dict[str, str]]:
    """The same question in which the word SERVICE can stand nowhere, whoever reads it, and how variables are called
    again that had to be renamed for it (new → old).

    Texts and IRIs have its first letter as an escape, which outside of texts and IRIs is no letter; remarks go.
    Raises `ZhenglingError`, status 2, where it stands in anything else.
    """
    if not _LETTERS.search(sparql):
        return sparql, {}
    tokens = [(str(token.lastgroup), token[0]) for token in _TOKEN.finditer(sparql)]
    names = _Names(tokens)
    out = "".join(names.plain(at, kind, text) for at, (kind, text) in enumerate(tokens))
    if hit := _LETTERS.search(out):
        raise ZhenglingError("sparql-word", 2, line=out.count("\n", 0, hit.start()) + 1, text=hit[0])
    return out, {new: old for old, new in names.variables.items()}


class _Names:
    """How what bears the letters is called without them."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.variables: dict[str, str] = {}
        self._declared: dict[int, str] = {}  # place of a prefix that is declared there → its IRI
        self._taken = {text[1:] for kind, text in tokens if kind in ("variable", "parameter")}
        told = [(at, kind, text) for at, (kind, text) in enumerate(tokens) if kind not in ("space", "comment")]
        for word, name, iri in zip(told, told[1:], told[2:], strict=False):
            if word[2].upper() == "PREFIX" and name[1] == "name" and iri[1] == "iri":
                self._declared[name[0]] = iri[2][1:-1]
        self._prefixes = dict(PREFIXES) | {tokens[at][1].rstrip(":"): iri for at, iri in self._declared.items()}

    def plain(self, at: int, kind: str, text: str) -> str:
        if not _LETTERS.search(text):
            return text
        if kind == "comment":
            return ""
        if kind in ("string", "iri"):
            return _LETTERS.sub(lambda hit: _ESCAPED[hit[0][0]] + hit[0][1:], text)
        if kind in ("variable", "parameter"):
            if text[1:] not in self.variables:
                self.variables[text[1:]] = self._free()
            return text[0] + self.variables[text[1:]]
        if kind == "name":
            return self._name(at, text)
        return text

    def _free(self) -> str:
        number = len(self.variables)
        while f"renamed{number}" in self._taken:
            number += 1
        self._taken.add(f"renamed{number}")
        return f"renamed{number}"

    def _name(self, at: int, text: str) -> str:
        """`prefix:local` in full; where the prefix is declared, another one that nobody uses."""
        prefix, _, local = text.partition(":")
        if at in self._declared:
            return f"unused{at}:"
        if prefix not in self._prefixes:
            return text
        full = f"<{self._prefixes[prefix]}{_unescaped(local)}>"
        return self.plain(at, "iri", full)


def _unescaped(local: str) -> str:
    return re.sub(r"\\(.)", r"\1", local)
