"""Files that mean harm, or were harmed: each maker writes one and gives its path."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from . import ofds

GOOD = "枫浦县人民政府办公室关于做好便民服务工作的通知\n各乡镇人民政府：\n一、建设服务站。（责任单位：县民政局）\n"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
ODT = b"application/vnd.oasis.opendocument.text"
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
#: One long entity, named again and again.
BLOWN = '<!DOCTYPE x [<!ENTITY a "' + "哈" * 300_000 + '">]>'
QUADRATIC = "&a;" * 20_000
OUTSIDE = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>'


def docx() -> bytes:
    from docx import Document

    document = Document()
    for line in GOOD.splitlines():
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in (["工作任务", "责任单位", "完成时限"], ["建设服务站", "县民政局", "2024年6月底前"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ofd(path: Path, **more: str) -> bytes:
    ofds.write(
        path,
        ['<ofd:TextObject Boundary="0 0 9 9" Size="5"><ofd:TextCode X="0" Y="5">各县</ofd:TextCode></ofd:TextObject>'],
        **more,
    )
    return path.read_bytes()


def changed(data: bytes, name: str, parts: Iterable[bytes]) -> bytes:
    """A ZIP with one of its files replaced; `parts` may be without end but for the disk."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        with new.open(name, "w", force_zip64=True) as file:
            for part in parts:
                file.write(part)
    return out.getvalue()


