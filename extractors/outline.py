"""The prose of a paper: its parts (notice, what it issues, attachments) and the tree of its numbered headings."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from functools import cache

from . import rules
from .fold import number, squeeze
from .model import Paper, Paragraph, Table
from .units import find_assignments

#: Styles of numbering, outermost first.
STYLES = (
    re.compile(r"第(?P<n>[一二三四五六七八九十百]{1,4})(?:章|部分|编)[、\s:]?"),
    re.compile(
        r"(?P<n>[一二三四五六七八九十]{1,3})、|第(?P<n2>[一二三四五六七八九十]{1,3})[、,]|(?P<n3>[一二三四五六七八九十]{1,3})\.(?!\d)"
    ),
    re.compile(r"\((?P<n>[一二三四五六七八九十]{1,3})\)、?"),
    re.compile(r"(?P<n>\d{1,3})[.、](?!\d(?!\d{3}年))"),
    re.compile(r"\d{1,2}\.(?P<n>\d{1,2})(?:\.|、)?(?=[\u4e00-\u9fff“])(?!年|月|日|万|亿|个|元|米|公里|平方|倍|吨)"),
    re.compile(r"\((?P<n>\d{1,3})\)、?|(?P<n2>\d{1,2})\)"),
    re.compile(r"(?P<n>[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳])"),
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
CHAPTER, CLAUSE, POINT, DECIMAL, SUBPOINT = 1, 2, 3, 4, 5  # places in STYLES


@dataclass(slots=True)
class Stretch:
    """A paragraph, or a piece of one: `[start, end)`."""

    start: int
    end: int
    place: dict = field(default_factory=dict)


@dataclass(slots=True)
class Node:
    """A numbered heading with what stands below it. `body` are its own stretches after number and heading."""

    style: int
    start: int
    heading: tuple[int, int]  # with its number, without closing punctuation
    words: tuple[int, int]  # the heading without its number
    body: list[Stretch] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    parent: Node | None = None
    part: int = 0
    place: dict = field(default_factory=dict)
    whole: bool = False  # the heading is all there is: no text after it in its paragraph

    def walk(self) -> list[Node]:
        out: list[Node] = [self]
        for child in self.children:
            out += child.walk()
        return out


@dataclass(slots=True)
class Part:
    """A part of a paper: the notice or what is attached. `loose` are stretches under no heading."""

    index: int
    nodes: list[Node] = field(default_factory=list)
    loose: list[Stretch] = field(default_factory=list)
    attached: bool = False


@dataclass(slots=True)
class Outline:
    parts: list[Part]
    tables: list[tuple[int, Table, tuple[int, int] | None]]  # part, table, the heading line right above it
    skipped: list[Stretch] = field(default_factory=list)  # head, page furniture, signatures, contacts


@cache
def pattern(name: str) -> re.Pattern[str]:
    return re.compile(rules.words("document.toml")[name])


def mark(text: str, start: int, end: int) -> tuple[int, int, int] | None:
    """(style, number, end of the mark) of the numbering at `start`, or None."""
    if end - start < 2:
        return None
    c = text[start]
    if c not in "第(一二三四五六七八九十" and not c.isdigit() and c not in _CIRCLED:
        return None
    for style, regex in enumerate(STYLES):
        match = regex.match(text, start, end)
        if match:
            said = next(v for v in match.groups() if v)
            value = _CIRCLED.index(said) + 1 if said in _CIRCLED else number(said)
            if value is None or (style == POINT and value > 150):
                return None
            return style, value, match.end()
    return None


_HEADING_STOP = re.compile(r"[。!?\n]")


#: A line that is the name of a file to be loaded.
_FILE = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar)(?:\([^()]{0,20}\))?$", re.I)


def read_outline(paper: Paper, text: str, body: int, title_ends: list[tuple[int, int]]) -> Outline:
    """The outline of a paper. `text` is folded; `body` where its text begins after head and title; `title_ends`
    spans of titles of attached papers (their lines begin a part)."""
    parts = [Part(0)]
    tables: list[tuple[int, Table, tuple[int, int] | None]] = []
    skipped: list[Stretch] = []
    stack: list[Node] = []
    above: Stretch | None = None
    closing = pattern("closing")
    furniture = pattern("furniture")
    one_line = _one_line(paper)
    listing = False  # in a list of attachments
    for block in paper.blocks:
        if isinstance(block, Table):
            heading = None
            if (
                above is not None
                and above.end - above.start < 60
                and (mark(text, above.start, above.end) or [9])[0] <= CLAUSE
            ) and not pattern("table_name").search(squeeze(text[above.start : above.end])):
                heading = (above.start, above.end)
            tables.append((len(parts) - 1, block, heading))
            above = None
            continue
        if block.note:
            continue
        pieces = _split(block, text) if one_line or block.end - block.start > 1500 else [(block.start, block.end)]
        for start, end in pieces:
            stretch = Stretch(start, end, block.place)
            words = text[start:end]
            if end <= body or not words.strip():
                skipped.append(stretch)
                continue
            attach = re.match(r"(?:附件|附表|附)\s*[一二三四五六七八九十\d]{0,3}\s*[:.]?$", words)
            if attach or any(a <= start and end <= b for a, b in title_ends):
                if attach or parts[-1].nodes or parts[-1].loose or not parts[-1].attached:
                    parts.append(Part(len(parts), attached=True))
                    stack = []
                skipped.append(stretch)
                above = None
                listing = bool(attach and words.rstrip().endswith((":", ".")))
                continue
            tight = squeeze(words) if end - start < 300 else words
            if (
                (furniture.search(words) and end - start < 120)
                or (closing.match(tight) and end - start < 300)
                or _signature(tight)
            ):
                skipped.append(stretch)
                listing = bool(re.match(r"附件?\d*:", tight))
                continue
            above = stretch
            found = mark(text, start, end)
            if _FILE.search(tight) or (
                listing and found and found[0] == POINT and end - start < 70 and "。" not in words
            ):
                skipped.append(stretch)
                continue
            listing = False
            if found is None:
                if stack:
                    stack[-1].body.append(stretch)
                else:
                    parts[-1].loose.append(stretch)
                continue
            style, value, after = found
            if style == CHAPTER and value == 1 and any(n.style == CHAPTER for n in parts[-1].nodes):
                # 一、 again: another paper begins.
                parts.append(Part(len(parts), attached=True))
                stack = []
            node = _node(text, stretch, style, after)
            node.part, node.place = len(parts) - 1, block.place
            while stack and stack[-1].style >= style:
                stack.pop()
            if stack:
                node.parent = stack[-1]
                stack[-1].children.append(node)
            else:
                parts[-1].nodes.append(node)
            stack.append(node)
    for part in parts:
        _let_go(part, text)
    return Outline(parts, tables, skipped)


def _let_go(part: Part, text: str) -> None:
    """Paragraphs that close a whole part stand behind its last clause, but are none of it."""
    if not part.nodes:
        return
    last = part.nodes[-1]
    while last.children:
        last = last.children[-1]
    while last.body and last.body[-1].place != last.place:
        tail = last.body[-1]
        if not pattern("farewell").match(text[tail.start : tail.end]) or find_assignments(text, tail.start, tail.end):
            return
        part.loose.append(last.body.pop())


def _signature(words: str) -> bool:
    bare = words.strip()
    if re.fullmatch(
        r"(?:19|20|二〇)[\d〇零一二三四五六七八九]{2}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日(?:印发)?",
        bare,
    ):
        return True
    return len(bare) < 34 and bool(
        re.fullmatch(
            r"[\u4e00-\u9fffXx\s]{2,24}(?:人民政府|办公室|办公厅|委员会|领导小组|管委会|办事处|局|厅)(?:\d{4}年\d{1,2}月\d{1,2}日(?:印发)?)?",
            bare,
        )
    )


def _node(text: str, stretch: Stretch, style: int, after: int) -> Node:
    """The heading at the beginning of a stretch, up to its first 。 where that is short; what follows is its body."""
    end = stretch.end
    stop = _HEADING_STOP.search(text, after, end)
    limit = stop.start() if stop else end
    bracket = re.compile(r"\s*\((?:[^()]|\([^()]*\))*(?:单位|部门|牵头|负责|配合|科室)(?:[^()]|\([^()]*\))*\)").search(
        text, after, limit if stop else end
    )
    if bracket and bracket.start() < limit:
        limit = bracket.start()
    colon = text.find(":", after, min(limit, after + 30))
    blank = re.compile(r"(?<=[\u4e00-\u9fff)”])\s(?=[\u4e00-\u9fff“])").search(text, after, min(limit, after + 40))
    if blank and limit - blank.end() > 15 and blank.start() - after >= 3:
        limit = blank.start()
    elif end - colon > 13 and colon - after >= 3 and "," not in text[after:colon]:
        limit = colon
    rest = limit
    while rest < end and text[rest] in "。!?:; ":
        rest += 1
    size = limit - after
    more = end - rest
    commas = len(re.findall(r"[,;]", text[after:limit]))
    # A long first sentence is no heading; a clause without more text is its own heading.
    if more > 0 and text[rest] != "(" and (size > 50 or (size > 34 and commas > 1)) and style >= CLAUSE:
        body = [Stretch(after, end, stretch.place)]
        return Node(style, stretch.start, (stretch.start, after), (after, after), body)
    node = Node(style, stretch.start, (stretch.start, limit), (after, limit))
    if rest < end:
        node.body.append(Stretch(rest, end, stretch.place))
    else:
        node.whole = True
    return node


def _one_line(paper: Paper) -> bool:
    """Whether a paper lies on a few endless lines."""
    longest = max((b.end - b.start for b in paper.blocks if isinstance(b, Paragraph)), default=0)
    return longest > 400 and longest > 0.4 * len(paper.text)


_BREAK = re.compile(
    r"(?<=[。;!?:)”\s])\s*(?=(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|\d{1,2}[.、](?![\d])))"
    r"|(?<=[\u4e00-\u9fff])(?=\([一二三四五六七八九十]{1,3}\)[\u4e00-\u9fff“]{2})"
    r"|(?<=[\u4e00-\u9fff])\s(?=\d{1,2}[.、](?![\d])[\u4e00-\u9fff])"
    r"|(?<=[。)])\s+(?=[\u4e00-\u9fff]{4,30}(?:人民政府|办公室|办公厅)\s)"
    r"|(?<=[。)])\s*(?=联系人|联系电话|抄送)|(?<=[。)])\s*(?=[\u4e00-\u9fff]{4,30}(?:人民政府|办公室|办公厅|局|委员会)\s?(?:19|20)\d\d年\d{1,2}月\d{1,2}日)"
    r"|(?<=[。)])\s*(?=附件\s?[\d:])|\s(?=(?:19|20)\d\d年\d{1,2}月\d{1,2}日)|(?<=日)\s(?=\(此件|[\u4e00-\u9fff\d]{4,40}(?:方案|要点|表|分工|计划)\s)"
)


def _split(block: Paragraph, text: str) -> list[tuple[int, int]]:
    """Cuts an endless paragraph before numbering that goes on in sequence."""
    cuts = [block.start]
    last: dict[int, int] = {}
    for match in _BREAK.finditer(text, block.start, block.end):
        at = match.end()
        found = mark(text, at, block.end)
        if found:
            style, value, _ = found
            expected = last.get(style, 0) + 1
            if value != expected and not (value == 1 and style > CHAPTER):
                continue
            last[style] = value
            for deeper in [s for s in last if s > style]:
                if style == CHAPTER and deeper == CLAUSE and not re.search(r"\(一\)", text[found[2] : found[2] + 60]):
                    continue
                del last[deeper]
        cuts.append(at)
    cuts.append(block.end)
    return [(a, b) for a, b in itertools.pairwise(cuts) if text[a:b].strip()]
