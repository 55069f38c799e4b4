"""Tables without borders between their cells: a cell a line, or a row run together. Known by their header, and put into
the columns by the cheapest path through the kinds of columns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, partial

from .. import rules
from ..words.cells import CellWords
from ..words.collectives import is_collective
from ..words.fold import fold, squeeze
from ..words.forms import CHAPTER_MARK, CLAUSE_MARK, MARK
from ..words.headings import FIGURE_KINDS, UNIT_KINDS, headings, kind_of_heading
from ..words.lexicon import Lexicon
from ..words.parts import rule
from ..words.times import times_in
from ..words.unit_shapes import UnitShapes
from .building import Field, Grid
from .lines import Line

_rule = partial(rule, file="layout.toml")
CHAPTER = re.compile(CHAPTER_MARK)
END = rule("end", "layout.toml")
HARD_END = rule("hard_end", "layout.toml")
_BULLET = re.compile(r"[●•◆■▲★]")


def ends_table(line: Line, words: CellWords) -> bool:
    """Whether a line looks like one below a table, and is no cell of units or times that only looks so."""
    return bool(END.match(line.text)) and (
        bool(HARD_END.match(line.text)) or words.look(line.text).kind not in ("units", "time")
    )


# --- a cell a line -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class StreamAtom:
    """A piece of a stream of cells: span in the source, folded text, and what that looks like."""

    start: int
    end: int
    text: str
    kind: str  # number, chapter, heading, units, deadline, phone, none, text


def _fill(fields: list[Field], width: int, line: int) -> Grid:
    """Adds the empty fields of a grid; a spanning field covers its row."""
    have = {(f.row, f.column) for f in fields}
    spans = {f.row for f in fields if f.columns > 1}
    for row in range(max(f.row for f in fields) + 1):
        if row in spans:
            continue
        fields += [Field(row, j, [], 1, True) for j in range(width) if (row, j) not in have]
    fields.sort(key=lambda f: (f.row, f.column))
    return Grid(fields, width, line)


def _looks(text: str, shapes: UnitShapes) -> str:
    word = squeeze(text)
    if re.fullmatch(r"\d{1,3}", word):
        return "number"
    if _rule("nobody").match(word):
        return "none"
    if CHAPTER.match(word) and len(word) <= 50 and "。" not in word:
        return "chapter"
    if re.match(CLAUSE_MARK, word) and len(word) <= 40 and "。" not in word:
        return "heading"
    found = times_in(word)
    if found and sum(f.end - f.start for f in found) >= 0.6 * len(_rule("done").sub("", word)):
        return "deadline"
    if len(word) < 400 and shapes.all_units(text):
        return "units"
    if re.fullmatch(r"1\d{10}|0\d{2,3}-?\d{7,8}|\d{7,8}", word):
        return "phone"
    if MARK.match(word):
        return "heading"
    return "text"


_COST = {
    "number": {"number": 0.0},
    "section": {"text": 0.6, "heading": 0.5, "chapter": 0.2},
    "task": {"text": 0.2, "heading": 0.0, "chapter": 1.0, "units": 5.0, "number": 6.0},
    "text": {"text": 0.0, "heading": 0.1, "chapter": 1.0, "units": 5.0, "deadline": 6.0, "number": 7.0},
    "lead": {"units": 0.0, "none": 0.0, "text": 6.0},
    "responsible": {"units": 0.0, "none": 0.0, "text": 6.0},
    "support": {"units": 0.0, "none": 0.0, "text": 6.0},
    "deadline": {"deadline": 0.0, "none": 0.2, "text": 4.5},
    "person": {"phone": 0.0, "none": 0.2, "text": 2.5},
    "other": {"none": 0.0, "text": 1.5, "deadline": 2.5, "units": 3.0, "heading": 2.0},
    "nowork": {"text": 0.5, "heading": 0.5, "number": 1.0, "deadline": 1.0, "units": 2.0, "none": 0.2},
}
_SKIP = {
    "number": 2.0,
    "section": 0.5,
    "task": 1.2,
    "text": 2.5,
    "lead": 2.5,
    "responsible": 2.5,
    "support": 1.4,
    "deadline": 1.4,
    "person": 0.8,
    "other": 0.2,
    "nowork": 0.8,
}


def _price(kind: str, atom: StreamAtom) -> float:
    price = _COST[kind].get(atom.kind, 9.0)
    size = len(atom.text)
    if kind == "task" and size > 40 and atom.kind in ("text", "heading"):
        price += 1.0
    if kind == "section" and size > 24:
        price += 2.0
    if kind == "text" and atom.kind == "text" and size < 8:
        price += 0.6
    if kind == "person" and atom.kind == "text" and 2 <= size <= 4:
        price = 0.3
    return price


def _assign(atoms: list[StreamAtom], kinds: list[str]) -> list[Field]:
    """Puts a stream of atoms into the columns by the cheapest path; a row may leave columns out (merged cells)."""
    width = len(kinds)
    inf = float("inf")
    # cost[c]: cheapest way in which the atom before stands in column c; `width` stands for a row of one spanning cell.
    cost = [inf] * (width + 1)
    paths: list[list[tuple[int, str]]] = []
    for n, atom in enumerate(atoms):
        new = [inf] * (width + 1)
        back: list[tuple[int, str]] = [(-1, "")] * (width + 1)
        previous = atoms[n - 1] if n else None
        for c in range(width):
            own = _price(kinds[c], atom)
            if own >= 9.0:
                own = 12.0
            options: list[tuple[float, int, str]] = []
            before = sum(_SKIP[k] for k in kinds[:c])
            if n == 0:
                options.append((before, -1, "row"))
            for p in range(width + 1):
                if cost[p] == inf:
                    continue
                if p == width:
                    options.append((cost[p] + before, p, "row"))
                    continue
                rest = sum(_SKIP[k] for k in kinds[p + 1 :])
                options.append((cost[p] + rest + before, p, "row"))
                if p < c:
                    options.append((cost[p] + sum(_SKIP[k] for k in kinds[p + 1 : c]), p, "next"))
                elif p == c and previous is not None:
                    options.append((cost[p] + _continues(kinds[c], previous, atom), p, "more"))
            best = min(options, default=(inf, -1, ""), key=lambda o: o[0])
            new[c], back[c] = best[0] + own, (best[1], best[2])
        if atom.kind in ("chapter", "heading") and len(atom.text) < 50 and "。" not in atom.text:
            options = [
                (cost[p] + (sum(_SKIP[k] for k in kinds[p + 1 :]) if p < width else 0), p, "row")
                for p in range(width + 1)
                if cost[p] < inf
            ]
            best = min(options, default=(0.0 if n == 0 else inf, -1, "row"), key=lambda o: o[0])
            new[width], back[width] = (
                best[0] + (0.3 if atom.kind == "chapter" else 0.8 if re.match(CLAUSE_MARK, atom.text) else 3.0),
                (best[1], best[2]),
            )
        cost = new
        paths.append(back)
    at = min(range(width + 1), key=lambda c: cost[c] + (sum(_SKIP[k] for k in kinds[c + 1 :]) if c < width else 0))
    chosen: list[tuple[int, str]] = []
    for back in reversed(paths):
        chosen.append((at, back[at][1]))
        at = back[at][0]
    chosen.reverse()
    fields: list[Field] = []
    row = 0  # the header's
    for atom, (column, how) in zip(atoms, chosen, strict=True):
        if how == "row":
            row += 1
        if column == width:
            fields.append(Field(row, 0, [(atom.start, atom.end)], width))
        elif how == "more":
            fields[-1].pieces.append((atom.start, atom.end))
        else:
            fields.append(Field(row, column, [(atom.start, atom.end)]))
    return fields


def _continues(kind: str, previous: StreamAtom, atom: StreamAtom) -> float:
    """What it costs that a cell goes on in the next atom."""
    if kind in UNIT_KINDS:
        return 0.0 if re.search(r"[、,]$", previous.text) or _BULLET.match(atom.text) else 0.6
    if kind == "text":
        return 0.8 if atom.kind != "text" else (1.2 if re.search(r"[。;!]$", previous.text) else 0.5)
    if kind == "deadline":
        return 0.8
    return 3.0


# --- headings on one line ------------------------------------------------------------------------------------------


def line_headings(line: Line) -> list[tuple[int, int, str]]:
    """The column headings that a line is made of, with or without blanks between: (start, end in the source, kind)."""
    text = line.text
    parts = [(m.start(), m.end()) for m in re.finditer(r"\S+", text)]
    out: list[tuple[int, int, str]] = []
    if len(parts) > 1:
        for a, b in parts:
            kind = kind_of_heading(text[a:b])
            if not kind:
                inner = _split_headings(text[a:b])
                if not inner:
                    break
                out += [(line.start + a + x, line.start + a + y, k) for x, y, k in inner]
                continue
            out.append((line.start + a, line.start + b, kind))
        else:
            return out if _tells(out) else []
        return []
    out = [(line.start + a, line.start + b, k) for a, b, k in _split_headings(text)]
    return out if _tells(out) else []


def _tells(heads: list[tuple[int, int, str]]) -> bool:
    kinds = {k for _, _, k in heads}
    return len(heads) >= 3 and bool(kinds & {*UNIT_KINDS}) and bool(kinds & {"task", "text", *FIGURE_KINDS, "section"})


def _split_headings(text: str) -> list[tuple[int, int, str]]:
    """The headings that a text without blanks is made of, or nothing: the fewest that cover it whole."""
    if len(text) > 80 or len(text) < 6:
        return []
    known = headings()
    best: list[tuple[int, list[tuple[int, int, str]]] | None] = [None] * (len(text) + 1)
    best[0] = (0, [])
    for i in range(len(text)):
        here = best[i]
        if here is None:
            continue
        for size in range(2, 13):
            word = text[i : i + size]
            if len(word) == size and (word in known or (size == 4 and kind_of_heading(word))):
                j = i + size
                old = best[j]
                if old is None or here[0] + 1 < old[0]:
                    best[j] = (
                        here[0] + 1,
                        [*here[1], (i, j, known.get(word) or kind_of_heading(word) or "other")],
                    )
    last = best[len(text)]
    return last[1] if last else []


def stream(
    lines: list[Line],
    at: int,
    heads: list[tuple[int, int, str]],
    prose: list[str],
    source: str,
    shapes: UnitShapes,
) -> tuple[Grid, int] | None:
    """A table whose header stands on one line; what follows is cut into atoms and put into the columns."""
    kinds = [k for _, _, k in heads]
    width = len(kinds)
    name = squeeze(lines[at].text)
    spaced = " " in lines[at].text.strip()
    twins = clause_headings(prose)
    body: list[Line] = []
    index = at + 1
    while index < len(lines):
        line = lines[index]
        if "\t" in line.raw or line.text.count("|") >= 2:
            break
        if squeeze(line.text) == name:
            index += 1
            continue
        other = line_headings(line)
        if other:
            break
        if CHAPTER.match(line.text) and len(line.text) < 50 and "。" not in line.text and _heads_follow(lines, index):
            break
        if (
            END.match(line.text)
            and body
            and (HARD_END.match(line.text) or _looks(line.text, shapes) != "units")
            and not any(squeeze(n.text) == name for n in lines[index + 1 : index + 3])
        ):
            break
        body.append(line)
        index += 1
    if not body:
        return Grid([Field(0, j, [(a, b)]) for j, (a, b, _) in enumerate(heads)], len(heads), lines[at].number), index
    bullets = sum(len(_BULLET.findall(n.text)) for n in body) >= 2
    words = [i for i, k in enumerate(kinds) if k in ("section", "task", "text")]
    group = len(words) == 2 and kinds[words[0]] == "task" and any(_GROUP.match(n.text) for n in body)
    if group:
        # (一)… 1.… in one column: its heading covers the groups and their tasks.
        kinds.insert(words[0], "section")
        width += 1
    fields = [
        Field(0, j + (group and j > words[0]), [(a, b)], 1 + (group and j == words[0]))
        for j, (a, b, _) in enumerate(heads)
    ]
    if bullets:
        fields += _bulleted(body, kinds, twins, source, shapes)
    else:
        atoms = [
            a
            for line in body
            for a in (
                _spaced_atoms(line, shapes) if spaced else _tight_atoms(line, twins if len(words) > 1 else None, shapes)
            )
        ]
        if not atoms:
            return None
        fields += _assign(atoms, kinds)
        _part_titles(fields, kinds, twins, source)
    return _fill(fields, width, lines[at].number), index


#: A group's heading with the first task's number right behind it.
_GROUP = re.compile(rf"({CLAUSE_MARK}[^。;]{{2,50}}?)(?=\d{{1,2}}[.、](?!\d))")


def _heads_follow(lines: list[Line], index: int) -> bool:
    return index + 1 < len(lines) and bool(line_headings(lines[index + 1]))


def clause_headings(prose: list[str]) -> list[str]:
    """The headings of numbered clauses in the prose before a table, without number, longest first."""
    found = set()
    for text in prose:
        match = re.match(rf"(?:{CLAUSE_MARK}|\d{{1,2}}[.、]|\(\d{{1,2}}\))\s*([^。:;]{{4,60}})[。:]", text)
        if match:
            found.add(squeeze(match.group(1)))
    return sorted(found, key=lambda t: (-len(t), t))


def _bulleted(body: list[Line], kinds: list[str], twins: list[str], source: str, shapes: UnitShapes) -> list[Field]:
    """Rows whose unit and deadline cells are ●-lists: text up to the first bullet, then the lists."""
    entries: list[tuple[str, int, int, str, str]] = []  # (what, start, end, text, joint before)
    for line in body:
        first = True
        for match in re.finditer(r"[●•◆■▲★]?[^●•◆■▲★]+", line.text):
            word = match.group()
            lead = len(word) - len(word.lstrip())
            stripped = word.strip()
            if not stripped:
                continue
            a = line.start + match.start() + lead
            b = a + len(stripped)
            bullet = bool(_BULLET.match(stripped))
            joint = "line" if first else ("space" if lead or line.text[: match.start()].endswith(" ") else "none")
            if (
                not bullet
                and entries
                and entries[-1][0] == "bullet"
                and first
                and _goes_on(entries[-1][3], stripped, shapes)
            ):
                what, s, _, t, j = entries[-1]
                entries[-1] = (what, s, b, t + stripped, j)
            else:
                entries.append(("bullet" if bullet else "text", a, b, stripped, joint))
            first = False
    unit_columns = [i for i, k in enumerate(kinds) if k in UNIT_KINDS]
    due = next((i for i, k in enumerate(kinds) if k == "deadline"), None)
    fields: list[Field] = []
    row = 0
    index = 0
    while index < len(entries):
        texts: list[tuple[str, int, int, str, str]] = []
        while index < len(entries) and entries[index][0] == "text":
            texts.append(entries[index])
            index += 1
        run: list[tuple[str, int, int, str, str]] = []
        while index < len(entries) and entries[index][0] == "bullet":
            run.append(entries[index])
            index += 1
        row += 1
        row = _text_fields(fields, texts, kinds, row, twins, source)
        times = [e for e in run if _looks(_BULLET.sub("", e[3]), shapes) == "deadline"]
        people = [e for e in run if e not in times]
        one_line = bool(times) and times[0][4] == "none"
        for column, group in zip(unit_columns, _columns_of(people, len(unit_columns), one_line), strict=False):
            if group:
                fields.append(Field(row, column, [(a, b) for _, a, b, _, _ in group]))
        if due is not None and times:
            fields.append(Field(row, due, [(a, b) for _, a, b, _, _ in times]))
    return fields


def _goes_on(before: str, text: str, shapes: UnitShapes) -> bool:
    return (
        not shapes.is_unit(_BULLET.sub("", before))
        and _looks(_BULLET.sub("", before), shapes) != "deadline"
        and len(text) < 12
    )


def _columns_of(
    run: list[tuple[str, int, int, str, str]], columns: int, one_line: bool
) -> list[list[tuple[str, int, int, str, str]]]:
    """Parts a run of units among the unit columns: a repetition, else the one tight joint, else the last line where
    the next cell follows it closely (`one_line`: a cell of several lines ends in a line break), else the first
    collective."""
    if columns <= 1 or not run:
        return [run] + [[] for _ in range(columns - 1)]
    names = [squeeze(_BULLET.sub("", e[3])) for e in run]
    half = len(names) // 2
    if columns == 2:
        if len(names) % 2 == 0 and half and names[:half] == names[half:]:
            return [run[:half], run[half:]]
        tight = [i for i, e in enumerate(run) if i and e[4] == "none"]
        if len(tight) == 1:
            return [run[: tight[0]], run[tight[0] :]]
        last = max((i for i, e in enumerate(run) if i and e[4] == "line"), default=0)
        if one_line and last and not tight:
            return [run[:last], run[last:]]
        spaced = next((i for i, e in enumerate(run) if e[4] == "space"), 0)
        if spaced > 1 and run[spaced - 1][4] == "line":
            # One list has an entry a line, the other its entries side by side.
            return [run[: spaced - 1], run[spaced - 1 :]]
        many = [i for i, n in enumerate(names) if is_collective(n)]
        if many and many[0] > 0:
            return [run[: many[0]], run[many[0] :]]
        if len(run) == 1:
            return [run, []]
        return [run[:1], run[1:]]
    cuts = [i for i, e in enumerate(run) if i and e[4] == "none"][: columns - 1]
    out, at = [], 0
    for cut in cuts:
        out.append(run[at:cut])
        at = cut
    out.append(run[at:])
    return out + [[] for _ in range(columns - len(out))]


def _text_fields(
    fields: list[Field],
    texts: list[tuple[str, int, int, str, str]],
    kinds: list[str],
    row: int,
    twins: list[str],
    source: str,
) -> int:
    """Puts the words before a row's lists into its section, task and text columns; returns the row's number."""
    words = [i for i, k in enumerate(kinds) if k in ("section", "task", "text")]
    if not words or not texts:
        return row
    pieces = [(a, b) for _, a, b, _, _ in texts]
    number = next((i for i, k in enumerate(kinds) if k == "number"), None)
    first = fold(source[pieces[0][0] : pieces[0][1]])
    if CHAPTER.match(first) and len(first) < 50 and "。" not in first and len(pieces) > 1:
        fields.append(Field(row, 0, [pieces[0]], len(kinds)))
        row += 1
        pieces = pieces[1:]
        first = fold(source[pieces[0][0] : pieces[0][1]])
    if number is not None:
        lead = re.match(r"\d{1,3}(?![\d.、])\s*", first)
        if lead:
            a, b = pieces[0]
            fields.append(Field(row, number, [(a, a + len(lead.group().strip()))]))
            pieces[0] = (a + lead.end(), b)
            first = first[lead.end() :]
    task = words[-2] if len(words) > 1 else None
    if len(words) > 2 or (len(words) == 2 and kinds[words[0]] == "section"):
        inner = _GROUP.match(first)
        if inner:
            a, b = pieces[0]
            fields.append(Field(row, words[0], [(a, a + inner.end())]))
            pieces[0] = (a + inner.end(), b)
            first = first[inner.end() :]
    if task is None or kinds[task] == "section":
        fields.append(Field(row, words[-1], pieces))
        return row
    cut = heading_end(first, twins)
    if cut:
        a, b = pieces[0]
        fields.append(Field(row, task, [(a, a + cut)]))
        pieces[0] = (a + cut, b)
        if fold(source[a + cut : a + cut + 1]) in "。:":
            pieces[0] = (a + cut + 1, b)
    elif (len(pieces) > 1 and len(first) <= 50 and "。" not in first) or (MARK.match(first) and len(first) <= 40):
        fields.append(Field(row, task, [pieces[0]]))
        pieces = pieces[1:]
    pieces = [(a, b) for a, b in pieces if b > a]
    if pieces:
        fields.append(Field(row, words[-1], pieces))
    return row


def heading_end(text: str, twins: list[str]) -> int:
    """Where the heading ends that a folded text begins with, 0 if that can not be told.

    `twins` are the headings of the same work in the prose; without one, words that end headings and begin clauses tell.
    """
    mark = MARK.match(text)
    start = mark.end() if mark else 0
    body = text[start:]
    for twin in twins:
        if body.startswith(twin) and len(body) > len(twin):
            return start + len(twin)
    stop = re.search(r"[。;:,]", body)
    closed = (
        stop.start() if stop and stop.group() in "。:" and 4 <= stop.start() <= 45 and len(body) > stop.end() + 4 else 0
    )
    if closed and mark:
        return start + closed
    words = rules.words("flat.toml")
    ends, starts = tuple(words["heading_ends"]), tuple(words["clause_starts"])
    best, where = 0.0, 0
    depth = 0
    for i in range(1, min(len(body), 46)):
        c = body[i - 1]
        depth += (c in "“《(") - (c in "”》)")
        if c in ",;。":
            break
        if i < 4 or depth > 0 or i >= len(body):
            continue
        left, right = body[:i], body[i:]
        if _rule("no_cut_behind").match(c) or _rule("no_cut_before").match(right):
            continue
        score = 0.0
        if left.endswith(ends):
            score += 2.0
        begin = next((w for w in starts if right.startswith(w)), None)
        if begin:
            score += 1.6 + 0.3 * (len(begin) > 1)
            if _rule("begins_clause").match(begin):
                score += 0.8
        elif _rule("begins_unit").match(right):
            score += 2.0
        if c in "”》":
            score += 0.3
        score -= abs(i - 12) * 0.03
        if score > best or (i == where + 2 and score > best - 0.4 and body[i - 2 : i] in ends):
            # 信息 | 公开 围绕 …: the later border, where what lies between belongs to the heading's last words.
            best, where = score, i
    # A number says that there is a heading; without one both sides of the border must speak for it.
    found = start + where if best >= (1.4 if mark else 3.0) else 0
    # A name has no stop of its own: where one seems to, its first words may be the name and the rest begin the text.
    return closed if closed and not 0 < found < closed else found


def _part_titles(fields: list[Field], kinds: list[str], twins: list[str], source: str) -> None:
    """Where a row of a run-together table has one text for the task and the text column, parts it."""
    words = [i for i, k in enumerate(kinds) if k in ("task", "text")]
    if len(words) < 2:
        return
    task, work = words[-2], words[-1]
    rows: dict[int, dict[int, Field]] = {}
    for f in fields:
        if f.columns == 1 and f.row > 0 and f.pieces:
            rows.setdefault(f.row, {})[f.column] = f
    for row in rows.values():
        only = row.get(work) if task not in row else row.get(task) if work not in row else None
        if only is None:
            continue
        a, b = only.pieces[0]
        words_here = fold(source[a:b])
        cut = heading_end(words_here, twins)
        if not cut or (len(only.pieces) == 1 and not re.search(r"[,;:。].", words_here)):
            continue
        head = Field(only.row, task, [(a, a + cut)])
        skip = 1 if fold(source[a + cut : a + cut + 1]) in "。: " else 0
        only.column = work
        only.pieces = [p for p in [(a + cut + skip, b), *only.pieces[1:]] if p[1] > p[0]]
        fields.append(head)


def part_titles(grid: Grid, kinds: list[str], twins: list[str], source: str) -> None:
    """The same for a grid: the fields that titles get were empty before."""
    words = [i for i, k in enumerate(kinds) if k in ("task", "text")]
    filled = [
        {f.row for f in grid.cells if f.row and f.column == w and f.pieces and f.columns == 1} for w in words[-2:]
    ]
    if len(filled) == 2 and filled[0] & filled[1]:
        return  # titles have cells of their own
    _part_titles(grid.cells, kinds, twins, source)
    have = {(f.row, f.column) for f in grid.cells if f.pieces}
    grid.cells = [f for f in grid.cells if f.pieces or (f.row, f.column) not in have]
    grid.cells.sort(key=lambda f: (f.row, f.column))


def _spaced_atoms(line: Line, shapes: UnitShapes) -> list[StreamAtom]:
    """Pieces of a line that are parted by blanks."""
    wide = len(re.findall(r" {2,}", line.text)) >= 1
    pattern = r"\S+(?: \S+)*" if wide else r"\S+"
    return [
        StreamAtom(line.start + m.start(), line.start + m.end(), m.group(), _looks(m.group(), shapes))
        for m in re.finditer(pattern, line.text)
    ]


def _tight_atoms(line: Line, twins: list[str] | None, shapes: UnitShapes) -> list[StreamAtom]:
    """Pieces of a line without anything between them: number, text, unit lists, deadline, known from the right. With
    `twins` (the table has a column of tasks and one of their texts) the heading is parted from the text."""
    out: list[StreamAtom] = []
    text = line.text
    offset = line.start
    if _looks(text, shapes) in ("chapter", "heading") and len(text) < 40 and "。" not in text:
        return [StreamAtom(offset, offset + len(text), text, _looks(text, shapes))]
    lead = re.match(r"\d{1,3}(?=[\u4e00-\u9fff(])", text)
    if lead:
        out.append(StreamAtom(offset, offset + lead.end(), lead.group(), "number"))
    low = lead.end() if lead else 0
    high = len(text)
    tail: list[StreamAtom] = []
    at = high
    while True:
        time = _rule("time_tail").search(text[low:at])
        if not time or not time.group() or _looks(time.group(), shapes) != "deadline":
            break
        at = low + time.start()
        if text[at - 1 : at] not in ("、", ",", ";"):
            break
        at -= 1
    if at < high:
        at += text[at] in "、,;"
        tail.insert(0, StreamAtom(offset + at, offset + high, text[at:high], "deadline"))
        high = at
    names = _unit_tail(text[low:high], shapes)
    # What follows the last full stop may be units that no list knows.
    full = text.rfind("。", low, high) + 1
    if full > low and (not names or low + names[0][0] > full):
        parsed = shapes.parse_list(text[full:high])
        if parsed.items and not parsed.rest:
            names = [(full - low, high - low)]
            for one, other in zip(parsed.items, parsed.items[1:], strict=False):
                if one.end == other.start:
                    names[-1:] = [(names[-1][0], full - low + one.end), (full - low + one.end, high - low)]
    for a, b in reversed(names):
        tail.insert(0, StreamAtom(offset + low + a, offset + low + b, text[low + a : low + b], "units"))
    if names:
        high = low + names[0][0]
    if high > low:
        cut = heading_end(text[low:high], twins) if twins is not None else 0
        if cut:
            out.append(StreamAtom(offset + low, offset + low + cut, text[low : low + cut], "heading"))
            low += cut + (text[low + cut] in "。: ")
        rest = text[low:high]
        out.append(StreamAtom(offset + low, offset + high, rest, "text" if cut else _looks(rest, shapes)))
    return out + tail


def _unit_tail(text: str, shapes: UnitShapes) -> list[tuple[int, int]]:
    """The unit lists that a folded text ends with, one a column: they are parted where nothing stands between two
    units."""
    name = _unit_name(shapes.lexicon)
    spans: list[tuple[int, int]] = []
    lists: list[tuple[int, int]] = []
    at = len(text)
    while at > 0:
        best = None
        for size in range(2, min(24, at) + 1):
            if name.fullmatch(text[at - size : at]):
                best = at - size
        if best is None:
            break
        spans.insert(0, (best, at))
        at = best
        if at > 0 and text[at - 1] in "、, ;" and at >= 2:
            at -= 1
    if not spans:
        return []
    start, stop = spans[0]
    for a, b in spans[1:]:
        if a == stop:
            lists.append((start, stop))
            start = a
        stop = b
    lists.append((start, stop))
    return lists


@lru_cache(maxsize=2)
def _unit_name(known: Lexicon) -> re.Pattern[str]:
    forms = sorted(known.forms(), key=len, reverse=True)
    words = rules.words("flat.toml")
    level, many = words["unit_level"], words["unit_many"]
    inner = "|".join(map(re.escape, forms))
    return re.compile(
        f"(?:{level})?(?:{inner})(?:{_rule('left_open').pattern})?|{many}|{level}{_rule('government').pattern}"
    )
