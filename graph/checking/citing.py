"""What is wrong in who cites whom: numbers and titles that disagree, dates, circles, levels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from ...extractors.words.fold import fold, squeeze
from ...extractors.words.forms import NORMAL_NUMBER
from ...extractors.words.lexicon import ROOT
from ...extractors.words.parts import rule
from ..deriving.chain import subject
from ..deriving.identity import LEVELS, rank, title_key
from ..schema import Source
from .finding import NOWHERE, CheckedGraph, Finding, Words, head, words


class Cite(NamedTuple):
    """A citation: in which document and task (name, '' outside tasks), of what, with its words."""

    document: str
    task: str
    target: str
    role: str
    title: str
    here: Words


def findings(graph: CheckedGraph, source: Source) -> Iterator[Finding]:
    """The findings of all rules on citations, in no order."""
    cites = _cites(graph, source)
    yield from _disagreeing(graph, cites)
    yield from _later(graph, cites)
    yield from _circles(cites)
    yield from _levels(graph, cites)
    yield from _missing(graph, cites)


def _cites(graph: CheckedGraph, source: Source) -> list[Cite]:
    found: list[Cite] = []
    for start, target, role, title, evidence, *_ in source.relationships("CITES", "Document", "Document"):
        found.append(Cite(start, "", target, role, title or "", words(evidence[0])))
    for start, target, role, title, evidence, *_ in source.relationships("CITES", "Task", "Document"):
        task = graph.tasks[start]
        found.append(Cite(task.document, task.name, target, role, title or "", words(evidence[0])))
    return sorted(found, key=lambda c: (c.document, c.here.place.get("line", 0), c.task, c.target, c.role))


# --- numbers and titles ---------------------------------------------------------------------------------------------


class _NumberedTitle(NamedTuple):
    """A document's number and title as somebody gives them; `task` where that is a task."""

    number: str
    title: str
    task: str
    here: Words


def _disagreeing(graph: CheckedGraph, cites: list[Cite]) -> Iterator[Finding]:
    """One title with different numbers, one number with different titles."""
    by_title: dict[tuple[str, str, str], list[_NumberedTitle]] = {}
    by_number: dict[str, list[_NumberedTitle]] = {}
    for said, row in _said(graph, cites):
        if not said.number:
            continue
        key = _core(said.title)
        if key:
            by_title.setdefault((key, row["level"] or "", row["region"] or ""), []).append(said)
            by_number.setdefault(row["id"], []).append(said)
    for group in by_title.values():
        for number, others in _odd(group, lambda s: fold(s.number), lambda a, b: a == b):
            here, there = number[0], others[0]
            names = "、".join(sorted({s.number for s in others}))
            values = {"title": here.title, "number": here.number, "others": names}
            yield Finding("title-numbers", here.here.document, here.here, there.here, here.task, values)
    for group in by_number.values():
        for title, others in _odd(group, lambda s: _core(s.title), lambda a, b: a in b or b in a):
            here, there = title[0], others[0]
            values = {"number": here.number, "title": here.title, "others": there.title}
            yield Finding("number-titles", here.here.document, here.here, there.here, here.task, values)


def _said(graph: CheckedGraph, cites: list[Cite]) -> Iterator[tuple[_NumberedTitle, dict[str, Any]]]:
    for identity, row in graph.documents.items():
        if row["loaded"] and row["number"] and row["title"]:
            yield _NumberedTitle(row["number"], row["title"], "", head(graph, identity, "number", "title")), row
    for cite in cites:
        row = graph.documents[cite.target]
        yield _NumberedTitle(row["number"] or "", cite.title, cite.task, cite.here), row


def _odd(group: list[_NumberedTitle], key, same) -> Iterator[tuple[list[_NumberedTitle], list[_NumberedTitle]]]:
    """Each way of saying that is not the most common one, with those who say it otherwise."""
    ways: dict[str, list[_NumberedTitle]] = {}
    for said in group:
        way = next((w for w in ways if same(w, key(said))), key(said))
        ways.setdefault(way, []).append(said)
    # What more papers say stands first; of as many, the paper that speaks of itself, then the smaller.
    order = sorted(ways, key=lambda w: (-len({s.here.document for s in ways[w]}), w))
    for way in order[1:]:
        yield ways[way], [s for other in order if other != way for s in ways[other]]


_titled = partial(rule, file="identity.toml")


def _core(title: str) -> str:
    """The words of a title by which two that mean one paper agree: the frame of the notice that issues it is none."""
    return _titled("frame").sub("", _titled("notice").sub("", fold(title_key(title))))


# --- dates ----------------------------------------------------------------------------------------------------------


