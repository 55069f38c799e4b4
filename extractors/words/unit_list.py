"""A list of units as it was understood: what is known of each, and how it is called."""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from .fold import squeeze
from .personal import MASK
from .unit_words import BULLETS, labels

Span = tuple[int, int]


class Item(Struct, frozen=True, gc=False):
    """A unit of a list: span in the folded text, the place before it and the ending behind it that the list leaves
    out, whether it is a collective, and whether only its place in the list says that it is a unit."""

    start: int
    end: int
    role: str
    rule: str
    prefix: str = ""
    collective: bool = False
    ending: str = ""
    doubtful: bool = False

    def name(self, text: str) -> str:
        """The whole name; `text` is the unfolded one."""
        return self.prefix + name_of(text[self.start : self.end]) + self.ending


class Parsed(Struct):
    """A unit list as understood. `deadlines` are spans after a label of time, `rest` what names no unit, `hidden`
    persons; `persons` are those of them that stand where a unit was expected."""

    items: list[Item] = []
    open: bool = False
    deadlines: list[Span] = []
    rest: list[Span] = []
    hidden: list[Span] = []
    persons: list[Span] = []
    labelled: bool = False
    verbs: bool = False


_ROUND = {ord(c): "（" for c in "〔［【"} | {ord(c): "）" for c in "〕］】"}


_MASKED = re.compile(rf"[（(〔［]?{MASK}[{MASK}、,，;；/-]*[）)〕］]?")


def name_of(text: str) -> str:
    """A unit's name as records have it: white space, bullets and masked contact data removed, brackets of other kinds
    as （）."""
    return _MASKED.sub("", squeeze(text)).strip(BULLETS + "、,，;；.。:：*").translate(_ROUND)


def lead_beside_support(items: list[Item]) -> list[Item]:
    """The units of an assignment, those under 责任单位 as leading where others are under 配合单位 and nobody leads."""
    said = {i.role for i in items if not i.rule.endswith((".guide", ".data"))}
    if "support" in said and "lead" not in said:
        leading = ("units.label.responsible", "units.label.host")
        return [replace(i, role="lead") if i.rule in leading else i for i in items]
    return items


def shift(parsed: Parsed, by: int) -> Parsed:
    """The same list with its spans moved."""

    def moved(spans: list[Span]) -> list[Span]:
        return [(a + by, b + by) for a, b in spans]

    return replace(
        parsed,
        items=[replace(i, start=i.start + by, end=i.end + by) for i in parsed.items],
        deadlines=moved(parsed.deadlines),
        rest=moved(parsed.rest),
        hidden=moved(parsed.hidden),
        persons=moved(parsed.persons),
    )


#: How a label ends.
LABEL_END = re.compile("[:;]")


def stretches(text: str) -> list[tuple[int, int, str]]:
    """The stretches of a list, each with the group of the label before it, '' where there is none."""
    out: list[tuple[int, int, str]] = []
    at, kind = 0, ""
    if not LABEL_END.search(text):
        return [(0, len(text), "")] if text else []
    for label in labels().finditer(text):
        if label.start() > at:
            out.append((at, label.start(), kind))
        at, kind = label.end(), label.lastgroup or ""
    if at < len(text):
        out.append((at, len(text), kind))
    return out
