"""What in a paper does not fit the paper itself: an attachment that is named but not there, a place of another county
in the text, a clause and its row in the table that disagree. `check` shows it beside what the graph knows."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from ..model import Evidence, Paragraph, Remark, Table
from ..steps import deadlines as due
from ..steps.tasks import Draft
from ..words.fold import fold, squeeze
from ..words.forms import ATTACHED, document_number, number, numbers_in
from ..words.parts import listed, pattern, rule, tables
from ..words.unit_list import Item

if TYPE_CHECKING:
    from .reading import Reading

Quote = Callable[[int, int, str], Evidence]  # start and end in the text, id of the rule

_NEAR = 16  # characters on both sides of a place in which words show that it is meant
_MANY = 60  # attachments of a paper that are looked for
_SHORT_TITLE, _LONG_TITLE = 4, 90  # characters of an attachment's
_AROUND = 30  # characters on both sides of a place that are quoted
_LONG_SENTENCE = 400
_ALIKE, _FEWEST_PAIRS = 0.7, 3  # how many pairs of characters two titles share, and one has at least
_FEW = 20  # findings of one rule in one paper: more say nothing more


def find_findings(reading: Reading, quote: Quote) -> list[Remark]:
    """The findings of a paper, rule by rule in reading order. `values` hold the id of the task, if one is meant."""
    found: list[Remark] = []
    known = tables("findings.toml")
    for part, find in _RULES.items():
        if part in known:
            found += islice(find(reading, quote), _FEW)
    return found


@cache
def _words(part: str, name: str) -> re.Pattern[str]:
    return re.compile(tables("findings.toml")[part][name])


def _id(part: str) -> str:
    return tables("findings.toml")[part]["id"]


def _remark(part: str, one: Evidence, other: Evidence | None, **values: str) -> Remark:
    remark = Remark(_id(part), one.place, one.quote, dict(values))
    return replace(remark, other=other.quote, other_place=other.place) if other else remark


# --- a paper that cites itself --------------------------------------------------------------------------------------


def _itself(reading: Reading, quote: Quote) -> Iterator[Remark]:
    """The paper's own number in its running text."""
    head, text = reading.head, reading.text
    if head.number is None:
        return
    for block in reading.paper.blocks:
        if block.start < head.body:
            continue
        for match in numbers_in(text, block.start, block.end):
            own = head.number[0].endswith(document_number("", match["year"], match["n"]))
            letters = head.number[0].partition("〔")[0]
            if not own or not match["prefix"].endswith(letters) or match.start() < head.number[2]:
                continue
            rest = squeeze(text[block.start : match.end() - len(match.group())] + text[match.end() : block.end])
            if isinstance(block, Paragraph) and _words("itself", "line").search(rest):
                continue
            start = match.end() - len(match.group()) + len(match["prefix"]) - len(letters)
            here = quote(start, match.end(), _id("itself"))
            yield _remark("itself", here, quote(*head.number[1:], "document.number"), number=head.number[0])


# --- attachments ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Named:
    """An attachment that a paper names: its number (0 if none), title, and where it is named."""

    n: int
    title: str
    start: int
    end: int


class _Behind:
    """What stands behind the place where a paper names its attachments."""

    def __init__(self, reading: Reading, lines: list[Paragraph], tables: list[Table], last: int) -> None:
        text, region = reading.text, reading.head.region
        file = _words("attachment", "file")
        behind = [p for p in lines if p.start >= last and not file.search(text[p.start : p.end])]
        self._headings = [h for p in behind if (h := _heading(squeeze(text[p.start : p.end]))) is not None]
        self._tables = [t for t in tables if t.start >= last]
        self._rest = _bare("".join(text[b.start : b.end] for b in (*behind, *self._tables)))
        self._own = region[0] if region else ""
        self._titles = [_about(text[p.start : p.end], self._own) for p in behind if p.end - p.start <= _LONG_TITLE]

    def has(self, one: _Named, count: int) -> bool:
        """Whether an attachment, one of so many, is there: its number, so many tables without numbers, or its title."""
        return bool(
            (one.n and one.n in self._headings)
            or (count == 1 and self._headings)
            or (not any(self._headings) and len(self._tables) >= count)
            or _bare(one.title) in self._rest
            or any(_alike(_about(one.title, self._own), title) for title in self._titles)
        )


def _attachments(reading: Reading, quote: Quote) -> Iterator[Remark]:
    text, head = reading.text, reading.head
    lines = [b for b in reading.paper.blocks if isinstance(b, Paragraph) and b.start >= head.body]
    named = _named(text, lines)
    tables = [b for b in reading.paper.blocks if isinstance(b, Table)]
    if not named:
        yield from _sent_for(reading, quote, lines, tables)
        return
    behind = _Behind(reading, lines, tables, max(one.end for one in named))
    named = named[:_MANY]
    for one in named:
        if not behind.has(one, len(named)):
            yield _remark("attachment", quote(one.start, one.end, _id("attachment")), None, name=one.title)


