"""What a lower task changed, in words of a language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..messages import Catalogue

if TYPE_CHECKING:
    from ...graph.lineage.changes import Change


def all_changed(changes: Iterable[Change], say: Catalogue) -> str:
    """Several changes on one line."""
    return say("changes-joint").join(changed(change, say) for change in changes)


def changed(change: Change, say: Catalogue) -> str:
    """Its kind, its effect where it shows one, and the words of both papers."""
    words = {"kind": say(f"change-{change.kind}"), "upper": change.upper or "—", "lower": change.lower or "—"}
    if change.effect:
        return say("change-told-effect", effect=say(f"effect-{change.effect}"), **words)
    return say("change-told", **words)
