"""Ways to lay a table of tasks out, each with rows that say the same: characters, LaTeX, cards, aligned columns, turned
tables, matrices of units, rows run together. Places are invented."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import zhengling as zl
from hypothesis import given
from hypothesis import strategies as st
from zhengling.extractors.layout.building import Field, Grid
from zhengling.extractors.layout.number_runs import Candidate, best_run
from zhengling.extractors.layout.rearranged import rearranged
from zhengling.extractors.words.cells import cell_words
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.extractors.words.unit_shapes import shapes_of

HEAD = "松岭县2024年护林任务分解表\n\n"
#: text, units with the first letter of their role, days
FIRST = ("修缮东山瞭望塔三座，配齐望远镜。", ["l县林业局", "s县财政局"], ["2024-06-30"])
SECOND = ("清理防火道二十公里，补种树苗。", ["l县应急局", "s县水利局"], ["2024-12-31"])


def rows(tmp_path: Path, text: str, suffix: str = "txt") -> list[tuple[str, list[str], list[str | None]]]:
    path = tmp_path / f"paper.{suffix}"
    path.write_text(text, "utf-8")
    return [
        (
            "".join(t.text.split()),
            [u.role[0] + u.name for u in t.units],
            [d.end for d in t.deadlines],
        )
        for t in zl.extract(path).tasks
    ]


GRID = """
+------+----------------+----------+----------+--------------+
| 序号 | 工作任务       | 牵头单位 | 配合单位 | 完成时限     |
+------+----------------+----------+----------+--------------+
| 1    | 修缮东山瞭望塔 | 县林业局 | 县财政局 | 2024年6月底  |
|      | 三座，配齐望远 |          |          |              |
|      | 镜。           |          |          |              |
+------+----------------+----------+----------+--------------+
| 2    | 清理防火道二十 | 县应急局 | 县水利局 | 2024年底前   |
|      | 公里，补种树苗 |          |          |              |
|      | 。             |          |          |              |
+------+----------------+----------+----------+--------------+
"""
RULED = """
┌────┬────┬────┬────┬────┐
│ 序号 │ 工作任务 │ 牵头单位 │ 配合单位 │ 完成时限 │
├────┼────┼────┼────┼────┤
│ 1 │ 修缮东山瞭望塔三座，配齐望远镜。 │ 县林业局 │ 县财政局 │ 2024年6月底 │
├────┼────┼────┼────┼────┤
│ 2 │ 清理防火道二十公里，补种树苗。 │ 县应急局 │ 县水利局 │ 2024年底前 │
└────┴────┴────┴────┴────┘
"""
TEX = r"""
\begin{tabular}{|c|p{4cm}|c|c|c|}
\hline
序号 & 工作任务 & 牵头单位 & 配合单位 & 完成时限 \\ \hline
\multicolumn{5}{|c|}{一、守护山林} \\ \hline
1 & \textbf{修缮东山瞭望塔三座，配齐望远镜。} & 县林业局 & 县财政局 & 2024年6月底 \\ \hline
2 & 清理防火道二十公里，补种树苗。 & 县应急局
& 县水利局 & 2024年底前 \\ \hline
\end{tabular}
"""
CARDS = """
任务一
工作内容：修缮东山瞭望塔三座，配齐望远镜。
牵头单位：县林业局
配合单位：县财政局
完成时限：2024年6月底
联系人：王小明
任务二
工作内容：清理防火道二十公里，
补种树苗。
牵头单位：县应急局
配合单位：县水利局
完成时限：2024年底前
联系人：李大山
"""
ON_TOP = """
序号  工作任务              牵头单位    配合单位    完成时限

1     修缮东山瞭望塔三座，  县林业局    县财政局    2024年6月底
      配齐望远镜。

2     清理防火道二十公里，  县应急局    县水利局    2024年底前
      补种树苗。
"""
IN_THE_MIDDLE = """
 序号        工作任务        牵头单位    配合单位      完成时限
      修缮东山瞭望塔
1     三座，配齐望远        县林业局    县财政局    2024年6月底
      镜。
      清理防火道二十
2     公里，补种树          县应急局    县水利局    2024年底前
      苗。
"""
NEXT_PAGE = """
序    工作任务              牵头单位    配合单位    完成时限
号
1     修缮东山瞭望塔三座，  县林业局    县财政局    2024年6月底
      配齐望远镜。
序      工作任务                牵头单位      配合单位      完成时限
号
2       清理防火道二十公里，    县应急局      县水利局      2024年底前
        补种树苗。
