"""How many random examples a property is tried with: few in an ordinary run, more where somebody asks for it."""

from __future__ import annotations

import os

_EFFORT = int(os.environ.get("ZHENGLING_EFFORT") or 1)


def examples(count: int) -> int:
    """`count`, or so many times as many as ZHENGLING_EFFORT says (`make test EFFORT=10`)."""
    return count * _EFFORT
