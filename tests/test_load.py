"""`zhengling load` and questions to Neo4j, on a real server: one end from any beginning, and nobody else harmed."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import neo4j
import pytest
import zhengling
import zhengling.graph.stores.load as loading
from zhengling import ZhenglingError
from zhengling.graph.schema import NODES, RELATIONSHIPS
from zhengling.graph.stores.load import constraints, load
from zhengling.graph.stores.loaded import Loaded
from zhengling.graph.stores.neo4j import AskedInNeo4j, Connection, Neo4jStore, connection
from zhengling.graph.stores.plan import check_server_plan
from zhengling.queries.runner import Parameter, questions

from .conftest import ROOT
from .server import LTS, Server, local

PROGRAM = Path(sys.executable).with_name("zhengling")


@pytest.fixture
def papers(samples, tmp_path, monkeypatch) -> Path:
    """A folder with the papers of the samples, to be changed; the workspace `w` beside it is built."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(samples, tmp_path / "papers", ignore=shutil.ignore_patterns("gold", "*.md"))
    zhengling.open("w").build(["papers"])
    return tmp_path / "papers"


def at(server: Server) -> Connection:
    return Connection(server.uri, server.user, server.database, server.password)


def held(store) -> dict[object, list]:
    """Every row of ours in a store."""
    rows: dict[object, list] = {label: list(store.nodes(label)) for label in NODES}
    for name, relationship in RELATIONSHIPS.items():
        for pair in relationship.pairs:
            rows[name, *pair] = list(store.relationships(name, *pair))
    return rows


def mirrors(server: Server, workspace: str = "w") -> None:
    """Neo4j holds what the embedded store holds, and nothing of ours beside it."""
    with zhengling.open(workspace)._store() as here, Neo4jStore(at(server)) as there:
        assert held(there) == held(here)
    marked = server.run("MATCH (n) WHERE n.zhengling RETURN count(n) AS n")[0]["n"]
    assert marked == sum(server.run(f"MATCH (n:`{label}`) RETURN count(n) AS n")[0]["n"] for label in NODES)


def everything(server: Server) -> list:
    """All that the database holds, whoever put it there, with the ids that the server gave."""
    nodes = server.run("MATCH (n) RETURN elementId(n) AS id, labels(n) AS labels, properties(n) AS p ORDER BY id")
    edges = server.run("MATCH ()-[r]->() RETURN elementId(r) AS id, type(r) AS type, properties(r) AS p ORDER BY id")
    return [nodes, edges]


# --- loading ---------------------------------------------------------------------------------------------------------


def test_loading_twice_changes_nothing(server, papers, run):
    first = run("load", "--workspace", "w")
    assert first.status == 0, first.err
    mirrors(server)
    before = everything(server)
    second = run("load", "--workspace", "w")
    assert second.status == 0
    assert "0 written or taken out" in second.err
    assert everything(server) == before
    with zhengling.open("w")._store() as store:
        for label in NODES:
            total = store.rows(f"MATCH (n:`{label}`) RETURN count(*) AS n")[1][0][0]
            for done, new in ((first, total), (second, 0)):
                line = next(line for line in done.out.splitlines() if line.startswith(label))
                assert line.split()[1:] == [str(total), str(new), "0", "0"]


class UnreadSource:
    """A graph that nobody needs to read."""

    def nodes(self, label: str):
        raise AssertionError(label)

    def relationships(self, name: str, start: str, stop: str):
        raise AssertionError(name)


def known(folder: Path, graph: str) -> Loaded:
    return Loaded(folder, "one server", graph)


def test_where_nothing_changed_on_either_side_neither_is_read(server, papers, tmp_path):
    with zhengling.open("w")._store() as here:
        first = load(here, at(server), loaded=known(tmp_path, "g"))
    again = load(UnreadSource(), at(server), loaded=known(tmp_path, "g"))
    assert [(c.shown, c.total, c.new, c.changed, c.gone) for c in again] == [(c.shown, c.total, 0, 0, 0) for c in first]
    for change in ("MATCH (t:Task) WITH t LIMIT 1 SET t.text = 'wrong'", "CREATE (:Note {of: 'somebody'})"):
        server.run(change)
        with pytest.raises(AssertionError):
            load(UnreadSource(), at(server), loaded=known(tmp_path, "g"))
        with zhengling.open("w")._store() as here:  # what that left undone is done
            load(here, at(server), loaded=known(tmp_path, "g"))
        mirrors(server)


