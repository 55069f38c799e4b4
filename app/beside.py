"""Modules of ours that run in a process beside this one, and errors that pass from there to here."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from ..extractors.bounded import environment
from ..extractors.errors import ZhenglingError


def command(module: str, *arguments: str) -> dict[str, Any]:
    """What `subprocess` takes to run a module; one that lies where somebody works is not taken for it (-P)."""
    return {"args": [sys.executable, "-P", "-m", module, *arguments], "env": environment()}


def told(error: ZhenglingError) -> str:
    """An error as a line of JSON."""
    return json.dumps({"code": error.code, "status": error.status, "values": error.values}, default=str)


def raised(answer: Mapping[str, Any]) -> ZhenglingError:
    """The error that such a line tells."""
    return ZhenglingError(answer["code"], answer["status"], **answer["values"])
