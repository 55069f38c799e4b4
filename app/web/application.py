"""The application: which address is answered by which handler, and what stands before all of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from ...extractors.errors import ZhenglingError
from ...extractors.limits import Settings
from ..messages import LANGUAGES
from . import (
    checking,
    directives,
    entering,
    graph,
    home,
    offering,
    papers,
    questions,
    reporting,
    reviewing,
    sheets,
    tasks,
    together,
    units,
    uploading,
)
from .answering import answer, asset, cookie, failed
from .guard import LOOPBACK, SAFE, Guard
from .site import Site
from .visit import FORMS, LANGUAGE, Onward, Shown, Visit, own_address

Handler = Callable[[Visit], Shown | Onward | Response]

#: Address → handler; each also with `.json` and, where there is a table, `.csv` and `.xlsx`.
PAGES: dict[str, Handler] = {
    "/": home.home,
    "/papers": papers.listed,
    "/papers/{identity:path}": papers.paper,
    "/tasks": tasks.listed,
    "/tasks/{identity:path}": tasks.task,
    "/units": units.listed,
    "/units/{identity:path}": units.unit,
    "/directives": directives.listed,
    "/directives/{identity:path}": directives.tree,
    "/checks": checking.listed,
    "/coverage": directives.coverage,
    "/comparison": directives.comparison,
    "/graph": graph.picture,
    "/questions": questions.listed,
    "/questions/{identity:path}": questions.question,
    "/free": questions.free,
    "/upload": uploading.page,
    "/report": reporting.page,
    "/review": reviewing.queue,
    "/review/{identity:path}": reviewing.paper,
}
#: What pages ask for while they are used: address with `.json` → handler.
DATA: dict[str, Handler] = {
    "/graph/node": graph.node,
    "/graph/way": graph.way,
    "/offered": offering.offered,
    "/sheet": sheets.places,
}
#: Address → what makes the file that is taken away there.
FILES: dict[str, Handler] = {
    "/sheet.png": sheets.drawing,
    "/report/week.docx": partial(reporting.week, suffix="docx"),
    "/report/week.html": partial(reporting.week, suffix="html"),
    "/report/ledger.xlsx": reporting.ledger,
    "/report/calendar.ics": reporting.calendar,
    "/report/sheet.docx": reporting.sheet,
}
#: Address → what a form that is posted there does, and who may: '' anybody.
ACTS: dict[str, tuple[Handler, str]] = {
    "/login": (entering.enter, ""),
    "/logout": (entering.leave, "reader"),
    "/upload/read": (uploading.read, "editor"),
    "/correct": (reviewing.correct, "editor"),
    "/correct/same": (reviewing.same, "editor"),
    "/correct/together": (together.say, "editor"),
    "/correct/together/undo": (together.undo, "editor"),
    "/correct/undo": (reviewing.undo, "editor"),
    "/progress": (reviewing.progress, "editor"),
    "/progress/undo": (reviewing.undo_progress, "editor"),
    "/report/take": (reporting.take, "editor"),
    "/questions/keep": (questions.keep, "editor"),
    "/questions/drop": (questions.drop, "editor"),
}
_FIELDS, _FIELD = 60, 200_000  # fields of a form, and bytes of one
_LOG = logging.getLogger("zhengling.access")


def _described(visit: Visit) -> Shown:
    return Shown("", data=offering.described(PAGES, DATA, FILES, visit.say("web-name")))


def application(
    folder: Path,
    settings: Settings | None = None,
    names: frozenset[str] = LOOPBACK,
    addresses: bool = False,
    alone: bool = True,
) -> Starlette:
    """The workbench of the workspace in `folder`, for requests to one of `names` (with `addresses` to any number).
    Where nobody but this machine can reach it (`alone`), it needs no users."""
    site = Site(folder, settings, alone)

    @asynccontextmanager
    async def life(app: Starlette) -> Any:
        yield
        site.close()

    routes = [Route("/assets/{name}", _asset)]
    routes += [Route("/language/{language}", partial(_answered, _language, ""))]
    routes += [Route("/login", partial(_answered, entering.login, ""))]
    routes += [Route("/upload/file", partial(_streamed, uploading.put, "editor"), methods=["POST"])]
    routes += [Route("/upload/form", partial(_streamed, uploading.form, "editor"), methods=["POST"])]
    routes += [Route("/report/ledger", partial(_streamed, reporting.bring, "editor"), methods=["POST"])]
    routes += [Route("/report/ledger", partial(_answered, reporting.differences, "editor"))]
    routes += [Route("/upload/events", partial(_answered, uploading.events, "reader"))]
    routes += [Route(path, partial(_answered, act, role), methods=["POST"]) for path, (act, role) in ACTS.items()]
    routes += _pages()
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Guard, names=names, addresses=addresses)],
        exception_handlers={HTTPException: _missing, Exception: _failed},
        lifespan=life,
    )
    app.state.site = site
    return app


def _pages() -> Iterator[Route]:
    """The addresses of all pages; a list's own forms before what is named after a `/`."""
    yield Route("/openapi.json", partial(_answered, _described, "reader", form="json"))
    for path, handler in FILES.items():
        yield Route(path, partial(_answered, handler, "reader"))
    for path, handler in DATA.items():
        yield Route(f"{path}.json", partial(_answered, handler, "reader", form="json"))
    for path, handler in PAGES.items():
        for form in FORMS:
            end = "/home" if path == "/" else path
            yield Route(f"{end}.{form}", partial(_answered, handler, "reader", form=form))
        yield Route(path, partial(_answered, handler, "reader"))


