"""Assignments in words: lists of units, labels, verbs, brackets; and rules that a paper says once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .model import Draw, Item, Unit

LABELS = {
    "lead": ["牵头单位", "牵头部门", "牵头责任单位"],
    "responsible": ["责任单位", "责任部门", "落实单位", "承办单位", "实施单位"],
    "support": ["配合单位", "配合部门", "参与单位", "协办单位", "协同单位"],
}
SHORT = {"lead": "牵头", "responsible": "责任", "support": "配合"}
PLAIN = {"lead": "牵头单位", "responsible": "责任单位", "support": "配合单位"}


def listed(units: Sequence[Unit], separator: str = "、") -> str:
    return separator.join(u.short or u.name for u in units)


def by_role(item: Item) -> dict[str, list[Unit]]:
    out: dict[str, list[Unit]] = {}
    for unit in item.units:
        out.setdefault(unit.role, []).append(unit)
    return out


def tail(draw: Draw, item: Item, role: str) -> str:
    """等 behind the last list of an open assignment."""
    if not item.open or item.units[-1].role != role:
        return ""
    return draw.pick("等", {"等": 2, "等部门": 1, "等有关部门": 0.7, "等单位": 1})


def plain_roles(item: Item) -> bool:
    return all(u.role == "responsible" for u in item.units)


def first_leads(item: Item) -> Item:
    """As it is where a paper says that the first unit of a list leads."""
    roles = ("lead" if n == 0 else "responsible" for n in range(len(item.units)))
    return replace(item, units=tuple(replace(u, role=r) for u, r in zip(item.units, roles, strict=False)))


def labels(draw: Draw) -> dict[str, str]:
    """The labels of one paper."""
    style = draw.pick("labels", {"usual": 4, "others": 2, "short": 0.6})
    if style != "others":
        return PLAIN if style == "usual" else SHORT
    return {role: draw.pick(f"label of {role}", dict.fromkeys(words, 1.0)) for role, words in LABELS.items()}


def in_labels(draw: Draw, item: Item, separator: str = "；", colon: str = "：") -> str:
    """牵头单位：…；配合单位：…"""
    words = labels(draw)
    return separator.join(f"{words[r]}{colon}{listed(u)}{tail(draw, item, r)}" for r, u in by_role(item).items())


def in_words(draw: Draw, item: Item) -> str:
    """…牵头，…按职责分工负责，…配合"""
    style = draw.pick("verbs", {"配合": 2, "参与": 1, "参加": 0.7, "协助": 0.7})
    verbs = {"lead": "牵头", "responsible": "按职责分工负责", "support": style}
    return "，".join(f"{listed(u)}{tail(draw, item, r)}{verbs[r]}" for r, u in by_role(item).items())


def bracketed(draw: Draw, item: Item, limit: str = "") -> str:
    """The assignment in brackets of some kind, with labels or in words; `limit` before or behind the units."""
    left, right = draw.pick("brackets", {"（）": 4, "()": 1, "〔〕": 0.5, "[]": 0.4, "【】": 0.5})
    if plain_roles(item):
        said = _plain_bracket(draw, item)
    else:
        style = draw.pick("bracket says", {"牵头单位：；配合单位：": 1.5, "牵头，配合": 1.5})
        said = in_words(draw, item) if style == "牵头，配合" else in_labels(draw, item)
    if limit:
        place = draw.pick("limit in the bracket", {"behind": 2, "before": 0.7, "in words": 0.7})
        done = f"{limit}完成" if limit.endswith("前") else f"完成时限：{limit}"
        said = {
            "behind": f"{said}；完成时限：{limit}",
            "before": f"完成时限：{limit}；{said}",
            "in words": f"{said}，{done}",
        }[place]
    return left + said + right


def _plain_bracket(draw: Draw, item: Item) -> str:
    style = draw.pick("bracket says", {"责任单位：": 3, "负责": 1.5, "分工负责": 0.8, "按职责": 0.5, "no word": 0.4})
    named = listed(item.units) + tail(draw, item, "responsible")
    label = labels(draw)["responsible"]
    return {
        "责任单位：": f"{label}：{named}",
        "负责": f"{named}负责",
        "分工负责": f"{named}按职责分工负责",
        "按职责": f"{named}按照职责分工负责",
        "no word": named,
    }[style]
