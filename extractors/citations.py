"""Citations: titles in 《》 with or without a number, numbers without a title, orders; their kind and role."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from . import rules
from .fold import fold, number, squeeze


@dataclass(slots=True)
class Cited:
    """A citation at `[start, end)`; `number` normalised, `title` as written without the outer 《》."""

    start: int
    end: int
    number: str | None
    title: str | None
    kind: str
    role: str
    rule: str
    sentence: int


_TITLE = re.compile(r"《(?:[^《》]|《[^《》]*》){2,200}》")
_CN = "零〇一二三四五六七八九十百"
#: 发文字号 in folded text.
NUMBER = re.compile(r"(?P<prefix>[\u4e00-\u9fffA-Za-z]{1,16})\((?P<year>(?:19|20)\d\d)\)(?:第)?(?P<n>\d{1,5})号")
ORDER = re.compile(
    rf"(?P<who>[\u4e00-\u9fff、]{{0,30}}?)令\(?(?:(?:19|20)\d\d年?)?\)?\(?第?(?P<n>\d{{1,4}}|[{_CN}]{{1,7}})号\)?"
    rf"|(?P<who2>[\u4e00-\u9fff]{{0,24}}?)(?:\((?:19|20)\d\d\))?第(?P<n2>\d{{1,4}}|[{_CN}]{{1,7}})号令"
)
STANDARD = re.compile(
    r"(?:GB|DB\d{0,4}|建标|HJ|JGJ?|CJJ?|MZ|WS|AQ|GA|YY|NY|LY|TD|SL)(?:/[TZ])?\s?/?\d[\d.]*(?:[-.]\d{2,4})?"
)
_ORDER_ALONE = re.compile(r"[\u4e00-\u9fff]{0,12}?(?:国务院|部|总局|委员会|委|政府|署|局)令第?\d{1,4}号")
#: What a run of characters before 〔 may begin with that is no part of the number.
_TRIM = re.compile(
    r".*(?:根据|按照|依据|依照|遵照|贯彻|落实|执行|参照|对照|转发|印发|文件|通知|以及|废止|按|见|即|为|将|的|以|和|及|与|、)(?=[\u4e00-\u9fff]{2})"
)
_ISSUER = re.compile(
    r".*(?:办公厅|办公室|人民政府|[省市县区州]政府|委员会)(?=[\u4e00-\u9fff]{2})",
)


@cache
def _words() -> dict:
    return rules.words("citations.toml")


@cache
def _kinds() -> list[tuple[str, str, bool, re.Pattern[str]]]:
    return [(k["id"], k["kind"], bool(k.get("weak")), re.compile(k["pattern"])) for k in _words()["kind"]]


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_words()["governors"][name])


def normal_number(folded: str) -> str | None:
    """The normal form of a number in folded text (国办发〔2022〕8号, 国务院令第713号), or None."""
    match = NUMBER.search(folded)
    if match:
        return f"{match['prefix']}〔{match['year']}〕{int(match['n'])}号"
    match = ORDER.search(folded)
    if match:
        n = number(match["n"] or match["n2"])
        who = (match["who"] if match["n"] else match["who2"]).lstrip("、")
        return f"{who}令第{n}号" if who and n else None
    return None


def find_citations(text: str, original: str, own: tuple[str, ...] = ()) -> list[Cited]:
    """The citations in folded `text`; `original` is the same text unfolded. `own` are titles and numbers of the
    paper itself.

    Every mention is given; which of them are one citation is decided where the tasks are known.
    """
    titles = [(m.start(), m.end()) for m in _TITLE.finditer(text)]
    blanked = blank_titles(text, titles)
    own_titles = {plain(t) for t in own}
    found: list[Cited] = []
    used = bytearray(len(text))  # 1 where a citation was read
    sentences = _sentences(text)
    for start, end in titles:
        written = squeeze(original[start + 1 : end - 1])
        inner = fold(written)
        number_, stop, weak_version, begin = _number_beside(text, original, start, end)
        kind, rule, weak = _kind(inner, number_)
        if kind is None or plain(written) in own_titles or _is_short_form(text, start):
            used[start:stop] = b"\1" * (stop - start)
            continue
        role = (
            "basis"
            if _governed(blanked, start)
            or re.match(
                r"(?:等)?(?:有关|相关)?(?:规定|要求|标准|精神)?(?:严格)?(?:执行|办理|落实)", text[stop : stop + 16]
            )
            else "mention"
        )
        if _pattern("future").search(blanked[max(0, start - 20) : start]) and number_ is None:
            used[start:stop] = b"\1" * (stop - start)
            continue
        if weak and number_ is None and role == "mention" and not weak_version:
            used[start:stop] = b"\1" * (stop - start)
            continue
        used[begin:stop] = b"\1" * (stop - begin)
        found.append(Cited(begin, stop, number_, written, kind, role, rule, _sentence_at(sentences, start)))
    for match in NUMBER.finditer(text):
        if used[match.start("year")]:
            continue
        start = match.start() + _lead_in(match["prefix"])
        value = f"{text[start : match.end('prefix')]}〔{match['year']}〕{int(match['n'])}号"
        # The paper's own may begin with 和, which elsewhere leads in.
        if any(title.endswith(plain(value)) for title in own_titles):
            continue
        role = (
            "basis"
            if _governed(blanked, start) or re.match("文?件?(?:精神|要求|规定)", text[match.end() :])
            else "mention"
        )
        used[start : match.end()] = b"\1" * (match.end() - start)
        found.append(
            Cited(start, match.end(), value, None, "directive", role, "citation.number", _sentence_at(sentences, start))
        )
    for match in _ORDER_ALONE.finditer(text):
        value = normal_number(match.group())
        if not value or used[match.end() - 1] or plain(value) in own_titles:
            continue
        cut = _TRIM.match(value[: value.index("令")])
        start = match.start() + (cut.end() if cut else 0)
        value = value[cut.end() :] if cut else value
        role = "basis" if _governed(blanked, start) else "mention"
        used[start : match.end()] = b"\1" * (match.end() - start)
        found.append(
            Cited(start, match.end(), value, None, "regulation", role, "citation.order", _sentence_at(sentences, start))
        )
    for match in STANDARD.finditer(text):
        if (
            not re.match(r"(?:GB|DB|HJ|CJJ|JGJ|[A-Z]{2,3}/[TZ])", match.group())
            or not re.search(r"-\d{2,4}$", match.group())
            or used[match.start()]
        ):
            continue
        role = (
            "basis"
            if _governed(blanked, match.start())
            or re.match("(?:的?(?:规定|要求|标准))?执行", text[match.end() : match.end() + 8])
            else "mention"
        )
        number_ = squeeze(original[match.start() : match.end()])
        found.append(
            Cited(
                match.start(),
                match.end(),
                number_,
                None,
                "standard",
                role,
                "citation.standard",
                _sentence_at(sentences, match.start()),
            )
        )
    return sorted(found, key=lambda c: c.start)


def blank_titles(text: str, spans: list[tuple[int, int]] | None = None) -> str:
    """`text` with every title replaced by □, length unchanged: what is in a title is neither date nor verb."""
    if spans is None:
        spans = [(m.start(), m.end()) for m in _TITLE.finditer(text)]
    out, at = [], 0
    for start, end in spans:
        out += [text[at:start], "□" * (end - start)]
        at = end
    return "".join(out) + text[at:] if out else text


def plain(title: str) -> str:
    """A title for comparison: no white space, one kind of bracket and quotation mark, no 中华人民共和国 in front."""
    title = (
        re.sub(r"[\s“”\"'‘’「」『』]", "", fold(title))
        .replace("〈", "")
        .replace("〉", "")
        .replace("《", "")
        .replace("》", "")
    )
    return title.removeprefix("中华人民共和国").strip("。;,、")


def _lead_in(prefix: str) -> int:
    """How much of what stands before 〔 is no part of the number: governing words, the issuer's name."""
    cut = _TRIM.match(prefix)
    at = cut.end() if cut else 0
    issuer = _ISSUER.match(prefix[at:])
    return at + (issuer.end() if issuer else 0)


