"""Questions reach nothing but the graph, take bounded time and memory, and can be ended."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import zhengling as zl
from zhengling.app.cli import main
from zhengling.extractors.bounded import Process
from zhengling.extractors.errors import ZhenglingError
from zhengling.extractors.limits import Settings
from zhengling.extractors.sealed import can_seal
from zhengling.graph.rdf.terms import PREFIXES
from zhengling.graph.stores import questions as sealed_questions
from zhengling.graph.stores.plan import check_plan
from zhengling.graph.stores.questions import AskedInCypher, AskedInSparql
from zhengling.queries import sparql

linux = pytest.mark.skipif(sys.platform != "linux", reason="the system takes nothing from a process")


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """An address on this machine, and what came in there."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    heard.append(connection.recv(2000))
                    connection.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", heard
        time.sleep(0.3)  # what was sent is heard
        stop.set()
        thread.join()


OUT = (
    "SELECT * { ?s ?p trueSERVICE SILENT <%s> { ?a ?b ?c } }",
    "SELECT * { ?s ?p 1SERVICE <%s> { ?a ?b ?c } }",
    "SELECT * { ?s ?p 1.5SERVICE SILENT <%s> { ?a ?b ?c } }",
    "SELECT * { ?s ?p 1e5SERVICE SILENT <%s> { ?a ?b ?c } }",
    "SELECT * { ?s ?p falseService SILENT <%s> { ?a ?b ?c } }",
    'SELECT * { ?s ?p "x"SERVICE SILENT <%s> { ?a ?b ?c } }',
    'SELECT * { ?s ?p "x"@enSERVICE SILENT <%s> { ?a ?b ?c } }',
    "SELECT * { ?s a rdf:.SERVICE SILENT <%s> { ?a ?b ?c } }",
    "SELECT * { ?s a zl:Task.SERVICE SILENT <%s> { ?a ?b ?c } }",
    "SELECT * { ?s ?p 1 .SERVICE SILENT <%s> { ?a ?b ?c } }",
    'SELECT * { BIND("\\u0022 AS ?x) SERVICE SILENT <%s> { ?a ?b ?c } #")\n }',
    "SELECT * { VALUES ?x { 1 }SERVICE SILENT <%s> { ?a ?b ?c } }",
    "SELECT * { ?s ?p $xSERVICE SILENT <%s> { ?a ?b ?c } }",
    "SELECT * { # \rSERVICE SILENT <%s> { ?a ?b ?c } }",
    "SELECT * FROM <%s> { ?s ?p ?o }",
    "LOAD <%s>",
)


@pytest.mark.parametrize("text", OUT)
def test_no_question_in_sparql_reaches_an_address(built, listener, text):
    url, heard = listener
    try:
        zl.open(built).ask_sparql(text % url, {})
    except ZhenglingError as error:
        assert error.status == 2, error
    else:
        assert "FROM" in text  # names a graph of the store, and there is none
    time.sleep(0.2)
    assert heard == []


@pytest.mark.parametrize("text", OUT[:10])
def test_the_words_that_the_engine_gets_can_not_name_another_address(text):
    """Where they are let through at all: the word is not in them."""
    try:
        plain, _ = sparql.unspoken(text % "http://127.0.0.1:9/")
    except ZhenglingError as error:
        assert error.code == "sparql-word"
    else:
        assert "service" not in plain.lower()


def test_an_escape_is_no_letter_outside_of_texts_and_addresses():
    """What `unspoken` rests on: the engine takes it for one nowhere else."""
    for word in ("\\u0053ERVICE SILENT <http://127.0.0.1:9/> { ?a ?b ?c }", "\\u0042IND(1 AS ?x)", "?s zl:\\u0061 ?o"):
        with pytest.raises(SyntaxError):
            ox.Store().query(f"SELECT * {{ {word} }}", prefixes=dict(PREFIXES))
    ((found,),) = ox.Store().query('SELECT ?x { BIND("\\u0053ervice" AS ?x) }')
    assert found.value == "Service"


