"""Takes in what one person says, and makes the files that they take away, in a process of its own: the graph is derived
there, what strangers wrote is read there without a network, and the server stays small. While another is at work on the
workspace it waits.

    python -m zhengling.app.web.editing FOLDER         reads {"act", "arguments"} as JSON, answers in JSON
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...extractors.bounded import within_memory
from ...extractors.errors import ZhenglingError
from ...extractors.limits import Settings
from ...extractors.sealed import seal
from ..beside import command, raised, told
from ..messages import Catalogue
from .findings import keep

if TYPE_CHECKING:
    from ..api import Graph
    from ..taking import LedgerRead

_PATIENCE, _PAUSE = 30.0, 0.2  # seconds
_TIME = 600.0


def edit(folder: Path, act: str, **arguments: Any) -> dict[str, Any]:
    """Do one of the acts below; what it says of itself. Raises `ZhenglingError` as the method does."""
    asked = json.dumps({"act": act, "arguments": arguments})
    try:
        done = subprocess.run(
            **command(__name__, str(folder)), input=asked, capture_output=True, text=True, encoding="utf-8",
            timeout=_TIME,
        )  # fmt: skip
        answer = json.loads(done.stdout.strip().splitlines()[-1])
    except (subprocess.TimeoutExpired, ValueError, IndexError):
        raise ZhenglingError("edit-failed", 1) from None
    if "code" in answer:
        raise raised(answer)
    return answer


def main(folder: str) -> int:
    from ..api import Graph

    asked = json.load(sys.stdin)
    seal("network")
    graph, until = Graph(folder), time.monotonic() + _PATIENCE
    while True:
        try:
            if asked["act"] not in _ACTS:
                raise ZhenglingError("edit-failed", 1)
            found = _ACTS[asked["act"]](graph, **asked["arguments"])
            print(json.dumps(found))
            return 0
        except ZhenglingError as error:
            if error.code == "workspace-locked" and time.monotonic() < until:
                time.sleep(_PAUSE)
                continue
            print(told(error))
            return 1


def _kept(found: Any) -> dict[str, Any]:
    """The id of the line that was kept, and what it did."""
    line = getattr(found, "correction", found)
    said = {"id": getattr(line, "id", ""), "kept": bool(getattr(found, "kept", True))}
    for name in ("before", "after"):
        said[name] = list(getattr(found, name, ()))
    said["against"] = [one.by for one in getattr(found, "against", ())]
    return said


def _together(graph: Graph, **arguments: Any) -> dict[str, Any]:
    """How many were said, and how many of what was shown no line could be made of."""
    found = graph.correct_together(**arguments)
    return {"mark": found.mark if found.lines else "", "said": len(found.lines), "left": found.left}


def _undo_together(graph: Graph, **arguments: Any) -> dict[str, Any]:
    return {"said": len(graph.undo_together(**arguments))}


def _coverage(graph: Graph, document: str, language: str) -> dict[str, Any]:
    """The matrix of coverage in a language, without one the alignments as data; nothing where no paper is below."""
    from ..files_out import coverage

    found = graph.coverage(document)
    if not language or not found:
        return {one: alignment.to_json() for one, alignment in found.items()}
    say = Catalogue(language)
    columns, rows = coverage.matrix(found, say)
    return {"parts": coverage.parts(found, say), "columns": columns, "rows": rows}


def _check(graph: Graph) -> dict[str, Any]:
    """Keeps what a check finds."""
    keep(graph)
    return {}


def _said(name: str) -> Callable[..., dict[str, Any]]:
    """A method of `Graph` that keeps what somebody says."""
    return lambda graph, **arguments: _kept(getattr(graph, name)(**arguments))


def _counted(name: str) -> Callable[..., dict[str, Any]]:
    """A method of `Graph` that writes a file."""

    def write(graph: Graph, **arguments: Any) -> dict[str, Any]:
        getattr(graph, name)(**arguments)
        return {}

    return write


def _read(graph: Graph, path: str) -> LedgerRead:
    """What a ledger says, if it is none that unpacks to more than memory should hold."""
    from ..files_out import entries

    with within_memory(Settings().memory):
        for _ in entries.rows(Path(path)):
            pass
    return graph.read_ledger(path)


def _ledger(graph: Graph, path: str) -> dict[str, Any]:
    """What a ledger says otherwise, and the sum that tells these differences from others."""
    found = _read(graph, path)
    rows = [asdict(one) for one in found.differences]
    return {"rows": found.rows, "differences": rows, "told": found.told, "refused": found.refused, "sum": _sum(rows)}


def _sum(rows: list[dict[str, Any]]) -> str:
    return sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:32]


def _take_ledger(graph: Graph, path: str, by: str, shown: str) -> dict[str, Any]:
    """Keep the differences that somebody was shown, if they are still these."""
    found = _read(graph, path)
    if _sum([asdict(one) for one in found.differences]) != shown:
        raise ZhenglingError("ledger-moved", 1)
    said, told_ = graph.take_ledger(found, by=by)
    return {"corrections": len(said), "progress": len(told_)}


#: What can be asked for.
_ACTS: dict[str, Callable[..., dict[str, Any]]] = {
    **{name: _said(name) for name in ("correct", "same", "undo", "progress", "undo_progress")},
    **{name: _counted(name) for name in ("weekly", "export", "sheet")},
    "check": _check,
    "coverage": _coverage,
    "together": _together,
    "undo_together": _undo_together,
    "ledger": _ledger,
    "take_ledger": _take_ledger,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
