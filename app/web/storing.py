"""Files that are uploaded: their names made harmless, kept under the workspace alone, whole or not at all."""

from __future__ import annotations

import re
import secrets
import shutil
import threading
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from anyio import to_thread

from ...extractors.errors import ZhenglingError
from ...extractors.limits import Settings
from ...graph.workspace.sources import UPLOADS

_PART, _WHOLE, _DEEP = 120, 400, 8  # bytes of a part of a name, bytes of the whole, folders
#: What systems take for a device, an order or a path; and what turns the reading order.
_BAD = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_ZIPS = 5  # a ZIP may be so many times as large as one file
_LEDGERS = 20  # that wait to be taken in
_MOST = 5_000  # files that lie under the workspace's uploads


def clean(name: str) -> Path:
    """The path under the folder of uploads that a name stands for. Raises `ZhenglingError` where nothing is left."""
    parts = []
    for part in re.split(r"[/\\]+", unicodedata.normalize("NFC", name)):
        part = _BAD.sub("", part).strip(" .")
        if not part:
            continue
        if _DEVICE.match(part):
            part = f"_{part}"
        stem, dot, suffix = part.rpartition(".")
        suffix = dot + suffix if stem and len(suffix) <= 10 else ""
        parts.append(_cut(part.removesuffix(suffix), _PART - len(suffix.encode())) + suffix)
    path = Path(*parts[-_DEEP:]) if parts else Path()
    if not parts or len(str(path).encode()) > _WHOLE:
        raise ZhenglingError("upload-name", 2)
    return path


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode("utf-8", "ignore").strip(" .") or "_"


class Uploads:
    """The folder of uploads of a workspace."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder, self._parts = folder / UPLOADS, folder / "cache" / "upload"
        self._ledgers = folder / "cache" / "ledgers"
        self.settings = settings
        self._lock = threading.Lock()

    def clear(self) -> None:
        """Take away what a server that was ended left half."""
        for left in self._parts.glob("*"):
            with suppress(OSError):
                left.unlink()
        shutil.rmtree(self._ledgers, ignore_errors=True)

    async def take(self, name: str, chunks: AsyncIterator[bytes], replace: bool = False) -> str:
        """Keep a file; gives its path under the uploads. One of the same name and other content gets a number, unless
        it is to take the place of the one that is there."""
        path = clean(name)
        limit = self.settings.max_bytes * (_ZIPS if path.suffix.lower() == ".zip" else 1)
        if await to_thread.run_sync(self._count) >= _MOST:
            raise ZhenglingError("upload-many", 1, most=_MOST)
        async with self._written(path, chunks, limit) as part:
            return self._keep(part, path, replace)

    async def take_ledger(self, name: str, chunks: AsyncIterator[bytes]) -> str:
        """Keep a ledger until it is taken in, or the last few of its kind came; gives what it is asked for by."""
        path = Path(clean(name).name)
        if path.suffix.lower() not in (".xlsx", ".csv"):
            raise ZhenglingError("ledger-foreign", 1, path=path.name)
        async with self._written(path, chunks, self.settings.max_bytes) as part:
            with self._lock:
                old = sorted(self._ledgers.glob("*"), key=lambda folder: folder.stat().st_mtime)
                for folder in old[: max(len(old) - _LEDGERS + 1, 0)]:
                    shutil.rmtree(folder, ignore_errors=True)
                key = secrets.token_hex(12)
                (self._ledgers / key).mkdir(parents=True)
                part.replace(self._ledgers / key / path)
        return key

    def ledger(self, key: str) -> Path:
        """The ledger that was kept. Raises `ZhenglingError` where it is not there any more."""
        found = list((self._ledgers / key).glob("*")) if re.fullmatch("[0-9a-f]{24}", key) else []
        if not found:
            raise ZhenglingError("ledger-gone", 1)
        return found[0]

    def drop_ledger(self, key: str) -> None:
        shutil.rmtree(self.ledger(key).parent, ignore_errors=True)

    @asynccontextmanager
    async def _written(self, path: Path, chunks: AsyncIterator[bytes], limit: int) -> AsyncIterator[Path]:
        """A file with what comes, which is gone afterwards where nobody has moved it."""
        self._parts.mkdir(parents=True, exist_ok=True)
        part = self._parts / secrets.token_hex(12)
        size = 0
        try:
            with part.open("xb") as file:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise ZhenglingError("upload-large", 1, path=path.name, limit=limit)
                    file.write(chunk)
            if not size:
                raise ZhenglingError("paper-empty", 1, path=path.name)
            yield part
        finally:
            part.unlink(missing_ok=True)

    def _count(self) -> int:
        return sum(1 for _ in self.folder.rglob("*"))

    def _keep(self, part: Path, path: Path, replace: bool) -> str:
        with self._lock:
            target, number = self.folder / path, 1
            while target.exists() and not (replace and target.is_file()) and not _same(part, target):
                number += 1
                target = (self.folder / path).with_stem(f"{path.stem}-{number}")
            if not target.resolve().is_relative_to(self.folder.resolve()):  # a link that somebody put there
                raise ZhenglingError("upload-name", 2)
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                part.replace(target)
            except (FileExistsError, NotADirectoryError):
                raise ZhenglingError("upload-name", 2) from None
            return target.relative_to(self.folder).as_posix()


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()
