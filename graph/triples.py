"""The graph of a workspace in a quad store (Oxigraph), for SPARQL: made from the records like every store, read-only.

Named graphs are those of the exports. The default graph is their union, each statement once: were it only put together
when it is asked, what several papers say would be counted several times.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..extractors.errors import ZhenglingError
from .quads import Lines, oxigraph
from .rdf import statements
from .terms import BASE, PREFIXES
from .workspace import Workspace

if TYPE_CHECKING:
    import rdflib

_FORM = "1"  # raised when the same graph gives other statements


def triples(workspace: Workspace, base: str = BASE) -> rdflib.Dataset:
    """The graph for SPARQL, from the cache where it is still that of the records."""
    ox = oxigraph()
    try:
        from oxrdflib import OxigraphStore
        from rdflib import Dataset
    except ImportError as error:
        raise ZhenglingError("missing-extra", 1, package="oxrdflib", extra="rdf") from error

    def make(folder: Path) -> None:
        with workspace.store() as store:
            lines = _twice(statements(store, workspace.records, base))
            filled = ox.Store(str(folder / "quads"))
            filled.bulk_load(Lines(lines), ox.RdfFormat.N_QUADS)
            filled.flush()

    def opened() -> Any:
        return ox.Store.read_only(str(workspace.kept("rdf", f"{_FORM} {base}", make) / "quads"))

    try:
        quads = opened()
    except OSError:  # damaged: it is a cache
        shutil.rmtree(workspace.kept("rdf", f"{_FORM} {base}", make))
        quads = opened()
    dataset = Dataset(store=OxigraphStore(store=quads))
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace)
    return dataset


def _twice(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        graph, _, rest = line.partition("\t")
        yield f"{rest} .\n{rest} {graph} .\n"
