"""The graph as files of other tools: which format is written by what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ..graph.schema import Source
from .messages import Catalogue

BASE = "https://zhengling.example/"


class Settings(NamedTuple):
    """What a format may need to know: the start of all IRIs, and the language of headings."""

    base: str
    say: Catalogue


class Written(NamedTuple):
    """What was written: `count` of `what` (statements, nodes, rows; the catalogue has `export-<what>`), and how many
    cells were `cut` to the length that a workbook can hold."""

    what: str
    count: int
    cut: int = 0


# Format → what writes the graph to a file (or a folder) that is not there before it is whole.
Writer = Callable[[Source, Path, Settings], Written]
FORMATS: dict[str, Writer] = {}


def export(source: Source, form: str, out: Path, settings: Settings) -> Written:
    """Write the graph of `source` in a format of `FORMATS` to `out`.

    Raises `ZhenglingError`, or `OSError` naming `out`.
    """
    return FORMATS[form](source, out, settings)
