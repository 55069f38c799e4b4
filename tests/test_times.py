"""The grammar of time and the step that tells limits from facts, each alone."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zhengling.extractors.steps import deadlines
from zhengling.extractors.words import needs, times
from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.times import When

from .examples import rows_of

WHEN = When(2023, "2023-04-10")
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
FIGURES = "〇一二三四五六七八九"


def chinese(n: int) -> str:
    """A number up to 31 in Chinese figures."""
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else FIGURES[tens] + "十") + (FIGURES[ones] if ones else "")


def year_in_figures(year: int) -> str:
    return "".join(FIGURES[int(c)] for c in str(year))


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isdecimal() else c for c in text)


DAY_FORMS: dict[str, Callable[[date], str]] = {
    "plain": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "two figures": lambda d: f"{d.year}年{d.month:02}月{d.day:02}日",
    "号": lambda d: f"{d.year}年{d.month}月{d.day}号",
    "Chinese": lambda d: f"{year_in_figures(d.year)}年{chinese(d.month)}月{chinese(d.day)}日",
    "full width": lambda d: wide(f"{d.year}年{d.month}月{d.day}日"),
    "spaced": lambda d: f"{d.year} 年 {d.month} 月 {d.day} 日",
    "wide spaces": lambda d: f"{d.year}\u3000年\u3000{d.month}\u3000月{d.day}日",
    "formulas": lambda d: f"$ {d.year} $ 年 $\\mathbf{{{d.month}}}$ 月 ${d.day}$ 日",
    "dots": lambda d: f"{d.year}.{d.month}.{d.day}",
    "slashes": lambda d: f"{d.year}/{d.month:02}/{d.day:02}",
    "ISO": lambda d: d.isoformat(),
}
#: Forms that only a cell of time has: in running text they may be any number.
CELL_DAY_FORMS = {"bare": lambda d: f"{d:%Y%m%d}" if d.year >= 2000 else f"{d.year}.{d.month}.{d.day}"} | DAY_FORMS


@settings(deadline=None)
@given(DAYS, st.sampled_from(sorted(CELL_DAY_FORMS)), st.sampled_from(["", "前", "之前", "前完成", "底前"[1:]]))
def test_any_day_comes_back_from_a_cell(day: date, form: str, tail: str):
    said = deadlines.read_cell(fold(CELL_DAY_FORMS[form](day) + tail), WHEN)
    assert ([f.last for f in said.found], said.unread) == ([day.isoformat()], [])


@settings(deadline=None)
@given(DAYS, st.sampled_from(sorted(DAY_FORMS)), st.sampled_from(["完成改造", "报送方案", ",全面建成"]))
def test_any_day_comes_back_from_a_sentence(day: date, form: str, rest: str):
    text = fold(f"加快推进老旧小区改造,{DAY_FORMS[form](day)}前{rest}。")
    (found,) = deadlines.find_limits(text, WHEN).found
    assert (found.kind, found.first, found.last) == ("date", None, day.isoformat())
    assert text[found.start : found.end].endswith("前")


@settings(deadline=None)
@given(DAYS, DAYS, st.sampled_from(sorted(DAY_FORMS)), st.sampled_from(["至", "到", "-", "—", "--"]))
def test_any_span_comes_back(one: date, other: date, form: str, to: str):
    first, last = sorted([one, other])
    if form == "ISO" and to in "-—":
        to = "至"
    text = fold(f"{DAY_FORMS[form](first)}{to}{DAY_FORMS[form](last)}")
    (found,) = deadlines.find_limits(f"{text}集中开展排查", WHEN).found
    assert (found.first, found.last) == (first.isoformat(), last.isoformat())
    (found,) = deadlines.find_in_cell(text, WHEN)
    assert (found.first, found.last) == (first.isoformat(), last.isoformat())


MONTH_FORMS: dict[str, Callable[[int, int], str]] = {
    "plain": lambda y, m: f"{y}年{m}月",
    "end": lambda y, m: f"{y}年{m}月底",
    "double end": lambda y, m: f"{y}年{m}月月底",
    "末": lambda y, m: f"{y}年{m}月末",
    "份": lambda y, m: f"{y}年{m}月份",
    "Chinese": lambda y, m: f"{year_in_figures(y)}年{chinese(m)}月底",
    "dot": lambda y, m: f"{y}.{m}",
    "slash": lambda y, m: f"{y}/{m:02}",
    "spaced": lambda y, m: f"{y} 年 {m} 月 底",
}


@settings(deadline=None)
@given(st.integers(2000, 2099), st.integers(1, 12), st.sampled_from(sorted(MONTH_FORMS)))
def test_any_month_comes_back(year: int, month: int, form: str):
    last = date(year, month, calendar.monthrange(year, month)[1]).isoformat()
    text = MONTH_FORMS[form](year, month)
    assert [f.last for f in deadlines.find_in_cell(text, WHEN)] == [last]
    assert [f.last for f in deadlines.find_limits(f"{text}前完成", WHEN).found] == [last]


@settings(deadline=None)
@given(st.integers(1, 12), st.integers(1, 31), st.integers(2000, 2099))
def test_a_day_that_no_calendar_has_is_no_limit_and_is_told(month: int, day: int, year: int):
    text = f"{year}年{month}月{day}日前完成"
    said = deadlines.find_limits(text, WHEN)
    if day <= calendar.monthrange(year, month)[1]:
        assert [f.last for f in said.found] == [date(year, month, day).isoformat()]
    else:
        assert (said.found, said.impossible) == ([], [(0, len(text) - 2)])
        assert deadlines.read_cell(text, WHEN) == ([], [(0, len(text))])


# --- speed -----------------------------------------------------------------------------------------------------------

SAID = sorted(
    {
        text
        for name in ("times.toml", "deadlines.toml")
        for row in rows_of(name)
        for text in [*(said for said, _ in row.get("yes", ())), *row.get("no", ())]
    }
)


@st.composite
def pieces(draw: st.DrawFn) -> str:
    """A text put together from pieces of what the rules' own examples say."""
    out = []
    for text in draw(st.lists(st.sampled_from(SAID), min_size=1, max_size=5)):
        start = draw(st.integers(0, len(text) - 1))
        out.append(text[start : draw(st.integers(start + 1, len(text)))])
    return "".join(out)


