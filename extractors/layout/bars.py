"""Tables whose cells are parted by bars: rows of a line each, or cells of a line each with bars between or behind."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..words.cells import CellWords
from ..words.fold import squeeze
from ..words.forms import MARK, TERMINAL
from ..words.headings import kind_of_heading
from ..words.parts import kinds as kinds_of_papers
from ..words.parts import pattern, rule
from . import segmentation
from .atoms import BAR, BAR_END, Atom, as_one, bar_atoms
from .building import Field, Grid
from .cell_lines import guessed
from .column_headings import enough, leading
from .columns import kinds_of
from .grids import decoded_grid, decoder_kinds, without_repeats
from .lines import Line, bars_of, ends_with_bar
from .table_ends import END, HARD_END

_LONG_HEADING = 24
_OF_ROW = 2  # bars of a line that is a row
_BROKEN_CELL = 12  # lines that a cell between two bars may have
_BROKEN_ROW = 4
_FEWEST_BARS = 5
_FULL_ROWS = 2  # with a cell in each column, that tell what these hold
_OPEN = ("、", ",", "(")  # how a cell ends that breaks off


def bar_follows(lines: list[Line], at: int) -> bool:
    """Whether a line is the first cell of a table whose bars stand on lines of their own."""
    if at + 3 >= len(lines) or len(lines[at].text) > 30 or _stands_above(lines[at], lines[at + 2]):
        return False
    return (
        lines[at + 1].text.startswith("|")
        and bars_of(lines[at + 1]) == 1
        and any(bars_of(n) for n in lines[at + 2 : at + 4])
    )


def _stands_above(line: Line, cell: Line) -> bool:
    """Whether a line before a bar is the title of the table: numbers head its first column, or it ends as papers do."""
    above = kind_of_heading(cell.text) == "number" or line.text.endswith(kinds_of_papers())
    return above and kind_of_heading(line.text) is None


_BROKEN_HEADING = 6  # characters of a heading's line
_EXPLAINED = re.compile(r"\([^()]*\)")
_FIRST_BARS = 1  # bars on the first line of broken headings
_MOST_BROKEN = 24  # lines that they are broken over


def broken_headings(lines: list[Line], at: int) -> bool:
    """Whether the headings of a table with bars begin at a line, each broken over lines, the last closed by a bar."""
    if bars_of(lines[at]) > _FIRST_BARS or at + 1 >= len(lines):
        return False
    if not bars_of(lines[at + 1]):
        return False
    said = ""
    for line in lines[at : at + _MOST_BROKEN]:
        if any(len(_EXPLAINED.sub("", cell)) > _BROKEN_HEADING for cell in _words_of(line)):
            return False
        said += line.text
        if ends_with_bar(line):
            break
    else:
        return False
    names = [squeeze(name) for name in said.strip("|│ ").replace("│", "|").split("|")]
    kinds = _headed(names) if len(names) > 2 and all(names) else None
    return bool(kinds) and None not in kinds


_RULE = re.compile(r"\A[|│┃\s├┤]*+[-─━=+┄-╿:][|│┃\s:+=\-─━┄-╿]*+")
_SHORTEST_RULE = 5


def is_rule(line: Line) -> bool:
    """Whether a line is drawn between the rows of a table."""
    return len(line.text) >= _SHORTEST_RULE and bool(_RULE.fullmatch(line.text))


def bars(lines: list[Line], at: int, words: CellWords) -> tuple[Grid, int] | None:
    """The table with bars that begins at a line or with the rule on it, and the index after it."""
    first = at
    while first < len(lines) and is_rule(lines[first]):
        first += 1
    if first == len(lines):
        return None
    broken = bars_of(lines[first]) < _OF_ROW and broken_headings(lines, first)
    if bars_of(lines[first]) >= _OF_ROW or broken or _band_first(lines, first):
        end = _bar_rows_end(lines, first + broken)
        drawn = [n for n in lines[first:end] if is_rule(n)]
        body = [n for n in lines[first:end] if not is_rule(n)]
        if len(body) < 2:
            return None
        if len(drawn) > 1 and (grid := _boxed(lines[first:end])):
            return grid, end
        return _bar_rows(bar_atoms(body), lines[first].number, words), end
    if first > at:
        return None
    end = _bar_cells_end(lines, at)
    body = lines[at:end]
    if sum(bars_of(n) > 0 for n in body) < _FEWEST_BARS:
        return None
    grid = _bar_cells(bar_atoms(body), lines[at].number, words)
    return (grid, end) if grid else None


def _band_first(lines: list[Line], at: int) -> bool:
    """Whether a line is a numbered heading over the rows below it, closed by a bar as they are."""
    below = lines[at + 1 : at + 2]
    return ends_with_bar(lines[at]) and bool(MARK.match(lines[at].text)) and any(bars_of(n) > _OF_ROW for n in below)


def _boxed(lines: list[Line]) -> Grid | None:
    """A table whose rows are parted by rules and whose cells go on below each other, all lines of a row with the same
    bars; None where each row has its line."""
    rows: list[list[Line]] = [[]]
    for line in lines:
        if is_rule(line):
            rows.append([])
        else:
            rows[-1].append(line)
    rows = [r for r in rows if r]
    width = bars_of(lines[0]) - 1
    alike = all(bars_of(n) in (2, width + 1) for r in rows for n in r)
    if width < 2 or not alike or max(map(len, rows)) < 2 or len(rows) < 2:
        return None
    cells: list[Field] = []
    for n, row in enumerate(rows):
        wide = bars_of(row[0]) == 2
        columns: list[list[tuple[int, int]]] = [[] for _ in range(1 if wide else width)]
        for line in row:
            for pieces, atom in zip(columns, bar_atoms([line]), strict=False):
                pieces += atom.pieces()
        cells += [Field(n, c, p, width if wide else 1, not p) for c, p in enumerate(columns)]
    return Grid(cells, width, lines[0].number)


def _bar_rows_end(lines: list[Line], at: int) -> int:
    """The index behind the last line of a table that has a row a line. A cell may go on in the next lines, and a
    heading stand between two rows."""
    index = last = at
    names: list[str] = []
    while index < len(lines):
        line = lines[index]
        if bars_of(line):
            cells = _words_of(line)
            headings = len(cells) > 2 and (_headed(cells) or (bool(names) and kind_of_heading(cells[0]) == "number"))
            if index > at and (_is_of_site(line, cells) or (headings and _begins_anew(lines, at, index, names))):
                break
            if headings:
                names = names or cells
            last = index
        elif is_rule(line):
            last = index
        elif (closed := _row_of_lines(lines, index, last, bars_of(lines[at]))) and names:
            index = last = closed
        elif not (_goes_on_in(lines, index, last) or _heading_between(lines, index)):
            break
        index += 1
    return last + 1


def _is_of_site(line: Line, cells: list[str]) -> bool:
    """Whether a line with bars is none of a table, but what a site has below a page."""
    return len([c for c in cells if c]) <= _OF_ROW and HARD_END.match(line.text) is not None


def _begins_anew(lines: list[Line], at: int, index: int, names: list[str]) -> bool:
    """Whether headings are those of another table than the one that begins at `at` with its own."""
    if _words_of(lines[index]) == names or _left_open(lines, index):
        return False
    return index != at + 1 or not _in_common(lines[at], lines[index])


def _in_common(first: Line, second: Line) -> bool:
    """Whether a row of headings has those of the columns that a heading of the row above has in common."""
    above = [squeeze(c) for c in _words_of(first) if c]
    below = [c for c in _words_of(second) if c]
    return len(below) == len(above) - len(set(above)) + 1 and len(below) > 1


def _row_of_lines(lines: list[Line], index: int, last: int, bars_: int) -> int:
    """The index of the line that closes a row whose first cell begins on a line without bars and has several; 0 where
    none begins there: the row before is closed, and this one has as many bars as the headings."""
    if not ends_with_bar(lines[last]) or lines[last].text.startswith(("|", "│")) or END.match(lines[index].text):
        return 0
    count = 0
    for n in range(index, min(len(lines), index + 2 * _BROKEN_CELL)):
        count += bars_of(lines[n])
        if ends_with_bar(lines[n]):
            return n if count == bars_ and not _headed(_words_of(lines[n])) else 0
        if count >= bars_ or is_rule(lines[n]) or (not count and n - index >= _BROKEN_CELL):
            return 0
    return 0


def _left_open(lines: list[Line], index: int) -> bool:
    """Whether the line before belongs to the same row: rows here end with a bar, and it does not."""
    closed = any(ends_with_bar(n) for n in lines[index : index + _BROKEN_CELL])
    return closed and not ends_with_bar(lines[index - 1])


def _goes_on_in(lines: list[Line], index: int, last: int) -> bool:
    """Whether a line without bars belongs to the cell that the last line with bars left open."""
    open_ = not (ends_with_bar(lines[last]) or is_rule(lines[last]))
    return (
        open_
        and index - last <= _BROKEN_ROW
        and _bars_near(lines, index, _BROKEN_ROW)
        and not END.match(lines[index].text)
    )


def _heading_between(lines: list[Line], index: int) -> bool:
    text = lines[index].text
    following = lines[index + 1] if index + 1 < len(lines) else None
    return (
        following is not None
        and bars_of(following) >= 2
        and len(text) < 50
        and "。" not in text
        and bool(MARK.match(text))
        and not rule("attachment_named", "layout.toml").match(text)
        and not _headed(_words_of(following))
    )


def _bar_cells_end(lines: list[Line], at: int) -> int:
    """The index behind the last line of a table whose bars stand behind or between cells of a line each."""
    index = last = at
    while index < len(lines):
        line = lines[index]
        if rule("buttons", "layout.toml").match(line.text):
            break
        if bars_of(line):
            last = index
        elif (END.match(line.text) and not _bars_near(lines, index, 2)) or not _bars_near(lines, index, _BROKEN_CELL):
            break
        index += 1
    return last + 1


def _bars_near(lines: list[Line], index: int, reach: int) -> bool:
    return any(bars_of(n) for n in lines[index + 1 : index + 1 + reach])


def _bar_rows(atoms: list[Atom], line: int, words: CellWords) -> Grid:
    """A row a line; a row that is short of cells is put where its cells fit."""
    rows = _rows_of(atoms)
    rows[0] = _whole_cells(rows[0])
    whole = [_whole_cells(r) for r in rows]
    width = max(map(len, whole))
    heads = _headed([a.text for a in rows[0]])
    if heads and len({len(r) for r in whole}) == 1 and any(len(r) != width for r in rows):
        return _regular(whole, line)  # cells of several lines, each row closed by its last bar
    if _is_even(rows, width) or _is_of_page(rows) or (heads and _any_cut(rows)):
        return _regular(rows, line)
    if heads:
        names, heads, body = _below_names(rows, heads)
        full = [r for r in whole[1:] if len(r) == len(names) and all(a.text for a in r)]
        kinds = _kinds_of_full(full, words, names) if len(full) >= _FULL_ROWS else decoder_kinds(heads)
    else:
        names, body = [], [a for r in rows for a in r]
        kinds = _kinds_of_full([r for r in rows if len(r) == width and all(a.text for a in r)], words)
    if not kinds or not body:
        return _regular(rows, line)
    return decoded_grid(names, body, kinds, segmentation.BAR_ROWS, line, words)


def _is_even(rows: list[list[Atom]], width: int) -> bool:
    """Whether no row is short of cells, but for those of one cell."""
    if any(1 < len(r) < width or (len(r) == width and r[0].text and not r[-1].text) for r in rows):
        return False
    return len({len(r) for r in rows if len(r) > 1}) <= 1


def _below_names(rows: list[list[Atom]], heads: list[str | None]) -> tuple[list[Atom], list[str | None], list[Atom]]:
    """The cells of the headings, their kinds, and the cells below them without repetitions of the headings; `heads` are
    the kinds of the first row's."""
    names = rows[0][: len(heads)]
    below = rows[1] if len(rows) > 1 and _second_row(rows[0], rows[1]) else []
    if below:
        names = _named_below(names, below)
        heads = [kind_of_heading(a.text) if a.text else None for a in names]
    said = [r for r in rows[1:] if not _repeats(r, rows[0]) and not (below and _repeats(r, below))]
    return names, heads, [a for r in said for a in r]


