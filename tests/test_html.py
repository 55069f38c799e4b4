"""Web pages: what of them is the paper, their tables, their characters, what they hide and what they say of it."""

from __future__ import annotations

import base64
import json
import random
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zhengling import ZhenglingError, extract
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.model import Paper, Table
from zhengling.extractors.pipeline import extract_paper
from zhengling.extractors.readers.web import html

from .effort import examples
from .truth import gold_of, items


def read_page(path, data):
    return lay_out(html.read(path, data))


PAGES = Path(__file__).parent / "pages"
NAMES = sorted(p.stem for p in PAGES.glob("*.html"))


def lines(paper: Paper) -> list[str]:
    """Paragraphs, and rows of tables between bars: spans behind a cell, `/` between its lines."""
    out: list[str] = []
    for block in paper.blocks:
        if not isinstance(block, Table):
            out.append(paper.text[block.start : block.end])
            continue
        row = -1
        for cell in sorted(block.cells, key=lambda c: (c.row, c.column)):
            if cell.row != row:
                out.append("|")
                row = cell.row
            span = f" {cell.rows}x{cell.columns}" if cell.rows * cell.columns > 1 else ""
            out[-1] += f" {paper.text[cell.start : cell.end].replace(chr(10), '/')}{span} |"
    return out


def page(body: str, head: str = "") -> list[str]:
    """The lines of a page with this body."""
    text = f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    return lines(read_page("page.html", text.encode()))


# --- whole pages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_of_a_page_the_paper_is_read_and_nothing_else(name: str):
    paper = read_page(f"{name}.html", (PAGES / f"{name}.html").read_bytes())
    assert lines(paper) == (PAGES / f"{name}.txt").read_text("utf-8").splitlines()
    assert [w.code for w in paper.warnings] == (["page-only-attachment"] if name == "attachment" else [])


@pytest.mark.parametrize("name", NAMES)
def test_the_facts_of_a_page_are_those_of_its_paper(name: str):
    found = items(extract(PAGES / f"{name}.html").to_json())
    assert found == items(gold_of(PAGES / "gold")[name])


TASKS = (
    "<table border=1><tr><td>序号</td><td>工作任务</td><td>责任单位</td></tr>"
    "<tr><td>1</td><td>修建公厕</td><td>县住建局</td></tr></table>"
)
ROWS = ["| 序号 | 工作任务 | 责任单位 |", "| 1 | 修建公厕 | 县住建局 |"]
AROUND = (
    "<div class=top><ul><li><a href=1>首页</a><li><a href=2>政务公开</a></ul></div>"
    "<div class=dqwz>您所在的位置：<a href=/>首页</a>&gt;<a href=/>政务公开</a></div>",
    "<div class=foot><p>主办：甲县人民政府办公室</p><p>备案号：甲ICP备00000000号</p></div>",
)


