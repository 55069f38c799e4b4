"""Units: the ranking, and one unit with its tasks, partners and load over the years."""

from __future__ import annotations

from ...extractors.errors import ZhenglingError
from ..lists.reading import UNIT_SORTS
from .listing import every, headings, pager
from .visit import Shown, Visit

FILTERS = ("text", "region", "level", "function", "collective", "sort")
COLUMNS = ("unit", "region", "function", "lead", "responsible", "support", "total")
_FILES = {"unit": "name"}


def listed(visit: Visit) -> Shown:
    lists, wanted = visit.snapshot.lists, visit.filters(*FILTERS)
    part = lists.units(wanted, visit.start, visit.size)
    values = {
        "part": part,
        "wanted": wanted,
        "choices": lists.choices,
        "most": max([row["total"] for row in part.rows] + [1]),
        "headings": headings(visit, COLUMNS, list(UNIT_SORTS), "-total"),
        "pager": pager(visit, part),
    }
    return Shown(
        "units.html",
        values,
        data={"total": part.total, "start": part.start, "units": part.rows},
        columns=COLUMNS,
        rows=lambda: every(
            lambda start, size: lists.units(wanted, start, size), COLUMNS, lambda row, c: row[_FILES.get(c, c)]
        ),
        name="units",
    )


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
