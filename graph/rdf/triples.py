"""The graph of a workspace in a quad store (Oxigraph), for SPARQL: made from the records like every store, read-only.

Named graphs are those of the exports. The default graph is their union, each statement once: were it only put together
when it is asked, what several papers say would be counted several times. Most questions ask the union alone, and a
store of it alone is made in half the time; one with both is made when a question first names graphs. A question that
says that it reads rows alone is answered from a store of what it names, which is a fiftieth of the union.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Set
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

from ..workspace.workspace import Workspace
from .quads import oxigraph
from .rows import row_statements
from .statements import statements
from .terms import BASE, checked_base

_FORM = "2"  # raised when the same graph gives other statements
_QUADS, _WANTED = "quads", "wanted.txt"
_LINES = 50_000  # loaded at a time: the engine holds and sorts what it is given at once


def triples(workspace: Workspace, base: str = BASE, named: bool = True) -> Path:
    """The folder of the quad store, from the cache where it is still that of the records. `base` begins all IRIs; with
    `named` the store has the named graphs, too."""
    checked_base(base)
    name, told = ("rdf-named", _twice) if named else ("rdf", _once)

    def make(folder: Path) -> None:
        with workspace.store() as store:
            _fill(folder / _QUADS, told(statements(store, workspace.records, base)))

    return _sound(workspace, name, f"{_FORM} {base}", make)


def rows_alone(workspace: Workspace, wanted: Set[str], base: str = BASE) -> Path:
    """The folder of a store that has of nodes and relationships what is `wanted` (`rows.py`) and, from what was asked
    before, perhaps more; of the whole union where that is there."""
    checked_base(base)
    whole = workspace.kept_already("rdf", f"{_FORM} {base}")
    if whole is not None:
        return whole / _QUADS
    held = workspace.kept_already("rdf-rows", f"{_FORM} {base}")
    known = frozenset[str]()
    if held is not None:
        known = frozenset((held / _WANTED).read_text("utf-8").split("\n"))
        if wanted <= known:
            return held / _QUADS

    def make(folder: Path) -> None:
        (folder / _WANTED).write_text("\n".join(sorted(wanted | known)), "utf-8")
        with workspace.store() as store:
            _fill(folder / _QUADS, row_statements(store, wanted | known, base))

    return _sound(workspace, "rdf-rows", f"{_FORM} {base}", make, again=True)


def _sound(workspace: Workspace, name: str, mark: str, make: Any, again: bool = False) -> Path:
    """The store in a folder of the cache; made anew, too, where it can not be opened, or with `again`."""
    folder = workspace.kept(name, mark, make, again)
    try:
        oxigraph().Store.read_only(str(folder / _QUADS))
    except OSError:  # damaged: it is a cache
        shutil.rmtree(folder)
        folder = workspace.kept(name, mark, make)
    return folder / _QUADS


def _fill(folder: Path, lines: Iterator[str]) -> None:
    ox = oxigraph()
    filled = ox.Store(str(folder))
    # The engine lets other threads run: while it sorts some lines, the next are told.
    with ThreadPoolExecutor(1) as aside:
        loading = None
        while some := "".join(islice(lines, _LINES)).encode():
            if loading is not None:
                loading.result()
            loading = aside.submit(filled.bulk_load, some, ox.RdfFormat.N_QUADS)
        if loading is not None:
            loading.result()
    filled.optimize()
    filled.flush()


def _once(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        _, _, rest = line.partition("\t")
        yield f"{rest} .\n"


def _twice(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        graph, _, rest = line.partition("\t")
        yield f"{rest} .\n{rest} {graph} .\n"
