"""A real Chromium for the tests: found or asked for, started without network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .programs import driver_library, missing

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ADVICE = (
    "These tests need Chromium and Playwright for Python. On Debian: apt-get install chromium fonts-noto-cjk; "
    "elsewhere install Chromium or Chrome and name its program in ZHENGLING_CHROMIUM."
)


def program() -> str:
    """The path of Chromium; where there is none, the test is left out with advice, and fails on CI."""
    named = os.environ.get("ZHENGLING_CHROMIUM")
    found = next(filter(None, map(shutil.which, (named,) if named else NAMES)), None)
    if found is None:
        missing(f"No Chromium found ({named or ', '.join(NAMES)}). {ADVICE}")
    return found


@contextmanager
def chromium() -> Iterator:
    """A running headless browser (`playwright.sync_api.Browser`)."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing(f"No Playwright. {ADVICE}")
    path = program()
    driver_library()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """A page opened from a file with the network cut; it keeps every request, console line, error and dialog."""

    def __init__(self, browser, path: Path, width: int = 1280, height: int = 800) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
        self.requests: list[str] = []
        self.troubles: list[str] = []
        address = path.resolve().as_uri()

        def gate(route) -> None:
            (route.continue_ if route.request.url == address else route.abort)()

        self.context.route("**/*", gate)
        self.context.set_offline(True)
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda line: self.troubles.append(f"{line.type}: {line.text}"))
        self.page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        self.page.on("dialog", self._dialog)
        self.page.goto(address)
        self.page.wait_for_function("window.zhengling !== undefined")
        self.outside = [url for url in self.requests if url != address and not url.startswith("data:")]

    def _dialog(self, dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def close(self) -> None:
        self.context.close()
