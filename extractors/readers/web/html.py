"""The reader of web pages, also of those that Word saved: what a browser shows, as paragraphs and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email import message_from_bytes
from email.policy import default
from itertools import islice
from typing import TYPE_CHECKING, Any

from ...errors import PaperError
from ...files.decode import common, decode
from ...model import Remark
from ...words.fold import fold, squeeze
from ...words.forms import is_note_mark, roman, spoken
from ...words.headings import kind_of_heading
from ..content import Box, Content, Sheet, Text
from .pieces import PagePiece

if TYPE_CHECKING:
    from collections.abc import Iterator


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Elements that a browser does not show, or that are controls.
_UNSEEN = _words(
    "script style noscript template iframe frameset object embed applet svg math canvas audio video map link meta base "
    "head title select option button input textarea datalist dialog nav aside footer del rt rp xml"
)


_BLOCKS = _words(
    "address article blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer form h1 "
    "h2 h3 h4 h5 h6 header hr html legend li main menu ol p pre section summary table tbody td tfoot th thead tr "
    "ul"
)
#: Elements whose end parts a label from what follows, as their beginning does.
_INLINE = _words("span b strong font em label i")

_HIDDEN = re.compile(r"(?:^|;)(?:display:none|visibility:hidden|mso-hide:all)")


_HIDING = re.compile(r"([.#][\w-]+)\{[^{}]*display:none")


_DISPLAY = re.compile(r"([.#][\w-]+)\{[^{}]*?display:(table[a-z-]*)")


_SPACE = re.compile(r"[ \t\r\n\f]+")


#: A line end of the page's source (kept as \r) between characters that are written without blanks.
_FOLDED = re.compile(
    r"(?<=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60“”‘’…—]) *\r[ \r]*(?=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60“”‘’…—])"
)


#: Such a line end beside a figure.
_CUT = re.compile(
    r"(?<=[\d.,/—–-]) *\r[ \r]*(?=[\d\u2e80-\u9fff\uff00-\uff60.,/-])"
    r"|(?<=[\u2e80-\u9fff\uff00-\uff60]) *\r[ \r]*(?=\d)"
)


_INDENTS = str.maketrans("\u2002\u2003", "\u3000\u3000")


_FILE = re.compile(r"\.(?:docx?|wps|pdf|xlsx?|et|ofd|zip|rar|ceb|odt|rtf)(?:$|[?#&])", re.I)


#: Limits of HTML itself for spans.
_COLSPAN, _ROWSPAN = 1000, 65534


#: Tables in tables are followed so deep; what lies deeper is read as text.
_DEPTH = 40
#: A label of the page's head (索引号) stands in fewer pieces of text.
_PIECES_OF_LABEL = 12
#: A cell holds a paper where it has more lines and characters than this, and this share of its table's.
_LINES_OF_PAPER, _SIZE_OF_PAPER, _SHARE_OF_PAPER = 5, 300, 0.6
#: Numbers of items that are written with letters or Roman figures.
_COUNTED = range(1, 1000)


def read(path: str, data: bytes) -> Content:
    """The paper on a web page. Raises `PaperError` for a page without text, or nested too deep to be one."""
    from .boilerplate import paper_of, stated_in

    root = parse(path, data)
    if root is None:
        raise PaperError("paper-empty", path=path)
    stated = stated_in(root)
    shown = displayed(root)
    hide(root)
    tabulate(root, shown)
    items, warnings = paper_of(Flow().pieces(root), stated)
    plain = data.replace(b"\0", b"")  # of UTF-16
    if re.search(rb"<html[\s>]", plain[:4096], re.I) and not re.search(rb"</(?:html|body)\b", plain, re.I):
        warnings.append(Remark("page-cut"))
    return Content(items, warnings)


def parse(path: str, data: bytes) -> Any:
    """The root element of a page, or None where there is none."""
    from ..registry import needs

    with needs("html", "lxml"):
        from lxml import etree, html
    if re.match(rb"\s*(?:From:? |Subject:|MIME-Version:|Content-Type:\s*multipart)", data[:200], re.I):
        data = _archived(data)
    text = decode_page(path, data)
    text = re.sub(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]", "", text)
    parser = html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    if any("depth" in e.message for e in parser.error_log.filter_from_fatals()):
        raise PaperError("paper-deep", path=path)
    return root


def decode_page(path: str, data: bytes) -> str:
    """The text of a page. What its bytes are decides: what pages and servers say of their characters is often wrong,
    and servers' words are lost when a page is saved."""
    big5 = data.decode("big5hkscs", "replace")
    if _likely(big5) > 0:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            if _likely(big5) > _likely(data.decode("gb18030", "replace")):
                return big5
    return decode(path, data)[0]


