"""What the process does in which papers are read (`readers/child_process.py`): from the bytes of files to a paper or
its record."""

from __future__ import annotations

import gc
from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from . import rules, start
from .limits import Settings
from .model import Paper
from .papers import paper_of
from .pipeline import extract_paper
from .readers.child_process import File
from .record.evidence import Maker
from .record.looking import look_through
from .steps.attachments import join
from .words.lexicon import Lexicon

#: What can be asked for.
PAPER, RECORD, TEXT, PAGE = "paper", "record", "text", "page"


def prepare() -> None:
    """Load what every paper needs, before memory is bounded."""
    Lexicon.load()
    start.end(_read_first)
    gc.collect()
    gc.freeze()  # it stays: no collection need look at it again


def _read_first() -> None:
    extract_paper(paper_of(".txt", start.FIRST, rules.text_of(start.FIRST).encode(), Settings()))


def work(
    what: str, files: list[File], folders: list[str], settings: Settings, at: Callable[[str], None]
) -> dict[str, Any]:
    """The paper of the first file, or the record of it together with the attachments that the others are, or the text
    in which that record counts; or a page of the first file, whose number the second one is called by and whose text
    is in it. `at` is told the path of the file that is read."""
    if what == PAGE:
        return {PAGE: _page(files[0], int(files[1].path), files[1].data.decode("utf-8", "replace"))}
    lexicon = Lexicon.load(folders)

    def read(file: File) -> Paper:
        at(file.path)
        paper = paper_of(file.suffix, file.path, file.data, settings, lexicon)
        paper.path, paper.sha256 = Path(file.path).as_posix(), file.sha256
        return paper

    paper = read(files[0])
    if what == PAPER:
        return {PAPER: asdict(paper)}
    others = [read(file) for file in files[1:] if paper.record is None]
    at(files[0].path)
    whole = join(paper, others) if others else paper
    if what == TEXT:
        return {TEXT: Maker(look_through(whole, lexicon)).source if whole.record is None else ""}
    record = extract_paper(whole, lexicon=lexicon)
    if others:
        record.source["attachments"] = [{"path": p.path, "sha256": p.sha256} for p in others]
    return {RECORD: record.to_json()}


def _page(file: File, number: int, text: str) -> dict[str, Any]:
    from .readers.pages.picture import pictured

    picture = pictured(file.path, file.data, number, text)
    return asdict(picture) | {"png": b64encode(picture.png).decode()}
