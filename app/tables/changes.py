"""What a lower task changed, in words of a language."""

from __future__ import annotations

from ...graph.lineage.changes import Change
from ..messages import Catalogue


def changed(change: Change, say: Catalogue) -> str:
    """Its kind, its effect where it shows one, and the words of both papers."""
    effect = f"（{say(f'effect-{change.effect}')}）" if change.effect else ""
    return say(f"change-{change.kind}") + effect + f"：{change.upper or '—'} → {change.lower or '—'}"
