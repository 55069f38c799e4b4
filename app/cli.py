"""The command line: a thin face on the public functions of the package.

Exit status: 0 done (warnings and empty answers too), 1 a file or a store failed or an argument fits several things,
2 a wrong command, option, name, parameter or value. What a program reads goes to standard output; messages and progress
go to standard error.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import Graph
from ..extractors.errors import ZhenglingError
from ..extractors.readers import Settings
from . import extraction, tables
from .answers import able, give, put, several, tree, utf8
from .export import BASE, FORMATS
from .messages import LANGUAGES, Catalogue, language_of
from .tell import complain, failure, joined, progress, reason, tell, warn
from .usage import Command, Group, complaint

if TYPE_CHECKING:
    from ..graph.neo4j import Connection
    from ..queries.runner import Parameter, Question

_WORKSPACE = "zhengling-workspace"
_SOURCES = "zhengling-sources"
_FORMATS = ("table", "csv", "json", "xlsx")
_REPORTS = (*_FORMATS, "html")
_LIMITS = Settings()  # the defaults
_MB = 1_000_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    argv = list(sys.argv[1:] if argv is None else argv)
    language = _language(argv)
    say = Catalogue(language)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller: what is said there is said to nobody
            nobody = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
            os.set_inheritable(nobody.fileno(), True)  # the processes that read papers get it, too
            setattr(sys, name, nobody)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):  # a character that the terminal's encoding lacks is no failure
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    _ends()
    try:
        with program(say).make_context("zhengling", list(argv)) as context:
            status = context.command.invoke(context) or 0
        sys.stdout.flush()
        return status
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        return complain(complaint(error, say), 2)
    except ZhenglingError as error:
        return complain(say.error(error), error.status)
    except BrokenPipeError:
        # The reader has what it wanted. What is still in the buffer would fail again when Python closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return complain(say("interrupted"), 130)
    except Exception as error:
        if "--debug" in argv:
            traceback.print_exc()
        return complain(reason(error, say), 1)


def program(say: Catalogue) -> click.Group:
    """The commands with their help in one language."""

    def option(*names: str, **settings: Any) -> click.Option:
        return click.Option(names, help=say("help-option-" + names[0].lstrip("-")), **settings)

    def command(do: Callable[..., int], name: str, *parameters: click.Parameter) -> click.Command:
        return Command(name, say, callback=partial(do, say), params=[*parameters, *common()])

    def common() -> list[click.Parameter]:
        # Both are read before the commands are built, so that help and errors follow them.
        return [
            option("--lang", metavar="|".join(LANGUAGES), type=click.Choice(LANGUAGES), expose_value=False),
            option("--debug", is_flag=True, expose_value=False, callback=_remember),
        ]

    def workspace() -> click.Option:
        return option("--workspace", metavar="DIR", default=_WORKSPACE)

    def form() -> click.Option:
        return option("--format", "form", metavar="|".join(_FORMATS), type=click.Choice(_FORMATS), default="table")

    def paths(metavar: str) -> click.Argument:
        return click.Argument(["paths"], metavar=metavar, nargs=-1, required=True)

    settings = option("--set", "settings", metavar="KEY=VALUE", multiple=True)
    out = option("--out", metavar="FILE")
    whole_out = click.Option(["--out"], metavar="FILE.html", required=True, help=say("help-view-out"))
    folder_out = click.Option(["--out"], metavar="DIR", required=True, help=say("help-extract-out"))
    own_words = click.Option(["--workspace"], metavar="DIR", help=say("help-extract-workspace"))
    version = click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version)
    version.help = say("help-option-version")
    again, warnings = option("--again", is_flag=True), option("--warnings", is_flag=True)
    limits = [option("--max-bytes", metavar="N", type=click.IntRange(min=1), default=_LIMITS.max_bytes)]
    limits += [option("--timeout", metavar="SECONDS", type=click.FloatRange(min=1), default=_LIMITS.timeout)]
    limits += [option("--max-memory", metavar="MB", type=click.IntRange(min=200), default=_LIMITS.memory // _MB)]
    limits += [option("--ocr", is_flag=True)]
    parts = [option("--" + n, metavar=m) for n, m in _PARTS.items()]
    server = [option("--" + n, metavar=m) for n, m in _SERVER.items()]
    store = [option("--store", metavar="|".join(_STORES), type=click.Choice(_STORES), default="embedded"), *server]
    dry_run = option("--dry-run", "dry_run", is_flag=True)
    named = click.Argument(["name"], metavar="[NAME]", required=False)
    cypher = option("--cypher", metavar="TEXT")
    asked = click.Argument(["question"], metavar="[NAME|FILE|TEXT]", required=False)
    file_out = click.Option(["--out"], metavar="FILE", required=True, help=say("help-export-out"))
    back = click.Option(["--again"], is_flag=True, help=say("help-import-again"))
    named_form = click.Choice(list(FORMATS))
    forms = click.Option(["--format", "form"], metavar="|".join(FORMATS), type=named_form, required=True)
    forms.help = say("help-export-format")
    figure = click.Argument(["figure"], metavar="[FIGURE]", required=False)
    region = option("--region", metavar="NAME", default="")
    year = option("--year", metavar="N", type=click.IntRange(0), default=0)
    limit = option("--limit", metavar="N", type=click.IntRange(0), default=20)
    every = click.Option(["--all", "every"], is_flag=True, help=say("help-check-all"))
    check_forms = click.Option(["--format", "form"], metavar="|".join(_REPORTS), type=click.Choice(_REPORTS))
    check_forms.default, check_forms.help = "table", say("help-check-format")
    shapes = click.Option(["--shacl"], is_flag=True, help=say("help-check-shacl"))
    grave = click.Option(["--fail-on"], metavar="error|warning", type=click.Choice(("error", "warning")))
    grave.help = say("help-check-fail-on")
    urls = click.Argument(["urls"], metavar="URL...", nargs=-1, required=True)
    private = option("--private", is_flag=True)
    sources_out = click.Option(["--out"], metavar="DIR", default=_SOURCES, help=say("help-fetch-out"))
    group = Group("zhengling", say, params=[version, *common()])
    for each in (
        command(build, "build", paths("PATH..."), again, warnings, *limits, workspace()),
        command(extract, "extract", paths("PATH..."), folder_out, own_words, warnings, *limits),
        command(fetch, "fetch", urls, sources_out, private, *limits[:2]),
        command(remove, "remove", click.Argument(["document"], metavar="DOCUMENT"), workspace()),
        command(queries, "queries", form(), out, workspace()),
        command(query, "query", named, settings, cypher, form(), out, *store, workspace()),
        command(
            sparql, "sparql", asked, settings, form(), out, option("--base", metavar="IRI", default=BASE), workspace()
        ),
        command(trace, "trace", click.Argument(["task"], metavar="TASK"), *store, workspace()),
        command(view, "view", *parts, whole_out, *store, workspace()),
        command(load, "load", *server, dry_run, workspace()),
        command(import_, "import", click.Argument(["file"], metavar="FILE.nq"), back, workspace()),
        command(check, "check", every, shapes, check_forms, out, grave, workspace()),
        command(analyse, "analyse", figure, region, year, limit, form(), out, workspace()),
        command(export, "export", forms, file_out, option("--base", metavar="IRI", default=BASE), workspace()),
    ):
        group.add_command(each)
    return group


_SERVER = {"uri": "URI", "user": "NAME", "database": "NAME"}
_STORES = ("embedded", "neo4j")
_PARTS = {"document": "DOCUMENT", "unit": "UNIT", "task": "TASK", "directive": "DOCUMENT"}


# --- commands: each gives its exit status ---------------------------------------------------------------------------


def build(say: Catalogue, paths: Sequence[str], again: bool, warnings: bool, workspace: str, **limits: Any) -> int:
    graph = Graph(workspace)
    with progress(say) as move:
        report = graph.build(paths, again=again, progress=move, settings=_settings(**limits))
    remarks = {paper.source: graph.remarks(paper) for paper in report.papers}
    counted = ["tasks", "units", "deadlines", "citations"]
    columns = ["file", "document", *counted, "warnings"]
    rows = [
        [p.source, p.document, *(p.counts.get(c) for c in counted), len(remarks[p.source])]
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
    say: Catalogue, paths: Sequence[str], out: str, workspace: str | None, warnings: bool, **limits: Any
) -> int:
    debug = bool(click.get_current_context().meta.get("zhengling.debug"))
    return extraction.extract(say, paths, out, workspace, warnings, _settings(**limits), debug)


def fetch(say: Catalogue, urls: Sequence[str], out: str, private: bool, **limits: Any) -> int:
    from .fetch import fetch as keep

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


def queries(say: Catalogue, form: str, out: str | None, workspace: str) -> int:
    able(form, out)
    return _listed(say, Graph(workspace).questions, form, out)


def _listed(say: Catalogue, questions: Callable[..., dict[str, Question]], form: str, out: str | None) -> int:
    failed: dict[str, ZhenglingError] = {}
    known = questions(failed).values()
    for error in failed.values():
        complain(say.error(error), 0)
    columns = ["name", "title", "description", "parameters", "columns"]
    rows = [[q.name, q.titles[say.language], q.descriptions[say.language]] for q in known]
    if form == "json":
        for row, q in zip(rows, known, strict=True):
            row += [[_parameter(p) for p in q.parameters.values()], list(q.columns)]
    elif form == "table" and out is None:  # what a person needs to ask; the rest would not fit the screen
        columns = ["name", "title", "parameters"]
        rows = [[name, title, _signature(q)] for (name, title, _), q in zip(rows, known, strict=True)]
    else:
        for row, q in zip(rows, known, strict=True):
            row += [_signature(q), list(q.columns)]
    return give(say, columns, rows, form, out, "queries")


def query(
    say: Catalogue,
    name: str | None,
    settings: Sequence[str],
    cypher: str | None,
    form: str,
    out: str | None,
    **where: Any,
) -> int:
    if (name is None) == (cypher is None):
        raise ZhenglingError("name-or-cypher", 2)
    able(form, out)
    parameters = _parameters(settings, typed=cypher is not None)
    with _asked(say, **where) as graph:
        answer = graph.ask_freely(cypher, parameters) if cypher is not None else graph.ask(str(name), parameters)
    return give(say, answer.columns, answer.rows, form, out, name or "cypher")


def _parameters(settings: Sequence[str], typed: bool) -> dict[str, Any]:
    """What `--set` gives; `typed` for a question that has no header to say of what type it is."""
    parameters: dict[str, Any] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if key in parameters:
            raise ZhenglingError("setting-twice", 2, name=key)
        if not equals or not key:
            raise ZhenglingError("bad-setting", 2, setting=setting)
        parameters[key] = _typed(value) if typed else value
    return parameters


def sparql(
    say: Catalogue, question: str | None, settings: Sequence[str], form: str, out: str | None, base: str, workspace: str
) -> int:
    able(form, out)
    graph = Graph(workspace)
    if question is None:
        return _listed(say, graph.sparql_questions, form, out)
    saved = question in graph.sparql_questions({})
    answer = graph.ask_sparql(question, _parameters(settings, typed=not saved), base)
    return give(say, answer.columns, answer.rows, form, out, question if saved else "sparql")


def trace(say: Catalogue, task: str, **where: Any) -> int:
    with _asked(say, **where) as graph:
        try:
            rows = graph.trace(task)
        except ZhenglingError as error:
            if error.code != "several-tasks":
                raise
            hits = error.values["hits"]
            tables.show(list(hits[0]), [list(h.values()) for h in hits], say)
            raise
    tables.console().print(tree(rows, say))
    return 0


def view(say: Catalogue, out: str, **where: Any) -> int:
    parts = {name: where.pop(name) for name in _PARTS}
    if sum(p is not None for p in parts.values()) > 1:
        raise ZhenglingError("one-part", 2, options=["--" + p for p in parts])
    with _asked(say, **where) as graph:
        drawn = graph.view(out, language=say.language, **parts)
    tell(say("view-written", out=out, nodes=drawn.nodes, total=drawn.total, edges=drawn.edges))
    return 0


def import_(say: Catalogue, file: str, again: bool, workspace: str) -> int:
    report = Graph(workspace).import_(file, again=again)
    for source in report.held:
        tell(say("import-held", path=source))
    for source in report.removed:
        tell(say("kept-out", path=source))
    tell(say("imported", workspace=workspace, count=report.documents, read=len(report.read)))
    return 0


def check(
    say: Catalogue, every: bool, shacl: bool, form: str, out: str | None, fail_on: str | None, workspace: str
) -> int:
    from . import checks

    able(form, out)
    if shacl:
        if form == "html":
            raise ZhenglingError("shacl-no-page", 2)
        found = Graph(workspace).shacl(say.language)
        wrong = [[*one[:4], one.message or say(f"shape-{one.constraint}")] for one in found]
        status = give(say, ["thing", "property", "value", "constraint", "message"], wrong, form, out, "shacl")
        return int(bool(wrong) and fail_on is not None) or status
    found = Graph(workspace).check()
    if form == "xlsx":
        if cut := checks.book(found, Path(str(out)), say):
            tell(say("cells-cut", count=cut, out=out))
    else:
        text = checks.text(found, say, form, every)
        put(text) if out is None else tables.write(Path(out), utf8(text))
    tell(say("check-counts", **{s: sum(one.severity == s for one in found) for s in ("error", "warning", "info")}))
    grave = {None: (), "error": ("error",), "warning": ("error", "warning")}[fail_on]
    return int(any(one.severity in grave for one in found))


def analyse(
    say: Catalogue,
    figure: str | None,
    region: str,
    year: int,
    limit: int,
    form: str,
    out: str | None,
    workspace: str,
) -> int:
    from ..graph.analyse import FIGURES

    able(form, out)
    if figure is None and form == "csv":
        raise ZhenglingError("csv-needs-figure", 2, figures=list(FIGURES))
    found = Graph(workspace).figures([figure] if figure else list(FIGURES), region=region, year=year)
    best = {name: (table.columns, table.rows[: limit or None]) for name, table in found.items()}
    if form == "table":
        best = {name: tables.brief(*answer) for name, answer in best.items()}
    return several(say, best, form, out) if figure is None else give(say, *best[figure], form, out, figure)


def export(say: Catalogue, form: str, out: str, base: str, workspace: str) -> int:
    written = Graph(workspace).export(form, out, base=base, language=say.language)
    tell(say(f"export-{written.what}", out=out, count=written.count))
    if written.cut:
        tell(say("cells-cut", count=written.cut, out=out))
    return 0


def load(say: Catalogue, dry_run: bool, workspace: str, **server: str | None) -> int:
    there = _connection(say, workspace, server)
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


_WRITTEN = ("total", "new", "changed", "gone")


# --- what they share ------------------------------------------------------------------------------------------------


@contextmanager
def _asked(say: Catalogue, store: str, workspace: str, **server: str | None) -> Iterator[Graph]:
    """The graph that answers: the workspace's own, or Neo4j."""
    for name, value in server.items():
        if value is not None and store == "embedded":
            raise ZhenglingError("only-neo4j", 2, option="--" + name)
    graph = Graph(workspace, _connection(say, workspace, server) if store == "neo4j" else None)
    try:
        yield graph
    finally:
        graph.close()


