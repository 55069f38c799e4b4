"""What people say of a workspace's papers: kept in lines, seen by every face, carried by exports, told apart again."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zhengling
from zhengling.extractors.errors import ZhenglingError
from zhengling.graph.corrections.making import checked
from zhengling.graph.rdf import restore
from zhengling.graph.workspace.progressing import line_of
from zhengling.graph.workspace.workspace import Workspace

PAPER = "鹭政办发〔2023〕22号"
ROWS = (
    "MATCH (t:Task)<-[r]-(u:Unit) RETURN t.id AS task, u.id AS unit, r.review AS review, r.evidence AS e "
    "ORDER BY task, unit, review"
)
TASKS = (
    "MATCH (t:Task) RETURN t.id AS task, t.text AS text, t.review AS review, t.state AS state, t.notes AS notes, "
    "t.evidence AS e ORDER BY task"
)


@pytest.fixture(scope="module")
def corrected(built, tmp_path_factory) -> Path:
    """A workspace that two people have worked on."""
    folder = tmp_path_factory.mktemp("corrected") / "w"
    shutil.copytree(built, folder)
    graph = zhengling.open(folder)
    graph.correct(
        "change", PAPER, task="T02", unit="县民政局", to={"role": "responsible"}, by="李明", why="电话13800001111"
    )
    graph.correct("change", PAPER, task="T02", unit="县民政局", to={"role": "support"}, by="王芳")
    graph.correct("reject", PAPER, task="T07", unit="县农业农村局", by="李明")
    graph.correct("add", PAPER, task="T06", unit="县信访局", role="support", elsewhere=True, by="李明")
    graph.correct("confirm", PAPER, task="T08", by="李明")
    graph.correct("change", PAPER, field="date", to={"value": "2023-05-05"}, by="李明")
    graph.progress("T08", PAPER, state="under-way", note="已走访", unit="县民政局", day="2023-06-01", by="李明")
    graph.progress("T08", PAPER, milestone="建台账", due="2023-07-01", next_report="2023-08-01", by="李明")
    graph.close()
    return folder


def rows(folder: Path, cypher: str) -> list[dict]:
    graph = zhengling.open(folder)
    try:
        return graph.cypher(cypher)
    finally:
        graph.close()


def test_the_graph_says_what_people_say_and_what_the_paper_says(corrected, built):
    facts = {(row["name"], row["unit"]): row for row in rows(corrected, (
        f"MATCH (t:Task {{document: '{PAPER}'}})<-[r:SUPPORTS]-(u:Unit) WHERE r.review <> '' "
        "RETURN t.name AS name, u.name AS unit, r.review AS review, r.evidence AS e"
    ))}  # fmt: skip
    changed, added = facts["T02", "县民政局"], facts["T06", "县信访局"]
    assert (changed["review"], added["review"]) == ("changed", "added")
    read, said = map(json.loads, changed["e"])
    assert read["rule"].startswith("units.") and read["quote"] == "县民政局"
    assert said["rule"] == "correction"
    assert {k: said["place"][k] for k in ("by", "was")} == {"by": "王芳", "was": {"role": "lead"}}
    names = {
        row["u"]
        for row in rows(corrected, f"MATCH (t:Task {{name: 'T07', document: '{PAPER}'}})<--(u:Unit) RETURN u.name AS u")
    }
    assert names and "县农业农村局" not in names
    (paper,) = rows(corrected, f"MATCH (d:Document {{id: '{PAPER}'}}) RETURN d.date AS date, d.review AS review")
    assert paper == {"date": "2023-05-05", "review": "changed"}
    others = [row for row in rows(built, ROWS) if PAPER not in row["e"][0]]
    assert others and [row for row in rows(corrected, ROWS) if PAPER not in row["e"][0]] == others
    assert "13800001111" not in "".join(p.read_text("utf-8") for p in corrected.glob("corrections/*"))


def test_records_stay_what_was_read_and_undoing_all_gives_the_graph_of_the_reading(corrected, built, tmp_path):
    folder = tmp_path / "w"
    shutil.copytree(corrected, folder)
    for one in built.glob("records/*.json"):
        assert (folder / "records" / one.name).read_bytes() == one.read_bytes()
    workspace, people = Workspace(folder), Workspace(folder).people()
    at = datetime(2030, 1, 1, tzinfo=UTC)
    said = [checked({"verb": "undo", "of": one.id, "by": "王芳", "at": at}) for one in people.lines]
    told = [line_of({"verb": "undo", "of": one.id, "by": "王芳", "at": at}) for one in people.progress]
    workspace.say("王芳", said, told)
    graph = zhengling.open(folder)
    assert {held.outcome.status for held in graph.corrections()} == {"undone", "applied"}  # the undoing is applied
    assert (rows(folder, ROWS), rows(folder, TASKS)) == (rows(built, ROWS), rows(built, TASKS))


def test_conflicts_are_listed_and_the_later_one_holds(corrected, run):
    listed = zhengling.open(corrected).corrections(PAPER)
    states = [held.outcome.status for held in listed]
    assert states == ["overruled", *["applied"] * 5]
    assert listed[1].outcome.against == [listed[0].outcome.correction.id]
    told = run("corrections", PAPER, "--workspace", corrected)
    assert told.status == 0 and "of 王芳 contradicts" in told.err
    assert "applied 5, settled 0, stale 0, overruled 1, undone 0" in told.err


def test_a_reading_anew_keeps_settles_or_strands_each(corrected, tmp_path):
    folder = tmp_path / "w"
    shutil.copytree(corrected, folder)
    (path,) = folder.glob("records/lutan*")
    record = json.loads(path.read_text("utf-8"))
    for task in record["tasks"]:
        task["evidence"] = []  # as another format has it
    second, sixth = record["tasks"][1], record["tasks"][5]
    second["units"][0]["role"] = "support"  # the rules know better now
    sixth["text"] = sixth["title"] = "换了内容的另一项任务，与原来毫无关系。"
    record["tasks"].insert(0, json.loads(json.dumps(record["tasks"][-1] | {"id": "T99", "text": "新增一行。"})))
    path.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    Workspace(folder).build([])
    fates = {}
    for held in zhengling.open(folder).corrections():
        one = held.outcome.correction
        fates[one.verb, one.what, one.by] = held.outcome.status
    assert fates == {
        ("change", "unit", "李明"): "stale",  # it was read lead, then
        ("change", "unit", "王芳"): "settled",
        ("reject", "unit", "李明"): "applied",
        ("add", "unit", "李明"): "stale",
        ("confirm", "task", "李明"): "applied",
        ("change", "field", "李明"): "applied",
    }
    (row,) = rows(folder, "MATCH (t:Task) WHERE t.state <> '' RETURN t.name AS name, t.state AS state")
    assert row == {"name": "T08", "state": "under-way"}


def test_an_export_carries_corrections_and_progress_apart_from_what_was_read(corrected, tmp_path):
    there = tmp_path / "there"
    graph = zhengling.open(corrected)
    graph.export("nquads", tmp_path / "all.nq")
    for _ in range(2):  # taken in again, nothing stands twice
        zhengling.open(there).import_(tmp_path / "all.nq")
        assert (rows(there, ROWS), rows(there, TASKS)) == (rows(corrected, ROWS), rows(corrected, TASKS))
        assert Workspace(there).people().lines == Workspace(corrected).people().lines
        assert Workspace(there).people().progress == Workspace(corrected).people().progress
    names = [path.name for path in sorted(corrected.glob("records/*"))]
    for name in names:
        read, taken = (json.loads((w / "records" / name).read_text("utf-8")) for w in (corrected, there))
        assert taken == read | {"imported": True}
    text = (tmp_path / "all.nq").read_text("utf-8")
    assert "prov#wasRevisionOf" in text and "prov#wasAttributedTo" in text
    assert len(restore.said(tmp_path / "all.nq")[0]) == 6


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "truncated"),
        ('{"at":"2024-01-01T00:00:00Z","by":"甲","verb":"change","what":"unit"}', "paper"),
        ('{"at":"2024-01-01T00:00:00","by":"甲","verb":"undo","of":"x"}', "timezone"),
        ('{"at":"2024-01-01T00:00:00Z","by":"甲","verb":"undo","of":"x","more":1}', "more"),
        ('{"at":"2024-01-01T00:00:00Z","by":"","verb":"undo","of":"x"}', "length"),
    ],
)
def test_a_line_that_is_none_is_named_by_file_and_line(built, tmp_path, line, reason, run):
    folder = tmp_path / "w"
    shutil.copytree(built, folder)
    (folder / "corrections").mkdir()
    (folder / "corrections" / "甲.jsonl").write_text(
        '{"at":"2024-01-01T00:00:00Z","by":"甲","verb":"undo","of":"x"}\n\n' + line + "\n", "utf-8"
    )
    told = run("corrections", "--workspace", folder)
    assert told.status == 1 and "甲.jsonl:3" in told.err and reason in told.err


def test_what_can_not_be_meant_is_refused_and_nothing_is_kept(corrected, run):
    before = {p: p.read_bytes() for p in corrected.glob("*/*.jsonl")}
    at = ("--workspace", corrected, "--by", "甲")
    for words, status in (
        (("change", PAPER, "--task", "T02", "--unit", "县外事办", "--to", "role=lead"), 2),
        (("change", PAPER, "--task", "T02", "--unit", "县民政局", "--to", "role=chief"), 2),
        (("change", PAPER, "--task", "没有这样的任务", "--to", "open=true"), 2),
        (("add", PAPER, "--task", "T02", "--unit", "县外事办"), 2),
        (("add", PAPER, "--task", "T02", "--unit", "县外事办", "--quote", "文件里没有的话"), 2),
        (("reject", "--task", "服务"), 1),
        (("undo", "ffff"), 2),
        (("add", PAPER, "--task", "T02", "--deadline", "2023-02-30", "--elsewhere"), 2),
        (("add", PAPER, "--task", "T02", "--deadline", "县委会议后", "--elsewhere"), 2),
    ):
        told = run("correct", *words, *at)
        assert told.status == status, (words, told.err)
    quoted = run(
        "correct",
        "add",
        PAPER,
        "--task",
        "T08",
        "--unit",
        "县外事办",
        "--quote",
        "探访记录要真实完整",
        "--dry-run",
        *at,
    )
    assert (quoted.status, "+ （三）开展探访关爱 | responsible: 县外事办" in quoted.out) == (0, True)
    for words, shown in (("10月底前", "2023-10-31"), ("2023-10-31", "2023-10-31"), ("长期坚持", "ongoing")):
        limit = run("correct", "add", PAPER, "--task", "T08", "--deadline", words, "--elsewhere", "--dry-run", *at)
        assert (limit.status, limit.out.rstrip().endswith(f"{words} {shown}")) == (0, True)
    merged = run("correct", "merge", PAPER, "--task", "T03", "--with", "T04", "--dry-run", *at, lang="zh")
    assert merged.status == 0 and "- T04 | 标题：3.老年教育 | " in merged.out and "{" not in merged.out
    keyed = run("correct", "change", PAPER, "--task", "T02", "--unit", "县民政局", "--to", "rôle=lead", *at)
    assert keyed.status == 2 and "name | role | collective" in keyed.err
    assert before == {p: p.read_bytes() for p in corrected.glob("*/*.jsonl")}
    with pytest.raises(ZhenglingError):
        zhengling.open(corrected).progress("T08", PAPER, state="somehow", by="甲")


def test_names_and_days_are_understood_as_questions_understand_them(corrected, run):
    tried = ["--workspace", corrected, "--dry-run"]
    one = run(
        "correct", "change", "鹭政办发2023 22", "--task", "T05", "--unit", "鹭滩县财政局", "--to", "role=牵头", *tried
    )
    assert one.status == 0 and "lead: 县财政局" in one.out
    assert f"“鹭政办发2023 22” → {PAPER}" in one.err and "“鹭滩县财政局” → 县财政局" in one.err

    two = run("progress", "T08", "--document", "鹭滩县 便民养老", "--milestone", "建台账", "--due", "2023/7/1", *tried)
    assert two.status == 0 and "2023-07-01" in two.out and "“2023/7/1” → 2023-07-01" in two.err

    for words, near in (
        (["correct", "confirm", "鹭政办发〔2023〕23号"], PAPER),
        (["correct", "confirm", "--task", "探仿独居老人"], "探访独居老人"),
        (["correct", "reject", PAPER, "--task", "T05", "--unit", "县财正局"], "县财政局"),
        (["progress", "T08", "--document", PAPER, "--note", "已走访", "--unit", "县民正局"], "县民政局"),
    ):
        told = run(*words, *tried)
        assert told.status == 2 and near in told.err


@pytest.mark.parametrize("unit", ["县烟草专卖局", "鹭滩县烟草专卖局", "南山便民服务驿站"])
def test_a_unit_of_no_paper_reports_under_the_name_that_is_written(corrected, run, unit):
    """By its department, which the words know, and by a name that nothing is like."""
    words = ("progress", "T08", "--document", PAPER, "--note", "已走访", "--unit", unit, "--dry-run")
    told = run(*words, "--workspace", corrected)
    assert told.status == 0 and unit in told.out
    assert f"“{unit}” stands in no paper of the graph; kept as it is written" in told.err


def test_two_names_are_made_one_and_one_is_made_two(built, tmp_path):
    folder = tmp_path / "w"
    shutil.copytree(built, folder)
    graph = zhengling.open(folder)
    here = "中国/樾原省/霁川市/鹭滩县|"
    names = (
        f"MATCH (u:Unit)-->(t:Task) WHERE u.id STARTS WITH '{here}' RETURN u.name AS unit, count(DISTINCT t.id) AS n"
    )

    def tasks() -> dict[str, int]:
        return {row["unit"]: row["n"] for row in graph.cypher(names)}

    before = tasks()
    graph.same(here + "县卫生健康局", here + "县司法局", by="李明")
    after = tasks()
    assert after["县卫生健康局"] == before["县卫生健康局"] + before["县司法局"] and "县司法局" not in after
    documents = {row["d"] for row in graph.cypher("MATCH (d:Document {loaded: true}) RETURN d.id AS d")}
    graph.same("樾政办发〔2023〕87号", "国办发〔2023〕908号", what="documents", by="李明")
    left = {row["d"] for row in graph.cypher("MATCH (d:Document {loaded: true}) RETURN d.id AS d")}
    assert documents - left == {"国办发〔2023〕908号"}
    assert graph.cypher("MATCH (d:Document) WHERE d.id = '国办发〔2023〕908号' RETURN d.id AS d") == []
    graph.same(here + "县住房和城乡建设局", "县住建局", apart=True, by="王芳")
    assert {"县住建局"} <= set(tasks())
    assert [held.outcome.status for held in graph.corrections()] == ["applied"] * 3
    for held in graph.corrections():
        graph.undo(held.outcome.correction.id, by="李明")
    assert tasks() == before
    assert {row["d"] for row in graph.cypher("MATCH (d:Document {loaded: true}) RETURN d.id AS d")} == documents
    graph.close()


def test_a_reviewed_paper_is_gold_and_rules_are_counted(corrected, tmp_path, run):
    folder = tmp_path / "gold"
    written = run("gold", PAPER, "--out", folder, "--workspace", corrected)
    assert written.status == 0 and "not reviewed as a whole" in written.err
    (file,) = folder.iterdir()
    gold = json.loads(file.read_text("utf-8"))
    assert gold["document"]["date"] == "2023-05-05" and len(gold["tasks"]) == 12
    scored = run("score", folder, corrected / "records", "--errors", "--format", "json")
    facts = {(row["error"], row["kind"]) for row in json.loads(scored.out)}
    assert {kind for _, kind in facts} == {"units", "document"}  # what was corrected, and nothing else
    rules = {row["rule"]: row for row in zhengling.open(corrected).rules_corrected()}
    assert rules["missed unit"]["added"] == 1 and sum(row["rejected"] for row in rules.values()) == 1
    assert "correction" not in rules and len(rules) > 3
    shown = run("corrections", "--rules", "--workspace", corrected, lang="zh")
    assert "（漏读的单位）" in shown.out and "missed" not in shown.out