@settings(deadline=None)
@given(pieces())
def test_what_speeds_up_the_rules_changes_nothing(text: str):
    assert times.find_times(text, WHEN) == times.find_times(text, WHEN, quick=False)
    stretches = list(times.sentences(text))
    for time in times.find_times(text, WHEN):
        assert any(text[time.start : time.end] in text[a:b] or ";" in text or "。" in text for a, b in stretches)


@settings(deadline=None)
@given(pieces())
def test_what_speeds_up_cells_changes_nothing(text: str):
    cell = times.read_cell(text, When(), lambda said, when: [])
    assert cell.times == [t for t in cell.times if times.times_in(text)]
    assert times.is_time(text) <= bool(cell.times)


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("(?P<y>20\\d\\d)年(?:前|以前)", [{"2"}, {"0"}, {"年"}, {"前", "以"}]),
        ("(?:开学|(?<=学期)前)", [{"开", "前"}]),
        ("a?[xy]+", [{"x", "y"}]),
        ("[^a]|b", []),
        ("(?i)q[1-4]", []),
        ("(?>ab|c)d", [{"a", "c"}, {"d"}]),
    ],
)
def test_characters_that_a_pattern_needs(pattern: str, told: list[set[str]]):
    assert [set(s) for s in needs.needed(pattern)] == told


def test_no_pattern_that_may_fit_everywhere_is_passed_over():
    assert needs.finder(["前", "\\d+"]) is None
    found = needs.finder(["前", "(?:年|月)底"])
    assert found is not None and found.search("年") is None and found.search("月底")


# --- the step alone --------------------------------------------------------------------------------------------------

LAST_OF_2023 = "2023-12-31"


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ("十二月底前全面完成", "2023-12-31"),
        ("二〇二六年六月底前建成", "2026-06-30"),
        ("即日起至6月底,集中排查", "2023-06-30"),
        ("“十四五”末建成", "2025-12-31"),
        ("到“十五五”期末,全部改造", "2030-12-31"),
        ("本月底前完成", "2023-04-30"),
        ("下月10日前报送", "2023-05-10"),
        ("月底前将名单报局里", "2023-04-30"),
        ("本季度末前建成", "2023-06-30"),
        ("三季度末前建成", "2023-09-30"),
        ("前三季度完成投资", "2023-09-30"),
        ("上半年再上线10项", "2023-06-30"),
        ("9月投入使用", "2023-09-30"),
        ("2024年全面推广", "2024-12-31"),
        ("2030年前达峰", "2030-12-31"),
        ("到2027年,覆盖率大幅提升", "2027-12-31"),
        ("年内完成", "2023-12-31"),
        ("年底前办结", "2023-12-31"),
        ("不迟于9月20日报送", "2023-09-20"),
        ("明年3月底前完成", "2024-03-31"),
        ("力争年底全面建成", "2023-12-31"),
    ],
)
def test_dates_of_running_text(said: str, last: str):
    assert [(f.kind, f.last) for f in deadlines.find_limits(said, WHEN).found] == [("date", last)]


