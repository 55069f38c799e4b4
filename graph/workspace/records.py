"""The records of a workspace as files, and what is known of each without reading it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ...extractors.errors import ZhenglingError
from ...extractors.model import Record, Remark
from ...extractors.validate import load_record

_CACHED = "sources.json"  # in the cache: what is known of each record


@dataclass(slots=True)
class Attached:
    """An attachment that was read with its notice; `given`: a list beside it says so, `real`: where it lies."""

    path: str
    sha256: str
    titles: list[str] = field(default_factory=list)
    given: bool = False
    real: str = ""


@dataclass(slots=True)
class Known:
    """What is known of a record's file."""

    source: str
    sha256: str
    rules: str
    size: int
    changed: int
    real: str = ""  # where the source lay
    broken: bool = False  # it is no record
    imported: bool = False
    head: list[str | None] | None = None  # number, title, issuer and region; none: not known yet
    titles: list[str] = field(default_factory=list)
    announces: list[str] = field(default_factory=list)
    attachments: list[Attached] = field(default_factory=list)

    @property
    def digests(self) -> dict[str, str]:
        """File → SHA-256, of the source and its attachments."""
        return {self.source: self.sha256} | {a.path: a.sha256 for a in self.attachments}

    @property
    def sources(self) -> list[str]:
        """The source and its attachments."""
        return list(self.digests)

    def learn(self, record: Record, lay: dict[str, str]) -> None:
        """Take over what a record says; `lay`: attachment → where it is."""
        source = record.source
        self.source, self.sha256, self.rules = source.get("path", ""), source.get("sha256", ""), record.rules
        self.titles, self.announces = source.get("titles", []), source.get("announces", [])
        self.attachments = [Attached(**a, real=lay.get(a["path"], "")) for a in source.get("attachments", [])]
        self.broken, self.imported = False, record.imported
        document = record.document
        self.head = [document.number, document.title, document.issuer, document.region]


