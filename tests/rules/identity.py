"""How the rules of `rules/identity.toml` are asked in tests: what each finds first."""

from __future__ import annotations

from ..examples import Row, first_found


def fires(text: str, row: Row) -> list[tuple[str, str]]:
    return first_found("identity.toml", text, row)
