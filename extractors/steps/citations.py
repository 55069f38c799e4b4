"""Citations: titles in 《》 with or without a number, numbers without a title, orders; their kind and role."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache

from msgspec import Struct

from ..words.fold import fold, squeeze
from ..words.forms import (
    AN_ORDER,
    BRACKET,
    NUMBER,
    ORDER,
    STANDARD,
    YEAR,
    DocumentNumber,
    document_numbers,
    number,
    order_number,
)
from ..words.parts import near, rule, tables


class Cited(Struct):
    """A citation at `[start, end)`; `number` normalised, `title` as written without the outer 《》. `rule` gave the
    kind, `by` the role."""

    start: int
    end: int
    number: str | None
    title: str | None
    kind: str
    role: str
    rule: str
    sentence: int
    by: str = ""


@dataclass(slots=True)
class TitleMark:
    """A title in 《》 at `[start, end)`, and what stands beside it: its `number`, whether a bracket tells a `version`,
    and where number and title together `begin` and `stop`."""

    start: int
    end: int
    begin: int
    stop: int
    number: str | None = None
    version: bool = False


@dataclass(slots=True)
class Kind:
    id: str
    kind: str
    weak: bool
    fits: re.Pattern[str]


@dataclass(slots=True)
class Governor:
    id: str
    role: str
    reach: int
    fits: re.Pattern[str]


_TITLE = re.compile(r"《(?:[^《》]|《[^《》]*》){2,200}》")
_CODE_OF_STANDARD = re.compile(r"\A(?:GB|DB|HJ|CJJ|JGJ|[A-Z]{2,3}/[TZ]).*-\d{2,4}$")
_BESIDE = re.compile(rf"\s{{0,40}}+{BRACKET}")
#: How far back a governing word is looked for, and how far on one behind the title (characters).
_BACK, _ON = 400, 24


# --- what the rules know ---------------------------------------------------------------------------------------------


@cache
def _kinds() -> list[Kind]:
    out = []
    for row in tables("citations.toml")["kind"]:
        ends = "|".join(map(re.escape, row.get("ends", ())))
        patterns = [row["pattern"]] if "pattern" in row else []
        patterns += [rf"(?:{ends})(?:{BRACKET})?$"] if ends else []
        out.append(Kind(row["id"], row["kind"], row.get("weak", False), re.compile("|".join(patterns))))
    return out


@cache
def _governors(side: str) -> list[Governor]:
    rows = tables("citations.toml").get(side, ())
    return [Governor(r["id"], r["role"], r.get("reach", 0), re.compile(r["pattern"])) for r in rows]


def _pattern(name: str) -> re.Pattern[str]:
    return rule(name, "citations.toml")


# --- titles that are the paper's own ---------------------------------------------------------------------------------


def plain(title: str) -> str:
    """A title for comparison: no white space, no bracket or quotation mark of titles, no 中华人民共和国 in front."""
    bare = re.sub(r"[\s“”\"'‘’「」『』〈〉《》]", "", fold(title))
    return rule("state", "identity.toml").sub("", bare).strip("。;,、")


@dataclass(slots=True)
class Own:
    """Titles and numbers of the paper itself, of what it issues and of its attachments."""

    said: tuple[str, ...]
    plain: frozenset[str] = field(init=False)
    bare: list[tuple[str, frozenset[str]]] = field(init=False)
    numbered: bool = field(init=False)

    def __post_init__(self) -> None:
        self.plain = frozenset(plain(s) for s in self.said)
        self.bare = [_bare(t) for t in self.plain if len(t) > _SHORT]
        self.numbered = any(NUMBER.fullmatch(t) for t in self.plain)

    def is_number(self, value: str) -> bool:
        """Also with words before it that lead in: the paper's own may begin with 和."""
        said = plain(value)
        return any(own.endswith(said) or (own.startswith("(") and said.endswith(own)) for own in self.plain)

    def is_title(self, title: str, number_: str | None) -> bool:
        """Whether a title is one of them, also with a word more or less, or without year or kind. One with a number
        of another paper is not."""
        words = plain(title)
        foreign = number_ is not None and not self.is_number(number_)
        if words in self.plain:
            return not (foreign and self.numbered)
        if foreign:
            return False
        core, years = _bare(words)
        return len(core) >= _SHORT and any(
            (not years or not theirs or years == theirs) and _alike(core, other) for other, theirs in self.bare
        )


#: A shorter title (名单, 要点) says too little to be known by a part.
_SHORT = 6


def _bare(words: str) -> tuple[str, frozenset[str]]:
    """(title without years and words that may be left out, its years)."""
    return _pattern("own_spare").sub("", _pattern("own_years").sub("", words)), frozenset(re.findall(YEAR, words))


