"""Programs of the machine that tests need, and processes as a terminal would start them."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import pytest


def missing(why: str) -> NoReturn:
    """Leaves the test out and says why; on CI, where everything is to be had, it fails."""
    if os.environ.get("CI"):
        pytest.fail(why, pytrace=False)
    pytest.skip(why)


def tesseract() -> str:
    """The path of tesseract; where it or its Chinese data is missing, the test is left out."""
    found = shutil.which("tesseract")
    advice = "On Debian: apt-get install tesseract-ocr tesseract-ocr-chi-sim"
    if found is None:
        missing(f"No tesseract. {advice}")
    said = subprocess.run([found, "--list-langs"], capture_output=True, text=True)
    if "chi_sim" not in (said.stdout + said.stderr).split():
        missing(f"tesseract has no Chinese data. {advice}")
    return found


def office() -> str:
    """The path of LibreOffice; where there is none, the test is left out."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        missing("No LibreOffice. On Debian: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui")
    return found


def printing_font() -> None:
    """Leaves the test out where what prints papers finds no font of the family Noto CJK."""
    if not _has_noto():
        missing("No Noto CJK font. On Debian: apt-get install fonts-noto-cjk")


@cache
def _has_noto() -> bool:
    if shutil.which("fc-list"):
        listed = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True).stdout
        return "CJK" in listed and "Noto" in listed
    return any(Path("/usr/share/fonts").rglob("Noto*CJK*"))


def driver_library() -> None:
    """Leaves the test out where the library that Playwright's Node.js is linked to is not there."""
    if sys.platform != "linux":
        return
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        missing("What drives the browser needs libatomic. On Debian: apt-get install libatomic1")


def start(words: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """Start a program that an interrupt reaches, also where the tests were told to ignore theirs (`nohup make test &`):
    an ignored signal is handed down, and Python then raises no KeyboardInterrupt."""
    return subprocess.Popen(words, preexec_fn=_interruptible, **options)


def _interruptible() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
