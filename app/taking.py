"""A ledger that comes back from an office: what differs from the graph, and the lines that this makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..extractors.model import Record
from ..graph.corrections.progress import CLOSED, STATES
from ..queries.understanding import values
from .files_out import entries
from .files_out.entries import LedgerRow, normal
from .messages import LANGUAGES, Catalogue

if TYPE_CHECKING:
    from ..graph.corrections.lines import Correction
    from ..graph.corrections.progress import ProgressLine
    from ..graph.workspace.workspace import Workspace

_ALIASES = "MATCH (t:Task {id: $id})<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(u:Unit) RETURN DISTINCT u.name, u.aliases"
_ROLES = ("lead", "responsible", "support")


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell of a row (`line` in the file) that says otherwise than the graph: `was` there, `now` in the file.
    `conflict`: the graph has changed, too, since the ledger was exported."""

    line: int
    task: str
    title: str
    column: str
    was: str
    now: str
    conflict: bool = False


@dataclass(slots=True)
class LedgerRead:
    """What a ledger says: `differences` to take; rows that are told and stay in the file, by the code of the reason:
    `unknown` (no such task), `no-id`, `twice` (an id in two rows that differ), `by-words` (its id is another one now);
    and cells that can not be taken, as (line, column, words)."""

    path: str
    differences: list[Difference] = field(default_factory=list)
    told: list[tuple[int, str, str]] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    rows: int = 0


def read(workspace: Workspace, path: Path) -> LedgerRead:
    """What a ledger (a workbook or CSV) says otherwise than the graph.

    Raises `ZhenglingError` (`ledger-foreign`) for a file that is none, `OSError` where it can not be read.
    """
    found = LedgerRead(str(path))
    with path.open("rb"):
        pass
    there = list(entries.rows(path))
    found.rows = len(there)
    now = _now(workspace)
    counts = Counter(row.id for row in there if row.id)
    seen: dict[str, LedgerRow] = {}
    for row in there:
        identity = row.id
        if not identity:
            found.told.append((row.line, "no-id", _words(row)))
            continue
        if identity not in now:
            identity = _by_words(row, now)
            found.told.append((row.line, "by-words" if identity else "unknown", _words(row)))
            if not identity:
                continue
        if counts[row.id] > 1 and row.id in seen and _entries(seen[row.id]) != _entries(row):
            found.told.append((row.line, "twice", _words(row)))
        seen[row.id] = row
        for difference in _differences(row, identity, now[identity], found):
            found.differences.append(difference)
    return found


def _entries(row: LedgerRow) -> dict[str, str]:
    return {name: normal(row.cells.get(name)) for name in entries.EDITED}


def _words(row: LedgerRow) -> str:
    return normal(row.cells.get("title") or row.cells.get("text"))[:40]


def _now(workspace: Workspace) -> dict[str, dict[str, dict[str, Any]]]:
    """Task → language → the row that a ledger would have now."""
    from .files_out.ledger_rows import task_rows
    from .files_out.ledger_tasks import gathered

    rows: dict[str, dict[str, dict[str, Any]]] = {}
    with workspace.store() as store, gathered(store) as ledger:
        for language in LANGUAGES:
            for row in task_rows(ledger, Catalogue(language)):
                rows.setdefault(row["id"], {})[language] = row
    return rows


def _by_words(row: LedgerRow, now: dict[str, dict[str, dict[str, Any]]]) -> str:
    """The one task that has the words of a row, where its id is not there any more."""
    wanted = [normal(row.cells.get(name)) for name in ("title", "text")]
    hits = [
        identity for identity, rows in now.items()
        if wanted[1] and [normal(rows["zh"][name]) for name in ("title", "text")] == wanted
    ]  # fmt: skip
    return hits[0] if len(hits) == 1 else ""


def _differences(
    row: LedgerRow, identity: str, now: dict[str, dict[str, Any]], found: LedgerRead
) -> Iterator[Difference]:
    for name in entries.EDITED:
        if name not in row.cells:
            continue
        says = normal(row.cells[name])
        known = {language: normal(shown[name]) for language, shown in now.items()}
        if says in known.values() or (name in _ROLES and any(_same_units(says, one) for one in known.values())):
            continue
        touched = row.changed is None or name in row.changed
        if not touched:  # the graph has gone on; the office left the cell as it was
            continue
        if row.changed is None and not says and name in entries.FILLED:
            continue  # without marks an empty cell says nothing
        if not _can_take(name, says):
            found.refused.append((row.line, name, says))
            continue
        moved = row.changed is not None and entries.is_moved(name, now["zh"], now["en"], str(row.cells.get("mark")))
        title = now["zh"]["title"] or now["zh"]["text"][:30]
        yield Difference(row.line, identity, title, name, known["zh"], says, moved)


def _same_units(one: str, other: str) -> bool:
    return sorted(_units(one)) == sorted(_units(other))


def _can_take(name: str, says: str) -> bool:
    if name == "state":
        return not says or bool(_code("state", says, STATES))
    if name == "closed":
        return not says or bool(_code("closed", says, CLOSED))
    if name in ("reported", "next_report", "due"):
        return not says or _day(says) is not None
    return bool(says) or name not in ("text",)


