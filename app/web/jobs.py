"""Work that takes longer than a request: begun by one, followed by others, one piece at a time."""

from __future__ import annotations

import json
import secrets
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..beside import command

Event = dict[str, Any]

_KEPT = 20  # jobs that can still be asked for
_TIME = 3600.0  # seconds that one may take


class Job:
    """One run of `reading`, with all that it has said."""

    def __init__(self, folder: Path, language: str, addresses: list[str]) -> None:
        self.id = secrets.token_hex(8)
        self.events: list[Event] = []
        self.ended = False
        self._words = [str(folder), language, *addresses]
        self._process: subprocess.Popen[str] | None = None

    def run(self) -> None:
        """Runs to its end, in the thread that calls."""
        try:
            self._process = subprocess.Popen(
                **command(f"{__package__}.reading", *self._words),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                stdin=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
            )
            watch = threading.Timer(_TIME, self.stop)
            watch.start()
            try:
                assert self._process.stdout is not None
                for line in self._process.stdout:
                    with suppress(ValueError):
                        self.events.append(json.loads(line))
                self._process.wait()
            finally:
                watch.cancel()
        finally:
            if not self.events or self.events[-1].get("stage") not in ("done", "broken"):
                self.events.append({"stage": "broken", "why": ""})
            self.ended = True

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()


class Jobs:
    """One job runs; those that come meanwhile wait their turn."""

    def __init__(self, done: Callable[[], Any]) -> None:
        self._jobs: dict[str, Job] = {}
        self._turn = threading.Lock()
        self._done = done

    def begin(self, job: Job) -> Job:
        while len(self._jobs) >= _KEPT:
            del self._jobs[next(iter(self._jobs))]
        self._jobs[job.id] = job
        threading.Thread(target=self._run, args=(job,), name="reading", daemon=True).start()
        return job

    def _run(self, job: Job) -> None:
        with self._turn:
            job.run()
        self._done()

    def get(self, identity: str) -> Job | None:
        return self._jobs.get(identity)

    def close(self) -> None:
        for job in self._jobs.values():
            job.stop()
