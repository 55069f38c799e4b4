"""Questions that people write are asked in a process beside this one: it can be ended, takes bounded time and memory,
and reaches neither network nor files but the store's.

Both engines are other people's code in C++ and Rust: while they work nothing else of their process does, neither a
signal nor a limit of time. What is asked there is what `queries` has checked before.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from ...extractors.bounded import EndedError, Process, TooSlowError, bound_memory, serve
from ...extractors.errors import ZhenglingError, notice
from ...extractors.limits import Settings
from ...extractors.sealed import can_seal, seal
from .embedded import EmbeddedStore, is_full
from .parsed import check_parse
from .plan import check_plan

_MOST_ENLARGED = 2  # times that the store's own memory is made four times as large for a question that does not fit
_NO_MEMORY = "bad_alloc"  # in what the library says where the system gives no more
_BEFORE = "MATCH (n) RETURN n.id LIMIT 1"  # what the engine sets up at its first question is set up before it is sealed


class _StartedFor(NamedTuple):
    """What a process was started for; another file, also under the same name, needs another one."""

    file: str
    number: int
    changed: int
    enlarged: int


class _Asked:
    """A store that is asked in a process beside this one; `close` ends it."""

    engine = ""

    def __init__(self, path: Path, settings: Settings | None = None) -> None:
        self.path, self.settings = Path(path), settings or Settings()
        self._process: Process | None = None
        self._kept: _StartedFor | None = None

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, text: str, parameters: Mapping[str, Any], enlarged: int = 0) -> dict[str, Any]:
        """The answer of the process; what it says of errors is raised."""
        return self._send({"text": text, "parameters": {k: packed(v) for k, v in parameters.items()}}, enlarged)

    def _send(self, asked: dict[str, Any], enlarged: int) -> dict[str, Any]:
        process = self._ready(enlarged)
        try:
            answer = process.ask(json.dumps(asked).encode("utf-8", "surrogatepass"), seconds=self.settings.timeout)
        except TooSlowError:
            raise ZhenglingError("question-slow", 1, seconds=self.settings.timeout) from None
        except EndedError:
            raise ZhenglingError("question-ended", 1, megabytes=self.settings.memory // 1_000_000) from None
        if "code" in answer:
            raise ZhenglingError(answer["code"], answer["status"], **answer["values"])
        return answer

    def _ready(self, enlarged: int) -> Process:
        try:
            there = self.path.stat()
        except OSError:
            raise ZhenglingError("store-missing", 1, path=str(self.path)) from None
        kept = _StartedFor(str(self.path), there.st_ino, there.st_mtime_ns, enlarged)
        if self._process is None or kept != self._kept:
            self.close()
            if not can_seal():  # the looks at the question and the limits hold; the second wall is missing
                notice("not-sealed")
            arguments = [self.engine, str(self.path), str(self.settings.memory), str(enlarged)]
            self._process, self._kept = Process(__name__, *arguments), kept
        return self._process


class AskedInCypher(_Asked):
    """The embedded store (`runner.Store`)."""

    engine = "cypher"

    def rows(self, cypher: str, parameters: Mapping[str, Any] | None = None, /) -> tuple[list[str], list[list[Any]]]:
        """As `EmbeddedStore.rows`; also `question-slow` and `question-ended` where a limit is reached, and
        `cypher-plan` where the engine's plan does more than read the graph."""
        full = ""
        for enlarged in range(_MOST_ENLARGED + 1):
            answer = self._ask(cypher, parameters or {}, enlarged)
            full = answer.get("full", "")
            if not full:
                return answer["columns"], [[unpacked(value) for value in row] for row in answer["rows"]]
        raise ZhenglingError("store-failed", 1, path=str(self.path), reason=full)

    def search(self, words: Sequence[str], region: str, year: int, limit: int) -> list[dict[str, Any]] | None:
        """As `EmbeddedStore.search`."""
        found = self._send({"search": [list(words), region, year, limit]}, 0)["found"]
        return found if found is None else list(found)


class AskedInSparql(_Asked):
    """The quad store in a folder. Terms come as (kind, text, datatype)."""

    engine = "sparql"

    def ask(self, sparql: str, shape: str, prefixes: Mapping[str, str]) -> dict[str, Any]:
        """`{"answer": bool}`, `{"columns", "rows"}` or `{"triples"}`; raises `ZhenglingError`.

        `shape` is what is parsed and looked at: the same question, but that values may stand for others of their type,
        so that a question that is asked again and again is looked at once.
        """
        return self._ask(sparql, {"shape": shape, "prefixes": dict(prefixes)})


# --- what goes over ---------------------------------------------------------------------------------------------------

