"""The model of a paper before and after reading, in one place.

Two halves. A reader gives a `Paper`: paragraphs and tables in reading order, each with its place in the source. The
extractors give a `Record`: what `docs/records.md` describes and what is kept as JSON. Nothing here decides anything.

Offsets are code points. Those of blocks and spans count in `Paper.text`; those of `Evidence` count in the decoded
source.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

# --- what a reader gives -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Paragraph:
    """A stretch `[start, end)` of `Paper.text`; `place` says where the source has it (`{"line": 12}`). `note`: a
    footnote, which belongs to no clause."""

    start: int
    end: int
    place: dict[str, Any] = field(default_factory=dict)
    note: bool = False


@dataclass(slots=True)
class Cell:
    """A cell at a table's `row` and `column` (from 0), covering `rows` × `columns` fields of the grid.

    `merged` is true for an empty field of which the format cannot say whether it belongs to a vertical merge; where the
    format knows, `rows` and `columns` say it and no such field is left.
    """

    start: int
    end: int
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    merged: bool = False


@dataclass(slots=True)
class Table:
    """Cells in reading order; `width` is the number of columns of the grid."""

    cells: list[Cell]
    width: int
    place: dict[str, Any] = field(default_factory=dict)

    @property
    def start(self) -> int:
        return min((c.start for c in self.cells), default=0)

    @property
    def end(self) -> int:
        return max((c.end for c in self.cells), default=0)


Block = Paragraph | Table


@dataclass(slots=True)
class Paper:
    """What every reader gives.

    `text` is what the extractors read: broken lines joined, cells one after the other. `source` is the decoded file, as
    it is; of a format that is no text, the text that its reader made. `anchors` are pairs (offset in `text`, offset in
    `source`), ascending: from each on, both run in step. `places` are pairs (offset in `source`, place), ascending:
    where the file has what is read from there on; plain text has lines instead, and no such pairs. `parts` are the
    attachments that lie in files of their own: where each begins in `source` and in `text`, and its path.
    """

    text: str
    blocks: list[Block]
    source: str
    anchors: list[tuple[int, int]]
    path: str = ""
    sha256: str = ""
    warnings: list[Remark] = field(default_factory=list)
    places: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    record: Record | None = None
    parts: list[tuple[int, int, str]] = field(default_factory=list)

    def origin(self, offset: int) -> int:
        """The offset in `source` of an offset in `text`."""
        at = bisect_right(self.anchors, (offset, len(self.source))) - 1
        if at < 0:
            return 0
        here, there = self.anchors[at]
        return there + offset - here

    def offset(self, origin: int) -> int:
        """The offset in `text` of an offset in `source`; of what is left out there, that of what follows it."""
        at = bisect_right(self.anchors, origin, key=lambda pair: pair[1]) - 1
        if at < 0:
            return 0
        here, there = self.anchors[at]
        limit = self.anchors[at + 1][0] if at + 1 < len(self.anchors) else len(self.text)
        return min(here + origin - there, limit)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in `source` of the span `[start, end)` of `text`."""
        if end <= start:
            there = self.origin(start)
            return there, there
        return self.origin(start), self.origin(end - 1) + 1


#: What a box on a page is counted in: parts of its width and height.
PAGE_PARTS = 10_000


@dataclass(slots=True)
class PagePicture:
    """A picture (PNG) of a page of a paper, how many pages there are, and (offset in the paper's masked text, left,
    upper, right, lower) of each character that stands on this one, in `PAGE_PARTS` of width and height."""

    png: bytes
    pages: int
    characters: list[tuple[int, int, int, int, int]]


