"""Gains and losses of a change of the rules, fact by fact.

python benchmarks/accuracy.py                        what is missed and invented now, against the gold
python benchmarks/accuracy.py --save before.json     the same, kept
python benchmarks/accuracy.py --against before.json  what the change gained and lost since
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections import Counter
from pathlib import Path

from zhengling import extract

ROOT = Path(__file__).parent.parent
_spec = importlib.util.spec_from_file_location("truth", ROOT / "tests" / "truth.py")
assert _spec is not None and _spec.loader is not None
truth = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(truth)


def wrong() -> dict[str, list[list[str]]]:
    """The facts of each paper that are missed (`-`) or invented (`+`)."""
    sets = dict(truth.SETS)
    if (truth.CORPUS / "gold").exists():
        sets["corpus"] = (truth.CORPUS / "corpus", truth.CORPUS / "gold")
    out: dict[str, list[list[str]]] = {}
    for name, (papers, gold) in sets.items():
        for stem, right in truth.gold_of(gold).items():
            found, said = truth.items(extract(papers / f"{stem}.txt").to_json()), truth.items(right)
            rows = [["-", *i] for i in (said - found).elements()] + [["+", *i] for i in (found - said).elements()]
            out[f"{name}/{stem}"] = sorted(rows)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--against", type=Path)
    options = parser.parse_args()
    now = wrong()
    if options.save:
        options.save.write_text(json.dumps(now, ensure_ascii=False, indent=1), "utf-8")
    if options.against:
        before = json.loads(options.against.read_text("utf-8"))
        for paper in sorted({*now, *before}):
            old = Counter(map(tuple, before.get(paper, [])))
            new = Counter(map(tuple, now.get(paper, [])))
            for label, rows in (("gained", old - new), ("lost", new - old)):
                for row in rows.elements():
                    print(label, paper, *row)
        return
    for paper, rows in now.items():
        for row in rows:
            print(paper, *row)
    print(f"{len(now)} papers, {sum(map(len, now.values()))} facts wrong")


if __name__ == "__main__":
    main()