def _kinds_of_full(rows: list[list[Atom]], words: CellWords, names: Sequence[Atom] = ()) -> list[str]:
    """The kinds of the columns by the cells of the rows that have them all, and by their headings where they have
    some."""
    columns = [[a.text for a in column] for column in zip(*rows, strict=True)]
    heads = [a.text for a in names] or [None] * len(columns)
    return decoder_kinds(kinds_of(heads, columns, words)) if columns else []


def _second_row(first: list[Atom], second: list[Atom]) -> bool:
    """Whether a row holds the headings of the columns that one heading of the row above has in common."""
    said = [squeeze(a.text) for a in first if a.text]
    below = [a.text for a in second if a.text]
    doubled = len(said) - len(set(said))
    return bool(doubled) and len(below) == doubled + 1 and all(kind_of_heading(t) for t in below)


def _named_below(names: list[Atom], below: list[Atom]) -> list[Atom]:
    said = [squeeze(a.text) for a in names]
    under = iter([a for a in below if a.text])
    return [next(under, a) if said.count(s) > 1 else a for a, s in zip(names, said, strict=True)]


def _is_of_page(rows: list[list[Atom]]) -> bool:
    """Whether rows are fields that a page has over the paper: labels (索引号, 发布机构, …), each with its value."""
    return all(any(pattern("page_field").match(squeeze(a.text)) for a in r[:2]) for r in rows[:2])