def test_what_differs_from_the_last_load_is_written_and_no_more(server, papers, tmp_path, monkeypatch):
    with zhengling.open("w")._store() as here:
        load(here, at(server), loaded=known(tmp_path, "g"))
    path = papers / "linxi-2023.txt"
    path.write_text(path.read_text("utf-8").replace("2023年", "2024年"), "utf-8")
    (papers / "luyin-2023.txt").unlink()
    zhengling.open("w").build(["papers"])
    asked: list[str] = []
    really = loading._run
    monkeypatch.setattr(loading, "_run", lambda way, cypher, rows: asked.append(cypher) or really(way, cypher, rows))
    with zhengling.open("w")._store() as here:
        counts = load(here, at(server), loaded=known(tmp_path, "other"))
        mirrors(server)
        assert all(sum(getattr(c, n) for c in counts) for n in ("new", "changed", "gone"))
        assert not [cypher for cypher in asked if "RETURN n.`id`" in cypher or "RETURN a.id" in cypher]
        plain = load(here, at(server))
    assert sum(c.new + c.changed + c.gone for c in plain) == 0


@pytest.mark.parametrize("name", ["loaded.json", "rows"])
def test_what_is_known_of_the_last_load_may_be_lost(server, papers, tmp_path, name):
    with zhengling.open("w")._store() as here:
        load(here, at(server), loaded=known(tmp_path / "known", "g"))
        for path in (tmp_path / "known").glob("*/*"):
            if (path.name == "loaded.json") is (name == "loaded.json"):
                path.write_bytes(b"{")
        server.run("MATCH (t:Task) WITH t ORDER BY t.id LIMIT 1 DETACH DELETE t")
        load(here, at(server), loaded=known(tmp_path / "known", "other"))
    mirrors(server)


def test_what_the_schema_names_is_indexed(server, papers, run):
    assert run("load", "--workspace", "w").status == 0
    unique = server.run("SHOW CONSTRAINTS YIELD labelsOrTypes, properties, type WHERE type = 'UNIQUENESS' RETURN *")
    assert {(r["labelsOrTypes"][0], *r["properties"]) for r in unique} >= {(label, "id") for label in NODES}
    words = server.run("SHOW FULLTEXT INDEXES YIELD labelsOrTypes, properties, options, state RETURN *")
    assert {(r["labelsOrTypes"][0], r["state"]) for r in words} == {("Task", "ONLINE"), ("Unit", "ONLINE")}
    assert {r["options"]["indexConfig"]["fulltext.analyzer"] for r in words} == {"cjk"}
    found = server.run(
        "CALL db.index.fulltext.queryNodes('zhengling_task_words', '探访') YIELD node RETURN node.text AS t"
    )
    assert found
    assert all("探访" in row["t"] or "探" in row["t"] for row in found)
    found = server.run(
        "CALL db.index.fulltext.queryNodes('zhengling_unit_words', '民政') YIELD node RETURN node.name AS n"
    )
    assert any("民政" in row["n"] for row in found)


def test_a_removed_and_a_changed_paper_take_out_what_only_they_said(server, papers, run):
    run("load", "--workspace", "w")
    whole = everything(server)
    only = server.run("MATCH (d:Document {number: '枫政办字〔2023〕18号'})-[:CONTAINS]->(t:Task) RETURN count(t) AS n")[
        0
    ]["n"]
    assert only
    assert run("remove", "枫政办字〔2023〕18号", "--workspace", "w").status == 0
    done = run("load", "--workspace", "w")
    mirrors(server)
    assert re.search(rf"^Task +\d+ +0 +0 +{only}$", done.out, re.MULTILINE)
    changed = papers / "lutan-2023.txt"
    text = changed.read_text("utf-8")
    assert "探访记录要真实完整" in text
    changed.write_text(text.replace("探访记录要真实完整", "探访记录必须真实完整"), "utf-8")
    assert run("build", "papers", "--workspace", "w").status == 0
    assert run("load", "--workspace", "w").status == 0
    mirrors(server)
    assert server.run("MATCH (t:Task) WHERE t.text CONTAINS '必须真实完整' RETURN count(t) AS n")[0]["n"] == 1
    changed.write_text(text, "utf-8")
    assert run("build", "papers", "--again", "--workspace", "w").status == 0
    assert run("load", "--workspace", "w").status == 0
    mirrors(server)
    assert [len(part) for part in everything(server)] == [len(part) for part in whole]


