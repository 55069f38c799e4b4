"""What a paper says of itself: number, title, issuer, date, level, region, year."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from ..model import Paper, Paragraph, Table
from ..words.fold import fold, squeeze
from ..words.forms import (
    DATE,
    DATE_AT_END,
    ORDER,
    RULED_NUMBER,
    YEAR,
    document_number,
    iso_day,
    number,
    order_number,
)
from ..words.lexicon import Lexicon
from ..words.parts import pattern, rule
from .issuer import Issuer, find_issuer, find_place, signed_above, signed_below
from .table_rows import is_of_page
from .title import Title, find_title, issued_titles

#: A head does not go on longer: paragraphs, and characters in which number and date are looked for.
_HEAD, _HEAD_SIZE = 60, 6000
#: A paragraph of a body is longer, a line with a date at its end shorter.
_BODY_SIZE, _DATE_LINE = 60, 80
#: Titles of attachments are not shorter or longer; a shorter one than that is no line of its own; longer lines are no
#: titles over what a notice issues, and end a list of attachments.
_LEAST_TITLE, _MOST_TITLE, _SHORT_TITLE, _TITLE_LINE, _LISTED_LINE = 4, 80, 5, 90, 40
#: So much stands before the date on its line (issuer).
_BEFORE_DATE = 34


@dataclass(slots=True)
class Head:
    """Values with their spans in the paper's text; `body` is where the text after title and recipients begins."""

    number: tuple[str, int, int] | None = None
    title: tuple[str, int, int] | None = None
    issuer: tuple[str, int, int] | None = None
    date: tuple[str, int, int] | None = None
    level: str | None = None
    region: tuple[str, int, int] | None = None
    year: int | None = None
    body: int = 0
    inner_titles: list[tuple[int, int]] = field(default_factory=list)  # lines that title what the notice issues
    own: list[str] = field(default_factory=list)  # titles and numbers of the paper and its attachments


def read_head(paper: Paper, text: str, lexicon: Lexicon) -> Head:
    """The head of a paper. `text` is its folded text."""
    head = Head()
    paragraphs = [b for b in paper.blocks if isinstance(b, Paragraph) and not b.note]
    table = next((b for b in paper.blocks if isinstance(b, Table) and not is_of_page(b, text)), None)
    zone = _head_zone(paragraphs, text, table)
    title = find_title(paper, paragraphs, text, zone, table)
    if title:
        head.title = (title.words, title.start, title.end)
        head.body = 0 if title.over_body else title.end
    head.number = _number(text, paragraphs, zone, title)
    order = _order(paper, text, paragraphs)
    if order:
        head.number = order[0]
    _recipients(head, paragraphs, text)
    issuer = find_issuer(paper, text, paragraphs, title, head.body)
    head.issuer = (issuer.words, issuer.start, issuer.end) if issuer else None
    if order and (head.issuer is None or head.issuer[0] not in order[1][0]):
        head.issuer, issuer = order[1], Issuer([order[1][0]], *order[1][1:])
    head.date = _date(text, paragraphs, head) or _bracketed_day(text, title)
    _own(head, paragraphs, text)
    if title and title.over_body and (title.start, title.end) not in head.inner_titles:
        head.inner_titles += [(p.start, p.end) for p in paragraphs if (p.start, p.end) == (title.start, title.end)]
    head.level, head.region = find_place(issuer, title, text, paragraphs, head.body, lexicon)
    head.year = _year(head)
    return head


def _head_zone(paragraphs: list[Paragraph], text: str, table: Table | None) -> int:
    """Index of the first paragraph that is body: after the recipients, or the first with a sentence or numbering."""
    for i, p in enumerate(paragraphs[:_HEAD]):
        words = text[p.start : p.end]
        if table is not None and p.start >= table.start:
            return i
        if pattern("recipient").match(words.strip()):
            return i
        if (len(words) > _BODY_SIZE and "。" in words and not pattern("furniture").search(words)) or rule(
            "body_mark"
        ).match(words):
            return i
    return min(len(paragraphs), _HEAD)


# --- number ----------------------------------------------------------------------------------------------------------

#: So much more than a number may stand on its line (characters).
_BESIDE = 6


#: Characters: below a title and on a line, where the number may stand; in its title's line; the head of an order.
_BELOW_TITLE, _LINE, _BESIDE_TITLE, _ORDER_SIZE = 60, 400, 200, 600


