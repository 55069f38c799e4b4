"""How many small faults in the code the tests notice. Mutants are made by mutmut's operators; a fork server tries each
on the tests that run its line, quickest first, in a copy of the tree.

    python benchmarks/mutants.py [ROOM | MODULE...] [--sample N] [--seed S] [--show WORDS] [--tests NAME...]

ROOM is one of steps, words, record, deriving, lineage (all by default), MODULE a path in one of them; N mutants are
drawn of each module (12; 0: all of them, which takes a day). Which lines each test runs is measured first, and again
where something changed. `--tests rules,times` runs only `tests/test_rules.py` and `tests/test_times.py`, which is
quicker: what lives so may be killed by others. What is found is kept in build/mutants: the next run tries only what is
new, and again what lived where a test changed. A line that no test was seen to run may run in a process of its own: it
gets the tests of its module. What lives is printed with its place; `equivalent.toml` names those that no test could
notice, and why. That no rule of `extractors/rules/` can be taken out unnoticed is held by
`tests/test_rules.py`, which takes out each in turn.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.mutation import inside, server  # noqa: E402  # pyrefly: ignore
from benchmarks.mutation.faults import Fault, drawn, faults_of  # noqa: E402  # pyrefly: ignore
from benchmarks.mutation.swap import swap  # noqa: E402  # pyrefly: ignore

KEPT = ROOT / "build/mutants"
ROOMS = {
    "steps": "extractors/steps",
    "words": "extractors/words",
    "record": "extractors/record",
    "deriving": "graph/deriving",
    "lineage": "graph/lineage",
}
#: Files of tests that ask these rooms something without a browser, a server or another program.
_CASES = ("cases_bugs", "cases_cites", "cases_prose", "cases_tables", "cases_times", "cases_units")
_READING = (
    "rules",
    "words",
    "needs",
    "citations",
    "units",
    "document",
    "times",
    "prose",
    "table_steps",
    "personal",
    "lexicon",
)
_MORE = ("extract", "truth", "spacy", "graph", "chain", "check", "sources", "origins", "lineage", "score")
_DERIVING = ("deriving", "pieces", "adding", "corrections")
TESTS = (*_CASES, *_READING, "steps", "clauses", "record", *_MORE, *_DERIVING)
#: Seconds that measuring a file may take.
LONGEST = 900.0
#: Seconds of a test that is not to be run.
NEVER = 1e9
NO_TESTS = "no test runs it"
LIVES, KILLED, EQUIVALENT = "lives", "killed", "equivalent"


def copy(to: Path) -> None:
    """The tree as git knows it, under the package's name."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, to / name)
    (to / "build/layout").mkdir(parents=True, exist_ok=True)
    (to / "build/layout/zhengling").symlink_to("../..")


def _hash(*files: Path) -> str:
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.read_bytes() + b"\0")
    return whole.hexdigest()[:16]


# --- which tests run which lines -------------------------------------------------------------------------------------


@dataclass
class Map:
    """The tests that run a line, and what each takes."""

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    modules: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    version: str = ""
    budget: float = 20.0

    def tests(self, fault: Fault) -> list[str]:
        """Those of its statement; of what is run when the module is loaded, those of the module: quickest first, as far
        as the budget goes."""
        found = set().union(*(self.lines.get((fault.module, line), ()) for line in fault.lines))
        return self._quickest(found if found or fault.function else self.modules[fault.module])

    def near(self, fault: Fault) -> list[str]:
        """Those of its module: what none of them was seen to run may run in a process of their own."""
        return self._quickest(self.modules[fault.module])

    def _quickest(self, found: Iterable[str]) -> list[str]:
        out, spent = [], 0.0
        for name in sorted(found, key=lambda name: (self.seconds[name], name)):
            spent += self.seconds[name]
            if spent > self.budget and out:
                break
            out.append(name)
        return out


def measured(tree: Path, files: dict[str, Path]) -> Map:
    """Made from what is kept of each file of tests, measured again where that or a module that it runs has changed."""
    out, versions = Map(), []
    for name, test in files.items():
        more = sorted((tree / "tests/rules").glob("*.py")) if name == "rules" else []
        version = _hash(test, *more)
        kept = KEPT / f"map-{name}.json"
        if not _is_right(tree, kept, version):
            _measure(tree, name, test, kept, version)
        data = json.loads(kept.read_text("utf-8"))
        versions.append(version)
        for test_name, of in data["tests"].items():
            out.seconds[test_name] = of["seconds"]
            for module, lines in of["lines"].items():
                out.modules[module].add(test_name)
                for line in lines:
                    out.lines[module, line].add(test_name)
    out.version = hashlib.sha256(" ".join(versions).encode()).hexdigest()[:16]
    return out


