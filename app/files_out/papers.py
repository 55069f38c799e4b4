"""What an office hands on as Word files: a task sheet for each unit, and the weekly report, which is a page as well."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from ...extractors.errors import ZhenglingError
from ...graph.schema import Source
from ..messages import Catalogue
from ..tables import pages, people
from ..tables.cells import legal
from ..writing import timeless, write
from .ledger_rows import LIGHTS, task_rows
from .ledger_tasks import Ledger, gathered

#: Column of a task sheet → its width in characters, of 100 on a line.
_SHEET = {
    "no": 4,
    "paper": 13,
    "title": 13,
    "text": 25,
    "own_role": 5,
    "support": 9,
    "deadline": 9,
    "light": 8,
    "state": 6,
    "progress": 8,
}
#: Column of the report → its share of a line.
_REPORT = {"title": 38, "deadline": 10, "day": 10, "units": 27, "state": 8, "document": 17}


@dataclass(slots=True)
class ReportPart:
    """A part of the report: heading, and for each place its rows below columns."""

    title: str
    columns: Sequence[str]
    places: dict[str, list[list[Any]]] = field(default_factory=dict)


def write_sheets(source: Source, out: Path, say: Catalogue, today: date | None = None) -> int:
    """A folder with a task sheet (DOCX) for each unit that leads or answers for tasks, with the lights of the day
    `today`; how many. Files there before are replaced, others stay.

    Raises `ZhenglingError` where python-docx (extra `docx`) is not installed.
    """
    if out.exists() and not out.is_dir():
        raise NotADirectoryError(20, "", str(out))
    _document()
    count, taken, day = 0, set(), today or date.today()
    with gathered(source) as ledger:
        tasks = {row["id"]: row for row in task_rows(ledger, say, day)}
        for unit, found in sorted(ledger.of_units(), key=lambda one: one[0]):
            region, _, name = unit.rpartition("|")
            file = re.sub(r"[^\w.-]+", "-", f"{region.rpartition('/')[2]}-{name}")[:80]
            while file in taken:
                file += "-2"
            taken.add(file)
            out.mkdir(parents=True, exist_ok=True)
            write(out / f"{file}.docx", _sheet(unit, _own(unit, found, tasks, ledger, say), say, day))
            count += 1
    return count


def write_sheet(source: Source, unit: str, out: Path, say: Catalogue, today: date | None = None) -> int:
    """The task sheet (DOCX) of one unit, by its id; how many tasks it has. Raises `ZhenglingError` (`no-sheet`) for one
    that leads and answers for none."""
    day = today or date.today()
    with gathered(source) as ledger:
        wanted = dict(ledger.of_units()).get(unit, [])
        if not wanted:
            raise ZhenglingError("no-sheet", 1, unit=unit.rpartition("|")[2])
        chosen = set(wanted)
        tasks = {row["id"]: row for row in task_rows(ledger, say, day) if row["id"] in chosen}
        own = _own(unit, wanted, tasks, ledger, say)
    write(out, _sheet(unit, own, say, day))
    return len(wanted)


def _own(
    unit: str, wanted: Iterable[str], tasks: Mapping[str, dict[str, Any]], ledger: Ledger, say: Catalogue
) -> list[dict[str, Any]]:
    """The tasks of a unit, with what it is to them."""
    roles = ledger.roles(unit)
    return [tasks[one] | {"own_role": "、".join(say(f"role-{role}") for role in roles[one])} for one in wanted]


def _sheet(unit: str, tasks: Sequence[dict[str, Any]], say: Catalogue, day: date) -> bytes:
    region, _, name = unit.rpartition("|")
    paper = _document()
    paper.add_heading(say("sheet-title", unit=name), 0)
    paper.add_paragraph(say("sheet-of", region=region, count=len(tasks)))
    rows = [[n, *(task[key] for key in tuple(_SHEET)[1:])] for n, task in enumerate(tasks, 1)]
    colours = {say(f"ledger-light-{light}"): colour for light, colour in LIGHTS.items()}
    _table(
        paper, [say(f"ledger-{name}", day=day.isoformat()) for name in _SHEET], rows, colours, tuple(_SHEET.values())
    )
    paper.add_paragraph()
    paper.add_paragraph(say("sheet-sign"))
    return _bytes(paper)


def report_docx(title: str, parts: Iterable[ReportPart], say: Catalogue) -> bytes:
    """The report as a Word file."""
    paper, parts = _document(), list(parts)
    called = _places(parts)
    paper.add_heading(title, 0)
    for part in parts:
        share = sum(_REPORT[name] for name in part.columns) / 100
        widths = [_REPORT[name] / share for name in part.columns]
        paper.add_heading(_headed(part, say), 1)
        if not part.places:
            paper.add_paragraph(say("report-none"))
        for place, rows in part.places.items():
            paper.add_heading(say("noted", name=called(place), note=len(rows)), 2)
            _table(paper, [say(f"column-{name}") for name in part.columns], _called(part, rows), widths=widths)
    return _bytes(paper)


def _places(parts: Iterable[ReportPart]) -> Callable[[str], str]:
    """What gives each place of a report the name that tells it apart."""
    return people.shortest({place for part in parts for place in part.places})


def _called(part: ReportPart, rows: Iterable[list[Any]]) -> list[list[Any]]:
    """Rows of the report with the short names of the papers."""
    from ...graph.deriving.identity import short_name  # brings the lexicon

    at = part.columns.index("document")
    return [[*row[:at], short_name(row[at]), *row[at + 1 :]] for row in rows]


def _headed(part: ReportPart, say: Catalogue) -> str:
    return say("noted", name=part.title, note=sum(map(len, part.places.values())))


def report_html(title: str, parts: Iterable[ReportPart], say: Catalogue) -> str:
    """The report as a page that works without a network."""
    body, parts = [], list(parts)
    called = _places(parts)
    for part in parts:
        body.append(f"<h2>{escape(_headed(part, say))}</h2>")
        if not part.places:
            body.append(f"<p>{escape(say('report-none'))}</p>")
        for place, rows in part.places.items():
            body.append(f"<h3>{escape(say('noted', name=called(place), note=len(rows)))}</h3>")
            body.append(pages.html_table(part.columns, _called(part, rows), say))
    return pages.page(title, "\n".join(body), say)


def _document() -> Any:
    try:
        from docx import Document
        from docx.enum.section import WD_ORIENT
        from docx.oxml.ns import qn
        from docx.shared import Pt
    except ImportError as error:
        raise ZhenglingError("missing-extra", 1, extra="docx", package="python-docx") from error
    paper = Document()
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Pt(841.9), Pt(595.3)  # A4
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Pt(42)
    normal: Any = paper.styles["Normal"]
    normal.font.size = Pt(10.5)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        paper.styles[name].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "SimSun")
    return paper


def _table(
    paper: Any,
    heads: Sequence[str],
    rows: Sequence[Sequence[Any]],
    colours: Mapping[str, str] | None = None,
    widths: Sequence[float] = (),
) -> None:
    """A table with its headings, which are repeated on each page; `colours` stand behind the words that they have, and
    columns have `widths` in hundredths of a line, all the same where none are given."""
    table = paper.add_table(rows=1, cols=len(heads), style="Table Grid")
    _mark(table.rows[0], "tblHeader")
    section = paper.sections[0]
    line = section.page_width - section.left_margin - section.right_margin
    for column, width in zip(table.columns, widths, strict=False):
        column.width = int(line * width / 100)
    for cell, words in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    for row in rows:
        added = table.add_row()
        _mark(added, "cantSplit")
        for cell, value in zip(added.cells, row, strict=True):
            lines = value if isinstance(value, list) else ["" if value is None else value]
            cell.text = legal("\n".join(map(str, lines)))
            if colour := (colours or {}).get(cell.text):
                _shade(cell, colour)


def _mark(row: Any, name: str) -> None:
    """Mark a row: `tblHeader` is repeated at the top of each page, `cantSplit` stands on one page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(f"w:{name}"))


def _shade(cell: Any, colour: str) -> None:
    """Put a colour (RGB) behind a cell."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _bytes(paper: Any) -> bytes:
    """The file, without any time of writing."""
    from datetime import datetime

    paper.core_properties.author = "Zhengling"
    paper.core_properties.created = paper.core_properties.modified = datetime(2000, 1, 1)
    held, clean = BytesIO(), BytesIO()
    paper.save(held)
    timeless(held, clean)
    return clean.getvalue()