def _number_beside(text: str, original: str, start: int, end: int) -> tuple[str | None, int, bool, int]:
    """(number, end of what belongs to the citation, whether a bracket names a version, its start)."""
    rest = text[end : end + 80]
    bracket = re.match(r"\s*\(((?:[^()]|\([^()]*\))*)\)", rest)
    if bracket:
        inner = bracket.group(1)
        got = normal_number(inner)
        if got:
            return got, end + bracket.end(), False, start
        standard = STANDARD.search(inner)
        if standard:
            # A standard's number stays as it is written.
            a = end + bracket.start(1) + standard.start()
            return squeeze(original[a : a + len(standard.group())]), end + bracket.end(), False, start
        if re.search(_words()["governors"]["short"], inner):
            return None, end + bracket.end(), True, start
    before = text[max(0, start - 40) : start]
    ahead = re.search(r"[\u4e00-\u9fff]{1,12}\((?:19|20)\d\d\)\d{1,5}号(?:文件?)?(?:印发的?)?$", before)
    if ahead:
        match = NUMBER.search(ahead.group())
        if match:
            at = _lead_in(match["prefix"])
            value = f"{match['prefix'][at:]}〔{match['year']}〕{int(match['n'])}号"
            return value, end, False, start - len(ahead.group()) + at
    return None, end, bool(re.search(r"\((?:\d{4}|试行|暂行|第.版)[^()]*\)》$", text[start:end])), start


