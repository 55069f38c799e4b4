"""The graph as files of other tools: which format is written by what."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...extractors.model import Record
from ...graph.rdf.terms import BASE, checked_base
from ...graph.schema import Source
from ..messages import Catalogue
from ..writing import write, writing

if TYPE_CHECKING:
    from ...graph.rdf.statements import Beside
    from ...queries.runner import Question


class ExportSettings(NamedTuple):
    """What a format may need to know: the start of all IRIs, the language of headings, the records behind the graph,
    each time anew, what people said of them, whether each unit has a sheet of its own, the saved questions, and the day
    whose lights are told (the one of the export, if None)."""

    say: Catalogue
    base: str = BASE
    records: Callable[[], Iterable[Record]] | None = None
    beside: Callable[[], Beside] | None = None
    by_unit: bool = False
    questions: Callable[[], Iterable[Question]] | None = None
    today: date | None = None


class Written(NamedTuple):
    """What was written: `count` of `what` (statements, nodes, rows; the catalogue has `export-<what>`), and how many
    cells were `cut` to the length that a workbook can hold."""

    what: str
    count: int
    cut: int = 0


def _rdf(form: str, source: Source, out: Path, settings: ExportSettings) -> Written:
    from ...graph.rdf import quads
    from ...graph.rdf.statements import statements

    base = checked_base(settings.base)
    lines = statements(source, settings.records, base, settings.beside)
    with writing(out) as file:
        if form == "nquads":
            return Written("statements", quads.write_nquads(lines, file))
        write = {"trig": quads.write_trig, "turtle": quads.write_turtle, "jsonld": quads.write_jsonld}[form]
        return Written("statements", write(lines, file, base))


def _network(form: str, source: Source, out: Path, settings: ExportSettings) -> Written:
    from . import gephi

    nodes, _ = gephi.write(form, source, out)
    return Written("nodes", nodes)


def _ledger(form: str, source: Source, out: Path, settings: ExportSettings) -> Written:
    from . import ledger

    if form == "xlsx":
        return Written("rows", *ledger.write_xlsx(source, out, settings.say, settings.by_unit, settings.today))
    if form == "csv":
        return Written("rows", ledger.write_csv(source, out, settings.say, settings.today))
    return Written("rows", ledger.write_parquet(source, out, settings.today))


def _for_office(form: str, source: Source, out: Path, settings: ExportSettings) -> Written:
    from . import calendar, papers

    if form == "ics":
        return Written("events", calendar.write_ics(source, out, settings.say))
    return Written("sheets", papers.write_sheets(source, out, settings.say, settings.today))


def _import(source: Source, out: Path, settings: ExportSettings) -> Written:
    from ...graph.stores.bulk import write_import

    return Written("files", len(write_import(source, out)))


def _neodash(source: Source, out: Path, settings: ExportSettings) -> Written:
    from . import neodash

    known = list(settings.questions() if settings.questions else ())
    write(out, neodash.written(known, settings.say).encode("utf-8"))
    return Written("questions", len(known))


# Format → what writes the graph to a file (or a folder) that is not there before it is whole.
Writer = Callable[[Source, Path, ExportSettings], Written]
FORMATS: dict[str, Writer] = {form: partial(_rdf, form) for form in ("turtle", "trig", "nquads", "jsonld")}
FORMATS |= {form: partial(_network, form) for form in ("graphml", "gexf")}
FORMATS |= {form: partial(_ledger, form) for form in ("csv", "xlsx", "parquet")}
FORMATS |= {form: partial(_for_office, form) for form in ("docx", "ics")}
FORMATS |= {"neo4j-import": _import, "neodash": _neodash}


#: What a file's name ends in → the format that it says; folders and JSON of NeoDash say none.
SUFFIXES = {".xlsx": "xlsx", ".parquet": "parquet", ".gexf": "gexf", ".graphml": "graphml", ".ics": "ics"}
SUFFIXES |= {".ttl": "turtle", ".trig": "trig", ".nq": "nquads", ".jsonld": "jsonld"}


def export(source: Source, form: str, out: Path, settings: ExportSettings) -> Written:
    """Write the graph of `source` in a format of `FORMATS` to `out`.

    Raises `ZhenglingError`, or `OSError` naming `out`.
    """
    return FORMATS[form](source, out, settings)
