"""The command `extract`: records of files as files, without a graph."""

from __future__ import annotations

import errno
import json
import os
import traceback
from collections.abc import Callable, Sequence
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from ..extractors.errors import ZhenglingError
from ..extractors.limits import Settings, cores
from ..extractors.papers import Reader, kept_reader
from ..extractors.steps.attachments import Card, label, plan
from ..graph.workspace.sources import given, passed_over
from .answers import utf8
from .messages import Catalogue
from .tell import complain, failure, joined, progress, reason, tell, warn
from .writing import write

if TYPE_CHECKING:
    from ..extractors.model import Record
    from ..extractors.words.lexicon import Lexicon

# The folder is well named, but the disk or its rights do not let us write there.
_OURS = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC)

#: No file system takes a longer name, in bytes.
_NAME = 255


def extract(
    say: Catalogue,
    paths: Sequence[str],
    out: str,
    workspace: str | None,
    warnings: bool,
    settings: Settings,
    debug: bool,
    jobs: int | None = None,
) -> int:
    """Write a record for each paper: for each file, or each notice with the attachments that it announces. `jobs` of
    them are read side by side, as many as there are processors if not given.

    `<stem>.json`, and `<stem>.<ext>.json`, `<stem>.<ext>.2.json`, … where another file's record, or a file that is no
    record, has that name. A record of an earlier run is replaced by that of the same source.
    """
    if not all(path.strip() for path in [out, *paths]):
        raise ZhenglingError("empty-path", 2)
    folder = Path(out)
    if workspace is not None and not Path(workspace).is_dir():
        raise ZhenglingError("no-such-workspace", 2, workspace=workspace)
    from ..extractors.words.lexicon import Lexicon

    lexicon = Lexicon.load([Path(workspace, "lexicon")] if workspace is not None else [])
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ZhenglingError(
            "no-folder", 1 if error.errno in _OURS else 2, path=out, reason=reason(error, say)
        ) from error
    with kept_reader(settings, jobs or cores()) as reader, progress(say) as move:
        work = _ExtractionRun(say, folder, reader, lexicon, warnings, debug)
        files = _found(paths, folder, reader, work.fail)
        lists = given({source: os.path.realpath(path) for source, path in files.items()}, reader, work.fail)
        listed = {*lists, *lists.values()}
        found = reader.records([[path] for path in files.values()], lexicon)
        for done, (source, path) in enumerate(files.items()):
            move(done, len(files), path)
            work.take(source, path, next(found), source in listed)
        pairs = work.join(files, lists)
    tell(say("records-written", count=work.done, total=len(files) - len(pairs) + work.unfound, out=out))
    return int(work.failed)


def _found(
    paths: Sequence[str], folder: Path, reader: Reader, failed: Callable[[str, Exception], None]
) -> dict[str, str]:
    """Source → path of every paper under some paths, but for those of the folder that is written to. A file is called
    as it was given; what lies in an absolute folder or ZIP, from that on."""
    own = os.path.realpath(folder)
    out: dict[str, str] = {}
    seen: set[str] = set()
    for path in paths:
        base = Path(path).parent if Path(path).is_absolute() else Path()
        for name in reader.papers(path, lambda inner: passed_over(inner, own), failed):
            real = os.path.realpath(name)
            if real not in seen:
                seen.add(real)
                source = path if name == path else Path(name).relative_to(base).as_posix()
                above = list(Path(name).parts[: -len(Path(source).parts)])
                while source in out and above:  # two folders of one name: longer, until it is clear which is meant
                    source = f"{above.pop().strip('/')}/{source}"
                out[source] = name
    return out


