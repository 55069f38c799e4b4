"""What numerals, marks, days, document numbers, brackets and sentence ends look like: each once, for folded text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .fold import fold

# --- white space and brackets ----------------------------------------------------------------------------------------

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\xad\x00"
#: Behind a character of the text: the mark of a note ([2], ³), and the number of the page that ended there.
_AFTER_WORD = r"(?<=[\u4e00-\u9fff)）》”，、])"
_MARKS = (
    rf"{_AFTER_WORD}[\[［]\d{{1,2}}[\]］]|(?<=[\u4e00-\u9fff])[¹²³⁰⁴-⁹]+"
    rf"|{_AFTER_WORD}第\s?\d{{1,4}}\s?页[\s,，/]*共\s?\d{{1,4}}\s?页"
)
#: A line's end inside a cell, as tables of pages and of Markdown have it.
CELL_BREAK = re.compile(r"<br\s*/?>", re.I)
#: The number that a site of shared papers puts before a line that is a whole page.
PAGE_COUNT = re.compile(r"(\d{1,3})、(?=.)")
#: Pictures that a page for telephones puts before lines.
_PICTURES = "\U0001f000-\U0001faff\ufe0f"
_GAPS = rf"[\s\u3000{INVISIBLE}{_PICTURES}]|\*\*|&nbsp;|&emsp;|&ensp;|\\(?=[.()\[\]*_#-])"
#: White space and what is to be dropped inside a line: invisible characters, bold marks of Markdown, entities of pages.
GAP = re.compile(rf"(?:{_GAPS}|{_MARKS})+")
#: The same where the paper says in a note what circled numbers behind its words mean.
_GAP_NOTED = re.compile(rf"(?:{_GAPS}|{_MARKS}|(?<=[\u4e00-\u9fff)）])[①-⑳])+")
#: The same where the last line is a counted page.
_GAP_COUNTED = re.compile(rf"(?:\n\d{{1,3}}、|{_GAPS}|{_MARKS})+")
_NOTED = re.compile(r"^[ \t\u3000]*注[ \u3000]?\d?[ \u3000]?[:：][ \u3000]?①", re.M)


def gap_of(source: str) -> re.Pattern[str]:
    """What is to be dropped inside the lines of a source."""
    if _NOTED.search(source):
        return _GAP_NOTED
    counted = PAGE_COUNT.match(source, source.rfind("\n", 0, len(source.rstrip())) + 1)
    return _GAP_COUNTED if counted else GAP


#: A bracket with what it holds, which may be brackets.
BRACKET = r"\(((?:[^()]|\([^()]*\))*)\)"


def is_empty(text: str) -> bool:
    """Whether there is nothing in a text that a reader sees."""
    gap = GAP.match(text)
    return (gap.end() if gap else 0) == len(text)


def is_han(character: str) -> bool:
    """Whether it is a Chinese character."""
    return "\u4e00" <= character <= "\u9fff"


def tight(text: str) -> str:
    """`text` folded, without white space and what a reader does not see."""
    return fold(GAP.sub("", text))


#: A bracket of a page's tools (【字体：大 中 小】), which a copy may have left open.
_TOOLS = re.compile(r"\((?:字体|字号|打印|关闭|收藏)[^()]{0,12}$")


def still_open(text: str) -> bool:
    """Whether a bracket or title mark of folded text is open at its end."""
    tail = text[-600:]
    if _TOOLS.search(tail):
        return False
    return (tail.rfind("(") > tail.rfind(")") and tail.count("(") > tail.count(")")) or tail.rfind("《") > tail.rfind(
        "》"
    )


# --- numerals --------------------------------------------------------------------------------------------------------

#: The digits from 0 to 9: in running numbers, and in years.
DIGITS, ZERO = "零一二三四五六七八九", "〇"
#: Of numbers that count: 二十一. All that a Chinese number is written with.
COUNTING = "一二三四五六七八九十"
#: The same beyond 99.
COUNTING_ON = COUNTING + "百"
NUMERALS = DIGITS + ZERO + "十百"
_DIGITS = {c: i for i, c in enumerate(DIGITS)} | {ZERO: 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}


def number(text: str) -> int | None:
    """The value of a Chinese or Arabic number up to 9,999 (二十一, 两, 12, 二〇二一); None if it is none."""
    if text.isdecimal():
        return int(text)
    if not text:
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text)) if len(text) > 1 else _DIGITS[text]
    total = current = 0
    for c in text:
        if c in _DIGITS:
            current = _DIGITS[c]
        elif c in _TENS:
            total += (current or 1) * _TENS[c]
            current = 0
        else:
            return None
    return total + current


#: What numbers are counted with beyond nine, and the signs of legal papers.
SPOKEN, LEGAL = DIGITS + "十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟"
#: The series that lists are numbered with.
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_TEN, _TWENTY, _TOO_LARGE = 10, 20, 10_000


def spoken(value: int, signs: str = SPOKEN) -> str:
    """A number from 0 to 9,999 as it is spoken: 一百零五, 十二; 壹拾贰 in legal signs."""
    if not 0 < value < _TOO_LARGE:
        return signs[0] if value == 0 else str(value)
    out = ""
    gap = False
    for power in (3, 2, 1, 0):
        digit = value // 10**power % 10
        if digit:
            out += (signs[0] if gap and out else "") + signs[digit] + (signs[9 + power] if power else "")
            gap = False
        else:
            gap = bool(out)
    return out[1:] if _TEN <= value < _TWENTY and signs == SPOKEN else out


_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X")),
    *((9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)


def roman(value: int) -> str:
    """A number in Roman letters: XIV."""
    out = ""
    for size, letters in _ROMAN:
        out += letters * (value // size)
        value %= size
    return out


# --- marks of numbering ----------------------------------------------------------------------------------------------

#: What parts the names of a list in a cell.
LISTED = "[、,，;；\n]+"
#: 一、 and (一), as parts of patterns, and as marks that a line begins with.
CHAPTER_MARK, CLAUSE_MARK = rf"[{COUNTING}]{{1,3}}、", rf"\([{COUNTING}]{{1,3}}\)"
#: 第一章, 第二部 before a heading; and a mark of a chapter in any of its forms.
CHAPTER_WORD = rf"第[{COUNTING}]{{1,3}}[章部]"
#: Either of them.
CHAPTER_BEGINS = re.compile(rf"{CHAPTER_MARK}|{CHAPTER_WORD}")
ANY_CHAPTER = rf"第?[{COUNTING}]{{1,3}}(?:、|[章节部]|\.(?!\d))"
#: How a paragraph begins that can not go on a broken line.
MARK = re.compile(
    rf"(?:第?[{COUNTING_ON}]{{1,4}}(?:、|章|节|部分|\.)|{CLAUSE_MARK}|\d{{1,3}}[.、](?!\d(?!\d{{3}}年))"
    r"|\d{1,2}\.\d{1,2}(?=[\u4e00-\u9fff“])(?!\S万|\S亿)|\(\d{1,3}\)|\d{1,2}\)|[①-⑳●•■◆▲★※◇◎▪➢►☆\U0001f000-\U0001faff]|0[1-9][.、\s]{0,2}(?![年月日号时分])(?=[\u4e00-\u9fff“])|附件|附表|附:|#)"
)
#: A line with one of these numbers something anew, even where a bracket before it is open.
NUMBERED = re.compile(rf"{CHAPTER_MARK}|{CLAUSE_MARK}(?![、,)])|\d{{1,2}}[.、](?!\d)[\u4e00-\u9fff“]|附件")
#: The label of an assignment or of a field below the body.
LABEL = re.compile(
    r"\(?(?:牵头|责任|配合|参与|落实|协办|主办|承办|完成|时限|联系|协助|指导|实施|办理|整改|督导|督查|督办|监督|会办|主管|分管|包保|负责|参加|协同|时间|期限|节点|截止|工期)[^,。;:]{0,8}:|\((?:此件|联系)|抄送|主办:|督办:|\(?(?:备?注|注释)\d?:"
    rf"|第[{COUNTING}\d]{{1,4}}号[\u4e00-\u9fff]{{2,4}}:"
)
PAGE_NUMBER = re.compile(
    r"\A(?:[-_·\s]*+(?:第\s*+)?\d{1,4}\s*+页?[-_·\s]*+$|第\s*+\d++\s*+页\s*+(?:[,/]\s*+)?共\s*+\d++\s*+页$|\d{1,3}\s*+/\s*+\d{1,3}$)"
)

# --- ends of sentences -----------------------------------------------------------------------------------------------

#: The end of a sentence, and of what a paragraph may end with, a colon or a title among it.
SENTENCE_END = re.compile(r"[。!?;]['\"”’)]*$")
TERMINAL = re.compile(r"[。!?;:…]['\"”’》〉)]*$")

# --- days ------------------------------------------------------------------------------------------------------------

YEAR = r"(?:19|20)\d\d"
#: A day in any of its forms (2023年4月10日, 二〇二三年四月十日, 2023.4.10) with groups y, m and d.
DATE = re.compile(
    rf"(?P<y>{YEAR}|[{DIGITS}{ZERO}]{{4}})\s*[年./-]\s*(?P<m>\d{{1,2}}|[{COUNTING}]{{1,2}})\s*[月./-]"
    rf"\s*(?P<d>\d{{1,2}}|[{COUNTING}]{{1,3}})\s*日?"
)
#: A day at the end of a line, mostly of printing.
DATE_AT_END = re.compile(DATE.pattern + r"(?P<printed>印发)?$")
#: A line without white space that is a day alone, of a signature or of printing.
DATE_LINE = re.compile(
    rf"(?:19|20|二〇)[\d{DIGITS}{ZERO}]{{2}}年[\d{COUNTING}]{{1,3}}月[\d{COUNTING}]{{1,3}}日(?:印发)?$"
)
_FIRST_YEAR, _LAST_YEAR = 1949, 2099


def written_day(year: int | None = None, month: int | None = None, day: int | None = None) -> str:
    """A day, or the parts of one that are given: 2023年4月10日."""
    return "".join(f"{n}{unit}" for n, unit in zip((year, month, day), "年月日", strict=True) if n is not None)


def iso_day(match: re.Match[str]) -> str | None:
    """The ISO day of a match of `DATE`; None for one that no calendar has."""
    y, m, d = (number(match[k]) or 0 for k in ("y", "m", "d"))
    try:
        return date(y, m, d).isoformat() if _FIRST_YEAR <= y <= _LAST_YEAR else None
    except ValueError:
        return None


# --- words by which parts of papers are told --------------------------------------------------------------------------

#: Parts, in the title of a paper, the issuer from what it is about; ends a red head; heads an attachment; ends the name
#: of an order.
ABOUT, RED_HEAD_END, ATTACHED, AN_ORDER = "关于", "文件", "附件", "令"

# --- document numbers ------------------------------------------------------------------------------------------------

#: Characters of a prefix.
_LONGEST_PREFIX = 16
_NUMBER = (
    rf"(?P<prefix>[\u4e00-\u9fffA-Za-z]{{1,{_LONGEST_PREFIX}}})"
    r"\s*[(〈「]\s*(?P<year>(?:19|20)\d\d)\s*[)〉」]\s*第?\s*(?P<n>\d{1,5})"
)
#: 发文字号 in folded text. Its brackets may be those of titles or quotations, and it may be broken over lines.
NUMBER = re.compile(_NUMBER + r"\s*号")
#: One that a rule of one drawn character parts from its 号.
RULED_NUMBER = re.compile(_NUMBER + r"\s*(?:(?P<rule>[^\d\s])(?P=rule){3,}\s*)?号")
#: The same, also where several share 号: 〔2023〕8、9号.
_FIRST = re.compile(_NUMBER + r"(?:\s*号|(?=[、,和]\s*\d{1,5}[\d、,和]{0,30}号))")
#: What goes on after a number: 、9号, 和〔2023〕11号.
_NEXT = re.compile(
    r"[、,和及与]\s*(?:[(〈「](?P<year>(?:19|20)\d\d)[)〉」])?第?(?P<n>\d{1,5})(?:号|(?=[、,和]\s*\d{1,5}号))"
)
#: The brackets of a number's year, which tell soonest where numbers stand.
_YEAR_OF_NUMBER = re.compile(r"[(〈「]\s*(?:19|20)\d\d\s*[)〉」]")


def numbers_in(text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
    """The matches of `NUMBER` in a stretch of a folded text."""
    end, at = len(text) if end is None else end, start
    while (match := _number_from(NUMBER, text, at, end)) is not None:
        yield match
        at = match.end()


def _number_from(form: re.Pattern[str], text: str, at: int, end: int) -> re.Match[str] | None:
    """The first number from a place on: what `form.search` finds, without a look at each word for its prefix."""
    year = _YEAR_OF_NUMBER.search(text, at, end)
    if year is None:
        return None
    prefix_end = year.start()
    while prefix_end > at and text[prefix_end - 1].isspace():
        prefix_end -= 1
    return form.search(text, max(at, prefix_end - _LONGEST_PREFIX), end)


@dataclass(slots=True, frozen=True)
class DocumentNumber:
    """A 发文字号 at `[start, end)` of a folded text; `start` is where its prefix begins. Of several that share one
    prefix, those after the first begin at their own year or number; `first` is where the first of them begins."""

    start: int
    end: int
    prefix: str
    year: str
    n: int
    prefix_end: int
    first: int

    def value(self, lead_in: int = 0) -> str:
        """The normal form; `lead_in` characters of the prefix are no part of it."""
        return document_number(self.prefix[lead_in:], self.year, self.n)


def document_numbers(text: str) -> Iterator[DocumentNumber]:
    """Every 发文字号 of a folded text in order, each of those that share prefix or year."""
    at = 0
    while match := _number_from(_FIRST, text, at, len(text)):
        prefix, year, at = match["prefix"], match["year"], match.end()
        first = match.start()
        yield DocumentNumber(first, at, prefix, year, int(match["n"]), match.end("prefix"), first)
        while more := _NEXT.match(text, at):
            year, at = more["year"] or year, more.end()
            yield DocumentNumber(more.start() + 1, at, prefix, year, int(more["n"]), more.start() + 1, first)


def document_number(letters: str, year: str, n: str | int) -> str:
    """The normal form of a 发文字号: 松政发〔2023〕7号."""
    return f"{letters}〔{year}〕{int(n)}号"


def order_number(who: str, n: int) -> str:
    """The normal form of the number of an order: 国务院令第7号."""
    return f"{who}{AN_ORDER}第{n}号"


#: A 发文字号 in its normal form, and where one stands among other words (unfolded text).
NORMAL_NUMBER = re.compile(r"^(?P<letters>.+?)〔(?P<year>\d{4})〕(?P<n>\d+)号$")
NUMBER_AMONG_WORDS = r"[^\s;；、]{0,40}〔\d{4}〕[^\s;；、]{0,40}?号"

ORDER = re.compile(
    rf"(?P<who>[\u4e00-\u9fff、]{{0,30}}?)令\(?(?:(?:19|20)\d\d年?)?\)?\(?第?(?P<n>\d{{1,4}}|[{NUMERALS}]{{1,7}})号\)?"
    rf"|(?P<who2>[\u4e00-\u9fff]{{0,24}}?)(?:\((?:19|20)\d\d\))?第(?P<n2>\d{{1,4}}|[{NUMERALS}]{{1,7}})号令"
)


STANDARD = re.compile(
    r"(?:GB|DB\d{0,4}|建标|HJ|JGJ?|CJJ?|MZ|WS|AQ|GA|YY|NY|LY|TD|SL)(?:/[TZ])?\s?/?\d[\d.]*(?:[-.]\d{2,4})?"
)


#: What a note mark that a format raises looks like: 1, [2], ③, *.
_NOTE_MARK = re.compile(r"\A\s*+(?:[\[（(〔［]?\d{1,2}[\])）〕］]?|[①-⑳]|[*＊†‡]{1,3})\s*+")


def is_note_mark(raised: str, before: str) -> bool:
    """Whether what a format raises behind `before` is the mark of a note; behind a letter or a figure it is a power."""
    return bool(_NOTE_MARK.fullmatch(raised)) and not re.search(r"[A-Za-z0-9]\s*$", before)
