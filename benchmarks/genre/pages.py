"""Papers as PDF: paragraphs and tables on pages, ruled or not, rows kept whole or cut by the end of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from zhengling.tests.pdfs import pdf, rule, show

from .columns import Column
from .model import Draw

PAGE, SIZE, LINE, MARGIN, PAD = (842.0, 595.0), 10.0, 15.0, 50.0, 4.0
_WIDTHS = {"number": 0.5, "section": 1.2, "title": 1.5, "text": 4.0, "deadline": 1.4, "mark": 0.8, "phone": 1.4}

#: A cell: its text, how many rows and columns it spans, and whether it is covered by one above.
Spanned = tuple[str, int, int, bool]
#: A paragraph, or the columns and rows of a table.
Block = str | tuple[Sequence[Column], list[list[Spanned]]]


@dataclass
class _Pages:
    """Drawings of the pages so far, and where the next line goes."""

    ruled: bool
    middle: bool
    numbered: str
    done: list[str] = field(default_factory=list)
    here: list[str] = field(default_factory=list)
    y: float = PAGE[1] - MARGIN

    def turn(self) -> None:
        if self.numbered:
            self.here.append(show(self.numbered.format(len(self.done) + 1), PAGE[0] / 2 - 20, 25, SIZE))
        self.done.append("\n".join(self.here))
        self.here, self.y = [], PAGE[1] - MARGIN

    @property
    def room(self) -> float:
        return self.y - MARGIN

    def paragraph(self, text: str, indented: bool) -> None:
        most = int((PAGE[0] - 2 * MARGIN) / SIZE)
        line = "　　" * indented + text
        for n in range(0, max(len(line), 1), most):
            if self.room < LINE:
                self.turn()
            self.here.append(
                show(line[n : n + most].lstrip("　"), MARGIN + 2 * SIZE * (indented and n == 0), self.y, SIZE)
            )
            self.y -= LINE


def write(draw: Draw, blocks: Sequence[Block]) -> bytes:
    """The file of paragraphs and of tables given by their columns and rows."""
    pages = _Pages(
        draw.picked("lines of the table", "ruled") == "ruled",
        draw.picked("cells stand", "at the top") == "in the middle",
        {"none": "", "- 1 -": "- {} -", "1": "{}"}[draw.picked("numbers of PDF pages", "none")],
    )
    cut = draw.picked("rows at the end of a page", "whole") == "cut"
    for n, block in enumerate(blocks):
        if isinstance(block, str):
            pages.paragraph(block, n > 1 and len(block) > 30)
        else:
            _table(pages, *block, cut)
    pages.turn()
    return pdf(pages.done, box=(PAGE[0], PAGE[1]))


def _table(pages: _Pages, columns: Sequence[Column], rows: list[list[Spanned]], cut: bool) -> None:
    shares = [_WIDTHS.get(c.kind, 1.6) for c in columns]
    whole = PAGE[0] - 2 * MARGIN
    edges = [MARGIN]
    for share in shares:
        edges.append(edges[-1] + whole * share / sum(shares))
    for n, row in enumerate(rows):
        cells, at = [], 0
        for text, _, width, covered in row:
            most = max(1, int((edges[at + width] - edges[at] - 2 * PAD) / SIZE))
            lines = [] if covered else [p[k : k + most] for p in text.split("\n") for k in range(0, len(p), most)]
            cells.append((edges[at], edges[at + width], lines, covered))
            at += width
        below = rows[n + 1] if n + 1 < len(rows) else []
        open_below = {edges[k] for k, cell in enumerate(below) if len(below) > 1 and cell[3]}
        _row(pages, cells, open_below, cut)
    pages.y -= 2 * LINE  # a line of text stands on its y, a table hangs from it


def _row(pages: _Pages, cells: list[tuple[float, float, list[str], bool]], open_below: set[float], cut: bool) -> None:
    """One row; what does not fit goes to the next page, whole or from the line where the page ends."""
    while True:
        tallest = max(len(lines) for _, _, lines, _ in cells) or 1
        height = tallest * LINE + 2 * PAD
        if height <= pages.room:
            _draw(pages, cells, height, open_below)
            return
        fits = int((pages.room - 2 * PAD) / LINE)
        if cut and fits >= 1:
            head = [(a, b, lines[:fits], covered) for a, b, lines, covered in cells]
            _draw(pages, head, fits * LINE + 2 * PAD, set())
            cells = [(a, b, lines[fits:], covered) for a, b, lines, covered in cells]
        pages.turn()


def _draw(
    pages: _Pages, cells: list[tuple[float, float, list[str], bool]], height: float, open_below: set[float]
) -> None:
    top, bottom = pages.y, pages.y - height
    for left, right, lines, covered in cells:
        spare = (height - 2 * PAD - len(lines) * LINE) / 2 if pages.middle else 0
        y = top - PAD - spare - SIZE
        for line in lines:
            pages.here.append(show(line, left + PAD, y, SIZE))
            y -= LINE
        if pages.ruled:
            ends = [(left, top, left, bottom), (right, top, right, bottom)]
            if not covered:
                ends.append((left, top, right, top))
            if left not in open_below:
                ends.append((left, bottom, right, bottom))
            pages.here.append(rule(*ends))
    # Without lines, rows are apart by room.
    pages.y = bottom - (0 if pages.ruled else LINE * 0.8)
