"""A notice and its attachments, where they are several files: which belong together, and how they become one paper."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .fold import fold, squeeze
from .model import Cell, Paper, Paragraph, Record, Table

#: A file is compared by so many of its first lines; a title may be broken over two of them.
_LINES = 6
#: A shorter title (名单) says too little to join files of different folders.
_PLAIN = 6
#: So much of an attachment stands in the notice where the notice holds it already.
_HELD = 0.8
#: So much of two attachments is the same where they are one, as a DOC and a PDF of it.
_TWIN = 0.97

_BEGIN = re.compile(r"附件?[一二三四五六七八九十\d]{0,2}[:.、](?P<rest>.*)")
_SENTENCE = re.compile(r"[。;:,＊*]")
_BARE = re.compile(r"(?:附件|附表|附)[一二三四五六七八九十\d]{0,3}[:.]?")
_ITEM = re.compile(r"(?:^|(?<=[^\d年月]))(?:附件)?(?:\d{1,2}|\((?:\d{1,2}|[一二三四五六七八九十])\))[.、:](?!\d)")
_NEXT = re.compile(r"(?:附件)?(?:\d{1,2}[.、:](?!\d)|\(\d{1,2}\))")
_ISSUED = re.compile(r"关于(?:印发|转发|公布|发布|下发)(.+?)的(?:通知|公告|决定|通告|函|意见|命令)$")
_SUFFIX = re.compile(
    r"\.(?:docx?|xlsx?|pdf|wpst?|wps|et|ofd|odt|ods|rtf|zip|rar|html?|txt|md|csv)(?:\(?下载\)?)?$", re.I
)
_NOISE = re.compile(r"[\s《》〈〉“”‘’\"'()（）\-_·、,，.。:：;；/\\|+]")
_LEAD = re.compile(r"^(?:附件|附表|附)?[一二三四五六七八九十\d]{0,2}[.、:\-_ ]?(?=\D)")
#: What may stand before the same title: the place or the office that it is of.
_PLACE = re.compile(
    r"(?:[\u4e00-\u9fff]{1,12}?(?:省|市|县|区|州|盟|旗|镇|乡|街道))+(?:人民)?(?:政府|委员会)?(?:办公室|办公厅)?|"
    r"[\u4e00-\u9fff]{2,20}(?:政府|委员会|办公室|办公厅|局|委|厅|部)"
)


@dataclass(slots=True)
class Card:
    """What is known of a file when files are joined: `titles` by which a notice may announce it (none for a paper with
    a number of its own), `announces` the titles that it announces, `given` the notice that a list names for it."""

    source: str
    titles: list[str] = field(default_factory=list)
    announces: list[str] = field(default_factory=list)
    given: str | None = None


@dataclass(slots=True)
class Plan:
    """`joined`: notice → its attachments in order. `unsure`: file → what it could as well belong to or share its title
    with."""

    joined: dict[str, list[str]] = field(default_factory=dict)
    unsure: dict[str, list[str]] = field(default_factory=dict)


# --- what a paper says of itself -----------------------------------------------------------------------------------


def announced(paper: Paper, text: str, title: str | None) -> list[str]:
    """The titles of the attachments that a paper names (附件：1.… 2.…), in order, and of what it issues.
    `text` is the paper's, contact data masked."""
    end = paper.parts[0][1] if paper.parts else len(paper.text)
    out: list[str] = []
    listing = False
    for block in paper.blocks:
        if block.start >= end:
            break
        if isinstance(block, Table):
            listing = False
            continue
        words = squeeze(fold(text[block.start : block.end]))
        begin = _BEGIN.match(words)
        if begin:
            listing = True
            words = begin["rest"]
        elif not (listing and _NEXT.match(words)):
            listing = False
            continue
        if len(words) < 600:
            out += [_clean(item) for item in _ITEM.split(words)]
    issued = _ISSUED.search(squeeze(fold(title or "")))
    if issued:
        out.append(_clean(issued.group(1)))
    return list(dict.fromkeys(t for t in out if 2 <= len(t) <= 80))


def titles(paper: Paper, text: str, title: str | None) -> list[str]:
    """What a paper may be called by: its title and its first lines, alone and by two. `text` is the paper's, contact
    data masked."""
    lines = []
    for block in paper.blocks:
        first = block.cells[0] if isinstance(block, Table) else block
        lines.append(squeeze(text[first.start : first.end]))
        if len(lines) >= _LINES or isinstance(block, Table):
            break
    lines = [n for n in lines[:_LINES] if not _BARE.fullmatch(fold(n)) and not _SENTENCE.search(fold(n))]
    pairs = [a + b for a, b in itertools.pairwise(lines)]
    found = [_clean(fold(t)) for t in [title or "", *lines, *pairs]]
    return list(dict.fromkeys(t for t in found if 4 <= len(t) <= 80))


