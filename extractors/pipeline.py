"""The steps of reading as a spaCy pipeline, and `extract`, which runs it on a file.

Each step is a component with a factory, registered by entry point, and works alone on any pipeline:

    nlp = spacy.blank("zh")
    nlp.add_pipe("zhengling_citations")
    doc = nlp("按照《…通知》（国办发〔2022〕8号）要求……")
    doc.spans["zhengling_citations"]      # each span: label_ and ._.zhengling (a dict)
"""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import nullcontext
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from . import citations as cite
from . import deadlines as due
from . import rules, units
from .attachments import announced, join, part_of, titles
from .document import Head, read_head
from .findings import find_findings
from .fold import fold, squeeze
from .lexicon import Lexicon
from .model import (
    Citation,
    Deadline,
    Document,
    Evidence,
    Paper,
    Record,
    Remark,
    Table,
    Task,
    UnitRole,
    task_key,
)
from .outline import Outline, read_outline
from .personal import find_personal, mask
from .readers import MAX_CHARACTERS, Reader
from .tasks import Draft, Drafts, find_tasks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from spacy.language import Language
    from spacy.tokens import Doc

    from .readers import Settings

STEPS = (
    "zhengling_personal",
    "zhengling_document",
    "zhengling_citations",
    "zhengling_deadlines",
    "zhengling_units",
    "zhengling_tasks",
)


#: More warnings than this say nothing more about a paper.
MAX_WARNINGS = 500


class Reading:
    """What the steps know of one paper; kept in `doc.user_data`, filled step by step, each part made when first
    asked for."""

    def __init__(self, paper: Paper, lexicon: Lexicon, plain: bool = False) -> None:
        self.paper, self.lexicon = paper, lexicon
        self.plain = plain  # made from a doc's text, not from a paper: offsets are those of the source
        self.text = fold(paper.text)

    @cached_property
    def personal(self) -> list[tuple[int, int, str]]:
        return find_personal(self.paper.text)

    @cached_property
    def head(self) -> Head:
        return read_head(self.paper, self.text, self.lexicon)

    @cached_property
    def citations(self) -> list[cite.Cited]:
        return cite.find_citations(self.text, self.paper.text, tuple(self.head.own))

    @cached_property
    def deadlines(self) -> list[due.Found]:
        return due.find_deadlines(cite.blank_titles(self.text), self.head.year)

    @cached_property
    def assignments(self) -> list[units.Assignment]:
        return units.find_assignments(self.text)

    @cached_property
    def outline(self) -> Outline:
        return read_outline(self.paper, self.text, self.head.body, self.head.inner_titles)

    @cached_property
    def drafts(self) -> Drafts:
        return find_tasks(self.text, self.outline, self.head)


@cache
def pipeline() -> Language:
    """The whole pipeline on `spacy.blank("zh")`."""
    import spacy

    from . import components  # noqa: F401  registers the factories

    nlp = spacy.blank("zh")
    nlp.max_length = MAX_CHARACTERS + 1
    for step in STEPS:
        nlp.add_pipe(step)
    return nlp


def make_doc(paper: Paper, lexicon: Lexicon) -> Doc:
    """A doc of one token a character, as `spacy.blank("zh")` makes it, but in linear time and with white space as
    tokens."""
    from spacy.tokens import Doc

    nlp = pipeline()
    doc = Doc(nlp.vocab, words=list(paper.text), spaces=[False] * len(paper.text))
    doc.user_data["zhengling"] = Reading(paper, lexicon)
    return doc


