"""What an office has written into a ledger: which cells it changed since the ledger was exported, read from a workbook
or CSV, and put into the next one."""

from __future__ import annotations

import csv
import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from ...extractors.errors import ZhenglingError
from ...extractors.words.forms import LISTED
from ..messages import LANGUAGES, Catalogue

#: Columns that an office fills in, and those of the paper that it may correct; in the order of the mark.
FILLED = ("state", "closed", "progress", "reported", "next_report", "remark")
CORRECTED = ("title", "text", "lead", "responsible", "support", "due")
EDITED = (*FILLED, *CORRECTED)
_DIGITS = 4  # of the mark, for each column
_LONG = 30_000  # characters that are looked at: a longer text is cut in a workbook
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")  # how a workbook writes what XML has not
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd]")


class LedgerRow(NamedTuple):
    """A row of a file: its number there, its id, its cells by column (dates as dates), and the names of the cells that
    differ from what was exported (None: the file does not tell)."""

    line: int
    id: str
    cells: dict[str, Any]
    changed: frozenset[str] | None


def normal(value: Any) -> str:
    """A cell as it is compared: words without the blanks at their ends, days in ISO form."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    text = "" if value is None else str(value)
    return "\n".join(part.strip() for part in _CONTROL.sub("", text[:_LONG]).strip().splitlines())


def mark(row: Mapping[str, Any]) -> str:
    """What tells which of the cells that an office may change it has changed: some digits for each."""
    return "".join(_digits(row.get(name)) for name in EDITED)


def _digits(value: Any) -> str:
    return hashlib.sha256(normal(value).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def changed(cells: Mapping[str, Any]) -> frozenset[str] | None:
    """The columns whose cells are not as they were exported."""
    told = str(cells.get("mark") or "")
    if len(told) != _DIGITS * len(EDITED):
        return None
    parts = [told[n : n + _DIGITS] for n in range(0, len(told), _DIGITS)]
    return frozenset(
        name for name, part in zip(EDITED, parts, strict=True) if name in cells and _digits(cells[name]) != part
    )


def is_moved(name: str, zh: Mapping[str, Any], en: Mapping[str, Any], told: str) -> bool:
    """Whether what the graph has in a column is not what was exported, in either language."""
    at = EDITED.index(name) * _DIGITS
    return told[at : at + _DIGITS] not in (_digits(zh[name]), _digits(en[name]))


def parted(cell: str) -> list[str]:
    """The units of a cell: between the signs that lists have."""
    return re.split(LISTED, cell)


def rows(path: Path) -> Iterator[LedgerRow]:
    """The rows of a ledger: of the sheet of a workbook that has the ids, or of CSV.

    Raises `ZhenglingError` (`ledger-foreign`) for a file that is none.
    """
    for line, cells in _cells(path):
        there = {name: value for name, value in cells.items() if value not in (None, "")}
        if there.keys() & {*EDITED, "id"}:
            yield LedgerRow(line, str(cells.get("id") or "").strip(), cells, changed(cells))


def written(path: Path, say: Catalogue) -> dict[str, dict[str, Any]]:
    """Id → the cells that an office has changed, of the ledger that stands in a file; none where it is no workbook."""
    if not zipfile.is_zipfile(path):
        return {}
    found: dict[str, dict[str, Any]] = {}
    for row in rows(path):
        names = row.changed if row.changed is not None else frozenset(n for n in FILLED if normal(row.cells.get(n)))
        kept = {name: row.cells[name] for name in EDITED if name in names}
        if kept:
            found.setdefault(row.id or f"{path.name}:{row.line}", {}).update(kept)
    return found


def merged(row: dict[str, Any], written: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """A row with what an office has written into the file before."""
    return row | written.get(row["id"], {})


def headings() -> dict[str, str]:
    """Heading in either language → name of the column."""
    names = (*EDITED, "id", "mark", "document", "number", "name", "section", "deadline")
    return {Catalogue(language)(f"ledger-{name}"): name for language in LANGUAGES for name in names}


def _cells(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    known = headings()
    for table in _tables(path):
        heads = next(table, None)
        names = [known.get(normal(head), "") for head in heads[1]] if heads else []
        if "id" not in names:
            continue
        for line, values in table:
            yield line, {name: _day(name, value) for name, value in zip(names, values, strict=False) if name}
        return
    raise ZhenglingError("ledger-foreign", 1, path=str(path))


def _day(name: str, value: Any) -> Any:
    """A cell; of a column of days, its day where it is one in any form."""
    if isinstance(value, datetime):
        value = value.date()
    if name in ("reported", "next_report", "due") and isinstance(value, str) and value.strip():
        from ...queries.understanding import values

        with suppress(ValueError, KeyError):
            return values.day(value.strip(), date.today(), name == "due") or value
    if isinstance(value, str):
        value = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), value)
    if isinstance(value, str) and value.startswith("'") and len(value) > 1:
        return value[1:]  # as CSV keeps a word from becoming a formula
    return value


def _tables(path: Path) -> Iterator[Iterator[tuple[int, Sequence[Any]]]]:
    if path.suffix.lower() == ".csv":
        yield _lines(path)
        return
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError as error:
        raise ZhenglingError("missing-extra", 1, extra="xlsx", package="openpyxl") from error
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (KeyError, ValueError, zipfile.BadZipFile, InvalidFileException) as error:
        raise ZhenglingError("ledger-foreign", 1, path=str(path)) from error
    try:
        for sheet in book.worksheets:
            yield enumerate(sheet.iter_rows(values_only=True), 1)
    finally:
        book.close()


def _lines(path: Path) -> Iterator[tuple[int, Sequence[Any]]]:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            yield from enumerate(csv.reader(data.decode(encoding).splitlines(keepends=True)), 1)
            return
    raise ZhenglingError("ledger-foreign", 1, path=str(path))