def test_what_others_put_beside_ours_stays(server, papers, run):
    # Nodes of ours' labels that are not ours, and one that bears the id of a unit that is yet to come.
    server.run("CREATE (:Task {note: 'no id'}), (:Task {id: 'theirs', text: 'x'}), (:Region {id: '中国', theirs: 1})")
    run("load", "--workspace", "w")
    server.run(
        """
        MATCH (t:Task)<-[:CONTAINS]-(d:Document {number: '枫政办字〔2023〕18号'}) WITH t ORDER BY t.id LIMIT 1
        MATCH (stays:Unit {name: '省民政厅'})
        SET t.note = 'called', stays.score = 0.5, stays:Watched
        CREATE (n:Note {text: 'ask again'})-[:ABOUT]->(t), (n)-[:ABOUT]->(stays)
        WITH * MATCH (stays)-[r:LEADS]->() SET r.weight = 7
        """
    )
    watched = server.run("MATCH (:Unit {name: '省民政厅'})-[r:LEADS]->() RETURN count(r) AS n")[0]["n"]
    assert watched
    run("load", "--workspace", "w")
    mirrors_but_theirs(server)
    run("remove", "枫政办字〔2023〕18号", "--workspace", "w")
    done = run("load", "--workspace", "w")
    assert "1 node that others added to stayed there" in done.err
    mirrors_but_theirs(server)
    (left,) = server.run(
        "MATCH (n:Note)-[:ABOUT]->(x) WHERE x.note IS NOT NULL RETURN labels(x) AS l, properties(x) AS p"
    )
    assert left == {"l": [], "p": {"note": "called"}}
    (unit,) = server.run(
        "MATCH (n:Note)-[:ABOUT]->(u:Unit:Watched)-[r:LEADS {weight: 7}]->() RETURN u.score AS s, count(r) AS n"
    )
    assert unit == {"s": 0.5, "n": watched}
    assert server.run("MATCH (r:Region {id: '中国'}) RETURN r.theirs AS t") == [{"t": 1}]


def mirrors_but_theirs(server: Server) -> None:
    assert server.run("MATCH (t:Task) WHERE t.note = 'no id' OR t.id = 'theirs' RETURN count(t) AS n")[0]["n"] == 2
    with zhengling.open("w")._store() as here, Neo4jStore(at(server)) as there:
        assert held(there) == held(here)


def test_what_was_ours_and_was_changed_there_is_put_right(server, papers, run):
    run("load", "--workspace", "w")
    server.run("MATCH (t:Task) WITH t ORDER BY t.id LIMIT 3 SET t.text = 'wrong', t.section = null")
    server.run("MATCH ()-[r:CITES]->() WITH r LIMIT 2 SET r.quote = 'wrong'")
    server.run("MATCH (u:Unit {name: '省民政厅'})-[r]->() DELETE r")
    server.run("MATCH (d:Deadline) WITH d ORDER BY d.id LIMIT 2 DETACH DELETE d")
    server.run("MATCH (a:Unit), (t:Task) WITH a, t LIMIT 1 CREATE (a)-[:SUPPORTS {zhengling: true}]->(t)")
    assert run("load", "--workspace", "w").status == 0
    mirrors(server)


