"""Forms of one character brought to one form, length unchanged, so that offsets stay right."""

from __future__ import annotations

import re

_TABLE = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
_TABLE |= dict.fromkeys(map(ord, "〔［【[{｛〖"), "(")
_TABLE |= dict.fromkeys(map(ord, "〕］】]}｝〗"), ")")
_TABLE |= dict.fromkeys(map(ord, "\u3000\xa0\t\u2002\u2003\u2009\x00\r"), " ")
_TABLE |= {
    ord("︰"): ":",
    ord("﹕"): ":",
    ord("∶"): ":",
    ord("﹔"): ";",
    ord("﹐"): ",",
    ord("､"): "、",
    ord("｡"): "。",
}
_TABLE |= dict.fromkeys(map(ord, "－–—―－﹣−‐‑─━～~〜﹏"), "-")
_TABLE |= {ord("＜"): "〈", ord("＞"): "〉"}
_TABLE |= {ord("○"): "〇", ord("О"): "〇"}  # a circle, and a Cyrillic letter

_FORMS = {chr(a): chr(b) if isinstance(b, int) else b for a, b in _TABLE.items() if a != b and chr(a) != b}
_FOLDABLE = re.compile("[" + "".join(re.escape(c) for c in _FORMS) + "]")


def fold(text: str) -> str:
    """`text` with half-width letters, digits and punctuation and round brackets; 、 。 and quotation marks stay."""
    # Few characters have another form: a search for them is faster than a look at each.
    return _FOLDABLE.sub(lambda m: _FORMS[m.group()], text)


def squeeze(text: str) -> str:
    """`text` without white space."""
    return "".join(text.split())


_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


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
        elif c in "十百千":
            total += (current or 1) * {"十": 10, "百": 100, "千": 1000}[c]
            current = 0
        else:
            return None
    return total + current
