"""The title of a paper: the lines that bear it, or the plan that its notice issues."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ..model import Paper, Paragraph, Table
from ..words.fold import squeeze
from ..words.forms import ABOUT, DATE, NUMBER
from ..words.headings import kind_of_heading
from ..words.parts import kinds, pattern, rule, tables

#: A title has not more lines and characters, nor fewer.
_MOST_LINES, _LEAST, _MOST = 4, 5, 120
#: A head does not go on longer (paragraphs); a body has sentences of this length.
_HEAD, _SENTENCE = 60, 60
#: So far into a paper without a title line it says what it issues (characters).
_OPENING = 1500
#: So far into a paper on one line its title reaches.
_WINDOW = 400

#: What makes a line the likelier title. 关于 says most; a title that begins with the name of who issues it is whole.
_SCORES = {
    "about": 4.0,
    "by whom": 2.0,
    "year": 1.0,
    "usual end": 0.5,
    "each line more": -0.6,
    "issues, but is no notice": -3.0,
    "each line later": -0.02,
    "begins with about": -0.5,
    "begins with a title": -4.0,
    "labelled": 0.2,
    "nothing but a kind": -2.0,
    "begun in the line above": 1.5,
}
_FILE_NAME = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|ofd|txt|html?)$", re.I)
_ANY_TITLE = r"《((?:[^《》]|《[^《》]*》){4,120})》"
_IN_MARKS = re.compile(r"《(?P<t>[^《》]*(?:《[^《》]*》[^《》]*)*)》$")


@dataclass(slots=True)
class TitleLine:
    """A line of the head without what stands around a title on it: `[start, end)` of the paper's text; `words` folded
    and without white space. `alone`: it is no part of a title beside others."""

    start: int
    end: int
    words: str
    alone: bool = False
    labelled: bool = False


@dataclass(slots=True)
class Title:
    """A title at `[start, end)`. `over_body`: it does not stand in the head, but over or in what the notice issues."""

    words: str
    start: int
    end: int
    over_body: bool = False


def find_title(paper: Paper, paragraphs: list[Paragraph], text: str, zone: int, table: Table | None) -> Title | None:
    """The title of a paper. `zone` is the index of its first paragraph of body, `table` its first table of work."""
    head = [p for p in paragraphs[: zone + 1] if table is None or p.start < table.start]
    lines = _lines(text, head) + _cells(paper, text)
    return (
        _best(paper, lines)
        or _in_one_line(paper, text, paragraphs[:3])
        or _issued(paper, text, paragraphs)
        or _below_signature(paper, text, paragraphs)
        or _above_table(paper, text, head, table)
        or _first_line(paper, lines)
    )


def ends_title(words: str) -> bool:
    """Whether folded words without white space end in a kind of paper."""
    return re.sub(r"(?:\([^()]{1,14}\)){1,2}$", "", words).endswith(kinds())


# --- lines of the head -----------------------------------------------------------------------------------------------


def _lines(text: str, paragraphs: list[Paragraph]) -> list[TitleLine]:
    lines = [_line(text, p.start, p.end) for p in paragraphs]
    attached = rule("attached_before").match(lines[0].words) if lines else None
    if attached:  # a paper that is itself an attachment
        first = paragraphs[0].start
        at = text.find(":", first, lines[0].end) + 1
        lines[0] = _line(text, at, paragraphs[0].end)
    return lines


def _cells(paper: Paper, text: str) -> list[TitleLine]:
    """The values of 标题 and 名称 in tables that a page has over the paper."""
    out = []
    for table in (b for b in paper.blocks[:6] if isinstance(b, Table)):
        for label, value in zip(table.cells, table.cells[1:], strict=False):
            if pattern("label_title").fullmatch(squeeze(text[label.start : label.end])):
                line = _line(text, value.start, value.end)
                line.labelled = True
                out.append(line)
    return out


def _line(text: str, start: int, end: int) -> TitleLine:
    """A line without breadcrumbs, labels, numbers and marks around the title on it."""
    said = text[start:end]
    label = pattern("label_title").match(said)
    at = label.end() if label else 0
    stop = len(said)
    if not label:
        for around in ("crumbs", "page_mark", "number_before"):
            match = rule(around).match(said[at:])
            at += match.end() if match else 0
    else:
        more = re.compile(rf"\s(?:{pattern('label_issuer').pattern}|{pattern('label_number').pattern})").search(
            said, at
        )
        stop = more.start() if more else stop
    site = rule("site_behind").search(said, at, stop)
    stop = site.start() if site else stop
    file = _FILE_NAME.search(said, at, stop)
    stop = _before_number(said, at, file.start() if file else stop)
    marked = _IN_MARKS.match(said, at, stop)
    if marked:
        at, stop = marked.start("t"), marked.end("t")
    words = squeeze(said[at:stop])
    furniture = pattern("furniture").search(said) and at == 0
    alone = bool(furniture) or _is_alone(words)
    return TitleLine(start + at, start + stop, words, alone, bool(label))


def _before_number(said: str, start: int, stop: int) -> int:
    """Where the title ends that runs together with the paper's number: …实施意见国办发〔2020〕1号."""
    number = rule("number_behind").search(said, start, stop)
    if number:
        for at in range(number.end("prefix") - 2, max(start, number.start() - 1), -1):
            if ends_title(squeeze(said[start:at])):
                return at
    return stop


