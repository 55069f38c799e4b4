"""A process of its own in which files of hostile formats are read: whatever they do there, time and memory are bounded.

Started when the first such file is read, kept for the next ones, started anew after one that it did not outlive. Both
sides speak in frames: eight bytes of length, then JSON or the bytes of the file.
"""

from __future__ import annotations

import contextlib
import inspect
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict
from typing import Any, BinaryIO

from .. import units
from ..errors import PaperError
from ..lexicon import Lexicon
from ..model import Cell, Paper, Paragraph, Remark, Table
from . import Settings, reader_of


class Child:
    """The parent's side. `read` may be called again and again; `close` ends the process and all that it started."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = ""

    def read(self, suffix: str, path: str, data: bytes) -> Paper:
        """The paper in the bytes of a file.

        Raises `PaperError`, also where reading takes too long (`paper-timeout`), too much memory (`paper-memory`) or
        ends the process (`paper-crash`).
        """
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        late = threading.Event()

        def end() -> None:
            late.set()
            self._kill(process)

        timer = threading.Timer(self.settings.timeout, end)
        timer.start()
        answer: dict[str, Any] | None = None
        try:
            _send(process.stdin, json.dumps([suffix, path, units.lexicon().folders]).encode())
            _send(process.stdin, data)
            frame = _receive(process.stdout)
            answer = json.loads(frame) if frame is not None else None
        except (OSError, ValueError):
            pass
        finally:
            timer.cancel()
            if answer is None or answer.get("last"):
                self.close()
        if answer is None:
            if late.is_set():
                raise PaperError("paper-timeout", path=path, seconds=self.settings.timeout)
            raise PaperError("paper-crash", path=path)
        if "paper" in answer:
            return _paper(answer["paper"])
        raise PaperError(answer["code"], answer["status"], **answer["values"])

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            self._kill(process)
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    stream.close()  # type: ignore[union-attr]
            process.wait()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        # What a reader writes down for a program that it calls; it goes with the process, however that ends.
        self._folder = tempfile.mkdtemp(prefix="zhengling-")
        paths = [path for path in sys.path if path]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "TMPDIR": self._folder}
        self._process = subprocess.Popen(
            # -P: a module that lies beside the papers is not imported.
            [sys.executable, "-P", "-m", __name__, json.dumps(asdict(self.settings))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        return self._process

    @staticmethod
    def _kill(process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)  # with what it started
            else:
                process.kill()


def main(settings: Settings) -> None:
    """The child's side: answers frames until its input ends."""
    _bound(settings)
    if hasattr(os, "killpg"):
        threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a library that prints must not break a frame
    while True:
        head = _receive(sys.stdin.buffer)
        data = _receive(sys.stdin.buffer) if head is not None else None
        if head is None or data is None:
            return
        _alarm(settings.timeout + 10)  # where nobody is left to end it
        suffix, path, folders = json.loads(head)
        units.use(Lexicon.load(folders))
        answer = _answer(suffix, path, data, settings)
        _send(out, json.dumps(answer).encode())
        out.flush()
        _alarm(0)
        if answer.get("last"):
            return


def call(suffix: str, path: str, data: bytes, settings: Settings) -> Paper:
    """The paper in the bytes of a file, read in this process. A reader that has a parameter `settings` gets them."""
    read = reader_of(suffix)
    more = {"settings": settings} if "settings" in inspect.signature(read).parameters else {}
    return read(path, data, **more)


def _answer(suffix: str, path: str, data: bytes, settings: Settings) -> dict[str, Any]:
    try:
        return {"paper": asdict(call(suffix, path, data, settings))}
    except PaperError as error:
        return {"code": error.code, "status": error.status, "values": {"path": path} | error.values}
    except MemoryError:
        values = {"path": path, "megabytes": settings.memory // 1_000_000}
        return {"code": "paper-memory", "status": 1, "values": values, "last": True}
    except RecursionError:
        return {"code": "paper-deep", "status": 1, "values": {"path": path}, "last": True}
    except Exception as error:
        if "is encrypted" in str(error):  # as the module for ZIPs and xlrd say it
            return {"code": "paper-locked", "status": 1, "values": {"path": path}}
        reason = f"{type(error).__name__}: {error}".partition("\n")[0][:200]
        return {"code": "paper-damaged", "status": 1, "values": {"path": path, "reason": reason}}


def _bound(settings: Settings) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    # The soft limit alone: a program that a reader calls sets its own.
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (settings.memory, hard))


def _watch(parent: int) -> None:
    """Where the parent was ended without a word, what it would have cleared away goes, too."""
    while os.getppid() == parent:
        time.sleep(1)
    shutil.rmtree(tempfile.gettempdir(), ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def _alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):  # its default ends the process, also in the midst of other people's C
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _send(stream: BinaryIO | Any, frame: bytes) -> None:
    stream.write(struct.pack(">Q", len(frame)))
    stream.write(frame)
    stream.flush()


def _receive(stream: BinaryIO | Any) -> bytes | None:
    head = stream.read(8)
    if len(head) < 8:
        return None
    (length,) = struct.unpack(">Q", head)
    frame = stream.read(length)
    return frame if len(frame) == length else None


def _paper(data: dict[str, Any]) -> Paper:
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


if __name__ == "__main__":
    main(Settings(**json.loads(sys.argv[1])))
