"""The reader of Word files (.docx): paragraphs and tables in document order, with the numbers that Word draws.

Left out: headers and footers (but for the paper's number, where only they say it), comments, tracked deletions, hidden
text, tables of contents. Text boxes follow the paragraph that holds them; footnotes stand at the end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...files.decode import decode
from ...files.kinds import suffix_of, unpacked_size
from ...limits import MAX_BYTES, UNPACKED
from ...model import Remark
from ...words.forms import NUMBER, RED_HEAD_END, is_note_mark, tight
from ..content import Box, Content, Sheet, Text
from ..markdown import of_page
from ..registry import needs
from .numbering import MC, W, WordNumbering
from .package import Package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
#: The parts beside the text that are read.
_PARTS = ("numbering", "styles", "footnotes", "endnotes")
#: Documents that documents take in are followed so deep.
_DEPTH = 3

#: Elements that only wrap others: content controls, insertions, links, smart tags, fields with their result in them.
_WRAPPERS = {
    W + name
    for name in (
        *("sdt", "sdtContent", "ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "dir", "bdo"),
        *("ruby", "rubyBase"),
    )
} | {MC + "AlternateContent", MC + "Choice", _M + "oMath", _M + "oMathPara", _M + "r"}
_BREAKS = {W + "br": "\n", W + "cr": "\n", W + "tab": "\t", W + "ptab": "\t", W + "noBreakHyphen": "-"}
#: What shows something itself.
_SHOWN = (W + "t", _M + "t", W + "sym", *_BREAKS)
#: Line ends in the XML that are none of the text.
_JOINED = re.compile(r"(?<![ \t])[ \t]*+\n[ \t\n]*+")
#: Signs of symbol fonts as the characters that they look like; letters of Wingdings by their place in it.
_SIGNS = {0x6C: "●", 0x6E: "■", 0x75: "◆", 0xA7: "▪", 0xB7: "•", 0xD8: "➢", 0xFC: "✓", 0x70: "□", 0x71: "□", 0xA8: "□"}


def read(path: str, data: bytes) -> Content:
    """The paper in the bytes of a .docx file.

    Raises `PaperError` where python-docx is missing or the file holds no text; what is damaged raises as it comes.
    """
    with needs("docx", "python-docx"):
        import docx.oxml  # noqa: F401
    warnings: list[Remark] = []
    return Content(_items(data, warnings), warnings)


def _items(data: bytes, warnings: list[Remark], depth: int = 0) -> list[Text | Sheet]:
    """The paragraphs and tables of a file; `depth`: how many files it lies in."""
    package = Package(data)
    main = next((name for kind, name in package.related().values() if kind == "officeDocument"), "")
    related = package.related(main)
    parts = {kind: package.root(name) for kind, name in related.values() if kind in _PARTS}
    body = _of(package.root(main), "body")
    reading = _BodyReader(WordNumbering(parts.get("numbering"), parts.get("styles")))
    reading.chunk = lambda name: _chunk(package, related.get(name, ("", ""))[1], warnings, depth)
    items = list(reading.blocks(body)) if body is not None else []
    for name in ("footnotes", "endnotes"):
        items += reading.notes(parts.get(name), name[:-1])
    return _numbered(items, [package.root(name) for name in _heads(body, related)])


def _chunk(package: Package, name: str, warnings: list[Remark], depth: int) -> list[Text | Sheet]:
    """What a file that the document takes in holds: a web page, text or another document."""
    data = package.bytes(name) if name else b""
    kind = suffix_of(name, data)
    if kind in (".docx", ".docm", ".dotx") and depth < _DEPTH and unpacked_size(data) <= UNPACKED * MAX_BYTES:
        return _items(data, warnings, depth + 1)
    if kind in (".html", ".htm", ".xhtml", ".mht"):
        return of_page(name, data)
    if kind in (".txt", ".text"):
        return [Text(line) for line in decode(name, data)[0].splitlines()]
    warnings.append(Remark("chunk-left-out", quote=name.rpartition("/")[2]))
    return []


def _heads(body: Any, related: dict[str, tuple[str, str]]) -> list[str]:
    """The names of the parts that hold the heads and feet of the first pages."""
    section = next(body.iter(W + "sectPr"), None) if body is not None else None
    of_kind: dict[tuple[str, str], str] = {}
    for element in section if section is not None else ():
        if element.tag in (W + "headerReference", W + "footerReference"):
            kind, name = related.get(element.get(_ID), ("", ""))
            of_kind[kind, element.get(W + "type")] = name
    wanted = (("header", "first"), ("header", "default"), ("footer", "first"), ("footer", "default"))
    return [of_kind[key] for key in wanted if of_kind.get(key)]


def _numbered(items: list[Text | Sheet], heads: list[Any]) -> list[Text | Sheet]:
    """The items below what only the head or foot of the first page says: the paper's number, and who issued it."""
    if not heads or any(_is_number(line) for i in items if isinstance(i, Text) for line in i.text.split("\n")):
        return items
    for head in heads:
        said = [t.text for t in _BodyReader(WordNumbering(None, None)).blocks(head) if isinstance(t, Text)]
        if any(_is_number(line) for line in said):
            kept = [line for line in said if _is_number(line) or tight(line).endswith(RED_HEAD_END)]
            return [*(Text(line, {"header": n}) for n, line in enumerate(kept, 1)), *items]
    return items