def _sent_for(reading: Reading, quote: Quote, lines: list[Paragraph], tables: list[Table]) -> Iterator[Remark]:
    """Attachments that the text sends its reader to, where none is listed and none is there."""
    text = reading.text
    if tables or any(_heading(squeeze(text[p.start : p.end])) is not None for p in lines):
        return
    seen: set[str] = set()
    for p in lines:
        for match in _words("attachment", "mention").finditer(text, p.start, p.end):
            if match["n"] not in seen:
                seen.add(match["n"])
                yield _remark(
                    "attachment", quote(match.start(), match.end(), _id("attachment")), None, name=ATTACHED + match["n"]
                )


def _named(text: str, lines: list[Paragraph]) -> list[_Named]:
    """The attachments that the lists of a paper name, but those that are said to stand elsewhere."""
    found: list[_Named] = []
    at = 0
    while at < len(lines):
        p = lines[at]
        line = text[p.start : p.end]
        start = p.start + len(line) - len(line.lstrip())
        words = re.match(_words("attachment", "list").pattern, _tight(line))
        at += 1
        if not words or _words("attachment", "file").search(line):
            continue
        if line.strip()[1] in ":：." and not _words("attachment", "bare").match(_tight(line)):
            continue
        following = text[lines[at].start : lines[at].end].strip() if at < len(lines) else ""
        if words["n"] and not _closes_list(following):
            continue  # 附件1：… over its own text is a heading
        items = _items(words["rest"], number(words["n"] or "0") or 0)
        group = [_Named(n, title, start, p.end) for n, title in items]
        while at < len(lines):
            p = lines[at]
            further = _words("attachment", "item").match(_tight(text[p.start : p.end]))
            if not further or int(further["n"]) != (group[-1].n if group else 0) + 1:
                break
            group += [_Named(int(further["n"]), further["rest"], p.start, p.end)]
            at += 1
        if not _words("attachment", "elsewhere").search(line):
            found += [g for g in group if _SHORT_TITLE <= len(g.title) <= _LONG_TITLE and "。" not in g.title]
    return [g for g in found if not _words("attachment", "elsewhere").search(g.title)]


def _closes_list(following: str) -> bool:
    """Whether what stands behind 附件1：… shows that it only names the attachment."""
    tight = squeeze(following)
    return not tight or bool(
        _words("attachment", "next_heading").match(tight)
        or pattern("closing").match(tight)
        or _words("attachment", "signature").fullmatch(tight)
    )


def _items(rest: str, n: int) -> list[tuple[int, str]]:
    """(number, title) of what stands behind 附件：, one or several on the line."""
    marks = list(_words("attachment", "split").finditer(rest))
    expected = [m for i, m in enumerate(marks) if int(m["n"]) == i + 1]
    if not expected:
        return [(n, rest.strip("《》.;。"))] if rest else []
    ends = [m.start() for m in expected[1:]] + [len(rest)]
    return [(int(m["n"]), rest[m.end() : end].strip("《》.;。")) for m, end in zip(expected, ends, strict=True)]


def _heading(words: str) -> int | None:
    """The number of the attachment that a line heads, 0 for 附件 alone, None for any other line."""
    match = _words("attachment", "heading").match(words)
    if not match or _words("attachment", "file").search(words):
        return None
    return (number(match["n"]) or 0) if match["n"] else 0


def _tight(line: str) -> str:
    return squeeze(fold(line))


def _bare(title: str) -> str:
    return _words("table", "no_difference").sub("", title)


def _about(title: str, own: str) -> str:
    """A title without the paper's place and the year: these say nothing."""
    bare = _words("table", "year").sub("", _bare(title))
    return bare.replace(own, "") if own else bare


def _alike(one: str, two: str) -> bool:
    """Whether two titles share most of their pairs of characters: a heading may leave place or year out."""
    first, second = ({t[i : i + 2] for i in range(len(t) - 1)} for t in (one, two))
    return len(second) > _FEWEST_PAIRS and len(first & second) >= _ALIKE * min(len(first), len(second))


# --- places ---------------------------------------------------------------------------------------------------------


