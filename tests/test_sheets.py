"""Workbooks, CSV, TSV and Markdown: cells as they are shown, tables found among what stands around them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import NamedStyle
from zhengling.extractors.errors import PaperError
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.model import Paper, Table
from zhengling.extractors.pipeline import extract, extract_paper
from zhengling.extractors.readers import csv, markdown
from zhengling.extractors.readers.office import workbook

from . import forms


def laid(read, path, data):
    return lay_out(read(path, data))


HEAD = ["序号", "工作任务", "责任单位", "完成时限"]
TITLE = "松岭县2023年养老服务任务分解表"


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def book_of(lines: list[list[Any]], formats: dict[str, str] | None = None) -> Workbook:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append(line)
    for cell, form in (formats or {}).items():
        sheet[cell].number_format = form
    return book


def shown(paper: Paper) -> list[list[str]]:
    """The rows of all tables, and the paragraphs as rows of one."""
    out = []
    for block in paper.blocks:
        if not isinstance(block, Table):
            out.append([paper.text[block.start : block.end]])
            continue
        cells: dict[int, list[str]] = {}
        for cell in block.cells:
            cells.setdefault(cell.row, []).append(paper.text[cell.start : cell.end])
        out += cells.values()
    return out


# --- cells -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (2022.0, "General", "2022"),
        (0.1 + 0.2, "General", "0.3"),
        (13812345678.0, "0", "13812345678"),
        (0.953, "0.0%", "95.3%"),
        (1, "0%", "100%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1234.5, "0.##", "1234.5"),
        (6, '0"月底前"', "6月底前"),
        (7, "000", "007"),
        (-3, "0;(0)", "(3)"),
        (2022, "0_ ", "2022"),
        (3, "# ?/?", "3"),
        (12, '@"处"', "12处"),
        (True, "General", "TRUE"),
        (datetime(2022, 6, 30), "yyyy/m/d;@", "2022年6月30日"),
        (date(2022, 6, 30), "mm-dd-yy", "2022年6月30日"),
        (datetime(2022, 6, 1), 'yyyy"年"m"月";@', "2022年6月"),
        (datetime(2022, 6, 1), "mmm-yy", "2022年6月"),
        (datetime(2022, 6, 30), '[$-804]m"月"d"日";@', "6月30日"),
        (datetime(2022, 6, 30), 'yyyy"年"m"月"d"日前"', "2022年6月30日前"),
        (datetime(2022, 6, 30, 9, 30), "yyyy/m/d h:mm", "2022年6月30日"),
        (time(9, 5), "h:mm", "9:05"),
        (None, "General", "None"),
    ],
)
def test_what_a_cell_shows(value: Any, form: str, text: str):
    assert workbook.shown(value, form) == text


@given(
    st.one_of(st.floats(allow_nan=True), st.integers(), st.datetimes(), st.booleans()),
    st.text('0#?,.%yYmdhs"\\_*[];@年月日General/E+-', max_size=12),
)
def test_any_number_format_shows_something(value: Any, form: str):
    assert isinstance(workbook.shown(value, form), str)


@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
def test_dates_and_numbers_are_read(suffix: str, tmp_path: Path):
    """As papers write them, so that the deadline rules read them."""
    lines = [
        *([TITLE], HEAD),
        [1.0, "新建食堂三处", "县民政局", datetime(2023, 6, 30)],
        [2.0, "新建浴室三处", "县住建局", datetime(2023, 9, 1)],
        [3.0, "适老化改造覆盖率", "县卫健局", "年底前"],
        [4.0, "建成率达到", 0.95, datetime(2023, 11, 1)],
    ]
    formats = {"D3": "yyyy/m/d", "D4": 'yyyy"年"m"月"', "C6": "0%", "D6": 'm"月"'}
    path = tmp_path / "paper.xlsx"
    path.write_bytes(saved(book_of(lines, formats)))
    if suffix == "xls":
        (path,) = forms.convert([path], "xls", tmp_path)
    record = extract(path)
    assert [[d.end for d in t.deadlines] for t in record.tasks[:3]] == [["2023-06-30"], ["2023-09-30"], ["2023-12-31"]]
    said = shown(
        laid(workbook.read_xlsx, "", path.read_bytes())
        if suffix == "xlsx"
        else laid(workbook.read_xls, "", path.read_bytes())
    )
    assert said[2][0] == "1"
    assert said[5] == ["4", "建成率达到", "95%", "11月"]


def test_formats_of_chinese_excel():
    """A file names them by number alone: 57 is a month, 58 a day, 31 a date."""
    book = book_of([[45_000, 45_000, 45_000]])
    data = saved(book)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "xl/styles.xml":
                kinds = "".join(
                    f'<xf numFmtId="{n}" fontId="0" fillId="0" borderId="0" xfId="0"/>' for n in (0, 31, 57, 58)
                )
                content = re.sub(
                    rb"<cellXfs.*?</cellXfs>", f'<cellXfs count="4">{kinds}</cellXfs>'.encode(), content, flags=re.S
                )
            if info.filename == "xl/worksheets/sheet1.xml":
                for n, cell in enumerate((b'r="A1"', b'r="B1"', b'r="C1"'), 1):
                    content = content.replace(cell, cell + b' s="%d"' % n)
            target.writestr(info, content)
    assert shown(laid(workbook.read_xlsx, "", out.getvalue())) == [["2023年3月15日", "2023年3月", "3月15日"]]


# --- sheets ----------------------------------------------------------------------------------------------------------


def test_every_shown_sheet_is_read_and_hidden_parts_are_told():
    book = book_of(
        [
            [TITLE],
            HEAD,
            [1, "新建食堂三处", "县民政局", "年底前", "内部备注"],
            [2, "新建浴室三处", "县住建局", "年底前", "勿外传"],
        ]
    )
    first = book.active
    assert first is not None
    first.title = "养老"
    first.column_dimensions["E"].hidden = True
    first.row_dimensions[4].hidden = True
    second = book.create_sheet("2023年托育任务")
    for line in (HEAD, [1, "新建托育点两处", "县卫健局", "10月底前"]):
        second.append(line)
    old = book.create_sheet("旧版")
    old.append(["旧任务"])
    old.sheet_state = "veryHidden"
    book.create_sheet("空表")
    paper = laid(workbook.read_xlsx, "", saved(book))
    assert shown(paper) == [
        *([TITLE], HEAD, ["1", "新建食堂三处", "县民政局", "年底前"], ["2", "新建浴室三处", "县住建局", "年底前"]),
        *(["2023年托育任务"], HEAD, ["1", "新建托育点两处", "县卫健局", "10月底前"]),
    ]
    assert [(w.code, w.place, w.values) for w in paper.warnings] == [
        ("hidden-left-out", {"sheet": "养老"}, {}),
        ("hidden-read", {"sheet": "养老", "row": 4}, {"count": 1}),
        ("hidden-left-out", {"sheet": "旧版"}, {}),
    ]
    record = extract_paper(paper)
    assert [t.text for t in record.tasks] == ["新建食堂三处", "新建浴室三处", "新建托育点两处"]
    assert record.tasks[2].units[0].evidence[0].place == {"table": 2, "sheet": "2023年托育任务", "row": 2, "column": 3}


def test_merged_cells_and_what_stands_around_the_table():
    book = book_of(
        [
            *([TITLE], ["填报单位：松岭县民政局", None, None, "2023年5月"], [], HEAD),
            ["一、设施建设"],
            *([1, "新建食堂三处", "县民政局", "6月底前"], [2, "新建浴室三处", None, None]),
            ["注：责任单位列第一位的为牵头单位。"],
        ]
    )
    sheet = book.active
    assert sheet is not None
    for cells in ("A1:D1", "A5:D5", "C6:C7", "A8:D8", "F1:H3000"):
        sheet.merge_cells(cells)
    paper = laid(workbook.read_xlsx, "", saved(book))
    table = next(b for b in paper.blocks if isinstance(b, Table))
    assert {(c.row, c.column): (c.rows, c.columns) for c in table.cells if c.rows > 1 or c.columns > 1} == {
        (1, 0): (1, 4),
        (2, 2): (2, 1),
    }
    record = extract_paper(paper)
    assert record.document.title == TITLE
    assert [[u.name for u in t.units] for t in record.tasks] == [["县民政局"], ["县民政局"]]
    assert [t.section for t in record.tasks] == [["一、设施建设"]] * 2
    # The field below 6月底前 is empty, and the sheet knows its merges: no deadline.
    assert [[d.end for d in t.deadlines] for t in record.tasks] == [["2023-06-30"], []]


def test_a_mark_in_the_last_row_costs_nothing():
    book = book_of([[TITLE], HEAD, [1, "新建食堂三处", "县民政局", "年底前"]])
    sheet = book.active
    assert sheet is not None
    sheet.cell(1_048_576, 16_384).style = NamedStyle("leer")
    assert len(shown(laid(workbook.read_xlsx, "", saved(book)))) == 3


def test_no_sheet_with_anything():
    with pytest.raises(PaperError) as error:
        laid(workbook.read_xlsx, "", saved(Workbook()))
    assert error.value.code == "paper-empty"


def test_formulas_without_results():
    """As programs write them: text, links, other cells and their like are worked out, of others a warning says."""
    book = book_of(
        [
            ['=HYPERLINK("http://example.com","' + TITLE + '")'],
            HEAD,
            ["=ROW()-2", "新建食堂三处", '="县民政局、"&"县财政局"', '=6&"月底前"'],
            ["=A3+1", "新建浴室三处", "=C3", "=TEXT(NOW(),1)"],
            ["=A4+1", "新建厕所三处", "=C6", "=D3"],
        ]
    )
    paper = laid(workbook.read_xlsx, "", saved(book))
    both = "县民政局、县财政局"
    assert shown(paper) == [
        *([TITLE], HEAD, ["1", "新建食堂三处", both, "6月底前"], ["2", "新建浴室三处", both, ""]),
        ["3", "新建厕所三处", "", "6月底前"],
    ]
    assert [(w.code, w.place, w.quote, w.values) for w in paper.warnings] == [
        ("formula-unread", {"sheet": "Sheet", "row": 4, "column": 4}, "=TEXT(NOW(),1)", {"count": 1})
    ]


def rewritten(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            target.writestr(info, change(info.filename, source.read(info)))
    return out.getvalue()


@pytest.mark.parametrize("merge", ["A1:XFD1", "F1:H1048576", "A6:XFD1048576", "D3:D1048576"])
def test_merges_that_run_to_the_end_of_the_sheet(merge: str):
    """They cost nothing, and hold for what the sheet has."""
    book = book_of([[TITLE], HEAD, [1, "新建食堂三处", "县民政局", "年底前"], [2, "新建浴室三处", "县住建局"]])
    book.active.merge_cells("F9:G9")  # type: ignore[union-attr]
    data = rewritten(saved(book), lambda name, content: content.replace(b"F9:G9", merge.encode()))
    paper = laid(workbook.read_xlsx, "", data)
    assert shown(paper)[:2] == [[TITLE], HEAD]
    ends = [[d.end for d in t.deadlines] for t in extract_paper(paper).tasks]
    assert ends == [["2023-12-31"], ["2023-12-31"] if merge[0] == "D" else []]


def test_the_strict_kind_of_workbooks():
    data = saved(book_of([[TITLE], HEAD, [1, "新建食堂三处", "县民政局", date(2023, 6, 30)]]))
    pattern, names = (
        rb"http://schemas\.openxmlformats\.org/(officeDocument|\w+ml)/2006/",
        rb"http://purl.oclc.org/ooxml/\1/",
    )
    strict = rewritten(data, lambda name, content: re.sub(pattern, names, content))
    assert strict != data
    assert shown(laid(workbook.read_xlsx, "", strict)) == shown(laid(workbook.read_xlsx, "", data))


def test_kinds_of_workbooks_that_are_not_read(tmp_path: Path):
    binary = io.BytesIO()
    with zipfile.ZipFile(binary, "w") as archive:
        for name in ("[Content_Types].xml", "_rels/.rels", "xl/workbook.bin"):
            archive.writestr(name, "<x/>")
    (tmp_path / "a.xlsb").write_bytes(binary.getvalue())
    (tmp_path / "b.xls").write_text('<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>')
    for name, kind in (("a.xlsb", "XLSB"), ("b.xls", "XML 2003")):
        with pytest.raises(PaperError) as error:
            extract(tmp_path / name)
        assert (error.value.code, error.value.values["kind"]) == ("sheet-kind", kind)
    # Text under the name of a workbook is read as the table that it is.
    (tmp_path / "c.xls").write_bytes(CSV.encode("gb18030"))
    assert [t.starts for t in extract(tmp_path / "c.xls").tasks] == ['新建食堂三处，每村"一处"', "新建浴室三处"]


def test_sheets_that_are_named_as_their_section():
    """The name is no further heading; a sum is no task; a date that a line end parts is one."""
    book = book_of([])
    for name, due in (("一、设施", "2023年5月\n20日前"), ("二、服务", "2023年12月\n底前")):
        sheet = book.create_sheet(name)
        for line in (["工作类别", *HEAD[1:]], [name, "新建食堂三处", "县民政局", due], ["合计", None, None, "1项"]):
            sheet.append(line)
    record = extract_paper(laid(workbook.read_xlsx, "", saved(book)))
    assert [(t.section, [d.end for d in t.deadlines]) for t in record.tasks] == [
        (["一、设施"], ["2023-05-20"]),
        (["二、服务"], ["2023-12-31"]),
    ]


# --- CSV and TSV -----------------------------------------------------------------------------------------------------


CSV = f'{TITLE},,,\r\n{",".join(HEAD)}\r\n1,"新建食堂三处，\r\n每村""一处""",县民政局,年底前\r\n2,新建浴室三处,,\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv(encoding: str, delimiter: str):
    paper = laid(csv.read, "paper.csv", CSV.replace(",", delimiter).encode(encoding))
    assert shown(paper) == [
        *([TITLE], HEAD, ["1", '新建食堂三处，\n每村"一处"', "县民政局", "年底前"], ["2", "新建浴室三处", "", ""])
    ]
    record = extract_paper(paper)
    assert (record.document.title, [t.starts for t in record.tasks]) == (
        TITLE,
        ['新建食堂三处，每村"一处"', "新建浴室三处"],
    )
    assert record.tasks[1].evidence[0].place == {"line": 5, "table": 1, "row": 4, "column": 2}


