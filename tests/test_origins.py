"""DERIVES_FROM in the graph: the links of `compare` in every store and export, kept for what did not change."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest
import zhengling as zl
from zhengling.app.files_out.comparison import paired
from zhengling.extractors.model import Citation, Deadline, Document, Record, Task
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.graph.deriving.aligning import WORTH
from zhengling.graph.deriving.derive import derive
from zhengling.graph.deriving.origins import MOST_SIBLINGS
from zhengling.graph.lineage.align import align, statuses
from zhengling.graph.lineage.changes import Change, told, untold
from zhengling.graph.lineage.verdicts import verdict
from zhengling.graph.rdf.shapes import shacl
from zhengling.graph.schema import RELATIONSHIPS
from zhengling.graph.stores.load import load
from zhengling.graph.stores.neo4j import Connection, Neo4jStore
from zhengling.graph.workspace.workspace import Workspace
from zhengling.queries.runner import ask, questions

from .test_lineage_faces import COUNTY, HERE, OTHER, PROVINCE, sibling

QUESTIONS = questions()
LAST = "云政办〔2023〕9号"
ASKED = ("coverage", "dropped", "added", "changed", "lineage", "to-confirm", "trace")
NAMES = ["lower", "upper", *RELATIONSHIPS["DERIVES_FROM"].properties]


def links(store) -> list[dict]:
    return [dict(zip(NAMES, row, strict=True)) for row in store.relationships("DERIVES_FROM", "Task", "Task")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("origins")
    for path in HERE.glob("*.txt"):
        shutil.copy(path, folder)
    sibling(folder)
    zl.open(folder / "ws").build([str(folder)])
    return folder


@pytest.fixture(scope="module")
def store(folder):
    with Workspace(folder / "ws").store() as store:
        yield store


def test_the_links_are_those_of_compare(folder, store) -> None:
    names = {i: (d, n) for i, d, n in store.rows("MATCH (t:Task) RETURN t.id, t.document, t.name")[1]}
    found = {(names[link["lower"]], names[link["upper"]]): link for link in links(store)}
    graph = zl.open(folder / "ws")
    wanted = {
        ((lower, link.lower), (PROVINCE, link.upper)): link
        for lower in (COUNTY, OTHER)
        for link in graph.compare(lower).links
    }
    assert found.keys() == wanted.keys() and len(found) == 16
    for pair, link in wanted.items():
        kept = found[pair]
        assert (kept["kind"], kept["wording"], kept["state"]) == (link.kind, link.wording, link.state)
        assert kept["score"] == pytest.approx(link.score)
        assert [untold(one) for one in kept["change"]] == list(link.changes)
        shares = [float(one.partition("=")[2]) for one in kept["grounds"]]
        assert sum(shares) == pytest.approx(link.score, abs=0.01) and shares == sorted(shares, reverse=True)
        assert len(set(kept["texts"])) == 2


def test_the_words_in_common_stand_in_both_papers(folder, store) -> None:
    files = dict(store.rows("MATCH (d:Document {loaded: true}) RETURN d.id, d.source")[1])
    sources = {d: next(folder.glob(f"**/{Path(f).name}")).read_text("utf-8") for d, f in files.items()}
    for link in links(store):
        proofs = [json.loads(one) for one in link["evidence"]]
        assert {p["document"] for p in proofs[1::2]} == {PROVINCE}
        assert {p["document"] for p in proofs[::2]} <= {COUNTY, OTHER}
        for proof in proofs:
            assert sources[proof["document"]][proof["start"] : proof["end"]] == proof["quote"] and proof["place"]
        for below, above in zip(proofs[::2], proofs[1::2], strict=True):
            # Names of places, levels and small words are left out before texts are compared, and stand in these.
            assert len(below["quote"]) >= 4 and len(above["quote"]) >= 4
        assert link["quote"] == proofs[0]["quote"]
        assert {p["rule"].partition(".")[0] for p in proofs} == {"lineage"}


def test_both_stores_answer_alike(store, server) -> None:
    connection = Connection(server.uri, server.user, server.database, server.password)
    load(store, connection)
    tasks = [i for (i,) in store.rows("MATCH (t:Task) RETURN t.id ORDER BY t.id")[1]]
    with Neo4jStore(connection) as there:
        assert list(map(list, there.relationships("DERIVES_FROM", "Task", "Task"))) == list(
            map(list, store.relationships("DERIVES_FROM", "Task", "Task"))
        )
        for name in ASKED:
            values = [{"task": task} for task in tasks] if "task" in QUESTIONS[name].parameters else []
            values += [{"document": d} for d in (PROVINCE, COUNTY, OTHER)] if not values else []
            for one in values:
                assert repr(ask(store, QUESTIONS[name], one)) == repr(ask(there, QUESTIONS[name], one)), (name, one)


def test_a_bureau_of_two_fields_answers_for_both(tmp_path, server) -> None:
    """What is other bureaus' work is told from what this one left out, in both stores as in `compare`."""
    above = """岚泽省人民政府办公厅关于支持粮农的通知
岚泽政办发〔2023〕11号
各市、县人民政府，省政府各部门：
为支持粮农，现通知如下。
（一）发放粮农补贴。足额安排种粮补贴资金，按月拨付到位。（省财政厅负责）
（二）开办信用贷款。引导银行为粮农开办信用贷款，年利率不超过5%。（省地方金融监督管理局负责）
（三）建设校园粮仓。每所乡镇中心小学建设微型粮仓。（省教育厅负责）
岚泽省人民政府办公厅
2023年3月3日
"""
    below = """云坪县财政金融局关于做好支持粮农工作的通知
云坪财金〔2023〕5号
各股室：
根据《岚泽省人民政府办公厅关于支持粮农的通知》（岚泽政办发〔2023〕11号），现通知如下。
1.发放粮农补贴。足额安排种粮补贴资金，按季拨付到位。（预算股负责）
云坪县财政金融局
2023年5月3日
"""
    (tmp_path / "papers").mkdir()
    for name, text in (("above", above), ("below", below)):
        (tmp_path / "papers" / f"{name}.txt").write_text(text, "utf-8")
    graph = zl.open(tmp_path / "ws")
    graph.build(tmp_path / "papers")
    connection = Connection(server.uri, server.user, server.database, server.password)
    with Workspace(tmp_path / "ws").store() as here:
        load(here, connection)
        with Neo4jStore(connection) as there:
            for one in (here, there):
                dropped = ask(one, QUESTIONS["dropped"], {"document": "云坪财金〔2023〕5号"}).dicts()
                assert [(row["title"], row["status"]) for row in dropped] == [
                    ("（二）开办信用贷款", "missing"),
                    ("（三）建设校园粮仓", "elsewhere"),
                ]
                matrix = ask(one, QUESTIONS["coverage"], {"document": "岚泽政办发〔2023〕11号"}).dicts()
                assert [row["status"] for row in matrix] == ["covered", "missing", "elsewhere"]
                unit = "MATCH (u:Unit) WHERE u.name = '县财政金融局' RETURN u.`function`, u.fields"
                assert one.rows(unit)[1] == [["财政", ["财政", "金融"]]]
    assert graph.compare("云坪财金〔2023〕5号").elsewhere == ["T03"]


