"""Papers: the list, and one paper with its text as it stands and what was read marked in it."""

from __future__ import annotations

from typing import Any

from ...extractors.errors import ZhenglingError
from ..lists.reading import PAPER_SORTS, Row, Slice
from .layers import LAYERS, facts_of, pieces
from .listing import listed as table
from .visit import Shown, Visit

FILTERS = ("text", "region", "level", "year", "kind", "loaded", "sort")
COLUMNS = ("document", "title", "level", "region", "date", "tasks", "units", "deadlines", "cited_by")
_WANTED = ("document", "title", "level", "kind", "cited_by")
_FILES = {"document": "id"}


def listed(visit: Visit) -> Shown:
    if not visit.shelf.built():
        return Shown("empty.html", data={"total": 0, "start": 0, "papers": []})
    lists, wanted = visit.snapshot.lists, visit.filters(*FILTERS)
    columns = _WANTED if wanted.get("loaded") == "no" else COLUMNS
    default = "-cited_by" if wanted.get("loaded") == "no" else "document"
    asked = {"sort": default} | wanted

    def ask(start: int, size: int) -> Slice:
        return lists.papers(asked, start, size)

    def cell(row: Row, column: str) -> Any:
        return row[_FILES.get(column, column)]

    return table(visit, "papers.html", "papers", ask, columns, PAPER_SORTS, default, cell, wanted=wanted)


def paper(visit: Visit) -> Shown:
    found = visit.snapshot.lists.paper(visit.identity)
    if found is None:
        raise ZhenglingError("no-such-document", 2, document=visit.identity)
    if not found["loaded"]:
        return Shown("cited.html", {"paper": found}, data={"document": found})
    record, text, trouble = visit.site.paper(found["source"])
    facts = facts_of(record)
    values: dict[str, Any] = {
        "paper": found,
        "record": record,
        "facts": facts,
        "layers": LAYERS,
        "trouble": visit.say.error(trouble) if trouble else "",
        "pieces": list(pieces(text, facts)) if text else [],
        "remarks": [*record.warnings, *record.findings],
    }
    return Shown("paper.html", values, data=lambda: {"document": found, "record": record.to_json(), "text": text})
