"""Every text that a person reads, by code, in Chinese and English.

The texts stand in `locale/<language>/LC_MESSAGES/zhengling.po`, one file a language; `make catalogue` compiles them to
the `.mo` files that are read here.
"""

from __future__ import annotations

import errno
import gettext
import os
import shlex
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..extractors.errors import ZhenglingError

LANGUAGES = ("zh", "en")
_JOINTS = {"zh": "\u3001", "en": ", "}  # what stands between the items of a list
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
        return _FieldFormatter(_JOINTS[self.language]).vformat(text, (), values) if values else text

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
        if "extra" in values:
            values["extra"] = " ".join(map(shlex.quote, _packages(values["extra"])))
        return self(error.code, **values)

    def reason(self, number: int) -> str:
        """What an error number of the system means."""
        return self.text("errno-" + errno.errorcode.get(number, "")) or os.strerror(number)


def _packages(extra: str) -> list[str]:
    """What an extra of this program brings, as pip takes it: a registry may know nothing of the program itself."""
    from importlib.metadata import PackageNotFoundError, requires

    try:
        lines = requires("zhengling") or []
    except PackageNotFoundError:  # a folder on the path
        lines = []
    parts = (line.partition(";") for line in lines)
    return [name.strip() for name, _, marker in parts if f'extra == "{extra}"' in marker] or [f"zhengling[{extra}]"]


class _FieldFormatter(string.Formatter):
    """Fills fields by name; a field without a value stays open, a list is joined. `{count:row|rows}` is the number with
    one of the words behind it."""

    def __init__(self, joint: str) -> None:
        self._joint = joint

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        value = kwargs.get(str(key), "{" + str(key) + "}")
        return self._joint.join(map(str, value)) if isinstance(value, (list, tuple, set)) else value

    def format_field(self, value: Any, format_spec: str) -> str:
        if "|" in format_spec:
            one, _, several = format_spec.partition("|")
            return f"{self.format_field(value, ',')} {one if value == 1 else several}"
        try:
            return super().format_field(value, format_spec)
        except ValueError:  # a number's form for what is no number
            return str(value)