class _ExtractionRun:
    """One run. A paper that may belong to another waits until all are read; the others are written at once."""

    def __init__(
        self, say: Catalogue, folder: Path, reader: Reader, lexicon: Lexicon, warnings: bool, debug: bool
    ) -> None:
        self.say, self.folder, self.reader, self.lexicon = say, folder, reader, lexicon
        self.warnings, self.debug = warnings, debug
        self.failed, self.done, self.unfound = False, 0, 0
        self._targets: dict[Path, str] = {}
        self._waiting: dict[str, tuple[Record, Path]] = {}

    def fail(self, path: str, error: Exception) -> None:
        """Of what can not be looked into."""
        self.unfound += 1
        self._fail(path, error)

    def _fail(self, path: str, error: Exception) -> None:
        self.failed = True
        if self.debug:
            traceback.print_exception(error)
        complain(failure(path, error, self.say), 1)

    def take(self, source: str, path: str, record: Record | Exception, listed: bool) -> None:
        """What was read of one paper, or why nothing was; `listed`: a list says that it belongs to another, or another
        to it."""
        try:
            if isinstance(record, Exception):
                raise record
            record.source["path"] = source if path != source else record.source["path"]
            target = self._target(source, record)
            self._targets[target] = source
            if listed or record.source.get("titles") or record.source.get("announces"):
                self._waiting[source] = record, target
            else:
                self._write(source, record, target)
        except Exception as error:  # one paper never stops the others
            self._fail(source, error)

    def join(self, files: dict[str, str], lists: dict[str, str]) -> dict[str, str]:
        """Write the papers that waited, notices with their attachments; gives attachment → notice."""
        cards = {
            source: Card(source, record.source.get("titles", []), record.source.get("announces", []), lists.get(source))
            for source, (record, _) in self._waiting.items()
        }
        wanted = plan(cards.values())
        pairs: dict[str, str] = {}
        found = self.reader.records([[files[f] for f in (s, *a)] for s, a in wanted.joined.items()], self.lexicon)
        for (source, attached), record in zip(wanted.joined.items(), found, strict=True):
            try:
                if isinstance(record, Exception):
                    raise record
                paths = {Path(files[file]).as_posix(): cards[file] for file in attached}
                label(record, cards[source], paths)
                record.source["path"] = self._waiting[source][0].source["path"]
            except Exception as error:
                self._fail(source, error)
                continue
            self._waiting[source] = record, self._waiting[source][1]
            pairs |= dict.fromkeys(attached, source)
        for source, (record, target) in self._waiting.items():
            try:
                if source not in pairs:
                    self._write(source, record, target)
                elif target.exists():
                    target.unlink()  # what it was alone, in an earlier run
            except Exception as error:
                self._fail(source, error)
        joined(self.say, dict(sorted(pairs.items())), dict(sorted(wanted.unsure.items())))
        return pairs

    def _write(self, source: str, record: Record, target: Path) -> None:
        if target.name != Path(source).stem + ".json":
            tell(self.say("written-beside", path=source, out=target))
        write(target, utf8(record.dumps()))
        self.done += 1
        warn(self.say, source, record.warnings, self.warnings)

    def _target(self, source: str, record: Record) -> Path:
        stem, ext = Path(source).stem, Path(source).suffix.lstrip(".") or "file"
        ends = chain([".json", f".{ext}.json"], (f".{ext}.{n}.json" for n in count(2)))
        names = (_cut(stem, _NAME - len(os.fsencode(end))) + end for end in ends)
        return next(t for t in map(self.folder.joinpath, names) if t not in self._targets and _free(t, record))


def _cut(stem: str, most: int) -> str:
    """The beginning of a name that is no longer than so many bytes."""
    while len(os.fsencode(stem)) > most:
        stem = stem[:-1]
    return stem


def _free(target: Path, record: Record) -> bool:
    """Nothing is there, or a record of the same source."""
    try:
        source = json.loads(target.read_text("utf-8"))["source"]
        return source["path"] == record.source.get("path") or source["sha256"] == record.source.get("sha256")
    except OSError:
        return not os.path.lexists(target)  # where nothing can be written, writing says so
    except (ValueError, KeyError, TypeError):
        return False
