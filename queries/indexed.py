"""Questions that look for words: what a store's own index finds takes the place of looking through all texts."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from .store import Store

#: A line of such a question: what stands before it finds tasks, as `id` and `rank`, by `text`, `region`, `year` and
#: `limit`; what stands behind tells of them.
MARK = "// found:"
_GIVEN = "UNWIND $found AS one\nWITH one.id AS id, one.rank AS rank\n"


@runtime_checkable
class Indexed(Protocol):
    """A store that may have an index of words."""

    def search(self, words: list[str], region: str, year: int, limit: int, /) -> list[dict[str, Any]] | None: ...


def shortened(store: Store, cypher: str, values: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The text and values that give the same rows as a question with these values, where the index has found what it
    looks for; None where there is nothing to find. Else the question as it is."""
    _, mark, behind = cypher.partition(MARK)
    if not mark or not isinstance(store, Indexed):
        return cypher, values
    found = store.search(values["text"], values["region"], values["year"], values["limit"])
    if found is None:
        return cypher, values
    return (_GIVEN + behind.partition("\n")[2], {"found": found}) if found else None
