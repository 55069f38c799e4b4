"""A value as a cell has it: of a file, of a screen, never a formula or a control character."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any

# A spreadsheet takes a cell that begins so for a formula; the full-width forms too, under some input methods.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")

#: Sizes of paper, as workbooks number them.
A3, A4 = 8, 9

# Control and direction marks: they move the cursor or turn the reading order, whatever terminal shows them.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(value: Any) -> Any:
    """`value` as JSON has it: dates as ISO text, whole decimals as integers, lists and maps item by item."""
    if isinstance(value, float) and not isfinite(value):
        return None  # JSON has no such number
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(v) for v in value]
    return str(value)


def shown(text: Any) -> str:
    """Text from a file or a path, fit for a screen: control characters are shown as `�`."""
    return CONTROL.sub("\ufffd", str(text))


def line(text: Any) -> str:
    """The same on one line."""
    return " ".join(shown(text).split("\n")).replace("\t", " ")


def flat(value: Any, typed: bool = False) -> Any:
    """A cell: lists joined, maps as JSON, None empty; dates and truth values are words unless `typed`."""
    if isinstance(value, date) and typed:
        return value
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, bool) and not typed:
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(str(flat(v)) for v in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return value


def harmless(value: Any) -> Any:
    return "'" + value if isinstance(value, str) and value.startswith(FORMULA) else value


_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """Text without the characters that XML does not have."""
    return _ILLEGAL.sub("\ufffd", text)