"""
TURNED = """
| 项目 | 任务一 | 任务二 |
| 工作任务 | 修缮东山瞭望塔三座，配齐望远镜。 | 清理防火道二十公里，补种树苗。 |
| 牵头单位 | 县林业局 | 县应急局 |
| 配合单位 | 县财政局 | 县水利局 |
| 完成时限 | 2024年6月底 | 2024年底前 |
"""
MATRIX = """
| 序号 | 工作任务 | 县林业局 | 县应急局 | 县财政局 | 县水利局 | 完成时限 |
| 1 | 修缮东山瞭望塔三座，配齐望远镜。 | ★ |  | △ |  | 2024年6月底 |
| 2 | 清理防火道二十公里，补种树苗。 |  | ★ |  | △ | 2024年底前 |
注：★为牵头单位，△为配合单位。
"""
BAR_ROWS = [
    "序号 | 工作任务 | 牵头单位 | 配合单位 | 完成时限 |",
    "1 | 修缮东山瞭望塔三座，配齐望远镜。 | 县林业局 | 县财政局 | 2024年6月底 |",
    "2 | 清理防火道二十公里，补种树苗。 | 县应急局 | 县水利局 | 2024年底前 |",
]
IN_WORDS = MATRIX.replace("★", "牵头").replace("△", "配合").replace("注：牵头为牵头单位，配合为配合单位。", "")
TIGHT = (
    "序号工作任务牵头单位配合单位责任人完成时限"
    "1修缮东山瞭望塔三座，配齐望远镜。县林业局县财政局王小明2024年6月底"
    "2清理防火道二十公里，补种树苗。县应急局县水利局李大山2024年底前"
    "3新建护林站2座，招聘护林员15名。县林业局县财政局赵文远2024年底前\n"
)


@pytest.mark.parametrize(
    "table",
    [GRID, RULED, TEX, CARDS, ON_TOP, IN_THE_MIDDLE, NEXT_PAGE, TURNED, MATRIX, IN_WORDS],
    ids=["grid", "ruled", "tex", "cards", "on-top", "in-the-middle", "next-page", "turned", "matrix", "in-words"],
)
def test_each_layout_gives_the_same_rows(tmp_path, table):
    assert rows(tmp_path, HEAD + table.lstrip("\n")) == [FIRST, SECOND]


def test_rows_run_together_are_known_by_the_numbers_that_run_on(tmp_path):
    found = rows(tmp_path, HEAD + TIGHT)
    assert found[:2] == [FIRST, SECOND] and len(found) == 3
    assert "赵文远" not in str(found)


def test_roles_said_in_one_run_together_cell(tmp_path):
    text = (
        "序号工作任务责任分工完成时限"
        "1修缮东山瞭望塔三座，配齐望远镜。牵头单位：县林业局；配合单位：县财政局2024年6月底"
        "2清理防火道二十公里，补种树苗。县应急局牵头，县水利局配合2024年底前"
        "3新建护林站2座，招聘护林员15名。县林业局牵头，县财政局配合2024年底前\n"
    )
    assert [(t, sorted(u), d) for t, u, d in rows(tmp_path, HEAD + text)][:2] == [FIRST, SECOND]


def test_aligned_columns_without_headings(tmp_path):
    text = "".join(
        f"{n}     修缮第{c}座瞭望塔，配  县林业局      2024年{m}月底\n      齐望远镜。\n\n"
        for n, (c, m) in enumerate([("一", 6), ("二", 7), ("三", 8), ("四", 9)], 1)
    )
    found = rows(tmp_path, HEAD + text)
    assert [f[0] for f in found] == [f"修缮第{c}座瞭望塔，配齐望远镜。" for c in "一二三四"]
    assert all(f[1] == ["r县林业局"] for f in found)


WRAPPED = {
    "cells go on in the next line": """
工作任务    工作要求                          责任单位        完成时限
巡护网络    增设护林站3个，划定巡护           县林业局、县    2024年6月
建设        网格。                            公安局          底前
物资储备    建立储备库，更新灭火器            县应急局        2024年12月
                                                              底前
考核办法    组织季度通报，对问题逐            县政府办        长期坚持
            项整改
""",
    "numbered titles, one of them over a page's end": """
