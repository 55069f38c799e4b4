"""Rows a second of `load`, and how long each saved question takes on both stores, in one run.

    python benchmarks/load.py 100000                   tasks

The server is that of the tests (`tests/server.py`): the one that NEO4J_URI names if it is empty, a container,
or one started on this machine's Java. The graph is that of invented papers (`build.py`, 12 tasks each). Each question
is asked three times with its defaults; the fastest counts.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import zhengling
from zhengling.benchmarks.build import paper
from zhengling.graph.stores.load import load
from zhengling.graph.stores.loaded import Loaded
from zhengling.graph.stores.neo4j import Connection, Neo4jStore
from zhengling.queries.runner import ask, questions

from tests.server import any_server  # type: ignore[import-not-found]


def main(tasks: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        (folder / "papers").mkdir()
        for n in range(-(-tasks // 12)):
            (folder / "papers" / f"{n:06}.txt").write_text(paper(n), "utf-8")
        os.chdir(folder)
        graph = zhengling.open("w")
        graph.build(["papers"])
        with any_server() as server, graph._store() as here:
            connection = Connection(server.uri, server.user, server.database, server.password)
            for name in ("load", "load again", "load again, compared"):
                known = None if "compared" in name else Loaded(folder / "loaded", server.uri, "graph")
                start = time.perf_counter()
                counts = load(here, connection, loaded=known)
                seconds = time.perf_counter() - start
                rows, written = sum(c.total for c in counts), sum(c.new + c.changed + c.gone for c in counts)
                print(
                    f"{name}: {rows} rows, {written} written, {seconds:.1f} s, {rows / seconds:.0f} rows/s", flush=True
                )
            needed = {
                "task": here.rows("MATCH (t:Task) RETURN t.id AS id ORDER BY t.id LIMIT 1")[1][0][0],
                "unit": "县财政局",
                "document": here.rows("MATCH (d:Document) WHERE NOT d.loaded RETURN d.id AS id ORDER BY d.id LIMIT 1")[
                    1
                ][0][0],
                "text": "公开",
            }
            print("question              rows  embedded s  neo4j s  ratio")
            with Neo4jStore(connection) as there:
                for name, question in questions().items():
                    values = {p.name: needed[p.name] for p in question.parameters.values() if p.required}
                    times, answers = [], []
                    for store in (here, there):
                        spent = []
                        for _ in range(3):
                            start = time.perf_counter()
                            answer = ask(store, question, values)
                            spent.append(time.perf_counter() - start)
                        times.append(min(spent))
                        answers.append(answer)
                    same = "" if answers[0] == answers[1] else "  NOT THE SAME"
                    one, two = times
                    print(f"{name:20} {len(answer.rows):5} {one:11.3f} {two:8.3f} {two / one:6.1f}{same}", flush=True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
