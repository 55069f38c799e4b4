"""Contact data: found, and masked with as many ＊ as it has characters, so that offsets stay right."""

from __future__ import annotations

import re
from functools import cache

from . import rules
from .fold import fold

MASK = "＊"


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [(r["id"], re.compile(r["pattern"])) for r in rules.words("personal.toml")["rule"]]


@cache
def _surnames() -> frozenset[str]:
    return frozenset(rules.words("personal.toml")["surnames"])


_HINT = re.compile(
    r"\d{7}|\d[-\s]\d{4}|@|联\s*系|联\s*络|电\s*话|人\s*:|领导\s*:|编辑\s*[::]|QQ|微信|传\s*真|手\s*机|员\s*:|者\s*:|稿\s*:"
)


def is_person(name: str) -> bool:
    """Whether a word looks like a person's name: two to four characters, the first a common surname."""
    return (
        2 <= len(name) <= 4
        and name[0] in _surnames()
        and not re.search(r"[局委办厅部院所站室科处镇乡县市区省村]$", name)
    )


def find_personal(text: str) -> list[tuple[int, int, str]]:
    """The spans of contact data in a text, with the rule that found each."""
    folded = fold(text)
    if not _HINT.search(folded):
        return []
    found = []
    for rule, pattern in _patterns():
        for match in pattern.finditer(folded):
            name = "hide" if "hide" in pattern.groupindex else 0
            start, end = match.span(name)
            if rule == "personal.number" and not re.search(r"\d{5}|\d{3,4}-\d", folded[start:end]):
                continue
            found.append((start, end, rule))
    apart: list[tuple[int, int, str]] = []
    for start, end, rule in sorted(found, key=lambda f: (f[0], -f[1])):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]), apart[-1][2])
        else:
            apart.append((start, end, rule))
    return apart


def mask(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` with the spans masked, length unchanged."""
    if not spans:
        return text
    out, at = [], 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        start = max(start, at)
        out += [text[at:start], MASK * (end - start)]
        at = end
    return "".join(out) + text[at:]
