"""Papers in and out of a workspace: build, extract, fetch, remove."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ...extractors.errors import ZhenglingError
from ...extractors.limits import Settings
from ..api import Graph
from ..messages import Catalogue
from ..tables import tables
from ..tell import complain, failure, joined, progress, tell, warn
from .making import Making, settings_of

_SOURCES = "zhengling-sources"


def commands(make: Making) -> list[click.Command]:
    paths = click.Argument(["paths"], metavar="PATH...", nargs=-1, required=True)
    again, warnings = make.option("--again", is_flag=True), make.option("--warnings", is_flag=True)
    folder = make.option("--out", text="help-extract-out", metavar="DIR", required=True)
    words = make.option("--workspace", text="help-extract-workspace", metavar="DIR")
    urls = click.Argument(["urls"], metavar="URL...", nargs=-1, required=True)
    kept = make.option("--out", text="help-fetch-out", metavar="DIR", default=_SOURCES)
    gone = make.option("--gone", is_flag=True)
    siblings = make.option("--siblings/--no-siblings", text="help-option-siblings", default=None)
    document = click.Argument(["document"], metavar="DOCUMENT")
    return [
        make.command(
            build, "build", paths, again, gone, siblings, warnings, make.jobs(), *make.limits(), make.workspace()
        ),
        make.command(extract, "extract", paths, folder, words, warnings, make.jobs(), *make.limits()),
        make.command(fetch, "fetch", urls, kept, make.option("--private", is_flag=True), *make.limits()[:2]),
        make.command(remove, "remove", document, make.workspace()),
    ]


def build(
    say: Catalogue,
    paths: Sequence[str],
    again: bool,
    gone: bool,
    siblings: bool | None,
    warnings: bool,
    workspace: str,
    jobs: int | None,
    **limits: Any,
) -> int:
    from ...graph.deriving.identity import short_name  # brings the lexicon

    graph = Graph(workspace)
    with progress(say) as move:
        settings = settings_of(**limits)
        asked = {"again": again, "gone": gone, "siblings": siblings, "jobs": jobs}
        report = graph.build(paths, progress=move, settings=settings, **asked)
    remarks = {paper.source: graph.remarks(paper) for paper in report.papers}
    counted = ["tasks", "units", "deadlines", "citations"]
    columns = ["file", "document", *counted, "warnings"]
    rows = [
        [p.source, short_name(p.document), *(p.counts.get(c) for c in counted), len(remarks[p.source])]
        for p in report.papers
        if not p.duplicate
    ]
    if rows:
        tables.show(columns, rows, say)
        sys.stdout.flush()
    for source, found in remarks.items():
        warn(say, source, found, warnings)
    joined(say, report.joined, report.unsure)
    for source in report.gone:
        tell(say("gone", path=source))
    for source in report.removed:
        tell(say("kept-out", path=source))
    for failed in report.failures:
        complain(failure(failed.path, failed.error, say), 1)
        if failed.kept:
            tell(say("record-kept", path=failed.path))
    tell(say("built", workspace=workspace, count=report.documents, read=len(report.read), failed=len(report.failures)))
    return int(bool(report.failures))


def extract(
    say: Catalogue,
    paths: Sequence[str],
    out: str,
    workspace: str | None,
    warnings: bool,
    jobs: int | None,
    **limits: Any,
) -> int:
    from .. import extraction

    debug = bool(click.get_current_context().meta.get("zhengling.debug"))
    return extraction.extract(say, paths, out, workspace, warnings, settings_of(**limits), debug, jobs)


def fetch(say: Catalogue, urls: Sequence[str], out: str, private: bool, **limits: Any) -> int:
    from ..fetch import fetch as keep

    failed: list[str] = []

    def fail(url: str, error: Exception) -> None:
        failed.append(url)
        complain(failure(url, error, say), 1)

    if not out.strip():
        raise ZhenglingError("empty-path", 2)
    kept = keep(urls, Path(out), private=private, settings=Settings(**limits), failed=fail)
    rows = [[k.file, say(f"fetched-{k.state}"), k.url] for k in kept]
    if rows:
        tables.show(["file", "state", "url"], rows, say)
        sys.stdout.flush()
    tell(say("fetched", out=out, count=len(kept), failed=len(failed)))
    return int(bool(failed))


def remove(say: Catalogue, document: str, workspace: str) -> int:
    sources = Graph(workspace).remove(document)
    tell(say("removed", document=document, sources=sources))
    return 0
