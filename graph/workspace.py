"""A workspace: a folder with the records of papers, what was removed, and a store that is made from them.

    records/<name>-<8 hex digits of its source>.json    one a paper, written whole or not at all
    removed.json                                        what was taken out
    lexicon/*.csv  queries/*.cypher                     the user's own
    cache/                                              all that can be made again: store, where the sources lie, lock

Everything but `cache/` is the same for the same sources. A build that was killed leaves nothing that the next minds.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..extractors.errors import PaperError, ZhenglingError
from ..extractors.lexicon import Lexicon
from ..extractors.model import Record, Remark
from . import embedded
from .derive import Paper, derive
from .embedded import EmbeddedStore
from .identity import normal_number, title_key

Progress = Callable[[int, int, str], Any]

_FORM = "1"  # raised when the same records give another graph


@dataclass(slots=True)
class Failure:
    """A file that could not be read; `error` says why, `kept` that what was read from it before is still there."""

    path: str
    error: Exception
    kept: bool = False


@dataclass(slots=True)
class Report:
    """What a build did. `papers` are those of the given paths, in path order (their warnings: `Workspace.remarks`)."""

    papers: list[Paper] = field(default_factory=list)
    read: list[str] = field(default_factory=list)  # sources read anew
    gone: list[str] = field(default_factory=list)  # sources that vanished and left the graph
    removed: list[str] = field(default_factory=list)  # sources that stay out until `again`
    failures: list[Failure] = field(default_factory=list)
    documents: int = 0  # in the workspace, duplicates not counted
    held: list[str] = field(default_factory=list)  # of an import: sources that were read here already


@dataclass(slots=True)
class _Known:
    """What the index knows of a record's file."""

    source: str
    sha256: str
    rules: str
    size: int
    changed: int
    real: str = ""  # where the source lay
    broken: bool = False  # it is no record
    imported: bool = False