工作任务    工作要求                          责任单位            完成时限
1.巡护网    增设护林站3个，划定巡护           县林业局、县公      2024年6月底
络建设      网格。                            安局                前
2.物资      建立储备库，更新灭火器            县应急局            2024年12月底前
储
备
3.考核      组织季度通报，对问题逐            县政府办            长期坚持
办法        项整改
""",
}


@pytest.mark.parametrize("name", WRAPPED)
def test_rows_without_numbers_whose_cells_are_broken(tmp_path: Path, name: str):
    path = tmp_path / "paper.txt"
    path.write_text(HEAD + WRAPPED[name].lstrip(), "utf-8")
    found = zl.extract(path).tasks
    mark = [f"{n}." for n in (1, 2, 3)] if "numbered" in name else [""] * 3
    assert [t.title for t in found] == [
        m + w for m, w in zip(mark, ("巡护网络建设", "物资储备", "考核办法"), strict=True)
    ]
    assert ["".join(t.text.split()) for t in found] == [
        "增设护林站3个，划定巡护网格。",
        "建立储备库，更新灭火器",
        "组织季度通报，对问题逐项整改",
    ]
    assert [[u.name for u in t.units] for t in found] == [["县林业局", "县公安局"], ["县应急局"], ["县政府办"]]
    assert [[d.end for d in t.deadlines] for t in found] == [["2024-06-30"], ["2024-12-31"], [None]]


def test_rows_of_a_line_each_that_lack_cells_keep_their_columns(tmp_path: Path):
    """The name of a unit stands once for the rows that it is merged over."""
    works = (("修缮哨所", "修缮东山哨所三座", "县林业局"), ("清理火道", "清理防火道二十公里", ""))
    works += (("巡护山林", "组织护林员上山", "县公安局"), ("配备机具", "配备风力灭火机", "县应急局"))
    lines = "".join(f"{title}    {text:　<12}    {unit}".rstrip() + "\n" for title, text, unit in works)
    path = tmp_path / "paper.txt"
    path.write_text(HEAD + "工作任务    工作要求                    责任单位\n" + lines, "utf-8")
    found = [(t.title, t.text, [u.name for u in t.units]) for t in zl.extract(path).tasks]
    assert found == [(a, b, [unit or "县林业局"]) for a, b, unit in works]


@pytest.mark.parametrize("joint", ["", "\n"], ids=["one line", "a line below"])
def test_chapters_and_headed_points_run_together_below_headings_by_blanks(tmp_path: Path, joint: str):
    parts = (
        ("一、守护山林1.修缮瞭望塔。", "对东山瞭望塔三座全面修缮，配齐望远镜。", "县林业局县财政局、县残联6月底前"),
        ("2.清理防火道。", "在县城周边清理防火道二十公里，补种树苗。", "县应急局各乡镇人民政府持续推进"),
        ("二、强化保障3.配备无人机。", "为四个林区配备巡护无人机，每日起飞。", "县公安局县数据局12月底前"),
        ("4.改造道路。", "改造林场道路十二公里，全线贯通。", "县交通运输局县林业局10月底前"),
    )
    table = "工作任务 工作要求 牵头单位 责任单位 完成时限" + joint + "".join("".join(part) for part in parts)
    path = tmp_path / "paper.txt"
    path.write_text(HEAD + table, "utf-8")
    found = zl.extract(path).tasks
    chapters = [part[0].partition("。")[0] for part in parts]
    assert [t.title for t in found] == [said[next(n for n, c in enumerate(said) if c.isdigit()) :] for said in chapters]
    assert [t.section for t in found] == [["一、守护山林"]] * 2 + [["二、强化保障"]] * 2
    assert ["".join(t.text.split("\n")) for t in found] == [part[1] for part in parts]
    assert [t.units[0].name for t in found] == ["县林业局", "县应急局", "县公安局", "县交通运输局"]
    assert [t.units[0].role for t in found] == ["lead"] * 4


def test_chapters_above_cards_that_are_counted_are_no_titles(tmp_path: Path):
    said = (("一", "守护山林", "修缮哨所"), ("二", "强化保障", "配齐设备"), ("三", "宣传引导", "入户宣传"))
    card = "{0}、{1}\n任务{0}\n工作任务：{2}\n具体要求：修缮哨所两处。\n责任单位：县林业局\n"
    cards = "".join(card.format(*one) for one in said)
    path = tmp_path / "paper.txt"
    path.write_text(HEAD + cards, "utf-8")
    found = zl.extract(path).tasks
    assert [t.title for t in found] == ["修缮哨所", "配齐设备", "入户宣传"]
    assert [t.section for t in found] == [["一、守护山林"], ["二、强化保障"], ["三、宣传引导"]]


@pytest.mark.parametrize("bar", ["|", " | "])
def test_a_title_right_above_cells_and_bars_on_lines_is_no_cell(tmp_path: Path, bar: str):
    cells = ["序号", "存在问题", "整改措施", "责任单位", "整改时限"]
    for n, problem in enumerate(("巡护不力，记录不全。", "防火道失修。"), 1):
        cells += [str(2 * n - 1), problem, f"整改措施{n}落实到人，建立巡护台账。", "县林业局", "2024年6月底前"]
        cells += [str(2 * n), f"每日巡查第{n}片山林，发现一处整改一处。", "县应急局", "2024年9月底前"]
    path = tmp_path / "paper.txt"
    path.write_text("松岭县护林督查反馈问题整改清单\n|\n" + f"\n{bar.strip()}\n".join(cells) + "\n", "utf-8")
    record = zl.extract(path)
    assert record.document.title == "松岭县护林督查反馈问题整改清单"
    assert [t.title for t in record.tasks] == ["巡护不力，记录不全"] * 2 + ["防火道失修"] * 2


def test_goals_by_quarter_are_limits_and_how_it_goes_is_none(tmp_path: Path):
    goals = "一季度：完成选址；二季度：全面开工；四季度：交付使用。"
    gone = "一季度：已完成选址；二季度：已开工。"
    table = "".join(f"| {n} | 修缮哨所{n}处，配齐设备。 | {goals} | {gone} | 县林业局 |\n" for n in range(1, 5))
    found = rows(tmp_path, HEAD + "| 序号 | 工作任务 | 季度目标 | 进展情况 | 责任单位 |\n" + table)
    assert [days for _, _, days in found] == [["2024-03-31", "2024-06-30", "2024-12-31"]] * 4


LINES = (
    ("修缮东山瞭望塔三座，配齐望远镜。", "县林业局", "县财政局、县残联", "2024年6月底前"),
    ("清理防火道二十公里，补种树苗。", "县应急局", "", "2024年10月底前"),
    ("改造林场道路十二公里。", "县交通运输局", "县林业局", "全年"),
    ("为四个林区配备巡护无人机。", "县公安局", "县数据局", "2024年12月底前"),
)


def _apart(cells: tuple[str, ...], width: int, edges: tuple[int, ...] = ()) -> str:
    """Cells of a line with so many blanks behind each, or those of a whole column below each other."""
    if not edges:
        return (" " * width).join(c for c in cells if c)
    line = ""
    for cell, edge in zip(cells, edges, strict=True):
        line += " " * (edge - len(line) - sum(not c.isascii() for c in line)) + cell
    return line


@pytest.mark.parametrize(
    ("shape", "band"), [("gaps", ""), ("blank", ""), ("below", ""), ("below", "二、强化保障"), ("numbers", "二、保障")]
)
def test_rows_a_line_each_by_blanks_without_headings(tmp_path: Path, shape: str, band: str):
    whole = shape in ("below", "numbers")
    said = LINES if whole else [(work, lead, helper or "县财政局", until) for work, lead, helper, until in LINES]
    table = [(str(n), *row) for n, row in enumerate(said, 1)] if shape == "numbers" else said
    edges = ((0, 4, 42, 60, 80) if shape == "numbers" else (0, 40, 58, 78)) if whole else ()
    lines = [_apart(tuple(row), 1 if shape == "blank" else 3, edges) for row in table]
    if band:
        lines.insert(2, band)
    found = rows(tmp_path, HEAD + "\n".join(lines) + "\n\n附件：名单\n")
    assert [text for text, _, _ in found] == [row[0] for row in said]
    assert [len(units) for _, units, _ in found] == [1 + len(row[2].split("、") if row[2] else ()) for row in said]
    assert [bool(days) for _, _, days in found] == [True, True, True, True]


@pytest.mark.parametrize(
    "text",
    [
        "县林业局 县财政局 县教育局\n县水利局 县司法局 县公安局\n县残联 县妇联 县文联\n县总工会 县科协 县侨联\n",
        "县林业局  张三三  12345678\n县财政局  李四四  12345678\n县教育局  王五五  12345679\n",
    ],
    ids=["members", "telephones"],
)
def test_other_lines_with_blanks_are_no_rows_of_tasks(tmp_path: Path, text: str):
    assert rows(tmp_path, HEAD + text) == []


def test_labels_below_a_clause_are_no_cards(tmp_path):
    text = HEAD + "".join(
        f"{n}.{title}\n工作内容：{said}\n责任单位：县林业局\n"
        for n, title, said in [(1, "修缮塔楼", "修缮瞭望塔三座。"), (2, "清理火道", "清理防火道二十公里。")]
    )
    path = tmp_path / "paper.txt"
    path.write_text(text, "utf-8")
    assert [t.title for t in zl.extract(path).tasks] == ["1.修缮塔楼", "2.清理火道"]


def test_a_letterhead_with_gaps_is_no_table(tmp_path):
    head = "松岭县林业局          文件\n松林发〔2024〕3号     签发人：王小明\n\n"
    text = head + "松岭县林业局关于护林的通知\n\n一、修缮瞭望塔。（责任单位：县林业局）\n"
    found = rows(tmp_path, text)
    assert [u for _, u, _ in found] == [["r县林业局"]]


def test_a_heading_of_rows_that_ends_as_one_of_columns_does(tmp_path):
    head, *body = BAR_ROWS
    assert rows(tmp_path, HEAD + "\n".join([head, "突出重点领域 |", *body])) == [FIRST, SECOND]


def test_texts_that_end_with_who_answers_make_a_table_of_tasks(tmp_path):
    said = [
        "修缮瞭望塔三座。（县林业局、县财政局）",
        "清理防火道二十公里。（县应急局）",
        "招聘护林员十名。（县林业局）",
    ]
    text = "序号 | 工作任务 |\n" + "".join(f"{n} | {t} |\n" for n, t in enumerate(said, 1))
    assert [u for _, u, _ in rows(tmp_path, HEAD + text)] == [["r县林业局", "r县财政局"], ["r县应急局"], ["r县林业局"]]
    none = "序号 | 工作任务 |\n1 | 瞭望塔三座（旧） |\n2 | 防火道（新） |\n3 | 护林员（专职） |\n"
    assert rows(tmp_path, HEAD + none) == []


def test_units_of_a_matrix_without_marks_are_no_matrix(tmp_path):
    text = (
        "| 指标 | 县林业局 | 县水利局 | 县财政局 |\n| 造林（亩） | 1200 | 300 | 50 |\n| 护林员（名） | 80 | 20 | 5 |\n"
    )
    assert rows(tmp_path, HEAD + text) == []


# --- numbers that run on ---------------------------------------------------------------------------------------------


def test_the_likeliest_run_leaves_counts_out():
    said = [Candidate(1, 0), Candidate(3, 3), Candidate(2, 0), Candidate(25, 3), Candidate(3, 0), Candidate(4, 0)]
    assert best_run(said) == [0, 2, 4, 5]


def test_numbers_begin_anew_below_a_heading():
    said = [Candidate(1, 0), Candidate(2, 0), Candidate(1, 0, True), Candidate(2, 0)]
    assert best_run(said) == [0, 1, 2, 3]


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 4)), max_size=20), st.integers(0, 2))
def test_a_run_goes_up_or_begins_anew(numbers, gap):
    said = [Candidate(n, price) for n, price in numbers]
    run = best_run(said, gap)
    assert run == sorted(set(run))
    values = [said[n].value for n in run]
    assert all(b == 1 or 1 <= b - a <= gap + 1 for a, b in pairwise(values))


BANDS = [
    ["工作任务", "牵头单位", "完成时限"],
    ["（一）防火设施", "", ""],
    ["修缮东山瞭望塔三座，配齐望远镜。", "县林业局", "2024年6月底"],
    ["（二）林相改造", "", ""],
    ["清理防火道二十公里，补种树苗。", "县应急局", "2024年底前"],
]


@pytest.mark.parametrize(("between", "suffix"), [("\t", "txt"), (",", "csv"), (" | ", "md")])
def test_a_numbered_heading_alone_in_its_row_heads_the_rows_below(tmp_path: Path, between: str, suffix: str):
    lines = [between.join(row) for row in BANDS]
    if suffix == "md":
        lines = [f"| {line} |" for line in lines]
        lines.insert(1, "|---|---|---|")
    path = tmp_path / f"paper.{suffix}"
    path.write_text(("" if suffix == "csv" else HEAD) + "\n".join(lines) + "\n", "utf-8")
    tasks = zl.extract(path).tasks
    assert [(t.section, t.text, [u.name for u in t.units]) for t in tasks] == [
        (["（一）防火设施"], "修缮东山瞭望塔三座，配齐望远镜。", ["县林业局"]),
        (["（二）林相改造"], "清理防火道二十公里，补种树苗。", ["县应急局"]),
    ]


def test_tasks_that_are_numbered_themselves_are_no_headings(tmp_path: Path):
    rows = [
        "工作任务\t牵头单位",
        "（一）修缮东山瞭望塔三座\t县林业局",
        "（二）清理防火道二十公里\t",
        "（三）补种树苗\t县应急局",
    ]
    path = tmp_path / "paper.txt"
    path.write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    tasks = zl.extract(path).tasks
    assert [t.section for t in tasks] == [[], [], []]


def test_units_that_stand_before_the_texts_of_rows_run_together(tmp_path: Path):
    text = (
        "工 作 任 务牵头单位责 任 单 位工 作 要 求一、夯实基础（一）加强巡护"
        "1.做好瞭望塔修缮工作县林业局县财政局各乡镇人民政府全面修缮东山瞭望塔，配齐望远镜。2024年6月底前完成验收。"
        "2.推动防火道清理 县政府各部门、各直属单位，各乡镇人民政府对防火道逐一排查，补种树苗。"
        "3.建立巡护台账县林业局县直各有关部门2024年底前建立巡护台账，各级各部门要按月报送。\n"
    )
    path = tmp_path / "paper.txt"
    path.write_text(f"松岭县2024年防火工作任务分解表\n{text}", "utf-8")
    found = zl.extract(path).to_json()["tasks"]
    assert [t["title"] for t in found] == ["1.做好瞭望塔修缮工作", "2.推动防火道清理", "3.建立巡护台账"]
    assert [t["text"][:6] for t in found] == ["全面修缮东山", "对防火道逐一", "2024年底"]
    names = [[u["name"] for u in t["units"]] for t in found]
    assert names == [
        ["县林业局", "县财政局", "各乡镇人民政府"],
        ["县政府各部门", "各直属单位", "各乡镇人民政府"],
        ["县林业局", "县直各有关部门"],
    ]


def test_a_first_cell_of_several_paragraphs_whose_rows_end_with_bars(tmp_path: Path):
    text = (
        "工作任务 | 牵头单位 | 配合单位 | 完成时限 |\n"
        "修缮东山瞭望塔三座。\n配齐望远镜。\n每月检查一次。 | 县林业局 | 县财政局\n县水利局 | 2024年6月底 |\n"
        "清理防火道二十公里。\n补种树苗。 | 县应急局 | 县水利局 | 2024年底前 |\n"
    )
    found = rows(tmp_path, HEAD + text)
    assert [t for t, _, _ in found] == [
        "修缮东山瞭望塔三座。配齐望远镜。每月检查一次。",
        "清理防火道二十公里。补种树苗。",
    ]
    assert [len(u) for _, u, _ in found] == [3, 2]


def test_headings_in_two_rows_with_bars(tmp_path: Path):
    text = (
        "序号 | 工作任务 | 任务分工 | 任务分工 | 完成时限 |\n |  | 牵头单位 | 配合单位 |  |\n"
        + "\n".join(BAR_ROWS[1:])
        + "\n"
    )
    assert rows(tmp_path, HEAD + text) == [FIRST, SECOND]


def test_a_heading_of_two_lines_where_each_cell_has_one(tmp_path: Path):
    text = (
        "序号\n项目\n名称\n目标任务\n牵头单位\n责任单位\n完成时限\n"
        "1\n防火护林\n修缮东山瞭望塔三座，配齐望远镜。\n县林业局\n县财政局\n白渡镇\n人民政府\n6月底\n前\n"
        "2\n清理通道\n清理防火道二十公里，补种树苗。\n县应急局\n县水利局\n各乡镇人民政府\n2024年底前\n"
        "3\n巡护队伍\n招聘护林员四十名，逐村落实到人。\n县人社局\n县财政局\n县妇联\n9月底前\n"
    )
    path = tmp_path / "paper.txt"
    path.write_text(HEAD + text, "utf-8")
    found = zl.extract(path).tasks
    assert [t.title for t in found] == ["防火护林", "清理通道", "巡护队伍"]
    assert [[u.role[0] + u.name for u in t.units] for t in found] == [
        ["l县林业局", "r县财政局", "r白渡镇人民政府"],
        ["l县应急局", "r县水利局", "r各乡镇人民政府"],
        ["l县人社局", "r县财政局", "r县妇联"],
    ]


def test_a_last_heading_that_nobody_knows_and_what_stands_behind_the_rows_of_one_line(tmp_path: Path):
    text = (
        "序号 督办事项 存在问题 整改要求 责任单位 完成时间 挂牌颜色 "
        "1 东山瞭望塔 塔身锈蚀。 修缮瞭望塔三座，配齐望远镜。 县林业局、县财政局 6月底 红牌 "
        "2 白渡小学 通道堵塞。 清理防火道二十公里，补种树苗。 县应急局、县教育局 验收后5个工作日 黄牌 "
        "3 巡护队伍 人员不足。 招聘护林员四十名，逐村落实到人。 县人社局 长期 蓝牌 "
        "联系人：办公室 李大山，电话：0999-1234567。 松岭县林业局 2024年5月6日\n"
    )
    path = tmp_path / "paper.txt"
    path.write_text(HEAD + text, "utf-8")
    record = zl.extract(path)
    assert [t.title for t in record.tasks] == ["东山瞭望塔", "白渡小学", "巡护队伍"]
    assert [[d.kind for d in t.deadlines] for t in record.tasks] == [["date"], ["relative"], ["ongoing"]]
    assert (record.document.issuer, record.document.date) == ("松岭县林业局", "2024-05-06")


def test_the_number_of_a_page_in_a_cell_of_tabs(tmp_path: Path):
    text = (
        "序号\t工作任务\t牵头单位\t配合单位\t完成时限\n"
        "1\t修缮东山瞭望塔三座，配齐望远镜。\t县林业局\t县财政局\t2024年6月底\n"
        "\t\t\t第 1 页，共 2 页\t\n"
        "2\t清理防火道二十公里，补种树苗。\t县应急局\t县水利局\t2024年底前\n"
    )
    assert rows(tmp_path, HEAD + text) == [FIRST, SECOND]


#: section, text, units, day as printed; the sections are the cells of a narrow column over one or two rows
BROKEN = [
    (
        "一、守住林区火情",
        "1.修缮瞭望塔3座，配齐望远镜和对讲机，夏季前逐塔演练一次，演练情况通报各乡镇人民政府。",
        "县林业局、县财政局",
        "6月底前",
        "2024-06-30",
    ),
    (
        "",
        "2.清理防火道20公里，对沿线枯枝落叶全部运出，补种阔叶树苗，成活率达到90%以上。",
        "县应急管理局，各乡镇人民政府",
        "11月底前",
        "2024-11-30",
    ),
    (
        "二、管好进山路口",
        "3.在主要进山路口设置检查站，登记车辆和人员，收缴火种，检查站实行两班轮换值守。",
        "县林业局、县公安局",
        "9月底前",
        "2024-09-30",
    ),
    (
        "三、办实护林课堂",
        "4.把护林知识编入校本教材，每所学校配备1名以上校外辅导员，组织学生参加义务植树。",
        "县教育体育局、县林业局",
        "10月底前",
        "2024-10-31",
    ),
]


@pytest.mark.parametrize("wide", [13, 15, 18])
@pytest.mark.parametrize("narrow", [4, 5, 6])
def test_cells_broken_at_the_edges_of_their_columns(tmp_path: Path, wide: int, narrow: int):
    def broken(text: str, width: int) -> list[str]:
        """Lines as a page has them: a letter is half as wide as a character, no line begins with a mark."""
        lines, size = [""], 0.0
        for letter in text:
            size += 0.5 if letter.isascii() else 1
            if size > width and letter not in "，。、":
                lines.append("")
                size = 0.5 if letter.isascii() else 1
            lines[-1] += letter
        return lines

    lines = ["工作任务 具体要求 责任单位 完成时间"]
    for section, text, units, day, _ in BROKEN:
        lines += [*broken(section, narrow), *broken(text, wide), *broken(units, 8), day]
    path = tmp_path / "paper.txt"
    path.write_text(HEAD + "\n".join(lines) + "\n松岭县林业局办公室 2024年3月15日印发\n", "utf-8")
    section = ""
    right = []
    for row in BROKEN:
        section = row[0] or section
        right.append((section, row[1], row[2].replace("，", "、").split("、"), row[4]))
    found = [
        (t.title, "".join(t.text.split()), [u.name for u in t.units], t.deadlines[-1].end)
        for t in zl.extract(path).tasks
    ]
    assert found == right


def test_a_heading_whose_bracket_is_closed_on_the_next_line(tmp_path: Path):
    text = (
        "序号\n责任单位（列第一位的为\n牵头单位）\n工作任务\n完成时限\n"
        "1\n县林业局、县财政局\n修缮东山瞭望塔三座，配齐望远镜。\n2024年6月底\n"
        "2\n县应急局、县水利局\n清理防火道二十公里，补种树苗。\n2024年底前\n"
    )
    found = rows(tmp_path, HEAD + text)
    assert [(t, [name[1:] for name in u], d) for t, u, d in found] == [
        (t, [name[1:] for name in u], d) for t, u, d in (FIRST, SECOND)
    ]


def test_chapters_in_two_words_between_rows_by_blanks(tmp_path: Path):
    text = (
        "具体任务 时间节点 牵头单位 配合单位\n第一部分 夯实基础\n"
        "修缮东山瞭望塔三座，配齐望远镜。 2024年6月底 县林业局 县财政局\n第二部分 清理通道\n"
        "清理防火道二十公里，补种树苗。 2024年底前 县应急局 县水利局\n"
    )
    assert rows(tmp_path, HEAD + text) == [FIRST, SECOND]


def test_empty_lines_part_cells_whose_lines_are_broken(tmp_path: Path):
    """A merged cell of names is left out: what is broken within a cell has no empty line in it."""
    text = (
        "序\n号\n\n任务名称\n\n具体内容\n\n牵头单位\n\n配合单位\n\n完成\n时限\n\n一、守护山林\n1\n\n守望林区\n安全\n\n"
        "修缮东山瞭望塔三座，配齐望远\n镜。\n\n县林业局\n\n县财政局\n\n2024年6\n月底\n\n2\n\n清理防火道二十公里，补种树苗，\n共6000株。\n\n"
        "县应急局\n\n县水利局\n\n2024年\n底前\n\n3\n\n抓好林区快\n检\n\n每个林区设立快检室。\n\n县林业局\n\n无\n\n2024年5\n月1日前\n"
    )
    path = tmp_path / "paper.txt"
    path.write_text(HEAD + text, "utf-8")
    assert [
        (t.title, "".join(t.text.split()), [u.name for u in t.units], [d.end for d in t.deadlines])
        for t in zl.extract(path).tasks
    ] == [
        ("守望林区安全", "修缮东山瞭望塔三座，配齐望远镜。", ["县林业局", "县财政局"], ["2024-06-30"]),
        ("守望林区安全", "清理防火道二十公里，补种树苗，共6000株。", ["县应急局", "县水利局"], ["2024-12-31"]),
        ("抓好林区快检", "每个林区设立快检室。", ["县林业局"], ["2024-05-01"]),
    ]


def found_in(tmp_path: Path, text: str) -> list[tuple[str | None, str, list[str]]]:
    path = tmp_path / "paper.txt"
    path.write_text(HEAD + text, "utf-8")
    return [(t.title, "".join(t.text.split()), [u.role[0] + u.name for u in t.units]) for t in zl.extract(path).tasks]


def test_titles_of_one_length_run_together_with_their_texts(tmp_path: Path):
    """Behind the branch of a bank another unit begins; 农 is no person's name there."""
    text = (
        "序号工作任务主要措施责任单位配合部门完成时限1做好巡护准备完成12个哨卡修缮，配齐望远镜，确保防火期达到要求。县林业局"
        "县应急局5月25日前2落实护林资金积极对接农业银行，足额拨付补助，杜绝拖欠。农发行松岭县支行县财政局、县林业局5月底前"
        "3严格用火管理严格执行野外用火审批，做到逐户登记、逐片巡查。县林业局县公安局6月—9月4强化执法检查查处违法用火、盗伐林木等行为。"
        "县公安局县林业局长期坚持\n"
    )
    assert found_in(tmp_path, text) == [
        ("做好巡护准备", "完成12个哨卡修缮，配齐望远镜，确保防火期达到要求。", ["l县林业局", "s县应急局"]),
        ("落实护林资金", "积极对接农业银行，足额拨付补助，杜绝拖欠。", ["l农发行松岭县支行", "s县财政局", "s县林业局"]),
        ("严格用火管理", "严格执行野外用火审批，做到逐户登记、逐片巡查。", ["l县林业局", "s县公安局"]),
        ("强化执法检查", "查处违法用火、盗伐林木等行为。", ["l县公安局", "s县林业局"]),
    ]


