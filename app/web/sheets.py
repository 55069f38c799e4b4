"""Pages of a PDF beside its text: which there are, and where on one of them the facts stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from ...extractors.errors import ZhenglingError
from ...extractors.model import PagePicture, Record
from .layers import Marked, facts_of
from .visit import Shown, Visit, addressed

Box = tuple[int, int, int, int]

_MOST = 100_000  # the highest number of a page that is asked for


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """A page of a paper's file, or of its attachment `file`."""

    page: int
    file: str = ""


def sheet_of(fact: Marked, record: Record) -> PaperSheet | None:
    """The page on which a fact begins; None where its file has no pages that can be shown."""
    place = fact.spans[0].place if fact.spans else {}
    file = str(place.get("file", ""))
    if not isinstance(place.get("page"), int) or (file or record.source.get("path", "")).lower().endswith(".ofd"):
        return None
    return PaperSheet(place["page"], file)


def marks(picture: PagePicture, facts: Sequence[Marked]) -> Iterator[dict[str, Any]]:
    """Where facts stand on a page: `fact`, its `layer`, and boxes (left, upper, width, height)."""
    for fact in facts:
        boxes = [box for span in fact.spans for box in _boxes(picture, span.start, span.end)]
        if boxes:
            yield {"fact": fact.id, "layer": fact.layer, "boxes": boxes}


def _boxes(picture: PagePicture, start: int, end: int) -> Iterator[Box]:
    """The boxes of a stretch of the text, one a line."""
    run: list[int] = []
    for offset, left, upper, right, lower in picture.characters:
        if not start <= offset < end:
            continue
        if run and abs(upper - run[1]) < (lower - upper) / 2 and run[0] <= left <= run[2] + 2 * (lower - upper):
            run = [run[0], min(run[1], upper), max(run[2], right), max(run[3], lower)]
            continue
        if run:
            yield run[0], run[1], run[2] - run[0], run[3] - run[1]
        run = [left, upper, right, lower]
    if run:
        yield run[0], run[1], run[2] - run[0], run[3] - run[1]


def shown(visit: Visit, identity: str, source: str, record: Record, sheet: PaperSheet) -> dict[str, Any]:
    """A page with the places of facts on it. Raises `ZhenglingError` where it can not be shown."""
    picture = _picture(visit, source, sheet)
    about = {"document": identity, "page": sheet.page, "file": sheet.file}
    found = list(marks(picture, facts_of(record)))
    return about | {"pages": picture.pages, "picture": addressed("/sheet.png", **about), "marks": found}


def asked(visit: Visit) -> PaperSheet:
    """The page that an address names."""
    return PaperSheet(min(max(visit.number("page", 1), 1), _MOST), visit.value("file"))


def _picture(visit: Visit, source: str, sheet: PaperSheet) -> PagePicture:
    key = ("sheet", visit.shelf.mark(), source, sheet)
    found = visit.site.kept(key, lambda: visit.site.page(source, sheet.page, sheet.file))
    if found is None:
        raise ZhenglingError("page-gone", 1)
    return found


def _source(visit: Visit) -> tuple[str, str]:
    found = visit.snapshot.lists.paper(visit.value("document"))
    if found is None or not found["loaded"]:
        raise ZhenglingError("no-such-document", 2, document=visit.value("document"))
    return found["id"], found["source"]


def places(visit: Visit) -> Shown:
    """A page's marks as data."""
    identity, source = _source(visit)
    return Shown("", data=shown(visit, identity, source, visit.site.record(source), asked(visit)))


def drawing(visit: Visit) -> Response:
    """A page's picture."""
    _, source = _source(visit)
    return Response(_picture(visit, source, asked(visit)).png, media_type="image/png")
