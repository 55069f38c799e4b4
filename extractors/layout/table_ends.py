"""Where a flattened table ends: lines as they stand below one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..words.cells import CellWords
from ..words.fold import fold, squeeze
from ..words.forms import CHAPTER_MARK, DATE
from ..words.parts import rule
from .lines import Line

_IMPRINT = 120  # characters of a line with wide blanks
_MOST_SIGNING = 6  # lines of offices over a day, with it
_SIDE_BY_SIDE = re.compile(r"\t|\s{2,}")
CHAPTER = re.compile(CHAPTER_MARK)
END = rule("end", "layout.toml")
HARD_END = rule("hard_end", "layout.toml")


def signs(lines: Sequence[Line], at: int, words: CellWords) -> bool:
    """Whether offices stand alone on lines or side by side over the day on which they sign."""
    for line in lines[at : at + _MOST_SIGNING]:
        if DATE.fullmatch(squeeze(line.text)):
            return True
        if any(words.look(fold(part)).kind != "units" for part in _SIDE_BY_SIDE.split(line.raw) if part.strip()):
            return False
    return False


def ends_table(line: Line, words: CellWords) -> bool:
    """Whether a line looks like one below a table, and is no cell of units or times that only looks so."""
    if len(line.text) <= _IMPRINT and rule("imprint", "layout.toml").fullmatch(squeeze(line.text)):
        return True
    return bool(END.match(line.text)) and (
        bool(HARD_END.match(line.text)) or words.look(line.text).kind not in ("units", "time")
    )
