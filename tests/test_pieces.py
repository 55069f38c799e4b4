"""Records are taken apart once: what is kept of them gives the same graph as they do, whatever is done to it."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zhengling.benchmarks import country
from zhengling.extractors.model import Record
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.graph.deriving.derive import Derived, derive
from zhengling.graph.deriving.kept import Pieces, heeding
from zhengling.graph.schema import NODES, RELATIONSHIPS
from zhengling.graph.stores.embedded import EmbeddedStore, build
from zhengling.graph.stores.questions import AskedInCypher
from zhengling.graph.workspace.workspace import Workspace

LEXICON = Lexicon.load()


def paper(n: int) -> Record:
    return Record.from_json(country.record(n))


def rows(source: Derived | EmbeddedStore) -> dict[tuple[str, ...], list]:
    found: dict[tuple[str, ...], list] = {(label,): list(map(list, source.nodes(label))) for label in NODES}
    for name, relationship in RELATIONSHIPS.items():
        for pair in relationship.pairs:
            found[name, *pair] = list(map(list, source.relationships(name, *pair)))
    return found


def fresh(numbers: list[int]) -> tuple[dict, list]:
    with derive([paper(n) for n in numbers], LEXICON) as graph:
        return rows(graph), graph.papers


def reading(numbers: list[int], read: list[int]) -> tuple[Callable[[int], Record], list[str]]:
    """What reads papers by their place in the order of sources, and notes which; and their marks."""
    ordered = sorted(numbers, key=lambda n: country.record(n)["source"]["path"])

    def one(at: int) -> Record:
        read.append(ordered[at])
        return paper(ordered[at])

    return one, [str(n) for n in ordered]


@settings(max_examples=4, deadline=None)
@given(st.lists(st.sets(st.integers(0, 250), min_size=1, max_size=12), min_size=2, max_size=3), st.randoms())
def test_only_what_is_new_is_read_and_the_graph_is_that_of_all(tmp_path_factory, sets: list[set[int]], chance):
    pieces = tmp_path_factory.mktemp("kept") / "pieces.duckdb"
    known: set[int] = set()
    for numbers in sets:
        some = list(numbers)
        chance.shuffle(some)
        read: list[int] = []
        one, marks = reading(some, read)
        with derive(one, LEXICON, None, pieces, marks) as graph:
            assert (rows(graph), graph.papers) == fresh(some)
        new = sorted(numbers - known)
        assert sorted(read[: len(new)]) == new
        assert new or not read  # later ones are read again where their tasks are aligned with a new one's
        known = numbers


@pytest.fixture(scope="module")
def hundred(tmp_path_factory) -> Path:
    """A store of papers that cite each other, and come twice."""
    path = tmp_path_factory.mktemp("store") / "graph"
    with derive([paper(n) for n in range(0, 400, 4)], LEXICON) as graph:
        build(path, graph)
    return path


def test_the_store_gives_every_row_and_word_as_it_was_derived(hundred):
    with EmbeddedStore(hundred) as store:
        assert rows(store) == fresh(list(range(0, 400, 4)))[0]


def test_words_come_with_any_form_of_a_question(hundred):
    with EmbeddedStore(hundred) as store:
        wanted = [row[2] for row in store.relationships("LEADS", "Unit", "Task")]
        order = "ORDER BY a.id, t.id"
        _, plain = store.rows(f"MATCH (a:Unit)-[r:LEADS]->(t:Task) RETURN r.evidence, a.id, t.id {order}")
        assert [row[0] for row in plain] == wanted
        _, whole = store.rows(f"MATCH (a:Unit)-[r:LEADS]->(t:Task) RETURN r, a.id, t.id {order}")
        assert [row[0]["evidence"] for row in whole] == wanted
        # Beside relationships whose evidence is text.
        _, mixed = store.rows("MATCH (a)-[r:LEADS|IMPLEMENTS]->(b) RETURN r.evidence, size(r.evidence)")
        assert all(json.loads(one)["quote"] for proofs, _ in mixed for one in proofs)
        assert [size for _, size in mixed] == [len(proofs) for proofs, _ in mixed]
        assert sorted(proofs for proofs, _ in mixed if proofs in wanted) == sorted(wanted)
        _, gathered = store.rows("MATCH (:Unit)-[r:LEADS]->(:Task) RETURN collect(r.evidence) AS told")
        assert sorted(gathered[0][0]) == sorted(wanted)


def test_words_come_where_questions_of_people_are_asked(hundred):
    question = "MATCH (a:Unit)-[r:LEADS]->(t:Task) RETURN r.evidence AS told ORDER BY a.id, t.id"
    with AskedInCypher(hundred) as asked, EmbeddedStore(hundred) as store:
        _, found = asked.rows(question, {})
        assert found == store.rows(question)[1]
        assert json.loads(found[0][0][0])["quote"]


@pytest.mark.parametrize("name", ["{zl_proof: 1}", "{zl_proof: 99999999999999}", "{zl_proof: x}"])
def test_a_text_that_looks_like_a_reference_harms_nothing(hundred, name):
    with EmbeddedStore(hundred) as store:
        _, found = store.rows("MATCH (d:Document) RETURN $x AS x LIMIT 1", {"x": name})
        assert found[0][0] == name or json.loads(found[0][0])["quote"]


def test_a_question_finds_words_of_its_own_store_while_another_takes_its_place(hundred, tmp_path):
    path = tmp_path / "graph"
    path.write_bytes(hundred.read_bytes())
    with EmbeddedStore(path) as store:
        before = rows(store)
        with derive([paper(n) for n in range(7)], LEXICON) as graph:
            build(path, graph)
        assert rows(store) == before
    with EmbeddedStore(path) as store:
        assert rows(store) == fresh(list(range(7)))[0]


# --- in a workspace ---------------------------------------------------------------------------------------------------


@pytest.fixture
def workspace(tmp_path) -> Path:
    country.write(range(30), tmp_path / "w/records")
    with Workspace(tmp_path / "w").store():
        pass
    return tmp_path / "w"


def test_damaged_pieces_are_made_again(workspace, capsys):
    with Workspace(workspace).store() as store:
        right = rows(store)
    pieces = workspace / "cache/pieces.duckdb"
    whole = pieces.read_bytes()
    chance = random.Random(1)
    for kind in range(4):
        data = bytearray(whole)
        if kind == 0:
            data[:5000] = chance.randbytes(5000)
        elif kind == 1:
            del data[len(data) // 2 :]
        elif kind == 2:
            for _ in range(200):
                data[chance.randrange(len(data))] ^= 0xFF
        else:
            data.clear()
        pieces.write_bytes(data)
        (workspace / "cache/state.json").unlink()
        (workspace / "cache/graph.lbug").unlink()
        with Workspace(workspace).store() as store:
            assert rows(store) == right


def test_a_record_that_was_changed_by_hand_is_taken_apart_again(workspace):
    file = min((workspace / "records").glob("*.json"))
    record = json.loads(file.read_text("utf-8"))
    record["tasks"][0]["text"] = "改由乡镇办理。"
    file.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    Workspace(workspace).build([])
    with Workspace(workspace).store() as store:
        assert store.rows("MATCH (t:Task) WHERE t.text = '改由乡镇办理。' RETURN count(*) AS n")[1] == [[1]]


def test_a_signal_ends_the_engine_with_what_its_handler_raises(tmp_path):
    def end(number, _):
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    timer = threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGTERM))
    engine = Pieces(tmp_path / "pieces", tmp_path).connection
    try:
        with pytest.raises(SystemExit) as told, heeding():
            timer.start()
            engine.execute("SELECT count(*) FROM range(1000000000000) AS a WHERE a.range % 7 = 3").fetchall()
        assert told.value.code == 143
        assert signal.getsignal(signal.SIGTERM) is end
    finally:
        timer.join()
        signal.signal(signal.SIGTERM, before)


def test_a_statement_that_does_not_fit_into_the_memory_is_given_more(tmp_path):
    pieces = Pieces(tmp_path / "pieces.duckdb", tmp_path / "spilled")
    many = "CREATE OR REPLACE TABLE memory.many AS SELECT list(n) AS numbers FROM range(4000000) all_(n)"
    try:
        pieces.connection.execute("SET memory_limit = '24MB'")
        with pytest.raises(duckdb.OutOfMemoryException):
            pieces.connection.execute(many)
        pieces.make(many)
        assert pieces.connection.execute("SELECT len(numbers) FROM many").fetchall() == [(4_000_000,)]
    finally:
        pieces.close()
