"""The rows of the ledger's sheets, in words of a language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from ...graph.corrections.progress import STATES, light, next_due
from ...graph.deriving.identity import short_name
from ...graph.lineage.changes import untold
from ...graph.schema import ROLES
from ..messages import Catalogue
from ..tables.changes import all_changed
from . import entries
from .ledger_columns import CITATIONS, DOCUMENTS, TASKS, UNITS, LedgerField
from .ledger_tasks import Ledger

#: Light → the colour (RGB) behind its word.
LIGHTS = {"red": "F6B8B1", "yellow": "FFE38F", "green": "C3E6C9"}


def sheets(
    ledger: Ledger, say: Catalogue, today: date | None = None
) -> Iterator[tuple[str, tuple[LedgerField, ...], Iterable[dict[str, Any]]]]:
    """(name, columns, rows) of each table, in words of a language."""
    makers: tuple[tuple[str, tuple[LedgerField, ...], Callable[[], Iterable[dict[str, Any]]]], ...] = (
        ("tasks", TASKS, lambda: task_rows(ledger, say, today)),
        ("documents", DOCUMENTS, lambda: _document_rows(ledger, say)),
        ("units", UNITS, lambda: _unit_rows(ledger, say)),
        ("citations", CITATIONS, lambda: _citation_rows(ledger, say)),
    )
    for name, fields, rows in makers:
        yield name, fields, rows()


def task_rows(ledger: Ledger, say: Catalogue, today: date | None = None) -> Iterator[dict[str, Any]]:
    """The rows of the tasks, with the light of the day (today) and what marks them."""
    day = today or date.today()
    for n, task in enumerate(ledger.tasks(), 1):
        titles = [
            (f"《{c['title']}》" if c["title"] else "") + _number(ledger, c["document"]) for c in task["citations"]
        ]
        limits = ["".join((limit["quote"] or limit["text"]).split()) for limit in task["deadlines"]]
        notes = [note for note in task["notes"] if note.get("text") and "remark" not in note]
        remarks = [note["remark"] for note in task["notes"] if "remark" in note]
        row = task | {
            "no": n,
            "light": light_of(task, say, day),
            "state": say(f"state-{task['state']}") if task["state"] else "",
            "closed": say(f"closed-{task['closed']}") if task["closed"] else "",
            "progress": notes[-1]["text"] if notes else "",
            "remark": remarks[-1] if remarks else "",
            "review": "\n".join(
                say("ledger-reviewed", review=say(f"review-{review}"), what=what, by=by, at=at).strip()
                for review, what, by, at in task["review"]
            ),
            "document": task["document_title"] or task["document"],
            "paper": short_name(task["document"]),
            "level": _level(task, say),
            "section": "\n".join(task["section"]),
            "open": say("yes") if task["open"] else "",
            **{role: "、".join(task[role]) for role in ROLES.values()},
            "deadline": "；".join(limits),
            "citations": "\n".join(titles),
            "chain": "\n".join(task["chain"]),
            "origin": "\n".join(_made_from(ledger, origin, say) for origin in task["origin"]),
        }
        yield row | {"mark": entries.mark(row)}


def _made_from(ledger: Ledger, origin: dict[str, Any], say: Catalogue) -> str:
    """A line: the superior's paper and task, how it was taken up, what was changed."""
    kind = origin["wording"] if origin["kind"] == "one" else origin["kind"]
    how = [say(f"wording-{kind}"), *([] if origin["state"] == "sure" else [say(f"state-{origin['state']}")])]
    told = all_changed(map(untold, origin["change"]), say)
    paper = ledger.label(origin["document"])
    return say("ledger-made-from", paper=paper, title=origin["title"], how=how, changes=told).rstrip()


def _number(ledger: Ledger, document: str) -> str:
    number = ledger.documents[document]["number"]
    return f"（{number}）" if number else ""


def _document_rows(ledger: Ledger, say: Catalogue) -> Iterator[dict[str, Any]]:
    for identity, row in ledger.documents.items():
        yield row | {
            "document": row["title"],
            "level": _level(row, say),
            "kind": say(f"kind-{row['kind']}"),
            "loaded": say("yes" if row["loaded"] else "no"),
            "tasks": ledger.per_document.get(identity, 0),
            "cited": ledger.cited.get(identity, 0),
            "chain": "\n".join(ledger.chain(identity)),
        }


def _unit_rows(ledger: Ledger, say: Catalogue) -> Iterator[dict[str, Any]]:
    for identity, row in ledger.units.items():
        counts = ledger.counts.get(identity, {})
        yield row | {
            "unit": row["name"],
            "level": _level(row, say),
            "aliases": "、".join(row["aliases"]),
            "collective": say("yes") if row["collective"] else "",
            "leads": counts.get("lead", 0),
            "answers": counts.get("responsible", 0),
            "supports": counts.get("support", 0),
        }


def _citation_rows(ledger: Ledger, say: Catalogue) -> Iterator[dict[str, Any]]:
    for citing, cited, role, title, _, quote, *_ in ledger.source.relationships("CITES", "Document", "Document"):
        yield _citation(ledger, citing, "", cited, role, title, quote, say)
    for document, name, cited, role, title, quote in ledger.cited_by_tasks():
        yield _citation(ledger, document, name, cited, role, title, quote, say)


def _citation(
    ledger: Ledger, citing: str, name: str, cited: str, role: str, title: str | None, quote: str, say: Catalogue
) -> dict[str, Any]:
    row = ledger.documents[cited]
    return {
        "citing": ledger.label(citing),
        "name": name,
        "role": say(f"cited-as-{role}"),
        "cited_number": row["number"],
        "cited_title": title or row["title"],
        "level": _level(row, say),
        "loaded": say("yes" if row["loaded"] else "no"),
        "quote": quote,
    }


def light_of(task: Mapping[str, Any], say: Catalogue, today: date) -> str:
    """The supervisor's light of a task in words; `state` is a code, or the word of one."""
    codes = {say(f"state-{state}"): state for state in STATES}
    found = light_code({**task, "state": codes.get(task["state"], task["state"])}, today)
    return say(f"ledger-light-{found}") if found else ""


def light_code(task: Mapping[str, Any], today: date) -> str:
    """The supervisor's light of a task as `progress.light` gives it."""
    planned = [date.fromisoformat(one["due"]) for one in task["milestones"] if one["due"] and not one["met"]]
    known = {
        "state": task["state"],
        "due": next_due([limit["due"] for limit in task["deadlines"] if limit["due"]], today),
        "milestone": min(planned, default=None),
        "report": task["next_report"] if isinstance(task["next_report"], date) else None,
    }
    return light(known, today)


def _level(row: dict[str, Any], say: Catalogue) -> str:
    return say(f"level-{row['level']}") if row["level"] else ""
