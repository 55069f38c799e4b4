"""A piece of a page: a paragraph or a table, and what it stands in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ...words.fold import squeeze
from ..content import Sheet, Text


@dataclass(slots=True)
class PagePiece:
    """A paragraph or table of a page: its element, how much of its text are links, and the files that it links to."""

    item: Text | Sheet
    element: Any
    links: int = 0
    files: list[str] = field(default_factory=list)
    heading: bool = False

    @property
    def text(self) -> str:
        """The words, without white space."""
        if isinstance(self.item, Text):
            return squeeze(self.item.text)
        return "".join(squeeze(b.text) for b in self.item.boxes)