def test_a_column_of_progress_and_one_of_the_aim_of_the_year(tmp_path: Path):
    text = (
        "类别 | 实事内容 | 年度目标 | 责任单位 | 分管领导 | 截至9月底进展情况 |\n"
        "守护山林 | 修缮瞭望塔 | 修缮瞭望塔三座，配齐望远镜。 | 县林业局（牵头）、县财政局 | 王小明 | "
        "已完成两座，其中一座8月底前完工。 |\n"
        "清理防火通道 | 清理防火道二十公里，补种树苗。 | 县应急局 | 王小明 | 已清理十二公里。 |\n"
    )
    assert found_in(tmp_path, text) == [
        ("修缮瞭望塔", "修缮瞭望塔三座，配齐望远镜。", ["l县林业局", "r县财政局"]),
        ("清理防火通道", "清理防火道二十公里，补种树苗。", ["r县应急局"]),
    ]


@pytest.mark.parametrize("head", ["主办单位", "主办科室", "主责单位", "责任单位"])
def test_who_is_host_leads_where_another_one_helps(tmp_path: Path, head: str):
    text = (
        f"序号\t工作任务\t{head}\t协办单位\n1\t修缮东山瞭望塔三座，配齐望远镜。\t县林业局\t县财政局\n"
        "2\t清理防火道二十公里，补种树苗。\t县应急局\t—\n"
    )
    assert [units for _, _, units in found_in(tmp_path, text)] == [["l县林业局", "s县财政局"], ["r县应急局"]]