def body(inner: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<w:document {WORD}><w:body>{inner}</w:body></w:document>'.encode()


def sheet(inner: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<worksheet {SHEET}>{inner}</worksheet>'.encode()


def many(head: bytes, piece: bytes, tail: bytes, size: int) -> Iterable[bytes]:
    block = piece * (1_000_000 // len(piece) + 1)
    return [head, *[block] * (size // len(block)), tail]


def pdf(*objects: str, trailer: str = "/Root 1 0 R", prev: str = "") -> bytes:
    """A PDF of these objects, numbered from 1."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for n, inner in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n{inner}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for place in places:
        out += f"{place:010} 00000 n \n".encode()
    prev = f"/Prev {start}" if prev else ""
    out += f"trailer\n<</Size {len(objects) + 1} {trailer} {prev}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def stream(inner: str, more: str = "") -> str:
    return f"<</Length {len(inner)} {more}>>\nstream\n{inner}\nendstream"


CATALOG = "<</Type/Catalog/Pages 2 0 R>>"
PAGE = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
FORM = "/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X 5 0 R>>>>"
PDFS: dict[str, Callable[[], bytes]] = {
    "kids-loop.pdf": lambda: pdf(CATALOG, "<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>"),
    "count-lies.pdf": lambda: pdf(
        CATALOG, "<</Type/Pages/Count 2000000000/Kids[3 0 R]>>", PAGE, stream(""), stream("")
    ),
    "xref-loop.pdf": lambda: pdf(CATALOG, "<</Type/Pages/Count 0/Kids[]>>", prev="itself"),
    "draws-itself.pdf": lambda: pdf(
        CATALOG, "<</Type/Pages/Count 1/Kids[3 0 R]>>", PAGE, stream("/X Do"), stream("/X Do /X Do", FORM)
    ),
    "deep.pdf": lambda: pdf(CATALOG, "[" * 100_000 + "]" * 100_000),
}


def locked(data: bytes) -> bytes:
    """A ZIP that says that its files are encrypted."""
    out = bytearray(data)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.find(mark)
        while at >= 0:
            out[at + flags] |= 1
            at = out.find(mark, at + 4)
    return bytes(out)


def nested(depth: int) -> bytes:
    name, data = "a.txt", GOOD.encode()
    for _ in range(depth):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(name, data)
        name, data = "a.zip", out.getvalue()
    return data


def understated(data: bytes, size: int) -> bytes:
    """A ZIP whose list says that each member holds only so many bytes."""
    out = bytearray(data)
    at = out.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<I", out, at + 24, size)
        at = out.find(b"PK\x01\x02", at + 4)
    return bytes(out)


def overlapping(data: bytes, count: int) -> bytes:
    """A ZIP whose list names its one member (`a.txt`) again and again."""
    at = data.index(b"PK\x01\x02")
    entry = data[at : data.index(b"PK\x05\x06")]
    entries = b"".join(entry[:46] + b"%05d" % n + entry[51:] for n in range(count))
    return data[:at] + entries + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(entries), at, 0)


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else method
            archive.writestr(zipfile.ZipInfo(name), data, kind)
    return out.getvalue()


def files(folder: Path) -> dict[str, bytes]:
    """Name → bytes of every file that is to be refused with one line."""
    word, book, pages = docx(), xlsx(), ofd(folder / "seed.ofd")
    (folder / "seed.ofd").unlink()
    out: dict[str, bytes] = {
        # Bombs: 300 MB, or more elements than memory holds.
        "bomb.docx": changed(word, "word/document.xml", many(body("")[:-22], b"<w:p/>", body("")[-22:], 210_000_000)),
        "bomb-within-limit.docx": changed(
            word, "word/document.xml", many(body("")[:-22], b"<w:p/>", body("")[-22:], 190_000_000)
        ),
        "bomb.xlsx": changed(
            book, "xl/worksheets/sheet1.xml", many(sheet("<sheetData>")[:-12], b"<row><c/></row>", b"", 210_000_000)
        ),
        "bomb.ofd": changed(pages, "Doc_0/Pages/Page_0/Content.xml", many(b"<a>", b"<b/>", b"</a>", 210_000_000)),
        "bomb.odt": packed({"mimetype": ODT, "content.xml": b" " * 210_000_000}),
        "member.zip": packed({"a.txt": b"0" * 30_000_000}),
        "nested.zip": nested(6),
        # Small for the list, large for what unpacks it: 45 MB out of some bytes, said to be 100.
        "method.zip": understated(packed({"a.txt": bytes(45_000_000)}, zipfile.ZIP_BZIP2), 100),
        "understated.zip": understated(packed({"a.txt": bytes(45_000_000)}), 100),
        "overlap.zip": overlapping(packed({"a.txt": bytes(15_000_000)}), 100),
        "merged.xlsx": changed(
            book,
            "xl/worksheets/sheet1.xml",
            [sheet("<sheetData/><mergeCells>" + '<mergeCell ref="A1:XFD6"/>' * 30 + "</mergeCells>")],
        ),
        # XML.
        "quadratic.docx": changed(word, "word/document.xml", [body(f"<w:p><w:r><w:t>{QUADRATIC}", BLOWN)]),
        "nested.docx": changed(word, "word/document.xml", [body("<w:tbl><w:tr><w:tc>" * 200_000)]),
        "laughs.ofd": ofd(folder / "seed.ofd", OFD__xml=f"{LAUGHS}<x>&i;</x>"),
        # Harmed.
        "empty.docx": b"",
        "cut.docx": word[:-900],
        "cut.xlsx": book[:2000],
        "cut.ofd": pages[:400],
        "cut.zip": packed({"a.txt": GOOD.encode()})[:-30],
        "cut.pdf": b"%PDF-1.7\n1 0 obj\n<</Type",
        "cut.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "noise.docx": bytes(range(256)) * 40,
        "noise.pdf": b"%PDF-1.7\n" + bytes(range(256)) * 40,
        "noise.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + b"\0\0" + bytes(9000),
        "picture.docx": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "picture.html": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "slides.docx": packed({"[Content_Types].xml": b"<a/>", "ppt/presentation.xml": b"<a/>"}),
        "other.rar": b"Rar!\x1a\x07\x01\x00" + bytes(100),
        "other.docx": b"7z\xbc\xaf\x27\x1c" + bytes(100),
        # Locked.
        "locked.zip": locked(packed({"a.txt": GOOD.encode()})),
        "locked-inside.docx": locked(word),
        "locked.odt": packed(
            {
                "mimetype": ODT,
                "META-INF/manifest.xml": b"<manifest:encryption-data/>",
                "content.xml": b"noise",
            }
        ),
        # Deep.
        "deep.html": b"<html><body>" + b"<div>" * 100_000 + GOOD.encode(),
        "deep.json": b'{"document":' + b"[" * 100_000,
        "types.json": b'{"document": [], "citations": 5, "tasks": "x", "source": null}',
        **{name: make() for name, make in PDFS.items()},
    }
    (folder / "seed.ofd").unlink()
    return out


def readable(folder: Path) -> dict[str, bytes]:
    """Files that look as bad and may be read or refused; what they point to must not be found in what is read."""
    word, book = docx(), xlsx()
    return {
        "outside.docx": changed(word, "word/document.xml", [body("<w:p><w:r><w:t>各县&i;</w:t></w:r></w:p>", OUTSIDE)]),
        "laughs.docx": changed(word, "word/document.xml", [body("<w:p><w:r><w:t>各县&i;</w:t></w:r></w:p>", LAUGHS)]),
        "outside.xlsx": changed(
            book,
            "xl/worksheets/sheet1.xml",
            [
                sheet(
                    '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>各县&i;</t></is></c></row></sheetData>',
                    OUTSIDE,
                )
            ],
        ),
        "laughs.xlsx": changed(
            book,
            "xl/worksheets/sheet1.xml",
            [
                sheet(
                    '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>各县&i;</t></is></c></row></sheetData>',
                    LAUGHS,
                )
            ],
        ),
        "far.xlsx": changed(
            book,
            "xl/worksheets/sheet1.xml",
            [
                sheet(
                    '<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="XFD1048576" t="inlineStr"><is>'
                    "<t>各县</t></is></c></row></sheetData>"
                )
            ],
        ),
        "span.html": f'<table><tr><td colspan="999999999" rowspan="999999999">{GOOD}</td></tr></table>'.encode(),
        "tables.html": b"<html>" + b"<table><tr><td>" * 5000 + GOOD.encode(),
        "quotes.md": b">" * 100_000 + GOOD.encode(),
        "brackets.md": b"[" * 100_000 + GOOD.encode(),
        "long.csv": b'"' + "各县".encode() * 500_000,
        "wide.csv": b"," * 1_000_000 + b"\n" + GOOD.encode(),
        "tags.html": b"<html>" + b"<a b='" * 200_000 + GOOD.encode(),
        "marks.txt": ("（《" * 200_000 + GOOD).encode(),
    }
