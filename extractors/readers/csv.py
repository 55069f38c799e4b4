"""The reader of tables without any layout: CSV and TSV, in any encoding and with any usual delimiter."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from ..files import decode
from . import plain_text
from .content import Box, Content, Sheet

_DELIMITERS = ",\t;|"


def read(path: str, data: bytes) -> Content:
    """The paper in the bytes of a table: rows of cells, which may be quoted and then hold line ends. What no delimiter
    makes a table of is read as plain text.

    Raises `PaperError` for an empty or binary file.
    """
    source, warnings = decode.decode(path, data)
    # Excel names its delimiter in a first line of its own.
    said = re.match(r"sep=(.)\r?\n", source)
    rows = max((_rows(source, d) for d in (said.group(1) if said else _DELIMITERS)), key=_worth)
    if not _worth(rows):
        rows = _rows(source, ",")
        # Prose that a program wrote a paragraph a row, in quotation marks where it has commas.
        if '"' not in source or not rows or any(len(cells) > 1 for _, cells in rows):
            return plain_text.read(path, data)
    if said and len(rows) > 1:
        del rows[0]
    width = max(len(cells) for _, cells in rows)
    boxes = []
    for row, (line, cells) in enumerate(rows):
        for column, words in enumerate(cells):
            boxes.append(Box(words, row, column, place={"line": line}, merged=not words.strip()))
    return Content([Sheet(boxes, width)], warnings)


def _worth(rows: list[tuple[int, list[str]]]) -> int:
    """How well rows make tables: the rows of widths that come again, where these are most of all."""
    widths = Counter(len(cells) for _, cells in rows)
    again = sum(count for width, count in widths.items() if width > 1 and count > 1)
    return again if again + widths[1] >= 0.8 * len(rows) else 0


def _rows(source: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The rows that hold something, each with the line that it begins in; none where a quotation never ends."""
    out: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(source, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                out.append((line, row))
            line = reader.line_num + 1
    except csv.Error:
        return []
    return out
