"""Two workers of a cluster on this machine against one: reading papers, deriving their graph.

    python benchmarks/cluster.py 400 2000       papers that are read, records that are derived

Papers are the samples, again and again with a line of their own; records those of `country.py`. Times are wall clock
and the processor time of all processes that the run started, Ray's own too; what a task itself takes, without waiting
for others, is what the engine says of its tasks.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from zhengling.benchmarks.country import record
from zhengling.extractors.limits import Settings
from zhengling.graph.scale.cluster import cluster
from zhengling.graph.scale.deriving import derive
from zhengling.graph.scale.reading import RECORDS, extract
from zhengling.graph.scale.storage import Storage

SAMPLES = Path(__file__).parent.parent / "samples"
_TICK = os.sysconf("SC_CLK_TCK")


def papers(count: int, folder: Path) -> int:
    """Write so many papers; how many characters all have."""
    texts = [path.read_text("utf-8") for path in sorted(SAMPLES.rglob("*.txt"))]
    size = 0
    for n in range(count):
        path = folder / f"{n % 50:02}" / f"{n:07}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        size += path.write_text(f"{texts[n % len(texts)]}\n第{n}份\n", "utf-8")
    return size


def records(count: int, folder: Path, files: int = 8) -> None:
    """Write so many records as `extract` does."""
    import pyarrow

    out = Storage(str(folder))
    for file in range(files):
        rows = []
        for n in range(file, count, files):
            text = json.dumps(record(n), ensure_ascii=False)
            source = record(n)["source"]["path"]
            rows.append({"source": source, "digest": hashlib.sha256(text.encode()).hexdigest(), "record": text})
        out.write_table(f"{RECORDS}/{file:06}.parquet", pyarrow.Table.from_pylist(rows))
    out.end("records", count=count)


class Processor(threading.Thread):
    """Adds up the processor time of all processes below this one: they are looked at again and again, as Ray lets them
    end without a word."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: dict[int, float] = {}
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.3):
            self.look()

    def look(self) -> float:
        found: dict[int, tuple[int, float]] = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            found[int(path.parent.name)] = int(fields[1]), sum(map(int, fields[11:13])) / _TICK
        own = {os.getpid()}
        while more := {pid for pid, (parent, _) in found.items() if parent in own} - own:
            own |= more
        self.seen |= {pid: found[pid][1] for pid in own if pid in found}
        return sum(self.seen.values())


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def measured(what: str, count: int, workers: int, work: Callable[[], object]) -> None:
    processor = Processor()
    before, at = processor.look(), time.perf_counter()
    processor.start()
    work()
    wall, cpu = time.perf_counter() - at, processor.look() - before
    processor.ended.set()
    print(f"{what:8} {workers} workers {count:7} papers {wall:8.1f} s {cpu:8.1f} s of processor time", flush=True)


def engine_times(started: float) -> None:
    """What the engine says: seconds that its tasks took, by what they did."""
    import ray

    spans: dict[str, list[float]] = {}
    for event in ray.timeline():
        if event.get("cat", "").startswith("task::") and event.get("ts", 0) / 1e6 >= started:
            name = re.sub(r"task::", "", event["cat"])
            spans.setdefault(name, []).append(event.get("dur", 0) / 1e6)
    for name, some in sorted(spans.items(), key=lambda one: -sum(one[1]))[:8]:
        print(f"           {len(some):5} × {name:50.50} {sum(some):8.1f} s", flush=True)


def main() -> None:
    # The engine keeps what its tasks took, where it is asked to before it begins.
    os.environ |= {"RAY_PROFILING": "1", "RAY_task_events_report_interval_ms": "0"}
    read, derived = (int(word) for word in [*sys.argv[1:], "400", "2000"][:2])
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        characters = papers(read, top / "papers") / read
        print(f"papers   {characters:.0f} characters each, {size(top / 'papers') / read:.0f} bytes")
        records(derived, top / "country")
        for workers in (1, 2):
            with cluster(jobs=workers, store=300_000_000):
                started = time.time()
                out = str(top / f"records-{workers}")
                measured("extract", read, workers, lambda out=out: extract(str(top / "papers"), out, Settings()))
                out = str(top / f"graph-{workers}")
                measured("derive", derived, workers, lambda out=out: derive(str(top / "country"), out))
                engine_times(started)
        for what, count in (("records-2", read), ("country", derived), ("graph-2", derived)):
            parts = {path.name: size(path) / count for path in sorted((top / what).iterdir()) if path.is_dir()}
            print(what, ", ".join(f"{part} {each:.0f} bytes a paper" for part, each in parts.items()))


if __name__ == "__main__":
    main()