def test_columns_that_pandas_names():
    said = f"{TITLE},Unnamed: 1,Unnamed: 2,Unnamed: 3\n" + CSV.partition("\r\n")[2]
    assert shown(laid(csv.read, "paper.csv", said.encode()))[:2] == [[TITLE], HEAD]


def test_csv_that_names_its_delimiter():
    assert shown(laid(csv.read, "paper.csv", ("sep=;\r\n" + CSV.replace(",", ";")).encode()))[1] == HEAD


def test_csv_that_is_none():
    """Prose in a file of this name is read as plain text; so is a table whose quotation never ends."""
    prose = "松岭县人民政府关于做好养老服务的通知\n一、重点任务\n（一）建好食堂，每村一处。（责任单位：县民政局）\n"
    assert [t.text for t in extract_paper(laid(csv.read, "paper.csv", prose.encode())).tasks] == [
        "建好食堂，每村一处。"
    ]
    assert laid(csv.read, "paper.csv", (CSV + '3,"没有完').encode()).text
    quoted = "".join(f'"{line}"\n' for line in prose.splitlines())
    assert [t.text for t in extract_paper(laid(csv.read, "paper.csv", quoted.encode())).tasks]


# --- Markdown --------------------------------------------------------------------------------------------------------


def md(text: str) -> Paper:
    return laid(markdown.read, "paper.md", text.encode())


