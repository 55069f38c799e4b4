"""The reader of plain text: decoding, broken lines joined, page furniture left out, flattened tables found."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ..errors import PaperError
from ..fold import fold, squeeze
from ..model import Block, Cell, Paper, Paragraph, Remark, Table

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]*(\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]|\Z)")
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
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\xad\x00"
#: White space and what is to be dropped inside a line: invisible characters, bold marks of Markdown, entities of pages.
_GAP = re.compile(rf"(?:[\s\u3000{_INVISIBLE}]|\*\*|&nbsp;|&emsp;|&ensp;|\\(?=[.()\[\]*_#-]))+")


def tight(text: str) -> str:
    """`text` folded, without white space and what a reader does not see."""
    return fold(_GAP.sub("", text))


_LATIN = re.compile(r"[A-Za-z0-9]")
_WORD = re.compile(r"[\u3400-\u9fffA-Za-z0-9”“》《●•·]")

#: How a paragraph begins that can not go on a broken line.
MARK = re.compile(
    r"(?:第?[一二三四五六七八九十百]{1,4}(?:、|章|节|部分|\.)|\([一二三四五六七八九十]{1,3}\)|\d{1,3}[.、](?!\d(?!\d{3}年))|\d{1,2}\.\d{1,2}(?=[\u4e00-\u9fff“])(?!\S万|\S亿)|\(\d{1,3}\)|\d{1,2}\)|[①-⑳●•■◆▲★※]|附件|附表|附:|#)"
)
_LABEL = re.compile(
    r"\(?(?:牵头|责任|配合|参与|落实|协办|主办|承办|完成|时限|联系|协助|指导|实施|办理)[^,。;:]{0,8}:|\((?:此件|联系)|抄送|主办:|督办:"
)
_NUMBERED = re.compile(
    r"[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)(?![、,)])|\d{1,2}[.、](?!\d)[\u4e00-\u9fff“]|附件"
)
_DATE = re.compile(
    r"(?:19|20|二〇)[\d〇零一二三四五六七八九]{2}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日(?:印发)?$"
)
_TERMINAL = re.compile(r"[。!?;:…]['\"”’》〉)]*$")
_PAGE = re.compile(
    r"[-_·\s]*第?\s*\d{1,4}\s*页?[-_·\s]*$|第\s*\d+\s*页\s*[,/]?\s*共\s*\d+\s*页$|\d{1,3}\s*/\s*\d{1,3}$"
)


@dataclass(slots=True)
class Line:
    """A line without its end and outer white space: `[start, end)` in the source; `text` folded; `number` from 1."""

    start: int
    end: int
    text: str
    number: int
    raw: str
    begin: int  # where `raw` begins in the source
    blank_before: bool = False
    indent: bool = False


def read(path: str, data: bytes) -> Paper:
    """The paper in the bytes of a plain text file. Raises `PaperError` for an empty, binary or endless file."""
    from . import MAX_CHARACTERS
    from .flat import find_table

    source, remarks = decode(path, data)
    if len(source) > MAX_CHARACTERS:
        raise PaperError("paper-too-long", path=path, size=len(source), limit=MAX_CHARACTERS)
    if not source.strip(" \t\r\n\x0b\x0c\x00\u3000\ufeff"):
        raise PaperError("paper-empty", path=path)
    lines = split_lines(source)
    lines = drop_furniture(lines)
    wrap = wrap_width(lines)
    out = Builder(source)
    index = 0
    open_: list[Line] = []
    prose: list[str] = []

    def close() -> None:
        if open_:
            out.paragraph([(n.start, n.end) for n in open_], {"line": open_[0].number})
            prose.append("".join(n.text for n in open_))
            open_.clear()

    while index < len(lines):
        found = find_table(lines, index, prose, source)
        if found:
            close()
            grid, index = found
            out.table(grid)
            continue
        line = lines[index]
        if open_ and not joins(open_, line, wrap):
            close()
        open_.append(line)
        index += 1
    close()
    return Paper(out.text(), out.blocks, source, out.anchors, warnings=remarks)


# --- bytes to lines ------------------------------------------------------------------------------------------------


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
    return sum(text.count(c) for c in "的、，。和在工作一")


def _checked(path: str, text: str) -> tuple[str, list[Remark]]:
    if len(_CONTROL.findall(text[:20000])) > max(8, len(text[:20000]) / 20):
        raise PaperError("paper-binary", path=path)
    nul = text.find("\0")
    if nul >= 0:
        return text, [Remark("nul-bytes", {"line": text.count("\n", 0, nul) + 1}, values={"count": text.count("\0")})]
    return text, []


def split_lines(source: str, start: int = 0, end: int | None = None) -> list[Line]:
    """The lines of `source[start:end]` that hold something, numbered from 1. Leading tabs stay in `raw`: flattened
    tables are known by them."""
    lines: list[Line] = []
    blank = False
    for number, match in enumerate(_LINE.finditer(source, start, len(source) if end is None else end), 1):
        raw = source[match.start() : match.start(1)]
        inner = raw.strip(" \t\u3000\xa0" + _INVISIBLE)
        if not inner and "\t" not in raw:
            blank = True
            continue
        marks = re.match(r"(?:#{1,6}|>)\s+", inner)
        if marks:
            inner = inner[marks.end() :]
        start = match.start() + raw.rindex(inner) if inner else match.start()
        lines.append(
            Line(
                start,
                start + len(inner),
                fold(inner),
                number,
                raw,
                match.start(),
                blank,
                raw[:1] in " \u3000" and raw[:2].strip() == "",
            )
        )
        blank = False
    return lines


def drop_furniture(lines: list[Line]) -> list[Line]:
    """Leaves out page numbers (- 3 -, 第3页, 3/12; a bare number may be a cell) and the running heads beside them."""
    at = {
        i
        for i, line in enumerate(lines)
        if len(line.text) < 20
        and _PAGE.match(line.text)
        and not squeeze(line.text).isdecimal()
        and "\t" not in line.raw
    }
    if not at:
        return lines
    beside = Counter(
        lines[j].text for i in at for j in (i - 1, i + 1) if 0 <= j < len(lines) and 2 < len(lines[j].text) < 50
    )
    heads = {text for text, count in beside.items() if count >= 2}
    return [line for i, line in enumerate(lines) if i not in at and line.text not in heads]


def wrap_width(lines: list[Line]) -> int:
    """The width at which a paper's lines are broken; 0 where a line is a paragraph."""
    lengths = [len(line.text) + 2 * line.indent for line in lines if "\t" not in line.raw and len(line.text) > 14]
    if len(lengths) < 6:
        return 0
    counts = Counter(lengths)
    width = max(range(16, 61), key=lambda w: sum(counts[n] for n in (w - 1, w, w + 1)))
    near = sum(counts[n] for n in range(width - 2, width + 2))
    longer = sum(count for n, count in counts.items() if n > width + 2)
    return width if near >= 0.35 * len(lengths) and longer <= 0.1 * len(lengths) else 0


