"""Which store answers, and how to reach it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from ...extractors.errors import ZhenglingError
from ..api import Graph
from ..messages import Catalogue

if TYPE_CHECKING:
    from ...extractors.limits import Settings
    from ...graph.stores.neo4j import Connection


@contextmanager
def asked(
    say: Catalogue, store: str, workspace: str, settings: Settings | None = None, **server: str | None
) -> Iterator[Graph]:
    """The graph that answers: the workspace's own, or Neo4j."""
    for name, value in server.items():
        if value is not None and store == "embedded":
            raise ZhenglingError("only-neo4j", 2, option="--" + name)
    graph = Graph(workspace, connection_of(say, workspace, server) if store == "neo4j" else None, settings)
    try:
        yield graph
    finally:
        graph.close()


def connection_of(say: Catalogue, workspace: str, server: dict[str, str | None]) -> Connection:
    """How to reach Neo4j; the password is asked for where a person sits at the terminal."""
    from ...graph.stores.neo4j import connection

    def ask(user: str) -> str:
        with suppress(EOFError):
            return getpass(say("ask-password", user=user)) if sys.stdin and sys.stdin.isatty() else ""
        return ""

    # The driver tells its troubles to a log, too, which Python shows where nobody listens.
    logging.getLogger("neo4j").addHandler(logging.NullHandler())
    return connection(Path(workspace), server, ask=ask)
