"""Word files: what Word draws is read, what it does not show is not."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.model import Table
from zhengling.extractors.pipeline import extract, extract_paper
from zhengling.extractors.readers.office import docx
from zhengling.extractors.readers.office.numbering import word


def read(path, data):
    return lay_out(docx.read(path, data))


NS = nsdecls("w")
START, END = "<w:r><w:t>建好</w:t></w:r>", "<w:r><w:t>食堂</w:t></w:r>"


def element(xml: str) -> Any:
    """A piece of WordprocessingML."""
    at = xml.index(">") - (xml[xml.index(">") - 1] == "/")
    more = ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="urn:wps" xmlns:v="urn:v"'
    return parse_xml(f"{xml[:at]} {NS}{more}{xml[at:]}")


def body(*pieces: str) -> bytes:
    """A Word file of paragraphs and tables in WordprocessingML."""
    document = Document()
    for piece in pieces:
        document.element.body.insert(len(document.element.body) - 1, element(piece))
    return saved(document)


def saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def lines(data: bytes) -> list[str]:
    """What is read, a paragraph or a row of cells each."""
    paper = read("paper.docx", data)
    out = []
    for block in paper.blocks:
        if isinstance(block, Table):
            rows: dict[int, list[str]] = {}
            for cell in block.cells:
                rows.setdefault(cell.row, []).append(paper.text[cell.start : cell.end])
            out += ["|".join(row) for row in rows.values()]
        else:
            out.append(paper.text[block.start : block.end])
    return out


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


# --- what is in a paragraph ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (
            "<w:r><w:t>建好</w:t></w:r><w:ins><w:r><w:t>三处</w:t></w:r></w:ins><w:r><w:t>食堂</w:t></w:r>",
            "建好三处食堂",
        ),
        (f"{START}<w:del><w:r><w:delText>三处</w:delText></w:r></w:del>{END}", "建好食堂"),
        ("<w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新</w:t></w:r></w:moveTo>", "新"),
        ('<w:hyperlink w:anchor="a"><w:r><w:t>方案</w:t></w:r></w:hyperlink><w:r><w:t>要点</w:t></w:r>', "方案要点"),
        ("<w:sdt><w:sdtContent><w:r><w:t>县财政局</w:t></w:r></w:sdtContent></w:sdt>", "县财政局"),
        ("<w:smartTag><w:r><w:t>6月</w:t></w:r></w:smartTag><w:r><w:t>底前</w:t></w:r>", "6月底前"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:t>可见</w:t></w:r>", "可见"),
        ('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>可见</w:t></w:r>', "可见"),
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2023年</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>要点</w:t></w:r>',
            "2023年要点",
        ),
        ('<w:fldSimple w:instr="TITLE"><w:r><w:t>实施意见</w:t></w:r></w:fldSimple>', "实施意见"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>ying</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>应</w:t></w:r></w:rubyBase></w:ruby>"
            "</w:r><w:r><w:t>急</w:t></w:r>",
            "应急",
        ),
        ("<w:r><w:t>A</w:t><w:noBreakHyphen/><w:t>B</w:t><w:softHyphen/><w:t>C</w:t></w:r>", "A-BC"),
        ('<w:r><w:t>县财政局</w:t><w:sym w:font="Wingdings" w:char="F06C"/></w:r>', "县财政局●"),
        ('<w:r><w:t>上一页</w:t><w:br w:type="page"/><w:t>下一页</w:t></w:r>', "上一页下一页"),
        ("<w:r><w:t>建好\n        食堂</w:t></w:r>", "建好食堂"),
    ],
    ids=[
        *("insertion", "deletion", "move", "link", "content control", "smart tag", "hidden", "not hidden"),
        *("field", "simple field", "ruby", "hyphens", "symbol", "page break", "line end of the XML"),
    ],
)
def test_what_a_paragraph_shows(inner: str, text: str):
    assert lines(body(f"<w:p>{inner}</w:p>")) == [text]


def test_lines_of_a_paragraph():
    """A soft line break ends a line; one in mid-sentence does not end the paragraph."""
    three = ["一、重点任务", "（一）建好食堂。", "（二）建好浴室。"]
    broken = "<w:br/>".join(f"<w:t>{line}</w:t>" for line in three)
    assert lines(body(f"<w:p><w:r>{broken}</w:r></w:p>")) == three
    within = "<w:p><w:r><w:t>责任单位：县财政局、</w:t><w:br/><w:t>县教育局</w:t></w:r></w:p>"
    assert lines(body(within)) == ["责任单位：县财政局、县教育局"]


def test_a_deleted_paragraph_end_joins_two_paragraphs():
    first = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>建好</w:t></w:r></w:p>"
    assert lines(body(first, p("食堂"), p("建好浴室"))) == ["建好食堂", "建好浴室"]


def test_text_boxes_follow_their_paragraph_once():
    box = "<w:txbxContent><w:p><w:r><w:t>松政办〔2023〕7号</w:t></w:r></w:p></w:txbxContent>"
    both = (
        "<w:p><w:r><w:t>松岭县人民政府办公室文件</w:t></w:r><w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    old = f"<w:p><w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r></w:p>"
    assert lines(body(both, p("后文"))) == ["松岭县人民政府办公室文件", "松政办〔2023〕7号", "后文"]
    assert lines(body(old)) == ["松政办〔2023〕7号"]


def test_headers_footers_comments_and_contents_are_left_out():
    document = Document()
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "- 2 -"
    style = document.styles.add_style("toc 1", 1)
    document.add_paragraph("一、重点任务\t3", style=style)
    document.add_paragraph("正文")
    document.element.body.insert(
        0,
        element(
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
            f"<w:sdtContent>{p('目录')}</w:sdtContent></w:sdt>"
        ),
    )
    assert lines(saved(document)) == ["正文"]


def test_a_number_that_only_the_head_of_the_page_says():
    title = "松岭县人民政府办公室关于做好养老服务的通知"
    document = Document()
    document.add_paragraph(title)
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "松岭县人民政府办公室文件"
    section.first_page_header.add_paragraph("松政办〔2023〕7号")
    section.header.paragraphs[0].text = "页眉"
    said = lines(saved(document))
    assert said == ["松岭县人民政府办公室文件", "松政办〔2023〕7号", title]
    record = extract_paper(read("paper.docx", saved(document)))
    assert (record.document.number, record.document.title) == ("松政办〔2023〕7号", title)
    assert record.document.evidence["number"][0].place == {"header": 2}
    document.add_paragraph("松政办〔2023〕8号")
    assert lines(saved(document)) == [title, "松政办〔2023〕8号"]


def test_prose_that_is_indented_with_tabs():
    """Lines that begin with a tab are no cells where no column headings stand above them."""
    prose = [
        "松岭县人民政府关于做好养老服务的通知",
        "一、重点任务",
        "（一）建好食堂。每村一处。",
        "二、工作要求",
        "（二）抓好落实。",
    ]
    document = Document()
    for line in prose:
        document.add_paragraph("\t" + line)
    assert lines(saved(document)) == prose


def test_footnotes_stand_at_the_end_and_in_no_task(tmp_path: Path):
    document = Document()
    document.add_paragraph("松岭县人民政府关于做好养老服务的通知")
    document.add_paragraph("一、重点任务")
    document.add_paragraph("（一）建好食堂。每村一处。（责任单位：县民政局）")
    last = document.add_paragraph("（二）建好浴室。每乡一处。")
    last._p.append(element('<w:r><w:footnoteReference w:id="2"/></w:r>'))
    notes = (
        f'<w:footnotes {NS}><w:footnote w:id="0"><w:p><w:r><w:t>分隔</w:t></w:r></w:p></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/><w:t>见《松岭省养老服务条例》。</w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    )
    part = Part(PackURI("/word/footnotes.xml"), "application/xml", notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    path = tmp_path / "paper.docx"
    document.save(str(path))
    assert lines(path.read_bytes())[-2:] == ["（二）建好浴室。每乡一处。", "见《松岭省养老服务条例》。"]
    record = extract(path)
    (citation,) = record.citations
    assert (citation.title, citation.in_) == ("松岭省养老服务条例", "document")
    assert citation.evidence[0].place == {"footnote": 1}
    assert record.tasks[0].evidence[0].place == {"paragraph": 3}
    assert "条例" not in record.tasks[-1].text


# --- numbers ---------------------------------------------------------------------------------------------------------


def level(depth: int, form: str, text: str, more: str = "") -> str:
    inner = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{depth}">{inner}</w:lvl>'


def listed(levels: str, paragraphs: list[str], nums: str = "") -> list[str]:
    """The lines of a document with a list of its own (number 77) and further `w:num`."""
    document = Document()
    numbering = document.part.numbering_part.element
    for child in list(numbering):
        numbering.remove(child)
    numbering.append(element(f'<w:abstractNum w:abstractNumId="50">{levels}</w:abstractNum>'))
    numbering.append(element('<w:num w:numId="77"><w:abstractNumId w:val="50"/></w:num>'))
    if nums:
        for num in element(f"<w:numbering>{nums}</w:numbering>"):
            numbering.append(num)
    for paragraph in paragraphs:
        document.element.body.insert(len(document.element.body) - 1, element(paragraph))
    return lines(saved(document))


def item(text: str, depth: int = 0, num: int = 77) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{num}"/></w:numPr>')


CHINESE = (
    level(0, "chineseCountingThousand", "%1、")
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.")
    + level(3, "decimalEnclosedCircleChinese", "%4")
)


def test_numbers_of_chapters_clauses_and_points():
    said = listed(
        CHINESE,
        [
            *(item("重点任务"), item("建好食堂", 1), item("每村一处", 2), item("每乡一处", 2), item("先建后补", 3)),
            *(item("建好浴室", 1), item("每村一处", 2), p("按时完成"), item("工作要求"), item("加强领导", 1)),
        ],
    )
    assert said == [
        *("一、重点任务", "（一）建好食堂", "1.每村一处", "2.每乡一处", "①先建后补"),
        *("（二）建好浴室", "1.每村一处", "按时完成", "二、工作要求", "（一）加强领导"),
    ]


def test_numbers_of_numbers():
    """1.1 under 第一章: `isLgl` writes Arabic digits; a level that is skipped begins at its start."""
    legal = level(0, "chineseCounting", "第%1章", '<w:suff w:val="space"/>') + level(
        1, "decimal", "%1.%2", "<w:isLgl/>"
    )
    assert listed(legal, [item("总则"), item("目标", 1), item("原则", 1)]) == ["第一章 总则", "1.1目标", "1.2原则"]
    assert listed(CHINESE, [item("每村一处", 2)]) == ["1.每村一处"]


def test_lists_go_on_and_begin_anew():
    """Two lists of one definition share their numbers; one that sets its start begins anew, once."""
    nums = (
        '<w:num w:numId="78"><w:abstractNumId w:val="50"/></w:num><w:num w:numId="79"><w:abstractNumId w:val="50"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    paragraphs = [item("甲"), item("乙", num=78), item("丙", num=79), item("丁", num=79)]
    assert listed(CHINESE, paragraphs, nums) == ["一、甲", "二、乙", "五、丙", "六、丁"]
    assert listed(CHINESE, [item("甲"), item("乙", num=99), p("丙", '<w:numPr><w:numId w:val="0"/></w:numPr>')]) == [
        *("一、甲", "乙", "丙")
    ]


def test_points_that_never_begin_anew():
    points = level(0, "chineseCounting", "%1、") + level(1, "decimal", "%2.", '<w:lvlRestart w:val="0"/>')
    paragraphs = [item("甲"), item("乙", 1), item("丙"), item("丁", 1)]
    assert listed(points, paragraphs) == ["一、甲", "1.乙", "二、丙", "2.丁"]


def test_numbers_of_styles():
    """A style brings its list; the level is the one that names the style. A paragraph may leave it."""
    document = Document()
    numbering = document.part.numbering_part.element
    for child in list(numbering):
        numbering.remove(child)
    levels = level(0, "chineseCounting", "%1、", '<w:pStyle w:val="Heading1"/>') + level(
        1, "chineseCounting", "（%2）", '<w:pStyle w:val="Heading2"/>'
    )
    numbering.append(element(f'<w:abstractNum w:abstractNumId="50">{levels}</w:abstractNum>'))
    numbering.append(element('<w:num w:numId="77"><w:abstractNumId w:val="50"/></w:num>'))
    for name in ("Heading 1", "Heading 2"):
        style = document.styles[name].element
        style.get_or_add_pPr().append(element('<w:numPr><w:numId w:val="77"/></w:numPr>'))
    based = document.styles.add_style("县级标题", 1)
    based.base_style = document.styles["Heading 2"]
    for text, style in (("重点任务", "Heading 1"), ("建好食堂", "Heading 2"), ("建好浴室", "县级标题")):
        document.add_paragraph(text, style=style)
    left = document.add_paragraph("结语", style="Heading 1")
    left._p.get_or_add_pPr().append(element('<w:numPr><w:numId w:val="0"/></w:numPr>'))
    assert lines(saved(document)) == ["一、重点任务", "（一）建好食堂", "（二）建好浴室", "结语"]


def test_bullets_and_empty_paragraphs():
    """A bullet is none of a paragraph's words."""
    bullets = level(0, "bullet", "\uf06c")
    assert listed(bullets, [item("县财政局"), item(""), item("县教育局")]) == ["县财政局", "县教育局"]
    assert listed(CHINESE, [item("甲"), item(""), item("乙")]) == ["一、甲", "二、乙"]


