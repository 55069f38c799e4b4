"""A whole paper: cover, plan, dirt; its file and its gold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from . import dirt, forms, tables
from .both import SHAPE, both
from .cover import cover as covered
from .cover import document
from .model import Draw, Gold, Plan
from .odd import SHAPES, odd
from .plans import plan as invented
from .prose import prose


@dataclass
class Paper:
    """`features` are what was drawn; `gold` is a right reading, without a document where the paper does not tell it."""

    name: str
    suffix: str
    features: frozenset[str]
    gold: dict[str, Any]
    blocks: list[forms.Block]
    draw: Draw

    @property
    def encoding(self) -> str:
        return self.draw.picked("encoding", "utf-8")

    def text(self, path: Path) -> str | None:
        """The written paper, where it is plain text: lines that a warning may name."""
        return path.read_bytes().decode(self.encoding) if self.suffix in ("txt", "md", "csv", "tsv") else None

    def write(self, folder: Path) -> Path:
        path = folder / f"{self.name}.{self.suffix}"
        forms.write(self.draw, self.blocks, self.suffix, path)
        return path


def paper(
    seed: int | str, number: int, forced: dict[str, str] | None = None, facts: Sequence[Plan] | None = None
) -> Paper:
    """Paper `number` of a seed: the same arguments give the same paper. `facts` stand in for invented plans."""
    draw = Draw(f"{seed}/{number}", forced)
    plan = draw.choice(facts).part(draw, 12) if facts else invented(draw)
    shape = draw.pick("shape", {"table": 3, "prose": 2} | SHAPES | SHAPE)
    covers = {"notice": 2.0, "title alone": 1.5, "page of a site": 0.7}
    # Without a cover nothing tells the year of 6月底前.
    kind = draw.pick("cover", covers | ({"none": 0.8} if plan.years_told else {}))
    gold = Gold(document(plan, kind))
    body: list[forms.Block]
    around = covered(draw, plan, gold, kind, shape not in ("prose", "plan and table"))
    if shape != "prose":
        write = {"table": tables.tables, "plan and table": both}.get(shape, partial(odd, shape=shape))
        body = list(write(draw, plan, gold))
        table = next((b for b in body if isinstance(b, tables.Table)), None)
        suffix = forms.SUFFIX.get(table.form, "txt") if table else "txt"
        if table and table.title and plan.name in around.before:
            around.before.remove(plan.name)
    else:
        suffix = draw.pick("file", {"txt": 6, "html": 1, "docx": 0.5, "md": 0.4, "pdf": 0.6})
        body = list(prose(draw, plan, gold, suffix == "md"))
    written = dirt.Written(list(around.before), body, list(around.after), gold.to_json())
    blocks = dirt.dirty(draw, written, suffix)
    forms.prepare(draw, blocks, suffix)
    if plan.real or not around.whole:
        written.gold["document"] = None
    return Paper(f"{seed}-{number:05}", suffix, frozenset(draw.features), written.gold, blocks, draw)
