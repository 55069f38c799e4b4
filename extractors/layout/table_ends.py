"""Where a flattened table ends: lines as they stand below one."""

from __future__ import annotations

import re

from ..words.cells import CellWords
from ..words.fold import squeeze
from ..words.forms import CHAPTER_MARK
from ..words.parts import rule
from .lines import Line

_IMPRINT = 120  # characters of a line with wide blanks
CHAPTER = re.compile(CHAPTER_MARK)
END = rule("end", "layout.toml")
HARD_END = rule("hard_end", "layout.toml")


def ends_table(line: Line, words: CellWords) -> bool:
    """Whether a line looks like one below a table, and is no cell of units or times that only looks so."""
    if len(line.text) <= _IMPRINT and rule("imprint", "layout.toml").fullmatch(squeeze(line.text)):
        return True
    return bool(END.match(line.text)) and (
        bool(HARD_END.match(line.text)) or words.look(line.text).kind not in ("units", "time")
    )
