"""`score`: the same figures as the scorer of the real papers; facts missed, wrong, gained and lost, one by one."""

from __future__ import annotations

import copy
import importlib.util
import json
import random
from pathlib import Path
from typing import Any

import pytest
import zhengling
from zhengling.app.measure.score import KINDS, score
from zhengling.app.measure.silence import silent

from .truth import gold_of, real_papers

SEEDS = range(12)


@pytest.fixture(scope="module")
def reference():
    spec = importlib.util.spec_from_file_location("reference_score", real_papers() / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def figures(reference: Any, gold: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    tallies, errors = {kind: reference.Tally() for kind in KINDS}, []
    reference.score(gold, record, tallies, errors)
    return {kind: tallies[kind].row() for kind in KINDS}


def spoiled(gold: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A record with faults of every kind."""
    out = copy.deepcopy(gold)
    chance.shuffle(out["tasks"])
    out["tasks"] = [t for t in out["tasks"] if chance.random() > 0.15]
    for n, task in enumerate(out["tasks"]):
        task["id"] = f"T{n + 1:02}"
        change = chance.randrange(8)
        if change == 0:
            task["starts"] = task["starts"][2:]
        elif change == 1:
            task["units"] = [*task["units"][1:], {"role": "lead", "name": "县 财政局"}]
        elif change == 2:
            task["title"], task["section"] = task["section"][0] if task["section"] else None, []
        elif change == 3:
            task["deadlines"].append({"text": "年底", "kind": "date", "start": None, "end": None})
        elif change == 4:
            task["starts"], task["ends"], task["open"] = "别的工作", "别的工作", not task["open"]
    for c in out["citations"]:
        if chance.random() < 0.3:
            c[chance.choice(["number", "title", "role", "in"])] = chance.choice([None, "T01", "mention"])
    out["document"] |= {"title": None, "year": 1999}
    return out


@pytest.mark.parametrize("seed", SEEDS)
def test_the_figures_are_those_of_the_reference(reference, seed):
    chance = random.Random(seed)
    papers = gold_of(real_papers() / "gold") | gold_of(real_papers() / "dev/gold")
    for gold in chance.sample(list(papers.values()), 4):
        for record in (spoiled(gold, chance), gold, {}):
            assert score(gold, record).to_json() == figures(reference, gold, record)


def test_records_of_real_papers_have_the_figures_of_the_reference(reference):
    for name, gold in gold_of(real_papers() / "gold").items():
        record = zhengling.extract(real_papers() / "corpus" / f"{name}.txt").to_json()
        assert score(gold, record).to_json() == figures(reference, gold, record)


# --- losses in silence -----------------------------------------------------------------------------------------------

TASK = {"id": "T01", "section": [], "title": None, "starts": "修缮泵站三座。", "ends": "修缮泵站三座。", "open": False}
GOLD = {
    "document": {},
    "citations": [],
    "tasks": [
        TASK
        | {
            "units": [{"role": "lead", "name": "县水利局"}, {"role": "support", "name": "县财政局"}],
            "deadlines": [{"text": "6月底前", "kind": "date", "start": None, "end": "2024-06-30"}],
        }
    ],
}
NEXT = {**TASK, "id": "T02", "starts": "疏浚河道。", "ends": "疏浚河道。", "units": [], "deadlines": []}


def told(record: dict[str, Any], text: str | None = None, gold: dict[str, Any] = GOLD) -> set[str]:
    """The missed facts that a warning tells of."""
    missed = score(gold, record).missed
    quiet = silent(missed, gold, record, text)
    return {f"{f.kind} {f.said}" for f in missed if f.kind in ("tasks", "units", "deadlines") and f not in quiet}


def warning(code: str, quote: str, line: int | None = None) -> dict[str, Any]:
    return {"code": code, "values": {}, "evidence": [{"quote": quote, "place": {"line": line} if line else {}}]}


def test_a_warning_tells_of_the_facts_that_it_quotes_or_that_quote_it():
    record = {"document": {}, "tasks": [TASK], "warnings": [warning("unit-unread", "水利局；县财")]}
    assert told(record) == set()
    record["warnings"] = [warning("unit-unread", "（县水利局牵头）"), warning("deadline-unread", "6月底")]
    assert told(record) == {"units lead 县水利局", "deadlines date 2024-06-30"}


def test_a_warning_on_a_line_of_the_task_alone_tells_of_all_its_facts():
    record = {"document": {}, "tasks": [TASK], "warnings": [warning("cell-unread", "某词", 2)]}
    gold = GOLD | {"tasks": [*GOLD["tasks"], NEXT]}
    assert len(told(record, "修缮泵站三座。\n县水利局\n疏浚河道。", gold)) == 3
    assert told(record, "县\n修缮泵站三座。疏浚河道。\n县水利局", gold) == set()  # the line is that of both


def test_that_no_tasks_were_found_tells_of_all_of_them():
    assert len(told({"document": {}, "tasks": [], "warnings": [warning("no-tasks", "")]})) == 4
    assert told({"document": {}, "tasks": [], "warnings": [warning("no-title", "")]}) == set()


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def folders(tmp_path, samples) -> tuple[Path, Path]:
    """The gold of two samples, and records of them with faults."""
    gold, records = tmp_path / "gold", tmp_path / "records"
    for folder in (gold, records):
        folder.mkdir()
    for name in ("linxi-2023", "luyin-2023"):
        right = json.loads((samples / "gold" / f"{name}.json").read_text("utf-8"))
        (gold / f"{name}.json").write_text(json.dumps(right, ensure_ascii=False), "utf-8")
        if name == "linxi-2023":
            right["tasks"][0]["units"][0]["role"] = "support"
            del right["tasks"][2]
        (records / f"{name}.json").write_text(json.dumps(right, ensure_ascii=False), "utf-8")
    return gold, records


def test_figures_of_each_kind_and_each_paper(run, folders):
    answer = json.loads(run("score", *folders, "--format", "json").out)
    kinds = {row["kind"]: row for row in answer["kinds"]}
    assert list(kinds) == list(KINDS)
    assert (kinds["tasks"]["missed"], kinds["tasks"]["in_silence"], kinds["tasks"]["precision"]) == (1, 1, 1)
    papers = {row["paper"]: row for row in answer["papers"]}
    assert list(papers) == ["linxi-2023", "luyin-2023", "all"]
    assert papers["luyin-2023"]["units"] == 1 > papers["all"]["units"] > papers["linxi-2023"]["units"]
    for lang, words in (("en", "F1 of each paper"), ("zh", "各份公文的 F1")):
        table = run("score", *folders, lang=lang)
        assert table.status == 0 and words in table.out and "luyin-2023" in table.out


def test_one_table_of_all_papers_and_kinds(run, folders):
    lines = run("score", *folders, "--format", "csv").out.splitlines()
    assert len(lines) == 1 + 3 * len(KINDS)
    assert lines[0] == "paper,kind,precision,recall,f1,gold,found"


def test_each_fact_that_is_missed_or_wrong(run, folders):
    rows = json.loads(run("score", *folders, "--errors", "--format", "json").out)
    assert {row["paper"] for row in rows} == {"linxi-2023"}
    changed = [(row["error"], row["fact"]) for row in rows if row["task"] == "T01"]
    assert len(changed) == 2 and changed[1] == ("wrong", changed[0][1].replace("lead", "support"))
    assert sum(row["kind"] == "tasks" and row["in_silence"] for row in rows) == 1


def test_what_was_gained_and_lost_between_two_versions(run, folders, tmp_path):
    gold, records = folders
    gained = json.loads(run("score", gold, gold, "--against", records, "--format", "json").out)
    lost = json.loads(run("score", gold, records, "--against", gold, "--format", "json").out)
    assert {row["change"] for row in gained} == {"gained"} and {row["change"] for row in lost} == {"lost"}
    assert [row | {"change": ""} for row in gained] == [row | {"change": ""} for row in lost] != []
    same = run("score", gold, records, "--against", records, "--format", "json")
    assert json.loads(same.out) == []


def test_a_paper_without_a_record_is_missed_and_said(run, folders):
    gold, records = folders
    (records / "luyin-2023.json").unlink()
    done = run("score", gold, records, "--format", "json")
    papers = {row["paper"]: row for row in json.loads(done.out)["papers"]}
    assert papers["luyin-2023"]["tasks"] == 0 and "luyin-2023" in done.err


def test_two_files(run, folders):
    gold, records = folders
    done = run("score", gold / "luyin-2023.json", records / "luyin-2023.json", "--format", "json")
    assert [row["f1"] for row in json.loads(done.out)["kinds"]] == [1] * len(KINDS)


def test_what_is_no_record_is_refused(run, folders, tmp_path):
    gold, records = folders
    (records / "linxi-2023.json").write_text("[1]", "utf-8")
    bad, none, gone = (
        run("score", gold, records),
        run("score", tmp_path, records),
        run("score", tmp_path / "x", records),
    )
    assert (bad.status, none.status, gone.status) == (1, 2, 1)
    assert "linxi-2023.json" in bad.err and str(tmp_path) in none.err and "x" in gone.err