def test_markdown_tables_and_marks():
    paper = md(
        f"# **{TITLE}**\n\n"
        "| 序号 | 工作任务 | 责任单位 | 完成时限 |\n| :-- | --- | :-: | --: |\n"
        "| 1 | 新建食堂\\|浴室<br>*每村*一处 | [县民政局](http://example.com)<br/>县财政局 | `6月底前` |\n"
        "| 2 | 新建~~两~~三处 |  | 年底前 |\n"
    )
    assert shown(paper) == [
        *(
            [TITLE],
            HEAD,
            ["1", "新建食堂|浴室\n每村一处", "县民政局\n县财政局", "6月底前"],
            ["2", "新建三处", "", "年底前"],
        )
    ]
    table = next(b for b in paper.blocks if isinstance(b, Table))
    assert [(c.row, c.column) for c in table.cells if c.merged] == [(2, 2)]
    assert extract_paper(paper).tasks[0].units[1].evidence[0].place == {"line": 5, "table": 1, "row": 2, "column": 3}


def test_markdown_paragraphs_and_lists():
    said = shown(
        md(
            "## 一、重点任务\n（一）建好食堂。\n（二）建好浴室。\n\n"
            "1. 每村一处\n2. 每乡一处\n   - 先建后补\n\n3\\. 按时完成\n\n    四个空格是缩进。\n\n> 引用的一段。\n\n"
            "<!-- 不显示 -->\n\n<p>网页的一段</p>\n\n---\n\n```\n原样的一行\n```\n"
        )
    )
    assert [line for (line,) in said] == [
        *(
            "一、重点任务",
            "（一）建好食堂。",
            "（二）建好浴室。",
            "1.每村一处",
            "2.每乡一处",
            "先建后补",
            "3.按时完成",
        ),
        *("四个空格是缩进。", "引用的一段。", "网页的一段", "原样的一行"),
    ]


