"""Who may ask, before any page is looked for: names of this server, pages of this server; and what all answers say."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",  # what a page says stays in no cache; files of ours and streams say their own
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
#: Behind TLS: the browser is not to come without it any more.
_STAY = (b"strict-transport-security", b"max-age=31536000")
SAFE = frozenset({"GET", "HEAD"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


def is_loopback(host: str) -> bool:
    """Whether an address to listen on can be reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """Refuses requests that name another host (a name that an attacker points here), posts that another site sends, and
    what other sites load into their pages; adds the headers of security to every answer."""

    def __init__(self, app: ASGIApp, names: Iterable[str], addresses: bool) -> None:
        """`names` are those of this server, without a port; with `addresses` any numeric address is one, too."""
        self.app, self.names, self.addresses = app, frozenset(map(str.lower, names)), addresses
        self.headers = [(k.encode(), v.encode()) for k, v in HEADERS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                more = [*self.headers, *([_STAY] if scope["scheme"] == "https" else [])]
                message["headers"] = [*message["headers"], *(h for h in more if h[0] not in given)]
            await send(message)

        if reason := self._refused(scope):
            from starlette.responses import PlainTextResponse

            await PlainTextResponse(reason, 403)(scope, receive, told)
            return
        await self.app(scope, receive, told)

    def _refused(self, scope: Scope) -> str:
        """Why a request is refused; '' where it is not."""
        given: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            given.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
        hosts = given.get("host", [])
        if len(hosts) != 1 or not self._is_ours(hosts[0]):
            return "This server does not have that name (Host)."
        own = f"{scope['scheme']}://{hosts[0].lower()}"
        origins, site = given.get("origin", []), given.get("sec-fetch-site", [""])[0]
        if scope["method"] not in SAFE:
            if origins and [origin.lower() for origin in origins] != [own]:
                return "Another site sent this (Origin)."
            if (not origins and site not in ("same-origin", "")) or (not origins and "cookie" in given and not site):
                return "It does not say which site sent this (Origin)."
        elif site == "cross-site" and given.get("sec-fetch-mode", ["navigate"])[0] != "navigate":
            return "Another site may lead here, but not load this into its pages."
        return ""

    def _is_ours(self, host: str) -> bool:
        name = re.sub(r":\d+$", "", host).lower()
        if name in self.names:
            return True
        if not self.addresses:
            return False
        try:
            ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return True
