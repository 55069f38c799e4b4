"""The one loaded document that people mean by an id, a number, a title or a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...extractors.errors import ZhenglingError
from ..deriving.identity import normal_number, title_key
from .records import record_name


@dataclass(frozen=True, slots=True)
class Titled:
    """A loaded document and the files that it was read from."""

    id: str
    number: str | None
    title: str | None
    files: Sequence[str]


def named(name: str, papers: Iterable[Titled]) -> str:
    """The id of the document that bears a name; ids count before files, files before numbers, numbers before titles.

    Raises `ZhenglingError` where none or several bear it.
    """
    plain, papers = name.strip(), list(papers)
    if any(paper.id == plain for paper in papers):  # most ask by id; the rest looks at every file
        return plain
    hits = next((found for found in _hits(plain, papers) if found), set()) if plain else set()
    if not hits:
        raise ZhenglingError("no-such-document", 2, document=name)
    if len(hits) > 1:
        raise ZhenglingError("several-documents", 1, document=name, count=len(hits), hits=sorted(hits))
    return hits.pop()


def _hits(plain: str, papers: Iterable[Titled]) -> list[set[str]]:
    number, key, path = normal_number(plain), title_key(plain), Path(plain).as_posix()
    tests = (
        lambda paper: path in paper.files,
        lambda paper: number is not None and normal_number(paper.number) == number,
        lambda paper: bool(key) and title_key(paper.title) == key,
        lambda paper: any(path in (Path(f).name, Path(f).stem, record_name(f)) for f in paper.files),
    )
    found: list[set[str]] = [set() for _ in tests]
    for paper in papers:
        for hits, test in zip(found, tests, strict=True):
            if test(paper):
                hits.add(paper.id)
    return found
