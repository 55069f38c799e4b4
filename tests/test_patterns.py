"""Regular expressions take time as their text grows: what tries them in `make check` finds those that do not."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .conftest import ROOT

PAPER = (
    "枫浦县人民政府办公室关于印发枫浦县2024年{}的通知\n\n枫政办〔2024〕7号\n\n一、重点任务\n\n"
    "（一）建设服务站。全县建设便民服务站。（责任单位：县民政局；完成时限：2024年6月底前）\n\n"
    "枫浦县人民政府办公室\n2024年3月1日\n"
)


@pytest.mark.parametrize(
    ("pattern", "refused"),
    [
        (r"(?:责任表|表|责任)+$", True),  # one text, two ways to read it
        (r"(?:\s*\n)+$", True),
        (r"\s*完成", True),
        (r".*委员会", True),
        (r"[甲-癸]+\d", True),
        (r"(?:责任|表)+?。", True),
        (r"\A(?:责任|表)++。", False),
        (r"\s{0,40}+完成", False),
        (r"(?<!\s)\s*+完成", False),
        (r"[甲-癸]{1,12}\d", False),
    ],
)
def test_what_grows_faster_than_its_text_is_refused(pattern, refused):
    words = [sys.executable, str(ROOT / "benchmarks/patterns.py"), pattern]
    done = subprocess.run(words, capture_output=True, text=True, timeout=100)
    assert (done.returncode, "REFUSED" in done.stdout) == (int(refused), refused), done.stdout + done.stderr


@pytest.mark.parametrize("words", ["分解表" * 60, "责任表" * 60, "工作任务" * 60])
def test_a_title_of_the_words_that_end_titles_does_not_hold_the_graph(tmp_path, words):
    """Alike titles are sought where no limit of time holds."""
    for n, name in enumerate("ab"):
        text = PAPER.format(words + "甲").replace("7号", f"{n + 7}号")
        above = f"根据《枫浦市人民政府关于印发枫浦市2024年{words}乙的通知》（枫政〔2024〕{n + 1}号）。\n\n一、重"
        (tmp_path / f"{name}.txt").write_text(text.replace("一、重", above), "utf-8")
    code = "import sys, zhengling as zl; zl.open(sys.argv[2]).build([sys.argv[1]])"
    subprocess.run([sys.executable, "-c", code, str(tmp_path), str(tmp_path / "w")], check=True, timeout=100)
