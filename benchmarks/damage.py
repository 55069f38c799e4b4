"""Damage of a workspace, more of it than the tests do: what a store that lost bytes answers, what records that were
changed by hand do, what an import leaves that is killed.

python benchmarks/damage.py [--seed N] [flips] [edits] [kills] [many]      all where none is named

Each attack prints a line where the program gave another answer than the right one with status 0, said nothing, or more
than its lines; the status is 1 where one did.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
FLIPS, EDITS, KILLS, FILES = 46, 55, 24, 5000
_ASKED = ("query", "unit-workload", "--format", "json")
_PROGRAM = "import sys; from zhengling.app.cli import main; sys.exit(main(sys.argv[1:]))"
_LAST = 0.6  # seconds before its end in which an import is killed


class Run(NamedTuple):
    status: int
    out: str
    err: str


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("attacks", nargs="*", metavar="ATTACK", help=", ".join(ATTACKS))
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        shutil.copytree(ROOT / "samples", "samples")
        assert run("build", "samples", "--workspace", "built").status == 0
        assert run("export", "--format", "nquads", "--out", "all.nq", "--workspace", "built").status == 0
        for name in given.attacks or ATTACKS:
            count, bad = 0, 0
            for what, fault in ATTACKS[name](random.Random(given.seed)):
                count += 1
                if fault:
                    bad += 1
                    print(f"{name}: {what}: {fault}", flush=True)
            print(f"{name}: {count} tried, {bad} went wrong", flush=True)
            wrong += bad
    return int(wrong > 0)


def run(*words: object) -> Run:
    command = [sys.executable, "-c", _PROGRAM, "--lang", "en", *map(str, words)]
    done = subprocess.run(command, capture_output=True, timeout=600)
    return Run(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def fresh(name: str, source: str = "built") -> Path:
    shutil.rmtree(name, ignore_errors=True)
    return Path(shutil.copytree(source, name))


def untidy(done: Run) -> str:
    """What no run may say or be, however wrong things are."""
    if done.status not in (0, 1, 2):
        return f"status {done.status}"
    if "Traceback" in done.err or "unexpected" in done.err:
        return done.err[-300:]
    return ""


# --- the store ------------------------------------------------------------


def flips(chance: random.Random) -> Iterator[tuple[str, str]]:
    """One bit at a place of its own, in each part of the store's file: the right rows, or built again with a line."""
    here = fresh("flipped")
    right = run(*_ASKED, "--workspace", here).out
    for n in range(FLIPS):
        size = (here / "cache/graph.lbug").stat().st_size
        at = size * n // FLIPS + chance.randrange(max(1, size // FLIPS))
        at = min(at, size - 1)
        store = here / "cache/graph.lbug"
        data = bytearray(store.read_bytes())
        data[at] ^= 1 << chance.randrange(8)
        store.write_bytes(data)
        done = run(*_ASKED, "--workspace", here)
        said = [line for line in done.err.splitlines() if "graph.lbug is damaged" in line]
        fault = untidy(done)
        if not fault and (done.status != 0 or done.out != right):
            fault = f"status {done.status}, other rows: {done.err[-200:]}"
        if not fault and len(said) != 1:
            fault = "not said"
        yield f"bit at {at}", fault


# --- records ------------------------------------------------------------

#: Values of every kind of JSON, and of none.
_VALUES: dict[str, Any] = {
    "null": None,
    "number": 5,
    "text": "x",
    "list": [],
    "map": {},
    "true": True,
    "decimal": 1.5,
    "huge": 10**400,
    "negative": -1,
    "lone surrogate": "\ud800",
    "long text": "甲" * 1_000_000,
}


