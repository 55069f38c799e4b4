"""The workbench, who may use it, and the same for assistants: serve, users, mcp."""

from __future__ import annotations

import logging
import sys
from getpass import getpass
from pathlib import Path

import click

from ...extractors.errors import ZhenglingError
from ..answers import give
from ..messages import Catalogue
from ..tell import tell
from ..web.roles import ROLES
from .making import Making, settings_of

VERBS = ("add", "list", "remove", "token")
TRANSPORTS = ("stdio", "http")
HOST, PORT = "127.0.0.1", 8421


def commands(make: Making) -> list[click.Command]:
    host = make.option("--host", metavar="ADDRESS", default=HOST)
    port = make.option("--port", metavar="N", type=click.IntRange(0, 65535), default=PORT)
    names = make.option("--name", "names", metavar="NAME", multiple=True, text="help-serve-name")
    opened = make.option("--open", "opened", is_flag=True, text="help-serve-open")
    log = make.option("--log", is_flag=True, text="help-serve-log")
    verb = click.Argument(["verb"], metavar="|".join(VERBS), type=click.Choice(VERBS))
    name = click.Argument(["name"], metavar="[NAME]", required=False, default="")
    role = make.choice("role", ROLES, default="reader", text="help-users-role")
    write = make.option("--write", is_flag=True, text="help-users-write")
    transport = make.choice("transport", TRANSPORTS, default="stdio", text="help-mcp-transport")
    return [
        make.command(serve, "serve", host, port, names, opened, log, *make.question_limits(), make.workspace()),
        make.command(mcp, "mcp", transport, port, *make.question_limits(), make.workspace()),
        make.command(users, "users", verb, name, role, write, make.workspace()),
    ]


def serve(
    say: Catalogue,
    host: str,
    port: int,
    names: tuple[str, ...],
    opened: bool,
    log: bool,
    timeout: float,
    max_memory: int,
    workspace: str,
) -> int:
    try:
        from ..web.running import server
    except ImportError as error:
        raise ZhenglingError("missing-extra", 1, extra="web", package=str(error.name)) from error
    if log:
        logging.getLogger("zhengling.access").setLevel(logging.INFO)

    def ready(address: str) -> None:
        tell(say("serve-ready", address=address))
        if opened:
            import webbrowser

            webbrowser.open(address)

    settings = settings_of(max_memory, timeout=timeout)
    server(Path(workspace), host, port, frozenset(names), settings, ready).run()
    return 0


def mcp(say: Catalogue, transport: str, port: int, timeout: float, max_memory: int, workspace: str) -> int:
    try:
        from ..web.assistant import server
    except ImportError as error:
        raise ZhenglingError("missing-extra", 1, extra="mcp", package=str(error.name)) from error
    made = server(Path(workspace), settings_of(max_memory, timeout=timeout), say.language)
    if transport == "stdio":
        made.run("stdio")
    else:  # on this machine alone; other names that lead here are refused
        tell(say("serve-ready", address=f"http://{HOST}:{port}/mcp"))
        made.run("streamable-http", host=HOST, port=port)
    return 0


def users(say: Catalogue, verb: str, name: str, role: str, write: bool, workspace: str) -> int:
    from ..web.access import Users

    known = Users(Path(workspace))
    if verb == "list":
        return give(say, ["name", "role", "tokens"], known.listed(), "table", None, "users")
    if not name:
        raise ZhenglingError("missing-parameter", 2, name="NAME")
    if verb == "add":
        known.add(name, role, _password(say, name))
        tell(say("user-added", name=name, role=say(f"role-{role}")))
    elif verb == "remove":
        known.remove(name)
        tell(say("user-removed", name=name))
    else:
        token = known.token(name, write)
        print(token)
        tell(say("user-token"))
    return 0


def _password(say: Catalogue, name: str) -> str:
    """Asked for twice at a terminal; else the first line of standard input."""
    if sys.stdin is None or not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n") if sys.stdin else ""
    first = getpass(say("ask-password", user=name))
    if first != getpass(say("ask-password-again")):
        raise ZhenglingError("user-passwords-differ", 2)
    return first
