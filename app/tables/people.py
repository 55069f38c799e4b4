"""Answers as people read them: tasks told apart by number and words, who leads apart from who supports, documents by a
short name, places by the name that tells them apart. Data (JSON, CSV, workbooks) keep what is said here shorter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..messages import Catalogue
from .changes import changed

Rows = Sequence[Sequence[Any]]

_DOCUMENTS = frozenset({"document", "stops_at"})
_PLACES = frozenset({"region", "regions"})
_ROLES = {"leads": "lead", "responsibles": "responsible", "supports": "support"}
_BEFORE, _SHOWN, _TASK = 12, 40, 8  # characters before what matched, of a task's words, of its id
_OTHER_TASKS = ("superior_task", "neighbour")
_OF_LINKS = frozenset({"status", "wording", "superior_task"})  # beside these, a state is that of a link between tasks


def for_people(
    columns: Sequence[str], rows: Rows, say: Catalogue, words: Sequence[str] = ()
) -> tuple[list[str], list[list[Any]]]:
    """The columns and rows of an answer for a table; `words` are those that were looked for."""
    from ...graph.deriving.identity import short_name  # brings the lexicon

    answer = [dict(zip(columns, row, strict=True)) for row in rows]
    kept = [name for name in columns if name != "address" or any(row[name] for row in answer)]
    if "task" in kept and "title" in kept:
        kept = [name for name in kept if name not in ("item", "words", "text")]
        for row in answer:
            row["title"] = task_words(row, words)
            row["task"] = str(row["task"])[:_TASK]
    if set(_ROLES) <= set(kept):
        at = kept.index("units") if "units" in kept else kept.index("leads")
        kept = [name for name in kept if name not in ("units", *_ROLES)]
        kept.insert(min(at, len(kept)), "units")
        for row in answer:
            row["units"] = _units(row, say)
    kept = _links(kept, answer, say)
    for name in _PLACES & set(kept):
        short = shortest(_every(row[name] for row in answer))
        for row in answer:
            row[name] = _each(row[name], short)
    for name in _DOCUMENTS & set(kept):
        for row in answer:
            row[name] = _each(row[name], short_name)
    return kept, [[row[name] for name in kept] for row in answer]


def _links(kept: list[str], answer: list[dict[str, Any]], say: Catalogue) -> list[str]:
    """Links between tasks in words: how certain they are, what was changed, the ids of other tasks made short."""
    names = {"state": "certainty"} if "state" in kept and _OF_LINKS & set(kept) else {}
    if any(isinstance(row.get("tasks"), list) for row in answer):
        names["tasks"] = "lower_tasks"
    for row in answer:
        for name in {"change", "changes"} & set(kept):
            row[name] = _each(row[name], lambda told: _change(told, say))
        for name in set(_OTHER_TASKS) & set(kept):
            row[name] = _each(row[name], lambda identity: identity[:_TASK])
        if "state" in names:
            row["state"] = say(f"state-{row['state']}") if row["state"] else ""
        for name, other in names.items():
            row[other] = row[name]
    return [names.get(name, name) for name in kept]


def _change(told: str, say: Catalogue) -> str:
    from ...graph.lineage.changes import untold  # with many patterns, which take their time

    change = untold(told)
    return changed(change, say) if say.text(f"change-{change.kind}") else told


def task_words(row: dict[str, Any], words: Sequence[str] = ()) -> str:
    """A task's number and title, and behind them its first words, or those round the first that was looked for."""
    title, text = str(row["title"] or ""), " ".join(str(row.get("text") or row.get("words") or "").split())
    head = f"{row['item']} {title}" if row.get("item") else title
    found = min((at for at in (text.find(word) for word in words) if at >= 0), default=-1)
    if found > _BEFORE:
        return f"{head}\n…{_cut(text[found - _BEFORE :])}"
    body = text.removeprefix(title).strip()
    if not body or body.rstrip("。") in title or (text.startswith(title) and len(title) >= _SHOWN // 2):
        return head
    return f"{head}\n{_cut(body)}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _units(row: dict[str, Any], say: Catalogue) -> list[str]:
    """Each unit of a task behind its role."""
    return [
        say("unit-in-role", role=say("role-" + role), unit=unit)
        for column, role in _ROLES.items()
        for unit in row[column]
    ]


def roles(row: dict[str, Any], say: Catalogue) -> list[str]:
    """The units of a task behind their role, a role a line."""
    found = ((role, "、".join(row[column])) for column, role in _ROLES.items())
    return [say("unit-in-role", role=say("role-" + role), unit=units) for role, units in found if units]


def _every(values: Iterable[Any]) -> set[str]:
    return {one for value in values for one in (value if isinstance(value, list) else [value]) if one}


def _each(value: Any, short: Any) -> Any:
    if isinstance(value, list):
        return [_each(one, short) for one in value]
    return short(value) if isinstance(value, str) and value else value


def shortest(paths: Iterable[str]) -> Any:
    """What gives each path its last names, so many that no two are alike."""
    names: dict[str, str] = {}
    paths = set(paths)
    for path in paths:
        parts = path.split("/")
        for size in range(1, len(parts) + 1):
            name = "/".join(parts[-size:])
            if sum(other.endswith("/" + name) or other == name for other in paths) == 1:
                break
        names[path] = name
    return lambda path: names.get(path, path)
