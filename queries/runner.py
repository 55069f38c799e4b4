"""Saved questions: what they are called, what they take, and asking them.

A question is a `.cypher` file whose first lines are its header (`docs/questions.md`). Values go to the store as
parameters and are never pasted into the text.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Protocol

from ..extractors.errors import ZhenglingError

ALL = 2**63 - 1  # what the store gets for `limit` 0
LANGUAGES = ("zh", "en")
TYPES = ("string", "document", "integer", "boolean", "date")


class Store(Protocol):
    def rows(self, text: str, parameters: dict[str, Any], /) -> tuple[Sequence[str], Iterable[Sequence[Any]]]: ...


@dataclass(frozen=True, slots=True)
class Parameter:
    """`type` is one of `TYPES` or `choice`, for which `choices` lists the values."""

    name: str
    type: str
    default: Any = None
    required: bool = False
    choices: tuple[str, ...] = ()

    def read(self, value: Any, today: date) -> Any:
        """`value`, given as a text or as itself, in the form that the store takes; `ValueError` says it is none."""
        if isinstance(value, str):
            value.encode()  # a lone surrogate is no text
            value = value.strip()
        match self.type:
            case "integer":
                number = int(value) if isinstance(value, str) else operator.index(value)
                if isinstance(value, bool) or not 0 <= number <= ALL:
                    raise ValueError(value)
                return ALL if self.name == "limit" and number == 0 else number
            case "boolean":
                return value if isinstance(value, bool) else {"true": True, "false": False}[value.lower()]
            case "date":
                return _date(value, today) or (date.max if self.name == "to" else date.min)
            case "choice":
                value = value or self.default
                if value not in self.choices:
                    raise ValueError(value)
                return value
            case _:
                if not isinstance(value, str) or "\0" in value:
                    raise ValueError(value)
                return _named(value) if self.type == "document" else value


@dataclass(frozen=True, slots=True)
class Question:
    """`titles` and `descriptions` are keyed by language; `lists` are the columns whose lists `ask` sorts."""

    name: str
    titles: dict[str, str]
    descriptions: dict[str, str]
    parameters: dict[str, Parameter]
    columns: tuple[str, ...]
    lists: frozenset[str]
    cypher: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows in the order of `columns`; dates are ISO text."""

    columns: list[str]
    rows: list[list[Any]]

    def dicts(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


# --- finding questions ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Form:
    """A language of questions: the end of its files' names, what begins a line of the header, and what finds the
    parameters of a text or refuses it."""

    suffix: str
    mark: str
    check: Callable[[str], set[str]]


def questions(
    folders: Iterable[str | Path] = (), failed: dict[str, ZhenglingError] | None = None, form: Form | None = None
) -> dict[str, Question]:
    """The built-in questions and those of `folders` by name, sorted; a folder need not exist.

    A file that is no question, or bears a name already taken, is left out and its error put into `failed` under its
    path; without `failed` the error is raised.
    """
    form = form or CYPHER
    found: dict[str, Question] = {}
    for folder in (Path(__file__).parent, *map(Path, folders)):
        for path in sorted(folder.glob(f"[!.]*{form.suffix}")):
            try:
                if path.stem in found:
                    raise ZhenglingError("question-twice", 1, path=str(path), name=path.stem)
                found[path.stem] = read_question(path, form)
            except ZhenglingError as error:
                if failed is None:
                    raise
                failed[str(path)] = error
    return dict(sorted(found.items()))


def question(name: str, known: Mapping[str, Question], failed: Mapping[str, ZhenglingError] | None = None) -> Question:
    """The question of that name; `ZhenglingError` names close ones and all, or says why its file is none."""
    if name in known:
        return known[name]
    for path, error in (failed or {}).items():
        if Path(path).stem == name:
            raise error
    raise ZhenglingError("query-unknown", 2, name=name, names=_nearest(name, known))


def read_question(path: Path, form: Form | None = None) -> Question:
    """The question in a file, in Cypher unless another `form` is given.

    Raises `ZhenglingError` naming file and line where it is none.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ZhenglingError("question-unreadable", 1, path=str(path), reason=str(error)) from error
    form = form or CYPHER
    words: dict[str, str] = {}
    parameters: dict[str, Parameter] = {}
    number = 1
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        if not line.startswith(form.mark):
            break
        key, colon, value = line.removeprefix(form.mark).partition(":")
        key, value = key.strip(), value.strip()
        if not colon or key not in _KEYS or (key != "parameter" and key in words):
            raise ZhenglingError("question-header", 1, path=str(path), line=number, text=line, keys=list(_KEYS))
        if key == "parameter":
            read = _parameter(value)
            if read is None or read.name in parameters:
                raise ZhenglingError("question-parameter", 1, path=str(path), line=number, text=value)
            parameters[read.name] = read
        else:
            words[key] = value
    missing = [key for key in _KEYS if key != "parameter" and not words.get(key)]
    if missing:
        raise ZhenglingError("question-missing", 1, path=str(path), line=number, keys=missing)
    try:
        used = form.check(text)
    except ZhenglingError as error:
        raise ZhenglingError("question-refused", 1, path=str(path), **error.values) from error
    if used != set(parameters):
        differing = sorted(used ^ set(parameters))
        raise ZhenglingError("question-parameters", 1, path=str(path), line=number, names=differing)
    columns = [column.strip() for column in words["columns"].split(",")]
    return Question(
        path.stem,
        {language: words[f"title.{language}"] for language in LANGUAGES},
        {language: words[f"description.{language}"] for language in LANGUAGES},
        parameters,
        tuple(column.removesuffix("[]") for column in columns),
        frozenset(column[:-2] for column in columns if column.endswith("[]")),
        text,
    )


_KEYS = ("title.zh", "title.en", "description.zh", "description.en", "parameter", "columns")


def _parameter(text: str) -> Parameter | None:
    """`name type default`, `name type required`; a type with `|` in it lists the choices."""
    name, type_, default = (*text.split(None, 2), "", "")[:3]
    choices = tuple(type_.split("|")) if "|" in type_ else ()
    if not name.isidentifier() or (not choices and type_ not in TYPES):
        return None
    parameter = Parameter(name, "choice" if choices else type_, None, default == "required", choices)
    if parameter.required:
        return parameter
    value = "" if default == "''" else default
    try:
        read = parameter.read(value, date.min)
    except (ValueError, TypeError, KeyError):
        return None
    # The default is kept as people write it: 0 for all rows, '' for any date.
    public = {"integer": lambda: int(value), "boolean": lambda: read}.get(parameter.type, lambda: value)()
    return replace(parameter, default=public)


# --- asking ---------------------------------------------------------------------------------------------------------


_WRONG = {
    "string": "parameter-string",
    "document": "parameter-string",
    "integer": "parameter-integer",
    "boolean": "parameter-boolean",
    "date": "parameter-date",
    "choice": "parameter-choice",
}


def ask(store: Store, question: Question, parameters: Mapping[str, Any], today: date | None = None) -> Answer:
    """Ask a saved question. `today` is what dates like `today+30` count from.

    A parameter that is absent or None takes its default. Raises `ZhenglingError` with status 2 for a parameter that the
    question does not have, one that it needs, and a value of the wrong type.
    """
    known = question.parameters
    for name in parameters:
        if name not in known:
            raise unknown_parameter(name, question.name, known)
    values: dict[str, Any] = {}
    for name, parameter in known.items():
        value = parameters.get(name)
        if parameter.required and (value is None or (isinstance(value, str) and not value.strip())):
            raise ZhenglingError("parameter-missing", 2, name=name, query=question.name)
        try:
            values[name] = parameter.read(parameter.default if value is None else value, today or date.today())
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            code = _WRONG[parameter.type]
            raise ZhenglingError(code, 2, name=name, value=value, choices=list(parameter.choices)) from error
    columns, rows = store.rows(question.cypher, values)
    if tuple(columns) != question.columns:
        raise ZhenglingError("question-columns", 1, name=question.name, columns=list(columns), wanted=question.columns)
    answer = Answer(list(columns), [[plain(value) for value in row] for row in rows])
    for place, column in enumerate(columns):
        if column in question.lists:
            for row in answer.rows:
                items = row[place] or ()
                # SPARQL has no lists: there it is a text of several lines.
                row[place] = sorted(items.split("\n") if isinstance(items, str) else items)
    return answer


def ask_freely(store: Store, cypher: str, parameters: Mapping[str, Any] | None = None) -> Answer:
    """Ask in Cypher, if `check` finds that it is one question that only reads; else `ZhenglingError`, status 2."""
    given = dict(parameters or {})
    used = check(cypher)
    for name in given:
        if name not in used:
            raise unknown_parameter(name, "cypher", sorted(used))
    for name in sorted(used):
        if name not in given:
            raise ZhenglingError("parameter-missing", 2, name=name, query="cypher")
    columns, rows = store.rows(cypher, given)
    twice = sorted({column for column in columns if list(columns).count(column) > 1})
    if twice:  # rows as maps would lose one
        raise ZhenglingError("column-twice", 2, names=twice)
    return Answer(list(columns), [[plain(value) for value in row] for row in rows])


def unknown_parameter(name: str, query: str, known: Iterable[str]) -> ZhenglingError:
    return ZhenglingError("parameter-unknown", 2, name=name, query=query, names=_nearest(name, known))


def _date(value: Any, today: date) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not value:
        return None
    relative = re.fullmatch(r"today(?:\s*([+-])\s*(\d{1,6}))?", value, re.IGNORECASE | re.ASCII)
    if relative:
        days = int(relative[2] or 0)
        return today + timedelta(-days if relative[1] == "-" else days)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError(value)
    return date.fromisoformat(value)


def _named(text: str) -> str:
    """A document as people type it: any brackets round the year of its number, 《》 round its title."""
    text = re.sub(r"[\[［【（(〔]\s*(\d{4})\s*[\]］】）)〕]", r"〔\1〕", text)
    return text[1:-1] if re.fullmatch("《[^《》]*》", text) else text


def plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


def _nearest(name: str, known: Iterable[str]) -> list[str]:
    """The names that there are, those like `name` first."""
    names = list(known)
    like = get_close_matches(name, names, 3, 0.5)
    return like + [n for n in names if n not in like]


# --- the read-only check --------------------------------------------------------------------------------------------

BEGINNINGS = frozenset({"MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN"})
# Words that write to the graph, reach files or addresses, or run procedures.
REFUSED = frozenset(
    {"LOAD", "COPY", "EXPORT", "IMPORT", "ATTACH", "DETACH", "INSTALL", "UNINSTALL", "CALL", "USE", "FOREACH"}
    | {"CREATE", "INSERT", "MERGE", "SET", "DELETE", "REMOVE", "DROP", "ALTER"}
)
# A comment ends at either line end, and a string may run over lines, in the strictest reading of both stores.
_TOKEN = re.compile(
    r"""
      (?P<space> \s+ )
    | (?P<comment> //[^\r\n]* | /\*.*?\*/ )
    | (?P<string> '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" )
    | (?P<quoted> `[^`]*` )
    | (?P<parameter> \$(?:\w+|`[^`]*`) )
    | (?P<word> [^\W\d]\w* )
    | (?P<number> \d\w* )
    | (?P<open> /\* | ['"`$] )
    | (?P<end> ; )
    | (?P<sign> . )
    """,
    re.VERBOSE | re.DOTALL,
)


def check(cypher: str) -> set[str]:
    """The names of the parameters of a text that is one statement, begins as a question, and only reads.

    Raises `ZhenglingError`, status 2, with the line and the words at fault for any other text.
    """
    # Neo4j turns \\u0027 into a quotation mark before it looks for strings: where they end is then anybody's guess.
    escape = re.search(r"\\[uU]", cypher)
    if escape:
        raise ZhenglingError("cypher-escape", 2, **_at(cypher, escape))
    used: set[str] = set()
    first = ended = None
    for token in _TOKEN.finditer(cypher):
        kind, text = token.lastgroup, token[0]
        if kind in ("space", "comment"):
            continue
        if ended:
            raise ZhenglingError("cypher-statements", 2, **_at(cypher, token))
        if first is None:
            first = text.upper()
            if first not in BEGINNINGS:
                raise ZhenglingError("cypher-beginning", 2, **_at(cypher, token))
        if kind == "open":
            raise ZhenglingError("cypher-unclosed", 2, **_at(cypher, token))
        if kind == "end":
            ended = token
        elif kind == "parameter":
            used.add(text[1:].strip("`"))
        elif (kind == "word" and text.upper() in REFUSED) or (
            # Stores may read 1e5COPY as a number and a word.
            kind == "number" and any(word in text.upper() for word in REFUSED)
        ):
            raise ZhenglingError("cypher-word", 2, **_at(cypher, token))
    if first is None:
        raise ZhenglingError("cypher-empty", 2, line=1, text=cypher.strip())
    return used


CYPHER = Form(".cypher", "//", check)


def _at(cypher: str, token: re.Match[str]) -> dict[str, Any]:
    return {"line": cypher.count("\n", 0, token.start()) + 1, "text": token[0]}
