"""Files written whole or not at all."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import IO, BinaryIO

_EPOCH = (1980, 1, 1, 0, 0, 0)


def write(out: Path, data: bytes) -> None:
    """Whole or not at all; what is no plain file (a pipe, a device) is written to as it is. Errors name `out`."""
    with writing(out) as file:
        file.write(data)


@contextmanager
def writing(out: Path) -> Iterator[BinaryIO]:
    """A file to write to piece by piece that takes the place of `out` when it is whole, as `write` does."""
    try:
        if out.exists() and not out.is_file():
            with out.open("wb") as file:
                yield file
            return
        real = Path(os.path.realpath(out))
        part = real.with_name(f".{real.name[:40]}.{os.getpid()}.part")
        try:
            with part.open("wb") as file:
                yield file
            part.replace(real)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(out)) from error


def timeless(held: IO[bytes], clean: IO[bytes], others: Mapping[str, bytes] = MappingProxyType({})) -> None:
    """Copy an archive without any time of writing; `others` take the place of some of its files."""
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(clean, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            with old.open(entry) as source, new.open(info, "w", force_zip64=entry.file_size > 1 << 31) as target:
                if entry.filename in others:
                    target.write(others[entry.filename])
                else:
                    shutil.copyfileobj(source, target, 1 << 20)
