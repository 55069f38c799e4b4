"""Answers for people and programs: rows in the form asked for, and chains as trees."""

from __future__ import annotations

import sys
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..extractors.errors import ZhenglingError
from .messages import Catalogue
from .tables import cells, pages, tables
from .tables.people import for_people
from .tell import tell
from .writing import write

if TYPE_CHECKING:
    from rich.tree import Tree

_MARK = BOM_UTF8
#: What the name of a file may end in that says in which form an answer is written; none and txt: a table.
_SUFFIXES = ("csv", "json", "xlsx", "md", "html", "htm", "txt", "")


@contextmanager
def listing_tasks(say: Catalogue, words: str) -> Iterator[None]:
    """Where words fit several tasks, these are shown before the failure is told."""
    try:
        yield
    except ZhenglingError as error:
        if error.code == "several-tasks":
            hits = error.values["hits"]
            rows = [list(hit.values()) for hit in hits]
            tables.show(*for_people(list(hits[0]), rows, say, words.split()), say)
        raise


def give(
    say: Catalogue,
    columns: Sequence[str],
    rows: tables.Rows,
    form: str,
    out: str | None,
    title: str,
    words: Sequence[str] = (),
) -> int:
    """Write rows as asked: to a file, or to standard output. `words` are those that were looked for."""
    if form == "xlsx":
        assert out is not None
        cut = tables.write_xlsx(columns, rows, Path(out), title)
        if cut:
            tell(say("cells-cut", count=cut, out=out))
    elif form == "table" and out is None:
        if rows:
            tables.show(*for_people(columns, told(columns, rows, say), say, words), say)
    else:
        put(_written(say, columns, rows, form, title, words), form, out)
    if not rows:
        tell(say("no-rows"))
    return 0


def _written(
    say: Catalogue, columns: Sequence[str], rows: tables.Rows, form: str, title: str, words: Sequence[str] = ()
) -> str:
    if form == "json":
        return tables.as_json(tables.as_dicts(columns, rows))
    if form == "csv":
        return tables.as_csv(columns, rows)
    columns, rows = for_people(columns, told(columns, rows, say), say, words)
    if form == "html":
        return pages.page(title, pages.html_table(columns, rows, say), say)
    return pages.markdown(columns, rows, say) if form == "md" else tables.as_table(columns, rows, say)


def several(say: Catalogue, found: Mapping[str, tuple[Sequence[str], tables.Rows]], form: str, out: str | None) -> int:
    """Write several answers by name (the catalogue has `figure-<name>`) as tables, as JSON, or as a workbook."""
    if form == "xlsx":
        from .tables.workbook import Book

        book = Book()
        for name, (columns, rows) in found.items():
            book.sheet(name, tables.fitted(columns, rows), rows)
        book.save(Path(str(out)))
        return 0
    if form == "json":
        text = tables.as_json({name: tables.as_dicts(*answer) for name, answer in found.items()})
    else:
        text = _sections(say, {name: answer for name, answer in found.items() if answer[1]}, form)
    put(text, form, out)
    if not any(rows for _, rows in found.values()):
        tell(say("no-rows"))
    return 0


def _sections(say: Catalogue, found: Mapping[str, tuple[Sequence[str], tables.Rows]], form: str) -> str:
    """Several tables below their headings."""
    headed = {say("figure-" + name): for_people(*answer, say) for name, answer in found.items()}
    if form == "html":
        parts = [f"<h2>{escape(title)}</h2>\n{pages.html_table(*answer, say)}" for title, answer in headed.items()]
        return pages.page(say("page-title"), "\n".join(parts), say)
    if form == "md":
        return "\n".join(f"## {title}\n\n{pages.markdown(*answer, say)}" for title, answer in headed.items())
    return "\n".join(f"{title}\n{tables.as_table(*answer, say)}" for title, answer in headed.items())


def told(columns: Sequence[str], rows: tables.Rows, say: Catalogue) -> tables.Rows:
    """Rows for people: where a chain ends, the evidence is a coded word, not words of a paper."""
    if not {"how", "evidence"} <= set(columns):
        return rows
    how, evidence = columns.index("how"), columns.index("evidence")

    def worded(row: Sequence[Any]) -> Sequence[Any]:
        text = say.text(f"why-{str(row[evidence]).replace(' ', '-')}") if row[how] == "ends" else None
        return row if text is None else [*row[:evidence], text, *row[evidence + 1 :]]

    return [worded(row) for row in rows]


def able(form: str | None, out: str | None) -> str:
    """The form of an answer: the one asked for, else what the name of the file says, else a table."""
    suffix = Path(out).suffix.lstrip(".").lower() if out else ""
    if form is None and suffix not in _SUFFIXES:
        raise ZhenglingError("out-suffix", 2, out=out, suffixes=[f".{one}" for one in _SUFFIXES if one])
    form = form or {"htm": "html", **{one: one for one in ("csv", "json", "xlsx", "md", "html")}}.get(suffix, "table")
    if form == "xlsx" and out is None:
        raise ZhenglingError("xlsx-needs-out", 2)
    return form


def put(text: str, form: str = "", out: str | None = None) -> None:
    """Write a text to a file, or to standard output. A file of CSV begins with the mark that spreadsheets know UTF-8
    by."""
    if out is not None:
        write(Path(out), (_MARK if form == "csv" else b"") + utf8(text))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(utf8(text))
    sys.stdout.buffer.flush()


def utf8(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def tree(rows: Sequence[dict[str, Any]], say: Catalogue) -> Tree:
    """The chain of a task: every step with how it is known and the words that prove it, and where and why it ends."""
    from rich.text import Text
    from rich.tree import Tree

    from ..graph.deriving.identity import short_name

    def words(column: str, value: str) -> str:
        return say.text(f"{column}-{value.replace(' ', '-')}") or value

    branches: list[Tree] = []  # the branch of each step so far
    said = ""
    for row in rows:
        step, how, proof = row["step"], str(row["how"]), cells.line(row["evidence"] or "")
        text = Text(words("how", how), "bold")
        if how == "ends":
            whole = say("ends-why", end=text.plain, why=words("why", proof)) if proof else text.plain
            text.append(whole.removeprefix(text.plain), "not bold")
        else:
            title = cells.line(row["title"] or "")
            name = cells.line(row["id"] if how == "task" else short_name(row["id"]))
            if row["level"] and how != "task":
                name = say("noted", name=name, note=words("level", row["level"]))
            text.append(f" {name}", "not bold")
            if title not in ("", row["id"]):
                text.append(f"\n{title}", "not bold")
            # The document's words for a task are the task's own text, which may be no more than its title.
            if proof and proof != said and proof.rstrip("。") not in title:
                text.append(f"\n{proof}" if how == "task" or proof[0] == "“" else f"\n“{proof}”", "not bold italic")
            for origin in row.get("made_from") or ():
                text.append(f"\n{say('made-from', task=cells.line(origin))}", "not bold")
        said = proof
        del branches[step:]
        branches.append(branches[-1].add(text) if branches else Tree(text))
    return branches[0]
