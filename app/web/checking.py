"""What `zhengling check` finds: how many by rule and paper, and each finding of a rule with the words that show it."""

from __future__ import annotations

from typing import Any

from .editing import edit
from .visit import Shown, Visit

FILTERS = ("rule", "document")


def listed(visit: Visit) -> Shown:
    """The lines of `check`; with a `rule` (and a `document`) its findings. Made beside the server, and kept for as long
    as the graph is the same."""
    if not visit.shelf.built():
        return Shown("empty.html", data={"total": 0})
    wanted = visit.filters(*FILTERS)
    key = ("check", *visit.shelf.mark(), visit.say.language, *wanted.items())

    def make() -> dict[str, Any]:
        return edit(visit.site.folder, "check", language=visit.say.language, **wanted)

    found = visit.site.kept(key, make) if visit.form else visit.site.soon(key, make)
    if found is None:
        return Shown("making.html", {"title": visit.say("web-checks")})
    columns, rows = found["columns"], found["rows"]
    data = {"total": found["total"], "findings": [dict(zip(columns, row, strict=True)) for row in rows]}
    values = {"wanted": wanted, **found}
    return Shown("checks.html", values, data=data, columns=columns, rows=lambda: rows, name="checks")
