"""How large files and their texts may be, and what reading one may take."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

#: A file larger than this is refused: no paper of the genre is, and memory stays bounded.
MAX_BYTES = 20_000_000
#: Files that are ZIPs inside (DOCX, XLSX, OFD, …) may unpack to so many times as much.
UNPACKED = 10
#: Readers may not give more text than this (code points).
MAX_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """How files are read: bytes of the largest file, seconds and bytes of memory that reading one may take (where it
    is not plain text), and whether pages without text go through text recognition."""

    max_bytes: int = MAX_BYTES
    timeout: float = 120
    memory: int = 2_000_000_000
    ocr: bool = False


def cores() -> int:
    """How many processors this process may use: those it is bound to, and no more than its share of time is worth."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):  # the share that a container has (Linux)
        share, _, period = Path("/sys/fs/cgroup/cpu.max").read_text().partition(" ")
        bound = min(bound, -(-int(share) // int(period)))
    return max(bound, 1)
