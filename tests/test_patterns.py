"""Regular expressions take time as their text grows: what tries them in `make check` finds those that do not."""

from __future__ import annotations

import subprocess
import sys

from .conftest import ROOT

PAPER = (
    "枫浦县人民政府办公室关于印发枫浦县2024年{}的通知\n\n枫政办〔2024〕7号\n\n一、重点任务\n\n"
    "（一）建设服务站。全县建设便民服务站。（责任单位：县民政局；完成时限：2024年6月底前）\n\n"
    "枫浦县人民政府办公室\n2024年3月1日\n"
)


REFUSED = (
    r"(?:责任表|表|责任)+$",  # one text, two ways to read it
    r"(?:\s*\n)+$",
    r"\s*完成",
    r".*委员会",
    r"[甲-癸]+\d",
    r"(?:责任|表)+?。",
)
TAKEN = (r"\A(?:责任|表)++。", r"\s{0,40}+完成", r"(?<!\s)\s*+完成", r"[甲-癸]{1,12}\d")


def test_what_grows_faster_than_its_text_is_refused():
    words = [sys.executable, str(ROOT / "benchmarks/patterns.py"), *REFUSED, *TAKEN]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    told = [line for line in done.stdout.splitlines() if line.startswith("REFUSED")]
    assert done.returncode == 1 and len(told) == len(REFUSED), done.stdout + done.stderr
    assert all(any(repr(pattern) in line for line in told) for pattern in REFUSED), done.stdout


def test_titles_of_the_words_that_end_titles_do_not_hold_the_graph(tmp_path):
    """Alike titles are sought where no limit of time holds."""
    for m, words in enumerate(("分解表", "责任表", "工作任务")):
        for n, name in enumerate("ab"):
            text = PAPER.format(words * 60 + "甲").replace("7号", f"{10 * m + n + 7}号")
            above = (
                f"根据《枫浦市人民政府关于印发枫浦市2024年{words * 60}乙的通知》（枫政〔2024〕{10 * m + n + 1}号）。"
            )
            (tmp_path / f"{m}{name}.txt").write_text(text.replace("一、重", above + "\n\n一、重"), "utf-8")
    code = "import sys, zhengling as zl; zl.open(sys.argv[2]).build([sys.argv[1]])"
    subprocess.run([sys.executable, "-c", code, str(tmp_path), str(tmp_path / "w")], check=True, timeout=300)
