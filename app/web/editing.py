"""Takes in what one person says, in a process of its own: the graph is derived there, and the server stays small. While
another is at work on the workspace it waits.

    python -m zhengling.app.web.editing FOLDER         reads {"act", "arguments"} as JSON, answers in JSON
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from ...extractors.errors import ZhenglingError
from ..beside import command, raised, told

#: What can be asked for: methods of `Graph`.
ACTS = ("correct", "undo", "progress", "undo_progress")
_PATIENCE, _PAUSE = 30.0, 0.2  # seconds
_TIME = 600.0


def edit(folder: Path, act: str, **arguments: Any) -> dict[str, Any]:
    """Do one of `ACTS`; what it says of itself. Raises `ZhenglingError` as the method does."""
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
    graph, until = Graph(folder), time.monotonic() + _PATIENCE
    while True:
        try:
            if asked["act"] not in ACTS:
                raise ZhenglingError("edit-failed", 1)
            found = getattr(graph, asked["act"])(**asked["arguments"])
            print(json.dumps(_kept(found)))
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
