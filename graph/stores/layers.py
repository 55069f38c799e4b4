"""A store file that stands on another: what came to a snapshot, as the engine's own log, and the evidence of it.

    MAGIC  [length: 8 bytes]  what it stands on (JSON)  the log  block  block  …        (as `deriving.proofs` has them)

The snapshot below lies beside it under a name of its own and is never written to; the engine reads the log into memory
when it opens both. So a layer of a few papers is written in the time that they take, and is one file that is renamed
over the one before, whatever that was.
"""

from __future__ import annotations

import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from . import digest

_MAGIC = b"ZLLAYER1"
_LENGTH = struct.Struct("<Q")
_BELOW = ".below"


class Below(msgspec.Struct):
    """What a layer stands on: the name of the file, and its sum (`digest.sum_of`); how long the log is."""

    name: str
    sum: str
    log: int


def below(path: Path) -> Below | None:
    """What a store file stands on, if it is a layer."""
    with path.open("rb") as file:
        found = _head(file)
    return found[0] if found else None


def base_of(path: Path) -> Path:
    """The snapshot of a store file: the one that it stands on, or itself."""
    with suppress(OSError):
        found = below(path)
        if found is not None:
            return path.with_name(found.name)
    return path


def is_sound(path: Path) -> bool:
    """Whether a store is what was written, and so is the one below it."""
    if not digest.is_sound(path):
        return False
    try:
        found = below(path)
        return found is None or digest.sum_of(path.with_name(found.name)) == found.sum
    except OSError:
        return False


def write(file: BinaryIO, snapshot: Path, log: Path) -> None:
    """Begin a layer in a file: what it stands on, and the log."""
    head = msgspec.json.encode(Below(snapshot.name, digest.sum_of(snapshot), log.stat().st_size))
    file.write(_MAGIC + _LENGTH.pack(len(head)) + head)
    with log.open("rb") as source:
        shutil.copyfileobj(source, file)


def set_aside(path: Path) -> Path:
    """Give the snapshot in a store file the name that layers know it by; the file stays as it is."""
    found = base_of(path)
    if found != path:
        return found
    size, crc = digest.sum_of(path).split()
    aside = path.with_name(f"{path.name}.{size}-{crc}{_BELOW}")
    with suppress(FileExistsError):
        os.link(path, aside)
    return aside


def clear(path: Path) -> None:
    """Delete the snapshots that lie beside a store file and are not below it."""
    needed = base_of(path)
    for other in path.parent.glob(f"{path.name}.*{_BELOW}"):
        if other != needed:
            with suppress(OSError):
                other.unlink()


@contextmanager
def opened(path: Path, file: BinaryIO) -> Iterator[tuple[str, BinaryIO | None]]:
    """What the engine is to open for a store file, and the snapshot below it, if it is a layer: to be closed by who
    asks. The first need not be there any more when the engine has it open."""
    found = _head(file)
    if found is None:
        yield str(path), None
        return
    head, at = found
    snapshot = path.with_name(head.name).absolute()
    base = snapshot.open("rb")
    try:
        with tempfile.TemporaryDirectory(prefix="zhengling-store-") as folder:
            here = Path(folder, "graph")
            try:
                here.symlink_to(snapshot)
            except OSError:  # not everybody may make one everywhere
                shutil.copyfile(snapshot, here)
            here.with_name("graph.wal").write_bytes(os.pread(file.fileno(), head.log, at))
            yield str(here), base
    except BaseException:
        base.close()
        raise


def _head(file: BinaryIO) -> tuple[Below, int] | None:
    """What a layer stands on, and where its log begins."""
    begin = os.pread(file.fileno(), len(_MAGIC) + _LENGTH.size, 0)
    if not begin.startswith(_MAGIC) or len(begin) < len(_MAGIC) + _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(begin[len(_MAGIC) :])
    data: Any = os.pread(file.fileno(), length, len(begin))
    return msgspec.json.decode(data, type=Below), len(begin) + length
