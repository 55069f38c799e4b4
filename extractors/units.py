"""Assignments and the units in them: （责任单位：…）, （X牵头，Y配合）, cells of unit columns, lines of their own.

Everything here takes folded text (`fold.fold`) and gives spans in it; names are taken from the unfolded text by
`name_of`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from . import rules
from .deadlines import find_in_cell
from .fold import squeeze
from .lexicon import Lexicon
from .personal import is_person


@dataclass(slots=True, frozen=True)
class Item:
    """A unit of a list: span in the folded text, the place prefix to restore, whether it is a collective."""

    start: int
    end: int
    role: str
    rule: str
    prefix: str = ""
    collective: bool = False


@dataclass(slots=True)
class Parsed:
    """A unit list as understood. `deadlines` are spans after a label of time, `rest` what names no unit, `hidden`
    persons."""

    items: list[Item] = field(default_factory=list)
    open: bool = False
    deadlines: list[tuple[int, int]] = field(default_factory=list)
    rest: list[tuple[int, int]] = field(default_factory=list)
    hidden: list[tuple[int, int]] = field(default_factory=list)
    labelled: bool = False
    verbs: bool = False


@dataclass(slots=True)
class Assignment:
    """`[start, end)` covers brackets and label; `parsed` has spans in the same text."""

    start: int
    end: int
    parsed: Parsed
    rule: str


_BULLET = "●•·■◆▲★◇○〇※ \t\n\r"
_CLOSER = "●•·■◆◇○〇 \t\n\r.。:"
_JOINT = re.compile(r"(?:以及|和|及|与|并|会同|、以及)")


@cache
def _rules() -> dict:
    return rules.words("units.toml")


@cache
def _suffix() -> re.Pattern[str]:
    words: list[str] = sorted(set(_rules()["suffixes"]), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(words)})(?:\([^()]*\))?$")


@cache
def _collective() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _rules()["collective"].items()))


@cache
def _whole() -> re.Pattern[str]:
    return re.compile("|".join(_rules()["whole"].values()))


@cache
def _open_tail() -> re.Pattern[str]:
    return re.compile(_rules()["open_tail"] + "$")


@cache
def _labels() -> re.Pattern[str]:
    alternatives = "|".join(f"(?P<{r['id'].replace('.', '_')}>{r['pattern']})" for r in _rules()["label"])
    return re.compile(rf"(?<![\u4e00-\u9fff])(?:{alternatives})(?:\([^()]{{0,12}}\))?\s*:\s*")


@cache
def _verbs() -> re.Pattern[str]:
    """A verb that closes an item and says in which role the units before it stand."""
    alternatives = "|".join(f"(?P<{r['id'].replace('.', '_')}>{r['pattern']})" for r in _rules()["verb"])
    return re.compile(rf"(?:{alternatives})$")


@cache
def _lead_in() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(_rules()["lead_in"]) + ")(?=.)")


@cache
def _roles() -> dict[str, str]:
    return {r["id"].replace(".", "_"): r["role"] for r in _rules()["label"] + _rules()["verb"]}


_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z]")


def names_nobody(text: str) -> bool:
    """Whether a folded cell or item stands for no unit: `/`, 无, —."""
    return not _WORD.search(text) or squeeze(text) in _rules()["nobody"]


_words: ContextVar[Lexicon | None] = ContextVar("zhengling_lexicon", default=None)


def lexicon() -> Lexicon:
    """The lexicon that units are known by: the one last given to `use`, else the built-in one."""
    return _words.get() or Lexicon.load()


def use(words: Lexicon) -> None:
    """Makes a lexicon that of all look-ups from here on; what was looked up in another one is forgotten."""
    if words is not lexicon():
        _words.set(words)
        for kept in (is_unit, parse_list, _restorable):
            kept.cache_clear()


@lru_cache(maxsize=4096)
def is_collective(name: str) -> bool:
    """Whether a folded name stands for many units (各乡镇人民政府, 县直有关部门)."""
    name = squeeze(name)
    return bool(_collective().fullmatch(name))


@lru_cache(maxsize=4096)
def is_unit(name: str) -> bool:
    """Whether a folded word is shaped like a unit's name, or known as one."""
    name = squeeze(name)
    if not 2 <= len(name) <= 30:
        return False
    return bool(_suffix().search(name)) or is_collective(name) or lexicon().split_unit(name).department is not None


