"""The graph as it leaves the workspace: the names of files, which records and the store keep as they were given, are
told without the contact data in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any, Protocol

from ...extractors.model import Record
from ...extractors.words.personal import masked
from ..schema import NODES, Source


class AskedSource(Source, Protocol):
    def rows(self, text: str, parameters: dict[str, Any], /) -> tuple[Sequence[str], Iterable[Sequence[Any]]]: ...


class Outgoing:
    """A store (`schema.Source`) whose documents bear the names that files have outside, and the same for records."""

    def __init__(self, store: AskedSource, records: Callable[[], Iterable[Record]], files: Iterable[str]) -> None:
        """`files`: how the sources of all records are called, and their attachments."""
        self._store, self._records = store, records
        self._names = names_outside(files)

    def nodes(self, label: str) -> Iterator[Sequence[Any]]:
        rows = iter(self._store.nodes(label))
        if label != "Document" or not self._names:
            return rows
        at = list(NODES[label]).index("source")
        return ([*row[:at], self._outside(row[at]), *row[at + 1 :]] for row in rows)

    def relationships(self, name: str, start: str, stop: str) -> Iterable[Sequence[Any]]:
        return self._store.relationships(name, start, stop)

    def rows(self, text: str, parameters: dict[str, Any] | None = None) -> tuple[Sequence[str], list[Sequence[Any]]]:
        """The answer to a question of our own, in which files are called so, too."""
        columns, rows = self._store.rows(text, parameters or {})
        return columns, [self._outside(list(row)) if self._names else row for row in rows]

    def records(self) -> Iterator[Record]:
        """The records, whose sources are called as the documents are."""
        return map(self.outside, self._records())

    def outside(self, record: Record) -> Record:
        """A record whose sources are called as they are outside."""
        first = record.source.get("record")
        if isinstance(first, dict) and isinstance(first.get("path"), str):
            first["path"] = masked(first["path"])
        return Record.from_json(self._outside(record.to_json())) if self._names else record

    def name(self, file: str) -> str:
        """How a file is called outside."""
        return self._names.get(file, file)

    def _outside(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._names.get(value, value)
        if isinstance(value, list):
            return [self._outside(one) for one in value]
        if isinstance(value, dict):
            return {key: self._outside(one) for key, one in value.items()}
        return value


def names_outside(files: Iterable[str]) -> dict[str, str]:
    """File → how it is called outside, of those that have contact data in their names. Two are never called alike."""
    out: dict[str, str] = {}
    there = sorted(set(files))
    taken = set(there)
    for file in there:
        name = masked(file)
        if name == file:
            continue
        plain, number = PurePosixPath(name), 1
        while name in taken:
            number += 1
            name = plain.with_stem(f"{plain.stem}-{number}").as_posix()
        taken.add(name)
        out[file] = name
    return out
