"""How far tasks have come: progress."""

from __future__ import annotations

import sys
from typing import Any

import click

from ...extractors.errors import ZhenglingError
from ..answers import able, give, listing_tasks
from ..api import Graph
from ..messages import LANGUAGES, Catalogue
from ..tell import tell
from .correcting import said
from .making import Making

_TOLD = ("state", "closed", "note", "milestone", "due", "met", "next_report", "day", "unit")
_DAYS = {"due": "DAY", "met": "DAY", "next-report": "DAY", "day": "DAY", "unit": "UNIT"}
STATES = ("not-started", "under-way", "done", "dropped")
CLOSED = ("carried-out", "not-carried-out")


def commands(make: Making) -> list[click.Command]:
    task = click.Argument(["task"], metavar="[TASK]", required=False, default="")
    told = [
        make.option("--document", text="help-progress-document", metavar="DOCUMENT", default=""),
        make.option("--state", text="help-progress-state", metavar="|".join(STATES), default=""),
        make.option("--closed", text="help-progress-closed", metavar="|".join(CLOSED), default=""),
        make.option("--note", text="help-progress-note", metavar="TEXT", default=""),
        make.option("--milestone", text="help-progress-milestone", metavar="NAME", default=""),
    ]
    for name, metavar in _DAYS.items():
        told.append(make.option("--" + name, text=f"help-progress-{name}", metavar=metavar, default=""))
    told.append(make.option("--undo", text="help-progress-undo", metavar="ID", default=""))
    options = [option for option in said(make) if option.name != "why"]
    page = make.option("--out", text="help-report-out", metavar="FILE.docx|FILE.html", required=True)
    day = make.option("--today", text="help-report-today", metavar="DAY", default="")
    place = make.option("--region", metavar="NAME", default="")
    weekly = make.command(report, "report", page, day, place, make.workspace())
    return [
        weekly,
        make.command(progress, "progress", task, *told, *options, make.form(), make.out(), make.workspace()),
    ]


def report(say: Catalogue, out: str, today: str, region: str, workspace: str) -> int:
    count = Graph(workspace).weekly(out, today=today, region=region, language=say.language)
    tell(say("report-written", out=out, count=count))
    return 0


def progress(
    say: Catalogue,
    task: str,
    document: str,
    undo: str,
    by: str,
    dry_run: bool,
    form: str | None,
    out: str | None,
    workspace: str,
    **told: str,
) -> int:
    form = able(form, out)
    graph = Graph(workspace)
    if undo:
        one = graph.undo_progress(undo, by=by, dry_run=dry_run)
        tell(say("correction-dry-run") if dry_run else say("correction-kept", id=one.id, by=one.by))
        return 0
    if not task:
        return _all(say, graph, form, out)
    if task.partition("=")[0] in graph.question("progress").parameters:
        raise ZhenglingError("progress-is-command", 2, given=task)
    told["state"], told["closed"] = coded(told["state"], STATES, "state"), coded(told["closed"], CLOSED, "closed")
    with listing_tasks(say, task):
        found = graph.progress(task, document, by=by, dry_run=dry_run, **told)
    known = found.progress
    rows: list[list[Any]] = [
        [n["day"], n["by"], n.get("unit", ""), _word(say, "state", n.get("state", "")), n.get("text", ""), n["id"]]
        for n in known.notes
    ]
    for one in known.milestones.values():
        rows.append([one["due"] or "", one["history"][-1]["by"], "", _met(say, one), one["name"], ""])
    status = give(say, ["day", "by", "unit", "state", "text", "id"], rows, form, out, "progress")
    sys.stdout.flush()
    state = say(f"state-{known.state or 'not-started'}")
    if known.closed:
        state = say("state-closed", state=state, closed=say(f"closed-{known.closed}"))
    tell(say("progress-state", task=found.task, state=state, next=known.next_report or "—"))
    if found.lines and dry_run:
        tell(say("correction-dry-run"))
    return status


def _met(say: Catalogue, milestone: dict[str, Any]) -> str:
    return say("milestone-met", day=milestone["met"]) if milestone["met"] else say("milestone-open")


def _word(say: Catalogue, kind: str, value: str) -> str:
    return say(f"{kind}-{value}") if value else ""


def _all(say: Catalogue, graph: Graph, form: str, out: str | None) -> int:
    rows = []
    for one, reason in graph.progress_lines():
        document = (one.paper.number or one.paper.title or "") if one.paper else ""
        task = (one.task.title or one.task.text[:30]) if one.task else one.of
        what = [_word(say, "state", one.state), one.text, *(str(day) for day in (one.day, one.met) if day)]
        told = "; ".join(part for part in what if part)
        words = say(f"reason-{reason}") if reason and say.text(f"reason-{reason}") else reason
        rows.append([one.id, one.at.date(), one.by, one.verb, document, task, told, words])
    return give(say, ["id", "at", "by", "verb", "document", "task", "to", "reason"], rows, form, out, "progress")


def coded(word: str, codes: tuple[str, ...], kind: str) -> str:
    """The code that a word stands for, in either language. Raises `ZhenglingError` for what stands for none."""
    from ...queries.understanding import values  # with many patterns, which take their time

    words = {say(f"{kind}-{code}").casefold(): code for say in map(Catalogue, LANGUAGES) for code in codes}
    found = words.get(word.strip().casefold()) or values.word(word)
    if word and found not in codes:
        raise ZhenglingError("no-such-state", 2, state=word, states=list(codes))
    return found or ""
