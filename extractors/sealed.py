"""Takes from this process what it will not need: the network, and if asked other files and programs.

By a seccomp filter, which Linux holds for the process, all its threads, whatever language they are written in, and all
that it starts, for good. Elsewhere nothing is taken, and `seal` says so.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sys
from typing import Literal, NamedTuple

#: `network`: no socket but those between processes of this machine. `reading`: none at all; nor can a file be opened
#: for writing, renamed or deleted, nor a program be started. `nothing`: nor can any file be opened.
Seal = Literal["network", "reading", "nothing"]


class _Calls(NamedTuple):
    """The numbers of the system calls of a kind of processor; `opens` are those that open files, with the place of the
    argument that says for what."""

    architecture: int
    socket: int
    never: tuple[int, ...]
    changing: tuple[int, ...]
    opens: dict[int, int]


_IO_URING, _OPENAT2 = 425, 437
_KNOWN = {
    "x86_64": _Calls(
        0xC000003E,
        41,
        (_IO_URING, 101, 310, 311),  # ptrace, process_vm_readv, process_vm_writev
        # creat, execve, execveat, rename…, mkdir…, rmdir, link…, unlink…, symlink…, truncate, openat2
        (85, 59, 322, 82, 264, 316, 83, 258, 84, 86, 265, 87, 263, 88, 266, 76, _OPENAT2),
        {2: 1, 257: 2},
    ),
    "aarch64": _Calls(
        0xC00000B7,
        198,
        (_IO_URING, 117, 270, 271),
        (221, 281, 38, 276, 34, 37, 35, 36, 45, _OPENAT2),
        {56: 2},
    ),
}
_X32 = 0x40000000  # the calls of another interface of x86_64, under other numbers
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_AF_UNIX = 1

# Instructions of the filter (linux/filter.h), where a call's data lies (struct seccomp_data), and what it answers.
_LOAD, _EQUAL, _LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES
_NO_NEW_PRIVILEGES, _SET_FILTER, _ALL_THREADS = 38, 1, 1
_SECCOMP = {"x86_64": 317, "aarch64": 277}

Instruction = tuple[int, int, int, int]


class _Filter(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("value", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(_Filter)))


def can_seal(system: str = sys.platform, machine: str = platform.machine(), wide: bool = sys.maxsize > 2**32) -> bool:
    """Whether a system, a kind of processor and (`wide`) a Python of 64 bits are those that `seal` knows."""
    return system == "linux" and machine in _KNOWN and wide


def seal(how: Seal) -> bool:
    """Seal this process; gives whether the system could. What is refused then fails with `EACCES`."""
    if not can_seal():
        return False
    calls = _KNOWN[platform.machine()]
    lines = _filter(calls, how)
    program = _Program(len(lines), (_Filter * len(lines))(*(_Filter(*line) for line in lines)))
    system = ctypes.CDLL(None, use_errno=True)
    if system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    done = system.syscall(_SECCOMP[platform.machine()], _SET_FILTER, _ALL_THREADS, ctypes.byref(program))
    return done == 0


def _filter(calls: _Calls, how: Seal) -> list[Instruction]:
    refuse, allow = (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)
    out: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, calls.architecture),
        refuse,
        (_LOAD, 0, 0, _NUMBER),
        (_LEAST, 0, 1, _X32),
        refuse,
    ]
    refused = calls.never + (calls.changing if how != "network" else ())
    refused += tuple(calls.opens) if how == "nothing" else ()
    for number in refused:
        out += [(_EQUAL, 0, 1, number), refuse]
    if how == "reading":
        for number, flags in calls.opens.items():
            out += [(_EQUAL, 0, 4, number), _argument(flags), (_ANY_BIT, 0, 1, _WRITES), refuse, allow]
    if how == "network":
        out += [(_EQUAL, 0, 3, calls.socket), _argument(0), (_EQUAL, 1, 0, _AF_UNIX), refuse]
    else:
        out += [(_EQUAL, 0, 1, calls.socket), refuse]
    return [*out, allow]


def _argument(place: int) -> Instruction:
    """Loads the lower half of an argument."""
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * place)