def test_a_question_file_of_a_workspace_reaches_no_address_either(tmp_path, built, listener, run):
    url, heard = listener
    shutil.copytree(built, tmp_path / "w")
    (tmp_path / "w/queries").mkdir()
    header = "# title.zh: 甲\n# title.en: A\n# description.zh: 甲\n# description.en: A\n# columns: s\n"
    (tmp_path / "w/queries/out.rq").write_text(f"{header}SELECT ?s {{ ?s ?p 1SERVICE SILENT <{url}> {{ ?a ?b ?c }} }}")
    done = run("sparql", "out", "--workspace", tmp_path / "w")
    assert (done.status, len(done.err.splitlines())) == (2, 1), done.err
    (tmp_path / "free.rq").write_text(f"ASK {{ ?s ?p 1SERVICE SILENT <{url}> {{ ?a ?b ?c }} }}")
    assert run("sparql", tmp_path / "free.rq", "--workspace", tmp_path / "w").status == 2
    assert heard == []


@linux
def test_the_process_that_asks_has_no_network_whatever_it_is_asked(tmp_path, listener):
    """The second wall, with the first one out of the way: a shape that is harmless."""
    url, heard = listener
    ox.Store(str(tmp_path / "quads")).flush()
    with AskedInSparql(tmp_path / "quads") as store:
        with pytest.raises(ZhenglingError) as error:
            store.ask(f"SELECT * {{ SERVICE <{url}> {{ ?a ?b ?c }} }}", "ASK {}", {})
        assert error.value.code == "sparql-failed"
        assert store.ask("ASK {}", "ASK {}", {}) == {"answer": True}
    assert heard == []
    next(iter(ox.Store().query(f"SELECT * {{ SERVICE SILENT <{url}> {{ ?a ?b ?c }} }}")), None)
    assert heard  # the listener hears what does go out


PLANS = {
    "LOAD FROM '{file}' (file_format='csv') RETURN *": "",
    "COPY (MATCH (d:Document) RETURN d.id) TO '{file}.csv'": "COPY_TO",
    "CALL show_tables() RETURN *": "SHOW_TABLES",
    "INSTALL httpfs": "INSTALL_EXTENSION",
    "EXPORT DATABASE '{file}.out'": "",
    "ATTACH '{file}' AS x (dbtype 'sqlite')": "",
}


@linux
@pytest.mark.parametrize("text", PLANS)
def test_the_process_that_asks_has_no_files_and_its_plan_only_reads(built, tmp_path, text):
    """Without the check of words that stands before it."""
    file = tmp_path / "secret.csv"
    file.write_text("a,b\nsecret,2\n", "utf-8")
    with AskedInCypher(built / "cache/graph.lbug") as store:
        with pytest.raises(ZhenglingError) as error:
            store.rows(text.format(file=file))
        assert "secret,2" not in str(error.value)
        if PLANS[text]:
            assert (error.value.code, error.value.values["names"]) == ("cypher-plan", [PLANS[text]])
        assert store.rows("RETURN 1 AS one") == (["one"], [[1]])
    assert list(tmp_path.iterdir()) == [file]


def test_no_text_of_a_question_hides_an_operator():
    plan = (
        "┌───────────────┐\n│  COPY_TO[1]   │\n│   ---------   │\n│ Key: FILTER[2]│\n└───────┬───────┘\n"
        "┌───────┴───────┐ ┌─────────────┐\n│   FILTER[0]   │ │ PROJECTION[3] │\n└───────────────┘ └─────────────┘\n"
    )
    with pytest.raises(ZhenglingError) as error:
        check_plan(lambda _: plan, "")
    assert error.value.values["names"] == ["COPY_TO"]
    with pytest.raises(ZhenglingError):
        check_plan(lambda _: "something else", "")


