"""PDF: lines and tables put together over pages, what is no part of the paper left out, pages that are pictures."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from itertools import chain, pairwise
from pathlib import Path

import pytest
from zhengling import ZhenglingError, extract
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.limits import Settings
from zhengling.extractors.model import Table
from zhengling.extractors.papers import Reader
from zhengling.extractors.pipeline import extract_paper
from zhengling.extractors.readers.content import Box, Content, Sheet, Text
from zhengling.extractors.readers.pages import pdf
from zhengling.extractors.readers.pages.model import Stroke
from zhengling.extractors.readers.pages.ruled_tables import grids

from . import forms
from .browser import chromium
from .pdfs import NAMELESS, paragraph, rule, show
from .pdfs import pdf as written
from .programs import printing_font, tesseract
from .test_html import lines
from .truth import SETS, items


def read_pdf(path, data, settings=None):
    return lay_out(pdf.read(path, data, settings))


WORK = (
    "一、推行摇号派单。建好被检企业和执法人员两个名单，检查前由电脑摇号配对，"
    "于2023年11月20日前报市政府办公室，录像留存一年备查。"
)
UNITS = "（责任单位：市工商局、市质监局）"
MORE = WORK.replace("一、", "二、")


def read(data: bytes, **settings) -> list[str]:
    return lines(read_pdf("paper.pdf", data, Settings(**settings)))


# --- papers as an office program prints them -------------------------------------------------------------------------


def test_a_printed_paper_gives_the_facts_of_the_paper(tmp_path: Path):
    """Nearly every fact, also of papers typed without any indent, where a full line may end a paragraph or not. Others
    are printed in `test_forms.py`."""
    layouts = {paper.name: paper.layout for paper in list(forms.papers(*SETS["papers"]).values())[::5]}
    files = [forms.docx(layout, tmp_path / f"{stem}.docx") for stem, layout in layouts.items()]
    wrong = {}
    for stem, file in zip(layouts, forms.convert(files, "pdf", tmp_path), strict=True):
        right = items(extract_paper(lay_out(Content(layouts[stem]))).to_json())
        found = items(extract_paper(read_pdf(str(file), file.read_bytes())).to_json())
        if (right - found).total() + (found - right).total() > 0.03 * right.total():
            wrong[stem] = list((right - found) + (found - right))[:6]
    assert wrong == {}


@pytest.fixture(scope="module")
def official(tmp_path_factory) -> dict[str, list[str]]:
    """A paper after GB/T 9704 with running heads, page numbers, an attachment on turned pages whose rows and merged
    cells go on over pages: the lines of it as printed in two sizes, and as they were typed."""
    from docx import Document
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    clause = (
        "推进第{n}项工程。对全县1{n}处千吨万人水厂逐一排查，更换老旧管网{n}.5公里，安装智能水表12345只，2022年{n}月底前完成全部主体"
        "工程并通过验收；建立巡查管护台账，落实专人负责。（责任单位：县水利局、县发展和改革局、县财政局，各乡镇人民政府）"
    )
    typed = [
        ("red", "川阳县人民政府办公室文件"),
        ("middle", "川政办〔2022〕15号"),
        ("title", "川阳县人民政府办公室"),
        ("title", "关于印发川阳县2022年农村饮水安全提升行动工作方案的通知"),
        ("plain", "各乡镇人民政府，县政府有关部门、有关单位，县属各国有企业，驻川阳有关单位，县水利局所属各事业单位："),
        (
            "",
            "《川阳县2022年农村饮水安全提升行动工作方案》已经县政府第12次常务会议研究同意，现印发给你们，请认真抓好落实。",
        ),
        ("right", "川阳县人民政府办公室"),
        ("right", "2022年3月8日"),
        ("title", "川阳县2022年农村饮水安全提升行动工作方案"),
        (
            "",
            "为深入贯彻《省人民政府办公厅关于进一步加强农村饮水安全工作的实施意见》（川省政办发〔2021〕66号）精神，制定本方案。",
        ),
        ("", "一、重点任务"),
        *(("", f"（{'一二三四五六七八九'[n - 1]}）" + clause.format(n=n)) for n in range(1, 10)),
        ("", "附件：川阳县2022年农村饮水安全提升行动任务分解表"),
        ("plain", "抄送：县委办公室，县人大常委会办公室，县政协办公室，县法院，县检察院。"),
    ]
    task = (
        "完成第{n}处水源保护区划定与标志牌设置，开展水质监测能力建设，确保出厂水浊度稳定达标，"
        "监测结果按月在县政府网站公布。"
    )
    rows = [["序号", "任务名称", "工作要求", "牵头单位", "配合单位", "完成时限"]]
    for n in range(1, 19):
        rows.append(
            [
                str(n),
                f"第{n // 3 + 1}类任务" if n % 3 == 1 else "",
                task.format(n=n) + ("对未达标的立即整改到位，限期销号" if n % 2 else ""),
                "县水利局" if n % 3 else "县生态环境分局\n县水利局",
                "各乡镇人民政府、县卫生健康委、县住房城乡建设局" if n % 4 else "/",
                f"2022年{n % 12 + 1}月底前",
            ]
        )
    printing_font()
    folder = tmp_path_factory.mktemp("official")
    for name, size, turned, align in (("large", 16, True, ALIGN.JUSTIFY), ("small", 12, False, ALIGN.LEFT)):
        document = Document()
        style = document.styles["Normal"]
        style.font.size = Pt(size)
        style.font.name = "Noto Serif CJK SC"
        style.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")
        section = document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.header.paragraphs[0].text = "川阳县人民政府公报　2022年第3期"
        foot = section.footer.paragraphs[0]
        foot.alignment = ALIGN.CENTER
        foot.add_run("— ")
        run = foot.add_run()._r
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            piece = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                piece.set(qn("w:fldCharType"), kind)
            else:
                piece.text = text
            run.append(piece)
        foot.add_run(" —")
        for kind, text in typed:
            line = document.add_paragraph()
            words = line.add_run(text)
            line.alignment = {"": align, "plain": align, "right": ALIGN.RIGHT}.get(kind, ALIGN.CENTER)
            if kind == "":
                line.paragraph_format.first_line_indent = Pt(2 * size)
            words.font.size = Pt({"red": 36, "title": 22}.get(kind, size))
            words.bold = kind == "title"
        section = document.add_section(WD_SECTION.NEW_PAGE)
        if turned:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = Mm(297), Mm(210)
        document.add_paragraph("附件")
        table = document.add_table(len(rows), 6, style="Table Grid")
        for cell, text in zip((c for row in table.rows for c in row.cells), chain(*rows), strict=True):
            first, *more = text.split("\n")
            cell.paragraphs[0].text = first
            for text in more:
                cell.add_paragraph(text)
        for n in range(1, 19, 3):
            table.cell(n, 1).merge(table.cell(n + 2, 1))
            # A merge keeps the empty paragraphs of what it takes in.
            for empty in table.cell(n, 1).paragraphs[1:]:
                empty._p.getparent().remove(empty._p)
        mark = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(mark)
        document.save(str(folder / f"{name}.docx"))
    files = forms.convert([folder / "large.docx", folder / "small.docx"], "pdf", folder)
    right = [text for _, text in typed] + ["附件"]
    for n, row in enumerate(rows):
        shown = [c.replace("\n", "/") for c in row]
        if n % 3 == 1:
            shown[1] += " 3x1"
        elif n:
            del shown[1]
        right.append("".join("| " + c + " " for c in shown) + "|")
    return {"typed": right} | {f.stem: lines(read_pdf(str(f), f.read_bytes())) for f in files}


@pytest.mark.parametrize("size", ["large", "small"])
def test_heads_page_numbers_broken_lines_and_tables_over_pages(official, size: str):
    assert official[size] == official["typed"]


def test_dirt_in_print(tmp_path: Path):
    right, files = {}, []
    for stem in ("fengpu-2023", "jichuan-2023"):
        for kind, change in forms.DIRT.items():
            layout = change(forms.papers(*SETS["samples"])[stem].layout)
            files.append(forms.docx(layout, tmp_path / f"{stem}-{kind}.docx"))
            right[files[-1].stem] = items(extract_paper(lay_out(Content(layout))).to_json())
    for file in forms.convert(files, "pdf", tmp_path):
        found = items(extract_paper(read_pdf(str(file), file.read_bytes())).to_json())
        lost = (right[file.stem] - found) + (found - right[file.stem])
        assert lost.total() <= 0.03 * right[file.stem].total(), (file.stem, lost)


# --- what no office program writes -----------------------------------------------------------------------------------


def test_a_clause_broken_in_mid_word_and_mid_number_over_pages():
    text = WORK + UNITS
    first, rest = text[:34], text[34:]
    one = show(first, 96, 100)
    two = paragraph(rest, y=760, indent=0) + "\n" + paragraph(MORE, y=600)
    feet = [show(f"— {n} —", 280, 40) for n in (1, 2)]
    heads = [show("临渊市人民政府公报", 72, 810, 9) for _ in (1, 2)]
    before = paragraph(MORE.replace("二、", "前言。"), y=300)
    data = written([f"{heads[0]}\n{before}\n{one}\n{feet[0]}", f"{heads[1]}\n{two}\n{feet[1]}"])
    assert read(data) == [MORE.replace("二、", "前言。"), text, MORE]


@pytest.mark.parametrize("form", ["- {} -", "— {} —", "第{}页 共3页", "{}", "{}/3", "第 {} 页", "Page {} of 3", "·{}·"])
def test_page_numbers_of_every_form_are_left_out(form: str):
    pages = [paragraph(f"第{c}章。" + WORK) + "\n" + show(form.format(n), 280, 40) for n, c in enumerate("甲乙丙", 1)]
    assert read(written(pages)) == [f"第{c}章。" + WORK for c in "甲乙丙"]


def test_figures_that_are_no_page_numbers_stay():
    pages = [paragraph(WORK) + "\n" + show("2023", 72, 500), paragraph(MORE)]
    assert read(written(pages)) == [WORK, "2023", MORE]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_reads_as_it_is_seen(turn: int):
    assert read(written([paragraph(WORK) + "\n" + paragraph(MORE, y=500)], rotate=turn)) == [WORK, MORE]


def test_text_turned_on_its_page():
    drawing = "0 1 -1 0 595 0 cm\n" + paragraph(WORK, y=500) + "\n" + paragraph(MORE, y=400)
    assert read(written([drawing])) == [WORK, MORE]


def test_headings_turned_in_their_cells():
    """A cell whose text runs from below, beside cells that do not; a mark along the margin is none of the paper."""
    turned = "q 0 1 -1 0 {} {} cm {} Q"
    table = ruled(
        [100, 140, 300, 400],
        [700, 660, 560],
        {(105, 675): "类别", (145, 675): "任务", (305, 675): "单位", (145, 600): "修建公厕", (305, 600): "县局"},
    )
    pieces = [table, turned.format(124, 580, show("民生实事", 0, 0)), turned.format(30, 300, show("装订线", 0, 0))]
    drawing = "\n".join(pieces)
    assert read(written([drawing])) == ["| 类别 | 任务 | 单位 |", "| 民生实事 | 修建公厕 | 县局 |"]


def test_bold_by_a_second_stroke_and_any_order_of_drawing():
    drawing = [paragraph(WORK), paragraph(WORK, x=72.4), paragraph(MORE, y=500)]
    pieces = "\n".join(drawing).split("\n")
    random.Random(3).shuffle(pieces)
    assert read(written(["\n".join(pieces)])) == [WORK, MORE]


def test_forms_that_only_fonts_know_are_plain_characters():
    line = "⼀、⽅案由县⼈⺠政府办公室⽤好，eﬃcient，⻅附件。"
    assert read(written([show(line, 72, 700)])) == ["一、方案由县人民政府办公室用好，efficient，见附件。"]


@pytest.mark.parametrize("lower", [0, 7, 11], ids=["at one height", "between", "nearly between"])
def test_two_columns_are_read_one_after_the_other(lower: int):
    left, right = WORK * 3, MORE.replace("二", "三") * 3
    drawing = paragraph(left, width=18, y=760) + "\n" + paragraph(right, x=320, width=18, y=760 - lower)
    assert read(written([drawing])) == [left, right]


def test_the_red_head_of_two_issuers():
    drawing = [
        show("中共临渊市委办公室", 100, 760, 30),
        show("临渊市人民政府办公室", 100, 700, 30),
        show("文件", 430, 730, 30),
        show("临政办〔2023〕58号", 240, 640),
        paragraph(WORK, y=560),
    ]
    random.Random(4).shuffle(drawing)
    assert read(written(["\n".join(drawing)])) == [
        "中共临渊市委办公室",
        "临渊市人民政府办公室文件",
        "临政办〔2023〕58号",
        WORK,
    ]


def test_number_and_signatory_on_one_line():
    drawing = show("临政办〔2023〕58号", 72, 700) + show("签发人：高某某", 400, 700) + "\n" + paragraph(WORK, y=600)
    assert read(written([drawing]))[0].startswith("临政办〔2023〕58号")


# --- tables that no line is drawn around -----------------------------------------------------------------------------

COLUMNS = (60, 96, 330, 450)
ROWS = (
    (
        "1",
        "清查全市检验设备，逐台登记造册，到期的一律送检，年底前建成台账。",
        "市质监局、市工商局、市经济和信息化局",
        "2023年12月",
    ),
    ("2", "公布投诉电话，接到投诉两个小时以内到场，录像留存备查。", "市工商局", "2023年9月"),
    ("3", "选派检验员驻厂指导，帮助企业改进工艺，减少退货。", "市质监局、各县（区）政府", "长期坚持"),
    ("4", "对抽检不合格的企业逐家约谈，整改以后再次抽检。", "市市场监管局", "2023年10月"),
)


def in_columns(rows, y: float, sizes=(2, 18, 8, 8)) -> str:
    """Rows of cells that stand below each other, each broken at the width of its column, and nothing drawn."""
    out = []
    for row in rows:
        cells = [[cell[n : n + size] for n in range(0, len(cell), size)] for cell, size in zip(row, sizes, strict=True)]
        out += [show(t, x, y - 18 * n) for x, cell in zip(COLUMNS, cells, strict=True) for n, t in enumerate(cell)]
        y -= 18 * max(map(len, cells))
    return "\n".join(out)


def test_a_table_without_lines_over_two_pages(tmp_path: Path):
    heads = ("序号", "工作任务", "责任单位", "完成时限")
    first = paragraph(WORK, y=760) + "\n" + show("临渊市检验工作任务分解表", 200, 660)
    first += "\n" + in_columns([heads, *ROWS[:2]], 630)
    file = tmp_path / "paper.pdf"
    file.write_bytes(written([first, in_columns(ROWS[2:], 780)]))
    tasks = extract(file).to_json()["tasks"]
    assert [(t["starts"], [u["name"] for u in t["units"]], t["deadlines"][-1]["text"]) for t in tasks] == [
        (text[:16], units.split("、"), due) for _, text, units, due in ROWS
    ]


# --- ruling lines ----------------------------------------------------------------------------------------------------


def ruled(xs: list[float], ys: list[float], texts: dict[tuple[float, float], str], lacking: set = frozenset()) -> str:
    """A table: its lines but those that are lacking (the middle of a piece), and texts at points."""
    pieces = []
    for y in ys:
        pieces += [(a, y, b, y) for a, b in pairwise(xs) if ((a + b) / 2, y) not in lacking]
    for x in xs:
        pieces += [(x, a, x, b) for a, b in pairwise(ys) if (x, (a + b) / 2) not in lacking]
    return rule(*pieces) + "\n" + "\n".join(show(t, x, y) for (x, y), t in texts.items())


def test_a_table_without_its_outer_sides_and_one_of_thin_bars():
    texts = {(105, 655): "任务", (205, 655): "单位", (105, 605): "甲事", (205, 605): "县局"}
    open_ = ruled([100, 200, 300], [690, 640, 590], texts, {(100, 665), (100, 615), (300, 665), (300, 615)})
    assert read(written([open_])) == ["| 任务 | 单位 |", "| 甲事 | 县局 |"]
    bars = [(100, y, 200, 1) for y in (690, 640, 590)] + [(x, 590, 1, 100) for x in (100, 200, 300)]
    drawing = " ".join(f"{x} {y} {w} {h} re f" for x, y, w, h in bars) + "\n"
    assert read(written([drawing + "\n".join(show(t, x, y) for (x, y), t in texts.items())])) == [
        "| 任务 | 单位 |",
        "| 甲事 | 县局 |",
    ]


def test_an_underline_and_the_red_line_are_no_table():
    drawing = rule((72, 695, 300, 695), (72, 640, 520, 640)) + "\n" + paragraph(WORK) + "\n" + paragraph(MORE, y=500)
    assert read(written([drawing])) == [WORK, MORE]


@pytest.mark.parametrize("seed", range(40))
def test_merged_cells_come_back_as_they_were_drawn(seed: int):
    """Any table of merged cells, drawn by its lines: each cell is found once with its rows and columns."""
    chance = random.Random(seed)
    height, width = chance.randint(1, 7), chance.randint(2, 7)
    xs = [50.0 + 70 * n for n in range(width + 1)]
    ys = [20.0 + 40 * n for n in range(height + 1)]
    owner: dict[tuple[int, int], int] = {}
    cells = []
    for row in range(height):
        for column in range(width):
            if (row, column) in owner:
                continue
            rows, columns = chance.choice([1, 1, 1, 2, 3]), chance.choice([1, 1, 1, 2, 3])
            while columns > 1 and any((row, c) in owner or c >= width for c in range(column, column + columns)):
                columns -= 1
            rows = min(rows, height - row)
            cells.append((row, column, rows, columns))
            for r in range(row, row + rows):
                owner |= {(r, c): len(cells) for c in range(column, column + columns)}
    rules = []
    for row in range(height + 1):
        for column in range(width):
            if owner.get((row - 1, column)) != owner.get((row, column)):
                rules.append(Stroke(True, ys[row], xs[column], xs[column + 1]))
    for column in range(width + 1):
        for row in range(height):
            if owner.get((row, column - 1)) != owner.get((row, column)):
                rules.append(Stroke(False, xs[column], ys[row], ys[row + 1]))
    chance.shuffle(rules)
    if len({c[1] for c in cells} | {c[1] + c[3] for c in cells}) < 3:
        return  # one column: a frame
    found = [(c.upper, c.left, c.lower, c.right) for grid in grids(rules, 1) for c in grid.cells]
    right = [(ys[r], xs[c], ys[r + rows], xs[c + columns]) for r, c, rows, columns in cells]
    assert sorted(found) == sorted(right)


def test_a_row_that_a_page_parts_without_a_line():
    """The rest of a row at the head of a page has no line above it; a row that fills a page has none at all."""
    head = {(105, 655): "任务", (205, 655): "要求"}
    top = ruled([100, 200, 305], [690, 640, 45], head | {(105, 600): "甲事", (205, 52): "修建公厕二十座并"})
    whole = rule(*((x, 45, x, 790) for x in (100, 200, 305))) + "\n" + show("于年底前全部投入", 205, 776)
    end = rule(*((x, 700, x, 790) for x in (100, 200, 305)), (100, 700, 305, 700)) + "\n" + show("使用。", 205, 776)
    rows = ["| 任务 | 要求 |", "| 甲事 | 修建公厕二十座并使用。 |"]
    assert read(written([top, end])) == rows
    whole += "\n" + show("建好逐座验收交付", 205, 52)
    assert read(written([top, whole, end])) == [
        rows[0],
        "| 甲事 | 修建公厕二十座并于年底前全部投入建好逐座验收交付使用。 |",
    ]


def table(edges: list[float], rows: list[list[list[str]]], top: float = 760, merged: int = 0) -> str:
    """Drawing of a ruled table, its cells lists of lines; the first `merged` columns have no lines between rows."""
    downs = [top]
    out = []
    for row in rows:
        out += [
            show(line, edges[n] + 4, downs[-1] - 14 - 16 * k)
            for n, cell in enumerate(row)
            for k, line in enumerate(cell)
        ]
        downs.append(downs[-1] - 16 * max(map(len, row)) - 6)
    across = [(edges[0] if y in (top, downs[1], downs[-1]) else edges[merged], y, edges[-1], y) for y in downs]
    return "\n".join(out) + "\n" + rule(*across, *((x, top, x, downs[-1]) for x in edges))


HEADS = [["重点任务"], ["工作内容"], ["责任单位"]]
EDGES = [60.0, 140.0, 304.0, 420.0]


def test_a_row_that_a_page_parts_where_one_of_its_cells_breaks_off():
    """The unit of the upper part is whole, the work goes on: by the room in its line, or as it is no sentence yet where
    the others are."""
    first = [["公开规划"], ["公布各类规划，并归集整理历", "史规划。"], ["县发展改革局"]]
    upper = [["公开救助"], ["按月公布城乡低保对象名单和", "救助标准，对涉及个人隐私的"], ["县民政局", "县财政局"]]
    lower = [[], ["内容做去标识处理。"], ["县乡村振兴局"]]
    whole = [["公开价格"], ["公布收费目录。"], ["县发展改革局"]]
    rows = read(written([table(EDGES, [HEADS, first, upper]), table(EDGES, [lower, whole])]))
    assert len(rows) == 4
    assert "隐私的内容做去标识处理。 | 县民政局/县财政局/县乡村振兴局 |" in rows[2]
    # In the middle of each part, at any width.
    upper[1][-1], many = "救助标准，涉及", [HEADS, first, whole, first, upper]
    assert len(read(written([table(EDGES, many), table(EDGES, [lower, whole])]))) == 6
    ended = [*upper[:1], ["按月公布城乡低保对象名单和", "救助标准。"], upper[2]]
    after = [["公开预算"], ["公布预算。"], ["县财政局"]]
    assert len(read(written([table(EDGES, [*many[:-1], ended]), table(EDGES, [after, whole])]))) == 7


def test_a_merged_cell_with_one_row_a_page():
    work = [[["一、公开规划"], [f"公布第{n}类规划。"], ["县发展改革局"]] for n in range(1, 5)]
    pages = [table(EDGES, [HEADS, [["二、公开价格"], *work[0][1:]], work[0]])]
    pages += [table(EDGES, [[[], *row[1:]]]) for row in work[1:]]
    rows = read(written(pages))
    assert rows[2].startswith("| 一、公开规划 4x1 |")
    # A unit may be missing for once: it is not taken from the page before.
    bare = [*work[1][:2], []]
    assert "县发展改革局 2x1" not in "".join(read(written([table(EDGES, [HEADS, *work[:3]]), table(EDGES, [bare])])))


def test_repeated_headings_that_stand_a_little_apart_from_a_parted_row():
    row = [["公开规划"], ["公布各类规划。"], ["县发展改革局"]]
    upper = [["公开救助"], ["按月公布城乡低保对象名单和", "救助标准，对涉及个人隐私的"], ["县民政局"]]
    lower = table(EDGES, [[[], ["内容做去标识处理。"], []], row], top=733)
    pages = [table(EDGES, [HEADS, row, upper]), table(EDGES, [HEADS]) + "\n" + lower]
    rows = read(written(pages))
    assert len(rows) == 4
    assert "隐私的内容做去标识处理。 | 县民政局 |" in rows[2]


def test_text_at_the_foot_of_two_pages_is_no_running_head():
    end = "府有关部门，各县（市、区）政府）"
    body = "\n".join(show(WORK[:36], 72, 700 - 21 * n) for n in range(24))
    pages = [f"{body}\n{show(f'{n}、推行摇号派单。' + WORK[10:36], 72, 92)}\n{show(end, 72, 70)}" for n in "三四"]
    assert sum(end in line for line in read(written(pages))) == 2


def test_labels_inside_brackets_and_figures_beside_characters_begin_nothing():
    """A line that is full within the quarter of a blank that programs put between figures and characters."""
    label = WORK[:25] + "（牵头单位：市工商局；", "责任单位：市质监局）"
    assert read(written([show(label[0], 72, 700) + "\n" + show(label[1], 72, 678)])) == ["".join(label)]
    cells = [["公开规划"], ["确定重大决策目录3月31", "日前公布，新增的车辆不低于", "80%。"], ["县发展改革局"]]
    assert "3月31日前公布，新增的车辆不低于80%。" in read(written([table(EDGES, [HEADS, cells])]))[1]


def test_borders_of_cells_that_are_filled_between_two_rectangles():
    texts = [(100, 640, "任务"), (202, 640, "单位"), (100, 588, "甲事"), (202, 588, "县局")]
    ring = "{0} {1} 100 50 re {2} {3} 98 48 re f*"
    drawing = [ring.format(x, y, x + 1, y + 1) for x, y, _ in texts] + [show(t, x + 5, y + 15) for x, y, t in texts]
    assert read(written(["\n".join(drawing)])) == ["| 任务 | 单位 |", "| 甲事 | 县局 |"]


def test_what_a_browser_prints_around_a_page_and_what_is_signed():
    """Its lines are left out, on a single page too; the office at the head of the first page and above the date is no
    running head."""
    around = (
        show("2024/1/9 10:05", 30, 820, 8)
        + show("甲县政府网", 300, 820, 8)
        + "\n"
        + show("https://a.cn/1.html", 30, 15, 8)
    )
    office = [
        show("川阳县人民政府", 250, 770),
        show("川阳县人民政府", 380, 770) + "\n" + show("2023年5月6日", 390, 748),
    ]
    pages = [f"{office[0]}\n{paragraph(WORK, y=700)}\n{around}", f"{office[1]}\n{around}"]
    assert read(written(pages[:1])) == ["川阳县人民政府", WORK]
    assert read(written(pages)) == ["川阳县人民政府", WORK, "川阳县人民政府", "2023年5月6日"]


def test_papers_printed_by_a_browser(tmp_path: Path):
    """Fonts with characters of no width of their own, borders apart, no indents, headings repeated or not."""
    printing_font()
    styles = {
        "official": "body{font:16pt/28pt Noto Serif CJK SC}p{margin:0;text-indent:2em;text-align:justify}"
        "td{font-size:11pt}table{border-collapse:collapse}",
        "bare": "body{font:14px/1.5 Noto Sans CJK SC}p{margin:0}table{border-collapse:collapse}td{text-align:center}",
        "apart": "body{font:11pt/1.7 Noto Serif CJK SC}p{margin:4pt 0;text-indent:2em}table{border-spacing:2px}",
    }
    wrong = {}
    with chromium() as browser:
        tab = browser.new_page()
        for stem, paper in list(forms.papers(*SETS["samples"]).items())[::3]:
            layout = paper.layout
            right = items(extract_paper(lay_out(Content(layout))).to_json())
            body = forms.html(layout, tmp_path / f"{stem}.html").read_text("utf-8")
            body = body[body.index('<div id="zoom"') : body.index('</div></div><div class="share">')]
            for name, style in styles.items():
                tab.set_content(f"<style>body{{margin:0}}td{{border:1px solid}}{style}</style>{body}")
                data = tab.pdf(
                    format="A4",
                    landscape=name == "apart",
                    margin={"top": "25mm", "bottom": "25mm", "left": "26mm", "right": "26mm"},
                    display_header_footer=True,
                )
                found = items(extract_paper(read_pdf(f"{stem}.pdf", data)).to_json())
                # Here a row is parted just where a sentence of it ends, which is what a new row looks like.
                if found != right and (stem, name) != ("fengpu-2023", "bare"):
                    wrong[stem, name] = list((right - found) + (found - right))[:4]
    assert wrong == {}


# --- pages that are pictures -----------------------------------------------------------------------------------------


def scanned(data: bytes, tmp_path: Path) -> bytes:
    """A file of the pictures of another's pages, as a scanner makes them."""
    import pypdfium2

    source, target = pypdfium2.PdfDocument(data), pypdfium2.PdfDocument.new()
    for page in source:
        width, height = page.get_size()
        picture = pypdfium2.PdfImage.new(target)
        picture.set_bitmap(page.render(scale=300 / 72, grayscale=True))
        picture.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        new = target.new_page(width, height)
        new.insert_obj(picture)
        new.gen_content()
    target.save(str(tmp_path / "scan.pdf"))
    return (tmp_path / "scan.pdf").read_bytes()


