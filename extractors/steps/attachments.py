"""A notice and its attachments, where they are several files: which belong together, and how they become one paper."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from ..model import Cell, Paper, Paragraph, Record, Table
from ..words.fold import fold, squeeze
from ..words.forms import ATTACHED
from ..words.parts import tables

#: A file is compared by so many of its first lines; a title may be broken over two of them.
_LINES = 6
_SHORT_TITLE, _LONG_TITLE, _LONG_LIST = 4, 80, 600  # characters
#: A shorter title (名单) says too little to join files of different folders.
_PLAIN = 6
#: So much of an attachment stands in the notice where the notice holds it already.
_HELD = 0.8
#: So much of two attachments is the same where they are one, as a DOC and a PDF of it.
_TWIN = 0.97

#: Marks that make no difference between titles.
_NOISE = re.compile(r"[\s《》〈〉“”‘’\"'()（）\-_·、,，.。:：;；/\\|+]")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(tables("attachments.toml")[name])


@dataclass(slots=True)
class Card:
    """What is known of a file when files are joined: `titles` by which a notice may announce it (none for a paper with
    a number of its own), `announces` the titles that it announces, `given` the notice that a list names for it."""

    source: str
    titles: list[str] = field(default_factory=list)
    announces: list[str] = field(default_factory=list)
    given: str | None = None


@dataclass(slots=True)
class Plan:
    """`joined`: notice → its attachments in order. `unsure`: file → what it could as well belong to or share its title
    with."""

    joined: dict[str, list[str]] = field(default_factory=dict)
    unsure: dict[str, list[str]] = field(default_factory=dict)


# --- what a paper says of itself -----------------------------------------------------------------------------------


def announced(paper: Paper, text: str, title: str | None) -> list[str]:
    """The titles of the attachments that a paper names (附件：1.… 2.…), in order, and of what it issues.
    `text` is the paper's, contact data masked."""
    end = paper.parts[0][1] if paper.parts else len(paper.text)
    out: list[str] = []
    listing = False
    folded = fold(text)
    for block in paper.blocks:
        if block.start >= end:
            break
        if isinstance(block, Table):
            listing = False
            continue
        words = squeeze(folded[block.start : block.end])
        begin = _pattern("begin").match(words)
        if begin:
            listing = True
            words = begin["rest"]
        elif not (listing and _pattern("next").match(words)):
            listing = False
            continue
        if len(words) < _LONG_LIST:
            out += [_clean(item) for item in _pattern("item").split(words)]
    issued = _pattern("issued").search(squeeze(fold(title or "")))
    if issued:
        out.append(_clean(issued["title"]))
    return list(dict.fromkeys(t for t in out if 2 <= len(t) <= _LONG_TITLE))


def titles(paper: Paper, text: str, title: str | None) -> list[str]:
    """What a paper may be called by: its title and its first lines, alone and by two. `text` is the paper's, contact
    data masked."""
    lines = []
    for block in paper.blocks:
        first = block.cells[0] if isinstance(block, Table) else block
        lines.append(squeeze(text[first.start : first.end]))
        if len(lines) >= _LINES or isinstance(block, Table):
            break
    lines = [
        n
        for n in lines[:_LINES]
        if not _pattern("bare").fullmatch(fold(n)) and not _pattern("sentence").search(fold(n))
    ]
    pairs = [a + b for a, b in itertools.pairwise(lines)]
    found = [_clean(fold(t)) for t in [title or "", *lines, *pairs]]
    return list(dict.fromkeys(t for t in found if _SHORT_TITLE <= len(t) <= _LONG_TITLE))


def _clean(title: str) -> str:
    bare = _pattern("suffix").sub("", squeeze(title).strip(".。;；,，、"))
    return re.sub(r"^《(.*)》$", r"\1", bare).strip(".。;；,，、")


# --- which belong together -----------------------------------------------------------------------------------------


def plan(cards: Iterable[Card]) -> Plan:
    """Which files are attachments of which: as a list says, else by the title that exactly one notice announces and
    exactly one file bears. Of several, those in the nearest folder count; what is then not plain is not joined."""
    return _Planning(cards).plan()