@pytest.mark.parametrize(
    ("form", "value", "said"),
    [
        *(
            ("chineseCounting", 10, "十"),
            ("chineseCountingThousand", 21, "二十一"),
            ("chineseCounting", 105, "一百零五"),
        ),
        *(("chineseLegalSimplified", 12, "壹拾贰"), ("ideographDigital", 10, "一〇"), ("decimalFullWidth", 12, "１２")),
        *(("decimalEnclosedCircle", 20, "⑳"), ("decimalEnclosedParen", 3, "⑶"), ("decimalEnclosedFullstop", 2, "⒉")),
        *(("upperLetter", 28, "BB"), ("lowerRoman", 14, "xiv"), ("decimalZero", 7, "07"), ("none", 3, "")),
        *(("ideographTraditional", 3, "丙"), ("decimalEnclosedCircle", 77, "77"), ("somethingNew", 4, "4")),
    ],
)
def test_forms_of_numbers(form: str, value: int, said: str):
    assert word(value, form) == said


def test_drawn_numbers_make_the_tasks(tmp_path: Path):
    """The same record whether numbers are typed or drawn."""
    paragraphs = [
        ("重点任务", 0),
        ("建好食堂。每村一处。（责任单位：县民政局）", 1),
        ("建好浴室。每乡一处。（责任单位：县住建局）", 1),
    ]
    typed = Document()
    drawn = Document()
    numbering = drawn.part.numbering_part.element
    for child in list(numbering):
        numbering.remove(child)
    numbering.append(element(f'<w:abstractNum w:abstractNumId="50">{CHINESE}</w:abstractNum>'))
    numbering.append(element('<w:num w:numId="77"><w:abstractNumId w:val="50"/></w:num>'))
    for document in (typed, drawn):
        document.add_paragraph("松岭县人民政府关于做好养老服务的通知")
    for (text, depth), mark in zip(paragraphs, ("一、", "（一）", "（二）"), strict=True):
        typed.add_paragraph(mark + text)
        paragraph = drawn.add_paragraph(text)
        properties = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="77"/></w:numPr>'
        paragraph._p.get_or_add_pPr().append(element(properties))
    records = []
    for name, document in (("typed", typed), ("drawn", drawn)):
        document.save(str(tmp_path / f"{name}.docx"))
        records.append(extract(tmp_path / f"{name}.docx"))
    assert [t.title for t in records[0].tasks] == ["（一）建好食堂", "（二）建好浴室"]
    assert [(t.key, t.text, t.title, t.section) for t in records[1].tasks] == [
        (t.key, t.text, t.title, t.section) for t in records[0].tasks
    ]


