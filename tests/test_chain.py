"""The chain of command, one rule of `docs` at a time, on records written by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from zhengling.extractors.model import Citation, Document, Evidence, Record, Task
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.graph.deriving.chain import subject
from zhengling.graph.deriving.derive import derive
from zhengling.graph.stores.embedded import EmbeddedStore, build
from zhengling.queries.runner import ask, questions

NATION = ("国办发〔2023〕901号", "国务院办公厅关于印发2023年便民工作要点的通知")
PROVINCE = ("樾政办发〔2023〕902号", "樾原省人民政府办公厅关于印发樾原省2023年便民工作要点的通知")
CITY = ("霁政办发〔2023〕903号", "霁川市人民政府办公室关于印发霁川市2023年便民工作要点的通知")
COUNTY = ("枫政办发〔2023〕904号", "枫浦县人民政府办公室关于印发枫浦县2023年便民工作任务分解表的通知")
OTHER = ("樾政发〔2023〕905号", "樾原省人民政府关于燃气安全的意见")
PLACES = {"national": None, "province": "樾原省", "city": "霁川市", "county": "枫浦县"}


def cites(paper, sentence=1, role="basis", in_="document", kind="directive") -> Citation:
    number, title = paper
    quote = f"《{title}》（{number}）"
    return Citation(in_, number, title, kind, role, sentence, [Evidence(5, 5 + len(quote), quote, "citation.title")])


def record(paper, level, *citations, tasks=("做好便民工作。",)) -> Record:
    number, title = paper
    document = Document(number, title, title.partition("关于")[0], "2023-05-01", level, PLACES[level], 2023)
    items = [Task(f"T{n:02d}", ["一、任务"], None, text, text[:16], text[-10:]) for n, text in enumerate(tasks, 1)]
    return Record(document, list(citations), items, {"path": f"{number}.txt", "sha256": number})


@pytest.fixture
def steps(tmp_path):
    def steps(*records: Record):
        """{(lower, upper): inferred} of the graph of some records."""
        path = Path(tmp_path, "graph")
        with derive(records, Lexicon.load()) as graph:
            build(path, graph)
        steps.store = EmbeddedStore(path)
        question = (
            "MATCH (a:Document)-[r:IMPLEMENTS]->(b:Document) RETURN a.number AS a, b.number AS b, r.inferred AS i"
        )
        return {(a, b): inferred for a, b, inferred in steps.store.rows(question)[1]}

    return steps


def why(store, paper) -> str:
    return store.rows("MATCH (d:Document) WHERE d.number = $n RETURN d.why AS why", {"n": paper[0]})[1][0][0]


def test_one_sentence_names_the_whole_ladder(steps):
    found = steps(record(COUNTY, "county", cites(NATION), cites(PROVINCE), cites(CITY)))
    assert found == {
        (COUNTY[0], CITY[0]): False,
        (CITY[0], PROVINCE[0]): True,
        (PROVINCE[0], NATION[0]): True,
    }
    _, rows = steps.store.rows(
        "MATCH (a:Document)-[r:IMPLEMENTS {inferred: true}]->(b:Document) "
        "RETURN a.number AS a, b.number AS b, r.evidence AS proof"
    )
    for low, high, proof in rows:
        assert COUNTY[0] in proof[0]
        assert high in proof[0]
        assert low in proof[1]
    assert why(steps.store, COUNTY) == why(steps.store, CITY) == ""
    assert why(steps.store, NATION) == "not loaded"


def test_a_trace_says_which_paper_shows_an_inferred_step(steps):
    steps(
        record(COUNTY, "county", cites(NATION), cites(PROVINCE), cites(CITY)), record(OTHER, "province", cites(NATION))
    )
    task = steps.store.rows("MATCH (:Document {number: $n})-[:CONTAINS]->(t:Task) RETURN t.id", {"n": COUNTY[0]})[1][0][
        0
    ]
    rows = ask(steps.store, questions()["trace"], {"task": task}).dicts()
    assert [row["how"] for row in rows] == ["task", "contains", "implements", "inferred", "inferred", "ends"]
    for row, (number, title) in zip(rows[3:5], (PROVINCE, NATION), strict=True):
        assert (row["id"], row["evidence"]) == (number, f"“《{title}》（{number}）” {COUNTY[0]}")


def test_superiors_of_different_subjects_are_each_direct(steps):
    assert steps(record(COUNTY, "county", cites(NATION), cites(OTHER), cites(CITY))) == {
        (COUNTY[0], CITY[0]): False,
        (COUNTY[0], OTHER[0]): False,
        (COUNTY[0], NATION[0]): False,
    }


def test_two_of_one_level_are_each_direct(steps):
    assert steps(record(COUNTY, "county", cites(NATION), cites(PROVINCE), cites(OTHER))) == {
        (COUNTY[0], PROVINCE[0]): False,
        (COUNTY[0], OTHER[0]): False,
        (COUNTY[0], NATION[0]): False,
    }


def test_superiors_in_sentences_of_their_own_are_each_direct(steps):
    assert steps(record(COUNTY, "county", cites(NATION, 1), cites(PROVINCE, 2))) == {
        (COUNTY[0], PROVINCE[0]): False,
        (COUNTY[0], NATION[0]): False,
    }


def test_of_a_loaded_superior_only_its_own_words_count(steps):
    county = record(COUNTY, "county", cites(PROVINCE), cites(CITY))
    city = record(CITY, "city", cites(OTHER))
    assert steps(county, city) == {
        (COUNTY[0], CITY[0]): False,
        (CITY[0], OTHER[0]): False,
        (COUNTY[0], PROVINCE[0]): False,  # not reached through the city's after all
    }
    assert steps(county, record(CITY, "city", cites(PROVINCE))) == {
        (COUNTY[0], CITY[0]): False,
        (CITY[0], PROVINCE[0]): False,
    }


def test_a_loaded_superior_that_names_none_keeps_the_inferred_step(steps):
    found = steps(record(COUNTY, "county", cites(PROVINCE), cites(CITY)), record(CITY, "city"))
    assert found == {(COUNTY[0], CITY[0]): False, (CITY[0], PROVINCE[0]): True}
    assert why(steps.store, PROVINCE) == "not loaded"


@pytest.mark.parametrize(
    "citation",
    [
        cites(PROVINCE, role="mention"),
        cites(("国务院令第901号", "便民条例"), kind="regulation"),
        cites(("枫政发〔2023〕9号", "枫浦县人民政府关于便民工作的意见")),
        cites((None, "便民工作方案")),
        cites(PROVINCE, in_="T01"),
    ],
    ids=["mention", "regulation", "same level", "level unknown", "inside a task"],
)
def test_what_is_no_step(steps, citation):
    assert steps(record(COUNTY, "county", citation)) == {}
    assert why(steps.store, COUNTY) == "names no superior"


def test_why_a_chain_ends(steps):
    steps(record(NATION, "national"), record(COUNTY, "county", cites(NATION), cites(OTHER, 2)))
    assert why(steps.store, NATION) == "national"
    assert why(steps.store, OTHER) == "not loaded"
    assert why(steps.store, COUNTY) == ""


def test_a_paper_that_its_own_superior_cites_gives_no_circle(steps):
    assert steps(record(CITY, "city", cites(COUNTY), cites(CITY)), record(COUNTY, "county", cites(CITY))) == {
        (COUNTY[0], CITY[0]): False
    }


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (NATION[1], PROVINCE[1], True),
        (CITY[1], COUNTY[1], True),
        (PROVINCE[1], OTHER[1], False),
        ("国务院办公厅关于全面推进便民服务工作的指导意见", "樾原省人民政府关于推进便民服务的实施意见", True),
        ("国务院关于开展燃气安全整治的通知", "樾原省人民政府关于深化燃气安全整治的通知", True),
        ("国务院关于养老服务的意见", "樾原省人民政府关于托育服务的意见", False),
        ("国务院关于做好全国养老服务的意见", "樾原省人民政府关于做好我省养老服务的意见", True),
    ],
)
def test_titles_alike_in_subject(one, other, alike):
    places = ["樾原省", "霁川市", "枫浦县"]
    assert (subject(one, places) == subject(other, places)) is alike
