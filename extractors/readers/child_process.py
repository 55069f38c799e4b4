"""The process in which papers are read and extracted: whatever their text or format does there, time and memory are
bounded, and the network is out of reach."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib import import_module
from typing import Any, NamedTuple

from .. import start
from ..bounded import EndedError, Process, TooSlowError, alarm, bound_memory, serve, surroundings
from ..errors import PaperError
from ..limits import Settings
from ..model import Cell, Paper, Paragraph, Remark, Table
from ..sealed import seal


class File(NamedTuple):
    """A file to be read: what it is by its suffix and content, how it is called, and what is in it."""

    suffix: str
    path: str
    sha256: str
    data: bytes


#: What is done there with files: a notice first, then its attachments; `folders` are those of the lexicon. It tells the
#: file at which it is, and gives what JSON can hold.
Work = Callable[[str, list[File], list[str], Settings, Callable[[str], None]], dict[str, Any]]


#: XML_ERR_NO_MEMORY of libxml2: how it says that the limit was met depends on which of its parts met it.
_NO_MEMORY = 2


class Child:
    """The parent's side. `ask` may be called again and again; `close` ends the process and all that it started.

    `work` names the module in which `work` does (`Work`), after `prepare()` has loaded what it needs.
    """

    def __init__(self, settings: Settings, work: str) -> None:
        self.settings = settings
        self._process = Process(__name__, json.dumps(asdict(settings)), work, folder=True)

    def ask(self, what: str, files: Sequence[File], folders: Sequence[str] = ()) -> dict[str, Any]:
        """What is found in files that make one paper.

        Raises `PaperError`, also where it takes too long (`paper-timeout`), too much memory (`paper-memory`) or ends
        the process (`paper-crash`).
        """
        head = [what, [[f.suffix, f.path, f.sha256] for f in files], list(folders)]
        seconds = self.settings.timeout * len(files)
        try:
            answer = self._process.ask(json.dumps(head).encode(), *(f.data for f in files), seconds=seconds)
        except TooSlowError:
            raise PaperError("paper-timeout", path=files[0].path, seconds=seconds) from None
        except EndedError:
            raise PaperError("paper-crash", path=files[0].path) from None
        if "code" in answer:
            raise PaperError(answer["code"], answer["status"], **answer["values"])
        return answer

    @property
    def usable(self) -> bool:
        """Whether its process runs, and was started in what surrounds this one now."""
        return self._process.running and self._process.started_in == surroundings()

    def close(self) -> None:
        self._process.close()


def paper_from(data: dict[str, Any]) -> Paper:
    """A paper from what `asdict` makes of one."""

    def block(item: dict[str, Any]) -> Paragraph | Table:
        if "cells" not in item:
            return Paragraph(**item)
        return Table([Cell(**cell) for cell in item["cells"]], item["width"], item["place"])

    return Paper(
        **data
        | {
            "blocks": [block(item) for item in data["blocks"]],
            "anchors": [(a, b) for a, b in data["anchors"]],
            "places": [(at, place) for at, place in data["places"]],
            "parts": [],
            "warnings": [Remark(**remark) for remark in data["warnings"]],
        }
    )


# --- in the process ---------------------------------------------------------------------------------------------------


def main(settings: Settings, module: str) -> None:
    """Answers until its input ends."""

    def prepare() -> Callable[[list[bytes]], dict[str, Any]]:
        start.begin()
        loaded = import_module(module)
        loaded.prepare()
        bound_memory(settings.memory)
        seal("network")

        def answer(frames: list[bytes]) -> dict[str, Any]:
            what, heads, folders = json.loads(frames[0])
            files = [File(a, b, c, data) for (a, b, c), data in zip(heads, frames[1:], strict=True)]
            alarm(settings.timeout * len(files) + 10)  # where nobody is left to end it
            try:
                return _answer(loaded.work, what, files, folders, settings)
            finally:
                alarm(0)

        return answer

    serve(prepare)


def _answer(work: Work, what: str, files: list[File], folders: list[str], settings: Settings) -> dict[str, Any]:
    path = files[0].path

    def at(now: str) -> None:
        nonlocal path
        path = now

    try:
        return work(what, files, folders, settings, at)
    except PaperError as error:
        return {"code": error.code, "status": error.status, "values": {"path": path} | error.values}
    except MemoryError:
        return _too_much_memory(path, settings)
    except RecursionError:
        return {"code": "paper-deep", "status": 1, "values": {"path": path}, "last": True}
    except Exception as error:
        if "is encrypted" in str(error):  # as the module for ZIPs and xlrd say it
            return {"code": "paper-locked", "status": 1, "values": {"path": path}}
        if type(error).__name__ == "XMLSyntaxError" and getattr(error, "code", 0) == _NO_MEMORY:
            return _too_much_memory(path, settings)
        reason = f"{type(error).__name__}: {error}".partition("\n")[0][:200]
        return {"code": "paper-damaged", "status": 1, "values": {"path": path, "reason": reason}}


def _too_much_memory(path: str, settings: Settings) -> dict[str, Any]:
    values = {"path": path, "megabytes": settings.memory // 1_000_000}
    return {"code": "paper-memory", "status": 1, "values": values, "last": True}


if __name__ == "__main__":
    main(Settings(**json.loads(sys.argv[1])), sys.argv[2])
