"""What speeds up a rule changes nothing of what it finds: each of these finds what `re` finds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zhengling.extractors.words import times
from zhengling.extractors.words.forms import NUMBER, numbers_in
from zhengling.extractors.words.needs import AtEnd, Near, led, may_fit, one_of
from zhengling.extractors.words.parts import tables

#: Patterns of every shape that the makers of these must understand.
PATTERNS = (
    "(?:一|二十|三)年(?:底|末)?前",
    "[0-9]{2,4}号",
    r"(?<!\d)(?:\d{1,2}|[一二三])月(?=底|前)",
    "(?:甲乙|甲丙丁|戊)+己?",
    "县?(?:局|委员会|办)",
    r"(?:第(?P<n>\d+))?\s?号令?",
    "[^年月]{1,3}?日",
    "甲|",
    "(?i:ab)c",
    "(?>甲+)乙",
    r"\w*年",
    "(?:(?:甲|乙)丙)?丁",
)
LETTERS = "甲乙丙丁戊己一二三十年月日底末前号令第县局委员会办01289aAbBc \n"
PIECES = ("ab", "ABc", "Ab", "甲乙", "丙丁", "二十年底前", "县局", "第20号令")
texts = st.lists(st.sampled_from([*LETTERS, *PIECES]), max_size=30).map("".join)
times_of = [row["pattern"] for row in tables("times.toml")["time"]]


def spans(found) -> list[tuple[int, int]]:
    return [match.span() for match in found]


@pytest.mark.parametrize("pattern", PATTERNS)
@settings(deadline=None)
@given(text=texts)
def test_each_finds_what_the_pattern_finds(pattern, text):
    plain = re.compile(pattern)
    assert spans(led(pattern).finditer(text)) == spans(plain.finditer(text))
    there = spans(m for m in plain.finditer(text) if m.group())
    assert spans(m for m in Near(pattern).finditer(text) if m.group()) == there
    assert not there or may_fit(pattern, text)
    at_end, found = re.search(f"(?:{pattern})$", text), AtEnd(pattern).search(text)
    assert (at_end and at_end.span()) == (found and found.span())


@given(texts, st.sets(st.text("甲乙丙丁", min_size=1, max_size=4), min_size=1, max_size=8))
def test_one_of_some_words_is_the_longest_there(text, words):
    known = re.compile("|".join(sorted(words, key=len, reverse=True)))
    assert spans(re.finditer(one_of(words), text)) == spans(known.finditer(text))


@given(st.lists(st.sampled_from(["松", "政", "〔2021〕", "(2021)", "(20", "5", " ", "号", "、", "\n"]), max_size=30))
def test_numbers_are_those_of_their_form(parts):
    text = "".join(parts)
    assert spans(numbers_in(text)) == spans(NUMBER.finditer(text))


@settings(deadline=None)
@given(st.lists(st.sampled_from(list("一二十今明本次年月日底末前内至到2019上下半季每按开学之后起")), max_size=30))
def test_times_are_the_same_where_no_rule_is_passed_over(parts):
    text, when = "".join(parts), times.When(2021, "2021-05-06")
    assert times.find_times(text, when) == times.find_times(text, when, quick=False)


def test_what_a_rule_needs_is_known():
    """Else nothing would be passed over, and the tests above would hold for nothing."""
    assert not may_fit(PATTERNS[0], "二十月底") and may_fit(PATTERNS[0], "二十年前")
    assert led(PATTERNS[1]).pattern.startswith("(?=") and led(PATTERNS[6]).pattern == PATTERNS[6]
    assert AtEnd(PATTERNS[4]).search("县局长") is None
    assert sum(led(times.spelled_out(p)).pattern.startswith("(?=") for p in times_of) > len(times_of) / 2
