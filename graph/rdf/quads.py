"""Statements as files: N-Quads, TriG, Turtle and JSON-LD, sorted, in memory that does not grow with the graph.

The statements are sorted outside memory; each format then is one walk over them. N-Quads, TriG and JSON-LD keep the
named graphs, Turtle is their union.
"""

from __future__ import annotations

import heapq
import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import count, groupby, islice
from pathlib import Path
from typing import IO, Any, BinaryIO

from ...extractors.errors import ZhenglingError
from .terms import CITED, PLACES, PREFIXES, PROPERTIES, RELATIONS, SCHEMES, STATED_PROPERTIES, term

_LINES = 50_000  # sorted in memory at a time
_FILES = 200  # open at a time


@contextmanager
def in_order(lines: Iterable[str]) -> Iterator[Iterator[str]]:
    """The lines sorted by code point, each once; what does not fit into memory waits in files that go when it ends."""
    lines = iter(lines)
    with tempfile.TemporaryDirectory(prefix="sort-") as folder, ExitStack() as stack:
        parts: list[IO[str]] = []
        names = (Path(folder, str(n)) for n in count())

        def keep(lines: Iterable[str]) -> None:
            path = next(names)
            with path.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
                file.writelines(lines)
            parts.append(stack.enter_context(path.open(encoding="utf-8", newline="\n")))

        while some := list(islice(lines, _LINES)):
            keep(f"{line}\n" for line in sorted(set(some)))
            if len(parts) == _FILES:
                full, parts[:] = list(parts), []
                keep(heapq.merge(*full))
                for file in full:
                    file.close()
                    Path(file.name).unlink()
        # A line end sorts before all that can follow, so whole lines are in the order of what stands before it.
        yield (line[:-1] for line, _ in groupby(heapq.merge(*parts)))


def write_nquads(lines: Iterable[str], out: BinaryIO) -> int:
    """Gives the number of statements, as every `write_…` here does. `lines`: what `rdf.statements` gives."""
    counted = _Counted()
    with in_order(lines) as found:
        for g, s, p, o in counted.split(found):
            out.write(f"{s} {p} {o} {g} .\n".encode())
    return counted.count


def write_trig(lines: Iterable[str], out: BinaryIO, base: str) -> int:
    ox = oxigraph()
    counted = _Counted()
    with in_order(lines) as found:
        text = Lines(f"{s} {p} {o} {g} .\n" for g, s, p, o in counted.split(found))
        quads = ox.parse(text, ox.RdfFormat.N_QUADS)
        _serialized(quads, out, ox.RdfFormat.TRIG, base)
    return counted.count


def write_turtle(lines: Iterable[str], out: BinaryIO, base: str) -> int:
    ox = oxigraph()
    counted = _Counted()
    with in_order(line.partition("\t")[2] for line in lines) as found:
        text = Lines(f"{s} {p} {o} .\n" for s, p, o in counted.split(found))
        triples = (quad.triple for quad in ox.parse(text, ox.RdfFormat.N_TRIPLES))
        _serialized(triples, out, ox.RdfFormat.TURTLE, base)
    return counted.count


def _serialized(items: Iterable[Any], out: BinaryIO, form: Any, base: str) -> None:
    with closing(_Sorted(out)) as file:
        oxigraph().serialize(items, file, form, prefixes=_prefixes(base))


def oxigraph() -> Any:
    try:
        import pyoxigraph
    except ImportError as error:
        raise ZhenglingError("missing-extra", 1, package="pyoxigraph", extra="rdf") from error
    return pyoxigraph


def _prefixes(base: str) -> dict[str, str]:
    kinds = ("document", "task", "unit", "region", "deadline", "day", "field", "reading", "rule", "graph", "statement")
    return PREFIXES | {kind: f"{base}{kind}/" for kind in kinds}


class _Counted:
    count = 0

    def split(self, lines: Iterable[str]) -> Iterator[list[str]]:
        for line in lines:
            self.count += 1
            yield line.split("\t")


