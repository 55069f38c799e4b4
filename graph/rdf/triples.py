"""The graph of a workspace in a quad store (Oxigraph), for SPARQL: made from the records like every store, read-only.

Named graphs are those of the exports. The default graph is their union, each statement once: were it only put together
when it is asked, what several papers say would be counted several times. Most questions ask the union alone, and a
store of it alone is made in half the time; one with both is made when a question first names graphs.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ..workspace.workspace import Workspace
from .quads import Lines, oxigraph
from .statements import statements
from .terms import BASE, checked_base

_FORM = "2"  # raised when the same graph gives other statements
_LINES = 50_000  # loaded at a time: the engine holds and sorts what it is given at once


def triples(workspace: Workspace, base: str = BASE, named: bool = True) -> Path:
    """The folder of the quad store, from the cache where it is still that of the records. `base` begins all IRIs; with
    `named` the store has the named graphs, too."""
    checked_base(base)
    ox = oxigraph()
    name, told = ("rdf-named", _twice) if named else ("rdf", _once)

    def make(folder: Path) -> None:
        with workspace.store() as store:
            lines = told(statements(store, workspace.records, base))
            filled = ox.Store(str(folder / "quads"))
            while some := list(islice(lines, _LINES)):
                filled.bulk_load(Lines(some), ox.RdfFormat.N_QUADS)
            filled.optimize()
            filled.flush()

    def there() -> Path:
        return workspace.kept(name, f"{_FORM} {base}", make) / "quads"

    try:
        ox.Store.read_only(str(there()))
    except OSError:  # damaged: it is a cache
        shutil.rmtree(there().parent)
    return there()


def _once(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        _, _, rest = line.partition("\t")
        yield f"{rest} .\n"


def _twice(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        graph, _, rest = line.partition("\t")
        yield f"{rest} .\n{rest} {graph} .\n"
