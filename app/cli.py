"""The command line: a thin face on the public functions of the package.

Exit status: 0 done (warnings and empty answers too), 1 a file or a store failed or an argument fits several things,
2 a wrong command, option, name, parameter or value. What a program reads goes to standard output; messages and progress
go to standard error.
"""

from __future__ import annotations

import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import Graph
from ..extractors.errors import ZhenglingError
from ..extractors.readers import Settings
from . import extraction, tables
from .messages import LANGUAGES, Catalogue, language_of
from .tell import complain, failure, joined, progress, reason, tell, warn
from .usage import Command, Group, complaint

if TYPE_CHECKING:
    from rich.tree import Tree

    from ..queries.runner import Parameter, Question

_WORKSPACE = "zhengling-workspace"
_SOURCES = "zhengling-sources"
_FORMATS = ("table", "csv", "json", "xlsx")
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
    named = click.Argument(["name"], metavar="[NAME]", required=False)
    cypher = option("--cypher", metavar="TEXT")
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
        command(query, "query", named, settings, cypher, form(), out, workspace()),
        command(trace, "trace", click.Argument(["task"], metavar="TASK"), workspace()),
        command(view, "view", *parts, whole_out, workspace()),
    ):
        group.add_command(each)
    return group


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
    _able(form, out)
    failed: dict[str, ZhenglingError] = {}
    known = Graph(workspace).questions(failed).values()
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
    return _answer(say, columns, rows, form, out, "queries")


def query(
    say: Catalogue,
    name: str | None,
    settings: Sequence[str],
    cypher: str | None,
    form: str,
    out: str | None,
    workspace: str,
) -> int:
    if (name is None) == (cypher is None):
        raise ZhenglingError("name-or-cypher", 2)
    _able(form, out)
    parameters: dict[str, Any] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if key in parameters:
            raise ZhenglingError("setting-twice", 2, name=key)
        if not equals or not key:
            raise ZhenglingError("bad-setting", 2, setting=setting)
        parameters[key] = _typed(value) if cypher else value
    graph = Graph(workspace)
    answer = graph.ask_freely(cypher, parameters) if cypher is not None else graph.ask(str(name), parameters)
    return _answer(say, answer.columns, answer.rows, form, out, name or "cypher")


def trace(say: Catalogue, task: str, workspace: str) -> int:
    graph = Graph(workspace)
    try:
        rows = graph.trace(task)
    except ZhenglingError as error:
        if error.code != "several-tasks":
            raise
        hits = error.values["hits"]
        tables.show(list(hits[0]), [list(h.values()) for h in hits], say)
        raise
    tables.console().print(_tree(rows, say))
    return 0


def view(say: Catalogue, out: str, workspace: str, **parts: str | None) -> int:
    if sum(p is not None for p in parts.values()) > 1:
        raise ZhenglingError("one-part", 2, options=["--" + p for p in parts])
    drawn = Graph(workspace).view(out, language=say.language, **parts)
    tell(say("view-written", out=out, nodes=drawn.nodes, total=drawn.total, edges=drawn.edges))
    return 0


# --- what they share ------------------------------------------------------------------------------------------------


def _answer(say: Catalogue, columns: Sequence[str], rows: tables.Rows, form: str, out: str | None, title: str) -> int:
    """Write rows as asked: to a file, or to standard output."""
    if form == "xlsx":
        assert out is not None
        cut = tables.write_xlsx(columns, rows, Path(out), title)
        if cut:
            tell(say("cells-cut", count=cut, out=out))
    elif form == "table" and out is None:
        if rows:
            tables.show(columns, _ends(columns, rows, say), say)
    else:
        text = {"json": _json, "csv": tables.as_csv, "table": partial(_table, say)}[form](columns, rows)
        if out is None:
            _bytes(text)
        else:
            tables.write(Path(out), _utf8(text))
    if not rows:
        tell(say("no-rows"))
    return 0


def _tree(rows: Sequence[dict[str, Any]], say: Catalogue) -> Tree:
    """The chain of a task: every step with how it is known and the words that prove it, and where and why it ends."""
    from rich.text import Text
    from rich.tree import Tree

    def words(column: str, value: str) -> str:
        return say.text(f"{column}-{value.replace(' ', '-')}") or value

    branches: list[Tree] = []  # the branch of each step so far
    said = ""
    for row in rows:
        step, how, proof = row["step"], str(row["how"]), tables.line(row["evidence"] or "")
        text = Text(words("how", how), "bold")
        if how == "ends":
            text.append(f": {words('why', proof)}" if proof else "", "not bold")
        else:
            title = tables.line(row["title"] or "")
            level = f" ({words('level', row['level'])})" if row["level"] and how != "task" else ""
            text.append(f" {tables.line(row['id'])}{level}", "not bold")
            if title not in ("", row["id"]):
                text.append(f"\n{title}", "not bold")
            # The document's words for a task are the task's own text, which may be no more than its title.
            if proof and proof != said and proof.rstrip("。") not in title:
                text.append(f"\n{proof}" if how == "task" or proof[0] == "“" else f"\n“{proof}”", "not bold italic")
        said = proof
        del branches[step:]
        branches.append(branches[-1].add(text) if branches else Tree(text))
    return branches[0]


def _ends(columns: Sequence[str], rows: tables.Rows, say: Catalogue) -> tables.Rows:
    """Rows for people: where a chain ends, the evidence is a coded word, not words of a paper."""
    if not {"how", "evidence"} <= set(columns):
        return rows
    how, evidence = columns.index("how"), columns.index("evidence")

    def worded(row: Sequence[Any]) -> Sequence[Any]:
        text = say.text(f"why-{str(row[evidence]).replace(' ', '-')}") if row[how] == "ends" else None
        return row if text is None else [*row[:evidence], text, *row[evidence + 1 :]]

    return [worded(row) for row in rows]


def _settings(max_memory: int, **limits: Any) -> Settings:
    return Settings(memory=max_memory * _MB, **limits)


def _able(form: str, out: str | None) -> None:
    if form == "xlsx" and out is None:
        raise ZhenglingError("xlsx-needs-out", 2)


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


def _table(say: Catalogue, columns: Sequence[str], rows: tables.Rows) -> str:
    out = io.StringIO()
    tables.show(columns, _ends(columns, rows, say), say, tables.console(out))
    return out.getvalue()


def _json(columns: Sequence[str], rows: tables.Rows) -> str:
    return tables.as_json(tables.as_dicts(columns, rows))


def _typed(value: str) -> Any:
    """A parameter of a free question: a number, true, false or a quoted text as JSON has them, else the text itself."""
    with suppress(ValueError):
        found = json.loads(value)
        if isinstance(found, (bool, int, float, str)):
            return found
    return value


def _bytes(text: str) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(_utf8(text))
    sys.stdout.buffer.flush()


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


# --- what is known before the commands are built ---------------------------------------------------------------------


def _language(argv: Sequence[str]) -> str:
    """The last `--lang` anywhere before `--`, else the locale's."""
    found = language_of()
    words = list(argv[: argv.index("--")] if "--" in argv else argv)
    for word, following in zip(words, [*words[1:], ""], strict=False):
        value = following if word == "--lang" else word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        found = value if value in LANGUAGES else found
    return found


def _remember(context: click.Context, option: click.Parameter, value: Any) -> None:
    if value:
        context.meta["zhengling.debug"] = True


def _version(context: click.Context, option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from .. import __version__

        print(f"zhengling {__version__}")
        context.exit()