class _Planning:
    """Finds the notice of each file: `owner` is the notice of a file, `rank` where it stands among its attachments."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self.known = {card.source: card for card in cards}
        self.borne = _borne(self.known.values())
        self.out = Plan()
        self.owner: dict[str, str] = {}
        self.rank: dict[str, tuple[int, str]] = {}

    def plan(self) -> Plan:
        self._as_listed()
        self._by_title()
        for file in [file for file in self.owner if file in self.out.unsure and not self.known[file].given]:
            self.owner.pop(file)
        self._join()
        return self.out

    def _as_listed(self) -> None:
        """Takes the notices that a list gives."""
        for card in self.known.values():
            if card.given in self.known and card.given != card.source:
                self.owner[card.source] = card.given
        for source in [source for source, notice in self.owner.items() if notice in self.owner]:
            self.owner.pop(source)  # a list that leads in a circle joins nothing, one that leads on the last step alone
        for source, notice in self.owner.items():
            last = len(self.known[notice].announces)
            self.rank[source] = min([n for n, by, _ in self.borne[source] if by == notice], default=last), source

    def _by_title(self) -> None:
        """Takes the one notice that announces a file's title, where no other file near to it bears that."""
        for (notice, title), files in self._announced().items():
            close = _nearest(notice, set(files))
            if len(close) > 1:
                self.out.unsure |= {file: sorted(close - {file}) for file in close}
                continue
            (file,) = close
            if file not in self.owner:
                self.owner[file] = notice
                self.rank[file] = (self.known[notice].announces.index(title), file)

    def _announced(self) -> dict[tuple[str, str], list[str]]:
        """(notice, title) → the files that bear it and that only this notice near to them announces."""
        files: dict[tuple[str, str], list[str]] = {}
        for source, card in sorted(self.known.items()):
            if source in self.owner or not card.titles or card.given:
                continue
            hits = [(n, t) for _, n, t in self.borne[source] if len(t) >= _PLAIN or _folder(n) == _folder(source)]
            near = _nearest(source, {n for n, _ in hits})
            if len(near) > 1:
                self.out.unsure[source] = sorted(near)
            for notice, title in hits:
                if near == {notice}:
                    files.setdefault((notice, title), []).append(source)
        return files

    def _join(self) -> None:
        """Joins what is plain. Two files that announce each other, or a row of them, are no notice and attachment."""
        owner = self.owner
        circle = {file for file, notice in owner.items() if notice in owner and not self.known[file].given}
        for file in sorted(circle):
            self.out.unsure.setdefault(file, [owner[file]])
        for file, notice in owner.items():
            if file not in circle and notice not in (owner.keys() - circle):
                self.out.joined.setdefault(notice, []).append(file)
        for files in self.out.joined.values():
            files.sort(key=lambda file: self.rank[file])


def _borne(cards: Collection[Card]) -> dict[str, list[tuple[int, str, str]]]:
    """File → (place among the notice's titles, notice, title) of every announced title that it bears, but for
    numbering, punctuation and the place or office before it."""
    wanted: dict[str, list[tuple[int, int, str, str]]] = {}
    own: dict[str, list[str]] = {}
    for n, card in enumerate(cards):
        for m, title in enumerate(card.announces):
            wanted.setdefault(_key(title), []).append((n, m, card.source, title))
    if not wanted:
        return {card.source: [] for card in cards}
    for card in cards:
        stem = _pattern("suffix").sub("", squeeze(fold(card.source.rpartition("/")[2])))
        own[card.source] = [_key(name) for name in [*card.titles, stem]]
    known = {key for keys in own.values() for key in keys}
    longer: dict[str, list[str]] = {}
    for key in wanted:
        for tail in _tails(key, known):
            longer.setdefault(tail, []).append(key)
    found = {}
    for source, keys in own.items():
        same = {other for key in keys for other in (key, *_tails(key, wanted), *longer.get(key, ())) if len(other) > 1}
        hits = sorted(hit for key in same for hit in wanted.get(key, ()) if hit[2] != source)
        found[source] = [hit[1:] for hit in hits]
    return found


def _tails(key: str, known: Container[str]) -> Iterator[str]:
    """The known titles at the end of a title before which only a place or office stands."""
    for at in range(1, len(key) - _PLAIN + 1):
        if key[at:] in known and _pattern("place").fullmatch(key[:at]):
            yield key[at:]


def _key(title: str) -> str:
    words = fold(title)
    if _pattern("marked").match(words) or re.match(r"\d{1,2}[.、]", words):
        words = _pattern("lead").sub("", words, count=1)
    return _NOISE.sub("", words).lower()


def _folder(source: str) -> str:
    return source.rpartition("/")[0]


def _nearest(source: str, others: set[str]) -> set[str]:
    """Those whose folder has the longest way in common with that of `source`."""
    here = _folder(source).split("/")
    folders: dict[str, set[str]] = {}
    for other in others:
        folders.setdefault(_folder(other), set()).add(other)
    rank: dict[tuple[int, int], set[str]] = {}
    for folder, found in folders.items():
        there = folder.split("/")
        shared = next((n for n, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), None)
        shared = min(len(here), len(there)) if shared is None else shared
        rank.setdefault((shared, -len(there)), set()).update(found)
    return rank[max(rank)] if rank else set()


# --- one paper of several files ------------------------------------------------------------------------------------


