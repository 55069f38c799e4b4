"""The records of a workspace with what people said of them. Only papers of which somebody said something pay for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ...extractors.errors import ZhenglingError
from ...extractors.model import Record
from ..corrections import lines, progress
from ..corrections.anchors import Heads, PaperHead
from ..corrections.applying import Corrected, apply
from ..corrections.lines import Correction, PaperAnchor
from ..corrections.progress import ProgressLine, TaskProgress
from ..corrections.working import Outcome
from ..deriving.pieces import ToldRecord
from .records import Records


@dataclass(slots=True)
class Listed:
    """A line in the list of all: what became of it, and the records that it is about."""

    outcome: Outcome
    records: list[str] = field(default_factory=list)


class People:
    """What people said, beside the records: `records` must have been loaded."""

    def __init__(
        self, folder: Path, records: Records, more: Iterable[Correction] = (), told: Iterable[ProgressLine] = ()
    ) -> None:
        """`folder`: that of the workspace; `more`, `told`: lines that are not in its files (yet)."""
        self._folder, self.held, self._more, self._told = folder, records, list(more), list(told)

    @cached_property
    def lines(self) -> list[Correction]:
        """All lines, in the order of saying. Raises `ZhenglingError` for one that can not be read."""
        known = lines.read(self._folder / "corrections")
        return sorted([*known, *self._more], key=lambda one: (one.at, one.id))

    @cached_property
    def undone(self) -> set[str]:
        """The ids of the lines that were taken back."""
        return _undone((one.id, one.of) for one in self.lines)

    @cached_property
    def progress(self) -> list[ProgressLine]:
        """All lines of progress, in the order of saying."""
        return sorted([*progress.read(self._folder / "progress"), *self._told], key=lambda one: (one.at, one.id))

    @cached_property
    def _taken_back(self) -> set[str]:
        return _undone((one.id, one.of) for one in self.progress)

    @cached_property
    def _heads(self) -> Heads:
        index = self.held.index
        heads = {}
        for name in self.held.ordered():
            known = index[name]
            number, title, issuer, region = known.head or [None] * 4
            heads[name] = PaperHead.of(lines.PaperAnchor(number, title, issuer, region, known.source, known.sha256))
        return Heads(heads)

    @cached_property
    def _about(self) -> dict[str, list[Correction]]:
        """Record → the lines about it that hold, in the order of saying."""
        found: dict[str, list[Correction]] = {}
        for one in self.lines:
            if one.paper is not None and one.id not in self.undone:
                for name in self.find(one):
                    found.setdefault(name, []).append(one)
        return found

    @cached_property
    def _progress_of(self) -> dict[str, list[ProgressLine]]:
        """Record → the lines of progress about it that hold."""
        found: dict[str, list[ProgressLine]] = {}
        for one in self.progress:
            if one.paper is not None and one.id not in self._taken_back:
                for name in self._heads.find(one.paper):
                    found.setdefault(name, []).append(one)
        return found

    def find(self, one: Correction | ProgressLine) -> list[str]:
        """The records that a line is about."""
        return self.of_paper(one.paper)

    def superiors(self, one: Correction) -> list[str]:
        """The records of the superior that a line of lineage is about."""
        return self.of_paper(one.upper)

    def lost(self, one: Correction) -> str:
        """Why what a line of lineage says a task comes from is not there any more; '' where it is."""
        papers = self.superiors(one)
        if any(self.corrected(name).places(one.tasks[0])[0] for name in papers):
            return ""
        return "superior-task-gone" if papers else "superior-gone"

    def linked(self) -> list[str]:
        """The records of which somebody said where their tasks come from, in the order of their sources."""
        return [name for name in self.names() if any(one.what == "lineage" for one in self._about[name])]

    def mark(self, name: str) -> str:
        """What tells what was said of a record from what was said before; '' where nobody said anything."""
        about = self._about.get(name, []) if self.lines else []
        told = self._progress_of.get(name, []) if self.progress else []
        return lines.marked([*about, *told]) if about or told else ""

    @cached_property
    def identities(self) -> list[Correction]:
        """The lines that say whether two names mean one thing, in the order of saying."""
        return [one for one in self.lines if one.names and one.id not in self.undone]

    def names_mark(self) -> str:
        """What tells what was said of names from what was said before."""
        return lines.marked(self.identities) if self.identities else ""

    def of_paper(self, anchor: PaperAnchor | None) -> list[str]:
        """The records of a paper."""
        return self._heads.find(anchor) if anchor is not None else []

    def names(self) -> list[str]:
        """The records of which somebody said something, in the order of their sources."""
        about = self._about if self.lines else {}
        return [name for name in self.held.ordered() if name in about]

    def corrected(self, name: str) -> Corrected:
        """A record with what people said of it."""
        return apply(self.held.read(name), self._about.get(name, ()) if self.lines else ())

    def record(self, name: str) -> Record:
        """The record that holds."""
        return self.corrected(name).record if self.mark(name) else self.held.read(name)

    def told(self, name: str) -> Record | ToldRecord:
        """The record that holds, with how far its tasks have come."""
        if not self.mark(name):
            return self.held.read(name)
        found = self.corrected(name)
        return ToldRecord(found.record, {place: one.told() for place, one in self.gathered(name, found)[0].items()})

    def gathered(self, name: str, found: Corrected) -> tuple[dict[int, TaskProgress], list[tuple[ProgressLine, str]]]:
        """Place of a task → how far it has come; and each line with the reason why it is about none (or empty)."""
        tasks: dict[int, TaskProgress] = {}
        fates: list[tuple[ProgressLine, str]] = []
        for one in self._progress_of.get(name, ()) if self.progress else ():
            assert one.task is not None
            places, reason = found.places(one.task)
            for place in places:
                tasks.setdefault(place, TaskProgress()).take(one)
            fates.append((one, reason))
        return tasks, fates

    def progress_fates(self) -> list[tuple[ProgressLine, str]]:
        """All lines of progress, each with the code of the reason why it says nothing now, '' of those that do."""
        fates: dict[str, str] = {}
        for name in self.held.ordered() if self.progress else ():
            if name in self._progress_of:
                for one, reason in self.gathered(name, self.corrected(name))[1]:
                    fates[one.id] = reason if fates.get(one.id, "?") else ""
        known = {one.id for one in self.progress}
        for one in self.progress:
            if one.id in self._taken_back:
                fates[one.id] = "undone"
            elif one.verb == "undo":
                fates[one.id] = "" if one.of in known else "line-gone"
        return [(one, fates.get(one.id, "paper-gone")) for one in self.progress]

    def records(self) -> Iterator[Record]:
        """The records that hold, in the order of their sources."""
        return map(self.record, self.held.ordered())

    def listed(self) -> list[Listed]:
        """What became of each line, in the order of saying."""
        if not self.lines:
            return []
        found: dict[str, Listed] = {}
        for name in self.names():
            for outcome in self.corrected(name).outcomes:
                held = found.setdefault(outcome.correction.id, Listed(outcome))
                held.records.append(name)
                if held.outcome.status == "stale" and outcome.status != "stale":
                    held.outcome = outcome
        for held in found.values():
            one = held.outcome.correction
            if one.what == "lineage" and held.outcome.status == "applied" and (reason := self.lost(one)):
                held.outcome.status, held.outcome.reason = "stale", reason
        known = {one.id for one in self.lines}
        for one in self.lines:
            if one.id in found:
                continue
            if one.id in self.undone:
                outcome = Outcome(one, "undone")
            elif one.verb == "undo":
                outcome = Outcome(one, "applied") if one.of in known else Outcome(one, "stale", "line-gone")
            else:
                outcome = Outcome(one, "stale", "paper-gone")
            found[one.id] = Listed(outcome, self.find(one))
        return [found[one.id] for one in self.lines]


def _undone(lines: Iterable[tuple[str, str]]) -> set[str]:
    """The ids of the lines that were taken back, of lines with what each takes back ('' for most)."""
    all_ = list(lines)
    takes: dict[str, list[str]] = {}
    for identity, of in all_:
        if of:
            takes.setdefault(of, []).append(identity)
    known: dict[str, bool] = {}

    def is_undone(identity: str) -> bool:
        if identity not in known:
            known[identity] = False  # a ring can not be: an id is made from the line
            known[identity] = any(not is_undone(take) for take in takes.get(identity, ()))
        return known[identity]

    return {identity for identity, _ in all_ if is_undone(identity)}


def signature(folder: Path) -> str:
    """What tells the files that people write from those of another time, without reading them."""
    told = []
    for part in ("corrections", "progress"):
        for file in sorted((folder / part).glob("*.jsonl")):
            try:
                state = file.stat()
            except OSError as error:
                raise ZhenglingError("record-unreadable", 1, path=str(file), reason=str(error)) from error
            told.append(f"{part}/{file.name} {state.st_size} {state.st_mtime_ns}")
    return "\n".join(told)