def tests_of(tree: Path, names: Sequence[str]) -> dict[str, Path]:
    files = {name: tree / f"tests/test_{name}.py" for name in names}
    return {name: file for name, file in files.items() if file.exists()}


def _is_right(tree: Path, kept: Path, version: str) -> bool:
    """Whether what is kept of a file of tests is still so. A module that it did not run is none of its business."""
    if not kept.exists():
        return False
    data = json.loads(kept.read_text("utf-8"))
    there = all((tree / module).exists() for module in data["modules"])
    return data["version"] == version and there and all(_hash(tree / m) == h for m, h in data["modules"].items())


def _measure(tree: Path, name: str, test: Path, kept: Path, version: str) -> None:
    print(f"measuring tests/{test.name}", file=sys.stderr, flush=True)
    fresh = tree / f"build/{name}.json"
    work = partial(inside.measure, str(test.relative_to(tree)), list(ROOMS.values()), fresh)
    status = server.forked(work, KEPT / f"map-{name}.log", LONGEST)
    if status not in (0, 1):
        sys.exit(f"the tests of {test.name} do not run (status {status}): {KEPT}/map-{name}.log")
    data = json.loads(fresh.read_text("utf-8"))
    if data["failed"]:
        # They are not tried: what only they would notice lives.
        print(
            f"{data['failed']} of {data['failed'] + len(data['tests'])} do not hold here", file=sys.stderr, flush=True
        )
    modules = sorted({module for of in data["tests"].values() for module in of["lines"]})
    hashes = {module: _hash(tree / module) for module in modules}
    kept.write_text(json.dumps({"version": version, "modules": hashes} | data), "utf-8")


# --- trying ----------------------------------------------------------------------------------------------------------


class Results:
    """What became of each mutant, kept from run to run."""

    def __init__(self, tests: str) -> None:
        self._file, self._tests = KEPT / "results.jsonl", tests
        lines = self._file.read_text("utf-8").splitlines() if self._file.exists() else []
        self._known = {row["id"]: row for row in map(json.loads, lines)}

    def known(self, fault: Fault) -> str:
        """Its outcome, if it still stands: what lived under other tests is unknown."""
        row = self._known.get(_id(fault))
        return row["outcome"] if row and (row["outcome"] == KILLED or row["tests"] == self._tests) else ""

    def keep(self, fault: Fault, outcome: str) -> None:
        row = {"id": _id(fault), "outcome": outcome, "tests": self._tests, "what": str(fault)}
        self._known[row["id"]] = row
        with self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def _id(fault: Fault) -> str:
    return hashlib.sha256(fault.source.encode()).hexdigest()[:24]


def quickly(tree: Path, files: list[Path], faults: list[Fault], tests: Map, results: Results) -> None:
    """Keeps which faults the tests kill when the code of loaded functions is exchanged: a tenth of a second each. What
    lives so may be killed all the same when it is there from the start."""

    def each(run: inside.Run) -> None:
        forget = import_module("tests.examples").forget
        asked = list(dict.fromkeys(name for fault in faults for name in tests.tests(fault)))

        def without() -> int:
            forget()
            (tree / "build/failed.json").write_text(json.dumps(run(asked, False)), "utf-8")
            return 0

        # Some tests do not hold where things were forgotten; they would kill everything.
        if not faults or server.forked(without, KEPT / "last.log", _limit(tests, asked)):
            return
        tests.seconds |= dict.fromkeys(json.loads((tree / "build/failed.json").read_text("utf-8")), NEVER)
        for fault in faults:
            chosen = [name for name in tests.tests(fault) if tests.seconds[name] < NEVER]

            def work(fault: Fault = fault, chosen: list[str] = chosen) -> int:
                if not swap(fault):
                    return 0
                forget()
                return int(bool(run(chosen, True)))

            if chosen and server.forked(work, KEPT / "last.log", _limit(tests, chosen)):
                results.keep(fault, KILLED)

    names = [str(file.relative_to(tree)) for file in files]
    server.forked(lambda: inside.collected(names, each) or 0, KEPT / "collected.log", 100_000)


