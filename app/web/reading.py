"""Reads what was uploaded into the workspace, in a process of its own: the server goes on, and what it is doing can be
ended. Says on standard output how far it is, a line of JSON each.

    python -m zhengling.app.web.reading FOLDER LANGUAGE [ADDRESS…]
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from ...extractors.errors import ZhenglingError
from ...graph.workspace.sources import UPLOADS
from ..messages import Catalogue
from ..tell import failure, reason


def main(folder: str, language: str, *addresses: str) -> int:
    from ..api import Graph, fetch

    say = Catalogue(language)

    def tell(**event: Any) -> None:
        print(json.dumps(event, ensure_ascii=False), flush=True)

    def missed(address: str, error: Exception) -> None:
        if isinstance(error, ZhenglingError) and error.code == "fetch-private":  # its option is one of the command
            tell(failed=address, why=say("web-upload-private", **error.values))
        else:
            tell(failed=address, why=_why(address, error, say))

    Path(folder).mkdir(parents=True, exist_ok=True)
    os.chdir(folder)  # sources are called by their paths under the workspace
    Path(UPLOADS).mkdir(exist_ok=True)
    try:
        if addresses:
            tell(stage="fetch")
            fetch(addresses, Path(UPLOADS, "web"), failed=missed)
        report = Graph(".").build(
            [UPLOADS], progress=lambda done, total, name: tell(done=done, total=total, name=Path(name).name)
        )
        for failed in report.failures:
            tell(failed=_short(failed.path), why=_why(failed.path, failed.error, say))
        read = set(report.read)
        for paper in report.papers:
            if paper.source in read:
                tell(
                    read=_short(paper.source),
                    document=paper.document,
                    duplicate=bool(paper.duplicate),
                    tasks=paper.counts.get("tasks", 0),
                )
        for file, notice in report.joined.items():
            if notice in read:
                tell(read=_short(file), joined=_short(notice))
        tell(stage="done", documents=report.documents, nothing=not read)
    except (ZhenglingError, OSError) as error:
        tell(stage="broken", why=reason(error, say))
        return 1
    return 0


def _why(path: str, error: Exception, say: Catalogue) -> str:
    """What went wrong with a file that stands beside it already."""
    said = failure(path, error, say)
    return re.sub(rf"^{re.escape(path)}[:：]?\s*", "", said)


def _short(path: str) -> str:
    return path.removeprefix(f"{UPLOADS}/")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
