"""Words, whole numbers and days as people write them: 省 for province, 是 for true, 2021/12/01, 12月底."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from ...extractors.words.fold import fold, squeeze
from ...extractors.words.forms import number
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
    return {_key(word): row["value"] for row in data()["word"] for word in row["words"]}


@cache
def _days() -> dict[str, int]:
    return {word: row["value"] for row in data()["day"] for word in row["words"]}


def _key(text: str) -> str:
    return squeeze(fold(text)).lower()


def word(text: str) -> str:
    """The word of a question that a text stands for (`province`, `lead`, `true`, …), or the text as it is."""
    key = _key(text)
    return _words().get(key, key if key in _words().values() else text)


def whole(text: str, today: date | None = None) -> int:
    """A whole number, also in Chinese and with what it counts behind it (2021年, 三项), a year that is counted from
    today (去年), or 0 for a word for all. Raises `ValueError` where it is none."""
    key = _key(text)
    if word(key) == "any":
        return 0
    year = _said("year", key)
    if year and year[1] in ("", data()["written"]["whole"]):
        return (today or date.today()).year + year[0]
    for ending in ("", *data()["counted"]["words"]):
        if key.endswith(ending) and key != ending:
            found = _number(key.removesuffix(ending))
            if found is not None:
                return found
    raise ValueError(text)


def _number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return number(text)


def _said(kind: str, text: str) -> tuple[int, str] | None:
    """How many years or months from today a text begins with, and the rest of it."""
    for row in data()[kind]:
        for said in row["words"]:
            key = _key(said)
            if text.startswith(key):
                return row["value"], text.removeprefix(key)
    return None


def parameter(name: str, known: Iterable[str]) -> str:
    """The parameter of a question, of those `known`, that people call so, or the name as it is."""
    key = _key(name)
    found = (row["value"] for row in data()["parameter"] if key in row["words"])
    return next((one for one in found if one in known), name)


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


def _counted_from(text: str, today: date) -> str:
    """A time with its year or month as papers write them, where it is counted from today (去年底, 上个月) or has the
    end of a year alone (25年6月)."""
    written, short = data()["written"], data()["short_year"]
    if year := _said("year", text):
        return written["year"].format(year=today.year + year[0]) + year[1]
    if month := _said("month", text):
        count = today.year * 12 + today.month - 1 + month[0]
        return written["month"].format(year=count // 12, month=count % 12 + 1) + month[1]
    if found := re.fullmatch(short["pattern"], text):
        return written["year"].format(year=short["century"] + found[1]) + found[2]
    return text


def _as_papers_write_it(text: str, today: date, last: bool) -> date:
    month = data()["this_month"]
    if re.fullmatch(month["pattern"], text):
        text = month["before"] + text
    text = _counted_from(text, today)
    found = read_cell(text, When(today.year, today.isoformat()))
    if len(found.times) != 1 or found.unread or found.times[0].kind != "date":
        raise ValueError(text)
    time = found.times[0]
    # A time with other words may be another one: what they say is not known.
    if not time.possible or time.last is None or (time.start, time.end) != (0, len(text)):
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
