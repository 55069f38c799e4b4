"""What the links between tasks cost a build: papers of twelve tasks, each below a superior of forty.

    python benchmarks/chains.py 1000 5000              lower papers

A hundred papers share a superior; of a paper's tasks nine are the superior's, with other words in them, and three are
its own. Each size is derived in processes of its own: `links` as it is, `apart` the same papers without a chain, `more`
once more with one paper added. Times are seconds of processor time, so that other work on the machine does not count.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

from zhengling.benchmarks import country
from zhengling.extractors.model import Record
from zhengling.extractors.words.lexicon import Lexicon
from zhengling.graph.deriving.derive import derive

_BELOW = 100  # papers of one superior
_ABOVE, _TASKS, _TAKEN = 40, 12, 9


@lru_cache(maxsize=16)
def superior(n: int) -> dict[str, Any]:
    """The `n`th superior: a city's paper with the tasks of several of the invented country."""
    head = _paper(n, "city", f"{country.name(1000 + n)}市", [])
    head["tasks"] = _tasks(n * 50, _ABOVE, random.Random(n))
    return head


def paper(n: int, chained: bool = True) -> dict[str, Any]:
    """The `n`th lower paper; without a chain it cites nothing."""
    chance = random.Random(-n - 1)
    above = superior(n // _BELOW)
    head = above["document"]
    cited = [
        country._Paper(n, [("county", "")], "便民服务", 2024, chance)._cite(
            "document", head["title"], head["number"], "directive", "basis", 1
        )
    ]
    made = _paper(n, "county", f"{country.name(n)}县", cited if chained else [])
    taken = chance.sample(above["tasks"], _TAKEN)
    own = _tasks(7_000_000 + n * 3, _TASKS - _TAKEN, chance)
    made["tasks"] = [_named(k, _reworded(task, chance)) for k, task in enumerate(taken + own, 1)]
    return made


def _paper(n: int, level: str, place: str, citations: list[dict[str, Any]]) -> dict[str, Any]:
    one = country._Paper(n, [(level, place)], "便民服务", 2024, random.Random(n))
    whole = country.record(1)
    title, _ = one._head(level, place)
    number = f"{place[:-1]}政办〔2024〕{n}号"
    issuer = title.partition("关于")[0]
    document = whole["document"] | {"number": number, "title": title, "issuer": issuer, "level": level, "region": place}
    source = {"path": f"{level}/{n:07}.txt", "sha256": f"{level}{n}", "titles": [], "announces": []}
    return whole | {"document": document | {"year": 2024}, "citations": citations, "source": source}


def _tasks(first: int, count: int, chance: random.Random) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while len(found) < count:
        one = country._Paper(first + len(found), [("county", "县")], country._SUBJECTS[len(found) % 12], 2024, chance)
        found.append(_named(len(found) + 1, one._task(len(found) % 19 + 1)))
    return found


def _named(k: int, task: dict[str, Any]) -> dict[str, Any]:
    return task | {"id": f"T{k:02}", "part_of": None}


def _reworded(task: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """With one of its clauses left out where it has several, and another verb at the beginning."""
    parts = task["text"].rstrip("。").split("；")
    if len(parts) > 2:
        parts.pop(chance.randrange(len(parts)))
    text = chance.choice(country._VERBS) + "；".join(parts)[2:] + "。"
    return task | {"text": text, "starts": text[:16], "ends": text[-10:]}


def run(papers: int, step: str, folder: str) -> dict[str, Any]:
    """One step in this process: seconds, peak of memory in MB, links."""
    above = papers // _BELOW + 1  # also for the one paper more
    count = papers + (step == "more")
    marks = [f"p{n}" for n in range(count)] + [f"s{n}" for n in range(above)]

    def read(n: int) -> Record:
        return Record.from_json(paper(n, step != "apart") if n < count else superior(n - count))

    begun = time.process_time()
    with derive(read, Lexicon.load(), folder, Path(folder) / f"{step.replace('more', 'links')}.duckdb", marks) as graph:
        (links,) = graph.connection.execute("SELECT count(*) FROM judged").fetchone() or (0,)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": time.process_time() - begun, "peak": peak, "links": links}


def main(sizes: list[int]) -> None:
    print("papers   links  apart s  links s  a link's paper ms  more s  peak MB (apart)")
    for papers in sizes:
        with tempfile.TemporaryDirectory() as folder:
            told = {}
            for step in ("apart", "links", "more"):
                words = [sys.executable, __file__, step, str(papers), folder]
                told[step] = json.loads(subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True).stdout)
            apart, links, more = told["apart"], told["links"], told["more"]
            each = 1000 * (links["seconds"] - apart["seconds"]) / papers
            print(
                f"{papers:6} {links['links']:7} {apart['seconds']:8.1f} {links['seconds']:8.1f} {each:18.1f}"
                f" {more['seconds']:7.1f} {links['peak']:8.0f} ({apart['peak']:.0f})",
                flush=True,
            )


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in ("apart", "links", "more"):
        print(json.dumps(run(int(sys.argv[2]), sys.argv[1], sys.argv[3])))
    else:
        main([int(size) for size in sys.argv[1:]] or [1000, 5000])