# --- tables ----------------------------------------------------------------------------------------------------------


def tc(text: str, properties: str = "") -> str:
    inner = "".join(p(line) for line in text.split("\n")) if not text.startswith("<") else text + "<w:p/>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


HEAD = tr(tc("工作任务"), tc("具体要求"), tc("责任单位"), tc("完成时限"), properties="<w:tblHeader/>")
DOWN, ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def table_of(data: bytes) -> Table:
    return next(b for b in read("paper.docx", data).blocks if isinstance(b, Table))


def test_merged_cells():
    data = body(
        tbl(
            HEAD,
            tr(tc("一、养老服务", '<w:gridSpan w:val="4"/>')),
            tr(tc("建好食堂", DOWN), tc("每村一处"), tc("县民政局\n县财政局", DOWN), tc("6月底前")),
            tr(tc("", ON), tc("每乡一处"), tc("看不见的旧字", ON), tc("年底前")),
            tr(tc("建好浴室"), tc("每村", '<w:hMerge w:val="restart"/>'), tc("一处", "<w:hMerge/>"), tc("年底前")),
            tr(tc("迟到的合并", ON), tc("每乡一处"), tc("县住建局"), tc("年底前")),
        )
    )
    table = table_of(data)
    spans = {(c.row, c.column): (c.rows, c.columns) for c in table.cells if c.rows > 1 or c.columns > 1}
    assert table.width == 4
    assert spans == {(1, 0): (1, 4), (2, 0): (2, 1), (2, 2): (2, 1), (4, 1): (1, 2)}
    assert not any(c.merged for c in table.cells)
    assert "看不见的旧字" not in read("paper.docx", data).text
    assert "迟到的合并" in read("paper.docx", data).text


