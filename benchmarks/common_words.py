"""Words that tasks of the genre have in common whatever they are about: `graph/lineage/common_words.csv`.

python benchmarks/common_words.py FOLDER…    counts them anew over papers of as many subjects as can be had

A word of several papers proves little when two tasks are compared, however rare it is elsewhere. Counted are papers,
not occurrences; a word of one paper alone is left out.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path

import zhengling as zl
from zhengling.graph.lineage import matter

OUT = Path(__file__).parent.parent / "graph" / "lineage" / "common_words.csv"
QUOTED = re.compile(r"[“\"]([^“”\"]{2,12})[”\"]")
FEWEST = 3  # papers that have a word that is kept


def terms(path: Path) -> set[str]:
    """The words of a paper's tasks, and what they set in quotation marks."""
    found: set[str] = set()
    for task in zl.extract(path).tasks:
        one = matter.Matter.of(task)
        found |= one.words.keys() | set(QUOTED.findall(one.head.text + one.body.text))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    counts: Counter[str] = Counter()
    papers = 0
    for folder in parser.parse_args().folders:
        for path in sorted(folder.glob("*.*")):
            try:
                found = terms(path)
            except (OSError, ValueError):
                continue
            papers += bool(found)
            counts.update(found)
    kept = sorted((word, n) for word, n in counts.items() if n >= FEWEST)
    head = f"# Words of tasks in several of {papers} papers of many subjects, and in how many of them\n"
    OUT.write_text(head + f"papers,{papers}\n" + "".join(f"{word},{n}\n" for word, n in kept), encoding="utf-8")
    print(f"{OUT}: {len(kept)} words of {papers} papers")


if __name__ == "__main__":
    main()