def extract(
    path: str | Path,
    *,
    lexicon: Lexicon | None = None,
    attachments: Sequence[str | Path] = (),
    reader: Reader | None = None,
    settings: Settings | None = None,
) -> Record:
    """The record of the paper in a file, which may have attachments in others. `reader` reads several papers one after
    the other; without it, `settings` hold for this one.

    Raises `OSError` where a file can not be opened and `PaperError` where it is no readable paper.
    """
    units.use(lexicon or Lexicon.load())  # readers know tables that lie flattened by their units, too
    with nullcontext(reader) if reader else Reader(settings) as reader:
        paper = reader.read(path)
        others = [reader.read(other) for other in attachments if paper.record is None]
    if not others:
        return extract_paper(paper, lexicon=lexicon)
    record = extract_paper(join(paper, others), lexicon=lexicon)
    record.source["attachments"] = [{"path": p.path, "sha256": p.sha256} for p in others]
    return record


def extract_paper(paper: Paper, *, lexicon: Lexicon | None = None) -> Record:
    """The record of a paper that a reader gave. One that is a record already passes as it is; where that was read from
    is kept in `source` as `record`."""
    if paper.record is not None:
        record = paper.record
        first = record.source.get("record", record.source)
        record.source = {"path": paper.path, "sha256": paper.sha256} | ({"record": first} if first else {})
        return record
    lexicon = lexicon or Lexicon.load()
    units.use(lexicon)
    doc = make_doc(paper, lexicon)
    for _, step in pipeline().pipeline:
        doc = step(doc)
    record = doc.user_data["zhengling_record"]
    record.rules = rules_version(lexicon)
    return record


def rules_version(lexicon: Lexicon | None = None) -> str:
    """What reads: version of the program, hash of the rules, hash of the lexicon."""
    return f"{_program()}+{rules.version()}.{(lexicon or Lexicon.load()).version}"


@cache
def _program() -> str:
    try:
        return version("zhengling")
    except PackageNotFoundError:
        return "0"


# --- the record ----------------------------------------------------------------------------------------------------


