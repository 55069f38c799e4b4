"""The reader of our own records: what `extract` wrote passes as it is."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

from ..errors import PaperError
from ..model import Paper, Record


def read(path: str, data: bytes) -> Paper:
    """A paper that is nothing but its record.

    Raises `PaperError` (`paper-no-record`) where the JSON is none.
    """
    try:
        given = json.loads(data.decode("utf-8-sig"))
        record = Record.from_json(given)
        if not (_sound(record, Record) and _kept(given, record.to_json())):
            raise ValueError
    except (ValueError, RecursionError):
        raise PaperError("paper-no-record", path=path) from None
    return Paper("", [], "", [], record=record)


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


def _sound(value: Any, kind: Any) -> bool:
    """Whether a value and all in it are of the kinds that the model says."""
    if kind is Any:
        return True
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return isinstance(value, kind) and all(_sound(getattr(value, f.name), hints[f.name]) for f in fields(kind))
    inner = get_args(kind)
    if hasattr(kind, "__origin__"):
        if kind.__origin__ is list:
            return isinstance(value, list) and all(_sound(v, inner[0]) for v in value)
        if kind.__origin__ is dict:
            return isinstance(value, dict) and all(
                _sound(k, inner[0]) and _sound(v, inner[1]) for k, v in value.items()
            )
    if inner:  # a choice of kinds
        return any(_sound(value, k) for k in inner)
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))
