"""How far a task has come, as a person tells it: which lines that makes, and what is known of a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from ...extractors.errors import ZhenglingError
from ..corrections.anchors import anchor_of, task_anchors
from ..corrections.lines import now
from ..corrections.making import named_task
from ..corrections.progress import ProgressLine, TaskProgress, check, sealed
from ..deriving.identity import task_ids
from .correcting import meant_document
from .records import record_name

if TYPE_CHECKING:
    from .workspace import Workspace


@dataclass(slots=True)
class Reported:
    """A task of a document, the lines that were kept of it, and how far it has come with them."""

    document: str
    task: str
    lines: list[ProgressLine] = field(default_factory=list)
    progress: TaskProgress = field(default_factory=TaskProgress)


def report(
    workspace: Workspace, task: str, document: str, by: str, said: Sequence[Mapping[str, Any]], dry_run: bool = False
) -> Reported:
    """Keep what a person tells of a task, each as the fields of a line (`verb`, `state`, `text`, `day`, …).

    Raises `ZhenglingError` where no task or several are meant, or a line lacks what it needs.
    """
    people = workspace.people()
    with workspace.store() as store:
        library = workspace.library(store)
        identity = meant_document(store, library, document, task)
        record, name = library.record(identity), record_name(library.source(identity))
    place = named_task(task, record, identity)
    anchor, paper = task_anchors(record)[place], anchor_of(record)
    at = now(one.at for one in people.progress[-1:])
    lines: list[ProgressLine] = []
    for fields in said:
        lines.append(line_of({"paper": paper, "task": anchor, "by": by, "at": at, **fields}))
        at = now([at])
    if lines and not dry_run:
        workspace.say(by, told=lines)
    after = workspace.people() if lines and not dry_run else type(people)(workspace.folder, people.held, told=lines)
    found = after.gathered(name, after.corrected(name))[0].get(place, TaskProgress())
    return Reported(identity, task_ids(identity, record.tasks)[place], lines, found)


def line_of(fields: Mapping[str, Any]) -> ProgressLine:
    """A line of some fields, with its id. Raises `ZhenglingError` (`progress-form`) where they do not make one."""
    try:
        plain = msgspec.to_builtins({name: value for name, value in fields.items() if value not in (None, "")})
        one = msgspec.convert(plain, ProgressLine)
        check(one)
    except ValueError as error:
        raise ZhenglingError("progress-form", 2, reason=str(error)) from error
    return sealed(one)


def take_back(workspace: Workspace, identity: str, by: str, dry_run: bool = False) -> ProgressLine:
    """Take a line of progress (its id, or the beginning of it) back."""
    people = workspace.people()
    hits = [one for one in people.progress if one.id.startswith(identity)] if identity else []
    if len(hits) != 1:
        raise ZhenglingError("no-such-correction", 2, id=identity, count=len(hits))
    at = now(one.at for one in people.progress[-1:])
    one = line_of({"verb": "undo", "of": hits[0].id, "by": by, "at": at})
    if not dry_run:
        workspace.say(by, told=[one])
    return one
