"""A flattened table as a row of atoms: the pieces of its text, each with how it is parted from the one before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from ..words.fold import squeeze
from ..words.forms import CELL_BREAK, MARK, TERMINAL
from ..words.headings import kind_of_heading
from ..words.parts import rule, tables
from .lines import NARROWLY, WIDELY, Line, bars_of, ends_with_bar

#: How an atom is parted from the one before it: by a bar, by a bar and a line's end, a line's end, an empty line,
#: blanks, or nothing.
BAR, BAR_END, LINE, GAP, BLANK, NOTHING = "bar", "bar-end", "line", "gap", "blank", "nothing"
#: By a blank between a letter or figure and a word, as programs set it within a sentence, too.
SPACE = "space"


_NUMBER = re.compile(r"\d{1,3}")
_MOST_ROWS = 0.7
_EMPTY = 2  # blanks where an empty cell stood between two others


@dataclass(slots=True)
class Atom:
    """A piece of a flattened table: `[start, end)` in the source, its folded text, the joint before it. `runs_on`: it
    begins with the number that follows the one before in the table; `alone`: no other piece stands on its line; `page`:
    a page ended before it."""

    start: int
    end: int
    text: str
    joint: str = LINE
    runs_on: bool = False
    alone: bool = False
    page: bool = False

    def pieces(self) -> list[tuple[int, int]]:
        """Its lines, as spans in the source."""
        lines = re.finditer(r"\S[^\n]*(?<=\S)|\S", self.text)
        return [(self.start + m.start(), self.start + m.end()) for m in lines]


def bar_atoms(lines: list[Line]) -> list[Atom]:
    """Cells parted by bars, in rows a line each, or with the bars on lines of their own or at the ends of lines; a
    cell may go on in the next line. Empty cells between two bars of a line are atoms without text."""
    out: list[Atom] = []
    joint = BAR_END
    closed_rows = _rows_end_with_bars(lines)
    open_rows = not closed_rows and bars_of(lines[0]) > 1 and not lines[0].text.startswith(("|", "│"))
    going_on = set() if closed_rows else _lines_within_rows(lines)
    for index, (line, below) in enumerate(zip(lines, [*lines[1:], None], strict=True)):
        joint = LINE if index in going_on else joint
        text = CELL_BREAK.sub(lambda m: "\n" + " " * (len(m.group()) - 1), line.text).replace("│", "|")
        cells = _between_bars(text, line.start)
        if len(cells) > 1 and not cells[0][2] and not open_rows:
            # The line begins with a bar: the cell before ends, or the row has outer borders.
            cells.pop(0)
            joint = BAR_END
        ends = len(cells) > 1 or text.lstrip().startswith("|") or (not closed_rows and _is_band(line, below))
        closed = not cells[-1][2] and text.rstrip().endswith("|")
        if closed and not open_rows:
            cells.pop()
        for n, (start, end, inner) in enumerate(cells):
            out.append(Atom(start, end, inner, joint if n == 0 else BAR, alone=len(cells) == 1))
        if cells or ends:
            joint = BAR_END if closed or (ends and not closed_rows) else LINE
    return out


def _lines_within_rows(lines: list[Line]) -> set[int]:
    """The indices of lines that go on with a row whose cells have several lines: each row begins with its number, and
    its lines together have as many bars as that of the headings. Empty where any row has others."""
    if kind_of_heading(lines[0].text.split("|")[0].strip()) != "number":
        return set()
    width, count = bars_of(lines[0]), bars_of(lines[0])
    found: set[int] = set()
    for index, line in enumerate(lines[1:], 1):
        if _NUMBER.fullmatch(line.text.split("|")[0].strip()):
            if count != width:
                return set()
            count = 0
        else:
            found.add(index)
        count += bars_of(line)
    return found if count == width and any(bars_of(lines[n]) for n in found) else set()


def _between_bars(text: str, start: int) -> list[tuple[int, int, str]]:
    """The cells of a line that begins at `start` of the source: where each lies, and its words."""
    cells = []
    for part in re.split(r"(?<!\\)\|", text):
        inner = part.strip()
        begin = start + (part.index(inner) if inner else 0)
        cells.append((begin, begin + len(inner), inner))
        start += len(part) + 1
    return cells


def _is_band(line: Line, below: Line | None) -> bool:
    """Whether a line is a numbered heading between two rows of a line each."""
    return not bars_of(line) and below is not None and bars_of(below) > 1 and bool(MARK.match(line.text))


def _rows_end_with_bars(lines: list[Line]) -> bool:
    """Whether a bar at the end of a line ends its row: most lines have one, or what stands between two of them has the
    same number of bars nearly everywhere. It ends none where most other lines are rows as whole as the first: there it
    is an empty last cell."""
    ends = [ends_with_bar(n) for n in lines]
    if 2 * sum(ends) > len(lines):
        return True
    width = bars_of(lines[0])
    open_ = [bars_of(n) for n, end in zip(lines, ends, strict=True) if not end and bars_of(n)]
    if not ends[0] and width > 1 and open_.count(width) > max(1, _MOST_ROWS * len(open_)):
        return False
    counts, here = Counter[int](), 0
    for line, end in zip(lines, ends, strict=True):
        here += bars_of(line)
        if end:
            counts[here] += here > 1
            here = 0
    return counts.total() > 1 and counts.most_common(1)[0][1] > _MOST_ROWS * counts.total()


def as_one(atoms: list[Atom]) -> Atom:
    """Atoms of lines below each other as one."""
    text, end = atoms[0].text, atoms[0].end
    for atom in atoms[1:]:
        text += "\n".ljust(atom.start - end) + atom.text
        end = atom.end
    return Atom(atoms[0].start, end, text, atoms[0].joint)


def line_atoms(lines: list[Line]) -> list[Atom]:
    """A line each."""
    return [Atom(n.start, n.end, n.text, GAP if n.blank_before else LINE, alone=True, page=n.after_page) for n in lines]


def blank_atoms(lines: list[Line], wide: bool, whole: Callable[[Line], bool] | None = None) -> list[Atom]:
    """What is parted by blanks on a line; `wide`: by two or more. Where a program set blanks beside figures, `whole`
    tells which lines are of one cell."""
    out: list[Atom] = []
    spaced = not wide and _sets_blanks(lines)
    for line in lines:
        if spaced and whole is not None and whole(line):
            out += line_atoms([line])
            continue
        found = list((WIDELY if wide else NARROWLY).finditer(line.text))
        words = [match.group() for match in found]
        first = GAP if line.blank_before else LINE
        if len(words) == 2 and _is_chapter(words):
            # The heading of a chapter alone on its line: its mark is no cell.
            out.append(_piece(line, found[0].start(), found[1].end(), first, alone=True))
            continue
        for n, match in enumerate(found):
            within = n > 0 and not wide and _within_cell(words, n, spaced)
            if within and whole is not None:
                # Of short rows among broken ones the cells are whole, too.
                last = out.pop()
                out.append(_piece(line, last.start - line.start, match.end(), last.joint))
                continue
            if n == 1 and not wide and _leaves_a_cell(found[0], match):
                # A cell that holds nothing stood behind the row's number.
                out.append(_piece(line, match.start() - 1, match.start() - 1, BLANK))
            joint = SPACE if within else BLANK if n else first
            page = n == 0 and line.after_page
            out.append(_piece(line, *match.span(), joint, alone=len(found) == 1, page=page))
    return out


def _leaves_a_cell(number: re.Match[str], word: re.Match[str]) -> bool:
    """Whether the blanks between the number of a row and a word are those of a cell between them."""
    return number.group().isdecimal() and word.start() - number.end() == _EMPTY


def _piece(line: Line, a: int, b: int, joint: str, *, alone: bool = False, page: bool = False) -> Atom:
    """A part of a line as an atom."""
    return Atom(line.start + a, line.start + b, line.text[a:b], joint, alone=alone, page=page)


def _within_cell(words: list[str], n: int, spaced: bool) -> bool:
    """Whether the blank before a word of a line parts no cells: it stands behind the mark of a chapter, or beside a
    figure that is no row's number where a program set (`spaced`) them so."""
    if rule("chapter_alone", "layout.toml").match(words[n - 1]):
        return True
    beside = spaced and _beside_figure(words[n - 1], words[n], n == 1)
    return beside and not _is_row_number(words, n) and not _is_row_number(words, n - 1)


