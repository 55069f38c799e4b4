"""Prose as pages, minutes and lists of duties leave it, kind by kind: what tells tasks and units there. Places are
invented."""

from __future__ import annotations

from pathlib import Path

import pytest
import zhengling as zl


def read(tmp_path: Path, text: str, suffix: str = "txt") -> zl.Record:
    path = tmp_path / f"paper.{suffix}"
    path.write_text(text, "utf-8")
    return zl.extract(path)


def told(record: zl.Record) -> list[tuple[str | None, str, list[str]]]:
    return [(t.title, "".join(t.text.split()), [u.role[0] + u.name for u in t.units]) for t in record.tasks]


HEAD = "松岭县2024年护林工作方案\n一、重点任务\n"


@pytest.mark.parametrize("mark", ["协办", "配合", "参加"])
def test_a_mark_of_support_reaches_back_to_the_mark_before(tmp_path: Path, mark: str):
    line = f"责任单位：县林业局（主办），县应急局、县水利局（{mark}）\n"
    (task,) = read(tmp_path, HEAD + "（一）修缮瞭望塔。修缮东山瞭望塔三座。\n" + line).tasks
    assert [(u.role, u.name) for u in task.units] == [
        ("lead", "县林业局"),
        ("support", "县应急局"),
        ("support", "县水利局"),
    ]


@pytest.mark.parametrize("level", ["县", "市", "区"])
def test_bare_names_take_kind_and_seat_of_the_last(tmp_path: Path, level: str):
    text = HEAD + f"（一）修缮瞭望塔。修缮瞭望塔三座。（省林业局，云岭、临溪、松岭{level}人民政府负责）\n"
    (task,) = read(tmp_path, text).tasks
    assert [u.name for u in task.units] == ["省林业局", *(f"{n}{level}人民政府" for n in ("云岭", "临溪", "松岭"))]


def test_labels_in_marks_are_labels(tmp_path: Path):
    text = "松岭县护林督查问题督办通知\n各乡镇：\n现就有关事项督办如下。\n一、巡护类\n"
    for n, unit in enumerate(("县林业局", "县应急局", "县公安局"), 1):
        text += f"　　{n}．第{n}处哨所无人值守。\n　　【整改要求】安排专人值守，建立台账。\n"
        text += f"　　【责任单位】{unit}　【配合单位】县财政局　【督办领导】王某某\n"
    assert told(read(tmp_path, text)) == [
        (f"{n}．第{n}处哨所无人值守", "安排专人值守，建立台账。", [f"l{unit}", "s县财政局"])
        for n, unit in enumerate(("县林业局", "县应急局", "县公安局"), 1)
    ]


def test_a_name_in_marks_is_no_label(tmp_path: Path):
    text = "松岭县护林督查问题整改清单\n【东桥段】岸坡堆放垃圾，立即清理。（责任单位：县水利局）\n"
    text += "【西岭哨所】值守记录不全，完善台账。（责任单位：县林业局）\n"
    assert [t.title for t in read(tmp_path, text).tasks] == ["【东桥段】", "【西岭哨所】"]


def test_matters_by_number_are_titles(tmp_path: Path):
    text = (
        "关于交办重点建议办理任务的通知\n各有关单位：\n现将任务交办如下，请于9月30日前办结并答复代表。\n"
        "第1号建议：关于增设护林站的建议\n办理要求：增设护林站两处，配齐设备。\n（主办：县林业局；协办：县财政局、县水利局）\n"
        "第2号建议：关于加强防火宣传的建议\n办理要求：组织宣讲二十场，每月通报。\n（主办：县应急局）\n"
        "松岭县人民政府督查室\n2024年4月2日\n抄送：县人大常委会办公室\n"
    )
    record = read(tmp_path, text)
    assert told(record) == [
        ("第1号建议：关于增设护林站的建议", "增设护林站两处，配齐设备。", ["l县林业局", "s县财政局", "s县水利局"]),
        ("第2号建议：关于加强防火宣传的建议", "组织宣讲二十场，每月通报。", ["r县应急局"]),
    ]
    assert record.document.issuer == "松岭县人民政府督查室"


@pytest.mark.parametrize("lead_in", ["围绕林农办事堵点，分类推进改革：", "摸清林区底数，集成推出事项，分步实施："])
def test_a_lead_in_that_says_what_is_done_is_a_task(tmp_path: Path, lead_in: str):
    text = HEAD + (
        f"1．改革护林机制。{lead_in}\n（1）设置林区服务窗口，统一标识。（县林业局负责）\n"
        "（2）护林“一口受理、分类交办、限时反馈”。（县应急局负责）\n（3）推行网格巡护，每周公布。（县公安局负责）\n"
    )
    assert told(read(tmp_path, text)) == [
        ("1．改革护林机制", lead_in[:-1] + "：", []),
        (None, "设置林区服务窗口，统一标识。", ["r县林业局"]),
        (None, "护林“一口受理、分类交办、限时反馈”。", ["r县应急局"]),
        (None, "推行网格巡护，每周公布。", ["r县公安局"]),
    ]


def test_a_lead_in_that_only_announces_is_none(tmp_path: Path):
    text = HEAD + (
        "1．改革护林机制。围绕护林目标，重点抓好以下工作：\n（1）设置林区服务窗口，统一标识。（县林业局负责）\n"
        "（2）推行网格巡护，每周公布。（县公安局负责）\n"
    )
    assert len(read(tmp_path, text).tasks) == 2


