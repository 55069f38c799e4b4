"""Files as papers and records: read, laid out and extracted in a process of their own, where limits hold."""

from __future__ import annotations

import hashlib
import threading
from base64 import b64decode
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import rules
from .errors import PaperError
from .files.archive import Files
from .files.kinds import OTHER_ARCHIVES, suffix_of, unpacked_size
from .limits import UNPACKED, Settings, cores
from .model import PagePicture, Record
from .readers.child_process import Child, File, paper_from
from .readers.registry import is_paper, reader_of
from .side_by_side import in_order
from .words.lexicon import Lexicon

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from .files.archive import Failed
    from .model import Paper


def paper_of(suffix: str, path: str, data: bytes, settings: Settings, lexicon: Lexicon | None = None) -> Paper:
    """The paper in the bytes of a file, read in this process. A reader that has a parameter `settings` gets them, one
    with a parameter `words` what looks like a unit."""
    from .layout.paper import lay_out  # in the process that reads alone
    from .words.unit_shapes import shapes_of

    read = reader_of(suffix)
    shapes = shapes_of(lexicon or Lexicon.load())
    offered = {"settings": settings, "words": shapes}
    more = {name: offered[name] for name in signature(read).parameters if name in offered}
    return lay_out(read(path, data, **more), shapes)


#: The module that does the work in the process; named only, as it stands above this one.
_WORK = f"{__package__}.jobs"


class Reader:
    """Reads files, and what lies in ZIPs, in processes of their own; a context that ends them."""

    def __init__(self, settings: Settings | None = None, jobs: int = 1, idle: IdleChildren | None = None) -> None:
        """`jobs`: how many processes there may be (`records`); `idle`: whence they are taken and whither they go."""
        self.settings = settings or Settings()
        self.files = Files(self.settings.max_bytes)
        self._idle = idle
        self._children = [idle.take(self.settings) if idle else Child(self.settings, _WORK) for _ in range(jobs)]
        self._child = self._children[0]
        self._run: Generator[Record | Exception] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        if self._run is not None:
            self._run.close()
        self.files.close()
        for child in self._children:
            if self._idle:
                self._idle.give_back(child)
            else:
                child.close()

    def read(self, path: str | Path, lexicon: Lexicon | None = None) -> Paper:
        """The paper in a file, which may lie in a ZIP (`papers.zip/notice.docx`). Flattened tables are known by the
        units of `lexicon`, else of the built-in one.

        Raises `OSError` where the file can not be opened and `PaperError` where it is no readable paper.
        """
        return paper_from(self._ask("paper", [path], lexicon))

    def record(
        self, path: str | Path, attachments: Sequence[str | Path] = (), lexicon: Lexicon | None = None
    ) -> Record:
        """The record of the paper in a file and of its attachments in others; raises as `read` does."""
        return Record.from_json(self._ask("record", [path, *attachments], lexicon))

    def text(self, path: str | Path, attachments: Sequence[str | Path] = (), lexicon: Lexicon | None = None) -> str:
        """The text in which the record of a paper counts its offsets, contact data masked; raises as `read` does."""
        return str(self._ask("text", [path, *attachments], lexicon))

    def page(self, path: str | Path, number: int, text: str) -> PagePicture:
        """The page `number` (from 1) of a PDF as a picture, with the places of what `text` has, the masked text of its
        paper; raises as `read` does."""
        file = self._file(str(path))
        if file.suffix != ".pdf":
            raise PaperError("page-not-shown", path=str(path), page=number)
        found = self._child.ask("page", [file, File("", str(number), "", text.encode("utf-8", "replace"))])["page"]
        places = [(at, left, upper, right, lower) for at, left, upper, right, lower in found["characters"]]
        return PagePicture(b64decode(found["png"]), found["pages"], places)

    def records(
        self, papers: Sequence[Sequence[str | Path]], lexicon: Lexicon | None = None
    ) -> Generator[Record | Exception]:
        """The records of papers, each given by its file and those of its attachments, in their order; where there is
        none, what `record` would raise. They are read side by side, each whole in one process."""

        def worker(child: Child) -> Callable[[Sequence[str | Path]], Record | Exception]:
            def read(paths: Sequence[str | Path]) -> Record | Exception:
                try:
                    return Record.from_json(self._ask("record", paths, lexicon, child))
                except Exception as error:  # one paper never stops the others
                    return error

            return read

        self._run = in_order([worker(child) for child in self._children], papers, self._stop)
        return self._run

    def _stop(self) -> None:
        for child in self._children:
            child.close()

    def _ask(self, what: str, paths: Sequence[str | Path], lexicon: Lexicon | None, child: Child | None = None) -> Any:
        files = [self._file(str(path)) for path in paths]
        return (child or self._child).ask(what, files, lexicon.folders if lexicon else ())[what]

    def _file(self, name: str) -> File:
        data = self.files.load(name)
        if not data:
            raise PaperError("paper-empty", path=name)
        suffix = suffix_of(name, data)
        if suffix == "locked":
            raise PaperError("paper-locked", path=name)
        if suffix == ".zip":
            raise PaperError("paper-is-zip" if data.startswith(b"PK\x03\x04") else "archive-damaged", path=name)
        if data.startswith(OTHER_ARCHIVES):
            raise PaperError("archive-kind", path=name)
        if suffix == ".pptx":
            raise PaperError("paper-slides", path=name)
        if data.startswith(b"PK") and (size := unpacked_size(data)) > UNPACKED * self.settings.max_bytes:
            raise PaperError("paper-too-large", path=name, size=size, limit=UNPACKED * self.settings.max_bytes)
        return File(suffix, name, hashlib.sha256(data).hexdigest(), data)

    def papers(self, start: str | Path, skip: Callable[[str], bool], failed: Failed) -> Iterator[str]:
        """The paths of the papers under a path: see `Files.papers`."""
        return self.files.papers(str(start), is_paper, skip, failed)


