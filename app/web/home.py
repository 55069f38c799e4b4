"""Home: what there is, what is due, where to begin."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from .visit import Shown, Visit

_FEW = 8


def home(visit: Visit) -> Shown:
    if not visit.shelf.built():
        return Shown("empty.html", data={"papers": 0, "tasks": 0})
    lists, today = visit.snapshot.lists, date.today()
    years = lists.years_due
    year = visit.number("year", next((y for y in years if y <= today.year), today.year))
    year = min(max(year, 1), 9998)
    months = {row["month"]: row["tasks"] for row in lists.due_by_month(year)}
    until = (today + timedelta(days=30)).isoformat()
    soon = {"from": today.isoformat(), "to": until, "state": "open", "sort": "due"}
    past = {"overdue": today.isoformat(), "sort": "-due"}
    calendar = [
        {
            "month": month,
            "tasks": months.get(f"{year}-{month:02}", 0),
            "from": f"{year}-{month:02}-01",
            "to": f"{year}-{month:02}-{monthrange(year, month)[1]}",
        }
        for month in range(1, 13)
    ]
    values = {
        "counts": lists.overview,
        "year": year,
        "calendar": calendar,
        "most": max([*months.values(), 1]),
        "soon": lists.tasks(soon, 0, _FEW),
        "past": lists.tasks(past, 0, _FEW),
        "soon_filter": soon,
        "past_filter": past,
        "busiest": lists.units({"sort": "-total"}, 0, _FEW).rows,
        "wanted": lists.papers({"loaded": "no", "sort": "-cited_by"}, 0, _FEW).rows,
        "read_last": visit.snapshot.read_last,
        "remarks": lists.to_look_at["remarks"],
    }
    data = {name: values[name] for name in ("counts", "year", "calendar", "busiest", "wanted", "read_last", "remarks")}
    return Shown("home.html", values, data=data | {"soon": values["soon"].rows, "past": values["past"].rows})