def test_a_dry_run_shows_and_changes_nothing(server, papers, run):
    names = "SHOW CONSTRAINTS YIELD name WHERE name STARTS WITH 'zhengling' RETURN name"
    for row in server.run(names):
        server.run(f"DROP CONSTRAINT {row['name']}")
    dry = run("load", "--dry-run", "--workspace", "w")
    assert dry.status == 0
    assert "nothing was" in dry.err
    assert server.run(names) == []
    assert everything(server) == [[], []]
    real = run("load", "--workspace", "w")
    assert real.out == dry.out
    run("remove", "枫政办字〔2023〕18号", "--workspace", "w")
    before = everything(server)
    dry = run("load", "--dry-run", "--workspace", "w")
    assert everything(server) == before
    assert run("load", "--workspace", "w").out == dry.out


def batches(papers: Path, server: Server, monkeypatch) -> int:
    """How many steps a load in small batches has."""
    monkeypatch.setattr(loading, "_ROWS", 40)
    steps = []
    with zhengling.open("w")._store() as store:
        load(store, at(server), progress=lambda *step: steps.append(step))
    return len(steps)


class CutError(Exception):
    pass


def test_cut_short_at_any_batch_and_run_again_it_comes_to_the_same_end(server, papers, monkeypatch):
    steps = batches(papers, server, monkeypatch)
    assert steps > 30
    graph = zhengling.open("w")
    for stop in range(1, steps, 3):
        if stop % 2:
            server.clear()
        else:  # most of it is there, and something else besides
            server.run("MATCH (t:Task) WITH t ORDER BY t.id SKIP 20 DETACH DELETE t")
            server.run("CREATE (:Task {id: 'old', zhengling: true})-[:PART_OF {zhengling: true}]->(:Task {id: 'mine'})")
        left = iter(range(stop))

        def step(*_: object, left=left) -> None:
            if next(left, None) is None:
                raise CutError

        with graph._store() as store, pytest.raises(CutError):
            load(store, at(server), progress=step)
        with graph._store() as store:
            load(store, at(server))
        with graph._store() as here, Neo4jStore(at(server)) as there:
            assert held(there) == held(here), stop


KILLED = """
import os, signal, sys
import zhengling, zhengling.graph.stores.load as loading
loading._ROWS = 40
left = iter(range(int(sys.argv[1])))
zhengling.open("w").load(progress=lambda *_: next(left, None) is None and os.kill(os.getpid(), signal.SIGKILL))
"""


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_killed_and_run_again_it_comes_to_the_same_end(server, papers, monkeypatch, run, share):
    stop = int(share * batches(papers, server, monkeypatch))
    server.clear()
    done = subprocess.run([sys.executable, "-c", KILLED, str(stop)], capture_output=True)
    assert done.returncode == -signal.SIGKILL
    half = server.run("MATCH (n) RETURN count(n) AS n")[0]["n"]
    assert half
    assert run("load", "--workspace", "w").status == 0
    mirrors(server)


def test_a_passing_failure_is_tried_again(papers):
    """Another transaction holds what the load wants, longer than the server lets it wait."""
    graph = zhengling.open("w")
    with local(LTS, **{"db.lock.acquisition.timeout": "300ms"}) as server:
        there = at(server)
        graph.load(connection=there)
        tasks = server.run("MATCH (t:Task) SET t.text = '' RETURN count(t) AS n")[0]["n"]
        with (
            neo4j.GraphDatabase.driver(server.uri, auth=(server.user, server.password)) as driver,
            driver.session() as session,
            session.begin_transaction() as transaction,
        ):
            transaction.run("MATCH (t:Task) SET t.held = true").consume()
            with pytest.raises(neo4j.exceptions.TransientError), driver.session() as other:
                other.run("MATCH (t:Task) SET t.text = 'x'").consume()
            threading.Timer(2, transaction.commit).start()
            counts = {c.shown: c for c in graph.load(connection=there)}
        assert counts["Task"].changed == tasks
        mirrors(server)


# --- what goes wrong -------------------------------------------------------------------------------------------------


def failed(run, *words: str, status: int = 1) -> str:
    """The one line that a command fails with."""
    done = run(*words, "--workspace", "w")
    assert done.status == status, done.err
    (line,) = done.err.splitlines()
    assert line.startswith("zhengling: ")
    return line


