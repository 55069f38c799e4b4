"""Bytes of a text file as text: UTF-8, UTF-16 or GB18030."""

from __future__ import annotations

import re
from contextlib import suppress

from .. import rules
from ..errors import PaperError
from ..model import Remark

_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_UTF_16 = ("utf-16-le", "utf-16-be")
#: So many bytes show the encoding, if there are not fewer than this; one NUL in so many tells of UTF-16, one side of
#: whose pairs has so many times as many.
_HEAD, _FEWEST, _NULS, _ONE_SIDED = 4000, 4, 6, 4
#: Of more characters than this one in so many is a common one in Chinese.
_SHORT, _ONE_COMMON = 20, 30
_MOST_REMARKS = 20

_MAGIC = (
    b"PK\x03\x04",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\xd0\xcf\x11\xe0",
    b"GIF8",
    b"\x7fELF",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
)


def decode(path: str, data: bytes) -> tuple[str, list[Remark]]:
    """The text of a file in UTF-8, UTF-16 or GB18030, without BOM; lines that fit none of them are read with marks
    of loss."""
    if data.startswith(_MAGIC):
        raise PaperError("paper-binary", path=path)
    for bom, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(bom):
            return _checked(path, data[len(bom) :].decode(name, "replace"))
    head = data[:_HEAD]
    if len(head) >= _FEWEST and head.count(0) > len(head) / _NULS:
        return _checked(path, data.decode(_side_of_nuls(path, head), "replace"))
    with suppress(UnicodeDecodeError):
        return _checked(path, data.decode("utf-8"))
    for name in _UTF_16:
        if len(data) % 2 == 0 and _looks_chinese(head.decode(name, "replace")):
            return _checked(path, data.decode(name, "replace"))
    with suppress(UnicodeDecodeError):
        return _checked(path, data.decode("gb18030"))
    lines, remarks = _line_by_line(data)
    text, more = _checked(path, "\n".join(lines))
    return text, [Remark("encoding-mixed"), *remarks, *more]


def _side_of_nuls(path: str, head: bytes) -> str:
    """The form of UTF-16 that a text without BOM has. Chinese text in it has few NULs; ASCII text one in every pair."""
    for name, side in zip(_UTF_16, (1, 0), strict=True):
        if head[side::2].count(0) > head[1 - side :: 2].count(0) * _ONE_SIDED:
            return name
    raise PaperError("paper-binary", path=path)


def _line_by_line(data: bytes) -> tuple[list[str], list[Remark]]:
    """The lines of a text, each in the encoding that it fits; remarks tell the first of those that fit none."""
    lines, remarks = [], []
    for at, piece in enumerate(data.split(b"\n"), 1):
        fits = next((said for name in ("utf-8", "gb18030") if (said := _decoded(piece, name)) is not None), None)
        lines.append(piece.decode("utf-8", "replace") if fits is None else fits)
        if fits is None and len(remarks) < _MOST_REMARKS:
            remarks.append(Remark("encoding-lost", {"line": at}))
    return lines, remarks


def _decoded(piece: bytes, encoding: str) -> str | None:
    try:
        return piece.decode(encoding)
    except UnicodeDecodeError:
        return None


def _looks_chinese(text: str) -> bool:
    return len(text) > _SHORT and common(text) > len(text) / _ONE_COMMON


def common(text: str) -> int:
    """How many of the characters that every paper is full of a text has: in a wrong encoding hardly any."""
    return sum(text.count(c) for c in rules.words("readers.toml")["common"]["words"])


def _checked(path: str, text: str) -> tuple[str, list[Remark]]:
    if len(_CONTROL.findall(text[:20000])) > max(8, len(text[:20000]) / 20):
        raise PaperError("paper-binary", path=path)
    nul = text.find("\0")
    if nul >= 0:
        return text, [Remark("nul-bytes", {"line": text.count("\n", 0, nul) + 1}, values={"count": text.count("\0")})]
    return text, []
