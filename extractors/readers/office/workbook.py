"""The readers of workbooks: every sheet that is shown, as one grid of cells, each as its number format shows it.

Hidden sheets and columns are left out (lists for choices, old versions, somebody's notes); hidden rows are read: a
filter that was left on hides them, and they are part of the paper. Both are warned of.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from ... import rules
from ...errors import PaperError
from ...model import Remark
from ...words.fold import squeeze
from ...words.forms import written_day
from ...words.parts import rule
from ..content import Box, Content, Sheet, Text
from ..registry import needs
from .formulas import worked_out
from .package import Package, changed, transitional

#: Number formats of Chinese Excel that a file names by number alone.
_CHINESE = {
    **dict.fromkeys((27, 36, 50, 52, 57), "year_month"),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), "month_day"),
    31: "day",
}
#: Merges that cover more fields than this, all together, are refused; one that does more than that is cut off.
_MOST_MERGED = 2_000_000
_LARGE_MERGE = 100_000
_MERGE = re.compile(
    rb"(<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*)[\"']([A-Za-z]{1,3})(\d{1,7}):([A-Za-z]{1,3})(\d{1,7})[\"']"
)
#: A cell that holds something.
_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r=[\"']([A-Za-z]{1,3})(\d{1,7})[\"'][^>]*(?<!/)>")
#: A character that XML can not hold, as workbooks write it; their line ends are such, too.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_(?:\n)?")
_TOKEN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.|y+|m+|d+|h+|s+|AM/PM|.', re.I | re.S)


@dataclass(slots=True)
class _Page:
    """A sheet as its file has it: what its cells show, its merges (first and last row and column), its hidden parts."""

    name: str
    hidden: bool = False
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


def read_xlsx(path: str, data: bytes) -> Content:
    """The paper in the bytes of a workbook (.xlsx, .xlsm).

    Raises `PaperError` where openpyxl is missing or no sheet holds anything; what is damaged raises as it comes.
    """
    with needs("xlsx", "openpyxl"):
        from openpyxl import load_workbook
        from openpyxl.utils import column_index_from_string
        from openpyxl.utils.datetime import from_excel

    data = _clipped(transitional(data))
    package = Package(data)
    if "xl/workbook.bin" in package:
        raise PaperError("sheet-kind", kind="XLSB")
    book = load_workbook(BytesIO(data), data_only=True)
    results, warnings = worked_out(package, data)
    pages = []
    for sheet in book.worksheets:
        page = _Page(sheet.title, sheet.sheet_state != "visible")
        # Not by rows: a sheet with a mark in its last row has a million of them.
        for (row, column), cell in sheet._cells.items():
            value, form = cell.value, cell.number_format
            if value is None:
                value = results.get(sheet.title, {}).get((row, column))
            if value is None:
                continue
            if isinstance(value, str):
                value = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
            chinese = _chinese(cell._style.numFmtId) if cell.has_style else None  # type: ignore[union-attr]
            if chinese:
                form = chinese
                if isinstance(value, (int, float)) and 0 < value < 2_958_466:
                    value = from_excel(value, book.epoch)
            page.cells[row - 1, column - 1] = shown(value, form)
        page.merges = [(r.min_row - 1, r.max_row - 1, r.min_col - 1, r.max_col - 1) for r in sheet.merged_cells.ranges]
        page.rows = {row - 1 for row, about in sheet.row_dimensions.items() if about.hidden}
        for letters, about in sheet.column_dimensions.items():
            if about.hidden:
                first = about.min or column_index_from_string(letters)
                page.columns |= set(range(first - 1, min(about.max or first, first + 1000)))
        pages.append(page)
    return _paper(pages, warnings)


def _clipped(data: bytes) -> bytes:
    """A workbook with merges that run far beyond its cells (whole columns, the whole sheet) cut off there: openpyxl
    makes a cell of each field. Refuses what still covers more fields than it can hold."""
    sizes = _merge_sizes(data)
    if max(sizes, default=0) > _LARGE_MERGE:
        data = changed(data, _clip)
        sizes = _merge_sizes(data)
    if sum(sizes) > _MOST_MERGED:
        raise PaperError("sheet-merges", count=sum(sizes), limit=_MOST_MERGED)
    return data


def _merge_sizes(data: bytes) -> list[int]:
    """How many fields each merge of a workbook covers."""
    sizes = []
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith(".xml") and not name.startswith(("docProps/", "xl/theme/")):
                for left, top, right, bottom in map(_bounds, _MERGE.finditer(archive.read(name))):
                    sizes.append(max(right - left + 1, 0) * max(bottom - top + 1, 0))
    return sizes


def _bounds(merge: re.Match[bytes]) -> tuple[int, int, int, int]:
    """The first column and row and the last ones, from 1."""
    from openpyxl.utils import column_index_from_string

    _, left, top, right, bottom = (group.decode() for group in merge.groups())
    return column_index_from_string(left), int(top), column_index_from_string(right), int(bottom)


def _clip(name: str, content: bytes) -> bytes:
    """A sheet with its merges cut off where its cells end."""
    from openpyxl.utils import column_index_from_string, get_column_letter

    cells = _CELL.findall(content)
    last = max((int(row) for _, row in cells), default=1)
    widest = max((column_index_from_string(letters.decode()) for letters in {c for c, _ in cells}), default=1)

    def cut(merge: re.Match[bytes]) -> bytes:
        left, top, right, bottom = _bounds(merge)
        right, bottom = max(left, min(right, widest)), max(top, min(bottom, last))
        return merge.group(1) + f'"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"'.encode()

    return _MERGE.sub(cut, content)


def read_xls(path: str, data: bytes) -> Content:
    """The paper in the bytes of a workbook of Excel 97–2003 (.xls): see `read_xlsx`. Raises `PaperError` where xlrd is
    missing."""
    with needs("xlsx", "xlrd"):
        import xlrd

    if b"<?mso-application" in data[:500]:
        raise PaperError("sheet-kind", kind="XML 2003")

    class Nobody:
        def write(self, words: str) -> None:
            """What xlrd says of a damaged file is said to nobody."""

        flush = isatty = lambda self: None

    book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=Nobody())
    pages = []
    for sheet in book.sheets():
        page = _Page(sheet.name, sheet.visibility != 0)
        for row in range(sheet.nrows):
            for column in range(sheet.row_len(row)):
                cell = sheet.cell(row, column)
                value: Any = cell.value
                if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) or value == "":
                    continue
                key = book.xf_list[cell.xf_index or 0].format_key
                known = book.format_map.get(key)
                form = _chinese(key) or (known.format_str if known else "General")
                if cell.ctype == xlrd.XL_CELL_DATE:
                    value = xlrd.xldate_as_datetime(value, book.datemode)
                elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                    value = bool(value)
                elif cell.ctype == xlrd.XL_CELL_ERROR:
                    value = xlrd.error_text_from_code.get(value, "")
                page.cells[row, column] = shown(value, form)
        page.merges = [(top, end - 1, left, right - 1) for top, end, left, right in sheet.merged_cells]
        page.rows = {row for row, about in sheet.rowinfo_map.items() if about.hidden}
        page.columns = {column for column, about in sheet.colinfo_map.items() if about.hidden}
        pages.append(page)
    return _paper(pages, [])


def _paper(pages: list[_Page], warnings: list[Remark]) -> Content:
    items: list[Text | Sheet] = []
    for page in pages:
        full = {at: words for at, words in page.cells.items() if words.strip()}
        if not full:
            continue
        place = {"sheet": page.name}
        if page.hidden:
            warnings.append(Remark("hidden-left-out", place, page.name))
            continue
        gone = {column for _, column in full} & page.columns
        if gone:
            said = [w for (_, column), w in sorted(full.items()) if column in gone][:3]
            warnings.append(Remark("hidden-left-out", place, " ".join(said)[:80]))
            full = {(row, column): words for (row, column), words in full.items() if column not in gone}
        rows = {row for row, _ in full} & page.rows
        if rows:
            warnings.append(Remark("hidden-read", place | {"row": min(rows) + 1}, values={"count": len(rows)}))
        if full:
            items += _items(page, full, place)
    return Content(items, warnings)


def _items(page: _Page, full: dict[tuple[int, int], str], place: dict[str, Any]) -> list[Text | Sheet]:
    bottom, right = max(row for row, _ in full), max(column for _, column in full)
    covered: set[tuple[int, int]] = set()
    boxes = []
    for top, end, left, last in sorted(page.merges):
        if top > bottom or left > right:
            continue
        end, last = min(end, bottom), min(last, right)
        if (end - top + 1) * (last - left + 1) > 100_000:
            continue
        fields = {(row, column) for row in range(top, end + 1) for column in range(left, last + 1)}
        if fields & covered:
            continue
        covered |= fields
        words = full.get((top, left), "")
        boxes.append(Box(words, top, left, end - top + 1, last - left + 1))
    boxes += [Box(words, row, column) for (row, column), words in full.items() if (row, column) not in covered]
    name = page.name.strip()
    top = min(row for row, _ in full)
    first_row = [words for (row, _), words in full.items() if row == top]
    # A sheet without a line above its table has its title as its name, where no cell of it says that.
    nameless = rule("nameless_sheet", "readers.toml").match(name)
    titled = len(first_row) == 1 or nameless or any(words.strip().endswith(name) for words in full.values())
    head: list[Text | Sheet] = [] if titled else [Text(name, place)]
    return [*head, Sheet(sorted(boxes, key=lambda b: (b.row, b.column)), right + 1, place)]


# --- what a cell shows ---------------------------------------------------------------------------------------------


def shown(value: Any, form: str = "General") -> str:
    """What a cell shows: a value and its number format. Dates are written as papers write them, whatever their format.

    >>> shown(2022.0), shown(0.953, "0.0%"), shown(datetime(2022, 6, 30), "yyyy/m/d"), shown(6, '0"月底前"')
    ('2022', '95.3%', '2022年6月30日', '6月底前')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _number(value, form or "General")
    if isinstance(value, datetime):
        return _date(value, form or "")
    if isinstance(value, date):
        return _date(datetime(value.year, value.month, value.day), form or "")
    if isinstance(value, time):
        return f"{value.hour}:{value.minute:02d}"
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02d}"
    return str(value)


