"""What a person says of a paper, taken in: which line it makes, what it changes, and whom it contradicts."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...extractors.errors import ZhenglingError
from ...extractors.model import Record
from ..corrections.anchors import anchor_of, plain
from ..corrections.lines import FIELDS, Correction, IdentityAnchor, now
from ..corrections.making import Said, checked, lineage, made, named_task
from ..corrections.working import Outcome, evidence_of
from .corrected import Listed, People
from .records import record_name

if TYPE_CHECKING:
    from ..stores.embedded import EmbeddedStore
    from .library import Library
    from .workspace import Workspace

_TASKS = "MATCH (t:Task {id: $id}) RETURN t.document AS document"
_UNIT = (
    "MATCH (u:Unit) WHERE u.id = $name OR u.name = $name OR $name IN u.aliases "
    "RETURN u.id AS id, u.name AS name, u.region AS region ORDER BY id"
)
_PAPER = "MATCH (d:Document) WHERE d.id = $id OR $id IN d.aliases RETURN d.id AS id ORDER BY id"


@dataclass(slots=True)
class Taken:
    """A line that was taken in, or would be: what became of it, lines of others that it overrules, and what it makes of
    the facts (before, after)."""

    correction: Correction
    outcome: Outcome
    kept: bool = False
    against: list[Correction] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


def correct(
    workspace: Workspace, said: Said, document: str, by: str, *, dry_run: bool = False, other: str = ""
) -> Taken:
    """Take in what a person says of a document (id, number, title or file; '' where the id of the task tells it).

    `other`: of a link of lineage, the id of the superior's task. Raises `ZhenglingError` where it names nothing, or
    nothing that would change.
    """
    people = workspace.people()
    with workspace.store() as store:
        library = workspace.library(store)
        identity = meant_document(store, library, document, said.task)
        at = now(one.at for one in people.lines[-1:])
        if other:
            upper = meant_document(store, library, "", other)
            pair = [(r := library.record(i), named_task(t, r, i)) for i, t in ((identity, said.task), (upper, other))]
            one = lineage(said.verb, pair[0], pair[1], by, at, said.why)
        else:
            one = made(said, library.record(identity), identity, by, at)
        name = record_name(library.source(identity))
    if one.quote:
        _check_quote(workspace, people.held.read(name), name, one.quote)
    return _taken(workspace, people, one, name, dry_run)


def same(
    workspace: Workspace,
    verb: str,
    what: str,
    one: str,
    other: str,
    by: str,
    why: str = "",
    dry_run: bool = False,
    known: bool = False,
) -> Taken:
    """Say that two units or two documents are one (`same`; the first name is kept) or two (`not-same`).

    Units are named by id or name, documents by id, number, title or file. `known`: it is
    kept also where the graph has them as two already, so that nobody asks again. Raises `ZhenglingError` where a name
    means nothing or several things, or both mean what is said already.
    """
    people = workspace.people()
    with workspace.store() as store:
        anchors = [identity_of(workspace, people, store, what, name) for name in (one, other)]
    if verb == "same" and anchors[0].id == anchors[1].id:
        raise ZhenglingError("correction-nothing", 2, reason="same-already")
    if verb == "not-same" and what == "units" and not known and anchors[0].id != anchors[1].id:
        raise ZhenglingError("correction-nothing", 2, reason="apart-already")
    at = now(each.at for each in people.lines[-1:])
    values = {"verb": verb, "what": what, "names": anchors, "by": by, "at": at, "why": why}
    taken = Taken(line := checked(values), Outcome(line, "applied"))
    if not dry_run:
        workspace.say(by, [line])
        taken.kept = True
    return taken


def identity_of(workspace: Workspace, people: People, store: EmbeddedStore, what: str, name: str) -> IdentityAnchor:
    """What names a unit or a document in a line that says whether two are one."""
    if what == "units":
        rows = store.rows(_UNIT, {"name": name})[1]
        if len(rows) != 1:
            hits = [row[0] for row in rows]
            raise ZhenglingError(
                "several-units" if rows else "no-such-unit", 1 if rows else 2, unit=name, count=len(rows), hits=hits
            )
        identity, _, region = rows[0]
        return IdentityAnchor(identity, name.rpartition("|")[2], region)
    library = workspace.library(store)
    try:
        files = {n for n in people.held.ordered() if name in people.held.index[n].sources}
        if files:  # a file that may have been taken for a copy of another
            record = people.held.read(min(files))
            return IdentityAnchor(library.loaded(name), name, "", anchor_of(record))
        identity = library.loaded(name)
        return IdentityAnchor(identity, name, "", anchor_of(library.record(identity)))
    except ZhenglingError as error:
        if error.code != "no-such-document":
            raise
        return IdentityAnchor(library.cited(name), name)


def undo(workspace: Workspace, identity: str, by: str, why: str = "", *, dry_run: bool = False) -> Taken:
    """Take a line back, or (of an `undo`) let what it took back hold again."""
    people = workspace.people()
    hits = [one for one in people.lines if one.id.startswith(identity)] if identity else []
    if len(hits) != 1:
        raise ZhenglingError("no-such-correction", 2, id=identity, count=len(hits))
    at = now(one.at for one in people.lines[-1:])
    one = checked({"verb": "undo", "of": hits[0].id, "by": by, "at": at, "why": why})
    names = people.find(hits[0])
    return _taken(workspace, people, one, names[0] if names else "", dry_run)


def listed(workspace: Workspace, document: str = "") -> list[Listed]:
    """What became of each line, in the order of saying; those of one document where it is named."""
    found = workspace.people().listed()
    _names_listed(workspace, found)
    if not document:
        return found
    with workspace.store() as store:
        library = workspace.library(store)
        name = record_name(library.source(library.loaded(document)))
    return [one for one in found if name in one.records]


def _names_listed(workspace: Workspace, found: list[Listed]) -> None:
    """What became of the lines about names: whether the graph has what they say."""
    lines = [held for held in found if held.outcome.correction.names and held.outcome.status != "undone"]
    if not lines:
        return
    with workspace.store() as store:
        for held in lines:
            one = held.outcome.correction
            kept, gone = (_ids(store, one.what, anchor) for anchor in one.names)
            if one.verb == "same":
                holds = bool(kept) and one.names[1].id not in {*kept, *gone}
            else:
                holds = bool(gone) and (one.what == "documents" or kept != gone)
            held.outcome.status, held.outcome.reason = ("applied", "") if holds else ("stale", "name-gone")


def _ids(store: EmbeddedStore, what: str, anchor: IdentityAnchor) -> list[str]:
    """The nodes that bear a name now."""
    if what == "units":
        where = anchor.id.rpartition("|")[0]
        rows = store.rows(_UNIT, {"name": anchor.name})[1]
        return [row[0] for row in rows if row[0].rpartition("|")[0] == where or row[2] == anchor.region]
    rows = store.rows(_PAPER, {"id": anchor.id})[1]
    return [row[0] for row in rows]


def _taken(workspace: Workspace, people: People, one: Correction, name: str, dry_run: bool) -> Taken:
    after = workspace.people([one])
    found = after.corrected(name).outcomes if name and one.verb != "undo" else [held.outcome for held in after.listed()]
    outcome = next(each for each in found if each.correction.id == one.id)
    if outcome.status == "stale":
        raise ZhenglingError("correction-nothing", 2, reason=outcome.reason)
    known = {each.id: each for each in people.lines}
    taken = Taken(one, outcome, against=[known[identity] for identity in outcome.against if identity in known])
    if name:
        old, new = facts(people.record(name)), facts(after.record(name))
        taken.before, taken.after = _less(old, new), _less(new, old)
    if outcome.status != "settled" and not dry_run:
        workspace.say(one.by, [one])
        taken.kept = True
    return taken


def _less(some: Sequence[str], others: Sequence[str]) -> list[str]:
    known = set(others)
    return [one for one in some if one not in known]


def facts(record: Record) -> list[str]:
    """What a record says, a line a fact, for people to compare."""
    document = record.document
    found = [f"{name}: {getattr(document, name)}" for name in FIELDS["field"]]
    found += [f"deadline: {one.text} {one.end or one.kind}" for one in document.deadlines]
    for task in record.tasks:
        head = task.title or task.text[:30]
        parts = [("title", task.title), ("section", " / ".join(task.section)), ("text", task.text)]
        found.append(" | ".join([task.id, *(f"{name}: {text}" for name, text in parts if text)]))
        found += [f"{head} | {unit.role}: {unit.name}" for unit in task.units]
        found += [f"{head} | deadline: {one.text} {one.end or one.kind}" for one in task.deadlines]
    found += [f"{c.in_} cites {c.number or ''} {c.title or ''} {c.kind} {c.role}" for c in record.citations]
    return found


def meant_document(store: EmbeddedStore, library: Library, name: str, task: str) -> str:
    """The id of the loaded document that is meant, also where only the id of a task is given."""
    if name or not task:
        return library.loaded(name)
    found = store.rows(_TASKS, {"id": task})[1]
    if not found:
        raise ZhenglingError("no-such-task", 2, task=task)
    return found[0][0]


def _check_quote(workspace: Workspace, record: Record, name: str, quote: str) -> None:
    """Raises `ZhenglingError` where the words do not stand in the paper: in what was read of it, else in its file."""
    words = plain(quote)
    if any(words in plain(one.quote) for one in evidence_of(record)):
        return
    real = workspace.file_of(name)
    if real:
        from ...extractors.papers import kept_reader

        with suppress(OSError), kept_reader() as reader:
            if words in plain(reader.read(real, workspace.lexicon()).source):
                return
    raise ZhenglingError("quote-not-found", 2, quote=quote)
