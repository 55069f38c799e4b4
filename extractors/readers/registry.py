"""Readers: one a file format, each a function `read(path, data) -> Content`, found by entry point or built in.

A reader with a third parameter `settings` is given the `Settings` that it is to read by.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache, partial
from importlib import import_module
from importlib.metadata import entry_points
from inspect import signature
from typing import TYPE_CHECKING

from ..errors import PaperError
from ..files.kinds import MAGIC, kind_of
from . import plain_text
from .own_record import is_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from importlib.metadata import EntryPoint

    from ..limits import Settings
    from .content import Content

#: Suffix → module and function, loaded when a file of the suffix is read first.
BUILT_IN = {
    ".txt": "plain_text:read",
    ".text": "plain_text:read",
    ".md": "markdown:read",
    ".markdown": "markdown:read",
    ".csv": "csv:read",
    ".tsv": "csv:read",
    ".json": "own_record:read",
    ".docx": "office.docx:read",
    ".docm": "office.docx:read",
    ".dotx": "office.docx:read",
    ".dotm": "office.docx:read",
    ".xlsx": "office.workbook:read_xlsx",
    ".xlsm": "office.workbook:read_xlsx",
    ".xltx": "office.workbook:read_xlsx",
    ".xltm": "office.workbook:read_xlsx",
    ".xlsb": "office.workbook:read_xlsx",
    ".xls": "office.workbook:read_xls",
    ".xlt": "office.workbook:read_xls",
    ".et": "office.workbook:read_xls",
    ".ett": "office.workbook:read_xls",
    ".html": "web.html:read",
    ".htm": "web.html:read",
    ".shtml": "web.html:read",
    ".xhtml": "web.html:read",
    ".mht": "web.html:read",
    ".mhtml": "web.html:read",
    ".pdf": "pages.pdf:read",
    ".doc": "office.libreoffice:read",
    ".dot": "office.libreoffice:read",
    ".wps": "office.libreoffice:read",
    ".wpt": "office.libreoffice:read",
    ".odt": "office.libreoffice:read",
    ".ods": "office.libreoffice:read",
    ".rtf": "office.libreoffice:read",
    ".ofd": "pages.ofd:read",
}


@cache
def readers() -> dict[str, Callable[[str, bytes], Content]]:
    """Suffix → reader. Entry points of the group `zhengling.readers` are named after the suffix that they read."""
    found = {suffix: _later(name) for suffix, name in BUILT_IN.items()}
    for point in entry_points(group="zhengling.readers"):
        found.setdefault("." + point.name.lstrip(".").lower(), partial(_call, point))
    return found


def _call(point: EntryPoint, path: str, data: bytes, settings: Settings) -> Content:
    """Loads the reader of a package where it is needed: one that does not load costs its own files, not all others."""
    try:
        read = point.load()
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".partition("\n")[0][:200]
        raise PaperError("reader-broken", path=path, reader=point.value, reason=reason) from error
    return read(path, data, settings) if "settings" in signature(read).parameters else read(path, data)


def _later(name: str) -> Callable[[str, bytes], Content]:
    module, function = name.split(":")

    def read(path: str, data: bytes) -> Content:
        return getattr(import_module("." + module, __package__), function)(path, data)

    return read


@contextmanager
def needs(extra: str, package: str) -> Iterator[None]:
    """Around the import of a library that is an extra: where it is missing, a `PaperError` says how to install it."""
    try:
        yield
    except ImportError as error:
        raise PaperError("paper-missing-extra", extra=extra, package=package) from error


def reader_of(suffix: str) -> Callable[..., Content]:
    """The reader of a suffix; what nothing else is known of is tried as plain text."""
    if suffix not in BUILT_IN:
        return readers().get(suffix, plain_text.read)
    module, function = BUILT_IN[suffix].split(":")
    return getattr(import_module("." + module, __package__), function)


def is_paper(name: str, head: bytes) -> bool:
    """Whether a file of a folder is taken for a paper: by its suffix, where it has none by its first bytes. JSON is one
    only where it is a record of ours."""
    _, dot, suffix = name.rpartition("/")[2].rpartition(".")
    if dot and suffix.lower() == "json":
        return is_record(head)
    if dot and suffix.lower() != "zip":
        return f".{suffix.lower()}" in readers()
    return head.startswith(MAGIC) or kind_of(head) == ".html"