@pytest.mark.parametrize(
    "said",
    [
        "定期公开",
        "及时答复",
        "早日建成",
        "立行立改",
        "节假日前提醒",
        "每年对药品企业进行全覆盖监督检查",
        "每人每年只享受一次",
        "每年申报人才200名以上",
        "每年引进10名人才",
        "企业开办2小时办结",
        "将时限压缩至3个工作日内",
        "近两年内完成整改的",
        "2019年底前建成的小区",
        "截至2023年3月底,已建成8个",
        "自2023年5月1日起施行",
        "政策执行至2025年底",
        "“十四五”规划",
        "“十四五”期间完成",
        "全年培训2000人",
        "年内已办理的提案",
        "2022年装机容量达1900万千瓦",
        "较2020年底下降",
        "三年内不得申报",
    ],
)
def test_no_limits_of_running_text(said: str):
    assert deadlines.find_limits(said, WHEN) == ([], [], [])


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("2023.1-2023.12", [("date", "2023-01-01", "2023-12-31")]),
        ("2023.1-12", [("date", "2023-01-01", "2023-12-31")]),
        ("2023.10—2024.01", [("date", "2023-10-01", "2024-01-31")]),
        ("2023年3月至2024年2月", [("date", "2023-03-01", "2024-02-29")]),
        ("6.30前", [("date", None, "2023-06-30")]),
        ("20230630", [("date", None, "2023-06-30")]),
        ("2023年", [("date", None, "2023-12-31")]),
        ("2023", [("date", None, "2023-12-31")]),
        ("全年", [("date", "2023-01-01", "2023-12-31")]),
        ("长期坚持", [("ongoing", None, None)]),
        ("全年持续推进", [("ongoing", None, None)]),
        ("6月底前、12月底前", [("date", None, "2023-06-30"), ("date", None, "2023-12-31")]),
        ("2026年6月持续跟踪", [("date", None, "2026-06-30"), ("ongoing", None, None)]),
        ("二、三季度", [("date", None, "2023-09-30")]),
        ("Q3", [("date", None, "2023-09-30")]),
        ("季度末", [("recurring", None, None)]),
        ("每月5日前", [("recurring", None, None)]),
        ("5日", [("date", None, None)]),
        ("1-3日", [("date", None, None)]),
        ("中旬", [("date", None, None)]),
        ("收到材料之日起7个工作日内", [("relative", None, None)]),
        ("立行立改", []),
    ],
)
def test_cells(said: str, told: list[tuple[str, str | None, str | None]]):
    cell = deadlines.read_cell(fold(said), WHEN)
    assert ([(f.kind, f.first, f.last) for f in cell.found], cell.unread) == (told, [])


@pytest.mark.parametrize("said", ["45107", "2023年2月30日前", "2023年13月底前", "按省级部署推进", "视情况而定"])
def test_a_cell_that_is_not_understood_is_told(said: str):
    assert deadlines.read_cell(said, WHEN) == ([], [(0, len(said))])


def test_what_is_not_understood_beside_a_time_is_told():
    cell = deadlines.read_cell("6月底前;2月30日前", WHEN)
    assert ([f.last for f in cell.found], cell.unread) == (["2023-06-30"], [(5, 11)])


def test_a_later_limit_of_a_sentence_takes_the_year_of_the_one_before():
    text = "2024年6月底前制定办法,12月底前接入;7月底前公布。9月底前总结"
    assert [f.last for f in deadlines.find_limits(text, WHEN).found] == [
        "2024-06-30",
        "2024-12-31",
        "2024-07-31",
        "2023-09-30",
    ]
    # A month before that one lies in no year that is told.
    text = "2024年6月底前制定办法,3月底前接入"
    assert [f.last for f in deadlines.find_limits(text, WHEN).found] == ["2024-06-30", "2023-03-31"]


def test_another_limit_of_the_task_tells_the_year():
    said = deadlines.find_limits("10月底前公示,2024年12月底前完成", When()).found
    assert [f.last for f in said] == [None, "2024-12-31"]
    assert [f.last for f in deadlines.settled(said)] == ["2024-10-31", "2024-12-31"]
    two = deadlines.find_limits("10月底前公示。2024年12月底前完成。2025年3月底前验收", When()).found
    assert [f.last for f in deadlines.settled(two)] == [None, "2024-12-31", "2025-03-31"]


def test_a_day_whose_year_nothing_tells_has_no_end():
    (found,) = deadlines.find_limits("6月底前完成", When()).found
    assert (found.kind, found.last) == ("date", None)