def test_the_questions(store) -> None:
    def rows(name: str, **parameters) -> list[dict]:
        return ask(store, QUESTIONS[name], parameters).dicts()

    matrix = {(row["title"], row["lower"]): row["status"] for row in rows("coverage", document=PROVINCE)}
    assert len(matrix) == 20
    assert {matrix["（七）监管校车", lower] for lower in (COUNTY, OTHER)} == {"missing"}
    assert (matrix["（二）改造危桥", COUNTY], matrix["（二）改造危桥", OTHER]) == ("changed", "missing")
    assert matrix["（四）清理变型拖拉机", COUNTY] == "covered"
    assert [row["title"] for row in rows("dropped", document=COUNTY)] == ["（七）监管校车", "（十）建设救援网"]
    assert [row["title"] for row in rows("added", document=COUNTY)] == ["9.整修茶山索道"]
    weaker = rows("changed", document=COUNTY, effect="weaker")
    assert [row["title"] for row in weaker] == ["1.排查危险路段", "7.配强劝导员"]
    assert rows("to-confirm") == []
    task = weaker[0]["task"]
    up = rows("lineage", task=task)
    assert [(row["step"], row["title"], row["neighbour"]) for row in up] == [
        (1, "（一）排查危险路段", task),
        (0, "1.排查危险路段", ""),
    ]
    down = rows("lineage", task=up[0]["task"])
    assert [(row["step"], row["document"]) for row in down] == [(0, PROVINCE), (-1, COUNTY), (-1, OTHER)]
    steps = {row["id"]: row["made_from"] for row in rows("trace", task=task) if row["how"] != "ends"}
    assert steps[PROVINCE] == [f"{up[0]['task']} （一）排查危险路段"] and steps[COUNTY] == []