def _likely(text: str) -> int:
    return common(text) - 9 * text.count("\ufffd")


def _archived(data: bytes) -> bytes:
    """The page in a web archive (.mht)."""
    for part in message_from_bytes(data, policy=default).walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            return content if isinstance(content, bytes) else b""
    return data


def hide(root: Any) -> None:
    """Takes out what a browser does not show: scripts, controls, what styles hide."""
    sheets = " ".join(e.text or "" for e in filter(_of_screen, root.iter("style")))
    sheets = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", re.sub(r"/\*.*?\*/", "", sheets, flags=re.S))
    hiding = set(_HIDING.findall(re.sub(r"\s+", "", sheets[:200_000]).lower()))
    out = []
    for element in root.iter():
        tag = element.tag
        if not isinstance(tag, str) or tag in _UNSEEN or element.get("hidden") is not None:
            out.append(element)
            continue
        if tag == "sup" and is_note_mark("".join(element.itertext()), _before(element)):
            out.append(element)
            continue
        style = element.get("style")
        if style and _HIDDEN.search(re.sub(r"\s+", "", style).lower()):
            out.append(element)
        elif hiding:
            names = {"." + c for c in (element.get("class") or "").lower().split()}
            if hiding & (names | {"#" + (element.get("id") or "").lower()}):
                out.append(element)
    for element in out:
        drop(element)


def _of_screen(sheet: Any) -> bool:
    """Whether a style sheet is for what is seen rather than for what is printed."""
    media = (sheet.get("media") or "all").lower()
    return "all" in media or "screen" in media


def _before(element: Any) -> str:
    """The text right before an element, where it stands in the same line."""
    sibling, parent = element.getprevious(), element.getparent()
    if sibling is not None:
        return sibling.tail or "".join(sibling.itertext())
    return (parent.text or "") if parent is not None else ""


def tabulate(root: Any, shown: Mapping[Any, str]) -> None:
    """Makes tables of what is drawn as one without being one: elements that styles call table, table-row and
    table-cell (`shown`), or that stand in rows of one width below a row of column headings."""
    for element in root.iter(*_ROWS):
        rows = _rows_drawn(element, shown)
        if rows:
            _make_table(element, rows)


#: Elements that a table may be drawn with.
_ROWS = ("div", "ul", "ol", "dl", "section", "article", "p", "span", "li", "dt", "dd")


def displayed(root: Any) -> dict[Any, str]:
    """Elements → what of a table they are shown as, by the page's styles, which `hide` takes out."""
    rules: dict[str, str] = {}
    for sheet in filter(_of_screen, root.iter("style")):
        rules |= dict(_DISPLAY.findall(re.sub(r"\s+", "", (sheet.text or "")[:200_000]).lower()))
    out: dict[Any, str] = {}
    for element in root.iter(*_ROWS):
        role = {"table": "table", "grid": "table", "row": "table-row", "cell": "table-cell"}.get(
            (element.get("role") or "").lower().replace("columnheader", "cell").replace("gridcell", "cell")
        )
        style = re.search(r"display:(table[a-z-]*)", re.sub(r"\s+", "", (element.get("style") or "").lower()))
        names = ["." + c for c in (element.get("class") or "").lower().split()]
        said = role or (style and style.group(1))
        said = said or next((rules[n] for n in [*names, "#" + (element.get("id") or "").lower()] if n in rules), None)
        if said:
            out[element] = said
    return out


#: What elements that draw a table without saying so have at least: rows, cells in each, headings that are known; and
#: the longest heading.
_FEWEST_ROWS, _FEWEST_CELLS, _KNOWN_HEADINGS, _LONGEST_HEADING = 2, 3, 2, 15


