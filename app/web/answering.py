"""How what a handler gives is answered: as a page, as data, as a file, as a way on."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response, StreamingResponse

from ...extractors.errors import ZhenglingError
from ..tables import cells, tables
from ..tell import spot
from .marks import marked
from .visit import Onward, Shown, Visit, address

_TYPES = {"css": "text/css", "js": "text/javascript"}
_AGE = 31_536_000  # seconds: a year


@cache
def _room() -> Environment:
    """The templates with what they may call."""
    room = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    more: dict[str, Any] = {"address": address, "marked": marked, "today": date.today}
    room.globals.update(more)
    room.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    room.filters |= {"shown": cells.shown, "line": cells.line, "flat": cells.flat}
    return room


def answer(visit: Visit, shown: Shown | Onward) -> Response:
    """The page, or the data or table that the address asks for."""
    if isinstance(shown, Onward):
        response: Response = RedirectResponse(shown.to, 303)
        for name, value in shown.cookies.items():
            age = 0 if not value else None if shown.passing else _AGE
            cookie(visit, response, name, value, age)
        return response
    if visit.form == "json":
        data = shown.data() if callable(shown.data) else shown.data
        return Response(tables.as_json(shown.values if data is None else data), shown.status, media_type=_JSON)
    if visit.form and shown.rows is not None:
        return _file(visit.form, shown)
    if visit.form:
        raise ZhenglingError("no-such-form", 2, form=visit.form)
    return HTMLResponse(page(visit, shown), shown.status)


def cookie(visit: Visit, response: Response, name: str, value: str, age: int | None = None) -> None:
    """Set a cookie that no script sees; another site's link brings it along, its forms and scripts do not."""
    secure = visit.request.url.scheme == "https"
    response.set_cookie(name, value, max_age=age, httponly=True, samesite="lax", secure=secure)


def page(visit: Visit, shown: Shown) -> str:
    say = visit.say
    values: dict[str, Any] = {
        "say": say,
        "visit": visit,
        "language": {"zh": "zh-CN"}.get(say.language, say.language),
        "spot": lambda place: spot(place, say),
        "word": lambda kind, value: (say.text(f"{kind}-{str(value).replace(' ', '-')}") or value) if value else "",
    }
    return _room().get_template(shown.template).render(values | shown.values)


def failed(visit: Visit, error: Exception) -> Response:
    """An error as a page or as data: what a user can cause in words, anything else without what is inside."""
    known = isinstance(error, ZhenglingError)
    code = error.code if known else "unexpected-here"
    text = visit.say.error(error) if isinstance(error, ZhenglingError) else visit.say("unexpected-here")
    status = _STATUS.get(
        code.removesuffix("-near"), (400 if error.status == 2 else 409) if isinstance(error, ZhenglingError) else 500
    )
    text = text.replace(str(visit.site.folder), "")
    if code == "users-damaged":  # nobody can be told from anybody
        visit.who = None
    if visit.form == "json" or visit.wants_data:
        return Response(tables.as_json({"error": code, "message": text}), status, media_type=_JSON)
    return HTMLResponse(page(visit, Shown("error.html", {"text": text, "status": status})), status)


_JSON = "application/json"
_STATUS = {
    "no-such-page": 404,
    "page-missing": 404,
    "page-gone": 404,
    "no-such-task": 404,
    "no-such-document": 404,
    "no-such-unit": 404,
    "no-such-node": 404,
    "query-unknown": 404,
    "no-such-form": 404,
    "server-busy": 503,
    "question-slow": 504,
    "workspace-locked": 503,
    "login-needed": 401,
    "login-wrong": 403,
    "login-wait": 429,
    "not-allowed": 403,
    "form-foreign": 403,
    "upload-large": 413,
    "upload-many": 413,
}


def _template(name: str) -> str:
    """A template of ours, or the picture that a page has in it."""
    return _drawing(name) if name == "picture.html" else _text("templates", name)


@cache
def _text(folder: str, name: str) -> str:
    return files(__package__ or "").joinpath(folder, name).read_text(encoding="utf-8")


def _file(form: str, shown: Shown) -> Response:
    """The rows of a table as CSV, piece by piece, or as a workbook."""
    assert shown.rows is not None
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(shown.name)}.{form}"}
    if form == "csv":
        each = shown.rows()

        def lines() -> Iterator[str]:
            yield "\ufeff"  # or a spreadsheet takes it for another encoding
            yield from tables.csv_lines([shown.columns])
            yield from tables.csv_lines(each)

        return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)
    if form != "xlsx":
        raise ZhenglingError("no-such-form", 2, form=form)
    rows = shown.rows
    return made(f"{shown.name}.xlsx", lambda path: tables.write_xlsx(shown.columns, list(rows()), path, shown.name))


def made(name: str, write: Callable[[Path], Any]) -> Response:
    """A file that is written for one answer, to be kept under a name."""
    suffix = Path(name).suffix
    folder = Path(tempfile.mkdtemp(prefix="zhengling-"))
    try:
        write(folder / f"made{suffix}")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return FileResponse(
        folder / f"made{suffix}",
        media_type=_FILES[suffix],
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
        background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True),
    )


_OFFICE = "application/vnd.openxmlformats-officedocument"
_FILES = {
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".html": "text/html; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
}


_ASSETS = frozenset({"style.css", "script.js", "upload.js", "sheet.js", "graph.css", "graph.js"})
#: Scripts of pictures, and the library that draws them as its package has it.
_DRAWING = frozenset({"vis-network.js", "place.js", "drawing.js", "view.js"})


def asset(name: str, held: str = "") -> Response:
    """A file of the package's own: style, script; or the library of pictures. `held` is the mark of what a browser has
    of it."""
    if name not in _ASSETS | _DRAWING:
        return Response("", 404)
    kind = _TYPES[name.rpartition(".")[2]]
    text = _drawing(name) if name in _DRAWING else _text("assets", name)
    headers = {"cache-control": "no-cache", "etag": f'"{_sum(text)}"'}
    if held == headers["etag"]:
        return Response(status_code=304, headers=headers)
    return Response(text, media_type=f"{kind}; charset=utf-8", headers=headers)


@cache
def _drawing(name: str) -> str:
    from ..pictures.view import made_of

    return made_of(name)


@cache
def _sum(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:20]