class Records:
    """The folder of the records, with `index`: a record's file → what is known of it."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder, self._cache = folder, cache
        self.index: dict[str, Known] = {}
        self.faults: dict[str, ZhenglingError] = {}  # files that are no record, and why
        self._names: dict[str, str] = {}  # source → file, of what is a record and called as it should be
        self._order: list[str] | None = None  # of the files, where it is known
        self._saved = b""  # the digest of what is kept of the index

    def load(self) -> Records:
        """Take stock: from the cache where that is still true, else from the files."""
        cached = self._cached()
        self.index, self.faults, self._names, self._order = {}, {}, {}, None
        for name, size, changed in self._files():
            known = cached.get(name)
            is_known = known is not None and (known.broken or known.head is not None)
            if known is None or not is_known or (known.size, known.changed) != (size, changed):
                source, real = (known.source, known.real) if known else ("", "")
                lay = {a.path: a.real for a in known.attachments} if known else {}
                known = Known(source, "", "", size, changed, real, broken=True)
                try:
                    known.learn(self._named(name), lay)
                except ZhenglingError as error:
                    self.faults[name] = error
            elif known.broken:
                try:
                    self._named(name)
                except ZhenglingError as error:
                    self.faults[name] = error
            self.index[name] = known
            if not known.broken:
                self._names[known.source] = name
        return self

    def _files(self) -> list[tuple[str, int, int]]:
        """Name, size and time of change of each file, by name."""
        entries: list[os.DirEntry[str]] = []
        with suppress(FileNotFoundError), os.scandir(self.folder) as there:
            entries = [entry for entry in there if entry.name.endswith(".json")]
        states = ((entry.name, entry.stat()) for entry in entries)
        return sorted((name, state.st_size, state.st_mtime_ns) for name, state in states)

    def _cached(self) -> dict[str, Known]:
        """What was known before; nothing of what is damaged: it is a cache."""
        import msgspec

        try:
            data = (self._cache / _CACHED).read_bytes()
        except OSError:
            return {}
        self._saved = hashlib.sha256(data).digest()
        with suppress(msgspec.MsgspecError, RecursionError):
            return msgspec.json.decode(data, type=dict[str, Known])
        found: dict[str, Known] = {}
        with suppress(ValueError, RecursionError, AttributeError):
            for name, entry in json.loads(data).items():
                with suppress(msgspec.MsgspecError):
                    found[name] = msgspec.convert(entry, Known)
        return found

    def save(self) -> None:
        """Keep what is known, where that is not what is kept."""
        import msgspec

        known = dict(sorted(self.index.items()))
        try:
            data = msgspec.json.encode(known)
        except UnicodeEncodeError:  # a path that is no text
            data = json.dumps({name: asdict(entry) for name, entry in known.items()}).encode()
        digest = hashlib.sha256(data).digest()
        if digest != self._saved or not (self._cache / _CACHED).is_file():
            self.write(self._cache / _CACHED, data, sure=False)
            self._saved = digest

    def __iter__(self) -> Iterator[Record]:
        """The records in the order of their sources. Raises `ZhenglingError` for a file that is none."""
        return map(self.read, self.ordered())

    def remarks(self) -> Iterator[tuple[str, Remark]]:
        """What readers and steps were in doubt of, with the source of the paper, in the order of the sources; nothing
        else of the records is read."""
        import msgspec

        for name in self.ordered():
            with suppress(OSError, msgspec.MsgspecError):  # what is no record is told elsewhere
                found = self._remarked(name)
                for one in (*found.warnings, *found.findings):
                    yield self.index[name].source, Remark.from_json(one)

    def warnings(self, name: str) -> list[Remark]:
        """What was not understood in a paper: nothing else of its record is read, or looked at."""
        import msgspec

        try:
            return [Remark.from_json(one) for one in self._remarked(name).warnings]
        except (OSError, msgspec.MsgspecError, KeyError, TypeError):
            return self.read(name).warnings  # says what is wrong

    def _remarked(self, name: str) -> Any:
        import msgspec

        return msgspec.json.decode((self.folder / name).read_bytes(), type=_remarked())

    def ordered(self) -> list[str]:
        """The files of the records in the order of their sources."""
        if self._order is None:
            held = sorted((entry.source, name) for name, entry in self.index.items() if not entry.broken)
            self._order = [name for _, name in held]
        return [*self._order]

    def get(self, source: str) -> Known | None:
        return self.index.get(self._names.get(source) or record_name(source))

    def _named(self, name: str) -> Record:
        """The record in a file that is called as its source demands: under another name nothing would find it."""
        record = self.read(name)
        source = record.source.get("path", "")
        if name != record_name(source):
            path = str(self.folder / name)
            raise ZhenglingError("record-misnamed", 1, path=path, source=source, name=record_name(source))
        return record

    def read(self, name: str) -> Record:
        """The record in a file. Raises `ZhenglingError` that names it, and the field that is not as it should be."""
        path = self.folder / name
        try:
            text = path.read_text("utf-8")
            known, state = self.index.get(name), path.stat()
            if known and not known.broken and (known.size, known.changed) == (state.st_size, state.st_mtime_ns):
                return Record.from_json(json.loads(text))  # looked at when it was first seen
        except (OSError, ValueError) as error:
            raise ZhenglingError("record-unreadable", 1, path=str(path), reason=str(error)) from error
        return load_record(str(path), text)

    def keep(self, record: Record, real: str = "", lay: dict[str, str] | None = None, sure: bool = True) -> None:
        """Write a record; `real` and `lay` say where its source and its attachments are, if that is known."""
        name = record_name(record.source["path"])
        path = self.folder / name
        self.write(path, record.dumps(), sure)
        state = path.stat()
        self._order = None
        self.index[name] = Known("", "", "", state.st_size, state.st_mtime_ns, real)
        self.index[name].learn(record, lay or {})

    def drop(self, source: str) -> None:
        name = record_name(source)
        with suppress(FileNotFoundError):
            (self.folder / name).unlink()
        self._order = None
        self.index.pop(name, None)

    def write(self, path: Path, text: str | bytes, sure: bool = True) -> None:
        """Write a file of the workspace whole or not at all; `sure` waits until it is on the disk."""
        beside = self._cache / "new"
        with beside.open("wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
            if sure:
                file.flush()
                os.fsync(file.fileno())
        beside.replace(path)


@cache
def _remarked() -> type:
    """The parts of a record that hold remarks."""
    import msgspec

    parts: list[Any] = [
        (name, list[dict[str, Any]], msgspec.field(default_factory=list)) for name in ("warnings", "findings")
    ]
    return msgspec.defstruct("Remarked", parts)


@lru_cache(maxsize=1 << 18)
def record_name(source: str) -> str:
    digest = hashlib.sha256(source.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    stem = Path(source).stem.encode("utf-8", "replace").decode("utf-8")
    return f"{stem[:60]}-{digest}.json"