_TO_TEXT: dict[type, tuple[str, Callable[[Any], str]]] = {
    datetime: ("datetime", datetime.isoformat),
    date: ("date", date.isoformat),
    Decimal: ("decimal", str),
    timedelta: ("seconds", lambda value: str(value.total_seconds())),
    bytes: ("bytes", bytes.hex),
}
_FROM_TEXT: dict[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "decimal": Decimal,
    "seconds": lambda text: timedelta(seconds=float(text)),
    "bytes": bytes.fromhex,
}


def packed(value: Any) -> Any:
    """A value as JSON has it: lists as they are, everything that JSON lacks as `{kind: text}`, maps as `{"map": …}`."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Mapping):
        return {"map": {str(k): packed(v) for k, v in value.items()}}
    if isinstance(value, (list, tuple, set)):
        return [packed(v) for v in value]
    kind, text = _TO_TEXT.get(type(value), ("text", str))
    return {kind: text(value)}


def unpacked(value: Any) -> Any:
    if isinstance(value, list):
        return [unpacked(v) for v in value]
    if isinstance(value, dict):
        ((kind, inner),) = value.items()
        return {k: unpacked(v) for k, v in inner.items()} if kind == "map" else _FROM_TEXT.get(kind, str)(inner)
    return value


# --- in the process ---------------------------------------------------------------------------------------------------


Engine = Callable[[str, dict[str, Any]], dict[str, Any]]


def main(engine: str, path: str, memory: int, enlarged: int) -> None:
    """Answers questions until its input ends. What the store can not be opened for is said to the first."""

    def prepare() -> Callable[[list[bytes]], dict[str, Any]]:
        try:
            answer, search = _cypher(path, memory, enlarged) if engine == "cypher" else (_sparql(path, memory), None)
        except ZhenglingError as error:
            failed = _said(error)
            return lambda frames: failed

        def asked(frames: list[bytes]) -> dict[str, Any]:
            given = json.loads(frames[0].decode("utf-8", "surrogatepass"))
            try:
                if search and "search" in given:
                    return {"found": search(*given["search"])}
                return answer(given["text"], {k: unpacked(v) for k, v in given["parameters"].items()})
            except ZhenglingError as error:
                return _said(error)
            except MemoryError:
                return _said(ZhenglingError("question-ended", 1, megabytes=memory // 1_000_000)) | {"last": True}

        return asked

    serve(prepare)


def _said(error: ZhenglingError) -> dict[str, Any]:
    return {"code": error.code, "status": error.status, "values": error.values}


def _cypher(path: str, memory: int, enlarged: int) -> tuple[Engine, Callable[..., Any]]:
    import uuid  # noqa: F401  the engine asks for it when nothing can be opened any more

    store = EmbeddedStore(path, enlarged)
    store.ask_once(_BEFORE)
    bound_memory(memory)
    seal("nothing")

    def answer(text: str, parameters: dict[str, Any]) -> dict[str, Any]:
        try:
            check_plan(lambda cypher: store.ask_once(cypher, parameters)[1][0][0], text)
            columns, rows = store.ask_once(text, parameters)
        except ZhenglingError as error:
            if is_full(error):
                return {"full": str(error.values.get("reason", ""))}
            if _NO_MEMORY in str(error.values.get("reason", "")):
                raise MemoryError from error
            raise
        return {"columns": columns, "rows": [[packed(value) for value in row] for row in rows]}

    return answer, store.search


def _sparql(path: str, memory: int) -> Engine:
    import pyoxigraph as ox
    from rdflib.plugins.sparql import parser  # noqa: F401  loaded before files are out of reach

    try:
        store = ox.Store.read_only(path)
    except OSError as error:
        raise ZhenglingError("store-failed", 1, path=path, reason=_line(error)) from error
    bound_memory(memory)
    seal("reading")

    def term(value: Any) -> list[str] | None:
        if isinstance(value, ox.Literal):
            return ["literal", value.value, value.datatype.value, value.language or ""]
        return None if value is None else ["name", getattr(value, "value", str(value)), "", ""]

    def answer(text: str, parameters: dict[str, Any]) -> dict[str, Any]:
        try:
            check_parse(parameters["shape"])
            found = store.query(text, prefixes=parameters["prefixes"])
            if isinstance(found, ox.QueryBoolean):
                return {"answer": bool(found)}
            if isinstance(found, ox.QuerySolutions):
                columns = [variable.value for variable in found.variables]
                return {"columns": columns, "rows": [[term(value) for value in row] for row in found]}
            return {"triples": [[term(t.subject), term(t.predicate), term(t.object)] for t in found]}
        except ZhenglingError:
            raise
        except SyntaxError as error:
            raise ZhenglingError("sparql-wrong", 2, reason=_line(error)) from error
        except (OSError, RuntimeError, ValueError, TypeError) as error:
            raise ZhenglingError("sparql-failed", 1, reason=_line(error)) from error

    return answer


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
