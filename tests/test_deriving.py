"""Pieces of deriving that are asked by themselves: steps of the chain, what people said of names and links, who may be
added to a graph, what places a number tells, evidence in its file, pairs of papers aligned."""

from __future__ import annotations

import json
from typing import Any

import pytest
from zhengling.benchmarks import country
from zhengling.extractors.model import Citation, Deadline, Document, Evidence, Record, Task, UnitRole
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.graph.deriving.adding import ChangedError, positions
from zhengling.graph.deriving.aligning import _all_made as all_made
from zhengling.graph.deriving.chain import Step, Superior, steps
from zhengling.graph.deriving.derive import derive
from zhengling.graph.deriving.identity import Places, UnitFacts
from zhengling.graph.deriving.judged import Judged
from zhengling.graph.deriving.origins import a_year_on, aligned
from zhengling.graph.deriving.pieces import BITS, block, entry
from zhengling.graph.deriving.proofs import Proofs, append, evidence
from zhengling.graph.lineage.verdicts import Verdict
from zhengling.graph.schema import NODES, RELATIONSHIPS

# --- steps of the chain ---------------------------------------------------------------------------------------------


def superior(name: str, level: str, subject: str = "便民", sentence: int = 1) -> Superior:
    return Superior(name, level, subject, sentence, (f"{name} is named",))


def test_a_ladder_in_one_sentence_is_climbed_rung_by_rung():
    direct, inferred, through = steps("P", "county", [superior("省", "province"), superior("市", "city")])
    assert direct == [Step("P", "市", ("市 is named",))]
    assert inferred == [Step("市", "省", ("省 is named", "市 is named"))]
    assert through == [Step("P", "省", ("省 is named",))]


@pytest.mark.parametrize(
    "cited",
    [
        [superior("省", "province"), superior("市", "city", "燃气")],
        [superior("省", "province", ""), superior("市", "city", "")],
        [superior("省", "province"), superior("市", "city", sentence=2)],
        [superior("省", "province"), superior("市", "province")],
    ],
    ids=["of two subjects", "of none", "in two sentences", "of one level"],
)
def test_what_is_no_ladder_is_a_step_each(cited):
    direct, inferred, through = steps("P", "county", cited)
    assert sorted((s.lower, s.upper, s.evidence) for s in direct) == [
        ("P", "市", ("市 is named",)),
        ("P", "省", ("省 is named",)),
    ]
    assert inferred == through == []


def test_only_higher_papers_are_superiors():
    cited = [superior("P", "province"), superior("县", "county"), superior("国", "national", sentence=3)]
    assert [s.upper for s in steps("P", "county", cited)[0]] == ["国"]
    assert steps("P", None, cited) == ([], [], [])


# --- what people said of names --------------------------------------------------------------------------------------


def test_a_unit_that_people_know_to_be_another_one_has_its_name_and_place():
    unit = UnitFacts("枫浦县|县工信局", "县工信局", (), "county", "中国/枫浦县")
    judged = Judged(
        units={unit.id: ("霁川市|市工信局", "市工信局", "中国/霁川市"), "霁川市|市工信局": ("省|厅", "厅", "中国/省")},
        names={("枫浦县", "县工信和商务局")},
    )
    found = judged.unit(unit, "县工信局")
    assert (found.id, found.name, found.region, found.level) == ("省|厅", "厅", "中国/省", "county")
    own = judged.unit(unit, "县工信和商务局")
    assert (own.id, own.name, own.region) == ("枫浦县|县工信和商务局", "县工信和商务局", "中国/枫浦县")


def test_what_two_people_said_of_each_other_is_no_endless_way():
    unit = UnitFacts("a", "a", (), None, "A")
    ring = Judged(units={"a": ("b", "b", "B"), "b": ("a", "a", "A")}, documents={"x": "y", "y": "x"})
    assert (ring.unit(unit, "a").id, ring.unit(unit, "a").region) == ("b", "B")
    assert ring.document("x") == "y"
    assert (ring.document("z"), Judged(copies={3: 2, 2: 0}).copied(3)) == ("z", 0)


# --- who may be added -----------------------------------------------------------------------------------------------


