"""One paper in every form: facts laid out with real tables, by the grammar of the genre in `benchmarks/genre/`, and
written as the files that analysts hold, clean or with the dirt that they have in life.

The facts are those of the gold of a paper, or invented; nothing here reads. What comes out of a file is compared with
the gold of what was written.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from zhengling.benchmarks.genre import files
from zhengling.benchmarks.genre.facts import plans_of
from zhengling.benchmarks.genre.forms import sheet
from zhengling.benchmarks.genre.model import Plan, Unit
from zhengling.benchmarks.genre.paper import paper
from zhengling.extractors.readers.content import Box, Sheet, Text
from zhengling.extractors.words.fold import fold

from .programs import office
from .truth import items

Layout = list[Text | Sheet]

UNITS = ("lead", "responsible", "support", "units")


# --- a paper's layout, from its facts --------------------------------------------------------------------------------

#: What papers here have not: each is a feature of its own in benchmarks/layouts.py.
QUIET = dict.fromkeys(
    (
        *("half-width marks", "full-width digits", "blanks beside digits", "radicals for ideographs"),
        *("numbers of pages", "heading repeated", "title in the table", "headings in two rows", "merged units"),
        *("note behind the table", "paragraphs in cells", "责任单位 beside 配合单位", "主办 beside 协办"),
        *("foot of a site", "limits of some rows alone", "year in the heading of limits", "goal in the opening"),
        *("chapter of aims", "column of person", "column of phone", "column of money", "column of goal"),
        *("column of progress", "column of basis", "column of remark", "collective said once"),
        *("prose on one line", "lines broken", "formulas of a converter", "headings over two lines"),
    ),
    "no",
)
#: How facts stand in their papers here, by turns; what is not named is drawn.
WAYS: tuple[dict[str, str], ...] = (
    {"shape": "table", "sections": "column", "titles": "column", "merged cells": "kept"},
    {"shape": "table", "sections": "band", "titles": "none"},
    {"shape": "prose", "clauses": "heading and stop", "assignments": "bracket"},
    {
        "shape": "table",
        "sections": "a table each",
        "numbers of sections": "一、",
        "titles": "column",
        "merged cells": "kept",
    },
    {"shape": "plan and table", "plan and table": "rows say the clauses again"},
    {"shape": "table", "sections": "none", "titles": "numbered in the text"},
)
_USUAL = QUIET | {
    "cover": "notice",
    "form": "docx",
    "empty cells": "—",  # an empty one could be merged, where a form does not tell
    "column of limits": "yes",
    "names of columns": "usual",
    "headings": "there",
    "roles stand": "columns",
    "order of columns": "text, units, limit",
    "units apart by": "、",
    "bracket says": "责任单位：",
    "brackets": "（）",
    "file": "txt",
    "encoding": "utf-8",
    "line ends": "LF",
}


@dataclass
class Ruled(Sheet):
    """A table with what its columns hold."""

    kinds: Sequence[str] = ()


@dataclass(frozen=True)
class Drawn:
    """A paper laid out, and the gold of it. Of a paper whose facts are another's, no document is known."""

    name: str
    layout: Layout = field(repr=False)
    gold: dict[str, Any] = field(repr=False)

    def wrong(self, record: dict[str, Any]) -> tuple[list[tuple[str, ...]], int]:
        """The facts that a record lacks or invents, in one form of characters; and how many there are."""
        right, found = (folded(self._asked(data)) for data in (self.gold, record))
        return [*(right - found), *(found - right)], right.total()

    def _asked(self, data: dict[str, Any]) -> dict[str, Any]:
        return data if self.gold["document"] is not None else data | {"document": {}}


def folded(record: dict[str, Any]) -> Counter[tuple[str, ...]]:
    """The facts of a record in one form of characters."""
    return Counter({tuple(map(fold, fact)): n for fact, n in items(record).items()})


