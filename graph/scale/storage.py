"""Folders of any kind of storage: of this machine, of S3, or of what else pyarrow and fsspec know."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...extractors.errors import ZhenglingError
from ..deriving.kept import by_column
from ..schema import NODES, RELATIONSHIPS
from ..stores.bulk import header, line

if TYPE_CHECKING:
    import pyarrow
    from pyarrow.fs import FileInfo, FileSystem

#: The last file of a result: without it, a run was broken off.
_DONE = "scale.json"


class Storage:
    """A folder by its address: a path, `s3://bucket/folder` (with `?endpoint_override=HOST:PORT&scheme=http` where it
    is another server than Amazon's), or what fsspec reads. It goes to other processes.

    Raises `ZhenglingError` where there is no such storage.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        try:
            self.files, self.root = _opened(address)
        except (ValueError, OSError, ImportError) as error:
            raise ZhenglingError("no-storage", 2, path=address, reason=str(error)) from error

    def path(self, name: str) -> str:
        return posixpath.join(self.root, name) if name else self.root

    def found(self, name: str = "") -> list[FileInfo]:
        """The files in a folder and below it, sorted by their paths; none where it is not there."""
        from pyarrow.fs import FileSelector, FileType

        selector = FileSelector(self.path(name), allow_not_found=True, recursive=True)
        return sorted((f for f in self.files.get_file_info(selector) if f.type == FileType.File), key=lambda f: f.path)

    def is_folder(self) -> bool:
        from pyarrow.fs import FileType

        return self.files.get_file_info(self.root).type == FileType.Directory

    def write(self, name: str, data: bytes) -> None:
        path = self.path(name)
        self.files.create_dir(posixpath.dirname(path), recursive=True)
        with self.files.open_output_stream(path) as file:
            file.write(data)

    def write_table(self, name: str, table: pyarrow.Table) -> None:
        from pyarrow import parquet

        path = self.path(name)
        self.files.create_dir(posixpath.dirname(path), recursive=True)
        parquet.write_table(table, path, filesystem=self.files, compression="zstd")

    def read_table(self, name: str, slots: tuple[int, int] | None = None) -> pyarrow.Table:
        """A table; of those sorted by `slot`, the rows from the first to before the second."""
        from pyarrow import parquet

        where = [("slot", ">=", slots[0]), ("slot", "<", slots[1])] if slots else None
        return parquet.read_table(self.path(name), filesystem=self.files, filters=where, partitioning=None)

    def remove(self, name: str) -> None:
        self.files.delete_dir(self.path(name))

    # --- whole results

    def begin(self) -> None:
        """Raises `ZhenglingError` where something is here already: results of two runs would mix."""
        if self.found():
            raise ZhenglingError("storage-not-empty", 2, path=self.address)

    def end(self, kind: str, **told: Any) -> None:
        """Mark a result as whole."""
        self.write(_DONE, json.dumps({"kind": kind, **told}, ensure_ascii=False, indent=1).encode() + b"\n")

    def whole(self, kind: str) -> dict[str, Any]:
        """What was told when a result of some kind was whole; raises `ZhenglingError` where there is none."""
        try:
            with self.files.open_input_stream(self.path(_DONE)) as file:
                told = json.loads(file.read())
        except (OSError, ValueError):
            told = {}
        if told.get("kind") != kind:
            raise ZhenglingError("storage-not-whole", 2, path=self.address, name=_DONE)
        return told


def write_rows(storage: Storage, key: tuple[str, ...], part: str, rows: Iterable[Sequence[Any]]) -> int:
    """Write rows of a label or relationship, columns as in `schema.Source`: as Parquet, and for the importer of Neo4j;
    how many. The same rows are written under the same name when a worker begins again."""
    some, name = list(rows), "-".join(key)
    if some:
        kind = "nodes" if len(key) == 1 else "relationships"
        storage.write_table(f"{kind}/{name}/{part}.parquet", by_column(columns(key), some))
        text = "".join(f"{line(row)}\n" for row in some)
        storage.write(f"neo4j/{name}-{part}.csv", text.encode("utf-8", "surrogatepass"))
    return len(some)


def write_header(storage: Storage, key: tuple[str, ...]) -> None:
    storage.write(f"neo4j/{'-'.join(key)}-header.csv", header(key).encode() + b"\n")


def columns(key: tuple[str, ...]) -> dict[str, str]:
    """Column → type of a label or relationship, the ends of a relationship first."""
    if len(key) == 1:
        return NODES[key[0]]
    return {"from": "STRING", "to": "STRING"} | RELATIONSHIPS[key[0]].properties


def _opened(address: str) -> tuple[FileSystem, str]:
    from pyarrow.fs import FileSystem, FSSpecHandler, LocalFileSystem, PyFileSystem

    scheme = re.match(r"([A-Za-z][\w.+-]+)://", address)
    if scheme is None:
        return LocalFileSystem(), Path(address).absolute().as_posix()
    try:
        files, root = FileSystem.from_uri(address)
    except (ValueError, NotImplementedError):
        import fsspec

        other, root = fsspec.core.url_to_fs(address)
        files = PyFileSystem(FSSpecHandler(other))
    return files, root.rstrip("/")
