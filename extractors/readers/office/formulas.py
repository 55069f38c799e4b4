"""Formulas that a workbook holds without their results, as programs write them: the plain ones are worked out."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ...model import Remark

if TYPE_CHECKING:
    from .package import Package

#: A cell with a formula and no result.
_BARE = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_TERM = re.compile(r'\A\s*+(?:"((?:[^"]|"")*)"|\$?([A-Z]{1,3})\$?(\d{1,7})|(ROW\(\))|(\d+(?:\.\d+)?))\s*', re.I)
_STEP = re.compile(r"([+-])\s*(\d+)\s*")
_LINK = re.compile(r'\AHYPERLINK\(\s*"(?:[^"]|"")*"\s*[,;]\s*(.*)\)\s*$', re.I | re.S)
#: Cells that refer to cells are followed so far.
_DEPTH = 200


def worked_out(package: Package, data: bytes) -> tuple[dict[str, dict[tuple[int, int], Any]], list[Remark]]:
    """(sheet's name → row and column from 1 → value) of formulas without a result, and warnings of those that are not
    plain: text, numbers, other cells, links, put together by &; one number more or less."""
    from openpyxl import load_workbook

    if not any(_BARE.search(package.bytes(name)) for name in package.names() if "worksheets/" in name):
        return {}, []
    values: dict[str, dict[tuple[int, int], Any]] = {}
    warnings = []
    known = load_workbook(BytesIO(data), data_only=True)
    for sheet in load_workbook(BytesIO(data)).worksheets:
        results = known[sheet.title]._cells
        bare = {
            at: str(cell.value)
            for at, cell in sheet._cells.items()
            if cell.data_type == "f" and (at not in results or results[at].value is None)
        }
        formulas = _SheetFormulas(bare, results)
        values[sheet.title] = formulas.values
        unread = [(at, formula) for at, formula in sorted(bare.items()) if formulas.work_out(at) is None]
        if unread and sheet.sheet_state == "visible":
            (row, column), formula = unread[0]
            place = {"sheet": sheet.title, "row": row, "column": column}
            warnings.append(Remark("formula-unread", place, formula[:80], {"count": len(unread)}))
    return values, warnings


class _SheetFormulas:
    """The formulas of a sheet by their cells, and what is worked out of them so far; `results` are its other cells."""

    def __init__(self, bare: dict[tuple[int, int], str], results: Any) -> None:
        self.bare, self.results = bare, results
        self.values: dict[tuple[int, int], Any] = {}

    def work_out(self, at: tuple[int, int]) -> Any:
        """The value of a cell's formula, kept also where it is None: who refers to it need not try again."""
        value = self.values[at] = self._value(self.bare[at], at, 0)
        return value

    def _value(self, formula: str, at: tuple[int, int], depth: int) -> Any:
        if depth > _DEPTH:
            return None
        rest = formula.removeprefix("=").strip()
        if link := _LINK.match(rest):
            rest = link.group(1)
        terms: list[Any] = []
        while term := _TERM.match(rest):
            value, rest = _stepped(self._term(term, at, depth), rest[term.end() :])
            if value is None:
                return None
            terms.append(value)
            if not rest.startswith("&"):
                break
            rest = rest[1:]
        return _together(terms) if terms and not rest else None

    def _term(self, term: re.Match[str], at: tuple[int, int], depth: int) -> Any:
        text, letters, row, here, number = term.groups()
        if text is not None:
            return text.replace('""', '"')
        if letters:
            return self._cell(letters, row, depth)
        if here:
            return at[0]
        return float(number) if "." in number else int(number)

    def _cell(self, letters: str, row: str, depth: int) -> Any:
        from openpyxl.utils import column_index_from_string

        other = int(row), column_index_from_string(letters.upper())
        if other in self.values:
            return self.values[other]
        if other in self.bare:
            return self._value(self.bare[other], other, depth + 1)
        return self.results[other].value if other in self.results else ""


def _stepped(value: Any, rest: str) -> tuple[Any, str]:
    """A number with what is added to it or taken off, and what stands behind that."""
    while isinstance(value, (int, float)) and (step := _STEP.match(rest)):
        value += int(step.group(2)) * (1 if step.group(1) == "+" else -1)
        rest = rest[step.end() :]
    return value, rest


def _together(terms: list[Any]) -> Any:
    if len(terms) == 1:
        return terms[0]
    return "".join(str(int(t)) if isinstance(t, float) and t.is_integer() else str(t) for t in terms)