def test_the_heading_of_the_numbers_has_others_between_its_halves(tmp_path: Path):
    """Cells are broken over lines without any between them; what fills the column of texts goes on."""
    text = (
        "序\n重点任务\n号\n工作举措\n主办单位\n协办单位\n完成期限\n1\n修缮瞭望设施\n修缮东山、西山、北山瞭望塔各一座，配齐\n"
        "望远镜和通讯设备，更新标识牌120块。\n县林业局\n各镇人民政\n府、街道办\n事处\n2024年6月\n30日前\n2\n清理防火通道\n"
        "清理防火道二十公里，补种树苗，清除沿线\n枯枝落叶并集中处理。\n县应急局\n县水利局\n2024年\n底前\n3\n"
        "清理道路两侧可燃物和违章搭建，做到隐患\n整改到位。\n县公安局\n县林业局\n2024年8月\n底前\n4\n落实管护责任\n"
        "按照护林的规定与管护责任单位签订责任书\n，签订率100%。\n各镇人民政\n府\n县林业局\n2024年5月\n底前\n5\n"
        "打击违法行为\n开展打击违法用火、盗伐林木的专项执法行动\n，线索及时移送。\n县公安局\n县林业局等\n长期坚持\n"
    )
    assert found_in(tmp_path, text) == [
        (
            "修缮瞭望设施",
            "修缮东山、西山、北山瞭望塔各一座，配齐望远镜和通讯设备，更新标识牌120块。",
            ["l县林业局", "s各镇人民政府", "s街道办事处"],
        ),
        ("清理防火通道", "清理防火道二十公里，补种树苗，清除沿线枯枝落叶并集中处理。", ["l县应急局", "s县水利局"]),
        ("清理防火通道", "清理道路两侧可燃物和违章搭建，做到隐患整改到位。", ["l县公安局", "s县林业局"]),
        ("落实管护责任", "按照护林的规定与管护责任单位签订责任书，签订率100%。", ["l各镇人民政府", "s县林业局"]),
        ("打击违法行为", "开展打击违法用火、盗伐林木的专项执法行动，线索及时移送。", ["l县公安局", "s县林业局"]),
    ]


