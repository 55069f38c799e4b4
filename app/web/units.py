"""Units: the ranking, and one unit with its tasks, partners and load over the years."""

from __future__ import annotations

from typing import Any

from ...extractors.errors import ZhenglingError
from ..lists.reading import UNIT_SORTS, Row
from .filtering import filtered, units_called
from .listing import listed as table
from .listing import pager
from .visit import Shown, Visit

FILTERS = ("text", "region", "level", "function", "collective", "sort")
COLUMNS = ("unit", "region", "function", "lead", "responsible", "support", "total")
_FILES = {"unit": "name"}


def listed(visit: Visit) -> Shown:
    lists, wanted = visit.snapshot.lists, filtered(visit, *FILTERS)
    if wanted.meant is not None:
        wanted.meant |= units_called(visit, visit.value("text"))
    ask = wanted.ask(lists.units)

    def cell(row: Row, column: str) -> Any:
        return row[_FILES.get(column, column)]

    shown = table(
        visit, "units.html", "units", ask, COLUMNS, UNIT_SORTS, "-total", cell, wanted=wanted.written, told=wanted.told
    )
    shown.values["most"] = max([row["total"] for row in shown.values["part"].rows] + [1])
    return wanted.tell_why(visit, shown, lists.units)


def unit(visit: Visit) -> Shown:
    lists = visit.snapshot.lists
    found = lists.unit(visit.identity)
    if found is None:
        raise ZhenglingError("no-such-unit", 2, unit=visit.identity)
    wanted = {"unit": found["id"], **visit.filters("role", "year", "sort", "text")}
    part = lists.tasks(wanted, visit.start, visit.size)
    years = lists.years_of(found["n"])
    values = {
        "unit": found,
        "part": part,
        "pager": pager(visit, part),
        "partners": lists.partners_of(found["n"]),
        "years": years,
        "most": max([row["total"] for row in years] + [1]),
        "alike": lists.alike(found),
    }
    data = {"unit": found, "tasks": part.rows, "total": part.total}
    return Shown("unit.html", values, data=data | {k: values[k] for k in ("partners", "years", "alike")})
