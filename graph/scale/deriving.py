"""Records in Parquet → nodes and relationships in Parquet and as files of Neo4j's importer, the rows that one machine
gives. What is done where:

workers   take parts of records apart (`taking`), say what they ask of names and write their own rows (`joining`),
          align papers (`linking`), bring shares together (`gathering`)
engine    groups: claims, names that are asked, papers by their superiors, shares by their buckets
one       tells what papers share (`sharing`), in the process that calls
"""

from __future__ import annotations

import posixpath
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ...extractors.model import Remark
from ...extractors.words.lexicon import Lexicon
from ..deriving.derive import Derived, LoadedPaper
from ..deriving.identity import Claim
from ..stores.bulk import ARGUMENTS, argument, finish, keys
from .cluster import workers
from .gathering import gather
from .joining import COUNT, GATHERED, REGION, ask, join
from .linking import link, members, read_members
from .sharing import SORTED, Sharing, broadcast, hand_out, pairs, shown, take_heads, unwritten
from .storage import Storage, write_header, write_rows
from .taking import as_claims, claims_of, parts, take

if TYPE_CHECKING:
    import pyarrow
    from ray.data import Dataset

Work = Callable[..., "pyarrow.Table"]

_NAMED = ["issuer", "name", "collective", "place"]
_ARROW: dict[str, Any] = {"batch_format": "pyarrow"}
_BATCHES: dict[str, Any] = {"batch_format": "pyarrow", "batch_size": None}
#: What a bucket holds: the shares of so many parts.
_PARTS_OF_A_BUCKET = 4


@dataclass(slots=True)
class GraphWritten:
    """How many rows of each table were written, and the papers with what came to light."""

    counts: Counter[str] = field(default_factory=Counter)
    papers: list[LoadedPaper] = field(default_factory=list)

    @property
    def nodes(self) -> int:
        return sum(count for name, count in self.counts.items() if "-" not in name)

    @property
    def relationships(self) -> int:
        return self.counts.total() - self.nodes

    def remarks(self) -> dict[str, list[Remark]]:
        return {paper.source: paper.remarks for paper in self.papers if paper.remarks}


def derive(given: str, out: str) -> GraphWritten:
    """Derive the graph of the records in one folder (`reading.extract`) into another, which is empty. A cluster is
    there (`cluster`). What people have said of records or links is not known here.

    Raises `ZhenglingError` for a folder that is not as it should be.
    """
    records, graph = Storage(given), Storage(out)
    records.whole("records")
    graph.begin()
    with tempfile.TemporaryDirectory(prefix="zhengling-") as folder:
        return _GraphRun(records, graph, Path(folder)).run()