class Workspace:
    """The workspace in a folder, which the first `build` makes."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self._records = self.folder / "records"
        self._cache = self.folder / "cache"
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
        for name in self._ordered(self._index()):
            yield self._read(name)

    def store(self) -> EmbeddedStore:
        """The store, made from the records where it is missing or damaged.

        Raises `ZhenglingError` where nothing was built.
        """
        if not self._sound():
            if not self._records.is_dir():
                raise ZhenglingError("no-such-workspace", 2, workspace=str(self.folder))
            with self._locked():
                self._derive(self._index())
        return EmbeddedStore(self._store)

    def kept(self, name: str, mark: str, make: Callable[[Path], None]) -> Path:
        """The folder `name` of the cache, which `make` fills where it is not that of this graph and of `mark`."""
        self.store().close()
        if not (self._cache / "state.json").is_file():
            with self._locked():
                self._derive(self._index())
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
        name = _record_name(paper.source)
        known = self._read(name).warnings if (self._records / name).is_file() else []
        return [*known, *paper.remarks]

    def build(
        self, paths: Iterable[str | os.PathLike[str]], again: bool = False, progress: Progress | None = None
    ) -> Report:
        """Read the papers of files and folders; what did not change is not read again unless `again`.

        A file that is gone from a given path loses its record; what lies outside them stays. Raises `ZhenglingError`
        where another build is at work or the workspace can not be written; a bad paper is a failure of the report.
        """
        from ..extractors.pipeline import rules_version

        with self._locked():
            lexicon = self.lexicon()
            rules = rules_version(lexicon)
            index = self._index()
            report = Report()
            found = self._find([os.fspath(path) for path in paths], index, report)
            removed = self._removed()
            if again:
                removed = [entry for entry in removed if not set(entry["sources"]) & set(found)]
                self._save_removed(removed)
            jobs = self._jobs(found, index, rules, again)
            out = {source for entry in removed for source in entry["sources"]}
            for source in sorted(out & set(found)):
                report.removed.append(source)
            for source in out:
                self._drop(_record_name(source), index)
            jobs = {source: real for source, real in jobs.items() if source not in out}
            for done, (source, real) in enumerate(sorted(jobs.items())):
                if progress:
                    progress(done, len(jobs), real)
                self._extract(source, real, lexicon, rules, index, removed, report)
            if progress:
                progress(len(jobs), len(jobs), "")
            for name, known in index.items():
                known.real = found.get(known.source, known.real)
                self._broken(name, known, report)
            self._save_index(index)
            papers = self._derive(index)
            report.papers = [paper for paper in papers if paper.source in found]
            report.documents = sum(not paper.duplicate for paper in papers)
            return report

    def take(self, records: Iterable[Record], again: bool = False) -> Report:
        """Add records of another workspace, all or none; they stay until they are removed or their file is read here.

        What was read here already stays as it is; another paper of the same name gets a longer one. What was removed
        stays out unless `again`.
        """
        with self._locked():
            index, removed, report = self._index(), self._removed(), Report()
            staged = self._cache / "new-records"
            staged.mkdir()
            for record in records:
                out = [e for e in removed if record.source["path"] in e["sources"] or _same(e, record)]
                if out and not again:
                    report.removed.append(record.source["path"])
                    continue
                removed = [entry for entry in removed if entry not in out]
                path, number = Path(record.source["path"]), 1
                while (known := self._taken(record, index, staged)) == "another":
                    number += 1
                    record.source["path"] = path.with_stem(f"{path.stem}-{number}").as_posix()
                if known == "held":
                    report.held.append(record.source["path"])
                    continue
                record.imported = True
                self._write(staged / _record_name(record.source["path"]), record.dumps(), sure=False)
                report.read.append(record.source["path"])
            for file in sorted(staged.iterdir()):
                file.replace(self._records / file.name)
            self._save_removed(removed)
            index = self._index()
            self._save_index(index)
            papers, taken = self._derive(index), set(report.read)
            report.papers = [paper for paper in papers if paper.source in taken]
            report.documents = sum(not paper.duplicate for paper in papers)
            return report

    def _taken(self, record: Record, index: dict[str, _Known], staged: Path) -> str:
        """Whether a record's name is free (''), is that of the same file (`held`) or of `another`."""
        name = _record_name(record.source["path"])
        known = index.get(name)
        if (staged / name).exists():
            return "another"
        if known is None or known.imported:
            return ""
        return "held" if known.sha256 == record.source["sha256"] else "another"

    def remove(self, name: str) -> list[str]:
        """Take a document out and keep it out until `build(…, again=True)`; gives its files.

        `name` is its id, number, title or file. Raises `ZhenglingError` where none or several bear it.
        """
        if not self._records.is_dir():
            raise ZhenglingError("no-such-workspace", 2, workspace=str(self.folder))
        with self._locked():
            index = self._index()
            papers = self._derive(index)
            document = self._wanted(name, papers)
            sources = sorted(paper.source for paper in papers if paper.document == document)
            head = self._read(
                _record_name(next(p.source for p in papers if p.document == document and not p.duplicate))
            )
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
                self._drop(_record_name(source), index)
            self._save_index(index)
            self._derive(index)
            return sources

    def _wanted(self, name: str, papers: list[Paper]) -> str:
        """The id of the one loaded document that bears a name."""
        plain = name.strip()
        if not plain:
            raise ZhenglingError("no-such-document", 2, document=name)
        number, key = normal_number(plain), title_key(plain)
        path = Path(plain).as_posix()
        tests = (
            lambda paper, _: paper.document == plain,
            lambda paper, _: paper.source == path,
            lambda _, head: number is not None and normal_number(head.document.number) == number,
            lambda _, head: bool(key) and title_key(head.document.title) == key,
            lambda paper, _: path in (Path(paper.source).name, Path(paper.source).stem, _record_name(paper.source)),
        )
        found: list[set[str]] = [set() for _ in tests]
        for paper in papers:
            head = self._read(_record_name(paper.source))
            for hits, test in zip(found, tests, strict=True):
                if test(paper, head):
                    hits.add(paper.document)
        hits = next((hits for hits in found if hits), set())
        if not hits and Path(plain).exists():
            real = os.path.realpath(plain)
            index = self._index()
            sources = {known.source for known in index.values() if known.real == real}
            hits = {paper.document for paper in papers if paper.source in sources}
        if not hits:
            raise ZhenglingError("no-such-document", 2, document=name)
        if len(hits) > 1:
            raise ZhenglingError("several-documents", 1, document=name, count=len(hits), hits=sorted(hits))
        return hits.pop()

    # --- finding papers

    def _find(self, paths: list[str], index: dict[str, _Known], report: Report) -> dict[str, str]:
        """Source → real path of every paper under some paths; what vanished there leaves the index."""
        from ..extractors.readers import suffixes

        named = {known.real: known.source for known in index.values() if known.real}
        held = {known.source: known.real for known in index.values()}
        imported = {known.source: known.sha256 for known in index.values() if known.imported}
        known_suffixes = suffixes()
        found: dict[str, str] = {}
        seen: set[str] = set()

        def unreadable(error: OSError) -> None:
            report.failures.append(Failure(str(error.filename), error))

        for path in sorted(dict.fromkeys(paths)):
            start = Path(path)
            base = start.parent if start.is_absolute() else Path()
            if start.is_dir():
                files: Iterable[Path] = self._walk(start, known_suffixes, unreadable)
            else:
                files = [start] if start.is_file() else []
            for file in files:
                real = os.path.realpath(file)
                if real in seen:
                    continue
                seen.add(real)
                source = named.get(real) or self._name(file, base, real, found, held, imported)
                found[source] = real
            gone = self._vanished(start, base, index, found)
            if not start.exists() and not gone:
                report.failures.append(Failure(path, FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)))
            elif start.exists() and not start.is_dir() and not start.is_file():
                report.failures.append(Failure(path, PaperError("paper-not-file", 1, path=path)))
            for name in gone:
                report.gone.append(index[name].source)
                self._drop(name, index)
        return found

    def _walk(self, folder: Path, known: set[str], unreadable: Callable[[OSError], None]) -> Iterator[Path]:
        """The papers of a folder: files that some reader takes, but what is hidden, a README or a workspace's own."""
        own = os.path.realpath(self.folder)
        for here, folders, files in os.walk(folder, onerror=unreadable):
            folders[:] = sorted(f for f in folders if f[0] != "." and os.path.realpath(Path(here, f)) != own)
            for file in sorted(files):
                path = Path(here, file)
                if path.suffix.lower() in known and file[0] != "." and path.stem.upper() != "README" and path.is_file():
                    yield path

    def _name(
        self,
        file: Path,
        base: Path,
        real: str,
        found: dict[str, str],
        held: dict[str, str],
        imported: dict[str, str],
    ) -> str:
        """How a source is called: as given, from the folder above an absolute path on; longer where that is taken."""
        name = file.relative_to(base).as_posix() if file.is_absolute() else file.as_posix()
        above = list(Path(real).parts[1 : -len(Path(name).parts)]) if file.is_absolute() else []

        def taken(name: str) -> bool:
            other = found.get(name) or held.get(name)
            if not other and name in imported:  # another paper that is called so elsewhere
                return imported[name] != _sha256(real)
            return bool(other) and os.path.realpath(other) != real and Path(other).exists()

        if not file.is_absolute() and taken(name):
            name = os.path.relpath(real).replace(os.sep, "/")
        while taken(name) and above:
            name = f"{above.pop()}/{name}"
        # Two folders may both have been built as `.`: then only a number tells their papers apart.
        plain, number = Path(name), 1
        while taken(name):
            number += 1
            name = plain.with_stem(f"{plain.stem}-{number}").as_posix()
        return os.fsencode(name).decode("utf-8", "replace")

    def _vanished(self, start: Path, base: Path, index: dict[str, _Known], found: dict[str, str]) -> list[str]:
        """The records whose source lay under a given path and is no more."""
        top = os.path.realpath(start)
        prefix = start.relative_to(base).as_posix() if start.is_absolute() else start.as_posix()
        gone = []
        for name, known in index.items():
            if known.source in found or known.imported:
                continue
            # Where the cache was deleted, the source's name says where it lay.
            if known.real:
                under = known.real == top or known.real.startswith(top.rstrip(os.sep) + os.sep)
                real = known.real
            else:
                under = known.source == prefix or known.source.startswith(prefix + "/") or prefix == "."
                real = str(base / known.source)
            if under and not Path(real).exists():
                gone.append(name)
        return gone

    def _jobs(self, found: dict[str, str], index: dict[str, _Known], rules: str, again: bool) -> dict[str, str]:
        """Source → real path of what must be read: new, changed, or read by other rules, wherever it lies."""
        jobs = {}
        for source, real in found.items():
            known = index.get(_record_name(source))
            if again or known is None or known.imported or known.rules != rules or known.sha256 != _sha256(real):
                jobs[source] = real
        for known in index.values():
            if known.rules != rules and known.source not in found and known.real and Path(known.real).is_file():
                jobs[known.source] = known.real
        return jobs

    # --- reading papers

    def _extract(
        self,
        source: str,
        real: str,
        lexicon: Lexicon,
        rules: str,
        index: dict[str, _Known],
        removed: list[dict[str, Any]],
        report: Report,
    ) -> None:
        from ..extractors.pipeline import extract

        name = _record_name(source)
        try:
            record = extract(real, lexicon=lexicon)
        except PaperError as error:
            report.failures.append(Failure(source, error))
            self._drop(name, index)  # what it was before is not what it is
            return
        except Exception as error:  # one paper never stops the others
            report.failures.append(Failure(source, error, kept=name in index))
            return
        entry = next((e for e in removed if _same(e, record)), None)
        if entry is not None:
            # Another file of a document that was taken out.
            entry["sources"] = sorted({*entry["sources"], source})
            self._save_removed(removed)
            self._drop(name, index)
            report.removed.append(source)
            return
        record.source = {"path": source, "sha256": record.source["sha256"]}
        record.rules = rules
        self._write(self._records / name, record.dumps())
        state = (self._records / name).stat()
        index[name] = _Known(source, record.source["sha256"], rules, state.st_size, state.st_mtime_ns, real)
        report.read.append(source)

    def _broken(self, name: str, known: _Known, report: Report) -> None:
        if known.broken:
            report.failures.append(
                Failure(
                    str(self._records / name),
                    ZhenglingError("record-unreadable", 1, path=str(self._records / name), reason="json"),
                )
            )

    # --- records and what is known of them

    def _index(self) -> dict[str, _Known]:
        """Record's file → what is known of it: from the cache where that is still true, else from the file."""
        cached: dict[str, dict[str, Any]] = {}
        with suppress(OSError, ValueError):
            cached = json.loads((self._cache / "sources.json").read_text("utf-8"))
        index: dict[str, _Known] = {}
        for path in sorted(self._records.glob("*.json")):
            state = path.stat()
            entry = cached.get(path.name)
            try:
                known = _Known(**entry) if entry else None
            except TypeError:
                known = None
            if known is None or (known.size, known.changed) != (state.st_size, state.st_mtime_ns):
                source, real = (known.source, known.real) if known else ("", "")
                known = _Known(source, "", "", state.st_size, state.st_mtime_ns, real, broken=True)
                with suppress(ZhenglingError):
                    record = self._read(path.name)
                    known.source, known.sha256 = record.source.get("path", ""), record.source.get("sha256", "")
                    known.rules, known.broken, known.imported = record.rules, False, record.imported
            index[path.name] = known
        return index

    def _ordered(self, index: dict[str, _Known]) -> list[str]:
        return sorted((n for n, known in index.items() if not known.broken), key=lambda n: (index[n].source, n))

    def _read(self, name: str) -> Record:
        path = self._records / name
        try:
            return Record.from_json(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError) as error:
            raise ZhenglingError("record-unreadable", 1, path=str(path), reason=str(error)) from error

    def _drop(self, name: str, index: dict[str, _Known]) -> None:
        with suppress(FileNotFoundError):
            (self._records / name).unlink()
        index.pop(name, None)

    def _save_index(self, index: dict[str, _Known]) -> None:
        known = {name: asdict(entry) for name, entry in sorted(index.items())}
        self._write(self._cache / "sources.json", json.dumps(known, indent=0), sure=False)

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
            self._write(path, json.dumps(entries, ensure_ascii=False, indent=1) + "\n")
        else:
            path.unlink(missing_ok=True)

    def _write(self, path: Path, text: str, sure: bool = True) -> None:
        """Write a file whole or not at all; `sure` waits until it is on the disk."""
        beside = self._cache / "new"
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            if sure:
                file.flush()
                os.fsync(file.fileno())
        beside.replace(path)

    # --- the store

    def _derive(self, index: dict[str, _Known]) -> list[Paper]:
        """Make the store from the records, unless it is that of these records already; what became of each paper."""
        names = self._ordered(index)
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
        with derive(lambda: map(self._read, names), self.lexicon(), self._cache) as graph:
            embedded.build(self._store, graph)
            papers = graph.papers
        kept = {"stamp": stamp.hexdigest(), "papers": [asdict(paper) for paper in papers]}
        self._write(state, json.dumps(kept, ensure_ascii=False), sure=False)
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
            for folder in (self._records, self._cache):
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


def _record_name(source: str) -> str:
    digest = hashlib.sha256(source.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    stem = Path(source).stem.encode("utf-8", "replace").decode("utf-8")
    return f"{stem[:60]}-{digest}.json"


def _sha256(path: str) -> str:
    """Of a file's bytes; '' where it can not be read: then reading it says why."""
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _same(entry: dict[str, Any], record: Record) -> bool:
    """Whether a record is of a document that was taken out."""
    document = record.document
    key = title_key(document.title)
    if not key or key != title_key(entry.get("title")):
        return False
    return all(getattr(document, name) == entry.get(name) for name in ("number", "issuer", "region"))


def _paper(entry: dict[str, Any]) -> Paper:
    paper = Paper(**entry)
    paper.remarks = [Remark(**remark) for remark in entry["remarks"]]
    return paper
