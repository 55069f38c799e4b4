"""The fields of work of a unit: several where one bureau has the work of several (财政金融局)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from .parts import listed, rule

_rule = partial(rule, file="names.toml")
_SHORTEST = 2  # characters of a part that tells a field


class Joint:
    """What the names of joint bureaus are put together from: the names of bureaus without their endings."""

    def __init__(self, forms: Iterable[tuple[str, str]], one: Iterable[str]) -> None:
        """`forms`: bureaus with their field; `one`: what the nation has as one ministry is one field."""
        self._one = frozenset(map(bare, one))
        self._fields: dict[str, str] = dict.fromkeys(listed("joint_rest", "names.toml"), "")
        for form, field in forms:
            stem = bare(form)
            if field and len(stem) >= _SHORTEST:
                self._fields.setdefault(stem, field)

    def fields(self, base: str) -> list[str]:
        """Those that a name without place is put together from, in its order; none where a part of it is unknown."""
        name = bare(base)
        parts = self._parts(name, len(name))
        return [field for part in parts for field in self._of(part) if field]

    def _of(self, part: str) -> list[str]:
        """Of a part that is itself put together from others, theirs: 教育体育."""
        inner = [] if part in self._one else self._parts(part, len(part) - 1)
        return [field for one in inner for field in self._of(one)] or [self._fields[part]]

    def _parts(self, name: str, longest: int) -> list[str]:
        """The longest known parts that a name is made of, none where it is not."""
        for size in range(min(longest, len(name)), _SHORTEST - 1, -1):
            if name[:size] in self._fields:
                behind = self._parts(name[size:], longest)
                if behind or size == len(name):
                    return [name[:size], *behind]
        return []


def bare(name: str) -> str:
    """A bureau's name without its ending and without 和; '' for what is no bureau."""
    end = _rule("joint_end").search(name)
    joints = dict.fromkeys(map(ord, "".join(listed("joints", "names.toml"))))
    return name[: end.start()].translate(joints) if end else ""
