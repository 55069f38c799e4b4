"""Neither a table of rows nor chapters of clauses: cards, a matrix of units, a table with a column for each task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .assign import by_role, listed, tail
from .columns import Column
from .model import Draw, Gold, Item, Plan, Unit
from .plans import chinese, person
from .tables import Cell, Table

SHAPES = {"cards": 0.4, "matrix of units": 0.25, "rows and columns changed": 0.2}

_LABELS = {
    "title": ["工作任务", "任务名称", "事项名称", "重点任务"],
    "text": ["工作内容", "具体要求", "工作措施", "任务内容"],
    "lead": ["牵头单位", "牵头部门"],
    "responsible": ["责任单位", "责任部门"],
    "support": ["配合单位", "协办单位"],
    "limit": ["完成时限", "时间要求", "完成时间"],
    "person": ["责任人", "联系人"],
}


def odd(draw: Draw, plan: Plan, gold: Gold, shape: str) -> list[str | Table]:
    """The plan's items in a layout of `SHAPES`; their tasks are added to the gold."""
    return {"cards": _cards, "matrix of units": _matrix, "rows and columns changed": _changed}[shape](draw, plan, gold)


def _fields(draw: Draw, item: Item, words: dict[str, str], titled: bool, timed: bool) -> list[tuple[str, str]]:
    """Label and value of each field of an item."""
    out = [(words["title"], item.heading)] if titled else []
    out.append((words["text"], item.text))
    out += [(words[r], listed(u) + tail(draw, item, r)) for r, u in by_role(item).items()]
    if timed and item.limit:
        out.append((words["limit"], item.limit.text))
    return out


def _words(draw: Draw) -> dict[str, str]:
    return {kind: draw.choice(names) for kind, names in _LABELS.items()}


def _cards(draw: Draw, plan: Plan, gold: Gold) -> list[str | Table]:
    """Each item some lines with labels, items numbered or apart by an empty line."""
    words, out = _words(draw), list[str | Table]()
    apart = draw.pick("cards apart by", {"number": 1, "empty line": 1, "任务一": 0.7})
    persons = draw.flag("person on the card", 0.3)
    sections = draw.flag("cards under headings", 0.6)
    count = 0
    for n, chapter in enumerate(plan.chapters):
        heading = f"{chinese(n + 1)}、{chapter.heading}"
        if sections:
            out.append(heading)
        for item in chapter.items:
            count += 1
            lines = [f"{label}：{value}" for label, value in _fields(draw, item, words, True, True)]
            if persons:
                lines.append(f"{words['person']}：{person(draw)}")
            title = item.heading
            if apart == "number":
                title = f"{count}.{item.heading}"
                lines[0] = title
            elif apart == "任务一":
                out.append(f"任务{chinese(count)}")
            else:
                lines.append("")
            out += lines
            limits = [*item.limits, *([item.limit] if item.limit else [])]
            gold.task(item, section=[heading] if sections else [], title=title, limits=limits)
    return out


def _matrix(draw: Draw, plan: Plan, gold: Gold) -> list[str | Table]:
    """A column for each unit, marks in the cells that say who leads and who helps."""
    units = list({u.name: u for i in plan.items for u in i.units if not u.collective}.values())[:6]
    names = [u.name for u in units]
    plain = all(u.role == "responsible" for i in plan.items for u in i.units)
    if plain:
        legend, marks = "注：√表示该任务的责任单位。", {"responsible": "√"}
    else:
        legend, marks = "注：★为牵头单位，△为配合单位。", {"lead": "★", "support": "△"}
    columns = [Column("number", "序号"), Column("text", "工作任务"), *(Column("mark", name) for name in names)]
    form = draw.pick("form of the matrix", {"html": 1, "bars outside": 1, "tabs": 1, "xlsx": 0.5, "markdown": 1})
    out = Table(columns, form)
    for n, item in enumerate(plan.items[:8], 1):
        named = draw.some(units, 1 if plain else 2, 3)
        role = {u.name: "responsible" if plain else "support" if k else "lead" for k, u in enumerate(named)}
        out.rows.append([Cell(str(n)), Cell(item.text), *(Cell(marks[role[u]] if u in role else "") for u in names)])
        # Units stand in the order of their columns.
        said = [Unit(role[name], name) for name in names if name in role]
        gold.task(replace(item, open=False), section=[], title=None, units=said)
    return [legend, out] if draw.below(0.5) else [out, legend]


def _changed(draw: Draw, plan: Plan, gold: Gold) -> list[str | Table]:
    """A column for each item, a row for each field."""
    items: Sequence[Item] = plan.items[:3]
    words = _words(draw)
    roles = [r for r in ("lead", "responsible", "support") if any(u.role == r for i in items for u in i.units)]
    form = draw.pick("form of the changed table", {"html": 1, "bars outside": 1, "tabs": 1, "docx": 0.5, "markdown": 1})
    columns = [Column("label", "项目"), *(Column("item", f"任务{chinese(n + 1)}") for n in range(len(items)))]
    out = Table(columns, form)
    fields = {
        words["title"]: [i.heading for i in items],
        words["text"]: [i.text for i in items],
    }
    for role in roles:
        fields[words[role]] = [listed(by_role(i).get(role, [])) or "/" for i in items]
    if all(i.limit for i in items):
        fields[words["limit"]] = [i.limit.text if i.limit else "" for i in items]
    out.rows += [[Cell(label), *map(Cell, values)] for label, values in fields.items()]
    for item in items:
        limits = [*item.limits, *([item.limit] if item.limit and words["limit"] in fields else [])]
        gold.task(replace(item, open=False), section=[], title=item.heading, limits=limits)
    return [out]