def _clean(title: str) -> str:
    bare = _SUFFIX.sub("", squeeze(title).strip(".。;；,，、"))
    return re.sub(r"^《(.*)》$", r"\1", bare).strip(".。;；,，、")


# --- which belong together -----------------------------------------------------------------------------------------


def plan(cards: Iterable[Card]) -> Plan:
    """Which files are attachments of which: as a list says, else by the title that exactly one notice announces and
    exactly one file bears. Of several, those in the nearest folder count; what is then not plain is not joined."""
    known = {card.source: card for card in cards}
    out = Plan()
    owner: dict[str, str] = {}
    rank: dict[str, tuple[int, str]] = {}
    for card in known.values():
        if card.given in known and card.given != card.source:
            owner[card.source] = card.given
    for source in [source for source, notice in owner.items() if notice in owner]:
        owner.pop(source)  # a list that leads in a circle joins nothing, one that leads on the last step alone
    notices = [card for card in known.values() if card.announces]
    by_title: dict[tuple[str, str], list[str]] = {}  # notice and title → files that bear it
    for source, card in sorted(known.items()):
        if source in owner:
            announces = known[owner[source]].announces
            rank[source] = (min((n for n, t in enumerate(announces) if _fits(card, t)), default=len(announces)), source)
            continue
        if not card.titles or card.given:
            continue
        hits = [(n.source, t) for n in notices if n.source != source for t in n.announces if _fits(card, t)]
        hits = [(n, t) for n, t in hits if len(t) >= _PLAIN or _folder(n) == _folder(source)]
        near = _nearest(source, {n for n, _ in hits})
        if len(near) > 1:
            out.unsure[source] = sorted(near)
        for notice, title in hits:
            if near == {notice}:
                by_title.setdefault((notice, title), []).append(source)
    for (notice, title), files in by_title.items():
        close = _nearest(notice, set(files))
        if len(close) > 1:
            out.unsure |= {file: sorted(close - {file}) for file in close}
            continue
        (file,) = close
        if file not in owner:
            owner[file] = notice
            rank[file] = (known[notice].announces.index(title), file)
    for file in [file for file in owner if file in out.unsure and not known[file].given]:
        owner.pop(file)
    # Two files that announce each other, or a row of them, are no notice and attachment.
    circle = {file for file, notice in owner.items() if notice in owner and not known[file].given}
    for file in sorted(circle):
        out.unsure.setdefault(file, [owner[file]])
    for file, notice in owner.items():
        if file not in circle and notice not in (owner.keys() - circle):
            out.joined.setdefault(notice, []).append(file)
    for files in out.joined.values():
        files.sort(key=lambda file: rank[file])
    return out


def _fits(card: Card, title: str) -> bool:
    """Whether a file bears a title, but for numbering, punctuation and the place before it."""
    wanted = _key(title)
    stem = card.source.rpartition("/")[2]
    for own in [*card.titles, _SUFFIX.sub("", squeeze(fold(stem)))]:
        key = _key(own)
        longer, shorter = (key, wanted) if len(key) >= len(wanted) else (wanted, key)
        if len(shorter) < 2:
            continue
        if longer == shorter:
            return True
        if len(shorter) >= _PLAIN and longer.endswith(shorter) and _PLACE.fullmatch(longer[: -len(shorter)]):
            return True
    return False


def _key(title: str) -> str:
    words = fold(title)
    if "附" in words[:2] or re.match(r"\d{1,2}[.、]", words):
        words = _LEAD.sub("", words, count=1)
    return _NOISE.sub("", words).lower()


def _folder(source: str) -> str:
    return source.rpartition("/")[0]


def _nearest(source: str, others: set[str]) -> set[str]:
    """Those whose folder has the longest way in common with that of `source`."""
    here = _folder(source).split("/")

    def common(other: str) -> tuple[int, int]:
        there = _folder(other).split("/")
        shared = next(
            (n for n, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), min(len(here), len(there))
        )
        return shared, -len(there)

    best = max((common(other) for other in others), default=None)
    return {other for other in others if common(other) == best}


# --- one paper of several files ------------------------------------------------------------------------------------


