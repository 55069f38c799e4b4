"""Pairs of papers → links between their tasks. A superior is brought together with the papers below it by the engine;
what two papers have in common is told as one machine tells it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from ...extractors.model import Record
from ...extractors.words.lexicon import Lexicon
from ..deriving.kept import by_column
from ..deriving.origins import a_year_on, aligned
from ..deriving.pieces import TABLES, piece
from .joining import COUNT, LINKS, SHARES, JoinedTables
from .storage import Storage, write_rows
from .taking import RecordPart, texts_of

if TYPE_CHECKING:
    import pyarrow

#: A superior itself, or a paper below it (`way`, `tasks` as in the table `pair`) with what it is to be compared with.
MEMBERS = {
    "bucket": "INTEGER", "upper": "INTEGER", "slot": "INTEGER", "document": "VARCHAR", "way": "VARCHAR",
    "tasks": "VARCHAR", "record": "VARCHAR",
}  # fmt: skip


def read_members(batch: pyarrow.Table, records: Storage, buckets: int) -> pyarrow.Table:
    """The records of parts that are compared, by the superior that they are compared with."""
    rows: list[tuple[Any, ...]] = []
    for row in batch.to_pylist():
        part, pairs = RecordPart.of(row), msgspec.json.decode(row["pairs"])
        at: dict[int, list[tuple[Any, ...]]] = {}
        for slot, upper, document, way, tasks in pairs:
            at.setdefault(slot, []).append((upper % buckets, upper, slot, document, way, tasks))
        for slot, text in texts_of(records, part, set(at)):
            rows += ((*one, text) for one in at[slot])
    return by_column(MEMBERS, rows)


def members(parts: list[RecordPart], pairs: list[dict[str, Any]]) -> Iterator[tuple[RecordPart, str]]:
    """What `read_members` is to give of each part; '' where nothing of it is compared."""
    found: list[dict[tuple[Any, ...], None]] = [{} for _ in parts]
    starts = [part.first for part in parts]
    for pair in pairs:
        lower, upper = pair["lower"], pair["upper"]
        at, above = (bisect_right(starts, slot) - 1 for slot in (lower, upper))
        found[at][lower, upper, pair["lower_document"], pair["way"], pair["tasks"]] = None
        found[above][upper, upper, pair["upper_document"], "", ""] = None
    for part, told in zip(parts, found, strict=True):
        yield part, msgspec.json.encode(list(told)).decode() if told else ""


def link(group: pyarrow.Table, out: Storage) -> pyarrow.Table:
    """Write the links of all superiors of a bucket; gives how many."""
    rows = group.to_pylist()
    number = rows[0]["bucket"] if rows else 0
    read = {row["slot"]: Record.from_json(msgspec.json.decode(row["record"])) for row in rows}
    documents = {row["slot"]: row["document"] for row in rows}
    with JoinedTables() as session:
        session.share({})
        session.fill("paper", by_column({"slot": "INTEGER", "document": "VARCHAR"}, list(documents.items())))
        tasks = [(slot, *row) for slot, record in read.items() for row in piece(record).rows["task"]]
        session.fill("kept.task", by_column(TABLES["task"], tasks))
        session.graph.pieces.add_links(_found(rows, read))
        session.join()
        counts = []
        for key in LINKS:
            count = write_rows(out, key, f"bucket-{number:06}", session.rows(key))
            counts.append((number, COUNT, "-".join(key), msgspec.msgpack.encode(count)))
    return by_column(SHARES, counts)


def _found(rows: list[dict[str, Any]], read: dict[int, Record]) -> Iterator[tuple[Any, ...]]:
    lexicon = Lexicon.load()  # once in each process
    for row in sorted(rows, key=lambda row: (row["upper"], row["slot"], row["way"])):
        if row["way"]:
            upper = read[row["upper"]]
            above = a_year_on(upper) if row["way"] == "resembles" else upper
            links, blocks = aligned(above, read[row["slot"]], lexicon, row["tasks"])
            yield row["slot"], row["upper"], row["tasks"], row["way"], *blocks, links
