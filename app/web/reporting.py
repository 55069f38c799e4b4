"""Report: the week on a page and as a file, the ledger down and up again, the calendar, the task sheet of a unit."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.responses import Response

from ...extractors.errors import ZhenglingError
from ...graph.corrections.progress import STATES
from .. import meant, weekly
from ..lists.reading import Row
from ..tables import people
from .answering import made
from .editing import edit
from .uploading import chunks
from .visit import Onward, Shown, Visit, addressed
from .who import who

if TYPE_CHECKING:
    from starlette.requests import Request

    from ..files_out.papers import ReportPart


_SHOWN = 200  # tasks of a part on a page; files have all
_WORDS = 60  # of a task, as the questions have it


class _More(NamedTuple):
    """Of a part of the report: how many tasks are shown, how many there are, and where all of them stand."""

    shown: int
    total: int
    to: str


def page(visit: Visit) -> Shown:
    """The report of the week that ends with `today`, of a `region`: the first tasks of each part."""
    if not visit.shelf.built():
        return Shown("empty.html", data={"parts": []})
    day, region = _day(visit), visit.value("region")
    values: dict[str, Any] = {"day": day.isoformat(), "region": region, "parts": [], "wholes": [], "error": ""}
    values["came"] = [visit.number(name, -1) for name in ("corrections", "progress")]
    try:
        values["parts"], values["wholes"], values["tasks"] = _parts(visit, day, region)
    except ZhenglingError as error:
        if visit.form:
            raise
        return Shown("report.html", values | {"error": visit.say.error(error)}, status=400)
    data = [
        {"title": part.title, "columns": part.columns, "places": part.places, "tasks": more.total, "shown": more.shown}
        for part, more in zip(values["parts"], values["wholes"], strict=True)
    ]
    return Shown("report.html", values, data={"day": values["day"], "parts": data})


def _day(visit: Visit) -> date:
    """The day that the address names as people write it; today, if it names none."""
    return date.fromisoformat(meant.day("today", visit.value("today")) or date.today().isoformat())


def _meant(visit: Visit, region: str) -> str:
    """The place that a name means; '' for ''."""
    return visit.snapshot.names.region(region).value if region else ""


def _parts(visit: Visit, day: date, region: str) -> tuple[list[ReportPart], list[_More], dict[tuple[str, str], str]]:
    """The parts of the report, of a page's length each; how to come to all of them; the task of a paper by its words in
    the report."""
    told: dict[str, _More] = {}
    tasks: dict[tuple[str, str], str] = {}
    lists = visit.snapshot.lists
    place = {"region": name} if (name := _meant(visit, region)) else {}

    def ask(name: str, **given: Any) -> list[dict[str, Any]]:
        """As the questions of the report answer, out of the lists: the first of them."""
        week = {"from": given.get("from_", ""), "to": given.get("to", ""), "state": "open", "sort": "due"}
        past = {"overdue": given.get("today", ""), "sort": "due"}
        done = {"closed_after": str(given.get("since", "")), "closed_until": str(day), "sort": "reported"}
        wanted = {"overdue": past, "due": week, "done": done}[name] | place
        part = lists.tasks(wanted, 0, _SHOWN)
        told[name] = _More(len(part.rows), part.total, "" if name == "done" else addressed("/tasks", **wanted))
        rows = _due(part.rows, week) if name == "due" else [_row(task, task["due"]) for task in part.rows]
        tasks.update(((row["document"], people.task_words(row)), row["task"]) for row in rows)
        return rows

    parts = weekly.parts(ask, day, name, visit.say)
    return parts, [told[name] for name in ("overdue", "due", "done")], tasks


def _due(tasks: list[Row], week: dict[str, str]) -> list[dict[str, Any]]:
    """A row for each last day of a task within the week, the first of them first."""
    days = [
        (due, n)
        for n, task in enumerate(tasks)
        for due in sorted({limit["due"] for limit in task["deadlines"] if limit["due"]})
        if week["from"] <= due <= week["to"]
    ]
    return [_row(tasks[n], due) for due, n in sorted(days)]


def _row(task: Row, day: str | None) -> dict[str, Any]:
    """A task as the questions of the report tell it."""
    units = {f"{role}s": [unit["name"] for unit in task[role]] for role in ("lead", "responsible", "support")}
    told = {"task": task["id"], "title": task["title"], "item": task["name"], "words": task["text"][:_WORDS]}
    state = task["state"] or STATES[0]
    closed = {"deadline": day, "day": task["reported"], "state": state}
    return told | units | closed | {"region": task["region"], "document": task["document"]}


# --- files ---------------------------------------------------------------------------------------------------------


def week(visit: Visit, suffix: str) -> Response:
    """The report as a file, `docx` or `html`."""
    day, region, say = _day(visit), _meant(visit, visit.value("region")), visit.say
    about = {"today": day.isoformat(), "region": region, "language": say.language}
    return made(
        f"{say('report-title', day=day.isoformat())}.{suffix}", lambda out: _write(visit, "weekly", out, **about)
    )


def ledger(visit: Visit) -> Response:
    """The ledger as a workbook; `by_unit=yes`: with a sheet for each unit."""
    about = {"form": "xlsx", "language": visit.say.language, "by_unit": visit.value("by_unit") == "yes"}
    return made(f"{visit.say('web-ledger')}.xlsx", lambda out: _write(visit, "export", out, **about))


def calendar(visit: Visit) -> Response:
    about = {"form": "ics", "language": visit.say.language}
    return made(f"{visit.say('web-report-calendar')}.ics", lambda out: _write(visit, "export", out, **about))


def sheet(visit: Visit) -> Response:
    """The task sheet of a `unit`, by id or name."""
    unit = visit.snapshot.names.one_unit(visit.value("unit"), visit.value("region")).value
    name = f"{visit.say('web-report-sheet')} {unit.rpartition('|')[2]}.docx".replace("/", "-")
    return made(name, lambda out: _write(visit, "sheet", out, unit=unit, language=visit.say.language))


def _write(visit: Visit, act: str, out: Path, **about: Any) -> None:
    edit(visit.site.folder, act, out=str(out), **about)


# --- a ledger that comes back --------------------------------------------------------------------------------------


async def bring(visit: Visit, request: Request) -> Response:
    """A form with a ledger: it is kept, and what it says otherwise is shown."""
    async with request.form(max_files=1, max_fields=5) as sent:
        if not visit.is_own(str(sent.get("token", ""))):
            raise ZhenglingError("form-foreign", 2)
        file = sent.get("ledger")
        if file is None or isinstance(file, str) or not file.filename:
            raise ZhenglingError("upload-name", 2)
        key = await visit.site.store.take_ledger(file.filename, chunks(file))
    return Response(status_code=303, headers={"location": f"/report/ledger?file={key}"})


def differences(visit: Visit) -> Shown:
    """What a ledger that was brought says otherwise than the graph."""
    key = visit.value("file")
    path = visit.site.store.ledger(key)
    asked = ("ledger", visit.shelf.mark(), key)
    found = visit.site.kept(asked, lambda: edit(visit.site.folder, "ledger", path=str(path)))
    conflicts = sum(row["conflict"] for row in found["differences"])
    values = {"found": found, "file": key, "name": path.name, "conflicts": conflicts, "by": who(visit)}
    return Shown("ledger.html", values, data=found)


def take(visit: Visit) -> Onward:
    """Keep what was shown, if the ledger still says just that."""
    store, key = visit.site.store, visit.posted("file")
    path = store.ledger(key)
    try:
        done = edit(visit.site.folder, "take_ledger", path=str(path), by=who(visit), shown=visit.posted("sum"))
    except ZhenglingError as error:
        if error.code != "ledger-moved":
            raise
        return Onward(f"/report/ledger?file={key}&moved=yes")
    store.drop_ledger(key)
    visit.shelf.renew()
    return Onward(f"/report?corrections={done['corrections']}&progress={done['progress']}")
