"""Contact data: found, and masked with as many ＊ as it has characters, so that offsets stay right.

The grammar stands in `rules/personal.toml`. Numbers and addresses are found by its patterns; names by the word before
them (联系人：…), by a bracket behind them, and beside a number: what is in doubt there is taken for one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from .fold import fold
from .needs import led, may_fit, one_of
from .parts import tables
from .times import is_time

MASK = "＊"

Span = tuple[int, int, str]

_NONE = "(?!)"  # what nothing fits

_HAN = r"\u3400-\u9fff"
_SIZES = range(2, 5)  # characters that the name of a Chinese may have
_NO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_CIRCLED = str.maketrans("⓪①②③④⑤⑥⑦⑧⑨⓿❶❷❸❹❺❻❼❽❾", "01234567890123456789")
_CIRCLE = re.compile("[①-⑨⓪⓿❶-❾]")


@cache
def _words() -> dict:
    return tables("personal.toml")


@cache
def _part(name: str) -> re.Pattern[str]:
    """A part of the grammar by its name."""
    return re.compile(_words()["parts"][name])


@cache
def _sought(name: str) -> re.Pattern[str]:
    """A part that is searched for through a text."""
    return led(_words()["parts"][name])


def _listed(name: str) -> list[str]:
    return _words()["words"][name]


@cache
def _patterns() -> list[tuple[str, str]]:
    parts = dict(_words()["parts"])
    parts |= {name: _any(words) for name, words in _words()["words"].items()}

    def filled(pattern: str) -> str:
        while "<<" in pattern:
            pattern = re.sub("<<([a-z_]+)>>", lambda part: parts[part[1]], pattern)
        return pattern

    return [(rule["id"], filled(rule["pattern"])) for rule in _words()["rule"]]


def _any(words: list[str], between: str = r"\s?") -> str:
    """One of some words, the longest first; between the characters of a Chinese one may stand what `between` is."""
    ways = one_of((w for w in words if not w.isascii()), between), one_of(w for w in words if w.isascii())
    return "|".join(filter(None, ways)) or _NONE


# --- persons --------------------------------------------------------------------------------------------------------


@cache
def _surnames() -> frozenset[str]:
    return frozenset(_words()["surnames"])


@cache
def _no_person() -> re.Pattern[str]:
    return re.compile(f"(?:{_any(_words()['no_person_ends'], '')})$")


@cache
def _first_of_names() -> frozenset[str]:
    return _surnames() | {name[0] for name in _words()["compound_surnames"]}


def begins_name(text: str) -> bool:
    """Whether a text begins with the first character of a surname."""
    return text[:1] in _first_of_names()


def is_person(name: str) -> bool:
    """Whether a word looks like a person's name: a common surname and one or two characters."""
    compound = name[:2] in _words()["compound_surnames"]
    given = len(name) - (2 if compound else 1)
    return 1 <= given <= 2 and (compound or name[0] in _surnames()) and not _no_person().search(name)


def _may_be_person(name: str) -> bool:
    """Whether a word can be a name where only one stands: it is no unit, no time and no word of the genre."""
    known = name in _words()["no_names"] or _no_person().search(name)
    return len(name) in _SIZES and not known and not is_time(name)


# --- finding --------------------------------------------------------------------------------------------------------


