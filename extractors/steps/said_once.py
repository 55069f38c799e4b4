"""What a paper says once for its tasks: 列第一位的为牵头单位，下同; 以下均需各片区配合落实，不再列出; * 为牵头单位."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec.structs import replace

from ..words.collectives import is_localities, is_of_places
from ..words.fold import squeeze
from ..words.once import Once, said_once
from ..words.unit_list import Item, shift
from ..words.unit_shapes import UnitShapes
from ..words.unit_words import compiled
from .units import around, marked_leads


class Assigned(Protocol):
    """What units are assigned to; `at` is where its text begins."""

    units: list[Item]
    at: int


def apply(text: str, tasks: Sequence[Assigned], shapes: UnitShapes) -> None:
    """Gives the tasks, which are in document order, what their paper says once. `text` is folded."""
    if marked_leads(text):
        for task in tasks:
            task.units = [replace(u, role="lead") if u.rule == "units.marked" else u for u in task.units]
    _as_called(text, tasks, shapes)
    rules = said_once(text)
    for once in rules:
        if once.units is None:
            for task in _held(text, once, tasks):
                if task.units and {u.role for u in task.units} == {"responsible"}:
                    first, *rest = task.units
                    task.units = [replace(first, role="lead", rule="units.first-leads"), *rest]
    for once in rules:
        if once.units is not None:
            start, end = once.units
            said = shift(shapes.parse_list(text[start:end], column=True), start).items
            for task in _held(text, once, tasks):
                have = [squeeze(text[u.start : u.end]) for u in task.units]
                task.units += [
                    replace(item, role=once.role, rule="units.for-all")
                    for item in said
                    if not _named(squeeze(text[item.start : item.end]), have)
                ]


def _as_called(text: str, tasks: Sequence[Assigned], shapes: UnitShapes) -> None:
    """A name that the paper itself gives a unit for short is whole: no place of another one belongs before it. So is an
    unknown one that begins a list whose other units bear their place, and one that has its place in itself."""
    names = {squeeze(m[1]) for m in compiled("once.called").finditer(text)}
    for task in tasks:
        first, *others = [squeeze(text[u.start : u.end]) for u in task.units] or [""]
        unknown = bool(first) and shapes.lexicon.split_unit(first).department is None and not shapes.prefix_of(first)
        if unknown and not task.units[0].collective and any(map(shapes.prefix_of, others)):
            names.add(first)
    restored = {(squeeze(text[u.start : u.end]), u.prefix) for task in tasks for u in task.units if u.prefix}
    names |= {name for name, prefix in restored if _has_its_place(name, prefix, text, shapes)}
    for task in tasks if names else ():
        task.units = [
            replace(u, prefix="") if u.prefix and squeeze(text[u.start : u.end]) in names else u for u in task.units
        ]


#: A place has so many characters, and stands at the beginning of a name or behind so many (民航松岭监管局).
_PLACE, _BEHIND = (2, 3, 4), (0, 2)


def _has_its_place(name: str, prefix: str, text: str, shapes: UnitShapes) -> bool:
    """Whether a name that is no department's has in itself the place whose level would be put before it, as the paper
    names that place: 松岭惠老服务中心 in a paper that speaks of 松岭县."""
    if shapes.lexicon.department(name) is not None:
        return False
    places = {name[at : at + size] for at in _BEHIND for size in _PLACE if at + size < len(name)}
    return any(place.isalpha() and f"{place}{prefix}" in text for place in places)


def _named(name: str, have: list[str]) -> bool:
    """Whether a task has a unit already; 地方 is named by any collective of places."""
    return name in have or (is_localities(name) and any(is_of_places(one) for one in have))


def _held(text: str, once: Once, tasks: Sequence[Assigned]) -> list[Assigned]:
    """The tasks that a rule holds for: in an assignment, that one and, with 下同 or 以下, those after it; elsewhere
    those after it that say so, else all."""
    here = _beside(text, once, tasks)
    after = [task for task in tasks if task.at > once.start and task not in here]
    if here:
        return [*here, *(after if once.onward else [])]
    below = compiled("once.below").match(text, once.start)
    return after if below and after else list(tasks)


def _beside(text: str, once: Once, tasks: Sequence[Assigned]) -> list[Assigned]:
    """The tasks with units in the bracket that a rule stands in, or on its line."""
    bracket = around(text, once.start, once.end)
    low, high = bracket or (text.rfind("\n", 0, once.start) + 1, text.find("\n", once.end))
    high = high if high >= 0 else len(text)
    return [task for task in tasks if any(low <= u.start and u.end <= high for u in task.units)]
