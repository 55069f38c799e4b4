"""Which task comes from which: compare, coverage, reconstruct."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...extractors.errors import ZhenglingError
from ..answers import able, give, put
from ..api import Graph, extract
from ..messages import Catalogue
from ..tables import tables
from ..tell import tell
from .making import FORMATS, Making

if TYPE_CHECKING:
    from ...graph.lineage.align import Alignment


def commands(make: Making) -> list[click.Command]:
    lower = click.Argument(["lower"], metavar="LOWER")
    superior = click.Argument(["superior"], metavar="[SUPERIOR]", required=False)
    form = make.choice("format", FORMATS, text="help-compare-format")
    texts = make.option("--texts", text="help-compare-texts", is_flag=True)
    document = click.Argument(["document"], metavar="DOCUMENT")
    every = make.option("--all", "every", text="help-coverage-all", is_flag=True)
    return [
        make.command(compare, "compare", lower, superior, texts, form, make.out(), make.workspace()),
        make.command(coverage, "coverage", document, every, form, make.out(), make.workspace()),
        make.command(reconstruct, "reconstruct", document, make.form(), make.out(), make.workspace()),
    ]


def compare(
    say: Catalogue, lower: str, superior: str | None, texts: bool, form: str | None, out: str | None, workspace: str
) -> int:
    form = able(form, out)
    found = _found(lower, superior, workspace)
    from ..files_out import comparison

    if form in ("json", "html"):
        text = tables.as_json(found.to_json()) if form == "json" else comparison.page(found, say)
        put(text, form, out)
    else:
        columns = (*comparison.COLUMNS, *(comparison.TEXTS if texts else ()))
        rows = comparison.table(found, say, texts, brief=form in ("table", "md"))
        give(say, columns, rows, form, out, "compare")
    tell(_counts(found, say))
    return 0


def coverage(say: Catalogue, document: str, every: bool, form: str | None, out: str | None, workspace: str) -> int:
    form = able(form, out)
    found = Graph(workspace).coverage(document)
    if not found:
        raise ZhenglingError("no-inferior", 1, document=document)
    from ..files_out import coverage as matrix

    if form in ("json", "html"):
        data = {identity: alignment.to_json() for identity, alignment in found.items()}
        text = tables.as_json(data) if form == "json" else matrix.page(found, say)
        put(text, form, out)
        return 0
    columns, rows = (matrix.EACH, matrix.each(found, say)) if every else matrix.matrix(found, say)
    return give(say, columns, rows, form, out, "coverage")


def reconstruct(say: Catalogue, document: str, form: str | None, out: str | None, workspace: str) -> int:
    form = able(form, out)
    found = Graph(workspace).reconstruct(document)
    rows = [[one.papers, one.text, list(one.shared), [f"{p} {t}" for p, t in one.origins]] for one in found]
    status = give(say, ("papers", "likely_task", "shared_words", "origins"), rows, form, out, "reconstruct")
    tell(say("reconstruct-note", document=document))
    return status


def _found(lower: str, superior: str | None, workspace: str) -> Alignment:
    """Of two files without a workspace, or of two documents of one."""
    if superior is not None and not Path(workspace).is_dir() and Path(lower).is_file() and Path(superior).is_file():
        from ...graph.lineage.align import align

        return align(extract(superior), extract(lower))
    return Graph(workspace).compare(lower, superior)


def _counts(found: Alignment, say: Catalogue) -> str:
    return say(
        "compare-counts",
        links=len(found.links),
        doubtful=sum(link.state not in ("sure", "confirmed") for link in found.links),
        added=len(found.added),
        missing=len(found.dropped) - len(found.elsewhere),
        elsewhere=len(found.elsewhere),
    )
