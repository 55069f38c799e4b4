"""How far a task has come: lines of `progress/*.jsonl`, kept as corrections are, and what they say together."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from ...extractors.errors import ZhenglingError
from ...extractors.words.personal import masked
from ..deriving.pieces import Progress
from .lines import PaperAnchor, PersonLine, TaskAnchor, identified, in_order

State = Literal["not-started", "under-way", "done", "dropped"]
Closed = Literal["carried-out", "not-carried-out", ""]
STATES: tuple[State, ...] = ("not-started", "under-way", "done", "dropped")
CLOSED: tuple[Closed, ...] = ("carried-out", "not-carried-out")
#: How a task is closed where a line does not say it.
_CLOSES: dict[str, Closed] = {"done": "carried-out", "dropped": "not-carried-out"}


class ProgressLine(PersonLine, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """A line. `day` is when it was so, when a milestone is due, or when the next report is."""

    verb: Literal["state", "note", "milestone", "report", "remark", "undo"]
    paper: PaperAnchor | None = None
    task: TaskAnchor | None = None
    state: State | Literal[""] = ""
    closed: Closed = ""  # with or without having been carried out
    text: str = ""  # of a note; the name of a milestone
    day: date | None = None
    met: date | None = None  # when a milestone was reached
    unit: str = ""  # who reports
    of: str = ""  # what `undo` takes back


_DECODER = msgspec.json.Decoder(ProgressLine)


def sealed(one: ProgressLine) -> ProgressLine:
    """The line with contact data out of its words, and its id."""
    return identified(one, text=masked(one.text), unit=masked(one.unit))


def check(one: ProgressLine) -> None:
    """Raises `ValueError` where a line does not have what its verb needs."""
    needed: dict[str, bool] = {
        "undo": bool(one.of),
        "state": bool(one.state),
        "note": bool(one.text),
        "milestone": bool(one.text) and (one.day is not None or one.met is not None),
        "report": one.day is not None,
        "remark": True,  # an empty one takes the last away
    }
    names = {"undo": "of", "state": "state", "note": "text", "milestone": "text, day | met", "report": "day"}
    if not needed[one.verb]:
        raise ValueError(f"{names[one.verb]}: {one.verb}")
    if one.verb != "undo" and (one.paper is None or one.task is None):
        raise ValueError(f"paper, task: {one.verb}")
    if one.closed and one.state not in _CLOSES:
        raise ValueError("closed: done | dropped")


def parsed(text: str | bytes, path: str, number: int) -> ProgressLine:
    """The line in a text. Raises `ZhenglingError` (`progress-invalid`) that names file and line."""
    try:
        one = _DECODER.decode(text)
        check(one)
    except ValueError as error:
        raise ZhenglingError("progress-invalid", 1, path=path, line=number, reason=str(error)) from error
    return one if one.id else sealed(one)


def read(folder: Path) -> list[ProgressLine]:
    """What the files of a folder say: see `lines.in_order`."""
    return in_order(folder, parsed)


@dataclass(slots=True)
class TaskProgress:
    """What some lines say of one task."""

    state: str = ""
    closed: str = ""
    reported: date | None = None
    next_report: date | None = None
    milestones: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[dict[str, Any]] = field(default_factory=list)

    def take(self, one: ProgressLine) -> None:
        """Take in a line; the later one holds."""
        day = one.day or one.at.date()
        told: dict[str, Any] = {"id": one.id, "day": day.isoformat(), "by": one.by}
        told |= {"unit": one.unit} if one.unit else {}
        if one.verb == "report":
            self.next_report = one.day
            return
        if one.verb == "milestone":
            self._milestone(one)
            return
        if one.verb == "remark":
            self.notes.append(told | {"remark": one.text})
            return
        if one.verb == "state":
            self.state, self.closed = one.state, one.closed or _CLOSES.get(one.state, "")
            told |= {"state": one.state} | ({"closed": self.closed} if self.closed else {})
        if one.text:
            told["text"] = one.text
        self.notes.append(told)
        self.reported = max(day, self.reported or day)
        if self.next_report is not None and day >= self.next_report:
            self.next_report = None  # this was it

    def _milestone(self, one: ProgressLine) -> None:
        known = self.milestones.setdefault(one.text, {"name": one.text, "due": None, "met": None, "history": []})
        change = {"by": one.by, "at": one.at.date().isoformat()}
        for name, value in (("due", one.day), ("met", one.met)):
            if value is not None:
                known[name] = change[name] = value.isoformat()
        known["history"].append(change)

    def told(self) -> Progress:
        """As the graph has it: milestones by their days, notes in the order of their days, each as JSON."""
        milestones = sorted(self.milestones.values(), key=lambda m: (m["due"] or "", m["name"]))
        open_ = [date.fromisoformat(m["due"]) for m in milestones if m["due"] and not m["met"]]
        notes = sorted(self.notes, key=lambda note: note["day"])
        return Progress(
            self.state, self.closed, self.reported, self.next_report, min(open_, default=None),
            [_json(one) for one in milestones], [_json(one) for one in notes],
        )  # fmt: skip


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


# --- red, yellow, green ---------------------------------------------------------------------------------------------


@cache
def rules() -> list[dict[str, Any]]:
    """The rows of `lights.toml`: the first that fits tells the light."""
    return tomllib.loads(Path(__file__).with_name("lights.toml").read_text("utf-8"))["light"]


def light(task: Mapping[str, Any], today: date) -> str:
    """`red`, `yellow`, `green`, or '' for a closed task. `task` has `state`, and `due`, `milestone` and `report`: days,
    or None."""
    return next((row["light"] for row in rules() if _fits(row, task, today)), "")


def _fits(row: Mapping[str, Any], task: Mapping[str, Any], today: date) -> bool:
    if "states" in row and (task.get("state") or "not-started") not in row["states"]:
        return False
    if "day" not in row:
        return True
    day = task.get(row["day"])
    return day is not None and day <= today + timedelta(days=row["within"])


def next_due(days: Iterable[date], today: date) -> date | None:
    """The limit that counts: the next one, else the last that is past."""
    there = sorted(days)
    return next((day for day in there if day >= today), there[-1] if there else None)
