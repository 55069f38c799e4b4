"""Work on many objects that stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_RARELY = (100_000, 50, 100)


@contextmanager
def sparing() -> Iterator[None]:
    """Look for rings of objects more rarely: what is known of many papers is no rubbish, and would be gone through each
    time. That is a quarter of what one paper more takes with 30,000 of them."""
    before = gc.get_threshold()
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