def _is_number(line: str) -> bool:
    return bool(NUMBER.fullmatch(tight(line)))


class _BodyReader:
    """What is counted while a file is read: paragraphs from 1, numbers of lists, notes that the text refers to."""

    def __init__(self, numbering: WordNumbering) -> None:
        self.numbering = numbering
        self.paragraphs = 0
        self.chunk: Callable[[str], list[Text | Sheet]] = lambda name: []
        self.referred: dict[str, list[str]] = {"footnote": [], "endnote": []}

    def blocks(self, parent: Any) -> Iterator[Text | Sheet]:
        """The paragraphs and tables in an element, in reading order."""
        waiting = ""  # a paragraph whose end was deleted: the next one goes on in its line
        for element in _children(parent):
            if element.tag == W + "tbl":
                yield self.table(element)
            elif element.tag == W + "altChunk":
                yield from self.chunk(element.get(_ID))
            elif element.tag == W + "p":
                self.paragraphs += 1
                place = {"paragraph": self.paragraphs}
                inner: list[Any] = []
                text = waiting + self.text(element, inner)
                waiting = ""
                if _of(element, "pPr", "rPr", "del") is not None:
                    waiting = text
                elif not self.numbering.contents(element):
                    yield Text(text, place)
                for box in inner:
                    yield from self.blocks(box)
        if waiting:
            yield Text(waiting, {"paragraph": self.paragraphs})

    def text(self, paragraph: Any, boxes: list[Any]) -> str:
        """What a paragraph says, with its number; the text boxes that it holds are put into `boxes`."""
        out: list[str] = []
        self._runs(paragraph, out, boxes, _FieldCodes())
        text = "".join(out)
        number = self.numbering.number(paragraph) if text.strip() or boxes else ""
        return number + text.lstrip() if number else text

    def _runs(self, parent: Any, out: list[str], boxes: list[Any], fields: _FieldCodes) -> None:
        for element in parent:
            tag = element.tag
            if tag in _WRAPPERS:
                self._runs(element, out, boxes, fields)
            elif tag == W + "r":
                self._run(element, out, boxes, fields)
            elif tag in _SHOWN:
                out.append(_shown(element, fields))
            elif tag == W + "fldChar":
                fields.meet(element.get(W + "fldCharType"))
            elif tag in (W + "footnoteReference", W + "endnoteReference"):
                self.referred[tag.removeprefix(W).removesuffix("Reference")].append(element.get(W + "id"))
            elif tag in (W + "drawing", W + "pict", W + "object"):
                boxes += element.iter(W + "txbxContent")

    def _run(self, run: Any, out: list[str], boxes: list[Any], fields: _FieldCodes) -> None:
        """What a run says, unless it is hidden or the mark of a note."""
        if _on(_of(run, "rPr", "vanish")):
            return
        at = len(out)
        self._runs(run, out, boxes, fields)
        style = _of(run, "rPr", "vertAlign")
        raised = style is not None and style.get(W + "val") == "superscript"
        if raised and is_note_mark("".join(out[at:]), "".join(out[:at])[-4:]):
            del out[at:]

    def table(self, table: Any) -> Sheet:
        """A table with its merged cells resolved."""
        boxes: list[Box] = []
        open_: dict[int, Box] = {}  # column → the cell that goes on downwards there
        lower: dict[int, bool] = {}  # column → whether the cell above has no line below it
        width = row = 0
        for line in _children(table, "tr"):
            if _of(line, "trPr", "del") is not None:
                continue
            column = _number(_of(line, "trPr", "gridBefore"))
            now: dict[int, Box] = {}
            left: Box | None = None
            unlined: dict[int, bool] = {}
            for cell in _children(line, "tc"):
                span = max(1, min(_number(_of(cell, "tcPr", "gridSpan"), 1), 100))
                merge, across = _of(cell, "tcPr", "vMerge"), _of(cell, "tcPr", "hMerge")
                if across is not None and across.get(W + "val") != "restart" and left is not None:
                    left.columns += span
                elif merge is not None and merge.get(W + "val") != "restart" and column in open_:
                    left = now[column] = open_[column]
                    left.rows += 1
                else:
                    left = self._box(cell, row, column, span)
                    left.merged = not left.text.strip() and _bare(cell, "top") and lower.get(column, False)
                    boxes.append(left)
                    if merge is not None:
                        now[column] = left
                unlined[column] = _bare(cell, "bottom")
                column += span
            open_, lower = now, unlined
            width = max(width, column)
            row += 1
        for box in boxes:
            if box.rows * box.columns > 1:
                box.text = _once(box.text)
        return Sheet(boxes, width)

    def _box(self, cell: Any, row: int, column: int, span: int) -> Box:
        inner = list(self.blocks(cell))
        if any(isinstance(item, Sheet) for item in inner):
            return Box("", row, column, 1, span, inner=inner)
        lines = [item.text for item in inner if isinstance(item, Text) and item.text.strip()]
        return Box("\n".join(lines), row, column, 1, span)

    def notes(self, root: Any, kind: str) -> Iterator[Text | Sheet]:
        """The notes that the text refers to, in its order."""
        if root is None:
            return
        known = {note.get(W + "id"): note for note in root.iter(W + kind)}
        for number, name in enumerate(dict.fromkeys(self.referred[kind]), 1):
            said = [item.text for item in self.blocks(known[name]) if isinstance(item, Text)] if name in known else []
            if any(text.strip() for text in said):
                yield Text("\n".join(said), {kind: number}, note=True)


