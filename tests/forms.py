"""One paper in every form: what a plain text holds, laid out with real tables, and written as the files that analysts
hold, clean or with the dirt that they have in life."""

from __future__ import annotations

import csv
import html as markup
import io
import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from zhengling.extractors import units
from zhengling.extractors.fold import fold, squeeze
from zhengling.extractors.grid import kind_of_heading
from zhengling.extractors.lexicon import Lexicon
from zhengling.extractors.model import Paper, Table
from zhengling.extractors.readers import read
from zhengling.extractors.readers.lay import Box, Sheet, Text

Layout = list[Text | Sheet]

_UNITS = ("lead", "responsible", "support")


# --- a paper's layout, from its text and its gold --------------------------------------------------------------------


def layout(path: Path, gold: dict[str, Any]) -> Layout:
    """Paragraphs and real tables of a plain text: what its flattened tables show as empty fields is a vertical merge
    where the gold says that the row has what stands above."""
    units.use(Lexicon.load())
    paper = read(path)
    out: Layout = []
    for block in paper.blocks:
        if isinstance(block, Table):
            out.append(_sheet(paper, block, gold))
        else:
            out.append(Text(paper.text[block.start : block.end]))
    return out


def _sheet(paper: Paper, table: Table, gold: dict[str, Any]) -> Sheet:
    boxes = [
        Box(paper.text[c.start : c.end], c.row, c.column, c.rows, c.columns)
        for c in sorted(table.cells, key=lambda c: (c.row, c.column))
    ]
    kinds: dict[int, str | None] = {}
    for box in boxes:
        if box.row == 0:
            kinds |= dict.fromkeys(range(box.column, box.column + box.columns), kind_of_heading(fold(box.text)))
    above: dict[int, Box] = {}
    kept = []
    rows: dict[int, list[Box]] = {}
    for box in boxes:
        rows.setdefault(box.row, []).append(box)
    for row in rows.values():
        task = _task_of(row, gold)
        if any(b.columns == table.width for b in row):
            above.clear()
        for box in row:
            top = above.get(box.column)
            if not box.text and top is not None and box.columns == 1 and _spans(kinds.get(box.column), top, task):
                top.rows += 1
                continue
            kept.append(box)
            if box.columns == 1:
                above[box.column] = box
            # A merge to the left ends those to its right.
            if box.text and kinds.get(box.column) in ("section", "task"):
                for column in [c for c in above if c > box.column]:
                    del above[column]
    return Sheet(kept, table.width)


def _task_of(row: list[Box], gold: dict[str, Any]) -> dict[str, Any] | None:
    cells = [_plain(box.text) for box in row]
    return next(
        (
            task
            for task in gold["tasks"]
            if any(_plain(task["starts"]) in cell and _plain(task["ends"]) in cell for cell in cells)
        ),
        None,
    )


def _plain(text: str) -> str:
    return re.sub(r"[()。,;:、.]", "", squeeze(fold(text)))


def _spans(kind: str | None, top: Box, task: dict[str, Any] | None) -> bool:
    if kind in ("number", "section", "task"):
        return True
    if task is None or not top.text:
        return False
    if kind in _UNITS:
        said = units.parse_list(fold(top.text), kind, column=True).items
        names = {_plain(u["name"]) for u in task["units"]}
        return bool(said) and all(
            any(_plain(units.name_of(top.text[i.start : i.end])) in name for name in names) for i in said
        )
    if kind == "deadline":
        return any(_plain(d["text"]) in _plain(top.text) for d in task["deadlines"])
    return False


# --- dirt: what people and programs do to a paper --------------------------------------------------------------------


def _each(items: Layout, change: Callable[[str], str]) -> Layout:
    return [
        replace(item, text=change(item.text))
        if isinstance(item, Text)
        else replace(item, boxes=[replace(b, text=change(b.text)) for b in item.boxes])
        for item in items
    ]


def merged_to_the_eye(items: Layout) -> Layout:
    """Empty cells in place of merged ones."""
    out: Layout = []
    for item in items:
        if isinstance(item, Sheet):
            boxes = []
            for box in item.boxes:
                boxes.append(replace(box, rows=1))
                boxes += [Box("", box.row + n, box.column, 1, box.columns) for n in range(1, box.rows)]
            item = replace(item, boxes=sorted(boxes, key=lambda b: (b.row, b.column)))
        out.append(item)
    return out


def title_inside(items: Layout) -> Layout:
    """The line above a table as its first row, over its whole width."""
    out: Layout = []
    for item in items:
        if isinstance(item, Sheet) and out and isinstance(out[-1], Text) and len(out[-1].text) < 40:
            title = out.pop()
            assert isinstance(title, Text)
            boxes = [replace(b, row=b.row + 1) for b in item.boxes]
            item = replace(item, boxes=[Box(title.text, 0, 0, 1, item.width), *boxes])
        out.append(item)
    return out


