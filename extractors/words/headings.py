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
    if not word or len(word) > 24 or MARK.match(word):
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
        if part in known and known[part] not in ("task", "other", "number", "section"):
            return known[part]
    first = parts[0]
    if first != bare and known.get(first) == "other":
        return "other"
    # 2023年工作任务, 主要牵头单位, 区级责任单位: the ending says it.
    for size in (5, 4):
        if len(bare) > size and len(bare) <= size + 6 and bare[-size:] in known:
            kind = known[bare[-size:]]
            if kind != "other":
                return kind
    if 3 <= len(bare) <= 7 and bare.endswith(tuple(_endings())):
        for ending, kind in _endings().items():
            if bare.endswith(ending):
                return kind
    return None


@cache
def _endings() -> dict[str, str]:
    return {heading.removeprefix("…"): kind for heading, kind in headings().items() if heading.startswith("…")}