def test_new_papers_are_placed_among_the_old_ones():
    assert positions(["b", "d"], ["a", "b", "c", "d", "e"]) == {0: 0, 2: 1, 4: 2}
    for now in (["b"], ["d", "b", "e"], ["b", "d"], ["b", "e"]):
        with pytest.raises(ChangedError):  # gone, in another order, nothing new, another in its place
            positions(["b", "d"], now)


@pytest.mark.parametrize(("old", "most"), [(100, 20), (5_000, 100), (5_049, 100), (5_050, 101)])
def test_a_graph_is_made_anew_for_more_than_two_in_a_hundred(old, most):
    before = [f"{n:05}" for n in range(old)]
    new = [f"x{n:05}" for n in range(most + 1)]
    assert len(positions(before, [*before, *new[:-1]])) == most
    with pytest.raises(ChangedError):
        positions(before, [*before, *new])


# --- places ---------------------------------------------------------------------------------------------------------


def paper(number: str, place: str, *citations: Citation) -> Record:
    title = f"{place}人民政府办公室关于做好便民工作的通知"
    document = Document(number, title, f"{place}人民政府办公室", "2023-05-01", "county", place, 2023)
    return Record(document, list(citations), [], {"path": f"{number}.txt", "sha256": number})


def test_the_number_of_what_a_paper_carries_out_tells_its_province():
    cited = Citation("document", "苏政办发〔2023〕5号", "关于做好便民工作的通知", "directive", "basis", 1, [])
    known = paper("枫政办〔2023〕1号", "枫浦县", cited)
    places = Places(Lexicon.load())
    places.claim(known)
    assert places.of(known).path == "中国/江苏省/枫浦县"
    with derive([known], Lexicon.load()) as graph:
        assert "中国/江苏省/枫浦县" in {row[0] for row in graph.nodes("Region")}


# --- evidence -------------------------------------------------------------------------------------------------------


def evidence_of(n: int) -> list[Evidence]:
    return [Evidence(n, n + 2, f"词{n}", "test.rule", {"line": n})]


def test_a_reference_finds_its_words_in_the_file_that_it_or_the_one_below_holds(tmp_path):
    with (tmp_path / "below").open("w+b") as low, (tmp_path / "above").open("w+b") as high:
        low.write(b"anything")
        append(low, [(3, "甲", block([entry(*evidence_of(1)), entry(*evidence_of(2))])), (7, "乙", block([]))])
        append(high, [(9, "丙", block([entry(*evidence_of(5))]))])
        low.flush()
        high.flush()
        proofs = Proofs(high.fileno(), Proofs(low.fileno()))
        assert proofs.there
        said = [json.loads(proofs.told(reference)) for reference in (3 << BITS, (3 << BITS) + 1, 9 << BITS)]
        assert [(one["document"], one["quote"], one["start"]) for one in said] == [
            ("甲", "词1", 1),
            ("甲", "词2", 2),
            ("丙", "词5", 5),
        ]
        for slot in (1, 5, 8, 10):
            with pytest.raises(KeyError) as told:
                proofs.told(slot << BITS)
            assert told.value.args == (slot,)
        with pytest.raises(IndexError):
            proofs.told(7 << BITS)
    (tmp_path / "short").write_bytes(b"ZLPROOF1")
    with (tmp_path / "short").open("rb") as file:
        assert not Proofs(file.fileno()).there


def test_evidence_without_words_names_the_document():
    said = [json.loads(one) for words in ("做好", "") for one in evidence("甲", [], words, title="乙")]
    assert [(one["document"], one["quote"], one["title"]) for one in said] == [("甲", "做好", "乙"), ("甲", "甲", "乙")]


def test_a_fact_without_evidence_has_its_words_at_the_beginning():
    task = Task("T01", [], None, "做好便民工作。", "做好便民工作。", "做好便民工作。")
    task.units = [UnitRole("lead", "县教育局", False, [])]
    task.deadlines = [Deadline("2023年底前", "date", None, "2023-12-31")]
    known = paper("枫政办〔2023〕1号", "枫浦县")
    known.tasks.append(task)
    with derive([known], Lexicon.load()) as graph:
        ((_, _, *values),) = graph.relationships("DUE", "Task", "Deadline")
    (said,) = dict(zip(RELATIONSHIPS["DUE"].properties, values, strict=True))["evidence"]
    one = json.loads(said)
    assert (one["start"], one["end"], one["quote"]) == (0, 0, "2023年底前")


