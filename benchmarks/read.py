"""Speed of reading: text to record, as a multiple of the time that `spacy.blank("zh")` takes to tokenise the same text.

    python benchmarks/read.py [--papers N] [FILE…]

Both are timed in the same process, one paper after the other, by time of the processor. *First*: papers that were
never read, as a build sees them; others were, so that patterns are compiled and caches hold the words of the genre.
*Again*: the same papers once more, the fastest of several rounds. The papers are N (120) invented ones of the grammar
in `genre/`, and the files named, else those of samples/ and tests/papers/. Then growth: microseconds a character for
texts doubled again and again, which stay the same where time grows with the text.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

import spacy
from zhengling.benchmarks.genre.paper import paper
from zhengling.extractors.layout.paper import lay_out
from zhengling.extractors.pipeline import extract_paper
from zhengling.extractors.readers.content import Content

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
WARM_UP = 40  # papers of another seed that are read before
SIZES = (15_000, 30_000, 60_000, 120_000)
CLAUSE = (
    "（{n}）建好食堂。2023年{m}月底前每村建成一处，按照《松岭省人民政府关于养老服务的意见》（松岭政发〔2022〕5号）办理。"
    "（责任单位：县民政局、县财政局）\n"
)
GROWING = {
    "clauses": "".join(CLAUSE.format(n=n, m=m) for m, n in enumerate("一二三四五六七八九十", 1)),
    "sentences": "各部门要充分认识做好这项工作的重要意义，切实加强组织领导，明确责任分工。",
    "letters": "一二三，的",
    "open brackets": "（责任单位：",
    "labels": "责任单位：",
    "units": "县财政局、",
    "dates": "2021年6月底前，",
    "headings": "工作任务牵头单位责任单位完成时限\n",
    "tabs": "\tab\n",
    "pipes": "|a|b|\n",
}


def read(text: str) -> None:
    extract_paper(lay_out(Content(source=text)))


def cost(work: Callable[[str], object], text: str) -> float:
    start = process_time()
    work(text)
    return process_time() - start


def drawn(seed: str, count: int) -> list[str]:
    """The invented papers of a seed that are plain text."""
    texts = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            one = paper(seed, number)
            if (text := one.text(one.write(Path(folder)))) is not None:
                texts.append(text)
    return texts


def report(name: str, texts: list[str], tokenise: Callable[[str], object]) -> None:
    size = sum(map(len, texts))
    first = [(cost(tokenise, text), cost(read, text)) for text in texts]
    again = [
        (min(cost(tokenise, text) for _ in range(ROUNDS)), min(cost(read, text) for _ in range(ROUNDS)))
        for text in texts
    ]
    print(f"{name}: {len(texts)} papers, {size:,} characters; µs a character")
    for kind, pairs in (("first", first), ("again", again)):
        theirs, ours = (sum(side) for side in zip(*pairs, strict=True))
        print(
            f"  {kind}: tokenise {theirs / size * 1e6:5.2f}, read {ours / size * 1e6:6.2f}, ratio {ours / theirs:6.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path)
    parser.add_argument("--papers", type=int, default=120)
    options = parser.parse_args()
    files = options.files or sorted([*(ROOT / "samples").glob("*.txt"), *(ROOT / "tests/papers").glob("*.txt")])
    tokenise = spacy.blank("zh")
    for text in drawn("warm-up", WARM_UP):
        tokenise(text)
        read(text)
    report("invented papers", drawn("read", options.papers), tokenise)
    report("files", [file.read_text("utf-8") for file in files], tokenise)
    print("\nµs a character of texts of so many characters" + "".join(f"{size:>10,}" for size in SIZES))
    for name, piece in GROWING.items():
        texts = [(piece * (size // len(piece) + 1))[:size] for size in SIZES]
        print(f"  {name:<44}" + "".join(f"{cost(read, t) / len(t) * 1e6:10.2f}" for t in texts))


if __name__ == "__main__":
    sys.exit(main())