def join(notice: Paper, attachments: Sequence[Paper]) -> Paper:
    """The notice with its attachments behind it, as if all stood in one file. What the notice holds already, and
    an attachment that comes twice, is left out. Offsets of the source go on; `Paper.parts` says
    which file begins where."""
    text, source = notice.text, notice.source
    blocks, anchors, places = list(notice.blocks), list(notice.anchors), _placed(notice)
    warnings = list(notice.warnings)
    parts: list[tuple[int, int, str]] = []
    taken: list[Paper] = []
    for paper in attachments:
        warnings += [replace(w, place={"file": paper.path} | w.place) for w in paper.warnings]
        if _holds(notice, paper) or any(_twins(paper, other) for other in taken):
            continue
        taken.append(paper)
        if text and not text.endswith("\n"):
            text += "\n"
            anchors.append((len(text) - 1, len(source)))
        source += "\n"
        origin = len(source)
        first = next((b for b in paper.blocks), None)
        start = len(text)
        if first is not None and not _pattern("heads").match(fold(squeeze(paper.text[first.start : first.end]))):
            # What stands over an attachment in one file.
            blocks.append(Paragraph(start, start + 2))
            anchors.append((start, origin))
            text += f"{ATTACHED}\n"
        shift = len(text)
        parts.append((origin, start, paper.path))
        for block in paper.blocks:
            if isinstance(block, Table):
                cells = [replace(c, start=c.start + shift, end=c.end + shift) for c in block.cells]
                blocks.append(replace(block, cells=cells))
            else:
                blocks.append(replace(block, start=block.start + shift, end=block.end + shift))
        anchors += [(a + shift, b + origin) for a, b in paper.anchors]
        places += [(at + origin, place) for at, place in _placed(paper)]
        text += paper.text
        source += paper.source
    made = replace(notice, text=text, blocks=blocks, source=source, anchors=anchors)
    return replace(made, warnings=warnings, places=places, parts=parts)


def label(record: Record, notice: Card, files: dict[str, Card]) -> None:
    """Puts the names of the files, by the paths that they were read from, into the record of a joined paper, and what
    each says of itself alone, so that the next build joins them by the same words."""
    kept = {"announces": notice.announces, "titles": notice.titles}
    source = record.source | kept
    source["attachments"] = [
        {
            "path": files[entry["path"]].source,
            "sha256": entry["sha256"],
            "titles": files[entry["path"]].titles,
            "given": files[entry["path"]].given == notice.source,
        }
        for entry in record.source["attachments"]
    ]
    record.source = {k: v for k, v in source.items() if v or k not in kept}
    evidence = [e for found in record.document.evidence.values() for e in found]
    items: list[Any] = [*record.document.deadlines, *record.citations, *record.tasks]
    items += [part for task in record.tasks for part in (*task.units, *task.deadlines)]
    evidence += [e for item in items for e in item.evidence]
    remarks = [*record.warnings, *record.findings]
    places = [e.place for e in evidence] + [r.place for r in remarks] + [r.other_place for r in remarks]
    named = {id(place): place for place in places if place.get("file") in files}  # some share one
    for place in named.values():
        place["file"] = files[place["file"]].source


def _placed(paper: Paper) -> list[tuple[int, dict[str, Any]]]:
    """The places of a paper; those of plain text are its lines."""
    if paper.places:
        return list(paper.places)
    ends = re.finditer(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", paper.source)
    return [(at, {"line": n}) for n, at in enumerate([0, *(m.end() for m in ends)], 1)]


def part_of(paper: Paper, origin: int) -> tuple[int, int, str] | None:
    """The attachment that an offset of the source lies in: where it begins in source and text, and its path."""
    at = bisect_right(paper.parts, origin, key=lambda p: p[0]) - 1
    return paper.parts[at] if at >= 0 else None


def _holds(notice: Paper, paper: Paper) -> bool:
    held = _NOISE.sub("", fold(notice.text))
    words = [w for w in _words(paper) if len(w) >= 8]
    words = words[:: len(words) // 400 + 1]  # some hundred tell as much as all
    return bool(words) and sum(len(w) for w in words if w in held) >= _HELD * sum(map(len, words))


def _twins(paper: Paper, other: Paper) -> bool:
    """Whether two attachments are one under two suffixes: they begin alike and nearly every word of each stands in the
    other."""
    one, two = _words(paper), _words(other)

    def alike(words: list[str], others: list[str]) -> bool:
        known = set(others)
        return sum(len(w) for w in words if w in known) >= _TWIN * sum(map(len, words))

    return one[:2] == two[:2] and alike(one, two) and alike(two, one)


def _words(paper: Paper) -> list[str]:
    """The paragraphs and cells of a paper without white space and punctuation, but for 附件1 and empty ones."""
    spans: list[Cell | Paragraph] = []
    for block in paper.blocks:
        spans += block.cells if isinstance(block, Table) else [block]
    words = [_NOISE.sub("", fold(paper.text[s.start : s.end])) for s in spans]
    return [w for w in words if w and not _pattern("bare").fullmatch(w)]