def test_a_server_that_is_not_there_or_does_not_let_us_in(server, papers, run, monkeypatch):
    for words in (("load",), ("query", "due", "--store", "neo4j")):
        assert "has no database “nope”" in failed(run, *words, "--database", "nope")
        monkeypatch.setenv("NEO4J_PASSWORD", "wrong-secret")
        line = failed(run, *words)
        assert "does not accept this password" in line
        assert "wrong-secret" not in line
        monkeypatch.setenv("NEO4J_PASSWORD", server.password)
        for uri in ("neo4j://127.0.0.1:1", "bolt://127.0.0.1:1", "neo4j://no-such-host.invalid"):
            assert failed(run, *words, "--uri", uri).startswith(f"zhengling: {uri}: Neo4j can not be reached: ")
    with socket.create_server(("127.0.0.1", 0)) as other:  # something else answers there

        def answer() -> None:
            for _ in range(2):
                one, _ = other.accept()
                one.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                one.close()

        threading.Thread(target=answer, daemon=True).start()
        assert "can not be reached" in failed(run, "load", "--uri", f"bolt://127.0.0.1:{other.getsockname()[1]}")


def test_a_database_that_can_only_be_read(papers, run, monkeypatch):
    with local(LTS) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        server.local.stop()  # a database must have been writable once
        server.local.configure(**{"server.databases.read_only": "neo4j"})
        server.local.start()
        assert "the database “neo4j” can only be read" in failed(run, "load")
        assert run("query", "due", "--store", "neo4j", "--workspace", "w").status == 0


def test_a_disk_that_is_full(papers, run, monkeypatch):
    """The server may write no file of more than some MB: what it then says is what it says of a full disk."""
    with local(LTS, limit=3_000_000, **{"db.tx_log.preallocate": "false"}) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        server.run("CREATE CONSTRAINT FOR (n:Task) REQUIRE n.id IS UNIQUE")
        fill = "UNWIND range(1, 200) AS i CREATE (:Filler {text: $text})"
        with pytest.raises(neo4j.exceptions.Neo4jError):
            for _ in range(40):
                server.run(fill, text="满" * 2000)
        line = failed(run, "load")
        assert "disk" in line or "needs to be restarted" in line


def test_settings_come_from_options_then_the_environment_then_the_file(tmp_path):
    def found(environ=None, **given: str | None) -> Connection:
        return connection(tmp_path, {"password": "p", **given}, environ=environ or {})

    assert found() == Connection("neo4j://localhost:7687", "neo4j", "neo4j", "p")
    (tmp_path / "neo4j.toml").write_text('uri = "bolt://file"\nuser = "file"\ndatabase = "file"\n', "utf-8")
    assert found() == Connection("bolt://file", "file", "file", "p")
    environ = {"NEO4J_URI": "bolt://environ", "NEO4J_USERNAME": "environ", "NEO4J_DATABASE": ""}
    assert found(environ) == Connection("bolt://environ", "environ", "file", "p")
    assert found(environ, uri="bolt://given", user=None) == Connection("bolt://given", "environ", "file", "p")
    asked = connection(tmp_path, {}, environ={}, ask=lambda user: f"of {user}")
    assert asked.password == "of file"
    assert "of file" not in repr(asked)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('password = "x"', "settings-secret"),
        ('url = "bolt://x"', "settings-wrong"),
        ("database = 5", "settings-wrong"),
        ("uri = ", "settings-unreadable"),
        ("\ufffe", "settings-unreadable"),
    ],
)
def test_a_file_of_settings_that_is_wrong_is_named(tmp_path, text, code):
    (tmp_path / "neo4j.toml").write_text(text, "utf-16" if text == "\ufffe" else "utf-8")
    with pytest.raises(ZhenglingError) as error:
        connection(tmp_path, {"password": "p"}, environ={})
    assert (error.value.code, error.value.status, error.value.values["path"]) == (code, 1, str(tmp_path / "neo4j.toml"))


@pytest.mark.parametrize("uri", ["localhost:7687", "http://localhost", "neo4j://", "neo4j://x:port", "bolt+x://h"])
def test_an_address_that_is_none_is_refused(tmp_path, uri):
    with pytest.raises(ZhenglingError) as error:
        connection(tmp_path, {"uri": uri, "password": "p"}, environ={})
    assert (error.value.code, error.value.status) == ("neo4j-uri", 2)


