"""The command line: a thin face on the public functions of the package.

Exit status: 0 done (warnings and empty answers too), 1 a file or a store failed or an argument fits several things,
2 a wrong command, option, name, parameter or value. What a program reads goes to standard output; messages and progress
go to standard error.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from ..extractors.errors import ZhenglingError
from .commands import correcting, exchange, findings, lineage, papers, progressing, questions, scaling, serving
from .commands.making import Making
from .messages import LANGUAGES, Catalogue, language_of
from .tell import complain, reason, tell
from .usage import CommandGroup, complaint

#: The commands as help lists them: along the way of a paper.
ORDER = (
    *(
        "build",
        "extract",
        "fetch",
        "remove",
        "queries",
        "query",
        "sparql",
        "trace",
        "compare",
        "coverage",
        "reconstruct",
        "view",
    ),
    *("correct", "corrections", "gold", "progress", "report"),
    *("load", "import", "check", "analyse", "score", "export", "serve", "users", "mcp", "scale"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    if argv is None:
        sys.meta_path.insert(0, _WithoutPandas)
    argv = list(sys.argv[1:] if argv is None else argv)
    language = _language(argv)
    say = Catalogue(language)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller: what is said there is said to nobody
            nobody = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
            os.set_inheritable(nobody.fileno(), True)  # the processes that read papers get it, too
            setattr(sys, name, nobody)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):  # a character that the terminal's encoding lacks is no failure
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    _ends()
    log = logging.getLogger("zhengling")
    told = _Told(say)
    log.addHandler(told)
    log.propagate = False
    try:
        with program(say).make_context("zhengling", list(argv)) as context:
            status = context.command.invoke(context) or 0
        sys.stdout.flush()
        return status
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        return complain(complaint(error, say), 2)
    except ZhenglingError as error:
        return complain(say.error(error), error.status)
    except BrokenPipeError:
        # The reader has what it wanted. What is still in the buffer would fail again when Python closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return complain(say("interrupted"), 130)
    except Exception as error:
        if "--debug" in argv:
            traceback.print_exc()
        return complain(reason(error, say), 1)
    finally:
        log.removeHandler(told)


def program(say: Catalogue) -> click.Group:
    """The commands with their help in one language."""
    make = Making(say)
    version = make.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version)
    group = CommandGroup("zhengling", say, params=[version, *make.common()])
    made = [
        command
        for part in (papers, questions, lineage, correcting, progressing, exchange, findings, serving, scaling)
        for command in part.commands(make)
    ]
    for command in sorted(made, key=lambda c: ORDER.index(str(c.name))):
        group.add_command(command)
    return group


# --- what is known before the commands are built ---------------------------------------------------------------------


def _language(argv: Sequence[str]) -> str:
    """The last `--lang` anywhere before `--`, else the locale's."""
    found = language_of()
    words = list(argv[: argv.index("--")] if "--" in argv else argv)
    for word, following in zip(words, [*words[1:], ""], strict=False):
        value = following if word == "--lang" else word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        found = value if value in LANGUAGES else found
    return found


class _WithoutPandas:
    """Keeps pandas out of a process that is a command: where it is installed, pyarrow imports it at the first list that
    it is given, which takes half a second; no command needs it, but for what works with Ray."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name == "pandas" and "ray" not in sys.modules:
            raise ModuleNotFoundError(name=name)


class _Told(logging.Handler):
    """Says what the package has to say beside results."""

    def __init__(self, say: Catalogue) -> None:
        super().__init__(logging.WARNING)
        self.say = say

    def emit(self, record: logging.LogRecord) -> None:
        error = record.msg
        tell(self.say.error(error) if isinstance(error, ZhenglingError) else record.getMessage())


def _ends() -> None:
    """Being told to end clears away what was started, as an interrupt does."""

    def end(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            with suppress(ValueError):  # not the main thread
                signal.signal(number, end)


def _version(context: click.Context, option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"zhengling {version('zhengling')}")
        context.exit()
