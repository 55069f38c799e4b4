"""Readers: one a file format, each a function `read(path, data) -> Paper`, found by entry point or built in.

A reader with a third parameter `settings` is given the `Settings` that it is to read by.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from importlib.metadata import entry_points
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import PaperError
from . import text
from .record import is_record
from .sniff import MAGIC, OTHER_ARCHIVES, kind_of, suffix_of, unpacked_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from importlib.metadata import EntryPoint

    from ..model import Paper
    from .archive import Failed

#: A file larger than this is refused: no paper of the genre is, and memory stays bounded.
MAX_BYTES = 20_000_000
#: Files that are ZIPs inside (DOCX, XLSX, OFD, …) may unpack to so many times as much.
UNPACKED = 10
#: Readers may not give more text than this (code points).
MAX_CHARACTERS = 2_000_000

#: Suffix → module and function, loaded when a file of the suffix is read first.
BUILT_IN = {
    ".txt": "text:read",
    ".text": "text:read",
    ".md": "markdown:read",
    ".markdown": "markdown:read",
    ".csv": "rows:read",
    ".tsv": "rows:read",
    ".json": "record:read",
    ".docx": "docx:read",
    ".docm": "docx:read",
    ".dotx": "docx:read",
    ".dotm": "docx:read",
    ".xlsx": "sheets:read_xlsx",
    ".xlsm": "sheets:read_xlsx",
    ".xltx": "sheets:read_xlsx",
    ".xltm": "sheets:read_xlsx",
    ".xlsb": "sheets:read_xlsx",
    ".xls": "sheets:read_xls",
    ".xlt": "sheets:read_xls",
    ".et": "sheets:read_xls",
    ".ett": "sheets:read_xls",
    ".html": "html:read",
    ".htm": "html:read",
    ".shtml": "html:read",
    ".xhtml": "html:read",
    ".mht": "html:read",
    ".mhtml": "html:read",
    ".pdf": "pdf:read",
    ".doc": "office:read",
    ".dot": "office:read",
    ".wps": "office:read",
    ".wpt": "office:read",
    ".odt": "office:read",
    ".ods": "office:read",
    ".rtf": "office:read",
    ".ofd": "ofd:read",
}

#: Formats that are plain text, read in this process: their readers take time and memory in step with the size.
PLAIN = {".txt", ".text", ".csv", ".tsv", ".json"}


@cache
def readers() -> dict[str, Callable[[str, bytes], Paper]]:
    """Suffix → reader. Entry points of the group `zhengling.readers` are named after the suffix that they read."""
    found = {suffix: _later(name) for suffix, name in BUILT_IN.items()}
    for point in entry_points(group="zhengling.readers"):
        found.setdefault("." + point.name.lstrip(".").lower(), partial(_call, point))
    return found


def _call(point: EntryPoint, path: str, data: bytes, settings: Settings) -> Paper:
    """Loads the reader of a package where it is needed: one that does not load costs its own files, not all others."""
    try:
        read = point.load()
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".partition("\n")[0][:200]
        raise PaperError("reader-broken", path=path, reader=point.value, reason=reason) from error
    return read(path, data, settings) if "settings" in signature(read).parameters else read(path, data)


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


def reader_of(suffix: str) -> Callable[..., Paper]:
    """The reader of a suffix; what nothing else is known of is tried as plain text."""
    if suffix not in BUILT_IN:
        return readers().get(suffix, text.read)
    module, function = BUILT_IN[suffix].split(":")
    return getattr(import_module("." + module, __name__), function)


def suffixes() -> set[str]:
    """The suffixes that some reader takes, with the dot, in lower case."""
    return set(readers())


def is_paper(name: str, head: bytes) -> bool:
    """Whether a file of a folder is taken for a paper: by its suffix, where it has none by its first bytes. JSON is one
    only where it is a record of ours."""
    _, dot, suffix = name.rpartition("/")[2].rpartition(".")
    if dot and suffix.lower() == "json":
        return is_record(head)
    if dot and suffix.lower() != "zip":
        return f".{suffix.lower()}" in readers()
    return head.startswith(MAGIC) or kind_of(head) == ".html"


@dataclass(frozen=True, slots=True)
class Settings:
    """How files are read: bytes of the largest file, seconds and bytes of memory that reading one may take (where it
    is not plain text), and whether pages without text go through text recognition."""

    max_bytes: int = MAX_BYTES
    timeout: float = 120
    memory: int = 2_000_000_000
    ocr: bool = False


class Reader:
    """Reads files, and what lies in ZIPs, one after the other; a context that ends what it started.

    Plain text is read at once, every other format in a process of its own.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        from .archive import Files
        from .child import Child

        self.settings = settings or Settings()
        self.files = Files(self.settings.max_bytes)
        self._child = Child(self.settings)

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.files.close()
        self._child.close()

    def read(self, path: str | Path) -> Paper:
        """The paper in a file, which may lie in a ZIP (`papers.zip/notice.docx`).

        Raises `OSError` where the file can not be opened and `PaperError` where it is no readable paper.
        """
        from .child import call

        name = str(path)
        data = self.files.load(name)
        if not data:
            raise PaperError("paper-empty", path=name)
        suffix = suffix_of(name, data)
        if suffix == "locked":
            raise PaperError("paper-locked", path=name)
        if suffix == ".zip":
            raise PaperError("paper-is-zip" if data.startswith(b"PK\x03\x04") else "archive-damaged", path=name)
        if data.startswith(OTHER_ARCHIVES):
            raise PaperError("archive-kind", path=name)
        if suffix == ".pptx":
            raise PaperError("paper-slides", path=name)
        if data.startswith(b"PK") and (size := unpacked_size(data)) > UNPACKED * self.settings.max_bytes:
            raise PaperError("paper-too-large", path=name, size=size, limit=UNPACKED * self.settings.max_bytes)
        try:
            if suffix in PLAIN or suffix not in readers():
                paper = call(suffix, name, data, self.settings)
            else:
                paper = self._child.read(suffix, name, data)
        except PaperError as error:
            error.values.setdefault("path", name)
            raise
        paper.path, paper.sha256 = Path(name).as_posix(), hashlib.sha256(data).hexdigest()
        return paper

    def papers(self, start: str | Path, skip: Callable[[str], bool], failed: Failed) -> Iterator[str]:
        """The paths of the papers under a path: see `Files.papers`."""
        return self.files.papers(str(start), is_paper, skip, failed)


def read(path: str | Path, settings: Settings | None = None) -> Paper:
    """The paper in a file: see `Reader.read`."""
    with Reader(settings) as reader:
        return reader.read(path)
