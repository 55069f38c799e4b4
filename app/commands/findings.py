"""What is wrong, and what it amounts to: check, analyse; and how right records are: score."""

from __future__ import annotations

from pathlib import Path

import click

from ...extractors.errors import ZhenglingError
from ..answers import able, give, put, several
from ..api import Graph
from ..messages import Catalogue
from ..tables import tables
from ..tell import tell
from .making import FORMATS, Making


def commands(make: Making) -> list[click.Command]:
    every = make.option("--all", "every", text="help-check-all", is_flag=True)
    shapes = make.option("--shacl", text="help-check-shacl", is_flag=True)
    form = make.choice("format", FORMATS, text="help-check-format")
    grave = make.choice("fail-on", ("error", "warning"), text="help-check-fail-on")
    figure = click.Argument(["figure"], metavar="[FIGURE]", required=False)
    region = make.option("--region", metavar="NAME", default="")
    year = make.option("--year", metavar="N", type=click.IntRange(0), default=0)
    gold = click.Argument(["gold"], metavar="GOLD")
    records = click.Argument(["records"], metavar="RECORDS")
    errors = make.option("--errors", text="help-score-errors", is_flag=True)
    against = make.option("--against", text="help-score-against", metavar="OLD_RECORDS")
    limit = make.option("--limit", metavar="N", type=click.IntRange(0), default=20)
    return [
        make.command(check, "check", every, shapes, form, make.out(), grave, make.workspace()),
        make.command(score, "score", gold, records, errors, against, make.form(), make.out()),
        make.command(analyse, "analyse", figure, region, year, limit, make.form(), make.out(), make.workspace()),
    ]


def check(
    say: Catalogue, every: bool, shacl: bool, form: str | None, out: str | None, fail_on: str | None, workspace: str
) -> int:
    from ..files_out import check_report

    form = able(form, out)
    if shacl:
        if form == "html":
            raise ZhenglingError("shacl-no-page", 2)
        found = Graph(workspace).shacl(say.language)
        wrong = [[*one[:4], one.message or say(f"shape-{one.constraint}")] for one in found]
        status = give(say, ["thing", "property", "value", "constraint", "message"], wrong, form, out, "shacl")
        return int(bool(wrong) and fail_on is not None) or status
    found = Graph(workspace).check()
    if form == "xlsx":
        if cut := check_report.book(found, Path(str(out)), say):
            tell(say("cells-cut", count=cut, out=out))
    else:
        text = check_report.text(found, say, form, every)
        put(text, form, out)
    tell(say("check-counts", **{s: sum(one.severity == s for one in found) for s in ("error", "warning", "info")}))
    grave = {None: (), "error": ("error",), "warning": ("error", "warning")}[fail_on]
    return int(any(one.severity in grave for one in found))


def analyse(
    say: Catalogue,
    figure: str | None,
    region: str,
    year: int,
    limit: int,
    form: str | None,
    out: str | None,
    workspace: str,
) -> int:
    from ...graph.analyse import FIGURES

    form = able(form, out)
    if figure is None and form == "csv":
        raise ZhenglingError("csv-needs-figure", 2, figures=list(FIGURES))
    found = Graph(workspace).figures([figure] if figure else list(FIGURES), region=region, year=year)
    best = {name: (table.columns, table.rows[: limit or None]) for name, table in found.items()}
    if form == "table":
        best = {name: tables.brief(*answer) for name, answer in best.items()}
    return several(say, best, form, out) if figure is None else give(say, *best[figure], form, out, figure)


def score(
    say: Catalogue, gold: str, records: str, errors: bool, against: str | None, form: str | None, out: str | None
) -> int:
    from ..measure import folders

    form = able(form, out)
    found = folders.Scores(Path(gold), Path(records))
    for paper in found.unread:
        tell(say("score-unread", paper=paper))
    if against is not None:
        old = folders.Scores(Path(gold), Path(against))
        return give(say, folders.CHANGES, found.changes(old), form, out, "changes")
    if errors:
        return give(say, folders.ITEMS, found.items(), form, out, "errors")
    if form == "csv":
        return give(say, folders.LONG, found.long(), form, out, "score")
    answers = {"kinds": (folders.FIGURES, found.figures()), "papers": (folders.PAPERS, found.papers())}
    if form == "table":
        answers = {name: tables.brief(*answer) for name, answer in answers.items()}
    return several(say, answers, form, out)