def _alike(one: str, other: str) -> bool:
    """Whether two bare titles are one, but for its kind (分解, 分解表)."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    bare = _pattern("own_kind").match(long)
    return bare is not None and bare.group() == short


# --- what is found ---------------------------------------------------------------------------------------------------


def find_citations(text: str, original: str, own: tuple[str, ...] = ()) -> list[Cited]:
    """The citations in folded `text`; `original` is the same text unfolded. `own` are titles and numbers of the
    paper itself.

    Every mention is given; which of them are one citation is decided where the tasks are known.
    """
    search = _Search(text, original, Own(own))
    search.titles()
    search.numbers()
    search.orders()
    search.standards()
    return sorted(search.found, key=lambda c: c.start)


def find_short_names(text: str) -> list[tuple[int, str]]:
    """(start, name) of every short form that is given to the citation before it: （以下简称《纲要》)."""
    named = re.compile(_pattern("short").pattern + r"《?([^《》“”\"()]{1,30})[》”\"]")
    return [(m.start(), plain(m.group(1))) for m in named.finditer(text)]


def blank_titles(text: str) -> str:
    """`text` with every title replaced by □, length unchanged: what is in a title is neither date nor verb."""
    return _TITLE.sub(lambda m: "□" * len(m.group()), text)


class _Search:
    """One search through a text; `used` is 1 where a citation, or what is none, was read."""

    def __init__(self, text: str, original: str, own: Own) -> None:
        self.text, self.original, self.own = text, original, own
        self.blanked = blank_titles(text)
        self.used = bytearray(len(text))
        self.found: list[Cited] = []
        self.ends = [m.end() for m in re.finditer(r"[。\n]", text)]

    def titles(self) -> None:
        for match in _TITLE.finditer(self.text):
            mark = _beside(self.text, self.original, match.start(), match.end())
            self._take(mark.begin, mark.stop)
            written = squeeze(self.original[mark.start + 1 : mark.end - 1])
            if self.own.is_title(written, mark.number) or _is_short_name(self.text, mark.start):
                continue
            before = self.text[max(0, mark.begin - 12) : mark.begin]
            kind, rule, weak = kind_of(fold(written), mark.number, before)
            if kind is None and _is_governed(fold(written), before):
                kind, rule = "directive", "citation.directive.governed"
            if kind is None:
                continue
            role, by = role_of(self.blanked, mark.start, mark.stop)
            alone = mark.number is None
            if (role == "none" and alone) or (weak and alone and role == "mention" and not mark.version):
                continue
            role = "mention" if role == "none" else role
            self._add(mark.begin, mark.stop, mark.number, written, kind, role, rule, by)

    def numbers(self) -> None:
        for found in document_numbers(self.text):
            if self.used[found.prefix_end]:
                continue
            lead = _lead_in(found.prefix)
            value = found.value(lead)
            if self.own.is_number(value):
                continue
            start = found.start + lead if found.start == found.first else found.start
            role, by = role_of(self.blanked, found.first + lead, self._end_of_list(found))
            self._take(start, found.end)
            self._add(start, found.end, value, None, "directive", role, "citation.number", by)

    def orders(self) -> None:
        for match in near("order_alone", "citations.toml").finditer(self.text):
            value = normal_number(match.group())
            if not value or self.used[match.end() - 1] or self.own.is_number(value):
                continue
            cut = _pattern("lead_in").match(value[: value.index(AN_ORDER)])
            start = match.start() + (cut.end() if cut else 0)
            value = value[cut.end() :] if cut else value
            role, by = role_of(self.blanked, start, match.end())
            self._take(start, match.end())
            self._add(start, match.end(), value, None, "regulation", role, "citation.order", by)

    def standards(self) -> None:
        for match in STANDARD.finditer(self.text):
            if not _CODE_OF_STANDARD.match(match.group()) or self.used[match.start()]:
                continue
            role, by = role_of(self.blanked, match.start(), match.end())
            number_ = squeeze(self.original[match.start() : match.end()])
            self._add(match.start(), match.end(), number_, None, "standard", role, "citation.standard", by)

    def _end_of_list(self, found: DocumentNumber) -> int:
        """Where the numbers end that go on after one: what is said behind the last holds for all."""
        more = _pattern("number_list").match(self.text[found.end : found.end + _BACK])
        return found.end + (more.end() if more else 0)

    def _take(self, start: int, end: int) -> None:
        self.used[start:end] = b"\1" * (end - start)

    def _add(
        self, start: int, end: int, value: str | None, title: str | None, kind: str, role: str, rule: str, by: str
    ) -> None:
        sentence = bisect_right(self.ends, start) + 1
        self.found.append(Cited(start, end, value, title, kind, role, rule, sentence, by))


def normal_number(folded: str) -> str | None:
    """The normal form of a number in folded text (国办发〔2022〕8号, 国务院令第713号), or None."""
    first = next(document_numbers(folded), None)
    if first:
        return first.value()
    match = ORDER.search(folded)
    if match:
        n = number(match["n"] or match["n2"])
        who = (match["who"] if match["n"] else match["who2"]).lstrip("、")
        return order_number(who, n) if who and n else None
    return None


def _lead_in(prefix: str) -> int:
    """How much of what stands before 〔 is no part of the number: governing words, the issuer's name."""
    cut = _pattern("lead_in").match(prefix)
    at = cut.end() if cut else 0
    issuer = _pattern("issuer_ahead").match(prefix[at:])
    return at + (issuer.end() if issuer else 0)


