"""What is said beside the results: messages, warnings, failures and progress, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..extractors.errors import ZhenglingError, notice
from .messages import Catalogue
from .tables import cells, tables

if TYPE_CHECKING:
    from ..extractors.model import Remark
    from ..queries.understanding.understood import Understood

_CODED = frozenset({"choice"})  # kinds of values that are codes, for which people have words
_NAMED = 8  # names shown of what a text was taken for
_FEW = 3  # warnings shown of each document without --warnings, and names of a long list


def tell(text: str) -> None:
    print(cells.line(text), file=sys.stderr)


def complain(text: str, status: int) -> int:
    tell(f"zhengling: {text}")
    return status


def understood_as(understood: Understood) -> tuple[str, dict[str, Any]]:
    """The text, with its values, that says how a name was understood."""
    names = [*understood.names[:_NAMED], *["…"] * (len(understood.names) > _NAMED)]
    values = {"given": understood.given, "names": names, "count": len(understood.places)}
    if not understood.places:
        return "understood", values
    return ("understood-place" if len(understood.places) == 1 else "understood-places"), values | {
        "place": understood.places[0]
    }


def note(understood: Understood) -> None:
    """Say beside a result how a name was understood, if not as it stands."""
    if not understood.plain:
        code, values = understood_as(understood)
        notice(code, **values)


def tell_understood(say: Catalogue, found: Iterable[Understood]) -> None:
    """How what was given was understood, where it was not taken as it stands."""
    for one in found:
        if not one.plain:
            code, values = understood_as(one)
            if one.kind in _CODED:
                words = [say.text(kind + one.names[0]) for kind in ("role-", "level-", "effect-")]
                called = next((word for word in words if word), "") or one.names[0]
                if called == one.given.strip():
                    continue
                values["names"] = [called if called == one.names[0] else say("noted", name=called, note=one.names[0])]
            tell(say(code, **values))


def warn(say: Catalogue, path: str, warnings: Sequence[Remark], every: bool) -> None:
    """The warnings of one document in words, the first few unless `every` one is wanted."""
    shown = warnings if every else warnings[:_FEW]
    for remark in shown:
        where = spot(remark.place, say)
        quote = f" “{remark.quote}”" if remark.quote else ""
        tell(f"{path}{', ' if where else ''}{where}: {say(remark.code, **remark.values)}{quote}")
    if len(shown) < len(warnings):
        tell(f"{path}: {say('more-warnings', count=len(warnings) - len(shown))}")


def joined(say: Catalogue, pairs: dict[str, str], unsure: dict[str, list[str]]) -> None:
    """Which attachments were read with which notice, and which might have been."""
    for file, other in pairs.items():
        tell(say("joined", path=file, notice=other))
    for file, others in unsure.items():
        tell(say("not-joined", path=file, others=[*others[:_FEW], *["…"] * (len(others) > _FEW)]))


def spot(place: dict[str, Any], say: Catalogue) -> str:
    """A place in a paper in words."""
    return ", ".join(say("place-" + k, n=v) if say.text("place-" + k) else f"{k} {v}" for k, v in place.items())


def parameter_title(name: str, say: Catalogue) -> str:
    """What forms call a parameter of a question: the heading of a column of its name may mean something else."""
    known = (say.text(f"{kind}-{name}") for kind in ("parameter-name", "column", "web"))
    return next(filter(None, known), name)


def failure(path: str, error: Exception, say: Catalogue) -> str:
    """What went wrong with one file; most errors name it themselves."""
    own = isinstance(error, ZhenglingError)
    named = {"path", "url"} & error.values.keys() if own else getattr(error, "filename", None)
    return reason(error, say) if named else f"{path}: {reason(error, say)}"


def reason(error: Exception, say: Catalogue) -> str:
    if isinstance(error, ZhenglingError):
        return say.error(error)
    if isinstance(error, OSError) and error.errno is not None:
        words = say.reason(error.errno)
        return f"{error.filename}: {words}" if error.filename is not None else words
    if isinstance(error, MemoryError):
        return say("no-memory")
    return say("unexpected", kind=type(error).__name__, error=str(error).partition("\n")[0])


@contextmanager
def progress(say: Catalogue) -> Iterator[Callable[[int, int, str], None]]:
    """A function (done, total, name) that moves a bar, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda done, total, name: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False)
    with Progress(*columns, console=tables.console(sys.stderr), transient=True) as bar:
        job = bar.add_task("", total=None)

        def move(done: int, total: int, name: str) -> None:
            bar.update(job, completed=done, total=total, description=cells.line(Path(name).name))

        yield move