def drawn(name: str, facts: Plan | None = None, **choices: str) -> Drawn:
    """A paper of the facts, or of invented ones: the same name gives the same paper."""
    made = paper(name, 0, _USUAL | choices, [facts] if facts else None)
    return Drawn(name, [_laid(block) for block in made.blocks], made.gold)


#: Headings that name a column as well: above a table they say nothing of their chapter.
_EMPTY = ("重点任务", "主要任务", "责任分工")


def told(facts: Plan) -> Plan:
    """Facts that a table with a column for each role can tell: where some lead or support, nobody is responsible beside
    them. A chapter without a name of its own gets one."""
    leads = any(u.role != "responsible" for item in facts.items for u in item.units)

    def unit(one: Unit) -> Unit:
        return replace(one, role="lead") if leads and one.role == "responsible" else one

    return replace(
        facts,
        chapters=tuple(
            replace(
                chapter,
                heading="提升服务能力" if chapter.heading in _EMPTY else chapter.heading,
                items=tuple(replace(item, units=tuple(map(unit, item.units))) for item in chapter.items),
            )
            for chapter in facts.chapters
        ),
    )


@cache
def papers(folder: Path, gold: Path) -> dict[str, Drawn]:
    """The facts of the papers of a folder, each laid out in one of the ways."""
    known = plans_of(folder, gold).items()
    return {stem: drawn(stem, told(facts), **_way(n, facts)) for n, (stem, facts) in enumerate(known)}


def _way(n: int, facts: Plan) -> dict[str, str]:
    """A table for each chapter is none of the ways of a single one."""
    way = WAYS[n % len(WAYS)]
    return WAYS[0] if way.get("sections") == "a table each" and len(facts.chapters) == 1 else way


def _laid(block: Any) -> Text | Sheet:
    if isinstance(block, str):
        return Text(block)
    plain = sheet(block)
    boxes = [Box(b.text, b.row, b.column, b.rows, b.columns) for b in plain.boxes]
    return Ruled(boxes, plain.width, kinds=[column.kind for column in block.columns])


# --- dirt: what people and programs do to a paper --------------------------------------------------------------------


def _each(items: Layout, change: Callable[[str], str]) -> Layout:
    return [
        replace(item, text=change(item.text))
        if isinstance(item, Text)
        else replace(item, boxes=[replace(b, text=change(b.text)) for b in item.boxes])
        for item in items
    ]


def merged_to_the_eye(items: Layout) -> Layout:
    """Empty cells in place of merged ones."""
    out: Layout = []
    for item in items:
        if isinstance(item, Sheet):
            boxes = []
            for box in item.boxes:
                boxes.append(replace(box, rows=1))
                boxes += [Box("", box.row + n, box.column, 1, box.columns) for n in range(1, box.rows)]
            item = replace(item, boxes=sorted(boxes, key=lambda b: (b.row, b.column)))
        out.append(item)
    return out


def title_inside(items: Layout) -> Layout:
    """The line above a table as its first row, over its whole width."""
    out: Layout = []
    for item in items:
        if isinstance(item, Sheet) and out and isinstance(out[-1], Text) and len(out[-1].text) < 40:
            title = out.pop()
            assert isinstance(title, Text)
            boxes = [replace(b, row=b.row + 1) for b in item.boxes]
            item = replace(item, boxes=[Box(title.text, 0, 0, 1, item.width), *boxes])
        out.append(item)
    return out


