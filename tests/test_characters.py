"""Forms of characters: brought to one form where text is put together, and spans still lead to what the source has."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.readers.content import Content, Text
from zhengling.extractors.words.fold import fold, ordinary

TEXT = (
    "松岭县人民政府关于护林的通知\n按照《松岭省人民政府关于护林的意见》（松政发〔2021〕5号）要求，"
    "2021年6月底前完成。（责任单位：县行政局、里仁镇人民政府）"
)
#: The same words in other characters, of one length.
ODD = {"人": "⼈", "民": "⺠", "月": "⽉", "行": "⾏", "里": "里", "意": "意", "日": "⽇", "一": "⼀"}


def odd(text: str) -> str:
    return "".join(ODD.get(c, c) for c in text)


def test_radicals_and_compatibility_forms_become_characters():
    assert ordinary(odd(TEXT)) == TEXT
    assert ordinary("\U0002f801") == "丸"
    assert ordinary("𬒈坪镇") == "𬒈坪镇"


@given(st.text(max_size=80))
def test_no_form_changes_a_length(text: str):
    assert len(fold(text)) == len(ordinary(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("zero", "〇○◯OoＯｏ0０ОΟοо")
def test_every_zero_of_a_chinese_year_is_one(zero: str):
    assert fold(f"二{zero}二三年") == "二〇二三年"
    assert fold(f"二{zero}{zero}八年") == "二〇〇八年"


@pytest.mark.parametrize("text", ["100年", "2020年", "20O", "第10一2页"])
def test_other_zeros_stay(text: str):
    assert fold(text) == text


@pytest.mark.parametrize("before", ["", "\ufeff", "\u200b", "\xa0 "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\u2028"])
def test_spans_lead_to_the_source(before: str, end: str):
    nlp = spacy.blank("zh")
    nlp.add_pipe("zhengling_citations")
    doc = nlp(before + odd(TEXT).replace("\n", end))
    (span,) = doc.spans["zhengling_citations"]
    assert span.text == odd("《松岭省人民政府关于护林的意见》（松政发〔2021〕5号）")
    assert span._.zhengling["title"] == "松岭省人民政府关于护林的意见"


def test_items_of_any_reader_come_as_characters():
    """The door is one: what a reader gives as paragraphs is laid out as plain text is."""
    items = [Text(line) for line in odd(TEXT).split("\n")]
    paper = lay_out(Content(items=list(items)))
    assert paper.text.strip() == TEXT
    for block in paper.blocks:
        a, b = paper.span(block.start, block.end)
        assert ordinary(paper.source[a:b]) == paper.text[block.start : block.end]