class _GraphRun:
    def __init__(self, records: Storage, out: Storage, folder: Path) -> None:
        self.records, self.out, self.folder = records, out, folder
        self.parts = parts(records)
        self.buckets = max(workers(), -(-len(self.parts) // _PARTS_OF_A_BUCKET))
        self.done = GraphWritten()

    def run(self) -> GraphWritten:
        with Derived(self.folder) as graph:
            regions = self._filled(graph) if self.parts else self._shared(graph, [], ())
            self._rest(graph, regions)
        if self.parts:
            self.out.remove("work")
        self._arguments()
        self.out.end("graph", counts=dict(sorted(self.done.counts.items())))
        return self.done

    def _filled(self, graph: Derived) -> list[str]:
        """All that workers write; the regions that papers show."""
        import ray

        heads = self._map(take, self.records, self.out).materialize()
        claims = heads.map_batches(claims_of, **_ARROW).groupby("claim", num_partitions=self.buckets).count()
        told = claims.select_columns(["claim"])
        slots = take_heads(graph, heads.drop_columns(["claims"]).iter_batches(**_BATCHES))
        self._shared(graph, slots, as_claims(row["claim"] for row in told.iter_rows()))
        for name in SORTED[1:]:
            hand_out(graph, name, self.out)
        shares = self._map(join, self.out, self.buckets, [ray.put(broadcast(graph))]).materialize()
        found = list(_rows(shares, ["table", "key", "data"], [COUNT, REGION]))
        self._count(row for row in found if row["table"] == COUNT)
        kinds = [key[0] for key in GATHERED]
        self._grouped(shares.filter(expr=_col("table").is_in(kinds)), gather)
        self._link(pairs(graph))
        return sorted({row["key"] for row in found if row["table"] == REGION})

    def _shared(self, graph: Derived, slots: list[int], claims: Iterable[Claim]) -> list[str]:
        """Tell what papers share."""
        Sharing(graph, slots, Lexicon.load(), claims, lambda: self._asked(graph)).tell()
        self.done.papers = graph.papers
        return []

    def _asked(self, graph: Derived) -> Iterator[tuple[Any, ...]]:
        """What papers ask of names of units, each once with its first turn."""
        if not self.parts:
            return
        hand_out(graph, "paper", self.out)
        asked = self._map(ask, self.out)
        found = asked.groupby(_NAMED, num_partitions=self.buckets).min("turn")
        for batch in found.iter_batches(**_BATCHES):
            yield from zip(*(batch.column(name).to_pylist() for name in (*_NAMED, "min(turn)")), strict=True)

    def _link(self, found: list[dict[str, Any]]) -> None:
        """Write the links of all pairs of papers."""
        items = [part.item(pairs=text) for part, text in members(self.parts, found) if text]
        if items:
            self._grouped(self._map(read_members, self.records, self.buckets, items=items), link)

    # --- the engine

    def _map(self, work: Work, *given: Any, items: list[dict[str, Any]] | None = None) -> Dataset:
        """Work on each part."""
        import ray

        items = items or [part.item() for part in self.parts]
        found = ray.data.from_items(items, override_num_blocks=len(items))
        return found.map_batches(work, fn_args=given, batch_size=1, **_ARROW)

    def _grouped(self, members: Dataset, work: Work) -> None:
        """Work on all of a bucket at a time, which writes, and tells how many rows."""
        groups = members.groupby("bucket", num_partitions=self.buckets)
        written = groups.map_groups(work, fn_args=(self.out,), **_ARROW)
        self._count(_rows(written.materialize(), ["table", "key", "data"], [COUNT]))

    def _count(self, rows: Iterable[dict[str, Any]]) -> None:
        for row in rows:
            self.done.counts[row["key"]] += msgspec.msgpack.decode(row["data"])

    # --- what one process writes

    def _rest(self, graph: Derived, regions: list[str]) -> None:
        """Regions, documents that are not there, steps of the chain."""
        shown(graph, regions)
        for key in (("Region",), ("Document",), ("IMPLEMENTS", "Document", "Document")):
            for number, rows in enumerate(unwritten(graph, key)):
                self.done.counts["-".join(key)] += write_rows(self.out, key, f"rest-{number:06}", rows)

    def _arguments(self) -> None:
        """What the importer is called with."""
        lines = list(ARGUMENTS)
        there = [posixpath.basename(info.path) for info in self.out.found("neo4j")]
        for key in keys():
            name = "-".join(key)
            write_header(self.out, key)
            pattern = re.compile(rf"{name}-(part|bucket|rest)-\d+\.csv")
            lines.append(argument(key, [f"{name}-header.csv", *filter(pattern.fullmatch, there)]))
        self.out.write("neo4j/arguments.txt", "".join(f"{one}\n" for one in lines).encode())
        self.out.write("neo4j/finish.cypher", "".join(f"{one};\n" for one in finish()).encode())


def _rows(found: Dataset, names: list[str], tables: list[str]) -> Iterator[dict[str, Any]]:
    """Rows of shares of some tables, without their bucket."""
    some = found.filter(expr=_col("table").is_in(tables)).select_columns(names)
    for batch in some.iter_batches(**_BATCHES):
        yield from batch.to_pylist()


def _col(name: str) -> Any:
    from ray.data.expressions import col

    return col(name)