HEAVY = (
    "RETURN repeat('a', 1000000000) AS x",
    "UNWIND range(1, 1000000000) AS x RETURN count(x) AS n",
    f"RETURN {'(' * 3000}1{')' * 3000} AS x",
    "MATCH (a), (b), (c), (d), (e) WHERE a.id < b.id AND b.id < c.id AND c.id > d.id AND d.id < e.id "
    "RETURN count(*) AS n",
)


@pytest.mark.parametrize("text", HEAVY)
def test_a_heavy_question_costs_itself(built, text):
    graph = zl.open(built, settings=Settings(timeout=3, memory=400_000_000))
    with pytest.raises(ZhenglingError) as error:
        graph.cypher(text)
    assert error.value.code in ("question-slow", "question-ended"), error.value
    assert graph.cypher("RETURN 1 AS one") == [{"one": 1}]
    graph.close()


def test_a_heavy_question_in_sparql_costs_itself(built):
    graph = zl.open(built, settings=Settings(timeout=6))
    with pytest.raises(ZhenglingError) as error:
        graph.sparql("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    assert error.value.code == "question-slow"
    with pytest.raises(ZhenglingError) as error:
        graph.sparql(f"ASK {{ FILTER({'(' * 2000}1{')' * 2000}) }}")
    assert error.value.code in ("question-slow", "question-ended", "sparql-wrong")


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_heavy_question_ends_when_it_is_told_to(built, number):
    code = "import sys; from zhengling.app.cli import main; sys.exit(main(sys.argv[1:]))"
    text = "UNWIND range(1, 10000000) AS x UNWIND range(1, 10000000) AS y RETURN count(*) AS n"
    asking = subprocess.Popen(
        [sys.executable, "-c", code, "query", "--cypher", text, "--workspace", str(built)], stderr=subprocess.DEVNULL
    )
    while not (children := _children(asking.pid)):
        assert asking.poll() is None
        time.sleep(0.05)
    time.sleep(1)
    asking.send_signal(number)
    assert asking.wait(60) == 128 + number
    assert [pid for pid in children if Path(f"/proc/{pid}/cmdline").exists() and _alive(pid)] == []


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


def _alive(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_process_goes_with_the_object_that_started_it(built):
    store = AskedInCypher(built / "cache/graph.lbug")
    store.rows("RETURN 1 AS one")
    (process,) = [one for one in vars(store).values() if isinstance(one, Process)]
    assert process.running
    store.close()
    assert not process.running


@pytest.mark.parametrize("base", ["http://[::1/", "http://x/%zz/", "http://x/a b/", "http://x/<y>/", "x:", "://x/"])
def test_a_broken_base_is_refused_in_one_line(built, run, base):
    done = run("sparql", "workload", "--base", base, "--workspace", built)
    assert (done.status, len(done.err.splitlines()), base in done.err) == (2, 1, True), done.err


@pytest.mark.parametrize(
    ("system", "machine", "wide", "known"),
    [
        ("linux", "x86_64", True, True),
        ("linux", "aarch64", True, True),
        ("linux", "x86_64", False, False),  # a Python of 32 bits makes other calls
        ("linux", "riscv64", True, False),
        ("darwin", "arm64", True, False),
        ("win32", "AMD64", True, False),
    ],
)
def test_where_the_network_can_be_taken(system, machine, wide, known):
    assert can_seal(system, machine, wide) is known


def test_it_is_said_where_the_network_can_not_be_taken(tmp_path, capfd, monkeypatch):
    """Told once for each process that answers, and the question is answered."""
    monkeypatch.setattr(sealed_questions, "can_seal", lambda: False)
    graph = zl.open(tmp_path / "w")
    graph.build(Path(__file__).parent.parent / "samples" / "lutan-2023.txt")
    assert main(["query", "unit-workload", "--format", "json", "--lang", "en", "--workspace", str(tmp_path / "w")]) == 0
    assert capfd.readouterr().err.count("cannot take the network from questions") == 1
