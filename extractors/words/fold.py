"""Forms of one character brought to one form, length unchanged, so that offsets stay right."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Radicals that fonts and copies out of PDF give for whole characters, and that Unicode has no decomposition of.
_RADICALS = dict(
    zip(
        "⺁⺇⺈⺊⺌⺍⺎⺒⺓⺕⺘⺛⺜⺝⺟⺠⺡⺩⺪⺫⺬⺮⺯⺰⺳⺴⺵⺶⺷⺹⺻⺼⺽⻀⻁⻃⻄⻅⻆⻇⻉⻋⻌⻍⻎⻏⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻭⻮⻰⻱⻳",
        "厂几刀卜小小兀巳幺彐扌旡日月母民氵王疋罒示竹糹纟网网网羊羊耂聿月臼艹虎西西见角角贝车辶辶辶阝镸镸长门阜阝雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐歯齿龙龜龟",
        strict=True,
    )
)
#: Kangxi radicals, compatibility ideographs and their supplement: what Unicode says that each is.
_BLOCKS = (range(0x2E80, 0x2FE0), range(0xF900, 0xFB00), range(0x2F800, 0x2FA20))


def _ordinary_forms() -> dict[str, str]:
    forms = {}
    for code in (code for block in _BLOCKS for code in block):
        form = unicodedata.normalize("NFKC", chr(code))
        if form != chr(code) and len(form) == 1:
            forms[chr(code)] = form
    return forms | _RADICALS


_ORDINARY = _ordinary_forms()
_ODD = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")


def cells(c: str) -> int:
    """How many columns of a terminal a character takes: two for a full one, none for what is not seen."""
    if unicodedata.category(c) in ("Cf", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(c) in "WFA" else 1


def ordinary(text: str) -> str:
    """`text` with the characters themselves in place of radicals and compatibility forms of them."""
    return _ODD.sub(lambda m: _ORDINARY.get(m.group(), m.group()), text)


#: What is written for 〇: a circle, a ring, letters of three alphabets.
_CIRCLES = "○◯\u041e\u039f"
#: Between Chinese digits these are 〇, too.
_ZERO = re.compile(r"([一二三四五六七八九])([OoＯｏ0０\u03bf\u043e]{1,2})(?=[一二三四五六七八九年])")

_TABLE: dict[int, int | str] = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
_TABLE |= dict.fromkeys(map(ord, "〔［【[{｛〖﹝﹙"), "(")
_TABLE |= dict.fromkeys(map(ord, "〕］】]}｝〗﹞﹚"), ")")
_TABLE |= dict.fromkeys(map(ord, "\u3000\xa0\t\u2002\u2003\u2009\x00\r"), " ")
_TABLE |= {
    ord("‖"): "|",
    ord("∥"): "|",
    ord("¦"): "|",
    ord("︰"): ":",
    ord("﹕"): ":",
    ord("∶"): ":",
    ord("﹔"): ";",
    ord("﹐"): ",",
    ord("､"): "、",
    ord("﹑"): "、",
    ord("｡"): "。",
}
_TABLE |= dict.fromkeys(map(ord, "－–—―－﹣−‐‑─━～~〜﹏"), "-")
_TABLE |= {ord("＜"): "〈", ord("＞"): "〉"}
_TABLE |= dict.fromkeys(map(ord, _CIRCLES), "〇")

_FORMS = {chr(a): chr(b) if isinstance(b, int) else b for a, b in _TABLE.items() if a != b and chr(a) != b}
# Whole blocks: a search for ranges is faster than one for their characters.
_FOLDABLE = re.compile("[" + "".join(re.escape(c) for c in _FORMS) + "\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
_FORMS |= _ORDINARY


_FEW = 40  # different characters that are replaced one by one
_LINE = 100  # in fewer characters those with another form are searched for
_WHOLE = 500  # from so many characters on it is a paper's text, which several steps ask for
_KEPT = 4


def fold(text: str) -> str:
    """`text` with half-width letters, digits and punctuation and round brackets, 〇 for what is written for it, and
    characters for their radicals; 、 。 and quotation marks stay."""
    return _folded(text) if len(text) < _WHOLE else _folded_once(text)


def _folded(text: str) -> str:
    # Few characters have another form, which none of them is: replacing one after the other is fastest.
    text = _ZERO.sub(lambda m: m[1] + "〇" * len(m[2]), text)
    if len(text) < _LINE and not _FOLDABLE.search(text):
        return text
    found = _FORMS.keys() & set(text)
    if len(found) <= _FEW:
        for character in found:
            text = text.replace(character, _FORMS[character])
        return text
    return _FOLDABLE.sub(lambda m: _FORMS.get(m.group(), m.group()), text)


_folded_once = lru_cache(_KEPT)(_folded)


def squeeze(text: str) -> str:
    """`text` without white space."""
    return "".join(text.split())
