"""Records in Parquet → pieces of theirs in Parquet, and what the one process that tells what papers share has to know
of each. What is taken at a time is a part: a row group of a file of records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ...extractors.model import Record
from ...extractors.words.lexicon import Lexicon
from ..deriving.identity import Claim, Places
from ..deriving.kept import by_column
from ..deriving.pieces import TABLES, head_of, piece
from .reading import RECORDS
from .storage import Storage

if TYPE_CHECKING:
    import pyarrow

#: What is told of each record.
HEADS = {"slot": "INTEGER", "source": "VARCHAR", "content": "VARCHAR", "tasks": "INTEGER", "data": "BLOB"}
_CLAIMS = "claims"


@dataclass(frozen=True, slots=True)
class RecordPart:
    """Records that are taken together: where they lie, and their slots, from `first` on."""

    number: int
    file: str
    group: int
    first: int
    count: int

    @property
    def name(self) -> str:
        return f"part-{self.number:06}"

    @property
    def slots(self) -> tuple[int, int]:
        return self.first, self.first + self.count

    def item(self, **more: Any) -> dict[str, Any]:
        """As a row for the engine."""
        return {"part": json.dumps(asdict(self)), **more}

    @classmethod
    def of(cls, row: dict[str, Any]) -> RecordPart:
        return cls(**json.loads(row["part"]))


def parts(records: Storage) -> list[RecordPart]:
    """The parts of a result of `reading.extract`, from the ends of its files alone."""
    from pyarrow import parquet

    found: list[RecordPart] = []
    first = 0
    for info in records.found(RECORDS):
        with records.files.open_input_file(info.path) as file:
            metadata = parquet.ParquetFile(file).metadata
        for group in range(metadata.num_row_groups):
            count = metadata.row_group(group).num_rows
            if count:
                found.append(RecordPart(len(found), info.path, group, first, count))
                first += count
    return found


def records_of(records: Storage, part: RecordPart) -> Iterator[tuple[int, Record]]:
    """The records of a part with their slots."""
    import msgspec

    for slot, text in texts_of(records, part):
        yield slot, Record.from_json(msgspec.json.decode(text))


def texts_of(records: Storage, part: RecordPart, wanted: set[int] | None = None) -> Iterator[tuple[int, str]]:
    """As `records_of`, as they are written down; of `wanted` slots alone, where these are given."""
    from pyarrow import parquet

    with records.files.open_input_file(part.file) as file:
        column = parquet.ParquetFile(file).read_row_group(part.group, columns=["record"]).column("record")
    for at, text in enumerate(column):
        if wanted is None or part.first + at in wanted:
            yield part.first + at, text.as_py()


def take(batch: pyarrow.Table, records: Storage, out: Storage) -> pyarrow.Table:
    """Take the records of parts apart; gives what is told of each."""
    import pyarrow

    lexicon = Lexicon.load()  # once in each process
    heads: list[tuple[Any, ...]] = []
    claims: list[list[str]] = []
    for row in batch.to_pylist():
        part = RecordPart.of(row)
        rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
        for slot, record in records_of(records, part):
            made = piece(record).rows
            for name, some in made.items():
                rows[name] += ((slot, *one) for one in some)
            told = dict(zip(list(TABLES["head"])[1:], made["head"][0], strict=True))
            source = record.source.get("path", "")
            heads.append((slot, source, told["content"], told["tasks"], told["data"]))
            places = Places(lexicon)
            places.claim(head_of(told["data"]))
            claims.append([as_text(claim) for claim in places.claimed()])
        for name, some in rows.items():
            out.write_table(f"work/{name}/{part.name}.parquet", by_column(TABLES[name], some))
    return by_column(HEADS, heads).append_column(_CLAIMS, pyarrow.array(claims, pyarrow.list_(pyarrow.string())))


def claims_of(batch: pyarrow.Table) -> pyarrow.Table:
    """The claims of papers, one a row."""
    import pyarrow

    told = {claim for some in batch.column(_CLAIMS).to_pylist() for claim in some}
    return pyarrow.table({"claim": pyarrow.array(sorted(told), pyarrow.string())})


def as_text(claim: Claim) -> str:
    place, above = claim
    return json.dumps([place, sorted(above)], ensure_ascii=False)


def as_claims(texts: Iterable[str]) -> Iterator[Claim]:
    for text in texts:
        (name, level), above = json.loads(text)
        yield (name, level), frozenset((high, words) for high, words in above)
