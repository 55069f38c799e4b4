"""A class name means one thing: none stands twice in the package, with a `_` before it or without.

python .ci/names.py    the names that do, with their places; status 1 where there are any
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("extractors", "graph", "queries", "app")


def classes() -> dict[str, list[str]]:
    """Where each class name stands."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(p for folder in FOLDERS for p in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name.lstrip("_")].append(f"{path.relative_to(ROOT).as_posix()}:{node.lineno}")
    return found


def main() -> None:
    twice = {name: places for name, places in classes().items() if len(places) > 1}
    for name, places in sorted(twice.items()):
        print(f"{name}: {', '.join(places)}")
    if twice:
        sys.exit("a class name means one thing: call one of them what it is")


if __name__ == "__main__":
    main()
