"""An export in N-Quads → the records that it was made from, paper by paper.

Only what `rdf.statements` writes is taken; anything else is refused with the line that it stands in. What is held is
one paper at a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from ...extractors.errors import ZhenglingError
from ...extractors.model import Citation, Deadline, Document, Evidence, Record, Remark, Task, UnitRole, task_key
from ...extractors.validate import check_record
from ...extractors.words.fold import squeeze
from ..corrections import lines, progress
from ..corrections.lines import Correction
from ..corrections.progress import ProgressLine
from ..workspace.records import Attached
from .quads import in_order, oxigraph
from .terms import CITED, ONTOLOGY, PLACES, PREFIXES, PROPERTIES, RELATIONS, STATED_PROPERTIES

_BUNDLE = f"<{PREFIXES['prov']}Bundle>"
_GRAPH = re.compile(r"<([^<>\"{}|^`\\\s]*)>\s*\.\s*$")
_WIDTH = 12  # digits of a line's number, so that numbers sort as texts


class _Value(NamedTuple):
    """An object: the text of a literal or an IRI, and the line that it stands in."""

    text: str
    thing: bool
    line: int


class _Fault(Exception):  # noqa: N818
    """What can not be read as ours; `read` says in which file."""

    def __init__(self, code: str, line: int, **values: Any) -> None:
        super().__init__(code)
        self.code, self.line, self.values = code, line, values


def read(path: Path) -> Iterator[Record]:
    """The records of an export, in the order of its named graphs.

    Raises `ZhenglingError` naming the line that is no N-Quads or not of an export; `OSError` where the file can not be
    read.
    """
    try:
        bundles: set[str] = set()
        with in_order(_lines(path, bundles)) as found:
            for graph, lines in groupby(found, key=lambda line: line.partition("\t")[0]):
                quads = (_quad(line) for line in lines)
                if graph in bundles:
                    yield _NamedGraph(graph, quads).record()
                else:
                    for _ in quads:  # what all papers share is derived again
                        pass
        if not bundles:
            raise _Fault("import-empty", 1)
    except _Fault as fault:
        raise ZhenglingError(fault.code, 1, path=str(path), line=fault.line, **fault.values) from None


def _lines(path: Path, bundles: set[str]) -> Iterator[str]:
    """Graph, number and words of each line; the graphs that tell what a paper said are put into `bundles`."""
    with path.open("rb") as file:
        for number, data in enumerate(file, 1):
            try:
                line = data.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            except UnicodeDecodeError as error:
                raise _Fault("import-syntax", number, reason=error.reason) from None
            if not line or line.startswith("#"):
                continue
            found = _GRAPH.search(line)
            if found is None or "\x00" in line:
                _parsed(line, number)
                raise _Fault("import-foreign", number, text=line[:120])
            if _BUNDLE in line:
                bundles.add(found[1])
            yield f"{found[1]}\t{number:0{_WIDTH}}\t{line}"


def _parsed(line: str, number: int) -> Any:
    """The quad of a line."""
    ox = oxigraph()
    try:
        (quad,) = ox.parse(line.encode(), ox.RdfFormat.N_QUADS)
    except SyntaxError as error:
        reason = str(error.msg).rpartition(": ")[2]
        raise _Fault("import-syntax", number, reason=reason) from None
    except ValueError:  # several statements in one line, or none
        raise _Fault("import-foreign", number, text=line[:120]) from None
    return quad


def _quad(found: str) -> tuple[str, str, _Value]:
    """(subject, predicate as `zl:name`, object) of a line as `_lines` gives it."""
    graph, digits, line = found.split("\t", 2)
    number = int(digits)
    quad = _parsed(line, number)
    ox = oxigraph()
    key = _names().get(getattr(quad.predicate, "value", ""))
    named = isinstance(quad.subject, ox.NamedNode) and not isinstance(quad.object, ox.BlankNode)
    if key is None or not named or getattr(quad.graph_name, "value", None) != graph:
        raise _Fault("import-foreign", number, text=line[:120])
    return quad.subject.value, key, _Value(quad.object.value, isinstance(quad.object, ox.NamedNode), number)


_NAMES: dict[str, str] = {}


def _names() -> dict[str, str]:
    """IRI → short name of every property that an export may have."""
    if not _NAMES:
        names = {told.name for part in PROPERTIES.values() for told in part.values() if told}
        names |= {told.name for told in STATED_PROPERTIES.values()} | {*RELATIONS.values(), *CITED.values()}
        names |= {f"zl:{place}" for place in PLACES} | set(_OTHERS)
        for name in sorted(names):
            prefix, _, local = name.partition(":")
            _NAMES[PREFIXES[prefix] + local] = name
        _NAMES.update({f"{PREFIXES['rdf']}_{n}": f"rdf:_{n}" for n in range(1, 10_000)})
    return _NAMES


_OTHERS = (
    *("owl:imports", "prov:qualifiedDerivation", "prov:entity"),
    *("prov:wasRevisionOf", "prov:wasAttributedTo", "dcterms:created", "zl:says", "zl:record", "zl:verb", "zl:about"),
    *("rdf:type", "rdf:subject", "rdf:predicate", "rdf:object", "dcterms:isPartOf", "skos:inScheme"),
    *("time:inXSDDate", "prov:wasQuotedFrom", "prov:value", "prov:wasGeneratedBy", "prov:qualifiedAssociation"),
    *("prov:agent", "prov:hadPlan", "zl:of", "zl:unit", "zl:deadline", "zl:document", "zl:sha256", "zl:rules"),
    *("zl:writtenName", "zl:writtenNumber", "zl:writtenRegion", "zl:writtenTitle", "zl:writtenText"),
    *("zl:writtenDate", "zl:firstDay", "zl:lastDay", "zl:sentence", "zl:starts", "zl:ends", "zl:key"),
    *("zl:start", "zl:end", "zl:place", "zl:files", "zl:beside", "zl:code", "zl:values"),
)


class _Resource:
    """What a graph says of one thing."""

    def __init__(self, name: str) -> None:
        self.name, self.told = name, {}
        self.told: dict[str, list[_Value]] = {}

    @property
    def line(self) -> int:
        return min(value.line for values in self.told.values() for value in values)

    def types(self) -> set[str]:
        return {value.text.removeprefix(ONTOLOGY) for value in self.told.get("rdf:type", ())}

    def value(self, key: str) -> _Value | None:
        found = self.told.get(key, [])
        if len(found) > 1:
            raise _Fault("import-foreign", found[1].line, text=f"{self.name} {key} {found[1].text}"[:120])
        return found[0] if found else None

    def text(self, key: str) -> str | None:
        found = self.value(key)
        return None if found is None else found.text

    def needed(self, key: str) -> _Value:
        found = self.value(key)
        if found is None:
            raise _Fault("import-lacks", self.line, thing=self.name, term=key)
        return found

    def read(self, key: str, how: Callable[[str], Any]) -> Any:
        """A needed value, read by `how`, which raises `ValueError` for what it can not read."""
        found = self.needed(key)
        try:
            return how(found.text)
        except ValueError:
            raise _Fault("import-foreign", found.line, text=f"{self.name} {key} {found.text}"[:120]) from None

    def number(self, key: str) -> int:
        return self.read(key, int)

    def truth(self, key: str) -> bool:
        return self.text(key) in ("true", "1")

    def coded(self, key: str, scheme: str, needed: bool = True) -> str | None:
        """The value that a concept of the ontology stands for."""
        if not needed and self.value(key) is None:
            return None
        start = f"{ONTOLOGY}{scheme}-"

        def code(text: str) -> str:
            if not text.startswith(start):
                raise ValueError(text)
            return unquote(text[len(start) :], errors="strict")

        return self.read(key, code)


class _NamedGraph:
    """One named graph."""

    def __init__(self, graph: str, quads: Iterable[tuple[str, str, _Value]]) -> None:
        self.nodes: dict[str, _Resource] = {}
        for subject, key, value in quads:
            node = self.nodes.get(subject)
            if node is None:
                node = self.nodes[subject] = _Resource(subject)
            node.told.setdefault(key, []).append(value)
        self.bundle = self.nodes.get(graph)
        if self.bundle is None:  # its type stands in another graph
            first = min(node.line for node in self.nodes.values())
            raise _Fault("import-lacks", first, thing=graph, term="prov:wasDerivedFrom")
        self.document = self._node(self.bundle.needed("prov:wasDerivedFrom"))
        # (class, thing that it is said of) → items in order
        self.items: dict[tuple[str, str], list[_Resource]] = {}
        for node in self.nodes.values():
            for kind in node.types() & {"Assignment", "TimeLimit", "Citation", "Field", "Warning", "Finding"}:
                of = node.needed("zl:of").text if kind in ("Assignment", "TimeLimit") else ""
                self.items.setdefault((kind, of), []).append(node)
        for nodes in self.items.values():
            nodes.sort(key=lambda node: node.number("zl:order"))
        tasks = [node for node in self.nodes.values() if "Task" in node.types()]
        self.tasks = sorted(tasks, key=lambda node: node.number("zl:order"))

    def _node(self, value: _Value) -> _Resource:
        if value.text not in self.nodes:
            raise _Fault("import-lacks", value.line, thing=value.text, term="rdf:type")
        return self.nodes[value.text]

    def record(self) -> Record:
        bundle, head = self.bundle, self.document
        assert bundle is not None
        read = self.nodes.get(f"{bundle.name}#as-read")
        if read is not None:  # people changed what the graph has
            return read.read("zl:record", _record)
        document = Document(
            number=head.text("zl:writtenNumber"),
            title=head.text("dcterms:title"),
            issuer=head.text("zl:issuerName"),
            date=head.text("zl:writtenDate") or head.text("eli:date_document"),
            level=head.coded("zl:level", "level", needed=False),
            region=head.text("zl:writtenRegion"),
            year=head.number("zl:year") if head.value("zl:year") else None,
            deadlines=self._limits(head),
            evidence={n.needed("zl:name").text: self._evidence(n) for n in self.items.get(("Field", ""), ())},
        )
        path = bundle.needed("dcterms:source").text
        record = Record(document, source={"path": path, "sha256": bundle.text("zl:sha256") or ""})
        if bundle.value("zl:files"):
            record.source |= bundle.read("zl:files", _files)
        record.rules = bundle.text("zl:rules") or ""
        names = {node.name: node.needed("zl:name").text for node in self.tasks}
        twins: dict[str, int] = {}
        for node in self.tasks:
            record.tasks.append(self._task(node, names, document.number or document.title or "", twins))
        for node in self.items.get(("Citation", ""), ()):
            of, said = node.needed("zl:of"), node.text("zl:name")
            inside = "document" if of.text == head.name else names.get(of.text) or _missing(of)
            record.citations.append(
                Citation(
                    inside if said is None else said,
                    node.text("zl:writtenNumber"),
                    node.text("zl:writtenTitle"),
                    node.coded("eli:type_document", "document") or "",
                    node.coded("zl:role", "role") or "",
                    node.number("zl:sentence"),
                    self._evidence(node),
                )
            )
        record.warnings = [self._remark(node) for node in self.items.get(("Warning", ""), ())]
        record.findings = [self._remark(node) for node in self.items.get(("Finding", ""), ())]
        return record

    def _task(self, node: _Resource, names: dict[str, str], name: str, twins: dict[str, int]) -> Task:
        above = node.value("eli:is_part_of")
        text = node.needed("zl:text").text
        flat = squeeze(text)
        starts, ends, key = node.text("zl:starts"), node.text("zl:ends"), node.text("zl:key")
        task = Task(
            id=names[node.name],
            section=self._section(node),
            title=node.text("dcterms:title"),
            text=text,
            starts=flat[:16] if starts is None else starts,
            ends=flat[-10:] if ends is None else ends,
            part_of=None if above is None else names.get(above.text) or _missing(above),
            open=node.truth("zl:open"),
            deadlines=self._limits(node),
            evidence=self._evidence(node),
        )
        for unit in self.items.get(("Assignment", node.name), ()):
            role, words = unit.coded("zl:role", "role") or "", unit.needed("zl:writtenName").text
            task.units.append(UnitRole(role, words, unit.truth("zl:collective"), self._evidence(unit)))
        same = task_key(name, task, 0)
        twins[same] = twins.get(same, -1) + 1
        task.key = task_key(name, task, twins[same]) if key is None else key
        return task

    def _section(self, task: _Resource) -> list[str]:
        headings: list[str] = []
        value = task.value("zl:section")
        seen: set[str] = set()
        while value is not None:
            if value.text in seen:  # a ring
                raise _Fault("import-foreign", value.line, text=value.text[:120])
            seen.add(value.text)
            node = self._node(value)
            headings.append(node.needed("dcterms:title").text)
            value = node.value("dcterms:isPartOf")
        return headings[::-1]

    def _limits(self, of: _Resource) -> list[Deadline]:
        return [
            Deadline(
                node.needed("zl:writtenText").text,
                node.coded("dcterms:type", "limit") or "",
                node.text("zl:firstDay"),
                node.text("zl:lastDay"),
                self._evidence(node),
            )
            for node in self.items.get(("TimeLimit", of.name), ())
        ]

    def _evidence(self, node: _Resource) -> list[Evidence]:
        found = [node.value(f"rdf:_{n}") for n in range(1, len(node.told) + 1) if f"rdf:_{n}" in node.told]
        told = [value for value in found if value] or node.told.get("prov:wasDerivedFrom", [])
        quotations = [self._node(value) for value in told]
        # Without a rule it is what the graph has where a record holds no evidence.
        return [self._quotation(one) for one in quotations if one.value("prov:wasGeneratedBy")]

    def _quotation(self, node: _Resource) -> Evidence:
        reading = self._node(node.needed("prov:wasGeneratedBy"))
        plan = self._node(self._node(reading.needed("prov:qualifiedAssociation")).needed("prov:hadPlan"))
        return Evidence(
            node.number("zl:start"),
            node.number("zl:end"),
            node.needed("prov:value").text,
            plan.needed("dcterms:identifier").text,
            self._place(node),
        )

    def _place(self, node: _Resource) -> dict[str, Any]:
        if node.value("zl:place"):
            return node.read("zl:place", _map)
        return {place: node.number(f"zl:{place}") for place in PLACES if node.value(f"zl:{place}")}

    def _remark(self, node: _Resource) -> Remark:
        values = node.read("zl:values", _map) if node.value("zl:values") else {}
        remark = Remark(node.needed("zl:code").text, self._place(node), node.text("prov:value") or "", values)
        if node.value("zl:beside"):
            remark.other, remark.other_place = node.read("zl:beside", _shown)
        return remark


def said(path: Path) -> tuple[list[Correction], list[ProgressLine]]:
    """What people said, as an export has it. Raises `ZhenglingError` that names the line which is none."""
    key = f"<{ONTOLOGY}says>"
    corrections: list[Correction] = []
    told: list[ProgressLine] = []
    with path.open("rb") as file:
        for number, data in enumerate(file, 1):
            if key.encode() not in data:
                continue
            text = data.decode("utf-8", "replace").strip()
            quad = _parsed(text, number)
            if getattr(quad.predicate, "value", "") != f"{ONTOLOGY}says":
                continue
            words = quad.object.value
            if "/progress/" in quad.subject.value:
                told.append(progress.parsed(words, str(path), number))
            else:
                corrections.append(lines.parsed(words, str(path), number))
    return sorted(corrections, key=lambda one: (one.at, one.id)), sorted(told, key=lambda one: (one.at, one.id))


def _record(text: str) -> Record:
    found = json.loads(text)
    check_record(found)
    return Record.from_json(found)


def _map(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError(text)
    return found


def _shown(text: str) -> tuple[str, dict[str, Any]]:
    """The words beside those that a finding is about, and their place."""
    found = _map(text)
    quote, place = found.get("quote"), found.get("place")
    if not isinstance(quote, str) or not isinstance(place, dict):
        raise ValueError(text)
    return quote, place


def _files(text: str) -> dict[str, Any]:
    """What joins a file to others: titles that it bears and announces, its attachments, the record it was read from."""
    found = _map(text)
    if {"path", "sha256"} & set(found):
        raise ValueError(text)
    try:
        attachments = [Attached(**one) for one in found.get("attachments", [])]
    except TypeError as error:
        raise ValueError(text) from error
    lists = [found.get("titles", []), found.get("announces", []), *(one.titles for one in attachments)]
    words = [word for one in attachments for word in (one.path, one.sha256)]
    words += [word for each in lists if isinstance(each, list) for word in each]
    if not all(isinstance(each, list) for each in lists) or not all(isinstance(word, str) for word in words):
        raise ValueError(text)
    return found


def _missing(value: _Value) -> str:
    raise _Fault("import-lacks", value.line, thing=value.text, term="rdf:type")
