"""Columns of a table of tasks: which there are, in which order, under which names."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .model import Draw, Item

HEADINGS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("headings.toml").read_text("utf-8"))

#: Forms in which nothing shows where a cell ends but what stands in it.
TIGHT = {"one line, no separator"}
#: Forms whose cells are wrapped: a number parts the rows, and short columns alone fit.
WRAPPED = {"wrapped cells", "aligned columns", "pdf without lines"}
#: Forms that lose empty cells.
LOSING = {
    *("cell a line", "cell a line, blank between", "cell, bar, cell", "bar at the line end"),
    *("one line, blanks", "rows by blanks", "wrapped cells", "one line, no separator"),
}
#: Forms in which a blank between words would be one between cells.
BLANK_IS_BORDER = {"rows by blanks", "one line, blanks", "aligned columns", "wrapped cells"}
#: Forms that can hold lines in a cell.
LINES = {"tabs, lines in cells", "bars, lines in cells", "html", "docx", "xlsx", "csv", "markdown with html"}
#: Forms of real tables.
REAL = {"html", "docx", "xlsx", "markdown with html", "pdf"}

UNITS = ("lead", "responsible", "support")
FORMS = {
    "bars": 2,
    "bars outside": 1,
    "bars, lines in cells": 0.6,
    "markdown": 1,
    "tabs": 1,
    "tabs, lines in cells": 1,
    "tab lines": 1,
    "cell a line": 1.5,
    "cell a line, blank between": 1,
    "cell, bar, cell": 1.5,
    "bar at the line end": 1,
    "rows by blanks": 1,
    "aligned columns": 1,
    "wrapped cells": 0.8,
    "one line, blanks": 1,
    "one line, no separator": 0.8,
    "html": 1,
    "csv": 0.7,
    "docx": 0.5,
    "xlsx": 0.5,
    "ruled with lines": 0.5,
    "grid of plus signs": 0.4,
    "tex": 0.4,
    "markdown with html": 0.6,
    "csv with semicolons": 0.4,
    "tsv": 0.4,
    "pdf": 0.8,
    "pdf without lines": 0.4,
}


@dataclass(frozen=True)
class Column:
    """`kind` is what the cells hold; `over` the heading of a group of columns."""

    kind: str
    heading: str
    over: str = ""


@dataclass(frozen=True)
class Shape:
    """What was drawn for a table before its rows are written."""

    form: str
    style: str
    sections: str
    titles: str
    timed: bool
    order: str
    columns: tuple[Column, ...]


def shape(draw: Draw, items: Sequence[Item]) -> Shape:
    form = draw.pick("form", FORMS)
    style = _style(draw, items, form)
    sections = _sections(draw, form)
    titles = _titles(draw, form)
    # A limit that ends in a digit runs into the number of the next row where nothing parts them.
    parted = form not in TIGHT or not any(i.limit and i.limit.text[-1].isdigit() for i in items)
    timed = any(i.limit for i in items) and parted and draw.flag("column of limits", 0.85)
    columns = tuple(_columns(draw, items, form, style, sections, titles, timed))
    order = next((f for f in draw.features if f.startswith("order of columns: ")), "").partition(": ")[2]
    return Shape(form, style, sections, titles, timed, order, columns)


def _style(draw: Draw, items: Sequence[Item], form: str) -> str:
    """How the roles of units are told."""
    options = {"columns": 4.0, "in brackets in the text": 0.5}
    roles = {u.role for i in items for u in i.units}
    if roles == {"responsible"}:
        options |= {"first leads, in the heading": 0.4, "first leads, said above": 0.4}
        if form not in TIGHT | WRAPPED:
            options["with a person"] = 0.4
    elif form not in WRAPPED:
        options |= {"words in one column": 1.0, "labels in one column": 0.7}
    return draw.pick("roles stand", options)


def _sections(draw: Draw, form: str) -> str:
    options = {"band": 2.0, "none": 1.0}
    if form not in TIGHT | WRAPPED:
        options["column"] = 2.0
    if form not in TIGHT:
        options["a table each"] = 0.6
    return draw.pick("sections", options)


def _titles(draw: Draw, form: str) -> str:
    options = {"none": 2.0}
    if form not in TIGHT | {"wrapped cells"}:
        options |= {"column": 2.0, "numbered in the text": 0.7}
    return draw.pick("titles", options)


def _columns(
    draw: Draw, items: Sequence[Item], form: str, style: str, sections: str, titles: str, timed: bool
) -> list[Column]:
    front = []
    if form in TIGHT | WRAPPED or draw.flag("running numbers", 0.6):
        front.append(_named(draw, "number"))
    if sections == "column":
        front.insert(0 if draw.below(0.5) else len(front), _named(draw, "section"))
    if titles == "column":
        front.append(_named(draw, "title"))
    text = _named(draw, "text", "text" if titles == "column" else "sole")
    if text.heading in {c.heading for c in front}:
        text = Column("text", "具体措施")
    units = _unit_columns(draw, items, style, form)
    limit = [_named(draw, "deadline")] if timed else []
    grouped = {}
    if sections in ("none", "band") and titles == "none" and form not in TIGHT | WRAPPED:
        if style == "columns" and len(units) == 1:
            grouped["grouped by unit"] = 0.5
        if limit:
            grouped["grouped by limit"] = 0.4
    order = draw.pick(
        "order of columns",
        {"text, units, limit": 5, "text, limit, units": 1, "units before the text": 0.7, "limit first": 0.3} | grouped,
    )
    if order == "grouped by unit":
        return [*units, *front, text, *limit]
    if order == "grouped by limit":
        return [*limit, *front, text, *units]
    if order == "units before the text" and form not in TIGHT:
        middle = [*units, text, *limit]
    elif order == "limit first" and form not in TIGHT:
        middle = [*limit, text, *units]
    elif order == "text, limit, units":
        middle = [text, *limit, *units]
    else:
        middle = [text, *units, *limit]
    return _with_extras(draw, form, [*front, *middle])


def _named(draw: Draw, kind: str, words: str | None = None) -> Column:
    return Column(kind, named(draw, words or kind))


def named(draw: Draw, words: str, short: bool = True) -> str:
    """A heading: the usual word of its kind, or any; `short` ones of two characters may be among them."""
    usual = draw.pick("names of columns", {"usual": 1, "any": 3}) == "usual"
    names = [n for n in HEADINGS[words] if short or len(n) > 2]
    return names[0] if usual else draw.choice(names)


def _unit_columns(draw: Draw, items: Sequence[Item], style: str, form: str) -> list[Column]:
    if style == "in brackets in the text":
        return []
    roles = [r for r in UNITS if any(u.role == r for i in items for u in i.units)]
    if style in ("words in one column", "labels in one column"):
        return [Column("units", draw.choice(["责任单位", "责任分工", "任务分工", "责任部门", "分工"]))]
    if style == "first leads, in the heading":
        return [Column("units", draw.choice(["责任单位（列第一位的为牵头单位）", "责任单位（第一个为牵头单位）"]))]
    if style == "first leads, said above":
        return [Column("units", draw.choice(["责任单位", "责任部门"]))]
    if style == "with a person":
        return [Column("units", draw.choice(["责任单位及责任人", "责任单位及负责人", "责任单位、责任人"]))]
    both = all({u.role for u in i.units} == {"lead", "support"} for i in items)
    if both and draw.flag("主办 beside 协办", 0.1):
        return [
            Column("lead", draw.choice(["主办单位", "主办部门"])),
            Column("support", draw.choice(["协办单位", "协办部门"])),
        ]
    if both and draw.flag("责任单位 beside 配合单位", 0.25):
        return [Column("lead", "责任单位"), Column("support", draw.choice(["配合单位", "协办单位", "参与单位"]))]
    over = ""
    if len(roles) > 1 and form in {"html", "docx", "xlsx", "tabs", "bars"} and draw.flag("headings in two rows", 0.15):
        over = draw.choice(["责任分工", "职责分工", "责任单位"])
    # 牵头 before 责任单位 would be one heading where nothing parts them.
    return [Column(r, named(draw, r, form not in TIGHT), over) for r in roles]


def _with_extras(draw: Draw, form: str, columns: list[Column]) -> list[Column]:
    out = list(columns)
    if form in WRAPPED:
        return out

    def put(kind: str, probability: float, at: int | None = None) -> None:
        if draw.flag(f"column of {kind}", probability):
            out.insert(len(out) if at is None else at, _named(draw, kind))

    behind_text = next(n for n, c in enumerate(out) if c.kind == "text") + 1
    put("person", 0.2, draw.choice([None, behind_text]))
    if form in TIGHT:
        return out
    put("phone", 0.08)
    put("money", 0.08, behind_text)
    put("goal", 0.08)
    put("progress", 0.08)
    put("basis", 0.08, draw.choice([None, behind_text]))
    put("remark", 0.15)
    return out