def _rows_drawn(element: Any, shown: Mapping[Any, str]) -> list[list[Any]]:
    """The rows of a table that an element draws, each with its cells; none where it draws none."""
    rows: list[Any] = []
    for child in element:
        group = len(child) > 0 and all(len(row) > 1 and row.tag in _ROWS for row in child)
        rows += list(child) if group and (shown.get(child) or "table-row-group") != "table-row" else [child]
    if shown.get(element) == "table":
        cells = [[c for c in row if c.tag in _ROWS] for row in rows]
        drawn = all(shown.get(row) == "table-row" for row in rows)
        return cells if drawn and max(map(len, cells), default=0) > 1 else []
    return [list(row) for row in rows] if _even(rows) and _has_headings(rows[0]) else []


def _even(rows: list[Any]) -> bool:
    """Whether there are rows of equally many cells, and nothing but these."""
    if len(rows) < _FEWEST_ROWS or len(rows[0]) < _FEWEST_CELLS:
        return False
    if any(row.tag not in _ROWS or len(row) != len(rows[0]) for row in rows):
        return False
    return not any(cell.tag not in _ROWS for row in rows for cell in row) and not any(
        (row.text or "").strip() for row in rows
    )


def _has_headings(row: Any) -> bool:
    """Whether a row is one of headings of columns, some of them known."""
    heads = [fold(squeeze("".join(islice(cell.itertext(), 20)))) for cell in row]
    short = all(len(head) <= _LONGEST_HEADING for head in heads)
    return short and sum(1 for head in heads if kind_of_heading(head)) >= _KNOWN_HEADINGS


def _make_table(element: Any, rows: list[list[Any]]) -> None:
    for cells in rows:
        if not cells:
            continue
        row = cells[0].getparent()
        row.tag = "tr"
        for cell in cells:
            cell.tag = "td"
        if row.getparent() is not element:
            row.getparent().tag = "tbody"
    element.tag = "table"


def drop(element: Any) -> None:
    """Takes an element out of its page; the text behind it stays."""
    parent = element.getparent()
    if parent is None or element.tag == "body":
        return
    tail = element.tail
    if tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)


class Flow:
    """Walks a page in reading order. `labels` are words after which a colon is set where another element begins."""

    def __init__(self) -> None:
        from .boilerplate import labels

        self.labels = labels()
        self.out: list[PagePiece] = []
        self.count = 0
        self.numbers: dict[Any, int] = {}
        self._begin()

    def _begin(self) -> None:
        self.buffer: list[str] = []
        self.links = 0
        self.files: list[str] = []

    def pieces(self, root: Any, depth: int = 0) -> list[PagePiece]:
        """The paragraphs and tables in an element."""
        outer, self.out = (self.out, self.buffer, self.links, self.files), []
        self._begin()
        link = preformatted = heading = 0
        flat = depth > _DEPTH
        for event, element in _walk(root, flat):
            tag = element.tag
            if event == "text":
                text = element.text if tag is not None else ""
                self._text(text or "", link, bool(preformatted))
                continue
            if event == "tail":
                self._text(element.tail or "", link, bool(preformatted))
                continue
            start = event == "start"
            if tag == "table" and element is not root and start and not flat:
                self._flush(element.getparent(), heading)
                self.out += table(element, self, depth + 1)
                continue
            self._border(element, start, heading)
            step = 1 if start else -1
            link += step * (tag == "a")
            preformatted += step * (tag == "pre")
            heading += step * (tag in ("h1", "h2", "h3"))
            if tag == "a" and start and _FILE.search(element.get("href") or ""):
                self.files.append("".join(element.itertext()).strip() or element.get("href"))
        self._flush(root, heading)
        found = self.out
        self.out, self.buffer, self.links, self.files = outer
        return found

    def _border(self, element: Any, start: bool, heading: int) -> None:
        """What the beginning or the end of an element does to the text around it."""
        tag = element.tag
        if tag == "br":
            if start:
                self.buffer.append("\n")
        elif tag in _BLOCKS:
            self._flush(element if not start else element.getparent(), heading)
            if start and tag == "li":
                self.buffer.append(marker(element, self.numbers))
        elif start or tag in _INLINE:
            self._label()

    def _text(self, text: str, link: int, preformatted: bool) -> None:
        if not text:
            return
        if not preformatted:
            text = _SPACE.sub(lambda m: "\r" if "\n" in m.group() else " ", text)
        if link:
            self.links += len(squeeze(text))
        self.buffer.append(text)

    def _label(self) -> None:
        """Sets a colon after 索引号 and its like, where the page parts label and value by elements alone."""
        if self.buffer and len(self.buffer) < _PIECES_OF_LABEL and fold(squeeze("".join(self.buffer))) in self.labels:
            self.buffer.append(":")

    def _flush(self, element: Any, heading: int) -> None:
        text = _CUT.sub("", _FOLDED.sub("", "".join(self.buffer)))
        text = text.replace("\r", " ").translate(_INDENTS)
        text = "\n".join(line.strip(" ") for line in text.split("\n")).strip("\n")
        parts, broken = _paragraphs(text) if text.count("\n") > _LINES_OF_PAPER else ([text], False)
        parts = [part for part in parts if squeeze(part).strip("\u200b\ufeff\xad")]
        for n, part in enumerate(parts):
            self.count += 1
            # How much of each part is links is not known: their share is.
            links = self.links * len(part) // len(text)
            files = self.files if n == len(parts) - 1 else []
            item = Text(part, {"paragraph": self.count}, broken)
            self.out.append(PagePiece(item, element, links, files, heading > 0))
        if not parts and self.files and self.out:
            self.out[-1].files += self.files
        self._begin()


