"""Tables step by step: what a cell looks like, what columns hold, how atoms become rows; and the same facts in several
flattenings give the same rows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zhengling.extractors.layout.atoms import BAR_END, LINE, NOTHING, Atom, mark_numbers
from zhengling.extractors.layout.column_headings import inside, on_line
from zhengling.extractors.layout.columns import is_work, kinds_of
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.layout.segmentation import BAR_CELLS, CELL_LINES, TIGHT, decode
from zhengling.extractors.pipeline import extract_paper
from zhengling.extractors.readers.content import Content
from zhengling.extractors.words.cells import CellWords
from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.extractors.words.unit_shapes import shapes_of

WORDS = CellWords(shapes_of(Lexicon.load()))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("12", "number"),
        ("/", "nobody"),
        ("一、完善设施", "chapter"),
        ("县水利局、各乡镇人民政府", "units"),
        ("迁建县政务服务中心", "maybe"),
        ("王小明", "person"),
        ("2024年6月底前", "time"),
        ("长期坚持", "time"),
        ("修缮泵站三座，疏浚河道五公里。", "sentence"),
        ("《河道管理条例》", "basis"),
        ("0999-2345678", "phone"),
        ("12000", "money"),
    ],
)
def test_what_a_cell_looks_like(text: str, kind: str):
    assert WORDS.look(fold(text)).kind == kind


WORK = ["修缮泵站三座，确保汛期运行。", "疏浚河道五公里，清理沿岸垃圾。"]
UNITS = ["县水利局", "县住建局、县财政局"]


@pytest.mark.parametrize(
    ("heads", "cells", "kinds"),
    [
        (["序号", "怎么做", "谁来做"], [["1", "2"], WORK, UNITS], ["number", "text", "responsible"]),
        ([None, None, None], [WORK, UNITS, ["6月底前", "年底前"]], ["text", "responsible", "deadline"]),
        (
            ["工作任务", "年度目标", "责任单位"],
            [["泵站修缮", "河道疏浚"], WORK, UNITS],
            ["task", "text", "responsible"],
        ),
        (["任务", "谁管", "责任单位"], [WORK, ["王小明", "李大山"], UNITS], ["task", "person", "responsible"]),
        (["相关部门", "职责分工"], [UNITS, WORK], ["responsible", "text"]),
    ],
)
def test_columns_are_known_by_headings_and_cells(heads, cells, kinds):
    assert kinds_of(heads, cells, WORDS) == kinds
    assert is_work(kinds)


def test_tables_of_projects_and_indicators_are_none_of_work():
    assert not is_work(["number", "nowork", "nowork", "money", "responsible"])
    assert not is_work(["nowork", "responsible"][:1])


def test_headings_run_together_or_inside_a_line():
    assert [k for _, _, k in on_line("序 号 工作任务 责任单位 完成时限", WORDS)] == [
        "number",
        "task",
        "responsible",
        "deadline",
    ]
    found = inside("附件任务分解表序号工作任务区政府分管领导牵头单位配合单位1修缮泵站三座。")
    assert found is not None
    assert [k for _, _, k in found[2]] == ["number", "task", "person", "lead", "support"]
    found = inside("序号整治任务责任单位完成时限1修缮泵站三座。")
    assert found is not None
    assert [k for _, _, k in found[2]] == ["number", "task", "responsible", "deadline"]


def rows(texts: list[str], kinds: list[str], form, joint: str) -> list[list[tuple[int | None, str]]]:
    atoms = [Atom(0, 0, fold(t), joint, alone=joint != NOTHING) for t in texts]
    mark_numbers(atoms, "number" in kinds)
    out: dict[int, list[tuple[int | None, str]]] = {}
    for cell in decode(atoms, kinds, form, WORDS).cells:
        out.setdefault(cell.row, []).append((cell.column, "".join(texts[cell.first : cell.last])))
    return list(out.values())


@pytest.mark.parametrize(("form", "joint"), [(CELL_LINES, LINE), (BAR_CELLS, BAR_END), (TIGHT, NOTHING)])
def test_a_dropped_cell_moves_no_other(form, joint):
    """The group's name stands once; a leader's name is no unit, the unit no text."""
    texts = ["一、水利", WORK[0], "县水利局", "王小明", WORK[1], "县住建局", "李大山"]
    assert rows(texts, ["section", "text", "responsible", "person"], form, joint)[-1] == [
        (1, WORK[1]),
        (2, "县住建局"),
        (3, "李大山"),
    ]


def test_a_reading_that_could_be_another_is_doubtful():
    texts = [WORK[0], "县水利局", "县住建局", WORK[1], "县财政局"]
    atoms = [Atom(0, 0, fold(t), NOTHING) for t in texts]
    read = decode(atoms, ["text", "lead", "responsible"], TIGHT, WORDS)
    assert read.doubtful == {1}  # who of the two columns the only unit of the second row stands in


VERBS = ["修缮", "疏浚", "新建", "改造", "巡查"]
THINGS = ["泵站三座", "河道五公里", "管网两千米", "水库大坝一处", "灌区渠道六条"]
ENDS = ["确保汛期安全运行", "方便群众生产生活", "群众得到实惠"]
OFFICES = ["县水利局", "县住建局", "县财政局", "县教育局", "县公安局", "县民政局"]
LIMITS = ["2024年6月底前", "2024年12月底前", "2024年9月30日前"]

facts = st.lists(
    st.tuples(
        st.builds("{}{}，{}。".format, st.sampled_from(VERBS), st.sampled_from(THINGS), st.sampled_from(ENDS)),
        st.lists(st.sampled_from(OFFICES), min_size=1, max_size=3, unique=True),
        st.sampled_from(LIMITS),
    ),
    min_size=3,
    max_size=6,
    unique_by=lambda fact: fact[0],
)
HEADS = ["序号", "工作任务", "责任单位", "完成时限"]
FLAT = {
    "bars": lambda table: "\n".join(" | ".join(row) + " |" for row in table),
    "tabs": lambda table: "\n".join("\t".join(row) for row in table),
    "a cell a line": lambda table: "\n".join(cell for row in table for cell in row),
    "cell, bar, cell": lambda table: "\n".join(f"{cell}\n|" for row in table for cell in row),
    "bar at the line's end": lambda table: "\n".join(f"{cell} |" for row in table for cell in row),
    "blanks": lambda table: "\n".join(" ".join(row) for row in table),
    "one line": lambda table: " ".join(cell for row in table for cell in row),
}


@settings(max_examples=5, deadline=None)
@given(facts)
def test_the_same_facts_in_any_flattening_give_the_same_rows(drawn):
    table = [HEADS, *([str(n), text, "、".join(units), limit] for n, (text, units, limit) in enumerate(drawn, 1))]
    right = [(text, units, limit) for text, units, limit in drawn]
    for name, flatten in FLAT.items():
        source = f"岚川县2024年水利重点任务分解表\n{flatten(table)}\n"
        tasks = extract_paper(lay_out(Content(source=source))).tasks
        found = [(t.text, [u.name for u in t.units], "".join(d.text for d in t.deadlines)) for t in tasks]
        assert found == right, name


@pytest.mark.parametrize(
    ("heading", "role"), [("实施单位", "responsible"), ("承办科室", "responsible"), ("责任单位", "lead")]
)
def test_who_carries_out_a_row_leads_nobody_beside_who_guides(heading: str, role: str):
    source = (
        f"岚川县2024年水利重点任务分解表\n工作任务 | {heading} | 指导单位 | 完成时限 |\n"
        "修缮东山泵站三座，配齐备用电源。 | 县水利局 | 县应急局 | 6月底前 |\n"
        "清理排洪渠二十公里，补种护坡草皮。 | 县城管局 | 县林业局 | 9月底前 |\n"
    )
    tasks = extract_paper(lay_out(Content(source=source))).tasks
    assert [[(u.name, u.role) for u in t.units] for t in tasks] == [
        [("县水利局", role), ("县应急局", "support")],
        [("县城管局", role), ("县林业局", "support")],
    ]


def _rows(source: str) -> list[tuple[str | None, str, list[str], list[str]]]:
    tasks = extract_paper(lay_out(Content(source=f"岚川县2024年水利重点任务分解表\n{source}"))).tasks
    return [(t.title, t.text, [u.name for u in t.units], [d.text for d in t.deadlines]) for t in tasks]


def test_a_row_that_a_page_cut_is_one_below_the_headings_again():
    heads = "| 序号 | 任务 | 措施 | 责任单位 | 完成时限 |\n"
    rows = (
        f"{heads}| 1 | 修渠 | 修补渠道三公里。 | 县水利局 | 6月底前 |\n"
        "| 2 | 清淤 | 清理河道淤泥，逐段登记造册，实行 |  |  |\n"
    )
    rest = (
        f"第 1 页 共 2 页\n{heads}|  |  | 挂牌销号管理。 | 县城管局 | 9月底前 |\n"
        "| 3 | 补种 | 补种护坡草皮。 | 县林业局 | 年底前 |\n"
    )
    assert _rows(rows + rest) == [
        ("修渠", "修补渠道三公里。", ["县水利局"], ["6月底前"]),
        ("清淤", "清理河道淤泥，逐段登记造册，实行挂牌销号管理。", ["县城管局"], ["9月底前"]),
        ("补种", "补种护坡草皮。", ["县林业局"], ["年底前"]),
    ]
    # A row of its own that shares the task above breaks nothing off there.
    own = rest.replace("挂牌销号管理。", "设立公示牌十二块。")
    whole = rows.replace("实行 |  |  |", "定期通报。 | 县水利局 | 8月底前 |")
    assert [text for _, text, _, _ in _rows(whole + own)][1:3] == [
        "清理河道淤泥，逐段登记造册，定期通报。",
        "设立公示牌十二块。",
    ]


@pytest.mark.parametrize("end", ["；", "。"])
def test_the_fields_of_a_card_may_stand_on_one_line(end: str):
    found = _rows(
        f"整治内容：加固塘坝三座，配齐备用电源{end}责任单位：县水利局{end}完成时限：6月底前。\n"
        f"整治内容：疏通排洪渠二十公里{end}责任单位：县城管局、各乡镇人民政府{end}完成时限：9月底前。\n"
    )
    assert [(text.rstrip("；。"), units, limits) for _, text, units, limits in found] == [
        ("加固塘坝三座，配齐备用电源", ["县水利局"], ["6月底前"]),
        ("疏通排洪渠二十公里", ["县城管局", "各乡镇人民政府"], ["9月底前"]),
    ]


def test_a_rhythm_that_a_cell_of_limits_begins_with_is_one_whatever_is_done_in_it():
    heads = "工作任务 | 成员单位 | 时间节点 |\n"
    found = _rows(f"{heads}推出集成服务十五项。 | 县水利局 | 每季度推出一批 |\n修缮泵站三座。 | 县城管局 | 6月底前 |\n")
    assert [(units, limits) for _, _, units, limits in found] == [
        (["县水利局"], ["每季度"]),
        (["县城管局"], ["6月底前"]),
    ]
