"""Papers that come to many others: they alone are told, and their rows alone made, where what is known already means
the same after as before.

That is looked at, not supposed: `ChangedError` is raised where a new paper would change what another one says or what
stands of it in the graph (another document's facts, the place of a name, a step of the chain): then all is told anew.
What several papers tell together (evidence of a relationship, the names of a unit) is given as far as the new ones tell
it; the store puts both together (`stores.adding`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ...extractors.model import Citation, Record
from ...extractors.words.lexicon import Lexicon, Region
from ..schema import NODES, RELATIONSHIPS
from .chain import Step
from .derive import Derived, Deriving, LoadedPaper
from .documents import NOTED, TURNS, Documents, Twin
from .identity import Place, Places
from .joining import IDS, ordered
from .judged import Judged
from .kept import create, insert
from .origins import Read, Series
from .proofs import is_referred
from .sharing import Again

#: What DuckDB calls types of the schema.
_TYPES = {"STRING": "VARCHAR", "INT64": "BIGINT", "STRING[]": "VARCHAR[]"}
#: New papers for each hundred old ones from which on all is made anew, and how many there may always be.
_PERCENT, _FEW = 2, 20

_SEEN = [
    "CREATE TEMP TABLE new_name(key TEXT)",
    "CREATE TEMP TABLE new_alias(id TEXT)",
    """
    CREATE TEMP TRIGGER name_seen BEFORE INSERT ON main.name
    WHEN NOT EXISTS (SELECT 1 FROM main.name
                     WHERE key = new.key AND id = new.id AND (inner = new.inner OR new.inner <> 0))
    BEGIN INSERT INTO new_name VALUES (new.key); END
    """,
    """
    CREATE TEMP TRIGGER alias_seen BEFORE INSERT ON main.alias
    WHEN NOT EXISTS (SELECT 1 FROM main.alias WHERE id = new.id AND alias = new.alias)
    BEGIN INSERT INTO new_alias VALUES (new.id); END
    """,
]
_LINKED = """
SELECT DISTINCT slot FROM (SELECT lower AS slot FROM pair UNION ALL SELECT upper FROM pair)
WHERE slot NOT IN (SELECT slot FROM paper)
"""
_ALIGNED = """
CREATE TABLE memory.alignment AS
SELECT a.* FROM kept.alignment a JOIN pair p
ON p.lower = a.lower AND p.upper = a.upper AND p.tasks = a.tasks AND p.way = a.way
"""
_BLOCKS = """
WITH near AS (SELECT slot, document FROM paper UNION ALL SELECT slot, document FROM beyond)
SELECT p.slot, p.document, h.block FROM paper p JOIN head h USING (slot)
UNION ALL SELECT a.slot, n.document, a.block FROM alignment a JOIN near n ON n.slot = a.lower WHERE a.links > 0
UNION ALL SELECT a.slot + 1, n.document, a.above FROM alignment a JOIN near n ON n.slot = a.upper WHERE a.links > 0
ORDER BY 1
"""
_TASKS = """
SELECT n.id, n.document, t.k, coalesce(d.region, ''), coalesce(d.year, 0), coalesce(t.title, ''), t.text
FROM task t JOIN paper p USING (slot) JOIN named_task n USING (slot, k) JOIN document d ON d.id = n.document
"""


class ChangedError(Exception):
    """New papers change what others mean: all is to be told anew."""


class Added(Derived):
    """The rows of new papers. `papers` are those of all, in order."""

    def __init__(self, folder: str | Path, pieces: Path, rules: str) -> None:
        super().__init__(folder, pieces, rules)
        # The file of the pieces keeps its log until all is made anew: to bring it in takes longer the more there are.
        self.connection.execute("PRAGMA disable_checkpoint_on_shutdown")

    @property
    def new(self) -> Adding:
        """What was told of them."""
        assert isinstance(self.told, Adding)
        return self.told

    def blocks(self) -> Iterator[tuple[int, str, bytes]]:
        yield from self.pieces.cursor().execute(_BLOCKS).fetchall()

    def numbered(self, key: tuple[str, ...]) -> list[tuple[Any, ...]]:
        """The rows of a label or relationship, with numbers of references for evidence."""
        return self.pieces.cursor().execute(ordered(key)).fetchall()

    def tasks(self) -> list[tuple[Any, ...]]:
        """Id, document, place, region, year, title and text of the new tasks."""
        return self.pieces.cursor().execute(_TASKS).fetchall()

    def write_some(self, key: tuple[str, ...], rows: Sequence[Sequence[Any]], path: Path) -> None:
        """Write such rows as `write` does."""
        properties = NODES[key[0]] if len(key) == 1 else RELATIONSHIPS[key[0]].properties
        columns = properties if len(key) == 1 else {"from": "STRING", "to": "STRING", **properties}
        types = {name: _TYPES.get(type_, type_) for name, type_ in columns.items()}
        types |= {"evidence": "BIGINT[]"} if is_referred(key) else {}
        self.connection.execute("DROP TABLE IF EXISTS memory.few_rows")
        create(self.connection, "memory.few_rows", types)
        insert(self.connection, "memory.few_rows", types, [*map(tuple, rows)])
        self._write(key, "SELECT * FROM few_rows", path)

    def name_others(self) -> None:
        """Name the tasks of older papers that links lead to: to be called when the rows of tasks have been taken."""
        self.connection.execute(f"INSERT INTO named_task {IDS.format('beyond')}")


def positions(before: Sequence[str], now: Sequence[str]) -> dict[int, int]:
    """Place of each new mark in `now` → how many of those before stand before it. Raises `ChangedError` where one is
    gone, or they stand in another order, or too many are new."""
    found: dict[int, int] = {}
    at = 0
    for place, mark in enumerate(now):
        if at < len(before) and before[at] == mark:
            at += 1
        else:
            found[place] = at
    if at < len(before) or not found or len(found) > max(_FEW, len(before) * _PERCENT // 100):
        raise ChangedError
    return found


def add(
    again: Again,
    records: Read,
    lexicon: Lexicon,
    folder: Path,
    pieces: Path,
    marks: Sequence[str],
    judged: Judged,
    jobs: int,
) -> Added:
    """The rows of the records whose mark is not among those that were told before; `records` gives the `n`th of
    `marks`. Raises `ChangedError` where all is to be told anew."""
    shared = again.shared
    if shared.rules != lexicon.version or judged.documents or judged.copies or judged.apart:
        raise ChangedError
    found = positions(shared.marks, marks)
    new, old = list(found), iter(range(len(marks)))
    places = [n for n in old if n not in found] + new  # number of a record here → its place in `marks`
    graph = Added(folder, pieces, lexicon.version)
    try:
        slots = [*shared.slots, *_taken(graph, shared.marks, shared.slots, marks, new, records)]
        turns = {len(shared.marks) + i: found[place] - 0.5 for i, place in enumerate(new)}
        graph.papers = again.papers()
        Adding(graph, slots, lexicon, lambda n: records(places[n]), judged, jobs, again, turns).run()
        papers: list[LoadedPaper | None] = [None] * len(marks)
        for n, place in enumerate(places):
            papers[place] = graph.papers[n]
        graph.papers = [paper for paper in papers if paper is not None]
    except BaseException:
        graph.close()
        raise
    return graph


def _taken(
    graph: Added, before: Sequence[str], slots: Sequence[int], marks: Sequence[str], new: Sequence[int], read: Read
) -> list[int]:
    """The slots of the new records, which are taken apart where they are not yet."""
    there, wanted = graph.pieces.slots(), set(marks)
    if any(there.get(mark) != slot for mark, slot in zip(before, slots, strict=True)):
        raise ChangedError
    graph.pieces.drop(slot for mark, slot in there.items() if mark not in wanted)
    found = [there[marks[n]] if marks[n] in there else graph.pieces.add(read(n), marks[n]) for n in new]
    graph.pieces.write()
    return found


class Adding(Deriving):
    """Tells new papers, by what was told of all before."""

    def __init__(
        self,
        graph: Added,
        slots: list[int],
        lexicon: Lexicon,
        read: Read,
        judged: Judged,
        jobs: int,
        again: Again,
        turns: dict[int, float],
    ) -> None:
        """`turns`: number of a new paper → where it stands among the numbers of the old ones."""
        self._again, self._turns = again, turns
        (self._last,) = again.base.execute("SELECT max(rowid) FROM document").fetchone()
        super().__init__(graph, slots, lexicon, read, (), judged, jobs=jobs)
        self.first = len(again.shared.marks)
        self.stands = [Place(None, None)] * self.first
        self._touched: dict[tuple[str, str, bool], None] = {}
        #: Documents of pairs of papers whose tasks are not compared any more.
        self.parted: list[tuple[str, str]] = []

    def _new_places(self) -> Places:
        return _PlacesToldBefore(self.lexicon, self._again)

    def _new_base(self) -> sqlite3.Connection:
        for statement in _SEEN:
            self._again.base.execute(statement)
        return self._again.base

    def _new_documents(self) -> Documents:
        return _DocumentsToldBefore(self.base, self.places, self._turns, self._last)

    def tell(self) -> None:
        create(self.graph.connection, "memory.beyond", {"slot": "INTEGER", "document": "VARCHAR"})
        super().tell()
        number = {slot: n for n, slot in enumerate(self.slots)}
        linked = [slot for (slot,) in self.graph.connection.execute(_LINKED).fetchall()]
        for slot in linked:
            row = [slot, self.graph.papers[number[slot]].document]
            self.graph.connection.execute("INSERT INTO beyond VALUES (?, ?)", row)
        self.graph.connection.execute(_ALIGNED)

    def turn_of(self) -> dict[int, float]:
        """Slot of a paper → its place in the order of all."""
        return {slot: self._turns.get(n, n) for n, slot in enumerate(self.slots)}

    def renamed(self) -> dict[str, list[str]]:
        """Old documents that go by more names than before → all their names."""
        found = self.base.execute("SELECT DISTINCT id FROM new_alias").fetchall()
        return {one: self.documents.aliases(one) for (one,) in found if self._is_old(one)}

    def _cite(self) -> None:
        super()._cite()
        found_otherwise = "SELECT 1 FROM new_name JOIN asked USING (key) LIMIT 1"
        asked = sorted(self.documents.asked)
        late = f"SELECT 1 FROM late WHERE key IN ({','.join('?' * len(asked))}) LIMIT 1"
        if self.base.execute(found_otherwise).fetchone() or self.base.execute(late, asked).fetchone():
            raise ChangedError

    def _is_old(self, document: str) -> bool:
        found = self.base.execute("SELECT rowid FROM document WHERE id = ?", (document,)).fetchone()
        return found is not None and found[0] <= self._last

    # --- the chain

    def _spoke(self, document: str) -> bool:
        said = "SELECT 1 FROM implements WHERE a = ? AND NOT inferred LIMIT 1"
        return self.base.execute(said, (document,)).fetchone() is not None

    def _step(self, n: float, step: Step, inferred: bool, late: bool = False) -> None:
        known = "SELECT 1 FROM step WHERE a = ? AND b = ?"
        if self._is_old(step.lower) and not self.base.execute(known, (step.lower, step.upper)).fetchone():
            raise ChangedError  # what others say leads through it
        self._touched[step.lower, step.upper, inferred] = None
        super()._step(self._turns[int(n)], step, inferred, late)

    def _shown_steps(self) -> Iterator[tuple[Any, ...]]:
        shown = "SELECT evidence FROM implements WHERE a = ? AND b = ? AND inferred = ? ORDER BY n, rowid"
        for key in sorted(self._touched):
            yield from ((*key, evidence) for (evidence,) in self.base.execute(shown, key))

    # --- what tasks are made from

    def _years(self, series: Series) -> Iterator[tuple[int, int]]:
        new, gone = series.new_pairs(self.first)
        papers = self.graph.papers
        self.parted = [(papers[n].document, papers[before].document) for n, before in gone]
        if any(remark.code == "papers-too-large" for n, _ in gone for remark in papers[n].remarks):
            raise ChangedError
        yield from new

    def _left_apart(self, n: int, values: dict[str, Any]) -> None:
        if n < self.first:
            raise ChangedError
        super()._left_apart(n, values)

    def _documents(self) -> Iterable[str]:
        found = self.base.execute("SELECT id FROM document WHERE rowid > ? ORDER BY id", (self._last,))
        return [identity for (identity,) in found.fetchall()]


class _PlacesToldBefore(Places):
    """Places as all papers before have told them."""

    def __init__(self, lexicon: Lexicon, again: Again) -> None:
        super().__init__(lexicon)
        self._settled: set[tuple[str, str | None]] = set()
        self.take(again.shared.claims)
        self.known = again.shared.known
        self._settled = set(again.shared.asked)

    def _claim(self, place: tuple[str, str | None], above: dict[str, str]) -> None:
        if place not in self._settled:
            super()._claim(place, above)
        elif frozenset(above.items()) not in self._claims.get(place, ()):
            before = self._agreed(*place)
            super()._claim(place, above)
            if self._agreed(*place) != before:
                raise ChangedError

    def _keep(self, base: str, name: str, level: str | None, last: str) -> str:
        path = super()._keep(base, name, level, last)
        if self.known[path] != (name, level, ""):
            raise ChangedError
        return path

    def _note(self, region: Region) -> str:
        path = super()._note(region)
        if self.known[path][2] != region.code:
            raise ChangedError
        return path


class _DocumentsToldBefore(Documents):
    """Documents as all papers before have told them."""

    def __init__(self, base: sqlite3.Connection, places: Places, turns: dict[int, float], last: int) -> None:
        super().__init__(base, places, fresh=False)
        self._turns, self._last = turns, last

    def turn(self, n: int, late: bool) -> float:
        return late * TURNS + self._turns[n]

    def add(self, n: int, record: Record, place: Place, content: str, apart: bool = False) -> str | Twin:
        found = super().add(n, record, place, content, apart)
        if isinstance(found, Twin):
            row = self.row(found.id)
            if not row["loaded"] or self._turns.get(row["n"], row["n"]) > self._turns[n]:
                raise ChangedError  # others cite it, or it comes before its twin
            return found
        number = self.row(found)["number"]
        others = """SELECT 1 FROM document WHERE number = ?1 AND rowid <= ?2
                    UNION ALL SELECT 1 FROM alias JOIN document USING (id) WHERE alias = ?1 AND rowid <= ?2"""
        if number and self.base.execute(others, (number, self._last)).fetchone():
            raise ChangedError
        return found

    def _fill(self, row: dict[str, Any], citation: Citation, facts: tuple[str | None, ...], turn: float) -> None:
        (rowid,) = self.base.execute("SELECT rowid FROM document WHERE id = ?", (row["id"],)).fetchone()
        if rowid > self._last:
            super()._fill(row, citation, facts, turn)
            return
        said = self.base.execute("SELECT kind, title, level, issuer, region FROM noted WHERE id = ?", (row["id"],))
        kind, *turns = said.fetchone()
        pairs = zip(NOTED, facts, turns, strict=True)
        if (row["kind"] != citation.kind and turn < kind) or any(
            fact is not None and row[name] != fact and (row[name] is None or turn < before)
            for name, fact, before in pairs
        ):
            raise ChangedError