@pytest.fixture(scope="module")
def scan(tmp_path_factory) -> bytes:
    folder = tmp_path_factory.mktemp("scan")
    rows = [
        ["工作任务", "工作要求", "责任单位", "完成时限"],
        ["水源保护", "划定水源保护区并设立标志", "县水利局", "2023年6月底前"],
        ["管网改造", "更换老旧管网", "县住房城乡建设局", "2023年9月底前"],
    ]
    layout = [
        Text("川阳县2023年农村饮水安全工作任务分解表"),
        Sheet([Box(t, r, c) for r, row in enumerate(rows) for c, t in enumerate(row)], 4),
    ]
    from docx import Document
    from docx.shared import Pt

    forms.docx(layout, folder / "paper.docx")
    document = Document(str(folder / "paper.docx"))
    document.styles["Normal"].font.size = Pt(15)
    document.save(str(folder / "paper.docx"))
    (file,) = forms.convert([folder / "paper.docx"], "pdf", folder)
    return scanned(file.read_bytes(), folder)


def test_pages_that_are_pictures_are_a_clear_line(scan, tmp_path: Path, run):
    with pytest.raises(ZhenglingError) as error:
        read(scan)
    assert error.value.code == "pdf-no-text"
    (tmp_path / "scan.pdf").write_bytes(scan)
    done = run("extract", tmp_path / "scan.pdf", "--out", tmp_path / "records")
    assert done.status == 1 and "scan.pdf: no text layer" in done.err and "--ocr" in done.err