# --- what the extractors give --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Evidence:
    """Where a fact was read: `quote` is `source[start:end]` (contact data masked), `rule` the id of the rule."""

    start: int
    end: int
    quote: str
    rule: str
    place: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Remark:
    """What was not understood, or does not fit: `code` names the message, `values` fill it, `place` and `quote` say
    where; `other` and `other_place` are the words beside that show it."""

    code: str
    place: dict[str, Any] = field(default_factory=dict)
    quote: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    other: str = ""
    other_place: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """What depends on the file and not on the paper stands in `evidence`."""
        evidence = [{"quote": self.quote, "place": self.place}, {"quote": self.other, "place": self.other_place}]
        return {"code": self.code, "values": self.values, "evidence": evidence[: 2 if self.other else 1]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Remark:
        pairs = [(e["quote"], e["place"]) for e in data.get("evidence", [])] + [("", {}), ("", {})]
        (quote, place), (other, other_place) = pairs[:2]
        return cls(data["code"], dict(place), quote, dict(data.get("values", {})), other, dict(other_place))


@dataclass(slots=True)
class Deadline:
    text: str
    kind: str  # date, ongoing, recurring, relative
    start: str | None = None  # ISO
    end: str | None = None
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(slots=True)
class UnitRole:
    role: str  # lead, responsible, support
    name: str
    collective: bool = False
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(slots=True)
class Citation:
    in_: str  # "document" or a task's id
    number: str | None
    title: str | None
    kind: str  # directive, law, regulation, standard
    role: str  # basis, mention
    sentence: int = 0  # numbers the sentences of the document: citations of one sentence share it
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(slots=True)
class Task:
    id: str
    section: list[str]
    title: str | None
    text: str
    starts: str
    ends: str
    part_of: str | None = None
    units: list[UnitRole] = field(default_factory=list)
    open: bool = False
    deadlines: list[Deadline] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    key: str = ""


@dataclass(slots=True)
class Document:
    number: str | None = None
    title: str | None = None
    issuer: str | None = None
    date: str | None = None
    level: str | None = None
    region: str | None = None
    year: int | None = None
    deadlines: list[Deadline] = field(default_factory=list)
    evidence: dict[str, list[Evidence]] = field(default_factory=dict)  # field name → where it was read


@dataclass(slots=True)
class Record:
    """One document as read: the truth that the graph is derived from."""

    document: Document
    citations: list[Citation] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    source: dict[str, Any] = field(default_factory=dict)  # path as given, sha256, what joins it to other files
    rules: str = ""  # version of the rules that read it
    warnings: list[Remark] = field(default_factory=list)
    findings: list[Remark] = field(default_factory=list)  # what does not fit the paper itself: for `check`
    imported: bool = False  # its file is not at hand: it came with an export of another workspace

    def to_json(self) -> dict[str, Any]:
        """The record as plain JSON values, keys in the order of the format."""
        return {
            "document": _plain(self.document),
            "citations": [_plain(c) for c in self.citations],
            "tasks": [_plain(t) for t in self.tasks],
            "source": self.source,
            "rules": self.rules,
            "warnings": [w.to_json() for w in self.warnings],
            "findings": [f.to_json() for f in self.findings],
            **({"imported": True} if self.imported else {}),
        }

    def dumps(self) -> str:
        """The bytes that are kept: same record, same text, as `json.dumps(…, ensure_ascii=False, indent=1)` has it."""
        import msgspec

        return msgspec.json.format(msgspec.json.encode(self.to_json()), indent=1).decode() + "\n"

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Record:
        """Read what `to_json` gives; fields of the format that are absent take their defaults.

        Raises `ValueError` where `data` is no record.
        """
        try:
            document = dict(data["document"])
            return cls(
                document=Document(
                    **{k: document.get(k) for k in ("number", "title", "issuer", "date", "level", "region", "year")},
                    deadlines=[_deadline(d) for d in document.get("deadlines", [])],
                    evidence={k: [Evidence(**e) for e in v] for k, v in document.get("evidence", {}).items()},
                ),
                citations=[
                    Citation(
                        c["in"],
                        c.get("number"),
                        c.get("title"),
                        c["kind"],
                        c["role"],
                        c.get("sentence", 0),
                        _evidence(c),
                    )
                    for c in data.get("citations", [])
                ],
                tasks=[_task(t) for t in data.get("tasks", [])],
                source=dict(data.get("source", {})),
                rules=data.get("rules", ""),
                warnings=[Remark.from_json(w) for w in data.get("warnings", [])],
                findings=[Remark.from_json(f) for f in data.get("findings", [])],
                imported=bool(data.get("imported")),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a record: {error}") from error


def task_key(document_key: str, task: Task, twin: int) -> str:
    """A key that outlives a re-reading: headings, title, text, and a number among exact twins."""
    parts = [document_key, *task.section, task.title or "", task.text, str(twin)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _plain(item: Any) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name in item.__dataclass_fields__:
        value = getattr(item, name)
        if name == "collective" and not value:
            continue
        if isinstance(value, list):
            value = [_plain(v) if hasattr(v, "__dataclass_fields__") else v for v in value]
        elif name == "evidence":
            value = {k: [_plain(e) for e in v] for k, v in value.items()}
        out["in" if name == "in_" else name] = value
    return out


def _evidence(data: dict[str, Any]) -> list[Evidence]:
    return [Evidence(**e) for e in data.get("evidence", [])]


def _deadline(data: dict[str, Any]) -> Deadline:
    return Deadline(data["text"], data["kind"], data.get("start"), data.get("end"), _evidence(data))


def _task(data: dict[str, Any]) -> Task:
    return Task(
        id=data["id"],
        section=list(data.get("section", [])),
        title=data.get("title"),
        text=data.get("text", ""),
        starts=data.get("starts", ""),
        ends=data.get("ends", ""),
        part_of=data.get("part_of"),
        units=[UnitRole(u["role"], u["name"], bool(u.get("collective")), _evidence(u)) for u in data.get("units", [])],
        open=bool(data.get("open")),
        deadlines=[_deadline(d) for d in data.get("deadlines", [])],
        evidence=_evidence(data),
        key=data.get("key", ""),
    )
