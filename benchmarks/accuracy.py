"""How right the program is, and the gains and losses of a change of the rules, fact by fact.

python benchmarks/accuracy.py                        F1 of each kind, precision, losses in silence: each set of papers
python benchmarks/accuracy.py dev layouts            of these sets alone
python benchmarks/accuracy.py --errors               what is missed (-) and invented (+), too
python benchmarks/accuracy.py --save before.json     the same, kept
python benchmarks/accuracy.py --against before.json  what the change gained and lost since

Sets: `samples` and `papers` of the repository; `corpus`, `dev` and `wild` of the folder ZHENGLING_CORPUS, where it is;
`layouts`, drawn from the grammar of the genre (docs/layouts.md).
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from zhengling import ZhenglingError, extract
from zhengling.app.measure.score import Fact, Score, score
from zhengling.app.measure.silence import GRAVE, silent
from zhengling.benchmarks.layouts import outcomes

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("ZHENGLING_CORPUS") or ROOT.parent / "shared")
#: Set → folder of papers, folder of gold. A paper may be there in several forms.
SETS = {
    "samples": (ROOT / "samples", ROOT / "samples/gold"),
    "papers": (ROOT / "tests/papers", ROOT / "tests/papers/gold"),
    "corpus": (SHARED / "corpus", SHARED / "gold"),
    "dev": (SHARED / "dev/papers", SHARED / "dev/gold"),
    "wild": (SHARED / "wild/papers", SHARED / "wild/gold"),
}
LAYOUTS = "layouts"
DRAWN = 300  # papers of the grammar
SHOWN = ("tasks", "units", "deadlines", "citations", "titles", "sections", "citation details", "document")


@dataclass
class Sum:
    """How the papers of a set were read; `facts` are the lines of what is missed or wrong in each."""

    whole: Score = field(default_factory=Score)
    papers: int = 0
    right: int = 0
    silent: int = 0
    facts: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, one: Score, quiet: list[Fact]) -> None:
        self.papers, self.right, self.silent = self.papers + 1, self.right + one.right, self.silent + len(quiet)
        self.facts[name] = sorted(
            [f"- {f.kind} {f.task} {f.said}" for f in one.missed] + [f"+ {f.kind} {f.task} {f.said}" for f in one.wrong]
        )
        self.whole += one

    def line(self, name: str) -> str:
        tallies = self.whole.tallies
        gold = sum(tallies[k].gold for k in GRAVE)
        hit, found = (sum(getattr(tallies[k], what) for k in GRAVE) for what in ("hit", "found"))
        f1 = "".join(f"{tallies[k].f1:>{len(k) + 2}.3f}" for k in SHOWN)
        precision = hit / found if found else 1.0
        return f"{name:<9}{f1}{precision:>11.3f}{self.silent / max(gold, 1):>12.2%}   {self.right} of {self.papers}"


def measured(folder: Path, gold: Path) -> Sum:
    """Every paper of a folder that has gold."""
    out = Sum()
    for path in sorted(folder.iterdir()):
        right = gold / f"{path.stem}.json"
        if path.is_dir() or not right.exists():
            continue
        annotation = json.loads(right.read_text("utf-8"))
        try:
            record = extract(path).to_json()
        except (ZhenglingError, OSError) as error:
            print(f"{path.name}: {error}")
            record = {}
        one = score(annotation, record)
        text = path.read_text("utf-8") if path.suffix == ".txt" else None
        out.add(path.name, one, silent(one.missed, annotation, record, text))
    return out


def drawn() -> Sum:
    """Papers of the grammar."""
    out = Sum()
    with tempfile.TemporaryDirectory() as folder:
        for outcome in outcomes("1", DRAWN, [], Path(folder)):
            out.add(outcome.name, outcome.score, outcome.silent)
    return out


def sums(names: list[str]) -> Iterator[tuple[str, Sum]]:
    for name in names or [*SETS, LAYOUTS]:
        if name == LAYOUTS:
            yield name, drawn()
        elif SETS[name][1].exists():
            yield name, measured(*SETS[name])


def changes(old: dict[str, list[str]], new: dict[str, list[str]]) -> Iterator[str]:
    """The facts gained and lost of the papers of both."""
    for paper in sorted(old.keys() & new.keys()):
        before, now = Counter(old[paper]), Counter(new[paper])
        for label, facts in (("gained", before - now), ("lost", now - before)):
            yield from (f"{label} {paper} {fact}" for fact in facts.elements())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", metavar="SET", nargs="*")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--against", type=Path)
    options = parser.parse_args()
    if unknown := set(options.sets) - {*SETS, LAYOUTS}:
        parser.error(f"no such set: {', '.join(sorted(unknown))}")
    facts: dict[str, list[str]] = {}
    print(" " * 9 + "".join(f"  {k}" for k in SHOWN) + "  precision  in silence   entirely right")
    for name, found in sums(options.sets):
        print(found.line(name), flush=True)
        facts |= {f"{name}/{paper}": lines for paper, lines in found.facts.items()}
    if options.errors:
        for paper, lines in facts.items():
            print("\n".join(f"{paper} {line}" for line in lines), end="\n" * bool(lines))
    if options.save:
        options.save.write_text(json.dumps(facts, ensure_ascii=False, indent=1), "utf-8")
    if options.against:
        print("\n".join(changes(json.loads(options.against.read_text("utf-8")), facts)))


if __name__ == "__main__":
    main()