def _words_of(line: Line) -> list[str]:
    """What stands between the bars of a line."""
    return [c.strip() for c in re.split(r"[|│]", line.text.strip().strip("|│"))]


def _headed(row: Sequence[str]) -> list[str | None]:
    """The kinds of the headings that the cells of a row are; empty where they are none."""
    cells = list(row)
    while cells and not cells[-1]:
        cells.pop()
    if any(len(squeeze(c)) > _LONG_HEADING for c in cells):
        return []
    kinds = [kind_of_heading(c) if c else None for c in cells]
    known = [k for k, c in zip(kinds, cells, strict=True) if c]
    # Who answers may stand in the texts.
    return kinds if enough(known) or (all(known) and {"number", "text"} <= {*known}) else []


def _rows_of(atoms: list[Atom]) -> list[list[Atom]]:
    rows: list[list[Atom]] = []
    for atom in atoms:
        if not rows or atom.joint == BAR_END:
            rows.append([atom])
        else:
            rows[-1].append(atom)
    return [r for r in rows if any(a.text for a in r)]


def _whole_cells(row: list[Atom]) -> list[Atom]:
    """The cells of a row, those of several lines as one."""
    return [as_one(group) for _, group in _joined(row)]


def _repeats(row: list[Atom], names: list[Atom]) -> bool:
    said = [squeeze(a.text) for a in names if a.text]
    return [squeeze(a.text) for a in _whole_cells(row) if a.text] == said


