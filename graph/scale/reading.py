"""Papers of a storage → records in Parquet, read by actors that each have a reading process with its limits."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import posixpath
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...extractors.errors import PaperError, ZhenglingError
from ...extractors.files.archive import TOTAL
from ...extractors.limits import Settings
from ...extractors.model import Remark
from ...extractors.papers import Reader
from ...extractors.steps.attachments import Card, label, plan
from ..workspace.sources import LIST, may_join, read_list
from .cluster import pool, workers
from .storage import Storage

if TYPE_CHECKING:
    import pyarrow
    from ray.data import Dataset

#: The folder of the files of a result.
RECORDS = "records"
#: What a file of records has: its columns, the name first.
COLUMNS = ("source", "digest", "record")
#: Papers that a worker takes at a time; records of one file, and of one part of it that a worker takes in deriving.
TAKEN, PER_FILE, PER_PART = 64, 20_000, 2_000


@dataclass(slots=True)
class ReadPapers:
    """What came of reading: how many records were written, of how many papers; (source, why) of those that could not be
    read; warnings of each record; attachments with their notices, and those that might belong to several."""

    count: int = 0
    total: int = 0
    failures: list[tuple[str, Exception]] = field(default_factory=list)
    warnings: list[tuple[str, list[Remark]]] = field(default_factory=list)
    joined: dict[str, str] = field(default_factory=dict)
    unsure: dict[str, list[str]] = field(default_factory=dict)


def extract(given: str, out: str, settings: Settings) -> ReadPapers:
    """Write the records of the papers in one folder to another, which is empty. A cluster is there (`cluster`).

    Raises `ZhenglingError` for a folder that is none or not empty.
    """
    import ray
    from ray.data.expressions import col

    papers, records = Storage(given), Storage(out)
    if not papers.is_folder():
        raise ZhenglingError("storage-no-folder", 2, path=given)
    records.begin()
    top = _top(given)
    done = ReadPapers()
    names, lists = _names(papers, top, done)
    said = _given(papers, top, lists, set(names), done)
    at_once = max(1, min(TAKEN, len(names) // (4 * workers()) or 1))
    blocks = max(1, -(-len(names) // at_once))
    items = [{"name": name} for name in names] or [{"name": ""}]
    reading: dict[str, Any] = {"compute": pool(), "batch_size": at_once, "batch_format": "pyarrow"}
    reading["fn_constructor_args"] = (papers, top, settings)
    found = ray.data.from_items(items, override_num_blocks=blocks).map_batches(_Papers, **reading).materialize()
    outers = _look(found, done, said)
    cards: dict[str, Card] = outers[1]
    wanted = plan(cards.values())
    together = [
        {
            "notice": notice,
            "files": json.dumps([outers[0][one] for one in (notice, *attached)]),
            "cards": json.dumps([asdict(cards[one]) for one in (notice, *attached)]),
        }
        for notice, attached in wanted.joined.items()
    ]
    whole = found
    if together:
        read = ray.data.from_items(together).map_batches(_Joined, **reading | {"batch_size": 1}).materialize()
        rows = list(_rows(read, ["source", "error", "warnings"]))
        for notice in [row["source"] for row in rows if row["error"] is None]:
            done.joined |= dict.fromkeys(wanted.joined[notice], notice)
        changed = {*done.joined, *done.joined.values()}
        done.total -= len(done.joined)
        done.warnings = [(source, told) for source, told in done.warnings if source not in changed]
        for row in rows:
            _note(row, done)
        whole = found.filter(expr=col("source").not_in(sorted(changed))).union(read)
    whole = whole.filter(expr=col("error").is_null())
    done.count, done.unsure = whole.count(), dict(sorted(wanted.unsure.items()))
    done.joined = dict(sorted(done.joined.items()))
    if done.count:
        # The engine's own writing: a block that is made again is written under its old name.
        whole.select_columns(list(COLUMNS)).write_parquet(
            records.path(RECORDS),
            filesystem=records.files,
            min_rows_per_file=min(PER_FILE, max(1, done.count // (2 * workers()))),
            row_group_size=PER_PART,
            compression="zstd",
        )
    records.end("records", count=done.count)
    return done


def _top(given: str) -> str:
    """How the folder of the papers is called in their names, as one machine calls it."""
    inner = given.partition("://")[2].partition("?")[0]
    path = Path(given)
    if inner or path.is_absolute() or ".." in path.parts:
        return posixpath.basename((inner or path.absolute().as_posix()).rstrip("/"))
    return "" if path.as_posix() == "." else path.as_posix()


def _names(papers: Storage, top: str, done: ReadPapers) -> tuple[list[str], list[str]]:
    """The files in a folder, from its own name on, but for hidden ones; and the lists beside them."""
    names, lists = [], []
    local = papers.files.type_name == "local"
    real = os.path.realpath(papers.root) + os.sep
    for info in papers.found():
        inner = posixpath.relpath(info.path, papers.root)
        if any(part.startswith(".") for part in inner.split("/")):
            continue
        name = posixpath.join(top, inner)
        if local and not os.path.realpath(info.path).startswith(real):
            # What came from elsewhere must not bring files of this machine.
            _fail(done, name, PaperError("paper-link", path=name))
            continue
        names.append(name)
        if posixpath.basename(inner) == LIST:
            lists.append(name)
    return names, lists


def _given(papers: Storage, top: str, lists: list[str], names: set[str], done: ReadPapers) -> dict[str, str]:
    """File → the notice that it is an attachment of, as the lists say (`workspace.sources.given`)."""
    out: dict[str, str] = {}
    for path in lists:
        folder = posixpath.dirname(path)
        try:
            with papers.files.open_input_stream(papers.path(posixpath.relpath(path, top or "."))) as file:
                pairs = list(read_list(path, file.read()))
        except (OSError, PaperError) as error:
            _fail(done, path, error)
            continue
        for pair in pairs:
            one, other = (posixpath.normpath(posixpath.join(folder, name)) for name in pair)
            if {one, other} <= names and may_join(one, other):
                out[one] = other
    return out


def _look(found: Dataset, done: ReadPapers, said: dict[str, str]) -> tuple[dict[str, str], dict[str, Card]]:
    """Of papers that may belong to others: the file that each lies in, and its card. Notes what could not be read."""
    outers: dict[str, str] = {}
    cards: dict[str, Card] = {}
    listed = {*said, *said.values()}
    done.total = len(done.failures)  # what could not be looked into
    for row in _rows(found, ["source", "outer", "waits", "error", "warnings"]):
        done.total += 1
        _note(row, done)
        source = row["source"]
        if row["error"] is None and (row["waits"] is not None or source in listed):
            titles, announces = json.loads(row["waits"] or "[[], []]")
            outers[source] = row["outer"]
            cards[source] = Card(source, titles, announces, said.get(source))
    done.failures.sort(key=lambda one: one[0])
    done.warnings.sort(key=lambda one: one[0])
    return outers, dict(sorted(cards.items()))


def _note(row: dict[str, Any], done: ReadPapers) -> None:
    if row["error"] is not None:
        _fail(done, row["source"], pickle.loads(row["error"]))
    elif row["warnings"] is not None:
        warnings = [Remark.from_json(one) for one in json.loads(row["warnings"])]
        done.warnings.append((row["source"], warnings))


def _fail(done: ReadPapers, source: str, error: Exception) -> None:
    done.failures.append((source, error))


def _rows(found: Dataset, names: list[str]) -> Iterator[dict[str, Any]]:
    for batch in found.select_columns(names).iter_batches(batch_format="pyarrow", batch_size=None):
        yield from batch.to_pylist()


# --- in the actors ----------------------------------------------------------------------------------------------------


def _table(rows: list[dict[str, Any]]) -> pyarrow.Table:
    import pyarrow

    text, data = pyarrow.string(), pyarrow.binary()
    names = {"source": text, "outer": text, "digest": text, "record": text, "waits": text, "warnings": text}
    return pyarrow.Table.from_pylist(rows, schema=pyarrow.schema([*names.items(), ("error", data)]))


class _Papers:
    """Reads files of a storage: each batch of them is laid into a folder as one machine would find them, and goes."""

    def __init__(self, papers: Storage, top: str, settings: Settings) -> None:
        self.papers, self.top, self.settings = papers, top, settings
        self.reader = Reader(settings)

    def __call__(self, batch: pyarrow.Table) -> pyarrow.Table:
        names = [name for name in batch.column("name").to_pylist() if name]
        rows = []
        with self._laid(names) as here:
            failed: list[tuple[str, Exception]] = []
            found = self.reader.papers(here, lambda _: False, lambda p, e: failed.append((p, e))) if names else ()
            for name in found:
                outer = next(one for one in names if name == one or name.startswith(one + "/"))
                rows.append(self._row(name, outer))
            rows += [_failed(name, name, error) for name, error in failed]
        return _table(rows)

    def _row(self, name: str, outer: str) -> dict[str, Any]:
        try:
            record = self.reader.record(name)
        except Exception as error:  # one paper never stops the others
            return _failed(name, outer, error)
        waits = record.source.get("titles", []), record.source.get("announces", [])
        return _told(record, name, outer) | {"waits": json.dumps(waits) if any(waits) else None}

    @contextmanager
    def _laid(self, names: Iterable[str]) -> Iterator[str]:
        with tempfile.TemporaryDirectory(prefix="zhengling-") as folder:
            os.chdir(folder)  # papers are called by their names from here; the process is the actor's own
            try:
                for name in names:
                    self._lay(name)
                yield self.top or "."
            finally:
                self.reader.files.close()
                os.chdir("/")

    def _lay(self, name: str) -> None:
        """Bring a file here; of one that is too large, its size alone."""
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        where = self.papers.path(posixpath.relpath(name, self.top or "."))
        size = self.papers.files.get_file_info(where).size
        with self.papers.files.open_input_stream(where) as file, path.open("wb") as out:
            head = file.read(4)
            out.write(head)
            if size <= self.settings.max_bytes * (TOTAL if head == b"PK\x03\x04" else 1):
                shutil.copyfileobj(file, out, 1 << 20)
            else:
                out.truncate(size)


class _Joined(_Papers):
    """Reads notices with their attachments."""

    def __call__(self, batch: pyarrow.Table) -> pyarrow.Table:
        rows = []
        for row in batch.to_pylist():
            files, cards = json.loads(row["files"]), [Card(**card) for card in json.loads(row["cards"])]
            notice, *attached = cards
            with self._laid(dict.fromkeys(files)):
                try:
                    record = self.reader.record(notice.source, [one.source for one in attached])
                    label(record, notice, {Path(one.source).as_posix(): one for one in attached})
                    rows.append(_told(record, notice.source, files[0]))
                except Exception as error:
                    rows.append(_failed(notice.source, files[0], error))
        return _table(rows)


def _told(record: Any, name: str, outer: str) -> dict[str, Any]:
    text = record.dumps()
    warnings = json.dumps([one.to_json() for one in record.warnings], ensure_ascii=False) if record.warnings else None
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    # What stands in the record is the paper's name where it was a record already, too.
    return {"source": name, "outer": outer, "digest": digest, "record": text, "warnings": warnings}


def _failed(name: str, outer: str, error: Exception) -> dict[str, Any]:
    try:
        data = pickle.dumps(error)
        pickle.loads(data)
    except Exception:  # what can not be told elsewhere is told by its words
        data = pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    return {"source": name, "outer": outer, "error": data}
