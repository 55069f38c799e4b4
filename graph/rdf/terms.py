"""Which term of RDF stands for what: the whole mapping, and how IRIs and literals are written.

`docs/rdf.md` shows it, `docs/ontology.ttl` says what our own terms mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from ...extractors.errors import ZhenglingError

BASE = "https://zhengling.example/"
# A scheme, a host, and a path that ends in /; of RFC 3987 what every store takes.
_BASE = re.compile(
    r"\A[A-Za-z][A-Za-z0-9+.-]*://[\w.~-]+(?::[0-9]{1,5})?/(?:(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+/)*"
)
ONTOLOGY = BASE + "ontology#"
PREFIXES = {
    "zl": ONTOLOGY,
    "eli": "http://data.europa.eu/eli/ontology#",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "time": "http://www.w3.org/2006/time#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class Term(NamedTuple):
    """The property that tells a value, and in which form: `text`, `word` (a text that is not told where it is empty),
    `integer`, `decimal`, `boolean`, `date`, `texts`, `evidence`; `level`, `document` and `limit` name a concept of the
    ontology, as the forms of SCHEMES do; `region`, `field` and `day` a thing by that id."""

    name: str
    form: str


# Label → the public classes that it has beside its own (zl:Document, …).
CLASSES = {
    "Document": ("eli:LegalResource",),
    "Task": ("eli:LegalResourceSubdivision",),
    "Unit": ("org:Organization",),
    "Region": ("dcterms:Location",),
    "Deadline": ("time:TemporalEntity",),
}
# What a row's property is called. A task's document is told by eli:has_part, a unit's region by dcterms:spatial of IN.
PROPERTIES: dict[str, dict[str, Term | None]] = {
    "Document": {
        "id": Term("dcterms:identifier", "text"),
        "number": Term("eli:id_local", "text"),
        "title": Term("dcterms:title", "text"),
        "kind": Term("eli:type_document", "document"),
        "level": Term("zl:level", "level"),
        "issuer": Term("zl:issuerName", "text"),
        "region": Term("dcterms:spatial", "region"),
        "date": Term("eli:date_document", "date"),
        "year": Term("zl:year", "integer"),
        "loaded": Term("zl:loaded", "boolean"),
        "source": Term("dcterms:source", "word"),
        "address": Term("zl:address", "word"),
        "aliases": Term("skos:altLabel", "texts"),
        "why": Term("zl:why", "word"),
        "evidence": Term("prov:wasDerivedFrom", "evidence"),
        "review": Term("zl:review", "word"),
    },
    "Task": {
        "id": Term("dcterms:identifier", "text"),
        "name": Term("zl:name", "text"),
        "order": Term("zl:order", "integer"),
        "title": Term("dcterms:title", "text"),
        "text": Term("zl:text", "text"),
        "section": Term("zl:section", "section"),
        "open": Term("zl:open", "boolean"),
        "document": None,
        "evidence": Term("prov:wasDerivedFrom", "evidence"),
        "review": Term("zl:review", "word"),
        "state": Term("zl:progress", "word"),
        "closed": Term("zl:closed", "word"),
        "reported": Term("zl:reported", "date"),
        "next_report": Term("zl:nextReport", "date"),
        "milestone": Term("zl:nextMilestone", "date"),
        "milestones": Term("zl:milestone", "texts"),
        "notes": Term("zl:note", "texts"),
        "orphaned": Term("zl:orphaned", "texts"),
    },
    "Unit": {
        "id": Term("dcterms:identifier", "text"),
        "name": Term("skos:prefLabel", "text"),
        "aliases": Term("skos:altLabel", "texts"),
        "function": Term("org:purpose", "field"),
        "fields": Term("zl:fieldOfWork", "texts"),
        "level": Term("zl:level", "level"),
        "region": None,
        "collective": Term("zl:collective", "boolean"),
    },
    "Region": {
        "id": Term("dcterms:identifier", "text"),
        "name": Term("skos:prefLabel", "text"),
        "level": Term("zl:level", "level"),
        "code": Term("skos:notation", "word"),
    },
    "Deadline": {
        "id": Term("dcterms:identifier", "text"),
        "kind": Term("dcterms:type", "limit"),
        "text": Term("zl:text", "text"),
        "start": Term("time:hasBeginning", "day"),
        "due": Term("time:hasEnd", "day"),
    },
}
# (relationship, label it begins at) → the property from one end to the other.
RELATIONS = {
    ("CONTAINS", "Document"): "eli:has_part",
    ("PART_OF", "Task"): "eli:is_part_of",
    ("PART_OF", "Region"): "dcterms:isPartOf",
    ("LEADS", "Unit"): "zl:leads",
    ("RESPONSIBLE_FOR", "Unit"): "zl:responsibleFor",
    ("SUPPORTS", "Unit"): "zl:supports",
    ("DUE", "Task"): "zl:due",
    ("DUE", "Document"): "zl:due",
    ("CITES", "Document"): "eli:cites",
    ("CITES", "Task"): "eli:cites",
    ("IMPLEMENTS", "Document"): "eli:implements",
    ("DERIVES_FROM", "Task"): "prov:wasDerivedFrom",
    ("RESEMBLES", "Task"): "zl:resembles",
    ("ISSUED_BY", "Document"): "eli:passed_by",
    ("IN", "Unit"): "dcterms:spatial",
    ("BRANCH_OF", "Unit"): "org:unitOf",
}
# A citation's role → the property that it has beside eli:cites.
CITED = {"basis": "eli:based_on", "mention": "zl:mentions"}
# Relationships that are told once more as an rdf:Statement, with their properties and what they were derived from.
# Evidence of CONTAINS and of a task's PART_OF is that of the task; that of roles and deadlines stands on what was read.
STATED = {
    ("CITES", "Document"): "zl:Cites",
    ("CITES", "Task"): "zl:Cites",
    ("IMPLEMENTS", "Document"): "zl:Implements",
    ("DERIVES_FROM", "Task"): "zl:DerivesFrom",
    ("RESEMBLES", "Task"): "zl:Resembles",
    ("ISSUED_BY", "Document"): "zl:IssuedBy",
    ("IN", "Unit"): "zl:In",
    ("PART_OF", "Region"): "zl:PartOf",
    ("BRANCH_OF", "Unit"): "zl:BranchOf",
}
# No paper says these, both show them together: they stand in the common graph. The statement of the first is a
# qualified derivation of PROV-O, too.
DERIVED = "DERIVES_FROM"
ALIGNED = (DERIVED, "RESEMBLES")
STATED_PROPERTIES = {
    "role": Term("zl:role", "role"),
    "title": Term("dcterms:title", "text"),
    "inferred": Term("zl:inferred", "boolean"),
    "kind": Term("zl:shape", "shape"),
    "wording": Term("zl:wording", "wording"),
    "state": Term("zl:state", "state"),
    "score": Term("zl:score", "decimal"),
    "change": Term("zl:change", "texts"),
    "grounds": Term("zl:ground", "texts"),
    "texts": Term("zl:fingerprint", "texts"),
    "quote": Term("zl:quote", "text"),
}
SCHEMES = ("role", "shape", "wording", "state")  # forms of these that name a concept of the ontology
# Where in a file a quotation stands; what has other marks, or these in another order, is kept whole in zl:place.
PLACES = ("page", "line", "table", "row", "column")


@cache
def term(name: str) -> str:
    """`zl:Task` as N-Quads have it."""
    prefix, _, local = name.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


def concept(scheme: str, value: str) -> str:
    """A value of a fixed list, as the ontology names it: `zl:level-county`."""
    return f"<{ONTOLOGY}{scheme}-{_encoded(value)}>"


# --- IRIs and literals ----------------------------------------------------------------------------------------------

# What an IRI may hold as it is (RFC 3987: unreserved, and `/`, which parts a region's path); `%` is never among them,
# so two ids never give one IRI.
_ENCODED = re.compile(
    r"[^A-Za-z0-9._~/\-\u00a0-\u1fff\u2010-\u2027\u2030-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd]"
)
_DOTS = re.compile(r"(?<![^/])\.{1,2}(?![^/])")  # what resolving an IRI would take away
_ESCAPES = {ord(a): b for a, b in zip('\\"\n\r\t\b\f', ("\\\\", '\\"', "\\n", "\\r", "\\t", "\\b", "\\f"), strict=True)}
_ESCAPES |= {n: f"\\u{n:04X}" for n in (*range(0x20), 0x7F) if n not in _ESCAPES}


def _encoded(text: str) -> str:
    return _DOTS.sub(lambda found: "%2E" * len(found[0]), _ENCODED.sub(_percent, text))


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))


def checked_base(base: str) -> str:
    """A beginning of IRIs; `ZhenglingError`, status 2, for what is none."""
    if not _BASE.fullmatch(base):
        raise ZhenglingError("bad-base", 2, base=base)
    return base


def iri(base: str, kind: str, *ids: str) -> str:
    """The IRI of a thing (`kind`: document, task, unit, …) by its id, in `<>`; of a statement, by several."""
    return f"<{base}{kind}/{';'.join(map(_encoded, ids))}>"


def text(value: str, datatype: str = "") -> str:
    """A literal."""
    return f'"{value.translate(_ESCAPES)}"' + (f"^^{term(datatype)}" if datatype else "")


def integer(value: int) -> str:
    return f'"{value}"^^<http://www.w3.org/2001/XMLSchema#integer>'


def decimal(value: float) -> str:
    return f'"{value:.4f}"^^<http://www.w3.org/2001/XMLSchema#decimal>'


def boolean(value: bool) -> str:
    return f'"{"true" if value else "false"}"^^<http://www.w3.org/2001/XMLSchema#boolean>'


def day(value: date | str) -> str:
    """A day as xsd:date; what is none, as the text that it is."""
    try:
        return text((value if isinstance(value, date) else date.fromisoformat(value)).isoformat(), "xsd:date")
    except ValueError:
        return text(str(value))


FORMS: dict[str, Callable[[Any], str]] = {
    "text": text,
    "word": text,
    "integer": integer,
    "decimal": decimal,
    "boolean": boolean,
    "date": day,
}
