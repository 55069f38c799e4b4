"""Two papers' tasks side by side: as rows, and as one page that needs no network."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any

from ...extractors.model import Record, Task
from ...graph.lineage.align import Alignment, Link, status
from ...graph.lineage.matter import BareText
from ..messages import Catalogue
from ..tables import cells, changes

#: What else can be told of a link: the words that only stand elsewhere, that are not below, that are not above.
TEXTS = ("moved", "taken_out", "put_in")
COLUMNS = ("status", "superior_task", "superior_title", "task", "title", "wording", "state", "score", "changes")
_AROUND = " \n\t　，。；：、,.;:"
_SHOWN = 40  # characters of a task's first words


@dataclass(frozen=True, slots=True)
class Row:
    """A superior's task with what is made from it, or a task without counterpart. `status`: covered, changed, outdated,
    missing, elsewhere, added, orphaned."""

    status: str
    upper: Task | None
    lower: Task | None
    link: Link | None = None


def paired(found: Alignment) -> list[Row]:
    """In the order of the superior's paper; then what was added, in the order of the lower; then what was confirmed to
    come from a task that is not there any more, beside the words of that."""
    upper = {task.id: task for task in found.upper.tasks}
    lower = {task.id: task for task in found.lower.tasks}
    rows: list[Row] = []
    for identity, task in upper.items():
        links = [link for link in found.links if link.upper == identity]
        rows += [Row(status(link), task, lower[link.lower], link) for link in links]
        if not links:
            rows.append(Row("elsewhere" if identity in found.elsewhere else "missing", task, None))
    seen = [Row("orphaned", _seen(*words), lower[identity]) for identity, words in found.gone]
    shown = {row.lower.id for row in seen if row.lower}
    alone = [("orphaned" if one in found.orphaned else "added", one) for one in found.added if one not in shown]
    return rows + [Row(status, None, lower[identity]) for status, identity in alone] + seen


def _seen(title: str, text: str) -> Task:
    """A superior's task that is not there any more, as somebody saw it."""
    return Task("", [], title or None, text, "", "")


def table(found: Alignment, say: Catalogue, texts: bool = False, brief: bool = False) -> list[list[Any]]:
    """The rows of `COLUMNS`, with `texts` of `TEXTS` as well; status, wording and state are codes, changes are
    words. `brief` shows of a task that has a title nothing else."""
    name = _titled if brief else called
    return [
        [
            *(row.status, row.upper.id if row.upper else "", name(row.upper)),
            *(row.lower.id if row.lower else "", name(row.lower)),
            row.link.type if row.link else "",
            row.link.state if row.link else "",
            round(row.link.score, 2) if row.link else None,
            changed(row.link, say) if row.link else [],
            *(_texts(row) if texts else ()),
        ]
        for row in paired(found)
    ]


def _texts(row: Row) -> list[list[str]]:
    """The columns of `TEXTS`."""
    if row.link is None or row.upper is None or row.lower is None:
        return [[], [], []]
    parts = [_parts(task.text, row.link, side) for side, task in enumerate((row.upper, row.lower))]
    elsewhere = [words for kind, words in parts[1] if kind == "moved"]
    own = [[words.strip(_AROUND) for kind, words in some if kind == "own"] for some in parts]
    return [elsewhere, *([words for words in some if len(words) > 1] for some in own)]


def called(task: Task | None) -> str:
    """What tells a task from others: its title and its first words."""
    if task is None:
        return ""
    text = " ".join(task.text.split())
    words = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return f"{task.title} {words}" if task.title and task.title.strip() != text else words


def _titled(task: Task | None) -> str:
    return task.title if task and task.title else called(task)


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
        "wordings": {one: n for one in TYPES if (n := sum(row["wording"] == one for row in rows))},
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


TYPES = ("copied", "adapted", "merged", "split")
STATUSES = ("covered", "changed", "outdated", "added", "orphaned", "missing", "elsewhere")


def _file(name: str) -> str:
    return files(__package__ or "").joinpath(name).read_text(encoding="utf-8")


def _head(record: Record) -> dict[str, str]:
    head = record.document
    return {"title": cells.shown(head.title or ""), "number": cells.shown(head.number or "")}


def _shown(row: Row, say: Catalogue) -> dict[str, Any]:
    link = row.link
    return {
        "status": row.status,
        "name": say(f"status-{row.status}"),
        "wording": link.type if link else "",
        "kind": say(f"wording-{link.type}") if link else "",
        "state": say(f"state-{link.state}") if link else "",
        "doubtful": bool(link and link.state not in ("sure", "confirmed")),
        "changes": changed(link, say) if link else [],
        "upper": _side(row.upper, link, 0),
        "lower": _side(row.lower, link, 1),
    }


def _side(task: Task | None, link: Link | None, side: int) -> dict[str, Any] | None:
    if task is None:
        return None
    return {
        "id": task.id,
        "title": cells.shown(task.title or ""),
        "parts": [(kind, cells.shown(words), told) for kind, words, told in _marked(task.text, link, side)],
        "units": "、".join(dict.fromkeys(cells.shown(unit.name) for unit in task.units)),
        "deadlines": "；".join(cells.shown(limit.text) for limit in task.deadlines),
    }


def _marked(text: str, link: Link | None, side: int) -> list[tuple[str, str, bool]]:
    """The pieces of `_parts`, cut where words begin and end that a change names; whether each is of such words."""
    quotes = [(change.upper, change.lower)[side] for change in link.changes] if link else []
    spans = [(at, at + len(words)) for words in quotes if words and (at := text.find(words)) >= 0]
    edges = sorted({edge for span in spans for edge in span})
    out, at = [], 0
    for kind, words in _parts(text, link, side):
        cuts = [at, *(edge for edge in edges if at < edge < at + len(words)), at + len(words)]
        out += [(kind, text[a:b], any(x <= a and b <= y for x, y in spans)) for a, b in pairwise(cuts)]
        at += len(words)
    return out


def _parts(text: str, link: Link | None, side: int) -> list[tuple[str, str]]:
    """The text of the superior's (`side` 0) or the lower task (1) in pieces, each with its kind: both, where both have
    it, moved, where it stands elsewhere in the other, own, where that has it not; '' where there is no other, or where
    what differs is only whose place it is (全省, 全县)."""
    if link is None:
        return [("", text)]
    shared = zip(link.shared, link.moved, strict=True)
    out, at = [], 0
    for (start, end), elsewhere in sorted(((s.upper, s.lower)[side], elsewhere) for s, elsewhere in shared):
        out += [("own", text[at:start]), ("moved" if elsewhere else "both", text[start:end])]
        at = end
    found = [piece for piece in (*out, ("own", text[at:])) if piece[1]]
    return [("" if kind == "own" and not _says(words) else kind, words) for kind, words in found]


def _says(words: str) -> bool:
    return bool(BareText.of(words).text.strip(_AROUND))
