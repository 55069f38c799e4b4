"""Files as a reader finds them: on the disk, or in a ZIP, which is like a folder (`papers.zip/2023/notice.docx`).

Nothing is ever unpacked to the disk. Names in a ZIP are only names; one that would lead out of it is refused.
"""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from ..errors import PaperError
from .kinds import LIST, OTHER_ARCHIVES, check_list, kind_of

#: ZIPs in ZIPs are opened so deep.
DEPTH = 3
#: A ZIP of more members than this is refused.
MEMBERS = 10_000
#: All members of one ZIP together, with those of the ZIPs in it, may hold this many times as much as one file.
TOTAL = 50
#: Other methods are unpacked whole by Python, however little is asked for.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_UTF8 = 0x800
_LOCKED = 0x1
_ZIP_BEGINS = b"PK\x03\x04"
#: So many bytes tell what a file is.
_HEAD = 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_DRIVE = re.compile(r"[A-Za-z]:")

Failed = Callable[[str, Exception], None]
Wanted = Callable[[str, bytes], bool]


class Files:
    """Opens what paths name; `max_bytes` bounds each file. Keeps the last ZIP open, with those on the way to it, until
    `close`. `load` and `exists` may be called from several threads."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._open: dict[str, _Zip] = {}
        self._held: dict[str, dict[str, tuple[int, int]]] = {}  # a ZIP and those in it → members and bytes of each
        self._one_at_a_time = threading.RLock()  # in ZIPs: who reads there moves the place of the file

    def close(self) -> None:
        while self._open:
            self._open.popitem()[1].file.close()

    def load(self, path: str) -> bytes:
        """The bytes of a file or of a member of a ZIP.

        Raises `OSError` where there is none or it can not be opened, `PaperError` where it is too large, no plain file
        or damaged.
        """
        outer, inner = _split(path)
        if inner:
            with self._one_at_a_time:
                archive, name = self._inside(outer, inner)
                return archive.read(name, path, self.max_bytes)
        return _plain(Path(path), path, self.max_bytes)

    def exists(self, path: str, *, unseen: bool = True) -> bool:
        """Whether a path names something; members of a ZIP that can not be opened count as there, and so, with
        `unseen`, does what may not be looked at."""
        outer, inner = _split(path)
        if not inner:
            return is_there(path, unseen=unseen)
        try:
            with self._one_at_a_time:
                archive, name = self._inside(outer, inner)
                return name in archive.members
        except FileNotFoundError:
            return False
        except (OSError, PaperError):
            return True

    def papers(self, start: str, wanted: Wanted, skip: Callable[[str], bool], failed: Failed) -> Iterator[str]:
        """The paths of the papers under a path, sorted within each folder: the file itself, or what a folder or a ZIP
        holds. `wanted` decides by the name and the first bytes which files of a folder are papers, `skip` which folders
        are left out. What can not be looked into goes to `failed`."""
        if not _split(start)[1] and is_folder(start):
            yield from self._folder(start, wanted, skip, failed)
        elif self._is_zip(start):
            yield from self._zip(start, wanted, failed)
        else:
            yield start

    def _folder(self, folder: str, wanted: Wanted, skip: Callable[[str], bool], failed: Failed) -> Iterator[str]:
        top = os.path.realpath(folder)
        for here, folders, files in os.walk(folder, onerror=lambda e: failed(str(e.filename), e)):
            folders[:] = sorted(f for f in folders if f[0] != "." and not skip(str(Path(here, f))))
            for file in sorted([*files, *(f for f in folders if _is_link(Path(here, f)))]):
                if not _hidden(file):
                    yield from self._walked(Path(here, file), top, wanted, failed)

    def _walked(self, path: Path, top: str, wanted: Wanted, failed: Failed) -> Iterator[str]:
        """The papers in what lies in a folder, below `top`; folders themselves are walked where they lie."""
        name = path.as_posix()
        looks = wanted(path.name, b"") or path.name.lower().endswith(".zip")
        if _is_link(path) and _leads_out(path, top):
            if looks or is_folder(path):
                failed(name, PaperError("paper-link", path=name))
        elif is_folder(path):
            pass
        elif _is(path, stat.S_ISREG):
            try:
                with path.open("rb") as opened:
                    head = opened.read(_HEAD)
            except OSError:
                head = b""  # who reads it says why it can not be read
            yield from self._told(name, path.name, head, wanted, failed)
        elif looks:
            failed(name, _no_file(path, name))

    def _told(self, path: str, called: str, head: bytes, wanted: Wanted, failed: Failed) -> Iterator[str]:
        """A file where it is `wanted` as it is called and by its first bytes; the papers of a ZIP."""
        if head.startswith(OTHER_ARCHIVES):
            failed(path, PaperError("archive-kind", path=path))
        elif head.startswith(_ZIP_BEGINS) and self._is_zip(path):
            yield from self._zip(path, wanted, failed)
        elif wanted(called, head):
            yield path

    def _is_zip(self, path: str) -> bool:
        if _split(path)[1]:
            try:
                return kind_of(self.load(path)) == ".zip"
            except (OSError, PaperError):
                return False
        try:
            if not stat.S_ISREG(Path(path).stat().st_mode):
                return False
            with Path(path).open("rb") as opened:
                return opened.read(4) == _ZIP_BEGINS and kind_of(opened) == ".zip"
        except OSError:
            return False

    def _zip(self, path: str, wanted: Wanted, failed: Failed) -> Iterator[str]:
        try:
            outer, inner = _split(path)
            archive = self._zip_at(outer, inner.split("/") if inner else [])
        except (OSError, PaperError) as error:
            failed(path, error)
            return
        for name in archive.refused:
            failed(path, PaperError("archive-name", path=path, name=name))
        heads: dict[str, bytes] = {}  # all at once: who is given a name may open another ZIP
        for name in sorted(archive.members):
            parts = name.split("/")
            if any(part[0] == "." or part == "__MACOSX" for part in parts) or _hidden(parts[-1]):
                continue
            try:
                heads[name] = archive.head(name, f"{path}/{name}")
            except PaperError:
                heads[name] = b""  # who reads it says why it can not be read
        for name, head in heads.items():
            yield from self._told(f"{path}/{name}", f"{path}/{name}", head, wanted, failed)

    def _inside(self, outer: str, inner: str) -> tuple[_Zip, str]:
        """The innermost ZIP on the way `inner` and the name in it."""
        archive, way = self._zip_at(outer, []), []
        parts = inner.split("/")
        for at in range(1, len(parts)):
            name = "/".join(parts[len("/".join(way).split("/")) if way else 0 : at])
            if name in archive.members:
                way.append(name)
                archive = self._zip_at(outer, way)
        rest = inner[len("/".join(way)) + 1 :] if way else inner
        if rest not in archive.members:
            raise FileNotFoundError(2, os.strerror(2), f"{outer}/{inner}")
        return archive, rest

    def _zip_at(self, outer: str, way: list[str]) -> _Zip:
        """The ZIP at `outer`, or in it on the way of member names `way`."""
        path = "/".join([outer, *way])
        if path in self._open:
            return self._open[path]
        if len(way) > DEPTH:
            raise PaperError("archive-deep", path=path, depth=DEPTH)
        if not way:
            self.close()
            if not stat.S_ISREG(Path(outer).stat().st_mode):
                raise PaperError("paper-not-file", path=outer)
            file: BinaryIO = Path(outer).open("rb")  # noqa: SIM115
        else:
            above, name = self._inside(outer, "/".join(way))
            file = io.BytesIO(above.read(name, path, self.max_bytes))
        try:
            archive = _Zip(path, file)
            self._count(outer, path, archive)
        except BaseException:
            file.close()
            raise
        for other in [other for other in self._open if not path.startswith(other + "/")]:
            self._open.pop(other).file.close()
        self._open[path] = archive
        return archive

    def _count(self, outer: str, path: str, archive: _Zip) -> None:
        """Raises `PaperError` where a ZIP, with those in it that were opened so far, holds too many files or bytes."""
        held = {**(self._held.get(outer, {}) if path != outer else {}), path: (archive.count, archive.size)}
        count, size = (sum(sums) for sums in zip(*held.values(), strict=True))
        if count > MEMBERS:
            raise PaperError("archive-members", path=path, count=count, limit=MEMBERS)
        if size > TOTAL * self.max_bytes:
            raise PaperError("archive-too-large", path=path, size=size, limit=TOTAL * self.max_bytes)
        self._held[outer] = held


class _Zip:
    """An open ZIP: `members` by their name, `refused` the names that no file can have there; `count` and `size` say how
    many members it has and how many bytes they hold."""

    def __init__(self, path: str, file: BinaryIO) -> None:
        self.file = file
        try:
            check_list(file)
        except ValueError as error:
            if error.args:
                raise PaperError("archive-list", path=path, size=error.args[0], limit=LIST) from None
            raise PaperError("archive-damaged", path=path) from None
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, struct.error) as error:
            raise PaperError("archive-damaged", path=path) from error
        infos = [info for info in self._zip.infolist() if not info.is_dir()]
        self.count, self.size = len(infos), sum(info.file_size for info in infos)
        self.members: dict[str, zipfile.ZipInfo] = {}
        self.refused: list[str] = []
        for info in infos:
            name = decoded_name(info)
            parts = name.split("/")
            bad = name.startswith("/") or _DRIVE.match(name) or _CONTROL.search(name) or {"", ".", ".."} & set(parts)
            if bad or name in self.members or stat.S_ISLNK(info.external_attr >> 16):
                self.refused.append(name)
            else:
                self.members[name] = info

    def read(self, name: str, path: str, limit: int) -> bytes:
        """The bytes of a member; `path` names it in errors."""
        info = self.members[name]
        if info.file_size > limit:
            raise PaperError("paper-too-large", path=path, size=info.file_size, limit=limit)
        return self._take(info, path, limit + 1)

    def head(self, name: str, path: str) -> bytes:
        return self._take(self.members[name], path, _HEAD)

    def _take(self, info: zipfile.ZipInfo, path: str, count: int) -> bytes:
        if info.flag_bits & _LOCKED:
            raise PaperError("paper-locked", path=path)
        if info.compress_type not in _METHODS:
            raise PaperError("archive-method", path=path)
        try:
            with self._zip.open(info) as member:
                return member.read(count)  # never more than the ZIP says that there is
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError, struct.error) as error:
            raise PaperError("archive-damaged", path=path) from error


def decoded_name(info: zipfile.ZipInfo) -> str:
    """The name of a member with `/`. Without the mark of UTF-8 it is UTF-8 all the same, or GB18030 as Chinese Windows
    writes it."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            raw = b""
        for encoding in ("utf-8", "gb18030") if raw else ():
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _split(path: str) -> tuple[str, str]:
    """A path cut behind the file that it names or leads through: what is on the disk, and what is inside of it."""
    here = path.rstrip("/") or path
    try:
        os.lstat(here)
        return here, ""
    except NotADirectoryError:
        pass
    except (OSError, ValueError):
        return path, ""
    inner: list[str] = []
    while True:
        here, _, last = here.rpartition("/")
        inner.insert(0, last)
        if not here:
            return path, ""
        try:
            os.lstat(here)
        except NotADirectoryError:
            continue
        except OSError:
            return path, ""
        return here, "/".join(inner)