def kept(workspace: Path) -> dict[tuple[int, int], tuple[int, int]]:
    """(slot, slot of the superior) → (slot of the links, how many) of what is kept."""
    with duckdb.connect(str(workspace / "cache" / "pieces.duckdb"), read_only=True) as base:
        return {
            (a, b): (c, n) for a, b, c, n in base.execute("SELECT lower, upper, slot, links FROM alignment").fetchall()
        }


def test_only_what_changed_is_aligned_again_and_what_is_gone_leaves_nothing(tmp_path) -> None:
    for path in HERE.glob("*.txt"):
        shutil.copy(path, tmp_path)
    other = sibling(tmp_path)
    workspace = Workspace(tmp_path / "ws")
    workspace.build([str(tmp_path)])
    before = kept(tmp_path / "ws")
    assert sorted(n for _, n in before.values()) == [7, 9]
    other.write_text(re.sub(r"^8\..*\n", "", other.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    workspace.build([str(tmp_path)])
    after = kept(tmp_path / "ws")
    assert sorted(n for _, n in after.values()) == [6, 9]
    assert len(before.items() & after.items()) == 1  # the other pair as it was
    with workspace.store() as store:
        assert len(links(store)) == 15
    workspace.remove(PROVINCE)
    assert kept(tmp_path / "ws") == {}
    with workspace.store() as store:
        assert links(store) == []
        assert ask(store, QUESTIONS["added"], {"document": COUNTY}).rows == []  # no superior, nothing to add to


def test_exports_have_the_links_and_an_import_gives_them_back(folder, tmp_path, run) -> None:
    workspace = folder / "ws"
    for form, name in (("nquads", "x.nq"), ("graphml", "x.graphml"), ("csv", "x")):
        assert run("export", "--format", form, "--out", tmp_path / name, "--workspace", workspace).status == 0
    assert (tmp_path / "x.nq").read_text("utf-8").count("#qualifiedDerivation>") == 16
    assert (tmp_path / "x.graphml").read_text("utf-8").count(">DERIVES_FROM<") == 32  # label and relation
    ledger = (tmp_path / "x" / "tasks.csv").read_text("utf-8")
    assert f"{PROVINCE} （一）排查危险路段 (copied) deadline later (weaker): 2024年6月底前 → 2024年8月底前" in ledger
    assert run("import", tmp_path / "x.nq", "--workspace", tmp_path / "again").status == 0
    with Workspace(workspace).store() as one, Workspace(tmp_path / "again").store() as two:
        assert links(one) == links(two)
        assert shacl(one, Workspace(workspace).records) == []


def test_what_a_person_said_of_a_link_holds_until_a_text_changes(tmp_path, run) -> None:
    for path in HERE.glob("*.txt"):
        shutil.copy(path, tmp_path)
    workspace = tmp_path / "ws"

    def states() -> dict[str, str]:
        assert run("build", tmp_path, "--workspace", workspace).status == 0
        with Workspace(workspace).store() as store:
            names = dict(store.rows("MATCH (t:Task) RETURN t.id, t.title")[1])
            return {names[link["lower"]]: link["state"] for link in links(store)}

    def say(verb: str, task: str, upper: str) -> None:
        words = ("--task", task, "--upper", upper, "--by", "li", "--workspace", workspace)
        assert run("correct", verb, COUNTY, *words).status == 0

    assert set(states().values()) == {"sure"}
    say("confirm", "2.改造危桥", "（二）改造危桥")
    say("reject", "6.推广头盔", "（六）推广头盔")
    told_ = states()
    assert told_["2.改造危桥"] == "confirmed" and "6.推广头盔" not in told_
    shown = zl.open(workspace).compare(COUNTY)
    assert [shown.links[1].state, len(shown.links), len(shown.added)] == ["confirmed", 8, 2]
    upper = tmp_path / "shenglu-2024.txt"
    upper.write_text(upper.read_text("utf-8").replace("至少120座", "至少150座"), "utf-8")
    assert states()["2.改造危桥"] == "suspect"
    rows = json.loads(run("query", "to-confirm", "--format", "json", "--workspace", workspace).out)
    assert [(row["title"], row["state"]) for row in rows] == [("2.改造危桥", "suspect")]
    matrix = json.loads(
        run("query", "coverage", "--set", f"document={PROVINCE}", "--format", "json", "--workspace", workspace).out
    )
    assert {row["title"]: row["status"] for row in matrix}["（二）改造危桥"] == "outdated"
    assert "outdated" in statuses(zl.open(workspace).compare(COUNTY)).values()
    say("confirm", "2.改造危桥", "（二）改造危桥")
    assert states()["2.改造危桥"] == "confirmed"


def test_a_confirmed_link_to_a_task_that_is_gone_is_orphaned(tmp_path, run) -> None:
    for path in HERE.glob("*.txt"):
        shutil.copy(path, tmp_path)
    place = ("--workspace", tmp_path / "ws")

    def build() -> None:
        assert run("build", tmp_path, *place).status == 0

    def status_of_bridges() -> list[str]:
        found = json.loads(run("compare", COUNTY, "--format", "json", *place).out)
        names = {task["id"]: task["title"] for task in found["lower"]["tasks"]}
        assert [names[one["lower"]] for one in found["gone"]] in ([], ["2.改造危桥"])
        rows = json.loads(run("query", "added", "--set", f"document={COUNTY}", "--format", "json", *place).out)
        return [row["status"] for row in rows if row["title"] == "2.改造危桥"]

    build()
    # a number is meant in the superior's paper, where others have a task of that number, too
    words = ("--task", "2.改造危桥", "--upper", "T02", "--by", "li", *place)
    assert run("correct", "confirm", COUNTY, *words).status == 0
    build()
    assert status_of_bridges() == []
    upper = tmp_path / "shenglu-2024.txt"
    was = upper.read_text("utf-8")
    upper.write_text("".join(line for line in was.splitlines(True) if "（二）改造危桥" not in line), "utf-8")
    build()
    assert status_of_bridges() == ["orphaned"]
    alignment = zl.open(tmp_path / "ws").compare(COUNTY)
    (row,) = [row for row in paired(alignment) if row.status == "orphaned"]
    assert (row.lower.title, row.upper.title) == ("2.改造危桥", "（二）改造危桥")
    assert "至少120座" in row.upper.text
    with Workspace(tmp_path / "ws").store() as store:
        _, told_ = store.rows("MATCH (t:Task) WHERE size(t.orphaned) > 0 RETURN t.title, t.orphaned")
    assert [(title, json.loads(one)["title"]) for title, (one,) in told_] == [("2.改造危桥", "（二）改造危桥")]
    lines = json.loads(run("corrections", "--format", "json", *place).out)
    assert [(line["status"], line["reason"]) for line in lines] == [("stale", "superior-task-gone")]
    # it comes back with the task
    upper.write_text(was, "utf-8")
    build()
    assert status_of_bridges() == []
    with Workspace(tmp_path / "ws").store() as store:
        assert [link["state"] for link in links(store)].count("confirmed") == 1


# --- chains of any kind


def paper(number: str, level: str, cites: list[tuple[str, str]], *tasks: str) -> Record:
    """A paper that cites others as its basis: (number, 'document' or the id of a task)."""
    made = [Task(f"T{k}", [], None, text, text[:16], text[-10:]) for k, text in enumerate(tasks, 1)]
    cited = [Citation(inside, one, None, "directive", "basis", n) for n, (one, inside) in enumerate(cites)]
    head = Document(number=number, title=f"{number}的通知", issuer=None, level=level, region=None)
    return Record(head, cited, made, source={"path": f"{number}.txt", "sha256": number})


ICE = "每日检测水库冰层厚度，不足十五厘米的立即插旗封闭冰面。"
SHED = "为沿湖渔户更换防滑胶靴并登记旧网具。"
NATION, REGION, TOWN = "国枢〔2031〕1号", "沅枢〔2031〕2号", "渚枢〔2031〕3号"
VERSION = paper(NATION, "national", [], ICE.replace("十五", "十二"), SHED)
VERSION.source = {"path": "version.txt", "sha256": "version"}


@pytest.mark.parametrize(
    ("papers", "wanted"),
    [
        # itself, and a chain in a circle
        ([paper(TOWN, "county", [(TOWN, "document")], ICE)], []),
        (
            [
                paper(TOWN, "county", [(REGION, "document")], ICE),
                paper(REGION, "province", [(TOWN, "document")], ICE),
            ],
            [(TOWN, REGION)],
        ),
        # a superior without tasks, and one through a paper that is not loaded but stands between
        ([paper(TOWN, "county", [(REGION, "document")], ICE), paper(REGION, "province", [])], []),
        # the nearest alone
        (
            [
                paper(TOWN, "county", [(REGION, "document")], ICE),
                paper(REGION, "province", [(NATION, "document")], ICE),
                paper(NATION, "national", [], ICE),
            ],
            [(TOWN, REGION), (REGION, NATION)],
        ),
        # a basis that one task cites is compared for that task
        (
            [paper(TOWN, "county", [(NATION, "T2")], ICE, SHED), paper(NATION, "national", [], SHED, ICE)],
            [(TOWN, NATION)],
        ),
        # a superior without tasks, and one that is there in two versions: one of them counts
        ([paper(TOWN, "county", [(NATION, "document")], ICE), paper(NATION, "national", [])], []),
        (
            [paper(TOWN, "county", [(NATION, "document")], ICE), paper(NATION, "national", [], ICE), VERSION],
            [(TOWN, NATION)],
        ),
        # the same words outside a chain
        ([paper(TOWN, "county", [], ICE), paper(REGION, "province", [], ICE)], []),
    ],
)
def test_links_follow_the_chain_alone(papers, wanted) -> None:
    with derive(papers, Lexicon.load()) as graph:
        numbers = {row[0]: row[7] for row in graph.nodes("Task")}
        found = [(numbers[a], numbers[b]) for a, b, *_ in graph.relationships("DERIVES_FROM", "Task", "Task")]
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("国办发〔2031〕7号", True),
        ("国办发〔2030〕7号", False),  # of another year
        ("中办发〔2031〕7号", False),  # of another issuer
    ],
)
def test_a_superior_read_without_its_number_is_known_by_title_and_issuer(number: str, found: bool) -> None:
    upper = paper("", "national", [], ICE, SHED)
    upper.document.title, upper.document.number = "国务院办公厅关于加强水库冰面管护的意见", None
    upper.document.issuer, upper.document.year = "国务院办公厅", 2031
    lower = paper(TOWN, "county", [(number, "document")], ICE)
    lower.citations[0].title = "关于加强水库冰面管护的意见"
    with derive([upper, lower], Lexicon.load()) as graph:
        assert len(list(graph.relationships("DERIVES_FROM", "Task", "Task"))) == found


