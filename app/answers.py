"""Answers for people and programs: rows in the form asked for, and chains as trees."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..extractors.errors import ZhenglingError
from . import tables
from .messages import Catalogue
from .tell import tell

if TYPE_CHECKING:
    from rich.tree import Tree


def give(say: Catalogue, columns: Sequence[str], rows: tables.Rows, form: str, out: str | None, title: str) -> int:
    """Write rows as asked: to a file, or to standard output."""
    if form == "xlsx":
        assert out is not None
        cut = tables.write_xlsx(columns, rows, Path(out), title)
        if cut:
            tell(say("cells-cut", count=cut, out=out))
    elif form == "table" and out is None:
        if rows:
            tables.show(columns, _ends(columns, rows, say), say)
    else:
        text = {"json": _json, "csv": tables.as_csv, "table": partial(_table, say)}[form](columns, rows)
        if out is None:
            put(text)
        else:
            tables.write(Path(out), utf8(text))
    if not rows:
        tell(say("no-rows"))
    return 0


def several(say: Catalogue, found: Mapping[str, tuple[Sequence[str], tables.Rows]], form: str, out: str | None) -> int:
    """Write several answers by name (the catalogue has `figure-<name>`) as tables, as JSON, or as a workbook."""
    if form == "xlsx":
        from .workbook import Book

        book = Book()
        for name, (columns, rows) in found.items():
            book.sheet(name, tables.fitted(columns, rows), rows)
        book.save(Path(str(out)))
        return 0
    if form == "json":
        text = tables.as_json({name: tables.as_dicts(*answer) for name, answer in found.items()})
    else:
        parts = [f"{say('figure-' + name)}\n{_table(say, *answer)}" for name, answer in found.items() if answer[1]]
        text = "\n".join(parts)
    put(text) if out is None else tables.write(Path(out), utf8(text))
    if not any(rows for _, rows in found.values()):
        tell(say("no-rows"))
    return 0


def _ends(columns: Sequence[str], rows: tables.Rows, say: Catalogue) -> tables.Rows:
    """Rows for people: where a chain ends, the evidence is a coded word, not words of a paper."""
    if not {"how", "evidence"} <= set(columns):
        return rows
    how, evidence = columns.index("how"), columns.index("evidence")

    def worded(row: Sequence[Any]) -> Sequence[Any]:
        text = say.text(f"why-{str(row[evidence]).replace(' ', '-')}") if row[how] == "ends" else None
        return row if text is None else [*row[:evidence], text, *row[evidence + 1 :]]

    return [worded(row) for row in rows]


def able(form: str, out: str | None) -> None:
    if form == "xlsx" and out is None:
        raise ZhenglingError("xlsx-needs-out", 2)


def _table(say: Catalogue, columns: Sequence[str], rows: tables.Rows) -> str:
    out = io.StringIO()
    tables.show(columns, _ends(columns, rows, say), say, tables.console(out))
    return out.getvalue()


def _json(columns: Sequence[str], rows: tables.Rows) -> str:
    return tables.as_json(tables.as_dicts(columns, rows))


def put(text: str) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(utf8(text))
    sys.stdout.buffer.flush()


def utf8(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def tree(rows: Sequence[dict[str, Any]], say: Catalogue) -> Tree:
    """The chain of a task: every step with how it is known and the words that prove it, and where and why it ends."""
    from rich.text import Text
    from rich.tree import Tree

    def words(column: str, value: str) -> str:
        return say.text(f"{column}-{value.replace(' ', '-')}") or value

    branches: list[Tree] = []  # the branch of each step so far
    said = ""
    for row in rows:
        step, how, proof = row["step"], str(row["how"]), tables.line(row["evidence"] or "")
        text = Text(words("how", how), "bold")
        if how == "ends":
            text.append(f": {words('why', proof)}" if proof else "", "not bold")
        else:
            title = tables.line(row["title"] or "")
            level = f" ({words('level', row['level'])})" if row["level"] and how != "task" else ""
            text.append(f" {tables.line(row['id'])}{level}", "not bold")
            if title not in ("", row["id"]):
                text.append(f"\n{title}", "not bold")
            # The document's words for a task are the task's own text, which may be no more than its title.
            if proof and proof != said and proof.rstrip("。") not in title:
                text.append(f"\n{proof}" if how == "task" or proof[0] == "“" else f"\n“{proof}”", "not bold italic")
        said = proof
        del branches[step:]
        branches.append(branches[-1].add(text) if branches else Tree(text))
    return branches[0]