_LOCAL = re.compile(
    r"(?!北京市|上海市|天津市|重庆市|[\u4e00-\u9fff]{2,4}省|[\u4e00-\u9fff]{2,8}自治区|中华人民共和国)(?:[市县区州旗]级|[\u4e00-\u9fff]{2,9}?(?:市(?!场|政|容|民|区)|县(?!级|域)|[\u4e00-\u9fff]区(?!域|块)|自治州|盟|旗))"
)


def _kind(title: str, number_: str | None) -> tuple[str | None, str, bool]:
    if number_ and STANDARD.match(fold(number_)):
        return "standard", "citation.standard", False
    for rule, kind, weak, pattern in _kinds():
        if pattern.search(title):
            if kind == "standard" and number_:
                return "directive", "citation.directive", False
            if kind == "regulation" and not title.endswith("条例") and _LOCAL.match(title):
                # 办法 and 规定 of a city or county, and those with a 发文字号, are papers of an office, no regulations.
                return "directive", "citation.directive.local", False
            return kind, rule, weak
    if number_:
        return ("regulation" if "令" in number_ else "directive"), "citation.numbered", False
    return None, "", False


def _is_short_form(text: str, start: int) -> bool:
    return bool(re.search(r"(?:以下|下)(?:统称|简称|称)(?:为)?[:“\"]?$", text[max(0, start - 10) : start]))


def _governed(blanked: str, start: int) -> bool:
    """Whether a governing word (按照, 落实, …) reaches the title at `start` over nothing but other titles and their
    like."""
    low = max(0, start - 400)
    cut = max(blanked.rfind(c, low, start) for c in "。;!?\n")
    before = blanked[max(low, cut + 1) : start]
    governors = list(_pattern("pattern").finditer(before))
    if not governors:
        return False
    last = governors[-1]
    gap = re.sub(
        r"□+(?:\s*\((?:[^()]|\([^()]*\))*\))?(?:等)?(?:文件)?(?:[精神要求规定]{2})?[,、]?", "", before[last.end() :]
    )
    if "," in gap or ":" in gap:
        return False
    gap = re.sub(_words()["governors"]["between"], "", gap)
    return len(gap) <= 10


def _sentences(text: str) -> list[int]:
    return [m.end() for m in re.finditer(r"[。\n]", text)]


def _sentence_at(ends: list[int], offset: int) -> int:
    return bisect_right(ends, offset) + 1