def test_one_blank_parts_columns_where_the_left_one_is_full(tmp_path: Path):
    """Widths are those of the characters as they stand there; a day that a line breaks is read."""
    text = (
        " 序号  工作任务        年度目标                           序时进度                      牵头单位  责任单位\n\n"
        "                       修缮东山瞭望塔三座，配齐望远镜，   一季度：完成招标；二季度：完\n"
        " 1     修缮瞭望塔      4月底前完成东山一座，5月20日       成两座；三季度：全部完成验收； 县林业局  县财政局\n"
        "                       前完成其余两座。                   四季度：总结。\n\n"
        " 2     清理防火道      清理防火道二十公里，补种树苗。     二季度：完成；四季度：验收。  县应急局  县水利局\n\n"
    )
    assert found_in(tmp_path, text) == [
        (
            "修缮瞭望塔",
            "修缮东山瞭望塔三座，配齐望远镜，4月底前完成东山一座，5月20日前完成其余两座。",
            ["l县林业局", "r县财政局"],
        ),
        ("清理防火道", "清理防火道二十公里，补种树苗。", ["l县应急局", "r县水利局"]),
    ]
    limits = [d.text for d in zl.extract(tmp_path / "paper.txt").tasks[0].deadlines]
    assert [t.replace("\n", "") for t in limits[:2]] == ["4月底前", "5月20日前"]