class _Maker:
    """Makes evidence: masked quotations and places."""

    def __init__(self, reading: Reading) -> None:
        self.paper = reading.paper
        drafts = reading.drafts
        hidden = [(a, b) for a, b, _ in reading.personal] + drafts.hidden
        # Persons also where an assignment belongs to no task: a warning quotes it.
        hidden += [span for a in reading.assignments if a.parsed.items for span in a.parsed.hidden]
        self.text = mask(self.paper.text, hidden)
        source = [(a, b) for a, b, _ in find_personal(self.paper.source)]
        source += [self.paper.span(a, b) for a, b in hidden if b > a]
        self.source = mask(self.paper.source, source)
        self.lines = [0, *(m.end() for m in re.finditer(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", self.paper.source))]
        self.tables: list[tuple[int, int, int, Table]] = []
        for n, block in enumerate(b for b in self.paper.blocks if isinstance(b, Table)):
            self.tables.append((block.start, block.end, n + 1, block))
        self.starts = [t[0] for t in self.tables]
        self.cells: dict[int, list[tuple[int, int, int, int]]] = {}

    def place(self, offset: int) -> dict[str, Any]:
        """Where an offset of the text stands: the line or what the format has instead (page, paragraph, sheet, …), and
        table, row and column from 1; before them the file where that is an attachment's."""
        origin = self.paper.origin(offset)
        place: dict[str, Any] = {"line": bisect_right(self.lines, origin)}
        part = part_of(self.paper, origin)
        if self.paper.places:
            near = bisect_right(self.paper.places, origin, key=lambda p: p[0]) - 1
            place = dict(self.paper.places[max(near, 0)][1])
            if part:
                place = {"file": part[2]} | place
            if "table" in place:
                return place
        at = bisect_right(self.starts, offset) - 1
        if at >= 0 and offset <= self.tables[at][1]:
            _, _, n, table = self.tables[at]
            cells = self.cells.get(n)
            if cells is None:
                cells = self.cells[n] = sorted(
                    (c.start, c.end, c.row, c.column) for c in table.cells if c.end > c.start
                )
            i = bisect_right(cells, (offset, 1 << 60)) - 1
            if i >= 0 and offset <= cells[i][1]:
                place |= {
                    "table": n - (bisect_right(self.starts, part[1] - 1) if part else 0),
                    "row": cells[i][2] + 1,
                    "column": cells[i][3] + 1,
                }
        return place

    def evidence(self, start: int, end: int, rule: str) -> Evidence:
        a, b = self.paper.span(start, end)
        part = part_of(self.paper, a)
        begin = part[0] if part else 0  # offsets are those of the file
        return Evidence(a - begin, b - begin, self.source[a:b], rule, self.place(start))

    def words(self, spans: list[tuple[int, int]]) -> str:
        return "\n".join(w for w in (self.text[a:b].strip() for a, b in spans) if w)


def make_record(reading: Reading) -> Record:
    """The record of a reading."""
    make = _Maker(reading)
    head, drafts = reading.head, reading.drafts
    document = Document(
        number=head.number[0] if head.number else None,
        title=head.title[0] if head.title else None,
        issuer=head.issuer[0] if head.issuer else None,
        date=head.date[0] if head.date else None,
        level=head.level,
        region=head.region[0] if head.region else None,
        year=head.year,
    )
    for name in ("number", "title", "issuer", "date", "region"):
        value = getattr(head, name)
        if value:
            document.evidence[name] = [make.evidence(value[1], value[2], f"document.{name}")]
    record = Record(document, source={"path": reading.paper.path, "sha256": reading.paper.sha256})
    names = announced(reading.paper, make.text, document.title)
    if names:
        record.source["announces"] = names
    if document.number is None:  # it may be an attachment
        record.source["titles"] = titles(reading.paper, make.text, document.title)
    record.warnings = list(reading.paper.warnings)
    limits = reading.deadlines
    where = [f.start for f in limits]
    if drafts.tasks:
        goals = [f for f in _inside(limits, where, drafts.opening) if f.rule == "deadline.until-year"]
        document.deadlines = _deadlines(make, goals + _inside(limits, where, drafts.aims))
    ids = {id(d): f"T{n:02d}" for n, d in enumerate(drafts.tasks, 1)}
    twins: dict[str, int] = {}
    for draft in drafts.tasks:
        task = _task(make, draft, ids, limits, where, head.year, record)
        name = document.number or document.title or ""
        key = task_key(name, task, 0)
        twins[key] = twins.get(key, -1) + 1
        task.key = task_key(name, task, twins[key])
        record.tasks.append(task)
    record.citations = _citations(make, reading, ids)
    for code, (a, b), values in drafts.remarks:
        if b > a:
            record.warnings.append(Remark(code, make.place(a), make.text[a:b].strip()[:80], values))
    _conserve(make, reading, record)
    record.findings = find_findings(reading, make.evidence)
    if not record.tasks:
        record.warnings.append(Remark("no-tasks"))
    if document.title is None:
        record.warnings.append(Remark("no-title"))
    # A merged cell is looked at once for each of its rows.
    seen = {(w.code, w.quote, tuple(w.place.items())): w for w in record.warnings}
    record.warnings = list(seen.values())[:MAX_WARNINGS]
    return record


def _inside(found: list[due.Found], where: list[int], spans: list[tuple[int, int]]) -> list[due.Found]:
    out: dict[tuple[int, int], due.Found] = {}
    for a, b in spans:
        for f in found[bisect_right(where, a - 1) : bisect_right(where, b)]:
            if f.end <= b:
                out[f.start, f.end] = f
    return [out[k] for k in sorted(out)]


def _deadlines(make: _Maker, found: list[due.Found]) -> list[Deadline]:
    out: list[Deadline] = []
    for f in found:
        text = squeeze(make.text[f.start : f.end])
        if any(d.text == text and d.kind == f.kind and d.end == f.last for d in out):
            continue
        out.append(Deadline(text, f.kind, f.first, f.last, [make.evidence(f.start, f.end, f.rule)]))
    return out


def _task(
    make: _Maker,
    draft: Draft,
    ids: dict[int, str],
    limits: list[due.Found],
    where: list[int],
    year: int | None,
    record: Record,
) -> Task:
    text = make.words(draft.text)
    flat = squeeze(text)
    title = squeeze(make.text[slice(*draft.title)]).rstrip("。；;：:，,、.") if draft.title else None
    found = _inside(limits, where, draft.inherited) + _inside(limits, where, draft.limits)
    cells: list[due.Found] = []
    for a, b in draft.cells:
        inner = due.find_in_cell(fold(make.text[a:b]), year)
        cells += [due.Found(a + f.start, a + f.end, f.kind, f.first, f.last, f.rule) for f in inner]
        words = make.text[a:b].strip()
        if not inner and words and not units.names_nobody(fold(words)):
            record.warnings.append(Remark("deadline-unread", make.place(a), words[:80]))
    task = Task(
        id=ids[id(draft)],
        section=[squeeze(make.text[a:b]).rstrip("。；;：:，,、.") for a, b in draft.section],
        title=title or None,
        text=text,
        starts=flat[:16],
        ends=flat[-10:],
        part_of=ids.get(id(draft.parent)) if draft.parent is not None else None,
        open=draft.open,
    )
    inside = _deadlines(make, found)
    task.deadlines = inside + _deadlines(make, cells)
    seen: set[tuple[str, str]] = set()
    for item in draft.units:
        name = units.name_of(make.text[item.start : item.end])
        name = item.prefix + name
        if not name or (item.role, name) in seen:
            continue
        seen.add((item.role, name))
        task.units.append(UnitRole(item.role, name, item.collective, [make.evidence(item.start, item.end, item.rule)]))
    spans = sorted(draft.text)
    if spans:
        task.evidence = [make.evidence(a, b, draft.rule) for a, b in spans if make.text[a:b].strip()]
    return task


_GENERIC = re.compile(
    r"(?:实施|工作|行动)?(?:要点|方案|通知|意见|办法|规定|条例|细则|纲要|规划|计划|措施|决定|法|标准|规范)"
)
_NAMED = re.compile(r"(?:以下|下)(?:统称|简称|称)(?:为)?[:“\"]?(《[^《》]{1,30}》)")


def _citations(make: _Maker, reading: Reading, ids: dict[int, str]) -> list[Citation]:
    """Mentions brought together: once for the document and once for each task; later short forms are no new
    citation."""
    spans = sorted((a, b, ids[id(d)]) for d in reading.drafts.tasks for a, b in d.covers)
    starts = [s[0] for s in spans]
    reach = list(accumulate((s[1] for s in spans), max))
    head = reading.head
    out: list[Citation] = []
    by_place: dict[tuple[str, str], Citation] = {}
    known: dict[str, list[Citation]] = {}  # comparable title → citations that have it, or end in it
    own = {cite.plain(t) for t in head.own if len(t) > 3}
    # （以下简称《…》): a name for the citation before it.
    names = [(m.start(), cite.plain(m.group(1))) for m in _NAMED.finditer(reading.text)]
    aside = sorted((s.start, s.end) for s in reading.outline.skipped)
    asides = [s[0] for s in aside]
    for c in reading.citations:
        if head.title and c.start >= head.title[1] and c.end <= head.title[2] and head.title[2] > head.title[1]:
            continue
        if head.number and head.number[1] <= c.start < head.number[2]:
            continue
        near = bisect_right(asides, c.start) - 1
        if near >= 0 and c.start < aside[near][1]:
            continue
        at = bisect_right(starts, c.start) - 1
        place = "document"
        while at >= 0 and reach[at] > c.start:
            if spans[at][0] <= c.start < spans[at][1]:
                place = spans[at][2]
                break
            at -= 1
        words = cite.plain(c.title or "")
        if words and words in own:
            continue
        while names and names[0][0] < c.start:
            _, name = names.pop(0)
            if out:
                known.setdefault(name, []).append(out[-1])
        if _GENERIC.fullmatch(words) and c.number is None and words not in known:
            continue
        evidence = make.evidence(c.start, c.end, c.rule)
        earlier = known.get(words, []) if words else []
        if words and _is_short(words, c.number, earlier):
            for e in earlier:
                if e.in_ == place:
                    e.evidence.append(evidence)
                    if c.role == "basis":
                        e.role = "basis"
                    break
            continue
        same = by_place.get((place, c.number or words)) or by_place.get((place, words or str(c.number)))
        if same is None and c.number and not words:
            # A number alone of a document that was cited with its title.
            numbered = [e for e in out if e.number == c.number]
            if any(e.in_ == place for e in numbered):
                same = next(e for e in numbered if e.in_ == place)
        if same is not None and words and same.title and cite.plain(same.title) not in (words, *_forms(words)):
            # One number with two titles: both stay, and the graph shows the conflict.
            same = None
        if same is not None and (not c.number or not same.number or same.number == c.number):
            same.evidence.append(evidence)
            same.number = same.number or c.number
            if c.role == "basis":
                same.role = "basis"
            continue
        new = Citation(place, c.number, c.title, c.kind, c.role, c.sentence, [evidence])
        out.append(new)
        by_place[place, c.number or words] = new
        if words:
            by_place.setdefault((place, words), new)
            for form in _forms(words):
                known.setdefault(form, []).append(new)
    # Counted by the citations, so that lines around a paper, which only some of its files have, change no number.
    sentences = {s: n for n, s in enumerate(sorted({c.sentence for c in out}), 1)}
    for c in out:
        c.sentence = sentences[c.sentence]
    order = {"document": 0}
    order |= {t: n for n, t in enumerate(ids.values(), 1)}
    return sorted(out, key=lambda c: order.get(c.in_, 0))


def _forms(words: str) -> list[str]:
    """The forms under which a cited title comes back: whole, without issuer, the title that it issues, its last
    words."""
    forms = [words]
    about = words.find("关于")
    if about > 0:
        forms.append(words[about:])
    issued = re.search(r"关于(?:印发|转发|公布|发布)(.+?)的(?:通知|公告|决定|令)$", words)
    if issued:
        forms.append(issued.group(1))
    tail = re.search(
        r"(?:实施|指导|工作|行动|若干)?(?:意见|方案|通知|规划|计划|要点|纲要|条例|规定|办法|细则|决定|措施|规范|标准|法)$",
        words,
    )
    if tail:
        forms.append(tail.group())
        forms.append(tail.group()[-2:])
    return list(dict.fromkeys(forms))


def _is_short(words: str, number: str | None, earlier: list[Citation]) -> bool:
    """Whether a title is a later short form of a document that was cited before: number left out, or only kind and
    subject."""
    if number is not None or not earlier:
        return False
    last = earlier[-1]
    if cite.plain(last.title or "") != words:
        return True
    return last.number is not None


def _conserve(make: _Maker, reading: Reading, record: Record) -> None:
    """Accounts for every assignment of the prose: one with units that belongs to no task is a warning."""
    spans = sorted((a, b) for d in reading.drafts.tasks for a, b in d.covers)
    starts = [s[0] for s in spans]
    reach = list(accumulate((s[1] for s in spans), max))
    tables = [(t.start, t.end) for t in reading.paper.blocks if isinstance(t, Table)]
    for a in reading.assignments:
        if any(s <= a.start < e for s, e in tables):
            continue
        at = bisect_right(starts, a.start) - 1
        if at >= 0 and reach[at] > a.start:
            continue
        if a.parsed.items:
            record.warnings.append(
                Remark("assignment-unused", make.place(a.start), make.text[a.start : a.end].strip()[:80])
            )


__all__ = ["STEPS", "extract", "extract_paper", "make_doc", "pipeline", "rules_version"]