def _is_chapter(words: list[str]) -> bool:
    """Whether two words are the mark of a chapter (第一部分, 二、) and its heading."""
    mark, heading = words
    marked = not mark.startswith("(") and rule("chapter_alone", "layout.toml").match(mark)
    return bool(marked) and not TERMINAL.search(heading)


@cache
def _figure() -> re.Pattern[str]:
    """A figure and what it counts, a date, with or without a blank between."""
    return re.compile(rf"\d( ?)(?:{'|'.join(tables('flat.toml')['measure_words'])})")


def _sets_blanks(lines: list[Line]) -> bool:
    """Whether a program set blanks between most figures and words, as in 2024 年: there they part no cells."""
    found = [bool(m[1]) for line in lines for m in _figure().finditer(line.text)]
    return 2 * sum(found) > len(found)


def _is_row_number(words: list[str], n: int) -> bool:
    """Whether a figure between blanks counts nothing that follows it: it may be a row's number."""
    behind = words[n + 1] if n + 1 < len(words) else ""
    return bool(_NUMBER.fullmatch(words[n])) and bool(behind) and not _counted().match(behind)


@cache
def _counted() -> re.Pattern[str]:
    """What a figure counts: a measure word, a part of a date."""
    return re.compile("|".join(tables("flat.toml")["measure_words"]) + r"|[^\u4e00-\u9fff“《]")


def counts(word: str) -> bool:
    """Whether a word behind a figure is what it counts, or a part of a date."""
    return _counted().match(word) is not None


@cache
def _day() -> re.Pattern[str]:
    return re.compile(tables("flat.toml")["day_begins"])


def _beside_figure(before: str, after: str, first: bool) -> bool:
    """Whether a blank stands between figures or Latin letters and a word; not behind the number that a line begins
    with, nor before a day: where programs set blanks beside figures, they stand within it, too."""
    if (first and before.isdecimal()) or _day().match(after):
        return False
    left, right = before[-1], after[0]
    return (left.isascii() and left.isalnum()) != (right.isascii() and right.isalnum()) and (
        left not in "。;!)" and right not in "("
    )


def mark_numbers(atoms: list[Atom], bare: bool) -> None:
    """Marks the atoms whose number follows the one before: numbers alone (`bare`), else those with 1. 1、 （1）."""
    pattern = re.compile(r"(\d{1,3})[.、]?$") if bare else re.compile(r"(\d{1,3})[.、](?!\d)|\((\d{1,3})\)")
    expected = 1
    for atom in atoms:
        match = pattern.match(squeeze(atom.text))
        if not match or atom.joint == SPACE:
            continue
        value = int(next(g for g in match.groups() if g))
        if value in (expected, 1) or expected == 1:  # an excerpt begins anywhere
            atom.runs_on = True
            expected = value + 1
