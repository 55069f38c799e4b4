"""The reader of our own records: what `extract` wrote passes as it is."""

from __future__ import annotations

import json
from typing import Any

from ..errors import PaperError
from ..model import Record
from ..validate import check_record
from .content import Content


def read(path: str, data: bytes) -> Content:
    """A paper that is nothing but its record.

    Raises `PaperError` (`paper-no-record`) where the JSON is none.
    """
    try:
        given = json.loads(data.decode("utf-8-sig"))
        record = Record.from_json(given)
        check_record(given)
        if not _kept(given, record.to_json()):
            raise ValueError
    except (ValueError, RecursionError):
        raise PaperError("paper-no-record", path=path) from None
    return Content(record=record)


def is_record(head: bytes) -> bool:
    """Whether a JSON file begins as a record of ours does."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"document"' in head and b'"evidence"' in head


def _kept(given: Any, made: Any) -> bool:
    """Whether all that a record was made of is in it as it was given; what the model does not know is not asked for."""
    if isinstance(made, dict):
        return isinstance(given, dict) and all(_kept(v, made[k]) for k, v in given.items() if k in made)
    if isinstance(made, list):
        return isinstance(given, list) and len(given) == len(made) and all(map(_kept, given, made))
    return given == made
