"""Whether files of the cache are still those that were written: size and CRC-32, which see damage (nobody who can write
there needs to forge one)."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

_PIECE = 1 << 20
#: Ends of the names of what a database changes when it is only read.
_PASSING = (".log", "LOG", "LOCK", ".old")
_LIST = "sums.json"
_KEPT = 64  # sums that are known
_sums_of: dict[tuple[int, ...], str] = {}


def sum_of(path: Path) -> str:
    """Size and CRC-32 of a file; a file is read once for its state in this process, whatever it is called."""
    state = path.stat()
    known = state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns
    found = _sums_of.get(known)
    if found is None:
        found = _sums_of[known] = _read(path)
        while len(_sums_of) > _KEPT:
            _sums_of.pop(next(iter(_sums_of)), None)
    return found


def _read(path: Path) -> str:
    found = size = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found = zlib.crc32(piece, found)
            size += len(piece)
    return f"{size} {found:08x}"


def note(path: Path) -> None:
    """Keep the sum of a file beside it."""
    _beside(path).write_text(sum_of(path), "ascii")


def rename(new: Path, path: Path) -> None:
    """Put a file in the place of another, with its sum."""
    found = sum_of(new)
    new.replace(path)
    _beside(path).write_text(found, "ascii")


def is_sound(path: Path) -> bool:
    """Whether a file is the one whose sum is kept beside it."""
    try:
        return path.is_file() and _beside(path).read_text("ascii") == sum_of(path)
    except (OSError, ValueError):
        return False


def note_folder(folder: Path) -> None:
    """Keep the sums of the files of a folder in it."""
    (folder / _LIST).write_text(json.dumps(_sums(folder)), "utf-8")


def is_sound_folder(folder: Path) -> bool:
    try:
        kept = json.loads((folder / _LIST).read_text("utf-8"))
        return isinstance(kept, dict) and kept == {name: now for name, now in _sums(folder).items() if name in kept}
    except (OSError, ValueError):
        return False


def _sums(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != _LIST)
    return {str(p.relative_to(folder)): sum_of(p) for p in files if not p.name.endswith(_PASSING)}


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".sum")
