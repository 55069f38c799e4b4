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
        found = values[sheet.title] = {}
        unread = []
        for at, formula in sorted(bare.items()):
            value = _value(formula, at, bare, results, found)
            found[at] = value  # also where there is none: who refers to it need not try again
            if value is None:
                unread.append((at, formula))
        if unread and sheet.sheet_state == "visible":
            (row, column), formula = unread[0]
            place = {"sheet": sheet.title, "row": row, "column": column}
            warnings.append(Remark("formula-unread", place, formula[:80], {"count": len(unread)}))
    return values, warnings


def _value(formula: str, at: tuple[int, int], bare: dict, results: dict, found: dict, depth: int = 0) -> Any:
    from openpyxl.utils import column_index_from_string

    if depth > _DEPTH:
        return None
    rest = formula.removeprefix("=").strip()
    if link := _LINK.match(rest):
        rest = link.group(1)
    terms: list[Any] = []
    while term := _TERM.match(rest):
        text, letters, row, here, number = term.groups()
        value: Any
        if text is not None:
            value = text.replace('""', '"')
        elif letters:
            other = int(row), column_index_from_string(letters.upper())
            if other in found:
                value = found[other]
            elif other in bare:
                value = _value(bare[other], other, bare, results, found, depth + 1)
            else:
                value = results[other].value if other in results else ""
        else:
            value = at[0] if here else float(number) if "." in number else int(number)
        rest = rest[term.end() :]
        while isinstance(value, (int, float)) and (step := _STEP.match(rest)):
            value += int(step.group(2)) * (1 if step.group(1) == "+" else -1)
            rest = rest[step.end() :]
        if value is None:
            return None
        terms.append(value)
        if not rest.startswith("&"):
            break
        rest = rest[1:]
    if rest or not terms:
        return None
    if len(terms) == 1:
        return terms[0]
    return "".join(str(int(t)) if isinstance(t, float) and t.is_integer() else str(t) for t in terms)
