"""Atoms of a table whose cells nothing parts: rows are known by the numbers that run on, cells by where names of units
and times stand at the end of a row."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial

from ..words.cells import CellWords
from ..words.collectives import is_collective, is_of_places
from ..words.forms import BRACKET, COUNTING, INVISIBLE, number
from ..words.headings import UNIT_KINDS, kind_of_heading
from ..words.parts import rule, tables
from ..words.times import is_time
from .atoms import BLANK, LINE, NOTHING, Atom
from .lines import Line
from .number_runs import Candidate, best_run

_BARE = re.compile(r"(?<![\d.,%-])(\d{1,3})(?![\d.,%、)-])\s*(?=[\u4e00-\u9fff“(《])")
_rule = partial(rule, file="layout.toml")
_CLAUSE = re.compile(rf"\(([{COUNTING}]{{1,3}})\)")
_MOST_NAMES = 90
_LONGEST_NAME = 24
_LONGEST_TAIL = 400
_LIKE_A_PERSON = 5  # more characters have no person's name with a title
_LONG_HEADING = 50


_GAP = 2  # numbers that may be missing
_NEAR = 24  # characters before a number that tell whether a cell ends there
#: What it costs that a number stands behind what ends no cell, before what it counts, before what begins no text.
_INSIDE, _COUNTS, _NO_TEXT = 1.2, 3.0, 0.3


@dataclass(slots=True)
class _ItemMark:
    start: int
    end: int
    own: bool  # an atom of its own, not the beginning of one


def _run(text: str, pattern: re.Pattern[str], words: CellWords, below: Sequence[int] = ()) -> list[re.Match[str]]:
    """The matches whose numbers run on as the likeliest run of all. `below` are the places of headings, below which
    numbers begin anew."""
    found = list(pattern.finditer(text))
    if pattern is _BARE:
        found = sorted([*found, *_rule("number_glued").finditer(text)], key=lambda m: (m.start(1), m.end(1)))
    candidates = []
    for match in found:
        near = bisect_left(below, match.start()) - 1
        fresh = (
            near >= 0 and match.start() - below[near] < _LONG_HEADING and "。" not in text[below[near] : match.start()]
        )
        price = 0.0 if fresh or _ends_cell(text[max(0, match.start() - _NEAR) : match.start()], words) else _INSIDE
        if pattern is _BARE:
            price += _COUNTS * bool(_rule("measure").match(text, match.end()))
            price += 0.0 if text.startswith(_starts(), match.end()) else _NO_TEXT
        candidates.append(Candidate(number(next(g for g in match.groups() if g)) or 0, price, fresh))
    gap = _GAP if pattern is _rule("dotted") else 0
    return [found[n] for n in best_run(candidates, gap)]


def _ends_cell(before: str, words: CellWords) -> bool:
    """Whether a cell may end behind a text: a sentence, a name, a time."""
    return (
        not before
        or bool(_rule("ends_cell").search(before))
        or any(words.names_persons(before[-n:]) for n in (2, 3, 4))
        or any(_rule("time_between").fullmatch(before[-n:]) for n in range(2, min(12, len(before)) + 1))
    )


@cache
def _starts() -> tuple[str, ...]:
    """Words that begin the text of a task."""
    return tuple(tables("flat.toml")["clause_starts"])


def _marks(text: str, numbered: bool, words: CellWords) -> list[_ItemMark]:
    """Where rows and headings begin in a run-together text."""
    found = [_ItemMark(m.start(), m.start(), False) for m in _run(text, _rule("chapter_inside"), words)]
    chapters = sorted(m.start for m in found)
    found += [_ItemMark(m.start(), m.start(), False) for m in _run(text, _CLAUSE, words, chapters)]
    headings = sorted(m.start for m in found)
    if numbered:
        found += [_ItemMark(m.start(1), m.end(1), True) for m in _run(text, _BARE, words, headings)]
    else:
        found += [_ItemMark(m.start(), m.start(), False) for m in _run(text, _rule("dotted"), words, headings)]
    return sorted(found, key=lambda m: m.start)


def rows_on(line: Line, words: CellWords, numbered: bool) -> int:
    """How many numbers of rows stand on a run-together line: in cells of their own (`numbered`) or at the beginnings of
    titles."""
    if not numbered:
        return len(_run(line.text, _rule("dotted"), words))
    return sum(mark.own for mark in _marks(line.text, True, words))


def tight_atoms(line: Line, kinds: Sequence[str], words: CellWords) -> list[Atom]:
    """The atoms of a run-together line of a table whose columns are of these kinds."""
    text = line.text
    out: list[Atom] = []

    def put(a: int, b: int, joint: str, runs_on: bool = False) -> None:
        inner = text[a:b].strip()
        if inner:
            at = a + text[a:b].index(inner)
            alone = not runs_on and _is_heading(inner, words)
            out.append(Atom(line.start + at, line.start + at + len(inner), inner, joint, runs_on, alone))

    marks = _marks(text, "number" in kinds, words)
    starts = [m.start for m in marks]
    edges = [0, *(s for s in starts if s), len(text)]
    by_start = {m.start: m for m in marks}
    order = _Order.of(kinds)
    for a, b in itertools.pairwise(edges):
        mark = by_start.get(a)
        first = LINE if a == 0 else NOTHING
        if mark and mark.own:
            put(a, mark.end, first, True)
            a, first = mark.end, NOTHING
        row = kinds if mark and mark.own else ()
        first_units = order if mark and not _is_heading(text[a:b], words) else None
        cells = _units_first(text[a:b], text, first_units, words) if first_units else []
        for n, (x, y, blank) in enumerate(cells or _cells(text[a:b], row, text, words)):
            joint = first if n == 0 else (BLANK if blank else NOTHING)
            put(a + x, a + y, joint, bool(n == 0 and mark and not mark.own and not _is_heading(text[a:b], words)))
    return out


def _is_heading(text: str, words: CellWords) -> bool:
    """Whether a stretch is a heading of a chapter or clause rather than a numbered row."""
    return words.look(text[:60]).kind in ("chapter", "clause")


@dataclass(frozen=True, slots=True)
class _Order:
    """Which cells stand before and behind the texts of the rows, where units stand before them."""

    units: int  # columns of units before the texts
    times: bool  # whether one of limits stands there
    behind: bool  # whether units or limits stand behind the texts, too

    @classmethod
    def of(cls, kinds: Sequence[str]) -> _Order | None:
        texts = [n for n, k in enumerate(kinds) if k in ("text", "work")]
        if not texts:
            return None
        before, behind = kinds[: texts[-1]], kinds[texts[-1] + 1 :]
        units = sum(k in UNIT_KINDS for k in before)
        others = bool({*behind} & {*UNIT_KINDS, "deadline", "person"})
        return cls(units, "deadline" in before, others) if units else None


def _units_first(text: str, around: str, order: _Order, words: CellWords) -> list[tuple[int, int, bool]]:
    """The cells of a row that names its units before its text: a title, lists of units, the text and what is behind
    it; empty where no list stands between two others."""
    limit = min(len(text), _LONGEST_TITLE)
    stop = _STOP.search(text, 0, limit)
    guess: tuple[int, list[tuple[int, int, bool]]] | None = None
    for begin in range(stop.start() if stop else limit):
        if text[begin - 1 : begin] in _WITHIN or (begin and not _title_ends(text[:begin])):
            continue
        names = _lists(text[begin : begin + _MOST_NAMES * 2], order, words)
        if not names or len(text[begin + names[-1][1] :].strip()) < _LEAST_TEXT:
            continue
        first = _first(text, begin, begin + names[0][1])
        if _begins_list(text, begin, first, words):
            # A department without its place begins the list if that goes on to here, else it stands in the title.
            if guess and guess[0] + guess[1][-1][1] > begin:
                begin, names = guess
            return _with_lists(text, begin, names, around, order, words)
        if guess is None and _is_department(first, words):
            guess = begin, names
    return _with_lists(text, *guess, around, order, words) if guess else []


def _lists(text: str, order: _Order, words: CellWords) -> list[tuple[int, int, bool]]:
    """The lists of units and times that a text begins with, without those of its own words: times where no column
    holds them, who does what it says."""
    names = _names(text, words) or []
    if not order.times:
        names = list(itertools.takewhile(lambda n: not _rule("time_between").fullmatch(text, n[0], n[1]), names))
    names = [*names[:1], *itertools.takewhile(lambda n: _is_list_apart(text, n, words), names[1:])]
    last = len(names) > 1 and not names[-1][2] and is_collective(text[names[-1][0] : names[-1][1]])
    if last and (len(names) > order.units + 1 or _rule("does").match(text, names[-1][1])):
        names = names[:-1]
    return names


def _with_lists(
    text: str, begin: int, names: list[tuple[int, int, bool]], around: str, order: _Order, words: CellWords
) -> list[tuple[int, int, bool]]:
    """The cells of a row whose lists of units begin at a place."""
    at = begin + names[-1][1]
    title = [(0, begin, False)] if text[:begin].strip() else []
    lists = [(begin + a, begin + b, blank or text[begin - 1 : begin].isspace()) for a, b, blank in names]
    rest = _cells(text[at:], (), around, words) if order.behind else [(0, len(text) - at, False)]
    return [*title, *lists, *((at + a, at + b, blank) for a, b, blank in rest)]


def _first(text: str, begin: int, end: int) -> str:
    """The first name of a list."""
    return re.split(r"[、,;\s]", text[begin:end].strip(), maxsplit=1)[0]


def _is_department(name: str, words: CellWords) -> bool:
    return len(name) > _SHORTEST and words.shapes.lexicon.department(name) is not None


def _is_list_apart(text: str, cell: tuple[int, int, bool], words: CellWords) -> bool:
    """Whether a cell behind a list of units is one, too, and does not begin the text."""
    begin, end, blank = cell
    if blank or _rule("time_between").fullmatch(text, begin, end):
        return True
    first = _first(text, begin, end)
    return _is_department(first, words) or _begins_list(text, begin, first, words)


def _begins_list(text: str, begin: int, first: str, words: CellWords) -> bool:
    """Whether a list of units that begins with `first` surely begins there: behind a blank, or with the mark of a level
    or a place."""
    if not _strong(first, words):
        return False
    if not begin or text[begin - 1].isspace() or is_collective(first):
        return True
    lexicon = words.shapes.lexicon
    split = lexicon.split_unit(first)
    return bool(_rule("next_unit").match(first)) or bool(split.prefix and lexicon.regions_named(split.prefix))


_SHORTEST = 2  # characters of what stands in names only (政府, 单位)
_LONGEST_TITLE, _LEAST_TEXT = 60, 6
_WITHIN = ("、", ",", ";", "(", "《", "“")


def _title_ends(text: str) -> bool:
    """Whether a title may end with a text: no mark is open in it."""
    return all(text.count(a) <= text.count(b) for a, b in ("()", "《》", "“”"))


_BLANKS = re.compile(rf"[\s{INVISIBLE}]*")
_STOP = re.compile(r"[。;!][”」)]?")
_LABEL = re.compile(r"([\u4e00-\u9fff]{2,8}):")
_JOINT = re.compile(r"[、,;]")
_BRACKET = re.compile(BRACKET + "。?")


def _row_end(text: str, kinds: Sequence[str], words: CellWords) -> list[tuple[int, int, bool]]:
    """The cells behind the last full stop of a row: units, persons and times. Where one column holds the units, their
    roles may be said in words. Empty where it is no such cells."""
    names = _names(text, words)
    lists = [k for k in kinds if k in UNIT_KINDS]
    whole = names is not None and not text[names[-1][1] :].strip()
    if names and whole and (len(lists) != 1 or sum(_is_list(text[a:b], words) for a, b, _ in names) < 2):
        return names
    return _one_list(text, words) if len(lists) == 1 else []


def _is_list(text: str, words: CellWords) -> bool:
    return not _rule("time_between").fullmatch(text) and not words.names_persons(text)


def _one_list(text: str, words: CellWords) -> list[tuple[int, int, bool]]:
    """The one cell of units that a text is, with the times and persons before and behind it as cells of their own;
    empty where no unit stands in it."""
    first: list[tuple[int, int, bool]] = []
    last: list[tuple[int, int, bool]] = []
    a, b = 0, len(text)
    while (found := _edge(text[a:b], words, False)) is not None:
        first.append((a + found[0], a + found[1], False))
        a += found[1]
    while (found := _edge(text[a:b], words, True)) is not None:
        last.insert(0, (a + found[0], a + found[1], False))
        b = a + found[0]
    return [*first, (a, b, False), *last] if _rule("names_unit").search(text, a, b) else []


def _edge(text: str, words: CellWords, right: bool) -> tuple[int, int] | None:
    """The time or person that a text begins or ends with."""
    sizes = range(min(14, len(text)), 1, -1)
    spans = [(len(text) - n, len(text)) if right else (0, n) for n in sizes]
    for x, y in spans:
        if _rule("time_between").fullmatch(text, x, y):
            return x, y
    for x, y in spans:
        if (
            y - x < _LIKE_A_PERSON
            and words.names_persons(text[x:y])
            and not (right and text[:x].endswith(("、", ",", ":")))
        ):
            return x, y
    return None


def _stops(text: str, mark: re.Match[str], words: CellWords) -> bool:
    """Whether a text may end with a mark: not inside a bracket, nor before the label of another role, nor between two
    units."""
    if text.count("(", 0, mark.start()) != text.count(")", 0, mark.start()):
        return False
    behind = text[mark.end() : mark.end() + _LONGEST_NAME]
    office = mark.group().startswith(";") and _rule("office").search(text, max(0, mark.start() - 2), mark.start())
    if office and _name(behind, words, _KNOWN):
        return False
    label = _LABEL.match(text, mark.end()) if mark.group().startswith(";") else None
    return not (label and kind_of_heading(label[1]) in UNIT_KINDS)


def _cells(text: str, row: Sequence[str], around: str, words: CellWords) -> list[tuple[int, int, bool]]:
    """The cells that a stretch of a run-together row is made of: (start, end, blanks before it). `row`: the kinds of
    the columns where the stretch is known to be a row; `around`: its line."""
    out: list[tuple[int, int, bool]] = []
    at = 0
    stops = [m.span() for m in _STOP.finditer(text) if _stops(text, m, words)]
    for (_, stop), (end, _) in itertools.pairwise([*stops, (len(text), len(text))]):
        if stop <= at or stop >= len(text):
            continue
        if (bracket := _BRACKET.match(text, stop)) is not None:
            stop = bracket.end()  # who answers for it is said in the text
        tail = _row_end(text[stop:end], row, words) if row and end >= len(text) else []
        tail = tail or _tail(text[stop:end], words)
        if not tail:
            continue
        out.append((at, stop, False))
        out += [(stop + a, stop + b, blank) for a, b, blank in tail]
        at = stop + tail[-1][1]
    if at < len(text):
        rest = text[at:]
        stops = [m.end() for m in re.finditer(r"[。;!]", rest) if m.end() < len(rest.rstrip())]
        base = stops[-1] if stops else 0
        tail = _from_the_right(rest[base:], around, words)
        low = base + tail[0][0] if tail else len(rest)
        if rest[:low].strip():
            out.append((at, at + low, bool(out)))
        out += [(at + base + a, at + base + b, blank) for a, b, blank in tail]
    return out


def _tail(text: str, words: CellWords) -> list[tuple[int, int, bool]]:
    """The cells of persons, units and times that a stretch behind a full stop begins with, all of it unless a new text
    follows; empty where it begins with none."""
    if len(text) > _LONGEST_TAIL:
        return []
    names = _names(text, words)
    if names is None:
        return []
    rest = text[names[-1][1] :].strip()
    if not rest:
        return names
    # A new text follows: then someone known must answer for the one before.
    sure = any(_strong(text[a:b], words) for a, b, _ in names)
    return names if sure and len(rest) >= _LEAST_TEXT and not _rule("no_text_begins").match(rest) else []


def _names(text: str, words: CellWords) -> list[tuple[int, int, bool]] | None:
    """The lists of persons, units and times at the beginning of a text, as cells; None where it begins with none."""
    out: list[tuple[int, int, bool]] = []
    at = 0
    last = ""  # what the last cell is
    while at < len(text):
        gap = _BLANKS.match(text, at)
        begin = gap.end() if gap else at
        joint = _JOINT.match(text, begin) if out else None
        begin = joint.end() if joint else begin
        in_list = joint is not None and last == _LIST
        kind, end = _next_cell(text, begin, words, bool(out), joint is not None, _IN_LIST if in_list else _LIKELY)
        if not kind:
            break
        blank = bool(text[at:begin].strip(INVISIBLE)) if kind in (_LIST, _TIME) else begin > at
        if in_list and kind == _LIST:
            begin, _, blank = out.pop()
        out.append((begin, end, blank))
        at, last = end, kind
    if not out or all(_rule("time_between").fullmatch(text[a:b]) for a, b, _ in out):
        return out if out and not text[out[-1][1] :].strip() else None
    return out


#: What a cell is: a list of names, a time, a person, or what stands behind units.
_LIST, _TIME, _PERSON, _BEHIND = "list", "time", "person", "behind"


def _next_cell(text: str, begin: int, words: CellWords, goes_on: bool, joined: bool, least: float) -> tuple[str, int]:
    """What the cell is that begins at a place, behind others where the text `goes_on` and `joined` to them by a mark,
    and its end; '' for none. A name must be worth `least`."""
    time = _rule("time_between").match(text, begin)
    if time and time.group().strip() and not joined:
        return _TIME, time.end()
    size = _name(text[begin : begin + _LONGEST_NAME], words, least)
    if size:
        left_open = _rule("left_open_behind").match(text, begin + size)
        return _LIST, left_open.end() if left_open else begin + size
    if not goes_on:
        return "", begin
    if not joined and words.names_persons(text[begin:]):
        return _PERSON, len(text)
    end = _behind_units(text, begin)
    return (_BEHIND, end) if end else ("", begin)


_LONGEST_TIME = 20


def _behind_units(text: str, begin: int) -> int:
    """Where a cell ends that begins behind one of units: of nobody, or a time of any form; 0 where none begins."""
    nobody = _rule("nobody_behind").match(text, begin)
    if nobody:
        return nobody.end()
    for end in range(min(len(text), begin + _LONGEST_TIME), begin + 1, -1):
        if not text[end : end + 1].isdecimal() and is_time(text[begin:end]):
            return end
    return 0


_REST_OF_MANY = 4  # characters that make many units of one at most

#: A name that is known, and one that only ends as names do, alone or behind others in a list.
_KNOWN, _STRONG, _LIKELY, _IN_LIST = 3.0, 2.4, 1.6, 1.3


def _name(text: str, words: CellWords, least: float = _LIKELY) -> int:
    """The length of the name of a unit or person that a text begins with, 0 where there is none: the best of all
    beginnings, known ones before those that only end as names do."""
    size, best = _best_name(text, words)
    size += bool(size and _rule("name_goes_on").match(text, size))
    if best < _KNOWN + 1 and not _one_name(text[:size], words):
        for n in (3, 2):
            if size != n and _is_person_before(text, n, words):
                return n
    return size if best >= least or size == len(text) else 0


def _best_name(text: str, words: CellWords) -> tuple[int, float]:
    """The length of the beginning that is the best name, and how good it is."""
    best, size = 0.0, 0
    for n in range(2, len(text) + 1):
        word = text[:n]
        if word.count("(") > word.count(")"):
            continue  # 各县(市、区)政府
        if word[-1].isdecimal() and _rule("time_between").match(text, n - 1):
            break  # a time begins here
        if word[-1] in "、,;。 " or (n > 2 and word[-2] in "、,;。 "):
            break
        if size and _another_begins(text, n, size, words):
            break
        price = _worth(word, text[n : n + 8], words)
        branch = n > _SHORTEST and _rule("branch").search(word) is not None and words.shapes.is_unit(word)
        if price > best or branch:
            best, size = max(price, best), n
        if branch:
            break  # of a bank
    return size, best


def _another_begins(text: str, n: int, size: int, words: CellWords) -> bool:
    """Whether another name begins behind one of `size` characters, before the n-th: a unit behind an office, or another
    section of the same one."""
    begins = _rule("next_unit").match(text[size]) or _rule("some_of").match(text, size)
    office = n - size > 1 and begins and _rule("office").search(text[:size])
    if office and not _one_name(text[:n], words):
        many = range(n, min(len(text), n + _REST_OF_MANY) + 1)
        if not any(_is_one_many(text[:m]) for m in many):
            return True
    section = size > _SHORTEST and _rule("section_ends").match(text, size - 1) is not None
    return section and words.shapes.is_unit(text[size:n])


def _is_person_before(text: str, n: int, words: CellWords) -> bool:
    """Whether a text begins with a person of so many characters, with whom a known unit stands."""
    if text[n : n + 1] == "(" or not words.names_persons(text[:n]):
        return False
    if words.shapes.lexicon.department(text[: n + 1]) is not None:
        return False
    behind = _name(text[n:], words) if len(text) > n + 1 else 0
    return bool(behind) and _worth(text[n : n + behind], "", words) >= _KNOWN


def _one_name(word: str, words: CellWords) -> bool:
    """Whether a word is the whole name of a department that the lexicon knows, with its place or without."""
    known = words.shapes.lexicon
    return known.department(word) is not None or known.department(word[1:]) is not None


@lru_cache(maxsize=1 << 12)
def _is_one_many(word: str) -> bool:
    """Whether a word stands for many units, and no other name runs into it."""
    if not is_collective(word):
        return False
    borders = (
        n for n in range(2, len(word) - 1) if _rule("next_unit").match(word, n) and not _rule("many_of").match(word, n)
    )
    return not any(_rule("office").search(word[:n]) for n in borders)


@lru_cache(maxsize=1 << 14)
def _worth(word: str, after: str, words: CellWords) -> float:
    """How well a word is a name, with what follows it; 0 where it is none."""
    if word.count("(") != word.count(")") or after[:1] == ")":
        return 0.0
    if after[:1] == "(" and re.match(r"\([^()]{2,12}\)", after):
        return 0.0  # the bracket belongs to it
    if _is_sure(word, words):
        worth = 3.0 + 0.02 * len(word)
    elif words.shapes.is_unit(word) and len(word) > 2:
        worth = 2.0 - 0.05 * len(word) + 0.9 * bool(_rule("next_unit").match(word) and _rule("office").search(word))
    else:
        return 0.0
    if after and worth < _KNOWN:
        # It goes on in a longer one, or another name begins here.
        worth += 0.4 * bool(_rule("behind_name").match(after))
    return worth


def _is_sure(word: str, words: CellWords) -> bool:
    """Whether a word stands for many units, or is a department that the lexicon knows."""
    if _is_one_many(word) and (not _rule("each").match(word) or _many().fullmatch(word) or is_of_places(word)):
        return True
    known = words.shapes.lexicon
    split = known.split_unit(word)
    return split.department is not None and (bool(split.prefix) or known.department(word) is not None)


def _of_no_place(text: str, begin: int, end: int, around: str, words: CellWords) -> int:
    """Where a name begins that was read from `begin` on: behind the words of a sentence that only look like its place,
    which nothing else of the line names."""
    lexicon = words.shapes.lexicon
    first = re.split(r"[、,;\s]", text[begin:end].strip(), maxsplit=1)[0]
    split = lexicon.split_unit(first)
    prefix = split.prefix or first[:_GUESS]
    known = split.department is not None and not split.prefix
    if known or len(prefix) < _GUESS or lexicon.regions_named(prefix) or around.count(prefix) > 1 < len(prefix) - 1:
        return begin
    for size in range(len(prefix), 0, -1):
        split = lexicon.split_unit(first[size - 1 :])
        if split.department is not None and (len(split.prefix) == 1 or lexicon.regions_named(split.prefix)):
            return begin + size - 1
    return begin


_GUESS = 2  # characters of the shortest place, its kind with it


def _from_the_right(text: str, around: str, words: CellWords) -> list[tuple[int, int, bool]]:
    """The cells of units and times that a stretch without a full stop ends with; `around` is its line."""
    at = len(text.rstrip())
    low = max(0, at - _MOST_NAMES * 2)
    for begin in range(low, at):
        if begin and text[begin - 1] in "、,;(《“" and begin > low:
            continue
        if begin < _LEAST_TEXT:
            continue
        names = _names(text[begin:at], words)
        if names and names[-1][1] >= at - begin and _strong(text[begin : begin + names[0][1]], words):
            moved = _of_no_place(text, begin, begin + names[0][1], around, words)
            if moved > begin and (other := _names(text[moved:at], words)):
                begin, names = moved, other
            return [
                (begin + a, begin + b, blank or (n == 0 and text[begin - 1 : begin] == " "))
                for n, (a, b, blank) in enumerate(names)
            ]
    return []


@cache
def _many() -> re.Pattern[str]:
    return re.compile(rf"(?:{tables('flat.toml')['unit_many']})(?:\([^()]{{2,12}}\))?")


def _strong(text: str, words: CellWords) -> bool:
    """Whether a list begins with a unit that is known, or with many."""
    first = re.split(r"[、,;\s]", text.strip(), maxsplit=1)[0]
    return _worth(first, "", words) >= _STRONG or bool(_rule("time_between").fullmatch(text))
