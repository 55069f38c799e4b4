"""How right the alignment of a paper with its superior is, on pairs aligned by hand.

python benchmarks/lineage.py                       the invented pairs of tests/lineage/pairs, by pair and by degree
python benchmarks/lineage.py FOLDER...             other folders of gold (a file for each pair)
python benchmarks/lineage.py --papers FOLDER...    where the papers are that the gold names
python benchmarks/lineage.py --tasks FOLDER        tasks taken from these files, not read from the papers
python benchmarks/lineage.py --errors              each link that was missed (-) or is wrong (+), labels that differ
python benchmarks/lineage.py --write FOLDER        the alignments, in the form of the gold

A link counts where its two tasks are those of the gold: the same beginning and end, else the same title. A task that
was not read costs its links. `sure` is the precision of what is said to be sure; `firm` are the figures without links
that a careful reader could doubt (found or not, they count for nothing).
"""

from __future__ import annotations

import argparse
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from zhengling import extract
from zhengling.extractors.model import Document, Record, Task, UnitRole
from zhengling.graph.lineage.align import Alignment, align

ROOT = Path(__file__).resolve().parent.parent
PAIRS = ROOT / "tests/lineage/pairs"
LABELS = ("copied", "adapted", "merged", "split", "added")
Pair = tuple[str, str]


@dataclass
class Counts:
    """What was found and right, found and wrong, missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @classmethod
    def of(cls, found: set[Any], true: set[Any]) -> Counts:
        return cls(len(found & true), len(found - true), len(true - found))

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        whole = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / whole if whole else 1.0


@dataclass
class Figures:
    """Of one pair, or of several added up."""

    links: Counts = field(default_factory=Counts)
    firm: Counts = field(default_factory=Counts)
    sure: Counts = field(default_factory=Counts)
    dropped: Counts = field(default_factory=Counts)
    labels: Counter[Pair] = field(default_factory=Counter)  # (in the gold, said)
    errors: list[str] = field(default_factory=list)

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.links + other.links,
            self.firm + other.firm,
            self.sure + other.sure,
            self.dropped + other.dropped,
            self.labels + other.labels,
        )

    @property
    def accuracy(self) -> float:
        """The share of lower tasks whose label is right."""
        return sum(n for (true, said), n in self.labels.items() if true == said) / max(1, self.labels.total())


# --- one pair


def figures(gold: dict[str, Any], found: dict[str, Any]) -> Figures:
    """`found` (`Alignment.to_json`) measured by the gold."""
    above = _same_tasks(found["superior"]["tasks"], gold["superior"]["tasks"])
    below = _same_tasks(found["lower"]["tasks"], gold["lower"]["tasks"])
    said = [{**one, "lower": below[one["lower"]], "superior": above[one["superior"]]} for one in found["links"]]
    true, links = _pairs(gold["links"]), _pairs(said)
    doubtful = _pairs(one for one in gold["links"] if one.get("ambiguous"))
    sure = _pairs(one for one in said if one.get("state", "sure") == "sure")
    out = Figures(Counts.of(links, true), Counts.of(links - doubtful, true - doubtful), Counts.of(sure, true))
    ids = {task["id"] for task in gold["superior"]["tasks"]}
    out.dropped = Counts.of(ids - {upper for _, upper in links}, ids - {upper for _, upper in true})
    lower = [task["id"] for task in gold["lower"]["tasks"]]
    is_, was = labels(said, lower), labels(gold["links"], lower)
    out.labels = Counter((was[task], is_[task]) for task in lower)
    names = {
        side: {t["id"]: t.get("title") or t["starts"] for t in gold[side]["tasks"]} for side in ("lower", "superior")
    }
    scores = {(one["lower"], one["superior"]): (one.get("score"), one.get("state")) for one in said}
    out.errors = [
        *(f"- {_named(pair, names)}" for pair in sorted(true - links)),
        *(f"+ {_named(pair, names)} {scores[pair]}" for pair in sorted(links - true)),
        *(f"  {names['lower'][t]}: {was[t]}, said {is_[t]}" for t in lower if was[t] != is_[t]),
    ]
    return out


def labels(links: Sequence[dict[str, Any]], lower: Iterable[str]) -> dict[str, str]:
    """Each lower task's: merged of several, else split where its superior has several, else the wording; or added."""
    made = Counter(link["superior"] for link in links)
    of: dict[str, list[dict[str, Any]]] = {}
    for link in links:
        of.setdefault(link["lower"], []).append(link)
    return {task: _label(of.get(task, []), made) for task in lower}