@pytest.mark.parametrize(
    ("body", "right"),
    [
        (  # a table alone
            "<h2>甲县2023年任务分解表</h2><div>来源：甲县政府办 发布时间：2023-01-05 浏览：55次</div>"
            f"<div>{TASKS}</div>",
            ["甲县2023年任务分解表", *ROWS],
        ),
        (  # the notice and what it issues in places of their own
            "<h1>关于印发《方案》的通知</h1><div class=TRS_Editor><p>各乡镇人民政府：</p>"
            "<p>现将《方案》印发给你们，请认真执行。</p></div>"
            f"<div class=TRS_Editor><p>方案</p><p>一、修建公厕。年内新建20座。</p>{TASKS}</div>",
            [
                "关于印发《方案》的通知",
                "各乡镇人民政府：",
                "现将《方案》印发给你们，请认真执行。",
                "方案",
                "一、修建公厕。年内新建20座。",
                *ROWS,
            ],
        ),
        (  # rows of a table that lays out the page
            "<table width=900><tr><td>甲县人民政府关于做好春耕工作的通知</td></tr><tr><td>各乡镇人民政府：<br>"
            "　　一、备足种子。3月底前调运。<br>　　二、整修沟渠。<br></td></tr>"
            f"<tr><td>{TASKS}</td></tr><tr><td>附件：<a href=a.doc>1.任务表.doc</a></td></tr></table>",
            [
                "甲县人民政府关于做好春耕工作的通知",
                "各乡镇人民政府：",
                "一、备足种子。3月底前调运。",
                "二、整修沟渠。",
                *ROWS,
                "附件：1.任务表.doc",
            ],
        ),
        (  # no sentence at all
            "<h3>甲县2023年重点工作清单</h3><p>1.修建公厕（责任单位：县住建局）</p>"
            "<p>2.改造路灯（责任单位：县城管局）</p>",
            ["甲县2023年重点工作清单", "1.修建公厕（责任单位：县住建局）", "2.改造路灯（责任单位：县城管局）"],
        ),
        (  # links inside a clause, and one alone
            "<p>甲县人民政府关于修建公厕的通知</p>"
            "<p>一、修建公厕。按照《<a href=1>关于加强公厕建设的通知</a>》执行，年底前完成。</p>"
            "<p><a href=2>《公厕设计规范》</a></p><p>二、加强管护。</p>",
            [
                "甲县人民政府关于修建公厕的通知",
                "一、修建公厕。按照《关于加强公厕建设的通知》执行，年底前完成。",
                "《公厕设计规范》",
                "二、加强管护。",
            ],
        ),
    ],
)
def test_pages_of_other_makes(body: str, right: list[str]):
    assert page(f"{AROUND[0]}<div class=con>{body}</div>{AROUND[1]}") == right


def test_paragraphs_that_br_parts():
    """With blank lines between them or an indent each they are whole, however long they are."""
    right = [
        "甲县人民政府关于修建公厕的通知",
        "各乡镇人民政府：",
        "一、修建公厕",
        "（一）新建公厕。年内新建20座，",
        "责任科室：村镇科",
        "（二）改造旱厕。年内改造30座。",
        "责任科室：农业科",
    ]
    assert page(f"<font>{'<br><br>'.join('&emsp;&emsp;' + line for line in right)}</font>") == right
    assert page(f"<p>{'<br>'.join('&ensp;&ensp;' + line for line in right)}</p>") == right


@pytest.mark.parametrize(
    ("rows", "style"),
    [
        (("div", "div", "div"), ".t{display:table}.r{display:table-row}.c{display:table-cell}"),
        (("div", "ul", "li"), ""),
        (("section", "p", "span"), ""),
    ],
)
def test_a_table_drawn_with_other_elements(rows: tuple[str, str, str], style: str):
    table, row, cell = rows
    cells = [["序号", "工作任务", "责任单位"], ["1", "修建公厕", "县住建局"]]
    inner = "".join(f"<{row} class=r>{''.join(f'<{cell} class=c>{t}</{cell}>' for t in r)}</{row}>" for r in cells)
    assert page(f"<p>甲县任务分解表</p><{table} class=t>{inner}</{table}>", f"<style>{style}</style>")[1:] == ROWS


def test_a_table_that_the_style_alone_tells():
    """Rows of a group, one cell each, stand between rows of three: they are not even."""
    style = "<style>.t{display:table}.r{display:table-row}.c{display:table-cell}</style>"
    cells = [["序号", "工作任务", "责任单位"], ["一、补短板"], ["1", "修建公厕", "县住建局"], ["二、强弱项"]]
    rows = "".join(f"<div class=r>{''.join(f'<div class=c>{t}</div>' for t in r)}</div>" for r in cells)
    read = page(f"<p>甲县任务分解表</p><div class=t>{rows}</div>", style)
    assert read == ["甲县任务分解表", ROWS[0], "| 一、补短板 1x3 |", ROWS[1], "二、强弱项"]


