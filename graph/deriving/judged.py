"""What people said of two names: that they mean one unit or document, or two."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ...extractors.words.fold import fold, squeeze
from .identity import UnitFacts


@dataclass(slots=True)
class Judged:
    """`units`: id of a unit → the one that it is, as (id, name, region); `names`: (what the id of a unit begins with, a
    name of it) that is a unit of its own. `documents`: id → the one that it is; `copies`: number of a record → that of
    the one whose document it is; `apart`: numbers of records that are no copy of another."""

    units: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    names: set[tuple[str, str]] = field(default_factory=set)
    documents: dict[str, str] = field(default_factory=dict)
    copies: dict[int, int] = field(default_factory=dict)
    apart: set[int] = field(default_factory=set)

    def unit(self, unit: UnitFacts, name: str) -> UnitFacts:
        """The unit that a name means, given what it would mean without people's word."""
        where, _, _ = unit.id.rpartition("|")
        written = fold(squeeze(name))
        if (where, written) in self.names:
            return replace(unit, id=f"{where}|{written}", name=written)
        seen = {unit.id}
        while unit.id in self.units:
            identity, shown, region = self.units[unit.id]
            if identity in seen:  # a ring: two people each said it of the other
                break
            seen.add(identity)
            unit = replace(unit, id=identity, name=shown, region=region)
        return unit

    def copied(self, n: int) -> int:
        """The record whose document that of a record is, where it is a copy of a copy, too. There are no rings."""
        while n in self.copies:
            n = self.copies[n]
        return n

    def document(self, identity: str) -> str:
        """The document that an id means."""
        seen = {identity}
        while self.documents.get(identity, identity) not in seen:
            identity = self.documents[identity]
            seen.add(identity)
        return identity
