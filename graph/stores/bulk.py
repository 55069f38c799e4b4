"""The graph as files for `neo4j-admin database import full`: the way into Neo4j for millions of tasks.

<Label>.csv, <TYPE>-<From>-<To>.csv    rows; each has a …-header.csv beside it
arguments.txt                          what neo4j-admin takes
finish.cypher                          constraints, indexes and empty lists, for afterwards
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ..schema import MARK, NODES, RELATIONSHIPS, Source
from .load import constraints

_TYPES = {"STRING": "string", "INT64": "long", "DOUBLE": "double", "BOOLEAN": "boolean", "DATE": "date"}
_TYPES |= {"STRING[]": "string[]"}
# Parts the items of a list. Nothing else of what the graph holds has this character; where a text does, it gives way.
_PARTS = "\x1f"


def write_import(source: Source, folder: Path) -> list[Path]:
    """Write the files into `folder`, which is made; the files, those for the rows first.

    The command is, in that folder: `neo4j-admin database import full neo4j @arguments.txt`. Raises `OSError`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    arguments = ["--overwrite-destination", "--multiline-fields=true", "--array-delimiter=U+001F", "--strict=true"]

    def table(kind: str, label: str, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        files = [folder / f"{name}-header.csv", folder / f"{name}.csv"]
        _write(files[0], [",".join(header)])
        _write(files[1], map(_line, rows))
        written.extend(files)
        # The current release does not find a file without a folder.
        arguments.append(f"--{kind}={label}=" + ",".join(f"./{file.name}" for file in files))

    for label, properties in NODES.items():
        header = [f"id:ID({label})" if name == "id" else _column(name, type_) for name, type_ in properties.items()]
        table("nodes", label, label, [*header, f"{MARK}:boolean"], source.nodes(label))
    for name, relationship in RELATIONSHIPS.items():
        for start, stop in relationship.pairs:
            header = [_column(*item) for item in relationship.properties.items()]
            header = [f":START_ID({start})", f":END_ID({stop})", *header, f"{MARK}:boolean"]
            rows = source.relationships(name, start, stop)
            table("relationships", name, f"{name}-{start}-{stop}", header, rows)
    _write(folder / "arguments.txt", arguments)
    _write(folder / "finish.cypher", (f"{statement};" for statement in finish()))
    return [*written, folder / "arguments.txt", folder / "finish.cypher"]


def finish() -> list[str]:
    """The statements that make the imported database what `load` would have made; each a transaction of its own."""
    statements = list(constraints().values())
    for label, properties in NODES.items():
        for name in (name for name, type_ in properties.items() if type_ == "STRING[]"):
            # A file of the importer can not tell an empty list from none.
            statements.append(_emptied(f"(n:`{label}`)", name))
    for kind, relationship in RELATIONSHIPS.items():
        lists = (name for name, type_ in relationship.properties.items() if type_ == "STRING[]" and name != "evidence")
        statements += [_emptied(f"()-[n:`{kind}`]->()", name) for name in lists]
    return statements


def _emptied(pattern: str, name: str) -> str:
    absent = f"MATCH {pattern} WHERE n.`{name}` IS NULL"
    return f"{absent} CALL (n) {{ SET n.`{name}` = [] }} IN TRANSACTIONS OF 10000 ROWS"


def _column(name: str, type_: str) -> str:
    return f"{name}:{_TYPES[type_]}"


def _line(row: Sequence[Any]) -> str:
    return ",".join([*map(_field, row), "true"])


def _field(value: Any) -> str:
    """A field: nothing for what is absent, everything else quoted (an empty text is not absent)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        value = _PARTS.join(str(one).replace(_PARTS, "\ufffd") for one in value)
    return '"' + str(value).replace('"', '""') + '"'


def _write(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            file.write(line + "\n")
