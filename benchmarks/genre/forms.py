"""A table written as text in the ways that programs flatten tables, or as a file that holds a real one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from . import files, pages
from .columns import LOSING
from .model import Draw
from .more_forms import ruled, tex, web
from .tables import Cell, Table

#: Form → suffix of the file, where it is not plain text.
SUFFIX = {
    "html": "html",
    "csv": "csv",
    "csv with semicolons": "csv",
    "tsv": "tsv",
    "docx": "docx",
    "xlsx": "xlsx",
    "markdown": "md",
    "markdown with html": "md",
    "pdf": "pdf",
    "pdf without lines": "pdf",
}


def lines(draw: Draw, table: Table) -> list[str]:
    """The lines of a table in a form of plain text."""
    return _FLAT[table.form](draw, table)


def _rows(table: Table) -> Iterator[list[Cell]]:
    if table.headed:
        yield from table.head
    elif table.title:
        yield [Cell(table.title)]
    yield from table.rows


def _shown(row: list[Cell], covered: str | None = "") -> list[str]:
    """The texts of a row; covered cells as `covered` has it, left out where that is `None`."""
    out = []
    for cell in row:
        if not cell.covered:
            out.append(cell.text)
        elif covered is not None:
            out.append(covered)
    return out


def _dropped(draw: Draw) -> bool:
    return "merged cells: dropped" in draw.features


# --- plain text ------------------------------------------------------------------------------------------------------


def _bars(draw: Draw, table: Table) -> list[str]:
    out = []
    for row in _rows(table):
        out.append(" | ".join(_shown(row, None if _dropped(draw) else "")) + " |")
    return out


def _bars_outside(draw: Draw, table: Table) -> list[str]:
    return [f"| {line}" for line in _bars(draw, table)]


def _markdown(draw: Draw, table: Table) -> list[str]:
    return ["", *files.markdown_rows(_texts(table), len(table.columns)), ""]


def _tabs(draw: Draw, table: Table) -> list[str]:
    return ["\t".join(_shown(row)) for row in _rows(table)]


def _tabs_lines(draw: Draw, table: Table) -> list[str]:
    """A cell of several lines in quotation marks."""
    return [part for row in files.tab_rows(_texts(table)) for part in row.split("\n")]


def _bars_lines(draw: Draw, table: Table) -> list[str]:
    return [part for line in _bars(draw, table) for part in line.split("\n")]


def _tab_lines(draw: Draw, table: Table) -> list[str]:
    """Each cell a line behind a tab, rows apart by an empty line."""
    out = []
    for row in _rows(table):
        out += [*("\t" + t for t in _shown(row)), ""]
    return out


def _cell_a_line(draw: Draw, table: Table) -> list[str]:
    return [t for row in _rows(table) for t in _shown(row, None) if t]


def _cell_a_line_blank(draw: Draw, table: Table) -> list[str]:
    return [line for t in _cell_a_line(draw, table) for line in (t, "")]


def _cell_bar_cell(draw: Draw, table: Table) -> list[str]:
    return [line for t in _cell_a_line(draw, table) for line in (t, "|")]


def _bar_at_end(draw: Draw, table: Table) -> list[str]:
    return [f"{t} |" for t in _cell_a_line(draw, table)]


def _by_blanks(draw: Draw, table: Table) -> list[str]:
    return [" ".join(t for t in _shown(row, None) if t) for row in _rows(table)]


def _one_line(separator: str) -> Callable[[Draw, Table], list[str]]:
    def write(draw: Draw, table: Table) -> list[str]:
        return [separator.join(t for row in _rows(table) for t in _shown(row, None) if t)]

    return write


def _texts(table: Table) -> list[list[str]]:
    return [_shown(row) for row in _rows(table)]


def _html_in_markdown(draw: Draw, table: Table) -> list[str]:
    return ["", "".join(web(files.spans(sheet(table)), "plain")), ""]


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns of a terminal, a full character two."""
    out, line, used = [], "", 0
    for c in text:
        size = _wide(c)
        if used + size > width:
            out.append(line)
            line, used = "", 0
        line, used = line + c, used + size
    return [*out, line] if line or not out else out


def _widths(table: Table) -> list[int]:
    sizes = {"number": 6, "text": 44, "title": 22, "deadline": 18, "section": 12, "person": 10}
    return [sizes.get(c.kind, 24) for c in table.columns]


def _aligned(draw: Draw, table: Table) -> list[str]:
    """As `pdftotext -layout` leaves a table without lines: columns apart by blanks, cells wrapped, rows by a line."""
    widths, out = _widths(table), []
    for row in _rows(table):
        if len(row) == 1:
            out += [row[0].text, ""]
            continue
        cells = [_wrapped(c.text if not c.covered else "", w - 2) for c, w in zip(row, widths, strict=True)]
        for n in range(max(map(len, cells))):
            line = ""
            for cell, width in zip(cells, widths, strict=True):
                text = cell[n] if n < len(cell) else ""
                line += text + " " * (width - _wide(text))
            out.append(line.rstrip())
        out.append("")
    return out


def _wrapped_cells(draw: Draw, table: Table) -> list[str]:
    """As `pdftotext -raw` leaves it: the lines of each cell below each other."""
    widths, out = _widths(table), []
    for row in _rows(table):
        if len(row) == 1:
            out += _wrapped(row[0].text, 76)
            continue
        for cell, width in zip(row, widths, strict=True):
            if cell.text and not cell.covered:
                out += _wrapped(cell.text, width - 2)
    return out


