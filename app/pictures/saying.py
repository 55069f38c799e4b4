"""What a picture tells of its nodes and lines: facts, the words that prove them, and what a search looks in."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from typing import Any

from ...graph.deriving.pieces import CORRECTED
from ...graph.lineage.changes import untold
from ...queries.understanding.names import Understanding
from ..messages import Catalogue
from ..tables.changes import all_changed
from .looks import DrawnNode, Edge, first, reason, title

TEXT_LIMIT = 4000  # code points of one text that the page carries
QUOTE_LIMIT = 12  # pieces of evidence of one item that the page carries

_HIDDEN = {"evidence", "order", "quote", "grounds", "texts", "score"}


def facts_of(item: DrawnNode | Edge, nodes: dict[str, DrawnNode], say: Catalogue) -> list[list[str]]:
    """The rows of the panel: (name, value), empty values left out."""
    rows = []
    heading = title(item) if isinstance(item, DrawnNode) else ""
    for name, value in sorted(item.facts.items(), key=lambda one: one[0] == "id"):
        if value == heading and name != "id":
            continue
        if name in _HIDDEN or value is None or value == "" or value == [] or (value is False and name != "loaded"):
            continue
        if isinstance(value, bool):
            text = say("view-yes" if value else "view-no")
            if name == "loaded" and not value:
                text = say("view-not-loaded")
        elif name == "change":
            text = all_changed(map(untold, value), say)
        elif name == "review":
            text = _reviewed(item, str(value), say)
        elif name in ("state", "closed") and isinstance(item, DrawnNode):
            text = say(f"{name}-{value}")
        elif name in ("notes", "milestones"):
            text = "\n".join(_noted(json.loads(one), say) for one in value)
        elif name == "orphaned":
            text = "\n".join(" ".join(filter(None, json.loads(one).values())) for one in value)
        elif name in ("kind", "level", "role", "wording", "state"):
            text = say(f"view-{value}")
        elif name == "why":
            text = reason(value, say)
        elif name == "document" and value in nodes:
            text = title(nodes[value])
        elif isinstance(value, (list, tuple)):
            text = " › ".join(map(str, value)) if name == "section" else "；".join(map(str, value))
        else:
            text = str(value)
        heading_of = "column-state" if name == "state" and isinstance(item, DrawnNode) else f"view-fact-{name}"
        rows.append([say.text(heading_of) or say(f"view-{name}"), _cut(text)])
    return rows


def _reviewed(item: DrawnNode | Edge, review: str, say: Catalogue) -> str:
    """What people did to a fact: each who, when, why, and what the paper says."""
    lines = []
    for piece in item.facts.get("evidence") or []:
        if f'"{CORRECTED}"' in piece:
            place = json.loads(piece)["place"]
            was = [
                f"{say.text(f'column-{name}') or name} {say.text(f'{name}-{value}') or value}"
                for name, value in (place.get("was") or {}).items()
                if value
            ]
            told = [say("review-told", review=say(f"review-{place['review']}"), by=place["by"], at=place["at"])]
            told += [place["why"]] if place.get("why") else []
            told += [say("review-was", was=was)] if was else []
            lines.append(say("changes-joint").join(told))
    return "\n".join(lines) or say(f"review-{review}")


def _noted(told: dict[str, Any], say: Catalogue) -> str:
    """A note, or a milestone with its day."""
    if "name" in told:
        met = say("milestone-met", day=told["met"]) if told.get("met") else say("milestone-open")
        return " ".join(filter(None, (told["name"], told.get("due"), f"· {met}")))
    state = say(f"state-{told['state']}") if told.get("state") else ""
    words = (told.get("day"), told.get("by"), told.get("unit"), state, told.get("text") or told.get("remark"))
    return " ".join(str(word) for word in words if word)


def quotes_of(item: DrawnNode | Edge, nodes: dict[str, DrawnNode], say: Catalogue) -> tuple[list[list[str]], int]:
    """(quoted words, where they stand) of an item, and how many more there are than the page carries."""
    found: dict[tuple[str, str], None] = {}
    for piece in item.facts.get("evidence") or []:
        try:
            data = json.loads(piece)
        except ValueError:
            continue
        if not isinstance(data, dict) or not data.get("quote"):
            continue
        where = []
        document = data.get("document")
        if document:
            name = nodes[document].facts.get("number") or title(nodes[document]) if document in nodes else document
            where.append(first(str(name), 40))
        place = data.get("place") or {}
        where += [say(f"place-{part}", n=value) for part, value in place.items() if say.text(f"place-{part}")]
        if "start" in data and "end" in data:
            where.append(say("view-chars", start=data["start"], end=data["end"]))
        if data.get("rule") == CORRECTED:
            where.append(say("review-told", review=say(f"review-{place['review']}"), by=place["by"], at=place["at"]))
        elif data.get("rule"):
            where.append(say("view-rule", rule=data["rule"]))
        found[_cut(str(data["quote"])), " · ".join(where)] = None
    if not found and item.facts.get("quote"):
        found[_cut(str(item.facts["quote"])), ""] = None
    quotes = [list(one) for one in found]
    return quotes[:QUOTE_LIMIT], max(0, len(quotes) - QUOTE_LIMIT)


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_LIMIT else text[:TEXT_LIMIT] + "…"


def found_by(node: DrawnNode, names: str) -> str:
    """What the search box looks in: what a node may be called (`names`), and what it says."""
    facts = node.facts
    parts: Iterable[Any] = (
        names,
        facts.get("function"),
        facts.get("text"),
        node.id,
    )
    return unicodedata.normalize("NFKC", _cut("\n".join(str(p) for p in parts if p))).lower()


def called(node: DrawnNode, names: Understanding) -> str:
    """What a node may be called, a unit in all forms of its name; the search puts those first that are called so."""
    facts = node.facts
    parts = [title(node), facts.get("number"), *(facts.get("aliases") or [])]
    if node.kind == "Unit":
        parts += names.called(str(facts.get("name") or ""), str(facts.get("region") or ""))
    return unicodedata.normalize("NFKC", _cut("\n".join(str(p) for p in parts if p))).lower()


def papers_of(nodes: dict[str, DrawnNode], edges: list[Edge]) -> dict[str, set[str]]:
    """The papers that each node is of: itself, a task's own, and those of the tasks and papers that it is joined to."""
    found: dict[str, set[str]] = {
        id_: {id_} if node.kind == "Document" else {str(node.facts.get("document"))} if node.kind == "Task" else set()
        for id_, node in nodes.items()
    }
    for kinds in (("Task", "Document"), ("Unit",)):  # regions go with the units in them
        for edge in edges:
            for one, other in ((edge.start, edge.end), (edge.end, edge.start)):
                if nodes[one].kind in kinds and nodes[other].kind in ("Unit", "Deadline", "Region") and one != other:
                    found[other] |= found[one]
    return found
