"""The graph in Neo4j: how to reach the server, and questions to it. `load.py` writes there.

Everything of ours there bears the property `zhengling` (`schema.MARK`); what does not is somebody else's.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from ...extractors.errors import ZhenglingError
from ..schema import MARK, nodes_question, relationships_question
from .plan import PLUGGED_IN, check_server_plan

if TYPE_CHECKING:
    import neo4j

SETTINGS = "neo4j.toml"  # in the workspace
_DEFAULTS = {"uri": "neo4j://localhost:7687", "user": "neo4j", "database": "neo4j"}
_ENVIRONMENT = {"uri": "NEO4J_URI", "user": "NEO4J_USERNAME", "database": "NEO4J_DATABASE"}
_PASSWORD = "NEO4J_PASSWORD"
_SCHEMES = tuple(f"{kind}{security}" for kind in ("neo4j", "bolt") for security in ("", "+s", "+ssc"))
_Read = TypeVar("_Read")
_WAIT = 10.0  # seconds until a server that does not answer counts as absent


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the server is and who asks. The password is shown nowhere."""

    uri: str
    user: str
    database: str
    password: str = field(repr=False)


def connection(
    workspace: Path,
    given: Mapping[str, str | None],
    *,
    ask: Callable[[str], str] | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Connection:
    """The connection out of what was given, else the environment, else the workspace's `neo4j.toml`, else the defaults.

    `given` may hold `uri`, `user`, `database` and `password`. The password comes from there or from `NEO4J_PASSWORD`,
    else from `ask` (it gets the user's name); it has no place in a file. Raises `ZhenglingError`.
    """
    kept = _kept(workspace / SETTINGS)
    found = {
        name: given.get(name) or environ.get(_ENVIRONMENT[name]) or kept.get(name) or default
        for name, default in _DEFAULTS.items()
    }
    scheme = host = None
    try:
        parts = urlsplit(found["uri"])
        secret = parts.username is not None or parts.password is not None
        _ = parts.port
        scheme, host = parts.scheme, parts.hostname
    except ValueError:
        secret = "@" in found["uri"]
    if secret:  # the driver would put it into its message
        raise ZhenglingError("neo4j-uri-secret", 2, variable=_PASSWORD)
    if host is None or scheme not in _SCHEMES:
        raise ZhenglingError("neo4j-uri", 2, uri=found["uri"], schemes=_SCHEMES)
    password = given.get("password") or environ.get(_PASSWORD) or (ask(found["user"]) if ask else "")
    if not password:
        raise ZhenglingError("neo4j-no-password", 2, variable=_PASSWORD)
    return Connection(**found, password=password)


def _kept(path: Path) -> dict[str, str]:
    """What the workspace's file of settings says."""
    try:
        kept = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ZhenglingError("settings-unreadable", 1, path=str(path), reason=str(error)) from error
    for name, value in kept.items():
        if name == "password":
            raise ZhenglingError("settings-secret", 1, path=str(path), variable=_PASSWORD)
        if name not in _DEFAULTS or not isinstance(value, str):
            raise ZhenglingError("settings-wrong", 1, path=str(path), name=name, names=list(_DEFAULTS))
    return kept


class Neo4jStore:
    """The graph in a Neo4j database, for questions: every session is opened for reading. A question that takes longer
    than `seconds` is ended by the server, where that is given."""

    def __init__(self, connection: Connection, seconds: float | None = None) -> None:
        self.connection, self.seconds = connection, seconds
        self._driver: neo4j.Driver | None = None
        self._plugged_in: list[str] | None = None

    def rows(self, cypher: str, parameters: dict[str, Any] | None = None) -> tuple[list[str], list[list[Any]]]:
        """The columns and the rows of a question, as plain Python values (dates as `datetime.date`).

        Raises `ZhenglingError`: `cypher-wrong` where the server does not understand the question, others where it can
        not be reached or can not answer.
        """

        def ask(transaction: neo4j.ManagedTransaction) -> tuple[list[str], list[list[Any]]]:
            result = transaction.run(cypher, parameters or {})  # type: ignore[arg-type]
            return list(result.keys()), [plain(record) for record in result]

        return self._read(ask)

    def check(self, cypher: str, parameters: dict[str, Any] | None = None) -> None:
        """Raises `ZhenglingError` (`cypher-plan`) where the server's own plan of a question does more than read; the
        question is not asked."""

        def explain(transaction: neo4j.ManagedTransaction) -> neo4j.ResultSummary:
            return transaction.run("EXPLAIN " + cypher, parameters or {}).consume()  # type: ignore[arg-type]

        def functions(transaction: neo4j.ManagedTransaction) -> list[str]:
            return [record["name"] for record in transaction.run(PLUGGED_IN)]

        if self._plugged_in is None:
            self._plugged_in = self._read(functions)
        summary = self._read(explain)
        check_server_plan(summary.query_type, summary.plan, self._plugged_in)

    def nodes(self, label: str) -> Iterator[list[Any]]:
        """Our rows of a label, one after another (`schema.Source`)."""
        yield from self._stream(nodes_question(label, f"WHERE n.`{MARK}` "))

    def relationships(self, name: str, start: str, stop: str) -> Iterator[list[Any]]:
        """Our rows of a relationship between two labels, one after another (`schema.Source`)."""
        yield from self._stream(relationships_question(name, start, stop, f"WHERE r.`{MARK}` "))

    def _read(self, work: Callable[[neo4j.ManagedTransaction], _Read]) -> _Read:
        with self._reading() as session:
            from neo4j import unit_of_work

            return session.execute_read(unit_of_work(timeout=self.seconds)(work))

    def close(self) -> None:
        """Hang up; the next question connects again."""
        if self._driver is not None:
            self._driver.close()
        self._driver = None

    def __enter__(self) -> Neo4jStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _stream(self, cypher: str) -> Iterator[list[Any]]:
        with self._reading() as session:
            yield from map(plain, session.run(cypher))  # type: ignore[arg-type]

    @contextmanager
    def _reading(self) -> Iterator[neo4j.Session]:
        with errors(self.connection):
            if self._driver is None:
                self._driver = driver(self.connection)
            with self._driver.session(database=self.connection.database, default_access_mode="READ") as session:
                yield session


class AskedInNeo4j:
    """The same for questions that people write (`runner.Store`): each is asked when its plan only reads."""

    def __init__(self, store: Neo4jStore) -> None:
        self.store = store

    def rows(self, cypher: str, parameters: dict[str, Any] | None = None, /) -> tuple[list[str], list[list[Any]]]:
        """As `Neo4jStore.rows`; also `cypher-plan`."""
        self.store.check(cypher, parameters)
        return self.store.rows(cypher, parameters)


def driver(connection: Connection) -> neo4j.Driver:
    """A driver that has reached the server. Call it within `errors`.

    Raises `ZhenglingError` where the package `neo4j` (extra of the same name) is not installed.
    """
    try:
        import neo4j
    except ImportError as error:
        raise ZhenglingError("missing-extra", 1, extra="neo4j", package="neo4j") from error
    made = neo4j.GraphDatabase.driver(
        connection.uri,
        auth=(connection.user, connection.password),
        user_agent="zhengling",
        notifications_min_severity="OFF",  # labels that are not there yet are no news
        connection_timeout=_WAIT,
    )
    try:
        made.verify_connectivity()
    except BaseException:
        made.close()
        raise
    return made


@contextmanager
def errors(connection: Connection) -> Iterator[None]:
    """Turns what the driver raises into a `ZhenglingError`."""
    try:
        from neo4j.exceptions import AuthError, DriverError, Neo4jError
    except ImportError:  # `driver` says so
        yield
        return
    at = {"uri": connection.uri, "database": connection.database}
    try:
        yield
    except AuthError as error:
        raise ZhenglingError("neo4j-auth", 1, user=connection.user, **at) from error
    except Neo4jError as error:
        code, reason = error.code or "", _line(error.message or str(error))
        known = next((ours for theirs, ours in _CODES.items() if theirs in code), "neo4j-failed")
        status = 2 if known == "cypher-wrong" else 1
        raise ZhenglingError(known, status, kind=code, reason=reason, **at) from error
    except (DriverError, OSError) as error:
        raise ZhenglingError("neo4j-unreachable", 1, reason=_line(str(_root(error))), **at) from error


# Part of the server's code → ours; the first that fits.
_CODES = {
    "Database.DatabaseNotFound": "neo4j-no-database",
    "ReadOnlyAccessDatabase": "neo4j-read-only",
    "Security.Forbidden": "neo4j-forbidden",
    "TransactionLogError": "neo4j-not-written",  # seen where the disk is full
    "ClientError.Statement.AccessMode": "neo4j-read-only",
    "ClientError.Statement": "cypher-wrong",
}


def _root(error: BaseException) -> BaseException:
    """What lies at the bottom: the driver's own words name a routing table, not the refused connection."""
    for inner in (*getattr(error, "exceptions", ())[:1], error.__cause__):
        if inner is not None:
            return _root(inner)
    return error


def _line(text: str) -> str:
    return text.strip().partition("\n")[0]


def plain(record: Any) -> list[Any]:
    """A record's values as Python has them: dates as `datetime.date`, nodes and relationships as their properties."""
    return [_plain(value) for value in record]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items() if name != MARK}
    if hasattr(value, "to_native"):
        return value.to_native()
    if hasattr(value, "relationships"):  # a path
        return [_plain(one) for one in (*value.nodes, *value.relationships)]
    return _plain(dict(value.items())) if hasattr(value, "items") else value
