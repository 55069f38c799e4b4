"""The same facts in whatever layout: papers drawn from a grammar of the genre, and how well each feature is read.

python benchmarks/layouts.py [N] [--seed S]        N papers (300): F1 of each kind, of each feature, losses in silence
python benchmarks/layouts.py --feature 'form: bars'   only papers with a feature (may be given again)
python benchmarks/layouts.py 1 --show              print the papers and their gold
python benchmarks/layouts.py 40 --errors           every fact missed (-) or invented (+), with the paper's features
python benchmarks/layouts.py --out DIR             keep papers/, gold/ and records/ there
python benchmarks/layouts.py --real                facts of the papers in ZHENGLING_CORPUS, not invented ones

Same seed, same papers. The grammar stands in `genre/`; docs/layouts.md says what it draws.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from zhengling import ZhenglingError, extract
from zhengling.app.measure.score import Fact, Score, score, total
from zhengling.app.measure.silence import GRAVE, silent
from zhengling.benchmarks.genre.facts import plans
from zhengling.benchmarks.genre.model import Plan
from zhengling.benchmarks.genre.paper import Paper, paper

ROOT = Path(__file__).resolve().parent.parent
PROCESSES = 2
SHOWN = ("tasks", "units", "deadlines", "titles", "sections", "citations", "citation details", "document")


@dataclass
class Outcome:
    """How one paper was read."""

    name: str
    features: frozenset[str]
    score: Score
    silent: list[Fact]
    error: str = ""
    #: Names of persons that the record tells: those of its units, and all.
    named: int = 0
    told: int = 0


def read(drawn: Paper, out: Path) -> Outcome:
    """Write a paper into the folder, extract it, compare."""
    for name in ("papers", "gold", "records"):
        (out / name).mkdir(parents=True, exist_ok=True)
    path, error = drawn.write(out / "papers"), ""
    try:
        record = extract(path).to_json()
    except (ZhenglingError, OSError) as reason:
        record, error = {"document": {}, "citations": [], "tasks": []}, str(reason)
    gold = dict(drawn.gold)
    if gold["document"] is None:  # the paper does not tell it
        gold["document"], record = {}, record | {"document": {}}
    for folder, content in (("gold", drawn.gold), ("records", record)):
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (out / folder / f"{drawn.name}.json").write_text(text, "utf-8")
    found = score(gold, record)
    quiet = silent(found.missed, gold, record, drawn.text(path))
    persons = drawn.draw.persons
    units = [u["name"] for t in record["tasks"] for u in t["units"]]
    named = sum(any(p in unit for p in persons) for unit in units)
    return Outcome(drawn.name, drawn.features, found, quiet, error, named, sum(p in text for p in persons))


def papers(seed: str, wanted: list[str], numbers: range, real: bool = False) -> Iterator[Paper]:
    """The papers of a seed that have all wanted features; choices are forced where they can be, else drawn again."""
    facts = _real() if real else None
    forced = {name: value or "yes" for name, _, value in (w.partition(": ") for w in wanted)}
    for number in numbers:
        for again in range(50):
            drawn = paper(seed if not again else f"{seed}+{again}", number, forced, facts)
            if all(any(f == w or f.startswith(f"{w}: ") for f in drawn.features) for w in wanted):
                yield drawn
                break


@cache
def _real() -> list[Plan]:
    found = plans(Path(os.environ.get("ZHENGLING_CORPUS") or ROOT.parent / "shared"))
    if not found:
        sys.exit("the real papers are not there: set ZHENGLING_CORPUS to the folder with corpus/, gold/ and dev/")
    return found


def _one(seed: str, wanted: list[str], real: bool, out: Path, number: int) -> list[Outcome]:
    return [read(drawn, out) for drawn in papers(seed, wanted, range(number, number + 1), real)]


def outcomes(seed: str, count: int, wanted: list[str], out: Path, real: bool = False) -> list[Outcome]:
    """How `count` papers of a seed are read; what they were stays in the folder."""
    work = partial(_one, seed, wanted, real, out)
    with ProcessPoolExecutor(PROCESSES) as pool:
        return [o for each in pool.map(work, range(count), chunksize=5) for o in each]


# --- report ----------------------------------------------------------------------------------------------------------


def by_feature(read: list[Outcome]) -> dict[str, list[Outcome]]:
    out: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in read:
        for feature in outcome.features:
            out[feature].append(outcome)
    return out


def report(read: list[Outcome]) -> str:
    """A table: all papers, then each feature, the worst read first."""

    def line(name: str, some: list[Outcome]) -> str:
        tallies = total(o.score for o in some).tallies
        return f"{name:<58}{len(some):>6}" + "".join(f"{tallies[k].f1:>{len(k) + 3}.3f}" for k in SHOWN)

    def worst(some: list[Outcome]) -> float:
        tallies = total(o.score for o in some).tallies
        return min(tallies[k].f1 for k in ("tasks", "units", "deadlines"))

    out = [f"{'F1':<58}{'papers':>6}" + "".join(f"{k:>{len(k) + 3}}" for k in SHOWN), line("all", read)]
    groups = by_feature(read)
    out += [line(name, groups[name]) for name in sorted(groups, key=lambda name: (worst(groups[name]), name))]
    return "\n".join([*out, "", summary(read)])


def summary(read: list[Outcome]) -> str:
    whole = total(o.score for o in read)
    facts = sum(whole.tallies[k].gold for k in GRAVE)
    lost = sum(len(o.silent) for o in read)
    right = sum(o.score.right for o in read)
    precision = ", ".join(f"{k} {whole.tallies[k].precision:.4f}" for k in GRAVE)
    return (
        f"{right} of {len(read)} papers entirely right; lost in silence {lost} of {facts} facts ({lost / facts:.2%});"
        f" precision: {precision}; persons told in {sum(o.told > 0 for o in read)} papers,"
        f" named as units {sum(o.named for o in read)} times"
    )


def show(drawn: Paper) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = drawn.write(Path(folder))
        print(f"=== {path.name}: {'; '.join(sorted(drawn.features))}\n")
        if drawn.suffix in ("docx", "xlsx", "pdf"):
            print(f"({drawn.suffix}: --out keeps it)")
        else:
            print(path.read_bytes().decode(drawn.encoding))
    print(json.dumps(drawn.gold, ensure_ascii=False, indent=1))


def errors(read: list[Outcome]) -> Iterator[str]:
    for o in read:
        if o.score.missed or o.score.wrong or o.error:
            yield f"=== {o.name}: {'; '.join(sorted(o.features))} {o.error}"
            quiet = set(map(id, o.silent))
            yield from (
                f"- {f.kind}: {f.task} {f.said}{' (in silence)' if id(f) in quiet else ''}" for f in o.score.missed
            )
            yield from (f"+ {f.kind}: {f.task} {f.said}" for f in o.score.wrong)


def to_json(read: list[Outcome]) -> dict[str, Any]:
    groups = {"all": read} | by_feature(read)
    return {name: {"papers": len(some)} | total(o.score for o in some).to_json() for name, some in groups.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", metavar="N", nargs="?", type=int, default=300)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--feature", action="append", default=[])
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if options.show:
        for drawn in papers(options.seed, options.feature, range(options.count), options.real):
            show(drawn)
        return
    with tempfile.TemporaryDirectory() as folder:
        read = outcomes(options.seed, options.count, options.feature, options.out or Path(folder), options.real)
    if options.errors:
        print("\n".join(errors(read)))
    print(json.dumps(to_json(read), ensure_ascii=False, indent=1) if options.json else report(read))


if __name__ == "__main__":
    main()
