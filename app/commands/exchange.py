"""The graph to and from other programs: load, import, export."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ...extractors.errors import ZhenglingError
from ..api import Graph
from ..files_out.export import BASE, FORMATS, SUFFIXES
from ..messages import Catalogue
from ..tables import tables
from ..tell import progress, tell
from .making import Making
from .store import connection_of

_WRITTEN = ("total", "new", "changed", "gone")


def commands(make: Making) -> list[click.Command]:
    file = click.Argument(["file"], metavar="FILE.nq|FILE.xlsx|FILE.csv")
    yes = make.option("--yes", text="help-import-yes", is_flag=True)
    by = make.option("--by", text="help-correct-by", metavar="NAME", default="")
    by_unit = make.option("--by-unit", "by_unit", text="help-export-by-unit", is_flag=True)
    today = make.option("--today", text="help-export-today", metavar="DAY", default="")
    again = make.option("--again", text="help-import-again", is_flag=True)
    form = make.choice("format", tuple(FORMATS), text="help-export-format")
    out = make.option("--out", text="help-export-out", metavar="FILE", required=True)
    base = make.option("--base", metavar="IRI", default=BASE)
    dry_run = make.option("--dry-run", "dry_run", is_flag=True)
    return [
        make.command(load, "load", *make.server(), dry_run, make.workspace()),
        make.command(import_, "import", file, again, yes, by, make.workspace()),
        make.command(export, "export", form, out, base, by_unit, today, make.workspace()),
    ]


def load(say: Catalogue, dry_run: bool, workspace: str, **server: str | None) -> int:
    there = connection_of(say, workspace, server)
    with progress(say) as move:
        counts = Graph(workspace).load(connection=there, dry_run=dry_run, progress=move)
    tables.show(["part", *_WRITTEN], [[c.shown, *(getattr(c, n) for n in _WRITTEN)] for c in counts], say)
    sys.stdout.flush()
    left = sum(c.stripped for c in counts)
    if left:
        tell(say("stripped", count=left))
    nodes, edges = (sum(c.total for c in counts if bool(c.start) is edge) for edge in (False, True))
    differing = sum(c.new + c.changed + c.gone for c in counts)
    said = "load-dry-run" if dry_run else "loaded"
    tell(say(said, uri=there.uri, database=there.database, nodes=nodes, edges=edges, count=differing))
    return 0


def import_(say: Catalogue, file: str, again: bool, yes: bool, by: str, workspace: str) -> int:
    if Path(file).suffix.lower() in (".xlsx", ".csv"):
        return _ledger(say, file, yes, by, workspace)
    report = Graph(workspace).import_(file, again=again)
    for source in report.held:
        tell(say("import-held", path=source))
    for source in report.removed:
        tell(say("kept-out", path=source))
    tell(say("imported", workspace=workspace, count=report.documents, read=len(report.read)))
    return 0


def _ledger(say: Catalogue, file: str, yes: bool, by: str, workspace: str) -> int:
    """What an office has written into a ledger: shown, and kept where it is agreed to."""
    graph = Graph(workspace)
    found = graph.read_ledger(file)
    rows = [
        [d.line, d.title, say(f"ledger-{d.column}"), d.was, d.now, say("yes") if d.conflict else ""]
        for d in found.differences
    ]
    if rows:
        tables.show(["line", "task", "field", "was", "to", "conflict"], rows, say)
    sys.stdout.flush()
    for line, reason, words in found.told:
        tell(say(f"ledger-row-{reason}", line=line, words=words))
    for line, column, words in found.refused:
        tell(say("ledger-refused", line=line, column=say(f"ledger-{column}"), words=words))
    conflicts = sum(d.conflict for d in found.differences)
    tell(say("ledger-read", rows=found.rows, count=len(rows), conflicts=conflicts, told=len(found.told)))
    if not rows:
        return 0
    if not yes:
        if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
            tell(say("ledger-ask-yes"))
            return 0
        if not click.confirm(say("ledger-ask"), err=True):
            return 0
    said, told = graph.take_ledger(found, by=by)
    tell(say("ledger-taken", corrections=len(said), progress=len(told)))
    return 0


def export(say: Catalogue, form: str | None, out: str, base: str, by_unit: bool, today: str, workspace: str) -> int:
    form = form or SUFFIXES.get(Path(out).suffix.lower(), "")
    if not form:
        raise ZhenglingError("export-suffix", 2, out=out, formats=list(FORMATS))
    if by_unit and form != "xlsx":
        raise ZhenglingError("by-unit-xlsx", 2)
    written = Graph(workspace).export(form, out, base=base, language=say.language, by_unit=by_unit, today=today)
    tell(say(f"export-{written.what}", out=out, count=written.count))
    if written.cut:
        tell(say("cells-cut", count=written.cut, out=out))
    return 0