@pytest.mark.parametrize(
    ("confirmed", "seen", "wanted"),
    [
        (True, (), ["confirmed", "sure"]),
        (True, ("other", "texts"), ["suspect", "sure"]),
        (False, (), ["sure"]),
        (False, ("other", "texts"), ["suspect", "sure"]),
    ],
)
def test_people_override_the_alignment_while_the_texts_are_those_they_saw(confirmed, seen, wanted) -> None:
    papers = [
        paper(TOWN, "county", [(NATION, "document")], ICE, SHED.replace("更换", "逐户更换")),
        paper(NATION, "national", [], ICE, SHED),
    ]
    ice, shed = papers[0].tasks
    shed.deadlines = [Deadline("2031年底前", "date", None, "2031-12-31")]
    said = [verdict((1, 1, ice), (0, 1, papers[1].tasks[0]), confirmed, seen)]
    # What a person alone has found: the second task comes from the first of the superior, too.
    said.append(verdict((1, 2, shed), (0, 1, papers[1].tasks[0]), True))
    with derive(papers, Lexicon.load(), verdicts=said) as graph:
        rows = [dict(zip(NAMES, row, strict=True)) for row in graph.relationships("DERIVES_FROM", "Task", "Task")]
        tasks = list(graph.nodes("Task"))
    own = [row for row in rows if not row["grounds"]]
    assert [(row["kind"], row["state"], row["score"]) for row in own] == [("merged", "confirmed", 0.0)]
    assert [json.loads(one)["quote"] for one in own[0]["evidence"]] == [shed.text, ICE]
    # It says of wording and changes what `compare` says.
    here = verdict((1, 2, shed), (0, 1, papers[1].tasks[0]), True)
    link = next(link for link in align(papers[1], papers[0], said=[here]).links if not link.grounds)
    assert (own[0]["wording"], own[0]["change"]) == (link.wording, [told(change) for change in link.changes])
    assert own[0]["wording"] == "adapted" and len(own[0]["change"]) == 1
    texts = {row[0]: row[4] for row in tasks}
    found = sorted((row for row in rows if row["grounds"]), key=lambda row: texts[row["lower"]] != ICE)
    assert [row["state"] for row in found] == wanted


