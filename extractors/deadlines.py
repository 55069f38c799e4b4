"""Time limits: where they stand, of which kind they are, and what their first and last day is."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from functools import cache

from . import rules

_YEAR_WORDS = {"今": 0, "本": 0, "当": 0, "次": 1, "明": 1}
#: The limits of a cell; a line end in the midst of a date (2024年5月 over 20日前) parts none.
_PIECES = re.compile(
    r"(?:[^\n●•·■◆▲;；、,。|]|(?<=年)\n(?=\d{1,2}月|[底末前内上下])|(?<=月)\n(?=\d{1,2}[日号]|[底末前份上中下])"
    r"|(?<=\d)\n(?=\d{0,2}[年月日号])|(?<=[日底末])\n(?=前)|(?<=[-—~至])\n(?=\d))+"
)


@dataclass(slots=True, frozen=True)
class Found:
    """A limit at `[start, end)`; `first` and `last` are ISO days or None."""

    start: int
    end: int
    kind: str
    first: str | None
    last: str | None
    rule: str


@cache
def _compiled(where: str) -> list[tuple[str, str, re.Pattern[str], str]]:
    return [
        (r["id"], r["kind"], re.compile(r["pattern"]), r.get("needs", ""))
        for r in rules.words("deadlines.toml")["rule"]
        if r["where"] in (where, "both")
    ]


@cache
def _word(name: str) -> re.Pattern[str]:
    return re.compile(rules.words("deadlines.toml")[name])


_HINT = re.compile(
    r"前\d|提前|年|月|每|季|日内|日前|季度|半年|每周|每日|小时内|分钟内|天内|周内|开学|汛|[供采]暖|节前|逐|时间"
)


@cache
def _fact_before() -> re.Pattern[str]:
    return re.compile(rf"(?:{_word('fact_before').pattern})(?:\d{{4}}年)?$")


def find_deadlines(text: str, year: int | None, start: int = 0, end: int | None = None) -> list[Found]:
    """The limits in running folded text, in order, none overlapping; titles should be blanked by the caller."""
    end = len(text) if end is None else end
    found: list[Found] = []
    at = start
    for hint in _HINT.finditer(text, start, end):
        if hint.start() < at:
            continue
        # Sentence by sentence: most of them name no time.
        low = max(at, *(text.rfind(c, at, hint.start()) + 1 for c in "。;\n"))
        stop = _STOP.search(text, hint.end(), end)
        at = stop.start() if stop else end
        found += _in_sentence(text, year, low, at)
    return found


_STOP = re.compile(r"[。;\n]")


def _in_sentence(text: str, year: int | None, start: int, end: int) -> list[Found]:
    said = set(text[start:end])
    taken: list[Found] = []
    # What a rule has read or ruled out is closed to the rules after it.
    closed = bytearray(end - start)
    for rule, kind, pattern, needs in _compiled("text"):
        if needs and said.isdisjoint(needs):
            continue
        for match in pattern.finditer(text, start, end):
            a, b = match.start() - start, match.end() - start
            if b <= a or any(closed[a:b]):
                continue
            if _is_limit(rule, match, text, start, end):
                first, last = _days(match, year) if kind == "date" else (None, None)
                if kind == "date" and last is None and year is not None:
                    continue
                if rule == "deadline.month-done" and year is not None and last and int(last[:4]) < year:
                    continue
                taken.append(Found(match.start(), match.end(), kind, first, last, rule))
                closed[a:b] = b"\1" * (b - a)
            elif kind == "date":
                closed[a:b] = b"\1" * (b - a)
    return sorted(taken, key=lambda f: f.start)


def _is_limit(rule: str, match: re.Match[str], text: str, start: int, end: int) -> bool:
    before, after = text[max(start, match.start() - 24) : match.start()], text[match.end() : min(end, match.end() + 24)]
    if rule == "deadline.recurring":
        if re.search(r"前|内$", match.group()) or match.group().startswith(("按", "逐")):
            return True
        clause = re.split(r"[。;]", after, maxsplit=1)[0]
        return bool(
            _word("rhythm_verb").search(clause[:22])
            or re.search(r"[一二两三四五六\d][次场期轮]", match.group()[-3:] + clause[:14])
        )
    if rule == "deadline.within":
        if _word("service_before").search(before) or re.match(_word("service_after"), after):
            return False
        if re.search(r"[年月]内$", match.group()) and re.search(r"(?:近|过去|前|上|连续)$", before):
            return False
        clause = re.split(r"[。;,]", after, maxsplit=1)[0]
        return bool(
            re.search(
                r"完成|公开|公布|公示|报送|上报|反馈|答复|整改|办理|处理|提出|出具|作出|回复|回应|建成|实现|发布|报|制定|出台|移交|转办|核实|达到|落实|帮扶|交办|拨付|兑付|转送|受理|提交|召开|上网|推送|上传|录入|更新|告知|兑现|挂网",
                clause,
            )
        )
    if rule == "deadline.after-event":
        return not _word("service_after").match(after)
    if (
        rule.startswith("deadline.span")
        and _word("fact_before").search(before[-4:])
        and not re.match(r",?(?:完成|开展|组织|前)", after)
    ):
        return not before.endswith("截至")
    if _word("fact_after").match(after) or _fact_before().search(before):
        return False
    if rule == "deadline.month-done":
        return not re.match(r"[^,。;]{2,8}的", after)
    return not (
        rule.startswith("deadline.span")
        and re.match(r"期间|的(?!工作)|[^,。;:、]{1,8}的|,?(?:全[省市县区]|累计|共|已)", after)
    )


def find_in_cell(text: str, year: int | None) -> list[Found]:
    """The limits in the folded text of a deadline cell: every piece of it is one, if it can be understood."""
    found: list[Found] = []
    whole = re.sub(r"\s", "", text)
    for rule, kind, pattern, _ in _compiled("column"):
        if kind == "recurring" and whole and pattern.fullmatch(whole):
            return [Found(0, len(text), kind, None, None, rule)]
    for piece in _PIECES.finditer(text):
        word = piece.group()
        lead = len(word) - len(word.lstrip())
        word = re.sub(r"\s", "", word)
        at = piece.start() + lead
        tight = len(word) == len(piece.group().strip())
        for rule, kind, pattern, _ in _compiled("column"):
            match = pattern.fullmatch(word)
            if match and not (kind == "date" and not _plausible(match)):
                first, last = _days(match, year) if kind == "date" else (None, None)
                if kind == "date" and last is None and year is not None:
                    continue
                found.append(Found(at, piece.end(), kind, first, last, rule))
                break
        else:
            inner = find_deadlines(word, year)
            for f in inner:
                a, b = (at + f.start, at + f.end) if tight else (at, piece.end())
                found.append(Found(a, b, f.kind, f.first, f.last, f.rule))
            rest = word
            for f in reversed(inner):
                rest = rest[: f.start] + "\n" + rest[f.end :]
            for extra in re.finditer(r"长期坚持|持续推进|长期推进|常态化推进|常态化|长期|持续", rest):
                if any(f.kind == "ongoing" for f in found):
                    break
                where = word.find(extra.group())
                found.append(
                    Found(
                        at + where,
                        at + where + len(extra.group()) if tight else piece.end(),
                        "ongoing",
                        None,
                        None,
                        "deadline.ongoing",
                    )
                )
    return found


def _plausible(match: re.Match[str]) -> bool:
    groups = match.groupdict()
    month, day = groups.get("m"), groups.get("d")
    if month and not 1 <= int(month) <= 12:
        return False
    if day and not 1 <= int(day) <= 31:
        return False
    if not any(groups.get(k) for k in ("y", "q", "h")) and month and match.group().strip() == month:
        return False
    year = groups.get("y")
    return not (year and year.isdecimal() and not 1949 <= int(year) <= 2099)


def _days(match: re.Match[str], year: int | None) -> tuple[str | None, str | None]:
    """The first day (of a span) and the last day; (None, None) where they are no days of a calendar."""
    g = {k: v for k, v in match.groupdict().items() if v}
    for name in ("y", "m", "x"):
        if name + "2" in g:
            g[name] = g[name + "2"]
    first_year = _year(g.get("y1"), year)
    last_year = _year(g.get("y"), first_year if "y1" in g else year)
    if last_year is None:
        return None, None
    month = g.get("m") or (g.get("m1") if "d" in g else None)
    last = _last(last_year, month, g.get("d"), g.get("x"), g.get("q"), g.get("h"))
    first = None
    if "m1" in g:
        start_year = first_year if first_year is not None else last_year
        first = _day(start_year, int(g["m1"]), int(g.get("d1", 1)))
    elif "y1" in g:
        first = _day(int(g["y1"]), 1, 1)
    if first and last and first > last:
        return None, None
    return first, last


def _year(word: str | None, default: int | None) -> int | None:
    if word is None:
        return default
    if word.isdecimal():
        return int(word)
    return None if default is None else default + _YEAR_WORDS.get(word, 0)


def _last(
    year: int, month: str | None, day: str | None, part: str | None, quarter: str | None, half: str | None
) -> str | None:
    if quarter:
        month = str(("一二三四".find(quarter) + 1 or int(quarter)) * 3)
    elif half:
        month = "6" if half.startswith("上") else "12"
    if not month:
        return _day(year, 12, 31)
    if not 1 <= int(month) <= 12:
        return None
    if day:
        return _day(year, int(month), int(day))
    if part in ("上旬", "初"):
        return _day(year, int(month), 10)
    if part in ("中旬", "中"):
        return _day(year, int(month), 20)
    return _day(year, int(month), calendar.monthrange(year, int(month))[1])


def _day(year: int, month: int, day: int) -> str | None:
    if not (1 <= month <= 12 and 1900 <= year <= 2199):
        return None
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"
