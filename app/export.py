"""The graph as files of other tools: which format is written by what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ..extractors.errors import ZhenglingError
from ..extractors.model import Record
from ..graph.schema import Source
from ..graph.terms import BASE
from . import tables
from .messages import Catalogue


class Settings(NamedTuple):
    """What a format may need to know: the start of all IRIs, the language of headings, and the records behind the
    graph, each time anew."""

    say: Catalogue
    base: str = BASE
    records: Callable[[], Iterable[Record]] | None = None


class Written(NamedTuple):
    """What was written: `count` of `what` (statements, nodes, rows; the catalogue has `export-<what>`), and how many
    cells were `cut` to the length that a workbook can hold."""

    what: str
    count: int
    cut: int = 0


def _rdf(form: str, source: Source, out: Path, settings: Settings) -> Written:
    from ..graph import quads
    from ..graph.rdf import statements

    base = settings.base
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s<>\"{}|\\^`?#\x00-\x20]+/", base):
        raise ZhenglingError("bad-base", 2, base=base)
    lines = statements(source, settings.records, base)
    with tables.writing(out) as file:
        if form == "nquads":
            return Written("statements", quads.write_nquads(lines, file))
        write = {"trig": quads.write_trig, "turtle": quads.write_turtle, "jsonld": quads.write_jsonld}[form]
        return Written("statements", write(lines, file, base))


def _network(form: str, source: Source, out: Path, settings: Settings) -> Written:
    from . import gephi

    nodes, _ = gephi.write(form, source, out)
    return Written("nodes", nodes)


def _ledger(form: str, source: Source, out: Path, settings: Settings) -> Written:
    from . import ledger

    if form == "xlsx":
        return Written("rows", *ledger.write_xlsx(source, out, settings.say))
    if form == "csv":
        return Written("rows", ledger.write_csv(source, out, settings.say))
    return Written("rows", ledger.write_parquet(source, out))


def _import(source: Source, out: Path, settings: Settings) -> Written:
    from ..graph.bulk import write_import

    return Written("files", len(write_import(source, out)))


# Format → what writes the graph to a file (or a folder) that is not there before it is whole.
Writer = Callable[[Source, Path, Settings], Written]
FORMATS: dict[str, Writer] = {form: partial(_rdf, form) for form in ("turtle", "trig", "nquads", "jsonld")}
FORMATS |= {form: partial(_network, form) for form in ("graphml", "gexf")}
FORMATS |= {form: partial(_ledger, form) for form in ("csv", "xlsx", "parquet")}
FORMATS["neo4j-import"] = _import


def export(source: Source, form: str, out: Path, settings: Settings) -> Written:
    """Write the graph of `source` in a format of `FORMATS` to `out`.

    Raises `ZhenglingError`, or `OSError` naming `out`.
    """
    return FORMATS[form](source, out, settings)
