"""Where the headings of columns stand in flattened text: cell by cell, on one line, or run together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from ..words.cells import CellWords
from ..words.fold import squeeze
from ..words.headings import FIGURE_KINDS, UNIT_KINDS, headings, kind_of_heading
from ..words.needs import one_of
from ..words.parts import rule

#: A heading: (start, end, kind or None where it is not known).
Head = tuple[int, int, str | None]

_LONGEST = 14
_NO_LETTERS = ",。;:()、《》“”"
_NO_HEADING = re.compile(r"[。;,:!?《》“”]|^\d|\d$|^[^()]*\)|\([^()]*$")
_CUT_BRACKET = re.compile(r"(?<=[^()])\([^()]{0,12}$")  # one that its heading's second line closes
_MOST_COLUMNS = 14
_GAP = re.compile(r"(?<=\S) {2,}")
_APART, _WORD = re.compile(r"\S+(?: \S+)*"), re.compile(r"\S+")
_FEWEST = 3
_FAR = 110


def may_head(text: str, words: CellWords) -> bool:
    """Whether a folded text could be a column's heading, known or not."""
    word = squeeze(text)
    if not 1 < len(word) <= _LONGEST or _NO_HEADING.search(word):
        return False
    return words.look(word).kind in ("phrase", "maybe", "units", "timely", "person")


def enough(kinds: Sequence[str | None]) -> bool:
    """Whether headings of these kinds are those of a table: two at least are known, and they tell of work, of who does
    it, or of when."""
    known = [k for k in kinds if k]
    have = set(known)
    if len(known) < 2 or 2 * len(known) < len(kinds):
        return False
    return bool(have & {*UNIT_KINDS, "deadline", *FIGURE_KINDS}) and (
        len(known) > 2 or bool(have & {"task", "text", *FIGURE_KINDS, "goal"})
    )


def leading(cells: Sequence[str], words: CellWords) -> list[str | None]:
    """The kinds of the headings that a row of folded cells begins with; empty where it begins with none. Headings
    that are not known stand between known ones, or behind them where a row begins with its number."""
    kinds: list[str | None] = []
    last = 0
    for n, cell in enumerate(cells[:_MOST_COLUMNS]):
        kind = kind_of_heading(cell)
        if kind is None and not may_head(cell, words):
            break
        if kind == "number" and n and "number" in kinds:
            break
        kinds.append(kind)
        if kind:
            last = n + 1
    if len(kinds) > last and not (
        kinds[0] == "number"
        and len(cells) > len(kinds)
        and words.look(cells[len(kinds)]).kind in ("number", "chapter", "clause")
        and _row_size(cells, len(kinds)) != last
    ):
        kinds = kinds[:last]
    return kinds if enough(kinds) or _number_and_text(kinds, cells) else []


def _row_size(cells: Sequence[str], at: int) -> int:
    """How many cells the first row has, whose number 1 stands at an index, by where 2 stands; 0 where neither does."""
    if squeeze(cells[at]) != "1":
        return 0
    following = (n for n, cell in enumerate(cells[at + 1 : at + 1 + _MOST_COLUMNS], 1) if squeeze(cell) == "2")
    return next(following, 0)


def _number_and_text(kinds: Sequence[str | None], cells: Sequence[str]) -> bool:
    """Whether a table has a number and a text in each row, and nothing else but what headings say: 序号, 工作任务, 1,
    …, 2, …"""
    size = len(kinds)
    if size < 2 or kinds[0] != "number" or None in kinds or not {"task", "text"} & {*kinds}:
        return False
    numbers = [squeeze(c) for c in cells[size : size * _NUMBERED_ROWS : size]]
    return numbers == [str(n + 1) for n in range(len(numbers))] and len(numbers) > 1


#: The numbers of so many rows, less one, tell that they have a cell for each heading.
_NUMBERED_ROWS = 4