def joins(before: list[Line], line: Line, wrap: int) -> bool:
    """Whether `line` goes on where `before` broke off."""
    last = before[-1]
    text = "".join(n.text for n in before[-3:])
    first = "".join(n.text for n in before) if len(before) < 40 else text
    if MARK.match(line.text) or _LABEL.match(line.text) or "\t" in line.raw or "\t" in last.raw:
        # A bracket or a title that is still open goes on, but a numbered line begins anew: the bracket was forgotten.
        return _open(first) and not _NUMBERED.match(line.text) and len(first) < 3000
    if _DATE.match(squeeze(line.text)):
        return False
    if goes_on(before):
        return True
    full = wrap and len(last.text) + 2 * last.indent >= wrap - 2
    if wrap:
        if line.indent and any(n.indent for n in before):
            return False
        return bool(full) and not (_TERMINAL.search(last.text) and (line.indent or line.blank_before))
    if _TERMINAL.search(last.text) or re.search(r"[)》]$", last.text) or re.match(r"\(", line.text):
        return False
    # A line that is a paragraph broke off in mid-sentence, at the end of a page.
    sentence = bool(re.search(r"[。;]", last.text)) or (len(last.text) > 24 and "," in last.text)
    return sentence and len(last.text) > 14 and not re.match(r"[一二三四五六七八九十]{1,3}、|附件", last.text)


