"""What every list has: pages, sorting, columns to choose, and all its rows for a file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..lists.reading import Row, Slice
from .visit import Shown, Visit

_AT_ONCE = 2_000  # rows that a file is written by


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a list: where its heading leads to (sorted by it, or the other way round)."""

    name: str
    to: str
    sorted: str  # "", "up", "down"


def listed(
    visit: Visit,
    template: str,
    name: str,
    ask: Callable[[int, int], Slice],
    columns: Sequence[str],
    sorts: Iterable[str],
    default: str,
    cell: Callable[[Row, str], Any],
    **more: Any,
) -> Shown:
    """The page of a list: the rows that `ask` gives from one on so many, with all of them in files."""
    part = ask(visit.start, visit.size)
    values = {
        "part": part,
        "choices": visit.snapshot.lists.choices,
        "columns": columns,
        "headings": headings(visit, columns, set(sorts), default),
        "pager": pager(visit, part),
    }
    return Shown(
        template,
        values | more,
        data={"total": part.total, "start": part.start, name: part.rows},
        columns=columns,
        rows=lambda: every(ask, columns, cell),
        name=name,
    )


def headings(visit: Visit, columns: Sequence[str], sorts: Collection[str], default: str) -> list[Heading]:
    now = visit.value("sort") or default
    found = []
    for name in columns:
        state = "" if now.lstrip("-") != name else "down" if now.startswith("-") else "up"
        to = visit.here(sort=f"-{name}" if state == "up" else name, page=None) if name in sorts else ""
        found.append(Heading(name, to, state))
    return found


def chosen(visit: Visit, columns: Sequence[str], usual: Sequence[str]) -> list[str]:
    """The columns that the address names (`columns=a,b`), in our order; the usual ones where it names none."""
    wanted = set(visit.value("columns").split(","))
    return [name for name in columns if name in (wanted & set(columns) or usual)]


def pager(visit: Visit, part: Slice) -> dict[str, Any]:
    """Where the page stands, and the ways on."""
    size = visit.size
    page, last = part.start // size + 1, max(-(-part.total // size), 1)
    near = sorted({1, last, *(n for n in range(page - 2, page + 3) if 1 <= n <= last)})
    return {
        "page": page,
        "last": last,
        "total": part.total,
        "first_row": part.start + 1 if part.total else 0,
        "last_row": part.start + len(part.rows),
        "pages": [(n, visit.here(page=n)) for n in near],
        "before": visit.here(page=page - 1) if page > 1 else "",
        "after": visit.here(page=page + 1) if page < last else "",
    }


def every(
    ask: Callable[[int, int], Slice], columns: Sequence[str], cell: Callable[[Row, str], Any]
) -> Iterator[list[Any]]:
    """All rows of a list, read a part at a time."""
    start = 0
    while True:
        part = ask(start, _AT_ONCE)
        yield from ([cell(row, name) for name in columns] for row in part.rows)
        start += len(part.rows)
        if not part.rows or start >= part.total:
            return
