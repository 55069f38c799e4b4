"""What words look like, one by one: numbers, characters, levels, what stands for many units, what is said once."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhengling.extractors.words.cells import cell_words
from zhengling.extractors.words.collectives import is_collective, is_localities, is_of_places, names_nobody
from zhengling.extractors.words.fold import cells, fold, squeeze
from zhengling.extractors.words.forms import (
    DATE,
    LEGAL,
    document_numbers,
    is_empty,
    is_note_mark,
    iso_day,
    number,
    numbers_in,
    order_number,
    roman,
    spoken,
    still_open,
    tight,
    written_day,
)
from zhengling.extractors.words.headings import kind_of_heading
from zhengling.extractors.words.levels import level_of_ending, root
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.extractors.words.once import blanked, said_once
from zhengling.extractors.words.parts import listed, near, rule
from zhengling.extractors.words.unit_list import Item, Parsed, shift
from zhengling.extractors.words.unit_shapes import shapes_of

# --- numbers ---------------------------------------------------------------------------------------------------------


@given(st.integers(1, 9999))
def test_a_spoken_number_is_read_as_itself(value: int):
    assert number(spoken(value)) == value
    assert number(str(value)) == value


@pytest.mark.parametrize(
    ("value", "words", "legal"),
    [
        (0, "零", "零"),
        (7, "七", "柒"),
        (10, "十", "壹拾"),
        (12, "十二", "壹拾贰"),
        (19, "十九", "壹拾玖"),
        (20, "二十", "贰拾"),
        (101, "一百零一", "壹佰零壹"),
        (110, "一百一十", "壹佰壹拾"),
        (1001, "一千零一", "壹仟零壹"),
        (1010, "一千零一十", "壹仟零壹拾"),
        (9999, "九千九百九十九", "玖仟玖佰玖拾玖"),
        (10000, "10000", "10000"),
        (-3, "-3", "-3"),
    ],
)
def test_a_number_in_words(value: int, words: str, legal: str):
    assert (spoken(value), spoken(value, LEGAL)) == (words, legal)


@pytest.mark.parametrize(
    ("text", "value"),
    [("两", 2), ("〇", 0), ("二〇二一", 2021), ("二〇", 20), ("百", 100), ("二百五", 205), ("", None), ("十多", None)],
)
def test_what_number_words_are(text: str, value: int | None):
    assert number(text) == value


@given(st.integers(1, 3999))
def test_roman_letters_say_their_number(value: int):
    letters = roman(value)
    sizes = [dict(zip("IVXLCDM", (1, 5, 10, 50, 100, 500, 1000), strict=True))[c] for c in letters]
    signed = [-a if a < b else a for a, b in zip(sizes, [*sizes[1:], 0], strict=True)]
    assert sum(signed) == value
    assert not re.search(r"(.)\1{3}|([VLD])\2", letters)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023年4月10日", "2023-04-10"),
        ("二〇二三年四月十日", "2023-04-10"),
        ("2023.4.10", "2023-04-10"),
        ("2023-12-31", "2023-12-31"),
        ("2023年2月29日", None),
        ("1949年10月1日", "1949-10-01"),
        ("1948年10月1日", None),
        ("2099年1月1日", "2099-01-01"),
        ("一八四〇年六月三日", None),
    ],
)
def test_a_day_in_any_form(text: str, day: str | None):
    match = DATE.search(text)
    assert match is not None
    assert iso_day(match) == day


def test_a_day_is_written_as_far_as_it_is_known():
    assert written_day(2023, 4, 10) == "2023年4月10日"
    assert written_day(2023, 4) == "2023年4月"
    assert written_day(month=4, day=10) == "4月10日"
    assert written_day() == ""


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("按照松政发(2023)7号文件", ["松政发〔2023〕7号"]),
        ("(松政发(2023)007号)", ["松政发〔2023〕7号"]),
        ("松政发(2023)8、9号", ["松政发〔2023〕8号", "松政发〔2023〕9号"]),
        ("松政发(2023)8号、9号", ["松政发〔2023〕8号", "松政发〔2023〕9号"]),
        ("松政发(2022)8号和(2023)11号", ["松政发〔2022〕8号", "松政发〔2023〕11号"]),
        ("松政发 (2023) 第 12 号", ["松政发〔2023〕12号"]),
        ("松政发(2023)7期", []),
        ("(2023)7号", []),
        ("松政发(1823)7号", []),
    ],
)
def test_document_numbers_of_a_text(text: str, values: list[str]):
    found = list(document_numbers(text))
    assert [n.value(n.prefix.rfind("松")) for n in found] == values
    for one in found:
        assert text[one.first :].startswith(one.prefix)
        assert re.search(rf"{one.n}(?:\s*号)?$", text[one.start : one.end])
        assert one.start >= one.first


def test_numbers_stand_in_the_stretch_that_is_asked_for():
    text = "松政发(2023)7号,松林发(2022)3号"
    assert [m["prefix"] for m in numbers_in(text)] == ["松政发", "松林发"]
    assert [m["prefix"] for m in numbers_in(text, 5)] == ["松林发"]
    assert [m["prefix"] for m in numbers_in(text, 0, 11)] == ["松政发"]
    assert order_number("国务院", 7) == "国务院令第7号"


@pytest.mark.parametrize(
    ("raised", "before", "is_mark"),
    [
        ("1", "方案", True),
        ("[2]", "方案", True),
        ("③", "办法", True),
        ("*", "县", True),
        ("2", "km", False),
        ("2", "10", False),
        ("注", "方案", False),
        ("123", "方案", False),
    ],
)
def test_what_is_raised_is_a_mark_of_a_note_or_a_power(raised: str, before: str, is_mark: bool):
    assert is_note_mark(raised, before) is is_mark


# --- characters ------------------------------------------------------------------------------------------------------

_WRITTEN = st.text(
    st.sampled_from("一二年局２０ＡＢａ１（）［］〔〕，；：．％＜＞－—～　\t\u2f00⼀⺠豈甲乙。、“”《》")
    | st.characters()
)


@given(_WRITTEN)
def test_folding_keeps_places_and_is_done_once(text: str):
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@given(st.text(st.characters(exclude_characters="OoＯｏ0０\u03bf\u043e", max_codepoint=0xFFFF)), st.integers(1, 40))
def test_a_long_text_is_folded_as_its_characters_are(text: str, times: int):
    assert fold(text * times) == "".join(map(fold, text)) * times


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("（一）２０２３年Ａ级；", "(一)2023年A级;"),
        ("松政发［2023］7号", "松政发(2023)7号"),
        ("二O二三年", "二〇二三年"),
        ("二○二○年", "二〇二〇年"),
        ("二00三年", "二〇〇三年"),
        ("O型", "O型"),
        ("⼀⽉", "一月"),
        ("“甲”、《乙》。", "“甲”、《乙》。"),
    ],
)
def test_what_characters_are_folded_to(text: str, folded: str):
    assert fold(text) == folded
    assert fold("序" * 600 + text) == "序" * 600 + folded
    assert squeeze(f" {text}\n\t甲 ") == f"{text}甲"


def test_what_a_keyboard_has_stays_as_it_is():
    kept = "".join(map(chr, range(0x20, 0x7F)))
    assert [c for c in kept if fold(c) != c] == ["[", "]", "{", "}", "~"]


def test_a_chinese_character_is_as_wide_as_two_letters():
    assert [cells(c) for c in "县Ａ，a1 \u0301\u200b"] == [2, 2, 2, 1, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("县 教育局", "县教育局"),
        ("**县**教育局", "县教育局"),
        ("县&nbsp;教\u200b育局", "县教育局"),
        ("县教育局", "县教育局"),
    ],
)
def test_gaps_in_words_are_no_part_of_them(text: str, without: str):
    assert tight(text) == without
    assert not is_empty(text)


@pytest.mark.parametrize(("text", "empty"), [("", True), (" \u200b\n", True), ("&nbsp;", True), (" 一", False)])
def test_what_a_reader_sees_nothing_of_is_empty(text: str, empty: bool):
    assert is_empty(text) is empty


@pytest.mark.parametrize(
    ("text", "is_open"),
    [("县教育局(县", True), ("县教育局(县)", False), ("《县方案", True), ("《县方案》", False), ("县)教育(", False),
     ("(字体:大 中 小", False), ("(县)教育(局", True), ("县教育局", False)],
)  # fmt: skip
def test_a_bracket_is_open_till_it_is_closed(text: str, is_open: bool):
    assert still_open(text) is is_open


# --- places and units ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("松江省", "province"),
        ("松岭市", "city"),
        ("松岭县", "county"),
        ("松岭镇", "township"),
        ("松岭", None),
        ("松岭自治州", "city"),
        ("松岭自治县", "county"),
        ("松岭自治区", "province"),
        ("松岭区", "county"),
        ("松岭街道", "township"),
        ("松岭旗", "county"),
        ("松岭盟", "city"),
        ("松岭地区", "city"),
        ("", None),
    ],
)
def test_what_a_place_is_by_its_ending(name: str, level: str | None):
    assert level_of_ending(name) == level


def test_all_places_lie_in_one():
    assert [region.path[0] for region in Lexicon.load().regions_named("河南省")] == [root()]


@pytest.mark.parametrize(
    ("name", "many", "places", "localities"),
    [
        ("各乡镇人民政府", True, True, False),
        ("各 乡镇 人民政府", True, True, False),
        ("县直有关部门", True, False, False),
        ("各有关部门", True, False, False),
        ("地方", True, False, True),
        ("县教育局", False, False, False),
        ("松岭镇人民政府", False, False, False),
    ],
)
def test_names_that_stand_for_many_units(name: str, many: bool, places: bool, localities: bool):
    assert (is_collective(name), is_of_places(name), is_localities(name)) == (many, places, localities)


@pytest.mark.parametrize(
    ("cell", "nobody"),
    [("/", True), ("无", True), (" — ", True), ("", True), ("县局", False), ("ABC", False), ("abc", False)],
)
def test_what_stands_for_nobody(cell: str, nobody: bool):
    assert names_nobody(cell) is nobody


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("县教育局、县财政局(列第一位的为牵头单位,下同)", [("(列第一位的为牵头单位,下同)", "lead", True, "")]),
        ("县教育局、县财政局(列第一位的为牵头单位)", [("(列第一位的为牵头单位)", "lead", False, "")]),
        ("以下任务均需各乡镇配合落实,不再列出。", [("以下任务均需各乡镇配合落实,不再列出", "support", True, "各乡镇")]),
        ("任务均需各乡镇负责落实,不再列出。", [("均需各乡镇负责落实,不再列出", "responsible", False, "各乡镇")]),
        ("县教育局、县财政局", []),
    ],
)
def test_what_is_said_once(text: str, found: list[tuple[str, str, bool, str]]):
    once = said_once(text)
    assert [(text[o.start : o.end], o.role, o.onward, text[slice(*o.units)] if o.units else "") for o in once] == found
    bare = text
    for words, *_ in found:
        bare = bare.replace(words, " " * len(words))
    assert blanked(text) == bare


# --- cells and columns -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("", "empty"),
        ("7", "number"),
        ("无", "nobody"),
        ("/", "nobody"),
        ("一、守护山林", "chapter"),
        ("(一)守护山林", "clause"),
        ("1.守护山林", "heading"),
        ("1.守护山林。", "sentence"),
        ("0999-8812345", "phone"),
        ("2024", "year"),
        ("120万元", "money"),
        ("《松岭县森林防火条例》", "basis"),
        ("2024年6月底前", "time"),
        ("1月:摸底;2月:整治", "schedule"),
        ("6月底前修缮瞭望塔。", "timely"),
        ("年内修缮瞭望塔", "timely"),
        ("县林业局、各乡镇", "units"),
        ("配合县林业局。", "maybe"),
        ("落实县林业局", "maybe"),
        ("王小明、李大山", "person"),
        ("修缮瞭望塔三座。", "sentence"),
        ("守护山林", "phrase"),
    ],
)
def test_what_a_cell_looks_like(cell: str, kind: str):
    look = cell_words(shapes_of(Lexicon.load())).look(cell)
    assert (look.kind, look.size) == (kind, len(cell))


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("牵 头 单 位:", "lead"),
        ("**牵头部门**", "lead"),
        ("#序号", "number"),
        ("|任务|", "task"),
        ("主办科室", "responsible"),
        ("配合单位(部门)", "support"),
        ("备注/牵头单位", "lead"),
        ("说明及其他", "other"),
        ("2023年工作任务", "task"),
        ("区级责任单位", "responsible"),
        ("责任领导", "person"),
        ("完成时限(2023年)", "deadline"),
        # the number of a clause makes it no heading, and so does what is left of a sentence
        ("1.牵头单位", None),
        ("各地各部门要高度重视并切实加强对这项工作的牵头单位", None),
        ("项目牵头", None),
        (":", None),
    ],
)
def test_what_a_column_holds_by_its_heading(heading: str, kind: str | None):
    assert kind_of_heading(heading) == kind


def test_a_list_of_units_that_is_moved_moves_all_that_is_in_it():
    parsed = Parsed([Item(1, 3, "lead", "units.list")], True, [(4, 6)], [(7, 8)], [(9, 10)], [(11, 12)], True, True)
    moved = shift(parsed, 10)
    assert moved.items == [Item(11, 13, "lead", "units.list")]
    assert (moved.deadlines, moved.rest) == ([(14, 16)], [(17, 18)])
    assert (moved.hidden, moved.persons) == ([(19, 20)], [(21, 22)])
    assert shift(moved, -10) == parsed


def test_a_unit_of_a_list_is_one_and_sure_until_something_else_is_known():
    (unit,) = shapes_of(Lexicon.load()).parse_list("县林业局").items
    assert (unit.prefix, unit.collective, unit.ending, unit.doubtful) == ("", False, "", False)
    assert Item(0, 4, "lead", "units.list").name("县林业局") == "县林业局"


def test_a_rule_that_is_not_there_fits_nothing():
    assert not rule("no-such-rule", "names.toml").search("县林业局")
    assert list(near("no-such-rule", "names.toml").finditer("县林业局")) == []
    assert listed("no-such-rule", "names.toml") == ()
