"""The files for Neo4j's importer, taken in by the real importer: the database is then what `load` would have made."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack
from datetime import date

import neo4j
import pytest
from zhengling.graph.schema import NODES, RELATIONSHIPS
from zhengling.graph.stores.bulk import write_import
from zhengling.graph.stores.embedded import EmbeddedStore, build
from zhengling.graph.stores.load import load
from zhengling.graph.stores.neo4j import Connection, Neo4jStore
from zhengling.queries.runner import ask, questions

from .graphs import Listed
from .server import CURRENT, LTS, newer_java, prepared

WORDS = '“引号” \' " "" \\ \n\r\n\t,;|{}[] \x1f 𠮷 é '


def odd() -> Listed:
    """A graph whose texts have all that a file of fields can stumble over."""
    nodes = [
        ("Document", {"id": WORDS, "number": "", "title": None, "loaded": False, "date": date(2023, 2, 28)}),
        (
            "Task",
            {"id": "t1", "text": WORDS, "section": [WORDS.replace("\x1f", ""), "", "b"], "open": True, "order": 1},
        ),
        ("Task", {"id": "t2", "text": "", "section": [], "open": False, "title": "true", "order": 2**40}),
        ("Unit", {"id": "u", "name": "u", "aliases": ["a,b", 'c"d'], "collective": False}),
        ("Deadline", {"id": "d", "kind": "date", "start": None, "due": date(2024, 2, 29)}),
    ]
    edges = [
        ("CITES", ("Task", "t1"), ("Document", WORDS), {"role": role, "quote": WORDS, "evidence": [WORDS[:5]]})
        for role in ("basis", "mention")
    ]
    return Listed((nodes, [*edges, ("PART_OF", ("Task", "t2"), ("Task", "t1"), {"quote": "", "evidence": ["x"]})]))


@pytest.mark.parametrize("version", [LTS, CURRENT])
def test_the_importer_makes_what_load_makes(built, tmp_path, version):
    if version == CURRENT:
        newer_java()
    build(tmp_path / "odd.lbug", odd())
    with ExitStack() as stack:
        local = prepared(version)
        stack.callback(local.close)
        graphs = {"odd": tmp_path / "odd.lbug"} | (
            {"samples": built / "cache" / "graph.lbug"} if version == LTS else {}
        )
        for name, path in graphs.items():
            source = stack.enter_context(EmbeddedStore(path))
            write_import(source, tmp_path / name)
            said = local.admin("database", "import", "full", "neo4j", "@arguments.txt", cwd=tmp_path / name)
            assert "IMPORT DONE" in said
            server = local.start()
            finish = (tmp_path / name / "finish.cypher").read_text("utf-8").rstrip(";\n").split(";\n")
            with neo4j.GraphDatabase.driver(server.uri, auth=(server.user, server.password)) as driver:
                for statement in finish:
                    with driver.session() as session:
                        session.run(statement).consume()
            connection = Connection(server.uri, server.user, server.database, server.password)
            with Neo4jStore(connection) as there:
                for label in NODES:
                    cypher = f"MATCH (n:`{label}`) RETURN count(*) AS n"
                    assert there.rows(cypher)[1] == source.rows(cypher)[1]
                for kind in RELATIONSHIPS:
                    cypher = f"MATCH ()-[r:`{kind}`]->() RETURN count(*) AS n"
                    assert there.rows(cypher)[1] == source.rows(cypher)[1]
                for question in ("unit-workload", "document-summary", "due"):
                    answers = [ask(store, questions()[question], {}) for store in (source, there)]
                    assert answers[0] == answers[1]
                    assert answers[0].rows or name == "odd"
                wrong = load(source, connection, dry_run=True)
            assert [(c.shown, c.new, c.changed, c.gone) for c in wrong if c.new + c.changed + c.gone] == []
            local.stop()


def test_the_same_graph_gives_the_same_files(built, tmp_path, run):
    for name in ("one", "two"):
        with EmbeddedStore(built / "cache" / "graph.lbug") as source:
            files = write_import(source, tmp_path / name)
        assert sorted(p.name for p in (tmp_path / name).iterdir()) == sorted(p.name for p in files)
    done = subprocess.run(["diff", "-r", tmp_path / "one", tmp_path / "two"], capture_output=True)
    assert done.returncode == 0
    said = run("export", "--format", "neo4j-import", "--out", tmp_path / "two", "--workspace", built)
    assert (said.status, f"{len(files)} files" in said.err) == (0, True)
    assert subprocess.run(["diff", "-r", tmp_path / "one", tmp_path / "two"]).returncode == 0
    header = (tmp_path / "one" / "Unit-header.csv").read_text("utf-8")
    assert header.startswith("id:ID(Unit),name:string,aliases:string[],")