def _plain(real: Path, path: str, limit: int) -> bytes:
    state = real.stat()
    if stat.S_ISDIR(state.st_mode):
        raise PaperError("paper-is-folder", path=path)
    if not stat.S_ISREG(state.st_mode):
        raise PaperError("paper-not-file", path=path)
    if state.st_size > limit:
        raise PaperError("paper-too-large", path=path, size=state.st_size, limit=limit)
    with real.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:  # it says less than it gives, as some of the system's own do
        raise PaperError("paper-too-large", path=path, size=len(data), limit=limit)
    return data


def is_there(path: str | Path, *, unseen: bool = True) -> bool:
    """Whether a path names something; what may not be looked at counts as there with `unseen`."""
    try:
        Path(path).stat()
    except (OSError, ValueError) as error:
        return unseen and isinstance(error, PermissionError)
    return True


def is_folder(path: str | Path) -> bool:
    """Whether a path names a folder, as far as one may look; `Path.is_dir` raises where one may not."""
    return _is(Path(path), stat.S_ISDIR)


def _is(path: Path, kind: Callable[[int], bool]) -> bool:
    try:
        return kind(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def _is_link(path: Path) -> bool:
    try:
        return stat.S_ISLNK(path.lstat().st_mode)
    except OSError:
        return False


def _leads_out(link: Path, top: str) -> bool:
    """Whether a link leads to what is there and lies outside of the folder `top`."""
    real = os.path.realpath(link)
    return is_there(real) and real != top and not real.startswith(top.rstrip(os.sep) + os.sep)


def _no_file(path: Path, name: str) -> Exception:
    """Why a name in a folder is no file: a pipe, a device, a link to nothing or to itself."""
    try:
        path.stat()
    except OSError as error:
        return OSError(error.errno, os.strerror(error.errno or 0), name)
    return PaperError("paper-not-file", path=name)


def _hidden(name: str) -> bool:
    """What is no paper in a folder: hidden, a README, what an office program leaves beside an open file."""
    return name.startswith((".", "~$")) or Path(name).stem.upper() == "README" or name.lower() == "sources.csv"