def test_quoted_cells_with_lines_show_rows_without_headings(tmp_path: Path):
    text = (
        '一、守护山林\n1\t修缮瞭望塔\t修缮东山瞭望塔三座，配齐望远镜。\t"●县林业局\n●县财政局"\n二、清理通道\n'
        '2\t清理防火道\t清理防火道二十公里，补种树苗。\t"●县应急局\n●县水利局\n●各乡镇"\n'
        '3\t\t沿线设置标识牌120块，更新警示标语。\t"●县公安局\n●县林业局"\n'
    )
    assert found_in(tmp_path, text) == [
        ("修缮瞭望塔", "修缮东山瞭望塔三座，配齐望远镜。", ["r县林业局", "r县财政局"]),
        ("清理防火道", "清理防火道二十公里，补种树苗。", ["r县应急局", "r县水利局", "r各乡镇"]),
        ("清理防火道", "沿线设置标识牌120块，更新警示标语。", ["r县公安局", "r县林业局"]),
    ]


def test_headings_broken_over_lines_with_two_on_the_first(tmp_path: Path):
    text = (
        "序号 | 目标\n任务 | 责任\n单位及责任人 | 完成\n期限（2024年） |\n一、守护山林 |\n"
        "１ | 修缮东山瞭望塔三座，配齐望远镜。 | 县林业局 王小明 | ６月底 |\n"
        "２ | 清理防火道二十公里，补种树苗。\n各乡镇要落实人员。 | 县应急局 李大山 | １２月 |\n"
    )
    assert found_in(tmp_path, text) == [
        (None, "修缮东山瞭望塔三座，配齐望远镜。", ["r县林业局"]),
        (None, "清理防火道二十公里，补种树苗。各乡镇要落实人员。", ["r县应急局"]),
    ]


def test_the_aim_far_from_the_work_is_no_text(tmp_path: Path):
    text = (
        "任务清单 责任分工 预期目标 修缮东山瞭望塔三座，配齐望远镜。 牵头单位：县林业局；责任单位：县财政局 "
        "覆盖率达到95%以上 "
        "清理防火道二十公里，补种树苗。 牵头单位：县应急局；责任单位：县水利局 群众满意度明显提高 "
        "沿线设置标识牌120块，更新警示标语。 牵头单位：县公安局；责任单位：各乡镇 完成率100%\n"
    )
    assert [units for _, _, units in found_in(tmp_path, text)] == [
        ["l县林业局", "r县财政局"],
        ["l县应急局", "r县水利局"],
        ["l县公安局", "r各乡镇"],
    ]


#: Units of a row run together with nothing, or only ; between them; and the number of a row before a time.
GLUED = {
    "sections of an office": (
        "序号工作任务牵头单位配合单位1修缮东山、西山瞭望塔三座，配齐望远镜和对讲机，建立值守制度。督查科宣传科、局属各单位2清理防火道二十公里，补种树苗，清除沿线可燃物。"
        "人事股信息中心、业务科3沿线设置标识牌，更新警示标语，组织宣讲二十场。规划科法规科、各科室\n",
        [["l督查科", "s宣传科", "s局属各单位"], ["l人事股", "s信息中心", "s业务科"], ["l规划科", "s法规科", "s各科室"]],
    ),
    "semicolons": (
        "序号工作任务牵头单位责任单位配合单位1修缮东山、西山瞭望塔三座，配齐望远镜和对讲机，建立值守制度。县林业局县财政局；县水利局县公安局；各乡镇"
        "2清理防火道二十公里，补种树苗，清除沿线可燃物。县应急局县水利局县住建局；县教育局3沿线设置标识牌，更新警示标语，组织宣讲二十场。县公安局县林业局县司法局\n",
        [
            ["l县林业局", "r县财政局", "r县水利局", "s县公安局", "s各乡镇"],
            ["l县应急局", "r县水利局", "s县住建局", "s县教育局"],
            ["l县公安局", "r县林业局", "s县司法局"],
        ],
    ),
    "villages": (
        "序号工作任务牵头单位配合单位1修缮东山、西山瞭望塔三座，配齐望远镜和对讲机，建立值守制度。镇林业站镇党政办、各行政村2清理防火道二十公里，补种树苗，清除沿线可燃物。"
        "镇综合执法队镇农业服务中心、各行政村3沿线设置标识牌，更新警示标语，组织宣讲二十场。镇党政办镇林业站、各村（居）\n",
        [
            ["l镇林业站", "s镇党政办", "s各行政村"],
            ["l镇综合执法队", "s镇农业服务中心", "s各行政村"],
            ["l镇党政办", "s镇林业站", "s各村（居）"],
        ],
    ),
    "a number before a month": (
        "序号工作任务牵头单位配合单位一、守护山林15月底前，修缮东山、西山瞭望塔三座，配齐望远镜和对讲机。县林业局县财政局2清理防火道二十公里，补种树苗，清除沿线可燃物。"
        "县应急局县水利局32024年3月底前，更新警示标语，组织宣讲二十场。县公安局县司法局\n",
        [["l县林业局", "s县财政局"], ["l县应急局", "s县水利局"], ["l县公安局", "s县司法局"]],
    ),
}


