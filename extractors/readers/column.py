"""Lines of pages to paragraphs: running heads and page numbers found, lines joined that the page broke."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING

from .. import rules
from ..citations import NUMBER
from ..fold import fold, squeeze
from ..outline import pattern
from .glyphs import join
from .lay import Text
from .text import _DATE, _LABEL, MARK, _open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .glyphs import Line, Page

_NUMBER = re.compile(
    r"[-·.\s]*(?:第\s*)?(?P<n>\d{1,4})(?:\s*页)?(?:\s*[,/,]?\s*共\s*\d{1,4}\s*页|\s*/\s*\d{1,4})?[-·.\s]*$"
    r"|(?:page|p\.?)\s*(?P<p>\d{1,4})(?:\s*(?:of|/)\s*\d{1,4})?$",
    re.I,
)
#: What browsers print above and below a page.
_BROWSER = re.compile(
    r"(?:\d{4}|\d{1,2})[/.-]\d{1,2}[/.-]\d{1,4},?\s*(?:[上下]午\s*)?\d{1,2}:\d\d|(?:https?|file)://\S+|about:blank"
)
#: What stands below a paper begins so.
_CLOSING = re.compile(r"(?:抄\s*送|主\s*送|抄\s*报|分\s*送)\s*:")
#: Lines of a page that may be its head or foot.
_EDGE = 3
#: They lie within this share of its height.
_ZONE = 0.13
_TERMINAL = re.compile(r"[。;!?]['\"”’)]*$")
#: How a line ends that is a part of a paragraph: such lines may be the same on two pages by chance.
_PART = re.compile(r"[。;,、:]$")


# --- heads and feet ------------------------------------------------------------------------------------------------


def running_heads(pages: list[Page]) -> set[int]:
    """The ids of lines that are page numbers or stand on several pages at one height."""
    gone: set[int] = set()
    numbers: list[tuple[Page, Line, int, bool]] = []
    same: dict[tuple[str, int], list[tuple[Page, Line]]] = defaultdict(list)
    sizes = Counter(round(line.size) for page in pages for line in page.lines)
    body = sizes.most_common(1)[0][0] if sizes else 0
    for page in pages:
        # What stands above a date is a signature.
        signed = {id(a) for a, b in itertools.pairwise(page.lines) if _DATE.match(squeeze(fold(b.text)))}
        for line in _edges(page):
            words = fold(line.text).strip()
            found = _NUMBER.match(words)
            value = found and (found["n"] or found["p"])
            if value:
                numbers.append((page, line, int(value), not squeeze(words).isdecimal()))
            if _BROWSER.match(words):
                gone.add(id(line))
            n = rf"(?<!\d){page.number}(?!\d)"
            bare = re.sub(rf"^\W*{n}(?![/.-]\d)\W*|\W*{n}(?:/\d{{1,4}})?\W*$", "", squeeze(words))
            part = _PART.search(words) or words.count("(") != words.count(")")
            if len(bare) > 1 and id(line) not in signed and not part:
                same[bare, round((line.down - page.upper) / 6)].append((page, line))
    # A bare number is one of a page where others run in step with it.
    steps = Counter(value - page.number for page, _, value, _ in numbers)
    for page, line, value, marked in numbers:
        if marked or steps[value - page.number] > 1 or (len(pages) == 1 and value == 1):
            gone.add(id(line))
    for (bare, height), found in list(same.items()):
        near = found + same.get((bare, height + 1), [])
        if len({page.number for page, _ in near}) < 2:
            continue
        lines = [line for _, line in sorted(near, key=lambda f: f[0].number)]
        # A title above each part of a table is larger than a head, and is needed once.
        keep = lines[0] if lines[0].size > 1.15 * body else None
        gone |= {id(line) for line in lines if line is not keep}
    return gone


def _edges(page: Page) -> list[Line]:
    """The lines at the head and foot of a page that no table parts from its edge."""
    lines = sorted((n for n in page.lines if n.column < 10), key=lambda n: n.top)
    upper = min((g.top for g in page.grids), default=page.lower)
    lower = max((g.bottom for g in page.grids), default=page.upper)
    zone = _ZONE * (page.lower - page.upper)
    head = [n for n in lines[:_EDGE] if n.down <= upper + 2 and n.top - page.upper < zone]
    foot = [n for n in lines[-_EDGE:] if n.top >= lower - 2 and page.lower - n.down < zone]
    return list({id(n): n for n in head + foot}.values())


# --- paragraphs ----------------------------------------------------------------------------------------------------


class _Margins:
    """Where the lines of pages of one size begin and end, how far apart they are, and whether paragraphs begin with an
    indent."""

    def __init__(self, page: Page | None, lines: list[Line]) -> None:
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


def _left(lines: list[Line]) -> float:
    """The leftmost place where several lines begin."""
    places = Counter(round(n.left / 4) for n in lines)
    need = max(2, 0.04 * len(lines)) if len(lines) > 3 else 1
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


def _pitch(lines: list[Line], full: float) -> float:
    """How far apart lines are, by what follows lines that reach `full`: others end paragraphs."""
    steps = [
        (a.right >= full, round(b.down - a.down)) for a, b in itertools.pairwise(lines) if 0 < b.down - a.down < 80
    ]
    inside = Counter(step for reaches, step in steps if reaches)
    counts = inside if inside.total() > 2 else Counter(step for _, step in steps)
    return float(min(counts, key=lambda step: (-counts[step], step))) if counts else 0.0


def paragraphs(run: list[tuple[Page, Line]], pages: list[Page]) -> Iterator[Text]:
    """The paragraphs that lines make, which go on over pages."""
    open_: list[Line] = []
    first_page = count = 0
    last: Page | None = None
    shapes = _shapes(pages) if run else {}
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


def _shapes(pages: list[Page]) -> dict[tuple[int, int, int], _Margins]:
    """Margins of the pages of each size, and of their columns."""
    lines: dict[tuple[int, int, int], list[Line]] = defaultdict(list)
    first: dict[tuple[int, int, int], Page] = {}
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


def _shape(page: Page, line: Line) -> tuple[int, int, int]:
    return round((page.right - page.left) / 10), round((page.lower - page.upper) / 10), line.column


def _continues(open_: list[Line], line: Line, before: _Margins, here: _Margins, same_page: bool) -> bool:
    """Whether a line goes on where the paragraph's last line was full."""
    last = open_[-1]
    if abs(line.size - last.size) > 0.1 * last.size:
        return False
    if before.right - last.right > line.first + 0.4 * last.size and not _breaks_early(last, line, before, here):
        return False
    if same_page and before.pitch and line.down - last.down > 1.5 * max(before.pitch, last.size * 1.3):
        return False
    if same_page and line.down <= last.down:
        return line.left - here.left < line.size  # the next column
    words = fold(line.text)
    if _CLOSING.match(words) or NUMBER.fullmatch(squeeze(words)) or NUMBER.fullmatch(squeeze(fold(last.text))):
        return False
    if pattern("recipient").match(words) and squeeze(fold(last.text)).endswith(_kinds()):
        return False
    if len(open_) == 1 and last.left - before.left > 6 * last.size and not _is_centred(last, before):
        return False  # a signature or date, set to the right
    marked = bool(MARK.match(words) or _LABEL.match(words))
    indent = line.left - here.left
    if indent > 0.9 * line.size:
        if not marked and all(_is_centred(n, before) for n in open_) and _is_centred(line, here):
            return True
        hangs = len(open_) > 1 and abs(line.left - last.left) < 0.5 * line.size
        mark = MARK.match(fold(last.text)) and len(open_) == 1 and 0.5 < (line.left - last.left) / line.size < 6
        return bool(hangs or mark) and not marked
    if here.indented:
        return True
    # Without indents nothing but the words says where a paragraph begins.
    if _DATE.match(squeeze(words)):
        return False
    said = fold(join(open_))
    if _TERMINAL.search(said) and len(words) < 30 and re.fullmatch(_issuer(), squeeze(words)):
        return False
    if marked and "。" in said and re.search(r"[\u4e00-\u9fff]$", said) and re.match(r"\(\d", words):
        return True  # 小（1）型水库
    if marked and not MARK.match(words) and _open(said):
        return True  # （牵头单位：…；完成时限：…）
    return not marked and not (_TERMINAL.search(fold(last.text)) and before.right - last.right > 1.5 * last.size)