def _regular(rows: list[list[Atom]], line: int) -> Grid:
    """A grid of rows that all have the same columns; empty fields may belong to a merge."""
    width = max(len(r) for r in rows)
    numbered = kind_of_heading(rows[0][0].text) == "number"
    cells: list[Field] = []
    i = -1
    again = [n for n, row in enumerate(rows) if n and numbered and _repeats(row, rows[0])]
    rows = [row for n, row in enumerate(rows) if n not in again]
    pages = {n - k for k, n in enumerate(again)}  # the rows that a page begins with
    for n, row in enumerate(rows):
        cut = n in pages and _is_cut(rows[n - 1], row)
        if numbered and n > 1 and (cut or _goes_on_below(rows[n - 1], row)):
            _go_on({f.column: f for f in cells if f.row == i}, row, cut)
            continue
        i += 1
        if len(row) == 1 or (numbered and _is_heading(row)):
            cells.append(Field(i, 0, row[0].pieces(), width))
            continue
        pieces = [a.pieces() for a in row]
        cells += [Field(i, j, p, 1, not p) for j, p in enumerate(pieces + [[]] * (width - len(row)))]
    return Grid(cells, width, line)


def _go_on(above: dict[int, Field], row: list[Atom], cut: bool) -> None:
    """Adds the cells of a row to those of the row above it, by their columns; `cut`: a page ended in between."""
    for column, atom in enumerate(row):
        held = above[column]
        held.run_on |= {len(held.pieces)} if cut and atom.text else set()
        held.pieces += atom.pieces()
        held.merged = held.merged and not held.pieces


