"""Numbers of pages and titles that pages repeat, in texts that were printed once."""

from __future__ import annotations

from .test_steps import record_of

HEADS = "序号 类别 重点任务 工作内容 责任单位 完成时限"


def lines_of(size: int) -> str:
    return "".join(f"各村每日巡护山林，登记进山的人员和车辆，做到不漏一人一车，全年不断线{n}。\n" for n in range(size))


def test_bare_numbers_of_pages_one_of_them_in_a_bracket():
    record = record_of(
        f"松岭镇护林方案\n一、重点任务\n（一）巡护山林。\n{lines_of(14)}1\n"
        f"（二）修缮哨所。修缮哨所两处。（牵头单位：镇林业站；责任单位：各村\n〔社区〕）\n{lines_of(13)}"
        "（三）宣传。张贴标语，入户宣传。（牵头单位：镇林业站；责任单位：各村\n2\n〔社区〕）\n"
    )
    (task,) = [t for t in record.tasks if t.title == "（三）宣传"]
    assert [(u.role, u.name) for u in task.units] == [("lead", "镇林业站"), ("responsible", "各村（社区）")]
    assert not [t for t in record.tasks if t.text.endswith("1")]


def test_the_numbers_of_rows_are_none_of_pages():
    rows = "".join(f"{n}\n巡护第{n}片山林，登记进山人员。\n县林业局\n6月底前\n" for n in range(1, 5))
    record = record_of(f"松岭县护林任务分解表\n序号\n工作任务\n责任单位\n完成时限\n{rows}")
    assert [t.text for t in record.tasks] == [f"巡护第{n}片山林，登记进山人员。" for n in range(1, 5)]


def test_a_title_that_each_page_has_above_the_headings_is_no_cell():
    title = "松岭街道2024年护林任务分解表"
    rows = [f"{n}\n山林\n巡护山林{n}\n巡护第{n}片山林，登记进山的人员和车辆，\n" for n in range(1, 5)]
    ends = [f"做到不漏一车{n}。\n林业站\n2024年{n}月\n" for n in range(1, 5)]
    record = record_of(
        f"{title}\n{HEADS}\n{rows[0]}{ends[0]}{rows[1]}{title}\n{HEADS}\n{ends[1]}{rows[2]}{ends[2]}{title}\n{HEADS}\n"
        f"{rows[3]}{ends[3]}"
    )
    assert [t.text.replace("\n", "") for t in record.tasks] == [
        f"巡护第{n}片山林，登记进山的人员和车辆，做到不漏一车{n}。" for n in range(1, 5)
    ]


def test_the_numbers_of_rows_are_none_of_pages_where_pages_bear_dashes():
    rows = [f"{n}\n巡护第{n}片山林，登记进山人员。\n6月底前\n县林业局\n县财政局、县公安局\n" for n in range(1, 7)]
    table = f"{rows[0]}{rows[1]}- 2 -\n{rows[2]}{rows[3]}- 3 -\n{rows[4]}{rows[5]}- 4 -\n"
    record = record_of(f"松岭县护林任务清单\n- 1 -\n序号 工作任务 完成时限 责任单位 配合单位\n{table}")
    assert [t.text for t in record.tasks] == [f"巡护第{n}片山林，登记进山人员。" for n in range(1, 7)]
