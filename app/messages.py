"""Every text that a person reads, by code, in Chinese and English.

The texts stand in `locale/<language>/LC_MESSAGES/zhengling.po`, one file a language; `make catalogue` compiles them to
the `.mo` files that are read here.
"""

from __future__ import annotations

import errno
import gettext
import os
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..extractors.errors import ZhenglingError

LANGUAGES = ("zh", "en")
LOCALE = Path(__file__).with_name("locale")


def language_of(environ: Mapping[str, str] = os.environ) -> str:
    """The language of a locale: `zh` where it is Chinese, `en` everywhere else, also where none is set."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return "zh" if environ[name].lower().startswith("zh") else "en"
    return "en"


class Catalogue:
    """The texts of one language: `Catalogue("zh")("no-such-task", task="x")` gives the line."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self._texts: gettext.NullTranslations | None = None

    def __call__(self, code: str, **values: Any) -> str:
        """The text of `code` with its `{fields}` filled; where the catalogue has none, the code and the values."""
        text = self.text(code)
        if text is None:
            return f"{code}: {', '.join(f'{k}={v}' for k, v in values.items())}" if values else code
        return _Fields().vformat(text, (), values) if values else text

    def text(self, code: str) -> str | None:
        """The text of `code` with its fields open, or None."""
        if self._texts is None:
            self._texts = gettext.translation("zhengling", LOCALE, [self.language])
        text = self._texts.gettext(code) if code else code
        return None if text == code else text

    def error(self, error: ZhenglingError) -> str:
        values, cause = dict(error.values), error.__cause__
        if "reason" in values and isinstance(cause, OSError) and cause.errno is not None:
            values["reason"] = self.reason(cause.errno)  # the system says it in a language of its own
        return self(error.code, **values)

    def reason(self, number: int) -> str:
        """What an error number of the system means."""
        return self.text("errno-" + errno.errorcode.get(number, "")) or os.strerror(number)


class _Fields(string.Formatter):
    """Fills fields by name; a field without a value stays open, a list is joined."""

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        value = kwargs.get(str(key), "{" + str(key) + "}")
        return ", ".join(map(str, value)) if isinstance(value, (list, tuple, set)) else value

    def format_field(self, value: Any, format_spec: str) -> str:
        try:
            return super().format_field(value, format_spec)
        except ValueError:  # a number's form for what is no number
            return str(value)