def test_wrapped_and_deleted_rows_and_cells():
    row, unit = tr(tc("建好食堂"), tc("每村一处"), tc("县民政局"), tc("年底前")), tc("县住建局")
    data = body(
        tbl(
            HEAD,
            f"<w:sdt><w:sdtContent>{row}</w:sdtContent></w:sdt>",
            tr(tc("已删除"), tc("已删除"), tc("已删除"), tc("已删除"), properties="<w:del/>"),
            tr(
                tc("建好浴室"),
                tc("每乡一处"),
                f"<w:sdt><w:sdtContent>{unit}</w:sdtContent></w:sdt>",
                tc("年底前"),
            ),
            tr(tc("每处一人"), tc("县人社局"), tc("年底前"), properties='<w:gridBefore w:val="1"/>'),
        )
    )
    assert lines(data)[1:] == [
        "建好食堂|每村一处|县民政局|年底前",
        "建好浴室|每乡一处|县住建局|年底前",
        "|每处一人|县人社局|年底前",
    ]
    assert [c.merged for c in table_of(data).cells if c.row == 3] == [True, False, False, False]


def test_cells_without_a_line_between_them_are_merged_to_the_eye():
    above = '<w:tcBorders><w:bottom w:val="nil"/></w:tcBorders>'
    below = '<w:tcBorders><w:top w:val="nil"/></w:tcBorders>'
    data = body(
        p("松岭县2023年养老服务任务分解表"),
        tbl(
            HEAD,
            tr(tc("建好食堂"), tc("每村一处"), tc("县民政局", above), tc("6月底前", above)),
            tr(tc("建好浴室"), tc("每乡一处"), tc("", below), tc("", below)),
            tr(tc("建好厕所"), tc("每校一处"), tc(""), tc("")),
        ),
    )
    merged = {(c.row, c.column) for c in table_of(data).cells if c.merged}
    assert merged == {(2, 2), (2, 3)}