def _number(value: float, form: str) -> str:
    # Positive; negative; zero: where there is no second part, the sign is drawn before the first.
    parts = form.split(";")
    part = parts[1] if value < 0 and len(parts) > 1 and parts[1] else parts[0]
    tokens = [t for t in _TOKEN.findall(part) if t[0] not in "[_*"]
    core = "".join(t for t in tokens if t in "0#?,.%")
    if not re.search(r"[0#?]", core) or re.search(r"[Ee][+-]|/", part):
        plain = str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else f"{value:.10g}"
        words = re.sub(r'"([^"]*)"', r"\1", part)
        return re.sub(r"general|@", plain, words, flags=re.I) if re.search(r"general|@", words, re.I) else plain
    if "%" in core:
        value *= 100
    whole, _, decimals = core.replace("%", "").partition(".")
    text = f"{abs(value) if part is not parts[0] else value:{',' if ',' in whole else ''}.{len(decimals)}f}"
    if "#" in decimals and "." in text:
        head, _, tail = text.partition(".")
        keep = decimals.count("0")
        tail = tail[:keep] + tail[keep:].rstrip("0")
        text = f"{head}.{tail}" if tail else head
    text = text.zfill(whole.count("0"))
    return _around(tokens, text)


def _around(tokens: list[str], number: str) -> str:
    """A number with the words that its format puts around it."""
    out, done = [], False
    for token in tokens:
        if token in "0#?,.":
            if not done:
                out.append(number)
            done = True
        else:
            out.append(token[1:-1] if token[0] == '"' else token[-1] if token[0] == "\\" else token)
    return "".join(out) if done else number