def test_markdown_tables_in_html():
    """Merged cells, an empty line within, one line for all."""
    csv = (
        "<tr><th>工作任务</th><th>具体要求</th><th>责任单位</th></tr>|<tr><td rowspan=2>建好食堂</td><td>每村一处</td>"
        '<td rowspan="2">县民政局<br>县财政局</td></tr>||<tr><td>每乡一处</td></tr>'
    )
    for end in ("", "\n"):
        paper = md(f"# {TITLE}\n\n<table>{csv.replace('|', end)}</table>\n\n注：完\n")
        assert shown(paper) == [
            *(
                [TITLE],
                ["工作任务", "具体要求", "责任单位"],
                ["建好食堂", "每村一处", "县民政局\n县财政局"],
                ["每乡一处"],
            ),
            ["注：完"],
        ]
    assert [[u.name for u in t.units] for t in extract_paper(paper).tasks] == [["县民政局", "县财政局"]] * 2


def test_markdown_tables_without_outer_bars():
    """A row that begins with a bar has an empty first cell."""
    said = shown(
        md("工作任务 | 具体要求 | 责任单位\n--- | --- | ---\n建好食堂 | 每村一处 | 县民政局\n | 每乡一处 | 县住建局\n")
    )
    assert said[1:] == [["建好食堂", "每村一处", "县民政局"], ["", "每乡一处", "县住建局"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1. 甲\n1. 乙\n1. 丙\n", ["1.甲", "2.乙", "3.丙"]),
        ("3. 甲\n5. 乙\n", ["3.甲", "5.乙"]),
        ("- [ ] 1.甲\n- [x] 2.乙\n", ["1.甲", "2.乙"]),
        ("#一、重点任务\n\n##（一）建好食堂\n", ["一、重点任务", "（一）建好食堂"]),
        (
            "__（一）建好食堂。__每村一处。\n\n*（二）建好浴室。*每乡一处。\n",
            ["（一）建好食堂。每村一处。", "（二）建好浴室。每乡一处。"],
        ),
        ("建好食堂[^1]。\n\n[^1]: 见办法。\n\n建好浴室。\n", ["建好食堂。", "建好浴室。", "见办法。"]),
    ],
    ids=["ones", "numbers as written", "boxes", "no blank", "emphasis", "footnote"],
)
def test_what_markdown_shows(text: str, said: list[str]):
    assert [line for (line,) in shown(md(text))] == said


