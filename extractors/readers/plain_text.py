"""The reader of plain text."""

from __future__ import annotations

from ..files.decode import decode
from .content import Content


def read(path: str, data: bytes) -> Content:
    """The text of a file, as it is. Raises `PaperError` for a binary one."""
    source, warnings = decode(path, data)
    return Content(warnings=warnings, source=source)
