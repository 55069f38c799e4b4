"""The documents of a store under the names that people give them, and the records of those that are loaded."""

from __future__ import annotations

from ...extractors.model import Record
from ..lineage.verdicts import Verdict
from ..stores.embedded import EmbeddedStore
from .corrected import People
from .judging import said_of
from .naming import Titled, named
from .records import record_name

_LOADED = (
    "MATCH (d:Document {loaded: true}) RETURN d.id AS id, d.number AS number, d.title AS title, d.source AS source "
    "ORDER BY d.id"
)
_CITED = "MATCH (d:Document {loaded: false}) RETURN d.id AS id, d.number AS number, d.title AS title ORDER BY d.id"


class Library:
    """Reads once which documents there are; their records one by one, as they are asked for."""

    def __init__(self, store: EmbeddedStore, people: People) -> None:
        self._store, self._people = store, people
        rows = store.rows(_LOADED, {})[1]
        self._sources = {identity: source for identity, _, _, source in rows}
        self._titled = [
            Titled(identity, number, title, self._files(source)) for identity, number, title, source in rows
        ]

    def _files(self, source: str) -> list[str]:
        held = self._people.held.get(source)
        return held.sources if held else [source]

    def loaded(self, name: str) -> str:
        """The id of the one loaded document that bears a name (id, number, title or file)."""
        return named(name, self._titled)

    def cited(self, name: str) -> str:
        """The id of the one document, cited only, that bears a name (id, number or title)."""
        return named(name, (Titled(i, number, title, ()) for i, number, title in self._store.rows(_CITED, {})[1]))

    def record(self, identity: str) -> Record:
        """The record of a loaded document, as it holds."""
        return self._people.record(record_name(self._sources[identity]))

    def said(self, lower: str, upper: str) -> list[Verdict]:
        """What people have said of links between two loaded documents."""
        return said_of(self._people, self._sources[lower], self._sources[upper])

    def source(self, identity: str) -> str:
        """The file of a loaded document."""
        return self._sources[identity]
