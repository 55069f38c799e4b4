"""Help pages and usage errors of the command line, in the language of the catalogue."""

from __future__ import annotations

import re
import shutil
import sys
import unicodedata
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from ..extractors.errors import ZhenglingError
from .messages import Catalogue

_HELP: dict[str, Any] = {"help_option_names": ["-h", "--help"]}
_HELP_WORD, _ASKED = "help", "query"  # `help build` is `build --help`, `reach …` is `query reach …`
_TWIN = "progress"  # a command that is a question, too
_NEAR = 3  # names that are nearest, at most
WORKSPACE = "zhengling-workspace"


class HelpPage:
    """The help page of a command, laid out by us: click counts a wide character as one and speaks English."""

    say: Catalogue

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)  # type: ignore[misc]
        except click.BadOptionUsage as error:
            error.ctx = error.ctx or ctx
            raise

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        assert isinstance(self, click.Command)
        say, commands = self.say, getattr(self, "commands", {})
        usage = [ctx.command_path, say("help-options-word")]
        usage += [str(p.metavar) for p in self.params if isinstance(p, click.Argument)]
        usage += [say("help-command-word")] * bool(commands)
        options = {
            ", ".join(p.opts) + (f" {p.metavar}" if p.metavar else ""): (
                say("help-option-help") if "--help" in p.opts else str(p.help)
            )
            for p in self.get_params(ctx)
            if isinstance(p, click.Option)
        }
        formatter.write(f"{say('help-usage')}{' '.join(usage)}\n\n")
        for paragraph in say("help-" + (self.name or "")).split("\n"):
            formatter.write(_wrapped(paragraph, 2) + "\n")
        formatter.write(f"\n{say('help-options')}\n{_listed(options)}")
        if commands:
            listed = {n: say("help-" + n).partition("\n")[0] for n in commands}
            formatter.write(f"\n{say('help-commands')}\n{_listed(listed)}")
        examples = say.text("example-" + (self.name or ""))
        if examples:
            lines = "".join(f"  {line}\n" for line in examples.split("\n"))
            formatter.write(f"\n{say('help-examples')}\n{lines}")


class Command(HelpPage, click.Command):
    def __init__(self, name: str, say: Catalogue, **settings: Any) -> None:
        super().__init__(name, context_settings={"allow_extra_args": True, **_HELP}, **settings)
        self.say = say

    def invoke(self, ctx: click.Context) -> Any:
        if ctx.args:
            raise self._extra(ctx)
        return super().invoke(ctx)

    def _extra(self, ctx: click.Context) -> ZhenglingError:
        """What is wrong with words that no argument takes: one may be written as an option, or as of the question that
        bears the name of the command."""
        options = {name for one in self.params for name in one.opts}
        words = [*(value for value in ctx.params.values() if isinstance(value, str) and "=" in value), *ctx.args]
        if self.name == _TWIN and "=" in words[0]:
            return ZhenglingError("progress-is-command", 2, given=" ".join(words))
        for word in ctx.args:
            key, equals, value = word.partition("=")
            if equals and f"--{key}" in options:
                return ZhenglingError("extra-is-option", 2, argument=word, option=f"--{key}", value=value)
        return ZhenglingError("extra-arguments", 2, arguments=ctx.args)


class CommandGroup(HelpPage, click.Group):
    def __init__(self, name: str, say: Catalogue, **settings: Any) -> None:
        super().__init__(
            name,
            invoke_without_command=True,
            no_args_is_help=False,
            callback=self.alone,
            context_settings=_HELP,
            **settings,
        )
        self.say = say

    @staticmethod
    def alone() -> None:
        context = click.get_current_context()
        if context.invoked_subcommand is None:
            print(context.get_help(), file=sys.stderr)
            context.exit(2)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order of an analyst's work

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args[0] == _HELP_WORD:
            if len(args) == 1:
                print(ctx.get_help())
                ctx.exit()
            args = [args[1], "--help"]
        known = self.questions(args) if args[0] not in self.commands else {}
        if args[0] in known:
            if set(args[1:]) & set(_HELP["help_option_names"]):
                print(question_page(known[args[0]], self.say), end="")
                ctx.exit()
            args = [_ASKED, *args]
        if args[0] not in self.commands:
            near = get_close_matches(args[0].lower(), [*self.commands, *self.questions(args)], _NEAR, 0.6)
            if near:
                raise ZhenglingError("no-such-command-near", 2, name=args[0], names=near)
            raise ZhenglingError("no-such-command", 2, name=args[0], names=list(self.commands))
        return super().resolve_command(ctx, args)

    def questions(self, args: list[str]) -> dict[str, Path]:
        """The files of the saved questions by name, those of the workspace that the arguments name among them."""
        workspace = next((after for word, after in pairwise(args) if word == "--workspace"), WORKSPACE)
        folders = (Path(__file__).parent.parent / "queries", Path(workspace, "queries"))
        return {path.stem: path for folder in reversed(folders) for path in folder.glob("[!.]*.cypher")}


