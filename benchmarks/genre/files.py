"""The one writer of files: paragraphs and real tables as a Word file, a page, a workbook, Markdown, CSV or text."""

from __future__ import annotations

import csv
import html as markup
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .more_forms import web


@dataclass
class Box:
    """A cell that goes over `rows` and `columns` from its place on."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass
class Sheet:
    boxes: list[Box] = field(default_factory=list)
    width: int = 1


Block = str | Sheet


def height(sheet: Sheet) -> int:
    return max(b.row + b.rows for b in sheet.boxes)


def rows(sheet: Sheet) -> list[list[str]]:
    """Each row with a text for each column: of what is merged, only the first has one."""
    out = [[""] * sheet.width for _ in range(height(sheet))]
    for box in sheet.boxes:
        out[box.row][box.column] = box.text
    return out


def spans(sheet: Sheet) -> list[list[tuple[str, int, int]]]:
    """Rows of (text, rows, columns), without what is covered."""
    return [[(b.text, b.rows, b.columns) for b in sheet.boxes if b.row == n] for n in range(height(sheet))]


def docx(blocks: Sequence[Block], path: Path) -> Path:
    from docx import Document

    document = Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(height(block), block.width, style="Table Grid")
        cells = [row.cells for row in table.rows]
        for box in block.boxes:
            cell = cells[box.row][box.column]
            if box.rows > 1 or box.columns > 1:
                cell = cell.merge(cells[box.row + box.rows - 1][box.column + box.columns - 1])
            first, *more = box.text.split("\n")
            cell.paragraphs[0].text = first
            for line in more:
                cell.add_paragraph(line)
    document.save(str(path))
    return path


def xlsx(blocks: Sequence[Block], path: Path) -> Path:
    """Everything on one sheet: paragraphs are rows over the width of the widest table."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "分解表"
    width = max([block.width for block in blocks if not isinstance(block, str)], default=1)
    at = 1
    for block in blocks:
        if isinstance(block, str):
            _put(sheet, at, Box(block, 0, 0, 1, width))
            at += 1
            continue
        for box in block.boxes:
            if box.text or box.rows > 1:
                _put(sheet, at, box)
        at += height(block)
    book.save(path)
    return path


def _put(sheet: Any, at: int, box: Box) -> None:
    from openpyxl.styles import Alignment

    row, column = at + box.row, box.column + 1
    cell = sheet.cell(row, column)
    cell.value, cell.data_type = box.text, "s"
    cell.alignment = Alignment(wrap_text=True)
    if box.rows > 1 or box.columns > 1:
        end_row, end_column = row + box.rows - 1, column + box.columns - 1
        sheet.merge_cells(start_row=row, start_column=column, end_row=end_row, end_column=end_column)


def page(blocks: Sequence[Block], charset: str = "utf-8", style: str = "plain") -> str:
    """A page as sites of governments have them: menus and breadcrumbs around the paper."""
    out = [
        "<!DOCTYPE html>",
        f'<html lang="zh"><head><meta charset="{charset}"><title>政务公开-县人民政府网站</title>',
        "<style>td{border:1px solid}</style><script>var menu='首页';</script></head><body>",
        '<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk">政务公开</a></li>'
        '<li><a href="/hd">互动交流</a></li></ul></div>',
        '<div class="location">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk">政务公开</a> &gt; 正文</div>',
        '<div class="article"><div id="zoom" class="TRS_Editor">',
    ]
    for block in blocks:
        if isinstance(block, str):
            out.append(f"<p>{markup.escape(block).replace(chr(10), '<br/>')}</p>")
        else:
            out += web(spans(block), style)
    out += [
        '</div></div><div class="share">【打印】【关闭】</div>',
        '<div class="footer"><p>主办：县人民政府办公室　网站地图　隐私声明</p>'
        "<p>备案号：00000000</p></div></body></html>",
    ]
    return "\n".join(out)


def markdown_rows(grid: Sequence[Sequence[str]], width: int) -> list[str]:
    out = []
    for n, row in enumerate(grid):
        cells = [c.replace("|", r"\|").replace("\n", "<br>") for c in [*row, *[""] * (width - len(row))]]
        out.append("| " + " | ".join(cells) + " |")
        if n == 0:
            out.append("|" + " --- |" * width)
    return out


def markdown(blocks: Sequence[Block], path: Path) -> Path:
    out = []
    for block in blocks:
        if isinstance(block, str):
            out.append(re.sub(r"([*_`|\[\]])", r"\\\1", block) + "\n")
        else:
            out += [*markdown_rows(rows(block), block.width), ""]
    path.write_text("\n".join(out), "utf-8")
    return path


def tab_rows(grid: Sequence[Sequence[str]]) -> list[str]:
    """Rows of tab cells, a cell of several lines in quotation marks."""
    return ["\t".join(f'"{c}"' if "\n" in c else c for c in row) for row in grid]


def text(blocks: Sequence[Block], path: Path) -> Path:
    out = []
    for block in blocks:
        out += [block] if isinstance(block, str) else [*tab_rows(rows(block)), ""]
    path.write_text("\n".join(out) + "\n", "utf-8")
    return path


def separated(blocks: Sequence[Block], delimiter: str = ",") -> str:
    """CSV or TSV: every line of the paper a row."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter)
    for block in blocks:
        writer.writerows([[block]] if isinstance(block, str) else rows(block))
    return buffer.getvalue()