_FLAT: dict[str, Callable[[Draw, Table], list[str]]] = {
    "bars": _bars,
    "bars outside": _bars_outside,
    "markdown": _markdown,
    "bars, lines in cells": _bars_lines,
    "tabs": _tabs,
    "tabs, lines in cells": _tabs_lines,
    "tab lines": _tab_lines,
    "cell a line": _cell_a_line,
    "cell a line, blank between": _cell_a_line_blank,
    "cell, bar, cell": _cell_bar_cell,
    "bar at the line end": _bar_at_end,
    "rows by blanks": _by_blanks,
    "aligned columns": _aligned,
    "wrapped cells": _wrapped_cells,
    "one line, blanks": _one_line(" "),
    "ruled with lines": lambda _, t: ruled(_texts(t), len(t.columns), "┼─", "│"),
    "grid of plus signs": lambda _, t: ruled(_texts(t), len(t.columns), "+-", "|"),
    "tex": lambda _, t: tex(_texts(t), len(t.columns)),
    "markdown with html": _html_in_markdown,
    "one line, no separator": _one_line(""),
}
assert set(LOSING) <= set(_FLAT)


# --- files of their own kind -----------------------------------------------------------------------------------------


Block = str | Table


def sheet(table: Table) -> files.Sheet:
    """The table with its merged cells."""
    whole = list(_rows(table))
    out = files.Sheet([], len(table.columns))
    for n, row in enumerate(whole):
        for k, cell in enumerate(row):
            if cell.covered:
                continue
            down = 1
            while len(row) > 1 and n + down < len(whole) and len(whole[n + down]) > k and whole[n + down][k].covered:
                down += 1
            out.boxes.append(files.Box(cell.text, n, k, down, out.width if len(row) == 1 else 1))
    return out


def _real(blocks: list[Block]) -> list[files.Block]:
    return [sheet(block) if isinstance(block, Table) else block for block in blocks]


def prepare(draw: Draw, blocks: list[Block], suffix: str) -> None:
    """Draw how the file will be written."""
    if suffix in ("txt", "csv", "tsv", "html"):
        draw.pick("encoding", {"utf-8": 12, "gb18030": 1, "utf-8-sig": 0.6, "utf-16": 0.3})
        draw.pick("line ends", {"LF": 10, "CRLF": 1})
    if suffix == "pdf":
        draw.pick("numbers of PDF pages", {"none": 1, "- 1 -": 1.5, "1": 0.5})
    tables = [b for b in blocks if isinstance(b, Table)]
    if suffix == "pdf" and tables:
        ruled = "form: pdf" in draw.features
        draw.pick("lines of the table", {"ruled": 1} if ruled else {"none": 1})
        draw.pick("cells stand", {"at the top": 2, "in the middle": 1} if ruled else {"at the top": 1})
        draw.pick("rows at the end of a page", {"whole": 1, "cut": 1} if ruled else {"whole": 1})
    if suffix == "html" and tables:
        styles = {"plain": 3.0, "paragraphs": 1.0, "head": 0.7, "in a table": 0.4}
        rows = [r for t in tables for r in t.rows]
        if all(len(r) > 1 and not any(c.covered for c in r) for r in rows):
            styles["boxes"] = 0.3
        draw.pick("table of the page", styles)


def write(draw: Draw, blocks: list[Block], suffix: str, path: Path) -> None:
    {"txt": _text, "md": _text, "html": _html, "csv": _csv, "tsv": _csv, "docx": _docx, "xlsx": _xlsx, "pdf": _pdf}[
        suffix
    ](draw, blocks, path)


def _text(draw: Draw, blocks: list[Block], path: Path) -> None:
    out: list[str] = []
    for block in blocks:
        out += [block] if isinstance(block, str) else lines(draw, block)
    _save(draw, "\n".join(out) + "\n", path)


def _save(draw: Draw, text: str, path: Path) -> None:
    encoding, end = draw.picked("encoding", "utf-8"), "\r\n" if draw.picked("line ends", "LF") == "CRLF" else "\n"
    path.write_bytes(text.replace("\r\n", "\n").replace("\n", end).encode(encoding))


def _html(draw: Draw, blocks: list[Block], path: Path) -> None:
    charset = draw.picked("encoding", "utf-8").removesuffix("-sig")
    _save(draw, files.page(_real(blocks), charset, draw.picked("table of the page", "plain")), path)


def _csv(draw: Draw, blocks: list[Block], path: Path) -> None:
    form = next(b.form for b in blocks if isinstance(b, Table))
    _save(draw, files.separated(_real(blocks), {"csv": ",", "tsv": "\t"}.get(form, ";")), path)


def _pdf(draw: Draw, blocks: list[Block], path: Path) -> None:
    given: list[pages.Block] = []
    for block in blocks:
        if isinstance(block, str):
            given.append(block)
            continue
        width = len(block.columns)
        rows = [[(c.text, 1, width if len(row) == 1 else 1, c.covered) for c in row] for row in _rows(block)]
        given.append((block.columns, rows))
    path.write_bytes(pages.write(draw, given))


def _docx(draw: Draw, blocks: list[Block], path: Path) -> None:
    files.docx(_real(blocks), path)


def _xlsx(draw: Draw, blocks: list[Block], path: Path) -> None:
    files.xlsx([block for block in _real(blocks) if block], path)
