"""What people and programs do to a paper: marks, widths, blanks, broken lines, pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from . import forms
from .columns import BLANK_IS_BORDER
from .model import Draw
from .tables import Cell, Table

Change = Callable[[str], str]

#: Forms of plain text in which a page may end between any two lines.
PAGED = {"bars", "bars outside", "tabs", "rows by blanks", "cell a line", "cell a line, blank between", "prose"}

_HALF = str.maketrans("，；：（）", ",;:()")
_FULL_DIGITS = {ord("0") + n: ord("０") + n for n in range(10)}
#: Ideographs and the radicals or compatibility characters that fonts of PDF put in their place.
_RADICALS = str.maketrans("工人力行生文高水民用", "⼯⼈⼒⾏⽣⽂⾼⽔⺠⽤")


@dataclass
class Written:
    """The parts of a paper and its gold, which follows what is done to the body."""

    before: list[forms.Block]
    body: list[forms.Block]
    after: list[forms.Block]
    gold: dict[str, Any]


def dirty(draw: Draw, paper: Written, suffix: str) -> list[forms.Block]:
    """All blocks with the dirt that is drawn. The cover stays clean: for it the gold says how things are written."""
    table = next((b for b in paper.body if isinstance(b, Table)), None)
    form = table.form if table else "prose"
    changes: list[Change] = []
    if draw.flag("half-width marks", 0.15):
        changes.append(lambda t: t.translate(_HALF))
    if form not in BLANK_IS_BORDER and draw.flag("blanks beside digits", 0.12):
        changes.append(lambda t: re.sub(r"(?<=[\u4e00-\u9fff])(?=\d)|(?<=\d)(?=[\u4e00-\u9fff])", " ", t))
    if draw.flag("full-width digits", 0.08):
        changes.append(lambda t: t.translate(_FULL_DIGITS))
    for change in changes:
        paper.body = [_changed(b, change) for b in paper.body]
        paper.gold["tasks"] = [_as_written(t, change) for t in paper.gold["tasks"]]
    # What follows does not change what is read: the same characters are meant.
    if draw.flag("invisible characters", 0.06):
        paper.body = [
            _changed(b, lambda t: re.sub(r"(?<=[，。；])(?=[\u4e00-\u9fff])", "\u200b", t)) for b in paper.body
        ]
    if suffix in ("txt", "html", "docx", "pdf") and draw.flag("radicals for ideographs", 0.05):
        paper.body = [_changed(b, lambda t: t.translate(_RADICALS)) for b in paper.body]
    if form == "prose" and suffix in ("txt", "md") and draw.flag("formulas of a converter", 0.05):
        paper.body = [_changed(b, lambda t: re.sub(r"(\d+)(?=月)", r"$\\mathbf{\1}$", t)) for b in paper.body]
    blocks = [*paper.before, *paper.body, *paper.after]
    return _as_text(draw, blocks, form) if suffix == "txt" else blocks


def _changed(block: forms.Block, change: Change) -> forms.Block:
    if isinstance(block, str):
        return change(block)
    return replace(block, rows=[[Cell(change(c.text), c.covered) for c in row] for row in block.rows])


def _as_written(task: dict[str, Any], change: Change) -> dict[str, Any]:
    def say(text: str | None) -> str | None:
        return re.sub(r"\s+", "", change(text)) if text else text

    return task | {
        "section": [say(s) for s in task["section"]],
        "title": say(task["title"]),
        "starts": say(task["starts"]),
        "ends": say(task["ends"]),
        "units": [u | {"name": say(u["name"])} for u in task["units"]],
    }


def _as_text(draw: Draw, blocks: list[forms.Block], form: str) -> list[forms.Block]:
    """Plain text: paragraphs indented or not, apart by empty lines or not, broken over lines, with numbers of pages."""
    broken = form == "prose" and draw.flag("lines broken", 0.12)
    single = form == "prose" and not broken and _joinable(draw) and draw.flag("prose on one line", 0.1)
    indented = broken or draw.flag("indented paragraphs", 0.25)
    apart = not single and draw.flag("empty lines between", 0.25)
    paged = form in PAGED and not single and draw.flag("numbers of pages", 0.12)
    out: list[forms.Block] = []
    for n, block in enumerate(blocks):
        if not isinstance(block, str):
            out += forms.lines(draw, block)
            continue
        line = "　　" * (indented and n > 1) + block
        out += [line[k : k + 34] for k in range(0, len(line), 34)] if broken else [line]
        if apart:
            out.append("")
    if single:
        out = ["".join(str(b) for b in out)]
    return _paged(draw, out) if paged else out


def _joinable(draw: Draw) -> bool:
    """Whether the parts of the prose can be told from each other on one line."""
    return (
        bool({"clauses: heading and stop", "clauses: no headings"} & draw.features)
        and bool({"assignments: bracket", "assignments: none"} & draw.features)
        and not {"numbers of clauses: none", "numbers of chapters: led by a person"} & draw.features
    )


def _paged(draw: Draw, lines: list[forms.Block]) -> list[forms.Block]:
    form = draw.choice(["- {} -", "— {} —", "第 {} 页", "—{}—"])
    out: list[forms.Block] = []
    page = 1
    for n, line in enumerate(lines):
        out.append(line)
        if n > 4 and draw.below(0.06):
            page += 1
            out.append(form.format(page))
    return out
