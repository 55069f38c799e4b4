"""Whether the graph in RDF is as the shapes (`shapes.ttl`, SHACL) say that a right graph is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...extractors.errors import ZhenglingError
from ..schema import Source
from .statements import Records, statements
from .terms import BASE, PREFIXES

if TYPE_CHECKING:
    import rdflib

SHAPES = Path(__file__).with_name("shapes.ttl")


class Violation(NamedTuple):
    """`thing` is not as the shape of its class says: `property` and `value` are what is at fault ('' where it is the
    whole, or what is missing), `constraint` its kind (MinCount, Class, …); `message` is what a question of the shapes
    says in the language asked for, else ''."""

    thing: str
    property: str
    value: str
    constraint: str
    message: str


def shacl(source: Source, records: Records | None = None, language: str = "en") -> list[Violation]:
    """What is not right in the graph of `source`, sorted. The graph is held in memory."""
    _needed()
    from rdflib import Graph

    graph = Graph()
    lines = {line.partition("\t")[2] for line in statements(source, records)}
    graph.parse(data="".join(f"{line.replace(_TAB, ' ')} .\n" for line in lines), format="nt")
    return violations(graph, language=language)


_TAB = "\t"


def violations(graph: rdflib.Graph, shapes: rdflib.Graph | None = None, language: str = "en") -> list[Violation]:
    """What a graph has that the shapes do not allow."""
    _needed()
    from pyshacl import validate
    from rdflib import BNode, Graph
    from rdflib.namespace import RDF, RDFS, SH

    shapes = Graph().parse(SHAPES, format="turtle") if shapes is None else shapes
    _, report, _ = validate(graph, shacl_graph=shapes, inference="none", advanced=False, inplace=True)
    assert isinstance(report, Graph), str(report)[:500]
    # A rule has one message (some engines stop at a second one); what it is in the other language is its comment.
    rules = list(shapes.objects(None, SH.sparql))
    told = [[*shapes.objects(rule, SH.message), *shapes.objects(rule, RDFS.comment)] for rule in rules]
    words = {str(m): str(n) for some in told for m in some for n in some if getattr(n, "language", "") == language}
    found = []
    for result in report.subjects(RDF.type, SH.ValidationResult):
        path = report.value(result, SH.resultPath)
        kind = str(report.value(result, SH.sourceConstraintComponent))
        messages = sorted(words[str(m)] for m in report.objects(result, SH.resultMessage) if str(m) in words)
        found.append(
            Violation(
                _short(report.value(result, SH.focusNode)),
                _short(path) if not isinstance(path, BNode) else _inner(report, path),
                _short(report.value(result, SH.value)),
                kind.rpartition("#")[2].removesuffix("ConstraintComponent"),
                messages[0] if messages else "",
            )
        )
    return sorted(set(found))


def _needed() -> None:
    try:
        import pyshacl  # noqa: F401
        import rdflib  # noqa: F401
    except ImportError as error:
        raise ZhenglingError("missing-extra", 1, package="pyshacl", extra="rdf") from error


def _inner(report: rdflib.Graph, path: object) -> str:
    """A path of several steps: the terms in it."""
    terms = sorted({_short(o) for _, _, o in report.triples((path, None, None))})  # type: ignore[arg-type]
    return " ".join(t for t in terms if t)


def _short(term: object) -> str:
    """An IRI with a prefix, or from the base on."""
    text = "" if term is None else str(term)
    if text.startswith(BASE) and not text.startswith(PREFIXES["zl"]):
        return text[len(BASE) :]
    return next((f"{p}:{text[len(n) :]}" for p, n in PREFIXES.items() if text.startswith(n)), text)