def _later(graph: CheckedGraph, cites: list[Cite]) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for cite in cites:
        own, cited = graph.documents[cite.document], graph.documents[cite.target]
        if (cite.document, cite.target) in seen or not own["loaded"]:
            continue
        seen.add((cite.document, cite.target))
        mine, theirs = _issued(own), _issued(cited, cite.title)
        there = head(graph, cite.document, "date", "number", "title")
        if mine and theirs and theirs[0] > mine[1]:
            values = {"own": mine[2], "cited": theirs[2]}
            yield Finding("cites-later", cite.document, cite.here, there, cite.task, values)
            continue
        one, two = (NORMAL_NUMBER.match(_plain(row["number"])) for row in (own, cited))
        if one is None or two is None or one["letters"] != two["letters"] or one["year"] != two["year"]:
            continue
        if int(two["n"]) > int(one["n"]) and cited["region"] in (None, "", own["region"]):
            values = {"own": own["number"], "cited": cited["number"]}
            there = head(graph, cite.document, "number")
            yield Finding("cites-higher-number", cite.document, cite.here, there, cite.task, values)


def _plain(number: str | None) -> str:
    return squeeze(number or "")


def _issued(row: dict[str, Any], title: str = "") -> tuple[date, date, str] | None:
    """(first day, last day, what says it) on which a paper can have been issued."""
    if row["date"]:
        return row["date"], row["date"], row["date"].isoformat()
    numbered = NORMAL_NUMBER.match(_plain(row["number"]))
    if numbered:
        year = int(numbered["year"])
        return date(year, 1, 1), date(year, 12, 31), row["number"]
    if not row["loaded"] and not row["number"]:
        # Work points for a year are issued in it, or at the end of the year before.
        plan = _titled("plan").search(title)
        if plan:
            year = int(plan["year"])
            return date(year - 1, 10, 1), date(year, 12, 31), f"《{title}》"
    return None


# --- circles --------------------------------------------------------------------------------------------------------


def _circles(cites: list[Cite]) -> Iterator[Finding]:
    """Of papers that cite one another in a circle, the shortest one through the first of them."""
    first: dict[tuple[str, str], Cite] = {}
    near: dict[str, set[str]] = {}
    for cite in cites:
        if cite.document != cite.target:
            first.setdefault((cite.document, cite.target), cite)
            near.setdefault(cite.document, set()).add(cite.target)
    told: set[str] = set()
    for start in sorted(near):
        circle = [] if start in told else _circle(start, near)
        if circle:
            told.update(circle)
            one, two = first[circle[0], circle[1]], first[circle[-1], circle[0]]
            values = {"cycle": " → ".join([*circle, start])}
            yield Finding("citation-cycle", start, one.here, two.here, one.task, values)


def _circle(start: str, near: dict[str, set[str]]) -> list[str]:
    """The shortest way from `start` back to it; empty where there is none."""
    before: dict[str, str] = {}
    here = [start]
    while here:
        following: list[str] = []
        for name in here:
            for other in sorted(near.get(name, ())):
                if other == start:
                    way = [name]
                    while way[-1] != start:
                        way.append(before[way[-1]])
                    return way[::-1]
                if other not in before:
                    before[other] = name
                    following.append(other)
        here = following
    return []


# --- levels ---------------------------------------------------------------------------------------------------------


def _levels(graph: CheckedGraph, cites: list[Cite]) -> Iterator[Finding]:
    based: dict[str, dict[str, Cite]] = {}  # document → what it carries out outside its tasks
    for cite in cites:
        own, cited = graph.documents[cite.document], graph.documents[cite.target]
        if cite.role != "basis" or cited["kind"] != "directive" or not own["loaded"] or not rank(own["level"]):
            continue
        there = head(graph, cite.document, "issuer", "title")
        if 0 < rank(cited["level"]) < rank(own["level"]):
            values = {"own": own["level"], "level": cited["level"]}
            yield Finding("level-turned", cite.document, cite.here, there, cite.task, values)
        elif _elsewhere(own["region"], cited["region"]):
            yield Finding("basis-elsewhere", cite.document, cite.here, there, cite.task, {"region": cited["region"]})
        elif not cite.task:
            based.setdefault(cite.document, {}).setdefault(cite.target, cite)
    papers = _by_subject(graph, cites)
    known_by: dict[str, list[date]] = {}  # document → the days of the papers that cite it
    for cite in cites:
        if day := graph.documents[cite.document]["date"]:
            known_by.setdefault(cite.target, []).append(day)
    for document, bases in based.items():
        yield from _gaps(graph, document, bases, papers, known_by)


#: How the ids of regions begin whose place in the nation is known.
_INSIDE = f"{ROOT}/"