def _chinese(number: int) -> str | None:
    """The form of a date that a file names by this number alone."""
    name = _CHINESE.get(number)
    return rules.words("readers.toml")["number_formats"][name] if name else None


def _date(value: datetime, form: str) -> str:
    tokens = [t for t in _TOKEN.findall(form.split(";")[0]) if t[0] not in "[_*"]
    letters = {t[0].lower() for t in tokens if t[0].lower() in "ymdhs" and '"' not in t}
    said = "".join(t for t in tokens if t[0] in '"\\' or t > "\u2e80")
    if not letters & set("ymd"):
        return f"{value.hour}:{value.minute:02d}" if letters else written_day(value.year, value.month, value.day)
    if re.search(r"[\u4e00-\u9fff]", squeeze(said)):
        words = {"y": value.year, "m": value.month, "d": value.day}
        out = [
            str(words[t[0].lower()])
            if t[0].lower() in words
            else t[1:-1]
            if t[0] == '"'
            else t[1:]
            if t[0] == "\\"
            else t
            for t in tokens
            if not re.match(r"[hsae;@]|AM/PM", t, re.I)
        ]
        return "".join(out).strip()
    year = value.year if "y" in letters or letters & set("hs") else None
    month, day = value.month if "m" in letters else None, value.day if "d" in letters else None
    return written_day(year, month, day)
