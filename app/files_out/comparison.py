"""Two papers' tasks side by side: as rows, and as one page that needs no network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from ...extractors.model import Record, Task
from ...graph.lineage.align import Alignment, Link, status
from ..messages import Catalogue
from ..tables import cells, changes

COLUMNS = ("status", "superior_task", "superior_title", "task", "title", "wording", "state", "score", "changes")
_SHOWN = 40  # characters of a task's first words


@dataclass(frozen=True, slots=True)
class Row:
    """A superior's task with what is made from it, or a task without counterpart. `status`: covered, changed, outdated,
    missing, elsewhere, added."""

    status: str
    upper: Task | None
    lower: Task | None
    link: Link | None = None


def paired(found: Alignment) -> list[Row]:
    """In the order of the superior's paper; then what was added, in the order of the lower."""
    upper = {task.id: task for task in found.upper.tasks}
    lower = {task.id: task for task in found.lower.tasks}
    rows: list[Row] = []
    for identity, task in upper.items():
        links = [link for link in found.links if link.upper == identity]
        rows += [Row(status(link), task, lower[link.lower], link) for link in links]
        if not links:
            rows.append(Row("elsewhere" if identity in found.elsewhere else "missing", task, None))
    return rows + [Row("added", None, lower[identity]) for identity in found.added]


def table(found: Alignment, say: Catalogue) -> list[list[Any]]:
    """The rows of `COLUMNS`; status, wording and state are codes, changes are words."""
    return [
        [
            *(row.status, row.upper.id if row.upper else "", called(row.upper)),
            *(row.lower.id if row.lower else "", called(row.lower)),
            row.link.type if row.link else "",
            row.link.state if row.link else "",
            round(row.link.score, 2) if row.link else None,
            changed(row.link, say) if row.link else [],
        ]
        for row in paired(found)
    ]


def called(task: Task | None) -> str:
    """What tells a task from others: its title and its first words."""
    if task is None:
        return ""
    text = " ".join(task.text.split())
    words = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return f"{task.title} {words}" if task.title and task.title.strip() != text else words


def changed(link: Link, say: Catalogue) -> list[str]:
    """The changes of a link in words, with both quotations."""
    return [changes.changed(change, say) for change in link.changes]


# --- the page


def page(found: Alignment, say: Catalogue) -> str:
    """The two papers side by side: common words lit, changes named, what has no counterpart apart."""
    return render("comparison.html", say, **parts(found, say))


def parts(found: Alignment, say: Catalogue) -> dict[str, Any]:
    """What a page shows of two papers: the head of each, the rows, and how many there are of each status."""
    rows = rows_of(found, say)
    counts = {status: sum(row["status"] == status for row in rows) for status in STATUSES}
    return {
        "upper": _head(found.upper),
        "lower": _head(found.lower),
        "rows": rows,
        "counts": {status: n for status, n in counts.items() if n},
    }


def rows_of(found: Alignment, say: Catalogue) -> list[dict[str, Any]]:
    """What a template shows of each row."""
    return [_shown(row, say) for row in paired(found)]


def render(template: str, say: Catalogue, **values: Any) -> str:
    """A page of one file: style and script stand in it, and its policy allows nothing else."""
    from jinja2 import Environment, FunctionLoader

    script = _file("comparison.js")
    values |= {
        "say": say,
        "language": {"zh": "zh-CN"}.get(say.language, say.language),
        "style": _file("comparison.css"),
        "script": script,
        "digest": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }
    room = Environment(loader=FunctionLoader(_file), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return room.get_template(template).render(values)


STATUSES = ("covered", "changed", "outdated", "added", "missing", "elsewhere")


def _file(name: str) -> str:
    return files(__package__ or "").joinpath(name).read_text(encoding="utf-8")


def _head(record: Record) -> dict[str, str]:
    head = record.document
    return {"title": cells.shown(head.title or ""), "number": cells.shown(head.number or "")}


def _shown(row: Row, say: Catalogue) -> dict[str, Any]:
    link = row.link
    lit = [(s.upper, s.lower) for s in link.shared] if link else []
    return {
        "status": row.status,
        "name": say(f"status-{row.status}"),
        "kind": say(f"wording-{link.type}") if link else "",
        "state": say(f"state-{link.state}") if link else "",
        "doubtful": bool(link and link.state not in ("sure", "confirmed")),
        "changes": changed(link, say) if link else [],
        "upper": _side(row.upper, [pair[0] for pair in lit]),
        "lower": _side(row.lower, [pair[1] for pair in lit]),
    }


def _side(task: Task | None, lit: Sequence[tuple[int, int]]) -> dict[str, Any] | None:
    if task is None:
        return None
    return {
        "id": task.id,
        "title": cells.shown(task.title or ""),
        "parts": list(_parts(task.text, sorted(lit))),
        "units": "、".join(dict.fromkeys(cells.shown(unit.name) for unit in task.units)),
        "deadlines": "；".join(cells.shown(limit.text) for limit in task.deadlines),
    }


def _parts(text: str, lit: Sequence[tuple[int, int]]) -> Iterator[tuple[bool, str]]:
    """The text in pieces: (whether both papers have it, words)."""
    at = 0
    for start, end in lit:
        if start > at:
            yield False, cells.shown(text[at:start])
        yield True, cells.shown(text[start:end])
        at = end
    if at < len(text):
        yield False, cells.shown(text[at:])
