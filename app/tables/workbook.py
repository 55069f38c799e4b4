"""Workbooks written row by row: cells of text are text and never formulas, dates are dates, and no time of writing
stands in the file."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import date
from math import ceil
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from ...extractors.errors import ZhenglingError
from ..writing import timeless, writing
from . import cells

_CELL = 32767  # characters that a cell can hold
_ROWS = 1_048_576  # rows that a sheet can hold
#: Who made it; when is not said, so that the same rows give the same bytes.
_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp='
    b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Zhengling</dc:creator></cp:coreProperties>'
)
#: Paper (landscape) → the width of columns, in characters, that can be read on it.
_ACROSS = {cells.A3: 290, cells.A4: 200}
_LINE, _HIGHEST = 17.0, 409.0  # points of a line, and of a row at most
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Column(NamedTuple):
    """A column of a sheet: heading, width in characters, the values to choose from (if any), whether it is there for
    programs alone, and the colours (RGB) behind some of its values."""

    heading: str
    width: float = 12
    choices: Sequence[str] = ()
    hidden: bool = False
    colours: Mapping[str, str] = MappingProxyType({})


class Book:
    """A workbook in the making; its rows do not stay in memory. `cut` counts the cells that were too long.

    Raises `ZhenglingError` where openpyxl (extra `xlsx`) is not installed.
    """

    def __init__(self) -> None:
        try:
            from openpyxl import Workbook
            from openpyxl.cell import WriteOnlyCell
            from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
            from openpyxl.styles import Alignment, Font, PatternFill
        except ImportError as error:
            raise ZhenglingError("missing-extra", 1, extra="xlsx", package="openpyxl") from error
        self._book = Workbook(write_only=True)
        self._cell, self._illegal = WriteOnlyCell, ILLEGAL_CHARACTERS_RE
        self._top, self._bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
        self._shade = PatternFill("solid", start_color="E8EEF7")
        self.cut = 0
        self._styles: dict[tuple[str, str], Any] = {}

    def sheet(
        self,
        title: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Any]],
        paper: int = cells.A4,
        header: str = "",
    ) -> int:
        """Add a sheet with a frozen heading and filters, fit for printing, `header` (its title) above each page; gives
        the number of its rows.

        What is beyond the rows that a sheet can hold goes on in further sheets.
        """
        count, rows = 0, iter(rows)
        title = re.sub(r"[\\/*?:\[\]]", "-", title)[:31] or "zhengling"
        for part in range(1, 1000):
            name = title if part == 1 else f"{title[:26]} {part}"
            written = self._part(name, columns, rows, paper, header or title)
            count += written
            if written < _ROWS - 1:
                break
        return count

    def _part(
        self, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], paper: int, header: str
    ) -> int:
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation
        from openpyxl.worksheet.page import PageMargins
        from openpyxl.worksheet.properties import PageSetupProperties

        sheet = self._book.create_sheet(title)
        sheet.freeze_panes = "A2"
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", paper
        widths = [0 if column.hidden else column.width for column in columns]
        # Beside each other as many pages as it takes for the words to be read, each with the first column.
        across = max(1, ceil(sum(widths) / _ACROSS[paper]))
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = across, 0
        if across > 1:
            sheet.print_title_cols, sheet.page_setup.pageOrder = "A:A", "overThenDown"
        sheet.print_title_rows, sheet.print_options.gridLines = "1:1", True
        sheet.page_margins = PageMargins(0.4, 0.4, 0.7, 0.6, 0.3, 0.3)
        sheet.oddHeader.left.text, sheet.oddFooter.center.text = _plain(header), "&P / &N"
        for n, column in enumerate(columns, 1):
            sheet.column_dimensions[get_column_letter(n)].width = column.width
            sheet.column_dimensions[get_column_letter(n)].hidden = column.hidden
        written = 0
        sheet.row_dimensions[1].height = _height([column.heading for column in columns], widths)
        sheet.append([self._heading(sheet, column.heading) for column in columns])
        del sheet.row_dimensions[1]
        for row in rows:
            sheet.row_dimensions[written + 2].height = _height(row, widths)
            sheet.append(
                [
                    self._value(sheet, value, column.colours.get(value, "") if column.colours else "")
                    for value, column in zip(row, columns, strict=True)
                ]
            )
            del sheet.row_dimensions[written + 2]
            written += 1
            if written == _ROWS - 1:
                break
        sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, len(columns)))}{written + 1}"
        for n, column in enumerate(columns, 1):
            if column.choices:
                choice = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
                choice.add(f"{get_column_letter(n)}2:{get_column_letter(n)}{max(2, written + 1)}")
                sheet.data_validations.append(choice)
        return written

    def _heading(self, sheet: Any, text: str) -> Any:
        cell = self._value(sheet, text or " ")
        cell._style = copy(cell._style)
        cell.alignment, cell.font, cell.fill = self._top, self._bold, self._shade
        return cell

    def _value(self, sheet: Any, value: Any, colour: str = "") -> Any:
        value = cells.flat(value, typed=True)
        if value == "":
            return None
        cell: Any = self._cell(sheet)
        kind = "number"
        if isinstance(value, str):
            value = self._illegal.sub("\ufffd", value)
            if len(value) > _CELL:
                value, self.cut = value[: _CELL - 1] + "…", self.cut + 1
            # What looks like an escaped character is what it looks like.
            cell._value, cell.data_type = _ESCAPED.sub("_x005F_", value), "s"
            # A quotation mark keeps it text when a person edits the cell.
            kind = "formula" if value.startswith(cells.FORMULA) else "text"
        else:
            cell.value = value
            kind = "date" if isinstance(value, date) else "number"
        if (kind, colour) not in self._styles:
            self._styles[kind, colour] = self._style(sheet, kind, colour)
        cell._style = self._styles[kind, colour]
        return cell

    def _style(self, sheet: Any, kind: str, colour: str) -> Any:
        """The style of a kind of cell, made once: to make it for each cell takes most of the time."""
        from openpyxl.styles import PatternFill

        cell: Any = self._cell(sheet)
        if colour:
            cell.fill = PatternFill("solid", start_color=colour)
        cell.alignment, cell.quotePrefix = self._top, kind == "formula"
        if kind == "date":
            cell.number_format = "yyyy-mm-dd"
        return cell._style

    def save(self, out: Path) -> None:
        """Write the file, whole or not at all, the same bytes for the same rows."""
        with tempfile.TemporaryFile() as held, tempfile.TemporaryFile() as clean:
            self._book.save(held)
            timeless(held, clean, {"docProps/core.xml": _CORE})
            clean.seek(0)
            with writing(out) as file:
                shutil.copyfileobj(clean, file, 1 << 20)


def _plain(text: str) -> str:
    """A text above a page, which has signs of its own."""
    return cells.line(text).replace("&", "&&")[:200]


def _height(row: Sequence[Any], widths: Sequence[float]) -> float:
    """How high a row must be for its words to be seen, in points: that of its longest cell, wrapped."""
    most = 1
    for value, width in zip(row, widths, strict=False):
        if width and isinstance(value, str) and (len(value) > width / 2 or "\n" in value):
            room = max(1.0, width - 1)
            lines = sum(max(1, ceil(_width(part) / room)) for part in value[:2_000].split("\n"))
            most = max(most, lines)
    return min(_LINE * most + 1.5, _HIGHEST)


def _width(text: str) -> int:
    """The columns that a text takes: a Chinese character two."""
    return sum(2 if ord(one) > 0x2E7F else 1 for one in text)
