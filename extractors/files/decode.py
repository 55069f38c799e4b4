"""Bytes of a text file as text: UTF-8, UTF-16 or GB18030."""

from __future__ import annotations

import re

from .. import rules
from ..errors import PaperError
from ..model import Remark

_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")


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
    head = data[:4000]
    if len(head) > 3 and head.count(0) > len(head) / 6:
        # Chinese text in UTF-16 without BOM has few NULs; ASCII text has one in every pair.
        for name, side in (("utf-16-le", 1), ("utf-16-be", 0)):
            if head[side::2].count(0) > head[1 - side :: 2].count(0) * 4:
                return _checked(path, data.decode(name, "replace"))
        raise PaperError("paper-binary", path=path)
    try:
        return _checked(path, data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    for name in ("utf-16-le", "utf-16-be"):
        if len(data) % 2 == 0 and _looks_chinese(data[:4000].decode(name, "replace")):
            return _checked(path, data.decode(name, "replace"))
    try:
        return _checked(path, data.decode("gb18030"))
    except UnicodeDecodeError:
        pass
    out, remarks = [], []
    for at, piece in enumerate(data.split(b"\n"), 1):
        for name in ("utf-8", "gb18030"):
            try:
                out.append(piece.decode(name))
                break
            except UnicodeDecodeError:
                continue
        else:
            out.append(piece.decode("utf-8", "replace"))
            if len(remarks) < 20:
                remarks.append(Remark("encoding-lost", {"line": at}))
    text, more = _checked(path, "\n".join(out))
    return text, [Remark("encoding-mixed"), *remarks, *more]


def _looks_chinese(text: str) -> bool:
    return len(text) > 20 and common(text) > len(text) / 30


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