def _beside(text: str, original: str, start: int, end: int) -> TitleMark:
    """The title at `[start, end)` with the number in a bracket behind it or before it."""
    bracket = _BESIDE.match(text, end, end + 80)
    if bracket:
        inner, at = bracket.group(1), bracket.start(1)
        got = normal_number(inner)
        if got:
            return TitleMark(start, end, start, bracket.end(), got)
        standard = STANDARD.search(inner)
        if standard:
            # A standard's number stays as it is written.
            said = squeeze(original[at + standard.start() : at + standard.end()])
            return TitleMark(start, end, start, bracket.end(), said)
        if _pattern("short").search(inner) or _pattern("version").match(inner):
            return TitleMark(start, end, start, bracket.end(), version=True)
    before = text[max(0, start - 40) : start]
    ahead = _pattern("number_ahead").search(before)
    if ahead:
        found = next(document_numbers(ahead.group()))
        lead = _lead_in(found.prefix)
        return TitleMark(start, end, start - len(ahead.group()) + lead, end, found.value(lead))
    return TitleMark(start, end, start, end, version=bool(_pattern("version_inside").search(text, start, end)))


def kind_of(title: str, number_: str | None = None, before: str = "") -> tuple[str | None, str, bool]:
    """(kind, id of its rule, whether the title alone is enough) of a folded title, with its number and the words before
    it; kind is None where nothing says that it is a normative document."""
    if number_ and STANDARD.match(fold(number_)):
        return "standard", "citation.standard", False
    for row in _kinds():
        if not row.fits.search(title):
            continue
        if row.kind == "regulation" and not _pattern("ordinance").search(title):
            local = _local_rule(title, before)
            if local:
                return "directive", local, False
        return row.kind, row.id, row.weak
    if number_:
        return ("regulation" if AN_ORDER in number_ else "directive"), "citation.numbered", False
    return None, "", False


def _is_governed(title: str, before: str) -> bool:
    """Whether a title of unknown kind is a paper, as the words right before it carry it out."""
    return bool(_pattern("governed").search(before)) and not _pattern("no_paper").search(title)


def _local_rule(title: str, before: str) -> str | None:
    """The rule by which 办法, 规定 or 细则 are a city's or a county's, or None."""
    if _pattern("local").match(title):
        return "citation.directive.local"
    return "citation.directive.local-before" if _pattern("local_before").search(before) else None


def _is_short_name(text: str, start: int) -> bool:
    return bool(re.search(_pattern("short").pattern + "$", text[max(0, start - 10) : start]))


# --- roles -----------------------------------------------------------------------------------------------------------


def role_of(blanked: str, start: int, stop: int) -> tuple[str, str]:
    """(role, id of its rule) of the citation at `[start, stop)` of a folded text with its titles blanked; `none` where
    what is cited is a form to be filled in."""
    before = _governor(blanked, start)
    if before and before.role != "mention":
        return before.role, before.id
    if not before:
        for row in _governors("after"):
            if row.fits.match(blanked, stop, stop + _ON):
                return row.role, row.id
        if _under_basis(blanked, start):
            return "basis", "citation.role.heading"
    return "mention", before.id if before else ""


def _under_basis(blanked: str, start: int) -> bool:
    """Whether a title stands in a list of titles right below a heading such as 编制依据."""
    line = blanked.rfind("\n", max(0, start - _BACK), start) + 1
    if not line or _pattern("other_titles").sub("", blanked[line:start]).strip():
        return False
    above = blanked[max(0, line - _ON) : line].rstrip()
    return bool(_pattern("heading").search(above))


def _governor(blanked: str, start: int) -> Governor | None:
    """The nearest word that reaches a title over nothing but other titles and their like."""
    low = max(0, start - _BACK)
    cut = max(blanked.rfind(c, low, start) for c in "。;!?\n")
    before = blanked[max(low, cut + 1) : start]
    words = [(m.end(), m.end() - m.start(), n, row) for n, row in _all_before() for m in row.fits.finditer(before)]
    if not words:
        return None
    end, _, _, row = max(words, key=lambda w: w[:3])
    gap = _pattern("other_titles").sub("", before[end:])
    if "," in gap or ":" in gap:
        return None
    return row if len(_pattern("between").sub("", gap)) <= row.reach else None


@cache
def _all_before() -> list[tuple[int, Governor]]:
    return list(enumerate(_governors("before")))
