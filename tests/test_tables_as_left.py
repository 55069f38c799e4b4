"""Tables as programs and pages leave them, kind by kind: what tells rows and cells there. Places are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
import zhengling as zl

TITLE = "松岭县2024年护林任务分解表\n\n"
TEXTS = (
    "修缮东山瞭望塔三座，配齐望远镜。",
    "清理防火道二十公里，补种树苗。",
    "沿线设置标识牌，更新警示标语。",
    "组织宣讲二十场，发放手册。",
)
UNITS = ("县林业局", "县应急局", "县公安局", "县司法局")


def read(tmp_path: Path, text: str) -> zl.Record:
    path = tmp_path / "paper.txt"
    path.write_text(text, "utf-8")
    return zl.extract(path)


def rows(tmp_path: Path, text: str) -> list[tuple[str, list[str]]]:
    return [("".join(t.text.split()), [u.role[0] + u.name for u in t.units]) for t in read(tmp_path, text).tasks]


def lines_of(cells: list[tuple[int, str]], wide: int) -> str:
    """Cells on a line, each at its place, where a full character is so wide."""
    out, at = "", 0
    for place, text in cells:
        out += " " * (place - at) + text
        at = place + sum(wide if ord(c) > 127 else 1 for c in text)
    return out


@pytest.mark.parametrize("wide", [1, 2], ids=["as wide as a letter", "as wide as two"])
def test_columns_are_aligned_by_whatever_width_a_program_counts(tmp_path: Path, wide: int):
    """Cells stand in the middle of their rows, and names are broken over lines."""
    text = [
        lines_of([(0, "重点任务"), (15 * wide, "具体内容"), (40 * wide, "责任单位"), (55 * wide, "完成时间")], wide)
    ]
    for n, (said, unit) in enumerate(zip(TEXTS, UNITS, strict=True), 1):
        first, second, third = said[:6], said[6:12], said[12:]
        text += ["", lines_of([(15 * wide, "各单位组织人员"), (40 * wide, f"{unit}、县人力")], wide)]
        text += [lines_of([(0, f"{n}.守护山林"), (15 * wide, first + second), (55 * wide, "2024年6月底前")], wide)]
        text += [lines_of([(15 * wide, third), (40 * wide, "资源社会保障局")], wide)]
    found = rows(tmp_path, TITLE + "\n".join(text) + "\n")
    assert [t for t, _ in found] == [f"各单位组织人员{t}" for t in TEXTS]
    assert [units for _, units in found] == [[f"r{u}", "r县人力资源社会保障局"] for u in UNITS]


def test_a_chapter_set_in_as_a_paragraph_is_no_line_of_the_cell_above(tmp_path: Path):
    heads = lines_of([(0, "序号"), (6, "工作任务"), (50, "责任单位")], 2)
    text = ""
    for chapter, pairs in (("一、守护山林", (0, 1)), ("二、强化保障", (2, 3))):
        text += f"　　{chapter}\n\n{heads}\n\n"
        for n, at in enumerate(pairs, 1):
            text += lines_of([(0, str(n)), (6, TEXTS[at][:12]), (50, UNITS[at])], 2) + "\n"
            text += lines_of([(6, TEXTS[at][12:])], 2) + "\n\n"
    record = read(tmp_path, TITLE + text + "相关解读\n")
    assert ["".join(t.text.split()) for t in record.tasks] == list(TEXTS)
    assert [t.section for t in record.tasks] == [["一、守护山林"]] * 2 + [["二、强化保障"]] * 2


@pytest.mark.parametrize("seat", ["人民政府", "管委会"])
def test_a_seat_in_the_next_line_belongs_to_the_places_in_brackets(tmp_path: Path, seat: str):
    text = "序号 重点任务 牵头单位 责任单位 完成时限\n"
    for n, (said, unit) in enumerate(zip(TEXTS, UNITS, strict=True), 1):
        text += f"{n} {said}\n{unit} 县财政局，各县（市、区）\n{seat}\n{n + 5}月底前\n"
    assert [units for _, units in rows(tmp_path, TITLE + text)] == [
        [f"l{unit}", "r县财政局", f"r各县（市、区）{seat}"] for unit in UNITS
    ]


@pytest.mark.parametrize("goal", ["目标值", "指标", "完成情况"])
def test_rows_of_figures_whose_texts_say_who_answers_are_tasks(tmp_path: Path, goal: str):
    text = f"实事项目 | 推进举措 | {goal} |\n"
    for n, (said, unit) in enumerate(zip(TEXTS, UNITS, strict=True), 1):
        text += f"{n}.护林项目 | {said}〔牵头单位：{unit}；协同单位：县财政局〕 | 完成率100% |\n"
    assert [units for _, units in rows(tmp_path, text)] == [[f"l{unit}", "s县财政局"] for unit in UNITS]


def test_a_title_over_the_heading_of_numbers_is_no_heading(tmp_path: Path):
    text = "附件\n重点任务清单\n序号\n工作任务\n责任单位\n完成时限\n"
    for n, (said, unit) in enumerate(zip(TEXTS, UNITS, strict=True), 1):
        text += "一、守护山林\n" if n == 1 else ""
        text += "序号\n工作任务\n责任单位\n完成时限\n二、强化保障\n" if n == 3 else ""
        text += f"{n}\n{said}\n{unit}\n2024年6月底前\n"
    record = read(tmp_path, text)
    assert [t.section for t in record.tasks] == [["一、守护山林"]] * 2 + [["二、强化保障"]] * 2
    assert not any(t.title for t in record.tasks)


@pytest.mark.parametrize("mark", ["，", "、"])
def test_lists_with_bullets_are_broken_anywhere(tmp_path: Path, mark: str):
    text = "序号\n办理事项\n责任单位\n时间要求\n"
    for n, (said, unit) in enumerate(zip(TEXTS, UNITS, strict=True), 1):
        text += f"{n}\n{said}\n●{unit}{mark}●县水务\n集团{mark}●县图书馆{mark}●县卫生\n健康委\n年底前\n"
    found = rows(tmp_path, TITLE + text + "说明：表中时间为最后期限。\n")
    assert [t for t, _ in found] == list(TEXTS)
    assert [units for _, units in found] == [[f"r{u}", "r县水务集团", "r县图书馆", "r县卫生健康委"] for u in UNITS]


def test_limits_before_the_texts_where_no_headings_stand(tmp_path: Path):
    text = ""
    for n, (said, unit) in enumerate(zip(TEXTS, UNITS, strict=True)):
        text += f"一、守护山林 |\n（{'一二三四'[n]}）建好防线 |\n2024年{n + 3}月底前 |\n{said} |\n{unit}、县财政局 |\n"
    record = read(tmp_path, text)
    assert ["".join(t.text.split()) for t in record.tasks] == list(TEXTS)
    assert [[d.end for d in t.deadlines] for t in record.tasks] == [
        ["2024-03-31"],
        ["2024-04-30"],
        ["2024-05-31"],
        ["2024-06-30"],
    ]


def test_cells_wider_than_their_column_are_parted_at_their_blank(tmp_path: Path):
    """One blank parts a broken name from the text beside it."""
    heads = lines_of([(1, "序号"), (8, "任务名称"), (30, "工作内容"), (60, "牵头单位"), (76, "完成时间")], 2)
    text = heads + "\n"
    for n, (said, unit) in enumerate(zip(TEXTS, UNITS, strict=True), 1):
        text += lines_of([(22, f"各单位组织人员逐片巡护，{said[:5]}")], 2) + "\n"
        text += lines_of([(2, str(n)), (8, "守护山林行 " + said[5:10] + "逐处登记造册并公示"), (60, unit)], 2) + "\n"
        text += lines_of([(10, "动"), (22, said[10:]), (76, f"{n}月底")], 2) + "\n"
    record = read(tmp_path, TITLE + text)
    assert [t.title for t in record.tasks] == ["守护山林行动"] * 4
    assert ["".join(t.text.split()) for t in record.tasks] == [
        f"各单位组织人员逐片巡护，{t[:10]}逐处登记造册并公示{t[10:]}" for t in TEXTS
    ]


def test_a_name_in_the_middle_of_its_rows_is_theirs(tmp_path: Path):
    heads = lines_of([(2, "类别"), (14, "序号"), (22, "工作内容"), (60, "牵头单位"), (76, "完成时限")], 2)
    rows_ = [
        lines_of([(14, str(n)), (22, t[:8]), (60, u), (76, f"{n}月底")], 2)
        for n, t, u in zip((1, 2, 3, 4), TEXTS, UNITS, strict=True)
    ]
    rests = [lines_of([(22, t[8:])], 2) for t in TEXTS]

    def named(line: str, name: str) -> str:
        return "  " + name + " " * (12 - 2 * len(name)) + line[14:]

    text = [rows_[0], named(rests[0], "守护山"), named(rows_[1], "林"), rests[1]]
    text += [rows_[2], named(rests[2], "强化保"), named(rows_[3], "障"), rests[3]]
    record = read(tmp_path, f"{TITLE}{heads}\n" + "\n".join(text) + "\n")
    assert [t.section for t in record.tasks] == [["守护山林"]] * 2 + [["强化保障"]] * 2
    assert ["".join(t.text.split()) for t in record.tasks] == list(TEXTS)


@pytest.mark.parametrize("head", ["专班名称", "攻坚行动", "赛道"])
def test_a_column_before_the_tasks_whose_names_hold_for_several_rows_groups_them(tmp_path: Path, head: str):
    text = f"{head}\t重点任务\t具体内容\t责任部门\t时间节点\n"
    groups = ("护林专班", "", "防火专班", "")
    for n, (said, unit) in enumerate(zip(TEXTS, UNITS, strict=True)):
        text += f"{groups[n]}\t护林行动{'一二三四'[n]}\t{said}\t{unit}\t{n + 5}月底前\n"
    record = read(tmp_path, TITLE + text)
    assert [t.section for t in record.tasks] == [["护林专班"]] * 2 + [["防火专班"]] * 2
    assert [[u.name for u in t.units] for t in record.tasks] == [[u] for u in UNITS]


def test_the_first_row_of_a_table_cut_from_its_headings_may_be_broken(tmp_path: Path):
    text = "7\t修缮东山瞭望塔三座，\n配齐望远镜。\t县林业局、应急局\t2024年6月\n第 5 页 共 9 页\n"
    text += "".join(f"{n + 7}\t{TEXTS[n]}\t{UNITS[n]}\t2024年{n + 6}月\n" for n in (1, 2))
    text += f"五、加强宣传（1项）\n10\t{TEXTS[3]}\t{UNITS[3]}\t持续推进\n"
    record = read(tmp_path, text)
    assert ["".join(t.text.split()) for t in record.tasks] == list(TEXTS)
    assert [u.name for u in record.tasks[0].units] == ["县林业局", "县应急局"]


def test_steps_by_time_under_a_heading_of_plans_are_limits(tmp_path: Path):
    text = "| 序号 | 项目名称 | 实施内容 | 责任单位 | 推进计划 |\n"
    text += "".join(
        f"| {n} | 护林{n} | {t} | {u} | {n}月底前完成招标，{n + 6}月底前投用 |\n"
        for n, t, u in zip((1, 2, 3, 4), TEXTS, UNITS, strict=True)
    )
    record = read(tmp_path, TITLE + text)
    assert [d.end for d in record.tasks[0].deadlines] == ["2024-01-31", "2024-07-31"]


def test_bare_numbers_of_pages_of_which_the_last_ends_the_paper(tmp_path: Path):
    filling = [f"修缮第{n}座瞭望塔，配齐望远镜，安排护林员每日巡护，建立台账\n并每周公布。\n" for n in range(1, 9)]
    text = "松岭县护林工作方案\n一、重点任务\n"
    text += "".join(f"（{'一二三四五六七八'[n]}）{said}" for n, said in enumerate(filling)) + "1\n"
    text += "二、加强宣传\n" + "".join(f"（{'一二三四五六七八'[n]}）{said}" for n, said in enumerate(filling)) + "2\n"
    found = read(tmp_path, text).tasks
    assert len(found) == 16
    assert not any(t.text.rstrip().endswith(("1", "2")) for t in found)


def test_units_between_a_blank_and_a_figure_are_cells(tmp_path: Path):
    text = "序号 工作任务 政策依据 责任单位 完成时限\n"
    for n, (said, unit) in enumerate(zip(TEXTS, UNITS, strict=True), 1):
        text += f"{n} {said} 《松岭县护林办法》（松政发〔2023〕{n}号） {unit}、县财政局 {n + 2}月底前\n"
    record = read(tmp_path, TITLE + text)
    assert ["".join(t.text.split()) for t in record.tasks] == list(TEXTS)
    assert [[u.name for u in t.units] for t in record.tasks] == [[u, "县财政局"] for u in UNITS]
    assert [c.number for c in record.citations] == [f"松政发〔2023〕{n}号" for n in range(1, 5)]


@pytest.mark.parametrize(
    "drawn", ["", "--------    ----------------------    --------\n"], ids=["bare", "a line drawn"]
)
def test_who_signs_below_a_table_is_no_row_of_it(tmp_path: Path, drawn: str):
    rows_of = "".join(f"守护山林    {said}    {unit}\n" for said, unit in zip(TEXTS, UNITS, strict=True))
    text = TITLE + "任务        具体内容        责任单位\n" + drawn + rows_of + "\n松岭县第一中学\n2024年2月20日\n"
    record = read(tmp_path, text)
    assert [("".join(t.text.split()), [u.name for u in t.units]) for t in record.tasks] == [
        (said, [unit]) for said, unit in zip(TEXTS, UNITS, strict=True)
    ]
    assert (record.document.issuer, record.document.date) == ("松岭县第一中学", "2024-02-20")