def name_of(text: str) -> str:
    """A unit's name as records have it: white space and bullets removed, 〔〕 as （）."""
    return (
        squeeze(text)
        .strip(_BULLET + "、,，;；.。:：")
        .translate(
            {ord("〔"): "（", ord("〕"): "）", ord("［"): "（", ord("］"): "）", ord("【"): "（", ord("】"): "）"}
        )
    )


# --- lists ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def parse_list(text: str, role: str = "responsible", column: bool = False) -> Parsed:
    """What a folded unit list says; spans count from the start of `text`.

    `role` is that of units with neither label nor verb. In a `column` every item is a unit unless it names nobody.
    """
    out = Parsed()
    wide = first_leads(text)
    if wide:
        # “列第一位的为牵头单位，下同” is no unit.
        stop = re.compile(r"[,;]?下同").match(text, _clause_end(text, wide.end()))
        end = stop.end() if stop else wide.end()
        begin = max(text.rfind(c, 0, wide.start()) for c in ",;。(") + 1
        text = text[:begin] + " " * (end - begin) + text[end:]
    at = 0
    default, rule = role, "units.column" if column else "units.list"
    skip: str | None = None
    labels = list(_labels().finditer(text))
    segments: list[tuple[int, int, str, str, str | None]] = []
    for label in labels:
        if label.start() > at:
            segments.append((at, label.start(), default, rule, skip))
        kind = label.lastgroup or ""
        what = _roles()[kind]
        skip = what if what in ("person", "deadline", "other") else None
        if skip is None:
            default, rule = what, "units." + kind.replace("_", ".")
            out.labelled = True
        at = label.end()
    if at < len(text):
        segments.append((at, len(text), default, rule, skip))
    found: list[Item] = []
    prefix = ""
    for start, end, default, rule, skip in segments:
        if skip == "deadline":
            out.deadlines.append((start, end))
        elif skip == "person":
            out.hidden.append((start, end))
        elif skip is None:
            items, prefix = _segment(text, start, end, default, rule, prefix, column, out)
            found += items
    out.items = lead_beside_support(found)
    return out


def _clause_end(text: str, at: int) -> int:
    stop = re.compile(r"[,;。)]").search(text, at)
    return stop.start() if stop else len(text)


def _segment(
    text: str, start: int, end: int, default: str, rule: str, prefix: str, column: bool, out: Parsed
) -> tuple[list[Item], str]:
    """The units of one labelled stretch; returns them with the place prefix that goes on."""
    done: list[Item] = []
    waiting: list[Item] = []
    for a, b, comma in _items(text, start, end):
        word = text[a:b]
        verb = _verbs().search(word)
        role, verb_rule = None, rule
        if comma and rule.startswith("units.label"):
            # Under a label a verb reaches back to the last comma only: 责任单位：A、B，C配合.
            done += waiting
            waiting = []
        if verb and (len(verb.group()) < len(word) or waiting):
            role = _roles()[verb.lastgroup or ""]
            b = a + verb.start()
            word = text[a:b]
            out.verbs = True
            verb_rule = "units." + (verb.lastgroup or "").replace("_", ".")
        for c, d in _parts(text, a, b):
            part = text[c:d]
            tail = _open_tail().search(part)
            if tail and (tail.start() == 0 or _suffix().search(part[: tail.start()]) or column):
                out.open = True
                d = c + tail.start()
                part = text[c:d]
            lead = _lead_in().match(part)
            if lead:
                c += lead.end()
                part = text[c:d]
            while part and part[0] in _BULLET:
                c, part = c + 1, part[1:]
            while part and part[-1] in _CLOSER:
                d, part = d - 1, part[:-1]
            part, d = _without_person(part, d, out)
            own_role, own_rule = default, rule
            said = _MARKED.search(part)
            if said:
                # 县教育局（牵头）, or 县教育局* where the paper says what the mark means.
                part, d = part[: said.start()], c + said.start()
                own_rule = "units.marked"
                if said["word"]:
                    own_role = "support" if re.search("配合|参与|协助", said["word"]) else "lead"
            if names_nobody(part):
                continue
            collective = is_collective(part)
            if not collective and not is_unit(part) and _time(part):
                out.deadlines.append((c, d))
                continue
            if not column and not collective and not is_unit(part):
                out.rest.append((c, d))
                continue
            add = ""
            if not collective:
                own = _prefix_of(part)
                if own:
                    prefix = own
                elif prefix and _restorable(part):
                    add = prefix
            waiting.append(Item(c, d, own_role, own_rule, add, collective))
        if role:
            done += [i if i.rule == "units.marked" else replace(i, role=role, rule=verb_rule) for i in waiting]
            waiting = []
    return done + waiting, prefix


