"""PDF files written by hand, for what no office program writes: pages turned, characters drawn twice or in any order,
fonts that do not say what they draw, locked, broken and looping files."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

SIZE = 12


def show(text: str, x: float, y: float, size: float = SIZE) -> str:
    """Drawing of a text that begins at a point of the page, in its font F1."""
    return f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET"


def rule(*ends: tuple[float, float, float, float]) -> str:
    """Drawing of lines, each from a point to a point."""
    return "0.5 w " + " ".join(f"{a} {b} m {c} {d} l S" for a, b, c, d in ends)


def paragraph(text: str, x: float = 72, y: float = 700, width: int = 36, indent: int = 2, size: float = SIZE) -> str:
    """Drawing of a text broken into lines of so many characters, the first of them indented."""
    out = []
    at = 0
    first = True
    while at < len(text):
        take = width - indent if first else width
        out.append(show(text[at : at + take], x + (indent * size if first else 0), y, size))
        at, first, y = at + take, False, y - size * 1.8
    return "\n".join(out)


FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [ << /Type /Font "
    "/Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 "
    ">> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 "
    "880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >> ] >>"
)
#: A font that draws shapes and does not say which characters they are.
NAMELESS = (
    "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] /CharProcs << /a 4 0 R "
    ">> /Encoding << /Type /Encoding /Differences [ 0 "
    + " ".join(["/a"] * 256)
    + " ] >> /FirstChar 0 /LastChar 255 /Widths ["
    + " ".join(["1000"] * 256)
    + "] >>"
)


def pdf(
    pages: Iterable[str],
    *,
    rotate: int = 0,
    box: tuple[float, float] = (595, 842),
    font: str = FONT,
    extra: Iterable[tuple[int, str]] = (),
    trailer: str = "",
) -> bytes:
    """A file of pages with these drawings. Objects: 1 catalogue, 2 pages, 3 font, 4 a shape, then two for each page;
    `extra` are more of them, or others in their place."""
    pages = list(pages)
    first = 5
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(pages)))
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        3: font.encode(),
        4: _stream(b"1000 0 0 0 750 750 d1 0 0 750 750 re f"),
    }
    for n, drawing in enumerate(pages):
        objects[first + 2 * n] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {box[0]} {box[1]}] /Rotate {rotate} /Contents "
            f"{first + 2 * n + 1} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        ).encode()
        objects[first + 2 * n + 1] = _stream(drawing.encode("latin-1"))
    objects |= {number: body.encode("latin-1") for number, body in extra}
    out = bytearray(b"%PDF-1.7\n")
    at = {}
    for number, body in sorted(objects.items()):
        at[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    top = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % top
    for number in range(1, top):
        out += b"%010d 00000 n \n" % at[number] if number in at else b"0000000000 65535 f \n"
    out += f"trailer << /Size {top} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _stream(data: bytes) -> bytes:
    packed = zlib.compress(data)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed)
