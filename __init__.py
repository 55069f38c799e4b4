"""Zhengling 政令图谱: government papers into a graph of tasks, units, directives and deadlines, and answers on it.

    import zhengling as zl

    record = zl.extract("notice.txt")
    graph = zl.open("zhengling-workspace")
    graph.build(["papers"])
    graph.query("unit-workload", role="lead", limit=10)

Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .app.api import Graph, extract, fetch, nlp, open, record
    from .extractors.errors import PaperError, ZhenglingError
    from .extractors.limits import Settings
    from .extractors.model import Record

__all__ = ["Graph", "PaperError", "Record", "Settings", "ZhenglingError", "extract", "fetch", "nlp", "open", "record"]

#: Where what is not of `app/api.py` stands.
_ELSEWHERE = {"PaperError": "errors", "ZhenglingError": "errors", "Record": "model", "Settings": "limits"}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in __all__:
        place = f".extractors.{_ELSEWHERE[name]}" if name in _ELSEWHERE else ".app.api"
        globals()[name] = found = getattr(import_module(place, __name__), name)
        return found
    if name == "__version__":
        from importlib.metadata import version

        return version("zhengling")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
