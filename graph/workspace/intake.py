"""One build's reading: which papers are read anew, and which files make one paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...extractors.errors import PaperError
from ...extractors.model import Record
from ...extractors.papers import rules_version
from ...extractors.steps.attachments import Card, label, plan
from ...extractors.words.lexicon import Lexicon
from ..deriving.identity import title_key
from . import sources
from .records import Attached, Known, Records

if TYPE_CHECKING:
    from pathlib import Path

    from ...extractors.papers import Reader
    from ..deriving.derive import LoadedPaper


@dataclass(slots=True)
class Failure:
    """A file that could not be read; `error` says why, `kept` that what was read from it before is still there."""

    path: str
    error: Exception
    kept: bool = False


@dataclass(slots=True)
class Report:
    """What a build did. `papers` are those of the given paths, in path order (their warnings: `Workspace.remarks`)."""

    papers: list[LoadedPaper] = field(default_factory=list)
    read: list[str] = field(default_factory=list)  # sources read anew
    gone: list[str] = field(default_factory=list)  # sources that vanished and left the graph
    removed: list[str] = field(default_factory=list)  # sources that stay out until `again`
    failures: list[Failure] = field(default_factory=list)
    documents: int = 0  # in the workspace, duplicates not counted
    held: list[str] = field(default_factory=list)  # of an import: sources that were read here already
    joined: dict[str, str] = field(default_factory=dict)  # attachment → the notice that it was read with
    unsure: dict[str, list[str]] = field(default_factory=dict)  # not joined: file → what it may belong to or be twice


class Intake:
    """Brings the records up to what lies under the given paths. `report` tells what was done."""

    def __init__(self, folder: Path, records: Records, reader: Reader, lexicon: Lexicon) -> None:
        self.records, self.reader, self.lexicon = records, reader, lexicon
        self.rules = rules_version(lexicon)
        self.report = Report()
        self._folder = folder
        self._found: dict[str, str] = {}
        self._fresh: set[str] = set()  # read in this build
        self._lists: dict[str, dict[str, str]] = {}  # folder → file → address
        # Attachments of the last build: all that is known of them stands in the records of their notices.
        # What was imported stays as it is, and has no part in the joining.
        own = [known for known in records.index.values() if not known.imported]
        self._before = {a.path: a for known in own for a in known.attachments}
        self._rules = {a.path: known.rules for known in own for a in known.attachments}

    def find(self, paths: list[str], gone: bool = False) -> dict[str, str]:
        """Source → where it lies, of every paper under some paths; what vanished there loses its record."""
        records = self.records.index.values()
        places = [sources.SourcePlace(k.source, k.real) for k in records if not k.imported]
        places += [sources.SourcePlace(a.path, a.real) for a in self._before.values()]
        imported = {path: digest for k in records if k.imported for path, digest in k.digests.items()}
        found = sources.find(paths, places, imported, self._folder, self.reader, gone)
        self._found = found.files
        self.report.failures += [Failure(path, error) for path, error in found.failures]
        self.report.gone += found.gone
        self.leave_out(set(found.gone))
        for known in records:
            known.real = self._found.get(known.source, known.real)
        for before in self._before.values():
            before.real = self._found.get(before.path, before.real)
        return self._found

    def leave_out(self, out: set[str]) -> None:
        """Some sources lose their records."""
        for source in out:
            self.records.drop(source)
            self._before.pop(source, None)

    def wanted(self, again: bool) -> dict[str, str]:
        """Source → where it lies, of what must be read: new, changed, or read by other rules, wherever it lies."""
        wanted = {}
        for source, real in self._found.items():
            known: Known | Attached | None = self.records.get(source) or self._before.get(source)
            if again or known is None or self._stale(known) or known.sha256 != sources.sha256(real, self.reader):
                wanted[source] = real
        held: dict[str, Known | Attached] = {known.source: known for known in self.records.index.values()}
        for source, entry in (self._before | held).items():
            if self._stale(entry) and source not in self._found and self._is_there(entry.real):
                wanted[source] = entry.real
        return wanted

    def take(self, source: str, real: str, record: Record | Exception, removed: list[dict[str, Any]]) -> bool:
        """What was read of one paper alone, or why nothing was. `removed` are the documents that were taken out; gives
        whether that list changed."""
        if isinstance(record, PaperError):
            self._fail(source, record, {real: source})
            self.leave_out({source})  # what it was before is not what it is
            return False
        if isinstance(record, Exception):
            known = self.records.get(source) or self._before.get(source)
            self._fail(source, record, {real: source}, kept=known is not None)
            return False
        entry = next((e for e in removed if same(e, record)), None)
        if entry is not None:
            # Another file of a document that was taken out.
            entry["sources"] = sorted({*entry["sources"], source})
            self.leave_out({source})
            self.report.removed.append(source)
            return True
        self._keep(record, source, real, {})
        self.report.read.append(source)
        self._fresh.add(source)
        return False

    def join(self) -> None:
        """Read the notices together with their attachments, and alone what is no attachment any more."""
        own = [known for known in self.records.index.values() if not (known.broken or known.imported)]
        places = {known.source: known.real for known in own}
        places = {a.path: a.real for a in self._before.values()} | places
        lists = sources.given(places, self.reader, lambda p, e: self.report.failures.append(Failure(p, e)))
        by_source = {known.source: known for known in own}
        held = {source: by_source.get(source) or self.records.get(source) for source in places}
        cards = {source: self._card(source, real, lists, held[source]) for source, real in places.items()}
        wanted = plan(cards.values())
        owner = {file: notice for notice, files in wanted.joined.items() for file in files}
        anew: dict[str, list[str]] = {}
        for source in sorted(set(places) - set(owner)):
            known = held[source]
            files = wanted.joined.get(source, [])
            now = [a.path for a in known.attachments] if known else []
            if known is None or files != now or not self._fresh.isdisjoint((source, *files)):
                if known is not None and not files and not now:
                    continue
                if all(map(self._is_there, (places[file] for file in [source, *files]))):  # elsewhere: as it was
                    anew[source] = files
        self._together(anew, places, cards)
        for file, notice in owner.items():
            if self.records.get(notice) and file in self.records.get(notice).sources:  # type: ignore[union-attr]
                self.records.drop(file)
                self._tell(file, notice)
        found = self._found.keys()
        relevant = {f: others for f, others in wanted.unsure.items() if not found.isdisjoint([f, *others])}
        self.report.unsure = dict(sorted(relevant.items()))
        self.report.joined = dict(sorted(self.report.joined.items()))

    def _tell(self, file: str, notice: str) -> None:
        if file in self._found or notice in self._found:
            self.report.joined[file] = notice

    def _together(self, anew: dict[str, list[str]], places: dict[str, str], cards: dict[str, Card]) -> None:
        """Read notices with their attachments, or what was an attachment and is none any more."""
        found = self.reader.records([[places[f] for f in [s, *files]] for s, files in anew.items()], self.lexicon)
        for (source, files), record in zip(anew.items(), found, strict=True):
            real, lay = places[source], {file: places[file] for file in files}
            if isinstance(record, Exception):
                names = {real: source} | {where: file for file, where in lay.items()}
                self._fail(source, record, names, kept=self.records.get(source) is not None)
                continue
            if files:
                label(record, cards[source], {lay[file]: cards[file] for file in files})
            self._keep(record, source, real, lay)
            if source not in self._fresh:
                self.report.read.append(source)

    def _fail(self, source: str, error: Exception, names: dict[str, str], kept: bool = False) -> None:
        """Of what can not be read: its error calls a file as the table does (`names`: where it lies → its name)."""
        if isinstance(error, PaperError) and error.values.get("path") in names:
            error.values["path"] = names[error.values["path"]]
        elif isinstance(error, OSError) and error.filename in names:
            error.filename = names[error.filename]
        self.report.failures.append(Failure(source, error, kept))

    def _card(self, source: str, real: str, lists: dict[str, str], known: Known | None) -> Card:
        before = self._before.get(source)
        entry: Known | Attached | None = known or before
        assert entry is not None
        given = lists.get(source)
        if given is None and not real and before is not None and before.given:
            # Where it lies is not known any more, and so not what the list beside it says now.
            given = next((k.source for k in self.records.index.values() if source in k.sources[1:]), None)
        return Card(source, list(entry.titles), list(known.announces) if known else [], given)

    def _keep(self, record: Record, source: str, real: str, lay: dict[str, str]) -> None:
        address = self._address(real)
        record.source = {"path": source} | {k: v for k, v in record.source.items() if k not in ("path", "address")}
        record.source |= {"address": address} if address else {}
        record.rules = self.rules
        self.records.keep(record, real, lay)

    def _address(self, real: str) -> str:
        """Where a file came from, as the list beside it says."""
        folder, _, name = real.rpartition("/")
        if folder not in self._lists:
            self._lists[folder] = sources.addresses(folder, self.reader)
        return self._lists[folder].get(name, "")

    def _stale(self, known: Known | Attached) -> bool:
        """Whether it was read by other rules, or elsewhere."""
        if isinstance(known, Known):
            return known.imported or known.rules != self.rules
        return self._rules.get(known.path) != self.rules

    def _is_there(self, real: str) -> bool:
        return bool(real) and self.reader.files.exists(real)


def same(entry: dict[str, Any], record: Record) -> bool:
    """Whether a record is of a document that was taken out."""
    document = record.document
    key = title_key(document.title)
    if not key or key != title_key(entry.get("title")):
        return False
    return all(getattr(document, name) == entry.get(name) for name in ("number", "issuer", "region"))