def _items(text: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    """Splits at punctuation and white space outside brackets; a name that a line break cut is one item. The third value
    says that a comma or semicolon stands before the item."""
    spans: list[tuple[int, int, bool]] = []
    depth, at, i, comma = 0, start, start, False
    while i < end:
        c = text[i]
        if c in "(“":
            depth += 1
        elif c in ")”":
            depth = max(0, depth - 1)
        elif c in "各有相" and depth == 0 and not text[at:i].strip(_BULLET):
            whole = _whole().match(text, i, end)
            if whole:
                i = whole.end()
                continue
        elif depth == 0 and c in "、,;。●•■◆|/ \n\t":
            if c in " \n\t" and i > at and not _complete(text[at:i], text[i + 1 : end]):
                i += 1
                continue
            if i > at:
                spans.append((at, i, comma))
                comma = False
            comma = comma or c in ",;"
            at = i + 1
        i += 1
    if end > at:
        spans.append((at, end, comma))
    return spans


_TIMELY = re.compile(r"[年月日前季]|长期|持续|推进")


def _time(word: str) -> bool:
    return bool(_TIMELY.search(word)) and bool(find_in_cell(word, 2000))


def _complete(left: str, right: str) -> bool:
    """Whether white space between `left` and `right` parts two units, and is no break in mid-name."""
    left = squeeze(left)
    right = right.lstrip(_BULLET)
    if right[:1] in ("、", ",", ";", ")", ""):
        return False
    if not (_suffix().search(left) or is_collective(left) or _verbs().search(left)):
        return False
    first = re.split(r"[、,;。●•■◆▲|/\s]", right, maxsplit=1)[0]
    own = _prefix_of(left)
    if own and not is_collective(left):
        # 县政府办 / 公室: the rest of a name does not begin with a place and is no unit of its own.
        return (
            bool(_prefix_of(first))
            or is_collective(first)
            or first.startswith("各")
            or (len(first) > 3 and is_unit(first))
            or first in ("妇联", "残联", "科协", "团委", "纪委")
        )
    return len(first) >= 2


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Splits an item at 和, 及, 与 between two units, and where two units stand without anything between them."""
    word = text[start:end]
    if is_collective(word) and not re.search(r"(?:局|委|办|室|厅|院|会)[和及与]|[和及与]各", word):
        return [(start, end)]
    cuts: list[tuple[int, int]] = []
    depth = 0
    at = 0
    i = 1
    while i < len(word) - 1:
        c = word[i]
        if c == "(":
            depth += 1
        elif c == ")":
            depth -= 1
        if depth == 0:
            joint = _JOINT.match(word, i) if word[i] in "以和及与并会、" else None
            if joint and joint.end() < len(word) and _ends_unit(word[at:i]) and _begins_unit(word[joint.end() :]):
                cuts.append((i, joint.end()))
                at = i = joint.end()
                continue
            if (
                i - at >= 3
                and word[i] in "省市县区州旗各"
                and _ends_unit(word[at:i])
                and _next_unit(word[at:i], word[i:])
            ):
                cuts.append((i, i))
                at = i
        i += 1
    if not cuts:
        return [(start, end)]
    out, at = [], 0
    for a, b in cuts:
        out.append((start + at, start + a))
        at = b
    out.append((start + at, end))
    return [(a, b) for a, b in out if b > a]


def _ends_unit(word: str) -> bool:
    return len(word) > 1 and bool(_ENDS.search(word))


_ENDS = re.compile(
    r"(?:局|委|办|厅|部|院|室|中心|会|所|署|司|府|处|联|行|社|馆|站|队|公司|部门|单位|街道|镇|乡|区|团|校|集团|企业|县|市)\)?$"
)


def _begins_unit(word: str) -> bool:
    return bool(_suffix().search(_strip_tail(word)) or is_collective(_strip_tail(word)))


def _strip_tail(word: str) -> str:
    return _open_tail().sub("", word)


def _next_unit(left: str, right: str) -> bool:
    """县教育局县财政局 are two; 县委县政府督查局, 县政府各部门, 市生态环境局某县分局 are one."""
    if right[0] == "各":
        return not re.search(r"(?:政府|委|直|部)$", left)
    if len(left) < 4:
        return False
    if left[0] != right[0]:
        # 区水务局市生态环境局…: of different levels, but both known.
        known = lexicon()
        one, other = known.split_unit(left), known.split_unit(_strip_tail(right))
        return bool(one.prefix and one.department and other.prefix and other.department and not one.branch)
    return len(right) > 2 and bool(_suffix().search(_strip_tail(right)))


def _prefix_of(name: str) -> str:
    """The place that a name begins with: 县, 市, 省, 自治区, or a place's name; '' if none."""
    split = lexicon().split_unit(name)
    return "" if split.prefix == "国家" else split.prefix


@lru_cache(maxsize=4096)
def _restorable(name: str) -> bool:
    if re.match(r"国家|国网|中国|中央|人民银行|人行|驻|团[省市县区州旗]委|.{0,4}(?:供电|移动|联通|电信|铁塔)", name):
        return False
    name = re.sub(r"\([^()]*\)$", "", name)
    if re.search(r"派出所$|卫生院$|学校$|中学$|小学$", name) or any(
        r.level == "province" for n in (2, 3) for r in lexicon().regions_short(name[:n])
    ):
        return False
    department = lexicon().department(name)
    if department is not None:
        return department.place_prefix
    if re.search(r"(?:支队|大队|分局)$", name) and lexicon().department(name[2:]) is not None:
        # The place is its own: the traffic police of a harbour.
        return False
    return bool(re.search(r"(?:局|委|办|厅|办公室|中心|支队|大队|武装部|所(?<!派出所)|站)$", name)) and not re.search(
        r"开发区|园区|新区|示范区|高新区|经开区|公司|集团|管委会|支行|分行|银行|^驻|^国网|^中国|^各|街道|乡镇", name
    )


_MARKED = re.compile(
    r"(?:\((?P<word>总?牵头(?:单位|部门|负责)?|主办|主责(?:单位)?|配合(?:单位|部门)?|参与|协助)\)|(?P<sign>[*★▲※△]))$"
)
_NAME_IN_BRACKET = re.compile(r"\(([\u4e00-\u9fff]{2,4})\)$")


def _without_person(part: str, end: int, out: Parsed) -> tuple[str, int]:
    found = _NAME_IN_BRACKET.search(part)
    if found and is_person(found.group(1)) and not is_unit(found.group(1)):
        cut = len(part) - found.start()
        out.hidden.append((end - cut, end))
        return part[: found.start()], end - cut
    return part, end


# --- assignments in running text -----------------------------------------------------------------------------------

_KEY = re.compile(
    r"单位|部门|科室|处室|股室|牵头|负责|配合|责任|落实|参与|参加|协助|承办|主办|[局委办厅部府行会院心司室联队所站区镇乡]\)|[局委办厅部]、"
)
_BRACKET = re.compile(r"\((?:[^()]|\([^()]*\)){2,600}\)")


@cache
def _line_label() -> re.Pattern[str]:
    kinds = "|".join(r["pattern"] for r in _rules()["label"] if r["role"] in ("lead", "responsible", "support"))
    others = "|".join(r["pattern"] for r in _rules()["label"] if r["role"] in ("deadline", "person"))
    return re.compile(rf"(?<![\u4e00-\u9fff、,])\(?(?:(?:{kinds})|(?P<other>{others}))(?:\([^()]{{0,12}}\))?:$")


def find_assignments(text: str, start: int = 0, end: int | None = None) -> list[Assignment]:
    """The assignments in a stretch of folded text: brackets, and lines or sentences that begin with a label."""
    end = len(text) if end is None else end
    found: list[Assignment] = []
    for bracket in _BRACKET.finditer(text, start, end):
        if not _KEY.search(text, bracket.start(), bracket.end()):
            continue
        assignment = _bracket(text, bracket.start(), bracket.end(), start, end)
        if assignment:
            found.append(assignment)
    taken = [a.start for a in found]
    brackets = list(found)

    def inside(offset: int) -> bool:
        at = bisect_right(taken, offset) - 1
        return at >= 0 and offset < brackets[at].end

    for verb in _CLOSING_VERB.finditer(text, start, end):
        stop = verb.end()
        begin = max(start, stop - 240, *(text.rfind(c, start, stop) + 1 for c in "。;!?\n"))
        said = text[begin:stop]
        if len(said) < 6 or inside(begin) or inside(stop - 1):
            continue
        parsed = parse_list(said)
        if (
            parsed.verbs
            and parsed.items
            and not parsed.rest
            and all(_sure(said[i.start : i.end]) for i in parsed.items)
        ):
            found.append(
                Assignment(begin, stop + (text[stop : stop + 1] in ("。", ";")), shift(parsed, begin), "units.sentence")
            )
    lines: list[Assignment] = []
    low = start
    colon = text.find(":", start, end)
    while colon >= 0:
        label = _line_label().search(text, max(start, colon - 24), colon + 1)
        after = colon + 1
        colon = text.find(":", after, end)
        if label is None or label.end() != after or inside(label.start()) or label.start() < low:
            continue
        if label.start() > start and label["other"] and text[label.start() - 1] != "\n":
            continue
        stop = _line_end(text, label.end(), end)
        parsed = shift(parse_list(text[label.start() : stop]), label.start())
        if parsed.items or parsed.open or parsed.hidden or parsed.deadlines:
            # （责任单位：… whose bracket is never closed.
            opened = label.start() - (label.start() > start and text[label.start() - 1] == "(")
            lines.append(Assignment(opened, stop, parsed, "units.line"))
            low = stop
    return _merged(sorted(found + lines, key=lambda a: a.start), text)


#: The end of a sentence that may be nothing but an assignment: X牵头，Y参与。
_CLOSING_VERB = re.compile(
    r"(?:牵头|负责|配合|参与|参加|协助|落实|指导)(?P<time>,[^,。;\n]{2,20}(?:前|底|完成|推进|坚持))?(?=[。\n]|$)"
)


def _sure(name: str) -> bool:
    """Whether a folded word is surely a unit's name, and no words that only end like one."""
    name = squeeze(name)
    if is_collective(name):
        return True
    if len(name) > 24 or not is_unit(name):
        return False
    known = lexicon()
    split = known.split_unit(name)
    bare = re.sub(r"\([^()]*\)$", "", name)
    return bool(
        split.prefix
        or known.department(name)
        or known.department(bare)
        or re.search(
            r"(?:局|委|办|厅|司|法院|检察院|总工会|妇联|残联|科协|支行|公司|管委会|办事处|办公室|指挥部|中心|联社|支队|大队|委员会|政府|派出所|街道|镇|乡|中学|小学|学校|医院)$",
            bare,
        )
    )


def _line_end(text: str, start: int, end: int) -> int:
    # No line of units is longer than some hundred characters: the look ahead is bounded.
    end = min(end, start + 800)
    stop = _LINE_STOP.search(text, start, end)
    return stop.start() if stop else end


_LINE_STOP = re.compile(r"。|\n(?!\s*(?:牵头|责任|配合|参与|完成|时限|协办|联系|办理))")


def _merged(found: list[Assignment], text: str) -> list[Assignment]:
    """Labels on lines one below the other (牵头单位：… 配合单位：…) are one assignment."""
    out: list[Assignment] = []
    for a in found:
        gap = text[out[-1].end : a.start] if out else "x"
        if out and not gap.strip("。;,、 \n"):
            last = out[-1]
            whole = (
                shift(parse_list(text[last.start : a.end].strip("()")), last.start)
                if last.rule == a.rule == "units.line"
                else None
            )
            if whole is not None:
                out[-1] = Assignment(last.start, a.end, whole, a.rule)
                continue
            if last.rule != "units.line" and a.rule != "units.line":
                p, q = last.parsed, a.parsed
                out[-1] = Assignment(
                    last.start,
                    a.end,
                    Parsed(
                        lead_beside_support(p.items + q.items),
                        p.open or q.open,
                        p.deadlines + q.deadlines,
                        p.rest + q.rest,
                        p.hidden + q.hidden,
                        True,
                        True,
                    ),
                    a.rule,
                )
                continue
        out.append(a)
    return out


def lead_beside_support(items: list[Item]) -> list[Item]:
    """The units of an assignment, those under 责任单位 as leading where others are under 配合单位 and nobody leads."""
    roles = {i.role for i in items if not i.rule.endswith(".guide")}
    if "support" in roles and "lead" not in roles:
        return [replace(i, role="lead") if i.rule == "units.label.responsible" else i for i in items]
    return items


def _bracket(text: str, start: int, end: int, low: int, high: int) -> Assignment | None:
    """The assignment in a bracket `[start, end)`, if it is one."""
    inner = text[start + 1 : end - 1]
    parsed = parse_list(inner)
    if not parsed.items and not (parsed.labelled and parsed.open) and not (parsed.labelled and parsed.hidden):
        return None
    rule = "units.bracket"
    whole = re.match(r"(?:本(?:部分|章|节|项)|以上|以下|上述|该部分)[^:;,]{0,12}[,:]?", inner)
    if whole and parsed.labelled:
        parsed = shift(parse_list(inner[whole.end() :]), whole.end())
        inner = inner[whole.end() :]
    if parsed.labelled:
        label = _labels().match(inner.lstrip())
        if not label and parsed.rest:
            return None
    else:
        if sum(b - a for a, b in parsed.rest) > 0:
            return None
        before = text[max(low, start - 1) : start]
        after = text[end : end + 1] if end < high else ""
        closes = after in ("", "。", ";", "\n", ",", " ") or end >= high
        if parsed.verbs:
            rule = "units.bracket.verb"
            if not (before in ("。", ";", "!", "”", ")", "") or closes or before == "\n"):
                return None
        elif not all(_sure(inner[i.start : i.end]) for i in parsed.items) or not (
            before in ("。", ";", "!", "\n", "") or (closes and len(parsed.items) > 1 and after in ("。", "", "\n"))
        ):
            return None
        else:
            rule = "units.bracket.plain"
    return Assignment(start, end, shift(parsed, start + 1), rule)


def shift(parsed: Parsed, by: int) -> Parsed:
    """The same list with its spans moved."""
    return Parsed(
        [replace(i, start=i.start + by, end=i.end + by) for i in parsed.items],
        parsed.open,
        [(a + by, b + by) for a, b in parsed.deadlines],
        [(a + by, b + by) for a, b in parsed.rest],
        [(a + by, b + by) for a, b in parsed.hidden],
        parsed.labelled,
        parsed.verbs,
    )


# --- what a document says once for all -----------------------------------------------------------------------------


@cache
def _wide() -> tuple[re.Pattern[str], re.Pattern[str]]:
    wide = _rules()["document_wide"]
    return re.compile(wide["first_leads"]), re.compile(wide["all_support"])


def first_leads(text: str) -> re.Match[str] | None:
    """“列第一位的为牵头单位”: the match, or None."""
    return _wide()[0].search(text)


def marked_leads(text: str) -> bool:
    """Whether a document says that units with a mark (*) lead."""
    return bool(re.search(r"[*★▲※△][”\"]?[^。;\n]{0,12}牵头", text))


def for_all(text: str) -> list[tuple[int, int, int, str]]:
    """“以下均需各片区配合落实，不再列出”: (where it is said, start and end of the units, role)."""
    found = []
    for match in _wide()[1].finditer(text):
        name = "units" if match.group("units") else "units2"
        verb = match.group("verb") or match.group("verb2") or ""
        role = "support" if re.search("配合|参与|协助", verb) else "responsible"
        found.append((match.start(), match.start(name), match.end(name), role))
    return found
