"""Evidence out of the way of the graph: blocks of a file, one a paper, and what finds a piece in them.

A file may hold anything before. Behind the blocks stands their list; the last bytes say where it begins.

    …  block  block  …  list  [where the list begins: 8 bytes]  [its length: 8 bytes]  MAGIC
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Any, BinaryIO

import msgspec

from ...extractors.model import Evidence
from ..schema import NODES, RELATIONSHIPS
from .pieces import BITS, entries_of, told, without_document

#: The one field of what stands for a piece of evidence in the embedded store.
REFERENCE = "zl_proof"
#: Relationships whose evidence stays text there: `trace` looks into it.
_TEXTS = ("IMPLEMENTS",)
_MAGIC = b"ZLPROOF1"
_END = struct.Struct("<QQ8s")
_KEPT = 4_096  # blocks that are held unpacked


def is_referred(key: tuple[str, ...]) -> bool:
    """Whether evidence of a label or a relationship (its name comes first) is kept as references."""
    properties = NODES[key[0]] if key[0] in NODES else RELATIONSHIPS[key[0]].properties
    return "evidence" in properties and key[0] not in _TEXTS


class _List(msgspec.Struct, array_like=True):
    """Of each block, in the order of slots: its slot, where it ends, its document."""

    begin: int
    slots: list[int]
    ends: list[int]
    documents: list[str]


def append(file: BinaryIO, blocks: Iterable[tuple[int, str, bytes]]) -> None:
    """Write blocks behind what a file holds: (slot, id of the document, `pieces.block`), sorted by slot."""
    at = begin = file.seek(0, os.SEEK_END)
    listed = _List(begin, [], [], [])
    for slot, document, block in blocks:
        at += file.write(block)
        listed.slots.append(slot)
        listed.ends.append(at)
        listed.documents.append(document)
    packed = zlib.compress(msgspec.msgpack.encode(listed), 1)
    file.write(packed + _END.pack(at, len(packed), _MAGIC))


class Proofs:
    """What references to evidence mean, in an open file; nothing is read before it is asked for."""

    def __init__(self, descriptor: int, below: Proofs | None = None) -> None:
        """`below`: those of the file that this one stands on."""
        self._descriptor, self._below = descriptor, below
        size = os.fstat(descriptor).st_size
        at, length, magic = 0, 0, b""
        if size >= _END.size:
            at, length, magic = _END.unpack(os.pread(descriptor, _END.size, size - _END.size))
        self.there = magic == _MAGIC
        self._where = at, length
        self._entries = lru_cache(maxsize=_KEPT)(self._read)

    def told(self, reference: int) -> str:
        """The piece of evidence as the graph has it: JSON, or the text that was given in its stead. Raises `KeyError`
        or `IndexError` where there is none."""
        try:
            document, entries = self._entries(reference >> BITS)
        except KeyError:
            if self._below is None:
                raise
            return self._below.told(reference)
        return told(document, entries[reference & (1 << BITS) - 1])

    @cached_property
    def _list(self) -> _List:
        at, length = self._where
        return msgspec.msgpack.decode(zlib.decompress(os.pread(self._descriptor, length, at)), type=_List)

    def _read(self, slot: int) -> tuple[str, list[str]]:
        listed = self._list
        place = bisect_left(listed.slots, slot)
        if place == len(listed.slots) or listed.slots[place] != slot:
            raise KeyError(slot)
        begin = listed.ends[place - 1] if place else listed.begin
        return listed.documents[place], entries_of(os.pread(self._descriptor, listed.ends[place] - begin, begin))


def evidence(document: str, items: Iterable[Evidence], words: str, **more: str) -> list[str]:
    """Evidence as the graph keeps it, with `more` on the fact; `words` stand where the record holds none."""
    found = list(items) or [Evidence(0, 0, words or document, "")]
    return [json.dumps({**piece(document, one), **more}, ensure_ascii=False) for one in found]


def piece(document: str, one: Evidence) -> dict[str, Any]:
    """A piece of evidence in a document, as the graph has it before it is made JSON."""
    return {"document": document, **without_document(one)}
