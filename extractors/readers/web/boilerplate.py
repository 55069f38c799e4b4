"""What of a web page is the paper: menus, foot and the like are left out, the metadata of the page is read.

Names, labels and patterns are those of `rules/pages.toml`.
"""

from __future__ import annotations

import re
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from ...model import Remark
from ...words.fold import fold, squeeze
from ...words.forms import ABOUT, DATE, NUMBER, RED_HEAD_END
from ...words.headings import kind_of_heading
from ...words.parts import kinds, listed, pattern, rule, tables
from ..content import Sheet, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .pieces import PagePiece

#: A paragraph of this many characters with a sentence in it is one of the paper, not of the page.
_SENTENCE = 15
#: Characters of a title at most, at least, and of one that repeats a name of the page or begins it.
_LONG_TITLE, _SHORT_TITLE, _SAME_TITLE = 60, 6, 9
_SHORT_NAME = 5  # characters of what a page says of a paper, at least
_HEADS = 6  # pieces at the head of a paper in which its title stands
#: Characters of lines at most: of the page's foot, of a date, of a line of the page, of one with a sentence in it, of
#: the site's own sentences, of a label that is told in the next piece, of a line of labels.
_TAIL, _DATE, _PAGE_LINE, _WITH_SENTENCE, _OF_SITE, _VALUE, _LABELS = 200, 40, 120, 60, 150, 120, 400
#: Headings of a task table stand in the first rows, and are short.
_HEADER_ROWS, _HEADING = 8, 25
#: Below a link of so many characters at least stand the first lines of another page: pieces, and characters at most.
_LINK, _TEASER_PIECES, _TEASER = 8, 4, 300
#: A table of labels: what it holds beside them, and all of it, at most.
_BESIDE_LABELS, _LABEL_TABLE = 60, 2000
_STOP = re.compile(r"[。;；]")
#: What a page may say of a paper, in the order in which it is told.
_TOLD = ("number", "issuer", "date", "title")
_rule = partial(rule, file="readers.toml")


@cache
def labels() -> dict[str, str]:
    """Label of a metadata block, folded → what it says of the paper: number, issuer, date, title or nothing of use."""
    return {fold(label): kind for label, kind in tables("pages.toml")["labels"].items()}


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(tables("pages.toml")[name])


@cache
def _label() -> re.Pattern[str]:
    # Labels are spaced out to one width: 索 引 号, 文　　号.
    words = sorted(labels(), key=len, reverse=True)
    spaced = "|".join(r"\s*".join(map(re.escape, word)) for word in words)
    return re.compile(rf"(?<![\u4e00-\u9fff])[\[(]?(?P<label>{spaced})\s*[\])]?\s*:")


def paper_of(pieces: list[PagePiece], stated: dict[str, list[str]]) -> tuple[list[Text | Sheet], list[Remark]]:
    """The paragraphs and tables of the paper on a page, what the page says of it first, and warnings. `stated` is what
    the page's head says."""
    pieces = _without_teasers(pieces)
    pieces = [p for p in pieces if not _is_menu(p)]
    pieces = _without_around(pieces)
    first, last = _core(pieces)
    before, inside, after = pieces[:first], pieces[first:last], pieces[last:]
    found: dict[str, str] = {}
    before = _take_metadata(before, found)
    # Below its first sentence, 名称：… is the paper's own.
    begin = next((n for n, p in enumerate(inside) if _weight(p)), 0)
    inside = _take_metadata(inside[:begin], found) + inside[begin:]
    named = [*stated.get("title", []), found.get("title", "")]
    names = {n for n in (squeeze(fold(t)) for t in named) if len(n) >= _SHORT_NAME}
    head = _head(before, names)
    inside = _cut_tail(inside)
    inside = [p for p in inside if not _is_line(p) or not isinstance(p.item, Text)]
    foot = [p for p in _cut_tail(after) if _is_foot(p) and not _is_line(p)]
    kept = [*head, *inside, *foot]
    said = _said(found, stated, kept, named)
    warnings = []
    files = [f for p in kept for f in p.files] or [f for p in pieces for f in p.files]
    if files and not any(_weight(p) for p in kept):
        names_of = "、".join(dict.fromkeys(" ".join(f.split())[:80] for f in files[:5]))
        warnings.append(Remark("page-only-attachment", values={"names": names_of}))
    return [*said, *(p.item for p in kept)], warnings


