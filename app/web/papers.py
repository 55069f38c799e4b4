"""Papers: the list, and one paper with its text as it stands and what was read marked in it."""

from __future__ import annotations

from typing import Any

from ...extractors.errors import ZhenglingError
from ...extractors.model import Record
from ..lists.reading import PAPER_SORTS, Row
from .filtering import filtered
from .layers import LAYERS, facts_of, folded, pieces, tasks_of
from .listing import listed as table
from .sheets import PaperSheet, asked, sheet_of, shown
from .visit import Shown, Visit, addressed

FILTERS = ("text", "region", "level", "year", "kind", "loaded", "sort")
COLUMNS = ("document", "title", "level", "region", "date", "tasks", "units", "deadlines", "cited_by")
_WANTED = ("document", "title", "level", "kind", "cited_by")
_FILES = {"document": "id"}


def listed(visit: Visit) -> Shown:
    if not visit.shelf.built():
        return Shown("empty.html", data={"total": 0, "start": 0, "papers": []})
    lists, wanted = visit.snapshot.lists, filtered(visit, *FILTERS)
    missing = visit.value("loaded") == "no"
    columns, default = (_WANTED, "-cited_by") if missing else (COLUMNS, "document")
    if wanted.meant is not None:
        wanted.meant = {"sort": default} | wanted.meant
    ask = wanted.ask(lists.papers)

    def cell(row: Row, column: str) -> Any:
        return row[_FILES.get(column, column)]

    made = table(
        visit,
        "papers.html",
        "papers",
        ask,
        columns,
        PAPER_SORTS,
        default,
        cell,
        wanted=wanted.written,
        told=wanted.told,
    )
    return wanted.tell_why(visit, made, lists.papers)


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
        "sheets": {fact.id: sheet for fact in facts if (sheet := sheet_of(fact, record))},
    }
    unit = visit.value("unit")
    mine = tasks_of(record, unit) if unit else None
    values["unit"], values["mine"] = unit, mine
    values["units"] = sorted({one.name for task in record.tasks for one in task.units})
    values["parts"] = folded(values["pieces"], facts, mine)
    values["sheet"] = _sheet(visit, found, record, values["sheets"]) if text and values["sheets"] else None
    return Shown("paper.html", values, data=lambda: {"document": found, "record": record.to_json(), "text": text})


def _sheet(visit: Visit, found: Row, record: Record, sheets: dict[int, PaperSheet]) -> dict[str, Any]:
    """The page beside the text: the one that the address names, with its marks; else the first one, to which the script
    of the page brings them."""
    if "page" not in visit.given or visit.form:
        sheet = PaperSheet(1, next(iter(sheets.values())).file)
        about = {"document": found["id"], "page": sheet.page, "file": sheet.file}
        return about | {"picture": addressed("/sheet.png", **about), "pages": 0, "marks": [], "error": ""}
    sheet = asked(visit)
    try:
        return shown(visit, found["id"], found["source"], record, sheet) | {"error": ""}
    except ZhenglingError as error:
        return {"document": found["id"], "page": sheet.page, "file": sheet.file, "error": visit.say.error(error)}