def _limit(tests: Map, chosen: list[str]) -> float:
    return 3 * sum(tests.seconds[name] for name in chosen) + 20


def outcome_of(tree: Path, fault: Fault, tests: Map) -> str:
    """Killed by a test that fails, by a module that does not load, or by taking too long."""
    seen = tests.tests(fault)
    chosen = seen or tests.near(fault)
    if not chosen:
        return NO_TESTS
    file = tree / fault.module
    whole = file.read_text("utf-8")
    file.write_text(fault.source, "utf-8")
    for old in file.parent.glob(f"__pycache__/{file.stem}.*"):
        old.unlink()
    try:
        status = server.forked(partial(inside.run, chosen), KEPT / "last.log", _limit(tests, chosen))
    finally:
        file.write_text(whole, "utf-8")
    return KILLED if status else LIVES if seen else NO_TESTS


def equivalents() -> dict[tuple[str, str, str, str], str]:
    """(module, function, what was, what it becomes) → why no test could notice it."""
    rows = tomllib.loads((ROOT / "benchmarks/mutation/equivalent.toml").read_text("utf-8"))["mutant"]
    return {(r["module"], r["function"], r["was"], r["becomes"]): r["why"] for r in rows}


def tried(tree: Path, modules: list[str], options: argparse.Namespace) -> Iterator[tuple[Fault, str]]:
    """The mutants drawn of the modules, with what became of each."""
    files = tests_of(tree, options.tests.split(",") if options.tests else TESTS)
    tests = measured(tree, files)
    tests.budget = options.seconds
    results, same = Results(tests.version), equivalents()
    faults = [
        fault
        for module in modules
        for fault in drawn(faults_of(module, (tree / module).read_text("utf-8")), options.sample, options.seed)
        if options.show in str(fault)
    ]
    equal = [(f.module, f.function, f.was, f.becomes) in same for f in faults]
    new = [f for f, e in zip(faults, equal, strict=True) if not e and not results.known(f)]
    quickly(tree, list(files.values()), new, tests, results)
    results = Results(tests.version)
    for fault, alike in zip(faults, equal, strict=True):
        outcome = EQUIVALENT if alike else results.known(fault)
        if not outcome:
            outcome = outcome_of(tree, fault, tests)
            results.keep(fault, outcome)
        yield fault, outcome


def modules_of(names: list[str]) -> list[str]:
    out = []
    for name in names or ROOMS:
        folder = ROOT / ROOMS[name] if name in ROOMS else ROOT / name
        files = [folder] if folder.is_file() else sorted(folder.glob("*.py"))
        out += [p.relative_to(ROOT).as_posix() for p in files if p.name != "__init__.py"]
    return out


def line(name: str, counts: Counter[str]) -> str:
    counted = counts.total() - counts[EQUIVALENT]
    share = counts[KILLED] / counted if counted else 1.0
    unseen = f", {counts[EQUIVALENT]} equivalent" if counts[EQUIVALENT] else ""
    return f"{name:<36}{counted:>5} mutants, {counts[KILLED]:>4} killed ({share:.1%}){unseen}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="ROOM | MODULE")
    parser.add_argument("--sample", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--nice", type=int, default=19)
    parser.add_argument("--seconds", type=float, default=20, help="that the tests of one mutant may take, as measured")
    parser.add_argument("--tests", default="", metavar="NAME,…", help="only these files of tests")
    parser.add_argument("--show", default="", metavar="WORDS", help="only mutants whose line has these words")
    options = parser.parse_args()
    os.nice(options.nice)
    KEPT.mkdir(parents=True, exist_ok=True)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder).resolve()
        copy(tree)
        os.environ.setdefault("ZHENGLING_CORPUS", str(ROOT.parent / "shared"))
        server.prepare(tree)
        for fault, outcome in tried(tree, modules_of(options.names), options):
            counts[fault.module][outcome] += 1
            if outcome in (LIVES, NO_TESTS):
                print(f"{outcome}: {fault} [{fault.function}]", flush=True)
    report(counts)
    return 0


def report(counts: dict[str, Counter[str]]) -> None:
    for module, some in counts.items():
        print(line(module, some))
    for room, folder in ROOMS.items():
        whole: Counter[Any] = sum((c for m, c in counts.items() if m.startswith(f"{folder}/")), Counter())
        if whole:
            print(line(room, whole))


if __name__ == "__main__":
    sys.exit(main())