@pytest.mark.parametrize("frame", ["one cell", "side by side"])
def test_tables_in_tables(frame: str):
    """A table that lays out the page holds the paper; one in a cell of a real table is the cell's text."""
    real = tbl(HEAD, tr(tc("建好食堂"), tc("每村一处"), tc("县民政局"), tc("年底前")))
    cells = [tc(p("松岭县2023年分工表") + real)] + ([tc("印章")] if frame == "side by side" else [])
    assert lines(body(tbl(tr(*cells))))[:3] == [
        *("松岭县2023年分工表", "工作任务|具体要求|责任单位|完成时限", "建好食堂|每村一处|县民政局|年底前")
    ]
    inner = tbl(tr(tc("县民政局"), tc("县财政局")))
    assert lines(body(tbl(HEAD, tr(tc("建好食堂"), tc("每村一处"), tc(inner), tc("年底前")))))[-1] == (
        "建好食堂|每村一处|县民政局 县财政局|年底前"
    )


def test_a_letterhead_in_a_table():
    """A small table above all others only lays out its lines."""
    head = tbl(tr(tc("松岭县民政局"), tc("文件", DOWN)), tr(tc("松岭县财政局"), tc("", ON)))
    number = tbl(tr(tc("松民发〔2023〕7号"), tc("签发人：某某某")))
    real = tbl(HEAD, tr(tc("建好食堂"), tc("每村一处"), tc("县民政局"), tc("年底前")))
    said = lines(body(head, number, p("关于做好养老服务的通知"), real))
    assert said == [
        *("松岭县民政局", "松岭县财政局 文件", "松民发〔2023〕7号 签发人：某某某", "关于做好养老服务的通知"),
        *("工作任务|具体要求|责任单位|完成时限", "建好食堂|每村一处|县民政局|年底前"),
    ]


