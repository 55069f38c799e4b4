"""What is one thing in the graph and what is not, on records written by hand and on those of the samples."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zhengling.extractors.model import Citation, Deadline, Document, Evidence, Record, Task, UnitRole
from zhengling.extractors.pipeline import extract
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.graph.deriving.derive import derive
from zhengling.graph.deriving.identity import deadline, inner_title, normal_number, title_key
from zhengling.graph.schema import NODES, RELATIONSHIPS
from zhengling.graph.stores.embedded import EmbeddedStore, build
from zhengling.graph.stores.network import network


def proof(words: str) -> list[Evidence]:
    return [Evidence(3, 3 + len(words), words, "test.rule", {"line": 1})]


def cites(number, title, kind="directive", role="basis", in_="document", sentence=1) -> Citation:
    return Citation(in_, number, title, kind, role, sentence, proof(f"《{title}》{number or ''}"))


def task(text="做好工作。", units=(), title=None, deadlines=(), **more) -> Task:
    roles = [UnitRole("responsible", name, name.startswith("各"), proof(name)) for name in units]
    return Task("", [], title, text, text[:16], text[-10:], units=roles, deadlines=list(deadlines), **more)


def record(number, title, level, region, citations=(), tasks=(), issuer="", source="") -> Record:
    issuer = issuer or title.partition("关于")[0]
    document = Document(number, title, issuer or None, "2023-05-01", level, region, 2023)
    for n, one in enumerate(tasks, 1):
        one.id = f"T{n:02d}"
        one.evidence = one.evidence or proof(one.text)
    source = source or f"{number or title}.txt"
    return Record(document, list(citations), list(tasks), {"path": source, "sha256": source})


def county(name="枫浦县", number="枫政办〔2023〕1号", units=(), citations=(), **more) -> Record:
    title = f"{name}人民政府办公室关于做好便民工作的通知"
    return record(number, title, "county", name, citations, [task(units=units)], **more)


CITY = ("霁政办〔2023〕2号", "霁川市人民政府办公室关于做好便民工作的通知")
PROVINCE = ("樾政办〔2023〕3号", "樾原省人民政府办公厅关于做好便民工作的通知")


class Made:
    """The graph of some records, as tables."""

    def __init__(self, *records: Record) -> None:
        with derive(records, Lexicon.load()) as graph:
            self.papers = graph.papers
            self.nodes = {
                label: {row[0]: dict(zip(columns, row, strict=True)) for row in graph.nodes(label)}
                for label, columns in NODES.items()
            }
            self.edges = {
                (name, start, end): [
                    (row[0], row[1], dict(zip(relationship.properties, row[2:], strict=True)))
                    for row in graph.relationships(name, start, end)
                ]
                for name, relationship in RELATIONSHIPS.items()
                for start, end in relationship.pairs
            }

    def units(self, word: str = "") -> list[tuple[str, str]]:
        """(region, name) of the units that carry tasks and bear an alias."""
        carrying = {a for key in self.edges if key[2] == "Task" for a, _, _ in self.edges[key]}
        units = [unit for identity, unit in self.nodes["Unit"].items() if identity in carrying]
        return [(unit["region"], unit["name"]) for unit in units if not word or word in unit["aliases"]]


# --- documents ------------------------------------------------------------------------------------------------------


def test_numbers_and_titles_have_one_form():
    assert normal_number(" 国办发 [2022] 8号") == normal_number("国办发（2022）8号") == "国办发〔2022〕8号"
    assert title_key("中华人民共和国 政府信息公开条例") == title_key("《政府信息公开条例》")
    assert title_key("关于印发〈甲办法〉的通知") == title_key("关于印发“甲办法”\n的通知")
    assert inner_title("枫浦县人民政府关于印发《枫浦县便民方案》的通知") == ("枫浦县便民方案", True)
    assert inner_title("枫浦县人民政府关于做好便民工作的通知") == ("", False)


def test_an_order_bears_its_province():
    order = ("省政府令第336号", "樾原省便民规定", "regulation")
    other = cites("渚政办〔2023〕3号", "渚南省人民政府办公厅关于便民的通知")
    made = Made(
        county(citations=[cites(*PROVINCE), cites(*order)]),
        county("乐浦县", "乐政办〔2023〕1号", citations=[other, cites("省政府令第336号", "便民规定", "regulation")]),
    )
    assert {"樾原省政府令第336号", "渚南省政府令第336号"} <= set(made.nodes["Document"])
    assert "省政府令第336号" in made.nodes["Document"]["樾原省政府令第336号"]["aliases"]
    same = Made(county(citations=[cites(*order), cites("樾原省人民政府令第336号", "樾原省便民规定", in_="T01")]))
    assert len(same.nodes["Document"]) == 2


def test_a_title_alone_is_the_one_document_that_bears_it():
    law = cites(None, "中华人民共和国政府信息公开条例", "regulation")
    numbered = cites("国务院令第711号", "政府信息公开条例", "regulation")
    made = Made(county(citations=[law]), county("乐浦县", "乐政办〔2023〕1号", citations=[numbered]))
    assert len(made.nodes["Document"]) == 3
    assert "中华人民共和国政府信息公开条例" in made.nodes["Document"]["国务院令第711号"]["aliases"]


def test_a_title_with_several_numbers_stands_for_itself_with_a_warning():
    title = "国务院办公厅关于印发〈便民办法〉的通知"
    bare = "国务院办公厅关于印发便民办法的通知"
    made = Made(
        county(citations=[cites("国办函〔2020〕109号", title)]),
        county("乐浦县", "乐政办〔2023〕1号", citations=[cites("国办函〔2020〕119号", bare)]),
        county("安浦县", "安政办〔2023〕1号", citations=[cites(None, title)]),
    )
    cited = {one["number"] for one in made.nodes["Document"].values() if not one["loaded"]}
    assert cited == {None, "国办函〔2020〕109号", "国办函〔2020〕119号"}
    paper = next(paper for paper in made.papers if paper.source.startswith("安"))
    assert "citation-several" in [remark.code for remark in paper.remarks]


def test_what_a_notice_hands_out_is_its_alias():
    notice = record("霁政办〔2023〕9号", "霁川市人民政府办公室关于印发《霁川市便民方案》的通知", "city", "霁川市")
    made = Made(notice, county(citations=[cites(*CITY), cites(None, "霁川市便民方案")]))
    assert "霁川市便民方案" in made.nodes["Document"]["霁政办〔2023〕9号"]["aliases"]
    assert ("枫政办〔2023〕1号", "霁政办〔2023〕9号") in {e[:2] for e in made.edges["CITES", "Document", "Document"]}


def test_a_common_title_of_another_place_is_not_meant():
    other = record(None, "2023年便民工作要点", "county", "乐浦县", issuer="乐浦县人民政府")
    made = Made(other, county(citations=[cites(None, "2023年便民工作要点")]))
    assert len(made.nodes["Document"]) == 3


def test_two_counties_that_number_alike_stay_two():
    made = Made(
        county("清丰县", "清政办〔2020〕10号", source="a.txt"), county("清河县", "清政办〔2020〕10号", source="b.txt")
    )
    assert len(made.nodes["Document"]) == len(made.nodes["Task"]) == 2
    assert not any(paper.duplicate for paper in made.papers)


def test_files_of_one_document():
    made = Made(county(source="b.txt"), county(source="a.txt"))
    assert [(paper.source, paper.duplicate) for paper in made.papers] == [("a.txt", ""), ("b.txt", "a.txt")]
    assert [one["source"] for one in made.nodes["Document"].values()] == ["a.txt"]


# --- tasks and deadlines --------------------------------------------------------------------------------------------


def test_a_task_is_the_same_whatever_comes_before_it():
    def papers(*texts):
        title = "枫浦县人民政府关于便民的通知"
        return record("枫政〔2023〕1号", title, "county", "枫浦县", tasks=[task(t) for t in texts])

    one = {t["text"]: key for key, t in Made(papers("甲。", "乙。")).nodes["Task"].items()}
    two = {t["text"]: key for key, t in Made(papers("新。", "乙。", "甲。")).nodes["Task"].items()}
    assert one.items() <= two.items()
    twins = Made(papers("甲。", "甲。", "乙。"))
    assert len(twins.nodes["Task"]) == 3
    assert one.items() <= {t["text"]: k for k, t in reversed(list(twins.nodes["Task"].items()))}.items() | one.items()
    assert set(one.values()) < set(twins.nodes["Task"])


@pytest.mark.parametrize(
    ("limit", "identity", "words"),
    [
        (Deadline("2022年6月底前", "date", None, "2022-06-30"), "date 2022-06-30", "2022-06-30"),
        (Deadline("6月30日前", "date", None, "2022-06-30"), "date 2022-06-30", "2022-06-30"),
        (
            Deadline("2021年1月—6月", "date", "2021-01-01", "2021-06-30"),
            "date 2021-01-01/2021-06-30",
            "2021-01-01/2021-06-30",
        ),
        (Deadline("持续推进", "ongoing"), "ongoing", "长期坚持"),
        (Deadline("每 季度", "recurring"), "recurring 每季度", "每季度"),
    ],
)
def test_time_limits_are_their_value(limit, identity, words):
    assert deadline(limit) == (identity, words)


# --- places and units -----------------------------------------------------------------------------------------------


def test_parents_of_an_unknown_place_come_from_what_its_papers_cite():
    made = Made(
        county(citations=[cites(*CITY)], units=["市财政局", "省教育厅", "县财政局"]),
        record(*CITY, "city", "霁川市", [cites(*PROVINCE)]),
    )
    above = "中国/樾原省/霁川市"
    assert {f"{above}/枫浦县", above, "中国/樾原省", "中国"} == set(made.nodes["Region"])
    assert sorted(made.units()) == [
        ("中国/樾原省", "省教育厅"),
        (above, "市财政局"),
        (f"{above}/枫浦县", "县财政局"),
    ]
    assert len(made.edges["PART_OF", "Region", "Region"]) == 3


def test_a_place_of_unknown_parents_has_none_and_a_warning():
    made = Made(county(units=["市财政局", "县财政局"]))
    assert set(made.nodes["Region"]) == {"枫浦县"}
    assert [remark.code for remark in made.papers[0].remarks] == ["region-parents-unknown"]
    assert sorted(made.units()) == [("", "市财政局"), ("枫浦县", "县财政局")]


def test_a_name_of_several_places_is_decided_by_what_is_cited_or_not_at_all():
    def paper(number, *citations):
        return county("鼓楼区", number, citations=citations, source=number)

    made = Made(
        paper("鼓政办〔2023〕1号", cites("宁政办〔2023〕5号", "南京市人民政府办公室关于便民的通知")),
        paper("徐鼓政办〔2023〕1号"),
        paper("开鼓政办〔2023〕1号"),
        paper("开鼓政办〔2023〕2号"),
    )
    places = {one["number"]: one["region"] for one in made.nodes["Document"].values() if one["loaded"]}
    assert places["鼓政办〔2023〕1号"] == "中国/江苏省/南京市/鼓楼区"
    assert len(set(places.values())) == 3
    assert places["开鼓政办〔2023〕1号"] == places["开鼓政办〔2023〕2号"]
    assert all(made.nodes["Region"][path]["name"] == "鼓楼区" for path in places.values())


def test_papers_that_disagree_speak_of_two_places():
    made = Made(
        county("清江县", "清政〔2023〕1号", citations=[cites(*CITY)]),
        county("清江县", "清政〔2023〕2号", citations=[cites("渚政〔2023〕1号", "渚南市人民政府关于便民的通知")]),
    )
    assert len({one["region"] for one in made.nodes["Document"].values() if one["loaded"]}) == 2


@pytest.mark.parametrize(
    "names",
    [
        ["县发改委", "县发展改革局", "县发展和改革委员会", "枫浦县发展改革委"],
        ["县政府办", "县政府办公室", "县人民政府办公室", "枫浦县人民政府办公室"],
        ["县人社局", "县人力资源社会保障局"],
    ],
)
def test_forms_of_one_unit(names):
    made = Made(county(units=names, citations=[cites(*CITY)]))
    assert len(made.units()) == 1
    unit = next(u for u in made.nodes["Unit"].values() if names[0] in u["aliases"])
    assert set(names) <= set(unit["aliases"])
    assert unit["function"]
    assert unit["name"].startswith("县")


def test_units_of_two_places_or_levels_are_never_one():
    units = ["县自然资源局", "市自然资源局", "省自然资源厅", "自然资源部"]
    made = Made(
        county(units=units, citations=[cites(*CITY), cites(*PROVINCE, sentence=2)]),
        county("乐浦县", "乐政办〔2023〕1号", units=units, citations=[cites(*CITY), cites(*PROVINCE, sentence=2)]),
    )
    above = "中国/樾原省/霁川市"
    assert sorted(made.units()) == sorted(
        [
            (f"{above}/乐浦县", "县自然资源局"),
            (f"{above}/枫浦县", "县自然资源局"),
            (above, "市自然资源局"),
            ("中国/樾原省", "省自然资源厅"),
            ("中国", "自然资源部"),
        ]
    )
    assert {unit["function"] for unit in made.nodes["Unit"].values() if "自然资源" in unit["name"]} == {"自然资源"}


def test_a_county_level_city_speaks_of_itself():
    made = Made(county("枫浦市", "枫政办〔2023〕1号", units=["市财政局"], citations=[cites(*CITY)]))
    assert made.units() == [("霁川市/枫浦市", "市财政局")]


def test_a_branch_works_in_the_county_and_belongs_to_the_city():
    made = Made(county(units=["市生态环境局枫浦分局"], citations=[cites(*CITY)]))
    ((branch, parent, _),) = made.edges["BRANCH_OF", "Unit", "Unit"]
    assert made.nodes["Unit"][branch]["region"].endswith("枫浦县")
    assert made.nodes["Unit"][parent]["name"] == "市生态环境局"
    assert made.nodes["Unit"][parent]["region"].endswith("霁川市")


def test_a_branch_in_a_county_of_a_citys_paper_works_there():
    title = "开封市人民政府办公室关于做好便民工作的通知"
    made = Made(record("汴政办〔2023〕2号", title, "city", "开封市", tasks=[task(units=["市生态环境局兰考县分局"])]))
    ((branch, parent, _),) = made.edges["BRANCH_OF", "Unit", "Unit"]
    city = "中国/河南省/开封市"
    assert (made.nodes["Unit"][branch]["region"], made.nodes["Unit"][branch]["level"]) == (f"{city}/兰考县", "county")
    assert (made.nodes["Unit"][parent]["region"], made.nodes["Unit"][parent]["level"]) == (city, "city")


def test_collectives_have_no_field_and_are_the_papers_own():
    made = Made(county(units=["各乡镇人民政府", "各乡（镇）政府"]))
    assert {(u["collective"], u["function"], u["region"]) for u in made.nodes["Unit"].values() if u["collective"]} == {
        (True, "", "枫浦县")
    }


# --- the whole ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def read(samples) -> list[Record]:
    records = []
    for path in sorted(samples.glob("*.txt")):
        record = extract(path)
        record.source["path"] = path.name
        records.append(record)
    return records


def test_every_fact_has_its_words(read, samples):
    made = Made(*read)
    files = {one["id"]: one["source"] for one in made.nodes["Document"].values()}
    for (name, start, end), edges in made.edges.items():
        assert edges or (name, start) in {("PART_OF", "Task"), ("RESEMBLES", "Task")}, name
        for a, b, values in edges:
            assert a in made.nodes[start]
            assert b in made.nodes[end]
            assert values["evidence"]
            found = [json.loads(one) for one in values["evidence"]]
            assert values["quote"] == found[0]["quote"] != ""
            for one in found:
                assert set(one) >= {"document", "start", "end", "quote", "rule", "place"}
                source = (samples / files[one["document"]]).read_text("utf-8-sig")
                quoted = source[one["start"] : one["end"]]
                assert one["quote"] == quoted or "*" in one["quote"] or "＊" in one["quote"], (name, one)


def test_no_two_labels_share_an_id_and_every_row_is_whole(read):
    made = Made(*read)
    ids = [identity for nodes in made.nodes.values() for identity in nodes]
    assert len(ids) == len(set(ids))
    for unit in made.nodes["Unit"].values():
        assert unit["name"] in unit["aliases"]
        assert unit["region"] == "" or unit["region"] in made.nodes["Region"]
        assert unit["function"] is not None
    for path, region in made.nodes["Region"].items():
        assert path.rpartition("/")[2].startswith(region["name"])
        assert region["level"] in ("national", "province", "city", "county", "township")
    for document in made.nodes["Document"].values():
        assert document["region"] is None or document["region"] in made.nodes["Region"]


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(read, chance: random.Random):
    whole = Made(*read)
    shuffled = list(read)
    chance.shuffle(shuffled)
    other = Made(*shuffled)
    assert (other.nodes, other.edges) == (whole.nodes, whole.edges)


def test_the_store_and_networkx_hold_the_same(read, tmp_path):
    made = Made(*read)
    path = tmp_path / "graph"
    with derive(read, Lexicon.load()) as graph:
        build(path, graph)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["graph", "graph.sum"]
    with EmbeddedStore(path) as store:
        whole = network(store)
        for label, nodes in made.nodes.items():
            for identity, values in nodes.items():
                wanted = {key: value for key, value in values.items() if value is not None}
                assert whole.nodes[identity] == {"label": label, **wanted}
        assert whole.number_of_edges() == sum(map(len, made.edges.values()))
        for (name, *_), edges in made.edges.items():
            for a, b, values in edges:
                key = f"{name} {values['role']}" if "role" in values else name
                assert whole.edges[a, b, key]["evidence"] == values["evidence"]


def test_words_of_any_kind_come_back_as_they_are(tmp_path):
    words = "“引号” ' \" \\ \n\t,;{}[] <script> 𠮷 é"
    made = record(
        "枫政〔2023〕1号", "枫浦县人民政府关于便民的通知", "county", "枫浦县", tasks=[task(words, title=words)]
    )
    with derive([made], Lexicon.load()) as graph:
        build(Path(tmp_path, "graph"), graph)
    with EmbeddedStore(tmp_path / "graph") as store:
        columns, rows = store.rows("MATCH (t:Task) RETURN t.text AS text, t.title AS title, t.evidence AS proof")
        assert columns == ["text", "title", "proof"]
        assert rows[0][:2] == [words, words]
        assert json.loads(rows[0][2][0])["quote"] == words
