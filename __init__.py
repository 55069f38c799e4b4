"""Zhengling 政令图谱: government papers into a graph of tasks, units, directives and deadlines, and answers on it.

    import zhengling as zl

    record = zl.extract("notice.txt")
    graph = zl.open("zhengling-workspace")
    graph.build(["papers"])
    graph.query("unit-workload", role="lead", limit=10)

Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .extractors.errors import PaperError, ZhenglingError
from .extractors.model import Record

if TYPE_CHECKING:
    import networkx

    from .app.export import Written
    from .app.fetch import Kept
    from .app.view import ViewReport
    from .extractors.model import Remark
    from .extractors.readers import Settings
    from .graph.analyse import Table
    from .graph.check import Finding
    from .graph.derive import Paper
    from .graph.embedded import EmbeddedStore
    from .graph.intake import Report
    from .graph.load import Count
    from .graph.neo4j import Connection, Neo4jStore
    from .graph.shapes import Violation
    from .graph.workspace import Workspace
    from .queries.runner import Answer, Question

__all__ = ["Graph", "PaperError", "Record", "Settings", "ZhenglingError", "extract", "fetch", "open"]


def extract(
    path: str | PathLike[str],
    *,
    workspace: str | PathLike[str] | None = None,
    attachments: Iterable[str | PathLike[str]] = (),
    settings: Settings | None = None,
) -> Record:
    """Read one paper, with what is attached to it in files of its own. A path may lead into a ZIP. `workspace` adds the
    words of its `lexicon/` to the built-in ones; `settings` are the limits (`zl.Settings(max_bytes=…, timeout=…)`).

    Raises `OSError` where the file cannot be read and `PaperError` where it is no paper.
    """
    from .extractors.lexicon import Lexicon
    from .extractors.pipeline import extract as read

    lexicon = Lexicon.load([Path(workspace, "lexicon")]) if workspace else None
    return read(Path(path), lexicon=lexicon, attachments=[Path(a) for a in attachments], settings=settings)


def fetch(
    urls: Iterable[str] | str,
    out: str | PathLike[str],
    *,
    private: bool = False,
    settings: Settings | None = None,
    failed: Callable[[str, Exception], None] | None = None,
) -> list[Kept]:
    """Keep web pages and their attachments as files in the folder `out`, listed in its `sources.csv` (extra `fetch`).

    What cannot be had is given to `failed`; without it the first such error is raised when the rest is kept. `private`
    allows addresses that are not of the public network.
    """
    from .app.fetch import fetch as keep

    errors: list[Exception] = []
    urls = [urls] if isinstance(urls, str) else urls
    tell = failed or (lambda url, error: errors.append(error))
    kept = keep(urls, Path(out), private=private, settings=settings, failed=tell)
    if errors:
        raise errors[0]
    return kept


def open(
    workspace: str | PathLike[str] = "zhengling-workspace", *, store: str = "embedded", **connection: str | None
) -> Graph:
    """The graph of a workspace; the folder is made by the first `build`.

    With `store="neo4j"` questions go to the Neo4j database that `Graph.load` filled. `uri`, `user`, `database` and
    `password` name it; what is left out comes from the environment and the workspace's `neo4j.toml`.
    """
    if store not in ("embedded", "neo4j"):
        raise ZhenglingError("store-unknown", 2, store=store, stores=["embedded", "neo4j"])
    return Graph(workspace, _connection(workspace, connection) if store == "neo4j" else None)


def _connection(workspace: str | PathLike[str], given: dict[str, Any]) -> Connection:
    from .graph.neo4j import connection

    return connection(Path(workspace), given)


class Graph:
    """A workspace and the questions that it answers. Every method raises `ZhenglingError` for what a user can cause."""

    def __init__(self, workspace: str | PathLike[str], connection: Connection | None = None) -> None:
        self.folder, self.connection = Path(workspace), connection
        self._neo4j: Neo4jStore | None = None

    def build(
        self,
        paths: Iterable[str | PathLike[str]] | str | PathLike[str],
        again: bool = False,
        progress: Callable[..., None] | None = None,
        settings: Settings | None = None,
    ) -> Report:
        """Read the papers of files, folders and ZIPs and derive the graph; only what changed is read again.

        `again` reads everything again and takes back what was removed; `settings` are the limits of reading.
        """
        paths = [paths] if isinstance(paths, (str, PathLike)) else list(paths)
        if not all(str(path).strip() for path in paths):  # an empty path would be the folder that one stands in
            raise ZhenglingError("empty-path", 2)
        return self._workspace().build(paths, again=again, progress=progress, settings=settings)

    def remarks(self, paper: Paper) -> list[Remark]:
        """What was not understood in a paper of a `Report`, or came to light beside the others."""
        return self._workspace().remarks(paper)

    def remove(self, name: str) -> list[str]:
        """Take a document (its id, number, title or file) out and keep it out until `build(…, again=True)`.

        Gives the files that it was read from.
        """
        if not name.strip():
            raise ZhenglingError("no-such-document", 2, document=name)
        return self._workspace().remove(name)

    def questions(self, failed: dict[str, ZhenglingError] | None = None) -> dict[str, Question]:
        """The saved questions by name, those of the workspace's `queries/` among them.

        A file there that is no question is left out; `failed`, where given, gets its error under its path.
        """
        from .queries.runner import questions

        return questions([self.folder / "queries"], {} if failed is None else failed)

    def ask(self, name: str, parameters: dict[str, Any]) -> Answer:
        """The answer to a saved question: its columns and its rows."""
        from .queries.runner import ask, question

        failed: dict[str, ZhenglingError] = {}
        known = self.questions(failed)
        return ask(self._store(), question(name, known, failed), parameters)

    def query(self, name: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a saved question, one map a row, as pandas takes them.

        A parameter whose name is a Python keyword takes a `_` after it: `query("due", from_="2024-01-01")`.
        """
        return self.ask(name, {k.rstrip("_"): v for k, v in parameters.items()}).dicts()

    def ask_freely(self, cypher: str, parameters: dict[str, Any]) -> Answer:
        """The answer to a question in Cypher, read-only."""
        from .queries.runner import ask_freely

        return ask_freely(self._store(), cypher, parameters)

    def cypher(self, text: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a question in Cypher; `$name` in it takes the parameter `name`."""
        return self.ask_freely(text, parameters).dicts()

    def shacl(self, language: str = "zh") -> list[Violation]:
        """What in the graph in RDF is not as the shapes say (extra `rdf`), with messages in a language."""
        from .graph.shapes import shacl

        workspace = self._workspace()
        with workspace.store() as store:
            return shacl(store, workspace.records, language)

    def sparql(self, question: str, /, base: str | None = None, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a question in SPARQL (extra `rdf`): the name of a saved one, a file, or the text itself."""
        return self.ask_sparql(question, {k.rstrip("_"): v for k, v in parameters.items()}, base).dicts()

    def ask_sparql(self, question: str, parameters: dict[str, Any], base: str | None = None) -> Answer:
        """The answer to a question in SPARQL; `base` is the beginning of all IRIs."""
        from .graph.terms import BASE
        from .graph.triples import triples
        from .queries import sparql
        from .queries.runner import ask
        from .queries.runner import question as named

        failed: dict[str, ZhenglingError] = {}
        known = self.sparql_questions(failed)
        path, text = Path(question), "{" in question or "\n" in question
        if not text and question not in known and not path.is_file():
            named(question, known, failed)  # says which there are
        if text:
            sparql.check(question)  # before the store is made
        store = sparql.Triples(triples(self._workspace(), base or BASE))
        if text:
            return sparql.ask_freely(store, question, parameters)
        if question in known:
            return ask(store, known[question], parameters)
        return sparql.ask_file(store, path, parameters)

    def sparql_questions(self, failed: dict[str, ZhenglingError] | None = None) -> dict[str, Question]:
        """The saved questions in SPARQL by name, as `questions` gives those in Cypher."""
        from .queries.sparql import saved

        return saved([self.folder / "queries"], {} if failed is None else failed)

    def trace(self, task: str) -> list[dict[str, Any]]:
        """The chain of command above a task (its id, or words that only its title or text holds), one map a step.

        Raises `ZhenglingError` with the code `several-tasks` and the `hits` where the words fit more than one task.
        """
        return self.query("trace", task=self.task(task))

    def task(self, words: str) -> str:
        """The id of the one task that bears this id or holds these words."""
        if self.cypher("MATCH (t:Task) WHERE t.id = $task RETURN t.id AS task", task=words):
            return words
        hits = self.query("find", text=words, limit=0) if words.strip() else []
        if not hits:
            raise ZhenglingError("no-such-task", 2, task=words)
        if len(hits) > 1:
            raise ZhenglingError("several-tasks", 1, task=words, count=len(hits), hits=hits)
        return hits[0]["task"]

    def view(
        self,
        out: str | PathLike[str],
        *,
        document: str | None = None,
        unit: str | None = None,
        task: str | None = None,
        directive: str | None = None,
        language: str = "zh",
    ) -> ViewReport:
        """Write a picture of the graph, or of what is around one of its nodes, as one HTML file (extra `view`).

        At most one of `document`, `unit`, `task` and `directive` (what it set in motion) is given, by id or name.
        """
        from .app.view import write_view

        return write_view(
            self._store(),
            Path(out),
            document=document,
            unit=unit,
            task=task,
            directive=directive,
            language=language,
        )

    def export(self, form: str, out: str | PathLike[str], *, base: str | None = None, language: str = "zh") -> Written:
        """Write the whole graph to a file (a folder for some) in a format that other tools take.

        `base` is the beginning of all IRIs in RDF, `language` that of headings.
        """
        if not str(out).strip():
            raise ZhenglingError("empty-path", 2)
        from .app.export import BASE, Settings, export
        from .app.messages import Catalogue

        workspace = self._workspace()
        settings = Settings(Catalogue(language), base or BASE, workspace.records)
        with workspace.store() as store:
            return export(store, form, Path(out), settings)

    def import_(self, path: str | PathLike[str], again: bool = False) -> Report:
        """Take the papers of an export in N-Quads into the workspace; `again` takes back what was removed."""
        if not str(path).strip():
            raise ZhenglingError("empty-path", 2)
        from .graph.restore import read

        with Path(path).open("rb"):  # what can not be read is no fault of the workspace
            pass
        return self._workspace().take(read(Path(path)), again)

    def check(self) -> list[Finding]:
        """What an editor or a supervisor should look at in the papers, the gravest first."""
        from .graph.check import check

        workspace = self._workspace()
        with workspace.store() as store:
            return check(store, workspace.records(), workspace.lexicon())

    def analyse(self, figure: str, *, region: str = "", year: int = 0, limit: int = 0) -> list[dict[str, Any]]:
        """A figure of the network (`docs/analysis.md`; extra `network`), one map a row, best first.

        `region` is the name or path of a place, `year` that of the papers; `limit` 0 is all rows.
        """
        columns, rows = self.figures([figure], region=region, year=year)[figure]
        return [dict(zip(columns, row, strict=True)) for row in (rows[:limit] if limit else rows)]

    def figures(self, names: Iterable[str], *, region: str = "", year: int = 0) -> dict[str, Table]:
        """Several figures at once: name → columns and all rows."""
        from .graph.analyse import analyse

        with self._workspace().store() as store:
            return analyse(store, names, region, year)

    def networkx(self) -> networkx.MultiDiGraph:
        """The whole graph for networkx (extra `network`)."""
        from .graph.network import network

        return network(self._store())

    def load(
        self,
        *,
        connection: Connection | None = None,
        dry_run: bool = False,
        progress: Callable[[int, int, str], Any] | None = None,
        **given: str | None,
    ) -> list[Count]:
        """Make a Neo4j database hold the graph of the workspace (extra `neo4j`); what was written of each table.

        The database is `connection`, else what `uri`, `user`, `database` and `password` say as in `open`. Only what
        differs is written, and with `dry_run` nothing.
        """
        from .graph.load import load

        there = connection or self.connection or _connection(self.folder, given)
        with self._workspace().store() as source:
            return load(source, there, dry_run=dry_run, progress=progress)

    def close(self) -> None:
        """Hang up on Neo4j, where questions went there."""
        if self._neo4j is not None:
            self._neo4j.close()

    def _store(self) -> EmbeddedStore | Neo4jStore:
        """What answers questions."""
        if self.connection is None:
            return self._workspace().store()
        if self._neo4j is None:
            from .graph.neo4j import Neo4jStore

            self._neo4j = Neo4jStore(self.connection)
        return self._neo4j

    def _workspace(self) -> Workspace:
        from .graph.workspace import Workspace

        return Workspace(self.folder)


def _words(error: ZhenglingError) -> str:
    from .app.messages import Catalogue, language_of

    return Catalogue(language_of()).error(error)


ZhenglingError.words = _words


def __getattr__(name: str) -> Any:
    if name == "Settings":
        from .extractors.readers import Settings

        return Settings
    if name == "__version__":
        from importlib.metadata import version

        return version("zhengling")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