def test_texts_that_a_merge_doubled():
    """python-docx joins the texts of the cells that it merges."""
    document = Document()
    table = document.add_table(3, 4)
    row = ["建好食堂", "每村一处", "县民政局\n县财政局", "年底前"]
    for at, cells in enumerate((["工作任务", "具体要求", "责任单位", "完成时限"], row, row)):
        for cell, words in zip(table.rows[at].cells, cells, strict=True):
            cell.text = words
    for column in (0, 2):
        table.cell(1, column).merge(table.cell(2, column))
    paper = read("paper.docx", saved(document))
    assert [paper.text[c.start : c.end] for c in table_of(saved(document)).cells if c.rows == 2] == row[::2]


def test_a_table_pasted_as_lines_is_a_table():
    """A table that became tabs or lines in Word is found as in plain text."""
    rows = [
        "工作任务\t具体要求\t责任单位\t完成时限",
        "建好食堂\t每村一处\t县民政局\t6月底前",
        "建好浴室\t每乡一处\t县住建局\t年底前",
    ]
    document = Document()
    for row in rows:
        document.add_paragraph(row)
    assert lines(saved(document)) == [row.replace("\t", "|") for row in rows]


def test_templates_and_files_with_macros_are_read():
    """Their main part has another type; what they say is the same."""
    document = Document()
    document.add_paragraph("松岭县人民政府关于做好养老服务的通知")
    document.part._content_type = "application/vnd.ms-word.document.macroEnabled.main+xml"
    assert lines(saved(document)) == ["松岭县人民政府关于做好养老服务的通知"]


# --- files ---------------------------------------------------------------------------------------------------------


def with_part(name: str, kind: str, data: bytes) -> bytes:
    """A file with a paragraph and below it what it takes in from another."""
    document = Document()
    document.add_paragraph("松岭县人民政府关于做好养老服务的通知")
    part = Part(PackURI(f"/word/{name}"), kind, data, document.part.package)
    at = document.part.relate_to(part, RELATIONSHIP_TYPE.A_F_CHUNK)
    names = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    document.element.body.insert(1, element(f'<w:altChunk {names} r:id="{at}"/>'))
    return saved(document)


def test_files_that_a_document_takes_in():
    page = "<table><tr><td>工作任务<td>责任单位<tr><td>建好食堂<td>县民政局</table><p>完</p>".encode()
    first = "松岭县人民政府关于做好养老服务的通知"
    assert lines(with_part("a.html", "text/html", b"<meta charset=utf-8>" + page)) == [
        *(first, "工作任务|责任单位", "建好食堂|县民政局", "完")
    ]
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    assert lines(with_part("a.docx", kind, body(p("一、重点任务")))) == [first, "一、重点任务"]
    assert lines(with_part("a.txt", "text/plain", "一、重点任务\n完".encode("gbk"))) == [first, "一、重点任务", "完"]
    paper = read("paper.docx", with_part("a.rtf", "application/rtf", b"{\\rtf1 x}"))
    assert [(w.code, w.quote) for w in paper.warnings] == [("chunk-left-out", "a.rtf")]


def changed(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            target.writestr(info, change(info.filename, source.read(info)))
    return out.getvalue()


def strict(name: str, content: bytes) -> bytes:
    """A part with the names of ISO/IEC 29500 Strict."""
    return re.sub(
        rb"http://schemas\.openxmlformats\.org/(officeDocument|wordprocessingml)/2006/",
        rb"http://purl.oclc.org/ooxml/\1/",
        content,
    )


def test_the_strict_kind():
    data = body(p("一、重点任务"), tbl(HEAD, tr(tc("建好食堂", DOWN), tc("每村一处"), tc("县民政局"), tc("年底前"))))
    assert lines(changed(data, strict)) == lines(data)


def test_parts_that_are_missing_cost_nothing():
    """A picture that is not there, one whose kind nobody named."""
    data = body(p("一、重点任务"))
    more = b'<Relationship Id="rId99" Type="' + RELATIONSHIP_TYPE.IMAGE.encode() + b'" Target="%s"/></Relationships>'
    for target in (b"NULL", b"media/image.xyz"):

        def add(name: str, content: bytes, target: bytes = target) -> bytes:
            return content.replace(b"</Relationships>", more % target) if "document" in name else content

        assert lines(changed(data, add)) == ["一、重点任务"]