def test_text_recognition_reads_them(scan, tmp_path: Path, run):
    tesseract()
    (tmp_path / "scan.pdf").write_bytes(scan)
    done = run("extract", tmp_path / "scan.pdf", "--ocr", "--out", tmp_path / "records")
    assert done.status == 0, done.err
    record = json.loads((tmp_path / "records" / "scan.json").read_text("utf-8"))
    assert record["document"]["title"] == "川阳县2023年农村饮水安全工作任务分解表"
    assert [(t["title"], t["units"][0]["name"], t["deadlines"][0]["end"]) for t in record["tasks"]] == [
        ("水源保护", "县水利局", "2023-06-30"),
        ("管网改造", "县住房城乡建设局", "2023-09-30"),
    ]
    assert record["tasks"][0]["evidence"][0]["place"] == {"page": 1, "table": 1, "row": 2, "column": 2}


def test_where_tesseract_is_missing_a_line_says_how_to_get_it(scan, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ZhenglingError) as error:
        read(scan, ocr=True)
    assert error.value.code == "ocr-missing"


def test_a_page_without_text_among_others_is_a_warning(scan, tmp_path: Path):
    import pypdfium2

    whole = pypdfium2.PdfDocument(written([paragraph(WORK)]))
    whole.import_pages(pypdfium2.PdfDocument(scan))
    whole.save(str(tmp_path / "mixed.pdf"))
    paper = read_pdf("mixed.pdf", (tmp_path / "mixed.pdf").read_bytes())
    assert lines(paper) == [WORK]
    assert [(w.code, w.place) for w in paper.warnings] == [("pdf-page-scanned", {"page": 2})]