# --- which part is the paper ---------------------------------------------------------------------------------------


def _weight(piece: PagePiece) -> int:
    """How much of a paper a piece holds: the length of paragraphs with sentences, and of tables with headings."""
    if isinstance(piece.item, Sheet):
        heads = sum(
            1
            for b in piece.item.boxes
            if b.row < _HEADER_ROWS and len(b.text) < _HEADING and kind_of_heading(fold(b.text))
        )
        return len(piece.text) if heads >= 2 else 0
    text = piece.text
    if len(text) < _SENTENCE or piece.links > len(text) / 2 or not _STOP.search(text):
        return 0
    text = fold(text)
    if _pattern("tail").match(text) or (len(text) < _OF_SITE and _pattern("site").search(text)):
        return 0
    return len(text)


def _is_menu(piece: PagePiece) -> bool:
    """Whether a piece is nothing but links of the site."""
    text = piece.text
    if piece.files or not text or piece.links < 0.8 * len(text):
        return False
    if isinstance(piece.item, Sheet):
        return _weight(piece) == 0
    # A heading, a title or a line of the paper may be a link too.
    return (
        not piece.heading and not _STOP.search(text) and len(text) < _LONG_TITLE and not _rule("paper_link").match(text)
    )


def _without_teasers(pieces: list[PagePiece]) -> list[PagePiece]:
    """Leaves out the lines below a link that show how another page begins."""
    inside: dict[Any, list[PagePiece]] = {}
    for piece in pieces:
        for element in list(_up(piece.element))[:2]:
            inside.setdefault(element, []).append(piece)
    out: set[int] = set()
    for element, found in inside.items():
        links = [p for p in found if _is_menu(p) and len(p.text) >= _LINK]
        if (
            links
            and found[0] is links[0]
            and 1 < len(found) <= _TEASER_PIECES
            and element.tag in ("li", "div", "dl", "dd", "td")
        ):
            others = [p for p in found if p not in links]
            if sum(len(p.text) for p in others) < _TEASER and not any(
                p.links or p.heading or isinstance(p.item, Sheet) for p in others
            ):
                out |= {id(p) for p in others}
    return [p for p in pieces if id(p) not in out]


def _without_around(pieces: list[PagePiece]) -> list[PagePiece]:
    """Leaves out what stands in elements whose names are those of menus, feet and the like, unless the paper does."""
    total = sum(map(_weight, pieces)) or 1
    inside: dict[Any, list[PagePiece]] = {}
    for piece in pieces:
        for element in _up(piece.element):
            inside.setdefault(element, []).append(piece)
    out: set[int] = set()
    for element, found in inside.items():
        name = f"{element.get('id') or ''} {element.get('class') or ''}".lower()
        around = element.tag not in ("body", "html") and name.strip() and _pattern("around").search(name)
        if around and sum(map(_weight, found)) < total / 2 and not any(p.heading for p in found):
            out |= {id(p) for p in found if _weight(p) == 0 or not _kept_name(p, element)}
    return [p for p in pieces if id(p) not in out]


def _kept_name(piece: PagePiece, outer: Any) -> bool:
    """Whether a piece stands in a named place of the paper inside `outer`."""
    for element in _up(piece.element):
        if element is outer:
            return False
        if _is_content(element):
            return True
    return False


def _is_content(element: Any) -> bool:
    names = [element.get("id") or "", *(element.get("class") or "").split()]
    return any(_pattern("content").match(n.lower()) for n in names if n)


