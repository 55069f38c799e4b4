"""A process of its own for work on what others wrote: there time and memory are bounded, it can be ended at any moment,
and it reaches no network (Linux).

Started at the first request, kept for the next ones, started anew after one that it did not outlive. Both sides speak
in messages: four bytes that say how many frames follow, each of them eight bytes of length and its content.
"""

from __future__ import annotations

import contextlib
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
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

_LARGEST_MESSAGE = 1 << 34  # bytes: what a broken peer says must not make this side ask for all memory
_START = 120  # seconds that a process may take to load what it needs
_FOLDER = "ZHENGLING_OWN_FOLDER"  # names the folder that goes with the process


class TooSlowError(Exception):
    """The process did not answer in time and was ended."""


class EndedError(Exception):
    """The process ended without an answer."""


#: What of the environment matters to a process of ours: where programs, modules and languages are found.
_MATTERS = ("PATH", "PYTHON", "HOME", "TMP", "TEMP", "LANG", "LC_", "LD_", "TESSDATA", "ZHENGLING")


def surroundings() -> dict[str, str]:
    """What matters to a process that is started now, of what it would find in its environment."""
    return {name: value for name, value in environment().items() if name.startswith(_MATTERS)}


def environment() -> dict[str, str]:
    """The environment of a process that finds the modules that this one finds."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


class Process:
    """The parent's side of `python -m module arguments…`. `close` ends it and all that it started; so does letting go
    of this object, and the end of the program. With `folder`, it has a folder of its own for files that it needs to
    write down."""

    def __init__(self, module: str, *arguments: str, folder: bool = False) -> None:
        self.module, self.arguments, self.folder = module, arguments, folder
        self._one_at_a_time = threading.Lock()
        self._state = threading.Lock()
        self._closed = 0  # how often it was: who starts a process learns that it is not wanted any more
        self._process: subprocess.Popen[bytes] | None = None
        self._end: weakref.finalize[..., Any] | None = None
        self._owner = 0
        self.started_in: dict[str, str] = {}

    def ask(self, *frames: bytes, seconds: float) -> dict[str, Any]:
        """What the process answers to a message. An answer with `last` ends it.

        Raises `TooSlowError` or `EndedError`; whatever is raised here (an interrupt, too) ends the process first.
        """
        with self._one_at_a_time:
            process = self._started()
            assert process.stdin is not None and process.stdout is not None
            late = threading.Event()

            def end() -> None:
                late.set()
                _kill(process)

            timer = threading.Timer(seconds, end)
            timer.start()
            answer: dict[str, Any] | None = None
            try:
                send(process.stdin, frames)
                got = receive(process.stdout)
                answer = json.loads(got[0]) if got else None
            except (OSError, ValueError):
                pass
            finally:
                timer.cancel()
                if answer is None or answer.get("last"):
                    self.close()
            if answer is None:
                raise TooSlowError if late.is_set() else EndedError
            return answer

    @property
    def running(self) -> bool:
        process = self._process
        return process is not None and process.poll() is None

    def close(self) -> None:
        with self._state:
            end, self._end, self._process = self._end, None, None
            self._closed += 1
        if end is not None:
            end()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._end is not None and self._owner != os.getpid():  # this is a fork: the process is another one's
            self._end.detach()
            self._process = self._end = None
        running = self._process
        if running is not None and running.poll() is None:
            return running
        self.close()
        closed = self._closed
        # What is written down for a program that is called there; it goes with the process, however that ends.
        folder = tempfile.mkdtemp(prefix="zhengling-") if self.folder else ""
        self.started_in = surroundings()
        around = environment()
        if folder:
            around |= {"TMPDIR": folder, _FOLDER: folder}
        try:
            process = subprocess.Popen(
                # -P: a module that lies beside the papers is not imported.
                [sys.executable, "-P", "-m", self.module, *self.arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=around,
                start_new_session=True,
            )
        except BaseException:
            _delete(folder)
            raise
        with self._state:
            wanted = self._closed == closed
            if wanted:
                self._process, self._owner = process, os.getpid()
                self._end = weakref.finalize(self, _clear_away, process, folder)
        if not wanted:  # closed by another thread while it began
            _clear_away(process, folder)
            raise EndedError
        self._await_readiness(process)
        return process

    def _await_readiness(self, process: subprocess.Popen[bytes]) -> None:
        """Until it has loaded what it needs: the limit of a request is that of its work."""
        timer = threading.Timer(_START, _kill, [process])
        timer.start()
        ready = False
        try:
            ready = receive(process.stdout) is not None
        finally:
            timer.cancel()
            if not ready:
                self.close()
        if not ready:
            raise EndedError


def _clear_away(process: subprocess.Popen[bytes], folder: str) -> None:
    _kill(process)
    for stream in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            stream.close()  # type: ignore[union-attr]
    process.wait()
    _delete(folder)


def _delete(folder: str) -> None:
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)  # with what it started
        else:
            process.kill()


# --- the child's side -------------------------------------------------------------------------------------------------


Answer = Callable[[list[bytes]], dict[str, Any]]


def serve(prepare: Callable[[], Answer]) -> None:
    """Answers messages until the input ends or an answer is the last. `prepare` gives what answers; the process may be
    sealed there."""
    if hasattr(os, "killpg"):
        threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a library that prints must not break a frame
    answer = prepare()
    send(out, [])  # ready
    while (frames := receive(sys.stdin.buffer)) is not None:
        said = answer(frames)
        send(out, [json.dumps(said).encode()])
        if said.get("last"):
            return


def bound_memory(more: int) -> None:
    """No more than so many bytes beside what the process has taken already (where the system knows such a limit)."""
    try:
        import resource
    except ImportError:  # Windows
        return
    taken = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    # The soft limit alone: a program that is called sets its own.
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = taken + more
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))


@contextlib.contextmanager
def within_memory(more: int) -> Iterator[None]:
    """For a while no more than so many bytes beside what the process has taken; more is a `MemoryError`."""
    try:
        import resource
    except ImportError:  # Windows
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    bound_memory(more)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def alarm(seconds: float) -> None:
    """The process ends itself after so many seconds, where nobody is left to end it; 0: not any more."""
    if hasattr(signal, "setitimer"):  # its default ends the process, also in the midst of other people's C
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _watch(parent: int) -> None:
    """Where the parent was ended without a word, what it would have cleared away goes, too."""
    while os.getppid() == parent:
        time.sleep(1)
    _delete(os.environ.get(_FOLDER, ""))
    os.killpg(0, signal.SIGKILL)


# --- messages ---------------------------------------------------------------------------------------------------------


def send(stream: BinaryIO | Any, frames: Sequence[bytes]) -> None:
    stream.write(struct.pack(">I", len(frames)))
    for frame in frames:
        stream.write(struct.pack(">Q", len(frame)))
        stream.write(frame)
    stream.flush()


def receive(stream: BinaryIO | Any) -> list[bytes] | None:
    """The frames of the next message; None where the stream ends before it is whole."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    frames: list[bytes] = []
    for _ in range(struct.unpack(">I", head)[0]):
        size = stream.read(8)
        if len(size) < 8:
            return None
        (length,) = struct.unpack(">Q", size)
        frame = stream.read(length) if length <= _LARGEST_MESSAGE else b""
        if len(frame) != length:
            return None
        frames.append(frame)
    return frames
