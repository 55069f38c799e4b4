"""The sources of a workspace: which papers lie under the given paths, how they are called, which are no more, and what
lists beside them say."""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ...extractors.errors import PaperError
from ...extractors.files.archive import is_folder, is_there
from ...extractors.papers import Reader

#: The list of the sources of a folder that `fetch` writes; anyone else may.
LIST = "sources.csv"
#: The folder of a workspace in which papers may lie: those that were uploaded.
UPLOADS = "uploads"


@dataclass(slots=True)
class SourcePlace:
    """A source as a record knows it: its name, and where it lies (empty where that is not known any more)."""

    source: str
    real: str


@dataclass(slots=True)
class FoundFile:
    """`files`: name → where it lies, of every paper under the given paths; `gone`: names of what was there before;
    `failures`: what could not be looked into."""

    files: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    failures: list[tuple[str, Exception]] = field(default_factory=list)


def find(
    paths: list[str],
    known: list[SourcePlace],
    imported: dict[str, str],
    folder: Path,
    reader: Reader,
    all_gone: bool = False,
) -> FoundFile:
    """The papers under some paths. `known` are the sources that records have, `imported` those that lie elsewhere, with
    their SHA-256; `folder` is the workspace, which holds no papers. Of a path that holds none of its papers any more
    they are gone only with `all_gone`; that is a failure otherwise."""
    named = {place.real: place.source for place in known if place.real}
    held = {place.source: place.real for place in known}
    own = os.path.realpath(folder)
    out = FoundFile()
    seen: set[str] = set()
    for path in sorted(dict.fromkeys(paths)):
        start = Path(path)
        base = start.parent if start.is_absolute() else Path()
        there = reader.files.exists(path)
        files: Iterator[str] = iter(())
        if there:
            files = reader.papers(path, lambda p: passed_over(p, own), lambda p, e: out.failures.append((p, e)))
        holds = False
        for name in files:
            holds = True
            file, real = Path(name), os.path.realpath(name)
            if real in seen:
                continue
            if name == path and _other(file):
                out.failures.append((path, PaperError("paper-not-file", 1, path=path)))
                continue
            seen.add(real)
            out.files[named.get(real) or _name(file, base, real, out.files, held, imported, reader)] = real
        gone = _vanished(start, base, known, out.files, reader)
        if not there and not gone:
            out.failures.append((path, FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)))
        if gone and not holds and not all_gone:
            out.failures.append((path, PaperError("sources-gone", path=path, count=len(gone))))
            continue
        out.gone += [source for source in gone if source not in out.gone]
    return out


def passed_over(folder: str, own: str) -> bool:
    """Whether a folder holds no papers: `own` and what is in it but its uploads, and any workspace."""
    real = os.path.realpath(folder)
    uploads = f"{own}{os.sep}{UPLOADS}"
    if real == uploads or real.startswith(uploads + os.sep):
        return False
    workspace = is_folder(Path(folder, "records")) and is_there(Path(folder, "cache", "sources.json"))
    return workspace or real == own or real.startswith(own + os.sep)


def _other(file: Path) -> bool:
    """A pipe, a device, a socket."""
    try:
        mode = file.stat().st_mode
    except (OSError, ValueError):
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _name(
    file: Path,
    base: Path,
    real: str,
    found: dict[str, str],
    held: dict[str, str],
    imported: dict[str, str],
    reader: Reader,
) -> str:
    """How a source is called: as given, from the folder above an absolute path on; longer where that is taken."""
    name = file.relative_to(base).as_posix() if file.is_absolute() else file.as_posix()
    above = list(Path(real).parts[1 : -len(Path(name).parts)]) if file.is_absolute() else []

    def taken(name: str) -> bool:
        other = found.get(name) or held.get(name)
        if not other and name in imported:  # another paper that is called so elsewhere
            return imported[name] != sha256(real, reader)
        return bool(other) and os.path.realpath(other) != real and reader.files.exists(other)

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


def _vanished(start: Path, base: Path, known: list[SourcePlace], found: dict[str, str], reader: Reader) -> list[str]:
    """The sources that lay under a given path and are no more."""
    top = os.path.realpath(start)
    prefix = start.relative_to(base).as_posix() if start.is_absolute() else start.as_posix()
    gone = []
    for place in known:
        if place.source in found:
            continue
        # Where the cache was deleted, the source's name says where it lay.
        if place.real:
            under = place.real == top or place.real.startswith(top.rstrip(os.sep) + os.sep)
            real = place.real
        else:
            under = place.source == prefix or place.source.startswith(prefix + "/") or prefix == "."
            real = str(base / place.source)
        if under and not reader.files.exists(real):
            gone.append(place.source)
    return gone


def sha256(real: str, reader: Reader) -> str:
    """Of a file's bytes; '' where it can not be read: then reading it says why."""
    try:
        return hashlib.sha256(reader.files.load(real)).hexdigest()
    except (OSError, PaperError):
        return ""


def given(places: dict[str, str], reader: Reader, failed: Callable[[str, Exception], None]) -> dict[str, str]:
    """File → the notice that it is an attachment of, as the lists beside the files say. `places`: name → where it
    lies."""
    by_real = {real: source for source, real in places.items() if real}
    out: dict[str, str] = {}
    for folder in sorted({os.path.dirname(real) for real in by_real}):  # noqa: PTH120
        path = f"{folder}/{LIST}"
        if not reader.files.exists(path, unseen=False):  # of a closed folder its papers tell
            continue
        try:
            for file, notice in read_list(path, reader.files.load(path)):
                one, other = (by_real.get(os.path.realpath(f"{folder}/{name}")) for name in (file, notice))
                if one and other and may_join(one, other):
                    out[one] = other
        except (OSError, PaperError) as error:
            failed(path, error)
    return out


def may_join(file: str, notice: str) -> bool:
    """Whether two files may be read as one paper: a record that was read as a file is what it is."""
    return not any(name.lower().endswith(".json") for name in (file, notice))


def addresses(folder: str, reader: Reader) -> dict[str, str]:
    """File → the address that it came from, as the list in a folder says; a list that can not be read is told of
    elsewhere (`given`)."""
    from ...extractors.files.decode import decode

    path = f"{folder}/{LIST}"
    try:
        if not reader.files.exists(path, unseen=False):
            return {}
        rows = csv.DictReader(io.StringIO(decode(path, reader.files.load(path))[0], newline=""))
        told = {(row.get("file") or "").strip(): (row.get("url") or "").strip() for row in rows}
    except (OSError, PaperError, csv.Error):
        return {}
    return {name: url for name, url in told.items() if name and url.startswith(("http://", "https://"))}


def read_list(path: str, data: bytes) -> Iterator[tuple[str, str]]:
    """The pairs (file, notice) of a list; its columns are told by their heading, and more than these may stand there.

    Raises `PaperError` where it has no column `file`.
    """
    from ...extractors.files.decode import decode

    rows = csv.DictReader(io.StringIO(decode(path, data)[0], newline=""))
    try:
        if "file" not in (rows.fieldnames or ()):
            raise PaperError("list-unread", path=path)
        for row in rows:
            file, notice = (row.get("file") or "").strip(), (row.get("attachment_of") or "").strip()
            if file and notice:
                yield file, notice
    except csv.Error as error:
        raise PaperError("list-unread", path=path) from error
