"""The task ledger (工作台账): one row a task with its units by role, deadlines, citations and chain of command, and
beside it documents, units and citations; as CSV files, a workbook and Parquet.

Its columns stand in `ledger_columns.py`, what it says of each task is gathered by `ledger_tasks.py` and put into words
by `ledger_rows.py`; what an office has written into one is read by `entries.py`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...extractors.errors import ZhenglingError
from ...graph.corrections.progress import CLOSED, STATES
from ...graph.schema import Source
from ..messages import Catalogue
from ..tables import people, tables
from ..tables.cells import A3, A4
from ..writing import writing
from . import entries
from .ledger_columns import MARK, PRINTED, LedgerField
from .ledger_rows import LIGHTS, light_code, light_of, sheets, task_rows
from .ledger_tasks import Ledger, gathered

if TYPE_CHECKING:
    import pyarrow

_GROUP = 5_000  # rows of a row group in Parquet


def write_csv(source: Source, out: Path, say: Catalogue, today: date | None = None) -> int:
    """A folder with a file a table; gives the number of tasks. The files there before are replaced, others stay."""
    if out.exists() and not out.is_dir():
        raise NotADirectoryError(20, os.strerror(20), str(out))
    day = today or date.today()
    with gathered(source) as ledger:
        out.mkdir(parents=True, exist_ok=True)
        for name, fields, rows in sheets(ledger, say, day):
            with writing(out / f"{name}.csv") as file:
                heads = [say(f"ledger-{field.name}", day=day.isoformat()) for field in fields]
                file.write("".join(tables.csv_lines([heads])).encode())
                for line in tables.csv_lines([row.get(field.name) for field in fields] for row in rows):
                    file.write(line.encode("utf-8", "backslashreplace"))
        return ledger.count


def write_xlsx(
    source: Source, out: Path, say: Catalogue, by_unit: bool = False, today: date | None = None
) -> tuple[int, int]:
    """A workbook with a sheet a table, one for printing, and with `by_unit` one for each unit; gives the numbers of
    tasks and of cells that were too long. What an office has written into the file that it takes the place of stays.
    The lights are those of the day `today`.

    Raises `ZhenglingError` where openpyxl (extra `xlsx`) is not installed, and where entries would be lost
    (`ledger-would-lose`) or the file is another workbook (`ledger-foreign`).
    """
    from ..tables.workbook import Book, Column

    written = entries.written(out, say) if out.is_file() else {}
    book, day = Book(), today or date.today()
    colours = {say(f"ledger-light-{light}"): colour for light, colour in LIGHTS.items()}
    choices = {
        "state": [say(f"state-{state}") for state in STATES],
        "closed": [say(f"closed-{closed}") for closed in CLOSED],
    }

    def columns(fields: Iterable[LedgerField]) -> list[Column]:
        return [
            Column(
                say(f"ledger-{f.name}", day=day.isoformat()), f.width, choices.get(f.name, ()), f.hidden,
                colours if f.name == "light" else {},
            )
            for f in fields
        ]  # fmt: skip

    def merged(row: dict[str, Any]) -> dict[str, Any]:
        """A row with what an office has written into the file before, and the light of that."""
        if row["id"] not in written:
            return row
        found = entries.merged(row, written)
        return found | {"light": light_of(found, say, day)}

    with gathered(source) as ledger:
        lost = [identity for identity in written if not ledger.has(identity)]
        if lost:
            raise ZhenglingError("ledger-would-lose", 1, path=str(out), count=len(lost), ids=lost[:5])
        for name, fields, rows in sheets(ledger, say, day):
            whole = (*fields, MARK) if name == "tasks" else fields
            cells = (
                [merged(row).get(field.name) for field in whole] if name == "tasks" else
                [row.get(field.name) for field in whole]
                for row in rows
            )  # fmt: skip
            book.sheet(say(f"ledger-sheet-{name}"), columns(whole), cells, paper=A3 if name == "tasks" else A4)
        for title, header, rows in _printed(ledger, say, merged, by_unit, day):
            book.sheet(title, columns(PRINTED), ([row.get(f.name) for f in PRINTED] for row in rows), header=header)
        book.save(out)
        return ledger.count, book.cut


def _printed(
    ledger: Ledger, say: Catalogue, merged: Callable[[dict[str, Any]], dict[str, Any]], by_unit: bool, today: date
) -> Iterator[tuple[str, str, Iterable[dict[str, Any]]]]:
    """Title, what stands above each page, and rows of the sheets for printing: of all tasks, and of each unit that
    leads or answers for some."""

    def all_rows() -> Iterator[dict[str, Any]]:
        return map(merged, task_rows(ledger, say, today))

    yield say("ledger-sheet-print"), "", all_rows()
    if by_unit:
        tasks = {row["id"]: row for row in all_rows()}
        units = sorted(ledger.of_units(), key=lambda one: one[0])
        called = people.shortest(_place(unit) for unit, _ in units)
        names = Counter(unit.rpartition("|")[2] for unit, _ in units)
        for unit, found in units:
            name, place = unit.rpartition("|")[2], _place(unit)
            title = f"{called(place)} {name}" if names[name] > 1 and place else name
            header = f"{name} {say('sheet-of', region=place, count=len(found))}".strip()
            yield title, header, [tasks[identity] | {"no": n} for n, identity in enumerate(found, 1)]


def _place(unit: str) -> str:
    """The path of the place that the id of a unit names."""
    return unit.rpartition("|")[0]


def write_parquet(source: Source, out: Path, today: date | None = None) -> int:
    """One file, one row a task, columns of exact types under stable names, with the lights of the day `today`; gives
    the number of tasks."""
    import pyarrow
    from pyarrow import parquet

    schema, day = _schema(), today or date.today()
    with gathered(source) as ledger, writing(out) as file:
        # The version of the library would stand in the file otherwise.
        with parquet.ParquetWriter(file, schema, compression="zstd", store_schema=True) as writer:
            some: list[dict[str, Any]] = []
            for row in ledger.tasks():
                some.append(row | {"light": light_code(row, day), "light_day": day})
                if len(some) == _GROUP:
                    writer.write_table(pyarrow.Table.from_pylist(some, schema=schema))
                    some = []
            if some or not ledger.count:
                writer.write_table(pyarrow.Table.from_pylist(some, schema=schema))
        return ledger.count


def _schema() -> pyarrow.Schema:
    import pyarrow as pa

    text, texts = pa.string(), pa.list_(pa.string())
    origin = pa.struct(
        [
            *(("task", text), ("title", text), ("document", text), ("kind", text), ("wording", text)),
            *(("state", text), ("score", pa.float64()), ("change", texts)),
        ]
    )
    limit = pa.struct([("text", text), ("kind", text), ("start", pa.date32()), ("due", pa.date32()), ("quote", text)])
    cited = pa.struct([("document", text), ("title", text), ("role", text), ("level", text), ("quote", text)])
    note = pa.struct([(name, text) for name in ("day", "by", "unit", "state", "closed", "text", "remark")])
    return pa.schema(
        [
            *(("id", text), ("name", text), ("order", pa.int32()), ("document", text), ("document_title", text)),
            *(("number", text), ("issuer", text), ("region", text), ("level", text), ("year", pa.int32())),
            *(("date", pa.date32()), ("section", texts), ("title", text), ("text", text), ("open", pa.bool_())),
            *(("lead", texts), ("responsible", texts), ("support", texts), ("deadlines", pa.list_(limit))),
            *(("start", pa.date32()), ("due", pa.date32()), ("citations", pa.list_(cited)), ("chain", texts)),
            ("origin", pa.list_(origin)),
            *(("light", text), ("light_day", pa.date32())),
            *(("state", text), ("closed", text), ("reported", pa.date32()), ("next_report", pa.date32())),
            *(("notes", pa.list_(note)), ("review", pa.list_(texts))),
        ]
    )
