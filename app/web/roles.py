"""What users of a workspace may be; each may what those before it may."""

from __future__ import annotations

ROLES = ("reader", "editor", "admin")