def test_what_is_carried_on_from_the_year_before_is_no_origin() -> None:
    def yearly(year: int, end: str, *tasks: str, subject: str = "水库冰面管护") -> Record:
        made = paper(f"渚政办〔{year}〕{len(subject)}号", "county", [], *tasks)
        title = f"渚澜县人民政府办公室关于印发渚澜县{year}年{subject}工作要点的通知"
        made.document.title, made.document.year = title, year
        made.document.issuer, made.document.region = "渚澜县人民政府办公室", "渚澜县"
        made.tasks[0].deadlines = [Deadline(end, "date", None, end)]
        return made

    papers = [
        yearly(2030, "2030-11-30", ICE, SHED),
        yearly(2031, "2031-11-30", ICE, "为冰钓爱好者划定冰面垂钓区并配发救生绳。"),
        yearly(2032, "2032-12-31", ICE),
        yearly(2031, "2031-11-30", ICE, subject="湖畔渔具更换"),
        yearly(2034, "2034-11-30", ICE),
    ]
    with derive(papers, Lexicon.load()) as graph:
        assert list(graph.relationships("DERIVES_FROM", "Task", "Task")) == []
        numbers = {row[0]: row[7] for row in graph.nodes("Task")}
        rows = [dict(zip(NAMES, row, strict=True)) for row in graph.relationships("RESEMBLES", "Task", "Task")]
    found = sorted((numbers[row["lower"]], numbers[row["upper"]], row["wording"], row["change"]) for row in rows)
    later = "deadline-later weaker: 2031-11-30 → 2032-12-31"
    assert found == [
        ("渚政办〔2031〕6号", "渚政办〔2030〕6号", "copied", []),
        ("渚政办〔2032〕6号", "渚政办〔2031〕6号", "copied", [later]),
    ]


