"""The numbers that Word draws before paragraphs: they are part of the text, but stand nowhere in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ...words.forms import BRANCHES, DIGITS, LEGAL, SPOKEN, STEMS, ZERO, roman, spoken

#: Names of elements: of the words, and of what Word keeps for older programs.
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
#: Bullets of symbol fonts as the characters that they look like.
_BULLETS = {"\uf06c": "●", "\uf06e": "■", "\uf075": "◆", "\uf0a7": "▪", "\uf0b7": "•", "\uf0d8": "➢", "\uf0fc": "✓"}
_LEVELS = 9
#: Letters of a list before they are doubled; numbers from here on have no Roman form.
_LETTERS, _NO_ROMAN = 26, 4000


@dataclass(slots=True)
class Level:
    form: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None  # after which level (from 1) it begins anew; 0 never, None after each higher one
    legal: bool = False
    space: bool = False
    style: str = ""


@dataclass(slots=True)
class WordList:
    """A `w:num`: which counters it shares, its levels, the starts that it sets anew."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)


class WordNumbering:
    """The lists and styles of a document, and how far each list has counted.

    `numbering` and `styles` are the roots of these parts, or None.
    """

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._styles = {s.get(W + "styleId"): s for s in styles.iter(W + "style")} if styles is not None else {}
        self._default = next(
            (i for i, s in self._styles.items() if s.get(W + "type") == "paragraph" and s.get(W + "default") == "1"), ""
        )
        self._abstract = (
            {a.get(W + "abstractNumId"): a for a in numbering.iter(W + "abstractNum")} if numbering is not None else {}
        )
        self._lists: dict[str, WordList] = {}
        for num in numbering.iter(W + "num") if numbering is not None else ():
            self._lists[num.get(W + "numId")] = self._list(num)
        self._counts: dict[
            str, list[int | None]
        ] = {}  # abstract list → the number of each level, None before its first
        self._begun: set[tuple[str, int]] = set()

    def number(self, paragraph: Any) -> str:
        """The number that stands before a paragraph, "" if none; counts it."""
        found = self._place(paragraph)
        if found is None:
            return ""
        name, depth = found
        here = self._lists.get(name)
        if here is None:
            return ""
        level = here.levels.get(depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(here.abstract, list[int | None]([None] * _LEVELS))
        if depth in here.starts and (name, depth) not in self._begun:
            self._begun.add((name, depth))
            counts[depth] = None
        now = counts[depth]
        counts[depth] = here.starts.get(depth, level.start) if now is None else now + 1
        for deeper in range(depth + 1, _LEVELS):
            other = here.levels.get(deeper)
            if other is None or other.restart is None or (other.restart and depth < other.restart):
                counts[deeper] = None
        for higher in range(depth):
            if counts[higher] is None:
                above = here.levels.get(higher)
                counts[higher] = above.start if above else 1
        return _shown(level, here, counts)

    def contents(self, paragraph: Any) -> bool:
        """Whether a paragraph is a line of a table of contents."""
        style = self._styles.get(_value(paragraph, "pPr", "pStyle"))
        name = _value(style, "name") if style is not None else ""
        return bool(re.match(r"toc \d", name, re.I))

    def _place(self, paragraph: Any) -> tuple[str, int] | None:
        """(list, level) of a paragraph: its own, else that of its style."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        name, depth = (_value(own, "numId"), _value(own, "ilvl")) if own is not None else ("", "")
        style = _value(paragraph, "pPr", "pStyle") or self._default
        seen: set[str] = set()
        chain = []
        while style and style not in seen and style in self._styles:
            seen.add(style)
            chain.append(style)
            style = _value(self._styles[style], "basedOn")
        for at in chain if not name else ():
            given = self._styles[at].find(f"{W}pPr/{W}numPr")
            if given is None:
                continue
            name = _value(given, "numId")
            # In a style the level is the one that names the style.
            linked = self._lists.get(name)
            depth = depth or next(
                (
                    str(n)
                    for n, level in (linked.levels if linked else {}).items()
                    if level.style in seen and level.style == at
                ),
                _value(given, "ilvl"),
            )
            if name:
                break
        if not name or name == "0":
            return None
        return name, min(int(depth) if depth.isdecimal() else 0, _LEVELS - 1)

    def _list(self, num: Any) -> WordList:
        abstract = _value(num, "abstractNumId")
        root = self._abstract.get(abstract)
        link = _value(root, "numStyleLink") if root is not None else ""
        if link:
            # The levels stand in the list that the style names.
            other = next((i for i, a in self._abstract.items() if _value(a, "styleLink") == link), None)
            abstract, root = (other, self._abstract[other]) if other else (abstract, root)
        here = WordList(abstract, {})
        for level in root.iter(W + "lvl") if root is not None else ():
            _put(here.levels, level)
        for change in num.iter(W + "lvlOverride"):
            depth = change.get(W + "ilvl", "")
            if not depth.isdecimal():
                continue
            for level in change.iter(W + "lvl"):
                _put(here.levels, level)
                here.starts[int(depth)] = here.levels[int(depth)].start if int(depth) in here.levels else 1
            start = _value(change, "startOverride")
            if start.isdecimal():
                here.starts[int(depth)] = int(start)
        return here


def _put(levels: dict[int, Level], element: Any) -> None:
    depth = element.get(W + "ilvl", "")
    if not depth.isdecimal() or int(depth) >= _LEVELS:
        return
    form = element.find(W + "numFmt")
    if form is None:
        form = element.find(f"{MC}AlternateContent/{MC}Choice/{W}numFmt")
    start, restart = _value(element, "start"), _value(element, "lvlRestart")
    levels[int(depth)] = Level(
        form=form.get(W + "val", "decimal") if form is not None else "decimal",
        text=_value(element, "lvlText"),
        start=int(start) if start.isdecimal() else 1,
        restart=int(restart) if restart.isdecimal() else None,
        legal=element.find(W + "isLgl") is not None,
        space=_value(element, "suff") == "space",
        style=_value(element, "pStyle"),
    )


def _value(element: Any, *names: str) -> str:
    for name in names:
        if element is None:
            return ""
        element = element.find(W + name)
    return element.get(W + "val") or "" if element is not None else ""


def _shown(level: Level, here: WordList, counts: list[int | None]) -> str:
    """The text of a level with its numbers put in. The tab behind it is white space of the layout."""
    if level.form == "bullet":
        return "".join(_BULLETS.get(c, c if c < "\ue000" or c > "\uf8ff" else "•") for c in level.text)

    def put(match: re.Match[str]) -> str:
        depth = int(match.group(1)) - 1
        other = here.levels.get(depth)
        value = counts[depth]
        if other is None or value is None:
            return ""
        form = "decimal" if level.legal and other.form not in ("decimal", "decimalZero") else other.form
        return word(value, form)

    said = re.sub(r"%([1-9])", put, level.text)
    return said + " " if level.space and said else said


def word(value: int, form: str) -> str:
    """A number in one of Word's forms; in Arabic digits where the form is not known here, "" for `none`.

    >>> word(12, "chineseCountingThousand"), word(3, "decimalEnclosedCircle"), word(4, "upperRoman")
    ('十二', '③', 'IV')
    """
    if form == "none":
        return ""
    if form in _COUNTED:
        return spoken(value, _COUNTED[form])
    if form in _DIGIT_BY_DIGIT:
        return "".join(_DIGIT_BY_DIGIT[form][int(c)] for c in str(value))
    if form == "decimalZero":
        return f"{value:02d}"
    if form in ("lowerLetter", "upperLetter") and value > 0:
        said = chr(ord("a") + (value - 1) % _LETTERS) * ((value - 1) // _LETTERS + 1)
        return said.upper() if form == "upperLetter" else said
    if form in ("lowerRoman", "upperRoman") and 0 < value < _NO_ROMAN:
        said = roman(value)
        return said.lower() if form == "lowerRoman" else said
    if form in _SERIES and 1 <= value <= len(_SERIES[form]):
        return _SERIES[form][value - 1]
    return str(value)


_COUNTED = dict.fromkeys(
    (
        *("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting"),
        *("taiwaneseCountingThousand", "koreanCounting"),
    ),
    SPOKEN,
) | {"chineseLegalSimplified": LEGAL, "ideographLegalTraditional": LEGAL}
_DIGIT_BY_DIGIT = dict.fromkeys(
    ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"), ZERO + DIGITS[1:]
) | dict.fromkeys(("decimalFullWidth", "decimalFullWidth2"), "０１２３４５６７８９")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
_SERIES = {
    "ideographTraditional": STEMS,
    "ideographZodiac": BRANCHES,
    "decimalEnclosedCircle": _CIRCLED,
    "decimalEnclosedCircleChinese": _CIRCLED,
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
}