# --- hostile files ---------------------------------------------------------------------------------------------------


def test_a_font_that_names_no_characters_is_a_clear_line():
    shapes = "BT /F1 12 Tf 72 700 Td (abcdefghijklmnopabcdefghijklmnop) Tj ET"
    with pytest.raises(ZhenglingError) as error:
        read(written([shapes], font=NAMELESS))
    assert error.value.code == "pdf-unmapped"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "paper-damaged"),
        (b"%PDF-1.7\n", "paper-damaged"),
        (written([paragraph(WORK)])[:700], "paper-damaged"),
        (written([""]), "paper-empty"),
        (written([]), "paper-damaged"),
    ],
)
def test_files_that_are_no_papers(data: bytes, code: str):
    with pytest.raises(ZhenglingError) as error:
        read(data)
    assert error.value.code == code


def test_a_file_locked_by_a_password(tmp_path: Path):
    forms.docx([Text(WORK)], tmp_path / "paper.docx")
    lock = '{"EncryptFile":{"type":"boolean","value":"true"},"DocumentOpenPassword":{"type":"string","value":"x"}}'
    forms.convert([tmp_path / "paper.docx"], f"pdf:writer_pdf_Export:{lock}", tmp_path)
    with pytest.raises(ZhenglingError) as error:
        read((tmp_path / "paper.pdf").read_bytes())
    assert error.value.code == "paper-locked"


