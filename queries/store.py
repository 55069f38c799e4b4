"""What a question is asked of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol


class Store(Protocol):
    def rows(self, text: str, parameters: dict[str, Any], /) -> tuple[Sequence[str], Iterable[Sequence[Any]]]: ...
