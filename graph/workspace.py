"""A workspace: a folder with the records of papers, what was removed, and a store that is made from them.

    records/<name>-<8 hex digits of its source>.json    one a paper, written whole or not at all
    removed.json                                        what was taken out
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
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..extractors.errors import ZhenglingError
from ..extractors.lexicon import Lexicon
from ..extractors.model import Record, Remark
from . import embedded
from .derive import Paper, derive
from .embedded import EmbeddedStore
from .identity import normal_number, title_key
from .records import Records, record_name

if TYPE_CHECKING:
    from ..extractors.readers import Settings
    from .intake import Report

Progress = Callable[[int, int, str], Any]

_FORM = "1"  # raised when the same records give another graph


class Workspace:
    """The workspace in a folder, which the first `build` makes."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self._cache = self.folder / "cache"
        self._records = Records(self.folder / "records", self._cache)
        self._store = self._cache / "graph.lbug"
        self._lexicon: Lexicon | None = None

    # --- what others ask for

    def lexicon(self) -> Lexicon:
        """The built-in lexicon with the workspace's own. Raises `ZhenglingError` for a bad row of it."""
        if self._lexicon is None:
            self._lexicon = Lexicon.load([self.folder / "lexicon"])
        return self._lexicon

    def records(self) -> Iterator[Record]:
        """The records in the order of their sources. Raises `ZhenglingError` for a file that is none."""
        return iter(self._records.load())

    def store(self) -> EmbeddedStore:
        """The store, made from the records where it is missing or damaged.

        Raises `ZhenglingError` where nothing was built.
        """
        if not self._sound():
            if not self._records.folder.is_dir():
                raise ZhenglingError("no-such-workspace", 2, workspace=str(self.folder))
            with self._locked():
                self._records.load()
                self._derive()
        return EmbeddedStore(self._store)

    def kept(self, name: str, mark: str, make: Callable[[Path], None]) -> Path:
        """The folder `name` of the cache, which `make` fills where it is not that of this graph and of `mark`."""
        self.store().close()
        if not (self._cache / "state.json").is_file():
            with self._locked():
                self._records.load()
                self._derive()
        state = json.loads((self._cache / "state.json").read_text("utf-8"))
        folder, stamp = self._cache / name, f"{state['stamp']} {mark}"
        known = folder / "stamp.txt"
        if not known.is_file() or known.read_text("utf-8") != stamp:
            with self._locked():
                beside = self._cache / "new-folder"
                beside.mkdir()
                make(beside)
                (beside / "stamp.txt").write_text(stamp, "utf-8")
                shutil.rmtree(folder, ignore_errors=True)
                beside.replace(folder)
        return folder

    def remarks(self, paper: Paper) -> list[Remark]:
        """The warnings of a paper: what was not understood in it, and what the other papers brought to light."""
        name = record_name(paper.source)
        known = self._records.read(name).warnings if (self._records.folder / name).is_file() else []
        return [*known, *paper.remarks]

    def build(
        self,
        paths: Iterable[str | os.PathLike[str]],
        again: bool = False,
        progress: Progress | None = None,
        settings: Settings | None = None,
    ) -> Report:
        """Read the papers of files, folders and ZIPs; what did not change is not read again unless `again`.

        A file that is gone from a given path loses its record; what lies outside them stays. Attachments in files of
        their own are read with the notice that announces them. Raises `ZhenglingError` where another build is at work
        or the workspace can not be written; a bad paper is a failure of the report.
        """
        from ..extractors.readers import Reader
        from .intake import Failure, Intake

        with self._locked(), Reader(settings) as reader:
            work = Intake(self.folder, self._records.load(), reader, self.lexicon())
            report = work.report
            found = work.find([os.fspath(path) for path in paths])
            removed = self._removed()
            if again:
                removed = [entry for entry in removed if not set(entry["sources"]) & set(found)]
                self._save_removed(removed)
            out = {source for entry in removed for source in entry["sources"]}
            report.removed += sorted(out & set(found))
            work.leave_out(out)
            jobs = {source: real for source, real in work.jobs(again).items() if source not in out}
            for done, (source, real) in enumerate(sorted(jobs.items())):
                if progress:
                    progress(done, len(jobs), real)
                if work.extract(source, real, removed):
                    self._save_removed(removed)
            work.join()
            if progress:
                progress(len(jobs), len(jobs), "")
            for name, known in self._records.index.items():
                if known.broken:
                    path = str(self._records.folder / name)
                    error = ZhenglingError("record-unreadable", 1, path=path, reason="json")
                    report.failures.append(Failure(path, error))
            self._records.save()
            papers = self._derive()
            seen = set(found) | {report.joined[source] for source in found if source in report.joined}
            report.papers = [paper for paper in papers if paper.source in seen]
            report.documents = sum(not paper.duplicate for paper in papers)
            return report

    def take(self, records: Iterable[Record], again: bool = False) -> Report:
        """Add records of another workspace, all or none; they stay until they are removed or their file is read here.

        What was read here already stays as it is; another paper of the same name gets a longer one. What was removed
        stays out unless `again`.
        """
        from .intake import Report, same

        with self._locked():
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
            for file in sorted(staged.folder.iterdir()):
                file.replace(self._records.folder / file.name)
            self._save_removed(removed)
            self._records.load().save()
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
        with self._locked():
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

    def _sources(self, paper: Paper) -> list[str]:
        """The file of a paper and those of its attachments."""
        known = self._records.get(paper.source)
        return known.sources if known else [paper.source]

    def _wanted(self, name: str, papers: list[Paper]) -> str:
        """The id of the one loaded document that bears a name, or of which a file does."""
        plain = name.strip()
        if not plain:
            raise ZhenglingError("no-such-document", 2, document=name)
        number, key = normal_number(plain), title_key(plain)
        path = Path(plain).as_posix()
        tests = (
            lambda paper, _: paper.document == plain,
            lambda paper, _: path in self._sources(paper),
            lambda _, head: number is not None and normal_number(head.document.number) == number,
            lambda _, head: bool(key) and title_key(head.document.title) == key,
            lambda paper, _: any(path in (Path(f).name, Path(f).stem, record_name(f)) for f in self._sources(paper)),
        )
        found: list[set[str]] = [set() for _ in tests]
        for paper in papers:
            head = self._records.read(record_name(paper.source))
            for hits, test in zip(found, tests, strict=True):
                if test(paper, head):
                    hits.add(paper.document)
        hits = next((hits for hits in found if hits), set())
        if not hits and Path(plain).exists():
            real = os.path.realpath(plain)
            index = self._records.index.values()
            sources = {k.source for k in index if real in (k.real, *(a.real for a in k.attachments))}
            hits = {paper.document for paper in papers if paper.source in sources}
        if not hits:
            raise ZhenglingError("no-such-document", 2, document=name)
        if len(hits) > 1:
            raise ZhenglingError("several-documents", 1, document=name, count=len(hits), hits=sorted(hits))
        return hits.pop()

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

    # --- the store

    def _derive(self) -> list[Paper]:
        """Make the store from the records, unless it is that of these records already; what became of each paper."""
        names, index = self._records.ordered(), self._records.index
        state = self._cache / "state.json"
        stamp = hashlib.sha256(_FORM.encode() + self.lexicon().version.encode())
        for name in names:
            stamp.update(f"{name} {index[name].size} {index[name].changed}\n".encode())
        if self._sound():
            with suppress(OSError, ValueError, KeyError, TypeError):
                known = json.loads(state.read_text("utf-8"))
                if known["stamp"] == stamp.hexdigest():
                    return [_paper(entry) for entry in known["papers"]]
        state.unlink(missing_ok=True)
        with derive(lambda: map(self._records.read, names), self.lexicon(), self._cache) as graph:
            embedded.build(self._store, graph)
            papers = graph.papers
        kept = {"stamp": stamp.hexdigest(), "papers": [asdict(paper) for paper in papers]}
        self._records.write(state, json.dumps(kept, ensure_ascii=False), sure=False)
        return papers

    def _sound(self) -> bool:
        """Whether the store is there and can be opened and asked."""
        if not self._store.is_file():
            return False
        try:
            with EmbeddedStore(self._store) as store:
                store.rows("MATCH (d:Document) RETURN d.id LIMIT 1")
        except ZhenglingError:
            return False
        return True

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One build at a time; what an earlier one left half done is cleared away."""
        from filelock import FileLock, Timeout

        try:
            for folder in (self._records.folder, self._cache):
                folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._cache / "lock", timeout=0)
            with lock:
                for left in (
                    self._cache / "new",
                    self._cache / "new-records",
                    self._cache / "new-folder",
                    *self._cache.glob("derive-*"),
                    *self._cache.glob("graph.lbug.new*"),
                ):
                    if left.is_dir():
                        shutil.rmtree(left, ignore_errors=True)
                    else:
                        left.unlink(missing_ok=True)
                yield
        except Timeout:
            raise ZhenglingError("workspace-locked", 1, workspace=str(self.folder)) from None
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ZhenglingError("workspace-not-written", 1, workspace=str(self.folder), reason=reason) from error


def _paper(entry: dict[str, Any]) -> Paper:
    paper = Paper(**entry)
    paper.remarks = [Remark(**remark) for remark in entry["remarks"]]
    return paper