# --- what people said of links --------------------------------------------------------------------------------------


def test_a_confirmed_link_to_what_is_gone_stands_with_the_task():
    lower, upper = paper("枫政办〔2023〕1号", "枫浦县"), paper("霁政办〔2023〕2号", "霁川市")
    lower.tasks = [Task("T01", [], "便民", "做好便民工作。", "做好便民工作。", "做好便民工作。")]
    lower.tasks[0].evidence = evidence_of(4)
    said = Verdict((0, 1), (1, 0), True, ("a", ""), gone=("便民服务", "开展便民服务。"))
    with derive([lower, upper], Lexicon.load(), verdicts=[said]) as graph:
        at = list(NODES["Task"]).index("orphaned")
        ((told,),) = [row[at] for row in graph.nodes("Task")]
    assert json.loads(told) == {"document": "霁政办〔2023〕2号", "title": "便民服务", "text": "开展便民服务。"}


# --- documents and their issuers ------------------------------------------------------------------------------------


def nodes(label: str, *records: Record) -> list[dict[str, Any]]:
    with derive(records, Lexicon.load()) as graph:
        return [dict(zip(NODES[label], row, strict=True)) for row in graph.nodes(label)]


def test_what_one_paper_leaves_open_of_a_cited_one_another_tells():
    number, title = "霁政办发〔2023〕9号", "霁川市人民政府办公室关于做好便民工作的通知"
    bare = paper("枫政办〔2023〕1号", "枫浦县", Citation("document", number, None, "directive", "basis", 1, []))
    whole = paper("枫政办〔2023〕2号", "枫浦县", Citation("document", number, title, "directive", "basis", 1, []))
    other = paper(
        "枫政办〔2023〕3号", "枫浦县", Citation("document", number, f"印发{title}", "directive", "basis", 1, [])
    )
    (cited,) = [one for one in nodes("Document", bare, whole, other) if one["id"] == number]
    assert (cited["title"], cited["level"], cited["loaded"]) == (title, "city", False)
    known = paper(number, "霁川市")
    known.document.title, known.document.level = title, "city"
    (cited,) = [one for one in nodes("Document", bare, other, known) if one["id"] == number]
    assert (cited["title"], cited["loaded"]) == (title, True)


def test_a_title_that_names_its_place_is_found_from_any_place():
    known = paper("霁政办发〔2023〕9号", "霁川市")
    known.document.level = "city"
    citing = paper("渚政办〔2023〕1号", "渚南市")
    citing.document.level = "city"
    citing.citations = [Citation("document", None, known.document.title, "directive", "basis", 1, [])]
    assert {one["id"] for one in nodes("Document", citing, known)} == {"渚政办〔2023〕1号", "霁政办发〔2023〕9号"}


def test_a_committee_of_the_party_that_issues_is_the_one_that_works():
    known = paper("枫委〔2023〕1号", "枫浦县")
    known.document.issuer = "中共护林工作委员会"
    known.tasks = [Task("T01", [], None, "做好便民工作。", "做好便民工作。", "做好便民工作。")]
    known.tasks[0].units = [UnitRole("lead", "护林工作委员会", False, evidence_of(1))]
    assert len(nodes("Unit", known)) == 1


# --- pairs of papers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["derives", "resembles"])
def test_a_handful_of_pairs_is_what_each_pair_is(way):
    lexicon = Lexicon.load()
    upper, *lower = (Record.from_json(country.record(n)) for n in range(3))
    above = a_year_on(upper) if way == "resembles" else upper
    wanted = [aligned(above, one, lexicon, "") for one in lower]
    assert all_made(lexicon, [("", way)] * len(lower), upper, lower) == wanted
    ours = all_made(lexicon, [("", "derives")], upper, [upper])
    assert ours == [aligned(upper, upper, lexicon, "")]
    assert ours[0][0]