def goes_on(lines: list[Line]) -> bool:
    """Whether the end of a paragraph so far says that it is none: 、 or a bracket that is still open."""
    first = "".join(n.text for n in (lines if len(lines) < 40 else lines[-3:]))
    return lines[-1].text.endswith("、") or (_open(first) and len(first) < 3000)


def _open(text: str) -> bool:
    tail = text[-600:]
    return (tail.rfind("(") > tail.rfind(")") and tail.count("(") > tail.count(")")) or tail.rfind("《") > tail.rfind(
        "》"
    )


# --- lines to the model --------------------------------------------------------------------------------------------


class Builder:
    """Puts the paper's text together out of pieces of the source and remembers where each came from."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.blocks: list[Block] = []
        self.anchors: list[tuple[int, int]] = []
        self._parts: list[str] = []
        self._length = 0

    def text(self) -> str:
        return "".join(self._parts)

    def paragraph(self, pieces: list[tuple[int, int]], place: dict, note: bool = False) -> None:
        start, end = self._put(pieces, "")
        if end > start:
            self.blocks.append(Paragraph(start, end, place, note))
            self._end(pieces)

    def table(self, grid: Grid, place: dict | None = None) -> None:
        cells = []
        for cell in grid.cells:
            start, end = self._put(cell.pieces, "\n")
            merged = cell.merged and start == end
            cells.append(Cell(start, end, cell.row, cell.column, cell.rows, cell.columns, merged))
            self._end(cell.pieces)
        self.blocks.append(Table(cells, grid.width, place or {"line": grid.line}))

    def _end(self, pieces: list[tuple[int, int]]) -> None:
        if pieces:
            self._append("\n", pieces[-1][1])

    def _append(self, text: str, origin: int) -> None:
        self.anchors.append((self._length, origin))
        self._parts.append(text)
        self._length += len(text)

    def _put(self, pieces: list[tuple[int, int]], joint: str) -> tuple[int, int]:
        start = self._length
        for at, (a, b) in enumerate(pieces):
            if joint and at and self._length > start:
                self._append(joint, pieces[at - 1][1])
            self._clean(a, b)
        return start, self._length

    def _clean(self, start: int, end: int) -> None:
        """Appends `source[start:end]` without its white space, but for one blank between two words."""
        at = start
        for gap in _GAP.finditer(self.source, start, end):
            if gap.start() > at:
                self._append(self.source[at : gap.start()], at)
            at = gap.end()
            before = self.source[gap.start() - 1] if gap.start() > start else ""
            after = self.source[gap.end()] if gap.end() < end else ""
            if self._keeps(before, after) and any(c in " \t\u3000\xa0;" for c in gap.group()):
                self._append(" ", gap.start())
        if end > at:
            self._append(self.source[at:end], at)

    @staticmethod
    def _keeps(before: str, after: str) -> bool:
        if not (_WORD.match(before) and _WORD.match(after)):
            return False
        return bool(_LATIN.match(before)) == bool(_LATIN.match(after))


@dataclass(slots=True)
class Field:
    """A field of a table: pieces of the source, one a line of the cell."""

    row: int
    column: int
    pieces: list[tuple[int, int]]
    columns: int = 1
    merged: bool = False
    rows: int = 1


@dataclass(slots=True)
class Grid:
    cells: list[Field]
    width: int
    line: int
