"""The reader of PDF: the text layer, or what text recognition makes of the pages, as paragraphs and tables.

Each page is read and let go; lines and tables are kept. Lengths are points; `down` grows towards the foot of a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...errors import PaperError
from ...limits import Settings
from ...model import Remark
from ...words.lexicon import Lexicon
from ...words.unit_shapes import UnitShapes, shapes_of
from ..content import Content, Sheet, Text
from ..registry import needs
from .characters import page_of
from .model import PrintedPage, RuledGrid
from .paragraphs import paragraphs, running_heads
from .ruled_tables import cell_text
from .tables_over_pages import goes_on

if TYPE_CHECKING:
    from collections.abc import Iterator


#: A page is a picture of text where its pictures cover this share of it and it has hardly any characters.
COVERED, _FEW = 0.4, 12


def read(path: str, data: bytes, settings: Settings | None = None, words: UnitShapes | None = None) -> Content:
    """The paper in a PDF. `words` tell the units of a cell; without them those of the built-in lexicon.

    Raises `PaperError` for a file that is damaged (`paper-damaged`) or locked (`paper-locked`), that has no text layer
    (`pdf-no-text`) or one that can not be read (`pdf-unmapped`).
    """
    settings = settings or Settings()
    with needs("pdf", "pypdfium2"):
        import pypdfium2
    pages: list[PrintedPage] = []
    warnings: list[Remark] = []
    blank, garbled = [], []
    count = 0
    with opened(pypdfium2, path, data) as document:
        count = len(document)
        for number in range(1, count + 1):
            try:
                page = page_of(document, number)
            except pypdfium2.PdfiumError:
                warnings.append(Remark("pdf-page-damaged", {"page": number}))
                continue
            scanned = page.pictures > COVERED and page.count < _FEW
            lost = page.unmapped > 0.2 * page.count
            if (scanned or lost) and settings.ocr:
                from .ocr import recognised

                page = recognised(document, number)
            elif scanned:
                blank.append(number)
            elif lost:
                garbled.append(number)
                page.lines, page.grids = [], []
            elif page.unmapped:
                warnings.append(Remark("pdf-characters-lost", {"page": number}, values={"count": page.unmapped}))
            pages.append(page)
    if not any(page.lines or page.grids for page in pages):
        if garbled:
            raise PaperError("pdf-unmapped", path=path)
        if blank:
            raise PaperError("pdf-no-text", path=path, pages=count)
    warnings += [Remark("pdf-page-scanned", {"page": n}) for n in blank]
    warnings += [Remark("pdf-page-unmapped", {"page": n}) for n in garbled]
    return Content(list(_items(pages, words or shapes_of(Lexicon.load()))), warnings)


def opened(pypdfium2: Any, path: str, data: bytes) -> Any:
    start = data.find(b"%PDF-", 0, 1024)
    try:
        return pypdfium2.PdfDocument(data[max(start, 0) :])
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in (pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY):
            raise PaperError("paper-locked", path=path) from error
        raise PaperError("paper-damaged", path=path, reason=str(error)) from error


def _items(pages: list[PrintedPage], words: UnitShapes) -> Iterator[Text | Sheet]:
    """Paragraphs and tables in reading order, heads and page numbers left out, what pages cut apart joined."""
    gone = running_heads(pages)
    for page in pages:
        page.lines = [line for line in page.lines if id(line) not in gone]
    run: list[tuple[PrintedPage, Any]] = []
    grid: RuledGrid | None = None
    for page in pages:
        pieces: list[Any] = list(page.lines)
        for table in page.grids:
            pieces.insert(next((n for n, p in enumerate(pieces) if p.top > table.top), len(pieces)), table)
        for piece in pieces:
            if not isinstance(piece, RuledGrid):
                if grid is not None:
                    yield _sheet(grid, words)
                    grid = None
                run.append((page, piece))
                continue
            if grid is not None and goes_on(grid, piece):
                continue
            if len(piece.edges) == 2:
                # A frame around text; only as the rest of a table it is a row.
                pieces_in = [(page, line) for cell in piece.cells for line in cell.lines]
                if pieces_in and grid is not None:
                    yield _sheet(grid, words)
                    grid = None
                run += pieces_in
                continue
            if grid is not None:
                yield _sheet(grid, words)
            yield from paragraphs(run, pages)
            run, grid = [], piece
    if grid is not None:
        yield _sheet(grid, words)
    yield from paragraphs(run, pages)


def _sheet(grid: RuledGrid, words: UnitShapes) -> Sheet:
    from ..content import Box

    boxes = [
        Box(
            cell_text(c, words),
            c.row,
            column,
            c.rows,
            columns,
            {"page": c.page, "row": c.row + 1, "column": column + 1},
        )
        for c in grid.cells
        for column, columns in [grid.columns(c)]
    ]
    return Sheet(boxes, len(grid.edges) - 1, {"page": grid.page})
