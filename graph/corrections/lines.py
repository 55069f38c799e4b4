"""The lines of `corrections/*.jsonl`: what a person said of a fact, one line each, and how files of them are read and
added to.

A line names what it is about by what stood there, never by its place. Lines are never changed: who errs adds `undo`.
Files of several people are read together, in the order of the time of saying; the same line twice is one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from ...extractors.errors import ZhenglingError
from ...extractors.words.personal import masked

Verb = Literal["confirm", "reject", "change", "add", "split", "merge", "same", "not-same", "undo"]
What = Literal["document", "field", "task", "unit", "deadline", "citation", "lineage", "units", "documents", ""]
Value = str | int | bool | list[str] | None
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Words = Annotated[str, msgspec.Meta(min_length=1)]


class PaperAnchor(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """Which paper: what its head said, and which file it was."""

    number: str | None = None
    title: str | None = None
    issuer: str | None = None
    region: str | None = None
    source: str = ""
    sha256: str = ""


class TaskAnchor(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """Which task of a paper: its words. `twin` of `twins` where several are alike in all of them."""

    text: str = ""
    title: str | None = None
    section: list[str] = []
    twin: int = 1
    twins: int = 1


class TaskPart(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """What a split makes of a task: a part of its text."""

    text: Words
    title: str | None = None


class IdentityAnchor(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """A unit or a document by the name and id that the graph had; a unit with its region, a document with its number
    and title."""

    id: str = ""
    name: str = ""
    region: str = ""
    paper: PaperAnchor | None = None


class PersonLine(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """What each line has: its id, when it was said, and by whom."""

    id: str = ""
    at: Moment
    by: Words


Line = TypeVar("Line", bound=PersonLine)


class Correction(PersonLine, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """A line. `was` and `to` hold fields of what is meant, as records call them."""

    verb: Verb
    what: What = ""
    paper: PaperAnchor | None = None
    task: TaskAnchor | None = None  # of `add` a task: the one before it
    tasks: list[TaskAnchor] = []  # merged with `task`; of a link of lineage: the superior's, in `upper`
    upper: PaperAnchor | None = None
    was: dict[str, Value] = {}
    to: dict[str, Value] = {}
    parts: list[TaskPart] = []
    names: list[IdentityAnchor] = []  # of `same` and `not-same`
    quote: str = ""  # words of the paper that show it
    elsewhere: bool = False  # known from elsewhere: no words of the paper show it
    why: str = ""
    of: str = ""  # what `undo` takes back


#: Field → its type, of what has fields of its own.
FIELDS: dict[str, dict[str, Any]] = {
    "document": {},
    "field": {
        "number": str, "title": str, "issuer": str, "date": "day",
        "level": ("national", "province", "city", "county", "township"), "region": str, "year": int,
    },
    "task": {"title": str, "text": str, "section": list, "open": bool},
    "unit": {"name": str, "role": ("lead", "responsible", "support"), "collective": bool},
    "deadline": {
        "text": str, "kind": ("date", "ongoing", "recurring", "relative"), "start": "day", "end": "day",
    },
    "citation": {
        "number": str, "title": str, "kind": ("directive", "law", "regulation", "standard"),
        "role": ("basis", "mention"),
    },
}  # fmt: skip
#: What may be missing (null), of what is corrected.
_OPTIONAL = {
    "field": set(FIELDS["field"]), "task": {"title"}, "deadline": {"start", "end"}, "citation": {"number", "title"},
}  # fmt: skip
#: What an addition must say.
NEEDED = {"task": {"text"}, "unit": {"name", "role"}, "deadline": {"text", "kind"}, "citation": {"kind", "role"}}
_ITEMS = ("unit", "deadline", "citation")
#: Verb → what it can be said of.
SAID_OF: dict[str, tuple[str, ...]] = {
    "confirm": ("document", "field", "task", *_ITEMS, "lineage"),
    "reject": ("task", *_ITEMS, "lineage"),
    "change": ("field", "task", *_ITEMS),
    "add": ("task", *_ITEMS),
    "split": ("task",),
    "merge": ("task",),
    "same": ("units", "documents"),
    "not-same": ("units", "documents"),
    "undo": ("",),
}
_DECODER, _ENCODER = msgspec.json.Decoder(Correction), msgspec.json.Encoder()


class FormError(ValueError):
    """A line that says too little or too much: `reason` says what."""


def check(one: Correction) -> None:
    """Raises `FormError` where a line does not have what its verb needs."""
    if one.what not in SAID_OF[one.verb]:
        raise FormError(f"what: {' | '.join(SAID_OF[one.verb])}")
    needed: dict[str, bool] = {}
    if one.verb == "undo":
        needed["of"] = bool(one.of)
    elif one.verb in ("same", "not-same"):
        needed["names"] = len(one.names) == 2 and one.names[0] != one.names[1]
    else:
        needed["paper"] = one.paper is not None
        needed["task"] = (
            one.task is not None
            or one.what in ("document", "field", "deadline", "citation")
            or (one.what == "task" and one.verb == "add")
        )
    if one.what == "lineage":
        needed["tasks"], needed["upper"] = len(one.tasks) == 1, one.upper is not None
    if one.verb == "split":
        needed["parts"] = len(one.parts) > 1
    if one.verb == "merge":
        needed["tasks"] = bool(one.tasks) and all(
            other not in [one.task, *one.tasks[:n]] for n, other in enumerate(one.tasks)
        )
    if one.verb == "change" or one.verb == "add":
        needed["to"] = bool(one.to)
    if one.verb == "add":
        needed["quote | elsewhere"] = bool(one.quote) != one.elsewhere
    for name, is_there in needed.items():
        if not is_there:
            raise FormError(f"{name}: {one.verb} {one.what}")
    for part, fields in (("was", one.was), ("to", one.to)):
        for name, value in fields.items():
            _check_field(one.what, part, name, value)
    if one.verb == "add" and not NEEDED[one.what] <= set(one.to):
        raise FormError(f"to: {', '.join(sorted(NEEDED[one.what]))}")
    if one.what in _ITEMS and one.verb != "add" and not key_fields(one.what) & set(one.was):
        raise FormError(f"was: {', '.join(sorted(key_fields(one.what)))}")
    if one.what == "citation" and one.verb == "add" and not (one.to.get("number") or one.to.get("title")):
        raise FormError("to: number | title")
    if one.what == "field" and len(one.was) != 1 and one.verb == "confirm":
        raise FormError("was: " + " | ".join(FIELDS["field"]))


def key_fields(what: str) -> set[str]:
    """The fields that tell an item from others of its task."""
    return {"unit": {"name"}, "deadline": {"text"}, "citation": {"number", "title"}}[what]


def _check_field(what: str, part: str, name: str, value: Value) -> None:
    kind = FIELDS.get(what, {}).get(name)
    if kind is None:
        raise FormError(f"{part}.{name}: {' | '.join(FIELDS.get(what, ()))}")
    if value is None:
        if name not in _OPTIONAL.get(what, ()):
            raise FormError(f"{part}.{name}: null")
        return
    fits = {
        "day": lambda: isinstance(value, str) and _is_day(value),
        str: lambda: isinstance(value, str) and bool(value.strip()),
        int: lambda: type(value) is int,
        bool: lambda: type(value) is bool,
        list: lambda: isinstance(value, list),
    }
    right = value in kind if isinstance(kind, tuple) else fits[kind]()
    if not right:
        wanted = " | ".join(kind) if isinstance(kind, tuple) else "YYYY-MM-DD" if kind == "day" else kind.__name__
        raise FormError(f"{part}.{name}: {wanted}")


def _is_day(value: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII)) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def sealed(one: Correction) -> Correction:
    """The line with contact data out of its words, and its id: what is said, by whom and when."""
    return identified(one, why=masked(one.why), quote=masked(one.quote))


def identified(one: Line, **words: str) -> Line:
    """A line with some of its words said otherwise, and the id that it has by all that it says."""
    plain = msgspec.structs.replace(one, id="", **words)
    return msgspec.structs.replace(plain, id=hashlib.sha256(_ENCODER.encode(plain)).hexdigest()[:12])


def line(one: msgspec.Struct) -> str:
    """The text of a line."""
    return _ENCODER.encode(one).decode()


def parsed(text: str | bytes, path: str, number: int) -> Correction:
    """The correction in a line. Raises `ZhenglingError` (`correction-invalid`) that names file and line."""
    try:
        one = _DECODER.decode(text)
        check(one)
    except (msgspec.DecodeError, FormError, UnicodeDecodeError) as error:
        raise ZhenglingError("correction-invalid", 1, path=path, line=number, reason=str(error)) from error
    return one if one.id else sealed(one)


def read(folder: Path) -> list[Correction]:
    """What the files of a folder say: see `in_order`."""
    return in_order(folder, parsed)


def in_order(folder: Path, parse: Callable[[bytes, str, int], Line]) -> list[Line]:
    """The lines of the files of a folder, in the order of the time of saying; the same line twice is one.

    Raises `ZhenglingError` as `parse` does for a line that is none, and for one id with two meanings
    (`correction-twice`).
    """
    found: dict[str, tuple[Line, str, int]] = {}
    for path, number, text in lines_of(folder):
        one = parse(text, path, number)
        known = found.setdefault(one.id, (one, path, number))
        if known[0] != one:
            there = f"{known[1]}:{known[2]}"
            raise ZhenglingError("correction-twice", 1, path=path, line=number, id=one.id, there=there)
    return sorted((one for one, *_ in found.values()), key=lambda one: (one.at, one.id))


def lines_of(folder: Path) -> Iterator[tuple[str, int, bytes]]:
    """(file, number, text) of each line of the files of a folder that is not blank."""
    for file in sorted(folder.glob("*.jsonl")):
        try:
            data = file.read_bytes()
        except OSError as error:
            raise ZhenglingError("record-unreadable", 1, path=str(file), reason=str(error)) from error
        for number, text in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
            if text.strip():
                yield str(file), number, text


def file_of(folder: Path, by: str) -> Path:
    """The file that holds what a person says."""
    name = re.sub(r"[^\w.-]+", "-", by).strip("-.")[:60]
    return folder / f"{name or 'corrections'}.jsonl"


def append(folder: Path, by: str, lines: Iterable[str]) -> None:
    """Write lines behind those of a person, on the disk before this returns."""
    file = file_of(folder, by)
    folder.mkdir(parents=True, exist_ok=True)
    with file.open("ab+") as out:
        begins = out.tell() == 0 or not _ends(out)
        out.write(("" if begins else "\n").encode() + "".join(f"{line}\n" for line in lines).encode())
        out.flush()
        os.fsync(out.fileno())


def _ends(file: Any) -> bool:
    """Whether a file ends in the middle of a line."""
    file.seek(-1, os.SEEK_END)
    return file.read(1) not in (b"\n", b"\r")


def now(after: Iterable[datetime] = ()) -> datetime:
    """This moment, to the millisecond, and later than all of `after`: the order of saying is that of the moments."""
    moment = datetime.now(UTC)
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    last = max(after, default=None)
    return moment if last is None or moment > last else last + timedelta(milliseconds=1)


def marked(lines: Iterable[msgspec.Struct]) -> str:
    """What tells some lines from others."""
    return hashlib.sha256("\n".join(map(line, lines)).encode()).hexdigest()[:16]


def shown(fields: dict[str, Any]) -> str:
    """Fields on one line, as they stand in a file."""
    return json.dumps(fields, ensure_ascii=False)
