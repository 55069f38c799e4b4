"""Whether a pattern can hold the program: part of `make check`.

python benchmarks/patterns.py            each pattern that the program compiles, tried on strings of its own words
python benchmarks/patterns.py TEXT…      these patterns

A pattern is tried on what its repeated parts fit, said again and again, with what may stand before and something that
fits nothing behind. It is refused where its time grows faster than the text. What mends one: `\\A` where it is only
matched at the beginning, a bound instead of `*`, a possessive repetition, alternatives that are not made of others.
"""

from __future__ import annotations

import ast
import random
import re
import signal
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from re import _constants as kinds  # pyrefly: ignore
from re import _parser as parser  # pyrefly: ignore
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_LENGTHS = (2_000, 8_000)  # characters
_MANY = 20  # repetitions from which on a part is grown
_MOST = 8.0  # times the time of the shorter string, where the longer one is four times as long
_FLOOR = 0.01  # seconds below which nothing is measured
_LIMIT = 0.5  # seconds of one try
_SAMPLES = 2  # words that are made of a repeated part by chance
_ALTERNATIVES = 100  # of its alternatives that are tried, each by itself
_NOTHING = "\x00"

Found = dict[tuple[str, int], str]


class _TooLongError(Exception):
    pass


def main(texts: Sequence[str]) -> int:
    """The number of patterns that are refused, at most 1."""
    patterns: Found = {(text, 0): "given" for text in texts} if texts else compiled()
    refused = 0
    for (text, flags), where in sorted(patterns.items(), key=lambda item: (item[1], item[0])):
        worst = slow(re.compile(text, flags))
        if worst is None:
            continue
        words, shorter, longer = worst
        refused += 1
        print(f"REFUSED {where}: {text[:140]!r}")
        print(f"  on {words[:60]!r} again and again: {shorter * 1000:.0f} ms, then {longer * 1000:.0f} ms")
    print(f"{len(patterns)} patterns, {refused} refused")
    return int(refused > 0)


# --- which there are ------------------------------------------


def compiled() -> Found:
    """Every pattern that our modules compile when they are loaded and when the samples are read, that stands in a call
    of theirs, and that stands in a file of rules → where."""
    found: Found = {}
    real = re._compile  # pyrefly: ignore

    def heard(pattern: Any, flags: Any) -> Any:
        frame = sys._getframe(2)
        file = Path(frame.f_code.co_filename)
        own = "zhengling" in file.parts or ROOT in file.resolve().parents
        if isinstance(pattern, str) and own and ".venv" not in file.parts:
            found.setdefault((pattern, int(flags)), f"{file.parent.name}/{file.name}:{frame.f_lineno}")
        return real(pattern, flags)

    re._compile = heard  # pyrefly: ignore
    try:
        _load()
    finally:
        re._compile = real  # pyrefly: ignore
    for place, text, flags in [*_called(), *_ruled()]:
        try:
            key = (text, int(re.compile(text, flags).flags & ~re.UNICODE))
        except re.error:
            continue  # a part of a pattern, or words
        if key not in found and (text, 0) not in found:
            found[key] = place
    return found


