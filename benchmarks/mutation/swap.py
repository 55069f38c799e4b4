"""A fault put into functions that are loaded already: their code is exchanged, so that whoever holds them has it."""

from __future__ import annotations

import sys
from functools import cached_property
from types import CodeType, FunctionType
from typing import Any

from .faults import Fault


def swap(fault: Fault) -> bool:
    """Whether the fault could be put in so. It can not where it is in no function, or in what its definition runs:
    defaults, decorators, classes."""
    module = sys.modules["zhengling." + fault.module.removesuffix(".py").replace("/", ".")]
    names = fault.function.split(".")
    found = _function(module, names)
    if found is None:
        return False
    function, depth = found
    code = _code(compile(fault.source, fault.module, "exec"), names[:depth])
    if code is None or code == function.__code__ or len(code.co_freevars) != len(function.__code__.co_freevars):
        return False
    same = _bodies(code) == _bodies(function.__code__)
    function.__code__ = code
    return not same


def _function(holder: Any, names: list[str]) -> tuple[FunctionType, int] | None:
    """The outermost function of a path, and how far down it stands."""
    for depth, name in enumerate(names, 1):
        holder = _plain(vars(holder).get(name))
        if isinstance(holder, FunctionType):
            return holder, depth
        if not isinstance(holder, type):
            return None
    return None


def _plain(held: Any) -> Any:
    """What is below the decorators that keep results, bind or turn into properties."""
    while True:
        if isinstance(held, staticmethod | classmethod):
            held = held.__func__
        elif isinstance(held, property):
            held = held.fget
        elif isinstance(held, cached_property):
            held = held.func
        elif hasattr(held, "__wrapped__"):
            held = held.__wrapped__
        else:
            return held


def _code(code: CodeType, names: list[str]) -> CodeType | None:
    for name in names:
        inner = [c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == name]
        if len(inner) != 1:
            return None
        code = inner[0]
    return code


def _bodies(code: CodeType) -> tuple[Any, ...]:
    """What a function does, without where it stands in its file."""
    consts = tuple(_bodies(c) if isinstance(c, CodeType) else (type(c), c) for c in code.co_consts)
    return code.co_code, consts, code.co_names, code.co_varnames
