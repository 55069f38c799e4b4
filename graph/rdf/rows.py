"""What nodes and relationships alone say in RDF, of some properties: the smallest graph that answers a question which
asks for nothing else. It is read out of the store by columns; evidence, headings, fields of work, statements about
statements and what stands in papers word by word are not part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from functools import lru_cache
from typing import Any, Protocol

from ..schema import NODES, RELATIONSHIPS
from .statements import objects
from .terms import CITED, CLASSES, PROPERTIES, RELATIONS, Term, day, iri, term

_TYPE, _INSTANT, _DAY = "rdf:type", "time:Instant", "time:inXSDDate"
_COLLECTIVE, _BRANCH = "org:OrganizationalCollaboration", "org:OrganizationalUnit"
_END = "\0"
_BESIDE = ("evidence", "section", "field")  # forms of what is more than the row's own


class _Columns(Protocol):
    def rows(self, cypher: str, /) -> tuple[list[str], list[list[Any]]]: ...


def row_statements(store: _Columns, wanted: Set[str], base: str) -> Iterator[str]:
    """The statements of rows whose property, or class, is one of `wanted` (`<…>`), as lines of N-Triples."""
    named = lambda name: term(name) in wanted  # noqa: E731
    things = lru_cache(100_000)(lambda label, identity: iri(base, label.lower(), identity))
    for label in NODES:
        yield from _of_nodes(store, label, named, base)
    for (name, start), told in RELATIONS.items():
        for one, stop in RELATIONSHIPS[name].pairs:
            if one == start:
                ends = f"MATCH (a:`{start}`)-[r:`{name}`]->(b:`{stop}`)"
                for where, lines in _of_relationships(name, told, named):
                    for a, b in store.rows(f"{ends} {where} RETURN a.id, b.id")[1]:
                        subject, object_ = things(start, a), things(stop, b)
                        yield from (f"{subject} {line.replace(_END, object_)} .\n" for line in lines)


def _of_nodes(store: _Columns, label: str, named: Any, base: str) -> Iterator[str]:
    classes = [term(name) for name in (f"zl:{label}", *CLASSES[label]) if named(_TYPE) and named(name)]
    is_kind = label == "Unit" and named(_TYPE) and named(_COLLECTIVE)
    told = {
        name: one
        for name, one in PROPERTIES[label].items()
        if one and (_is_asked(one, named) or (is_kind and name == "collective"))
    }
    if not classes and not told:
        return
    columns = ", ".join(f"n.`{name}`" for name in ("id", *told))
    for identity, *values in store.rows(f"MATCH (n:`{label}`) RETURN {columns}")[1]:
        subject = iri(base, label.lower(), identity)
        yield from (f"{subject} {term(_TYPE)} {one} .\n" for one in classes)
        for (name, one), value in zip(told.items(), values, strict=True):
            if value is None:
                continue
            for object_ in objects(base, one.form, value):
                if named(one.name):
                    yield f"{subject} {term(one.name)} {object_} .\n"
                if one.form == "day" and named(_DAY):
                    yield f"{object_} {term(_DAY)} {day(value)} .\n"
                if one.form == "day" and named(_TYPE) and named(_INSTANT):
                    yield f"{object_} {term(_TYPE)} {term(_INSTANT)} .\n"
            if name == "collective" and value and is_kind:
                yield f"{subject} {term(_TYPE)} {term(_COLLECTIVE)} .\n"


def _is_asked(one: Term, named: Any) -> bool:
    if one.form in _BESIDE:
        return False
    return named(one.name) or (one.form == "day" and (named(_DAY) or (named(_TYPE) and named(_INSTANT))))


def _of_relationships(name: str, told: str, named: Any) -> Iterator[tuple[str, list[str]]]:
    """Which rows of a relationship are told, and what of each behind its subject; `_END` stands for the other end."""
    lines = [f"{term(told)} {_END}"] if named(told) else []
    if name == "BRANCH_OF" and named(_TYPE) and named(_BRANCH):
        lines.append(f"{term(_TYPE)} {term(_BRANCH)}")
    if lines:
        yield "", lines
    if name == "CITES":
        yield from (
            (f"WHERE r.role = '{role}'", [f"{term(cited)} {_END}"]) for role, cited in CITED.items() if named(cited)
        )
