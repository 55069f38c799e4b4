"""DOC files as LibreOffice needs them.

Word always writes a paragraph behind a table that ends a paper; LibreOffice does not, and reads such a table back as
one line. The offsets are those of [MS-DOC], Word (.doc) Binary File Format.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from io import BytesIO
from typing import NamedTuple

from ..registry import needs

_PAGE = 512  # bytes of a page of the stream, in which texts and properties begin
_HEAD = 0x4C  # how many characters the main text has, then seven other texts
_OTHER_TEXTS = 7
#: Where the head of the stream says where in the table stream a list stands: sections, paragraphs, pieces of text.
_SECTIONS, _PARAGRAPHS, _PIECES = 0xCA, 0x102, 0x1A2
_ENTRY = 13  # bytes of a paragraph in a page of properties
_CELL, _MARK = 0x07, 0x0D


class _StreamList(NamedTuple):
    """A list of the table stream: limits of so many stretches from `at` on, then what belongs to each."""

    at: int
    count: int

    @property
    def last(self) -> int:
        return self.at + 4 * self.count


def ended(data: bytes) -> bytes:
    """The file with a paragraph behind the table that ends it; any other, and one that can not be mended, as it is."""
    with needs("docx", "olefile"):
        import olefile
    buffer = BytesIO(data)
    with suppress(OSError, ValueError, IndexError, KeyError, TypeError, NotImplementedError, struct.error):
        with olefile.OleFileIO(buffer, write_mode=True) as file:
            text = bytearray(file.openstream("WordDocument").read())
            name = "1Table" if _number(text, 10) & 0x200 else "0Table"
            table = bytearray(file.openstream(name).read())
            if _end(text, table):
                file.write_stream("WordDocument", bytes(text))
                file.write_stream(name, bytes(table))
        return buffer.getvalue()
    return data


def _end(text: bytearray, table: bytearray) -> bool:
    """Writes a paragraph's mark behind the last cell, and a paragraph without properties into the lists."""
    if any(_number(text, _HEAD + 4 * n) for n in range(1, _OTHER_TEXTS + 1)):
        return False  # behind the main text of such a file LibreOffice writes the mark
    start = _number(text, _PIECES)
    while table[start] == 1:
        start += 3 + struct.unpack_from("<H", table, start + 1)[0]
    pieces = _StreamList(start + 5, (_number(table, start + 1) - 4) // 12)
    sections, paragraphs = (_StreamList(_number(text, at), (_number(text, at + 4) - 4) // size) for at, size in _SIZES)
    begin, stop = struct.unpack_from("<2I", table, pieces.last - 4)
    place = _number(table, pieces.last + 4 + 8 * (pieces.count - 1) + 2)
    width = 1 if place & 0x40000000 else 2
    at = ((place & 0x3FFFFFFF) // 2 if width == 1 else place) + width * (stop - begin)
    fresh = not any(text[at : at + width]) and at % _PAGE and at + width <= len(text)
    if text[at - width] != _CELL or not fresh or _number(table, paragraphs.last) != at:
        return False
    page = _PAGE * _number(table, paragraphs.last + 4 * paragraphs.count)
    count = text[page + _PAGE - 1]
    limits = text[page : page + 4 * (count + 1)]
    entries = text[page + len(limits) : page + len(limits) + _ENTRY * count]
    new = limits + struct.pack("<I", at + width) + entries + bytes(_ENTRY)
    if len(new) > min([2 * n for n in entries[::_ENTRY] if n], default=_PAGE - 1):
        return False  # the page is full
    text[page : page + len(new)], text[page + _PAGE - 1] = new, count + 1
    text[at : at + width] = bytes([_MARK, 0])[:width]
    for stream, where, more in (
        (text, _HEAD, 1),
        (table, pieces.last, 1),
        (table, sections.last, 1),
        (table, paragraphs.last, width),
    ):
        struct.pack_into("<I", stream, where, _number(stream, where) + more)
    return True


#: The lists that end where the text does, and bytes of what belongs to one of their stretches and of its limit.
_SIZES = ((_SECTIONS, 16), (_PARAGRAPHS, 8))


def _number(stream: bytearray, at: int) -> int:
    return struct.unpack_from("<I", stream, at)[0]
