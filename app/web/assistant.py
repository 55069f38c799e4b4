"""For assistants: the workspace by the Model Context Protocol, as tools and resources that only read. Every answer has
the words of the papers that show it, or says where they stand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Any

from anyio import to_thread
from mcp.server import MCPServer
from mcp.types import ToolAnnotations

from ...extractors.errors import ZhenglingError
from ...extractors.limits import Settings
from ..messages import Catalogue
from ..tables.cells import plain
from .layers import facts_of
from .site import Site

_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_MOST = 200  # rows of an answer
_PAGE = 20_000  # characters of a paper's text that one answer has


class AnswerError(ValueError):
    """What an assistant is told of an error that it can mend."""


class Assistant:
    """The tools; each is a method whose docstring says to the assistant what it does."""

    def __init__(self, folder: Path, settings: Settings | None, say: Catalogue) -> None:
        self._site, self._say = Site(folder, settings), say

    def questions(self) -> list[dict[str, Any]]:
        """The saved questions that `ask` takes: name, what each answers, its parameters and its columns."""
        language = self._say.language
        return [
            {
                "name": one.name,
                "answers": one.descriptions[language],
                "parameters": [
                    {"name": p.name, "type": p.type, "required": p.required, "choices": list(p.choices)}
                    for p in one.parameters.values()
                ],
                "columns": list(one.columns),
            }
            for one, _ in self._site.shelf.questions()
        ]

    def ask(self, name: str, parameters: dict[str, str | int | bool] | None = None) -> dict[str, Any]:
        """Ask a saved question (see `questions`). Dates are ISO; `limit` 0 is all rows. At most 200 rows come back."""
        answer = self._site.shelf.ask(name, {k: str(v).lower() if isinstance(v, bool) else v for k, v in
                                             (parameters or {}).items()})  # fmt: skip
        rows = answer.dicts()
        return {"rows": rows[:_MOST], "total": len(rows)}

    def search(
        self, text: str = "", region: str = "", unit: str = "", level: str = "", year: int = 0,
        due_from: str = "", due_to: str = "", limit: int = 20,
    ) -> dict[str, Any]:  # fmt: skip
        """Find tasks by words, place, unit, level (national, province, city, county, township), year or last days
        (ISO). Gives their text, units by role, deadlines, state and document."""
        wanted = {"text": text, "region": region, "unit": unit, "level": level, "year": str(year or "")}
        wanted |= {"from": due_from, "to": due_to}
        found = self._site.shelf.snapshot().lists.tasks(wanted, 0, min(max(limit, 1), _MOST))
        return {"tasks": found.rows, "total": found.total}

    def trace(self, task: str) -> list[dict[str, Any]]:
        """The chain of command above a task (its id): every step with how it is known and the words that prove it,
        and where and why it ends."""
        return self._site.shelf.snapshot().ask("trace", {"task": task}).dicts()

    def lineage(self, lower: str, superior: str = "") -> dict[str, Any]:
        """The tasks of a paper beside its superior's (ids, numbers or titles): what comes from what, what was changed,
        added or left out, with both quotations."""
        return self._site.compare(lower, superior or None).to_json()

    def coverage(self, document: str) -> dict[str, Any]:
        """How the papers below a document take up each of its tasks: a comparison for each lower paper, by its id."""
        return self._site.coverage(document)

    def paper(self, document: str, start: int = 0) -> dict[str, Any]:
        """A paper by its id: head, chain, what was read in it with the quoted words and their places, and its text from
        the character `start` on (20,000 at a time; contact data is masked)."""
        found = self._site.shelf.snapshot().lists.paper(document)
        if found is None:
            raise ZhenglingError("no-such-document", 2, document=document)
        if not found["loaded"]:
            return {"document": found}
        record, text, trouble = self._site.paper(found["source"])
        if trouble is not None:
            raise trouble
        facts = [
            {"layer": fact.layer, "kind": fact.kind, "task": fact.task, "name": fact.name,
             "evidence": [{"quote": e.quote, "start": e.start, "end": e.end, "place": e.place} for e in fact.spans]}
            for fact in facts_of(record)
        ]  # fmt: skip
        part = text[start : start + _PAGE] if text is not None else None
        return {"document": found, "facts": facts, "text": part, "start": start, "length": len(text or "")}

    def papers(self) -> list[dict[str, Any]]:
        """The papers of the workspace, the newest first, at most 200."""
        return self._site.shelf.snapshot().lists.papers({"sort": "-date"}, 0, _MOST).rows

    def close(self) -> None:
        self._site.close()


def server(folder: Path, settings: Settings | None = None, language: str = "zh") -> MCPServer:
    """A server of the workspace in `folder`, to be run on stdio or as streamable HTTP."""
    say = Catalogue(language)
    assistant = Assistant(folder, settings, say)
    made = MCPServer("zhengling", instructions=say("mcp-instructions"))

    def tool(method: Callable[..., Any]) -> None:
        made.tool(method.__name__, description=" ".join((method.__doc__ or "").split()), annotations=_READS)(
            _beside(method, say)
        )

    for method in (assistant.questions, assistant.ask, assistant.search, assistant.trace):
        tool(method)
    for method in (assistant.lineage, assistant.coverage, assistant.paper):
        tool(method)
    listed = _beside(assistant.papers, say)
    made.resource("zhengling://papers", name="papers", description=str(assistant.papers.__doc__),
                  mime_type="application/json")(listed)  # fmt: skip
    return made


def _beside(method: Callable[..., Any], say: Catalogue) -> Callable[..., Any]:
    """The method in a thread, errors in words, answers as JSON has them."""

    @wraps(method)
    async def call(*given: Any, **named: Any) -> Any:
        try:
            return plain(await to_thread.run_sync(partial(method, *given, **named)))
        except ZhenglingError as error:
            raise AnswerError(say.error(error)) from None

    return call
