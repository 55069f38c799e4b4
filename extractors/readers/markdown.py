"""The reader of Markdown: headings, paragraphs, lists and tables, escapes and marks resolved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..files.decode import decode
from ..words.forms import CELL_BREAK
from ..words.parts import tables
from .content import Box, Content, Sheet, Text
from .registry import needs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_FRONT = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_SAYS = re.compile(r"\A([\w\u4e00-\u9fff]++)[ \t]*+:[ \t]+(.+)")
#: A heading without the blank behind its marks.
_HEADING = re.compile(r"^( {0,3}#{1,6})(?=[\u3400-\u9fff（“《])", re.M)
#: A footnote: its name, its text and the lines that are indented below.
_NOTE = re.compile(r"^\[\^([^\]\n]+)\]:[ \t]*(.*(?:\n[ \t]{2,}\S.*)*)", re.M)
#: Emphasis that ends in Chinese punctuation, where the rules of Markdown take its marks for text.
_MARKED = re.compile(r"(?<!\\)(\*\*|__|\*|_)(?=[^\s*_])([^*_\n|]{0,200}[。：；！？）》”])\1")
_BOX = re.compile(r"\[[ xX]\][ \t]+")
_TAG = re.compile(r"<[a-z!/?]", re.I)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_TABLE = re.compile(r"<(/?)table\b", re.I)
#: The line below the headings of a table, and lines that begin as its rows do, where no bar stands at their edges.
_RULE = re.compile(r"\A {0,3}:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)++$")


def read(path: str, data: bytes) -> Content:
    """The paper in the bytes of a Markdown file, tables as GitHub writes them.

    Raises `PaperError` where markdown-it-py is missing or the file is empty or no text.
    """
    with needs("markdown", "markdown-it-py"):
        from markdown_it import MarkdownIt

    source, warnings = decode(path, data)
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT.match(source)
    items: list[Text | Sheet] = []
    first = 0
    if front:
        first = front.group().count("\n")
        for number, line in enumerate(front.group(1).split("\n"), 2):
            said = _SAYS.match(line)
            label = _label(said.group(1)) if said else ""
            if said and label:
                words = said.group(2).strip().strip("\"'")
                items.append(Text(f"{label}：{words}", {"line": number}))
        source = source[front.end() :]
    source, notes = _without_notes(source, first)
    source = _MARKED.sub(r"\2", _HEADING.sub(r"\1 ", _open_rows(_whole_tables(source))))
    # Four blanks before a paragraph are an indent of Chinese text, no code.
    marks = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")
    items += _blocks(marks.parse(source), first)
    return Content([*items, *notes], warnings)


def _label(name: str) -> str:
    """How a paper says what a line of this name above the text states of it; '' for what is not read."""
    known = tables("readers.toml")
    of = known["front"]["says"].get(name.lower())
    return known["labels"][of] if of else ""


def _blocks(tokens: list[Token], first: int) -> Iterator[Text | Sheet]:
    """The paragraphs and tables of a text. `first` is how many lines stand above it."""
    lists, table, heading, line = _OpenLists(), None, False, 0
    for token in tokens:
        kind = token.type
        if token.map and kind != "inline":
            line = first + token.map[0] + 1
        if kind == "table_open":
            table = _OpenTable(line)
        elif table is not None and kind == "table_close":
            yield table.sheet()
            table = None
        elif table is not None:
            table.meet(token, line)
        elif kind in ("heading_open", "heading_close"):
            heading = kind == "heading_open"
        elif kind == "inline":
            words = _inline(token)
            if box := _BOX.match(words):
                words = words[box.end() :]
            yield Text(lists.number() + words, {"line": line}, broken=not heading and "\n" in words)
        elif kind in ("fence", "code_block"):
            yield Text(token.content.rstrip("\n"), {"line": line})
        elif kind == "html_block":
            yield from _page(token.content, line)
        else:
            lists.meet(token)


class _OpenLists:
    """The lists that are open, and the number of the item whose first paragraph comes next."""

    def __init__(self) -> None:
        self._counts: list[tuple[int, int]] = []  # of each: the last number as written, and as shown
        self._number = ""

    def meet(self, token: Token) -> None:
        """Takes the beginning or end of a list or an item."""
        if token.type == "ordered_list_open":
            self._counts.append((-1, -1))
        elif token.type == "ordered_list_close":
            self._counts.pop()
        elif token.type == "list_item_open":
            self._number = ""
            if token.info.isdecimal() and self._counts:
                self._number = f"{self._count(int(token.info))}{token.markup}"

    def _count(self, number: int) -> int:
        """What is shown for a number: who writes 1. before every item has them counted."""
        written, shown = self._counts[-1]
        shown = shown + 1 if number == written else number
        self._counts[-1] = number, shown
        return shown

    def number(self) -> str:
        """The number that stands before a paragraph, said once."""
        number, self._number = self._number, ""
        return number


class _OpenTable:
    """A table whose rows are being met; `line` is its first."""

    def __init__(self, line: int) -> None:
        self._line, self._boxes = line, list[Box]()
        self._row, self._column = -1, 0

    def meet(self, token: Token, line: int) -> None:
        """Takes the beginning of a row, what a cell says, or its end."""
        if token.type == "tr_open":
            self._row, self._column = self._row + 1, 0
        elif token.type in ("th_close", "td_close"):
            self._column += 1
        elif token.type == "inline":
            words = _inline(token)
            place = {"line": line}
            self._boxes.append(Box(words, self._row, self._column, place=place, merged=not words.strip()))

    def sheet(self) -> Sheet:
        """The table, at its end."""
        return Sheet(self._boxes, max(b.column for b in self._boxes) + 1, {"line": self._line})


def _page(source: str, line: int) -> Iterator[Text | Sheet]:
    """What a piece of a web page in the text holds: tables with merged cells are written so."""
    source = _COMMENT.sub("", source)
    if _TAG.search(source):
        for item in of_page("", source.encode("utf-8", "replace")):
            item.place = {"line": line}
            yield item


def of_page(path: str, data: bytes) -> list[Text | Sheet]:
    """The paragraphs and tables of a web page that lies in another file."""
    from .web.html import Flow, hide, parse

    root = parse(path, data)
    if root is None:
        return []
    hide(root)
    return [piece.item for piece in Flow().pieces(root)]


def _without_notes(source: str, first: int) -> tuple[str, list[Text]]:
    """The text without its footnotes and what refers to them, as many lines; and the footnotes."""
    notes: list[Text] = []
    names = []

    def take(match: re.Match[str]) -> str:
        names.append(match.group(1))
        words = re.sub(r"\n[ \t]+", "\n", match.group(2))
        notes.append(Text(words, {"line": first + source.count("\n", 0, match.start()) + 1}, note=True))
        return "\n" * match.group().count("\n")

    left = _NOTE.sub(take, source)
    for name in names:
        left = left.replace(f"[^{name}]", "")
    return left, notes


def _whole_tables(source: str) -> str:
    """The text with empty lines in tables of HTML filled: they would end the table."""
    out: list[str] = []
    deep = 0
    for line in source.split("\n"):
        out.append("<!-- -->" if deep and not line.strip() else line.lstrip() if deep else line)
        for mark in _TABLE.finditer(line):
            deep = max(0, deep + (-1 if mark.group(1) else 1))
    # One that never ends is left as it is.
    return source if deep else "\n".join(out)


def _open_rows(source: str) -> str:
    """The text with a blank as first cell of rows that begin with a bar in tables whose rows do not: the cell is empty,
    and the bar no edge."""
    lines = source.split("\n")
    inside = False
    for n, line in enumerate(lines):
        if _RULE.match(line) and n and not lines[n - 1].lstrip().startswith("|"):
            inside = True
        elif not line.strip():
            inside = False
        elif inside and line.lstrip().startswith("|") and not line.rstrip().endswith("|"):
            lines[n] = "&nbsp;" + line.lstrip()
    return "\n".join(lines)


def _inline(token: Token) -> str:
    """The words of a paragraph or cell. What is struck out is left out."""
    out: list[str] = []
    struck = 0
    for child in token.children or ():
        if child.type in ("s_open", "s_close"):
            struck += 1 if child.type == "s_open" else -1
        elif struck:
            continue
        elif child.type in ("text", "code_inline"):
            out.append(child.content)
        elif child.type in ("softbreak", "hardbreak") or CELL_BREAK.fullmatch(child.content):
            out.append("\n")
    return "".join(out)
