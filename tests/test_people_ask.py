"""What people write who know no database: numbers of tasks, words, slips; and why nothing is there."""

from __future__ import annotations

import csv
import json

import openpyxl
import pytest
import zhengling
from zhengling.extractors.errors import ZhenglingError

PAPER, TASK = "鹭政办发〔2023〕22号", "760bec5bc140e90a"


@pytest.mark.parametrize("words", ["鹭滩 T08", "鹭滩县T8", f"{PAPER}，t08", "探访 关爱", "760bec5b"])
def test_a_task_by_its_number_behind_its_paper_or_by_words(built, words):
    assert zhengling.open(built).task(words) == TASK


def test_a_number_alone_lists_the_tasks_that_bear_it(built, run):
    with pytest.raises(ZhenglingError) as caught:
        zhengling.open(built).task("T08")
    hits = caught.value.values["hits"]
    assert caught.value.code == "several-tasks" and TASK in {hit["task"] for hit in hits} and len(hits) > 5
    told = run("trace", "T08", "--workspace", built)
    assert told.status == 1 and "（三）开展探访关爱" in told.out
    assert run("trace", "T99", "--workspace", built).status == 2
    assert run("progress", "鹭滩 T08", "--workspace", built).status == 0


def test_a_trace_is_written_in_the_form_of_its_file(built, tmp_path, run):
    for name in ("t.csv", "t.json", "t.xlsx", "t.md"):
        assert run("trace", "探访", "关爱", "--out", tmp_path / name, "--workspace", built).status == 0
    rows = json.loads((tmp_path / "t.json").read_text("utf-8"))
    assert rows == zhengling.open(built).trace(TASK)
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["how"] for row in csv.DictReader(file)] == [row["how"] for row in rows]
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").active.max_row == len(rows) + 1


def test_a_name_of_a_file_that_says_no_form_is_refused(built, tmp_path, run):
    for name in ("due.docx", "due.xls", "due.pdf"):
        told = run("due", "--out", tmp_path / name, "--workspace", built)
        assert told.status == 2 and ".xlsx" in told.err and not (tmp_path / name).exists()
    assert run("due", "--out", tmp_path / "due", "--workspace", built).status == 0
    assert run("due", "--out", tmp_path / "due.dat", "--format", "csv", "--workspace", built).status == 0


def test_several_words_to_find_need_no_quotation_marks(built, run):
    one = run("find", "老年人", "上门", "region=鹭滩", "--workspace", built)
    assert one.status == 0 and "开展探访关爱" in one.out
    assert one.out == run("find", "老年人 上门", "--set", "region=鹭滩", "--workspace", built).out
    none = run("find", "政务", "助餐", "--workspace", built)
    assert none.out == "" and "each alone: 政务 1, 助餐 5" in none.err


def test_a_parameter_that_is_none_is_told(built, run):
    told = run("unit-tasks", "unti=县财政局", "--workspace", built)
    assert told.status == 2 and "unti" in told.err and "unit, region, role" in told.err
    other = run("progress", "by=地区", "--workspace", built)
    assert other.status == 2 and "zhengling query progress by=地区" in other.err
    several = run("progress", "by=单位", "region=鹭滩", "--workspace", built)
    assert several.status == 2 and "zhengling query progress by=单位 region=鹭滩" in several.err
    option = run("analyse", "workload", "region=鹭滩", "--workspace", built)
    assert option.status == 2 and "--region 鹭滩" in option.err
    named = run("unit-tasks", "单位=县财政局", "地区=鹭滩", "角色=牵头单位", "--format", "json", "--workspace", built)
    asked = run("unit-tasks", "县财政局", "region=鹭滩", "role=lead", "--format", "json", "--workspace", built)
    assert named.out == asked.out and named.status == 0
    unknown = run("unit-tasks", "县财政局", "城市=鹭滩", "--workspace", built)
    assert unknown.status == 2 and "城市" in unknown.err
    chinese = run("unit-tasks", "县民政局", "role=牵头单位", "--workspace", built, lang="zh")
    assert "“牵头单位”理解为 牵头" in chinese.err and "lead）" in chinese.err
    by_place = run("query", "progress", "by=地区", "--workspace", built)
    assert by_place.status == 0 and "“地区” → place" in by_place.err


@pytest.mark.parametrize("words", [("due", "--help"), ("help", "due"), ("due", "-h", "--lang", "zh")])
def test_a_question_has_its_own_help(run, words):
    told = run(*words)
    assert told.status == 0 and "zhengling due" in told.out
    for name in ("from", "to", "unit", "region"):
        assert f"\n  {name} " in told.out


def test_the_help_of_a_question_of_the_workspace(tmp_path, run):
    (tmp_path / "queries").mkdir()
    text = "// 我的\n// title.en: Mine\n// description.zh: 任务。\n// description.en: Tasks of mine.\n"
    text += (
        "// parameter: least integer 3\n// columns: n\nMATCH (t:Task) WHERE t.`order` > $least RETURN count(*) AS n\n"
    )
    (tmp_path / "queries" / "mine.cypher").write_text(text, "utf-8")
    told = run("mine", "--workspace", tmp_path, "--help")
    assert "Tasks of mine." in told.out and "least" in told.out and "default 3" in told.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("tasks", "document=安全生产法"), "《安全生产法》 is only cited; its text has not been read"),
        (("reach", PAPER), f"no paper that was read carries out {PAPER}"),
        (
            ("dropped", "霁政办发2023 52"),
            "no paper above 霁政办发〔2023〕52号 has been read; it names: 樾政办发〔2023〕95号",
        ),
        (("compare-years",), "papers are of the years 2023 to 2023"),
    ],
)
def test_an_empty_answer_says_why(built, run, words, said):
    told = run(*words, "--workspace", built)
    assert (told.status, told.out) == (0, "") and said in told.err


def test_slips_in_short_names_are_told_with_the_nearest(built, run, tmp_path):
    for words, near in ((("tasks", "region=鹭摊"), "鹭滩县"), (("tasks", "document=鹭摊"), PAPER)):
        told = run(*words, "--workspace", built)
        assert told.status == 2 and near in told.err
    begun = run("tasks", "document=荻政办2023", "--workspace", built)
    assert begun.status == 0 and "→ 荻政办〔2023〕31号" in begun.err
    assert run("view", "--year", "2023年", "--out", tmp_path / "v.html", "--workspace", built).status == 0
    assert run("view", "--year", "旧年", "--out", tmp_path / "w.html", "--workspace", built).status == 2


def test_an_export_takes_its_form_from_the_name_of_the_file(built, tmp_path, run):
    at = ("--workspace", built)
    for name, begins in (
        ("l.xlsx", b"PK"),
        ("t.parquet", b"PAR1"),
        ("g.gexf", b"<?xml"),
        ("d.ics", b"BEGIN:VCALENDAR"),
    ):
        assert run("export", "--out", tmp_path / name, *at).status == 0
        assert (tmp_path / name).read_bytes().startswith(begins)
    assert run("export", "--out", tmp_path / "g.ttl", *at).status == 0
    told = run("export", "--out", tmp_path / "g.pdf", *at)
    assert told.status == 2 and "turtle" in told.err and not (tmp_path / "g.pdf").exists()


def test_a_paper_that_was_read_is_not_reconstructed(built, run):
    told = run("reconstruct", "国办发2023 908", "--workspace", built)
    assert told.status == 2 and "国办发〔2023〕908号 has been read" in told.err
