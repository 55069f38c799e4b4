"""What another version of the program says of the same files, fact by fact: records with their evidence and warnings,
the graph, the answers of every saved question and the exports.

python benchmarks/compare.py --save before.jsonl PATH...      all facts, kept
python benchmarks/compare.py --against before.jsonl PATH...   each fact that is new (+) or gone (-) since

Only the public functions are called, so that the script of today runs in an older checkout. The version of the rules is
left out.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zhengling as zl

Fact = tuple[str, ...]
#: Exports that are text, a fact a line.
TEXTS = {"nquads": "graph.nq", "turtle": "graph.ttl", "jsonld": "graph.jsonld", "graphml": "graph.graphml"}
#: What every version of the rules changes.
VERSIONS = ("rules",)
_VERSION = re.compile(r"\d+\.\d+\.\d+\+[0-9a-f]{12}\.[0-9a-f]{8}")
#: Required parameters of saved questions, with a value that fits any graph.
ASKED = {"find": {"text": "工作"}, "unit-tasks": {"unit": "县财政局"}}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The values of a record, each with the way to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in VERSIONS:
                yield from leaves(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{n}]")
    else:
        yield path, json.dumps(value, ensure_ascii=False)


def facts(paths: list[Path]) -> Iterator[Fact]:
    for path in paths:
        for file in sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]:
            try:
                record = json.loads(zl.extract(file).dumps())
            except (OSError, ValueError) as error:
                yield "record", str(file), "error", str(getattr(error, "code", type(error).__name__))
                continue
            for where, value in leaves(record):
                yield "record", str(file), where, value
    with tempfile.TemporaryDirectory() as folder:
        graph = zl.open(Path(folder, "workspace"))
        graph.build(paths)
        yield from _graph(graph, Path(folder))


def _graph(graph: zl.Graph, folder: Path) -> Iterator[Fact]:
    network = graph.networkx()
    for node, about in network.nodes(data=True):
        yield "node", str(node), json.dumps(about, ensure_ascii=False, sort_keys=True, default=str)
    for start, end, about in network.edges(data=True):
        yield "edge", str(start), str(end), json.dumps(about, ensure_ascii=False, sort_keys=True, default=str)
    for name, question in sorted(graph.questions().items()):
        needed = {p.name for p in question.parameters.values() if p.required}
        if needed <= set(ASKED.get(name, {})):
            for row in graph.ask(name, ASKED.get(name, {})).rows:
                yield "answer", name, json.dumps(row, ensure_ascii=False, default=str)
    for form, file in TEXTS.items():
        out = folder / file
        graph.export(form, out)
        for line in out.read_text("utf-8").splitlines():
            yield "export", form, _VERSION.sub("", line)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--save", type=Path)
    how.add_argument("--against", type=Path)
    options = parser.parse_args()
    now = Counter(facts(options.paths))
    if options.save:
        with options.save.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(fact, ensure_ascii=False) + "\n" for fact in now.elements())
        return 0
    with options.against.open(encoding="utf-8") as file:
        before = Counter(tuple(json.loads(line)) for line in file)
    differing = [("-", *f) for f in (before - now).elements()] + [("+", *f) for f in (now - before).elements()]
    for fact in sorted(differing, key=lambda f: f[1:]):
        print("\t".join(fact))
    print(f"{sum(now.values())} facts, {len(differing)} differ", file=sys.stderr)
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main())
