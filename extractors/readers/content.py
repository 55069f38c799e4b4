"""What a reader gives: paragraphs and tables in reading order, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..model import Record, Remark


@dataclass(slots=True)
class Text:
    """A paragraph. `text` may hold line ends; `place` says where the file has it (`{"page": 2, "paragraph": 7}`).

    `broken`: a line of the layout that the page may have broken off; lines that follow it are joined to it by the rules
    for broken lines of plain text. `note`: a footnote, which belongs to no clause.
    """

    text: str
    place: dict[str, Any] = field(default_factory=dict)
    broken: bool = False
    note: bool = False


@dataclass(slots=True)
class Box:
    """A cell, spans resolved: `row` and `column` from 0, covering `rows` × `columns` fields.

    `merged`: an empty field of which the format can not say whether it belongs to a vertical merge. `inner` is what the
    cell holds where that is more than text (a table in a cell); `text` is then not looked at. `place` is joined to the
    table's and wins over the `table`, `row` and `column` (from 1) that are counted otherwise.
    """

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    place: dict[str, Any] = field(default_factory=dict)
    merged: bool = False
    inner: list[Text | Sheet] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """A table; `width` is the number of its columns. A field that no box covers is empty."""

    boxes: list[Box]
    width: int
    place: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Content:
    """What a reader gives of a file: `items` in reading order; of plain text its decoded `source`, whose lines are laid
    out later; of a record of ours the `record`."""

    items: list[Text | Sheet] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    source: str | None = None
    record: Record | None = None
