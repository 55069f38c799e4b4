"""The one exception that a user can cause: a code of the message catalogue, what fills it, and the exit status."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, ClassVar


class ZhenglingError(ValueError):
    """`code` names the message in the catalogue (`app/messages.py`), `values` fill it, `status` is the exit status.

    Status 1: a file or a store failed or an argument fits several things; 2: a wrong command, option, name or value.
    """

    # Set by the package, so that the error reads as a sentence while nothing here knows of the catalogue.
    words: ClassVar[Callable[[ZhenglingError], str] | None] = None

    def __init__(self, code: str, status: int = 1, **values: Any) -> None:
        super().__init__(code, status, values)
        self.code, self.status, self.values = code, status, values

    def __str__(self) -> str:
        if ZhenglingError.words is not None:
            return ZhenglingError.words(self)
        filled = ", ".join(f"{k}={v}" for k, v in self.values.items())
        return f"{self.code}: {filled}" if filled else self.code

    def __reduce__(self) -> Any:
        return _again, (type(self), self.code, self.status, self.values)


class PaperError(ZhenglingError):
    """A file that can not be read as a paper."""


def notice(code: str, **values: Any) -> None:
    """Say something beside results, as `ZhenglingError` says it: on the log `zhengling`, which Python shows on standard
    error where nobody listens."""
    logging.getLogger("zhengling").warning(ZhenglingError(code, 0, **values))


def _again(kind: type[ZhenglingError], code: str, status: int, values: dict[str, Any]) -> ZhenglingError:
    return kind(code, status, **values)