def _code(kind: str, says: str, codes: tuple[str, ...]) -> str:
    words = {normal(Catalogue(language)(f"{kind}-{code}")): code for language in LANGUAGES for code in codes}
    found = words.get(says) or values.word(says)
    return found if found in codes else ""


def _day(says: str) -> date | None:
    try:
        return date.fromisoformat(says)
    except ValueError:
        return None


# --- lines ----------------------------------------------------------------------------------------------------------


def take(workspace: Workspace, found: LedgerRead, by: str) -> tuple[list[Correction], list[ProgressLine]]:
    """Keep what a ledger says: corrections and progress, all or nothing; gives the lines."""
    from ..graph.corrections.anchors import anchor_of, task_anchors
    from ..graph.corrections.lines import now
    from ..graph.corrections.making import made
    from ..graph.deriving.identity import task_ids
    from ..graph.workspace.progressing import line_of

    people = workspace.people()
    at = now([one.at for one in (*people.lines[-1:], *people.progress[-1:])])
    why = Path(found.path).name
    said: list[Correction] = []
    told: list[ProgressLine] = []
    tasks: dict[str, list[Difference]] = {}
    for one in found.differences:
        tasks.setdefault(one.task, []).append(one)
    with workspace.store() as store:
        library = workspace.library(store)
        homes = dict(store.rows("MATCH (t:Task) RETURN t.id, t.document", {})[1])
        for identity, some in tasks.items():
            record = library.record(homes[identity])
            place = task_ids(homes[identity], record.tasks).index(identity)
            anchor, paper = task_anchors(record)[place], anchor_of(record)
            cells = {one.column: one.now for one in some}
            rows = store.rows(_ALIASES, {"id": identity})[1]
            aliases: dict[str, list[str]] = {name: others for name, others in rows}  # noqa: C416
            for fields in _progress(cells):
                at = now([at])
                told.append(line_of({"paper": paper, "task": anchor, "by": by, "at": at, **fields}))
            for one in _corrections(cells, some, record, place, identity, why, aliases):
                at = now([at])
                said.append(made(one, record, homes[identity], by, at))
    if said or told:
        workspace.say(by, said, told)
    return said, told


def _progress(cells: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The fields of the lines of progress that some cells make."""
    day = cells.get("reported", "")
    state = _code("state", cells["state"], STATES) if cells.get("state") else ""
    closed = _code("closed", cells["closed"], CLOSED) if cells.get("closed") else ""
    note = cells.get("progress", "")
    if "state" in cells or closed:
        # An empty cell takes the state back: as if nobody had told it.
        yield {"verb": "state", "state": state or ("done" if closed else "not-started"), "closed": closed, "day": day,
               "text": note}  # fmt: skip
    elif note or day:
        yield {"verb": "note", "text": note or day, "day": day}
    if cells.get("next_report"):
        yield {"verb": "report", "day": cells["next_report"]}
    if "remark" in cells:
        yield {"verb": "remark", "text": cells["remark"]}


def _corrections(
    cells: dict[str, str],
    some: list[Difference],
    record: Record,
    place: int,
    identity: str,
    why: str,
    aliases: dict[str, list[str]],
) -> Iterator[Any]:
    from ..graph.corrections.making import Said

    task = record.tasks[place]
    base: dict[str, Any] = {"task": identity, "why": why}
    new = {name: cells[name] or None for name in ("title", "text") if name in cells}
    roles = {one.column: (_units(one.was), _units(one.now)) for one in some if one.column in _ROLES}
    left = [(role, name) for role, (was, now) in roles.items() for name in was if name not in now]
    come = [(role, name) for role, (was, now) in roles.items() for name in now if name not in was]
    for role, name in left:
        written = _written(record, place, name, role, aliases)
        other = next((pair for pair in come if pair[1] == name), None)
        if other is not None:  # it has moved to another column
            come.remove(other)
            yield Said("change", unit=written, role=role, to={"role": other[0]}, **base)
        else:
            yield Said("reject", unit=written, role=role, **base)
    for role, name in come:
        yield Said("add", unit=name, role=role, elsewhere=True, **base)
    if "due" in cells:
        dated = sorted((one for one in task.deadlines if one.end), key=lambda one: one.end or "")
        if dated and cells["due"]:
            yield Said("change", deadline=dated[0].text, to={"kind": "date", "end": cells["due"]}, **base)
        elif dated:
            yield Said("reject", deadline=dated[0].text, **base)
        elif cells["due"]:
            yield Said("add", deadline=cells["due"], to={"kind": "date", "end": cells["due"]}, elsewhere=True, **base)
    if new:
        yield Said("change", to=new, **base)


def _units(cell: str) -> list[str]:
    return [part.strip() for part in entries.parted(cell) if part.strip()]


def _written(record: Record, place: int, name: str, role: str, aliases: dict[str, list[str]]) -> str:
    """How the paper writes a unit that the ledger calls by its canonical name."""
    units = [unit.name for unit in record.tasks[place].units if unit.role == role]
    return next((unit for unit in units if unit == name or unit in aliases.get(name, ())), name)
