"""What tells a text that was aligned from what it became."""

from __future__ import annotations

import hashlib

from ...extractors.model import Task
from ...extractors.words.fold import squeeze


def fingerprint(task: Task) -> str:
    """Of a task's title and text without white space: what only moved to another heading keeps it."""
    return fingerprint_of(task.title, task.text)


def fingerprint_of(title: str | None, text: str) -> str:
    words = squeeze(title or "") + "\x1f" + squeeze(text)
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]