def below(number: str, region: str, cited: str, *tasks: str) -> Record:
    made = paper(number, "county", [(cited, "document")], *tasks)
    made.document.region = region
    return made


def test_siblings_below_a_paper_that_is_not_loaded_are_compared_where_it_is_asked_for() -> None:
    here = below(TOWN, "渚澜县", REGION, ICE, SHED)
    papers = [
        here,
        below("泽枢〔2031〕4号", "泽浦县", REGION, ICE),
        below("渚枢〔2031〕8号", "渚澜县", REGION, SHED),  # of the same place
        below("涣枢〔2031〕5号", "涣沙县", NATION, ICE),  # below another paper
    ]

    def found(given: list[Record], asked: bool = True) -> list[tuple[str, str, list[str]]]:
        with derive(given, Lexicon.load(), siblings=asked) as graph:
            numbers = {row[0]: row[7] for row in graph.nodes("Task")}
            rows = [dict(zip(NAMES, row, strict=True)) for row in graph.relationships("RESEMBLES", "Task", "Task")]
        return sorted((numbers[row["lower"]], numbers[row["upper"]], row["change"]) for row in rows)

    assert found(papers, asked=False) == []
    assert found(papers) == [(TOWN, "泽枢〔2031〕4号", [])]
    assert found([*papers, paper(REGION, "province", [], ICE, SHED)]) == []


def test_more_siblings_than_can_be_compared_are_left_apart_and_say_so() -> None:
    papers = [below(f"渚枢〔2031〕{n}号", f"渚{n}县", REGION, ICE) for n in range(MOST_SIBLINGS + 1)]
    with derive(papers, Lexicon.load(), siblings=True) as graph:
        assert list(graph.relationships("RESEMBLES", "Task", "Task")) == []
        said = [remark for paper in graph.papers for remark in paper.remarks if remark.code == "siblings-too-many"]
    assert [(one.values["document"], one.values["count"]) for one in said] == [(REGION, MOST_SIBLINGS + 1)]