@pytest.mark.parametrize(
    "extra",
    [
        (2, "<< /Type /Pages /Count 3 /Kids [2 0 R 5 0 R 2 0 R] >>"),
        (2, "<< /Type /Pages /Count 99999999 /Kids [5 0 R] >>"),
        (6, "<< /Length 6 0 R >>\nstream\n\nendstream"),
        (5, "<< /Type /Page /Parent 5 0 R /Contents [6 0 R 5 0 R] /Resources 5 0 R >>"),
        (3, "<< /Type /Font /Subtype /Type0 /DescendantFonts [3 0 R] /Encoding 3 0 R >>"),
    ],
)
def test_files_that_point_at_themselves_end(extra: tuple[int, str], tmp_path: Path):
    (tmp_path / "loop.pdf").write_bytes(written([paragraph(WORK)], extra=[extra]))
    with Reader(Settings(timeout=30)) as reader:
        try:
            reader.read(tmp_path / "loop.pdf")
        except ZhenglingError as error:
            assert error.code in ("paper-damaged", "paper-empty", "pdf-unmapped", "paper-crash")


def test_damaged_files_never_break_the_reader(tmp_path: Path):
    """Files with bytes changed, cut out and doubled: a paper or a clear line. In a process of its own, as always."""
    chance = random.Random(20231125)
    sources = [written([paragraph(WORK), ruled([100, 200, 300], [690, 640], {(105, 655): "任务"})])]
    seen = Counter()
    with Reader(Settings(timeout=60)) as reader:
        for _ in range(120):
            data = bytearray(chance.choice(sources))
            for _ in range(chance.randint(1, 20)):
                at = chance.randrange(len(data))
                piece = chance.choice(
                    [b"", bytes([chance.randrange(256)]), b"9999999999", b"<<", b" 0 R", data[at : at + 40]]
                )
                data[at : at + chance.randint(0, 12)] = piece
            try:
                (tmp_path / "bad.pdf").write_bytes(data)
                reader.read(tmp_path / "bad.pdf")
                seen["read"] += 1
            except ZhenglingError as error:
                seen[error.code] += 1
    assert seen["read"] > 5 and seen["paper-timeout"] == 0, seen


