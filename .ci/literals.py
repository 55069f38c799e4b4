"""Chinese words in code: knowledge is data in `extractors/rules/`, shapes of writing stand in `words/forms.py`, texts
for people in the catalogues; elsewhere there are to be none, but in docstrings.

python .ci/literals.py             the literals of each module, and how many there are
python .ci/literals.py --most N    only how many; status 1 where they are more than N
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("extractors", "graph", "queries", "app")
#: What may hold words, and what is looked at.
APART = ("extractors/rules/", "extractors/words/forms.py", "extractors/words/fold.py", "app/locale/")
_CHINESE = re.compile("[\u3400-\u9fff]")


def literals(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of every literal with a Chinese character that is no docstring."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {id(n.body[0].value) for n in ast.walk(tree) if isinstance(n, holders) and _is_text(n.body)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in docstrings else None
        if isinstance(text, str) and _CHINESE.search(text):
            yield node.lineno, text


def _is_text(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int)
    most = parser.parse_args().most
    total = 0
    for path in sorted(p for folder in FOLDERS for p in (ROOT / folder).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(APART):
            continue
        found = list(literals(ast.parse(path.read_text("utf-8"))))
        total += len(found)
        if most is None and found:
            print(f"{name}: {len(found)}")
            print(*(f"  {line}: {text}" for line, text in found), sep="\n")
    print(f"{total} literals with Chinese words in code")
    if most is not None and total > most:
        sys.exit(f"more than {most}: words belong into extractors/rules/ (python .ci/literals.py lists them)")


if __name__ == "__main__":
    main()