def test_markdown_front_matter():
    head = "title: 松岭县人民政府关于做好养老服务的通知\n文号: 松政发〔2023〕7号\nlayout: post"
    text = f"---\n{head}\n---\n一、重点任务\n\n（一）建好食堂。\n"
    record = extract_paper(md(text))
    assert (record.document.title, record.document.number) == (
        "松岭县人民政府关于做好养老服务的通知",
        "松政发〔2023〕7号",
    )
    assert record.document.evidence["number"][0].place == {"line": 3}
    assert record.tasks[0].evidence[0].place == {"line": 8}


def test_markdown_table_without_its_line():
    """A table whose second line is missing is found as in plain text."""
    said = shown(
        md("| 序号 | 工作任务 | 责任单位 |\n| 1 | 新建食堂三处 | 县民政局 |\n| 2 | 新建浴室三处 | 县住建局 |\n")
    )
    assert said[1] == ["1", "新建食堂三处", "县民政局"]


_MARKS = ["| a | b |\n", "|---|---|\n", "1. 甲\n", "> ", "# ", "\n", "~~", "<br>", "---\n", "    ", "`", "\\|"]


@given(st.lists(st.sampled_from(_MARKS), max_size=40).map("".join))
def test_any_markdown_is_read(text: str):
    try:
        assert isinstance(extract_paper(md(text)).dumps(), str)
    except PaperError as error:
        assert error.code == "paper-empty"
