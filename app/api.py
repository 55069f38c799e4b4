"""The public functions of the package: `zhengling.extract`, `zhengling.open`, …"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..extractors.errors import ZhenglingError
from ..extractors.model import Record
from .people import Correcting
from .tell import note

if TYPE_CHECKING:
    import networkx
    from spacy.language import Language
    from spacy.tokens import Doc

    from ..extractors.limits import Settings
    from ..extractors.model import Remark
    from ..graph.analyse import Figure
    from ..graph.checking.finding import Finding
    from ..graph.deriving.derive import LoadedPaper
    from ..graph.lineage.align import Alignment
    from ..graph.lineage.reconstructing import LikelyTask
    from ..graph.rdf.shapes import Violation
    from ..graph.stores.embedded import EmbeddedStore
    from ..graph.stores.load import Count
    from ..graph.stores.neo4j import AskedInNeo4j, Connection, Neo4jStore
    from ..graph.stores.outgoing import Outgoing
    from ..graph.stores.questions import AskedInCypher
    from ..graph.workspace.intake import Report
    from ..graph.workspace.library import Library
    from ..graph.workspace.workspace import Workspace
    from ..queries.runner import Answer, Question
    from ..queries.sparql import Triples
    from ..queries.store import Store
    from ..queries.understanding.emptiness import Reason
    from ..queries.understanding.names import Meaning, Understanding
    from .fetch import Kept
    from .files_out.export import Written
    from .meant import Meant
    from .pictures.view import ViewReport


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
    from ..extractors.pipeline import extract as read
    from ..extractors.words.lexicon import Lexicon

    lexicon = Lexicon.load([Path(workspace, "lexicon")]) if workspace else None
    return read(Path(path), lexicon=lexicon, attachments=[Path(a) for a in attachments], settings=settings)


def nlp(workspace: str | PathLike[str] | None = None) -> Language:
    """The steps of reading as a spaCy pipeline on a text: `record(nlp(text))`. Each call makes a new one, whose
    components may be taken out, put in between and replaced. `workspace` adds the words of its `lexicon/`."""
    from ..extractors.pipeline import language

    return language([Path(workspace, "lexicon")] if workspace else ())


def record(doc: Doc) -> Record:
    """The record of what the components of a pipeline left on a doc."""
    from ..extractors.record.spans import record_of

    return record_of(doc)


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
    from .fetch import fetch as keep

    errors: list[Exception] = []
    urls = [urls] if isinstance(urls, str) else urls
    tell = failed or (lambda url, error: errors.append(error))
    kept = keep(urls, Path(out), private=private, settings=settings, failed=tell)
    if errors:
        raise errors[0]
    return kept


def open(
    workspace: str | PathLike[str] = "zhengling-workspace",
    *,
    store: str = "embedded",
    settings: Settings | None = None,
    **connection: str | None,
) -> Graph:
    """The graph of a workspace; the folder is made by the first `build`.

    With `store="neo4j"` questions go to the Neo4j database that `Graph.load` filled. `uri`, `user`, `database` and
    `password` name it; what is left out comes from the environment and the workspace's `neo4j.toml`. `settings` bound
    the time and memory of a question.
    """
    if store not in ("embedded", "neo4j"):
        raise ZhenglingError("store-unknown", 2, store=store, stores=["embedded", "neo4j"])
    return Graph(workspace, _connection(workspace, connection) if store == "neo4j" else None, settings)


def _connection(workspace: str | PathLike[str], given: dict[str, Any]) -> Connection:
    from ..graph.stores.neo4j import connection

    return connection(Path(workspace), given)


class Graph(Correcting):
    """A workspace and the questions that it answers. Every method raises `ZhenglingError` for what a user can cause."""

    def __init__(
        self,
        workspace: str | PathLike[str],
        connection: Connection | None = None,
        settings: Settings | None = None,
    ) -> None:
        self.folder, self.connection, self.settings = Path(workspace), connection, settings
        self._neo4j: Neo4jStore | None = None
        self._embedded: AskedInCypher | None = None

    def build(
        self,
        paths: Iterable[str | PathLike[str]] | str | PathLike[str],
        again: bool = False,
        progress: Callable[..., None] | None = None,
        settings: Settings | None = None,
        gone: bool = False,
        jobs: int | None = None,
        siblings: bool | None = None,
    ) -> Report:
        """Read the papers of files, folders and ZIPs and derive the graph; only what changed is read again.

        `again` reads everything again and takes back what was removed; `settings` are the limits of reading. Where none
        of a path's papers is there any more, their records go only with `gone`. `jobs` papers are read side by side, as
        many as there are processors if not given. `siblings` says for this and later builds whether papers that carry
        out one that is not there are compared with each other.
        """
        paths = [paths] if isinstance(paths, (str, PathLike)) else list(paths)
        if not all(str(path).strip() for path in paths):  # an empty path would be the folder that one stands in
            raise ZhenglingError("empty-path", 2)
        workspace = self._workspace()
        return workspace.build(paths, again, progress, settings, gone, jobs, siblings)

    def remarks(self, paper: LoadedPaper) -> list[Remark]:
        """What was not understood in a paper of a `Report`, or came to light beside the others."""
        return self._workspace().remarks(paper)

    def remove(self, name: str) -> list[str]:
        """Take a document (its id, number, title or file) out and keep it out until `build(…, again=True)`.

        Gives the files that it was read from.
        """
        if not name.strip():
            raise ZhenglingError("no-such-document", 2, document=name)
        workspace = self._workspace()
        try:
            return workspace.remove(name)
        except ZhenglingError as error:
            if error.code != "no-such-document":
                raise
        with workspace.store() as store:
            document = self._document(store, name, loaded=True)
        return workspace.remove(document)

    def _document(self, store: EmbeddedStore, name: str, loaded: bool) -> str:
        """The id of the one document, loaded or only cited, that people mean by a name; says how it was understood."""
        found = self._names(store).document(name, loaded)
        note(found.understood)
        return found.value

    def questions(self, failed: dict[str, ZhenglingError] | None = None) -> dict[str, Question]:
        """The saved questions by name, those of the workspace's `queries/` among them.

        A file there that is no question is left out; `failed`, where given, gets its error under its path.
        """
        from ..queries.runner import questions

        return questions([self.folder / "queries"], {} if failed is None else failed)

    def ask(self, name: str, parameters: dict[str, Any]) -> Answer:
        """The answer to a saved question: its columns and its rows."""
        from ..queries.runner import ask

        asked, store = self.question(name), self._asked()
        return ask(store, asked, parameters, names=self._names(store))

    def question(self, name: str) -> Question:
        """The saved question of that name; `ZhenglingError` names those that there are."""
        from ..queries.runner import question

        failed: dict[str, ZhenglingError] = {}
        return question(name, self.questions(failed), failed)

    def keep_question(self, name: str, cypher: str, title: str, about: str = "") -> str:
        """Keep a question in Cypher with the workspace (`queries/NAME.cypher`), after asking it once; its name.

        Raises `ZhenglingError` for a name that is none or taken, and where the question is refused.
        """
        from ..queries.runner import keep_question

        return keep_question(self.folder / "queries", self._asked(), name, cypher, title, about)

    def drop_question(self, name: str) -> None:
        """Take a question that the workspace keeps away. Raises `ZhenglingError` where it keeps none of that name."""
        from ..queries.runner import drop_question

        drop_question(self.folder / "queries", name)

    def why_empty(self, name: str, parameters: dict[str, Any]) -> list[Reason]:
        """Why a saved question has no rows: which filter left nothing, and what the data cover."""
        from ..queries.runner import why_empty

        store = self._asked()
        return why_empty(store, self.question(name), parameters, names=self._names(store))

    def query(self, name: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a saved question, one map a row, as pandas takes them.

        A parameter whose name is a Python keyword takes a `_` after it: `query("due", from_="2024-01-01")`.
        """
        return self.ask(name, {k.rstrip("_"): v for k, v in parameters.items()}).dicts()

    def ask_freely(self, cypher: str, parameters: dict[str, Any]) -> Answer:
        """The answer to a question in Cypher, read-only."""
        from ..queries.runner import ask_freely

        return ask_freely(self._asked(), cypher, parameters)

    def cypher(self, text: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a question in Cypher; `$name` in it takes the parameter `name`."""
        return self.ask_freely(text, parameters).dicts()

    def shacl(self, language: str = "zh") -> list[Violation]:
        """What in the graph in RDF is not as the shapes say (extra `rdf`), with messages in a language."""
        from ..graph.rdf.shapes import shacl

        workspace = self._workspace()
        with workspace.store() as store:
            return shacl(store, workspace.records, language)

    def sparql(self, question: str, /, base: str | None = None, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a question in SPARQL (extra `rdf`): the name of a saved one, a file, or the text itself."""
        return self.ask_sparql(question, {k.rstrip("_"): v for k, v in parameters.items()}, base).dicts()

    def ask_sparql(self, question: str, parameters: dict[str, Any], base: str | None = None) -> Answer:
        """The answer to a question in SPARQL; `base` is the beginning of all IRIs."""
        from ..queries import sparql
        from ..queries.runner import ask

        asked = self._in_sparql(question)
        with self._triples(base) as store:
            if isinstance(asked, str):
                return sparql.ask_freely(store, asked, parameters)
            with self._workspace().store() as graph:
                return ask(store, asked, parameters, names=self._names(graph))

    def why_empty_in_sparql(self, question: str, parameters: dict[str, Any], base: str | None = None) -> list[Reason]:
        """Why a question in SPARQL has no rows, as `why_empty` says it; nothing of one that has no header."""
        from ..queries.runner import why_empty

        asked = self._in_sparql(question)
        if isinstance(asked, str):
            return []
        with self._triples(base) as store, self._workspace().store() as graph:
            return why_empty(graph, asked, parameters, names=self._names(graph), asked=store)

    def sparql_question(self, question: str) -> Question | None:
        """A question in SPARQL (a name, a file or a text) that says itself of what type its parameters are; None for
        one without a header."""
        found = self._in_sparql(question)
        return None if isinstance(found, str) else found

    def _in_sparql(self, question: str) -> Question | str:
        """The saved question of that name, or that of a file or text: with its header, or the text."""
        from ..queries import sparql
        from ..queries.runner import question as named

        failed: dict[str, ZhenglingError] = {}
        known = self.sparql_questions(failed)
        if "{" in question or "\n" in question:
            sparql.check(question)  # before the store is made
            return question
        if question not in known and Path(question).is_file():
            return sparql.read_file(Path(question))
        return named(question, known, failed)  # or says which there are

    @contextmanager
    def _triples(self, base: str | None) -> Iterator[Triples]:
        from ..graph.rdf.terms import BASE
        from ..graph.rdf.triples import rows_alone, triples
        from ..queries.sparql import Triples

        workspace, begins = self._workspace(), base or BASE
        whole = lambda named: triples(workspace, begins, named)  # noqa: E731
        store = Triples(whole, self.settings, lambda wanted: rows_alone(workspace, wanted, begins))
        try:
            yield store
        finally:
            store.close()

    def sparql_questions(self, failed: dict[str, ZhenglingError] | None = None) -> dict[str, Question]:
        """The saved questions in SPARQL by name, as `questions` gives those in Cypher."""
        from ..queries.sparql import saved

        return saved([self.folder / "queries"], {} if failed is None else failed)

    def trace(self, task: str) -> list[dict[str, Any]]:
        """The chain of command above a task (its id, or words that only its title or text holds), one map a step.

        Raises `ZhenglingError` with the code `several-tasks` and the `hits` where the words fit more than one task.
        """
        return self.query("trace", task=self.task(task))

    def task(self, words: str) -> str:
        """The id of the one task that bears this id or holds these words."""
        if not words.strip():
            raise ZhenglingError("no-such-task", 2, task=words)
        return self.meaning("task", words).value

    def meaning(self, kind: str, name: str) -> Meaning:
        """What a name of a kind (`unit`, `region`, `document`, `task`, `function`) means in this graph: the value that
        questions take for it, and how it was understood."""
        return self._names(self._asked()).meaning(kind, name)

    def compare(self, lower: str, superior: str | None = None) -> Alignment:
        """The tasks of a paper beside those of its superior; each by id, number, title or file.

        Without `superior` the nearest loaded one up the chain. Raises `ZhenglingError` where there is none
        (`no-superior`) or several (`several-superiors`, with the `hits`).
        """
        from ..graph.workspace.superiors import superiors

        workspace = self._workspace()
        with workspace.store() as store:
            library = workspace.library(store)
            meant = self._meant(store, library)
            identity = meant.document(lower)
            hits = superiors(store, identity) if superior is None else [meant.document(superior)]
        if len(hits) != 1:
            code = "several-superiors" if hits else "no-superior"
            raise ZhenglingError(code, 1, document=identity, count=len(hits), hits=hits)
        if hits == [identity]:
            raise ZhenglingError("own-superior", 2, document=identity)
        return self._aligned(library, hits[0], identity)

    def _aligned(self, library: Library, upper: str, lower: str) -> Alignment:
        """The alignment of two loaded papers, and what people said of it."""
        from ..graph.lineage.align import align

        papers = library.record(upper), library.record(lower)
        return align(*papers, self._workspace().lexicon(), said=library.said(lower, upper))

    def coverage(self, document: str) -> dict[str, Alignment]:
        """How the loaded papers below a document take up its tasks: id of the lower paper → alignment, sorted by id."""
        from ..graph.workspace.superiors import inferiors

        workspace = self._workspace()
        with workspace.store() as store:
            library = workspace.library(store)
            identity = self._meant(store, library).document(document)
            below = inferiors(store, identity)
        return {one: self._aligned(library, identity, one) for one in below}

    def reconstruct(self, document: str) -> list[LikelyTask]:
        """The likely tasks of a document that is cited but not loaded (id, number or title), out of what the papers
        below it share. Inferred, and never part of the graph."""
        from ..graph.lineage.reconstructing import reconstruct
        from ..graph.workspace.superiors import inferiors

        workspace = self._workspace()
        with workspace.store() as store:
            library = workspace.library(store)
            try:
                cited = library.cited(document)
            except ZhenglingError:
                if there := self._names(store).documents(document, loaded=True):
                    raise ZhenglingError("document-there", 2, document=there[0]) from None
                cited = self._document(store, document, loaded=False)
            below = inferiors(store, cited)
        return reconstruct({one: library.record(one) for one in below}, workspace.lexicon())

    def view(
        self,
        out: str | PathLike[str],
        *,
        document: str | None = None,
        unit: str | None = None,
        task: str | None = None,
        directive: str | None = None,
        region: str | None = None,
        level: str = "",
        year: int = 0,
        language: str = "zh",
    ) -> ViewReport:
        """Write a picture of the graph, or of what is around one of its nodes, as one HTML file (extra `view`).

        At most one of `document`, `unit`, `task` and `directive` (what it set in motion) is given, by id or name;
        `region` says where a unit is whose name several places have; else it, `level` and `year` say of which papers
        the picture is, all that are given.
        """
        from .pictures.view import write_view

        store = self._leaving(self._store())
        return write_view(
            store,
            Path(out),
            names=self._names(store),
            region=region,
            level=level,
            year=year,
            document=document,
            unit=unit,
            task=task,
            directive=directive,
            language=language,
        )

    def export(
        self,
        form: str,
        out: str | PathLike[str],
        *,
        base: str | None = None,
        language: str = "zh",
        by_unit: bool = False,
        today: str = "",
    ) -> Written:
        """Write the whole graph to a file (a folder for some) in a format that other tools take.

        `base` is the beginning of all IRIs in RDF, `language` that of headings; with `by_unit` a workbook has a sheet
        for each unit, too. The ledger and the task sheets have the lights of the day `today` (this one, if not given).
        What an office has written into a ledger that stands there is kept, or the file refused.
        """
        if not str(out).strip():
            raise ZhenglingError("empty-path", 2)
        from ..graph.rdf.said import beside_of
        from .files_out.export import BASE, ExportSettings, export
        from .messages import Catalogue

        workspace = self._workspace()
        with workspace.store() as store:
            leaving = self._leaving(store)
            beside = partial(beside_of, workspace, leaving)
            say, known = Catalogue(language), lambda: self.questions().values()
            day = self._day(today)
            settings = ExportSettings(say, base or BASE, leaving.records, beside, by_unit, known, day)
            return export(leaving, form, Path(out), settings)

    def import_(self, path: str | PathLike[str], again: bool = False) -> Report:
        """Take the papers of an export in N-Quads into the workspace; `again` takes back what was removed."""
        if not str(path).strip():
            raise ZhenglingError("empty-path", 2)
        from ..graph.rdf.restore import read, said

        with Path(path).open("rb"):  # what can not be read is no fault of the workspace
            pass
        return self._workspace().take(read(Path(path)), again, *said(Path(path)))

    def check(self) -> list[Finding]:
        """What an editor or a supervisor should look at in the papers, the gravest first."""
        from ..graph.checking.check import check

        workspace = self._workspace()
        with workspace.store() as store:
            return check(store, workspace.records(), workspace.lexicon())

    def analyse(self, figure: str, *, region: str = "", year: int = 0, limit: int = 0) -> list[dict[str, Any]]:
        """A figure of the network (`docs/analysis.md`; extra `network`), one map a row, best first.

        `region` is the name or path of a place, `year` that of the papers; `limit` 0 is all rows.
        """
        columns, rows = self.figures([figure], region=region, year=year)[figure]
        return [dict(zip(columns, row, strict=True)) for row in (rows[:limit] if limit else rows)]

    def figures(self, names: Iterable[str], *, region: str = "", year: int = 0) -> dict[str, Figure]:
        """Several figures at once: name → columns and all rows."""
        from ..graph.analyse import analyse

        with self._workspace().store() as store:
            if region.strip():
                found = self._names(store).region(region)
                note(found.understood)
                region = found.value
            return analyse(store, names, region, year)

    def networkx(self) -> networkx.MultiDiGraph:
        """The whole graph for networkx (extra `network`)."""
        from ..graph.stores.network import network

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
        from ..graph.stores.load import load

        there = connection or self.connection or _connection(self.folder, given)
        workspace = self._workspace()
        with workspace.store() as source, workspace.last_load(f"{there.uri} {there.database}") as loaded:
            return load(self._leaving(source), there, dry_run=dry_run, progress=progress, loaded=loaded)

    def close(self) -> None:
        """Hang up on Neo4j, where questions went there, and end the process that answered them here."""
        for store in (self._neo4j, self._embedded):
            if store is not None:
                store.close()

    def _asked(self) -> AskedInCypher | AskedInNeo4j:
        """What answers questions that people write: within limits."""
        if self.connection is not None:
            from ..graph.stores.neo4j import AskedInNeo4j

            return AskedInNeo4j(self._server(self.connection))
        from ..graph.stores.questions import AskedInCypher

        path = self._workspace().store().path
        if self._embedded is None:
            self._embedded = AskedInCypher(path, self.settings)
        return self._embedded

    def _names(self, store: Store) -> Understanding:
        """What names mean in a store, by the words of the workspace."""
        from ..queries.understanding.names import Understanding

        return Understanding(store, self._workspace().lexicon())

    def _meant(self, store: EmbeddedStore, library: Library) -> Meant:
        from .meant import Meant

        return Meant(store, library, self._names(store))

    def _store(self) -> EmbeddedStore | Neo4jStore:
        """What answers our own questions."""
        return self._workspace().store() if self.connection is None else self._server(self.connection)

    def _leaving(self, store: EmbeddedStore | Neo4jStore) -> Outgoing:
        """The graph as it may leave the workspace."""
        from ..graph.stores.outgoing import Outgoing

        workspace = self._workspace()
        return Outgoing(store, workspace.records, workspace.sources())

    def _server(self, connection: Connection) -> Neo4jStore:
        if self._neo4j is None:
            from ..graph.stores.neo4j import Neo4jStore

            self._neo4j = Neo4jStore(connection, self.settings.timeout if self.settings else None)
        return self._neo4j

    def _workspace(self) -> Workspace:
        from ..graph.workspace.workspace import Workspace

        return Workspace(self.folder)


def _words(error: ZhenglingError) -> str:
    from .messages import Catalogue, language_of

    return Catalogue(language_of()).error(error)


ZhenglingError.words = _words
