"""What a file is by its first bytes: names on government sites often say something else."""

from __future__ import annotations

import codecs
import io
import re
import struct
import zipfile
from importlib.util import find_spec
from typing import BinaryIO

OTHER_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: How files of office formats begin.
MAGIC = (b"PK\x03\x04", b"%PDF-", _OLE, b"{\\rtf")
#: Names of the streams of an OLE file, as its directory spells them.
_STREAMS = (("EncryptedPackage", "locked"), ("WordDocument", ".doc"), ("Workbook", ".xls"), ("Book", ".xls"))
#: A name in a ZIP that only one format has.
_MEMBERS = ((b"word/", ".docx"), (b"xl/", ".xlsx"), (b"ppt/", ".pptx"), (b"OFD.xml", ".ofd"))
#: The list of a ZIP's members may be so long, in bytes.
LIST = 4_000_000
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": ".odt",
    b"application/vnd.oasis.opendocument.spreadsheet": ".ods",
}
_BEFORE = re.compile(rb"\s*(?:<\?xml[^>]{0,200}\?>\s*|<!--.{0,2000}?-->\s*)*", re.S)
_PAGE = re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.I)
_PIECE = re.compile(rb"<(?:head|body|meta|title|table|div|p|style|script|center|font)[\s>]", re.I)
#: Suffixes of formats that are never plain text, so that text under them was misnamed.
_PACKED = {".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".pdf", ".odt", ".ods", ".rtf", ".ofd"}
_PAGES = {".html", ".htm", ".shtml", ".xhtml"}
#: Suffixes of text, where a stray tag at the beginning does not make a web page.
TEXT = {"", ".txt", ".text", ".md", ".csv", ".tsv", ".json"}
#: Words set in bold at the beginning of a line, and how many such lines show that plain text is Markdown.
_BOLD, _FEWEST_BOLD = re.compile(rb"^[ \t]*(?:[-*+] )?\*\*[^*\n]{4,240}\*\*", re.M), 3


def kind_of(data: bytes | BinaryIO) -> str | None:
    """The suffix of the format that the bytes show (`.docx`, `.zip`, `.html`, …), `locked` for an encrypted office
    file, or None where they show none."""
    head = data[:4096] if isinstance(data, bytes) else _head(data)
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(io.BytesIO(data) if isinstance(data, bytes) else data)
    if b"%PDF-" in head[:1024]:
        return ".pdf"
    if head.startswith(_OLE):
        data = data if isinstance(data, bytes) else data.read()
        return next((kind for name, kind in _STREAMS if _stream(name) in data), ".doc")
    if head.lstrip()[:5] == b"{\\rtf":
        return ".rtf"
    return ".html" if _PAGE.match(_text(head)) else None


def suffix_of(name: str, data: bytes) -> str:
    """The suffix by which a file is to be read: what its content shows, else that of its name, in lower case."""
    named = "." + name.rpartition("/")[2].rpartition(".")[2].lower() if "." in name.rpartition("/")[2] else ""
    kind = kind_of(data)
    if kind == ".zip" and named in (*(suffix for _, suffix in _MEMBERS), *_OPEN_DOCUMENT.values()):
        return named  # damaged: who reads it says so
    if kind == ".doc" and named in (".xls", ".xlt", ".et", ".ett") and _stream("WordDocument") not in data:
        return named  # torn off before the list of its streams
    if kind == ".html" and named in (*_PAGES, ".mht"):
        return named
    return kind or _unseen(named, data)


def _unseen(named: str, data: bytes) -> str:
    """The suffix for a file whose first bytes show no format: that of its name, unless it is text under it."""
    if named not in TEXT and _PIECE.match(_text(data[:4096])):
        return ".html"
    if named in _PACKED and is_text(data):
        if re.match(rb"\s*(?:MIME-Version:|Content-Type:\s*multipart)", data[:200], re.I):
            return ".mht"  # Word's "web page in one file"
        if b"<?mso-application" in data[:500]:
            return named
        return ".csv" if named in (".xls", ".xlsx", ".xlt", ".et", ".ett") else ".txt"
    if named in _PAGES and not re.search(rb"<[a-z!/?]", data, re.I) and is_text(data):
        return ".txt"
    if named in (".txt", ".text") and _is_markdown(data):
        return ".md"
    return named


def _is_markdown(data: bytes) -> bool:
    """Whether a text has lines that Markdown sets in bold, and its reader is there."""
    return b"**" in data and len(_BOLD.findall(data)) >= _FEWEST_BOLD and find_spec("markdown_it") is not None


def is_text(data: bytes) -> bool:
    """Whether the first bytes are text in UTF-8 or GB18030, cut off anywhere."""
    head = data[:4000]
    if not head.strip() or re.search(rb"[\x00-\x08\x0e-\x1f\x7f]", head):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(head)
            return True
        except UnicodeDecodeError:
            continue
    return False


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    return head


def _text(head: bytes) -> bytes:
    """The first bytes of a text without byte order mark, NULs of UTF-16, XML head and comments."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[2:].replace(b"\0", b"")
    head = head.removeprefix(b"\xef\xbb\xbf")
    return head[_BEFORE.match(head).end() :]  # type: ignore[union-attr]


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le") + b"\0\0"


def _kind_of_zip(file: BinaryIO) -> str:
    names: list[bytes]
    try:
        check_list(file)
        with zipfile.ZipFile(file) as archive:
            names = [name.encode("utf-8", "replace") for name in archive.namelist()]
    except (ValueError, zipfile.BadZipFile, NotImplementedError, EOFError, OSError, struct.error):
        # Torn off: what its first bytes tell. Who reads it says that it is damaged.
        file.seek(0)
        head = file.read(65_536)
        names = [head[at.start() + 30 :] for at in re.finditer(rb"PK\x03\x04", head)]
        if not names[0].startswith((b"[Content_Types].xml", b"_rels/", b"docProps/", b"OFD.xml", b"mimetype")):
            names = []
    file.seek(0)
    head = file.read(200)
    file.seek(0)
    if head[30:38] == b"mimetype":
        return next((kind for mime, kind in _OPEN_DOCUMENT.items() if head[38:].startswith(mime)), ".zip")
    office = any(name.startswith((b"[Content_Types].xml", b"OFD.xml")) for name in names)
    return next((kind for name, kind in _MEMBERS if office and any(n.startswith(name) for n in names)), ".zip")


def unpacked_size(data: bytes) -> int:
    """How many bytes a ZIP says that its files hold; 0 where it is damaged."""
    try:
        check_list(io.BytesIO(data))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(info.file_size for info in archive.infolist())
    except (ValueError, zipfile.BadZipFile, NotImplementedError, EOFError, OSError, struct.error):
        return 0


def check_list(file: BinaryIO) -> None:
    """Raises `ValueError` for what is no ZIP to its end (no values), or whose list of members would fill the memory
    when read (its size)."""
    file.seek(0, io.SEEK_END)
    file.seek(max(0, file.tell() - 66_000))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise ValueError
    (length,) = struct.unpack_from("<I", tail, at + 12)
    more = tail.rfind(b"PK\x06\x06", 0, at)
    if length == 0xFFFFFFFF and more >= 0 and len(tail) >= more + 48:
        (length,) = struct.unpack_from("<Q", tail, more + 40)
    if length > LIST:
        raise ValueError(length)
    file.seek(0)
