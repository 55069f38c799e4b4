"""How the rules of `rules/citations.toml` are asked in tests."""

from __future__ import annotations

import re

from zhengling.extractors import rules
from zhengling.extractors.record.mentions import column_of
from zhengling.extractors.steps.citations import blank_titles, find_citations, find_short_names, role_of
from zhengling.extractors.words.fold import fold
from zhengling.extractors.words.parts import rule

from ..examples import Row


def fires(text: str, row: Row) -> list[tuple[str, str]]:
    """Kinds and roles of the citations in a text by the rules that gave them; for what stands between, the role that it
    lets through; for a column, what its cells are."""
    folded = fold(text)
    if row["id"].startswith("citation.column.") and "listed_papers" not in _name(row):
        return [(f"citation.column.{name}", name) for name in column_of(folded)]
    if row["id"].startswith(
        ("citation.shape.", "citation.own.", "citation.short.", "citation.title.", "citation.column.")
    ):
        found = rule(_name(row), "citations.toml").search(folded)
        return [(row["id"], found.group())] if found and found.group() else []
    if row["id"] == "citation.no-paper":
        found = rule("no_paper", "citations.toml").search(folded)
        return [(row["id"], found.group())] if found else []
    if row["id"] == "citation.short":
        return [(row["id"], name) for _, name in find_short_names(folded)]
    if row["id"].startswith("citation.role.") or row["id"] == "citation.between":
        blanked = blank_titles(folded)
        roles = [role_of(blanked, m.start(), m.end()) for m in re.finditer("□+", blanked)]
        if row["id"] == "citation.between":
            return [("citation.between", role) for role, by in roles if by == "citation.role.basis"]
        return [(by, role) for role, by in roles]
    return [(c.rule, c.kind) for c in find_citations(folded, text)]


def _name(row: Row) -> str:
    """The name of a row that is a table of its own."""
    return next((name for name, other in rules.words("citations.toml").items() if other == row), "")