class _Neighbours:
    """The places that a paper may name without saying why: its own, those above and below it, those of its issuer and
    of the papers that it cites."""

    def __init__(self, reading: Reading, own: str) -> None:
        head, lexicon = reading.head, reading.lexicon
        self.own, self._level, self._lexicon = own, head.level, lexicon
        self._names = {own}
        for words in (head.issuer, head.title):
            self._names.update(lexicon.region_prefix(words[0], strict=False) if words else ())
        self._regions = [r for r in lexicon.regions_named(own) if r.level == head.level]
        for region in self._regions:
            self._names.update(region.path)
        for cited in reading.citations:
            self._names.update(_in_title(cited.title or "", lexicon))

    @property
    def tell(self) -> bool:
        """Whether they tell of other counties: of a township's paper its county must be known."""
        ends = listed("county_ends", "names.toml")
        return self._level != "township" or any(name.endswith(ends) for name in self._names - {self.own})

    def __contains__(self, name: str) -> bool:
        if name in self._names or any(name.endswith(place) or place.endswith(name) for place in self._names):
            return True
        if self._level != "city":
            return False
        there = self._lexicon.regions_named(name)
        return not there or any(self.own in r.path for r in there) or not self._regions


def _places(reading: Reading, quote: Quote) -> Iterator[Remark]:
    text, head = reading.text, reading.head
    if head.level not in ("city", "county", "township") or head.region is None:
        return
    around = _Neighbours(reading, head.region[0])
    if not around.tell:
        return
    seen: set[str] = set()
    for (start, end), names in _named_in_sentences(reading).items():
        strange = {name for name, _ in names if name not in around}
        if len(strange) != 1:
            continue  # several together are named on purpose
        name = strange.pop()
        at = next(offset for word, offset in names if word == name)
        around_it = text[max(start, at - _NEAR) : min(end, at + len(name) + _NEAR)]
        if name in seen or _words("place", "meant").search(around_it):
            continue
        seen.add(name)
        low, high = max(start, at - _AROUND), min(end, at + len(name) + _AROUND)
        while text[low].isspace():
            low += 1
        beside = head.issuer or head.title
        other = quote(beside[1], beside[2], "document.issuer") if beside else None
        yield _remark("place", quote(low, high, _id("place")), other, name=name, own=around.own)


