"""Rows as JSON, CSV, a workbook or a table on the screen. Nothing here knows what the rows mean."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..messages import Catalogue

if TYPE_CHECKING:
    from rich.console import Console

    from .workbook import Column
from .cells import flat, harmless, plain, shown

Rows = Sequence[Sequence[Any]]


_WORD = 24  # columns of the longest word that is not broken


@cache
def _unbroken() -> re.Pattern[str]:
    """Numbers of papers, ids, dates."""
    from ...extractors.words.forms import NUMBER_AMONG_WORDS  # with many patterns, which take their time

    return re.compile(rf"{NUMBER_AMONG_WORDS}|[!-~]+")


@cache
def _pieces() -> re.Pattern[str]:
    """What stays on one line: words, numbers of papers, a wide character with the signs behind it."""
    from ...extractors.words.forms import NUMBER_AMONG_WORDS

    number = NUMBER_AMONG_WORDS.replace(r"[^\s;", r"[^\s;\uff0c\u3002\uff1a\u300a\u300b\u201c\u201d")
    return re.compile(rf"(?:{number}|[!-~]+)(?:[\u3001\u3002\uff0c\uff1b\uff1a\uff09\u300b\u201d]*)|{_WIDE}")


_WIDE = r"[ ]+|[\u300a\uff08\u201c]*[^ !-~][\u3001\u3002\uff0c\uff1b\uff1a\uff09\u300b\u201d]*|."
_LEAST = 10  # columns that a text of more gets
_FEW = 6  # items of a list that a brief table shows


_WIDTH = 100  # columns of a table where no terminal says otherwise


def as_dicts(columns: Sequence[str], rows: Rows) -> list[dict[str, Any]]:
    """One map a row, keyed by the columns."""
    return [dict(zip(columns, row, strict=True)) for row in rows]


def as_json(items: Any) -> str:
    return json.dumps(plain(items), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def as_csv(columns: Sequence[str], rows: Rows) -> str:
    """CSV with a heading line; lists are joined by `; `, and no cell can become a formula (a `'` stands before it)."""
    return "".join(csv_lines(chain([columns], rows)))


def csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Rows of CSV, one after another, as `as_csv` gives them."""
    out = io.StringIO()
    bare, quoted = (csv.writer(out, lineterminator="\n", quoting=q) for q in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    for row in rows:
        cells = [harmless(flat(v)) for v in row]
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
    rows = [[_dated(value) for value in row] for row in rows]
    book.sheet(title, fitted(columns, rows), rows)
    book.save(out)
    return book.cut


def _dated(value: Any) -> Any:
    """A day for its ISO text, also as the one item of a list."""
    text = value[0] if isinstance(value, list) and len(value) == 1 else value
    if isinstance(text, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    return value


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


def heading(column: str, say: Catalogue) -> str:
    return say.text(f"column-{column}") or shown(column)


def as_table(columns: Sequence[str], rows: Rows, say: Catalogue) -> str:
    """What `show` prints, as a text."""
    out = io.StringIO()
    show(columns, rows, say, console(out))
    return out.getvalue()


def show(columns: Sequence[str], rows: Rows, say: Catalogue, where: Console | None = None) -> None:
    """Print a table for people: headings and coded words in their language, wide characters counted as two.

    Where the headings and the longest words of a row do not fit beside each other, the rows stand one below the other,
    a line for each column.
    """
    from rich.cells import cell_len
    from rich.text import Text

    cells = [[shown(worded(n, v, say)) for n, v in zip(columns, row, strict=True)] for row in rows]
    screen = where or console()
    headings = [heading(name, say) for name in columns]
    least, natural, numbers = [], [], []
    for at, name in enumerate(headings):
        words = max((cell_len(word) for row in cells for word in _unbroken().findall(row[at])), default=0)
        longest = max((cell_len(line) for row in cells for line in row[at].split("\n")), default=0)
        number = bool(rows) and all(isinstance(row[at], (int, float, type(None))) for row in rows)
        numbers.append(number)
        head = max((cell_len(word) for word in _unbroken().findall(name)), default=min(cell_len(name), _LEAST))
        least.append(max(head, 2, longest if number else max(min(words, _WORD), min(longest, _LEAST))))
        natural.append(max(longest, cell_len(name), least[-1]))
    room = screen.width - 2 * len(columns) + 1
    if sum(least) > room:
        _stacked(headings, cells, screen)
        return
    widths = _spread(least, natural, room)
    # Made here and not by the library's own table: that takes most of the time of a build that has nothing to do.
    head = "\n".join(_beside(headings, widths, numbers, low=True))
    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    body = "\n".join(line for row in cells for line in _beside(row, widths, numbers))
    screen.print(Text(head, "table.header"), crop=False, no_wrap=True, overflow="ignore")
    screen.out("\n".join(filter(None, (rule, body))), highlight=False)


def _beside(row: Sequence[str], widths: Sequence[int], right: Sequence[bool], *, low: bool = False) -> Iterator[str]:
    """The lines of a row: each cell in the width of its column, to its `right` or left side, `low` or at the top."""
    from rich.cells import cell_len

    folds = [folded(cell, width).split("\n") for cell, width in zip(row, widths, strict=True)]
    most = max(map(len, folds), default=0)
    folds = [[""] * (most - len(fold)) + fold for fold in folds] if low else folds
    for lines in zip_longest(*folds, fillvalue=""):
        fills = [" " * max(0, width - cell_len(line)) for line, width in zip(lines, widths, strict=True)]
        filled = (fill + line if r else line + fill for line, fill, r in zip(lines, fills, right, strict=True))
        yield "  ".join(filled)


def _spread(least: Sequence[int], natural: Sequence[int], room: int) -> list[int]:
    """Widths between the least and the natural ones that fill the room, the narrowest growing first."""
    widths, left = list(least), room - sum(least)
    while left > 0:
        growing = [at for at, width in enumerate(widths) if width < natural[at]]
        if not growing:
            break
        at = min(growing, key=lambda at: widths[at])
        widths[at] += 1
        left -= 1
    return widths


def folded(text: str, width: int) -> str:
    """Text broken into lines of so many columns: at spaces and between wide characters, not inside numbers of papers
    and words unless one is longer than the line; no line begins with a sign that ends a phrase."""
    from rich.cells import cell_len

    if "\n" not in text and 2 * len(text) <= width:
        return text.rstrip(" ")
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.append("")
        used = 0
        for piece in _pieces().findall(paragraph):
            wide = cell_len(piece)
            if used and used + wide > width:
                lines.append("")
                used = 0
                piece = piece.lstrip(" ")
                wide = cell_len(piece)
            while wide > width:
                cut = next(n for n in range(len(piece), 0, -1) if cell_len(piece[:n]) <= width or n == 1)
                lines[-1] += piece[:cut]
                piece = piece[cut:]
                wide = cell_len(piece)
                if piece:
                    lines.append("")
            lines[-1] += piece
            used = cell_len(lines[-1])
    return "\n".join(line.rstrip(" ") for line in lines)


def _stacked(headings: Sequence[str], cells: Sequence[Sequence[str]], screen: Console) -> None:
    """Each row below the other: a heading and its cell a line."""
    from rich.cells import cell_len

    side = max(map(cell_len, headings), default=0) + 2
    for row in cells:
        for name, cell in zip(headings, row, strict=True):
            first, *more = folded(cell, max(screen.width - side, _LEAST)).split("\n")
            if cell:
                screen.print(name + " " * (side - cell_len(name)) + first, crop=False, no_wrap=True, overflow="ignore")
                for line in more:
                    screen.print(" " * side + line, crop=False, no_wrap=True, overflow="ignore")
        screen.print()


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


def worded(column: str, value: Any, say: Catalogue) -> Any:
    """A value as people read it: coded words in their language, an item of a list a line."""
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if isinstance(value, str) and value:
        return say.text(f"{column}-{value.replace(' ', '-')}") or value.replace("\t", " ")
    if isinstance(value, list):
        return "\n".join(str(flat(v)) for v in value)
    return flat(value)