def join(notice: Paper, attachments: Sequence[Paper]) -> Paper:
    """The notice with its attachments behind it, as if all stood in one file. What the notice holds already, and
    an attachment that comes twice, is left out. Offsets of the source go on; `Paper.parts` says
    which file begins where."""
    text, source = notice.text, notice.source
    blocks, anchors, places = list(notice.blocks), list(notice.anchors), _placed(notice)
    warnings = list(notice.warnings)
    parts: list[tuple[int, int, str]] = []
    taken: list[Paper] = []
    for paper in attachments:
        warnings += [replace(w, place={"file": paper.path} | w.place) for w in paper.warnings]
        if _holds(notice, paper) or any(_twins(paper, other) for other in taken):
            continue
        taken.append(paper)
        if text and not text.endswith("\n"):
            text += "\n"
            anchors.append((len(text) - 1, len(source)))
        source += "\n"
        origin = len(source)
        first = next((b for b in paper.blocks), None)
        start = len(text)
        if first is not None and not fold(squeeze(paper.text[first.start : first.end])).startswith("附"):
            # What stands over an attachment in one file.
            blocks.append(Paragraph(start, start + 2))
            anchors.append((start, origin))
            text += "附件\n"
        shift = len(text)
        parts.append((origin, start, paper.path))
        for block in paper.blocks:
            if isinstance(block, Table):
                cells = [replace(c, start=c.start + shift, end=c.end + shift) for c in block.cells]
                blocks.append(replace(block, cells=cells))
            else:
                blocks.append(replace(block, start=block.start + shift, end=block.end + shift))
        anchors += [(a + shift, b + origin) for a, b in paper.anchors]
        places += [(at + origin, place) for at, place in _placed(paper)]
        text += paper.text
        source += paper.source
    made = replace(notice, text=text, blocks=blocks, source=source, anchors=anchors)
    return replace(made, warnings=warnings, places=places, parts=parts)


def label(record: Record, notice: Card, files: dict[str, Card]) -> None:
    """Puts the names of the files, by the paths that they were read from, into the record of a joined paper, and what
    each says of itself alone, so that the next build joins them by the same words."""
    kept = {"announces": notice.announces, "titles": notice.titles}
    source = record.source | kept
    source["attachments"] = [
        {
            "path": files[entry["path"]].source,
            "sha256": entry["sha256"],
            "titles": files[entry["path"]].titles,
            "given": files[entry["path"]].given == notice.source,
        }
        for entry in record.source["attachments"]
    ]
    record.source = {k: v for k, v in source.items() if v or k not in kept}
    evidence = [e for found in record.document.evidence.values() for e in found]
    items: list[Any] = [*record.document.deadlines, *record.citations, *record.tasks]
    items += [part for task in record.tasks for part in (*task.units, *task.deadlines)]
    evidence += [e for item in items for e in item.evidence]
    remarks = [*record.warnings, *record.findings]
    places = [e.place for e in evidence] + [r.place for r in remarks]
    places += [r.values["other_place"] for r in remarks if "other_place" in r.values]
    named = {id(place): place for place in places if place.get("file") in files}  # some share one
    for place in named.values():
        place["file"] = files[place["file"]].source


def _placed(paper: Paper) -> list[tuple[int, dict[str, Any]]]:
    """The places of a paper; those of plain text are its lines."""
    if paper.places:
        return list(paper.places)
    ends = re.finditer(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", paper.source)
    return [(at, {"line": n}) for n, at in enumerate([0, *(m.end() for m in ends)], 1)]


def part_of(paper: Paper, origin: int) -> tuple[int, int, str] | None:
    """The attachment that an offset of the source lies in: where it begins in source and text, and its path."""
    at = bisect_right(paper.parts, origin, key=lambda p: p[0]) - 1
    return paper.parts[at] if at >= 0 else None


def _holds(notice: Paper, paper: Paper) -> bool:
    held = _NOISE.sub("", fold(notice.text))
    words = [w for w in _words(paper) if len(w) >= 8]
    words = words[:: len(words) // 400 + 1]  # some hundred tell as much as all
    return bool(words) and sum(len(w) for w in words if w in held) >= _HELD * sum(map(len, words))


def _twins(paper: Paper, other: Paper) -> bool:
    """Whether two attachments are one under two suffixes: they begin alike and nearly every word of each stands in the
    other."""
    one, two = _words(paper), _words(other)

    def alike(words: list[str], others: list[str]) -> bool:
        known = set(others)
        return sum(len(w) for w in words if w in known) >= _TWIN * sum(map(len, words))

    return one[:2] == two[:2] and alike(one, two) and alike(two, one)


def _words(paper: Paper) -> list[str]:
    """The paragraphs and cells of a paper without white space and punctuation, but for 附件1 and empty ones."""
    spans: list[Cell | Paragraph] = []
    for block in paper.blocks:
        spans += block.cells if isinstance(block, Table) else [block]
    words = [_NOISE.sub("", fold(paper.text[s.start : s.end])) for s in spans]
    return [w for w in words if w and not _BARE.fullmatch(w)]