def test_drawings_without_sense_never_break_the_reader():
    """Characters and lines anywhere, of any size and turn, on pages of any size."""
    chance = random.Random(5)

    def number() -> float:
        return chance.choice([*(chance.uniform(-100, 900) for _ in range(6)), 0, 1e9, -1e9, 1e-9, 1e38])

    def drawing() -> str:
        out = []
        for _ in range(chance.randint(1, 60)):
            x, y = chance.randint(0, 500), chance.randint(0, 700)
            flat = [(x, y + 20 * n, x + 200, y + 20 * n) for n in range(5)]
            upright = [(x + 50 * n, y, x + 50 * n, y + 80) for n in range(5)]
            turn = [chance.choice([1, 1, 0, -1, 0.5, 1e5]) for _ in range(4)]
            out += chance.choice(
                [
                    [show("一、推行工作2023年", number(), number(), chance.choice([12, 12, 0.001, 1000, -5]))],
                    [rule((number(), number(), number(), number()))],
                    [rule(*flat, *upright)],
                    [f"{number():f} {number():f} {number():f} {number():f} re {chance.choice('fSB')}"],
                    [" ".join(map(str, turn)) + f" {number():f} {number():f} cm"],
                    [chance.choice(["q", "Q", "BT", "ET", "W n"])],
                ]
            )
        return "\n".join(out)

    seen = Counter()
    for _ in range(150):
        box = chance.choice([(595, 842), (595, 842), (595, 842), (1e6, 5), (-5, -5)])
        data = written([drawing() for _ in range(2)], rotate=chance.choice([0, 90, 45, -90]), box=box)
        try:
            read_pdf("paper.pdf", data)
            seen["read"] += 1
        except ZhenglingError as error:
            seen[error.code] += 1
    assert seen["read"] > 20


