"""Makes the lists of a workspace, in a process of its own: the server goes on answering meanwhile.

python -m zhengling.app.lists.prepare FOLDER       status 0; else one line of JSON says the error
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from ...extractors.errors import ZhenglingError
from ..beside import command, raised, told

#: The folder of the cache, and the file in it.
NAME, FILE = "lists", "lists.sqlite"


def prepare(folder: Path) -> Path:
    """The lists of the workspace's graph, made where they are not those of it. Raises `ZhenglingError` as
    `Workspace.store` does, also where a build is at work (`workspace-locked`)."""
    done = subprocess.run(**command(__name__, str(folder)), capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        last = (done.stdout.strip().splitlines() or [""])[-1]
        try:
            answer = json.loads(last)
        except ValueError:
            reason = (done.stderr.strip().splitlines() or [""])[-1]
            raise ZhenglingError("lists-failed", 1, workspace=str(folder), reason=reason) from None
        raise raised(answer)
    return folder / "cache" / NAME / FILE


def main(folder: str) -> int:
    from ...graph.workspace.workspace import Workspace
    from .making import FORM, make

    workspace = Workspace(folder)

    def fill(beside: Path) -> None:
        people = workspace.people()
        apart = {frozenset(name.id for name in one.names) for one in people.identities if one.verb == "not-same"}
        with workspace.store() as store:
            make(store, beside / FILE, people.held.remarks(), apart)

    def mark() -> str:
        return f"{FORM} {workspace.people().names_mark()}"

    try:
        workspace.kept(NAME, mark(), fill)
    except ZhenglingError as error:
        print(told(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
