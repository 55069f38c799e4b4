"""Papers of a country on a cluster: scale."""

from __future__ import annotations

from typing import Any

import click

from ..messages import Catalogue
from ..tell import complain, failure, joined, tell, warn
from .making import Making, settings_of

VERBS = ("extract", "derive")


def commands(make: Making) -> list[click.Command]:
    verb = click.Argument(["verb"], metavar="|".join(VERBS), type=click.Choice(VERBS))
    given = click.Argument(["given"], metavar="INPUT")
    out = click.Argument(["out"], metavar="OUTPUT")
    address = make.option("--address", text="help-scale-address", metavar="ADDRESS")
    jobs = make.option("--jobs", text="help-scale-jobs", metavar="N", type=click.IntRange(min=1))
    warnings = make.option("--warnings", is_flag=True)
    return [make.command(scale, "scale", verb, given, out, address, jobs, warnings, *make.limits())]


def scale(
    say: Catalogue,
    verb: str,
    given: str,
    out: str,
    address: str | None,
    jobs: int | None,
    warnings: bool,
    **limits: Any,
) -> int:
    from ...graph.scale.cluster import cluster

    with cluster(address, jobs):
        return _extract(say, given, out, warnings, limits) if verb == "extract" else _derive(say, given, out, warnings)


def _extract(say: Catalogue, given: str, out: str, warnings: bool, limits: dict[str, Any]) -> int:
    from ...graph.scale.reading import extract

    done = extract(given, out, settings_of(**limits))
    for source, error in done.failures:
        complain(failure(source, error, say), 1)
    for source, remarks in done.warnings:
        warn(say, source, remarks, warnings)
    joined(say, done.joined, done.unsure)
    tell(say("records-written", count=done.count, total=done.total, out=out))
    return int(bool(done.failures))


def _derive(say: Catalogue, given: str, out: str, warnings: bool) -> int:
    from ...graph.scale.deriving import derive

    done = derive(given, out)
    for source, remarks in done.remarks().items():
        warn(say, source, remarks, warnings)
    tell(say("graph-written", out=out, nodes=done.nodes, edges=done.relationships))
    return 0
