"""Lines of pages to paragraphs: running heads and page numbers found, lines joined that the page broke."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from functools import partial
from typing import TYPE_CHECKING

from ...words.fold import fold, squeeze
from ...words.forms import DATE_LINE, LABEL, MARK, NUMBER, SENTENCE_END, still_open
from ...words.parts import kinds, pattern, rule
from ..content import Text
from .model import TURNED, join
from .open_tables import parted, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .model import PrintedLine, PrintedPage

_rule = partial(rule, file="readers.toml")
#: Lines of a page that may be its head or foot.
_EDGE = 3
#: Lines begin at one place where this share of more than a few does; lines farther apart than this, in points, are no
#: neighbours.
_OF_ALL, _FEW_LINES, _FARTHEST = 0.04, 3, 80
#: They lie within this share of its height.
_ZONE = 0.13
#: How a line ends that is a part of a paragraph: such lines may be the same on two pages by chance.
_PART = re.compile(r"[。;,、:]$")


# --- heads and feet ------------------------------------------------------------------------------------------------


#: Points within which lines of two pages stand at one height; on how many pages a head is repeated, and one that breaks
#: in a bracket; how much larger than the text a title is.
_SAME_HEIGHT, _SEVERAL, _MANY, _LARGER = 6, 2, 3, 1.15
#: (words, height) → the lines that say them there, with their pages.
_ByWords = dict[tuple[str, int], list[tuple["PrintedPage", "PrintedLine"]]]


def running_heads(pages: list[PrintedPage]) -> set[int]:
    """The ids of lines that are page numbers or stand on several pages at one height."""
    gone: set[int] = set()
    numbers: list[tuple[PrintedPage, PrintedLine, int, bool]] = []
    same: _ByWords = defaultdict(list)
    broken: _ByWords = defaultdict(list)
    for page in pages:
        # What stands above a date is a signature.
        signed = {id(a) for a, b in itertools.pairwise(page.lines) if DATE_LINE.match(squeeze(fold(b.text)))}
        for line in _edges(page):
            words = fold(line.text).strip()
            found = _rule("page_number").match(words)
            value = found and (found["n"] or found["p"])
            if value:
                numbers.append((page, line, int(value), not squeeze(words).isdecimal()))
            if _rule("browser").match(words):
                gone.add(id(line))
            bare = _without_number(squeeze(words), page.number)
            if len(bare) > 1 and id(line) not in signed and not _PART.search(words):
                lines = same if words.count("(") == words.count(")") else broken
                lines[bare, round((line.down - page.upper) / _SAME_HEIGHT)].append((page, line))
    # A bare number is one of a page where others run in step with it.
    steps = Counter(value - page.number for page, _, value, _ in numbers)
    for page, line, value, marked in numbers:
        if marked or steps[value - page.number] > 1 or (len(pages) == 1 and value == 1):
            gone.add(id(line))
    return gone | _repeated(same, pages, _SEVERAL) | _repeated(broken, pages, _MANY)


def _without_number(words: str, number: int) -> str:
    """A head or foot without the number of its page."""
    n = rf"(?<!\d){number}(?!\d)"
    return re.sub(rf"^\W*{n}(?![/.-]\d)\W*|\W*{n}(?:/\d{{1,4}})?\W*$", "", words)


def _repeated(same: _ByWords, pages: list[PrintedPage], several: int) -> set[int]:
    """The ids of lines that say the same at one height on several pages."""
    sizes = Counter(round(line.size) for page in pages for line in page.lines)
    body = sizes.most_common(1)[0][0] if sizes else 0
    gone: set[int] = set()
    for (bare, height), found in list(same.items()):
        near = found + same.get((bare, height + 1), [])
        if len({page.number for page, _ in near}) < several:
            continue
        lines = [line for _, line in sorted(near, key=lambda f: f[0].number)]
        # A title above each part of a table is larger than a head, and is needed once.
        keep = lines[0] if lines[0].size > _LARGER * body else None
        gone |= {id(line) for line in lines if line is not keep}
    return gone


def _edges(page: PrintedPage) -> list[PrintedLine]:
    """The lines at the head and foot of a page that no table parts from its edge."""
    lines = sorted((n for n in page.lines if n.column < TURNED), key=lambda n: n.top)
    upper = min((g.top for g in page.grids), default=page.lower)
    lower = max((g.bottom for g in page.grids), default=page.upper)
    zone = _ZONE * (page.lower - page.upper)
    head = [n for n in lines[:_EDGE] if n.down <= upper + 2 and n.top - page.upper < zone]
    foot = [n for n in lines[-_EDGE:] if n.top >= lower - 2 and page.lower - n.down < zone]
    # A marked number (- 3 -) that is the outermost of its page is one of pages, however far from the edge.
    outer = [n for n in lines[:1] if n.down <= upper + 2] + [n for n in lines[-1:] if n.top >= lower - 2]
    marked = [n for n in outer if _rule("page_number").match(fold(n.text).strip()) and not squeeze(n.text).isdecimal()]
    return list({id(n): n for n in head + foot + marked}.values())


# --- paragraphs ----------------------------------------------------------------------------------------------------


class _Margins:
    """Where the lines of pages of one size begin and end, how far apart they are, and whether paragraphs begin with an
    indent."""

    def __init__(self, page: PrintedPage | None, lines: list[PrintedLine]) -> None:
        size = Counter(round(n.size) for n in lines).most_common(1)[0][0] or 1
        self.left = _left(lines)
        # Where too few lines are full to tell, both margins of the page are taken for equal.
        widest = max(n.right for n in lines)
        even = page.right - (self.left - page.left) if page is not None and not lines[0].column else widest
        self.right = _right([n.right for n in lines], 1.2 * size, even)
        self.pitch = _pitch(lines, self.right - 1.5 * size)
        starts = marks = 0
        for before, line in itertools.pairwise(lines):
            if self.right - before.right > before.size + line.first and line.left - self.left < 4.5 * size:
                starts += 1
                marks += line.left - self.left > 1.2 * size
        self.indented = marks > 0.5 * starts and starts > 0


def _left(lines: list[PrintedLine]) -> float:
    """The leftmost place where several lines begin."""
    places = Counter(round(n.left / 4) for n in lines)
    need = max(2, _OF_ALL * len(lines)) if len(lines) > _FEW_LINES else 1
    for place in sorted(places):
        if places[place] + places[place + 1] >= need:
            return min(n.left for n in lines if round(n.left / 4) in (place, place + 1))
    return min(n.left for n in lines)


def _right(ends: list[float], reach: float, even: float) -> float:
    """The rightmost place where several lines end."""
    ends = sorted(ends, reverse=True)
    if any(abs(end - even) < reach for end in ends):
        near = [end for end in ends if abs(end - even) < reach]
        return max(near) if len(near) > 2 else max(*near, even)
    # Few lines run out of their column.
    ends = ends[: max(4, len(ends) // 20)]
    for end, second, third in zip(ends, ends[1:], [*ends[2:], 0.0], strict=False):
        if end - second < reach / 8 or (end - third < reach and end > even - 4 * reach):
            return end
    return max(even, ends[0]) if ends else even


def _pitch(lines: list[PrintedLine], full: float) -> float:
    """How far apart lines are, by what follows lines that reach `full`: others end paragraphs."""
    steps = [
        (a.right >= full, round(b.down - a.down))
        for a, b in itertools.pairwise(lines)
        if 0 < b.down - a.down < _FARTHEST
    ]
    inside = Counter(step for reaches, step in steps if reaches)
    counts = inside if inside.total() > 2 else Counter(step for _, step in steps)
    return float(min(counts, key=lambda step: (-counts[step], step))) if counts else 0.0


def paragraphs(run: list[tuple[PrintedPage, PrintedLine]], pages: list[PrintedPage]) -> Iterator[Text]:
    """The paragraphs that lines make, which go on over pages; the lines of a table in columns as they stand, those of
    each page together."""
    count = 0
    shapes = _shapes(pages) if run else {}
    for columns, lines in parted(run):
        if columns:
            for page, of_page in itertools.groupby(lines, key=lambda found: found[0].number):
                count += 1
                place = {"page": page, "paragraph": count}
                yield Text(typed([line for _, line in of_page]), place, broken=True)
            continue
        for text in _running(lines, shapes, count):
            count += 1
            yield text


def _running(
    run: list[tuple[PrintedPage, PrintedLine]], shapes: dict[tuple[int, int, int], _Margins], count: int
) -> Iterator[Text]:
    """The paragraphs of running text; `count` came before them."""
    open_: list[PrintedLine] = []
    first_page = 0
    last: PrintedPage | None = None
    for page, line in run:
        if open_ and not _continues(
            open_, line, shapes[_shape(last or page, open_[-1])], shapes[_shape(page, line)], last is page
        ):
            count += 1
            yield _text(open_, first_page, count)
            open_ = []
        if not open_:
            first_page = page.number
        open_.append(line)
        last = page
    if open_:
        yield _text(open_, first_page, count + 1)


def _shapes(pages: list[PrintedPage]) -> dict[tuple[int, int, int], _Margins]:
    """Margins of the pages of each size, and of their columns."""
    lines: dict[tuple[int, int, int], list[PrintedLine]] = defaultdict(list)
    first: dict[tuple[int, int, int], PrintedPage] = {}
    for page in pages:
        for line in page.lines:
            lines[_shape(page, line)].append(line)
            first.setdefault(_shape(page, line), page)
    # Lines of frames are no lines of the page, yet they have its margins.
    for page in pages:
        for cell in (c for grid in page.grids if len(grid.edges) == 2 for c in grid.cells):
            for line in cell.lines:
                if _shape(page, line) not in first:
                    lines[_shape(page, line)].append(line)
    return {key: _Margins(first.get(key), found) for key, found in lines.items()}


def _shape(page: PrintedPage, line: PrintedLine) -> tuple[int, int, int]:
    return round((page.right - page.left) / 10), round((page.lower - page.upper) / 10), line.column


#: In sizes of a character: lines whose sizes differ by more are of two paragraphs; a line that leaves no more is full;
#: the usual pitch of lines, and how many of it a line may lie below; an indent; how near to each other lines hang; what
#: is set to the right; room behind the end of a paragraph.
_SAME_SIZE, _FULL, _PITCH, _FAR_BELOW, _INDENT, _HANGING, _TO_THE_RIGHT, _ROOM = 0.1, 0.4, 1.3, 1.5, 0.9, 0.5, 6, 1.5
#: Characters of an issuer's name.
_LONGEST_ISSUER = 30


def _continues(open_: list[PrintedLine], line: PrintedLine, before: _Margins, here: _Margins, same_page: bool) -> bool:
    """Whether a line goes on where the paragraph's last line was full."""
    last = open_[-1]
    if abs(line.size - last.size) > _SAME_SIZE * last.size:
        return False
    if before.right - last.right > line.first + _FULL * last.size and not _breaks_early(last, line, before, here):
        return False
    if same_page and before.pitch and line.down - last.down > _FAR_BELOW * max(before.pitch, last.size * _PITCH):
        return False
    if same_page and line.down <= last.down:
        return line.left - here.left < line.size  # the next column
    if _stands_alone(open_, line, before):
        return False
    words = fold(line.text)
    marked = bool(MARK.match(words) or LABEL.match(words))
    if line.left - here.left > _INDENT * line.size:
        return not marked and _goes_on_indented(open_, line, before, here)
    return here.indented or _goes_on_by_words(open_, words, marked, before.right - last.right)


