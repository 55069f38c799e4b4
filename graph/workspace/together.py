"""Many facts of which a person says the same at once: each becomes a line of its own, all or none are kept. The reason
of each ends with the same mark, by which they are taken back together."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from ...extractors.errors import ZhenglingError
from ..corrections.lines import Correction, now
from ..corrections.making import Said, checked, lineage, made, named_task
from .correcting import identity_of, meant_document

if TYPE_CHECKING:
    from ...extractors.model import Record
    from ..stores.embedded import EmbeddedStore
    from .corrected import People
    from .library import Library
    from .workspace import Workspace

_MARK = re.compile(r"#([0-9a-f]{8})$")
_FACT = ("task", "unit", "role", "deadline", "citation", "field")


@dataclass(slots=True)
class SaidTogether:
    """The lines that were kept, their mark, and how many facts no line could be made of (said already, or several)."""

    mark: str = ""
    lines: list[Correction] = field(default_factory=list)
    left: int = 0


def mark_of(one: Correction) -> str:
    """What the lines that were said together share; '' of one that was said alone."""
    found = _MARK.search(one.why)
    return found[1] if found else ""


def correct_together(
    workspace: Workspace, verb: str, facts: Sequence[Mapping[str, str]], by: str, why: str = ""
) -> SaidTogether:
    """`confirm` or `reject` each of some facts: a `document` (its id) with what names one of its facts as `Said` does,
    or with the task's id and `upper`, a link of lineage; or `one` and `other`, ids of units that are one or two."""
    people, said = workspace.people(), SaidTogether(secrets.token_hex(4))
    at = now(one.at for one in people.lines[-1:])
    reason = f"{why} #{said.mark}".strip()
    with workspace.store() as store:
        making = _TogetherLines(workspace, people, store, workspace.library(store), verb, by, reason)
        for fact in facts:
            try:
                said.lines.append(making.line(fact, at := now([at])))
            except ZhenglingError:
                said.left += 1
    if said.lines:
        workspace.say(by, said.lines)
    return said


def undo_together(workspace: Workspace, mark: str, by: str) -> list[Correction]:
    """Take back all lines of a mark that still hold; the lines that do so. Raises `ZhenglingError` where none is."""
    people = workspace.people()
    meant = [one for one in people.lines if mark and mark_of(one) == mark and one.id not in people.undone]
    if not meant:
        raise ZhenglingError("no-such-correction", 2, id=mark, count=0)
    at = now(one.at for one in people.lines[-1:])
    lines = []
    for one in meant:
        lines.append(checked({"verb": "undo", "of": one.id, "by": by, "at": (at := now([at]))}))
    workspace.say(by, lines)
    return lines


@dataclass(slots=True)
class _TogetherLines:
    workspace: Workspace
    people: People
    store: EmbeddedStore
    library: Library
    verb: str
    by: str
    why: str
    _records: dict[str, Record] = field(default_factory=dict)

    def _record(self, identity: str) -> Record:
        if identity not in self._records:
            self._records[identity] = self.library.record(identity)
        return self._records[identity]

    def line(self, fact: Mapping[str, str], at: datetime) -> Correction:
        if "other" in fact:
            names = [identity_of(self.workspace, self.people, self.store, "units", fact[n]) for n in ("one", "other")]
            verb = "same" if self.verb == "confirm" else "not-same"
            return checked({"verb": verb, "what": "units", "names": names, "by": self.by, "at": at, "why": self.why})
        identity = meant_document(self.store, self.library, fact.get("document", ""), fact.get("task", ""))
        record = self._record(identity)
        if "upper" in fact:
            upper = meant_document(self.store, self.library, "", fact["upper"])
            whole = self._record(upper)
            pair = (
                (record, named_task(fact["task"], record, identity)),
                (whole, named_task(fact["upper"], whole, upper)),
            )
            return lineage(self.verb, *pair, self.by, at, self.why)
        task, unit, role, deadline, citation, head = (fact.get(name, "") for name in _FACT)
        said = Said(self.verb, task, unit, role, deadline, citation, head, why=self.why)
        return made(said, record, identity, self.by, at)
