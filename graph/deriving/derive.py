"""Records → the graph: nodes and relationships with their evidence.

What a record gives by itself is kept as a piece (`pieces.py`); what papers share is told from the heads of all: what
they say of places, which documents there are, what their units are called, the chain; both are joined by columns
(`joining.py`). The order of the records does not matter: they are taken by their source.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from ...extractors.model import Citation, Record, Remark
from ...extractors.words.lexicon import Lexicon
from ..lineage.nearest import MOST_PAIRS
from ..lineage.verdicts import Verdict
from ..schema import NODES, RELATIONSHIPS
from .aligning import WORTH, align_side_by_side
from .chain import Step, Superior, steps, subject
from .documents import Documents, Twin
from .identity import Place, Places, UnitFacts, Units
from .joining import BLOCKS, COUNTS, MACROS, NAMED, SHARED, STATEMENTS, TARGETS, ordered
from .judged import Judged
from .kept import Pieces, create, insert
from .origins import MOST_SIBLINGS, SERIES, Read, Series, Siblings, Superiors, align_new, found_by_people
from .pieces import ToldRecord, called, day, head_of
from .proofs import REFERENCE, Proofs, append, evidence, is_referred

if TYPE_CHECKING:
    from typing import Self

    import duckdb

_ROWS = 10_000  # rows that are read or written at a time
#: What papers share, beside `documents`: the chain, papers by issuer and subject, papers without a loaded superior.
_TABLES = f"""
CREATE TABLE step(a TEXT, b TEXT, late INTEGER, PRIMARY KEY(a, b)) WITHOUT ROWID;
CREATE TABLE implements(a TEXT, b TEXT, inferred INTEGER, n INTEGER, evidence TEXT);
CREATE INDEX by_steps ON implements(a, b);
{SERIES}
"""

Records = Callable[[], Iterable[Record]] | Iterable[Record]


@dataclass(slots=True)
class LoadedPaper:
    """What became of one record: `duplicate` names the source that was used in its place."""

    source: str
    document: str
    counts: dict[str, int] = field(default_factory=dict)  # tasks, units, deadlines, citations
    remarks: list[Remark] = field(default_factory=list)  # what came to light here; the record has its own
    duplicate: str = ""


class Derived:
    """The graph, staged: what `embedded.build` takes. Close it to delete the files behind it."""

    def __init__(self, folder: str | Path | None = None, pieces: Path | None = None, rules: str = "") -> None:
        self._folder = tempfile.TemporaryDirectory(dir=folder, prefix="derive-")
        self.folder = Path(self._folder.name)
        self.pieces = Pieces(pieces or self.folder / "pieces.duckdb", self.folder / "spilled", rules)
        self.papers: list[LoadedPaper] = []
        self.told: Deriving | None = None  # what papers share, until this is closed
        self._file: BinaryIO | None = None

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        if self.told is not None:
            self.told.base.close()
        self.pieces.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        return self.pieces.connection

    # --- reading, in the order of the schema

    def nodes(self, label: str) -> Iterator[list[Any]]:
        """The rows of a label, sorted by id; of a node told by several papers, the first, with the aliases of all."""
        return self._rows((label,), list(NODES[label]))

    def relationships(self, name: str, start: str, stop: str) -> Iterator[list[Any]]:
        """The rows of a relationship between two labels, sorted by its ends."""
        return self._rows((name, start, stop), ["from", "to", *RELATIONSHIPS[name].properties])

    def _rows(self, key: tuple[str, ...], columns: list[str]) -> Iterator[list[Any]]:
        at = columns.index("evidence") if is_referred(key) else -1
        proofs = self._proofs() if at >= 0 else None
        found = self.pieces.cursor().execute(ordered(key))
        while rows := found.fetchmany(_ROWS):
            for row in map(list, rows):
                if proofs is not None:
                    row[at] = [proofs.told(reference) for reference in row[at]]
                yield row

    def _proofs(self) -> Proofs:
        if self._file is None:
            self._file = (self.folder / "proofs").open("wb+")
            append(self._file, self.blocks())
            self._file.flush()
        return Proofs(self._file.fileno())

    # --- writing

    def blocks(self) -> Iterator[tuple[int, str, bytes]]:
        """The evidence: slot, id of the document, block (`pieces.entries_of`)."""
        found = self.pieces.cursor().execute(BLOCKS)
        while rows := found.fetchmany(_ROWS):
            yield from rows

    def write(self, key: tuple[str, ...], path: Path) -> int:
        """The rows of a label or relationship as a Parquet file, where evidence is a list of references; how many."""
        return self._write(key, ordered(key), path)

    def _write(self, key: tuple[str, ...], rows: str, path: Path) -> int:
        referred = f"* REPLACE (list_transform(evidence, lambda x: {{'{REFERENCE}': x}}) AS evidence)"
        question = f"SELECT {referred if is_referred(key) else '*'} FROM ({rows})"
        file = str(path).replace("'", "''")
        (count,) = self.pieces.make(f"COPY ({question}) TO '{file}' (FORMAT parquet)").fetchone() or (0,)
        return count


def derive(
    records: Records | Callable[[int], Record | ToldRecord],
    lexicon: Lexicon,
    folder: str | Path | None = None,
    pieces: Path | None = None,
    marks: Sequence[str] | None = None,
    verdicts: Iterable[Verdict] = (),
    judged: Judged | None = None,
    siblings: bool = False,
    jobs: int = 1,
) -> Derived:
    """The graph of records, staged in files under `folder`.

    `records` gives them in the order of their sources. With `marks`, one of each record, it gives the `n`th, and is
    asked only for what has no piece of its mark in the file `pieces`, and for what has to be aligned. `verdicts` are
    what people have said of links between tasks, one a pair; `judged` what they said of names. With
    `siblings`, papers that carry out one that is not there are compared with each other. Many papers are aligned in
    `jobs` processes; `records` is asked from other threads then, by one at a time.
    """
    graph = Derived(folder, pieces, lexicon.version)
    try:
        if marks is not None:
            read: Any = records
            slots = _taken(graph.pieces, marks, read)
        else:
            slots, read = _all_taken(graph.pieces, records)
        Deriving(graph, slots, lexicon, read, verdicts, judged or Judged(), siblings, jobs).run()
    except BaseException:
        graph.close()
        raise
    return graph


def _all_taken(pieces: Pieces, records: Any) -> tuple[list[int], Read]:
    """The slots of records that come one after another, and what gives the `n`th again."""
    held = sqlite3.connect("", check_same_thread=False)  # asked by one at a time (`aligning.py`)
    held.execute("CREATE TABLE record(n INTEGER PRIMARY KEY, data BLOB)")
    slots = []
    for n, record in enumerate(records() if callable(records) else _sorted(records)):
        held.execute("INSERT INTO record VALUES (?, ?)", (n, msgspec.msgpack.encode(record)))
        slots.append(pieces.add(record, ""))
    pieces.write()
    decode = msgspec.msgpack.Decoder(Record).decode
    return slots, lambda n: decode(held.execute("SELECT data FROM record WHERE n = ?", (n,)).fetchone()[0])


def _taken(pieces: Pieces, marks: Sequence[str], read: Any) -> list[int]:
    """The slots of records by their marks; what has no piece yet is read."""
    there, wanted = pieces.slots(), set(marks)
    pieces.drop(slot for mark, slot in there.items() if mark not in wanted)
    slots = []
    for n, mark in enumerate(marks):
        slot = there.get(mark)
        slots.append(pieces.add(read(n), mark) if slot is None else slot)
    pieces.write()
    return slots


class Deriving:
    """Tells what papers share (`tell`), and leaves it in tables beside the pieces; `run` also joins the two."""

    def __init__(
        self,
        graph: Derived,
        slots: list[int],
        lexicon: Lexicon,
        read: Read,
        verdicts: Iterable[Verdict],
        judged: Judged,
        siblings: bool = False,
        jobs: int = 1,
    ) -> None:
        self.judged, self.siblings, self.jobs = judged, siblings, jobs
        self.addresses: dict[int, str] = {}  # of records
        self.graph, self.slots, self.lexicon, self.read, self.verdicts = graph, slots, lexicon, read, list(verdicts)
        self.first = 0  # number of the first record that is told; those before it were told before
        self.places = self._new_places()
        self.units = Units(self.places)
        self.base = self._new_base()
        graph.told = self
        self.documents = self._new_documents()
        self.regions: dict[str, None] = {}  # paths that are spoken of
        self.stands: list[Place] = []  # of each record
        self.same: dict[tuple[str | None, str | None], Place] = {}

    # --- what is told of nothing, or goes on from what was told before

    def _new_places(self) -> Places:
        return Places(self.lexicon)

    def _new_base(self) -> sqlite3.Connection:
        base = sqlite3.connect("")
        base.executescript(_TABLES)
        return base

    def _new_documents(self) -> Documents:
        return Documents(self.base, self.places)

    def run(self) -> None:
        self.tell()
        for statement in STATEMENTS:
            self.graph.pieces.make(statement)
        for n, *counts in self.graph.pieces.make(COUNTS).fetchall():
            self.graph.papers[n].counts = dict(zip(("tasks", "units", "deadlines", "citations"), counts, strict=True))

    def tell(self) -> None:
        connection = self.graph.connection
        connection.execute(MACROS)
        for name, columns in SHARED.items():
            create(connection, name, columns)
        self._share("order_", ((slot, n) for n, slot in enumerate(self.slots) if n >= self.first))
        self._claim()
        self._register()
        self._cite()
        for gone in self.judged.documents:
            self.documents.join(gone, self.judged.document(gone))
        self._papers()
        self._named()
        self._chain()
        self._origins()
        self._known()

    def _heads(self) -> Iterator[tuple[int, Record, str]]:
        """Number, head and content of each record, in order."""
        question = "SELECT o.n, h.data, h.content FROM order_ o JOIN head h USING (slot) ORDER BY o.n"
        found = self.graph.pieces.cursor().execute(question)
        while rows := found.fetchmany(_ROWS):
            for n, data, content in rows:
                yield n, head_of(data), content

    def _share(self, name: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Bring rows into a table of `SHARED`."""
        some: list[tuple[Any, ...]] = []
        for row in rows:
            some.append(row)
            if len(some) == _ROWS:
                insert(self.graph.connection, name, SHARED[name], some)
                some.clear()
        if some:
            insert(self.graph.connection, name, SHARED[name], some)

    def _place(self, head: Record) -> Place:
        """Where a paper stands, kept for what follows; papers of one place share what is kept."""
        place = self.places.of(head)
        shared = self.same.setdefault((place.path, place.level), Place(place.path, place.level, place.chain))
        self.stands.append(shared)
        return place

    def _claim(self) -> None:
        for _, head, _ in self._heads():
            self.places.claim(head)

    def _register(self) -> None:
        for n, head, content in self._heads():
            place = self._place(head)
            source = head.source.get("path", "")
            self.addresses[n] = str(head.source.get("address", ""))
            if n in self.judged.copies:
                self.graph.papers.append(LoadedPaper(source, "", duplicate=source))  # of which one, is told below
                continue
            identity = self.documents.add(n, head, place, content, n in self.judged.apart)
            if isinstance(identity, Twin):
                remark = Remark("duplicate", values={"document": identity.id, "source": identity.source})
                paper = LoadedPaper(source, identity.id, remarks=[remark], duplicate=identity.source)
            else:
                paper = LoadedPaper(source, identity, remarks=place.remarks)
            self.graph.papers.append(paper)
        for n in self.judged.copies:
            paper, kept = self.graph.papers[n], self.graph.papers[self.judged.copied(n)]
            paper.document, paper.duplicate = kept.document, kept.duplicate or kept.source
            values = {"document": paper.document, "source": paper.duplicate}
            paper.remarks = [Remark("duplicate", values=values)]

    def _cite(self) -> None:
        for method in (self.documents.cite, self._resolve):
            for n, head, _ in self._heads():
                if not self.graph.papers[n].duplicate:
                    method(n, head.citations, self.stands[n])

    def _resolve(self, n: int, citations: list[Citation], place: Place) -> None:
        for citation in self.documents.resolve(n, citations, place):
            spot = citation.evidence[0].place if citation.evidence else {}
            remark = Remark("citation-several", spot, citation.title or "", {"title": citation.title or ""})
            self.graph.papers[n].remarks.append(remark)

    # --- which papers there are, and what their words mean

    def _papers(self) -> None:
        """The papers of the graph and their places; where a paper has none, it is a place of its own."""
        self.numbers: dict[tuple[str | None, str | None, str], int] = {}
        self.scopes: list[tuple[Place, str]] = []

        def rows() -> Iterator[tuple[Any, ...]]:
            for n in range(self.first, len(self.graph.papers)):
                paper = self.graph.papers[n]
                if not paper.duplicate:
                    place = self.stands[n]
                    key = place.path, place.level, "" if place.path else paper.document
                    number = self.numbers.setdefault(key, len(self.scopes))
                    if number == len(self.scopes):
                        self.scopes.append((place, paper.document))
                    self._region(place.path)
                    yield self.slots[n], n, paper.document, number, place.path

        self._share("paper", rows())
        self._share("cited", ((self.slots[n], i, target) for n, i, target in self.documents.all_cited(self.first)))

    def _named(self) -> None:
        """What the names of units mean, asked in the order in which papers have them."""
        asked = [(at, "", *rest) for *rest, at in self._asked()]
        asked += [(at, target) for target, at in self.graph.connection.execute(TARGETS).fetchall()]
        told: dict[UnitFacts, int] = {}
        meant, issuing = [], []
        for _, target, *given in sorted(asked, key=lambda one: one[0]):
            if target:
                row = self.documents.row(target)
                if row["issuer"] and row["region"] and not row["loaded"]:
                    there = Place(row["region"], row["level"], self.places.chain(row["region"]))
                    unit = self.judged.unit(self.units.issuer(row["issuer"], there, target), row["issuer"])
                    issuing.append((target, row["issuer"], self._told(unit, told)))
                continue
            issuer, name, collective, number = given
            place, scope = self.scopes[number]
            unit = self.units.issuer(name, place, scope) if issuer else self.units.of(name, collective, place, scope)
            unit = self.judged.unit(unit, name)
            meant.append((issuer, name, collective, number, self._told(unit, told)))
        self._share("meant", meant)
        self._share("issuing", issuing)
        self._share("unit", (self._facts(unit, number, told) for unit, number in told.items()))

    def _asked(self) -> list[tuple[Any, ...]]:
        return self.graph.connection.execute(NAMED).fetchall()

    def _told(self, unit: UnitFacts, told: dict[UnitFacts, int]) -> int:
        if unit.parent is not None:
            told.setdefault(unit.parent, len(told))
        return told.setdefault(unit, len(told))

    def _facts(self, unit: UnitFacts, number: int, told: dict[UnitFacts, int]) -> tuple[Any, ...]:
        self._region(unit.region)
        above = None if unit.parent is None else told[unit.parent]
        said = unit.function, list(unit.fields), unit.level, unit.region, unit.collective
        return number, unit.id, unit.name, *said, above

    # --- the chain

    def _chain(self) -> None:
        """IMPLEMENTS of all loaded documents: what each says itself, then what others say of those that say nothing."""
        base = self.base
        shown: list[tuple[int, Step]] = []
        through: list[tuple[int, Step]] = []
        speaking: set[str] = set()
        for n, head, _ in self._heads():
            paper = self.graph.papers[n]
            if paper.duplicate:
                continue
            direct, inferred, others = self._steps(n, head, paper.document)
            for step in direct:
                self._step(n, step, inferred=False)
                speaking.add(paper.document)
            shown += [(n, step) for step in inferred]
            through += [(n, step) for step in others]
        for n, step in shown:
            if step.lower not in speaking and step.lower != step.upper and not self._spoke(step.lower):
                self._step(n, step, inferred=True)
        missing = []
        for n, step in through:
            reached = base.execute(
                "WITH RECURSIVE up(id) AS (VALUES(?) UNION SELECT b FROM step JOIN up ON step.a = up.id "
                "WHERE NOT late) "
                "SELECT 1 FROM up WHERE id = ?",
                (step.lower, step.upper),
            ).fetchone()
            if reached is None:
                missing.append((n, step))
        for n, step in missing:
            self._step(n, step, inferred=False, late=True)
        self._share("implements", self._implements())

    def _spoke(self, document: str) -> bool:
        """Whether a document says itself what it carries out, and was told before."""
        return False

    def _step(self, n: float, step: Step, inferred: bool, late: bool = False) -> None:
        """Note a step; `late`: which stands since the upper paper could not be reached otherwise."""
        self.base.execute("INSERT OR IGNORE INTO step VALUES (?, ?, ?)", (step.lower, step.upper, late))
        rows = ((step.lower, step.upper, inferred, n, one) for one in step.evidence)
        self.base.executemany("INSERT INTO implements VALUES (?, ?, ?, ?, ?)", rows)

    def _implements(self) -> Iterator[tuple[Any, ...]]:
        for (a, b, inferred), rows in groupby(self._shown_steps(), key=lambda one: one[:3]):
            evidence = list(dict.fromkeys(row[3] for row in rows))
            yield a, b, bool(inferred), evidence, json.loads(evidence[0])["quote"]

    def _shown_steps(self) -> Iterator[tuple[Any, ...]]:
        yield from self.base.execute(
            "SELECT a, b, inferred, evidence FROM implements ORDER BY a, b, inferred, n, rowid"
        )

    def _steps(self, n: int, head: Record, identity: str) -> tuple[list[Step], list[Step], list[Step]]:
        cited = self.documents.cited(n)
        superiors = []
        for i, citation in enumerate(head.citations):
            if citation.in_ != "document" or citation.role != "basis" or citation.kind != "directive" or i not in cited:
                continue
            row = self.documents.row(cited[i])
            about = self._about(n, row["title"])
            proof = tuple(evidence(identity, citation.evidence, called(citation)))
            superiors.append(Superior(cited[i], row["level"], about, citation.sentence, proof))
        return steps(identity, head.document.level, superiors)

    def _about(self, n: int, title: str | None) -> str:
        """What a title is about that stands in the `n`th record."""
        near = [self.places.known[p][0] for p in self.stands[n].chain.values()]
        return subject(title, [*near, *(name for name, _ in self.places.names(title))])

    # --- what tasks are made from

    def _origins(self) -> None:
        """Align the papers with their loaded superiors, as far as they are not aligned yet."""
        self._share("pair", self._pairs())
        for n, upper, count in self.graph.pieces.leave_apart(MOST_PAIRS):
            self._left_apart(n, {"document": self.graph.papers[upper].document, "pairs": count})
        self._align()
        self._share("verdict", self._judged())
        self._share("orphan", self._orphans())

    def _left_apart(self, n: int, values: dict[str, Any]) -> None:
        self.graph.papers[n].remarks.append(Remark("papers-too-large", values=values))

    def _align(self) -> None:
        pieces = self.graph.pieces
        if not self.first:
            pieces.drop_links()
        if self.jobs > 1 and pieces.waiting() >= WORTH:
            align_side_by_side(pieces, self.read, self.lexicon, self.jobs)
        else:
            align_new(pieces, self.read, self.lexicon)

    def _judged(self) -> Iterator[tuple[Any, ...]]:
        papers = self.graph.papers
        said = [
            one
            for one in self.verdicts
            if one.gone is None and not papers[one.lower[0]].duplicate and not papers[one.upper[0]].duplicate
        ]
        there = self.graph.pieces.linked({self.slots[one.lower[0]] for one in said})
        for one in said:
            (lower, k), (upper, j) = one.lower, one.upper
            at = self.slots[lower], k, self.slots[upper], j
            own = found_by_people(self.read, one, self.lexicon) if one.confirmed and at not in there else (None, [])
            yield *at, one.takes_out, one.state, list(one.texts), *own

    def _orphans(self) -> Iterator[tuple[Any, ...]]:
        """What somebody confirmed that comes from a task that its superior has no more."""
        papers = self.graph.papers
        for one in self.verdicts:
            if one.gone is not None and not papers[one.lower[0]].duplicate:
                title, text = one.gone
                told = {"document": papers[one.upper[0]].document, "title": title, "text": text}
                yield self.slots[one.lower[0]], one.lower[1], json.dumps(told, ensure_ascii=False)

    def _pairs(self) -> Iterator[tuple[Any, ...]]:
        """Papers with their superiors, with what their issuers said of the same subject the year before, and, where it
        is asked for, with their siblings."""
        superiors, series, siblings = Superiors(self.base, self.documents), Series(self.base), Siblings(self.base)
        for n, head, _ in self._heads():
            paper = self.graph.papers[n]
            if not paper.duplicate:
                found = superiors.of(n, paper.document, head.document.level, head.citations)
                for upper, tasks in sorted(found.items()):
                    yield self._pair(n, upper, "derives", tasks)
                row = self.documents.row(paper.document)
                series.add(n, row, self._about(n, row["title"]))
                if self.siblings and not found:
                    siblings.add(n, row, superiors.absent(n, paper.document, head.citations))
        years = set()
        for pair in self._years(series):
            years.add(pair)
            yield self._pair(*pair, "resembles")
        for n, other in siblings.pairs():
            if (n, other) not in years and (other, n) not in years:
                yield self._pair(n, other, "shares")
        for n, superior, count in siblings.left_apart():
            values = {"document": superior, "count": count, "most": MOST_SIBLINGS}
            self.graph.papers[n].remarks.append(Remark("siblings-too-many", values=values))

    def _years(self, series: Series) -> Iterator[tuple[int, int]]:
        return series.pairs()

    def _pair(self, n: int, upper: int, way: str, tasks: Iterable[str] = ()) -> tuple[Any, ...]:
        return self.slots[n], self.slots[upper], n, upper, " ".join(sorted(set(tasks))), way

    # --- what all papers speak of

    def _known(self) -> None:
        self._share("document", map(self._document, self._documents()))
        parts = [(path, *pair) for path in self.regions for pair in self._parts(path)]
        self._share("part", parts)
        known = self.places.known
        spoken_of = dict.fromkeys(part for _, part, _ in parts if part in known)
        self._share("region", ((path, *known[path]) for path in spoken_of))

    def _documents(self) -> Iterable[str]:
        return self.documents.rows()

    def _document(self, identity: str) -> tuple[Any, ...]:
        row = self.documents.row(identity)
        has_steps = self.base.execute("SELECT 1 FROM step WHERE a = ?", (identity,)).fetchone()
        why = "" if has_steps else "not loaded" if not row["loaded"] else "names no superior"
        if not has_steps and row["loaded"] and row["level"] == "national":
            why = "national"
        self._region(row["region"])
        slot = self.slots[row["n"]] if row["loaded"] else None
        values = row | {"loaded": bool(row["loaded"]), "date": day(row["date"]), "why": why}
        values |= {"aliases": self.documents.aliases(identity), "slot": slot}
        values["address"] = self.addresses.get(row["n"], "") if row["loaded"] else ""
        return tuple(values[name] for name in SHARED["document"])

    def _region(self, path: str | None) -> None:
        if path:
            self.regions[path] = None

    def _parts(self, path: str) -> Iterator[tuple[str, str | None]]:
        """Each region of a path with the one above it."""
        above: str | None = None
        for part in self.places.parts(path):
            yield part, above
            above = part


def _sorted(records: Iterable[Record]) -> list[Record]:
    return sorted(records, key=lambda record: record.source.get("path", ""))