@pytest.mark.parametrize("uri", ["neo4j://neo4j:s3cret@host", "bolt://:s3cret@host:7687", "neo4j://u:s3cret@[bad"])
def test_a_password_in_an_address_is_refused_and_not_repeated(papers, run, uri, monkeypatch):
    monkeypatch.setenv("NEO4J_PASSWORD", "p")
    assert "s3cret" not in failed(run, "load", "--uri", uri, status=2)


def test_options_of_neo4j_go_with_neo4j_alone(papers, run):
    assert "--uri goes with --store neo4j only" in failed(run, "query", "due", "--uri", "bolt://h", status=2)
    done = run("query", "due", "--store", "mongo", "--workspace", "w")
    assert (done.status, len(done.err.splitlines())) == (2, 1)
    assert run("load", "--password", "x").status == 2


def test_the_password_is_asked_for_at_a_terminal_alone(server, papers):
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    del environment["NEO4J_PASSWORD"]
    command = [PROGRAM, "load", "--workspace", "w", "--debug"]
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 2
    assert "NEO4J_PASSWORD" in done.stderr
    child, terminal = pty.fork()
    if child == 0:
        os.execve(PROGRAM, list(map(str, command)), environment)
    shown, answered, end = b"", False, time.monotonic() + 60
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            shown += os.read(terminal, 4096)
        except OSError:  # it has gone
            break
        if b"Password of the Neo4j user" in shown and not answered:
            os.write(terminal, server.password.encode() + b"\n")
            answered = True
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, shown.decode()
    assert answered
    assert server.password not in shown.decode()
    mirrors(server)


# --- asking ----------------------------------------------------------------------------------------------------------


def test_the_command_line_says_the_same_whichever_store_answers(server, papers, run, tmp_path):
    run("load", "--workspace", "w")
    silent = set()
    for n, (name, question) in enumerate(questions().items()):
        sets = [word for pair in question.examples.items() for word in ("--set", "=".join(pair))]
        for form in ("table", "csv", "json") if n < 2 else ("table",):  # forms are made of rows, whoever gives them
            one, two = (
                run("query", name, *sets, "--format", form, "--workspace", "w", "--store", store)
                for store in ("embedded", "neo4j")
            )
            assert one.out.splitlines() == two.out.splitlines(), name
            assert one == two
            assert one.status == 0
            if not one.out:
                silent.add(name)
    assert len(silent) < len(questions()) / 2  # the samples answer most of them
    # The samples hold no two years of one issuer.
    assert silent & {name for name, question in questions().items() if question.examples} == {"resembling"}
    for name, question in questions().items():  # pasted into Neo4j Browser, with the defaults of the header
        rows = server.run(
            question.cypher, **{p.name: as_text(p, question.examples) for p in question.parameters.values()}
        )
        assert bool(rows) == (name not in silent), name
    one, two = (run("trace", "探访关爱", "--workspace", "w", "--store", store) for store in ("embedded", "neo4j"))
    assert one == two
    assert one.status == 0
    for part in (
        (),
        ("--document", "鹭政办发〔2023〕22号"),
        ("--unit", "县民政局"),
        ("--directive", "国办发〔2023〕908号"),
        ("--region", "鹭滩"),
        ("--level", "县", "--year", "2023"),
        ("--unit", "民政局", "--region", "鹭滩县"),
        ("--directive", "国办发〔2023〕908号", "--level", "市"),
        ("--year", "1999"),
    ):
        pages = []
        for store in ("embedded", "neo4j"):
            out = tmp_path / f"{store}.html"
            out.unlink(missing_ok=True)
            done = run("view", *part, "--out", out, "--workspace", "w", "--store", store)
            assert done.status in (0, 1)
            said = (done.status, done.err.replace(store, ""))
            pages.append((said, out.read_bytes() if out.exists() else b""))
        assert pages[0] == pages[1], part


def as_text(parameter: Parameter, examples: dict[str, str]) -> object:
    """What a person sets in Neo4j Browser: days as text, words as a list."""
    value = parameter.read(examples.get(parameter.name, parameter.default), date.today())
    return value.isoformat() if isinstance(value, date) else value