def _connection(say: Catalogue, workspace: str, server: dict[str, str | None]) -> Connection:
    """How to reach Neo4j; the password is asked for where a person sits at the terminal."""
    from ..graph.neo4j import connection

    def ask(user: str) -> str:
        with suppress(EOFError):
            return getpass(say("ask-password", user=user)) if sys.stdin and sys.stdin.isatty() else ""
        return ""

    # The driver tells its troubles to a log, too, which Python shows where nobody listens.
    logging.getLogger("neo4j").addHandler(logging.NullHandler())
    return connection(Path(workspace), server, ask=ask)


def _settings(max_memory: int, **limits: Any) -> Settings:
    return Settings(memory=max_memory * _MB, **limits)


def _parameter(parameter: Parameter) -> dict[str, Any]:
    shown = {"name": parameter.name, "type": parameter.type, "required": parameter.required}
    if not parameter.required:
        shown["default"] = parameter.default
    return shown | ({"choices": list(parameter.choices)} if parameter.choices else {})


def _signature(question: Question) -> str:
    """The parameters on one line: `unit* region role=lead|support`."""
    return "  ".join(
        p.name + ("*" if p.required else "" if p.default in ("", None) else f"={tables.flat(p.default)}")
        for p in question.parameters.values()
    )


def _typed(value: str) -> Any:
    """A parameter of a free question: a number, true, false or a quoted text as JSON has them, else the text itself."""
    with suppress(ValueError):
        found = json.loads(value)
        if isinstance(found, (bool, int, float, str)):
            return found
    return value


# --- what is known before the commands are built ---------------------------------------------------------------------


def _language(argv: Sequence[str]) -> str:
    """The last `--lang` anywhere before `--`, else the locale's."""
    found = language_of()
    words = list(argv[: argv.index("--")] if "--" in argv else argv)
    for word, following in zip(words, [*words[1:], ""], strict=False):
        value = following if word == "--lang" else word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        found = value if value in LANGUAGES else found
    return found


def _ends() -> None:
    """Being told to end clears away what was started, as an interrupt does."""

    def end(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            with suppress(ValueError):  # not the main thread
                signal.signal(number, end)


def _remember(context: click.Context, option: click.Parameter, value: Any) -> None:
    if value:
        context.meta["zhengling.debug"] = True


def _version(context: click.Context, option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from .. import __version__

        print(f"zhengling {__version__}")
        context.exit()
