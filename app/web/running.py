"""The server that runs the application, on an address of this machine."""

from __future__ import annotations

import errno
import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from ...extractors.errors import ZhenglingError
from .access import Users
from .application import application
from .guard import LOOPBACK, is_loopback

if TYPE_CHECKING:
    from ...extractors.limits import Settings

_GRACE = 5  # seconds that requests under way get when the server ends
_AT_ONCE = 200  # requests; more are turned away


class _WorkbenchServer(uvicorn.Server):
    """Says where it is when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], bound: socket.socket) -> None:
        super().__init__(config)
        self._ready, self._bound = ready, bound

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        super().run(sockets or [self._bound])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def server(
    folder: Path,
    host: str,
    port: int,
    names: frozenset[str],
    settings: Settings,
    ready: Callable[[str], None],
) -> uvicorn.Server:
    """A server on `host` and `port` (0: any that is free), to be `run`; `ready` is told the address.

    `names` are further names under which it is asked. Raises `ZhenglingError` where the address is not to be had, and
    where others could reach it while nobody has to say who they are.
    """
    on_loopback = is_loopback(host)
    alone = on_loopback and not names  # under another name it is asked by way of a server before it
    if not alone and not Users(folder):
        raise ZhenglingError("serve-needs-users", 2, host=host)
    bound = _bound(host, port)
    app = application(folder, settings, LOOPBACK | names if on_loopback else names, not on_loopback, alone)
    app.state.site.store.clear()
    app.state.site.shelf.warm()
    for name in ("zhengling.access", "zhengling.web"):
        log = logging.getLogger(name)
        log.propagate = False
        if not log.handlers:
            log.addHandler(logging.StreamHandler())
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,  # of a server on this machine that speaks TLS, or of those that FORWARDED_ALLOW_IPS names
        ws="none",
        lifespan="on",
        limit_concurrency=_AT_ONCE,
        timeout_graceful_shutdown=_GRACE,
    )
    number = bound.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    return _WorkbenchServer(config, lambda: ready(f"http://{shown}:{number}/"), bound)


def _bound(host: str, port: int) -> socket.socket:
    try:
        kind = socket.AF_INET6 if ":" in host else socket.AF_INET
        bound = socket.socket(kind, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError as error:
        reason = os.strerror(error.errno or errno.EADDRNOTAVAIL)
        raise ZhenglingError("serve-address", 1, host=host, port=port, reason=reason) from error
    return bound
