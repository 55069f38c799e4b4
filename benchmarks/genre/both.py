"""A plan in clauses with a table of tasks behind it: the rows say the clauses again, or the prose is background, or
both set work."""

from __future__ import annotations

from dataclasses import replace

from .columns import FORMS
from .model import Draw, Gold, Plan
from .prose import prose
from .tables import Table, tables

SHAPE = {"plan and table": 0.5}

_FILES = {"csv", "csv with semicolons", "tsv", "xlsx"}


def both(draw: Draw, plan: Plan, gold: Gold) -> list[str | Table]:
    """The clauses of the plan, then its table; the tasks of both are added to the gold."""
    options = {"rows say the clauses again": 1.0}
    if len(plan.chapters) > 1:
        options |= {"the prose is background": 0.7, "clauses with assignments, other rows": 0.7}
    kind = draw.pick("plan and table", options)
    forms = {f: w for f, w in FORMS.items() if f not in _FILES}
    draw.forced = draw.forced | ({} if draw.forced.get("form") in forms else {"form": _one_of(draw, forms)})
    draw.forced = draw.forced | {"title in the table": "no"}
    if kind == "rows say the clauses again":
        return _again(draw, plan, gold)
    half = len(plan.chapters) // 2
    first, second = replace(plan, chapters=plan.chapters[:half]), replace(plan, chapters=plan.chapters[half:])
    if kind == "the prose is background":
        draw.forced = draw.forced | {"assignments": "none"}
        body = prose(draw, _timeless(first), Gold(gold.document))
    else:
        draw.forced = draw.forced | {"assignments": "bracket", "collective said once": "no"}
        body = prose(draw, first, gold)
    return [*body, *_head(draw), *tables(draw, second, gold)]


def _again(draw: Draw, plan: Plan, gold: Gold) -> list[str | Table]:
    """Each clause is one task with its row: text, units and limits are the row's, the section is the clause's."""
    given = {"assignments": "none", "clauses": "no headings", "sections": "none", "titles": "none"}
    draw.forced = draw.forced | given | {"paragraphs in cells": "no"}
    clauses, rows = Gold(gold.document), Gold(gold.document)
    body = prose(draw, plan, clauses)
    table = tables(draw, plan, rows)
    for clause, row in zip(clauses.tasks, rows.tasks, strict=True):
        gold.tasks.append(row | {"section": clause["section"]})
    gold.citations += rows.citations
    return [*body, *_head(draw), *table]


def _timeless(plan: Plan) -> Plan:
    """Without sentences that cite or limit: background has neither tasks nor what hangs on them."""
    chapters = (
        replace(
            c,
            items=tuple(
                replace(i, body=tuple(s for s in i.body if not s.limits and not s.citations) or i.body[:1], limit=None)
                for i in c.items
            ),
        )
        for c in plan.chapters
    )
    return replace(plan, chapters=tuple(chapters))


def _head(draw: Draw) -> list[str]:
    name = draw.choice(["重点任务分解表", "任务分工表", "重点任务清单", "责任分解表"])
    return ["附件", name] if draw.below(0.6) else [name]


def _one_of(draw: Draw, weights: dict[str, float]) -> str:
    return draw.chance.choices(list(weights), list(weights.values()))[0]
