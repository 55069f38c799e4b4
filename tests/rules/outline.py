"""How the rules of `rules/outline.toml` are asked in tests: a style of numbering gives its depth and value, a pattern
the words that it finds (or their place, where it finds a place between words)."""

from __future__ import annotations

import re

from zhengling.extractors.steps.numbering import marks, pattern
from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.parts import filled

from ..examples import Row, rows_of


def fires(text: str, row: Row) -> list[tuple[str, str]]:
    folded = fold(text)
    out = []
    if "depth" in row:
        for style in rows_of("outline.toml"):
            match = "depth" in style and re.match(filled(style["pattern"]), folded)
            if match:
                found = [m for m in marks(folded, 0, len(folded)) if (m.style, m.end) == (style["depth"], match.end())]
                out += [(style["id"], f"{m.style} {m.value}") for m in found]
        return out
    if row["id"] in [other["id"] for other in rows_of("outline.toml")]:
        # Each pattern answers a question of its own: only the one that is asked.
        asked = pattern(row["id"].removeprefix("outline."))
        match = asked.match(folded) if row.get("whole") else asked.search(folded)
        if match:
            said = match.groupdict().get("unit") or match.group()
            out.append((row["id"], said if said.strip() else str(match.end())))
    return out