def goes_on(items: Layout) -> Layout:
    """A long table cut in two, the header repeated; an empty line between them."""
    out: Layout = []
    for item in items:
        if not isinstance(item, Sheet):
            out.append(item)
            continue
        height = max(b.row + b.rows for b in item.boxes)
        cut = next(
            (
                row
                for row in range(max(2, height // 2), height)
                if not any(b.row < row < b.row + b.rows for b in item.boxes)
                and all(b.text for b in item.boxes if b.row == row and b.column == 0)
            ),
            None,
        )
        if cut is None:
            out.append(item)
            continue
        top = max(b.row + b.rows for b in item.boxes if b.row == 0)
        while all(kind_of_heading(fold(b.text)) for b in item.boxes if b.row == top and b.text):
            top += 1
        header = [b for b in item.boxes if b.row < top]
        out += [
            replace(item, boxes=[b for b in item.boxes if b.row < cut]),
            Text(""),
            replace(item, boxes=[*header, *(replace(b, row=b.row - cut + top) for b in item.boxes if b.row >= cut)]),
        ]
    return out


def lines_between_units(items: Layout) -> Layout:
    """Units of a cell a line each."""
    out: Layout = []
    for item in items:
        if isinstance(item, Sheet):
            kinds = {b.column: kind_of_heading(fold(b.text)) for b in item.boxes if b.row == 0}
            item = replace(
                item,
                boxes=[
                    replace(b, text=re.sub(r"、(?![^（(]*[）)])", "、\n", b.text))
                    if kinds.get(b.column) in _UNITS
                    else b
                    for b in item.boxes
                ],
            )
        out.append(item)
    return out


def full_width_digits(items: Layout) -> Layout:
    return _each(items, lambda t: t.translate({ord("0") + n: ord("０") + n for n in range(10)}))


def invisible(items: Layout) -> Layout:
    """Zero-width characters and soft hyphens between characters, fixed blanks where a paragraph begins and behind
    punctuation, always at the same places."""
    chance = random.Random(7)

    def change(text: str) -> str:
        out = []
        for before, c in zip(" " + text, text, strict=False):
            if chance.random() < 0.04 and "\u4e00" <= before <= "\u9fff" and "\u4e00" <= c <= "\u9fff":
                out.append(chance.choice("\u200b\xad\u2060\ufeff"))
            elif before in "，。；：、" and chance.random() < 0.1:
                out.append("\xa0")
            out.append(c)
        return "\xa0\xa0" * bool(text) + "".join(out)

    return _each(items, change)


def square_brackets(items: Layout) -> Layout:
    return _each(items, lambda t: t.translate(str.maketrans("〔〕", "［］")))


def round_brackets(items: Layout) -> Layout:
    return _each(items, lambda t: t.translate(str.maketrans("〔〕（）", "()()")))


DIRT: dict[str, Callable[[Layout], Layout]] = {
    "merged to the eye": merged_to_the_eye,
    "title inside the table": title_inside,
    "a table that goes on": goes_on,
    "lines between units": lines_between_units,
    "full-width digits": full_width_digits,
    "invisible characters": invisible,
    "square brackets": square_brackets,
    "round brackets": round_brackets,
}


# --- writers ---------------------------------------------------------------------------------------------------------


def docx(items: Layout, path: Path) -> Path:
    from docx import Document

    document = Document()
    for item in items:
        if isinstance(item, Text):
            document.add_paragraph(item.text)
            continue
        height = max(b.row + b.rows for b in item.boxes)
        table = document.add_table(height, item.width, style="Table Grid")
        cells = [row.cells for row in table.rows]
        for box in item.boxes:
            cell = cells[box.row][box.column]
            if box.rows > 1 or box.columns > 1:
                cell = cell.merge(cells[box.row + box.rows - 1][box.column + box.columns - 1])
            first, *more = box.text.split("\n")
            cell.paragraphs[0].text = first
            for line in more:
                cell.add_paragraph(line)
    document.save(str(path))
    return path


def html(items: Layout, path: Path, encoding: str = "utf-8") -> Path:
    """A page as sites of governments have them: menus and breadcrumbs around the paper."""
    say = markup.escape
    out = [
        "<!DOCTYPE html>",
        f'<html lang="zh"><head><meta charset="{encoding}"><title>政务公开-县人民政府网站</title>',
        "<style>td{border:1px solid}</style><script>var menu='首页';</script></head><body>",
        '<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk">政务公开</a></li>'
        '<li><a href="/hd">互动交流</a></li></ul></div>',
        '<div class="location">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk">政务公开</a> &gt; 正文</div>',
        '<div class="article"><div id="zoom" class="TRS_Editor">',
    ]
    for item in items:
        if isinstance(item, Text):
            out.append(f"<p>{_breaks(say(item.text))}</p>")
            continue
        out.append('<table border="1"><tbody>')
        for row in range(max(b.row + b.rows for b in item.boxes)):
            cells = []
            for box in (b for b in item.boxes if b.row == row):
                span = f' rowspan="{box.rows}"' * (box.rows > 1) + f' colspan="{box.columns}"' * (box.columns > 1)
                cells.append(f"<td{span}>{_breaks(say(box.text))}</td>")
            out.append(f"<tr>{''.join(cells)}</tr>")
        out.append("</tbody></table>")
    out += [
        '</div></div><div class="share">【打印】【关闭】</div>',
        '<div class="footer"><p>主办：县人民政府办公室　网站地图　隐私声明</p>'
        "<p>备案号：00000000</p></div></body></html>",
    ]
    path.write_bytes("\n".join(out).encode(encoding))
    return path


def _breaks(text: str) -> str:
    return text.replace("\n", "<br/>")


def xlsx(items: Layout, path: Path) -> Path:
    """Everything on one sheet: paragraphs are rows over the width of the widest table."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "分解表"
    width = max([item.width for item in items if isinstance(item, Sheet)], default=1)
    at = 1

    def put(row: int, column: int, rows: int, columns: int, text: str) -> None:
        cell = sheet.cell(row, column)
        cell.value, cell.data_type = text, "s"
        cell.alignment = Alignment(wrap_text=True)
        if rows > 1 or columns > 1:
            sheet.merge_cells(
                start_row=row, start_column=column, end_row=row + rows - 1, end_column=column + columns - 1
            )

    for item in items:
        if isinstance(item, Text):
            put(at, 1, 1, width, item.text)
            at += 1
            continue
        for box in item.boxes:
            if box.text or box.rows > 1:
                put(at + box.row, box.column + 1, box.rows, box.columns, box.text)
        at += max(b.row + b.rows for b in item.boxes)
    book.save(path)
    return path


def markdown(items: Layout, path: Path) -> Path:
    out = []
    for item in items:
        if isinstance(item, Text):
            out.append(re.sub(r"([*_`|\[\]])", r"\\\1", item.text) + "\n")
            continue
        for n, row in enumerate(_grid(item)):
            out.append("| " + " | ".join(c.replace("|", r"\|").replace("\n", "<br>") for c in row) + " |")
            if n == 0:
                out.append("|" + " --- |" * item.width)
        out.append("")
    path.write_text("\n".join(out), "utf-8")
    return path


def text(items: Layout, path: Path) -> Path:
    """Tables as rows of tab cells, a cell of several lines in quotation marks."""
    out = []
    for item in items:
        if isinstance(item, Text):
            out.append(item.text)
            continue
        out += ["\t".join(f'"{c}"' if "\n" in c else c for c in row) for row in _grid(item)]
        out.append("")
    path.write_text("\n".join(out) + "\n", "utf-8")
    return path


def table_only(items: Layout, path: Path, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """CSV or TSV: every line of the paper a row."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter)
    for item in items:
        writer.writerows([[item.text]] if isinstance(item, Text) else _grid(item))
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path


def _grid(sheet: Sheet) -> list[list[str]]:
    rows = [[""] * sheet.width for _ in range(max(b.row + b.rows for b in sheet.boxes))]
    for box in sheet.boxes:
        rows[box.row][box.column] = box.text
    return rows


# --- LibreOffice -----------------------------------------------------------------------------------------------------


def office() -> str:
    """The path of LibreOffice; where there is none, the test is skipped with advice, and fails on CI."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found:
        return found
    why = "No LibreOffice. On Debian: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui fonts-noto-cjk"
    if os.environ.get("CI"):
        pytest.fail(why, pytrace=False)
    pytest.skip(why)


def convert(paths: Iterable[Path], to: str, out: Path) -> list[Path]:
    """Files as LibreOffice saves them in another format (`pdf`, `doc`, `xls`, `odt`, `rtf`), all in one run."""
    paths = list(paths)
    profile = out / "profile"
    subprocess.run(
        [
            office(),
            f"-env:UserInstallation={profile.resolve().as_uri()}",
            "--headless",
            "--convert-to",
            to,
            "--outdir",
            str(out),
            *map(str, paths),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    shutil.rmtree(profile, ignore_errors=True)
    return [out / f"{p.stem}.{to.split(':')[0]}" for p in paths]
