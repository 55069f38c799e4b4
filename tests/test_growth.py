"""What reading a paper takes grows with the paper: counted are the calls that it makes, which no busy machine changes.
`benchmarks/read.py` has the times."""

from __future__ import annotations

import sys

import pytest
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.pipeline import extract_paper
from zhengling.extractors.readers.content import Content

NUMBERS = "一二三四五六七八九十"
CLAUSES = "".join(
    f"（{n}）建好食堂。2023年{m}月底前每村建成一处，按照《松岭省人民政府关于养老服务的意见》（松岭政发〔2022〕5号）办理。"
    "（责任单位：县民政局、县财政局）\n"
    for m, n in enumerate(NUMBERS, 1)
)
ROWS = "1 建好食堂 每村建成一处，人人吃得上热饭。 县民政局、县财政局 2023年6月底前\n"
PIECES = {
    "clauses": CLAUSES,
    "clauses on one line": CLAUSES.replace("\n", ""),
    "sentences": "各部门要充分认识做好这项工作的重要意义，切实加强组织领导，联系电话0999-8812345。\n",
    "one sentence": "各部门要充分认识做好这项工作的重要意义，",
    "rows": "序号 任务 工作内容 责任单位 完成时限\n" + ROWS * 30,
    "rows with tabs": ROWS.replace(" ", "\t"),
    "rows with bars": "| " + ROWS.replace(" ", " | ").replace("\n", " |\n"),
    "cells a line each": ROWS.replace(" ", "\n"),
    "rows by blanks without headings": ROWS.replace(" ", "   "),
    "nearly rows by blanks": ROWS.replace(" ", "   ", 2) + "县民政局   建好食堂\n",
    "duties on one line": "县教育局：负责建好学校食堂。",
    "open brackets": "（责任单位：县民政局",
    "titles": "《松岭省人民政府关于养老服务的意见》、",
}
SIZE, TIMES = 6_000, 4
#: What is left to what a paper takes at least, and to lists that are sorted.
MARGIN = 1.3


def calls(text: str) -> int:
    """How many calls of Python and of C it takes to read a text."""
    count = 0

    def seen(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        extract_paper(lay_out(Content(source=text)))
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_calls_grow_with_the_text(piece):
    once, many = (piece * (size // len(piece) + 1) for size in (SIZE, TIMES * SIZE))
    extract_paper(lay_out(Content(source=many)))  # compiles the patterns and fills the caches
    growth = calls(many) / calls(once)
    assert growth < MARGIN * len(many) / len(once)
