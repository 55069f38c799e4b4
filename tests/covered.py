"""What the tests covered, by room, printed before the summary: lines that ran of those that could.

`make test` runs pytest inside SlipCover, which takes its marks off the code again as lines have run, and so costs next
to nothing. Its plugin leaves what all processes saw in one file, of which this makes a table; which lines of which file
stands in build/coverage.json. What runs in programs of their own (readers, servers) is not counted.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def room(file: str) -> str:
    """`extractors/steps` of extractors/steps/units.py; files right below a top folder stand under its name."""
    parts = Path(file).parts[:-1]
    return "/".join(parts[:2])


def table(files: dict[str, dict]) -> list[str]:
    """A line for each room and one for all, of `files` by their path below the root with `executed_lines` and
    `missing_lines`."""
    ran: Counter[str] = Counter()
    could: Counter[str] = Counter()
    for file, lines in files.items():
        for name in (room(file), "all"):
            ran[name] += len(lines["executed_lines"])
            could[name] += len(lines["executed_lines"]) + len(lines["missing_lines"])
    rooms = [*sorted(could.keys() - {"all"}), "all"]
    return [
        f"{name:28}{ran[name]:7} of {could[name]:6} lines {ran[name] / could[name]:6.1%}"
        for name in rooms
        if could[name]
    ]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    folder = os.environ.get("SLIPCOVER_COVERAGE_DIR")
    if folder and (merged := Path(folder) / "merged.json").exists():
        terminalreporter.section("covered")
        for line in table(json.loads(merged.read_text("utf-8"))["files"]):
            terminalreporter.write_line(line)
