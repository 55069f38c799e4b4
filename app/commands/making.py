"""What commands are made of: options with their help in one language."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import click

from ...extractors.limits import Settings
from ..messages import LANGUAGES, Catalogue
from ..usage import WORKSPACE, Command

FORMATS = ("table", "csv", "json", "xlsx", "md", "html")
STORES = ("embedded", "neo4j")
SERVER = {"uri": "URI", "user": "NAME", "database": "NAME"}
LIMITS = Settings()  # the defaults
MB = 1_000_000
_SECONDS: dict[str, Any] = {"type": click.FloatRange(min=1), "default": LIMITS.timeout}
_MEGABYTES: dict[str, Any] = {"type": click.IntRange(min=200), "default": LIMITS.memory // MB}


class Making:
    """Makes commands and options in one language; the help of an option is the text `help-option-NAME`, or the one that
    is named."""

    def __init__(self, say: Catalogue) -> None:
        self.say = say

    def command(self, do: Callable[..., int], name: str, *parameters: click.Parameter) -> click.Command:
        return Command(name, self.say, callback=partial(do, self.say), params=[*parameters, *self.common()])

    def option(self, *names: str, text: str = "", **settings: Any) -> click.Option:
        return click.Option(names, help=self.say(text or "help-option-" + names[0].lstrip("-")), **settings)

    def common(self) -> list[click.Parameter]:
        """`--lang` and `--debug`, which are read before the commands are made, so that help and errors follow them."""
        return [
            self.option("--lang", metavar="|".join(LANGUAGES), type=click.Choice(LANGUAGES), expose_value=False),
            self.option("--debug", is_flag=True, expose_value=False, callback=_remember),
        ]

    def workspace(self) -> click.Option:
        return self.option("--workspace", metavar="DIR", default=WORKSPACE)

    def choice(self, name: str, choices: tuple[str, ...], text: str = "", **settings: Any) -> click.Option:
        names = ("--" + name, "form") if name == "format" else ("--" + name,)
        return self.option(*names, text=text, metavar="|".join(choices), type=click.Choice(choices), **settings)

    def form(self) -> click.Option:
        return self.choice("format", FORMATS)

    def out(self) -> click.Option:
        return self.option("--out", metavar="FILE")

    def settings(self) -> click.Option:
        return self.option("--set", "settings", metavar="KEY=VALUE", multiple=True)

    def limits(self) -> list[click.Option]:
        """How much reading may take; the first two hold for fetching, too."""
        return [
            self.option("--max-bytes", metavar="N", type=click.IntRange(min=1), default=LIMITS.max_bytes),
            self.option("--timeout", metavar="SECONDS", **_SECONDS),
            self.option("--max-memory", metavar="MB", **_MEGABYTES),
            self.option("--ocr", is_flag=True),
        ]

    def jobs(self) -> click.Option:
        """How many papers are read side by side."""
        return self.option("--jobs", metavar="N", type=click.IntRange(min=1))

    def question_limits(self) -> list[click.Option]:
        """How much a question may take."""
        return [
            self.option("--timeout", text="help-query-timeout", metavar="SECONDS", **_SECONDS),
            self.option("--max-memory", text="help-query-max-memory", metavar="MB", **_MEGABYTES),
        ]

    def server(self) -> list[click.Option]:
        return [self.option("--" + name, metavar=metavar) for name, metavar in SERVER.items()]

    def store(self) -> list[click.Option]:
        return [self.choice("store", STORES, default="embedded"), *self.server()]


def settings_of(max_memory: int, **limits: Any) -> Settings:
    """The limits that the options give."""
    return Settings(memory=max_memory * MB, **limits)


def _remember(context: click.Context, option: click.Parameter, value: Any) -> None:
    if value:
        context.meta["zhengling.debug"] = True
