"""What the heading of a column says that it holds."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from .. import rules
from .fold import squeeze
from .forms import MARK
from .parts import listed, rule

_BRACKETED = re.compile(r"\([^()]*\)")
UNIT_KINDS = ("lead", "responsible", "support")
#: What a part of a heading does not say alone.
_SAYS_LITTLE = ("task", "other", "number", "section")
_LONGEST = 24
#: The end of a heading that is known: so many characters, with no more before it than this.
_END_SIZES, _MOST_BEFORE = (5, 4), 6
#: How long a heading is of which two or three characters at its end say what it holds.
_SHORT = range(3, 8)
#: What tells of work where the table is one of work, and else of figures alone.
FIGURE_KINDS = ("nowork", "indicator")


@cache
def headings() -> dict[str, str]:
    """What a column under each known heading holds."""
    roles = {
        "lead": listed("heading_lead", "names.toml"),
        "responsible": listed("heading_responsible", "names.toml"),
        "support": listed("heading_support", "names.toml"),
    }
    who = listed("heading_who", "names.toml")
    composed = {role + name: kind for kind, words in roles.items() for role in words for name in who}
    return composed | {row["heading"]: row["kind"] for row in rules.table("headings.csv")}


@lru_cache(maxsize=4096)
def kind_of_heading(text: str) -> str | None:
    """What a column under a folded heading holds (number, section, task, text, lead, …, nowork), or None."""
    word = squeeze(text).strip(":。*#|")
    if not word or len(word) > _LONGEST or MARK.match(word):
        return None
    known = headings()
    if word in known:
        return known[word]
    word = rule("heading_as_of", "names.toml").sub("", word)
    bare = _BRACKETED.sub("", word) if "(" in word else word
    if bare in known:
        return known[bare]
    parts = rule("heading_joint", "names.toml").split(bare)
    for part in parts:
        if known.get(part, "other") not in _SAYS_LITTLE:
            return known[part]
    if parts[0] != bare and known.get(parts[0]) == "other":
        return "other"
    return _kind_by_end(bare)


def _kind_by_end(heading: str) -> str | None:
    """What the end of a heading that is not known says: 2023年工作任务, 主要牵头单位, 区级责任单位."""
    known = headings()
    for size in _END_SIZES:
        kind = known.get(heading[-size:]) if size < len(heading) <= size + _MOST_BEFORE else None
        if kind is not None and kind != "other":
            return kind
    if len(heading) not in _SHORT:
        return None
    return next((kind for ending, kind in _endings().items() if heading.endswith(ending)), None)


@cache
def _endings() -> dict[str, str]:
    return {heading.removeprefix("…"): kind for heading, kind in headings().items() if heading.startswith("…")}