@pytest.mark.parametrize("name", GLUED)
def test_units_run_together(tmp_path: Path, name: str):
    text, units = GLUED[name]
    assert [u for _, _, u in found_in(tmp_path, text)] == units


def test_a_column_of_texts_under_a_heading_of_tasks(tmp_path: Path):
    """Names of the tasks stand under a heading of texts, rows are short of a merged cell."""
    text = (
        "领域 | 序号 | 重点举措 | 任务分解 | 负责部门 | 目前进展 | 备注 |\n"
        "一、守护山林 | 1 | 修缮瞭望塔 | 修缮东山瞭望塔三座，配齐望远镜。 | 县林业局 | 正在有序推进 | 续建 |\n"
        "2 | 清理防火道 | 清理防火道二十公里，补种树苗。 | 县应急局 | 已完成一半 | 新建 |\n"
        "二、加强宣传 | 3 | 设置标识牌 | 沿线设置标识牌，更新警示标语。 | 县公安局 | 正在有序推进 | 续建 |\n"
        "4 | 开展宣讲 | 组织宣讲二十场，发放手册。 | 县司法局 | 已完成一半 | 新建 |\n"
    )
    assert found_in(tmp_path, text) == [
        ("修缮瞭望塔", "修缮东山瞭望塔三座，配齐望远镜。", ["r县林业局"]),
        ("清理防火道", "清理防火道二十公里，补种树苗。", ["r县应急局"]),
        ("设置标识牌", "沿线设置标识牌，更新警示标语。", ["r县公安局"]),
        ("开展宣讲", "组织宣讲二十场，发放手册。", ["r县司法局"]),
    ]


def test_a_name_broken_before_the_seat_of_a_government_ends_no_table(tmp_path: Path):
    text = (
        "序号\n工作任务\n责任单位\n完成时限\n1\n修缮东山瞭望塔三座，配齐望远镜。\n市林业局、各县（\n市、区）人民政府\n2024年6月\n2\n"
        "清理防火道二十公里，补种树苗。\n市应急局、各县\n（市、区）人民政府\n2024年10月底前\n3\n"
        "沿线设置标识牌，更新警示标语。\n市公安局、市司法局\n长期坚持\n"
    )
    assert [units for _, _, units in found_in(tmp_path, text)] == [
        ["r市林业局", "r各县（市、区）人民政府"],
        ["r市应急局", "r各县（市、区）人民政府"],
        ["r市公安局", "r市司法局"],
    ]


def test_a_page_ends_between_cells_apart_by_empty_lines(tmp_path: Path):
    rows = [
        ("修缮东山瞭望塔三座，配齐望远镜。", "6月底", "县林业局", "县财政局"),
        ("清理防火道二十公里，补种树苗。", "8月底", "县应急局", "县水利局"),
        ("沿线设置标识牌，更新警示标语。", "9月底", "县公安局", "县司法局"),
        ("组织宣讲二十场，发放手册。", "年底前", "县司法局", "各乡镇"),
    ]
    cells = ["序号", "工作任务", "完成时限", "牵头单位", "配合单位"]
    for n, (task, day, lead, support) in enumerate(rows, 1):
        cells += [str(n), task, day + ("\n第 2 页" if n == 3 else ""), lead, support]
    found = found_in(tmp_path, "\n\n".join(cells).replace("第 2 页\n\n", "\n第 2 页\n") + "\n")
    assert [units for _, _, units in found] == [[f"l{r[2]}", f"s{r[3]}"] for r in rows]


@pytest.mark.parametrize("limit", ["年底前", "长期坚持", "全年", "年内", "每季度", "十月底"])
@pytest.mark.parametrize("between", ["\t", " | "])
def test_a_limit_beside_a_telephone_is_no_name(tmp_path: Path, limit: str, between: str):
    rows_ = [
        ["工作任务", "责任单位", "完成时限", "联系电话"],
        ["修缮东山瞭望塔三座，配齐望远镜。", "县林业局", limit, "0999-8132428"],
        ["清理防火道二十公里，补种树苗。", "县应急局", limit, "0999-8524618"],
    ]
    path = tmp_path / "paper.txt"
    path.write_text(HEAD + "\n".join(between.join(row) for row in rows_) + "\n", "utf-8")
    assert [[d.text for d in t.deadlines] for t in zl.extract(path).tasks] == [[limit], [limit]]
    assert "8132428" not in zl.extract(path).dumps()


def test_what_a_site_has_below_a_page_is_no_row(tmp_path: Path):
    row = "{0} | 修缮第{0}座瞭望塔，配齐望远镜。 | 县林业局 | 6月底前 |\n"
    table = "序号 | 工作任务 | 责任单位 | 完成时限 |\n" + "".join(row.format(n) for n in (1, 2, 3))
    assert len(rows(tmp_path, HEAD + table + "打印本页 | 关闭窗口 |\n")) == 3


class _Counted(list):
    """A list that counts how often it is gone through."""

    times = 0

    def __iter__(self):
        self.times += 1
        return super().__iter__()


def test_a_long_table_is_not_gone_through_once_a_row():
    source = "修缮东山瞭望塔三座并配齐望远镜"
    times = []
    for height in (20, 200):
        cells = _Counted(Field(r, c, [(c, c + 1 + r % 9)]) for r in range(height) for c in range(6))
        rearranged(Grid(cells, 6, 1), source, cell_words(shapes_of(Lexicon.load())))
        times.append(cells.times)
    assert times[0] == times[1]
