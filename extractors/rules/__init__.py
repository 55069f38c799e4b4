"""Rules and lexicons as data: every row has an id, and the id goes into the evidence. `docs/lexicons.md` describes
them."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files

_HERE = files(__name__)


@cache
def text_of(name: str) -> str:
    """A file of this folder."""
    return _HERE.joinpath(name).read_text(encoding="utf-8")


def table(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file; lines that begin with `#` are remarks."""
    lines = (line for line in text_of(name).splitlines() if line and not line.startswith("#"))
    return list(csv.DictReader(lines))


#: What gives a TOML file that was parsed before (`start.py`).
PARSED: dict[str, Callable[[], dict]] = {}


@cache
def words(name: str) -> dict:
    """A TOML file."""
    if name in PARSED:
        return PARSED[name]()
    import tomllib

    return tomllib.loads(text_of(name))


def names(*endings: str) -> list[str]:
    """The files of this folder whose names end so, sorted."""
    return sorted(f.name for f in _HERE.iterdir() if f.name.endswith(endings))


@cache
def version() -> str:
    """A hash of all rule files: records read with other rules are read again."""
    whole = hashlib.sha256()
    for name in names(".csv", ".toml"):
        whole.update(name.encode() + b"\0" + text_of(name).encode() + b"\0")
    return whole.hexdigest()[:12]