def edits(chance: random.Random) -> Iterator[tuple[str, str]]:
    """A field of each name with a value of a wrong type, and texts that are no record: named, and the others go on."""
    assert run("import", "all.nq", "--workspace", "brought").status == 0
    path = max(Path("brought/records").glob("*.json"), key=lambda p: p.stat().st_size)
    good = json.loads(path.read_text("utf-8"))
    wrong = [(place, name) for place in _places(good) for name in sorted(_VALUES) if _differs(good, place, name)]
    for place, name in chance.sample(wrong, EDITS):
        data = json.loads(json.dumps(good))
        _holder(data, place)[place[-1]] = _VALUES[name]
        yield from _edited(path.name, f"{'.'.join(map(str, place))} = {name}", json.dumps(data).encode())
    text = path.read_text("utf-8")
    for name, raw in {
        "deep list": "[" * 100_000,
        "deep map": '{"document":' * 100_000,
        "deep field": text.replace('"warnings": [', '"warnings": [' + "[" * 50_000, 1),
        "NaN": text.replace('"year": ', '"year": NaN, "was": ', 1),
        "Infinity": text.replace('"start": ', '"start": Infinity, "was": ', 1),
        "many digits": text.replace('"start": ', '"start": ' + "9" * 10_000 + ', "was": ', 1),
        "twice": text.replace('"document": {', '"document": 5, "document": {', 1),
        "twice inside": text.replace('"title": ', '"title": 5, "title": ', 1),
        "nothing": "",
        "blank": " \n",
        "cut off": text[: len(text) // 2],
        "two": text + text,
        "comment": "// a\n" + text,
        "zeros": "\0" * 1000,
    }.items():
        yield from _edited(path.name, name, raw.encode())
    for name, raw in {
        "UTF-16": text.encode("utf-16"),
        "UTF-32": text.encode("utf-32"),
        "GB 18030": text.encode("gb18030"),
        "UTF-8 with a mark": text.encode("utf-8-sig"),
        "no UTF-8": text.encode()[:-3] + b"\xff\xfe\n}",
    }.items():
        yield from _edited(path.name, name, raw)


def _holder(data: Any, place: tuple[Any, ...]) -> Any:
    for step in place[:-1]:
        data = data[step]
    return data


def _differs(data: Any, place: tuple[Any, ...], name: str) -> bool:
    return type(_holder(data, place)[place[-1]]) is not type(_VALUES[name])


def _places(data: Any) -> Iterator[tuple[Any, ...]]:
    """One place of each name of a field, in maps and in the first map of lists."""
    seen: set[tuple[Any, ...]] = set()

    def below(value: Any, at: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        if isinstance(value, dict):
            for name, inner in value.items():
                kind = (*(step for step in at if isinstance(step, str)), name)
                if kind not in seen:
                    seen.add(kind)
                    yield (*at, name)
                yield from below(inner, (*at, name))
        elif isinstance(value, list):
            for n, inner in enumerate(value):
                yield from below(inner, (*at, n))

    yield from below(data, ())


def _edited(name: str, what: str, raw: bytes) -> Iterator[tuple[str, str]]:
    here = fresh("edited", "brought")
    (here / "records" / name).write_bytes(raw)
    Path("x.txt").write_text("x", "utf-8")
    done = run("build", "x.txt", "--workspace", here)
    fault = untidy(done)
    named = [line for line in done.err.splitlines() if name in line]
    if not fault and done.status == 0:  # taken as it is: then it must be a record
        from zhengling.extractors.validate import check_record

        try:
            check_record(json.loads(raw.decode("utf-8-sig")))
        except ValueError as error:
            fault = f"taken though it is none: {error}"
    elif not fault and len(named) != 1:
        fault = f"named in {len(named)} lines: {done.err[-300:]}"
    if not fault:
        asked = run(*_ASKED, "--workspace", here)
        fault = untidy(asked) or (
            "" if asked.status == 0 and json.loads(asked.out) else f"not asked: {asked.err[-200:]}"
        )
    yield what, fault


# --- import ------------------------------------------------------------


def kills(chance: random.Random) -> Iterator[tuple[str, str]]:
    """An import that is killed in its last moments leaves all or nothing."""
    began = time.monotonic()
    assert run("import", "all.nq", "--workspace", "whole").status == 0
    took = time.monotonic() - began
    whole = run(*_ASKED, "--workspace", "whole").out
    names = sorted(p.name for p in Path("whole/records").glob("*.json"))
    for n in range(KILLS):
        here = Path("killed")
        shutil.rmtree(here, ignore_errors=True)
        wait = max(0.1, took - _LAST * (KILLS - n) / KILLS + chance.uniform(-0.05, 0.05))
        words = [sys.executable, "-c", _PROGRAM, "import", "all.nq", "--workspace", str(here)]
        with subprocess.Popen(words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
        run("build", "--workspace", here)
        found = sorted(p.name for p in (here / "records").glob("*.json")) if here.exists() else []
        fault = "" if found in ([], names) else f"{len(found)} of {len(names)} records"
        if not fault and found:
            asked = run(*_ASKED, "--workspace", here)
            fault = untidy(asked) or ("" if asked.out == whole else f"other rows: {asked.err[-200:]}")
        if not fault:  # and the next import makes it whole
            again = run("import", "all.nq", "--workspace", here)
            fault = untidy(again) or ("" if run(*_ASKED, "--workspace", here).out == whole else "not whole afterwards")
        yield f"killed after {wait:.2f} of {took:.2f} s, {len(found)} records", fault


# --- many files ------------------------------------------------------------

_FEW_DESCRIPTORS = 'ulimit -n 128; exec "$@"'


def many(chance: random.Random) -> Iterator[tuple[str, str]]:
    """Thousands of small files, most of them no papers, with few descriptors: each is told of, and the build ends."""
    folder = Path("many")
    folder.mkdir()
    text = sorted(Path("samples").glob("*.txt"))[0].read_text("utf-8")
    names = [folder / f"{n:05}{chance.choice(['.txt', '.html', '.csv', '.md', '.json'])}" for n in range(FILES)]
    papers = set(chance.sample(names, FILES // 100))
    for path in names:
        path.write_text(text if path in papers else chance.choice(["", "x", "<p>", "{", "a,b", "\0"]), "utf-8")
    words = ["bash", "-c", _FEW_DESCRIPTORS, "bash", sys.executable, "-c", _PROGRAM, "--lang", "en"]
    command = [*words, "build", str(folder), "--workspace", "of-many"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=3600)
    # What is data and no record of ours is no paper: in a folder it is passed over.
    told = done.stderr + done.stdout
    silent = [str(p) for p in names if p not in papers and p.suffix != ".json" and str(p) not in told]
    fault = untidy(Run(done.returncode, done.stdout, done.stderr))
    if not fault and silent:
        fault = f"{len(silent)} files of which nothing is said, like {silent[0]}"
    yield f"{FILES} files", fault


ATTACKS: dict[str, Callable[[random.Random], Iterator[tuple[str, str]]]] = {
    "flips": flips,
    "edits": edits,
    "kills": kills,
    "many": many,
}

if __name__ == "__main__":
    sys.exit(main())