def _paragraphs(text: str) -> tuple[list[str], bool]:
    """The paragraphs of lines that <br> ends, and whether those may be broken: blank lines part them, or each line
    begins with an indent."""
    lines = text.split("\n")
    full = [line for line in lines if squeeze(line)]
    if len(lines) - len(full) >= 0.4 * len(full):
        parts = re.split(r"\n\s*\n", text)
        return parts, any("\n" in part for part in parts)
    if sum(line.startswith(("\u3000", "\xa0\xa0")) for line in full) >= 0.6 * len(full):
        return full, False
    return [text], True


def _walk(root: Any, flat: bool) -> Iterator[tuple[str, Any]]:
    """(event, element): start, text, end, tail; tables inside are given at their start alone, unless `flat`. Without
    recursion: pages are nested deep."""
    stack = [(root, False)]
    while stack:
        element, done = stack.pop()
        if done:
            yield "end", element
            if element is not root:
                yield "tail", element
            continue
        yield "start", element
        if element.tag == "table" and element is not root and not flat:
            yield "tail", element
            continue
        yield "text", element
        stack.append((element, True))
        stack += [(child, False) for child in reversed(element)]


_TYPES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}


def marker(item: Any, numbers: dict[Any, int]) -> str:
    """The number that a browser draws before an item of a numbered list; nothing for others. `numbers` keeps the last
    number of each list."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return ""
    kind = _list_style(item) or _list_style(parent) or _TYPES.get(parent.get("type") or "", "decimal")
    if kind in ("none", "disc", "circle", "square"):
        return ""
    step = 1 if parent.get("reversed") is None else -1
    if parent not in numbers:
        numbers[parent] = _integer(parent.get("start"), 1 if step > 0 else sum(1 for _ in parent.iter("li"))) - step
    number = numbers[parent] = _integer(item.get("value"), numbers[parent] + step)
    if number not in _COUNTED:
        return f"{number}."
    if "alpha" in kind or "latin" in kind:
        drawn = chr(ord("a") + (number - 1) % 26)
        return (drawn.upper() if kind.startswith("upper") else drawn) + "."
    if "roman" in kind:
        drawn = roman(number)
        return (drawn if kind.startswith("upper") else drawn.lower()) + "."
    if "cjk" in kind or "chinese" in kind:
        return spoken(number) + "、"
    return f"{number}."


def _list_style(element: Any) -> str:
    found = re.search(r"list-style(?:-type)?\s*:\s*([\w-]+)", (element.get("style") or "").lower())
    return found.group(1) if found else ""


def _integer(text: str | None, default_: int) -> int:
    found = re.match(r"\A\s*+([+-]?\d{1,9})", text or "")
    return int(found.group(1)) if found else default_


def table(element: Any, flow: Flow, depth: int) -> list[PagePiece]:
    """A table as one piece, or what its cells hold where it only lays out the page."""
    cells = [(cell, flow.pieces(cell, depth), *at) for cell, *at in spans(rows_of(element))]
    captions = [p for e in element if e.tag == "caption" for p in flow.pieces(e, depth)]
    full = [c for c in cells if c[1]]
    if not full:
        return captions
    if _lays_out(full):
        return captions + [p for c in full for p in c[1]]
    boxes = []
    for _, pieces, row, column, rows, columns in cells:
        inner = [p.item for p in pieces]
        text = (
            "" if any(isinstance(i, Sheet) for i in inner) else "\n".join(i.text for i in inner if isinstance(i, Text))
        )
        boxes.append(Box(text, row, column, rows, columns, inner=inner if inner and not text else []))
    width = max(b.column + b.columns for b in boxes)
    links = sum(p.links for c in full for p in c[1])
    files = [f for c in full for p in c[1] for f in p.files]
    return [*captions, PagePiece(Sheet(boxes, width), element, links, files)]


def _lays_out(cells: list[tuple]) -> bool:
    """Whether a table only lays out the page: one column, or tables and long prose in its cells and no headings of a
    task table."""
    if len({c[3] for c in cells}) == 1:
        return True
    rows: dict[int, int] = {}
    for _, pieces, row, *_ in cells:
        if len(pieces) == 1 and isinstance(pieces[0].item, Text) and kind_of_heading(fold(pieces[0].item.text[:60])):
            rows[row] = rows.get(row, 0) + 1
    if any(n >= 2 for n in rows.values()):
        return False
    if any(p.heading or isinstance(p.item, Sheet) for c in cells for p in c[1]):
        return True
    size = sum(len(p.text) for c in cells for p in c[1])
    lines = [sum(p.item.text.count("\n") + 1 for p in c[1] if isinstance(p.item, Text)) for c in cells]
    largest = max(sum(len(p.text) for p in c[1]) for c in cells)
    return max(lines) > _LINES_OF_PAPER and largest > max(_SIZE_OF_PAPER, _SHARE_OF_PAPER * size)


def rows_of(element: Any) -> list[list[list[Any]]]:
    """The cells of a table in rows, the rows in their groups; the foot last."""
    groups: list[tuple[bool, list[list[Any]]]] = []
    loose: list[list[Any]] | None = None

    def cells(row: Any) -> list[Any]:
        return [c for c in row if c.tag in ("td", "th")]

    for child in element:
        if child.tag in ("thead", "tbody", "tfoot"):
            loose = None
            groups.append((child.tag == "tfoot", [cells(row) for row in child if row.tag == "tr"]))
        elif child.tag in ("tr", "td", "th", "p", "div", "form"):
            if loose is None:
                loose = []
                groups.append((False, loose))
            # A form around rows, a cell without a row, a paragraph between rows: as written.
            rows = [child] if child.tag == "tr" else list(child.iterchildren("tr"))
            loose += [cells(row) for row in rows] or [[child]]
    return [rows for _, rows in sorted(groups, key=lambda g: g[0])]


def spans(groups: list[list[list[Any]]]) -> Iterator[tuple[Any, int, int, int, int]]:
    """(cell, row, column, rows, columns) of each cell, none over another: a span ends at the end of its group of rows,
    and before what already stands in its way."""
    top = 0
    for rows in groups:
        busy: list[tuple[int, int, int]] = []  # from column, to column, to row: ascending, what hangs down from above
        for index, row in enumerate(rows):
            busy = [b for b in busy if b[2] > index]
            hung: list[tuple[int, int, int]] = []
            column = near = 0
            for cell in row:
                while near < len(busy) and busy[near][0] <= column:
                    column = max(column, busy[near][1])
                    near += 1
                wide = min(max(_integer(cell.get("colspan"), 1), 1), _COLSPAN)
                if near < len(busy):
                    wide = min(wide, busy[near][0] - column)
                high = _integer(cell.get("rowspan"), 1)
                left = len(rows) - index
                high = left if high == 0 else min(max(high, 1), left, _ROWSPAN)
                yield cell, top + index, column, high, wide
                if high > 1:
                    hung.append((column, column + wide, index + high))
                column += wide
            if hung:
                busy = sorted(busy + hung)
        top += len(rows)
