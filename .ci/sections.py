"""Sorts constraints.txt into sections: what the demo needs, what every extra needs, what work on the program needs.

Each section begins with a line `# NAME: …`, and what comes before a line is enough for what stands there.
Arguments: the lists of the first two, as uv writes them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

LOCK = Path(__file__).parent.parent / "constraints.txt"
SECTIONS = (
    "# demo: what `make demo` installs (extras view and xlsx)",
    "# all: what every other extra needs as well",
    "# work: what tests, checks and the site of the documentation need as well",
)


def names(path: Path) -> set[str]:
    """The packages that a list names."""
    return set(re.findall(r"^([\w.-]+)==", path.read_text("utf-8"), re.MULTILINE))


def sort(demo: Path, everything: Path) -> None:
    """Write constraints.txt anew."""
    lines = "".join(line for line in LOCK.read_text("utf-8").splitlines(True) if not line.startswith("#"))
    entries = re.findall(r"^([\w.-]+)(==.*\n(?: .*\n)*)", lines, re.MULTILINE)
    needed = [names(demo), names(everything)]
    sections: list[list[str]] = [[], [], []]
    for name, rest in entries:
        place = next((place for place, names_ in enumerate(needed) if name in names_), len(needed))
        sections[place].append(name + rest)
    text = "".join(f"{head}\n{''.join(body)}" for head, body in zip(SECTIONS, sections, strict=True))
    LOCK.write_text(text, "utf-8")


if __name__ == "__main__":
    sort(*map(Path, sys.argv[1:]))