def _named_in_sentences(reading: Reading) -> dict[tuple[int, int], list[tuple[str, int]]]:
    """Sentence → the names of counties in it and where they stand, but for those in titles and in what a page adds."""
    text = reading.text
    titles = [(m.start(), m.end()) for m in re.finditer(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》|〈[^〈〉]*〉", text)]
    starts = [t[0] for t in titles]
    aside = [(a, b) for a, b in reading.skipped if pattern("furniture").search(text[a:b])]
    sentences: dict[tuple[int, int], list[tuple[str, int]]] = {}
    for name, at in _county_names(reading):
        near = bisect_right(starts, at) - 1
        if not (near >= 0 and at < titles[near][1]) and not any(a <= at < b for a, b in aside):
            sentences.setdefault(_sentence(text, at), []).append((name, at))
    return sentences


def _county_names(reading: Reading) -> Iterator[tuple[str, int]]:
    """(name, offset) of what is surely the name of a county, county-level city or district."""
    text = reading.text
    names: dict[str, bool] = {}
    for match in rule("county_letter", "names.toml").finditer(text, reading.head.body):
        end = match.end()
        tail = text[end : end + 24]
        if _words("place", "thing").match(tail) or _words("place", "no_tail").match(tail):
            continue
        name = _known_before(reading, end)
        if name:
            at = end - len(name)
            if (
                _words("place", "before").search(text[max(0, at - 4) : at])
                and not _words("place", "word").match(name)
                and (name[-1] not in listed("district", "names.toml") or _words("place", "district").match(tail))
            ):
                yield name, at
        elif name := _shaped_before(text, end, tail):
            if name not in names and len(names) < _MANY:
                # 公开县政府网站: what stands elsewhere without 县 is a word and no name.
                bare = rule("county_end", "names.toml").sub("", name)
                names[name] = text.count(bare) == text.count(bare + name[len(bare)])
            if names.get(name):
                yield name, end - len(name)


def _known_before(reading: Reading, end: int) -> str:
    """The longest name in the lexicon that ends here and is a county's only; '' if none."""
    if not reading.lexicon.may_end_region(reading.text[max(0, end - 3) : end]):
        return ""
    for size in range(12, 2, -1):
        name = reading.text[max(0, end - size) : end]
        regions = reading.lexicon.regions_named(name) if len(name) == size else ()
        if regions:
            return name if all(r.level == "county" for r in regions) else ""
    return ""


def _shaped_before(text: str, end: int, tail: str) -> str:
    """A name that ends here and looks like a county's; '' if none."""
    if not _words("place", "after").match(tail):
        return ""
    if text[end - 1] in listed("district", "names.toml") and not _words("place", "seat").match(tail):
        return ""
    for size in (9, 8, 7, 6, 5, 3):
        name = text[max(0, end - size) : end]
        if len(name) < size or not _words("place", "shape").fullmatch(name):
            continue
        bare = rule("county_end", "names.toml").sub("", name)
        before = text[max(0, end - size - 4) : end - size]
        if not _words("place", "no_name").search(bare) and _words("place", "before").search(before):
            return name
    return ""


def _in_title(title: str, lexicon) -> list[str]:
    return lexicon.region_prefix(re.sub(r"[《》〈〉]", "", squeeze(title)), strict=False)


def _sentence(text: str, at: int) -> tuple[int, int]:
    start = max(text.rfind(c, max(0, at - _LONG_SENTENCE), at) for c in "。;!?\n") + 1
    ends = [e for c in "。;!?\n" if (e := text.find(c, at, at + _LONG_SENTENCE)) >= 0]
    return start, min(ends, default=min(len(text), at + _LONG_SENTENCE))


# --- text and table -------------------------------------------------------------------------------------------------


def _tables(reading: Reading, quote: Quote) -> Iterator[Remark]:
    for n, row in enumerate(reading.drafts.tasks, 1):
        if row.twin is None:
            continue
        for what, only, other in (_units(reading, row, row.twin), _limits(reading, row, row.twin)):
            if what:
                clause, cell = quote(*_span(only, row.twin), _id("table")), quote(*_span(other, row), _id("table"))
                yield _remark("table", clause, cell, what=what, task=f"T{n:02}")


def _span(spans: list[tuple[int, int]], draft: Draft) -> tuple[int, int]:
    """The stretch that some facts of a draft were read from."""
    if not spans:
        return draft.text[0] if draft.text else (draft.at, draft.at)
    return min(a for a, _ in spans), max(b for _, b in spans)


class _SaidUnits:
    """The units that a clause or its row names, and whether others may be meant, too (有关部门)."""

    def __init__(self, reading: Reading, draft: Draft) -> None:
        said = [u for u in draft.units if u.rule not in ("units.for-all", "units.first-leads")]
        self.named = {_unit(reading, u): u for u in said if not u.collective}
        self.spans = [(u.start, u.end) for u in said]
        self.leads = {name for name, u in self.named.items() if u.role == "lead"}
        self._others = draft.open or any(u.collective for u in draft.units)

    def lacks(self, other: _SaidUnits) -> list[str]:
        """Those of the other side that it does not name. Who only supports may be left to the other, unless this side
        knows of supporters."""
        if self._others:
            return []
        aids = any(u.role == "support" for u in self.named.values())
        aids = aids or any(u.role == "support" for name, u in other.named.items() if name in self.named)
        return [n for n, u in other.named.items() if n not in self.named and (aids or u.role != "support")]


def _units(reading: Reading, row: Draft, prose: Draft) -> tuple[str, list, list]:
    """What differs in the units: those that only one of both has; else those that lead."""
    clause, cells = _SaidUnits(reading, prose), _SaidUnits(reading, row)
    if not clause.named or not cells.named:
        return "", [], []
    only = {*cells.lacks(clause), *clause.lacks(cells)}
    if not only and clause.leads and cells.leads and not clause.leads & cells.leads:
        only = clause.leads | cells.leads
    return ("、".join(sorted(only)), clause.spans, cells.spans) if only else ("", [], [])


def _unit(reading: Reading, item: Item) -> str:
    name = fold(item.name(reading.paper.text))
    split = reading.lexicon.split_unit(name)
    return name if split.branch else split.prefix + reading.lexicon.canonical(name, reading.head.level)[0]


def _limits(reading: Reading, row: Draft, prose: Draft) -> tuple[str, list, list]:
    """What differs in the dates: no last day of the clause is one of the row."""
    one, two = (_dates(reading, draft) for draft in (prose, row))
    if not one or not two or set(one) & set(two):
        return "", [], []
    return "、".join(sorted({*one, *two})), list(one.values()), list(two.values())


def _dates(reading: Reading, draft: Draft) -> dict[str, tuple[int, int]]:
    """Last day → where it is said."""
    found: dict[str, tuple[int, int]] = {}
    limits = reading.deadlines
    for a, b in draft.limits:
        for n in range(bisect_left(limits, a, key=lambda one: one.start), len(limits)):
            limit = limits[n]
            if limit.start >= b:
                break
            if limit.end <= b and limit.kind == "date" and limit.last:
                found.setdefault(limit.last, (limit.start, limit.end))
    for a, b in draft.cells:
        for limit in due.find_in_cell(reading.text[a:b], reading.when):
            if limit.kind == "date" and limit.last:
                found.setdefault(limit.last, (a + limit.start, a + limit.end))
    return found


#: Part of `findings.toml` → what finds it, in the order of what is told.
_RULES: dict[str, Callable[[Reading, Quote], Iterator[Remark]]] = {
    "itself": _itself,
    "attachment": _attachments,
    "place": _places,
    "table": _tables,
}
