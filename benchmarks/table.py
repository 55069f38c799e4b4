"""The figures that are watched, in one table: what is measured, its figure, what is wanted of it.

    python benchmarks/table.py 1000                    papers of the invented country; `make bench PAPERS=1000`

Ratios are of processor time in one run, each side in turn on the same machine, so that other work counts little; only
`--jobs 2` is of the clock, and says nothing where other work goes on.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from zhengling.benchmarks import jobs, questions, scale

_TEXTS = 60  # papers that are read
_FILES = 200  # papers that are built out of files
_RATIO = """
import sys, spacy
from zhengling.benchmarks import read
tokenise, texts = spacy.blank("zh"), read.drawn("read", int(sys.argv[1]))
for text in read.drawn("warm-up", read.WARM_UP):
    tokenise(text), read.read(text)
pairs = [[min(read.cost(work, text) for _ in range(read.ROUNDS)) for work in (tokenise, read.read)] for text in texts]
theirs, ours = map(sum, zip(*pairs))
print(ours / theirs)
"""
_TOKENISE = """
import sys, spacy
from zhengling.benchmarks.build import paper
tokenise = spacy.blank("zh")
for n in range(int(sys.argv[1])):
    tokenise(paper(n))
"""

Row = tuple[str, str, str]


def reading() -> Iterator[Row]:
    """Text → record beside tokenising."""
    done = subprocess.run([sys.executable, "-c", _RATIO, str(_TEXTS)], stdout=subprocess.PIPE, check=True, text=True)
    yield "text → record, times tokenising", f"{float(done.stdout):.1f}", "≤ 2"


def building() -> Iterator[Row]:
    """Files → answers beside tokenising; the same with two processes; a start."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        papers = [[folder / f"{n:06}.txt"] for n in range(_FILES)]
        for n, (path,) in enumerate(papers):
            path.write_text(jobs.paper(n), "utf-8")

        around = jobs.installed(folder)

        def run(code: str, *words: str) -> float:
            call = [sys.executable, "-c", code, *words]
            return jobs.measured(lambda: subprocess.run(call, check=True, capture_output=True, env=around))[1]

        run(jobs._BUILD, str(papers[0][0]), "--workspace", str(folder / "first")), run(_TOKENISE, "1")
        words = (str(folder), "--jobs", "1", "--workspace", str(folder / "w"))
        none, theirs, ours = run("import spacy"), run(_TOKENISE, str(_FILES)), run(jobs._BUILD, *words)
        yield f"first build of {_FILES} files, times tokenising", f"{ours / (theirs - none):.1f}", "≤ 6"
        yield f"the same {_FILES} files again, CPU s", f"{run(jobs._BUILD, *words):.2f}", ""
        one, two = (jobs.measured(lambda n=n: jobs.records(papers, n))[0] for n in (1, 2))
        yield "--jobs 2, times as fast", f"{one / two:.2f}", "≥ 1.6"
        start = min(run(jobs._BUILD, str(papers[0][0]), "--workspace", str(folder / f"w{n}")) for n in range(3))
        yield "start, CPU s beside import spacy", f"{start - none:.2f}", "≤ 0.5"


def storing(papers: int) -> Iterator[Row]:
    """Records → store beside COPY, one record more, questions beside DuckDB."""
    with scale.generated(papers) as folder:
        first, more, none, copy = scale.grown(folder, papers)
        yield (
            f"records → store, {first['tasks']:,} tasks, times COPY",
            f"{first['seconds'] / copy['seconds']:.1f}",
            "≤ 3",
        )
        yield f"one paper more beside {papers:,}, CPU s", f"{more['seconds']:.1f}", "≤ 5 at 100,000"
        yield "nothing new, CPU s", f"{none['seconds']:.2f}", ""
        yield "store, bytes a task", f"{first['graph.lbug'] * 1e6 / first['tasks']:,.0f}", "≤ 400"
        yield "peak of memory of the first build, MB", f"{first['peak']:,.0f}", "level"
        for one in questions.measured(folder):
            if one.theirs is not None:
                figure = f"{one.ours / one.theirs:.1f}" if one.equal else "other rows"
                yield f"question {one.name}, times DuckDB", figure, "≤ 2 at 100,000 tasks"
            elif one.name == "trace":
                yield "question trace, CPU ms", f"{one.ours:.0f}", "≤ 10"


def main(papers: int) -> None:
    parts: list[Callable[[], Iterator[Row]]] = [reading, building, lambda: storing(papers)]
    print(f"{'figure':<52} {'now':>10}  wanted")
    for part in parts:
        for what, figure, wanted in part():
            print(f"{what:<52} {figure:>10}  {wanted}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