def _called() -> Iterator[tuple[str, str, int]]:
    """Patterns that a call names as they are, also where nothing has called it yet."""
    for folder in ("extractors", "graph", "queries", "app"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for call in ast.walk(ast.parse(path.read_text("utf-8"))):
                match call:
                    case ast.Call(
                        func=ast.Attribute(value=ast.Name(id="re"), attr=name),
                        args=[ast.Constant(value=str(text)), *rest],
                    ) if name != "escape":
                        given = [k.value for k in call.keywords if k.arg == "flags"] + rest[
                            {"compile": 0}.get(name, 1) :
                        ]
                        yield f"{path.parent.name}/{path.name}:{call.lineno}", text, _flags(given[-1:])


def _flags(given: list[ast.expr]) -> int:
    """The value of `re.I | re.S`; what is no such sum has none."""
    names = [node.attr for node in ast.walk(ast.Tuple(given)) if isinstance(node, ast.Attribute)]
    return sum({int(getattr(re, name)) for name in names if isinstance(getattr(re, name, None), re.RegexFlag)})


def _ruled() -> Iterator[tuple[str, str, int]]:
    """The texts of the rules that have more than letters in them; examples are texts, not patterns."""

    def texts(value: Any, key: str = "") -> Iterator[str]:
        if isinstance(value, str) and key not in ("id", "note", "source", "yes", "no") and re.search(r"[*+}]", value):
            yield value
        elif isinstance(value, dict):
            for name, inner in value.items():
                yield from texts(inner, name)
        elif isinstance(value, list):
            for inner in value:
                yield from texts(inner, key)

    for path in sorted((ROOT / "extractors/rules").glob("*.toml")):
        for text in texts(tomllib.loads(path.read_text("utf-8"))):
            if not re.search(r"\{[A-Za-z_]+\}", text):  # else it is tried as it is compiled
                yield path.name, text, 0


def _load() -> None:
    from importlib import import_module

    for folder in ("extractors", "graph", "queries", "app"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            if "__main__" not in name:
                import_module(f"zhengling.{name}")
    from zhengling.extractors.layout.paper import lay_out
    from zhengling.extractors.pipeline import extract_paper
    from zhengling.extractors.readers.content import Content

    for path in sorted((ROOT / "samples").glob("*.txt")):
        extract_paper(lay_out(Content(source=path.read_text("utf-8"))))


# --- strings grown from a pattern ------------------------------------------


def slow(pattern: re.Pattern[str]) -> tuple[str, float, float] | None:
    """The words on which a pattern is slowest, with the seconds for both lengths; None: its time grows as the text."""
    worst: tuple[str, float, float] | None = None
    for before, words in pumps(pattern):
        if not words:
            continue
        times = []
        for length in _LENGTHS:
            text = before + words * max(1, length // len(words)) + _NOTHING
            times.append(max(_seconds(pattern.search, text), _seconds(pattern.fullmatch, text)))
            if times[-1] >= _LIMIT:
                break
        if times[-1] > _FLOOR and (times[-1] >= _LIMIT or times[-1] > _MOST * max(times[0], _FLOOR / 10)):
            worst = max(worst or (words, 0.0, 0.0), (words, times[0], times[-1]), key=lambda one: one[1:])
            if times[0] >= _LIMIT:
                break
    return worst


def _seconds(do: Any, text: str) -> float:
    best = _LIMIT
    for _ in range(3):  # other programs run, too
        with _at_most(_LIMIT):
            began = time.process_time()
            try:
                do(text)
            except _TooLongError:
                return _LIMIT
            best = min(best, time.process_time() - began)
        if best < _FLOOR or best > 10 * _FLOOR:
            break
    return best


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def end(*_: object) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds * 3)
    try:
        yield
    except _TooLongError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def pumps(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """What may stand before, and the words to say again and again."""
    chance = random.Random(1)
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    seen: set[str] = set()
    for before, part in _repeated(tree, [], chance):
        words = [_said(part, chance) for _ in range(_SAMPLES)]
        words += [words[0] + words[-1], *_alternatives(part, chance)[:_ALTERNATIVES]]
        for word in dict.fromkeys(words):
            if word and word not in seen:
                seen.add(word)
                yield before, word
    whole = _said(tree, chance)
    if whole and whole not in seen:
        yield "", whole


def _repeated(tree: Any, before: list[Any], chance: random.Random) -> Iterator[tuple[str, Any]]:
    """The parts that may be repeated often, each with words that fit all before it."""
    so_far = list(before)
    for kind, value in tree:
        if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT):
            _, most, inner = value
            if most == kinds.MAXREPEAT or most >= _MANY:
                yield "".join(_said([one], chance) for one in so_far), inner
            yield from _repeated(inner, so_far, chance)
        elif kind is kinds.SUBPATTERN:
            yield from _repeated(value[3], so_far, chance)
        elif kind is kinds.ATOMIC_GROUP:
            yield from _repeated(value, so_far, chance)
        elif kind is kinds.BRANCH:
            for branch in value[1]:
                yield from _repeated(branch, so_far, chance)
        so_far.append((kind, value))


def _alternatives(tree: Any, chance: random.Random) -> list[str]:
    """Words that fit, one for each way to choose among alternatives: 责任表 beside 责任 and 表 is read in two ways."""
    out = [""]
    for kind, value in tree:
        if kind is kinds.BRANCH:
            ends = [word for branch in value[1] for word in _alternatives(branch, chance)]
        elif kind is kinds.SUBPATTERN or kind is kinds.ATOMIC_GROUP:
            ends = _alternatives(value[3] if kind is kinds.SUBPATTERN else value, chance)
        elif kind is kinds.IN and len(out) == 1 and len(value) <= _MANY and value[0][0] is not kinds.NEGATE:
            ends = [_one_of([one], chance) for one in value]
        else:
            ends = [_said([(kind, value)], chance)]
        out = [word + end for word in out for end in ends][:_ALTERNATIVES]
    return out


def _said(tree: Any, chance: random.Random, depth: int = 0) -> str:
    """Words that fit, as nearly as can be: what looks around is left out."""
    out = []
    for kind, value in tree:
        if kind is kinds.LITERAL:
            out.append(chr(value))
        elif kind is kinds.NOT_LITERAL:
            out.append("甲" if value != ord("甲") else "乙")
        elif kind is kinds.ANY:
            out.append("甲")
        elif kind is kinds.IN:
            out.append(_one_of(value, chance))
        elif kind is kinds.BRANCH:
            out.append(_said(chance.choice(value[1]), chance, depth + 1))
        elif kind is kinds.SUBPATTERN:
            out.append(_said(value[3], chance, depth + 1))
        elif kind is kinds.ATOMIC_GROUP:
            out.append(_said(value, chance, depth + 1))
        elif kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT):
            least, most, inner = value
            times = max(least, min(1, most) if depth > 6 else min(most, least + chance.randrange(2)))
            out += [_said(inner, chance, depth + 1) for _ in range(min(times, 8))]
    return "".join(out)


_CATEGORIES = {kinds.CATEGORY_DIGIT: "7", kinds.CATEGORY_SPACE: " ", kinds.CATEGORY_WORD: "工"}


def _one_of(members: Any, chance: random.Random) -> str:
    if members and members[0][0] is kinds.NEGATE:
        refused = list(members[1:])
        return next(c for c in "甲a7 ,一。\n" if not any(_holds(m, c) for m in refused) or c == "\n")
    kind, value = chance.choice(members)
    if kind is kinds.LITERAL:
        return chr(value)
    if kind is kinds.RANGE:
        return chr(chance.randint(*value))
    return _CATEGORIES.get(value, "甲")


def _holds(member: Any, character: str) -> bool:
    kind, value = member
    if kind is kinds.LITERAL:
        return ord(character) == value
    if kind is kinds.RANGE:
        return value[0] <= ord(character) <= value[1]
    if kind is kinds.CATEGORY:
        tests = {kinds.CATEGORY_DIGIT: str.isdigit, kinds.CATEGORY_SPACE: str.isspace, kinds.CATEGORY_WORD: str.isalnum}
        return tests[value](character) if value in tests else True
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