def test_a_form_has_its_labels_beside_their_values():
    """A table for each matter, pairs side by side; a label that goes down over two values; headings between."""
    form = (
        f"{BODY}<p>一、基础设施方面</p><table border=1>"
        "<tr><td>序号</td><td>1</td><td>反馈问题</td><td>公厕破损</td></tr>"
        "<tr><td rowspan=2>整改措施</td><td colspan=3>1．修缮公厕。</td></tr>"
        "<tr><td colspan=3>2．建立管护制度。</td></tr>"
        "<tr><td>牵头单位</td><td>县住建局</td><td>整改时限</td><td>2024年6月底前</td></tr></table>"
    )
    assert page(form)[2:] == [
        "一、基础设施方面",
        "| 序号 | 反馈问题 | 整改措施 | 牵头单位 | 整改时限 |",
        "| 1 | 公厕破损 | 1．修缮公厕。/2．建立管护制度。 | 县住建局 | 2024年6月底前 |",
    ]


def test_labels_of_the_page_are_no_form():
    """A page's own table of labels, in marks."""
    labels = [("【索 引 号】", "A1"), ("【发文字号】", "甲政发〔2024〕3号"), ("【成文日期】", "2024-03-01")]
    table = "<table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in labels) + "</table>"
    assert page(table + TASKS)[:2] == ["发文字号：甲政发〔2024〕3号", "成文日期：2024-03-01"]


def test_what_is_not_printed_is_seen_and_a_copy_for_print_is_not():
    style = "<style media=print>.bar{display:none}</style><style>#print{display:none}</style>"
    assert page(f"<div class=bar>{BODY}{TASKS}</div><div id=print>{BODY}{TASKS}</div>", style)[2:] == ROWS


GROUPS = [
    ["序号", "工作任务", "完成时限"],
    ["（必填）", "（不超过30字）", "（格式：X月底前）"],
    ["一、补短板", "牵头单位：县住建局；配合单位：县财政局", ""],
    ["1", "新建公厕三座。", "6月底前"],
    ["2", "改造旱厕十座。", "9月底前"],
    ["二、强弱项", "责任单位：县城管局", ""],
    ["3", "更换路灯百盏。", "12月底前"],
    ["填表人：张某某", "审核人：李某某", "联系电话：0000-1234567"],
]


def test_who_answers_may_stand_beside_the_heading_of_rows(tmp_path):
    """Nor are hints of how to fill a form in, and who did, rows of work."""
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in GROUPS)
    path = tmp_path / "page.html"
    path.write_text(f"<h1>甲县2024年重点任务清单</h1>{BODY}<table border=1>{rows}</table>", "utf-8")
    found = extract(path).tasks
    assert [(t.section, t.text) for t in found] == [
        (["一、补短板"], "新建公厕三座。"),
        (["一、补短板"], "改造旱厕十座。"),
        (["二、强弱项"], "更换路灯百盏。"),
    ]
    both = [("lead", "县住建局"), ("support", "县财政局")]
    assert [[(u.role, u.name) for u in t.units] for t in found] == [both, both, [("responsible", "县城管局")]]


def test_the_title_of_a_bare_table_is_no_line_of_the_page():
    body = f"<div class=c1><div>甲县2023年重点任务清单</div><div><br></div><div>{TASKS}</div></div>"
    assert page(AROUND[0] + body + AROUND[1]) == ["甲县2023年重点任务清单", *ROWS]


def test_a_source_broken_between_figures():
    assert page("<p>\n  按照国办发〔20\n  23〕8号要求，6\n  月底前完成\n</p>") == [
        "按照国办发〔2023〕8号要求，6月底前完成"
    ]


# --- characters ------------------------------------------------------------------------------------------------------

BODY = "<p>各乡镇人民政府：</p><p>现将《工作要点》印发给你们，请认真组织实施，及时报送进展。</p>"


