"""Mutates real files, thousands a format, and reads each: every one must be read or refused with a code of ours.

    .venv/bin/python benchmarks/fuzz.py [COUNT [FORMAT...]]

Prints a line a format: how many were read, how many refused by code, the slowest. `doc`, `odt` and `rtf` go through
LibreOffice, which takes a second or more for each, and are read only where they are named. A file that raises anything
else is kept in build/fuzz.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from zhengling.extractors.limits import Settings  # noqa: E402
from zhengling.extractors.papers import Reader  # noqa: E402

from tests import forms  # noqa: E402  # pyrefly: ignore
from tests.fuzz import mutated, read_or_refuse, seeds  # noqa: E402  # pyrefly: ignore

OFFICE = ("doc", "odt", "rtf", "xls")


def main(count: int, formats: list[str]) -> int:
    bad = 0
    with tempfile.TemporaryDirectory() as folder, Reader(Settings(timeout=60)) as reader:
        known = seeds(Path(folder))
        for suffix in OFFICE:
            if suffix in formats:
                source = Path(folder, "a.xlsx" if suffix == "xls" else "a.docx")
                known[suffix] = forms.convert([source], suffix, Path(folder))[0].read_bytes()
        for suffix in formats or known:
            codes: Counter[str] = Counter()
            slowest = (0.0, 0)
            for seed in range(count):
                path = Path(folder, f"fuzz.{suffix}")
                path.write_bytes(mutated(known[suffix], seed))
                begin = time.perf_counter()
                try:
                    codes[read_or_refuse(reader, path) or "read"] += 1
                except Exception as error:
                    bad += 1
                    codes[f"RAISED {type(error).__name__}"] += 1
                    kept = ROOT / "build/fuzz" / f"{seed}.{suffix}"
                    kept.parent.mkdir(parents=True, exist_ok=True)
                    kept.write_bytes(path.read_bytes())
                slowest = max(slowest, (time.perf_counter() - begin, seed))
            said = ", ".join(f"{n} {code}" for code, n in codes.most_common())
            print(f"{suffix:5} {count:6}: {said}; slowest {slowest[0]:.1f} s (seed {slowest[1]})", flush=True)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000, sys.argv[2:]))