def _number(text: str, paragraphs: list[Paragraph], zone: int, title: Title | None) -> tuple[str, int, int] | None:
    """The paper's own number: behind its label, on a line of its own, or together with the title."""
    limit = paragraphs[min(zone + 2, len(paragraphs) - 1)].end if paragraphs else 0
    if title and not title.over_body:
        limit = max(limit, title.end + _BELOW_TITLE)
    limit = min(limit, _HEAD_SIZE)
    for label in pattern("label_number").finditer(text, 0, limit + _HEAD_SIZE // 10):
        match = RULED_NUMBER.match(text, label.end())
        if match:
            return _value(match, 0)
    for p in (p for p in paragraphs if p.start < limit):
        match = RULED_NUMBER.search(text, p.start, min(len(text), p.start + _LINE))
        # The line may be broken inside the number.
        cut = _own_number(text, p, match, title) if match and match.start() < p.end else None
        if match and cut is not None:
            return _value(match, cut, _left_of_number(text[p.start : match.start()]))
    return _order_in_head(text[: min(limit, _ORDER_SIZE)], title)


def _own_number(text: str, line: Paragraph, match: re.Match[str], title: Title | None) -> int | None:
    """How many characters of what was found on a line are no part of the number, where it is the paper's own; else
    None."""
    before, behind = text[line.start : match.start()], text[match.end() : line.end]
    if title and match.start() < title.end <= match.end("prefix"):
        return title.end - match.start()  # run together with the title
    if before.strip() == "(" and text[: line.start].rstrip().endswith("》"):
        return None  # of a cited title, broken over lines
    if len(squeeze(before + behind)) <= _BESIDE or (not before.strip() and rule("signer").match(behind)):
        return 0
    if title is None:
        return None
    if not before.strip() and squeeze(behind).startswith(fold(title.words)):
        return 0
    beside = line.start <= title.end + 2 and match.start() < line.start + _BESIDE_TITLE
    behind_title = line.start <= title.start and title.end <= match.start()
    between = text[title.end : match.start()] if behind_title else before
    if not beside or rule("governs_number").search(between):
        return None
    issued = rule("issued_before_number").match(match["prefix"])
    return issued.end() if issued else 0


#: The first characters of a number that a blank parts from the rest.
_LEFT_OF_NUMBER = re.compile(r"[\u4e00-\u9fff]\s{1,2}")


def _left_of_number(before: str) -> str:
    """The first character of a number's letters, where a blank stands behind it (松 林〔2023〕7号)."""
    return before if _LEFT_OF_NUMBER.fullmatch(before) else ""


def _value(match: re.Match[str], cut: int, left: str = "") -> tuple[str, int, int]:
    letters = squeeze(left) + match["prefix"][cut:]
    return document_number(letters, match["year"], match["n"]), match.start() + cut - len(left), match.end()


def _order_in_head(text: str, title: Title | None) -> tuple[str, int, int] | None:
    order = ORDER.search(text)
    if order is None or title is None or order.start() >= title.start or "\n" in order.group():
        return None
    who, n = order["who"] or order["who2"], number(order["n"] or order["n2"])
    return (order_number(who, n), order.start(), order.end()) if who and n else None


def _order(
    paper: Paper, text: str, paragraphs: list[Paragraph]
) -> tuple[tuple[str, int, int], tuple[str, int, int]] | None:
    """Number and issuer of a paper that is itself an order: X人民政府令 above 第N号."""
    for p, q in itertools.pairwise(paragraphs):
        words = squeeze(paper.text[p.start : p.end])
        match = rule("order_number").match(squeeze(text[q.start : q.end]))
        value = number(match.group(1)) if match else None
        if value and rule("order_whole").match(words):
            return (order_number(words[:-1], value), p.start, q.end), (words[:-1], p.start, p.end)
    return None


def _recipients(head: Head, paragraphs: list[Paragraph], text: str) -> None:
    """The body begins after the recipients where these follow the title at once."""
    for p in paragraphs:
        if p.start < head.body - 1 or p.end <= head.body:
            continue
        words = text[p.start : p.end].strip()
        if pattern("recipient").match(words):
            head.body = p.end
            return
        if len(words) > 90 or "。" in words:
            return


def _own(head: Head, paragraphs: list[Paragraph], text: str) -> None:
    """Titles of the paper itself, of what it issues, and of its attachments."""
    inner = _named_in_title(fold(head.title[0])) if head.title else []
    inner += _attachments(paragraphs, text)
    itself = [value[0] for value in (head.number, head.title) if value]
    head.own += [*itself, *inner, *issued_titles(text)]
    titles = {_bare(t) for t in inner if len(t) > _SHORT_TITLE}
    if head.title:
        titles.add(_bare(head.title[0]))
    for p in paragraphs:
        if p.start >= head.body and p.end - p.start <= _TITLE_LINE and _bare(text[p.start : p.end]) in titles:
            head.inner_titles.append((p.start, p.end))


def _named_in_title(words: str) -> list[str]:
    """What a title says that the paper issues, and the title without the name of who issues it."""
    out = []
    issued = rule("issued_in_title").search(words)
    if issued:
        out.append(issued["t"])
        by_others = rule("about_what").search(issued["t"])  # 转发X关于…
        if by_others and by_others.start():
            out.append(issued["t"][by_others.start() :])
    about = rule("about_what").search(words)
    if about and about.start():
        out.append(words[about.start() :])
    return out


def _attachments(paragraphs: list[Paragraph], text: str) -> list[str]:
    """The titles of attachments: behind 附件：, and on numbered lines below it."""
    out = []
    listed = False
    for p in paragraphs:
        said = text[p.start : p.end]
        words = squeeze(said)
        if rule("attachment_begin").match(said):
            items = rule("attachment_item").split(rule("attachment_line").sub("", said))
            named = [squeeze(item).strip("《》。.;") for item in items]
            out += [item for item in named if _LEAST_TITLE <= len(item) <= _MOST_TITLE]
        if rule("attachment_mark").match(words):
            listed = True
            continue
        item = rule("attachment_listed").match(words)
        if listed and item:
            out.append(item["t"])
        elif len(words) > _LISTED_LINE:
            listed = False
    return out


def _bare(title: str) -> str:
    return rule("own_spare").sub("", fold(title))


# --- date and year ---------------------------------------------------------------------------------------------------


def _date(text: str, paragraphs: list[Paragraph], head: Head) -> tuple[str, int, int] | None:
    """成文日期: the date below the signature, else what the page names so; not the day of printing."""
    return (
        _signed_day(text, paragraphs, head.body)
        or _labelled_day(text)
        or _day_below_title(text, head)
        or _day_over_title(text, paragraphs, head)
    )


def _day_over_title(text: str, paragraphs: list[Paragraph], head: Head) -> tuple[str, int, int] | None:
    """The day that stands with the issuer on one line over the title."""
    for p, match in signed_above(text, paragraphs, head.title[1] if head.title else 0):
        if iso := iso_day(match):
            return iso, p.start + match.end("who"), p.end
    return None


def _signed_day(text: str, paragraphs: list[Paragraph], body: int) -> tuple[str, int, int] | None:
    above = ""
    for p in paragraphs:
        labelled, above = pattern("page_field").match(above), squeeze(text[p.start : p.end])
        if p.end <= body:
            continue
        words = rule("page_words_behind").sub("", text[p.start : p.end])
        if len(words) > _DATE_LINE or "。" in words:
            found = rule("signed_in_line").search(words) or rule("signed_alone").search(words)
            iso = iso_day(found) if found else None
            if found and iso:
                return iso, p.start + found.start("date"), p.start + found.end("date")
            continue
        bare = squeeze(words)
        match = DATE_AT_END.search(bare)
        if not match or match["printed"]:
            continue
        before = bare[: match.start()]
        if not before and labelled:
            continue  # [发布日期] stands on the line above
        if (
            len(before) > _BEFORE_DATE
            or re.search(r"[。,;]", before)
            or (rule("other_day").search(before) and not rule("own_day").search(before))
        ):
            continue
        iso = iso_day(match)
        if iso:
            return iso, p.start, p.end
    return None


def _labelled_day(text: str) -> tuple[str, int, int] | None:
    label = re.compile(pattern("label_date").pattern + DATE.pattern).search(text, 0, _HEAD_SIZE)
    iso = iso_day(label) if label else None
    return (iso, label.start(), label.end()) if label and iso else None


def _day_below_title(text: str, head: Head) -> tuple[str, int, int] | None:
    """(2021年5月6日) below the title."""
    if head.title is None:
        return None
    below = rule("issuer_below").match(text, head.title[2], head.title[2] + _BELOW_TITLE)
    at = below.end() if below else head.title[2]
    match = re.compile(r"\s{0,60}+(?P<open>\()?" + DATE.pattern + r"(?(open)\)|\s*\n)").match(
        text, at, at + _BELOW_TITLE
    )
    iso = iso_day(match) if match else None
    return (iso, head.title[2], match.end()) if match and iso else None


def _bracketed_day(text: str, title: Title | None) -> tuple[str, int, int] | None:
    """The day in a bracket below the title that begins with who issued the paper."""
    found = signed_below(text, title)
    iso = iso_day(found) if found else None
    return (iso, found.end("who"), found.end()) if found and iso else None


def _year(head: Head) -> int | None:
    """The year that the work is for: of the title, else the number, the date, the attached table's name."""
    title = fold(head.title[0]) if head.title else ""
    said = rule("year_span").search(title) or rule("year_apart").search(title)
    if said:
        return int(said.group(1))
    if head.number and (said := re.search(rf"〔({YEAR})〕", head.number[0])):
        return int(said.group(1))
    if head.date:
        return int(head.date[0][:4])
    tables = [name for name in map(fold, head.own) if rule("work_table").search(name)]
    years = [int(m.group(1)) for name in tables if (m := rule("year").search(name))]
    return years[0] if years else None