def question_page(path: Path, say: Catalogue) -> str:
    """The help of a saved question: what it answers, its parameters and columns, an example."""
    from ..queries.runner import read_question

    question = read_question(path)
    parameters = {}
    for one in question.parameters.values():
        kind = "|".join(one.choices) or say(f"help-type-{one.type}")
        default = str(one.default).lower() if isinstance(one.default, bool) else one.default
        use = say("help-required") if one.required else say("help-default", value=default) if default else ""
        parameters[one.name] = say("noted", name=kind, note=use) if use else kind
    given = " ".join(f"{name}={value}" for name, value in question.examples.items())
    if not given and question.parameters:
        name = next(iter(question.parameters))
        given = f"{name}=…"
    parts = [f"{say('help-usage')}zhengling {question.name} [VALUE|KEY=VALUE]... {say('help-options-word')}\n\n"]
    parts += [
        _wrapped(question.titles[say.language], 2) + "\n",
        _wrapped(question.descriptions[say.language], 2) + "\n",
    ]
    if parameters:
        parts.append(f"\n{say('help-parameters')}\n{_listed(parameters)}")
    parts.append(f"\n{say('help-columns')}\n{_wrapped(', '.join(question.columns), 2)}\n")
    parts.append(f"\n{say('help-examples')}\n  zhengling {question.name} {given}".rstrip() + "\n")
    return "".join([*parts, f"\n{say('help-question-options')}\n"])


def complaint(error: click.ClickException, say: Catalogue) -> str:
    """click's complaints in our words; those that we do not know stay as click has them."""
    if isinstance(error, click.NoSuchOption):
        known = error.ctx.command.params if error.ctx else []
        names = [n for p in known if isinstance(p, click.Option) for n in p.opts]
        near = get_close_matches(error.option_name, names, _NEAR, 0.7)
        if near:
            return say("no-such-option-near", option=error.option_name, names=near)
        return say("no-such-option", option=error.option_name, names=names)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return say("missing-parameter", name=_named(error.param))
    if isinstance(error, click.BadParameter) and error.param is not None:
        if isinstance(error.param.type, click.Choice):
            choices = list(error.param.type.choices)
            if isinstance(error.param, click.Argument):
                return say("bad-choice-word", choices=choices)
            return say("bad-choice", name=_named(error.param), choices=choices)
        return say("bad-parameter", name=_named(error.param))
    if isinstance(error, click.BadOptionUsage):
        known = error.ctx.command.params if error.ctx else []
        flag = any(getattr(p, "is_flag", False) for p in known if error.option_name in p.opts)
        return say("option-takes-none" if flag else "option-takes-value", option=error.option_name)
    return error.format_message()


def _named(parameter: click.Parameter) -> str:
    return parameter.opts[0] if isinstance(parameter, click.Option) else str(parameter.metavar)


def _listed(items: dict[str, str]) -> str:
    """Names and what they mean, in two columns."""
    indent = min(max(map(len, items)) + 4, 30)
    return "".join(
        f"  {name}".ljust(indent)[: None if len(name) + 3 <= indent else len(name) + 2]
        + ("\n" + " " * indent if len(name) + 3 > indent else "")
        + _wrapped(text, indent).lstrip()
        + "\n"
        for name, text in items.items()
    )


def _wrapped(text: str, indent: int) -> str:
    """`text` broken to the width of the screen, between words or wide characters."""
    room = min(shutil.get_terminal_size((80, 24)).columns, 100) - indent
    lines, used = [""], 0
    for piece in re.findall(r"[（「《]*(?:[^\s\u2e80-\uffef]+|[\u2e80-\uffef])[、。，：；）」”》]*|\s+", text):
        wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in piece)
        if used + wide > room and not piece.isspace():
            lines.append("")
            used = 0
        if lines[-1] or not piece.isspace():
            lines[-1] += piece
            used += wide
    return "\n".join(" " * indent + line.rstrip() for line in lines)
