"""Column headings that stand on one line, with or without blanks between them."""

from __future__ import annotations

import re

from ..words.headings import FIGURE_KINDS, UNIT_KINDS, headings, kind_of_heading
from .lines import Line

_FEWEST = 3
#: How many characters headings without blanks have together, and one that is put together of a role and a name.
_SIZES, _COMPOSED = range(6, 81), 4


def line_headings(line: Line) -> list[tuple[int, int, str]]:
    """The column headings that a line is made of, with or without blanks between: (start, end in the source, kind)."""
    text = line.text
    parts = [(m.start(), m.end()) for m in re.finditer(r"\S+", text)]
    out: list[tuple[int, int, str]] = []
    if len(parts) > 1:
        for a, b in parts:
            kind = kind_of_heading(text[a:b])
            if not kind:
                inner = _split_headings(text[a:b])
                if not inner:
                    break
                out += [(line.start + a + x, line.start + a + y, k) for x, y, k in inner]
                continue
            out.append((line.start + a, line.start + b, kind))
        else:
            return out if _tells(out) else []
        return []
    out = [(line.start + a, line.start + b, k) for a, b, k in _split_headings(text)]
    return out if _tells(out) else []


def _tells(heads: list[tuple[int, int, str]]) -> bool:
    kinds = {k for _, _, k in heads}
    who, what = kinds & {*UNIT_KINDS}, kinds & {"task", "text", *FIGURE_KINDS, "section"}
    return len(heads) >= _FEWEST and bool(who and what)


def _split_headings(text: str) -> list[tuple[int, int, str]]:
    """The headings that a text without blanks is made of, or nothing: the fewest that cover it whole."""
    if len(text) not in _SIZES:
        return []
    known = headings()
    best: list[tuple[int, list[tuple[int, int, str]]] | None] = [None] * (len(text) + 1)
    best[0] = (0, [])
    for i in range(len(text)):
        here = best[i]
        if here is None:
            continue
        for size in range(2, 13):
            word = text[i : i + size]
            if len(word) == size and (word in known or (size == _COMPOSED and kind_of_heading(word))):
                j = i + size
                old = best[j]
                if old is None or here[0] + 1 < old[0]:
                    best[j] = (
                        here[0] + 1,
                        [*here[1], (i, j, known.get(word) or kind_of_heading(word) or "other")],
                    )
    last = best[len(text)]
    return last[1] if last else []
