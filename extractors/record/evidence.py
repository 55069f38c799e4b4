"""Where facts were read: quotations with persons masked, and their places."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from ..model import Evidence, Table
from ..steps.attachments import part_of
from ..words.personal import find_personal, mask
from .reading import Reading


class Maker:
    """Makes evidence: masked quotations and places."""

    def __init__(self, reading: Reading) -> None:
        self.paper = reading.paper
        drafts = reading.drafts
        hidden = [(a, b) for a, b, _ in reading.personal] + drafts.hidden
        # Persons also where an assignment belongs to no task: a warning quotes it.
        hidden += [span for a in reading.assignments if a.parsed.items for span in a.parsed.hidden]
        self.text = mask(self.paper.text, hidden)
        source = [(a, b) for a, b, _ in find_personal(self.paper.source)]
        source += [self.paper.span(a, b) for a, b in hidden]
        self.source = mask(self.paper.source, source)
        self.lines = [0, *(m.end() for m in re.finditer(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", self.paper.source))]
        self.tables: list[tuple[int, int, int, Table]] = []
        for n, block in enumerate(b for b in self.paper.blocks if isinstance(b, Table)):
            self.tables.append((block.start, block.end, n + 1, block))
        self.starts = [t[0] for t in self.tables]
        self.cells: dict[int, list[tuple[int, int, int, int]]] = {}

    def place(self, offset: int) -> dict[str, Any]:
        """Where an offset of the text stands: the line or what the format has instead (page, paragraph, sheet, …), and
        table, row and column from 1; before them the file where that is an attachment's."""
        origin = self.paper.origin(offset)
        place: dict[str, Any] = {"line": bisect_right(self.lines, origin)}
        part = part_of(self.paper, origin)
        if self.paper.places:
            near = bisect_right(self.paper.places, origin, key=lambda p: p[0]) - 1
            place = dict(self.paper.places[max(near, 0)][1])
            if part:
                place = {"file": part[2]} | place
            if "table" in place:
                return place
        at = bisect_right(self.starts, offset) - 1
        if at >= 0 and offset <= self.tables[at][1]:
            _, _, n, table = self.tables[at]
            cells = self.cells.get(n)
            if cells is None:
                cells = self.cells[n] = sorted(
                    (c.start, c.end, c.row, c.column) for c in table.cells if c.end > c.start
                )
            i = bisect_right(cells, (offset, 1 << 60)) - 1
            if i >= 0 and offset <= cells[i][1]:
                place |= {
                    "table": n - (bisect_right(self.starts, part[1] - 1) if part else 0),
                    "row": cells[i][2] + 1,
                    "column": cells[i][3] + 1,
                }
        return place

    def evidence(self, start: int, end: int, rule: str) -> Evidence:
        a, b = self.paper.span(start, end)
        part = part_of(self.paper, a)
        begin = part[0] if part else 0  # offsets are those of the file
        return Evidence(a - begin, b - begin, self.source[a:b], rule, self.place(start))

    def words(self, spans: list[tuple[int, int]]) -> str:
        return "\n".join(w for w in (self.text[a:b].strip() for a, b in spans) if w)
