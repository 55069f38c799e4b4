"""Who says what is said on a page."""

from __future__ import annotations

from ...extractors.errors import ZhenglingError
from ..people import person
from .visit import Visit


def who(visit: Visit) -> str:
    """Who says it: the user who logged in; on this machine without users the person that the account names."""
    if visit.who is not None and visit.who.name:
        return visit.who.name
    try:
        return visit.posted("by", 60) or person()
    except ZhenglingError:
        return ""
