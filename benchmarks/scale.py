"""Records → store for more and more records of the invented country (`country.py`), and what one record more costs.

    python benchmarks/scale.py 1000 10000              papers
    python benchmarks/scale.py STEP FOLDER N           one step alone, of the N records that are in a folder

Each step runs in a process of its own. Times are seconds of processor time, so that other work on the machine does not
count; `copy` is the engine's own COPY of the same rows out of Parquet, into tables of the same form, and `ratio` what
the first build takes for each second of it. `first` makes everything out of the records, `one more` follows after one
record was added, `nothing` after none was.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from zhengling.benchmarks import country
from zhengling.graph.deriving.derive import Deriving
from zhengling.graph.stores import embedded
from zhengling.graph.stores.embedded import EmbeddedStore
from zhengling.graph.stores.staging import Staging
from zhengling.graph.workspace.workspace import Workspace


def stock(folder: Path, _: int) -> dict[str, Any]:
    """Look at every record once, as the first build does when it has written them."""
    workspace = Workspace(folder)
    with workspace.locked():
        workspace._records.load().save()
    return {}


def store(folder: Path, _: int) -> dict[str, Any]:
    """Bring the store up to the records."""
    report = Workspace(folder).build([], jobs=1)  # what other processes take would not be counted
    assert not report.failures
    with Workspace(folder).store() as there:
        ((tasks,),) = there.rows("MATCH (t:Task) RETURN count(*) AS n")[1]
    cache = folder / "cache"
    return {"tasks": tasks, **{name: (cache / name).stat().st_size / 1e6 for name in ("graph.lbug", "pieces.duckdb")}}


def apart(folder: Path, papers: int) -> dict[str, Any]:
    """The same without links between tasks, which are most of what a first build takes."""
    Deriving._align = lambda self: self.graph.pieces.drop_links()  # type: ignore[method-assign]
    return store(folder, papers)


def more(folder: Path, papers: int) -> dict[str, Any]:
    """Add one record, and bring the store up to it."""
    country.write([papers], folder / "records")
    return store(folder, papers)


def copy(folder: Path, _: int) -> dict[str, Any]:
    """The engine's own COPY of the rows of the store."""
    with EmbeddedStore(folder / "cache/graph.lbug") as there:
        files = embedded._staged(Staging(there), _made(folder / "parquet"))
    start = time.process_time()
    embedded._fill(folder / "copy.lbug", files, 1 << 30)
    return {"seconds": time.process_time() - start}


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


STEPS = {step.__name__: step for step in (stock, store, apart, more, copy)}


def run(step: str, folder: Path, papers: int) -> dict[str, Any]:
    words = [sys.executable, __file__, step, str(folder), str(papers)]
    return json.loads(subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True).stdout)


@contextmanager
def generated(papers: int) -> Iterator[Path]:
    """A folder with the records of so many papers, for as long as it is looked at."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        country.write(range(papers), folder / "records")
        yield folder
    finally:
        shutil.rmtree(folder)


def grown(folder: Path, papers: int) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The first store of the records, one paper more, nothing new, and COPY alone, each in a process of its own."""
    return (
        run("store", folder, papers),
        run("more", folder, papers),
        run("store", folder, papers),
        run("copy", folder, papers),
    )


def main(sizes: list[int]) -> None:
    print("papers   tasks  stock s  first s  one more s  nothing s  copy s  ratio  peak MB  store MB  pieces MB")
    for papers in sizes:
        with generated(papers) as folder:
            seen = run("stock", folder, papers)
            first, one, none, own = grown(folder, papers)
        times = (seen["seconds"], first["seconds"], one["seconds"], none["seconds"], own["seconds"])
        print(
            "{:6} {:7} {:8.1f} {:8.1f} {:11.1f} {:10.1f} {:7.1f}".format(papers, first["tasks"], *times),
            f"{first['seconds'] / own['seconds']:6.1f} {first['peak']:8.0f} {first['graph.lbug']:9.0f} "
            f"{first['pieces.duckdb']:10.0f}",
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in STEPS:
        begun = time.process_time()
        told = STEPS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": time.process_time() - begun, "peak": peak} | told))
    else:
        main([int(size) for size in sys.argv[1:]] or [1000, 10000])