def on_line(text: str, words: CellWords) -> list[Head]:
    """The headings that a folded line is made of, with or without blanks between them; empty where it is none."""
    wide = len(_GAP.findall(text)) > 1
    each = [(m.start(), m.end(), kind_of_heading(m.group())) for m in _WORD.finditer(text)]
    if _FEWEST <= len(each) <= _MOST_COLUMNS and all(k for _, _, k in each) and _whole(each):
        return each
    found = [] if wide else tiled(text, 0, len(text))
    if found and found[-1][1] == len(text) and _whole(found):
        return found
    parts = [(m.start(), m.end()) for m in (_APART if wide else _WORD).finditer(text)]
    if len(parts) == 1:
        return []
    out: list[Head] = []
    for a, b in parts:
        kind = kind_of_heading(text[a:b]) or (kind_of_heading(_CUT_BRACKET.sub("", text[a:b])) if wide else None)
        inner = [] if kind else tiled(text, a, b)
        if inner and inner[-1][1] == b:
            out += inner
        elif kind or may_head(text[a:b], words):
            out.append((a, b, kind))
        else:
            return []
    return out if len(out) <= _MOST_COLUMNS and _whole(out) else []


def _whole(heads: list[Head]) -> bool:
    kinds = [k for _, _, k in heads]
    telling = bool(set(kinds) & {*UNIT_KINDS, *FIGURE_KINDS}) or ("deadline" in kinds and None not in kinds)
    return len(heads) >= _FEWEST and enough(kinds) and telling


def _sure(heads: list[Head]) -> bool:
    """Whether headings inside a text are too many and too different to be its words."""
    kinds = [k for _, _, k in heads]
    said = {k for k in kinds if k}
    units = said & set(UNIT_KINDS)
    return (
        len(heads) >= 3
        and len(said) >= 3
        and bool(units)
        and bool(said & {"task", "text", "project", "goal"})
        and (len(heads) > 3 or len(units) > 1 or "number" in said or "deadline" in said)
        and sum(b - a for a, b, _ in heads) >= 3 * len(heads)
    )


@cache
def _words() -> re.Pattern[str]:
    """The longest known heading at a place, with or without blanks between its characters."""
    return re.compile(one_of((h for h in headings() if len(h) > 1 and not h.startswith("…")), " ?"))


_NOTE = re.compile(r"\([^()]{2,10}\)")
_OVER_BLANK = 1.5  # that a blank stands inside a heading rather than between two
_KNOWN, _UNKNOWN, _LONGER = 1.0, 5.0, 0.1  # a known heading; one that is told by its end, and each of its characters
_LONGEST_TILE, _SHORTEST_TOLD, _LONGEST_TOLD = 12, 4, 9


class _Tiles:
    """The cheapest headings that cover letters from their beginning, up to each place. `places`: where they stand."""

    def __init__(self, letters: str, places: Sequence[int], loose: bool) -> None:
        self.letters, self.places, self.loose = letters, places, loose
        self.best: dict[int, tuple[float, list[Head]]] = {0: (0.0, [])}
        self._known = headings()
        self._farthest = at = 0
        while at <= self._farthest and at < len(letters):
            if at in self.best:
                self._from(at, *self.best[at])
            at += 1

    def _from(self, at: int, price: float, heads: list[Head]) -> None:
        note = _NOTE.match(self.letters, at) if heads else None
        if note is not None:
            # 完成时限（2023年）: a note belongs to its heading.
            a, _, kind = heads[-1]
            self.best.setdefault(note.end(), (price, [*heads[:-1], (a, self.places[note.end() - 1] + 1, kind)]))
            self._farthest = max(self._farthest, note.end())
        elif len(heads) < _MOST_COLUMNS:
            for size in range(2, min(_LONGEST_TILE, len(self.letters) - at) + 1):
                if self.letters[at + size - 1] in _NO_LETTERS:
                    break
                self._take(at, size, price, heads)

    def _take(self, at: int, size: int, price: float, heads: list[Head]) -> None:
        """So many letters as a heading, if they are one and none was cheaper."""
        word = self.letters[at : at + size]
        first, last = self.places[at], self.places[at + size - 1]
        whole = last - first < size  # no blank stands in it
        kind = self._known.get(word)
        if kind is None:
            # That a word ends as headings do is seldom so: what else must hold is asked behind it.
            kind = kind_of_heading(word) if _SHORTEST_TOLD <= size <= _LONGEST_TOLD and whole else None
            if kind is None or not (self.loose or kind == "person"):
                return
            if rule("heading_joint", "names.toml").match(word) or _are_two(word):
                return
        price = price + (_KNOWN if word in self._known else _UNKNOWN + _LONGER * size) + (0.0 if whole else _OVER_BLANK)
        if at + size not in self.best or price < self.best[at + size][0]:
            self.best[at + size] = (price, [*heads, (first, last + 1, kind)])
            self._farthest = max(self._farthest, at + size)


