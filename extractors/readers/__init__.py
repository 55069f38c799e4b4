"""Readers: one a file format, each a function `read(path, data) -> Paper`, found by entry point or built in."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import PaperError
from . import text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..model import Paper

#: A file larger than this is refused: no paper of the genre is, and memory stays bounded.
MAX_BYTES = 20_000_000
#: Readers may not give more text than this (code points).
MAX_CHARACTERS = 2_000_000

#: Suffix → module and function, loaded when a file of the suffix is read first.
BUILT_IN = {
    ".txt": "text:read",
    ".text": "text:read",
    ".md": "text:read",
    ".tsv": "text:read",
}


@cache
def readers() -> dict[str, Callable[[str, bytes], Paper]]:
    """Suffix → reader. Entry points of the group `zhengling.readers` are named after the suffix that they read."""
    found = {suffix: _later(name) for suffix, name in BUILT_IN.items()}
    for point in entry_points(group="zhengling.readers"):
        found.setdefault("." + point.name.lstrip("."), point.load())
    return found


def _later(name: str) -> Callable[[str, bytes], Paper]:
    module, function = name.split(":")

    def read(path: str, data: bytes) -> Paper:
        return getattr(import_module("." + module, __name__), function)(path, data)

    return read


@contextmanager
def needs(extra: str, package: str) -> Iterator[None]:
    """Around the import of a library that is an extra: where it is missing, a `PaperError` says how to install it."""
    try:
        yield
    except ImportError as error:
        raise PaperError("paper-missing-extra", extra=extra, package=package) from error


def suffixes() -> set[str]:
    """The suffixes that some reader takes, with the dot, in lower case."""
    return set(readers())


def read(path: str | Path) -> Paper:
    """The paper in a file. A file of an unknown suffix is tried as plain text.

    Raises `OSError` where the file can not be opened and `PaperError` where it is no readable paper.
    """
    path = Path(path)
    if path.is_dir():
        raise PaperError("paper-is-folder", path=str(path))
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise PaperError("paper-too-large", path=str(path), size=size, limit=MAX_BYTES)
    data = path.read_bytes()
    try:
        paper = readers().get(path.suffix.lower(), text.read)(str(path), data)
    except PaperError as error:
        error.values.setdefault("path", str(path))
        raise
    paper.path, paper.sha256 = path.as_posix(), hashlib.sha256(data).hexdigest()
    return paper
