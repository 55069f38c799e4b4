"""Who issued a paper, and of which place and level that is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from ..model import Paper, Paragraph
from ..words.fold import fold, squeeze
from ..words.forms import ABOUT, DATE
from ..words.levels import level_of_ending
from ..words.lexicon import Lexicon
from ..words.parts import listed, pattern, rule, tables
from .title import Title

#: A paper's head does not reach further (characters); nor are more lines of a signature looked at.
_HEAD, _SIGNED_LINES = 4000, 14
#: So much may stand in a bracket below a title that signs the paper (characters).
_BRACKET = 160
#: A line that holds more than a signature is longer.
_SIGNED_LINE = 80
#: A name of a body is not shorter or longer.
_SHORTEST, _LONGEST = 4, 40
_NAME = re.compile(r"[\u4e00-\u9fff()“”]+")


@dataclass(slots=True)
class Issuer:
    """Those who issued a paper, in order, and where that is said: `[start, end)`."""

    names: list[str]
    start: int
    end: int
    others: bool = False  # 等三部门 stands behind them

    @property
    def words(self) -> str:
        return "、".join(self.names)


def find_issuer(paper: Paper, text: str, paragraphs: list[Paragraph], title: Title | None, body: int) -> Issuer | None:
    """Who issued a paper: all whom the signature names, else the title, the red head, the page. `body` is where the
    text after title and recipients begins."""
    titled = _in_title(title, text) if title else None
    if titled and title and rule("order_of").match(fold(title.words)):
        titled = _over(text, paragraphs, title.end + _BRACKET) or titled  # who keeps the minutes
    signed = _signed(paper, text, paragraphs, body)
    if titled and rule("elided").match(titled.names[0]):
        full = signed or _red(paper, paragraphs)
        return full if full and full.names[0].endswith(titled.names[0][1:]) else titled
    if titled:
        return signed if signed and (_completes(signed, titled) or _is_of_place(signed, titled)) else titled
    return (
        signed
        or _below_title(text, title)
        or _red(paper, paragraphs)
        or _over_title(text, paragraphs, title)
        or (_before_year(title) if title else None)
        or _labelled(paper, text)
        or _told(text, title)
        or _near(paper, text, paragraphs, title)
    )


def signed_below(text: str, title: Title | None) -> re.Match[str] | None:
    """The bracket right below a title that says who issues the paper and when."""
    found = rule("signed_below").match(text, title.end, title.end + _BRACKET) if title else None
    return found if found and all(map(_is_body, split_names(found["who"]))) else None


def _below_title(text: str, title: Title | None) -> Issuer | None:
    found = signed_below(text, title)
    return Issuer(split_names(found["who"]), *found.span("who")) if found else None


def _over_title(text: str, paragraphs: list[Paragraph], title: Title | None) -> Issuer | None:
    """Who stands with the day on one line over the title, as over minutes."""
    return _over(text, paragraphs, title.start if title else 0)


def _over(text: str, paragraphs: list[Paragraph], stop: int) -> Issuer | None:
    """Who stands with the day on one line before an offset."""
    for p, match in signed_above(text, paragraphs, stop):
        return Issuer(split_names(match["who"]), p.start, p.start + match.end("who"))
    return None


def signed_above(text: str, paragraphs: list[Paragraph], stop: int) -> Iterator[tuple[Paragraph, re.Match[str]]]:
    """The lines before an offset that say who issues a paper and when."""
    for p in paragraphs:
        if p.start >= stop:
            return
        if match := rule("signed_above").match(text[p.start : p.end].rstrip()):
            yield p, match


def _completes(signed: Issuer, titled: Issuer) -> bool:
    """Whether a signature names those of the title and more, or as many in its own order."""
    if titled.others:
        return len(signed.names) > 1
    whole = "".join(signed.names) == "".join(titled.names)
    return len(signed.names) > 1 and (whole or set(signed.names) >= set(titled.names))


def _is_of_place(signed: Issuer, titled: Issuer) -> bool:
    """Whether a title has nothing but a place (X县关于…) and the signature its government."""
    name, *more = titled.names
    return not more and not _is_body(name) and len(signed.names) == 1 and signed.names[0].startswith(name)


# --- names -----------------------------------------------------------------------------------------------------------


def split_names(words: str) -> list[str]:
    """The names of bodies in words of a title or signature: parted by 、, by blanks, or glued to one another."""
    parts = [p for p in re.split(r"[、,\s]+", fold(words)) if p]
    if not all(_is_body(p) for p in parts):
        parts = ["".join(parts)]  # blanks stand between the characters of a name
    return [name for part in parts for name in _unglued(part)]


def _unglued(words: str) -> list[str]:
    """Names that run together part where the place that they begin with comes again."""
    party = rule("party").match(words)
    begin = party.end() if party else 0
    place, level = rule("place_start").match(words, begin), rule("level_start").match(words, begin)
    again = re.escape(place.group()) if place else level["p"] + rule("level_of").pattern if level else "(?!)"
    cuts = [0]
    for match in re.compile(rf"{rule('party_again').pattern}{again}").finditer(words, begin + 1):
        if _is_body(words[cuts[-1] : match.start()]):
            cuts.append(match.start())
    return [words[a:b] for a, b in zip(cuts, [*cuts[1:], len(words)], strict=True)]


def _is_body(words: str) -> bool:
    """Whether words look like the name of a body."""
    short = rule("short_ministry").fullmatch(words)
    if not (_SHORTEST <= len(words) <= _LONGEST or short) or not _NAME.fullmatch(words):
        return False
    return bool(pattern("issuer").fullmatch(words) or rule("body_end").search(words))


# --- where they are named --------------------------------------------------------------------------------------------


def _in_title(title: Title, text: str) -> Issuer | None:
    words = fold(title.words)
    up_to = rule("up_to").search(words)
    if up_to and up_to.start() >= 3 and not _quoted(words, up_to.start()):
        written = rule("up_to").search(text, title.start, title.end)  # with the blanks between names
        said = text[title.start : written.start()] if written else words[: up_to.start()]
        said = rule("around_issuer").sub("", said)
        others = rule("with_others").search(said)
        names = [squeeze(said)] if others else split_names(said)
        return Issuer(names, title.start, min(title.end, title.start + up_to.start() + 4), bool(others))
    order = rule("order_of").match(words)
    return Issuer([order["who"]], title.start, title.end) if order else None


def _quoted(words: str, at: int) -> bool:
    """Whether a place in a title lies in a title that it quotes (贯彻落实《X关于…》)."""
    return words.rfind("《", 1, at) > words.rfind("》", 0, at)


def _before_year(title: Title) -> Issuer | None:
    """A table of a body that its title begins with: X县人民政府2023年…目录, X县林业局防火…清单."""
    words = fold(title.words)
    match = rule("before_year").match(words) or rule("before_matter").match(words)
    return Issuer([match["who"]], title.start, title.end) if match else None


def _signed(paper: Paper, text: str, paragraphs: list[Paragraph], body: int) -> Issuer | None:
    """The lines above a date after the body, or before it on its line."""
    for i, p in enumerate(paragraphs):
        if p.end <= body or (p.start < body and p.end - p.start <= _SIGNED_LINE):
            continue
        begin = max(p.start, body)  # title and text may lie on one line
        words = rule("page_words_behind").sub("", text[begin : p.end])
        dated = re.compile(DATE.pattern + r"\s*$").search(words)
        if dated is None or dated.start() > _LONGEST or "。" in words:
            inside = rule("signed_in_line").search(words) if len(words) > _SIGNED_LINE or "。" in words else None
            names = split_names(inside["who"]) if inside else []
            if inside and names and all(map(_is_body, names)):
                return Issuer(names, begin + inside.start("who"), begin + inside.end("who"))
            continue
        before = words[: dated.start()]
        if before.strip():
            names = split_names(before) if len(before) <= _LONGEST else []
            if names and all(map(_is_body, names)):
                return Issuer(names, p.start, p.end)
            continue
        lines = _signing_lines(paper, paragraphs[:i], body)
        if lines:
            names = [name for n in lines for name in split_names(paper.text[n.start : n.end])]
            return Issuer(list(dict.fromkeys(names)), lines[0].start, lines[-1].end)
    return None


def _signing_lines(paper: Paper, above: list[Paragraph], body: int) -> list[Paragraph]:
    """The last of these lines that hold nothing but names of bodies."""
    out: list[Paragraph] = []
    for p in reversed(above[-_SIGNED_LINES:]):
        if p.start < body or not all(map(_is_body, split_names(paper.text[p.start : p.end]))):
            break
        out.insert(0, p)
    return out


def _red(paper: Paper, paragraphs: list[Paragraph]) -> Issuer | None:
    """The issuer in the red head: X文件."""
    for p in paragraphs[:12]:
        words = squeeze(paper.text[p.start : p.end])
        red = rule("red_head").match(words)
        if red and not _is_menu(paper.text[p.start : p.end], len(words) - red.end("who")):
            return Issuer(split_names(red["who"]), p.start, p.end)
    return None


def _is_menu(words: str, tail: int) -> bool:
    """Whether words parted by blanks are links of a site rather than names of bodies; `tail` characters behind the last
    are none of it."""
    *others, last = words.split()
    strange = [w for w in (*others, last[: len(last) - tail]) if len(w) > 1 and not _is_body(w)]
    return len(strange) > 1


def _labelled(paper: Paper, text: str) -> Issuer | None:
    """What a page says of its publisher."""
    for label in re.compile(pattern("label_issuer").pattern + r"(?P<v>[\u4e00-\u9fff]{3,40})").finditer(text, 0, _HEAD):
        name = squeeze(paper.text[label.start("v") : label.end("v")])
        more = rule("behind_publisher").search(name)
        name = name[: more.start()] if more else name
        if _is_body(name) or rule("elided").fullmatch(name):
            names, end = [name], label.end("v")
            while beside := re.compile(r"[ 、](?P<v>[\u4e00-\u9fff]{5,40})").match(text, end):  # several issue it
                if more or not _is_body(beside["v"]):
                    break
                names, end = [*names, beside["v"]], beside.end()
            return Issuer(names, label.start("v"), end)
    return None


def _told(text: str, title: Title | None) -> Issuer | None:
    """Who is told to have issued what a page reports."""
    if title:
        for told in rule("told").finditer(text, 0, max(title.end, _OPENING)):
            if squeeze(text[told.end() :][: len(title.words)]) == fold(title.words):
                return Issuer(split_names(told["who"]), told.start("who"), told.end("who"))
    return None


def _near(paper: Paper, text: str, paragraphs: list[Paragraph], title: Title | None) -> Issuer | None:
    """A line beside the title that is nothing but a name; over breadcrumbs it is that of the site."""
    if title is None:
        return None
    for p, below in pairwise(paragraphs[:9]):
        words = squeeze(paper.text[p.start : p.end])
        if p.start >= title.end and (len(words) > 60 or words.endswith(("：", ":", "。"))):
            break
        outside = p.end <= title.start or p.start >= title.end
        site = rule("site_below").search(text[below.start : below.end])
        if outside and not site and len(words) >= 5 and pattern("issuer").fullmatch(words):
            return Issuer([words], p.start, p.end)
    return None


# --- place and level -------------------------------------------------------------------------------------------------

#: So much of the opening tells whose paper it is (characters).
_OPENING = 3000


def find_place(
    issuer: Issuer | None, title: Title | None, text: str, paragraphs: list[Paragraph], body: int, lexicon: Lexicon
) -> tuple[str | None, tuple[str, int, int] | None]:
    """(level, region with its span): of the first issuer, else of the title's place, else of the government that the
    paper calls its own or of its collectives. The lexicon knows which 市 are county-level cities."""
    for words, start, end in _naming(issuer, title):
        if rule("national").match(words):
            return "national", None
        area = rule("new_area").match(words) or _seated(words, text)
        names = [area.group()] if area else _places(words, lexicon)
        if names:
            level = "city" if area else _level_of(names, lexicon, text, body)
            at = text.find(names[-1], start, end + 1)
            return level, (names[-1], at, at + len(names[-1])) if at >= 0 else (names[-1], start, end)
    if issuer and rule("ministry").match(issuer.names[0]):
        return "national", None
    level = _own_level(issuer, title, text)
    region = _site(paragraphs, text, lexicon) or (_own_region(level, text, lexicon) if level else None)
    if region and (level is None or level == _level_of([region[0]], lexicon, text, body)):
        return _level_of([region[0]], lexicon, text, body), region
    return level, None


def _seated(words: str, text: str) -> re.Match[str] | None:
    """The zone that words begin with, where the paper speaks of its committee."""
    area = rule("new_area_named").match(words)
    return area if area and rule("own_committee").search(text, 0, _OPENING) else None


def _places(words: str, lexicon: Lexicon) -> list[str]:
    """The places that words begin with, outermost first; a province also by its short name."""
    names = [n for n in lexicon.region_prefix(words, strict=False) if not rule("no_place").search(n)]
    if not names:
        shorts = [words[:size] for size in (3, 2)]
        names = [s for s in shorts if any(r.level == "province" for r in lexicon.regions_short(s))][:1]
    return names


def _naming(issuer: Issuer | None, title: Title | None) -> Iterator[tuple[str, int, int]]:
    """The words that may begin with a place, and where they stand."""
    if issuer:
        yield rule("party").sub("", issuer.names[0]), issuer.start, issuer.end
    if title:
        words = fold(title.words)
        yield rule("before_place").sub("", words), title.start, title.end
        about = words.find(ABOUT)
        if about >= 0:
            yield rule("before_place").sub("", words[about:]), title.start, title.end


def _level_of(names: list[str], lexicon: Lexicon, text: str, body: int) -> str | None:
    """The level of the last of these places, the others of which hold it."""
    name = names[-1]
    known = lexicon.regions_named(name) or lexicon.regions_short(name)
    if len(names) > 1:
        known = [r for r in known if names[-2] in r.path] or known
    levels = {r.level for r in known}
    if len(levels) == 1:
        return levels.pop()
    level = level_of_ending(name)
    if level != "city" or not name.endswith(listed("city", "names.toml")):
        return level
    if len(names) > 1 and level_of_ending(names[-2]) == "city":
        return "county"
    # 各乡镇 are told by a county, 各县（市、区） by a city; 市直各单位 by both.
    near = text[: body + 400]
    towns = rule("towns_below").search(near) and not rule("counties_below").search(near)
    return "county" if towns or _collectives(near) == "county" else "city"


@cache
def _rows(name: str) -> list[tuple[str, re.Pattern[str]]]:
    return [(row["level"], re.compile(row["pattern"])) for row in tables("document.toml")[name]]


def _collectives(text: str) -> str | None:
    """The level whose own collectives (各县（市、区）, 各乡镇) a text speaks of first and most."""
    votes: Counter[str] = Counter()
    for level, collective in _rows("collective"):
        votes[level] += len(collective.findall(text))
    (level, count), *_ = votes.most_common(1) or [("", 0)]
    return level if count else None


def _own_level(issuer: Issuer | None, title: Title | None, text: str) -> str | None:
    """The level of the government that a paper calls its own (区政府 as issuer or in the title, 我省, 全区); else
    that of its collectives."""
    said = [issuer.names[0]] if issuer else []
    said += [fold(title.words)] if title else []
    for words in (*said, text[:_OPENING]):
        votes = Counter(level for level, own in _rows("own") for _ in own.finditer(words))
        if votes:
            return _municipal(votes.most_common(1)[0][0], text)
    return _collectives(text)


def _municipal(level: str, text: str) -> str:
    """我市 of a county-level city is a county's, 我市 of a municipality and 全区 of a 自治区 a province's."""
    if level == "county" and len(rule("autonomous").findall(text, 0, _OPENING)) > 1:
        return "province"
    if level != "city":
        return level
    if rule("municipality").search(text, 0, _OPENING):
        return "province"
    return "county" if _collectives(text[:_OPENING]) == "county" else level


def _site(paragraphs: list[Paragraph], text: str, lexicon: Lexicon) -> tuple[str, int, int] | None:
    """The place of the site whose name stands over its breadcrumbs."""
    for p, below in pairwise(paragraphs[:7]):
        words = squeeze(text[p.start : p.end])
        if rule("site_below").search(text[below.start : below.end]) and rule("site_name").search(words):
            names = lexicon.region_prefix(words, strict=False)
            if names:
                return names[-1], p.start, p.end
    return None


def _own_region(level: str, text: str, lexicon: Lexicon) -> tuple[str, int, int] | None:
    """The one place of this level whose government the opening names."""
    found: dict[str, tuple[str, int, int]] = {}
    for match in rule("own_government").finditer(text, 0, _OPENING):
        for at in range(match.start(), match.end() - 1):
            name = text[at : match.end()]
            if any(r.level == level for r in lexicon.regions_named(name)):
                found.setdefault(name, (name, at, match.end()))
                break
    return next(iter(found.values())) if len(found) == 1 else None