def _are_two(word: str) -> bool:
    """Whether a word that ends as headings do is a heading of numbers or work and another behind it (序号整治任务)."""
    splits = [(kind_of_heading(word[:n]), kind_of_heading(word[n:])) for n in range(2, len(word) - 1)]
    return any(b and (a == "number" or (a in _OF_WORK and b not in _OF_WORK)) for a, b in splits)


#: Kinds of columns that say what is to be done.
_OF_WORK = ("section", "task", "text")


def tiled(text: str, start: int, end: int, loose: bool = True) -> list[Head]:
    """The headings that `text[start:end]` begins with where nothing parts them: the fewest that reach farthest. A few
    characters before a known one may belong to it (区政府分管领导); `loose`: of any kind, else of persons only."""
    stop = min(end, start + _FAR)
    letters = squeeze(text[start:stop])
    tight = len(letters) == stop - start
    places = range(start, stop) if tight else [n for n in range(start, stop) if not text[n].isspace()]
    best = _Tiles(letters, places, loose).best
    ends = [e for e in best if len(best[e][1]) >= _FEWEST]
    return best[max(ends)][1] if ends else []


#: So far apart stand two headings that run together at most: a person's column may be between them.
_CLOSE = 16


def inside(text: str) -> tuple[int, int, list[Head]] | None:
    """The headings that stand somewhere in a long folded line, run together or apart by blanks: (start, end, them)."""
    at = 0
    for match in _words().finditer(text):
        # Words that are headings elsewhere stand in any sentence: another one follows closely where they are.
        if match.start() < at or not _words().search(text, match.end(), match.end() + _CLOSE):
            continue
        at = match.start()
        # Behind that of the numbers, words that end as headings do are headings.
        run = tiled(text, at, len(text), loose=kind_of_heading(match.group()) == "number")
        numbered = next((n for n, (_, _, k) in enumerate(run) if k == "number"), 0)
        if any(k != "section" for _, _, k in run[:numbered]):
            run = run[numbered:]  # what stands before the column of numbers is the table's title
        if run and (_sure(run) or (run[0][0] == 0 and _whole(run))):
            return run[0][0], run[-1][1], run
        at = match.start() + 1
    return None


_TITLE = 8  # characters before headings that are a title at least


def behind_title(text: str, words: CellWords) -> int:
    """Where the headings begin that a folded line ends with behind its table's title, apart by blanks; 0 where it ends
    with none."""
    each = [(m.start(), kind_of_heading(m.group())) for m in _WORD.finditer(text)] if " " in text else []
    if len(each) <= _FEWEST or each[-1][1] is None:
        return 0
    known = [at for at, kind in each if kind]
    numbers = [at for at, kind in each if kind == "number"]
    at = min(numbers or known)
    if all(kind for begin, kind in each if begin < at):
        return 0  # headings of columns before that of the numbers
    return at if at >= _TITLE and on_line(text[at:], words) else 0