def _up(element: Any) -> Iterable[Any]:
    while element is not None:
        yield element
        element = element.getparent()


def _core(pieces: list[PagePiece]) -> tuple[int, int]:
    """The stretch of pieces that the innermost element with all sentences and task tables of the page holds; where a
    named place of papers holds nearly all of them, that one."""
    weights = [_weight(p) for p in pieces]
    total = sum(weights)
    if not total:
        return 0, len(pieces)
    share: dict[Any, int] = {}
    reach: dict[Any, list[int]] = {}
    for n, (piece, weight) in enumerate(zip(pieces, weights, strict=True)):
        for element in _up(piece.element):
            share[element] = share.get(element, 0) + weight
            reach.setdefault(element, [n, n])[1] = n
    whole = [e for e, s in share.items() if s >= 0.97 * total]
    named = [e for e, s in share.items() if s >= 0.7 * total and _is_content(e)]
    if named and sum(1 for e, s in share.items() if s and _is_content(e) and not _nested(e, named)) == 0:
        whole = named
    # The fewest pieces: the innermost one; of a single paragraph the element around it.
    best = min(whole, key=lambda e: (reach[e][1] - reach[e][0], -len(list(_up(e)))))
    at = reach[best][0]
    parents = [e for e in _up(best) if e in reach and reach[e][1] > reach[e][0]]
    if at == reach[best][1] and parents:
        # A notice of short lines over a table: what is around them both is the paper's place.
        noticed = any(_is_of_notice(p) for p in pieces[reach[parents[0]][0] : at])
        best = parents[0] if noticed or isinstance(pieces[at].item, Text) else best
    return reach[best][0], reach[best][1] + 1


def _is_of_notice(piece: PagePiece) -> bool:
    """Whether a line is one that every notice has: its number, or to whom it is sent."""
    text = squeeze(fold(piece.text))
    return not piece.links and bool(NUMBER.fullmatch(text) or pattern("recipient").match(text))


def _nested(element: Any, others: list[Any]) -> bool:
    ups = set(_up(element))
    return any(o in ups or element in set(_up(o)) for o in others)


def _head(before: list[PagePiece], names: set[str]) -> list[PagePiece]:
    """The lines above the paper's place that belong to it. Where there is no title among them, the last line that may
    be one is taken for it."""
    head = [p for p in before if _is_head(p, names)]
    if any(p.heading or squeeze(fold(p.text)).endswith(kinds()) for p in head):
        return head
    for piece in reversed(before):
        text = squeeze(fold(piece.text))
        if (
            isinstance(piece.item, Text)
            and not piece.links
            and _SHORT_TITLE <= len(text) < _LONG_TITLE
            and text.endswith(kinds())
        ):
            return [p for p in before if p is piece or p in head]
    return head


def _is_head(piece: PagePiece, names: set[str]) -> bool:
    """Whether a line above the paper's place belongs to it: heading, title, number, red head."""
    if not isinstance(piece.item, Text):
        return False
    text = squeeze(fold(piece.item.text))
    if _is_line(piece) or not text:
        return False
    if piece.heading or any(text == n or (len(text) >= _SAME_TITLE and n.startswith(text)) for n in names):
        return True
    if piece.links < len(text) / 2 and ABOUT in text and len(text) >= _SAME_TITLE and text.endswith(kinds()):
        return True
    number = NUMBER.match(text)
    if number is not None and len(text) < len(number.group()) + 12:
        return True
    return text.endswith(RED_HEAD_END) and pattern("issuer").fullmatch(text.removesuffix(RED_HEAD_END)) is not None


def _is_foot(piece: PagePiece) -> bool:
    """Whether a line below the paper's place belongs to it: date, signature, attachments."""
    if not isinstance(piece.item, Text):
        return False
    text = squeeze(fold(piece.item.text))
    if len(text) < _DATE and DATE.fullmatch(text):
        return True
    return bool(_rule("attachment_mark").match(text)) or bool(piece.files)