def _is_alone(words: str) -> bool:
    """A line that is no part of a title beside others: number, recipients, date, red head, classification."""
    return bool(
        rule("beside_title").search(words)
        or NUMBER.fullmatch(words)
        or DATE.fullmatch(words)
        or rule("classification").fullmatch(words)
        or rule("order_head").fullmatch(words)
        or rule("signed_above").match(words)
        or _is_rule(words)
        or pattern("furniture").match(words)
    )


def _is_rule(words: str) -> bool:
    """A line drawn of one character."""
    return len(words) > 3 and len(set(words)) == 1


# --- the ways to a title ---------------------------------------------------------------------------------------------


def _best(paper: Paper, lines: list[TitleLine]) -> Title | None:
    """The likeliest of the lines, and of up to four that follow one another."""
    found = []
    for i in range(len(lines)):
        for j in range(i, min(i + _MOST_LINES, len(lines))):
            if lines[j].alone or (j > i and lines[j].labelled):
                break
            words = "".join(n.words for n in lines[i : j + 1])
            if _may_be_title(words):
                found.append((_score(words, i, j, lines[i]), -i, j))
    if not found:
        return None
    _, i, j = max(found)
    words = "".join(n.words for n in lines[-i : j + 1])
    # A page repeats the title above the paper: the last full repetition stands over the text.
    i, j = max((-i, j) for _, i, j in found if "".join(n.words for n in lines[-i : j + 1]) == words)
    if i and _is_issuer_above(lines[i - 1], words):
        i -= 1
        if i and _is_issuer_above(lines[i - 1], words):
            i -= 1
    if j + 1 < len(lines) and rule("version_line").fullmatch(lines[j + 1].words):
        j += 1
    whole = "".join(squeeze(paper.text[n.start : n.end]) for n in lines[i : j + 1])
    # Below a signature stands what the paper above it issues.
    signed = any(DATE.fullmatch(line.words) for line in lines[1:i])
    return Title(whole, lines[i].start, lines[j].end, over_body=signed)


def _may_be_title(words: str) -> bool:
    return bool(
        (_LEAST <= len(words) <= _MOST or rule("kind_alone").fullmatch(words))
        and not re.search(r"[。;|]", words)
        and words[-1] not in ":,"
        and not rule("numbered").match(words)
        and ends_title(words)
    )


def _is_issuer_above(line: TitleLine, words: str) -> bool:
    """Whether a line names one more of those who issue what the lines below it name."""
    begun = rule("by_whom").match(words) or rule("whom_above").match(words)
    if line.alone or words.startswith(line.words) or not begun:
        return False
    return bool(pattern("issuer").fullmatch(rule("party").sub("", line.words)))


def _score(words: str, first: int, last: int, line: TitleLine) -> float:
    about = bool(rule("about").search(words))
    said = {
        "about": about,
        "by whom": about and bool(rule("by_whom").match(words)),
        "year": bool(rule("year").search(words)),
        "usual end": bool(rule("usual_end").search(words)),
        "each line more": last - first,
        "issues, but is no notice": bool(rule("issues_some").search(words)) and not rule("notice_end").search(words),
        "each line later": first,
        "begins with about": words.startswith(ABOUT),
        "begins with a title": words.startswith("《"),
        "labelled": line.labelled,
        "nothing but a kind": bool(rule("kind_alone").fullmatch(words)),
        "begun in the line above": last > first and not about and _is_begun(line.words),
    }
    return sum(_SCORES[name] * value for name, value in said.items())


def _is_begun(words: str) -> bool:
    """Whether a line begins a title with its place and what is done there, and does not end it."""
    return bool(rule("title_begun").match(words)) and not ends_title(words)


@cache
def _rows(name: str) -> list[re.Pattern[str]]:
    return [re.compile(row["pattern"]) for row in tables("document.toml")[name]]


