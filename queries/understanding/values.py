"""Words, whole numbers and days as people write them: 省 for province, 是 for true, 2021/12/01, 12月底."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from ...extractors.words.fold import fold, squeeze
from ...extractors.words.times import When, read_cell

_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_END, _WEEK = "x", "wr"  # parts of a time: which end of it is meant; of which week it is
_RELATIVE = re.compile(r"(?P<day>[^\d+-]*[^\d\s+-])\s*(?:(?P<sign>[+-])\s*(?P<days>\d{1,6}))?")


@cache
def data() -> dict[str, Any]:
    """The rows of `words.toml`."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


@cache
def _words() -> dict[str, str]:
    return {word: row["value"] for row in data()["word"] for word in row["words"]}


@cache
def _days() -> dict[str, int]:
    return {word: row["value"] for row in data()["day"] for word in row["words"]}


def _key(text: str) -> str:
    return squeeze(fold(text)).lower()


def word(text: str) -> str:
    """The word of a question that a text stands for (`province`, `lead`, `true`, …), or the text as it is."""
    key = _key(text)
    return _words().get(key, key if key in _words().values() else text)


def whole(text: str) -> int:
    """A whole number, also with what it counts behind it: 2021年. Raises `ValueError` where it is none."""
    key = _key(text)
    for ending in data()["counted"]["words"]:
        if key.endswith(ending) and key != ending:
            return int(key.removesuffix(ending))
    return int(key)


def day(value: Any, today: date, last: bool) -> date | None:
    """A day: a date, an ISO date, `today+30`, or a time as papers write it, of which the first day is taken or, with
    `last`, the last one; None for ''. Raises `ValueError` where it is none, or where no calendar has it."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not value:
        return None
    text = squeeze(fold(value)).lower()
    relative = _RELATIVE.fullmatch(text)
    if relative and relative["day"] in _days():
        days = int(relative["days"] or 0) * (-1 if relative["sign"] == "-" else 1)
        return today + timedelta(_days()[relative["day"]] + days)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return date.fromisoformat(text)
    return _as_papers_write_it(text, today, last)


def _as_papers_write_it(text: str, today: date, last: bool) -> date:
    month = data()["this_month"]
    if re.fullmatch(month["pattern"], text):
        text = month["before"] + text
    found = read_cell(text, When(today.year, today.isoformat()))
    if len(found.times) != 1 or found.unread or found.times[0].kind != "date":
        raise ValueError(text)
    time = found.times[0]
    if not time.possible or time.last is None:
        raise ValueError(text)
    end = date.fromisoformat(time.last)
    if last:
        return end
    if time.first:
        return date.fromisoformat(time.first)
    said = dict(time.said)
    if _WEEK in said:
        return end - timedelta(6)
    months = _MONTHS.get(time.form, 0) if _END not in said else 0
    return end.replace(month=end.month - months + 1, day=1) if months else end