def test_no_workspace_is_needed_to_ask_neo4j(server, papers, run):
    run("load", "--workspace", "w")
    done = run("query", "document-summary", "--store", "neo4j", "--format", "json", "--workspace", "elsewhere")
    assert len(json.loads(done.out)) == len(list(papers.glob("*.txt")))
    graph = zhengling.open("elsewhere", store="neo4j")
    assert graph.query("document-summary") == json.loads(done.out)
    assert graph.networkx().number_of_nodes() == zhengling.open("w").networkx().number_of_nodes()
    graph.close()


def test_an_empty_database_answers_without_a_word_of_the_server(server, papers):
    for name in ("due", "unit-workload", "broken-chains"):
        done = subprocess.run(
            [PROGRAM, "query", name, "--store", "neo4j"], capture_output=True, text=True, env=os.environ | {"LANG": "C"}
        )
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr.splitlines()[1:] == ["no paper has been read into the workspace"], (
            done.stderr
        )  # after: no rows


def test_free_questions_only_read(server, papers, run):
    run("load", "--workspace", "w")
    before = everything(server)
    done = run("query", "--cypher", "MATCH (t:Task) RETURN count(t) AS n", "--store", "neo4j", "--format", "json")
    assert json.loads(done.out)[0]["n"] == len([n for n in before[0] if n["labels"] == ["Task"]])
    for cypher in ("CREATE (n) RETURN n", "LOAD CSV FROM 'http://localhost/x' AS l RETURN l", "CALL db.labels()"):
        assert run("query", "--cypher", cypher, "--store", "neo4j").status == 2
    assert "Invalid input 'RETURN'" in failed(
        run, "query", "--cypher", "MATCH (n RETURN n", "--store", "neo4j", status=2
    )
    with Neo4jStore(at(server)) as store:  # the mode of the session alone
        for cypher in (
            "CREATE (n:X) RETURN n.id",
            "MATCH (t:Task) SET t.text = '' RETURN t.id",
            "CREATE INDEX FOR (n:X) ON (n.y)",
        ):
            with pytest.raises(ZhenglingError) as error:
                store.rows(cypher)
            assert error.value.code == "neo4j-read-only"
    assert everything(server) == before


def test_what_a_session_for_reading_lets_through_the_plan_of_the_server_does_not(server, papers, run):
    """LOAD CSV asks another address, and procedures do what they like, in a session that only reads, too."""
    run("load", "--workspace", "w")
    before = everything(server)
    with socket.create_server(("127.0.0.1", 0)) as listener, Neo4jStore(at(server)) as store:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        asked = AskedInNeo4j(store)
        for cypher, name in {
            f"LOAD CSV FROM '{address}' AS line RETURN line": "LoadCSV",
            f"MATCH (n) WITH n LIMIT 1 LOAD CSV FROM '{address}' + n.id AS line RETURN line": "LoadCSV",
            "CALL db.labels()": "ProcedureCall",
            "MATCH (n) CALL dbms.components() YIELD name RETURN name": "ProcedureCall",
            "SHOW FUNCTIONS YIELD name RETURN name": "ShowFunctions",
            "SHOW TRANSACTIONS YIELD transactionId AS x RETURN x": "ShowTransactions",
            "CREATE (n:X) RETURN n": "Create",
            "MATCH (n) SET n.x = 1": "SetProperty",
            "MATCH (n) REMOVE n.id": "SetProperty",
            "MERGE (n:X) RETURN n": "Merge",
            "MATCH (n) DETACH DELETE n": "DetachDelete",
            "MATCH (n) FOREACH (x IN [1] | CREATE ())": "Foreach",
            "UNWIND [1] AS x CALL { CREATE (n) } IN TRANSACTIONS RETURN x": "TransactionForeach",
        }.items():
            with pytest.raises(ZhenglingError) as error:
                asked.rows(cypher)
            found = error.value
            assert found.code in ("cypher-plan", "neo4j-read-only"), (cypher, found.values)
            assert found.code != "cypher-plan" or name in str(found.values["names"]), (cypher, found.values)
        with pytest.raises(TimeoutError):
            listener.accept()
        assert asked.rows("MATCH (n:Document) RETURN count(n)")[1][0][0] > 0
    assert everything(server) == before


