"""Speed of reading: text to record, as a multiple of the time that `spacy.blank("zh")` takes to tokenise the same text.

    python benchmarks/read.py [FILE…]      the papers of samples/ and tests/papers/, or the files named

Both are timed in the same process, in turn, and the fastest of several rounds counts. Then a growth curve:
microseconds a character for a paper repeated 1 to 64 times, and for hostile text.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

import spacy
from zhengling.extractors import units
from zhengling.extractors.pipeline import extract_paper, pipeline
from zhengling.extractors.readers.text import read

ROOT = Path(__file__).parent.parent
ROUNDS = 7
HOSTILE = {
    "letters": "一二三，的",
    "open brackets": "（责任单位：",
    "labels": "责任单位：",
    "units": "县财政局、",
    "dates": "2021年6月底前，",
    "headings": "工作任务牵头单位责任单位完成时限\n",
    "tabs": "\tab\n",
    "pipes": "|a|b|\n",
}


def once(text: str) -> float:
    units.parse_list.cache_clear()
    start = perf_counter()
    extract_paper(read("", text.encode()))
    return perf_counter() - start


def main() -> None:
    files = [Path(f) for f in sys.argv[1:]] or sorted(
        [*(ROOT / "samples").glob("*.txt"), *(ROOT / "tests/papers").glob("*.txt")]
    )
    texts = [f.read_text("utf-8") for f in files]
    blank = spacy.blank("zh")
    pipeline()
    ours = theirs = 0.0
    for text in texts:
        mine, other = [], []
        for _ in range(ROUNDS):
            start = perf_counter()
            blank(text)
            other.append(perf_counter() - start)
            mine.append(once(text))
        ours += min(mine)
        theirs += min(other)
    size = sum(map(len, texts))
    print(f"{len(texts)} papers, {size:,} characters")
    print(f"tokenise {theirs * 1e3:7.1f} ms   {theirs / size * 1e6:5.2f} µs a character")
    print(f"read     {ours * 1e3:7.1f} ms   {ours / size * 1e6:5.2f} µs a character")
    print(f"ratio    {ours / theirs:7.2f}")
    print("\nµs a character, text repeated 1 4 16 64 times")
    longest = max(texts, key=len)
    for name, text in {"longest paper": longest, **{k: v * (2000 // len(v)) for k, v in HOSTILE.items()}}.items():
        row = [min(once(text * n) for _ in range(2)) / (len(text) * n) * 1e6 for n in (1, 4, 16, 64)]
        print(f"{name:<16}" + "".join(f"{v:8.2f}" for v in row))


if __name__ == "__main__":
    main()
