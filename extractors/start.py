"""What reading works out at its start, the same each time: patterns as `re` compiled them, and rule files as parsed. It
is kept in the user's cache folder for the next start, which takes half as long with it.

Only the process that reads does so, and it keeps what the program's own rules and its own first paper brought, nothing
of any other paper. What is kept is found by the pattern itself, and only by the same Python and rules; a file that is
damaged, or that others could have written, is as if it were not there. Where this Python compiles patterns in another
way, nothing is kept.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from array import array
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from . import rules

#: The paper that is read at a start for which nothing is kept: made up, with something of all that papers have.
FIRST = "first.txt"


class _Pattern(msgspec.Struct, array_like=True):
    """A pattern as `re` compiled it: its flags, its code as 32-bit numbers, how many groups, and their names."""

    flags: int
    code: bytes
    groups: int
    names: dict[str, int]


class _WorkedOut(msgspec.Struct, array_like=True):
    """Patterns by flags and text, rule files by name."""

    patterns: dict[str, _Pattern]
    words: dict[str, msgspec.Raw]


class _Start:
    def __init__(self, file: Path) -> None:
        self.file = file
        self.library: Any = re._compiler  # type: ignore[attr-defined]
        self.plain: Callable[..., re.Pattern[Any]] = self.library.compile
        kept = _read(file)
        self.new = kept is None
        self.kept = kept or _WorkedOut({}, {})
        self.library.compile = self.compiled
        for name, data in self.kept.words.items():
            rules.PARSED[name] = lambda data=data: msgspec.msgpack.decode(data)

    def compiled(self, pattern: Any, flags: int = 0) -> re.Pattern[Any]:
        """In place of what `re` does with a pattern that it has not met."""
        if type(pattern) is not str:
            return self.plain(pattern, flags)
        key = f"{int(flags)} {pattern}"
        found = self.kept.patterns.get(key)
        if found is None:
            if not self.new:
                return self.plain(pattern, flags)
            found = self.kept.patterns[key] = self._worked_out(pattern, flags)
        code = array("I", found.code).tolist()
        names: list[str | None] = [None] * (found.groups + 1)
        for name, number in found.names.items():
            names[number] = name
        return self.library._sre.compile(pattern, found.flags, code, found.groups, found.names, tuple(names))

    def _worked_out(self, pattern: str, flags: int) -> _Pattern:
        parsed = self.library._parser.parse(pattern, flags)
        state = parsed.state
        code = array("I", map(int, self.library._code(parsed, flags))).tobytes()
        return _Pattern(int(flags) | int(state.flags), code, state.groups - 1, dict(state.groupdict))

    def end(self, first: Callable[[], object]) -> None:
        """With nothing kept: do what makes the patterns and words, and keep them."""
        if not self.new:
            return
        first()
        self.library.compile, self.new = self.plain, False
        for name in rules.names(".toml"):
            self.kept.words[name] = msgspec.Raw(msgspec.msgpack.encode(rules.words(name)))
        _write(self.file, msgspec.msgpack.encode(self.kept))
        self.kept = _WorkedOut({}, {})


_started: list[_Start] = []


def begin() -> None:
    """From now on patterns and rules are taken from what is kept, if there is any."""
    with suppress(AttributeError, OSError, ImportError, RuntimeError):  # RuntimeError: a user without a home
        library = re._compiler  # type: ignore[attr-defined]
        if not _started and array("I").itemsize == library._sre.CODESIZE and library._code and library._parser.parse:
            _started.append(_Start(_file()))


def end(first: Callable[[], object]) -> None:
    """Keep what was worked out since `begin`, after `first`, which brings what a paper needs. Nothing is done where it
    was kept before, or where nothing began."""
    for one in _started:
        one.end(first)


def _file() -> Path:
    """Where it is kept: a file for each Python and state of the rules."""
    python = (sys.version, sys.byteorder, re._compiler._sre.MAGIC)  # type: ignore[attr-defined]
    name = sha256(repr((python, rules.version(), rules.text_of(FIRST), msgspec.__version__)).encode()).hexdigest()[:16]
    return _folder() / f"start-{name}"


def _folder() -> Path:
    if named := os.environ.get("XDG_CACHE_HOME"):
        return Path(named) / "zhengling"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "zhengling"
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "zhengling"


def _read(file: Path) -> _WorkedOut | None:
    try:
        with file.open("rb") as opened:
            about = os.fstat(opened.fileno())
            if hasattr(os, "getuid") and (about.st_uid != os.getuid() or about.st_mode & 0o022):
                return None
            return msgspec.msgpack.decode(opened.read(), type=_WorkedOut)
    except (OSError, ValueError):
        return None


_MOST = 32  # files of other Pythons and rules that may lie there


def _write(file: Path, data: bytes) -> None:
    with suppress(OSError, RuntimeError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        number, beside = tempfile.mkstemp(dir=file.parent, prefix=".start-")
        with os.fdopen(number, "wb") as opened:
            opened.write(data)
        Path(beside).replace(file)
        others = sorted(file.parent.glob("start-*"), key=lambda one: one.stat().st_mtime)
        for one in others[:-_MOST]:
            one.unlink()