class _ReadText(NamedTuple):
    """A text as it is read here, and where each of its characters stands in the text that was given."""

    plain: str
    places: list[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def find_personal(text: str) -> list[Span]:
    """The spans of contact data in a text, with the rule that found each."""
    read = _read(text)
    found: list[Span] = []
    for start, end in _stretches(read.plain):
        found += [(start + a, start + b, rule) for a, b, rule in _find(read.plain[start:end])]
    return [(*read.span(start, end), rule) for start, end, rule in _apart(found)]


def _find(text: str) -> list[Span]:
    numbers = [*_numbers(text)]
    named = [*_labelled(text)]
    numbers += _doubtful(text, named)
    return [*numbers, *named, *_beside(text, numbers)]


_SHORTEST_NUMBER = 5
_FAR = 400  # characters from a hint that are looked at where its line is longer


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a text in which there may be contact data: the line of a hint, the one before it, in which the
    name may stand, and two behind it."""
    low = high = 0
    for hint in _sought("hint").finditer(text):
        start, end = hint.span()
        for _ in range(2):
            start = max(text.rfind("\n", max(0, hint.start() - _FAR), start), hint.start() - _FAR, 0)
        for _ in range(3):
            line = text.find("\n", end, hint.end() + _FAR)
            end = min(line + 1 if line >= 0 else hint.end() + _FAR, len(text))
        if high and start > high:
            yield low, high
            low = start
        low, high = (min(low, start) if high else start), max(high, end)
    if high:
        yield low, high


def _read(text: str) -> _ReadText:
    plain = fold(text)
    if _CIRCLE.search(plain):
        plain = plain.translate(_CIRCLED)
    if not _NO_WIDTH.search(plain):
        return _ReadText(plain, None)
    places = [at for at, character in enumerate(plain) if not _NO_WIDTH.match(character)]
    return _ReadText("".join(plain[at] for at in places), places)


def _apart(found: list[Span]) -> list[Span]:
    apart: list[Span] = []
    for start, end, rule in sorted(found, key=lambda one: (one[0], -one[1])):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]), apart[-1][2])
        else:
            apart.append((start, end, rule))
    return apart


def _numbers(text: str) -> Iterator[Span]:
    for rule, pattern in _patterns():
        if not may_fit(pattern, text):
            continue
        sound = _SOUND.get(rule)
        for match in led(pattern).finditer(text):
            named = [name for name in ("hide", "more") if match.groupdict().get(name) is not None]
            start, end = match.span(named[0]) if named else match.span()
            if sound is None or sound(text[start:end]):
                start = _without_verb(match, start)
                yield start, end, rule


def _without_verb(match: re.Match[str], start: int) -> int:
    """A mail address begins with Chinese characters only where they are a name."""
    who = match.groupdict().get("who")
    return start + len(who) if who and not is_person(who) else start


_PUBLIC = re.compile(r"1\d{2,4}|9\d{4}")


def _is_number(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    return len(digits) >= _SHORTEST_NUMBER and not _PUBLIC.fullmatch(digits) and not _part("month").match(text)


def _has_digits(least: int) -> Callable[[str], bool]:
    return lambda text: sum(c.isdigit() for c in text) >= least


#: What else must hold of what a pattern hides.
_SOUND: dict[str, Callable[[str], bool]] = {
    "personal.number": _is_number,
    "personal.mobile.letters": lambda text: _has_digits(6)(text) and not text.isdecimal(),
    "personal.mail": lambda text: not _part("no_mail").match(text),
    "personal.paper": _has_digits(5),
}


# --- names by the words around them ---------------------------------------------------------------------------------

_ONE = rf"[{_HAN}]{{2,4}}(?![{_HAN}])"
_SPACED = rf"[{_HAN}](?:\s{{1,2}}[{_HAN}]){{1,3}}(?![{_HAN}])"
_DOTTED = rf"[{_HAN}]{{1,8}}(?:\s?[·•‧・.]\s?[{_HAN}]{{1,10}}){{1,3}}"
_LATIN = r"[A-Z][A-Za-z'-]{1,30}(?:\s[A-Z][A-Za-z'-]{1,30}){0,3}"
_BETWEEN = re.compile(r"\s?[、,/;]\s?|\s{1,3}")
_LABEL = re.compile(r"[ ]?:")
_SURE, _LABEL_ONLY = "personal.name", "personal.name.near"


@cache
def _name() -> re.Pattern[str]:
    title = _any(_words()["titles"], "")
    ends, deputy = _any(_listed("name_ends"), ""), _part("deputy").pattern
    return re.compile(
        rf"(?:{deputy}(?:{title}))?"
        rf"(?P<name>{_DOTTED}|{_ONE}|{_SPACED}|[{_HAN}]{{2,4}}?(?={deputy}(?:{title})|{ends})|{_LATIN})"
        rf"(?:\s?{deputy}(?:{title})){{0,2}}"
    )


@cache
def _role() -> re.Pattern[str]:
    who = f"{_any(_listed('role'))}|{_part('contact').pattern}"
    return led(f"(?P<role>{who}){_part('behind_role').pattern}")


@cache
def _behind() -> re.Pattern[str]:
    return re.compile(rf"(?<![{_HAN}])(?P<name>[{_HAN}]{{2,4}})\s?\(\s?(?:{_any(_listed('role'))})")


def _labelled(text: str) -> Iterator[Span]:
    for label in _role().finditer(text):
        sure = label["sure"] is not None
        if sure or label["role"].endswith(tuple(_listed("role_ends"))):
            yield from _names_from(text, label.end(), sure)
    for pattern in (_behind(), _sought("asked")):
        for match in pattern.finditer(text):
            if is_person(match["name"]):
                yield (*match.span("name"), _SURE)


def _names_from(text: str, at: int, sure: bool) -> Iterator[Span]:
    """The names that stand from a place on, one behind the other."""
    while (match := _name().match(text, at)) is not None:
        name = re.sub(r"\s", "", match["name"])
        whole = len(name) > max(_SIZES) or not re.match(f"[{_HAN}]", name)  # of a form that only names have
        if not (whole or (_may_be_person(name) if sure else is_person(name))):
            return
        if not sure and not re.match(f"[{_HAN}]", name):
            return
        if _LABEL.match(text, match.end()):  # it is what stands before the next name
            return
        yield (*match.span("name"), _SURE)
        between = _BETWEEN.match(text, match.end())
        if between is None:
            return
        at = between.end()


_CELL_BEFORE, _CELL_BEHIND = re.compile(r"(?:^|[\t\n])[ ]*$"), re.compile(r" {0,200}+(?:$|[\t\n])")
#: 20230630 alone in a cell is a day of our time, though it is as long as a number of a town's telephone.
_BARE_DAY = re.compile(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_CLOSE = 8  # characters between a name and the number that belongs to it


def _doubtful(text: str, named: list[Span]) -> Iterator[Span]:
    """Numbers that may be of a telephone in the same town, where a name stands beside them or nothing else in the cell
    (the columns of a table part its cells by line ends here)."""
    ends = sorted(end for _, end, _ in named)
    for match in _sought("town").finditer(text):
        start, end = match.span()
        if _part("month").match(match[0]) or re.fullmatch(r"20\d\d-20\d\d", match[0]):
            continue
        near = bisect_right(ends, start) - 1
        behind = _HEAD.match(text, end)
        beside = (near >= 0 and start - ends[near] <= _CLOSE) or next(_names_to(text, start), None) is not None
        beside = beside or (behind is not None and is_person(behind["name"]))
        alone = (
            "-" not in match[0]
            and not _BARE_DAY.fullmatch(match[0])
            and _CELL_BEFORE.search(text, max(0, start - 8), start)
            and _CELL_BEHIND.match(text, end)
        )
        if beside or alone:
            yield start, end, "personal.local"


# --- names beside a number ------------------------------------------------------------------------------------------

_NEAR = 40  # characters before a number in which its name is looked for
_TAIL = re.compile(rf"(?P<run>[{_HAN}](?:\s?[·•‧・]?[{_HAN}]){{1,15}})(?P<apart>[\s,:;()、/-]{{0,4}})$")
_HEAD = re.compile(rf"[\s,(:、-]{{0,3}}(?P<name>[{_HAN}]{{2,4}})(?![{_HAN}])")
_WITH_NAMES = (
    *("mobile", "landline", "number", "service-number", "mail", "chat", "local"),
    *("identity-card", "card", "passport", "paper"),
)


@cache
def _title_at_end() -> re.Pattern[str]:
    return re.compile(f"(?:{_any(_words()['titles'], '')}|{'|'.join(_listed('behind_name'))})$")


@cache
def _before_name() -> re.Pattern[str]:
    """What a name may follow without a space: a unit, a title."""
    words = [*_words()["no_person_ends"], *_words()["titles"], *_listed("before_name")]
    return re.compile(f"(?:{_any(words, '')})$")


@cache
def _label_at_end() -> re.Pattern[str]:
    words = [word for kind in ("phone", "chat", "paper") for word in _listed(kind)]
    words += _listed("more_labels")
    return re.compile(rf"(?:[,;、\s(]{{0,2}}(?:{_any(words)}){_part('behind_label').pattern})$")


def _beside(text: str, numbers: list[Span]) -> Iterator[Span]:
    """Names before and behind numbers."""
    starts = sorted(start for start, _, _ in numbers)
    for start, end, rule in numbers:
        if not rule.removeprefix("personal.").startswith(_WITH_NAMES):
            continue
        yield from _names_to(text, start)
        behind = _HEAD.match(text, end)
        near = bisect_right(starts, end)
        followed = near < len(starts) and starts[near] - end < _CLOSE  # then it is the name of the next number
        if behind and not followed and is_person(behind["name"]):
            yield (*behind.span("name"), _LABEL_ONLY)


def _names_to(text: str, end: int) -> Iterator[Span]:
    """The names that end before a place, one before the other."""
    low = max(0, end - _NEAR)
    label = _label_at_end().search(text, low, end)
    first = True
    end = label.start() if label else end
    while tail := _TAIL.search(text, low, end):
        span = _name_at_end(text, *tail.span("run"), apart=bool(tail["apart"] or label) and first)
        if span is None or not (tail["apart"] or first):
            return
        yield (*span, _LABEL_ONLY)
        first, end = False, span[0]
        if not re.search(r"[、,/\s]$", text[:end][-1:]):
            return


def _may_be_alone(word: str, text: str, start: int) -> bool:
    return _may_be_person(word) and _stands_alone(text, start)


def _name_at_end(text: str, start: int, end: int, apart: bool) -> tuple[int, int] | None:
    """The name with which a run of Chinese characters ends. `apart`: something stands between it and the number; then a
    run that stands alone may be a name that begins with no surname that is known."""
    while title := _title_at_end().search(text, start, end):
        end = title.start()
        if end - start < 2:
            return None
    run = text[start:end]
    plain = re.sub(r"\s", "", run)
    if re.search("[·•‧・]", run):
        return start, end
    alone = start == 0 or not re.match(f"[{_HAN}]", text[start - 1])
    apart = apart or (start > 0 and text[start - 1] == "(")
    if alone and not is_time(plain) and (is_person(plain) or (apart and _may_be_alone(plain, text, start))):
        return start, end
    return next(((end - length, end) for length in (3, 2, 4) if _ends_in_name(run, length)), None)


def _ends_in_name(run: str, length: int) -> bool:
    """Whether the last so many characters of a run are a name, and what stands before them lets one begin there."""
    name, before = run[-length:], run[:-length]
    if len(name) < length or not is_person(name) or is_time(name):
        return False
    return before[-1:].isspace() or _before_name().search(before) is not None


def _stands_alone(text: str, start: int) -> bool:
    """At the beginning of a line, a cell or a bracket, or behind a colon or a space."""
    return start == 0 or text[start - 1] in "\n\t (:"


# --- masking --------------------------------------------------------------------------------------------------------


def mask(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` with the spans masked, length unchanged."""
    if not spans:
        return text
    out, at = [], 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        start = max(start, at)
        out += [text[at:start], MASK * (end - start)]
        at = end
    return "".join(out) + text[at:]


def masked(text: str) -> str:
    """`text` with the contact data in it masked."""
    return mask(text, [(start, end) for start, end, _ in find_personal(text)])
