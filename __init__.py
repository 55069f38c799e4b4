"""Zhengling 政令图谱: government papers into a graph of tasks, units, directives and deadlines, and answers on it.

    import zhengling as zl

    record = zl.extract("notice.txt")
    graph = zl.open("zhengling-workspace")
    graph.build(["papers"])
    graph.query("unit-workload", role="lead", limit=10)

Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from typing import Any

from .app.api import Graph, extract, fetch, nlp, open, record
from .extractors.errors import PaperError, ZhenglingError
from .extractors.model import Record

__all__ = ["Graph", "PaperError", "Record", "Settings", "ZhenglingError", "extract", "fetch", "nlp", "open", "record"]


def __getattr__(name: str) -> Any:
    if name == "Settings":
        from .extractors.limits import Settings

        return Settings
    if name == "__version__":
        from importlib.metadata import version

        return version("zhengling")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