def test_who_bears_the_work_of_a_chapter_holds_for_its_points(tmp_path: Path):
    text = (
        "松岭县护林部门职责\n一、县直部门职责\n（一）县林业局\n1．制定护林方案，建立台账。\n2．组织巡护，每周通报。\n"
        "（二）县应急局\n负责配齐防火设备。\n二、镇（街道）职责\n各镇（街道）主要承担以下工作：\n"
        "1．做好入户宣传，建立台账。\n2．清理防火道，逐段验收。\n"
    )
    record = read(tmp_path, text)
    assert [(t.section, [u.name for u in t.units]) for t in record.tasks][-2:] == [
        (["二、镇（街道）职责"], ["各镇（街道）"])
    ] * 2


def test_paragraphs_of_news_that_close_with_who_does_it_stand_alone(tmp_path: Path):
    text = (
        "松岭县2024年护林重点工作分工明确\n2024-02-17 08:16　来源：松岭日报　记者 丁某某\n\n"
        "　　昨日，记者从县政府办公室获悉，全县护林工作分工方案日前印发。\n\n"
        "　　修缮东山瞭望塔三座，6月底投用。（县林业局牵头，沿线乡镇政府负责）\n"
        "　　加快清理防火道二十公里。（县应急局负责）\n　　【编辑：邱某某】 相关新闻：防火宣传再加密\n"
    )
    assert told(read(tmp_path, text)) == [
        (None, "修缮东山瞭望塔三座，6月底投用。", ["l县林业局", "r沿线乡镇政府"]),
        (None, "加快清理防火道二十公里。", ["r县应急局"]),
    ]


def test_what_a_paper_left_over_from_another_page_says_is_no_heading(tmp_path: Path):
    text = (
        "（上接第2版）三、成员单位职责\n县林业局：负责制定护林方案。\n县应急局：负责配齐防火设备，每月检查。\n"
        "县公安局：将护林纳入巡逻计划，依法查处毁林。\n四、工作要求\n各单位要把护林纳入考核。\n"
    )
    record = read(tmp_path, text)
    assert [(t.title, t.section) for t in record.tasks] == [
        (unit, ["三、成员单位职责"]) for unit in ("县林业局", "县应急局", "县公安局")
    ]


def test_a_text_in_markdown_is_read_as_such(tmp_path: Path):
    text = "**松岭县护林2024年工作计划**\n\n**一、守护山林**\n\n"
    text += "**1. 修缮瞭望塔。**修缮瞭望塔三座。**责任单位：**县林业局、县应急局\n\n"
    text += (
        "**二、强化保障**\n\n**2. 清理防火道。**清理防火道二十公里。**责任单位：**县应急局；**配合单位：**县财政局\n\n"
    )
    text += "![分享](/images/share.png)\n"
    record = read(tmp_path, text)
    assert [t.section for t in record.tasks] == [["一、守护山林"], ["二、强化保障"]]
    assert told(record) == [
        ("1.修缮瞭望塔", "修缮瞭望塔三座。", ["r县林业局", "r县应急局"]),
        ("2.清理防火道", "清理防火道二十公里。", ["l县应急局", "s县财政局"]),
    ]


@pytest.mark.parametrize("first", ["松岭县贯彻落实省护林督察", "松岭县创建全国护林示范县"])
def test_a_title_begun_with_its_place_goes_on_in_the_next_line(tmp_path: Path, first: str):
    text = f"{first}\n反馈意见整改任务清单\n一、瞭望塔失修\n责任单位：县林业局\n整改措施：修缮瞭望塔三座。\n"
    document = read(tmp_path, text).document
    assert (document.title, document.region) == (f"{first}反馈意见整改任务清单", "松岭县")


def test_minutes_are_of_who_stands_with_the_day_below_the_title(tmp_path: Path):
    text = (
        "松岭县人民政府专题会议纪要\n松政专纪〔2024〕12号\n\n　　　　　松岭县人民政府办公室　　　　　2024年5月22日\n\n"
        "　　5月20日，副县长王某某主持召开专题会议，研究护林工作。议定：\n　　一、关于瞭望塔修缮\n"
        "　　1.修缮瞭望塔三座，6月10日前完工。由县林业局牵头，县财政局配合。\n　　2.清理防火道。由县应急局负责。\n"
    )
    document = read(tmp_path, text).document
    assert (document.issuer, document.date) == ("松岭县人民政府办公室", "2024-05-22")


def test_a_chapter_of_when_the_whole_takes_place_sets_its_limit(tmp_path: Path):
    text = "松岭县2024年护林行动方案\n一、行动时间\n2024年3月10日至6月20日。\n二、重点任务\n"
    text += "（一）修缮瞭望塔。修缮瞭望塔三座。（县林业局负责）\n（二）清理防火道。清理二十公里。（县应急局负责）\n"
    (limit,) = read(tmp_path, text).document.deadlines
    assert (limit.start, limit.end) == ("2024-03-10", "2024-06-20")


@pytest.mark.parametrize("mark", "●◆■★◇▪➢")
def test_a_mark_before_an_item_is_none_of_its_words(tmp_path: Path, mark: str):
    items = f"{mark}修缮瞭望塔三座。（县林业局）\n{mark} 清理防火道二十公里。（县应急局）\n"
    assert told(read(tmp_path, HEAD + items)) == [
        (None, "修缮瞭望塔三座。", ["r县林业局"]),
        (None, "清理防火道二十公里。", ["r县应急局"]),
    ]