def _is_line(piece: PagePiece) -> bool:
    """Whether a piece is a line of the page: breadcrumb, share bar, source and time."""
    if not isinstance(piece.item, Text) or len(piece.text) > _PAGE_LINE:
        return False
    text = fold(piece.text)
    if len(text) > _SENTENCE and _pattern("site").search(text):
        return True
    return bool(_pattern("line").match(text)) and not (_STOP.search(text) and len(text) > _WITH_SENTENCE)


def _cut_tail(pieces: list[PagePiece]) -> list[PagePiece]:
    """Leaves out lines of the page's foot, and all behind the first of them where no sentence follows."""
    out: list[PagePiece] = []
    after = [0] * (len(pieces) + 1)
    for n in range(len(pieces) - 1, -1, -1):
        after[n] = after[n + 1] + _weight(pieces[n])
    for n, piece in enumerate(pieces):
        if isinstance(piece.item, Text) and len(piece.text) < _TAIL and _pattern("tail").match(fold(piece.text)):
            if not after[n + 1]:
                break
            continue
        out.append(piece)
    return out


# --- what the page says of the paper -------------------------------------------------------------------------------


def stated_in(root: Any) -> dict[str, list[str]]:
    """Kind → what the <meta> elements and the title of a page say of its paper, the likeliest first."""
    given: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").strip().lower()
        if name and (element.get("content") or "").strip():
            given.setdefault(name, []).append(" ".join(element.get("content").split())[:300])
    out = {
        kind: [value for name in names for value in given.get(name, [])]
        for kind, names in tables("pages.toml")["meta"].items()
    }
    for element in root.iter("title"):
        # The name of the site stands behind the paper's.
        out["title"].append(re.split(r"(?<!\s)\s*+[_|–—-]++\s*+", " ".join(element.itertext()).strip())[0])
    out["title"] = [t for t in out["title"] if len(squeeze(t)) > _SHORT_TITLE and squeeze(t).endswith(kinds())]
    out["issuer"] = [t for t in out["issuer"] if len(t) >= _SHORT_NAME and pattern("issuer").fullmatch(fold(t))]
    return out


def _take_metadata(pieces: list[PagePiece], found: dict[str, str]) -> list[PagePiece]:
    """Reads labels and values into `found` and leaves them out: tables and lists of them, and lines 文号：…"""
    out: list[PagePiece] = []
    waiting: str | None = None
    for piece in pieces:
        if isinstance(piece.item, Sheet):
            pairs = _pairs(piece.item)
            if pairs is None:
                out.append(piece)
            else:
                _keep(pairs, found)
            waiting = None
            continue
        bare = squeeze(fold(piece.item.text))
        label = _as_label(bare)
        if waiting is not None and label not in labels() and len(bare) < _VALUE:
            _keep([(waiting, piece.item.text)], found)
            waiting = None
            continue
        waiting = None
        if label in labels() and (bare.endswith(":") or piece.element.tag in ("dt", "th", "td", "strong")):
            waiting = label
            continue
        pairs = _line_pairs(piece.item.text)
        if pairs:
            _keep(pairs, found)
            continue
        out.append(piece)
    return out


def _as_label(bare: str) -> str:
    """Folded words without the marks that a label stands in: (文号):, [文号]."""
    return bare.rstrip(":").strip("()[]").rstrip(":")


def _keep(pairs: list[tuple[str, str]], found: dict[str, str]) -> None:
    for label, value in pairs:
        kind, value = labels()[label], " ".join(value.split()).strip()
        if kind and value and value not in listed("no_value", "readers.toml"):
            found.setdefault(kind, value)