@pytest.mark.parametrize("said", ["utf-8", "gb2312", "GBK", "gb18030", "iso-8859-1", "no-such", "big5", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_the_bytes_decide_what_a_page_is_written_in(said: str, encoding: str):
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={said}">' if said else ""
    data = f"<html><head>{meta}</head><body>{BODY}</body></html>".encode(encoding)
    assert lines(read_page("page.html", data))[1].startswith("现将《工作要点》印发给你们")


@pytest.mark.parametrize("said", ["big5", "utf-8", ""])
def test_a_page_in_big5_is_read_whatever_it_says(said):
    text = f"<meta charset={said}><p>各單位：</p><p>請依照規定辦理，並於期限內回報辦理情形，以利彙整。</p>"
    assert lines(read_page("page.html", text.encode("big5")))[0] == "各單位："


def test_a_page_in_xhtml_and_one_in_an_archive():
    xhtml = (
        '<?xml version="1.0" encoding="gbk"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="a"/>'
    )
    xhtml += f"</head><body>{BODY}<p/></body></html>"
    assert len(lines(read_page("page.xhtml", xhtml.encode("gbk")))) == 2
    archive = (
        b"From: <saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=xx\r\n\r\n--xx\r\n"
        b"Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    archive += base64.encodebytes(BODY.encode("gb18030")) + b"\r\n--xx--\r\n"
    assert len(lines(read_page("page.mht", archive))) == 2


# --- what a browser shows --------------------------------------------------------------------------------------------


def test_what_a_browser_does_not_show_is_left_out():
    body = (
        "<p>一、按期完成<span style='display: none'>隐</span>整改<!-- 注释 -->任务。<script>var a='脚本';</script></p>"
        "<p hidden>隐藏</p><p class=tip>提示内容。</p><noscript>请启用脚本</noscript><p>&nbsp;</p><p>　</p>"
        "<template><p>模板</p></template><p style='MSO-HIDE:all'>批注</p><select><option>选项</select>"
    )
    assert page(body, "<style>.tip{color:red;display:none}@media print{p{display:none}}</style>") == [
        "一、按期完成整改任务。"
    ]


def test_entities_and_source_lines():
    assert page("<p>严格执行&ldquo;双随机&rdquo;&#12289;一公开制度，\n   落实到\n位&mdash;&mdash;按月报送。</p>") == [
        "严格执行“双随机”、一公开制度，落实到位——按月报送。"
    ]
    assert page("<pre>第一行。\n第二行。</pre>") == ["第一行。", "第二行。"]


def test_lines_broken_by_br_that_are_no_paragraphs_are_joined():
    text = (
        "各级各部门要高度重视政务公开工作，把公开要求贯穿政务运行全过程，主动接受社会监督，不断提升治理能力和服务水平，确保各项任务落到实处，"
        * 4
    )
    wrapped = "<br>".join(text[n : n + 30] for n in range(0, len(text), 30))
    assert page(f"<p>{wrapped}</p>") == [text]


def test_the_numbers_that_lists_draw_are_text():
    assert page("<ol><li>甲任务。<li>乙任务。</ol><ul><li>丙</ul>") == ["1.甲任务。", "2.乙任务。", "丙"]
    assert page("<ol start=9 type=A><li>甲<li value=3>乙<ol type=i><li>丙<li>丁</ol><li>戊</ol>") == [
        "I.甲",
        "C.乙",
        "i.丙",
        "ii.丁",
        "D.戊",
    ]
    body = "<ol reversed><li>甲<li>乙</ol><ol style='list-style:none'><li>一、丙</ol>"
    assert page(body) == ["2.甲", "1.乙", "一、丙"]
    body = "<ol start=19 style='list-style-type:cjk-ideographic'>" + "<li>事" * 3 + "</ol>"
    assert page(body) == ["十九、事", "二十、事", "二十一、事"]


# --- tables ----------------------------------------------------------------------------------------------------------


def test_tables_in_tables_and_cells_of_several_lines():
    body = (
        "<table><tr><td>任务<td>要求<td>责任单位<tr><td rowspan=2>甲<td><p>一行<p>二行<br>三行<td>"
        "<table><tr><td>县财政局<td>县教育局</table><tr><td>乙</table>"
    )
    assert page(body) == [
        "| 任务 | 要求 | 责任单位 |",
        "| 甲 2x1 | 一行/二行/三行 | 县财政局 县教育局 |",
        "| 乙 |  |",
    ]


def test_a_foot_stands_below_its_table_wherever_it_is_written():
    body = "<table><tfoot><tr><td>合计<td>县办<tbody><tr><td>任务<td>单位<tr><td>甲<td>县局</table>"
    assert page(body) == ["| 任务 | 单位 |", "| 甲 | 县局 |", "| 合计 | 县办 |"]


span = st.one_of(st.integers(-2, 6).map(str), st.sampled_from(["0", "x", "", "3abc", " 2", "1.5"]))
high = st.one_of(span, st.just("9999999999"))
table = st.lists(st.lists(st.lists(st.tuples(high, span), max_size=5), max_size=5), max_size=3)


@settings(max_examples=examples(80), deadline=None)
@given(table)
def test_cells_never_lie_over_each_other(groups):
    """The cells of any table: none over another, each in the first free field of its row, inside its group."""
    rows = "".join(
        "<tbody>"
        + "".join(
            "<tr>" + "".join(f"<td rowspan='{r}' colspan='{c}'>格</td>" for r, c in row) + "</tr>" for row in group
        )
        + "</tbody>"
        for group in groups
    )
    root = html.parse("page.html", f"<html><body><table>{rows}</table></body></html>".encode())
    found = list(html.spans(html.rows_of(next(root.iter("table")))))
    assert len(found) == sum(len(row) for group in groups for row in group)
    filled: set[tuple[int, int]] = set()
    ends = list(accumulate(len(group) for group in groups))
    for _, row, column, high, wide in found:
        assert high >= 1 and wide >= 1
        assert row + high <= next(end for end in ends if row < end)
        free = next(c for c in range(column + 1) if (row, c) not in filled)
        assert free == column
        for field in ((r, c) for r in range(row, row + high) for c in range(column, column + wide)):
            assert field not in filled
            filled.add(field)


def test_spans_of_a_whole_sheet_cost_nothing():
    body = (
        "<table>" + "<tr>" + "<td rowspan=65534 colspan=1000>任务</td>" * 300 + "</tr>" + "<tr><td>甲</td></tr>" * 300
    )
    assert len(read_page("page.html", f"<html><body>{body}</table>".encode()).text) > 600


# --- what a page says of its paper -----------------------------------------------------------------------------------

META = (
    "<ul><li>索引号：1/2</li><li>文　号：甲政办发〔2023〕1号</li>"
    "<li><b>发布机构</b><span>甲县人民政府办公室</span></li><li>成文日期：2023-05-06</li></ul>"
)


def record(body: str, head: str = "") -> dict:
    data = f"<html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()
    return extract_paper(read_page("page.html", data)).to_json()["document"]


def test_the_block_of_metadata_says_what_the_text_does_not():
    title = "<h1>关于做好2023年防汛工作的通知</h1>"
    body = "<p>各乡镇人民政府：</p><p>一、落实责任。汛期每日值班，及时报告险情。（责任单位：县水利局）</p>"
    found = record(META + title + body)
    assert (found["number"], found["issuer"], found["date"]) == (
        "甲政办发〔2023〕1号",
        "甲县人民政府办公室",
        "2023-05-06",
    )
    quote = found["evidence"]["number"][0]
    assert "甲政办发" in quote["quote"] and quote["place"]["metadata"] == "发文字号"


def test_the_text_wins_over_what_the_page_says():
    body = (
        "<h1>关于做好2023年防汛工作的通知</h1><p>甲政发〔2023〕9号</p><p>各乡镇人民政府：</p>"
        "<p>一、落实责任。汛期每日值班，及时报告险情。（责任单位：县水利局）</p><p>甲县人民政府</p><p>2023年5月1日</p>"
    )
    found = record(META + body)
    assert (found["number"], found["issuer"], found["date"]) == ("甲政发〔2023〕9号", "甲县人民政府", "2023-05-01")


def test_files_to_be_loaded_are_no_tasks():
    body = (
        "<h1>甲县人民政府关于做好供水工作的通知</h1><p>一、保障水质。每月检测一次，结果予以公示。（责任单位：县水利局）</p>"
        "<p>附件：</p><p><a href=1.docx>1.任务分工表.docx</a></p><p>2.考核办法</p><p>您觉得这篇文章对您有帮助吗？</p>"
    )
    data = f"<meta charset=utf-8>{body}".encode()
    assert [t.title for t in extract_paper(read_page("page.html", data)).tasks] == ["一、保障水质"]


def test_the_office_of_a_site_is_not_taken_for_that_of_another_place():
    head = '<meta name="ContentSource" content="青浦河县人民政府">'
    found = record(f"<h2>石桥镇2023年重点任务清单</h2>{TASKS}", head)
    assert (found["issuer"], found["region"], found["level"]) == (None, "石桥镇", "township")
    assert record(f"<h2>青浦河县2023年重点任务清单</h2>{TASKS}", head)["issuer"] == "青浦河县人民政府"


def test_the_head_of_a_paper_below_the_title_of_its_page():
    body = (
        "<h1>关于做好2023年防汛工作的会议纪要</h1><p>甲县人民政府办公室</p><p>甲政办〔2023〕3号　签发人：王某某</p>"
        "<p>一、落实责任。汛期每日值班，及时报告险情。（责任单位：县水利局）</p>"
    )
    found = record(body)
    assert (found["number"], found["issuer"]) == ("甲政办〔2023〕3号", "甲县人民政府办公室")


def test_a_title_that_only_the_head_of_the_page_has():
    head = '<meta name="ArticleTitle" content="甲县人民政府关于加强2022年供水管理的通知"><title>甲县</title>'
    body = "<p>各乡镇人民政府：</p><p>一、保障水质。每月检测一次，结果予以公示。（责任单位：县水利局）</p>"
    assert record(body, head)["title"] == "甲县人民政府关于加强2022年供水管理的通知"
    assert record(body, "<title>甲县人民政府关于加强2022年供水管理的通知_甲县政府网</title>")["year"] == 2022


# --- hostile pages ---------------------------------------------------------------------------------------------------


def test_a_page_nested_deep_is_a_clear_line():
    with pytest.raises(ZhenglingError) as error:
        read_page("deep.html", b"<html><body>" + b"<div>" * 100_000 + "任务。".encode() + b"</div>" * 100_000)
    assert error.value.code == "paper-deep"
    # Within what the parser takes, depth costs no text and no recursion.
    data = "<html><body>" + "<table><tr><td>" * 600 + "一、完成整改。" + "</td></tr></table>" * 600
    assert read_page("deep.html", data.encode()).text == "一、完成整改。\n"


@pytest.mark.parametrize(
    "data", [b"", b"<html></html>", b"<!-- -->", b"<script>alert(1)</script>", "﻿　&nbsp;".encode()]
)
def test_a_page_without_text_is_empty(data: bytes):
    with pytest.raises(ZhenglingError) as error:
        read_page("page.html", data)
    assert error.value.code == "paper-empty"


def test_damaged_pages_never_break_the_reader():
    chance = random.Random(20231125)
    sources = [(PAGES / f"{name}.html").read_bytes() for name in NAMES]
    for _ in range(60):
        data = bytearray(chance.choice(sources))
        for _ in range(chance.randint(1, 40)):
            at = chance.randrange(len(data))
            piece = chance.choice(
                [b"<table>", b"</td>", b"<td colspan=99>", b"\xff", b"\x00", b"<!--", b"<", b"&#x0;", b""]
            )
            data[at : at + chance.randint(0, 30)] = piece
        try:
            extract_paper(read_page("page.html", bytes(data)))
        except ZhenglingError as error:
            assert json.dumps(error.values, default=str)
