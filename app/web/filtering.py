"""Filters of lists as people write them: names, levels, years and days mean what they mean in questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ...extractors.errors import ZhenglingError
from ...graph.corrections.progress import STATES
from ...graph.deriving.identity import LEVELS
from ...graph.schema import ROLES
from ...queries.understanding import values
from ..lists.reading import Slice
from ..tell import understood_as
from .visit import Shown, Visit

_NAMED = ("unit", "region", "document", "function")
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "level": LEVELS,
    "role": tuple(ROLES.values()),
    "state": (*STATES, "open"),
}
_DAYS = ("from", "to", "overdue")


@dataclass(slots=True)
class Filters:
    """The filters of a list: as they were `written`, as they are `meant` (None where one means nothing), and what is
    said of that."""

    written: dict[str, str]
    meant: dict[str, str] | None = None
    told: list[str] = field(default_factory=list)

    def ask(self, lists: Callable[[Mapping[str, str], int, int], Slice]) -> Callable[[int, int], Slice]:
        """What asks a list under these filters, page by page."""
        meant = self.meant
        return lambda start, size: Slice([], 0, 0) if meant is None else lists(meant, start, size)

    def tell_why(self, visit: Visit, shown: Shown, lists: Callable[[Mapping[str, str], int, int], Slice]) -> Shown:
        """Say on the page of a list without rows which filter leaves nothing."""
        if self.meant is None or shown.values["part"].total or visit.form:
            return shown
        filters = [name for name in self.written if name != "sort"]
        for name in filters:
            others = {key: value for key, value in self.meant.items() if key != name}
            if count := lists(others, 0, 1).total:
                self.told.append(visit.say("empty-filter", name=name, value=self.written[name], count=count))
        return shown


def filtered(visit: Visit, *names: str) -> Filters:
    """The filters that the address of a list names. What means nothing is said on the page; to programs it is an
    error."""
    found = Filters(visit.filters(*names))
    try:
        found.meant = {name: _meant(visit, name, text, found.told) for name, text in found.written.items()}
    except ZhenglingError as error:
        if visit.form or visit.wants_data:
            raise
        found.told = [visit.say.error(error)]
    return found


def _meant(visit: Visit, name: str, text: str, told: list[str]) -> str:
    if name in _NAMED and not _is_there(visit, name, text):
        meaning = visit.snapshot.names.meaning(name, text)
        if not meaning.understood.plain:
            code, named = understood_as(meaning.understood)
            told.append(visit.say(code, **named))
        return meaning.value
    if name in _CHOICES:
        return _choice(name, text)
    try:
        if name == "year":
            return str(values.whole(text))
        if name in _DAYS:
            found = values.day(text, date.today(), name != "from")
            return found.isoformat() if found else ""
    except (ValueError, OverflowError):
        code = "parameter-integer" if name == "year" else "parameter-date"
        raise ZhenglingError(code, 2, name=name, value=text) from None
    return text


def _choice(name: str, text: str) -> str:
    found = values.word(text)
    if found not in _CHOICES[name]:
        raise ZhenglingError("parameter-choice", 2, name=name, value=text, choices=list(_CHOICES[name]))
    return found


def _is_there(visit: Visit, name: str, text: str) -> bool:
    """Whether it is what the lists call it themselves: no name needs to be looked for."""
    lists = visit.snapshot.lists
    if name == "function":
        return text in lists.choices["function"]
    return bool(lists.ask(f"SELECT 1 FROM {name} WHERE id = ? LIMIT 1", [text]))


def units_called(visit: Visit, text: str) -> dict[str, Any]:
    """What a search for units means beside the words themselves: the ids of the units of that name."""
    units = visit.snapshot.names.units(text) if text.strip() else []
    return {"named": "\n".join(unit.id for unit in units)} if units else {}