def _pairs(sheet: Sheet) -> list[tuple[str, str]] | None:
    """The labels and values of a table that holds nothing else, or None."""
    boxes = [b for b in sorted(sheet.boxes, key=lambda b: (b.row, b.column)) if b.text.strip()]
    pairs: list[tuple[str, str]] = []
    lost = 0
    n = 0
    while n < len(boxes):
        bare = squeeze(fold(boxes[n].text))
        label, inline = _as_label(bare), _line_pairs(boxes[n].text)
        if label in labels():
            value = ""
            beside = boxes[n + 1] if n + 1 < len(boxes) and boxes[n + 1].row == boxes[n].row else None
            if beside is not None and _as_label(squeeze(fold(beside.text))) not in labels():
                value, n = beside.text, n + 1
            pairs.append((label, value))
        elif inline:
            pairs += inline
        else:
            lost += len(bare)
        n += 1
    if len(pairs) < 2 or lost > _BESIDE_LABELS or sum(len(b.text) for b in boxes) > _LABEL_TABLE:
        return None
    return pairs


def _line_pairs(text: str) -> list[tuple[str, str]]:
    """The labels and values of a line that begins with a label: 索引号：… 发文字号：…"""
    folded = fold(text)
    if len(folded) > _LABELS or not _label().match(folded.lstrip()):
        return []
    marks = list(_label().finditer(folded))
    ends = [m.start() for m in marks[1:]] + [len(folded)]
    return [(squeeze(m["label"]), text[m.end() : end]) for m, end in zip(marks, ends, strict=True)]


def _said(
    found: dict[str, str], stated: dict[str, list[str]], kept: list[PagePiece], named: list[str]
) -> list[Text | Sheet]:
    """Lines for what the page says and the paper does not: number, issuer, day, title."""
    lines = [squeeze(fold(p.item.text)) for p in kept[:40] if isinstance(p.item, Text)]
    heads = _heads(kept)
    out: list[Text | Sheet] = []
    written = tables("readers.toml")["labels"]
    for kind in _TOLD:
        value = found.get(kind) or next(iter(stated.get(kind, [])), "")
        if kind == "issuer" and _elsewhere(value, [*named, *lines]):
            continue
        if (
            not value
            or (kind == "title" and _has_title(lines, value, heads))
            or (kind == "number" and _has_number(lines))
        ):
            continue
        out.append(Text(f"{written[kind]}：{value}", {"metadata": written[kind]}))
    return out


def _elsewhere(issuer: str, titles: list[str]) -> bool:
    """Whether the title of a paper begins with a place that the office which a site names does not: a site of a county
    publishes papers of its townships, too."""
    for title in titles:
        words = squeeze(fold(title))
        found = _pattern("place").match(words) if len(words) < _LONG_TITLE and words.endswith(kinds()) else None
        if found:
            said = squeeze(fold(issuer))
            other = _rule("other_place").match(said)
            return other is not None and found["place"] not in said
    return False


def _has_number(lines: list[str]) -> bool:
    """Whether a number stands alone at the head of the paper."""
    found = [(line, NUMBER.match(line)) for line in lines[:12]]
    return any(n and (line == n.group() or _rule("signed").search(line, n.end())) for line, n in found)


def _has_title(lines: list[str], title: str, heads: list[str]) -> bool:
    """Whether the paper has a title of its own: that of the page stands in it, or one that is a title (关于…), or,
    where the page's is none, another over its text."""
    whole, words = "".join(lines[:20]), squeeze(fold(title))
    if words in whole or any(ABOUT in line and _rule("own_title").search(line) for line in lines):
        return True
    return ABOUT not in words and any(head not in words for head in heads)


def _heads(kept: list[PagePiece]) -> list[str]:
    """The first paragraphs that end as titles do, each with its lines joined."""
    said: dict[Any, str] = {}
    for piece in kept[:_HEADS]:
        if isinstance(piece.item, Text):
            place = piece.item.place.get("paragraph")
            said[place] = said.get(place, "") + squeeze(fold(piece.item.text))
    return [t for t in said.values() if _SHORT_TITLE < len(t) < _LONG_TITLE and t.endswith(kinds())]