def test_a_workspace_remembers_that_siblings_are_to_be_compared(tmp_path) -> None:
    (tmp_path / "papers").mkdir()
    shutil.copy(HERE / "xianlu-2024.txt", tmp_path / "papers")
    sibling(tmp_path / "papers")
    graph, question = zl.open(tmp_path / "ws"), "MATCH (:Task)-[r:RESEMBLES]->(:Task) RETURN count(r) AS links"
    counts = []
    for asked in (None, True, None, False):
        graph.build(tmp_path / "papers", siblings=asked)
        counts.append(graph.cypher(question)[0]["links"])
    assert counts == [0, 7, 7, 0]


def test_many_papers_are_aligned_in_several_processes_as_in_one() -> None:
    """The same links under the same numbers."""
    nation = paper(NATION, "national", [], ICE, SHED)
    cited = [(NATION, "document")]
    many = [paper(f"渚枢〔2031〕{n}号", "county", cited, f"第{n}渡口：{ICE}") for n in range(WORTH + 40)]

    def kept(jobs: int) -> list[list[tuple]]:
        with derive([*many, nation], Lexicon.load(), jobs=jobs) as graph:
            tables = ("kept.alignment", "kept.link")
            return [graph.connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in tables]

    alone = kept(1)
    assert len(alone[0]) == len(many) and len(alone[1]) >= len(many)
    assert kept(2) == alone


def test_what_is_carried_on_and_shared_can_be_asked_for(tmp_path, server) -> None:
    """Of the year before and after, and of a sibling; the same in both stores."""
    (tmp_path / "papers").mkdir()
    words = (HERE / "xianlu-2024.txt").read_text("utf-8")
    (tmp_path / "papers" / "this.txt").write_text(words, "utf-8")
    last = words.replace("2024年", "2023年").replace(COUNTY, LAST).replace("至少3座", "至少5座")
    (tmp_path / "papers" / "last.txt").write_text(last, "utf-8")
    sibling(tmp_path / "papers")
    zl.open(tmp_path / "ws").build(tmp_path / "papers", siblings=True)
    connection = Connection(server.uri, server.user, server.database, server.password)
    with Workspace(tmp_path / "ws").store() as store:
        load(store, connection)
        with Neo4jStore(connection) as there:
            for name in (COUNTY, OTHER, LAST):
                for among in ("any", "year-before", "year-after", "sibling"):
                    one = {"document": name, "among": among}
                    assert repr(ask(store, QUESTIONS["resembling"], one)) == repr(
                        ask(there, QUESTIONS["resembling"], one)
                    )
        rows = ask(store, QUESTIONS["resembling"], {"document": COUNTY}).dicts()
        back = ask(store, QUESTIONS["resembling"], {"document": LAST, "among": "year-after"}).dicts()
    assert {row["how"]: row["other_document"] for row in rows} == {"year-before": LAST, "sibling": OTHER}
    years = [row for row in rows if row["how"] == "year-before"]
    assert {(row["task"], row["other_task"]) for row in years} == {(row["other_task"], row["task"]) for row in back}
    changes = {row["title"]: row["changes"] for row in years if row["changes"]}
    assert changes == {"2.改造危桥": ["figure-changed: 至少5座 → 至少3座"]}


def test_papers_with_too_many_tasks_are_left_apart_and_say_so() -> None:
    many = [f"第{n}项：{ICE}" for n in range(1001)]
    papers = [paper(NATION, "national", [], *many), paper(TOWN, "county", [(NATION, "document")], *many)]
    with derive(papers, Lexicon.load()) as graph:
        assert list(graph.relationships("DERIVES_FROM", "Task", "Task")) == []
        said = {paper.document: [remark.code for remark in paper.remarks] for paper in graph.papers}
    assert ("papers-too-large" in said[TOWN], "papers-too-large" in said[NATION]) == (True, False)
    with pytest.raises(zl.ZhenglingError) as refused:
        align(*papers)
    assert (refused.value.code, refused.value.status) == ("alignment-too-large", 1)


def test_a_change_is_told_and_read_back() -> None:
    for change in (
        Change("deadline-set", "stronger", "", "6月底前"),
        Change("lead-changed", "", "省水利厅", "县公安局"),
    ):
        assert untold(told(change)) == change
