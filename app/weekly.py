"""The weekly report: what is overdue, what falls due, what was done, by place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from .files_out.papers import ReportPart
from .messages import Catalogue
from .tables import people

#: What was closed within a week, as `done` of `Ask`.
DONE = (
    "MATCH (d:Document)-[:CONTAINS]->(t:Task) WHERE t.state IN ['done', 'dropped'] AND t.reported > $since "
    "AND t.reported <= $today AND ($region = '' OR ('/' + d.region + '/') CONTAINS ('/' + $region + '/') "
    "OR ('/' + d.region) CONTAINS ('/' + $region + '（')) "
    "RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title, "
    "t.name AS item, left(t.text, 60) AS words, t.reported AS day, t.state AS state, d.region AS region, "
    "d.id AS document ORDER BY day, document, task"
)
_COLUMNS = ("title", "deadline", "units", "state", "document")
WEEK = timedelta(days=7)

Ask = Callable[..., list[dict[str, Any]]]


def asking(ask: Ask, freely: Ask) -> Ask:
    """What `parts` asks, of what answers saved questions and what answers Cypher."""
    return lambda name, **given: freely(DONE, **given) if name == "done" else ask(name, **given)


def parts(ask: Ask, today: date, region: str, say: Catalogue) -> list[ReportPart]:
    """The parts of the report of the week that ends with a day. `ask` answers the saved questions `overdue` and `due`,
    and `done`, what was closed after a day (`since`)."""
    last = (today + WEEK).isoformat()
    late = ask("overdue", today=today.isoformat(), region=region)
    due = [row for row in ask("due", from_=today.isoformat(), to=last, region=region) if row["state"] not in _CLOSED]
    done = ask("done", since=today - WEEK, today=today, region=region)
    found = [ReportPart(say("report-overdue"), _COLUMNS), ReportPart(say("report-due"), _COLUMNS)]
    for row in late:
        found[0].places.setdefault(row["region"] or "", []).append(_cells(row, say))
    for row in due:
        cells = _cells(row, say)
        found[1].places.setdefault(row["region"] or "", []).append(cells)
    found.append(ReportPart(say("report-done"), ("title", "day", "state", "document")))
    for row in done:
        cells = [people.task_words(row), row["day"], _state(row, say), row["document"]]
        found[2].places.setdefault(row["region"] or "", []).append(cells)
    return found


_CLOSED = ("done", "dropped")


def _cells(row: dict[str, Any], say: Catalogue) -> list[Any]:
    """The cells of a task: number, title and first words, which tell it apart, and its units behind their role."""
    return [people.task_words(row), row["deadline"], people.roles(row, say), _state(row, say), row["document"]]


def _state(row: dict[str, Any], say: Catalogue) -> str:
    return say(f"state-{row['state'] or 'not-started'}")
