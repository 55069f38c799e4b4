"""Deadlines and milestones of tasks as iCalendar (RFC 5545), for any calendar program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ...graph.schema import Source
from ..messages import Catalogue
from ..writing import writing
from .ledger_tasks import gathered

_CLOSED = ("done", "dropped")
_FOLD = 73  # octets of a line


def write_ics(source: Source, out: Path, say: Catalogue) -> int:
    """An event for each last day and each open milestone of a task that is not closed; how many. The same graph gives
    the same bytes."""
    count = 0
    with gathered(source) as ledger, writing(out) as file:
        for line in ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Zhengling//NONSGML Zhengling//ZH", "METHOD:PUBLISH"):
            file.write(_folded(line))
        for task in ledger.tasks():
            if task["state"] in _CLOSED:
                continue
            for name, day, words in _days(task):
                count += 1
                for line in _event(task, name, day, words, say):
                    file.write(_folded(line))
        file.write(_folded("END:VCALENDAR"))
    return count


def _days(task: dict[str, Any]) -> Iterator[tuple[str, date, str]]:
    """What tells a day of a task from its others, the day, and its words."""
    dues = {limit["due"]: limit for limit in task["deadlines"] if limit["due"]}
    for due, limit in sorted(dues.items()):
        yield due.isoformat(), due, limit["quote"] or limit["text"]
    for milestone in task["milestones"]:
        if milestone["due"] and not milestone["met"]:
            yield f"{milestone['due']}-{milestone['name']}", date.fromisoformat(milestone["due"]), milestone["name"]


def _event(task: dict[str, Any], name: str, day: date, words: str, say: Catalogue) -> Iterable[str]:
    title = task["title"] or task["text"][:30]
    roles = [(role, task[role]) for role in ("lead", "responsible", "support") if task[role]]
    units = [f"{say(f'ledger-{role}')}: {say('list-sign').join(found)}" for role, found in roles]
    document = task["number"] or task["document_title"] or task["document"]
    told = "\n".join([task["text"], *units, document])
    uid = f"{task['id']}-{name.encode().hex() if not name.isascii() else name}@zhengling.example"
    return (
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{day:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(title if words in title else f'{title} ({words})')}",
        f"DESCRIPTION:{_text(told)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    )


def _text(words: str) -> str:
    plain = "".join(one for one in words if one == "\n" or ord(one) >= 32)
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """A line as the format has it: at most 75 octets, the rest on lines that begin with a blank."""
    parts: list[bytes] = [b""]
    for one in line:
        octets = one.encode("utf-8", "replace")
        if len(parts[-1]) + len(octets) > _FOLD:
            parts.append(b" ")
        parts[-1] += octets
    return b"\r\n".join(parts) + b"\r\n"
