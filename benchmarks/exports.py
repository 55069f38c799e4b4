"""How long each export of a large graph takes, what memory it needs and how large it is.

    python benchmarks/exports.py 100000                 tasks; every format, and check and analyse
    python benchmarks/exports.py 100000 gexf xlsx       some of them

The workspace is built of invented papers first (12 tasks each). Each export runs in a process of its own. Prints
seconds, the peak of resident memory in MB, and the size of what was written in MB.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from zhengling.benchmarks.build import paper

_PEAK = "print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))"
EXPORT = f"""
import json, resource, sys
import zhengling
zhengling.open(sys.argv[1]).export(sys.argv[2], sys.argv[3])
{_PEAK}
"""
OTHERS = {
    "store": f"""
import json, resource, sys
from zhengling.graph.schema import NODES, RELATIONSHIPS
from zhengling.graph.workspace.workspace import Workspace
with Workspace(sys.argv[1]).store() as store:
    for label in NODES:
        for row in store.nodes(label): pass
    for name, relationship in RELATIONSHIPS.items():
        for pair in relationship.pairs:
            for row in store.relationships(name, *pair): pass
{_PEAK}
""",
    "check": f"import json, resource, sys, zhengling\nzhengling.open(sys.argv[1]).check()\n{_PEAK}",
    "analyse": f"""
import json, resource, sys, zhengling
from zhengling.graph.analyse import FIGURES
zhengling.open(sys.argv[1]).figures(list(FIGURES))
{_PEAK}
""",
}


BUILD = """
import sys, zhengling
report = zhengling.open(sys.argv[1]).build([sys.argv[2]])
print(len(report.papers), sum(p.counts.get("tasks", 0) for p in report.papers))
"""


def main(tasks: int, wanted: list[str]) -> None:
    from zhengling.app.files_out.export import FORMATS

    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        (folder / "papers").mkdir()
        for n in range(-(-tasks // 12)):
            (folder / "papers" / f"{n:06}.txt").write_text(paper(n), "utf-8")
        start = time.perf_counter()
        # In a process of its own: its memory would count as that of every process started after it.
        made = [sys.executable, "-c", BUILD, str(folder / "w"), str(folder / "papers")]
        papers, found = subprocess.run(made, stdout=subprocess.PIPE, check=True, text=True).stdout.split()
        print(f"{papers} papers, {found} tasks, built in {time.perf_counter() - start:.0f} s", flush=True)
        print("export      seconds  peak MB  size MB")
        for name in wanted or [*OTHERS, *FORMATS]:
            out = folder / f"out-{name}"
            start = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", OTHERS.get(name, EXPORT), str(folder / "w"), name, str(out)],
                stdout=subprocess.PIPE, check=False, text=True,
            )  # fmt: skip
            seconds = time.perf_counter() - start
            if done.returncode:
                print(f"{name:10}  failed")
                continue
            files = [f for f in (out, *out.rglob("*")) if f.is_file()] if out.exists() else []
            size = sum(f.stat().st_size for f in files) / 1e6
            print(f"{name:10} {seconds:8.1f} {json.loads(done.stdout.splitlines()[-1]):8.0f} {size:8.1f}", flush=True)
            shutil.rmtree(out) if out.is_dir() else out.unlink(missing_ok=True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, sys.argv[2:])