def _is_heading(row: list[Atom]) -> bool:
    """Whether nothing but words stands in the first cell of a row, where others have their number."""
    return [a.text for a in row if a.text] == [row[0].text] and not squeeze(row[0].text).isdecimal()


def _goes_on_below(above: list[Atom], row: list[Atom]) -> bool:
    """Whether a row without a number is the second line of the cells of the row above: each of its cells goes on with
    one that breaks off there."""
    if len(above) != len(row) or row[0].text or not any(a.text for a in row):
        return False
    return all(a.text.endswith(_OPEN) for a, b in zip(above, row, strict=True) if b.text)


def _any_cut(rows: list[list[Atom]]) -> bool:
    """Whether a page cut one of rows that all have the same columns, and the headings stand again above its rest."""
    if len({len(r) for r in rows}) > 1:
        return False
    ends = (n for n in range(2, len(rows) - 1) if _repeats(rows[n], rows[0]))
    return any(_is_cut(rows[n - 1], rows[n + 1]) for n in ends)


def _is_cut(above: list[Atom], row: list[Atom]) -> bool:
    """Whether a page cut a row in two: the second half has no number, goes on with a text that breaks off, and has
    cells that the first one lacks."""
    if len(above) != len(row) or row[0].text:
        return False
    both = [(a.text, b.text) for a, b in zip(above, row, strict=True) if b.text]
    texts = [not TERMINAL.search(a) for a, _ in both if a]
    return bool(texts) and all(texts) and len(texts) < len(both)


def _bar_cells(atoms: list[Atom], line: int, words: CellWords) -> Grid | None:
    """A cell a line, bars behind or between the cells."""
    atoms = [a for a in atoms if a.text]
    cells = _joined(atoms)
    kinds = leading([c for c, _ in cells], words)
    names = [a for _, group in cells[: len(kinds)] for a in group]
    body = [a for _, group in cells[len(kinds) :] for a in group]
    if not kinds:
        kinds = list(guessed([c for c, _ in cells], words))
    body = without_repeats(body, [c for c, _ in cells[: len(kinds)]] if names else [])
    if not kinds or not body:
        return None
    return decoded_grid(names, body, decoder_kinds(kinds), segmentation.BAR_CELLS, line, words)


def _joined(atoms: list[Atom]) -> list[tuple[str, list[Atom]]]:
    """The cells between bars, each with its atoms."""
    out: list[tuple[str, list[Atom]]] = []
    for atom in atoms:
        if out and atom.joint not in (BAR, BAR_END):
            words, group = out[-1]
            out[-1] = (words + atom.text, [*group, atom])
        else:
            out.append((atom.text, [atom]))
    return out