def _breaks_early(last: Line, line: Line, before: _Margins, here: _Margins) -> bool:
    """Whether a program broke a line though there was room: what follows can begin no line, or neither the words nor
    an indent show that a paragraph ends in a line that is nearly full."""
    words = fold(line.text)
    if words[0] in ",.;:、。)》":
        return True
    near = last.right - before.left > 0.85 * (before.right - before.left)
    ends = _TERMINAL.search(fold(last.text)) or fold(last.text).endswith((":", ")"))
    begins = MARK.match(words) or _LABEL.match(words) or line.left - here.left > 0.9 * line.size
    titled = squeeze(fold(last.text)).endswith(_kinds()) or pattern("recipient").match(words)
    if not near or ends or begins or titled or last.left - before.left > 4 * last.size:
        return False
    return not re.fullmatch(_issuer(), squeeze(words)) and not _DATE.match(squeeze(words))


@cache
def _kinds() -> tuple[str, ...]:
    return tuple(rules.words("document.toml")["kinds"])


@cache
def _issuer() -> str:
    return rules.words("document.toml")["issuer"]


def _is_centred(line: Line, margins: _Margins) -> bool:
    return abs((line.left - margins.left) - (margins.right - line.right)) < line.size


def _text(lines: list[Line], page: int, count: int) -> Text:
    return Text(join(lines), {"page": page, "paragraph": count})