class Lines:
    """Lines as a file that is read piece by piece."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines, self.rest = iter(lines), b""

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self.rest) < size:
            some = "".join(islice(self.lines, 200)).encode()
            if not some:
                break
            self.rest += some
        size = len(self.rest) if size < 0 else size
        found, self.rest = self.rest[:size], self.rest[size:]
        return found


class _Sorted:
    """A file whose first lines, which declare the prefixes, come in the order of the alphabet."""

    def __init__(self, out: BinaryIO) -> None:
        self.out, self.head = out, b""
        self.declared = False

    def write(self, data: bytes) -> int:
        if self.declared:
            self.out.write(data)
            return len(data)
        self.head += data
        lines = self.head.split(b"\n")
        rest = next((n for n, line in enumerate(lines[:-1]) if not line.startswith(b"@prefix ")), None)
        if rest is not None:
            self._declare(lines, rest)
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        """To be called at the end: an empty graph has nothing but prefixes."""
        if not self.declared:
            lines = self.head.split(b"\n")
            self._declare(lines, len(lines) - 1)

    def _declare(self, lines: list[bytes], rest: int) -> None:
        self.out.write(b"\n".join([*sorted(lines[:rest]), *lines[rest:]]))
        self.declared = True


# --- JSON-LD --------------------------------------------------------------------------------------------------------


def context(base: str) -> dict[str, Any]:
    """The context: short keys for our terms, IRIs from the base on, dates by their key; numbers and truth values are
    those of JSON."""
    told: dict[str, Any] = {"@base": base, "@vocab": PREFIXES["zl"], **PREFIXES}
    for key, name in _keys().items():
        if name in _THINGS:
            told[key] = {"@id": name, "@type": "@id"}
        elif name in _CONCEPTS:
            told[key] = {"@id": name, "@type": "@vocab"}
        elif name in _DAYS:
            told[key] = {"@id": name, "@type": "xsd:date"}
        else:
            told[key] = name
    return told


# Properties whose objects are things, concepts of the ontology, days.
_CONCEPTS = ("zl:level", "eli:type_document", "dcterms:type", "skos:inScheme", "rdf:predicate")
_CONCEPTS += tuple(f"zl:{scheme}" for scheme in SCHEMES)
_DAYS = ("eli:date_document", "time:inXSDDate", "zl:firstDay", "zl:lastDay")
_THINGS = (
    *("prov:wasDerivedFrom", "prov:wasQuotedFrom", "prov:wasGeneratedBy", "prov:qualifiedAssociation", "prov:agent"),
    *("prov:hadPlan", "zl:section", "zl:of", "zl:unit", "zl:deadline", "zl:document", "rdf:subject", "rdf:object"),
    *("org:purpose", "time:hasBeginning", "time:hasEnd", "zl:mentions", "prov:qualifiedDerivation", "prov:entity"),
    *RELATIONS.values(),
    *CITED.values(),
)


def _keys() -> dict[str, str]:
    """Short key → term: the local name, with the prefix before it where two terms share one."""
    names = {told.name for part in PROPERTIES.values() for told in part.values() if told}
    names |= {told.name for told in STATED_PROPERTIES.values()}
    names |= {*_CONCEPTS, *_DAYS, *_THINGS, "prov:value", *(f"zl:{place}" for place in PLACES)}
    names |= {f"zl:{name}" for name in _OWN}
    keys: dict[str, str] = {}
    for name in sorted(names, key=lambda name: (not name.startswith("zl:"), name)):
        local = name.partition(":")[2]
        keys[name.replace(":", "-") if local in keys else local] = name
    return dict(sorted(keys.items()))


_OWN = (
    *("sha256", "rules", "code", "values", "place", "start", "end", "sentence", "starts", "ends", "key", "name"),
    *("writtenName", "writtenNumber", "writtenRegion", "writtenTitle", "writtenText", "writtenDate", "quote"),
)
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:\^\^<([^>]*)>|@([a-z]+))?')
_UNESCAPED = re.compile(r"\\(?:u([0-9A-F]{4})|(.))")


def write_jsonld(lines: Iterable[str], out: BinaryIO, base: str) -> int:
    forms = {term(name): (key, name) for key, name in _keys().items()}
    counted = _Counted()

    def short(iri: str) -> str:
        """An IRI from the base on, or with a prefix; whole where it has escapes, which libraries in Java decode when
        they put it together."""
        plain = iri[1:-1]
        if plain.startswith(base) and not plain.startswith(PREFIXES["zl"]):
            if "%" in plain:
                return plain
            return plain[len(base) :]
        return next((f"{p}:{plain[len(n) :]}" for p, n in PREFIXES.items() if plain.startswith(n)), plain)

    def value(name: str, object_: str) -> Any:
        if object_[0] == "<":
            plain = short(object_)
            if name in _CONCEPTS or name == "rdf:type":
                return plain.removeprefix("zl:")
            return plain if name in _THINGS else {"@id": plain}
        found = _LITERAL.fullmatch(object_)
        assert found is not None, object_
        text = _UNESCAPED.sub(lambda m: chr(int(m[1], 16)) if m[1] else _SIGNS.get(m[2], m[2]), found[1])
        kind = (found[2] or "").rpartition("#")[2]
        if found[3]:
            return {"@value": text, "@language": found[3]}
        if kind == "boolean":
            return text == "true"
        if kind == "integer":
            return int(text)
        if kind == "decimal":
            return {"@value": text, "@type": "xsd:decimal"}
        if kind == "date":
            return text if name in _DAYS else {"@value": text, "@type": "xsd:date"}
        return {"@value": text} if name in _DAYS else text

    def node(subject: str, rows: Iterable[list[str]]) -> dict[str, Any]:
        told: dict[str, Any] = {"@id": short(subject)}
        for _, _, predicate, object_ in rows:
            key, name = forms.get(predicate) or (short(predicate),) * 2
            one = value(name, object_)
            key = "@type" if name == "rdf:type" else key
            if key not in told:
                told[key] = one
            elif isinstance(told[key], list):
                told[key].append(one)
            else:
                told[key] = [told[key], one]
        first = {key: told.pop(key) for key in ("@id", "@type") if key in told}
        return first | told

    def write(text: str) -> None:
        out.write(text.encode())

    write(f'{{"@context": {json.dumps(context(base), ensure_ascii=False, indent=1)},\n"@graph": [')
    with in_order(lines) as found:
        for n, (graph, rows) in enumerate(groupby(counted.split(found), lambda row: row[0])):
            write(f'{"," if n else ""}\n{{"@id": {json.dumps(short(graph), ensure_ascii=False)}, "@graph": [')
            for m, (subject, some) in enumerate(groupby(rows, lambda row: row[1])):
                write(f"{',' if m else ''}\n{json.dumps(node(subject, some), ensure_ascii=False)}")
            write("\n]}")
    write("\n]}\n")
    return counted.count


_SIGNS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