def _stands_alone(open_: list[PrintedLine], line: PrintedLine, before: _Margins) -> bool:
    """Whether a line, or the one before it, is a paragraph by what it says or where it stands: a closing line, a
    number, recipients below a title, a signature."""
    last, words = open_[-1], fold(line.text)
    above = squeeze(fold(last.text))
    if _rule("closing").match(words) or NUMBER.fullmatch(squeeze(words)) or NUMBER.fullmatch(above):
        return True
    if pattern("recipient").match(words) and above.endswith(kinds()):
        return True
    # A signature or date, set to the right.
    return len(open_) == 1 and last.left - before.left > _TO_THE_RIGHT * last.size and not _is_centred(last, before)


def _goes_on_indented(open_: list[PrintedLine], line: PrintedLine, before: _Margins, here: _Margins) -> bool:
    """Whether an indented line goes on: in the midst of the page, or hanging below a mark."""
    last = open_[-1]
    if all(_is_centred(n, before) for n in open_) and _is_centred(line, here):
        return True
    if len(open_) > 1:
        return abs(line.left - last.left) < _HANGING * line.size
    return MARK.match(fold(last.text)) is not None and _HANGING < (line.left - last.left) / line.size < _TO_THE_RIGHT


def _goes_on_by_words(open_: list[PrintedLine], words: str, marked: bool, room: float) -> bool:
    """The same where paragraphs have no indents: nothing but the words says where one begins. `room` is what the last
    line leaves at its right."""
    if DATE_LINE.match(squeeze(words)):
        return False
    last, said = open_[-1], fold(join(open_))
    ended = SENTENCE_END.search(said)
    if ended and len(words) < _LONGEST_ISSUER and pattern("issuer").fullmatch(squeeze(words)):
        return False
    if marked and "。" in said and re.search(r"[\u4e00-\u9fff]$", said) and re.match(r"\(\d", words):
        return True  # 小（1）型水库
    if marked and not MARK.match(words) and still_open(said):
        return True  # （牵头单位：…；完成时限：…）
    return not marked and not (SENTENCE_END.search(fold(last.text)) and room > _ROOM * last.size)


def _breaks_early(last: PrintedLine, line: PrintedLine, before: _Margins, here: _Margins) -> bool:
    """Whether a program broke a line though there was room: what follows can begin no line, or neither the words nor
    an indent show that a paragraph ends in a line that is nearly full."""
    words = fold(line.text)
    if words[0] in ",.;:、。)》":
        return True
    near = last.right - before.left > 0.85 * (before.right - before.left)
    ends = SENTENCE_END.search(fold(last.text)) or fold(last.text).endswith((":", ")"))
    begins = MARK.match(words) or LABEL.match(words) or line.left - here.left > 0.9 * line.size
    titled = squeeze(fold(last.text)).endswith(kinds()) or pattern("recipient").match(words)
    if not near or ends or begins or titled or last.left - before.left > 4 * last.size:
        return False
    return not pattern("issuer").fullmatch(squeeze(words)) and not DATE_LINE.match(squeeze(words))


def _is_centred(line: PrintedLine, margins: _Margins) -> bool:
    return abs((line.left - margins.left) - (margins.right - line.right)) < line.size


def _text(lines: list[PrintedLine], page: int, count: int) -> Text:
    return Text(join(lines), {"page": page, "paragraph": count})
