"""What a record gives the graph by itself, as rows by column: nothing here knows of other papers.

A row names its task by its place in the paper, its unit by the mention, its document by the citation; what these are
called in the graph is told when all papers are known (`joining.py`). Evidence is kept once for each paper, in a block
of its own; a row holds numbers of pieces in it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import msgspec

from ...extractors.model import Citation, Deadline, Evidence, Record, Task
from ...extractors.words.fold import squeeze
from .documents import content
from .identity import deadline, task_text

#: Table → column → type, as DuckDB names it. `slot` is the number of the record's piece.
TABLES: dict[str, dict[str, str]] = {
    "head": {
        "slot": "INTEGER",
        "mark": "VARCHAR",  # what the record was told by
        "content": "VARCHAR",
        "tasks": "INTEGER",
        "deadlines": "INTEGER",
        "proofs": "INTEGER[]",  # of the document itself
        "review": "VARCHAR",
        "ref": "INTEGER",  # what shows its region
        "quote": "VARCHAR",
        "data": "BLOB",  # all but the tasks
        "block": "BLOB",  # its evidence
    },
    "task": {
        "slot": "INTEGER",
        "k": "INTEGER",  # place in the paper, from 1
        "name": "VARCHAR",
        "title": "VARCHAR",
        "text": "VARCHAR",
        "squeezed": "VARCHAR",  # its text without white space, where that is another
        "section": "VARCHAR[]",
        "open": "BOOLEAN",
        "twin": "INTEGER",  # number among exact twins
        "part_of": "INTEGER",  # place of its clause
        "quote": "VARCHAR",
        "proofs": "INTEGER[]",
        "review": "VARCHAR",
        "state": "VARCHAR",  # from here on as `Progress` has them
        "closed": "VARCHAR",
        "reported": "DATE",
        "next_report": "DATE",
        "milestone": "DATE",
        "milestones": "VARCHAR[]",
        "notes": "VARCHAR[]",
    },
    "mention": {
        "slot": "INTEGER",
        "u": "INTEGER",
        "seq": "INTEGER",  # order in the paper
        "issuer": "BOOLEAN",
        "name": "VARCHAR",
        "collective": "BOOLEAN",
        "quote": "VARCHAR",
        "proofs": "INTEGER[]",
    },
    "duty": {
        "slot": "INTEGER",
        "k": "INTEGER",
        "u": "INTEGER",
        "pos": "INTEGER",  # order in the task
        "again": "BOOLEAN",  # the task has the same unit in the same role before
        "role": "VARCHAR",
        "quote": "VARCHAR",
        "proofs": "INTEGER[]",
        "review": "VARCHAR",
    },
    "deadline": {
        "slot": "INTEGER",
        "id": "VARCHAR",
        "kind": "VARCHAR",
        "text": "VARCHAR",
        "start": "DATE",
        "due": "DATE",
    },
    "due": {
        "slot": "INTEGER",
        "k": "INTEGER",  # none: of the document
        "deadline": "VARCHAR",
        "quote": "VARCHAR",
        "proofs": "INTEGER[]",
        "review": "VARCHAR",
    },
    "cite": {
        "slot": "INTEGER",
        "i": "INTEGER",
        "k": "INTEGER",  # none: of the document
        "role": "VARCHAR",
        "title": "VARCHAR",
        "quote": "VARCHAR",
        "ref": "INTEGER",  # the first of its evidence, without the title
        "proofs": "INTEGER[]",
        "review": "VARCHAR",
    },
}

#: Steps of `seq`: the document's own region, units of tasks, the issuer, citations.
ISSUER, CITATIONS, EACH = 2_000_000, 2_000_002, 4
#: Bits of a reference to a piece of evidence, and of `seq`.
BITS, SEQUENCE = 20, 22

#: The rule of evidence that a person's word is; its place says whose, when and what the paper says (`reviewed`).
CORRECTED = "correction"
#: What people did to a fact, the most that they did first.
REVIEWS = ("added", "changed", "confirmed")

_ENCODER, _HEADS = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Record)
_BLOCKS = msgspec.msgpack.Decoder(list[str])

_JSON = json.JSONEncoder(ensure_ascii=False).encode
#: What begins an entry that is a text as it is, and one whose words are the document's own name.
_VERBATIM, _NAMELESS = "\x01", "\x00"


class Progress(NamedTuple):
    """How far people say that a task has come; `milestone`: the first that is not met. The last two are JSON."""

    state: str = ""
    closed: str = ""
    reported: date | None = None
    next_report: date | None = None
    milestone: date | None = None
    milestones: Sequence[str] = ()
    notes: Sequence[str] = ()


class ToldRecord(NamedTuple):
    """A record, and of some of its tasks (by their place, from 0) how far they have come."""

    record: Record
    progress: dict[int, Progress]


@dataclass(slots=True)
class Piece:
    """The rows of one record, by table, each without its `slot`."""

    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {name: [] for name in TABLES})


def piece(given: Record | ToldRecord, mark: str = "") -> Piece:
    """What a record gives the graph by itself."""
    told = given if isinstance(given, ToldRecord) else ToldRecord(given, {})
    return _PieceMaking(*told).made(mark)


def head_of(data: bytes) -> Record:
    """A record without its tasks, as a piece keeps it."""
    return _HEADS.decode(data)


def block(entries: Iterable[str]) -> bytes:
    """Pieces of evidence (`entry`, `verbatim`), packed."""
    return zlib.compress(_ENCODER.encode(list(entries)), 6)


def entries_of(data: bytes) -> list[str]:
    """Pieces of evidence, unpacked."""
    return _BLOCKS.decode(zlib.decompress(data))


def entry(one: Evidence, *title: str) -> str:
    """A piece of evidence as a block has it: the JSON of the graph behind its document. Without words, the document's
    own name stands for them."""
    values = without_document(one)
    text = _JSON(values | {"title": title[0]} if title else values)[1:]
    return text if one.quote is not None else _NAMELESS + text


def without_document(one: Evidence) -> dict[str, Any]:
    """What the graph has of a piece of evidence behind the id of its document."""
    return {"start": one.start, "end": one.end, "quote": one.quote, "rule": one.rule, "place": one.place}


def verbatim(text: str) -> str:
    """A text that stands for a piece of evidence as it is."""
    return _VERBATIM + text


def told(document: str, entry: str) -> str:
    """A piece of evidence as the graph has it, out of a block of a document."""
    if entry.startswith(_VERBATIM):
        return entry[1:]
    name = _JSON(document)
    if entry.startswith(_NAMELESS):
        entry = entry[1:].replace('"quote": null', f'"quote": {name}', 1)
    return f'{{"document": {name}, {entry}'


class _PieceMaking:
    def __init__(self, record: Record, progress: dict[int, Progress]) -> None:
        self.record, self.progress = record, progress
        self.entries: dict[str, int] = {}
        self.limits: set[str] = set()
        self.places = {task.id: k for k, task in enumerate(record.tasks, 1)}
        self.piece = Piece()

    def made(self, mark: str) -> Piece:
        record, rows = self.record, self.piece.rows
        document = record.document
        shown = document.evidence.get("region") or document.evidence.get("issuer") or ()
        (ref, *_), quote = self._proof(shown, document.region or document.title or "")
        all_shown = [one for items in document.evidence.values() for one in items]
        own = [self._kept(one) for one in all_shown]
        limits = self._limits(None, document.deadlines)
        limits += self._tasks(record.tasks)
        if document.issuer:
            proofs, words = self._proof(document.evidence.get("issuer", ()), document.issuer)
            rows["mention"].append((len(rows["mention"]), ISSUER, True, document.issuer, False, words, proofs))
        self._citations(record.citations)
        bare = Record(document, record.citations, source=record.source)
        told = (mark, content(record), len(record.tasks), limits, own, reviewed(all_shown), ref, quote)
        rows["head"].append((*told, _ENCODER.encode(bare), block(self.entries)))
        return self.piece

    def _tasks(self, tasks: Sequence[Task]) -> int:
        """The rows of the tasks; gives how many limits they have."""
        rows = self.piece.rows
        twins: dict[str, int] = {}
        units: dict[tuple[str, bool], int] = {}
        limits = 0
        for k, task in enumerate(tasks, 1):
            text = task_text(task)
            squeezed = squeeze(text)
            alike = "\x1f".join((*task.section, task.title or "", squeezed))
            twin = twins[alike] = twins.get(alike, 0) + 1
            proofs, quote = self._proof(task.evidence, text[:80] or task.title or "")
            clause = self.places.get(task.part_of or "") if task.part_of != task.id else None
            words = None if squeezed == text else squeezed
            values = (k, task.id, task.title, text, words, task.section, task.open, twin, clause, quote, proofs)
            values += (reviewed(task.evidence), *map(_listed, self.progress.get(k - 1, _NOTHING)))
            rows["task"].append(values)
            self._duties(k, task, units)
            limits += self._limits(k, task.deadlines)
        return limits

    def _duties(self, k: int, task: Task, units: dict[tuple[str, bool], int]) -> None:
        rows = self.piece.rows
        told: set[tuple[str, int]] = set()
        for pos, given in enumerate(task.units):
            proofs, quote = self._proof(given.evidence, given.name)
            key = (given.name, given.collective)
            u = units.get(key)
            if u is None:
                u = units[key] = len(rows["mention"])
                rows["mention"].append((u, 2 + 2 * u, False, *key, quote, proofs))
            review = reviewed(given.evidence)
            rows["duty"].append((k, u, pos, (given.role, u) in told, given.role, quote, proofs, review))
            told.add((given.role, u))

    def _limits(self, k: int | None, limits: Iterable[Deadline]) -> int:
        """The rows of the limits of a task or, without `k`, of the document; gives how many there are."""
        rows = self.piece.rows
        told: dict[str, tuple[str | None, dict[int, None], list[Evidence]]] = {}
        for limit in limits:
            identity, words = deadline(limit)
            if identity not in self.limits:
                self.limits.add(identity)
                days = (day(limit.start), day(limit.end)) if limit.kind == "date" else (None, None)
                rows["deadline"].append((identity, limit.kind, words, *days))
            proofs, quote = self._proof(limit.evidence, limit.text)
            _, all_, shown = told.setdefault(identity, (quote, {}, []))
            all_.update(dict.fromkeys(proofs))
            shown += limit.evidence
        rows["due"] += [(k, identity, quote, list(p), reviewed(shown)) for identity, (quote, p, shown) in told.items()]
        return len(told)

    def _citations(self, citations: Iterable[Citation]) -> None:
        for i, one in enumerate(citations):
            (ref, *_), quote = self._proof(one.evidence, called(one))
            proofs, _ = self._proof(one.evidence, called(one), one.title or "")
            review = reviewed(one.evidence)
            values = (i, self.places.get(one.in_), one.role, one.title or "", quote, ref, proofs, review)
            self.piece.rows["cite"].append(values)

    def _proof(self, items: Iterable[Evidence], words: str, *title: str) -> tuple[list[int], str | None]:
        """The numbers of some evidence, and the words of the first; `words` stand where the record holds none. Where
        there are no words at all, the document's own name stands for them, which is not known yet."""
        found = list(items) or [Evidence(0, 0, words or None, "")]  # type: ignore[arg-type]
        return list(dict.fromkeys(self._kept(one, *title) for one in found)), found[0].quote

    def _kept(self, one: Evidence, *title: str) -> int:
        return self.entries.setdefault(entry(one, *title), len(self.entries))


_NOTHING = Progress()


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def reviewed(items: Iterable[Evidence]) -> str:
    """What people did to a fact, by its evidence: one of `REVIEWS`, '' where nobody did anything."""
    found = {one.place.get("review") for one in items if one.rule == CORRECTED}
    return next((review for review in REVIEWS if review in found), "")


def called(citation: Citation) -> str:
    """The words of a citation: its title and its number."""
    title = f"《{citation.title}》" if citation.title else ""
    return title + (citation.number or "")


def day(text: str | None) -> date | None:
    """A day that ISO text names; none where it names none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