def read(path: str | Path, settings: Settings | None = None) -> Paper:
    """The paper in a file: see `Reader.read`."""
    with kept_reader(settings) as one:
        return one.read(path)


def kept_reader(settings: Settings | None = None, jobs: int = 1) -> Reader:
    """A reader that leaves its processes to the next one of the same settings: starting one takes a second or two."""
    return Reader(settings, jobs, _IDLE)


class IdleChildren:
    """Processes that have nothing to read, for the next reader of the same settings in the same surroundings. They end
    with the program, or when nobody has wanted them for `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._idle: list[tuple[Child, threading.Timer]] = []

    def take(self, settings: Settings) -> Child:
        """One that is idle, else a new one."""
        with self._lock:
            for at, (child, timer) in enumerate(self._idle):
                if child.settings == settings and child.usable:
                    timer.cancel()
                    del self._idle[at]
                    return child
        return Child(settings, _WORK)

    def give_back(self, child: Child) -> None:
        """Keeps a process that runs, as many as there are processors; of more, the one that came first ends."""
        if not child.usable:
            child.close()
            return
        timer = threading.Timer(self._seconds, self._end, [child])
        timer.daemon = True
        with self._lock:
            self._idle.append((child, timer))
            over = [one for one, _ in self._idle[: -cores()]]
        timer.start()
        for one in over:
            self._end(one)

    def _end(self, child: Child) -> None:
        with self._lock:
            found = [entry for entry in self._idle if entry[0] is child]
            self._idle = [entry for entry in self._idle if entry[0] is not child]
        for one, timer in found:
            timer.cancel()
            one.close()


_IDLE = IdleChildren(seconds=60)


def rules_version(lexicon: Lexicon | None = None) -> str:
    """What reads: version of the program, hash of the rules, hash of the lexicon."""
    return f"{_program()}+{rules.version()}.{(lexicon or Lexicon.load()).version}"


@cache
def _program() -> str:
    try:
        return version("zhengling")
    except PackageNotFoundError:
        return "0"
