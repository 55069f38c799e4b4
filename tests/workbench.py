"""The workbench as the tests meet it: served from a thread, asked over a real socket, opened in Chromium without any
other network."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from zhengling.extractors.limits import Settings


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def data(self) -> Any:
        return json.loads(self.body)


class Workbench:
    """A server at `address`. `get` and `post` send what they are told, also what no browser would."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.host = urlsplit(address).netloc
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: bytes | str | None = None, **headers: str) -> Reply:
        sent = {"Host": self.host} | {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies and "Cookie" not in sent:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        line = http.client.HTTPConnection(self.host, timeout=60)
        try:
            line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            data = body.encode() if isinstance(body, str) else body
            if data is not None:
                sent |= {"Content-Length": str(len(data))}
            for name, value in sent.items():
                line.putheader(name, value)
            line.endheaders(data)
            answer = line.getresponse()
            got = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, got, answer.read())
        finally:
            line.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, **headers)


@contextmanager
def serving(workspace: Path, **settings: Any) -> Iterator[Workbench]:
    """The workbench on a free port of this machine, until the context ends."""
    from zhengling.app.web.running import server

    found: list[str] = []
    there = threading.Event()

    def ready(address: str) -> None:
        found.append(address.rstrip("/"))
        there.set()

    made = server(workspace, "127.0.0.1", 0, frozenset(), Settings(timeout=8.0), ready, **settings)
    made.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    try:
        assert there.wait(30)
        yield Workbench(found[0])
    finally:
        made.should_exit = True
        thread.join(20)


class Tab:
    """A page in Chromium to which only the server answers; it keeps what went wrong and what was asked elsewhere."""

    def __init__(
        self, browser, bench: Workbench, width: int = 1366, height: int = 768, language: str = "zh-CN"
    ) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, locale=language, reduced_motion="reduce"
        )
        self.bench, self.troubles = bench, []

        def gate(route) -> None:
            own = route.request.url.startswith(bench.address + "/")
            if not own:
                self.troubles.append(f"asked: {route.request.url}")
            (route.continue_ if own else route.abort)()

        self.context.route("**/*", gate)
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("console", lambda line: self.troubles.append(f"{line.type}: {line.text}"))
        # Dialogs of files are caught from the start: asked for with the key that opens one, the key may come first.
        self.page.on("filechooser", lambda _: None)
        self.page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: (self.troubles.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def go(self, address: str) -> None:
        self.page.goto(self.bench.address + address)
