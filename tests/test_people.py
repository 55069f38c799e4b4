"""Answers for people: tasks told apart, short names, tables that fit, and an empty table that says why."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from zhengling.app.cli import program
from zhengling.app.messages import Catalogue
from zhengling.app.tables import tables
from zhengling.app.tables.people import for_people
from zhengling.graph.deriving.identity import short_name

SAY = Catalogue("zh")
COLUMNS = ["task", "title", "units", "document", "item", "leads", "responsibles", "supports", "region", "text"]
LONG = "《松岭市望溪县人民政府办公室关于印发望溪县2031年护林工作要点的通知》中国/云屏省/松岭市/望溪县/2031"
HERE, THERE = "中国/云屏省/松岭市/望溪县", "中国/云屏省/泠川市/望溪县"
WORDS = "每日巡查林区，造册登记。"
ROWS = [
    ["0123456789abcdef", "护林", ["甲局", "乙局"], LONG, "T01", ["甲局"], [], ["乙局"], HERE, WORDS],
    ["fedcba9876543210", "护林", [], "松政办〔2031〕2号", "T02", [], [], [], THERE, "巡查。"],
]


def test_tasks_are_told_apart_and_who_leads_from_who_supports():
    columns, rows = for_people(COLUMNS, ROWS, SAY, ["登记"])
    assert columns == ["task", "title", "units", "document", "region"]
    assert [row[0] for row in rows] == ["01234567", "fedcba98"]
    assert rows[0][1] == "T01 护林\n每日巡查林区，造册登记。"
    assert rows[0][2] == ["牵头：甲局", "配合：乙局"]
    assert [row[4] for row in rows] == ["松岭市/望溪县", "泠川市/望溪县"]  # two places of one name


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ("松政办〔2031〕2号", "松政办〔2031〕2号"),
        (LONG, "《望溪县2031年护林工作要点》"),
        ("《护林工作要点》中国/云屏省/松岭市/望溪县/2031", "《护林工作要点》 望溪县 2031"),
        ("《护林条例》", "《护林条例》"),
        ("《望溪县林业局等部门护林办法》望溪县林业局、望溪县水利局", "《望溪县林业局等部门护林办法》"),
        ("《护林办法》望溪县林业局、望溪县水利局/2031", "《护林办法》 望溪县林业局… 2031"),
        ("《》中国/云屏省/松岭市/望溪县/2031 0123456789abcdef", "《…》 望溪县 2031"),
        ("《》中国/云屏省 0123456789abcdef", "《…》 云屏省"),
        ("《》通知 1.docx 0123456789abcdef", "《…》 通知 1.docx"),
    ],
)
def test_a_document_has_a_short_name(identity, name):
    assert short_name(identity) == name


@pytest.mark.parametrize("width", [30, 60, 100])
def test_a_table_fits_and_breaks_no_line_into_single_characters(width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    out = io.StringIO()
    tables.show(*for_people(COLUMNS, ROWS, SAY), SAY, tables.console(out))
    lines = out.getvalue().splitlines()
    assert max(cell_len(line.rstrip()) for line in lines) <= width
    assert "松政办〔2031〕2号" in out.getvalue()  # a number stays whole
    assert tables.folded("《护林条例》，松政办〔2031〕2号。", 20) == "《护林条例》，\n松政办〔2031〕2号。"


def test_help_is_had_in_every_way_and_each_command_has_examples(run):
    for language in ("zh", "en"):
        say = Catalogue(language)
        assert [c for c in program(say).commands if not say.text(f"example-{c}")] == []
    wanted = run("query", "--help", lang="zh").out
    assert wanted.startswith("用法：zhengling query ")
    assert "示例：" in wanted
    assert run("query", "-h", lang="zh").out == run("help", "query", lang="zh").out == wanted
    assert run("help").out == run("--help").out


def test_a_question_is_a_command_whose_values_need_no_names(run, built):
    asked = run("query", "reach", "--set", "document=国办发〔2023〕908号", "--workspace", built)
    assert asked.out
    for words in (["reach", "国办发〔2023〕908号"], ["query", "reach", "document=国办发〔2023〕908号"]):
        assert run(*words, "--workspace", built).out == asked.out
    assert "国办发〔2023〕908号" in run("reach", "国办发2023 908", "--workspace", built).err


def test_an_empty_answer_says_which_filter_left_nothing_and_what_there_is(run, built):
    empty = run("unit-tasks", "鹭滩县民政局", "role=support", "--workspace", built)
    assert (empty.status, empty.out) == (0, "")
    assert "without role=support there would be 5 rows" in empty.err
    assert "papers are of the years 2023 to 2023" in run("unit-workload", "year=1999", "--workspace", built).err
    assert "tasks fall due from 2023-" in run("due", "2041", "--workspace", built).err