async def _answered(handler: Handler, role: str, request: Request, form: str = "") -> Response:
    """Runs a handler in a thread of its own, for who may; no error leaves the server as it is."""
    begun = time.perf_counter()
    visit = Visit(request, form)
    # Of whom, from where and for what is nobody's business: the kind of page, how it went, how long it took.
    kind = getattr(request.scope.get("route"), "path", "?")

    def work() -> Response:
        try:
            if role and not visit.may(role):
                return _turned_away(visit)
            if request.method not in SAFE and not visit.is_own():
                raise ZhenglingError("form-foreign", 2)
            given = handler(visit)
            return given if isinstance(given, Response) else answer(visit, given)
        except ZhenglingError as error:
            return failed(visit, error)
        except Exception as error:
            logging.getLogger("zhengling.web").exception("%s failed", kind)
            return failed(visit, error)

    try:
        if request.method not in SAFE:
            visit.form_data = await request.form(max_files=0, max_fields=_FIELDS, max_part_size=_FIELD)
        response = await run_in_threadpool(work)
    except (HTTPException, MultiPartException):
        response = failed(visit, ZhenglingError("bad-request", 2))
    return _told(visit, response, kind, begun)


async def _streamed(handler: Any, role: str, request: Request) -> Response:
    """Runs a handler that reads what is sent as it comes, for who may and whose page it is."""
    begun, visit = time.perf_counter(), Visit(request)
    kind = getattr(request.scope.get("route"), "path", "?")
    try:
        if not await run_in_threadpool(visit.may, role):
            raise ZhenglingError("login-needed" if visit.who is None else "not-allowed", 2)
        if "multipart" not in request.headers.get("content-type", "") and not visit.is_own():
            raise ZhenglingError("form-foreign", 2)
        response = await handler(visit, request)
    except ZhenglingError as error:
        response = failed(visit, error)
    except (HTTPException, MultiPartException, TimeoutError, ClientDisconnect):
        response = failed(visit, ZhenglingError("bad-request", 2))
    except Exception as error:
        logging.getLogger("zhengling.web").exception("%s failed", kind)
        response = failed(visit, error)
    return _told(visit, response, kind, begun)


def _told(visit: Visit, response: Response, kind: str, begun: float) -> Response:
    """Notes how a request went; who is new gets a ticket."""
    request = visit.request
    if visit.is_new and response.media_type == "text/html" and "set-cookie" not in response.headers:
        cookie(visit, response, visit.ticket_name, visit.ticket)
    _LOG.info("%s %s %s %.0f ms", request.method, kind, response.status_code, (time.perf_counter() - begun) * 1000)
    return response


def _turned_away(visit: Visit) -> Response:
    """Who has not said who they are may do so, and comes back; who has, may not."""
    page = visit.request.method in SAFE and not visit.form and not visit.wants_data
    if visit.who is None and page:
        return answer(visit, Onward(f"/login?back={quote(visit.here(), safe='')}"))
    raise ZhenglingError("login-needed" if visit.who is None else "not-allowed", 2)


def _language(visit: Visit) -> Onward:
    """Chooses a language, and goes back to where one was."""
    wanted = visit.request.path_params["language"]
    if wanted not in LANGUAGES:
        raise ZhenglingError("no-such-page", 2)
    return Onward(own_address(visit.value("back")), {LANGUAGE: wanted})


async def _asset(request: Request) -> Response:
    try:
        return asset(request.path_params["name"], request.headers.get("if-none-match", ""))
    except ZhenglingError as error:
        return failed(Visit(request), error)


async def _missing(request: Request, error: Exception) -> Response:
    visit = Visit(request, "json" if request.url.path.endswith(".json") else "")
    status = getattr(error, "status_code", 404)
    response = failed(visit, ZhenglingError("no-such-page" if status == 404 else "bad-request", 2))
    response.status_code = status
    return response


async def _failed(request: Request, error: Exception) -> Response:
    visit = Visit(request)
    return failed(visit, error)
