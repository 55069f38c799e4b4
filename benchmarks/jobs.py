"""What several processes bring, and what a start costs: seconds and seconds of CPU, in one run.

    python benchmarks/jobs.py 1000                     papers

Invented papers (`build.py`) become records by `--jobs 1`, `2`, … up to the processors of this machine, in turns; the
fastest turn counts. Then a build of one small paper, each time in a process of its own, beside `import spacy` alone,
both with their bytecode as an installed program has it.
On a machine that does something else, too, the seconds of CPU say more than those of the clock.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from zhengling.benchmarks.build import paper
from zhengling.extractors.limits import cores
from zhengling.extractors.papers import Reader

_TURNS = 3
#: As its script does: what is given to `main` would be a program's that may want pandas.
_BUILD = "import sys; from zhengling.app.cli import main; sys.argv.insert(1, 'build'); sys.exit(main())"


def measured(do: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and seconds of CPU of this process and of those that it ended."""

    def spent() -> float:
        uses = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(use.ru_utime + use.ru_stime for use in uses)

    start, before = time.perf_counter(), spent()
    do()
    return time.perf_counter() - start, spent() - before


def records(papers: list[list[Path]], jobs: int) -> None:
    with Reader(jobs=jobs) as reader:
        for found in reader.records(papers):
            if isinstance(found, Exception):
                raise found


def side_by_side(folder: Path, count: int) -> None:
    papers = [[folder / f"{n:06}.txt"] for n in range(count)]
    for n, (path,) in enumerate(papers):
        path.write_text(paper(n), "utf-8")
    tried = [jobs for jobs in (1, 2, 4, 8, 16, 32, 64) if jobs <= cores()]
    best = {jobs: (float("inf"), float("inf")) for jobs in tried}
    for _ in range(_TURNS):
        for jobs in tried:
            best[jobs] = min(best[jobs], measured(lambda jobs=jobs: records(papers, jobs)))
    print("jobs  papers  seconds  CPU s  papers/s  times as fast")
    for jobs, (seconds, cpu) in best.items():
        ratio = best[1][0] / seconds
        print(f"{jobs:4} {count:7} {seconds:8.2f} {cpu:6.2f} {count / seconds:9.1f} {ratio:14.2f}", flush=True)


def installed(folder: Path) -> dict[str, str]:
    """The environment of a program that was installed and run before: its bytecode, and what its first start kept, lie
    in this folder once it ran."""
    around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return around | {"PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "XDG_CACHE_HOME": str(folder / "cache")}


def start(folder: Path) -> None:
    one = folder / "one.txt"
    one.write_text(paper(0), "utf-8")
    around = installed(folder)

    def run(*words: str) -> tuple[float, float]:
        do = lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True, env=around)  # noqa: E731
        return measured(do)

    turns = range(2 * _TURNS)
    library = min(run("-c", "import spacy") for _ in turns)
    whole = min(run("-c", _BUILD, str(one), "--workspace", str(folder / f"w{n}")) for n in turns)
    print("start                       seconds  CPU s")
    print(f"import spacy               {library[0]:8.2f} {library[1]:6.2f}")
    print(f"zhengling build, one paper {whole[0]:8.2f} {whole[1]:6.2f}")
    print(f"beside import spacy        {whole[0] - library[0]:8.2f} {whole[1] - library[1]:6.2f}")


def main(count: int) -> None:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(f"{cores()} processors, {load:.1f} processes at work before")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        side_by_side(Path(folder), count)
        start(Path(folder))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
