"""Public reports on programs that read such files: each file with what is right, as `cases/bugs` says it.

`NN-name.expected.md` holds a JSON: of the document its fields; of each task `u` units (`L:` lead, `R:` responsible,
`S:` support, a collective with `*`), `d` limits (kind:first day:last day), `t` title, `sec` sections, `s` and `e` how
its text starts and ends, `x` its text; `n` the number of tasks, `cites` and `ncites` the citations, `warn` whether
there is a warning. Only what is named is compared.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import zhengling as zl

from .truth import CORPUS, plain, real_papers

BUGS = CORPUS / "cases/bugs"
CASES = sorted(p for p in BUGS.glob("*") if p.is_file() and not p.name.endswith(("expected.md", "README.md")))
ROLES = {"L": "lead", "R": "responsible", "S": "support"}


def expected(case: Path) -> dict[str, Any] | None:
    """What is right for a case, or None where it says it otherwise (a workspace, RDF)."""
    page = BUGS / f"{case.name.partition('.')[0]}.expected.md"
    found = re.search(r"```json\n(.*?)```", page.read_text("utf-8"), re.S) if page.exists() else None
    return json.loads(found[1]) if found else None


def units(said: str) -> list[list[tuple[str, str, bool]]]:
    """The lists of units that are right: `|` parts them; a star before a list says that there are several."""
    out = []
    for variant in said.removeprefix("*").split("|"):
        words = [word.split(":", 1) for word in filter(None, variant.split(";"))]
        out.append([(ROLES[role.strip("*")], name.strip("*"), "*" in role + name) for role, name in words])
    return out


def limits(said: str) -> list[tuple[str, str, str]]:
    """The limits that are right; `*` stands for any day."""
    return [tuple([*word.split(":"), "", ""][:3]) for word in filter(None, said.split(";"))]  # type: ignore[misc]


def fits(found: list[tuple[str, str, str]], right: list[tuple[str, str, str]]) -> bool:
    pairs = zip(found, right, strict=False)
    return len(found) == len(right) and all(r in ("*", f) for one, two in pairs for f, r in zip(one, two, strict=True))


def wrong_in(task: Any, right: dict[str, Any]) -> dict[str, Any]:
    """What of a task is not as it should be: what was found, by the key of the expectation."""
    found: dict[str, Any] = {}
    people = [(u.role, u.name, u.collective) for u in task.units]
    if (
        "u" in right
        and people not in units(right["u"])
        and [(r, n, False) for r, n, _ in people] not in units(right["u"])
    ):
        found["u"] = people
    days = [(d.kind, d.start or "", d.end or "") for d in task.deadlines]
    if "d" in right and not fits(days, limits(right["d"])):
        found["d"] = days
    if "t" in right and plain(task.title) != plain(right["t"]):
        found["t"] = task.title
    if "sec" in right and [plain(s) for s in task.section] != [plain(s) for s in right["sec"]]:
        found["sec"] = task.section
    if "x" in right and plain(task.text) != plain(right["x"]):
        found["x"] = task.text
    text = plain(task.text) or plain(task.title)
    if "s" in right and not text.startswith(plain(right["s"])):
        found["s"] = text[:20]
    if "e" in right and not text.endswith(plain(right["e"])):
        found["e"] = text[-20:]
    return found


def test_the_cases_are_there():
    real_papers()
    assert len([c for c in CASES if expected(c)]) > 50


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_case(case: Path):
    right = expected(case)
    if right is None or "graph" in right:
        assert case.suffix in (".txt", ".md")  # of a workspace and of RDF: test_graph, test_rdf
        return
    record = zl.extract(case)
    wrong: dict[str, Any] = {}
    for name, value in right.get("document", {}).items():
        found = getattr(record.document, name)
        if name != "deadlines" and plain(found) != plain(value):
            wrong[name] = found
    tasks = right.get("tasks", [])
    if len(record.tasks) != right.get("n", len(tasks) or len(record.tasks)):
        wrong["n"] = len(record.tasks)
    for n, (task, one) in enumerate(zip(record.tasks, tasks, strict=False), 1):
        if bad := wrong_in(task, one):
            wrong[f"task {n}"] = bad
    cites = [(c.in_, c.number, c.title, c.role, c.kind) for c in record.citations]
    for one in right.get("cites", []):
        at = {"in": 0, "number": 1, "title": 2, "role": 3, "kind": 4}
        if not any(all(plain(c[at[k]]) == plain(v) for k, v in one.items() if k in at) for c in cites):
            wrong.setdefault("cites", []).append(one)
    for task, count in right.get("ncites", {}).items():
        if sum(c[0] == task for c in cites) != count:
            wrong["ncites"] = cites
    if right.get("warn") and not record.warnings:
        wrong["warn"] = []
    assert wrong == {}
