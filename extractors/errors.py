"""The one exception that a user can cause: a code of the message catalogue, what fills it, and the exit status."""

from __future__ import annotations

from typing import Any


class ZhenglingError(ValueError):
    """`code` names the message in the catalogue (`app/messages.py`), `values` fill it, `status` is the exit status.

    Status 1: a file or a store failed or an argument fits several things; 2: a wrong command, option, name or value.
    """

    def __init__(self, code: str, status: int = 1, **values: Any) -> None:
        super().__init__(code, values)
        self.code, self.status, self.values = code, status, values

    def __str__(self) -> str:
        filled = ", ".join(f"{k}={v}" for k, v in self.values.items())
        return f"{self.code}: {filled}" if filled else self.code


class PaperError(ZhenglingError):
    """A file that can not be read as a paper."""
