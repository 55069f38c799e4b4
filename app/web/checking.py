"""What `zhengling check` finds: how many by rule and paper, and each finding of a rule with the words that show it."""

from __future__ import annotations

from typing import Any

from ...graph.checking.finding import rules
from ..files_out import check_report
from ..lists.reading import Row, Slice
from .editing import edit
from .findings import Findings
from .listing import every, pager
from .visit import Shown, Visit

FILTERS = ("rule", "document")


def listed(visit: Visit) -> Shown:
    """The lines of `check`; with a `rule` its findings, of a `document` or of all. Found beside the server, and kept
    with the workspace for as long as the graph is the same."""
    if not visit.shelf.built():
        return Shown("empty.html", data={"total": 0})
    found = _found(visit)
    if found is None:
        return Shown("making.html", {"title": visit.say("web-checks")})
    wanted, say = visit.filters(*FILTERS), visit.say
    columns = check_report.EACH if wanted.get("rule") else check_report.SUMMARY

    def ask(start: int, size: int) -> Slice:
        if wanted.get("rule"):
            part, some = found.each(wanted, start, size)
            rows: list[list[Any]] = check_report.each(some, say)
        else:
            part = found.lines(wanted, start, size)
            rows = [_line(row, say.language) for row in part.rows]
        return Slice([dict(zip(columns, row, strict=True)) for row in rows], part.total, part.start)

    part = ask(visit.start, visit.size)
    by_rule = [{"rule": rule, "finding": rules()[rule].title(say.language), "count": n} for rule, n in found.by_rule()]
    values: dict[str, Any] = {
        "wanted": wanted,
        "columns": columns,
        "part": part,
        "pager": pager(visit, part),
    }
    values["by_rule"] = by_rule
    data = {"total": part.total, "start": part.start, "findings": part.rows, "rules": by_rule}
    return Shown("checks.html", values, data=data, columns=columns,
                 rows=lambda: every(ask, columns, lambda row, name: row[name]), name="checks")  # fmt: skip


def _found(visit: Visit) -> Findings | None:
    """What is kept; made where there is nothing, and None for a page while it is being made."""
    folder, site = visit.site.folder, visit.site
    if found := Findings.of(folder):
        return found

    def make() -> bool:
        edit(folder, "check")
        return True

    key = ("check", *visit.shelf.mark())
    made = site.kept(key, make) if visit.form else site.soon(key, make)
    if made and not (found := Findings.of(folder)):
        make()  # what was kept is gone, or a build came in between
        found = Findings.of(folder)
    return found


def _line(row: Row, language: str) -> list[Any]:
    rule = row["rule"]
    return [rules()[rule].severity, rules()[rule].title(language), row["document"], row["count"], rule]
