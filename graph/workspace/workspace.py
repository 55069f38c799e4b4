"""A workspace: a folder with the records of papers, what was removed, and a store that is made from them.

    records/<name>-<8 hex digits of its source>.json    one a paper, written whole or not at all
    corrections/*.jsonl  progress/*.jsonl               what people know better, and how far tasks have come
    removed.json                                        what was taken out
    siblings                                            there where siblings are to be compared
    lexicon/*.csv  queries/*.cypher                     the user's own
    cache/                                              all that can be made again: store, where the sources lie, lock

Everything but `cache/` is the same for the same sources. A build that was killed leaves nothing that the next minds.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ...extractors.errors import ZhenglingError, notice
from ...extractors.model import PagePicture, Record, Remark
from ...extractors.words.lexicon import Lexicon
from ..corrections.lines import Correction, append, line
from ..corrections.progress import ProgressLine
from ..deriving.derive import LoadedPaper, derive
from ..deriving.kept import heeding
from ..schema import NODES, RELATIONSHIPS
from ..stores import digest, embedded, layers, words
from ..stores.embedded import EmbeddedStore
from ..stores.loaded import Loaded
from .corrected import People, signature
from .growing import Growing
from .judging import judged, verdicts
from .library import Library
from .naming import Titled, named
from .records import Known, Records, record_name
from .sparing import sparing

if TYPE_CHECKING:
    from ...extractors.limits import Settings
    from .intake import Report

Progress = Callable[[int, int, str], Any]

#: A folder of the cache with what an import brings, once it is whole; in it, what stays out from then on.
_TAKEN, _REMOVED = "taken-records", "removed.list"
_FORM = "10"  # raised when the same records give another graph, or another store
#: What a graph is that an older program made where this differs.
_SHAPE = hashlib.sha256(repr((_FORM, NODES, RELATIONSHIPS)).encode()).hexdigest()[:16]


class _Stamp(msgspec.Struct):
    stamp: str


class _State(_Stamp):
    """What the store was made of, and what became of each paper."""

    papers: list[LoadedPaper]


class Workspace:
    """The workspace in a folder, which the first `build` makes."""

    def __init__(self, folder: str | os.PathLike[str], enlarged: int = 0) -> None:
        """`enlarged`: how much a store of it keeps in memory, as `EmbeddedStore` has it."""
        self.folder, self._enlarged = Path(folder), enlarged
        self._cache = self.folder / "cache"
        self._records = Records(self.folder / "records", self._cache)
        self._store = self._cache / "graph.lbug"
        self._pieces = self._cache / "pieces.duckdb"
        self._growing = Growing(self._cache, self._store, self._pieces)
        self._lexicon: Lexicon | None = None

    # --- what others ask for

    def lexicon(self) -> Lexicon:
        """The built-in lexicon with the workspace's own. Raises `ZhenglingError` for a bad row of it."""
        if self._lexicon is None:
            self._lexicon = Lexicon.load([self.folder / "lexicon"])
        return self._lexicon

    def records(self) -> Iterator[Record]:
        """The records that hold, corrected by what people said, in the order of their sources; a file that is none is
        left out (`build` says so)."""
        return self.people().records()

    def people(self, more: Iterable[Correction] = ()) -> People:
        """The records as they are now with what people said of them; `more`: lines that stand in no file."""
        self._finish()
        return People(self.folder, self._records.load(), more)

    def say(self, by: str, said: Iterable[Correction] = (), told: Iterable[ProgressLine] = ()) -> None:
        """Keep lines of a person, and bring the graph up to them."""
        with self.locked():
            for part, lines in (("corrections", [*map(line, said)]), ("progress", [*map(line, told)])):
                if lines:
                    append(self.folder / part, by, lines)
            self._records.load()
            self._derive()

    def sources(self) -> list[str]:
        """How the sources of all records are called, and their attachments."""
        return [source for known in self._records.load().index.values() for source in known.sources]

    def file_of(self, record: str) -> str:
        """Where the source of a record lies, as far as it is known."""
        known = self._records.index.get(record)
        return known.real if known else ""

    def store(self) -> EmbeddedStore:
        """The store, made from the records where it is missing or damaged.

        Raises `ZhenglingError` where nothing was built.
        """
        self._finish()
        sound = layers.is_sound(self._store)  # what makes it says so
        if not sound or self._heard() != self._said():
            if not self._records.folder.is_dir():
                raise ZhenglingError("no-such-workspace", 2, workspace=str(self.folder))
            try:
                self._renew()
            except ZhenglingError as error:
                if not sound or error.code != "workspace-locked":  # a build is at work, and will heed what was said
                    raise
        return EmbeddedStore(self._store, self._enlarged)

    def _hear(self, said: Iterable[Correction], told: Iterable[ProgressLine]) -> None:
        """Keep what people elsewhere said, each line in the file of its writer."""
        people = People(self.folder, self._records)
        for part, known, lines in (("corrections", people.lines, said), ("progress", people.progress, told)):
            ids = {one.id for one in known}
            for one in lines:
                if one.id not in ids:
                    append(self.folder / part, one.by, [line(one)])

    def _said(self) -> str:
        """The state of what people said, for a graph of this program."""
        return f"{_SHAPE} {signature(self.folder)}"

    def _heard(self) -> str:
        """The state of what people said, as the store has it."""
        with suppress(OSError, ValueError):
            return (self._cache / "heard.txt").read_text("utf-8")
        return ""

    def kept(self, name: str, mark: str, make: Callable[[Path], None], again: bool = False) -> Path:
        """The folder `name` of the cache, which `make` fills where it is not that of this graph and of `mark`, and
        with `again` also where it is."""
        folder, stamp = self._cache / name, self._kept_stamp(mark)
        if again or not self._is_kept(folder, stamp):
            with self.locked():
                change = Path(tempfile.mkdtemp(prefix="change-", dir=self._cache))
                beside = change / "new"
                beside.mkdir()
                make(beside)
                (beside / "stamp.txt").write_text(stamp, "utf-8")
                digest.note_folder(beside)
                # Moved away whole: who still reads it may write there until the end, so that it can not be emptied.
                with suppress(FileNotFoundError):
                    folder.replace(change / "old")
                beside.replace(folder)
                shutil.rmtree(change, ignore_errors=True)
        return folder

    def kept_already(self, name: str, mark: str) -> Path | None:
        """The folder `name` of the cache where it is that of this graph and of `mark`."""
        folder = self._cache / name
        return folder if self._is_kept(folder, self._kept_stamp(mark)) else None

    def _is_kept(self, folder: Path, stamp: str) -> bool:
        same = False
        with suppress(OSError, ValueError):
            same = (folder / "stamp.txt").read_text("utf-8") == stamp
        if same and not digest.is_sound_folder(folder):
            notice("store-damaged", path=str(folder))
            return False
        return same

    def _kept_stamp(self, mark: str) -> str:
        self.store().close()
        if not self._stamp():
            (self._cache / "state.json").unlink(missing_ok=True)
            self._renew()
        return f"{self._stamp()} {mark}"

    @contextmanager
    def last_load(self, server: str) -> Iterator[Loaded | None]:
        """What is known of the last load of the store into a database; None while another load is at work."""
        from filelock import FileLock, Timeout

        folder = self._cache / "loaded"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / "lock", timeout=0):
                yield Loaded(folder, server, self._stamp())
        except Timeout:
            yield None

    def _stamp(self) -> str:
        """What tells the graph of the store from others; '' where that is not known."""
        with suppress(OSError, msgspec.MsgspecError, RecursionError):
            return msgspec.json.decode((self._cache / "state.json").read_bytes(), type=_Stamp).stamp
        return ""

    def remarks(self, paper: LoadedPaper) -> list[Remark]:
        """The warnings of a paper: what was not understood in it, and what the other papers brought to light."""
        name = record_name(paper.source)
        known = self._records.warnings(name) if (self._records.folder / name).is_file() else []
        return [*known, *paper.remarks]

    def build(
        self,
        paths: Iterable[str | os.PathLike[str]],
        again: bool = False,
        progress: Progress | None = None,
        settings: Settings | None = None,
        gone: bool = False,
        jobs: int | None = None,
        siblings: bool | None = None,
    ) -> Report:
        """Read the papers of files, folders and ZIPs; what did not change is not read again unless `again`.

        A file that is gone from a given path loses its record; what lies outside them stays. Where a path holds none
        of its papers any more, that is a failure unless `gone`: a disk may not be there. Attachments in files of
        their own are read with the notice that announces them. `jobs` papers are read side by side, as many as there
        are processors if not given. `siblings` says for this and later builds whether papers that carry out one that is
        not there are compared with each other. Raises `ZhenglingError` where another build is at work
        or the workspace can not be written; a bad paper is a failure of the report.
        """
        from ...extractors.limits import cores
        from ...extractors.papers import kept_reader
        from .intake import Failure, Intake

        with self.locked(), kept_reader(settings, jobs or cores()) as reader:
            work = Intake(self.folder, self._records.load(), reader, self.lexicon())
            report = work.report
            found = work.find([os.fspath(path) for path in paths], gone)
            removed = self._removed()
            if again:
                removed = [entry for entry in removed if not set(entry["sources"]) & set(found)]
                self._save_removed(removed)
            out = {source for entry in removed for source in entry["sources"]}
            report.removed += sorted(out & set(found))
            work.leave_out(out)
            wanted = sorted((source, real) for source, real in work.wanted(again).items() if source not in out)
            read = reader.records([[real] for _, real in wanted], work.lexicon)
            if wanted:
                embedded.load(len(wanted))
            for done, (source, real) in enumerate(wanted):
                if progress:
                    progress(done, len(wanted), real)
                if work.take(source, real, next(read), removed):
                    self._save_removed(removed)
            work.join()
            if progress:
                progress(len(wanted), len(wanted), "")
            for name, error in self._records.faults.items():
                if name in self._records.index and self._records.index[name].broken:
                    report.failures.append(Failure(str(self._records.folder / name), error))
                else:
                    notice("record-again", path=str(self._records.folder / name), reason=str(error))
            self._records.save()
            if siblings is not None:
                self._compare_siblings(siblings)
            papers = self._derive(jobs or cores())
            seen = set(found) | {report.joined[source] for source in found if source in report.joined}
            report.papers = [paper for paper in papers if paper.source in seen]
            report.documents = sum(not paper.duplicate for paper in papers)
            return report

    def take(
        self,
        records: Iterable[Record],
        again: bool = False,
        said: Iterable[Correction] = (),
        told: Iterable[ProgressLine] = (),
    ) -> Report:
        """Add records of another workspace, all or none; they stay until they are removed or their file is read here.

        What was read here already stays as it is; another paper of the same name gets a longer one. What was removed
        stays out unless `again`. `said` and `told` are lines of people there; those that are here already stand once.
        """
        from .intake import Report, same

        with self.locked():
            removed, report = self._removed(), Report()
            staged = Records(self._cache / "new-records", self._cache)
            staged.folder.mkdir()
            read_here = [known for known in self._records.load().index.values() if not known.imported]
            own = {path: sha256 for known in read_here for path, sha256 in known.digests.items()}
            for record in records:
                out = [e for e in removed if record.source["path"] in e["sources"] or same(e, record)]
                if out and not again:
                    report.removed.append(record.source["path"])
                    continue
                removed = [entry for entry in removed if entry not in out]
                source, sha256 = record.source["path"], record.source["sha256"]
                path, number = Path(source), 1
                while staged.get(source) or own.get(source, sha256) != sha256:
                    number += 1
                    source = path.with_stem(f"{path.stem}-{number}").as_posix()
                if source in own:
                    report.held.append(source)
                    continue
                record.source["path"], record.imported = source, True
                staged.keep(record, sure=False)
                report.read.append(source)
            self._records.write(staged.folder / _REMOVED, json.dumps(removed, ensure_ascii=False))
            staged.folder.replace(self._cache / _TAKEN)  # from here on all of them are in, whatever happens
            self._move_in()
            self._records.load().save()
            self._hear(said, told)
            papers, taken = self._derive(), set(report.read)
            report.papers = [paper for paper in papers if paper.source in taken]
            report.documents = sum(not paper.duplicate for paper in papers)
            return report

    def remove(self, name: str) -> list[str]:
        """Take a document out and keep it out until `build(…, again=True)`; gives its files.

        `name` is its id, number, title or file. Raises `ZhenglingError` where none or several bear it.
        """
        if not self._records.folder.is_dir():
            raise ZhenglingError("no-such-workspace", 2, workspace=str(self.folder))
        with self.locked():
            self._records.load()
            papers = self._derive()
            document = self._wanted(name, papers)
            own = [paper for paper in papers if paper.document == document]
            sources = sorted({source for paper in own for source in self._sources(paper)})
            head = self._records.read(record_name(next(paper.source for paper in own if not paper.duplicate)))
            entry = {
                "document": document,
                "number": head.document.number,
                "title": head.document.title,
                "issuer": head.document.issuer,
                "region": head.document.region,
                "sources": sources,
            }
            # Noted first: should this be cut short, the next build finishes it.
            self._save_removed([*(e for e in self._removed() if e["document"] != document), entry])
            for source in sources:
                self._records.drop(source)
            self._records.save()
            self._derive()
            return sources

    def _sources(self, paper: LoadedPaper) -> list[str]:
        """The file of a paper and those of its attachments."""
        known = self._records.get(paper.source)
        return known.sources if known else [paper.source]

    def _wanted(self, name: str, papers: list[LoadedPaper]) -> str:
        """The id of the one loaded document that bears a name, or of which a file does."""
        people = People(self.folder, self._records)
        heads = ((paper, people.record(record_name(paper.source)).document) for paper in papers)
        titled = (Titled(p.document, head.number, head.title, self._sources(p)) for p, head in heads)
        try:
            return named(name, titled)
        except ZhenglingError as error:
            if error.code != "no-such-document" or not name.strip() or not Path(name.strip()).exists():
                raise
            sources = self._read_from(os.path.realpath(name.strip()))
            return named(name, (Titled(p.document, None, name, ()) for p in papers if p.source in sources))

    def _read_from(self, real: str) -> set[str]:
        """The sources of the records that were read from a file of the disk, or that it is attached to."""
        index = self._records.index.values()
        return {k.source for k in index if real in (k.real, *(a.real for a in k.attachments))}

    def library(self, store: EmbeddedStore) -> Library:
        """The documents of the store by name, with their records."""
        return Library(store, self.people())

    def mark(self) -> str:
        """What tells the records, and what people said of them, from those before, without reading any."""
        states = [signature(self.folder)]
        for path in (self._records.folder, self._cache / "sources.json"):
            with suppress(OSError):
                state = path.stat()
                states.append(f"{state.st_ino} {state.st_mtime_ns} {state.st_size}")
        return "\n".join(states)

    def record(self, source: str, people: People | None = None) -> Record:
        """The record of the paper that was read from a source, as it holds; `people`: as `people` gave it. Raises
        `ZhenglingError` where there is none."""
        if people is not None:
            return people.record(record_name(source))
        if not (self.folder / "corrections").is_dir():
            return self._records.read(record_name(source))
        return self.people().record(record_name(source))

    def text(self, source: str, settings: Settings | None = None) -> str | None:
        """The text of a paper by the name of its source, in which evidence counts; contact data is masked. None where
        its file is not there any more, or is another now."""
        from .texts import text_of

        known = self._known(source)
        return text_of(known, self._cache, self.lexicon(), settings) if known else None

    def page(self, source: str, number: int, file: str = "", settings: Settings | None = None) -> PagePicture | None:
        """A page of a paper that is a PDF, or of its attachment `file`, as a picture with the places of its text; None
        as for that. Raises `PaperError` where it can not be shown."""
        from .texts import page_of

        known = self._known(source)
        return page_of(known, self._cache, self.lexicon(), number, file, settings) if known else None

    def _known(self, source: str) -> Known | None:
        """What is known of the record of a source."""
        if not self._records.index:
            self._records.load()
        return self._records.get(source)

    def _finish(self) -> None:
        """What an import that was ended has left to do."""
        if (self._cache / _TAKEN).is_dir():
            self._renew()

    def _move_in(self) -> None:
        """The records that an import has brought, into the folder of records."""
        taken = self._cache / _TAKEN
        if not taken.is_dir():
            return
        for file in sorted(taken.glob("*.json")):
            file.replace(self._records.folder / file.name)
        with suppress(FileNotFoundError):
            self._save_removed(json.loads((taken / _REMOVED).read_text("utf-8")))
        shutil.rmtree(taken)

    # --- what was taken out

    def _removed(self) -> list[dict[str, Any]]:
        path = self.folder / "removed.json"
        if not path.is_file():
            return []
        try:
            entries = json.loads(path.read_text("utf-8"))
            return [entry for entry in entries if set(entry) >= {"document", "sources"}]
        except (OSError, ValueError, TypeError) as error:
            raise ZhenglingError("record-unreadable", 1, path=str(path), reason=str(error)) from error

    def _save_removed(self, entries: list[dict[str, Any]]) -> None:
        path = self.folder / "removed.json"
        if entries:
            entries = sorted(entries, key=lambda entry: entry["document"])
            self._records.write(path, json.dumps(entries, ensure_ascii=False, indent=1) + "\n")
        else:
            path.unlink(missing_ok=True)

    # --- siblings

    def _siblings(self) -> bool:
        return (self.folder / "siblings").exists()

    def _compare_siblings(self, wanted: bool) -> None:
        if wanted:
            self._records.write(self.folder / "siblings", "")
        else:
            (self.folder / "siblings").unlink(missing_ok=True)

    # --- the store

    def _renew(self) -> None:
        """Bring the store up to the records and to what people said, with nobody else at work."""
        with self.locked():
            self._records.load()
            self._derive()

    def _derive(self, jobs: int = 1) -> list[LoadedPaper]:
        """Make the store from the records, unless it is that of these records already; what became of each paper.
        `jobs`: how many processes align papers."""
        names, index = self._records.ordered(), self._records.index
        state, heard = self._cache / "state.json", self._said()
        people = People(self.folder, self._records)
        marks = [f"{name} {index[name].size} {index[name].changed} {people.mark(name)}".rstrip() for name in names]
        stamp = hashlib.sha256((_SHAPE + self.lexicon().version).encode())
        stamp.update("\n".join(marks).encode())
        stamp.update(people.names_mark().encode())
        if self._siblings():
            stamp.update(b"siblings")
        is_sound = self._sound()
        if is_sound:
            with suppress(OSError, msgspec.MsgspecError, RecursionError):
                kept = state.read_bytes()
                if msgspec.json.decode(kept, type=_Stamp).stamp == stamp.hexdigest():
                    papers = msgspec.json.decode(kept, type=_State).papers
                    self._index()
                    self._hearken(heard)
                    return papers
        state.unlink(missing_ok=True)
        self._growing.came = papers = None
        if is_sound and not self._siblings():
            papers = self._growing.added(names, marks, people, self.lexicon(), jobs)
        papers = papers or self._made(names, marks, people, jobs)
        self._index()
        now = _State(stamp.hexdigest(), papers)
        self._records.write(state, msgspec.json.encode(now), sure=False)
        self._hearken(heard)
        return papers

    def _index(self) -> None:
        """Bring the index of words up to the store."""
        with EmbeddedStore(self._store) as store:
            below = layers.base_of(self._store)
            words.renew(self._store, store, below if below != self._store else None, self._growing.came)

    def _hearken(self, heard: str) -> None:
        """Note the state of what people said that the store has: not before it has it, or a line that was kept just
        before the program was ended would wait for the next build."""
        if self._heard() != heard:
            self._records.write(self._cache / "heard.txt", heard, sure=False)

    def _made(self, names: list[str], marks: list[str], people: People, jobs: int) -> list[LoadedPaper]:
        """Make the store; where the pieces of the records are damaged, out of the records anew."""
        import duckdb

        for again in (False, True):
            if again:
                self._pieces.unlink(missing_ok=True)
            try:
                with (
                    heeding(),
                    derive(
                        lambda n: people.told(names[n]),
                        self.lexicon(),
                        self._cache,
                        self._pieces,
                        marks,
                        verdicts(people, names),
                        judged(people, names),
                        self._siblings(),
                        jobs,
                    ) as graph,
                ):
                    embedded.build(self._store, graph)
                    self._growing.keep(graph, marks, people)
                    return graph.papers
            except duckdb.Error as error:
                if again:
                    reason = str(error).partition("\n")[0]
                    raise ZhenglingError("store-not-written", 1, path=str(self._store), reason=reason) from error
                notice("store-damaged", path=str(self._pieces))
        raise AssertionError

    def _sound(self) -> bool:
        """Whether the store is there, and is what was written."""
        if layers.is_sound(self._store):
            return True
        if self._store.is_file():
            notice("store-damaged", path=str(self._store))
        return False

    def _is_own(self, error: OSError | sqlite3.Error) -> bool:
        """Whether an error is of the workspace's own files."""
        name = getattr(error, "filename", None)
        if not isinstance(name, (str, bytes)):
            return True
        own, file = os.path.realpath(self.folder), os.path.realpath(os.fsdecode(name))
        return file == own or file.startswith(own + os.sep) or own.startswith(file.rstrip(os.sep) + os.sep)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One build at a time; what an earlier one left half done is cleared away."""
        from filelock import FileLock, Timeout

        try:
            for folder in (self._records.folder, self._cache):
                folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._cache / "lock", timeout=0)
            with lock, sparing():
                for left in (
                    self._cache / "new",
                    self._cache / "new-records",
                    *self._cache.glob("derive-*"),
                    *self._cache.glob("change-*"),
                    *self._cache.glob("graph.lbug.new*"),
                ):
                    if left.is_dir():
                        shutil.rmtree(left, ignore_errors=True)
                    else:
                        left.unlink(missing_ok=True)
                self._move_in()
                yield
        except Timeout:
            raise ZhenglingError("workspace-locked", 1, workspace=str(self.folder)) from None
        except (OSError, sqlite3.Error) as error:
            if not self._is_own(error):
                raise  # of a source
            reason = getattr(error, "strerror", None) or str(error)
            raise ZhenglingError("workspace-not-written", 1, workspace=str(self.folder), reason=reason) from error
