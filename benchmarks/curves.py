"""How what a build costs grows with the papers: measured by the steps of `scale.py`, drawn as pictures.

    python benchmarks/curves.py 200 400 800            papers; writes docs/curves/*.svg, and figures.json beside them
    python benchmarks/curves.py                        draws what is in figures.json once more

Both axes are logarithmic: what grows with the papers is a straight line that rises by one for one, and what does not is
level. Times are seconds of processor time of one process, its start included.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from zhengling.benchmarks import scale

OUT = Path(__file__).parent.parent / "docs" / "curves"
_WIDE, _HIGH, _LEFT, _BELOW, _BESIDE, _ABOVE = 600, 320, 52, 36, 168, 16
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")  # told apart also by those who see few colours

Figures = list[dict[str, float]]
#: Picture → unit, and the lines in it: the key of a figure and its name.
PICTURES: dict[str, tuple[str, dict[str, str]]] = {
    "time": ("s", {"first": "first build", "more": "one paper more", "nothing": "nothing new", "copy": "COPY alone"}),
    "size": ("MB", {"peak": "peak of memory", "store": "store", "pieces": "pieces"}),
}


def measured(papers: int) -> dict[str, float]:
    """The figures of so many papers, each step in a process of its own."""
    with scale.generated(papers) as folder:
        first, more, nothing, copy = scale.grown(folder, papers)
    return {
        "papers": papers,
        "tasks": first["tasks"],
        "first": first["seconds"],
        "more": more["seconds"],
        "nothing": nothing["seconds"],
        "copy": copy["seconds"],
        "peak": first["peak"],
        "store": first["graph.lbug"],
        "pieces": first["pieces.duckdb"],
    }


def _ticks(low: float, high: float) -> Iterable[float]:
    """1, 2, 5, 10, … between two numbers."""
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        yield from (t for t in (10.0**power, 2 * 10.0**power, 5 * 10.0**power) if low <= t <= high)


def drawn(figures: Figures, unit: str, lines: dict[str, str]) -> str:
    """A picture in SVG."""
    across = [one["papers"] for one in figures]
    values = [one[key] for one in figures for key in lines]
    low, high = min(values) / 1.3, max(values) * 1.3

    def x(papers: float) -> float:
        return _LEFT + (_WIDE - _LEFT - _BESIDE) * math.log(papers / across[0]) / math.log(across[-1] / across[0])

    def y(value: float) -> float:
        return _ABOVE + (_HIGH - _ABOVE - _BELOW) * (1 - math.log(value / low) / math.log(high / low))

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" font-family="sans-serif" ']
    parts[0] += f'font-size="12"><rect width="{_WIDE}" height="{_HIGH}" fill="#fff"/>'
    for tick in _ticks(low, high):
        at = f"{y(tick):.1f}"
        parts.append(f'<path d="M{_LEFT} {at}H{_WIDE - _BESIDE}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{at}" dy="4" text-anchor="end">{tick:g}</text>')
    for papers in across:
        parts.append(f'<text x="{x(papers):.1f}" y="{_HIGH - 18}" text-anchor="middle">{papers:,.0f}</text>')
    parts.append(f'<text x="4" y="12">{unit}</text><text x="{_LEFT}" y="{_HIGH - 3}">papers</text>')
    for (key, name), colour in zip(lines.items(), _COLOURS, strict=False):
        points = [(x(one["papers"]), y(one[key])) for one in figures]
        way = "L".join(f"{a:.1f} {b:.1f}" for a, b in points)
        parts.append(f'<path d="M{way}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"/>' for a, b in points]
        a, b = points[-1]
        parts.append(f'<text x="{a + 8:.1f}" y="{b:.1f}" dy="4" fill="{colour}">{name} {figures[-1][key]:.3g}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def main(sizes: Sequence[int]) -> None:
    OUT.mkdir(exist_ok=True)
    kept = OUT / "figures.json"
    if sizes:
        figures = [measured(size) for size in sorted(sizes)]
        kept.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    figures = json.loads(kept.read_text("utf-8"))
    names = list(figures[0])
    print(" ".join(f"{name:>8}" for name in names))
    for one in figures:
        print(" ".join(f"{one[name]:8,.{0 if name in ('papers', 'tasks') else 1}f}" for name in names))
    for name, (unit, lines) in PICTURES.items():
        (OUT / f"{name}.svg").write_text(drawn(figures, unit, lines), "utf-8")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
