"""A request as handlers see it, and what they give back: a page, the same as data, a table as a file, or a way on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from markupsafe import Markup

from ..messages import LANGUAGES, Catalogue
from .access import Who, new_ticket

if TYPE_CHECKING:
    from starlette.requests import Request

    from .shelf import Shelf, Snapshot
    from .site import Site

#: Ends of addresses, and what they ask for.
FORMS = ("json", "csv", "xlsx")
LANGUAGE = "zhengling_language"
_SIZES = (25, 50, 100, 200)
#: What an address says of an act that led to it; other addresses do not take it along.
TOLD = ("said", "left", "mark", "undone", "last")
_LONGEST = 2_000  # characters of a value of an address, but of a question's text

Rows = Iterable[Sequence[Any]]


class Visit:
    """One request: language, filters, where it stands. `form` is "" for a page, else one of `FORMS`."""

    def __init__(self, request: Request, form: str = "") -> None:
        self.request, self.form = request, form
        self.form_data: Any = None  # what was posted
        self.site: Site = request.app.state.site
        self.path: str = request.scope["path"]  # as it was before `?` and `#` in it were escaped
        # A form sends what is ticked as values of their own, an address has them with commas.
        values = {name: request.query_params.getlist(name) for name in request.query_params}
        given = {name: ",".join(filter(None, map(str.strip, texts))) for name, texts in values.items()}
        self.given: dict[str, str] = {name: text for name, text in given.items() if text}

    @cached_property
    def say(self) -> Catalogue:
        """The texts of the language that was chosen here, else of the browser's."""
        chosen = self.request.cookies.get(LANGUAGE, "")
        return self.site.catalogues[chosen if chosen in LANGUAGES else self._browser()]

    def _browser(self) -> str:
        """The first of our languages in the order that the browser gives."""
        ranked: list[tuple[float, int, str]] = []
        for n, part in enumerate(self.request.headers.get("accept-language", "").split(",")[:20]):
            name, _, weight = part.strip().partition(";q=")
            try:
                ranked.append((-float(weight or 1), n, name[:2].lower()))
            except ValueError:
                continue
        return next((name for _, _, name in sorted(ranked) if name in LANGUAGES), "en")

    @cached_property
    def ticket_name(self) -> str:
        """The cookie of the ticket; servers on other ports of the same host have their own."""
        port = self.request.url.port
        return f"zhengling_ticket_{port}" if port else "zhengling_ticket"

    @cached_property
    def ticket(self) -> str:
        """What the browser shows of an earlier visit; new where it shows nothing."""
        return self.request.cookies.get(self.ticket_name, "")[:100] or new_ticket()

    @property
    def is_new(self) -> bool:
        return self.ticket_name not in self.request.cookies

    @cached_property
    def who(self) -> Who | None:
        kind, _, token = self.request.headers.get("authorization", "").partition(" ")
        return self.site.gate.who(self.ticket, token.strip() if kind.lower() == "bearer" else "")

    def may(self, role: str) -> bool:
        return self.who is not None and self.who.may(role)

    @property
    def token(self) -> str:
        return self.site.gate.form_token(self.ticket)

    def hidden(self) -> Markup:
        """What every form that changes something carries."""
        return Markup('<input type="hidden" name="token" value="{}">').format(self.token)

    @property
    def wants_data(self) -> bool:
        """Whether a script or a program asks."""
        return "application/json" in self.request.headers.get("accept", "")

    def posted(self, name: str, longest: int = _LONGEST) -> str:
        """A field of the form that was sent."""
        value = self.form_data.get(name, "") if self.form_data else ""
        # Forms end lines as mail does.
        return value.strip()[:longest].replace("\0", "").replace("\r\n", "\n") if isinstance(value, str) else ""

    def is_own(self, sent: str = "") -> bool:
        """Whether a page of ours sent this: it carries the token of its form. Programs show a token of their own."""
        sent = sent or self.posted("token") or self.request.headers.get("x-zhengling-token", "")
        return (self.who is not None and self.who.program) or self.site.gate.is_own(self.ticket, sent)

    @property
    def shelf(self) -> Shelf:
        return self.site.shelf

    @cached_property
    def snapshot(self) -> Snapshot:
        return self.site.shelf.snapshot()

    @cached_property
    def identity(self) -> str:
        """What the address names after the list: `/papers/IDENTITY`."""
        return self.request.path_params.get("identity", "")

    def value(self, name: str, longest: int = _LONGEST) -> str:
        return self.given.get(name, "")[:longest].replace("\0", "")

    def called(self, document: str) -> str:
        """What pages call a document of the graph: its title where it has no number, and its id is long."""
        return self.snapshot.lists.called(document)

    def filters(self, *names: str) -> dict[str, str]:
        return {name: self.value(name) for name in names if self.value(name)}

    def number(self, name: str, default: int) -> int:
        text = self.value(name, 12)
        return int(text) if text.isdecimal() and text.isascii() else default

    @property
    def start(self) -> int:
        return max(self.number("page", 1) - 1, 0) * self.size

    @property
    def size(self) -> int:
        size = self.number("size", 50)
        return size if size in _SIZES else 50

    def here(self, form: str | None = None, **changed: Any) -> str:
        """This address with some values changed (None: without); in another form, without its page."""
        values = {k: v for k, v in self.given.items() if k not in changed and k not in TOLD}
        values |= {k: str(v) for k, v in changed.items() if v not in (None, "")}
        bare = self.path
        for one in FORMS:
            bare = bare.removesuffix("." + one) if self.form == one else bare
        path = quote(bare, safe="/") if form is None else f"{quote(bare, safe='/') or '/'}.{form}"
        if self.identity:  # may hold what ends a path
            path = f"{quote(bare[: len(bare) - len(self.identity)], safe='/')}{quote(self.identity, safe='')}"
            path += f".{form}" if form else ""
        if form and bare == "/":
            path = f"/home.{form}"
        return path + (f"?{urlencode(values)}" if values else "")


def own_address(text: str) -> str:
    """An address of this server that somebody gave, or `/`."""
    own = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if own else "/"


def address(kind: str, identity: str) -> str:
    """Where a thing stands: `address("papers", id)`."""
    return f"/{kind}/{quote(identity, safe='')}"


def addressed(path: str, **values: Any) -> str:
    """An address with values; those that are empty are left out."""
    told = {name: value for name, value in values.items() if value not in (None, "")}
    return path + (f"?{urlencode(told)}" if told else "")


def told(back: str, **values: Any) -> str:
    """An address with what an act that led there says of itself; nothing of what is empty."""
    way, _, place = back.partition("#")
    more = urlencode({name: value for name, value in values.items() if value})
    way += f"{'&' if '?' in way else '?'}{more}" if more else ""
    return way + (f"#{place}" if place else "")


@dataclass(slots=True)
class Shown:
    """What a handler gives: a template with its values. `data` is what programs get at the same address, or what gives
    it (`values` where nothing else is said), `columns` and `rows` what a file of the table holds (all rows, not those
    of the page)."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)
    data: Any = None
    columns: Sequence[str] = ()
    rows: Callable[[], Rows] | None = None
    status: int = 200
    name: str = "zhengling"  # of a file


@dataclass(slots=True)
class Onward:
    """Go on to another address; cookies are set (`passing`: until the browser is closed) or, with "", taken back."""

    to: str
    cookies: Mapping[str, str] = field(default_factory=dict)
    passing: bool = False
