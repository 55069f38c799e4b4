"""Contact data enters nothing: no record, store, export, warning, message or cache. `contacts.py` has the forms."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from zhengling.extractors.words.personal import find_personal, masked

from .contacts import NONE, Form, forms

ALL = list(forms())
AROUND = (
    ("全县建设便民服务站，", "。"),
    ("\n", "\n"),
    ("（责任单位：县民政局，", "；完成时限：2024年6月底前）"),
)


def left(text: str, form: Form) -> list[str]:
    return [needle for needle in form.needles if needle in text]


def test_there_are_forms_enough_and_each_has_a_needle():
    assert len(ALL) >= 200
    assert all(form.needles and not left("", form) and len(left(form.text, form)) == len(form.needles) for form in ALL)


@pytest.mark.parametrize("form", ALL, ids=lambda form: form.text)
def test_each_form_is_masked_wherever_it_stands(form: Form):
    for before, behind in AROUND:
        text = masked(before + form.text + behind)
        assert left(text, form) == []
        assert len(text) == len(before + form.text + behind)  # offsets stay right
        assert text.startswith(before)
        assert text.endswith(behind)


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_it_stays(text: str):
    for before, behind in (("", ""), ("全县工作，", "。"), ("\n", "\n")):
        assert find_personal(before + text + behind) == []


def test_what_is_found_twice_is_told_once_and_in_order():
    found = find_personal("联系人：张卫国，电话：0990-2213001转8001，zhang@example.com")
    spans = [(start, end) for start, end, _ in found]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        # the name stands in the line before the number, or in one of the two behind it
        ("会议安排\n李明\n联系电话：8812345\n王小明", ["李明", "8812345", "王小明"]),
        # a paper of a person has five digits, a number that letters hide six
        ("工号 10001", ["10001"]),
        ("工号 A10001", ["A10001"]),
        ("工号 A1001", []),
        ("咨询l39OOOO1111", ["l39OOOO1111"]),
        ("咨询139000OOOOO", ["139000OOOOO"]),
        ("咨询l39OOOOIlIl", []),
    ],
)
def test_what_is_hidden_beside_what_tells_of_it(text: str, hidden: list[str]):
    assert [text[a:b] for a, b, _ in find_personal(text)] == hidden


# --- everywhere -----------------------------------------------------------------------------------------------------

PAPER = """枫浦县人民政府办公室关于印发枫浦县2024年重点工作要点的通知

枫政办〔2024〕9{number:02}号

各乡镇人民政府，县政府各部门：

一、重点任务

{tasks}
枫浦县人民政府办公室
2024年3月1日
"""
TASK = (
    "（{n}）建设服务站。全县建设便民服务站，{x}。（责任单位：县民政局；完成时限：2024年6月底前）\n\n"
    "（{n}）开展探访。开展探访关爱，{x}（责任单位：县民政局，{x}；完成时限：2024年6月底前）\n\n{x}\n\n"
)
EACH = 40  # forms of one paper
PROGRAM = "import sys; from zhengling.app.cli import main; sys.exit(main(sys.argv[1:]))"
EXPORTS = ("nquads", "jsonld", "csv", "graphml", "neo4j-import")


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory) -> dict[str, str]:
    """What a workspace of papers with all forms in prose and in a table has, says and gives: name → text."""
    folder = tmp_path_factory.mktemp("personal")
    source = folder / "in"
    source.mkdir()
    for number, at in enumerate(range(0, len(ALL), EACH)):
        some = enumerate(ALL[at : at + EACH], 1)
        tasks = "".join(TASK.format(n=k, x=form.text) for k, form in some)
        (source / f"{number}.txt").write_text(PAPER.format(number=number, tasks=tasks), "utf-8")
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["工作任务", "责任单位", "责任人", "电话", "备注", "完成时限"])
    for k, form in enumerate(ALL):
        words = form.text.replace("\n", " ")
        writer.writerow([f"建设便民服务站{k}号", f"县民政局（{words}）", words, words, words, "2024年6月底前"])
    (source / "table.csv").write_text(table.getvalue(), "utf-8")
    (source / "钱八13812341113.txt").write_text(
        PAPER.format(number=99, tasks=TASK.format(n="一", x="优化服务")), "utf-8"
    )
    out: dict[str, str] = {}
    work = folder / "w"
    steps: dict[str, tuple[object, ...]] = {"build": ("build", source, "--workspace", work, "--warnings")}
    steps["check"] = ("check", "--all", "--workspace", work)
    steps |= {
        f"export {f}": ("export", "--format", f, "--out", folder / "ex" / f, "--workspace", work) for f in EXPORTS
    }
    steps["view"] = ("view", "--out", folder / "ex/view.html", "--workspace", work)
    (folder / "ex").mkdir()
    for name, words in steps.items():
        done = subprocess.run([sys.executable, "-c", PROGRAM, *map(str, words)], capture_output=True, text=True)
        assert "Traceback" not in done.stderr
        out[name] = done.stdout + done.stderr
    for path in (*work.rglob("*"), *(folder / "ex").rglob("*")):
        if path.is_file():
            out[str(path.relative_to(folder))] = path.read_bytes().decode("utf-8", "replace")
    return out


def sure(form: Form) -> Iterator[str]:
    """Needles that stand nowhere else by chance: whole numbers, names, addresses."""
    yield from form.numbers
    yield from (needle for needle in form.needles if not needle.isdecimal() or len(needle) >= 6)


def test_nothing_of_it_is_anywhere(everywhere):
    assert any(name.startswith("w/records/table") for name in everywhere)
    found = [
        (form.text, needle, name)
        for form in ALL
        for needle in sure(form)
        for name, text in everywhere.items()
        if needle in text
    ]
    assert found == []


def test_a_name_of_a_file_stays_in_the_workspace(everywhere):
    """Records and store keep the source as it was given; what leaves does not."""
    holds = {name for name, text in everywhere.items() if "13812341113" in text}
    assert any(name.startswith("w/records/") for name in holds)
    assert [name for name in holds if name.startswith("ex/") or name in ("check", "view")] == []


def test_two_files_are_never_called_alike_outside():
    from zhengling.graph.stores.outgoing import names_outside

    names = names_outside(["a/钱八13812341113.txt", "a/钱九13812341114.txt", "a/b.txt"])
    assert len(set(names.values())) == 2
    assert set(names) == {"a/钱八13812341113.txt", "a/钱九13812341114.txt"}
    assert Path(next(iter(names.values()))).suffix == ".txt"
