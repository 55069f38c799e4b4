"""Labels, relationships and their properties, once: stores make their tables and constraints from here.

Types are those of both stores' Cypher: STRING, INT64, DOUBLE, BOOLEAN, DATE, STRING[]. Every node has `id`; every
relationship has `evidence` (a list of JSON objects with document, start, end, quote, rule, place) and `quote` (the
words of the first). What people corrected says so by `review`; whose word it is, when, why and what the paper says
instead stands in the place of a piece of evidence whose rule is `correction`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol


class Relationship(NamedTuple):
    pairs: tuple[tuple[str, str], ...]  # (from label, to label)
    properties: dict[str, str]


#: Relationship of a unit to a task → the role as records and questions name it.
ROLES = {"LEADS": "lead", "RESPONSIBLE_FOR": "responsible", "SUPPORTS": "support"}

NODES: dict[str, dict[str, str]] = {
    "Document": {
        "id": "STRING",
        "number": "STRING",
        "title": "STRING",
        "kind": "STRING",  # directive, law, regulation, standard
        "level": "STRING",  # national, province, city, county, township
        "issuer": "STRING",
        "region": "STRING",  # path, as in Region.id
        "date": "DATE",
        "year": "INT64",
        "loaded": "BOOLEAN",
        "source": "STRING",  # path as given; '' where not loaded
        "address": "STRING",  # where the file came from, as the list beside it says; '' where that is not known
        "aliases": "STRING[]",  # numbers and titles under which it is cited
        "why": "STRING",  # why the chain ends here: '', 'national', 'names no superior', 'not loaded'
        "evidence": "STRING[]",
        "review": "STRING",  # what people did to what was read: '', 'confirmed', 'changed', 'added'
    },
    "Task": {
        "id": "STRING",
        "name": "STRING",  # T01, T02, … in its document
        "order": "INT64",  # place in its document, from 1
        "title": "STRING",
        "text": "STRING",
        "section": "STRING[]",
        "open": "BOOLEAN",
        "document": "STRING",  # id of its document
        "evidence": "STRING[]",
        "review": "STRING",
        "state": "STRING",  # as people tell it: '', 'not-started', 'under-way', 'done', 'dropped'
        "closed": "STRING",  # '', 'carried-out', 'not-carried-out'
        "reported": "DATE",  # the last time that somebody did
        "next_report": "DATE",
        "milestone": "DATE",  # the first that is not met
        "milestones": "STRING[]",  # JSON objects: name, due, met, history
        "notes": "STRING[]",  # JSON objects: day, by, unit, state, closed, text
        "orphaned": "STRING[]",  # JSON objects: document, title, text of what it was confirmed to come from and is gone
    },
    "Unit": {
        "id": "STRING",
        "name": "STRING",  # canonical name
        "aliases": "STRING[]",  # surface forms that were read, sorted
        "function": "STRING",  # field of work, '' if unknown; of several the first
        "fields": "STRING[]",  # all its fields of work
        "level": "STRING",
        "region": "STRING",  # path, as in Region.id
        "collective": "BOOLEAN",
    },
    "Region": {
        "id": "STRING",  # full path from 中国 down, parted by /
        "name": "STRING",
        "level": "STRING",  # national, province, city, county, township
        "code": "STRING",  # GB/T 2260, '' if none
    },
    "Deadline": {
        "id": "STRING",
        "kind": "STRING",  # date, ongoing, recurring, relative
        "text": "STRING",  # normalised words
        "start": "DATE",
        "due": "DATE",  # last day, inclusive
    },
}

_EVIDENCE = {"evidence": "STRING[]", "quote": "STRING"}
_LINK = {
    "kind": "STRING",  # one, merged, split
    "wording": "STRING",  # copied, adapted
    "state": "STRING",  # sure, likely; confirmed, suspect: a person has said so, of these texts or of others
    "score": "DOUBLE",
    "change": "STRING[]",  # KIND EFFECT: WORDS ABOVE → WORDS BELOW, deadlines first
    "grounds": "STRING[]",  # NAME=WEIGHT of all that spoke for or against it
    "texts": "STRING[]",  # fingerprints of the lower and of the upper task's text
    **_EVIDENCE,  # words in common, by turns below and above
}

_REVIEWED = {**_EVIDENCE, "review": "STRING"}

RELATIONSHIPS: dict[str, Relationship] = {
    "CONTAINS": Relationship((("Document", "Task"),), _EVIDENCE),
    "PART_OF": Relationship((("Task", "Task"), ("Region", "Region")), _EVIDENCE),
    "LEADS": Relationship((("Unit", "Task"),), _REVIEWED),
    "RESPONSIBLE_FOR": Relationship((("Unit", "Task"),), _REVIEWED),
    "SUPPORTS": Relationship((("Unit", "Task"),), _REVIEWED),
    "DUE": Relationship((("Task", "Deadline"), ("Document", "Deadline")), _REVIEWED),
    "CITES": Relationship(
        (("Document", "Document"), ("Task", "Document")),
        {"role": "STRING", "title": "STRING", **_REVIEWED},  # title: as cited, '' where only a number is given
    ),
    "IMPLEMENTS": Relationship((("Document", "Document"),), {"inferred": "BOOLEAN", **_EVIDENCE}),
    "DERIVES_FROM": Relationship((("Task", "Task"),), _LINK),
    "RESEMBLES": Relationship((("Task", "Task"),), _LINK),
    "ISSUED_BY": Relationship((("Document", "Unit"),), _EVIDENCE),
    "IN": Relationship((("Unit", "Region"),), _EVIDENCE),
    "BRANCH_OF": Relationship((("Unit", "Unit"),), _EVIDENCE),
}


class Source(Protocol):
    """Whatever holds the graph: what stores and exports are filled from, values in the order of the schema."""

    def nodes(self, label: str) -> Iterable[Sequence[Any]]:
        """Rows of a label, sorted by id."""
        ...

    def relationships(self, name: str, start: str, stop: str) -> Iterable[Sequence[Any]]:
        """Rows of a relationship between two labels: ids of both ends, then the properties; sorted by the ends."""
        ...


# A store that others write to, too, marks what is ours by this property, true on every node and relationship.
MARK = "zhengling"

# What people and questions look nodes up by, beside `id`; and what is searched word by word.
LOOKED_UP = {"Document": ("number",), "Unit": ("name",), "Deadline": ("due",)}
SEARCHED = {"Task": ("title", "text"), "Unit": ("name", "aliases")}


def key(name: str) -> list[str]:
    """The properties that tell relationships of one type between the same two nodes apart."""
    return [property for property in ("role", "inferred") if property in RELATIONSHIPS[name].properties]


def nodes_question(label: str, where: str = "") -> str:
    """The Cypher that reads the rows of `Source.nodes` out of a store; `where` is a clause on `n`."""
    columns = ", ".join(f"n.`{name}`" for name in NODES[label])
    return f"MATCH (n:`{label}`) {where}RETURN {columns} ORDER BY n.id"


def relationships_question(name: str, start: str, stop: str, where: str = "") -> str:
    """The Cypher that reads the rows of `Source.relationships` out of a store; `where` is a clause on `r`."""
    columns = ", ".join(["a.id", "b.id", *(f"r.`{property}`" for property in RELATIONSHIPS[name].properties)])
    order = ", ".join(["a.id", "b.id", *(f"r.`{property}`" for property in key(name))])
    return f"MATCH (a:`{start}`)-[r:`{name}`]->(b:`{stop}`) {where}RETURN {columns} ORDER BY {order}"