def test_two_hundred_pages_in_little_memory(tmp_path: Path):
    drawings = []
    for page in range(200):
        rows = [
            ruled([60, 120, 400, 540], [y - 10, y + 30], {(65, y): "乙", (125, y): "事" * 16 + f"{page}-{y}"})
            for y in range(220, 700, 40)
        ]
        drawings.append("\n".join([*rows, paragraph(WORK, y=180)]))
    (tmp_path / "long.pdf").write_bytes(written(drawings))
    code = (
        "import resource, sys; from pathlib import Path; from zhengling.extractors.layout.paper import lay_out;"
        "from zhengling.extractors.readers.pages import pdf;"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "paper = lay_out(pdf.read('long.pdf', Path(sys.argv[1]).read_bytes()));"
        "print(len(paper.text), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    out = subprocess.run([sys.executable, "-c", code, tmp_path / "long.pdf"], capture_output=True, check=True).stdout
    size, grown = map(int, out.split())
    assert size > 200 * 12 * 20
    assert grown < 150_000_000 // (1 if sys.platform == "darwin" else 1024)


def test_of_a_table_the_places_are_those_of_the_file():
    data = written(
        [
            paragraph(WORK),
            ruled(
                [100, 200, 300],
                [690, 640, 590],
                {(105, 655): "任务", (205, 655): "单位", (105, 605): "甲", (205, 605): "县局"},
            ),
        ]
    )
    paper = read_pdf("paper.pdf", data)
    tables = [b for b in paper.blocks if isinstance(b, Table)]
    assert [b.place["page"] for b in tables] == [2]
    assert paper.places[0][1] == {"page": 1, "paragraph": 1}


def test_a_folder_of_files_is_extracted_as_text_is(tmp_path: Path):
    (tmp_path / "paper.pdf").write_bytes(written([paragraph(WORK + UNITS)]))
    record = extract(tmp_path / "paper.pdf")
    assert [u.name for t in record.tasks for u in t.units] == ["市工商局", "市质监局"]