def _elsewhere(own: str | None, cited: str | None) -> bool:
    """Whether a place is neither a paper's own nor above or below it, as far as both are known."""
    if not own or not cited or "（" in own + cited or not own.startswith(_INSIDE) or not cited.startswith(_INSIDE):
        return False
    return not f"{own}/".startswith(f"{cited}/") and not f"{cited}/".startswith(f"{own}/")


def _gaps(
    graph: CheckedGraph,
    document: str,
    bases: dict[str, Cite],
    papers: dict[tuple[str, str, str], list[tuple[str, Words]]],
    known_by: dict[str, list[date]],
) -> Iterator[Finding]:
    """Levels between a paper and the highest that it carries out of which it cites nothing alike in subject."""
    own = graph.documents[document]
    chain = _chain(graph, own["region"])
    groups: dict[str, list[Cite]] = {}
    for cite in bases.values():
        about = _about(graph.documents[cite.target], cite.title)
        if about:
            groups.setdefault(about, []).append(cite)
    for about, group in groups.items():
        levels = {graph.documents[c.target]["level"] for c in group}
        highest = max(group, key=lambda c: (rank(graph.documents[c.target]["level"]), c.target))
        top = graph.documents[highest.target]
        between = [
            level for level in LEVELS if rank(own["level"]) < rank(level) < rank(top["level"]) and level in chain
        ]
        missing = [level for level in between if level not in levels]
        known = []
        for level in missing:
            for other, shown in papers.get((about, level, chain[level]), ()):
                if _same_time(graph.documents[other], top) and _before(
                    graph.documents[other], own, known_by.get(other, ())
                ):
                    known.append(level)
                    values = {"level": level, "between": graph.documents[other]["number"] or other}
                    yield Finding("level-skipped", document, highest.here, shown, "", values)
        left = [level for level in missing if level not in known]
        if left:
            values = {"upper": top["level"], "levels": "、".join(left)}
            yield Finding("level-gap", document, highest.here, head(graph, document, "issuer", "title"), "", values)


def _chain(graph: CheckedGraph, path: str | None) -> dict[str, str]:
    """Level → region, of a region and those above it."""
    parts = (path or "").split("/")
    steps = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    return {graph.levels[step]: step for step in steps if graph.levels.get(step)}


def _about(row: dict[str, Any], title: str = "") -> str:
    """The subject of a document, by the title under which it is cited if there is one."""
    places = [part.partition("（")[0] for part in (row["region"] or "").split("/")]
    return subject(title or row["title"], places)


def _by_subject(graph: CheckedGraph, cites: list[Cite]) -> dict[tuple[str, str, str], list[tuple[str, Words]]]:
    """(subject, level, region) → the directives of that kind, with words that show them."""
    shown: dict[str, Words] = {}
    for cite in cites:
        shown.setdefault(cite.target, cite.here)
    found: dict[tuple[str, str, str], list[tuple[str, Words]]] = {}
    governing = rule("governing", "names.toml")
    for identity, row in sorted(graph.documents.items()):
        if row["kind"] == "directive" and row["level"] and row["region"] and governing.search(row["issuer"] or ""):
            said = head(graph, identity, "title") if row["loaded"] else shown.get(identity, Words(identity))
            found.setdefault((_about(row), row["level"], row["region"]), []).append((identity, said))
    return found


def _same_time(one: dict[str, Any], two: dict[str, Any]) -> bool:
    """Whether two papers are of one campaign: of the same year, as far as both say it."""
    return one["year"] is None or two["year"] is None or one["year"] == two["year"]


def _before(row: dict[str, Any], own: dict[str, Any], known: Iterable[date]) -> bool:
    """Whether a paper was surely there when another was issued: by its date, or as an earlier paper cites it."""
    day = row["date"] or min(known, default=None)
    return bool(own["date"] and day and day <= own["date"])


# --- what is not there ----------------------------------------------------------------------------------------------


def _missing(graph: CheckedGraph, cites: Iterable[Cite]) -> Iterator[Finding]:
    by_target: dict[str, dict[str, Cite]] = {}
    for cite in cites:
        if not graph.documents[cite.target]["loaded"]:
            by_target.setdefault(cite.target, {}).setdefault(cite.document, cite)
    for target, papers in by_target.items():
        row = graph.documents[target]
        name = f"《{row['title']}》（{row['number']}）" if row["title"] and row["number"] else row["number"] or target
        for cite in papers.values():
            other = next((c for d, c in papers.items() if d != cite.document), None)
            values = {"cited": name, "papers": str(len(papers))}
            there = other.here if other else NOWHERE
            yield Finding("not-loaded", cite.document, cite.here, there, cite.task, values, len(papers))