class _FieldCodes:
    """Whether the text that is met is shown: of a field only the result is."""

    def __init__(self) -> None:
        self._open: list[bool] = []

    def meet(self, what: str | None) -> None:
        if what == "begin":
            self._open.append(False)
        elif what == "separate" and self._open:
            self._open[-1] = True
        elif what == "end" and self._open:
            self._open.pop()

    @property
    def shown(self) -> bool:
        return all(self._open)


def _children(parent: Any, *names: str) -> Iterator[Any]:
    """The paragraphs and tables (or the `names`) of an element, also those in what only wraps them."""
    wanted = {W + name for name in names or ("p", "tbl", "altChunk")}
    for element in parent:
        if element.tag in wanted:
            yield element
        elif element.tag in _WRAPPERS and not _is_contents(element):
            yield from _children(element, *names)


def _is_contents(element: Any) -> bool:
    """Whether a content control holds a table of contents."""
    gallery = _of(element, "sdtPr", "docPartObj", "docPartGallery")
    return gallery is not None and gallery.get(W + "val") == "Table of Contents"


def _of(element: Any, *names: str) -> Any:
    """The element at a path below another, or None."""
    for name in names:
        element = element.find(W + name)
        if element is None:
            return None
    return element


def _on(element: Any) -> bool:
    """Whether an element that switches something is there and does not say off."""
    return element is not None and element.get(W + "val") not in ("0", "false", "off")


def _number(element: Any, default: int = 0) -> int:
    value = element.get(W + "val", "") if element is not None else ""
    return int(value) if re.fullmatch(r"\d{1,4}", value) else default


def _bare(cell: Any, side: str) -> bool:
    """Whether a cell says itself that it has no line on a side."""
    border = _of(cell, "tcPr", "tcBorders", side)
    return border is not None and border.get(W + "val") in ("nil", "none")


def _once(text: str) -> str:
    """The text of a merged cell without what came into it from the cells that were merged, where all said the same."""
    lines = text.split("\n")
    for size in range(1, len(lines) // 2 + 1):
        if len(lines) % size == 0 and lines == lines[:size] * (len(lines) // size):
            return "\n".join(lines[:size])
    return text


def _shown(element: Any, fields: _FieldCodes) -> str:
    """What a piece of text, a break or a symbol shows."""
    tag = element.tag
    if tag == W + "sym":
        return _sign(element.get(W + "char"))
    if tag in _BREAKS:
        wraps = tag != W + "br" or element.get(W + "type") in (None, "textWrapping")
        return _BREAKS[tag] if wraps else ""
    return _JOINED.sub("", element.text or "") if fields.shown else ""


def _sign(code: str | None) -> str:
    value = int(code, 16) if code and re.fullmatch(r"[0-9A-Fa-f]{1,6}", code) else 0
    low = value & 0xFF if 0xF000 <= value <= 0xF0FF else value
    return _SIGNS.get(low, chr(value) if 0x20 < value < 0xD800 else "")
