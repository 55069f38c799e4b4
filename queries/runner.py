"""Saved questions: what they are called, what they take, and asking them.

A question is a `.cypher` file whose first lines are its header (`docs/questions.md`). Values go to the store as
parameters and are never pasted into the text.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any

from ..extractors.errors import ZhenglingError
from .indexed import shortened
from .store import Store
from .understanding import values as written
from .understanding.emptiness import Reason, covered, missing_words, of_all, of_document, reasons
from .understanding.names import Understanding
from .understanding.understood import Understood

ALL = 2**63 - 1  # what the store gets for `limit` 0
LANGUAGES = ("zh", "en")
#: Types whose values are names of what the graph holds.
NAMED = ("unit", "region", "document", "task", "function")
TYPES = ("string", "words", *NAMED, "integer", "boolean", "date")
_FIRST, _LAST = "from", "to"  # parameters between which days lie


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
                number = written.whole(value, today) if isinstance(value, str) else operator.index(value)
                if isinstance(value, bool) or not 0 <= number <= ALL:
                    raise ValueError(value)
                return ALL if self.name == "limit" and number == 0 else number
            case "boolean":
                return value if isinstance(value, bool) else {"true": True, "false": False}[written.word(value)]
            case "date":
                last = self.name == _LAST
                return written.day(value, today, last) or (date.max if last else date.min)
            case "choice":
                value = value or self.default
                value = value if value in self.choices else written.word(value)
                if value not in self.choices:
                    raise ValueError(value)
                return value
            case _:
                if not isinstance(value, str) or "\0" in value:
                    raise ValueError(value)
                if self.type == "words":
                    return value.split()
                return _named(value) if self.type == "document" else value


@dataclass(frozen=True, slots=True)
class Question:
    """`titles` and `descriptions` are keyed by language; `lists` are the columns whose lists `ask` sorts.

    `examples` has a value for parameters that must be given, as the samples answer it.
    """

    name: str
    titles: dict[str, str]
    descriptions: dict[str, str]
    parameters: dict[str, Parameter]
    columns: tuple[str, ...]
    lists: frozenset[str]
    cypher: str
    examples: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows in the order of `columns`; dates are ISO text. `understood` says how what was given was taken, `words` are
    those that were looked for."""

    columns: list[str]
    rows: list[list[Any]]
    understood: tuple[Understood, ...] = ()
    words: tuple[str, ...] = ()

    def dicts(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


# --- finding questions ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """A language of questions: the end of its files' names, what begins a line of the header, and what finds the
    parameters of a text or refuses it."""

    suffix: str
    mark: str
    check: Callable[[str], set[str]]


def questions(
    folders: Iterable[str | Path] = (),
    failed: dict[str, ZhenglingError] | None = None,
    form: QuestionForm | None = None,
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


def read_question(path: Path, form: QuestionForm | None = None) -> Question:
    """The question in a file, in Cypher unless another `form` is given.

    Raises `ZhenglingError` naming file and line where it is none.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ZhenglingError("question-unreadable", 1, path=str(path), reason=str(error)) from error
    form = form or CYPHER
    header = _Header(path)
    header.read(text, form.mark)
    words, parameters = header.words, header.parameters
    try:
        used = form.check(text)
    except ZhenglingError as error:
        raise ZhenglingError("question-refused", 1, path=str(path), **error.values) from error
    if used != set(parameters):
        differing = sorted(used ^ set(parameters))
        raise ZhenglingError("question-parameters", 1, path=str(path), line=header.line, names=differing)
    columns = [column.strip() for column in words["columns"].split(",")]
    return Question(
        path.stem,
        {language: words[f"title.{language}"] for language in LANGUAGES},
        {language: words[f"description.{language}"] for language in LANGUAGES},
        parameters,
        tuple(column.removesuffix("[]") for column in columns),
        frozenset(column[:-2] for column in columns if column.endswith("[]")),
        text,
        header.examples,
    )


_NAME = re.compile("[a-z0-9][a-z0-9-]{0,59}")
_COMMENTS = re.compile(r"\A(?:\s*//[^\n]*(?:\n|\Z))+")


def keep_question(folder: Path, store: Store, name: str, cypher: str, title: str, about: str = "") -> str:
    """Write a question without parameters into `folder`, after asking it of `store`; its name.

    Raises `ZhenglingError` for a name that is none (`question-name`) or taken (`question-taken`), and as `ask_freely`.
    """
    if not _NAME.fullmatch(name):
        raise ZhenglingError("question-name", 2, name=name)
    if name in questions([folder], {}):
        raise ZhenglingError("question-taken", 1, name=name)
    cypher = _COMMENTS.sub("", cypher)  # would be taken for the header
    answer = ask_freely(store, cypher)
    places = range(len(answer.columns))
    lists = {n for n in places if any(isinstance(row[n], list) for row in answer.rows)}
    title, about = (" ".join(text.split()) for text in (title, about))
    head = {f"title.{language}": title for language in LANGUAGES}
    head |= {f"description.{language}": about or title for language in LANGUAGES}
    head["columns"] = ", ".join(f"{answer.columns[n]}{'[]' if n in lists else ''}" for n in places)
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f".{name}.new"
    lines = [f"// {key}: {value}" for key, value in head.items()]
    beside.write_text("\n".join([*lines, cypher.strip(), ""]), "utf-8")
    try:
        read_question(beside)
        beside.replace(folder / f"{name}.cypher")
    finally:
        beside.unlink(missing_ok=True)
    return name


def drop_question(folder: Path, name: str) -> None:
    """Take a question away that was kept in `folder`."""
    path = folder / f"{name}.cypher"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise ZhenglingError("query-unknown", 2, name=name, names=[])
    path.unlink()


class _Header:
    """The header of a question's file: its words by key, its parameters, an example for those that must be given.
    `line` is the last one that was read."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        self.words: dict[str, str] = {}
        self.parameters: dict[str, Parameter] = {}
        self.examples: dict[str, str] = {}
        self.line = 1

    def read(self, text: str, mark: str) -> None:
        """Takes the lines up to the first that does not begin with the mark."""
        for self.line, line in enumerate(text.splitlines(), 1):
            if line.strip() and not line.startswith(mark):
                break
            if line.strip():
                self._take(line, mark)
        missing = [key for key in _KEYS if key not in _LEFT_OUT and not self.words.get(key)]
        if missing:
            raise ZhenglingError("question-missing", 1, path=self.path, line=self.line, keys=missing)

    def _take(self, line: str, mark: str) -> None:
        key, colon, value = line.removeprefix(mark).partition(":")
        key, value = key.strip(), value.strip()
        if self.line == 1 and key and not colon:  # a bare title, by which Neo4j Browser calls a favourite
            self.words[_KEYS[0]] = key
            return
        if not colon or key not in _KEYS or (key not in _REPEATED and key in self.words):
            raise ZhenglingError("question-header", 1, path=self.path, line=self.line, text=line, keys=list(_KEYS))
        if key == "parameter":
            self._parameter(value)
        elif key == "example":
            self._example(value)
        else:
            self.words[key] = value

    def _parameter(self, value: str) -> None:
        read = _parameter(value)
        if read is None or read.name in self.parameters:
            raise ZhenglingError("question-parameter", 1, path=self.path, line=self.line, text=value)
        self.parameters[read.name] = read

    def _example(self, value: str) -> None:
        name, equals, given = (part.strip() for part in value.partition("="))
        if name not in self.parameters or not equals or name in self.examples:
            raise ZhenglingError("question-parameter", 1, path=self.path, line=self.line, text=value)
        self.examples[name] = given


_REPEATED = ("parameter", "example")
_KEYS = ("title.zh", "title.en", "description.zh", "description.en", *_REPEATED, "columns", "reads")
_LEFT_OUT = (*_REPEATED, "reads")  # what a header need not have


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
    **dict.fromkeys(("string", "words", *NAMED), "parameter-string"),
    "integer": "parameter-integer",
    "boolean": "parameter-boolean",
    "date": "parameter-date",
    "choice": "parameter-choice",
}


def ask(
    store: Store,
    question: Question,
    parameters: Mapping[str, Any],
    today: date | None = None,
    names: Understanding | None = None,
) -> Answer:
    """Ask a saved question. `today` is what dates like `today+30` count from; with `names` the names of units, places,
    documents, tasks and fields of work are understood as people write them, without they go to the store as they are.

    A parameter that is absent or None takes its default. Raises `ZhenglingError` with status 2 for a parameter that the
    question does not have, one that it needs, a value of the wrong type, and a name that means nothing.
    """
    values, understood = read(question, parameters, today or date.today(), names)
    asked = shortened(store, question.cypher, values)
    columns, rows = store.rows(*asked) if asked else (question.columns, ())
    if tuple(columns) != question.columns:
        raise ZhenglingError("question-columns", 1, name=question.name, columns=list(columns), wanted=question.columns)
    words = [word for name, one in question.parameters.items() if one.type == "words" for word in values[name]]
    told = [*map(_plain_row, rows)]
    answer = Answer(list(columns), told, tuple(understood), tuple(words))
    for place, column in enumerate(columns):
        if column in question.lists:
            for row in answer.rows:
                items = row[place]
                if isinstance(items, list):  # made by `plain`, so ours
                    items.sort()
                else:  # SPARQL has no lists: there it is a text of several lines
                    row[place] = sorted(filter(None, items.split("\n")) if isinstance(items, str) else items or ())
    return answer


def why_empty(
    store: Store,
    question: Question,
    parameters: Mapping[str, Any],
    today: date | None = None,
    names: Understanding | None = None,
    asked: Store | None = None,
) -> list[Reason]:
    """Why a saved question has no rows with these parameters: the filters without each of which there would be some,
    and what the data cover. `store` answers in Cypher, `asked` a question in another language."""
    day = today or date.today()
    values, _ = read(question, parameters, day, names)
    filters = {name: one for name, one in question.parameters.items() if not one.required}
    defaults = {name: one.read(one.default, day) for name, one in filters.items()}
    words = [word for name, one in question.parameters.items() if one.type == "words" for word in values[name]]

    def count(other: dict[str, Any]) -> int:
        return len(list((asked or store).rows(question.cypher, other)[1]))

    chain = "RESEMBLES" not in question.cypher  # that goes neither up nor down
    papers = [
        (values[name], one.required and chain) for name, one in question.parameters.items() if one.type == "document"
    ]
    lacking = [reason for document, around in papers for reason in of_document(store, document, around)]
    found = [*missing_words(store, words), *lacking, *reasons(store, values, defaults, parameters, count)]
    return found or covered(store, filters) or [of_all(store)]


def read(
    question: Question, parameters: Mapping[str, Any], today: date, names: Understanding | None
) -> tuple[dict[str, Any], list[Understood]]:
    """What the store gets for each parameter of a question, and how what was given was understood."""
    known = question.parameters
    for name in parameters:
        if name not in known:
            raise unknown_parameter(name, question.name, known)
    read: dict[str, Any] = {}
    understood: list[Understood] = []
    for name, parameter in known.items():
        value = parameters.get(name)
        if parameter.required and (value is None or (isinstance(value, str) and not value.strip())):
            raise ZhenglingError("parameter-missing", 2, name=name, query=question.name)
        try:
            read[name] = parameter.read(parameter.default if value is None else value, today)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            code = _WRONG[parameter.type]
            raise ZhenglingError(code, 2, name=name, value=value, choices=list(parameter.choices)) from error
        if parameter.type in NAMED:
            if names is not None and read[name]:
                read[name], how = names.meaning(parameter.type, str(value).strip())
                understood.append(how)
        elif isinstance(value, str) and value.strip():
            shown = plain(read[name])
            understood += [Understood(parameter.type, value, (_written(shown),))] if _taken(value, shown) else []
    if all(isinstance(read.get(name), date) for name in (_FIRST, _LAST)) and read[_FIRST] > read[_LAST]:
        raise ZhenglingError("dates-reversed", 2, first=plain(read[_FIRST]), last=plain(read[_LAST]))
    return read, understood


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _taken(given: str, value: Any) -> bool:
    """Whether a text was taken for something else than it says."""
    if isinstance(value, bool):
        return given.strip().lower() != _written(value)
    if isinstance(value, int):
        return value != ALL and str(value) not in given
    return value != ALL and isinstance(value, str) and given.strip() != value and not given.startswith("today")


def ask_freely(store: Store, cypher: str, parameters: Mapping[str, Any] | None = None) -> Answer:
    """Ask in Cypher, if `check` finds that it is one question that only reads; else `ZhenglingError`, status 2."""
    given = dict(parameters or {})
    used = check(cypher)
    check_evidence(cypher)
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
    return Answer(list(columns), [*map(_plain_row, rows)])


def unknown_parameter(name: str, query: str, known: Iterable[str]) -> ZhenglingError:
    return ZhenglingError("parameter-unknown", 2, name=name, query=query, names=_nearest(name, known))


def _named(text: str) -> str:
    """A document as people type it: any brackets round the year of its number, 《》 round its title."""
    text = re.sub(r"[\[［【（(〔]\s*(\d{4})\s*[\]］】）)〕]", r"〔\1〕", text)
    return text[1:-1] if re.fullmatch("《[^《》]*》", text) else text


def plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return list(value) if _PLAIN.issuperset(map(type, value)) else [plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value


_PLAIN = frozenset({str, int, float, bool, type(None)})  # types that are as they are; most values are, and of many rows


def _plain_row(row: Sequence[Any]) -> list[Any]:
    return [one if type(one) in _PLAIN else plain(one) for one in row]


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


def check_evidence(cypher: str) -> None:
    """Raises `ZhenglingError` (`evidence-compared`, status 2) where a question compares evidence instead of returning
    it: the embedded store keeps references in its place and fills in the words of answers, so it would find nothing."""
    tokens = [t for t in _TOKEN.finditer(cypher) if t.lastgroup not in ("space", "comment")]
    words = [t[0].strip("`").upper() for t in tokens]
    names = {_EVIDENCE}
    for here, (word, after) in enumerate(pairwise(words)):
        if (
            after == "AS"
            and here + 2 < len(words)
            and (word in names or words[here - 1 : here + 1] == [_EVIDENCE, ")"])
        ):
            names.add(words[here + 2])
    for here, word in enumerate(words):
        before, after = words[here - 1] if here else "", words[here + 1] if here + 1 < len(words) else ""
        if word in names and (after in _COMPARING or _looked_through(words, here, before)):
            raise ZhenglingError("evidence-compared", 2, **_at(cypher, tokens[here]))


_EVIDENCE = "EVIDENCE"
_COMPARING = frozenset({"CONTAINS", "STARTS", "ENDS", "IN", "=", "<", ">", "[", ":"})


def _looked_through(words: Sequence[str], here: int, before: str) -> bool:
    """Whether a list is what `x IN …` looks through; of `r.evidence` the word before its variable counts."""
    return before == "IN" or (before == "." and here >= 3 and words[here - 3] == "IN")


CYPHER = QuestionForm(".cypher", "//", check)


def _at(cypher: str, token: re.Match[str]) -> dict[str, Any]:
    return {"line": cypher.count("\n", 0, token.start()) + 1, "text": token[0]}