def _label(links: Sequence[dict[str, Any]], made: Counter[str]) -> str:
    if not links:
        return "added"
    if len(links) > 1:
        return "merged"
    return "split" if made[links[0]["superior"]] > 1 else links[0]["wording"]


def _pairs(links: Iterable[dict[str, Any]]) -> set[Pair]:
    return {(link["lower"], link["superior"]) for link in links}


def _same_tasks(found: Iterable[dict[str, Any]], gold: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The gold's id of each task that was found; of one that it has not, its own with a mark."""
    by_ends = {(_bare(t["starts"]), _bare(t["ends"])): t["id"] for t in reversed(gold)}
    by_title = {_bare(t["title"]): t["id"] for t in reversed(gold) if t.get("title")}
    return {
        t["id"]: by_ends.get((_bare(t["starts"]), _bare(t["ends"])))
        or by_title.get(_bare(t.get("title")))
        or "?" + t["id"]
        for t in found
    }


def _bare(text: str | None) -> str:
    return "".join(unicodedata.normalize("NFKC", text or "").split())


def _named(pair: Pair, names: dict[str, dict[str, str]]) -> str:
    lower, upper = pair
    return f"{names['lower'].get(lower, lower)} ← {names['superior'].get(upper, upper)}"


# --- papers


@cache
def _read(path: Path) -> Record:
    return extract(path)


def record(name: str, folders: Sequence[Path], tasks: Path | None) -> Record:
    if tasks is not None:
        return _given(json.loads((tasks / f"{name}.json").read_text("utf-8")))
    found = next((path for folder in folders for path in sorted(folder.glob(f"{name}.*"))), None)
    if found is None:
        raise SystemExit(f"no paper {name} in {', '.join(map(str, folders))}")
    return _read(found)


def _given(tasks: list[dict[str, Any]]) -> Record:
    """A record of tasks as the gold has them: nothing is known of the paper, so places stay in."""
    return Record(Document(), tasks=[_task(one) for one in tasks])


def _task(one: dict[str, Any]) -> Task:
    bare = "".join(one["text"].split())
    found = Task(one["id"], one.get("section") or [], one.get("title"), one["text"], bare[:16], bare[-10:])
    found.units += [UnitRole("responsible", name) for _, name in one.get("units") or ()]
    return found


def measured(
    golds: Iterable[Path], folders: Sequence[Path], tasks: Path | None = None
) -> Iterator[tuple[dict[str, Any], Alignment, Figures]]:
    """Each pair: its gold, what was found, how right that is."""
    for path in golds:
        gold = json.loads(path.read_text("utf-8"))
        upper, lower = (record(gold[side]["file"], folders, tasks) for side in ("superior", "lower"))
        found = align(upper, lower)
        yield gold, found, figures(gold, found.to_json())


# --- as lines


def line(name: str, one: Figures) -> str:
    return (
        f"{name:28.28} links P {one.links.precision:.3f} R {one.links.recall:.3f} F1 {one.links.f1:.3f}"
        f" | firm F1 {one.firm.f1:.3f} | sure P {one.sure.precision:.3f} ({one.sure.right + one.sure.wrong})"
        f" | labels {one.accuracy:.3f} | dropped F1 {one.dropped.f1:.3f}"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="*", type=Path, default=[PAIRS / "gold"])
    parser.add_argument("--papers", nargs="+", type=Path, default=[PAIRS / "papers"])
    parser.add_argument("--tasks", type=Path)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--write", type=Path)
    return parser.parse_args()


def main() -> None:
    asked = _arguments()
    whole: dict[str, Figures] = {}
    for folder in asked.gold:
        # siblings are measured but never in the totals
        for gold, found, one in measured(sorted(folder.glob("*.json")), asked.papers, asked.tasks):
            print(line(gold["pair"], one), *(one.errors if asked.errors else ()), sep="\n    ")
            if not gold["pair"].startswith("sib"):
                degree = gold.get("degree") or "real"
                whole[degree] = whole.get(degree, Figures()) + one
            if asked.write:
                asked.write.mkdir(parents=True, exist_ok=True)
                text = json.dumps(found.to_json(), ensure_ascii=False, indent=1)
                (asked.write / f"{gold['pair']}.json").write_text(text, encoding="utf-8")
    print()
    for degree, one in sorted(whole.items()):
        print(line(degree, one))
    print(line("ALL", sum(whole.values(), Figures())))
    confused = sum(whole.values(), Figures()).labels
    wrong = {f"{true}→{said}": n for (true, said), n in sorted(confused.items()) if true != said}
    print("labels that differ:", wrong or "none")


if __name__ == "__main__":
    main()