def _in_one_line(paper: Paper, text: str, paragraphs: list[Paragraph]) -> Title | None:
    """The title at the head of a paper that lies on one line."""
    for p in paragraphs:
        begin = p.start
        for around in ("crumbs_before", "page_words", "page_mark", "cut_mark", "number_before"):
            match = rule(around).match(text[begin : min(p.end, begin + _WINDOW)])
            begin += match.end() if match else 0
        hits = [m for row in _rows("title_in_line") if (m := row.search(text, begin, min(p.end, begin + _WINDOW)))]
        match = min(hits, key=lambda m: m.start("t"), default=None)
        at_start = rule("title_at_start").match(text, begin, min(p.end, begin + _WINDOW))
        if at_start and (match is None or match.start("t") > at_start.start("t")):
            match = at_start
        if match:
            start = match.start("t")
            for before in ("number_left", "page_words", "state_before", "red_head_before"):
                cut = rule(before).match(text[start : match.end("t")])
                start += cut.end() if cut else 0
            return Title(squeeze(paper.text[start : match.end("t")]), start, match.end("t"))
    return None


def _issued(paper: Paper, text: str, paragraphs: list[Paragraph]) -> Title | None:
    """Of a notice without a title line that of the plan which it issues, where this stands over its body, else where
    the notice names it."""
    hits = [m for row in _rows("issues") if (m := row.search(text, 0, _OPENING))]
    for hit in sorted(hits, key=lambda m: m.start("t")):
        words = squeeze(hit["t"])
        if not ends_title(words):
            continue
        for p in paragraphs:
            if p.start > hit.end() and _same(squeeze(text[p.start : p.end]), words):
                return Title(squeeze(paper.text[p.start : p.end]), p.start, p.end, over_body=True)
        start, end = hit.span("t")
        return Title(squeeze(paper.text[start:end]), start, end, over_body=True)
    return None


def issued_titles(text: str) -> list[str]:
    """The titles of what a notice says that it issues, other than what it forwards."""
    found = [m.group() for row in _rows("issues") if (m := row.search(text, 0, _OPENING))]
    hits = [words for words in found if not rule("forwards").search(words)]
    told = [words for words in hits if rule("issues_now").search(words)]
    return [squeeze(t) for said in told for t in re.findall(_ANY_TITLE, said)]


def _same(line: str, title: str) -> bool:
    spare = rule("spare")
    return abs(len(line) - len(title)) <= _LEAST and spare.sub("", line) == spare.sub("", title)


def _below_signature(paper: Paper, text: str, paragraphs: list[Paragraph]) -> Title | None:
    """The line over the body of a notice that has neither title nor name for what it issues."""
    signed = False
    for p in paragraphs[:_HEAD]:
        words = squeeze(text[p.start : p.end])
        if signed and _LEAST <= len(words) <= _SENTENCE and not _is_alone(words) and ends_title(words):
            bare = not rule("numbered").match(words) and not re.search(r"[。:]", words)
            return Title(squeeze(paper.text[p.start : p.end]), p.start, p.end, over_body=True) if bare else None
        if signed and not rule("below_signature").match(words):
            return None
        signed = signed or (p.start > 0 and bool(DATE.fullmatch(words)))
    return None


def _above_table(paper: Paper, text: str, head: list[Paragraph], table: Table | None) -> Title | None:
    """The line above a bare table."""
    if table is None:
        return None
    for p in reversed(head):
        words = squeeze(text[p.start : p.end])
        if not 4 <= len(words) <= _SENTENCE or not _is_plain(words):
            continue
        return Title(squeeze(paper.text[p.start : p.end]), p.start, p.end)
    return None


def _first_line(paper: Paper, lines: list[TitleLine]) -> Title | None:
    """The first line that is no furniture, where it names a year, a title or a place: that of a news page."""
    for line in lines[:_HEAD]:
        if line.alone or not line.words:
            continue
        if not 6 <= len(line.words) <= _SENTENCE or not _is_plain(line.words):
            return None
        if rule("names_something").search(line.words) or ends_title(line.words):
            return Title(squeeze(paper.text[line.start : line.end]), line.start, line.end)
        return None
    return None


def _is_plain(words: str) -> bool:
    """Whether a line may be a title by its form: no sentence, no number, no heading of a column, no field of a page."""
    return not (
        rule("numbered").match(words)
        or rule("no_title").search(words)
        or pattern("furniture").search(words)
        or pattern("recipient").match(words)
        or kind_of_heading(words)
        or DATE.search(words)
    )