READING = (
    "MATCH (t:Task)-[:PART_OF*1..3]->(x) WHERE t.id IN ['a'] OPTIONAL MATCH (x)--(y) RETURN t.id, collect(y.id) AS ys",
    "MATCH p = shortestPath((a:Document)-[*..5]-(b:Unit)) WITH p ORDER BY length(p) LIMIT 3 RETURN length(p) AS n",
    "MATCH p = allShortestPaths((a:Document)-[*..3]-(b:Unit)) RETURN count(p) AS n",
    "MATCH (a:Document) ((x)-[]->(y)){1,3} (b) RETURN DISTINCT b.id AS id ORDER BY id SKIP 1 LIMIT 5",
    "MATCH p = ANY SHORTEST (a:Document)-[]-+(b:Unit) RETURN count(p) AS n",
    "MATCH (n) WHERE EXISTS { (n)-->(:Unit) } OR NOT (n)--() RETURN COUNT { (n)--() } AS n, [(n)--(m) | m.id] AS ms",
    "MATCH (a:Document), (b:Unit) WHERE a.title = b.name RETURN a.id AS x UNION MATCH (c:Task) RETURN c.id AS x",
    "UNWIND range(1, 3) AS x RETURN x, date.truncate('year', date()) AS y, point.distance(point({x:1,y:2}), null) AS z",
    "MATCH (n:Task) RETURN count(*) AS n",
    "MATCH ()-[r]->() RETURN count(r) AS n",
    "MATCH (n) WHERE n.id = $id OR n.id STARTS WITH 'a' OR n:Unit RETURN max(n.id) AS id, 'x.y(' AS text",
    "MATCH (a)-->(b)-->(c) WHERE NOT (a)-->(c) RETURN count(*) AS n",
)


def test_no_question_that_reads_is_refused_for_its_plan(server, papers, run):
    run("load", "--workspace", "w")
    with Neo4jStore(at(server)) as store:
        for cypher in READING:
            AskedInNeo4j(store).rows(cypher, {"id": "x"} if "$id" in cypher else {})


def test_a_function_of_a_plugin_is_none_that_reads():
    plan = {"operatorType": "Projection@neo4j", "args": {"Details": "apoc.Util.sleep(n.x) AS x"}, "children": []}
    check_server_plan("r", plan, [])
    for kind, given, names in (("r", plan, ["apoc.util.sleep"]), ("rw", plan, []), ("r", None, []), (None, plan, [])):
        with pytest.raises(ZhenglingError) as error:
            check_server_plan(kind, given, names)
        assert error.value.code == "cypher-plan"


def test_nodes_dates_and_paths_come_as_plain_values(server, papers, run):
    run("load", "--workspace", "w")
    cypher = "MATCH p = (d:Document)-[r:IMPLEMENTS]->(x:Document) RETURN d, r, p, d.date AS day ORDER BY d.id LIMIT 1"
    (row,) = json.loads(run("query", "--cypher", cypher, "--store", "neo4j", "--format", "json").out)
    assert row["d"]["date"] == row["day"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["day"])
    assert set(row["r"]) == {"inferred", "quote", "evidence"}
    assert [len(one) > 2 for one in row["p"]] == [True] * 3
    assert "zhengling" not in row["d"]


@pytest.mark.parametrize("path", sorted((ROOT / "queries").glob("*.cypher")), ids=lambda path: path.stem)
def test_the_files_are_what_neo4j_browser_imports(neo4j_server, path):
    """One statement, comments and all, without byte order mark; the server understands it as it stands."""
    text = path.read_bytes().decode("utf-8")
    assert not text.startswith("\ufeff")
    of_type = {"integer": 1, "boolean": False, "date": date(2024, 1, 1), "words": [""]}
    parameters = {p.name: of_type.get(p.type, "") for p in questions()[path.stem].parameters.values()}
    neo4j_server.run(f"EXPLAIN {text}", **parameters)


def test_the_statements_of_the_schema_can_be_run_again(server):
    for _ in range(2):
        for statement in constraints().values():
            server.run(statement)
