"""Rows as JSON, CSV, a workbook or a table on the screen. Nothing here knows what the rows mean."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from .messages import Catalogue

if TYPE_CHECKING:
    from rich.console import Console

    from .workbook import Column

Rows = Sequence[Sequence[Any]]

# A spreadsheet takes a cell that begins so for a formula; the full-width forms too, under some input methods.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
# Control and direction marks: they move the cursor or turn the reading order, whatever terminal shows them.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_WORD = 24  # columns of the longest word that is not broken
_UNBROKEN = re.compile(r"[^\s;；、]*〔\d{4}〕[^\s;；、]*?号|[!-~]+")  # numbers of papers, ids, dates
_FEW = 6  # items of a list that a brief table shows
_WIDTH = 100  # columns of a table where no terminal says otherwise


def plain(value: Any) -> Any:
    """`value` as JSON has it: dates as ISO text, whole decimals as integers, lists and maps item by item."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(v) for v in value]
    return str(value)


def as_dicts(columns: Sequence[str], rows: Rows) -> list[dict[str, Any]]:
    """One map a row, keyed by the columns."""
    return [dict(zip(columns, row, strict=True)) for row in rows]


def as_json(items: Any) -> str:
    return json.dumps(plain(items), ensure_ascii=False, indent=1) + "\n"


def as_csv(columns: Sequence[str], rows: Rows) -> str:
    """CSV with a heading line; lists are joined by `; `, and no cell can become a formula (a `'` stands before it)."""
    return "".join(csv_lines(chain([columns], rows)))


def csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Rows of CSV, one after another, as `as_csv` gives them."""
    out = io.StringIO()
    bare, quoted = (csv.writer(out, lineterminator="\n", quoting=q) for q in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    for row in rows:
        cells = [_harmless(flat(v)) for v in row]
        # The module leaves a lone carriage return bare, and readers take it for the end of the row.
        (quoted if any("\r" in c for c in cells if isinstance(c, str)) else bare).writerow(cells)
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def write_xlsx(columns: Sequence[str], rows: Rows, out: Path, title: str) -> int:
    """Write a workbook of one sheet; cells of text are text, never formulas. Gives the number of cells that were cut.

    Raises `ZhenglingError` where openpyxl is not installed.
    """
    from .workbook import Book

    book = Book()
    book.sheet(title, fitted(columns, rows), rows)
    book.save(out)
    return book.cut


def fitted(columns: Sequence[str], rows: Rows) -> list[Column]:
    """The columns of a sheet as wide as what stands in them."""
    from .workbook import Column

    widths = [8] * len(columns)
    for row in [columns, *rows]:
        for x, value in enumerate(row):
            value = flat(value, typed=True)
            size = 2 * len(value) if isinstance(value, str) else 12 if isinstance(value, date) else 8
            widths[x] = max(widths[x], min(60, size))
    return [Column(*pair) for pair in zip(columns, widths, strict=True)]


def write(out: Path, data: bytes) -> None:
    """Whole or not at all; what is no plain file (a pipe, a device) is written to as it is. Errors name `out`."""
    with writing(out) as file:
        file.write(data)


@contextmanager
def writing(out: Path) -> Iterator[BinaryIO]:
    """A file to write to piece by piece that takes the place of `out` when it is whole, as `write` does."""
    try:
        if out.exists() and not out.is_file():
            with out.open("wb") as file:
                yield file
            return
        real = Path(os.path.realpath(out))
        part = real.with_name(f".{real.name[:40]}.{os.getpid()}.part")
        try:
            with part.open("wb") as file:
                yield file
            part.replace(real)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(out)) from error


def show(columns: Sequence[str], rows: Rows, say: Catalogue, where: Console | None = None) -> None:
    """Print a table for people: headings and coded words in their language, wide characters counted as two.

    It is wider than the screen where the headings and the longest words need that: nothing is cut.
    """
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    cells = [[shown(_worded(n, v, say)) for n, v in zip(columns, row, strict=True)] for row in rows]
    needed = 0
    for at, name in enumerate(columns):
        number = bool(rows) and all(isinstance(row[at], (int, float, type(None))) for row in rows)
        heading = say.text(f"column-{name}") or shown(name)
        words = [cell_len(word) for row in cells for word in _UNBROKEN.findall(row[at])]
        width = max(cell_len(heading), *(w if number else min(w, _WORD) for w in words), 2)
        table.add_column(Text(heading), justify="right" if number else "left", overflow="fold", min_width=width)
        needed += width + 2
    for row in cells:
        table.add_row(*map(Text, row))
    screen = where or console()
    screen.width = max(screen.width, needed)
    screen.print(table, crop=False)


def brief(columns: Sequence[str], rows: Rows) -> tuple[Sequence[str], Rows]:
    """An answer as a screen can hold it: without ids, with three decimals, of long lists the first few."""
    kept = [n for n, name in enumerate(columns) if name != "id"]

    def short(value: Any) -> Any:
        if isinstance(value, list) and len(value) > _FEW:
            return [*value[:_FEW], f"… {len(value)}"]
        return round(value, 3) if isinstance(value, float) else value

    return [columns[n] for n in kept], [[short(row[n]) for n in kept] for row in rows]


def console(stream: Any = None) -> Console:
    """A screen that writes as it is told: no markup, no colours guessed into quoted words."""
    from rich.console import Console

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # rich would end the program with status 1

    stream = stream or sys.stdout
    fixed = None if stream.isatty() else _columns()
    return Screen(file=stream, width=fixed, markup=False, highlight=False, emoji=False, soft_wrap=False)


def _columns() -> int:
    given = os.environ.get("COLUMNS", "")
    return int(given) if given.isdecimal() and int(given) >= 20 else _WIDTH


def shown(text: Any) -> str:
    """Text from a file or a path, fit for a screen: control characters are shown as `�`."""
    return _CONTROL.sub("\ufffd", str(text))


def line(text: Any) -> str:
    """The same on one line."""
    return " ".join(shown(text).split("\n")).replace("\t", " ")


def flat(value: Any, typed: bool = False) -> Any:
    """A cell: lists joined, maps as JSON, None empty; dates and truth values are words unless `typed`."""
    if isinstance(value, date) and typed:
        return value
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, bool) and not typed:
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(str(flat(v)) for v in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return value


def _harmless(value: Any) -> Any:
    return "'" + value if isinstance(value, str) and value.startswith(FORMULA) else value


def _worded(column: str, value: Any, say: Catalogue) -> Any:
    """A value as people read it: coded words in their language, an item of a list a line."""
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if isinstance(value, str) and value:
        return say.text(f"{column}-{value.replace(' ', '-')}") or value.replace("\t", " ")
    if isinstance(value, list):
        return "\n".join(str(flat(v)) for v in value)
    return flat(value)
