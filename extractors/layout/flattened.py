"""Tables that lie flattened in plain text: where one begins and ends, and how its cells are parted.

`find_table` looks at one place of the lines and gives a grid, or nothing. How a table is flattened only decides into
which atoms its text is cut (`atoms`, `tight`); one decoder (`segmentation`) puts the atoms of all forms into rows and
columns.
"""

from __future__ import annotations

from ..words.cells import cell_words
from ..words.fold import squeeze
from ..words.headings import kind_of_heading
from ..words.parts import rule
from ..words.unit_shapes import UnitShapes
from .aligned import bare_columns
from .aligned_rows import aligned_grid, bare_kinds
from .bars import bar_follows, bars, broken_headings, is_rule
from .building import Grid
from .cards import find_cards, is_mark
from .cell_lines import cell_lines, cells_without_headings, line_without_headings
from .column_headings import on_line
from .gap_rows import gap_rows
from .headed_lines import below_line
from .lines import Line, bars_of
from .tab_cells import tab_cell, tab_cells
from .tab_rows import tab_rows
from .table_ends import signs
from .tex import begins_tex, tex_grid

_LONG_LINE = 120


def find_table(
    lines: list[Line], at: int, prose: list[str], source: str, shapes: UnitShapes
) -> tuple[Grid, int] | None:
    """The table that begins at `lines[at]` and the index after it, or None. `prose` is what stands before it."""
    line, words = lines[at], cell_words(shapes)
    if begins_tex(line):
        return tex_grid(lines, at)
    if bars_of(line) or is_rule(line) or bar_follows(lines, at) or broken_headings(lines, at):
        found = bars(lines, at, words)
        if found:
            return found
    if "\t" in line.raw:
        if signs(lines, at, words):
            return None
        return tab_cells(lines, at, source, shapes) if tab_cell(line) else tab_rows(lines, at, source, words)
    if ":" in line.text or line.text.startswith("(") or is_mark(line):
        cards = find_cards(lines, at)
        if cards:
            return cards
    short = len(squeeze(line.text)) <= _LONG_LINE and bool(rule("heading_word", "layout.toml").search(line.text))
    heads = on_line(line.text, words) if short else []
    if heads:
        return below_line(lines, at, heads, prose, source, words)
    bare = bare_columns(lines, at)
    if bare:
        read, end = bare
        return aligned_grid(read, bare_kinds(read, words), words, line.number), end
    if short and kind_of_heading(line.text):
        return cell_lines(lines, at, words)
    apart = gap_rows(lines, at, words)
    if apart is not None:
        return apart
    whole = line_without_headings(line, words) if len(line.text) > _LONG_LINE else None
    return (whole, at + 1) if whole is not None else cells_without_headings(lines, at, words)
