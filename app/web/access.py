"""Who may do what: users of a workspace with their roles, sessions, tokens of forms and of programs.

    users.json      in the workspace, for its owner alone: names, roles, scrypt sums of passwords, sums of tokens

Nothing here is ever written to a log. Sessions live in memory and end with the server.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...extractors.errors import ZhenglingError
from .roles import ROLES

FILE = "users.json"
LEAST, MOST = 12, 128  # characters of a password
_NAME = 60  # characters of a name
#: Of scrypt: 32 MB and about a tenth of a second for each try.
_COST = {"n": 1 << 15, "r": 8, "p": 1}
_MEMORY = 1 << 26
_IDLE, _LONGEST = 4 * 3600.0, 12 * 3600.0  # seconds that a session lasts without being used, and in all
_FREE, _WAIT, _MOST_WAIT = 5, 2.0, 900.0  # tries without waiting; then so many seconds, doubled each time
_PREFIX = "zl_"


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who asks: a user, a program with a token, or (with no users, on this machine) anybody."""

    name: str
    role: str
    program: bool = False

    def may(self, role: str) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)


class Users:
    """The users of a workspace. The file is read again when it was changed."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._state: tuple[int, int] = (0, 0)
        self._held: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        return bool(self._read())

    def listed(self) -> list[tuple[str, str, int]]:
        """Name, role and number of tokens of each."""
        return [(name, one["role"], len(one.get("tokens", []))) for name, one in sorted(self._read().items())]

    def add(self, name: str, role: str, password: str) -> None:
        """Add a user, or give one another role and password; tokens go. Raises `ZhenglingError` for a bad name or
        password."""
        if not name.strip() or len(name) > _NAME or not name.isprintable() or name != name.strip():
            raise ZhenglingError("user-name", 2, most=_NAME)
        if not LEAST <= len(password) <= MOST or password.casefold() == name.casefold():
            raise ZhenglingError("user-password", 2, least=LEAST, most=MOST)
        salt = secrets.token_bytes(16)
        held = self._read() | {name: {"role": role, "salt": salt.hex(), "sum": _sum(password, salt).hex()}}
        self._write(held)

    def remove(self, name: str) -> None:
        held = dict(self._read())
        if held.pop(name, None) is None:
            raise ZhenglingError("no-such-user", 2, name=name)
        self._write(held)

    def token(self, name: str, write: bool = False) -> str:
        """A new token for a program of a user, read-only unless `write`; it is told once and kept as its sum."""
        held = dict(self._read())
        if name not in held:
            raise ZhenglingError("no-such-user", 2, name=name)
        token = _PREFIX + secrets.token_urlsafe(32)
        kept = {"sum": hashlib.sha256(token.encode()).hexdigest(), "write": write}
        held[name] = held[name] | {"tokens": [*held[name].get("tokens", []), kept]}
        self._write(held)
        return token

    def role(self, name: str) -> str:
        """The role that a user has now; '' of one who is none any more."""
        return self._read().get(name, {}).get("role", "")

    def mark(self, name: str) -> str:
        """Another one as soon as the user has another password; '' of one who is none."""
        return self._read().get(name, {}).get("salt", "")

    def password(self, name: str, password: str) -> bool:
        """Whether it is the password of that user; it takes as long for a user who is none."""
        one = self._read().get(name)
        salt = bytes.fromhex(one["salt"]) if one else b"\0" * 16
        found = _sum(password[: MOST + 1], salt)
        return hmac.compare_digest(found.hex(), one["sum"] if one else "") and one is not None

    def program(self, token: str) -> Who | None:
        """Whose program shows a token."""
        told = hashlib.sha256(token.encode()).hexdigest()
        for name, one in self._read().items():
            for kept in one.get("tokens", []):
                if hmac.compare_digest(kept["sum"], told):
                    return Who(name, one["role"] if kept["write"] else "reader", program=True)
        return None

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            state = self.path.stat()
        except OSError:
            return {}
        now = (state.st_ino, state.st_mtime_ns)
        if now != self._state:
            try:
                held = json.loads(self.path.read_text("utf-8"))
                if not all(one["role"] in ROLES and bytes.fromhex(one["salt"]) and one["sum"] for one in held.values()):
                    raise ValueError
                self._held = held
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                # Nobody comes in by a damaged list.
                raise ZhenglingError("users-damaged", 1, path=str(self.path)) from error
            self._state = now
        return self._held

    def _write(self, held: dict[str, dict[str, Any]]) -> None:
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside = self.path.with_suffix(".new")
            with suppress(FileNotFoundError):
                beside.unlink()
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump(held, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)


def _sum(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "replace"), salt=salt, maxmem=_MEMORY, **_COST)


@dataclass(slots=True)
class _Session:
    name: str
    mark: str  # of the password that opened it
    begun: float
    used: float


@dataclass(slots=True)
class _Tries:
    failed: int = 0
    until: float = 0.0


@dataclass(slots=True)
class Gate:
    """Sessions by the sums of their tickets, and how often somebody was wrong."""

    users: Users
    alone: bool = True  # nobody but this machine can ask
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    clock: Any = time.monotonic
    _sessions: dict[str, _Session] = field(default_factory=dict)
    _tries: dict[str, _Tries] = field(default_factory=dict)
    _lock: Any = field(default_factory=threading.Lock)
    _summing: Any = field(default_factory=lambda: threading.BoundedSemaphore(2))  # each takes 32 MB

    def who(self, ticket: str, token: str = "") -> Who | None:
        """Who shows a ticket (of a cookie) or a token (of a program). Where there are no users, anybody on this machine
        is an admin, and nobody comes in from elsewhere."""
        if not self.users:
            return Who("", "admin") if self.alone else None
        if token:
            return self.users.program(token)
        key, now = _key(ticket), self.clock()
        with self._lock:
            session = self._sessions.get(key)
            if session is None:
                return None
            old = now - session.used > _IDLE or now - session.begun > _LONGEST
            if old or self.users.mark(session.name) != session.mark:
                del self._sessions[key]
                return None
            session.used = now
            return Who(session.name, self.users.role(session.name))

    def enter(self, name: str, password: str) -> str:
        """A new ticket for who knows the password. Raises `ZhenglingError`, also while one has to wait after too many
        tries, whatever the password."""
        with self._lock:
            tries = self._tries.setdefault(name[:_NAME], _Tries())
            wait = tries.until - self.clock()
            if wait <= 0:  # counted before it is known to be wrong: many at once are as many tries
                tries.failed += 1
                if tries.failed >= _FREE:
                    tries.until = self.clock() + min(_WAIT * 2 ** (tries.failed - _FREE), _MOST_WAIT)
            while len(self._tries) > 10_000:  # names that nobody has
                del self._tries[next(iter(self._tries))]
        if wait > 0:
            raise ZhenglingError("login-wait", 1, seconds=int(wait) + 1)
        mark = self.users.mark(name)
        with self._summing:
            known = self.users.password(name, password)
        if not known:
            raise ZhenglingError("login-wrong", 2)
        ticket, now = secrets.token_urlsafe(32), self.clock()
        with self._lock:
            self._tries.pop(name[:_NAME], None)
            self._sessions[_key(ticket)] = _Session(name, mark, now, now)
        return ticket

    def leave(self, ticket: str) -> None:
        with self._lock:
            self._sessions.pop(_key(ticket), None)

    def form_token(self, ticket: str) -> str:
        """What a form carries that was made for the holder of a ticket."""
        return hmac.new(self.secret, ticket.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def is_own(self, ticket: str, token: str) -> bool:
        return bool(ticket) and hmac.compare_digest(self.form_token(ticket).encode(), token.encode("utf-8", "replace"))


def _key(ticket: str) -> str:
    return hashlib.sha256(ticket.encode("utf-8", "replace")).hexdigest()


def new_ticket() -> str:
    """A ticket for somebody who has not said who they are: forms of theirs carry its token."""
    return secrets.token_urlsafe(24)
