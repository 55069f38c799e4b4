"""Puts the rows of new papers (`deriving.adding`) into a store, as a layer on its snapshot (`layers.py`).

What only the new papers tell is created; what several papers tell together is read, put together in the order of the
papers, and set.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...extractors.errors import ZhenglingError
from ..deriving.adding import Added, ChangedError
from ..deriving.pieces import BITS
from ..deriving.proofs import REFERENCE, append, is_referred
from ..schema import NODES, RELATIONSHIPS
from . import digest, layers
from .embedded import LARGEST, WRITE_POOLS

if TYPE_CHECKING:
    import ladybug

#: Relationships that several papers show together.
_GATHERED = [("PART_OF", "Region", "Region"), ("ISSUED_BY", "Document", "Unit"), ("IN", "Unit", "Region")]
_GATHERED += [("BRANCH_OF", "Unit", "Unit")]
_STEPS = ("IMPLEMENTS", "Document", "Document")
_LINKS = [("DERIVES_FROM", "Task", "Task"), ("RESEMBLES", "Task", "Task")]
_OWN = [("CONTAINS", "Document", "Task"), ("PART_OF", "Task", "Task"), ("LEADS", "Unit", "Task")]
_OWN += [("RESPONSIBLE_FOR", "Unit", "Task"), ("SUPPORTS", "Unit", "Task"), ("DUE", "Task", "Deadline")]
_OWN += [("DUE", "Document", "Deadline"), ("CITES", "Document", "Document"), ("CITES", "Task", "Document")]
_EVIDENCE = 2  # place of it in the rows of those, behind their ends
_PARTED = """
UNWIND $pairs AS p MATCH (d:Document {id: p.lower}) MATCH (d)-[:CONTAINS]->(:Task)-[r:RESEMBLES]->(t:Task)
WHERE t.document = p.upper DELETE r
"""


def add(path: str | Path, graph: Added) -> None:
    """Write the store `path` anew, with the rows of `graph` beside its own; whole or not at all.

    Raises `ChangedError` where the two do not go together, `ZhenglingError` where the store refuses.
    """
    path = Path(path)
    beside = path.with_name(path.name + ".new")
    try:
        snapshot = layers.set_aside(path)
    except OSError as error:
        raise ChangedError from error  # no file can have two names here
    try:
        before = _state(snapshot)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix="derive-") as name:
            here = Path(name, "graph")
            os.link(snapshot, here)
            _Layering(here, graph).run()
            log = here.with_name("graph.wal")
            if _state(snapshot) != before or not log.is_file():
                raise ChangedError  # the engine wrote to the snapshot itself
            with beside.open("wb") as file:
                layers.write(file, snapshot, log)
                append(file, graph.blocks())
                file.flush()
                os.fsync(file.fileno())
        digest.rename(beside, path)
    except RuntimeError as error:
        raise ChangedError from error  # the engine does not take them so
    except OSError as error:
        raise ZhenglingError("store-not-written", 1, path=str(path), reason=str(error)) from error
    finally:
        beside.unlink(missing_ok=True)


def _state(path: Path) -> tuple[int, int, int]:
    state = path.stat()
    return state.st_ino, state.st_size, state.st_mtime_ns


class _Layering:
    def __init__(self, path: Path, graph: Added) -> None:
        self.path, self.graph, self.turns = path, graph, graph.new.turn_of()
        self.connection: ladybug.Connection

    def run(self) -> None:
        import ladybug

        with (
            ladybug.Database(
                str(self.path),
                buffer_pool_size=WRITE_POOLS[0],
                max_db_size=LARGEST,
                max_num_threads=1,
                auto_checkpoint=False,
            ) as database,
            ladybug.Connection(database) as self.connection,
        ):
            self._ask("CALL force_checkpoint_on_close = false")
            self._ask("BEGIN TRANSACTION")
            for label in NODES:
                self._nodes(label)
            parted = [{"lower": lower, "upper": upper} for lower, upper in self.graph.new.parted]
            if parted:
                self._ask(_PARTED, pairs=parted)
            for key in _OWN:
                self._relate(key)
            for key in _GATHERED:
                self._gather(key, self._in_turn)
            self._gather(_STEPS, lambda _, new: new)
            self.graph.name_others()
            for key in _LINKS:
                self._relate(key)
            self._ask("COMMIT")

    def _ask(self, question: str, **given: Any) -> list[list[Any]]:
        result = self.connection.execute(question, given)
        assert not isinstance(result, list)
        with result:
            rows = []
            while result.has_next():
                rows.append(list(result.get_next()))
            return rows

    # --- nodes

    def _nodes(self, label: str) -> None:
        """Create the nodes that are not there; those that are must be as the new papers have them."""
        if label in ("Document", "Task"):  # none of them is there
            self._load(label, self._file((label,)))
            if label == "Document":
                names = [{"id": i, "aliases": all_} for i, all_ in self.graph.new.renamed().items()]
                self._rename(label, names)
            return
        columns = list(NODES[label])
        told = {row[0]: row for row in self.graph.nodes(label)}
        wanted = ", ".join(f"n.`{name}`" for name in columns)
        there = self._ask(f"MATCH (n:`{label}`) WHERE n.id IN $ids RETURN {wanted}", ids=[*told])
        at = columns.index("aliases") if "aliases" in columns else -1
        renamed = []
        for old in there:
            new = told.pop(old[0])
            if at >= 0 and (names := sorted({*old[at], *new[at]})) != old[at]:
                renamed.append({"id": old[0], "aliases": names})
            if any(a != b for n, (a, b) in enumerate(zip(old, new, strict=True)) if n != at):
                raise ChangedError
        if told:
            self._load(label, self._write((label,), told.values()))
        self._rename(label, renamed)

    def _load(self, label: str, file: Path | None) -> None:
        if file is not None:
            columns = ", ".join(f"`{name}`: `{name}`" for name in NODES[label])
            self._ask(f"LOAD FROM '{file}' CREATE (:`{label}` {{{columns}}})")

    def _rename(self, label: str, names: list[dict[str, Any]]) -> None:
        if names:
            self._ask(f"UNWIND $rows AS r MATCH (n:`{label}` {{id: r.id}}) SET n.aliases = r.aliases", rows=names)

    # --- relationships

    def _relate(self, key: tuple[str, ...]) -> None:
        self._connect(key, self._file(key))

    def _connect(self, key: tuple[str, ...], file: Path | None) -> None:
        if file is not None:
            name, start, stop = key
            properties = ", ".join(f"`{one}`: `_{one}`" for one in RELATIONSHIPS[name].properties)
            self._ask(
                f"{self._rows(name, file)} MATCH (a:`{start}` {{id: _from}}) "
                f"WITH a, _to, {_shown(name)} MATCH (b:`{stop}` {{id: _to}}) "
                f"CREATE (a)-[:`{name}` {{{properties}}}]->(b)"
            )

    def _rows(self, name: str, file: Path) -> str:
        """The rows of a file, under names that the question can tell from those of the graph."""
        columns = ", ".join(f"`{one}` AS `_{one}`" for one in ("from", "to", *RELATIONSHIPS[name].properties))
        return f"LOAD FROM '{file}' WITH {columns}"

    def _gather(self, key: tuple[str, ...], together: Callable[[Sequence[Any], Sequence[Any]], Sequence[Any]]) -> None:
        """Create the relationships that are not there, and add to those that are; `together` gives the row of an old
        and a new one."""
        name, start, stop = key
        properties = list(RELATIONSHIPS[name].properties)
        same = [0, 1, *(2 + n for n, one in enumerate(properties) if one == "inferred")]
        rows: list[Sequence[Any]] = [*self.graph.numbered(key)]
        told = {tuple(row[n] for n in same): row for row in rows}
        columns = ", ".join(f"r.`{one}`" for one in properties)
        there = self._ask(
            f"MATCH (a:`{start}`)-[r:`{name}`]->(b:`{stop}`) WHERE a.id IN $ids RETURN a.id, b.id, {columns}",
            ids=sorted({row[0] for row in told.values()}),
        )
        gone = []
        for old in there:
            ends = tuple(old[n] for n in same)
            new = told.get(ends)
            if new is not None:
                if is_referred(key):
                    old[_EVIDENCE] = [one[REFERENCE] for one in old[_EVIDENCE]]
                told[ends] = together(old, new)
                gone.append(dict(zip(("start", "stop", "inferred"), ends, strict=False)))
        # Made anew out of a file: lists of evidence may be as long as there are papers, and take eight times as long as
        # parameters. What the engine makes of long lists in lambdas is wrong.
        for ends in gone:
            self._ask(
                f"MATCH (a:`{start}` {{id: $start}})-[r:`{name}`]->(b:`{stop}` {{id: $stop}}) "
                f"{'WHERE r.inferred = $inferred' if len(same) > 2 else ''} DELETE r",
                **ends,
            )
        if told:
            self._connect(key, self._write(key, told.values()))

    def _in_turn(self, old: Sequence[Any], new: Sequence[Any]) -> list[Any]:
        """Evidence of both in the order of the papers; the words are those of the first."""
        (start, stop, told, words), (*_, more, others) = old, new
        turns = self.turns
        evidence = sorted((*told, *more), key=lambda one: turns[one >> BITS])
        return [start, stop, evidence, words if evidence[0] == told[0] else others]

    # --- files

    def _file(self, key: tuple[str, ...]) -> Path | None:
        """The rows of the new papers as a file; none where there are none."""
        file = self.path.with_name(f"{'-'.join(key)}.parquet")
        return file if self.graph.write(key, file) else None

    def _write(self, key: tuple[str, ...], rows: Iterable[Sequence[Any]]) -> Path:
        file = self.path.with_name(f"{'-'.join(key)}-more.parquet")
        self.graph.write_some(key, [*rows], file)
        return file


def _shown(name: str) -> str:
    return ", ".join(f"`_{one}`" for one in RELATIONSHIPS[name].properties)
