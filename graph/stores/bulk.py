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
#: What the program takes beside the files.
ARGUMENTS = "--overwrite-destination", "--multiline-fields=true", "--array-delimiter=U+001F", "--strict=true"


def write_import(source: Source, folder: Path) -> list[Path]:
    """Write the files into `folder`, which is made; the files, those for the rows first.

    The command is, in that folder: `neo4j-admin database import full neo4j @arguments.txt`. Raises `OSError`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    arguments = list(ARGUMENTS)
    for key in keys():
        name = "-".join(key)
        files = [folder / f"{name}-header.csv", folder / f"{name}.csv"]
        _write(files[0], [header(key)])
        _write(files[1], map(line, source.nodes(*key) if len(key) == 1 else source.relationships(*key)))
        written.extend(files)
        arguments.append(argument(key, (file.name for file in files)))
    _write(folder / "arguments.txt", arguments)
    _write(folder / "finish.cypher", (f"{statement};" for statement in finish()))
    return [*written, folder / "arguments.txt", folder / "finish.cypher"]


def keys() -> list[tuple[str, ...]]:
    """The tables: (label,), then (relationship, from, to)."""
    pairs = [(name, *pair) for name, relationship in RELATIONSHIPS.items() for pair in relationship.pairs]
    return [*((label,) for label in NODES), *pairs]


def header(key: tuple[str, ...]) -> str:
    """What stands over the rows of a table."""
    if len(key) == 1:
        columns = [
            f"id:ID({key[0]})" if name == "id" else _column(name, type_) for name, type_ in NODES[key[0]].items()
        ]
    else:
        _, start, stop = key
        columns = [f":START_ID({start})", f":END_ID({stop})"]
        columns += [_column(*item) for item in RELATIONSHIPS[key[0]].properties.items()]
    return ",".join([*columns, f"{MARK}:boolean"])


def argument(key: tuple[str, ...], files: Iterable[str]) -> str:
    """What tells the program of the files of a table, that of its header first."""
    # The current release does not find a file without a folder.
    return f"--{'nodes' if len(key) == 1 else 'relationships'}={key[0]}=" + ",".join(f"./{file}" for file in files)


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


def line(row: Sequence[Any]) -> str:
    """A row of a table."""
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