def goes_on(items: Layout) -> Layout:
    """A long table cut in two, the header repeated; an empty line between them."""
    out: Layout = []
    for item in items:
        if not isinstance(item, Sheet):
            out.append(item)
            continue
        height = max(b.row + b.rows for b in item.boxes)
        cut = next(
            (
                row
                for row in range(max(2, height // 2), height)
                if not any(b.row < row < b.row + b.rows for b in item.boxes)
                and all(b.text for b in item.boxes if b.row == row and b.column == 0)
            ),
            None,
        )
        if cut is None:
            out.append(item)
            continue
        top = 2 if any(b.row == 0 and b.columns == item.width for b in item.boxes) else 1
        header = [b for b in item.boxes if b.row < top]
        out += [
            replace(item, boxes=[b for b in item.boxes if b.row < cut]),
            Text(""),
            replace(item, boxes=[*header, *(replace(b, row=b.row - cut + top) for b in item.boxes if b.row >= cut)]),
        ]
    return out


def lines_between_units(items: Layout) -> Layout:
    """Units of a cell a line each."""
    out: Layout = []
    for item in items:
        if isinstance(item, Ruled):
            boxes = [
                replace(b, text=re.sub(r"、(?![^（(]*[）)])", "、\n", b.text))
                if b.columns == 1 and item.kinds[b.column] in UNITS
                else b
                for b in item.boxes
            ]
            item = replace(item, boxes=boxes)
        out.append(item)
    return out


def full_width_digits(items: Layout) -> Layout:
    return _each(items, lambda t: t.translate({ord("0") + n: ord("０") + n for n in range(10)}))


def invisible(items: Layout) -> Layout:
    """Zero-width characters and soft hyphens between characters, fixed blanks where a paragraph begins and behind
    punctuation, always at the same places."""
    chance = random.Random(7)

    def change(text: str) -> str:
        out = []
        for before, c in zip(" " + text, text, strict=False):
            if chance.random() < 0.04 and "\u4e00" <= before <= "\u9fff" and "\u4e00" <= c <= "\u9fff":
                out.append(chance.choice("\u200b\xad\u2060\ufeff"))
            elif before in "，。；：、" and chance.random() < 0.1:
                out.append("\xa0")
            out.append(c)
        return "\xa0\xa0" * bool(text) + "".join(out)

    return _each(items, change)


def square_brackets(items: Layout) -> Layout:
    return _each(items, lambda t: t.translate(str.maketrans("〔〕", "［］")))


def round_brackets(items: Layout) -> Layout:
    return _each(items, lambda t: t.translate(str.maketrans("〔〕（）", "()()")))


DIRT: dict[str, Callable[[Layout], Layout]] = {
    "merged to the eye": merged_to_the_eye,
    "title inside the table": title_inside,
    "a table that goes on": goes_on,
    "lines between units": lines_between_units,
    "full-width digits": full_width_digits,
    "invisible characters": invisible,
    "square brackets": square_brackets,
    "round brackets": round_brackets,
}


# --- writers ---------------------------------------------------------------------------------------------------------


def _blocks(items: Layout) -> list[files.Block]:
    return [item.text if isinstance(item, Text) else item for item in items]


def docx(items: Layout, path: Path) -> Path:
    return files.docx(_blocks(items), path)


def xlsx(items: Layout, path: Path) -> Path:
    return files.xlsx(_blocks(items), path)


def markdown(items: Layout, path: Path) -> Path:
    return files.markdown(_blocks(items), path)


def text(items: Layout, path: Path) -> Path:
    return files.text(_blocks(items), path)


def html(items: Layout, path: Path, encoding: str = "utf-8") -> Path:
    path.write_bytes(files.page(_blocks(items), encoding).encode(encoding))
    return path


def table_only(items: Layout, path: Path, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """CSV or TSV: every line of the paper a row."""
    path.write_bytes(files.separated(_blocks(items), delimiter).encode(encoding))
    return path


# --- LibreOffice -----------------------------------------------------------------------------------------------------


def convert(paths: Iterable[Path], to: str, out: Path) -> list[Path]:
    """Files as LibreOffice saves them in another format (`pdf`, `doc`, `xls`, `odt`, `rtf`), all in one run."""
    paths = list(paths)
    profile = out / "profile"
    subprocess.run(
        [
            office(),
            f"-env:UserInstallation={profile.resolve().as_uri()}",
            "--headless",
            "--convert-to",
            to,
            "--outdir",
            str(out),
            *map(str, paths),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    shutil.rmtree(profile, ignore_errors=True)
    return [out / f"{p.stem}.{to.split(':')[0]}" for p in paths]
