"""Files written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


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
